"""The profiles of a batch of lanes, and what each tells, receiver by receiver.

The loop over the profiles is compiled once for ground with cover, once for bare inland ground, and once for the lower
grades that only ask what is seen. The flags are constants by then: what they rule out costs nothing.
"""

from __future__ import annotations

import numba

from ..p1812.profile import SEA as SEA_ZONE
from .cover import pick, raise_surface, zones
from .elementary import INLINE, KERNEL, borrowed
from .lanes import (
    AX,
    AY,
    BX,
    BY,
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
    LENGTH,
    LOCATION,
    NU,
    NU_B,
    NU_G,
    RISE_R,
    RISE_RB,
    RISE_RG,
    RISE_T,
    RISE_TB,
    RISE_TG,
    ROUGH_R,
    ROUGH_T,
    SEA,
    STEPS,
)
from .mechanisms import fade, location
from .survey import edge, survey, worst_obstruction
from .terrain import fetch, mix, place


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


@numba.njit(**INLINE)
def _profiles(lane, count, site, ground, k, room, table, order, covered, sight):  # type: ignore[no-untyped-def]
    """Profile and survey, receiver by receiver; the places of the next before the heights of this (see `terrain`)."""
    x, y = (site.lon - ground.west) / ground.pixel_lon, (ground.north - site.lat) / ground.pixel_lat
    land, rows, columns = borrowed(ground.height), ground.rows, ground.columns
    right, down = borrowed(room.right[0]), borrowed(room.down[0])
    right_2, down_2 = borrowed(room.right[1]), borrowed(room.down[1])
    surface, clutter_there, zone_there = borrowed(room.surface), borrowed(room.clutter), borrowed(room.zone)
    height, cell = borrowed(room.height), borrowed(room.cell)
    a, b = borrowed(room.north_west), borrowed(room.north_east)
    c, d = borrowed(room.south_west), borrowed(room.south_east)
    inverse, inverse_back = borrowed(table.inverse), borrowed(table.inverse_back)
    root, root_back = borrowed(table.root), borrowed(table.root_back)
    clutter, zone = borrowed(ground.clutter), borrowed(ground.zone)
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
            if covered and whole:
                raise_surface(surface, height, clutter_there, points - 1)
            if not whole:
                lane[KNOWN + i] = 0.0
            elif sight:
                _look(lane, i, k, surface if covered else height, root, root_back)
            else:
                _survey(lane, i, k, height, inverse, inverse_back, root, root_back, not covered)
                if covered:
                    _survey_cover(
                        lane, i, k, surface, clutter_there, zone_there, inverse, inverse_back, root, root_back
                    )
        if n + 1 < known:
            points = int(lane[STEPS + order[n + 1]]) + 1
            fetch(land, columns, points, cell, a, b, c, d)
            if covered and even:
                pick(right_2, down_2, cell, columns, clutter, zone, points, clutter_there, zone_there)
            elif covered:
                pick(right, down, cell, columns, clutter, zone, points, clutter_there, zone_there)


@numba.njit(**KERNEL)
def surveys(lane, count, site, ground, k, room, table, order):  # type: ignore[no-untyped-def]
    """Survey every lane over bare inland ground."""
    _profiles(lane, count, site, ground, k, room, table, order, False, False)


@numba.njit(**KERNEL)
def surveys_covered(lane, count, site, ground, k, room, table, order):  # type: ignore[no-untyped-def]
    """Survey every lane over ground with cover."""
    _profiles(lane, count, site, ground, k, room, table, order, True, False)


@numba.njit(**KERNEL)
def sights(lane, count, site, ground, k, room, table, order):  # type: ignore[no-untyped-def]
    """Find the worst obstruction of every lane, by ground and clutter, and nothing else."""
    _profiles(lane, count, site, ground, k, room, table, order, ground.clutter.size > 0, True)


@numba.njit(**INLINE)
def _look(lane, i, k, h, root, root_back):  # type: ignore[no-untyped-def]
    """Find the worst obstruction by the surface `h` of lane i."""
    steps = int(lane[STEPS + i])
    step = lane[LENGTH + i] / steps
    lane[HTS + i], lane[HRS + i] = h[0] + k.tx_height, h[steps] + k.rx_height
    bulge = 500.0 / k.radius * step * step
    lane[NU + i] = worst_obstruction(h, steps, lane[HTS + i], lane[HRS + i], bulge, root, root_back)


@numba.njit(**INLINE)
def _survey(lane, i, k, h, inverse, inverse_back, root, root_back, bare):  # type: ignore[no-untyped-def]
    """Survey the profile `h` of lane i; unless it is `bare`, the edge for β0 of the time is that of another surface."""
    steps = int(lane[STEPS + i])
    step = lane[LENGTH + i] / steps
    hts, hrs = h[0] + k.tx_height, h[steps] + k.rx_height
    c, c_b = 500.0 / k.radius * step * step, 500.0 / k.radius_b * step * step
    ducted = bare and k.median == 0.0
    seen = survey(h, steps, hts, hrs, step, c, c_b, ducted, inverse, inverse_back, root, root_back)
    lane[HTS + i], lane[HRS + i] = hts, hrs
    lane[CLEAR + i], lane[NU + i] = 1.0 if seen.clear else 0.0, seen.nu
    lane[RISE_T + i], lane[RISE_R + i] = seen.rise_t, seen.rise_r
    lane[D_LT + i], lane[D_LR + i] = seen.first * step, (steps - seen.last) * step
    lane[HSTD + i], lane[HSRD + i] = seen.hstd, seen.hsrd
    lane[ROUGH_T + i], lane[ROUGH_R + i], lane[HM + i] = seen.rough_t, seen.rough_r, seen.hm
    lane[CLEAR_B + i], lane[NU_B + i] = 1.0 if seen.clear_b else 0.0, seen.nu_b
    lane[RISE_TB + i], lane[RISE_RB + i] = seen.rise_tb, seen.rise_rb


@numba.njit(**INLINE)
def _survey_cover(lane, i, k, surface, clutter, zone, inverse, inverse_back, root, root_back):  # type: ignore[no-untyped-def]
    """Survey what lies on the ground of lane i, after `_survey` did the ground."""
    steps = int(lane[STEPS + i])
    step = lane[LENGTH + i] / steps
    hts, hrs = lane[HTS + i], lane[HRS + i]
    c, c_b = 500.0 / k.radius * step * step, 500.0 / k.radius_b * step * step
    clear, rise_t, rise_r, nu = edge(surface, steps, hts, hrs, c, inverse, inverse_back, root, root_back)
    lane[CLEAR_G + i], lane[NU_G + i] = 1.0 if clear else 0.0, nu
    lane[RISE_TG + i], lane[RISE_RG + i] = rise_t, rise_r
    if k.median == 0.0:
        clear, rise_t, rise_r, nu = edge(surface, steps, hts, hrs, c_b, inverse, inverse_back, root, root_back)
        lane[CLEAR_B + i], lane[NU_B + i] = 1.0 if clear else 0.0, nu
        lane[RISE_TB + i], lane[RISE_RB + i] = rise_t, rise_r
    split = zones(zone, steps, step)
    lane[SEA + i], lane[LAND + i], lane[INLAND + i] = split.sea, split.land, split.inland
    lane[COAST_T + i], lane[COAST_R + i] = split.coast_t, split.coast_r
    left = fade(k.rx_height, float(clutter[steps]))
    on_land = location(left, k.building, k.deviate, k.sigma, k.fades, k.building_sigma)
    lane[LOCATION + i] = k.building if zone[steps] == SEA_ZONE else on_land
