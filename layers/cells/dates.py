"""Days as people write them; what leaves open which number is the month or the year is not read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .numbers import LONGEST
from .numerals import read_numeral
from .signs import is_null, is_wide, plain, unwrapped

Day = tuple[str | None, str, str]  # ISO day or None, reason or "", note or ""

_TIME = (
    r"(?:(?:t|\s+|(?<=日))\s*(?:上午|下午|早上|晚上|am|pm)?\s*\d{1,2}(?:[:时点]\d{0,2}(?:[:分]\d{0,2}(?:\.\d+)?)?)?[分秒]?"
    r"\s*(?:am|pm)?\s*(?:z|utc|cst|[+-]\d{1,2}:?(?:\d{2})?)?)?"
)
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_DAY = re.compile(rf"(\d{{4}})([-/.年])(\d{{1,2}})[-/.月](\d{{1,2}})日?{_WEEKDAY}{_TIME}{_WEEKDAY}")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?份?")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{4})")
_PACKED = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{4}(?:\d{2})?)?")
_PACKED_MONTH = re.compile(r"((?:19|20)\d{2})(\d{2})")
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_SHORT_YEAR = re.compile(rf"(\d{{2}})年(\d{{1,2}})月(?:(\d{{1,2}})日)?{_TIME}")
_NO_CENTURY = re.compile(rf"\d{{1,2}}([-/.])\d{{1,2}}\1\d{{1,2}}{_TIME}")
_ORACLE = re.compile(rf"(\d{{1,2}})-(\d{{1,2}})月\s*-\s*(\d{{2}}|\d{{4}}){_TIME}")  # 01-5月 -23, its DD-MON-RR
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = {name: at for at, name in enumerate(_MONTHS, start=1)}
_NAMED = rf"({'|'.join(_NAMES)})[a-z]*\.?"
_DAY_NAMED = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[-\s/]+{_NAMED}[-,\s/]+(\d{{4}}){_TIME}")
_NAMED_DAY = re.compile(rf"{_NAMED}[-\s]+(\d{{1,2}})(?:st|nd|rd|th)?[,\s]+(\d{{4}}){_TIME}")
_NAMED_MONTH = re.compile(rf"{_NAMED}[-,\s]+(\d{{4}})")
_NAMED_SHORT = re.compile(rf"(?:\d{{1,2}}[-\s/])?{_NAMED}[-\s/]'?\d{{2}}|\d{{2}}[-\s/]{_NAMED}[-\s/]\d{{2}}")
_WORDS = re.compile(
    "([零〇○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号])?"
)
_BEIJING_MIDNIGHT = re.compile(r"t16:00(?::00(?:\.0+)?)?z")  # how a program in UTC writes a Chinese day
# What programs leave for no day: 0, 0000-00-00, 1900-01-00, 9999-12-31.
_NO_DAY = re.compile(
    r"0+|(?:0{4}([-/.])0{1,2}\1(?:0{1,2})|1900([-/.])0?1\2(?:0?[01])|9999([-/.])12\3(?:31))(?:[\st].*)?"
)
_EXCEL_DAY_0 = datetime.date(1899, 12, 30)


@dataclass(frozen=True)
class YearLast:
    """How a column writes its days before a year.

    Attributes
    ----------
    order : str
        "dm" or "md" as its days after the 12th tell, "" where none does or they contradict each other.
    telling, open_ : int
        Cells that tell the order, and those that can be read in two ways.
    example : str
        A cell that tells it.
    """

    order: str = ""
    telling: int = 0
    open_: int = 0
    example: str = ""

    @property
    def sure(self) -> bool:
        """Whether so many cells tell the order that the others follow it without doubt."""
        return self.telling >= _MANY and self.telling >= _SHARE * (self.telling + self.open_)


NO_ORDER = YearLast()
_MANY, _SHARE = 5, 0.2


def year_last_order(texts: Sequence[str], counts: Sequence[int] | None = None) -> YearLast:
    """Tell whether a column writes day or month first before a year.

    Parameters
    ----------
    texts : sequence of str
        Its different texts.
    counts : sequence of int, optional
        Number of cells of each.
    """
    found = {"dm": 0, "md": 0, "": 0}
    examples: dict[str, str] = {}
    for at, text in enumerate(texts):
        if match := _YEAR_LAST.fullmatch(plain(text).lower()):
            first, second = int(match[1]), int(match[3])
            order = "dm" if first > 12 else "md" if second > 12 else ""
            if order or first != second:
                found[order] += 1 if counts is None else int(counts[at])
                examples.setdefault(order, text.strip())
    order = "" if bool(found["dm"]) == bool(found["md"]) else "dm" if found["dm"] else "md"
    return YearLast(order, found[order] if order else 0, found[""], examples[order] if order else "")


def read_date(text: str, order: str = "") -> Day:
    """Read a day: 2023-5-1, 2023/5/1, 2023.5.1, 2023年5月1日, 20230501, 1 May 2023, an Excel serial, or a month.

    The note is "date_order" where only the rest of the column tells day from month, "slash" where the day is written
    2023/5/1, for the caller to judge by the column, "date_spelling" for any other spelling than 2023-05-01, and
    "month_only" for a month.

    Parameters
    ----------
    text : str
    order : str
        `YearLast.order` of the column.
    """
    if is_null(text):
        return None, "", "null_word" if text.strip() else ""
    if len(text) > LONGEST:
        return None, "not_a_date", ""
    words, wrapped = unwrapped(plain(text))
    words = words.lower().replace("號", "日").replace("号", "日")
    words = re.sub(r"\s+(?=日)", "", re.sub(r"\s*([-/.年月])\s*(?=\d)", r"\1", words))
    if _NO_DAY.fullmatch(words):
        return None, "", "null_word"
    day, reason = _parts(words, order)
    if reason:
        return None, reason, ""
    year, month, number = day
    try:
        value = datetime.date(year, month, number or 1)
    except ValueError:
        return None, "not_a_date", ""
    if not 1900 <= year <= 2200:
        return None, "not_a_date", ""
    if _BEIJING_MIDNIGHT.search(words):
        value += datetime.timedelta(days=1)
    if order and (found := _YEAR_LAST.fullmatch(words)) and _is_open(int(found[1]), int(found[3])):
        return value.isoformat(), "", "date_order"
    return value.isoformat(), "", _note(words, wrapped or is_wide(text), number)


def _is_open(first: int, second: int) -> bool:
    return first <= 12 and second <= 12 and first != second


def _note(words: str, odd: bool, number: int) -> str:
    if not number:
        return "month_only"
    if odd or not re.fullmatch(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}", words):
        return "date_spelling"
    return "" if re.match(r"\d{4}-\d\d-\d\d", words) else "slash"


def _parts(words: str, order: str) -> tuple[tuple[int, int, int], str]:
    """Give year, month and day (0 for none) of a text in lower case, or a reason."""
    if found := _DAY.fullmatch(words):
        return (int(found[1]), int(found[3]), int(found[4])), ""
    if found := _PACKED.fullmatch(words):
        return (int(found[1]), int(found[2]), int(found[3])), ""
    if found := _SERIAL.fullmatch(words):
        day = _EXCEL_DAY_0 + datetime.timedelta(days=int(found[1]))
        return (day.year, day.month, day.day), ""
    if re.fullmatch(r"\d{4}\.1", words):  # as a number 2023.10 loses its 0
        return _NOTHING, "ambiguous_date"
    if found := _MONTH.fullmatch(words) or _PACKED_MONTH.fullmatch(words):
        return (int(found[1]), int(found[2]), 0), ""
    if found := _MONTH_FIRST.fullmatch(words):
        return (int(found[2]), int(found[1]), 0), ""
    if found := _YEAR_LAST.fullmatch(words):
        return _year_last(int(found[1]), int(found[3]), int(found[4]), order)
    if found := _SHORT_YEAR.fullmatch(words):
        return (2000 + int(found[1]), int(found[2]), int(found[3] or 0)), ""
    if found := _ORACLE.fullmatch(words):
        return (int(found[3]) % 2000 + 2000, int(found[2]), int(found[1])), ""
    return _in_words(words)


def _in_words(words: str) -> tuple[tuple[int, int, int], str]:
    if found := _DAY_NAMED.fullmatch(words):
        return (int(found[3]), _NAMES[found[2]], int(found[1])), ""
    if found := _NAMED_DAY.fullmatch(words):
        return (int(found[3]), _NAMES[found[1]], int(found[2])), ""
    if found := _NAMED_MONTH.fullmatch(words):
        return (int(found[2]), _NAMES[found[1]], 0), ""
    if found := _WORDS.fullmatch(words):
        year, month, day = (_numeral(part) for part in found.groups())
        return (year, month, day), "" if year and month and (day or not found[3]) else "not_a_date"
    unclear = _NO_CENTURY.fullmatch(words) or _NAMED_SHORT.fullmatch(words)
    return _NOTHING, "ambiguous_date" if unclear else "not_a_date"


def _numeral(words: str | None) -> int:
    return 1 if words == "一" else (read_numeral(words) or 0) if words else 0


def _year_last(first: int, second: int, year: int, order: str) -> tuple[tuple[int, int, int], str]:
    if first > 12 or order == "dm":
        return (year, second, first), ""
    if second > 12 or first == second or order == "md":
        return (year, first, second), ""
    return _NOTHING, "ambiguous_date"


_NOTHING = (0, 0, 0)
