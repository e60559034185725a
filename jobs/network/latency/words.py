"""The words of links between clusters. Standard library only."""

from __future__ import annotations

from ....text import Text
from ..words import LABELS as NETWORK_LABELS

STATE_LABELS = {
    "met": Text("两种口径均达到", "Met by both readings"),
    "split": Text("两种口径结论不同", "The readings differ"),
    "over": Text("两种口径均超出", "Over by both readings"),
    "no_route": Text("网络不连通", "No route"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}
STATE_MARKS = {
    "met": ("●", "#0072b2"),
    "split": ("◆", "#cc79a7"),
    "over": ("▲", "#d55e00"),
    "no_route": ("✕", "#d55e00"),
    "cannot_tell": ("○", "#7a7a7a"),
}
READING_LABELS = {
    "met": Text("达到", "Met"),
    "over": Text("超出", "Over"),
    "no_route": Text("网络不连通", "No route"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}
RING_LABELS = {
    "city": Text("城市圈内", "City ring"),
    "region": Text("区域圈内", "Region ring"),
    "hubs": Text("跨枢纽圈内", "Hubs ring"),
    "beyond": Text("各圈之外", "Beyond all rings"),
    "no_route": Text("网络不连通", "No route"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}
MS_LABELS = {
    "route": Text("按路由", "Of the route"),
    "at_least": Text("按直线，经最近节点", "Straight lines, by the nearest nodes"),
    "open": Text("有长度未知的链路可能更短", "A link of unknown length may be shorter"),
    "no_route": Text("网络不连通", "No route"),
    "off_network": Text("集群未接入网络", "A cluster is off the network"),
}
BASIS_LABELS = {
    "roads_and_cables": Text("道路和光缆", "Roads and cables"),
    "cables": Text("只有光缆，缺道路", "Cables alone, no roads"),
    "straight": Text("节点间直线", "Straight lines between nodes"),
}
DIRECT_LABELS = {
    1: Text("直达", "Direct"),
    0: Text("非直达", "Not direct"),
    None: Text("无法判定", "Cannot tell"),
}
KIND_LABELS = {
    "cluster": Text("集群", "Cluster"),
    "node": Text("枢纽机房", "Hub node"),
}
INSIDE_LABELS = {
    "places": Text("重点场所", "Places"),
    "villages": Text("行政村", "Villages"),
    "dc_clusters": Text("其他集群的数据中心", "Data centres of other clusters"),
}

LABELS = {
    **NETWORK_LABELS,
    "link_id": Text("链路编号", "Link"),
    "from_site": Text("一端", "From"),
    "to_site": Text("另一端", "To"),
    "from_place": Text("一端数据中心", "From (data centre)"),
    "to_place": Text("另一端数据中心", "To (data centre)"),
    "from_room": Text("一端接入机房", "From (room)"),
    "to_room": Text("另一端接入机房", "To (room)"),
    "ms": Text("单向时延（ms）", "One-way (ms)"),
    "ms_least": Text("时延下限（ms）", "Least (ms)"),
    "ms_kind": Text("时延依据", "Latency is"),
    "km": Text("路由长度（km，含接入段）", "Route (km, with access)"),
    "access_km": Text("其中接入段（km）", "Access (km)"),
    "hops": Text("跳数", "Hops"),
    "via": Text("途经机房", "Rooms passed"),
    "direct": Text("是否直达", "Direct"),
    "direct_ms": Text("直达路由时延（ms）", "Direct route (ms)"),
    "geodesic_km": Text("大地线（km）", "Geodesic (km)"),
    "geodesic_ms": Text("理论时延：大地线（ms）", "Theoretical, geodesic (ms)"),
    "stretch_geodesic": Text("与大地线理论时延之比", "Ratio to the geodesic"),
    "state_geodesic": Text("按大地线", "By the geodesic"),
    "best_km": Text("最短可行路由（km）", "Best possible route (km)"),
    "best_ms": Text("理论时延：最短可行路由（ms）", "Theoretical, best possible route (ms)"),
    "best_basis": Text("可行路由依据", "Best route is along"),
    "stretch_best": Text("与可行路由理论时延之比", "Ratio to the best route"),
    "state_best": Text("按最短可行路由", "By the best route"),
    "state": Text("结论", "State"),
    "ring": Text("时延圈", "Ring"),
    "ring_asked": Text("应在时延圈", "Ring asked for"),
    "ring_state": Text("时延圈结论", "Ring state"),
    "site": Text("集群", "Cluster"),
    "site_kind": Text("类别", "Kind"),
    "place": Text("数据中心", "Data centre"),
    "hub": Text("枢纽节点", "Hub"),
    "room": Text("接入机房", "Room"),
    "room_km": Text("最近机房（km，直线）", "Nearest room (km, straight)"),
    "joined": Text("是否接入", "Joined"),
    "limit_ms": Text("时延圈（ms）", "Circle (ms)"),
    "cable_km": Text("圈内光缆（km）", "Cables inside (km)"),
    "layer": Text("类别", "Layer"),
    "item_id": Text("编号", "Id"),
    "items_places": Text("圈内重点场所", "Places inside"),
    "items_villages": Text("圈内行政村", "Villages inside"),
    "items_dc": Text("圈内其他集群的数据中心", "Data centres of others inside"),
    "sites": Text("所在时延圈", "Inside the circle of"),
}
