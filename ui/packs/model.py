"""The rules of a pack as a table model: sorted, filtered, status as symbol and word."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt

from ...text import Text, languages, same
from .. import symbols
from ..compat import RIGHT
from ..language import tr
from .rows import COMPARISON_WORDS, EXPIRED, IN_FORCE, STATUS_WORDS, VALIDITY_WORDS, PackRow, found, period

RULE, COMPARISON, VALUE, UNIT, STATUS, VALID, CHANGE, DOCUMENT, CLAUSE, ID = range(10)
HEADINGS = (
    Text("规则", "Rule"),
    Text("比较", "Compare"),
    Text("取值", "Value"),
    Text("单位", "Unit"),
    Text("状态", "Status"),
    Text("有效期", "In force"),
    Text("自定义修改", "Your change"),
    Text("文件", "Document"),
    Text("条款", "Clause"),
    Text("编号", "Id"),
)
_MARKS = {
    "verified": ("circle", symbols.BLUE),
    "unverified": ("triangle", symbols.VERMILLION),
    "by_analogy": ("diamond", symbols.ORANGE),
}
_OUTSIDE = ("cross2", symbols.VERMILLION)
_CHANGED = ("star", symbols.PINK)
_CODES = ("kind", "scene", "province", "operator", "household")  # units that no planner writes behind a number
_WAS = Text("原为 {value}", "was {value}")
_ADDED = Text("新增", "added")


class PackModel(QAbstractTableModel):
    """The rows of one pack."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        size = QSize(14, 14)
        self._marks = {name: symbols.preview(symbols.marker(*look, 3.0), size) for name, look in _MARKS.items()}
        self._outside = symbols.preview(symbols.marker(*_OUTSIDE, 3.0), size)
        self._changed = symbols.preview(symbols.marker(*_CHANGED, 4.2), size)
        self._all: tuple[PackRow, ...] = ()
        self.rows: list[PackRow] = []
        self._day = ""
        self._sorted_by: tuple[int, Any] = (-1, Qt.SortOrder.AscendingOrder)

    def show_rows(self, rows: tuple[PackRow, ...], words: str, wanted: str, day: str) -> None:
        """Show the rows that a search and a filter let pass."""
        self.beginResetModel()
        self._all, self._day = rows, day
        self.rows = found(rows, words, wanted, day)
        self._sort()
        self.endResetModel()

    @property
    def count(self) -> int:
        """Give the number of rows without search and filter."""
        return len(self._all)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Any, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return tr(HEADINGS[section]) if orientation == Qt.Orientation.Horizontal else section + 1

    def data(self, index: QModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.cell(row, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == VALUE and _is_number(row.value):
            return RIGHT
        return None

    def _picture(self, row: PackRow, column: int) -> Any:
        if column == STATUS:
            return self._marks.get(row.status)
        if column == VALID and row.validity(self._day) != IN_FORCE:
            return self._outside
        return self._changed if column == CHANGE and row.own_pack else None

    def cell(self, row: PackRow, column: int) -> str:
        """Give what stands in a cell."""
        if column == VALUE:
            return row.stated if _is_number(row.value) else tr(row.value_words)
        if column == UNIT:
            return unit_words(row)
        if column == VALID:
            outside = row.validity(self._day)
            bound = row.valid_to if outside == EXPIRED else row.valid_from
            return f"{tr(VALIDITY_WORDS[outside])} ({bound})" if outside else period(row)
        if column == CHANGE:
            if not row.own_pack:
                return ""
            return tr(_WAS).format(value=tr(row.replaced_words)) if row.replaced_words.zh else tr(_ADDED)
        return {
            RULE: tr(row.name),
            COMPARISON: tr(COMPARISON_WORDS.get(row.comparison, same(row.comparison))),
            STATUS: tr(STATUS_WORDS.get(row.status, same(row.status))),
            DOCUMENT: tr(languages(row.document)),
            CLAUSE: tr(languages(row.clause)),
            ID: f"{row.item} · {row.field}" if row.field else row.item,
        }[column]

    def sort(self, column: int, order: Any = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, numbers as numbers; no column is the order of the pack."""
        self.layoutAboutToBeChanged.emit()
        self._sorted_by = (column, order)
        self._sort()
        self.layoutChanged.emit()

    def _sort(self) -> None:
        column, order = self._sorted_by
        place = {id(row): number for number, row in enumerate(self._all)}
        self.rows.sort(key=lambda row: place[id(row)])
        if column < 0:
            return

        def key(row: PackRow) -> Any:
            is_number = column == VALUE and _is_number(row.value)
            return (not is_number, row.value if is_number else 0, self.cell(row, column))

        self.rows.sort(key=key, reverse=order == Qt.SortOrder.DescendingOrder)

    def lines(self, numbers: list[int]) -> list[str]:
        """Give rows as they read, with headings, as lines of a table."""
        told = [
            "\t".join(self.cell(self.rows[number], column) for column in range(len(HEADINGS))) for number in numbers
        ]
        return ["\t".join(tr(heading) for heading in HEADINGS), *told]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def unit_words(row: PackRow) -> str:
    """Give the unit of a number as a planner reads it: a measure word in the language of the window."""
    if not _is_number(row.value):
        return "" if row.unit in _CODES else row.unit
    shown = tr(row.value_words)
    return shown[len(row.stated) :].strip() if shown.startswith(row.stated) else row.unit
