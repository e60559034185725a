"""What is cut off, or left on one path, when a cable section, a node, a conduit or a hazard area fails."""

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

JOB = Job(
    name="single_failures",
    label=Text("干线单点失效", "Single failures"),
    help=Text(
        "依次去掉每段光缆、每个节点、每处同沟路段和每个灾害区，给出由此中断或只剩一条通路的节点、行政村、人口、县和数据中心功率，按人口、再按功率排序。"
        "在整个网络上精确计算，不取样。主备光缆同沟时，图上不是单点，同沟路段却是，单独列出。可指定成对元素同时失效（N-2），同样排序并成图层；其中的节点以接入它的光缆段表示。",
        "Takes away every cable section, node, conduit and hazard area in turn, and says which nodes, villages, people, counties and data-centre "
        "megawatts that cuts off or leaves on one path, ranked by people, then megawatts. Exact on the whole network, not sampled. Main and "
        "standby in one trench are no single point of the graph, but their conduit is, and is listed. Pairs may be named to fail together (N-2); they are ranked and drawn likewise, a "
        "node by the sections that enter it.",
    ),
    step="analyse",
    parameters=(
        *NETWORK,
        Parameter(
            "targets",
            ParameterKind.TEXT,
            Text("目标节点", "Targets"),
            Text(
                "节点编号，以逗号分隔；与其失去联系即为中断。留空取国际出入口局和骨干节点。",
                "Ids of nodes with commas between; what loses them is cut off. Empty: international gateways and backbone nodes.",
            ),
        ),
        Parameter(
            "pairs",
            ParameterKind.TEXT,
            Text("同时失效的成对元素", "Pairs that fail together"),
            Text(
                "光缆、光缆段或节点的编号，对内逗号、对间分号，如 GL001,GL002; N01,GL003。",
                "Ids of cables, sections or nodes, commas within and semicolons between, such as GL001,GL002; N01,GL003.",
            ),
        ),
        Parameter(
            "hazards",
            ParameterKind.LAYER,
            Text("灾害区图层", "Hazard areas"),
            Text(
                "可选。面或线；逐个去掉其中的节点和经过的光缆段。",
                "Optional. Areas or lines; the nodes in each and the sections through it go together.",
            ),
        ),
        layer_parameter("villages", FROM_WORKSPACE),
        layer_parameter("dc_clusters", FROM_WORKSPACE),
    ),
    outputs=(
        Output(
            "failure_edge",
            OutputKind.LAYER,
            Text("光缆段失效", "Failures of sections"),
            "MultiLineString",
            "failure_edge",
            "kind",
        ),
        Output(
            "failure_node", OutputKind.LAYER, Text("节点失效", "Failures of nodes"), "Point", "failure_node", "kind"
        ),
        Output(
            "failure_conduit",
            OutputKind.LAYER,
            Text("同沟路段失效", "Failures of conduits"),
            "MultiLineString",
            "failure_conduit",
            "kind",
            optional=True,
        ),
        Output(
            "failure_hazard",
            OutputKind.LAYER,
            Text("灾害区失效", "Failures by hazard areas"),
            "MultiLineString",
            "failure_hazard",
            "kind",
            optional=True,
        ),
        Output(
            "failure_pair",
            OutputKind.LAYER,
            Text("成对失效", "Failures of pairs"),
            "MultiLineString",
            "failure_pair",
            "kind",
            optional=True,
        ),
        Output("failures", OutputKind.TABLE, Text("失效影响表", "Table of failures")),
        Output("report", OutputKind.REPORT, Text("单点失效报告", "Report")),
    ),
    summary_keys=("edges", "edges_cutting", "nodes", "nodes_cutting", "conduits", "conduits_cutting", "off_before"),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a network that comes from nowhere, a pair that is none."""
    from .network.failures.ids import pairs_in

    faults = network_faults(parameters)
    if parameters.get("graph") and parameters.get("hazards"):
        faults.append(
            Fault(
                Text(
                    "网络图文件没有光缆路由，不能判断经过哪些灾害区。",
                    "A graph file has no routes: nothing can be told of the areas that its links run through.",
                ),
                Text(
                    "请使用干线光缆图层，或不指定灾害区。", "Use the layer of trunk cables, or state no hazard areas."
                ),
                field="hazards",
            )
        )
    for pair in pairs_in(parameters.get("pairs")):
        if len(pair) != 2:
            said = ",".join(pair)
            faults.append(
                Fault(
                    Text(f"“{said}”不是一对元素。", f"“{said}” is no pair."),
                    Text(
                        "每对写两个不同的编号，如 GL001,GL002。", "Write two different ids a pair, such as GL001,GL002."
                    ),
                    field="pairs",
                )
            )
    return faults


def run(context: RunContext) -> dict[str, Any]:
    """Read the network and what hangs on it, let everything fail in turn, write the result."""
    from ..analysis.network.conduits import conduits
    from ..layers.store.results import write_layer, write_table
    from .network.failures.ids import pairs_in
    from .network.failures.load import load_of, targets_of
    from .network.failures.losses import Net, hit_by, of_conduits
    from .network.failures.pairs import named_pairs
    from .network.failures.report import FailureTables, Hit, all_failures, write_failures_report
    from .network.failures.words import CUTS, CUTS_LINK, LABELS
    from .network.hazards.layers import read_hazards
    from .network.read import read_trunk
    from .network.tables import topology_of
    from .shared.packs import cite, read_pack

    context.progress(0.02, Text("读取光缆并成网", "Reading the cables and joining them"))
    pack, shared = read_pack(context, "trunk-failures"), read_pack(context, "trunk-shared")
    reaches = [pack.rule(name) for name in ("failures.village_reach", "failures.cluster_reach")]
    trunk = read_trunk(context)
    topology = topology_of(trunk)
    targets, said = targets_of(trunk, context["targets"])
    pairs = named_pairs(trunk, topology, pairs_in(context["pairs"]))
    cite(context, reaches)
    context.progress(0.2, Text("挂接行政村和数据中心", "Hanging villages and data centres on the nodes"))
    load = load_of(context, trunk, *(float(rule.value) for rule in reaches))
    net = Net(trunk, topology, targets, load)
    context.progress(0.3, Text("逐段、逐点去除", "Taking away sections and nodes"))
    edges = net.edges()
    nodes = net.nodes(context.part(0.3, 0.4, Text("逐点去除", "Taking away nodes")))

    found = []
    if trunk.drawn:
        context.progress(0.4, Text("查找同沟路段", "Looking for conduits"))
        widths = [shared.rule(name) for name in ("shared.trench", "shared.least", "shared.at_room")]
        cite(context, widths)
        found = conduits(trunk.network, *(float(rule.value) for rule in widths))
    told = context.part(0.5, 0.75, Text("逐处去除同沟路段", "Taking away conduits"))
    of_conduit = net.together(of_conduits(trunk, found), told)
    of_pair = net.together(pairs, told)
    hits: list[Hit] = []
    of_hazard = None
    if context["hazards"]:
        hazards = read_hazards(context, "hazards")
        hits = [
            Hit(f"H{row}", hazards.title(at), *hit_by(trunk, hazards.shapes[at])) for at, row in enumerate(hazards.row)
        ]
        told = context.part(0.75, 0.9, Text("逐个去除灾害区", "Taking away hazard areas"))
        of_hazard = net.together([hit.gone for hit in hits], told)

    context.progress(0.9, Text("写出结果", "Writing the result"))
    tables = FailureTables(edges, nodes, of_conduit, of_hazard, of_pair, found, hits, pairs)
    for name, table, shapes, kind in tables.layers(trunk):
        path = context.output(name, "result.gpkg")
        write_layer(path, name, table, shapes, kind, aliases=LABELS)
    write_table(context.output("failures", "failures.csv"), all_failures(tables), LABELS)
    report = context.output("report", "report.html")
    write_failures_report(report, net, tables, said, context.rules)
    for caution in (*trunk.cautions, *load.cautions):
        context.notice(caution)
    return {
        "components": topology.components,
        "nodes_alone": topology.alone,
        "edges": len(edges),
        "edges_cutting": int((edges["kind"] == CUTS).sum()),
        "nodes": len(nodes),
        "nodes_cutting": int((nodes["kind"] == CUTS).sum()),
        "conduits": len(of_conduit),
        "conduits_cutting": int(of_conduit["kind"].isin((CUTS, CUTS_LINK)).sum()),
        "pairs": len(of_pair),
        "pairs_cutting": int(of_pair["kind"].isin((CUTS, CUTS_LINK)).sum()),
        "off_before": int((net.off & (load.carried[:, 0] > 0)).sum()),
    }
