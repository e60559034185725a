"""What hangs on which node of a network: villages and data centres on the nearest room within a reach."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from ..geodesy import ecef_m, geodesic_distance_m
from .issues import NOWHERE

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def rooms_within(
    lon: FloatArray, lat: FloatArray, room_lon: FloatArray, room_lat: FloatArray, reach_m: float
) -> list[tuple[IntArray, FloatArray]]:
    """Give the rooms within a distance of each place, rising, and how far they are, geodesic metres.

    Parameters as `nearest_room`; a place or a room that is not known is near nothing.
    """
    rooms = np.flatnonzero(np.isfinite(room_lon) & np.isfinite(room_lat))
    found = []
    for x, y in zip(lon.tolist(), lat.tolist()):
        here = np.full(len(rooms), x), np.full(len(rooms), y)
        away = geodesic_distance_m(*here, room_lon[rooms], room_lat[rooms])
        near = away <= reach_m  # not where it is not known
        found.append((rooms[near], away[near]))
    return found


def nearest_room(
    lon: FloatArray, lat: FloatArray, room_lon: FloatArray, room_lat: FloatArray, reach_m: float
) -> tuple[IntArray, FloatArray]:
    """Give the nearest room of each place.

    Parameters
    ----------
    lon, lat : numpy.ndarray, shape (n,)
        Degrees, CGCS2000; NaN for a place that is not known.
    room_lon, room_lat : numpy.ndarray, shape (r,)
        Of the rooms; NaN likewise.
    reach_m : float

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        The room, `NOWHERE` where none is within reach; of two as near the first.
    numpy.ndarray of float64, shape (n,)
        Geodesic metres to the nearest room however far, NaN where nothing is known.
    """
    room, away = np.full(len(lon), NOWHERE), np.full(len(lon), np.nan)
    rooms = np.flatnonzero(np.isfinite(room_lon) & np.isfinite(room_lat))
    placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(rooms) or not len(placed):
        return room, away
    # A shorter chord through the earth is a shorter way over it; of several as near the tree may give any.
    tree = cKDTree(ecef_m(room_lon[rooms], room_lat[rooms]))
    _, near = tree.query(ecef_m(lon[placed], lat[placed]), k=min(4, len(rooms)))
    near = rooms[np.sort(near.reshape(len(placed), -1), axis=1)]
    here = np.repeat(placed, near.shape[1])
    every = geodesic_distance_m(lon[here], lat[here], room_lon[near.ravel()], room_lat[near.ravel()])
    every = every.reshape(near.shape)
    best = np.argmin(every, axis=1)
    away[placed] = every[np.arange(len(placed)), best]
    within = away[placed] <= reach_m
    room[placed[within]] = near[np.arange(len(placed)), best][within]
    return room, away
