"""The best level that a site could give a receiver, found without working out the path; for kernels.

First by free space and the direction alone, then by a few points of the profile: whoever cannot win even so is skipped,
and for the others nothing is lost. Both are bounds of what `lanes.evaluate` would find, not estimates.
"""

from __future__ import annotations

import math

import numba

from .antenna import Pattern, least_attenuation
from .elementary import KERNEL, LOG10_E, borrowed, larger, log
from .lanes import (
    AX,
    AY,
    BX,
    BY,
    EAST,
    HEIGHT,
    KNOWN,
    LAT,
    LENGTH,
    LON,
    NORTH,
    NU,
    PROMISE,
    RISE_R,
    RISE_T,
    STEPS,
    X,
    Y,
    Z,
    geometry,
    put,
)
from .mechanisms import free_space, least_excess
from .survey import rises_above_line
from .terrain import SHORTEST_M, UNKNOWN_BELOW, fetch, mix, place

EVERY = 8  # points of a profile that are looked at before all are
_NONE = -1e30
_NEAR_KM = 0.1  # nearer, the direction depends on roundings too much


@numba.njit(**KERNEL)
def directions(lane, first, last, site):  # type: ignore[no-untyped-def]
    """Compute lanes ``EAST`` and ``NORTH``, and in ``LENGTH`` the chord in km, of the lanes from `first` to `last`."""
    for i in range(first, last):
        dx, dy, dz = lane[X + i] - site.x, lane[Y + i] - site.y, lane[Z + i] - site.z
        away = site.cos_lon * dx + site.sin_lon * dy
        lane[EAST + i] = site.cos_lon * dy - site.sin_lon * dx
        lane[NORTH + i] = site.cos_lat * dz - site.sin_lat * away
        lane[LENGTH + i] = larger(math.sqrt(dx * dx + dy * dy + dz * dz), SHORTEST_M) * 1e-3


@numba.njit(**KERNEL)
def promises(lane, first, last, site, base, k, at, sites, top):  # type: ignore[no-untyped-def]
    """Give the best level that a site could give in each lane: over free space, and by its antennas.

    A ray leaves in the direct line or, where that is obstructed, above it (see `antenna.least_attenuation`). `base` is
    the ground under the site, lanes ``HEIGHT`` that under the receivers.
    """
    directions(lane, first, last, site)
    for i in range(first, last):
        lane[PROMISE + i] = _NONE
    for m in range(sites.first[at], sites.first[at + 1]):
        q = sites.pattern[m]
        antenna = Pattern(q[0], q[1], q[2], q[3], q[4], q[5], q[6], q[7], q[8], q[9])
        eirp = sites.eirp_dbm[m]
        for i in range(first, last):
            east, north, length = lane[EAST + i], lane[NORTH + i], lane[LENGTH + i]
            drop = base + k.tx_height - lane[HEIGHT + i] - k.rx_height
            rise = 1e-3 * (-drop / length - 500.0 / k.radius * length)
            most = least_attenuation(east, north, math.sqrt(east * east + north * north) * rise, antenna)
            sure = (lane[HEIGHT + i] > UNKNOWN_BELOW) & (base > UNKNOWN_BELOW) & (length > _NEAR_KM)
            lane[PROMISE + i] = larger(lane[PROMISE + i], eirp + (most if sure else 0.0))
    for i in range(first, last):
        lane[PROMISE + i] += top - 20.0 * LOG10_E * log(lane[LENGTH + i])


@numba.njit(**KERNEL)
def lower_promises(work, first, last, site, base, ground, k):  # type: ignore[no-untyped-def]
    """Take off ``PROMISE`` what every `EVERY`th point of the profiles obstructs at the least, at 50 % of time.

    `base` is the ground under the site, lanes ``HEIGHT`` that under the receivers; where a height is not known, or the
    path is so short that this would not pay, the promise stays.
    """
    lane = borrowed(work.lanes)
    geometry(lane, first, last, site, ground)
    room, table = work.scratch, work.table
    x, y = (site.lon - ground.west) / ground.pixel_lon, (ground.north - site.lat) / ground.pixel_lat
    land, rows, columns = borrowed(ground.height), ground.rows, ground.columns
    right, down, height, cell = (
        borrowed(room.right[0]),
        borrowed(room.down[0]),
        borrowed(room.height),
        borrowed(room.cell),
    )
    a, b = borrowed(room.north_west), borrowed(room.north_east)
    c, d = borrowed(room.south_west), borrowed(room.south_east)
    inverse, back = borrowed(table.inverse), borrowed(table.inverse_back)
    most = inverse.size - 1
    hts = base + k.tx_height
    begun, filled = first, 0
    for i in range(first, last + 1):
        # Profiles go into the scratch one behind the other, and through each step together.
        points = 0
        if i < last:
            steps = int(lane[STEPS + i])
            lane[RISE_T + i] = lane[RISE_R + i] = 0.0
            known = base > UNKNOWN_BELOW and lane[HEIGHT + i] > UNKNOWN_BELOW and lane[KNOWN + i] > 0.0
            if known and 3 * EVERY <= steps <= most:
                points = (steps - 1) // EVERY + 1
        if i == last or filled + points > height.size:
            fetch(land, columns, filled, cell, a, b, c, d)
            mix(height, right, down, a, b, c, d, filled)  # a void is lower than all: it obstructs nothing
            for j in range(begun, i):
                held = int(lane[STEPS + j])
                if lane[NU + j] >= 0.0:
                    step = lane[LENGTH + j] / held
                    slope = (lane[HEIGHT + j] + k.rx_height - hts) / held
                    bulge = 500.0 / k.radius * step * step
                    rise_t, rise_r = rises_above_line(
                        height[int(lane[NU + j]) :], held, hts, slope, bulge, EVERY, inverse, back, most - held
                    )
                    lane[RISE_T + j], lane[RISE_R + j] = rise_t / step, rise_r / step
            begun, filled = i, 0
        if i < last:
            lane[NU + i] = float(filled) if points > 0 else -1.0
            if points > 0:
                ax, bx = EVERY * lane[AX + i], EVERY * EVERY * lane[BX + i]
                ay, by = EVERY * lane[AY + i], EVERY * EVERY * lane[BY + i]
                place(right[filled:], down[filled:], cell[filled:], x, y, ax, bx, ay, by, points, rows, columns)
                filled += points
    for i in range(first, last):
        length = lane[LENGTH + i]
        lbfs = free_space(length, base + k.tx_height, lane[HEIGHT + i] + k.rx_height, k)
        excess = least_excess(length, log(length), lbfs, lane[RISE_T + i], lane[RISE_R + i], k)
        lane[PROMISE + i] -= excess


@numba.njit(**KERNEL)
def move(lane, i, to):  # type: ignore[no-untyped-def]
    """Move a receiver to another lane."""
    put(lane, to, lane[LON + i], lane[LAT + i], lane[X + i], lane[Y + i], lane[Z + i])
    lane[PROMISE + to], lane[HEIGHT + to] = lane[PROMISE + i], lane[HEIGHT + i]


@numba.njit(**KERNEL)
def keep(lane, chosen, first, last, weakest, threshold):  # type: ignore[no-untyped-def]
    """Keep the lanes from `first` to `last` where the promise could change something; give where they now end."""
    kept = first
    for j in range(first, last):
        if lane[PROMISE + j] >= min(float(weakest[chosen[j]]), threshold):
            move(lane, j, kept)
            chosen[kept] = chosen[j]
            kept += 1
    return kept
