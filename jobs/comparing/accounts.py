"""The table of a comparison: what was met before, what came and went, and what is met now, by class and county."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...analysis.comparison import FLOWS, STATES, ledger
from ...analysis.scoreboard import ALL_COUNTIES
from .shown import shown_row
from .sides import Side
from .stretches import Stretches

_ENDS = ("before", "after")
_ABOUT = ("rule_name", "rule_name_en", "rule_status", "subject", "service", "unit")
_DECIMALS = 3
_METRE = 0.001
_SCORED = {
    "status": "status",
    "ratio_percent": "ratio",
    "target_percent": "target",
}


def account(
    pairs: pd.DataFrame,
    stretches: Stretches,
    earlier: Side,
    later: Side,
    rules: Sequence[str],
    counties: Mapping[str, str],
) -> pd.DataFrame:
    """Count what has changed, by rule and county; the sums are checked.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Matched items of the rules.
    stretches : Stretches
        Matched stretches of roads.
    rules : sequence of str
        Those that both sides have, in the order of the pack.
    counties : mapping of code to name

    Returns
    -------
    pandas.DataFrame
        One row a rule and county, that of all counties last: ``rule_id, rule_name, rule_name_en, rule_status, subject, service,
        unit, county_code, county_name``; ``in_scope``, ``met``, ``not_met``, ``cannot_tell``, ``ratio``, ``target`` and
        ``status`` with ``_before`` and ``_after``; ``met_difference``; the names of `FLOWS`, ``came_in, left, moved_in,
        moved_out`` (None where only amounts are known, as of the sea). A class whose layer one side lacked has None
        there: nobody knows how many there were.

    Roads are cut to the metre, so that their sums hold to a metre a stretch.

    Raises
    ------
    ArithmeticError
        What was met before and what has changed do not lead to what is met now.
    """
    sides = [side.items[side.items["rule_id"].isin(rules)] for side in (earlier, later)]
    lengths = ledger(stretches.pairs, stretches.before, stretches.after, "km").round(_DECIMALS)
    counted = pd.concat([ledger(pairs, *sides).astype(object), lengths.astype(object)])
    counted = counted.set_index(["rule_id", "county_code"])
    counted["came_in"] = counted[[f"in_{state}" for state in STATES]].sum(axis=1)
    counted["left"] = counted[[f"out_{state}" for state in STATES]].sum(axis=1)
    flows = [*(flow.name for flow in FLOWS), "came_in", "left", "moved_in", "moved_out"]
    matched = {rule for rule, _ in counted.index}
    scores = [side.score.set_index(["rule_id", "county_code"]) for side in (earlier, later)]
    about = later.score.drop_duplicates("rule_id").set_index("rule_id")
    found = []
    for rule in rules:
        known = {name: about.loc[rule, name] for name in _ABOUT}
        codes = {code for table in (*scores, counted) for each, code in table.index if each == rule}
        for code in [*sorted(codes - {ALL_COUNTIES}), ALL_COUNTIES]:
            row = {"rule_id": rule, **known, "county_code": code, "county_name": counties.get(code, "")}
            for score, end in zip(scores, _ENDS):
                there = score.loc[(rule, code)] if (rule, code) in score.index else None
                row |= {f"{new}_{end}": None if there is None else there[old] for old, new in _SCORED.items()}
                row |= _counts(there, scores[end == "after"], rule, code, end, counted)
            if (rule, code) in counted.index:
                row |= counted.loc[(rule, code), flows].to_dict()
            elif rule in matched or (
                known["unit"] == "item" and not all(row[f"in_scope_{end}"] is None for end in _ENDS)
            ):
                row |= dict.fromkeys(flows, 0)
            found.append(row)
    table = pd.DataFrame(found, dtype=object)
    table = table.reindex(columns=[*table.columns, *(name for name in flows if name not in table)])
    table["met_difference"] = _difference(table)
    _check_against_scores(table, counted, _METRE * (1 + len(stretches.pairs)))
    rows = [shown_row(row, _DECIMALS) for row in table.to_dict("records")]
    table = pd.DataFrame(rows, columns=table.columns, dtype=object)
    return table.where(table.notna(), None)


def _counts(
    there: pd.Series | None, score: pd.DataFrame, rule: str, code: str, end: str, counted: pd.DataFrame
) -> dict[str, Any]:
    """Give what one scoreboard counts in a county; 0 in one that it does not list, if it counts such items at all."""
    if there is not None:
        whole = there["unit"] == "item"
        return {
            f"{name}_{end}": None if pd.isna(there[name]) else int(there[name]) if whole else there[name]
            for name in ("in_scope", *STATES)
        }
    total = score.loc[(rule, ALL_COUNTIES)]
    if total["unit"] != "item" or pd.isna(total["in_scope"]):
        return {f"{name}_{end}": None for name in ("in_scope", *STATES)}
    states = {state: counted[f"{state}_{end}"].get((rule, code), 0) for state in STATES}
    return {f"{name}_{end}": value for name, value in {"in_scope": sum(states.values()), **states}.items()}


def _difference(table: pd.DataFrame) -> pd.Series:
    """Give how much more is met; None where one side does not know."""
    before, after = (pd.to_numeric(table[f"met_{end}"], errors="coerce") for end in _ENDS)
    return (after - before).round(_DECIMALS)


def _check_against_scores(table: pd.DataFrame, counted: pd.DataFrame, slack_km: float) -> None:
    """Hold items and lengths against what the two scoreboards say county by county."""
    for row in table.to_dict("records"):
        key = (row["rule_id"], row["county_code"])
        if key not in counted.index and row["unit"] != "item":
            continue
        for end in _ENDS:
            for state in STATES:
                told = row[f"{state}_{end}"]
                there = counted.loc[key, f"{state}_{end}"] if key in counted.index else 0
                if not pd.isna(told) and abs(told - there) > (0 if row["unit"] == "item" else slack_km):
                    raise ArithmeticError(
                        f"{row['rule_id']}, county {row['county_code']}: {there} {state} {end} but {told} in the table"
                    )
