"""Is a set of polylines free of crossings, and which lies next below a point? One grid answers both.

Polylines meet at their ends only if the arrangement is sound: then rings joined from them are simple, and the
line next below a ring's leftmost vertex tells in which ring it lies.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from .arcs import Run

CELLS = 16384


class Lines(NamedTuple):
    """Polylines: vertices one after the other, both ends included."""

    x: NDArray  # float64 (v,)
    y: NDArray  # float64 (v,)
    offsets: NDArray  # int64 (lines + 1,)
    owner: NDArray  # int32 (v,): the line of each vertex
    convex: NDArray  # bool (lines,): cannot cross itself


class ChordGrid(NamedTuple):
    """Segments of polylines sorted into square cells, row by row."""

    origin: NDArray  # float64 (2,)
    per_unit: float
    columns: int
    rows: int
    cells: NDArray  # int32 (cells + 1,)
    chord: NDArray  # int32 (k,): first vertex of the segment


@nb.njit(cache=True, nogil=True)
def make_grid(lines: Lines) -> ChordGrid:
    """Sort the segments into cells, about two cells to a segment."""
    west, south = lines.x.min(), lines.y.min()
    width, height = lines.x.max() - west, lines.y.max() - south
    count = len(lines.x)
    size = max(math.sqrt(width * height / (2 * count)), (width + height) / count, 1e-12)
    scale = 1.0 / size
    columns, rows = int(width * scale) + 1, int(height * scale) + 1
    heads = np.zeros(columns * rows + 2, dtype=np.int32)
    chord = np.empty(0, dtype=np.int32)
    for fill in range(2):
        if fill == 1:
            for cell in range(1, len(heads)):
                heads[cell] += heads[cell - 1]
            chord = np.empty(heads[-1], dtype=np.int32)
        for p in range(len(lines.offsets) - 1):
            for v in range(lines.offsets[p], lines.offsets[p + 1] - 1):
                ax, ay = (lines.x[v] - west) * scale, (lines.y[v] - south) * scale
                bx, by = (lines.x[v + 1] - west) * scale, (lines.y[v + 1] - south) * scale
                if ax > bx:
                    ax, ay, bx, by = bx, by, ax, ay
                first, last = int(ax), min(int(bx), columns - 1)
                slope = (by - ay) / (bx - ax) if last > first else 0.0
                for column in range(first, last + 1):
                    # Only the part of a long segment that lies in this column, a little generous.
                    y0 = ay if column == first else ay + slope * (column - ax)
                    y1 = by if column == last else ay + slope * (column + 1 - ax)
                    low = max(0, int(min(y0, y1) - 1e-6))
                    high = min(int(max(y0, y1) + 1e-6), rows - 1)
                    for row in range(low, high + 1):
                        cell = row * columns + column
                        if fill == 0:
                            heads[cell + 2] += 1
                        else:
                            chord[heads[cell + 1]] = v
                            heads[cell + 1] += 1
    return ChordGrid(np.array([west, south]), scale, columns, rows, heads[:-1], chord)


@nb.njit(cache=True, nogil=True, inline="always")
def _side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    return (bx - ax) * (py - ay) - (by - ay) * (px - ax)


@nb.njit(cache=True, nogil=True)
def _meet(lines: Lines, a: int, p: int, c: int, q: int) -> bool:
    """Whether segment a of line p and segment c of line q, whose boxes meet, meet but at common ends."""
    ax, ay, bx, by = lines.x[a], lines.y[a], lines.x[a + 1], lines.y[a + 1]
    cx, cy, dx, dy = lines.x[c], lines.y[c], lines.x[c + 1], lines.y[c + 1]
    if (ax == bx and ay == by) or (cx == dx and cy == dy):
        return False  # a repeated vertex; the segments beside it tell
    s1, s2 = _side(ax, ay, bx, by, cx, cy), _side(ax, ay, bx, by, dx, dy)
    s3, s4 = _side(cx, cy, dx, dy, ax, ay), _side(cx, cy, dx, dy, bx, by)
    if (s1 > 0.0 and s2 > 0.0) or (s1 < 0.0 and s2 < 0.0) or (s3 > 0.0 and s4 > 0.0) or (s3 < 0.0 and s4 < 0.0):
        return False
    for end in range(2):
        u = a + end
        for other in range(2):
            w = c + other
            if lines.x[u] != lines.x[w] or lines.y[u] != lines.y[w]:
                continue
            neighbours = p == q and u == w
            ends_p = u in (lines.offsets[p], lines.offsets[p + 1] - 1)
            ends_q = w in (lines.offsets[q], lines.offsets[q + 1] - 1)
            if not neighbours and not (ends_p and ends_q):
                return True
            far_u, far_w = a + 1 - end, c + 1 - other
            ux, uy = lines.x[far_u] - lines.x[u], lines.y[far_u] - lines.y[u]
            wx, wy = lines.x[far_w] - lines.x[w], lines.y[far_w] - lines.y[w]
            # They share this end; they must not run back over each other.
            return ux * wy - uy * wx == 0.0 and ux * wx + uy * wy > 0.0
    return True


@nb.njit(cache=True, nogil=True)
def _crossing_in(lines: Lines, grid: ChordGrid, first: int, last: int) -> bool:
    for cell in range(first, last):
        for i in range(grid.cells[cell], grid.cells[cell + 1]):
            a = grid.chord[i]
            p = lines.owner[a]
            ax, bx, ay, by = lines.x[a], lines.x[a + 1], lines.y[a], lines.y[a + 1]
            west, east, south, north = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
            for j in range(grid.cells[cell], i):
                c = grid.chord[j]
                cx, dx, cy, dy = lines.x[c], lines.x[c + 1], lines.y[c], lines.y[c + 1]
                if max(cx, dx) < west or min(cx, dx) > east or max(cy, dy) < south or min(cy, dy) > north:
                    continue
                q = lines.owner[c]
                if (p != q or not lines.convex[p]) and _meet(lines, a, p, c, q):
                    return True
    return False


def free_of_crossings(lines: Lines, grid: ChordGrid, run: Run) -> bool:
    """Whether no two segments meet except neighbours at their common vertex and lines at common ends.

    A touch, even a harmless one, counts as a meeting.
    """
    cells = len(grid.cells) - 1
    found = run(lambda at: _crossing_in(lines, grid, at, min(at + CELLS, cells)), range(0, cells, CELLS))
    return not any(found)


@nb.njit(cache=True, nogil=True)
def line_below(lines: Lines, grid: ChordGrid, vertices: NDArray, use: NDArray) -> tuple[NDArray, NDArray]:
    """For each given vertex the line next below it among the lines in use.

    Parameters
    ----------
    lines, grid : the polylines and their grid
    vertices : int64 (n,)
        Vertices of lines.
    use : bool (lines,)
        Lines that count.

    Returns
    -------
    tuple
        The line int64 (n,), -1 where there is none, and whether it runs towards greater x there, bool (n,).
    """
    below, forward = np.full(len(vertices), -1, dtype=np.int64), np.zeros(len(vertices), dtype=np.bool_)
    for k in range(len(vertices)):
        x, y = lines.x[vertices[k]], lines.y[vertices[k]]
        column = int((x - grid.origin[0]) * grid.per_unit)
        row = int((y - grid.origin[1]) * grid.per_unit)
        top = -math.inf
        while row >= 0 and below[k] < 0:
            cell = row * grid.columns + column
            floor = grid.origin[1] + (row - 1e-6) / grid.per_unit
            for c in range(grid.cells[cell], grid.cells[cell + 1]):
                v = grid.chord[c]
                a, b = lines.x[v], lines.x[v + 1]
                if not use[lines.owner[v]] or not min(a, b) <= x < max(a, b):
                    continue
                height = lines.y[v] + (x - a) / (b - a) * (lines.y[v + 1] - lines.y[v])
                if top < height < y and height >= floor:
                    top, below[k], forward[k] = height, lines.owner[v], a < b
            row -= 1
    return below, forward
