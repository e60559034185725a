"""What a click on the map means: a place in CGCS2000, and the base stations that stand there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas

from ..errors import InputError
from ..text import Text

CGCS2000 = "EPSG:4490"
STATIONS = "base_stations"
TOLERANCE_PX = 12
_SAME_PLACE_PX = 1.0  # the sectors of a site are drawn over each other
_MOST = 60
_NEWEST_FIRST = ("5G", "4G", "3G", "2G")


@dataclass(frozen=True)
class Station:
    """One row of the base stations, as far as a path needs it; None where the row does not say, or says too much."""

    place: QgsPointXY
    label: str
    technology: str
    frequency_ghz: float | None
    height_m: float | None
    eirp_dbm: float | None


def in_cgcs2000(point: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> str:
    """Give a place of the map as ``longitude,latitude``.

    Raises
    ------
    InputError
        The map has no CRS, or the place is none in it.
    """
    fault = InputError(
        Text("该点无法换算为经纬度。", "The point cannot be turned into longitude and latitude."),
        Text(
            "请在状态栏右下角为工程指定正确的坐标系，再点一次。",
            "Set the right CRS of the project at the lower right of the status bar and click again.",
        ),
    )
    if not crs.isValid():
        raise fault
    turn = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem(CGCS2000), QgsProject.instance())
    try:
        there = turn.transform(point)
    except QgsCsException:
        raise fault from None
    if not (math.isfinite(there.x()) and abs(there.x()) <= 180 and abs(there.y()) <= 90):
        raise fault
    return f"{there.x():.7f},{there.y():.7f}"


def stations_at(canvas: QgsMapCanvas, point: QgsPointXY) -> list[Station]:
    """Give the stations of the workspace layers on the map that stand nearest to a point, if it is near enough.

    Parameters
    ----------
    canvas : QgsMapCanvas
    point : QgsPointXY
        In the CRS of the canvas.

    Returns
    -------
    list of Station
        All of one place, 5G before 4G; empty for none. Their places are in the CRS of the canvas.
    """
    reach = canvas.mapUnitsPerPixel() * TOLERANCE_PX
    box = QgsRectangle(point.x() - reach, point.y() - reach, point.x() + reach, point.y() + reach)
    found: list[tuple[float, QgsPointXY, QgsFeature]] = []
    for layer in canvas.layers():
        if isinstance(layer, QgsVectorLayer) and layer.customProperty("xinji/style") == STATIONS:
            found += _near(canvas, layer, point, box)
    found = [item for item in found if item[0] <= reach]
    if not found:
        return []
    nearest = min(found, key=lambda item: item[0])[1]
    same = canvas.mapUnitsPerPixel() * _SAME_PLACE_PX
    rows = [_station(feature, nearest) for _, place, feature in found if place.distance(nearest) <= same]
    rows.sort(key=_order)
    return rows[:_MOST]


def _near(
    canvas: QgsMapCanvas, layer: QgsVectorLayer, point: QgsPointXY, box: QgsRectangle
) -> list[tuple[float, QgsPointXY, QgsFeature]]:
    """Give distance, place on the canvas and row of the stations in a box."""
    here, project = canvas.mapSettings().destinationCrs(), QgsProject.instance()
    turn = QgsCoordinateTransform(layer.crs(), here, project)
    found = []
    try:
        wanted = QgsCoordinateTransform(here, layer.crs(), project).transformBoundingBox(box)
        for feature in layer.getFeatures(QgsFeatureRequest(wanted)):
            if feature.hasGeometry():
                place = turn.transform(feature.geometry().centroid().asPoint())
                found.append((place.distance(point), place, feature))
    except QgsCsException:
        return []  # that layer cannot be drawn there either
    return found


def _station(feature: QgsFeature, place: QgsPointXY) -> Station:
    band = _number(feature, "band_mhz", 30, 6000)
    height, eirp = _number(feature, "antenna_height_m", 1, 3000), _number(feature, "eirp_dbm", -100, 150)
    identity, name, technology = (_words(feature, field) for field in ("station_id", "name", "technology"))
    parts = [
        name or identity,
        technology,
        "" if band is None else f"{band:g} MHz",
        "" if height is None else f"{height:g} m",
        identity if name else "",
    ]
    label = " · ".join(part for part in parts if part)
    return Station(place, label, technology, None if band is None else band / 1000, height, eirp)


def _value(feature: QgsFeature, name: str) -> Any:
    index = feature.fields().indexOf(name)
    return None if index < 0 else feature.attribute(index)


def _words(feature: QgsFeature, name: str) -> str:
    value = _value(feature, name)
    return value.strip() if isinstance(value, str) else ""


def _number(feature: QgsFeature, name: str, least: float, most: float) -> float | None:
    """Give a number of a row; None where it is empty or nothing that the model takes."""
    value = _value(feature, name)
    if not isinstance(value, (int, float)) or not least <= value <= most:
        return None
    return float(value)


def _order(station: Station) -> tuple[int, str]:
    places = [k for k, name in enumerate(_NEWEST_FIRST) if name in station.technology]
    return min(places, default=len(_NEWEST_FIRST)), station.label
