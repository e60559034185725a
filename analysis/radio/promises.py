"""The best level that a site could give a receiver, found without working out the path; for kernels.

First by free space and the direction alone, then by a few points of the profile: whoever cannot win even so is skipped,
and for the others nothing is lost. Both are bounds of what `evaluate.evaluate` would find, not estimates.
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
    HEIGHT,
    KNOWN,
    LAT,
    LENGTH,
    LON,
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
from .terrain import SHORTEST_M, UNKNOWN_BELOW, fetch, height_at, mix, place

TILE = 32  # receivers along a side
CELLS = TILE * TILE
# Lanes of all receivers of a tile, then of those that the site at hand may serve; for `promises`.
ALL_X, ALL_Y, ALL_Z, BOUND = (CELLS * i for i in range(4))
X_OF, Y_OF, Z_OF, GROUND_OF, EAST_OF, NORTH_OF, CHORD_OF, PROMISE_OF = (CELLS * i for i in range(4, 12))
TILE_LANES = CELLS * 12

EVERY = 8  # points of a profile that are looked at before all are
_NONE = -1e30
_NEAR_KM = 0.1  # nearer, the direction depends on roundings too much


@numba.njit(**KERNEL)
def look_around(room, height, there, ground):  # type: ignore[no-untyped-def]
    """Put the receivers of a tile into lanes ``ALL_``, and the ground under them into `height`."""
    lon, lat, xyz = there
    land = borrowed(ground.height)
    for i in range(lon.size):
        room[ALL_X + i], room[ALL_Y + i], room[ALL_Z + i] = xyz[i, 0], xyz[i, 1], xyz[i, 2]
        column, row = (lon[i] - ground.west) / ground.pixel_lon, (ground.north - lat[i]) / ground.pixel_lat
        height[i] = height_at(land, ground.rows, ground.columns, column, row)


@numba.njit(**KERNEL)
def free_space_bounds(room, count, x, y, z, top):  # type: ignore[no-untyped-def]
    """Give the best level that a site could give at each receiver of a tile: `top` is its EIRP less eq. 8 at 1 km."""
    for i in range(count):
        dx, dy, dz = room[ALL_X + i] - x, room[ALL_Y + i] - y, room[ALL_Z + i] - z
        square = larger((dx * dx + dy * dy + dz * dz) * 1e-6, SHORTEST_M * SHORTEST_M * 1e-6)
        room[BOUND + i] = top - 10.0 * LOG10_E * log(square)


@numba.njit(**KERNEL)
def choose(room, height, some, count, need):  # type: ignore[no-untyped-def]
    """List in `some` the receivers where the bound could change something, with their lanes; give their number."""
    chosen = 0
    for i in range(count):
        if room[BOUND + i] >= need[i]:
            room[X_OF + chosen], room[Y_OF + chosen] = room[ALL_X + i], room[ALL_Y + i]
            room[Z_OF + chosen], room[GROUND_OF + chosen] = room[ALL_Z + i], height[i]
            some[chosen] = i
            chosen += 1
    return chosen


@numba.njit(**KERNEL)
def promises(room, count, site, base, k, at, sites, top):  # type: ignore[no-untyped-def]
    """Give the best level that a site could give to each receiver chosen: over free space, and by its antennas.

    A ray leaves in the direct line or, where that is obstructed, above it (see `antenna.least_attenuation`). `base` is
    the ground under the site.
    """
    for i in range(count):
        dx, dy, dz = room[X_OF + i] - site.x, room[Y_OF + i] - site.y, room[Z_OF + i] - site.z
        away = site.cos_lon * dx + site.sin_lon * dy
        room[EAST_OF + i] = site.cos_lon * dy - site.sin_lon * dx
        room[NORTH_OF + i] = site.cos_lat * dz - site.sin_lat * away
        room[CHORD_OF + i] = larger(math.sqrt(dx * dx + dy * dy + dz * dz), SHORTEST_M) * 1e-3
        room[PROMISE_OF + i] = _NONE
    for m in range(sites.first[at], sites.first[at + 1]):
        q = sites.pattern[m]
        antenna = Pattern(q[0], q[1], q[2], q[3], q[4], q[5], q[6], q[7], q[8], q[9])
        eirp = sites.eirp_dbm[m]
        for i in range(count):
            east, north, length = room[EAST_OF + i], room[NORTH_OF + i], room[CHORD_OF + i]
            drop = base + k.tx_height - room[GROUND_OF + i] - k.rx_height
            rise = 1e-3 * (-drop / length - 500.0 / k.radius * length)
            most = least_attenuation(east, north, math.sqrt(east * east + north * north) * rise, antenna)
            sure = (room[GROUND_OF + i] > UNKNOWN_BELOW) & (base > UNKNOWN_BELOW) & (length > _NEAR_KM)
            room[PROMISE_OF + i] = larger(room[PROMISE_OF + i], eirp + (most if sure else 0.0))
    for i in range(count):
        room[PROMISE_OF + i] += top - 20.0 * LOG10_E * log(room[CHORD_OF + i])


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
    location = k.least_location if ground.clutter.size > 0 else k.location
    for i in range(first, last):
        length = lane[LENGTH + i]
        lbfs = free_space(length, base + k.tx_height, lane[HEIGHT + i] + k.rx_height, k)
        excess = least_excess(length, log(length), lbfs, lane[RISE_T + i], lane[RISE_R + i], location, k)
        lane[PROMISE + i] -= excess


@numba.njit(**KERNEL)
def move(lane, i, to):  # type: ignore[no-untyped-def]
    """Move a receiver to another lane."""
    put(lane, to, lane[LON + i], lane[LAT + i], lane[X + i], lane[Y + i], lane[Z + i])
    lane[PROMISE + to], lane[HEIGHT + to] = lane[PROMISE + i], lane[HEIGHT + i]


@numba.njit(**KERNEL)
def keep(lane, chosen, first, last, need):  # type: ignore[no-untyped-def]
    """Keep the lanes from `first` to `last` where the promise could change something; give where they now end."""
    kept = first
    for j in range(first, last):
        if lane[PROMISE + j] >= need[chosen[j]]:
            move(lane, j, kept)
            chosen[kept] = chosen[j]
            kept += 1
    return kept
