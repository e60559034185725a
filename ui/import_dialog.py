"""The import dialog: choose files, see what is in them, decide what is unclear, import."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ..text import Text
from . import runs, words
from .examining import Examiner
from .icons import icon
from .importing import Importer, is_ready
from .inspection import SourceFile, texts
from .job_queue import JobQueue
from .language import tr
from .looking import Looker
from .run_list import open_file
from .source_form import SourceForm
from .source_list import SourceList

_SIZE = (1330, 700)  # pixels; a screen of 1366 by 768 has room for it


class ImportDialog(QDialog):
    """One window for any number of files.

    Parameters
    ----------
    actions : Actions
        Has the dock with the workspace, and the message bar.
    """

    def __init__(self, actions: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._scratch = Path(tempfile.mkdtemp(prefix="xinji_"))
        self.destroyed.connect(lambda _gone=None, folder=self._scratch: shutil.rmtree(folder, ignore_errors=True))
        self.queue = JobQueue(self)
        self.queue.changed.connect(self._show_file)
        self.setWindowTitle(tr(Text("导入数据", "Import data")))
        self.setWindowIcon(icon("import"))
        self.setAcceptDrops(True)
        room = self.screen().availableGeometry() if hasattr(self, "screen") and self.screen() else None
        self.resize(*(_SIZE if room is None else (min(_SIZE[0], room.width() - 20), min(_SIZE[1], room.height() - 40))))
        column = QVBoxLayout(self)
        top = QHBoxLayout()
        label = QLabel(tr(Text("导入到工作区(&W)", "Into &workspace")))
        top.addWidget(label)
        self.workspace = QgsFileWidget()
        label.setBuddy(self.workspace.lineEdit())
        self.workspace.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.workspace.setConfirmOverwrite(False)
        self.workspace.setFilter(tr(words.GEOPACKAGE_FILTER))
        self.workspace.setFilePath(actions.dock.workspace())
        self.workspace.fileChanged.connect(lambda _path: self._enable())
        top.addWidget(self.workspace, 1)
        column.addLayout(top)
        split = QSplitter(Qt.Orientation.Horizontal)
        self.sources = SourceList()
        self.looker = Looker(self.queue, self.sources, self._scratch, self)
        self.sources.wanted.connect(self.looker.add)
        self.sources.tables_wanted.connect(self.looker.add_tables)
        self.sources.chosen.connect(self._show_file)
        self.sources.removed.connect(self._show_file)
        split.addWidget(self.sources)
        self.form = SourceForm()
        self.form.decided.connect(self._decided)
        self.form.edited.connect(self._mapping_edited)
        self.form.replacing.connect(self._replacing)
        self.examiner = Examiner(
            self.queue,
            self.form.findings,
            self._scratch,
            self.looker.stated,
            self._target,
            self.sources.current,
            self,
        )
        self.looker.looked.connect(self.examiner.examine)
        self.importer = Importer(self.queue, self.sources, self._all_stated, self._target, actions, self)
        self.examiner.examined.connect(self._examined)
        self.examiner.recipe_changed.connect(self._recipe_changed)
        self.examiner.refused.connect(self._not_examined)
        self.examiner.problem.connect(self._actions.refused)
        self.examiner.recipe_kept.connect(self._recipe_kept)
        self.examiner.shown_on_map.connect(self._show_run)
        self.form.findings.chosen.connect(self._treatment_chosen)
        split.addWidget(self.form)
        split.setStretchFactor(1, 1)
        split.setSizes([250, 1060])
        split.setChildrenCollapsible(False)
        column.addWidget(split, 1)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.queue.advanced.connect(lambda percent: self.bar.setValue(round(10 * percent)))
        self.doing = QLabel()
        self.doing.setMinimumWidth(260)
        self.queue.said.connect(self.doing.setText)
        row = QHBoxLayout()
        row.addWidget(self.bar)
        row.addWidget(self.doing, 1)
        column.addLayout(row)
        column.addWidget(self._buttons())
        self._show_file()

    # --- parts ---------------------------------------------------------------------------------------------

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        roles = QDialogButtonBox.ButtonRole

        def add(label: Text, role: Any, press: Callable[[], object]) -> QPushButton:
            made = buttons.addButton(tr(label), role)
            made.setAutoDefault(False)
            made.clicked.connect(lambda _checked=False: press())
            return made

        self.points = add(_ON_MAP, roles.ActionRole, self._show_points)
        self.report = add(Text("导入报告(&R)", "Import &report"), roles.ActionRole, lambda: self._open("report"))
        self.aside = add(
            Text("打开搁置行(&A)", "Open rows set &aside"), roles.ActionRole, lambda: self._open("set_aside")
        )
        self.one = add(Text("导入此文件(&I)", "&Import this file"), roles.ActionRole, self._import_one)
        self.all = add(_ALL, roles.ActionRole, self._import_all)
        self.stop = add(words.CANCEL, roles.ActionRole, self.queue.cancel)
        add(words.CLOSE, roles.RejectRole, self.reject)
        return buttons

    def _target(self) -> str:
        return str(self.workspace.filePath()).strip()

    def _all_stated(self, item: SourceFile) -> dict[str, Any]:
        return {**self.looker.stated(item), **self.examiner.parameters(item)}

    def is_busy(self) -> bool:
        """Tell whether a file is being looked into or imported."""
        return self.queue.is_busy()

    def dragEnterEvent(self, event: Any) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        self.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def add(self, paths: list[Path]) -> None:
        """Put files on the list and look into them, one after the other."""
        self.looker.add(paths)

    # --- what the planner decides --------------------------------------------------------------------------

    def _decided(self, name: str, value: str) -> None:
        item = self.sources.current()
        if item is None or getattr(item, name) == value:
            return
        setattr(item, name, value)
        if name == "edition_of":  # the file is read as before, and compared with other rows
            item.forget_outcome()
            self.examiner.examine(item)
            return
        if name == "kind":
            item.edition_of = ""  # a source of that kind
        item.edited = item.edited and name == "datum"  # another kind, layer or encoding has other fields
        item.forget_outcome()
        self.looker.again(item)

    def _examined(self, item: SourceFile) -> None:
        """Say how a file stands by its diagnosis, which knows more than the first look."""
        if item.found is None or item.summary:
            return
        item.found.problems = texts(item.diagnosis.get("problems"))
        blocks = (item.diagnosis.get("findings") or {}).get("blocks") or 0
        warns = (item.diagnosis.get("findings") or {}).get("warns") or 0
        counts = Text(f"阻断 {blocks}，警告 {warns}", f"blocking: {blocks}, warnings: {warns}")
        rows = Text(f"{item.found.rows} 行", f"Rows: {item.found.rows}")
        first = Text("需要您决定", "Needs your decision") if item.found.problems else rows
        state = Text(f"{first.zh}；{counts.zh}", f"{first.en}; {counts.en}")
        self.sources.tell(item, state, ok=False if item.found.problems else None)

    def _not_examined(self, item: SourceFile) -> None:
        self.sources.tell(item, item.refusal, ok=False)

    def _recipe_kept(self, path: str) -> None:
        said = tr(Text("处理方案已保存：{path}", "The recipe is saved: {path}")).format(path=path)
        self._actions.messages.success(said)
        self.doing.setText(said)
        self.doing.setVisible(True)

    def _recipe_changed(self, item: SourceFile) -> None:
        item.edited = False
        item.forget_outcome()
        self.looker.again(item)

    def _treatment_chosen(self) -> None:
        item = self.sources.current()
        if item is not None:
            item.forget_outcome()
        self._enable()

    def _replacing(self, allowed: bool) -> None:
        item = self.sources.current()
        if item is not None:
            item.replace = allowed

    def _mapping_edited(self) -> None:
        item = self.sources.current()
        if item is not None:
            item.edited = True
            item.forget_outcome()
        self._enable()

    def _show_file(self) -> None:
        item = self.sources.current()
        self.form.show_file(item, self._target())
        self.examiner.show(item)
        self.form.show_counts(item)
        self._enable()

    def _enable(self) -> None:
        item = self.sources.current()
        busy = self.queue.is_busy()
        missing = self.form.mapping.missing_line()
        target = bool(self._target())
        ready = sum(map(is_ready, self.sources.files))
        self.form.show_note(item, target)
        self.one.setEnabled(bool(target and not busy and item and is_ready(item) and not missing))
        self.all.setText(tr(_ALL) if not ready else tr(_ALL_READY).format(n=ready))
        self.all.setEnabled(bool(target and not busy and ready))
        self.sources.remove.setEnabled(item is not None and not busy)
        self.stop.setEnabled(busy)
        self.bar.setVisible(busy)
        self.doing.setVisible(busy)
        self.report.setEnabled(bool(item and item.outputs.get("report")))
        self.points.setEnabled(bool(item and item.outputs.get("finding_points")))
        self.aside.setEnabled(bool(item and item.summary.get("rows_set_aside")))

    # --- importing -----------------------------------------------------------------------------------------

    def _import_one(self) -> None:
        item = self.sources.current()
        if item is not None:
            self.importer.add(item)

    def _import_all(self) -> None:
        for item in filter(is_ready, list(self.sources.files)):
            self.importer.add(item)

    def _show_points(self) -> None:
        """Load where the faults of an imported file lie."""
        item = self.sources.current()
        run = runs.read(Path(item.outputs["report"]).parent) if item and item.outputs.get("report") else None
        if run is not None:
            self._show_run(run)

    def _show_run(self, run: runs.Run) -> None:
        """Load where the faults lie, into view: this window steps back."""
        self._actions.load_run(run)
        self._actions.dock.refresh()
        self._actions.iface.mainWindow().activateWindow()
        self._actions.iface.mainWindow().raise_()

    def _open(self, name: str) -> None:
        item = self.sources.current()
        if item is not None and item.outputs.get(name):
            open_file(item.outputs[name])


_ALL = Text("全部导入(&T)", "Impor&t all")
_ALL_READY = Text("导入就绪的 {n} 个(&T)", "Impor&t the {n} ready")
_ON_MAP = Text("问题位置(&F)", "Faults on t&he map")
