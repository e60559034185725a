"""Ducting and layer reflection (§4.5): what carries a signal far beyond the horizon for a small part of the time."""

from __future__ import annotations

import math

from .climate import inland_exposure
from .geometry import Horizons, SmoothEarth
from .profile import Sections


def ducting_db(
    frequency_ghz: float,
    time_percent: float,
    length_km: float,
    antennas_m: tuple[float, float],
    seen: Horizons,
    smooth: SmoothEarth,
    split: Sections,
    radius_km: float,
    beta0: float,
) -> float:
    """Give L_ba (eq. 46).

    Parameters
    ----------
    frequency_ghz, time_percent, length_km : float
    antennas_m : tuple of float
        h_ts, h_rs, m above mean sea level.
    seen, smooth, split
        Horizons, smooth Earth and zones of the path; coast distances of `split` as the link has them.
    radius_km : float
        Median effective Earth radius a_e.
    beta0 : float
        Incidence of ducts, %.
    """
    coupling = 102.45 + 20 * math.log10(frequency_ghz) + 20 * math.log10(seen.d_lt + seen.d_lr)
    if frequency_ghz < 0.5:
        coupling += 45.375 - 137.0 * frequency_ghz + 92.5 * frequency_ghz**2
    coupling += _shielding(frequency_ghz, seen.theta_t, seen.d_lt) + _shielding(frequency_ghz, seen.theta_r, seen.d_lr)
    if split.sea_fraction >= 0.75:
        coupling += _sea_coupling(split.tx_to_coast_km, seen.d_lt, antennas_m[0])
        coupling += _sea_coupling(split.rx_to_coast_km, seen.d_lr, antennas_m[1])

    angle = 1e3 * length_km / radius_km
    angle += min(seen.theta_t, 0.1 * seen.d_lt) + min(seen.theta_r, 0.1 * seen.d_lr)
    per_mrad = 5e-5 * radius_km * frequency_ghz ** (1 / 3)
    beta = beta0 * _path_geometry(length_km, smooth, split, radius_km) * _roughness(length_km, seen, smooth)
    return coupling + per_mrad * angle + _by_time(time_percent, beta, length_km)


def _shielding(frequency_ghz: float, theta: float, to_horizon_km: float) -> float:
    """Give the loss by the site's own shield, A_s (eq. 48)."""
    above = theta - 0.1 * to_horizon_km
    if above <= 0:
        return 0.0
    diffracted = 20 * math.log10(1 + 0.361 * above * math.sqrt(frequency_ghz * to_horizon_km))
    return diffracted + 0.264 * above * frequency_ghz ** (1 / 3)


def _sea_coupling(to_coast_km: float, to_horizon_km: float, antenna_m: float) -> float:
    """Give the gain of coupling into a duct over the sea near the coast, A_c (eq. 49)."""
    if to_coast_km > min(5.0, to_horizon_km):
        return 0.0
    return -3 * math.exp(-0.25 * to_coast_km**2) * (1 + math.tanh(0.07 * (50 - antenna_m)))


def _path_geometry(length_km: float, smooth: SmoothEarth, split: Sections, radius_km: float) -> float:
    """Give μ2 (eq. 55)."""
    alpha = -0.6 - 3.5e-9 * length_km**3.1 * inland_exposure(split.longest_inland_km)
    spread = (length_km / (math.sqrt(smooth.hte) + math.sqrt(smooth.hre))) ** 2
    return min((500 / radius_km * spread) ** max(alpha, -3.4), 1.0)


def _roughness(length_km: float, seen: Horizons, smooth: SmoothEarth) -> float:
    """Give μ3 (eq. 56)."""
    if smooth.hm <= 10:
        return 1.0
    between_km = min(length_km - seen.d_lt - seen.d_lr, 40.0)
    return math.exp(-4.6e-5 * (smooth.hm - 10) * (43 + 6 * between_km))


def _by_time(time_percent: float, beta: float, length_km: float) -> float:
    """Give A(p) (eq. 53)."""
    log_beta = math.log10(beta)
    bend = (9.51 - 4.8 * log_beta + 0.198 * log_beta**2) * 1e-6 * length_km**1.13
    gamma = 1.076 / (2.0058 - log_beta) ** 1.012 * math.exp(-bend)
    ratio = time_percent / beta
    return -12 + (1.2 + 3.7e-3 * length_km) * math.log10(ratio) + 12 * ratio**gamma
