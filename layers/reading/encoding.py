"""Which encoding a text is in: by its byte-order mark, else strict UTF-8, else GB18030; never with replacement signs.

UTF-8 comes first because Chinese text in GBK is practically never valid UTF-8, while UTF-8 bytes often are valid
GBK and then read as other characters. GB18030 contains GBK and GB 2312.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import NamedTuple

from ...errors import InputError, ParameterError
from ...text import Text

_BOMS = (
    (codecs.BOM_UTF8, "UTF-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16"),
)
_CODE_PAGES = {"65001": "UTF-8", "936": "GBK", "54936": "GB18030", "950": "BIG5"}
_CHINESE_CODECS = {"utf-8", "gbk", "gb2312", "gb18030", "big5", "cp950", "big5hkscs"}


class Decoded(NamedTuple):
    """A text and the name of the encoding that it was in."""

    text: str
    encoding: str


def codec_name(name: str) -> str:
    """Give Python's name of an encoding that a planner states; raise ParameterError for an unknown one."""
    try:
        return codecs.lookup(name.strip()).name
    except (LookupError, ValueError) as fault:
        raise ParameterError(
            Text(f"不认识文字编码“{name}”。", f"The encoding “{name}” is not known."),
            Text(
                "请填 auto、UTF-8、GBK、GB18030、UTF-16 或 BIG5。",
                "State auto, UTF-8, GBK, GB18030, UTF-16 or BIG5.",
            ),
        ) from fault


def named_by_cpg(words: str) -> str:
    """Give the codec that a .cpg file names, or "" where it names none that can hold Chinese.

    GDAL and ArcGIS write ``ISO-8859-1`` or ``1252`` beside Chinese text when nobody told them better; such a label
    is no evidence.
    """
    name = words.strip().strip("\ufeff").upper()
    digits = "".join(sign for sign in name if sign.isdigit())
    name = _CODE_PAGES.get(digits, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return found if found in _CHINESE_CODECS else ""


def decode_file(data: bytes, file: str, encoding: str = "auto") -> Decoded:
    """Decode the bytes of a text file.

    Parameters
    ----------
    data : bytes
    file : str
        Its name, for the message.
    encoding : str
        "auto", or the encoding that the planner states.

    Raises
    ------
    InputError
        The bytes are not text in the stated encoding, or in any of those tried; names the line.
    ParameterError
        `encoding` is unknown.
    """
    if encoding.lower() != "auto":
        codec = codec_name(encoding)
        codec = "utf-8-sig" if codec == "utf-8" else codec
        return Decoded(_strict(data, codec, encoding, file), encoding)
    for mark, name, codec in _BOMS:
        if data.startswith(mark):
            return Decoded(_strict(data, codec, name, file), name)
    try:
        return Decoded(_without_nul(data.decode("utf-8"), file), "UTF-8")
    except UnicodeDecodeError:
        return Decoded(_strict(data, "gb18030", "GB18030", file), "GB18030")


def _strict(data: bytes, codec: str, name: str, file: str) -> str:
    try:
        return _without_nul(data.decode(codec), file)
    except UnicodeError as fault:
        start = getattr(fault, "start", 0)
        line = data[:start].count(b"\n") + 1
        raise InputError(
            Text(
                f"{file} 第 {line} 行有不属于 {name} 编码的字节，无法确定文字编码。",
                f"{file}: line {line} holds bytes that are not {name}; the encoding cannot be told.",
            ),
            Text(
                "请用 --encoding 指明编码，或用原软件另存为 UTF-8；若由多份文件拼接而成，请先统一编码。",
                "State the encoding with --encoding, or save the file as UTF-8 from the program it came from; if it "
                "was put together from several files, bring them to one encoding first.",
            ),
        ) from fault


def _without_nul(text: str, file: str) -> str:
    if "\0" in text:
        raise InputError(
            Text(
                f"{file} 含有空字节，不是普通文本文件（可能是无标记的 UTF-16 或二进制文件）。",
                f"{file} holds zero bytes: not a plain text file (perhaps UTF-16 without a mark, or a binary file).",
            ),
            Text(
                "请用 --encoding UTF-16 再试，或另存为 UTF-8 的 CSV。",
                "Try --encoding UTF-16, or save it as CSV in UTF-8.",
            ),
        )
    return text


def repaired(text: str) -> str:
    """Give what a text was before its UTF-8 bytes were read as GBK, or "" where it was not.

    "涔欐潙" is 乙村 in UTF-8, read as GBK. The bytes of true Chinese GBK text are practically never valid UTF-8 that
    reads as Chinese again, so that a text which passes both ways is taken for garbled.
    """
    if text.isascii():
        return ""
    try:
        found = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return ""
    signs = [sign for sign in found if not sign.isascii()]
    return found if signs and all(_is_chinese(sign) for sign in signs) else ""


def _is_chinese(sign: str) -> bool:
    """Tell whether a sign is a Chinese character, or Chinese or full-width punctuation."""
    return any(
        first <= sign <= last for first, last in (("\u3000", "\u303f"), ("\u3400", "\u9fff"), ("\uff00", "\uffef"))
    )


def decode_cell(data: bytes, codec: str) -> str:
    """Decode one cell of fixed width strictly, but let a character that the width cut in two go.

    Raises
    ------
    UnicodeDecodeError
        The bytes are not text in `codec`.
    """
    try:
        return data.decode(codec)
    except UnicodeDecodeError as fault:
        if len(data) - fault.start > 3 or ("incomplete" not in fault.reason and "end of data" not in fault.reason):
            raise
        return data[: fault.start].decode(codec)


def codec_of_cells(cells: Iterable[bytes], named: str = "") -> str:
    """Give the codec in which every cell of a shapefile's table is text, or "" where none fits.

    Parameters
    ----------
    cells : iterable of bytes
        Texts and field names as they stand in the file.
    named : str
        Codec that the .cpg names, or "".

    Notes
    -----
    A .cpg can lie. UTF-8 that fits everywhere and is not all ASCII is right whatever the label says.
    """
    texts = [cell for cell in cells if not cell.isascii()]
    if not texts:
        return named or "utf-8"
    for codec in dict.fromkeys(("utf-8", named, "gb18030")):
        if codec and _fits(texts, codec):
            return codec
    return ""


def _fits(texts: list[bytes], codec: str) -> bool:
    try:
        for text in texts:
            decode_cell(text, codec)
    except UnicodeDecodeError:
        return False
    return True
