"""One line that says what a run on control lines or on the land demand found, and the words of its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...jobs.land.words import CODE_LABELS, LOWERED, SOLVED, VERDICT_LABELS
from ...jobs.shared.rule_words import SEVERITY_LABELS
from ...text import NOTHING, Text, same

_CONFLICTS = Text(
    "{facilities} 处设施：有冲突 {conflict}（应避让 {avoid}，须论证报批 {approval}，提示 {note}），无法判定 {cannot_tell}，无冲突 {clear}{rest}",
    "Facilities: {facilities}; in conflict {conflict} (avoid {avoid}, approval needed {approval}, note {note}), cannot tell {cannot_tell}, "
    "clear {clear}{rest}",
)
_CONFLICT_KEYS = ("facilities", "conflict", "avoid", "approval", "note", "cannot_tell", "clear")
_ROUTES = Text("；有替代路由的光缆 {n} 条", "; cables with another route: {n}")
_DEMAND = Text(
    "{facilities} 处设施：{codes}；不占地 {no_land} 处，面积未知 {unknown} 处{rest}",
    "Facilities: {facilities}; {codes}; taking no land {no_land}, of unknown area {unknown}{rest}",
)
_OF_CODE = Text("{code} {name} {m2} m²", "{code} {name} {m2} m²")
_NO_CODE = Text("无新增用地用海", "no new land or sea")
_TAKEN = Text("；占永久基本农田 {farm} m²，涉红线 {red} m²", "; of basic farmland {farm} m², in the red line {red} m²")
FIGURES = {
    "facilities": Text("设施数", "Facilities"),
    "conflict": VERDICT_LABELS["conflict"],
    "clear": VERDICT_LABELS["clear"],
    "avoid": SEVERITY_LABELS[3],
    "approval": SEVERITY_LABELS[2],
    "note": SEVERITY_LABELS[1],
    "unread_rows": Text("未能读取的行", "Rows that could not be read"),
    "zones": Text("控制线数", "Control lines"),
    "alternatives": Text("替代路由", "Other routes"),
    "by_code_m2": Text("各代码面积（m²）", "Area by code (m²)"),
    "no_land": Text("不占地的设施", "Taking no land"),
    "unknown": Text("面积未知的设施", "Of unknown area"),
    "projects": Text("项目数", "Projects"),
    "farmland_m2": Text("占用永久基本农田（m²）", "Basic farmland taken (m²)"),
    "red_line_m2": Text("涉及生态保护红线（m²）", "In the red line (m²)"),
}


def land_line(summary: dict[str, Any], number: Callable[[Any], Any]) -> Text:
    """Give the line for a summary; empty for one of another kind of run.

    Parameters
    ----------
    number : callable
        Writes a figure as a planner reads it.
    """
    if {*_CONFLICT_KEYS, "zones"} <= summary.keys():
        found = summary.get("alternatives") or {}
        routes = sum(int(found.get(name) or 0) for name in (SOLVED, LOWERED))
        rest = _ROUTES.filled(n=number(routes)) if routes else NOTHING
        return _CONFLICTS.filled(rest=rest, **{key: number(summary[key]) for key in _CONFLICT_KEYS})
    if {"facilities", "by_code_m2", "no_land", "unknown"} <= summary.keys():
        return _demand(summary, number)
    return NOTHING


def _demand(summary: dict[str, Any], number: Callable[[Any], Any]) -> Text:
    codes = [
        _OF_CODE.filled(code=code, name=CODE_LABELS.get(code[:4], same("")), m2=number(area))
        for code, area in summary["by_code_m2"].items()
    ] or [_NO_CODE]
    farm, red = summary.get("farmland_m2"), summary.get("red_line_m2")
    known = farm is not None and red is not None  # nothing is known of them without control lines
    return _DEMAND.filled(
        codes=Text("，".join(one.zh for one in codes), ", ".join(one.en for one in codes)),
        rest=_TAKEN.filled(farm=number(farm), red=number(red)) if known else NOTHING,
        **{key: number(summary[key]) for key in ("facilities", "no_land", "unknown")},
    )
