"""The signs of a cell: what cannot be seen, what is only wider or differently drawn, and words for "nothing"."""

from __future__ import annotations

import re
import unicodedata

from .fold import simplified

NULL_WORDS = frozenset(
    (
        *("", "空", "空值", "空白", "无", "暂无", "没有", "暂缺", "缺", "缺失", "缺省", "不详", "未知", "不明", "未填"),
        *("未填写", "未提供", "无数据", "暂无数据", "无资料", "不适用", "暂未提供", "未录入", "未采集", "无此项"),
        *("null", "n/a", "n.a.", "na", "nan", "nat", "#n/a", "#na", "#null!", "#value!", "#ref!", "#name?", "#div/0!"),
        *("#num!", "none", "nil", "<null>", "(null)", "[null]", "<na>", "<none>", "<空>", "(空)", "(空白)", "(无)"),
        *("\\n", "undefined", "tbd", "tba", "no data", "nodata", "missing", "blank"),
    )
)
# "To be decided" empties a number or a date; of a code list it is one more value that the list does not have.
UNDECIDED = frozenset(("待定", "未定", "待补", "待补充", "待填", "待录入", "待采集", "另行确定"))
# Strokes, dots and stars alone: "/", "——", "...", "***".
_STROKES = re.compile(r"[-‐-―−－_/\\|.。、,，*~～·…─━]+")

# Controls, soft hyphen, zero-width space, direction marks, byte-order mark; line breaks and tabs are blanks.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
# Joiners are letters' own business in Uyghur, Kazakh, Mongolian and Indic scripts, and dirt anywhere else.
_JOINERS = re.compile("[\u200c\u200d]")
_JOINED = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff\u0f00-\u0fff\u1800-\u18af\ufb50-\ufeff]")
_WIDE = re.compile("[\uff01-\uff5e\u3000]")
_WIDE_WORD = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
# Dashes that stand for the minus of a number: hyphens, figure, en and em dash, bar, minus sign.
_DASH = re.compile(r"^(\s*)[\u2010-\u2015\u2212\ufe58\ufe63\uff0d](?=\s?[.\d])")
_WRAPPED = re.compile(r'=\s*"([^"]*)"|"([^"]+)"|\'([^\']+)\'|[\'’‘`＇]\s*(.+)', re.DOTALL)
# A Chinese character in UTF-8 that was read as Latin-1 or Windows-1252: a byte that begins it, and two that go on.
WINDOWS_SIGNS = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MISREAD = re.compile(f"[\xe3-\xef][\x80-\xbf{WINDOWS_SIGNS}]{{2}}")
_LATIN = re.compile(f"[\x00-\xff{WINDOWS_SIGNS}]*")


def is_misread(text: str) -> bool:
    """Tell whether a text looks like Chinese in UTF-8 that was read as Latin-1: its unseen signs are parts of it."""
    return not text.isascii() and _MISREAD.search(text) is not None and _LATIN.fullmatch(text) is not None


def seen(text: str) -> str:
    """Give a text without the signs that nobody sees; half a surrogate pair becomes the sign for a lost character."""
    text = _UNSEEN.sub("", text)
    if not _JOINED.search(text):
        text = _JOINERS.sub("", text)
    return text.encode("utf-8", "replace").decode("utf-8") if _surrogate(text) else text


def _surrogate(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text) if not text.isascii() else False


def plain(text: str) -> str:
    """Give a text in NFKC (half width) without unseen signs and without blanks at its ends."""
    return unicodedata.normalize("NFKC", seen(text)).strip()


def is_wide(text: str) -> bool:
    """Tell whether a text holds full-width letters, digits, signs or blanks."""
    return _WIDE.search(text) is not None


def is_wide_word(text: str) -> bool:
    """Tell whether a text holds full-width letters or digits; full-width commas are ordinary Chinese."""
    return _WIDE_WORD.search(text) is not None


def with_minus(text: str) -> tuple[str, bool]:
    """Put a minus for the dash before a number; tell whether there was one."""
    words = _DASH.sub(r"\1-", text)
    return words, words != text


def unwrapped(text: str) -> tuple[str, bool]:
    """Take off what spreadsheets put around a number as text (``="12"``, ``'12``); tell whether there was any."""
    found = _WRAPPED.fullmatch(text)
    if found is None:
        return text, False
    return next(part for part in found.groups() if part is not None).strip(), True


def is_null(text: str, *, undecided: bool = True) -> bool:
    """Tell whether a cell holds nothing, or says so in a word; `undecided` counts "to be decided" among these."""
    word = simplified(plain(text)).lower()
    return word in NULL_WORDS or (undecided and word in UNDECIDED) or _STROKES.fullmatch(word) is not None
