"""Diffraction by the delta-Bullington construction (§4.3): terrain as one edge, corrected for the round Earth."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .geometry import WAVE_SPEED, bulge_m, marginal_distance_km, obstruction

_LAND = (22.0, 0.003)  # relative permittivity, conductivity in S/m
_SEA = (80.0, 5.0)


class Diffraction(NamedTuple):
    """Losses in dB: the whole, and its parts over the actual path, the smooth path, and the spherical Earth."""

    total: float
    actual: float
    smooth: float
    spherical: float


def delta_bullington(
    d: np.ndarray,
    surface_m: np.ndarray,
    antennas_m: tuple[float, float],
    above_smooth_m: tuple[float, float],
    radius_km: float,
    frequency_ghz: float,
    sea_fraction: float,
    vertical: bool,
) -> Diffraction:
    """Give the diffraction loss for one effective Earth radius (§4.3.4, eq. 37 to 39).

    Parameters
    ----------
    d : numpy.ndarray
        Distances of the profile, km.
    surface_m : numpy.ndarray
        Ground plus clutter, m above mean sea level.
    antennas_m, above_smooth_m : tuple of float
        Transmitter and receiver: m above mean sea level, and m above the smooth Earth.
    radius_km, frequency_ghz, sea_fraction : float
    vertical : bool
        Polarisation.
    """
    actual = bullington(d, surface_m, *antennas_m, radius_km, frequency_ghz)
    smooth = bullington(d, np.zeros(len(d)), *above_smooth_m, radius_km, frequency_ghz)
    spherical = spherical_earth(float(d[-1]), *above_smooth_m, radius_km, frequency_ghz, sea_fraction, vertical)
    return Diffraction(actual + max(spherical - smooth, 0.0), actual, smooth, spherical)


def knife_edge(nu: float) -> float:
    """Give J(ν) in dB (eq. 12)."""
    if nu <= -0.78:
        return 0.0
    return 6.9 + 20 * math.log10(math.hypot(nu - 0.1, 1) + nu - 0.1)


def bullington(
    d: np.ndarray, surface_m: np.ndarray, hts: float, hrs: float, radius_km: float, frequency_ghz: float
) -> float:
    """Give the Bullington loss (§4.3.1): terrain replaced by the edge where the two horizon rays meet."""
    length = float(d[-1])
    inner, left = d[1:-1], length - d[1:-1]
    top = surface_m[1:-1] + bulge_m(inner, length, radius_km)
    rise_t = float(((top - hts) / inner).max())
    if rise_t < (hrs - hts) / length:
        nu = float(obstruction(d, surface_m, hts, hrs, radius_km, frequency_ghz).max())
    else:
        rise_r = float(((top - hrs) / left).max())
        at = (hrs - hts + rise_r * length) / (rise_t + rise_r)
        over = hts + rise_t * at - (hts * (length - at) + hrs * at) / length
        nu = over * math.sqrt(0.002 * length * frequency_ghz / (WAVE_SPEED * at * (length - at)))
    edge = knife_edge(nu)
    return edge - math.expm1(-edge / 6) * (10 + 0.02 * length)


def spherical_earth(
    length: float, hte: float, hre: float, radius_km: float, frequency_ghz: float, sea_fraction: float, vertical: bool
) -> float:
    """Give the loss over a smooth sphere (§4.3.2) for antennas `hte`, `hre` m above it and a path of `length` km."""
    if length >= marginal_distance_km(radius_km, hte, hre):
        return _first_term(length, hte, hre, radius_km, frequency_ghz, sea_fraction, vertical)
    lean = (hte - hre) / (hte + hre)
    m = 250 * length**2 / (radius_km * (hte + hre))
    turn = math.acos(max(-1.0, min(1.0, 1.5 * lean * math.sqrt(3 * m / (m + 1) ** 3))))
    b = 2 * math.sqrt((m + 1) / (3 * m)) * math.cos((math.pi + turn) / 3)
    one = length / 2 * (1 + b)
    other = length - one
    clearance = (hte - 500 * one**2 / radius_km) * other + (hre - 500 * other**2 / radius_km) * one
    clearance /= length
    required = 17.456 * math.sqrt(one * other * WAVE_SPEED / (frequency_ghz * length))
    if clearance > required:
        return 0.0
    grazing_km = 500 * (length / (math.sqrt(hte) + math.sqrt(hre))) ** 2
    loss = _first_term(length, hte, hre, grazing_km, frequency_ghz, sea_fraction, vertical)
    return (1 - clearance / required) * max(loss, 0.0)


def _first_term(
    length: float, hte: float, hre: float, radius_km: float, frequency_ghz: float, sea_fraction: float, vertical: bool
) -> float:
    """Give the first term of the residue series (§4.3.3, eq. 28), land and sea weighted."""
    land, sea = (_over_ground(length, hte, hre, radius_km, frequency_ghz, ground, vertical) for ground in (_LAND, _SEA))
    return sea_fraction * sea + (1 - sea_fraction) * land


def _over_ground(
    length: float,
    hte: float,
    hre: float,
    radius_km: float,
    frequency_ghz: float,
    ground: tuple[float, float],
    vertical: bool,
) -> float:
    """Give eq. 29 to 36 for one kind of ground."""
    permittivity, conductivity = ground
    loss_term = 18 * conductivity / frequency_ghz
    k = 0.036 * (radius_km * frequency_ghz) ** (-1 / 3) / math.sqrt(math.hypot(permittivity - 1, loss_term))
    if vertical:
        k *= math.hypot(permittivity, loss_term)
    beta = (1 + 1.6 * k**2 + 0.67 * k**4) / (1 + 4.5 * k**2 + 1.53 * k**4)
    x = 21.88 * beta * (frequency_ghz / radius_km**2) ** (1 / 3) * length
    by_distance = 11 + 10 * math.log10(x) - 17.6 * x if x >= 1.6 else -20 * math.log10(x) - 5.6488 * x**1.425
    height_scale = 0.9575 * beta * (frequency_ghz**2 / radius_km) ** (1 / 3)
    return -by_distance - sum(_height_gain(beta * height_scale * height, k) for height in (hte, hre))


def _height_gain(b: float, k: float) -> float:
    """Give G(Y) (eq. 34), not below what the ground's own admittance allows."""
    if b > 2:
        gain = 17.6 * math.sqrt(b - 1.1) - 5 * math.log10(b - 1.1) - 8
    else:
        gain = 20 * math.log10(b + 0.1 * b**3)
    return max(gain, 2 + 20 * math.log10(k))
