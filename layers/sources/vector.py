"""Read GeoJSON, GeoPackage, FileGDB and GPX through GDAL: choose the layer, keep texts as they stand."""

from __future__ import annotations

from pathlib import Path

from ...errors import InputError
from ...text import Text
from ..reading.headings import matches
from ..reading.mapping import propose
from ..spec import LayerSpec
from . import gdal
from .container import note_container
from .encoding import decode_file
from .raw_table import RawTable, no_layer, which_layer

_DRIVERS = {"geojson": "GeoJSON", "gpkg": "GPKG", "gdb": "OpenFileGDB", "gpx": "GPX"}
_CURVED = ("gpkg", "gdb")
_TEXTS = ("geojson", "gpx")
_GPX_LAYERS = ("waypoints", "routes", "tracks")  # the points of routes and tracks are no features of their own
_JSON_STARTS = (b"{", b"[")


def names(path: Path, kind: str) -> tuple[str, ...]:
    """Give the layers of a file."""
    data, _ = _content(path, kind, "auto")
    return _names(path, data, kind)


def read_vector(path: Path, kind: str, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read one layer; see `source.read_source`."""
    data, found_encoding = _content(path, kind, encoding)
    layers = _names(path, data, kind)
    if not layers:
        raise _nothing(path)
    if layer and layer not in layers:
        raise no_layer(path, layer, list(layers))
    chosen = layer or which_layer(path, {name: fit(path, data, name, spec) for name in layers}, spec)
    found = gdal.read_layer(path, data, chosen, curves=kind in _CURVED)
    origins = {
        "geojson": Text("GeoJSON 自带（未写明时一律视为 WGS 84）", "GeoJSON itself (WGS 84 where it says nothing)"),
        "gpx": Text("GPX 格式一律标为 WGS 84", "GPX, which always claims WGS 84"),
    }
    table = as_table(path, found, _DRIVERS[kind])
    table.layer, table.layers, table.encoding = chosen, layers, found_encoding
    table.crs_origin = origins.get(kind, Text("图层自带", "the layer itself"))
    if kind == "gpx":
        _drop_empty_columns(table)
    note_container(table, spec, found.curved)
    return table


def as_table(path: Path, found: gdal.GdalLayer, form: str) -> RawTable:
    """Make a table of what GDAL read, its rows counted from 1."""
    import numpy as np

    return RawTable(
        path,
        form,
        found.headings,
        found.cells,
        np.arange(1, len(found.fids) + 1, dtype=np.int64),
        geometry=found.geometry,
        crs=found.crs,
        damaged=found.damage(),
        notices=found.notices,
        findings=found.findings,
    )


def fit(path: Path, data: gdal.Data, layer: str, spec: LayerSpec | None) -> tuple[bool, int]:
    """Tell whether a layer has all fields that are required, and how many of its headings fit."""
    headings = gdal.layer_fields(path, data, layer)
    return spec is not None and propose(headings, spec).is_served(spec), matches(headings, spec)


def _content(path: Path, kind: str, encoding: str) -> tuple[gdal.Data, str]:
    """Give the file, or its bytes in UTF-8 where it is a text in another encoding."""
    if kind not in _TEXTS:
        return path, "UTF-8"
    data = path.read_bytes()
    gdal.check_no_links(path.name, data)
    decoded = decode_file(data, path.name, encoding)
    text = decoded.text.lstrip("\ufeff \t\r\n")
    if kind == "geojson" and not text.encode("utf-8", "replace").startswith(_JSON_STARTS):
        raise gdal.unreadable(
            path, Text("开头不是 { 或 [，不是 GeoJSON。", "it does not start with { or [, so it is no GeoJSON.")
        )
    if kind == "geojson" and decoded.encoding.upper() == "UTF-8":
        return path, "UTF-8"
    if kind == "gpx":
        if "<gpx" not in text[: 1 << 14]:
            raise gdal.unreadable(path, Text("其中没有 <gpx>，不是 GPX。", "there is no <gpx> in it."))
        text = _as_utf8_xml(text)
    return text.encode("utf-8"), decoded.encoding


def _as_utf8_xml(text: str) -> str:
    """Put a declaration of UTF-8 in the place of the one that stands there."""
    if text.startswith("<?xml"):
        text = text.partition("?>")[2]
    return f'<?xml version="1.0" encoding="UTF-8"?>{text.lstrip()}'


def _names(path: Path, data: gdal.Data, kind: str) -> tuple[str, ...]:
    found = gdal.layer_names(path, data)
    if kind != "gpx":
        return found
    text = data.decode("utf-8") if isinstance(data, bytes) else ""
    marks = {"waypoints": "<wpt", "routes": "<rte", "tracks": "<trk"}
    return tuple(name for name in _GPX_LAYERS if name in found and marks[name] in text)


def _nothing(path: Path) -> InputError:
    return InputError(
        Text(f"{path.name} 没有图层或要素。", f"{path.name} has no layers or features."),
        Text("请确认选择的文件，或重新导出。", "Check the file that was chosen, or export it again."),
    )


def _drop_empty_columns(table: RawTable) -> None:
    """Leave out the columns of the standard that nobody filled: they are no columns of the sender."""
    kept = [at for at, column in enumerate(table.cells) if (column != "").any()]
    table.headings = [table.headings[at] for at in kept]
    table.cells = [table.cells[at] for at in kept]
