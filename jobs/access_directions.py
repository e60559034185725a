"""In how many physically separate directions each trunk node leaves, what holds it back, and what would help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..layers.specs.trunk_nodes import CLASSES
from ..text import Text
from .common import FROM_WORKSPACE, layer_parameter
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind
from .network.exits.parameters import ALWAYS, GROUND, ground_faults
from .network.parameters import NETWORK, PHASE, PLANNED, network_faults

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="access_directions",
    label=Text("干线节点出局方向", "Access directions"),
    help=Text(
        "逐个节点统计出口：不共光缆、不共节点且通向不同目标（最大流），以及物理上分开的（在节点周围两个圈之间始终相距足够）。主备光缆同沟出局只计一个。分现状和规划后、合计和各运营商。"
        "列出受限于哪些光缆，并沿道路推求能增加一个方向的最短新光缆；有高程数据时，另在代价格网上推求越野路由。",
        "Counts the ways out of each node: without a common cable, without a common node and each to another target (maximum flow), and physically separate (apart "
        "all the way between two circles around the node). Main and standby in one trench are one. Now and after plan, together and by operator. Names the "
        "cables that hold a node back, and finds the shortest new cable along roads that adds a direction, with elevation data also the cheapest over the ground.",
    ),
    step="analyse",
    parameters=(
        *(parameter for parameter in NETWORK if parameter is not PHASE),
        Parameter(
            "classes",
            ParameterKind.CHOICES,
            Text("节点类别", "Classes of nodes"),
            Text(
                "要判断的节点类别；未注明类别的节点总是判断。", "Nodes to be judged; those without a class always are."
            ),
            default=["gateway", "backbone", "landing", "aggregation"],
            choices=tuple(Choice(code.value, code.label) for code in CLASSES),
        ),
        Parameter(
            "directions",
            ParameterKind.INTEGER,
            Text("应有方向数", "Directions asked for"),
            Text("留空取规则包的值（未核实）。", "Empty: the value of the rule pack (unverified)."),
            minimum=1,
            maximum=20,
        ),
        Parameter(
            "cost_per_km",
            ParameterKind.REAL,
            Text("新光缆单价", "Unit cost of new cable"),
            Text("填写后给出新光缆的造价。", "Where stated, the cost of a new cable is given."),
            unit="万元/km",
            minimum=0,
        ),
        layer_parameter("roads", FROM_WORKSPACE),
        *GROUND,
    ),
    outputs=(
        Output("node_exit", OutputKind.LAYER, Text("节点出口", "Exits of nodes"), "Point", "node_exit", "state"),
        Output(
            "exit_ray",
            OutputKind.LAYER,
            Text("出局方向", "Directions"),
            "MultiLineString",
            "exit_ray",
            "is_used",
            optional=True,
        ),
        Output(
            "new_link",
            OutputKind.LAYER,
            Text("建议的新光缆", "New cables"),
            "MultiLineString",
            "new_link",
            optional=True,
        ),
        Output("exits", OutputKind.TABLE, Text("出口表", "Table of exits")),
        Output("exits_by_operator", OutputKind.TABLE, Text("各运营商出口表", "Exits by operator")),
        Output("report", OutputKind.REPORT, Text("出局方向报告", "Report")),
    ),
    summary_keys=("nodes", "met", "short", "cannot_tell", "target"),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a network that comes from nowhere, routes that are not looked for."""
    return [*network_faults(parameters), *ground_faults(parameters)]


def run(context: RunContext) -> dict[str, Any]:
    """Read the network now and after plan, judge every node, look for new ways out, write the result."""
    from ..analysis.network.exits import Surroundings
    from ..analysis.network.new_link import Link, Roads
    from ..layers import inputs
    from ..layers.codes import OPERATORS
    from ..layers.store.results import write_layer, write_table
    from .network.exits.ground import corridor_of, ground_of, unreached_words
    from .network.exits.judging import (
        SHORT,
        Limits,
        by_operator,
        close_rooms,
        judge,
        links_for,
        open_if_close,
        ranks,
        sinks_of,
    )
    from .network.exits.passed import Passed, around_of, passed_of
    from .network.exits.report import write_exits_report
    from .network.exits.tables import exit_tables, places_of
    from .network.exits.words import ADVICE_LABELS, LABELS, STATE_LABELS
    from .network.head import after_plan_words
    from .network.read import read_trunk
    from .shared.packs import cite, read_pack

    context.progress(0.02, Text("读取光缆并成网", "Reading the cables and joining them"))
    pack = read_pack(context, "trunk-exits")
    trunk = read_trunk(context, "now")
    names = ("exits.radius_1", "exits.radius_2", "exits.apart", "R05.sector", "exits.sectors")
    radius_1, radius_2, apart, sector, sectors = (float(pack.rule(name).value) for name in names)
    stated = context["directions"]
    limits = Limits(stated or int(pack.rule("N36.directions").value), (radius_1, radius_2), apart, sector, int(sectors))
    cite(context, [*([] if stated else [pack.rule("N36.directions")]), *(pack.rule(name) for name in names)])

    around = Surroundings(trunk.network) if trunk.drawn else None
    rank, wanted = ranks(trunk), set(context["classes"])
    kinds = trunk.rooms["node_class"]
    nodes = [at for at, kind in enumerate(kinds) if not isinstance(kind, str) or kind in wanted]
    sinks = {node: sinks_of(trunk, node, rank, radius_2) for node in nodes}
    told = context.part(0.2, 0.6, Text("计算各节点的出口", "Counting the ways out of each node"))
    judged = []
    for place, node in enumerate(nodes):
        told(place / len(nodes))
        judged.append(judge(trunk, around, node, sinks[node], limits))
    operators = by_operator(trunk, around, nodes, sinks, limits)

    context.progress(0.6, Text("计算规划后的出口", "Counting the ways out after plan"))
    planned: dict[str, int | None] = {}
    later = None
    if trunk.drawn:
        later = read_trunk(context, PLANNED)
        trunk.sentences.append(after_plan_words(context["until_year"]))
        beyond, after_rank = Surroundings(later.network), ranks(later)
        number = {node_id: at for at, node_id in enumerate(later.rooms["node_id"])}
        for node in nodes:
            at = number[trunk.rooms["node_id"].iloc[node]]
            found = judge(later, beyond, at, sinks_of(later, at, after_rank, radius_2), limits)
            planned[trunk.rooms["node_id"].iloc[node]] = found.both and found.both.number

    context.progress(0.7, Text("推求新方向", "Looking for new directions"))
    cautions: list[Text] = []
    sentences: list[Text] = []
    links: dict[int, list[Link]] = {}
    passed: dict[int, list[Passed]] = {}
    if not nodes:
        cautions.append(
            Text(
                "没有可判断的节点：没有干线节点，或没有所选类别的现状节点。",
                "There is no node to judge: no trunk nodes, or none in use of the chosen classes.",
            )
        )
    close = close_rooms(trunk)
    judged = [open_if_close(found, close) for found in judged]
    if close & set(nodes):
        cautions.append(
            Text(
                f"{len(close & set(nodes))} 个节点与另一节点相距不超过相接容差，光缆接入哪一个不能确定：其出口不足的，列为无法判定。",
                f"{len(close & set(nodes))} nodes lie within the tolerance of another: which of them a cable enters cannot be "
                "told; where their exits fall short, they cannot be told.",
            )
        )
    with_roads, ground = inputs.layer_present(context, "roads"), None
    if trunk.drawn and any(found.state == SHORT for found in judged):
        roads, road_lines = None, None
        if with_roads:
            reach = pack.rule("exits.road_reach")
            cite(context, [reach])
            table = inputs.read_layer(context, "roads", ["road_class"])
            road_lines = table.geometry[(table.columns["road_class"] != "railway").to_numpy(bool)]
            roads = Roads(road_lines, trunk.network, float(reach.value), radius_2)
        if context["dem"]:
            ground = ground_of(context, trunk, road_lines)
            sentences += ground.sentences
            unreached = unreached_words(trunk, ground.surface)
            cautions += [*ground.cautions, *([] if unreached is None else [unreached])]
        elif not with_roads:
            cautions.append(
                Text(
                    "没有道路数据和高程数据，未推求新方向。",
                    "There are no roads and no elevation data: no new directions were looked for.",
                )
            )
        surface, corridor_m = None if ground is None else ground.surface, corridor_of(context)
        for found in judged:
            context.checkpoint()
            links[found.node] = links_for(
                trunk,
                found,
                sinks[found.node],
                limits,
                roads,
                surface,
                always=context["overland"] == ALWAYS,
                corridor_m=corridor_m,
            )
        along = around_of(context, trunk, later, road_lines) if any(links.values()) else None
        if along is not None:
            passed = {
                node: [passed_of(along, link.shape, corridor_m) for link in found] for node, found in links.items()
            }

    context.progress(0.9, Text("写出结果", "Writing the result"))
    tables = exit_tables(
        trunk,
        judged,
        planned,
        links,
        limits,
        context["cost_per_km"],
        looked=with_roads or ground is not None,
        passed=passed,
    )
    rows = tables.nodes.drop(columns=["lon", "lat"])
    path = context.output("node_exit", "result.gpkg")
    write_layer(path, "node_exit", rows, places_of(tables.nodes), "Point", aliases=LABELS)
    for name, table, shapes in (
        ("exit_ray", tables.rays, tables.ray_shapes),
        ("new_link", tables.links, tables.link_shapes),
    ):
        if len(table):
            write_layer(context.output(name, "result.gpkg"), name, table, shapes, "MultiLineString", aliases=LABELS)
    said = tables.nodes.assign(
        state=[STATE_LABELS[state].zh for state in tables.nodes["state"]],
        advice=[ADVICE_LABELS[code].zh if isinstance(code, str) else None for code in tables.nodes["advice"]],
    )
    write_table(context.output("exits", "exits.csv"), said, LABELS)
    labels = {code.value: code.label for code in OPERATORS}
    rooms = trunk.rooms[["node_id", "name"]].astype(object).where(trunk.rooms[["node_id", "name"]].notna(), None)
    operators = rooms.iloc[operators["node"].astype(int)].reset_index(drop=True).join(operators.drop(columns="node"))
    told_by = operators.assign(operator=[labels[name].zh for name in operators["operator"]])
    write_table(context.output("exits_by_operator", "exits_by_operator.csv"), told_by, LABELS)
    operators["operator_words"] = [labels[name] for name in operators["operator"]]
    report = context.output("report", "report.html")
    write_exits_report(report, trunk, tables, operators, limits, cautions, context.rules, sentences)
    for caution in (*trunk.cautions, *cautions):
        context.notice(caution)
    state = tables.nodes["state"]
    return {
        "nodes": len(tables.nodes),
        **{name: int((state == name).sum()) for name in STATE_LABELS},
        "target": limits.directions,
        "new_links": len(tables.links),
    }
