"""The results table: one row a feature, filtered by verdict, county and text; a click zooms and flashes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import NULL, QgsFeatureRequest, QgsVectorLayer, QgsVectorLayerFeatureSource
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ..errors import Cancelled
from ..layers.spec import Kind
from ..text import Text
from . import styles, tasks, words
from .compat import RIGHT
from .language import say, tr
from .result_fields import RESULT_FIELDS

_HIDDEN = ("fid", "uuid")
_AT_ONCE = 20_000  # rows that are read in a blink
_MEASURES = ("_m", "_km2", "_percent", "_dbm")
_COUNTY_FIELDS = ("county_name", "county_code", "unit_name")


_Row = tuple[int, list, str]  # feature id, values, and its words in lower case for the search


def _plain(value: Any) -> Any:
    return None if value is None or value == NULL else value


class ResultsModel(QAbstractTableModel):
    """The attributes of a layer, with codes as words and verdicts as symbol and word."""

    def __init__(self, layer: QgsVectorLayer, parent: Any = None) -> None:
        super().__init__(parent)
        fields = layer.fields()
        self.columns = [i for i in range(fields.count()) if fields.at(i).name() not in _HIDDEN]
        self.names = [fields.at(i).name() for i in self.columns]
        self._headings = [layer.attributeDisplayName(i) for i in self.columns]
        self._labels = [self._labels_of(name) for name in self.names]
        self.rows: list[_Row] = []
        self.visible: list[int] = []
        self._comma = tr(words.LIST_COMMA)
        size = QSize(14, 14)
        self._icons = {value: styles.preview(styles.verdict_symbol(value), size) for value in styles.VERDICT_MARKERS}

    def read(self, source: Any, is_cancelled: Callable[[], bool] = lambda: False) -> list[_Row]:
        """Read feature ids and values from a layer, or from its feature source in a background thread."""
        request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
        rows = []
        for feature in source.getFeatures(request):
            if is_cancelled():
                raise Cancelled
            attributes = feature.attributes()
            values = [_plain(attributes[i]) for i in self.columns]
            found = "\t".join(self.words(value, column) for column, value in enumerate(values)).lower()
            rows.append((feature.id(), values, found))
        return rows

    def fill(self, rows: list[_Row]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = rows
        self.visible = list(range(len(rows)))
        self.endResetModel()

    @staticmethod
    def _labels_of(name: str) -> dict[str, str]:
        spec = RESULT_FIELDS.get(name)
        if spec is None:
            return {}
        if spec.kind is Kind.FLAG:
            return {value: tr(label) for value, label in words.YES_NO.items()}
        return {code.value: tr(code.label) for code in spec.codes}

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.visible)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Any, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._headings[section] if orientation == Qt.Orientation.Horizontal else section + 1

    def data(self, index: QModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        value = self.value(index.row(), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.words(value, index.column())
        if role == Qt.ItemDataRole.DecorationRole and self.names[index.column()].startswith("verdict"):
            return self._icons.get(value)
        if role == Qt.ItemDataRole.TextAlignmentRole and self._is_number(value, index.column()):
            return RIGHT
        return None

    def _is_number(self, value: Any, column: int) -> bool:
        return isinstance(value, (int, float)) and not self._labels[column]

    def value(self, row: int, column: int) -> Any:
        """Give the stored value of a visible cell."""
        return self.rows[self.visible[row]][1][column]

    def words(self, value: Any, column: int) -> str:
        """Give a value as a planner reads it."""
        if value is None:
            return ""
        labels = self._labels[column]
        if labels:
            parts = [labels.get(part, part) for part in str(value).split(";")]
            return self._comma.join(parts)
        if isinstance(value, float):
            return f"{value:,.1f}" if self.names[column].endswith(_MEASURES) else f"{value:g}"
        return value.toString("yyyy-MM-dd") if hasattr(value, "toString") else str(value)

    def feature_id(self, row: int) -> int:
        """Give the feature of a visible row."""
        return self.rows[self.visible[row]][0]

    def sort(self, column: int, order: Any = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the visible rows; empty cells stand last either way."""
        self.layoutAboutToBeChanged.emit()
        downwards = order == Qt.SortOrder.DescendingOrder
        filled = [i for i in self.visible if self.rows[i][1][column] is not None]
        empty = [i for i in self.visible if self.rows[i][1][column] is None]
        numbers = all(isinstance(self.rows[i][1][column], (int, float)) for i in filled)
        filled.sort(
            key=lambda i: self.rows[i][1][column] if numbers else str(self.rows[i][1][column]),
            reverse=downwards,
        )
        self.visible = filled + empty
        self.layoutChanged.emit()

    def values_of(self, name: str) -> list[str]:
        """Give the distinct values of a column, sorted; empty where there is no such column."""
        if name not in self.names:
            return []
        column = self.names.index(name)
        return sorted({str(row[1][column]) for row in self.rows if row[1][column] is not None})

    def show_only(self, wanted: dict[str, str], text: str) -> None:
        """Keep the rows with these values and this text anywhere in them."""
        self.beginResetModel()
        checks = [(self.names.index(name), value) for name, value in wanted.items() if value]
        text = text.strip().lower()
        self.visible = [
            i
            for i, (_, values, found) in enumerate(self.rows)
            if all(str(values[column]) == value for column, value in checks) and (not text or text in found)
        ]
        self.endResetModel()


class ResultsDock(QgsDockWidget):
    """The table of one result layer, with its filters.

    Parameters
    ----------
    iface : QgisInterface or None
        For zooming and flashing.
    """

    def __init__(self, iface: Any, parent: QWidget | None = None) -> None:
        super().__init__(tr(Text("新基规划 · 结果表", "Xinji · Results")), parent)
        self.setObjectName("xinji_results")
        self._iface = iface
        self._layer: QgsVectorLayer | None = None
        self.model: ResultsModel | None = None
        self.verdict = QComboBox()
        self.county = QComboBox()
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(tr(Text("查找村名、代码、基站…", "Find a village, code, station …")))
        self.count = QLabel()
        self.table = QTableView()
        self.table.setSortingEnabled(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setAlternatingRowColors(True)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.table.fontMetrics().height() + 8)
        self.table.clicked.connect(lambda index: self.zoom(index.row()))
        copy = QAction(tr(Text("复制", "Copy")), self.table)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.table.addAction(copy)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for box in (self.verdict, self.county):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.currentIndexChanged.connect(self._filter)
        self.search.textChanged.connect(self._filter)
        top = QHBoxLayout()
        for label, widget in (
            (Text("判定", "Verdict"), self.verdict),
            (Text("县", "County"), self.county),
        ):
            caption = QLabel(tr(label))
            caption.setBuddy(widget)
            top.addWidget(caption)
            top.addWidget(widget)
        top.addWidget(self.search, 1)
        top.addWidget(self.count)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(top)
        column.addWidget(self.table)
        self.setWidget(body)

    def set_layer(self, layer: QgsVectorLayer, verdict_field: str = "") -> None:
        """Show a result layer; one with very many rows is read in the background."""
        self._layer = layer
        layer.willBeDeleted.connect(self._forget)
        model = self.model = ResultsModel(layer, self)
        self._verdict_field = verdict_field if verdict_field in model.names else ""
        self._county_field = next((name for name in _COUNTY_FIELDS if name in model.names), "")
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

    def _show_rows(self, model: ResultsModel, rows: list[_Row]) -> None:
        if model is not self.model:
            return  # another result has been chosen meanwhile
        model.fill(rows)
        self._fill(self.verdict, self._verdict_field)
        self._fill(self.county, self._county_field)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.resizeColumnsToContents()
        self._filter()

    def _forget(self) -> None:
        self._layer = None

    def _fill(self, box: QComboBox, name: str) -> None:
        box.blockSignals(True)
        box.clear()
        box.addItem(tr(Text("全部", "All")), "")
        if name:
            column = self.model.names.index(name)
            for value in self.model.values_of(name):
                picture = self.model._icons.get(value)
                if picture is not None:
                    box.addItem(picture, self.model.words(value, column), value)
                else:
                    box.addItem(self.model.words(value, column), value)
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
        self.model.show_only(wanted, self.search.text())
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
        if feature is None or not feature.hasGeometry():
            self.count.setText(tr(Text("该行没有坐标，地图上没有它。", "This row has no place on the map.")))
            return
        canvas.zoomToFeatureIds(self._layer, identifiers)
        if canvas.scale() < 25_000:
            canvas.zoomScale(25_000)
        canvas.flashFeatureIds(self._layer, identifiers)

    def copy(self) -> None:
        """Put the selected rows, with headings, on the clipboard as a table."""
        if self.model is None:
            return
        picked = sorted({index.row() for index in self.table.selectionModel().selectedIndexes()})
        lines = ["\t".join(self.model._headings)]
        lines += [
            "\t".join(
                self.model.words(self.model.value(row, column), column) for column in range(self.model.columnCount())
            )
            for row in picked
        ]
        QApplication.clipboard().setText("\n".join(lines))
