"""What the terrain makes of a path: radio horizons, the smooth Earth, effective heights (Attachment 1 to Annex 1)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .profile import PathProfile

WAVE_SPEED = 0.2998  # m · GHz, as the validation results take it


class Horizons(NamedTuple):
    """Radio horizons of the two terminals, or for a clear path its nearest obstruction.

    Distances d_lt, d_lr in km, elevation and path angles in mrad; `first`, `last` are the horizons' profile points.
    """

    clear: bool
    d_lt: float
    d_lr: float
    theta_t: float
    theta_r: float
    theta: float
    first: int
    last: int


class SmoothEarth(NamedTuple):
    """Heights (m above mean sea level unless said otherwise) of the smooth surface that stands for the terrain."""

    hst: float  # the fitted surface under the transmitter
    hsr: float
    hst_rough: float  # not above the ground: for ducting and roughness
    hsr_rough: float
    hstd: float  # clear of the obstacles: for diffraction
    hsrd: float
    hte: float  # antennas above the surface, m
    hre: float
    hm: float  # terrain roughness, m


def bulge_m(d: np.ndarray, length_km: float, radius_km: float) -> np.ndarray:
    """Give how far the Earth rises above the chord of the path, in m."""
    return 500.0 / radius_km * d * (length_km - d)


def obstruction(
    d: np.ndarray, surface_m: np.ndarray, hts: float, hrs: float, radius_km: float, frequency_ghz: float
) -> np.ndarray:
    """Give the diffraction parameter ν of every intermediate point (eq. 15); above 0 it cuts the ray."""
    length = float(d[-1])
    inner = d[1:-1]
    left = length - inner
    over = surface_m[1:-1] + bulge_m(inner, length, radius_km) - (hts * left + hrs * inner) / length
    return over * np.sqrt(0.002 * length * frequency_ghz / (WAVE_SPEED * inner * left))


def horizons(profile: PathProfile, hts: float, hrs: float, radius_km: float, frequency_ghz: float) -> Horizons:
    """Find the horizons over bare terrain for the median Earth radius (§4 of Attachment 1, eq. 76 to 82)."""
    d, h, length = profile.distance_km, profile.height_m, profile.length_km
    inner, left = d[1:-1], length - d[1:-1]

    def elevation(rise_m: np.ndarray | float, away_km: np.ndarray | float) -> np.ndarray:
        return 1e3 * np.arctan(rise_m / (1e3 * np.asarray(away_km)) - np.asarray(away_km) / (2 * radius_km))

    from_tx = elevation(h[1:-1] - hts, inner)
    ray_t, ray_r = float(elevation(hrs - hts, length)), float(elevation(hts - hrs, length))
    clear = not float(from_tx.max()) > ray_t
    if clear:
        nu = obstruction(d, h, hts, hrs, radius_km, frequency_ghz)
        first = last = len(nu) - int(np.argmax(nu[::-1]))
        theta_t, theta_r = ray_t, ray_r
    else:
        from_rx = elevation(h[1:-1] - hrs, left)
        first = 1 + int(np.argmax(from_tx))
        last = len(from_rx) - int(np.argmax(from_rx[::-1]))
        theta_t, theta_r = float(from_tx.max()), float(from_rx.max())
    theta = 1e3 * length / radius_km + theta_t + theta_r
    return Horizons(clear, float(d[first]), length - float(d[last]), theta_t, theta_r, theta, first, last)


def smooth_earth(profile: PathProfile, hts: float, hrs: float, seen: Horizons) -> SmoothEarth:
    """Fit the smooth Earth and derive the effective heights (§5.6 of Attachment 1, eq. 83 to 93)."""
    d, h, length = profile.distance_km, profile.height_m, profile.length_km
    step, low, high = np.diff(d), h[:-1], h[1:]
    area = float((step * (high + low)).sum())
    moment = float((step * (high * (2 * d[1:] + d[:-1]) + low * (d[1:] + 2 * d[:-1]))).sum())
    hst = (2 * area * length - moment) / length**2
    hsr = (moment - area * length) / length**2

    inner, left = d[1:-1], length - d[1:-1]
    over = h[1:-1] - (hts * left + hrs * inner) / length
    highest = float(over.max())
    hstd, hsrd = hst, hsr
    if highest > 0:
        slope_t, slope_r = float((over / inner).max()), float((over / left).max())
        hstd -= highest * slope_t / (slope_t + slope_r)
        hsrd -= highest * slope_r / (slope_t + slope_r)

    ground_t, ground_r = float(h[0]), float(h[-1])
    rough_t, rough_r = min(hst, ground_t), min(hsr, ground_r)
    between = slice(min(seen.first, seen.last), max(seen.first, seen.last) + 1)
    hm = float((h[between] - (rough_t + (rough_r - rough_t) / length * d[between])).max())
    return SmoothEarth(
        *(hst, hsr, rough_t, rough_r, min(hstd, ground_t), min(hsrd, ground_r)),
        *(hts - rough_t, hrs - rough_r, hm),
    )


def marginal_distance_km(radius_km: float, one_m: float, other_m: float) -> float:
    """Give the distance at which two antennas over a smooth Earth just see each other (eq. 22)."""
    return math.sqrt(2 * radius_km) * (math.sqrt(1e-3 * one_m) + math.sqrt(1e-3 * other_m))
