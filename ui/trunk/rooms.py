"""The trunk rooms of a workspace, for the tool that is to hit one of them."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsFeature, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas

TOLERANCE_PX = 15


@dataclass(frozen=True)
class Room:
    """One room: its number, what it is called, and its place on the canvas."""

    node_id: str
    name: str
    place: QgsPointXY


def room_at(canvas: QgsMapCanvas, workspace: str, point: QgsPointXY) -> Room | None:
    """Give the room nearest to a point of the canvas; None where none is near enough."""
    layer = QgsVectorLayer(f"{workspace}|layername=trunk_nodes", "", "ogr")
    if not workspace or not layer.isValid():
        return None
    turn = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    reach = canvas.mapUnitsPerPixel() * TOLERANCE_PX
    near = []
    for feature in layer.getFeatures():
        place = _place(feature, turn)
        if place is not None and place.distance(point) <= reach:
            near.append((place.distance(point), str(feature["node_id"]), feature, place))
    if not near:
        return None
    _, node_id, feature, place = min(near, key=lambda item: item[:2])
    name = feature["name"] if isinstance(feature["name"], str) else ""
    return Room(node_id, name.strip() or node_id, place)


def _place(feature: QgsFeature, turn: QgsCoordinateTransform) -> QgsPointXY | None:
    if not feature.hasGeometry() or feature.geometry().isEmpty():
        return None
    try:
        return turn.transform(feature.geometry().centroid().asPoint())
    except QgsCsException:  # the room lies where the map cannot be drawn
        return None
