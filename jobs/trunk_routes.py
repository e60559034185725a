"""Routes between two trunk nodes that share as little as possible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text, same
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind
from .network.parameters import NETWORK, network_faults
from .network.shared.place_words import PLACES, any_stated

if TYPE_CHECKING:
    from ..engine.context import RunContext

GROUND, CABLE = "ground", "cable"

JOB = Job(
    name="trunk_routes",
    label=Text("两点间分离路由", "Separate routes"),
    help=Text(
        "求两个干线节点之间共用最少的若干条路由：先使共用的光缆和同沟长度最小，再使总长最小；网络较大、未能证明最优时，报告注明。给出桥梁、隧道、河流、断裂、灾害区图层时，"
        "共用这些地点也计入。列出长度、单向时延、途经机房、与第一路由共用的光缆、机房和地点，以及前两条路由的沿线间距。地图工具“两点路由”使用本任务。",
        "Finds the routes between two trunk nodes that share as few kilometres of cable and trench as possible and, among those, are the "
        "shortest in all; where the network is too large to prove it, the report says so. With layers of bridges, tunnels, rivers, faults or "
        "hazard zones shared places count, too. Gives length, one-way latency, rooms on the way, what is shared with the first route, and how "
        "far the first two are apart along the way. The map tool Routes between two nodes uses this job.",
    ),
    step="analyse",
    parameters=(
        Parameter(
            "from_node",
            ParameterKind.TEXT,
            Text("起点节点编号", "From node"),
            Text("干线节点的编号，如 N01。", "Id of a trunk node, such as N01."),
            required=True,
        ),
        Parameter(
            "to_node",
            ParameterKind.TEXT,
            Text("止点节点编号", "To node"),
            Text("干线节点的编号，如 N02。", "Id of a trunk node, such as N02."),
            required=True,
        ),
        Parameter(
            "k",
            ParameterKind.INTEGER,
            Text("路由条数", "Routes"),
            Text("要求的路由条数。", "How many routes are wanted."),
            default=2,
            minimum=1,
            maximum=5,
        ),
        Parameter(
            "apart_by",
            ParameterKind.CHOICE,
            Text("分离方式", "Kept apart by"),
            Text(
                "按光缆和同沟：不同的光缆同沟也算共用。只按光缆：不看地面位置。网络图文件没有路由，只按光缆。",
                "By cable and trench: different cables in one trench count as shared. By cable alone: the ground is left out. A graph file "
                "has no routes and is judged by cable alone.",
            ),
            default=GROUND,
            choices=(
                Choice(GROUND, Text("按光缆和同沟", "By cable and trench")),
                Choice(CABLE, Text("只按光缆", "By cable alone")),
            ),
        ),
        *NETWORK,
        *PLACES,
        Parameter(
            "step_m",
            ParameterKind.REAL,
            Text("间距表步长", "Step of the profile"),
            Text("沿第一路由每隔多远量一次。", "How often the distance is measured along the first route."),
            default=50.0,
            unit="m",
            minimum=1,
            maximum=10_000,
            advanced=True,
        ),
    ),
    outputs=(
        Output("route", OutputKind.LAYER, Text("路由", "Routes"), "MultiLineString", "route", "route", optional=True),
        Output("routes", OutputKind.TABLE, Text("路由表", "Table of routes")),
        Output("separation", OutputKind.TABLE, Text("间距表", "Separation of the first two"), optional=True),
        Output("picture", OutputKind.FILE, Text("间距图（中文，SVG）", "Separation, Chinese (SVG)"), optional=True),
        Output("picture_en", OutputKind.FILE, Text("间距图（英文，SVG）", "Separation, English (SVG)"), optional=True),
        Output("report", OutputKind.REPORT, Text("路由报告", "Report")),
    ),
    summary_keys=(
        "routes",
        "routes_wanted",
        "disjoint",
        "proven",
        "first_km",
        "second_km",
        "shared_km",
        "trench_km",
        "corridor_km",
        "shared_places",
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a network that comes from nowhere, one node in place of two."""
    faults = network_faults(parameters)
    if parameters.get("from_node") and parameters.get("from_node") == parameters.get("to_node"):
        faults.append(
            Fault(
                Text("起点和止点是同一个节点。", "Both ends are the same node."),
                Text("请指定两个不同的节点。", "State two nodes."),
                field="to_node",
            )
        )
    if parameters.get("graph") and any_stated(parameters):
        faults.append(
            Fault(
                Text(
                    "网络图文件没有光缆路由，不能判断共用地点。",
                    "A graph file has no routes: nothing can be told of shared places.",
                ),
                Text("请使用干线光缆图层，或不给地点图层。", "Use the layer of trunk cables, or give no places."),
                field="graph",
            )
        )
    return faults


def run(context: RunContext) -> dict[str, Any]:
    """Read the network, find the routes, measure how far they are apart, write the result."""
    from ..layers.store.results import write_layer, write_table
    from .network.read import read_trunk
    from .network.routes.paths import Delay, find_routes, risks_of, room_of
    from .network.routes.picture import separation_picture
    from .network.routes.report import write_routes_report
    from .network.routes.words import LABELS
    from .network.shared.places import read_places
    from .network.shared.stretches import Widths
    from .shared.packs import cite, read_pack

    context.progress(0.02, Text("读取光缆并成网", "Reading the cables and joining them"))
    latency, shared = read_pack(context, "trunk-latency"), read_pack(context, "trunk-shared")
    rules = [latency.rule("N38.fibre_delay"), latency.rule("latency.hop_delay")]
    wide = [shared.rule(name) for name in ("shared.trench", "shared.corridor", "shared.least", "shared.at_room")]
    weight = shared.rule("place.weight")
    trench, corridor = (float(rule.value) for rule in wide[:2])
    delay, widths = Delay(*(float(rule.value) for rule in rules)), Widths(*(float(rule.value) for rule in wide))
    trunk = read_trunk(context)
    source, target = (room_of(trunk, context[name].strip()) for name in ("from_node", "to_node"))
    cite(context, [*rules, *(wide if trunk.drawn else [])])
    places = read_places(context, shared) if trunk.drawn else None
    by_ground = trunk.drawn and context["apart_by"] == GROUND
    context.progress(0.3, Text("查找同沟和共用地点", "Looking for shared trenches and places"))
    risks = None
    if by_ground or places is not None:
        cite(context, [weight] if places is not None and by_ground else [])
        risks = risks_of(trunk, widths, places, float(weight.value))
    context.progress(0.5, Text("求分离路由", "Looking for routes"))
    step = float(context["step_m"])
    found = find_routes(trunk, source, target, context["k"], delay, widths, step, risks, by_ground)
    context.progress(0.9, Text("写出结果", "Writing the result"))
    table = found.table
    if len(table) and any(shape is not None for shape in found.shapes):
        write_layer(
            context.output("route", "result.gpkg"), "route", table, found.shapes, "MultiLineString", aliases=LABELS
        )
    write_table(context.output("routes", "routes.csv"), table, LABELS)
    picture = same("")
    if found.profile is not None:
        write_table(context.output("separation", "separation.csv"), found.profile, LABELS)
        names = same(f"{table['from_name'].iloc[0]} – {table['to_name'].iloc[0]}")
        drawn = [separation_picture(found.profile, (trench, corridor), name, names) for name in ("zh", "en")]
        for name, file, markup in zip(("picture", "picture_en"), ("separation_zh.svg", "separation_en.svg"), drawn):
            context.output(name, file).write_text(markup, encoding="utf-8", newline="\n")
        picture = Text(*drawn)
    summary = _summary(found, context["k"])
    place_m = float(weight.value) if by_ground else None
    report = context.output("report", "report.html")
    write_routes_report(report, trunk, found, summary, widths, picture, place_m, places is not None, context.rules)
    for caution in trunk.cautions:
        context.notice(caution)
    return summary


def _summary(found: Any, wanted: int) -> dict[str, Any]:
    table = found.table
    routes = table.astype(object).where(table.notna(), None).to_dict("records")
    first, second = (routes[at] if len(routes) > at else {} for at in (0, 1))
    return {
        "routes": len(table),
        "routes_wanted": wanted,
        "disjoint": found.disjoint if len(table) > 1 else None,
        "proven": found.proven if len(table) > 1 else None,
        "first_km": first.get("length_km"),
        "second_km": second.get("length_km"),
        **{key: second.get(key) for key in ("shared_km", "trench_km", "corridor_km", "shared_places")},
        "by_route": routes,
    }
