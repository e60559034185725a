"""What coastal stations cover of the sea within 12 nautical miles: inland and territorial sea, or a derived belt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .common import AS_OF, FROM_WORKSPACE, RADIUS_M, TECHNOLOGY, WORKSPACE, layer_parameter, missing_layers
from .coverage.parameters import RESOLUTION_M, SCHEDULER, scheduler_faults
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind
from .radio.parameters import MAX_RANGE_KM, MODEL, RX_HEIGHT_M, SIMULATION
from .shared.pack_parameters import OWN_PACKS

if TYPE_CHECKING:
    from ..engine.context import RunContext

_BY_SEA_RULE = Text("留空则取规则包 frontier-sea 的值。", "Empty: the value of the rule pack “frontier-sea”.")
_OF_THE_SEA: dict[str, Parameter] = {
    MAX_RANGE_KM.name: replace(
        MAX_RANGE_KM,
        help=Text(
            f"更远的基站不计；在海面上信号传得更远。{_BY_SEA_RULE.zh}",
            f"Farther stations do not count; over the sea signals go farther. {_BY_SEA_RULE.en}",
        ),
    ),
    RX_HEIGHT_M.name: replace(
        RX_HEIGHT_M,
        help=Text(
            f"接收天线离海面的高度，如甲板上的终端。{_BY_SEA_RULE.zh}",
            f"Of the receiver above the sea, such as on a deck. {_BY_SEA_RULE.en}",
        ),
    ),
}
_MODEL = replace(
    MODEL,
    help=Text(
        "默认为完整的 ITU-R P.1812-8，海面按海上气候区计算。其余为低一级的依据，结果中注明。",
        "The default is ITU-R P.1812-8 in full, with the sea as its zone. The others are of a lower grade, and the result says so.",
    ),
    choices=tuple(choice for choice in MODEL.choices if choice.value != "tr38901"),  # which holds for 10 km of land
)
_DEM = replace(
    SIMULATION[0],
    help=Text(
        "可选，用于基站与海岸之间的陆地和岛屿；海面不需要高程。留空时，近岸基站周围的陆地按平坦计算，离岸较远的基站无法判定。",
        "Optional: for the land between station and shore, and for islands; the sea needs none. Empty: the land about stations near the "
        "shore is taken as level, and of stations farther inland nothing can be told.",
    ),
)

JOB = Job(
    name="sea_coverage",
    label=Text("海域覆盖分析", "Coverage of the sea"),
    help=Text(
        "求出沿海现有基站对内海、领海的覆盖：已覆盖、未覆盖和无法判定的面积（按椭球面计算，三者之和等于海域面积）。"
        "海域取自海域图层；也可给出领海基线，基线向陆一侧为内海，向海12海里以内为领海。两者都没有时由海岸线推算12海里带，标明“推算，非法定”，不作内海或领海计。"
        "仿真按光滑海面计算电平，不需要海上高程；距离法按陆地覆盖半径，结果偏低。"
        "离没有该制式已入网基站的县较近的海域（规划、在建、退网的不算），没有信号之处无法判定。",
        "Finds what existing coastal stations cover of inland and territorial sea: covered, not covered, cannot tell; areas are geodesic and "
        "add up. The sea is that of the layer of sea areas, or is divided by baselines that you give: inland on their landward side, "
        "territorial within 12 nautical miles seaward. Without either a belt of 12 nautical miles is derived from the coastline, marked "
        "“derived, not legal”, and counts as neither. Simulated levels take a smooth sea and need no elevation there; distances are the "
        "radii of land, and on the low side. Nearest to a county without a station of the technology in service (planned and retired ones "
        "do not count), sea without a signal cannot be told.",
    ),
    step="analyse",
    parameters=(
        WORKSPACE,
        TECHNOLOGY,
        Parameter(
            "evidence",
            ParameterKind.CHOICE,
            Text("判定依据", "Evidence"),
            Text(
                "海面仿真：按光滑海面逐格计算电平；距离：按陆地覆盖半径，偏低。",
                "Simulated: levels over the smooth sea, cell by cell. Distance: by the radii of land, on the low side.",
            ),
            default="simulated",
            choices=(
                Choice("simulated", Text("海面仿真", "Simulated over the sea")),
                Choice("distance", Text("距离", "Distance")),
            ),
        ),
        Parameter(
            "baselines",
            ParameterKind.SOURCE,
            Text("领海基线", "Baselines"),
            Text(
                "可选。线文件；两端须接到海岸线或伸出所判区域。留空则用海域图层。",
                "Optional: a file of lines that end on the coastline or leave the area. Empty: the layer of sea areas.",
            ),
        ),
        _DEM,
        RADIUS_M,
        AS_OF,
        replace(
            RESOLUTION_M,
            default=None,
            advanced=True,
            help=Text(
                f"海面仿真格网的边长。{_BY_SEA_RULE.zh}", f"Side of a simulated cell of the sea. {_BY_SEA_RULE.en}"
            ),
        ),
        *({**_OF_THE_SEA, MODEL.name: _MODEL}.get(item.name, item) for item in SIMULATION[1:]),
        OWN_PACKS,
        SCHEDULER,
        layer_parameter("sea_areas", FROM_WORKSPACE),
        layer_parameter("coastline", FROM_WORKSPACE),
        layer_parameter("admin_units", FROM_WORKSPACE),
        layer_parameter("base_stations", FROM_WORKSPACE),
    ),
    outputs=(
        Output(
            "sea_part", OutputKind.LAYER, Text("海域覆盖", "Coverage of the sea"), "MultiPolygon", "sea_part", "state"
        ),
        Output(
            "sea_gap",
            OutputKind.LAYER,
            Text("海域缺口", "Gaps at sea"),
            "MultiPolygon",
            "sea_gap",
            "state",
            optional=True,
        ),
        Output("by_zone", OutputKind.TABLE, Text("分海域统计", "By kind of sea")),
        Output("report", OutputKind.REPORT, Text("海域覆盖报告", "Report")),
    ),
    summary_keys=(
        "technology",
        "evidence",
        "legal",
        "area_km2",
        "covered_km2",
        "gap_km2",
        "cannot_tell_km2",
        "covered_percent",
        "covered_low_percent",
        "covered_high_percent",
        "gaps",
        "by_zone",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: no stations, no address of a cluster."""
    return [*missing_layers(parameters, ("base_stations",)), *scheduler_faults(parameters)]


def run(context: RunContext) -> dict[str, Any]:
    """Read the sea and the stations, divide it by what covers it, write layers, table and report."""
    import pandas as pd

    from .coverage.gap_report import shares_of
    from .sea.extent import read_extent
    from .sea.report import write_sea_report
    from .sea.simulated import by_simulation
    from .sea.split import built_stations, by_distance, silent_sea
    from .sea.tables import gap_rows, part_rows, write_sea, write_zones, zone_rows
    from .shared.packs import cite, read_pack
    from .shared.stations import read_stations

    context.progress(0.01, Text("读取图层", "Reading the layers"))
    pack, technology = read_pack(context, "frontier-sea"), context["technology"]
    extent = read_extent(context, pack)
    is_simulated = context["evidence"] == "simulated"
    stations = read_stations(context, radii=not is_simulated)
    reach = pack.rule("sea.data_reach")
    cite(context, [*extent.rules, reach])
    context.progress(0.05, Text("核对资料范围", "Finding what the records speak of"))
    silent = silent_sea(context, extent.parts, stations, 1000 * float(reach.value))
    progress = context.part(0.1, 0.9, Text("求海域覆盖", "Finding what is covered"))
    if is_simulated:
        split = by_simulation(context, extent, stations, silent, pack, progress)
    else:
        split = by_distance(context, extent, stations, silent, progress)

    context.progress(0.92, Text("写出结果", "Writing the result"))
    built = stations.table[built_stations(stations, technology)]
    legal = extent.is_legal
    zones = zone_rows(split, extent.parts, is_legal=legal)
    gaps = gap_rows(split, extent.parts, technology, split.rule, built, is_legal=legal)
    write_sea(context, part_rows(split, extent.parts, technology, split.rule, is_legal=legal), gaps)
    write_zones(context, zones)
    summary = {
        "technology": technology,
        "evidence": split.evidence,
        "legal": legal,
        "area_km2": round(float(zones["area_km2"].sum()), 4),
        "covered_km2": round(float(zones["covered_km2"].sum()), 4),
        "gap_km2": round(float(zones["gap_km2"].sum()), 4),
        "cannot_tell_km2": round(float(zones["cannot_tell_km2"].sum()), 4),
        **shares_of(zones),
        "gaps": len(gaps[0]),
        **split.figures,
        "by_zone": zones.astype(object).where(pd.notna(zones), None).to_dict("records"),
    }
    cautions = [*extent.cautions, *split.cautions, *split.radio_cautions, *stations.cautions]
    report = context.output("report", "report.html")
    write_sea_report(context, report, summary, zones, gaps, extent, split, built, cautions)
    for caution in cautions:
        context.notice(caution)
    split.done()
    return summary
