"""What a frontier scoreboard misses: the rows of items that are not met or cannot be told, and what is near them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.geodesy import geodesic_distance_m
from ...analysis.near_lines import nearest_line
from ...analysis.reach import nearest_station
from ...engine.context import RunContext
from ...layers import inputs
from .item_states import COLUMNS as ITEM_COLUMNS

NEAR = (
    *("nearest_station_id", "nearest_station_technology", "nearest_station_m"),
    *("nearest_cable_id", "nearest_cable_m", "border_m"),
)
COLUMNS = ("rank", *ITEM_COLUMNS[:-2], *NEAR, "lon", "lat")


def add_neighbours(context: RunContext, gaps: pd.DataFrame, stations: pd.DataFrame) -> None:
    """Add the nearest existing station, the nearest existing trunk cable and the distance to the border, in metres."""
    lon, lat = gaps["lon"].to_numpy(np.float64), gaps["lat"].to_numpy(np.float64)
    built = stations[(stations["phase"] == "now").to_numpy(bool)].reset_index(drop=True)
    near = nearest_station(lon, lat, built["lon"].to_numpy(np.float64), built["lat"].to_numpy(np.float64)).station
    known = near >= 0
    for told, name in (("nearest_station_id", "station_id"), ("nearest_station_technology", "technology")):
        gaps[told] = None
        gaps.loc[known, told] = built[name].to_numpy(object)[near[known]]
    away = np.full(len(gaps), np.nan)
    at = near[known]
    away[known] = geodesic_distance_m(
        lon[known], lat[known], built["lon"].to_numpy(np.float64)[at], built["lat"].to_numpy(np.float64)[at]
    )
    gaps["nearest_station_m"] = np.round(away, 1)
    names, lines = _existing_cables(context)
    cable = nearest_line(lon, lat, lines)
    there = cable.line >= 0
    gaps["nearest_cable_id"] = None
    gaps.loc[there, "nearest_cable_id"] = names[cable.line[there]]
    gaps["nearest_cable_m"] = np.round(cable.distance_m, 1)
    border = np.empty(0, dtype=object)
    if inputs.layer_present(context, "national_border"):
        border = inputs.read_layer(context, "national_border", ["line_id"]).geometry
    gaps["border_m"] = np.round(nearest_line(lon, lat, border).distance_m, 1)


def tell_items(items: pd.DataFrame, gaps: pd.DataFrame) -> None:
    """Give the items that are not met what `add_neighbours` found; `gaps` are their rows, in their order."""
    unmet = (items["state"] != "met").to_numpy(bool)
    for name in NEAR:
        items.loc[unmet, name] = gaps[name].to_numpy()


def _existing_cables(context: RunContext) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    if not inputs.layer_present(context, "trunk_cables"):
        return np.empty(0, dtype=object), np.empty(0, dtype=object)
    cables = inputs.read_layer(context, "trunk_cables", ["cable_id", "status"])
    built = (cables.columns["status"] == "existing").to_numpy(bool)
    return cables.columns["cable_id"].to_numpy(object)[built], cables.geometry[built]


def ranked(gaps: pd.DataFrame) -> pd.DataFrame:
    """Put what is not met first, then by people (unknown last), then by nearness to the border, and number it."""
    order = gaps.assign(untold=gaps["state"] == "cannot_tell", most=-gaps["people"].astype(np.float64))
    order = order.sort_values(
        ["untold", "most", "border_m", "rule_id", "item_id"], kind="stable", na_position="last", ignore_index=True
    )
    order["rank"] = np.arange(1, len(order) + 1)
    return order[list(COLUMNS)]
