"""What is received at places that lie scattered, such as the key points of villages.

The search for the best server works on tiles of receivers that lie together: the nearer they lie, the more
transmitters it can skip. So the places are taken in the order of a curve that keeps neighbours together (Morton's: the
bits of column and row in turn), one short row of them a tile. The order changes the time, never the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..p1812.clearance import clearance
from ..p1812.climate import median_earth_radius_km
from ..slices import Checkpoint
from .best_server import LevelArray, best_server
from .grades import FOUR_THIRDS_KM
from .paths import path_between
from .raster import Propagation
from .sites import Sector
from .terrain import UNKNOWN_BELOW, Terrain

_BITS = 20  # of a column and of a row of the curve: a metre in a thousand kilometres


class PointLevels(NamedTuple):
    """What is received at p places; all of shape (p,).

    Attributes
    ----------
    level_dbm : numpy.ndarray of float32
        Of the best server; NaN where there is none in range, or the place is not known.
    server : numpy.ndarray of int32
        Its place in the list of sectors; -1 where there is none.
    unknown_dbm : numpy.ndarray of float32
        A level that no sector behind unknown terrain exceeds, where it exceeds `level_dbm`; else NaN. See `BestServer`.
    """

    level_dbm: LevelArray
    server: npt.NDArray[np.int32]
    unknown_dbm: LevelArray


def levels_at_points(
    land: Terrain,
    sectors: Sequence[Sector],
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    max_range_m: float,
    model: Propagation | None = None,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> PointLevels:
    """Find the best server of every place.

    Parameters
    ----------
    land : Terrain
    sectors : sequence of Sector
    lon, lat : array_like, shape (p,)
        Degrees, CGCS2000; NaN: no place.
    max_range_m, model, threads, checkpoint
        As in `best_server`.

    Raises
    ------
    ValueError
        A value is out of bounds or the shapes do not fit.
    """
    lon, lat = (np.asarray(given, dtype=np.float64) for given in (lon, lat))
    if lon.ndim != 1 or lon.shape != lat.shape:
        raise ValueError("longitudes and latitudes of places must be two lists of one length")
    level, server = np.full(lon.size, np.nan, np.float32), np.full(lon.size, -1, np.int32)
    unknown = np.full(lon.size, np.nan, np.float32)
    order = along_curve(lon, lat)
    if order.size and len(sectors):
        found = best_server(
            land,
            sectors,
            lon[order][None, :],
            lat[order][None, :],
            max_range_m=max_range_m,
            model=model,
            threads=threads,
            checkpoint=checkpoint,
        )
        level[order], server[order], unknown[order] = found.level_dbm[0], found.server[0], found.unknown_dbm[0]
    return PointLevels(level, server, unknown)


def along_curve(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Give the order of places along Morton's curve; places that are NaN are left out."""
    known = np.flatnonzero(~(np.isnan(lon) | np.isnan(lat)))
    if not known.size:
        return known
    key = np.zeros(known.size, dtype=np.int64)
    for shift, part in enumerate((lon[known], lat[known])):
        low = part.min()
        cell = np.floor((part - low) / max(part.max() - low, 1e-9) * (2**_BITS - 1)).astype(np.int64)
        for bit in range(_BITS):
            key |= ((cell >> bit) & 1) << (2 * bit + shift)
    return known[np.argsort(key, kind="stable")]


def ground_m(land: Terrain, lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Give the height of the ground at places (degrees, shape (p,)) as the kernels do; NaN where it is not known."""
    rows, columns = land.height_m.shape
    across = (np.asarray(lon, dtype=np.float64) - land.west) / land.pixel_lon
    down = (land.north - np.asarray(lat, dtype=np.float64)) / land.pixel_lat
    inside = (across >= 0) & (across <= columns - 1) & (down >= 0) & (down <= rows - 1)  # NaN is not
    across, down = np.where(inside, across, 0.0), np.where(inside, down, 0.0)
    i, j = np.minimum(across.astype(np.int64), columns - 2), np.minimum(down.astype(np.int64), rows - 2)
    right, below = across - i, down - j
    corners = (land.height_m[j + y, i + x].astype(np.float64) for y in (0, 1) for x in (0, 1))
    upper_left, upper_right, lower_left, lower_right = corners
    upper = upper_left * (1 - right) + upper_right * right
    height = upper * (1 - below) + (lower_left * (1 - right) + lower_right * right) * below
    return np.where(inside & (height > UNKNOWN_BELOW), height, np.nan)


def earth_radius_km(model: Propagation) -> float:
    """Give the effective radius of the Earth that a model bends rays by: the lower grades take 4/3 of the real one."""
    return median_earth_radius_km(model.delta_n) if model.grade == "p1812" else FOUR_THIRDS_KM


class Obstacles(NamedTuple):
    """What stands in the way from a sector to a place; all of shape (p,), NaN where the way is clear or not known.

    Attributes
    ----------
    away_m : numpy.ndarray of float64
        From the place, along the path.
    height_m : numpy.ndarray of float64
        Of the ground there, with the clutter on it.
    above_m : numpy.ndarray of float64
        How far it rises above the line of sight over the bulging Earth; negative: it only reaches into 0.6 of the
        first Fresnel zone.
    """

    away_m: npt.NDArray[np.float64]
    height_m: npt.NDArray[np.float64]
    above_m: npt.NDArray[np.float64]


def main_obstacles(
    land: Terrain,
    sectors: Sequence[Sector],
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    model: Propagation,
    checkpoint: Checkpoint | None = None,
) -> Obstacles:
    """Find the main obstacle on the way from a sector to a place, on the very profile that the level came from.

    Parameters
    ----------
    land : Terrain
    sectors : sequence of Sector, p of them
        One for each place.
    lon, lat : array_like, shape (p,)
        Places, degrees.
    model : Propagation
    checkpoint : callable, optional
        Gets the done fraction; may raise to cancel.
    """
    radius_km = earth_radius_km(model)
    found = np.full((3, len(sectors)), np.nan)
    places = zip(np.asarray(lon, np.float64).tolist(), np.asarray(lat, np.float64).tolist())
    for k, (sector, place) in enumerate(zip(sectors, places)):
        if checkpoint is not None and k % 256 == 0:
            checkpoint(k / len(sectors))
        path = path_between(land, sector.lon, sector.lat, *place)
        if path is None:
            continue
        worst = clearance(path, (sector.height_m, model.rx_height_m), radius_km, sector.frequency_ghz)
        if worst.is_narrow:
            away_m = 1000 * (path.length_km - worst.distance_km)
            found[:, k] = away_m, path.surface_m[worst.point], worst.above_m
    return Obstacles(*found)
