"""Two carriageways of one road, so that no kilometre is counted twice.

Features of one road are joined to chains where exactly two of them meet. Of two chains that run side by side the
longer one counts; a stretch of the other is not counted where it has a counted piece of the longer one beside it: the
foot of the perpendicular falls on that piece, no further than the stated distance away, and both run in about the
same direction (either way round). Holes as short as that distance, as bends leave them, are closed. Runs shorter than
the stated least length stay counted: the arms of a hairpin or of a fork are near each other too, and they are road.
The two carriageways of a road that its owner drew as one closed loop form one chain and are both counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from ..geodesy import ecef_m
from .chains import Parts, joined, part_at, parts_of
from .drawn import FloatArray, IntArray, Lines, pieces_of
from .stretches import Stretches, divide

COUNTED = -1
SLIVER_M = 0.01
"""A stretch shorter than this at the end of a carriageway is rounding, not road."""


def second_carriageways(
    lines: Lines, road: Sequence[str], *, apart_m: float, least_m: float, turn_deg: float
) -> Stretches:
    """Divide lines into what is counted and what only doubles another carriageway.

    Parameters
    ----------
    lines : Lines
    road : sequence of str (n,)
        Road of each line, such as its number and class; lines of the road "" are never paired.
    apart_m : float
        Greatest distance between the two carriageways.
    least_m : float
        Least length of a run that is not counted.
    turn_deg : float
        Greatest angle between the directions of both.

    Returns
    -------
    Stretches
        The value is `COUNTED`, or the row of the line that is counted in its place.
    """
    parts = parts_of(lines, road)
    start, line = pieces_of(lines)
    part = part_at(parts, line, lines.chainage_m[start])
    chain = parts.chain[part]
    piece, other = _near_pieces(lines, start, np.array([name == "" for name in road], dtype=bool)[line], apart_m)
    names = np.unique(np.array(list(road), dtype=str), return_inverse=True)[1]
    order = _rank(parts)
    same = (names[line[piece]] == names[line[other]]) & (order[chain[other]] < order[chain[piece]])
    piece, other = piece[same], other[same]
    share = _beside(lines, start[piece], start[other], apart_m, turn_deg)
    real = share[:, 0] < share[:, 1]
    piece, other, share = piece[real], other[real], share[real]

    at = lines.chainage_m[start[piece]]
    length = lines.chainage_m[start[piece] + 1] - at
    begin, end = at + share[:, 0] * length, at + share[:, 1] * length
    middle = (lines.chainage_m[start[other]] + lines.chainage_m[start[other] + 1]) / 2.0
    doubled: list[tuple[IntArray, FloatArray, FloatArray, IntArray]] = []
    taken: dict[int, list[tuple[float, float]]] = {}
    of_chain = chain[piece]
    by_chain = np.argsort(order[of_chain], kind="stable")
    for candidates in np.split(by_chain, np.flatnonzero(np.diff(order[of_chain][by_chain])) + 1):
        counts = [not _holds(taken.get(part[other[r]], ()), middle[r]) for r in candidates]
        rows = candidates[np.array(counts, dtype=bool)]
        if len(rows) == 0:
            continue
        found = _runs(parts, part[piece[rows]], begin[rows], end[rows], line[other[rows]], apart_m, least_m)
        for p, a, b in zip(*found[:3]):
            taken.setdefault(int(p), []).append((float(a), float(b)))
        doubled.append((parts.line[found[0]], *found[1:]))
    if not doubled:
        none = np.empty(0)
        return divide(lines, np.empty(0, np.int64), none, none, COUNTED, COUNTED)
    columns = [np.concatenate(column) for column in zip(*doubled)]
    sort = np.lexsort((columns[1], columns[0]))
    at_line, low, high, instead = (column[sort] for column in columns)
    return divide(lines, at_line, low, high, instead, COUNTED)


def _rank(parts: Parts) -> IntArray:
    """Order of the chains: the longer one first, of equal ones that which stands first."""
    length = np.bincount(parts.chain, weights=parts.to_m - parts.from_m)
    order = np.empty(len(length), dtype=np.int64)
    order[np.lexsort((np.arange(len(length)), -length))] = np.arange(len(length))
    return order


def _near_pieces(
    lines: Lines, start: IntArray, alone: npt.NDArray[np.bool_], apart_m: float
) -> tuple[IntArray, IntArray]:
    """Pairs of pieces whose boxes come within `apart_m`; generous."""
    use = np.flatnonzero(~alone)
    a, b = start[use], start[use] + 1
    high = apart_m / 110_000.0
    wide = high / np.cos(np.radians(np.minimum(np.maximum(np.abs(lines.lat[a]), np.abs(lines.lat[b])) + high, 89.0)))
    west, east = np.minimum(lines.lon[a], lines.lon[b]), np.maximum(lines.lon[a], lines.lon[b])
    south, north = np.minimum(lines.lat[a], lines.lat[b]), np.maximum(lines.lat[a], lines.lat[b])
    tree = shapely.STRtree(shapely.box(west, south, east, north))
    one, two = tree.query(shapely.box(west - wide, south - high, east + wide, north + high))
    apart = one != two
    return use[one[apart]], use[two[apart]]


def _beside(lines: Lines, piece: IntArray, other: IntArray, apart_m: float, turn_deg: float) -> FloatArray:
    """Part of each piece, (k, 2) of 0 … 1, that has the other piece beside it; begin after end where none has."""
    ends = (ecef_m(lines.lon[v], lines.lat[v]) for v in (piece, piece + 1, other, other + 1))
    p, q, a, b = ends
    way, along = q - p, b - a
    size = np.linalg.norm(along, axis=1)
    along = along / size[:, None]
    up = a / np.linalg.norm(a, axis=1)[:, None]
    aside = np.cross(up, along)
    aside /= np.linalg.norm(aside, axis=1)[:, None]
    lead = p - a
    share = np.column_stack([np.zeros(len(p)), np.ones(len(p))])
    for axis, low, high in ((along, np.zeros(len(p)), size), (aside, -apart_m, apart_m)):
        offset, slope = (lead * axis).sum(axis=1), (way * axis).sum(axis=1)
        flat = np.abs(slope) < 1e-9
        safe = np.where(flat, 1.0, slope)
        bounds = np.sort(np.column_stack([(low - offset) / safe, (high - offset) / safe]), axis=1)
        inside = (offset >= low) & (offset <= high)
        bounds[flat] = np.where(inside[flat, None], [0.0, 1.0], [1.0, 0.0])
        share[:, 0] = np.maximum(share[:, 0], bounds[:, 0])
        share[:, 1] = np.minimum(share[:, 1], bounds[:, 1])
    parallel = np.abs((way * along).sum(axis=1)) >= math.cos(math.radians(turn_deg)) * np.linalg.norm(way, axis=1)
    share[~parallel] = (1.0, 0.0)
    return share


def _holds(stretches: Sequence[tuple[float, float]], at: float) -> bool:
    return any(begin <= at <= end for begin, end in stretches)


def _runs(
    parts: Parts,
    part: IntArray,
    begin: FloatArray,
    end: FloatArray,
    instead: IntArray,
    apart_m: float,
    least_m: float,
) -> tuple[IntArray, FloatArray, FloatArray, IntArray]:
    """Join stretches of one chain, close holes, leave out short runs: part, begin, end, line that counts instead."""
    order = np.lexsort((instead, end, begin, part))
    out: list[tuple[int, float, float, int]] = []
    for row in order:
        p, a, b, other = int(part[row]), begin[row], end[row], int(instead[row])
        first, last = parts.from_m[p], parts.to_m[p]
        # The joint of two features is a place like any other: a hole about it is closed from both sides.
        # At a free end only what rounding leaves over is closed.
        if a - first <= (apart_m / 2.0 if parts.node[p, 0] >= 0 else SLIVER_M):
            a = first
        if last - b <= (apart_m / 2.0 if parts.node[p, 1] >= 0 else SLIVER_M):
            b = last
        if out and out[-1][0] == p and a <= out[-1][2] + apart_m:
            a = out[-1][2]  # what follows in the place of the same line is joined by `divide`
            if b <= a:
                continue
        out.append((p, a, b, other))
    found, counted = (np.array([stretch[k] for stretch in out], dtype=np.int64) for k in (0, 3))
    low, high = (np.array([stretch[k] for stretch in out]) for k in (1, 2))
    fresh = np.append(True, (found[1:] != found[:-1]) | (low[1:] != high[:-1]))
    run_of = np.cumsum(fresh) - 1
    starts = np.flatnonzero(fresh)
    stops = np.append(starts[1:], len(found)) - 1
    touches = np.stack([low[starts] == parts.from_m[found[starts]], high[stops] == parts.to_m[found[stops]]], axis=1)
    number = joined(parts.node, found[starts], touches)[run_of]
    keep = np.bincount(number, weights=high - low)[number] >= least_m
    return found[keep], low[keep], high[keep], counted[keep]
