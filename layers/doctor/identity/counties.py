"""Whether a village lies in the county that its code names.

Outlines are generalised and villages on a ridge or a river lie on them: only from `OUTSIDE_M` on is a village outside.
That is a choice of this project, in no standard. Confidence of `code_outside`: 0.7 there, rising to 0.95 at 10 km,
where the village lies in another loaded county; 0.6 where it lies in none, for the neighbour may not be loaded; half of
either where more than half of the file is outside, for then the datum or the columns are in question and not the rows.
A village in no county whose name is an island's (岛, 屿, 礁) only informs, as `code_near_outside`, for outlines often
leave islands out, up to `ISLAND_M` from the nearest county that is loaded; beyond, it warns like any other.
That distance is an engineering preset: what a generalised coast leaves out lies off it, and a lost digit moves a place
by more. Confidence of `unknown_county`: the share of the rows whose county is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from ....text import Text
from ...findings.findings import Findings
from ...specs.admin_units import level_of_code
from ...table import LayerTable
from .columns import among, lon_lat, texts
from .pairs import geodesic_m

OUTSIDE_M = 2000.0
ISLAND_M = 10_000.0
_ISLAND = ("岛", "屿", "礁")
_MOST = 0.5


@dataclass(frozen=True)
class Counties:
    """The loaded counties.

    Attributes
    ----------
    codes, names : numpy.ndarray of str, shape (k,)
        First 6 digits, and name.
    shapes : numpy.ndarray of shapely polygons, shape (k,)
        CGCS2000 longitude and latitude.
    """

    codes: np.ndarray
    names: np.ndarray
    shapes: np.ndarray


def loaded_counties(others: Mapping[str, LayerTable]) -> Counties:
    """Pick the counties with an outline from the administrative units."""
    units = others.get("admin_units")
    if units is None or not len(units):
        return Counties(*(np.zeros(0, dtype=object) for _ in range(3)))
    codes, levels, names = (texts(units, name) for name in ("code", "level", "name"))
    county = np.array(
        [(level or level_of_code(code)) == "county" and len(code) >= 6 for level, code in zip(levels, codes)],
        dtype=bool,
    )
    county &= ~(shapely.is_missing(units.geometry) | shapely.is_empty(units.geometry))
    shapes = units.geometry[county]
    shapes = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    return Counties(np.array([code[:6] for code in codes[county]], dtype=object), names[county], shapes)


def county_findings(table: LayerTable, positions: np.ndarray, others: Mapping[str, LayerTable]) -> Findings:
    """Compare the county part of village codes with the loaded counties.

    Parameters
    ----------
    table : LayerTable
        Villages.
    positions : numpy.ndarray of int64, shape (n,)
    others : mapping of str to LayerTable
        Without counties nothing is said.
    """
    found = Findings()
    counties = loaded_counties(others)
    if not len(counties.codes) or not len(table):
        return found
    codes = texts(table, "village_code")
    lon, lat = lon_lat(table)
    county = np.array([code[:6] for code in codes], dtype=object)
    known = among(county, counties.codes)
    _outside(table, positions, counties, county, known, lon, lat, found)
    # A few new villages are judged by all that the workspace holds, too.
    before = others.get("villages")
    held = np.array([code[:6] for code in texts(before, "village_code")] if before is not None else [], dtype=object)
    fitting = int(known.sum()) + int(among(held, counties.codes).sum())
    share = fitting / (len(known) + len(held))
    strange = np.flatnonzero(~known & (codes != ""))
    if share <= _MOST or not len(strange):
        return found
    inside = _containing(counties, lon[strange], lat[strange])
    found.add(
        "unknown_county",
        positions[strange],
        field="village_code",
        values=codes[strange],
        confidence=round(float(share), 2),
        why=[
            _unknown(counties, county[at], home, fitting, len(known) + len(held)) for at, home in zip(strange, inside)
        ],
    )
    return found


def _outside(
    table: LayerTable,
    positions: np.ndarray,
    counties: Counties,
    county: np.ndarray,
    known: np.ndarray,
    lon: np.ndarray,
    lat: np.ndarray,
    found: Findings,
) -> None:
    judged = known & np.isfinite(lon) & np.isfinite(lat)
    metres = np.zeros(len(county))
    numbered, uniques = pd.factorize(county)
    order = np.argsort(numbered, kind="stable")
    order = order[judged[order]]
    ends = np.searchsorted(numbered[order], np.arange(len(uniques) + 1))
    for code, start, end in zip(uniques, ends[:-1], ends[1:]):
        rows = order[start:end]
        if len(rows):
            shape = shapely.union_all(counties.shapes[counties.codes == code])
            metres[rows] = metres_outside(shape, lon[rows], lat[rows])
    at = np.flatnonzero(metres > OUTSIDE_M)
    if not len(at):
        return
    homes = _containing(counties, lon[at], lat[at])
    names, codes = texts(table, "village_name"), texts(table, "village_code")
    towns = texts(table, "town_name")
    sea = _islands(names[at]) & (homes < 0)
    offshore, nearest = np.full(len(at), np.nan), np.full(len(at), -1)
    offshore[sea], nearest[sea] = _nearest(counties, lon[at[sea]], lat[at[sea]])
    near = sea & (offshore <= ISLAND_M)
    sure = np.where(homes >= 0, np.clip(0.7 + 0.25 * (metres[at] - OUTSIDE_M) / 8000.0, 0.7, 0.95), 0.6)
    if len(at) > _MOST * judged.sum():
        sure = sure / 2
    for part, code in ((~near, "code_outside"), (near, "code_near_outside")):
        rows = np.flatnonzero(part)
        found.add(
            code,
            positions[at[rows]],
            field="village_code",
            values=codes[at[rows]],
            confidence=np.where(near[rows], 0.4, sure[rows]),
            why=[
                _told(
                    counties,
                    str(county[at[k]]),
                    int(homes[k]),
                    float(metres[at[k]]),
                    (float(offshore[k]), int(nearest[k])),
                    (str(names[at[k]]), str(towns[at[k]]), str(codes[at[k]])),
                )
                for k in rows
            ],
        )


def _nearest(counties: Counties, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give how far points lie from the county that is nearest to each, in metres, and which it is; shape (n,) each."""
    if not len(lon):
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    metres = np.array([metres_outside(shape, lon, lat) for shape in counties.shapes])
    return metres.min(axis=0), metres.argmin(axis=0)


def metres_outside(shape: shapely.Geometry, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Give how far points lie outside a polygon.

    Parameters
    ----------
    shape : shapely polygon
        CGCS2000 longitude and latitude.
    lon, lat : numpy.ndarray of float64, shape (n,)
        Degrees.

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        Metres along the geodesic to the point of the polygon that is nearest in a plane of equal scale at the
        polygon's middle; 0 inside.
    """
    shapely.prepare(shape)
    metres = np.zeros(len(lon))
    away = np.flatnonzero(~shapely.intersects_xy(shape, lon, lat))
    if not len(away):
        return metres
    slim = max(float(np.cos(np.radians(shapely.bounds(shape)[[1, 3]].mean()))), 1e-3)
    scale = np.array([slim, 1.0])
    flat = shapely.transform(shapely.force_2d(shape), lambda xy: xy * scale)
    points = shapely.points(lon[away] * slim, lat[away])
    nearest = shapely.get_point(shapely.shortest_line(flat, points), 0)
    metres[away] = geodesic_m(lon[away], lat[away], shapely.get_x(nearest) / slim, shapely.get_y(nearest))
    return metres


def _containing(counties: Counties, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Give the first loaded county that contains each point, -1 for none; shape (n,)."""
    homes = np.full(len(lon), -1, dtype=np.int64)
    placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    tree = shapely.STRtree(shapely.points(lon[placed], lat[placed]))
    shapes, points = tree.query(counties.shapes, predicate="intersects")  # it prepares the counties, not the points
    order = np.lexsort((shapes, points))
    points, shapes = points[order][::-1], shapes[order][::-1]  # the first one is written last
    homes[placed[points]] = shapes
    return homes


def _islands(names: np.ndarray) -> np.ndarray:
    """Tell which villages are islands by their names; shape (n,)."""
    return np.array([any(word in str(name) for word in _ISLAND) for name in names], dtype=bool)


def _told(
    counties: Counties, code: str, home: int, metres: float, off: tuple[float, int], who: tuple[str, str, str]
) -> Text:
    """Say which village lies how far outside the county of its code.

    `off` is how far the nearest county is, NaN where that does not matter, and which; `who` the village's name, its
    town and its code.
    """
    name = counties.names[np.flatnonzero(counties.codes == code)[0]]
    far = f"{metres / 1000:.1f} km"
    village, town, number = who
    zh, en = (
        f"代码属于{name}（{code}），但位置在其界外 {far}",
        f"The code names {name} ({code}), but the place is {far} outside it",
    )
    if village:
        where = Text("，".join(filter(None, (town, number))), ", ".join(filter(None, (town, number))))
        zh = f"{village}（{where.zh}）：距本县（{name}）{far}"
        en = f"{village} ({where.en}): {far} from its own county ({name})"
    if home >= 0:
        other, number = counties.names[home], counties.codes[home]
        return Text(f"{zh}，位于{other}（{number}）。", f"{en}, in {other} ({number}).")
    offshore, nearest = off
    if not np.isnan(offshore):
        if counties.codes[nearest] != code:  # else it has been said
            other, told = counties.names[nearest], f"{offshore / 1000:.1f} km"
            zh, en = f"{zh}，距最近的县界 {told}（{other}）", f"{en}, {told} from the nearest one ({other})"
        if offshore <= ISLAND_M:
            return Text(f"{zh}，可能是界线未表示的海岛。", f"{en}; it may be an island that the outline leaves out.")
        return Text(
            f"{zh}；名称像海岛，但离岸过远，请核对坐标。", f"{en}; an island by its name, but too far off: check it."
        )
    return Text(f"{zh}，不在任何已导入的县内。", f"{en}, in no county that is loaded.")


def _unknown(counties: Counties, code: str, home: int, known: int, count: int) -> Text:
    zh = f"前 6 位 {code} 不是已导入的县；{count} 行中有 {known} 行是"
    en = f"The first 6 digits {code} are no county that is loaded; those of {known} of {count} rows are"
    if home < 0:
        return Text(f"{zh}。", f"{en}.")
    name, number = counties.names[home], counties.codes[home]
    return Text(f"{zh}。该位置在{name}（{number}）内。", f"{en}. The place lies in {name} ({number}).")
