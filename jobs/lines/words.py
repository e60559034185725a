"""The words of results on roads and railways. Standard library only."""

from __future__ import annotations

from ...layers.specs import SPECS
from ...layers.specs.roads import CLASSES, STRUCTURES
from ...text import Text
from ..frontier.words import LABELS as FRONTIER_LABELS
from ..frontier.words import REASON_LABELS as FRONTIER_REASONS

CLASS_LABELS = {code.value: code.label for code in CLASSES}
STRUCTURE_LABELS = {code.value: code.label for code in STRUCTURES}
STATE_LABELS = {
    "met": Text("已覆盖", "Covered"),
    "not_met": Text("未覆盖", "Not covered"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}
REASON_LABELS = {
    **FRONTIER_REASONS,
    "planned": Text("规划或在建基站建成后覆盖", "Covered once a planned station stands"),
}
UNTOLD = {
    "no_data": Text("没有运营商数据", "operators' data"),
    "no_terrain": Text("路段或其到基站途中缺高程数据", "elevation data there or on the way to a station"),
    "station_not_simulated": Text("附近有不能仿真的基站", "a way to simulate a station near it"),
}
STATUS_LABELS = {
    "met": Text("已达标", "Met"),
    "short": Text("未达标", "Short"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
    "none_listed": Text("仅有隧道", "Tunnels alone"),
}
TOTAL = Text("合计", "Total")
LABELS = {
    **FRONTIER_LABELS,
    **{field.name: field.label for field in SPECS["roads"].own_fields},
    "level": Text("统计层次", "Level"),
    "route": Text("路线编号", "Route number"),
    "county_codes": Text("所经县代码", "Counties"),
    "service": Text("网络制式", "Technology"),
    "state": Text("状态", "State"),
    "state_after_plan": Text("规划后状态", "After plan"),
    "length_km": Text("长度（km）", "Length (km)"),
    "covered_km": Text("已覆盖（km）", "Covered (km)"),
    "not_covered_km": Text("未覆盖（km）", "Not covered (km)"),
    "cannot_tell_km": Text("无法判定（km）", "Cannot tell (km)"),
    "covered_percent": Text("占已判定里程（%）", "% of judged"),
    "covered_low_percent": Text("下限（%）", "At least (%)"),
    "covered_high_percent": Text("上限（%）", "At most (%)"),
    "after_plan_km": Text("规划后覆盖（km）", "After plan (km)"),
    "after_plan_percent": Text("规划后（%）", "After plan (%)"),
    "tunnel_km": Text("隧道（km，另计）", "Tunnels (km, apart)"),
    "planned_km": Text("其中规划后覆盖（km）", "Of it covered after plan (km)"),
    "status": Text("结论", "Status"),
    "county_name": Text("县名称", "County"),
    "road": Text("道路", "Road"),
}
