"""Points in a grid of longitude and latitude, past which any number of discs is streamed: which points lie in one?

The points (villages, key places) are the small side and stay in memory; the discs (stations with their own radius) come
in slices. A disc looks only at the grid cells that its extent touches, and a point that is reached already is no longer
looked at. Both save time and change nothing: a point is reached if and only if its squared chord to some station is at
most the squared chord under that station's radius (see `geodesy`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .geodesy import ECCENTRICITY_2, SEMI_MAJOR_M, SMALLEST_CURVATURE_RADIUS_M, chord_from_geodesic, ecef
from .radix import sort_rows
from .slices import Checkpoint, rounds

FloatArray = npt.NDArray[np.float64]

# All extents are widened by this factor and by 0.1 mm, so that no rounding anywhere can lose a point on the edge.
_WIDER = 1.01
_EDGE_DEG = 1e-9
# Beyond this radius the constant arc radius no longer bounds the latitude extent to 1 %: look everywhere.
_EVERYWHERE_M = 5_000_000.0
_DEGREES = 180.0 / math.pi

_CELLS_PER_POINT = 4
_TILES_PER_DEGREE = 10
_TILE_ROWS, _TILE_COLUMNS = 180 * _TILES_PER_DEGREE, 360 * _TILES_PER_DEGREE
# Wider discs do not ask the tiles: to mark their neighbourhood would cost more than it saves.
_LARGEST_TILE_RADIUS_M = 15_000.0

_BANDS_PER_DEGREE = 20


def _inverse_axis_distance() -> FloatArray:
    """1 / metres from the earth's axis at the polar edge of each latitude band; infinite at the pole."""
    lat = np.radians(np.arange(1, 90 * _BANDS_PER_DEGREE + 1) / _BANDS_PER_DEGREE)
    axis_m = SEMI_MAJOR_M * np.cos(lat) / np.sqrt(1.0 - ECCENTRICITY_2 * np.sin(lat) ** 2)
    axis_m[-1] = 0.0
    with np.errstate(divide="ignore"):
        return np.append(1.0 / axis_m, np.inf)


_INVERSE_AXIS = _inverse_axis_distance()


class Grid(NamedTuple):
    """Where the cells lie: south-west corner in degrees, cells per degree, and how many."""

    west: float
    south: float
    per_degree: float
    columns: int
    rows: int


@numba.njit(nogil=True, cache=True)
def _lat_extent(radius_m: float) -> float:
    """Degrees of latitude that a disc can reach north or south.

    A path that changes latitude by Δφ is at least Δφ times the smallest radius of curvature of the meridian long.
    """
    if radius_m > _EVERYWHERE_M:
        return 180.0
    return radius_m / SMALLEST_CURVATURE_RADIUS_M * (_DEGREES * _WIDER) + _EDGE_DEG


@numba.njit(nogil=True, cache=True)
def _lon_extent(radius_m: float, lat_beyond: float, inverse_axis: FloatArray) -> float:
    """Degrees of longitude that a disc can reach east or west; `lat_beyond` is the largest latitude (±) it touches.

    With p1, p2 the distances of both ends from the earth's axis, chord² >= 4 p1 p2 sin²(Δλ/2), and neither is
    smaller than p at `lat_beyond`; hence sin(Δλ/2) <= radius / 2p.
    """
    if lat_beyond >= 90.0:
        return 180.0
    ratio = radius_m * inverse_axis[int(lat_beyond * _BANDS_PER_DEGREE)]
    if ratio < 0.4:  # there asin(x) <= 1.007 x
        return ratio * (_DEGREES * _WIDER) + _EDGE_DEG
    if ratio < 1.95:
        return min(180.0, 2.0 * math.asin(0.5 * ratio) * (_DEGREES * _WIDER) + _EDGE_DEG)
    return 180.0


@numba.njit(nogil=True, cache=True)
def _clamped_cell(offset_deg: float, per_degree: float, cells: int) -> int:
    return int(min(max(offset_deg * per_degree, 0.0), cells - 1.0))


@numba.njit(nogil=True, cache=True)
def _cells_of(lon: FloatArray, lat: FloatArray, grid: Grid) -> npt.NDArray[np.uint32]:
    cells = np.empty(lon.size, dtype=np.uint32)
    for i in range(lon.size):
        column = _clamped_cell(lon[i] - grid.west, grid.per_degree, grid.columns)
        cells[i] = _clamped_cell(lat[i] - grid.south, grid.per_degree, grid.rows) * grid.columns + column
    return cells


@numba.njit(nogil=True, cache=True)
def _ecef_of(
    rows: npt.NDArray[np.int32], lon: FloatArray, lat: FloatArray, xyz: FloatArray, first: int, last: int
) -> None:
    for i in range(first, last):
        row = rows[i]
        xyz[i, 0], xyz[i, 1], xyz[i, 2] = ecef(lon[row], lat[row])


@numba.njit(nogil=True, cache=True)
def _mark_tiles(
    rows: npt.NDArray[np.int32],
    lon: FloatArray,
    lat: FloatArray,
    radius_m: float,
    inverse_axis: FloatArray,
    tiles: npt.NDArray[np.uint8],
) -> None:
    """Set each tile that may hold a station within `radius_m` of one of the points."""
    up = _lat_extent(radius_m)
    for row in rows:
        south = _clamped_cell(lat[row] - up + 90.0, _TILES_PER_DEGREE, _TILE_ROWS)
        north = _clamped_cell(lat[row] + up + 90.0, _TILES_PER_DEGREE, _TILE_ROWS)
        side = _lon_extent(radius_m, abs(lat[row]) + up, inverse_axis)
        west = math.floor((lon[row] - side + 180.0) * _TILES_PER_DEGREE)
        east = math.floor((lon[row] + side + 180.0) * _TILES_PER_DEGREE)
        for tile_row in range(south, north + 1):
            for column in range(west, min(east, west + _TILE_COLUMNS - 1) + 1):
                tiles[tile_row, column % _TILE_COLUMNS] = 1


@numba.njit(nogil=True, cache=True)
def _cover(
    first: int,
    last: int,
    lon: FloatArray,
    lat: FloatArray,
    radius_m: FloatArray,
    tiles: npt.NDArray[np.uint8],
    tile_radius_m: float,
    inverse_axis: FloatArray,
    grid: Grid,
    starts: npt.NDArray[np.int32],
    xyz: FloatArray,
    covered: npt.NDArray[np.uint8],
) -> None:
    """Set `covered` for the points that stations first..last reach. Threads share it: all they ever do is set it."""
    for s in range(first, last):
        radius = radius_m[s]
        if radius <= tile_radius_m:
            tile_row = min(int((lat[s] + 90.0) * _TILES_PER_DEGREE), _TILE_ROWS - 1)
            tile_column = int((lon[s] + 180.0) * _TILES_PER_DEGREE) % _TILE_COLUMNS
            if tiles[tile_row, tile_column] == 0:
                continue
        up = _lat_extent(radius)
        south = (lat[s] - up - grid.south) * grid.per_degree
        north = (lat[s] + up - grid.south) * grid.per_degree
        if north < 0.0 or south >= grid.rows:
            continue
        row_from, row_to = int(max(south, 0.0)), int(min(north, grid.rows - 1.0))
        side = _lon_extent(radius, abs(lat[s]) + up, inverse_axis)
        x = y = z = limit = -1.0  # computed when the first candidate turns up: most stations have none
        # A disc across the antimeridian comes back on the other side.
        turn_from = -360.0 if lon[s] + side >= 180.0 else 0.0
        turn_to = 360.0 if lon[s] - side <= -180.0 else 0.0
        turn = turn_from
        while turn <= turn_to:
            west = (lon[s] - side + turn - grid.west) * grid.per_degree
            east = (lon[s] + side + turn - grid.west) * grid.per_degree
            turn += 360.0
            if east < 0.0 or west >= grid.columns:
                continue
            column_from, column_to = int(max(west, 0.0)), int(min(east, grid.columns - 1.0))
            for row in range(row_from, row_to + 1):
                cell = row * grid.columns
                for i in range(starts[cell + column_from], starts[cell + column_to + 1]):
                    if covered[i]:
                        continue
                    if limit < 0.0:
                        x, y, z = ecef(lon[s], lat[s])
                        chord = chord_from_geodesic(radius)
                        limit = chord * chord
                    dx, dy, dz = xyz[i, 0] - x, xyz[i, 1] - y, xyz[i, 2] - z
                    if dx * dx + dy * dy + dz * dz <= limit:
                        covered[i] = 1


class PointGrid:
    """The points that no station has reached yet, in a grid.

    Parameters
    ----------
    lon, lat : numpy.ndarray, shape (n,), float64
        Degrees east and north; a point with a NaN has no place and is never reached. Otherwise within bounds.
    threads : int, optional
        Default: all cores of the process.
    """

    def __init__(self, lon: FloatArray, lat: FloatArray, *, threads: int | None = None) -> None:
        self._lon, self._lat, self._threads = lon, lat, threads
        self._reached = np.zeros(lon.size, dtype=np.bool_)
        placed = np.flatnonzero(~(np.isnan(lon) | np.isnan(lat))).astype(np.int32)
        here_lon, here_lat = (lon, lat) if placed.size == lon.size else (lon[placed], lat[placed])
        self._grid = _grid_for(here_lon, here_lat)
        cells, order = sort_rows(_cells_of(here_lon, here_lat, self._grid), self._grid.columns * self._grid.rows)
        counts = np.bincount(cells, minlength=self._grid.columns * self._grid.rows)
        self._starts = np.append(0, np.cumsum(counts)).astype(np.int32)
        self._rows = placed[order]
        self._xyz = np.empty((placed.size, 3))
        for _ in rounds(
            lambda a, b: _ecef_of(self._rows, lon, lat, self._xyz, a, b), placed.size, threads=threads
        ):
            pass
        self._covered = np.zeros(placed.size, dtype=np.uint8)
        self._tiles = np.empty((_TILE_ROWS, _TILE_COLUMNS), dtype=np.uint8)
        self._tile_radius_m = -1.0

    @property
    def reached(self) -> npt.NDArray[np.bool_]:
        """Which points are reached so far: shape (n,), a copy."""
        reached = self._reached.copy()
        reached[self._rows] = self._covered != 0
        return reached

    def add(
        self, lon: FloatArray, lat: FloatArray, radius_m: FloatArray, checkpoint: Checkpoint | None = None
    ) -> None:
        """Stream discs past the points.

        Parameters
        ----------
        lon, lat, radius_m : numpy.ndarray, shape (m,), float64
            Degrees and geodesic metres, finite and within bounds, contiguous.
        checkpoint : callable, optional
            Gets the fraction of these discs that is done; may raise to stop, the points then keep what they have.
        """
        if lon.size == 0 or self._rows.size == 0:
            return
        tile_radius = min(float(radius_m.max()), _LARGEST_TILE_RADIUS_M)
        if tile_radius > self._tile_radius_m:
            self._tile_radius_m = tile_radius
            self._mark()

        def cover(first: int, last: int) -> None:
            _cover(
                first, last, lon, lat, radius_m, self._tiles, self._tile_radius_m, _INVERSE_AXIS,
                self._grid, self._starts, self._xyz, self._covered,
            )  # fmt: skip

        for done in rounds(cover, lon.size, threads=self._threads):
            if checkpoint is not None:
                checkpoint(done / lon.size)
            if 3 * np.count_nonzero(self._covered) > self._rows.size:
                self._forget_reached()
                if self._rows.size == 0:
                    return

    def _forget_reached(self) -> None:
        """Take the reached points out, so that nobody looks at them again."""
        keep = self._covered == 0
        self._reached[self._rows[~keep]] = True
        kept_before = np.append(0, np.cumsum(keep, dtype=np.int32)).astype(np.int32)
        self._starts = kept_before[self._starts]
        self._rows, self._xyz = self._rows[keep], self._xyz[keep]
        self._covered = np.zeros(self._rows.size, dtype=np.uint8)
        self._mark()

    def _mark(self) -> None:
        self._tiles[:] = 0
        _mark_tiles(self._rows, self._lon, self._lat, self._tile_radius_m, _INVERSE_AXIS, self._tiles)


def _grid_for(lon: FloatArray, lat: FloatArray) -> Grid:
    """Square cells in degrees, about four a point, over the points' extent."""
    if lon.size == 0:
        return Grid(0.0, 0.0, 1.0, 1, 1)
    west, south = float(lon.min()), float(lat.min())
    width, height = float(lon.max()) - west, float(lat.max()) - south
    cells = float(_CELLS_PER_POINT * lon.size)
    side = max(math.sqrt(width * height / cells), max(width, height) / cells, 1e-6)
    return Grid(west, south, 1.0 / side, int(width / side) + 1, int(height / side) + 1)
