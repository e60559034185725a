"""The words of the trunk network: issues, kinds of nodes, columns. Standard library only."""

from __future__ import annotations

from ...text import Text

ISSUE_LABELS = {
    "near_miss": Text("疑似未接", "Near miss"),
    "chain": Text("链式相邻未全并", "Chain not joined whole"),
    "dangle": Text("悬空端点", "Dangling end"),
    "room_off_network": Text("节点未接入", "Node off the network"),
    "room_without_place": Text("节点无坐标", "Node without coordinates"),
    "rooms_close": Text("节点相邻过近", "Nodes too close"),
    "duplicate": Text("重复绘制", "Drawn twice"),
    "no_length": Text("没有图形", "Without geometry"),
    "snapped": Text("按容差相接", "Joined by tolerance"),
    "branch": Text("分支相接", "Branch"),
    "room_on_cable": Text("光缆经过节点", "Cable passes a node"),
    "crossing": Text("交叉未接", "Crossing without a joint"),
}
ISSUE_REMEDIES = {
    "near_miss": Text(
        "核对是否应相接；应接的修改图形或加大容差。", "Check whether they meet; mend the line or widen the tolerance."
    ),
    "chain": Text(
        "几个端点一个挨一个，首尾相距超过容差，未并为一个接头；核对哪些应相接，修改图形。",
        "Ends lie one by the next, the first farther from the last than the tolerance, and are not one joint; check which meet and mend "
        "the lines.",
    ),
    "dangle": Text("核对端点是否接到节点或另一条光缆。", "Check whether the end reaches a node or another cable."),
    "room_off_network": Text("核对节点位置，或补绘其光缆。", "Check the node's place, or draw its cables."),
    "room_without_place": Text("补充节点坐标。", "Add the coordinates of the node."),
    "rooms_close": Text("核对是否同一机房；两个节点不合并。", "Check whether they are one room; they are not merged."),
    "duplicate": Text("核对是否同一条光缆；两条都已计入。", "Check whether it is one cable; both count."),
    "no_length": Text("补绘光缆路由；该条未计入网络。", "Draw the route; the cable is not in the network."),
    "snapped": Text("按容差视为相接，请抽查。", "Taken as joined; have a look at some."),
    "branch": Text(
        "端点落在另一条光缆上，视为接头，请抽查。",
        "An end lies on another cable and is taken as a joint; have a look at some.",
    ),
    "room_on_cable": Text("视为接入该节点，请抽查。", "Taken as entering the node; have a look at some."),
    "crossing": Text(
        "按没有接头处理；确有接头的，请在交叉处断开光缆。",
        "Taken as without a joint; where there is one, cut the cables there.",
    ),
}
LEVEL_LABELS = {"to_mend": Text("需核对", "To check"), "decided": Text("已处理", "Decided")}
KIND_LABELS = {
    "room": Text("节点", "Node"),
    "joint": Text("接头", "Joint"),
    "loose": Text("悬空端点", "Loose end"),
}
LENGTH_LABELS = {
    "drawn": Text("按路由", "Of the route"),
    "straight": Text("直线下限", "Straight line, the least"),
    "unknown": Text("无法判定", "Cannot tell"),
}

LABELS = {
    "edge_id": Text("网络段编号", "Edge"),
    "cable_id": Text("光缆编号", "Cable id"),
    "cable_name": Text("光缆名称", "Cable"),
    "operator": Text("权属单位", "Operator"),
    "level": Text("网络级别", "Level"),
    "laying": Text("敷设方式", "Laying"),
    "status": Text("建设状态", "Status"),
    "year": Text("建成年份", "Year"),
    "from_vertex": Text("起点", "From"),
    "to_vertex": Text("止点", "To"),
    "from_name": Text("起点名称", "From (name)"),
    "to_name": Text("止点名称", "To (name)"),
    "length_km": Text("长度（km）", "Length (km)"),
    "fibre_km": Text("光纤长度（km，含余长）", "Fibre (km, with slack)"),
    "length_kind": Text("长度依据", "Length is"),
    "is_bridge": Text("唯一通路", "Bridge"),
    "component": Text("连通分片", "Component"),
    "vertex_id": Text("节点或接头编号", "Vertex"),
    "node_id": Text("节点编号", "Node id"),
    "name": Text("名称", "Name"),
    "kind": Text("类别", "Kind"),
    "degree": Text("光缆端数", "Degree"),
    "is_articulation": Text("单点隐患", "Articulation point"),
    "issue": Text("问题", "Issue"),
    "issue_level": Text("是否需核对", "To check"),
    "other_cable_id": Text("相关光缆", "Other cable"),
    "gap_m": Text("相距（米）", "Apart (m)"),
    "remedy": Text("建议", "What to do"),
    "lon": Text("经度（CGCS2000）", "Longitude (CGCS2000)"),
    "lat": Text("纬度（CGCS2000）", "Latitude (CGCS2000)"),
}
