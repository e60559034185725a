"""Read Shapefile, GeoJSON, GeoPackage and FileGDB through GDAL; texts of a Shapefile are decoded here.

GDAL believes a .cpg that lies and takes a Shapefile without one for UTF-8 or Latin-1. So the bytes are asked for
as they stand (Latin-1 keeps each byte) and decoded by what fits all of them.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj.exceptions import CRSError

from ...errors import InputError
from ...text import Text, same
from ..spec import LayerSpec
from .encoding import codec_name, codec_of_cells, decode_cell, decode_file, named_by_cpg
from .headings import matches
from .mapping import propose
from .raw_table import RawTable, no_layer, which_layer
from .source_table import number_text

_DRIVERS = {"shp": "ESRI Shapefile", "geojson": "GeoJSON", "gpkg": "GPKG", "gdb": "OpenFileGDB"}
_FAULTS = (DataSourceError, DataLayerError, OSError, ValueError, RuntimeError, MemoryError, UnboundLocalError)
_OWN_TABLES = ("layer_styles", "qgis_projects", "xinji_history", "xinji_schema")
_LDID = {0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5"}


def names(path: Path) -> tuple[str, ...]:
    """Give the layers of a file, without the tables that QGIS and this software keep for themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = [str(row[0]) for row in pyogrio.list_layers(path)]
        except _FAULTS as fault:
            raise _unreadable(path, fault) from fault
    return tuple(name for name in found if name not in _OWN_TABLES)


def read_vector(path: Path, kind: str, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read one layer; see `source.read_source`."""
    if kind == "shp":
        return _read_shapefile(path, layer, encoding, spec)
    data, found_encoding = _content(path, kind, encoding)
    layers = names(path) if isinstance(data, Path) else _names_of_bytes(path, data)
    if layer and layer not in layers:
        raise no_layer(path, layer, list(layers))
    chosen = layer or which_layer(
        path, {name: _fit(path, data, name, spec) for name in layers} or {"": (False, 0)}, spec
    )
    table = _read(path, data, chosen or None, None)
    table.format, table.layer, table.layers, table.encoding = _DRIVERS[kind], chosen, layers, found_encoding
    table.crs_origin = Text("图层自带", "the layer itself")
    if kind == "geojson":
        table.crs_origin = Text(
            "GeoJSON 自带（未写明时一律视为 WGS 84）", "GeoJSON itself (WGS 84 where it says nothing)"
        )
    return table


def _content(path: Path, kind: str, encoding: str) -> tuple[Path | bytes, str]:
    """Give the file, or its bytes in UTF-8 where it is a text in another encoding."""
    if kind != "geojson":
        return path, "UTF-8"
    data = path.read_bytes()
    decoded = decode_file(data, path.name, encoding)
    if decoded.encoding.upper() == "UTF-8":
        return path, "UTF-8"
    return decoded.text.encode("utf-8"), decoded.encoding


def _names_of_bytes(path: Path, data: bytes) -> tuple[str, ...]:
    try:
        return tuple(str(row[0]) for row in pyogrio.list_layers(data))
    except _FAULTS as fault:
        raise _unreadable(path, fault) from fault


def _fit(path: Path, data: Path | bytes, layer: str, spec: LayerSpec | None) -> tuple[bool, int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            headings = [str(name) for name in pyogrio.read_info(data, layer=layer)["fields"]]
        except _FAULTS as fault:
            raise _unreadable(path, fault) from fault
    return spec is not None and not propose(headings, spec).missing(spec), matches(headings, spec)


def _read(path: Path, data: Path | bytes, layer: str | None, encoding: str | None) -> RawTable:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            meta, _, wkb, columns = pyogrio.raw.read(data, layer=layer, encoding=encoding, datetime_as_string=True)
        except _FAULTS as fault:
            raise _unreadable(path, fault) from fault
    count = len(wkb) if wkb is not None else (len(columns[0]) if columns else 0)
    table = RawTable(
        path,
        "",
        [str(name) for name in meta["fields"]],
        [_texts(column) for column in columns],
        np.arange(1, count + 1, dtype=np.int64),
        crs=_crs(meta["crs"]),
        notices=[same(f"GDAL: {words}") for words in dict.fromkeys(str(item.message) for item in warned)],
    )
    if meta["geometry_type"] is not None and wkb is not None:
        table.geometry = shapely.from_wkb(wkb, on_invalid="ignore")
        stated = np.array([item is not None for item in wkb], dtype=bool)
        for at in np.flatnonzero(stated & shapely.is_missing(table.geometry)):
            table.damaged[int(at)] = Text("几何数据损坏，无法读取", "its geometry is damaged and cannot be read")
    return table


def _crs(words: str | None) -> pyproj.CRS | None:
    try:
        return pyproj.CRS.from_user_input(words) if words else None
    except CRSError:
        return None


def _texts(column: np.ndarray) -> np.ndarray:
    """Give the values of a column as the texts that a planner would see."""
    if column.dtype.kind == "f":
        return np.array([number_text(float(value)) for value in column], dtype=object)
    if column.dtype.kind == "b":
        return np.array(["是" if value else "否" for value in column], dtype=object)
    if column.dtype.kind == "M":
        return np.array(["" if np.isnat(value) else _day(str(value)) for value in column], dtype=object)
    return np.array([_text(value) for value in column], dtype=object)


def _text(value: Any) -> str:
    if value is None or value is pd.NA:
        return ""
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, bytes):
        return value.hex()
    return _day(value) if isinstance(value, str) else str(value)


_MIDNIGHT = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)[T ]00:00:00(?:\.0+)?(?:Z|[+-]00:?00)?")


def _day(words: str) -> str:
    found = _MIDNIGHT.fullmatch(words)
    return "-".join(found.groups()) if found else words


def _unreadable(path: Path, fault: BaseException) -> InputError:
    if isinstance(fault, UnicodeDecodeError):
        return InputError(
            Text(f"{path.name} 的文字不是 UTF-8。", f"The texts of {path.name} are not UTF-8."),
            Text("请用原软件重新导出为 UTF-8。", "Export it again as UTF-8 from the program it came from."),
        )
    return InputError(
        Text(f"读不出 {path.name}：{fault}", f"Cannot read {path.name}: {fault}"),
        Text(
            "文件可能损坏或不完整：请在 QGIS 中打开核对，或重新索取、导出。",
            "It may be damaged or incomplete: open it in QGIS to check, or ask for it or export it again.",
        ),
    )


def _sibling(path: Path, suffix: str) -> Path | None:
    """Give the part of a shapefile with this suffix in any case."""
    for item in sorted(path.parent.iterdir()):
        if item.stem == path.stem and item.suffix.lower() == suffix:
            return item
    return None


def _read_shapefile(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:  # noqa: ARG001
    lost = [suffix for suffix in (".shx", ".dbf") if _sibling(path, suffix) is None]
    if lost:
        raise InputError(
            Text(f"{path.name} 缺少组成文件：{'、'.join(lost)}。", f"{path.name} lacks its parts: {', '.join(lost)}."),
            Text(
                "请把同名的 .shp、.shx、.dbf（及 .prj、.cpg）放在同一文件夹。",
                "Put the .shp, .shx and .dbf (and .prj, .cpg) of the same name into one folder.",
            ),
        )
    if layer and layer != path.stem:
        raise no_layer(path, layer, [path.stem])
    prj = _sibling(path, ".prj")
    try:
        table = _read(path, path, None, "ISO-8859-1")
    except InputError as fault:
        if prj is None or _crs(prj.read_bytes().decode("latin-1").replace("\0", "?")) is not None:
            raise
        raise InputError(
            Text(f"{path.name} 的 .prj 文件已损坏，无法读取。", f"The .prj file of {path.name} is damaged."),
            Text(
                "请更正或删除该 .prj，再用 --datum 指明坐标基准。",
                "Correct or delete that .prj, and state the datum with --datum.",
            ),
        ) from fault
    raw = [heading.encode("latin-1", "replace") for heading in table.headings]
    texts = [pd.factorize(column) for column in table.cells]
    unique = [[str(text).encode("latin-1", "replace") for text in found] for _, found in texts]
    cpg, dbf = _sibling(path, ".cpg"), _sibling(path, ".dbf")
    stated = cpg.read_bytes()[:64].decode("ascii", "ignore") if cpg else ""
    named = named_by_cpg(stated) if stated else (_ldid(dbf) if dbf else "")
    if encoding.lower() != "auto":
        codec = codec_name(encoding)
    else:
        codec = codec_of_cells([*raw, *(cell for column in unique for cell in column)], named)
    try:
        table.headings = [decode_cell(heading, codec) for heading in raw]
        table.cells = [
            np.array([*(decode_cell(cell, codec) for cell in cells), ""], dtype=object)[codes]
            for (codes, _), cells in zip(texts, unique)
        ]
    except (UnicodeDecodeError, LookupError) as fault:
        raise InputError(
            Text(
                f"{path.name} 属性表的文字不是 {encoding if codec else 'UTF-8、GB18030'} 编码。",
                f"The texts in the table of {path.name} are not {encoding if codec else 'UTF-8 or GB18030'}.",
            ),
            Text("请用 --encoding 指明编码，例如 BIG5。", "State the encoding with --encoding, for example BIG5."),
        ) from fault
    table.format, table.layer, table.layers = _DRIVERS["shp"], path.stem, (path.stem,)
    table.encoding = {"utf-8": "UTF-8", "gbk": "GBK", "gb2312": "GBK", "gb18030": "GB18030", "big5": "BIG5"}.get(
        codec, encoding if encoding.lower() != "auto" else codec
    )
    if stated and named != codec:
        table.notices.append(
            Text(
                f".cpg 文件写的是“{stated.strip()}”，实际文字是 {table.encoding}，已按后者读取。",
                f"The .cpg says “{stated.strip()}”, the texts are {table.encoding}, and were read as such.",
            )
        )
    table.crs_origin = Text(".prj 文件", "the .prj file") if prj else Text("", "")
    if prj and table.crs is None:
        table.notices.append(Text(".prj 文件的内容无法识别。", "The content of the .prj file is not understood."))
    return table


def _ldid(dbf: Path) -> str:
    with dbf.open("rb") as file:
        head = file.read(32)
    return _LDID.get(head[29], "") if len(head) == 32 else ""
