"""The paths from one transmitter to a batch of receivers: geometry, profile, survey, and the mechanisms, in turn.

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
from ..p1812.geometry import WAVE_SPEED
from .elementary import INLINE, KERNEL, arctan, borrowed, larger, log
from .mechanisms import (
    bullington,
    bullington_nu,
    combined,
    duct_incidence,
    ducting,
    free_space,
    spherical,
)
from .survey import Tables, smooth_obstruction, survey, tables
from .terrain import SHORTEST_M, Scratch, Terrain, fetch, mix, place, scratch, way_over

FloatArray = npt.NDArray[np.float64]

BATCH = 128

# Lanes. Compile-time constants: LLVM sees that they do not overlap.
LON, LAT, X, Y, Z = (BATCH * i for i in range(5))
LENGTH, EAST, NORTH = (BATCH * i for i in range(5, 8))
STEPS, AX, BX, AY, BY, KNOWN = (BATCH * i for i in range(8, 14))
_HTS, _HRS, _CLEAR, RISE_T, RISE_R, NU = (BATCH * i for i in range(14, 20))
_D_LT, _D_LR, _HSTD, _HSRD, _ROUGH_T, _ROUGH_R, _HM = (BATCH * i for i in range(20, 27))
_CLEAR_B, _RISE_TB, _RISE_RB, _NU_B = (BATCH * i for i in range(27, 31))
_SPHERE, _SPHERE_B, _SMOOTH, _SMOOTH_B = (BATCH * i for i in range(31, 35))
LOSS, RISE, GAIN, HEIGHT, PROMISE = (BATCH * i for i in range(35, 40))
LANES = BATCH * 40


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
    """Give the terrain as the kernels take it; no copy."""
    rows, columns = land.height_m.shape
    return Ground(
        land.height_m.reshape(-1),
        float(rows),
        float(columns),
        land.west,
        land.north,
        land.pixel_lon,
        land.pixel_lat,
        land.step_m,
    )


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
def _keep_known(lane, count, most, order):  # type: ignore[no-untyped-def]
    """List the lanes whose way lies on the terrain; give their number."""
    known = 0
    for i in range(count):
        if lane[STEPS + i] > most:
            lane[KNOWN + i] = 0.0
        if lane[KNOWN + i] > 0.0:
            order[known] = i
            known += 1
    return known


@numba.njit(**KERNEL)
def _surveys(lane, count, site, ground, k, room, table, order):  # type: ignore[no-untyped-def]
    """Profile and survey, receiver by receiver; the places of the next before the heights of this (see `terrain`)."""
    x, y = (site.lon - ground.west) / ground.pixel_lon, (ground.north - site.lat) / ground.pixel_lat
    land, rows, columns = borrowed(ground.height), ground.rows, ground.columns
    right, down = borrowed(room.right[0]), borrowed(room.down[0])
    right_2, down_2 = borrowed(room.right[1]), borrowed(room.down[1])
    height, cell = borrowed(room.height), borrowed(room.cell)
    a, b = borrowed(room.north_west), borrowed(room.north_east)
    c, d = borrowed(room.south_west), borrowed(room.south_east)
    inverse, inverse_back = borrowed(table.inverse), borrowed(table.inverse_back)
    root, root_back = borrowed(table.root), borrowed(table.root_back)
    known = _keep_known(lane, count, inverse.size - 1, order)
    for n in range(-1, known):
        even = n & 1 == 0
        if n + 1 < known:
            i = order[n + 1]
            points = int(lane[STEPS + i]) + 1
            ax, bx, ay, by = lane[AX + i], lane[BX + i], lane[AY + i], lane[BY + i]
            if even:
                place(right_2, down_2, cell, x, y, ax, bx, ay, by, points, rows, columns)
            else:
                place(right, down, cell, x, y, ax, bx, ay, by, points, rows, columns)
        if n >= 0:
            i = order[n]
            points = int(lane[STEPS + i]) + 1
            if even:
                whole = mix(height, right, down, a, b, c, d, points)
            else:
                whole = mix(height, right_2, down_2, a, b, c, d, points)
            if whole:
                _survey(lane, i, k, height, inverse, inverse_back, root, root_back)
            else:
                lane[KNOWN + i] = 0.0
        if n + 1 < known:
            fetch(land, columns, int(lane[STEPS + order[n + 1]]) + 1, cell, a, b, c, d)


@numba.njit(**INLINE)
def _survey(lane, i, k, h, inverse, inverse_back, root, root_back):  # type: ignore[no-untyped-def]
    """Survey the profile `h` of lane i."""
    steps = int(lane[STEPS + i])
    step = lane[LENGTH + i] / steps
    hts, hrs = h[0] + k.tx_height, h[steps] + k.rx_height
    c, c_b = 500.0 / k.radius * step * step, 500.0 / k.radius_b * step * step
    ducted = k.median == 0.0
    seen = survey(h, steps, hts, hrs, step, c, c_b, ducted, inverse, inverse_back, root, root_back)
    lane[_HTS + i], lane[_HRS + i] = hts, hrs
    lane[_CLEAR + i], lane[NU + i] = 1.0 if seen.clear else 0.0, seen.nu
    lane[RISE_T + i], lane[RISE_R + i] = seen.rise_t, seen.rise_r
    lane[_D_LT + i], lane[_D_LR + i] = seen.first * step, (steps - seen.last) * step
    lane[_HSTD + i], lane[_HSRD + i] = seen.hstd, seen.hsrd
    lane[_ROUGH_T + i], lane[_ROUGH_R + i], lane[_HM + i] = seen.rough_t, seen.rough_r, seen.hm
    lane[_CLEAR_B + i], lane[_NU_B + i] = 1.0 if seen.clear_b else 0.0, seen.nu_b
    lane[_RISE_TB + i], lane[_RISE_RB + i] = seen.rise_tb, seen.rise_rb


@numba.njit(**KERNEL)
def _spheres(lane, sphere, count, radius, k):  # type: ignore[no-untyped-def]
    """Loss over a smooth sphere of this radius."""
    for i in range(count):
        length = lane[LENGTH + i]
        hte, hre = lane[_HTS + i] - lane[_HSTD + i], lane[_HRS + i] - lane[_HSRD + i]
        sphere[i] = spherical(length, log(length), hte, hre, radius, k)


@numba.njit(**KERNEL)
def _smooth(lane, count, radius, sphere_at, smooth_at, k, table):  # type: ignore[no-untyped-def]
    """Bullington loss over the smooth Earth, where it can matter: where the sphere costs anything."""
    root, root_back = borrowed(table.root), borrowed(table.root_back)
    for i in range(count):
        lane[smooth_at + i] = 0.0
        if lane[KNOWN + i] == 0.0 or not lane[sphere_at + i] > 0.0:
            continue
        length, steps = lane[LENGTH + i], int(lane[STEPS + i])
        step = length / steps
        hte, hre = lane[_HTS + i] - lane[_HSTD + i], lane[_HRS + i] - lane[_HSRD + i]
        c = 500.0 / radius * step * step
        # c (N - i) - h/i rises up to i = √(h/c) and falls from there: the steepest is a neighbour of it.
        rise_t, rise_r = -1e30, -1e30
        for end in range(2):
            at = int(math.sqrt((hte if end == 0 else hre) / c))
            for j in range(at, at + 2):
                point = max(1, min(j, steps - 1))
                rise = c * (steps - point) - (hte if end == 0 else hre) / point
                if end == 0:
                    rise_t = max(rise_t, rise)
                else:
                    rise_r = max(rise_r, rise)
        if rise_t < (hre - hte) / steps:
            shift = root.size - 1 - steps
            nu = smooth_obstruction(steps, hte, hre, c, root, root_back, shift)
            nu *= math.sqrt(0.002 * length * k.frequency / WAVE_SPEED) / step
        else:
            nu = bullington_nu(length, hte, hre, rise_t / step, rise_r / step, k)
        lane[smooth_at + i] = bullington(nu, length)


@numba.njit(**KERNEL)
def _losses(lane, count, latitude, k):  # type: ignore[no-untyped-def]
    """Blend the mechanisms into L_b; give the tangent of the ray's elevation at the transmitter besides."""
    for i in range(count):
        length = lane[LENGTH + i]
        log_length = log(length)
        hts, hrs = lane[_HTS + i], lane[_HRS + i]
        steps = lane[STEPS + i]
        step = length / steps
        slope = (hrs - hts) / length
        clear = lane[_CLEAR + i] > 0.0
        shared = math.sqrt(0.002 * length * k.frequency / WAVE_SPEED) / step
        per_km = 1.0 / step
        around = 500.0 / k.radius * length
        rise_t, rise_r = lane[RISE_T + i] * per_km, lane[RISE_R + i] * per_km
        edge = bullington_nu(length, hts, hrs, rise_t + around, rise_r + around, k)
        actual = bullington(lane[NU + i] * shared if clear else edge, length)
        diffracted = actual + larger(lane[_SPHERE + i] - lane[_SMOOTH + i], 0.0)
        around_b = 500.0 / k.radius_b * length
        edge_b = bullington_nu(
            length, hts, hrs, lane[_RISE_TB + i] * per_km + around_b, lane[_RISE_RB + i] * per_km + around_b, k
        )
        actual_b = bullington(lane[_NU_B + i] * shared if lane[_CLEAR_B + i] > 0.0 else edge_b, length)
        diffracted_b = actual_b + larger(lane[_SPHERE_B + i] - lane[_SMOOTH_B + i], 0.0)

        leaving = 1e-3 * (slope - around if clear else rise_t)
        theta_t = 1e3 * arctan(leaving)
        theta_r = 1e3 * arctan(1e-3 * (-slope - around if clear else rise_r))
        theta = 1e3 * length / k.radius + theta_t + theta_r
        d_lt, d_lr = lane[_D_LT + i], lane[_D_LR + i]
        tau, beta0, log_beta0 = duct_incidence(0.5 * (latitude + lane[LAT + i]), length, log_length)
        lba = ducting(
            length,
            log_length,
            tau,
            log_beta0,
            d_lt,
            d_lr,
            theta_t,
            theta_r,
            hts - lane[_ROUGH_T + i],
            hrs - lane[_ROUGH_R + i],
            lane[_HM + i],
            k,
        )
        lbfs = free_space(length, hts, hrs, k)
        lane[LOSS + i] = combined(
            length, log_length, lbfs, theta, d_lt, d_lr, beta0, log_beta0, diffracted, diffracted_b, lba, k
        )
        lane[RISE + i] = leaving


@numba.njit(**KERNEL)
def evaluate(work, count, site, ground, k):  # type: ignore[no-untyped-def]
    """Compute the first `count` lanes, whose places have been put in with `put`.

    Afterwards lane ``LOSS + i`` holds the loss in dB (NaN where the terrain is not known all along the path),
    ``RISE + i`` the tangent of the elevation at which the ray leaves, ``LENGTH + i`` km, ``EAST`` and ``NORTH``
    the direction in m. ``GAIN``, ``HEIGHT`` and ``PROMISE`` are for the caller.
    """
    lane = borrowed(work.lanes)
    geometry(lane, 0, count, site, ground)
    _surveys(lane, count, site, ground, k, work.scratch, work.table, borrowed(work.order))
    _spheres(lane, lane[_SPHERE:], count, k.radius, k)
    _smooth(lane, count, k.radius, _SPHERE, _SMOOTH, k, work.table)
    if k.median == 0.0:
        _spheres(lane, lane[_SPHERE_B:], count, k.radius_b, k)
        _smooth(lane, count, k.radius_b, _SPHERE_B, _SMOOTH_B, k, work.table)
    _losses(lane, count, site.lat, k)
    for i in range(count):
        if lane[KNOWN + i] == 0.0:
            lane[LOSS + i] = np.nan


@numba.njit(**KERNEL)
def put(lane, i, lon, lat, x, y, z):  # type: ignore[no-untyped-def]
    """Put a receiver's place into lane i: degrees, earth-centred m."""
    lane[LON + i], lane[LAT + i] = lon, lat
    lane[X + i], lane[Y + i], lane[Z + i] = x, y, z
