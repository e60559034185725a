"""The words of a comparison of two scoreboards. Standard library only."""

from __future__ import annotations

from ...text import Text
from ..frontier.words import LABELS as SCORE_LABELS

CHANGE_LABELS = {
    "newly_met": Text("新达到", "Newly met"),
    "newly_lost": Text("由达到变为未达到", "Newly lost"),
    "newly_judged": Text("由无法判定变为可判定", "Newly judged"),
    "no_longer_judged": Text("由可判定变为无法判定", "No longer judged"),
    "came_in": Text("新计入", "Came in"),
    "left": Text("不再计入", "Left"),
    "unchanged": Text("未变", "Unchanged"),
}
WHY_LABELS = {
    "scope": Text("计入范围变化", "The scope changed"),
    "listed": Text("名录变化", "The list changed"),
}
DOUBT_LABELS = {
    "rule": Text("规则或参数不同，未必是实地变化", "Rules or parameters differ: perhaps no change on the ground"),
    "evidence": Text("判定依据不同，未必是实地变化", "The evidence differs: perhaps no change on the ground"),
}
SAME_BASIS = Text("口径相同", "Same basis")

LEDGER_LABELS = {
    "in_scope_before": Text("前期应计数", "In scope before"),
    "met_before": Text("前期达到", "Met before"),
    "newly_met": Text("＋新达到", "+ newly met"),
    "judged_met": Text("＋新判定为达到", "+ newly judged as met"),
    "in_met": Text("＋新计入（达到）", "+ came in as met"),
    "newly_lost": Text("－变为未达到", "− newly lost"),
    "unjudged_met": Text("－变为无法判定", "− no longer judged"),
    "out_met": Text("－不再计入（原达到）", "− left (was met)"),
    "met_after": Text("后期达到", "Met after"),
    "met_difference": Text("达到增减", "Difference"),
    "in_scope_after": Text("后期应计数", "In scope after"),
    "came_in": Text("新计入", "Came in"),
    "left": Text("不再计入", "Left"),
    "moved_in": Text("其中由他县划入", "of these from another county"),
    "moved_out": Text("其中划往他县", "of these to another county"),
    "not_met_before": Text("前期未达到", "Not met before"),
    "not_met_after": Text("后期未达到", "Not met after"),
    "cannot_tell_before": Text("前期无法判定", "Cannot tell before"),
    "cannot_tell_after": Text("后期无法判定", "Cannot tell after"),
    "ratio_before": Text("前期占比（%）", "% of judged before"),
    "ratio_after": Text("后期占比（%）", "% of judged after"),
    "status_before": Text("前期结论", "Verdict before"),
    "status_after": Text("后期结论", "Verdict after"),
}
LABELS = {
    **SCORE_LABELS,
    **LEDGER_LABELS,
    "change": Text("变化", "Change"),
    "before": Text("前期状态", "Before"),
    "after": Text("后期状态", "After"),
    "why": Text("计入变化的原因", "Why it came or left"),
    "doubt": Text("可比性", "Comparable or not"),
    "name_before": Text("前期名称", "Name before"),
    "county_code_before": Text("前期县代码", "County code before"),
    "reason_before": Text("前期原因", "Reason before"),
    "reason_after": Text("后期原因", "Reason after"),
    "evidence_before": Text("前期判定依据", "Evidence before"),
    "evidence_after": Text("后期判定依据", "Evidence after"),
    "rule_name_en": Text("指标（英文）", "Indicator (English)"),
}
ABSENT_LABEL = Text("未计入", "Not counted")
PARAMETER_LABELS = {
    "plugin_version": Text("插件版本", "Version of the plugin"),
}
NOT_STATED = Text("未指定", "not stated")
NO_RULE = Text("未使用", "not used")
