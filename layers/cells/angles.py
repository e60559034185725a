"""One coordinate, or a pair of them, as people write it: in decimal degrees, or degrees, minutes and seconds.

What an expression can mean is read only where it can mean one thing: 60 minutes or more are refused, and so is
``88.5412`` meant as 88°54′12″, which is a plain number to look at (see `packed`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .numbers import LONGEST, mask, parse_number
from .signs import is_null, is_wide, plain, with_minus
from .values import as_arrow

Angle = tuple[float | None, str]  # degrees or None, note or ""

_PLAIN = r"^[+-]?(?:[0-9]{1,12}\.?[0-9]{0,18}|\.[0-9]{1,18})$"
_PLAIN_DMS = (
    r"^\s*(?P<a>[EWNS]|[东西]经|[北南]纬)?\s*(?P<d>[0-9]{1,3})\s*[°º˚度:_ -]\s*(?P<m>[0-9]{1,2})\s*['′’＇分:_ -]\s*"
    r"(?P<s>[0-9]{1,2}(?:\.[0-9]+)?)\s*(?:[\"″”＂秒]|''|′′|’’)?\s*(?P<b>[EWNS])?\s*$"
)
# Look-alikes before NFKC, which would take some of them apart (″ into ′′, º into o, ´ into a blank and an accent).
_LOOKS = str.maketrans(
    dict.fromkeys("º˚∘⁰゜○", "°")
    | dict.fromkeys("′’‘´`＇ʹʼ‵ˊ׳", "'")
    | dict.fromkeys("″”“＂ʺ‟〃״„˝", '"')
    | {"度": "°", "分": "'", "秒": '"'}
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
)
_WORDS = (
    (re.compile(r"degrees?|deg\.?", re.IGNORECASE), "°"),
    (re.compile(r"minutes?|min\.?", re.IGNORECASE), "'"),
    (re.compile(r"seconds?|sec\.?", re.IGNORECASE), '"'),
    (re.compile("''|``"), '"'),
    (re.compile(r"(?<=\d)。(?=\s*\d{1,2}(?:\.\d+)?\s*')"), "°"),  # 109。44′: minutes follow
    (re.compile("。"), "."),
    (re.compile(r"(?<=\d)d(?=\s*\d+\s*m)"), "°"),
    (re.compile(r"(?<=\d)m(?=\s*\d)"), "'"),
    (re.compile(r"(?<=\d)s(?=$|\s|[EWNS])", re.IGNORECASE), '"'),
    (re.compile(r'"\.?(\d+)$'), r'.\1"'),  # 12″.3
)
_SIDE = r"[EWNS]|EAST|WEST|NORTH|SOUTH|[东西]经?|[南北]纬?"
# "度" is also the sign of a degree, so that the words for the axes go first.
_LABELS = re.compile(
    r"(?:经度|纬度|坐标|longitude|latitude|long|lon|lng|lat|\b[xy](?=\s*[:：=]))\s*[:：=]?", re.IGNORECASE
)
_NUMBER = r"\d+(?:[.,]\d+)?"
_MARKED = rf"(\d{{1,3}}(?:[.,]\d+)?)\s*°\s*(?:({_NUMBER})\s*(?:$|'\s*|(?<=\d)\s+)(?:({_NUMBER})\s*[\"']?\s*)?)?"
_PARTED = r"(\d{1,3})\s*[-:_ /]\s*(\d{1,2})\s*[-:_ /]\s*(\d{1,2}(?:\.\d+)?)"
_DOTTED = r"(\d{1,3})\.(\d{1,2})\.(\d{1,2}(?:\.\d+)?)"
_COMMAS = r"(\d{1,3}),(\d{1,2}),(\d{1,2}(?:\.\d+)?)"
_MINUTES = r"(\d{1,3})\s*[-:_ ]\s*(\d{1,2}\.\d+)"
_SIGNED = re.compile(rf"(?:({_SIDE})\s*[:=]?)?\s*([+-])?\s*(.+?)\s*({_SIDE})?", re.IGNORECASE)
_FORMS = tuple(re.compile(form) for form in (_MARKED, _PARTED, _DOTTED, _COMMAS, _MINUTES))
_PACKED = re.compile(r"(\d{1,3})(\d{2})(\d{2}(?:\.\d+)?)")
_PACKED_MINUTES = re.compile(r"(\d{1,3})(\d{2}\.\d+)")
_DECIMAL = re.compile(r"\d{1,3}(?:\.\d*)?|\.\d+")
_DECIMAL_COMMA = re.compile(r"(\d{1,3}),(\d+)")
_POINT = re.compile(r"(?:srid=\d+;)?\s*point\s*(?:zm?|m)?\s*\(([^)]*)\)", re.IGNORECASE)
# Three numbers, as KML writes them: degrees with decimals twice, and a height.
_WITH_HEIGHT = re.compile(
    r"\(?\s*([+-]?\d{1,3}\.\d{3,})\s*[,;、\s]\s*([+-]?\d{1,3}\.\d{3,})\s*[,;、\s]\s*[+-]?\d{1,4}(?:\.\d+)?\s*(?:m|米)?\s*\)?",
    re.IGNORECASE,
)
_NEGATIVE = "WS西南"
_NORTHERN = "NS南北"


@dataclass
class Axis:
    """The numbers of one coordinate column.

    Attributes
    ----------
    values : numpy.ndarray of float64, shape (n,)
        Degrees, or metres of a projection; NaN where there is none.
    empty, bad : numpy.ndarray of bool, shape (n,)
        Cells that hold nothing, or say so; cells that cannot be read.
    notes : numpy.ndarray of str, shape (n,)
        Code of the finding on the spelling, "" for a plain number.
    """

    values: np.ndarray
    empty: np.ndarray
    bad: np.ndarray
    notes: np.ndarray


def read_axis(texts: np.ndarray, unit: str) -> Axis:
    """Read a column of coordinates.

    Parameters
    ----------
    texts : numpy.ndarray of str, shape (n,)
    unit : str
        "°", or "m" for a projection.
    """
    _, cells = as_arrow(texts)
    values = np.full(len(cells), np.nan)
    notes = np.full(len(cells), "", dtype=object)
    done = mask(pc.match_substring_regex(cells, _PLAIN))
    values[done] = pc.cast(cells.filter(pa.array(done)), pa.float64()).to_numpy(zero_copy_only=False)
    empty = mask(pc.equal(cells, ""))
    if unit == "°":
        _plain_dms(cells, values, notes, done, empty)
    rest = np.flatnonzero(~done & ~empty)
    encoded = cells.take(pa.array(rest)).dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    words = encoded.dictionary.to_pylist()
    nothing = np.array([is_null(word) for word in words], dtype=bool)
    readings = [
        (None, "null_word" if word.strip() else "") if gone else _read_one(word, unit)
        for word, gone in zip(words, nothing)
    ]
    values[rest] = np.array([np.nan if value is None else value for value, _ in readings], dtype=float)[codes]
    notes[rest] = np.array([note for _, note in readings], dtype=object)[codes]
    empty[rest] = nothing[codes]
    return Axis(values, empty, np.isnan(values) & ~empty, notes)


def _read_one(word: str, unit: str) -> Angle:
    if unit == "°":
        return read_angle(word)
    number, _, note = parse_number(word, unit)
    return number, note


def _plain_dms(cells: pa.Array, values: np.ndarray, notes: np.ndarray, done: np.ndarray, empty: np.ndarray) -> None:
    """Read the commonest spelling of degrees, minutes and seconds at once; a file may hold a million of them."""
    rest = np.flatnonzero(~done & ~empty)
    parts = pc.extract_regex(cells.take(pa.array(rest)), _PLAIN_DMS)
    there = mask(pc.is_valid(parts))
    if not there.any():
        return
    rest, parts = rest[there], parts.filter(pa.array(there))
    fields = {name: pc.struct_field(parts, name) for name in "admsb"}
    degrees, minutes, seconds = (pc.cast(fields[name], pa.float64()).to_numpy(zero_copy_only=False) for name in "dms")
    sides = [fields[name].to_numpy(zero_copy_only=False) for name in "ab"]
    fits = (minutes < 60) & (seconds < 60) & ((sides[0] == "") | (sides[1] == ""))
    side = np.where(sides[0] == "", sides[1], sides[0])
    south = np.isin(side, ["W", "S", "西经", "南纬"])
    found = _degrees(degrees, minutes, seconds) * np.where(south, -1, 1)
    at = rest[fits]
    values[at], notes[at], done[at] = found[fits], "dms", True


def _degrees(degrees: Any, minutes: Any, seconds: Any) -> Any:
    # Ten decimals are a hundredth of a millimetre; the division would leave 88.90341666666667 and …66 side by side.
    return np.round(degrees + minutes / 60 + seconds / 3600, 10)


def read_angle(text: str) -> Angle:
    """Read one coordinate in degrees; None where it is none, or can be read in two ways."""
    if len(text) > LONGEST:
        return None, ""
    words = _normal(text)
    value, note, _ = _angle(words)
    odd = is_wide(text) or "。" in text or with_minus(text)[1]
    return value, note or ("full_width" if value is not None and odd else "")


def _normal(text: str) -> str:
    words = plain(_LABELS.sub(" ", text).translate(_LOOKS)).translate(_LOOKS).strip("()[]{}<>,;=\t ")
    for pattern, sign in _WORDS:
        words = pattern.sub(sign, words)
    return words[1:] if words.startswith("'") else words


def _angle(words: str) -> tuple[float | None, str, str]:
    """Give degrees, note and side ("E", "N" or "")."""
    found = _SIGNED.fullmatch(words)
    if found is None or (found[1] and found[4]):
        return None, "", ""
    side = (found[1] or found[4] or "").upper()
    if side and found[2] == "-":
        return None, "", ""
    value, note = _size(found[3].strip(), bool(side))
    if value is None:
        return None, "", ""
    negative = found[2] == "-" or (side != "" and side[0] in _NEGATIVE)
    axis = ("N" if side[0] in _NORTHERN else "E") if side else ""
    spelled = note or ("unit_in_cell" if side or (words != found[3] and not found[2]) else "")
    return (-value if negative else value), spelled, axis


def _size(words: str, sided: bool) -> Angle:
    if _DECIMAL.fullmatch(words):
        return float(words), ""
    if found := re.fullmatch(r"(\d{1,3}(?:\.\d*)?)\s*°", words):
        return float(found[1]), "unit_in_cell"
    if found := _DECIMAL_COMMA.fullmatch(words.removesuffix("°").strip()):
        return float(f"{found[1]}.{found[2]}"), "decimal_comma"
    for form in _FORMS:
        if found := form.fullmatch(words):
            return _sexagesimal([part for part in found.groups() if part is not None])
    if sided:
        for form in (_PACKED, _PACKED_MINUTES):
            if found := form.fullmatch(words):
                return _sexagesimal(list(found.groups()))
        return None, ""
    # More digits than degrees have: a lost decimal point, or metres; others judge it.
    found = re.fullmatch(r"\d+(?:\.\d*)?(?:e[+-]?\d+)?", words, re.IGNORECASE)
    return (float(words), "") if found and np.isfinite(float(words)) else (None, "")


def _sexagesimal(parts: list[str]) -> Angle:
    """Put degrees, minutes and seconds together; a fraction may stand in the last part only."""
    numbers = [float(part.replace(",", ".")) for part in parts]
    if any("." in part or "," in part for part in parts[:-1]) or any(number >= 60 for number in numbers[1:]):
        return None, ""
    numbers += [0.0] * (3 - len(numbers))
    return float(_degrees(*numbers)), "dms"


def read_pairs(texts: np.ndarray) -> tuple[Axis, Axis]:
    """Read a column that holds longitude and latitude in one cell, in either order.

    The letters of the cell tell which is which, else the ranges that both have in China (73…136, 3…54), else the
    order is longitude first.
    """
    _, cells = as_arrow(texts)
    encoded = cells.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    words = encoded.dictionary.to_pylist()
    nothing = np.array([is_null(word) for word in words], dtype=bool)
    pairs = [None if gone else read_pair(word) for word, gone in zip(words, nothing)]
    axes = []
    for at in (0, 1):
        values = np.array([np.nan if pair is None else pair[at] for pair in pairs], dtype=float)[codes]
        said = ["pair_in_cell" if pair else "null_word" if gone and word.strip() else ""
                for pair, gone, word in zip(pairs, nothing, words)]  # fmt: skip
        notes = np.array(said, dtype=object)[codes]
        axes.append(Axis(values, nothing[codes].copy(), np.isnan(values) & ~nothing[codes], notes))
    return axes[0], axes[1]


def read_pair(text: str) -> tuple[float, float] | None:
    """Read longitude and latitude from one text, or None: "88.9,31.2", "31.2N, 88.9E", "88.901,31.202,4500"."""
    words = text.strip()
    if len(words) > 2 * LONGEST:
        return None
    if found := _POINT.fullmatch(plain(words)):
        words = ",".join(found[1].split()[:2])
    elif found := _WITH_HEIGHT.fullmatch(plain(words)):
        words = f"{found[1]},{found[2]}"
    words = re.sub(r"^\s*(?:经纬度|坐标|位置|gps|coordinates?)\s*[:：=]\s*", "", words, flags=re.IGNORECASE)
    for pattern in _BETWEEN:
        parts = [part for part in pattern.split(_normal(words)) if part.strip()]
        if len(parts) == 2:
            read = [_angle(part.strip(" ,;()")) for part in parts]
            if all(value is not None for value, _, _ in read):
                return _ordered(read)
    return None


_BETWEEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\s*[,;|、]\s*(?=[^,;|、]*$)",
        r"\s*[/]\s*",
        rf"(?<=[\"'\d°])\s*(?:{_SIDE})?\s+(?={_SIDE})",
        r"(?<=[EWNS])\s*(?=[\dEWNS])",
        r"(?<=[\d\"'°])\s*(?=[东西南北EWNS])",
        r"\s+",
        r"(?<=\")\s*(?=\d)",
    )
)


def _ordered(read: list[tuple[float | None, str, str]]) -> tuple[float, float] | None:
    (first, _, one), (second, _, two) = read
    if first is None or second is None or (one and one == two):
        return None
    if one == "N" or two == "E":
        return second, first
    if one == "E" or two == "N":
        return first, second
    return (second, first) if 3 <= first <= 54 and 73 <= second <= 136 else (first, second)


def packed(texts: np.ndarray) -> np.ndarray:
    """Read numbers as DDD.MMSS, the surveyors' form, shape (n,) float64; NaN where one cannot be that.

    Four or more decimals, of which the first two and the next two are below 60.
    """
    _, cells = as_arrow(texts)
    values = np.full(len(cells), np.nan)
    parts = pc.extract_regex(cells, r"^\s*(?P<d>[0-9]{1,3})\.(?P<m>[0-5][0-9])(?P<s>[0-5][0-9])(?P<f>[0-9]*)\s*$")
    there = mask(pc.is_valid(parts))
    if there.any():
        fields = [pc.struct_field(parts.filter(pa.array(there)), name) for name in "dmsf"]
        degrees, minutes = (pc.cast(item, pa.float64()).to_numpy(zero_copy_only=False) for item in fields[:2])
        seconds = pc.cast(pc.binary_join_element_wise(fields[2], fields[3], "."), pa.float64())
        values[there] = _degrees(degrees, minutes, seconds.to_numpy(zero_copy_only=False))
    return values
