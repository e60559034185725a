"""The planning workspace: one GeoPackage with every layer, that QGIS opens and edits directly.

A workspace is changed in place, in one SQLite transaction, and not by writing a new file over the old one: QGIS may
have it open, and would go on with the old file. The transaction holds the rows, the R-tree, the extent and the history,
so that a kill at any moment leaves the workspace as it was. The R-tree is kept by GDAL's own triggers;
`geopackage.connect` lends SQLite the functions that they call.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from ...errors import Fault, WorkspaceError
from ...text import Text
from ..columns import from_arrow, plain
from ..shapes import as_type
from ..spec import Field, LayerSpec
from ..specs import SPECS
from ..table import LayerTable, PointTable
from . import geopackage
from .arrow_points import decode_points
from .making import WorkspaceExistsError, being_made, refusal
from .workspace_schema import HISTORY, HISTORY_COLUMNS, READABLE_VERSIONS, SCHEMA_VERSION, upgrade


class LayerChangedError(WorkspaceError):
    """Another process has imported into a layer since it was looked at."""


def create(path: Path) -> Workspace:
    """Make an empty workspace; errors as `being_made`."""
    with being_made(path):
        pass
    return Workspace(path)


def open_or_create(path: Path) -> Workspace:
    """Open a workspace, or make it where there is none; of several processes that do so one makes it."""
    if not path.exists():
        try:
            return create(path)
        except WorkspaceExistsError:
            pass
    return Workspace(path)


class Workspace:
    """A planning workspace that exists.

    Parameters
    ----------
    path : pathlib.Path
        The GeoPackage.
    timeout_s : float
        How long to wait for another program that is writing.

    Raises
    ------
    WorkspaceError
        There is no such file, it is no workspace, or another version of this software made it.
    """

    def __init__(self, path: Path, timeout_s: float = 5.0) -> None:
        self.path = path
        self._timeout_s = timeout_s
        if not path.is_file():
            raise WorkspaceError(
                Text("没有找到工作区：{path}。", "There is no workspace {path}.").filled(path=path),
                Text("请检查路径，或先导入数据以新建工作区。", "Check the path, or import data first: that makes one."),
            )
        with self._connection() as connection:
            known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'xinji_schema'").fetchone()
            version = connection.execute("SELECT max(version) FROM xinji_schema").fetchone()[0] if known else None
        if version is None:
            raise WorkspaceError(
                Text("{path} 不是规划工作区。", "{path} is not a planning workspace.").filled(path=path),
                Text(
                    "请选择由本软件新建的工作区；普通数据文件请用“导入数据”。",
                    "Choose a workspace that this software made; other data comes in by “Import a layer”.",
                ),
            )
        if version not in READABLE_VERSIONS:
            raise WorkspaceError(
                Text(
                    "工作区 {path} 的结构版本是 {found}，本软件支持版本 {wanted}。",
                    "The workspace {path} has schema version {found}; this software knows version {wanted}.",
                ).filled(path=path, found=version, wanted=SCHEMA_VERSION),
                Text(
                    "请升级插件后再打开，或新建工作区并重新导入数据。",
                    "Update the plugin, or make a new workspace and import the data again.",
                ),
            )

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = geopackage.connect(self.path, self._timeout_s)
        except sqlite3.Error as error:
            raise refusal(self.path, error) from error
        try:
            yield connection
        except sqlite3.Error as error:
            raise refusal(self.path, error) from error
        finally:
            connection.close()  # rolls back what was not committed

    def counts(self) -> dict[str, int]:
        """Give the number of rows by layer name; a layer that someone deleted is not there."""
        with self._connection() as connection:
            there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            return {
                name: connection.execute(f"SELECT count(*) FROM {geopackage.quoted(name)}").fetchone()[0]
                for name in SPECS
                if name in there
            }

    def history(self) -> list[dict[str, Any]]:
        """Give what was done to the workspace, oldest first: ``sequence`` and the keys of `HISTORY_COLUMNS`."""
        with self._connection() as connection:
            there = [row[1] for row in connection.execute(f"PRAGMA table_info({HISTORY})")]
            names = [name for name in ("sequence", *HISTORY_COLUMNS) if name in there]
            rows = connection.execute(f"SELECT {', '.join(names)} FROM {HISTORY} ORDER BY sequence").fetchall()
        records = [{**dict.fromkeys(HISTORY_COLUMNS), **dict(zip(names, row))} for row in rows]
        for record in records:
            for name in ("mapping", "versions"):
                record[name] = json.loads(record[name]) if record[name] else {}
        return records

    def changes(self, spec: LayerSpec) -> int:
        """Give how often an import has changed a layer: a mark by which `replace_rows` sees that another one came."""
        with self._connection() as connection:
            return _changes(connection, spec)

    def keys(self, spec: LayerSpec) -> pd.DataFrame:
        """Give uuid, key fields, source_file and source_row of every row of a layer, in the layer's order."""
        names = list(dict.fromkeys(("uuid", *spec.key, "source_file", "source_row")))
        return self._columns(spec, names)[0]

    def read(self, name: str, columns: Sequence[str] | None = None) -> LayerTable:
        """Read a layer, or some of its fields, in the order in which the rows were written.

        Raises
        ------
        WorkspaceError
            The workspace lacks the layer or a field.
        """
        spec = SPECS[name]
        names = [field.name for field in spec.fields] if columns is None else list(columns)
        frame, table = self._columns(spec, names, geometry=True)
        return LayerTable(spec, frame, shapely.from_wkb(table["geom"].to_numpy(zero_copy_only=False)))

    def rows_of(self, spec: LayerSpec, source_file: str) -> LayerTable:
        """Read all fields of the rows that one source brought."""
        where = "source_file = '{}'".format(source_file.replace("'", "''"))
        frame, table = self._columns(spec, [field.name for field in spec.fields], geometry=True, where=where)
        return LayerTable(spec, frame, shapely.from_wkb(table["geom"].to_numpy(zero_copy_only=False)))

    def read_points(self, name: str, columns: Sequence[str] | None = None) -> PointTable:
        """Read a point layer as `read` does, with coordinates in place of geometry objects: for layers of millions."""
        spec = SPECS[name]
        names = [field.name for field in spec.fields] if columns is None else list(columns)
        frame, table = self._columns(spec, names, geometry=True)
        places = [decode_points(chunk) for chunk in table["geom"].chunks]
        lon, lat = (np.concatenate([np.zeros(0), *(place[axis] for place in places)]) for axis in (0, 1))
        return PointTable(spec, frame, lon, lat)

    def _columns(
        self, spec: LayerSpec, names: Sequence[str], *, geometry: bool = False, where: str | None = None
    ) -> tuple[pd.DataFrame, pa.Table]:
        fields = [spec.field(name) for name in names]
        try:
            _, table = pyogrio.read_arrow(
                self.path, layer=spec.name, columns=list(names), read_geometry=geometry, where=where
            )
        except (pyogrio.errors.DataLayerError, pyogrio.errors.DataSourceError) as error:
            raise self.lacks(spec, error) from error
        self._check_fields(spec, fields, table.column_names)
        frame = pd.DataFrame({field.name: from_arrow(table[field.name], field) for field in fields})
        return frame.set_axis(pd.RangeIndex(table.num_rows)), table

    def _check_fields(self, spec: LayerSpec, fields: Sequence[Field], present: Sequence[str]) -> None:
        missing = [field for field in fields if field.name not in present]
        if missing:
            label = Text("、".join(f.label.zh for f in missing), ", ".join(f.label.en for f in missing))
            raise WorkspaceError(
                Text(
                    "工作区 {path} 的图层“{layer}”缺少字段：{fields}。",
                    "The layer “{layer}” of the workspace {path} lacks: {fields}.",
                ).filled(path=self.path, layer=spec.label, fields=label),
                Text(
                    "字段可能被删除或改名；请恢复，或重新导入。",
                    "It was deleted or renamed; restore it, or import again.",
                ),
            )

    def lacks(self, spec: LayerSpec, error: Exception | None = None) -> WorkspaceError:
        """Give the error of a layer that is not there, or cannot be read."""
        words = Text(f"（{error}）", f"({error})") if error else ""
        return WorkspaceError(
            Text(
                "工作区 {path} 中读不到图层“{layer}”。{words}",
                "The workspace {path} has no readable layer “{layer}”. {words}",
            ).filled(path=self.path, layer=spec.label, words=words),
            Text("请新建工作区并重新导入该图层。", "Make a new workspace and import this layer again."),
        )

    def replace_rows(self, table: LayerTable, *, history: Mapping[str, Any], changes: int | None = None) -> None:
        """Put rows into their layer in place of those from the same source files, and note it in the history.

        Everything happens or nothing does. Rows of other source files, and rows that planners drew, stay.

        Parameters
        ----------
        table : LayerTable
            Fields that it does not hold stay empty. Single lines and polygons become multi-part ones.
        history : mapping
            Values by the keys of `HISTORY_COLUMNS`; ``layer`` is filled in. Its ``source_file`` is also replaced where
            `table` is empty, so that an import that sets every row aside leaves nothing stale.
        changes : int, optional
            What `changes` gave when the caller looked at the layer; 0 for a workspace that did not exist.

        Raises
        ------
        LayerChangedError
            Another process has imported into the layer since; nothing has changed.
        WorkspaceError
            Another program keeps the workspace locked, or it cannot be written to; nothing has changed.
        ValueError
            A geometry is not of the layer's type, or a key of `history` is unknown.
        """
        spec = table.spec
        note = _note(spec, history)
        names = [str(name) for name in table.columns.columns]
        cells = [plain(table.columns[name], spec.field(name)) for name in names]
        shapes = geopackage.blobs(as_type(table.geometry, spec.geometry.value, spec.name))
        sources = {history.get("source_file")}
        if "source_file" in names:
            sources |= set(cells[names.index("source_file")])
        target = geopackage.quoted(spec.name)
        marks = ", ".join("?" * (len(names) + 1))
        titles = ", ".join(map(geopackage.quoted, ("geom", *names)))
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            if changes is not None and _changes(connection, spec) != changes:
                raise LayerChangedError(
                    Text(
                        "导入期间，另一个任务也写入了图层“{layer}”。",
                        "Another job wrote to the layer “{layer}” during this import.",
                    ).filled(layer=spec.label),
                    Text("请在另一个任务完成后重新导入。", "Import again when the other job is done."),
                )
            upgrade(connection)
            connection.executemany(
                f"DELETE FROM {target} WHERE source_file = ?", [(source,) for source in sorted(filter(None, sources))]
            )
            connection.executemany(f"INSERT INTO {target} ({titles}) VALUES ({marks})", zip(shapes, *cells))
            geopackage.settle_contents(connection, spec.name)
            connection.execute(
                f"INSERT INTO {HISTORY} ({', '.join(note)}) VALUES ({', '.join('?' * len(note))})", list(note.values())
            )
            connection.execute(
                "UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?", (geopackage.FIXED_DATE, HISTORY)
            )
            connection.execute("COMMIT")


def _changes(connection: sqlite3.Connection, spec: LayerSpec) -> int:
    found = connection.execute(f"SELECT count(*) FROM {HISTORY} WHERE layer = ?", (spec.name,)).fetchone()
    return int(found[0])


def _note(spec: LayerSpec, history: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(history) - set(HISTORY_COLUMNS))
    if unknown:
        raise ValueError(f"unknown keys of a history note: {', '.join(unknown)}")
    note = {"action": "import", **history, "layer": spec.name}
    for name in ("mapping", "versions"):
        if name in note and not isinstance(note[name], str):
            note[name] = json.dumps(note[name], ensure_ascii=False, sort_keys=True)
    return note


def is_workspace(path: Path) -> bool:
    """Tell whether a file is a planning workspace, of whatever version."""
    if path.suffix.lower() != ".gpkg" or not path.is_file():
        return False
    try:
        connection = geopackage.connect(path)
        try:
            return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'xinji_schema'").fetchone())
        finally:
            connection.close()
    except sqlite3.Error:
        return False  # whoever reads it next says what is wrong with it


def missing_layer_fault(spec: LayerSpec) -> Fault:
    """Say that a layer has no rows yet, and which import brings them."""
    return Fault(
        Text("图层“{label}”没有数据。", "The layer “{label}” has no rows.").filled(label=spec.label),
        Text(
            "请用“导入数据”导入该图层（数据类型：{label}）。",
            "Bring it in by “Import a layer” (kind of data: {label}).",
        ).filled(label=spec.label),
        field=spec.name,
    )
