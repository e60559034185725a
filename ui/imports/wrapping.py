"""Cells of a tree that are as high as their words need: Qt's own trees wrap words and cut the lines off."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QFont, QTextLayout, QTextOption
from qgis.PyQt.QtWidgets import QStyledItemDelegate, QTreeWidget

from ..compat import as_int

_AROUND = 10  # pixels left and right of the words
_ICON = 24  # pixels of the icon in the first column, and of what is around it
_PADDING = 2  # pixels above and below
_MOST_LINES = 3  # the rest stands below the tree
WHOLE = as_int(Qt.ItemDataRole.UserRole) + 7  # of the first cell of a row: all words of the row are shown


class Wrapping(QStyledItemDelegate):
    """Gives cells the height of their words at the width of their column, and lets all cells of a row begin at its top.

    Parameters
    ----------
    tree : QTreeWidget
        Has to lay its items out anew after a change of width.
    """

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def initStyleOption(self, option: Any, index: Any) -> None:
        super().initStyleOption(option, index)
        option.displayAlignment = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        option.decorationAlignment = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop

    def sizeHint(self, option: Any, index: Any) -> QSize:
        size = super().sizeHint(option, index)
        last = index.model().columnCount() - 1
        if index.column() < last:
            return QSize(size.width(), self._height(option, index))
        # Qt bounds what the columns before a widget ask for by the height of that widget: the last one asks for all.
        return QSize(size.width(), max(self._height(option, index.sibling(index.row(), at)) for at in range(last + 1)))

    def _height(self, option: Any, index: Any) -> int:
        said, line = index.data(), option.fontMetrics.height()
        if not said or self._tree.isColumnHidden(index.column()):
            return int(line + _PADDING)
        width = self._tree.columnWidth(index.column()) - _AROUND
        if index.column() == 0:
            depth = 2 if index.parent().isValid() else 1
            width -= depth * self._tree.indentation() + _ICON
        heights = _line_heights(said, option.font, max(width, 20))
        if index.column() == 0 or not index.sibling(index.row(), 0).data(WHOLE):
            heights = heights[:_MOST_LINES]
        return max(int(line), round(sum(heights) + 0.5)) + _PADDING


def _line_heights(said: str, font: QFont, width: int) -> list[float]:
    """Give the height of every line of some words in a width, pixels: as Qt draws them, in whichever fonts it takes."""
    layout = QTextLayout(said, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    heights = []
    layout.beginLayout()
    line = layout.createLine()
    while line.isValid():
        line.setLineWidth(width)
        heights.append(line.height())
        line = layout.createLine()
    layout.endLayout()
    return heights
