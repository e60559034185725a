"""The results table: one row a feature, filtered by verdict, county and text; a click zooms and flashes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from qgis.core import QgsExpression, QgsFeature, QgsFeatureRequest, QgsVectorLayer, QgsVectorLayerFeatureSource
from qgis.gui import QgsDockWidget
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..text import Text
from . import load, tasks, zooming
from .checks.styles import STYLES as CHECKS
from .land.styles import STYLES as LAND
from .language import say, tr
from .results_model import ResultsModel, Row
from .widgets import copies

_AT_ONCE = 20_000  # rows that are read in a blink
_SCALE = 25_000
# The ground shown around a fault of a package, and around a footprint, of which a planner asks where it lies.
_FAULT_M, _FOOTPRINT_M = 200.0, 1000.0
_SAME_FAULT = ("rule", "layer", "feature", "file", "message_zh")  # what a fault has in each of its layers
_WIDEST = 60  # letters of a column; the rest is in its tool tip
_VERDICT, _SEVERITY = Text("判定", "Verdict"), Text("程度", "Severity")
_FIND = Text("查找村名、代码、基站…", "Find a village, code, station …")
_FIND_FINDING = Text("查找问题、行号、取值…", "Find a finding, row, value …")
_OF_CHECKS = Text("查找规则、图层、要素、问题…", "Find a rule, layer, feature …")
_OF_LAND = Text("查找设施、控制线、编号…", "Find a facility, control line, id …")
_LEVEL, _GRAVITY = Text("错误级别", "Level"), Text("处理等级", "Severity")
_OUTCOME, _CODE = Text("结果", "Outcome"), Text("用地用海代码", "Land or sea code")
_CAPTIONS = {
    "finding_points": _SEVERITY,
    **dict.fromkeys(CHECKS, _LEVEL),
    **dict.fromkeys(("control_conflict", "control_conflict_line"), _GRAVITY),
    "alternative_route": _OUTCOME,
    "land_parcel": _CODE,
}
# What is gravest stands first.
_GRAVEST = {
    **dict.fromkeys(CHECKS, Qt.SortOrder.AscendingOrder),
    **dict.fromkeys(("control_conflict", "control_conflict_line"), Qt.SortOrder.DescendingOrder),
}
_FINDS = {"finding_points": _FIND_FINDING, **dict.fromkeys(CHECKS, _OF_CHECKS), **dict.fromkeys(LAND, _OF_LAND)}
_TITLE = Text("新基规划 · 结果表", "Xinji · Results")
_COUNTY_FIELDS = ("county_name", "county", "county_code", "unit_name")


class ResultsDock(QgsDockWidget):
    """The table of one result layer, with its filters.

    Parameters
    ----------
    iface : QgisInterface or None
        For zooming and flashing.
    """

    def __init__(self, iface: Any, parent: QWidget | None = None) -> None:
        super().__init__(tr(_TITLE), parent)
        self.setObjectName("xinji_results")
        self._iface = iface
        self._layer: QgsVectorLayer | None = None
        self._layer_id = ""
        self._county_names: dict[str, str] = {}
        self._only: frozenset[int] | None = None
        self.model: ResultsModel | None = None
        self.verdict = QComboBox()
        self.county = QComboBox()
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.count = QLabel()
        self.table = QTableView()
        self.table.setSortingEnabled(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.table.fontMetrics().height() + 8)
        self.table.clicked.connect(lambda index: self.zoom(index.row()))
        self.table.activated.connect(lambda index: self.zoom(index.row()))  # Enter
        self.table.setTabKeyNavigation(False)  # Tab leaves the table
        copies(self.table, self._lines)
        for box in (self.verdict, self.county):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.currentIndexChanged.connect(self._filter)
        self.search.textChanged.connect(self._filter)
        top = QHBoxLayout()
        self.captions = (QLabel(tr(_VERDICT)), QLabel(tr(Text("县", "County"))))
        for caption, widget in zip(self.captions, (self.verdict, self.county)):
            caption.setBuddy(widget)
            top.addWidget(caption)
            top.addWidget(widget)
        top.addWidget(self.search, 1)
        top.addWidget(self.count)
        self.all_rows = QToolButton()
        self.all_rows.setText(tr(Text("显示全部", "Show all")))
        self.all_rows.setToolTip(tr(Text("现在只列出所选的要素", "Only what was selected is listed now")))
        self.all_rows.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.all_rows.clicked.connect(lambda _checked=False: self.show_only_features(None))
        self.all_rows.hide()
        top.addWidget(self.all_rows)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(top)
        column.addWidget(self.table)
        self.setWidget(body)

    def set_layer(
        self, layer: QgsVectorLayer, verdict_field: str = "", county_names: dict[str, str] | None = None
    ) -> None:
        """Show a result layer, with the names of its counties by code; very many rows are read in the background."""
        self._county_names = county_names or {}
        self._layer = layer
        self._only = None
        self.all_rows.setVisible(False)
        identifier = self._layer_id = layer.id()
        layer.willBeDeleted.connect(lambda: self._forget(identifier))
        model = self.model = ResultsModel(layer, self)
        self._verdict_field = verdict_field if verdict_field in model.names else ""
        self._county_field = next((name for name in _COUNTY_FIELDS if name in model.names), "")
        self._style = str(layer.customProperty("xinji/style"))
        self.captions[0].setText(tr(_CAPTIONS.get(self._style, _VERDICT)))
        has_counties = bool(self._county_field) or self._style not in (*CHECKS, *LAND, "finding_points")
        for widget in (self.captions[1], self.county):
            widget.setVisible(has_counties)
        self.search.clear()  # what was looked for in another result would hide this one
        self.search.setPlaceholderText(tr(_FINDS.get(self._style, _FIND)))
        self.table.setModel(model)
        self.setWindowTitle(tr(Text("新基规划 · 结果表：{name}", "Xinji · Results: {name}")).format(name=layer.name()))
        if layer.featureCount() <= _AT_ONCE:
            self._show_rows(model, model.read(layer))
            return
        source = QgsVectorLayerFeatureSource(layer)
        label = Text("读取结果表", "Reading the results table")
        self.count.setText(tr(label))
        tasks.start(
            tasks.CallTask(
                label,
                lambda task: model.read(source, task.is_cancelled),
                lambda rows: self._show_rows(model, rows),
                lambda error: self.count.setText(say(error)),
            )
        )

    def _show_rows(self, model: ResultsModel, rows: list[Row]) -> None:
        if model is not self.model:
            return  # another result has been chosen meanwhile
        model.fill(rows)
        self._fill(self.verdict, self._verdict_field)
        self._fill(self.county, self._county_field)
        first = _GRAVEST.get(self._style, Qt.SortOrder.AscendingOrder)
        by = model.names.index(self._verdict_field) if self._style in _GRAVEST and self._verdict_field else 0
        self.table.sortByColumn(by, first)
        self.table.resizeColumnsToContents()
        widest = _WIDEST * self.table.fontMetrics().averageCharWidth()
        for column in range(model.columnCount()):
            self.table.setColumnWidth(column, min(self.table.columnWidth(column), widest))
        self._filter()

    def show_only_features(self, features: Collection[int] | None) -> None:
        """Show no more than these features of the layer; None shows all again."""
        self._only = None if features is None else frozenset(features)
        self.all_rows.setVisible(self._only is not None)
        self._filter()

    def _forget(self, identifier: str) -> None:
        """Empty and close the table when its layer goes, and not when one goes that was shown earlier."""
        if self._layer_id != identifier or sip.isdeleted(self):
            return
        self._layer, self._layer_id, self.model = None, "", None
        self.table.setModel(None)
        for box in (self.verdict, self.county):
            box.blockSignals(True)
            box.clear()
            box.blockSignals(False)
        self.count.clear()
        self.setWindowTitle(tr(_TITLE))
        self.hide()

    def _fill(self, box: QComboBox, name: str) -> None:
        box.blockSignals(True)
        box.clear()
        box.addItem(tr(Text("全部", "All")), "")
        if name:
            column = self.model.names.index(name)
            for value in self.model.values_of(name):
                picture = self.model.icons.get(value)
                label = self.model.words(value, column)
                if box is self.county and value in self._county_names:
                    label = f"{self._county_names[value]} {label}"
                if picture is not None:
                    box.addItem(picture, label, value)
                else:
                    box.addItem(label, value)
        box.setEnabled(box.count() > 1)
        box.blockSignals(False)

    def _filter(self) -> None:
        if self.model is None:
            return
        wanted = {}
        if self._verdict_field:
            wanted[self._verdict_field] = self.verdict.currentData() or ""
        if self._county_field:
            wanted[self._county_field] = self.county.currentData() or ""
        self.model.show_only(wanted, self.search.text(), self._only)
        header = self.table.horizontalHeader()
        if header.sortIndicatorSection() < self.model.columnCount() and self.table.isSortingEnabled():
            self.model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.count.setText(
            tr(Text("显示 {shown} / 共 {all} 行", "{shown} of {all} rows")).format(
                shown=len(self.model.visible), all=len(self.model.rows)
            )
        )

    def zoom(self, row: int) -> None:
        """Centre the map on a row's feature and flash it."""
        if self._iface is None or self._layer is None or self.model is None or not self._layer.isSpatial():
            return
        canvas = self._iface.mapCanvas()
        identifiers = [self.model.feature_id(row)]
        feature = next(self._layer.getFeatures(QgsFeatureRequest().setFilterFids(identifiers)), None)
        if feature is None or feature.geometry().isEmpty():
            self.count.setText(tr(Text("该行没有坐标，地图上没有它。", "This row has no place on the map.")))
            return
        if self._style in CHECKS or self._style in LAND:  # their places may be a few metres across
            layer, feature = self._fault(feature)
            zooming.to_feature(canvas, layer, feature, _FAULT_M if self._style in CHECKS else _FOOTPRINT_M)
            return
        canvas.zoomToFeatureIds(self._layer, identifiers)
        # QGIS takes its scale from the neighbours; those of a fault may lie far away.
        if canvas.scale() < _SCALE or self._style == "finding_points":
            canvas.zoomScale(_SCALE)
        canvas.flashFeatureIds(self._layer, identifiers)

    def _fault(self, feature: QgsFeature) -> tuple[QgsVectorLayer, QgsFeature]:
        """Give the line or the area of a fault where the run has it on the map, else its point."""
        names = self._layer.fields().names()
        if self._style != "check_issue" or any(name not in names for name in _SAME_FAULT):
            return self._layer, feature
        said = [f'"{name}" IS {QgsExpression.quotedValue(feature[name])}' for name in _SAME_FAULT]
        folder = str(self._layer.customProperty("xinji/run") or "")
        shown = load.shown_outputs(Path(folder)) if folder else {}
        for name in ("check_place", "check_line"):
            layer = shown.get(name)
            request = QgsFeatureRequest().setFilterExpression(" AND ".join(said)).setLimit(1)
            found = None if layer is None else next(layer.getFeatures(request), None)
            if found is not None:
                return layer, found
        return self._layer, feature

    def copy(self) -> None:
        """Put the selected rows, with headings, on the clipboard as a table."""
        if self.model is not None:
            QApplication.clipboard().setText("\n".join(self._lines()))

    def _lines(self) -> list[str]:
        if self.model is None:
            return []
        return self.model.lines(sorted({index.row() for index in self.table.selectionModel().selectedIndexes()}))
