"""Read the base stations as the analyses want them: who counts now, who later, and how far each reaches."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...analysis.point_evidence import has_code
from ...analysis.station_radius import preset_radii
from ...engine.context import RunContext
from ...layers import inputs
from ...layers.codes import BASIC_OPERATORS
from ...rules.pack import RadiusPreset
from ...text import Text
from .packs import cite, read_pack

_COLUMNS = [
    *("station_id", "operator", "technology", "band_mhz", "antenna_height_m", "status", "in_service_date"),
    *("name", "tower_type", "azimuth_deg", "tilt_deg", "mechanical_tilt_deg", "electrical_tilt_deg"),
    *("eirp_dbm", "tx_power_dbm", "antenna_gain_dbi", "feeder_loss_db", "bandwidth_mhz"),
]
PRESETS = "signal_radius"


class Stations(NamedTuple):
    """The stations of a run.

    Attributes
    ----------
    table : pandas.DataFrame
        ``station_id, operator, technology, in_service_date, lon, lat``, ``phase`` (now, later, never), ``radius_m``
        (of the technology that is judged; NaN for stations of other technologies) and ``speaks`` (it is in service in
        that technology: where an operator has such a station, its silence around means something).
    assumed : int
        Stations whose radius rests on an unknown band or antenna height.
    cautions : list of Text
        What the reader of a result must know of the radii.
    presets : list of RadiusPreset
        The radius presets that were used; none where one radius was stated.
    """

    table: pd.DataFrame
    assumed: int
    cautions: list[Text]
    presets: list[RadiusPreset]


def read_stations(context: RunContext, *, radii: bool = True) -> Stations:
    """Read the layer ``base_stations`` of a job that has the parameters technology, as_of and, for radii, radius_m."""
    points = inputs.read_points(context, "base_stations", _COLUMNS)
    technology, as_of = context["technology"], context["as_of"]
    radius_m = context["radius_m"] if radii else None
    table = points.columns.assign(lon=points.lon, lat=points.lat)
    table["in_service_date"] = table["in_service_date"].astype(object).where(table["in_service_date"].notna(), None)
    opened = table["in_service_date"].fillna("").astype(str) <= as_of if as_of else np.ones(len(table), dtype=bool)
    existing = table["status"] == "existing"
    to_come = table["status"].isin(("under_construction", "planned")) | (existing & ~opened)
    table["phase"] = np.select([(existing & opened).to_numpy(bool), to_come.to_numpy(bool)], ["now", "later"], "never")
    unknown = int((existing & table["in_service_date"].isna()).sum())
    if as_of and unknown:
        context.notice(
            Text(
                f"{unknown} 个基站没有入网日期，按已入网计。",
                f"{unknown} stations have no in-service date and count as in service.",
            )
        )
    judged = has_code(table, "technology", technology)
    table["radius_m"] = np.nan
    cautions: list[Text] = []
    presets: list[RadiusPreset] = []
    assumed = 0
    if radius_m is not None:
        table.loc[judged, "radius_m"] = radius_m
        cautions.append(radius_caution(radius_m))
    elif radii:
        own = table[judged]
        pack = read_pack(context, PRESETS)
        presets = [preset for preset in pack.radii if preset.technology == technology]
        cite(context, [radius_cited(technology), *pack.changed("radius", technology)])
        found = preset_radii(technology, own["band_mhz"], own["antenna_height_m"], presets)
        table.loc[judged, "radius_m"] = found.radius_m
        assumed = int((found.band_assumed | found.height_assumed).sum())
        cautions.append(radius_caution(None))
        if assumed:
            cautions.append(
                Text(
                    f"{assumed} 个基站缺频段或挂高，取可能的最小半径。",
                    f"{assumed} stations lack band or antenna height and take the smallest radius they can have.",
                )
            )
    operators = np.zeros(len(table), dtype=bool)
    for operator in BASIC_OPERATORS:
        operators |= has_code(table, "operator", operator)
    table["speaks"] = operators & judged & (table["phase"] == "now").to_numpy(bool)
    if not table["speaks"].any():
        cautions.append(
            Text(
                f"数据中没有任何基础电信企业已入网的 {technology} 基站，没有信号之处无法判定。",
                f"The data hold no {technology} station of any basic operator that is in service: where no signal is, nothing can be told.",
            )
        )
    if not operators.all():
        cautions.append(
            Text(
                f"{int((~operators).sum())} 个基站不属于基础电信运营企业，不参与判定。",
                f"{int((~operators).sum())} stations belong to no basic operator and do not count.",
            )
        )
    return Stations(table[operators].reset_index(drop=True), assumed, cautions, presets)


def radius_caution(radius_m: float | None) -> Text:
    """Say what the reader of a result must know of the radii; None for those of the presets."""
    if radius_m is not None:
        return Text(
            f"覆盖半径统一取 {radius_m:g} m（用户指定），不考虑地形。",
            f"Every station has a radius of {radius_m:g} m (stated by the user), without terrain.",
        )
    return Text(
        "覆盖半径取自按频段和挂高的预设，未经核实，不考虑地形。",
        "Radii are presets by band and antenna height that nobody has verified; they know no terrain.",
    )


def no_stations(technology: str) -> Stations:
    """Give the stations of a run that has no such layer: nothing of them can be told."""
    columns = {name: pd.Series(dtype=object) for name in (*_COLUMNS, "phase")}
    numbers = {name: pd.Series(dtype=np.float64) for name in ("lon", "lat", "radius_m")}
    table = pd.DataFrame({**columns, **numbers, "speaks": pd.Series(dtype=bool)})
    caution = Text(
        f"没有基站数据，{technology} 信号除实测外均无法判定。",
        f"There are no base stations: but for measurements, nothing can be told of {technology}.",
    )
    return Stations(table, 0, [caution], [])


def radius_cited(technology: str) -> dict[str, Any]:
    """Give what a result says of the radius presets of a technology, in the form of a rule."""
    return {
        "id": f"{PRESETS}.{technology}",
        "zh": "按频段和天线挂高的覆盖半径",
        "en": "radius by band and antenna height",
        "value": "",
        "unit": "",
        "status": "unverified",
        "document": "",
        "clause": "",
        "date": "",
        "pack": PRESETS,
    }
