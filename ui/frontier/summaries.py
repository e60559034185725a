"""One line that says what a run on the broadband frontier found: a scoreboard, roads, the sea, a comparison."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...jobs.comparing.words import CHANGE_LABELS
from ...jobs.lines.words import LABELS
from ...text import NOTHING, Text

_SCORED = Text(
    "{indicators} 项指标：已达标 {met}，未达标 {short}，无法判定 {cannot_tell}{rest}；未达到 {gaps_not_met} 个，无法判定 {gaps_cannot_tell} 个",
    "Indicators: {indicators}, met {met}, short {short}, cannot tell {cannot_tell}{rest}; items not met: {gaps_not_met}, "
    "cannot be told: {gaps_cannot_tell}",
)
_REST = Text("，其他 {n}", ", other {n}")
_ROADS = Text(
    "里程 {length_km} km：已覆盖 {covered_km} km，未覆盖 {not_covered_km} km，无法判定 {cannot_tell_km} km{rest}",
    "Roads, {length_km} km: {covered_km} km covered, {not_covered_km} km not, {cannot_tell_km} km cannot be told{rest}",
)
_TUNNELS = Text("；隧道 {n} km 另计", "; tunnels of {n} km apart")
_SEA = Text(
    "海域 {area_km2} km²：已覆盖 {covered_km2} km²，未覆盖 {gap_km2} km²，无法判定 {cannot_tell_km2} km²{rest}",
    "Sea, {area_km2} km²: {covered_km2} km² covered, {gap_km2} km² not, {cannot_tell_km2} km² cannot be told{rest}",
)
_DERIVED = Text("；推算海域，非法定界线", "; a derived belt, no legal limits")
_COMPARED = Text(
    "{items} 个对象：新达到 {newly_met}，变为未达到 {newly_lost}，新判定 {newly_judged}，不再可判 {no_longer_judged}，"
    "新计入 {came_in}，不再计入 {left}{rest}",
    "Items: {items}, newly met {newly_met}, newly lost {newly_lost}, newly judged {newly_judged}, no longer judged "
    "{no_longer_judged}, came in {came_in}, left {left}{rest}",
)
_DOUBT = Text("；其中 {n} 个两期口径不同，须核对", "; of these in doubt, for the two were not judged alike: {n}")
FIGURES = {
    **{name: CHANGE_LABELS[name] for name in ("newly_met", "newly_lost", "newly_judged", "no_longer_judged")},
    **{name: CHANGE_LABELS[name] for name in ("came_in", "left", "unchanged")},
    **{name: LABELS[name] for name in ("length_km", "covered_km", "not_covered_km", "cannot_tell_km", "tunnel_km")},
    "pack": Text("规则包", "Rule pack"),
    "indicators": Text("指标数", "Indicators"),
    "met": Text("已达标", "Met"),
    "short": Text("未达标", "Short"),
    "gaps": Text("缺口数", "Gaps"),
    "gaps_not_met": Text("未达到的对象", "Items not met"),
    "gaps_cannot_tell": Text("无法判定的对象", "Items that cannot be told"),
    "score": Text("计分表", "Scoreboard"),
    "after_plan_percent": Text("规划后占比（%）", "After plan (%)"),
    "status": Text("结论", "Status"),
    "by_class": Text("分类型统计", "By class"),
    "by_zone": Text("分海域统计", "By kind of sea"),
    "legal": Text("法定界线", "Legal limits"),
    "earlier": Text("前期", "Earlier"),
    "later": Text("后期", "Later"),
    "items": Text("对象数", "Items"),
    "renamed": Text("更名的对象", "Items under another name"),
    "moved": Text("改换所在县的对象", "Items in another county"),
    "basis_differs": Text("两期口径是否不同", "Judged otherwise than before"),
    "changes_in_doubt": Text("须核对的变化", "Changes in doubt"),
    "comparison": Text("两期比较表", "Comparison"),
}


def _others(summary: dict[str, Any]) -> int:
    return int(summary["indicators"]) - sum(int(summary[key]) for key in ("met", "short", "cannot_tell"))


_LINES: tuple[tuple[tuple[str, ...], Text, Text, Callable[[dict[str, Any]], Any]], ...] = (
    (
        ("indicators", "met", "short", "cannot_tell", "gaps_not_met", "gaps_cannot_tell"),
        *(_SCORED, _REST, _others),
    ),
    (
        ("length_km", "covered_km", "not_covered_km", "cannot_tell_km"),
        *(_ROADS, _TUNNELS, lambda summary: summary.get("tunnel_km")),
    ),
    (
        ("area_km2", "covered_km2", "gap_km2", "cannot_tell_km2", "legal"),
        *(_SEA, _DERIVED, lambda summary: not summary["legal"]),
    ),
    (
        ("items", "newly_met", "newly_lost", "newly_judged", "no_longer_judged", "came_in", "left"),
        *(_COMPARED, _DOUBT, lambda summary: summary.get("changes_in_doubt")),
    ),
)


def frontier_line(summary: dict[str, Any], number: Callable[[Any], Any]) -> Text:
    """Give the line for a summary; empty for one of another kind of run.

    Parameters
    ----------
    number : callable
        Writes a figure as a planner reads it.
    """
    for keys, line, more, what in _LINES:
        if all(summary.get(key) is not None for key in keys):
            rest = what(summary)
            told = more.filled(n=number(rest)) if rest else NOTHING
            return line.filled(rest=told, **{key: number(summary[key]) for key in keys})
    return NOTHING
