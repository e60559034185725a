"""How a frontier scoreboard says a status, a county, a reason."""

from __future__ import annotations

from typing import Any

from ...analysis.scoreboard import ALL_COUNTIES, MET, NO_COUNTY, NO_TARGET, NONE_LISTED, OPEN, SHORT
from ...layers.html_report import Cell, Marked
from ...text import Text, same
from ..shared.rules import plain
from .words import REASON_LABELS

STATUS_LABELS = {
    MET: Text("已达标", "Met"),
    SHORT: Text("未达标", "Short"),
    OPEN: Text("无法判定", "Cannot tell"),
    NONE_LISTED: Text("数据中未列出", "None listed"),
    NO_TARGET: Text("无目标值", "No target"),
}
_GREY = "#7a7a7a"
STATUS_MARKS = {
    MET: ("●", "#0072b2"),
    SHORT: ("▲", "#d55e00"),
    OPEN: ("○", _GREY),
    NONE_LISTED: ("–", _GREY),
    NO_TARGET: ("–", _GREY),
}
COUNTY_WORDS = {ALL_COUNTIES: Text("合计", "Total"), NO_COUNTY: Text("不在县界内", "In no county")}


def reason_words(reason: str, year: Any) -> Text:
    """Say why something is not met or cannot be told."""
    if reason == "planned" and year:
        return REASON_LABELS["planned_year"].filled(year=year)
    return REASON_LABELS.get(reason, same(reason))


def county_words(code: str, name: str) -> Text:
    """Name a county, all of them, or none."""
    return COUNTY_WORDS.get(code) or same(name or code)


def status_cell(status: str) -> Marked:
    """Give a status as word, mark and colour."""
    return Marked(STATUS_LABELS[status], *STATUS_MARKS[status])


def words_of(table: dict[str, Text], value: Any) -> Cell:
    """Give the label of a code; a dash where there is none."""
    return table.get(value, plain(value))
