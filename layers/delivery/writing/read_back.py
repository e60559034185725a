"""Look into the written files, whether they have the CRS, fields, types and lengths that the profile says."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyogrio
import pyproj

from ....text import Text
from ...zones import DeliveryCrs, is_transverse
from ..findings import Finding
from ..mapping import Target
from ..package import WrittenFile
from ..profile.model import Profile

_FAMILIES = {
    "Char": "text",
    "VarChar": "text",
    "Int": "whole",
    "Long": "whole",
    "Float": "real",
    "Double": "real",
    "Date": "date",
}
_OWN = ("OBJECTID", "FID", "SHAPE_LENGTH", "SHAPE_AREA", "SHAPE_LENG", "OGC_FID")


@dataclass(frozen=True)
class Column:
    """A field as it stands in a file: its family of types (text, whole, real, date, other), and width, 0 for none."""

    name: str
    family: str
    width: int
    alias: str = ""


def family_of(kind: str) -> str:
    """Give the family of types of a type of profiles."""
    return _FAMILIES[kind]


def columns_of(path: Path, layer: str | None) -> list[Column]:
    """Give the fields of a layer of any file that GDAL reads, without those that the format adds itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, table = pyogrio.read_arrow(path, layer=layer, read_geometry=False, max_features=1)
    found = []
    for field in table.schema:
        if field.name.upper() in _OWN:
            continue
        told = field.metadata or {}
        width = int(told.get(b"GDAL:OGR:width", b"0"))
        found.append(
            Column(field.name, _family(field.type), width, told.get(b"GDAL:OGR:alternative_name", b"").decode("utf-8"))
        )
    return found


def _family(kind: pa.DataType) -> str:
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "text"
    if pa.types.is_integer(kind):
        return "whole"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "real"
    return "date" if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else "other"


def read_back(
    files: Sequence[WrittenFile], targets: Sequence[Target], profile: Profile, crs: DeliveryCrs
) -> list[Finding]:
    """Compare the written GeoPackage and FileGDB with the profile: CRS, projection, and fields in their order."""
    by_name = {target.layer.name: target for target in targets}
    findings = []
    for file in files:
        if file.format not in ("gpkg", "gdb"):
            continue
        target = by_name[file.layer]
        wanted = [
            (field.name, family_of(field.type), field.length if family_of(field.type) == "text" else 0)
            for field in target.layer.fields
        ]
        found = [
            (column.name, column.family, column.width if column.family == "text" else 0)
            for column in columns_of(file.path, file.layer)
        ]
        if profile.check("3102") and wanted != found:
            findings.append(_structure(file, [item for item in wanted if item not in found]))
        stated = pyogrio.read_info(file.path, layer=file.layer)["crs"]
        if profile.check("2201") and (stated is None or pyproj.CRS(stated) != pyproj.CRS(crs.code)):
            findings.append(
                Finding(
                    "2201",
                    "error",
                    file.layer,
                    Text(
                        f"{file.path.name} 的坐标系是 {stated}，应为 {crs.code}。",
                        f"{file.path.name} is in {stated}, not {crs.code}.",
                    ),
                    Text("请重新生成成果包。", "Write the package again."),
                )
            )
    if profile.check("2203") and not is_transverse(pyproj.CRS(crs.code)):
        findings.append(
            Finding(
                "2203",
                "warning",
                "",
                Text(
                    "成果为经纬度坐标，不是高斯-克吕格投影。",
                    "The package is in longitude and latitude, not Gauss-Krüger.",
                ),
                Text(
                    "请与接收单位确认；需要投影坐标时用 crs = zone。",
                    "Ask the bureau; for a projection use crs = zone.",
                ),
            )
        )
    return findings


def _structure(file: WrittenFile, lacking: Sequence[tuple[str, str, int]]) -> Finding:
    names = [name for name, _, _ in lacking]
    return Finding(
        "3102",
        "error",
        file.layer,
        Text("{file} 的字段与规格不一致：{names}。", "The fields of {file} differ from the profile: {names}.").filled(
            file=file.path.name, names=Text("、".join(names), ", ".join(names))
        ),
        Text("请将日志发给插件维护者。", "Send the log to the plugin's maintainers."),
    )
