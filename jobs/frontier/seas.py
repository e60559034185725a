"""Score the sea: what coastal stations cover of the inland and territorial sea that the data delimit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.coverage import coverage_of_units
from ...analysis.scoreboard import ALL_COUNTIES, tally_amounts
from ...engine.context import RunContext
from ...layers import inputs
from ...rules.pack import Rule
from ...text import Text
from .score import target_of
from .services import RADIO_OF, Basis

_KINDS = {"inland_sea": "inland", "territorial_sea": "territorial"}
_DERIVED = "derived_12nm"
_SQUARE_KM = 1e6


class SeaScores(NamedTuple):
    """The score of the sea, in square kilometres: rows of the totals, and what the reader must know."""

    rows: list[dict[str, Any]]
    cautions: list[Text]


def score_seas(context: RunContext, rules: Sequence[Rule], basis: Basis) -> SeaScores:
    """Score every rule on the sea by distance; a kind of sea that no layer delimits has no row.

    A belt that was only derived from the coast has no legal meaning: its coverage is told and judges nothing.
    """
    found = SeaScores([], [])
    if not rules or not inputs.layer_present(context, "sea_areas"):
        return found
    layer = inputs.read_layer(context, "sea_areas", ["sea_id", "kind"])
    kind = layer.columns["kind"].to_numpy(object)
    for rule in rules:
        covered, open_ = _areas_km2(layer.geometry[kind == _KINDS[rule.subject]], rule, basis)
        if covered + open_:
            told = (covered, open_, 0.0) if _has_stations(rule, basis) else (0.0, 0.0, open_)
            tally = tally_amounts(*told, target_of(rule))
            found.rows.append({"rule_id": rule.id, "unit": "km²", "county_code": ALL_COUNTIES, **tally})
            continue
        covered, open_ = _areas_km2(layer.geometry[kind == _DERIVED], rule, basis)
        if covered + open_ and _has_stations(rule, basis):
            share = 100 * covered / (covered + open_)
            found.cautions.append(
                Text(
                    f"没有“{rule.name.zh}”所需的海域界线，无法判定。推算12海里带（非法定）面积 {covered + open_:,.1f} km²，"
                    f"{rule.service} 按距离覆盖 {share:.1f}%，仅供参考。",
                    f"No layer delimits the sea of “{rule.name.en}”: it cannot be told. Of the derived 12 nm belt (not legal) of "
                    f"{covered + open_:,.1f} km², {rule.service} covers {share:.1f} % by distance; for information.",
                )
            )
    if found.rows or found.cautions:
        found.cautions.append(
            Text(
                "海域覆盖按陆上基站的半径预设推断，未按海面传播计算，偏保守。",
                "Coverage of the sea takes the radius presets of land, not propagation over water, and is on the low side.",
            )
        )
    return found


def _areas_km2(areas: npt.NDArray[np.object_], rule: Rule, basis: Basis) -> tuple[float, float]:
    """Give covered and open geodesic area."""
    if not len(areas):
        return 0.0, 0.0
    tables = [basis.tables[technology] for technology in RADIO_OF[rule.service]]
    built = pd.concat([table[(table["phase"] == "now") & table["radius_m"].notna()] for table in tables])
    split = coverage_of_units(list(areas), *(built[name].to_numpy(np.float64) for name in ("lon", "lat", "radius_m")))
    return float(split.covered_area_m2.sum()) / _SQUARE_KM, float(split.gap_area_m2.sum()) / _SQUARE_KM


def _has_stations(rule: Rule, basis: Basis) -> bool:
    return any(basis.tables[technology]["speaks"].any() for technology in RADIO_OF[rule.service])
