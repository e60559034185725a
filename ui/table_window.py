"""A table of a run in a window of our own: sorted, searched and copied without a spreadsheet program."""

from __future__ import annotations

import csv
from pathlib import Path

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from ..text import Text
from . import words
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
_SIZE = (1000, 480)


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
    window.resize(*_SIZE)
    table = _table([tr(_HEADINGS[names[at]]) if names[at] in _HEADINGS else names[at] for at in shown])
    for cells in rows[:_SHOWN]:
        item = Row([" ".join(cells[at].split()) for at in shown])
        for column, at in enumerate(shown):
            item.setToolTip(column, cells[at])
            if cells[at].isdigit():
                item.setData(column, Qt.ItemDataRole.UserRole, int(cells[at]))
        table.addTopLevelItem(item)
    for column in range(table.columnCount() - 1):
        table.resizeColumnToContents(column)
        table.setColumnWidth(column, min(table.columnWidth(column), _SIZE[0] // 3))
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
    made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    made.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    made.header().setStretchLastSection(True)
    copies(made, lambda: _lines(made))
    return made


def _lines(table: QTreeWidget) -> list[str]:
    header = table.headerItem()
    columns = range(table.columnCount())
    return ["\t".join(item.text(at) for at in columns) for item in (header, *table.selectedItems())]


def _filter(table: QTreeWidget, wanted: str) -> None:
    wanted = wanted.strip().lower()
    for place in range(table.topLevelItemCount()):
        item = table.topLevelItem(place)
        said = "\n".join(item.text(at) for at in range(table.columnCount()))
        item.setHidden(wanted not in said.lower())
