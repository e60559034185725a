"""Which planned sites and cables lie in control lines, over what area and length, and how a cable can avoid them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .common import FROM_WORKSPACE, layer_parameter
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .land.parameters import COMMON, LAYER_INPUTS, control_faults, facility_faults

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="control_line_conflicts",
    label=Text("控制线冲突", "Control-line conflicts"),
    help=Text(
        "将规划站址占地、数据中心地块和光缆走廊与生态保护红线、永久基本农田、城镇开发边界、城市黄线、自然保护地、水源保护区等叠加，"
        "逐个给出冲突面积、长度、处理等级和处理建议，并为冲突光缆推求替代路由。面积和长度按椭球面计算。占地面积、走廊宽度和处理等级"
        "取自规则包，均为未经核实的预设；类型或敷设方式不明的、所在县缺少某类控制线数据的，列为无法判定，不按 0 计，也不算无冲突。",
        "Lays the footprints of planned sites, the plots of data centres and the corridors of cables over ecological red lines, permanent "
        "basic farmland, town boundaries, yellow lines, nature reserves, water protection zones and others: area, length and severity of "
        "each conflict and what to do, and another route for a cable in conflict. Areas and lengths are those on the ellipsoid. Footprints, "
        "widths and severities are presets of the rule pack that nobody has verified; what is of unknown type or laying, or lies in a "
        "county of which a kind of control line was not given, cannot be told: it never counts as 0, and is not clear.",
    ),
    step="deliver",
    parameters=(
        *COMMON,
        Parameter(
            "alternatives",
            ParameterKind.FLAG,
            Text("推求替代路由", "Look for other routes"),
            Text("为有冲突的光缆推求替代路由。", "Look for another route of each cable in conflict."),
            default=True,
        ),
        Parameter(
            "dem",
            ParameterKind.SOURCE,
            Text("高程数据（DEM）", "Elevation data (DEM)"),
            Text(
                "可选，用于替代路由。GeoTIFF、.hgt、VRT，或存放这些文件的文件夹。留空则不计坡度。",
                "Optional, for other routes. A GeoTIFF, .hgt, VRT or a folder of such files. Empty: slope does not count.",
            ),
        ),
        Parameter(
            "cell_m",
            ParameterKind.REAL,
            Text("代价格网边长", "Cells of the cost surface"),
            Text("留空取规则包的值。", "Empty: the value of the rule pack."),
            unit="m",
            minimum=1,
            maximum=5000,
            advanced=True,
        ),
        *LAYER_INPUTS,
        layer_parameter("roads", FROM_WORKSPACE),
    ),
    outputs=(
        Output(
            "control_conflict",
            OutputKind.LAYER,
            Text("冲突部分", "Conflicts"),
            "MultiPolygon",
            "control_conflict",
            "severity",
            optional=True,
        ),
        Output(
            "control_conflict_line",
            OutputKind.LAYER,
            Text("冲突的光缆段", "Stretches of cable in conflict"),
            "MultiLineString",
            "control_conflict_line",
            "severity",
            optional=True,
        ),
        Output(
            "control_checked",
            OutputKind.LAYER,
            Text("检查过的设施", "Facilities that were checked"),
            "Point",
            "control_checked",
            "verdict",
        ),
        Output(
            "alternative_route",
            OutputKind.LAYER,
            Text("替代路由", "Other routes"),
            "MultiLineString",
            "alternative_route",
            "outcome",
            optional=True,
        ),
        Output(
            "land_parcel",
            OutputKind.LAYER,
            Text("占地与走廊", "Footprints and corridors"),
            "MultiPolygon",
            "land_parcel",
            optional=True,
        ),
        Output("conflicts", OutputKind.TABLE, Text("冲突表", "Conflicts")),
        Output("facilities", OutputKind.TABLE, Text("设施判定表", "Facilities and their verdicts")),
        Output("report", OutputKind.REPORT, Text("控制线冲突报告", "Report")),
    ),
    summary_keys=(
        *("facilities", "conflict", "cannot_tell", "clear", "avoid", "approval", "note"),
        *("unread_rows", "zones", "alternatives"),
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: facilities or control lines that come from nowhere."""
    return [*facility_faults(parameters), *control_faults(parameters)]


def run(context: RunContext) -> dict[str, Any]:
    """Read facilities and control lines, judge, look for other routes, write the result."""
    from .land.alternatives import find_alternatives
    from .land.conflict_tables import summary_of, write_conflicts
    from .land.conflicts import judge
    from .land.counties import read_counties
    from .land.facilities import read_facilities
    from .land.known import known_of
    from .land.places import at_worst_places
    from .land.report import write_conflict_report
    from .land.taken import ground_of
    from .land.zones import read_zones
    from .shared.packs import cite, read_pack

    pack = read_pack(context, "land")
    context.progress(0.02, Text("读取设施", "Reading the facilities"))
    facilities = read_facilities(context, context.parameters, pack)
    context.progress(0.15, Text("读取控制线", "Reading the control lines"))
    zones = read_zones(context, context.parameters)
    counties = read_counties(context)
    context.progress(0.3, Text("叠加", "Laying them over each other"))
    known = known_of(counties, pack, context["complete_kinds"])
    facilities = at_worst_places(facilities, zones, known, pack)
    ground = ground_of(facilities, pack)
    found = judge(ground, zones, known, pack)
    cite(context, [*ground.rules, *found.rules])
    routes = find_alternatives(context, ground, found, zones, known, pack) if context["alternatives"] else None

    context.progress(0.9, Text("写出结果", "Writing the result"))
    write_conflicts(context, ground, found, routes)
    cautions = [*facilities.cautions, *zones.cautions, *ground.cautions, *found.cautions]
    write_conflict_report(
        context.output("report", "report.html"),
        (facilities, zones, known, ground, found, routes),
        cautions,
        context.rules,
    )
    for caution in (*cautions, *(routes.cautions if routes is not None else ())):
        context.notice(caution)
    return summary_of(facilities, found, zones, routes)
