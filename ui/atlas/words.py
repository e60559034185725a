"""The tables of an atlas: scoreboard, counties, gaps and rules as words, in the language that is spoken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ...jobs.frontier.words import (
    BACKHAUL_LABELS,
    LABELS,
    NOTE_LABELS,
    SERVICE_LABELS,
    STATE_LABELS,
    STATUS_LABELS,
    STATUS_MARKS,
    SUBJECT_LABELS,
    UNIT_LABELS,
    reason_words,
)
from ...jobs.shared.rule_words import change_words, status_label, unverified_caution, value_words
from ...text import Text, same
from ...text import figure as rounded
from .. import words
from ..frontier.result import Result, Score, one_language
from ..language import current, from_json, tr
from ..scoreboard.rows import caution, is_nearly_all, percent
from .table import Cell, Column

DASH = "—"
_JUDGED_OF = Text("已判定/应计数", "Judged of in scope")
_JUDGED = Text("应计 {scope} {unit}，已判定 {judged}", "{judged} of {scope} {unit} judged")
_UNCOUNTED = Text("没有可计数的数据", "There was nothing to count")
_RATIO_OF = Text("{met}/{judged}，{n}未判", "{met}/{judged}, {n} open")
_CHANGED = Text("自定义，原为 {before}", "own; was {before}")
_NOT_JUDGED = Text("未判定", "not judged")
MEASURED = ("km", "km²")
_SHORT_UNIT = Text("单位", "Unit")
_STATE_MARKS = {
    "met": STATUS_MARKS["met"],
    "not_met": STATUS_MARKS["short"],
    "cannot_tell": STATUS_MARKS["cannot_tell"],
}
_MARKED = Text("{name}（{status}）", "{name} ({status})")
_COUNTS = Text("达到{met}，未达{not_met}", "Met {met}, not {not_met}")
_UNTOLD = Text("无法判定{n}", "Cannot tell {n}")
_SHARE = Text("已判{judged}/{scope}", "Judged {judged}/{scope}")
_OWN = Text("自定义规则包与理由", "Own pack and reason")
_MEANING = Text("含义", "Meaning")
_VALUE = Text("取值", "Value")
_DOCUMENT = Text("文件", "Document")
_CLAUSE = Text("条款", "Clause")
_DATE = Text("日期", "Date")
_RULE_STATUS = Text("状态", "Status")
_CAUTIONS = Text("提示", "Cautions")
_SUMMARY = Text("{n} 项指标：{told}。", "{n} indicators: {told}.")
_OF_STATUS = Text("{status} {n} 项", "{status} {n}")
_OPEN_RULES = Text(
    "其中 {n} 项的目标值未核实或类推，见“规则与来源”。",
    "The targets of {n} are not verified or by analogy: see “Rules and sources”.",
)
BY_COUNTY = Text(
    "下表每县每项：结论，达到与未达到，无法判定，已判定/应计数；“—”表示该项不分县。",
    "Below, for each county: verdict, met and not, cannot tell, judged of in scope; “—” where an indicator has no counties.",
)
HOW_COUNTED = Text(
    "无法判定的不计入比例，也不算未达到；“至少还差”假定无法判定的全部达到，“至多还差”假定全部未达到。",
    "What cannot be told is in no ratio and is not missed; “short ≥” takes all of it as met, “short ≤” none of it.",
)


def figure(value: float | None) -> str:
    """Say a number as the report does: to two decimals, halves rounded up; a whole one without; a dash for none."""
    return DASH if value is None else rounded(value, 0 if float(value).is_integer() else 2)


def lacking(score: Score, value: float | None) -> str:
    """Say how much is short, rounded up: what is missing is never written as nothing."""
    if value is None:
        return DASH
    return rounded(value, 0 if float(value).is_integer() else 2, up=score.unit in MEASURED)


def unit(code: str) -> str:
    """Say a unit."""
    return tr(UNIT_LABELS.get(code, same(code)))


def status(code: str) -> Cell:
    """Say a verdict by mark, word and colour."""
    mark, colour = STATUS_MARKS.get(code, ("", "#202020"))
    return Cell(f"{mark} {tr(STATUS_LABELS.get(code, same(code)))}", colour, bold=True)


def state(code: str) -> Cell:
    """Say how one thing stands by mark, word and colour."""
    mark, colour = _STATE_MARKS.get(code, ("", "#202020"))
    return Cell(f"{mark} {tr(STATE_LABELS.get(code, same(code)))}", colour)


def indicator(score: Score) -> str:
    """Name an indicator, with the status of its rule where nobody has verified it."""
    if score.rule_status == "verified":
        return tr(score.name)
    return tr(_MARKED).format(name=tr(score.name), status=tr(status_label(score.rule_status)))


def judged(score: Score) -> str:
    """Say “x of y judged”."""
    if score.in_scope is None:
        return tr(_UNCOUNTED)
    return tr(_JUDGED).format(scope=figure(score.in_scope), judged=figure(score.judged), unit=unit(score.unit))


def _share(score: Score) -> str:
    return DASH if score.in_scope is None else f"{figure(score.judged)}/{figure(score.in_scope)}"


def ratio(score: Score) -> str:
    """Say a ratio; where not everything can be told, with what it is of."""
    said = "< 100" if is_nearly_all(score) else figure(score.ratio_percent)
    if score.ratio_percent is None or not score.cannot_tell:
        return said
    of = _RATIO_OF.filled(met=figure(score.met), judged=figure(score.judged), n=figure(score.cannot_tell))
    return f"{said}\n{tr(of)}"


def target(score: Score) -> str:
    """Say a target, and what it was before a pack of the planner's own changed it."""
    said = figure(score.target_percent)
    return f"{said}\n{tr(_CHANGED.filled(before=percent(score.target_before)))}" if score.target_before.zh else said


def not_judged(score: Score) -> str:
    """Say that nothing of an indicator was judged; empty where it was counted."""
    return tr(_NOT_JUDGED) if score.in_scope is None else ""


def open_rules(indicators: Sequence[Score]) -> str:
    """Say how many indicators rest on rules that nobody has verified; empty for none."""
    count = sum(row.rule_status != "verified" for row in indicators)
    return tr(_OPEN_RULES).format(n=count) if count else ""


def summary(indicators: Sequence[Score]) -> str:
    """Say how many indicators stand how."""
    counts = {code: sum(row.status == code for row in indicators) for code in STATUS_LABELS}
    told = [
        tr(_OF_STATUS).format(status=tr(STATUS_LABELS[code]), n=n)
        for code, n in counts.items()
        if n or code in ("met", "short", "cannot_tell")
    ]
    comma = Text("，", ", ")
    return tr(_SUMMARY).format(n=len(indicators), told=tr(comma).join(told))


def score_table(rows: Sequence[Score]) -> tuple[list[Column], list[list[Cell | str]]]:
    """Give the scoreboard of some rows with everything that the result tells of them."""
    told = any(remarks(row) for row in rows)
    columns = [
        Column(tr(LABELS["rule_name"]), 4.6),
        Column(tr(_SHORT_UNIT), 1.1),
        *(Column(tr(LABELS[key]), 1.45, right=True) for key in ("in_scope", "met", "not_met", "cannot_tell")),
        Column(tr(_JUDGED_OF), 2.1, right=True),
        *(Column(tr(LABELS[key]), 2.5, right=True) for key in ("ratio_percent", "target_percent")),
        *(Column(tr(LABELS[key]), 1.4, right=True) for key in ("shortfall", "shortfall_at_most")),
        Column(tr(LABELS["status"]), 2.2),
        Column(tr(LABELS["rule_status"]), 1.5),
        *([Column(tr(_CAUTIONS), 3.4)] if told else []),
    ]
    return columns, [
        [
            tr(row.name),
            unit(row.unit),
            *(figure(getattr(row, key)) for key in ("in_scope", "met", "not_met", "cannot_tell")),
            _share(row),
            *(ratio(row), target(row)),
            *(lacking(row, row.shortfall), lacking(row, row.shortfall_at_most)),
            status(row.status),
            tr(status_label(row.rule_status)),
            *([remarks(row) or DASH] if told else []),
        ]
        for row in rows
    ]


def remarks(score: Score) -> str:
    """Say why something is not scored, and which values behind it nobody has verified."""
    said = [tr(NOTE_LABELS[score.note])] if score.note in NOTE_LABELS else []
    said += [caution(score)] if score.caution else []
    return tr(words.SEMICOLON).join(said)


def backhaul_table(rows: Sequence[dict[str, Any]]) -> tuple[list[Column], list[list[Cell | str]]]:
    """Give the things of a class by their backhaul."""
    keys = ("in_scope", "met", "not_met", "cannot_tell")
    columns = [Column(tr(LABELS["backhaul"]), 2.0), *(Column(tr(LABELS[key]), 1.0, right=True) for key in keys)]
    return columns, [
        [
            tr(BACKHAUL_LABELS.get(row["backhaul"], same(str(row["backhaul"])))),
            *(figure(row[key]) for key in keys),
        ]
        for row in rows
    ]


def county_table(rows: Sequence[Score]) -> tuple[list[Column], list[list[Cell | str]]]:
    """Give the scoreboard of one county, narrow."""
    columns = [
        Column(tr(LABELS["rule_name"]), 4.4),
        *(Column(tr(LABELS[key]), 1.4, right=True) for key in ("met", "not_met", "cannot_tell")),
        Column(tr(_JUDGED_OF), 2.2, right=True),
        *(Column(tr(LABELS[key]), 2.4, right=True) for key in ("ratio_percent", "target_percent")),
        *(Column(tr(LABELS[key]), 1.5, right=True) for key in ("shortfall", "shortfall_at_most")),
        Column(tr(LABELS["status"]), 2.3),
    ]
    return columns, [
        [
            indicator(row),
            *(figure(getattr(row, key)) for key in ("met", "not_met", "cannot_tell")),
            f"{_share(row)} {unit(row.unit)}",
            *(ratio(row), target(row), lacking(row, row.shortfall), lacking(row, row.shortfall_at_most)),
            status(row.status),
        ]
        for row in rows
    ]


def class_table(row: Score) -> tuple[list[Column], list[list[Cell | str]]]:
    """Give the figures of one indicator, one below the other."""
    keys = ("in_scope", "met", "not_met", "cannot_tell")
    more = ("shortfall", "shortfall_at_most")
    return [Column(tr(_SHORT_UNIT), 3.0), Column(unit(row.unit), 2.4, right=True)], [
        *([tr(LABELS[key]), figure(getattr(row, key))] for key in keys),
        [tr(_JUDGED_OF), _share(row)],
        [tr(LABELS["ratio_percent"]), ratio(row)],
        [tr(LABELS["target_percent"]), target(row)],
        *([tr(LABELS[key]), lacking(row, getattr(row, key))] for key in more),
        [tr(LABELS["status"]), status(row.status)],
        [tr(LABELS["rule_status"]), tr(status_label(row.rule_status))],
    ]


def matrix(result: Result, indicators: Sequence[Score]) -> tuple[list[Column], list[list[Cell | str]]]:
    """Give the verdict of every county in some indicators, with its counts."""
    by = {(row.county_code, row.rule_id): row for row in result.scores}
    columns = [Column(tr(LABELS["county_name"]), 3.0), *(Column(indicator(row), 3.4) for row in indicators)]
    rows: list[list[Cell | str]] = []
    for code in result.counties():
        there = [by.get((code, row.rule_id)) for row in indicators]
        name = next((tr(row.county) for row in result.of_county(code)), code)
        rows.append([f"{name}\n{code}" if code.isdigit() else name, *map(_verdict, there)])
    return columns, rows


def _verdict(row: Score | None) -> Cell:
    if row is None:
        return Cell(DASH)
    said = status(row.status)
    if not row.in_scope:
        return said._replace(bold=False)
    counts = tr(_COUNTS).format(met=figure(row.met), not_met=figure(row.not_met))
    untold = tr(_UNTOLD).format(n=figure(row.cannot_tell))
    share = tr(_SHARE).format(judged=figure(row.judged), scope=figure(row.in_scope))
    unit_told = f" {row.unit}" if row.unit not in ("item", "") else ""
    comma = tr(Text("，", ", "))
    return Cell("\n".join((said.words, counts + unit_told, f"{untold}{comma}{share}")), said.colour)


def gap_table(gaps: Sequence[dict[str, Any]]) -> tuple[list[Column], list[list[Cell | str]]]:
    """Give gaps with their reasons."""
    columns = [
        Column(tr(LABELS["rank"]), 1.1, right=True),
        Column(tr(LABELS["subject"]), 3.4),
        Column(tr(LABELS["name"]), 3.0),
        Column(tr(LABELS["service"]), 1.6),
        Column(tr(LABELS["state"]), 2.2),
        Column(tr(LABELS["reason"]), 4.9),
        Column(tr(LABELS["people"]), 1.7, right=True),
    ]
    return columns, [
        [
            str(gap["rank"]),
            tr(SUBJECT_LABELS.get(gap["subject"], same(str(gap["subject"])))),
            str(gap["name"] or gap["item_id"] or DASH),
            re.split("[（(]", tr(SERVICE_LABELS.get(gap["service"], same(str(gap["service"])))))[0].strip(),
            state(str(gap["state"])),
            tr(reason_words(str(gap["reason"] or ""), gap["planned_year"])) or DASH,
            figure(gap["people"]),
        ]
        for gap in gaps
    ]


def rule_table(rules: Sequence[dict[str, Any]]) -> tuple[list[Column], list[list[Cell | str]]]:
    """List the rules with their sources; own packs and their reasons where a rule has them."""
    own = any(rule.get("own_pack") for rule in rules)
    columns = [
        Column(tr(LABELS["rule_id"]), 2.0),
        Column(tr(_MEANING), 3.4),
        Column(tr(_VALUE), 1.8),
        Column(tr(_DOCUMENT), 3.6),
        Column(tr(_CLAUSE), 2.8),
        Column(tr(_DATE), 1.3),
        Column(tr(_RULE_STATUS), 1.1),
        *([Column(tr(_OWN), 2.6)] if own else []),
    ]
    return columns, [
        [
            str(rule["id"]),
            tr(Text(str(rule["zh"]), str(rule["en"]))),
            tr(value_words(rule["value"], rule["unit"])).strip() or DASH,
            *(one_language(str(rule.get(key) or ""), current()) or DASH for key in ("document", "clause", "date")),
            Cell(tr(status_label(rule["status"])), bold=rule["status"] != "verified"),
            *([_own(rule)] if own else []),
        ]
        for rule in rules
    ]


def _own(rule: dict[str, Any]) -> str:
    if not rule.get("own_pack"):
        return DASH
    return tr(words.SAYS).format(what=rule["own_pack"], line=rule.get("reason") or DASH)


def cautions(result: Result, more: Sequence[Text]) -> tuple[list[Column], list[list[Cell | str]]]:
    """Say what is to be known before a number is signed: rules not verified, values changed, and `more`."""
    of_run = [from_json(one) for one in result.summary.get("cautions") or []]
    told = [
        *(of_run or [unverified_caution(result.rules)]),
        *(change_words(rule) for rule in result.rules if rule.get("own_pack")),
    ]
    return [Column(tr(_CAUTIONS), 1.0)], [[tr(words_said)] for words_said in (*told, *more) if words_said is not None]
