"""The table ``meta_VectorData``: one row a layer, as a CSV and, where the profile asks, inside a GeoPackage or FileGDB.

Columns and lengths are those of module 10 of the one-map database (public transcription; the columns of distribution
were not obtained in full and are left out).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio

from ....text import Text
from ...store import geopackage
from ...zones import GEOGRAPHIC
from ..bsm import as_csv
from ..findings import Finding
from .known import GEOMETRY_WORDS, Known, LayerFacts

NAME = "meta_VectorData"
# Column and length, 0 where none is known.
COLUMNS = {
    **{"data_id": 50, "resource_id": 50, "data_name": 60, "data_alias": 200, "data_des": 0, "data_format": 20},
    **{"data_type": 0, "data_size": 0, "cover_range_coor": 200, "security_order": 10, "layer_count": 0},
    **{"layer_name": 60, "layer_field": 1024, "geometry_type": 50, "wkid": 10, "geodetic_datum": 30},
    **{"projection": 30, "central_meridian": 20, "zonation_mode": 20, "projection_zone_number": 10},
    **{"coordinate_unit": 10, "product_date": 0, "update_date": 0, "release_date": 0, "producer": 60},
    **{"pro_unit_name": 60, "quality_check_date": 0, "check_unit_name": 60, "quality_evaluation": 0},
    **{"quality_des": 0},
}
# As the column has them (gdb, Shapefile, SDE); it has no word for the others.
_FORMATS = {"FileGDB": "gdb", "GeoPackage": "gpkg"}
PLANNERS = ("security", "producer", "owner", "checked_on", "checker", "grade", "acceptance")


def rows_of(known: Known) -> list[dict[str, str]]:
    """Give one row a layer; every value a text, "" for what nobody has said."""
    return [_row(known, number, layer) for number, layer in enumerate(known.layers, start=1)]


def _row(known: Known, number: int, layer: LayerFacts) -> dict[str, str]:
    zone, words = known.crs.zone, known.words
    heights = f"高程基准：{known.vertical}（图形为二维，不含高程）" if known.vertical else ""
    digits = 9 if known.is_geographic else 4
    found = {
        "data_id": f"{known.package}_{number:02d}",
        "resource_id": known.package,
        "data_name": layer.name,
        "data_alias": layer.alias,
        "data_des": "；".join(filter(None, (words["remark"], heights))),
        "data_format": ",".join(_FORMATS.get(name, name) for name in known.formats),
        "data_type": "矢量",
        "data_size": f"{known.size_mb:.2f}" if np.isfinite(known.size_mb) else "",
        "cover_range_coor": ",".join(f"{value:.{digits}f}" for value in layer.bounds) if layer.features else "",
        "security_order": words["security"],
        "layer_count": str(len(known.layers)),
        "layer_name": layer.name,
        "layer_field": ",".join(name for name, _ in layer.fields),
        "geometry_type": GEOMETRY_WORDS[layer.geometry],
        "wkid": known.crs.code.removeprefix("EPSG:"),
        "geodetic_datum": "CGCS2000",
        "projection": "" if known.crs.code == GEOGRAPHIC else "高斯-克吕格",
        "central_meridian": str(zone.central_meridian_deg) if zone else "",
        "zonation_mode": str(zone.width_deg) if zone else "",
        "projection_zone_number": str(zone.number) if zone else "",
        "coordinate_unit": "度" if known.is_geographic else "米",
        "product_date": known.date,
        "producer": words["producer"],
        "pro_unit_name": words["owner"],
        "quality_check_date": words["checked_on"],
        "check_unit_name": words["checker"],
        "quality_evaluation": words["grade"],
        "quality_des": words["acceptance"],
    }
    return {name: found.get(name, "") for name in COLUMNS}


def write_csv(path: Path, rows: Sequence[dict[str, str]]) -> None:
    """Write the table beside the data."""
    path.write_bytes(as_csv(list(COLUMNS), [list(row.values()) for row in rows]))


def write_inside(path: Path, driver: str, rows: Sequence[dict[str, str]]) -> None:
    """Write the table into a GeoPackage or FileGDB that is there already; texts are cut to their column."""
    fields = [
        pa.field(name, pa.string(), metadata={"GDAL:OGR:width": str(width)} if width else None)
        for name, width in COLUMNS.items()
    ]
    arrays = [pa.array([_cut(row[name], width) for row in rows], pa.string()) for name, width in COLUMNS.items()]
    options = {"OPENFILEGDB_REPRODUCIBLE_UUID": "YES"}
    pyogrio.set_gdal_config_options(options)
    try:
        with geopackage.building():
            pyogrio.write_arrow(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), path, layer=NAME, driver=driver)
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(options))


def _cut(text: str, width: int) -> str | None:
    return (text[:width] if width else text) or None


def too_long(rows: Sequence[dict[str, str]]) -> list[Finding]:
    """Tell columns with values longer than they may be; in the CSV they stand whole."""
    found = []
    for name, width in COLUMNS.items():
        longest = max((len(row[name]) for row in rows), default=0)
        if width and longest > width:
            words = Text(
                f"元数据 {name} 有 {longest} 个字，规定 {width} 个。",
                f"{name} in the metadata has {longest} characters, {width} are allowed.",
            )
            remedy = Text(
                "请与接收单位确认，或精简名称、减少格式。", "Ask the bureau, or shorten the names or formats."
            )
            found.append(Finding("META", "warning", "", words, remedy))
    return found
