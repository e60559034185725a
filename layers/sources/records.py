"""The records of a text table or a sheet before anybody has looked for the headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

HEAD = 200  # records among which the headings are looked for
_CHUNK = 20_000
_SHARED = 100_000  # different texts of a column from which on sharing equal ones saves nothing


@dataclass
class Records:
    """All records of a table in columns, blank ones and those above the headings included.

    Attributes
    ----------
    columns : list of numpy.ndarray of str, one of shape (n,) a column
        "" where a record has no such cell. The record at position p is row p + 1 of the planner's program.
    filled : numpy.ndarray of int64, shape (n,)
        Cells of each record that are not blank.
    widths : numpy.ndarray of int64, shape (n,)
        Cells of each record as it stands.
    tails : dict of int to list of str
        Cells beyond the last column, by position.
    """

    columns: list[np.ndarray]
    filled: np.ndarray
    widths: np.ndarray
    tails: dict[int, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.filled)

    def row(self, at: int) -> list[str]:
        """Give the cells of one record, the tail included."""
        return [column[at] for column in self.columns] + self.tails.get(at, [])

    def widen(self, width: int) -> None:
        """Make columns of the tails, up to `width` columns in all."""
        first = len(self.columns)
        self.columns += [np.full(len(self), "", dtype=object) for _ in range(first, width)]
        for at, cells in list(self.tails.items()):
            for column, cell in zip(self.columns[first:], cells):
                column[at] = cell
            self.tails[at] = cells[len(self.columns) - first :]
            if not self.tails[at]:
                del self.tails[at]

    def head(self, most: int = HEAD) -> list[list[str]]:
        """Give the first records as rows."""
        return [self.row(at) for at in range(min(most, len(self)))]


def from_rows(rows: Iterable[Sequence[str]], width: int | None = None) -> Records:
    """Put rows of cells into columns, equal texts of a column sharing one object.

    Parameters
    ----------
    rows : iterable of sequences of str
    width : int, optional
        Number of columns; without it that of the widest of the first records. What stands beyond goes to the tails.
    """
    source = iter(rows)
    first: list[Sequence[str]] = list(islice(source, _CHUNK))
    count = width if width is not None else max(map(len, first[:HEAD]), default=0)
    shared: list[dict[str, str]] = [{} for _ in range(count)]
    parts: list[list[np.ndarray]] = [[] for _ in range(count)]
    filled: list[np.ndarray] = []
    widths: list[np.ndarray] = []
    tails: dict[int, list[str]] = {}
    done = 0
    while first:
        sizes = np.fromiter(map(len, first), dtype=np.int64, count=len(first))
        for at in np.flatnonzero(sizes > count):
            tails[done + int(at)] = list(first[at][count:])
        if (sizes != count).any():
            first = [(*row[:count], *[""] * (count - len(row))) for row in first]
        full = np.zeros(len(first), dtype=np.int64)
        for part, memo, cells in zip(parts, shared, zip(*first)):
            column = np.empty(len(first), dtype=object)
            column[:] = list(map(memo.setdefault, cells, cells)) if len(memo) < _SHARED else cells
            part.append(column)
            full += np.fromiter((bool(cell) and not cell.isspace() for cell in cells), dtype=bool, count=len(cells))
        filled.append(full)
        widths.append(sizes)
        done += len(first)
        first = list(islice(source, _CHUNK))
    numbers = [np.concatenate(some) if some else np.zeros(0, dtype=np.int64) for some in (filled, widths)]
    for position, tail in tails.items():
        numbers[0][position] += sum(bool(cell.strip()) for cell in tail)
    empty = np.zeros(0, dtype=object)
    columns = [np.concatenate(part) if part else empty for part in parts]
    return Records(columns, numbers[0], numbers[1], tails)
