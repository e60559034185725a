"""Score the roads along the border: what stations cover of their length, county by county, and where nothing does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.data_extent import unit_of_points
from ...analysis.lines import (
    NOWHERE,
    Lines,
    Overlay,
    Stretches,
    county_stretches,
    covered_or_not,
    covered_stretches,
    cut_lines,
    draw_lines,
    gap_runs,
    lay_over,
    second_carriageways,
)
from ...analysis.lines.carriageways import COUNTED
from ...analysis.scoreboard import ALL_COUNTIES, NO_COUNTY, tally_amounts
from ...analysis.village_verdict import NO, UNKNOWN, YES
from ...engine.context import RunContext
from ...layers import inputs
from ...rules.pack import Rule
from ...text import Text
from .items import Items
from .packs import Packs
from .scope import Scope
from .score import target_of
from .services import RADIO_OF, Basis

_CLASSES = ("national", "provincial")
_LEFT_OUT = 9
_REASONS = {NO: ("not_met", "no_station_in_range"), UNKNOWN: ("cannot_tell", "no_data")}
GAP_COLUMNS = (
    *("rule_id", "unverified", "road_id", "route", "name", "service", "state", "reason"),
    *("run", "run_km", "from_km", "to_km", "length_km"),
)


class RoadScores(NamedTuple):
    """The score of roads.

    Attributes
    ----------
    rows : list of dict
        As those of points, in km.
    gaps : pandas.DataFrame
        `GAP_COLUMNS`, one row a stretch; stretches of one run have its number and length.
    shapes : list of lines
        Of the gaps.
    cautions : list of Text
    rules : list of Rule
        How length was counted.
    """

    rows: list[dict[str, Any]]
    gaps: pd.DataFrame
    shapes: list[Any]
    cautions: list[Text]
    rules: list[Rule]


def score_roads(
    context: RunContext, rules: Sequence[Rule], items: Items, scope: Scope, basis: Basis, packs: Packs
) -> RoadScores:
    """Score every rule on border roads by distance; without such roads in the data there are no rows."""
    empty = RoadScores([], pd.DataFrame(columns=list(GAP_COLUMNS)), [], [], [])
    if not rules or not inputs.layer_present(context, "roads"):
        return empty
    layer = inputs.read_layer(context, "roads", ["road_id", "code", "name", "road_class", "is_border"])
    own, cautions = _border_roads(layer.columns)
    if not own.any():
        return empty._replace(cautions=cautions)
    roads = layer.columns[own].reset_index(drop=True)
    lines = draw_lines(list(layer.geometry[own]))
    counted = [packs.roads.rule(f"road.carriageway_{name}") for name in ("apart", "least", "turn")]
    names = _routes(roads)
    apart_m, least_m, turn_deg = (float(rule.value) for rule in counted)
    doubled = second_carriageways(lines, names, apart_m=apart_m, least_m=least_m, turn_deg=turn_deg)
    county = county_stretches(lines, list(items.shapes))
    found = empty._replace(cautions=cautions, rules=counted)
    parts = []
    for rule in rules:
        laid = lay_over(lines, [_covered(lines, rule, basis), county, doubled])
        state = _states(laid, _with_data(rule, items, basis), scope, items)
        found.rows.extend(
            {"rule_id": rule.id, "unit": "km", **row} for row in _tallies(rule, laid, state, scope, items)
        )
        gaps, shapes = _gaps(rule, lines, Stretches(laid.line, laid.from_m, laid.to_m, state), roads, names)
        parts.append(gaps)
        found.shapes.extend(shapes)
    if context["dem"] and context["evidence"] != "distance":
        cautions.append(
            Text("道路按覆盖半径推断，未用地形仿真。", "Roads are judged by radius, not simulated on terrain.")
        )
    return found._replace(gaps=pd.concat(parts, ignore_index=True))


def _border_roads(columns: pd.DataFrame) -> tuple[npt.NDArray[np.bool_], list[Text]]:
    """Find national and provincial roads that are said to run along the border."""
    of_class = columns["road_class"].isin(_CLASSES).to_numpy(bool)
    flag = columns["is_border"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    unknown = int((of_class & np.isnan(flag)).sum())
    said = Text(
        f"{unknown} 条国道、省道未注明是否沿边，未计入。",
        f"{unknown} national and provincial roads are not said to run along the border or not; they are not counted.",
    )
    return of_class & (flag == 1), [said] if unknown else []


def _routes(roads: pd.DataFrame) -> list[str]:
    return ["" if pd.isna(code) else f"{code}|{kind}" for code, kind in zip(roads["code"], roads["road_class"])]


def _covered(lines: Lines, rule: Rule, basis: Basis) -> Stretches:
    tables = [basis.tables[technology] for technology in RADIO_OF[rule.service]]
    built = pd.concat([table[(table["phase"] == "now") & table["radius_m"].notna()] for table in tables])
    return covered_or_not(
        lines, covered_stretches(lines, *(built[name].to_numpy(np.float64) for name in ("lon", "lat", "radius_m")))
    )


def _with_data(rule: Rule, items: Items, basis: Basis) -> npt.NDArray[np.bool_]:
    """Tell in which counties some operator that lists stations of the technology lists any."""
    known = np.zeros(len(items.shaped) + 1, dtype=bool)  # the last one is `NOWHERE`
    for technology in RADIO_OF[rule.service]:
        table = basis.tables[technology]
        speaking = table[table["speaks"].to_numpy(bool)]
        unit = unit_of_points(speaking["lon"].to_numpy(np.float64), speaking["lat"].to_numpy(np.float64), items.shapes)
        known[unit[unit >= 0]] = True
    return known


def _states(laid: Overlay, with_data: npt.NDArray[np.bool_], scope: Scope, items: Items) -> npt.NDArray[np.int64]:
    """Give the state of every stretch; what is out of scope or doubles another carriageway is left out."""
    *_, (covered, county, doubled) = laid
    state = np.where(covered == YES, YES, np.where(with_data[county], NO, UNKNOWN))
    inside = np.append(np.isin(items.shaped, scope.counties), scope.everything)
    return np.where(inside[county] & (doubled == COUNTED), state, _LEFT_OUT)


def _tallies(
    rule: Rule, laid: Overlay, state: npt.NDArray[np.int64], scope: Scope, items: Items
) -> list[dict[str, Any]]:
    *_, (_, county, _) = laid
    target = target_of(rule)
    rows = []
    codes = [*scope.counties, *([NO_COUNTY] if scope.everything and NO_COUNTY not in scope.counties else [])]
    row_of = {code: row for row, code in enumerate(items.shaped)}
    for code in (*codes, ALL_COUNTIES):
        here = np.ones(len(county), bool) if code == ALL_COUNTIES else county == row_of.get(code, NOWHERE)
        yes, no, unknown = (float(laid.length_m[here & (state == s)].sum()) / 1000 for s in (YES, NO, UNKNOWN))
        rows.append({"county_code": code, **tally_amounts(yes, no, unknown, target)})
    return rows


def _gaps(
    rule: Rule, lines: Lines, states: Stretches, roads: pd.DataFrame, names: list[str]
) -> tuple[pd.DataFrame, list[Any]]:
    tables, shapes, before = [], [], 0
    for state, (word, reason) in _REASONS.items():
        runs = gap_runs(lines, states, road=names, state=state)
        own = roads.iloc[runs.line]
        tables.append(
            pd.DataFrame(
                {
                    "rule_id": rule.id,
                    "unverified": int(rule.status != "verified"),
                    "road_id": own["road_id"].to_numpy(object),
                    "route": own["code"].to_numpy(object),
                    "name": own["name"].to_numpy(object),
                    "service": rule.service,
                    "state": word,
                    "reason": reason,
                    "run": runs.run + 1 + before,
                    "run_km": np.round(runs.run_m / 1000, 3),
                    "from_km": np.round(runs.from_m / 1000, 3),
                    "to_km": np.round(runs.to_m / 1000, 3),
                    "length_km": np.round((runs.to_m - runs.from_m) / 1000, 3),
                }
            )
        )
        before += int(runs.run.max(initial=-1)) + 1
        shapes += cut_lines(lines, runs.line, runs.from_m, runs.to_m)
    return pd.concat(tables, ignore_index=True), shapes
