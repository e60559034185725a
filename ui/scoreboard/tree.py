"""The table of the scoreboard: indicators with their counties below them, sorted, folded, copied."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont, QIcon
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTreeWidget, QTreeWidgetItem, QWidget

from ...jobs.frontier.words import STATUS_LABELS
from ..compat import RIGHT, as_int
from ..frontier.result import Score
from ..frontier.symbols import status_icon
from ..widgets import copies
from . import rows
from .data import Scoreboard

_SCORE = as_int(Qt.ItemDataRole.UserRole) + 1
_ICON = QSize(14, 14)
_WIDEST = 26  # letters of an indicator; the rest is in its tool tip
_NUMBERS = (*rows.COUNTS, "ratio_percent", "target_percent", "shortfall")
_STATUS, _RULE = rows.COLUMNS.index("status"), rows.COLUMNS.index("rule_status")


class ScoreboardTree(QTreeWidget):
    """One row an indicator, and below it one a county; cells are chosen by a click or Enter."""

    chosen = pyqtSignal(object, str)  # a Score, and the column of `scoreboard_rows.COLUMNS`
    sorted_anew = pyqtSignal()  # the order of `order` is wanted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order = ("", False)  # column, empty for the order of the pack; and whether downwards
        self.icons: dict[str, QIcon] = {status: status_icon(status, _ICON) for status in STATUS_LABELS}
        self.setHeaderLabels([rows.heading(name) for name in rows.COLUMNS])
        for place, name in enumerate(rows.COLUMNS):
            self.headerItem().setToolTip(place, rows.heading_tip(name))
            if name in _NUMBERS:
                self.headerItem().setTextAlignment(place, RIGHT)
        self.setAlternatingRowColors(True)
        self.setUniformRowHeights(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setExpandsOnDoubleClick(False)  # the first click selects on the map
        self.setTabKeyNavigation(False)  # Tab leaves the table
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionsClickable(True)
        header.setSectionsMovable(False)
        header.sectionClicked.connect(self._sort)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)  # Enter
        copies(self, self.lines)

    def fill(self, board: Scoreboard, asked: rows.Wanted) -> None:
        """Show the rows that are wanted; what was unfolded stays so, and what a filter found is unfolded."""
        opened = {item.data(0, _SCORE).rule_id for item in self._tops() if item.isExpanded()}
        self.clear()
        for score, below in rows.shown(board, asked):
            item = self._row(score, board, below=False)
            item.addChildren([self._row(one, board, below=True) for one in below])
            self.addTopLevelItem(item)
            is_found = bool(below) and bool(asked.text.strip() or asked.status)
            item.setExpanded(is_found or score.rule_id in opened)

    def show_board(self, board: Scoreboard, asked: rows.Wanted) -> None:
        """Show another scoreboard, folded, in the order of its pack, with columns as wide as they need."""
        self.order = ("", False)
        self.header().setSortIndicatorShown(False)
        self.clear()
        self.fill(board, asked)
        self.expandAll()  # the words of counties count, too
        for place in range(len(rows.COLUMNS)):
            self.resizeColumnToContents(place)
        self.setColumnWidth(0, min(self.columnWidth(0), _WIDEST * self.fontMetrics().averageCharWidth()))
        self.collapseAll()

    def _row(self, score: Score, board: Scoreboard, *, below: bool) -> QTreeWidgetItem:
        item = QTreeWidgetItem([rows.cell(score, name, below=below) for name in rows.COLUMNS])
        said = rows.tip(score, board)
        for place, name in enumerate(rows.COLUMNS):
            item.setToolTip(place, said)
            if name in _NUMBERS:
                item.setTextAlignment(place, RIGHT)
        item.setIcon(_STATUS, self.icons[score.status])
        if score.rule_status != "verified":
            item.setText(_RULE, f"⚠ {item.text(_RULE)}")
        item.setData(0, _SCORE, score)
        if not below:
            bold = QFont(self.font())
            bold.setBold(True)
            item.setFont(_STATUS, bold)
        return item

    def _tops(self) -> list[QTreeWidgetItem]:
        return [self.topLevelItem(place) for place in range(self.topLevelItemCount())]

    def _sort(self, place: int) -> None:
        """Sort by a column; the third click gives the order of the pack back."""
        name, (before, downwards) = rows.COLUMNS[place], self.order
        if name != before:
            self.order = (name, False)
        else:
            self.order = ("", False) if downwards else (name, True)
        self.header().setSortIndicatorShown(bool(self.order[0]))
        order = Qt.SortOrder.DescendingOrder if self.order[1] else Qt.SortOrder.AscendingOrder
        self.header().setSortIndicator(place, order)
        self.sorted_anew.emit()

    def _choose(self, item: QTreeWidgetItem, place: int) -> None:
        self.chosen.emit(item.data(0, _SCORE), rows.COLUMNS[place])

    def lines(self) -> list[str]:
        """Give the rows of the selected cells as lines of a table."""
        chosen = {(index.parent().row(), index.row()) for index in self.selectionModel().selectedIndexes()}
        return rows.lines([item.data(0, _SCORE) for place, item in self._unfolded() if place in chosen])

    def all_lines(self) -> list[str]:
        """Give every row as shown; of indicators that are folded the total alone."""
        return rows.lines([item.data(0, _SCORE) for _, item in self._unfolded()])

    def _unfolded(self) -> list[tuple[tuple[int, int], QTreeWidgetItem]]:
        """Give the rows from top to bottom that are not folded away, with their places."""
        found = []
        for top, item in enumerate(self._tops()):
            found.append(((-1, top), item))
            if item.isExpanded():
                found += [((top, place), item.child(place)) for place in range(item.childCount())]
        return found
