"""The words of gateways, border crossings and submarine cables. Standard library only."""

from __future__ import annotations

from ....text import Text

ROLE_LABELS = {
    "gateway": Text("国际出入口局", "International gateway"),
    "landing": Text("海缆登陆站", "Cable landing station"),
}
JOINED, OFF, UNKNOWN = "joined", "off", "cannot_tell"
GATEWAY_STATES = {
    JOINED: Text("已接入光缆网", "On the network"),
    OFF: Text("未接入光缆网", "Off the network"),
    UNKNOWN: Text("无法判定", "Cannot tell"),
}
YES, NO = "yes", "no"
CROSSING_STATES = {
    YES: Text("有光缆", "Has a cable"),
    NO: Text("范围内无光缆", "No cable within reach"),
    UNKNOWN: Text("无法判定", "Cannot tell"),
}
MET, SHORT = "met", "short"
EXIT_STATES = {
    MET: Text("达到", "Met"),
    SHORT: Text("不足", "Short"),
    UNKNOWN: Text("无法判定", "Cannot tell"),
}
FEW, ONE_NODE, ONE_TRENCH, UNPROVEN = "few_cables", "one_node", "one_trench", "not_proven"
REASON_LABELS = {
    FEW: Text("互不共用光缆的路由不足", "Too few ways without a common cable"),
    ONE_NODE: Text("各路由都经过同一局站或接头", "All ways pass one node"),
    ONE_TRENCH: Text("光缆不同但同沟", "Different cables in one trench"),
    UNPROVEN: Text("网络较大，未能算出", "The network is too large to tell"),
}
APPLIES = "applies"
BAND_STATES = {
    APPLIES: Text("适用", "Applies"),
    UNKNOWN: Text("海域类型不明，备选", "One of three, kind of sea unknown"),
}
CONFLICT = "conflict"
CONFLICT_STATES = {
    CONFLICT: Text("冲突", "Conflict"),
    UNKNOWN: Text("取决于海域类型，无法判定", "Depends on the kind of sea: cannot tell"),
}
SEA_LABELS = {
    "open_sea": Text("沿海宽阔海域", "Open coastal sea"),
    "bay": Text("海湾", "Bay"),
    "harbour": Text("海港区", "Harbour"),
    "unknown": Text("海域类型不明", "Kind unknown"),
}
USE_LABELS = {
    "anchorage": Text("锚地", "Anchorage"),
    "fishing": Text("渔业用海", "Fishing"),
    "other_use": Text("其他用海", "Other use of the sea"),
    "cable": Text("另一海缆", "Another cable"),
}
MARKS = {
    **dict.fromkeys((JOINED, YES, MET, APPLIES), ("●", "#0072b2")),
    **dict.fromkeys((OFF, NO, SHORT, CONFLICT), ("▲", "#d55e00")),
    UNKNOWN: ("○", "#7a7a7a"),
}

LABELS = {
    "node_id": Text("节点编号", "Node id"),
    "name": Text("名称", "Name"),
    "operator": Text("权属单位", "Operators"),
    "role": Text("类别", "Role"),
    "region": Text("区域", "Region"),
    "region_name": Text("区域名称", "Region (name)"),
    "province": Text("省级代码", "Province code"),
    "capacity_gbps": Text("容量（Gbps）", "Capacity (Gbps)"),
    "served_nodes": Text("服务节点数", "Nodes served"),
    "served_clusters": Text("服务数据中心数", "Data centres served"),
    "served_mw": Text("服务数据中心功率（MW）", "Data centres served (MW)"),
    "served_people": Text("服务人口", "People served"),
    "mean_km": Text("平均光缆距离（km）", "Mean distance by cable (km)"),
    "farthest_km": Text("最远光缆距离（km）", "Farthest by cable (km)"),
    "state": Text("判定", "State"),
    "gateways": Text("出入口局数", "Gateways"),
    "landings": Text("登陆站数", "Landing stations"),
    "gateway_share_percent": Text("出入口局占比（%）", "Share of gateways (%)"),
    "without_capacity": Text("容量不明的出入口局", "Gateways of unknown capacity"),
    "capacity_share_percent": Text("容量占比（%）", "Share of capacity (%)"),
    "population": Text("人口", "Population"),
    "gbps_per_million": Text("每百万人容量（Gbps）", "Capacity per million people (Gbps)"),
    "kind": Text("类别", "Kind"),
    "served_id": Text("编号", "Id"),
    "gateway_id": Text("出入口局编号", "Gateway id"),
    "gateway_name": Text("最近出入口局", "Nearest gateway"),
    "km": Text("光缆距离（km）", "Distance by cable (km)"),
    "neighbour": Text("邻国", "Neighbour"),
    "cables": Text("光缆", "Cables"),
    "cable_count": Text("光缆条数", "Cables (number)"),
    "nearest_m": Text("最近光缆距离（米）", "Nearest cable (m)"),
    "crossings": Text("口岸数", "Crossings"),
    "with_cable": Text("有光缆的口岸", "Crossings with a cable"),
    "by_edge": Text("互不共用光缆的出境路由", "Ways out without a common cable"),
    "by_node": Text("互不共用节点的出境路由", "Ways out without a common node"),
    "by_ground": Text(
        "互不共用节点且不同沟的出境路由（至多计到目标）", "Ways out apart on the ground, up to the target"
    ),
    "reason": Text("原因", "Reason"),
    "held_by": Text("受限于", "Held back by"),
    "target": Text("目标", "Target"),
    "cable_id": Text("光缆编号", "Cable id"),
    "sea_kind": Text("海域类型", "Kind of sea"),
    "width_m": Text("每侧宽度（米）", "Width on each side (m)"),
    "length_km": Text("长度（km）", "Length (km)"),
    "area_km2": Text("面积（km²）", "Area (km²)"),
    "use": Text("用海类别", "Use of the sea"),
    "with_id": Text("对象编号", "With (id)"),
    "with_name": Text("对象", "With"),
    "cable_a": Text("海缆甲", "Cable A"),
    "cable_b": Text("海缆乙", "Cable B"),
    "landing_a": Text("甲登陆点", "Landing of A"),
    "landing_b": Text("乙登陆点", "Landing of B"),
    "apart_m": Text("相距（米）", "Apart (m)"),
}
