"""Lengths of a comparison as a page shows them: rounded so that the shown numbers add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

DECIMALS = 2  # of a length on the page of a scoreboard, too
# What leads from one end to the other: + comes, − goes.
_SUMS = (
    (
        ("met_before", "met_after"),
        {"newly_met": 1, "judged_met": 1, "in_met": 1, "newly_lost": -1, "unjudged_met": -1, "out_met": -1},
    ),
    (("in_scope_before", "in_scope_after"), {"came_in": 1, "left": -1}),
)


def shown_row(row: Mapping[str, Any], decimals: int = DECIMALS) -> dict[str, Any]:
    """Round the amounts of one row of the table of accounts; counts stay as they are.

    Both ends are rounded as the page of their scoreboard rounds them, the difference is that of the rounded ends, and
    what lies between makes good for the rest by largest remainders: each is off by less than one unit of the last decimal
    where the row itself adds up. Stretches are matched to the metre, so that it may be off by metres.

    Parameters
    ----------
    row : mapping
        Of `accounts.account`.
    decimals : int
    """
    shown = dict(row)
    if row["unit"] == "item":
        return shown
    for (before, after), signs in _SUMS:
        names = [before, after, *signs]
        if any(pd.isna(row[name]) for name in names):
            continue
        ends = [round(float(row[name]) * 10**decimals) for name in (before, after)]
        exact = [sign * float(row[name]) * 10**decimals for name, sign in signs.items()]
        parts = add_up(exact, ends[1] - ends[0])
        shown |= {name: end / 10**decimals for name, end in zip((before, after), ends)}
        shown |= {name: abs(part) / 10**decimals for name, part in zip(signs, parts)}
    if not pd.isna(row["met_difference"]):
        ends = [round(float(row[name]) * 10**decimals) for name in ("met_before", "met_after")]
        shown["met_difference"] = (ends[1] - ends[0]) / 10**decimals
    return shown


def add_up(exact: Sequence[float], total: int) -> list[int]:
    """Round parts so that they add up to a total, by largest remainders.

    Parameters
    ----------
    exact : sequence of float
        Parts, of either sign; what is 0 stays 0.
    total : int
        What they add up to, itself rounded.

    Returns
    -------
    list of int
        In the same order. Where all parts are 0 and the total is not, they stay 0.
    """
    parts = [round(value) for value in exact]
    step = 1 if total > sum(parts) else -1
    order = sorted(
        (place for place, value in enumerate(exact) if value),
        key=lambda place: step * (exact[place] - parts[place]),
        reverse=True,
    )
    # no part passes through 0: what came in is not shown as gone
    able = [place for place in order if exact[place] * (parts[place] + step) >= 0]
    while able and (left := abs(total - sum(parts))):
        for place in able[:left]:
            parts[place] += step
        able = [place for place in able if exact[place] * (parts[place] + step) >= 0]
    return parts
