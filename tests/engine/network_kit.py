"""Networks for tests, drawn in metres around a place on the land border."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Geod

GEOD = Geod(ellps="GRS80")
LON, LAT = 106.0, 22.0


_EAST_M = GEOD.inv(LON, LAT, LON + 0.001, LAT)[2] / 0.001  # of a degree
_NORTH_M = GEOD.inv(LON, LAT, LON, LAT + 0.001)[2] / 0.001


def place(east_m: float, north_m: float) -> tuple[float, float]:
    """Give degrees of a place so many metres east and north of the origin, straight lines staying straight."""
    return LON + east_m / _EAST_M, LAT + north_m / _NORTH_M


def cables(*lines):
    """Give lines whose vertices are metres east and north."""
    made = np.empty(len(lines), dtype=object)
    made[:] = [shapely.LineString([place(*vertex) for vertex in line]) for line in lines]
    return made


def rooms(*places):
    """Give longitudes and latitudes of rooms in metres; None for one without a place."""
    degrees = [(np.nan, np.nan) if one is None else place(*one) for one in places]
    return np.array([lon for lon, _ in degrees]), np.array([lat for _, lat in degrees])
