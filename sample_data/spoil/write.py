"""Write tables in the layouts that are sent; the bytes depend on nothing but the table."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pyogrio
import shapely

from ...layers.specs import SPECS
from .. import files
from .table import Table

CGCS2000 = "EPSG:4490"
Rows = list[list[Any]]


def matrix(table: Table) -> Rows:
    """Give headings and rows as lists of cells."""
    return [list(table.headings), *([row.get(heading, "") for heading in table.headings] for row in table.rows)]


def text(rows: Rows, delimiter: str = ",", newline: str = "\r\n") -> str:
    """Give the rows as delimited text."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return out.getvalue()


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write delimited text."""
    path.write_bytes(text(rows, delimiter).encode(encoding))
    return path


def write_book(path: Path, **sheets: Rows) -> Path:
    """Write a workbook with one sheet a table; cells go in as the Python values they are."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    return save(book, path)


def save(book: openpyxl.Workbook, path: Path) -> Path:
    """Write a workbook without the time of its making."""
    raw = io.BytesIO()
    book.properties.created = dt.datetime.fromisoformat(files.DAY)
    book.save(raw)
    files._without_clock(raw, path)
    return path


def as_number(cell: str) -> Any:
    """Give a number for text that is one and would be stored as one by a spreadsheet program, else the text."""
    if len(cell) > 11 or (len(cell) > 1 and cell.startswith("0") and cell.isdigit()):
        return cell
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def typed(rows: Rows) -> Rows:
    """Give the rows below the headings with numbers as numbers."""
    return [rows[0], *([as_number(cell) if isinstance(cell, str) else cell for cell in row] for row in rows[1:])]


def shapes_of(table: Table) -> list[Any]:
    """Give the shapes of a table, made of its coordinates where it has none."""
    if table.shapes is not None:
        return table.shapes
    return [shapely.Point(row["lon"], row["lat"]) for row in table.truth]


def attributes(table: Table) -> list[dict[str, str]]:
    """Give the rows without their coordinates."""
    return [{h: row[h] for h, field in table.fields.items() if field not in ("lon", "lat")} for row in table.rows]


def frame(table: Table, shapes: Sequence[Any] | None = None) -> gpd.GeoDataFrame:
    """Give the table as a layer in CGCS2000."""
    return gpd.GeoDataFrame(attributes(table), geometry=list(shapes or shapes_of(table)), crs=CGCS2000)


def write_layer(
    path: Path, data: gpd.GeoDataFrame, *, layer: str = "", encoding: str = "UTF-8", crs: str = CGCS2000, **more: Any
) -> Path:
    """Write a layer in the format that the name of the file tells."""
    driver = {".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".geojson": "GeoJSON"}[path.suffix]
    if driver == "ESRI Shapefile":
        more["encoding"] = encoding
    if layer:
        more["layer"] = layer
    data = data.to_crs(crs) if data.crs else data
    with warnings.catch_warnings():  # the driver tells of headings that it cuts, which is what some spoilers want
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(data, path, driver=driver, append=bool(layer) and path.exists(), **more)
    if driver == "ESRI Shapefile":
        path.with_suffix(".cpg").write_text(encoding, encoding="ascii")
    return path


def short_headings(table: Table, encoding: str) -> dict[str, str]:
    """Give headings of at most ten bytes, as a careful clerk chooses them: Chinese in GBK, pinyin initials in UTF-8."""
    spec = SPECS[table.kind]
    names = {heading: field for heading, field in table.fields.items() if field not in ("lon", "lat")}
    if encoding == "GBK":
        return {heading: heading.partition("(")[0] for heading in names}
    return {heading: spec.field(field).pinyin for heading, field in names.items()}


def write_geojson(path: Path, table: Table, shapes: Sequence[Any]) -> Path:
    """Write GeoJSON by hand: whatever the shapes are, no driver mends them."""
    features = [
        {"type": "Feature", "properties": cells, "geometry": shape if isinstance(shape, dict) or shape is None
         else shapely.geometry.mapping(shape)}
        for cells, shape in zip(attributes(table), shapes, strict=True)
    ]  # fmt: skip
    content = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
        "features": features,
    }
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path
