"""The links between data-centre clusters: best routes, latency, direct or not, the 1 ms circle, the regional mesh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..text import Text
from .common import FROM_WORKSPACE, layer_parameter, missing_layers
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind
from .network.parameters import NETWORK, network_faults

if TYPE_CHECKING:
    from ..engine.context import RunContext

_MESH_LISTED = 200  # rooms up to which missing pairs are listed

JOB = Job(
    name="cluster_links",
    label=Text("集群直连与时延", "Cluster links"),
    help=Text(
        "计算数据中心集群（可加枢纽机房）两两之间的最优路由：长度、单向时延、跳数、是否直达。理论时延按大地线、按沿道路和光缆的最短可行路由两种口径并列，"
        "分别判断倍数，并判断时延圈；列出缺直达链路的集群、骨干机房网状网的缺口和 1 毫秒时延圈。一跳指光信号经过一个机房的设备。"
        "直达指途中不经过其他骨干机房、国际出入口局或其他集群的接入机房。",
        "Finds the best route between every two data-centre clusters, and hub nodes where asked for: length, one-way latency, hops, direct or "
        "not. Theoretical latency is taken both along the geodesic and along the best possible route by roads and cables; the ratio is judged "
        "by both, side by side, and so are the rings. Lists the missing direct links, the gaps in the mesh of backbone rooms, and the "
        "1 ms circle. A hop is the equipment of one room that the signal passes. Direct is a route that passes no other backbone room or "
        "gateway, nor the room of another cluster.",
    ),
    step="analyse",
    parameters=(
        *NETWORK,
        Parameter(
            "by",
            ParameterKind.CHOICE,
            Text("计算单元", "Between"),
            Text(
                "同一集群的多个数据中心合为一个集群，取其中时延最短的一对；或逐个数据中心计算。",
                "Data centres of one cluster are one, and the two that are nearest in time count; or each by itself.",
            ),
            default="cluster",
            choices=(
                Choice("cluster", Text("集群", "Clusters")),
                Choice("data_centre", Text("数据中心", "Data centres")),
            ),
        ),
        Parameter(
            "hub_nodes",
            ParameterKind.FLAG,
            Text("计入枢纽机房", "Hub nodes, too"),
            Text(
                "骨干节点和国际出入口局也参与两两计算；网络图文件的全部节点均视为骨干节点。",
                "Backbone rooms and gateways take part; of a graph file every node is a backbone room.",
            ),
            default=False,
        ),
        Parameter(
            "fibre_us_per_km",
            ParameterKind.REAL,
            Text("光纤时延", "Delay of fibre"),
            Text("留空取规则包的值（未核实）。", "Empty: the value of the rule pack (unverified)."),
            unit="µs/km",
            minimum=3.3,
            maximum=10,
            advanced=True,
        ),
        Parameter(
            "hop_us",
            ParameterKind.REAL,
            Text("每跳时延", "Delay of a hop"),
            Text(
                "光信号每经过一个机房的设备所增加的时延。留空取规则包的值（未核实）。",
                "What the equipment of each room that the signal passes adds. Empty: the value of the rule pack (unverified).",
            ),
            unit="µs",
            minimum=0,
            maximum=10_000,
            advanced=True,
        ),
        Parameter(
            "reach_km",
            ParameterKind.REAL,
            Text("集群接入距离", "Reach of a cluster"),
            Text(
                "集群到接入机房的最大直线距离。留空取规则包的值（未核实）。",
                "Farthest that the room of a cluster may be, straight. Empty: the value of the rule pack (unverified).",
            ),
            unit="km",
            minimum=0,
            maximum=2000,
            advanced=True,
        ),
        *(layer_parameter(name, FROM_WORKSPACE) for name in ("dc_clusters", "roads", "places", "villages")),
    ),
    outputs=(
        Output(
            "cluster_link",
            OutputKind.LAYER,
            Text("集群间路由", "Cluster links"),
            "MultiLineString",
            "cluster_link",
            "state",
            optional=True,
        ),
        Output(
            "missing_link",
            OutputKind.LAYER,
            Text("缺直达链路（连线示意，非路由）", "Missing direct links (straight lines, no routes)"),
            "MultiLineString",
            "missing_link",
            optional=True,
        ),
        Output(
            "mesh_gap",
            OutputKind.LAYER,
            Text("骨干网缺口（连线示意，非路由）", "Gaps in the mesh (straight lines, no routes)"),
            "MultiLineString",
            "mesh_gap",
            optional=True,
        ),
        Output("ms_circle", OutputKind.LAYER, Text("时延圈", "Circle"), "MultiLineString", "ms_circle", optional=True),
        Output("cluster_site", OutputKind.LAYER, Text("集群接入", "Clusters and their rooms"), "Point", "cluster_site"),
        Output("matrix", OutputKind.TABLE, Text("时延矩阵", "Latency matrix")),
        Output(
            "latency_matrix", OutputKind.TABLE, Text("时延矩阵（逐对，双向）", "Latency matrix, row by row, both ways")
        ),
        Output("links", OutputKind.TABLE, Text("集群链路表", "Table of links")),
        Output("mesh", OutputKind.TABLE, Text("骨干网缺口表", "Gaps in the mesh"), optional=True),
        Output("circle_items", OutputKind.TABLE, Text("时延圈内场所", "Inside the circles"), optional=True),
        Output("report", OutputKind.REPORT, Text("集群直连报告", "Report")),
    ),
    summary_keys=("sites", "off_network", "links", "met", "split", "over", "no_route", "cannot_tell", "missing_direct"),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: a network or clusters that come from nowhere."""
    faults = network_faults(parameters)
    if not parameters.get("hub_nodes"):
        faults += missing_layers(parameters, ("dc_clusters",))
    return faults


def run(context: RunContext) -> dict[str, Any]:
    """Read the network and the clusters, find the routes, judge them, write the result."""
    from ..layers import inputs
    from ..layers.store.results import write_layer, write_table
    from .network.latency.circle import circles_of
    from .network.latency.links import link_sites
    from .network.latency.mesh import mesh_of, missing_links
    from .network.latency.report import write_latency_report
    from .network.latency.rules import read_limits
    from .network.latency.sites import read_sites
    from .network.latency.tables import matrix_table, pair_table, site_table, told_links
    from .network.latency.times import Times
    from .network.latency.words import LABELS
    from .network.read import read_trunk

    context.progress(0.02, Text("读取光缆并成网", "Reading the cables and joining them"))
    trunk = read_trunk(context)
    limits, reach_m, circle, cautions = read_limits(context, trunk.drawn)
    sites, said = read_sites(context, trunk, reach_m, context["by"], context["hub_nodes"])
    context.progress(0.4, Text("计算两两路由", "Finding the routes"))
    roads = None
    if trunk.drawn and inputs.layer_present(context, "roads"):
        table = inputs.read_layer(context, "roads", ["road_class"])
        roads = table.geometry[(table.columns["road_class"] != "railway").to_numpy(bool)]
    times = Times(trunk, sites, limits)
    links = link_sites(times, roads)
    missing, missing_shapes = missing_links(links, sites)
    context.progress(0.7, Text("计算网状网和时延圈", "Looking at the mesh and the circle"))
    mesh = mesh_of(times, _MESH_LISTED)
    gaps = mesh.gaps if mesh.gaps is not None else ()
    circles = circles_of(context, times, circle.limit_ms, circle.beside_m) if trunk.drawn else None

    context.progress(0.9, Text("写出结果", "Writing the result"))
    for name, rows, shapes in (
        ("cluster_link", links.table, links.shapes),
        ("missing_link", missing, missing_shapes),
        ("mesh_gap", gaps, mesh.shapes),
        ("ms_circle", circles.table if circles else (), circles.shapes if circles else []),
    ):
        if len(rows):
            path = context.output(name, "result.gpkg")
            write_layer(path, name, rows, shapes, "MultiLineString", aliases=LABELS)
    of_sites = site_table(trunk, sites)
    path = context.output("cluster_site", "result.gpkg")
    write_layer(path, "cluster_site", of_sites, (sites.lon, sites.lat), "Point", aliases=LABELS)
    write_table(context.output("matrix", "matrix.csv"), matrix_table(sites, links))
    write_table(context.output("latency_matrix", "latency_matrix.csv"), pair_table(links), LABELS)
    write_table(context.output("links", "links.csv"), told_links(links.table), LABELS)
    if mesh.gaps is not None:
        write_table(context.output("mesh", "mesh.csv"), mesh.gaps, LABELS)
    if circles is not None:
        write_table(context.output("circle_items", "circle_items.csv"), circles.items, LABELS)
    state = links.table["state"]
    summary = {
        "sites": len(sites.names),
        "off_network": sum(not len(sites.places(site)) for site in range(len(sites.names))),
        "links": len(links.table),
        **{name: int((state == name).sum()) for name in ("met", "split", "over", "no_route", "cannot_tell")},
        "missing_direct": len(missing),
        "mesh_rooms": mesh.rooms,
        "mesh_links": mesh.links,
        "mesh_ratio": None if mesh.ratio is None else round(mesh.ratio, 6),
        "inside_circle": {name: list(counts) for name, counts in circles.totals.items()} if circles else {},
    }
    report = context.output("report", "report.html")
    write_latency_report(
        report,
        times,
        links,
        missing,
        mesh,
        circles,
        circle,
        summary,
        [*said, *trunk.sentences],
        cautions,
        context.rules,
    )
    for caution in (*trunk.cautions, *cautions):
        context.notice(caution)
    return summary
