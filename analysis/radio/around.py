"""Which cells of a grid lie around places of which nothing is known, and what is left of their levels."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..geodesy import ECCENTRICITY_2, SEMI_MAJOR_M
from .tiles import CANNOT_TELL, BlockLevels, Grid

_METRES_PER_DEGREE = 110_574.0  # of latitude at the equator, the least there is: a window is never too narrow


def cells_within(
    grid: Grid, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], reach_m: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Tell which cells have their centre within reach of any of n places.

    The distance is that of the straight line through the Earth, which is shorter than the way over the ground by 1 mm
    at 10 km and by 1 m at 100 km.

    Parameters
    ----------
    grid : Grid
    lon, lat, reach_m : numpy.ndarray, shape (n,)
        Degrees and metres, all known.

    Returns
    -------
    numpy.ndarray of bool, shape (rows, columns)
    """
    found = np.zeros((grid.rows, grid.columns), dtype=bool)
    farthest: dict[tuple[float, float], float] = {}
    for x, y, reach in zip(lon.tolist(), lat.tolist(), reach_m.tolist()):
        farthest[x, y] = max(reach, farthest.get((x, y), 0.0))
    for (x, y), reach in sorted(farthest.items()):
        up = reach / _METRES_PER_DEGREE
        aside = up / max(math.cos(math.radians(min(abs(y) + up, 89.0))), 0.01)
        top, bottom = (_clipped((grid.north - edge) / grid.step_lat, grid.rows) for edge in (y + up, y - up))
        left, right = (_clipped((edge - grid.west) / grid.step_lon, grid.columns) for edge in (x - aside, x + aside))
        if top[0] >= bottom[1] or left[0] >= right[1]:
            continue
        out, z = _axis(grid.lat(top[0], bottom[1]))
        own_out, own_z = _axis(np.array([y]))
        turn = np.cos(np.radians(grid.lon(left[0], right[1]) - x))
        square = (out**2 + own_out**2 + (z - own_z) ** 2)[:, None] - 2 * (out * own_out)[:, None] * turn
        found[top[0] : bottom[1], left[0] : right[1]] |= square <= reach**2
    return found


def told_levels(levels: BlockLevels, state: npt.NDArray[np.uint8]) -> BlockLevels:
    """Give the levels of a block without those of the cells that another reason makes `CANNOT_TELL`.

    Parameters
    ----------
    levels : BlockLevels
    state : numpy.ndarray of uint8, shape (rows, columns)
        What is said of the cells in the end.
    """
    untold = (state == CANNOT_TELL) & (levels.state != CANNOT_TELL)
    if not untold.any():
        return levels
    nothing = np.float32(np.nan)
    return BlockLevels(
        np.where(untold, nothing, levels.rsrp),
        np.where(untold, np.int32(-1), levels.server),
        np.where(untold, nothing, levels.second),
        np.where(untold, np.int32(-1), levels.servers),
        state,
    )


def _clipped(place: float, count: int) -> tuple[int, int]:
    """Give the index of a place on an axis as a first and as a last one, within the axis."""
    return min(max(math.floor(place), 0), count), min(max(math.ceil(place) + 1, 0), count)


def _axis(lat: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Give distances from the Earth's axis and from the equator's plane, metres, on the ellipsoid."""
    sine = np.sin(np.radians(lat))
    across = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY_2 * sine**2)
    return across * np.cos(np.radians(lat)), across * (1.0 - ECCENTRICITY_2) * sine
