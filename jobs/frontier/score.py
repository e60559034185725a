"""Count the items of a frontier scoreboard rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...analysis.scoreboard import ALL_COUNTIES, NONE_LISTED, OPEN, Target, by_county, tally
from ...rules.pack import Rule
from .items import Items
from .scope import Scope
from .services import Basis, service_states

Row = dict[str, Any]

ITEMS = "item"
UNIT_OF = {"border_road": "km", "inland_sea": "km²", "territorial_sea": "km²"}
_STATE = np.array(["not_met", "cannot_tell", "met"], dtype=object)


def target_of(rule: Rule) -> Target:
    """Give the share that a rule asks for."""
    return Target(None) if rule.comparison == "report" else Target(float(rule.value), rule.comparison == ">")


def point_scores(
    rules: Sequence[Rule], items: Items, scope: Scope, basis: Basis, *, split: bool
) -> tuple[list[Row], pd.DataFrame]:
    """Score every rule on its class.

    Returns
    -------
    list of dict
        ``rule_id, unit, county_code`` and what `tally` gives; of a class whose layer is missing the counts are None and the
        status is cannot tell: nobody knows how many there are.
    pandas.DataFrame
        ``rule_id, subject, item_id, county_code, backhaul, state``, one row an item in scope and rule.
    """
    rows: list[Row] = []
    kept = []
    for rule in rules:
        own = (items.table["subject"] == rule.subject).to_numpy(bool) & scope.inside
        state = service_states(rule.service, basis, items.table)[own]
        table = items.table[own]
        found = _tallies(state, table, scope, target_of(rule), split, present=rule.subject in items.present)
        rows += [{"rule_id": rule.id, "unit": ITEMS, **row} for row in found]
        kept.append(
            table[["subject", "item_id", "county_code", "backhaul"]].assign(rule_id=rule.id, state=_STATE[state])
        )
    return rows, pd.concat(kept, ignore_index=True)


def _tallies(
    state: np.ndarray, table: pd.DataFrame, scope: Scope, target: Target, split: bool, *, present: bool
) -> list[Row]:
    county = table["county_code"].to_numpy(object)
    found = by_county(state, county, scope.counties, target)
    if not split:
        found = found[-1:]
    return found if present else [_unknown(row["county_code"], target) for row in found]


def _unknown(county: str, target: Target) -> Row:
    counts = dict.fromkeys(tally(np.zeros(0, np.int8), target))
    return {"county_code": county, **counts, "target_percent": target.percent, "status": OPEN}


def unscored(rules: Sequence[Rule]) -> list[Row]:
    """Give the rows of rules that nothing is counted for: cannot tell, never nought."""
    return [
        {"rule_id": rule.id, "unit": UNIT_OF.get(rule.subject, ITEMS), **_unknown(ALL_COUNTIES, target_of(rule))}
        for rule in rules
    ]


def in_order(rows: Sequence[Row], rules: Sequence[Rule]) -> pd.DataFrame:
    """Put the scores of all classes together in the order of the pack's rules; counts stay whole numbers."""
    place = {rule.id: number for number, rule in enumerate(rules)}
    return pd.DataFrame(sorted(rows, key=lambda row: place[row["rule_id"]]), dtype=object)


def open_where_unsettled(score: pd.DataFrame, scope: Scope) -> None:
    """Leave a total of nothing open while of some county nobody knows whether it is in scope."""
    if scope.unsettled:
        none = (score["county_code"] == ALL_COUNTIES) & (score["status"] == NONE_LISTED)
        score.loc[none, "status"] = OPEN
