"""The sector antenna of 3GPP: how much weaker it radiates off its boresight.

3GPP TR 38.901 Table 7.3-1, with its beam widths and limits as parameters:

- vertical cut A_V = -min(12 (δ / θ_3dB)², SLA_V), δ the angle below the antenna's own horizon;
- horizontal cut A_H = -min(12 (φ / φ_3dB)², A_max);
- both A = -min(-(A_V + A_H), A_max).

Electrical tilt bends the beam down by the same angle all around: δ is counted from it (3GPP TR 36.814 Table
A.2.1.1-2). Mechanical tilt turns the whole antenna about its horizontal axis, exactly (TR 38.901 §7.1, rotation by the
bearing angle α and the downtilt angle β): it lowers the front, raises the back, and leaves the sides.

An antenna of unknown azimuth counts as one that radiates alike all around, with both tilts in every direction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .elementary import INLINE, KERNEL, arctan2, larger, smaller

FloatArray = npt.NDArray[np.float64]

_DEGREES = 180.0 / math.pi
_COS_20 = math.cos(math.radians(20.0))


class Pattern(NamedTuple):
    """An antenna for kernels: sines and cosines of its pose, degrees, dB."""

    round: float  # 1: alike all around
    sin_azimuth: float
    cos_azimuth: float
    sin_tilt: float
    cos_tilt: float
    electrical: float
    per_horizontal: float  # 1 over the beam width
    per_vertical: float
    most: float
    side_lobe: float


@dataclass(frozen=True)
class Antenna:
    """A sector antenna and the way it points.

    Attributes
    ----------
    azimuth_deg : float or None
        Of the boresight, clockwise from north; None: unknown, alike all around.
    mechanical_tilt_deg, electrical_tilt_deg : float
        Downwards, -90 to 90.
    horizontal_beam_deg, vertical_beam_deg : float
        Between the directions of half power, above 0; infinity: no dependence.
    front_to_back_db, side_lobe_db : float
        A_max and SLA_V, at least 0.

    Raises
    ------
    ValueError
        A value is out of bounds.
    """

    azimuth_deg: float | None = None
    mechanical_tilt_deg: float = 0.0
    electrical_tilt_deg: float = 0.0
    horizontal_beam_deg: float = 65.0
    vertical_beam_deg: float = 65.0
    front_to_back_db: float = 30.0
    side_lobe_db: float = 30.0

    def __post_init__(self) -> None:
        if self.azimuth_deg is not None and not -360 <= self.azimuth_deg <= 360:
            raise ValueError(f"azimuth_deg must be -360 to 360, not {self.azimuth_deg}")
        for name in ("mechanical_tilt_deg", "electrical_tilt_deg"):
            if not -90 <= getattr(self, name) <= 90:
                raise ValueError(f"{name} must be -90 to 90, not {getattr(self, name)}")
        for name in ("horizontal_beam_deg", "vertical_beam_deg"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, not {getattr(self, name)}")
        for name in ("front_to_back_db", "side_lobe_db"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be at least 0, not {getattr(self, name)}")

    def pattern(self) -> Pattern:
        """Give what kernels need."""
        azimuth, tilt = math.radians(self.azimuth_deg or 0.0), math.radians(self.mechanical_tilt_deg)
        return Pattern(
            1.0 if self.azimuth_deg is None else 0.0,
            math.sin(azimuth),
            math.cos(azimuth),
            math.sin(tilt),
            math.cos(tilt),
            float(self.electrical_tilt_deg),
            1.0 / self.horizontal_beam_deg,
            1.0 / self.vertical_beam_deg,
            float(self.front_to_back_db),
            float(self.side_lobe_db),
        )

    def attenuation_db(self, azimuth_deg: npt.ArrayLike, elevation_deg: npt.ArrayLike) -> FloatArray:
        """Give A in dB (0 at boresight, negative elsewhere) towards directions; arrays of shapes that fit.

        Parameters
        ----------
        azimuth_deg : array_like
            Clockwise from north.
        elevation_deg : array_like
            Above the horizon, -90 to 90.
        """
        azimuth, elevation = np.broadcast_arrays(np.radians(azimuth_deg), np.radians(elevation_deg))
        flat = np.cos(elevation)
        out = np.empty(azimuth.shape)
        _attenuations(
            *((flat * np.sin(azimuth)).ravel(), (flat * np.cos(azimuth)).ravel(), np.sin(elevation).ravel()),
            self.pattern(),
            out.reshape(-1),
        )
        return out


@numba.njit(**INLINE)
def attenuation(east: float, north: float, up: float, antenna: Pattern) -> float:
    """Give A in dB towards the direction (east, north, up), which may have any length; for kernels."""
    away = math.sqrt(east * east + north * north)
    ahead = north * antenna.cos_azimuth + east * antenna.sin_azimuth
    aside = east * antenna.cos_azimuth - north * antenna.sin_azimuth
    ahead = away if antenna.round > 0.0 else ahead
    aside = 0.0 if antenna.round > 0.0 else aside
    forward = ahead * antenna.cos_tilt - up * antenna.sin_tilt
    upward = ahead * antenna.sin_tilt + up * antenna.cos_tilt
    below = arctan2(-upward, math.sqrt(forward * forward + aside * aside)) * _DEGREES - antenna.electrical
    turned = arctan2(aside, forward) * _DEGREES
    turned = 0.0 if antenna.round > 0.0 else turned
    vertical, horizontal = below * antenna.per_vertical, turned * antenna.per_horizontal
    down = smaller(12.0 * vertical * vertical, antenna.side_lobe)
    return -smaller(down + smaller(12.0 * horizontal * horizontal, antenna.most), antenna.most)


@numba.njit(**INLINE)
def least_attenuation(east: float, north: float, up: float, antenna: Pattern) -> float:
    """Give the highest A in dB towards this direction or any of the same azimuth above it; for kernels.

    Rising from an elevation of up to 45°, a ray rises against an antenna tilted down by up to 20° as well, and turns
    away from its front. So neither cut falls below its value here, but that the beam itself may lie above.
    For other antennas, and for beams under 1° where roundings would tell, it is 0.
    """
    away = math.sqrt(east * east + north * north)
    ahead = north * antenna.cos_azimuth + east * antenna.sin_azimuth
    aside = east * antenna.cos_azimuth - north * antenna.sin_azimuth
    ahead = away if antenna.round > 0.0 else ahead
    aside = 0.0 if antenna.round > 0.0 else aside
    forward = ahead * antenna.cos_tilt - up * antenna.sin_tilt
    upward = ahead * antenna.sin_tilt + up * antenna.cos_tilt
    over = antenna.electrical + arctan2(upward, math.sqrt(forward * forward + aside * aside)) * _DEGREES
    turned = arctan2(aside, forward) * _DEGREES
    turned = 0.0 if antenna.round > 0.0 else turned
    vertical, horizontal = larger(over, 0.0) * antenna.per_vertical, turned * antenna.per_horizontal
    down = smaller(12.0 * vertical * vertical, antenna.side_lobe)
    least = smaller(down + smaller(12.0 * horizontal * horizontal, antenna.most), antenna.most)
    tame = (antenna.sin_tilt >= 0.0) & (antenna.cos_tilt >= _COS_20) & (up <= away)
    tame = tame & (antenna.per_vertical <= 1.0) & (antenna.per_horizontal <= 1.0)
    return -least if tame else 0.0


@numba.njit(**KERNEL)
def _attenuations(east, north, up, antenna, out):  # type: ignore[no-untyped-def]
    for i in range(out.size):
        out[i] = attenuation(east[i], north[i], up[i], antenna)
