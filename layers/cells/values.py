"""From the text of a cell to the value of a field, by the field's kind; what cannot be read is said, not guessed.

Cells that stand as they are are told by vector operations; every distinct text of the others is read once, so
100,000 rows of statuses cost a handful of readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ...text import Text, same
from ..spec import Field, Kind
from .code_words import read_codes
from .dates import NO_ORDER, YearLast, read_date, year_last_order
from .fold import fold
from .numbers import Style, mask, plain_numbers, read_number
from .rounded import rounded_ids
from .signs import is_null, plain, seen
from .texts import is_id, plain_texts, read_text
from .units import factor

__all__ = ["KEPT", "PLAIN", "Column", "as_arrow", "expected", "is_null", "read_column", "read_flag", "typed"]

_YES = frozenset(("是", "1", "y", "yes", "true", "t", "√", "✓", "✔", "☑", "v", "1.0", "对", "有", "已", "是的"))
_NO = frozenset(("否", "0", "n", "no", "false", "f", "×", "✗", "✘", "✕", "0.0", "不是", "不", "未", "没", "非"))
_PLAIN_YES_NO = frozenset("是否10")
# Time of day of a day: folded away before the distinct texts are read.
_CLOCK = r"^([0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$"

# The value is kept and the planner is told; every other reason empties the cell.
KEPT = frozenset(("month_only",))
# Reasons that say all there is to say: what was expected would add nothing.
PLAIN = KEPT | {"not_a_village"}
_UNITS_EN = {"人": "people", "户": "households", "芯": "fibres", "架": "racks"}

Reading = tuple[Any, str, str]  # value or None, a reason or "", a note or ""


@dataclass
class Column:
    """The values of one column.

    Attributes
    ----------
    cells : pandas.Series
        By the field's kind: str, Int64 or float64; missing where the cell is empty or cannot be read.
    reasons : numpy.ndarray of str, shape (n,)
        Code of the finding where a cell cannot be read as it stands, else "".
    notes : numpy.ndarray of str, shape (n,)
        Code of the finding on the spelling in which a cell was read, "" for a plain one.
    year_last : YearLast
        Of a column of dates: how it writes days before a year.
    """

    cells: pd.Series
    reasons: np.ndarray
    notes: np.ndarray
    year_last: YearLast = NO_ORDER


def expected(field: Field) -> Text:
    """Say what a field takes, for a message."""
    if field.codes:
        return Text("、".join(code.label.zh for code in field.codes), ", ".join(c.label.en for c in field.codes))
    if field.digits:
        sizes = "/".join(map(str, field.digits))
        return Text(f"{sizes} 位数字", f"{sizes} digits")
    if field.kind in (Kind.INTEGER, Kind.REAL):
        low = "" if field.minimum is None else f"{field.minimum:g}"
        high = "" if field.maximum is None else f"{field.maximum:g}"
        range_ = f" {low}…{high}" if low or high else ""
        unit = Text(field.unit, _UNITS_EN.get(field.unit, field.unit))
        return Text(f"数字{range_} {unit.zh}".rstrip(), f"a number{range_} {unit.en}".rstrip())
    if field.kind is Kind.DATE:
        return Text("日期，如 2023-05-01", "a date such as 2023-05-01")
    return Text("是 或 否", "yes or no") if field.kind is Kind.FLAG else same("")


def read_column(texts: np.ndarray, field: Field, *, unit: str = "", is_key: bool = False) -> Column:
    """Read the cells of one column.

    Parameters
    ----------
    texts : numpy.ndarray of str, shape (n,)
        Cells as they stand in the file, "" for an empty one.
    field : Field
        What they should hold.
    unit : str
        Unit that the heading states, for numbers that state none themselves.
    is_key : bool
        The field is part of the layer's key: its digits and letters are folded to their plain forms.
    """
    texts, arrow = as_arrow(texts)
    numbers = None
    done = np.zeros(len(texts), dtype=bool)
    if field.kind in (Kind.INTEGER, Kind.REAL):
        done, numbers = plain_numbers(arrow, field, unit)
    elif field.kind is Kind.TEXT:
        done = plain_texts(arrow, field, is_key)
    rest = np.flatnonzero(~done & ~mask(pc.equal(arrow, "")))
    codes, uniques = _distinct(arrow if len(rest) == len(texts) else arrow.take(pa.array(rest)), field.kind)
    days = NO_ORDER
    if field.kind is Kind.DATE:
        days = year_last_order(uniques, np.bincount(codes, minlength=len(uniques)).tolist())
    read = _reader(field, unit, is_key, uniques, numbers, days.order)
    readings = [read(text) for text in uniques]
    reasons, notes = (np.full(len(texts), "", dtype=object) for _ in range(2))
    reasons[rest] = _picked([reading[1] for reading in readings], codes)
    notes[rest] = _picked([reading[2] for reading in readings], codes)
    values = [reading[0] for reading in readings]
    if numbers is not None:
        cells = _numbers(done, numbers, rest, _picked(values, codes), field.kind)
    elif field.kind is Kind.FLAG:
        flags = np.full(len(texts), None, dtype=object)
        flags[rest] = _picked(values, codes)
        cells = typed(flags, field.kind)
    else:
        cells = _texts(arrow, done, rest, values, codes)
    if field.kind is Kind.DATE:
        _judge_slashes(notes, cells)
    elif field.kind is Kind.TEXT and not field.digits and (is_key or is_id(field)):
        notes[rounded_ids(cells)] = "rounded_id"
    elif numbers is not None and factor(field.unit, unit) != 1:
        notes[(notes == "") & cells.notna().to_numpy()] = "unit_in_heading"
    return Column(cells, reasons, notes, days)


def as_arrow(texts: np.ndarray) -> tuple[np.ndarray, pa.Array]:
    """Give texts as objects and as Arrow strings; half surrogate pairs, which no encoding has, are replaced."""
    objects = np.asarray(texts, dtype=object)
    try:
        return objects, pa.array(objects, type=pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeError):
        objects = np.array([seen(str(text)) for text in objects], dtype=object)
        return objects, pa.array(objects, type=pa.string())


def _distinct(cells: pa.Array, kind: Kind) -> tuple[np.ndarray, list[str]]:
    if kind is Kind.DATE:
        cells = pc.replace_substring_regex(cells, _CLOCK, r"\1 00:00")
    encoded = cells.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary.to_pylist()


def _picked(values: Sequence[Any], codes: np.ndarray) -> np.ndarray:
    table = np.empty(len(values), dtype=object)
    table[:] = values
    return table[codes]


def _numbers(done: np.ndarray, numbers: np.ndarray, rest: np.ndarray, values: np.ndarray, kind: Kind) -> pd.Series:
    known = done.copy()
    known[rest] = there = np.array([value is not None for value in values], dtype=bool)
    if kind is Kind.REAL:
        numbers[rest[there]] = values[there].astype(np.float64)
        return pd.Series(numbers)
    whole = np.zeros(len(done), dtype=np.int64)
    whole[done] = numbers[done]
    whole[rest[there]] = values[there].astype(np.int64)
    return pd.Series(pd.arrays.IntegerArray(whole, ~known))


def _texts(
    cells: pa.Array, done: np.ndarray, rest: np.ndarray, values: Sequence[str | None], codes: np.ndarray
) -> pd.Series:
    """Take the cells that stand as they are from the file, and the others from what was read."""
    pool = pa.concat_arrays([cells, pa.array(values, type=pa.string())])
    at = np.arange(len(cells))
    at[rest] = len(cells) + codes
    gone = ~done
    gone[rest] = False
    found = pool.take(pa.array(at, mask=gone)).cast(pa.large_string())
    return pd.Series(pd.array(found, dtype="str"))


def typed(values: np.ndarray, kind: Kind) -> pd.Series:
    """Put values into the column type of their kind."""
    if kind in (Kind.INTEGER, Kind.FLAG):
        return pd.Series(pd.array(list(values), dtype="Int64"))
    if kind is Kind.REAL:
        return pd.Series(np.array([np.nan if v is None else v for v in values], dtype=float))
    return pd.Series(values, dtype=object).astype("str")


def _reader(
    field: Field, unit: str, is_key: bool, uniques: list[str], numbers: np.ndarray | None, order: str
) -> Callable[[str], Reading]:
    if numbers is not None:
        known = numbers[np.isfinite(numbers)]
        point = bool(np.any(known != np.floor(known)))
        return partial(read_number, field=field, unit=unit, style=Style.of(uniques, point))
    if field.kind is Kind.DATE:
        return partial(read_date, order=order)
    if field.kind is Kind.FLAG:
        return partial(read_flag, field=field)
    if field.kind in (Kind.CODE, Kind.CODES):
        return partial(read_codes, field=field)
    return partial(read_text, field=field, is_key=is_key)


def _judge_slashes(notes: np.ndarray, cells: pd.Series) -> None:
    """Note 2023/5/1 only where the column mostly writes its days in another way."""
    slash = notes == "slash"
    notes[slash] = "" if 2 * int(slash.sum()) >= int(cells.notna().sum()) else "date_spelling"


def read_flag(text: str, field: Field) -> Reading:
    """Read yes as 1 and no as 0; also the field's own words ("抵边村", "非抵边村")."""
    words = plain(text).lower()
    if words in _YES or words in _NO:
        return int(words in _YES), "", "" if text.strip() in _PLAIN_YES_NO else "dialect"
    if is_null(text):
        return None, "", "null_word" if text.strip() else ""
    found = re.fullmatch("(非|不是|不|未)?(.+)", fold(words))
    if found and found[2] in _flag_words(field):
        return int(not found[1]), "", "dialect"
    return None, "not_a_flag", ""


@cache
def _flag_words(field: Field) -> frozenset[str]:
    names = (field.label.zh, *field.aliases)
    return frozenset(fold(name.removeprefix("是否")) for name in names if not name.isascii())
