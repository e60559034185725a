"""The maps of a scoreboard's report: one a class, one a county. Every number in a legend is counted off the layer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ...text import NOTHING, Text, figure, same
from . import map_marks
from .map_frame import SHEET, SMALL, Floats, Frame, frame_around
from .map_sheet import Ground, Legend, ground, sheet
from .report_layers import Drawn, ReportLayers, nothing, places
from .words import STATE_LABELS, UNIT_LABELS

_FAR = 0.5  # share of the counties' extent beyond which a place does not stretch the sheet
_ORDER = ("not_met", "cannot_tell", "met")
_NUMBERED = 30  # gaps whose rank stands on a county's map
_NO_PLACE = Text("没有坐标、未上图：{count} 个", "Without coordinates, not on the map: {count}")
_OUTSIDE = Text("在图幅以外、未上图：{count} 个", "Outside the sheet, not on the map: {count}")
_WORST = Text(
    "同一对象有多项指标时取最差状态；数字为缺口序号。",
    "A thing with several indicators shows its worst state; numbers are ranks of gaps.",
)
_ROADS = Text("道路：", "Roads: ")
_TUNNEL = "tunnel"  # of which nothing outdoors tells; in no length or share
_TUNNELS = Text("隧道 {km} km（另计）", "Tunnels {km} km (apart)")


class _Marked(NamedTuple):
    """Marks with their lines of the legend, and what is not on the map."""

    markup: str
    legend: list[Legend]
    notes: list[Text]


def class_map(rule_id: str, layers: ReportLayers, source: Text) -> Text:
    """Draw everything that an indicator counts, by state; NOTHING where nothing of it has a place."""
    own = {name: getattr(layers, name).where("rule_id", rule_id) for name in ("items", "roads", "seas")}
    name = "map-" + re.sub(r"[^A-Za-z0-9]+", "-", rule_id)
    frame = _frame(layers, own)
    if frame is None:
        return NOTHING
    below = ground(frame, layers)
    drawn = []
    if len(own["seas"].rows):
        drawn.append(_areas(frame, own["seas"], name))
    if len(own["roads"].rows):
        drawn.append(_lines(frame, own["roads"]))
    if len(own["items"].rows):
        drawn.append(_points(frame, places(own["items"]), _states(own["items"])))
    return _sheet(frame, name, below, drawn, source)


def scope_map(layers: ReportLayers, source: Text) -> Text:
    """Draw which counties are in scope; NOTHING where all are, or none has an outline."""
    rows = layers.counties.rows
    if not len(rows) or (rows["in_scope"] == "in").all():
        return NOTHING
    shown = (rows["in_scope"] != "out").to_numpy(bool)
    shapes = layers.counties.shapes[shown] if shown.any() else layers.counties.shapes
    frame = _around(shapes, np.empty((0, 2)))
    if frame is None:
        return NOTHING
    named = rows.loc[shown, "county_code"].tolist() or rows["county_code"].tolist()
    return _sheet(frame, "map-scope", ground(frame, layers, named=named), [], source)


def belt_map(service: str, layers: ReportLayers, source: Text) -> Text:
    """Draw what a service covers of the belt that was derived from the coast; NOTHING where there is none."""
    own = derived_belt(layers).where("service", service)
    frame = _frame(layers, {"items": nothing(), "roads": nothing(), "seas": own})
    if frame is None:
        return NOTHING
    name = f"map-belt-{service}"
    return _sheet(frame, name, ground(frame, layers), [_areas(frame, own, name)], source)


def derived_belt(layers: ReportLayers) -> Drawn:
    """Give the parts of the sea that have no legal limits."""
    return layers.seas.where("legal", 0)


def county_map(code: str, layers: ReportLayers, gaps: pd.DataFrame, road_rule: str, source: Text) -> Text:
    """Draw a county with all that is counted in it, each thing once in its worst state, and the ranks of its gaps.

    Parameters
    ----------
    code : str
        Six digits.
    gaps : pandas.DataFrame
        ``rank, item_id, lon, lat`` of the county's gaps, ranked.
    road_rule : str
        Rule whose roads are drawn; "" for none.
    """
    own, outline = layers.items.where("county_code", code), layers.counties.where("county_code", code)
    roads = layers.roads.where("rule_id", road_rule).where("county_code", code)
    own = worst(own)
    frame = _around(outline.shapes, places(own), most=SMALL)
    if frame is None:
        return NOTHING
    named = layers.counties.rows["county_code"].tolist() if len(layers.counties.rows) else []
    below = ground(frame, layers, named=named)
    drawn = [_lines(frame, roads, _ROADS)] if len(roads.rows) else []
    if len(own.rows):
        drawn.append(_points(frame, places(own), _states(own)))
    drawn.append(_Marked(_numbers(frame, gaps, below.taken), [], [_WORST]))
    return _sheet(frame, f"county-map-{code}", below, drawn, source)


def worst(items: Drawn) -> Drawn:
    """Keep one row a thing: that of its worst state, not met before cannot tell before met."""
    if not len(items.rows):
        return items
    rows = items.rows.assign(worst=items.rows["state"].map({name: k for k, name in enumerate(_ORDER)}))
    keep = rows.sort_values("worst", kind="stable").drop_duplicates(["subject", "item_id"]).index.sort_values()
    return Drawn(items.rows.loc[keep].reset_index(drop=True), items.shapes[keep.to_numpy()])


def _sheet(frame: Frame, name: str, below: Ground, drawn: Sequence[_Marked], source: Text) -> Text:
    lines = [line for part in drawn for line in part.legend]
    notes = [note for part in drawn for note in part.notes]
    return sheet(frame, name, below, "".join(part.markup for part in drawn), lines, notes, source)


def _states(drawn: Drawn) -> npt.NDArray[np.object_]:
    return drawn.rows["state"].to_numpy(object)


def _points(frame: Frame, at: Floats, state: npt.NDArray[np.object_]) -> _Marked:
    known = np.isfinite(at).all(axis=1)
    pixels = frame.at(at[known])
    seen = frame.shows(pixels)
    notes = [
        words.filled(count=f"{count:,}")
        for words, count in ((_NO_PLACE, int((~known).sum())), (_OUTSIDE, int((~seen).sum())))
        if count
    ]
    legend = _legend("point", map_marks.counts(state), UNIT_LABELS["item"], 0)
    return _Marked(map_marks.points(frame, pixels[seen], state[known][seen]), legend, notes)


def _lines(frame: Frame, roads: Drawn, before: Text = NOTHING) -> _Marked:
    inside = roads.where("structure", _TUNNEL)
    counted = roads.but("structure", _TUNNEL)
    state = _states(counted)
    amounts = map_marks.counts(state, counted.rows["length_km"].to_numpy(np.float64))
    drawn = map_marks.lines(frame, counted.shapes, state)
    legend = _legend("line", amounts, same("km"), 2, before)
    if len(inside.rows):
        drawn += map_marks.outline(frame.drawn(inside.shapes), map_marks.APART)
        length = figure(round(float(inside.rows["length_km"].sum()), 3), 2)
        legend.append(Legend(map_marks.swatch(f'<path d="M0,8h20" {map_marks.APART}/>'), _TUNNELS.filled(km=length)))
    return _Marked(drawn, legend, [])


def _areas(frame: Frame, seas: Drawn, name: str) -> _Marked:
    state = _states(seas)
    amounts = map_marks.counts(state, seas.rows["area_km2"].to_numpy(np.float64))
    return _Marked(map_marks.areas(frame, seas.shapes, state, name), _legend("area", amounts, same("km²"), 2), [])


def _legend(kind: str, amounts: Mapping[str, float], unit: Text, digits: int, before: Text = NOTHING) -> list[Legend]:
    lines = []
    for state in _ORDER:
        if amounts[state]:
            words, amount = STATE_LABELS[state], figure(round(amounts[state], 3), digits)
            said = Text(
                f"{before.zh}{words.zh} {amount} {unit.zh}",
                f"{before.en}{words.en.lower() if before.en else words.en} {amount}{'' if unit.en == 'items' else ' ' + unit.en}",
            )
            lines.append(Legend(map_marks.sample(kind, state), said))
    return lines


def _numbers(frame: Frame, gaps: pd.DataFrame, taken: list[Floats]) -> str:
    """Write the ranks of the first gaps beside their symbols."""
    first = gaps.dropna(subset=["lon", "lat"]).head(_NUMBERED)
    if not len(first):
        return ""
    spots = frame.at(first[["lon", "lat"]].to_numpy(np.float64))
    seen = frame.shows(spots)
    ranks = first["rank"].astype(str).to_numpy(object)[seen].tolist()
    return map_marks.names(frame, spots[seen] + [0.0, -7.0], ranks, size=10, colour="#8a3a00", taken=taken)


def _frame(layers: ReportLayers, own: Mapping[str, Drawn]) -> Frame | None:
    points = places(own["items"])
    drawn = [own[name].shapes for name in ("roads", "seas") if len(own[name].shapes)]
    if not drawn and not np.isfinite(points).all(axis=1).any():
        return None
    inside = layers.counties.where("in_scope", "in").shapes
    return _around(inside if len(inside) else layers.counties.shapes, points, drawn)


def _around(
    outlines: npt.NDArray[np.object_],
    points: Floats,
    drawn: Sequence[npt.NDArray[np.object_]] = (),
    most: tuple[float, float] = SHEET,
) -> Frame | None:
    """Lay the sheet around outlines and what lies in or near them; without outlines, around all but the lost places."""
    bounds = [shapely.total_bounds(shapes) for shapes in (outlines, *drawn) if len(shapes)]
    known = points[np.isfinite(points).all(axis=1)]
    if bounds:
        low, high = np.min(bounds, axis=0)[:2], np.max(bounds, axis=0)[2:]
        reach = _FAR * np.maximum(high - low, 0.02)
        known = known[((known >= low - reach) & (known <= high + reach)).all(axis=1)]
    elif len(known) > 20:
        low, high = np.percentile(known, 1, axis=0), np.percentile(known, 99, axis=0)
        reach = _FAR * np.maximum(high - low, 0.02)
        known = known[((known >= low - reach) & (known <= high + reach)).all(axis=1)]
    corners = [
        np.array([[west, south], [east, south], [west, north], [east, north]]) for west, south, east, north in bounds
    ]
    return frame_around(np.concatenate([known, *corners]), most)
