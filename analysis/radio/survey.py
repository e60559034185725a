"""What one profile in equal steps tells the model: its horizons, its smooth Earth, its obstructions.

The same quantities as `analysis.p1812.geometry`, found with loops over the heights that compile to vector instructions:
distances are counted in steps, and the divisions by them stand in tables. Rises are in m per step.

A profile without clutter needs each rise but once: with h the heights, i the point, N the last, δ the step in km and
c = 500 δ² / a, the elevation of point i (eq. 77) is (h - hts)/i - c i, and the Bullington rise over the round
Earth (eq. 13) the same plus c N.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .elementary import INLINE, larger

FloatArray = npt.NDArray[np.float64]


class Tables(NamedTuple):
    """1/i and 1/√i for the points of a profile, and both backwards: ``x_back[most - N + i]`` is that of N - i."""

    inverse: FloatArray
    inverse_back: FloatArray
    root: FloatArray
    root_back: FloatArray


def tables(most_steps: int) -> Tables:
    """Make the tables for profiles of up to `most_steps` steps."""
    inverse = np.concatenate([[0.0], 1.0 / np.arange(1.0, most_steps + 1.0)])
    root = np.sqrt(inverse)
    return Tables(inverse, inverse[::-1].copy(), root, root[::-1].copy())


@numba.njit(**{**INLINE, "fastmath": {"nnan", "nsz", "reassoc"}})
def _sums(h, n):  # type: ignore[no-untyped-def]
    """Give Σ h and Σ i h of the points between the ends; exact, hence the same in any order (see `terrain`)."""
    plain, weighted = 0.0, 0.0
    for i in range(1, n):
        plain += h[i]
        weighted += i * h[i]
    return plain, weighted


@numba.njit(**INLINE)
def _rises(h, n, hts, hrs, slope, c, inverse, back, shift):  # type: ignore[no-untyped-def]
    """Give the steepest rises from both ends, over flat and over round Earth, and the most above the straight line."""
    flat_t = flat_r = rise_t = rise_r = most = -1e30
    for i in range(1, n):
        above_t = h[i] - hts
        from_t = above_t * inverse[i]
        from_r = (h[i] - hrs) * back[shift + i]
        flat_t = larger(flat_t, from_t)
        flat_r = larger(flat_r, from_r)
        rise_t = larger(rise_t, from_t - c * i)
        rise_r = larger(rise_r, from_r - c * (n - i))
        most = larger(most, above_t - slope * i)
    return flat_t, flat_r, rise_t, rise_r, most


@numba.njit(**INLINE)
def _rises_over(h, n, hts, hrs, c, inverse, back, shift):  # type: ignore[no-untyped-def]
    """Give the steepest rises from both ends over an Earth of another radius."""
    rise_t = rise_r = -1e30
    for i in range(1, n):
        rise_t = larger(rise_t, (h[i] - hts) * inverse[i] - c * i)
        rise_r = larger(rise_r, (h[i] - hrs) * back[shift + i] - c * (n - i))
    return rise_t, rise_r


@numba.njit(**INLINE)
def _horizon_points(h, n, hts, hrs, c, inverse, back, shift, rise_t, rise_r):  # type: ignore[no-untyped-def]
    """Give the first point of the transmitter's horizon and the last of the receiver's."""
    first, last = np.int64(n), np.int64(0)
    for i in range(1, n):
        first = min(first, i if (h[i] - hts) * inverse[i] - c * i == rise_t else np.int64(n))
        last = max(last, i if (h[i] - hrs) * back[shift + i] - c * (n - i) == rise_r else np.int64(0))
    return first, last


@numba.njit(**INLINE)
def _obstruction(h, n, hts, slope, c, root, back, shift):  # type: ignore[no-untyped-def]
    """Give the most of ν (eq. 15) over a factor that all points share."""
    most = -1e30
    for i in range(1, n):
        most = larger(most, (h[i] - hts - slope * i + c * i * (n - i)) * root[i] * back[shift + i])
    return most


@numba.njit(**INLINE)
def _obstruction_point(h, n, hts, slope, c, root, back, shift, most):  # type: ignore[no-untyped-def]
    last = np.int64(0)
    for i in range(1, n):
        here = (h[i] - hts - slope * i + c * i * (n - i)) * root[i] * back[shift + i]
        last = max(last, i if here == most else np.int64(0))
    return last


@numba.njit(**INLINE)
def _roughness(h, first, last, start, slope):  # type: ignore[no-untyped-def]
    """Give h_m (eq. 90): the most that the ground between the horizons rises above the smooth surface."""
    most = -1e30
    for i in range(first, last + 1):
        most = larger(most, h[i] - (start + slope * i))
    return most


@numba.njit(**INLINE)
def smooth_obstruction(n, start, end, c, root, back, shift):  # type: ignore[no-untyped-def]
    """Give the most of ν over a smooth Earth for antennas `start` and `end` m above it, over the shared factor."""
    most = -1e30
    slope = (end - start) / n
    for i in range(1, n):
        most = larger(most, (c * i * (n - i) - start - slope * i) * root[i] * back[shift + i])
    return most


@numba.njit(**INLINE)
def edge(h, n, hts, hrs, c, inverse, back, root, root_back):  # type: ignore[no-untyped-def]
    """Give what the Bullington edge (§4.3.1) of the surface `h` needs: clear, rises from both ends, most of ν if clear.

    Parameters as in `survey`; the rises lack c N, which those over the round Earth have (see the module).
    """
    shift = inverse.size - 1 - n
    slope = (hrs - hts) / n
    nu = 0.0
    rise_t, rise_r = _rises_over(h, n, hts, hrs, c, inverse, back, shift)
    clear = rise_t + c * n < slope
    if clear:
        nu = _obstruction(h, n, hts, slope, c, root, root_back, shift)
    return clear, rise_t, rise_r, nu


@numba.njit(**INLINE)
def worst_obstruction(h, n, hts, hrs, c, root, root_back):  # type: ignore[no-untyped-def]
    """Give the most of ν (eq. 15) over the surface `h`, over the factor that all points share."""
    return _obstruction(h, n, hts, (hrs - hts) / n, c, root, root_back, root.size - 1 - n)


class Survey(NamedTuple):
    """What a profile tells; m, km, and rises in m per step. Names as in `analysis.p1812.geometry`."""

    clear: bool
    rise_t: float  # of the horizons over the median Earth
    rise_r: float
    nu: float  # where clear: most of ν over the shared factor
    first: float  # points of the horizons
    last: float
    hstd: float
    hsrd: float
    rough_t: float  # h_st and h_sr not above the ground
    rough_r: float
    hm: float
    clear_b: bool  # the same for the Earth radius of β0 of the time, where it is asked for
    rise_tb: float
    rise_rb: float
    nu_b: float


@numba.njit(**INLINE)
def survey(h, n, hts, hrs, step_km, c, c_b, ducted, inverse, back, root, root_back):  # type: ignore[no-untyped-def]
    """Survey the profile of n steps in `h`.

    Parameters
    ----------
    h : numpy.ndarray of float64
        Heights, m.
    n : int
        Steps, at least 4.
    hts, hrs : float
        Antennas, m above mean sea level.
    step_km : float
    c, c_b : float
        500 step² / radius for the median Earth and for that of β0 of the time.
    ducted : bool
        Whether the second is needed.
    inverse, back, root, root_back : numpy.ndarray
        The parts of `Tables`.

    Returns
    -------
    Survey
    """
    shift = inverse.size - 1 - n
    slope = (hrs - hts) / n
    flat_t, flat_r, rise_t, rise_r, most = _rises(h, n, hts, hrs, slope, c, inverse, back, shift)
    clear = not rise_t > slope - c * n
    nu = nu_b = 0.0
    clear_b = True
    rise_tb = rise_rb = 0.0
    if clear:
        nu = _obstruction(h, n, hts, slope, c, root, root_back, shift)
        first = last = _obstruction_point(h, n, hts, slope, c, root, root_back, shift, nu)
    else:
        first, last = _horizon_points(h, n, hts, hrs, c, inverse, back, shift, rise_t, rise_r)
    if ducted:
        clear_b, rise_tb, rise_rb, nu_b = edge(h, n, hts, hrs, c_b, inverse, back, root, root_back)

    # eq. 83 to 86 for equal steps: every inner point weighs 2 in the area and 6 d in the moment.
    length = n * step_km
    plain, weighted = _sums(h, n)
    area = step_km * (2.0 * plain + h[0] + h[n])
    moment = step_km * step_km * (6.0 * weighted + h[n] * (3.0 * n - 1.0) + h[0])
    hst = (2.0 * area * length - moment) / (length * length)
    hsr = (moment - area * length) / (length * length)
    hstd, hsrd = hst, hsr
    if most > 0.0:  # eq. 87 to 89
        slope_t, slope_r = flat_t - slope, flat_r + slope
        hstd -= most * slope_t / (slope_t + slope_r)
        hsrd -= most * slope_r / (slope_t + slope_r)
    rough_t, rough_r = min(hst, h[0]), min(hsr, h[n])
    hm = _roughness(h, min(first, last), max(first, last), rough_t, (rough_r - rough_t) / n)
    return Survey(
        clear,
        rise_t,
        rise_r,
        nu,
        float(first),
        float(last),
        min(hstd, h[0]),
        min(hsrd, h[n]),
        rough_t,
        rough_r,
        hm,
        clear_b,
        rise_tb,
        rise_rb,
        nu_b,
    )


@numba.njit(**INLINE)
def rises_above_line(h, n, start, slope, c, every, inverse, back, shift):  # type: ignore[no-untyped-def]
    """Give the steepest rises above the straight line from both ends, of every so-manieth point of a profile.

    ``h[j]`` is the height of point ``j * every``; `n` the steps of the profile, `c` as in `survey`.
    """
    rise_t = rise_r = -1e30
    for j in range(1, (n - 1) // every + 1):
        i = j * every
        over = h[j] - start - slope * i + c * i * (n - i)
        rise_t = larger(rise_t, over * inverse[i])
        rise_r = larger(rise_r, over * back[shift + i])
    return rise_t, rise_r
