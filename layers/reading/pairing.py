"""Which row of an earlier edition is which row of the newer one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ..spec import LayerSpec
from ..store.source_rows import numbered
from ..table import LayerTable
from .identity import BETWEEN, row_keys

Positions = npt.NDArray[np.int64]
_OPERATOR = "operator"


class Pairs(NamedTuple):
    """Rows of two editions that are the same feature.

    Attributes
    ----------
    kept, comes : shape (m,), int64
        Positions in the older edition, ascending, and in the newer one.
    keys : list of str
        `identity.row_keys` of all older rows.
    rekeyed : int
        How many of the pairs have two different keys.
    """

    kept: Positions
    comes: Positions
    keys: list[str]
    rekeyed: int


def pairs(
    old: LayerTable,
    new: LayerTable,
    was: Sequence[bytes | None],
    says: Sequence[bytes | None],
    waiting: Collection[str] = (),
) -> Pairs:
    """Pair the rows that are the same feature.

    First by key. What is left over is paired where exactly one row on each side shares, in this order: all that the
    file says of it (a planner edited the key in the workspace); the id, the operator and as many other key fields as
    possible (a station whose band changed); operator, name and place (a village with a new code). Whatever is not
    unique stays unpaired: such rows go and come.

    Parameters
    ----------
    old, new : LayerTable
        Rows in the workspace and rows of the file.
    was, says : sequence of bytes or None
        Digest (`store.digests`) of what the source said of each old row, and says of each new one.
    waiting : collection of str
        Keys of rows of the file that were set aside: an old row of that key is no other row's.
    """
    spec = new.spec
    keys = [row_keys(spec, table.columns) if len(table) else [] for table in (old, new)]
    there = {key: at for at, key in enumerate(numbered(keys[1]))}
    found = {at: there[key] for at, key in enumerate(numbered(keys[0])) if key in there}
    by_key = len(found)
    is_known = any(digest is not None for digest in was)
    apart = {at for at, digest in enumerate(was) if digest is None and is_known}  # a copy that a planner made
    if waiting:
        apart |= {at for at, key in enumerate(keys[0]) if key in waiting}

    def all_said(side: int, rows: Sequence[int]) -> list[Hashable]:
        return [(was, says)[side][at] for at in rows]

    for marks in (all_said, *_clues(spec, (old, new), keys)):
        taken = set(found.values())
        left = [at for at in range(len(old)) if at not in found and at not in apart] if len(found) < len(old) else []
        right = [at for at in range(len(new)) if at not in taken] if len(taken) < len(new) else []
        if not left or not right:
            break
        ours, theirs = _single(marks(0, left), left), _single(marks(1, right), right)
        found.update({at: theirs[mark] for mark, at in ours.items() if mark in theirs})
    kept = np.array(sorted(found), dtype=np.int64)
    comes = np.array([found[at] for at in kept.tolist()], dtype=np.int64)
    return Pairs(kept, comes, keys[0], len(found) - by_key)


def meant(old: LayerTable, old_keys: list[str], left: Positions, aside: LayerTable) -> Positions:
    """Give the older rows that rows of the newer edition are about, although those were set aside.

    A row that was set aside may lack its id, its operator or its place, for that may be just what is wrong with it. It
    is an older row by its key, else by as much of the key as there is, else by operator, name and place. Where it may
    be any of several older rows, all of them are given: none may go because of it.

    Parameters
    ----------
    old : LayerTable
    old_keys : list of str
        `identity.row_keys` of its rows.
    left : shape (m,), int64
        Positions in `old` of the rows that no row to be written is.
    aside : LayerTable
        Rows of the newer edition that were set aside.

    Returns
    -------
    shape (k,), int64
        Positions in `old`, ascending.
    """
    if not len(left) or not len(aside):
        return np.zeros(0, dtype=np.int64)
    spec = aside.spec
    keys = [old_keys, row_keys(spec, aside.columns)]
    found: set[int] = set()
    open_, theirs = left.tolist(), list(range(len(aside)))

    def of_key(side: int, rows: Sequence[int]) -> list[Hashable]:
        return [keys[side][at] for at in rows]

    def of_id(side: int, rows: Sequence[int]) -> list[Hashable]:
        return [keys[side][at].split(BETWEEN)[0] for at in rows]

    for marks in (of_key, *_clues(spec, (old, aside), keys), of_id):
        ours, others = marks(0, open_), marks(1, theirs)
        shared = {mark for mark in set(ours) & set(others) if _tells(mark)}
        found.update(at for at, mark in zip(open_, ours) if mark in shared)
        open_ = [at for at, mark in zip(open_, ours) if mark not in shared]
        theirs = [at for at, mark in zip(theirs, others) if mark not in shared]
    return np.array(sorted(found), dtype=np.int64)


def _tells(mark: Hashable) -> bool:
    """Tell whether a mark names a row: not the mark of rows that have no id."""
    first = mark[0] if isinstance(mark, tuple) else mark
    return bool(first) and not str(first).startswith(BETWEEN)


def _clues(
    spec: LayerSpec,
    tables: tuple[LayerTable, LayerTable],
    keys: list[list[str]],
) -> Iterator[Callable[[int, Sequence[int]], list[Hashable]]]:
    """Give, in order, what two rows may share: each a function of side and positions that gives a mark or None."""
    fixed = [at for at, name in enumerate(spec.key) if at == 0 or name == _OPERATOR]
    others = [at for at in range(len(spec.key)) if at not in fixed]
    for count in range(len(others) - 1, -1, -1):
        for chosen in combinations(others, count):
            places = sorted([*fixed, *chosen])

            def of_key(side: int, rows: Sequence[int], places: Sequence[int] = tuple(places)) -> list[Hashable]:
                parts = (keys[side][at].split(BETWEEN) for at in rows)
                return [tuple(part[place] for place in places) for part in parts]

            yield of_key

    def name_and_place(side: int, rows: Sequence[int]) -> list[Hashable]:
        table = tables[side]
        names = table.columns[spec.title].iloc[rows]
        has_operator = any(item.name == _OPERATOR for item in spec.fields)
        operators = table.columns[_OPERATOR].iloc[rows].tolist() if has_operator else [None] * len(rows)
        places = shapely.to_wkb(shapely.normalize(table.geometry[rows]))
        return [
            None if absent or not name or place is None else (str(operator), str(name), place)
            for name, absent, operator, place in zip(names.tolist(), names.isna().tolist(), operators, places)
        ]

    yield name_and_place


def _single(marks: Iterable[Hashable], rows: Sequence[int]) -> dict[Hashable, int]:
    """Give the rows whose mark no other row bears, by mark."""
    listed = list(marks)
    counts = Counter(listed)
    return {mark: at for mark, at in zip(listed, rows) if mark is not None and counts[mark] == 1}
