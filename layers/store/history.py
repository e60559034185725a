"""The history of a workspace: one row a run, which also tells whether another run came in between."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from ...errors import WorkspaceError
from ...text import Text
from ..spec import LayerSpec
from . import geopackage
from .workspace_schema import HISTORY, HISTORY_COLUMNS

_JSON_COLUMNS = ("mapping", "versions")


class LayerChangedError(WorkspaceError):
    """Another process has imported into a layer since it was looked at."""

    def __init__(self, spec: LayerSpec) -> None:
        super().__init__(
            Text(
                "导入期间，另一个任务也写入了图层“{layer}”。",
                "Another job wrote to the layer “{layer}” during this import.",
            ).filled(layer=spec.label),
            Text("请在另一个任务完成后重新导入。", "Import again when the other job is done."),
        )


def records(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Give the rows of the history, oldest first: ``sequence`` and the keys of `HISTORY_COLUMNS`."""
    there = [row[1] for row in connection.execute(f"PRAGMA table_info({HISTORY})")]
    names = [name for name in ("sequence", *HISTORY_COLUMNS) if name in there]
    rows = connection.execute(f"SELECT {', '.join(names)} FROM {HISTORY} ORDER BY sequence").fetchall()
    found = [{**dict.fromkeys(HISTORY_COLUMNS), **dict(zip(names, row))} for row in rows]
    for record in found:
        for name in _JSON_COLUMNS:
            record[name] = json.loads(record[name]) if record[name] else {}
    return found


def imports(connection: sqlite3.Connection, spec: LayerSpec) -> int:
    """Give how often a run has changed a layer."""
    found = connection.execute(f"SELECT count(*) FROM {HISTORY} WHERE layer = ?", (spec.name,)).fetchone()
    return int(found[0])


def note_of(spec: LayerSpec, history: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row of the history as SQLite takes it; raise ValueError for a key that it does not have."""
    unknown = sorted(set(history) - set(HISTORY_COLUMNS))
    if unknown:
        raise ValueError(f"unknown keys of a history note: {', '.join(unknown)}")
    note = {"action": "import", **history, "layer": spec.name}
    for name in (*_JSON_COLUMNS, "recipe"):
        if name in note and note[name] is not None and not isinstance(note[name], str):
            note[name] = json.dumps(note[name], ensure_ascii=False, sort_keys=True)
    return note


def write_note(connection: sqlite3.Connection, note: Mapping[str, Any]) -> int:
    """Write a row of the history and give its number."""
    cursor = connection.execute(
        f"INSERT INTO {HISTORY} ({', '.join(note)}) VALUES ({', '.join('?' * len(note))})", list(note.values())
    )
    touch(connection)
    return int(cursor.lastrowid or 0)


def touch(connection: sqlite3.Connection) -> None:
    """Set the date of the history to the fixed one, which GDAL's triggers do not keep."""
    connection.execute(
        "UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?", (geopackage.FIXED_DATE, HISTORY)
    )
