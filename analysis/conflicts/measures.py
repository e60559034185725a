"""Areas on the ellipsoid with geodesics between vertices: what `pyproj.Geod` gives for the same polygon.

An overlay is made in degrees, where layers are drawn with straight edges; of its result the vertices count. With
geodesics between them a part that is cut off a long edge and the rest of it do not quite add up to the whole: an edge
of 1 km along a parallel and its geodesic enclose 11 m² at 40° N.

Formula: Karney, Algorithms for geodesics, J. Geodesy 87 (2013), section 6, as in PROJ.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from ..geodesy import INVERSE_FLATTENING, SEMI_MAJOR_M

_GEOD = pyproj.Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)


def areas_m2(shapes: Sequence[BaseGeometry | None]) -> npt.NDArray[np.float64]:
    """Give the areas of polygons and multipolygons, holes taken off, whatever way their rings run.

    Parameters
    ----------
    shapes : sequence of (n,)
        Polygons or multipolygons in degrees on CGCS2000; None and empty count as 0.

    Returns
    -------
    float64 (n,)
        Square metres.
    """
    given = np.empty(len(shapes), dtype=object)
    given[:] = list(shapes)
    parts, owner = shapely.get_parts(given, return_index=True)
    rings, polygon = shapely.get_rings(parts, return_index=True)
    found = np.zeros(len(given))
    if not len(rings):
        return found
    xy = shapely.get_coordinates(rings)
    first = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))])
    is_shell = np.append(True, polygon[1:] != polygon[:-1])  # the first ring of a polygon is its shell
    for ring, (low, high) in enumerate(zip(first[:-1].tolist(), first[1:].tolist())):
        area = abs(_GEOD.polygon_area_perimeter(xy[low:high, 0], xy[low:high, 1])[0])
        found[owner[polygon[ring]]] += area if is_shell[ring] else -area
    return found
