"""Page one of a scoreboard's report, and its matrix of indicators and counties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...analysis.scoreboard import ALL_COUNTIES, MET, NO_TARGET, NONE_LISTED, OPEN, SHORT
from ...layers.html_report import Cell, Marked, Noted, Section, words_markup
from ...rules.pack import Rule
from ...text import NOTHING, Text, same
from .labels import county_words, status_cell
from .score_cells import (
    count_cells,
    name_cell,
    rule_cell,
    share_cell,
    short_cell,
    shortfall_cell,
    sign_notes,
    target_cell,
    unit_words,
)
from .words import LABELS, STATUS_LABELS, STATUS_MARKS

_A_TABLE = 12  # indicators side by side on A4 paper
_SHORT_NAME = 8  # letters of a county that are not broken into lines
_TILES = (MET, SHORT, OPEN, NONE_LISTED, NO_TARGET)
_SHARE, _TARGET, _SHORT = Text("达到率", "Share met"), Text("目标", "Target"), Text("差额", "Shortfall")
_SIGNATURE = (Text("编制", "Prepared"), Text("校核", "Checked"), Text("审核", "Approved"), Text("日期", "Date"))
_READING = Text(
    "达到率只以已判定的为分母；无法判定的不算达到，也不算未达到。差额：“至少”假定无法判定的全部达到，“至多”假定全部未达到。",
    "The share is of what is judged. What cannot be told is neither met nor missed: “at least” takes all of it as met, “at "
    "most” none of it.",
)

_MATRIX = Text(
    "各格为结论和达到率（占已判定的）。● 已达标，▲ 未达标，○ 无法判定；– 数据中未列出，或该指标不分县。",
    "Each cell is verdict and share met of what is judged. ● met, ▲ short, ○ cannot tell; – none listed, or not told by county.",
)


def anchor_of(code: str) -> str:
    """Name the page of a county."""
    return f"county-{code}"


def class_anchor(rule_id: str) -> str:
    """Name the page of an indicator."""
    return f"class-{rule_id}"


def verdict_section(score: pd.DataFrame, facts: Sequence[Sequence[Cell]]) -> Section:
    """Say what was judged and how it came out, in tiles."""
    total = score.loc[score["county_code"] == ALL_COUNTIES, "status"]
    tiles = []
    for status in _TILES:
        count = int((total == status).sum())
        if count or status in (MET, SHORT, OPEN):
            mark, colour = STATUS_MARKS[status]
            tiles.append(
                f'<div style="border-left-color:{colour}"><b style="color:{colour}">{mark} {count}</b>'
                f"{words_markup(STATUS_LABELS[status])}</div>"
            )
    picture = same(f'<div class="tiles">{"".join(tiles)}</div>')
    return Section(NOTHING, rows=facts, picture=picture, anchor="verdict", beside=True)


def scoreboard_section(score: pd.DataFrame, rules: Mapping[str, Rule], linked: Sequence[str]) -> Section:
    """Give the scoreboard of all counties together; `linked` are the rules that have a page of their own."""
    total = score[score["county_code"] == ALL_COUNTIES].to_dict("records")
    return Section(
        Text("计分表", "Scoreboard"),
        headings=[
            *(LABELS[key] for key in ("rule_name", "unit", "in_scope", "met", "not_met", "cannot_tell")),
            *(_SHARE, _TARGET, _SHORT, LABELS["status"], LABELS["rule_status"]),
        ],
        rows=[
            [
                name_cell(rules[row["rule_id"]], class_anchor(row["rule_id"]) if row["rule_id"] in linked else ""),
                *_numbers(row, rules[row["rule_id"]]),
                rule_cell(rules[row["rule_id"]]),
            ]
            for row in total
        ],
        notes=[*sign_notes([rules[row["rule_id"]] for row in total]), _READING],
        anchor="scoreboard",
    )


def signature_section() -> Section:
    """Give the lines that are signed."""
    lines = "".join(f"<span>{words_markup(words)}</span>" for words in _SIGNATURE)
    return Section(NOTHING, picture=same(f'<div class="sign">{lines}</div>'))


def county_table(rows: Sequence[dict[str, Any]], rules: Mapping[str, Rule]) -> Section:
    """Give the scores of one county."""
    return Section(
        NOTHING,
        headings=[
            *(LABELS[key] for key in ("rule_name", "unit", "in_scope", "met", "not_met", "cannot_tell")),
            *(_SHARE, _TARGET, _SHORT, LABELS["status"]),
        ],
        rows=[[name_cell(rules[row["rule_id"]]), *_numbers(row, rules[row["rule_id"]])] for row in rows],
        notes=sign_notes([rules[row["rule_id"]] for row in rows]),
    )


def _numbers(row: dict[str, Any], rule: Rule) -> list[Cell]:
    return [
        unit_words(row["unit"]),
        *count_cells(row),
        share_cell(row),
        target_cell(rule),
        shortfall_cell(row),
        status_cell(row["status"]),
    ]


def matrix_sections(score: pd.DataFrame, rules: Mapping[str, Rule], linked: Sequence[str]) -> list[Section]:
    """Give verdict and share of every county and indicator, with as many indicators side by side as paper holds.

    Parameters
    ----------
    linked : sequence of str
        Counties that have a page of their own.
    """
    found = {(row["county_code"], row["rule_id"]): row for row in score.to_dict("records")}
    counties = {row["county_code"]: row["county_name"] for row in score.to_dict("records")}
    counties = {code: name for code, name in counties.items() if code != ALL_COUNTIES} | {ALL_COUNTIES: ""}
    if len(counties) == 1:
        return []
    ids = list(dict.fromkeys(score["rule_id"]))
    parts = -(-len(ids) // _A_TABLE)
    a_table = -(-len(ids) // parts)
    sections = []
    for start in range(0, len(ids), a_table):
        own = ids[start : start + a_table]
        more = (
            Text(f"（{start // a_table + 1}/{parts}）", f" ({start // a_table + 1} of {parts})")
            if parts > 1
            else NOTHING
        )
        rows = [
            [
                Noted(
                    county_words(code, name),
                    to=anchor_of(code) if code in linked else "",
                    whole=len(name) <= _SHORT_NAME,
                ),
                *(_verdict(found.get((code, rule))) for rule in own),
            ]
            for code, name in counties.items()
        ]
        names = [rules[rule] for rule in own]
        sections.append(
            Section(
                Text(f"分县结论{more.zh}", f"Verdicts by county{more.en}"),
                headings=[LABELS["county_name"], *(_signed(rule) for rule in names)],
                rows=rows,
                notes=[_MATRIX, *sign_notes(names)],
                anchor="counties" if not start else "",
                new_page=bool(start),
            )
        )
    return sections


def _signed(rule: Rule) -> Text:
    sign = {"unverified": " †", "by_analogy": " ‡"}.get(rule.status, "")
    return Text(rule.name.zh + sign, rule.name.en + sign)


def _verdict(row: dict[str, Any] | None) -> Cell:
    return Marked(NOTHING, *STATUS_MARKS[NONE_LISTED]) if row is None else short_cell(row)
