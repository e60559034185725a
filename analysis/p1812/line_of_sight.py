"""Free space, and the enhancements of a clear path by focusing and multipath (§4.2)."""

from __future__ import annotations

import math


def free_space_db(frequency_ghz: float, length_km: float, hts: float, hrs: float) -> float:
    """Give L_bfs (eq. 8) over the slant distance between antennas at `hts` and `hrs` m above mean sea level."""
    return 92.4 + 20 * math.log10(frequency_ghz) + 10 * math.log10(length_km**2 + ((hts - hrs) / 1e3) ** 2)


def enhancement_db(percent: float, d_lt: float, d_lr: float) -> float:
    """Give E_s (eq. 9), zero or negative: what multipath and focusing take off the loss for `percent` of time."""
    return -2.6 * math.expm1(-0.1 * (d_lt + d_lr)) * math.log10(percent / 50)
