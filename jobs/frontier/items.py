"""What a frontier scoreboard counts: towns, villages, settlements, schools, institutions and islands of a workspace."""

from __future__ import annotations

from collections.abc import Callable
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
from ...text import Text
from ..shared.tables import read_rows, read_units

COLUMNS = ("subject", "item_id", "name", "county_code", "people", "backhaul", "lon", "lat")
INSTITUTIONS = ("border_institution", "trade_post", "port_of_entry")
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
}


class Items(NamedTuple):
    """Everything that is counted.

    Attributes
    ----------
    table : pandas.DataFrame
        `COLUMNS`, one row a thing; villages stand in the order of `villages`. ``county_code`` has six digits or is
        `NO_COUNTY`; ``people`` and ``backhaul`` are NaN and None where unknown.
    present : frozenset of str
        Classes whose layer has rows.
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
    present: frozenset[str]
    villages: pd.DataFrame
    key_points: pd.DataFrame
    settlements: pd.DataFrame
    counties: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    shaped: list[str]
    cautions: list[Text]


def read_items(context: RunContext, pack: Pack, near_m: float) -> Items:
    """Read the layers of a frontier scoreboard and sort what they list into classes.

    Parameters
    ----------
    pack : Pack
        The pack ``village_reach``, which says how large a settlement must be.
    near_m : float
        What lies outside of all counties, but this near to one, is taken to the nearest.
    """
    from ..village_reach import large_settlements

    cautions: list[Text] = []
    villages = read_rows(
        context, "villages", ["village_code", "village_name", "county_name", "population", "is_border"], optional=True
    )
    key_points = read_rows(context, "key_points", ["point_id", "village_code", "kind", "name"], optional=True)
    settlements = large_settlements(context, pack, cautions)
    places = read_rows(
        context, "places", ["place_id", "name", "kind", "village_code", "people", "backhaul"], optional=True
    )
    units = read_units(context, "county", ["code", "name"], optional=True)
    towns = read_units(context, "town", ["code", "name"], optional=True)
    shapes = units.geometry if units else np.empty(0, dtype=object)
    codes = units.columns["code"].str[:6].to_numpy(object) if units else np.empty(0, dtype=object)

    def county_of(rows: pd.DataFrame) -> npt.NDArray[np.object_]:
        return _counties(rows, shapes, codes, near_m)

    seats, capitals = _seats(places, units)
    parts = [
        _items("village", villages, "village_code", "village_name", county_of, people="population"),
        _items("settlement", settlements, "settlement_id", "name", county_of, people="population"),
        _county_towns(units, capitals),
        _townships(seats, towns, county_of),
        *_schools(villages, key_points, places, county_of, cautions),
        _of_kinds("border_institution", places, INSTITUTIONS, county_of),
        _of_kinds("island", _inhabited(places, cautions), ("island",), county_of),
    ]
    table = pd.concat(parts, ignore_index=True)
    present = frozenset(name for name, layer in LAYER_OF.items() if inputs.layer_present(context, layer))
    present |= set(table["subject"].unique())
    counties = _named_counties(units, villages, table)
    return Items(table, present, villages, key_points, settlements, counties, shapes, codes.tolist(), cautions)


def _items(
    subject: str,
    rows: pd.DataFrame,
    code: str,
    name: str,
    county_of: Callable[[pd.DataFrame], npt.NDArray[np.object_]],
    people: str = "people",
) -> pd.DataFrame:
    """Give rows of a layer the columns of items."""
    count = len(rows)
    return pd.DataFrame(
        {
            "subject": np.full(count, subject, dtype=object),
            "item_id": rows[code].to_numpy(object),
            "name": rows[name].to_numpy(object),
            "county_code": county_of(rows),
            "people": _numbers(rows[people]) if people in rows else np.full(count, np.nan),
            "backhaul": rows["backhaul"].to_numpy(object) if "backhaul" in rows else np.full(count, None, dtype=object),
            "lon": rows["lon"].to_numpy(np.float64),
            "lat": rows["lat"].to_numpy(np.float64),
        }
    )


def _numbers(values: pd.Series) -> npt.NDArray[np.float64]:
    return np.asarray(pd.to_numeric(values, errors="coerce").astype("Float64").to_numpy(np.float64, na_value=np.nan))


def _of_kinds(
    subject: str,
    places: pd.DataFrame,
    kinds: tuple[str, ...],
    county_of: Callable[[pd.DataFrame], npt.NDArray[np.object_]],
) -> pd.DataFrame:
    return _items(subject, places[places["kind"].isin(kinds)], "place_id", "name", county_of)


def _counties(
    rows: pd.DataFrame, shapes: npt.NDArray[np.object_], codes: npt.NDArray[np.object_], near_m: float
) -> npt.NDArray[np.object_]:
    """Find the county of each row: by its village code, else by where it lies, else the nearest if it is near."""
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
    if "village_code" in rows:
        stated = rows["village_code"].notna().to_numpy(bool)
        found[stated] = rows["village_code"].to_numpy(object)[stated].astype(str).astype("U6").astype(object)
    return found


def _seats(places: pd.DataFrame, units: LayerTable | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the seats of towns from the seats of counties, which bear the county's own name."""
    names = set() if units is None else {f"{name}{word}" for name in units.columns["name"] for word in _OFFICES}
    of_county = places["name"].isin(names).to_numpy(bool)
    seats = places[(places["kind"] == "township_seat").to_numpy(bool) & ~of_county]
    return seats, places[of_county].drop_duplicates("name")


_OFFICES = ("人民政府", "政府")


def _county_towns(units: LayerTable | None, capitals: pd.DataFrame) -> pd.DataFrame:
    """Give one county town a county: where its government stands, if a place says so."""
    if units is None:
        return pd.DataFrame({column: pd.Series(dtype=object) for column in COLUMNS})
    place = {
        name.removesuffix(word): (lon, lat)
        for word in _OFFICES[::-1]
        for name, lon, lat in zip(capitals["name"], capitals["lon"], capitals["lat"])
        if name.endswith(word)
    }
    names = units.columns["name"].to_numpy(object)
    at = np.array([place.get(name, (np.nan, np.nan)) for name in names]).reshape(-1, 2)
    rows = pd.DataFrame(
        {
            "code": units.columns["code"].to_numpy(object),
            "name": names,
            "village_code": units.columns["code"].to_numpy(object),
            "lon": at[:, 0],
            "lat": at[:, 1],
        }
    )
    return _items("county_town", rows, "code", "name", lambda own: own["code"].str[:6].to_numpy(object))


def _townships(
    seats: pd.DataFrame, towns: LayerTable | None, county_of: Callable[[pd.DataFrame], npt.NDArray[np.object_]]
) -> pd.DataFrame:
    """Give the seats that places list, and the towns in which none is listed, without a place."""
    listed = _items("township", seats.drop(columns="people"), "place_id", "name", county_of)
    if towns is None:
        return listed
    town = unit_of_points(seats["lon"].to_numpy(np.float64), seats["lat"].to_numpy(np.float64), towns.geometry)
    bare = towns.columns[~np.isin(np.arange(len(towns)), town)]
    rows = pd.DataFrame(
        {
            "code": bare["code"].to_numpy(object),
            "name": bare["name"].to_numpy(object),
            "lon": np.full(len(bare), np.nan),
            "lat": np.full(len(bare), np.nan),
        }
    )
    rest = _items("township", rows, "code", "name", lambda own: own["code"].str[:6].to_numpy(object))
    return pd.concat([listed, rest], ignore_index=True)


def _schools(
    villages: pd.DataFrame,
    key_points: pd.DataFrame,
    places: pd.DataFrame,
    county_of: Callable[[pd.DataFrame], npt.NDArray[np.object_]],
    cautions: list[Text],
) -> list[pd.DataFrame]:
    """Give the schools of villages, and those of border villages: key points, and places that name their village.

    A school that several villages share counts once; a place of the same name and position tells its pupils and
    backhaul.
    """
    points = key_points[(key_points["kind"] == "school").to_numpy(bool)]
    known = places[(places["kind"] == "school").to_numpy(bool)]
    own = known[known["village_code"].notna().to_numpy(bool)]
    rows = pd.concat(
        [points.rename(columns={"point_id": "id"}), own.rename(columns={"place_id": "id"})], ignore_index=True
    )[["id", "village_code", "name", "lon", "lat"]]
    rows["spot"] = _spot(rows)
    at = known.assign(spot=_spot(known)).drop_duplicates("spot").set_index("spot")
    rows["people"], rows["backhaul"] = rows["spot"].map(at["people"]), rows["spot"].map(at["backhaul"])
    border = dict(zip(villages["village_code"], villages["is_border"]))
    flag = rows["village_code"].map(border)
    unknown = int(flag.isna().sum())
    if unknown:
        cautions.append(
            Text(
                f"{unknown} 所学校所在的行政村未注明是否边境村，不计入边境村学校。",
                f"{unknown} schools stand in villages that are not said to be border villages or not; they do not count as such.",
            )
        )
    at_border = _numbers(flag) == 1
    return [
        _items(subject, part.drop_duplicates("spot"), "id", "name", county_of)
        for subject, part in (("rural_school", rows), ("border_school", rows[at_border]))
    ]


def _spot(rows: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Give a key that two entries of one school share: name and position to about a metre, else name and village."""
    spots = [
        f"{name}|{village}" if pd.isna(lon) or pd.isna(lat) else f"{name}|{lon:.5f}|{lat:.5f}"
        for name, lon, lat, village in zip(rows["name"], rows["lon"], rows["lat"], rows["village_code"])
    ]
    return np.array(spots, dtype=object)


def _inhabited(places: pd.DataFrame, cautions: list[Text]) -> pd.DataFrame:
    """Leave out islands of which nobody is said to live on."""
    empty = (places["kind"] == "island").to_numpy(bool) & (_numbers(places["people"]) == 0)
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
