"""Delivery profiles: layers, fields, codes and checks of a bureau; change them, save them as one's own, check a template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QMessageBox,
    QSplitter,
    QTableView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...errors import XinjiError
from ...jobs.delivery_package import PROFILES
from ...text import Text
from .. import words
from ..language import say, tr
from ..report_viewer import open_file
from ..widgets import Paragraph, button, copies
from .data import Page, Shown
from .model import ChoiceDelegate, PageModel
from .store import ProfileStore

_TITLE = Text("成果规格", "Delivery profiles")
_FILTER = Text("成果规格（*.toml）", "Delivery profiles (*.toml)")
_SOUND = Text(
    "规格结构无误。不表示符合任何数据标准。",
    "The profile is sound in form. That claims no conformance with any standard.",
)
_FAULTS = Text("有 {n} 处问题，改正后才能保存：", "Faults: {n}. Mend them before saving:")
_UNSAVED = Text("有 {n} 处修改未保存。", "Changes not saved: {n}.")
_SHIPPED = Text(
    "随附的规格不能覆盖，请另存为自己的文件。", "A shipped profile stays as it is: save it as a file of your own."
)
_SAVED = Text(
    "已保存：{path}。在“生成成果包”的“成果规格”中填此路径即可使用。",
    "Saved: {path}. State this path as the profile of a delivery package.",
)
_LOSE = Text("有 {n} 处修改未保存，要放弃吗？", "Discard the changes that are not saved ({n})?")
_COMPARED = Text(
    "与模板一致 {agrees} 项，不一致或缺少 {other} 项，见报告。要把一致的标为“已按模板核对”并另存规格吗？",
    "Agree with the template: {agrees}; differ or are missing: {other}, see the report. Save a copy in which the former are confirmed?",
)
_PLACE = Qt.ItemDataRole.UserRole


class ProfileDialog(QDialog):
    """Shows and changes delivery profiles.

    Parameters
    ----------
    actions : Actions
    """

    def __init__(self, actions: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.shown: Shown | None = None
        self.changes: list[dict[str, Any]] = []
        self._profile = ""
        self.store = ProfileStore(self)
        self.store.queue.changed.connect(self._enable)
        self.setWindowTitle(tr(_TITLE))
        self.resize(1180, 640)
        self.pages = QTreeWidget()
        self.pages.setHeaderHidden(True)
        self.pages.setMinimumWidth(200)
        self.pages.currentItemChanged.connect(lambda _item, _before: self._show_page())
        self.model = PageModel(self)
        self.model.edited.connect(lambda path, text: self._change({"path": list(path), "set": text}))
        self.table = self._table()
        self.faults = Paragraph(5)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addLayout(self._row_buttons())
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.pages)
        parts.addWidget(right)
        parts.setStretchFactor(1, 1)
        parts.setSizes([260, 900])
        parts.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.addLayout(self._head())
        whole.addWidget(parts, 1)
        whole.addWidget(self.faults)
        whole.addLayout(self._foot())
        self.open_profile(self.profile.currentData())

    # --- parts ---------------------------------------------------------------------------------------------

    def _head(self) -> QHBoxLayout:
        self.profile = QComboBox()
        for choice in PROFILES:
            self.profile.addItem(tr(choice.label), choice.value)
        self.profile.activated.connect(lambda _at: self._chosen(self.profile.currentData()))
        label = QLabel(tr(_TITLE))
        label.setBuddy(self.profile)
        self.name = QLabel()
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.profile)
        row.addWidget(button(Text("打开规格文件…", "Open a file …"), self._open_file))
        row.addWidget(self.name, 1)
        self.template = button(Text("与空模板核对", "Compare with a template"), lambda: None)
        menu = QMenu(self.template)
        menu.addAction(tr(Text("FileGDB 文件夹…", "FileGDB folder …"))).triggered.connect(lambda: self._compare(True))
        menu.addAction(tr(Text("GeoPackage 文件…", "GeoPackage …"))).triggered.connect(lambda: self._compare(False))
        self.template.setMenu(menu)
        row.addWidget(self.template)
        return row

    def _table(self) -> QTableView:
        made = QTableView()
        made.setModel(self.model)
        made.setItemDelegate(ChoiceDelegate(made))
        made.setAlternatingRowColors(True)
        made.setWordWrap(False)
        made.verticalHeader().hide()
        made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        made.setTabKeyNavigation(False)
        made.selectionModel().selectionChanged.connect(lambda _new, _old: self._enable())
        self.model.modelReset.connect(self._enable)
        copies(made, self.model.lines)
        return made

    def _row_buttons(self) -> QHBoxLayout:
        self.add = button(Text("增加一行", "Add a row"), self.add_row)
        self.remove = button(Text("删去所在行", "Remove the row"), self.remove_row)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.remove)
        row.addStretch(1)
        row.addWidget(
            QLabel(
                tr(
                    Text(
                        "双击单元格修改；M 必填，C 条件必填，O 可选。",
                        "Double-click a cell to change it. M mandatory, C on a condition, O optional.",
                    )
                )
            )
        )
        return row

    def _foot(self) -> QHBoxLayout:
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.undo = button(Text("撤销上一处修改", "Undo the last change"), self.undo_change)
        self.save = button(Text("保存", "Save"), self.save_profile)
        self.save_as = button(Text("另存为…", "Save as …"), self.choose_file)
        shut = button(words.CLOSE, self.close)
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        for press in (self.undo, self.save, self.save_as, shut):
            press.setAutoDefault(False)
            row.addWidget(press)
        return row

    # --- showing -------------------------------------------------------------------------------------------

    def is_busy(self) -> bool:
        """Tell whether the engine is at work for the window."""
        return self.store.queue.is_busy()

    def open_profile(self, profile: str) -> None:
        """Show a shipped profile by its name or one's own by its path; changes of the last one are gone."""
        self._profile, self.changes = profile, []
        self.state.clear()
        self._read()

    def _chosen(self, profile: str) -> None:
        if profile != self._profile and self._may_lose():
            self.open_profile(profile)
        else:
            self.profile.setCurrentIndex(self.profile.findData(self._profile))

    def _open_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr(_TITLE), self._folder(), tr(_FILTER))
        if path and self._may_lose():
            self._list_own(path)
            self.open_profile(path)

    def _folder(self) -> str:
        return str(Path(self._profile).parent) if self.shown and self.shown.path else ""

    def _list_own(self, path: str) -> None:
        if self.profile.findData(path) < 0:
            self.profile.addItem(Path(path).name, path)
        self.profile.setCurrentIndex(self.profile.findData(path))

    def _read(self) -> None:
        self.store.show(self._profile, self.changes, self._show, self._refused)

    def _show(self, shown: Shown) -> None:
        at = self.pages.currentItem().data(0, _PLACE) if self.pages.currentItem() else 0
        is_same = self.shown is not None and self.shown.name == shown.name and len(self.shown.pages) == len(shown.pages)
        self.shown = shown
        self.name.setText(tr(shown.title))
        self._list_pages(shown, at if is_same and at is not None else 0)
        told = [tr(fault) for _, fault in shown.faults]
        self.faults.setText("\n".join([tr(_FAULTS).format(n=len(told)), *told]) if told else tr(_SOUND))
        if self.changes:
            self.state.setText(tr(_UNSAVED).format(n=len(self.changes)))
        self._enable()

    def _list_pages(self, shown: Shown, at: int) -> None:
        self.pages.blockSignals(True)
        self.pages.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        wanted = None
        for number, page in enumerate(shown.pages):
            group = tr(page.group)
            if group not in groups:
                groups[group] = QTreeWidgetItem([group])
                self.pages.addTopLevelItem(groups[group])
                groups[group].setExpanded(True)
            alone = tr(page.title) == group
            item = groups[group] if alone else QTreeWidgetItem([tr(page.title)])
            item.setData(0, _PLACE, number)
            item.setToolTip(0, tr(page.title))
            if not alone:
                groups[group].addChild(item)
            wanted = item if number == at else wanted
        self.pages.setCurrentItem(wanted)
        self.pages.blockSignals(False)
        self._show_page()

    def page(self) -> Page | None:
        """Give the page that is shown."""
        item = self.pages.currentItem()
        at = item.data(0, _PLACE) if item is not None else None
        return self.shown.pages[at] if self.shown is not None and at is not None else None

    def _show_page(self) -> None:
        page = self.page()
        place = self.table.currentIndex() if self.model.page and page and self.model.page.title == page.title else None
        row, column = (place.row(), place.column()) if place is not None else (-1, -1)
        self.model.show_page(page)
        self.table.resizeColumnsToContents()
        letter = self.table.fontMetrics().averageCharWidth()
        for at in range(self.model.columnCount()):
            self.table.setColumnWidth(at, min(self.table.columnWidth(at) + 8, 44 * letter))
        if 0 <= row < self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(row, column))
        self._enable()

    def _refused(self, error: XinjiError) -> None:
        self.state.setText(say(error))
        self._enable()

    def _enable(self) -> None:
        page, busy = self.page(), self.is_busy()
        index = self.table.currentIndex()
        can_go = page is not None and index.isValid() and index.row() < len(page.rows) and page.rows[index.row()][0]
        self.add.setEnabled(page is not None and bool(page.new) and not busy)
        self.remove.setEnabled(bool(can_go) and not busy)
        self.undo.setEnabled(bool(self.changes) and not busy)
        is_sound = self.shown is not None and not self.shown.faults and not busy
        is_own = self.shown is not None and bool(self.shown.path)
        self.save.setEnabled(is_sound and is_own and bool(self.changes))
        self.save.setToolTip("" if is_own else tr(_SHIPPED))
        self.save_as.setEnabled(is_sound)
        self.template.setEnabled(is_sound and not self.changes)

    # --- changing ------------------------------------------------------------------------------------------

    def _change(self, change: dict[str, Any]) -> None:
        self.changes.append(change)
        self._read()

    def add_row(self) -> None:
        """Put a new row behind the others of the page."""
        page = self.page()
        if page is not None and page.new:
            blank = page.blank
            if list(blank) == [""]:  # a code list: the first code that is free
                known = {cells[0].text for _, cells in page.rows}
                blank = {next(str(code) for code in range(1, 1000) if str(code) not in known): "—"}
            self._change({"path": list(page.new), "add": blank})

    def remove_row(self) -> None:
        """Take the row of the current cell out."""
        index = self.table.currentIndex()
        if index.isValid() and self.model.row_path(index.row()):
            self._change({"path": list(self.model.row_path(index.row())), "remove": True})

    def undo_change(self) -> None:
        """Take the last change back."""
        if self.changes:
            self.changes.pop()
            self.state.clear()
            self._read()

    def choose_file(self) -> None:
        """Ask for a file and save there."""
        proposed = Path(self._folder()) / f"{self.shown.name if self.shown else 'profile'}.toml"
        path, _ = QFileDialog.getSaveFileName(self, tr(_TITLE), str(proposed), tr(_FILTER))
        if path:
            self.save_profile(path if path.lower().endswith(".toml") else f"{path}.toml")

    def save_profile(self, path: str = "") -> None:
        """Save the profile with its changes, to its own file or another."""
        file = path or self._profile

        def done(_shown: Shown) -> None:
            self._list_own(file)
            self.open_profile(file)
            self.state.setText(tr(_SAVED).format(path=file))

        self.store.save(self._profile, self.changes, file, done, self._refused)

    def _may_lose(self) -> bool:
        if not self.changes:
            return True
        question = tr(_LOSE).format(n=len(self.changes))
        return QMessageBox.question(self, tr(_TITLE), question) == QMessageBox.StandardButton.Yes

    # --- template ------------------------------------------------------------------------------------------

    def _compare(self, is_folder: bool) -> None:
        asked = tr(Text("接收单位的空模板", "Empty template of the bureau"))
        if is_folder:
            path = QFileDialog.getExistingDirectory(self, asked, self._folder())
        else:
            path, _ = QFileDialog.getOpenFileName(self, asked, self._folder(), "GeoPackage (*.gpkg)")
        if path:
            self.store.compare(self._profile, path, self._compared, self._refused)

    def _compared(self, result: Any) -> None:
        open_file(Path(result.outputs["report"]))
        counts = result.summary.get("template") or {}
        question = tr(_COMPARED).format(agrees=counts.get("agrees", 0), other=counts.get("other", 0))
        if QMessageBox.question(self, tr(_TITLE), question) != QMessageBox.StandardButton.Yes:
            return
        path, _ = QFileDialog.getSaveFileName(self, tr(_TITLE), self._profile, tr(_FILTER))
        if path:
            confirmed, before = str(result.outputs["confirmed"]), self._profile
            self._profile, self.changes = confirmed, []
            self.save_profile(path)
            self._profile = before

    # --- closing -------------------------------------------------------------------------------------------

    def closeEvent(self, event: Any) -> None:
        if self._may_lose():
            self.changes = []
            event.accept()
        else:
            event.ignore()

    def reject(self) -> None:
        """Close as by the button: Escape loses nothing without a question."""
        self.close()

    def discard(self) -> None:
        """Close for good, when the plugin goes."""
        self.changes = []
        self.store.close()
        self.close()
