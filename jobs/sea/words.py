"""The words of the coverage of the sea. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...layers.specs.sea_areas import KINDS
from ...text import Text
from ..frontier.words import REASON_LABELS

STATE_LABELS = {
    "met": Text("已覆盖", "Covered"),
    "not_met": Text("未覆盖", "Not covered"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}
ZONE_LABELS = {code.value: code.label for code in KINDS}
EVIDENCE_LABELS = {
    "simulated": Text("海面仿真", "Simulated over the sea"),
    "distance": Text("距离推断", "Distance"),
}
YES_NO = {1: Text("是", "Yes"), 0: Text("否（推算，非法定）", "No (derived, not legal)")}
LABELS = {
    "zone": Text("海域", "Kind of sea"),
    "state": Text("状态", "State"),
    "reason": Text("原因", "Reason"),
    "service": Text("网络制式", "Technology"),
    "area_km2": Text("面积（平方公里）", "Area (km²)"),
    "covered_km2": Text("已覆盖（平方公里）", "Covered (km²)"),
    "gap_km2": Text("未覆盖（平方公里）", "Not covered (km²)"),
    "cannot_tell_km2": Text("无法判定（平方公里）", "Cannot tell (km²)"),
    "covered_percent": Text("占可判定面积（%）", "Covered of what can be told (%)"),
    "covered_low_percent": Text("占全部面积，至少（%）", "Covered of all, at least (%)"),
    "covered_high_percent": Text("占全部面积，至多（%）", "Covered of all, at most (%)"),
    "evidence": Text("判定依据", "Evidence"),
    "legal": Text("法定界线", "Legal limits"),
    "rule_id": Text("规则", "Rule"),
    "gap": Text("序号", "Number"),
    "nearest_station_id": Text("最近现有基站", "Nearest existing station"),
    "nearest_station_m": Text("最近处距基站（米）", "Nearest place to station (m)"),
    "furthest_station_m": Text("最远处距基站（米）", "Farthest place to station (m)"),
}
WORDS: dict[str, Mapping[Any, Text]] = {
    "zone": ZONE_LABELS,
    "state": STATE_LABELS,
    "reason": REASON_LABELS,
    "evidence": EVIDENCE_LABELS,
    "legal": YES_NO,
}
