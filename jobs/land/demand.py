"""The land and sea that planned facilities need: by code, county, year and type."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ...analysis.conflicts.overlay import Taken, inside, only, outside
from ...errors import InputError
from ...rules.pack import Pack, Rule
from ...text import NOTHING, Text
from .counties import Counties
from .taken import Ground
from .words import ATTACHED, CODE_LABELS, PLOT, SITE, SUBMARINE

GROUP = ("code", "county_code", "county", "year", "type")
PARCEL = (
    *("layer", "feature_id", "name", "type", "class", "code", "code_name", "edition"),
    *("county_code", "county", "year", "demand_m2", "note"),
)


class Demand(NamedTuple):
    """What is needed.

    Attributes
    ----------
    parcels : pandas.DataFrame
        `PARCEL`, one row a facility and county: an area (0 for what takes none), or missing where it cannot be told.
    shapes : numpy.ndarray of Polygon, MultiPolygon or None, shape (rows,)
    sums : pandas.DataFrame
        `GROUP` with ``code_name, edition, features, none`` (of which take none), ``demand_m2, demand_ha, unknown``.
    corridors_m2 : float
        Of cables on land, which need no land of their own and are in no sum.
    corridors : int
        How many these are.
    unlaid : int
        Cables of unknown laying: whether they take sea cannot be told.
    rules : list of Rule
    """

    parcels: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    sums: pd.DataFrame
    corridors_m2: float
    corridors: int
    unlaid: int
    rules: list[Rule]


class Codes(NamedTuple):
    """Land and sea codes as they are filed."""

    site: str
    plot: str
    sea: str
    edition: str
    rules: list[Rule]


def codes_of(pack: Pack, plot: str | None = None) -> Codes:
    """Read the codes; that of plots may be stated instead.

    Raises
    ------
    InputError
        A code is not made of digits, or longer than it is to be filed.
    """
    rules = {name: pack.rule(f"land.code.{name}") for name in ("site", "plot", "sea", "digits")}
    digits = int(rules["digits"].value)
    stated = {name: str(rules[name].value) for name in ("site", "plot", "sea")} | ({"plot": plot} if plot else {})
    for code in stated.values():
        if not (code.isascii() and code.isdigit() and len(code) <= digits):
            raise InputError(
                Text(
                    f"用地用海代码“{code}”应为不超过 {digits} 位的数字。",
                    f"Land code “{code}”: expected {digits} digits or fewer.",
                ),
                Text("请按用地用海分类填写，例如 1306。", "State a code of the classification, such as 1306."),
            )
    padded = {name: code.ljust(digits, "0") for name, code in stated.items()}
    used = [rule for name, rule in rules.items() if not (name == "plot" and plot)]
    return Codes(padded["site"], padded["plot"], padded["sea"], rules["site"].date, used)


def code_label(code: str) -> Text:
    """Name a code, whether it is filled up with 0 or not; nothing for one that is not known."""
    return next((label for stem, label in CODE_LABELS.items() if code.rstrip("0") == stem.rstrip("0")), NOTHING)


def demand_of(ground: Ground, counties: Counties, codes: Codes) -> Demand:
    """Add up what facilities need; sea cables by the counties that they pass."""
    table = ground.table
    county_code, county = counties.of(ground.shapes)
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    classes = table["class"].tolist()
    for at, row in enumerate(table.to_dict("records")):
        if row["layer"] == "trunk_cables":
            continue
        is_plot = classes[at] == PLOT or row["layer"] == "dc_clusters"
        known = classes[at] in (PLOT, SITE, ATTACHED)
        rows.append(
            _row(row, codes.plot if is_plot else codes.site, codes.edition)
            | {"county_code": county_code[at], "county": county[at]}
            | {"demand_m2": round(float(row["footprint_m2"]), 4) if known else None}
        )
        shapes.append(ground.taken.footprint[at])
    sea = np.array([one == SUBMARINE for one in classes], dtype=bool)
    _sea(ground, sea, counties, codes, rows, shapes)
    parcels = pd.DataFrame(rows, columns=list(PARCEL))
    parcels["demand_m2"] = parcels["demand_m2"].astype(float)
    parcels["year"] = parcels["year"].astype("Int64")
    held = np.full(len(shapes), None, dtype=object)
    held[:] = shapes
    cables = (table["layer"] == "trunk_cables").to_numpy(bool)
    on_land = cables & ~sea & (table["reason"] == "").to_numpy(bool)
    return Demand(
        parcels,
        held,
        _summed(parcels),
        float(table["footprint_m2"].to_numpy(float)[on_land].sum()),
        int(on_land.sum()),
        int((cables & (table["reason"] != "").to_numpy(bool)).sum()),
        codes.rules,
    )


def _row(row: dict[str, Any], code: str, edition: str) -> dict[str, Any]:
    own = {key: row[key] for key in ("layer", "feature_id", "name", "type", "class", "year", "note")}
    return own | {"code": code, "code_name": code_label(code).zh, "edition": edition}


def _sea(
    ground: Ground,
    sea: npt.NDArray[np.bool_],
    counties: Counties,
    codes: Codes,
    rows: list[dict[str, Any]],
    shapes: list[Any],
) -> None:
    """Divide the sea that cables take among the counties; the rest lies beyond them."""
    if not sea.any():
        return
    taken = Taken(*(only(of, sea) for of in ground.taken))
    parts = []
    if len(counties.shapes):
        parts.append((inside(taken, counties.shapes), True))
    whole = shapely.union_all(counties.shapes) if len(counties.shapes) else shapely.Polygon()
    parts.append((outside(taken, whole), False))
    table = ground.table
    for met, is_inside in parts:
        for at, zone, area, size in zip(met.feature.tolist(), met.zone.tolist(), met.area, met.area_m2.tolist()):
            if area is None:
                continue
            own = _row(table.iloc[at].to_dict(), codes.sea, codes.edition) | {"demand_m2": round(size, 4)}
            own |= {"county_code": counties.code[zone], "county": counties.name[zone]} if is_inside else _NOWHERE
            rows.append(own)
            shapes.append(area)


_NOWHERE = {"county_code": "", "county": ""}


def _summed(parcels: pd.DataFrame) -> pd.DataFrame:
    named = parcels.assign(
        unknown=parcels["demand_m2"].isna().astype(int), none=(parcels["demand_m2"] == 0).astype(int), features=1
    )
    groups = named.groupby([*GROUP, "code_name", "edition"], dropna=False, sort=True)
    sums = groups[["features", "none", "demand_m2", "unknown"]].sum().reset_index()
    sums.loc[sums["features"] == sums["unknown"], "demand_m2"] = np.nan
    sums["demand_m2"] = sums["demand_m2"].round(4)
    sums["demand_ha"] = (sums["demand_m2"] / 10_000).round(6)
    columns = ["code", "code_name", "edition", *GROUP[1:], "features", "none", "demand_m2", "demand_ha", "unknown"]
    return sums[columns]
