"""Use a calibration in a run: the file that is stated, its offsets of bands and of clutter classes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...analysis.radio import Propagation, Sector
from ...engine.context import RunContext
from ...errors import InputError
from ...rules.calibration import Calibration, read_calibration
from ...rules.presets import TransmitterPreset
from ...text import Text
from .clutter import read_classes
from .model import grade_of

_NUMBERS = 15  # the fields of a preset before its status and note


def stated_calibration(context: RunContext) -> Calibration | None:
    """Read the file of the parameter ``calibration``, if the job has it and it is stated.

    Raises
    ------
    InputError
        It is no calibration, or one of another technology or propagation model.
    """
    stated = context.parameters.get("calibration")
    if stated is None:
        return None
    path = context.read("calibration", Path(stated))
    calibration = read_calibration(path)
    wanted = (context["technology"], grade_of(context))
    if (calibration.technology, calibration.propagation) == wanted:
        return calibration
    own = f"{calibration.technology}, {calibration.propagation}"
    raise InputError(
        Text(
            f"校正文件 {path.name} 适用于 {own}，本次为 {', '.join(wanted)}。",
            f"The calibration {path.name} holds for {own}; this run is about {', '.join(wanted)}.",
        ),
        Text("请选择对应的校正文件，或重新校正。", "Choose one that fits, or calibrate anew."),
    )


def calibrated(sectors: Sequence[Sector], calibration: Calibration | None, *, with_clutter: bool) -> list[Sector]:
    """Add the offset of each sector's band to its EIRP."""
    if calibration is None:
        return list(sectors)
    return [
        replace(
            sector,
            eirp_dbm=sector.eirp_dbm
            + calibration.offset_db(round(1000 * sector.frequency_ghz, 6), with_clutter=with_clutter),
        )
        for sector in sectors
    ]


def conditions_of(
    context: RunContext, model: Propagation, presets: Sequence[TransmitterPreset]
) -> dict[str, float | str]:
    """Give what offsets depend on besides technology and model, for a calibration file."""
    own = [astuple(preset)[:_NUMBERS] for preset in presets if preset.technology == context["technology"]]
    return {
        "rx_height_m": model.rx_height_m,
        "time_percent": model.time_percent,
        "location_percent": model.location_percent,
        "delta_n": model.delta_n,
        "n0": model.n0,
        "building_entry_loss_db": model.building_entry_loss_db,
        "clutter_on_path": "no" if context["clutter"] is None else "yes",
        "transmitter_presets": hashlib.sha256(repr(own).encode()).hexdigest()[:12],
    }


def uses_clutter(context: RunContext, calibration: Calibration | None) -> bool:
    """Tell whether a calibration's offsets of clutter classes can be used in this run."""
    if calibration is None or not calibration.clutter_db or context["clutter"] is None:
        return False
    return bool(calibration.clutter_classes == context["clutter_classes"])


def clutter_offsets_db(
    context: RunContext, calibration: Calibration | None, lon: npt.ArrayLike, lat: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Give what is to be added to simulated levels at places for their clutter class, dB; zeros where nothing is.

    It is the same for all servers of a place, so that it changes no ranking; offsets of bands are in `Radio.sectors`.

    Parameters
    ----------
    lon, lat : array_like, shapes that broadcast
        Degrees, CGCS2000; NaN: no place.
    """
    lon, lat = np.broadcast_arrays(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    offsets = np.zeros(lon.shape)
    if calibration is None or not uses_clutter(context, calibration):
        return offsets
    classes = read_classes(context, lon.ravel(), lat.ravel()).reshape(lon.shape)
    for code, offset in calibration.clutter_db.items():
        offsets[classes == code] = offset
    return offsets
