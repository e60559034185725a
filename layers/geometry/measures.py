"""Metres for shapes in degrees: geodesic figures to be stated, and a flat metre plane around a place to search in.

Shapes are taken as a map draws them: straight in longitude and latitude between their vertices. A change of scale
along the axes keeps straight lines straight, so the nearest point on a line is found in the flat plane without error
of its own; only the metres are rounded (1e-4 of the distance within 10 km). What is stated is geodesic.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyproj
import shapely

from ..table import Floats, Shapes

GEOD = pyproj.Geod(ellps="GRS80")
_A, _F = 6378137.0, 1 / 298.257222101  # CGCS2000 and GRS 80 are the same ellipsoid to 0.1 mm
_E2 = _F * (2 - _F)
_MOST_DEGREES = 360.0


def metres_per_degree(lat_deg: Floats | float) -> tuple[Floats, Floats]:
    """Give the metres of one degree of longitude and of latitude at a latitude, shape (n,) each."""
    lat = np.radians(np.asarray(lat_deg, dtype=np.float64))
    w2 = 1 - _E2 * np.sin(lat) ** 2
    east = np.pi / 180 * _A * np.cos(lat) / np.sqrt(w2)
    north = np.pi / 180 * _A * (1 - _E2) / w2**1.5
    return east, north


def flattened(shapes: Shapes) -> Shapes:
    """Give each shape in metres around a corner of its own extent: for widths and ratios, within 1 % up to 100 km.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        Longitude and latitude; none missing or empty.
    """
    bounds = shapely.bounds(shapes)
    lat = (bounds[:, 1] + bounds[:, 3]) / 2
    east, north = metres_per_degree(lat)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    coordinates -= bounds[owner, :2]
    coordinates[:, 0] *= east[owner]
    coordinates[:, 1] *= north[owner]
    return shapely.set_coordinates(shapes.copy(), coordinates)


def area_m2(shape: shapely.Geometry) -> float:
    """Give the geodesic area of the polygons in a shape: shells less holes, whichever way the rings run."""
    total = 0.0
    for part in parts_of(shape, "Polygon"):
        rings = [part.exterior, *part.interiors]
        sizes = [abs(GEOD.polygon_area_perimeter(*shapely.get_coordinates(ring).T)[0]) for ring in rings]
        total += sizes[0] - sum(sizes[1:])
    return total


def length_m(shape: shapely.Geometry) -> float:
    """Give the geodesic length of the lines in a shape."""
    return sum(float(GEOD.line_length(*shapely.get_coordinates(part).T)) for part in parts_of(shape, "LineString"))


def mean_width_m(polygon: shapely.Geometry) -> float:
    """Give twice area over perimeter, geodesic: the width of a long strip."""
    perimeter = sum(
        GEOD.line_length(*shapely.get_coordinates(ring).T)
        for part in parts_of(polygon, "Polygon")
        for ring in (part.exterior, *part.interiors)
    )
    return 2 * area_m2(polygon) / perimeter if perimeter else 0.0


def apart_m(from_lon_lat: Floats, to_lon_lat: Floats) -> Floats:
    """Give the geodesic metres between places pair by pair, shape (n, 2) each → (n,)."""
    return np.asarray(GEOD.inv(*from_lon_lat.T.copy(), *to_lon_lat.T.copy())[2], dtype=np.float64)


def parts_of(shape: shapely.Geometry, kind: str) -> list[shapely.Geometry]:
    """Give the single parts of one type in a shape, however deep they are nested."""
    if hasattr(shape, "geoms"):
        return [part for inner in shape.geoms for part in parts_of(inner, kind)]
    if kind == "LineString" and shape.geom_type == "LinearRing":
        return [shape]
    return [shape] if shape.geom_type == kind and not shape.is_empty else []


def steady(operation: Callable[..., Any], *shapes: Any) -> Any:
    """Carry out an overlay; where rounding defeats GEOS, once more on a grid of 0.1 mm: 1e-9 degrees, or metres."""
    try:
        return operation(*shapes)
    except shapely.errors.GEOSException:
        in_degrees = max(np.nanmax(np.abs(shapely.total_bounds(shape))) for shape in shapes) <= _MOST_DEGREES
        return operation(*shapes, grid_size=1e-9 if in_degrees else 1e-4)


def made_valid(shape: shapely.Geometry) -> shapely.Geometry | None:
    """Make a shape valid; None where GEOS cannot.

    "structure" keeps what an author drew as area; "linework", which turns overlaps into holes, is for what the first
    way fails at, as it may on borders that run together within rounding.
    """
    for options in ({"method": "structure", "keep_collapsed": False}, {"method": "linework"}):
        try:
            return shapely.make_valid(shape, **options)
        except shapely.errors.GEOSException:
            continue
    return None


def words_of(amount: float) -> str:
    """Write metres or square metres with the digits that tell something."""
    if amount == 0 or abs(amount) >= 100:
        return f"{amount:.0f}"
    return f"{amount:.1f}" if abs(amount) >= 10 else f"{amount:.2f}"
