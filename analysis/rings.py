"""From directed pieces of boundary to polygons: cut arcs into chords, join, nest holes, build.

Everything here works on longitude and latitude; arcs come from the plane piece by piece.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numba as nb
import numpy as np
import shapely
from numpy.typing import NDArray

from .arcs import Discs, InconsistentError, Run, chord_count, chord_radius
from .areas import SQUARE_METRES, authalic_q, edge_sum
from .chord_grid import ChordGrid, Lines, line_below
from .disc_clip import ARC, OUTSIDE, Pieces
from .stereographic import unproject

PIECES = 16384
SMALLEST_M2 = 1e-3
"""Rings below this area are left out: rounding, not land."""


class Points(NamedTuple):
    """Places of the pieces' nodes and of the unit's vertices, in degrees."""

    node_lon: NDArray  # float64 (nodes,)
    node_lat: NDArray  # float64 (nodes,)
    lon: NDArray  # float64 (u,)
    lat: NDArray  # float64 (u,)
    after: NDArray  # int64 (u,): next vertex of the ring


class Drawing(NamedTuple):
    """Pieces as polylines in degrees, with what rings need to know of each."""

    lines: Lines
    area: NDArray  # float64 (pieces,): share of a ring's area, m²
    leftmost: NDArray  # int64 (pieces,): vertex of least longitude, then latitude


@nb.njit(cache=True, nogil=True)
def unproject_on_circles(frame: NDArray, discs: Discs, disc: NDArray, angle: NDArray) -> tuple:
    """Longitude and latitude (n,), (n,) of the points of given angles on given circles."""
    lon, lat = np.empty(len(disc)), np.empty(len(disc))
    for k in range(len(disc)):
        i = disc[k]
        x = discs.x[i] + discs.r[i] * math.cos(angle[k])
        y = discs.y[i] + discs.r[i] * math.sin(angle[k])
        lon[k], lat[k] = unproject(frame, x, y)
    return lon, lat


@nb.njit(cache=True, nogil=True)
def _draw(
    frame: NDArray, discs: Discs, pieces: Pieces, points: Points, span: tuple[int, int]
) -> tuple[NDArray, NDArray, NDArray, NDArray, NDArray]:
    """Draw pieces span[0]..span[1]: number of vertices, longitudes, latitudes, area, leftmost vertex."""
    first, last = span
    counts = np.empty(last - first, dtype=np.int64)
    for p in range(first, last):
        if pieces.kind[p] == ARC:
            angle = pieces.angles[p, 1] - pieces.angles[p, 0]
            counts[p - first] = chord_count(angle, discs.r[pieces.source[p]]) + 1
        else:
            counts[p - first] = pieces.through[p] + 2
    total = counts.sum()
    lon, lat = np.empty(total), np.empty(total)
    area, leftmost = np.empty(last - first), np.empty(last - first, dtype=np.int64)
    base = authalic_q(points.lat[0])
    v = 0
    for p in range(first, last):
        start = v
        inner, source = counts[p - first] - 2, pieces.source[p]
        lon[v], lat[v] = points.node_lon[pieces.begin[p]], points.node_lat[pieces.begin[p]]
        v += 1
        if pieces.kind[p] != ARC:
            for _ in range(inner):
                lon[v], lat[v] = points.lon[source], points.lat[source]
                source = points.after[source]
                v += 1
        elif inner > 0:
            angle = pieces.angles[p, 1] - pieces.angles[p, 0]
            n = inner + 1
            r = discs.r[source] * chord_radius(angle, n)
            dx, dy = r * math.cos(pieces.angles[p, 0]), r * math.sin(pieces.angles[p, 0])
            c, s = math.cos(angle / n), math.sin(angle / n)
            for _ in range(inner):
                dx, dy = dx * c - dy * s, dx * s + dy * c
                lon[v], lat[v] = unproject(frame, discs.x[source] + dx, discs.y[source] + dy)
                v += 1
        lon[v], lat[v] = points.node_lon[pieces.finish[p]], points.node_lat[pieces.finish[p]]
        v += 1
        area[p - first] = SQUARE_METRES * edge_sum(lon, lat, (start, v), base)
        best = start
        for u in range(start + 1, v):
            if lon[u] < lon[best] or (lon[u] == lon[best] and lat[u] < lat[best]):
                best = u
        leftmost[p - first] = best - start
    return counts, lon, lat, area, leftmost


def draw_pieces(frame: NDArray, discs: Discs, pieces: Pieces, points: Points, run: Run) -> Drawing:
    """Write every piece as a polyline in degrees; arcs are cut into chords, see `arcs.chord_radius`."""
    n = len(pieces.kind)

    def block(at: int) -> Any:
        return _draw(frame, discs, pieces, points, (at, min(at + PIECES, n)))

    parts = run(block, range(0, n, PIECES))
    counts, lon, lat, area, leftmost = (np.concatenate([part[k] for part in parts]) for k in range(5))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    owner = np.repeat(np.arange(n, dtype=np.int32), counts)
    return Drawing(Lines(lon, lat, offsets, owner, pieces.kind == ARC), area, offsets[:-1] + leftmost)


@nb.njit(cache=True, nogil=True)
def _join(begin: NDArray, finish: NDArray, nodes: int) -> tuple:
    """Order pieces into rings: piece numbers and where each ring starts; ok is False if ends do not match."""
    n = len(begin)
    starts = np.full(nodes, -1, dtype=np.int64)
    order, offsets = np.empty(n, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    for p in range(n):
        if starts[begin[p]] >= 0:
            return order, offsets[:1], False
        starts[begin[p]] = p
    seen = np.zeros(n, dtype=np.bool_)
    at, rings = 0, 0
    for first in range(n):
        if seen[first]:
            continue
        p = first
        while not seen[p]:
            seen[p] = True
            order[at] = p
            at += 1
            following = starts[finish[p]]
            if following < 0:
                return order, offsets[:1], False
            p = following
        if p != first:
            return order, offsets[:1], False
        rings += 1
        offsets[rings] = at
    return order, offsets[: rings + 1].copy(), True


@nb.njit(cache=True, nogil=True)
def _measure(drawing: Drawing, order: NDArray, starts: NDArray, turned: NDArray) -> tuple[NDArray, NDArray]:
    """Signed area and leftmost vertex of rings of pieces, some of them turned round."""
    lines, area, leftmost = drawing
    areas, vertices = np.zeros(len(starts) - 1), np.empty(len(starts) - 1, dtype=np.int64)
    for ring in range(len(areas)):
        best = leftmost[order[starts[ring]]]
        for k in range(starts[ring], starts[ring + 1]):
            p = order[k]
            areas[ring] += -area[p] if turned[p] else area[p]
            u = leftmost[p]
            if lines.x[u] < lines.x[best] or (lines.x[u] == lines.x[best] and lines.y[u] < lines.y[best]):
                best = u
        vertices[ring] = best
    return areas, vertices


@nb.njit(cache=True, nogil=True)
def _fill(lines: Lines, rings: NDArray, order: NDArray, starts: NDArray, turned: NDArray) -> tuple:
    """Write out the chosen rings, closed: coordinates (v, 2) and where each ring starts."""
    offsets = np.zeros(len(rings) + 1, dtype=np.int64)
    for r in range(len(rings)):
        size = 1
        for k in range(starts[rings[r]], starts[rings[r] + 1]):
            size += lines.offsets[order[k] + 1] - lines.offsets[order[k]] - 1
        offsets[r + 1] = offsets[r] + size
    xy = np.empty((offsets[-1], 2))
    for r in range(len(rings)):
        v = offsets[r]
        for k in range(starts[rings[r]], starts[rings[r] + 1]):
            first, last = lines.offsets[order[k]], lines.offsets[order[k] + 1] - 1
            for c in range(last - first):
                u = last - c if turned[order[k]] else first + c
                xy[v, 0], xy[v, 1] = lines.x[u], lines.y[u]
                v += 1
        xy[v] = xy[offsets[r]]
    return xy, offsets


def _shell_of(below: NDArray, interior_above: NDArray, shell: NDArray) -> NDArray:
    """For each ring the shell it belongs to: a shell to itself, a hole to the shell around it.

    Parameters
    ----------
    below : int64 (rings,)
        The ring whose edge lies next below the ring's leftmost vertex, -1 where there is none.
    interior_above : bool (rings,)
        The polygon lies on the upper side of that edge.
    shell : bool (rings,)
        The ring runs counter-clockwise.

    Raises
    ------
    InconsistentError
        Unless each hole lies just inside the polygon and each shell just outside of it.
    """
    if (shell == ((below >= 0) & interior_above)).any():
        raise InconsistentError("a hole lies in no shell, or a shell within another")
    parent = np.where(shell, np.arange(len(shell)), below)
    # Below a hole lies its shell or another hole of the same shell, which starts further left or lower.
    for _ in range(len(shell)):
        further = parent[parent]
        if (further == parent).all():
            break
        parent = further
    if not shell[parent].all():
        raise InconsistentError("a hole lies in no shell")
    return parent


def build_polygons(
    pieces: Pieces, drawing: Drawing, grid: ChordGrid, part: int
) -> tuple[shapely.MultiPolygon | None, float]:
    """Join pieces into a multipolygon.

    Parameters
    ----------
    pieces, drawing, grid : the pieces, as polylines, and their grid
    part : int
        `disc_clip.INSIDE` for what the discs cover, `disc_clip.OUTSIDE` for what they leave open.

    Returns
    -------
    tuple
        The multipolygon in degrees, shells counter-clockwise, holes clockwise (None if nothing is left), and
        its area in square metres.

    Raises
    ------
    InconsistentError
        When pieces do not close to rings, or rings do not nest.
    """
    arc = pieces.kind == ARC
    use = arc | (pieces.kind == part)
    turned = arc & (part == OUTSIDE)
    chosen = np.flatnonzero(use)
    begin = np.where(turned, pieces.finish, pieces.begin)[chosen]
    finish = np.where(turned, pieces.begin, pieces.finish)[chosen]
    order, starts, ok = _join(begin, finish, pieces.nodes)
    if not ok:
        raise InconsistentError("the pieces do not close to rings")
    order = chosen[order]
    areas, leftmost = _measure(drawing, order, starts, turned)
    kept = np.abs(areas) > SMALLEST_M2
    if not kept.any():
        return None, 0.0
    ring_of = np.full(len(arc), -1)
    ring_of[order] = np.repeat(np.arange(len(areas)), np.diff(starts))
    use &= kept[ring_of]
    rings = np.flatnonzero(kept)
    line, forward = line_below(drawing.lines, grid, leftmost[rings], use)
    number = np.cumsum(kept) - 1
    below = np.where(line < 0, -1, number[ring_of[line]])
    shell = areas[rings] > 0.0
    parent = _shell_of(below, forward != turned[line], shell)
    sorting = np.lexsort((rings, ~shell, parent))
    xy, offsets = _fill(drawing.lines, rings[sorting], order, starts, turned)
    polygons = np.append(np.flatnonzero(shell[sorting]), len(rings))
    parts = np.array([0, len(polygons) - 1])
    shape = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, xy, (offsets, polygons, parts))[0]
    return shape, float(areas[rings].sum())
