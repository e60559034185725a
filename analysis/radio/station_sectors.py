"""From the rows of a station table to transmitters: what a row does not say comes from presets and is marked.

A band belongs to a technology when it lies in the band of one of its presets. So a row "4G;5G, 1800 MHz" tells the
band of its 4G alone: its 5G has an unknown band. An unknown band takes the preset that is meant for it, with that
preset's own frequency. A row of one technology keeps a stated band that no preset knows; that counts as assumed too,
and what else the row does not say comes from the preset that gives this row the weakest resource element, then the
lowest antenna: an unknown never makes coverage.

A sector of unknown azimuth radiates alike all around, with a stated allowance taken off its gain. Where a row states
a tilt in all but not how it is made, it counts as electrical: the beam is lowered by as much in every direction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from .antenna import Antenna
from .power import LTE_RESOURCE_BLOCKS, NR_RESOURCE_BLOCKS, per_resource_element_dbm, resource_blocks
from .sites import Sector

FloatArray = npt.NDArray[np.float64]

ASSUMED = ("height", "band", "bandwidth", "power", "azimuth", "tilt")
NO_PLACE, INDOOR, BAND_OUTSIDE = "no_place", "indoor", "band_outside"
INDOOR_TOWER = "indoor"
_LOWEST_MHZ, _HIGHEST_MHZ = 30.0, 6000.0  # of ITU-R P.1812
_LOWEST_M = 1.0  # of an antenna in ITU-R P.1812; a 0 in a table means that nobody knows
_STATED = (
    *("lon", "lat", "band_mhz", "antenna_height_m", "azimuth_deg", "tilt_deg", "mechanical_tilt_deg"),
    *("electrical_tilt_deg", "eirp_dbm", "tx_power_dbm", "antenna_gain_dbi", "feeder_loss_db", "bandwidth_mhz"),
)


class Preset(Protocol):
    """What this module reads of a transmitter preset (see `rules.presets.TransmitterPreset`)."""

    # ruff: noqa: D102
    @property
    def technology(self) -> str: ...
    @property
    def band_mhz_min(self) -> float: ...
    @property
    def band_mhz_max(self) -> float: ...
    @property
    def frequency_mhz(self) -> float: ...
    @property
    def bandwidth_mhz(self) -> float: ...
    @property
    def spacing_khz(self) -> float: ...
    @property
    def power_dbm(self) -> float: ...
    @property
    def gain_dbi(self) -> float: ...
    @property
    def losses_db(self) -> float: ...
    @property
    def antenna_height_m(self) -> float: ...
    @property
    def tilt_deg(self) -> float: ...
    @property
    def horizontal_beam_deg(self) -> float: ...
    @property
    def vertical_beam_deg(self) -> float: ...
    @property
    def front_to_back_db(self) -> float: ...
    @property
    def side_lobe_db(self) -> float: ...
    @property
    def for_unknown_band(self) -> bool: ...


class StationSectors(NamedTuple):
    """Transmitters of one technology, in the order of their rows.

    Attributes
    ----------
    sectors : list of Sector, length m
        EIRP is that of one resource element, so that levels are RSRP (SS-RSRP for 5G).
    row : numpy.ndarray of int64, shape (m,)
        Position of each in the station table.
    assumed : pandas.DataFrame, m rows
        Bool columns `ASSUMED`: what the row does not say and the preset says.
    preset : numpy.ndarray of int64, shape (m,)
        Position of the preset in the sequence that was given.
    left_out : pandas.DataFrame
        ``row, reason``: rows of the technology that are no sector: `NO_PLACE`, `INDOOR` (an indoor system does not
        serve the land around) or `BAND_OUTSIDE` (30 MHz to 6 GHz).
    """

    sectors: list[Sector]
    row: npt.NDArray[np.int64]
    assumed: pd.DataFrame
    preset: npt.NDArray[np.int64]
    left_out: pd.DataFrame


def sectors_of(
    stations: pd.DataFrame, technology: str, presets: Sequence[Preset], *, unknown_azimuth_loss_db: float = 0.0
) -> StationSectors:
    """Make a transmitter of every row of a technology.

    Parameters
    ----------
    stations : pandas.DataFrame
        ``technology`` (codes joined by ";"), ``lon, lat`` in degrees, and of the fields of the layer `base_stations`
        those that are known; a column that is not there is unknown for all. Rows in any order; all phases count.
    technology : str
        "5G" or "4G".
    presets : sequence of Preset
        Those of other technologies are ignored; of this one just one is meant for unknown bands.
    unknown_azimuth_loss_db : float
        Taken off the EIRP where the azimuth is unknown.

    Raises
    ------
    ValueError
        There is no preset for the technology, or it has a channel that the standard does not know.
    """
    own = [i for i, preset in enumerate(presets) if preset.technology == technology]
    spare = [i for i in own if presets[i].for_unknown_band]
    if len(spare) != 1:
        raise ValueError(f"just one transmitter preset of {technology} must be meant for unknown bands")
    for i in own:
        resource_blocks(technology, presets[i].bandwidth_mhz, int(presets[i].spacing_khz))
    codes = [tuple(text.split(";")) for text in stations["technology"].fillna("").astype(str)]
    stated = {name: _numbers(stations, name) for name in _STATED}
    tower = stations["tower_type"].to_numpy(object) if "tower_type" in stations else np.full(len(stations), None)
    sectors: list[Sector] = []
    rows: list[int] = []
    chosen: list[int] = []
    marks: list[tuple[bool, ...]] = []
    left_out: list[tuple[int, str]] = []
    for row in np.flatnonzero([technology in known for known in codes]).tolist():
        values = {name: float(column[row]) for name, column in stated.items()}
        if math.isnan(values["lon"]) or math.isnan(values["lat"]):
            left_out.append((row, NO_PLACE))
            continue
        if tower[row] == INDOOR_TOWER:
            left_out.append((row, INDOOR))
            continue
        may, frequency_mhz, band_assumed = _band(
            values["band_mhz"], [(i, presets[i]) for i in own], spare[0], alone=len(codes[row]) == 1
        )
        if not _LOWEST_MHZ <= frequency_mhz <= _HIGHEST_MHZ:
            left_out.append((row, BAND_OUTSIDE))
            continue
        number, (sector, assumed) = _least_favourable(
            (i, _sector(values, technology, presets[i], frequency_mhz, unknown_azimuth_loss_db)) for i in may
        )
        sectors.append(sector)
        rows.append(row)
        chosen.append(number)
        marks.append(tuple(assumed.get(name, band_assumed) for name in ASSUMED))
    return StationSectors(
        sectors,
        np.array(rows, dtype=np.int64),
        pd.DataFrame(np.array(marks, dtype=bool).reshape(len(rows), len(ASSUMED)), columns=list(ASSUMED)),
        np.array(chosen, dtype=np.int64),
        pd.DataFrame(left_out, columns=["row", "reason"]).astype({"row": np.int64, "reason": object}),
    )


def _numbers(stations: pd.DataFrame, name: str) -> FloatArray:
    if name not in stations:
        return np.full(len(stations), np.nan)
    return pd.to_numeric(stations[name]).to_numpy(np.float64, na_value=np.nan)


def _band(band_mhz: float, own: list[tuple[int, Preset]], spare: int, *, alone: bool) -> tuple[list[int], float, bool]:
    """Give the numbers of the presets that it may be, the frequency in MHz, and whether a band had to be assumed."""
    for number, preset in own:
        if preset.band_mhz_min <= band_mhz <= preset.band_mhz_max:
            return [number], band_mhz, False
    if alone and not math.isnan(band_mhz):
        return [number for number, _ in own], band_mhz, True
    return [spare], dict(own)[spare].frequency_mhz, True


def _least_favourable(
    made: Iterable[tuple[int, tuple[Sector, dict[str, bool]]]],
) -> tuple[int, tuple[Sector, dict[str, bool]]]:
    return min(made, key=lambda item: (item[1][0].eirp_dbm, item[1][0].height_m, item[0]))


def _sector(
    stated: dict[str, float], technology: str, preset: Preset, frequency_mhz: float, unknown_azimuth_loss_db: float
) -> tuple[Sector, dict[str, bool]]:
    """Give the transmitter of one row, and what of it was assumed, but for the band."""
    blocks = _blocks(technology, stated["bandwidth_mhz"], preset)
    height = stated["antenna_height_m"]
    no_height = not height >= _LOWEST_M
    eirp, no_power = _eirp_dbm(stated, preset)
    mechanical, electrical, no_tilt = _tilts(stated, preset)
    no_azimuth = math.isnan(stated["azimuth_deg"])
    assumed = {
        "height": no_height,
        "bandwidth": blocks is None,
        "power": no_power,
        "azimuth": no_azimuth,
        "tilt": no_tilt,
    }
    if blocks is None:
        blocks = resource_blocks(technology, preset.bandwidth_mhz, int(preset.spacing_khz))
    level = per_resource_element_dbm(eirp - (unknown_azimuth_loss_db if no_azimuth else 0.0), blocks)
    antenna = Antenna(
        azimuth_deg=None if no_azimuth else stated["azimuth_deg"],
        mechanical_tilt_deg=mechanical,
        electrical_tilt_deg=electrical,
        horizontal_beam_deg=preset.horizontal_beam_deg,
        vertical_beam_deg=preset.vertical_beam_deg,
        front_to_back_db=preset.front_to_back_db,
        side_lobe_db=preset.side_lobe_db,
    )
    height = preset.antenna_height_m if no_height else height
    return Sector(stated["lon"], stated["lat"], height, frequency_mhz / 1000, level, antenna), assumed


def _blocks(technology: str, bandwidth_mhz: float, preset: Preset) -> int | None:
    """Give N_RB of a stated bandwidth; None where it is not stated or the standard has no such channel."""
    tables = {15: LTE_RESOURCE_BLOCKS} if technology == "4G" else NR_RESOURCE_BLOCKS
    for spacing in dict.fromkeys((int(preset.spacing_khz), 15, 30)):
        if bandwidth_mhz in tables.get(spacing, {}):
            return resource_blocks(technology, bandwidth_mhz, spacing)
    return None


def _eirp_dbm(stated: dict[str, float], preset: Preset) -> tuple[float, bool]:
    """Give the EIRP of the channel, and whether a preset's power or gain is in it."""
    if not math.isnan(stated["eirp_dbm"]):
        return stated["eirp_dbm"], False
    power, gain, losses = (stated[name] for name in ("tx_power_dbm", "antenna_gain_dbi", "feeder_loss_db"))
    missing = math.isnan(power) or math.isnan(gain)
    power = preset.power_dbm if math.isnan(power) else power
    gain = preset.gain_dbi if math.isnan(gain) else gain
    return power + gain - (preset.losses_db if math.isnan(losses) else losses), missing


def _tilts(stated: dict[str, float], preset: Preset) -> tuple[float, float, bool]:
    """Give the mechanical and the electrical tilt, and whether a part of them was assumed."""
    total, mechanical, electrical = (
        stated[name] for name in ("tilt_deg", "mechanical_tilt_deg", "electrical_tilt_deg")
    )
    if not math.isnan(mechanical) and not math.isnan(electrical):
        return mechanical, electrical, False
    if not math.isnan(total):
        if not math.isnan(mechanical):
            return mechanical, _upright(total - mechanical), False
        if not math.isnan(electrical):
            return _upright(total - electrical), electrical, False
        return 0.0, total, False
    if not math.isnan(mechanical):
        return mechanical, 0.0, True
    if not math.isnan(electrical):
        return 0.0, electrical, True
    return 0.0, preset.tilt_deg, True


def _upright(tilt_deg: float) -> float:
    """Keep the difference of two tilts that contradict each other within what an antenna can have."""
    return min(max(tilt_deg, -90.0), 90.0)
