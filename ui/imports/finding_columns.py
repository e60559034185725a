"""The widths of the columns of the findings: what their words need, up to a share of the tree."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

FINDING, ROWS, FIELD, BEFORE, AFTER, TREATMENT, WHY = range(7)
_SHARES = (20, 7, 8, 11, 13, 15, 0)  # of the width, in percent, at most: the reason has what is left
_SAMPLE = 50  # choices, of which many are alike
_LONGEST = 20  # texts of most bytes, one of which is the widest
ROOM = 14  # pixels around the words of a cell
_ICON = 18


class ColumnWidths:
    """Shares the width of a tree of findings among its columns, whenever that changes.

    Parameters
    ----------
    tree : QTreeWidget
    """

    def __init__(self, tree: QTreeWidget) -> None:
        self._tree, self._width = tree, 0
        header = tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.geometriesChanged.connect(self.share)

    def share(self, anew: bool = False) -> None:
        """Give the columns their widths; hide those without any words."""
        width = self._tree.viewport().width()
        if width == self._width and not anew:
            return
        self._width = width
        for column, share in enumerate(_SHARES):
            if column == WHY:
                continue
            wanted = self._wanted(column)
            self._tree.setColumnHidden(column, not wanted)
            self._tree.setColumnWidth(column, min(wanted, width * share // 100))
        self._tree.scheduleDelayedItemsLayout()  # other widths wrap to other heights

    def _wanted(self, column: int) -> int:
        """Give the width of the widest words of a column, 0 where it has none."""
        items = [item for top in tops(self._tree) for item in (top, *(top.child(at) for at in range(top.childCount())))]
        measure = self._tree.fontMetrics()
        texts = sorted({item.text(column) for item in items} - {""}, key=lambda said: (-len(said.encode()), said))
        longest = max((measure.horizontalAdvance(said) for said in texts[:_LONGEST]), default=0)
        if column == TREATMENT:
            boxes = [self._tree.itemWidget(item, column) for item in items[:_SAMPLE]]
            longest = max([longest, *(box.sizeHint().width() for box in boxes if box is not None)])
        if not longest:
            return 0
        heading = measure.horizontalAdvance(self._tree.headerItem().text(column))
        return max(longest, heading) + (ROOM + self._tree.indentation() + _ICON if column == FINDING else ROOM)


def tops(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    """Give the items of a tree that have no other above them."""
    return [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
