"""The import dialog: choose files, see what is in them, decide what is unclear, import."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
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

from ..errors import Cancelled, XinjiError
from ..text import Text, same
from . import words
from .icons import icon
from .inspect_result import inspection_from
from .inspection import SourceFile, write_mapping
from .job_queue import JobQueue
from .language import say, tr
from .run_list import open_file
from .source_form import SourceForm
from .source_list import SourceList
from .summaries import summary_line

_COUNTS = ("rows_in", "rows_out", "rows_set_aside")


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
        self._imported: list[SourceFile] = []  # since the queue was last empty
        self._scratch = Path(tempfile.mkdtemp(prefix="xinji_"))
        self.destroyed.connect(lambda _gone=None, folder=self._scratch: shutil.rmtree(folder, ignore_errors=True))
        self.queue = JobQueue(self)
        self.queue.changed.connect(self._show_file)
        self.queue.emptied.connect(self._report_imports)
        self.setWindowTitle(tr(Text("导入数据", "Import data")))
        self.setWindowIcon(icon("import"))
        self.setAcceptDrops(True)
        self.resize(1080, 640)
        column = QVBoxLayout(self)
        top = QHBoxLayout()
        label = QLabel(tr(Text("导入到工作区", "Into workspace")))
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
        self.sources.wanted.connect(self.add)
        self.sources.chosen.connect(self._show_file)
        self.sources.removed.connect(self._show_file)
        split.addWidget(self.sources)
        self.form = SourceForm()
        self.form.decided.connect(self._decided)
        self.form.edited.connect(self._mapping_edited)
        self.form.replacing.connect(self._replacing)
        split.addWidget(self.form)
        split.setStretchFactor(1, 1)
        split.setSizes([260, 820])
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

        self.report = add(words.OPEN_REPORT, roles.ActionRole, lambda: self._open("report"))
        self.aside = add(Text("打开搁置行", "Open rows set aside"), roles.ActionRole, lambda: self._open("set_aside"))
        self.one = add(Text("导入此文件", "Import this file"), roles.ActionRole, self._import_one)
        self.all = add(_ALL, roles.ActionRole, self._import_all)
        self.stop = add(words.CANCEL, roles.ActionRole, self.queue.cancel)
        add(words.CLOSE, roles.RejectRole, self.reject)
        return buttons

    def is_busy(self) -> bool:
        """Tell whether a file is being looked into or imported."""
        return self.queue.is_busy()

    def dragEnterEvent(self, event: Any) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        self.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    # --- the list of files ---------------------------------------------------------------------------------

    def add(self, paths: list[Path]) -> None:
        """Put files on the list and look into them, one after the other."""
        known = {item.path for item in self.sources.files}
        for path in paths:
            if path not in known:
                self._put(SourceFile(path), len(self.sources.files))
        if paths and self.sources.list.currentRow() < 0:
            self.sources.list.setCurrentRow(0)

    def _put(self, item: SourceFile, place: int) -> None:
        self.sources.put(item, place)
        self.queue.add(lambda: self._inspect(item))

    def _split(self, item: SourceFile, layers: list[str]) -> None:
        """Put an entry a layer in place of a file that has several."""
        place = self.sources.files.index(item)
        for number, name in enumerate(layers):
            self._put(replace(item, layer=name, found=None), place + 1 + number)
        self.sources.take(item)

    # --- looking into a file -------------------------------------------------------------------------------

    def _inspect(self, item: SourceFile) -> None:
        if item not in self.sources.files:
            return

        def done(result: Any) -> None:
            item.found = inspection_from(result)
            if len(item.found.layers) > 1 and not item.found.layer:
                self._split(item, item.found.layers)
                return
            item.kind = item.kind or item.found.kind
            rows = Text(f"{item.found.rows} 行", f"Rows: {item.found.rows}")
            unclear = Text("需要您决定", "Needs your decision")
            self.sources.tell(item, unclear if item.found.problems else rows, ok=False if item.found.problems else None)

        def failed(error: XinjiError) -> None:
            item.found = None
            self.sources.tell(item, same(say(error)), ok=False)

        stated = {**item.parameters(), **self._mapping_of(item)}
        self.sources.tell(item, Text("正在查看…", "Looking …"))
        folder = Path(tempfile.mkdtemp(dir=self._scratch)) / "inspect"
        self.queue.start(Text("查看文件", "Looking into a file"), "inspect_source", stated, folder, done, failed)

    def _mapping_of(self, item: SourceFile) -> dict[str, str]:
        """Write the fields that were set by hand to a file, as a parameter of the jobs; nothing where none were."""
        if not item.edited or item.found is None:
            return {}
        return {"mapping": str(write_mapping(item.found, Path(tempfile.mkdtemp(dir=self._scratch)) / "mapping.json"))}

    # --- what the planner decides --------------------------------------------------------------------------

    def _decided(self, name: str, value: str) -> None:
        item = self.sources.current()
        if item is None or getattr(item, name) == value:
            return
        setattr(item, name, value)
        item.edited = item.edited and name == "datum"  # another kind, layer or encoding has other fields
        item.summary, item.outputs = {}, {}
        self.queue.add(lambda: self._inspect(item))

    def _replacing(self, allowed: bool) -> None:
        item = self.sources.current()
        if item is not None:
            item.replace = allowed

    def _mapping_edited(self) -> None:
        item = self.sources.current()
        if item is not None:
            item.edited, item.summary, item.outputs = True, {}, {}
        self._enable()

    def _show_file(self) -> None:
        self.form.show_file(self.sources.current())
        self._enable()

    def _enable(self) -> None:
        item = self.sources.current()
        busy = self.queue.is_busy()
        missing = self.form.mapping.missing_line()
        target = bool(self.workspace.filePath().strip())
        ready = sum(map(self._ready, self.sources.files))
        self.form.show_note(item, target)
        self.one.setEnabled(bool(target and not busy and item and self._ready(item) and not missing))
        self.all.setText(tr(_ALL) if not ready else tr(_ALL_READY).format(n=ready))
        self.all.setEnabled(bool(target and not busy and ready))
        self.sources.remove.setEnabled(item is not None and not busy)
        self.stop.setEnabled(busy)
        self.bar.setVisible(busy)
        self.doing.setVisible(busy)
        self.report.setEnabled(bool(item and item.outputs.get("report")))
        self.aside.setEnabled(bool(item and item.summary.get("rows_set_aside")))

    @staticmethod
    def _ready(item: SourceFile) -> bool:
        if item.found is None or not item.kind or item.summary:
            return False
        return item.edited or not item.found.problems

    # --- importing -----------------------------------------------------------------------------------------

    def _import_one(self) -> None:
        item = self.sources.current()
        if item is not None:
            self.queue.add(lambda: self._import(item))

    def _import_all(self) -> None:
        for item in filter(self._ready, list(self.sources.files)):
            self.queue.add(lambda item=item: self._import(item))

    def _import(self, item: SourceFile) -> None:
        workspace = self.workspace.filePath().strip()
        if not workspace.lower().endswith(".gpkg"):
            workspace += ".gpkg"
        stated = {**item.parameters(), "workspace": workspace, "replace": item.replace, **self._mapping_of(item)}

        def done(result: Any) -> None:
            item.summary, item.outputs = result.summary, result.outputs
            self.sources.tell(item, summary_line(result.summary), ok=True)
            self._imported.append(item)
            self._actions.dock.set_workspace(workspace)

        def failed(error: XinjiError) -> None:
            self.sources.tell(item, same(say(error)), ok=False)
            if not isinstance(error, Cancelled):
                self._actions.refused(error)
            if error.report:
                item.outputs = {"report": error.report}

        self.sources.tell(item, Text("正在导入…", "Importing …"))
        label = Text(f"导入 {item.path.name}", f"Importing {item.path.name}")
        self.queue.start(label, "import_layer", stated, None, done, failed)

    def _report_imports(self) -> None:
        """Say once what came in, however many files it were."""
        done, self._imported = self._imported, []
        if not done:
            return
        total = {key: sum(int(item.summary.get(key) or 0) for item in done) for key in _COUNTS}
        line = tr(summary_line(total))
        if len(done) > 1:
            files = tr(Text("{n} 个文件", "{n} files")).format(n=len(done))
            self._actions.messages.success(f"{files}{tr(words.COLON)}{line}")
            return
        report = done[0].outputs.get("report", "")
        button = (tr(words.OPEN_REPORT), lambda: open_file(report)) if report else None
        self._actions.messages.success(f"{done[0].path.name}{tr(words.COLON)}{line}", button)

    def _open(self, name: str) -> None:
        item = self.sources.current()
        if item is not None and item.outputs.get(name):
            open_file(item.outputs[name])


_ALL = Text("全部导入", "Import all")
_ALL_READY = Text("导入就绪的 {n} 个", "Import the {n} ready")
