"""Take a run back: the layer's rows, ids, UUIDs, places and originals become what they were before it.

Runs of one layer are taken back in the order last in, first out. A run that took another one back can itself be taken
back (the earlier run holds again), as long as nothing else has been imported into the layer since. What a run needs for
this is kept in the workspace, and dropped when it can serve no more (another import followed what was taken back), or,
oldest first, when all of it together is more than `KEPT_BYTES`; the latest run's is always kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...text import Text
from ..spec import LayerSpec
from ..specs import SPECS
from .geopackage import quoted
from .row_changes import (
    CHANGED,
    DELETED,
    DIGEST,
    GEOM,
    NOTE,
    RowChanges,
    Update,
    apply,
    as_json,
    from_json,
    keep_entries,
    read_rows,
    table_columns,
)
from .undoable import REDONE, UNDONE, Run, UndoRefusedError, check_untouched, choose
from .workspace_schema import CHANGES, HISTORY, RUNS, UNDO

REMOVED, RESTORED = "removed", "restored"
KEPT_BYTES = 200_000_000


@dataclass(frozen=True)
class Undone:
    """What taking a run back did.

    Attributes
    ----------
    run : Run
        The run that was taken back.
    sequence : int
        Number of the history row that says so.
    added, removed, changed, originals : int
        Rows that came back, rows that went, rows whose values became what they had been, originals that went (or came
        back, where `run` was itself the taking back of another one).
    lines : list of tuple
        uuid, key, what ("restored", "removed", "changed"), field, value before the undo, value after it; one a value
        that changed, and one a row that came or went, in the order of the row ids. Places are GeoPackage blobs.
    rows : int
        Rows that the layer has now.
    """

    run: Run
    sequence: int
    added: int
    removed: int
    changed: int
    originals: int
    lines: list[tuple[Any, ...]]
    rows: int

    @property
    def action(self) -> str:
        """What the history calls it: taking an import back, or bringing it back."""
        return UNDONE if self.run.undoes is None else REDONE


def undo(connection: sqlite3.Connection, sequence: int | None, history: Mapping[str, Any]) -> Undone:
    """Take a run back, inside the caller's transaction.

    Parameters
    ----------
    sequence : int or None
        Its number in the history; None: the latest import that still holds.
    history : mapping
        Further columns of the history row, such as ``versions`` (as SQLite takes them).

    Raises
    ------
    UndoRefusedError
        See `choose`; or its data is not there, or rows were edited since.
    """
    run = choose(connection, sequence)
    spec = SPECS[run.layer]
    kept = connection.execute(
        f"SELECT inserted FROM {RUNS} WHERE sequence = ? AND bytes >= 0", (run.sequence,)
    ).fetchone()
    if kept is None:
        raise UndoRefusedError(
            Text(
                f"第 {run.sequence} 条记录没有撤销数据：它由较早版本的软件写入，或其数据已因超出保留上限而清除。",
                f"Record {run.sequence} has no undo data: an earlier version of the software wrote it, or its data was "
                "dropped when the store was full.",
            ),
            Text(
                "请重新导入该图层较早的文件。",
                "Import the earlier file of this layer again.",
            ),
        )
    entries = connection.execute(
        f"SELECT row_fid, action, fields, geometry, digest, digest_after, uuid FROM {UNDO} WHERE sequence = ?"
        " ORDER BY id",
        (run.sequence,),
    ).fetchall()
    inserted = [fid for first, last in json.loads(kept[0]) for fid in range(first, last + 1)]
    check_untouched(connection, spec, run, inserted, entries)
    changes = _inverse(connection, spec, inserted, entries)
    lines = _lines(connection, spec, changes)
    note = _note(connection, run, changes, history)
    number = int(
        connection.execute(
            f"INSERT INTO {HISTORY} ({', '.join(note)}) VALUES ({', '.join('?' * len(note))})", list(note.values())
        ).lastrowid
        or 0
    )
    apply(connection, spec, changes, number)
    originals = _originals(connection, spec, run, number, entries)
    connection.execute(f"UPDATE {HISTORY} SET undone_by = ? WHERE sequence = ?", (number, run.sequence))
    if run.undoes is not None:
        connection.execute(f"UPDATE {HISTORY} SET undone_by = NULL WHERE sequence = ?", (run.undoes,))
        drop(connection, [run.sequence, number])  # the import's own data takes it back again
    limit(connection, number)
    changed = sum(bool(update.after) for update in changes.updated)
    rows = connection.execute(f"SELECT count(*) FROM {quoted(spec.name)}").fetchone()[0]
    return Undone(run, number, len(changes.new()), len(changes.deleted), changed, originals, lines, rows)


def tidy(connection: sqlite3.Connection, spec: LayerSpec, sequence: int) -> None:
    """After an import: drop what can serve no more, and keep within the bound."""
    stale = connection.execute(
        f"SELECT r.sequence FROM {RUNS} r JOIN {HISTORY} h ON h.sequence = r.sequence"
        f" WHERE h.layer = ? AND r.sequence < ? AND (h.undone_by IS NOT NULL OR h.action IN ('{UNDONE}', '{REDONE}'))",
        (spec.name, sequence),
    ).fetchall()
    drop(connection, [row[0] for row in stale])
    limit(connection, sequence)


def limit(connection: sqlite3.Connection, latest: int) -> None:
    """Drop the oldest runs' data while all of it is more than `KEPT_BYTES`; the latest run's stays."""
    sizes = connection.execute(f"SELECT sequence, bytes FROM {RUNS} WHERE bytes >= 0 ORDER BY sequence").fetchall()
    total = sum(size for _, size in sizes)
    for sequence, size in sizes:
        if total <= KEPT_BYTES or sequence == latest:
            return
        connection.execute(f"DELETE FROM {UNDO} WHERE sequence = ?", (sequence,))
        # The ids that it inserted still tell whose rows they are (`deleted`).
        connection.execute(f"UPDATE {RUNS} SET bytes = -1 WHERE sequence = ?", (sequence,))
        total -= size


def drop(connection: sqlite3.Connection, sequences: Collection[int]) -> None:
    """Forget what it takes to take some runs back."""
    for table in (UNDO, RUNS):
        connection.executemany(f"DELETE FROM {table} WHERE sequence = ?", ((number,) for number in sequences))


def _inverse(
    connection: sqlite3.Connection, spec: LayerSpec, inserted: list[int], entries: list[tuple[Any, ...]]
) -> RowChanges:
    """Give the changes that lead back to before the run."""
    columns = [GEOM, *(name for name in table_columns(connection, spec.name) if name != GEOM)]
    changes = RowChanges(deleted=inserted, columns=("fid", *columns))
    rows: list[tuple[Any, ...]] = []
    now = dict(read_rows(connection, spec.name, columns, [row[0] for row in entries if row[1] == CHANGED]))
    for fid, action, words, geometry, digest, _, _ in entries:
        if action == DIGEST:
            changes.digests[fid] = digest
        if action not in (CHANGED, DELETED):
            continue
        values = from_json(words)
        if geometry is not None or action == DELETED:
            values[GEOM] = geometry
        changes.digests[fid] = digest
        if action == DELETED:
            rows.append((fid, *(values.get(name) for name in columns)))
            continue
        there = dict(zip(columns, now[fid]))
        values = {name: value for name, value in values.items() if name in there}
        changes.updated.append(Update(fid, {name: there[name] for name in values}, values))
    rows.sort(key=lambda row: row[0])
    changes.inserted = list(zip(*rows))
    changes.doubtful = [*changes.new(), *(update.fid for update in changes.updated)]
    return changes


def _originals(
    connection: sqlite3.Connection, spec: LayerSpec, run: Run, number: int, entries: list[tuple[Any, ...]]
) -> int:
    """Take the run's originals out, and keep them for a redo; or, for a redo, put them back."""
    names = ("id", "sequence", "layer", "uuid", "source_row", "field", "code", "original", "value")
    if run.undoes is not None:
        notes = [from_json(words) for _, action, words, _, _, _, _ in entries if action == NOTE]
        connection.executemany(
            f"INSERT INTO {CHANGES} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            ([note[name] for name in names] for note in notes),
        )
        return len(notes)
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM {CHANGES} WHERE layer = ? AND sequence = ? ORDER BY id",
        (spec.name, run.sequence),
    ).fetchall()
    words = [as_json(dict(zip(names, row))) for row in rows]
    keep_entries(
        connection, spec, number, ((None, row[3], NOTE, note, None, None, None) for row, note in zip(rows, words))
    )
    connection.execute(
        f"UPDATE {RUNS} SET bytes = bytes + ? WHERE sequence = ?", (sum(len(note) for note in words), number)
    )
    connection.execute(f"DELETE FROM {CHANGES} WHERE layer = ? AND sequence = ?", (spec.name, run.sequence))
    return len(rows)


def _lines(connection: sqlite3.Connection, spec: LayerSpec, changes: RowChanges) -> list[tuple[Any, ...]]:
    """Say what the undo does to each row, before it is done."""
    lines: list[tuple[int, tuple[Any, ...]]] = []
    names = ["uuid", *spec.key]
    fids = [*changes.deleted, *(update.fid for update in changes.updated)]
    named = {fid: _named(row) for fid, row in read_rows(connection, spec.name, names, fids)}
    places = [changes.columns.index(name) for name in names]
    lines += [(fid, (*named[fid], REMOVED, "", None, None)) for fid in changes.deleted]
    for row in zip(*changes.inserted):
        lines.append((row[0], (*_named([row[place] for place in places]), RESTORED, "", None, None)))
    for fid, before, after in changes.updated:
        lines += [(fid, (*named[fid], CHANGED, name, before[name], value)) for name, value in after.items()]
    lines.sort(key=lambda line: line[0])
    return [line for _, line in lines]


def _named(cells: Sequence[Any]) -> tuple[str, str]:
    """Give UUID and key of a row as a planner reads them."""
    words = (f"{cell:.12g}" if isinstance(cell, float) else str(cell) for cell in cells[1:] if cell is not None)
    return str(cells[0] or ""), " / ".join(words)


def _note(connection: sqlite3.Connection, run: Run, changes: RowChanges, history: Mapping[str, Any]) -> dict[str, Any]:
    """Give the history row of an undo: the figures of the layer as they are again."""
    redone = run.undoes is not None
    before = connection.execute(
        f"SELECT rows_set_aside FROM {HISTORY} WHERE layer = ? AND source_file IS ? AND sequence <= ? AND sequence != ?"
        f" AND (undone_by IS NULL OR sequence = ?) AND action NOT IN ('{UNDONE}', '{REDONE}')"
        " ORDER BY sequence DESC LIMIT 1",
        (run.layer, run.source_file, run.sequence, run.sequence, run.undoes),
    ).fetchone()
    return {
        **history,
        "action": REDONE if redone else UNDONE,
        "layer": run.layer,
        "source_file": run.source_file,
        "undoes": run.sequence,
        "rows_added": len(changes.new()),
        "rows_removed": len(changes.deleted),
        "rows_changed": sum(bool(update.after) for update in changes.updated),
        "rows_set_aside": before[0] if before else 0,
    }
