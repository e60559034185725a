"""The parts of a Shapefile as bytes: which are there, what their headers say, which records are broken or deleted.

After the ESRI Shapefile Technical Description (July 1998) and the dBASE III file format.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...errors import InputError
from ...text import Text

_MAGIC = b"\x00\x00\x27\x0a"
_HEADER = 100
_LDID = {0x4D: "gbk", 0x7A: "gbk", 0x4F: "big5", 0x78: "big5"}
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_DELETED = ord("*")


@dataclass(frozen=True)
class Index:
    """What the .shx says of the records of the .shp.

    Attributes
    ----------
    count : int
    broken : numpy.ndarray of bool, shape (count,)
        The record lies outside the .shp, or its length or type contradicts the file.
    """

    count: int
    broken: np.ndarray


@dataclass(frozen=True)
class TableHeader:
    """What the .dbf says of its records.

    Attributes
    ----------
    stated, held : int
        Records by the header, and by the size of the file.
    ldid : int
        Language driver; 0 for none.
    deleted : numpy.ndarray of bool, shape (held,)
    """

    stated: int
    held: int
    ldid: int
    deleted: np.ndarray

    @property
    def codec(self) -> str:
        """The codec that the language driver names, "" where it names none that can hold Chinese."""
        return _LDID.get(self.ldid, "")


def find_parts(path: Path) -> dict[str, Path]:
    """Give the parts beside a .shp by their suffix in lower case, whatever case they are written in."""
    same: dict[str, Path] = {}
    near: dict[str, Path] = {}
    for item in sorted(path.parent.iterdir()):
        suffix = item.suffix.lower()
        if suffix not in _PARTS or not item.is_file():
            continue
        if item.stem == path.stem:
            same.setdefault(suffix, item)
        elif item.stem.casefold() == path.stem.casefold():
            near.setdefault(suffix, item)
    return {**near, **same, ".shp": path}


def check_shp(path: Path) -> None:
    """Refuse what is no .shp.

    Raises
    ------
    InputError
        It is too short for a header, or does not start as a .shp does.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER)
    if len(head) < _HEADER or not head.startswith(_MAGIC):
        raise InputError(
            Text(f"读不出 {path.name}：不是有效的 .shp 文件。", f"Cannot read {path.name}: it is no valid .shp."),
            Text("请重新复制或向提供方索取整套 Shapefile。", "Copy the whole Shapefile again, or ask for it again."),
        )


def read_index(shp: Path, shx: Path) -> Index | None:
    """Check every record by the index, without reading its geometry; None where the index itself is damaged."""
    data = shx.read_bytes()
    if len(data) < _HEADER or not data.startswith(_MAGIC):
        return None
    stated_size = struct.unpack(">i", data[24:28])[0] * 2
    if stated_size > len(data) or stated_size < _HEADER or (stated_size - _HEADER) % 8:
        return None
    data = data[:stated_size]
    entries = np.frombuffer(data, ">i4", offset=_HEADER).reshape(-1, 2).astype(np.int64) * 2
    size = shp.stat().st_size
    start, length = entries[:, 0], entries[:, 1]
    broken = (start < _HEADER) | (length < 4) | (start + 8 + length > size)
    good = np.flatnonzero(~broken)
    if len(good):
        content = np.memmap(shp, np.uint8, mode="r")
        head = content[start[good, None] + np.arange(12)].astype(np.int64)
        stated = ((head[:, 4] << 24) + (head[:, 5] << 16) + (head[:, 6] << 8) + head[:, 7]) * 2
        kind = head[:, 8] + (head[:, 9] << 8) + (head[:, 10] << 16) + (head[:, 11] << 24)
        layer_kind = struct.unpack("<i", content[32:36].tobytes())[0]
        # A longer record than the index says is padding of some writers; a shorter one overlaps the next.
        broken[good] = (stated < 4) | ~np.isin(kind, (0, layer_kind))
        del content
    return Index(len(entries), broken)


def build_index(shp: Path, shx: Path) -> int:
    """Write the index of a .shp by walking its records, as far as they can be followed; give their number.

    A last record that is cut off is listed, so that it is accounted for.
    """
    content = np.memmap(shp, np.uint8, mode="r")
    data, size = memoryview(content.data), len(content)
    entries = bytearray()
    at = _HEADER
    while at + 12 <= size:
        length = struct.unpack_from(">i", data, at + 4)[0]
        if length < 2:
            break
        entries += struct.pack(">ii", at // 2, length)
        at += 8 + 2 * length
    head = bytearray(bytes(data[:_HEADER]))
    head[24:28] = struct.pack(">i", (_HEADER + len(entries)) // 2)
    shx.write_bytes(bytes(head) + bytes(entries))
    data.release()
    return len(entries) // 8


def read_table_header(dbf: Path) -> TableHeader | None:
    """Read the header of a .dbf and the deletion marks; None where it has no usable header."""
    size = dbf.stat().st_size
    with dbf.open("rb") as file:
        head = file.read(32)
    if len(head) < 32:
        return None
    stated, header, record = struct.unpack("<IHH", head[4:12])
    if header < 33 or record < 2 or header > size:
        return None
    held = (size - header) // record
    if held:
        marks = np.memmap(dbf, np.uint8, mode="r", offset=header, shape=(held, record))[:, 0]
        deleted = np.asarray(marks == _DELETED)
    else:
        deleted = np.zeros(0, dtype=bool)
    return TableHeader(stated, held, head[29], deleted)


def is_plain(path: Path, parts: dict[str, Path]) -> bool:
    """Tell whether GDAL finds the parts by itself: one name, all suffixes in lower or all in upper case."""
    suffixes = [part.suffix for part in parts.values()]
    cased = all(word.islower() for word in suffixes) or all(word.isupper() for word in suffixes)
    return cased and all(part.stem == path.stem for part in parts.values()) and "!" not in str(path)


@contextmanager
def copied(parts: dict[str, Path], wanted: tuple[str, ...], records: int | None = None) -> Iterator[Path]:
    """Give a copy of some parts in a temporary folder, so that nothing is written beside the source.

    Parameters
    ----------
    parts : dict
    wanted : tuple of str
        Suffixes; one that is missing is passed over.
    records : int, optional
        Number of records to state in the header of the copied .dbf.

    Yields
    ------
    pathlib.Path
        The copied part of the first suffix.
    """
    with tempfile.TemporaryDirectory(prefix="xinji-") as folder:
        for suffix in wanted:
            if suffix in parts:
                shutil.copyfile(parts[suffix], Path(folder) / f"source{suffix}")
        table = Path(folder) / "source.dbf"
        if records is not None and table.exists():
            with table.open("r+b") as file:
                file.seek(4)
                file.write(struct.pack("<I", records))
        yield Path(folder) / f"source{wanted[0]}"
