"""Geometry types: single parts into multi-part ones, and what a layer may hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]

POINT, LINE, RING, POLYGON, MULTI_POINT, MULTI_LINE, MULTI_POLYGON = 0, 1, 2, 3, 4, 5, 6
_ALLOWED = {
    "Point": (POINT,),
    "MultiLineString": (LINE, RING, MULTI_LINE),
    "MultiPolygon": (POLYGON, MULTI_POLYGON),
}


def as_type(geometry: Any, geometry_type: str, what: str) -> Shapes:
    """Give geometries as a layer of one type stores them: two dimensions, lines and polygons as multi-part ones.

    Parameters
    ----------
    geometry : array of shapely geometries, shape (n,)
    geometry_type : str
        Point, MultiLineString or MultiPolygon; any other name lets every type pass as it is.
    what : str
        Name of the layer, for the error.

    Raises
    ------
    ValueError
        A geometry is of another type; names the first such row, counted from 1.
    """
    shapes: Shapes = shapely.force_2d(np.asarray(geometry, dtype=object))
    kinds = shapely.get_type_id(shapes)
    allowed = _ALLOWED.get(geometry_type)
    if allowed is None:
        return shapes
    wrong = np.flatnonzero((kinds != -1) & ~np.isin(kinds, allowed))
    if len(wrong):
        row = int(wrong[0])
        raise ValueError(f"{what}, row {row + 1}: a {shapes[row].geom_type}, expected {geometry_type}")
    single = np.flatnonzero(np.isin(kinds, (LINE, RING, POLYGON)))
    if len(single):
        maker = shapely.multilinestrings if geometry_type == "MultiLineString" else shapely.multipolygons
        shapes[single] = maker(_open_rings(shapes[single]), indices=np.arange(len(single)))
    return shapes


def _open_rings(shapes: Shapes) -> Shapes:
    rings = np.flatnonzero(shapely.get_type_id(shapes) == RING)
    for row in rings:
        shapes[row] = shapely.LineString(shapes[row])
    return shapes
