"""How the numbers of a scoreboard stand in a report: share, target, shortfall, status of the rule."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...layers.html_report import Cell, Marked, Noted
from ...rules.pack import Rule, status_label
from ...text import NOTHING, Text, figure, same
from ..coverage.gap_report import percent_range
from ..shared.rule_words import value_words
from ..shared.rules import comparison_words, plain
from .labels import status_cell
from .words import NOTE_LABELS, STATUS_MARKS, UNIT_LABELS

_LESS_THAN_ALL = 99.99  # what is written of a share that falls short of the whole by less
_MEASURED = ("km", "km²")
COUNTS = ("in_scope", "met", "not_met", "cannot_tell")
# What stands behind the name of an indicator whose target nobody has read in a document.
SIGNS = {"unverified": "†", "by_analogy": "‡"}
SIGN_WORDS = {
    "unverified": Text(
        "⚠ † 目标值未经核实，签署前须对照文件原文。", "⚠ † The target is unverified; check it against the document."
    ),
    "by_analogy": Text(
        "⚠ ‡ 目标值由相近规定类推，文件原文未给数字。",
        "⚠ ‡ The target is borrowed from a related rule; the document gives no number.",
    ),
}
RULE_MARKS = {"verified": ("✓", "#0072b2"), "unverified": ("†", "#b34700"), "by_analogy": ("‡", "#b34700")}
_JUDGED = Text("{met} / {judged} 已判定", "{met} of {judged} judged")
_UNTOLD = Text("，{count} 无法判定", ", {count} cannot be told")
_NONE_JUDGED = Text("没有已判定的", "none judged")
_NO_DATA = Text("没有资料", "no data")
_OWN = Text("自定义，原为 {before}", "own; was {before}")


def amount(value: Any, unit: str, *, up: bool = False) -> str:
    """Write a count, or a length or an area to two decimals; `up`: rounded up, for what is missing."""
    return figure(value, 2 if unit in _MEASURED else 0, up=up)


def with_unit(value: Any, unit: str, *, up: bool = False) -> Text:
    """Write an amount with its unit."""
    words, said = unit_words(unit), amount(value, unit, up=up)
    return Text(f"{said} {words.zh}", said if unit == "item" else f"{said} {words.en}")


def unit_words(unit: str) -> Text:
    """Give the planner's word for a unit."""
    return UNIT_LABELS.get(unit, same(unit))


def name_cell(rule: Rule, to: str = "") -> Noted:
    """Name an indicator, signed where its target is not verified."""
    return Noted(rule.name, sign=SIGNS.get(rule.status, ""), to=to)


def percent(row: dict[str, Any]) -> str:
    """Write the share of what is judged; never 100 % where something is missed."""
    ratio = row["ratio_percent"]
    if pd.isna(ratio):
        return "—"
    if ratio >= 100 and row["not_met"]:
        return "< 100 %"
    return f"{ratio:.2f}".rstrip("0").rstrip(".") + " %"


def share_of(row: dict[str, Any]) -> Text:
    """Say what a share is of."""
    if pd.isna(row["in_scope"]):
        return _NO_DATA
    if not row["in_scope"]:
        return NOTHING
    judged = row["met"] + row["not_met"]
    untold = _UNTOLD.filled(count=amount(row["cannot_tell"], row["unit"])) if row["cannot_tell"] else NOTHING
    if not judged:
        return Text(_NONE_JUDGED.zh + untold.zh, _NONE_JUDGED.en + untold.en)
    said = _JUDGED.filled(met=amount(row["met"], row["unit"]), judged=amount(judged, row["unit"]))
    return Text(said.zh + untold.zh, said.en + untold.en)


def whole_share(row: dict[str, Any]) -> str:
    """Write the share of a whole area, a part of which cannot be told, as a range; "" where a share of what is judged does."""
    if row["unit"] != "km²" or pd.isna(row["in_scope"]) or not row["in_scope"] or not row["cannot_tell"]:
        return ""
    low, high = percent_range(row["met"], row["cannot_tell"], row["in_scope"])
    if row["not_met"]:
        high = min(high, _LESS_THAN_ALL)
    return f"{low:g} %–{high:g} %"


def _of_whole(row: dict[str, Any]) -> Text:
    share, told = percent(row), share_of(row)
    return Text(
        f"占全部面积；占可判定面积 {share}（{told.zh}）", f"of the whole area; {share} of what can be told ({told.en})"
    )


def share_words(row: dict[str, Any]) -> Text:
    """Say the share in a sentence: of a whole area first where a part of it cannot be told."""
    share, told = percent(row), share_of(row)
    if whole_share(row):
        of_whole = _of_whole(row)
        return Text(f"{whole_share(row)} {of_whole.zh}", f"{whole_share(row)} {of_whole.en}")
    return Text(f"{share}（{told.zh}）", f"{share} ({told.en})")


def share_cell(row: dict[str, Any]) -> Noted:
    """Give the share of what is judged with what it is of, and why where an indicator is not scored."""
    why = NOTE_LABELS.get(row["note"], NOTHING)
    if whole_share(row):
        return Noted(same(whole_share(row)), joined(_of_whole(row), why))
    if not why.zh:
        return Noted(same(percent(row)), share_of(row), whole=True)
    return Noted(same(percent(row)), why if pd.isna(row["in_scope"]) else joined(share_of(row), why))


def joined(first: Text, second: Text) -> Text:
    """Put one remark after another."""
    return Text("；".join(filter(None, (first.zh, second.zh))), "; ".join(filter(None, (first.en, second.en))))


def target_cell(rule: Rule) -> Noted:
    """Give the target, and what it was before a planner changed it."""
    before = NOTHING
    if rule.own_pack and rule.replaced is not None and rule.replaced != rule.value:
        before = _OWN.filled(before=value_words(rule.replaced, rule.unit))
    return Noted(comparison_words(rule), before, whole=rule.comparison != "report")


def shortfall_cell(row: dict[str, Any]) -> Cell:
    """Say how many more are needed if all that cannot be told is met, and if none of it is."""
    least, most = row["shortfall"], row["shortfall_at_most"]
    if pd.isna(least):
        return None
    first, last = (with_unit(value, row["unit"], up=True) for value in (least, most))
    if least == most:
        return Noted(first if least else same("0"), whole=True)
    return Noted(
        Text(f"至少 {first.zh}", f"at least {first.en}"), Text(f"至多 {last.zh}", f"at most {last.en}"), whole=True
    )


def count_cells(row: dict[str, Any]) -> list[Cell]:
    """Give in scope, met, not met and cannot tell."""
    return [plain(row[key]) for key in COUNTS]


def rule_cell(rule: Rule) -> Marked:
    """Give the status of a rule as sign and word."""
    return Marked(status_label(rule.status), *RULE_MARKS.get(rule.status, ("", "#555")))


def short_cell(row: dict[str, Any]) -> Marked:
    """Give a verdict with its share beneath, for a matrix."""
    if row["status"] == "none_listed":
        return Marked(NOTHING, *STATUS_MARKS["none_listed"])
    return status_cell(row["status"])._replace(note=same(whole_share(row) or percent(row)))


def sign_notes(rules: list[Rule]) -> list[Text]:
    """Explain the signs that stand behind the names of these rules."""
    used = {rule.status for rule in rules}
    return [words for status, words in SIGN_WORDS.items() if status in used]
