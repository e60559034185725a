"""Which county each stretch of a line runs through.

Lines and outlines are both straight in longitude and latitude between vertices, so a crossing is that of two straight
lines and needs no projection. Candidate breaks may be too many, never too few: between two breaks the middle decides,
and stretches of one county are joined again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .drawn import FloatArray, IntArray, Lines, pieces_of, places_at
from .stretches import Stretches, breaks_of, merged

NOWHERE = -1
LEAST_M = 1e-3
"""Breaks nearer to each other are one: rounding of the outlines."""
ON_BORDER_DEG = 1e-8
"""A line this near to an outline (about a millimetre) runs on it: rounding puts it to either side."""
_EDGE = 1e-9


def county_stretches(lines: Lines, counties: Sequence[BaseGeometry]) -> Stretches:
    """Divide lines by county.

    Parameters
    ----------
    lines : Lines
    counties : sequence of Polygon or MultiPolygon (c,)
        In degrees on CGCS2000.

    Returns
    -------
    Stretches
        The value is the row of the county, `NOWHERE` outside all. A stretch along the border of two counties, or
        where two overlap, goes to the one that stands first.

    Raises
    ------
    ValueError
        A county is no polygon; names its index.
    """
    for k, county in enumerate(counties):
        if not isinstance(county, (shapely.Polygon, shapely.MultiPolygon)):
            raise ValueError(f"county {k}: not a polygon")
    line, at = _crossings(lines, counties)
    order = np.lexsort((at, line))
    line, at = line[order], at[order]
    apart = np.append(True, (line[1:] != line[:-1]) | (at[1:] - at[:-1] > LEAST_M))[: len(line)]
    apart &= (at > LEAST_M) & (at < lines.length_m[line] - LEAST_M)
    stretches = breaks_of(lines, [line[apart]], [at[apart]])
    where = places_at(lines, stretches[0], (stretches[1] + stretches[2]) / 2.0)
    points = shapely.points(*where)
    tree = shapely.STRtree(points)
    value = np.full(len(points), NOWHERE, dtype=np.int64)
    for k in reversed(range(len(counties))):  # so that the first county has the last word
        shapely.prepare(counties[k])
        value[tree.query(counties[k], predicate="dwithin", distance=ON_BORDER_DEG)] = k
    return merged(lines, Stretches(*stretches, value))


def _crossings(lines: Lines, counties: Sequence[BaseGeometry]) -> tuple[IntArray, FloatArray]:
    """Chainages at which a line may pass from one county to another."""
    start, line = pieces_of(lines)
    rings = shapely.get_rings(shapely.get_parts(np.array(list(counties), dtype=object)))
    if len(start) == 0 or len(rings) == 0:
        return np.empty(0, np.int64), np.empty(0)
    a = np.column_stack([lines.lon[start], lines.lat[start]])
    b = np.column_stack([lines.lon[start + 1], lines.lat[start + 1]])
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    c, d = xy[edge], xy[edge + 1]
    tree = shapely.STRtree(shapely.linestrings(np.stack([c, d], axis=1)))
    piece, other = tree.query(shapely.box(*_bounds(a, b)))
    a, b, c, d = a[piece], b[piece], c[other], d[other]
    way, side, lead = b - a, d - c, c - a
    turn = _cross(way, side)
    # Nearly parallel: the places beside both ends of the edge, where the line may join or leave it.
    flat = np.abs(turn) <= 1e-12 * np.hypot(*way.T) * np.hypot(*side.T)
    safe = np.where(flat, 1.0, turn)
    share, along = _cross(lead, side) / safe, _cross(lead, way) / safe
    crosses = ~flat & (np.abs(share - 0.5) <= 0.5 + _EDGE) & (np.abs(along - 0.5) <= 0.5 + _EDGE)
    square = (way**2).sum(axis=1)
    beside = [(lead * way).sum(axis=1) / square, ((d - a) * way).sum(axis=1) / square]
    beside_ok = [flat & (np.abs(t - 0.5) <= 0.5) for t in beside]
    share = np.concatenate([share[crosses], *(t[ok] for t, ok in zip(beside, beside_ok))])
    piece = np.concatenate([piece[crosses], *(piece[ok] for ok in beside_ok)])
    v = start[piece]
    chainage = lines.chainage_m
    return line[piece], chainage[v] + np.clip(share, 0.0, 1.0) * (chainage[v + 1] - chainage[v])


def _cross(u: FloatArray, w: FloatArray) -> FloatArray:
    return u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]


def _bounds(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.column_stack([np.minimum(a, b) - _EDGE, np.maximum(a, b) + _EDGE]).T
