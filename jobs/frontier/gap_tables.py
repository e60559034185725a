"""The ranked gaps of a scoreboard as tables of its report."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...layers.html_report import Cell, Marked, Noted, Section
from ...text import NOTHING, Text, same
from ..shared.rules import plain
from .labels import county_words, reason_words, words_of
from .words import LABELS, SERVICE_LABELS, STATE_LABELS, STATUS_MARKS, SUBJECT_LABELS

_STATE_MARKS = {"met": "met", "not_met": "short", "cannot_tell": "cannot_tell"}
_STATION, _CABLE = (
    Text("最近现有基站（不限制式）", "Nearest station (any technology)"),
    Text("最近干线光缆", "Nearest trunk cable"),
)
_BORDER = Text("距国界（km）", "To border (km)")
_MOST, _MOST_A_COUNTY = 60, 60
_WHOLE = 24  # letters that are not broken into lines; half as many Chinese ones


def gap_section(gaps: pd.DataFrame) -> Section:
    """List the first gaps of all counties."""
    unmet, untold = (int((gaps["state"] == state).sum()) for state in ("not_met", "cannot_tell"))
    return Section(
        Text("未达到与无法判定的对象", "What is not met or cannot be told"),
        [
            Text(
                f"共 {len(gaps)} 项：未达到 {unmet} 项，无法判定 {untold} 项。先列未达到的，按受影响人数由多到少、距国界由近到远排列。"
                + _cut(gaps, _MOST).zh,
                f"{len(gaps)} in all: {unmet} not met, {untold} that cannot be told. What is not met comes first, by people "
                "affected, then by nearness to the border." + _cut(gaps, _MOST).en,
            )
        ],
        headings=_headings(with_county=True),
        rows=[_row(row, with_county=True) for row in gaps.head(_MOST).to_dict("records")],
        anchor="gaps",
        new_page=True,
    )


def county_gaps(gaps: pd.DataFrame) -> Section:
    """List the first gaps of one county."""
    unmet, untold = (int((gaps["state"] == state).sum()) for state in ("not_met", "cannot_tell"))
    if not len(gaps):
        return Section(NOTHING, [Text("没有未达到或无法判定的对象。", "Nothing is missed, and nothing is open.")])
    return Section(
        NOTHING,
        [
            Text(
                f"缺口 {len(gaps)} 项：未达到 {unmet} 项，无法判定 {untold} 项。" + _cut(gaps, _MOST_A_COUNTY).zh,
                f"{len(gaps)} gaps: {unmet} not met, {untold} that cannot be told." + _cut(gaps, _MOST_A_COUNTY).en,
            )
        ],
        headings=_headings(with_county=False),
        rows=[_row(row, with_county=False) for row in gaps.head(_MOST_A_COUNTY).to_dict("records")],
    )


def _cut(gaps: pd.DataFrame, most: int) -> Text:
    if len(gaps) <= most:
        return NOTHING
    return Text(
        f"以下为前 {most} 项，全部见缺口图层和建设任务清单。",
        f" These are the first {most}; the layer and the job list have all.",
    )


def _headings(*, with_county: bool) -> list[Text]:
    county = [LABELS["county_name"]] if with_county else []
    return [
        *(LABELS[key] for key in ("rank", "subject", "name")),
        *county,
        *(LABELS[key] for key in ("service", "state", "reason", "people")),
        *(_STATION, _CABLE, _BORDER),
    ]


def _row(row: dict[str, Any], *, with_county: bool) -> list[Cell]:
    county: list[Cell] = [county_words(row["county_code"], plain(row["county_name"]) or "")] if with_county else []
    name = plain(row["name"]) or plain(row["item_id"]) or ""
    border = row["border_m"]
    return [
        plain(row["rank"]),
        words_of(SUBJECT_LABELS, row["subject"]),
        Noted(same(name), whole=2 * len(name) <= _WHOLE),
        *county,
        words_of(SERVICE_LABELS, row["service"]),
        state_cell(row["state"]),
        reason_words(row["reason"], row["planned_year"]),
        plain(row["people"]),
        near_cell(
            with_technology(row["nearest_station_id"], row.get("nearest_station_technology")), row["nearest_station_m"]
        ),
        near_cell(row["nearest_cable_id"], row["nearest_cable_m"]),
        None if pd.isna(border) else same(f"{border / 1000:,.1f}"),
    ]


def state_cell(state: str) -> Marked:
    """Give the state of a thing as word, mark and colour."""
    return Marked(STATE_LABELS[state], *STATUS_MARKS[_STATE_MARKS[state]])


def with_technology(station: Any, technology: Any) -> Any:
    """Name a station with its technologies, as every table of planners does."""
    if pd.isna(station) or technology is None or pd.isna(technology):
        return station
    return f"{station}（{'、'.join(str(technology).split(';'))}）"


def near_cell(name: Any, metres: float) -> Cell:
    """Say how far the nearest of something is, and which it is."""
    if pd.isna(metres):
        return None
    far = f"{metres:,.0f} m" if metres < 1000 else f"{metres / 1000:,.1f} km"
    words = f"{far} {name}"
    return Noted(same(words), whole=len(words) <= _WHOLE)
