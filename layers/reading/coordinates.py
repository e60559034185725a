"""The coordinate columns of a table: two numbers a row, and what was odd in how they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import SupportsInt

import numpy as np

from ...text import Text
from ..cells.angles import Axis, read_axis, read_pairs
from ..findings.catalogue import KINDS
from ..findings.findings import Findings
from ..sources.raw_table import RawTable
from ..table import Floats
from .headings import LAT, LON
from .judging import FIELD
from .mapping import Pair
from .plausible import Issue
from .reasons import Reasons

# Spreadsheets and databases leave these where a number is missing; 无, - and the like are a planner's own "none".
_NO_NUMBER = re.compile(r"#?n/?a|nan|null|none|nil|<null>|\(null\)", re.IGNORECASE)
EMPTY_CELL = Text("（空）", "(empty)")
_NO_DATA = frozenset(("damaged_row", "total_row", "repeated_header", "unit_row", "note_row", "blank_rows"))


@dataclass
class Coordinates:
    """What stands in the coordinate columns.

    Attributes
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
        East and north as they stand, in degrees or metres; NaN where a row has none.
    cells : tuple of numpy.ndarray of str, each of shape (n,)
        One column, or two.
    angular : numpy.ndarray of bool, shape (n,)
        Rows in degrees, minutes and seconds, whose decimals say nothing of their precision.
    issues : list of Issue
        Rows that are kept although their coordinates are no good.
    """

    x: Floats
    y: Floats
    cells: tuple[np.ndarray, ...]
    angular: np.ndarray
    issues: list[Issue] = field(default_factory=list)

    def words(self, at: SupportsInt) -> str:
        """Give the coordinates of a row as they stand; of two cells a blank one is named, or the pair looks garbled."""
        return ", ".join(self._shown(at, EMPTY_CELL.zh))

    def told(self, at: SupportsInt) -> Text:
        """Give the same in both languages."""
        return Text("，".join(self._shown(at, EMPTY_CELL.zh)), ", ".join(self._shown(at, EMPTY_CELL.en)))

    def _shown(self, at: SupportsInt, blank: str) -> list[str]:
        cells = [str(texts[int(at)]) for texts in self.cells]
        return [cell if cell.strip() or len(cells) == 1 else blank for cell in cells]


def read_columns(table: RawTable, pair: Pair, projected: bool, aside: Reasons, findings: Findings) -> Coordinates:
    """Read a pair of columns, or one that holds both values.

    Parameters
    ----------
    table, pair
    projected : bool
        The values are metres.
    aside : Reasons
        Gains the rows whose coordinates cannot be read, or of which one is missing.
    findings : Findings
        Gains the spellings.
    """
    cells = tuple(table.cells[column] for column in dict.fromkeys((pair.lon, pair.lat)))
    axes: Sequence[Axis]
    if len(cells) == 1:
        axes = read_pairs(cells[0])
    else:
        axes = [read_axis(texts, "m" if projected else "°") for texts in cells]
    _no_rows_of_data(axes, aside)
    x, y = (axis.values for axis in axes)
    found = Coordinates(x, y, cells, (axes[0].notes == "dms") | (axes[1].notes == "dms"))
    bad = axes[0].bad | axes[1].bad
    for at in np.flatnonzero(bad):
        aside.add([at], "bad_coordinate", found.told(at), FIELD, found.words(at))
    half = (axes[0].empty ^ axes[1].empty) & ~bad
    for at in np.flatnonzero(half):
        told = found.told(at)
        words = Text(f"只有一个坐标值：{told.zh}", f"only one of the two values: {told.en}")
        aside.add([at], "bad_coordinate", words, FIELD, found.words(at))
    x[half | bad], y[half | bad] = np.nan, np.nan
    zero = (x == 0) & (y == 0)
    x[zero], y[zero] = np.nan, np.nan
    for at in np.flatnonzero(zero):
        found.issues.append(no_place(int(at), "zero_coordinates", str(cells[0][at])))
    said_in_words = axes[0].empty & axes[1].empty & ((axes[0].notes != "") | (axes[1].notes != ""))
    for at in np.flatnonzero(said_in_words):
        if any(_NO_NUMBER.fullmatch(str(texts[at]).strip()) for texts in cells):
            found.issues.append(no_place(int(at), "nan_coordinates", found.words(at)))
            for axis in axes:
                axis.notes[at] = ""
    lone = (x == 0) ^ (y == 0)
    for at in np.flatnonzero(lone):
        aside.add([at], "bad_coordinate", Text("有一个坐标值为 0", "one of the values is 0"), FIELD, found.words(at))
    x[lone], y[lone] = np.nan, np.nan
    _spellings(axes, cells, findings)
    return found


def no_place(at: int, code: str, original: str) -> Issue:
    """Give the issue of a row that is kept without a place."""
    return at, LON, code, KINDS[code].label, original


def _no_rows_of_data(axes: Sequence[Axis], aside: Reasons) -> None:
    """Leave totals, repeated headings and the like out of every judgement on coordinates."""
    odd = [at for at, reasons in aside.by_row.items() if reasons[0].code in _NO_DATA]
    for axis in axes:
        axis.values[odd], axis.empty[odd], axis.bad[odd], axis.notes[odd] = np.nan, True, False, ""


def _spellings(axes: Sequence[Axis], cells: Sequence[np.ndarray], findings: Findings) -> None:
    """Note the coordinates that are written otherwise than as plain numbers, with what was read from them."""
    if len(cells) == 1:
        notes = axes[0].notes
        for code in sorted(set(notes[notes != ""])):
            at = np.flatnonzero(notes == code)
            read = [
                "" if np.isnan(x) else f"{x:.10g}, {y:.10g}" for x, y in zip(axes[0].values[at], axes[1].values[at])
            ]
            findings.add(code, at, field=FIELD, values=cells[0][at], proposed=read)
        return
    for axis, texts, name in zip(axes, cells, (LON, LAT)):
        for code in sorted(set(axis.notes[axis.notes != ""])):
            at = np.flatnonzero(axis.notes == code)
            read = ["" if np.isnan(value) else f"{value:.10g}" for value in axis.values[at]]
            findings.add(code, at, field=name, values=texts[at], proposed=read)
