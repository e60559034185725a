"""Workbooks that no library at hand writes: XLS (BIFF8 in a compound file) and ODS, by their specifications.

[MS-XLS] and [MS-CFB] for the first, ODF 1.2 for the second; only what a plain table of text and numbers needs.
"""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _label(row: int, column: int, text: str) -> bytes:
    words = text[:4000].encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, column, 15, len(words) // 2, 1) + words)


def _sheet(rows: list[list[Any]]) -> bytes:
    width = max(map(len, rows))
    parts = [
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6)),
        _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)),
    ]
    for k, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, (int, float)):
                parts.append(_record(0x0203, struct.pack("<HHHd", k, c, 15, float(cell))))
            elif cell not in ("", None):
                parts.append(_label(k, c, str(cell)))
    return b"".join(parts) + _record(0x000A, b"")


def _book(rows: list[list[Any]], name: str) -> bytes:
    words = name.encode("utf-16-le")
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    head += _record(0x0042, struct.pack("<H", 1200))
    length = 4 + 8 + len(words)
    start = len(head) + length + len(_record(0x000A, b""))
    head += _record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(words) // 2, 1) + words)
    return head + _record(0x000A, b"") + _sheet(rows)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    words = name.encode("utf-16-le") + b"\0\0"
    fixed = struct.pack("<64sHBBIII", words, len(words), kind, 1, FREE, FREE, child)
    return fixed + b"\0" * 16 + struct.pack("<IQQIQ", 0, 0, 0, start, size)


def write_xls(path: Path, rows: list[list[Any]], name: str = "数据") -> Path:
    """Write one sheet as an Excel 97 workbook."""
    stream = _book(rows, name)
    stream += b"\0" * (-len(stream) % SECTOR if len(stream) >= 4096 else 4096 - len(stream))
    sectors = len(stream) // SECTOR
    fats = 1
    while fats * 128 < sectors + 1 + fats:
        fats += 1
    chain = [*range(1, sectors), END, END, *[FAT] * fats]
    chain += [FREE] * (fats * 128 - len(chain))
    first_fat = sectors + 1
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, fats, sectors, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *range(first_fat, first_fat + fats), *[FREE] * (109 - fats))
    folder = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 0, len(stream)) + b"\0" * 256
    path.write_bytes(header + stream + folder + struct.pack(f"<{len(chain)}I", *chain))
    return path


def write_ods(path: Path, rows: list[list[Any]], name: str = "数据") -> Path:
    """Write one sheet as an OpenDocument spreadsheet."""

    def cell(value: Any) -> str:
        if isinstance(value, (int, float)):
            shown = f'office:value-type="float" office:value="{value}"'
        else:
            shown = 'office:value-type="string"'
        return f"<table:table-cell {shown}><text:p>{escape(str(value))}</text:p></table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{space}office:1.0" '
        f'xmlns:table="{space}table:1.0" xmlns:text="{space}text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{name}">{body}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        f'xmlns:manifest="{space}manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as target:
        for member, text in (("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", content)):
            target.writestr(zipfile.ZipInfo(member, (2026, 10, 31, 0, 0, 0)), text)
    path.write_bytes(raw.getvalue())
    return path
