"""Headings that a Shapefile's table cut to 10 bytes, told by the rest of their names."""

from __future__ import annotations

from collections.abc import Sequence

from ..cells.fold import fold
from ..spec import Field, LayerSpec
from .headings import match, place

WIDTH = 10  # bytes of a field name in a dBASE table
_CODECS = ("utf-8", "gb18030")
_SHORTEST = 2  # characters that tell anything


def cut_headings(headings: Sequence[str], spec: LayerSpec) -> dict[int, tuple[str, str]]:
    """Give the columns whose heading is the cut name of one field and of no other.

    Parameters
    ----------
    headings : sequence of str
        As they stand.
    spec : LayerSpec

    Returns
    -------
    dict of int to (str, str)
        Column → name of the field and the whole heading. Empty unless no heading is longer than 10 bytes in one of the
        encodings of Shapefiles and one at least is as long as a cut leaves it.
    """
    known = {fold(heading) for heading in headings}
    taken = {item.name for item in spec.fields for heading in headings if match(heading, item) is not None}
    found: dict[int, tuple[str, str]] = {}
    for codec in _CODECS:
        filled = [heading for heading in headings if heading]
        if not filled or max(len(heading.encode(codec)) for heading in filled) > WIDTH:
            continue
        for column, heading in enumerate(headings):
            if column in found or not _is_cut(heading, codec):
                continue
            if place(heading) or any(match(heading, item) is not None for item in spec.fields):
                continue
            fits = {item.name: words for item in spec.fields if (words := _whole(heading, item, codec))}
            if len(fits) == 1:
                name, words = next(iter(fits.items()))
                if name not in taken and fold(words) not in known:
                    found[column] = (name, words)
    names = [name for name, _ in found.values()]
    return {column: told for column, told in found.items() if names.count(told[0]) == 1}


def _is_cut(heading: str, codec: str) -> bool:
    """Tell whether a heading is as long as what a cut to 10 bytes leaves: less only where a character would not fit."""
    size = len(heading.encode(codec))
    return len(heading) >= _SHORTEST and WIDTH - (2 if codec == "utf-8" else 1) <= size <= WIDTH


def _whole(heading: str, item: Field, codec: str) -> str:
    """Give the name of a field that becomes this heading when it is cut, or ""."""
    if item.name in ("uuid", "source_file", "source_row"):
        return ""
    for words in (item.label.zh, item.name, item.label.en, *item.aliases):
        data = words.encode(codec)
        if len(data) > WIDTH and data[:WIDTH].decode(codec, "ignore").lower() == heading.lower():
            return words
    return ""
