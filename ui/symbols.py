"""Symbols: colour never speaks alone, and no two verdicts share a shape.

Colours are Okabe and Ito's, which readers with colour-vision deficiency can tell apart
(Okabe, M. and Ito, K.: Color Universal Design, 2008).
"""

from __future__ import annotations

from qgis.core import QgsFillSymbol, QgsLineSymbol, QgsMarkerSymbol, QgsSymbol, QgsSymbolLayerUtils
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QIcon

BLUE, VERMILLION, GREY = "#0072b2", "#d55e00", "#8a8a8a"
DARK = "#333333"
ORANGE, SKY, GREEN, YELLOW, PINK, BLACK = "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#cc79a7", "#000000"

VERDICT_MARKERS = {
    "reached": ("circle", BLUE),
    "not_reached": ("triangle", VERMILLION),
    "cannot_tell": ("diamond", GREY),
}
FINDING_MARKERS = {"blocks": ("cross2", VERMILLION), "warns": ("triangle", BLUE), "informs": ("circle", GREY)}
OTHER = ("circle", GREY)
_STROKED = ("cross", "cross2", "line", "arrowhead")


def marker(shape: str, colour: str, size_mm: float = 2.6, *, outline: str = "#ffffff") -> QgsMarkerSymbol:
    """Make a plain marker; a shape of strokes alone is drawn in its colour."""
    stroked = shape in _STROKED
    return QgsMarkerSymbol.createSimple(
        {
            "name": shape,
            "color": colour,
            "size": str(size_mm),
            "outline_color": colour if stroked else outline,
            "outline_width": "0.6" if stroked else "0.25",
        }
    )


def line(colour: str, width_mm: float = 0.5, pattern: str = "solid") -> QgsLineSymbol:
    """Make a plain line."""
    return QgsLineSymbol.createSimple(
        {"line_color": colour, "line_width": str(width_mm), "line_style": pattern, "capstyle": "round"}
    )


def fill(colour: str, pattern: str = "solid", outline: str = "", width_mm: float = 0.3) -> QgsFillSymbol:
    """Make a plain or hatched fill."""
    return QgsFillSymbol.createSimple(
        {
            "color": colour,
            "style": pattern,
            "outline_color": outline or colour,
            "outline_width": str(width_mm),
            "outline_style": "solid" if width_mm else "no",
        }
    )


def verdict_symbol(value: str) -> QgsMarkerSymbol:
    """Make the marker of a verdict."""
    return marker(*VERDICT_MARKERS.get(value, OTHER))


def finding_symbol(severity: str) -> QgsMarkerSymbol:
    """Make the marker of a finding by how grave it is."""
    return marker(*FINDING_MARKERS.get(severity, OTHER), 3.0)


def preview(symbol: QgsSymbol, size: QSize) -> QIcon:
    """Draw a symbol as an icon."""
    return QgsSymbolLayerUtils.symbolPreviewIcon(symbol, size)
