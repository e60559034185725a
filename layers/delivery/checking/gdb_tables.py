"""Whether the tables of a FileGDB are whole: GDAL gives what it can read of a cut table, and says nothing.

The head of a .gdbtable (signature 3: numbers of objects of 32 bits) states its rows at byte 4 and its size in bytes at
byte 24, both little endian, as the reverse-engineered specification of the format by E. Rouault has it; table n of the
list of tables is the file a{n:08x}.gdbtable.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from ....errors import InputError
from ....text import Text
from ...sources import gdal

_CATALOGUE = "GDB_SystemCatalog"
_SIGNATURE = 3
_HEAD = struct.Struct("<iI16xq")


@dataclass(frozen=True)
class GdbTable:
    """The file of a table: its rows and bytes as its head states them, and the bytes that are there."""

    name: str
    rows: int
    stated: int
    there: int

    def lost(self, read: int) -> Text:
        """Say that rows are lost, of which only `read` came out."""
        cut = (
            Text(f"（应有 {self.stated} 字节，实有 {self.there} 字节）", f" ({self.there} of {self.stated} bytes)")
            if self.there < self.stated
            else Text("", "")
        )
        return Text(
            f"表文件 {self.name} 不完整{cut.zh}：应有 {self.rows} 个要素，只读出 {read} 个。",
            f"The table {self.name} is not whole{cut.en}: {read} of its {self.rows} features can be read.",
        )


def tables(path: Path) -> dict[str, GdbTable]:
    """Give the tables of a FileGDB by the name of their layer; those whose head cannot be told are left out."""
    try:
        names = gdal.read_layer(path, path, _CATALOGUE)
    except InputError:
        return {}
    at = names.headings.index("Name") if "Name" in names.headings else -1
    found = {}
    for number, name in zip(names.fids.tolist(), names.cells[at].tolist() if at >= 0 else []):
        file = path / f"a{number:08x}.gdbtable"
        if (head := _head(file)) is not None:
            found[str(name)] = GdbTable(file.name, *head, file.stat().st_size)
    return found


def _head(file: Path) -> tuple[int, int] | None:
    if not file.is_file():
        return None
    with file.open("rb") as opened:
        data = opened.read(_HEAD.size)
    if len(data) < _HEAD.size:
        return None
    signature, rows, size = _HEAD.unpack(data)
    return (rows, size) if signature == _SIGNATURE else None
