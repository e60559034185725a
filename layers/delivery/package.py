"""Write checked layers for the bureau: GeoPackage, Shapefile and GeoJSON in one CGCS2000 coordinate system.

This is a plain exchange package. Which layers, codes and field names a bureau's own data standard asks for is for
delivery profiles to say; nothing here claims to follow one. The writers take layers as `project_layer` gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import pyproj
import shapely

from ...text import Text
from ..columns import to_arrow
from ..shapes import Shapes, as_type
from ..spec import Geometry, Kind, LayerSpec
from ..store import geopackage
from ..store.results import write_layer
from ..store.value_maps import write_value_maps
from ..table import LayerTable
from ..zones import GEOGRAPHIC, DeliveryCrs
from .checks import CheckedLayer, mend
from .findings import Finding

FORMATS = ("gpkg", "shp", "geojson")
DBF_TEXT_BYTES = 254  # the widest text column of dBase
_FIXED_DAY = "2000-01-01"
_PARTS = {0: ("point", "Point"), 1: ("line", "MultiLineString"), 2: ("polygon", "MultiPolygon")}


@dataclass(frozen=True)
class WrittenFile:
    """One file of the package and how many features it holds, read back from the file."""

    layer: str
    format: str
    path: Path
    features: int


def project_layer(layer: CheckedLayer, crs: DeliveryCrs) -> CheckedLayer:
    """Bring a checked layer into the CRS of the delivery, east before north; still valid and oriented.

    A feature so far from the zone that it has no finite coordinates there (an ocean cable) is left out with a finding.
    """
    if crs.code == GEOGRAPHIC:
        return layer
    transformer = pyproj.Transformer.from_crs(GEOGRAPHIC, crs.code, always_xy=True)

    def east_north(places: np.ndarray) -> np.ndarray:
        return np.column_stack(transformer.transform(places[:, 0], places[:, 1]))

    table = layer.table
    geometry = shapely.transform(table.geometry, east_north)
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    near = np.ones(len(geometry), dtype=bool)
    near[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    findings = [
        Finding(
            "G05",
            "error",
            table.spec.name,
            Text(
                "离所选投影带过远，无法投影，未写入交付包。",
                "It is too far from the chosen zone to be projected and is left out.",
            ),
            Text("请改用经纬度（4490）交付该图层。", "Hand this layer in as longitude and latitude (4490)."),
            str(uuid),
        )
        for uuid in table.columns["uuid"][~near]
    ]
    # Straight edges bend in another projection, so a shape that touches itself may have to be mended again.
    placed = LayerTable(table.spec, table.columns[near].reset_index(drop=True), mend(geometry[near])[0])
    return CheckedLayer(placed, layer.features_in, layer.findings + findings)


def write_geopackage(path: Path, layers: Sequence[LayerTable], crs: DeliveryCrs) -> list[WrittenFile]:
    """Write all layers into one GeoPackage, with Chinese headings and code lists as field domains."""
    for table in layers:
        spec = table.spec
        kind = "Unknown" if spec.geometry is Geometry.ANY else spec.geometry.value
        columns = {field.name: to_arrow(table.columns[field.name], field) for field in spec.fields}
        write_layer(path, spec.name, columns, table.geometry, kind, crs.code)
    connection = geopackage.connect(path)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for table in layers:
            write_value_maps(connection, table.spec)
        connection.execute("COMMIT")
    finally:
        connection.close()
    return [_counted(table.spec, "gpkg", path, table.spec.name) for table in layers]


def write_geojson(folder: Path, layers: Sequence[LayerTable], crs: DeliveryCrs) -> list[WrittenFile]:
    """Write one GeoJSON a layer, longitude or easting first, with the CRS named in a ``crs`` member.

    RFC 7946 knows WGS 84 only; CGCS2000 coordinates therefore name their CRS as GeoJSON 2008 did; GIS programs read it.
    """
    folder.mkdir()
    digits = 9 if crs.is_geographic else 4  # about 0.1 mm
    written = []
    for table in layers:
        spec = table.spec
        fields = {field.name: to_arrow(table.columns[field.name], field) for field in spec.fields}
        path = folder / f"{spec.name}.geojson"
        kind = "Unknown" if spec.geometry is Geometry.ANY else spec.geometry.value
        pyogrio.write_arrow(
            _with_geometry(fields, table.geometry, kind, spec),
            path,
            layer=spec.name,
            driver="GeoJSON",
            geometry_name="geom",
            geometry_type=kind,
            crs=crs.code,
            layer_options={"COORDINATE_PRECISION": digits, "RFC7946": "NO"},
        )
        written.append(_counted(spec, "geojson", path))
    return written


def write_shapefiles(
    folder: Path, layers: Sequence[LayerTable], crs: DeliveryCrs
) -> tuple[list[WrittenFile], list[Finding]]:
    """Write one Shapefile a layer, or one a geometry type where it mixes them: UTF-8 with ``.cpg``, pinyin names.

    Returns
    -------
    written : list of WrittenFile
    findings : list of Finding
        Every text that dBase cannot hold; it is cut there and whole in the other formats.
    """
    folder.mkdir()
    written: list[WrittenFile] = []
    findings: list[Finding] = []
    for table in layers:
        spec = table.spec
        fields, cut = _dbase_columns(table)
        findings += cut
        geometry, dimensions = table.geometry, shapely.get_dimensions(table.geometry)
        for dimension in sorted(set(dimensions.tolist())):
            suffix, kind = _PARTS[dimension]
            path = folder / f"{spec.name}{f'_{suffix}' if spec.geometry is Geometry.ANY else ''}.shp"
            rows = np.flatnonzero(dimensions == dimension)
            pyogrio.write_arrow(
                _with_geometry(
                    {name: values.take(rows) for name, values in fields.items()}, geometry[rows], kind, spec
                ),
                path,
                driver="ESRI Shapefile",
                geometry_name="geom",
                geometry_type=kind,
                crs=crs.code,
                layer_options={"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": _FIXED_DAY},
            )
            written.append(_counted(spec, "shp", path))
    return written, findings


def _with_geometry(fields: dict[str, pa.Array], geometry: Shapes, kind: str, spec: LayerSpec) -> pa.Table:
    wkb = shapely.to_wkb(as_type(geometry, kind, spec.name), byte_order=1)
    return pa.table({**fields, "geom": pa.array(wkb, pa.binary())})


def _dbase_columns(table: LayerTable) -> tuple[dict[str, pa.Array], list[Finding]]:
    fields: dict[str, pa.Array] = {}
    findings: list[Finding] = []
    uuids = table.columns["uuid"].tolist()
    for field in table.spec.fields:
        values = to_arrow(table.columns[field.name], field)
        if field.kind in (Kind.TEXT, Kind.CODE, Kind.CODES):
            texts = values.to_pylist()
            for row, text in enumerate(texts):
                if text is not None and len(text) * 4 > DBF_TEXT_BYTES:
                    short = _cut(text)
                    if short != text:
                        texts[row] = short
                        findings.append(_cut_finding(table.spec, field.label, str(uuids[row]), text, short))
            values = pa.array(texts, pa.string())
        fields[field.pinyin] = values
    return fields, findings


def _cut(text: str) -> str:
    """Cut a text to what dBase holds, between characters."""
    return text.encode("utf-8")[:DBF_TEXT_BYTES].decode("utf-8", errors="ignore")


def _cut_finding(spec: LayerSpec, label: Text, uuid: str, text: str, short: str) -> Finding:
    return Finding(
        "F01",
        "warning",
        spec.name,
        Text(
            "“{field}”有 {n} 个字，Shapefile 只能存 254 字节，已截为前 {m} 个字。",
            "“{field}” has {n} characters; a Shapefile holds 254 bytes, so it is cut to the first {m}.",
        ).filled(field=label, n=len(text), m=len(short)),
        Text(
            "全文保存在 GeoPackage 和 GeoJSON 中；需要时请精简文字。",
            "The whole text is in GeoPackage and GeoJSON; shorten it if need be.",
        ),
        uuid,
    )


def _counted(spec: LayerSpec, name: str, path: Path, layer: str | None = None) -> WrittenFile:
    info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    return WrittenFile(spec.name, name, path, int(info["features"]))


def count_findings(layers: Sequence[LayerTable], written: Sequence[WrittenFile]) -> list[Finding]:
    """Compare what stands in the files with what was to be written."""
    findings = []
    for table in layers:
        for name in FORMATS:
            files = [file for file in written if file.layer == table.spec.name and file.format == name]
            found = sum(file.features for file in files)
            if files and found != len(table):
                findings.append(
                    Finding(
                        "L02",
                        "error",
                        table.spec.name,
                        Text(
                            "{format} 文件有 {found} 个要素，应有 {wanted} 个。",
                            "The {format} holds {found} features, not {wanted}.",
                        ).filled(format=name, found=found, wanted=len(table)),
                        Text(
                            "请重新生成成果包；若再次出现请将日志发给插件维护者。",
                            "Write the package again; if it recurs send the log to the plugin's maintainers.",
                        ),
                    )
                )
    return findings
