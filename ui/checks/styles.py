"""How the findings of a checked package are drawn: the gravest level largest and on top."""

from __future__ import annotations

from qgis.core import QgsFeatureRenderer, QgsMarkerSymbol, QgsSymbol, QgsVectorLayer

from ...layers.delivery.checking.rules import LEVELS
from ..land.styles import with_mark
from ..looks import Look, rules
from ..symbols import BLUE, GREY, VERMILLION, fill, line, marker
from ..trunk.symbols import marked_line

STYLES = ("check_issue", "check_line", "check_place")
_MARKERS = {1: ("cross2", VERMILLION, 3.6), 2: ("triangle", BLUE, 3.2), 3: ("circle", GREY, 2.6)}


def level_marker(level: int) -> QgsMarkerSymbol:
    """Make the mark of a level."""
    return marker(*_MARKERS[level])


def _symbol(style: str, level: int) -> QgsSymbol:
    if style == "check_issue":
        return level_marker(level)
    colour = _MARKERS[level][1]
    if style == "check_line":
        made = {1: marked_line(colour, 1.6, "cross2", every_mm=8.0), 2: line(colour, 1.4, "dash")}
        return made.get(level) or line(colour, 1.2, "dot")
    patterns = {1: ("diagonal_x", 0.8), 2: ("b_diagonal", 0.6), 3: ("dense6", 0.4)}
    pattern, width = patterns[level]
    return with_mark(fill(colour, pattern, colour, width), level_marker(level))


def renderer(layer: QgsVectorLayer, style: str) -> QgsFeatureRenderer:
    """Give the renderer of one of `STYLES`."""
    return rules(layer, [Look(f'"level" = {level}', label, _symbol(style, level)) for level, label in LEVELS.items()])
