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
from shapely.geometry.base import BaseGeometry

from ..areas import geometry_areas
from ..geodesy import INVERSE_FLATTENING, SEMI_MAJOR_M

FloatArray = npt.NDArray[np.float64]

_GEOD = pyproj.Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)


def areas_m2(shapes: Sequence[BaseGeometry | None]) -> FloatArray:
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
    return geometry_areas(shapes, _geodesic_rings)


def _geodesic_rings(lon: FloatArray, lat: FloatArray, offsets: npt.NDArray[np.int64]) -> FloatArray:
    ends = offsets.tolist()
    rings = [_GEOD.polygon_area_perimeter(lon[low:high], lat[low:high])[0] for low, high in zip(ends, ends[1:])]
    return np.array(rings, dtype=np.float64)
