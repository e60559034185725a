"""Numbers and columns as text, a batch at a time: fixed-point digits by a kernel of our own, the rest by Arrow.

Arrow's own formatting of floats has no fixed decimals; Python's takes four times as long.
"""

from __future__ import annotations

import datetime

import numba
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .description import DATE, REAL, WHOLE, Field

LINE_END = "\r\n"  # of Windows, where such files are made; no text that was read states it
_TEXT = pa.large_string()
_WIDEST = 24  # a sign, 19 digits, a point, and two signs of a line end or a comma
_EXACT = 2.0**53
_SEPARATOR, _INSTEAD = ",", "，"


@numba.njit(nogil=True, cache=True)
def _digits(value: float, decimals: int, power: float, out: np.ndarray, at: int) -> int:
    """Write a finite number with fixed decimals; give the place behind it. Ties go to the even digit."""
    number = np.int64(np.rint(abs(value) * power))
    if value < 0 and number:
        out[at] = 45
        at += 1
    count = 1
    rest = number
    while rest >= 10:
        rest //= 10
        count += 1
    count = max(count, decimals + 1)
    end = at + count + (1 if decimals else 0)
    place = end - 1
    for position in range(count):
        if decimals and position == decimals:
            out[place] = 46
            place -= 1
        out[place] = 48 + number % 10
        number //= 10
        place -= 1
    return end


@numba.njit(nogil=True, cache=True)
def _runs(coordinates: np.ndarray, starts: np.ndarray, decimals: int, out: np.ndarray, offsets: np.ndarray) -> None:
    """Write runs of coordinates "x,y", a line each, without a line end behind the last of a run."""
    power = 10.0**decimals
    at = 0
    for run in range(len(starts) - 1):
        offsets[run] = at
        for row in range(starts[run], starts[run + 1]):
            if row > starts[run]:
                out[at] = 13
                out[at + 1] = 10
                at += 2
            at = _digits(coordinates[row, 0], decimals, power, out, at)
            out[at] = 44
            at = _digits(coordinates[row, 1], decimals, power, out, at + 1)
    offsets[len(starts) - 1] = at


@numba.njit(nogil=True, cache=True)
def _column(values: np.ndarray, decimals: int, out: np.ndarray, offsets: np.ndarray) -> None:
    """Write numbers one behind the other, nothing for one that is not finite."""
    power = 10.0**decimals
    at = 0
    for row in range(len(values)):
        offsets[row] = at
        if np.isfinite(values[row]):
            at = _digits(values[row], decimals, power, out, at)
    offsets[len(values)] = at


def runs(coordinates: np.ndarray, starts: np.ndarray, decimals: int) -> pa.Array:
    """Give runs of coordinates as texts of several lines.

    Parameters
    ----------
    coordinates : numpy.ndarray of float64, shape (m, 2)
        Below 1e8 each.
    starts : numpy.ndarray of int64, shape (n + 1,)
        First row of each run, and m.
    """
    out = np.empty(len(coordinates) * 2 * _WIDEST, dtype=np.uint8)
    offsets = np.empty(len(starts), dtype=np.int64)
    _runs(np.ascontiguousarray(coordinates, dtype=np.float64), starts.astype(np.int64), decimals, out, offsets)
    return _as_texts(out, offsets)


def whole(numbers: np.ndarray) -> pa.Array:
    """Give whole numbers as texts."""
    return pc.cast(pa.array(numbers, type=pa.int64()), _TEXT)


def constant(words: str) -> pa.Scalar:
    """Give a text that is the same in every row."""
    return pa.scalar(words, type=_TEXT)


def lines(*parts: pa.Array | pa.Scalar | str) -> pa.Array:
    """Put texts below each other row by row, with a line end behind the last."""
    return _join([*parts, ""], LINE_END)


def below(*parts: pa.Array | pa.Scalar | str) -> pa.Array:
    """Put texts below each other row by row, without a line end behind the last."""
    return _join(list(parts), LINE_END)


def beside(parts: list[pa.Array]) -> pa.Array:
    """Put the values of attribute rows beside each other, with a line end behind the last."""
    return lines(_join(list(parts), _SEPARATOR))


def grouped(texts: pa.Array, counts: np.ndarray) -> pa.Array:
    """Put consecutive texts below each other, `counts` of them a group."""
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    listed = pa.LargeListArray.from_arrays(pa.array(offsets), texts)
    return pc.binary_join(listed, constant(LINE_END))


def content(texts: pa.Array) -> memoryview:
    """Give all texts one behind the other, in UTF-8, without a copy."""
    if not len(texts):
        return memoryview(b"")
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(data)[int(ends[0]) : int(ends[-1])] if data is not None else memoryview(b"")


def _join(parts: list[pa.Array | pa.Scalar | str], sign: str) -> pa.Array:
    ready = [constant(part) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*ready, constant(sign))


def _as_texts(out: np.ndarray, offsets: np.ndarray) -> pa.Array:
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(out[: offsets[-1]]))


def values(column: pd.Series, item: Field) -> tuple[pa.Array, int]:
    """Give a column as texts, and in how many values a sign of the grammar had to be replaced.

    Raises
    ------
    ValueError, TypeError
        A value is not of the field's type; names it.
    """
    if item.type in REAL:
        return _real(column, item.decimals), 0
    if item.type in WHOLE:
        numbers = pd.array(pd.to_numeric(column), dtype="Int64")
        return pc.fill_null(pc.cast(pa.array(numbers, type=pa.int64()), _TEXT), ""), 0
    if item.type == DATE:
        column = column.map(_day, na_action="ignore")
    return _clean(column)


def wider(shown: pa.Array, item: Field) -> int:
    """Count the values with more signs than the field is wide; 0 for a field without a width."""
    if not item.width or (item.type not in REAL and item.type != "Char"):
        return 0
    return int(pc.sum(pc.greater(pc.utf8_length(shown), item.width)).as_py() or 0)


def _real(column: pd.Series, decimals: int) -> pa.Array:
    numbers = pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(numbers).any():
        raise ValueError(f"{numbers[np.isinf(numbers)][0]}")
    sizes = np.abs(numbers[np.isfinite(numbers)])
    if len(sizes) and sizes.max() * 10.0**decimals >= _EXACT:
        zero = f"{-0.0:.{decimals}f}"
        shown = [f"{number:.{decimals}f}" if np.isfinite(number) else "" for number in numbers.tolist()]
        shown = [zero[1:] if words == zero else words for words in shown]
        return pa.array(shown, type=_TEXT)
    out = np.empty(len(numbers) * _WIDEST, dtype=np.uint8)
    offsets = np.empty(len(numbers) + 1, dtype=np.int64)
    _column(numbers, decimals, out, offsets)
    return _as_texts(out, offsets)


def _day(value: object) -> str:
    if isinstance(value, (datetime.date, np.datetime64)):
        return pd.Timestamp(value).strftime("%Y%m%d")
    digits = str(value)[:10].replace("-", "").replace("/", "")
    if len(digits) != 8 or not digits.isdigit():
        raise ValueError(str(value))
    return digits


def _clean(column: pd.Series) -> tuple[pa.Array, int]:
    """Give texts in which the separator is full-width and every line break a blank."""
    try:
        found = pa.array(column, type=_TEXT, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        found = pa.array(column.map(str, na_action="ignore"), type=_TEXT, from_pandas=True)
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    found = pc.fill_null(found, "")
    raw = bytes(content(found))
    if not any(sign in raw for sign in (b",", b"\r", b"\n", b"\0")):  # the usual column, told much faster
        return found, 0
    touched = pc.match_substring_regex(found, "[,\r\n\\x00]")
    count = int(pc.sum(touched).as_py() or 0)
    found = pc.replace_substring(found, _SEPARATOR, _INSTEAD)
    return pc.replace_substring_regex(found, "\r\n|[\r\n\\x00]", " "), count
