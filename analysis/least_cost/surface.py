"""What a metre of way costs in each cell of a grid, and what a line across it adds up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..geodesy import geodesic_distance_m

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FREE, BARRED, OUTSIDE = "free", "barred", "outside"
_CORNER = 1e-6  # of a cell: a line this near to a corner passes through it, whatever its coordinates are rounded to


@dataclass(frozen=True, eq=False)
class Surface:
    """Cost per metre on a grid in degrees, rows from north to south.

    Attributes
    ----------
    cost_per_m : numpy.ndarray of float64, shape (rows, columns)
        Above 0; infinite where no way may lead. Of any unit: points, or money.
    west, north : float
        Outer corner of the first cell, degrees on CGCS2000.
    step_lon, step_lat : float
        Width and height of a cell, degrees.

    Raises
    ------
    ValueError
        A cost is 0, negative or not a number; the grid is empty, or a step is not above 0.
    """

    cost_per_m: FloatArray
    west: float
    north: float
    step_lon: float
    step_lat: float

    def __post_init__(self) -> None:
        costs = self.cost_per_m
        if costs.ndim != 2 or not costs.size or not (self.step_lon > 0 and self.step_lat > 0):
            raise ValueError(f"a surface needs cells: shape {costs.shape}, steps {self.step_lon}, {self.step_lat}")
        if not (costs > 0).all():
            row, column = np.argwhere(~(costs > 0))[0].tolist()
            raise ValueError(f"cost per metre in row {row}, column {column} is {costs[row, column]}, expected > 0")

    def cells(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[IntArray, IntArray]:
        """Give row and column of places; a place on an edge between cells is in the one to the south or east.

        Rows and columns are counted on beyond the grid: -1 is the row north of it.
        """
        column = np.floor((np.asarray(lon, dtype=np.float64) - self.west) / self.step_lon)
        row = np.floor((self.north - np.asarray(lat, dtype=np.float64)) / self.step_lat)
        return row.astype(np.int64), column.astype(np.int64)

    def centres(self, row: npt.ArrayLike, column: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Give longitude and latitude of the centres of cells."""
        lon = self.west + (np.asarray(column, dtype=np.float64) + 0.5) * self.step_lon
        return lon, self.north - (np.asarray(row, dtype=np.float64) + 0.5) * self.step_lat

    def costs_at(self, row: IntArray, column: IntArray) -> FloatArray:
        """Give the cost per metre of cells; infinite beyond the grid."""
        rows, columns = self.cost_per_m.shape
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        found = np.full(np.shape(row), np.inf)
        found[inside] = self.cost_per_m[row[inside], column[inside]]
        return found

    def standing(self, lon: float, lat: float) -> str:
        """Tell whether a way may begin at a place: ``free``, ``barred``, or ``outside`` of the grid."""
        row, column = (int(at) for at in self.cells(lon, lat))
        rows, columns = self.cost_per_m.shape
        if not (0 <= row < rows and 0 <= column < columns):
            return OUTSIDE
        return FREE if np.isfinite(self.cost_per_m[row, column]) else BARRED


def cost_along(surface: Surface, lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
    """Give what each segment of a line costs, exactly: it is cut where it passes from cell to cell.

    A segment is straight in degrees and its geodesic length is shared out evenly along it, which over 100 km is
    right to 0.01 % of the length in each cell. One that slips between two barred cells that meet at a corner is barred.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        Degrees.

    Returns
    -------
    numpy.ndarray, shape (n - 1,)
        Infinite for a segment that touches a barred cell or leaves the grid.
    """
    lon, lat = (np.atleast_1d(np.asarray(given, dtype=np.float64)) for given in (lon, lat))
    length = geodesic_distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    x = (lon - surface.west) / surface.step_lon
    y = (surface.north - lat) / surface.step_lat
    return np.array([_segment(surface, x[at], y[at], x[at + 1], y[at + 1], metres) for at, metres in enumerate(length)])


def _segment(surface: Surface, x0: float, y0: float, x1: float, y1: float, length_m: float) -> float:
    if length_m == 0:
        return 0.0
    at = np.concatenate([[0.0], _crossings(x0, x1), _crossings(y0, y1), [1.0]])
    at.sort()
    share = np.diff(at)
    whole = share * max(abs(x1 - x0), abs(y1 - y0)) > _CORNER
    if not whole.any():
        at, share, whole = np.array([0.0, 1.0]), np.ones(1), np.ones(1, dtype=bool)
    middle = ((at[:-1] + at[1:]) / 2)[whole]
    share = share[whole]
    row = np.floor(y0 + middle * (y1 - y0)).astype(np.int64)
    column = np.floor(x0 + middle * (x1 - x0)).astype(np.int64)
    corner = np.flatnonzero((np.diff(row) != 0) & (np.diff(column) != 0))
    if corner.size:
        beside = np.minimum(
            surface.costs_at(row[corner], column[corner + 1]), surface.costs_at(row[corner + 1], column[corner])
        )
        if np.isinf(beside).any():
            return np.inf
    return float(length_m * (share * surface.costs_at(row, column)).sum() / share.sum())


def _crossings(start: float, end: float) -> FloatArray:
    """Give where between 0 and 1 a coordinate that goes from start to end passes whole numbers."""
    if start == end:
        return np.empty(0)
    low, high = min(start, end), max(start, end)
    edges = np.arange(np.floor(low) + 1, np.ceil(high))
    return (edges - start) / (end - start)
