"""Read a table or view of PostgreSQL, with PostGIS or without: nothing but SELECT, in a transaction that may not write.

The rows come in the order of the primary key, else of their own text, so that the same content gives the same hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pyproj
import shapely
from psycopg import sql

from ...errors import InputError
from ...text import NOTHING, Text
from ..findings.findings import Findings
from ..reading.headings import matches
from ..reading.mapping import propose
from ..spec import Geometry, LayerSpec
from . import gdal
from .container import note_container
from .dsn import Address, joined_table, parse, split_table, without_password
from .encoding import codec_of_cells
from .raw_table import RawTable, no_layer, which_layer
from .rings import decode

_CONNECT_S = 10
_STATEMENT_MS = 120_000
_LOCK_MS = 5_000
_ROWS_A_FETCH = 20_000
_SHAPES = ("geometry", "geography")
_SKIPPED = (*_SHAPES, "raster")
_OWN: tuple[str, ...] = (
    "spatial_ref_sys",
    "geometry_columns",
    "geography_columns",
    "raster_columns",
    "raster_overviews",
)
_OWN += ("layer_styles", "qgis_projects")
_FAMILIES = {Geometry.POINT: "POINT", Geometry.LINE: "LINE", Geometry.POLYGON: "POLYGON"}

# What may be read: tables, views, materialised views, foreign and partitioned tables outside the system's schemas.
_TABLES = """
SELECT n.nspname, c.relname, a.attname, t.typname, format_type(a.atttypid, a.atttypmod),
       COALESCE(array_position(i.indkey::smallint[], a.attnum), -1)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'topology', 'tiger', 'tiger_data')
  AND n.nspname NOT LIKE 'pg\\_%%' AND NOT c.relname = ANY(%s)
  AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
ORDER BY n.nspname, c.relname, a.attnum
"""


@dataclass
class _Table:
    """A table that may be read, and one of its geometry columns."""

    schema: str
    name: str
    columns: list[tuple[str, str]] = field(default_factory=list)  # name, type
    keys: dict[int, str] = field(default_factory=dict)  # primary key in its order
    shape: str = ""  # the geometry column, "" for none
    shape_type: str = ""  # "geometry(Point,4490)"
    one_of_several: bool = False

    @property
    def shown(self) -> str:
        return joined_table(self.schema, self.name, self.shape if self.one_of_several else "")

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [(name, kind) for name, kind in self.columns if kind not in _SKIPPED]


def layer_names(source: str) -> tuple[str, ...]:
    """Give the tables and views that may be read, those with geometry first."""
    address = parse(source)
    with _connected(address) as connection:
        return tuple(table.shown for table in _tables(connection))


def read_database(source: str, layer: str | None, spec: LayerSpec | None) -> RawTable:
    """Read one table or view; see `source.read_source`.

    Raises
    ------
    InputError
        The server cannot be reached or refuses, or there is no such table. The password is in no message.
    """
    address = parse(source)
    with _connected(address) as connection:
        tables = {table.shown: table for table in _tables(connection)}
        if not tables:
            raise InputError(
                Text(f"{address.shown} 中没有可读取的表。", f"{address.shown} has no tables that may be read."),
                Text("请检查数据库名和该用户的读取权限。", "Check the database and what this user may read."),
            )
        table = _chosen(address, tables, layer, spec)
        content = _rows(connection, table)
        raw = _as_table(address, table, tuple(tables), content)
        if _is_without_encoding(connection):
            _decode(address, raw)
        if table.shape:
            raw.geometry, raw.damaged, srid = _shapes(content, raw.findings)
            raw.crs = _crs(connection, srid)
            raw.crs_origin = Text("数据库中的 SRID", "the SRID in the database") if raw.crs is not None else NOTHING
    note_container(raw, spec, np.flatnonzero(np.array(content.curved, dtype=bool)))
    return raw


@dataclass
class _Content:
    columns: list[list[Any]]
    shapes: list[bytes | None]
    curved: list[bool]
    sha256: str


@contextmanager
def _connected(address: Address) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection in a read-only transaction with time limits; turn what the server says into our errors."""
    limits = f"-c statement_timeout={_STATEMENT_MS} -c lock_timeout={_LOCK_MS} -c default_transaction_read_only=on"
    given: dict[str, Any] = {"connect_timeout": _CONNECT_S, **address.options}
    try:
        with psycopg.connect(**given, options=limits, application_name="xinji_planner") as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            # Latin-1 keeps each byte of a database that has no encoding of its own.
            encoding = "LATIN1" if _is_without_encoding(connection) else "UTF8"
            connection.execute(sql.SQL("SET client_encoding TO {}").format(encoding))
            connection.execute("SET LOCAL datestyle TO 'ISO, YMD'")
            yield connection
            connection.rollback()
    except (psycopg.Error, UnicodeError, ValueError) as fault:
        raise _refused(address, fault) from None  # the chain would show the connection string


def _is_without_encoding(connection: psycopg.Connection[Any]) -> bool:
    return connection.info.parameter_status("server_encoding") == "SQL_ASCII"


def _refused(address: Address, fault: Exception) -> InputError:
    said = " ".join(str(fault).split())
    for secret in (address.options.get("password"), address.options.get("user")):
        said = said.replace(secret, "***") if secret else said
    said = without_password(said)[:300] or type(fault).__name__
    remedy = Text(
        "请检查主机、端口、数据库名、用户和密码，以及网络是否可达。",
        "Check host, port, database, user and password, and whether the server can be reached.",
    )
    if isinstance(fault, psycopg.errors.QueryCanceled):
        remedy = Text(
            "查询超时：请在数据库中先筛选或建立索引，或导出为 GeoPackage 再导入。",
            "It took too long: filter or index it in the database first, or export it as a GeoPackage.",
        )
    elif isinstance(fault, psycopg.errors.InsufficientPrivilege):
        remedy = Text("请向数据库管理员申请读取权限。", "Ask the administrator for the right to read it.")
    elif isinstance(fault, (UnicodeError, psycopg.errors.CharacterNotInRepertoire)):
        remedy = Text(
            "数据库声明的编码与实际文字不符，请让管理员更正。",
            "The encoding that the database states is not that of its texts; have the administrator correct it.",
        )
    return InputError(
        Text(f"无法读取数据库 {address.shown}：{said}", f"Cannot read the database {address.shown}: {said}"), remedy
    )


def _tables(connection: psycopg.Connection[Any]) -> list[_Table]:
    found: dict[tuple[str, str], _Table] = {}
    shapes: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, name, column, kind, full, key in connection.execute(_TABLES, (list(_OWN),)).fetchall():
        table = found.setdefault((schema, name), _Table(schema, name))
        table.columns.append((column, kind))
        if key >= 0:
            table.keys[key] = column
        if kind in _SHAPES:
            shapes.setdefault((schema, name), []).append((column, full))
    spatial, plain = [], []
    for at, table in found.items():
        columns = shapes.get(at, [])
        for column, full in columns:
            spatial.append(_Table(table.schema, table.name, table.columns, table.keys, column, full, len(columns) > 1))
        if not columns:
            plain.append(table)
    return spatial + plain


def _chosen(address: Address, tables: dict[str, _Table], layer: str | None, spec: LayerSpec | None) -> _Table:
    place = Path(address.database)
    if layer:
        schema, name, column = split_table(layer)
        fits = [
            table
            for table in tables.values()
            if table.name == name and schema in ("", table.schema) and column in ("", table.shape)
        ]
        fits = fits if len(fits) < 2 or schema else [table for table in fits if table.schema == "public"] or fits
        if len(fits) == 1:
            return fits[0]
        raise no_layer(place, layer, list(tables))
    scores: dict[str, tuple[bool, int]] = {}
    wanted = _FAMILIES.get(spec.geometry, "") if spec is not None else ""
    for shown, table in tables.items():
        headings = [name for name, _ in table.fields]
        whole = spec is not None and propose(headings, spec).is_served(spec)
        typed = table.shape_type.partition("(")[2].upper()
        if wanted and typed and not typed.startswith("GEOMETRY") and wanted not in typed:
            whole = False
        scores[shown] = (whole, matches(headings, spec))
    spatial = {shown: score for shown, score in scores.items() if tables[shown].shape}
    # A table with geometry is meant before one without.
    if any(whole for whole, _ in spatial.values()) or not any(whole for whole, _ in scores.values()):
        scores = spatial or scores
    return tables[which_layer(place, scores, spec)]


def _rows(connection: psycopg.Connection[Any], table: _Table) -> _Content:
    """Fetch all rows through a server-side cursor, and hash them as they come."""
    fields = table.fields
    whole = hashlib.sha256("\x1f".join(name for name, _ in fields).encode("utf-8", "surrogateescape"))
    columns: list[list[Any]] = [[] for _ in fields]
    content = _Content(columns, [], [], "")
    with connection.cursor(name="xinji_rows") as cursor:
        cursor.itersize = _ROWS_A_FETCH
        cursor.execute(_query(table))
        while rows := cursor.fetchmany(_ROWS_A_FETCH):
            parts = list(zip(*rows))
            for column, values in zip(columns, parts):
                column.extend(values)
                whole.update(json.dumps(values, ensure_ascii=True).encode("ascii"))
            if table.shape:
                shapes = [None if item is None else bytes(item) for item in parts[-2]]
                content.shapes.extend(shapes)
                content.curved.extend(map(bool, parts[-1]))
                whole.update(json.dumps([-1 if item is None else len(item) for item in shapes]).encode("ascii"))
                whole.update(b"".join(item for item in shapes if item))
    content.sha256 = whole.hexdigest()
    return content


def _query(table: _Table) -> sql.Composed:
    place = sql.Identifier(table.schema, table.name)
    # Each field as the text that PostgreSQL itself writes; the planner's words for yes and no.
    shown = [
        sql.SQL("CASE WHEN {0} THEN '1' WHEN NOT {0} THEN '0' END").format(sql.Identifier(name))
        if kind == "bool"
        else sql.SQL("{}::text").format(sql.Identifier(name))
        for name, kind in table.fields
    ]
    if table.shape:
        shape = sql.SQL("{}::geometry").format(sql.Identifier(table.shape))
        shown.append(sql.SQL("ST_AsEWKB(CASE WHEN ST_HasArc({0}) THEN ST_CurveToLine({0}) ELSE {0} END)").format(shape))
        shown.append(sql.SQL("COALESCE(ST_HasArc({}), FALSE)").format(shape))
    keys = [sql.Identifier(table.keys[at]) for at in sorted(table.keys)]
    order = sql.SQL(", ").join(keys) if keys else sql.SQL('(src.*)::text COLLATE "C"')
    return sql.SQL("SELECT {} FROM {} AS src ORDER BY {}").format(sql.SQL(", ").join(shown), place, order)


def _as_table(address: Address, table: _Table, layers: tuple[str, ...], content: _Content) -> RawTable:
    cells = [_texts(column, kind) for column, (_, kind) in zip(content.columns, table.fields)]
    count = len(content.columns[0]) if content.columns else len(content.shapes)
    return RawTable(
        Path(table.name),
        "PostGIS" if table.shape else "PostgreSQL",
        [name for name, _ in table.fields],
        cells,
        np.arange(1, count + 1, dtype=np.int64),
        layer=table.shown,
        layers=layers,
        shown=f"{address.shown}|{table.shown}",
        sha256=content.sha256,
    )


def _decode(address: Address, raw: RawTable) -> None:
    """Turn bytes that stand as Latin-1 into the texts that they are."""
    found = [pd.factorize(column) for column in raw.cells]
    unique = [[str(text).encode("latin-1", "ignore") for text in values] for _, values in found]
    headings = [heading.encode("latin-1", "ignore") for heading in raw.headings]
    codec = codec_of_cells([*headings, *(cell for column in unique for cell in column)])
    if not codec:
        raise _refused(address, UnicodeError("SQL_ASCII"))
    raw.headings = [heading.decode(codec) for heading in headings]
    raw.cells = [
        np.array([*(cell.decode(codec) for cell in cells), ""], dtype=object)[at]
        for (at, _), cells in zip(found, unique)
    ]
    raw.encoding = {"gb18030": "GB18030", "utf-8": "UTF-8"}.get(codec, codec)


def _texts(values: list[str | None], kind: str) -> np.ndarray:
    """Give a column as the texts that a planner would see."""
    if kind == "bool":
        values = [{"1": "是", "0": "否"}.get(value or "") for value in values]
    elif kind.startswith("timestamp"):
        values = [value and gdal.day(value) for value in values]
    elif kind == "bpchar":
        values = [value and value.rstrip(" ") for value in values]
    return np.array([value or "" for value in values], dtype=object)


def _shapes(content: _Content, findings: Findings) -> tuple[np.ndarray, dict[int, Text], int]:
    """Give the geometry, the rows whose geometry is damaged or in another SRID than most, and that SRID."""
    shapes, broken = decode(content.shapes, findings)
    words = Text("几何数据损坏，无法读取", "its geometry is damaged and cannot be read")
    damaged = {int(at): words for at in np.flatnonzero(broken)}
    there = np.flatnonzero(~shapely.is_missing(shapes))
    srids = shapely.get_srid(shapes[there])
    if not len(srids):
        return shapes, damaged, 0
    known, counts = np.unique(srids, return_counts=True)
    usual = int(known[counts.argmax()])
    for at, srid in zip(there[srids != usual], srids[srids != usual]):
        damaged[int(at)] = Text(
            f"坐标系 SRID {srid} 与其他行的 {usual} 不同", f"its SRID is {srid}, that of the other rows {usual}"
        )
    return shapely.set_srid(shapes, 0), damaged, usual


def _crs(connection: psycopg.Connection[Any], srid: int) -> pyproj.CRS | None:
    if srid <= 0:
        return None
    row = connection.execute(
        "SELECT auth_name, auth_srid, srtext, proj4text FROM spatial_ref_sys WHERE srid = %s", (srid,)
    ).fetchone()
    if row is None:
        return None
    for words in (f"{row[0]}:{row[1]}" if row[0] and row[1] else "", row[2], row[3]):
        if (crs := gdal.crs_of(words)) is not None:
            return crs
    return None
