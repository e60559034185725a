"""Degrees, minutes and seconds in three columns, brought together in one that is read like any other angle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...text import Text
from ..cells.fold import fold
from ..cells.signs import is_null, plain
from ..reading.headings import LAT, LON, place
from .raw_table import RawTable

_DEGREES = re.compile(r"(.*?)(?:度|degrees?|deg|d)")
_MINUTES = re.compile(r"(.*?)(?:分|minutes?|min|m)")
_SECONDS = re.compile(r"(.*?)(?:秒|seconds?|sec|s)")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d*)?")
_FITS = 0.8  # share of the rows in which the parts must be numbers below 60
_HEADINGS = {LON: "经度", LAT: "纬度"}


class Parts(NamedTuple):
    """Three columns beside each other, by the position of the first, and the heading of what they make."""

    axis: str
    at: int
    heading: str


def find_parts(headings: Sequence[str]) -> list[Parts]:
    """Find degrees, minutes and seconds by their headings: "经度度, 经度分, 经度秒", or "经度, 分, 秒"."""
    folded = [fold(heading) for heading in headings]
    found = []
    for at in range(len(folded) - 2):
        minutes, seconds = _MINUTES.fullmatch(folded[at + 1]), _SECONDS.fullmatch(folded[at + 2])
        if minutes is None or seconds is None or minutes[1] != seconds[1]:
            continue
        degrees = _DEGREES.fullmatch(folded[at])
        bare = degrees[1] if degrees is not None else ""
        for words in dict.fromkeys(filter(None, (bare, folded[at]))):
            here = place(words)
            if here is not None and here.axis in _HEADINGS and minutes[1] in ("", words, bare):
                datum = f"({here.datum.upper()})" if here.datum else ""
                found.append(Parts(here.axis, at, _HEADINGS[here.axis] + datum))
                break
    return found


def join_parts(table: RawTable) -> None:
    """Add columns of whole angles to a table whose angles stand in parts, and leave the parts as they are."""
    found = find_parts(table.headings)
    joined = {part.axis: angles for part in found if (angles := _angles(table, part.at)) is not None}
    if sorted(part.axis for part in found) != sorted(_HEADINGS) or len(joined) != len(found):
        return
    for part in found:
        three = range(part.at, part.at + 3)
        if any(place(table.headings[at]) for at in three):  # "经度", "经度(度)" are no longer coordinates by themselves
            for at, sign in zip(three, "度分秒"):
                table.headings[at] = f"{_HEADINGS[part.axis]}·{sign}"
        table.headings.append(part.heading)
        table.cells.append(joined[part.axis])
        table.made += 1
    names = [[table.headings[part.at + step] for step in range(3)] for part in found]
    zh, en = "；".join("、".join(three) for three in names), "; ".join(", ".join(three) for three in names)
    table.notices.append(
        Text(
            f"经纬度的度、分、秒分列填写（{zh}），已合并为度分秒。",
            f"Degrees, minutes and seconds stand in columns of their own ({en}); they were put together.",
        )
    )


def _angles(table: RawTable, at: int) -> np.ndarray | None:
    """Give the texts of three columns put together, or None where they are no parts of angles."""
    texts = [_plain(table.cells[at + step]) for step in range(3)]
    degrees, minutes, seconds = texts
    some = (minutes != "") & (degrees != "")
    below = _below_60(minutes[some]) & _below_60(seconds[some])
    if not some.any() or below.mean() < _FITS or any("." in text for text in degrees[some][:1000]):
        return None
    whole = np.full(len(degrees), "", dtype=object)
    for part, sign in ((degrees, "°"), (minutes, "′"), (seconds, "″")):
        there = part != ""
        whole[there] += part[there] + sign
    return whole


def _plain(cells: np.ndarray) -> np.ndarray:
    """Give cells without blanks and signs of their own, words for nothing as empty."""
    codes, uniques = pd.factorize(cells)
    words = ["" if is_null(str(text)) else plain(str(text)).rstrip("°度'′分\"″秒 ") for text in uniques]
    return np.array([*words, ""], dtype=object)[codes]


def _below_60(cells: np.ndarray) -> np.ndarray:
    codes, uniques = pd.factorize(cells)
    good = [text == "" or bool(_NUMBER.fullmatch(text) and float(text) < 60) for text in uniques]
    return np.array([*good, False], dtype=bool)[codes]
