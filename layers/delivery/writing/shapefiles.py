"""Write the layers of a package as Shapefiles: GBK or UTF-8, field lengths in bytes, nothing cut without a word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyogrio

from ....text import Text
from ..findings import Finding
from ..mapping import Target
from ..package import DBF_TEXT_BYTES
from ..profile.model import TargetField
from ..profile.schema import SHP_NAME_BYTES
from ..target_checks import DEFAULT_WIDTH, REAL, WHOLE
from .writers import Setup, Writing, counted, kind_of, wkb_of

_FIXED_DAY = "2000-01-01"


def write_shp(folder: Path, targets: Sequence[Target], setup: Setup) -> Writing:
    """Write one Shapefile a layer, field lengths in bytes as the profile says, at most 254.

    A layer with a character that GBK does not have is written in UTF-8, which is told, as is every text that is cut.
    """
    path = folder / "shp"
    path.mkdir()
    files, findings = [], []
    for target in targets:
        encoding, strange = _encoding(target, setup.encoding)
        if strange:
            findings.append(
                Finding(
                    "F03",
                    "warning",
                    target.layer.name,
                    Text(
                        "GBK 没有“{strange}”等字，该 Shapefile 改用 UTF-8（见 .cpg）。",
                        "GBK lacks “{strange}”: this Shapefile is in UTF-8 (see .cpg).",
                    ).filled(strange=strange),
                    Text("请与接收单位确认编码，或改用同音字。", "Agree on the encoding, or use another character."),
                )
            )
        table, cut = _dbase(target, setup, encoding)
        findings += cut
        file = path / f"{target.layer.name}.shp"
        pyogrio.write_arrow(
            table,
            file,
            driver="ESRI Shapefile",
            geometry_name="geom",
            geometry_type=kind_of(target, setup),
            crs=setup.crs.code,
            encoding=encoding,
            layer_options={"DBF_DATE_LAST_UPDATE": _FIXED_DAY},
        )
        files.append(counted(target, "shp", file))
    return Writing(path, files, findings)


def _encoding(target: Target, wished: str) -> tuple[str, str]:
    """Give the encoding in which a layer can be written, and the characters that the wished one lacks."""
    strange = dict.fromkeys(
        character
        for values in target.columns.values()
        for value in values
        if isinstance(value, str) and not value.isascii()
        for character in value
        if not _has(wished, character)
    )
    return ("UTF-8", "".join(strange)[:10]) if strange else (wished, "")


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _dbase(target: Target, setup: Setup, encoding: str) -> tuple[pa.Table, list[Finding]]:
    fields, arrays = [], []
    findings: list[Finding] = []
    for field in target.layer.fields:
        values = target.columns[field.name]
        name = field.name[:SHP_NAME_BYTES]
        if field.type in REAL and field.decimals:
            kind = pa.decimal128((field.length or DEFAULT_WIDTH) - 2, field.decimals)
            fields.append(pa.field(name, kind))
            arrays.append(pa.array(values, pa.float64()).cast(kind, safe=False))
        elif field.type in REAL:
            fields.append(pa.field(name, pa.float64()))
            arrays.append(pa.array(values, pa.float64()))
        elif field.type in WHOLE:
            fields.append(pa.field(name, pa.int64()))
            arrays.append(pa.array(values, pa.int64()))
        elif field.type == "Date":
            fields.append(pa.field(name, pa.date32()))
            arrays.append(pa.array(values, pa.string()).cast(pa.date32()))
        else:
            width = min(field.length or DBF_TEXT_BYTES, DBF_TEXT_BYTES)
            short = [None if value is None else _cut(value, width, encoding) for value in values]
            findings += [
                _cut_finding(target, row, field, value, cut, width)
                for row, (value, cut) in enumerate(zip(values, short))
                if value is not None and cut is not None and value != cut
            ]
            fields.append(pa.field(name, pa.string(), metadata={"GDAL:OGR:width": str(width)}))
            arrays.append(pa.array(short, pa.string()))
    fields.append(pa.field("geom", pa.binary()))
    arrays.append(wkb_of(target, setup))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields)), findings


def _cut(text: str, width: int, encoding: str) -> str:
    return text.encode(encoding)[:width].decode(encoding, errors="ignore")


def _cut_finding(target: Target, row: int, field: TargetField, text: str, cut: str, width: int) -> Finding:
    return Finding(
        "F01",
        "warning",
        target.layer.name,
        Text(
            "{name}（{alias}）有 {n} 个字，Shapefile 中该字段为 {width} 字节，已截为前 {m} 个字。",
            "{name} ({alias}) has {n} characters; its {width} bytes in a Shapefile hold the first {m}.",
        ).filled(name=field.name, alias=field.alias, n=len(text), width=width, m=len(cut)),
        Text("其他格式中是全文；需要时请精简文字。", "Other formats have the whole text; shorten it if need be."),
        target.uuid[row],
    )
