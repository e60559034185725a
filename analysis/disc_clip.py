"""Clip the outline of a union of discs by a polygon, without polygon overlay.

The boundary of the covered part is made of the polygon's edges inside the union and of the exposed arcs
inside the polygon; the boundary of the gap is made of the edges outside the union and of the same arcs,
run backwards. Each crossing of an edge with the outline is computed once, on the edge, and becomes a node
that both parts share. Pieces between nodes are joined end to end by node number, so the two parts fit
each other to the last bit.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from .arcs import BLOCK, TAU, TOUCH, Arcs, Discs, InconsistentError, Run, near_box

ARC, INSIDE, OUTSIDE = 0, 1, 2
"""Kinds of pieces: an arc inside the polygon, boundary inside the union, boundary outside the union."""


class Boundary(NamedTuple):
    """Polygon rings in the plane, without closing vertices, interior on the left.

    Long edges carry extra vertices that keep them straight in longitude and latitude; `edge` and `share` say
    where on which original edge each vertex lies.
    """

    x: NDArray  # float64 (v,)
    y: NDArray  # float64 (v,)
    after: NDArray  # int64 (v,): next vertex of the ring
    edge: NDArray  # int64 (v,): original vertex at or before this one
    share: NDArray  # float64 (v,): part of the original edge that lies before this one
    step: NDArray  # float64 (v,): part of the original edge from this vertex to the next
    rings: NDArray  # int64 (rings + 1,): first vertex of each ring
    originals: NDArray  # int64 (rings + 1,): first original vertex of each ring


class Crossings(NamedTuple):
    """Where polygon edges pass the outline of the union, in the order of the boundary."""

    edge: NDArray  # int64 (c,): original edge
    share: NDArray  # float64 (c,): where on it, 0 … 1
    disc: NDArray  # int64 (c,)
    angle: NDArray  # float64 (c,): where on the circle
    into: NDArray  # bool (c,): the edge goes into the union here
    ring: NDArray  # int64 (c,)
    covered: NDArray  # bool (rings,): the ring's first vertex lies in the union
    touches: tuple[NDArray, NDArray]  # disc and angle where the polygon comes very near a circle


class Pieces(NamedTuple):
    """Directed pieces between nodes. Nodes are arc starts, then crossings, touches and whole rings."""

    kind: NDArray  # int64 (p,)
    begin: NDArray  # int64 (p,): node
    finish: NDArray  # int64 (p,): node
    source: NDArray  # int64 (p,): the disc of an arc; the original vertex a boundary piece runs through first
    through: NDArray  # int64 (p,): number of original vertices a boundary piece runs through
    angles: NDArray  # float64 (p, 2): of an arc
    nodes: int


@nb.njit(cache=True, nogil=True)
def _cross(discs: Discs, boundary: Boundary, first: int, last: int) -> tuple:
    """Crossings and touches of edges first..last, and which of their start vertices are covered."""
    near = np.empty(len(discs.x), dtype=np.int64)
    crossed = [(0, 0.0, 0, 0.0, True)][:0]
    touched = [(0, 0.0)][:0]
    covered = np.zeros(last - first, dtype=np.bool_)
    room = 64
    begin, finish, who = np.empty(room), np.empty(room), np.empty(room, dtype=np.int64)
    for e in range(first, last):
        ax, ay = boundary.x[e], boundary.y[e]
        bx, by = boundary.x[boundary.after[e]], boundary.y[boundary.after[e]]
        dx, dy = bx - ax, by - ay
        square = dx * dx + dy * dy
        box = (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
        count = near_box(discs, box, TOUCH, near)
        if count > room:
            room = 2 * count
            begin, finish, who = np.empty(room), np.empty(room), np.empty(room, dtype=np.int64)
        k = 0
        for c in range(count):
            j = near[c]
            fx, fy, r = ax - discs.x[j], ay - discs.y[j], discs.r[j]
            # Both edges of a vertex compute this from the same numbers, so they agree on it.
            gx, gy = bx - discs.x[j], by - discs.y[j]
            start2, end2 = fx * fx + fy * fy, gx * gx + gy * gy
            in_a, in_b = start2 < r * r, end2 < r * r
            if abs(start2 - r * r) < 2.0 * TOUCH * r * r:
                touched.append((j, math.atan2(fy, fx)))
            if square == 0.0:
                if in_a:
                    begin[k], finish[k], who[k] = -1.0, 2.0, j
                    k += 1
                continue
            foot = -(fx * dx + fy * dy) / square
            off = fx * dy - fy * dx
            chord = r * r - off * off / square
            half = math.sqrt(max(0.0, chord) / square)
            if in_a or in_b:
                begin[k] = -1.0 if in_a else min(1.0, max(0.0, foot - half))
                finish[k] = 2.0 if in_b else min(1.0, max(0.0, foot + half))
            elif 0.0 < foot < 1.0 and chord > 0.0:
                begin[k], finish[k] = max(0.0, foot - half), min(1.0, foot + half)
            else:
                if 0.0 < foot < 1.0 and chord > -2.0 * TOUCH * r * r:
                    touched.append((j, math.atan2(fy + foot * dy, fx + foot * dx)))
                continue
            who[k] = j
            k += 1
        if k == 0:
            continue
        reach, by_disc = -0.5, 0
        for c in np.argsort(begin[:k]):
            if begin[c] < 0.0:
                covered[e - first] = True
            if begin[c] > reach:
                if reach >= 0.0:
                    crossed.append((e, reach, by_disc, 0.0, False))
                crossed.append((e, begin[c], who[c], 0.0, True))
            if finish[c] > reach:
                reach, by_disc = finish[c], who[c]
        if 0.0 <= reach <= 1.0:
            crossed.append((e, reach, by_disc, 0.0, False))
    edges, discs_at = np.empty(len(crossed), dtype=np.int64), np.empty(len(crossed), dtype=np.int64)
    share, angle = np.empty(len(crossed)), np.empty(len(crossed))
    into = np.empty(len(crossed), dtype=np.bool_)
    for c, (e, t, j, _, enters) in enumerate(crossed):
        b = boundary.after[e]
        x = boundary.x[e] + t * (boundary.x[b] - boundary.x[e])
        y = boundary.y[e] + t * (boundary.y[b] - boundary.y[e])
        edges[c], share[c], discs_at[c], into[c] = e, t, j, enters
        angle[c] = math.atan2(y - discs.y[j], x - discs.x[j])
    touch_disc, touch_angle = np.empty(len(touched), dtype=np.int64), np.empty(len(touched))
    for c, (j, a) in enumerate(touched):
        touch_disc[c], touch_angle[c] = j, a
    return edges, share, discs_at, angle, into, covered, touch_disc, touch_angle


def cross_boundary(discs: Discs, boundary: Boundary, run: Run) -> Crossings:
    """Find where the polygon's edges enter and leave the union of discs.

    Raises
    ------
    InconsistentError
        When a ring does not enter and leave in turn.
    """
    v = len(boundary.x)
    parts = run(lambda at: _cross(discs, boundary, at, min(at + BLOCK, v)), range(0, v, BLOCK))
    edges, share, disc, angle, into, covered, touch_disc, touch_angle = (
        np.concatenate([part[k] for part in parts]) for k in range(8)
    )
    ring = np.searchsorted(boundary.rings, edges, side="right") - 1
    same = ring[1:] == ring[:-1]
    at_start = covered[boundary.rings[:-1]]
    first = np.flatnonzero(np.concatenate([[True], ~same])) if len(ring) else np.zeros(0, np.int64)
    last = np.append(first[1:], len(ring))[: len(first)] - 1
    if (
        (same & (into[1:] == into[:-1])).any()
        or (into[first] == at_start[ring[first]]).any()
        or (into[last] != at_start[ring[last]]).any()
    ):
        raise InconsistentError("the boundary does not enter and leave the union in turn")
    where = boundary.share[edges] + share * boundary.step[edges]
    return Crossings(boundary.edge[edges], where, disc, angle, into, ring, at_start, (touch_disc, touch_angle))


def place_events(arcs: Arcs, crossings: Crossings) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Put crossings and touches on the exposed arcs.

    Returns
    -------
    tuple
        arc int64 (k,), angle float64 (k,) within the arc, sign int64 (k,): +1 the arc comes into the polygon,
        -1 it goes out, 0 a touch; node int64 (k,). Sorted by arc and angle.

    Raises
    ------
    InconsistentError
        When a crossing lies on no exposed arc.
    """
    m, c = len(arcs.disc), len(crossings.disc)
    disc = np.concatenate([crossings.disc, crossings.touches[0]])
    sign = np.zeros(len(disc), dtype=np.int64)
    sign[:c] = np.where(crossings.into, -1, 1)
    arc, angle = _locate(arcs, disc, np.concatenate([crossings.angle, crossings.touches[1]]))
    if (arc[:c] < 0).any():
        raise InconsistentError("an edge crosses a disc where it is not exposed")
    node = m + np.arange(len(disc), dtype=np.int64)
    order = np.lexsort((node, angle, arc))
    order = order[arc[order] >= 0]
    return arc[order], angle[order], sign[order], node[order]


@nb.njit(cache=True, nogil=True)
def _locate(arcs: Arcs, disc: NDArray, angle: NDArray) -> tuple:
    """Which arc of its disc each angle lies on (-1: none), and the angle counted up from the arc's start."""
    found, within = np.full(len(disc), -1, dtype=np.int64), angle.copy()
    for k in range(len(disc)):
        for arc in range(arcs.first[disc[k]], arcs.first[disc[k] + 1]):
            turn = (angle[k] - arcs.start[arc]) % TAU
            if arcs.start[arc] + turn <= arcs.end[arc]:
                found[k], within[k] = arc, arcs.start[arc] + turn
                break
    return found, within


@nb.njit(cache=True, nogil=True)
def loops_without_crossing(following: NDArray, arc: NDArray, sign: NDArray) -> NDArray:
    """One arc of each closed loop that no edge crosses: it lies wholly inside or outside the polygon."""
    seen = np.zeros(len(following), dtype=np.bool_)
    for k in range(len(arc)):
        at = arc[k]
        if sign[k] != 0:
            while not seen[at]:
                seen[at] = True
                at = following[at]
    lonely = [0][:0]
    for start in range(len(following)):
        if not seen[start]:
            lonely.append(start)
            at = start
            while not seen[at]:
                seen[at] = True
                at = following[at]
    return np.array(lonely)


@nb.njit(cache=True, nogil=True)
def _cut_arcs(arcs: Arcs, events: tuple, lonely_inside: NDArray) -> tuple:
    """Arc pieces inside the polygon: (begin, finish, disc) and angles; ok is False on a contradiction."""
    arc, angle, sign, node = events
    m = len(arcs.disc)
    state = np.zeros(m, dtype=np.int8)  # is the arc's start inside? 0 not known, 1 yes, -1 no
    first = np.searchsorted(arc, np.arange(m + 1))
    leaves = np.zeros(m, dtype=np.int8)
    for k in range(len(arc)):
        if sign[k] != 0:
            leaves[arc[k]] = sign[k]  # an arc's last crossing comes last and decides
    for a in range(m):
        at = arcs.following[a]
        if leaves[a] != 0:
            state[at] = leaves[a]
            while leaves[at] == 0:
                at = arcs.following[at]
                state[at] = leaves[a]
    for start in lonely_inside:
        at = start
        while state[at] == 0:
            state[at] = 1
            at = arcs.following[at]
    ids, angles = np.empty((m + len(arc), 3), dtype=np.int64), np.empty((m + len(arc), 2))
    p, ok = 0, True
    for a in range(m):
        inside = state[a] == 1
        begin, from_angle = a, arcs.start[a]
        for k in range(first[a], first[a + 1] + 1):
            final = k == first[a + 1]
            if not final:
                ok &= (sign[k] == 0) or (sign[k] == 1) != inside
            finish, to_angle = (arcs.following[a], arcs.end[a]) if final else (node[k], angle[k])
            if inside:
                ids[p, 0], ids[p, 1], ids[p, 2] = begin, finish, arcs.disc[a]
                angles[p, 0], angles[p, 1] = from_angle, to_angle
                p += 1
            begin, from_angle = finish, to_angle
            if not final and sign[k] != 0:
                inside = sign[k] == 1
    return ids[:p].copy(), angles[:p].copy(), ok


def cut(boundary: Boundary, arcs: Arcs, crossings: Crossings, events: tuple, inside: NDArray) -> Pieces:
    """Cut outline and boundary at their crossings.

    Parameters
    ----------
    boundary, arcs, crossings : the polygon, the outline, and where they cross
    events : from `place_events`
    inside : int64 (k,)
        Those of `loops_without_crossing` that lie inside the polygon.

    Returns
    -------
    Pieces
        Arcs inside the polygon, then the boundary, both in order.

    Raises
    ------
    InconsistentError
        When an arc does not come in and go out in turn.
    """
    ids, angles, ok = _cut_arcs(arcs, events, inside)
    if not ok:
        raise InconsistentError("an arc does not enter and leave the polygon in turn")
    m, c, rings = len(arcs.disc), len(crossings.disc), len(crossings.covered)
    whole_ring = m + c + len(crossings.touches[0])  # nodes of the rings that nothing crosses
    size = np.diff(boundary.originals)
    free = np.setdiff1d(np.arange(rings), crossings.ring)
    # A piece runs from each crossing to the next one of its ring, the last one round to the first.
    last = np.append(crossings.ring[1:] != crossings.ring[:-1], True)[:c]
    head = np.searchsorted(crossings.ring, crossings.ring)
    to = np.where(last, head, np.arange(1, c + 1))
    ring = crossings.ring
    count = crossings.edge[to] - crossings.edge + np.where(last, size[ring], 0)
    source = boundary.originals[ring] + (crossings.edge + 1 - boundary.originals[ring]) % size[ring]
    kind = np.where(crossings.into, INSIDE, OUTSIDE)
    return Pieces(
        np.concatenate([np.full(len(ids), ARC), kind, np.where(crossings.covered[free], INSIDE, OUTSIDE)]),
        np.concatenate([ids[:, 0], m + np.arange(c), whole_ring + free]),
        np.concatenate([ids[:, 1], m + to, whole_ring + free]),
        np.concatenate([ids[:, 2], source, boundary.originals[free] + 1]),
        np.concatenate([np.zeros(len(ids), np.int64), count, size[free] - 1]),
        np.concatenate([angles, np.zeros((c + len(free), 2))]),
        whole_ring + rings,
    )
