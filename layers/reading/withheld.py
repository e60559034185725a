"""What a file holds but does not say: rows that were set aside, and cells that could not be read.

A newer edition must not take from the workspace what it only spells badly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..spec import LayerSpec
from ..table import LayerTable, Shapes
from .plausible import Issue
from .reasons import Reasons

Positions = npt.NDArray[np.int64]
_GEOMETRY = "geometry"
# These are no rows of data, or another row says the same, or the planner deleted the row in the workspace.
_NO_ROWS = frozenset(
    (
        *("total_row", "repeated_header", "unit_row", "note_row"),
        *("exact_duplicate", "duplicate", "in_workspace", "deleted_by_hand"),
    )
)


@dataclass(frozen=True)
class Withheld:
    """Rows and cells that the workspace keeps as they are.

    Attributes
    ----------
    rows : LayerTable
        Rows set aside for faults of their own, as far as they could be read.
    cells : mapping of str to numpy.ndarray of int64
        By field, or "geometry": positions in the source table of rows whose cell is not empty but could not be read.
    ordered : LayerTable or None
        Rows set aside for nothing but the planner's order: the workspace does not keep them.
    """

    rows: LayerTable
    cells: Mapping[str, Positions] = field(default_factory=dict)
    ordered: LayerTable | None = None

    def unread(self, positions: Positions) -> dict[str, Positions]:
        """Give `cells` as positions in a table whose rows stand at some ascending positions of the source table."""
        found = {name: np.flatnonzero(np.isin(positions, rows)) for name, rows in self.cells.items()}
        return {name: rows for name, rows in found.items() if len(rows)}

    def with_rows(self, more: LayerTable, codes: Sequence[str], ordered: npt.NDArray[np.bool_]) -> Withheld:
        """Add rows that were set aside later, each with the code of its reason and whether the planner ordered it."""
        wanted = np.array([code not in _NO_ROWS for code in codes], dtype=bool)
        return Withheld(
            _joined(self.rows, more, wanted & ~ordered), self.cells, _joined(self.ordered, more, wanted & ordered)
        )


def _joined(table: LayerTable | None, more: LayerTable, wanted: npt.NDArray[np.bool_]) -> LayerTable:
    """Give a table with some rows of another one behind its own."""
    columns, shapes = more.columns[wanted].reset_index(drop=True), more.geometry[wanted]
    if table is not None and len(table):
        columns = pd.concat([table.columns, columns], ignore_index=True)
        shapes = np.concatenate([table.geometry, shapes])
    return LayerTable(more.spec, columns, shapes)


def withhold(
    spec: LayerSpec,
    frame: pd.DataFrame,
    shapes: Shapes,
    aside: Reasons,
    issues: Iterable[Issue],
    silent: Mapping[str, npt.NDArray[np.bool_]],
) -> Withheld:
    """Tell what a conversion withholds.

    Parameters
    ----------
    frame, shapes : length n
        Every row of the source, as far as it could be read.
    aside : Reasons
    issues : iterable of Issue
        Cells that were emptied or changed, of any row.
    silent : mapping
        By field that another one tells: the rows in which the source says nothing of it, shape (n,).
    """
    named: dict[str, set[int]] = {}
    for at, name, *_ in issues:
        named.setdefault(name, set()).add(at)
    cells: dict[str, Positions] = {}
    for name, among in named.items():
        if name != _GEOMETRY and name not in frame:
            continue
        rows = np.array(sorted(among), dtype=np.int64)
        empty = shapely.is_missing(shapes[rows]) if name == _GEOMETRY else frame[name].iloc[rows].isna().to_numpy()
        if empty.any():
            cells[name] = rows[empty]
    for name, where in silent.items():  # what is not read tells no other field either
        rows = cells.get(spec.field(name).derived_from, np.zeros(0, dtype=np.int64))
        rows = rows[where[rows] & frame[name].iloc[rows].isna().to_numpy()]
        if len(rows):
            cells[name] = np.union1d(rows, cells.get(name, rows))
    unsure = {int(at) for name in spec.key if name in cells for at in cells[name]}  # perhaps no duplicate at all
    rows = np.array(
        [
            at
            for at, reasons in sorted(aside.by_row.items())
            if reasons[0].code not in _NO_ROWS or (reasons[0].code == "duplicate" and at in unsure)
        ],
        dtype=np.int64,
    )
    out = np.array([aside.is_ordered(at) for at in rows.tolist()], dtype=bool)
    kept, ordered = (
        LayerTable(spec, frame.iloc[part].reset_index(drop=True), shapes[part]) for part in (rows[~out], rows[out])
    )
    return Withheld(kept, cells, ordered)
