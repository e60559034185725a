"""A grid of receivers over an area, cut into blocks that are computed one by one, on whatever machine.

A block's task holds all that its result depends on, so that it gives the same bits here and on any worker, today and
after a restart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..areas import authalic_q
from ..geodesy import ECCENTRICITY_2, SEMI_MAJOR_M, ecef_m
from ..slices import Checkpoint, part
from .best_server import best_server
from .raster import Propagation
from .sites import Sector
from .terrain import Terrain, terrain

FloatArray = npt.NDArray[np.float64]

BLOCK = 512
# States of a cell; 0 where nothing was asked.
COVERED, GAP, CANNOT_TELL = 1, 2, 3
# Paths bulge out of the box of their ends, by 0.0025° at 120 km and 60° N; and heights need neighbours.
_MARGIN_DEG = 0.005


class Grid(NamedTuple):
    """Square cells in degrees (CGCS2000), rows from north to south.

    Attributes
    ----------
    west, north : float
        Outer corner of the first cell.
    step_lon, step_lat : float
        Sides of a cell, degrees.
    rows, columns : int
    """

    west: float
    north: float
    step_lon: float
    step_lat: float
    rows: int
    columns: int

    def lon(self, first: int, last: int) -> FloatArray:
        """Give the longitudes of the centres of columns ``first <= i < last``."""
        return np.asarray(self.west + (np.arange(first, last) + 0.5) * self.step_lon, dtype=np.float64)

    def lat(self, first: int, last: int) -> FloatArray:
        """Give the latitudes of the centres of rows ``first <= i < last``."""
        return np.asarray(self.north - (np.arange(first, last) + 0.5) * self.step_lat, dtype=np.float64)

    def middle_lat(self) -> float:
        """Give the latitude of the middle."""
        return self.north - 0.5 * self.rows * self.step_lat

    def cell_areas_m2(self) -> FloatArray:
        """Give the geodesic area of a cell of every row, shape (rows,).

        The zone between the equator and latitude φ has the area a² q(φ) / 2 per radian (Snyder 1987, eq. 3-12).
        """
        edges = self.north - np.arange(self.rows + 1) * self.step_lat
        q = np.array([authalic_q(float(edge)) for edge in edges])
        return 0.5 * SEMI_MAJOR_M**2 * math.radians(self.step_lon) * (q[:-1] - q[1:])

    def cell_of(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Give row and column of the cells that places (degrees, shape (n,)) lie in; -1 off the grid or for NaN."""
        down = (self.north - np.asarray(lat, np.float64)) / self.step_lat
        across = (np.asarray(lon, np.float64) - self.west) / self.step_lon
        inside = (down >= 0) & (down < self.rows) & (across >= 0) & (across < self.columns)
        return (
            np.where(inside, np.nan_to_num(down), -1.0).astype(np.int64),
            np.where(inside, np.nan_to_num(across), -1.0).astype(np.int64),
        )


class Block(NamedTuple):
    """Cells ``row <= i < row + rows``, ``column <= j < column + columns`` of a grid."""

    row: int
    column: int
    rows: int
    columns: int

    @property
    def part(self) -> tuple[slice, slice]:
        """Its place in arrays of the whole grid."""
        return (slice(self.row, self.row + self.rows), slice(self.column, self.column + self.columns))


class BlockTask(NamedTuple):
    """All that the levels of a block depend on.

    Attributes
    ----------
    land : Terrain
        The ground between the sectors and the cells.
    sectors : tuple of Sector
        All that are in range of any cell, in the order of the whole list.
    place : numpy.ndarray of int32
        Of these sectors in the whole list.
    lon, lat : numpy.ndarray
        Centres of the columns and the rows, degrees.
    wanted : numpy.ndarray of bool, shape (rows, columns)
    model : Propagation
    max_range_m, threshold_dbm : float
    full : bool
        Levels and servers; else only the states, which is much less to compute.
    offset_db : numpy.ndarray, shape (rows, columns), or None
        What is to be added to all levels of a cell; None: nothing.
    """

    land: Terrain
    sectors: tuple[Sector, ...]
    place: npt.NDArray[np.int32]
    lon: FloatArray
    lat: FloatArray
    wanted: npt.NDArray[np.bool_]
    model: Propagation
    max_range_m: float
    threshold_dbm: float
    full: bool
    offset_db: FloatArray | None = None


class BlockLevels(NamedTuple):
    """What is received in the cells of a block; all of shape (rows, columns).

    Attributes
    ----------
    rsrp, second : numpy.ndarray of float32
        Level of the best and of the second server in dBm; NaN where there is none, and without `full`.
    server : numpy.ndarray of int32
        Place of the best server in the whole list of sectors; -1 where there is none, and without `full`.
    servers : numpy.ndarray of int32
        Number of sectors at or above the threshold; -1 where it is not known, and without `full`.
    state : numpy.ndarray of uint8
        `COVERED`, `GAP`, `CANNOT_TELL`; 0 in cells that are not wanted.
    """

    rsrp: npt.NDArray[np.float32]
    server: npt.NDArray[np.int32]
    second: npt.NDArray[np.float32]
    servers: npt.NDArray[np.int32]
    state: npt.NDArray[np.uint8]


def grid_over(west: float, south: float, east: float, north: float, resolution_m: float) -> Grid:
    """Lay a grid over bounds in degrees, its cells about as wide and high as the resolution at the middle latitude.

    The steps follow the radii of curvature M = a (1 - e²) / w³ and N = a / w, w² = 1 - e² sin²φ, at the middle.

    Raises
    ------
    ValueError
        The bounds are empty or not on the globe.
    """
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85 and resolution_m > 0):
        raise ValueError("bounds must be west < east, south < north, within ±180 and ±85 degrees")
    middle = math.radians((south + north) / 2)
    w = math.sqrt(1.0 - ECCENTRICITY_2 * math.sin(middle) ** 2)
    step_lat = math.degrees(resolution_m / (SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / w**3))
    step_lon = math.degrees(resolution_m / (SEMI_MAJOR_M / w * math.cos(middle)))
    rows, columns = math.ceil((north - south) / step_lat - 1e-9), math.ceil((east - west) / step_lon - 1e-9)
    return Grid(west, north, step_lon, step_lat, max(rows, 1), max(columns, 1))


def blocks_of(grid: Grid, size: int = BLOCK) -> Iterator[Block]:
    """Cut a grid into blocks, row by row."""
    for row in range(0, grid.rows, size):
        for column in range(0, grid.columns, size):
            yield Block(row, column, min(size, grid.rows - row), min(size, grid.columns - column))


def sectors_near(
    lon: FloatArray, lat: FloatArray, wanted: npt.NDArray[np.bool_], sector_xyz: FloatArray, max_range_m: float
) -> npt.NDArray[np.int32]:
    """Give the places of the sectors that may be in range of any wanted cell of a block.

    Parameters
    ----------
    lon, lat : numpy.ndarray
        Centres of columns and rows.
    sector_xyz : numpy.ndarray, shape (m, 3)
        By `geodesy.ecef_m`.
    """
    rows, columns = np.flatnonzero(wanted.any(axis=1)), np.flatnonzero(wanted.any(axis=0))
    if not rows.size or not len(sector_xyz):
        return np.zeros(0, np.int32)
    sides, ends = lon[[columns[0], columns[-1]]], lat[[rows[0], rows[-1]]]
    corners = ecef_m(np.tile(sides, 2), np.repeat(ends, 2))
    centre = corners.mean(axis=0)
    # Between its corners the block bulges by far less than a hundredth of its own radius.
    radius = 1.01 * float(np.sqrt(((corners - centre) ** 2).sum(axis=1).max())) + 1.0
    chord = np.sqrt(((sector_xyz - centre) ** 2).sum(axis=1))
    return np.flatnonzero(chord - radius <= max_range_m).astype(np.int32)


def window_of(
    lon: FloatArray, lat: FloatArray, wanted: npt.NDArray[np.bool_], sectors: Sequence[Sector]
) -> tuple[float, float, float, float]:
    """Give west, south, east and north of the ground that all paths of a block cross, degrees."""
    rows, columns = np.flatnonzero(wanted.any(axis=1)), np.flatnonzero(wanted.any(axis=0))
    across = [float(lon[columns[0]]), float(lon[columns[-1]]), *(sector.lon for sector in sectors)]
    down = [float(lat[rows[0]]), float(lat[rows[-1]]), *(sector.lat for sector in sectors)]
    return (
        max(min(across) - _MARGIN_DEG, -180.0),
        max(min(down) - _MARGIN_DEG, -90.0),
        min(max(across) + _MARGIN_DEG, 180.0),
        min(max(down) + _MARGIN_DEG, 90.0),
    )


def no_ground(west: float, south: float, east: float, north: float, step_m: float) -> Terrain:
    """Give terrain of which nothing is known: every path over it ends in a void."""
    return terrain(np.full((2, 2), np.nan), west, north, east - west, north - south, step_m=step_m)


def step_of(pixel_lat: float, grid: Grid) -> float:
    """Give the longest step of profiles over terrain of such pixels, the same for all blocks of a grid; metres."""
    sine = math.sin(math.radians(grid.middle_lat()))
    return math.radians(pixel_lat) * SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / (1.0 - ECCENTRICITY_2 * sine**2) ** 1.5


def levels_of(task: BlockTask, threads: int | None = None, checkpoint: Checkpoint | None = None) -> BlockLevels:
    """Compute a block.

    A cell is covered where its best level reaches the threshold; it cannot be told where that level does not, but
    that of a sector might to which the ground is not known; else it is a gap. Where it cannot be told there is no
    level, no server and no number: those of the sectors that are known would pass for weak reception.
    """
    if task.offset_db is None:
        return _levels(task, task.wanted, 0.0, threads, checkpoint)
    made = empty_levels(task.wanted)
    offsets = np.unique(task.offset_db[task.wanted])  # a few: one for each class of land cover
    for number, offset in enumerate(offsets.tolist()):
        here = task.wanted & (task.offset_db == offset)
        tell = part(checkpoint, number / offsets.size, (number + 1) / offsets.size)
        found = _levels(task, here, offset, threads, tell)
        for name in BlockLevels._fields:
            getattr(made, name)[here] = getattr(found, name)[here]
    return made


def _levels(
    task: BlockTask,
    wanted: npt.NDArray[np.bool_],
    offset_db: float,
    threads: int | None,
    checkpoint: Checkpoint | None,
) -> BlockLevels:
    """Compute the wanted cells of a block, all of which have one offset."""
    lon, lat = np.broadcast_arrays(task.lon[None, :], task.lat[:, None])
    found = best_server(
        task.land,
        task.sectors,
        np.where(wanted, lon, np.nan),
        lat,
        max_range_m=task.max_range_m,
        model=task.model,
        second=task.full,
        threshold_dbm=task.threshold_dbm - offset_db if task.full else None,
        enough_dbm=None if task.full else task.threshold_dbm - offset_db,
        threads=threads,
        checkpoint=checkpoint,
    )
    nothing = empty_levels(wanted)
    threshold, offset = np.float32(task.threshold_dbm), np.float32(offset_db)
    level = found.level_dbm + offset
    covered, unknown = level >= threshold, found.unknown_dbm + offset >= threshold
    state = np.where(covered, COVERED, np.where(unknown, CANNOT_TELL, GAP)).astype(np.uint8)
    state = np.where(wanted, state, 0).astype(np.uint8)
    if found.second_dbm is None or found.above is None:
        return nothing._replace(servers=np.full(wanted.shape, -1, np.int32), state=state)
    told = (state == COVERED) | (state == GAP)
    return BlockLevels(
        np.where(told, level, np.float32(np.nan)),
        np.where(told & (found.server >= 0), task.place[np.maximum(found.server, 0)], -1).astype(np.int32),
        np.where(told, found.second_dbm + offset, np.float32(np.nan)),
        np.where(told, found.above, -1).astype(np.int32),
        state,
    )


def empty_levels(wanted: npt.NDArray[np.bool_]) -> BlockLevels:
    """Give a block that no sector reaches: wanted cells are a gap."""
    nothing = np.full(wanted.shape, np.nan, np.float32)
    return BlockLevels(
        nothing,
        np.full(wanted.shape, -1, np.int32),
        nothing.copy(),
        np.where(wanted, 0, -1).astype(np.int32),
        np.where(wanted, GAP, 0).astype(np.uint8),
    )
