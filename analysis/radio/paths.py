"""One path over terrain, as the kernels take it: for the scalar function, for pictures and for what obstructs."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from ..p1812.profile import INLAND, PathProfile
from .elementary import KERNEL
from .terrain import MOST_STEPS, Terrain, Way, fetch, mix, path_length_m, place, scratch, way_over

FloatArray = npt.NDArray[np.float64]


class Profile(NamedTuple):
    """A path's points: km from the transmitter, heights in m above mean sea level, each of shape (n,)."""

    distance_km: FloatArray
    height_m: FloatArray


def profile_between(ground: Terrain, lon: float, lat: float, to_lon: float, to_lat: float) -> Profile | None:
    """Give the ground of `path_between`."""
    path = path_between(ground, lon, lat, to_lon, to_lat)
    return None if path is None else Profile(path.distance_km, path.height_m)


def path_between(ground: Terrain, lon: float, lat: float, to_lon: float, to_lat: float) -> PathProfile | None:
    """Give the very profile that the raster kernel computes a path with, so that both agree on what lies between.

    Parameters
    ----------
    ground : Terrain
    lon, lat, to_lon, to_lat : float
        Transmitter and receiver, degrees.

    Returns
    -------
    PathProfile or None
        Ground, clutter and zones; no clutter and inland where the terrain has none. None where a point lies outside
        the terrain or in a void.

    Raises
    ------
    ValueError
        The path has more than `MOST_STEPS` steps.
    """
    length_m = path_length_m(lon, lat, to_lon, to_lat)
    if length_m > MOST_STEPS * ground.step_m:
        raise ValueError(
            f"a path may have {MOST_STEPS} steps of {ground.step_m:g} m, this one is {length_m:.0f} m long"
        )
    way = _way(ground, length_m, lon, lat, to_lon, to_lat)
    if not way.inside:
        return None
    steps = int(way.steps)
    room = scratch(steps)
    rows, columns = ground.height_m.shape
    x, y = (lon - ground.west) / ground.pixel_lon, (ground.north - lat) / ground.pixel_lat
    points, right, down = steps + 1, room.right[0], room.down[0]
    corners = (room.north_west, room.north_east, room.south_west, room.south_east)
    place(right, down, room.cell, x, y, way.ax, way.bx, way.ay, way.by, points, float(rows), float(columns))
    fetch(ground.height_m.reshape(-1), float(columns), points, room.cell, *corners)
    if not mix(room.height, right, down, *corners, points):
        return None
    distance = np.arange(steps + 1, dtype=np.float64) * (length_m / 1e3 / steps)
    nearest = room.cell[:points] + (right[:points] >= 0.5) + np.where(down[:points] >= 0.5, columns, 0)
    clutter, zone = np.zeros(points), np.full(points, INLAND, dtype=np.int64)
    if ground.clutter_m is not None:
        clutter[:] = ground.clutter_m.reshape(-1)[nearest]
    if ground.zone is not None:
        zone[:] = ground.zone.reshape(-1)[nearest]
    return PathProfile(distance, room.height[:points].copy(), clutter, zone)


@numba.njit(**KERNEL)
def _one_way(length_m, ends, grid):  # type: ignore[no-untyped-def]
    return way_over(length_m, ends[0], ends[1], ends[2], ends[3], *grid)


def _way(ground: Terrain, length_m: float, lon: float, lat: float, to_lon: float, to_lat: float) -> Way:
    rows, columns = ground.height_m.shape
    grid = (ground.west, ground.north, ground.pixel_lon, ground.pixel_lat, ground.step_m, float(rows), float(columns))
    return _one_way(length_m, (lon, lat, to_lon, to_lat), grid)
