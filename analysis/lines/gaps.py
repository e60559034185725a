"""Gap runs: how far one drives without a signal, over the joints of features and over county borders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..village_verdict import NO
from .chains import joined, part_at, parts_of
from .drawn import FloatArray, IntArray, Lines
from .stretches import Stretches, merged


class GapRuns(NamedTuple):
    """Open stretches, sorted by line and chainage.

    Attributes
    ----------
    line : shape (k,), int64
        Row of the line.
    from_m, to_m : shape (k,), float64
        Chainage of begin and end; `drawn.cut_lines` gives their geometry.
    run : shape (k,), int64
        Stretches that meet at the joint of two features of one road have the same number.
    run_m : shape (k,), float64
        Length of that whole run.
    """

    line: IntArray
    from_m: FloatArray
    to_m: FloatArray
    run: IntArray
    run_m: FloatArray


def gap_runs(
    lines: Lines,
    states: Stretches,
    *,
    least_m: float = 0.0,
    road: Sequence[str] | None = None,
    state: int = NO,
) -> GapRuns:
    """Find the runs of one state, as a rule NO.

    Parameters
    ----------
    lines : Lines
    states : Stretches
        The division by evidence.
    least_m : float
        Shorter runs are left out; the length of a run over several features counts as a whole.
    road : sequence of str (n,), optional
        Road of each line, see `chains.parts_of`; put class and tunnel into it where they part runs.
    state : int
        UNKNOWN gives the runs that cannot be told.
    """
    whole = merged(lines, states)
    mine = whole.value == state
    line, begin, end = whole.line[mine], whole.from_m[mine], whole.to_m[mine]
    parts = parts_of(lines, road)
    part = part_at(parts, line, begin)
    touches = np.stack([begin == parts.from_m[part], end == parts.to_m[part]], axis=1)
    run = joined(parts.node, part, touches)
    run_m = np.bincount(run, weights=end - begin).astype(np.float64)[run]
    keep = run_m >= least_m
    number = np.unique(run[keep], return_inverse=True)[1]
    return GapRuns(line[keep], begin[keep], end[keep], number, run_m[keep])
