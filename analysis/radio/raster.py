"""Basic transmission loss by ITU-R P.1812 from one transmitter to many receivers, each over its own profile.

The full model of `analysis.p1812` on the terrain between: free space, diffraction, ducting, troposcatter, time and
location variability. It agrees with the scalar function on `terrain.path_between` to 1e-6 dB. Clutter and zones are
those of the terrain; without them paths are bare and inland. A path that leaves the terrain or touches a void has no
loss (NaN). The lower grades of `grades` go the same way.
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
from .evaluate import evaluate
from .grades import GRADES, street, under_free_space_db, with_grade
from .lanes import BATCH, EAST, LENGTH, LOSS, NORTH, RISE, cover_of, ground_of, put, site_at, workspace
from .lower import evaluate_lower
from .mechanisms import Constants, Spread, constants
from .terrain import MOST_STEPS, Terrain

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Propagation:
    """What the model is asked for; see `analysis.p1812.Link` for the meaning and bounds of every value.

    Attributes
    ----------
    rx_height_m, time_percent, location_percent, vertical, delta_n, n0, resolution_m : see `Link`
    sigma_db : float or None
        Standard deviation of the location variability; None: by §4.8 from the clutter at each receiver.
    building_entry_loss_db, building_entry_sigma_db : float
        Of an indoor receiver, 0 outdoors.
    grade : str
        "p1812", or one of the lower grades of `grades.GRADES`. They use `rx_height_m`, `location_percent`, `sigma_db`
        (None: the shadow fading of the table, none in free space) and the building entry; the rest has no meaning.
    building_m, street_m : float
        Mean height of buildings and width of streets, of "tr38901_rma" only: 5 to 50.

    Raises
    ------
    ValueError
        A value is out of bounds.
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
    grade: str = "p1812"
    building_m: float = 5.0
    street_m: float = 20.0

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
        if self.grade not in GRADES:
            raise ValueError(f"grade must be one of {', '.join(GRADES)}, not {self.grade}")
        if self.grade.startswith("tr38901"):
            street(self.grade, 2.0, 35.0, self.rx_height_m, self.building_m, self.street_m)

    def location_db(self, frequency_ghz: float) -> float:
        """Give the allowance for location and building (eq. 64 to 69), dB."""
        sigma = self.sigma_db
        if sigma is None:
            sigma = location_sigma_db(frequency_ghz, self.resolution_m, self.rx_height_m, 0.0)
        sigma = float(np.hypot(sigma, self.building_entry_sigma_db))
        if self.location_percent == 50:
            return self.building_entry_loss_db
        return self.building_entry_loss_db - inverse_normal(self.location_percent / 100) * sigma

    def check_range(self, max_range_m: float) -> None:
        """Refuse a range beyond what the grade holds to.

        Raises
        ------
        ValueError
            It is farther; the message gives the bound.
        """
        if self.grade.startswith("tr38901"):
            most = street(self.grade, 2.0, 35.0, self.rx_height_m, self.building_m, self.street_m).most
            if max_range_m > most:
                raise ValueError(f"max_range_m must be at most {most:g} for {self.grade}, not {max_range_m:g}")

    def lower(self) -> bool | None:
        """Give None for P.1812, for kernels that are compiled with and without the lower grades (see `evaluate`)."""
        return None if self.grade == "p1812" else True

    def under_free_space_db(self) -> float:
        """Give the most that a loss can fall below that of free space, see `grades.under_free_space_db`."""
        return under_free_space_db(self.constants(2.0, 35.0), self.time_percent)

    def constants(self, frequency_ghz: float, tx_height_m: float) -> Constants:
        """Give what all paths of a transmitter share.

        Raises
        ------
        ValueError
            The frequency is not within 0.03 to 6 GHz or the antenna not within 1 to 3000 m, or what the grade has
            instead.
        """
        highest = 6 if self.grade == "p1812" else 100
        if not 0.03 <= frequency_ghz <= highest:
            raise ValueError(f"frequency_ghz must be 0.03 to {highest}, not {frequency_ghz}")
        if not 1 <= tx_height_m <= 3000:
            raise ValueError(f"tx_height_m must be 1 to 3000, not {tx_height_m}")
        deviate = 0.0 if self.location_percent == 50 else -inverse_normal(self.location_percent / 100)
        sigma = self.sigma_db
        if sigma is None:
            sigma = location_sigma_db(frequency_ghz, self.resolution_m, 0.0, 0.0)
        k = constants(
            float(frequency_ghz),
            float(tx_height_m),
            float(self.rx_height_m),
            time_percent=float(self.time_percent),
            location_db=self.location_db(frequency_ghz),
            spread=Spread(
                float(self.building_entry_loss_db),
                deviate,
                float(sigma),
                1.0 if self.sigma_db is None else 0.0,
                float(self.building_entry_sigma_db),
            ),
            vertical=self.vertical,
            delta_n=float(self.delta_n),
            n0=float(self.n0),
        )
        if self.grade == "p1812":
            return k
        table = None
        if self.grade.startswith("tr38901"):
            sizes = (tx_height_m, self.rx_height_m, self.building_m, self.street_m)
            table = street(self.grade, frequency_ghz, *sizes)
        building = float(self.building_entry_loss_db)
        return with_grade(k, self.grade, table, deviate=deviate, sigma_db=self.sigma_db, building=building)


class PathLosses(NamedTuple):
    """Loss of every path and the way it leaves the transmitter; arrays of the receivers' shape, float64.

    Attributes
    ----------
    loss_db : numpy.ndarray
        L_b; NaN where the terrain is not known all along, or the receiver has no place or is out of range. Infinite
        where the grade is the line of sight and there is none.
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
    model = model or Propagation()
    model.check_range(max_range_m)
    k = model.constants(frequency_ghz, tx_height_m)
    steps = most_steps(land, max_range_m)
    ground, site = ground_of(land), site_at(float(lon), float(lat))
    kinds = cover_of(ground), model.lower()
    out = np.empty((5, there.lon.size))

    def work(first: int, last: int) -> None:
        _fill(out, first, last, there, site, ground, k, workspace(steps), max_range_m * 1e-3, *kinds)

    for done in rounds(work, there.lon.size, threads=threads, first_round=4 * BATCH):
        if checkpoint is not None:
            checkpoint(done / there.lon.size)
    azimuth = np.degrees(np.arctan2(out[2], out[3])) % 360.0
    missing = there.lon == NOWHERE
    out[1:, missing] = azimuth[missing] = np.nan
    out[4, np.isnan(out[0])] = np.nan
    return PathLosses(*(part.reshape(shape) for part in (out[0], out[1], azimuth, 1e3 * np.arctan(out[4]))))


@numba.njit(**KERNEL)
def _fill(out, first, last, there, site, ground, k, work, range_km, cover, lower):  # type: ignore[no-untyped-def]
    lane = borrowed(work.lanes)
    lon, lat, xyz = there
    for start in range(first, last, BATCH):
        count = min(BATCH, last - start)
        for i in range(count):
            j = start + i
            put(lane, i, lon[j], lat[j], xyz[j, 0], xyz[j, 1], xyz[j, 2])
        if lower is None:
            evaluate(work, count, site, ground, k, cover)
        else:
            evaluate_lower(work, count, site, ground, k)
        for i in range(count):
            j = start + i
            out[0, j] = lane[LOSS + i] if lane[LENGTH + i] <= range_km else np.nan
            out[1, j] = lane[LENGTH + i]
            out[2, j] = lane[EAST + i]
            out[3, j] = lane[NORTH + i]
            out[4, j] = lane[RISE + i]
