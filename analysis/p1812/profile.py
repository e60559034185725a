"""The inputs of the model: the profile of a path, the two terminals, and how the path splits into sea and land."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

SEA, COASTAL, INLAND = 1, 3, 4
NO_COAST_KM = 500.0  # what the Recommendation's software takes for a terminal without a coast on its path


@dataclass(frozen=True)
class PathProfile:
    """Terrain from transmitter to receiver.

    Attributes
    ----------
    distance_km : numpy.ndarray of float64, shape (n,)
        From the transmitter: 0 first, strictly ascending, n ≥ 5.
    height_m : numpy.ndarray of float64, shape (n,)
        Ground (or water) above mean sea level.
    clutter_m : numpy.ndarray of float64, shape (n,)
        Representative clutter height above ground; not used at the two end points (§3.2).
    zone : numpy.ndarray of int, shape (n,)
        Radio-climatic zone: `SEA`, `COASTAL` or `INLAND`.

    Raises
    ------
    ValueError
        The arrays do not fit each other or break one of these rules.
    """

    distance_km: np.ndarray
    height_m: np.ndarray
    clutter_m: np.ndarray
    zone: np.ndarray

    def __post_init__(self) -> None:
        d = self.distance_km
        if len(d) < 5:
            raise ValueError(f"a profile needs at least 5 points, not {len(d)}")
        if not len(d) == len(self.height_m) == len(self.clutter_m) == len(self.zone):
            raise ValueError("distances, heights, clutter heights and zones differ in number")
        if not all(np.isfinite(part).all() for part in (d, self.height_m, self.clutter_m)):
            raise ValueError("a profile holds finite numbers only")
        if d[0] != 0 or not (np.diff(d) > 0).all():
            raise ValueError("distances must start at 0 and ascend")
        if not np.isin(self.zone, (SEA, COASTAL, INLAND)).all():
            raise ValueError("a zone is 1 (sea), 3 (coastal land) or 4 (inland)")

    @property
    def length_km(self) -> float:
        """Length of the path in km."""
        return float(self.distance_km[-1])

    @property
    def surface_m(self) -> np.ndarray:
        """Ground plus clutter, and bare ground at the terminals (§3.2), in m above mean sea level."""
        surface = self.height_m + self.clutter_m
        surface[[0, -1]] = self.height_m[[0, -1]]
        return surface


@dataclass(frozen=True)
class Link:
    """The radio side of a path.

    Attributes
    ----------
    frequency_ghz : float
        0.03 to 6.
    tx_height_m, rx_height_m : float
        Antenna centres above ground, 1 to 3000.
    latitude_deg : float
        Of the middle of the path, see `path_centre_latitude`.
    time_percent : float
        1 to 50: the loss is not exceeded for this part of an average year.
    location_percent : float
        1 to 99: the loss is not exceeded at this part of the places in the receiver's square.
    vertical : bool
        Polarisation: vertical, else horizontal.
    delta_n : float
        Mean fall of refractivity through the lowest km, N-units/km, a positive number below 157. The default gives
        an effective Earth radius of exactly 4/3, the standard atmosphere of ITU-R P.310. The map of ITU-R P.1812 gives
        it for a place; ITU does not permit to ship it.
    n0 : float
        Sea-level refractivity, N-units. The default is that of the reference atmosphere of ITU-R P.453.
    sigma_db : float or None
        Standard deviation of the location variability; None: by §4.8 from `resolution_m` and the clutter height at the
        receiver.
    resolution_m : float
        Width of the square that the location percentage speaks of (w_a), m.
    building_entry_loss_db, building_entry_sigma_db : float
        Median and standard deviation of the building entry loss of an indoor receiver (ITU-R P.2109); 0 outdoors.
    dct_km, dcr_km : float or None
        Land between a terminal and the coast along the path; None: by the zones of the profile.

    Raises
    ------
    ValueError
        A value is out of its bounds.
    """

    frequency_ghz: float
    tx_height_m: float
    rx_height_m: float
    latitude_deg: float
    time_percent: float = 50.0
    location_percent: float = 50.0
    vertical: bool = True
    delta_n: float = 39.25
    n0: float = 315.0
    sigma_db: float | None = None
    resolution_m: float = 100.0
    building_entry_loss_db: float = 0.0
    building_entry_sigma_db: float = 0.0
    dct_km: float | None = None
    dcr_km: float | None = None

    def __post_init__(self) -> None:
        bounds = {
            "frequency_ghz": (0.03, 6),
            "tx_height_m": (1, 3000),
            "rx_height_m": (1, 3000),
            "latitude_deg": (-90, 90),
            "time_percent": (1, 50),
            "location_percent": (1, 99),
            "delta_n": (0, 150),
        }
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} must be {low} to {high}, not {value}")


class Sections(NamedTuple):
    """How a path splits into sea and land; lengths in km."""

    sea_fraction: float
    longest_land_km: float
    longest_inland_km: float
    tx_to_coast_km: float
    rx_to_coast_km: float


def sections(profile: PathProfile) -> Sections:
    """Split a path by zone. Every point stands for the half way to its neighbours (§3.6, Table 5)."""
    d = profile.distance_km
    edges = np.concatenate([d[:1], (d[1:] + d[:-1]) / 2, d[-1:]])
    sea = profile.zone == SEA
    share = float(np.diff(edges)[sea].sum()) / profile.length_km
    to_coast_t = to_coast_r = NO_COAST_KM
    if sea.any():
        at = np.flatnonzero(sea)
        to_coast_t, to_coast_r = float(edges[at[0]]), float(edges[-1] - edges[at[-1] + 1])
    return Sections(share, _longest(~sea, edges), _longest(profile.zone == INLAND, edges), to_coast_t, to_coast_r)


def _longest(member: np.ndarray, edges: np.ndarray) -> float:
    """Give the length of the longest unbroken run of members."""
    change = np.diff(np.concatenate([[0], member.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    return float((edges[ends] - edges[starts]).max()) if len(starts) else 0.0
