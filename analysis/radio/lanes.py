"""The paths from one transmitter to a batch of receivers: where their quantities stand, and their geometry.

A batch is at most `BATCH` receivers. What is known of each stands in one lane per quantity of one flat array, so that
the loops over a batch become vector instructions; only the profile itself is worked on receiver by receiver.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from ..geodesy import ecef, geodesic_from_chord, sincos_deg
from ..p1812.profile import INLAND as INLAND_ZONE
from .elementary import KERNEL, larger
from .survey import Tables, tables
from .terrain import SHORTEST_M, Scratch, Terrain, scratch, way_over

FloatArray = npt.NDArray[np.float64]

BATCH = 128

# Lanes. Compile-time constants: LLVM sees that they do not overlap.
LON, LAT, X, Y, Z = (BATCH * i for i in range(5))
LENGTH, EAST, NORTH = (BATCH * i for i in range(5, 8))
STEPS, AX, BX, AY, BY, KNOWN = (BATCH * i for i in range(8, 14))
HTS, HRS, CLEAR, RISE_T, RISE_R, NU = (BATCH * i for i in range(14, 20))
D_LT, D_LR, HSTD, HSRD, ROUGH_T, ROUGH_R, HM = (BATCH * i for i in range(20, 27))
CLEAR_B, RISE_TB, RISE_RB, NU_B = (BATCH * i for i in range(27, 31))
SPHERE, SPHERE_B, SMOOTH, SMOOTH_B = (BATCH * i for i in range(31, 35))
LOSS, RISE, GAIN, HEIGHT, PROMISE = (BATCH * i for i in range(35, 40))
# Only of ground with cover: the edge of the surface with clutter, the zones, L_loc + building entry.
CLEAR_G, RISE_TG, RISE_RG, NU_G = (BATCH * i for i in range(40, 44))
SEA, LAND, INLAND, COAST_T, COAST_R, LOCATION = (BATCH * i for i in range(44, 50))
LANES = BATCH * 50


class Site(NamedTuple):
    """A transmitter's place, for kernels: degrees, earth-centred m, and its east and north as unit vectors."""

    lon: float
    lat: float
    x: float
    y: float
    z: float
    sin_lon: float
    cos_lon: float
    sin_lat: float
    cos_lat: float


class Ground(NamedTuple):
    """`Terrain` for kernels."""

    height: npt.NDArray[np.float32]  # flat
    rows: float
    columns: float
    west: float
    north: float
    pixel_lon: float
    pixel_lat: float
    step: float
    clutter: npt.NDArray[np.float32]  # flat; empty where neither clutter nor zones are known
    zone: npt.NDArray[np.uint8]


class Workspace(NamedTuple):
    """Room for one thread, and the tables."""

    lanes: FloatArray
    scratch: Scratch
    table: Tables
    order: npt.NDArray[np.int64]


@numba.njit(**KERNEL)
def site_at(lon: float, lat: float) -> Site:
    """Compute a transmitter's place."""
    x, y, z = ecef(lon, lat)
    sin_lon, cos_lon = sincos_deg(lon)
    sin_lat, cos_lat = sincos_deg(lat)
    return Site(lon, lat, x, y, z, sin_lon, cos_lon, sin_lat, cos_lat)


def ground_of(land: Terrain) -> Ground:
    """Give the terrain as the kernels take it; no copy of what is there."""
    rows, columns = land.height_m.shape
    clutter, zone = np.empty(0, np.float32), np.empty(0, np.uint8)
    if land.clutter_m is not None or land.zone is not None:
        size = rows * columns
        clutter = np.zeros(size, np.float32) if land.clutter_m is None else land.clutter_m.reshape(-1)
        zone = np.full(size, INLAND_ZONE, np.uint8) if land.zone is None else land.zone.reshape(-1)
    return Ground(
        land.height_m.reshape(-1),
        float(rows),
        float(columns),
        land.west,
        land.north,
        land.pixel_lon,
        land.pixel_lat,
        land.step_m,
        clutter,
        zone,
    )


def cover_of(ground: Ground) -> npt.NDArray[np.uint8] | None:
    """Give None where the ground is bare and inland, for kernels compiled with and without (see `evaluate`)."""
    return ground.zone if ground.zone.size > 0 else None


def workspace(most_steps: int) -> Workspace:
    """Make room for profiles of up to `most_steps` steps."""
    return Workspace(np.ones(LANES), scratch(most_steps), tables(most_steps), np.zeros(BATCH, np.int64))


@numba.njit(**KERNEL)
def geometry(lane, first, last, site, ground):  # type: ignore[no-untyped-def]
    """Lengths, directions and ways."""
    for i in range(first, last):
        dx, dy, dz = lane[X + i] - site.x, lane[Y + i] - site.y, lane[Z + i] - site.z
        length_m = larger(geodesic_from_chord(math.sqrt(dx * dx + dy * dy + dz * dz)), SHORTEST_M)
        away = site.cos_lon * dx + site.sin_lon * dy
        lane[EAST + i] = site.cos_lon * dy - site.sin_lon * dx
        lane[NORTH + i] = site.cos_lat * dz - site.sin_lat * away
        lane[LENGTH + i] = length_m * 1e-3
        way = way_over(
            length_m,
            site.lon,
            site.lat,
            lane[LON + i],
            lane[LAT + i],
            ground.west,
            ground.north,
            ground.pixel_lon,
            ground.pixel_lat,
            ground.step,
            ground.rows,
            ground.columns,
        )
        lane[STEPS + i] = way.steps
        lane[AX + i] = way.ax
        lane[BX + i] = way.bx
        lane[AY + i] = way.ay
        lane[BY + i] = way.by
        lane[KNOWN + i] = 1.0 if way.inside else 0.0


@numba.njit(**KERNEL)
def put(lane, i, lon, lat, x, y, z):  # type: ignore[no-untyped-def]
    """Put a receiver's place into lane i: degrees, earth-centred m."""
    lane[LON + i], lane[LAT + i] = lon, lat
    lane[X + i], lane[Y + i], lane[Z + i] = x, y, z
