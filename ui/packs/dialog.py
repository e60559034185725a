"""The rule packs: every threshold with its source and status; change one, with a reason, or take the change back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QDate, Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDateEdit,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...errors import XinjiError
from ...text import Text
from .. import settings, words
from ..icons import icon
from ..language import say, tr
from ..widgets import Paragraph, button, copies
from .details import details, faults_of
from .edit import PackEdit
from .listing import PackList
from .model import CLAUSE, DOCUMENT, ID, RULE, VALUE, PackModel
from .rows import FILTERS, PackInfo, PackRow
from .store import PackStore

_TITLE = Text("规则包", "Rule packs")
_FIND = Text("查找规则、文件、编号…", "Find a rule, document, id …")
_SHOWN = Text("显示 {shown} / 共 {all} 条", "{shown} of {all} rules")
_BY_HAND = Text(
    "这是自己编写的规则包，请在文本编辑器中修改。",
    "You wrote this pack by hand: change it in a text editor.",
)
_BY_OTHER = Text("已由 {file} 修改，请在该文件中改。", "{file} changes it already: change it there.")
_OWN_SHOWN = Text("在左侧选择随附的规则包 {base} 来修改。", "Choose the shipped pack {base} on the left to change it.")
_CHOOSE = Text("选择一条规则后可修改。", "Choose a rule to change it.")
_NOT_CHANGED = Text("这条规则没有自定义修改。", "You have not changed this rule.")
_REVERT = Text("恢复规则“{name}”的原值 {value}？", "Take the change of “{name}” back to {value}?")
_ON_DAY = Text(
    "有效期按此日期核对；结果按数据日期或“截止日期”核对。", "In force on this day; results go by the day of their data."
)
_FAULTY = Text(
    "自定义规则包有错误：{names}。改正前，各项任务不会采用该文件夹。",
    "Faulty: {names}. Until it is mended, jobs refuse the folder.",
)
_EDITS = "edits_"


class PackDialog(QDialog):
    """Shows and changes rule packs.

    Parameters
    ----------
    actions : Actions
    """

    def __init__(self, actions: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._packs: list[PackInfo] = []
        self._at: tuple[str, str] = ("", "")  # rule that is to be chosen again
        self.store = PackStore(self)
        self.store.listed.connect(self._listed)
        self.store.refused.connect(self._refused)
        self.store.queue.changed.connect(self._enable)
        self.setWindowTitle(tr(_TITLE))
        self.setWindowIcon(icon("rules"))
        self.resize(1240, 650)
        self.list = PackList()
        self.list.chosen.connect(self._show_rows)
        self.model = PackModel(self)
        self.table = self._table()
        self.details = Paragraph(7)
        self.state = QLabel()
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._search_row())
        column.addWidget(self.table, 1)
        column.addWidget(self.details)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.list)
        parts.addWidget(right)
        parts.setStretchFactor(1, 1)
        parts.setSizes([345, 875])
        parts.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.addLayout(self._folder_row())
        whole.addWidget(parts, 1)
        whole.addLayout(self._button_row())
        self._enable()
        self.read()

    # --- parts ---------------------------------------------------------------------------------------------

    def _folder_row(self) -> QHBoxLayout:
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setDialogTitle(tr(Text("自定义规则包文件夹", "Folder of own rule packs")))
        self.folder.setFilePath(settings.own_packs_folder())
        self.folder.fileChanged.connect(self._folder_chosen)
        label = QLabel(tr(Text("自定义规则包文件夹", "Folder of own rule packs")))
        label.setBuddy(self.folder.lineEdit())
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.folder, 1)
        self.open = button(Text("打开文件夹", "Open folder"), self._open_folder)
        row.addWidget(self.open)
        row.addWidget(button(Text("刷新", "Refresh"), self.read))
        return row

    def _search_row(self) -> QHBoxLayout:
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(tr(_FIND))
        self.search.textChanged.connect(lambda _text: self._filter())
        self.wanted = QComboBox()
        for value, label in FILTERS.items():
            self.wanted.addItem(tr(label), value)
        self.wanted.currentIndexChanged.connect(lambda _index: self._filter())
        self.day = QDateEdit(QDate.currentDate())
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setToolTip(tr(_ON_DAY))
        self.day.dateChanged.connect(lambda _date: self._day_changed())
        label = QLabel(tr(Text("有效期按", "In force on")))
        label.setBuddy(self.day)
        self.count = QLabel()
        row = QHBoxLayout()
        row.addWidget(self.search, 1)
        row.addWidget(self.wanted)
        row.addWidget(label)
        row.addWidget(self.day)
        row.addWidget(self.count)
        return row

    def _table(self) -> QTableView:
        made = QTableView()
        made.setModel(self.model)
        made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        made.setAlternatingRowColors(True)
        made.setWordWrap(False)
        made.verticalHeader().hide()
        made.verticalHeader().setDefaultSectionSize(made.fontMetrics().height() + 8)
        made.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        made.setSortingEnabled(True)
        made.setTabKeyNavigation(False)
        made.doubleClicked.connect(lambda _index: self._edit_if_possible())
        made.selectionModel().selectionChanged.connect(lambda _new, _old: self._explain())
        copies(made, self._lines)
        return made

    def _button_row(self) -> QHBoxLayout:
        self.edit = button(Text("修改…", "Change …"), self.change)
        self.back = button(Text("恢复原值…", "Take back …"), self.revert)
        shut = button(words.CLOSE, self.close)
        row = QHBoxLayout()
        row.addWidget(self.edit)
        row.addWidget(self.back)
        row.addWidget(self.state, 1)
        row.addWidget(shut)
        for press in (self.edit, self.back, shut):
            press.setAutoDefault(False)
        return row

    # --- showing -------------------------------------------------------------------------------------------

    def is_busy(self) -> bool:
        """Tell whether the engine is at work for the window."""
        return self.store.queue.is_busy()

    def read(self) -> None:
        """Read all packs again."""
        self.store.read(self.folder.filePath().strip())

    def _folder_chosen(self, path: str) -> None:
        settings.set_own_packs_folder(path.strip())
        self.read()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.filePath().strip()))

    def _listed(self, packs: list[PackInfo]) -> None:
        self._packs = packs
        row = self.row()
        if row is not None:
            self._at = (row.item, row.field)
        self.list.show_packs(packs, self.shown_day())
        faulty = [tr(pack.title) for pack in packs if pack.own and pack.faults]
        self.state.setText(tr(_FAULTY).format(names=tr(words.LIST_COMMA).join(faulty)) if faulty else "")

    def _refused(self, error: XinjiError) -> None:
        self.state.setText(say(error))
        self._enable()

    def shown_day(self) -> str:
        """Give the day that validity is held against, ISO."""
        return self.day.date().toString("yyyy-MM-dd")

    def _day_changed(self) -> None:
        self.list.show_packs(self._packs, self.shown_day())

    def pack(self) -> PackInfo | None:
        """Give the pack that is shown."""
        return self.list.current()

    def row(self) -> PackRow | None:
        """Give the rule that is chosen; None for none or several."""
        numbers = self._numbers()
        return self.model.rows[numbers[0]] if len(numbers) == 1 else None

    def _numbers(self) -> list[int]:
        return sorted({index.row() for index in self.table.selectionModel().selectedIndexes()})

    def _lines(self) -> list[str]:
        return self.model.lines(self._numbers())

    def _show_rows(self) -> None:
        self._filter()
        self.table.resizeColumnsToContents()
        letter = self.table.fontMetrics().averageCharWidth()
        for column, widest in ((RULE, 40), (VALUE, 18), (DOCUMENT, 36), (CLAUSE, 26), (ID, 30)):
            self.table.setColumnWidth(column, min(self.table.columnWidth(column), widest * letter))

    def _filter(self) -> None:
        pack = self.pack()
        row = self.row()
        at = (row.item, row.field) if row is not None else self._at
        rows = pack.rows if pack is not None else ()
        self.model.show_rows(rows, self.search.text(), self.wanted.currentData(), self.shown_day())
        self.count.setText(tr(_SHOWN).format(shown=len(self.model.rows), all=self.model.count))
        numbers = [number for number, item in enumerate(self.model.rows) if (item.item, item.field) == at]
        if self.model.rows:
            self.table.selectRow(numbers[0] if numbers else 0)
        self._explain()

    def _explain(self) -> None:
        pack, row = self.pack(), self.row()
        faults = faults_of(pack) if pack is not None else ""
        said = details(row, self.shown_day()) if row is not None else ""
        self.details.setText("\n".join(filter(None, (faults, said))))
        self._enable()

    # --- changing ------------------------------------------------------------------------------------------

    def why_not(self) -> Text | None:
        """Say why the chosen rule cannot be changed here; None where it can."""
        pack, row = self.pack(), self.row()
        if pack is None or row is None:
            return _CHOOSE
        if pack.own:
            return _OWN_SHOWN.filled(base=pack.base) if pack.base else _BY_HAND
        if pack.faults:
            return Text(pack.faults[0].zh, pack.faults[0].en)
        if row.own_pack and not row.own_pack.startswith(_EDITS):
            return _BY_OTHER.filled(file=f"{row.own_pack}.toml")
        return None

    def _enable(self) -> None:
        row, busy = self.row(), self.is_busy()
        why_not = self.why_not()
        self.edit.setEnabled(why_not is None and not busy)
        self.edit.setToolTip(tr(why_not) if why_not is not None else "")
        is_mine = why_not is None and row is not None and row.is_change
        self.back.setEnabled(is_mine and not busy)
        self.back.setToolTip("" if is_mine else tr(why_not or _NOT_CHANGED))
        self.open.setEnabled(Path(self.folder.filePath().strip()).is_dir())

    def _edit_if_possible(self) -> None:
        if self.edit.isEnabled():
            self.change()

    def change(self) -> PackEdit | None:
        """Open the dialog that changes the chosen rule."""
        pack, row = self.pack(), self.row()
        if pack is None or row is None or self.why_not() is not None:
            return None

        def save(stated: dict[str, Any], done: Any, failed: Any) -> None:
            self._at = (row.item, row.field)
            self.store.change(self.folder.filePath().strip(), {**stated, "pack": pack.name}, done, failed)

        self.editor = PackEdit(row, save, self)
        self.editor.open()
        return self.editor

    def revert(self) -> None:
        """Ask, and take the change of the chosen rule back."""
        pack, row = self.pack(), self.row()
        if pack is None or row is None or not row.is_change:
            return
        question = tr(_REVERT).format(name=tr(row.name), value=tr(row.replaced_words))
        if QMessageBox.question(self, tr(_TITLE), question) != QMessageBox.StandardButton.Yes:
            return
        self._at = (row.item, row.field)
        stated = {"pack": pack.name, "rule": row.item, "revert": True}
        if row.field:
            stated["field"] = row.field
        self.store.change(self.folder.filePath().strip(), stated, lambda: None, self._refused)

    def discard(self) -> None:
        """Close for good, when the plugin goes."""
        self.store.close()
        self.close()
