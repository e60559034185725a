"""What is wrong with a file, before and after treatment: by kind, row by row below, with the planner's choice."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..layers.findings.kind import ACTIONS, SEVERITIES
from ..text import Text
from . import symbols, words
from .compat import as_int
from .diagnosis import SHOWN_LINES, Group, Line, after, field_label
from .language import in_window, tr
from .widgets import Paragraph, button, copies

_FINDING, _ROWS, _FIELD, _BEFORE, _AFTER, _TREATMENT, _WHY = range(7)
_HEADINGS = (
    *(Text("问题", "Finding"), Text("行号", "Rows"), Text("字段", "Field"), Text("原值", "Before")),
    *(Text("处理后", "After"), Text("处理方式", "Treatment"), Text("依据", "Why")),
)
_WIDTHS = (Text("33", "40"), Text("11", "10"), Text("12", "13"), Text("19", "17"), Text("32", "27"), Text("15", "19"))
_PLACE = as_int(Qt.ItemDataRole.UserRole) + 1  # place of a kind among the groups, or of a line in its kind
_AS_ABOVE = Text("同上", "As above")
_COUNT = Text("{n} 处", "{n}")
_WHOLE = Text("整份文件", "File")
_MORE = Text("其余 {n} 处见诊断报告旁的问题清单", "{n} more: see the table of findings beside the report")
_CHANGED = Text(
    "处理方式已修改，导入时按此执行；点“重新诊断”更新行数。",
    "Treatments were changed and hold for the import; “Diagnose again” updates the counts.",
)
_CLEAN = Text("没有发现问题。", "Nothing is wrong.")
_MAP_TIP = Text(
    "把问题位置作为图层载入，在结果表中单击即可缩放。",
    "Loads the places of the faults as a layer; a click in the results table zooms to one.",
)
_RECIPE_TIP = Text(
    "按以前保存的方案读取和处理同一来源的文件。",
    "Reads and treats a file of the same source by a recipe saved before.",
)
_SAVE_TIP = Text(
    "把字段对照、坐标基准和处理方式存为方案，下月同一来源的文件可直接采用。",
    "Keeps fields, datum and treatments for next month's file of the same source.",
)


class FindingsView(QWidget):
    """The findings on one file, as a tree.

    The signals carry no state: `treatments` is the dictionary of the file itself, changed in place.
    """

    chosen = pyqtSignal()  # a treatment was chosen
    again = pyqtSignal()
    report_wanted = pyqtSignal()
    map_wanted = pyqtSignal()
    recipe_saved = pyqtSignal()
    recipe_opened = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer = ""
        self._groups: list[Group] = []
        self._treatments: dict[str, str] = {}
        size = QSize(14, 14)
        self._icons = {value: symbols.preview(symbols.finding_symbol(value), size) for value in SEVERITIES}
        self.outcome = Paragraph(2)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(tr(Text("查找问题、取值…", "Find a finding, value …")))
        self.search.setMaximumWidth(self.fontMetrics().averageCharWidth() * 36)
        self.search.textChanged.connect(self._filter)
        self.tree = self._tree()
        self.details = Paragraph(3)
        self.report = button(Text("诊断报告(&G)", "Dia&gnosis report"), self.report_wanted.emit)
        self.again_button = button(Text("重新诊断(&N)", "Diagnose agai&n"), self.again.emit)
        self.on_map = button(Text("在地图上查看(&M)", "Show on the &map"), self.map_wanted.emit, tip=tr(_MAP_TIP))
        self.save = button(Text("保存处理方案(&S)…", "&Save recipe …"), self.recipe_saved.emit, tip=tr(_SAVE_TIP))
        self.open = button(Text("采用处理方案(&O)…", "Use re&cipe …"), self.recipe_opened.emit, tip=tr(_RECIPE_TIP))
        row = QHBoxLayout()
        for widget in (self.report, self.on_map, self.again_button):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.open)
        row.addWidget(self.save)
        for press in (self.report, self.again_button, self.on_map, self.save, self.open):
            press.setAutoDefault(False)
        top = QHBoxLayout()
        top.addWidget(self.outcome, 1)
        top.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addLayout(top)
        column.addWidget(self.tree, 1)
        column.addWidget(self.details)
        column.addLayout(row)
        self.show_findings("", [], {}, Text("", ""))

    def _tree(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setHeaderLabels([tr(heading) for heading in _HEADINGS])
        made.setAlternatingRowColors(True)
        made.setUniformRowHeights(True)
        made.setIndentation(14)
        made.itemExpanded.connect(self._fill)
        made.itemActivated.connect(self._open_choice)
        made.currentItemChanged.connect(lambda item, _before: self._explain(item))
        header = made.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        letter = made.fontMetrics().averageCharWidth()
        for column, letters in enumerate(_WIDTHS):  # Chinese words are short, and their letters wide
            made.setColumnWidth(column, int(tr(letters)) * letter)
        copies(made, self._lines)
        return made

    def show_findings(
        self, layer: str, groups: list[Group], treatments: dict[str, str], outcome: Text, *, examined: bool = False
    ) -> None:
        """Show the findings on a file of a layer, with the choices made so far."""
        self._layer, self._groups, self._treatments = layer, groups, treatments
        self.outcome.setText(tr(outcome) + (tr(_CLEAN) if examined and not groups else ""))
        self.search.setVisible(bool(groups))
        self.search.clear()
        self.tree.clear()
        for place, group in enumerate(groups):
            self._add(place, group)
        self.details.setText("")
        self.details.setVisible(bool(groups))
        if groups:
            self.tree.setCurrentItem(self.tree.topLevelItem(0))
        for item in (self.report, self.again_button, self.save, self.on_map):
            item.setEnabled(examined)

    def _add(self, place: int, group: Group) -> None:
        label = tr(Text("{severity} · {kind}", "{severity}: {kind}")).format(
            severity=tr(SEVERITIES[group.severity]), kind=tr(group.kind.label)
        )
        item = QTreeWidgetItem([label, tr(_COUNT).format(n=f"{group.count:,}")])
        item.setIcon(_FINDING, self._icons[group.severity])
        item.setToolTip(_FINDING, label)
        item.setData(_FINDING, _PLACE, place)
        self.tree.addTopLevelItem(item)
        first = group.lines[0]
        if len(group.lines) == 1:
            self._tell(item, group, first)
        else:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        if group.actions:
            chooser = self._chooser(group, item, [group.kind.code], False)
            self.tree.setItemWidget(item, _TREATMENT, chooser)
        else:
            done = tr(ACTIONS.get(first.treatment, group.kind.treatment))
            item.setText(_TREATMENT, done)
            item.setToolTip(_TREATMENT, done)

    def _fill(self, item: QTreeWidgetItem) -> None:
        """Add the lines of a kind when they are asked for: a choice a line costs a widget each."""
        group = self._group(item)
        if item.childCount() or item.parent() is not None or len(group.lines) == 1:
            return
        for place, line in enumerate(group.lines):
            child = QTreeWidgetItem()
            child.setData(_FINDING, _PLACE, place)
            item.addChild(child)
            self._tell(child, group, line)
            if group.actions and line.numbers:
                names = [f"{group.kind.code}@row {number}" for number in line.numbers]
                self.tree.setItemWidget(child, _TREATMENT, self._chooser(group, child, names, True))
        rest = group.count - sum(line.count for line in group.lines)
        if len(group.lines) >= SHOWN_LINES and rest > 0:
            more = QTreeWidgetItem([tr(_MORE).format(n=f"{rest:,}")])
            item.addChild(more)
            more.setFirstColumnSpanned(True)

    def _group(self, item: QTreeWidgetItem) -> Group:
        return self._groups[(item.parent() or item).data(_FINDING, _PLACE)]

    def _line(self, item: QTreeWidgetItem) -> Line | None:
        group = self._group(item)
        if item.parent() is not None:
            place = item.data(_FINDING, _PLACE)
            return None if place is None else group.lines[place]
        return group.lines[0] if len(group.lines) == 1 else None

    def _tell(self, item: QTreeWidgetItem, group: Group, line: Line) -> None:
        cells = {
            _ROWS: line.rows or tr(_WHOLE),
            _FIELD: tr(field_label(self._layer, line.field)) if line.field else "",
            _BEFORE: in_window(line.value) if group.kind.group == "datum" else line.value,
            _AFTER: self._after(group, line),
            _WHY: in_window(tr(line.why)),
        }
        for column, said in cells.items():
            item.setText(column, " ".join(said.split()))
            item.setToolTip(column, said)

    def _explain(self, item: QTreeWidgetItem | None) -> None:
        """Write out below the tree what its columns cut off."""
        if item is None:
            return
        group, line = self._group(item), self._line(item)
        said = [tr(group.kind.label)]
        if line is not None:
            outcome, value = self._after(group, line), " ".join(line.value.split())
            if value or outcome:
                said[0] += tr(words.COLON) + " → ".join(filter(None, (value, outcome)))
            said += [in_window(tr(line.why))]
            if line.confidence < 1:
                said += [tr(Text("把握 {n}%", "Confidence {n} %")).format(n=round(100 * line.confidence))]
            if line.related:
                said += [tr(Text("相关：{what}", "Related: {what}")).format(what=line.related)]
        if group.kind.treatment.zh:
            said += [tr(Text("建议处理：{what}", "Proposed: {what}")).format(what=in_window(tr(group.kind.treatment)))]
        self.details.setText(tr(Text("；", "; ")).join(filter(None, said)))

    def _after(self, group: Group, line: Line) -> str:
        return in_window(tr(after(self._layer, group, line, self._action(group, line))))

    def _action(self, group: Group, line: Line) -> str:
        if not group.actions:
            return line.treatment  # whatever is chosen for the other rows of the kind
        own = self._treatments.get(f"{group.kind.code}@row {line.numbers[0]}") if line.numbers else None
        return own or self._treatments.get(group.kind.code) or line.treatment

    def _chooser(self, group: Group, item: QTreeWidgetItem, names: list[str], is_line: bool) -> QComboBox:
        """Make the choice for a kind, or for the rows of one of its lines."""
        box = QComboBox()
        box.wheelEvent = lambda event: event.ignore()  # scrolling the list must not change a choice
        if is_line:
            box.addItem(tr(_AS_ABOVE), "")
        for action in group.actions:
            box.addItem(tr(ACTIONS[action]), action)
        box.setToolTip(in_window(tr(group.kind.treatment)))
        chosen = self._treatments.get(names[0], "" if is_line else group.lines[0].treatment)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.activated.connect(lambda _index: self._choose(group, item, names, box.currentData()))
        return box

    def _open_choice(self, item: QTreeWidgetItem, _column: int = 0) -> None:
        """Open the choice of a finding: Enter, or a double click."""
        box = self.tree.itemWidget(item, _TREATMENT)
        if box is not None:
            box.setFocus()
            box.showPopup()

    def _choose(self, group: Group, item: QTreeWidgetItem, names: list[str], action: str) -> None:
        for name in names:
            if action:
                self._treatments[name] = action
            else:
                self._treatments.pop(name, None)
        top = item.parent() or item
        for part in [top, *(top.child(place) for place in range(top.childCount()))]:
            line = self._line(part)
            if line is not None:
                self._tell(part, group, line)
        self._explain(self.tree.currentItem())
        self.outcome.setText(tr(_CHANGED))
        self.chosen.emit()

    def _filter(self, wanted: str) -> None:
        """Show the kinds that have these words in their name or in a line."""
        wanted = wanted.strip().lower()
        for place, group in enumerate(self._groups):
            item = self.tree.topLevelItem(place)
            found = not wanted or wanted in item.text(_FINDING).lower()
            found = found or any(
                wanted in f"{line.rows}\n{line.value}\n{line.proposed}\n{tr(line.why)}".lower() for line in group.lines
            )
            item.setHidden(not found)

    def _lines(self) -> list[str]:
        """Give the selected finding as lines of a table, a kind with all that is listed of it."""
        item = self.tree.currentItem()
        if item is None:
            return []
        group, line = self._group(item), self._line(item)
        cells = ["\t".join(tr(heading) for heading in _HEADINGS)]
        for one in [line] if line is not None else group.lines:
            action = self._action(group, one)
            told = [
                *(tr(group.kind.label), one.rows, tr(field_label(self._layer, one.field)), one.value),
                *(
                    tr(after(self._layer, group, one, action)),
                    tr(ACTIONS.get(action, group.kind.treatment)),
                    tr(one.why),
                ),
            ]
            cells.append("\t".join(" ".join(cell.split()) for cell in told))
        return cells
