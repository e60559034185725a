"""The import dialog: choose files, see what is in them, decide what is unclear, import."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ..errors import Cancelled, XinjiError
from ..layers.specs import SPECS
from ..text import Text, same
from . import tasks, words
from .icons import icon
from .inspect_result import inspection_from
from .inspection import SourceFile, write_mapping
from .language import say, tr
from .source_form import SourceForm
from .summaries import summary_line

_FILTER = Text(
    "数据文件 (*.csv *.tsv *.txt *.xlsx *.xlsm *.shp *.geojson *.json *.gpkg *.kml *.gdb);;所有文件 (*)",
    "Data files (*.csv *.tsv *.txt *.xlsx *.xlsm *.shp *.geojson *.json *.gpkg *.kml *.gdb);;All files (*)",
)
_MARKS = {None: "", True: "✓ ", False: "⚠ "}


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
        self._files: list[SourceFile] = []
        self._task: tasks.CallTask | None = None
        self._queue: list[Callable[[], None]] = []
        self.setWindowTitle(tr(Text("导入数据", "Import data")))
        self.setWindowIcon(icon("import"))
        self.resize(1080, 640)
        column = QVBoxLayout(self)
        top = QHBoxLayout()
        top.addWidget(QLabel(tr(Text("导入到工作区", "Into workspace"))))
        self.workspace = QgsFileWidget()
        self.workspace.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.workspace.setConfirmOverwrite(False)
        self.workspace.setFilter(tr(words.GEOPACKAGE_FILTER))
        self.workspace.setFilePath(actions.dock.workspace())
        self.workspace.fileChanged.connect(lambda _path: self._enable())
        top.addWidget(self.workspace, 1)
        column.addLayout(top)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._left())
        self.form = SourceForm()
        self.form.decided.connect(self._decided)
        self.form.edited.connect(self._mapping_edited)
        split.addWidget(self.form)
        split.setStretchFactor(1, 1)
        split.setSizes([260, 820])
        column.addWidget(split, 1)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.doing = QLabel()
        self.doing.setMinimumWidth(260)
        row = QHBoxLayout()
        row.addWidget(self.bar)
        row.addWidget(self.doing, 1)
        column.addLayout(row)
        column.addWidget(self._buttons())
        self._show_file()

    # --- parts ---------------------------------------------------------------------------------------------

    def _left(self) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setAlternatingRowColors(True)
        self.list.currentRowChanged.connect(lambda _row: self._show_file())
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        for label, press in (
            (Text("添加文件…", "Add files …"), self._add_files),
            (Text("添加 .gdb…", "Add .gdb …"), self._add_folder),
            (Text("移除", "Remove"), self._remove),
        ):
            made = QPushButton(tr(label))
            made.setAutoDefault(False)
            made.clicked.connect(lambda _checked=False, press=press: press())
            row.addWidget(made)
        column.addLayout(row)
        return part

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
        self.all = add(Text("全部导入", "Import all"), roles.ActionRole, self._import_all)
        self.stop = add(words.CANCEL, roles.ActionRole, self._cancel)
        add(words.CLOSE, roles.RejectRole, self.reject)
        return buttons

    # --- the list of files ---------------------------------------------------------------------------------

    def _add_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(
            self, tr(Text("选择要导入的文件", "Choose files to import")), "", tr(_FILTER)
        )
        self.add([Path(path) for path in paths])

    def _add_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr(Text("选择 .gdb 文件夹", "Choose a .gdb folder")))
        if path:
            self.add([Path(path)])

    def add(self, paths: list[Path]) -> None:
        """Put files on the list and look into them, one after the other."""
        known = {item.path for item in self._files}
        for path in paths:
            if path not in known:
                self._put(SourceFile(path), len(self._files))
        if paths and self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _put(self, item: SourceFile, place: int) -> None:
        self._files.insert(place, item)
        self.list.insertItem(place, QListWidgetItem())
        self._tell(item)
        self._later(lambda: self._inspect(item))

    def _split(self, item: SourceFile, layers: list[str]) -> None:
        """Put an entry a layer in place of a file that has several."""
        place = self._files.index(item)
        for number, name in enumerate(layers):
            self._put(replace(item, layer=name, found=None), place + 1 + number)
        del self._files[place]
        self.list.takeItem(place)

    def _remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0 and self._task is None:
            del self._files[row]
            self.list.takeItem(row)
            self._show_file()

    def _tell(self, item: SourceFile, state: Text | None = None, ok: bool | None = None) -> None:
        if state is not None:
            item.state, item.ok = state, ok
        if item not in self._files:
            return
        entry = self.list.item(self._files.index(item))
        kind = tr(SPECS[item.kind].label) if item.kind in SPECS else ""
        name = f"{item.path.name} | {item.layer}" if item.layer else item.path.name
        lines = [_MARKS[item.ok] + name, kind, tr(item.state)]
        entry.setText("\n".join(filter(None, lines)))
        entry.setToolTip(str(item.path))

    def chosen(self) -> SourceFile | None:
        """Give the file that is selected."""
        row = self.list.currentRow()
        return self._files[row] if 0 <= row < len(self._files) else None

    # --- one thing after the other -------------------------------------------------------------------------

    def _later(self, act: Callable[[], None]) -> None:
        self._queue.append(act)
        if self._task is None:
            self._next()

    def _next(self) -> None:
        self._task = None
        if self._queue:
            self._queue.pop(0)()
        self._enable()

    def _start(
        self,
        label: Text,
        job: str,
        stated: dict[str, Any],
        output: Path | None,
        done: Callable[[Any], None],
        failed: Callable[[XinjiError], None],
    ) -> None:
        def ended(act: Callable[[Any], None], value: Any) -> None:
            act(value)
            self.doing.clear()
            self._next()
            self._show_file()

        task = tasks.engine_task(
            label, job, stated, output, lambda result: ended(done, result), lambda error: ended(failed, error)
        )
        task.said.connect(self.doing.setText)
        task.progressChanged.connect(lambda percent: self.bar.setValue(round(10 * percent)))
        self._task = task
        self._enable()
        tasks.start(task)

    def _cancel(self) -> None:
        self._queue.clear()
        if self._task is not None:
            self._task.cancel()

    def _inspect(self, item: SourceFile) -> None:
        def done(result: Any) -> None:
            if item not in self._files:
                return
            item.found = inspection_from(result)
            if len(item.found.layers) > 1 and not item.found.layer:
                self._split(item, item.found.layers)
                return
            item.kind = item.kind or item.found.kind
            rows = Text(f"{item.found.rows} 行", f"Rows: {item.found.rows}")
            unclear = Text("需要您决定", "Needs your decision")
            self._tell(item, unclear if item.found.problems else rows, ok=False if item.found.problems else None)

        def failed(error: XinjiError) -> None:
            item.found = None
            self._tell(item, same(say(error)), ok=False)

        stated = item.parameters()
        self._tell(item, Text("正在查看…", "Looking …"))
        folder = Path(tempfile.mkdtemp(prefix="xinji_")) / "inspect"
        self._start(Text("查看文件", "Looking into a file"), "inspect_source", stated, folder, done, failed)

    # --- what the planner decides --------------------------------------------------------------------------

    def _decided(self, name: str, value: str) -> None:
        item = self.chosen()
        if item is None or getattr(item, name) == value:
            return
        setattr(item, name, value)
        item.edited, item.summary, item.outputs = False, {}, {}
        self._later(lambda: self._inspect(item))

    def _mapping_edited(self) -> None:
        item = self.chosen()
        if item is not None:
            item.edited, item.summary, item.outputs = True, {}, {}
        self._enable()

    def _show_file(self) -> None:
        self.form.show_file(self.chosen())
        self._enable()

    def _enable(self) -> None:
        item = self.chosen()
        busy = self._task is not None
        missing = self.form.mapping.missing_line()
        target = bool(self.workspace.filePath().strip())
        self.form.show_note(item, target)
        self.one.setEnabled(bool(target and not busy and item and self._ready(item) and not missing))
        self.all.setEnabled(bool(target and not busy and any(self._ready(other) for other in self._files)))
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
        item = self.chosen()
        if item is not None:
            self._later(lambda: self._import(item))

    def _import_all(self) -> None:
        for item in self._files:
            if self._ready(item):
                self._later(lambda item=item: self._import(item))

    def _import(self, item: SourceFile) -> None:
        workspace = self.workspace.filePath().strip()
        if not workspace.lower().endswith(".gpkg"):
            workspace += ".gpkg"
        stated = {**item.parameters(), "workspace": workspace}
        if item.edited and item.found is not None:
            folder = Path(tempfile.mkdtemp(prefix="xinji_"))
            stated["mapping"] = str(write_mapping(item.found, folder / "mapping.json"))

        def done(result: Any) -> None:
            item.summary, item.outputs = result.summary, result.outputs
            line = summary_line(result.summary)
            self._tell(item, line, ok=not result.summary.get("rows_set_aside"))
            button = (tr(words.OPEN_REPORT), lambda: self._open_path(result.outputs.get("report", "")))
            self._actions.messages.success(f"{item.path.name}{tr(words.COLON)}{tr(line)}", button)
            self._actions.dock.set_workspace(workspace)

        def failed(error: XinjiError) -> None:
            self._tell(item, same(say(error)), ok=False)
            if not isinstance(error, Cancelled):
                self._actions.messages.error(error, self._report_button(error))
            if error.report:
                item.outputs = {"report": error.report}

        self._tell(item, Text("正在导入…", "Importing …"))
        self._start(
            Text(f"导入 {item.path.name}", f"Importing {item.path.name}"),
            "import_layer",
            stated,
            None,
            done,
            failed,
        )

    def _report_button(self, error: XinjiError) -> tuple[str, Callable[[], object]] | None:
        if not error.report:
            return None
        return tr(words.OPEN_REPORT), lambda: self._open_path(error.report)

    def _open(self, name: str) -> None:
        item = self.chosen()
        if item is not None:
            self._open_path(item.outputs.get(name, ""))

    @staticmethod
    def _open_path(path: str) -> None:
        if path:
            QDesktopServices.openUrl(QUrl.fromLocalFile(path))
