"""The files of a frontier scoreboard: gap layer, score table, job list."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...engine.context import RunContext
from ...layers.store.results import write_layer, write_table
from ...layers.store.spreadsheet import write_spreadsheet
from ...rules.pack import Rule, status_label
from ...text import Text
from ..reach.labels import EVIDENCE_LABELS
from .labels import STATUS_LABELS, county_words, reason_words
from .roads import RoadScores
from .words import BACKHAUL_LABELS, LABELS, SERVICE_LABELS, STATE_LABELS, SUBJECT_LABELS, UNIT_LABELS

_SCORE = (
    *("rule_id", "rule_name", "subject", "service", "county_code", "county_name", "unit", "in_scope", "met"),
    *(
        "not_met",
        "cannot_tell",
        "ratio_percent",
        "target_percent",
        "shortfall",
        "shortfall_at_most",
        "status",
        "rule_status",
    ),
)
_JOBS = (
    *("rank", "county_code", "county_name", "subject", "item_id", "name", "service", "state", "reason", "people"),
    *("backhaul", "lon", "lat", "nearest_station_id", "nearest_station_m", "nearest_cable_id", "nearest_cable_m"),
    *("border_m", "evidence", "rule_id"),
)
_WORDS: dict[str, dict[str, Text]] = {
    "subject": SUBJECT_LABELS,
    "service": SERVICE_LABELS,
    "state": STATE_LABELS,
    "status": STATUS_LABELS,
    "unit": UNIT_LABELS,
    "backhaul": BACKHAUL_LABELS,
    "evidence": EVIDENCE_LABELS,
}


def write_gaps(context: RunContext, gaps: pd.DataFrame) -> None:
    """Write the layer of gaps; what has no place keeps its row without geometry."""
    place = (gaps["lon"].to_numpy(np.float64), gaps["lat"].to_numpy(np.float64))
    rows = gaps.drop(columns=["lon", "lat"]).assign(people=gaps["people"].astype("Int64"))
    path = context.output("frontier_gap", "result.gpkg")
    write_layer(path, "frontier_gap", rows, place, "Point", aliases=LABELS)


def write_road_gaps(context: RunContext, roads: RoadScores) -> None:
    """Write the stretches of roads that nothing covers."""
    path = context.output("road_gap", "result.gpkg")
    write_layer(path, "road_gap", roads.gaps, roads.shapes, "MultiLineString", aliases=LABELS)


def write_score(context: RunContext, score: pd.DataFrame, rules: dict[str, Rule]) -> None:
    """Write the scoreboard as a table in Chinese."""
    whole = score["county_code"].to_numpy(object)
    rows = score.assign(
        rule_name=[rules[rule].name.zh for rule in score["rule_id"]],
        rule_status=[status_label(rules[rule].status).zh for rule in score["rule_id"]],
        subject=[rules[rule].subject for rule in score["rule_id"]],
        service=[rules[rule].service for rule in score["rule_id"]],
        county_name=[county_words(code, name).zh for code, name in zip(whole, score["county_name"])],
        county_code=[code if code[:1].isdigit() else "" for code in whole],
    )
    write_table(context.output("frontier_score", "frontier_score.csv"), _in_words(rows[list(_SCORE)]), LABELS)


def write_jobs(context: RunContext, gaps: pd.DataFrame) -> None:
    """Write the job list as CSV and XLSX, in Chinese."""
    rows = gaps.assign(
        reason=[reason_words(why, year).zh for why, year in zip(gaps["reason"], gaps["planned_year"])],
        county_name=[county_words(code, name or "").zh for code, name in zip(gaps["county_code"], gaps["county_name"])],
        county_code=gaps["county_code"].where(gaps["county_code"].str[:1].str.isdigit()),
        people=gaps["people"].astype("Int64"),
    )
    rows = _in_words(rows[list(_JOBS)])
    write_table(context.output("job_list", "job_list.csv"), rows, LABELS)
    write_spreadsheet(context.output("job_sheet", "job_list.xlsx"), "建设任务清单", rows, LABELS)


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    said = rows.copy()
    for name, labels in _WORDS.items():
        if name in said:
            said[name] = said[name].map({code: label.zh for code, label in labels.items()})
    return said
