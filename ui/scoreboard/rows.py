"""Which rows of a scoreboard are shown, in which order, and how they read. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...jobs.frontier.words import CAUTION_LABELS, LABELS, NOTE_LABELS, STATUS_LABELS, SUBJECT_LABELS, UNIT_LABELS
from ...jobs.shared.rule_words import change_words, value_words
from ...text import Text, figure, same
from .. import words
from ..frontier.result import Score, one_language
from ..language import current, tr
from ..packs.rows import STATUS_WORDS
from .data import COUNTS, Indicator, Scoreboard

INDICATOR = Text("指标、县", "Indicator, county")
# In the order of the table: a verdict and what is clicked are seen first, also where the table is narrow.
COLUMNS = ("name", "status", "ratio_percent", "target_percent", *COUNTS, "unit", "shortfall", "rule_status")
_SHORT = {
    "name": INDICATOR,
    "ratio_percent": Text("比例", "Share"),
    "target_percent": Text("目标", "Target"),
    "shortfall": Text("还差", "Short"),
    "rule_status": Text("规则", "Rule"),
}
_ORDER = tuple(STATUS_LABELS)
_MEASURED = ("km", "km²")
_RATIO_OF = Text("（{met}/{judged}已判）", " ({met}/{judged})")
_BEFORE = Text("（原{before}）", " (was {before})")
_TIPS = {
    "ratio_percent": Text(
        "达到数占已判定数的比例，无法判定的不计入", "Met, of all that is judged; what cannot be told is left out"
    ),
    "shortfall": Text(
        "距目标还差，至少–至多。至少：无法判定的都算达到；至多：都算未达到",
        "Short of the target, least–most. Least: if all that cannot be told were met; most: if none of it were",
    ),
    "met": Text("点击选中地图上的这些要素", "Click to select these on the map"),
    "not_met": Text("点击选中地图上的这些要素", "Click to select these on the map"),
    "cannot_tell": Text("点击选中地图上的这些要素", "Click to select these on the map"),
}
_SOURCE = (
    ("document", Text("文件", "Document")),
    ("clause", Text("条款", "Clause")),
    ("date", Text("日期", "Date")),
)
_ASKS = Text("取值", "Value")
_STATUS = Text("状态", "Status")
_CAUTION = Text("未经核实，仅供参考", "not verified, for information")
_CLASS = Text("类别", "Class")


@dataclass(frozen=True)
class Wanted:
    """What a planner wants to see of a scoreboard; empty for all.

    Attributes
    ----------
    county : str
        Code: only the rows of that county.
    subject, status, text : str
        Only these classes, verdicts, and rows with this text in a name.
    column : str
        Of `COLUMNS`, to sort by; empty for the order of the pack.
    """

    county: str = ""
    subject: str = ""
    status: str = ""
    text: str = ""
    column: str = ""
    downwards: bool = False


Branch = tuple[Score, tuple[Score, ...]]  # a row, and the rows of counties below it


def shown(board: Scoreboard, wanted: Wanted) -> list[Branch]:
    """Give the rows that are wanted: a total with its counties below it, or the rows of one county alone."""
    branches = [branch for item in board.indicators for branch in _branch(item, wanted)]
    if not wanted.column:
        return branches
    branches = [(score, tuple(_sorted(below, wanted, lambda one: one))) for score, below in branches]
    return _sorted(branches, wanted, lambda branch: branch[0])


def _branch(item: Indicator, wanted: Wanted) -> list[Branch]:
    if wanted.subject and item.total.subject != wanted.subject:
        return []
    text = wanted.text.strip().lower()
    of_rule = text in " ".join((*item.total.name, item.total.rule_id, *_class_of(item.total))).lower()

    def fits(score: Score) -> bool:
        named = of_rule or text in f"{tr(score.county)} {score.county_code}".lower()
        return named and wanted.status in ("", score.status)

    if wanted.county:
        return [(score, ()) for score in item.counties if score.county_code == wanted.county and fits(score)]
    below = tuple(score for score in item.counties if fits(score))
    return [(item.total, below)] if below or fits(item.total) else []


def _sorted(items: Sequence[Any], wanted: Wanted, score_of: Callable[[Any], Score]) -> list[Any]:
    """Sort by a column; what has no value stands last either way."""
    keys = [(key(score_of(item), wanted.column), item) for item in items]
    filled = [pair for pair in keys if pair[0] is not None]
    filled.sort(key=lambda pair: pair[0], reverse=wanted.downwards)
    return [item for _, item in filled] + [item for value, item in keys if value is None]


def key(score: Score, column: str) -> Any:
    """Give what a column sorts by; None where it is empty."""
    if column == "name":
        return tr(score.name), tr(score.county)
    if column == "status":
        return _ORDER.index(score.status)
    return getattr(score, column)


def heading(column: str) -> str:
    """Give the heading of a column."""
    return tr(_SHORT.get(column) or LABELS[column])


def heading_tip(column: str) -> str:
    """Say what a column means."""
    return tr(_TIPS.get(column, same("")))


def cell(score: Score, column: str, *, below: bool = False) -> str:
    """Give a cell as a planner reads it; `below` says that the row stands below its indicator."""
    if column == "name":
        return tr(score.county) if below else tr(score.name)
    if column == "status":
        return tr(STATUS_LABELS[score.status])
    if column == "unit":
        return tr(UNIT_LABELS.get(score.unit, same(score.unit)))
    if column == "rule_status":
        return tr(STATUS_WORDS.get(score.rule_status, same(score.rule_status)))
    if column == "shortfall":
        return _range(score)
    if column == "ratio_percent":
        return _ratio(score)
    if column == "target_percent":
        return _target(score)
    return _number(getattr(score, column), score.unit)


def is_nearly_all(score: Score) -> bool:
    """Tell whether a ratio rounds to 100 % although something is missed, which is never written as 100 %."""
    return score.ratio_percent is not None and score.ratio_percent >= 99.995 and bool(score.not_met)


def _ratio(score: Score) -> str:
    """Give a ratio, with what it is of where not everything can be told."""
    if score.ratio_percent is None:
        return "—"
    said = "< 100%" if is_nearly_all(score) else f"{figure(score.ratio_percent, 2)}%"
    if not score.cannot_tell:
        return said
    met, judged = (_number(value, score.unit) for value in (score.met, score.judged))
    return said + tr(_RATIO_OF).format(met=met, judged=judged)


def _target(score: Score) -> str:
    """Give a target, and what it was before a pack of the planner's own changed it."""
    if score.target_percent is None:
        return "—"
    said = f"{score.target_percent:g}%"
    return said + (tr(_BEFORE.filled(before=percent(score.target_before))) if score.target_before.zh else "")


def percent(said: Text) -> Text:
    """Write a percentage of a rule as tables do, without a space."""
    return Text(said.zh.replace(" %", "%"), said.en.replace(" %", "%"))


def _range(score: Score) -> str:
    least, most = (_number(value, score.unit, up=True) for value in (score.shortfall, score.shortfall_at_most))
    return least if least == most else f"{least}–{most}"


def _number(value: float | None, unit: str, *, up: bool = False) -> str:
    """Write a number as the report does: lengths and areas to two decimals, halves and what is missing rounded up."""
    if value is None:
        return "—"
    return figure(value, 2, up=up) if unit in _MEASURED else f"{value:,.10g}"


def tip(score: Score, board: Scoreboard) -> str:
    """Name class, rule, document and status: what a row rests on, on lines of their own."""
    rule = board.rules.get(score.rule_id, {})
    lines = [tr(Text(f"{score.name.zh}（{score.rule_id}）", f"{score.name.en} ({score.rule_id})"))]
    lines.append(_said(_CLASS, tr(_class_of(score))))
    if rule and score.target_percent is not None:
        lines.append(_said(_ASKS, tr(value_words(rule["value"], rule["unit"]))))
    for name, label in _SOURCE:
        if rule.get(name):
            lines.append(_said(label, one_language(str(rule[name]), current())))
    status = cell(score, "rule_status")
    if score.rule_status != "verified":
        status = tr(Text(f"{status}（{_CAUTION.zh}）", f"{status} ({_CAUTION.en})"))
    lines.append(_said(_STATUS, status))
    if score.caution:
        lines.append(f"⚠ {caution(score)}")
    if score.note in NOTE_LABELS:
        lines.append(_said(LABELS["note"], tr(NOTE_LABELS[score.note])))
    if rule.get("own_pack"):
        lines.append(tr(change_words(rule)))
    return "\n".join(lines)


def caution(score: Score) -> str:
    """Say which unverified values a row rests on; the result holds the words in Chinese."""
    known = {label.zh: label for label in CAUTION_LABELS.values()}
    return tr(words.SEMICOLON).join(tr(known.get(part, same(part))) for part in score.caution.split("；") if part)


def _said(label: Text, value: str) -> str:
    return tr(Text(f"{label.zh}：{value}", f"{label.en}: {value}"))


def _class_of(score: Score) -> Text:
    return SUBJECT_LABELS.get(score.subject, same(score.subject))


def lines(rows: Sequence[Score]) -> list[str]:
    """Give rows as lines of a table with headings: county, indicator, and the two bounds of a shortfall apart."""
    names = ("county_name", "subject", "rule_name", "rule_id", "status", *COUNTS, "unit", "ratio_percent")
    names += ("target_percent", "shortfall", "shortfall_at_most", "rule_status")
    told = [tr(LABELS[name]) for name in names]
    return ["\t".join(told), *("\t".join(_copied(score, name) for name in names) for score in rows)]


def _copied(score: Score, name: str) -> str:
    if name == "county_name":
        return tr(score.county)
    if name == "subject":
        return tr(_class_of(score))
    if name == "rule_name":
        return tr(score.name)
    if name == "rule_id":
        return score.rule_id
    if name in ("status", "unit", "rule_status"):
        return cell(score, name)
    value = getattr(score, name)
    return "" if value is None else f"{value:.10g}"
