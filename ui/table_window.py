"""A table of a run in a window of our own: sorted, searched and copied without a spreadsheet program."""

from __future__ import annotations

import csv
from pathlib import Path

from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..text import Text
from . import words
from .imports.wrapping import WHOLE, Wrapping
from .language import current, tr
from .report_viewer import open_file
from .widgets import Row, button, copies

_SHOWN = 5_000  # rows; a spreadsheet program has the rest
_HEADINGS = {
    "row": Text("行号", "Row"),
    "reason_zh": Text("原因", "Why"),
    "reason_en": Text("原因", "Why"),
    "original": Text("原文", "Original text"),
}
_HIDDEN = {"zh": ("reason_en", "reason_code"), "en": ("reason_zh", "reason_code")}
_MORE = Text("（前 {n} 行，共 {all} 行）", " (the first {n} of {all} rows)")
_SIZE = (1200, 520)
_MARGIN = 60  # pixels of the screen around the window
_ROOM = 16  # pixels around the words of a cell
_SIGN = 24  # pixels of the sign of the sorting
_LEAST = 80  # pixels of a column of many
_BREAK = "\u200b"  # an original row has no blanks at which it could go to the next line


def show_table(path: Path, title: str, parent: QWidget | None = None) -> QDialog:
    """Open a window with the rows of a CSV file that a run wrote."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        names, *rows = list(csv.reader(file)) or [[]]
    hidden = _HIDDEN["zh" if current().startswith("zh") else "en"]
    shown = [place for place, name in enumerate(names) if name not in hidden]
    window = QDialog(parent)
    more = tr(_MORE).format(n=f"{_SHOWN:,}", all=f"{len(rows):,}") if len(rows) > _SHOWN else ""
    window.setWindowTitle(title + more)
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    room = window.screen().availableGeometry() if hasattr(window, "screen") and window.screen() else None
    window.resize(min(_SIZE[0], room.width() - _MARGIN) if room is not None else _SIZE[0], _SIZE[1])
    table = _table([tr(_HEADINGS[names[at]]) if names[at] in _HEADINGS else names[at] for at in shown])
    for cells in rows[:_SHOWN]:
        item = Row([_breakable(" ".join(cells[at].split())) for at in shown])
        item.setData(0, WHOLE, True)
        for column, at in enumerate(shown):
            item.setToolTip(column, cells[at])
            if cells[at].isdigit():
                item.setData(column, Qt.ItemDataRole.UserRole, int(cells[at]))
        table.addTopLevelItem(item)
    _Widths(table)
    table.setSortingEnabled(True)
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    search = QLineEdit()
    search.setClearButtonEnabled(True)
    search.setPlaceholderText(tr(Text("查找…", "Find …")))
    search.textChanged.connect(lambda wanted: _filter(table, wanted))
    buttons = QDialogButtonBox()
    other = button(Text("用其他程序打开(&O)", "&Open in another program"), lambda: open_file(str(path), title))
    other.setAutoDefault(False)
    buttons.addButton(other, QDialogButtonBox.ButtonRole.ActionRole)
    buttons.addButton(tr(words.CLOSE), QDialogButtonBox.ButtonRole.RejectRole)
    buttons.rejected.connect(window.close)
    column = QVBoxLayout(window)
    for part in (search, table, buttons):
        column.addWidget(part)
    window.show()
    return window


def _table(headings: list[str]) -> QTreeWidget:
    made = QTreeWidget()
    made.setHeaderLabels(headings)
    made.setRootIsDecorated(False)
    made.setAlternatingRowColors(True)
    made.setWordWrap(True)
    made.setItemDelegate(Wrapping(made))
    made.setIndentation(0)
    made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    made.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    made.header().setStretchLastSection(True)
    copies(made, lambda: _lines(made))
    return made


class _Widths(QObject):
    """Shares the width of a table among its columns, whenever that changes: narrow ones have what their words need."""

    def __init__(self, table: QTreeWidget) -> None:
        super().__init__(table)
        self._table, self._width = table, 0
        columns = range(table.columnCount())
        measure = table.fontMetrics()
        items = [table.headerItem(), *(table.topLevelItem(place) for place in range(table.topLevelItemCount()))]
        self._wanted = [max(measure.horizontalAdvance(item.text(at)) for item in items) + _ROOM for at in columns]
        self._wanted[0] += _SIGN
        header = table.header()
        header.geometriesChanged.connect(self._share)
        header.sectionResized.connect(lambda *_: table.scheduleDelayedItemsLayout())  # other widths, other heights

    def _share(self) -> None:
        width = self._table.viewport().width()
        if width == self._width:
            return
        self._width = width
        for column, given in enumerate(shares(self._wanted, width)[:-1]):  # the last one has what is left
            self._table.setColumnWidth(column, given)


def shares(wanted: list[int], width: int) -> list[int]:
    """Share a width: who wants less than an equal part gets that, the others part what is left; pixels."""
    given, left = [0] * len(wanted), width
    for count, column in enumerate(sorted(range(len(wanted)), key=lambda at: (wanted[at], at))):
        given[column] = min(wanted[column], max(left // (len(wanted) - count), _LEAST))
        left -= given[column]
    return given


def _breakable(said: str) -> str:
    return said.replace(",", f",{_BREAK}")


def _said(item: QTreeWidgetItem, column: int) -> str:
    return str(item.text(column)).replace(_BREAK, "")


def _lines(table: QTreeWidget) -> list[str]:
    header = table.headerItem()
    columns = range(table.columnCount())
    return ["\t".join(_said(item, at) for at in columns) for item in (header, *table.selectedItems())]


def _filter(table: QTreeWidget, wanted: str) -> None:
    wanted = wanted.strip().lower()
    for place in range(table.topLevelItemCount()):
        item = table.topLevelItem(place)
        said = "\n".join(_said(item, at) for at in range(table.columnCount()))
        item.setHidden(wanted not in said.lower())
