"""Trunk cables and equipment rooms as a sound graph, with everything that keeps it from being one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .declaration import Job, Output, OutputKind
from .network.parameters import NETWORK, network_faults

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="trunk_topology",
    label=Text("干线网络拓扑", "Trunk topology"),
    help=Text(
        "把干线光缆和干线节点连成网络：按容差相接，在节点和接头处断开，长度按椭球面计算。光缆在平面上交叉而没有接头的不相接；图形不作移动。"
        "列出疑似未接、悬空端点、未接入的节点、重复绘制和交叉处，并找出唯一通路（一断即失联的光缆段）和单点隐患（一失效即失联的节点）。",
        "Makes a network of trunk cables and nodes: joined within a tolerance, cut at nodes and joints, lengths geodesic. Cables that "
        "cross without a joint are not joined, and nothing is moved. Lists near misses, dangling ends, nodes off the network, cables "
        "drawn twice and crossings, and finds the bridges (edges whose loss cuts something off) and articulation points.",
    ),
    step="analyse",
    parameters=NETWORK,
    outputs=(
        Output(
            "trunk_edge",
            OutputKind.LAYER,
            Text("干线网络段", "Trunk edges"),
            "MultiLineString",
            "trunk_edge",
            "is_bridge",
        ),
        Output(
            "trunk_vertex", OutputKind.LAYER, Text("干线网络顶点", "Trunk vertices"), "Point", "trunk_vertex", "kind"
        ),
        Output(
            "trunk_edge_issue",
            OutputKind.LAYER,
            Text("网络问题", "Network issues"),
            "Point",
            "trunk_edge_issue",
            "issue_level",
            optional=True,
        ),
        Output("issues", OutputKind.TABLE, Text("问题清单", "Table of issues")),
        Output("report", OutputKind.REPORT, Text("拓扑报告", "Topology report")),
    ),
    summary_keys=("nodes", "edges", "components", "bridges", "articulation_points", "length_km", "issues_to_check"),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a network that comes from nowhere."""
    return network_faults(parameters)


def run(context: RunContext) -> dict[str, Any]:
    """Read cables and rooms, node them, look what hangs on single parts, write the result."""
    from ..layers.store.results import write_layer, write_table
    from .network.read import read_trunk
    from .network.report import write_topology_report
    from .network.tables import topology_of
    from .network.words import ISSUE_LABELS, ISSUE_REMEDIES, LABELS, LEVEL_LABELS

    context.progress(0.02, Text("读取光缆并成网", "Reading the cables and joining them"))
    trunk = read_trunk(context)
    context.progress(0.6, Text("查找唯一通路和单点隐患", "Looking for bridges and articulation points"))
    found = topology_of(trunk)
    context.progress(0.8, Text("写出结果", "Writing the result"))

    result = context.output("trunk_edge", "result.gpkg")
    write_layer(result, "trunk_edge", found.edges, trunk.network.shapes, "MultiLineString", aliases=LABELS)
    vertices, issues = found.vertices, found.issues
    place = (vertices["lon"].to_numpy(float), vertices["lat"].to_numpy(float))
    rows = vertices.drop(columns=["lon", "lat"])
    write_layer(context.output("trunk_vertex", "result.gpkg"), "trunk_vertex", rows, place, "Point", aliases=LABELS)
    if len(issues):
        place = (issues["lon"].to_numpy(float), issues["lat"].to_numpy(float))
        rows = issues.drop(columns=["lon", "lat"])
        path = context.output("trunk_edge_issue", "result.gpkg")
        write_layer(path, "trunk_edge_issue", rows, place, "Point", aliases=LABELS)
    told = issues.assign(
        remedy=[ISSUE_REMEDIES[code].zh for code in issues["issue"]],
        issue=[ISSUE_LABELS[code].zh for code in issues["issue"]],
        issue_level=[LEVEL_LABELS[level].zh for level in issues["issue_level"]],
    )
    write_table(context.output("issues", "issues.csv"), told, LABELS)
    summary = {
        "phase": context["phase"],
        "nodes": len(vertices),
        "edges": len(found.edges),
        "components": found.components,
        "bridges": int(found.edges["is_bridge"].sum()),
        "articulation_points": int(vertices["is_articulation"].sum()),
        "length_km": round(float(found.edges["length_km"].sum()), 3),
        "nodes_alone": found.alone,
        "issues_to_check": int((issues["issue_level"] == "to_mend").sum()),
        "issues_by_kind": {str(code): int(count) for code, count in issues["issue"].value_counts(sort=False).items()},
    }
    report = context.output("report", "report.html")
    write_topology_report(report, trunk, found, summary, context.rules)
    for caution in trunk.cautions:
        context.notice(caution)
    return summary
