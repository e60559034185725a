"""Read MapInfo TAB and MIF/MID through GDAL; their texts are decoded here, because the charset is often wrong.

WindowsSimpChinese is GBK. Programs of other makers write "Neutral" or "WindowsLatin1" beside Chinese text, and GDAL
believes them. A MIF is brought to UTF-8 before; of a TAB the bytes are asked for as they stand.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from ...errors import InputError
from ...text import Text
from ..spec import LayerSpec
from . import gdal
from .container import note_container
from .encoding import codec_name, codec_of_cells, decode_cell, decode_file
from .raw_table import RawTable, no_layer
from .vector import as_table

_CHARSETS = {
    "windowssimpchinese": "gbk",
    "windowstradchinese": "big5",
    "utf-8": "utf-8",
    "utf8": "utf-8",
}
_CHARSET = re.compile(rb'(charset\s+)"?([\w\-]*)"?', re.IGNORECASE)
_SHOWN = {"utf-8": "UTF-8", "gbk": "GBK", "gb18030": "GB18030", "big5": "BIG5"}
_TAB_PARTS = (".tab", ".dat", ".map", ".id", ".ind", ".dbf")
_NEEDED = {".tab": (".dat", ".map", ".id"), ".mif": (".mid",)}
_LINKED = re.compile(rb"^\s*type\s+(linked|odbc|wms|wfs|tilesserver|raster|view)", re.IGNORECASE | re.MULTILINE)


def read_mapinfo(path: Path, kind: str, layer: str | None, encoding: str, spec: LayerSpec | None) -> RawTable:
    """Read a TAB or MIF; see `source.read_source`."""
    if layer and layer != path.stem:
        raise no_layer(path, layer, [path.stem])
    parts = _parts(path, kind)
    table = _read_mif(path, parts, encoding) if kind == "mif" else _read_tab(path, parts, encoding)
    table.layer, table.layers = path.stem, (path.stem,)
    table.crs_origin = Text("MapInfo 文件自带", "the MapInfo file itself")
    note_container(table, spec)
    return table


def _parts(path: Path, kind: str) -> dict[str, Path]:
    """Give the files of a source by their suffix in lower case.

    Raises
    ------
    InputError
        One without which nothing can be read is missing.
    """
    beside = [item for item in sorted(path.parent.iterdir()) if item.stem.casefold() == path.stem.casefold()]
    parts = {item.suffix.lower(): item for item in beside if item.is_file()} | {f".{kind}": path}
    needed = _NEEDED[f".{kind}"]
    if kind == "tab" and ".dat" not in parts and ".dbf" in parts:
        needed = tuple(suffix for suffix in needed if suffix != ".dat")
    lost = [suffix for suffix in needed if suffix not in parts]
    if kind == "mif" and re.search(rb"^\s*columns\s+0\s*$", path.read_bytes()[: 1 << 16], re.IGNORECASE | re.MULTILINE):
        lost = []
    if lost:
        raise InputError(
            Text(f"{path.name} 缺少组成文件：{'、'.join(lost)}。", f"{path.name} lacks its parts: {', '.join(lost)}."),
            Text(
                f"请把同名的 {'、'.join((path.suffix.lower(), *needed))} 放在同一文件夹。",
                f"Put the {', '.join((path.suffix.lower(), *needed))} of the same name into one folder.",
            ),
        )
    return parts


def _read_mif(path: Path, parts: dict[str, Path], encoding: str) -> RawTable:
    head = parts[".mif"].read_bytes()
    rows = parts[".mid"].read_bytes() if ".mid" in parts else b""
    gdal.check_no_links(path.name, head)
    stated = _stated(head)
    # Each by itself, so that a message names the right file and line.
    first = decode_file(head, path.name, _told(encoding, stated, head))
    second = decode_file(rows, parts[".mid"].name, _told(encoding, stated, rows)) if rows else first
    mif, mid = first.text, second.text if rows else ""
    found_encoding = first.encoding if rows.isascii() else second.encoding
    mif, count = re.subn(r"(?im)^(\s*charset\s+).*$", r'\1"UTF-8"', mif, count=1)
    if not count:
        mif = re.sub(r"(?im)^(\s*version\s+\d+\s*)$", '\\1\nCharset "UTF-8"', mif, count=1)
    with tempfile.TemporaryDirectory(prefix="xinji-") as folder:
        copy = Path(folder) / "source.mif"
        copy.write_bytes(mif.lstrip("\ufeff").encode("utf-8", "replace"))
        copy.with_suffix(".mid").write_bytes(mid.encode("utf-8", "replace"))
        table = as_table(path, gdal.read_layer(path, copy, None), "MapInfo MIF")
    table.encoding = found_encoding
    _note_charset(table, stated, codec_name(found_encoding), not (head + rows).isascii())
    return table


def _read_tab(path: Path, parts: dict[str, Path], encoding: str) -> RawTable:
    head = parts[".tab"].read_bytes()
    if _LINKED.search(head):
        raise InputError(
            Text(f"{path.name} 只是指向其他数据的链接，不含数据。", f"{path.name} only links to other data."),
            Text("请在 MapInfo 中另存为普通表。", "Save it as a native table in MapInfo."),
        )
    stated = _stated(head)
    neutral, count = _CHARSET.subn(rb'\g<1>"Neutral"', head, count=1)
    with tempfile.TemporaryDirectory(prefix="xinji-") as folder:
        copy = Path(folder) / "source.tab"
        for suffix in _TAB_PARTS[1:]:
            if suffix in parts:
                shutil.copyfile(parts[suffix], copy.with_suffix(suffix))
        # A TAB names its own data file where the two names differ.
        neutral = re.sub(rb'(?im)^(\s*file\s+)"[^"]*"', rb'\g<1>"source.dat"', neutral) if count else neutral
        copy.write_bytes(neutral)
        found = gdal.read_layer(path, copy, None, "ISO-8859-1" if count else None)
    table = as_table(path, found, "MapInfo TAB")
    if count:
        _decode(table, stated, encoding)
    return table


def _decode(table: RawTable, stated: str, encoding: str) -> None:
    raw = [heading.encode("latin-1", "replace") for heading in table.headings]
    found = [pd.factorize(column) for column in table.cells]
    unique = [[str(text).encode("latin-1", "replace") for text in values] for _, values in found]
    everything = [cell for cell in (*raw, *(cell for column in unique for cell in column)) if not cell.isascii()]
    named = _CHARSETS.get(stated.lower(), "")
    codec = codec_name(encoding) if encoding.lower() != "auto" else codec_of_cells(everything, named)
    try:
        table.headings = [decode_cell(heading, codec) for heading in raw]
        table.cells = [
            np.array([*(decode_cell(cell, codec) for cell in cells), ""], dtype=object)[at]
            for (at, _), cells in zip(found, unique)
        ]
    except (UnicodeDecodeError, LookupError) as fault:
        raise InputError(
            Text(f"无法确定 {table.path.name} 的文字编码。", f"The encoding of {table.path.name} cannot be told."),
            Text("请用 --encoding 指明编码，例如 GBK。", "State the encoding with --encoding, for example GBK."),
        ) from fault
    table.encoding = _SHOWN.get(codec, codec)
    _note_charset(table, stated, codec, bool(everything))


def _stated(head: bytes) -> str:
    found = _CHARSET.search(head[: 1 << 14])
    return found[2].decode("ascii", "ignore") if found else ""


def _told(encoding: str, stated: str, data: bytes) -> str:
    """Give the encoding to read a MIF by: what the planner says, Big5 where the file says so and it fits, else auto."""
    if encoding.lower() != "auto" or _CHARSETS.get(stated.lower()) != "big5":
        return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "BIG5"
    return encoding


def _note_charset(table: RawTable, stated: str, codec: str, counts: bool) -> None:
    if not counts:
        return
    if codec != "utf-8":
        table.findings.add("not_utf8", values=table.encoding)
    label = _CHARSETS.get(stated.lower(), "")
    same = label == codec or {label, codec} <= {"gbk", "gb18030", "gb2312"} or {label, codec} <= {"big5", "cp950"}
    if not same:
        table.findings.add(
            "wrong_cpg",
            values=stated,
            proposed=table.encoding,
            why=Text(
                f"文件写明的字符集是“{stated}”，实际文字是 {table.encoding}，已按后者读取",
                f"the file states the charset “{stated}”, the texts are {table.encoding}, and were read as such",
            ),
        )
