"""Where lines run over one another or over themselves, and where a line meets itself, within a tolerance.

Two segments run over one another where the shorter interval that they have beside each other is longer than the
tolerance, and at both of its ends they are no farther apart than the tolerance. So a strip of rounding between two
lines counts as the same ground, while lines that cross at a small angle, or part slowly from a common end, do not
overlap: they are close for a while, but not over the whole of what lies beside each other.

Everything is flat, in the units of the coordinates (metres, or degrees with a tolerance in degrees). Vertices nearer
together than the tolerance count as one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numba
import numpy as np
import shapely

from ..table import Shapes
from .measures import steady

_PIECE = 16  # segments of a line that share a box in the search tree
_AT_ONCE = 8_192  # pieces; bounds the memory
_FIRST = 16
_CANDIDATES = 2_000_000
_ROOM = 65_536
_MOST = 2_000_000  # stretches; more are found where a layer holds everything many times


@dataclass(frozen=True)
class Overlaps:
    """Ground that two lines share, or one line uses twice.

    Attributes
    ----------
    one, other : numpy.ndarray of int64, shape (n,)
        Which of the lines, in order, `one` < `other`; alike where a line runs over itself.
    ground : numpy.ndarray of shapely lines, shape (n,)
        The stretches, each once.
    """

    one: np.ndarray
    other: np.ndarray
    ground: Shapes


@dataclass(frozen=True)
class Strands:
    """What lines have in common.

    Attributes
    ----------
    overlaps : Overlaps
    line : numpy.ndarray of int64, shape (m,)
        Lines that meet themselves, with `places`, shape (m, 2); in order.
    lasso : numpy.ndarray of bool, shape (m,)
        An open end of the line lies on another place of it: they touch, but nothing crosses.
    is_whole : bool
        False where there are more overlaps than can be held: then these are some of them.
    """

    overlaps: Overlaps
    line: np.ndarray
    places: np.ndarray
    lasso: np.ndarray
    is_whole: bool


@dataclass(frozen=True)
class _Chain:
    """Vertices of many lines: coordinates, the part and line of each, the first and last vertex of its part."""

    x: np.ndarray
    y: np.ndarray
    part: np.ndarray
    line: np.ndarray
    first: np.ndarray
    last: np.ndarray


def strands_of(lines: Shapes, tolerance: float, alone: np.ndarray | None = None) -> Strands:
    """Find what lines have in common, each pair of lines once.

    Parameters
    ----------
    lines : numpy.ndarray of shapely lines, shape (n,)
        Finite coordinates, none missing; the parts of one line count as the same line.
    tolerance : float
        In the units of the coordinates, above 0.
    alone : numpy.ndarray of bool, shape (n,), optional
        Lines that are only held against themselves, such as copies of others.

    Notes
    -----
    A closed line meets itself at its end, which is no fault and not told. An open end on its own line is told as a
    lasso. Where another strand of a closed line comes through the place at which it closes, it does meet itself.
    """
    chain = _chain(lines, tolerance)
    starts, counts, boxes = _pieces(chain, tolerance)
    shared, met, stored = [np.zeros((0, 8))], [np.zeros((0, 4))], 0
    is_whole = True
    for one, other in _candidates(boxes, chain.line[starts], alone):
        order = np.lexsort((other, one))
        *found, has_all = _searched(chain, starts, counts, (one[order], other[order]), tolerance)
        shared.append(found[0][: _MOST - stored])
        met.append(found[1])
        is_whole &= has_all and stored + len(found[0]) <= _MOST
        stored += len(shared[-1])
    meetings = np.unique(np.concatenate(met), axis=0)
    return Strands(
        _grouped(np.concatenate(shared)), meetings[:, 0].astype(np.int64), meetings[:, 1:3], meetings[:, 3] > 0,
        is_whole,
    )  # fmt: skip


def _candidates(boxes: Shapes, line: np.ndarray, alone: np.ndarray | None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give pairs of pieces whose boxes meet, each once, and each piece with itself; some at a time."""
    asked = np.arange(len(boxes)) if alone is None else np.flatnonzero(~alone[line])
    yield from _meeting_boxes(boxes, asked)
    rest = np.setdiff1d(np.arange(len(boxes)), asked)
    for some in np.array_split(rest, len(rest) // _AT_ONCE + 1) if len(rest) else []:
        pairs = [pair for own in _by_line(rest, some, line) for pair in _meeting_boxes(boxes, own)]
        if pairs:
            yield np.concatenate([one for one, _ in pairs]), np.concatenate([other for _, other in pairs])


def _by_line(pieces: np.ndarray, some: np.ndarray, line: np.ndarray) -> list[np.ndarray]:
    """Give all pieces of each line that begins among some of the pieces."""
    begins = np.r_[True, line[pieces[1:]] != line[pieces[:-1]]]
    first = np.flatnonzero(begins)
    low, high = np.searchsorted(pieces[first], [some[0], some[-1] + 1])
    ends = np.r_[first, len(pieces)]
    return [pieces[ends[k] : ends[k + 1]] for k in range(low, high)]


def _meeting_boxes(boxes: Shapes, asked: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    tree = shapely.STRtree(boxes[asked])
    at, step = 0, _FIRST
    while at < len(asked):
        one, other = tree.query(boxes[asked[at : at + step]])
        one = one + at
        # Lines that stand many times meet each other so often that fewer are looked up at a time.
        at, step = at + step, int(np.clip(step * _CANDIDATES // max(len(one), 1), 1, min(4 * step, _AT_ONCE)))
        once = one <= other
        yield asked[one[once]], asked[other[once]]


def _chain(lines: Shapes, tolerance: float) -> _Chain:
    parts, owner = shapely.get_parts(lines, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    kept = _thinned(points, part, tolerance) if len(points) else np.zeros(0, dtype=bool)
    points, part = points[kept], part[kept]
    count = np.bincount(part, minlength=len(parts))
    last = np.cumsum(count) - 1
    return _Chain(
        np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1]),
        part, owner[part], (last - count + 1)[part], last[part],
    )  # fmt: skip


@numba.njit(nogil=True, cache=True)
def _thinned(points: np.ndarray, part: np.ndarray, tolerance: float) -> np.ndarray:
    """Choose vertices farther than the tolerance from the one before them; the ends of a part always stay."""
    count = len(part)
    kept = np.ones(count, dtype=np.bool_)
    before = 0
    for k in range(1, count):
        if part[k] != part[k - 1]:
            before = k
            continue
        far = math.hypot(points[k, 0] - points[before, 0], points[k, 1] - points[before, 1]) > tolerance
        if far:
            before = k
        elif k + 1 < count and part[k + 1] == part[k]:
            kept[k] = False
        else:  # the end of a part takes the place of the vertex just before it
            kept[before] = part[before - 1] != part[before] if before > 0 else True
            before = k
    return kept


def _pieces(chain: _Chain, tolerance: float) -> tuple[np.ndarray, np.ndarray, Shapes]:
    """Cut lines into pieces of a few segments: first vertex, segments, and box widened by the tolerance."""
    at = np.arange(len(chain.x))
    inner = np.flatnonzero(at < chain.last)  # a segment begins at each vertex but the last
    starts = inner[(inner - chain.first[inner]) % _PIECE == 0]
    counts = np.minimum(chain.last[starts] - starts, _PIECE)
    if not len(starts):
        return starts, counts, np.zeros(0, dtype=object)
    own = np.searchsorted(inner, starts)
    x, y = (np.sort([values[inner], values[inner + 1]], axis=0) for values in (chain.x, chain.y))
    west, south = (np.minimum.reduceat(values[0], own) - tolerance for values in (x, y))
    east, north = (np.maximum.reduceat(values[1], own) + tolerance for values in (x, y))
    return starts, counts, shapely.box(west, south, east, north)


def _searched(
    chain: _Chain, starts: np.ndarray, counts: np.ndarray, pairs: tuple[np.ndarray, np.ndarray], tolerance: float
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Search pairs of pieces; the kernel starts again with more room where what it found did not fit.

    Gives what `_search` stores, and whether that is all.
    """
    rooms = np.array([_ROOM, _ROOM])
    while True:
        shared, met = np.zeros((rooms[0], 8)), np.zeros((rooms[1], 4))
        found = _search(
            (chain.x, chain.y, chain.part, chain.line, chain.first, chain.last),
            starts, counts, pairs[0], pairs[1], tolerance, shared, met,
        )  # fmt: skip
        has_all = bool((found <= rooms).all())
        if has_all or (np.minimum(found, _MOST) <= rooms).all():
            return shared[: found[0]].copy(), met[: found[1]].copy(), has_all  # frees the room
        rooms = np.clip(found, rooms, _MOST)


@numba.njit(nogil=True, cache=True)
def _search(chain, starts, counts, one, other, tolerance, shared, met):  # type: ignore[no-untyped-def]
    """Search all pairs of segments of pairs of pieces.

    `shared` gets rows of line, other line, first vertex of the segment, the share of it at which the stretch begins,
    and the ends of the stretch (x, y, x, y);
    `met` gets line, x, y and 1 for a lasso. Gives how many rows of each there are, stored or not.
    """
    x, y, part, line, first, last = chain
    found = np.zeros(2, dtype=np.int64)
    for k in range(len(one)):
        for a in range(starts[one[k]], starts[one[k]] + counts[one[k]]):
            begin = max(starts[other[k]], a + 1) if one[k] == other[k] else starts[other[k]]
            low_x, high_x = min(x[a], x[a + 1]) - tolerance, max(x[a], x[a + 1]) + tolerance
            low_y, high_y = min(y[a], y[a + 1]) - tolerance, max(y[a], y[a + 1]) + tolerance
            for b in range(begin, starts[other[k]] + counts[other[k]]):
                if (
                    max(x[b], x[b + 1]) < low_x
                    or min(x[b], x[b + 1]) > high_x
                    or max(y[b], y[b + 1]) < low_y
                    or min(y[b], y[b + 1]) > high_y
                ):
                    continue
                low, high = _beside(x, y, a, b, tolerance)
                if high > low:
                    if found[0] < len(shared):
                        row = shared[found[0]]
                        row[0], row[1], row[2], row[3] = line[a], line[b], a, low
                        row[4], row[5] = x[a] + low * (x[a + 1] - x[a]), y[a] + low * (y[a + 1] - y[a])
                        row[6], row[7] = x[a] + high * (x[a + 1] - x[a]), y[a] + high * (y[a + 1] - y[a])
                        if high == 1.0:  # free of rounding, so that the stretch on the next segment joins
                            row[6], row[7] = x[a + 1], y[a + 1]
                    found[0] += 1
                    continue
                if line[a] != line[b] or (part[a] == part[b] and b == a + 1):
                    continue
                at_x, at_y = _meeting(x, y, a, b, tolerance)
                if math.isnan(at_x):
                    continue
                closed_a = _near(x, y, first[a], x[last[a]], y[last[a]], tolerance)
                if closed_a and part[a] == part[b] and a == first[a] and b + 1 == last[a]:
                    continue  # a closed line, at the place where it closes
                closed_b = _near(x, y, first[b], x[last[b]], y[last[b]], tolerance)
                end_a = not closed_a and _at_end(x, y, first[a], last[a], at_x, at_y, tolerance)
                end_b = not closed_b and _at_end(x, y, first[b], last[b], at_x, at_y, tolerance)
                if found[1] < len(met):
                    row = met[found[1]]
                    row[0], row[1], row[2] = line[a], at_x, at_y
                    row[3] = 1.0 if end_a or end_b else 0.0
                found[1] += 1
    return found


@numba.njit(nogil=True, cache=True)
def _near(x, y, k, at_x, at_y, tolerance):  # type: ignore[no-untyped-def]
    return math.hypot(x[k] - at_x, y[k] - at_y) <= tolerance


@numba.njit(nogil=True, cache=True)
def _at_end(x, y, first, last, at_x, at_y, tolerance):  # type: ignore[no-untyped-def]
    return _near(x, y, first, at_x, at_y, tolerance) or _near(x, y, last, at_x, at_y, tolerance)


@numba.njit(nogil=True, cache=True)
def _beside(x, y, a, b, tolerance):  # type: ignore[no-untyped-def]
    """Give the stretch of segment a, as shares of it, on which segment b runs; (0, 0) for none."""
    run_x, run_y = x[a + 1] - x[a], y[a + 1] - y[a]
    length = math.hypot(run_x, run_y)
    if length <= tolerance:
        return 0.0, 0.0
    u, v = run_x / length, run_y / length
    from_x, from_y = x[b] - x[a], y[b] - y[a]
    to_x, to_y = x[b + 1] - x[a], y[b + 1] - y[a]
    t0, t1 = from_x * u + from_y * v, to_x * u + to_y * v
    low, high = max(0.0, min(t0, t1)), min(length, max(t0, t1))
    if high - low <= tolerance:
        return 0.0, 0.0
    off0, off1 = from_y * u - from_x * v, to_y * u - to_x * v
    slope = (off1 - off0) / (t1 - t0)
    if abs(off0 + (low - t0) * slope) > tolerance or abs(off0 + (high - t0) * slope) > tolerance:
        return 0.0, 0.0
    return low / length, high / length


@numba.njit(nogil=True, cache=True)
def _meeting(x, y, a, b, tolerance):  # type: ignore[no-untyped-def]
    """Give a place at which two segments meet, NaN where they do not: a vertex, where one is there."""
    for k, s in ((a, b), (a + 1, b), (b, a), (b + 1, a)):
        if _to_segment(x, y, k, s) <= tolerance:
            if k == b or k == b + 1:  # the same place is told once, however many segments come together there
                for own in (a, a + 1):
                    if _near(x, y, own, x[k], y[k], tolerance):
                        return x[own], y[own]
            return x[k], y[k]
    ax, ay, bx, by = x[a + 1] - x[a], y[a + 1] - y[a], x[b + 1] - x[b], y[b + 1] - y[b]
    cross = ax * by - ay * bx
    if cross == 0.0:
        return math.nan, math.nan
    t = ((x[b] - x[a]) * by - (y[b] - y[a]) * bx) / cross
    s = ((x[b] - x[a]) * ay - (y[b] - y[a]) * ax) / cross
    if t < 0.0 or t > 1.0 or s < 0.0 or s > 1.0:
        return math.nan, math.nan
    return x[a] + t * ax, y[a] + t * ay


@numba.njit(nogil=True, cache=True)
def _to_segment(x, y, k, s):  # type: ignore[no-untyped-def]
    """Give how far a vertex is from a segment."""
    run_x, run_y = x[s + 1] - x[s], y[s + 1] - y[s]
    square = run_x * run_x + run_y * run_y
    along = 0.0
    if square > 0.0:
        along = min(1.0, max(0.0, ((x[k] - x[s]) * run_x + (y[k] - y[s]) * run_y) / square))
    return math.hypot(x[k] - x[s] - along * run_x, y[k] - y[s] - along * run_y)


def _grouped(rows: np.ndarray) -> Overlaps:
    """Put the stretches of each pair of lines together, ground that is told twice once."""
    if not len(rows):
        none = np.zeros(0, dtype=np.int64)
        return Overlaps(none, none, np.zeros(0, dtype=object))
    rows = rows[np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))]
    # A stretch that begins where the one before it ended goes on with it.
    begins = np.r_[True, (rows[1:, :2] != rows[:-1, :2]).any(axis=1) | (rows[1:, 4:6] != rows[:-1, 6:8]).any(axis=1)]
    run = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    points = np.insert(rows[:, 6:8], first, rows[first, 4:6], axis=0)
    runs = shapely.linestrings(points, indices=np.insert(run, first, run[first]))
    pairs, group, count = np.unique(rows[first, :2].astype(np.int64), axis=0, return_inverse=True, return_counts=True)
    ground = shapely.multilinestrings(runs, indices=group.ravel())
    several = (count > 1) | ~shapely.is_simple(ground)
    ground[several] = shapely.line_merge([steady(shapely.union_all, [one]) for one in ground[several]])
    single = shapely.get_num_geometries(ground) == 1
    ground[single] = shapely.get_geometry(ground[single], 0)
    return Overlaps(pairs[:, 0], pairs[:, 1], ground)
