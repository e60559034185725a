"""A window of the terrain as one array, for kernels that walk over very many cells."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .terrain import Terrain

_ROWS_AT_ONCE = 256


class TerrainGrid(NamedTuple):
    """Heights on a lattice of longitude and latitude.

    Attributes
    ----------
    height_m : numpy.ndarray of float32, shape (rows, columns)
        Rows from north to south; NaN for voids and outside of the data.
    west, north : float
        Degrees of the centre of the first pixel (not of its corner).
    step_lon, step_lat : float
        Degrees between centres, both positive.
    """

    height_m: npt.NDArray[np.float32]
    west: float
    north: float
    step_lon: float
    step_lat: float


def read_grid(
    terrain: Terrain,
    west: float,
    south: float,
    east: float,
    north: float,
    checkpoint: Callable[[float], None] | None = None,
) -> TerrainGrid:
    """Read a window whose outer centres enclose the given bounds.

    On a geographic raster with north up the centres are the raster's own (of the finest lattice), so that no height is
    interpolated here; on any other raster, and where a coarser one goes on, heights are interpolated once, at centres
    as far apart as its pixels.

    Parameters
    ----------
    west, south, east, north : float
        Degrees, CGCS2000; west < east.
    checkpoint : callable, optional
        Gets the done fraction; may raise to stop.

    Raises
    ------
    InputError
        A file is damaged.
    """
    origin = terrain.posts()
    if origin is None:
        middle = (south + north) / 2
        step_lat = math.degrees(terrain.pixel_m((west + east) / 2, middle) / 6_371_000.0)
        origin = (west, north, step_lat / max(math.cos(math.radians(middle)), 0.01), step_lat)
    lon0, lat0, step_lon, step_lat = origin
    first = math.floor((west - lon0) / step_lon + 1e-9)
    top = math.floor((lat0 - north) / step_lat + 1e-9)
    columns = math.ceil((east - lon0) / step_lon - 1e-9) - first + 1
    rows = math.ceil((lat0 - south) / step_lat - 1e-9) - top + 1
    lon = lon0 + np.arange(first, first + columns) * step_lon
    lat = lat0 - np.arange(top, top + rows) * step_lat
    heights = np.empty((rows, columns), dtype=np.float32)
    for row in range(0, rows, _ROWS_AT_ONCE):
        here = lat[row : row + _ROWS_AT_ONCE]
        sampled = terrain.sample(np.tile(lon, here.size), np.repeat(here, columns))
        heights[row : row + here.size] = sampled.height_m.reshape(here.size, columns)
        if checkpoint is not None:
            checkpoint((row + here.size) / rows)
    return TerrainGrid(heights, float(lon[0]), float(lat[0]), step_lon, step_lat)
