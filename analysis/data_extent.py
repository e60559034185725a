"""Where an operator's data speak at all: outside, "no station" means "no data", not "no coverage"."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# Shortest length of one degree of latitude on CGCS2000, at the equator: growing by it never grows too little.
_METRES_PER_DEGREE = 110_574.0


def unit_of_points(lon: Floats, lat: Floats, units: npt.NDArray[np.object_]) -> Rows:
    """Find the polygon that each point lies in.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float64, shape (n,)
        Degrees, CGCS2000; NaN means "no location".
    units : numpy.ndarray of shapely polygons, shape (u,)
        Longitude, latitude; None is passed over.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Row of the unit, the first one where several share the point; -1 where there is none.
    """
    unit = np.full(len(lon), -1, dtype=np.int64)
    located = np.flatnonzero(~np.isnan(lon) & ~np.isnan(lat))
    if not len(units) or not len(located):
        return unit
    tree = shapely.STRtree(units)
    rows, hits = tree.query(shapely.points(lon[located], lat[located]), predicate="intersects")
    order = np.lexsort((hits, rows))[::-1]
    unit[located[rows[order]]] = hits[order]
    return unit


def within_data_extent(
    lon: Floats,
    lat: Floats,
    unit: Rows,
    station_lon: Floats,
    station_lat: Floats,
    station_unit: Rows,
    *,
    grow_m: float,
) -> Flags:
    """Tell for each place whether one operator's data extend over it.

    Where the place lies in a unit, they do if the operator has any station record in that unit; else if the place
    lies in the bounding box of the operator's stations, grown by `grow_m`.

    Parameters
    ----------
    lon, lat, station_lon, station_lat : numpy.ndarray of float64
        Degrees, CGCS2000; NaN means "no location".
    unit, station_unit : numpy.ndarray of int64
        Rows of the units they lie in, -1 for none.
    grow_m : float
        Metres by which the box is grown: the operator's largest radius.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
    """
    if not len(station_lon):
        return np.zeros(len(lon), dtype=bool)
    in_unit = np.isin(unit, np.unique(station_unit[station_unit >= 0]))
    west, south, east, north = data_box(station_lon, station_lat, grow_m)
    with np.errstate(invalid="ignore"):
        in_box = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return np.where(unit >= 0, in_unit, in_box)


def data_box(station_lon: Floats, station_lat: Floats, grow_m: float) -> tuple[float, float, float, float]:
    """Give the bounding box of an operator's stations grown by `grow_m`: west, south, east, north in degrees.

    Parameters
    ----------
    station_lon, station_lat : numpy.ndarray of float64, shape (m,)
        Degrees, CGCS2000, at least one; NaN means "no location".
    grow_m : float
    """
    grow_lat = grow_m / _METRES_PER_DEGREE
    widest_lat = min(89.0, np.nanmax(np.abs(station_lat)) + grow_lat)
    grow_lon = grow_lat / math.cos(math.radians(widest_lat))
    return (
        float(np.nanmin(station_lon) - grow_lon),
        float(np.nanmin(station_lat) - grow_lat),
        float(np.nanmax(station_lon) + grow_lon),
        float(np.nanmax(station_lat) + grow_lat),
    )
