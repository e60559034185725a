"""Count the items of a frontier scoreboard rule by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...analysis.scoreboard import ALL_COUNTIES, MET, NONE_LISTED, OPEN, SHORT, Target, by_county, tally
from ...rules.pack import Rule
from ...rules.subjects import LINES, NATIONAL, STATISTIC, classes_of
from .item_states import of_subject
from .items import Items
from .scope import Scope
from .services import Basis, service_states
from .words import BACKHAUL_LABELS, NOT_STATED

Row = dict[str, Any]

ITEMS = "item"
UNIT_OF = {"border_road": "km", "inland_sea": "km²", "territorial_sea": "km²"}
WITH_BACKHAUL = ("island", "border_institution")
BACKHAUL_WAYS = tuple(BACKHAUL_LABELS)
_TOLD = ("subject", "item_id", "county_code", "backhaul")
NATIONAL_NOTE = "national"
_NOTES = {**dict.fromkeys(LINES, "line_job"), STATISTIC: "no_statistic"}
_STATE = np.array(["not_met", "cannot_tell", "met"], dtype=object)


def target_of(rule: Rule) -> Target:
    """Give the share that a rule asks for; a count of the whole country is no target of a county."""
    return (
        Target(None)
        if rule.comparison == "report" or rule.unit != "%"
        else Target(float(rule.value), rule.comparison == ">")
    )


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
        own = of_subject(rule.subject, items.table) & scope.inside
        present = any(name in items.present for name in classes_of(rule.subject))
        state = service_states(rule.service, basis, items.table)[own]
        table = items.table[own]
        found = _tallies(state, table, scope, target_of(rule), split, present=present)
        note = NATIONAL_NOTE if rule.subject in NATIONAL and rule.unit != "%" else "" if present else "no_layer"
        rows += [{"rule_id": rule.id, "unit": ITEMS, "note": note, **row} for row in found]
        kept.append(table[list(_TOLD)].assign(rule_id=rule.id, state=_STATE[state]))
    empty = items.table.iloc[:0][list(_TOLD)].assign(rule_id="", state="")
    return rows, pd.concat(kept or [empty], ignore_index=True)


def by_backhaul(states: pd.DataFrame) -> pd.DataFrame:
    """Count islands and institutions by the backhaul that they state.

    Parameters
    ----------
    states : pandas.DataFrame
        Of `point_scores`.

    Returns
    -------
    pandas.DataFrame
        ``rule_id, subject, county_code, backhaul`` (`NOT_STATED` where a place says none), ``in_scope, met, not_met,
        cannot_tell``; one row a rule, county and backhaul that occurs, and the counties together as `ALL_COUNTIES`.
    """
    own = states[states["subject"].isin(WITH_BACKHAUL)]
    own = own.assign(backhaul=own["backhaul"].fillna(NOT_STATED))
    both = pd.concat([own, own.assign(county_code=ALL_COUNTIES)], ignore_index=True)
    keys = ["rule_id", "subject", "county_code", "backhaul"]
    for state in _STATE:
        both[state] = both["state"] == state
    counts = both.groupby(keys, sort=True)[list(_STATE)].sum().reset_index()
    counts.insert(len(keys), "in_scope", counts[list(_STATE)].sum(axis=1))
    return counts[[*keys, "in_scope", "met", "not_met", "cannot_tell"]]


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


def unscored(rules: Sequence[Rule], notes: Mapping[str, str]) -> list[Row]:
    """Give the rows of rules that nothing is counted for: cannot tell, never nought; `notes` say why, by subject."""
    return [
        {
            "rule_id": rule.id,
            "unit": UNIT_OF.get(rule.subject, rule.unit),
            "note": notes.get(rule.subject) or _NOTES.get(rule.subject, "no_layer"),
            **_unknown(ALL_COUNTIES, _no_target(rule)),
        }
        for rule in rules
    ]


def _no_target(rule: Rule) -> Target:
    """Give the target of a rule that nothing is counted for: none, where its number is no share of things."""
    return Target(None) if rule.subject in (*LINES, STATISTIC) else target_of(rule)


def in_order(rows: Sequence[Row], rules: Sequence[Rule]) -> pd.DataFrame:
    """Put the scores of all classes together in the order of the pack's rules; counts stay whole numbers."""
    place = {rule.id: number for number, rule in enumerate(rules)}
    score = pd.DataFrame(sorted(rows, key=lambda row: place[row["rule_id"]]), dtype=object)
    score["note"] = score["note"].fillna("")
    return score


def add_backhaul(score: pd.DataFrame, counts: pd.DataFrame, rules: Sequence[Rule]) -> None:
    """Add to the score how many things in scope state which backhaul: ``by_fibre`` and so on, None for other classes."""
    counted = {rule.id for rule in rules if rule.subject in WITH_BACKHAUL}
    told = {(row.rule_id, row.county_code, row.backhaul): int(row.in_scope) for row in counts.itertuples(index=False)}
    for way in BACKHAUL_WAYS:
        score[f"by_{way}"] = [
            told.get((rule, county, way), 0) if rule in counted and count is not None else None
            for rule, county, count in zip(score["rule_id"], score["county_code"], score["in_scope"])
        ]
        score[f"by_{way}"] = score[f"by_{way}"].astype(object).where(score[f"by_{way}"].notna(), None)


def open_where_unsettled(score: pd.DataFrame, scope: Scope) -> None:
    """Leave totals open that a county may turn of which nobody knows whether it is in scope.

    What is met may be met no longer with that county; what is short stays so only where all must be met.
    """
    if scope.unsettled:
        total = score["county_code"] == ALL_COUNTIES
        turnable = score["status"].isin((MET, NONE_LISTED)) | (
            (score["status"] == SHORT) & (score["target_percent"] != 100)
        )
        score.loc[total & turnable, "status"] = OPEN
