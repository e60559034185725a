"""What an import last wrote, as a digest of each row: by it a planner's own edits are told from the file's words.

A digest holds six bytes for each field that is not empty: two that name the field and four of its value. So it tells
which fields were edited, survives fields that a later version adds or drops, and takes some fifty bytes a row. Two
different values have the same four bytes once in four thousand million times.

The digests stand in a plain SQLite table, by layer and row id: row ids stay when a row is edited, and are never used
twice.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..spec import Kind, LayerSpec

Digest = bytes
Hashes = npt.NDArray[np.uint32]

GEOMETRY = "geometry"
_LEFT_OUT = ("uuid", "source_file", "source_row")  # where a row came from is no word of the planner's
_CELL = np.dtype([("field", "<u2"), ("value", "<u4")])
_HEADER_BYTES = (8, 40, 56, 56, 72)
_NUMBERS = (Kind.REAL, Kind.INTEGER, Kind.FLAG)


def compared(spec: LayerSpec) -> tuple[str, ...]:
    """Give the fields that a digest covers, in order; the last is the geometry."""
    return (*(item.name for item in spec.fields if item.name not in _LEFT_OUT), GEOMETRY)


def hashes(spec: LayerSpec, cells: Mapping[str, Sequence[Any]], blobs: Sequence[bytes | None]) -> Hashes:
    """Give the hash of every value: shape (n, number of `compared` fields), 0 for an empty one.

    Parameters
    ----------
    cells : mapping
        By field name the values as SQLite holds them; a field that is not there is empty.
    blobs : sequence of bytes or None, length n
        GeoPackage geometries; which bounds their headers hold does not matter.
    """
    names = compared(spec)
    found = np.zeros((len(blobs), len(names)), dtype=np.uint32)
    for at, name in enumerate(names[:-1]):
        if name in cells:
            found[:, at] = column_hashes(cells[name], spec.field(name).kind in _NUMBERS)
    found[:, -1] = [0 if blob is None else _crc(blob[_HEADER_BYTES[blob[3] >> 1 & 7] :]) for blob in blobs]
    return found


def column_hashes(values: Sequence[Any], numbers: bool) -> Hashes:
    """Give the hash of each value of one column, 0 for an empty one, shape (n,)."""
    column = np.empty(len(values), dtype=object)
    column[:] = values if isinstance(values, (list, np.ndarray)) else list(values)
    empty = np.asarray(pd.isna(column)) | (column == "")
    if empty.all():
        return np.zeros(len(column), dtype=np.uint32)
    if not numbers:
        return np.where(empty, 0, _text_hashes(np.where(empty, "", column))).astype(np.uint32)
    words = np.array([isinstance(value, (str, bytes)) for value in column], dtype=bool)  # of another program
    reals = np.where(empty | words, np.nan, column).astype(np.float64) + 0.0  # no minus zero
    found = np.where(empty, 0, _mixed(reals.view(np.uint64))).astype(np.uint32)
    where = words & ~empty
    if where.any():
        found[where] = _text_hashes(column[where])
    return found


def _text_hashes(column: npt.NDArray[np.object_]) -> Hashes:
    codes, uniques = pd.factorize(column)
    hashed = np.array([_crc(str(text).encode("utf-8", "surrogatepass")) for text in uniques], dtype=np.uint32)
    return hashed[codes]


def _crc(data: bytes) -> int:
    return zlib.crc32(data) or 1


def _mixed(bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Mix the bits of numbers (the finaliser of MurmurHash3) and give 32 of them, never 0."""
    bits = bits ^ (bits >> np.uint64(33))
    bits = bits * np.uint64(0xFF51AFD7ED558CCD)
    bits = bits ^ (bits >> np.uint64(33))
    return np.maximum(bits >> np.uint64(32), np.uint64(1))


def pack(spec: LayerSpec, found: Hashes) -> list[Digest]:
    """Give the digest of every row of `hashes`."""
    filled = found != 0
    cells = np.empty(int(filled.sum()), dtype=_CELL)
    cells["field"] = np.broadcast_to(_marks(spec), found.shape)[filled]
    cells["value"] = found[filled]
    ends = (np.cumsum(filled.sum(axis=1)) * _CELL.itemsize).tolist()
    data = cells.tobytes()
    return [data[start:end] for start, end in zip([0, *ends], ends)]


def unpack(spec: LayerSpec, digests: Sequence[Digest | None]) -> Hashes:
    """Give back what `pack` took; a row without a digest reads as an empty one."""
    lengths = np.array([0 if digest is None else len(digest) // _CELL.itemsize for digest in digests], dtype=np.int64)
    cells = np.frombuffer(b"".join(digest for digest in digests if digest is not None), dtype=_CELL)
    marks = _marks(spec)
    order = np.argsort(marks)
    place = np.minimum(np.searchsorted(marks, cells["field"], sorter=order), len(marks) - 1)
    at = order[place]
    known = marks[at] == cells["field"]  # others are fields of another version
    rows = np.repeat(np.arange(len(digests)), lengths)
    found = np.zeros((len(digests), len(marks)), dtype=np.uint32)
    found[rows[known], at[known]] = cells["value"][known]
    return found


def _marks(spec: LayerSpec) -> npt.NDArray[np.uint16]:
    return np.array([zlib.crc32(name.encode()) & 0xFFFF for name in compared(spec)], dtype=np.uint16)
