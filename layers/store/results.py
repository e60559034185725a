"""Results of a run: layers of one GeoPackage, and tables; the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from ...text import Text
from ..shapes import as_type
from . import geopackage

_GEOMETRY = "geom"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_layer(
    path: Path,
    name: str,
    columns: pd.DataFrame | Mapping[str, Any],
    geometry: Sequence[Any] | npt.NDArray[Any] | None,
    geometry_type: str,
    crs: str = "EPSG:4490",
    aliases: Mapping[str, Text] | None = None,
    dates: Collection[str] = (),
) -> None:
    """Write one layer of a result GeoPackage; the file is made where it does not exist, a layer of that name replaced.

    Parameters
    ----------
    path : pathlib.Path
        The GeoPackage, usually ``result.gpkg`` of the run.
    columns : pandas.DataFrame or mapping of arrays
        Its columns in order; yes/no is written as 1 and 0, numbers keep 32 or 64 bits, missing values stay null.
    geometry : array of shapely geometries, or (lon, lat), or None
        In `crs`, east before north. Two number arrays become points without a Python object a row, NaN meaning no
        place; None writes a table without geometry. Single parts become multi-parts where `geometry_type` is one.
    geometry_type : str
        Point, MultiLineString, MultiPolygon, or Unknown for a mixture.
    aliases : mapping, optional
        Heading by column, written as its title (Chinese) and description (English).
    dates : collection of str
        Columns of ISO days held as text, to be written as dates. Columns of dates are recognised.

    Raises
    ------
    ValueError
        Geometry and columns differ in length, a geometry is of another type, or a name is taken by the geometry.
    """
    table = arrow_table(columns, dates)
    if _GEOMETRY in table.column_names:
        raise ValueError(f"layer {name}: a column may not be called {_GEOMETRY}")
    options: dict[str, Any] = {"layer_options": {"GEOMETRY_NAME": _GEOMETRY}}
    if geometry is not None:
        wkb = _wkb(name, geometry, geometry_type)
        if len(wkb) != table.num_rows:
            raise ValueError(f"layer {name}: {table.num_rows} rows but {len(wkb)} geometries")
        table = table.append_column(pa.field(_GEOMETRY, wkb.type), wkb)
        options |= {"geometry_name": _GEOMETRY, "geometry_type": geometry_type, "crs": crs}
    else:
        options = {}
    if not path.exists():
        options["dataset_options"] = {"VERSION": geopackage.VERSION}
    with geopackage.building():
        pyogrio.write_arrow(table, path, layer=name, driver="GPKG", **options)
    if aliases:
        connection = geopackage.connect(path)
        try:
            connection.execute("BEGIN IMMEDIATE")
            geopackage.describe_columns(connection, name, aliases)
            connection.execute("COMMIT")
        finally:
            connection.close()


def arrow_table(columns: pd.DataFrame | Mapping[str, Any], dates: Collection[str] = ()) -> pa.Table:
    """Give columns as Arrow, in types that every vector format has."""
    items = columns.items()
    arrays = {str(name): _portable(values, str(name) in dates) for name, values in items}
    if not arrays:
        return pa.table({"row": pa.array([], pa.int64())})
    return pa.table(arrays)


def _portable(values: Any, is_date: bool) -> pa.Array:
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        array = values
    elif isinstance(values, pd.Series):
        array = pa.Array.from_pandas(values)
    else:
        array = pa.array(values, from_pandas=True)
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.cast(kind.value_type)
        kind = array.type
    if is_date and (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        return array.cast(pa.string()).cast(pa.date32())
    if pa.types.is_timestamp(kind) or pa.types.is_date64(kind):
        return array.cast(pa.date32(), safe=False)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind):
        return array.cast(pa.string())
    if pa.types.is_boolean(kind) or (pa.types.is_integer(kind) and kind.bit_width < 32):
        return array.cast(pa.int32())
    if pa.types.is_unsigned_integer(kind):
        return array.cast(pa.int64())
    if pa.types.is_float16(kind) or pa.types.is_float32(kind):
        return array.cast(pa.float64())
    return array


def _wkb(name: str, geometry: Any, geometry_type: str) -> pa.Array:
    if isinstance(geometry, tuple):
        return geopackage.wkb_points(*geometry)
    shapes = as_type(geometry, geometry_type, f"layer {name}")
    empty = shapely.is_empty(shapes)
    shapes[empty] = None
    return pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())


def _as_text(value: Any) -> Any:
    """Keep a spreadsheet from running words that look like a formula: an apostrophe before them, as it does itself."""
    is_formula = isinstance(value, str) and value[:1] in _FORMULA and len(value) > 1 and not _is_number(value)
    return f"'{value}" if is_formula else value


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def write_table(
    path: Path, columns: pd.DataFrame | Mapping[str, Any], headings: Mapping[str, Text] | None = None
) -> None:
    """Write a CSV that spreadsheets open right: UTF-8 with a byte-order mark, Windows line ends.

    Parameters
    ----------
    headings : mapping, optional
        Chinese headings by column; without them the columns keep their names.
    """
    frame = pd.DataFrame(columns)
    names = [headings[name].zh if headings and name in headings else name for name in map(str, frame.columns)]
    if headings:  # a table to be read; what is to be taken in again stays as it was
        # Not DataFrame.map: it makes 198.0 of 198 beside a gap.
        for name in frame.select_dtypes(exclude=["number", "bool"]).columns:
            frame[name] = pd.Series([_as_text(value) for value in frame[name]], index=frame.index, dtype=object)
    frame.set_axis(names, axis=1).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
