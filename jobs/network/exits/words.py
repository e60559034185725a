"""The words of access directions. Standard library only."""

from __future__ import annotations

from ....text import Text
from ..words import LABELS as NETWORK_LABELS

STATE_LABELS = {
    "met": Text("达到", "Met"),
    "short": Text("不足", "Short"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}
STATE_MARKS = {"met": ("●", "#0072b2"), "short": ("▲", "#d55e00"), "cannot_tell": ("○", "#7a7a7a")}
ADVICE_LABELS = {
    "new_duct": Text(
        "另辟进局管道：光缆在远圈已分开", "A second duct into the building: farther out the cables are apart"
    ),
    "new_link": Text("新建光缆，见建议的新方向", "A new cable, see the new directions"),
    "none_found": Text("未找到新方向", "No new direction was found"),
}
FOUND_LABELS = {
    "roads": Text("沿道路", "Along roads"),
    "overland": Text("越野（代价格网）", "Over the ground (cost surface)"),
}

LABELS = {
    **NETWORK_LABELS,
    "node_class": Text("节点类别", "Class"),
    "cables": Text("光缆端数", "Cable ends"),
    "targets": Text("目标节点数", "Target nodes"),
    "exits_edge": Text("不共光缆的出口", "Cable-disjoint exits"),
    "exits_node": Text("不共节点的出口（目标各异）", "Node-disjoint exits (to different targets)"),
    "exits_inner": Text("近圈分开的出口", "Apart on the inner circle"),
    "exits_outer": Text("远圈分开的出口", "Apart on the outer circle"),
    "exits_physical": Text("物理分开的出口", "Physically separate exits"),
    "sectors": Text("出口所占方位扇区", "Sectors of azimuth"),
    "exits_planned": Text("规划后物理分开的出口", "Physically separate after plan"),
    "target": Text("应有方向数", "Directions asked for"),
    "state": Text("结论", "State"),
    "azimuths": Text("出局方位角（°）", "Azimuths (°)"),
    "held_by": Text("受限于", "Held back by"),
    "advice": Text("建议", "Advice"),
    "exit": Text("出口序号", "Exit"),
    "azimuth_deg": Text("方位角（°）", "Azimuth (°)"),
    "is_used": Text("计为出口", "Counts"),
    "shared_with": Text("并行光缆", "Cables side by side"),
    "to_node": Text("新光缆去向", "New cable to"),
    "to_name": Text("去向名称", "To (name)"),
    "length_km": Text("长度（km）", "Length (km)"),
    "exits_after": Text("建成后的出口", "Exits once it stands"),
    "beside_km": Text("其中与现有光缆同走廊（km）", "Of it in corridors of cables (km)"),
    "off_roads_km": Text("其中不在道路上（km）", "Of it off the roads (km)"),
    "planned_km": Text("其中与规划光缆同走廊（km）", "Of it in corridors of planned cables (km)"),
    "planned_cables": Text("同走廊的规划光缆", "Planned cables in whose corridors it lies"),
    "red_line_km": Text("位于生态保护红线（km）", "In the ecological red line (km)"),
    "farmland_km": Text("位于永久基本农田（km）", "In permanent basic farmland (km)"),
    "control_km": Text("位于其他控制线（km）", "In other control lines (km)"),
    "found": Text("推求方式", "Found"),
    "cost": Text("造价（万元）", "Cost (10,000 yuan)"),
    "cost_points": Text("代价点（不是造价）", "Cost points (no money)"),
}
