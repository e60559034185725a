"""The words of the columns and codes of a village reach result."""

from __future__ import annotations

from typing import Any

from ...layers.codes import OPERATORS
from ...layers.html_report import Cell
from ...layers.specs import SPECS
from ...text import Text, same
from ..shared.rules import CAUTION_LABELS, plain

REASON_LABELS = {
    "no_place": Text("该村没有任何带坐标的点", "No point of the village has coordinates"),
    "no_data": Text("没有任何运营商的数据覆盖该区域", "No operator's data extend to it"),
    "point_without_place": Text("有关键点缺坐标", "A key point lacks coordinates"),
    "no_terrain": Text("高程数据未覆盖或有空洞", "The elevation data end before it or have voids there"),
    "station_not_simulated": Text("附近有不能仿真的基站", "A station near it cannot be simulated"),
}
VERDICT_LABELS = {
    "reached": Text("通达", "Reached"),
    "not_reached": Text("未通达", "Not reached"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
}
EVIDENCE_LABELS = {
    "measured": Text("实测", "Measured"),
    "simulated": Text("地形仿真", "Simulated"),
    "distance": Text("距离推断", "Distance"),
    "measured+simulated": Text("实测与仿真", "Measured and simulated"),
    "measured+distance": Text("实测与距离推断", "Measured and distance"),
    "simulated+distance": Text("仿真与距离推断", "Simulated and distance"),
    "measured+simulated+distance": Text("实测、仿真与距离推断", "Measured, simulated and distance"),
    "none": Text("无依据", "None"),
}
_VILLAGE, _POINT = SPECS["villages"], SPECS["key_points"]
RESULT_LABELS = {
    **CAUTION_LABELS,
    **{f.name: f.label for f in (*_VILLAGE.own_fields, *_POINT.own_fields)},
    "county_code": Text("县代码", "County code"),
    "verdict": Text("判定结论", "Verdict"),
    "verdict_after_plan": Text("规划后结论", "After plan"),
    "borderline": Text("临界", "Borderline"),
    "evidence": Text("判定依据", "Evidence"),
    "evidence_date": Text("依据日期", "Evidence date"),
    "operator": Text("运营商", "Operator"),
    "operators_with_data": Text("有数据的运营商", "Operators with data"),
    "station_id": Text("基站编号", "Station"),
    "nearest_station_id": Text("最佳基站编号", "Best station"),
    "distance_m": Text("距离（米）", "Distance (m)"),
    "margin_m": Text("余量（米）", "Margin (m)"),
    "level_dbm": Text("实测电平（dBm）", "Measured level (dBm)"),
    "simulated_dbm": Text("仿真电平（dBm）", "Simulated level (dBm)"),
    "margin_db": Text("电平余量（dB）", "Margin (dB)"),
    "obstruction_m": Text("障碍距关键点（米）", "Obstacle from the point (m)"),
    "obstruction_height_m": Text("障碍处高程（米）", "Ground at the obstacle (m)"),
    "obstruction_above_m": Text("高出视线（米）", "Above the line of sight (m)"),
    "verdict_by_distance": Text("按距离的结论", "By distance alone"),
    "evidence_after_plan": Text("规划后依据", "Evidence after plan"),
    "profile_picture": Text("剖面图", "Path profile"),
    "depends_on_range": Text("取决于最大距离", "Hangs on the range"),
    **{
        f"dbm_{code.value.lower()}": Text(f"{code.label.zh}仿真电平（dBm）", f"{code.label.en}, simulated (dBm)")
        for code in OPERATORS
    },
    "deciding_point": Text("决定性关键点", "Deciding point"),
    "deciding_kind": Text("关键点类型", "Kind of that point"),
    "points_judged": Text("判定关键点数", "Points judged"),
    "points_without_place": Text("缺坐标关键点数", "Points without coordinates"),
    "basis": Text("判定点", "Judged at"),
    "reason": Text("无法判定原因", "Why not told"),
    "rule_id": Text("规则", "Rule"),
    "covered_by": Text("覆盖的运营商", "Covered by"),
    "villages": Text("行政村数", "Villages"),
    "reached": Text("通达", "Reached"),
    "not_reached": Text("未通达", "Not reached"),
    "cannot_tell": Text("无法判定", "Cannot tell"),
    "reached_after_plan": Text("规划后通达", "Reached after plan"),
    "rate_percent": Text("通达率（%）", "Rate (%)"),
    "rate_low_percent": Text("通达率下限（%）", "Rate, at least (%)"),
    "rate_high_percent": Text("通达率上限（%）", "Rate, at most (%)"),
    "meets_target": Text("达到目标", "Meets target"),
}


def shown(key: str, value: Any) -> Cell:
    """Give a value as a planner reads it."""
    if key == "evidence":
        return EVIDENCE_LABELS.get(value, same(str(value)))
    if key == "verdict_by_distance":
        return VERDICT_LABELS.get(value, same(str(value)))
    if key == "operator":
        return next((code.label for code in OPERATORS if code.value == value), plain(value))
    if key == "operators_with_data":
        return operator_words(str(value))
    return plain(value)


def operator_words(codes: str) -> Text:
    """Name the operators of codes joined by ";"."""
    known = {code.value: code.label for code in OPERATORS}
    labels = [known.get(code, same(code)) for code in codes.split(";") if code]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
