"""What is in one file and what the planner decides about it: the right side of the import dialog."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...jobs.import_layer import DATUMS, ENCODINGS
from ...layers.specs import SPECS
from ...text import Text
from .. import words
from ..language import in_window, tr
from ..summaries import edition_line
from ..widgets import Paragraph
from . import evidence, standing
from .edition_choice import EditionChoice
from .findings_view import FindingsView
from .inspection import SourceFile
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
    adopted_all = pyqtSignal(str)  # the datum that the evidence is for in several files
    recipe_dropped = pyqtSignal()
    replacing = pyqtSignal(bool)  # this file may replace an earlier edition of itself

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.kind = _combo([(tr(_CHOOSE), "")] + [(tr(s.label), s.name) for s in SPECS.values()])
        self.layer = _combo([])
        self.encoding = _combo([(tr(choice.label), choice.value) for choice in ENCODINGS])
        self.datum = _combo([(tr(choice.label), choice.value) for choice in DATUMS], editable=True)
        self.evidence = Paragraph(4)
        self.more = QPushButton(tr(Text("详细(&F)…", "Details …")))
        self.more.setAutoDefault(False)
        self.more.clicked.connect(lambda _checked=False: self._show_evidence())
        self._evidence = ""
        self.adopt = QPushButton()
        self.adopt.setAutoDefault(False)
        self.adopt.clicked.connect(lambda _checked=False: self.decided.emit("datum", self._proposed))
        self._proposed = ""
        self.adopt_all = QPushButton()
        self.adopt_all.setAutoDefault(False)
        self.adopt_all.clicked.connect(lambda _checked=False: self.adopted_all.emit(self._proposed))
        self._automatic = self.datum.itemText(0)
        self.recipe = QLabel()
        self.no_recipe = QPushButton(tr(Text("不用此方案(&H)", "Drop the &recipe")))
        self.no_recipe.setAutoDefault(False)
        self.no_recipe.clicked.connect(lambda _checked=False: self.recipe_dropped.emit())
        self.edition = EditionChoice(self)
        self._opened: SourceFile | None = None  # of which the planner opened the choice of an edition
        self._shown: tuple[SourceFile | None, str] = (None, "")
        self.newer = QToolButton()
        self.newer.setText(tr(_NEWER))
        self.newer.setToolTip(tr(_NEWER_TIP))
        self.newer.setCheckable(True)
        self.newer.clicked.connect(self._open_edition)
        self.edition.decided.connect(self.decided)
        self.edition.replacing.connect(self.replacing)
        column.addWidget(self._recipe_row())
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
        self.note = Paragraph(3)
        column.addWidget(self.note)

    def _recipe_row(self) -> QWidget:
        self.recipe_row = QWidget()
        row = QHBoxLayout(self.recipe_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.recipe)
        row.addWidget(self.no_recipe)
        row.addStretch(1)
        return self.recipe_row

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
        grid.addWidget(
            self.more, 2, 0, Qt.AlignmentFlag.AlignLeft
        )  # where nothing ever moves it: reading must not become adopting
        row = QHBoxLayout()
        row.addWidget(self.evidence, 1)
        row.addWidget(self.adopt)
        row.addWidget(self.adopt_all)
        row.addWidget(self.newer)
        grid.addLayout(row, 2, 1, 1, 3)
        caption = QLabel(tr(Text("更新哪份已有来源(&X)", "Newer edition of")))
        caption.setBuddy(self.edition.source)
        grid.addWidget(caption, 3, 0)
        grid.addWidget(self.edition.source, 3, 1)
        self._edition_row = (caption, self.edition.source, self.edition.replace)
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

    def show_file(self, item: SourceFile | None, workspace: str = "", files: Sequence[SourceFile] = ()) -> None:
        """Show what is known of a file, of its earlier editions in a workspace, and of the others on the list."""
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
        self._show_recipe(item)
        self._propose(item, files)
        self._evidence, line = evidence.of(item), evidence.line(item, self._adopt_label())
        self.evidence.setText(line)
        self.more.setEnabled(self._evidence not in (line, "—"))
        self._show_edition(item, workspace)
        self.mapping.show_found(found, item.kind if item else "")
        self._show_preview(item)

    def _show_edition(self, item: SourceFile | None, workspace: str) -> None:
        """Show the choice of an edition where it matters, else only the way to it: the findings need the room."""
        self._shown = item, workspace
        self.edition.show_file(item, workspace)
        can_follow = item is not None and self.edition.is_of_use(item, workspace)
        is_open = can_follow and item is not None and (item is self._opened or self.edition.is_due(item, workspace))
        is_due = item is not None and self.edition.is_due(item, workspace)
        for part in self._edition_row:
            part.setVisible(is_open)
        # A file that shares no key with what is there is a new source: nothing to choose.
        repeats = bool(item and (item.diagnosis.get("findings_by_code") or {}).get("in_workspace"))
        self.newer.setVisible(can_follow and not is_due and (repeats or is_open))
        self.newer.setChecked(is_open)

    def _open_edition(self, is_open: bool) -> None:
        item, workspace = self._shown
        self._opened = item if is_open else None
        self._show_edition(item, workspace)
        if is_open:
            self.edition.source.setFocus()

    def _show_evidence(self) -> None:
        """Show the whole evidence in a window of its own: it is read once, and the findings need the room."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, tr(_EVIDENCE), self._evidence, parent=self)
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.addButton(tr(words.CLOSE), QMessageBox.ButtonRole.AcceptRole)
        box.open()

    def _propose(self, item: SourceFile | None, files: Sequence[SourceFile]) -> None:
        """Offer the datum that the evidence is for, or that the file names, where the planner has yet to state one."""
        said = item.diagnosis if item else {}
        weighed = str(said.get("datum_proposed") or "")
        self._proposed = weighed or evidence.datum_named(item)
        place = self.datum.findData(self._proposed)
        label = self.datum.itemText(place) if place >= 0 else self._proposed
        form = _ADOPT if weighed else _ADOPT_NAMED
        self.adopt.setText(tr(form).format(name=re.split("[（(]", label)[0].strip()))
        self.adopt.setToolTip(label)
        self.adopt.setVisible(bool(item and self._proposed and item.datum == "auto" and not said.get("datum")))
        alike = standing.proposing(list(files), weighed) if weighed and not self.adopt.isHidden() else []
        name = re.split("[（(]", label)[0].strip()
        self.adopt_all.setText(tr(_ADOPT_ALL).format(n=len(alike), name=name))
        self.adopt_all.setToolTip(
            "\n".join(f"{one.path.name}：{one.found.rows if one.found else 0:,}" for one in alike)
        )
        self.adopt_all.setVisible(len(alike) > 1)

    def _adopt_hint(self) -> str:
        """Name the button that settles the datum, where there is one."""
        label = self._adopt_label()
        return tr(_PRESS).format(label=label) if label else ""

    def _adopt_label(self) -> str:
        """Give what stands on the button that settles the datum; empty where there is none."""
        return "" if self.adopt.isHidden() else re.sub(r"\(&\w\)|&", "", self.adopt.text())

    def _show_recipe(self, item: SourceFile | None) -> None:
        """Show by which recipe a file is read, and that the datum is the recipe's where that states one."""
        recipe = item.recipe if item else ""
        self.recipe_row.setVisible(bool(recipe))
        self.recipe.setText(tr(_BY_RECIPE).format(name=Path(recipe).name))
        self.recipe.setToolTip(recipe)
        stated = evidence.datum_of_recipe(recipe)
        place = self.datum.findData(stated)
        name = self.datum.itemText(place) if place >= 0 else stated
        self.datum.setItemText(0, tr(_RECIPE_DATUM).format(name=name) if stated else self._automatic)

    def show_counts(self, item: SourceFile | None) -> None:
        """Say on the tabs where there is something to look at."""
        counted = [tr(one) for one in standing.tab_counts(item)] if item else []
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

    @staticmethod
    def _problem(line: Text, item: SourceFile) -> str:
        """Say what stops the import, short of what the line of evidence says already."""
        if "--datum" in line.en and evidence.is_untold(item):
            return tr(_ASK_WHO)
        return "⚠ " + evidence.without(in_window(tr(line)), item)

    def show_note(
        self, item: SourceFile | None, has_target: bool, awaits_others: bool = False, why_not: str = ""
    ) -> None:
        """Say how the file stands, what is still to be decided, and why it cannot be imported."""
        if item is None:
            self.note.clear()
            return
        is_told = bool(item.diagnosis) and not item.summary and not item.refusal.zh
        lines = [
            "" if is_told or item.summary else tr(item.state),
            tr(edition_line(item.summary)),
            self.mapping.missing_line(),
        ]
        if not has_target:
            lines.insert(0, tr(standing.NO_TARGET))
        if item.found:
            if not item.edited and not item.summary:
                is_left = awaits_others and evidence.is_untold(item)  # what the next files tell is not asked for now
                is_said = evidence.is_one_press(item) and bool(self._adopt_label())  # above, beside the button
                problems = item.found.problems[1:] if is_said else item.found.problems
                lines += [self._problem(line, item) for line in problems if not is_left]
                lines += [tr(standing.AFTER_OTHERS_NOTE)] if awaits_others else []
                lines += [] if is_said else [self._adopt_hint()]
            lines += [tr(line) for line in item.found.notices[:3]]
        is_above = bool(item and evidence.is_one_press(item) and self._adopt_label())
        if why_not and not any(lines) and not is_above:
            lines.append(why_not)
        self.note.setText("\n".join(filter(None, lines)))


_CHOOSE = Text("（请选择）", "(choose)")
_EVIDENCE = Text("坐标基准的依据", "Evidence on the datum")
_FINDINGS = Text("问题与处理", "Findings and treatment")
_FIELDS = Text("字段对照", "Fields")
_ROWS = Text("前 20 行", "First 20 rows")
_BY_RECIPE = Text("按处理方案读取和处理：{name}", "Read and treated by the recipe {name}")
_RECIPE_DATUM = Text("按处理方案：{name}", "By the recipe: {name}")
_ASK_WHO = Text(
    "⚠ 坐标基准未注明：请向提供方确认，再在“坐标基准”中选择。",
    "⚠ The datum is not stated: ask who sent the file, then choose it above.",
)
_PRESS = Text("→ 点“{label}”，或另选坐标基准。", "→ Press “{label}” above, or choose another datum.")
_NEWER = Text("更新已有来源…(&X)", "Update a source … (&X)")
_NEWER_TIP = Text(
    "本文件若是工作区中某份来源的新版本，点此指明：按主键更新其各行。",
    "If this file is a newer edition of one that the workspace holds, say so here: its rows are updated by key.",
)
_ADOPT = Text("按依据采用 {name}(&U)", "&Use {name}, as the evidence says")
_ADOPT_ALL = Text("{n} 份都采用 {name}(&C)", "Use {name} for all {n}")
_ADOPT_NAMED = Text("按文件标注采用 {name}(&U)", "&Use {name}, as the file says")
