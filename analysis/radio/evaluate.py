"""The mechanisms of ITU-R P.1812 put together for a batch of lanes, one after the other.

Each loop is compiled once for ground with cover and once for bare inland ground. The flag is a constant by then: what
it rules out costs nothing. An argument that is None rules out what it is asked for even before: nobody waits for the
compilation of what he does not use.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from ..p1812.geometry import WAVE_SPEED
from .cover import positive
from .elementary import INLINE, KERNEL, arctan, borrowed, larger, log
from .lanes import (
    CLEAR,
    CLEAR_B,
    CLEAR_G,
    COAST_R,
    COAST_T,
    D_LR,
    D_LT,
    HM,
    HRS,
    HSRD,
    HSTD,
    HTS,
    INLAND,
    KNOWN,
    LAND,
    LAT,
    LENGTH,
    LOCATION,
    LOSS,
    NU,
    NU_B,
    NU_G,
    RISE,
    RISE_R,
    RISE_RB,
    RISE_RG,
    RISE_T,
    RISE_TB,
    RISE_TG,
    ROUGH_R,
    ROUGH_T,
    SEA,
    SMOOTH,
    SMOOTH_B,
    SPHERE,
    SPHERE_B,
    STEPS,
    geometry,
)
from .mechanisms import (
    bullington,
    bullington_nu,
    combined,
    duct_incidence,
    ducting,
    free_space,
    sea_coupling,
    spherical,
)
from .profiles import surveys, surveys_covered
from .survey import smooth_obstruction


@numba.njit(**INLINE)
def _sphere(lane, i, radius, k, covered):  # type: ignore[no-untyped-def]
    length = lane[LENGTH + i]
    hte, hre = lane[HTS + i] - lane[HSTD + i], lane[HRS + i] - lane[HSRD + i]
    return spherical(length, log(length), hte, hre, radius, lane[SEA + i] if covered else 0.0, k)


@numba.njit(**KERNEL)
def _spheres(lane, sphere, count, radius, k):  # type: ignore[no-untyped-def]
    """Loss over a smooth sphere of this radius."""
    for i in range(count):
        sphere[i] = _sphere(lane, i, radius, k, False)


@numba.njit(**KERNEL)
def _spheres_covered(lane, sphere, count, radius, k):  # type: ignore[no-untyped-def]
    for i in range(count):
        sphere[i] = _sphere(lane, i, radius, k, True)


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
        hte, hre = lane[HTS + i] - lane[HSTD + i], lane[HRS + i] - lane[HSRD + i]
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


@numba.njit(**INLINE)
def _loss(lane, i, latitude, k, covered):  # type: ignore[no-untyped-def]
    """Blend the mechanisms into L_b of lane i; give the tangent of the ray's elevation at the transmitter besides."""
    length = lane[LENGTH + i]
    log_length = log(length)
    hts, hrs = lane[HTS + i], lane[HRS + i]
    steps = lane[STEPS + i]
    step = length / steps
    slope = (hrs - hts) / length
    clear = lane[CLEAR + i] > 0.0
    shared = math.sqrt(0.002 * length * k.frequency / WAVE_SPEED) / step
    per_km = 1.0 / step
    around = 500.0 / k.radius * length
    rise_t, rise_r = lane[RISE_T + i] * per_km, lane[RISE_R + i] * per_km
    clear_g = lane[(CLEAR_G if covered else CLEAR) + i] > 0.0
    rise_tg = lane[(RISE_TG if covered else RISE_T) + i] * per_km
    rise_rg = lane[(RISE_RG if covered else RISE_R) + i] * per_km
    met = bullington_nu(length, hts, hrs, rise_tg + around, rise_rg + around, k)
    actual = bullington(lane[(NU_G if covered else NU) + i] * shared if clear_g else met, length)
    diffracted = actual + larger(lane[SPHERE + i] - lane[SMOOTH + i], 0.0)
    around_b = 500.0 / k.radius_b * length
    met_b = bullington_nu(
        length, hts, hrs, lane[RISE_TB + i] * per_km + around_b, lane[RISE_RB + i] * per_km + around_b, k
    )
    actual_b = bullington(lane[NU_B + i] * shared if lane[CLEAR_B + i] > 0.0 else met_b, length)
    diffracted_b = actual_b + larger(lane[SPHERE_B + i] - lane[SMOOTH_B + i], 0.0)

    leaving = 1e-3 * (slope - around if clear else rise_t)
    theta_t = 1e3 * arctan(leaving)
    theta_r = 1e3 * arctan(1e-3 * (-slope - around if clear else rise_r))
    theta = 1e3 * length / k.radius + theta_t + theta_r
    d_lt, d_lr = lane[D_LT + i], lane[D_LR + i]
    sea = lane[SEA + i] if covered else 0.0
    land_km = lane[LAND + i] if covered else length
    log_inland = log(positive(lane[INLAND + i])) if covered else log_length
    middle = 0.5 * (latitude + lane[LAT + i])
    tau, beta0, log_beta0 = duct_incidence(middle, land_km, log_inland)
    over_sea = 0.0
    if covered:
        over_sea = sea_coupling(lane[COAST_T + i], d_lt, hts) + sea_coupling(lane[COAST_R + i], d_lr, hrs)
        over_sea = over_sea if sea >= 0.75 else 0.0
    lba = ducting(
        length,
        log_length,
        tau,
        log_beta0,
        d_lt,
        d_lr,
        theta_t,
        theta_r,
        hts - lane[ROUGH_T + i],
        hrs - lane[ROUGH_R + i],
        lane[HM + i],
        over_sea,
        k,
    )
    lbfs = free_space(length, hts, hrs, k)
    lane[LOSS + i] = combined(
        length,
        log_length,
        lbfs,
        theta,
        d_lt,
        d_lr,
        beta0,
        log_beta0,
        diffracted,
        diffracted_b,
        lba,
        1.0 - sea,
        lane[LOCATION + i] if covered else k.location,
        k,
    )
    lane[RISE + i] = leaving


@numba.njit(**KERNEL)
def _losses(lane, count, latitude, k):  # type: ignore[no-untyped-def]
    """Blend the mechanisms."""
    for i in range(count):
        _loss(lane, i, latitude, k, False)


@numba.njit(**KERNEL)
def _losses_covered(lane, count, latitude, k):  # type: ignore[no-untyped-def]
    for i in range(count):
        _loss(lane, i, latitude, k, True)


@numba.njit(**KERNEL)
def evaluate(work, count, site, ground, k, cover):  # type: ignore[no-untyped-def]
    """Compute the first `count` lanes, whose places are in (`put`). `cover` is `lanes.cover_of` the ground.

    Afterwards lane ``LOSS + i`` holds the loss in dB (NaN where the terrain is not known all along the path),
    ``RISE + i`` the tangent of the elevation at which the ray leaves, ``LENGTH + i`` km, ``EAST`` and ``NORTH``
    the direction in m. ``GAIN``, ``HEIGHT`` and ``PROMISE`` are for the caller.
    """
    lane = borrowed(work.lanes)
    geometry(lane, 0, count, site, ground)
    room, table, order = work.scratch, work.table, borrowed(work.order)
    if cover is not None:
        surveys_covered(lane, count, site, ground, k, room, table, order)
        _spheres_covered(lane, lane[SPHERE:], count, k.radius, k)
        if k.median == 0.0:
            _spheres_covered(lane, lane[SPHERE_B:], count, k.radius_b, k)
    else:
        surveys(lane, count, site, ground, k, room, table, order)
        _spheres(lane, lane[SPHERE:], count, k.radius, k)
        if k.median == 0.0:
            _spheres(lane, lane[SPHERE_B:], count, k.radius_b, k)
    _smooth(lane, count, k.radius, SPHERE, SMOOTH, k, work.table)
    if k.median == 0.0:
        _smooth(lane, count, k.radius_b, SPHERE_B, SMOOTH_B, k, work.table)
    if cover is not None:
        _losses_covered(lane, count, site.lat, k)
    else:
        _losses(lane, count, site.lat, k)
    for i in range(count):
        if lane[KNOWN + i] == 0.0:
            lane[LOSS + i] = np.nan
