"""What the evidence says of every stretch of lines: its state, on what it rests, and why it is not covered.

A verdict has four parts: the state now and after the plan (NO, UNKNOWN, YES of `village_verdict`), the grade of the
evidence (sum of the grades of `simulated_evidence`, 0 where nothing can be told) and the reason (a code of `REASONS`).
Distance gives exact stretches. Simulation speaks at samples, each for its cell, so a stretch changes state midway
between two samples. Where simulation cannot tell for want of terrain and distance may step in, it does so exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..simulated_evidence import DISTANCE
from ..village_verdict import NO, UNKNOWN, YES
from .cover import Covered
from .drawn import Lines
from .stretches import Stretches, divide, lay_over, merged

Parts = npt.NDArray[np.int64]

STATE, AFTER, GRADE, REASON = range(4)
# Why a stretch is not covered; the numbers below count into it.
REASONS = (
    None,
    "planned",
    "no_station_in_range",
    "behind_terrain",
    "no_data",
    "no_terrain",
    "station_not_simulated",
    "tunnel",
    "weak_simulated",
)
COVERED, PLANNED, OUT_OF_RANGE, HIDDEN, NO_DATA, NO_TERRAIN, NOT_SIMULATED, TUNNEL, WEAK = range(len(REASONS))


class Verdicts(NamedTuple):
    """A division of lines by verdict.

    Attributes
    ----------
    stretches : Stretches
        The value is a row of `kinds`.
    kinds : shape (k, 4), int64
        State, state after the plan, grade, reason.
    """

    stretches: Stretches
    kinds: Parts

    @property
    def parts(self) -> Parts:
        """The four parts of every stretch, shape (stretches, 4)."""
        return self.kinds[self.stretches.value]

    def only(self, part: int) -> Stretches:
        """Give the division by one part alone."""
        return self.stretches._replace(value=self.kinds[self.stretches.value, part])


def by_distance(lines: Lines, now: Covered, later: Covered, with_data: Stretches) -> Verdicts:
    """Judge lines by distance alone, exactly.

    Parameters
    ----------
    now, later : Covered
        By the stations that stand, and by those to come.
    with_data : Stretches
        1 where some operator's data extend: only there does no station mean not covered.
    """
    built, planned = (divide(lines, *covered, 1, 0) for covered in (now, later))
    laid = lay_over(lines, [built, planned, with_data])
    is_built, is_planned, is_known = laid.values.astype(bool)
    state = np.where(is_built, YES, np.where(is_known, NO, UNKNOWN))
    after = np.where(is_built | is_planned, YES, state)
    reason = np.where(is_known, OUT_OF_RANGE, NO_DATA)
    grade = np.where(state == UNKNOWN, 0, DISTANCE)
    return verdicts_of(lines, Stretches(*laid[:3], np.zeros(len(state), np.int64)), state, after, grade, reason)


def verdicts_of(
    lines: Lines, where: Stretches, state: npt.ArrayLike, after: npt.ArrayLike, grade: npt.ArrayLike, reason: Parts
) -> Verdicts:
    """Put the parts of a verdict together and join neighbouring stretches of one verdict.

    Parameters
    ----------
    where : Stretches
        Its values do not count.
    state, after, grade, reason : int, shape (stretches,)
        The reason of what is covered is dropped, and is `PLANNED` where the plan covers it.
    """
    now, then = np.asarray(state, dtype=np.int64), np.asarray(after, dtype=np.int64)
    why = np.where(now == YES, COVERED, np.where(then == YES, PLANNED, reason))
    parts = np.stack([now, then, np.asarray(grade, dtype=np.int64), why], axis=1)
    kinds, kind = np.unique(parts.reshape(-1, 4), axis=0, return_inverse=True)
    return Verdicts(merged(lines, where._replace(value=kind.reshape(-1).astype(np.int64))), kinds)


def filled(lines: Lines, verdicts: Verdicts, take: Stretches, instead: Verdicts) -> Verdicts:
    """Take the verdict of `instead` where the division `take` has the value 1."""
    laid = lay_over(lines, [verdicts.stretches, take, instead.stretches])
    own, other = verdicts.kinds[laid.values[0]], instead.kinds[laid.values[2]]
    parts = np.where((laid.values[1] == 1)[:, None], other, own)
    where = Stretches(*laid[:3], np.zeros(len(parts), np.int64))
    return verdicts_of(lines, where, *parts.T)


def any_verdict(lines: Lines, verdicts: Sequence[Verdicts]) -> Verdicts:
    """Join several ways to be covered, such as 4G or 5G: one YES suffices, and a NO takes that all say NO.

    The first of those that say the best tells evidence and reason; a NO rests on the evidence of all.
    """
    if len(verdicts) == 1:
        return verdicts[0]
    laid = lay_over(lines, [found.stretches for found in verdicts])
    parts = np.stack([found.kinds[row] for found, row in zip(verdicts, laid.values)])
    best = parts[:, :, STATE].argmax(axis=0)
    chosen = parts[best, np.arange(parts.shape[1])]
    after = parts[:, :, AFTER].max(axis=0)
    whole = np.bitwise_or.reduce(parts[:, :, GRADE], axis=0)
    grade = np.where(chosen[:, STATE] == NO, whole, chosen[:, GRADE])
    where = Stretches(*laid[:3], np.zeros(parts.shape[1], np.int64))
    return verdicts_of(lines, where, chosen[:, STATE], after, grade, chosen[:, REASON])
