"""What a rule pack presets for radio where the data are silent: transmitters and the heights of land-cover classes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..text import Text
from .status import STATUSES

TECHNOLOGIES = ("4G", "5G")

_BOUNDS: dict[str, tuple[float, float]] = {
    "band_mhz_min": (30, 6000),
    "band_mhz_max": (30, 6000),
    "frequency_mhz": (30, 6000),
    "bandwidth_mhz": (1, 400),
    "spacing_khz": (15, 60),
    "power_dbm": (-20, 80),
    "gain_dbi": (-20, 50),
    "losses_db": (0, 60),
    "antenna_height_m": (1, 3000),
    "tilt_deg": (-20, 90),
    "horizontal_beam_deg": (1, 360),
    "vertical_beam_deg": (1, 180),
    "front_to_back_db": (0, 60),
    "side_lobe_db": (0, 60),
}
_MOST_CLUTTER_M = 100.0
_RADIUS_BOUNDS: dict[str, tuple[float, float]] = {
    "band_mhz_min": (30, 100_000),
    "band_mhz_max": (30, 100_000),
    "antenna_height_min_m": (0, 3000),
    "radius_m": (1, 100_000),
}


@dataclass(frozen=True)
class RadiusPreset:
    """How far a station of one technology, band and antenna height is taken to reach.

    Attributes
    ----------
    band_mhz_min, band_mhz_max : float
        Bounds of the carrier frequency in MHz, both included.
    antenna_height_min_m : float
        Lowest antenna height in metres that the preset is for.
    radius_m : float
        Geodesic radius in metres.
    """

    technology: str
    band_mhz_min: float
    band_mhz_max: float
    antenna_height_min_m: float
    radius_m: float


@dataclass(frozen=True)
class TransmitterPreset:
    """What a sector of one technology and band is taken to have where its row does not say.

    Attributes
    ----------
    band_mhz_min, band_mhz_max : float
        Bounds of the carrier frequency in MHz, both included. A band within them is one of this technology.
    frequency_mhz : float
        Carrier of a sector whose row states no band of this technology.
    bandwidth_mhz, spacing_khz : float
        Of the channel and between its subcarriers.
    power_dbm : float
        Of the whole channel at the radio; for 4G at the port that carries the reference signal.
    gain_dbi, losses_db, antenna_height_m, tilt_deg : float
        Tilt in all, downwards.
    horizontal_beam_deg, vertical_beam_deg, front_to_back_db, side_lobe_db : float
        See `analysis.radio.Antenna`.
    for_unknown_band : bool
        This preset stands in where the band is unknown or belongs to no preset of the technology.
    status, note : str
        Of the numbers, as for a rule.
    """

    technology: str
    band_mhz_min: float
    band_mhz_max: float
    frequency_mhz: float
    bandwidth_mhz: float
    spacing_khz: float
    power_dbm: float
    gain_dbi: float
    losses_db: float
    antenna_height_m: float
    tilt_deg: float
    horizontal_beam_deg: float
    vertical_beam_deg: float
    front_to_back_db: float
    side_lobe_db: float
    status: str
    note: str
    for_unknown_band: bool = False


@dataclass(frozen=True)
class ClutterPreset:
    """How high one class of a land-cover product is taken to stand.

    Attributes
    ----------
    product, code : str, int
        Name of the product and value of its pixels.
    height_m : float
        Representative clutter height of ITU-R P.1812.
    water : bool
        The class is water.
    """

    product: str
    code: int
    name: Text
    height_m: float
    water: bool
    status: str
    note: str


def radius_preset(entry: Mapping[str, Any]) -> RadiusPreset:
    """Read a ``[[radius]]`` of a pack; errors as `transmitter_preset`."""
    about = f"radius {entry.get('technology')} {entry.get('band_mhz_min')}"
    numbers = {name: _number(entry, name, about, _RADIUS_BOUNDS) for name in _RADIUS_BOUNDS}
    _check_band(numbers, about)
    return RadiusPreset(_technology(entry, about), **numbers)


def check_radii(presets: tuple[RadiusPreset, ...]) -> None:
    """Refuse two radii for one technology, band and antenna height (ValueError)."""
    seen: set[tuple[Any, ...]] = set()
    for preset in presets:
        key = (preset.technology, preset.band_mhz_min, preset.band_mhz_max, preset.antenna_height_min_m)
        if key in seen:
            raise ValueError(f"radius {' '.join(map(str, key))} stands there twice")
        seen.add(key)


def transmitter_preset(entry: Mapping[str, Any]) -> TransmitterPreset:
    """Read a ``[[transmitter]]`` of a pack.

    Raises
    ------
    TypeError, ValueError
        An entry is missing, unknown, no number or out of bounds; the message names it.
    """
    about = f"transmitter {entry.get('technology')} {entry.get('band_mhz_min')}"
    missing = [name for name in ("technology", "note") if name not in entry]
    if missing:
        raise ValueError(f"{about}: {', '.join(missing)} is missing")
    unknown = sorted(set(entry) - {item.name for item in fields(TransmitterPreset)})
    if unknown:
        raise ValueError(f"{about}: unknown {', '.join(unknown)}")
    numbers = {name: _number(entry, name, about) for name in _BOUNDS}
    _check_band(numbers, about)
    if not numbers["band_mhz_min"] <= numbers["frequency_mhz"] <= numbers["band_mhz_max"]:
        raise ValueError(f"{about}: frequency_mhz lies outside of the band")
    return TransmitterPreset(
        technology=_technology(entry, about),
        status=_status(entry, about),
        note=str(entry["note"]),
        for_unknown_band=bool(entry.get("for_unknown_band", False)),
        **numbers,
    )


def check_transmitters(presets: tuple[TransmitterPreset, ...]) -> None:
    """Refuse presets whose bands overlap, or a technology without just one preset for unknown bands (ValueError)."""
    for technology in sorted({preset.technology for preset in presets}):
        own = sorted((p for p in presets if p.technology == technology), key=lambda p: p.band_mhz_min)
        for lower, upper in zip(own, own[1:]):
            if upper.band_mhz_min <= lower.band_mhz_max:
                raise ValueError(f"transmitter {technology}: bands overlap at {upper.band_mhz_min:g} MHz")
        if sum(preset.for_unknown_band for preset in own) != 1:
            raise ValueError(f"transmitter {technology}: one preset must say for_unknown_band = true")


def clutter_preset(entry: Mapping[str, Any]) -> ClutterPreset:
    """Read a ``[[clutter]]`` of a pack; errors as `transmitter_preset`."""
    about = f"clutter {entry.get('product')} {entry.get('code')}"
    missing = [name for name in ("product", "code", "zh", "en", "height_m") if name not in entry]
    if missing:
        raise ValueError(f"{about}: {', '.join(missing)} is missing")
    height = _number(entry, "height_m", about, {"height_m": (0, _MOST_CLUTTER_M)})
    code = entry["code"]
    if isinstance(code, bool) or not isinstance(code, int):
        raise ValueError(f"{about}: code {code!r} is no whole number")
    return ClutterPreset(
        str(entry["product"]),
        code,
        Text(entry["zh"], entry["en"]),
        height,
        bool(entry.get("water", False)),
        _status(entry, about),
        str(entry.get("note", "")),
    )


def check_clutter(presets: tuple[ClutterPreset, ...]) -> None:
    """Refuse two heights for one class of a product (ValueError)."""
    seen: set[tuple[str, int]] = set()
    for preset in presets:
        if (preset.product, preset.code) in seen:
            raise ValueError(f"clutter {preset.product} {preset.code} stands there twice")
        seen.add((preset.product, preset.code))


def _number(
    entry: Mapping[str, Any], name: str, about: str, bounds: Mapping[str, tuple[float, float]] = _BOUNDS
) -> float:
    if name not in entry:
        raise ValueError(f"{about}: {name} is missing")
    low, high = bounds[name]
    value = entry[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{about}: {name} {value!r} is no number")
    if not low <= value <= high:
        raise ValueError(f"{about}: {name} {value:g} is not within {low:g} to {high:g}")
    return float(value)


def _check_band(numbers: Mapping[str, float], about: str) -> None:
    if numbers["band_mhz_min"] > numbers["band_mhz_max"]:
        raise ValueError(f"{about}: band_mhz_min is above band_mhz_max")


def _technology(entry: Mapping[str, Any], about: str) -> str:
    if entry.get("technology") not in TECHNOLOGIES:
        raise ValueError(f"{about}: technology {entry.get('technology')!r} is none of {', '.join(TECHNOLOGIES)}")
    return str(entry["technology"])


def _status(entry: Mapping[str, Any], about: str) -> str:
    if entry.get("status") not in STATUSES:
        raise ValueError(f"{about}: status {entry.get('status')!r}")
    return str(entry["status"])
