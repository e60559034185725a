"""What is in one file and what the planner decides about it: the right side of the import dialog."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ..jobs.import_layer import DATUMS, ENCODINGS
from ..layers.specs import SPECS
from ..text import Text
from . import words
from .edition_choice import EditionChoice
from .findings_view import FindingsView
from .inspection import SourceFile
from .language import from_json, in_window, tr
from .mapping_table import MappingTable
from .summaries import edition_line
from .widgets import Paragraph


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
        self.kind = _combo([(tr(_CHOOSE), "")] + [(tr(s.label), s.name) for s in SPECS.values()])
        self.layer = _combo([])
        self.encoding = _combo([(tr(choice.label), choice.value) for choice in ENCODINGS])
        self.datum = _combo([(tr(choice.label), choice.value) for choice in DATUMS], editable=True)
        self.evidence = Paragraph(3)
        self.adopt = QPushButton()
        self.adopt.setAutoDefault(False)
        self.adopt.clicked.connect(lambda _checked=False: self.decided.emit("datum", self._proposed))
        self._proposed = ""
        self.edition = EditionChoice(self)
        self.edition.decided.connect(self.decided)
        self.edition.replacing.connect(self.replacing)
        column.addLayout(self._grid())
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
        self.findings = FindingsView()
        for widget, label in ((self.findings, _FINDINGS), (self.mapping, _FIELDS), (self.preview, _ROWS)):
            self.tabs.addTab(widget, tr(label))
        column.addWidget(self.tabs, 1)
        self.note = Paragraph(4)
        column.addWidget(self.note)

    def _grid(self) -> QGridLayout:
        """Lay out what is decided about the file as a whole: two in a row leave the findings their place."""
        grid = QGridLayout()
        cells = (
            (Text("数据类型(&K)", "&Kind of data"), self.kind, 0, 0),
            (Text("图层或工作表(&L)", "&Layer or sheet"), self.layer, 0, 2),
            (Text("坐标基准(&D)", "&Datum"), self.datum, 1, 0),
            (Text("文字编码(&E)", "&Encoding"), self.encoding, 1, 2),
        )
        for label, widget, row, place in cells:
            caption = QLabel(tr(label))
            caption.setBuddy(widget)
            grid.addWidget(caption, row, place)
            widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            widget.setMinimumContentsLength(12)
            grid.addWidget(widget, row, place + 1)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 2)
        caption = QLabel(tr(Text("依据", "Evidence")))
        caption.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid.addWidget(caption, 2, 0)
        side = QVBoxLayout()
        side.addWidget(self.adopt)
        side.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self.evidence, 1, Qt.AlignmentFlag.AlignTop)
        row.addLayout(side)
        grid.addLayout(row, 2, 1, 1, 3)
        caption = QLabel(tr(Text("是哪份来源的新版本(&X)", "Newer edition of")))
        caption.setBuddy(self.edition.source)
        grid.addWidget(caption, 3, 0)
        grid.addWidget(self.edition.source, 3, 1)
        row = QHBoxLayout()
        row.addWidget(self.edition.adopt)
        row.addWidget(self.edition.replace)
        row.addStretch(1)
        grid.addLayout(row, 3, 2, 1, 2)
        return grid

    def _datum(self) -> str:
        text = self.datum.currentText().strip()
        index = self.datum.findText(text)
        return self.datum.itemData(index) if index >= 0 else text

    def show_file(self, item: SourceFile | None, workspace: str = "") -> None:
        """Show what is known of a file, and of its earlier editions in a workspace; None for no file."""
        found = item.found if item else None
        self.kind.setCurrentIndex(max(self.kind.findData(item.kind if item else ""), 0))
        self.layer.clear()
        if found and found.layers and not found.layer:
            self.layer.addItem(tr(_CHOOSE), "")
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
        self.evidence.setText(self._evidence(item))
        self._propose(item)
        self.edition.show_file(item, workspace)
        self.mapping.show_found(found, item.kind if item else "")
        self._show_preview(item)

    @staticmethod
    def _evidence(item: SourceFile | None) -> str:
        found = item.found if item else None
        if found is None:
            return "—"
        weighed = item.diagnosis.get("datum_evidence_weighed")
        lines = [_conclusion(item.diagnosis), *(tr(line) for line in found.evidence)]
        lines += [tr(from_json(weighed))] if weighed else []
        if found.crs:
            lines.append(tr(Text("文件所述坐标系：{crs}", "CRS stated by the file: {crs}")).format(crs=found.crs))
        if item.recipe:
            name = Path(item.recipe).name
            lines.append(tr(Text("按处理方案 {name} 读取", "Read by the recipe {name}")).format(name=name))
        return "\n".join(filter(None, lines)) or "—"

    def _propose(self, item: SourceFile | None) -> None:
        """Offer the datum that the evidence is for, or that the file names, where the planner has yet to state one."""
        said = item.diagnosis if item else {}
        named = [_DATUM_NAMED.search(line.en) for line in (item.found.problems if item and item.found else [])]
        weighed = str(said.get("datum_proposed") or "")
        self._proposed = weighed or next((match[1] for match in named if match), "")
        place = self.datum.findData(self._proposed)
        label = self.datum.itemText(place) if place >= 0 else self._proposed
        form = _ADOPT if weighed else _ADOPT_NAMED
        self.adopt.setText(tr(form).format(name=re.split("[（(]", label)[0].strip()))
        self.adopt.setToolTip(label)
        self.adopt.setVisible(bool(item and self._proposed and item.datum == "auto" and not said.get("datum")))

    def show_counts(self, item: SourceFile | None) -> None:
        """Say on the tabs where there is something to look at."""
        found = (item.diagnosis.get("findings") or {}) if item else {}
        counted = [tr(label).format(n=found[name]) for name, label in _COUNTED.items() if found.get(name)]
        title = tr(_FINDINGS) + (f" · {tr(words.LIST_COMMA).join(counted)}" if counted else "")
        self.tabs.setTabText(0, title)
        self.tabs.setTabText(1, ("⚠ " if self.mapping.missing_line() else "") + tr(_FIELDS))

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
        lines = [tr(item.state), tr(edition_line(item.summary)), self.mapping.missing_line()]
        if not has_target:
            lines.insert(0, tr(Text("请先在上方指定工作区文件。", "Name a workspace file above first.")))
        if item.found:
            if not item.edited and not item.summary:
                shown = self.evidence.text().splitlines()
                lines += ["⚠ " + _without(in_window(tr(line)), shown) for line in item.found.problems]
            lines += [tr(line) for line in item.found.notices[:3]]
        self.note.setText("\n".join(filter(None, lines)))


def _conclusion(said: dict[str, Any]) -> str:
    """Say first what the evidence comes to; how it was weighed stands below."""
    weighed = said.get("datum_hypotheses") or []
    if not weighed or (said.get("datum") and not said.get("datum_verdict")):
        return ""  # nothing was weighed, or the file itself says it and nothing speaks against it
    first = max(weighed, key=lambda one: float(one.get("likelihood") or 0))
    form = _TOLD if said.get("datum_verdict") else _NOT_TOLD
    return tr(form).format(name=tr(from_json(first.get("label"))), n=round(100 * float(first.get("likelihood") or 0)))


def _without(words_said: str, shown: list[str]) -> str:
    """Take out of a problem what stands above it as evidence."""
    for line in shown:
        if len(line) > _REPEATED:
            words_said = words_said.replace(line, "")
    return " ".join(words_said.split())


_TOLD = Text("依据指向 {name}（可能性 {n}%）。", "The evidence is for {name} (likelihood {n} %).")
_NOT_TOLD = Text("依据不足，无法判定（{name} 可能性 {n}%）。", "The evidence does not tell ({name}: likelihood {n} %).")
_REPEATED = 20  # signs
_DATUM_NAMED = re.compile(r"--datum ([a-z0-9]+)\b")
_CHOOSE = Text("（请选择）", "(choose)")
_FINDINGS = Text("问题与处理", "Findings and treatment")
_FIELDS = Text("字段对照", "Fields")
_ROWS = Text("前 20 行", "First 20 rows")
_COUNTED = {"blocks": Text("阻断 {n}", "blocking: {n}"), "warns": Text("警告 {n}", "warnings: {n}")}
_ADOPT = Text("按依据采用 {name}(&U)", "&Use {name}, as the evidence says")
_ADOPT_NAMED = Text("按文件标注采用 {name}(&U)", "&Use {name}, as the file says")
