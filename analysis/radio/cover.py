"""What lies on the ground along a path: clutter that raises the surface, and the zones of sea, coast and inland.

For kernels. A point of a profile has the clutter height and the zone of the pixel nearest to it: both belong to classes
of land cover, between which there is nothing to interpolate. As in `analysis.p1812`, clutter counts on the way and not
at the two ends (§3.2), and every point stands for the half way to its neighbours (§3.6, Table 5).
"""

from __future__ import annotations

from typing import NamedTuple

import numba

from ..p1812.profile import INLAND, NO_COAST_KM, SEA
from .elementary import INLINE, larger


class Zones(NamedTuple):
    """How a path splits, as `analysis.p1812.profile.Sections`; lengths in km."""

    sea: float
    land: float
    inland: float
    coast_t: float
    coast_r: float


@numba.njit(**INLINE)
def pick(right, down, cell, columns, clutter, zone, points, clutter_there, zone_there):  # type: ignore[no-untyped-def]
    """Copy clutter and zone of the pixels nearest to the points; the first three as `terrain.place` leaves them."""
    width = int(columns)
    for k in range(points):
        at = cell[k] + (1 if right[k] >= 0.5 else 0) + (width if down[k] >= 0.5 else 0)
        clutter_there[k] = clutter[at]
        zone_there[k] = zone[at]


@numba.njit(**INLINE)
def raise_surface(surface, height, clutter, n):  # type: ignore[no-untyped-def]
    """Put ground and clutter of a profile of n steps together, and bare ground at the ends."""
    for k in range(n + 1):
        surface[k] = height[k] + float(clutter[k])
    surface[0], surface[n] = height[0], height[n]


@numba.njit(**INLINE)
def zones(zone, n, step):  # type: ignore[no-untyped-def]
    """Split a profile of n steps of `step` km; counted in half steps, hence exact."""
    length = n * step
    other = 0
    for k in range(n + 1):
        other += 1 if zone[k] != INLAND else 0
    if other == 0:
        return Zones(0.0, length, length, NO_COAST_KM, NO_COAST_KM)
    sea = land = inland = longest_land = longest_inland = 0
    first, last = -1, -1
    for k in range(n + 1):
        weight = 1 if k in (0, n) else 2
        here = zone[k]
        if here == SEA:
            sea += weight
            land = 0
            first = k if first < 0 else first
            last = k
        else:
            land += weight
        inland = inland + weight if here == INLAND else 0
        longest_land, longest_inland = max(longest_land, land), max(longest_inland, inland)
    half = 0.5 * step
    coast_t = coast_r = NO_COAST_KM
    if sea > 0:
        coast_t, coast_r = half * max(0, 2 * first - 1), half * max(0, 2 * (n - last) - 1)
    return Zones(sea / (2.0 * n), longest_land * half, longest_inland * half, coast_t, coast_r)


@numba.njit(**INLINE)
def positive(length: float) -> float:
    """Give a length that has a logarithm: a section of no length counts as one of 1 mm, which changes nothing."""
    return larger(length, 1e-6)
