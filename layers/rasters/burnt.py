"""Which cells of a grid lie under shapes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from .cells import Lattice, transform_of


def burnt(
    shapes: Sequence[BaseGeometry | None] | npt.NDArray[np.object_], grid: Lattice, rows: int, columns: int
) -> npt.NDArray[np.bool_]:
    """Tell which cells the shapes touch: a line gives an unbroken row of cells, an area also those at its rim.

    Parameters
    ----------
    shapes : sequence of geometries
        In the grid's degrees; missing and empty ones are passed over.
    rows, columns : int
        Of the grid.

    Returns
    -------
    numpy.ndarray of bool, shape (rows, columns)
    """
    box = transform_of(grid)
    frame = shapely.box(box.c, box.f + rows * box.e, box.c + columns * box.a, box.f)
    given = np.array(list(shapes), dtype=object)
    near = given[shapely.intersects(given, frame)] if given.size else given
    if not near.size:
        return np.zeros((rows, columns), dtype=np.bool_)
    cells = rasterize(near.tolist(), out_shape=(rows, columns), transform=box, all_touched=True, dtype="uint8")
    return np.asarray(cells, dtype=np.bool_)
