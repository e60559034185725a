"""The words for what a column of a file may become: a field, or an axis of the coordinates."""

from __future__ import annotations

from ...layers.spec import LayerSpec
from ...text import Text

_AXES = {
    "lon": Text("经度（东坐标）", "longitude (east)"),
    "lat": Text("纬度（北坐标）", "latitude (north)"),
    "wkt": Text("几何（WKT）", "geometry (WKT)"),
    "lonlat": Text("经纬度（同一格）", "longitude and latitude in one cell"),
}


def field_label(spec: LayerSpec, name: str) -> Text:
    """Give the words for a target of the mapping: a field or an axis."""
    return _AXES.get(name) or spec.field(name).label
