"""Rows that a planner deleted: an import wrote them, no run took them out, and the layer does not have them any more.

Which source brought a row is told by the ids that its runs inserted, for they never come again.
"""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

import numpy as np

from ..spec import LayerSpec
from .digests import Digest
from .geopackage import quoted
from .workspace_schema import HISTORY, RUNS, WRITTEN


class Deleted(NamedTuple):
    """Rows deleted by hand, in the order of their ids: row id, and what the source said of each."""

    fids: list[int]
    digests: list[Digest]


def deleted_rows(connection: sqlite3.Connection, spec: LayerSpec, source_file: str) -> Deleted:
    """Give the rows of one source that a planner deleted."""
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not {WRITTEN, RUNS, spec.name} <= there:
        return Deleted([], [])
    rows = connection.execute(
        f"SELECT w.fid, w.digest FROM {WRITTEN} w WHERE w.layer = ?"
        f" AND NOT EXISTS (SELECT 1 FROM {quoted(spec.name)} t WHERE t.fid = w.fid) ORDER BY w.fid",
        (spec.name,),
    ).fetchall()
    if not rows:
        return Deleted([], [])
    runs = connection.execute(
        f"SELECT r.inserted FROM {RUNS} r JOIN {HISTORY} h ON h.sequence = r.sequence"
        " WHERE h.layer = ? AND h.source_file = ?",
        (spec.name, source_file),
    )
    fids = np.array([row[0] for row in rows], dtype=np.int64)
    ours = np.zeros(len(fids), dtype=bool)
    for (words,) in runs:
        for first, last in json.loads(words):
            ours[np.searchsorted(fids, first) : np.searchsorted(fids, last, side="right")] = True
    chosen = [row for row, mine in zip(rows, ours.tolist()) if mine]
    return Deleted([row[0] for row in chosen], [row[1] for row in chosen])
