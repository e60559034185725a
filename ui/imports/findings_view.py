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

from ...layers.findings.kind import SEVERITIES, act
from ...text import Text
from .. import symbols
from ..compat import as_int
from ..language import in_window, tr
from ..widgets import Paragraph, button, copies
from . import findings_words as says
from .diagnosis import SHOWN_LINES, Group, Line, act_label, advised, choose, own_of
from .finding_cells import STOPS, TREATED, Cells, has_words, is_folded, is_note
from .finding_columns import FINDING, ROOM, TREATMENT, ColumnWidths, tops
from .wrapping import WHOLE, Wrapping

_EACH = "each"  # in the choice of a kind: its rows are treated one by one
_LOOKS = {STOPS: ("hexagon", symbols.VERMILLION), TREATED: ("diamond", symbols.GREEN)}
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
        self._cells = Cells()
        self._groups: list[Group] = []
        size = QSize(14, 14)
        looks = {value: symbols.finding_symbol(value) for value in SEVERITIES}
        looks.update({value: symbols.marker(*look, 3.4) for value, look in _LOOKS.items()})
        self._icons = {value: symbols.preview(look, size) for value, look in looks.items()}
        self.outcome = Paragraph(1)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(tr(Text("查找…", "Find …")))
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
        self.show_findings(Cells(), [], Text("", ""))

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

    def _place(self) -> tuple[str, tuple[str, ...], str] | None:
        """Give where the planner is in the list: the kind, its choices, and the rows of the line."""
        item = self.tree.currentItem()
        if item is None or not self._groups:
            return None
        group, line = self._group(item), self._line(item) if item.parent() is not None else None
        return group.kind.code, group.actions, "" if line is None else line.rows

    def _go_to(self, code: str, actions: tuple[str, ...], rows: str) -> bool:
        """Select a kind, or a line of it, that was selected before the list was made anew; tell whether it is there."""
        for item in tops(self.tree):
            group = self._group(item)
            if (group.kind.code, group.actions) != (code, actions) or item.isHidden():
                continue
            if rows:
                self.tree.expandItem(item)
            at = next((place for place, line in enumerate(group.lines) if line.rows == rows), -1) if rows else -1
            found = item.child(at) if 0 <= at < item.childCount() else item
            self.tree.setCurrentItem(found)
            self.tree.scrollToItem(found)
            return True
        return False

    def show_findings(self, cells: Cells, groups: list[Group], outcome: Text, *, examined: bool = False) -> None:
        """Show the findings on a file, with the choices made so far."""
        is_same = cells.treatments is self._cells.treatments and bool(self._groups) and bool(groups)
        if is_same:  # nothing jumps under the planner's hand; only what is new comes to the top
            places = {(one.kind.code, one.actions): place for place, one in enumerate(self._groups)}
            groups.sort(
                key=lambda one: (not one.is_new, not one.stops, places.get((one.kind.code, one.actions), len(places)))
            )
        stood = self._place() if is_same else None
        has_focus = self.tree.hasFocus() or self.tree.isAncestorOf(self.focusWidget() or self)
        self._cells, self._groups = cells, groups
        self.outcome.setText(tr(outcome) + (tr(says.CLEAN) if examined and not groups else ""))
        self.search.setVisible(bool(groups))
        self.search.clear()
        self.tree.clear()
        for place, group in enumerate(groups):
            self._add(place, group)
        self.details.setText("")
        self.details.setVisible(bool(groups))
        folded = [group for group in groups if is_note(group)]
        self.notes.setText(tr(says.NOTES).format(n=f"{sum(group.count for group in folded):,}"))
        self.notes.setVisible(bool(folded))
        self.notes.setChecked(len(folded) == len(groups))
        self._filter("")
        for item, group in zip(tops(self.tree), groups):
            item.setExpanded(len(group.lines) > 1 and not is_folded(group))
        if not is_same:
            self._widths.share(anew=True)
        first = next((item for item in tops(self.tree) if not item.isHidden()), None)
        if first is not None and not (stood is not None and self._go_to(*stood)):
            self.tree.setCurrentItem(first)
            self.tree.scrollToTop()
        if has_focus:  # the choice that had it is gone
            self.tree.setFocus()
        for item in (self.again_button, self.save):
            item.setEnabled(examined)
        self.show_imported(False, examined, examined)

    def _add(self, place: int, group: Group) -> None:
        item = QTreeWidgetItem()
        self._mark(item, group)
        item.setData(FINDING, _PLACE, place)
        item.setData(FINDING, WHOLE, bool(group.actions) or group.stops)  # what is to be decided is read in full
        self.tree.addTopLevelItem(item)
        if len(group.lines) > 1:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        self._tell(item, group)
        if group.actions:
            chooser = self._chooser(group, item, None)
            self.tree.setItemWidget(item, TREATMENT, chooser)
        else:
            done = tr(act(group.kind, group.lines[0].treatment)) or tr(group.kind.treatment)
            item.setText(TREATMENT, done)
            item.setToolTip(TREATMENT, done)

    def _mark(self, item: QTreeWidgetItem, group: Group) -> None:
        """Say what becomes of the rows of a kind by the present choices, in symbol and word."""
        look, label = self._cells.mark(group)
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

    def _tell(self, item: QTreeWidgetItem, group: Group, line: Line | None = None) -> None:
        """Write the cells of a line; without one those of the kind, which are its only line's where it has one."""
        only = group.lines[0] if len(group.lines) == 1 else line
        cells = self._cells.of_kind(group) if only is None else self._cells.of_line(group, only)
        for column, said in cells.items():
            item.setText(column, " ".join(said.split()))
            item.setToolTip(column, said)

    def _explain(self, item: QTreeWidgetItem | None) -> None:
        """Write out below the tree what its columns cut off."""
        if item is not None:
            self.details.setText(self._cells.details(self._group(item), self._line(item)))

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
            label = tr(act_label(group, action, self._cells.is_edition))
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
        actions = self._cells.actions(group)
        is_even = len(actions) == 1
        if line is None:
            held = next(iter(actions)) if is_even else _EACH
        else:  # where there is no choice above that holds for all, each row says its own
            own = self._cells.treatments.get(own_of(group, line), "")
            held = own or ("" if is_even else self._cells.action(group, line))
        box.setCurrentIndex(max(box.findData(held), 0))

    def _open_choice(self, item: QTreeWidgetItem, _column: int = 0) -> None:
        """Open the choice of a finding: Enter, or a double click."""
        box = self.tree.itemWidget(item, TREATMENT)
        if box is not None:
            box.setFocus()
            box.showPopup()

    def _choose(self, group: Group, item: QTreeWidgetItem, line: Line | None, action: str) -> None:
        if action != _EACH:
            choose(self._cells.treatments, group, action, None if line is None else line.numbers)
        top = item.parent() or item
        self._mark(top, group)
        for part in [top, *(top.child(place) for place in range(top.childCount()))]:
            one, box = self._line(part), self.tree.itemWidget(part, TREATMENT)
            if part is top or one is not None:
                self._tell(part, group, one)
            if box is not None:
                self._set(box, group, None if part is top else one)
        self._explain(self.tree.currentItem())
        if action == _EACH:
            return
        self.tree.scheduleDelayedItemsLayout()  # other words need other heights, and the columns stay as they are
        self.decided.emit(group.kind.code, None if line is None else line.numbers)
        self.chosen.emit()

    def _filter(self, wanted: str) -> None:
        """Show the kinds that have these words in their name or in a line; without words, notes as the button says."""
        wanted = wanted.strip().lower()
        for place, group in enumerate(self._groups):
            item = self.tree.topLevelItem(place)
            found = bool(wanted) and (wanted in item.text(FINDING).lower() or has_words(group, wanted))
            found = found or (not wanted and (self.notes.isChecked() or not is_note(group)))
            item.setHidden(not found)

    def _lines(self) -> list[str]:
        """Give the selected finding as lines of a table, a kind with all that is listed of it."""
        item = self.tree.currentItem()
        if item is None:
            return []
        group, line = self._group(item), self._line(item)
        return self._cells.as_table(group, group.lines if line is None else [line])
