"""Where Qt 5 and Qt 6, or old and new QGIS, want a thing said differently."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsMapLayer, QgsSymbolLayer, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFontDatabase

_GEOMETRY = QgsWkbTypes.GeometryType
_HEIGHT = {_GEOMETRY.PointGeometry: 0, _GEOMETRY.LineGeometry: 1, _GEOMETRY.PolygonGeometry: 2}


def as_int(flag: Any) -> int:
    """Give a flag as a number: Qt 6 keeps it in ``value``, Qt 5 is one."""
    return int(getattr(flag, "value", flag))


RIGHT = as_int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def geometry_order(layer: QgsMapLayer) -> int:
    """Give 0 for points, 1 for lines, 2 for areas, 3 for a table, 4 for a raster: the order from the top of a map."""
    return _HEIGHT.get(layer.geometryType(), 3) if isinstance(layer, QgsVectorLayer) else 4


def font_families(system: QFontDatabase.WritingSystem) -> list[str]:
    """Give the installed fonts that can write a script: a database of its own in Qt 5, one for all in Qt 6."""
    try:
        return list(QFontDatabase.families(system))
    except TypeError:  # Qt 5
        return list(QFontDatabase().families(system))


def _layer_enabled() -> Any:
    """Give the property that switches a symbol layer on and off; QGIS 3.30 has given it another name."""
    return getattr(QgsSymbolLayer.Property, "LayerEnabled", None) or QgsSymbolLayer.Property.PropertyLayerEnabled


LAYER_ENABLED = _layer_enabled()
