"""Against what a verdict was held: layers and source files of the workspace, with how many rows each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....text import NOTHING, Text
from ..references import References
from .evidence import Evidence
from .hypotheses import Hypothesis
from .standing import DECLARED, Bases, doubt, name_of, standing_words

_TOLD = 4
_AT_ALL = 0.05  # a row speaks from 0.4 on (`verdict`), in all of its tests together; there are fewer than eight


@dataclass(frozen=True)
class Ground:
    """One source that rows were held against.

    Attributes
    ----------
    layer, source : str
        Layer and source file.
    rows : int
        Rows of the file under test that were held against it.
    speaking : tuple of (str, int)
        For each datum how many of those rows spoke for it, be it little, against any other reading of the same axes.
    """

    layer: str
    source: str
    rows: int
    speaking: tuple[tuple[str, int], ...] = ()

    def spoke_for(self, datum: str) -> int:
        """Give how many rows spoke for a datum; all that were held against this source if it was no hypothesis."""
        return dict(self.speaking).get(datum, self.rows)

    def as_json(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {"layer": self.layer, "source": self.source, "rows": self.rows}


def grounds_of(tests: list[Evidence], ideas: tuple[Hypothesis, ...], known: References) -> tuple[Ground, ...]:
    """Count the rows by what they were held against, the most first."""
    names = known.holdings.names
    rows: list[set[int]] = [set() for _ in names]
    speaking: list[dict[str, set[int]]] = [{idea.datum: set() for idea in ideas} for _ in names]
    for test in tests:
        if test.held is None:
            continue
        spoke = _speaking(test, ideas)
        for number in np.unique(test.held[test.held >= 0]).tolist():
            here = test.held == number
            rows[number].update(test.rows[here].tolist())
            for datum, some in spoke.items():
                speaking[number][datum].update(test.rows[here & some].tolist())
    found = [
        Ground(layer, source, len(held), tuple((datum, len(some)) for datum, some in spoke.items()))
        for (layer, source), held, spoke in zip(names, rows, speaking)
        if held
    ]
    return tuple(sorted(found, key=lambda item: (-item.rows, item.layer, item.source)))


def _speaking(test: Evidence, ideas: tuple[Hypothesis, ...]) -> dict[str, np.ndarray]:
    """Tell for each datum which rows of a test speak for it against any other reading; shape (m,) each.

    Exchanged axes are compared with exchanged ones: else every row would speak, for they lie in another country.
    """
    found = {idea.datum: np.zeros(len(test.rows), dtype=bool) for idea in ideas}
    for turned in (False, True):
        group = [at for at, idea in enumerate(ideas) if idea.is_swapped == turned]
        if not group:
            continue
        least = test.loglik[group].min(axis=0)
        for at in group:
            found[ideas[at].datum] |= test.loglik[at] - least > _AT_ALL
    return found


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
