"""The gaps of roads and seas as tables of a scoreboard's report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...layers.html_report import Cell, Section
from ...layers.specs.sea_areas import KINDS
from ...text import NOTHING, Text, figure, same
from ..shared.rules import plain
from .gap_tables import near_cell, state_cell
from .labels import county_words, reason_words, words_of
from .words import LABELS

_MOST = 40
_COUNTIES, _CHAINAGE = Text("所经县", "Counties"), Text("起止桩号（km）", "From – to (km)")
_LATER = Text("其中规划后达到（km）", "Of it met after plan (km)")
_ZONE, _AREA = Text("海域", "Sea"), Text("面积（km²）", "Area (km²)")
_STATION, _FURTHEST = Text("最近现有基站", "Nearest station"), Text("最远处距基站（km）", "Farthest from it (km)")
_ZONES = {code.value: code.label for code in KINDS}


def road_gaps(rows: pd.DataFrame, county_names: Mapping[str, str], county: str = "") -> list[Section]:
    """List the gaps of roads, the longest first; with `county`, those that run through it, at their whole length.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of the layer ``road_gap``.
    county_names : mapping of code to name
    county : str
        Six digits, or "" for all.
    """
    if county and len(rows):
        rows = rows[[county in str(codes).split(";") for codes in rows["county_codes"]]]
    if not len(rows):
        return []
    total = {
        state: figure(round(float(rows.loc[rows["state"] == state, "length_km"].sum()), 3), 2)
        for state in ("not_met", "cannot_tell")
    }
    across = Text("跨县的按全长列出。", " Those that cross into another county stand at their whole length.")
    said = Text(
        f"道路缺口 {len(rows)} 段：未达到 {total['not_met']} km，无法判定 {total['cannot_tell']} km。"
        + (across.zh if county else "")
        + (f"以下为最长的 {_MOST} 段。" if len(rows) > _MOST else ""),
        f"{len(rows)} gaps of roads: {total['not_met']} km not met, {total['cannot_tell']} km that cannot be told."
        + (across.en if county else "")
        + (f" These are the {_MOST} longest." if len(rows) > _MOST else ""),
    )
    order = rows.assign(untold=rows["state"] == "cannot_tell", longest=-rows["length_km"])
    order = order.sort_values(["untold", "longest", "road_id", "from_km"], kind="stable").head(_MOST)
    headings = [*(LABELS[key] for key in ("route", "name")), _COUNTIES, _CHAINAGE]
    headings += [*(LABELS[key] for key in ("length_km", "state", "reason")), _LATER]
    shown = [_road(row, county_names) for row in order.to_dict("records")]
    return [Section(NOTHING, [said], headings=headings, rows=shown)]


def _road(row: dict[str, Any], county_names: Mapping[str, str]) -> list[Cell]:
    counties = [county_words(code, county_names.get(code, "")) for code in str(row["county_codes"]).split(";")]
    return [
        plain(row["route"]),
        plain(row["name"]) or row["road_id"],
        Text("、".join(words.zh for words in counties), ", ".join(words.en for words in counties)),
        same(f"{row['from_km']:,.3f} – {row['to_km']:,.3f}"),
        float(row["length_km"]),
        state_cell(row["state"]),
        reason_words(row["reason"], None),
        plain(row.get("planned_km")),
    ]


def sea_gaps(rows: pd.DataFrame) -> list[Section]:
    """List the gaps of the sea (layer ``sea_gap``), the largest first."""
    if not len(rows):
        return []
    order = rows.assign(untold=rows["state"] == "cannot_tell", largest=-rows["area_km2"])
    order = order.sort_values(["untold", "largest"], kind="stable").head(_MOST)
    return [
        Section(
            NOTHING,
            headings=[_ZONE, _AREA, LABELS["state"], LABELS["reason"], _STATION, _FURTHEST],
            rows=[
                [
                    words_of(_ZONES, row["zone"]),
                    float(row["area_km2"]),
                    state_cell(row["state"]),
                    reason_words(row["reason"], None),
                    near_cell(row["nearest_station_id"], row["nearest_station_m"]),
                    None if pd.isna(row["furthest_station_m"]) else same(f"{row['furthest_station_m'] / 1000:,.1f}"),
                ]
                for row in order.to_dict("records")
            ],
        )
    ]
