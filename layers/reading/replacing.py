"""What an import does to the rows that a workspace already holds: which keys are taken, which rows it replaces."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from ...errors import InputError
from ...text import Text
from ..columns import plain
from ..shapes import as_type
from ..spec import LayerSpec
from ..table import LayerTable
from .identity import row_keys

REPLACED_COLUMNS = ("uuid", "key", "what", "field", "old", "new")
_NOT_COMPARED = ("uuid", "source_file", "source_row")


@dataclass(frozen=True)
class Replacement:
    """What becomes of the rows that an earlier import of the same source brought.

    Attributes
    ----------
    before : int
        Rows of that source in the workspace.
    replaced, changed, removed : int
        Rows whose key comes again; of these, those whose values or place differ; rows that do not come again.
    frame : pandas.DataFrame
        Columns `REPLACED_COLUMNS`: one row a value that changes, and one a row that goes (in ``old`` as JSON).
    """

    before: int
    replaced: int
    changed: int
    removed: int
    frame: pd.DataFrame


def taken_keys(spec: LayerSpec, rows: pd.DataFrame, source_file: str) -> dict[str, str]:
    """Give the keys that a workspace's layer holds from other sources, and where each comes from.

    Parameters
    ----------
    spec : LayerSpec
    rows : pandas.DataFrame
        Key fields, source_file and source_row of every row in the layer.
    source_file : str
        The source that is about to be imported.
    """
    if rows.empty:
        return {}
    files = ["" if missing else str(name) for name, missing in zip(rows["source_file"], rows["source_file"].isna())]
    return {
        key: f"{file}:{number}" if file else ""
        for key, file, number in zip(row_keys(spec, rows), files, rows["source_row"].tolist())
        if file != source_file
    }


def compare(old: LayerTable, new: LayerTable) -> Replacement:
    """Compare the rows of a source in the workspace with those that are to take their place.

    Parameters
    ----------
    old : LayerTable
        All fields of the rows of this source.
    new : LayerTable
        The rows that an import is about to write.
    """
    spec = new.spec
    keys = row_keys(spec, old.columns) if len(old) else []
    there = {key: at for at, key in enumerate(_numbered(row_keys(spec, new.columns) if len(new) else []))}
    pairs = [(at, there[key]) for at, key in enumerate(_numbered(keys)) if key in there]
    kept, comes = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    gone = np.setdiff1d(np.arange(len(old)), kept)
    uuids = plain(old.columns["uuid"], spec.field("uuid")) if len(old) else []
    shown = [" / ".join(filter(None, key.split("\x1f"))) for key in keys]
    rows: list[tuple[int, tuple[str | None, ...]]] = []
    for at, name, was, now in _differences(spec, old, new, kept, comes):
        rows.append((at, (uuids[at], shown[at], "changed", name, was, now)))
    changed = len({at for at, _ in rows})
    for at, words in zip(gone.tolist(), _as_json(old, gone)):
        rows.append((at, (uuids[at], shown[at], "removed", "", words, "")))
    rows.sort(key=lambda row: row[0])
    frame = pd.DataFrame([cells for _, cells in rows], columns=list(REPLACED_COLUMNS))
    return Replacement(len(old), len(pairs), changed, len(gone), frame)


def check_replacement(name: str, found: Replacement, allowed: bool) -> None:
    """Refuse to delete the rows of another file that happens to have the same name.

    A newer edition of a file shares most keys with the older one; where more than half of the older rows would go, they
    may well belong to a different file.

    Parameters
    ----------
    name : str
        The source, as `source_file` holds it.
    found : Replacement
    allowed : bool
        The planner has said that it is a newer edition.

    Raises
    ------
    InputError
        More than half of the rows would be deleted.
    """
    if allowed or 2 * found.removed <= found.before:
        return
    raise InputError(
        Text(
            f"工作区中已有来自同名文件“{name}”的 {found.before} 行，本次导入会删除其中 {found.removed} 行（超过一半）；"
            "这可能是另一份同名文件。",
            f"The workspace holds {found.before} rows of a file named “{name}”; this import would delete "
            f"{found.removed} of them (more than half). It may be another file of the same name.",
        ),
        Text(
            "若是另一份文件，请改名（例如加上运营商名称）后再导入；若确是新版本，请选“替换同名来源”（--replace）。",
            "If it is another file, rename it (for example with the operator's name) and import it; if it is a newer "
            "edition, import with “Replace an earlier file of this name” (--replace).",
        ),
    )


def _numbered(keys: list[str]) -> list[tuple[str, int]]:
    """Tell equal keys apart by a running number, as their UUIDs are."""
    seen: Counter[str] = Counter()
    found = []
    for key in keys:
        seen[key] += 1
        found.append((key, seen[key]))
    return found


def _differences(
    spec: LayerSpec, old: LayerTable, new: LayerTable, kept: np.ndarray, comes: np.ndarray
) -> list[tuple[int, str, str, str]]:
    """Give position in `old`, field, old and new text of every value that differs."""
    found: list[tuple[int, str, str, str]] = []
    if not len(kept):
        return found
    for item in spec.fields:
        if item.name in _NOT_COMPARED:
            continue
        was = plain(old.columns[item.name].iloc[kept], item)
        now = plain(new.columns[item.name].iloc[comes], item)
        for at, before, after in zip(kept.tolist(), was, now):
            if before != after:
                found.append((at, item.name, _text(before), _text(after)))
    shapes = [as_type(table.geometry, spec.geometry.value, spec.name) for table in (old, new)]
    places = [shapely.to_wkb(shape[at]) for shape, at in zip(shapes, (kept, comes))]
    for row in np.flatnonzero(places[0] != places[1]).tolist():
        words = [_text(shape[at[row]]) for shape, at in zip(shapes, (kept, comes))]
        found.append((int(kept[row]), "geometry", words[0], words[1]))
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value.wkt) if isinstance(value, shapely.Geometry) else str(value)


def _as_json(table: LayerTable, rows: np.ndarray) -> list[str]:
    """Give each of some rows as a JSON object of its filled fields and its well-known text."""
    columns = {item.name: plain(table.columns[item.name].iloc[rows], item) for item in table.spec.fields}
    columns["geometry"] = [None if shape is None else shape.wkt for shape in table.geometry[rows]]
    found = []
    for cells in zip(*columns.values()):
        words = {name: cell for name, cell in zip(columns, cells) if cell is not None}
        found.append(json.dumps(words, ensure_ascii=False))
    return found
