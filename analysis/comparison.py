"""Hold two scoreboards against each other: what has changed between them, item by item, and a ledger that adds up.

An item is matched by rule and id. Of the four states of an item (met, not met, cannot tell, and absent: not among the
items in scope) every pair has its name in `CHANGES`, so that for every rule and county

    met after = met before + newly met + newly judged as met + came in as met
                − newly lost − no longer judged (was met) − left (was met)

and likewise for the other two states. `ledger` counts both ends from the two tables themselves and the changes from the
matched pairs, and refuses to give what does not add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from .scoreboard import ALL_COUNTIES

MET, NOT_MET, CANNOT_TELL, ABSENT = "met", "not_met", "cannot_tell", "absent"
STATES = (MET, NOT_MET, CANNOT_TELL)
NEWLY_MET, NEWLY_LOST, NEWLY_JUDGED, NO_LONGER_JUDGED, CAME_IN, LEFT, UNCHANGED = (
    *("newly_met", "newly_lost", "newly_judged", "no_longer_judged"),
    *("came_in", "left", "unchanged"),
)
CHANGES = (NEWLY_MET, NEWLY_LOST, NEWLY_JUDGED, NO_LONGER_JUDGED, CAME_IN, LEFT, UNCHANGED)
_MOVES = ("moved_in", "moved_out")
_KEYS = ["rule_id", "item_id", "occurrence"]
_NEEDED = ("rule_id", "item_id", "county_code", "state")


class Flow(NamedTuple):
    """One column of the ledger: what goes from one state to another."""

    name: str
    before: str
    after: str


# What moves into and out of "met", in the order in which a planner reads it; then the rest, so that all states add up.
FLOWS = (
    Flow("newly_met", NOT_MET, MET),
    Flow("newly_lost", MET, NOT_MET),
    Flow("judged_met", CANNOT_TELL, MET),
    Flow("judged_not_met", CANNOT_TELL, NOT_MET),
    Flow("unjudged_met", MET, CANNOT_TELL),
    Flow("unjudged_not_met", NOT_MET, CANNOT_TELL),
    *(Flow(f"in_{state}", ABSENT, state) for state in STATES),
    *(Flow(f"out_{state}", state, ABSENT) for state in STATES),
)


def change_of(before: str, after: str) -> str:
    """Name what has happened to an item.

    Parameters
    ----------
    before, after : str
        `MET`, `NOT_MET`, `CANNOT_TELL` or `ABSENT`, not absent on both sides.

    Raises
    ------
    ValueError
        It is absent on both sides, or a state is unknown.
    """
    known = (*STATES, ABSENT)
    if before not in known or after not in known or before == after == ABSENT:
        raise ValueError(f"no change leads from {before} to {after}")
    if before == after:
        return UNCHANGED
    if before == ABSENT:
        return CAME_IN
    if after == ABSENT:
        return LEFT
    if before == CANNOT_TELL:
        return NEWLY_JUDGED
    if after == CANNOT_TELL:
        return NO_LONGER_JUDGED
    return NEWLY_MET if after == MET else NEWLY_LOST


def match_items(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Pair the items of two scoreboards by rule and id.

    Parameters
    ----------
    before, after : pandas.DataFrame
        ``rule_id, item_id, county_code, state`` and any other columns, one row an item and rule. Rows of one rule with
        the same id are paired in their order.

    Returns
    -------
    pandas.DataFrame
        ``rule_id, item_id``, all other columns twice (``…_before``, ``…_after``; null where absent), and ``change``;
        one row a pair or an item that has none, in the order of rule and id. ``state_before`` and ``state_after`` are
        `ABSENT` where there is none.

    Raises
    ------
    ValueError
        A column is missing, or a state is none of `STATES`.
    """
    sides = []
    for rows, end in ((before, "_before"), (after, "_after")):
        _check(rows)
        counted = rows.assign(occurrence=rows.groupby(["rule_id", "item_id"], sort=False).cumcount())
        sides.append(counted.set_index(_KEYS).add_suffix(end))
    pairs = sides[0].join(sides[1], how="outer", sort=True).reset_index()
    for name in ("state_before", "state_after"):
        pairs[name] = pairs[name].where(pairs[name].notna(), ABSENT)
    pairs["change"] = np.array([change_of(*pair) for pair in zip(pairs["state_before"], pairs["state_after"])], object)
    return pairs.drop(columns="occurrence")


def _check(rows: pd.DataFrame) -> None:
    missing = [name for name in _NEEDED if name not in rows]
    if missing:
        raise ValueError(f"items without {', '.join(missing)}")
    strange = sorted(set(rows["state"]) - set(STATES), key=str)
    if strange:
        raise ValueError(f"no state of an item: {strange[0]}")


def moved(pairs: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which pairs lie in another county than before; in a county they count as gone and come."""
    there = (pairs["state_before"] != ABSENT) & (pairs["state_after"] != ABSENT)
    return np.asarray(there & (pairs["county_code_before"] != pairs["county_code_after"]), dtype=bool)


def ledger(pairs: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, amount: str = "") -> pd.DataFrame:
    """Count both ends and what lies between, by rule and county and in all.

    Parameters
    ----------
    pairs : pandas.DataFrame
        Of `match_items` or `match_pieces`.
    before, after : pandas.DataFrame
        The two tables that were matched.
    amount : str
        Column to add up in place of counting rows: it stands in both tables and, under its own name, in `pairs`.

    Returns
    -------
    pandas.DataFrame
        ``rule_id, county_code`` (`ALL_COUNTIES` in the last row of a rule), ``{met,not_met,cannot_tell}_before`` and
        ``_after``, the names of `FLOWS`, and ``moved_in, moved_out``: how much of what came in and left only changed
        its county; in the row of all how much moved at all.

    Raises
    ------
    ArithmeticError
        The ends and the changes do not add up, or the counties do not add up to the total.
    """
    parts = _by_county(pairs)
    names = {(flow.before, flow.after): flow.name for flow in FLOWS}
    columns = [*(f"{state}_{end}" for end in ("before", "after") for state in STATES), *names.values(), *_MOVES]
    pieces = []
    for rows, end in ((before, "_before"), (after, "_after")):
        pieces.append(_split(rows.assign(column=rows["state"] + end), amount))
    for rows, whole in ((parts, False), (pairs, True)):
        flow = np.array([names.get(pair) for pair in zip(rows["state_before"], rows["state_after"])], dtype=object)
        there = flow != None  # noqa: E711 - elementwise: what stays as it was flows nowhere
        pieces.append(_split(rows[there].assign(column=flow[there]), amount, whole=whole))
    away = parts[parts["moved"].to_numpy(bool)]
    side = np.where(away["state_before"] == ABSENT, *_MOVES)
    pieces.append(_split(away.assign(column=side), amount))
    counted = pd.concat(pieces).pivot_table("value", ["rule_id", "county_code"], "column", aggfunc="sum")
    table = counted.reindex(columns=columns).fillna(0).rename_axis(columns=None).reset_index()
    table[columns] = table[columns].astype(np.float64 if amount else np.int64)
    last = (table["county_code"] == ALL_COUNTIES).to_numpy(bool)
    table = table.assign(last=last).sort_values(["rule_id", "last", "county_code"], kind="stable")
    table = table.drop(columns="last").reset_index(drop=True)
    check_ledger(table, tolerance=1e-6 * max(len(pairs), 1) if amount else 0.0)
    return table


def _split(rows: pd.DataFrame, amount: str, *, whole: bool | None = None) -> pd.DataFrame:
    """Give the value of every row under its county and under all of them, or (`whole`) under one of the two."""
    value = rows[amount].to_numpy(np.float64) if amount else np.ones(len(rows))
    parts = rows.assign(value=value)[["rule_id", "column", "value"]]
    kept = []
    if whole is not True:
        kept.append(parts.assign(county_code=rows["county_code"].to_numpy(object)))
    if whole is not False:
        kept.append(parts.assign(county_code=ALL_COUNTIES))
    return pd.concat(kept)


def _by_county(pairs: pd.DataFrame) -> pd.DataFrame:
    """Give the pairs as each county sees them: one that moved has left the one and come into the other."""
    away = moved(pairs)
    stayed = pairs[~away]
    home = stayed["county_code_after"].where(stayed["state_after"] != ABSENT, stayed["county_code_before"])
    left = pairs[away].assign(state_after=ABSENT, county_code=pairs.loc[away, "county_code_before"], moved=True)
    come = pairs[away].assign(state_before=ABSENT, county_code=pairs.loc[away, "county_code_after"], moved=True)
    return pd.concat([stayed.assign(county_code=home, moved=False), left, come], ignore_index=True)


def check_ledger(table: pd.DataFrame, tolerance: float = 0.0) -> None:
    """Hold a ledger to its sums: both ends of every row, and all counties of a rule against its total.

    Parameters
    ----------
    table : pandas.DataFrame
        Of `ledger`.
    tolerance : float
        Of amounts that were rounded; 0 for counts.

    Raises
    ------
    ArithmeticError
        Something does not add up.
    """
    for state in STATES:
        come = sum((table[flow.name] for flow in FLOWS if flow.after == state), start=0)
        gone = sum((table[flow.name] for flow in FLOWS if flow.before == state), start=0)
        off = (table[f"{state}_before"] + come - gone - table[f"{state}_after"]).abs()
        _raise_where(table, off > tolerance, f"the changes of “{state}” do not lead from before to after")
    total = table["county_code"] == ALL_COUNTIES
    plain = [f"{state}_{end}" for state in STATES for end in ("before", "after")]
    for name in plain:
        off = (_sums(table[~total], name) - _sums(table[total], name)).abs()
        _raise_where(off.reset_index(), off.to_numpy() > tolerance, f"{name} of the counties is not that of all")
    for side in ("in", "out"):
        names = [f"{side}_{state}" for state in STATES]
        parts = _sums(table[~total], names).sum(axis=1) - _sums(table[~total], f"moved_{side}")
        off = (parts - _sums(table[total], names).sum(axis=1)).abs()
        _raise_where(
            off.reset_index(), off.to_numpy() > tolerance, f"“{side}” of the counties less moves is not that of all"
        )


def _sums(table: pd.DataFrame, names: str | Sequence[str]) -> pd.Series | pd.DataFrame:
    return table.groupby("rule_id", sort=True)[names if isinstance(names, str) else list(names)].sum()


def _raise_where(table: pd.DataFrame, wrong: npt.ArrayLike, what: str) -> None:
    rows = np.flatnonzero(np.asarray(wrong, dtype=bool))
    if len(rows):
        row = table.iloc[int(rows[0])]
        raise ArithmeticError(f"{row['rule_id']}, county {row.get('county_code', ALL_COUNTIES)}: {what}")
