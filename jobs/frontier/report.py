"""The report page of a frontier scoreboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...analysis.scoreboard import ALL_COUNTIES, MET, NONE_LISTED, OPEN, SHORT
from ...layers.html_report import Cell, Section, write_report
from ...rules.pack import Rule, status_label
from ...text import Text, same
from ..shared.rules import plain
from .labels import county_words, reason_words, status_cell, words_of
from .words import BACKHAUL_LABELS, LABELS, SERVICE_LABELS, STATE_LABELS, SUBJECT_LABELS, UNIT_LABELS

_NUMBERS = ("in_scope", "met", "not_met", "cannot_tell", "ratio_percent", "target_percent", "shortfall")
_MOST_GAPS = 200
_GAP_KEYS = (
    *("rank", "subject", "name", "county_name", "service", "state", "reason", "people"),
    *("nearest_station_m", "nearest_cable_m", "border_m"),
)


def score_sentence(score: pd.DataFrame) -> Text:
    """Say how many indicators are met, short and open over all counties."""
    total = score.loc[score["county_code"] == ALL_COUNTIES, "status"]
    met, short, untold, none = (int((total == status).sum()) for status in (MET, SHORT, OPEN, NONE_LISTED))
    return Text(
        f"{len(total)} 项指标：已达标 {met} 项，未达标 {short} 项，无法判定 {untold} 项，数据中未列出对象 {none} 项。"
        "无法判定的不计入比例，也不算未达到；“至少还差”假定无法判定的全部达到，“至多还差”假定全部未达到。",
        f"{len(total)} indicators: {met} met, {short} short, {untold} cannot be told, {none} without anything listed. What cannot be "
        "told is in no ratio and is not missed; “short ≥” takes all of it as met, “short ≤” none of it.",
    )


def write_frontier_report(
    path: Path,
    title: Text,
    rules: Sequence[Rule],
    score: pd.DataFrame,
    gaps: pd.DataFrame,
    sections: Sequence[Section],
    sentences: Sequence[Text],
    cautions: Sequence[Text],
) -> None:
    """Write the report: scoreboard, counties, gaps, then the sections of the basis.

    Parameters
    ----------
    score : pandas.DataFrame
        As `scoreboard.by_county` gives it, with ``rule_id`` and ``county_name``.
    gaps : pandas.DataFrame
        Ranked.
    """
    by_id = {rule.id: rule for rule in rules}
    total = score[score["county_code"] == ALL_COUNTIES]
    by_county = score[(score["county_code"] != ALL_COUNTIES) & (score["status"] != NONE_LISTED)]
    parts = [
        Section(Text("结论", "Verdict"), [score_sentence(score), *sentences], cautions),
        Section(
            Text("计分表", "Scoreboard"),
            headings=[
                *(LABELS[key] for key in ("rule_name", "unit", *_NUMBERS, "shortfall_at_most", "status")),
                LABELS["rule_status"],
            ],
            rows=[_score_row(row, by_id[row["rule_id"]]) for row in total.to_dict("records")],
        ),
    ]
    if len(by_county):
        parts.append(
            Section(
                Text("分县计分", "By county"),
                [Text("没有对象的县从略。", "Counties without anything listed are left out.")],
                headings=[LABELS[key] for key in ("county_name", "rule_name", "unit", *_NUMBERS, "status")],
                rows=[
                    [
                        county_words(row["county_code"], row["county_name"]),
                        by_id[row["rule_id"]].name,
                        UNIT_LABELS[row["unit"]],
                        *(plain(row[key]) for key in _NUMBERS),
                        status_cell(row["status"]),
                    ]
                    for row in by_county.to_dict("records")
                ],
            )
        )
    parts += [_gap_section(gaps), *sections]
    write_report(path, title, parts)


def _score_row(row: dict[str, Any], rule: Rule) -> list[Cell]:
    return [
        rule.name,
        UNIT_LABELS[row["unit"]],
        *(plain(row[key]) for key in (*_NUMBERS, "shortfall_at_most")),
        status_cell(row["status"]),
        status_label(rule.status),
    ]


def _gap_section(gaps: pd.DataFrame) -> Section:
    shown = gaps.head(_MOST_GAPS)
    unmet, untold = (int((gaps["state"] == state).sum()) for state in ("not_met", "cannot_tell"))
    said = [
        Text(
            f"共 {len(gaps)} 项：未达到 {unmet} 项，无法判定 {untold} 项。先列未达到的，按受影响人数由多到少、距国界由近到远排列。"
            + (f"以下为前 {_MOST_GAPS} 项，全部见图层和清单。" if len(gaps) > _MOST_GAPS else ""),
            f"{len(gaps)} in all: {unmet} not met, {untold} that cannot be told. What is not met comes first, by people affected, then by "
            "nearness to the border."
            + (
                f" These are the first {_MOST_GAPS}; the layer and the list have all." if len(gaps) > _MOST_GAPS else ""
            ),
        )
    ]
    return Section(
        Text("未达到与无法判定的对象", "What is not met or cannot be told"),
        said,
        headings=[LABELS[key] for key in _GAP_KEYS],
        rows=[[_gap_cell(row, key) for key in _GAP_KEYS] for row in shown.to_dict("records")],
    )


def _gap_cell(row: dict[str, Any], key: str) -> Cell:
    value = row[key]
    if key == "reason":
        return reason_words(value, row["planned_year"])
    if key == "county_name":
        return county_words(row["county_code"], plain(value) or "")
    tables = {
        "subject": SUBJECT_LABELS,
        "service": SERVICE_LABELS,
        "state": STATE_LABELS,
    }
    if key.endswith("_m"):
        return None if pd.isna(value) else round(value)
    return words_of(tables[key], value) if key in tables else plain(value)


def backhaul_section(rows: pd.DataFrame, rules: Sequence[Rule]) -> Section | None:
    """Count islands and institutions by backhaul; None where there are none.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``rule_id, backhaul, state`` (met, not_met, cannot_tell), one row a thing and rule.
    """
    if not len(rows):
        return None
    names = {rule.id: rule.name for rule in rules}
    counted = rows.assign(backhaul=rows["backhaul"].fillna("")).groupby(["rule_id", "backhaul"], sort=True)["state"]
    unknown = Text("未注明", "Not stated")
    return Section(
        Text("海岛和边境机构的传输方式", "Islands and border institutions by backhaul"),
        headings=[
            LABELS["rule_name"],
            LABELS["backhaul"],
            *(LABELS[key] for key in ("in_scope", "met", "not_met", "cannot_tell")),
        ],
        rows=[
            [
                names[rule],
                BACKHAUL_LABELS.get(kind, same(kind)) if kind else unknown,
                len(states),
                *(int((states == state).sum()) for state in ("met", "not_met", "cannot_tell")),
            ]
            for (rule, kind), states in counted
        ],
    )
