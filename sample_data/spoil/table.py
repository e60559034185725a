"""Tables, the faults planted in them, and the files that carry them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

FAULTS_A_FILE = 20
HEADER_ROW = 1


@dataclass
class Table:
    """One clean table or layer.

    Attributes
    ----------
    kind : str
        Layer of the workspace.
    rows : list of dict
        Text by heading, as it would stand in the file.
    truth : list of dict
        What the workspace must hold for each row, by field name; "lon" and "lat" in degrees (CGCS2000).
    fields : dict
        Field name (or "lon", "lat") by heading.
    shapes : list or None
        Shapes in CGCS2000 degrees; None for a table without shapes.
    """

    name: str
    kind: str
    rows: list[dict[str, str]]
    truth: list[dict[str, Any]]
    fields: dict[str, str]
    shapes: list[Any] | None = None

    @property
    def headings(self) -> list[str]:
        """Headings in their order."""
        return list(self.fields)

    def heading(self, name: str) -> str:
        """Give the heading of a field."""
        return next(heading for heading, field_name in self.fields.items() if field_name == name)

    def copied(self, count: int | None = None) -> Table:
        """Give a copy that may be spoiled, of the first `count` rows."""
        own = Table(self.name, self.kind, self.rows[:count], self.truth[:count], self.fields, None)
        own = copy.deepcopy(own)
        own.shapes = None if self.shapes is None else list(self.shapes[:count])
        return own


@dataclass(frozen=True)
class Planted:
    """One fault.

    Attributes
    ----------
    rows : tuple of int
        Row numbers as the planner's program shows them; a finding on any of them counts. Empty: the file as a whole,
        and a finding on any row counts.
    codes : frozenset of str
        Codes of the catalogue under which it may be found.
    least : str
        The least severity that fits: "informs", "warns" or "blocks".
    recovered : mapping
        Field values that the workspace must hold for the row after import; empty where nothing can be recovered.
    aside : bool
        The row cannot be recovered and must be set aside or be in the table of values with an issue, never plainly
        written.
    """

    rows: tuple[int, ...]
    codes: frozenset[str]
    least: str = "informs"
    recovered: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Case:
    """One spoiled file.

    Attributes
    ----------
    path : pathlib.Path
        What the job is given.
    count : int
        Rows that the file holds, faults included; 0 where the rows are not countable.
    workspace : str
        Which prepared workspace it is diagnosed against: "" (empty), "county" (units, villages, roads) or "all" (also
        the stations of the other operators).
    treatments : str
        What the planner chooses on import, as ``code=action,code=action``.
    import_datum : str
        What the planner says of the datum on import, where that differs from what `datum` says on diagnosis.
    whole : bool
        The fault touches every row, so no row counts as untouched.
    refused : bool
        The file cannot be imported, and must be refused with an error that names the fault.
    may_refuse : bool
        The import may be refused, since it needs more of the planner than a datum and a choice of treatments.
    """

    path: Path
    kind: str
    count: int
    planted: list[Planted]
    datum: str = "wgs84"
    workspace: str = ""
    layer: str = ""
    treatments: str = ""
    import_datum: str = ""
    whole: bool = False
    refused: bool = False
    may_refuse: bool = False
    tolerance_deg: float = 2e-6


@dataclass(frozen=True)
class Desk:
    """What a spoiler works with: the clean tables, chance, and a folder of its own."""

    clean: Mapping[str, Table]
    rng: Random
    folder: Path

    def rows(
        self, table: Table, wanted: Callable[[dict[str, str]], bool] = bool, count: int = FAULTS_A_FILE
    ) -> list[int]:
        """Give positions of rows to spoil, by chance but in order, never the first two or the last."""
        fit = [k for k in range(2, len(table.rows) - 1) if wanted(table.rows[k])]
        return sorted(self.rng.sample(fit, min(count, len(fit))))


@dataclass(frozen=True)
class Spoiler:
    """One kind of fault, by the name under which it is measured."""

    name: str
    group: str
    make: Callable[[Desk], list[Case]]


def number(position: int, header_row: int = HEADER_ROW) -> int:
    """Give the row number in a sheet of the row at a position below its headings."""
    return header_row + 1 + position


def codes(*names: str) -> frozenset[str]:
    """Give a set of codes."""
    return frozenset(names)
