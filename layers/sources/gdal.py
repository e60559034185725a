"""The one place that opens files with GDAL: layers, texts of any field type, geometry, and no network.

GDAL follows links that stand in a file (VRT, GDALG pipelines, service descriptions). Such files are told by their first
bytes and refused before GDAL sees them, and whatever else it might look up runs into a proxy that does not exist.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pyproj
from pyogrio.errors import CRSError as GdalCRSError
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj.exceptions import CRSError

from ...errors import InputError
from ...text import Text, same
from ..findings.findings import Findings
from .rings import decode
from .tables import number_text

_NOWHERE = "http://127.0.0.1:9"
_NO_NETWORK = {"GDAL_HTTP_PROXY": _NOWHERE, "GDAL_HTTPS_PROXY": _NOWHERE, "GDAL_HTTP_CONNECTTIMEOUT": "1",
               "GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_MAX_RETRY": "0"}  # fmt: skip
# What GDAL writes to the terminal by itself is no planner's business.
_NO_CHATTER = {"CPL_LOG": os.devnull}
# Warnings of what the findings tell, row by row, in the planner's own language.
_TOLD = re.compile(r"non closed ring|geometry column type|laundered field name", re.IGNORECASE)
pyogrio.set_gdal_config_options(_NO_NETWORK | _NO_CHATTER)

FAULTS: tuple[type[Exception], ...] = (
    *(DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError, GdalCRSError),
    *(OSError, ValueError, RuntimeError, MemoryError, UnboundLocalError, KeyError, IndexError, TypeError),
    *(OverflowError, AttributeError, SystemError),
)
OWN_TABLES = ("layer_styles", "qgis_projects", "xinji_history", "xinji_schema")
_LINKS = re.compile(rb"<\s*(?:OGRVRT|VRT|OGRWFS|OGRCSW|OGRNGW|GDAL_WM)|gdal_streamed_alg", re.IGNORECASE)
_LOOKED_AT = 1 << 16
_EXACT = 2**53  # up to here a float holds every whole number
_CURVES = (8, 9, 10, 11, 12, 13, 14)  # ISO WKB: CircularString to Surface

Data = Path | bytes


@dataclass
class GdalLayer:
    """One layer as GDAL reads it.

    Attributes
    ----------
    headings, cells : list
        Names of the fields, and the texts of each, shape (n,).
    fids : numpy.ndarray of int64, shape (n,)
    geometry : numpy.ndarray of shapely geometries, shape (n,), or None
        None for a table without geometry.
    broken : numpy.ndarray of bool, shape (n,)
        There are bytes of a geometry which is none.
    curved : numpy.ndarray of int64
        Positions of the geometries that were curves.
    findings : Findings
        Rings that had to be closed.
    """

    headings: list[str]
    cells: list[np.ndarray]
    fids: np.ndarray
    geometry: np.ndarray | None
    broken: np.ndarray
    crs: pyproj.CRS | None
    curved: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    notices: list[Text] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def damage(self) -> dict[int, Text]:
        """Give the rows whose geometry cannot be read, and say so."""
        words = Text("几何数据损坏，无法读取", "its geometry is damaged and cannot be read")
        return {int(at): words for at in np.flatnonzero(self.broken)}


def check_no_links(name: str, head: bytes) -> None:
    """Refuse a file that only points to other places.

    Raises
    ------
    InputError
        It is a virtual data source; opening it could reach for the network.
    """
    if _LINKS.search(head[:_LOOKED_AT]):
        raise InputError(
            Text(f"{name} 只是指向其他数据的链接，不含数据。", f"{name} only links to other data."),
            Text("请选择它指向的文件，或在 QGIS 中另存为 GeoPackage。",
                 "Choose the file that it links to, or save it as a GeoPackage in QGIS."),
        )  # fmt: skip


@contextmanager
def options(**values: str) -> Iterator[None]:
    """Set configuration options of GDAL for a while."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in values}
    pyogrio.set_gdal_config_options(values)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def layer_names(path: Path, data: Data) -> tuple[str, ...]:
    """Give the layers of a file or its bytes, without the tables that QGIS and this software keep for themselves."""
    with _guarded(path, data) as given:
        found = [str(row[0]) for row in pyogrio.list_layers(given)]
    return tuple(name for name in found if name not in OWN_TABLES)


def layer_fields(path: Path, data: Data, layer: str | None) -> list[str]:
    """Give the names of the fields of a layer."""
    with _guarded(path, data) as given:
        return [str(name) for name in pyogrio.read_info(given, layer=layer)["fields"]]


def read_layer(
    path: Path, data: Data, layer: str | None, encoding: str | None = None, *, curves: bool = False
) -> GdalLayer:
    """Read one layer.

    Parameters
    ----------
    path : pathlib.Path
        The file as the planner knows it, for messages.
    data : pathlib.Path or bytes
        What GDAL is to open.
    layer, encoding : str, optional
    curves : bool
        The format can hold curves, which GDAL turns into straight segments: look which they are.

    Raises
    ------
    InputError
        GDAL cannot read it.
    """
    with _guarded(path, data) as given, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        meta, fids, wkb, columns = pyogrio.raw.read(
            given, layer=layer, encoding=encoding, datetime_as_string=True, return_fids=True
        )
        columns = [_exact(given, layer, encoding, meta, at, column) for at, column in enumerate(columns)]
        curved = _curved(given, layer) if curves and meta["geometry_type"] is not None else np.empty(0, np.int64)
    count = len(fids)
    geometry, broken, findings = None, np.zeros(count, dtype=bool), Findings()
    if meta["geometry_type"] is not None and wkb is not None:
        geometry, broken = decode(wkb, findings)
    said = dict.fromkeys(words for item in warned if not _TOLD.search(words := str(item.message)))
    return GdalLayer(
        [str(name) for name in meta["fields"]],
        [texts(column) for column in columns],
        np.asarray(fids, dtype=np.int64),
        geometry,
        broken,
        crs_of(meta["crs"]),
        curved,
        [Text(f"读取时 GDAL 提示：{words}", f"GDAL said while reading: {words}") for words in said],
        findings,
    )


def _exact(given: Any, layer: str | None, encoding: str | None, meta: Any, at: int, column: np.ndarray) -> np.ndarray:
    """Read whole numbers anew that lost digits because the column has empty cells, too."""
    if column.dtype.kind != "f" or not str(meta["ogr_types"][at]).startswith("OFTInteger"):
        return column
    if not (np.abs(column) >= _EXACT).any():
        return column
    name = str(meta["fields"][at])
    with pyogrio.raw.open_arrow(
        given, layer=layer, encoding=encoding, columns=[name], read_geometry=False, use_pyarrow=True
    ) as (_, reader):
        return np.array(reader.read_all().column(name).to_pylist(), dtype=object)


def _curved(given: Any, layer: str | None) -> np.ndarray:
    """Give the positions of geometries that are curves, from the type in their WKB."""
    found: list[np.ndarray] = []
    start = 0
    with pyogrio.raw.open_arrow(given, layer=layer, columns=[], use_pyarrow=True) as (meta, reader):
        name = meta.get("geometry_name") or "wkb_geometry"
        for batch in reader:
            column = batch.column(batch.schema.get_field_index(name))
            offsets = np.frombuffer(column.buffers()[1], np.int32, len(column) + 1, 4 * column.offset)
            data = np.frombuffer(column.buffers()[2], np.uint8) if column.buffers()[2] else np.empty(0, np.uint8)
            at = np.flatnonzero(np.diff(offsets) >= 5)
            kinds = sum(data[offsets[at] + 1 + byte].astype(np.int64) << (8 * byte) for byte in range(4))
            found.append(start + at[np.isin((np.asarray(kinds) & 0x0FFFFFFF) % 1000, _CURVES)])
            start += len(column)
    return np.concatenate(found) if found else np.empty(0, np.int64)


@contextmanager
def _guarded(path: Path, data: Data) -> Iterator[Any]:
    """Give what pyogrio may open; turn whatever GDAL says into an error that a planner can act on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # An absolute path cannot be taken for an address, nor "!" in it for a part of an archive.
            yield data if isinstance(data, bytes) else _plain(data.absolute())
        except FAULTS as fault:
            raise unreadable(path, fault) from fault


def _plain(path: Path) -> str:
    return f"/vsisubfile/0,{path}" if "!" in str(path) else str(path)


def crs_of(words: Any) -> pyproj.CRS | None:
    """Give the CRS that some words or JSON state, None where they state none that is known."""
    try:
        return pyproj.CRS.from_user_input(words) if words else None
    except (CRSError, ValueError, TypeError):
        return None


def texts(column: np.ndarray) -> np.ndarray:
    """Give the values of a column as the texts that a planner would see."""
    if column.dtype == np.float32:  # seven digits, and not those of the nearest double
        return np.array([number_text(float(str(value))) for value in column], dtype=object)
    if column.dtype.kind == "f":
        return np.array([number_text(value) for value in column.tolist()], dtype=object)
    if column.dtype.kind == "b":
        return np.array(["是" if value else "否" for value in column], dtype=object)
    if column.dtype.kind == "M":
        return np.array(["" if np.isnat(value) else day(str(value)) for value in column], dtype=object)
    return np.array(
        [value if isinstance(value, str) and len(value) < 19 else _text(value) for value in column], dtype=object
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return day(value)
    if value is None or value is pd.NA:
        return ""
    if isinstance(value, float):
        return number_text(value)
    return value.hex() if isinstance(value, bytes) else str(value)


_MIDNIGHT = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)[T ]00:00:00(?:\.0+)?(?:Z|[+-]00(?::?00)?)?")


def day(words: str) -> str:
    """Give a midnight as its day, any other text as it is."""
    if len(words) < 19 or words[13] != ":":  # the usual text, a million times
        return words
    found = _MIDNIGHT.fullmatch(words)
    return "-".join(found.groups()) if found else words


def unreadable(path: Path, fault: BaseException | Text) -> InputError:
    """Give the error of a file that GDAL, or another library, or we ourselves cannot read."""
    if isinstance(fault, UnicodeDecodeError):
        return InputError(
            Text(f"{path.name} 的文字不是 UTF-8。", f"The texts of {path.name} are not UTF-8."),
            Text("请用原软件重新导出为 UTF-8。", "Export it again as UTF-8 from the program it came from."),
        )
    if not isinstance(fault, Text):
        fault = same(" ".join(str(fault).split())[:300] or type(fault).__name__)
    return InputError(
        Text(f"读不出 {path.name}：{fault.zh}", f"Cannot read {path.name}: {fault.en}"),
        Text(
            "文件可能损坏或不完整：请在 QGIS 中打开核对，或重新索取、导出。",
            "It may be damaged or incomplete: open it in QGIS to check, or ask for it or export it again.",
        ),
    )
