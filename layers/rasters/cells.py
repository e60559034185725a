"""Between cells and polygons: which cells shapes touch, and the outlines of cells of one kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import shapely
from rasterio import Affine
from rasterio.features import rasterize
from rasterio.features import shapes as traced
from shapely.geometry.base import BaseGeometry


class Lattice(Protocol):
    """A grid of cells in degrees, rows from north to south; the place is the outer corner of the first cell."""

    @property
    def west(self) -> float:
        """Western edge."""

    @property
    def north(self) -> float:
        """Northern edge."""

    @property
    def step_lon(self) -> float:
        """Width of a cell."""

    @property
    def step_lat(self) -> float:
        """Height of a cell."""


def transform_of(grid: Lattice, row: int = 0, column: int = 0) -> Affine:
    """Give the transform of the part of a grid that begins at a cell."""
    west, north = grid.west + column * grid.step_lon, grid.north - row * grid.step_lat
    return Affine(grid.step_lon, 0.0, west, 0.0, -grid.step_lat, north)


def touched_cells(
    shapes: Sequence[BaseGeometry], grid: Lattice, row: int, column: int, rows: int, columns: int
) -> npt.NDArray[np.bool_]:
    """Tell which cells of a part of a grid any shape touches or is next to: no sliver is left without a cell.

    Parameters
    ----------
    shapes : sequence of geometries
        In the grid's degrees.
    row, column, rows, columns : int
        The part.
    """
    around = (rows + 2, columns + 2)
    corner = transform_of(grid, row - 1, column - 1)
    box = shapely.box(corner.c, corner.f + around[0] * corner.e, corner.c + around[1] * corner.a, corner.f)
    near = [shape for shape in shapes if shapely.intersects(box, shapely.box(*shape.bounds))]
    if not near:
        return np.zeros((rows, columns), dtype=np.bool_)
    burnt = rasterize(near, out_shape=around, transform=corner, all_touched=True, dtype="uint8").astype(bool)
    wide = burnt[:, :-2] | burnt[:, 1:-1] | burnt[:, 2:]
    return np.asarray(wide[:-2] | wide[1:-1] | wide[2:], dtype=np.bool_)


def outline_of(wanted: npt.NDArray[np.bool_], grid: Lattice, row: int, column: int) -> shapely.MultiPolygon | None:
    """Give the outline of cells as polygons in degrees; cells that meet at a corner alone are apart.

    Parameters
    ----------
    wanted : numpy.ndarray of bool, shape (rows, columns)
        A part of the grid.
    row, column : int
        Where in the grid it begins.

    Returns
    -------
    shapely.MultiPolygon or None
        Valid; its vertices are corners of cells, the same bits for both sides of an edge. None without cells.
    """
    if not wanted.any():
        return None
    polygons = [_polygon(ring) for ring, _ in traced(wanted.astype(np.uint8), mask=wanted, connectivity=4)]
    whole = shapely.MultiPolygon(polygons)
    return shapely.transform(
        whole,
        lambda corner: np.column_stack(
            [
                grid.west + (column + corner[:, 0]) * grid.step_lon,
                grid.north - (row + corner[:, 1]) * grid.step_lat,
            ]
        ),
    )


def _polygon(traced_shape: dict[str, Any]) -> shapely.Polygon:
    shell, *holes = traced_shape["coordinates"]
    return shapely.Polygon(shell, holes)
