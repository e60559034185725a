"""How a planner states which trunk network is meant. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import Fault
from ...text import Text
from ..common import FROM_WORKSPACE, WORKSPACE, layer_parameter, missing_layers
from ..declaration import Choice, Parameter, ParameterKind
from ..shared.pack_parameters import OWN_PACKS

NOW, PLANNED = "now", "planned"

GRAPH = Parameter(
    "graph",
    ParameterKind.SOURCE,
    Text("网络图文件（GraphML）", "Graph file (GraphML)"),
    Text(
        "可选。以 GraphML 文件中的节点和链路代替干线光缆、干线节点图层；缺坐标的节点参与连通分析，不参与地面距离判断。",
        "Optional. The nodes and links of a GraphML file in place of the layers of cables and nodes; a node without coordinates takes "
        "part in the graph, and nothing is told of it on the ground.",
    ),
)
PHASE = Parameter(
    "phase",
    ParameterKind.CHOICE,
    Text("建设阶段", "Phase"),
    Text(
        "现状只计在用光缆；规划后另计在建和规划光缆。",
        "Now: cables in use alone; after plan: those being built or planned, too.",
    ),
    default=NOW,
    choices=(Choice(NOW, Text("现状", "Now")), Choice(PLANNED, Text("规划后", "After plan"))),
)
UNTIL_YEAR = Parameter(
    "until_year",
    ParameterKind.INTEGER,
    Text("规划至", "Planned until"),
    Text(
        "只计该年及以前建成的在建、规划光缆；未注明年份的照计并说明。留空则全部计入。",
        "Of cables being built or planned those of that year or before; such without a year count and are told. Empty: all.",
    ),
    minimum=1980,
    maximum=2100,
)
SNAP_M = Parameter(
    "snap_m",
    ParameterKind.REAL,
    Text("相接容差", "Joined within"),
    Text(
        "留空取规则包的值。相距不超过该值的端点、机房和光缆视为相接。",
        "Empty: the value of the rule pack. Ends, rooms and cables no farther apart are joined.",
    ),
    unit="m",
    minimum=0.01,
    maximum=500,
    advanced=True,
)
NEAR_M = Parameter(
    "near_m",
    ParameterKind.REAL,
    Text("疑似未接的距离", "Near misses within"),
    Text(
        "留空取规则包的值。未相接但不超过该距离的端点列为疑似未接。",
        "Empty: the value of the rule pack. Loose ends no farther from something are near misses.",
    ),
    unit="m",
    minimum=0.01,
    maximum=5000,
    advanced=True,
)
JOIN_CROSSINGS = Parameter(
    "join_crossings",
    ParameterKind.FLAG,
    Text("交叉处视为接头", "Crossings are joints"),
    Text(
        "默认不接：光缆在管道、杆路交叉处通常没有接头。",
        "By default they are not: cables cross in ducts and on poles without a joint.",
    ),
    default=False,
    advanced=True,
)

NETWORK = (
    WORKSPACE,
    GRAPH,
    PHASE,
    UNTIL_YEAR,
    SNAP_M,
    NEAR_M,
    JOIN_CROSSINGS,
    OWN_PACKS,
    layer_parameter("trunk_cables", FROM_WORKSPACE),
    layer_parameter("trunk_nodes", FROM_WORKSPACE),
)


def network_faults(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find a network that comes from nowhere, and a near miss that is nearer than what is joined."""
    faults = [] if parameters.get("graph") else missing_layers(parameters, ("trunk_cables",))
    if parameters.get("until_year") is not None and parameters.get("phase") == NOW:
        faults.append(
            Fault(
                Text("建设阶段为现状时，“规划至”不起作用。", "With the phase “in use” a year of plans means nothing."),
                Text("请将建设阶段改为规划后，或将“规划至”留空。", "State the phase after plan, or no year."),
                field="until_year",
            )
        )
    snap, near = parameters.get("snap_m"), parameters.get("near_m")
    if snap is not None and near is not None and near < snap:
        faults.append(
            Fault(
                Text(
                    f"疑似未接的距离（{near:g} m）小于相接容差（{snap:g} m）。",
                    f"Near misses within {near:g} m are nearer than what is joined ({snap:g} m).",
                ),
                Text("请填不小于相接容差的值。", "State no less than what is joined."),
                field="near_m",
            )
        )
    return faults
