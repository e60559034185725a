"""What is wrong with a file, before and after treatment: by kind, row by row below, with the planner's choice."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...layers.findings.kind import APPLY, SET_ASIDE, SEVERITIES, act, severity_label
from ...text import NOTHING, Text
from .. import symbols, words
from ..compat import as_int
from ..language import in_window, tr
from ..widgets import Paragraph, button, copies
from . import findings_words as says
from .diagnosis import (
    SHOWN_LINES,
    Group,
    Line,
    action_of,
    advised,
    after,
    choose,
    field_label,
    is_chosen,
    own_of,
    rows_named,
    yours,
)
from .evidence import percent
from .finding_columns import AFTER, BEFORE, FIELD, FINDING, ROOM, ROWS, TREATMENT, WHY, ColumnWidths, tops
from .wrapping import WHOLE, Wrapping

_FEW = 3  # lines of a kind that are shown without a click
_EACH = "each"  # in the choice of a kind: its rows are treated one by one
_STOPS, _TREATED = "stops", "treated"
_LOOKS = {_STOPS: ("hexagon", symbols.VERMILLION), _TREATED: ("diamond", symbols.GREEN)}
_PLACE = as_int(Qt.ItemDataRole.UserRole) + 1  # place of a kind among the groups, or of a line in its kind


class FindingsView(QWidget):
    """The findings on one file, as a tree.

    The signals carry no state: `treatments` is the dictionary of the file itself, changed in place.
    """

    chosen = pyqtSignal()  # a treatment was chosen
    decided = pyqtSignal(str, object)  # and of which kind it was, and the rows; None for all of the kind
    seen = pyqtSignal()  # the planner says that he knows of what is new
    again = pyqtSignal()
    report_wanted = pyqtSignal()
    map_wanted = pyqtSignal()
    recipe_saved = pyqtSignal()
    recipe_opened = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer = ""
        self.lead = ""  # the one line of evidence on the datum; it stands for the long reason of its findings
        self._groups: list[Group] = []
        self._treatments: dict[str, str] = {}
        self._then: dict[str, str] = {}  # the choices of the diagnosis that is shown
        size = QSize(14, 14)
        looks = {value: symbols.finding_symbol(value) for value in SEVERITIES}
        looks.update({value: symbols.marker(*look, 3.4) for value, look in _LOOKS.items()})
        self._icons = {value: symbols.preview(look, size) for value, look in looks.items()}
        self.outcome = Paragraph(1)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(tr(Text("查找问题、取值…", "Find a finding, value …")))
        self.search.setMaximumWidth(self.fontMetrics().averageCharWidth() * 36)
        self.search.textChanged.connect(self._filter)
        self.notes = QPushButton()
        self.notes.setAutoDefault(False)
        self.notes.setCheckable(True)
        self.notes.setToolTip(tr(says.NOTES_TIP))
        self.notes.toggled.connect(lambda _checked: self._filter(self.search.text()))
        self.tree = self._tree()
        self._widths = ColumnWidths(self.tree)
        self.details = Paragraph(6)
        self.report = button(says.REPORT, self.report_wanted.emit)
        self.again_button = button(Text("重新诊断(&N)", "Diagnose agai&n"), self.again.emit)
        self.on_map = button(says.ON_MAP, self.map_wanted.emit)
        self.seen_button = button(says.SEEN, self.seen.emit, tip=tr(says.SEEN_TIP))
        self.save = button(Text("保存处理方案(&S)…", "&Save recipe …"), self.recipe_saved.emit, tip=tr(says.SAVE_TIP))
        self.open = button(Text("采用处理方案(&O)…", "Use re&cipe …"), self.recipe_opened.emit, tip=tr(says.RECIPE_TIP))
        row = QHBoxLayout()
        for widget in (self.report, self.on_map, self.again_button):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.open)
        row.addWidget(self.save)
        for press in (self.report, self.again_button, self.on_map, self.save, self.open, self.seen_button):
            press.setAutoDefault(False)
        top = QHBoxLayout()
        top.addWidget(self.outcome, 1)
        top.addWidget(self.seen_button)
        top.addWidget(self.notes)
        top.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addLayout(top)
        column.addWidget(self.tree, 1)
        column.addWidget(self.details)
        column.addLayout(row)
        self.show_findings("", [], {}, Text("", ""))

    def show_imported(self, is_imported: bool, has_report: bool, has_places: bool) -> None:
        """Name the two buttons after what they open: the diagnosis before the import, its outcome after it."""
        self.report.setText(tr(says.REPORT_IMPORTED if is_imported else says.REPORT))
        self.report.setEnabled(has_report)
        self.report.setToolTip("" if has_report else tr(says.NO_REPORT))
        self.on_map.setText(tr(says.ON_MAP_IMPORTED if is_imported else says.ON_MAP))
        tip = says.MAP_TIP_IMPORTED if is_imported else says.MAP_TIP
        self.on_map.setToolTip(tr(tip if has_places else says.NO_PLACES))
        self.on_map.setEnabled(has_places)

    def _tree(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setHeaderLabels([tr(heading) for heading in says.HEADINGS])
        made.setAlternatingRowColors(True)
        made.setWordWrap(True)  # a reason that is cut off decides nothing
        made.setIndentation(14)
        made.setItemDelegate(Wrapping(made))
        made.itemExpanded.connect(self._fill)
        made.itemActivated.connect(self._open_choice)
        made.currentItemChanged.connect(lambda item, _before: self._explain(item))
        copies(made, self._lines)
        return made

    def show_code(self, code: str) -> None:
        """Go to the findings of a kind, and to the first of its lines."""
        for item in tops(self.tree):
            if self._group(item).kind.code == code:
                self.tree.expandItem(item)
                self.tree.setCurrentItem(item.child(0) if item.childCount() else item)
                return

    def show_findings(
        self,
        layer: str,
        groups: list[Group],
        treatments: dict[str, str],
        outcome: Text,
        *,
        examined: bool = False,
        then: dict[str, str] | None = None,
    ) -> None:
        """Show the findings on a file of a layer, with the choices made so far, and those of its diagnosis."""
        is_same = treatments is self._treatments and bool(self._groups) and bool(groups)
        if is_same:  # nothing jumps under the planner's hand; only what is new comes to the top
            places = {(one.kind.code, one.actions): place for place, one in enumerate(self._groups)}
            groups.sort(
                key=lambda one: (not one.is_new, not one.stops, places.get((one.kind.code, one.actions), len(places)))
            )
        self._layer, self._groups, self._treatments, self._then = layer, groups, treatments, then or {}
        self.outcome.setText(tr(outcome) + (tr(says.CLEAN) if examined and not groups else ""))
        self.search.setVisible(bool(groups))
        self.search.clear()
        self.tree.clear()
        for place, group in enumerate(groups):
            self._add(place, group)
        self.details.setText("")
        self.details.setVisible(bool(groups))
        folded = [group for group in groups if _is_note(group)]
        self.notes.setText(tr(says.NOTES).format(n=f"{sum(group.count for group in folded):,}"))
        self.notes.setVisible(bool(folded))
        self.notes.setChecked(len(folded) == len(groups))
        self._filter("")
        for item, group in zip(tops(self.tree), groups):
            item.setExpanded(1 < len(group.lines) <= _FEW and bool(group.actions))
        if not is_same:
            self._widths.share(anew=True)
        first = next((item for item in tops(self.tree) if not item.isHidden()), None)
        if first is not None:
            self.tree.setCurrentItem(first)
            self.tree.scrollToTop()
        for item in (self.again_button, self.save):
            item.setEnabled(examined)
        self.show_imported(False, examined, examined)

    def _add(self, place: int, group: Group) -> None:
        item = QTreeWidgetItem(["", tr(says.COUNT).format(n=f"{group.count:,}")])
        self._mark(item, group)
        item.setData(FINDING, _PLACE, place)
        item.setData(FINDING, WHOLE, bool(group.actions) or group.stops)  # what is to be decided is read in full
        self.tree.addTopLevelItem(item)
        first = group.lines[0]
        if len(group.lines) == 1:
            self._tell(item, group, first)
        else:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            reasons = {line.why for line in group.lines}
            is_open = len(group.lines) <= _FEW and bool(group.actions)
            if len(group.lines) <= _FEW and not group.actions:
                self._gather(item, group)
            why = in_window(tr(first.why if len(reasons) == 1 else NOTHING if is_open else says.SEE_LINES))
            item.setText(WHY, " ".join(why.split()))
            item.setToolTip(WHY, why)
        if group.actions:
            chooser = self._chooser(group, item, None)
            self.tree.setItemWidget(item, TREATMENT, chooser)
        else:
            done = tr(act(group.kind, first.treatment)) or tr(group.kind.treatment)
            item.setText(TREATMENT, done)
            item.setToolTip(TREATMENT, done)

    def _gather(self, item: QTreeWidgetItem, group: Group) -> None:
        """Put what is in the few lines of a kind into one: where nothing is to be chosen they stay folded."""
        lines = group.lines
        cells = {
            ROWS: ";".join(line.rows for line in lines),
            FIELD: tr(words.LIST_COMMA).join(dict.fromkeys(tr(field_label(self._layer, line.field)) for line in lines)),
            BEFORE: tr(words.SEMICOLON).join(dict.fromkeys(line.value for line in lines)),
            AFTER: " ".join(dict.fromkeys(self._after(group, line) for line in lines)),
        }
        for column, said in cells.items():
            item.setText(column, " ".join(said.split()))
            item.setToolTip(column, said)

    def _mark(self, item: QTreeWidgetItem, group: Group) -> None:
        """Say what becomes of the rows of a kind by the present choices, in symbol and word."""
        actions = {self._action(group, line) for line in group.lines}
        look, said = group.severity, severity_label(group.severity, of_rows=bool(group.kind.actions))
        if group.stops:
            look = _STOPS
        elif SET_ASIDE in actions and group.actions:
            look, said = "blocks", SEVERITIES["blocks"] if actions == {SET_ASIDE} else says.PARTLY
        elif group.actions and (group.severity == "blocks" or APPLY in actions):
            look, said = _TREATED, act(group.kind, next(iter(actions))) if len(actions) == 1 else says.TREATED
        new = tr(says.NEW) if group.is_new else ""
        label = new + tr(Text("{severity} · {kind}", "{severity}: {kind}")).format(
            severity=tr(said), kind=tr(group.kind.label)
        )
        item.setText(FINDING, label)
        item.setIcon(FINDING, self._icons[look])
        item.setToolTip(FINDING, label)

    def _fill(self, item: QTreeWidgetItem) -> None:
        """Add the lines of a kind when they are asked for: a choice a line costs a widget each."""
        group = self._group(item)
        if item.childCount() or item.parent() is not None or len(group.lines) == 1:
            return
        children: list[QTreeWidgetItem] = []
        for place, line in enumerate(group.lines):
            child = QTreeWidgetItem()
            child.setData(FINDING, _PLACE, place)
            child.setData(FINDING, WHOLE, bool(group.actions))
            child.setText(FINDING, tr(says.NEW) if line.is_new else "")
            self._tell(child, group, line)
            children.append(child)
        item.addChildren(children)
        for child, line in zip(children, group.lines):  # a widget lays the tree out: not once a line that is added
            if group.actions and line.numbers:
                self.tree.setItemWidget(child, TREATMENT, self._chooser(group, child, line))
        rest = group.count - sum(line.count for line in group.lines)
        if len(group.lines) >= SHOWN_LINES and rest > 0:
            more = QTreeWidgetItem([tr(says.MORE).format(n=f"{rest:,}")])
            item.addChild(more)
            more.setFirstColumnSpanned(True)
        self._widths.share(anew=True)

    def _group(self, item: QTreeWidgetItem) -> Group:
        return self._groups[(item.parent() or item).data(FINDING, _PLACE)]

    def _line(self, item: QTreeWidgetItem) -> Line | None:
        group = self._group(item)
        if item.parent() is not None:
            place = item.data(FINDING, _PLACE)
            return None if place is None else group.lines[place]
        return group.lines[0] if len(group.lines) == 1 else None

    def _tell(self, item: QTreeWidgetItem, group: Group, line: Line) -> None:
        cells = {
            ROWS: line.rows or tr(says.WHOLE),
            FIELD: tr(field_label(self._layer, line.field)) if line.field else "",
            BEFORE: in_window(line.value) if group.kind.group == "datum" else line.value,
            AFTER: self._after(group, line),
            WHY: in_window(self._reason(group, line)),
        }
        for column, said in cells.items():
            item.setText(column, " ".join(said.split()))
            item.setToolTip(column, said)

    def _reason(self, group: Group, line: Line) -> str:
        """Say why; of the datum of the whole file the one line that decides: all figures stand with the evidence."""
        return self.lead if self.lead and group.kind.group == "datum" and not line.rows else tr(line.why)

    def _explain(self, item: QTreeWidgetItem | None) -> None:
        """Write out below the tree what its columns cut off."""
        if item is None:
            return
        group, line = self._group(item), self._line(item)
        said = [tr(group.kind.label)]
        if line is not None:
            outcome, value = self._after(group, line), " ".join(line.value.split())
            value = in_window(value) if group.kind.group == "datum" else value
            if value or outcome:
                said[0] += tr(words.COLON) + " → ".join(filter(None, (value, outcome)))
            said += [in_window(self._reason(group, line)), tr(yours(group, line, self._action(group, line)))]
            if line.confidence < 1 and (group.actions or group.stops):
                sure = says.SURE_OF_VALUE if line.proposed else says.SURE_OF_FINDING
                said += [tr(sure).format(n=percent(line.confidence))]
            related = tr(rows_named(line.related))
            if related and related not in tr(line.why):
                said += [tr(Text("相关：{what}", "Related: {what}")).format(what=related)]
        if group.kind.treatment.zh and not (line is not None and yours(group, line, self._action(group, line)).zh):
            said += [tr(Text("建议处理：{what}", "Proposed: {what}")).format(what=in_window(tr(group.kind.treatment)))]
        self.details.setText(tr(words.SEMICOLON).join(one.rstrip("。.") for one in said if one))

    def _after(self, group: Group, line: Line) -> str:
        final = is_chosen(group, line, self._treatments)
        return in_window(tr(after(self._layer, group, line, self._action(group, line), final)))

    def _action(self, group: Group, line: Line) -> str:
        return action_of(group, line, self._treatments, self._then)

    def _chooser(self, group: Group, item: QTreeWidgetItem, line: Line | None) -> QComboBox:
        """Make the choice for a kind, or for the rows of one of its lines."""
        box = QComboBox()
        box.wheelEvent = lambda event: event.ignore()  # scrolling the list must not change a choice
        box.setFrame(False)
        box.setFixedHeight(self.tree.fontMetrics().height() + 2)  # all rows are as high as the highest
        if line is not None:
            box.addItem(tr(says.AS_ABOVE), "")
        suggested = {advised(group, one) for one in (group.lines if line is None else [line])}
        for action in group.actions:
            label = tr(act(group.kind, action))
            box.addItem(tr(says.SUGGESTED).format(act=label) if action in suggested else label, action)
        if line is None and len(group.lines) > 1:
            box.addItem(tr(says.EACH), _EACH)
        box.view().setMinimumWidth(box.view().sizeHintForColumn(0) + ROOM)
        box.setToolTip(in_window(tr(group.kind.treatment)))
        self._set(box, group, line)
        box.activated.connect(lambda _index: self._choose(group, item, line, box.currentData()))
        return box

    def _set(self, box: QComboBox, group: Group, line: Line | None) -> None:
        """Let a choice say what holds: for a kind whose rows are not all treated alike, that they are not."""
        if line is not None:
            held = self._treatments.get(own_of(group, line), "")
        else:
            actions = {self._action(group, one) for one in group.lines}
            held = next(iter(actions)) if len(actions) == 1 else _EACH
        box.setCurrentIndex(max(box.findData(held), 0))

    def _open_choice(self, item: QTreeWidgetItem, _column: int = 0) -> None:
        """Open the choice of a finding: Enter, or a double click."""
        box = self.tree.itemWidget(item, TREATMENT)
        if box is not None:
            box.setFocus()
            box.showPopup()

    def _choose(self, group: Group, item: QTreeWidgetItem, line: Line | None, action: str) -> None:
        if action != _EACH:
            choose(self._treatments, group, action, None if line is None else line.numbers)
        top = item.parent() or item
        self._mark(top, group)
        for part in [top, *(top.child(place) for place in range(top.childCount()))]:
            one, box = self._line(part), self.tree.itemWidget(part, TREATMENT)
            if one is not None:
                self._tell(part, group, one)
            if box is not None:
                self._set(box, group, None if part is top else one)
        self._explain(self.tree.currentItem())
        if action == _EACH:
            return
        self.tree.scheduleDelayedItemsLayout()  # other words need other heights, and the columns stay as they are
        self.outcome.setText(tr(says.CHANGED))
        self.decided.emit(group.kind.code, None if line is None else line.numbers)
        self.chosen.emit()

    def _filter(self, wanted: str) -> None:
        """Show the kinds that have these words in their name or in a line; without words, notes as the button says."""
        wanted = wanted.strip().lower()
        for place, group in enumerate(self._groups):
            item = self.tree.topLevelItem(place)
            found = bool(wanted) and wanted in item.text(FINDING).lower()
            found = found or (not wanted and (self.notes.isChecked() or not _is_note(group)))
            found = found or (
                bool(wanted)
                and any(
                    wanted in f"{line.rows}\n{line.value}\n{line.proposed}\n{tr(line.why)}".lower()
                    for line in group.lines
                )
            )
            item.setHidden(not found)

    def _lines(self) -> list[str]:
        """Give the selected finding as lines of a table, a kind with all that is listed of it."""
        item = self.tree.currentItem()
        if item is None:
            return []
        group, line = self._group(item), self._line(item)
        cells = ["\t".join(tr(heading) for heading in says.HEADINGS)]
        for one in [line] if line is not None else group.lines:
            action = self._action(group, one)
            told = [
                *(tr(group.kind.label), one.rows, tr(field_label(self._layer, one.field)), one.value),
                *(
                    self._after(group, one),
                    tr(act(group.kind, action)) or tr(group.kind.treatment),
                    tr(one.why),
                ),
            ]
            cells.append("\t".join(" ".join(cell.split()) for cell in told))
        return cells


def _is_note(group: Group) -> bool:
    """Tell whether a kind is only accounted for: nothing is left to be decided."""
    return group.severity == "informs" and not (group.actions and any(line.rows for line in group.lines))
