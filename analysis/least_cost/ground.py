"""The grid of a surface of costs, and what slope does to its cells."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..network.near import metres_per_degree

FloatArray = npt.NDArray[np.float64]


class Frame(NamedTuple):
    """A grid of about square cells in degrees, rows from north to south.

    Attributes
    ----------
    west, north : float
        Outer corner of the first cell.
    step_lon, step_lat : float
    rows, columns : int
    cell_m : float
        Side of a cell in the middle row.
    """

    west: float
    north: float
    step_lon: float
    step_lat: float
    rows: int
    columns: int
    cell_m: float


def frame_of(bounds: tuple[float, float, float, float], cell_m: float, most_cells: int, margin_m: float = 0.0) -> Frame:
    """Lay a grid over an area.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north in degrees; none may be NaN.
    cell_m : float
        Side of a cell; a larger one is taken where there would be more than `most_cells`.
    margin_m : float
        What the grid reaches beyond the area on every side.
    """
    west, south, east, north = bounds
    per_lon, per_lat = (float(metres) for metres in metres_per_degree((south + north) / 2))
    west, east = west - margin_m / per_lon, east + margin_m / per_lon
    south, north = south - margin_m / per_lat, north + margin_m / per_lat
    wide, high = (east - west) * per_lon, (north - south) * per_lat
    side = cell_m
    rows, columns = _counts(wide, high, side)
    while rows * columns > most_cells:
        # The root falls short where whole cells stick out: of strips thinner than a cell by far.
        side = max(side * 1.01, math.sqrt(wide * high / most_cells))
        rows, columns = _counts(wide, high, side)
    return Frame(west, north, side / per_lon, side / per_lat, rows, columns, side)


def _counts(wide_m: float, high_m: float, side_m: float) -> tuple[int, int]:
    return max(1, math.ceil(high_m / side_m)), max(1, math.ceil(wide_m / side_m))


def slope_deg(heights: FloatArray, east_m: FloatArray, north_m: FloatArray) -> FloatArray:
    """Give the slope of cells from the heights around them.

    B. K. P. Horn (1981), Hill shading and the reflectance map, Proc. IEEE 69, 14-47: the eight neighbours, those beside
    counting twice.

    Parameters
    ----------
    heights : numpy.ndarray, shape (rows + 2, columns + 2)
        At the centres of the cells and of one ring around them, metres; NaN where there is none.
    east_m, north_m : numpy.ndarray, shape (rows,)
        Sides of the cells of each row.

    Returns
    -------
    numpy.ndarray, shape (rows, columns)
        Degrees; NaN where a height is lacking.
    """
    z = heights
    east = (z[:-2, 2:] + 2 * z[1:-1, 2:] + z[2:, 2:]) - (z[:-2, :-2] + 2 * z[1:-1, :-2] + z[2:, :-2])
    north = (z[:-2, :-2] + 2 * z[:-2, 1:-1] + z[:-2, 2:]) - (z[2:, :-2] + 2 * z[2:, 1:-1] + z[2:, 2:])
    rise = np.hypot(east / (8 * east_m[:, None]), north / (8 * north_m[:, None]))
    return np.asarray(np.degrees(np.arctan(rise)), dtype=np.float64)


def slope_factor(slope: FloatArray, dearer_from: float, each_degree: float, barred_from: float) -> FloatArray:
    """Give by what slope multiplies a cost: 1 up to `dearer_from`, then rising evenly, infinite from `barred_from`.

    An unknown slope (NaN) bars, too: nobody has seen that ground.
    """
    factor = 1.0 + np.maximum(slope - dearer_from, 0.0) * each_degree
    factor[~(slope < barred_from)] = np.inf
    return factor
