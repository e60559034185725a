"""The files that are to be imported: the left side of the import dialog. Files may be dropped on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...layers.specs import SPECS
from ...text import Text
from ..language import tr
from . import standing
from .inspection import SourceFile

_SUFFIXES = (
    "csv tsv txt xlsx xlsm xls ods shp gpkg geojson json geojsonl ndjson kml kmz gpx dxf tab mif parquet vct zip gdb"
)
_PATTERNS = " ".join(f"*.{suffix} *.{suffix.upper()}" for suffix in _SUFFIXES.split())
_FILTER = Text(f"数据文件 ({_PATTERNS});;所有文件 (*)", f"Data files ({_PATTERNS});;All files (*)")
_EMPTY = Text("添加文件，或把文件拖到窗口中。", "Add files, or drop them on this window.")
_MARKS = {None: "", True: "✓ ", False: "⚠ "}


class SourceList(QWidget):
    """The files with their kind and how they stand."""

    wanted = pyqtSignal(list)  # paths to put on the list
    tables_wanted = pyqtSignal(list)  # SourceFile of tables of a database
    removed = pyqtSignal()
    chosen = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.files: list[SourceFile] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setAlternatingRowColors(True)
        self.list.currentRowChanged.connect(lambda _row: self.chosen.emit())
        self.hint = QLabel(tr(_EMPTY))
        self.hint.setWordWrap(True)
        column.addWidget(self.hint)
        column.addWidget(self.list, 1)
        self._add = self._button(Text("添加文件(&J)…", "Add &files …"), self._ask_files)
        self._add_gdb = self._button(Text("添加 .gdb(&B)…", "Add .gd&b …"), self._ask_folder)
        self._add_tables = self._button(Text("添加 PostGIS 表(&Q)…", "Add P&ostGIS …"), self._ask_tables)
        self.remove = self._button(Text("移除(&V)", "Remo&ve"), self._remove)
        grid = QGridLayout()
        for place, press in enumerate((self._add, self._add_gdb, self._add_tables, self.remove)):
            grid.addWidget(press, place // 2, place % 2)
        column.addLayout(grid)

    @staticmethod
    def _button(label: Text, press: Any) -> QPushButton:
        made = QPushButton(tr(label))
        made.setAutoDefault(False)
        made.clicked.connect(lambda _checked=False: press())
        return made

    def _ask_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(
            self, tr(Text("选择要导入的文件", "Choose files to import")), "", tr(_FILTER)
        )
        self.wanted.emit([Path(path) for path in paths])

    def _ask_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr(Text("选择 .gdb 文件夹", "Choose a .gdb folder")))
        if path:
            self.wanted.emit([Path(path)])

    def _ask_tables(self) -> None:
        from .postgis_dialog import PostgisDialog

        dialog = PostgisDialog(self)
        if dialog.exec():
            self.tables_wanted.emit(dialog.tables())

    def current(self) -> SourceFile | None:
        """Give the file that is selected."""
        row = self.list.currentRow()
        return self.files[row] if 0 <= row < len(self.files) else None

    def choose(self, item: SourceFile) -> None:
        """Select a file."""
        self.list.setCurrentRow(self.files.index(item))

    def arrange(self) -> None:
        """Bring the files into the order in which they should come in; the selected one stays selected."""
        wanted, current = standing.in_order(self.files), self.current()
        if [id(item) for item in wanted] == [id(item) for item in self.files]:
            return
        self.list.blockSignals(True)  # the same file is selected before and after
        self.files[:] = wanted
        for item in wanted:
            self.tell(item)
        if current is not None:
            self.choose(current)
        self.list.blockSignals(False)

    def advise(self, has_units: bool) -> None:
        """Say above the list what to do first."""
        said = standing.advice(self.files, has_units) if self.files else _EMPTY
        self.hint.setText(tr(said))
        self.hint.setVisible(bool(said.zh))

    def put(self, item: SourceFile, place: int) -> None:
        """Put a file on the list."""
        self.files.insert(place, item)
        self.list.insertItem(place, QListWidgetItem())
        self.tell(item)

    def take(self, item: SourceFile) -> None:
        """Take a file off the list."""
        place = self.files.index(item)
        del self.files[place]
        self.list.takeItem(place)

    def clear(self) -> None:
        """Take all files off the list."""
        self.files.clear()
        self.list.clear()

    def _remove(self) -> None:
        item = self.current()
        if item is not None:
            self.take(item)
            self.removed.emit()

    def tell(self, item: SourceFile, state: Text | None = None, ok: bool | None = None) -> None:
        """Say how a file stands: done (True), waiting for a decision or refused (False), or neither."""
        if state is not None:
            item.state, item.ok = state, ok
        if item not in self.files:
            return
        entry = self.list.item(self.files.index(item))
        kind = tr(SPECS[item.kind].label) if item.kind in SPECS else ""
        has_layer = bool(item.layer) and not item.address
        name = f"{item.path.name} | {item.layer}" if has_layer else item.path.name
        lines = [_MARKS[item.ok] + name, kind, tr(item.state)]
        entry.setText("\n".join(filter(None, lines)))
        entry.setToolTip(item.where)
