"""Bring measured and simulated levels together, row by row; a row that is not compared says why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...analysis.point_evidence import has_code
from ...analysis.radio.calibration import NO_CLASS, CalibrationResult, Residuals, Settings
from ...analysis.radio.serving import Group, Served, served_levels
from ...engine.context import RunContext
from ...errors import InputError
from ...layers.codes import BASIC_OPERATORS
from ...rules.pack import Pack, Rule
from ...rules.presets import TransmitterPreset
from ...text import Text
from ..radio.clutter import read_classes
from ..radio.inputs import Radio, require_land
from ..radio.land import check_steps
from ..shared.stations import Stations
from ..shared.tables import read_rows
from .words import BAND_UNKNOWN, LATER, NO_PLACE, NO_SECTORS, NO_TERRAIN, OUT_OF_RANGE, USED

_COLUMNS = ["measurement_id", "operator", "technology", "rsrp_dbm", "measured_on", "station_id", "band_mhz"]
_METRES_A_DEGREE = 110_500.0  # of latitude, the least there is, so that a window is never too narrow


class Compared(NamedTuple):
    """The measurements of the technology, in their own order.

    Attributes
    ----------
    table : pandas.DataFrame
        ``measurement_id, operator, measured_on, measured_dbm, simulated_dbm, difference_db, server_id, named_server,
        band, clutter, use, lon, lat``; ``use`` is `USED` or the reason why not.
    residuals : Residuals
        Of the rows that are used, in their order; bands are numbers of transmitter presets.
    other_technology : int
        Measurements of other technologies, which are in no row.
    cautions : list of Text
    """

    table: pd.DataFrame
    residuals: Residuals
    other_technology: int
    cautions: list[Text]


class Tests(NamedTuple):
    """Measurements of the technology, and how many there are of others."""

    table: pd.DataFrame
    others: int


def settings_of(pack: Pack) -> tuple[Settings, list[Rule]]:
    """Take the settings of a calibration from the rule pack, and give the rules to cite."""
    names = ("outlier", "least_spread", "cell", "block", "folds", "least_points", "least_gain")
    rules = [pack.rule(f"radio.calibration.{name}") for name in names]
    outlier, spread, cell, block, folds, least, gain = (float(rule.value) for rule in rules)
    return Settings(outlier, spread, cell, block, int(folds), int(least), gain), rules


def spread_cautions(result: CalibrationResult, presets: Sequence[TransmitterPreset], most: Rule) -> list[Text]:
    """Say of which bands the measurements scatter so much that an offset says little."""
    said = []
    for band in result.bands:
        if band.sigma_db > float(most.value):
            name = _label(presets[band.band])
            said.append(
                Text(
                    f"{name} MHz 的实测与仿真之差标准差达 {band.sigma_db:.0f} dB：请先核对基站坐标、挂高和功率，以及测试记录。",
                    f"At {name} MHz the differences scatter by {band.sigma_db:.0f} dB: check the stations' coordinates, heights and "
                    "powers, and the measurements, first.",
                )
            )
    return said


def read_tests(context: RunContext) -> Tests:
    """Read the measurements and keep those of the technology.

    Raises
    ------
    InputError
        There is none.
    """
    tests = read_rows(context, "measurements", _COLUMNS)
    own = has_code(tests, "technology", context["technology"])
    if not own.any():
        raise InputError(
            Text(
                f"{len(tests)} 条测试记录中没有 {context['technology']} 的。",
                f"None of the {len(tests)} measurements is of {context['technology']}.",
            ),
            Text("请核对网络制式和测试记录。", "Check the technology and the measurements."),
        )
    return Tests(tests[own].reset_index(drop=True), int((~own).sum()))


def compared(
    context: RunContext, tests: Tests, stations: Stations, radio: Radio, presets: Sequence[TransmitterPreset]
) -> Compared:
    """Simulate at the measurements and take the differences."""
    table, others = tests
    use = np.full(len(table), USED, dtype=object)
    lon, lat = table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64)
    use[np.isnan(lon) | np.isnan(lat)] = NO_PLACE
    if context["as_of"]:
        use[(table["measured_on"].fillna("").astype(str) > context["as_of"]).to_numpy(bool)] = LATER
    groups, named, cautions = _groups(table, use == USED, stations, radio, presets)
    grouped = np.zeros(len(table), dtype=bool)
    for group in groups:
        grouped[group.points] = True
    use[(use == USED) & ~grouped] = NO_SECTORS
    served = _served(context, radio, groups, lon, lat, use == USED)
    use[(use == USED) & served.unknown] = NO_TERRAIN
    use[(use == USED) & (served.server < 0)] = OUT_OF_RANGE
    known = served.server >= 0
    server = np.where(known, served.server, 0)
    band = np.full(len(table), -1, dtype=np.int64)
    if radio.sectors:
        band[known] = _bands(radio, presets)[server[known]]
    use[(use == USED) & (band < 0)] = BAND_UNKNOWN
    clutter = np.full(len(table), NO_CLASS, dtype=np.int64)
    if context["clutter"] is not None:
        clutter = read_classes(context, lon, lat).astype(np.int64)
    measured = table["rsrp_dbm"].to_numpy(np.float64)
    difference = measured - served.level_dbm
    names = stations.table["station_id"].to_numpy(object)
    ids = np.full(len(table), None, dtype=object)
    if radio.sectors:
        ids[known] = names[radio.row[server[known]]]
    used = use == USED
    rows = pd.DataFrame(
        {
            "measurement_id": table["measurement_id"],
            "operator": table["operator"],
            "measured_on": table["measured_on"],
            "measured_dbm": measured,
            "simulated_dbm": np.round(served.level_dbm, 2),
            "difference_db": np.round(difference, 2),
            "server_id": ids,
            "named_server": named,
            "band": [_label(presets[number]) if number >= 0 else None for number in band.tolist()],
            "clutter": pd.array(np.where(clutter == NO_CLASS, 0, clutter), dtype="Int64"),
            "use": use,
            "lon": lon,
            "lat": lat,
        }
    )
    rows.loc[clutter == NO_CLASS, "clutter"] = pd.NA
    return Compared(
        rows, Residuals(lon[used], lat[used], band[used], clutter[used], difference[used]), others, cautions
    )


def _label(preset: TransmitterPreset) -> str:
    return f"{preset.band_mhz_min:g}–{preset.band_mhz_max:g}"


def _bands(radio: Radio, presets: Sequence[TransmitterPreset]) -> np.ndarray:
    """Give the band of every sector, as the number of its preset; -1 where it is unknown or in no preset's range."""
    found = radio.preset.copy()
    for i, (sector, number) in enumerate(zip(radio.sectors, radio.preset.tolist())):
        band = round(1000 * sector.frequency_ghz, 6)
        if radio.band_assumed[i] or not presets[number].band_mhz_min <= band <= presets[number].band_mhz_max:
            found[i] = -1
    return found


def _groups(
    tests: pd.DataFrame,
    open_rows: np.ndarray,
    stations: Stations,
    radio: Radio,
    presets: Sequence[TransmitterPreset],
) -> tuple[list[Group], np.ndarray, list[Text]]:
    """Say which sectors may have served which measurements: the named station's, else those of operator and band."""
    own = stations.table.iloc[radio.row].reset_index(drop=True)
    ids = own["station_id"].astype(object).to_numpy()
    bands = _bands(radio, presets)
    stated = tests["band_mhz"].to_numpy(np.float64)
    wanted = np.full(len(tests), -1, dtype=np.int64)
    for number in np.unique(radio.preset).tolist():
        preset = presets[number]
        wanted[(stated >= preset.band_mhz_min) & (stated <= preset.band_mhz_max)] = number
    named = np.zeros(len(tests), dtype=bool)
    groups: list[Group] = []
    unfound = 0
    for operator in BASIC_OPERATORS:
        of_operator = has_code(own, "operator", operator) if len(own) else np.zeros(0, dtype=bool)
        rows = np.flatnonzero(open_rows & has_code(tests, "operator", operator))
        if not rows.size or not of_operator.any():
            continue
        known = set(ids[of_operator])
        by_server: dict[tuple[str, int], list[int]] = {}
        for row, station in zip(rows.tolist(), tests["station_id"].astype(object).to_numpy()[rows]):
            unfound += bool(pd.notna(station) and station not in known)
            key = (str(station) if station in known else "", int(wanted[row]))
            by_server.setdefault(key, []).append(row)
        for (station, band), points in sorted(by_server.items()):
            may = of_operator & (ids == station) if station else of_operator.copy()
            if band >= 0 and (may & (bands == band)).any():
                may &= bands == band
            named[points] = bool(station)
            groups.append(Group(np.array(points, dtype=np.int64), np.flatnonzero(may).astype(np.int64)))
    cautions = []
    if unfound:
        cautions.append(
            Text(
                f"{unfound} 条测试记录的服务基站编号在该运营商的基站中找不到，按仿真最强的扇区比较。",
                f"{unfound} measurements name a serving station that the operator's stations lack; the strongest sector stands in.",
            )
        )
    return groups, named, cautions


def _served(
    context: RunContext, radio: Radio, groups: list[Group], lon: np.ndarray, lat: np.ndarray, wanted: np.ndarray
) -> Served:
    if not wanted.any() or not groups:
        none = np.full(lon.size, np.nan)
        return Served(none, np.full(lon.size, -1, dtype=np.int64), np.zeros(lon.size, dtype=bool))
    x, y = lon[wanted], lat[wanted]
    up = radio.max_range_m / _METRES_A_DEGREE
    aside = up / max(math.cos(math.radians(min(float(np.abs(y).max()) + up, 89.0))), 0.01)
    context.progress(0.1, Text("读取高程", "Reading the heights"))
    land = require_land(
        context,
        *(float(x.min()) - aside, float(y.min()) - up),
        *(float(x.max()) + aside, float(y.max()) + up),
    )
    check_steps(land.step_m, radio.max_range_m)
    return served_levels(
        land,
        radio.sectors,
        groups,
        lon,
        lat,
        max_range_m=radio.max_range_m,
        model=radio.model,
        checkpoint=context.part(0.2, 0.85, Text("仿真测试点电平", "Simulating at the measurements")),
    )
