"""Which column of the file goes to which field: shown before anything is written, and edited here."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ...layers.spec import BY_ROW
from ...text import Text
from .. import words
from ..language import tr, with_unit
from .inspection import AXES, Inspection, fields_of, still_missing

_CONSTANT = Text("（每行相同的值）", "(one value for every row)")
_BY_ROW = Text("按文件名和行号编号", "numbered by file name and row")


def _cell(words_shown: str, tip: str = "") -> QTableWidgetItem:
    item = QTableWidgetItem(words_shown)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    item.setToolTip(tip or words_shown)
    return item


def _typed(box: QComboBox) -> str:
    """Give the value of the entry that reads as the text does, or else the text."""
    text = box.currentText().strip()
    entry = box.findText(text)
    return str(box.itemData(entry)) if entry >= 0 else text


class MappingTable(QTableWidget):
    """Source column, some of its values, and the field that it goes to."""

    edited = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self.setHorizontalHeaderLabels(
            [
                tr(Text("文件中的列", "Column of the file")),
                tr(Text("示例值", "Some values")),
                tr(Text("目标字段", "Goes to field")),
            ]
        )
        self.verticalHeader().hide()
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self._found: Inspection | None = None
        self._kind = ""

    def show_found(self, found: Inspection | None, kind: str) -> None:
        """Fill the table; required fields without a column get a row for one value for all."""
        self._found, self._kind = found, kind
        self.setRowCount(0)
        if found is None:
            return
        for column in found.columns:
            row = self.rowCount()
            self.insertRow(row)
            samples = " | ".join(filter(None, column.samples[:4]))
            self.setItem(row, 0, _cell(column.heading))
            self.setItem(row, 1, _cell(samples))
            self.setCellWidget(row, 2, self._chooser(column))
        names = [item.name for item in still_missing(found, kind)]
        names += [name for name in found.constants if name not in names]
        for name in names:
            self._add_constant(name)

    def _chooser(self, column: object) -> QComboBox:
        box = QComboBox()
        box.addItem(tr(Text("（不导入）", "(not imported)")), "")
        for item in fields_of(self._kind):
            star = " *" if item.required else ""
            box.addItem(with_unit(item.label, item.unit) + star, item.name)
        for name, label in AXES.items():
            box.addItem(tr(label), name)
        box.setCurrentIndex(max(box.findData(column.target), 0))
        box.activated.connect(lambda _index: self._set_target(column, box.currentData()))
        box.wheelEvent = lambda event: event.ignore()  # scrolling the table must not change a field
        return box

    def _set_target(self, column: object, name: str) -> None:
        for other in self._found.columns:
            if name and other is not column and other.target == name:
                other.target = ""  # a field takes one column
        column.target = name
        self.edited.emit()
        self.show_found(self._found, self._kind)

    def _add_constant(self, name: str) -> None:
        spec = next(item for item in fields_of(self._kind) if item.name == name)
        row = self.rowCount()
        self.insertRow(row)
        self.setItem(row, 0, _cell(tr(_CONSTANT)))
        box = QComboBox()
        box.setEditable(not spec.codes)
        box.addItem(tr(Text("（请选择或填写）", "(choose or type)")) if spec.codes else "", "")
        for code in spec.codes:
            box.addItem(tr(code.label), code.value)
        if spec.by_row:
            box.addItem(tr(_BY_ROW), BY_ROW)
        value = self._found.constants.get(name, "")
        if box.findData(value) >= 0:
            box.setCurrentIndex(box.findData(value))
        elif value:
            box.setEditText(value)
        if spec.codes:
            box.activated.connect(lambda _index: self._set_constant(name, box.currentData()))
        else:
            box.lineEdit().editingFinished.connect(lambda: self._set_constant(name, _typed(box)))
        self.setCellWidget(row, 1, box)
        self.setItem(row, 2, _cell(tr(spec.label) + " *"))

    def _set_constant(self, name: str, value: str) -> None:
        if self._found.constants.get(name, "") != value:
            self._found.constants[name] = value
            self.edited.emit()

    def missing_line(self) -> str:
        """Say which required fields are still empty; empty where none is."""
        missing = still_missing(self._found, self._kind) if self._found else []
        if not missing:
            return ""
        names = tr(words.LIST_COMMA).join(tr(item.label) for item in missing)
        return tr(Text("必填字段尚无来源：{names}", "Required, but not filled yet: {names}")).format(names=names)
