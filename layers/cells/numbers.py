"""Numbers as people write them in cells: with units, thousands marks, decimal commas, in Chinese words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..spec import Field, Kind
from .numerals import NUMERAL, read_numeral
from .signs import is_null, is_wide, plain, unwrapped, with_minus
from .units import band_mhz, factor

LONGEST = 80  # signs of a cell that is still a number, an angle or a day

Number = tuple[float | None, str, str]  # value or None, reason or "", note or ""

_PLAIN = r"^[+-]?(?:[0-9]{1,18}\.?[0-9]{0,18}|\.[0-9]{1,18})$"
_PARTS = re.compile(r"([+-]?)\s?((?:\d[\d,.]*|\.\d+)(?:e[+-]?\d+)?)\s*([^\d,.].*)?", re.IGNORECASE)
_POINT = re.compile(r"\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
_EITHER = re.compile(r"[1-9]\d{0,2},\d{3}")
_COMMA = re.compile(r"\d+,\d+")
_EUROPEAN = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+")
_IDEOGRAPHIC_POINT = re.compile(r"(?<=\d)[。·‧•](?=\d)")
_SEVERAL = re.compile(r"\d\s*[-‐-―−~/\\、;,:|+&至到和或\s]\s*\d")
_ABOUT = re.compile(
    r"[约近≥≤<>≈~±余多几]|左右|上下|以上|以下|以内|不足|大概|大约|估|不低于|不少于|不超过|至少|最多|\d\s*\+$|数[十百千]"
)
_ROUGHLY = re.compile(r"(?:大约|大概|约为|约|估计|接近|近|≈|[~～])\s*(?P<after>.+)|(?P<before>.+?)\s*(?:左右|上下)")
_NOTE = re.compile(r"[\d.]+\s*\S{0,6}\s*[(\[【].+[)\]】]")
_BRACKETS = re.compile(r"[(\[【]\s*([^()\[\]【】]*?)\s*[)\]】]")


@dataclass(frozen=True)
class Style:
    """How a column writes its numbers, by the cells that leave no doubt.

    Attributes
    ----------
    point, comma : bool
        Some cells have a decimal point; some have a comma that can only be a decimal one.
    """

    point: bool = False
    comma: bool = False

    @classmethod
    def of(cls, texts: Iterable[str], point: bool) -> Style:
        """Tell the style from the texts that are no plain numbers, and from whether the plain ones have points."""
        words = [plain(text) for text in texts if "," in text or "，" in text]
        comma = any(_COMMA.match(word) and not _EITHER.match(word) and not _THOUSANDS.match(word) for word in words)
        return cls(point or any("." in word for word in words), comma)


NO_STYLE = Style()


def plain_numbers(cells: pa.Array, field: Field, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """Read all cells that are nothing but a number in the field's bounds.

    Parameters
    ----------
    cells : pyarrow.Array of string, length n
    field : Field
    unit : str
        Unit of the heading.

    Returns
    -------
    done : numpy.ndarray of bool, shape (n,)
    values : numpy.ndarray of float64, shape (n,)
        NaN where not done.
    """
    values = np.full(len(cells), np.nan)
    if factor(field.unit, unit) != 1:
        return np.zeros(len(cells), dtype=bool), values
    done = mask(pc.match_substring_regex(cells, _PLAIN))
    values[done] = pc.cast(cells.filter(pa.array(done)), pa.float64()).to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):
        low = -np.inf if field.minimum is None else field.minimum
        high = np.inf if field.maximum is None else field.maximum
        done &= (values >= low) & (values <= high)
        if field.kind is Kind.INTEGER:
            done &= (values == np.floor(values)) & (np.abs(values) < 2**53)
    values[~done] = np.nan
    return done, values


def mask(found: pa.Array) -> np.ndarray:
    """Give an Arrow array of truth values as numpy.ndarray of bool; null is false."""
    return np.array(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=bool)


def read_number(text: str, field: Field, unit: str = "", style: Style = NO_STYLE) -> Number:
    """Read a number into the unit of its field, within its bounds.

    Parameters
    ----------
    text : str
    field : Field
    unit : str
        Unit of the heading, for a cell that states none.
    style : Style
        What the column as a whole tells of its commas.
    """
    if is_null(text):
        return None, "", "null_word" if text.strip() else ""
    number, reason, note = parse_number(text, field.unit, unit, field=field, style=style)
    if field.unit == "MHz" and reason and len(text) <= LONGEST:
        band = _band(plain(text))
        number, reason, note = (band, "", "dialect") if band is not None else (number, reason, note)
    if reason == "ambiguous_number" and not field.required:
        return _approximate(text, field, unit, style)
    if number is None:
        return None, reason, ""
    if number == 0 and field.minimum is not None and field.minimum > 0:
        return None, "", "null_word"
    if not _fits(number, field):
        return None, "out_of_bounds", ""
    if field.kind is Kind.REAL:
        return number, "", note
    if number != int(number) or abs(number) > 2**62:
        return None, "not_an_integer", ""
    return int(number), "", note


def _approximate(text: str, field: Field, unit: str, style: Style) -> Number:
    """Read the number of "约1500" or "30左右", which only the planner can accept; bounds and ranges are none."""
    found = _ROUGHLY.fullmatch(plain(text))
    number, reason, note = (None, "", "") if found is None else read_number(found[1] or found[2], field, unit, style)
    if number is None or reason or note == "approximate_number":
        return None, "ambiguous_number", ""
    return number, "", "approximate_number"


def _fits(number: float, field: Field | None) -> bool:
    if field is None:
        return True
    low, high = field.minimum, field.maximum
    return (low is None or number >= low) and (high is None or number <= high)


def parse_number(
    text: str, unit: str = "", written: str = "", *, field: Field | None = None, style: Style = NO_STYLE
) -> Number:
    """Read a number with or without a unit into `unit`; `written` is the unit where the cell states none.

    A comma is a thousands mark or a decimal one by its digits, by the bounds of the field, and by what the column
    shows; where two readings remain the number is ambiguous.
    """
    if len(text) > LONGEST:
        return None, "not_a_number", ""
    words, wrapped = unwrapped(plain(text))
    words, dashed = with_minus(_IDEOGRAPHIC_POINT.sub(".", words.replace("℃", "")))
    odd = dashed or is_wide(text) or "。" in text or with_minus(text)[1]
    note = "text_number" if wrapped else "full_width" if odd else ""
    found = _PARTS.fullmatch(words)
    if found is None:
        numeral = NUMERAL.match(words)
        value = read_numeral(numeral[0]) if numeral else None
        if numeral is None or value is None:
            return None, _unread(words), ""
        sign, tail, note = "", words[numeral.end() :].strip(), "chinese_number"
        readings = [(float(value), "")]
    else:
        sign, tail = found[1], (found[3] or "").strip()
        readings = _readings(found[2], whole=field is not None and field.kind is Kind.INTEGER and not tail)
    bracketed = _BRACKETS.fullmatch(tail)
    stated = bracketed[1] if bracketed else tail
    by = factor(unit, stated or written)
    if by is None:
        reason = _unread(words)
        return None, "unknown_unit" if readings and reason == "not_a_number" else reason, ""
    numbers = [(float(f"{number * by:.12g}") if by != 1 else number, said) for number, said in readings]
    numbers = [(-number if sign == "-" else number, said) for number, said in numbers if np.isfinite(number)]
    if len(numbers) > 1:
        numbers = [reading for reading in numbers if _fits(reading[0], field)] or numbers[:1]
    if len(numbers) > 1 and style.point != style.comma:
        numbers = numbers[:1] if style.point else numbers[1:]
    if len(numbers) != 1:
        return None, "ambiguous_number" if numbers else "not_a_number", ""
    number, said = numbers[0]
    return number, "", said or ("unit_in_cell" if stated else note)


def _readings(digits: str, whole: bool) -> list[tuple[float, str]]:
    """Give every way to read digits with commas and points, with its note; a thousands mark before a decimal one."""
    if _POINT.fullmatch(digits):
        return [(float(digits), "")]
    if _EITHER.fullmatch(digits):
        thousands, decimal = (float(digits.replace(",", "")), ""), (float(digits.replace(",", ".")), "decimal_comma")
        return [thousands] if whole else [thousands, decimal]
    if _THOUSANDS.fullmatch(digits):
        return [(float(digits.replace(",", "")), "")]
    if _EUROPEAN.fullmatch(digits):
        return [(float(digits.replace(".", "").replace(",", ".")), "decimal_comma")]
    if _COMMA.fullmatch(digits) and not whole:
        return [(float(digits.replace(",", ".")), "decimal_comma")]
    return []


def _unread(words: str) -> str:
    """Say why words are no number: approximate, a range or with a remark, or none at all."""
    has_number = any(sign.isdigit() for sign in words) or NUMERAL.search(words) is not None
    unclear = _ABOUT.search(words) or _SEVERAL.search(words) or _NOTE.match(words) or NUMERAL.fullmatch(words)
    return "ambiguous_number" if has_number and unclear else "not_a_number"


def _band(words: str) -> float | None:
    """Read the name of a band, also with its frequency beside it ("n41(2.6G)"), if all that is said agrees."""
    whole = band_mhz(words)
    if whole is not None:
        return whole
    found = set()
    for part in filter(None, re.split(r"[()\[\]【】/,;、\s]+", words)):
        band = band_mhz(part)
        if band is None:
            band = parse_number(part, "MHz")[0] if re.search(r"[a-z兆吉赫]", part.lower()) else None
        if band is None:
            return None
        found.add(band)
    return found.pop() if len(found) == 1 else None
