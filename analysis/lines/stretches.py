"""Lines divided into stretches by chainage, one division laid over another, and the lengths that come of it.

A division covers each line from end to end without gap or overlap and gives every stretch one value: what the
evidence says (NO, UNKNOWN or YES of `village_verdict`), the county, the carriageway it doubles. Where a line jumps,
stretches end. Questions such as "metres open by class and county" are answered by laying divisions over each other,
so that lengths always add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..village_verdict import NO, UNKNOWN, YES
from .cover import Covered
from .drawn import FloatArray, IntArray, Lines, jumps_of

Values = npt.NDArray[np.int64]


class Stretches(NamedTuple):
    """A division of lines, sorted by line and chainage.

    Attributes
    ----------
    line : shape (k,), int64
        Row of the line; a line without length has no stretch.
    from_m, to_m : shape (k,), float64
        Chainage of begin and end.
    value : shape (k,), int64
    """

    line: IntArray
    from_m: FloatArray
    to_m: FloatArray
    value: Values

    @property
    def length_m(self) -> FloatArray:
        """Length of each stretch, shape (k,)."""
        return self.to_m - self.from_m


class Overlay(NamedTuple):
    """Divisions laid over each other.

    Attributes
    ----------
    line, from_m, to_m : shape (k,)
        As in `Stretches`.
    values : shape (divisions, k), int64
        What each division says of the stretch.
    """

    line: IntArray
    from_m: FloatArray
    to_m: FloatArray
    values: Values

    @property
    def length_m(self) -> FloatArray:
        """Length of each stretch, shape (k,)."""
        return self.to_m - self.from_m


class Lengths(NamedTuple):
    """Metres by key and state.

    Attributes
    ----------
    keys : list of arrays (g,)
        One value of each key column per group, groups in sorted order.
    yes_m, no_m, unknown_m, length_m : shape (g,), float64
        ``length_m`` is the sum of the others.
    """

    keys: list[npt.NDArray]
    yes_m: FloatArray
    no_m: FloatArray
    unknown_m: FloatArray
    length_m: FloatArray

    @property
    def share(self) -> FloatArray:
        """Covered part of what can be told, 0 … 1; NaN where nothing can be told."""
        told = self.yes_m + self.no_m
        return np.divide(self.yes_m, told, out=np.full(len(told), np.nan), where=told > 0.0)


def divide(
    lines: Lines, line: IntArray, from_m: FloatArray, to_m: FloatArray, value: npt.ArrayLike, otherwise: int
) -> Stretches:
    """Make a division of stretches that leave something out; that gets the value `otherwise`.

    Parameters
    ----------
    line, from_m, to_m : (k,)
        Stretches within their lines, sorted by line and chainage, without overlap.
    value : int (k,) or scalar
    otherwise : int
    """
    values = np.broadcast_to(np.asarray(value, dtype=np.int64), line.shape)
    breaks = breaks_of(lines, [line, line], [from_m, to_m])
    row = last_begun(line, from_m, *breaks[:2])
    inside = row >= 0
    inside[inside] = (line[row[inside]] == breaks[0][inside]) & (breaks[1][inside] < to_m[row[inside]])
    found = np.full(len(row), otherwise, dtype=np.int64)
    found[inside] = values[row[inside]]
    return merged(lines, Stretches(*breaks, found))


def covered_or_not(lines: Lines, covered: Covered) -> Stretches:
    """Divide lines by distance evidence: YES within a station's radius, NO elsewhere."""
    return divide(lines, *covered, YES, NO)


def lay_over(lines: Lines, divisions: Sequence[Stretches]) -> Overlay:
    """Lay divisions of the same lines over each other."""
    breaks = breaks_of(lines, [d.line for d in divisions], [d.from_m for d in divisions])
    values = np.empty((len(divisions), len(breaks[0])), dtype=np.int64)
    for k, division in enumerate(divisions):
        values[k] = division.value[last_begun(division.line, division.from_m, *breaks[:2])]
    return Overlay(*breaks, values)


def merged(lines: Lines, stretches: Stretches) -> Stretches:
    """Join neighbouring stretches of one value, save across jumps: there the line goes on at another place."""
    line, begin, end, value = stretches
    if len(line) == 0:
        return stretches
    apart = (line[1:] != line[:-1]) | (begin[1:] != end[:-1]) | (value[1:] != value[:-1])
    jump_line, jump_m = jumps_of(lines)
    if len(jump_line):
        at = last_begun(jump_line, jump_m, line[1:], begin[1:])
        apart |= (at >= 0) & (jump_line[at] == line[1:]) & (jump_m[at] == begin[1:])
    first = np.flatnonzero(np.append(True, apart))
    last = np.append(first[1:], len(line)) - 1
    return Stretches(line[first], begin[first], end[last], value[first])


def lengths_by(keys: Sequence[npt.ArrayLike], state: npt.ArrayLike, length_m: npt.ArrayLike) -> Lengths:
    """Add up metres by key and state.

    Parameters
    ----------
    keys : sequence of arrays (k,)
        For example road class, county and tunnel of each stretch; numbers or words, one kind a column.
    state : int (k,)
        NO, UNKNOWN or YES.
    length_m : float (k,)
    """
    columns, codes = [], []
    for key in keys:
        values, code = np.unique(np.asarray(key), return_inverse=True)
        columns.append(values)
        codes.append(code)
    groups, group = np.unique(np.stack(codes), axis=1, return_inverse=True)
    told, length = np.asarray(state), np.asarray(length_m, dtype=np.float64)
    count = groups.shape[1]
    yes, no, unknown = (
        np.bincount(group[told == s], weights=length[told == s], minlength=count).astype(np.float64)
        for s in (YES, NO, UNKNOWN)
    )
    return Lengths([column[code] for column, code in zip(columns, groups)], yes, no, unknown, yes + no + unknown)


def breaks_of(
    lines: Lines, line: Sequence[IntArray], at_m: Sequence[FloatArray]
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Cut all lines with a length at the places given and at their jumps: line, begin, end of each stretch."""
    length = lines.length_m
    some = np.flatnonzero(length > 0.0)
    jump_line, jump_m = jumps_of(lines)
    all_line = np.concatenate([some, some, jump_line, *line])
    all_m = np.concatenate([np.zeros(len(some)), length[some], jump_m, *at_m])
    order = np.lexsort((all_m, all_line))
    all_line, all_m = all_line[order], all_m[order]
    apart = (all_line[1:] == all_line[:-1]) & (all_m[1:] > all_m[:-1])
    begin = np.flatnonzero(apart)
    return all_line[begin], all_m[begin], all_m[begin + 1]


def last_begun(line: IntArray, from_m: FloatArray, at_line: IntArray, at_m: FloatArray) -> IntArray:
    """For each place the last of the sorted stretches that begins at or before it, on any line; -1 if none."""
    count = len(line)
    order = np.lexsort(
        (
            np.append(np.zeros(count, np.int8), np.ones(len(at_line), np.int8)),
            np.append(from_m, at_m),
            np.append(line, at_line),
        )
    )
    begun = np.empty(len(order), dtype=np.int64)
    begun[order] = np.cumsum(order < count) - 1
    return begun[count:]
