"""Where an operator's data speak at all: outside, "no station" means "no data", not "no coverage"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

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


def units_at_points(lon: Floats, lat: Floats, units: npt.NDArray[np.object_]) -> Rows:
    """Count the polygons that each point lies in, as `unit_of_points` takes them; shape (n,), 0 where there is none."""
    located = np.flatnonzero(~np.isnan(lon) & ~np.isnan(lat))
    if not len(units) or not len(located):
        return np.zeros(len(lon), dtype=np.int64)
    rows, _ = shapely.STRtree(units).query(shapely.points(lon[located], lat[located]), predicate="intersects")
    return np.bincount(located[rows], minlength=len(lon)).astype(np.int64)


def units_of_codes(codes: Sequence[Any], unit_codes: Sequence[Any]) -> Rows:
    """Find the unit that bears each code.

    Parameters
    ----------
    codes : sequence, length n
    unit_codes : sequence, length u
        None is the code of no unit.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Row of the unit, the first one that bears the code; -1 where none does.
    """
    row_of = {code: row for row, code in reversed(list(enumerate(unit_codes))) if isinstance(code, str)}
    return np.array([row_of.get(code, -1) if isinstance(code, str) else -1 for code in codes], dtype=np.int64)


def within_units(unit: Rows, station_unit: Rows) -> Flags:
    """Tell for each place whether one operator's data extend over it: it has a station in the unit of the place.

    Parameters
    ----------
    unit, station_unit : numpy.ndarray of int64
        Rows of the units; -1 for none. Of a place in no unit nothing is known, wherever the stations stand.

    Returns
    -------
    numpy.ndarray of bool, shape of `unit`
    """
    return np.isin(unit, np.unique(station_unit[station_unit >= 0]))


def within_box(lon: Floats, lat: Floats, station_lon: Floats, station_lat: Floats, *, grow_m: float) -> Flags:
    """Tell for each place whether it lies in the bounding box of one operator's stations, where no units are known.

    Parameters
    ----------
    lon, lat, station_lon, station_lat : numpy.ndarray of float64
        Degrees, CGCS2000; NaN means "no location".
    grow_m : float
        Metres by which the box is grown: the operator's largest radius.

    Returns
    -------
    numpy.ndarray of bool, shape of `lon`
    """
    if not np.isfinite(station_lon).any() or not np.isfinite(station_lat).any():
        return np.zeros(len(lon), dtype=bool)
    west, south, east, north = data_box(station_lon, station_lat, grow_m)
    with np.errstate(invalid="ignore"):
        return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


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
