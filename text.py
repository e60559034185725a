"""Bilingual text: everything a planner reads exists in Chinese and in English."""

from __future__ import annotations

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


def same(words: str) -> Text:
    """Give a text that reads alike in both languages, such as a file name."""
    return Text(words, words)


NOTHING = same("")
