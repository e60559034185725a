"""The lower grades for many paths at once; see `grades` for what they are."""

from __future__ import annotations

import math

import numba
import numpy as np

from ..p1812.geometry import WAVE_SPEED
from .elementary import KERNEL, borrowed, larger
from .lanes import (
    HRS,
    HTS,
    KNOWN,
    LAT,
    LENGTH,
    LON,
    LOSS,
    NU,
    RISE,
    STEPS,
    geometry,
)
from .mechanisms import free_space, log10
from .profiles import sights
from .terrain import UNKNOWN_BELOW, height_at

_NEAREST_M = 10.0
_CLEAR_NU = -0.6 * math.sqrt(2.0)  # ν where 0.6 of the first Fresnel zone is clear


@numba.njit(**KERNEL)
def evaluate_lower(work, count, site, ground, k):  # type: ignore[no-untyped-def]
    """Compute the first `count` lanes by the lower grade of `k`; what comes out where is as in `evaluate.evaluate`.

    An infinite loss is that of a path without line of sight.
    """
    lane = borrowed(work.lanes)
    geometry(lane, 0, count, site, ground)
    if k.grade == 2.0:
        _ends(lane, count, site, ground, k)
    else:
        sights(lane, count, site, ground, k, work.scratch, work.table, borrowed(work.order))
    for i in range(count):
        if lane[KNOWN + i] == 0.0:
            lane[LOSS + i] = np.nan
            continue
        length, hts, hrs = lane[LENGTH + i], lane[HTS + i], lane[HRS + i]
        step = length / lane[STEPS + i]
        nu = lane[NU + i] * math.sqrt(0.002 * length * k.frequency / WAVE_SPEED) / step
        lane[RISE + i] = 1e-3 * ((hrs - hts) / length - 500.0 / k.radius * length)
        if k.grade > 2.0 and nu >= 0.0 and length * 1e3 > k.hidden_most:
            lane[KNOWN + i], lane[LOSS + i] = 0.0, np.nan
        elif k.grade > 2.0:
            lane[LOSS + i] = _by_table(length * 1e3, nu < 0.0, k)
        elif k.grade == 2.0 or nu <= _CLEAR_NU:
            lane[LOSS + i] = free_space(length, hts, hrs, k) + k.location
        else:
            lane[LOSS + i] = np.inf


@numba.njit(**KERNEL)
def _ends(lane, count, site, ground, k):  # type: ignore[no-untyped-def]
    """Find the antennas of every lane; known are those whose ground is."""
    land = borrowed(ground.height)
    column, row = (site.lon - ground.west) / ground.pixel_lon, (ground.north - site.lat) / ground.pixel_lat
    base = height_at(land, ground.rows, ground.columns, column, row)
    for i in range(count):
        column = (lane[LON + i] - ground.west) / ground.pixel_lon
        row = (ground.north - lane[LAT + i]) / ground.pixel_lat
        there = height_at(land, ground.rows, ground.columns, column, row)
        lane[KNOWN + i] = 1.0 if min(base, there) > UNKNOWN_BELOW else 0.0
        lane[HTS + i], lane[HRS + i], lane[NU + i] = base + k.tx_height, there + k.rx_height, 0.0


@numba.njit(**KERNEL)
def _by_table(metres, seen, k):  # type: ignore[no-untyped-def]
    """Give the loss of TR 38.901 Table 7.4.1-1 with its shadow fading."""
    over_ground = larger(metres, _NEAREST_M)
    rise = k.tx_height - k.rx_height
    apart = math.sqrt(over_ground * over_ground + rise * rise)
    lg = log10(apart)
    close = over_ground <= k.breakpoint
    in_sight = k.near + k.slope * lg + k.per_metre * apart if close else k.far + 40.0 * lg
    if seen:
        return in_sight + (k.location if close else k.location_far)
    return larger(in_sight, k.hidden + k.hidden_slope * lg) + k.location_hidden
