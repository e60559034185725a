"""Small widgets that several parts of the panel share."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
)

from ..text import Text
from .icons import icon
from .language import tr


def button(label: Text, press: Callable[[], object], icon_name: str = "", tip: str = "") -> QPushButton:
    """Make a button that calls `press` without arguments."""
    made = QPushButton(tr(label))
    if icon_name:
        made.setIcon(icon(icon_name))
    made.setToolTip(tip)
    made.clicked.connect(lambda _checked=False: press())
    return made


def tree(headings: list[Text]) -> QTreeWidget:
    """Make a flat list with headings, whose height is its surroundings' to give."""
    made = QTreeWidget()
    made.setHeaderLabels([tr(heading) for heading in headings])
    made.setRootIsDecorated(False)
    made.setAlternatingRowColors(True)
    made.setUniformRowHeights(True)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return made


class Lines(QLabel):
    """Words on so many lines. A label whose height follows its width squeezes the lists beside it."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setFixedHeight(round(1.3 * lines * self.fontMetrics().lineSpacing()))  # Chinese stands taller

    def hasHeightForWidth(self) -> bool:
        return False


class Row(QTreeWidgetItem):
    """A row that sorts numbers as numbers."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        column = self.treeWidget().sortColumn()
        mine = self.data(column, Qt.ItemDataRole.UserRole)
        its = other.data(column, Qt.ItemDataRole.UserRole)
        if isinstance(mine, (int, float)) and isinstance(its, (int, float)):
            return mine < its
        return self.text(column) < other.text(column)
