"""Which encoding a text is in: by its byte-order mark, else strict UTF-8, else GB18030 or Big5.

UTF-8 comes first because Chinese text in GBK is practically never valid UTF-8, while UTF-8 bytes often are valid
GBK and then read as other characters. GB18030 contains GBK and GB 2312.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from ...errors import InputError, ParameterError
from ...text import Text
from .encoding_guess import decode_lines, is_big5, reads_well, utf16_without_mark

_BOMS = (
    (codecs.BOM_UTF8, "UTF-8", "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16"),
)
# One line may be valid UTF-8 by chance; several are not.
_FEWEST_LINES = 3
_CHINESE_UTF8 = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
# The stated name, and a codec that holds all of it and what newer programs write under the same name.
_WIDER = {"utf-8": "utf-8-sig", "gbk": "gb18030", "gb2312": "gb18030", "big5": "cp950"}
_CODE_PAGES = {"65001": "UTF-8", "936": "GBK", "54936": "GB18030", "950": "BIG5"}
_CHINESE_CODECS = {"utf-8", "gbk", "gb2312", "gb18030", "big5", "cp950", "big5hkscs"}


class Decoded(NamedTuple):
    """A text and the name of the encoding that it was in.

    Attributes
    ----------
    text, encoding : str
    other_lines : tuple of int
        Lines that were in the other of UTF-8 and GB18030, counted from 1.
    bad_lines : tuple of int
        Lines that are text in neither; U+FFFD stands for their bytes.
    false_mark : str
        Encoding of a byte-order mark that is not true, or "".
    """

    text: str
    encoding: str
    other_lines: tuple[int, ...] = ()
    bad_lines: tuple[int, ...] = ()
    false_mark: str = ""


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
        return Decoded(_strict(data, _WIDER.get(codec, codec), encoding, file), encoding)
    try:
        return _decoded(data, file)
    except UnicodeError:
        return Decoded(_strict(data, "gb18030", "GB18030", file), "GB18030")


def decode_table(data: bytes, file: str, encoding: str = "auto") -> Decoded:
    """Decode a table of one row a line; where no encoding fits the whole, line by line.

    Parameters and errors are those of `decode_file`; lines of another encoding or of none do not stop it, unless most
    of those that are not ASCII are no text at all.
    """
    if encoding.lower() != "auto":
        return decode_file(data, file, encoding)
    whole: Decoded | None = None
    try:
        whole = _decoded(data, file)
    except UnicodeError:
        pass
    if whole is not None and (whole.encoding != "GB18030" or not _looks_mixed(data)):
        return whole
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    found = decode_lines(data.removeprefix(mark))
    if whole is not None and (found is None or (found.encoding == "GB18030" and len(found.others) < _FEWEST_LINES)):
        return whole
    if found is None:
        return decode_file(data, file)
    return Decoded(_without_nul(found.text, file), found.encoding, found.others, found.bad)


def _looks_mixed(data: bytes) -> bool:
    """Tell whether text that is valid GB18030 has Chinese of UTF-8 in several places."""
    return len(list(islice(_CHINESE_UTF8.finditer(data), _FEWEST_LINES))) == _FEWEST_LINES


def _decoded(data: bytes, file: str) -> Decoded:
    """Decode the whole in the first encoding that fits; raise UnicodeError where none does."""
    false_mark = ""
    for mark, name, codec in _BOMS:
        if not data.startswith(mark):
            continue
        try:
            text = data.decode(codec)
        except UnicodeError:
            text = ""
        if text and (name == "UTF-8" or reads_well(text)):
            return Decoded(_without_nul(text, file), name)
        data, false_mark = data[len(mark) :], name
    if codec := utf16_without_mark(data):
        return Decoded(_without_nul(data.decode(codec), file), "UTF-16", false_mark=false_mark)
    try:
        return Decoded(_without_nul(data.decode("utf-8"), file), "UTF-8", false_mark=false_mark)
    except UnicodeDecodeError:
        codec = "BIG5" if is_big5(data) else "GB18030"
    text = data.decode("cp950" if codec == "BIG5" else codec)
    return Decoded(_without_nul(text, file), codec, false_mark=false_mark)


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
