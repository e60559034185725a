"""Basic transmission loss by ITU-R P.1812 from one transmitter to many receivers, each over its own profile.

The full model of `analysis.p1812` on the terrain between: free space, diffraction, ducting, troposcatter, time and
location variability. It agrees with the scalar function on `terrain.profile_between` to 1e-6 dB. Paths are inland,
without clutter on the way. A path that leaves the terrain or touches a void has no loss (NaN).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from ..geodesy import ecef_m
from ..p1812.variability import inverse_normal, location_sigma_db
from ..slices import Checkpoint, rounds
from .elementary import KERNEL, borrowed
from .lanes import BATCH, EAST, LENGTH, LOSS, NORTH, RISE, evaluate, ground_of, put, site_at, workspace
from .mechanisms import Constants, constants
from .terrain import MOST_STEPS, Terrain

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Propagation:
    """What the model is asked for; see `analysis.p1812.Link` for the meaning and bounds of every value.

    Attributes
    ----------
    rx_height_m, time_percent, location_percent, vertical, delta_n, n0, resolution_m : see `Link`
    sigma_db : float or None
        Standard deviation of the location variability; None: by §4.8 for a place without clutter.
    building_entry_loss_db, building_entry_sigma_db : float
        Of an indoor receiver, 0 outdoors.
    """

    rx_height_m: float = 1.5
    time_percent: float = 50.0
    location_percent: float = 50.0
    vertical: bool = True
    delta_n: float = 39.25
    n0: float = 315.0
    sigma_db: float | None = None
    resolution_m: float = 100.0
    building_entry_loss_db: float = 0.0
    building_entry_sigma_db: float = 0.0

    def __post_init__(self) -> None:
        bounds = {
            "rx_height_m": (1, 3000),
            "time_percent": (1, 50),
            "location_percent": (1, 99),
            "delta_n": (0, 150),
        }
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} must be {low} to {high}, not {value}")

    def location_db(self, frequency_ghz: float) -> float:
        """Give the allowance for location and building (eq. 64 to 69), dB."""
        sigma = self.sigma_db
        if sigma is None:
            sigma = location_sigma_db(frequency_ghz, self.resolution_m, self.rx_height_m, 0.0)
        sigma = float(np.hypot(sigma, self.building_entry_sigma_db))
        if self.location_percent == 50:
            return self.building_entry_loss_db
        return self.building_entry_loss_db - inverse_normal(self.location_percent / 100) * sigma

    def constants(self, frequency_ghz: float, tx_height_m: float) -> Constants:
        """Give what all paths of a transmitter share.

        Raises
        ------
        ValueError
            The frequency is not within 0.03 to 6 GHz or the antenna not within 1 to 3000 m.
        """
        if not 0.03 <= frequency_ghz <= 6:
            raise ValueError(f"frequency_ghz must be 0.03 to 6, not {frequency_ghz}")
        if not 1 <= tx_height_m <= 3000:
            raise ValueError(f"tx_height_m must be 1 to 3000, not {tx_height_m}")
        return constants(
            float(frequency_ghz),
            float(tx_height_m),
            float(self.rx_height_m),
            time_percent=float(self.time_percent),
            location_db=self.location_db(frequency_ghz),
            vertical=self.vertical,
            delta_n=float(self.delta_n),
            n0=float(self.n0),
        )


class PathLosses(NamedTuple):
    """Loss of every path and the way it leaves the transmitter; arrays of the receivers' shape, float64.

    Attributes
    ----------
    loss_db : numpy.ndarray
        L_b; NaN where the terrain is not known all along, or the receiver has no place or is out of range.
    distance_km : numpy.ndarray
        Over the ground.
    azimuth_deg : numpy.ndarray
        Clockwise from north, 0 to 360.
    elevation_mrad : numpy.ndarray
        Of the ray at the transmitter: to the receiver where the path is clear, else to the radio horizon.
    """

    loss_db: FloatArray
    distance_km: FloatArray
    azimuth_deg: FloatArray
    elevation_mrad: FloatArray


class Receivers(NamedTuple):
    """Places of receivers, for kernels: degrees and earth-centred m, flat; NaN where there is no place."""

    lon: FloatArray
    lat: FloatArray
    xyz: FloatArray


NOWHERE = 1e6  # a longitude no terrain has, for receivers without a place: kernels take no NaN


def receivers_at(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Receivers:
    """Check and convert the places of receivers.

    Raises
    ------
    ValueError
        Longitudes and latitudes differ in shape, or one is out of bounds.
    """
    lon, lat = (np.array(part, dtype=np.float64) for part in (lon, lat))
    if lon.shape != lat.shape:
        raise ValueError("longitudes and latitudes of the receivers differ in shape")
    lon, lat = lon.reshape(-1), lat.reshape(-1)
    missing = np.isnan(lon) | np.isnan(lat)
    if (np.abs(lon[~missing]) > 360).any() or (np.abs(lat[~missing]) > 90).any():
        raise ValueError("a receiver's longitude or latitude is out of bounds")
    lon[missing], lat[missing] = 0.0, 0.0
    xyz = ecef_m(lon, lat)
    lon[missing] = NOWHERE
    return Receivers(lon, lat, xyz)


def most_steps(land: Terrain, max_range_m: float) -> int:
    """Give the steps of the longest profile within the range.

    Raises
    ------
    ValueError
        It has more than `MOST_STEPS`.
    """
    steps = int(np.ceil(max_range_m / land.step_m)) + 1
    if not 0 < steps <= MOST_STEPS:
        raise ValueError(f"max_range_m must be above 0 and at most {MOST_STEPS - 1} steps of {land.step_m:g} m")
    return steps


def path_losses(
    land: Terrain,
    lon: float,
    lat: float,
    to_lon: npt.ArrayLike,
    to_lat: npt.ArrayLike,
    *,
    frequency_ghz: float,
    tx_height_m: float,
    max_range_m: float,
    model: Propagation | None = None,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> PathLosses:
    """Compute the loss from one transmitter to every receiver.

    Parameters
    ----------
    land : Terrain
    lon, lat : float
        Transmitter, degrees (CGCS2000).
    to_lon, to_lat : array_like, any one shape
        Receivers, degrees; NaN: no place.
    frequency_ghz, tx_height_m : float
        0.03 to 6; above ground, 1 to 3000.
    max_range_m : float
        Receivers farther away get NaN.
    model : Propagation, optional
    threads, checkpoint
        As in `analysis.reach`. The result is the same to the bit on any number of threads.

    Raises
    ------
    ValueError
        A value is out of bounds.
    """
    shape = np.shape(to_lon)
    there = receivers_at(to_lon, to_lat)
    k = (model or Propagation()).constants(frequency_ghz, tx_height_m)
    steps = most_steps(land, max_range_m)
    ground, site = ground_of(land), site_at(float(lon), float(lat))
    out = np.empty((5, there.lon.size))

    def work(first: int, last: int) -> None:
        _fill(out, first, last, there, site, ground, k, workspace(steps), max_range_m * 1e-3)

    for done in rounds(work, there.lon.size, threads=threads, first_round=4 * BATCH):
        if checkpoint is not None:
            checkpoint(done / there.lon.size)
    azimuth = np.degrees(np.arctan2(out[2], out[3])) % 360.0
    missing = there.lon == NOWHERE
    out[1:, missing] = azimuth[missing] = np.nan
    out[4, np.isnan(out[0])] = np.nan
    return PathLosses(*(part.reshape(shape) for part in (out[0], out[1], azimuth, 1e3 * np.arctan(out[4]))))


@numba.njit(**KERNEL)
def _fill(out, first, last, there, site, ground, k, work, range_km):  # type: ignore[no-untyped-def]
    lane = borrowed(work.lanes)
    lon, lat, xyz = there
    for start in range(first, last, BATCH):
        count = min(BATCH, last - start)
        for i in range(count):
            j = start + i
            put(lane, i, lon[j], lat[j], xyz[j, 0], xyz[j, 1], xyz[j, 2])
        evaluate(work, count, site, ground, k)
        for i in range(count):
            j = start + i
            out[0, j] = lane[LOSS + i] if lane[LENGTH + i] <= range_km else np.nan
            out[1, j] = lane[LENGTH + i]
            out[2, j] = lane[EAST + i]
            out[3, j] = lane[NORTH + i]
            out[4, j] = lane[RISE + i]
