"""Which run can be taken back, and why one cannot: runs of a layer go last in, first out, and never over edits."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from ...errors import Fault, WorkspaceError
from ...text import NOTHING, Text
from ..spec import LayerSpec
from ..specs import SPECS
from .geopackage import quoted
from .row_changes import CHANGED, DELETED, GEOM, INSERTED, contents, digests_of, read_rows
from .workspace_schema import HISTORY

UNDONE, REDONE = "undo", "redo"
_SHOWN = 20


class UndoRefusedError(WorkspaceError):
    """A run cannot be taken back; nothing has changed."""


class Run(NamedTuple):
    """A run as the history has it."""

    sequence: int
    action: str
    layer: str
    source_file: str
    undoes: int | None
    undone_by: int | None


def choose(connection: sqlite3.Connection, sequence: int | None) -> Run:
    """Give the run to take back: the one that was asked for, or else the latest import that still holds.

    Raises
    ------
    UndoRefusedError
        There is no such run, it has been taken back, or later ones of its layer hold.
    """
    runs = [
        Run(*row) for row in connection.execute(f"SELECT {', '.join(Run._fields)} FROM {HISTORY} ORDER BY sequence")
    ]
    if sequence is None:
        standing = [run for run in runs if run.undone_by is None and run.action not in (UNDONE, REDONE)]
        if not standing:
            raise UndoRefusedError(
                Text("工作区中没有可撤销的导入。", "The workspace has no import to undo."),
                Text("“导入记录”表列出全部操作。", "The table of imports lists all that was done."),
            )
        run = standing[-1]
    else:
        found = [run for run in runs if run.sequence == sequence]
        if not found:
            raise UndoRefusedError(
                Text(f"导入记录中没有第 {sequence} 条。", f"The history has no record {sequence}."),
                Text(
                    f"可选 1 到 {len(runs)}；不填则撤销最近一次。",
                    f"There are 1 to {len(runs)}; without a number the latest is undone.",
                )
                if runs
                else NOTHING,
            )
        run = found[0]
    if run.action == REDONE:  # to take it back is to take back, again, the import that it brought back
        brought_back = next(other.undoes for other in runs if other.sequence == run.undoes)
        run = next(other for other in runs if other.sequence == brought_back)
    if run.undone_by is not None:
        raise UndoRefusedError(
            Text(
                f"第 {run.sequence} 条记录已被第 {run.undone_by} 条撤销。",
                f"Record {run.sequence} was undone by record {run.undone_by}.",
            ),
            Text(
                f"若要恢复它，请撤销第 {run.undone_by} 条。",
                f"To bring it back, undo record {run.undone_by}.",
            ),
        )
    later = [other for other in runs if other.sequence > run.sequence and other.layer == run.layer]
    holding = [
        other
        for other in later
        if other.undone_by is None
        and not (other.action in (UNDONE, REDONE) and other.undoes is not None and other.undoes >= run.sequence)
    ]
    if holding:
        raise _overtaken(run, holding)
    return run


def check_untouched(
    connection: sqlite3.Connection, spec: LayerSpec, run: Run, inserted: list[int], entries: list[tuple[Any, ...]]
) -> None:
    """Refuse where a row that the run wrote was edited or deleted since, or one that it deleted is there again."""
    told = {row[0]: row[5] for row in entries if row[1] in (CHANGED, INSERTED)}
    written = [*inserted, *(row[0] for row in entries if row[1] == CHANGED)]
    expected = digests_of(connection, spec, written) | {
        fid: digest for fid, digest in told.items() if digest is not None
    }
    found = contents(connection, spec, written)
    edited = {fid for fid in written if found.get(fid) != expected.get(fid)}
    edited |= {fid for fid, _ in read_rows(connection, spec.name, [], [row[0] for row in entries if row[1] == DELETED])}
    edited |= _with_added_columns(connection, spec, inserted)
    if not edited:
        return
    names = dict.fromkeys(("uuid", spec.title, *spec.key[:1]))
    shown = dict(read_rows(connection, spec.name, list(names), sorted(edited)[:_SHOWN]))
    uuids = {row[0]: row[6] for row in entries}
    faults = []
    for fid in sorted(edited)[:_SHOWN]:
        row = shown.get(fid)
        words = " / ".join(str(part) for part in dict.fromkeys(reversed(row[1:])) if part) if row else ""
        mark = str((row[0] if row else uuids.get(fid)) or "")
        gone = Text("此行已删除", "this row was deleted") if row is None else Text("此行已修改", "this row was edited")
        label = words or mark or f"fid {fid}"
        faults.append(Fault(Text(f"{label}：{gone.zh}", f"{label}: {gone.en}"), field="fid", value=str(fid)))
    first = faults[0].message
    raise UndoRefusedError(
        Text(
            f"不能撤销第 {run.sequence} 条记录（{spec.label.zh} ← {run.source_file}）：其中 {len(edited)} 行之后在 "
            f"QGIS 中被修改或删除，撤销会丢失这些修改（例如 {first.zh}）。",
            f"Record {run.sequence} ({spec.label.en} ← {run.source_file}) cannot be undone: {len(edited)} of its rows "
            f"were edited or deleted in QGIS since, and undoing would lose that (for example {first.en}).",
        ),
        Text(
            "请在 QGIS 中把这些行改回原值后再撤销；或改为重新导入较早的文件，它会保留这些修改。",
            "Put these rows back in QGIS, then undo; or import the earlier file again, which keeps the edits.",
        ),
        faults=faults,
    )


def _with_added_columns(connection: sqlite3.Connection, spec: LayerSpec, fids: list[int]) -> set[int]:
    """Give the rows that a planner filled a column of their own for."""
    own = {item.name for item in spec.fields} | {"fid", GEOM}
    added = [
        row[1]
        for row in connection.execute(f"PRAGMA table_info({quoted(spec.name)})")
        if row[1] not in own and row[4] is None
    ]
    if not added:
        return set()
    return {fid for fid, row in read_rows(connection, spec.name, added, fids) if any(cell is not None for cell in row)}


def _overtaken(run: Run, later: list[Run]) -> UndoRefusedError:
    names = "、".join(f"第 {other.sequence} 条（{other.source_file or other.action}）" for other in reversed(later))
    english = ", ".join(f"{other.sequence} ({other.source_file or other.action})" for other in reversed(later))
    label = SPECS[run.layer].label
    return UndoRefusedError(
        Text(
            f"第 {run.sequence} 条记录之后，图层“{label.zh}”又有其他操作：{names}。",
            f"After record {run.sequence}, other runs changed the layer “{label.en}”: {english}.",
        ),
        Text("请先从最近一条起依次撤销它们。", "Undo those first, the latest before the earlier ones."),
    )
