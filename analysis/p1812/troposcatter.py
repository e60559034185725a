"""Troposcatter (§4.4)."""

from __future__ import annotations

import math


def scatter_db(frequency_ghz: float, length_km: float, theta_mrad: float, n0: float, time_percent: float) -> float:
    """Give L_bs (eq. 44, 45): the loss by troposcatter not exceeded for `time_percent` of time."""
    by_frequency = 25 * math.log10(frequency_ghz) - 2.5 * math.log10(frequency_ghz / 2) ** 2
    by_time = 10.125 * math.log10(50 / time_percent) ** 0.7
    return 190.1 + by_frequency + 20 * math.log10(length_km) + 0.573 * theta_mrad - 0.15 * n0 - by_time
