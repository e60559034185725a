"""Tables that flow over pages: every word is wrapped and measured before it is drawn, so that nothing is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qgis.core import QgsLayoutFrame, QgsLayoutItemManualTable, QgsPrintLayout, QgsTableCell
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QTextLayout, QTextOption

from ..language import current
from ..layout_items import INK, font, place, text_format

_LINE_MM = 0.1  # of the grid
_MARGIN_MM = 0.7  # between a cell's border and its words
_LEADING = 1.5  # line height over font size; Chinese faces ask for up to 1.45
_MM_PER_PT = 25.4 / 72
_LEAST_ROWS = 3  # of a table that begins below something else
_GAP_MM = 4.0  # between two tables
_HEAD_FILL, _GRID = "#e8eef2", "#9aa5ad"
_MEASURED_PX = 100  # words are measured large, so that no hinting of a screen enters
_SLACK_MM = 0.2
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")  # a Chinese face draws curved ones as wide as a Chinese letter
_SPARE = 0.97  # of a column's width; QGIS sums the widths of glyphs a little differently


class Cell(NamedTuple):
    """Words of one cell, and how they look."""

    words: str
    colour: str = INK
    bold: bool = False


class Column(NamedTuple):
    """Heading and share of the width; figures stand at the right."""

    heading: str
    share: float
    right: bool = False


@dataclass(frozen=True)
class Table:
    """A table that is wrapped for one width.

    Attributes
    ----------
    widths : list of float
        Of the columns, without the margins of the cells, mm.
    rows : list of list of Cell
        Wrapped; the first row is the heading.
    lines : list of int
        Lines of every row.
    """

    columns: Sequence[Column]
    widths: list[float]
    family: str
    size_pt: float
    rows: list[list[Cell]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def height(self, row: int) -> float:
        """Give the height of a row with its margins, mm."""
        return self.lines[row] * self.size_pt * _MM_PER_PT * _LEADING + 2 * _MARGIN_MM

    def height_of(self, rows: Sequence[int]) -> float:
        """Give the height of the heading and some rows with their lines, mm."""
        lines = _LINE_MM * (len(rows) + 2)
        return self.height(0) + sum(self.height(row) for row in rows) + lines


def wrap(words: str, width_mm: float, family: str, size_pt: float, *, bold: bool = False) -> list[str]:
    """Break words into lines as Unicode breaks them: Chinese anywhere but before a full stop, English between words."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    face = font(family, size_pt, bold=bold)
    face.setPixelSize(_MEASURED_PX)
    wide = width_mm / (size_pt * _MM_PER_PT) * _MEASURED_PX
    lines: list[str] = []
    words = words.translate(_STRAIGHT) if current() == "en" else words
    for paragraph in words.split("\n"):
        if not paragraph:
            lines.append("")
            continue
        layout = QTextLayout(paragraph, face)
        layout.setTextOption(option)
        layout.beginLayout()
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(wide)
            # Qt counts in UTF-16 units; a name with a rare character has more of them than letters.
            units = paragraph.encode("utf-16-le")[2 * line.textStart() : 2 * (line.textStart() + line.textLength())]
            lines.append(units.decode("utf-16-le").rstrip())
        layout.endLayout()
    return lines


def text_height(lines: int, size_pt: float) -> float:
    """Give the height of lines of text, mm."""
    return lines * size_pt * _MM_PER_PT * _LEADING


def make(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell | str]],
    width_mm: float,
    family: str,
    size_pt: float,
    most_mm: float,
) -> Table:
    """Wrap a table for a width; a row that is higher than `most_mm` goes on in a further row."""
    shares = sum(column.share for column in columns)
    whole = width_mm - _LINE_MM * (len(columns) + 1)
    widths = [whole * column.share / shares - 2 * _MARGIN_MM for column in columns]
    table = Table(columns, widths, family, size_pt)
    head = [Cell(column.heading, bold=True) for column in columns]
    per_row = max(1, int((most_mm - 2 * _MARGIN_MM) / text_height(1, size_pt)))
    for number, row in enumerate([head, *rows]):
        cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
        broken = [
            wrap(cell.words, width * _SPARE, family, size_pt, bold=cell.bold) for cell, width in zip(cells, widths)
        ]
        deepest = max(map(len, broken))
        step = per_row if number else deepest
        for start in range(0, deepest, step):
            parts = [lines[start : start + step] for lines in broken]
            table.rows.append([cell._replace(words="\n".join(part)) for cell, part in zip(cells, parts)])
            table.lines.append(max(map(len, parts)))
    return table


def fitting(table: Table, rows: Sequence[int], room_mm: float) -> list[int]:
    """Give the first of some rows that fit a height below the heading."""
    shown: list[int] = []
    for row in rows:
        if table.height_of([*shown, row]) > room_mm:
            break
        shown.append(row)
    return shown


class Part(NamedTuple):
    """Rows of a table on one page, and how far below the first line of the page they begin, mm."""

    table: Table
    rows: list[int]
    top: float


def flow(tables: Sequence[Table], room_mm: float, first_mm: float = 0.0) -> list[list[Part]]:
    """Put tables below each other over as many pages as they need; the first page begins `first_mm` lower.

    Returns
    -------
    list of list of Part
        One list a page, at least one.
    """
    made: list[list[Part]] = [[]]
    top = first_mm
    for table in tables:
        rows = list(range(1, len(table.rows)))
        while True:
            shown = fitting(table, rows, room_mm - top)
            if len(shown) < min(_LEAST_ROWS, len(rows)) and top > 0:
                made.append([])
                top = 0.0
                continue
            shown = shown or rows[:1]  # a row that fills a page
            made[-1].append(Part(table, shown, top))
            top += table.height_of(shown) + _GAP_MM
            rows = rows[len(shown) :]
            if not rows:
                break
            made.append([])
            top = 0.0
    return made


def draw(layout: QgsPrintLayout, table: Table, rows: Sequence[int], left: float, top: float) -> QgsLayoutFrame:
    """Draw the heading and some rows of a table."""
    item = QgsLayoutItemManualTable.create(layout)
    layout.addMultiFrame(item)
    item.setCellMargin(_MARGIN_MM)
    item.setGridStrokeWidth(_LINE_MM)
    item.setGridColor(QColor(_GRID))
    item.setContentTextFormat(text_format(table.size_pt, family=table.family))
    shown = [0, *rows]
    item.setTableContents([[_drawn(table, row, number) for number in range(len(table.columns))] for row in shown])
    item.setColumnWidths(list(table.widths))
    item.setRowHeights([table.height(row) - 2 * _MARGIN_MM for row in shown])
    frame = QgsLayoutFrame(layout, item)
    width = sum(table.widths) + 2 * _MARGIN_MM * len(table.columns) + _LINE_MM * (len(table.columns) + 1)
    # QGIS leaves a row out that is higher than its frame by a rounding of the last digit
    place(frame, (left, top, width, table.height_of(rows) + _SLACK_MM))
    item.addFrame(frame)
    return frame


def _drawn(table: Table, row: int, column: int) -> QgsTableCell:
    cell = table.rows[row][column]
    made = QgsTableCell(cell.words)
    made.setTextFormat(text_format(table.size_pt, family=table.family, bold=cell.bold, colour=cell.colour))
    right = table.columns[column].right
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    made.setHorizontalAlignment(side)
    made.setVerticalAlignment(Qt.AlignmentFlag.AlignVCenter)
    if row == 0:
        made.setBackgroundColor(QColor(_HEAD_FILL))
    return made
