"""The cheapest way across a surface of costs: Dijkstra's algorithm on the cells, then pulled straight.

From each cell a way goes on to the 8 cells around it, or to those and the 8 that a knight reaches in chess. A step
costs its geodesic length times the mean cost of the cells that it passes in equal shares: 2 for a step to the side or
across a corner, 4 for a knight's. A step through a barred cell is barred, and so is one across the corner where two
barred cells meet.

Known error of such a way: its directions are few, so that on a plain it is longer than the straight line by up to
1 / cos(half the angle between neighbouring directions): 8.24 % with 8 neighbours, 2.75 % with 16, if the cells are
square over the ground (Goodchild 1977, Environment and Planning A 9, 727-737); `longest_detour` gives it for any
cells. Pulling straight takes most of that away again, on a plain all of it, and makes no way dearer (to 1e-5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ..geodesy import geodesic_distance_m
from .surface import FREE, Surface, cost_along

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Place = tuple[float, float]

_BESIDE = ((0, 1), (1, 0), (1, 1), (1, -1))
_KNIGHT = ((1, 2), (1, -2), (2, 1), (2, -1))
# Half of the steps, of each pair that is one to and fro: rows down, columns east.
STEPS = {8: _BESIDE, 16: _BESIDE + _KNIGHT}
_SLACK = 1e-5  # as right as sharing out a length evenly is


class Way(NamedTuple):
    """A way over the ground.

    Attributes
    ----------
    lon, lat : numpy.ndarray, shape (n,)
        Degrees, from start to end; they are the places that were asked for, to the bit.
    cost : float
        Of the line, cut where it passes from cell to cell (`cost_along`).
    length_m : float
        Geodesic.
    """

    lon: FloatArray
    lat: FloatArray
    cost: float
    length_m: float


class Steps:
    """The steps between the cells of a surface, for any number of questions.

    Parameters
    ----------
    surface : Surface
        4,000,000 cells with 16 neighbours take 1 GiB.
    neighbours : {16, 8}
    """

    def __init__(self, surface: Surface, neighbours: int = 16) -> None:
        self.surface = surface
        self.graph = _graph(surface, STEPS[neighbours])

    def ways(self, start: Place, ends: Sequence[Place], *, straight: bool = True) -> list[Way | None]:
        """Give the cheapest ways from a place (longitude, latitude) to others; None where no way leads.

        None stands also where the start or an end is barred or outside: `Surface.standing` tells.
        """
        surface = self.surface
        if surface.standing(*start) != FREE:
            return [None] * len(ends)
        source = self._cell(start)
        before, far = self._search(source, start, ends)
        made: list[Way | None] = []
        for end in ends:
            cell = self._cell(end) if surface.standing(*end) == FREE else -1
            if cell < 0 or not np.isfinite(far[cell]):
                made.append(None)
            else:
                made.append(line_of(surface, chain(before, cell), start, end, straight=straight))
        return made

    def _cell(self, place: Place) -> int:
        row, column = self.surface.cells(*place)
        return int(row) * self.surface.cost_per_m.shape[1] + int(column)

    def _search(self, source: int, start: Place, ends: Sequence[Place]) -> tuple[npt.NDArray[np.int32], FloatArray]:
        if len(ends) == 1 and self.surface.standing(*ends[0]) == FREE:
            # What lies farther than the straight line costs is not looked at: the answer is the same, and sooner.
            centres = self.surface.centres(*self.surface.cells(*np.array([start, ends[0]]).T))
            most = float(cost_along(self.surface, *centres)[0])
            if np.isfinite(most):
                far, before = dijkstra(
                    self.graph, directed=False, indices=source, return_predecessors=True, limit=1.1 * most
                )
                if np.isfinite(far[self._cell(ends[0])]):
                    return before, far
        far, before = dijkstra(self.graph, directed=False, indices=source, return_predecessors=True)
        return before, far


def cheapest_path(
    surface: Surface, start: Place, end: Place, *, neighbours: int = 16, straight: bool = True
) -> Way | None:
    """Give the cheapest way between two places (longitude, latitude).

    Parameters
    ----------
    neighbours : {16, 8}
    straight : bool
        Pull the way straight where that makes it no dearer.

    Returns
    -------
    Way or None
        None where no way leads, or an end is barred or outside of the surface: `Surface.standing` tells which.
    """
    return Steps(surface, neighbours).ways(start, [end], straight=straight)[0]


def longest_detour(surface: Surface, neighbours: int = 16) -> float:
    """Give by how much a way on a plain may be longer than the straight line before it is pulled straight.

    Returns
    -------
    float
        A ratio, such as 1.0275, for the row of the surface where the cells are the least square.
    """
    east, north = cell_sides(surface)
    turns = []
    steps = [*STEPS[neighbours], *((-down, -right) for down, right in STEPS[neighbours])]
    for row in (0, len(east) - 1):
        angle = np.sort([np.arctan2(down * north[row], right * east[row]) for down, right in steps])
        turns.append(np.append(np.diff(angle), angle[0] + 2 * np.pi - angle[-1]).max())
    return float(1 / np.cos(max(turns) / 2))


def cell_sides(surface: Surface) -> tuple[FloatArray, FloatArray]:
    """Give width and height of the cells of each row in metres, through their centres."""
    rows = surface.cost_per_m.shape[0]
    lon, lat = surface.centres(np.arange(rows), np.zeros(rows))
    half = surface.step_lat / 2
    return (
        geodesic_distance_m(lon, lat, lon + surface.step_lon, lat),
        geodesic_distance_m(lon, lat - half, lon, lat + half),
    )


def chain(before: npt.NDArray[np.int32], cell: int) -> IntArray:
    """Give the cells from the source of a search to a cell."""
    cells = [cell]
    while (cell := int(before[cell])) >= 0:
        cells.append(cell)
    return np.array(cells[::-1], dtype=np.int64)


def line_of(surface: Surface, cells: IntArray, start: Place, end: Place, *, straight: bool = True) -> Way:
    """Give the way through the centres of cells, from a place in the first to one in the last."""
    lon, lat = surface.centres(*np.divmod(cells, surface.cost_per_m.shape[1]))
    points = np.array([start, *zip(lon.tolist(), lat.tolist()), end]) if len(cells) > 1 else np.array([start, end])
    different = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    points = points[different]
    if len(points) == 1:
        points = np.array([start, end])
    if straight:
        points = _pulled(surface, points)
    costs = cost_along(surface, *points.T)
    lengths = geodesic_distance_m(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    return Way(points[:, 0].copy(), points[:, 1].copy(), float(costs.sum()), float(lengths.sum()))


def _pulled(surface: Surface, points: FloatArray) -> FloatArray:
    """Leave out points of a line as long as that makes it no dearer, from one end and then from the other."""
    for _ in range(2):
        points = _shortened(surface, points)[::-1]
    return points


def _shortened(surface: Surface, points: FloatArray) -> FloatArray:
    spent = np.concatenate([[0.0], np.cumsum(cost_along(surface, *points.T))])
    last = len(points) - 1

    def no_dearer(one: int, other: int) -> bool:
        cost = float(cost_along(surface, *points[[one, other]].T)[0])
        return cost <= (spent[other] - spent[one]) * (1 + _SLACK)

    kept = [0]
    while kept[-1] < last:
        here = kept[-1]
        best, leap = here + 1, 2
        while here + leap <= last and no_dearer(here, here + leap):
            best, leap = here + leap, 2 * leap
        too_far = min(here + leap, last + 1)
        if too_far > last and best < last and no_dearer(here, last):
            best = last
        while too_far - best > 1:
            middle = (best + too_far) // 2
            if no_dearer(here, middle):
                best = middle
            else:
                too_far = middle
        kept.append(best)
    return points[kept]


def _graph(surface: Surface, steps: Sequence[tuple[int, int]]) -> csr_array:
    costs = surface.cost_per_m
    rows, columns = costs.shape
    count = rows * columns
    weight = np.full((rows, columns, len(steps)), np.inf)
    for number, step in enumerate(steps):
        if abs(step[0]) < rows and abs(step[1]) < columns:
            _weigh(surface, step, weight[:, :, number])
    kept = np.isfinite(weight)
    first = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(kept.reshape(count, -1).sum(axis=1), out=first[1:])
    to = np.arange(count, dtype=np.int32)[:, None] + np.array([d * columns + r for d, r in steps], dtype=np.int32)
    return csr_array((weight[kept], to.reshape(weight.shape)[kept], first), shape=(count, count))


def _weigh(surface: Surface, step: tuple[int, int], weight: FloatArray) -> None:
    """Fill in what a step costs from every cell from which it stays on the grid."""
    down, right = step
    costs = surface.cost_per_m
    rows, columns = costs.shape
    west, east = max(0, -right), columns - max(0, right)
    across = slice(west, east)

    def cell(row: int, column: int) -> FloatArray:
        return costs[row : rows - down + row, west + column : east + column]

    lon, lat = surface.centres(np.arange(rows - down), np.zeros(rows - down))
    length = geodesic_distance_m(lon, lat, lon + right * surface.step_lon, lat - down * surface.step_lat)[:, None]
    sign = 1 if right > 0 else -1
    if abs(right) == 2:
        mean = (cell(0, 0) + cell(0, sign) + cell(1, sign) + cell(1, right)) / 4
    elif down == 2:
        mean = (cell(0, 0) + cell(1, 0) + cell(1, right) + cell(2, right)) / 4
    else:
        mean = (cell(0, 0) + cell(down, right)) / 2
        if down and right:
            mean[np.isinf(cell(0, right)) & np.isinf(cell(1, 0))] = np.inf
    weight[: rows - down, across] = length * mean
