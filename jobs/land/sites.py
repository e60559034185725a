"""Stations and masts as sites: rows of one site id that stand together are one, and all of their places are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from ...analysis.geodesy import geodesic_distance_m
from ...layers import inputs
from ...layers.cells.signs import is_null
from ...text import Text, figure
from .parameters import ALL, EXISTING, NONE, PLANNED, TOWERS
from .words import BUILT, NO_TYPE, TYPE_PARTLY, TYPES_DIFFER

# A mast of the tower register by the word that base stations have for it.
_MASTS = {"telecom_tower": "ground_tower", "roof_site": "roof"}
_SAME_PLACE = 6  # decimals of a degree: sectors of one mast stand at the same coordinates
_TO_COME = ("under_construction", "planned")
_LISTED = 20


class Read(NamedTuple):
    """A layer that was read.

    Attributes
    ----------
    name : str
    status : pandas.Series
        Of all of its rows.
    kept, places : int
        Rows of the phase, and the sites that they are.
    aside : pandas.DataFrame or None
        Rows that could not be read, as the table of the layer has them.
    """

    name: str
    status: pd.Series
    kept: int
    places: int
    aside: pd.DataFrame | None


class Sites(NamedTuple):
    """Sites of the phase.

    Attributes
    ----------
    rows : list of dict
        As the table of `Facilities`.
    places : list of list of shapely.Point
        Where the rows of each stand, each place once, the first row's first; empty for one without a place.
    layers : list of Read
    sentences, cautions : list of Text
    """

    rows: list[dict[str, Any]]
    places: list[list[shapely.Point]]
    layers: list[Read]
    sentences: list[Text]
    cautions: list[Text]


def in_phase(status: pd.Series, phase: str) -> np.ndarray:
    """Tell which rows are of the phase; a row without a status is taken as existing."""
    now = (status == "existing") | status.isna()
    later = status.isin(_TO_COME)
    return {PLANNED: later, EXISTING: now, ALL: now | later}[phase].to_numpy(bool)


def read_sites(context: inputs.Run, stated: Mapping[str, Any], asked: set[str], within_m: float) -> Sites:
    """Read stations and masts; rows of one site id within a distance, or at one place without an id, are one site.

    Parameters
    ----------
    within_m : float
        Rows of one site id that stand farther from each other are sites of their own, which is told.
    """
    tables = []
    if "base_stations" in asked:
        columns = ["station_id", "name", "operator", "tower_type", "status", "in_service_date", "site_id"]
        tables.append(_site_rows(context, "base_stations", columns, "station_id", "tower_type", "operator"))
    with_masts = "towers_and_poles" in asked or stated["built_sites"] == TOWERS
    if with_masts and inputs.layer_present(context, "towers_and_poles"):
        columns = ["tower_id", "name", "owner", "kind", "status"]
        tables.append(_site_rows(context, "towers_and_poles", columns, "tower_id", "kind", "owner"))
    rows = pd.concat([table for table, _ in tables], ignore_index=True)
    counts = (rows["layer"] == "base_stations") | (stated["built_sites"] == TOWERS)
    asks = stated["phase"] == PLANNED and stated["built_sites"] != NONE
    in_use = rows[(rows["status"] == "existing") & counts] if asks else rows.iloc[:0]
    built = {str(site): group for site, group in in_use.groupby("site", sort=False)}
    kept = rows[in_phase(rows["status"], stated["phase"]) & rows["layer"].isin(asked)]
    made = Sites([], [], [], [], [])
    own = np.full(len(rows), -1)
    apart: list[tuple[str, float]] = []
    elsewhere: list[tuple[str, float]] = []
    for site, group in kept.groupby("site", sort=False):
        parts = _together(group, within_m)
        if len(parts) > 1:
            apart.append((str(site), _farthest(group)))
        for part in parts:
            places = _places(part)
            nearest = _nearest(places, built.get(str(site)))
            is_built = nearest <= within_m
            if np.isfinite(nearest) and not is_built:
                elsewhere.append((str(site), nearest))
            own[part.index] = len(made.rows)
            made.rows.append(_one_site(part, is_built=is_built))
            made.places.append(places)
    for table, aside in tables:
        name = str(table["layer"].iloc[0])
        if name in asked:
            mine = kept.index[kept["layer"] == name]
            made.layers.append(Read(name, table["status"], len(mine), len(set(own[mine].tolist())), aside))
    _tell(made, apart, elsewhere, within_m)
    if len(kept):
        _doubt_register(context, stated, made)
    return made


def _together(group: pd.DataFrame, within_m: float) -> list[pd.DataFrame]:
    """Divide the rows of one site id: what stands within the distance of a first row belongs to it."""
    left, parts = group, []
    while len(left):
        first = left["shape"].iloc[0]
        near = np.zeros(len(left), dtype=bool)
        near[0] = True
        there = np.array([first is not None and shape is not None for shape in left["shape"]], dtype=bool)
        if there.any():
            near[there] |= _metres(first, left["shape"].to_numpy(object)[there]) <= within_m
        parts.append(left[near])
        left = left[~near]
    return parts


def _metres(one: shapely.Point, others: Any) -> np.ndarray:
    lon, lat = shapely.get_x(others), shapely.get_y(others)
    return geodesic_distance_m(np.full(len(lon), one.x), np.full(len(lon), one.y), lon, lat)


def _places(rows: pd.DataFrame) -> list[shapely.Point]:
    """Give the places of rows, each once."""
    there = {f"{at.x:.{_SAME_PLACE}f},{at.y:.{_SAME_PLACE}f}": at for at in rows["shape"][::-1] if at is not None}
    return list(there.values())[::-1]


def _farthest(rows: pd.DataFrame) -> float:
    """Give how far the rows of a site lie from its first, metres; NaN where a place is missing."""
    shapes = rows["shape"].to_numpy(object)
    there = shapes[[shape is not None for shape in shapes]]
    return float(_metres(there[0], there).max()) if len(there) > 1 else np.nan


def _nearest(places: list[shapely.Point], in_use: pd.DataFrame | None) -> float:
    """Give how far the farthest place lies from what is in use under the same id; infinite where nothing is."""
    if in_use is None or not places:
        return np.inf
    there = np.array([shape for shape in in_use["shape"] if shape is not None], dtype=object)
    return max(float(_metres(place, there).min()) for place in places) if len(there) else np.inf


def _tell(made: Sites, apart: list[tuple[str, float]], elsewhere: list[tuple[str, float]], within_m: float) -> None:
    if apart:
        made.cautions.append(
            Text(
                f"{len(apart):,} 个站址编码的各行相距超过 {within_m:g} m，或有的行没有坐标，已按不同站址分别判断：{_listed(apart).zh}。请核对编码和坐标。",
                f"Site ids whose rows lie more than {within_m:g} m apart, or of which a row has no place: {len(apart):,}; they were judged as "
                f"sites of their own: {_listed(apart).en}. Check the ids and the coordinates.",
            )
        )
    if elsewhere:
        made.cautions.append(
            Text(
                f"{len(elsewhere):,} 处规划站址的编码与在用站址相同，但相距超过 {within_m:g} m，按新占土地判断：{_listed(elsewhere).zh}。",
                f"Planned sites that share their id with one in use more than {within_m:g} m away: {len(elsewhere):,}; they were judged as "
                f"new land: {_listed(elsewhere).en}.",
            )
        )
    several = [row["feature_id"] for row, places in zip(made.rows, made.places) if len(places) > 1]
    if several:
        names = "、".join(map(str, several[:_LISTED])) + ("…" if len(several) > _LISTED else "")
        made.cautions.append(
            Text(
                f"{len(several):,} 处站址的各行坐标略有不同（相距不超过 {within_m:g} m），各处坐标均已检查，按冲突最重的一处列出：{names}。",
                f"Sites whose rows stand at slightly different places (within {within_m:g} m): {len(several):,}; every place was checked, and "
                f"the one with the gravest conflict is shown: {names}.",
            )
        )
    there = sum(row["note"] == BUILT for row in made.rows)
    if there:
        made.sentences.append(
            Text(
                f"其中 {there:,} 处站址已建成（{within_m:g} m 内有同一站址编码的在用设施），不新占土地。",
                f"{there:,} of these sites are there already (something in use within {within_m:g} m has their site id): no new land.",
            )
        )


def _listed(pairs: list[tuple[str, float]]) -> Text:
    """List site ids with metres."""
    more = "…" if len(pairs) > _LISTED else ""
    said = [(site.removeprefix("@"), metres) for site, metres in pairs[:_LISTED]]
    zh = [f"{site}（{_far(metres)}）" if np.isfinite(metres) else f"{site}（坐标缺失）" for site, metres in said]
    en = [f"{site} ({_far(metres)})" if np.isfinite(metres) else f"{site} (no place)" for site, metres in said]
    return Text("、".join(zh) + more, ", ".join(en) + more)


def _far(metres: float) -> str:
    return f"{figure(metres / 1000, 2)} km" if metres >= 1000 else f"{figure(metres, 1)} m"


def _doubt_register(context: inputs.Run, stated: Mapping[str, Any], made: Sites) -> None:
    """Tell of planned sites whose mast the register has as in use, where that does not count."""
    if stated["phase"] != PLANNED or stated["built_sites"] == TOWERS:
        return
    if not inputs.layer_present(context, "towers_and_poles"):
        return
    masts = inputs.read_points(context, "towers_and_poles", ["tower_id", "status"]).columns
    standing = set(masts.loc[masts["status"] == "existing", "tower_id"])
    doubtful = sum(row["note"] != BUILT and row["site"] in standing for row in made.rows)
    if doubtful:
        made.cautions.append(
            Text(
                f"另有 {doubtful:,} 处规划站址的编码在铁塔表中登记为在用，仍按新占土地检查；确已建塔的，请将“已建成站址的依据”改为在用基站或在用铁塔。",
                f"{doubtful:,} more planned sites have an id that the tower register lists as in use; they are checked as new land. If those "
                "towers stand, set what shows that a site is there to stations or towers.",
            )
        )


def _site_rows(
    context: inputs.Run, name: str, columns: list[str], number: str, kind: str, owner: str
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    points = inputs.read_points(context, name, columns)
    table = points.columns.astype(object).where(points.columns.notna(), None)
    site = table["site_id"] if "site_id" in table else table[number]
    shapes = np.full(len(table), None, dtype=object)
    there = np.isfinite(points.lon) & np.isfinite(points.lat)
    shapes[there] = shapely.points(points.lon[there], points.lat[there])
    spot = [
        f"@{lon:.{_SAME_PLACE}f},{lat:.{_SAME_PLACE}f}" if ok else f"{name}#{at}"
        for at, (lon, lat, ok) in enumerate(zip(points.lon, points.lat, there))
    ]
    date = table["in_service_date"] if "in_service_date" in table else [None] * len(table)
    rows = pd.DataFrame(
        {
            "layer": name,
            "feature_id": table[number].to_numpy(),
            "name": table["name"].to_numpy(),
            "operator": table[owner].to_numpy(),
            "type": [_MASTS.get(str(one), one) for one in table[kind]],
            "status": table["status"].to_numpy(),
            "year": [int(str(day)[:4]) if day is not None else None for day in date],
            "site": [other if _says_nothing(one) else str(one) for one, other in zip(site, spot)],
            "shape": shapes,
        },
        dtype=object,
    )
    return rows, points.aside


def _says_nothing(site: Any) -> bool:
    """Tell whether a site id is empty or a sign for nothing, such as 0, 无 or －."""
    return site is None or is_null(str(site)) or not str(site).strip("0０?？")


def _one_site(group: pd.DataFrame, *, is_built: bool) -> dict[str, Any]:
    first = group.iloc[0]
    types = sorted({str(kind) for kind in group["type"] if kind is not None})
    years = [year for year in group["year"] if year is not None and not pd.isna(year)]
    operators = sorted({part for one in group["operator"] if one for part in str(one).split(";")})
    # The register says which mast it is, where a station on it does not.
    by_register = bool(((group["layer"] == "towers_and_poles") & group["type"].notna()).any())
    partly = bool(group["type"].isna().any()) and not by_register
    reason = NO_TYPE if not types else TYPES_DIFFER if len(types) > 1 else TYPE_PARTLY if partly else ""
    return {
        "layer": first["layer"],
        "feature_id": first["feature_id"],
        "name": first["name"],
        "operator": ";".join(operators) or None,
        "type": types[0] if len(types) == 1 and not partly else None,
        "status": _latest(group["status"]),
        "year": min(years, default=None),
        "rows": len(group),
        "reason": "" if is_built else reason,
        "note": BUILT if is_built else "",
        "site": first["site"],
    }


def _latest(status: pd.Series) -> str | None:
    return next((one for one in ("planned", "under_construction", "existing") if (status == one).any()), None)
