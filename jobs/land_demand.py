"""How much land and sea planned facilities need, by code, county, year and type, and what they take of farmland."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind
from .land.parameters import COMMON, LAYER_INPUTS, facility_faults
from .land.words import CODE_LABELS

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="land_demand",
    label=Text("用地用海需求", "Land demand"),
    help=Text(
        "按站址类型的占地面积、数据中心地块和水下光缆走廊，分用地用海代码、县、年份和类型汇总用地用海需求；并按项目占地范围"
        "（XS_XMKJFW）的字段给出各项目的用地面积及占用耕地、永久基本农田、涉及生态保护红线的面积。楼面等依附既有建筑的站址占地为 0 并注明；"
        "类型不明的列为面积未知，不按 0 计。占地面积均为未经核实的预设。",
        "Adds up the land and sea that planned facilities need, from footprints by type, plots of data centres and corridors of "
        "underwater cables, by code, county, year and type; and gives the area of each project with the arable land, basic farmland and "
        "red line that it takes, by the fields of XS_XMKJFW. Sites on buildings that are there take 0 and say so; of unknown type the area "
        "is unknown and never 0. Footprints are presets that nobody has verified.",
    ),
    step="deliver",
    parameters=(
        *COMMON,
        Parameter(
            "dc_code",
            ParameterKind.CHOICE_OR_TEXT,
            Text("数据中心的用地代码", "Land code of data centres"),
            Text(
                "留空取规则包的值。1306 只适用于通信生产用房，商业数据中心请与自然资源部门确认。",
                "Empty: the value of the rule pack. 1306 is for telecom production premises; for a commercial data centre ask the bureau.",
            ),
            choices=tuple(
                Choice(code, Text(f"{code} {label.zh}", f"{code} {label.en}"))
                for code, label in CODE_LABELS.items()
                if code != "1906"
            ),
        ),
        Parameter(
            "arable_land",
            ParameterKind.LAYER,
            Text("耕地", "Arable land"),
            Text(
                "可选。耕地图斑，用于“占用耕地面积”（ZYGDMJ）；留空则该列不填。",
                "Optional. Plots of arable land, for the area of it that is taken (ZYGDMJ); without them that column stays empty.",
            ),
        ),
        *LAYER_INPUTS,
    ),
    outputs=(
        Output(
            "land_parcel",
            OutputKind.LAYER,
            Text("占地与用海", "Land and sea taken"),
            "MultiPolygon",
            "land_parcel",
            "code",
            optional=True,
        ),
        Output("demand", OutputKind.TABLE, Text("用地用海需求表", "Land and sea demand")),
        Output("parcels", OutputKind.TABLE, Text("逐项用地表", "Land of each facility")),
        Output("projects", OutputKind.TABLE, Text("项目占地范围（XS_XMKJFW）", "Project sites (XS_XMKJFW)")),
        Output("report", OutputKind.REPORT, Text("用地用海需求报告", "Report")),
    ),
    summary_keys=(
        *("facilities", "by_code_m2", "no_land", "unknown", "unread_rows", "projects", "farmland_m2", "red_line_m2"),
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find facilities that come from nowhere."""
    return facility_faults(parameters)


def run(context: RunContext) -> dict[str, Any]:
    """Read facilities, add up what they need, write the result."""
    from ..layers.store.results import write_layer, write_table
    from .land.conflict_tables import plain_rows
    from .land.counties import read_counties
    from .land.demand import codes_of, demand_of
    from .land.demand_report import lacking_of, said_parcels, said_sums, summary_of, write_demand_report
    from .land.facilities import read_facilities
    from .land.known import known_of
    from .land.parameters import control_faults
    from .land.places import at_worst_places
    from .land.projects import project_sums
    from .land.taken import ground_of
    from .land.words import LABELS
    from .land.zones import find_zones, read_areas
    from .shared.packs import cite, read_pack

    pack = read_pack(context, "land")
    codes = codes_of(pack, context["dc_code"])
    context.progress(0.05, Text("读取设施", "Reading the facilities"))
    facilities = read_facilities(context, context.parameters, pack)
    counties = read_counties(context)
    context.progress(0.3, Text("读取控制线", "Reading the control lines"))
    zones = None if control_faults(context.parameters) else find_zones(context, context.parameters)
    arable = read_areas(context, "arable_land", context["control_crs"]) if context["arable_land"] else None
    context.progress(0.6, Text("汇总用地", "Adding up the land"))
    known = known_of(counties, pack, context["complete_kinds"])
    if zones is not None:
        facilities = at_worst_places(facilities, zones, known, pack)
    ground = ground_of(facilities, pack)
    demand = demand_of(ground, counties, codes)
    projects = project_sums(ground, zones, arable, known, codes, pack)
    cite(context, [*ground.rules, *demand.rules, pack.rule("land.unit.project"), pack.rule("land.known.within")])

    context.progress(0.9, Text("写出结果", "Writing the result"))
    there = [shape is not None for shape in demand.shapes]
    if any(there):
        rows = plain_rows(demand.parcels[there])
        path = context.output("land_parcel", "result.gpkg")
        write_layer(path, "land_parcel", rows, demand.shapes[there], "MultiPolygon", aliases=LABELS)
    write_table(context.output("demand", "land_demand.csv"), said_sums(demand, known), LABELS)
    write_table(context.output("parcels", "parcels.csv"), said_parcels(demand, known), LABELS)
    write_table(context.output("projects", "XS_XMKJFW.csv"), projects)
    cautions = [*facilities.cautions, *ground.cautions, *(zones.cautions if zones is not None else ())]
    report = context.output("report", "report.html")
    write_demand_report(report, (facilities, ground, zones, known, demand, projects), cautions, context.rules)
    for caution in (*cautions, *lacking_of(ground, zones, known)):
        context.notice(caution)
    return summary_of(facilities, demand, projects, pack)
