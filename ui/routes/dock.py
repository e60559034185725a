"""The panel of routes between two rooms: what is asked on the left; the routes and how far apart they run on the right."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsSpinBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from ...jobs.network.parameters import PHASE
from ...jobs.network.routes.words import LABELS
from ...text import Text
from ..compat import RIGHT
from ..language import tr
from ..two_clicks_dock import TwoClicksDock

_NO_YEAR = 1979  # just below what may be stated: shown as words
HINT = Text(
    "在地图上先后点两个干线节点；Esc 或右键取消。改变条数、阶段后按“重新计算”。",
    "Click two trunk nodes on the map; Esc or the right button cancels. After a change of number or phase press Compute again.",
)
MISSED = Text(
    "此处没有干线节点，或点了同一个节点：请点在另一个节点的符号上。",
    "No trunk node here, or the same one: click the symbol of another.",
)
_FIRST = Text("起点：{name}。再点止点。", "From {name}. Now click the other end.")
_COLUMNS = ("route", "length_km", "ms", "hops", "shared_km", "trench_km", "rooms")
_SHORT = {
    "route": Text("路由", "Route"),
    "length_km": Text("长度 km", "km"),
    "ms": Text("时延 ms", "ms"),
    "hops": Text("机房", "Rooms"),
    "shared_km": Text("共缆 km", "Shared km"),
    "trench_km": Text("同沟 km", "Trench km"),
    "rooms": Text("途经机房", "On the way"),
}
_DIGITS = {"length_km": 2, "ms": 3, "shared_km": 2, "trench_km": 2}


class RoutesDock(TwoClicksDock):
    """How many routes and of which phase; the routes in a table, and the picture."""

    chosen = pyqtSignal(int)  # number of a route in the table

    name = "routes"
    title = Text("新基规划 · 两点路由", "Xinji · Routes between two nodes")
    keep = Text("保留结果", "Keep")
    keep_tip = Text(
        "把这次结果存入工作区的运行记录，并作为图层加入地图；不保留的结果在下次计算时替换。",
        "Keeps this result with the runs of the workspace and adds it to the map. The next one takes the place of a "
        "result that is not kept.",
    )
    form_px = 230
    figure_lines = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = QgsSpinBox()
        self.count.setRange(1, 5)
        self.count.setClearValue(2)
        self.count.setValue(2)
        self.phase = QComboBox()
        for choice in PHASE.choices:
            self.phase.addItem(tr(choice.label), choice.value)
        self.phase.setToolTip(tr(PHASE.help))
        self.until = QgsSpinBox()
        self.until.setRange(_NO_YEAR, 2100)
        self.until.setClearValue(_NO_YEAR, tr(Text("不限年份", "any year")))
        self.until.setValue(_NO_YEAR)
        self.phase.currentIndexChanged.connect(self._phase_changed)
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setHorizontalHeaderLabels([tr(_SHORT[name]) for name in _COLUMNS])
        for place, name in enumerate(_COLUMNS):
            self.table.horizontalHeaderItem(place).setToolTip(tr(LABELS[name]))
        self.table.verticalHeader().setVisible(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.itemSelectionChanged.connect(self._selected)
        self.picture.setMinimumSize(240, 110)
        self.tabs = QTabWidget()  # side by side they would leave the map no room on a small screen
        self.tabs.addTab(self.table, tr(Text("路由", "Routes")))
        self.tabs.addTab(self.picture, tr(Text("间距图", "Separation")))
        self.tabs.currentChanged.connect(self._arrange)
        self._lay_out(self._form(), self.tabs)
        self._phase_changed()
        self.show_nothing(tr(HINT))

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.addRow(tr(Text("路由条数", "Routes")), self.count)
        form.addRow(tr(PHASE.label), self.phase)
        form.addRow(tr(Text("规划至", "Planned until")), self.until)
        return form

    def _phase_changed(self, _at: int = 0) -> None:
        self.until.setEnabled(self.phase.currentData() != PHASE.default)

    def _selected(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if rows:
            self.chosen.emit(rows[0].row() + 1)

    # --- what was stated ------------------------------------------------------------------------------------------

    def stated(self) -> dict[str, Any]:
        """Give the parameters of the job that the panel states."""
        said: dict[str, Any] = {"k": self.count.value(), "phase": self.phase.currentData()}
        if self.until.isEnabled() and self.until.value() > _NO_YEAR:
            said["until_year"] = self.until.value()
        return said

    def show_first(self, name: str) -> None:
        """Show the first end, and ask for the second."""
        self.show_nothing(tr(_FIRST).format(name=name))

    # --- what is shown --------------------------------------------------------------------------------------------

    def say(self, line: str) -> None:
        """Say something beside the present result."""
        self.figures.setText(line)
        self.tabs.setCurrentWidget(self.table)

    def _arrange(self, _at: int = 0) -> None:
        """Leave a picture all the room: its figures stand below the table."""
        self.figures.setVisible(self.tabs.currentWidget() is not self.picture or not self.picture.is_shown())

    def show_nothing(self, line: str) -> None:
        """Show a line instead of a result."""
        self.table.setRowCount(0)
        super().show_nothing(line)
        self._arrange()

    def show_result(self, routes: list[dict[str, Any]], picture: str, line: str) -> None:
        """Show the routes, the picture of their separation, and what they say."""
        self.table.setRowCount(len(routes))
        for place, route in enumerate(routes):
            for column, name in enumerate(_COLUMNS):
                self.table.setItem(place, column, _cell(name, route.get(name)))
        self._show_found(picture, line)
        self._arrange()
        self._enable(has_report=True, has_layers=bool(routes))


def _cell(name: str, value: Any) -> QTableWidgetItem:
    if value is None:
        said = "—"
    elif name in _DIGITS:
        said = f"{value:,.{_DIGITS[name]}f}"
    else:
        said = str(value)
    made = QTableWidgetItem(said)
    made.setToolTip(said)
    if name != "rooms":
        made.setTextAlignment(RIGHT)
    return made
