"""GeoPackage below the level of layers: geometry blobs, column descriptions, a connection that GDAL's triggers work on.

Format: OGC 12-128r15 (GeoPackage 1.2, the newest version that QGIS 3.22 reads without a warning): binary header §2.1.3,
schema extension §F.9, R-tree extension §F.3.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyogrio
import shapely

from ...text import Text

VERSION = "1.2"
FIXED_DATE = "2000-01-01T00:00:00.000Z"  # files must not differ by the day they were written
SRS_ID = 4490  # CGCS2000 longitude, latitude

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_LITTLE, _XY_ENVELOPE, _EMPTY = 0x01, 0x02, 0x10
_WKB_POINT = 1
_DATA_COLUMNS = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT,
 title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,
 CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL,
 value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
 CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
 definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))
"""


@contextmanager
def building() -> Iterator[None]:
    """Let GDAL write one fixed date into a new file, so that the same input gives the same bytes.

    It need not wait for the disk after every layer either: a new file gets its place only when it is whole.
    """
    options = {"OGR_CURRENT_DATE": FIXED_DATE, "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


def quoted(name: str) -> str:
    """Quote an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def connect(path: Path, timeout_s: float = 5.0) -> sqlite3.Connection:
    """Open an existing GeoPackage for reading and writing, with the functions that its R-tree triggers call.

    Transactions are the caller's. The first read also undoes what a killed writer left unfinished.
    """
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=timeout_s, isolation_level=None
    )
    for place, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        connection.create_function(name, 1, _bound(place), deterministic=True)
    connection.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)
    return connection


def envelope(blob: bytes) -> tuple[float, float, float, float]:
    """Give west, east, south, north of a geometry blob that is not empty."""
    indicator = blob[3] >> 1 & 7
    if indicator:
        west, east, south, north = struct.unpack_from("<4d" if blob[3] & _LITTLE else ">4d", blob, 8)
        return west, east, south, north
    order = "<" if blob[8] else ">"
    if struct.unpack_from(order + "I", blob, 9)[0] % 1000 == _WKB_POINT:
        x, y = struct.unpack_from(order + "2d", blob, 13)
        return x, x, y, y
    west, south, east, north = shapely.from_wkb(blob[8:]).bounds
    return west, east, south, north


def _bound(place: int) -> Any:
    def bound(blob: bytes | None) -> float | None:
        return None if blob is None or blob[3] & _EMPTY else envelope(blob)[place]

    return bound


def _is_empty(blob: bytes | None) -> int | None:
    return None if blob is None else int(bool(blob[3] & _EMPTY))


def blobs(geometry: npt.NDArray[Any], srs_id: int = SRS_ID) -> list[bytes | None]:
    """Give the GeoPackage blob of every geometry; None for a missing or empty one, which has no place.

    Everything but a point carries its envelope.
    """
    wkb = shapely.to_wkb(geometry, byte_order=1, output_dimension=2)
    bounds = np.ascontiguousarray(shapely.bounds(geometry)[:, (0, 2, 1, 3)], dtype="<f8")
    is_point = shapely.get_type_id(geometry) == 0
    nothing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    bare = b"GP\x00" + bytes([_LITTLE]) + struct.pack("<i", srs_id)
    boxed = b"GP\x00" + bytes([_LITTLE | _XY_ENVELOPE]) + struct.pack("<i", srs_id)
    return [
        None if nothing[row] else bare + wkb[row] if is_point[row] else boxed + bounds[row].tobytes() + wkb[row]
        for row in range(len(geometry))
    ]


def shape(blob: bytes) -> shapely.Geometry:
    """Give the geometry of a blob that is not empty."""
    return shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[blob[3] >> 1 & 7] :])


def wkb_points(lon: npt.ArrayLike, lat: npt.ArrayLike) -> pa.Array:
    """Give an Arrow column of WKB points, null where a coordinate is not a number, without a Python object a row."""
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    count = len(x)
    placed = np.isfinite(x) & np.isfinite(y)
    points = np.zeros(count, [("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
    points["order"], points["kind"], points["x"], points["y"] = 1, _WKB_POINT, x, y
    offsets = np.arange(count + 1, dtype=np.int64) * points.itemsize
    validity = pa.py_buffer(np.packbits(placed, bitorder="little").tobytes())
    array = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), count, [validity, pa.py_buffer(offsets.tobytes()), pa.py_buffer(points.tobytes())]
    )
    return array.cast(pa.binary()) if offsets[-1] < 2**31 else array


def describe_columns(
    connection: sqlite3.Connection,
    table: str,
    titles: Mapping[str, Text],
    domains: Mapping[str, str] | None = None,
) -> None:
    """Write the columns' titles (Chinese; English as the description) and code lists into the schema extension.

    Parameters
    ----------
    connection : sqlite3.Connection
        Inside a transaction of the caller's.
    titles : mapping
        By column; columns that the table does not have are passed over.
    domains : mapping, optional
        Name of the constraint by column; its values are written by `write_domain`.
    """
    domains = domains or {}
    for statement in _DATA_COLUMNS.split(";"):
        connection.execute(statement)
    _register_schema(connection)
    present = {row[1] for row in connection.execute(f"PRAGMA table_info({quoted(table)})")}
    connection.executemany(
        "INSERT OR REPLACE INTO gpkg_data_columns (table_name, column_name, name, title, description, constraint_name)"
        " VALUES (?, ?, NULL, ?, ?, ?)",
        [(table, name, text.zh, text.en, domains.get(name)) for name, text in titles.items() if name in present],
    )


def _register_schema(connection: sqlite3.Connection) -> None:
    # The UNIQUE constraint lets NULL column names repeat, so look before writing.
    for table in ("gpkg_data_columns", "gpkg_data_column_constraints"):
        known = connection.execute(
            "SELECT 1 FROM gpkg_extensions WHERE table_name = ? AND extension_name = 'gpkg_schema'", (table,)
        ).fetchone()
        if not known:
            connection.execute(
                "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema',"
                " 'http://www.geopackage.org/spec120/#extension_schema', 'read-write')",
                (table,),
            )


def write_domain(connection: sqlite3.Connection, name: str, values: Iterable[tuple[str, str]]) -> None:
    """Write one code list: its values, each with the label that QGIS shows."""
    connection.executemany(
        "INSERT OR REPLACE INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, description)"
        " VALUES (?, 'enum', ?, ?)",
        [(name, value, label) for value, label in values],
    )


def settle_contents(connection: sqlite3.Connection, table: str) -> None:
    """Set a layer's extent from its R-tree, and its date to the fixed one."""
    rtree = quoted(f"rtree_{table}_geom")
    box = connection.execute(f"SELECT min(minx), min(miny), max(maxx), max(maxy) FROM {rtree}").fetchone()
    connection.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?, last_change = ? WHERE table_name = ?",
        (*box, FIXED_DATE, table),
    )
