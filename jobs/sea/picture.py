"""The map of the coverage of the sea."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from ...layers.table import LayerTable
from ...text import Text
from ..frontier import map_marks
from ..frontier.map_frame import Frame, frame_around
from ..frontier.map_sheet import Ground, Legend, sheet
from .extent import Extent
from .split import CANNOT_TELL, MET, NOT_MET, SeaSplit
from .words import STATE_LABELS, ZONE_LABELS

_COUNTY = 'fill="#f5f0e1" stroke="#6b6455" stroke-width=".9" fill-rule="evenodd" stroke-linejoin="round"'
_COAST = 'fill="none" stroke="#3d86b8" stroke-width="1.1" stroke-linejoin="round"'
_BASELINE = 'fill="none" stroke="#222" stroke-width="1.8" stroke-dasharray="7 4"'
_LIMIT = 'fill="none" stroke="#222" stroke-width="1.2"'
_STATION = 'fill="#fff" stroke="#222" stroke-width="1"'
_WORDS = {
    "station": Text("现有基站", "Existing station"),
    "coast": Text("海岸线", "Coastline"),
    "baseline": Text("领海基线（所给）", "Baseline (as given)"),
    "county": Text("县级行政区", "County"),
}
_STATES = (MET, NOT_MET, CANNOT_TELL)
_ROOM = 0.04
_DIAMOND = "m0,-4l4,4l-4,4l-4,-4z"


def sea_map(extent: Extent, split: SeaSplit, counties: LayerTable | None, stations: pd.DataFrame, source: Text) -> Text:
    """Draw what of the sea is covered, is not, and cannot be told.

    Parameters
    ----------
    extent : Extent
    split : SeaSplit
        Of that extent.
    counties : LayerTable or None
        With ``name``.
    stations : pandas.DataFrame
        ``lon, lat`` of the existing stations of the technology.
    source : Text
        Where it is from.
    """
    shapes = np.array([piece.shape for piece in split.pieces], dtype=object)
    states = np.array([piece.state for piece in split.pieces], dtype=object)
    limits = np.array([part.shape for part in extent.parts], dtype=object)
    west, south, east, north = shapely.total_bounds(limits)
    room = _ROOM * np.array([east - west, north - south])
    corners = np.array([[x, y] for x in (west - room[0], east + room[0]) for y in (south - room[1], north + room[1])])
    frame = frame_around(corners)
    if frame is None:
        return Text("", "")
    below = _ground(frame, counties)
    parts = [map_marks.areas(frame, shapes, states, "sea")]
    legend = [
        Legend(map_marks.sample("area", state), _amount(STATE_LABELS[state], split.area_m2(state)))
        for state in _STATES
        if split.area_m2(state) > 0
    ]
    parts.append(map_marks.outline(frame.drawn(limits), _LIMIT))
    for part in extent.parts:
        legend.append(
            Legend(
                map_marks.swatch(f'<rect y="2" width="20" height="12" {_LIMIT}/>'),
                _amount(ZONE_LABELS[part.kind], part.area_m2),
            )
        )
    for name, lines, style in (("coast", extent.coast, _COAST), ("baseline", extent.baselines, _BASELINE)):
        if len(lines):
            parts.append(map_marks.outline(frame.drawn(np.array(list(lines), dtype=object)), style))
            legend.append(Legend(map_marks.swatch(f'<path d="M0,8h20" {style}/>'), _WORDS[name]))
    pixels = frame.at(stations[["lon", "lat"]].to_numpy(np.float64))
    seen = np.unique(np.round(pixels[frame.shows(pixels)]), axis=0)
    if len(seen):
        marks = "".join(f"M{x:.0f},{y:.0f}{_DIAMOND}" for x, y in seen.tolist())
        parts.append(f'<path d="{marks}" {_STATION}/>')
        legend.append(Legend(map_marks.swatch(f'<path d="M10,8{_DIAMOND}" {_STATION}/>'), _WORDS["station"]))
    notes = [] if extent.is_legal else [Text("海域带为推算，非法定。", "The belt is derived, not legal.")]
    return sheet(frame, "sea-map", below, "".join(parts), legend, notes, source)


def _ground(frame: Frame, counties: LayerTable | None) -> Ground:
    """Draw the counties with their names."""
    if counties is None or not len(counties):
        return Ground("", "", [], [])
    drawn = shapely.make_valid(frame.drawn(np.array([shapely.force_2d(s) for s in counties.geometry], dtype=object)))
    seen = shapely.intersects(drawn, frame.box)
    inside = shapely.intersection(drawn[seen], frame.box)
    spots = shapely.get_coordinates(shapely.point_on_surface(inside))
    words = counties.columns["name"].fillna("").to_numpy(object)[seen].tolist()
    taken: list[Any] = []
    labels = map_marks.names(frame, spots, words, size=12, colour="#4d473a", taken=taken)
    legend = [Legend(map_marks.swatch(f'<rect y="2" width="20" height="12" {_COUNTY}/>'), _WORDS["county"])]
    return Ground(map_marks.outline(drawn[seen], _COUNTY), labels, legend, taken)


def _amount(words: Text, area_m2: float) -> Text:
    km2 = area_m2 / 1e6
    return Text(f"{words.zh} {km2:,.2f} km²", f"{words.en} {km2:,.2f} km²")
