"""Which encoding bytes are in when no label helps: UTF-16 by its zero bytes, Big5 by common characters, or by line.

The statistics are of the charsets themselves: GB 2312 and Big5 both put their common characters into a first block
(level 1), from which 95 % and more of any Chinese text comes. Bytes that are read in the wrong one of the two fall all
over the tables.
"""

from __future__ import annotations

from dataclasses import dataclass

_SAMPLE = 65_536  # bytes or characters that are looked at
_FEWEST = 12  # Chinese characters below which no statistics are worth anything
_COMMON, _NOT_COMMON = 0.9, 0.75


def utf16_without_mark(data: bytes) -> str:
    """Give "utf-16-le" or "utf-16-be" where the text is common signs in that order only, else "".

    A zero byte is in no other text: a table in UTF-16 has one in every separator and end of line, on the same side, and
    one on the other side in characters such as 一 (U+4E00). Where they are few the common characters decide.
    """
    head = data[:_SAMPLE]
    if 0 not in head:
        return ""
    shares = {}
    for codec in ("utf-16-le", "utf-16-be"):
        try:
            data.decode(codec)
        except UnicodeDecodeError:
            continue
        shares[codec] = _common_share(head.decode(codec, "ignore"))
    best = max(shares, key=lambda codec: shares[codec], default="")
    others = max((share for codec, share in shares.items() if codec != best), default=0.0)
    return best if best and shares[best] >= _COMMON and others <= _NOT_COMMON else ""


def _common_share(text: str) -> float:
    """Give the share of signs that are ASCII, Chinese punctuation, or of the charsets that Chinese is written in."""
    good = sum(
        " " <= sign <= "~"
        or sign in "\t\r\n\ufeff"
        or (sign > "\x9f" and bool(_code(sign, "gb2312") or _code(sign, "big5")))
        for sign in text
    )
    return good / len(text) if text else 0.0


def reads_well(text: str) -> bool:
    """Tell whether nearly all signs of a text are ASCII, Chinese or usual punctuation; control signs are not."""
    head = text[:_SAMPLE]
    good = sum(
        " " <= sign <= "\u00ff" or sign in "\t\r\n\ufeff" or "\u2000" <= sign <= "\u22ff" or is_chinese(sign)
        for sign in head
    )
    return good >= 0.9 * len(head)


def is_chinese(sign: str) -> bool:
    """Tell whether a sign is a Chinese character, or Chinese or full-width punctuation."""
    return any(
        first <= sign <= last for first, last in (("\u3000", "\u303f"), ("\u3400", "\u9fff"), ("\uff00", "\uffef"))
    )


def is_big5(data: bytes) -> bool:
    """Tell whether bytes that are not UTF-8 are clearly Big5 and clearly not GB18030."""
    codecs = {"gb18030": ("gb2312", b"\xb0\xa1", b"\xd7\xfe"), "cp950": ("big5", b"\xa4\x40", b"\xc6\x7e")}
    common = {}
    for codec, (levels, first, last) in codecs.items():
        text = data[:_SAMPLE].decode(codec, "ignore")
        signs = [sign for sign in text if not sign.isascii()]
        hits = sum(first <= code <= last for sign in signs if (code := _code(sign, levels)))
        hanzi = sum("\u3400" <= sign <= "\u9fff" or not is_chinese(sign) for sign in signs)
        common[codec] = hits / hanzi if hanzi >= _FEWEST else 0.0
    if common["cp950"] < _COMMON or common["gb18030"] > _NOT_COMMON:
        return False
    try:
        data.decode("cp950")
    except UnicodeDecodeError:
        return False
    return True


def _code(sign: str, codec: str) -> bytes:
    try:
        return sign.encode(codec)
    except UnicodeEncodeError:
        return b""


@dataclass(frozen=True)
class ByLine:
    """A text whose lines were decoded one by one.

    Attributes
    ----------
    text : str
        With U+FFFD for each byte of a line that is no text in either encoding.
    encoding : str
        The encoding of most lines.
    others : tuple of int
        Lines in the other of UTF-8 and GB18030, counted from 1.
    bad : tuple of int
        Lines in neither.
    """

    text: str
    encoding: str
    others: tuple[int, ...]
    bad: tuple[int, ...]


def decode_lines(data: bytes) -> ByLine | None:
    """Decode every line as UTF-8 or as GB18030, or give None where most lines are neither.

    A line that is valid in both counts as UTF-8 where all its other than ASCII signs are then Chinese: the bytes of
    Chinese in GBK practically never are.
    """
    lines = data.splitlines(keepends=True)
    texts: list[str] = []
    found: dict[str, list[int]] = {"UTF-8": [], "GB18030": []}
    bad: list[int] = []
    for number, line in enumerate(lines, start=1):
        if line.isascii():
            texts.append(line.decode("ascii"))
            continue
        name, text = _line(line)
        texts.append(text)
        (found[name] if name else bad).append(number)
    good = len(found["UTF-8"]) + len(found["GB18030"])
    if len(bad) > good:
        return None
    usual, other = sorted(found, key=lambda name: (len(found[name]), name), reverse=True)
    codec = usual.lower()
    for number in bad:
        texts[number - 1] = lines[number - 1].decode(codec, "replace")
    return ByLine("".join(texts), usual, tuple(found[other]), tuple(bad))


def _line(line: bytes) -> tuple[str, str]:
    texts = {}
    for name in ("UTF-8", "GB18030"):
        try:
            texts[name] = line.decode(name)
        except UnicodeDecodeError:
            continue
    if len(texts) == 2 and not all(sign.isascii() or is_chinese(sign) for sign in texts["UTF-8"]):
        del texts["UTF-8"]
    return next(iter(texts.items()), ("", ""))
