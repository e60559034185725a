"""Symbols of the trunk network: colour, shape and pattern say the same thing, so that a print in grey still reads."""

from __future__ import annotations

from qgis.core import (
    QgsLineSymbol,
    QgsMarkerLineSymbolLayer,
    QgsMarkerSymbol,
    QgsProperty,
    QgsSimpleMarkerSymbolLayer,
)

from ..compat import LAYER_ENABLED
from ..symbols import BLACK, BLUE, GREY, VERMILLION, line, marker

_ROSE_MM = 9.0  # length of a ray on the screen where its true length, a kilometre, is less
_ROSE_FROM = 110_000  # from this scale on


def marked_line(
    colour: str, width_mm: float, shape: str, *, pattern: str = "solid", every_mm: float = 12.0, size_mm: float = 2.4
) -> QgsLineSymbol:
    """Make a line with marks along it."""
    made = line(colour, width_mm, pattern)
    marks = QgsMarkerLineSymbolLayer.create(
        {"placement": "interval", "interval": str(every_mm), "offset_along_line": str(every_mm / 2), "rotate": "1"}
    )
    marks.setSubSymbol(marker(shape, BLACK, size_mm))
    made.appendSymbolLayer(marks)
    return made


def band(colour: str, width_mm: float) -> QgsLineSymbol:
    """Make a broad line that shows what lies below it."""
    made = line(colour, width_mm)
    made.setOpacity(0.45)
    return made


def arrow_line(colour: str, width_mm: float, pattern: str) -> QgsLineSymbol:
    """Make a line with an arrow at its end."""
    made = line(colour, width_mm, pattern)
    made.appendSymbolLayer(_head(colour))
    return made


def over_ground(colour: str) -> QgsLineSymbol:
    """Make a dotted arrow with marks across it: a way that follows no road."""
    made = marked_line(colour, 1.2, "line", pattern="dot", every_mm=5.0, size_mm=2.8)
    made.appendSymbolLayer(_head(colour))
    return made


def _head(colour: str) -> QgsMarkerLineSymbolLayer:
    head = QgsMarkerLineSymbolLayer.create({"placement": "lastvertex", "rotate": "1"})
    head.setSubSymbol(marker("filled_arrowhead", colour, 3.4))
    return head


def ray(is_used: bool) -> QgsLineSymbol:
    """Make one direction of a rose: drawn to its true length, and at small scales as an arrow of a few millimetres."""
    colour, width, pattern = (BLUE, 0.9, "solid") if is_used else (GREY, 0.6, "dash")
    made = line(colour, width, pattern)
    rose = QgsMarkerSymbol()
    rose.deleteSymbolLayer(0)
    shaft = QgsSimpleMarkerSymbolLayer.create(
        {
            **{"name": "line", "size": str(_ROSE_MM), "angle": "90", "offset": f"0,{-_ROSE_MM / 2}"},
            **{"outline_color": colour, "outline_width": str(width), "outline_style": pattern},
        }
    )
    rose.appendSymbolLayer(shaft)
    if is_used:
        head = {"name": "filled_arrowhead", "size": "3.2", "offset": f"{_ROSE_MM},0"}
        rose.appendSymbolLayer(
            QgsSimpleMarkerSymbolLayer.create({**head, "color": colour, "outline_color": colour, "outline_width": "0"})
        )
    at_node = QgsMarkerLineSymbolLayer.create({"placement": "firstvertex", "rotate": "1"})
    at_node.setSubSymbol(rose)
    at_node.setDataDefinedProperty(LAYER_ENABLED, QgsProperty.fromExpression(f"@map_scale > {_ROSE_FROM}"))
    made.appendSymbolLayer(at_node)
    if is_used:  # nearer, the arrow stands at the end of the ray
        head = _head(colour)
        head.setDataDefinedProperty(LAYER_ENABLED, QgsProperty.fromExpression(f"@map_scale <= {_ROSE_FROM}"))
        made.appendSymbolLayer(head)
    return made


def ring(size_mm: float = 4.8) -> QgsMarkerSymbol:
    """Make a ring around a marker."""
    return QgsMarkerSymbol.createSimple(
        {
            "name": "circle",
            "color": "0,0,0,0",
            "size": str(size_mm),
            "outline_color": VERMILLION,
            "outline_width": "0.7",
        }
    )
