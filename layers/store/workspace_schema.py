"""What a planning workspace is made of: every layer, the history, the styles and the schema version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyarrow as pa
import pyogrio

from ...text import Text
from ..columns import schema
from ..spec import Geometry
from ..specs import SPECS
from . import geopackage
from .value_maps import write_styles, write_value_maps

SCHEMA_VERSION = 2
READABLE_VERSIONS = (1, 2)  # 1 lacks rows_changed and rows_removed in the history; the next import adds them
HISTORY = "xinji_history"
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
}


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
        write_styles(connection, list(SPECS.values()))
        connection.execute("COMMIT")
    finally:
        connection.close()


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring a workspace of an older readable version to this one, inside the caller's transaction."""
    if connection.execute("SELECT max(version) FROM xinji_schema").fetchone()[0] == SCHEMA_VERSION:
        return
    there = {row[1] for row in connection.execute(f"PRAGMA table_info({HISTORY})")}
    for name in ("rows_changed", "rows_removed"):
        if name not in there:
            connection.execute(f"ALTER TABLE {HISTORY} ADD COLUMN {name} INTEGER")
    geopackage.describe_columns(connection, HISTORY, _HISTORY_LABELS)
    connection.execute("UPDATE xinji_schema SET version = ?", (SCHEMA_VERSION,))
