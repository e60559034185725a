"""Points in a grid of longitude and latitude, past which any number of discs is streamed.

The question is which points lie in at least one disc. The points (villages, key places) are the small side
and stay in memory; the discs (stations with their own radius) come in slices. A disc looks only at the grid
cells that its extent touches, a disc far from all points that are still open is not looked at, and neither
is a point that is reached already. This saves time and changes nothing: a point is reached if and only if
its squared chord to some station is at most the squared chord under that station's radius (see `geodesy`).
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

# All extents are widened by this factor and by 0.1 mm, so that no rounding can lose a point on the edge.
_WIDER = 1.01
_EDGE_DEG = 1e-9
# Beyond this radius the constant arc radius no longer bounds the latitude extent to 1 %: look everywhere.
_EVERYWHERE_M = 5_000_000.0
_DEGREES = 180.0 / math.pi

_CELLS_PER_POINT = 4
# When this share of the points in the grid is reached, they are taken out.
_FORGET_SHARE = 0.7
# Tiles are marked once no more than this share of all points is open: to mark many points costs more than it saves.
_TILES_SHARE = 0.05
_TILES_PER_DEGREE = 20
_TILE_ROWS, _TILE_COLUMNS = 180 * _TILES_PER_DEGREE, 360 * _TILES_PER_DEGREE
# Discs ask the tiles by size; wider ones do not: to mark so wide a neighbourhood would cost more than it saves.
_TILE_SIZES_M = np.array([750.0, 1_500.0, 3_000.0, 6_000.0, 12_000.0])

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


class Discs(NamedTuple):
    """Stations: degrees, and geodesic metres for the radius; shape (m,) each."""

    lon: FloatArray
    lat: FloatArray
    radius_m: FloatArray


class OpenPoints(NamedTuple):
    """The points that are still looked at, cell by cell.

    Attributes
    ----------
    grid : Grid
    starts : shape (cells + 1,), int32
        Cell i, counted by rows from the south-west, holds the points ``starts[i]:starts[i + 1]``.
    rows : shape (k,), int32
        Their rows in the caller's order.
    xyz : shape (k, 3), float64
        Earth-centred metres.
    covered : shape (k,), uint8
        1 once a station reaches the point.
    """

    grid: Grid
    starts: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    xyz: FloatArray
    covered: npt.NDArray[np.uint8]


class Tiles(NamedTuple):
    """Squares over the whole earth that tell whether a disc centred there may reach any open point.

    Attributes
    ----------
    known : bool
        False: nothing is marked yet, look everywhere.
    marks : shape (rows, columns), uint8
        Bit k is set if the answer is yes for a disc of the k-th size.
    """

    known: bool
    marks: npt.NDArray[np.uint8]


@numba.njit(nogil=True, cache=True)
def _lat_extent(radius_m: float) -> float:
    """Degrees of latitude that a disc can reach north or south.

    A path that changes latitude by Δφ is at least Δφ times the meridian's smallest radius of curvature long.
    """
    if radius_m > _EVERYWHERE_M:
        return 180.0
    return radius_m / SMALLEST_CURVATURE_RADIUS_M * (_DEGREES * _WIDER) + _EDGE_DEG


@numba.njit(nogil=True, cache=True)
def _lon_extent(radius_m: float, lat_beyond: float) -> float:
    """Degrees of longitude that a disc can reach east or west.

    `lat_beyond` is the largest latitude (either side) that it touches. With p1, p2 the distances of both ends
    from the earth's axis, chord² >= 4 p1 p2 sin²(Δλ/2), and neither is smaller than p at `lat_beyond`; hence
    sin(Δλ/2) <= radius / 2p.
    """
    if lat_beyond >= 90.0:
        return 180.0
    ratio = radius_m * _INVERSE_AXIS[int(lat_beyond * _BANDS_PER_DEGREE)]
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
def _place(lon: FloatArray, lat: FloatArray, points: OpenPoints, first: int, last: int) -> None:
    for i in range(first, last):
        row = points.rows[i]
        points.xyz[i, 0], points.xyz[i, 1], points.xyz[i, 2] = ecef(lon[row], lat[row])


@numba.njit(nogil=True, cache=True)
def _tile_row(lat: float) -> int:
    return _clamped_cell(lat + 90.0, _TILES_PER_DEGREE, _TILE_ROWS)


@numba.njit(nogil=True, cache=True)
def _tile_column(lon: float) -> int:
    column = int((lon + 180.0) * _TILES_PER_DEGREE)
    return column if column < _TILE_COLUMNS else 0


@numba.njit(nogil=True, cache=True)
def _mark(rows: npt.NDArray[np.int32], lon: FloatArray, lat: FloatArray, marks: npt.NDArray[np.uint8]) -> None:
    """Mark for each size the tiles that a point's own disc of that size touches: from there it can be reached."""
    for k in range(_TILE_SIZES_M.size):
        bit = np.uint8(1 << k)
        up = _lat_extent(_TILE_SIZES_M[k])
        for point in rows:
            side = _lon_extent(_TILE_SIZES_M[k], abs(lat[point]) + up)
            west = math.floor((lon[point] - side + 180.0) * _TILES_PER_DEGREE)
            east = math.floor((lon[point] + side + 180.0) * _TILES_PER_DEGREE)
            east = min(east, west + _TILE_COLUMNS)
            for row in range(_tile_row(lat[point] - up), _tile_row(lat[point] + up) + 1):
                for column in range(west, east + 1):
                    marks[row, column % _TILE_COLUMNS] |= bit


@numba.njit(nogil=True, cache=True)
def _hopeless(tiles: Tiles, lon: float, lat: float, radius_m: float) -> bool:
    """Whether the tiles rule out that this disc reaches an open point."""
    if not tiles.known or radius_m > _TILE_SIZES_M[-1]:
        return False
    size = 0
    for k in range(_TILE_SIZES_M.size - 1):
        size += 1 if radius_m > _TILE_SIZES_M[k] else 0
    return (tiles.marks[_tile_row(lat), _tile_column(lon)] >> size) & 1 == 0


@numba.njit(nogil=True, cache=True)
def _cover(discs: Discs, points: OpenPoints, tiles: Tiles, first: int, last: int) -> None:
    """Set `covered` for the points that discs first..last reach.

    Threads share the array: all that any of them ever does is to set a 1.
    """
    lon, lat, grid, starts, xyz, covered = (
        discs.lon, discs.lat, points.grid, points.starts, points.xyz, points.covered
    )  # fmt: skip
    for s in range(first, last):
        radius = discs.radius_m[s]
        if _hopeless(tiles, lon[s], lat[s], radius):
            continue
        up = _lat_extent(radius)
        south = (lat[s] - up - grid.south) * grid.per_degree
        north = (lat[s] + up - grid.south) * grid.per_degree
        if north < 0.0 or south >= grid.rows:
            continue
        row_from, row_to = int(max(south, 0.0)), int(min(north, grid.rows - 1.0))
        side = _lon_extent(radius, abs(lat[s]) + up)
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
        grid = _grid_for(here_lon, here_lat)
        cells, order = sort_rows(_cells_of(here_lon, here_lat, grid), grid.columns * grid.rows)
        counts = np.bincount(cells, minlength=grid.columns * grid.rows)
        self._open = OpenPoints(
            grid,
            np.append(0, np.cumsum(counts)).astype(np.int32),
            placed[order],
            np.empty((placed.size, 3)),
            np.zeros(placed.size, dtype=np.uint8),
        )
        for _ in rounds(lambda a, b: _place(lon, lat, self._open, a, b), placed.size, threads=threads):
            pass
        self._tiles = Tiles(False, np.zeros((1, 1), dtype=np.uint8))

    @property
    def reached(self) -> npt.NDArray[np.bool_]:
        """Which points are reached so far: shape (n,), a copy."""
        reached = self._reached.copy()
        reached[self._open.rows] = self._open.covered != 0
        return reached

    def add(self, discs: Discs, checkpoint: Checkpoint | None = None) -> None:
        """Stream discs past the points.

        Parameters
        ----------
        discs : Discs
            Finite and within bounds, contiguous.
        checkpoint : callable, optional
            Gets the fraction of these discs that is done; may raise to stop, and the points keep what they have.
        """
        count = discs.lon.size
        if count == 0 or self._open.rows.size == 0:
            return
        for done in rounds(lambda a, b: _cover(discs, self._open, self._tiles, a, b), count, threads=self._threads):
            if checkpoint is not None:
                checkpoint(done / count)
            if _FORGET_SHARE * self._open.rows.size < np.count_nonzero(self._open.covered):
                self._forget_reached()

    def _forget_reached(self) -> None:
        """Take the reached points out, so that nobody looks at them again."""
        keep = self._open.covered == 0
        self._reached[self._open.rows[~keep]] = True
        kept_before = np.append(0, np.cumsum(keep)).astype(np.int32)
        self._open = OpenPoints(
            self._open.grid,
            kept_before[self._open.starts],
            self._open.rows[keep],
            self._open.xyz[keep],
            np.zeros(int(kept_before[-1]), dtype=np.uint8),
        )
        if self._open.rows.size > _TILES_SHARE * self._lon.size:
            return
        marks = np.zeros((_TILE_ROWS, _TILE_COLUMNS), dtype=np.uint8)
        _mark(self._open.rows, self._lon, self._lat, marks)
        self._tiles = Tiles(True, marks)


def _grid_for(lon: FloatArray, lat: FloatArray) -> Grid:
    """Square cells in degrees, about four a point, over the points' extent."""
    if lon.size == 0:
        return Grid(0.0, 0.0, 1.0, 1, 1)
    west, south = float(lon.min()), float(lat.min())
    width, height = float(lon.max()) - west, float(lat.max()) - south
    cells = float(_CELLS_PER_POINT * lon.size)
    side = max(math.sqrt(width * height / cells), max(width, height) / cells, 1e-6)
    return Grid(west, south, 1.0 / side, int(width / side) + 1, int(height / side) + 1)
