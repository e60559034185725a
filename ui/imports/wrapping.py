"""Cells of a tree that are as high as their words need: Qt's own trees wrap words and cut the lines off."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QStyledItemDelegate, QTreeWidget

from ..compat import as_int

_AROUND = 10  # pixels left and right of the words
_MOST_LINES = 2  # Chinese stands taller than the font says; the rest stands below the tree
WHOLE = as_int(Qt.ItemDataRole.UserRole) + 7  # of the first cell of a row: all words of the row are shown
_WRAP = as_int(Qt.TextFlag.TextWordWrap)


class Wrapping(QStyledItemDelegate):
    """Gives cells the height of their words at the width of their column.

    Parameters
    ----------
    tree : QTreeWidget
        Has to lay its items out anew after a change of width.
    """

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: Any, index: Any) -> QSize:
        size = super().sizeHint(option, index)
        said = index.data()
        is_whole = bool(index.sibling(index.row(), 0).data(WHOLE))
        width = self._tree.columnWidth(index.column()) - _AROUND
        metrics = option.fontMetrics
        if not said or len(said) * metrics.averageCharWidth() < width // 2:
            return size
        height = metrics.boundingRect(0, 0, max(width, 20), 10_000, _WRAP, said).height()
        if not is_whole:
            height = min(height, round(1.3 * _MOST_LINES * metrics.lineSpacing()))
        return QSize(size.width(), max(size.height(), height + 4))
