"""How far each station is taken to reach when nobody measured it: presets by technology, band and antenna height."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt


class Preset(Protocol):
    """What this module reads of a radius preset (see `rules.pack.RadiusPreset`)."""

    @property
    def technology(self) -> str: ...  # noqa: D102
    @property
    def band_mhz_min(self) -> float: ...  # noqa: D102
    @property
    def band_mhz_max(self) -> float: ...  # noqa: D102
    @property
    def antenna_height_min_m(self) -> float: ...  # noqa: D102
    @property
    def radius_m(self) -> float: ...  # noqa: D102


class StationRadii(NamedTuple):
    """Radius per station, and where something had to be assumed.

    Attributes
    ----------
    radius_m : numpy.ndarray of float64, shape (n,)
    band_assumed, height_assumed : numpy.ndarray of bool, shape (n,)
        The station states no band (or one outside all presets), or no antenna height: the smallest radius that
        it can have is taken, so that an unknown never makes coverage.
    """

    radius_m: npt.NDArray[np.float64]
    band_assumed: npt.NDArray[np.bool_]
    height_assumed: npt.NDArray[np.bool_]


def preset_radii(
    technology: str, band_mhz: npt.ArrayLike, antenna_height_m: npt.ArrayLike, presets: Sequence[Preset]
) -> StationRadii:
    """Give each station the radius of the presets.

    Parameters
    ----------
    technology : str
        4G or 5G.
    band_mhz, antenna_height_m : array_like, shape (n,)
        MHz and metres; NaN where unknown.
    presets : sequence of Preset
        Those of other technologies are ignored.

    Returns
    -------
    StationRadii

    Raises
    ------
    ValueError
        There is no preset for the technology.
    """
    band = np.asarray(band_mhz, dtype=np.float64)
    height = np.asarray(antenna_height_m, dtype=np.float64)
    own = [preset for preset in presets if preset.technology == technology]
    if not own:
        raise ValueError(f"no radius preset for {technology}")
    in_some_band = np.zeros(band.size, dtype=bool)
    for preset in own:
        in_some_band |= (band >= preset.band_mhz_min) & (band <= preset.band_mhz_max)
    known_height = np.where(np.isnan(height), -np.inf, height)
    radius = np.full(band.size, np.inf)
    for low, high in sorted({(preset.band_mhz_min, preset.band_mhz_max) for preset in own}):
        of_band = sorted(
            (p for p in own if (p.band_mhz_min, p.band_mhz_max) == (low, high)),
            key=lambda p: p.antenna_height_min_m,
        )
        by_height = np.full(band.size, min(p.radius_m for p in of_band))
        for preset in of_band:
            by_height = np.where(known_height >= preset.antenna_height_min_m, preset.radius_m, by_height)
        applies = ~in_some_band | ((band >= low) & (band <= high))
        radius = np.where(applies, np.minimum(radius, by_height), radius)
    return StationRadii(radius, ~in_some_band, np.isnan(height))
