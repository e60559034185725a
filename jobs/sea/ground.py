"""The ground under paths over the sea: water at level 0, land by the elevation data or, without any, a level shore.

Land of which nothing is known stays a void, but for the pixels beside the water: a path that touches it cannot be told,
it is neither clear nor blocked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from rasterio.features import rasterize

from ...analysis.near_lines import nearest_line
from ...analysis.p1812 import COASTAL, INLAND, SEA
from ...analysis.radio import Terrain as Land
from ...analysis.radio.around import cells_within
from ...analysis.radio.terrain import UNKNOWN_BELOW
from ...analysis.radio.terrain import terrain as land_of
from ...analysis.radio.tiles import Grid, grid_over
from ...engine.context import RunContext
from ...layers.rasters.cells import touched_cells, transform_of
from ..radio.land import read_land

_COASTAL_M = 100.0
"""Land up to this height above the sea is coastal in ITU-R P.1812-8, Table 5, as long as it lies within 50 km of it."""
_POSTS_A_CELL = 2

Floats = npt.NDArray[np.float64]


def shore_distance_m(water: shapely.MultiPolygon, lon: Floats, lat: Floats) -> Floats:
    """Give how far places stand from the water, metres; 0 in it, NaN for no place."""
    edge = np.array([shapely.MultiLineString(list(shapely.get_rings(water.geoms)))], dtype=object)
    away = nearest_line(lon, lat, edge).distance_m
    return np.where(shapely.contains_xy(water, lon, lat), 0.0, away)


class SeaGround:
    """Heights and zones of windows, for `blocks.simulate`.

    Parameters
    ----------
    context : RunContext
        Has the parameters of `read_land`; ``resolution_m`` decides how fine the ground is without elevation data.
    water : MultiPolygon
        All that is known to be water, degrees.
    lon, lat : numpy.ndarray
        Of the transmitters near the shore, whose land is taken as level with the sea where no elevation data are stated.
    shore_m : float
        How far about them.
    """

    def __init__(
        self, context: RunContext, water: shapely.MultiPolygon, lon: Floats, lat: Floats, shore_m: float
    ) -> None:
        self._context, self._water = context, water
        self._lon, self._lat, self._shore_m = lon, lat, np.full(len(lon), shore_m)

    def __call__(self, west: float, south: float, east: float, north: float) -> Land:
        """Give the ground of a window in degrees."""
        if self._context["dem"] is not None:
            known = read_land(self._context, west, south, east, north)
            if known is not None:
                return self._with_heights(known)
        return self._level(west, south, east, north)

    def _with_heights(self, known: Land) -> Land:
        rows, columns = known.height_m.shape
        corner = (known.west - known.pixel_lon / 2, known.north + known.pixel_lat / 2)
        grid = Grid(*corner, known.pixel_lon, known.pixel_lat, rows, columns)
        wet = wet_cells(self._water, grid)
        level = wet | (self._beside(grid) & (known.height_m <= UNKNOWN_BELOW))
        height = np.where(level, np.float32(0.0), known.height_m)
        zone = np.where(wet, SEA, np.where(height <= _COASTAL_M, COASTAL, INLAND)).astype(np.uint8)
        clutter = None if known.clutter_m is None else np.where(wet, np.float32(0.0), known.clutter_m)
        return known._replace(height_m=np.ascontiguousarray(height), zone=zone, clutter_m=clutter)

    def _beside(self, grid: Grid) -> npt.NDArray[np.bool_]:
        """Tell which pixels touch the water or one that does: heights of places in it are mixed with theirs."""
        return touched_cells([self._water], grid, 0, 0, grid.rows, grid.columns)

    def _level(self, west: float, south: float, east: float, north: float) -> Land:
        step_m = self._context["resolution_m"] / _POSTS_A_CELL
        grid = grid_over(west, south, east, north, step_m)
        grid = grid._replace(rows=grid.rows + 2, columns=grid.columns + 2)
        grid = grid._replace(west=grid.west - grid.step_lon, north=grid.north + grid.step_lat)
        wet = wet_cells(self._water, grid)
        level = self._beside(grid)
        if self._context["dem"] is None:
            level |= cells_within(grid, self._lon, self._lat, self._shore_m)
        zone = np.where(wet, SEA, COASTAL).astype(np.uint8)
        return land_of(
            np.zeros(wet.shape, np.float32),
            float(grid.lon(0, 1)[0]),
            float(grid.lat(0, 1)[0]),
            grid.step_lon,
            grid.step_lat,
            void=~level,
            zone=zone,
            step_m=step_m if self._context["step_m"] is None else float(self._context["step_m"]),
        )


def wet_cells(water: shapely.MultiPolygon, grid: Grid) -> npt.NDArray[np.bool_]:
    """Tell which cells have their middle in the water; shape (rows, columns)."""
    shape = (grid.rows, grid.columns)
    west, south = grid.west, grid.north - grid.rows * grid.step_lat
    window = shapely.box(west, south, west + grid.columns * grid.step_lon, grid.north)
    near = shapely.intersection(water, window)
    if near.is_empty:
        return np.zeros(shape, dtype=bool)
    return np.asarray(rasterize([near], out_shape=shape, transform=transform_of(grid), dtype="uint8") > 0)
