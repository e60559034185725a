"""Write tables and maps so that the bytes are the same on every run: no clock, no random ids, no compression by zip."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import rasterio
import shapely
from rasterio.transform import Affine

from .sheets import Sheet

DAY = "2026-10-31"  # the day on which all files say they were written
INSTANT = f"{DAY}T00:00:00Z"
CGCS2000 = "EPSG:4490"


def text_table(
    folder: Path, sheet: Sheet, encoding: str, *, delimiter: str = ",", newline: str = "\n", title: str = ""
) -> None:
    """Write a CSV or TSV file, with a title row above the header where `title` is not empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    if title:
        writer.writerow([title, *[""] * (len(sheet.headings) - 1)])
    writer.writerow(sheet.headings)
    for line in sheet.lines:
        writer.writerow([line.cells[heading] for heading in sheet.headings])
    (folder / sheet.path).write_bytes(out.getvalue().encode(encoding))


def workbook(folder: Path, sheet: Sheet, preface: list[str]) -> None:
    """Write an XLSX file whose first sheet is a preface (where there is one) and whose cells are text or dates."""
    book = openpyxl.Workbook()
    first = book.active
    if preface:
        first.title = "说明"
        for words in preface:
            first.append([words])
        first = book.create_sheet(sheet.layer)
    first.title = sheet.layer
    first.append(sheet.headings)
    for line in sheet.lines:
        cells = [line.cells[heading] for heading in sheet.headings]
        first.append([None if cell == "" else cell for cell in cells])
    book.properties.creator = "沧屏市（虚构）"
    book.properties.created = dt.datetime.fromisoformat(DAY)
    raw = io.BytesIO()
    book.save(raw)
    _without_clock(raw, folder / sheet.path)


def _without_clock(raw: io.BytesIO, path: Path) -> None:
    """Copy a zip with every time stamp fixed and nothing compressed (zlib's bytes differ between builds)."""
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + INSTANT.encode(), data)
            info = zipfile.ZipInfo(name, (2026, 10, 31, 0, 0, 0))
            info.external_attr = 0o644 << 16
            target.writestr(info, data)


def _frame(sheet: Sheet) -> gpd.GeoDataFrame:
    rows = [line.cells for line in sheet.lines]
    return gpd.GeoDataFrame(rows, geometry=[line.shape for line in sheet.lines], crs=CGCS2000)


def shapefile(folder: Path, sheet: Sheet, encoding: str, *, crs: str = CGCS2000, says_so: bool = True) -> None:
    """Write a Shapefile; unless `says_so`, without projection, code page file and language driver byte."""
    frame = _frame(sheet)
    numbers = [name for name in frame.columns if name != "geometry" and frame[name].dtype == float]
    frame = frame.astype(dict.fromkeys(numbers, "Int32"))
    path = folder / sheet.path
    pyogrio.write_dataframe(
        frame.to_crs(crs),
        path,
        driver="ESRI Shapefile",
        encoding=encoding,
        geometry_type=_shape_type(frame),
        layer_options={"DBF_DATE_LAST_UPDATE": DAY},
    )
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if says_so:
        path.with_suffix(".cpg").write_text(encoding, encoding="ascii")
        return
    path.with_suffix(".prj").unlink()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0
    path.with_suffix(".dbf").write_bytes(bytes(table))


def _shape_type(frame: gpd.GeoDataFrame) -> str:
    kinds = set(frame.geom_type.dropna())
    if kinds == {"Point"}:
        return "Point"
    return "LineString" if kinds == {"LineString"} else "Polygon"


def geopackage(folder: Path, sheets: list[Sheet]) -> None:
    """Write several layers to one GeoPackage."""
    path = folder / sheets[0].path
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": INSTANT.replace("Z", ".000Z")})
    try:
        for sheet in sheets:
            pyogrio.write_dataframe(_frame(sheet), path, layer=sheet.layer, driver="GPKG", append=path.exists())
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def geojson(folder: Path, sheet: Sheet) -> None:
    """Write GeoJSON that names its CRS (CGCS2000) as older software expects."""
    features = [
        {"type": "Feature", "properties": line.cells, "geometry": shapely.geometry.mapping(line.shape)}
        for line in sheet.lines
    ]
    content = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
        "features": features,
    }
    (folder / sheet.path).write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def kml(folder: Path, sheet: Sheet) -> None:
    """Write point placemarks with extended data."""
    marks = []
    for line in sheet.lines:
        data = "".join(
            f'<Data name="{escape(key)}"><value>{escape(str(value))}</value></Data>'
            for key, value in line.cells.items()
            if key != "Name"
        )
        marks.append(
            f"<Placemark><name>{escape(line.cells['Name'])}</name>"
            f"<ExtendedData>{data}</ExtendedData><Point><coordinates>{line.shape.x:.6f},{line.shape.y:.6f}</coordinates></Point></Placemark>"
        )
    body = "\n".join(marks)
    (folder / sheet.path).write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{escape(sheet.layer)}</name>\n{body}\n</Document></kml>\n",
        encoding="utf-8",
    )


def height_model(path: Path, heights: np.ndarray, transform: Affine) -> None:
    """Write heights in metres as a compressed GeoTIFF in CGCS2000 longitude and latitude."""
    rows, columns = heights.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=1,
        dtype="int16",
        crs=CGCS2000,
        transform=transform,
        compress="deflate",
        predictor=2,
        zlevel=9,
        tiled=True,
        blockxsize=256,
        blockysize=256,
    ) as target:
        target.write(heights, 1)
        target.update_tags(AREA_OR_POINT="Area")


def json_file(path: Path, content: Any) -> None:
    """Write JSON for people: indented, keys as given."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def csv_file(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write plain UTF-8 CSV."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
