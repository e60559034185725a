"""Texts that somebody read in the wrong encoding and saved so: what they were before."""

from __future__ import annotations

import re

from .encoding_guess import is_chinese

_FEWEST = 2  # Chinese characters below which two Latin letters may be what they are
_COMMON = 0.5
# The signs that Windows shows for the bytes 80 to 9F.
_WINDOWS = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_LATIN = re.compile(f"[\\x00-\\xff{_WINDOWS}]+")


def repaired(text: str) -> str:
    """Give what a text was before its bytes were read in another encoding, or "" where they were not.

    "涔欐潙" is 乙村 in UTF-8, read as GBK; "å²³åŸŽ" is 岳城 in UTF-8, and "ÔÀ³Ç" the same in GBK, both read as Latin-1.
    The bytes of true Chinese GBK text are practically never valid UTF-8 that reads as Chinese again, and no language
    strings such letters together, so that a text which passes both ways is taken for garbled.
    """
    if text.isascii():
        return ""
    if _LATIN.fullmatch(text):
        data = b"".join(map(_byte, text))
        return _as_utf8(data) or _as_gbk(data)
    try:
        data = text.encode("gb18030")
    except UnicodeError:
        return ""
    return _as_utf8(data)


def _byte(sign: str) -> bytes:
    return sign.encode("cp1252") if sign in _WINDOWS else sign.encode("latin-1")


def _as_utf8(data: bytes) -> str:
    try:
        found = data.decode("utf-8")
    except UnicodeError:
        return ""
    signs = [sign for sign in found if not sign.isascii()]
    return found if signs and all(map(is_chinese, signs)) else ""


def _as_gbk(data: bytes) -> str:
    """Read bytes as GBK where half of it is common characters, those from B0A1 to D7FE (GB 2312, level 1)."""
    try:
        found = data.decode("gbk")
    except UnicodeError:
        return ""
    signs = [sign for sign in found if not sign.isascii()]
    common = sum(b"\xb0\xa1" <= _code(sign) <= b"\xd7\xfe" for sign in signs)
    fits = len(signs) >= _FEWEST and all(map(is_chinese, signs)) and common >= _COMMON * len(signs)
    return found if fits else ""


def _code(sign: str) -> bytes:
    try:
        return sign.encode("gb2312")
    except UnicodeError:
        return b""
