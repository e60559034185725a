"""Bilingual text: everything a planner reads exists in Chinese and in English."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Text(NamedTuple):
    """The same words in Simplified Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Give the words for a locale such as ``zh-Hans``, ``zh_CN`` or ``en``; what is not Chinese is English."""
        return self.zh if language.lower().startswith("zh") else self.en

    def filled(self, **values: object) -> Text:
        """Put `values` into the ``{}`` places of both languages; a value that is a `Text` goes in by language."""
        zh = {k: v.zh if isinstance(v, Text) else v for k, v in values.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))

    def both(self) -> str:
        """Give both languages on one line, for a log that has no language."""
        return self.zh if self.zh == self.en else f"{self.zh} / {self.en}"


def figure(value: float, digits: int, *, up: bool = False) -> str:
    """Write a number for a planner: halves rounded up as on paper, wherever it stands, so that table and map agree.

    Parameters
    ----------
    value : float
        What adding up leaves beyond nine decimals does not count: 42.855 may be held as 42.85499999999999.
    digits : int
        Decimals.
    up : bool
        Round up: what is missing is never written as nothing.
    """
    if not math.isfinite(value):
        return f"{value}"
    exact = Decimal(repr(round(float(value), 9)))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_CEILING if up else ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,}"


def same(words: str) -> Text:
    """Give a text that reads alike in both languages, such as a file name."""
    return Text(words, words)


def languages(words: str) -> Text:
    """Split what a file states in Chinese and in English on one line, with “ / ” between, as `Text.both` writes it."""
    zh, slash, en = words.partition(" / ")
    return Text(zh, en if slash else zh)


NOTHING = same("")
