"""What a planner states for new cables over the ground. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....errors import Fault
from ....text import Text
from ...common import FROM_WORKSPACE, layer_parameter
from ...declaration import Choice, Parameter, ParameterKind

NO_ROAD, ALWAYS = "no_road", "always"

OVERLAND = Parameter(
    "overland",
    ParameterKind.CHOICE,
    Text("越野路由", "Routes over the ground"),
    Text(
        "有高程数据时，在代价格网上推求新光缆：沿道路推求不到的节点，或所有不足的节点（作为沿道路之外的比选方案）。",
        "With elevation data, new cables are looked for on a cost surface as well: for nodes that no road helps, or for all that fall "
        "short, as an alternative to the road.",
    ),
    default=NO_ROAD,
    choices=(
        Choice(NO_ROAD, Text("仅沿道路推求不到时", "Where no road helps")),
        Choice(ALWAYS, Text("始终给出比选", "Always, as an alternative")),
    ),
)
DEM = Parameter(
    "dem",
    ParameterKind.SOURCE,
    Text("高程数据（DEM）", "Elevation data (DEM)"),
    Text(
        "可选。GeoTIFF、.hgt、VRT，或直接存放这些文件的文件夹。留空则只沿道路推求新光缆；没有高程的地方，道路以外不走线。",
        "Optional. A GeoTIFF, .hgt, VRT or a folder of such files. Empty: new cables along roads alone. Where it has no height no cable "
        "leaves the roads.",
    ),
)
AVOID = Parameter(
    "avoid",
    ParameterKind.LAYER,
    Text("避让区图层", "Areas to avoid"),
    Text(
        "可选。越野路由要避让的面（线按所经单元计），如水域、滑坡、采空区。工作区中的控制线按类型自动计入。",
        "Optional. Areas (or lines) that routes over the ground should avoid, such as water, landslides or mined-out ground. The control "
        "lines of the workspace count by their kind.",
    ),
)

GROUND = (DEM, OVERLAND, AVOID, layer_parameter("control_lines", FROM_WORKSPACE))


def ground_faults(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find areas to be avoided by routes that are not looked for."""
    if parameters.get("dem") or not (parameters.get("avoid") or parameters.get("overland") == ALWAYS):
        return []
    field = "avoid" if parameters.get("avoid") else "overland"
    return [
        Fault(
            Text(
                "没有指定高程数据，不推求越野路由：避让区和比选不起作用。",
                "No elevation data were stated, so no routes over the ground are looked for: areas to avoid have no use.",
            ),
            Text(f"请填写“{DEM.label.zh}”（{DEM.option}）。", f"State “{DEM.label.en}” ({DEM.option})."),
            field=field,
        )
    ]
