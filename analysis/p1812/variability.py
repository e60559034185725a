"""Location variability and the normal law behind it (§4.7 to §4.10, Attachment 2 to Annex 1)."""

from __future__ import annotations

import math


def inverse_normal(part: float) -> float:
    """Give I(x) (Attachment 2): the deviation exceeded with probability `part`, by the Recommendation's fit."""
    x = min(max(part, 1e-6), 1 - 1e-6)
    if x > 0.5:
        return -_tail(1 - x)
    return _tail(x)


def _tail(x: float) -> float:
    t = math.sqrt(-2 * math.log(x))
    fit = (0.010328 * t + 0.802853) * t + 2.515516698
    return t - fit / (((0.001308 * t + 0.189269) * t + 1.432788) * t + 1)


def location_sigma_db(frequency_ghz: float, resolution_m: float, antenna_m: float, clutter_m: float) -> float:
    """Give σ_L (§4.8): it fades out as the antenna rises from the top of the clutter to 10 m above it."""
    fade = min(max(1 - (antenna_m - clutter_m) / 10, 0.0), 1.0)
    return (0.52 + 0.024 * frequency_ghz) * resolution_m**0.28 * fade
