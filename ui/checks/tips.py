"""Map tips and labels of the findings of a checked package: which rule, what is wrong, and how it is mended."""

from __future__ import annotations

from qgis.core import QgsVectorLayer

from ...layers.delivery.checking.rules import LEVEL_MARKS, LEVELS
from .. import words
from ..language import current, tr
from ..map_tips import card, column, escaped, state_said, string
from .fields import HEADINGS

LABELS = {"check_issue": "CASE WHEN \"level\" = 1 THEN \"rule\" || coalesce(' · ' || nullif(\"feature\", ''), '') END"}
LABEL_SCALES = {"check_issue": 250_000}
_STATE = (
    "level",
    {str(level): label for level, label in LEVELS.items()},
    {str(level): mark for level, mark in LEVEL_MARKS.items()},
)


def tip(layer: QgsVectorLayer) -> str:
    """Give level, rule, what is wrong and how it is mended: HTML with expressions."""
    message, remedy = (_text(name) for name in ("message", "remedy"))
    below = f"'<div>' || {message} || '</div><div>' || {string(_heading())} || {remedy} || '</div>'"
    facts = ("layer", "feature", "bsm", "file")
    return card(layer, "represent_value(\"rule\", 'rule')", facts, state=state_said(*_STATE), below=below)


def _text(name: str) -> str:
    return escaped(f"coalesce({column(f'{name}_{current()}')}, '—')")


def _heading() -> str:
    return f"<b>{tr(HEADINGS['remedy'])}{tr(words.COLON)}</b>"
