"""The outline of a union of discs in the plane, as exact circular arcs.

A disc shows on the outline where no other disc covers its circle. Discs inside another one show nowhere
and go first; for each of the rest the angles that its neighbours cover are intervals, and what the sorted
intervals leave open are its exposed arcs. All circles run counter-clockwise, the disc on the left. Where
the outline passes from disc j to disc i, the arc on j ends by *entering* i and the arc on i starts by
*leaving* j: the ordered pair (j, i) names that crossing once, so arcs are joined by name and not by
comparing coordinates.

Neighbours come from one grid per radius class (powers of two), so a few wide discs among many small ones
cost little. Kernels release the GIL; `Discs` are numbered in grid order, which keeps neighbours close in
memory and makes every result independent of the order of the input.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

BLOCK = 8192
STEP = math.radians(4.0)
"""Longest step when an arc is cut into straight chords."""
TOUCH = STEP * STEP / 4.0
"""Two discs nearer than this part of their radii get a vertex at the nearest point, see `chord_radius`."""
TAU = 2.0 * math.pi
PLAIN = -1
"""In place of a disc number: a vertex on the circle where no other disc begins or ends."""

Run = Callable[[Callable[[int], Any], Iterable[int]], list[Any]]
"""Maps a function over block starts, in order; may run blocks side by side and may raise to stop."""


class InconsistentError(Exception):
    """Rounding made two parts of the outline disagree; other radii (by a hair) will do."""


class Discs(NamedTuple):
    """Discs in grid order: centres and radii in plane metres, and the grids over their centres."""

    x: NDArray  # float64 (n,)
    y: NDArray  # float64 (n,)
    r: NDArray  # float64 (n,)
    origin: NDArray  # float64 (2,): lower left corner of all grids
    reach: NDArray  # float64 (levels,): greatest radius of the class
    per_metre: NDArray  # float64 (levels,): cells per metre
    shape: NDArray  # int64 (levels, 3): columns, rows, first cell
    cells: NDArray  # int64 (cells + 1,): where each cell's discs start


class Arcs(NamedTuple):
    """Exposed arcs, sorted by disc and angle."""

    disc: NDArray  # int64 (m,)
    start: NDArray  # float64 (m,): radians
    end: NDArray  # float64 (m,): radians, above start by at most 2π
    following: NDArray  # int64 (m,): the arc that starts where this one ends
    first: NDArray  # int64 (discs + 1,): where each disc's arcs start


def grid_discs(x: NDArray, y: NDArray, r: NDArray) -> Discs:
    """Sort discs into the grids.

    Parameters
    ----------
    x, y, r : float64 (n,)
        Centres and radii in metres, r > 0.

    Returns
    -------
    Discs
        In grid order; ties are broken by x, y and r.
    """
    n = len(x)
    if n == 0:
        none = np.zeros(0)
        return Discs(none, none, none, np.zeros(2), none, none, np.zeros((0, 3), np.int64), np.zeros(1, np.int64))
    level_of = np.floor(np.log2(r / r.min())).astype(np.int64)
    origin = np.array([x.min(), y.min()])
    width, height = x.max() - origin[0], y.max() - origin[1]
    levels, level_of = np.unique(level_of, return_inverse=True)
    reach, per_metre = np.empty(len(levels)), np.empty(len(levels))
    shape = np.empty((len(levels), 3), dtype=np.int64)
    cell = np.empty(n, dtype=np.int64)
    total = 0
    for level in range(len(levels)):
        mine = np.flatnonzero(level_of == level)
        reach[level] = r[mine].max()
        # Never many more cells than discs, however wide the land and small the radius.
        few = 1.0 / (len(mine) + 16)
        size = max(reach[level], math.sqrt(width * height * few / 2.0), (width + height) * few)
        per_metre[level] = 1.0 / size
        columns, rows = int(width / size) + 1, int(height / size) + 1
        shape[level] = columns, rows, total
        column = np.minimum(((x[mine] - origin[0]) / size).astype(np.int64), columns - 1)
        row = np.minimum(((y[mine] - origin[1]) / size).astype(np.int64), rows - 1)
        cell[mine] = total + row * columns + column
        total += columns * rows
    order = np.lexsort((r, y, x, cell))
    cells = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=total))]).astype(np.int64)
    return Discs(x[order], y[order], r[order], origin, reach, per_metre, shape, cells)


@nb.njit(cache=True, nogil=True)
def near_box(discs: Discs, box: tuple[float, float, float, float], margin: float, out: NDArray) -> int:
    """Collect the discs whose bounding box, grown by `margin` × radius, meets a box.

    `out` is int64 (n,) scratch; its first `count` entries are the answer.
    """
    x0, y0, x1, y1 = box
    count = 0
    for level in range(len(discs.reach)):
        reach = discs.reach[level] * (1.0 + margin)
        scale = discs.per_metre[level]
        columns, rows, base = discs.shape[level]
        left = max(0, math.floor((x0 - reach - discs.origin[0]) * scale))
        right = min(columns - 1, math.floor((x1 + reach - discs.origin[0]) * scale))
        bottom = max(0, math.floor((y0 - reach - discs.origin[1]) * scale))
        top = min(rows - 1, math.floor((y1 + reach - discs.origin[1]) * scale))
        if left > right:
            continue
        for row in range(bottom, top + 1):
            first = base + row * columns
            for j in range(discs.cells[first + left], discs.cells[first + right + 1]):
                r = discs.r[j] * (1.0 + margin)
                x, y = discs.x[j], discs.y[j]
                if x + r >= x0 and x - r <= x1 and y + r >= y0 and y - r <= y1:
                    out[count] = j
                    count += 1
    return count


@nb.njit(cache=True, nogil=True)
def _hidden(discs: Discs, first: int, last: int) -> NDArray:
    """Which discs first..last lie inside a larger one."""
    hidden = np.zeros(last - first, dtype=np.bool_)
    near = np.empty(len(discs.x), dtype=np.int64)
    for i in range(first, last):
        x, y, r = discs.x[i], discs.y[i], discs.r[i]
        count = near_box(discs, (x, y, x, y), 0.0, near)
        for k in range(count):
            j = near[k]
            spare = discs.r[j] - r
            dx, dy = discs.x[j] - x, discs.y[j] - y
            if spare > 0.0 and dx * dx + dy * dy <= spare * spare:
                hidden[i - first] = True
                break
    return hidden


def drop_hidden(discs: Discs, run: Run) -> Discs:
    """Take away the discs that lie wholly inside another one."""
    n = len(discs.x)
    if n == 0:
        return discs
    parts = run(lambda at: _hidden(discs, at, min(at + BLOCK, n)), range(0, n, BLOCK))
    seen = ~np.concatenate(parts)
    before = np.concatenate([[0], np.cumsum(seen)])
    return discs._replace(x=discs.x[seen], y=discs.y[seen], r=discs.r[seen], cells=before[discs.cells])


@nb.njit(cache=True, nogil=True)
def _exposed(discs: Discs, first: int, last: int) -> tuple:
    """Exposed arcs of discs first..last: (disc, comes from, goes to) and (start, end)."""
    near = np.empty(len(discs.x), dtype=np.int64)
    room = 64
    begin, finish, who = np.empty(room), np.empty(room), np.empty(room, dtype=np.int64)
    space = 4 * (last - first) + 64
    ids, angles = np.empty((space, 3), dtype=np.int64), np.empty((space, 2))
    m = 0
    for i in range(first, last):
        xi, yi, ri = discs.x[i], discs.y[i], discs.r[i]
        count = near_box(discs, (xi - ri, yi - ri, xi + ri, yi + ri), 2.0 * TOUCH, near)
        if count > room:
            room = 2 * count
            begin, finish, who = np.empty(room), np.empty(room), np.empty(room, dtype=np.int64)
        k = 0
        for c in range(count):
            j = near[c]
            if j == i:
                continue
            dx, dy, rj = discs.x[j] - xi, discs.y[j] - yi, discs.r[j]
            d2, both = dx * dx + dy * dy, ri + rj
            if d2 >= both * both * (1.0 + 2.0 * TOUCH):
                continue
            middle, half = math.atan2(dy, dx), 0.0
            if d2 < both * both:
                cosine = (d2 + (ri - rj) * both) / (2.0 * ri * math.sqrt(d2))
                half = math.acos(min(1.0, max(-1.0, cosine)))
                who[k] = j
            else:
                who[k] = PLAIN  # they nearly touch: an interval without width puts a vertex there
            low = middle - half
            if low < 0.0:
                low += TAU
            if low < 0.0:
                low += TAU
            begin[k], finish[k] = low, low + 2.0 * half
            k += 1
        if m + k + 1 > space:
            space = 2 * space + k + 1
            more_ids, more_angles = np.empty((space, 3), dtype=np.int64), np.empty((space, 2))
            more_ids[:m], more_angles[:m] = ids[:m], angles[:m]
            ids, angles = more_ids, more_angles
        if k == 0:
            ids[m, 0], ids[m, 1], ids[m, 2] = i, PLAIN, PLAIN
            angles[m, 0], angles[m, 1] = 0.0, TAU
            m += 1
            continue
        order = np.argsort(begin[:k])
        far = 0  # the interval that ends last covers (or leaves) the way round to the first
        for c in range(1, k):
            if finish[c] > finish[far]:
                far = c
        covered, by = finish[far] - TAU, who[far]
        for c in order:
            if begin[c] > covered:
                ids[m, 0], ids[m, 1], ids[m, 2] = i, by, who[c]
                angles[m, 0], angles[m, 1] = covered, begin[c]
                m += 1
            if finish[c] > covered:
                covered, by = finish[c], who[c]
    return ids[:m].copy(), angles[:m].copy()


@nb.njit(cache=True, nogil=True)
def _follow(ids: NDArray, first: NDArray) -> NDArray:
    """For each arc the one that starts where it ends; -1 where the names do not match one to one."""
    m = len(ids)
    following = np.full(m, -1, dtype=np.int64)
    taken = np.zeros(m, dtype=np.bool_)
    for arc in range(m):
        here, there = ids[arc, 0], ids[arc, 2]
        if there == PLAIN:
            found = arc + 1 if arc + 1 < first[here + 1] else first[here]
            if ids[found, 1] != PLAIN:
                continue
        else:
            found = -1
            for other in range(first[there], first[there + 1]):
                if ids[other, 1] == here:
                    found = other
        if found >= 0 and not taken[found]:
            taken[found] = True
            following[arc] = found
    return following


def exposed_arcs(discs: Discs, run: Run) -> Arcs:
    """Find the outline of the union of discs none of which lies inside another.

    Parameters
    ----------
    discs : Discs
        From `grid_discs` and `drop_hidden`.
    run : Run
        Maps the kernel over blocks of discs.

    Returns
    -------
    Arcs
        Every point of the outline once, joined to closed loops by `following`.

    Raises
    ------
    InconsistentError
        When rounding made the arcs of two discs disagree on who shows at a crossing.
    """
    n = len(discs.x)
    if n == 0:
        none = np.zeros(0, dtype=np.int64)
        return Arcs(none, np.zeros(0), np.zeros(0), none, np.zeros(1, dtype=np.int64))
    parts = run(lambda at: _exposed(discs, at, min(at + BLOCK, n)), range(0, n, BLOCK))
    ids = np.concatenate([part[0] for part in parts])
    angles = np.concatenate([part[1] for part in parts])
    first = np.concatenate([[0], np.cumsum(np.bincount(ids[:, 0], minlength=n))]).astype(np.int64)
    following = _follow(ids, first)
    if (following < 0).any():
        raise InconsistentError("an exposed arc has no successor")
    return Arcs(ids[:, 0].copy(), angles[:, 0].copy(), angles[:, 1].copy(), following, first)


@nb.njit(cache=True, nogil=True)
def chord_count(angle: float, radius: float) -> int:
    """Into how many chords an arc is cut: steps of at most `STEP`, one for arcs below a millimetre."""
    if angle * radius < 1e-3:
        return 1
    return max(2, math.ceil(angle / STEP))


@nb.njit(cache=True, nogil=True)
def chord_radius(angle: float, chords: int) -> float:
    """Radius, in parts of the circle's, of an arc's inner vertices that keeps the area of its sector.

    Both ends stay on the circle. Two end triangles ½·ρ·sin θ and n − 2 inner ones ½·ρ²·sin θ with
    θ = angle/n have to make angle/2; ρ is the positive root. ρ − 1 is at most θ²/6 (0.08 % of the radius at
    4°), and the chords at either end turn inward from the circle's tangent: two polylines that start from
    the nearest points of two discs never cross, which is why such points are made vertices.
    """
    ratio = angle / math.sin(angle / chords)
    return ratio / (1.0 + math.sqrt(1.0 + (chords - 2) * ratio))
