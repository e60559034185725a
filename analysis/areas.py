"""Area on the CGCS2000 ellipsoid of polygons given in longitude and latitude.

Edges are straight lines in longitude and latitude, as GIS layers draw them and as neighbouring
administrative units share them. With that reading an area does not change when a vertex is added on an
edge, so parts of a unit add up to the unit. `pyproj.Geod` joins vertices by geodesics instead: the two
agree to 1e-9 where edges are short (below about 1 km) and part by 0.001 % for edges of 10 km running east.

Formula: the zone between the equator and latitude φ has the area a²·q(φ)/2 per radian of longitude
(Snyder, Map Projections – A Working Manual, USGS PP 1395, eq. 3-12), hence by Green
A = −a²/2 ∮ q dλ. The mean of q along an edge is taken with the two-point Gauss rule on parts of at most
half a degree of latitude, below `SHORT` from its middle (relative error below 1e-10 either way).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numba as nb
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

SEMI_MAJOR_M = 6378137.0
FLATTENING = 1.0 / 298.257222101
E2 = FLATTENING * (2.0 - FLATTENING)

SHORT = 1e-3
"""Edges that rise less than this (degrees of latitude, about 100 m) are taken at their middle."""

_DEGREE = math.pi / 180.0
_GAUSS = 0.5 / math.sqrt(3.0)
# q(φ) = 2(1 − e²)·s·Σ (k+1)/(2k+1)·(e²s²)^k with s = sin φ; seven terms leave 1e-16.
_Q = tuple(2.0 * (1.0 - E2) * (k + 1) / (2 * k + 1) * E2**k for k in range(7))


SQUARE_METRES = -0.5 * SEMI_MAJOR_M * SEMI_MAJOR_M * _DEGREE
"""Factor from a closed ring's sum of `edge_sum` to its signed area, positive if counter-clockwise."""


@nb.njit(cache=True, nogil=True)
def authalic_q(latitude: float) -> float:
    """Snyder's q of a latitude in degrees."""
    s = math.sin(latitude * _DEGREE)
    z = s * s
    total = _Q[6]
    for k in range(5, -1, -1):
        total = total * z + _Q[k]
    return total * s


@nb.njit(cache=True, nogil=True)
def edge_sum(lon: NDArray, lat: NDArray, span: tuple[int, int], base: float) -> float:
    """Sum of (q − base)·Δλ, Δλ in degrees, along the polyline of vertices span[0] … span[1] − 1.

    Any `base` gives a closed ring the same area; one near the ring's own q keeps more digits.
    """
    total = 0.0
    for k in range(span[0], span[1] - 1):
        run = lon[k + 1] - lon[k]
        rise = lat[k + 1] - lat[k]
        if abs(rise) < SHORT:
            total += run * (authalic_q(lat[k] + 0.5 * rise) - base)
            continue
        parts = int(abs(rise) / 0.5) + 1
        mean = 0.0
        for part in range(parts):
            middle = lat[k] + rise * (part + 0.5) / parts
            half = rise / parts * _GAUSS
            mean += authalic_q(middle - half) + authalic_q(middle + half)
        total += run * (mean / (2 * parts) - base)
    return total


@nb.njit(cache=True, nogil=True)
def ring_areas(lon: NDArray, lat: NDArray, offsets: NDArray) -> NDArray:
    """Signed areas of closed rings.

    Parameters
    ----------
    lon, lat : float64 (n,)
        Vertices in degrees on CGCS2000, ring after ring; each ring repeats its first vertex at its end.
    offsets : int64 (rings + 1,)
        Where each ring starts.

    Returns
    -------
    float64 (rings,)
        Square metres, positive where the ring runs counter-clockwise.
    """
    areas = np.zeros(len(offsets) - 1)
    for ring in range(len(offsets) - 1):
        span = (offsets[ring], offsets[ring + 1])
        if span[1] - span[0] >= 4:
            areas[ring] = SQUARE_METRES * edge_sum(lon, lat, span, authalic_q(lat[span[0]]))
    return areas


RingAreas = Callable[[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]], NDArray[np.float64]]


def geometry_areas(geometries: Sequence[BaseGeometry | None], areas_of: RingAreas = ring_areas) -> NDArray[np.float64]:
    """Areas of polygons and multipolygons, holes taken off, whatever way their rings run.

    Parameters
    ----------
    geometries : sequence of (n,)
        Polygons or multipolygons in degrees on CGCS2000; None and empty count as 0.
    areas_of : callable
        Gives the areas of rings as `ring_areas` does; their sign does not count.

    Returns
    -------
    float64 (n,)
        Square metres.
    """
    array = np.empty(len(geometries), dtype=object)
    array[:] = list(geometries)
    parts, owner = shapely.get_parts(array, return_index=True)
    rings, polygon = shapely.get_rings(parts, return_index=True)
    areas = np.zeros(len(array))
    if len(rings) == 0:
        return areas
    xy = shapely.get_coordinates(rings)
    offsets = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))]).astype(np.int64)
    size = np.abs(areas_of(np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1]), offsets))
    shell = np.ones(len(rings), dtype=bool)
    shell[1:] = polygon[1:] != polygon[:-1]  # the first ring of a polygon is its shell
    np.add.at(areas, owner[polygon], np.where(shell, size, -size))
    return areas
