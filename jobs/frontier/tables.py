"""The files of a frontier scoreboard: gap layer, score table, job list."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...engine.context import RunContext
from ...layers.store.results import write_layer, write_table
from ...layers.store.spreadsheet import write_spreadsheet
from ...rules.pack import Rule, status_label
from ...text import Text
from ..lines.files import write_results
from ..reach.labels import EVIDENCE_LABELS
from .cautions import row_caution, score_caution, unverified_ids
from .gap_tables import with_technology
from .items import Items
from .labels import STATUS_LABELS, county_words, reason_words
from .roads import RoadScores
from .scope import Scope
from .score import BACKHAUL_WAYS
from .words import (
    BACKHAUL_LABELS,
    LABELS,
    NOTE_LABELS,
    SCOPE_LABELS,
    SERVICE_LABELS,
    STATE_LABELS,
    SUBJECT_LABELS,
    UNIT_LABELS,
)

_SCORE: tuple[str, ...] = (
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
        "note",
        "caution",
    ),
    *(f"by_{way}" for way in BACKHAUL_WAYS),
)
_NUMBERS = (
    *("in_scope", "met", "not_met", "cannot_tell", "ratio_percent"),
    *("target_percent", "shortfall", "shortfall_at_most"),
)
_JOBS = (
    *("rank", "county_code", "county_name", "subject", "item_id", "name", "service", "state", "reason", "people"),
    *(
        "length_km",
        "backhaul",
        "lon",
        "lat",
        "nearest_station_id",
        "nearest_station_m",
        "nearest_cable_id",
        "nearest_cable_m",
    ),
    *("border_m", "evidence", "deciding_point", "rule_id", "rule_status", "caution"),
)
_WORDS: dict[str, dict[str, Text]] = {
    "subject": SUBJECT_LABELS,
    "service": SERVICE_LABELS,
    "state": STATE_LABELS,
    "status": STATUS_LABELS,
    "unit": UNIT_LABELS,
    "note": NOTE_LABELS,
    "backhaul": BACKHAUL_LABELS,
    "evidence": EVIDENCE_LABELS,
}


def write_gaps(context: RunContext, gaps: pd.DataFrame) -> None:
    """Write the layer of gaps; what has no place keeps its row without geometry."""
    _write_points(context, "frontier_gap", gaps)


def write_items(context: RunContext, items: pd.DataFrame) -> None:
    """Write the layer of all items; what has no place keeps its row without geometry."""
    _write_points(context, "frontier_item", items)


def _write_points(context: RunContext, name: str, rows: pd.DataFrame) -> None:
    place = (rows["lon"].to_numpy(np.float64), rows["lat"].to_numpy(np.float64))
    rows = rows.drop(columns=["lon", "lat"]).assign(people=rows["people"].astype("Int64"))
    write_layer(context.output(name, "result.gpkg"), name, rows, place, "Point", aliases=LABELS)


def write_scope(context: RunContext, scope: Scope, items: Items) -> None:
    """Write the counties with their outlines: in scope, out of it, or to be settled."""
    path = context.output("frontier_scope", "result.gpkg")
    write_layer(path, "frontier_scope", scope.told, list(items.shapes), "MultiPolygon", aliases=SCOPE_LABELS)


def write_roads(context: RunContext, roads: RoadScores) -> None:
    """Write the stretches of border roads with their states, and the runs that nothing covers."""
    write_results(context, roads.states, roads.gaps)


def write_backhaul(context: RunContext, counts: pd.DataFrame, county_names: Mapping[str, str]) -> None:
    """Write the counts by backhaul as a table beside the layers."""
    rows = counts.assign(county_name=counts["county_code"].map(dict(county_names)))
    path = context.output("frontier_gap", "result.gpkg")
    write_layer(path, "frontier_backhaul", rows, None, "", aliases=LABELS)


def write_score(context: RunContext, score: pd.DataFrame, rules: dict[str, Rule]) -> None:
    """Write the scoreboard as a table in Chinese, and in codes beside the layers."""
    whole = score["county_code"].to_numpy(object)
    weak = unverified_ids(context.rules)
    counted = score["in_scope"].notna()
    score = score.assign(
        caution=[score_caution(rules[rule], told, weak) for rule, told in zip(score["rule_id"], counted)]
    )
    coded = score.assign(
        rule_name=[rules[rule].name.zh for rule in score["rule_id"]],
        rule_name_en=[rules[rule].name.en for rule in score["rule_id"]],
        rule_status=[rules[rule].status for rule in score["rule_id"]],
        unverified=[int(rules[rule].status != "verified") for rule in score["rule_id"]],
        subject=[rules[rule].subject for rule in score["rule_id"]],
        service=[rules[rule].service for rule in score["rule_id"]],
    )[[*_SCORE, "rule_name_en", "unverified"]]
    ways = {f"by_{way}": coded[f"by_{way}"].astype("Int64") for way in BACKHAUL_WAYS}
    numbers = {name: coded[name].astype("Float64") for name in _NUMBERS} | ways
    beside = context.output("frontier_gap", "result.gpkg")
    write_layer(beside, "frontier_score", coded.assign(**numbers), None, "", aliases=LABELS)
    rows = score.assign(
        rule_name=[rules[rule].name.zh for rule in score["rule_id"]],
        rule_status=[status_label(rules[rule].status).zh for rule in score["rule_id"]],
        subject=[rules[rule].subject for rule in score["rule_id"]],
        service=[rules[rule].service for rule in score["rule_id"]],
        county_name=[county_words(code, name).zh for code, name in zip(whole, score["county_name"])],
        county_code=[code if code[:1].isdigit() else "" for code in whole],
    )
    write_table(context.output("frontier_score", "frontier_score.csv"), _in_words(rows[list(_SCORE)]), LABELS)


def write_jobs(context: RunContext, gaps: pd.DataFrame, roads: pd.DataFrame, rules: dict[str, Rule]) -> None:
    """Write the job list as CSV and XLSX, in Chinese: the items, then the stretches of roads (see `road_jobs`)."""
    gaps = pd.concat([gaps, roads.assign(rank=np.arange(1, len(roads) + 1) + len(gaps))], ignore_index=True)
    gaps = gaps.reindex(columns=list(dict.fromkeys([*gaps.columns, "length_km"])))
    weak = unverified_ids(context.rules)
    rows = gaps.assign(
        rule_status=[status_label(rules[rule].status).zh for rule in gaps["rule_id"]],
        caution=[row_caution(rules[rule], how, weak) for rule, how in zip(gaps["rule_id"], gaps["evidence"])],
        reason=[reason_words(why, year).zh for why, year in zip(gaps["reason"], gaps["planned_year"])],
        county_name=[county_words(code, name or "").zh for code, name in zip(gaps["county_code"], gaps["county_name"])],
        county_code=gaps["county_code"].where(gaps["county_code"].str[:1].str.isdigit()),
        people=gaps["people"].astype("Int64"),
        lon=gaps["lon"].astype(np.float64).round(6),
        lat=gaps["lat"].astype(np.float64).round(6),
        nearest_station_id=[
            with_technology(*near) for near in zip(gaps["nearest_station_id"], gaps["nearest_station_technology"])
        ],
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
