"""Hold the stretches of two scoreboards' roads against each other, by chainage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from .comparison import ABSENT, change_of

_SIDES = ("before", "after")
_COLUMNS = ["rule_id", "item_id", "from_km", "to_km", "km"]
# Chainages are written to the metre: what differs by no more at either end is the same place.
_SAME_KM = 0.0015


def match_pieces(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Cut the stretches of both sides at each other's ends and pair what lies at the same chainage of the same road.

    A road whose counted stretches end elsewhere than before, or are longer or shorter in all, was drawn anew or counted
    otherwise: chainages of the two say different things, and all of its stretches have left and come in.

    Parameters
    ----------
    before, after : pandas.DataFrame
        ``rule_id, item_id, county_code, state, from_km, to_km``; the stretches of one rule and road do not overlap.

    Returns
    -------
    pandas.DataFrame
        ``rule_id, item_id, from_km, to_km, km, change`` and ``county_code`` and ``state`` with ``_before`` and
        ``_after``, in the order of rule, road and chainage; a state is `ABSENT` where one side counts nothing.
    """
    sides = [_by_road(rows) for rows in (before, after)]
    found: list[dict[str, Any]] = []
    for rule, road in sorted({*sides[0], *sides[1]}):
        old, new = (side.get((rule, road)) for side in sides)
        matched = old is not None and new is not None and _is_same(old, new)
        couples = [(old, new)] if matched else [(old, None), (None, new)]
        for one, other in couples:
            found += [{"rule_id": rule, "item_id": road, **piece} for piece in _overlay(one, other)]
    columns = [*_COLUMNS, *(f"{name}_{end}" for end in _SIDES for name in ("county_code", "state")), "change"]
    return pd.DataFrame(found, columns=columns)


def unmatched_roads(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Name the roads that both sides count, but whose chainages do not correspond."""
    sides = [_by_road(rows) for rows in (before, after)]
    both = set(sides[0]) & set(sides[1])
    return sorted({road for rule, road in both if not _is_same(sides[0][rule, road], sides[1][rule, road])})


def _by_road(rows: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    ordered = rows.sort_values(["rule_id", "item_id", "from_km"], kind="stable")
    return {(str(rule), str(road)): own for (rule, road), own in ordered.groupby(["rule_id", "item_id"], sort=True)}


def _is_same(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    first, second = (
        np.array([rows["from_km"].min(), rows["to_km"].max(), (rows["to_km"] - rows["from_km"]).sum()], np.float64)
        for rows in (old, new)
    )
    slack = _SAME_KM * np.array([1, 1, max(len(old), len(new))])
    return bool(np.all(np.abs(first - second) <= slack))


def _overlay(old: pd.DataFrame | None, new: pd.DataFrame | None) -> Iterator[dict[str, Any]]:
    """Give the pieces between all ends of both sides that at least one of them counts."""
    given = [rows for rows in (old, new) if rows is not None]
    cuts = np.unique(
        np.concatenate([rows[name].to_numpy(np.float64) for rows in given for name in ("from_km", "to_km")])
    )
    for start, end in zip(cuts[:-1], cuts[1:]):
        told = [_at(rows, (start + end) / 2) for rows in (old, new)]
        states = [state for _, state in told]
        if states == [ABSENT, ABSENT]:
            continue
        yield {
            "from_km": float(start),
            "to_km": float(end),
            "km": float(end - start),
            **{f"county_code_{side}": county for side, (county, _) in zip(_SIDES, told)},
            **{f"state_{side}": state for side, (_, state) in zip(_SIDES, told)},
            "change": change_of(states[0], states[1]),
        }


def _at(rows: pd.DataFrame | None, km: float) -> tuple[str | None, str]:
    """Give county and state at a chainage."""
    if rows is None:
        return None, ABSENT
    row = int(np.searchsorted(rows["from_km"].to_numpy(np.float64), km, side="right")) - 1
    if row < 0 or km >= rows["to_km"].iloc[row]:
        return None, ABSENT
    return str(rows["county_code"].iloc[row]), str(rows["state"].iloc[row])
