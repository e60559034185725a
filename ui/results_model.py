"""The rows of a result layer as a table model: sorted, filtered, with codes as words."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from qgis.core import NULL, QgsFeatureRequest, QgsVectorLayer
from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt

from ..errors import Cancelled
from ..layers.spec import Field, Kind
from . import words
from .checks.styles import STYLES as CHECKS
from .compat import RIGHT
from .language import tr
from .result_fields import OF_STYLE, RESULT_FIELDS, coded_words, hidden_columns, of_other_language
from .table_marks import marks_of

_HIDDEN = ("fid", "uuid")
_MARKED = ("verdict", "severity", "state", "level")
# What a planner asks first, where the columns of the file stand in another order.
_FIRST = {
    **dict.fromkeys(CHECKS, ("level", "layer", "feature", "message_zh", "message_en", "remedy_zh", "remedy_en")),
    **dict.fromkeys(("control_conflict", "control_conflict_line"), ("severity", "name", "kind", "area_m2", "length_m")),
    "gateway": ("state", "name", "role", "region_name", "region", "capacity_gbps"),
    "border_crossing": ("state", "name", "neighbour", "cable_count"),
    "land_parcel": ("code", "code_name", "name", "demand_m2"),
}
_MEASURES = ("_m", "_m2", "_km2", "_percent", "_dbm")
Row = tuple[int, list, str]  # feature id, values, and its words in lower case for the search


def _plain(value: Any) -> Any:
    return None if value is None or value == NULL else value


class ResultsModel(QAbstractTableModel):
    """The attributes of a layer, with codes as words and verdicts as symbol and word."""

    def __init__(self, layer: QgsVectorLayer, parent: Any = None) -> None:
        super().__init__(parent)
        fields = layer.fields()
        style = str(layer.customProperty("xinji/style"))
        hidden = _HIDDEN + of_other_language(style)
        if "finding_zh" in fields.names():
            hidden += hidden_columns()
        self.columns = [i for i in range(fields.count()) if fields.at(i).name() not in hidden]
        first = _FIRST.get(style, ())
        self.columns.sort(
            key=lambda i: first.index(fields.at(i).name()) if fields.at(i).name() in first else len(first)
        )
        self.names = [fields.at(i).name() for i in self.columns]
        self.headings = [layer.attributeDisplayName(i) for i in self.columns]
        own = {item.name: item for item in OF_STYLE.get(style, ())}
        self._labels = [self._labels_of(own.get(name) or RESULT_FIELDS.get(name)) for name in self.names]
        self.rows: list[Row] = []
        self.visible: list[int] = []
        self.icons = marks_of(style, self.names)

    def read(self, source: Any, is_cancelled: Callable[[], bool] = lambda: False) -> list[Row]:
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

    def fill(self, rows: list[Row]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = rows
        self.visible = list(range(len(rows)))
        self.endResetModel()

    @staticmethod
    def _labels_of(spec: Field | None) -> dict[str, str]:
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
        return self.headings[section] if orientation == Qt.Orientation.Horizontal else section + 1

    def data(self, index: QModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        value = self.value(index.row(), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.words(value, index.column())
        if role == Qt.ItemDataRole.DecorationRole and self.names[index.column()].startswith(_MARKED):
            return self.icons.get(str(value))
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
            return coded_words(str(value), labels)
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

    def lines(self, rows: list[int]) -> list[str]:
        """Give visible rows as they read, with their headings, as lines of a table."""
        columns = range(self.columnCount())
        told = ["\t".join(self.words(self.value(row, column), column) for column in columns) for row in rows]
        return ["\t".join(self.headings), *told]

    def show_only(self, wanted: dict[str, str], text: str, features: Collection[int] | None = None) -> None:
        """Keep the rows with these values and this text anywhere in them; of these features alone where they are given."""
        self.beginResetModel()
        checks = [(self.names.index(name), value) for name, value in wanted.items() if value]
        text = text.strip().lower()
        self.visible = [
            i
            for i, (feature, values, found) in enumerate(self.rows)
            if (features is None or feature in features)
            and all(str(values[column]) == value for column, value in checks)
            and (not text or text in found)
        ]
        self.endResetModel()
