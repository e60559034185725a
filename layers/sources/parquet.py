"""Read GeoParquet (1.0 and 1.1, WKB or native), and plain Parquet tables, through pyarrow."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj

from ...errors import InputError
from ...text import NOTHING, Text
from ..findings.findings import Findings
from ..spec import LayerSpec
from . import gdal
from .container import note_container
from .raw_table import RawTable, no_layer
from .rings import decode

_FAULTS = (pa.ArrowException, *gdal.FAULTS)
_NO_FRACTION = re.compile(r"\.0+$")
_MOST_CELLS = 500_000_000
_NESTED = (pa.types.is_struct, pa.types.is_list, pa.types.is_large_list, pa.types.is_map)


def read_parquet(path: Path, layer: str | None, spec: LayerSpec | None) -> RawTable:
    """Read all rows; see `source.read_source`."""
    if layer and layer != path.stem:
        raise no_layer(path, layer, [path.stem])
    try:
        with pq.ParquetFile(path) as file:
            _check_size(path, file)
            geo = _geo(file.schema_arrow.metadata or {})
            content = file.read()
    except _FAULTS as fault:
        raise gdal.unreadable(path, fault) from fault
    primary = str(geo.get("primary_column", "")) if geo else ""
    if geo and (primary not in content.column_names or not isinstance(geo["columns"].get(primary), dict)):
        raise gdal.unreadable(
            path, Text(f"缺少几何列 {primary or '?'}。", f"its geometry column {primary or '?'} is missing.")
        )
    findings = Findings()
    try:
        skipped = {primary, *_other_geometry(geo, content)}
        names = [name for name in content.column_names if name not in skipped and name != "__index_level_0__"]
        cells = [_texts(content.column(name)) for name in names]
        geometry, broken = (
            _geometry(path, content, geo, primary, findings) if primary else (None, np.empty(0, np.int64))
        )
    except _FAULTS as fault:
        raise gdal.unreadable(path, fault) from fault
    words = Text("几何数据损坏，无法读取", "its geometry is damaged and cannot be read")
    table = RawTable(
        path,
        "GeoParquet" if primary else "Parquet",
        names,
        cells,
        np.arange(1, content.num_rows + 1, dtype=np.int64),
        layer=path.stem,
        layers=(path.stem,),
        geometry=geometry,
        damaged={int(at): words for at in broken},
        findings=findings,
    )
    if primary:
        table.crs = _crs(geo["columns"][primary])
        table.crs_origin = Text("GeoParquet 自带", "the GeoParquet itself") if table.crs is not None else NOTHING
    note_container(table, spec)
    return table


def _check_size(path: Path, file: pq.ParquetFile) -> None:
    """Refuse a damaged or hostile file that states more than it can hold."""
    meta = file.metadata
    if meta.num_rows * max(meta.num_columns, 1) > _MOST_CELLS:
        raise InputError(
            Text(f"{path.name} 写明有 {meta.num_rows} 行，超出可处理的范围。",
                 f"{path.name} states {meta.num_rows} rows, more than can be read."),
            Text("请按县拆分后再导入；若文件损坏，请重新导出。",
                 "Split it by county; if the file is damaged, export it again."),
        )  # fmt: skip


def _geo(metadata: dict[bytes, bytes]) -> dict[str, Any]:
    """Give the metadata of GeoParquet, {} for a plain table."""
    if b"geo" not in metadata:
        return {}
    found = json.loads(metadata[b"geo"])
    if not isinstance(found, dict) or not isinstance(found.get("columns"), dict):
        raise ValueError("its geo metadata is damaged")
    return found


def _other_geometry(geo: dict[str, Any], content: pa.Table) -> set[str]:
    """Give the further geometry columns, and the bounding boxes of GeoParquet 1.1, which are no attributes."""
    columns = geo.get("columns", {})
    boxes = {
        str(path[0])
        for item in columns.values()
        for path in (item.get("covering", {}).get("bbox", {}) if isinstance(item, dict) else {}).values()
        if path
    }
    return (set(columns) | boxes) & set(content.column_names)


def _geometry(
    path: Path, content: pa.Table, geo: dict[str, Any], primary: str, findings: Findings
) -> tuple[np.ndarray | None, np.ndarray]:
    """Give the geometry, None for a plain table, and the positions of those that cannot be read."""
    if not primary:
        return None, np.empty(0, np.int64)
    encoding = str(geo["columns"].get(primary, {}).get("encoding", "WKB")).upper()
    if encoding == "WKB":
        shapes, broken = decode(content.column(primary).to_pylist(), findings)
        return shapes, np.flatnonzero(broken)
    import geopandas

    return np.asarray(geopandas.read_parquet(path, columns=[primary]).geometry, dtype=object), np.empty(0, np.int64)


def _crs(column: Any) -> pyproj.CRS | None:
    """Give the CRS: WGS 84 in the order of longitude and latitude where none is written, none where it is null."""
    if "crs" not in column:
        return pyproj.CRS.from_user_input("OGC:CRS84")
    return gdal.crs_of(column["crs"])


def _texts(column: pa.ChunkedArray) -> np.ndarray:
    """Give the values of a column as the texts that a planner would see."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_boolean(kind):
        return np.array([{True: "是", False: "否"}.get(value, "") for value in column.to_pylist()], dtype=object)
    if pa.types.is_floating(kind):
        return gdal.texts(column.to_numpy())
    if pa.types.is_timestamp(kind):
        said = [None if value is None else value.rstrip("Z") for value in column.cast(pa.string()).to_pylist()]
        return gdal.texts(np.array([value and _NO_FRACTION.sub("", value) for value in said], dtype=object))
    if pa.types.is_date(kind) or pa.types.is_decimal(kind) or pa.types.is_integer(kind):
        return gdal.texts(np.array(column.cast(pa.string()).to_pylist(), dtype=object))
    if any(test(kind) for test in _NESTED):
        said = [
            None if value is None else json.dumps(value, ensure_ascii=False, default=str)
            for value in column.to_pylist()
        ]
        return gdal.texts(np.array(said, dtype=object))
    values = np.empty(len(column), dtype=object)
    values[:] = column.to_pylist()
    return gdal.texts(values)
