"""Look into an old workbook (.xls) before a library lays out its sheets: its password, and cells that cannot be.

A cell may claim any of 65,536 rows and columns, and a damaged file that does would fill the memory. Excel 97 wrote no
more than 256 columns. File formats: [MS-CFB] compound file, [MS-XLS] records, both public.
"""

from __future__ import annotations

import struct
from itertools import islice

MAGIC = b"\xd0\xcf\x11\xe0"
_END = 0xFFFFFFFA  # sector numbers from here on are marks
_STREAMS = ("workbook", "book")
_CELLS = frozenset((0x201, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0x06, 0xBD, 0xBE, 0xD6))
_MOST_COLUMNS = 256


class UnreadableError(ValueError):
    """The bytes are no compound file with a workbook, or a cell stands where none can."""


def check_xls(data: bytes) -> bool:
    """Check the cells of a workbook; give whether it asks for a password.

    Raises
    ------
    UnreadableError
        The file is damaged.
    """
    try:
        stream = _workbook(data)
    except (struct.error, IndexError, OverflowError) as fault:
        raise UnreadableError("the compound file is damaged") from fault
    if len(stream) < 4:
        raise UnreadableError("the stream of the workbook is empty")
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == 0x2F:  # FILEPASS
            return True
        body = stream[at + 4 : at + 4 + size]
        if kind in _CELLS and len(body) >= 4:
            column = struct.unpack_from("<H", body, 2)[0]
            if column >= _MOST_COLUMNS:
                raise UnreadableError(f"a cell in column {column + 1}")
        elif kind == 0 and size == 0:
            break  # padding behind the last sheet
        at += 4 + size
    return False


def _workbook(data: bytes) -> bytes:
    """Give the stream of the workbook out of a compound file."""
    shift, short_shift = struct.unpack_from("<HH", data, 30)
    if not data.startswith(MAGIC) or shift not in (9, 12) or short_shift != 6:
        raise UnreadableError("no compound file")
    size = 1 << shift
    folder, _, least, short_table, _, more, _ = struct.unpack_from("<IIIIIII", data, 48)
    sectors = [one for one in struct.unpack_from("<109I", data, 76) if one < _END]
    seen: set[int] = set()
    while more < _END and more not in seen:
        seen.add(more)
        *some, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        sectors += [one for one in some if one < _END]
    table: list[int] = []
    for one in islice(sectors, len(data) // size + 1):
        block = data[(one + 1) * size : (one + 2) * size]
        table += struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])
    entries = _chain(data[size:], table, folder, size)
    root: tuple[int, int] | None = None
    found: tuple[int, int] | None = None
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
        place = struct.unpack_from("<II", entries, at + 116)
        if entries[at + 66] == 5:
            root = place
        elif name in _STREAMS and (found is None or name == "workbook"):
            found = place
    if found is None:
        raise UnreadableError("no workbook in the compound file")
    if found[1] >= least or root is None:
        return _chain(data[size:], table, found[0], size)[: found[1]]
    shorts = _chain(data[size:], table, short_table, size)
    numbers = list(struct.unpack(f"<{len(shorts) // 4}I", shorts))
    return _chain(_chain(data[size:], table, root[0], size), numbers, found[0], 64)[: found[1]]


def _chain(data: bytes, table: list[int], first: int, size: int) -> bytes:
    """Give the sectors of a chain one after the other."""
    parts: list[bytes] = []
    at = first
    while at < len(table) and len(parts) <= len(table):
        parts.append(data[at * size : (at + 1) * size])
        at = table[at]
    return b"".join(parts)
