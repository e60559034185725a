"""Terrain in memory and the way of a path over it: where its points lie, and the heights there.

A path follows the geodesic of the CGCS2000 ellipsoid from transmitter to receiver in equal steps of about one pixel,
both ends included, at least four steps. Between them the height is bilinear in the four pixels around. Heights are
rounded to 2⁻¹⁶ m, so that sums of them are exact and hence the same in any order.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from ..geodesy import ECCENTRICITY_2, SEMI_MAJOR_M, ecef_m, geodesic_from_chord, sincos_deg
from ..p1812.profile import COASTAL, INLAND, SEA
from .elementary import INLINE, KERNEL, ROUNDING, larger, smaller

FloatArray = npt.NDArray[np.float64]

# A height below any real one that survives being mixed with a weight as small as the rounding of a position.
VOID = np.float32(-1e35)
UNKNOWN_BELOW = -1e5
# Sums of i · height stay exact up to here, see the module.
MOST_STEPS = 4000
FEWEST_STEPS = 4
SHORTEST_M = 1.0  # a receiver at the mast's foot is taken to be this far away
_FINENESS = 65536.0
_RADIANS = math.pi / 180.0


class Terrain(NamedTuple):
    """Heights on a regular grid of degrees (CGCS2000); make one with `terrain`.

    Attributes
    ----------
    height_m : numpy.ndarray of float32, shape (rows, columns), C-contiguous
        Above mean sea level, north to south and west to east; `VOID` where nothing is known.
    west, north : float
        Longitude and latitude of the centre of the first pixel.
    pixel_lon, pixel_lat : float
        Size of a pixel in degrees, both positive.
    step_m : float
        The longest step of a profile.
    clutter_m : numpy.ndarray of float32, shape (rows, columns), or None
        Representative clutter height above ground; None: none anywhere.
    zone : numpy.ndarray of uint8, shape (rows, columns), or None
        Radio-climatic zone: `SEA`, `COASTAL` or `INLAND` of `analysis.p1812`; None: inland everywhere.
    """

    height_m: npt.NDArray[np.float32]
    west: float
    north: float
    pixel_lon: float
    pixel_lat: float
    step_m: float
    clutter_m: npt.NDArray[np.float32] | None = None
    zone: npt.NDArray[np.uint8] | None = None


def terrain(
    height_m: npt.ArrayLike,
    west: float,
    north: float,
    pixel_lon: float,
    pixel_lat: float,
    *,
    void: npt.ArrayLike | None = None,
    step_m: float | None = None,
    clutter_m: npt.ArrayLike | None = None,
    zone: npt.ArrayLike | None = None,
    sea_level_m: float | None = None,
) -> Terrain:
    """Put heights on a grid of degrees.

    Parameters
    ----------
    height_m : array_like, shape (rows, columns), rows and columns ≥ 2
        Integers or floats, m above mean sea level; NaN and infinities are voids.
    west, north, pixel_lon, pixel_lat : float
        As in `Terrain`.
    void : array_like of bool, shape (rows, columns), optional
        Further pixels without a height.
    step_m : float, optional
        Longest step of a profile; by default the height of a pixel at the middle of the grid.
    clutter_m, zone : array_like, shape (rows, columns), optional
        As in `Terrain`. A point of a profile takes those of the pixel nearest to it.
    sea_level_m : float, optional
        Height of voids whose zone is `SEA`: what the caller knows to be water needs no elevation. By default they stay
        voids.

    Raises
    ------
    ValueError
        The grid is too small or does not lie on the globe, the step is not positive, or clutter or zones do not fit
        the grid or hold what they cannot be.
    """
    given = np.asarray(height_m)
    if given.ndim != 2 or min(given.shape) < 2:
        raise ValueError(f"terrain needs at least 2 x 2 pixels, not {given.shape}")
    rows, columns = given.shape
    if given.size > np.iinfo(np.int32).max:
        raise ValueError("terrain of more than 2^31 pixels must be cut")
    south, east = north - (rows - 1) * pixel_lat, west + (columns - 1) * pixel_lon
    if not (pixel_lon > 0 and pixel_lat > 0 and south >= -90 and north <= 90 and west >= -180 and east <= 360):
        raise ValueError("terrain must lie within -90 to 90 north and -180 to 360 east, with pixels above 0")
    heights = np.array(given, dtype=np.float32, order="C")
    missing = ~np.isfinite(heights)
    if void is not None:
        missing |= np.asarray(void, dtype=bool)
    clutter, zones = _clutter(clutter_m, given.shape), _zones(zone, given.shape)
    if sea_level_m is not None:
        water = missing & (zones == SEA) if zones is not None else np.zeros_like(missing)
        heights[water], missing = sea_level_m, missing & ~water
    heights[missing] = VOID
    if step_m is None:
        sine = math.sin(math.radians((north + south) / 2))
        step_m = math.radians(pixel_lat) * _meridian_radius_m(sine * sine)
    if not step_m > 0:
        raise ValueError(f"step_m must be above 0, not {step_m}")
    return Terrain(
        heights, float(west), float(north), float(pixel_lon), float(pixel_lat), float(step_m), clutter, zones
    )


def _clutter(clutter_m: npt.ArrayLike | None, shape: tuple[int, ...]) -> npt.NDArray[np.float32] | None:
    if clutter_m is None:
        return None
    clutter = np.array(clutter_m, dtype=np.float32, order="C")
    if clutter.shape != shape:
        raise ValueError(f"clutter_m must have the shape of the heights, {shape}, not {clutter.shape}")
    if not (np.isfinite(clutter) & (clutter >= 0)).all():
        raise ValueError("clutter_m must be at least 0 everywhere; a pixel without clutter has 0, not NaN")
    return clutter


def _zones(zone: npt.ArrayLike | None, shape: tuple[int, ...]) -> npt.NDArray[np.uint8] | None:
    if zone is None:
        return None
    given = np.asarray(zone)
    if given.shape != shape:
        raise ValueError(f"zone must have the shape of the heights, {shape}, not {given.shape}")
    if not np.isin(given, (SEA, COASTAL, INLAND)).all():
        raise ValueError("a zone is 1 (sea), 3 (coastal land) or 4 (inland)")
    return np.array(given, dtype=np.uint8, order="C")


def smooth_terrain(
    west: float,
    south: float,
    east: float,
    north: float,
    *,
    zone: int = SEA,
    height_m: float = 0.0,
    step_m: float = 30.0,
) -> Terrain:
    """Give level ground, by default the open sea: paths from a coastal station over water need no elevation data.

    Parameters
    ----------
    west, south, east, north : float
        Degrees, around all transmitters and receivers, with room for the bend of the geodesics between.
    zone : int
        `SEA`, `COASTAL` or `INLAND` of `analysis.p1812`.
    height_m : float
        Above mean sea level, everywhere.
    step_m : float
        As in `terrain`.

    Raises
    ------
    ValueError
        The box is empty or does not lie on the globe, or a value is out of bounds.
    """
    if not (west < east and south < north):
        raise ValueError(f"a box from {west} to {east} east and {south} to {north} north is empty")
    level, zones = np.full((2, 2), height_m), np.full((2, 2), zone)
    return terrain(level, west, north, east - west, north - south, step_m=step_m, zone=zones)


def _meridian_radius_m(sine_2: float) -> float:
    """Radius of curvature north-south, M = a (1 - e²) / (1 - e² sin²φ)^1.5."""
    return SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / (1.0 - ECCENTRICITY_2 * sine_2) ** 1.5


class Way(NamedTuple):
    """A path in pixels: point k of 0 … steps lies at column x + k (ax + k bx) and row y + k (ay + k by)."""

    steps: float
    ax: float
    bx: float
    ay: float
    by: float
    inside: bool


@numba.njit(**INLINE)
def way_over(
    length_m: float,
    lon: float,
    lat: float,
    to_lon: float,
    to_lat: float,
    west: float,
    north: float,
    pixel_lon: float,
    pixel_lat: float,
    step_m: float,
    rows: float,
    columns: float,
) -> Way:
    """Give the way of a path, for kernels.

    Longitude λ and latitude φ along a geodesic, by the share t of its length, obey λ'' = 2 (M/N) tan φ λ' φ' and
    φ'' = -(N/M) sin φ cos φ λ'² - 3 e² sin φ cos φ / (1 - e² sin² φ) φ'² (the geodesic equations of the ellipsoid,
    M and N its radii of curvature). Both are taken as constant, at the middle latitude, which makes the way a parabola:
    off by 0.1 m in the middle of 30 km at 60° N, 1 cm at 10 km.
    """
    east, south = to_lon - lon, lat - to_lat
    sine, cosine = sincos_deg(0.5 * (lat + to_lat))
    round_2 = 1.0 - ECCENTRICITY_2 * sine * sine
    ratio = (1.0 - ECCENTRICITY_2) / round_2  # M / N
    bend_lon = -2.0 * ratio * (sine / cosine) * east * south * _RADIANS
    bend_lat = -sine * cosine * (east * east / ratio + 3.0 * ECCENTRICITY_2 / round_2 * south * south) * _RADIANS
    steps = larger(math.ceil(length_m / step_m), float(FEWEST_STEPS))
    # λ(t) = λ0 + t Δλ - t (1 - t) λ''/2
    ax, bx = (east - 0.5 * bend_lon) / (pixel_lon * steps), 0.5 * bend_lon / (pixel_lon * steps * steps)
    ay, by = (south + 0.5 * bend_lat) / (pixel_lat * steps), -0.5 * bend_lat / (pixel_lat * steps * steps)
    # The parabola leaves the box of its ends by less than an eighth of λ'' and φ''.
    side, top = 0.125 * abs(bend_lon) / pixel_lon, 0.125 * abs(bend_lat) / pixel_lat
    x0, y0 = (lon - west) / pixel_lon, (north - lat) / pixel_lat
    x1, y1 = (to_lon - west) / pixel_lon, (north - to_lat) / pixel_lat
    inside = (
        (smaller(x0, x1) >= side)
        & (larger(x0, x1) <= columns - 1.0 - side)
        & (smaller(y0, y1) >= top)
        & (larger(y0, y1) <= rows - 1.0 - top)
        & (steps <= float(MOST_STEPS))
    )
    return Way(steps, ax, bx, ay, by, inside)


class Scratch(NamedTuple):
    """Room for one profile and the places of the next, for one thread at a time."""

    height: FloatArray
    surface: FloatArray
    clutter: npt.NDArray[np.float32]
    zone: npt.NDArray[np.uint8]
    right: tuple[FloatArray, FloatArray]  # position within the pixel, of this profile and of the next
    down: tuple[FloatArray, FloatArray]
    cell: npt.NDArray[np.int32]
    north_west: npt.NDArray[np.float32]
    north_east: npt.NDArray[np.float32]
    south_west: npt.NDArray[np.float32]
    south_east: npt.NDArray[np.float32]


def scratch(most_steps: int) -> Scratch:
    """Give room for profiles of up to `most_steps` steps."""
    room = most_steps + 1
    corners = (np.zeros(room, np.float32) for _ in range(4))
    right, down = (np.zeros(room), np.zeros(room)), (np.zeros(room), np.zeros(room))
    cover = (np.zeros(room, np.float32), np.zeros(room, np.uint8))
    return Scratch(np.zeros(room), np.zeros(room), *cover, right, down, np.zeros(room, np.int32), *corners)


# The three steps of a profile, for kernels. They take few arrays, since LLVM has every two checked for overlap. Memory
# that was just written one number at a time cannot at once be read as vectors, nor the other way round: whoever has
# many profiles should place the next one between the steps of this.


@numba.njit(**INLINE)
def place(right, down, cell, x, y, ax, bx, ay, by, points, rows, columns):  # type: ignore[no-untyped-def]
    """Find the pixel north-west of every point, and the point's position in it."""
    last_column, last_row = columns - 2.0, rows - 2.0
    width = np.int32(columns)
    for k in range(points):
        column = x + k * (ax + k * bx)
        row = y + k * (ay + k * by)
        i = np.int32(smaller(larger(column, 0.0), last_column))
        j = np.int32(smaller(larger(row, 0.0), last_row))
        right[k] = column - i
        down[k] = row - j
        cell[k] = j * width + i


@numba.njit(**INLINE)
def fetch(heights, columns, points, cell, north_west, north_east, south_west, south_east):  # type: ignore[no-untyped-def]
    """Copy the four pixels around every point: loads whose place depends on data stand alone."""
    width = np.uint64(columns)
    one = np.uint64(1)
    for k in range(points):
        upper = np.uint64(cell[k])
        lower = upper + width
        north_west[k] = heights[upper]
        north_east[k] = heights[upper + one]
        south_west[k] = heights[lower]
        south_east[k] = heights[lower + one]


@numba.njit(**INLINE)
def mix(height, right, down, north_west, north_east, south_west, south_east, points):  # type: ignore[no-untyped-def]
    """Interpolate; tell whether all heights are known, else they mean nothing."""
    lowest = 0.0
    for k in range(points):
        left = 1.0 - right[k]
        above = float(north_west[k]) * left + float(north_east[k]) * right[k]
        below = float(south_west[k]) * left + float(south_east[k]) * right[k]
        mixed = above * (1.0 - down[k]) + below * down[k]
        lowest = smaller(lowest, mixed)
        height[k] = ((mixed * _FINENESS + ROUNDING) - ROUNDING) * (1.0 / _FINENESS)
    return lowest > UNKNOWN_BELOW


@numba.njit(**KERNEL)
def height_at(heights, rows, columns, column, row):  # type: ignore[no-untyped-def]
    """Give the bilinear height at one place in pixels, for kernels; below `UNKNOWN_BELOW` if it is not known."""
    if not (0.0 <= column <= columns - 1.0 and 0.0 <= row <= rows - 1.0):
        return float(VOID)
    i, j = int(min(column, columns - 2.0)), int(min(row, rows - 2.0))
    right, down = column - i, row - j
    at = j * int(columns) + i
    below = at + int(columns)
    upper = float(heights[at]) * (1.0 - right) + float(heights[at + 1]) * right
    lower = float(heights[below]) * (1.0 - right) + float(heights[below + 1]) * right
    return upper * (1.0 - down) + lower * down


def path_length_m(lon: float, lat: float, to_lon: float, to_lat: float) -> float:
    """Give the geodesic length of a path as the kernels take it: at least `SHORTEST_M`."""
    ends = ecef_m([lon, to_lon], [lat, to_lat])
    return max(float(geodesic_from_chord(float(np.sqrt(((ends[0] - ends[1]) ** 2).sum())))), SHORTEST_M)
