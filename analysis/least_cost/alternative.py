"""A cheaper route for a cable that is drawn already: it stays on its line but where leaving it pays.

The drawn line joins the steps between cells as a way of its own, so that one search finds where to leave it and where
to come back. Where the cable stays, its line is kept to the bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ..geodesy import geodesic_distance_m
from ..network.near import metres_per_degree
from .path import Place, Steps, Way, cell_sides, chain, line_of
from .surface import cost_along

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


RING_CELLS = 2
"""A line whose ends lie this many cells from each other, or fewer, is a ring."""


class Alternative(NamedTuple):
    """Another route of a cable, between the same ends and over the same fixed places.

    Attributes
    ----------
    way : Way
        The whole cable on its other route.
    cost_before : float
        Of the drawn line; infinite where it touches barred ground or leaves the surface.
    length_before_m : float
    """

    way: Way
    cost_before: float
    length_before_m: float

    @property
    def extra_m(self) -> float:
        """What the other route is longer by; below 0 where it is shorter."""
        return self.way.length_m - self.length_before_m

    @property
    def line(self) -> shapely.LineString:
        """The other route, degrees."""
        return shapely.LineString(np.column_stack([self.way.lon, self.way.lat]))


def cheaper_alternative(
    cable: shapely.LineString, steps: Steps, fixed: Sequence[Place] = (), *, keep: float = 1.0
) -> Alternative | None:
    """Find a cheaper route for a cable.

    Parameters
    ----------
    cable : shapely.LineString
        Degrees, CGCS2000. Its ends are kept.
    steps : Steps
        Of a surface in which what is to be avoided costs more or is barred.
    fixed : sequence of (float, float)
        Places (longitude, latitude) that the route must pass, such as rooms and joints on the cable; each is taken in
        where the cable comes nearest to it, but for those nearest to one of its ends.
    keep : float
        Above 0, at most 1: what the drawn line counts of its cost. Below 1 the cable is not moved for a trifle.

    Returns
    -------
    Alternative or None
        None where no route is cheaper, or the cable comes back to where it starts: such a ring would be cheapest as
        nothing at all. A stretch between fixed places with no other way stays as it is drawn. Where an end lies on
        barred ground, the cable's own line out of it is open.
    """
    surface = steps.surface
    if ends_apart_m(cable) <= RING_CELLS * float(np.min(cell_sides(surface))):
        return None
    points, stops = _points(cable, fixed, float(np.min(cell_sides(surface))))
    spent = cost_along(surface, points[:, 0], points[:, 1])
    spent = _with_open_ends(spent, points, float(np.min(surface.cost_per_m)))
    cells = surface.cells(points[:, 0], points[:, 1])
    graph = _joined(steps, points, np.where(np.isfinite(spent), spent * keep, np.inf), cells)
    grid = surface.cost_per_m.size
    pieces: list[FloatArray] = [points[:1]]
    moved = False
    for first, last in zip(stops[:-1], stops[1:]):
        far, before = dijkstra(graph, directed=False, indices=grid + first, return_predecessors=True)
        straight_on = float(spent[first:last].sum()) * keep
        if not far[grid + last] < straight_on * (1 - 1e-9):
            pieces.append(points[first + 1 : last + 1])
            continue
        moved = True
        pieces += _drawn(steps, points, chain(before, grid + last), grid)
    if not moved:
        return None
    kept = np.concatenate(pieces)
    kept = _without_inserted(kept, cable, points[stops])
    line = kept[np.append(True, (np.diff(kept, axis=0) != 0).any(axis=1))]
    whole = points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]
    cost = float(cost_along(surface, line[:, 0], line[:, 1]).sum())
    return Alternative(
        Way(line[:, 0].copy(), line[:, 1].copy(), cost, _length(line)), float(spent.sum()), _length(whole)
    )


def ends_apart_m(cable: shapely.LineString) -> float:
    """Give how far the two ends of a line are from each other, metres."""
    first, last = shapely.get_coordinates(cable)[[0, -1]]
    return float(geodesic_distance_m(first[:1], first[1:], last[:1], last[1:])[0])


def _with_open_ends(spent: FloatArray, points: FloatArray, per_m: float) -> FloatArray:
    """Open the barred stretches in which a line begins and ends: no route to its ends can do without."""
    barred = np.isinf(spent)
    if not barred.any() or barred.all():
        return spent
    ends = np.flatnonzero(~barred)[[0, -1]]
    own = barred & ((np.arange(len(spent)) < ends[0]) | (np.arange(len(spent)) > ends[1]))
    step = geodesic_distance_m(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    return np.where(own, np.maximum(step * per_m, 1e-9), spent)


def _points(cable: shapely.LineString, fixed: Sequence[Place], cell_m: float) -> tuple[FloatArray, list[int]]:
    """Give the cable's points, at most half a cell apart, with the fixed places, and which points those are."""
    xy = shapely.get_coordinates(cable)
    scale = np.array(metres_per_degree(float(xy[:, 1].mean())))
    flat = shapely.LineString(xy * scale)
    chainage = np.concatenate([[0.0], np.cumsum(np.hypot(*(np.diff(xy, axis=0) * scale).T))])
    stops = sorted((float(flat.project(shapely.Point(np.array(place) * scale))), place) for place in fixed)
    # The end of a cable stands for the room that it enters, which may lie a little beside it.
    stops = [stop for stop in stops if 0 < stop[0] < flat.length]
    at = np.concatenate([chainage, [place[0] for place in stops]])
    given = np.concatenate([xy, np.array([place for _, place in stops]).reshape(-1, 2)])
    is_stop = np.concatenate([np.zeros(len(xy), dtype=bool), np.ones(len(stops), dtype=bool)])
    is_stop[[0, len(xy) - 1]] = True
    order = np.lexsort((np.arange(len(at)), at))
    points: list[FloatArray] = []
    marked: list[int] = []
    for one, other in zip(order[:-1].tolist(), order[1:].tolist()):
        if is_stop[one]:
            marked.append(sum(len(part) for part in points))
        apart = float(np.hypot(*((given[other] - given[one]) * scale)))
        count = max(1, int(np.ceil(2 * apart / cell_m)))
        points.append(given[one] + np.arange(count)[:, None] / count * (given[other] - given[one]))
    marked.append(sum(len(part) for part in points))
    points.append(given[order[-1:]])
    return np.concatenate(points), marked


def _joined(steps: Steps, points: FloatArray, along: FloatArray, cells: tuple[IntArray, IntArray]) -> csr_array:
    """Give the steps between cells with the points of a line behind them: along the line, and to the cells' centres."""
    surface, graph = steps.surface, steps.graph
    grid = surface.cost_per_m.size
    row, column = cells
    lon, lat = surface.centres(row, column)
    away = geodesic_distance_m(points[:, 0], points[:, 1], lon, lat) * surface.costs_at(row, column)
    open_along = np.flatnonzero(np.isfinite(along))
    open_away = np.flatnonzero(np.isfinite(away))
    start = np.concatenate([open_along, open_away])
    end = np.concatenate([grid + open_along + 1, (row * surface.cost_per_m.shape[1] + column)[open_away]])
    # A step that costs nothing would be no step in a sparse matrix.
    weight = np.maximum(np.concatenate([along[open_along], away[open_away]]), 1e-9)
    order = np.lexsort((end, start))
    count = np.bincount(start, minlength=len(points))
    first = np.concatenate([graph.indptr, graph.indptr[-1] + np.cumsum(count)])
    return csr_array(
        (
            np.concatenate([graph.data, weight[order]]),
            np.concatenate([graph.indices, end[order].astype(graph.indices.dtype)]),
            first.astype(graph.indptr.dtype),
        ),
        shape=(grid + len(points), grid + len(points)),
    )


def _drawn(steps: Steps, points: FloatArray, nodes: IntArray, grid: int) -> list[FloatArray]:
    """Give the points of a found way behind its first: those of the cable, and pulled straight what leaves it."""
    on_cable = np.flatnonzero(nodes >= grid)
    made: list[FloatArray] = []
    for here, there in zip(on_cable[:-1].tolist(), on_cable[1:].tolist()):
        one, other = points[nodes[here] - grid], points[nodes[there] - grid]
        if there == here + 1:
            made.append(other[None])
            continue
        way = line_of(steps.surface, nodes[here + 1 : there], (one[0], one[1]), (other[0], other[1]))
        made.append(np.column_stack([way.lon, way.lat])[1:])
    return made


def _without_inserted(line: FloatArray, cable: shapely.LineString, stops: FloatArray) -> FloatArray:
    """Leave out points that lie in a straight stretch and are neither of the cable nor fixed."""
    own = {tuple(point) for point in (*shapely.get_coordinates(cable).tolist(), *stops.tolist())}
    kept = [line[0]]
    for before, here, after in zip(line[:-2], line[1:-1], line[2:]):
        one, two = here - before, after - here
        turn = abs(one[0] * two[1] - one[1] * two[0])
        is_straight = turn <= 1e-7 * np.hypot(*one) * np.hypot(*two) and (one * two).sum() >= 0
        if tuple(here.tolist()) in own or not is_straight:
            kept.append(here)
    kept.append(line[-1])
    return np.array(kept)


def _length(points: FloatArray) -> float:
    return float(geodesic_distance_m(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1]).sum())
