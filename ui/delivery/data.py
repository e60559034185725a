"""A delivery profile as the window shows it. No QGIS."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...text import Text

Place = tuple  # keys and places that lead to an entry of the file


@dataclass(frozen=True)
class Cell:
    """One entry: where it stands (empty: it stays), its text, the text in words, and what may stand there."""

    path: Place
    text: str
    shown: Text
    choices: tuple[tuple[str, Text], ...]
    expected: Text


@dataclass(frozen=True)
class Page:
    """One table of a profile; `new` is the list that a new row goes into, empty for none."""

    group: Text
    title: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Place, tuple[Cell, ...]], ...]
    new: Place
    blank: dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A profile with everything that is wrong with it; `path` is empty for a shipped one."""

    name: str
    path: str
    title: Text
    pages: tuple[Page, ...]
    faults: tuple[tuple[str, Text], ...]


def read(path: Path) -> Shown:
    """Read what the job ``edit_profile`` has written; raise OSError, KeyError or ValueError where it is none."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return Shown(
        str(told["name"]),
        str(told["path"]),
        _text(told["title"]),
        tuple(_page(item) for item in told["pages"]),
        tuple((str(item["place"]), _text(item)) for item in told["faults"]),
    )


def _text(told: dict[str, Any]) -> Text:
    return Text(str(told["zh"]), str(told["en"]))


def _page(told: dict[str, Any]) -> Page:
    return Page(
        _text(told["group"]),
        _text(told["title"]),
        tuple(_text(item) for item in told["columns"]),
        tuple((tuple(path), tuple(_cell(cell) for cell in cells)) for path, cells in told["rows"]),
        tuple(told["new"]),
        dict(told["blank"]),
    )


def _cell(told: dict[str, Any]) -> Cell:
    return Cell(
        tuple(told["path"]),
        str(told["text"]),
        _text(told["shown"]),
        tuple((str(word), _text(meaning)) for word, meaning in told["choices"]),
        _text(told["expected"]),
    )
