"""What drive tests and apps measured near a place: the newest day's median level."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from .geodesy import chord_from_geodesic, ecef_m


class MeasuredLevel(NamedTuple):
    """Per point the level that its nearby measurements show.

    Attributes
    ----------
    level_dbm : numpy.ndarray of float64, shape (n,)
        Median of the newest day's levels; NaN where nothing was measured nearby.
    day : numpy.ndarray of object (ISO date str or None), shape (n,)
        That day.
    tests : numpy.ndarray of int64, shape (n,)
        How many measurements of that day lie nearby.
    """

    level_dbm: npt.NDArray[np.float64]
    day: npt.NDArray[np.object_]
    tests: npt.NDArray[np.int64]


def measured_level(
    point_lon: npt.ArrayLike,
    point_lat: npt.ArrayLike,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    level_dbm: npt.ArrayLike,
    day: npt.ArrayLike,
    *,
    within_m: float,
) -> MeasuredLevel:
    """Find what was measured around each point.

    Parameters
    ----------
    point_lon, point_lat : array_like, shape (n,)
        Degrees, CGCS2000; NaN means "no location".
    lon, lat : array_like, shape (m,)
        Where the measurements were made, in degrees.
    level_dbm : array_like, shape (m,)
        Received level (RSRP or SS-RSRP) in dBm.
    day : array_like of ISO date str, shape (m,)
        When.
    within_m : float
        Geodesic metres within which a measurement speaks for a point.

    Returns
    -------
    MeasuredLevel
    """
    points, places = ecef_m(point_lon, point_lat), ecef_m(lon, lat)
    levels, days = np.asarray(level_dbm, dtype=np.float64), np.asarray(day, dtype=object)
    result = MeasuredLevel(
        np.full(len(points), np.nan),
        np.full(len(points), None, dtype=object),
        np.zeros(len(points), dtype=np.int64),
    )
    located = np.flatnonzero(~np.isnan(points).any(axis=1))
    if not len(places) or not len(located):
        return result
    near = cKDTree(places).query_ball_point(points[located], chord_from_geodesic(within_m))
    for point, found in zip(located, near):
        if found:
            newest = max(days[found])
            of_day = [row for row in found if days[row] == newest]
            result.level_dbm[point] = np.median(levels[of_day])
            result.day[point] = newest
            result.tests[point] = len(of_day)
    return result
