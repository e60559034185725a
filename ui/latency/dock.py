"""The latency matrix as a panel."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...jobs.network.latency.words import STATE_LABELS, STATE_MARKS
from ...text import Text
from .. import words
from ..language import tr
from ..widgets import Lines, button, copies
from .data import FIGURES, Matrix
from .model import MatrixModel

_TITLE = Text("新基规划 · 时延矩阵", "Xinji · Latency matrix")
_NAMED = Text("新基规划 · {name}", "Xinji · {name}")
_HINT = Text(
    "点击一格，在地图上显示两地间的路由；点击列标题，按该地排序。",
    "Click a cell to see the route on the map, a column heading to sort by that site.",
)


class MatrixDock(QgsDockWidget):
    """The table, what its cells show, and what was clicked last."""

    chosen = pyqtSignal(str, str)  # the two sites of a cell
    table_wanted = pyqtSignal()
    report_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr(_TITLE), parent)
        self.setObjectName("xinji_latency")
        self.model: MatrixModel | None = None
        self.figure = QComboBox()
        for name, (label, _) in FIGURES.items():
            self.figure.addItem(tr(label), name)
        self.figure.currentIndexChanged.connect(lambda _at: self._show_figure())
        caption = QLabel(tr(Text("显示", "Show")))
        caption.setBuddy(self.figure)
        self.legend = QLabel()
        self.table = QTableView()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionsClickable(True)
        self.table.horizontalHeader().sectionClicked.connect(self._sort)
        self.table.clicked.connect(self._clicked)
        self.table.activated.connect(self._clicked)
        copies(self.table, lambda: self.model.lines() if self.model else [])
        self.said = Lines(2)
        head = QHBoxLayout()
        head.addWidget(caption)
        head.addWidget(self.figure)
        head.addWidget(self.legend, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        for made in (
            button(Text("链路表", "Links"), self.table_wanted.emit),
            button(words.OPEN_REPORT, self.report_wanted.emit),
            button(Text("复制", "Copy"), self.copy_all),
        ):
            foot.addWidget(made)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self.setWidget(body)

    def show_matrix(self, matrix: Matrix, name: str) -> None:
        """Show the matrix of a run under the run's name."""
        self.setWindowTitle(tr(_NAMED).format(name=name))
        self.model = MatrixModel(matrix)
        self.model.figure = self.figure.currentData()
        self.table.setModel(self.model)
        present = {link.fields["state"] for link in matrix.links.values()}
        marks = [
            f'<span style="color:{colour}">{mark}</span> {tr(STATE_LABELS[state])}'
            for state, (mark, colour) in STATE_MARKS.items()
            if state in present
        ]
        self.legend.setText("&nbsp;&nbsp;".join(marks))
        self.tell(tr(_HINT))

    def tell(self, line: str) -> None:
        """Say something below the table."""
        self.said.setText(line)

    def copy_all(self) -> None:
        """Put the whole table as shown on the clipboard."""
        if self.model is not None:
            QApplication.clipboard().setText("\n".join(self.model.lines()))
            self.tell(tr(Text("已复制到剪贴板。", "Copied to the clipboard.")))

    def _show_figure(self) -> None:
        if self.model is not None:
            self.model.show_figure(self.figure.currentData())

    def _sort(self, column: int) -> None:
        if self.model is not None:
            self.model.sort_by(column)

    def _clicked(self, index: Any) -> None:
        if self.model is not None and self.model.link(index) is not None:
            self.chosen.emit(self.model.rows[index.row()], self.model.columns[index.column()])
