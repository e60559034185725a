"""The facilities that have a place: trunk nodes, base stations, data centres, villages."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....engine.context import RunContext
from ....layers import inputs
from ....text import Text
from ..failures.load import MW, PEOPLE, UNKNOWN, load_of
from ..parameters import PLANNED
from ..read import Trunk
from .exposed import Sites
from .words import FACILITY_LABELS

_TO_COME = ("under_construction", "planned")


def sites_of(
    context: RunContext, trunk: Trunk, village_reach_m: float, cluster_reach_m: float
) -> tuple[list[Sites], list[Text]]:
    """Read the facilities of the phase, and say how many of each there are and how many have no place."""
    load = load_of(context, trunk, village_reach_m, cluster_reach_m)
    count = len(trunk.rooms)
    values = load.carried[:count]
    nodes = _table(
        trunk.rooms, "node_id", people=values[:, PEOPLE], people_unknown=values[:, UNKNOWN], mw=values[:, MW]
    )
    made = [Sites("node", nodes, _points(trunk.network.lon[:count], trunk.network.lat[:count]), count)]
    if inputs.layer_present(context, "base_stations"):
        table = inputs.read_points(context, "base_stations", ["station_id", "name", "operator", "status"])
        kept = _of_phase(context, table.columns) & ~table.columns["station_id"].duplicated().to_numpy(bool)
        rows = table.columns[kept]
        made.append(Sites("station", _table(rows, "station_id"), _points(table.lon[kept], table.lat[kept]), len(kept)))
    if inputs.layer_present(context, "dc_clusters"):
        plots = inputs.read_layer(context, "dc_clusters", ["cluster_id", "name", "operator", "power_mw", "status"])
        kept = _of_phase(context, plots.columns)
        rows = plots.columns[kept]
        power = pd.to_numeric(rows["power_mw"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
        made.append(Sites("cluster", _table(rows, "cluster_id", mw=power), plots.geometry[kept], len(kept)))
    if inputs.layer_present(context, "villages"):
        table = inputs.read_points(context, "villages", ["village_code", "village_name", "population"])
        people = pd.to_numeric(table.columns["population"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
        rows = table.columns.rename(columns={"village_name": "name"}).assign(operator=None)
        unknown = np.isnan(people).astype(float)
        made.append(
            Sites(
                "village",
                _table(rows, "village_code", people=people, people_unknown=unknown),
                _points(table.lon, table.lat),
                len(table),
            )
        )
    return made, [*(_told(kind) for kind in made), *load.sentences]


def _told(kind: Sites) -> Text:
    lost = int(shapely.is_missing(kind.shapes).sum())
    label, out = FACILITY_LABELS[kind.facility], kind.rows - len(kind.table)
    left = Text("", "")
    if out:
        left = Text(
            f"（图层 {kind.rows:,} 行，编号重复或不属本阶段的 {out:,} 行未计）",
            f" ({kind.rows:,} rows; {out:,} repeat an id or are of another phase and do not count)",
        )
    return Text(
        f"{label.zh} {len(kind.table):,} 个{left.zh}，其中没有坐标、无法判定的 {lost:,} 个。",
        f"{label.en}s: {len(kind.table):,}{left.en}, of which {lost:,} have no place and cannot be told.",
    )


def _of_phase(context: RunContext, table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    status = table["status"]
    wanted = status.isna() | (status == "existing")
    if context["phase"] == PLANNED:
        wanted |= status.isin(_TO_COME)
    return wanted.to_numpy(bool)


def _table(rows: pd.DataFrame, number: str, **figures: Any) -> pd.DataFrame:
    made = pd.DataFrame(
        {
            "facility_id": rows[number].astype(object).to_numpy(),
            **{key: rows[key].astype(object).where(rows[key].notna(), None).to_numpy() for key in ("name", "operator")},
        }
    )
    for key in ("people", "people_unknown", "mw"):
        made[key] = figures.get(key, np.nan)
    return made


def _points(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    made = np.full(len(lon), None, dtype=object)
    there = np.isfinite(lon) & np.isfinite(lat)
    made[there] = shapely.points(lon[there], lat[there])
    return made
