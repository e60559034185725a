"""Read roads and railways: which of them count, whose route they are, which county they run through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.lines import Lines, Stretches, county_stretches, draw_lines, second_carriageways
from ...analysis.lines.carriageways import COUNTED
from ...engine.context import RunContext
from ...layers import inputs
from ...rules.pack import Pack, Rule
from ...text import Text

COLUMNS = ("road_id", "code", "name", "road_class", "is_border", "structure")
TUNNEL = "tunnel"


class Roads(NamedTuple):
    """The lines that a job is about.

    Attributes
    ----------
    table : pandas.DataFrame
        `COLUMNS`, one row a line.
    lines : Lines
    routes : list of str
        Route of each line, number and class; of railways, which seldom have a number, the name and class. "" where there
        is none: then it is joined to no other.
    county : Stretches
        By row of the county polygons.
    counted : Stretches
        1 where the line counts, 0 where it is the second carriageway of one that does.
    rules : list of Rule
        How carriageways are told apart.
    cautions : list of Text
    """

    table: pd.DataFrame
    lines: Lines
    routes: list[str]
    county: Stretches
    counted: Stretches
    rules: list[Rule]
    cautions: list[Text]

    @property
    def tunnel(self) -> npt.NDArray[np.bool_]:
        """Lines that run in a tunnel, shape (n,)."""
        return np.asarray((self.table["structure"] == TUNNEL).to_numpy(bool))


def read_roads(
    context: RunContext,
    pack: Pack,
    counties: npt.NDArray[np.object_],
    classes: Sequence[str],
    *,
    border_only: bool,
) -> Roads:
    """Read the roads and railways of some classes; the table is empty where the data have none of them.

    Parameters
    ----------
    pack : Pack
        The pack ``frontier-roads``.
    counties : numpy.ndarray of shapely polygons, shape (c,)
    classes : sequence of str
        Codes of `layers.specs.roads.CLASSES`.
    border_only : bool
        Only those that are said to run along the border.
    """
    layer = inputs.read_layer(context, "roads", COLUMNS)
    own = layer.columns["road_class"].isin(classes).to_numpy(bool)
    cautions = []
    if border_only:
        flag = layer.columns["is_border"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
        unknown = int((own & np.isnan(flag)).sum())
        own = own & (flag == 1)
        if unknown:
            cautions.append(
                Text(
                    f"{unknown} 条所选类型的道路未注明是否沿边，未计入。",
                    f"{unknown} roads of the chosen classes are not said to run along the border or not; they are not counted.",
                )
            )
    if not own.any():
        return _none(cautions)
    table = layer.columns[own].reset_index(drop=True)
    lines = draw_lines(list(layer.geometry[own]))
    routes = _routes(table)
    rules = [pack.rule(f"road.carriageway_{name}") for name in ("apart", "least", "turn")]
    apart_m, least_m, turn_deg = (float(rule.value) for rule in rules)
    doubled = second_carriageways(lines, routes, apart_m=apart_m, least_m=least_m, turn_deg=turn_deg)
    counted = doubled._replace(value=(doubled.value == COUNTED).astype(np.int64))
    return Roads(table, lines, routes, county_stretches(lines, list(counties)), counted, rules, cautions)


def _routes(table: pd.DataFrame) -> list[str]:
    by_name = table["name"].where((table["road_class"] == "railway").to_numpy(bool))
    said = table["code"].where(table["code"].notna(), by_name)
    return ["" if pd.isna(route) else f"{route}|{kind}" for route, kind in zip(said, table["road_class"])]


def _none(cautions: list[Text]) -> Roads:
    lines = draw_lines([])
    nowhere = county_stretches(lines, [])
    return Roads(pd.DataFrame(columns=list(COLUMNS)), lines, [], nowhere, nowhere, [], cautions)
