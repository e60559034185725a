"""Pieces of lines that run beside others, and the runs that come of them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import shapely

from ..geodesy import ecef_m
from .chains import Parts, joined
from .drawn import FloatArray, IntArray, Lines

COUNTED = -1
IN_DOUBT = -2
"""Counted as well: it looks like a hairpin, but its arms are so long that it may be a second carriageway."""
SLIVER_M = 0.01
"""A stretch shorter than this at the end of a carriageway is rounding, not road."""


class Near(NamedTuple):
    """Stretches of parts that have a piece of their road beside them."""

    part: IntArray
    from_m: FloatArray  # chainage
    to_m: FloatArray
    beside: IntArray  # the line beside it
    at_end: IntArray  # 1: the stretch, or what is beside it, reaches an end of the chain; 0 else


def near_pieces(lines: Lines, start: IntArray, apart_m: float) -> tuple[IntArray, IntArray]:
    """Give pairs of pieces whose boxes come within `apart_m`; generous."""
    a, b = start, start + 1
    high = apart_m / 110_000.0
    wide = high / np.cos(np.radians(np.minimum(np.maximum(np.abs(lines.lat[a]), np.abs(lines.lat[b])) + high, 89.0)))
    west, east = np.minimum(lines.lon[a], lines.lon[b]), np.maximum(lines.lon[a], lines.lon[b])
    south, north = np.minimum(lines.lat[a], lines.lat[b]), np.maximum(lines.lat[a], lines.lat[b])
    tree = shapely.STRtree(shapely.box(west, south, east, north))
    one, two = tree.query(shapely.box(west - wide, south - high, east + wide, north + high))
    apart = one != two
    return one[apart], two[apart]


def beside_pieces(
    lines: Lines, piece: IntArray, other: IntArray, apart_m: float, turn_deg: float
) -> tuple[FloatArray, FloatArray]:
    """Give the part of each piece, (k, 2) of 0 … 1, that has the other piece beside it; begin after end where none has.

    And how far along the other piece the feet of both ends of that part lie, (k, 2) in metres.
    """
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
    foot = (lead * along).sum(axis=1)[:, None] + share * (way * along).sum(axis=1)[:, None]
    return share, foot


def runs_of(
    parts: Parts, near: Near, apart_m: float, least_m: float, far_m: float, joint_m: float
) -> tuple[IntArray, FloatArray, FloatArray, IntArray]:
    """Join stretches, close holes, leave out short runs: part, begin, end, and the line beside, or `IN_DOUBT`.

    Holes of `apart_m`, and of `joint_m` at a joint of two features, are closed. Runs of at least `least_m` are not
    counted; those that reach no end of their chain from `far_m` only.
    """
    order = np.lexsort((near.beside, near.to_m, near.from_m, near.part))
    out: list[tuple[int, float, float, int, int]] = []
    for row in order:
        p, a, b, other = int(near.part[row]), near.from_m[row], near.to_m[row], int(near.beside[row])
        first, last = parts.from_m[p], parts.to_m[p]
        # The joint of two features is a place like any other: a hole about it is closed, too.
        # At a free end only what rounding leaves over is closed.
        if a - first <= (joint_m if parts.node[p, 0] >= 0 else SLIVER_M):
            a = first
        if last - b <= (joint_m if parts.node[p, 1] >= 0 else SLIVER_M):
            b = last
        if out and out[-1][0] == p and a <= out[-1][2] + apart_m:
            a = out[-1][2]  # what follows beside the same line is joined by `divide`
            if b <= a:
                out[-1] = (*out[-1][:4], max(out[-1][4], int(near.at_end[row])))
                continue
        out.append((p, a, b, other, int(near.at_end[row])))
    found, beside, at_end = (np.array([stretch[k] for stretch in out], dtype=np.int64) for k in (0, 3, 4))
    low, high = (np.array([stretch[k] for stretch in out]) for k in (1, 2))
    fresh = np.append(True, (found[1:] != found[:-1]) | (low[1:] != high[:-1]))
    run_of = np.cumsum(fresh) - 1
    starts = np.flatnonzero(fresh)
    stops = np.append(starts[1:], len(found)) - 1
    touches = np.stack([low[starts] == parts.from_m[found[starts]], high[stops] == parts.to_m[found[stops]]], axis=1)
    number = joined(parts.node, found[starts], touches)[run_of]
    length = np.bincount(number, weights=high - low)[number]
    reaches = np.bincount(number, weights=at_end)[number] > 0
    beside = np.where(reaches | (length >= far_m), beside, IN_DOUBT)
    keep = length >= least_m
    return found[keep], low[keep], high[keep], beside[keep]


def join_once(
    line: IntArray, low: FloatArray, high: FloatArray, value: IntArray
) -> tuple[IntArray, FloatArray, FloatArray, IntArray]:
    """Cut stretches so that none overlaps another, sorted; what is not counted goes before what is in doubt."""
    rows: list[tuple[int, float, float, int]] = []
    by_line = np.lexsort((value, line))
    for own in np.split(by_line, np.flatnonzero(np.diff(line[by_line])) + 1):
        bounds = np.unique(np.concatenate([low[own], high[own]]))
        said = np.full(len(bounds) - 1, COUNTED)
        for row in own:
            said[np.searchsorted(bounds, low[row]) : np.searchsorted(bounds, high[row])] = value[row]
        rows += [(int(line[own[0]]), bounds[k], bounds[k + 1], int(said[k])) for k in np.flatnonzero(said != COUNTED)]
    begun, ended = (np.array([row[k] for row in rows], dtype=np.float64) for k in (1, 2))
    whose, meant = (np.array([row[k] for row in rows], dtype=np.int64) for k in (0, 3))
    return whose, begun, ended, meant
