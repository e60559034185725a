"""Against what a verdict was held: layers and source files of the workspace, with how many rows each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....text import NOTHING, Text
from ..references import References
from .evidence import Evidence
from .standing import DECLARED, Bases, doubt, name_of, standing_words

_TOLD = 4


@dataclass(frozen=True)
class Ground:
    """One source that rows were held against.

    Attributes
    ----------
    layer, source : str
        Layer and source file.
    rows : int
        Rows of the file under test that were held against it.
    """

    layer: str
    source: str
    rows: int

    def as_json(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {"layer": self.layer, "source": self.source, "rows": self.rows}


def grounds_of(tests: list[Evidence], known: References) -> tuple[Ground, ...]:
    """Count the rows by what they were held against, the most first."""
    names = known.holdings.names
    rows: list[set[int]] = [set() for _ in names]
    for test in tests:
        if test.held is not None:
            for number in np.unique(test.held[test.held >= 0]).tolist():
                rows[number].update(test.rows[test.held == number].tolist())
    found = [Ground(layer, source, len(some)) for (layer, source), some in zip(names, rows) if some]
    return tuple(sorted(found, key=lambda item: (-item.rows, item.layer, item.source)))


def mean_doubt(grounds: tuple[Ground, ...], bases: Bases) -> float:
    """Give the chance that what the rows were held against is wrong as a whole: the mean over the rows."""
    total = sum(item.rows for item in grounds)
    if not total:
        return DECLARED
    return sum(item.rows * doubt((item.layer, item.source), bases) for item in grounds) / total


def grounds_words(grounds: tuple[Ground, ...], bases: Bases) -> Text:
    """Say against what, and on what the datum of that stands."""
    if not grounds:
        return NOTHING
    parts = []
    for item in grounds[:_TOLD]:
        held = (item.layer, item.source)
        name, words = name_of(held), standing_words(held, bases)
        parts.append(Text(f"{name.zh}（{words.zh}）{item.rows:,} 行", f"{item.rows:,} rows by {name.en} ({words.en})"))
    more = len(grounds) - len(parts)
    zh, en = "、".join(part.zh for part in parts), "; ".join(part.en for part in parts)
    if more:
        zh, en = f"{zh}等 {len(grounds)} 个来源", f"{en} and {more} more sources"
    return Text(f"核对依据：{zh}。", f"Held against: {en}.")
