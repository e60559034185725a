"""The findings on one file, kept in columns: a file of a million rows may have a million of a kind.

Standard library and numpy/pandas only; positions count from 0 in the order of the table (`RawTable`), and become the
planner's row numbers where they are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...text import NOTHING, Text
from .catalogue import KINDS

Many = Any  # one value for all rows, or a sequence with one for each


@dataclass(frozen=True)
class Block:
    """Findings of one kind on one field.

    Attributes
    ----------
    code : str
        Key of `catalogue.KINDS`.
    at : numpy.ndarray of int64, shape (n,), or None
        Positions of the rows; None for a finding on the file as a whole.
    field : str
        Field of the layer, or heading of the source; "" where it is about the row or the file.
    originals, proposed : numpy.ndarray of str, shape (n,) or (1,)
        The original text, and what the treatment makes of it ("" for nothing).
    why : tuple of Text, n or 1
        The evidence, with figures.
    confidence : numpy.ndarray of float64, shape (n,) or (1,)
        0 to 1; 1 where there is no doubt.
    related : numpy.ndarray of str, shape (n,) or (1,)
        The other rows or features that it is about: "row 12", "移动_基站.csv:31".
    places : numpy.ndarray of float64, shape (n, 2), or None
        CGCS2000 longitude and latitude of the fault itself, degrees, NaN where unknown; None: where the row is.
    severity : str
        "" for the severity of the kind.
    treatment : str
        What becomes of these rows whatever is chosen for the kind, such as a row without a required value; "" where
        there is a choice.
    """

    code: str
    at: np.ndarray | None
    field: str
    originals: np.ndarray
    proposed: np.ndarray
    why: tuple[Text, ...]
    confidence: np.ndarray
    related: np.ndarray
    places: np.ndarray | None = None
    severity: str = ""
    treatment: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The actions that a planner may choose from; none where there is nothing to choose."""
        actions = KINDS[self.code].actions
        return () if self.treatment or len(actions) < 2 else actions

    @property
    def grave(self) -> str:
        """The severity that holds."""
        return self.severity or KINDS[self.code].severity


@dataclass
class Findings:
    """All findings on a file, in the order in which they were made."""

    blocks: list[Block] = field(default_factory=list)

    def __iter__(self) -> Iterator[Block]:
        return iter(self.blocks)

    def add(
        self,
        code: str,
        at: Sequence[int] | np.ndarray | None = None,
        *,
        field: str = "",
        values: Many = "",
        proposed: Many = "",
        why: Text | Sequence[Text] = NOTHING,
        confidence: Many = 1.0,
        related: Many = "",
        places: np.ndarray | None = None,
        severity: str = "",
        treatment: str = "",
    ) -> None:
        """Note findings of one kind; without rows nothing is noted, except for `at` None: the file as a whole.

        Raises
        ------
        KeyError
            The catalogue has no such code.
        ValueError
            A sequence has another length than `at`.
        """
        if code not in KINDS:
            raise KeyError(f"no finding of kind {code}")
        rows = None if at is None else np.asarray(at, dtype=np.int64)
        if rows is not None and not len(rows):
            return
        count = 1 if rows is None else len(rows)
        # A Text is a tuple itself: one for all rows.
        whys = (why,) if isinstance(why, Text) else tuple(why)
        columns = {
            "originals": _column(values, object),
            "proposed": _column(proposed, object),
            "confidence": _column(confidence, np.float64),
            "related": _column(related, object),
        }
        for name, length in [*((key, len(column)) for key, column in columns.items()), ("why", len(whys))]:
            if length not in (1, count):
                raise ValueError(f"{code}: {length} of {name} for {count} rows")
        self.blocks.append(
            Block(code, rows, field, why=whys, places=places, severity=severity, treatment=treatment, **columns)
        )

    def extend(self, others: Findings) -> None:
        """Take over the findings of another part of the diagnosis."""
        self.blocks += others.blocks

    def counts(self) -> dict[str, int]:
        """Give the number of findings by code, in the order of the catalogue; a finding on the file counts as one."""
        found = dict.fromkeys(KINDS, 0)
        for block in self.blocks:
            found[block.code] += 1 if block.at is None else len(block.at)
        return {code: count for code, count in found.items() if count}

    def by_severity(self) -> dict[str, int]:
        """Give the number of findings that block, warn and inform."""
        found = {"blocks": 0, "warns": 0, "informs": 0}
        for block in self.blocks:
            found[block.grave] += 1 if block.at is None else len(block.at)
        return found

    def stopping(self) -> int:
        """Count the findings that block the file as a whole."""
        return sum(block.at is None and block.grave == "blocks" for block in self.blocks)


def _column(value: Many, kind: Any) -> np.ndarray:
    if isinstance(value, (str, int, float)):
        return np.array([value], dtype=kind)
    return np.asarray(value, dtype=kind)
