"""Distances on the CGCS2000 ellipsoid without a projection: straight chords through the earth, and back.

Two points on the ellipsoid (height 0) lie a straight chord *c* apart in earth-centred coordinates. The
geodesic between them is longer by the arc's bulge, ``d = c + c³ / 24R²`` (the first terms of
``2R·asin(c / 2R)``, the arc of a circle of radius R over its chord). So "is it within r metres?" is one
comparison of squared chords.

Which R: the radius of curvature along a geodesic lies between 6335.4 km (north-south at the equator) and
6399.6 km (at the poles). One constant in the middle, 6367 km, keeps the formula the same for every pair, so
that a shorter chord always is a shorter distance. The price, measured against Karney's geodesic (2013,
J. Geodesy 87, 43-55, as in ``pyproj.Geod``) over all latitudes and directions:

==============  =======  =======  =======  =======  ========  ==========================
true distance   10 km    20 km    40 km    100 km   5000 km   beyond
largest error   0.01 mm  0.09 mm  0.7 mm   11 mm    0.03 %    4 % (near the antipode)
==============  =======  =======  =======  =======  ========  ==========================

Numbers that are printed come from `geodesic_distance_m`, which has no such error.

The functions marked *for kernels* are compiled and may be called from other compiled functions. numba's
cache does not notice that a called function changed in another file: after an edit here, delete the
``__pycache__`` folders.
"""

from __future__ import annotations

import math

import numba
import numpy as np
import numpy.typing as npt
from pyproj import Geod

FloatArray = npt.NDArray[np.float64]

# GB 22021-2008 and EPSG:7024.
SEMI_MAJOR_M = 6_378_137.0
INVERSE_FLATTENING = 298.257222101
FLATTENING = 1.0 / INVERSE_FLATTENING
ECCENTRICITY_2 = FLATTENING * (2.0 - FLATTENING)
# The smallest radius of curvature anywhere: along the meridian at the equator, a(1 - e²).
SMALLEST_CURVATURE_RADIUS_M = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2)

ARC_RADIUS_M = 6_367_000.0
# Up to here two terms of the arc are right to 0.03 mm; beyond, the full arcsine is used.
SERIES_LIMIT_M = 100_000.0

_BULGE = 1.0 / (24.0 * ARC_RADIUS_M**2)
_RADIANS = math.pi / 180.0


@numba.njit(nogil=True, cache=True)
def sincos_deg(degrees: float) -> tuple[float, float]:
    """Sine and cosine of an angle in degrees, for kernels.

    The angle is brought to ±45° in degrees, where that is exact, and the Taylor series is summed there up to
    x¹⁷ (its remainder is below 1e-17). Unlike the C library's it gives the same bits on every machine, exact
    values at multiples of 90°, and compiles to vector instructions.
    """
    quarter = math.floor(degrees * (1.0 / 90.0) + 0.5)
    x = (degrees - 90.0 * quarter) * _RADIANS
    q = x * x
    # sum of (-1)^k q^k / (2k+1)! and / (2k)!, by Horner: each bracket divides by the next two factors.
    s = 1.0 - q * (1.0 / 272.0)
    s = 1.0 - q * s * (1.0 / 210.0)
    s = 1.0 - q * s * (1.0 / 156.0)
    s = 1.0 - q * s * (1.0 / 110.0)
    s = 1.0 - q * s * (1.0 / 72.0)
    s = 1.0 - q * s * (1.0 / 42.0)
    s = 1.0 - q * s * (1.0 / 20.0)
    s = x * (1.0 - q * s * (1.0 / 6.0))
    c = 1.0 - q * (1.0 / 240.0)
    c = 1.0 - q * c * (1.0 / 182.0)
    c = 1.0 - q * c * (1.0 / 132.0)
    c = 1.0 - q * c * (1.0 / 90.0)
    c = 1.0 - q * c * (1.0 / 56.0)
    c = 1.0 - q * c * (1.0 / 30.0)
    c = 1.0 - q * c * (1.0 / 12.0)
    c = 1.0 - q * c * 0.5
    # Swap the two on odd quarters of the turn, then set the signs; without branches, for vector instructions.
    half = math.floor(quarter * 0.5)
    odd = quarter - 2.0 * half
    sign = 1.0 - 2.0 * (half - 2.0 * math.floor(half * 0.5))
    sine = c if odd != 0.0 else s
    cosine = s if odd != 0.0 else c
    return sign * sine, (sign - 2.0 * odd * sign) * cosine


@numba.njit(nogil=True, cache=True)
def ecef(lon: float, lat: float) -> tuple[float, float, float]:
    """Earth-centred x, y, z in metres of a point (degrees) on the ellipsoid (h = 0), for kernels.

    With N = a / sqrt(1 - e² sin²φ): x = N cosφ cosλ, y = N cosφ sinλ, z = N (1 - e²) sinφ (EPSG method 9602).
    Rounding is below 0.01 µm.
    """
    sin_lat, cos_lat = sincos_deg(lat)
    sin_lon, cos_lon = sincos_deg(lon)
    normal = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY_2 * sin_lat * sin_lat)
    across = normal * cos_lat
    return across * cos_lon, across * sin_lon, normal * (1.0 - ECCENTRICITY_2) * sin_lat


@numba.njit(nogil=True, cache=True)
def geodesic_from_chord(chord_m: float) -> float:
    """Length over the ground of a chord, both in metres, for kernels. Never shorter than the chord."""
    if chord_m <= SERIES_LIMIT_M:
        return chord_m * (1.0 + chord_m * chord_m * _BULGE)
    return 2.0 * ARC_RADIUS_M * math.asin(min(1.0, chord_m / (2.0 * ARC_RADIUS_M)))


@numba.njit(nogil=True, cache=True)
def chord_from_geodesic(geodesic_m: float) -> float:
    """Chord under a length over the ground, both in metres (>= 0), for kernels; the inverse of the above.

    A length of half the earth's girth or more gives infinity: every point of the earth lies within it.
    """
    if geodesic_m >= math.pi * ARC_RADIUS_M:
        return math.inf
    if geodesic_m <= 1.01 * SERIES_LIMIT_M:
        chord = geodesic_m
        for _ in range(3):  # Newton on c + c³/24R² = d; the guess is right to 1e-5, each step squares that
            chord -= (chord + chord**3 * _BULGE - geodesic_m) / (1.0 + 3.0 * chord * chord * _BULGE)
        if chord <= SERIES_LIMIT_M:
            return chord
    return 2.0 * ARC_RADIUS_M * math.sin(geodesic_m / (2.0 * ARC_RADIUS_M))


@numba.njit(nogil=True, cache=True)
def _ecef_rows(lon: FloatArray, lat: FloatArray, xyz: FloatArray) -> None:
    for i in range(lon.size):
        xyz[i, 0], xyz[i, 1], xyz[i, 2] = ecef(lon[i], lat[i])


def ecef_m(lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
    """Earth-centred coordinates of points on the ellipsoid (h = 0).

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        Degrees east and north, CGCS2000; within [-180, 180] and [-90, 90]. NaN gives NaN.

    Returns
    -------
    numpy.ndarray, shape (n, 3), float64
        Metres.
    """
    lon = np.ascontiguousarray(lon, dtype=np.float64)
    lat = np.ascontiguousarray(lat, dtype=np.float64)
    xyz = np.full((lon.size, 3), np.nan)
    here = np.isfinite(lon) & np.isfinite(lat)
    if here.all():
        _ecef_rows(lon, lat, xyz)
    else:
        part = np.empty((int(here.sum()), 3))
        _ecef_rows(lon[here], lat[here], part)
        xyz[here] = part
    return xyz


def geodesic_distance_m(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike
) -> FloatArray:
    """Geodesic distance pair by pair, for numbers that are printed (right to a nanometre; 0.5 µs a pair).

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : array_like, shape (n,)
        Degrees east and north, CGCS2000. A NaN in any of them gives NaN.

    Returns
    -------
    numpy.ndarray, shape (n,), float64
        Metres on the CGCS2000 ellipsoid.
    """
    # Geod.inv writes into what it is given, so it gets copies.
    a, b, c, d = (np.array(end, dtype=np.float64, ndmin=1) for end in (lon1, lat1, lon2, lat2))
    geod = Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)
    return np.asarray(geod.inv(a, b, c, d)[2], dtype=np.float64)
