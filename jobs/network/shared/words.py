"""The words of shared trenches. Standard library only."""

from __future__ import annotations

from ....text import Text

KIND_LABELS = {"trench": Text("同沟", "One trench"), "corridor": Text("同走廊", "One corridor")}
LABELS = {
    "cable_a": Text("光缆甲", "Cable A"),
    "name_a": Text("光缆甲名称", "Cable A (name)"),
    "cable_b": Text("光缆乙", "Cable B"),
    "name_b": Text("光缆乙名称", "Cable B (name)"),
    "kind": Text("关系", "Relation"),
    "from_km": Text("起点桩号（km，沿光缆甲）", "From (km, along A)"),
    "to_km": Text("止点桩号（km，沿光缆甲）", "To (km, along A)"),
    "length_km": Text("长度（km）", "Length (km)"),
    "same_rooms": Text("两端机房相同", "Between the same rooms"),
    "trench_km": Text("同沟（km）", "One trench (km)"),
    "corridor_km": Text("同走廊（km）", "One corridor (km)"),
    "trench_percent": Text("同沟占较短者（%）", "One trench, % of the shorter"),
    "corridor_percent": Text("同走廊占较短者（%）", "One corridor, % of the shorter"),
    "at_km": Text("沿光缆甲（km）", "Along A (km)"),
    "apart_m": Text("相距（米）", "Apart (m)"),
}
YES_NO = {1: Text("是", "Yes"), 0: Text("否", "No")}
