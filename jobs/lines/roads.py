"""Read roads and railways: which of them count, whose route they are, which county they run through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.lines import Lines, Stretches, county_stretches, draw_lines, drawn_twice, lay_over, second_carriageways
from ...analysis.lines.carriageways import COUNTED, IN_DOUBT
from ...engine.context import RunContext
from ...layers import inputs
from ...layers.specs.roads import CLASSES
from ...rules.pack import Pack, Rule
from ...text import Text

COLUMNS = ("road_id", "code", "name", "road_class", "is_border", "structure")
TUNNEL = "tunnel"
_MOST_TOLD = 10


class Roads(NamedTuple):
    """The lines that a job is about.

    Attributes
    ----------
    table : pandas.DataFrame
        `COLUMNS`, one row a line.
    lines : Lines
    routes : list of str
        Route of each line, number and class; of railways, which seldom have a number, the name and class. "" where there
        is none, and for what is drawn twice: then it is joined to no other.
    county : Stretches
        By row of the county polygons.
    counted : Stretches
        1 where the line counts, 0 where it is the second carriageway of one that does, or another has the same place.
    rules : list of Rule
        How carriageways are told apart.
    cautions : list of Text
    second_m, twice_m : float
        Length that is not counted: of second carriageways, and of what is drawn twice.
    """

    table: pd.DataFrame
    lines: Lines
    routes: list[str]
    county: Stretches
    counted: Stretches
    rules: list[Rule]
    cautions: list[Text]
    second_m: float = 0.0
    twice_m: float = 0.0

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
    rules = [pack.rule(f"road.carriageway_{name}") for name in ("apart", "least", "hairpin", "turn")]
    apart_m, least_m, hairpin_m, turn_deg = (float(rule.value) for rule in rules)
    classes_in_order = {code.value: place for place, code in enumerate(CLASSES)}
    rank = table["road_class"].map(classes_in_order).to_numpy(np.int64)
    twice = drawn_twice(lines, routes, rank)
    own_m = np.bincount(twice.line, np.where(twice.value == COUNTED, twice.length_m, 0.0), lines.line_count)
    whole = np.flatnonzero((own_m == 0.0) & (lines.length_m > 0.0))
    for row in whole.tolist():
        routes[row] = ""
    limits = {"apart_m": apart_m, "least_m": least_m, "turn_deg": turn_deg, "hairpin_m": hairpin_m}
    doubled = second_carriageways(lines, routes, **limits)
    laid = lay_over(lines, [twice, doubled])
    *_, (same, beside) = laid
    second = (same == COUNTED) & (beside >= 0)
    counted = Stretches(*laid[:3], ((same == COUNTED) & (beside < 0)).astype(np.int64))
    cautions += _twice_words(table, twice)
    cautions += _unknown_pairs_words(table, lines, routes, counted, whole, limits)
    cautions += _hairpin_words(table, laid.line, laid.length_m, (same == COUNTED) & (beside == IN_DOUBT), hairpin_m)
    return Roads(
        table,
        lines,
        routes,
        county_stretches(lines, list(counties)),
        counted,
        rules,
        cautions,
        float(laid.length_m[second].sum()),
        float(laid.length_m[same != COUNTED].sum()),
    )


def _twice_words(table: pd.DataFrame, twice: Stretches) -> list[Text]:
    """Say what is drawn twice, under which ids."""
    again = twice.value != COUNTED
    if not again.any():
        return []
    rows = pd.DataFrame({"line": twice.line, "kept": twice.value, "m": twice.length_m})[again]
    pairs = rows.groupby(["line", "kept"], sort=True)["m"].sum().reset_index()
    pairs = pairs.sort_values(["m", "line", "kept"], ascending=[False, True, True], kind="stable")
    said = [
        (_named(table, row.line), _named(table, row.kept), f"{row.m / 1000:,.3f}")
        for row in pairs.head(_MOST_TOLD).itertuples(index=False)
    ]
    zh = "；".join(f"{one} 与 {two}（{km} km）" for one, two, km in said)
    en = "; ".join(f"{one} and {two} ({km} km)" for one, two, km in said)
    more = len(pairs) - len(said)
    return [
        Text(
            f"同一位置重复绘制的道路 {len(pairs)} 处，共 {rows['m'].sum() / 1000:,.3f} km，只计一次（行政等级高的、在前的一条）："
            f"{zh}{f'；另有 {more} 处' if more else ''}。请核对图层。",
            f"Roads drawn twice in one place: {len(pairs)}, {rows['m'].sum() / 1000:,.3f} km in all, counted once, as the higher class or what "
            f"stands first: {en}{f'; and {more} more' if more else ''}. Check the layer.",
        )
    ]


def _unknown_pairs_words(
    table: pd.DataFrame,
    lines: Lines,
    routes: Sequence[str],
    counted: Stretches,
    twice: npt.NDArray[np.int64],
    limits: Mapping[str, float],
) -> list[Text]:
    """Say what runs side by side and may be one road: without number, or of one number and several classes."""
    bare = np.array([route == "" for route in routes], dtype=bool)
    bare[twice] = False
    code = table["code"].fillna("").astype(str)
    classes = table.groupby(code)["road_class"].nunique()
    several = (code.map(classes) > 1).to_numpy(bool) & (code != "").to_numpy(bool)
    if not (bare | several).any():
        return []
    loose = [
        f"|{kind}" if alone else number if many else ""
        for kind, number, alone, many in zip(table["road_class"], code, bare, several)
    ]
    beside = second_carriageways(lines, loose, **limits)
    *laid, (value, counts) = lay_over(lines, [beside, counted])
    other = np.array([*routes, ""], dtype=object)[np.maximum(value, -1)]
    own = np.array(routes, dtype=object)[laid[0]]
    doubt = (value >= 0) & (counts == 1) & ((own != other) | (own == "")) & (bare | several)[laid[0]]
    if not doubt.any():
        return []
    length_m = (laid[2] - laid[1])[doubt]
    rows = pd.unique(laid[0][doubt]).tolist()
    names, more = [_named(table, row) for row in rows[:_MOST_TOLD]], len(rows) - _MOST_TOLD
    km = f"{length_m.sum() / 1000:,.3f}"
    return [
        Text(
            f"{km} km 与另一条道路并行，因没有路线编号或同一编号道路类型不同，无法判断是否为同一道路的双幅，均计入里程，请核对："
            f"{'、'.join(names)}{f' 等 {len(rows)} 条' if more > 0 else ''}。",
            f"{km} km run beside another road; without a route number, or with one number and two classes, it cannot be told whether they "
            f"are two carriageways of one road, so both count. Check {', '.join(names)}{f' and {more} more' if more > 0 else ''}.",
        )
    ]


def _hairpin_words(
    table: pd.DataFrame,
    line: npt.NDArray[np.int64],
    length_m: npt.NDArray[np.float64],
    doubt: npt.NDArray[np.bool_],
    hairpin_m: float,
) -> list[Text]:
    """Say what is counted as a hairpin, though it may be a second carriageway."""
    if not doubt.any():
        return []
    rows = pd.unique(line[doubt]).tolist()
    names, more = [_named(table, row) for row in rows[:_MOST_TOLD]], len(rows) - _MOST_TOLD
    km = f"{length_m[doubt].sum() / 1000:,.3f}"
    return [
        Text(
            f"{km} km 在自身路线旁折返并行，不足 {hairpin_m:g} m，按回头弯计入里程；若实为双幅，里程会重复，请核对："
            f"{'、'.join(names)}{f' 等 {len(rows)} 条' if more > 0 else ''}。",
            f"{km} km run back beside their own road for less than {hairpin_m:g} m and are counted, as hairpins; were they second "
            f"carriageways, they would be counted twice. Check {', '.join(names)}{f' and {more} more' if more > 0 else ''}.",
        )
    ]


def _named(table: pd.DataFrame, row: int) -> str:
    code = table["code"].iloc[row]
    return str(table["road_id"].iloc[row]) + ("" if pd.isna(code) else f"〔{code}〕")


def _routes(table: pd.DataFrame) -> list[str]:
    by_name = table["name"].where((table["road_class"] == "railway").to_numpy(bool))
    said = table["code"].where(table["code"].notna(), by_name)
    return ["" if pd.isna(route) else f"{route}|{kind}" for route, kind in zip(said, table["road_class"])]


def _none(cautions: list[Text]) -> Roads:
    lines = draw_lines([])
    nowhere = county_stretches(lines, [])
    return Roads(pd.DataFrame(columns=list(COLUMNS)), lines, [], nowhere, nowhere, [], cautions)
