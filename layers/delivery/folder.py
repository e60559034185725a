"""The folder of a package: checksums, metadata, and the archive; the same files give the same bytes."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyproj
import shapely

from ..zones import GEOGRAPHIC
from .bsm import as_csv
from .mapping import Setting, Target
from .writing.writers import FORMAT_NAMES

CHECKSUMS = "checksums.sha256"
METADATA = "meta_VectorData.csv"
_DAY = (2000, 1, 1, 0, 0, 0)
# Columns of the table in module 10 of the one-map database (public transcription) that a package can fill by itself.
_METADATA_COLUMNS = (
    "data_id",
    "resource_id",
    "data_name",
    "data_alias",
    "data_des",
    "data_format",
    "cover_range_coor",
    "security_order",
    "layer_count",
    "layer_name",
    "layer_field",
    "geometry_type",
    "wkid",
    "geodetic_datum",
    "projection",
    "central_meridian",
    "zonation_mode",
    "projection_zone_number",
    "coordinate_unit",
    "product_date",
)


def write_metadata(
    path: Path, name: str, targets: Sequence[Target], setting: Setting, formats: Sequence[str], date: str
) -> None:
    """Write one row of metadata a layer; what only the planner knows (security, producer, dates) stays empty."""
    crs = setting.crs
    zone = crs.zone
    vertical = setting.profile.crs["vertical"]
    rows = []
    for number, target in enumerate(targets, start=1):
        bounds = (
            ",".join(
                f"{value:.9g}" if crs.is_geographic else f"{value:.4f}"
                for value in shapely.total_bounds(target.geometry)
            )
            if len(target)
            else ""
        )
        rows.append(
            (
                f"{name}_{number:02d}",
                name,
                target.layer.name,
                target.layer.alias,
                f"高程基准：{vertical}（图形为二维，不含高程）" if vertical else "",
                "、".join(FORMAT_NAMES[item] for item in formats),
                bounds,
                "",
                len(targets),
                target.layer.name,
                ",".join(field.name for field in target.layer.fields),
                {"point": "点", "line": "线", "polygon": "面"}[target.layer.geometry],
                crs.code.removeprefix("EPSG:"),
                "CGCS2000",
                "" if crs.code == GEOGRAPHIC else "高斯-克吕格",
                zone.central_meridian_deg if zone else "",
                zone.width_deg if zone else "",
                zone.number if zone else "",
                "度" if pyproj.CRS(crs.code).is_geographic else "米",
                date,
            )
        )
    path.write_bytes(as_csv(_METADATA_COLUMNS, rows))


def write_checksums(folder: Path) -> None:
    """Write the SHA-256 of every file of the package, as ``sha256sum -c`` reads it."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in _files(folder)
    ]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def write_zip(path: Path, folder: Path) -> None:
    """Pack the folder: files in order of their names, without the day, so that the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in _files(folder):
            item = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", _DAY)
            item.compress_type = zipfile.ZIP_DEFLATED
            item.external_attr = 0o644 << 16
            item.create_system = 3
            archive.writestr(item, file.read_bytes())


def _files(folder: Path) -> list[Path]:
    return sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix())
