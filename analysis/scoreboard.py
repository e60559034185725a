"""Count what of each class has what it must have, against a target share, in three-valued logic.

What cannot be told is neither met nor missed: a target counts as met only where it is met even if all of that turned
out missed, and as short only where it is short even if all of that turned out met.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from .village_verdict import NO, UNKNOWN, YES

States = npt.NDArray[np.int8]

MET, SHORT, OPEN, NONE_LISTED, NO_TARGET = "met", "short", "cannot_tell", "none_listed", "no_target"
ALL_COUNTIES = "all"  # county code of the row of all counties together
NO_COUNTY = "none"  # and of what lies in no county
NOISE = 1e-9
"""Part of a whole that adding up measured amounts may lose: 0.1 mm of 100 km. Less than that is not missing."""


@dataclass(frozen=True)
class Target:
    """A share that must have something.

    Attributes
    ----------
    percent : float or None
        None: nothing is asked, the count is only told.
    above : bool
        More than that share, not just as much.
    """

    percent: float | None
    above: bool = False

    def needed(self, count: int) -> int | None:
        """Give how many of `count` must have it; None without a target."""
        if self.percent is None:
            return None
        exact = Fraction(str(self.percent)) * count / 100
        return math.floor(exact) + 1 if self.above else math.ceil(exact)


def share_percent(part: float, whole: float, target: Target | None = None) -> float | None:
    """Give a share in percent to two decimals that never contradicts a verdict.

    Halves are rounded up, save where that would reach what the share itself does not: 94.999 % of a target of 95 % is
    94.99, and no share is 100 where a part is missing.

    Parameters
    ----------
    part, whole : float
        Of one unit; where `whole` is nought the answer is None.
    target : Target, optional
        What the share is held against.
    """
    if whole <= 0:
        return None
    exact, noise = 100 * Fraction(part) / Fraction(whole), 100 * Fraction(NOISE)
    shown = Fraction(math.floor(100 * exact + Fraction(1, 2)), 100)
    asked = [Fraction(100)]
    if target is not None and target.percent is not None:
        asked.append(Fraction(str(target.percent)))
        if target.above and exact > asked[1] + noise and shown <= asked[1]:
            return float(Fraction(math.floor(100 * asked[1]) + 1, 100))
    for goal in sorted(asked):
        if exact < goal - noise and shown >= goal:
            return float(Fraction(math.ceil(100 * goal) - 1, 100))
    return float(shown)


def any_of(*states: States) -> States:
    """Join ways to have something: one YES suffices, and a NO takes that all say NO (Kleene's strong logic)."""
    return np.maximum.reduce(states)


def tally(states: States, target: Target) -> dict[str, Any]:
    """Count the states of one class in one place.

    Parameters
    ----------
    states : numpy.ndarray of int8, shape (n,)
        NO, UNKNOWN or YES, one a thing in scope.
    target : Target

    Returns
    -------
    dict
        ``in_scope, met, not_met, cannot_tell``; ``ratio_percent`` (met of those judged, see `share_percent`, None where
        none is judged); ``target_percent``; ``shortfall`` and ``shortfall_at_most`` (how many more are needed if all
        that cannot be told is met, or none of it); ``status``.
    """
    met, not_met, untold = (int((states == state).sum()) for state in (YES, NO, UNKNOWN))
    needed = target.needed(len(states))
    least = None if needed is None else max(0, needed - met - untold)
    most = None if needed is None else max(0, needed - met)
    return {
        "in_scope": len(states),
        "met": met,
        "not_met": not_met,
        "cannot_tell": untold,
        "ratio_percent": share_percent(met, met + not_met, target),
        "target_percent": target.percent,
        "shortfall": least,
        "shortfall_at_most": most,
        "status": _status(len(states), least, most),
    }


def _status(count: float, least: float | None, most: float | None) -> str:
    if not count:
        return NONE_LISTED
    if least is None:
        return NO_TARGET
    return SHORT if least else (OPEN if most else MET)


def by_county(
    states: States, county: npt.NDArray[np.object_], counties: Sequence[str], target: Target
) -> list[dict[str, Any]]:
    """Count per county, in the order given, then in all.

    Parameters
    ----------
    states : numpy.ndarray of int8, shape (n,)
    county : numpy.ndarray of str, shape (n,)
        Each is one of `counties`.
    counties : sequence of str

    Returns
    -------
    list of dict
        As `tally`, with ``county_code``, `ALL_COUNTIES` in the last row.
    """
    rows = [{"county_code": code, **tally(states[county == code], target)} for code in counties]
    return [*rows, {"county_code": ALL_COUNTIES, **tally(states, target)}]


def tally_amounts(yes: float, no: float, unknown: float, target: Target, *, digits: int = 3) -> dict[str, Any]:
    """Weigh lengths or areas as `tally` counts things.

    All amounts are in the unit given, to `digits` decimals; what is short is rounded up, so that it is never shown as
    nothing. The verdict comes of the amounts as they are: only `NOISE` is forgiven.
    """
    whole = yes + no + unknown
    least, most = _missing(yes + unknown, whole, target), _missing(yes, whole, target)
    return {
        "in_scope": round(whole, digits),
        "met": round(yes, digits),
        "not_met": round(no, digits),
        "cannot_tell": round(unknown, digits),
        "ratio_percent": share_percent(yes, yes + no, target),
        "target_percent": target.percent,
        "shortfall": _up(least, digits),
        "shortfall_at_most": _up(most, digits),
        "status": _status(whole, least, most),
    }


def _missing(there: float, whole: float, target: Target) -> float | None:
    """Give what is missing to the target; the least there is where more than the share is asked for."""
    if target.percent is None:
        return None
    missing = Fraction(str(target.percent)) * Fraction(whole) / 100 - Fraction(there)
    noise = Fraction(NOISE) * Fraction(whole)
    if target.above:
        return float(max(missing, noise)) if missing >= -noise else 0.0
    return float(missing) if missing > noise else 0.0


def _up(value: float | None, digits: int) -> float | None:
    return None if value is None else math.ceil(round(value * 10**digits, 6) or (value > 0)) / 10**digits
