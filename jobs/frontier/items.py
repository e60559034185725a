"""What a frontier scoreboard counts: towns, villages, settlements, schools, institutions and islands of a workspace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ...analysis.data_extent import unit_of_points
from ...analysis.near_lines import nearest_line
from ...analysis.scoreboard import NO_COUNTY
from ...engine.context import RunContext
from ...layers import inputs
from ...layers.table import LayerTable
from ...rules.pack import Pack
from ...rules.subjects import SCENES
from ...text import Text
from ..shared.tables import read_rows, read_units
from .item_table import CountyOf, as_items, numbers
from .scenes import scene_items
from .schools import schools
from .seats import county_towns, split_seats, townships

_TOWN_CODE = r"^(\d{6})\d{3}(?:000)?$"  # county (6 digits), town (3), and 000 in place of a village
INSTITUTIONS = ("border_institution", "trade_post", "port_of_entry")
# Kinds of places that make a class: a layer of places that lists none of them says nothing of the class.
KINDS_OF = {"township": ("township_seat",), "border_institution": INSTITUTIONS, "island": ("island",)}
# The layer without which a class is unknown, not empty.
LAYER_OF = {
    "county_town": "admin_units",
    "township": "places",
    "village": "villages",
    "settlement": "settlements",
    "rural_school": "key_points",
    "border_school": "key_points",
    "border_institution": "places",
    "island": "places",
    **dict.fromkeys(SCENES, "places"),
}


_SHOWN = 5


class Items(NamedTuple):
    """Everything that is counted.

    Attributes
    ----------
    table : pandas.DataFrame
        `item_table.COLUMNS`, one row a thing; villages stand in the order of `villages`. ``county_code`` has six
        digits or is `NO_COUNTY`; ``people``, ``gigabit`` (1, 0) and ``backhaul`` are NaN and None where unknown.
    parts : pandas.DataFrame
        ``item`` (row of `table`), ``point_id, kind, name, lon, lat``: the key points by which a place of a scene is
        judged, sorted by item.
    present : frozenset of str
        Classes of which the data say anything: their layer has rows, of their kinds where it holds several.
    villages, key_points, settlements : pandas.DataFrame
        As village reach takes them; settlements are those large enough.
    counties : pandas.DataFrame
        ``code, name``, sorted by code.
    shapes : numpy.ndarray of shapely polygons, shape (c,)
        Of the counties that have one.
    shaped : list of str
        Codes of these counties.
    cautions : list of Text
    """

    table: pd.DataFrame
    parts: pd.DataFrame
    present: frozenset[str]
    villages: pd.DataFrame
    key_points: pd.DataFrame
    settlements: pd.DataFrame
    counties: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    shaped: list[str]
    cautions: list[Text]


def read_items(
    context: RunContext, pack: Pack, near_m: float, subjects: Collection[str] = (), rural_kinds: Sequence[str] = ()
) -> Items:
    """Read the layers of a frontier scoreboard and sort what they list into classes.

    Parameters
    ----------
    pack : Pack
        The pack ``village_reach``, which says how large a settlement must be.
    near_m : float
        What lies outside of all counties, but this near to one, is taken to the nearest.
    subjects : collection of str
        Classes that are scored; scenes of signal upgrade are only listed where they are among them.
    rural_kinds : sequence of str
        Kinds of key points by which a village counts as covered in depth.
    """
    from ..village_reach import large_settlements

    cautions: list[Text] = []
    villages = read_rows(
        context,
        "villages",
        ["village_code", "village_name", "county_name", "population", "is_border", "gigabit"],
        optional=True,
    )
    key_points = read_rows(
        context, "key_points", ["point_id", "place_id", "village_code", "kind", "name"], optional=True
    )
    settlements = large_settlements(context, pack, cautions)
    places = read_rows(
        context, "places", ["place_id", "name", "kind", "village_code", "people", "backhaul", "gigabit"], optional=True
    )
    cautions += _orphans(key_points, villages, places)
    units = read_units(context, "county", ["code", "name", "gigabit"], optional=True)
    towns = read_units(context, "town", ["code", "name", "gigabit"], optional=True)
    shapes = units.geometry if units else np.empty(0, dtype=object)
    codes = units.columns["code"].str[:6].to_numpy(object) if units else np.empty(0, dtype=object)

    def county_of(rows: pd.DataFrame) -> npt.NDArray[np.object_]:
        return _counties(rows, shapes, codes, near_m)

    seats, capitals = split_seats(places, units)
    parts = [
        as_items("village", villages, "village_code", "village_name", county_of, people="population"),
        as_items("settlement", settlements, "settlement_id", "name", county_of, people="population"),
        county_towns(units, capitals),
        townships(seats, towns, county_of),
        *schools(villages, key_points, places, county_of, cautions),
        _of_kinds("border_institution", places, INSTITUTIONS, county_of),
        _of_kinds("island", _inhabited(places, cautions), ("island",), county_of),
    ]
    capital = places.index.isin(capitals.index) & (places["kind"] == "township_seat").to_numpy(bool)
    scenes, points = scene_items(subjects, rural_kinds, places[~capital], villages, key_points, county_of)
    listed = sum(map(len, parts))
    table = pd.concat([*parts, scenes], ignore_index=True)
    points["item"] += listed
    kinds = set(places["kind"])
    present = frozenset(
        name
        for name, layer in LAYER_OF.items()
        if inputs.layer_present(context, layer) and (name not in KINDS_OF or kinds & set(KINDS_OF[name]))
    )
    present |= set(table["subject"].unique())
    counties = _named_counties(units, villages, table)
    return Items(table, points, present, villages, key_points, settlements, counties, shapes, codes.tolist(), cautions)


def _orphans(key_points: pd.DataFrame, villages: pd.DataFrame, places: pd.DataFrame) -> list[Text]:
    """Tell of key points whose village or place is not in the data: nothing is judged by them."""
    of_village = key_points["village_code"].isin(villages["village_code"].dropna())
    of_place = key_points["place_id"].isin(places["place_id"].dropna())
    lost = key_points[~(of_village | of_place).to_numpy(bool)]
    if not len(lost):
        return []
    ids = lost["point_id"].astype(str).head(_SHOWN).tolist()
    more = len(lost) > _SHOWN
    return [
        Text(
            f"{len(lost)} 个关键点所属的行政村或场所不在数据中，未用于判定：{'、'.join(ids)}{'等' if more else ''}。",
            f"{len(lost)} key points belong to a village or place that is not in the data, nothing is judged by them: "
            f"{', '.join(ids)}{' and more' if more else ''}.",
        )
    ]


def _of_kinds(
    subject: str,
    places: pd.DataFrame,
    kinds: tuple[str, ...],
    county_of: CountyOf,
) -> pd.DataFrame:
    return as_items(subject, places[places["kind"].isin(kinds)], "place_id", "name", county_of)


def _counties(
    rows: pd.DataFrame, shapes: npt.NDArray[np.object_], codes: npt.NDArray[np.object_], near_m: float
) -> npt.NDArray[np.object_]:
    """Find the county of each row: by its village code, else by where it lies, else the nearest if it is near.

    A place without coordinates whose id is the statistical code of a town is of the county that this code names.
    """
    found = np.full(len(rows), NO_COUNTY, dtype=object)
    unit = unit_of_points(rows["lon"].to_numpy(np.float64), rows["lat"].to_numpy(np.float64), shapes)
    found[unit >= 0] = codes[unit[unit >= 0]]
    off = found == NO_COUNTY
    if off.any() and len(shapes):
        lon, lat = (rows.loc[off, name].to_numpy(np.float64) for name in ("lon", "lat"))
        near = nearest_line(lon, lat, shapely.boundary(shapes))
        with np.errstate(invalid="ignore"):
            close = near.distance_m <= near_m
        found[np.flatnonzero(off)[close]] = codes[near.line[close]]
    if "place_id" in rows:
        named = rows["place_id"].astype(str).str.extract(_TOWN_CODE, expand=False).to_numpy(object)
        bare = rows["lon"].isna().to_numpy(bool) & np.isin(named.astype(str), codes.astype(str))
        found[bare] = named[bare]
    if "village_code" in rows:
        stated = rows["village_code"].notna().to_numpy(bool)
        found[stated] = rows["village_code"].to_numpy(object)[stated].astype(str).astype("U6").astype(object)
    return found


def _inhabited(places: pd.DataFrame, cautions: list[Text]) -> pd.DataFrame:
    """Leave out islands of which nobody is said to live on."""
    empty = (places["kind"] == "island").to_numpy(bool) & (numbers(places["people"]) == 0)
    if empty.any():
        cautions.append(
            Text(
                f"{int(empty.sum())} 个海岛人数为 0，按无人居住不计。",
                f"{int(empty.sum())} islands have 0 people and do not count as inhabited.",
            )
        )
    return places[~empty]


def _named_counties(units: LayerTable | None, villages: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Name all counties: those of the units, then those that only codes of rows tell."""
    names: dict[str, str] = {}
    if units is not None:
        names = dict(zip(units.columns["code"].str[:6], units.columns["name"]))
    said = villages.dropna(subset=["village_code", "county_name"])
    for code, name in zip(said["village_code"].astype(str).str[:6], said["county_name"]):
        names.setdefault(code, name)
    for code in table["county_code"].unique():
        if code != NO_COUNTY:
            names.setdefault(code, "")
    return pd.DataFrame({"code": sorted(names), "name": [names[code] for code in sorted(names)]}, dtype=object)
