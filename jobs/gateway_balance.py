"""International gateways by region, border crossings with cables, submarine cables and their protection bands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .common import FROM_WORKSPACE, layer_parameter
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .network.parameters import NETWORK, network_faults

if TYPE_CHECKING:
    from ..engine.context import RunContext

USES = {
    "anchorage": Text("锚地图层", "Anchorages"),
    "fishing": Text("渔业用海图层", "Fishing grounds"),
    "other_use": Text("其他用海图层", "Other uses of the sea"),
}

JOB = Job(
    name="gateway_balance",
    label=Text("国际出入口布局", "International gateways"),
    help=Text(
        "按区域（规则包所列省份）统计国际出入口局、海缆登陆站和容量，按光缆距离划分各出入口局的服务范围；列出口岸附近的光缆、运营商，以及通往每个邻国"
        "互不共用光缆、互不共用节点、且不同沟的出境路由数，按后者判定；按海域类型画出海缆保护区，列出与锚地、渔业等用海及其他海缆的冲突，以及登陆点过近的海缆。"
        "海域类型不明时三种宽度并列，不代为判定。",
        "Counts international gateways, landing stations and their capacity by region (provinces of the rule pack) and divides the network "
        "among the gateways by distance along cables; lists the cables and operators at border crossings and the ways out to each neighbour "
        "that share no cable, no node, and no trench, by which it judges; draws the protection bands of submarine cables by kind of sea, with what lies in them and cables that "
        "land near each other. Where the kind of sea is not known all three widths are given and none is chosen.",
    ),
    step="analyse",
    parameters=(
        *NETWORK,
        Parameter(
            "gateways",
            ParameterKind.TEXT,
            Text("国际出入口局", "Gateways"),
            Text(
                "节点编号或名称，以逗号分隔。留空取类别为国际出入口局的节点。",
                "Ids or names of nodes with commas between. Empty: the nodes whose class is international gateway.",
            ),
        ),
        Parameter(
            "capacity",
            ParameterKind.SOURCE,
            Text("容量表", "Table of capacities"),
            Text(
                "可选。表格文件，含节点编号（或名称）和容量（Gbps）两列。",
                "Optional. A table with the node id (or name) and the capacity in Gbps.",
            ),
        ),
        Parameter(
            "crossings",
            ParameterKind.LAYER,
            Text("口岸图层", "Border crossings"),
            Text(
                "可选。点图层；留空取工作区重点场所中的口岸。",
                "Optional. Points. Empty: the ports of entry among the places of the workspace.",
            ),
        ),
        Parameter(
            "neighbour_column",
            ParameterKind.TEXT,
            Text("邻国列", "Column of the neighbour"),
            Text(
                "口岸图层中表示邻国的列；留空则找“邻国”“对方国家”“国家”等列。",
                "The column of the border crossings with the neighbour. Empty: 邻国, 对方国家, 国家, neighbour, country.",
            ),
            advanced=True,
        ),
        *(
            Parameter(
                name,
                ParameterKind.LAYER,
                label,
                Text(
                    "可选。面图层；与海缆保护区比较。",
                    "Optional. Areas, which are held against the bands of submarine cables.",
                ),
            )
            for name, label in USES.items()
        ),
        layer_parameter("admin_units", FROM_WORKSPACE),
        layer_parameter("places", FROM_WORKSPACE),
        layer_parameter("sea_areas", FROM_WORKSPACE),
        layer_parameter("villages", FROM_WORKSPACE),
        layer_parameter("dc_clusters", FROM_WORKSPACE),
    ),
    outputs=(
        Output(
            "gateway",
            OutputKind.LAYER,
            Text("出入口局和登陆站", "Gateways and landings"),
            "Point",
            "gateway",
            "state",
            optional=True,
        ),
        Output(
            "border_crossing",
            OutputKind.LAYER,
            Text("口岸", "Border crossings"),
            "Point",
            "border_crossing",
            "state",
            optional=True,
        ),
        Output(
            "sea_band",
            OutputKind.LAYER,
            Text("海缆保护区", "Protection bands"),
            "MultiPolygon",
            "sea_band",
            "state",
            optional=True,
        ),
        Output(
            "sea_conflict",
            OutputKind.LAYER,
            Text("海缆保护区冲突", "Conflicts at sea"),
            "MultiPolygon",
            "sea_conflict",
            "state",
            optional=True,
        ),
        Output("gateway_region", OutputKind.TABLE, Text("区域表", "Table of regions")),
        Output("served", OutputKind.TABLE, Text("服务范围表", "Who is served by which gateway")),
        Output("neighbours", OutputKind.TABLE, Text("邻国表", "Table of neighbours"), optional=True),
        Output("landing_pairs", OutputKind.TABLE, Text("登陆点过近表", "Landings near each other"), optional=True),
        Output("report", OutputKind.REPORT, Text("国际出入口布局报告", "Report")),
    ),
    summary_keys=(
        "gateways",
        "landings",
        "without_region",
        "crossings",
        "crossings_with_cable",
        "neighbours_short",
        "submarine_cables",
        "conflicts",
        "conflicts_cannot_tell",
        "landing_pairs",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a network that comes from nowhere."""
    return network_faults(parameters)


def run(context: RunContext) -> dict[str, Any]:
    """Read the network and what goes with it, find regions, borders and bands, write the result."""
    from ..layers.store.results import write_layer, write_table
    from .network.failures.load import load_of, targets_of
    from .network.gateways.border import at_borders, read_crossings
    from .network.gateways.regions import balance, read_regions, with_regions
    from .network.gateways.report import said, write_gateway_report
    from .network.gateways.sea import at_sea
    from .network.gateways.serving import gateways_of, points_of
    from .network.gateways.words import CONFLICT, LABELS, SHORT, UNKNOWN, YES
    from .network.hazards.layers import read_hazards
    from .network.read import read_trunk
    from .network.shared.stretches import Widths
    from .shared.packs import cite, read_pack

    context.progress(0.02, Text("读取光缆并成网", "Reading the cables and joining them"))
    pack, hanging = read_pack(context, "trunk-gateways"), read_pack(context, "trunk-failures")
    reaches = [hanging.rule(name) for name in ("failures.village_reach", "failures.cluster_reach")]
    trunk = read_trunk(context)
    regions = read_regions(context, pack)
    cite(context, [*regions.rules, pack.rule("N31.existing"), pack.rule("N31.added"), *reaches])
    context.progress(0.3, Text("划分服务范围", "Dividing the network among the gateways"))
    load = load_of(context, trunk, *(float(rule.value) for rule in reaches))
    found = gateways_of(context, trunk, load, float(reaches[1].value))
    gateways = with_regions(found.table, regions.provinces_at(found.lon, found.lat), regions)
    table = balance(gateways, regions)

    context.progress(0.5, Text("查找口岸光缆", "Looking for cables at the border"))
    crossings = read_crossings(context)
    borders, targets = None, 0
    if crossings is not None:
        rules = [pack.rule(name) for name in ("border.reach", "border.exits")]
        cite(context, rules)
        highest, _ = targets_of(trunk, None)
        targets = int(highest.sum())
        shared = read_pack(context, "trunk-shared")
        wide = [shared.rule(name) for name in ("shared.trench", "shared.corridor", "shared.least", "shared.at_room")]
        cite(context, [wide[0], *wide[2:]] if trunk.drawn else [])
        apart = Widths(*(float(rule.value) for rule in wide))
        borders = at_borders(trunk, crossings, float(rules[0].value), int(rules[1].value), highest, apart)

    context.progress(0.7, Text("生成海缆保护区", "Drawing the bands of submarine cables"))
    sea = None
    if trunk.drawn:
        widths = {
            kind: pack.rule(f"N33.{name}")
            for kind, name in (("open_sea", "open"), ("bay", "bay"), ("harbour", "harbour"))
        }
        landing = [pack.rule(name) for name in ("landing.apart", "landing.at_station")]
        cite(context, [*widths.values(), *landing])
        uses = {name: read_hazards(context, name) for name in USES if context[name]}
        metres = {kind: float(rule.value) for kind, rule in widths.items()}
        sea = at_sea(context, trunk, metres, uses, *(float(rule.value) for rule in landing))

    context.progress(0.9, Text("写出结果", "Writing the result"))
    layers: list[tuple[str, Any, Any, str]] = [("gateway", gateways, points_of(found.lon, found.lat), "Point")]
    if crossings is not None and borders is not None:
        layers.append(("border_crossing", borders.crossings, points_of(crossings.lon, crossings.lat), "Point"))
    if sea is not None:
        layers.append(("sea_band", sea.bands, sea.band_shapes, "MultiPolygon"))
        layers.append(("sea_conflict", sea.conflicts, sea.conflict_shapes, "MultiPolygon"))
    for name, rows, shapes, kind in layers:
        if len(rows):
            write_layer(context.output(name, "result.gpkg"), name, rows, shapes, kind, aliases=LABELS)
    write_table(context.output("gateway_region", "gateway_region.csv"), said(table), LABELS)
    write_table(context.output("served", "served.csv"), said(found.served), LABELS)
    if borders is not None:
        write_table(context.output("neighbours", "neighbours.csv"), said(borders.neighbours), LABELS)
    if sea is not None and len(sea.landings):
        write_table(context.output("landing_pairs", "landing_pairs.csv"), sea.landings, LABELS)
    cautions = [*trunk.cautions, *regions.cautions, *found.cautions, *load.cautions]
    sentences = [*trunk.sentences, *found.sentences, *load.sentences]
    report = context.output("report", "report.html")
    write_gateway_report(
        report, gateways, table, found.served, crossings, borders, sea, sentences, targets, cautions, context.rules
    )
    for caution in trunk.cautions:
        context.notice(caution)
    state = None if sea is None else sea.conflicts["state"]
    return {
        "gateways": int((gateways["role"] == "gateway").sum()),
        "landings": int((gateways["role"] == "landing").sum()),
        "without_region": int(gateways["region"].isna().sum()),
        "crossings": None if borders is None else len(borders.crossings),
        "crossings_with_cable": None if borders is None else int((borders.crossings["state"] == YES).sum()),
        "neighbours_short": None if borders is None else int((borders.neighbours["state"] == SHORT).sum()),
        "submarine_cables": None if sea is None else int(sea.bands["cable_id"].nunique()),
        "conflicts": None if state is None else int((state == CONFLICT).sum()),
        "conflicts_cannot_tell": None if state is None else int((state == UNKNOWN).sum()),
        "landing_pairs": None if sea is None else len(sea.landings),
    }
