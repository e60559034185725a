"""Read DXF through GDAL: its texts brought to UTF-8 before, its CAD layers offered as layers.

A DXF states no CRS. Its texts are in the code page that ``$DWGCODEPAGE`` names (ANSI_936 is GBK), from AutoCAD 2007 on
in UTF-8; programs of other makers write what they like, so the bytes decide.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import numpy as np
import shapely

from ...text import NOTHING, Text
from ..findings.findings import Findings
from ..spec import Geometry, LayerSpec
from . import gdal
from .container import note_container
from .encoding import decode_file
from .raw_table import RawTable, no_layer, which_layer
from .vector import as_table

_BINARY = b"AutoCAD Binary DXF"
_ESCAPE = re.compile(r"\\U\+([0-9A-Fa-f]{4})")
_LOOKED_AT = 1 << 16
_GROUP_CODE = re.compile(r"\s*-?\d{1,4}\s*")
_LAYER = "Layer"
_FAMILY = {Geometry.POINT: (0, 4), Geometry.LINE: (1, 2, 5), Geometry.POLYGON: (3, 6)}


def layer_names(path: Path) -> tuple[str, ...]:
    """Give the names of the CAD layers that hold something."""
    found, _ = _entities(path, "auto")
    return tuple(dict.fromkeys(_layer_column(found)))


def read_dxf(path: Path, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read the entities of one CAD layer; see `source.read_source`."""
    found, found_encoding = _entities(path, encoding)
    of = _layer_column(found)
    names = tuple(dict.fromkeys(of))
    if not names:
        raise gdal.unreadable(path, Text("其中没有图形。", "it holds no entities."))
    if layer and layer not in names:
        raise no_layer(path, layer, list(names))
    chosen = layer or which_layer(path, _fits(found, of, names, spec), spec)
    table = as_table(path, found, "DXF")
    at = np.flatnonzero(np.array([name == chosen for name in of], dtype=bool))
    place = {int(old): new for new, old in enumerate(at)}
    table.cells = [column[at] for column in table.cells]
    table.rows = table.rows[at]  # as QGIS counts them, over all layers
    table.geometry = None if table.geometry is None else table.geometry[at]
    table.damaged = {place[old]: words for old, words in table.damaged.items() if old in place}
    table.findings = _moved(table.findings, place)
    table.layer, table.layers, table.encoding = chosen, names, found_encoding
    table.crs, table.crs_origin = None, NOTHING
    note_container(table, spec)
    return table


def _moved(findings: Findings, place: dict[int, int]) -> Findings:
    """Give the findings on the rows that were kept, at their new positions."""
    moved = Findings()
    for block in findings:
        for number, at in enumerate(() if block.at is None else block.at.tolist()):
            if at in place:
                why = block.why[number if len(block.why) > 1 else 0]
                moved.add(block.code, [place[at]], field=block.field, why=why, severity=block.severity)
    return moved


def _entities(path: Path, encoding: str) -> tuple[gdal.GdalLayer, str]:
    data = path.read_bytes()
    if data.startswith(_BINARY):
        return gdal.read_layer(path, path, "entities"), "UTF-8"
    gdal.check_no_links(path.name, data)
    if b"SECTION" not in data[:_LOOKED_AT].replace(b"\0", b""):
        raise gdal.unreadable(path, Text("其中没有 SECTION，不是 DXF。", "it has no SECTION, so it is no DXF."))
    decoded = decode_file(data, path.name, encoding)
    _check_whole(path, decoded.text)
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), decoded.text)
    with tempfile.TemporaryDirectory(prefix="xinji-") as folder, gdal.options(DXF_ENCODING="UTF-8"):
        copy = Path(folder) / "source.dxf"
        copy.write_bytes(text.encode("utf-8", "replace"))
        return gdal.read_layer(path, copy, "entities"), decoded.encoding


def _check_whole(path: Path, text: str) -> None:
    """Refuse a DXF that is cut off or out of step: GDAL reads on beyond its end for ever.

    Raises
    ------
    InputError
        A group code is no number, or the last group is not EOF.
    """
    lines = text.split("\n")
    while lines and not lines[-1].strip("\x1a \t\r"):
        lines.pop()
    if len(lines) % 2 or [line.strip() for line in lines[-2:]] != ["0", "EOF"]:
        raise gdal.unreadable(path, Text("文件不完整：结尾没有 EOF。", "it is cut off: EOF is missing at its end."))
    for at in range(0, len(lines), 2):
        if not _GROUP_CODE.fullmatch(lines[at]):
            words = lines[at].strip()[:40]
            raise gdal.unreadable(
                path, Text(f"第 {at + 1} 行应为组码，实际为“{words}”。", f"line {at + 1} is no group code: “{words}”.")
            )


def _layer_column(found: gdal.GdalLayer) -> list[str]:
    if _LAYER not in found.headings:
        return ["0"] * len(found.fids)
    return [str(name) for name in found.cells[found.headings.index(_LAYER)]]


def _fits(
    found: gdal.GdalLayer, of: list[str], names: tuple[str, ...], spec: LayerSpec | None
) -> dict[str, tuple[bool, int]]:
    """Tell of every CAD layer whether it has geometry of the type that is wanted; DXF has no headings to go by."""
    wanted = _FAMILY.get(spec.geometry, ()) if spec is not None else ()
    kinds = shapely.get_type_id(found.geometry) if found.geometry is not None else np.full(len(of), -1)
    having = {name for name, kind in zip(of, kinds) if int(kind) in wanted}
    return {name: (name in having, 2 if name in having else 0) for name in names}
