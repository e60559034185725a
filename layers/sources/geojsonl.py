"""Read GeoJSON text sequences: one feature a line, or parted by record separators (RFC 8142).

GDAL passes over a record that is no JSON. So a broken one is put before it as an empty feature, and set aside later.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from ...text import Text
from ..spec import LayerSpec
from . import gdal
from .container import note_container
from .encoding import decode_file
from .raw_table import RawTable, no_layer
from .vector import as_table

_RECORD = "\x1e"
_EMPTY = '{"type":"Feature","properties":{},"geometry":null}'


def read_geojsonl(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read all features; row numbers count the records. See `source.read_source`."""
    if layer and layer != path.stem:
        raise no_layer(path, layer, [path.stem])
    data = path.read_bytes()
    gdal.check_no_links(path.name, data)
    decoded = decode_file(data, path.name, encoding)
    records, broken = _records(decoded.text.lstrip("\ufeff"))
    if len(records) == len(broken):
        raise gdal.unreadable(path, Text("没有一行是 GeoJSON 要素。", "none of its lines is a GeoJSON feature."))
    with tempfile.TemporaryDirectory(prefix="xinji-") as folder:
        copy = Path(folder) / "source.geojsonl"
        copy.write_text("\n".join(records) + "\n", encoding="utf-8", newline="\n")
        # A document of one line is plain GeoJSON to GDAL; both give the same features.
        found = gdal.read_layer(path, copy, None)
    if len(found.fids) != len(records):
        raise gdal.unreadable(
            path,
            Text(
                f"有 {len(records)} 条记录，只读出 {len(found.fids)} 条。",
                f"{len(records)} records, of which {len(found.fids)} can be read.",
            ),
        )
    table = as_table(path, found, "GeoJSONSeq")
    table.layer, table.layers, table.encoding = path.stem, (path.stem,), decoded.encoding
    table.crs_origin = Text("GeoJSON 自带（未写明时一律视为 WGS 84）", "GeoJSON itself (WGS 84 where it says nothing)")
    table.damaged |= broken
    if table.geometry is not None:
        table.geometry[list(broken)] = None
    note_container(table, spec)
    return table


def _records(text: str) -> tuple[list[str], dict[int, Text]]:
    """Give every record on one line, and the positions of those that are no features."""
    parts = text.split(_RECORD) if text.lstrip().startswith(_RECORD) else text.split("\n")
    records: list[str] = []
    broken: dict[int, Text] = {}
    for part in parts:
        words = part.strip()
        if not words:
            continue
        try:
            found = json.loads(words)
            if not isinstance(found, dict) or found.get("type") != "Feature":
                raise ValueError("no GeoJSON feature")
            if found.get("properties") is not None and not isinstance(found["properties"], dict):
                raise ValueError("its properties are no object")
        except (ValueError, RecursionError) as fault:
            broken[len(records)] = Text(
                f"不是有效的 GeoJSON 要素：{words[:60]}", f"no valid GeoJSON feature ({fault}): {words[:60]}"
            )
            words = _EMPTY
        records.append(" ".join(words.splitlines()))
    return records, broken
