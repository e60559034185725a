"""What a simulation rests on: transmitters from the stations, the model's parameters, and the land under them.

Every value is the planner's own or a rule's; rules are cited, presets counted, and the report lists both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.radio import Propagation, Sector
from ...analysis.radio.station_sectors import ASSUMED, StationSectors, sectors_of
from ...engine.context import RunContext
from ...layers.html_report import Section
from ...rules.calibration import Calibration
from ...rules.pack import Pack
from ...text import Text
from ..shared.packs import cite, read_pack
from ..shared.rules import validity_cautions
from ..shared.stations import Stations
from .calibration import calibrated, conditions_of, stated_calibration, uses_clutter
from .land import read_land, require_land
from .model import read_model
from .report import BEYOND_MODEL, band_caution, calibration_cautions, cautions_of, radio_section

__all__ = ["PACK", "Radio", "read_land", "read_radio", "require_land"]

PACK = "radio"


@dataclass(frozen=True)
class Radio:
    """Transmitters and model of a run.

    Attributes
    ----------
    sectors : list of Sector
        Levels from them are RSRP (SS-RSRP for 5G).
    row : numpy.ndarray of int64, shape (len(sectors),)
        Row of each in ``stations.table``.
    preset : numpy.ndarray of int64, shape (len(sectors),)
        Position of its preset in the pack's transmitters.
    band_assumed : numpy.ndarray of bool, shape (len(sectors),)
    model : Propagation
    max_range_m : float
    calibration : Calibration or None
        Its band offsets are in the sectors' EIRP; for those of clutter classes see `clutter_offsets_db`.
    assumed : dict
        Number of sectors whose height, band, bandwidth, power, azimuth or tilt rests on a preset.
    left_out : dict
        Number of stations of the technology that are not simulated, by the reasons of `station_sectors`, and
        `BEYOND_MODEL` for what the model does not hold for.
    not_simulated : pandas.DataFrame
        ``row`` (of ``stations.table``) and ``reason`` of these stations, by rows.
    cautions : list of Text
        What the reader of a result must know.
    section : Section
        For the report: the parameters, and the presets with the number of sectors that rest on them.
    """

    sectors: list[Sector]
    row: npt.NDArray[np.int64]
    preset: npt.NDArray[np.int64]
    band_assumed: npt.NDArray[np.bool_]
    model: Propagation
    max_range_m: float
    calibration: Calibration | None
    assumed: dict[str, int]
    left_out: dict[str, int]
    not_simulated: pd.DataFrame
    cautions: list[Text]
    section: Section


def read_radio(context: RunContext, stations: Stations, phase: str = "now") -> Radio:
    """Make the transmitters of one phase and the model, of a job that has the parameters `SIMULATION`.

    Parameters
    ----------
    stations : Stations
    phase : str
        "now", "later" or "never"; see `Stations`. Call it once for each phase that is wanted; rules are cited once.

    Raises
    ------
    InputError
        The rule pack or the calibration file is broken.
    """
    pack, technology = read_pack(context, PACK), context["technology"]
    calibration = stated_calibration(context)
    model, range_m, used = read_model(context, pack)
    azimuth_loss = pack.rule("radio.unknown_azimuth_loss")
    table = stations.table
    own = np.flatnonzero((table["phase"] == phase).to_numpy(bool))
    made = sectors_of(
        table.iloc[own].reset_index(drop=True),
        technology,
        pack.transmitters,
        unknown_azimuth_loss_db=float(azimuth_loss.value),
    )
    made, beyond = _within(made, model)
    used += [azimuth_loss] if made.assumed["azimuth"].any() else []
    cite(context, used)
    if len(made.sectors):
        cite(context, [_transmitters_cited(technology), *pack.changed("transmitter", technology)])
    cite(context, [] if calibration is None else [calibration.cited()])
    sectors = calibrated(made.sectors, calibration, with_clutter=uses_clutter(context, calibration))
    assumed = {name: int(made.assumed[name].sum()) for name in ASSUMED}
    not_simulated = pd.concat(
        [made.left_out, pd.DataFrame({"row": beyond, "reason": np.full(beyond.size, BEYOND_MODEL, dtype=object)})]
    )
    not_simulated = not_simulated.assign(row=own[not_simulated["row"].to_numpy(np.int64)])
    not_simulated = not_simulated.sort_values("row", ignore_index=True)
    left_out = {str(k): int(n) for k, n in not_simulated["reason"].value_counts().sort_index().items()}
    cautions = cautions_of(len(made.sectors), assumed, left_out, has_clutter=context["clutter"] is not None)
    cautions += [*band_caution(_strange_bands(made, pack)), *validity_cautions(used, context.parameters.get("as_of"))]
    if calibration is not None:
        cautions += calibration_cautions(
            calibration, conditions_of(context, model, pack.transmitters), uses_clutter(context, calibration)
        )
    return Radio(
        sectors,
        own[made.row],
        made.preset,
        made.assumed["band"].to_numpy(bool),
        model,
        range_m,
        calibration,
        assumed,
        left_out,
        not_simulated,
        cautions,
        _section(made, pack, model, range_m, technology, calibration),
    )


def _within(made: StationSectors, model: Propagation) -> tuple[StationSectors, npt.NDArray[np.int64]]:
    """Leave out the sectors whose frequency or height the model does not hold for, and give their rows."""
    known: dict[tuple[float, float], bool] = {}
    for sector in made.sectors:
        key = (sector.frequency_ghz, sector.height_m)
        if key not in known:
            try:
                model.constants(*key)
                known[key] = True
            except ValueError:
                known[key] = False
    keep = np.array([known[sector.frequency_ghz, sector.height_m] for sector in made.sectors], dtype=bool)
    if keep.all():
        return made, made.row[:0]
    kept = made._replace(
        sectors=[sector for sector, stays in zip(made.sectors, keep.tolist()) if stays],
        row=made.row[keep],
        assumed=made.assumed[keep].reset_index(drop=True),
        preset=made.preset[keep],
    )
    return kept, made.row[~keep]


def _strange_bands(made: StationSectors, pack: Pack) -> dict[float, int]:
    """Count the sectors by stated band in MHz that no preset of the technology knows."""
    found: dict[float, int] = {}
    for sector, number, assumed in zip(made.sectors, made.preset.tolist(), made.assumed["band"].tolist()):
        band = round(1000 * sector.frequency_ghz, 6)
        preset = pack.transmitters[number]
        if assumed and not preset.band_mhz_min <= band <= preset.band_mhz_max:
            found[band] = found.get(band, 0) + 1
    return dict(sorted(found.items()))


def _transmitters_cited(technology: str) -> dict[str, Any]:
    return {
        "id": f"{PACK}.transmitter.{technology}",
        "zh": "发射机预设（数据未注明处）",
        "en": "transmitter presets (where the data are silent)",
        "value": "",
        "unit": "",
        "status": "unverified",
        "document": "",
        "clause": "",
        "date": "",
        "pack": PACK,
    }


def _section(
    made: StationSectors,
    pack: Pack,
    model: Propagation,
    range_m: float,
    technology: str,
    calibration: Calibration | None,
) -> Section:
    rests = made.assumed.any(axis=1).to_numpy(bool)
    counts = np.bincount(made.preset, minlength=len(pack.transmitters))
    resting = np.bincount(made.preset[rests], minlength=len(pack.transmitters))
    presets = [(preset, int(counts[i]), int(resting[i])) for i, preset in enumerate(pack.transmitters) if counts[i] > 0]
    return radio_section(technology, presets, model, range_m, calibration)
