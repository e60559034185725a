"""What the values of an .xlsx sheet do not tell: formulas, errors, percentages, numbers of many digits.

The XML of the sheet is searched with one expression, and only where it holds such a cell at all.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb"<c r=\"([A-Z]{1,3})(\d+)\"([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_VALUE = re.compile(rb"<v(?: [^>]*)?>([^<]*)</v>")
_FORMULA = re.compile(rb"<f(?: [^>]*)?>([^<]+)</f>")
_HIDDEN, _NUMBER = re.compile(rb'<row [^>]*hidden="(?:1|true)"[^>]*>'), re.compile(rb' r="(\d{1,7})"')
_STYLE, _TYPE = re.compile(rb'\ss="(\d+)"'), re.compile(rb'\st="(\w+)"')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$")
_ROW, _FAR_COLUMN = re.compile(rb'r="[A-Z]{0,20}(\d{5,20})"'), re.compile(rb'r="[A-Z]{3}')
_AT = re.compile(rb'<c r="([A-Z]{1,20})')
_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 1_048_576, 16_384, 60_000_000
_LARGEST, _PACKED_MOST = 2_000_000_000, 400  # bytes of a sheet, and how many times smaller it may be packed
_PERCENT_FORMATS = {9, 10}
_DIGITS = 16  # from here on a number has more digits than a double holds

Cell = tuple[int, int]  # row and column, from 0


@dataclass
class SheetXml:
    """Cells of a sheet, by row and column from 0.

    Attributes
    ----------
    texts : dict
        Text of errors, percentages and long numbers, which a plain reader gets wrong.
    formulas : list
    without_value : dict
        Cells with formulas, and those of them that no program has calculated.
    plain : bool
        Every cell says where it stands and the XML has no prefixes; else nothing was looked at.
    """

    texts: dict[Cell, str] = field(default_factory=dict)
    formulas: list[Cell] = field(default_factory=list)
    without_value: dict[Cell, str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    plain: bool = True


def read_sheet_xml(path: Path, sheet: str) -> SheetXml:
    """Look into the XML of one sheet; may raise what zipfile and ElementTree raise."""
    with zipfile.ZipFile(path) as pack:
        data = pack.read(_part(pack, sheet))
        percent = _percent_styles(pack)
    if data.count(b"<c ") + data.count(b"<c>") != data.count(b'<c r="') or b"<sheetData" not in data:
        return SheetXml(plain=False)
    if data[:200].upper().find(b"UTF-16") >= 0:
        return SheetXml(plain=False)
    found = SheetXml()
    if b"hidden=" in data:
        found.hidden = sorted(int(number) - 1 for row in _HIDDEN.findall(data) for number in _NUMBER.findall(row))
    # Numbers of many digits need a look at every cell, but only where there are any.
    long = re.search(rb"<v>-?\d{%d,}</v>" % _DIGITS, data) is not None
    used = percent and any(b' s="%d"' % style in data for style in percent)
    if not (used or long or b't="e"' in data or b"<f" in data):
        return found
    for at, attributes, body in _cells(data):
        kind = _TYPE.search(attributes)
        value = _VALUE.search(body)
        if b"<f" in body:
            found.formulas.append(at)
            empty = value is None or (not value[1] and not (kind and kind[1] == b"str"))
            if empty and b"<is>" not in body:
                words = _FORMULA.search(body)
                found.without_value[at] = "=" + (unescape(words[1].decode("utf-8", "replace")) if words else "…")
        if value is None or not value[1]:
            continue
        if kind and kind[1] == b"e":
            found.texts[at] = value[1].decode("ascii", "replace")
        elif kind is None or kind[1] == b"n":
            style = _STYLE.search(attributes)
            text = value[1].decode("ascii", "replace").strip()
            if style and int(style[1]) in percent:
                found.texts[at] = f"{float(text) * 100:.12g}%"
            elif re.fullmatch(rf"-?\d{{{_DIGITS},}}", text):
                found.texts[at] = text
    return found


def check_extents(data: bytes) -> None:
    """Refuse a workbook in which a stray cell makes a sheet too large to lay out; raise ValueError with its place."""
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        for name in pack.namelist():
            if not _SHEET.search(name):
                continue
            info = pack.getinfo(name)
            if info.file_size > _LARGEST or info.file_size > _PACKED_MOST * max(info.compress_size, 1 << 14):
                raise ValueError(f"{name} unpacks to {info.file_size:,} bytes")
            part = pack.read(name)
            if not part.startswith(b"<") and b"<sheetData" not in part:
                continue
            rows = max((int(one) for one in _ROW.findall(part)), default=10_000)
            wide = 1
            if rows * 702 > _MOST_CELLS or _FAR_COLUMN.search(part):
                wide = max((_column(one) + 1 for one in {found[1] for found in _AT.finditer(part)}), default=1)
            if rows > _MOST_ROWS or wide > _MOST_COLUMNS or rows * wide > _MOST_CELLS:
                raise ValueError(f"{name}: a stray cell in row {rows:,} or column {wide:,}")


def _cells(data: bytes) -> Iterator[tuple[Cell, bytes, bytes]]:
    for found in _CELL.finditer(data):
        yield (int(found[2]) - 1, _column(found[1])), found[3], found[4] or b""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _part(pack: zipfile.ZipFile, sheet: str) -> str:
    """Give the name of the XML of a sheet; raise KeyError where the workbook names none."""
    book = ElementTree.fromstring(pack.read("xl/workbook.xml"))
    link = next(one.get(_LINK) for one in book.iter(f"{_MAIN}sheet") if one.get("name") == sheet)
    relations = ElementTree.fromstring(pack.read("xl/_rels/workbook.xml.rels"))
    target = next(one.get("Target") or "" for one in relations if one.get("Id") == link)
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)


def _percent_styles(pack: zipfile.ZipFile) -> set[int]:
    if "xl/styles.xml" not in pack.namelist():
        return set()
    styles = ElementTree.fromstring(pack.read("xl/styles.xml"))
    formats = {
        int(one.get("numFmtId") or 0) for one in styles.iter(f"{_MAIN}numFmt") if "%" in (one.get("formatCode") or "")
    } | _PERCENT_FORMATS
    cells = styles.find(f"{_MAIN}cellXfs")
    return {at for at, one in enumerate(cells if cells is not None else ()) if int(one.get("numFmtId") or 0) in formats}
