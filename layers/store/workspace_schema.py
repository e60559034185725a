"""What a planning workspace is made of: every layer, the history, the styles and the schema version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyarrow as pa
import pyogrio

from ...text import Text
from ..columns import schema
from ..spec import Geometry, Kind, LayerSpec
from ..specs import SPECS
from . import geopackage
from .value_maps import write_styles, write_value_maps

SCHEMA_VERSION = 5
# 1 lacks rows_changed and rows_removed in the history; 1 and 2 lack originals, undo and digests; each lacks
# the fields of layers that say a later since. The next import adds them; what was imported before 3 cannot be undone.
READABLE_VERSIONS = (1, 2, 3, 4, 5)
_TABLES_SINCE = 3
_SQL_TYPES = {Kind.INTEGER: "INTEGER", Kind.FLAG: "MEDIUMINT", Kind.REAL: "REAL", Kind.DATE: "DATE"}  # else TEXT
HISTORY = "xinji_history"
CHANGES = "xinji_changes"
UNDO = "xinji_undo"
RUNS = "xinji_runs"
WRITTEN = "xinji_written"
HISTORY_COLUMNS = {
    "action": pa.string(),  # what was done; import where nothing is stated
    "layer": pa.string(),
    "source_file": pa.string(),
    "sha256": pa.string(),
    "datum": pa.string(),
    "mapping": pa.string(),  # JSON: source column to field
    "rows_in": pa.int64(),
    "rows_out": pa.int64(),
    "rows_set_aside": pa.int64(),
    "rows_changed": pa.int64(),  # earlier rows of this source whose values or place are now others
    "rows_removed": pa.int64(),  # earlier rows of this source that did not come again
    "versions": pa.string(),  # JSON
    "date": pa.date32(),  # only where the caller states it
    # since version 3, in the order in which an upgrade adds them
    "rows_merged": pa.int64(),  # rows of the source that became one with another row
    "rows_added": pa.int64(),  # rows of the source that were not there before
    "rows_unchanged": pa.int64(),  # rows of the source whose values and place are as they were
    "received_as": pa.string(),  # name of the file, where the source is known by that of an earlier edition
    "recipe": pa.string(),  # TOML: how the file was read and treated
    "undoes": pa.int64(),  # sequence of the run that this one took back
    "undone_by": pa.int64(),  # sequence of the run that took this one back
    "datum_basis": pa.string(),  # since version 4; JSON: on what the datum stands (`doctor.datum.standing.Basis`)
}
_HISTORY_LABELS = {
    "action": Text("操作", "Action"),
    "layer": Text("图层", "Layer"),
    "source_file": Text("来源文件", "Source file"),
    "sha256": Text("文件校验值", "SHA-256 of the file"),
    "datum": Text("坐标基准", "Datum"),
    "mapping": Text("字段对照", "Field mapping"),
    "rows_in": Text("读入行数", "Rows in"),
    "rows_out": Text("写入行数", "Rows out"),
    "rows_set_aside": Text("搁置行数", "Rows set aside"),
    "rows_changed": Text("变更行数", "Rows changed"),
    "rows_removed": Text("删除行数", "Rows removed"),
    "versions": Text("软件版本", "Versions"),
    "date": Text("日期", "Date"),
    "rows_merged": Text("合并行数", "Rows merged"),
    "rows_added": Text("新增行数", "Rows added"),
    "rows_unchanged": Text("未变行数", "Rows unchanged"),
    "received_as": Text("收到的文件", "Received as"),
    "recipe": Text("处理方案", "Recipe"),
    "undoes": Text("撤销的记录", "Undoes record"),
    "undone_by": Text("被撤销于记录", "Undone by record"),
    "datum_basis": Text("基准依据", "Basis of the datum"),
}
# Tables beside the layers: title, columns, and headings (none: a table that GDAL and QGIS do not list).
_TABLES: dict[str, tuple[str, str, dict[str, Text]]] = {
    CHANGES: (
        "改动原文",
        "id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, sequence INTEGER, layer TEXT, uuid TEXT, source_row INTEGER,"
        " field TEXT, code TEXT, original TEXT, value TEXT",
        {
            "sequence": Text("导入记录", "Record in the history"),
            "layer": Text("图层", "Layer"),
            "uuid": Text("唯一标识", "UUID"),
            "source_row": Text("来源行号", "Source row"),
            "field": Text("字段", "Field"),
            "code": Text("问题代码", "Finding"),
            "original": Text("原文", "Original text"),
            "value": Text("写入值", "Value written"),
        },
    ),
    UNDO: (
        "撤销数据",
        "id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, sequence INTEGER, layer TEXT, row_fid INTEGER, uuid TEXT,"
        " action TEXT, fields TEXT, geometry BLOB, digest BLOB, digest_after BLOB",
        {
            "sequence": Text("导入记录", "Record in the history"),
            "layer": Text("图层", "Layer"),
            "row_fid": Text("行标识", "Row id"),
            "uuid": Text("唯一标识", "UUID"),
            "action": Text("操作", "Action"),
            "fields": Text("原有取值", "Values before"),
            "geometry": Text("原有位置", "Place before"),
            "digest": Text("原有摘要", "Digest before"),
            "digest_after": Text("写入后摘要", "Digest after"),
        },
    ),
    RUNS: ("", "sequence INTEGER PRIMARY KEY NOT NULL, inserted TEXT NOT NULL, bytes INTEGER NOT NULL", {}),
    WRITTEN: ("", "layer TEXT NOT NULL, fid INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (layer, fid)", {}),
}
_INDEXES = (
    f"CREATE INDEX {UNDO}_sequence ON {UNDO} (sequence)",
    f"CREATE INDEX {CHANGES}_layer ON {CHANGES} (layer, sequence)",
)


def build(path: Path) -> None:
    """Write an empty workspace; the file must not exist. The same software gives the same bytes."""
    with geopackage.building():
        for spec in SPECS.values():
            empty = schema(spec).append(pa.field("geom", pa.binary())).empty_table()
            pyogrio.write_arrow(
                empty,
                path,
                layer=spec.name,
                driver="GPKG",
                geometry_name="geom",
                geometry_type=spec.geometry.value if spec.geometry is not Geometry.ANY else "Unknown",
                crs=f"EPSG:{geopackage.SRS_ID}",
                dataset_options={"VERSION": geopackage.VERSION},
                layer_options={"GEOMETRY_NAME": "geom", "IDENTIFIER": spec.label.zh},
            )
        history = pa.schema(list(HISTORY_COLUMNS.items())).empty_table()
        pyogrio.write_arrow(
            history, path, layer=HISTORY, driver="GPKG", layer_options={"FID": "sequence", "IDENTIFIER": "导入记录"}
        )
    connection = geopackage.connect(path)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE xinji_schema (version INTEGER NOT NULL)")
        connection.execute("INSERT INTO xinji_schema VALUES (?)", (SCHEMA_VERSION,))
        for spec in SPECS.values():
            write_value_maps(connection, spec)
        geopackage.describe_columns(connection, HISTORY, _HISTORY_LABELS)
        _make_tables(connection)
        write_styles(connection, list(SPECS.values()))
        connection.execute("COMMIT")
    finally:
        connection.close()


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring a workspace of an older readable version to this one, inside the caller's transaction."""
    version = connection.execute("SELECT max(version) FROM xinji_schema").fetchone()[0]
    if version == SCHEMA_VERSION:
        return
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({HISTORY})")}
    for name, kind in HISTORY_COLUMNS.items():
        if name not in there:
            sql_type = "INTEGER" if pa.types.is_integer(kind) else "TEXT"
            connection.execute(f"ALTER TABLE {HISTORY} ADD COLUMN {name} {sql_type}")
    geopackage.describe_columns(connection, HISTORY, _HISTORY_LABELS)
    if version < _TABLES_SINCE:
        _make_tables(connection)
    for spec in SPECS.values():
        _add_fields(connection, spec, version)
    connection.execute("UPDATE xinji_schema SET version = ?", (SCHEMA_VERSION,))


def _add_fields(connection: sqlite3.Connection, spec: LayerSpec, version: int) -> None:
    """Give a layer the fields that came after a version, empty; a layer that someone deleted stays so."""
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({geopackage.quoted(spec.name)})")}
    missing = [field for field in spec.fields if field.since > version and field.name not in there]
    if not there or not missing:
        return
    for field in missing:
        kind = _SQL_TYPES.get(field.kind, "TEXT")
        connection.execute(f"ALTER TABLE {geopackage.quoted(spec.name)} ADD COLUMN {field.name} {kind}")
    write_value_maps(connection, spec)


def _make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of version 3: those with headings as attribute tables, the others for this software alone."""
    for table, (title, columns, headings) in _TABLES.items():
        connection.execute(f"CREATE TABLE {table} ({columns}){' WITHOUT ROWID' if table == WRITTEN else ''}")
        if headings:
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, srs_id)"
                " VALUES (?, 'attributes', ?, ?, 0)",
                (table, title, geopackage.FIXED_DATE),
            )
            geopackage.describe_columns(connection, table, headings)
    for statement in _INDEXES:
        connection.execute(statement)
