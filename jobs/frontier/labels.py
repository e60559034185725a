"""How a frontier scoreboard says a status, a county, a reason."""

from __future__ import annotations

from typing import Any

from ...layers.html_report import Cell, Marked
from ...text import Text
from ..shared.rules import plain
from .words import STATUS_LABELS, STATUS_MARKS, county_words, reason_words

__all__ = ["STATUS_LABELS", "STATUS_MARKS", "county_words", "reason_words", "status_cell", "words_of"]


def status_cell(status: str) -> Marked:
    """Give a status as word, mark and colour."""
    return Marked(STATUS_LABELS[status], *STATUS_MARKS[status])


def words_of(table: dict[str, Text], value: Any) -> Cell:
    """Give the label of a code; a dash where there is none."""
    return table.get(value, plain(value))
