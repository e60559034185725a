"""Put the rows of a source in place of those it brought before, writing no more than the difference."""

from __future__ import annotations

import sqlite3
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ..columns import plain
from ..spec import Field, LayerSpec
from .digests import Digest, hashes, pack
from .geopackage import quoted
from .row_changes import GEOM, RowChanges, Update, digests_of, table_columns
from .workspace_schema import CHANGES

_NAMESPACE = uuid.UUID("5b0c3c52-6f0e-5d0a-9d35-2f6c1b6a7e10")
_NUMBER = "source_row"
_PIECE = 65_536  # rows that are made into objects at a time
ORIGINAL_COLUMNS = ("source_row", "field", "code", "original", "value")


class Stated(NamedTuple):
    """What a source says of each row that is to be written, where that is not what the row holds.

    Attributes
    ----------
    digests : list of bytes or None, length n
        As `digests.pack` gives them; None for a row that no source ever stated.
    edited : frozenset of int
        Positions of the rows in which an edit of the planner's stays.
    """

    digests: list[Digest | None]
    edited: frozenset[int]


class Rows(NamedTuple):
    """Rows as SQLite takes them: column names, the columns, the geometries as GeoPackage blobs."""

    names: list[str]
    cells: list[Sequence[Any]]
    shapes: list[bytes | None]


def cells_of(column: pd.Series, item: Field) -> list[Any]:
    """Give a column as SQLite takes it; a column without a value, of which a layer has many, in no time."""
    return [None] * len(column) if column.isna().all() else plain(column, item)


class Column(Sequence[Any]):
    """A column as SQLite takes it, made in pieces as it is read: a million rows of objects are never there at once."""

    def __init__(self, column: pd.Series, item: Field) -> None:
        self._column, self._item = column, item

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, at: Any) -> Any:
        part = self._column.iloc[at if isinstance(at, slice) else slice(at, at + 1)]
        return plain(part, self._item) if isinstance(at, slice) else plain(part, self._item)[0]

    def __iter__(self) -> Iterator[Any]:
        for start in range(0, len(self), _PIECE):
            yield from self[start : start + _PIECE]


def difference(
    connection: sqlite3.Connection, spec: LayerSpec, rows: Rows, sources: Collection[str], stated: Stated | None
) -> RowChanges:
    """Compare a source's rows with those that are there, by UUID, and say what has to change.

    A row that is there keeps its id and its UUID. New rows get the next ids; a new row whose UUID another row of the
    layer bears (its key had been that row's, before a key changed) gets one that derives from it, in `rows` too.

    Parameters
    ----------
    rows : Rows
        Fields that it does not hold become empty.
    sources : collection of str
        Values of ``source_file``: their other rows are deleted.
    """
    count = len(rows.shapes)
    names = [GEOM, *rows.names]
    absent = [item.name for item in spec.fields if item.name not in rows.names]
    names += [name for name in absent if name in table_columns(connection, spec.name)]
    blank: list[Any] = [None] * count
    columns: list[Sequence[Any]] = [rows.shapes, *rows.cells, *(blank for _ in range(len(names) - 1 - len(rows.cells)))]
    if _NUMBER in names:  # last, so that a row that only moved within its file is seen at once
        at_number = names.index(_NUMBER)
        names.append(names.pop(at_number))
        columns.append(columns.pop(at_number))
    uuids = list(rows.cells[rows.names.index("uuid")]) if "uuid" in rows.names else list(blank)
    if "uuid" in rows.names:  # the one column that changes here
        rows.cells[rows.names.index("uuid")] = columns[names.index("uuid")] = uuids
    there = _there(connection, spec, names, sources)
    told: Sequence[Digest | None]
    told = stated.digests if stated else pack(spec, hashes(spec, dict(zip(rows.names, rows.cells)), rows.shapes))
    stored = digests_of(connection, spec, [row[0] for row in there])
    changes = RowChanges(columns=("fid", *names))
    coming = {key: at for at, key in enumerate(numbered(uuids))} if "uuid" in rows.names else {}
    new = list(zip(*columns)) if there else []
    at_uuid = 1 + names.index("uuid") if "uuid" in names else 0
    doubtful: list[int] = []
    for row, key in zip(there, numbered(row[at_uuid] for row in there)):
        fid, at = row[0], coming.pop(key, None)
        if at is None:
            changes.deleted.append(fid)
            continue
        if row[1:] != new[at] or stored.get(fid) != told[at]:
            if row[1:-1] == new[at][:-1]:
                update = Update(fid, {names[-1]: row[-1]}, {names[-1]: new[at][-1]}) if row[-1] != new[at][-1] else None
            else:
                pairs = [pair for pair in zip(names, row[1:], new[at]) if pair[1] != pair[2]]
                update = Update(fid, {name: was for name, was, _ in pairs}, {name: now for name, _, now in pairs})
            changes.updated.append(update or Update(fid, {}, {}))
            changes.digests[fid] = told[at]
            if stated and at in stated.edited:
                doubtful.append(fid)
    added = sorted(coming.values()) if "uuid" in rows.names else list(range(count))
    if "uuid" in rows.names:
        _make_unique(connection, spec, uuids, added, sources)
    first = _next_fid(connection, spec)
    fids = range(first, first + len(added))
    whole = len(added) == count
    if added:
        changes.inserted = [fids, *(column if whole else _picked(column, added) for column in columns)]
    changes.digests.update((fid, told[at]) for fid, at in zip(fids, added))
    changes.doubtful = doubtful
    return changes


def _picked(column: Sequence[Any], rows: Sequence[int]) -> list[Any]:
    values = list(column)
    return [values[at] for at in rows]


def write_originals(
    connection: sqlite3.Connection, spec: LayerSpec, sequence: int, originals: pd.DataFrame, rows: Rows
) -> None:
    """Keep the original text of values that the import changed, unless the workspace holds the same of that row.

    Parameters
    ----------
    originals : pandas.DataFrame
        Columns `ORIGINAL_COLUMNS`: row number in the source, field, finding code, text as it stood, value written.
        The row's UUID is found by its number; a number that no written row has is kept without one.
    """
    missing = [name for name in ORIGINAL_COLUMNS if name not in originals]
    if missing:
        raise ValueError(f"originals lack: {', '.join(missing)}")
    if originals.empty:
        return
    uuids: dict[Any, Any] = {}
    if "uuid" in rows.names and "source_row" in rows.names:
        # Rows that stay though the file lost them come last, and their numbers are those of an older edition.
        for number, mark in zip(rows.cells[rows.names.index("source_row")], rows.cells[rows.names.index("uuid")]):
            uuids.setdefault(number, mark)
    known = {
        (row[0], row[1], row[2]): (row[3], row[4])
        for row in connection.execute(
            f"SELECT uuid, field, code, original, value FROM {CHANGES} WHERE layer = ? ORDER BY id", (spec.name,)
        )
    }
    connection.executemany(
        f"INSERT INTO {CHANGES} (sequence, layer, uuid, source_row, field, code, original, value)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (sequence, spec.name, mark, number, name, code, text, value)
            for number, name, code, text, value in _lines(originals)
            if (mark := uuids.get(number)) is None or known.get((mark, name, code)) != (text, value)
        ),
    )


def _lines(originals: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Give the rows of `ORIGINAL_COLUMNS` as SQLite takes them."""
    for start in range(0, len(originals), _PIECE):
        part = originals.iloc[start : start + _PIECE]
        numbers = [None if pd.isna(number) else int(number) for number in part[ORIGINAL_COLUMNS[0]].tolist()]
        yield from zip(numbers, *(_texts(part[name]) for name in ORIGINAL_COLUMNS[1:]))


def _texts(column: pd.Series) -> list[str | None]:
    return [None if gone else str(value) for value, gone in zip(column.tolist(), column.isna().tolist())]


def _there(
    connection: sqlite3.Connection, spec: LayerSpec, names: Sequence[str], sources: Collection[str]
) -> list[tuple[Any, ...]]:
    titles = ", ".join(map(quoted, ("fid", *names)))
    wanted = sorted(sources)
    return connection.execute(
        f"SELECT {titles} FROM {quoted(spec.name)} WHERE source_file IN ({', '.join('?' * len(wanted))}) ORDER BY fid",
        wanted,
    ).fetchall()


def numbered(values: Iterable[Any]) -> list[Any]:
    """Tell equal values apart by a number from the second on: a feature that QGIS copied bears the same UUID."""
    listed = list(values)
    if len(set(listed)) == len(listed):
        return listed
    seen: Counter[Any] = Counter()
    found = []
    for value in listed:
        seen[value] += 1
        found.append(value if seen[value] == 1 else (value, seen[value]))
    return found


def _make_unique(
    connection: sqlite3.Connection, spec: LayerSpec, uuids: list[Any], added: Sequence[int], sources: Collection[str]
) -> None:
    """Give new rows another UUID where a row that stays has theirs already."""
    new = set(added)
    taken = {mark for at, mark in enumerate(uuids) if at not in new}
    marks = ", ".join("?" * len(sources))
    taken.update(
        row[0]
        for row in connection.execute(
            f"SELECT uuid FROM {quoted(spec.name)} WHERE source_file IS NULL OR source_file NOT IN ({marks})",
            sorted(sources),
        )
    )
    for at in added:
        mark, number = uuids[at], 1
        while mark is not None and mark in taken:
            number += 1
            mark = str(uuid.uuid5(_NAMESPACE, f"{uuids[at]}#{number}"))
        uuids[at] = mark
        taken.add(mark)


def _next_fid(connection: sqlite3.Connection, spec: LayerSpec) -> int:
    """Give the id that SQLite would give the next row: ids of deleted rows never come again."""
    used = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (spec.name,)).fetchone()
    highest = connection.execute(f"SELECT max(fid) FROM {quoted(spec.name)}").fetchone()[0]
    return max(used[0] if used else 0, highest or 0) + 1
