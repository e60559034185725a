"""Change rows of one layer inside the caller's transaction, and note down what it takes to take the change back."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from ..spec import LayerSpec
from . import geopackage
from .digests import Digest, compared, hashes, pack
from .geopackage import quoted
from .rtree import packed, worth_packing
from .workspace_schema import RUNS, UNDO, WRITTEN

GEOM = "geom"
CHANGED, DELETED, INSERTED, NOTE = "changed", "deleted", "inserted", "note"
DIGEST = "digest"  # of a row that a planner deleted: nothing but its digest changes
_ENCODER = json.JSONEncoder(ensure_ascii=False, default=lambda data: {"base64": base64.b64encode(data).decode()})
_DENSE = 0.3  # share of a range of row ids from which one scan is quicker than a look-up for each


class Update(NamedTuple):
    """One row that stays: its id, and the columns that change, before and after; the geometry is ``geom``."""

    fid: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass
class RowChanges:
    """What happens to the rows of one layer.

    Attributes
    ----------
    deleted : list of int
        Row ids.
    updated : list of Update
        A row of which only the digest changes has no columns.
    columns, inserted : tuple of str, list of sequences
        Column names (fid and geom first), and the columns of the new rows in that order; none where no row is new.
    digests : dict
        By row id, what the source said of rows that are inserted or updated; None for nothing. Other ids are those of
        rows that a planner deleted.
    doubtful : collection of int
        Ids of rows that may not be what their digest says, because a planner's edit stays in them.
    """

    deleted: list[int] = field(default_factory=list)
    updated: list[Update] = field(default_factory=list)
    columns: tuple[str, ...] = ("fid", GEOM)
    inserted: list[Sequence[Any]] = field(default_factory=list)
    digests: dict[int, Digest | None] = field(default_factory=dict)
    doubtful: Collection[int] = ()

    def of_no_row(self) -> list[int]:
        """Give the ids of rows that a planner deleted whose digest changes."""
        if len(self.digests) <= len(self.updated) + len(self.new()):
            return []
        known = {*self.deleted, *self.new(), *(update.fid for update in self.updated)}
        return sorted(set(self.digests) - known)

    def new(self, column: str = "fid") -> Sequence[Any]:
        """Give one column of the new rows."""
        return self.inserted[self.columns.index(column)] if self.inserted else ()


def apply(connection: sqlite3.Connection, spec: LayerSpec, changes: RowChanges, sequence: int) -> None:
    """Carry out changes, settle index, extent and digests, and keep what undoes them under the run's number."""
    layer = quoted(spec.name)
    columns = table_columns(connection, spec.name)
    whole = dict(read_rows(connection, spec.name, columns, changes.deleted))
    loose = changes.of_no_row()
    stored = digests_of(connection, spec, [*changes.deleted, *(update.fid for update in changes.updated), *loose])
    moved = [update for update in changes.updated if GEOM in update.after]
    touched = len(changes.deleted) + len(changes.new()) + len(moved)
    with (
        packed(
            connection,
            spec.name,
            [*changes.deleted, *(update.fid for update in moved)],
            [*changes.new(), *(update.fid for update in moved)],
            [*changes.new(GEOM), *(update.after[GEOM] for update in moved)],
        )
        if worth_packing(touched, _count(connection, layer))
        else nullcontext()
    ):
        connection.executemany(f"DELETE FROM {layer} WHERE fid = ?", ((fid,) for fid in changes.deleted))
        for names, rows in _alike(changes.updated):
            settings = ", ".join(f"{quoted(name)} = ?" for name in names)
            connection.executemany(
                f"UPDATE {layer} SET {settings} WHERE fid = ?", ((*row.after.values(), row.fid) for row in rows)
            )
        titles, marks = ", ".join(map(quoted, changes.columns)), ", ".join("?" * len(changes.columns))
        connection.executemany(f"INSERT INTO {layer} ({titles}) VALUES ({marks})", zip(*changes.inserted))
    geopackage.settle_contents(connection, spec.name)
    _write_digests(connection, spec, changes)
    _keep_undo(connection, spec, changes, sequence, columns, whole, stored)


def table_columns(connection: sqlite3.Connection, layer: str) -> list[str]:
    """Give the columns of a layer's table but its row id, also those that a planner added."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(layer)})") if row[1] != "fid"]


def read_rows(
    connection: sqlite3.Connection, layer: str, columns: Sequence[str], fids: Collection[int]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Give id and values of some rows in the order of their ids; a row that is not there is passed over."""
    wanted = sorted(fids)
    if not wanted:
        return
    titles = ", ".join(map(quoted, ("fid", *columns)))
    select = f"SELECT {titles} FROM {quoted(layer)} WHERE fid"
    if len(wanted) > _DENSE * (wanted[-1] - wanted[0] + 1):
        among = set(wanted)
        for row in connection.execute(f"{select} BETWEEN ? AND ? ORDER BY fid", (wanted[0], wanted[-1])):
            if row[0] in among:
                yield row[0], row[1:]
        return
    for fid in wanted:
        row = connection.execute(f"{select} = ?", (fid,)).fetchone()
        if row:
            yield fid, row[1:]


def contents(connection: sqlite3.Connection, spec: LayerSpec, fids: Collection[int]) -> dict[int, Digest]:
    """Give the digest of some rows as they stand now, by row id."""
    names = [name for name in compared(spec)[:-1] if name in table_columns(connection, spec.name)]
    rows = list(read_rows(connection, spec.name, [GEOM, *names], fids))
    values = list(zip(*(row for _, row in rows))) or [()] * (len(names) + 1)
    found = pack(spec, hashes(spec, dict(zip(names, values[1:])), values[0]))
    return dict(zip((fid for fid, _ in rows), found))


def digests_of(connection: sqlite3.Connection, spec: LayerSpec, fids: Collection[int]) -> dict[int, Digest]:
    """Give what the last import wrote into some rows, by row id; a row that no import wrote is not there."""
    if not fids:
        return {}
    among = set(fids)
    rows = connection.execute(
        f"SELECT fid, digest FROM {WRITTEN} WHERE layer = ? AND fid BETWEEN ? AND ?",
        (spec.name, min(among), max(among)),
    )
    return {fid: digest for fid, digest in rows if fid in among}


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Give numbers as first and last of each run of consecutive ones."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def as_json(values: Mapping[str, Any]) -> str:
    """Give the values of a row as JSON; bytes as ``{"base64": …}``."""
    return _ENCODER.encode(values)


def from_json(words: str) -> dict[str, Any]:
    """Give back what `as_json` took."""
    return {
        name: base64.b64decode(value["base64"]) if isinstance(value, dict) else value
        for name, value in json.loads(words).items()
    }


def _alike(updates: Sequence[Update]) -> Iterator[tuple[tuple[str, ...], Iterator[Update]]]:
    """Put updates of the same columns together."""

    def names(update: Update) -> tuple[str, ...]:
        return tuple(update.after)

    yield from groupby(sorted((update for update in updates if update.after), key=names), key=names)


def _count(connection: sqlite3.Connection, layer: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {layer}").fetchone()[0])


def _write_digests(connection: sqlite3.Connection, spec: LayerSpec, changes: RowChanges) -> None:
    gone = [*changes.deleted, *(fid for fid, digest in changes.digests.items() if digest is None)]
    connection.executemany(f"DELETE FROM {WRITTEN} WHERE layer = ? AND fid = ?", ((spec.name, fid) for fid in gone))
    connection.executemany(
        f"INSERT OR REPLACE INTO {WRITTEN} VALUES (?, ?, ?)",
        ((spec.name, fid, changes.digests[fid]) for fid in sorted(changes.digests) if changes.digests[fid] is not None),
    )


def _keep_undo(
    connection: sqlite3.Connection,
    spec: LayerSpec,
    changes: RowChanges,
    sequence: int,
    columns: list[str],
    whole: Mapping[int, tuple[Any, ...]],
    stored: Mapping[int, Digest],
) -> None:
    """Write the rows of the undo table, and the run with the ids it inserted and the bytes it keeps."""
    after = {
        fid: digest
        for fid, digest in contents(connection, spec, changes.doubtful).items()
        if digest != changes.digests.get(fid, stored.get(fid))
    }
    names = [name for name in columns if name != GEOM]
    at_geometry, at_uuid = columns.index(GEOM), columns.index("uuid") if "uuid" in columns else -1
    entries: list[tuple[Any, ...]] = []
    for fid, row in whole.items():
        words = as_json({name: value for name, value in zip(columns, row) if name != GEOM})
        uuid = row[at_uuid] if at_uuid >= 0 else None
        entries.append((fid, uuid, DELETED, words, row[at_geometry], stored.get(fid), None))
    uuids = {
        fid: row[0]
        for fid, row in read_rows(
            connection,
            spec.name,
            ["uuid"] if "uuid" in names else names[:1],
            [update.fid for update in changes.updated],
        )
    }
    for fid, before, _ in changes.updated:
        geometry = before.get(GEOM)
        kept = before if geometry is None else {name: value for name, value in before.items() if name != GEOM}
        entries.append((fid, uuids.get(fid), CHANGED, as_json(kept), geometry, stored.get(fid), after.get(fid)))
    inserted = changes.new()
    for fid in inserted:
        if fid in after:
            entries.append((fid, None, INSERTED, "{}", None, None, after[fid]))
    entries += [(fid, None, DIGEST, "{}", None, stored.get(fid), None) for fid in changes.of_no_row()]
    keep_entries(connection, spec, sequence, entries)
    connection.execute(
        f"INSERT INTO {RUNS} (sequence, inserted, bytes) VALUES (?, ?, ?)",
        (sequence, json.dumps(ranges(inserted)), sum(map(_size, entries))),
    )


def keep_entries(
    connection: sqlite3.Connection, spec: LayerSpec, sequence: int, entries: Iterable[tuple[Any, ...]]
) -> None:
    """Write rows of the undo table: row id, uuid, action, fields, geometry, digest, digest after."""
    connection.executemany(
        f"INSERT INTO {UNDO} (sequence, layer, row_fid, uuid, action, fields, geometry, digest, digest_after)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((sequence, spec.name, *entry) for entry in entries),
    )


def _size(entry: tuple[Any, ...]) -> int:
    _, _, _, words, geometry, digest, after = entry
    return len(words) + len(geometry or b"") + len(digest or b"") + len(after or b"")
