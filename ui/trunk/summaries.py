"""One line that says what a run on the trunk network found, and the words of its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...text import NOTHING, Text, same

_ROUTES = Text("{a} – {b}：{routes} 条路由，最短 {km}", "{a} – {b}: {routes} routes, the shortest {km}")
_ONE_ROUTE = Text("{a} – {b}：只有 1 条路由，{km}", "{a} – {b}: one route alone, {km}")
_NO_ROUTE = Text(
    "两个节点之间没有光缆相通；如与实际不符，请用“干线网络拓扑”核对接头",
    "No cable leads from one node to the other; if that is not so, look for open joints with Trunk topology",
)
_UNKNOWN = Text("长度无法判定", "its length cannot be told")
_DISJOINT = Text("，互不共用光缆", ", without a common cable")
_SHARING = Text("，前两条共用光缆 {n} km", ", the first two share {n} km of cable")
_SOME_SHARED = Text("，部分路由共用光缆", ", some share cable")
_TRENCH = Text("；前两条不同的光缆同沟 {n} km", "; other cables of the first two lie in one trench for {n} km")
_STOP = Text("。", ".")
# Keys that a summary must have, the line, and a figure that is added where it is not 0.
_LINES: tuple[tuple[tuple[str, ...], Text, str, Text], ...] = (
    (
        ("nodes", "edges", "components", "bridges", "articulation_points", "length_km"),
        Text(
            "{nodes} 个顶点、{edges} 段光缆，{length_km} km，分 {components} 片：唯一通路 {bridges} 段，单点隐患 {articulation_points} 处{rest}",
            "{nodes} vertices, {edges} edges, {length_km} km, components: {components}; bridges: {bridges}, articulation points: "
            "{articulation_points}{rest}",
        ),
        "issues_to_check",
        Text("；需核对 {n} 处", "; to check: {n}"),
    ),
    (
        ("nodes", "met", "short", "cannot_tell", "target"),
        Text(
            "{nodes} 个节点应有 {target} 个出局方向：达到 {met}，不足 {short}，无法判定 {cannot_tell}{rest}",
            "{nodes} nodes to leave in {target} directions: met {met}, short {short}, cannot tell {cannot_tell}{rest}",
        ),
        "new_links",
        Text("；建议新光缆 {n} 条", "; new cables proposed: {n}"),
    ),
    (
        ("pairs", "pairs_same_rooms", "trench_km", "corridor_km"),
        Text(
            "并行光缆 {pairs} 对：同沟 {trench_km} km，同走廊 {corridor_km} km{rest}",
            "Pairs of cables side by side: {pairs}, {trench_km} km in one trench, {corridor_km} km in one corridor{rest}",
        ),
        "pairs_same_rooms",
        Text("；其中两端机房相同（主备）{n} 对", "; between the same rooms (main and standby): {n}"),
    ),
    (
        ("edges", "edges_cutting", "nodes", "nodes_cutting", "conduits", "conduits_cutting"),
        Text(
            "逐一失效：光缆段 {edges} 段中 {edges_cutting} 段、节点 {nodes} 个中 {nodes_cutting} 个、同沟路段 {conduits} 处中 {conduits_cutting} "
            "处会造成中断{rest}",
            "Failing one by one, {edges_cutting} of {edges} sections, {nodes_cutting} of {nodes} nodes and {conduits_cutting} of {conduits} "
            "conduits cut something off{rest}",
        ),
        "off_before",
        Text("；原已不通的节点 {n} 个", "; nodes off the network before: {n}"),
    ),
    (
        ("sites", "links", "met", "split", "over", "no_route", "cannot_tell", "missing_direct"),
        Text(
            "{sites} 个集群、{links} 对：两种口径均达到 {met}，口径不一 {split}，均超出 {over}，不连通 {no_route}，无法判定 {cannot_tell}；缺直达 "
            "{missing_direct} 对{rest}",
            "Clusters: {sites}, pairs: {links}; met by both readings {met}, readings differ {split}, over by both {over}, no route {no_route}, "
            "cannot tell {cannot_tell}; missing direct links: {missing_direct}{rest}",
        ),
        "off_network",
        Text("；未接入网络 {n} 个", "; off the network: {n}"),
    ),
    (
        ("hazards", "cables", "length_km", "sites", "people"),
        Text(
            "{hazards} 类灾害：{cables} 条光缆共 {length_km} km、设施 {sites} 处次、人口 {people} 在灾害区内{rest}",
            "Hazards: {hazards}; in their areas: {cables} cables, {length_km} km; sites: {sites}; people: {people}{rest}",
        ),
        "missing",
        Text("；缺防护措施 {n} 处", "; without measures: {n}"),
    ),
    (
        ("joint_build", "use_existing", "side_by_side", "saved_km"),
        Text(
            "可同沟共建 {joint_build} 对，可利用已有管道 {use_existing} 对，已建并行 {side_by_side} 对{rest}",
            "Pairs that could be one trench: {joint_build}, that could use ducts: {use_existing}, side by side: {side_by_side}{rest}",
        ),
        "saved_km",
        Text("；可省沟 {n} km", "; digging saved: {n} km"),
    ),
    (
        ("gateways", "landings", "without_region"),
        Text(
            "国际出入口局 {gateways} 个，海缆登陆站 {landings} 个，区域不明 {without_region} 个{rest}",
            "International gateways: {gateways}, landing stations: {landings}, region unknown: {without_region}{rest}",
        ),
        "conflicts",
        Text("；海缆保护区冲突 {n} 处", "; conflicts in bands of submarine cables: {n}"),
    ),
)
FIGURES = {
    "routes": Text("路由条数", "Routes"),
    "routes_wanted": Text("要求的条数", "Routes wanted"),
    "disjoint": Text("互不共用光缆", "Without a common cable"),
    "first_km": Text("第一路由（km）", "First route (km)"),
    "second_km": Text("第二路由（km）", "Second route (km)"),
    "shared_km": Text("前两条共用光缆（km）", "Shared by the first two (km)"),
    "by_route": Text("各路由", "By route"),
    "phase": Text("建设阶段", "Phase"),
    "nodes": Text("节点数", "Nodes"),
    "edges": Text("网络段数", "Edges"),
    "components": Text("连通分片数", "Components"),
    "bridges": Text("唯一通路数", "Bridges"),
    "articulation_points": Text("单点隐患数", "Articulation points"),
    "nodes_alone": Text("没有光缆接入的节点", "Nodes that no cable reaches"),
    "issues_to_check": Text("需核对的问题", "Issues to check"),
    "issues_by_kind": Text("问题统计", "Issues by kind"),
    "target": Text("应有方向数", "Directions asked for"),
    "new_links": Text("建议的新光缆数", "New cables proposed"),
    "edges_cutting": Text("会造成中断的光缆段", "Sections that cut something off"),
    "nodes_cutting": Text("会造成中断的节点", "Nodes that cut something off"),
    "conduits": Text("同沟路段数", "Conduits"),
    "conduits_cutting": Text("会造成中断的同沟路段", "Conduits that cut something off"),
    "off_before": Text("原已不通的节点", "Nodes off the network before"),
    "sites": Text("集群或设施数", "Sites"),
    "off_network": Text("未接入网络的集群", "Clusters off the network"),
    "links": Text("集群对数", "Pairs of clusters"),
    "split": Text("两种口径结论不同", "The readings differ"),
    "over": Text("两种口径均超出", "Over by both readings"),
    "no_route": Text("网络不连通", "No route"),
    "missing_direct": Text("缺直达链路", "Missing direct links"),
    "mesh_rooms": Text("骨干机房数", "Backbone rooms"),
    "mesh_links": Text("骨干机房间直达链路", "Direct links between them"),
    "mesh_ratio": Text("网状网完整率", "Mesh ratio"),
    "inside_circle": Text("时延圈内", "Inside the circle"),
    "hazards": Text("灾害图层数", "Hazard layers"),
    "cables": Text("光缆数", "Cables"),
    "people": Text("人口", "People"),
    "missing": Text("缺防护措施", "Without measures"),
    "pairs": Text("并行光缆对数", "Pairs of cables"),
    "pairs_same_rooms": Text("两端机房相同的对数", "Pairs between the same rooms"),
    "trench_km": Text("同沟（km）", "In one trench (km)"),
    "corridor_km": Text("同走廊（km）", "In one corridor (km)"),
    "shared_places": Text("共用地点", "Shared places"),
    "shared_places_same_rooms": Text("主备共用地点", "Places that main and standby share"),
    "gateways": Text("国际出入口局", "International gateways"),
    "landings": Text("海缆登陆站", "Landing stations"),
    "without_region": Text("区域不明", "Region unknown"),
    "crossings": Text("口岸数", "Border crossings"),
    "crossings_with_cable": Text("有光缆的口岸", "Crossings with a cable"),
    "neighbours_short": Text("出境路由不足的邻国", "Neighbours with too few ways out"),
    "submarine_cables": Text("海缆数", "Submarine cables"),
    "conflicts": Text("海缆保护区冲突", "Conflicts in bands"),
    "conflicts_cannot_tell": Text("取决于海域类型的冲突", "Conflicts that depend on the kind of sea"),
    "landing_pairs": Text("登陆点过近的海缆对数", "Pairs that land too near each other"),
    "joint_build": Text("可同沟共建的对数", "Pairs that could be one trench"),
    "use_existing": Text("可利用已有管道的对数", "Pairs that could use ducts"),
    "side_by_side": Text("已建并行的对数", "Pairs side by side"),
    "saved_km": Text("可省沟长（km）", "Digging saved (km)"),
}


def trunk_line(summary: dict[str, Any], number: Callable[[Any], Any]) -> Text:
    """Give the line for a summary; empty for one of another kind of run.

    Parameters
    ----------
    number : callable
        Writes a figure as a planner reads it.
    """
    if {"routes", "routes_wanted", "by_route"} <= summary.keys():
        return _routes_line(summary, number)
    for keys, line, key, more in _LINES:
        if all(summary.get(name) is not None for name in keys):
            rest = summary.get(key)
            told = more.filled(n=number(rest)) if rest else NOTHING
            return line.filled(rest=told, **{name: number(summary[name]) for name in keys})
    return NOTHING


def _routes_line(summary: dict[str, Any], number: Callable[[Any], Any]) -> Text:
    """Say how many routes there are, what they share, and whether one trench makes it worthless."""
    routes = summary["by_route"]
    if not routes:
        return _joined([_NO_ROUTE, _STOP])
    km = summary.get("first_km")
    length = _UNKNOWN if km is None else same(f"{number(km)} km")
    ends = {"a": routes[0]["from_name"], "b": routes[0]["to_name"]}
    if len(routes) == 1:
        return _joined([_ONE_ROUTE.filled(km=length, **ends), _STOP])
    parts = [_ROUTES.filled(routes=len(routes), km=length, **ends)]
    shared, trench = summary.get("shared_km"), summary.get("trench_km")
    if summary.get("disjoint"):
        parts.append(_DISJOINT)
    else:
        parts.append(_SHARING.filled(n=number(shared)) if shared else _SOME_SHARED)
    if trench:
        parts.append(_TRENCH.filled(n=number(trench)))
    return _joined([*parts, _STOP])


def _joined(parts: list[Text]) -> Text:
    return Text("".join(part.zh for part in parts), "".join(part.en for part in parts))
