"""Bringing features of a layer into view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsCoordinateTransform, QgsFeature, QgsFeatureRequest, QgsProject, QgsRectangle, QgsVectorLayer

_FLASHED = 1000  # more than these are seen without, and QGIS draws each by itself
_LEAST_M = 3000.0  # a single place is shown with what is around it


def extent_of_selected(layer: QgsVectorLayer) -> QgsRectangle | None:
    """Give the extent of the selected features of a layer, in its CRS; None where none of them has a place.

    QGIS's own answer lies around (0, 0) for features without geometry.
    """
    extent = QgsRectangle()
    extent.setMinimal()
    has_place = False
    for feature in layer.getSelectedFeatures(QgsFeatureRequest().setNoAttributes()):
        if feature.hasGeometry() and not feature.geometry().isEmpty():
            extent.combineExtentWith(feature.geometry().boundingBox())
            has_place = True
    return extent if has_place else None


def to_feature(canvas: Any, layer: QgsVectorLayer, feature: QgsFeature, least_m: float) -> None:
    """Show one feature with some room around it, no less than `least_m` across, and flash it."""
    _show(canvas, layer, feature.geometry().boundingBox(), least_m)
    canvas.flashFeatureIds(layer, [feature.id()])


def _show(canvas: Any, layer: QgsVectorLayer, box: QgsRectangle, least_m: float) -> None:
    crs = canvas.mapSettings().destinationCrs()
    extent = QgsRectangle(QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance()).transformBoundingBox(box))
    least = least_m / 111_000 if crs.isGeographic() else least_m
    extent.scale(1.15)
    extent.grow(max(0.0, (least - max(extent.width(), extent.height())) / 2))
    canvas.setExtent(extent)
    canvas.refresh()


def to_selected(canvas: Any, layer: QgsVectorLayer, flashed: Sequence[int]) -> None:
    """Show all selected features of a layer with some room around them, and flash those that are named.

    Nothing happens where none of the selected has a place.
    """
    box = extent_of_selected(layer)
    if box is None:
        return
    _show(canvas, layer, box, _LEAST_M)
    if len(flashed) <= _FLASHED:
        canvas.flashFeatureIds(layer, list(flashed))
