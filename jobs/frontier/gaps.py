"""What a frontier scoreboard misses: one row an unmet item, why, and what is near it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.geodesy import geodesic_distance_m
from ...analysis.near_lines import nearest_line
from ...analysis.reach import nearest_station
from ...analysis.village_verdict import NO, UNKNOWN, YES
from ...engine.context import RunContext
from ...layers import inputs
from ...rules.pack import Rule
from .services import RADIO_OF, Basis, service_states

COLUMNS = (
    *(
        "rank",
        "rule_id",
        "unverified",
        "subject",
        "service",
        "item_id",
        "name",
        "county_code",
        "county_name",
        "state",
        "reason",
    ),
    *("planned_year", "people", "backhaul", "evidence", "nearest_station_id", "nearest_station_m"),
    *("nearest_cable_id", "nearest_cable_m", "border_m", "lon", "lat"),
)
_STATE = {NO: "not_met", UNKNOWN: "cannot_tell"}


def gap_rows(rules: Sequence[Rule], items: pd.DataFrame, in_scope: npt.NDArray[np.bool_], basis: Basis) -> pd.DataFrame:
    """List what is not met and what cannot be told, rule by rule, with the reason.

    Parameters
    ----------
    rules : sequence of Rule
        Those whose subject is a class of items.
    items : pandas.DataFrame
        Of `Items`.
    in_scope : numpy.ndarray of bool, shape (n,)
    basis : Basis

    Returns
    -------
    pandas.DataFrame
        `COLUMNS` without the rank, the county's name and what is near.
    """
    parts = []
    for rule in rules:
        state = service_states(rule.service, basis, items)
        rows = np.flatnonzero((items["subject"] == rule.subject).to_numpy(bool) & in_scope & (state != YES))
        after = service_states(rule.service, basis, items, planned=True)
        part = items.iloc[rows].assign(
            rule_id=rule.id,
            unverified=int(rule.status != "verified"),
            service=rule.service,
            state=[_STATE[value] for value in state[rows].tolist()],
        )
        for radio in basis.by_technology.values():  # a village without a place of its own lies where it is judged
            part[["lon", "lat"]] = part[["lon", "lat"]].fillna(
                radio.rows.iloc[rows][["weak_lon", "weak_lat"]].set_axis(["lon", "lat"], axis=1).set_axis(part.index)
            )
        why = [_reason(rule.service, int(row), int(state[row]), int(after[row]), basis) for row in rows]
        part["reason"] = np.array([reason for reason, _, _ in why], dtype=object)
        part["planned_year"] = np.array([year for _, year, _ in why], dtype=object)
        part["evidence"] = np.array([evidence for _, _, evidence in why], dtype=object)
        parts.append(part)
    empty = items.iloc[:0].assign(
        rule_id="", unverified=0, service="", state="", reason="", planned_year=None, evidence=None
    )
    return pd.concat([part for part in parts if len(part)] or [empty], ignore_index=True)


def _reason(service: str, row: int, state: int, after: int, basis: Basis) -> tuple[str, Any, str | None]:
    """Say why an item lacks a service: reason, year of the planned station, evidence."""
    radio = [basis.by_technology[name] for name in RADIO_OF[service]]
    if not radio:
        return "gigabit_unknown", None, None
    if after == YES:
        years = [found.planned_year[row] for found in radio if found.now[row] != YES and found.after[row] == YES]
        said = sorted(year for year in years if year)
        return "planned", said[0] if said else None, _evidence(radio[0].rows, row)
    untold = [found for found in radio if found.now[row] == UNKNOWN]
    if state == UNKNOWN and untold:
        return str(untold[0].rows["reason"].iloc[row]), None, None
    if state == UNKNOWN:
        return "fibre_unknown", None, _evidence(radio[0].rows, row)
    rows = radio[0].rows
    evidence = _evidence(rows, row)
    if evidence == "measured":
        return "measured_weak", None, evidence
    if "verdict_by_distance" in rows and rows["verdict_by_distance"].iloc[row] == "reached":
        return "behind_terrain", None, evidence
    return "no_station_in_range", None, evidence


def _evidence(rows: pd.DataFrame, row: int) -> str | None:
    found = str(rows["evidence"].iloc[row])
    return None if found == "none" else found


def add_neighbours(context: RunContext, gaps: pd.DataFrame, stations: pd.DataFrame) -> None:
    """Add the nearest existing station, the nearest existing trunk cable and the distance to the border, in metres."""
    lon, lat = gaps["lon"].to_numpy(np.float64), gaps["lat"].to_numpy(np.float64)
    built = stations[(stations["phase"] == "now").to_numpy(bool)].reset_index(drop=True)
    near = nearest_station(lon, lat, built["lon"].to_numpy(np.float64), built["lat"].to_numpy(np.float64)).station
    known = near >= 0
    gaps["nearest_station_id"] = None
    gaps.loc[known, "nearest_station_id"] = built["station_id"].to_numpy(object)[near[known]]
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


def _existing_cables(context: RunContext) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    if not inputs.layer_present(context, "trunk_cables"):
        return np.empty(0, dtype=object), np.empty(0, dtype=object)
    cables = inputs.read_layer(context, "trunk_cables", ["cable_id", "status"])
    built = (cables.columns["status"] == "existing").to_numpy(bool)
    return cables.columns["cable_id"].to_numpy(object)[built], cables.geometry[built]


def ranked(gaps: pd.DataFrame, county_names: dict[str, str]) -> pd.DataFrame:
    """Put what is not met first, then by people (unknown last), then by nearness to the border, and number it."""
    order = gaps.assign(untold=gaps["state"] == "cannot_tell", most=-gaps["people"].astype(np.float64))
    order = order.sort_values(
        ["untold", "most", "border_m", "rule_id", "item_id"], kind="stable", na_position="last", ignore_index=True
    )
    order["rank"] = np.arange(1, len(order) + 1)
    order["county_name"] = order["county_code"].map(county_names)
    return order[list(COLUMNS)]
