"""What an import does to the rows that a workspace already holds: which keys are taken, which rows it replaces.

A newer edition of a file meets rows that planners may have edited in QGIS since the last one. Three states of each
value are compared: what the last edition said (by its digest, `store.digests`), what stands in the workspace, and what
the newer edition says.

* The workspace still says what the file said: the newer edition's value is written.
* A planner edited the value, and the file says the same as before: the edit stays.
* A planner edited it and the file changed it, too: the edit stays, and the value is listed as a conflict.
* A row that the file no longer has is deleted, unless a planner edited or drew it: then it stays, and is listed.
* A value that the newer edition has but that cannot be read stays as it was, and so does a row that the newer edition
  has but that was set aside: the file does not say that they are gone. An empty cell does.
* A row that was set aside because the planner wants it out goes like one that the file no longer has.
* A row that a planner deleted stays deleted: the file's row is set aside before it comes here (`deleted`).

With ``keep_edits=False`` the file wins throughout. Rows from before the digests (workspaces of version 1 and 2) count
as not edited, as they did then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..columns import plain
from ..spec import Kind, LayerSpec
from ..store import geopackage
from ..store.digests import GEOMETRY, Digest, column_hashes, compared, hashes, pack, unpack
from ..store.source_rows import Stated
from ..table import LayerTable
from .identity import BETWEEN, row_keys
from .pairing import meant, pairs
from .replacement import CHANGED, CONFLICT, EDITED, KEPT, REMOVED, REPLACED_COLUMNS, TAKEN_OUT, Replacement
from .stated import values_of

_NUMBERS = (Kind.REAL, Kind.INTEGER, Kind.FLAG)
Flags = npt.NDArray[np.bool_]
Line = tuple[int, tuple[Any, ...]]


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


def compare(
    old: LayerTable,
    new: LayerTable,
    digests: Sequence[Digest | None] | None = None,
    keep_edits: bool = True,
    *,
    aside: LayerTable | None = None,
    unread: Mapping[str, np.ndarray] | None = None,
    ordered: LayerTable | None = None,
) -> Replacement:
    """Compare the rows of a source in the workspace with those that are to take their place.

    Parameters
    ----------
    old : LayerTable
        All fields of the rows of this source.
    new : LayerTable
        The rows that an import is about to write.
    digests : sequence of bytes or None, optional
        What the source said of each old row (`Workspace.earlier`). Without any nothing is known of edits, and the file
        wins.
    keep_edits : bool
        Whether edits of planners outlive a newer edition.
    aside : LayerTable, optional
        Rows of the file that were set aside (`withheld.Withheld.rows`).
    unread : mapping of str to numpy.ndarray of int64, optional
        By field, or "geometry": positions in `new` of cells that the file has, but that could not be read.
    ordered : LayerTable, optional
        Rows of the file that the planner wants out (`withheld.Withheld.ordered`); known by their whole key only.
    """
    if not len(old):
        return Replacement(0, 0, 0, 0, _frame([]), added=len(new), table=new)
    spec = new.spec
    names = compared(spec)
    base = list(digests) if digests is not None else [None] * len(old)
    known = any(digest is not None for digest in base)
    values = [values_of(old, True), values_of(new, False)]
    says = hashes(spec, values[1], values[1][GEOMETRY])
    stated = pack(spec, says)
    waiting, out = (
        frozenset(row_keys(spec, rows.columns)) if rows is not None and len(rows) else frozenset()
        for rows in (aside, ordered)
    )
    kept, comes, keys, rekeyed = pairs(old, new, base, stated, waiting | out)

    differs = np.zeros((len(kept), len(names)), dtype=bool)
    has = says[comes]
    for at, name in enumerate(names):
        was, now = values[0][name][kept], values[1][name][comes]
        differs[:, at] = was != now
        rows = np.flatnonzero(differs[:, at])
        if len(rows) and name != GEOMETRY:
            has[rows, at] = column_hashes(was[rows], spec.field(name).kind in _NUMBERS)
        elif len(rows):
            has[rows, at] = hashes(spec, {}, was[rows])[:, -1]
    said = unpack(spec, [base[at] for at in kept.tolist()])
    edited = differs & (has != said) if known else np.zeros_like(differs)
    withheld = _marked(unread or {}, names, comes, len(new)) & differs
    rows = np.flatnonzero(withheld.any(axis=1))
    if len(rows):  # what is not read says nothing new: the last edition's word still holds
        before = said if known else has
        says[comes[rows]] = np.where(withheld[rows], before[rows], says[comes[rows]])
        for at, digest in zip(comes[rows].tolist(), pack(spec, says[comes[rows]])):
            stated[at] = digest
    fresh = says[comes] != said
    stays = edited & keep_edits | withheld
    unchanged = withheld & ~edited

    lines = _value_lines(values, kept, comes, differs, stays, fresh, unchanged, names)
    gone = np.setdiff1d(np.arange(len(old)), kept)
    now = _digests(old, values[0], gone)
    by_hand = np.array(
        [known and keep_edits and base[at] != digest for at, digest in zip(gone.tolist(), now)], dtype=bool
    )
    waits = np.isin(gone, meant(old, keys, gone, aside)) if aside is not None else np.zeros(len(gone), dtype=bool)
    remains = by_hand | waits
    unwanted = np.array([keys[at] in out for at in gone.tolist()], dtype=bool) & ~remains
    for at, words, stay, leaves in zip(gone.tolist(), _as_json(old, gone), remains.tolist(), unwanted.tolist()):
        lines.append((at, (KEPT if stay else TAKEN_OUT if leaves else REMOVED, "", words, "")))
    staying = gone[remains]
    told = [base[at] if known else digest for at, digest, stay in zip(gone.tolist(), now, remains.tolist()) if stay]
    written = (differs & ~stays).any(axis=1)
    return Replacement(
        len(old),
        len(kept),
        int(written.sum()),
        len(gone) - len(staying),
        _frame(_named(lines, values[0]["uuid"], keys)),
        added=len(new) - len(kept),
        unchanged=int((~written).sum()),
        edited=int(edited.any(axis=1).sum()),
        conflicts=int((edited & fresh).any(axis=1).sum()),
        kept=len(staying),
        aside=int((waits & ~by_hand).sum()),
        aside_keys=tuple(keys[at].split(BETWEEN)[0] for at in gone[waits & ~by_hand].tolist()),
        taken_out=int(unwanted.sum()),
        unread=int(unchanged.sum()),
        rekeyed=rekeyed,
        table=_merged(old, new, kept, comes, stays, staying),
        stated=Stated(
            [*stated, *told],
            frozenset([*comes[stays.any(axis=1)].tolist(), *range(len(new), len(new) + len(staying))]),
        ),
    )


def _value_lines(
    values: list[dict[str, Any]],
    kept: np.ndarray,
    comes: np.ndarray,
    differs: Flags,
    stays: Flags,
    fresh: Flags,
    unchanged: Flags,
    names: Sequence[str],
) -> list[Line]:
    """Give position in the old table, what, field, old and new text of every value that differs."""
    found: list[Line] = []
    for row, at in np.argwhere(differs).tolist():
        name = names[at]
        was, now = (side[name][to[row]] for side, to in zip(values, (kept, comes)))
        what = CHANGED if not stays[row, at] else CONFLICT if fresh[row, at] else EDITED
        what = KEPT if unchanged[row, at] else what
        found.append((int(kept[row]), (what, name, _text(was), _text(now))))
    return found


def _digests(old: LayerTable, values: dict[str, Any], rows: np.ndarray) -> list[Digest]:
    """Give the digest of some rows as they stand in the workspace."""
    if not len(rows):
        return []
    return pack(old.spec, hashes(old.spec, {n: v[rows] for n, v in values.items()}, values[GEOMETRY][rows]))


def _marked(unread: Mapping[str, np.ndarray], names: Sequence[str], comes: np.ndarray, count: int) -> Flags:
    """Give, for each of the new rows at some positions, which values could not be read: shape (m, number of names)."""
    found = np.zeros((len(comes), len(names)), dtype=bool)
    for name, rows in unread.items():
        if name in names:
            cells = np.zeros(count, dtype=bool)
            cells[rows] = True
            found[:, names.index(name)] = cells[comes]
    return found


def _merged(
    old: LayerTable, new: LayerTable, kept: np.ndarray, comes: np.ndarray, stays: Flags, staying: np.ndarray
) -> LayerTable:
    """Give the rows to write: the new ones with old UUIDs and the edits that stay, then old ones that stay."""
    columns, geometry = new.columns.copy(), new.geometry.copy()
    named = old.columns["uuid"].notna().to_numpy()[kept]
    _put(columns, "uuid", comes[named], old.columns["uuid"].iloc[kept[named]])
    for at, name in enumerate(compared(new.spec)):
        rows = np.flatnonzero(stays[:, at])
        if not len(rows):
            continue
        if name == GEOMETRY:
            geometry[comes[rows]] = old.geometry[kept[rows]]
        else:
            _put(columns, name, comes[rows], old.columns[name].iloc[kept[rows]])
    if len(staying):
        columns = pd.concat([columns, old.columns[list(columns.columns)].iloc[staying]], ignore_index=True)
        geometry = np.concatenate([geometry, old.geometry[staying]])
    return LayerTable(new.spec, columns, geometry, new.set_aside)


def _put(columns: pd.DataFrame, name: str, rows: np.ndarray, cells: pd.Series) -> None:
    column = columns[name].copy()
    column.iloc[rows] = cells.to_numpy()
    columns[name] = column


def _named(lines: list[Line], uuids: Any, keys: list[str]) -> list[tuple[Any, ...]]:
    """Put UUID and key before each line, in the order of the rows."""
    lines.sort(key=lambda line: line[0])
    return [(uuids[at], _shown(keys[at]), *cells) for at, cells in lines]


def _shown(key: str) -> str:
    return " / ".join(filter(None, key.split(BETWEEN)))


def _frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(REPLACED_COLUMNS))


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(geopackage.shape(value).wkt) if isinstance(value, bytes) else str(value)


def _as_json(table: LayerTable, rows: np.ndarray) -> list[str]:
    """Give each of some rows as a JSON object of its filled fields and its well-known text."""
    columns = {item.name: plain(table.columns[item.name].iloc[rows], item) for item in table.spec.fields}
    columns["geometry"] = [None if shape is None else shape.wkt for shape in table.geometry[rows]]
    found = []
    for cells in zip(*columns.values()):
        words = {name: cell for name, cell in zip(columns, cells) if cell is not None}
        found.append(json.dumps(words, ensure_ascii=False))
    return found
