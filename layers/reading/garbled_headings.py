"""Headings that name nothing because somebody read them in the wrong encoding: what they were, and what to do."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from ...errors import InputError
from ...text import Text
from ..cells.signs import WINDOWS_SIGNS
from ..sources.raw_table import RawTable
from ..spec import LayerSpec
from .headings import matches

_FEWEST = 2  # headings that have to be known once they are put right
_SHOWN = 6
# Read as, and what it was in truth.
_MISTAKES = (("gb18030", "UTF-8"), ("latin-1", "UTF-8"), ("latin-1", "GB18030"), ("cp950", "UTF-8"))
_NEARLY = ("gbk", "gb2312", "cp936"), ("cp1252", "iso8859-1", "latin-1"), ("big5",)


def check_readable(raw: RawTable, spec: LayerSpec) -> None:
    """Refuse a file whose headings are garbled: put right, more of them name fields than as they stand.

    Raises
    ------
    InputError
        Says what the headings probably are, and which encoding to state or that the file was saved so.
    """
    headings = raw.headings if raw.header_row is not None else [str(cells[0]) for cells in raw.cells if len(cells)]
    if all(heading.isascii() for heading in headings):
        return
    known = matches(headings, spec)
    best, score, mistake = headings, max(known, _FEWEST - 1), ("", "")
    for seen_as, truly in _MISTAKES:
        words = [_undone(heading, seen_as, truly) for heading in headings]
        if (count := matches(words, spec)) > score:
            best, score, mistake = words, count, (seen_as, truly)
    if not mistake[0]:
        return
    pairs = [(was, now) for was, now in zip(headings, best) if was != now][:_SHOWN]
    zh = "、".join(f"“{was}”可能应为“{now}”" for was, now in pairs)
    en = ", ".join(f"“{was}” is probably “{now}”" for was, now in pairs)
    message = Text(f"{raw.name} 的表头是乱码：{zh}。", f"The headings of {raw.name} are garbled: {en}.")
    if _same(raw.encoding, mistake[0]):
        remedy = Text(f"请用 --encoding {mistake[1]} 再试。", f"Try --encoding {mistake[1]}.")
    else:
        remedy = Text(
            f"该文件曾被当作别的编码打开并保存（原为 {mistake[1]}），原字可能已丢失："
            "请向提供方索取原文件，或以 UTF-8 重新导出。",
            f"Somebody opened the file in another encoding than its own ({mistake[1]}) and saved it so; characters may "
            "be lost. Ask for the original file, or have it exported again as UTF-8.",
        )
    raise InputError(message, remedy)


def _same(stated: str, codec: str) -> bool:
    """Tell whether the encoding that a file was read in is a codec, or one that reads most of it alike."""
    try:
        name = codecs.lookup(stated).name
    except (LookupError, ValueError):
        return False
    own = codecs.lookup(codec).name
    return name == own or any(name in family and _family(own) == family for family in _NEARLY)


def _family(name: str) -> Sequence[str]:
    return _NEARLY[0] if name == "gb18030" else _NEARLY[1] if name == "iso8859-1" else _NEARLY[2]


def _undone(heading: str, seen_as: str, truly: str) -> str:
    """Give what a heading was before it was misread, lost characters left out; itself where it cannot be that."""
    data = bytearray()
    for sign in heading:
        if sign == "\ufffd":
            continue
        try:
            data += sign.encode("cp1252" if seen_as == "latin-1" and sign in WINDOWS_SIGNS else seen_as)
        except UnicodeError:
            return heading
    return data.decode(truly, "ignore")
