"""The files of a comparison: the layer of changed items and the table by class and county."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...engine.context import RunContext
from ...layers.store.results import write_layer, write_table
from ...rules.status import STATUS_LABELS as RULE_STATUS_LABELS
from ...text import Text
from ..frontier.words import SERVICE_LABELS, STATE_LABELS, STATUS_LABELS, SUBJECT_LABELS, UNIT_LABELS, county_words
from ..reach.labels import EVIDENCE_LABELS
from .words import ABSENT_LABEL, CHANGE_LABELS, DOUBT_LABELS, LABELS, SAME_BASIS, WHY_LABELS

_TABLE = (
    *("rule_id", "rule_name", "subject", "service", "county_code", "county_name", "unit"),
    *("in_scope_before", "met_before", "newly_met", "judged_met", "in_met", "newly_lost", "unjudged_met", "out_met"),
    *("met_after", "in_scope_after", "met_difference", "came_in", "left", "moved_in", "moved_out"),
    *("not_met_before", "not_met_after", "cannot_tell_before", "cannot_tell_after"),
    *("ratio_before", "ratio_after", "status_before", "status_after", "rule_status"),
)
_CODED = {
    "subject": SUBJECT_LABELS,
    "service": SERVICE_LABELS,
    "unit": UNIT_LABELS,
    "rule_status": RULE_STATUS_LABELS,
    "status_before": STATUS_LABELS,
    "status_after": STATUS_LABELS,
}
_ITEMS = (
    *("rule_id", "rule_name", "subject", "service", "item_id", "name", "county_code", "county_name", "change"),
    *("before", "after", "why", "doubt", "evidence_before", "evidence_after", "people", "name_before", "lon", "lat"),
)
_ITEM_WORDS = {
    "subject": SUBJECT_LABELS,
    "service": SERVICE_LABELS,
    "change": CHANGE_LABELS,
    "before": STATE_LABELS,
    "after": STATE_LABELS,
    "why": WHY_LABELS,
    "doubt": DOUBT_LABELS,
    "evidence_before": EVIDENCE_LABELS,
    "evidence_after": EVIDENCE_LABELS,
}


def write_changes(context: RunContext, changed: pd.DataFrame) -> None:
    """Write the changed items as a layer in codes, and as a table in Chinese."""
    place = (changed["lon"].to_numpy(np.float64), changed["lat"].to_numpy(np.float64))
    people = pd.to_numeric(changed["people"], errors="coerce").astype("Int64")
    rows = changed.drop(columns=["lon", "lat"]).assign(people=people, unverified=changed["unverified"].astype("Int64"))
    write_layer(
        context.output("frontier_change", "result.gpkg"), "frontier_change", rows, place, "Point", aliases=LABELS
    )
    said = changed.assign(
        people=people,
        county_name=_counties(changed),
        county_code=changed["county_code"].where(changed["county_code"].str[:1].str.isdigit()),
    )[list(_ITEMS)]
    said = _in_words(said, _ITEM_WORDS)
    said["before"], said["after"] = (said[name].fillna(ABSENT_LABEL.zh) for name in ("before", "after"))
    said["doubt"] = said["doubt"].fillna(SAME_BASIS.zh)
    write_table(context.output("changed_items", "changed_items.csv"), said, LABELS)


def write_accounts(context: RunContext, table: pd.DataFrame) -> None:
    """Write the table by class and county in Chinese."""
    said = table.assign(
        county_name=_counties(table),
        county_code=[code if code[:1].isdigit() else "" for code in table["county_code"]],
    )[list(_TABLE)]
    write_table(context.output("comparison", "comparison.csv"), _in_words(said, _CODED), LABELS)


def _counties(rows: pd.DataFrame) -> list[str]:
    return [county_words(code, name or "").zh for code, name in zip(rows["county_code"], rows["county_name"])]


def _in_words(rows: pd.DataFrame, tables: dict[str, dict[str, Text]]) -> pd.DataFrame:
    said = rows.copy()
    for name, labels in tables.items():
        said[name] = said[name].map({code: label.zh for code, label in labels.items()})
    return said
