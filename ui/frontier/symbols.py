"""Symbols of a frontier result: the marks of its report, drawn. Symbol, colour and word say the same thing."""

from __future__ import annotations

from qgis.core import QgsFillSymbol, QgsLineSymbol, QgsMarkerSymbol
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QIcon

from ...jobs.frontier.words import STATUS_MARKS
from ..symbols import fill, line, marker, preview

STATE_OF_STATUS = {"met": "met", "short": "not_met", "cannot_tell": "cannot_tell"}
COLOURS = {state: STATUS_MARKS[status][1] for status, state in STATE_OF_STATUS.items()}
# The signs ●, ▲ and ○ of the report; the last one is hollow, and seen on an aerial photograph, too.
_SHAPES = {"met": "circle", "not_met": "triangle", "cannot_tell": "circle"}
_LINES = {"met": (0.6, "solid"), "not_met": (1.2, "dash"), "cannot_tell": (0.9, "dot")}
_FILLS = {"met": "solid", "not_met": "b_diagonal", "cannot_tell": "dense6"}


def state_marker(state: str, size_mm: float = 2.6) -> QgsMarkerSymbol:
    """Make the marker of an item that is met, not met, or cannot be told."""
    colour = COLOURS[state]
    if state != "cannot_tell":
        return marker(_SHAPES[state], colour, size_mm)
    hollow = marker(_SHAPES[state], "#ffffff", size_mm, outline=colour)
    hollow.symbolLayer(0).setStrokeWidth(0.6)
    return hollow


def state_line(state: str) -> QgsLineSymbol:
    """Make the line of a stretch of road."""
    return line(COLOURS[state], *_LINES[state])


def state_fill(state: str, *, legal: bool = True) -> QgsFillSymbol:
    """Make the fill of a part of the sea; what has no legal meaning has a broken outline."""
    colour = COLOURS[state]
    made = fill("#500072b2" if state == "met" else colour, _FILLS[state], colour, 0.3)
    if not legal:
        made.symbolLayer(0).setStrokeStyle(line(colour, 0.3, "dash").symbolLayer(0).penStyle())
    return made


def status_icon(status: str, size: QSize) -> QIcon:
    """Draw the mark of an indicator's status."""
    state = STATE_OF_STATUS.get(status)
    if state is not None:
        return preview(state_marker(state, 3.0), size)
    dash = marker("line", STATUS_MARKS[status][1], 3.0)
    dash.setAngle(90)
    return preview(dash, size)
