"""The planning workspace: one GeoPackage with every layer, that QGIS opens and edits directly.

A workspace is changed in place, in one SQLite transaction, and not by writing a new file over the old one: QGIS may
have it open, and would go on with the old file. The transaction holds the rows, the R-tree, the extent, the history,
the originals of changed values and what undoes the run, so that a kill at any moment leaves the workspace as it was.
Only the difference is written: a row that came before keeps its row id and UUID, and one that is the same is not
touched. The R-tree is kept by GDAL's own triggers (`geopackage.connect` lends SQLite the functions that they call), or
packed anew where much changes (`rtree`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from ...errors import Fault, WorkspaceError
from ...text import Text
from ..columns import ARROW_TYPES, from_arrow, plain
from ..shapes import as_type
from ..spec import Field, LayerSpec
from ..specs import SPECS
from ..table import LayerTable, PointTable
from . import geopackage
from .arrow_points import decode_points
from .deleted import Deleted, deleted_rows
from .history import LayerChangedError, imports, note_of, records, touch, write_note
from .making import WorkspaceExistsError, being_made, refusal
from .row_changes import apply
from .source_rows import ORIGINAL_COLUMNS, Column, Rows, Stated, difference, write_originals
from .undoing import Undone, tidy, undo
from .workspace_schema import CHANGES, READABLE_VERSIONS, SCHEMA_VERSION, WRITTEN, upgrade


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
        self._version = int(version)

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
            return records(connection)

    def imports(self, spec: LayerSpec) -> int:
        """Give how often a run has changed a layer: a mark by which `replace_rows` sees that another one came."""
        with self._connection() as connection:
            return imports(connection, spec)

    def originals(self, spec: LayerSpec) -> pd.DataFrame:
        """Give the original text of values that imports changed: sequence, uuid, `source_rows.ORIGINAL_COLUMNS`."""
        names = ["sequence", "uuid", *ORIGINAL_COLUMNS]
        with self._connection() as connection:
            known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (CHANGES,)).fetchone()
            rows = (
                connection.execute(
                    f"SELECT {', '.join(names)} FROM {CHANGES} WHERE layer = ? ORDER BY id", (spec.name,)
                ).fetchall()
                if known
                else []
            )
        return pd.DataFrame(rows, columns=names)

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

    def earlier(self, spec: LayerSpec, source_file: str) -> Earlier:
        """Read the rows that one source brought, each with what the source said of it then.

        Raises
        ------
        LayerChangedError
            The layer changed between two looks.
        """
        table = self.rows_of(spec, source_file)
        with self._connection() as connection:
            known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (WRITTEN,)).fetchone()
            if not known:
                return Earlier(table, [None] * len(table))
            rows = connection.execute(
                f"SELECT t.uuid, w.digest FROM {geopackage.quoted(spec.name)} t LEFT JOIN {WRITTEN} w"
                " ON w.layer = ? AND w.fid = t.fid WHERE t.source_file = ? ORDER BY t.fid",
                (spec.name, source_file),
            ).fetchall()
        if [row[0] for row in rows] != plain(table.columns["uuid"], spec.field("uuid")):
            raise LayerChangedError(spec)
        return Earlier(table, [row[1] for row in rows])

    def deleted(self, spec: LayerSpec, source_file: str) -> Deleted:
        """Give the rows that one source brought and a planner deleted."""
        with self._connection() as connection:
            return deleted_rows(connection, spec, source_file)

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
        later = [field for field in fields if field.since > self._version and field.name not in table.column_names]
        for field in later:
            table = table.append_column(field.name, pa.nulls(table.num_rows, ARROW_TYPES[field.kind]))
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

    def replace_rows(
        self,
        table: LayerTable,
        *,
        history: Mapping[str, Any],
        expected_imports: int | None = None,
        stated: Stated | None = None,
        originals: pd.DataFrame | None = None,
        forget: Collection[int] = (),
    ) -> int:
        """Put rows into their layer in place of those from the same source files, and note it in the history.

        Everything happens or nothing does. Rows of other source files, and rows that planners drew, stay. A row whose
        UUID was there keeps its row id; one that is the same is not written.

        Parameters
        ----------
        table : LayerTable
            Fields that it does not hold stay empty. Single lines and polygons become multi-part ones.
        history : mapping
            Values by the keys of `HISTORY_COLUMNS`; ``layer`` is filled in. Its ``source_file`` is also replaced where
            `table` is empty, so that an import that sets every row aside leaves nothing stale.
        expected_imports : int, optional
            What `imports` gave when the caller looked at the layer; 0 for a workspace that did not exist.
        stated : Stated, optional
            What the source says of each row, where planners' edits stay in some (`replacing.compare` gives it).
            Default: just what `table` holds.
        originals : pandas.DataFrame, optional
            Columns `source_rows.ORIGINAL_COLUMNS`: the text of values that the import changed, as it stood.
        forget : collection of int
            Ids of rows that a planner deleted (`deleted`) and that `table` brings back as new ones.

        Returns
        -------
        int
            The run's number in the history.

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
        note = note_of(spec, history)
        names = [str(name) for name in table.columns.columns]
        cells: list[Sequence[Any]] = [Column(table.columns[name], spec.field(name)) for name in names]
        rows = Rows(names, cells, geopackage.blobs(as_type(table.geometry, spec.geometry.value, spec.name)))
        sources = {history.get("source_file")}
        if "source_file" in names:
            sources |= set(plain(pd.Series(table.columns["source_file"].unique()), spec.field("source_file")))
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            if expected_imports is not None and imports(connection, spec) != expected_imports:
                raise LayerChangedError(spec)
            upgrade(connection)
            changes = difference(connection, spec, rows, {str(source) for source in sources if source}, stated)
            changes.digests.update(dict.fromkeys(forget))
            sequence = write_note(connection, note)
            apply(connection, spec, changes, sequence)
            if originals is not None:
                write_originals(connection, spec, sequence, originals, rows)
            tidy(connection, spec, sequence)
            connection.execute("COMMIT")
        return sequence

    def undo(
        self,
        sequence: int | None = None,
        *,
        versions: Mapping[str, Any] | None = None,
        report: Callable[[Undone], None] | None = None,
    ) -> Undone:
        """Take a run back: by default the latest import that still holds; see `undoing`.

        Parameters
        ----------
        sequence : int, optional
            The run's number in the history.
        versions : mapping, optional
            For the history.
        report : callable, optional
            Called with what was done before it holds: where it fails, nothing has changed.

        Raises
        ------
        UndoRefusedError
            It cannot be taken back; nothing has changed.
        """
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            upgrade(connection)
            words = json.dumps(versions or {}, ensure_ascii=False, sort_keys=True)
            done = undo(connection, sequence, {"versions": words})
            touch(connection)
            if report is not None:
                report(done)
            connection.execute("COMMIT")
        return done


class Earlier(NamedTuple):
    """The rows that a source brought before, and the digest of what it said of each then (None: not known)."""

    table: LayerTable
    digests: list[bytes | None]


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
