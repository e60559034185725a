"""What is in one file and what the planner decides about it: the right side of the import dialog."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ..jobs.import_layer import DATUMS, ENCODINGS, JOB
from ..layers.specs import SPECS
from ..text import Text
from .inspection import Inspection, SourceFile
from .language import in_window, tr
from .mapping_table import MappingTable


def _combo(items: list[tuple[str, str]], editable: bool = False) -> QComboBox:
    box = QComboBox()
    box.setEditable(editable)
    for label, value in items:
        box.addItem(label, value)
    return box


class SourceForm(QWidget):
    """Kind, layer, encoding, datum with its evidence, the fields and the first rows of one file."""

    decided = pyqtSignal(str, str)  # name of an attribute of SourceFile, and its new value
    edited = pyqtSignal()  # the fields were changed by hand
    replacing = pyqtSignal(bool)  # this file may replace an earlier edition of itself

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.kind = _combo([(tr(Text("（请选择）", "(choose)")), "")] + [(tr(s.label), s.name) for s in SPECS.values()])
        self.layer = _combo([])
        self.encoding = _combo([(tr(choice.label), choice.value) for choice in ENCODINGS])
        self.datum = _combo([(tr(choice.label), choice.value) for choice in DATUMS], editable=True)
        self.evidence = QLabel()
        self.evidence.setWordWrap(True)
        self.evidence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        form = QFormLayout()
        form.addRow(tr(Text("数据类型", "Kind of data")), self.kind)
        form.addRow(tr(Text("图层或工作表", "Layer or sheet")), self.layer)
        form.addRow(tr(Text("文字编码", "Encoding")), self.encoding)
        form.addRow(tr(Text("坐标基准", "Datum")), self.datum)
        form.addRow(tr(Text("依据", "Evidence")), self.evidence)
        newer = JOB.parameter("replace")
        self.replace = QCheckBox(tr(newer.label))
        self.replace.setToolTip(tr(newer.help))
        self.replace.toggled.connect(self.replacing)
        form.addRow("", self.replace)
        column.addLayout(form)
        self.kind.activated.connect(lambda _index: self.decided.emit("kind", self.kind.currentData()))
        self.layer.activated.connect(lambda _index: self.decided.emit("layer", self.layer.currentData()))
        self.encoding.activated.connect(lambda _index: self.decided.emit("encoding", self.encoding.currentData()))
        self.datum.activated.connect(lambda _index: self.decided.emit("datum", self._datum()))
        self.datum.lineEdit().editingFinished.connect(lambda: self.decided.emit("datum", self._datum()))
        self.tabs = QTabWidget()
        self.mapping = MappingTable()
        self.mapping.edited.connect(self.edited)
        self.preview = QTableWidget()
        self.preview.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.preview.setAlternatingRowColors(True)
        self.tabs.addTab(self.mapping, tr(Text("字段对照", "Fields")))
        self.tabs.addTab(self.preview, tr(Text("前 20 行", "First 20 rows")))
        column.addWidget(self.tabs, 1)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.note)

    def _datum(self) -> str:
        text = self.datum.currentText().strip()
        index = self.datum.findText(text)
        return self.datum.itemData(index) if index >= 0 else text

    def show_file(self, item: SourceFile | None) -> None:
        """Show what is known of a file; None for no file."""
        found = item.found if item else None
        self.kind.setCurrentIndex(max(self.kind.findData(item.kind if item else ""), 0))
        self.layer.clear()
        if found and found.layers and not found.layer:
            self.layer.addItem(tr(Text("（请选择）", "(choose)")), "")
        for name in found.layers if found else []:
            self.layer.addItem(name, name)
        if found:
            self.layer.setCurrentIndex(max(self.layer.findData(found.layer), 0))
        self.layer.setEnabled(self.layer.count() > 1)
        self.encoding.setCurrentIndex(max(self.encoding.findData(item.encoding if item else "auto"), 0))
        name = found.encoding if found and item.encoding == "auto" else ""
        automatic = Text("自动（{name}）", "Automatic ({name})") if name else Text("自动", "Automatic")
        self.encoding.setItemText(0, tr(automatic).format(name=name))
        datum = item.datum if item else "auto"
        place = self.datum.findData(datum)
        if place >= 0:
            self.datum.setCurrentIndex(place)
        else:
            self.datum.setEditText(datum)
        self.evidence.setText(self._evidence(found))
        self.replace.setChecked(bool(item and item.replace))
        self.mapping.show_found(found, item.kind if item else "")
        self._show_preview(item)

    @staticmethod
    def _evidence(found: Inspection | None) -> str:
        if found is None:
            return "—"
        lines = [tr(line) for line in found.evidence]
        if found.crs:
            lines.append(tr(Text("文件所述坐标系：{crs}", "CRS stated by the file: {crs}")).format(crs=found.crs))
        return "\n".join(lines) or "—"

    def _show_preview(self, item: SourceFile | None) -> None:
        found = item.found if item else None
        rows = found.preview if found else []
        self.preview.clear()
        self.preview.setRowCount(len(rows))
        self.preview.setColumnCount(len(found.columns) if found else 0)
        if found:
            self.preview.setHorizontalHeaderLabels([column.heading for column in found.columns])
            self.preview.setVerticalHeaderLabels(found.row_numbers)
        for place, row in enumerate(rows):
            for column, value in enumerate(row[: self.preview.columnCount()]):
                self.preview.setItem(place, column, QTableWidgetItem(value))
        self.preview.resizeColumnsToContents()

    def show_note(self, item: SourceFile | None, has_target: bool) -> None:
        """Say how the file stands, and what is still to be decided."""
        if item is None:
            self.note.clear()
            return
        lines = [tr(item.state), self.mapping.missing_line()]
        if not has_target:
            lines.insert(0, tr(Text("请先在上方指定工作区文件。", "Name a workspace file above first.")))
        if item.found:
            if not item.edited and not item.summary:
                lines += ["⚠ " + in_window(tr(line)) for line in item.found.problems]
            lines += [tr(line) for line in item.found.notices[:3]]
        self.note.setText("\n".join(filter(None, lines)))
