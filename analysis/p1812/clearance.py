"""How high the ground stands against the line of sight, and how much room the first Fresnel zone wants there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .geometry import WAVE_SPEED, bulge_m, obstruction
from .profile import PathProfile

# Of the first Fresnel zone: what a clear path keeps free. It is ν = -0.85, where eq. 12 counts no loss any more.
FREE_SHARE = 0.6


class Clearance(NamedTuple):
    """One point of a path against the straight line between the antennas.

    Attributes
    ----------
    point : int
        Place in the profile.
    distance_km : float
        From the transmitter.
    above_m : float
        How far ground and clutter rise above the line over the bulging Earth; negative: they stay below it.
    zone_m : float
        0.6 of the radius of the first Fresnel zone there.
    """

    point: int
    distance_km: float
    above_m: float
    zone_m: float

    @property
    def is_cut(self) -> bool:
        """Whether the line itself is cut."""
        return self.above_m > 0

    @property
    def is_narrow(self) -> bool:
        """Whether the ground reaches into 0.6 of the first Fresnel zone, or higher."""
        return self.above_m > -self.zone_m


def fresnel_m(distance_km: np.ndarray | float, length_km: float, frequency_ghz: float) -> np.ndarray:
    """Give 0.6 of the radius of the first Fresnel zone, √(λ d₁ d₂ / d), m, at places along a path."""
    d = np.asarray(distance_km, np.float64)
    return FREE_SHARE * np.sqrt(1e3 * WAVE_SPEED / frequency_ghz * d * (length_km - d) / length_km)


def clearance(
    profile: PathProfile,
    antennas_m: tuple[float, float],
    radius_km: float,
    frequency_ghz: float,
    point: int | None = None,
) -> Clearance:
    """Compare one point of a path with the line of sight.

    Parameters
    ----------
    profile : PathProfile
    antennas_m : tuple of float
        Transmitting and receiving antenna above ground.
    radius_km : float
        Effective Earth radius.
    frequency_ghz : float
    point : int, optional
        Place in the profile, between its ends; None: the one that obstructs most (largest ν, eq. 15).
    """
    d, surface = profile.distance_km, profile.surface_m
    ends = float(surface[0]) + antennas_m[0], float(surface[-1]) + antennas_m[1]
    if point is None:
        point = 1 + int(np.argmax(obstruction(d, surface, *ends, radius_km, frequency_ghz)))
    length, at = profile.length_km, float(d[point])
    line = ends[0] + (ends[1] - ends[0]) * at / length
    above = float(surface[point] + bulge_m(d[point], length, radius_km) - line)
    return Clearance(point, at, above, float(fresnel_m(at, length, frequency_ghz)))
