"""From the text of a cell to the value of a field, by the field's kind; what cannot be read is said, not guessed.

Every distinct text of a column is read once, so 100,000 rows of statuses cost a handful of readings.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from ...text import Text, same
from ..spec import Field, Kind
from .fold import fold
from .units import band_mhz, factor

NULL_WORDS = frozenset(
    ("", "空", "无", "暂无", "不详", "未知", "/", "\\", "-", "--", "—", "——", "null", "n/a", "na", "#n/a", "nan")
) | {"none", "nil", "<null>", "(null)", "<空>"}
_YES = frozenset(("是", "1", "y", "yes", "true", "t", "√", "✓", "✔", "1.0"))
_NO = frozenset(("否", "0", "n", "no", "false", "f", "×", "✗", "✘", "0.0", "不是"))
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(\D*)")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_SPLIT = re.compile(r"[、,;/+|&\n]|和|及")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?(?:[T ]\d{1,2}:\d{2}.*)?")
_PLAIN_DAY = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{6})?")
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")
_WIDE = {code: code - 0xFEE0 for start, end in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
         for code in range(start, end + 1)}  # fmt: skip
_EXCEL_DAY_0 = datetime.date(1899, 12, 30)

REASONS: dict[str, Text] = {
    "not_a_number": Text("不是数字", "not a number"),
    "not_an_integer": Text("不是整数", "not a whole number"),
    "unknown_unit": Text("单位不认识", "unknown unit"),
    "out_of_bounds": Text("超出允许范围", "out of the allowed range"),
    "not_a_date": Text("不是可识别的日期", "not a date that can be read"),
    "month_only": Text("只有年月，按当月 1 日写入", "month only; the first day of the month was written"),
    "not_a_flag": Text("应为“是”或“否”", "should be yes or no"),
    "unknown_code": Text("不在代码表内", "not in the code list"),
    "scientific": Text("科学计数法，原有数字已丢失", "scientific notation; the original digits are lost"),
    "wrong_digits": Text("位数不对", "wrong number of digits"),
    "not_a_village": Text("是县级或乡级单位", "a county or town"),
}
# The value is kept and the planner is told; every other reason empties the cell.
KEPT = frozenset(("month_only",))
# Reasons that say all there is to say: what was expected would add nothing.
PLAIN = KEPT | {"not_a_village"}
_UNITS_EN = {"人": "people", "户": "households", "芯": "fibres", "架": "racks"}

Reading = tuple[Any, str]  # value or None, and a key of REASONS or ""


@dataclass
class Column:
    """The values of one column.

    Attributes
    ----------
    cells : pandas.Series
        By the field's kind: str, Int64 or float64; missing where the cell is empty or cannot be read.
    reasons : numpy.ndarray of str, shape (n,)
        A key of `REASONS` where a cell cannot be read as it stands, else "".
    """

    cells: pd.Series
    reasons: np.ndarray


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
    read = _reader(field, unit, is_key)
    codes, uniques = pd.factorize(np.asarray(texts, dtype=object))
    readings = [read(str(text)) for text in uniques]
    values = np.array([reading[0] for reading in readings] + [None], dtype=object)
    reasons = np.array([reading[1] for reading in readings] + [""], dtype=object)
    return Column(typed(values[codes], field.kind), reasons[codes])


def typed(values: np.ndarray, kind: Kind) -> pd.Series:
    """Put values into the column type of their kind."""
    if kind in (Kind.INTEGER, Kind.FLAG):
        return pd.Series(pd.array(list(values), dtype="Int64"))
    if kind is Kind.REAL:
        return pd.Series(np.array([np.nan if v is None else v for v in values], dtype=float))
    return pd.Series(values, dtype=object).astype("str")


def _reader(field: Field, unit: str, is_key: bool) -> Callable[[str], Reading]:
    if field.kind in (Kind.INTEGER, Kind.REAL):
        return partial(read_number, field=field, unit=unit)
    if field.kind is Kind.DATE:
        return read_date
    if field.kind is Kind.FLAG:
        return read_flag
    if field.kind in (Kind.CODE, Kind.CODES):
        return partial(read_codes, field=field)
    return partial(read_text, field=field, is_key=is_key)


def is_null(text: str) -> bool:
    """Tell whether a cell says in words that it holds nothing."""
    return unicodedata.normalize("NFKC", text).strip().lower() in NULL_WORDS


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def read_text(text: str, field: Field, is_key: bool = False) -> Reading:
    """Read a name or a code: blanks at the ends and line breaks go; codes lose a ".0" that a spreadsheet added."""
    if is_null(text):
        return None, ""
    if not (is_key or field.digits):
        return " ".join(text.translate(_WIDE).split()), ""
    plain = "".join(_plain(text).split()) if field.digits else " ".join(_plain(text).split())
    plain = plain.lstrip("'")
    if _SCIENTIFIC.fullmatch(plain) and ("+" in plain or field.digits):
        return None, "scientific"
    if not field.digits:
        return (plain, "") if plain else (None, "")
    plain = plain.removesuffix(".0")
    if not (plain.isascii() and plain.isdigit()) or len(plain) not in field.digits:
        return None, "wrong_digits"
    if field.refused_suffixes and plain.endswith(field.refused_suffixes):
        return None, field.refused_reason
    return plain, ""


def parse_number(text: str, unit: str = "", written: str = "") -> tuple[float | None, str]:
    """Read a number with or without a unit into `unit`; `written` is the unit where the cell states none."""
    plain = _plain(text).replace("−", "-").replace("℃", "")
    found = _NUMBER.fullmatch(plain)
    if not found:
        return None, "not_a_number"
    by = factor(unit, found[2].strip() or written)
    if by is None:
        return None, "unknown_unit"
    number = float(found[1].replace(",", ""))
    # A decimal factor would leave 2600.0000000000005; twelve digits are more than any cell holds.
    number = number if by == 1 else float(f"{number * by:.12g}")
    return (number, "") if np.isfinite(number) else (None, "not_a_number")


def read_number(text: str, field: Field, unit: str = "") -> Reading:
    """Read a number into the unit of its field, within its bounds."""
    if is_null(text):
        return None, ""
    number, reason = parse_number(text, field.unit, unit)
    if field.unit == "MHz" and (band := band_mhz(_plain(text))) is not None:
        number, reason = band, ""
    if number is None:
        return None, reason
    if (field.minimum is not None and number < field.minimum) or (field.maximum is not None and number > field.maximum):
        return None, "out_of_bounds"
    if field.kind is Kind.REAL:
        return number, ""
    if number != int(number) or abs(number) > 2**62:
        return None, "not_an_integer"
    return int(number), ""


def read_date(text: str) -> Reading:
    """Read a day: 2023-5-1, 2023/5/1, 2023.5.1, 2023年5月1日, 20230501, an Excel serial, or a month.

    Spellings that leave open which number is the month (5/1/2023) are not read.
    """
    if is_null(text):
        return None, ""
    plain = _plain(text).replace("號", "日").replace("号", "日")
    plain = re.sub(r"\s*([-/.年月])\s*", r"\1", plain)
    if found := _DAY.fullmatch(plain) or _PLAIN_DAY.fullmatch(plain):
        year, month, day = int(found[1]), int(found[2]), found[3]
        try:
            value = datetime.date(year, month, int(day or 1))
        except ValueError:
            return None, "not_a_date"
        if not 1900 <= year <= 2200:
            return None, "not_a_date"
        return value.isoformat(), "" if day else "month_only"
    if found := _SERIAL.fullmatch(plain):
        return (_EXCEL_DAY_0 + datetime.timedelta(days=int(found[1]))).isoformat(), ""
    return None, "not_a_date"


def read_flag(text: str) -> Reading:
    """Read yes as 1 and no as 0."""
    plain = _plain(text).lower()
    if plain in _YES:
        return 1, ""
    if plain in _NO:
        return 0, ""
    return None, "" if plain in NULL_WORDS else "not_a_flag"


@cache
def _code_index(field: Field) -> dict[str, str]:
    index: dict[str, str] = {}
    for code in field.codes:
        for words in (code.value, code.label.zh, code.label.en, *code.aliases):
            index.setdefault(fold(words), code.value)
    return index


def read_codes(text: str, field: Field) -> Reading:
    """Read one code, or several for a field that takes several, by any of their spellings."""
    index = _code_index(field)
    plain = _plain(text)
    whole = index.get(fold(plain.removesuffix(".0")))
    if whole is not None and fold(plain):
        return whole, ""
    if is_null(text):
        return None, ""
    if field.kind is Kind.CODE:
        return None, "unknown_code"
    found = {index.get(fold(part)) for part in _SPLIT.split(plain) if part.strip()}
    if not found or None in found:
        return None, "unknown_code"
    return ";".join(code.value for code in field.codes if code.value in found), ""
