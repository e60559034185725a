"""Names, ids and all-digit codes: what a spreadsheet, a keyboard or a copy from a web page did to them."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..spec import Field
from .numbers import mask
from .signs import NULL_WORDS, UNDECIDED, is_misread, is_null, is_wide, plain, seen, unwrapped

Words = tuple[str | None, str, str]  # text or None, reason or "", note or ""

_WIDE_TO_PLAIN = {code: code - 0xFEE0 for start, end in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
                  for code in range(start, end + 1)}  # fmt: skip
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,4})")
_CUT = (6, 9)  # county and town are the first 6 and 9 digits of a village code (GB/T 2260, GB/T 10114)

# Cells with none of these need no second look: blanks but a single one between words, unseen signs, full-width digits
# and letters; in a name no blank between two Chinese characters either.
_ODD = (
    r"^ | $|  |[\x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}\p{Zl}\p{Zp}\p{Cc}\p{Cf}"
    r"\x{ff10}-\x{ff19}\x{ff21}-\x{ff3a}\x{ff41}-\x{ff5a}]"
)
_ODD_NAME = _ODD + r"|[\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}] [\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}]"
_ONLY_SIGNS = r"^[\p{P}\p{S}]+$"
_PLAIN_KEY = r"^[A-Za-z0-9_./:#\x{4e00}-\x{9fff}-]*[A-Za-z0-9\x{4e00}-\x{9fff}]$"
_LIKE_A_NUMBER = r"^[0-9.]+[eE][+]?[0-9]+$|^[0-9]+\.0+$"


def is_id(field: Field) -> bool:
    """Tell whether a text field holds an id: a text that nobody reads as a name."""
    return field.name.endswith(("_id", "_code"))


def plain_texts(cells: pa.Array, field: Field, is_key: bool) -> np.ndarray:
    """Tell which cells stand as they are, shape (n,) bool."""
    if field.digits:
        sizes = "|".join(f"[1-9][0-9]{{{size - 1}}}" for size in field.digits)
        done = mask(pc.match_substring_regex(cells, f"^(?:{sizes})$"))
        for ending in field.refused_suffixes:
            done &= ~mask(pc.ends_with(cells, ending))
        return done
    done = ~mask(pc.is_in(pc.utf8_lower(cells), value_set=pa.array(sorted(NULL_WORDS | UNDECIDED))))
    if is_key or is_id(field):
        return (
            done
            & mask(pc.match_substring_regex(cells, _PLAIN_KEY))
            & ~mask(pc.match_substring_regex(cells, _LIKE_A_NUMBER))
        )
    pattern = _ODD_NAME if field.name.endswith("name") else _ODD
    odd = mask(pc.match_substring_regex(cells, pattern)) | mask(pc.match_substring_regex(cells, _ONLY_SIGNS))
    return done & ~odd


def read_text(text: str, field: Field, is_key: bool = False) -> Words:
    """Read a name, an id or a code.

    Names lose unseen signs, line breaks and spare blanks, those between two Chinese characters included; ids also
    lose the marks of a spreadsheet (".0", apostrophe, ``="…"``); codes of digits lose every blank and separator.
    """
    if is_null(text):
        return None, "", "null_word" if text.strip() else ""
    if field.digits:
        return _digits(text, field)
    if is_misread(text):
        return text, "", ""  # what nobody sees in it is needed to put it right
    if is_key or is_id(field):
        return _id(text)
    words = " ".join(seen(text).translate(_WIDE_TO_PLAIN).split())
    if field.name.endswith("name"):
        words = _BETWEEN_HAN.sub("", words)
    if not words:
        return None, "", "null_word"
    if words == text:
        return words, "", ""
    return words, "", "full_width" if words == text.translate(_WIDE_TO_PLAIN) else "blanks_in_text"


def _id(text: str) -> Words:
    words = " ".join(plain(text).split())
    bare, wrapped = unwrapped(words)
    if (found := _SCIENTIFIC.fullmatch(bare)) and ("+" in bare or int(found[3]) >= 10):
        exact = _exact(found)
        return (None, "scientific", "") if exact is None else (exact, "", "text_number")
    short = re.sub(r"(?<=\d)\.0+$", "", bare) if re.fullmatch(r"\d+\.0+", bare) else bare
    if not short:
        return None, "", "null_word"
    note = "text_number" if wrapped or short != bare else "full_width" if is_wide(text) else ""
    return short, "", note or ("" if short == text else "blanks_in_text")


def _digits(text: str, field: Field) -> Words:
    words = plain(text)
    bare, wrapped = unwrapped(words)
    if found := _SCIENTIFIC.fullmatch(bare):
        exact = _exact(found)
        if exact is None:
            return None, "scientific", ""
        bare, wrapped = exact, True
    short = re.sub(r"\.0+$", "", bare)
    digits = re.sub(r"[\s,'_·-]", "", short)
    if not digits.isascii() or not digits.isdigit():
        return None, "wrong_digits", ""
    if not digits.strip("0"):
        return None, "", "null_word"
    if len(digits) not in field.digits:
        return None, "cut_code" if field.digits == (12,) and len(digits) in _CUT else "wrong_digits", ""
    if field.refused_suffixes and digits.endswith(field.refused_suffixes):
        return None, field.refused_reason, ""
    if wrapped or short != bare or "," in short:
        return digits, "", "text_number"
    if digits == text:
        return digits, "", ""
    return digits, "", "full_width" if is_wide(text) else "blanks_in_text"


def _exact(found: re.Match[str]) -> str | None:
    """Give the whole number behind a scientific notation that still shows every digit, or None."""
    digits, exponent = found[1] + (found[2] or ""), int(found[3])
    return digits if len(digits) == exponent + 1 and exponent >= 6 else None
