"""Choose tables of a PostGIS database by one of the connections that QGIS keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsDataSourceUri, QgsProviderConnectionException, QgsProviderRegistry
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...layers.sources.dsn import from_qgis, without_password
from ...text import Text
from .. import words
from ..language import tr
from ..widgets import Paragraph
from .inspection import SourceFile

_NO_CONNECTION = Text(
    "QGIS 中没有 PostgreSQL 连接：请在“浏览器”面板右击 PostgreSQL，选择“新建连接”。",
    "QGIS has no PostgreSQL connection: right-click PostgreSQL in the Browser panel and make one.",
)
_NO_TABLE = Text("该数据库中没有可读取的表。", "The database has no table that can be read.")
_UNREACHED = Text("无法连接：{why}", "It cannot be reached: {why}")
_ROLE = Qt.ItemDataRole.UserRole


def connections() -> dict[str, Any]:
    """Give the stored PostgreSQL connections of QGIS by their names."""
    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    return {} if metadata is None else dict(sorted(metadata.connections(False).items()))


def source_of(name: str, connection: Any, schema: str, table: str, column: str) -> SourceFile:
    """Give a table as a source of the import, its stored credentials expanded.

    Raises
    ------
    ParameterError
        The connection says something that the engine does not understand.
    """
    uri = QgsDataSourceUri(connection.uri())
    uri.setDataSource(schema, table, column)
    found = from_qgis(uri.uri(True))  # with user and password of a stored authentication
    return SourceFile(Path(f"{schema}.{table}"), layer=found.layer, address=found.dsn, connection=name)


class PostgisDialog(QDialog):
    """A connection, and the tables that it leads to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr(Text("添加 PostGIS 表", "Add PostGIS tables")))
        self.resize(520, 420)
        self._connections = connections()
        self.connection = QComboBox()
        for name in self._connections:
            self.connection.addItem(name, name)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setAlternatingRowColors(True)
        self.list.itemSelectionChanged.connect(self._enable)
        self.list.itemActivated.connect(lambda _item: self.accept())
        self.note = Paragraph(3)
        form = QFormLayout()
        form.addRow(tr(Text("连接(&C)", "&Connection")), self.connection)
        form.addRow(tr(Text("查找(&F)", "&Find")), self.search)
        self.buttons = QDialogButtonBox()
        roles = QDialogButtonBox.ButtonRole
        self.take = self.buttons.addButton(tr(Text("添加(&A)", "&Add")), roles.AcceptRole)
        self.buttons.addButton(tr(words.CANCEL), roles.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        column.addWidget(self.buttons)
        self.connection.currentIndexChanged.connect(lambda _index: self._show_tables())
        self._show_tables()

    def _show_tables(self) -> None:
        self.list.clear()
        self.note.setText("")
        connection = self._connections.get(self.connection.currentData() or "")
        if connection is None:
            self.note.setText(tr(_NO_CONNECTION))
        else:
            try:
                tables = connection.tables("")
            except QgsProviderConnectionException as error:
                why = " ".join(without_password(str(error)).split())
                self.note.setText(tr(_UNREACHED).format(why=why))
                tables = []
            else:
                self.note.setText("" if tables else tr(_NO_TABLE))
            for table in sorted(tables, key=lambda one: (one.schema(), one.tableName(), one.geometryColumn())):
                column = table.geometryColumn()
                shown = f"{table.schema()}.{table.tableName()}" + (f" ({column})" if column else "")
                item = QListWidgetItem(shown)
                item.setData(_ROLE, [table.schema(), table.tableName(), column])
                self.list.addItem(item)
        self._filter()

    def _filter(self) -> None:
        wanted = self.search.text().strip().lower()
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setHidden(wanted not in item.text().lower())
        self._enable()

    def _enable(self) -> None:
        self.take.setEnabled(bool(self.list.selectedItems()))

    def tables(self) -> list[SourceFile]:
        """Give the tables that were chosen."""
        name = self.connection.currentData() or ""
        connection = self._connections.get(name)
        if connection is None:
            return []
        return [source_of(name, connection, *item.data(_ROLE)) for item in self.list.selectedItems()]
