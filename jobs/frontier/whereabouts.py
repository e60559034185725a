"""Items whose county is not plain: without a place, outside of all counties, or just beyond an outline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ...analysis.data_extent import unit_of_points
from ...analysis.near_lines import NearestLine, nearest_line
from ...analysis.scoreboard import NO_COUNTY
from ...layers.html_report import Section
from ...rules.subjects import classes_of
from ...text import Text
from ..reach.county_cautions import county_cautions
from .items import Items
from .words import LABELS, SUBJECT_LABELS

_SHOWN = 5
_MOST_ROWS = 200
# Classes that are points of their own: a village or a settlement is told by the code of its village.
_PLACES = ("township", "border_institution", "island")


def of_unknown_county(items: Items) -> npt.NDArray[np.bool_]:
    """Tell which items have neither coordinates nor a code that names their county: they may be in scope or not."""
    return _nowhere(items) & ~_placed(items)


def unknown_county_cautions(items: Items, subjects: Collection[str]) -> list[Text]:
    """Say what counts as cannot tell because nobody knows its county, class by class."""
    return [
        Text(
            f"{SUBJECT_LABELS[subject].zh} {len(rows)} 个没有坐标，也没有可表明所在县的代码，不知是否在范围内，计为无法判定：{_names(rows).zh}。",
            f"{SUBJECT_LABELS[subject].en}: {len(rows)} have neither coordinates nor a code that names their county. Whether they are in scope "
            f"is not known, and they count as cannot tell: {_names(rows).en}.",
        )
        for subject, rows in _by_class(items, of_unknown_county(items), subjects)
    ]


def left_out(items: Items, subjects: Collection[str]) -> tuple[list[Text], list[Section]]:
    """Say what lies outside of all counties and does not count: how many of each class, and each one in a table.

    Parameters
    ----------
    subjects : collection of str
        Subjects of the rules that are scored.
    """
    away = _nowhere(items) & _placed(items)
    cautions: list[Text] = []
    rows: list[list[Any]] = []
    names = dict(zip(items.counties["code"], items.counties["name"]))
    for subject, own in _by_class(items, away, subjects):
        near = _nearest(items, own.index.to_numpy())
        apart = near.distance_m
        known = np.isfinite(apart).all()
        least = f"（距最近的县 {apart.min() / 1000:,.1f} km 以上）" if known else ""
        at_least = f" (at least {apart.min() / 1000:,.1f} km from the nearest)" if known else ""
        label = SUBJECT_LABELS[subject]
        cautions.append(
            Text(
                f"{label.zh} {len(own)} 个不在数据中任何县的县界内{least}，在范围之外，未计入：{_names(own).zh}。",
                f"{label.en}: {len(own)} lie in no county of the data{at_least}; they are outside the scope and do not count: "
                f"{_names(own).en}.",
            )
        )
        for name, code, line, metres in zip(own["name"].fillna(""), own["item_id"], near.line.tolist(), apart):
            county = names.get(items.shaped[line], "") if line >= 0 else None
            rows.append([label, code, name, county, round(float(metres) / 1000, 1) if line >= 0 else None])
    if not rows:
        return cautions, []
    more = Text(f"以下为前 {_MOST_ROWS} 个。", f"These are the first {_MOST_ROWS}.")
    section = Section(
        Text("范围之外的对象", "What lies outside the scope"),
        [
            Text(
                f"数据中有 {len(rows)} 个对象不在任何县的县界内，不计入任何指标。",
                f"{len(rows)} things of the data lie in no county and are in no indicator.",
            ),
            *([more] if len(rows) > _MOST_ROWS else []),
        ],
        headings=[
            *(LABELS[key] for key in ("subject", "item_id", "name")),
            Text("最近的县", "Nearest county"),
            Text("距离（km）", "Distance (km)"),
        ],
        rows=rows[:_MOST_ROWS],
    )
    return cautions, [section]


def near_cautions(items: Items, near_m: float, subjects: Collection[str]) -> list[Text]:
    """Say which places lie outside of every outline but so near to one that they count in its county.

    Parameters
    ----------
    near_m : float
        The rule ``scope.place_near`` in metres.
    """
    if not len(items.shapes):
        return []
    table = items.table
    asked = {name for subject in subjects for name in classes_of(subject)}
    own = table["subject"].isin([name for name in _PLACES if name in asked]).to_numpy(bool) & _placed(items)
    lon, lat = _lon_lat(items)
    rows = np.flatnonzero(own & ~_nowhere(items))
    rows = rows[unit_of_points(lon[rows], lat[rows], items.shapes) < 0]
    near = _nearest(items, rows)
    codes = np.array(items.shaped, dtype=object)[near.line]
    kept = (near.distance_m <= near_m) & (codes == table["county_code"].to_numpy(object)[rows])
    if not kept.any():
        return []
    names = dict(zip(items.counties["code"], items.counties["name"]))
    said = [
        (table["name"].iloc[row], names.get(code, code), metres)
        for row, code, metres in zip(rows[kept], codes[kept], near.distance_m[kept])
    ][:_SHOWN]
    more = int(kept.sum()) > _SHOWN
    zh = "、".join(f"{name}（{county}，{metres:,.0f} m）" for name, county, metres in said)
    en = ", ".join(f"{name} ({county}, {metres:,.0f} m)" for name, county, metres in said)
    return [
        Text(
            f"{int(kept.sum())} 个场所在县界外，但距县界不超过 {near_m:,.0f} m，计入最近的县：{zh}{'等' if more else ''}。",
            f"{int(kept.sum())} places lie outside of every county, but within {near_m:,.0f} m of one, and count in the nearest: {en}"
            f"{' and more' if more else ''}.",
        )
    ]


def crossed_cautions(items: Items, inside: npt.NDArray[np.bool_], subjects: Collection[str]) -> list[Text]:
    """Say class by class what counts in another county than it stands in, and what stands in several.

    Parameters
    ----------
    inside : numpy.ndarray of bool, shape (n,)
        Items in scope.
    """
    return [
        words
        for subject, own in _by_class(items, inside, subjects)
        for words in county_cautions(
            SUBJECT_LABELS[subject],
            own,
            own["county_code"].to_numpy(object),
            items.shapes,
            items.shaped,
            places=subject not in ("village", "settlement"),
        )
    ]


def _lon_lat(items: Items) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return items.table["lon"].to_numpy(np.float64), items.table["lat"].to_numpy(np.float64)


def _placed(items: Items) -> npt.NDArray[np.bool_]:
    lon, lat = _lon_lat(items)
    return np.isfinite(lon) & np.isfinite(lat)


def _nowhere(items: Items) -> npt.NDArray[np.bool_]:
    return (items.table["county_code"] == NO_COUNTY).to_numpy(bool)


def _nearest(items: Items, rows: npt.NDArray[np.intp]) -> NearestLine:
    lon, lat = _lon_lat(items)
    return nearest_line(lon[rows], lat[rows], shapely.boundary(items.shapes))


def _by_class(items: Items, rows: npt.NDArray[np.bool_], subjects: Collection[str]) -> list[tuple[str, pd.DataFrame]]:
    """Give the rows class by class, each class once, in the order of the rules; classes that no rule asks for not."""
    classes = dict.fromkeys(name for subject in subjects for name in classes_of(subject))
    split = [(name, items.table[rows & (items.table["subject"] == name).to_numpy(bool)]) for name in classes]
    return [(name, own) for name, own in split if len(own)]


def _names(rows: pd.DataFrame) -> Text:
    shown: Sequence[str] = rows["name"].fillna("").head(_SHOWN).tolist()
    more = len(rows) > _SHOWN
    return Text("、".join(shown) + ("等" if more else ""), ", ".join(shown) + (" and more" if more else ""))
