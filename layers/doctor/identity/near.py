"""Near duplicates of points: another id, the same content, the same name, the same place.

A name has to be the same (`identity_names`): "01号" and "02号", "桥南" and "桥北" are two things. One slip of the pen
is allowed where the spot is the same and nothing else differs; such a pair has confidence 0.6.

Sectors of a site share name and place by design and differ in azimuth, band or technology, which all have to be equal
here. A list that gives its cells row by row without azimuths is told by how many rows would be affected.

The distances are choices of this project, in no standard. Confidence: 0.95 where nothing else contradicts, 0.1 less for
each further field in which both rows have a value and differ, not below 0.5; 0.5 where a place is missing; 0.6 for
villages of one name and place in two towns, where it may be the place that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ....text import Text
from ...findings.findings import Findings
from ...table import LayerTable
from .columns import Table, joined, lon_lat, other_rows, own_rows, texts
from .concerned import all_concerned
from .names import numbered, one_slip_apart, stem_of_site, stem_of_village
from .pairs import crowded, first_partners, geodesic_m, number_groups

STATION_M = 30.0  # one mast entered twice: the spread of two hand-held receivers
POINT_M = 100.0  # a clinic, a settlement or a village entered twice: somewhere in the same yard
VILLAGE_M = 1000.0  # the same name twice in one town: it would be another village's
SPOT_M = 10.0  # a name that is one slip away: the same spot
_AGREEING = 2  # other fields that have to be filled and equal for it
_SLIP = 0.6
_BY_DESIGN = 0.2  # share of rows with a twin above which the list is one of cells, not of stations
_CONFIDENCE, _STEP, _LOWEST, _UNPLACED, _OTHER_TOWN = 0.95, 0.1, 0.5, 0.5, 0.6
# A cell's number behind its station's, set off by a mark: 525016-1, 525016_2, 525016/A.
_CELL = re.compile(r"(.+?)[-_/#.\s]([A-Za-z]?\d{1,2}|[A-Za-z])")


@dataclass(frozen=True)
class Rule:
    """What makes two rows of a layer the same thing.

    Attributes
    ----------
    same : tuple of str
        Fields that have to be equal; an empty cell equals an empty one only.
    name : str
        Field of the name, and `stem`, which gives the part of it that counts.
    within_m : float
        Metres.
    compared : tuple of str
        Fields that lower the confidence where they differ.
    """

    same: tuple[str, ...]
    name: str
    stem: Callable[[str], str]
    within_m: float
    compared: tuple[str, ...] = ()


RULES = {
    "base_stations": Rule(
        ("operator", "technology", "band_mhz", "azimuth_deg", "status"),
        "name",
        stem_of_site,
        STATION_M,
        ("antenna_height_m", "tilt_deg", "eirp_dbm", "tower_type", "sharing", "in_service_date", "site_id"),
    ),
    "towers_and_poles": Rule(
        ("status",), "name", stem_of_site, STATION_M, ("owner", "kind", "height_m", "tenants", "free_mounts")
    ),
    "trunk_nodes": Rule(("operator", "node_class"), "name", stem_of_site, STATION_M, ("level", "status")),
    "dc_clusters": Rule((), "name", stem_of_site, POINT_M, ("operator", "racks", "power_mw", "status")),
    "places": Rule(("kind",), "name", stem_of_site, POINT_M, ("village_code", "people", "backhaul")),
    "key_points": Rule(("village_code", "place_id", "kind"), "name", stem_of_site, POINT_M),
    "settlements": Rule(("village_code",), "name", stem_of_village, POINT_M, ("households", "population")),
}


def near_duplicates(
    table: LayerTable, positions: np.ndarray, others: Mapping[str, LayerTable], *, placed: int | None = None
) -> Findings:
    """Find rows that seem to be an earlier row of the file, or a row of another source, under another id.

    Parameters
    ----------
    table : LayerTable
    positions : numpy.ndarray of int64, shape (n,)
        Position of every row in the source.
    others : mapping of str to LayerTable
        The workspace's other rows by layer.
    placed : int, optional
        Rows with a place in the whole file, where the table is a part of it.
    """
    found = Findings()
    name = table.spec.name
    if name == "villages":
        _villages(table, positions, found)
    elif name in RULES:
        before = others.get(name)
        _points(table, positions, before if before is not None and len(before) else None, RULES[name], found, placed)
    return found


def _points(
    table: LayerTable,
    positions: np.ndarray,
    before: Table | None,
    rule: Rule,
    found: Findings,
    placed: int | None = None,
) -> None:
    both = [before, table] if before is not None else [table]
    offset = len(both[0]) if before is not None else 0
    lon, lat = (np.concatenate(axis) for axis in zip(*(lon_lat(one) for one in both)))
    content, _ = number_groups(np.zeros(len(lon), np.int64), *(_codes(both, field) for field in rule.same))
    near = crowded(content, lon, lat, rule.within_m)
    names = np.full(len(lon), -1, np.int64)
    names[near] = numbered(np.concatenate([texts(one, rule.name) for one in both])[near], rule.stem)
    groups = np.where(names >= 0, number_groups(content, names)[0], -1)
    partners, _ = first_partners(groups, lon, lat, rule.within_m)
    at = np.flatnonzero((partners >= 0) & (np.arange(len(lon)) >= offset))
    twin = partners[at]
    keys = np.concatenate([texts(one, table.spec.key[0]) for one in both])
    other_id = keys[at] != keys[twin]
    at, twin = at[other_id], twin[other_id]
    placed = int(np.isfinite(lon[offset:]).sum()) if placed is None else placed
    inside = int((twin >= offset).sum())
    if inside > 2 and inside > _BY_DESIGN * placed:
        found.add(
            "near_duplicate",
            why=Text(
                f"有坐标的 {placed} 行中，{inside} 行与前面的行除编号外都相同；像是按小区逐行登记，不逐行提示。",
                f"Of {placed} rows with a place, {inside} equal an earlier row in content, name and place but for the "
                "id; it looks like a list of cells, so single rows are not named.",
            ),
            severity="informs",
        )
        at, twin = at[twin < offset], twin[twin < offset]
    titles = np.concatenate([texts(one, rule.name) for one in both])
    if rule.compared and inside <= max(2, _BY_DESIGN * placed):
        more = _slips(both, rule, content, partners, keys, titles, (lon, lat))
        more = {row: first for row, first in more.items() if row >= offset}
        at, twin = np.r_[at, [*more]].astype(np.int64), np.r_[twin, [*more.values()]].astype(np.int64)
    cells_of_one = np.array([_sectors(str(keys[a]), str(keys[b])) for a, b in zip(at, twin)], dtype=bool)
    at, twin = at[~cells_of_one], twin[~cells_of_one]
    differing = _differing(both, rule.compared, at, twin)
    metres = geodesic_m(lon[at], lat[at], lon[twin], lat[twin])
    own = twin >= offset
    first = np.empty(len(at), dtype=object)
    first[own] = own_rows(table, twin[own] - offset, positions)
    if before is not None:
        first[~own] = other_rows(before, twin[~own])
    concerned = all_concerned(at, twin, own_rows(table, at - offset, positions), first.tolist())
    slip = np.array([rule.stem(str(titles[a])) != rule.stem(str(titles[b])) for a, b in zip(at, twin)], dtype=bool)
    found.add(
        "near_duplicate",
        positions[at - offset],
        field=table.spec.key[0],
        values=keys[at],
        related=concerned.related,
        confidence=np.where(slip, _SLIP, np.maximum(_CONFIDENCE - _STEP * differing, _LOWEST)),
        why=concerned.told([_told(*row) for row in zip(titles[at], keys[twin], titles[twin], metres, first, slip)]),
    )


def _slips(
    both: Sequence[Table],
    rule: Rule,
    content: np.ndarray,
    partners: np.ndarray,
    keys: np.ndarray,
    titles: np.ndarray,
    place: tuple[np.ndarray, np.ndarray],
) -> dict[int, int]:
    """Give rows whose name is one slip away from that of the first row in their spot, all else being equal."""
    first, _ = first_partners(content, *place, SPOT_M)
    at = np.flatnonzero((first >= 0) & (partners < 0))
    at = at[(keys[at] != keys[first[at]]) & (titles[at] != "") & (titles[first[at]] != "")]
    at = at[_differing(both, rule.compared, at, first[at]) == 0]
    agreeing = np.zeros(len(at), dtype=np.int64)
    for field in rule.compared:
        codes = _codes(both, field)
        agreeing += (codes[at] == codes[first[at]]) & (codes[at] >= 0)
    at = at[agreeing >= _AGREEING]
    return {row: int(first[row]) for row in at.tolist() if one_slip_apart(str(titles[row]), str(titles[first[row]]))}


def _villages(table: LayerTable, positions: np.ndarray, found: Findings) -> None:
    codes, towns = texts(table, "village_code"), texts(table, "town_name")
    lon, lat = lon_lat(table)
    stems = numbered(texts(table, "village_name"), stem_of_village)
    # A residents' committee (001-199, 4xx) and a villagers' committee of one name may stand side by side.
    resident = np.array([code[9:10] in "014" for code in codes.tolist()], dtype=np.int64)
    by_code, by_name = (numbered(column) for column in (np.array([c[:9] for c in codes], dtype=object), towns))
    counties = numbered(np.array([c[:6] for c in codes], dtype=object))
    alike = stems >= 0
    whole_names = numbered(texts(table, "village_name"))
    best, metres = np.full(len(codes), -1, np.int64), np.full(len(codes), np.nan)
    for groups, within in (
        # The whole name alike and the very same spot in one town: the same place, whatever the kind in its code.
        (np.where((whole_names >= 0) & (by_code >= 0), number_groups(whole_names, by_code)[0], -1), SPOT_M),
        (np.where(alike & (by_code >= 0), number_groups(stems, resident, by_code)[0], -1), VILLAGE_M),
        (np.where(alike & (by_name >= 0), number_groups(stems, resident, counties, by_name)[0], -1), VILLAGE_M),
        (np.where(alike, number_groups(stems, resident)[0], -1), POINT_M),
    ):
        partners, apart = first_partners(groups, lon, lat, within)
        new = (best < 0) & (partners >= 0)
        best[new], metres[new] = partners[new], apart[new]
    # Without a place nothing but the town and the name speak; two villages of one name in a town would be odd.
    whole = np.where(alike & (by_code >= 0), number_groups(stems, resident, by_code)[0], -1)
    first = _first_of_group(whole)
    blank = ~np.isfinite(lon) | ~np.isfinite(lat)
    lonely = (best < 0) & (whole >= 0) & (first != np.arange(len(codes))) & (blank | blank[first])
    best[lonely] = first[lonely]
    at = np.flatnonzero(best >= 0)
    at = at[codes[at] != codes[best[at]]]
    twin = best[at]
    differing = _differing([table], ("population", "households", "is_border"), at, twin)
    names, first_row = texts(table, "village_name"), own_rows(table, twin, positions)
    concerned = all_concerned(at, twin, own_rows(table, at, positions), first_row)
    # Two towns' villages of one name in one spot: more likely the place of the one was copied to the other.
    apart = (by_code[at] != by_code[twin]) & ((by_name[at] != by_name[twin]) | (by_name[at] < 0))
    confidence = np.maximum(_CONFIDENCE - _STEP * differing, _LOWEST)
    confidence = np.where(np.isnan(metres[at]), _UNPLACED, np.where(apart, _OTHER_TOWN, confidence))
    found.add(
        "near_duplicate",
        positions[at],
        field="village_code",
        values=codes[at],
        related=concerned.related,
        confidence=confidence,
        why=concerned.told(
            [_village_told(*row) for row in zip(names[at], codes[twin], names[twin], metres[at], apart, first_row)]
        ),
    )


def _first_of_group(groups: np.ndarray) -> np.ndarray:
    order = np.argsort(groups, kind="stable")
    starts = np.r_[True, groups[order][1:] != groups[order][:-1]] if len(groups) else np.zeros(0, bool)
    first = np.empty(len(groups), dtype=np.int64)
    first[order] = order[np.maximum.accumulate(np.where(starts, np.arange(len(groups)), 0))] if len(groups) else order
    return first


def _codes(tables: Sequence[Table], field: str) -> np.ndarray:
    """Give numbers to the values of a field over several tables, -1 where it is empty."""
    return pd.factorize(joined(tables, field))[0].astype(np.int64)


def _differing(tables: Sequence[Table], fields: Sequence[str], at: np.ndarray, twin: np.ndarray) -> np.ndarray:
    """Count the fields in which both rows of a pair have a value and differ; shape (m,)."""
    count = np.zeros(len(at), dtype=np.int64)
    for field in fields:
        codes = _codes(tables, field)
        count += (codes[at] != codes[twin]) & (codes[at] >= 0) & (codes[twin] >= 0)
    return count


def _sectors(one: str, other: str) -> bool:
    a, b = _CELL.fullmatch(one), _CELL.fullmatch(other)
    return bool(a and b and a[1] == b[1])


def _told(name: str, key: str, title: str, metres: float, row: str, slip: bool) -> Text:
    if slip:
        return Text(
            f"“{name}”与 {key}“{title}”（{_row_zh(row)}）内容相同，名称只差一字，相距 {metres:.0f} m。",
            f"“{name}” has the content of {key} “{title}” ({row}) and a name one character apart, {metres:.0f} m away.",
        )
    return Text(
        f"“{name}”与 {key}“{title}”（{_row_zh(row)}）名称和内容相同，相距 {metres:.0f} m。",
        f"“{name}” has the name and content of {key} “{title}” ({row}), {metres:.0f} m away.",
    )


def _village_told(name: str, key: str, title: str, metres: float, apart: bool, row: str) -> Text:
    if np.isnan(metres):
        return Text(
            f"与 {key}“{title}”（{_row_zh(row)}）在同一乡镇且名称相同；至少一行没有坐标，无法比较位置。",
            f"{key} “{title}” ({row}) is in the same town and has the same name; one of them has no place to compare.",
        )
    if apart:
        return Text(
            f"“{name}”与另一乡镇的 {key}“{title}”（{_row_zh(row)}）同名，仅相距 {metres:.0f} m："
            "重复，或坐标取自同名村。",
            f"“{name}” has the name of {key} “{title}” ({row}) in another town and lies only {metres:.0f} m away: a "
            "double, or the place of the other village.",
        )
    return Text(
        f"“{name}”与同一乡镇的 {key}“{title}”（{_row_zh(row)}）名称相同，相距 {metres:.0f} m。",
        f"“{name}” has the name of {key} “{title}” ({row}) in the same town, {metres:.0f} m away.",
    )


def _row_zh(row: str) -> str:
    return f"第 {row[4:]} 行" if row.startswith("row ") else row
