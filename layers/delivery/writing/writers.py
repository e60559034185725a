"""Write the layers of a package as GeoPackage, FileGDB or GeoJSON; `formats` has the writers of all formats.

A writer takes a folder, the layers and a `Setup`, and gives what it wrote, counted in the file
itself, and what the format could not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
import shapely

from ....text import Text
from ...shapes import Shapes, as_type
from ...store import geopackage
from ...zones import DeliveryCrs
from ..findings import Finding
from ..mapping import Target
from ..package import WrittenFile
from ..profile.model import TargetField
from ..target_checks import REAL, WHOLE

FORMAT_NAMES = {
    "gpkg": "GeoPackage",
    "gdb": "FileGDB",
    "shp": "Shapefile",
    "geojson": "GeoJSON",
    "csv": "CSV",
    "xlsx": "XLSX",
    "vct": "VCT",
    "txt": "TXT",
    "ofds": "OFDS",
}
_SINGLE = {"point": "Point", "line": "LineString", "polygon": "Polygon"}
_MULTI = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}
_AT_ONCE = 100_000  # features that are made Arrow at a time
_GDB_CLOCK = {"OPENFILEGDB_REPRODUCIBLE_UUID": "YES", "OGR_CURRENT_DATE": geopackage.FIXED_DATE}
# Where the grid of coordinates of a FileGDB begins, as GDAL and ArcGIS choose it.
_GDB_ORIGIN = {True: ("-400", "-400"), False: ("-5120900", "-9998100")}


@dataclass(frozen=True)
class Setup:
    """What all layers of a package share.

    Attributes
    ----------
    stem : str
        Name of the files that hold all layers, without the ending.
    tolerance : float
        Of a FileGDB, in the unit of the CRS; also its resolution.
    dataset : str
        Feature dataset of a FileGDB, "" for none.
    encoding : str
        Of Shapefiles: GBK or UTF-8.
    multipart : bool
        Lines and polygons are written as multi-part ones.
    vct_form : str
        Of a VCT: landuse3 or gb.
    date : str
        ISO day of the delivery as the planner states it, "" for none.
    vertical : str
        Height datum that the profile states, "" for none.
    txt_decimals : int
        Of the coordinates in a text file.
    """

    stem: str
    crs: DeliveryCrs
    tolerance: float
    dataset: str = ""
    encoding: str = "UTF-8"
    multipart: bool = False
    vct_form: str = ""
    date: str = ""
    vertical: str = ""
    txt_decimals: int = 3


@dataclass
class Writing:
    """What a writer did: its files, and findings about what the format cannot hold."""

    path: Path
    files: list[WrittenFile]
    findings: list[Finding]


Writer = Callable[[Path, Sequence[Target], Setup], Writing]


def kind_of(target: Target, setup: Setup) -> str:
    """Give the geometry type that a layer is written with."""
    return (_MULTI if setup.multipart else _SINGLE)[target.layer.geometry]


def wkb_of(target: Target, setup: Setup) -> pa.Array:
    """Give the shapes of a layer as well-known binary, single or multi-part as it is written."""
    kind = kind_of(target, setup)
    shapes: Shapes = as_type(target.geometry, kind, target.layer.name)
    return pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())


def _arrow_field(field: TargetField, kind: pa.DataType, width: int, *, with_alias: bool) -> pa.Field:
    """Give a column with the length and alias that GDAL reads from the metadata of an Arrow schema."""
    told = {}
    if width:
        told["GDAL:OGR:width"] = str(width)
    if with_alias:
        told["GDAL:OGR:alternative_name"] = field.alias
    return pa.field(field.name, kind, metadata=told or None)


def arrow_of(target: Target, setup: Setup, *, with_alias: bool) -> pa.Table:
    """Give a layer as Arrow, with the types, lengths and aliases of the profile."""
    fields, arrays = [], []
    for field in target.layer.fields:
        values: list[Any] = target.columns[field.name]
        if field.type in REAL:
            fields.append(_arrow_field(field, pa.float64(), 0, with_alias=with_alias))
            arrays.append(pa.array(values, pa.float64()))
        elif field.type in WHOLE:
            kind = pa.int32() if field.type == "Int" else pa.int64()
            fields.append(_arrow_field(field, kind, 0, with_alias=with_alias))
            arrays.append(pa.array(values, kind))
        elif field.type == "Date":
            fields.append(_arrow_field(field, pa.date32(), 0, with_alias=with_alias))
            arrays.append(pa.array(values, pa.string()).cast(pa.date32()))
        else:
            fields.append(_arrow_field(field, pa.string(), field.length, with_alias=with_alias))
            arrays.append(pa.array(values, pa.string()))
    fields.append(pa.field("geom", pa.binary()))
    arrays.append(wkb_of(target, setup))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def stream_of(target: Target, setup: Setup) -> pa.RecordBatchReader:
    """Give a layer as a stream of Arrow batches, so that writing it needs the memory of a batch."""
    starts = range(0, max(len(target), 1), _AT_ONCE)
    schema = arrow_of(target.rows(0, 0), setup, with_alias=True).schema
    batches = (
        batch
        for start in starts
        for batch in arrow_of(target.rows(start, start + _AT_ONCE), setup, with_alias=True).to_batches()
    )
    return pa.RecordBatchReader.from_batches(schema, batches)


def counted(target: Target, name: str, path: Path, layer: str | None = None) -> WrittenFile:
    """Count the features of a written layer in its file."""
    info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    return WrittenFile(target.layer.name, name, path, int(info["features"]))


def write_gpkg(folder: Path, targets: Sequence[Target], setup: Setup) -> Writing:
    """Write one GeoPackage with the Chinese names of fields as aliases."""
    path = folder / f"{setup.stem}.gpkg"
    for place, target in enumerate(targets):
        with geopackage.building():
            pyogrio.write_arrow(
                stream_of(target, setup),
                path,
                layer=target.layer.name,
                driver="GPKG",
                geometry_name="geom",
                geometry_type=kind_of(target, setup),
                crs=setup.crs.code,
                dataset_options={} if place else {"VERSION": geopackage.VERSION},
                layer_options={"GEOMETRY_NAME": "geom", "IDENTIFIER": target.layer.alias},
            )
    return Writing(path, [counted(target, "gpkg", path, target.layer.name) for target in targets], [])


def write_gdb(folder: Path, targets: Sequence[Target], setup: Setup) -> Writing:
    """Write one FileGDB: Chinese aliases, a feature dataset, tolerance and resolution as the profile says.

    GDAL keeps no length and decimals of numbers in a FileGDB, which is told. FileGDB before ArcGIS Pro 3.2 has neither
    days nor whole numbers of 64 bits: they are written as dates with a time and as floating-point numbers.
    """
    path = folder / f"{setup.stem}.gdb"
    origin = _GDB_ORIGIN[setup.crs.is_geographic]
    options = {
        "XYTOLERANCE": f"{setup.tolerance:.12g}",
        "XYSCALE": f"{1 / setup.tolerance:.0f}",
        "XORIGIN": origin[0],
        "YORIGIN": origin[1],
        **({"FEATURE_DATASET": setup.dataset} if setup.dataset else {}),
    }
    pyogrio.set_gdal_config_options(_GDB_CLOCK)
    try:
        for target in targets:
            pyogrio.write_arrow(
                _as_gdb(arrow_of(target, setup, with_alias=True)),
                path,
                layer=target.layer.name,
                driver="OpenFileGDB",
                geometry_name="geom",
                geometry_type=kind_of(target, setup),
                crs=setup.crs.code,
                layer_options={**options, "LAYER_ALIAS": target.layer.alias},
            )
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(_GDB_CLOCK))
    return Writing(path, [counted(target, "gdb", path, target.layer.name) for target in targets], _gdb_limits(targets))


def _as_gdb(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_date32(field.type) or pa.types.is_int64(field.type):
            kind = pa.timestamp("ms") if pa.types.is_date32(field.type) else pa.float64()
            made = pa.field(field.name, kind, metadata=field.metadata)
            table = table.set_column(place, made, table.column(place).cast(kind))
    return table


def _gdb_limits(targets: Sequence[Target]) -> list[Finding]:
    findings = []
    for target in targets:
        numbers = [item.name for item in target.layer.fields if item.type in REAL and (item.length or item.decimals)]
        if numbers:
            findings.append(
                Finding(
                    "F04",
                    "note",
                    target.layer.name,
                    Text(
                        "FileGDB 中数值字段 {names} 的长度和小数位写不进去（GDAL 的限制）；数值已按规格取位。",
                        "In the FileGDB the lengths and decimals of {names} cannot be written (a limit of GDAL); the "
                        "values are rounded as the profile says.",
                    ).filled(names=Text("、".join(numbers), ", ".join(numbers))),
                    Text(
                        "如接收单位检查数值字段的长度，请用其空模板在 ArcGIS 中载入数据。",
                        "Where the bureau checks them, load the data into its own empty template in ArcGIS.",
                    ),
                )
            )
    return findings


def write_geojson(folder: Path, targets: Sequence[Target], setup: Setup) -> Writing:
    """Write one GeoJSON a layer, east before north, with the CRS in a ``crs`` member (see `package.write_geojson`)."""
    path = folder / "geojson"
    path.mkdir()
    files = []
    for target in targets:
        file = path / f"{target.layer.name}.geojson"
        pyogrio.write_arrow(
            arrow_of(target, setup, with_alias=False),
            file,
            layer=target.layer.name,
            driver="GeoJSON",
            geometry_name="geom",
            geometry_type=kind_of(target, setup),
            crs=setup.crs.code,
            layer_options={"COORDINATE_PRECISION": 9 if setup.crs.is_geographic else 4, "RFC7946": "NO"},
        )
        files.append(counted(target, "geojson", file))
    return Writing(path, files, [])
