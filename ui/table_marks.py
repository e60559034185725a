"""The marks that stand beside codes in the results table: those of the map, by column and value."""

from __future__ import annotations

from collections.abc import Collection

from qgis.core import QgsSymbol
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QIcon

from ..jobs.land.words import CANNOT_TELL, CLEAR, CONFLICT
from ..jobs.shared.rule_words import SEVERITY_LABELS
from ..layers.delivery.checking.rules import LEVELS
from . import symbols
from .checks.styles import STYLES as CHECKS
from .checks.styles import level_marker
from .frontier.symbols import COLOURS, state_marker
from .land.styles import STYLES as LAND
from .land.styles import severity_marker

_SIZE = QSize(14, 14)


def marks_of(style: str, names: Collection[str]) -> dict[str, QIcon]:
    """Give the marks of a layer's codes by their values as text.

    Parameters
    ----------
    names : collection of str
        Its columns.
    """
    made: dict[str, QgsSymbol] = {value: symbols.verdict_symbol(value) for value in symbols.VERDICT_MARKERS}
    made.update({value: symbols.finding_symbol(value) for value in symbols.FINDING_MARKERS})
    if "state" in names:  # it has marks of its own
        made.update({state: state_marker(state) for state in COLOURS})
    if style in LAND:
        verdicts = {CONFLICT: severity_marker(3), CANNOT_TELL: state_marker("cannot_tell"), CLEAR: state_marker("met")}
        made.update(verdicts)
        made.update({str(level): severity_marker(level) for level in SEVERITY_LABELS})
    if style in CHECKS:
        made.update({str(level): level_marker(level) for level in LEVELS})
    return {value: symbols.preview(symbol, _SIZE) for value, symbol in made.items()}
