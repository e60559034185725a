"""Where lines run side by side: the stretches of one that lie within a distance of another.

A stretch is exact, not sampled: the points within w of a segment are a capsule, which is convex, so a straight piece
meets it in one interval; the stretches are the union over all segments of the other line. Around each piece the ground
is taken as a plane, which over a corridor of a kilometre is right to a millimetre.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from .near import metres_per_degree
from .parts import Parts

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_BATCH = 2_000_000  # pairs of segments at a time
_LONGEST_M = 2_000.0  # a segment of a line is looked at in pieces no longer than this, each a plane of its own


class Together(NamedTuple):
    """Stretches of lines beside other lines, sorted by part, other line and place.

    Attributes
    ----------
    part : shape (s,), int64
        The part that the stretch is of.
    other : shape (s,), int64
        The line (row) that it runs beside.
    from_m, to_m : shape (s,), float64
        Chainage on the part.
    """

    part: IntArray
    other: IntArray
    from_m: FloatArray
    to_m: FloatArray

    @property
    def length_m(self) -> FloatArray:
        """Length of each stretch."""
        return self.to_m - self.from_m


class _Segments(NamedTuple):
    """Short straight pieces: ends in degrees, chainage, part and row."""

    a: FloatArray
    b: FloatArray
    from_m: FloatArray
    to_m: FloatArray
    part: IntArray
    row: IntArray


def run_together(parts: Parts, width_m: float) -> Together:
    """Find every stretch of a line that lies within a distance of another line.

    Parameters
    ----------
    parts : Parts
        Parts of one line do not count as beside each other.
    width_m : float

    Returns
    -------
    Together
        Both ways: a stretch of A beside B, and one of B beside A.
    """
    segments = _segments(parts)
    if not len(segments.part):
        nothing = np.zeros(0, np.int64)
        return Together(nothing, nothing, np.zeros(0), np.zeros(0))
    lat = np.maximum(np.abs(segments.a[:, 1]), np.abs(segments.b[:, 1]))
    reach = 1.001 * width_m / np.minimum(*metres_per_degree(lat))
    shapes = shapely.linestrings(np.stack([segments.a, segments.b], axis=1))
    one, two = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=reach)
    foreign = segments.row[one] != segments.row[two]
    one, two = one[foreign].astype(np.int64), two[foreign].astype(np.int64)
    found = [
        _within(segments, one[at : at + _BATCH], two[at : at + _BATCH], width_m) for at in range(0, len(one), _BATCH)
    ]
    low = np.concatenate([part[0] for part in found]) if found else np.zeros(0)
    high = np.concatenate([part[1] for part in found]) if found else np.zeros(0)
    real = high > low
    one, two, low, high = one[real], two[real], low[real], high[real]
    run = segments.to_m[one] - segments.from_m[one]
    return _merged(
        segments.part[one],
        segments.row[two],
        segments.from_m[one] + low * run,
        segments.from_m[one] + high * run,
    )


def near_places(parts: Parts, lon: FloatArray, lat: FloatArray, width_m: float) -> Together:
    """Find every stretch of a line that lies within a distance of a place; `other` is the number of the place."""
    segments = _segments(parts)
    nothing = np.zeros(0, np.int64)
    if not len(segments.part) or not len(lon):
        return Together(nothing, nothing, np.zeros(0), np.zeros(0))
    reach = 1.001 * width_m / np.minimum(*metres_per_degree(lat))
    shapes = shapely.linestrings(np.stack([segments.a, segments.b], axis=1))
    places = np.column_stack([lon, lat])
    place, one = shapely.STRtree(shapes).query(shapely.points(places), predicate="dwithin", distance=reach)
    scale = np.column_stack(metres_per_degree(lat))[place]
    low, high = _in_disc(
        (segments.a[one] - places[place]) * scale, (segments.b[one] - segments.a[one]) * scale, width_m
    )
    low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
    real = high > low
    one, place, low, high = one[real], place[real], low[real], high[real]
    run = segments.to_m[one] - segments.from_m[one]
    begin = segments.from_m[one]
    return _merged(segments.part[one], place.astype(np.int64), begin + low * run, begin + high * run)


def _segments(parts: Parts) -> _Segments:
    """Divide the parts into straight pieces no longer than `_LONGEST_M`."""
    owner = np.repeat(np.arange(parts.part_count), np.diff(parts.first))
    at = np.flatnonzero(np.append(np.diff(owner) == 0, False)[: len(owner)])
    length = parts.chainage_m[at + 1] - parts.chainage_m[at]
    pieces = np.maximum(np.ceil(length / _LONGEST_M), 1).astype(np.int64)
    which = np.repeat(np.arange(len(at)), pieces)
    number = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    low, high = number / pieces[which], (number + 1) / pieces[which]
    start, step = parts.xy[at][which], (parts.xy[at + 1] - parts.xy[at])[which]
    begin = parts.chainage_m[at][which]
    return _Segments(
        start + low[:, None] * step,
        start + high[:, None] * step,
        begin + low * length[which],
        begin + high * length[which],
        owner[at][which].astype(np.int64),
        parts.row[owner[at]][which],
    )


def _within(segments: _Segments, one: IntArray, two: IntArray, width_m: float) -> tuple[FloatArray, FloatArray]:
    """Give the share of each segment, from and to, that lies within a distance of the other; empty: to <= from."""
    middle = (segments.a[one] + segments.b[one]) / 2
    scale = np.column_stack(metres_per_degree(middle[:, 1]))
    p, q = (segments.a[one] - middle) * scale, (segments.b[one] - middle) * scale
    c, d = (segments.a[two] - middle) * scale, (segments.b[two] - middle) * scale
    step, along = q - p, d - c
    length = np.hypot(*along.T)
    unit = along / np.where(length > 0, length, 1.0)[:, None]
    # In the strip beside the other segment the distance from its line and the place along it are linear in the share.
    across = np.column_stack([-unit[:, 1], unit[:, 0]])
    from_line = _between(((p - c) * across).sum(axis=1), (step * across).sum(axis=1), -width_m, width_m)
    beside = _between(((p - c) * unit).sum(axis=1), (step * unit).sum(axis=1), np.zeros(len(p)), length)
    strip = np.maximum(from_line[0], beside[0]), np.minimum(from_line[1], beside[1])
    low, high = np.full(len(p), np.inf), np.full(len(p), -np.inf)
    for interval in (strip, _in_disc(p - c, step, width_m), _in_disc(p - d, step, width_m)):
        begin, finish = np.maximum(interval[0], 0.0), np.minimum(interval[1], 1.0)
        some = finish > begin
        low, high = np.where(some, np.minimum(low, begin), low), np.where(some, np.maximum(high, finish), high)
    return low, high


def _between(
    value: FloatArray, rate: FloatArray, least: float | FloatArray, most: float | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give the interval of t where ``value + t * rate`` lies between two bounds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = (least - value) / rate, (most - value) / rate
    level = rate == 0
    inside = (value >= least) & (value <= most)
    low = np.where(level, np.where(inside, -np.inf, np.inf), np.minimum(one, two))
    high = np.where(level, np.where(inside, np.inf, -np.inf), np.maximum(one, two))
    return low, high


def _in_disc(start: FloatArray, step: FloatArray, radius: float) -> tuple[FloatArray, FloatArray]:
    """Give the interval of t where ``start + t * step`` lies in a disc about the origin."""
    square = (step**2).sum(axis=1)
    half, rest = (start * step).sum(axis=1), (start**2).sum(axis=1) - radius**2
    root = half**2 - square * rest
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.sqrt(np.maximum(root, 0.0)) / square
        middle = -half / square
    there = (root > 0) & (square > 0)
    return np.where(there, middle - width, np.inf), np.where(there, middle + width, -np.inf)


def _merged(part: IntArray, other: IntArray, low: FloatArray, high: FloatArray) -> Together:
    """Join stretches of the same pair that touch or overlap."""
    order = np.lexsort((high, low, other, part))
    part, other, low, high = part[order], other[order], low[order], high[order]
    if not len(part):
        return Together(part, other, low, high)
    fresh = np.append(True, (np.diff(part) != 0) | (np.diff(other) != 0))
    group = np.cumsum(fresh) - 1
    # The farthest reach so far within the pair: a running maximum on a scale where pairs lie apart.
    span = float(high.max()) + 1.0
    reach = np.maximum.accumulate(high + group * span) - group * span
    gap = np.append(True, low[1:] > reach[:-1] + 1e-6) | fresh
    first = np.flatnonzero(gap)
    return Together(part[first], other[first], low[first], np.maximum.reduceat(high, first))
