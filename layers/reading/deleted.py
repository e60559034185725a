"""Rows of a file that a planner deleted in the workspace: they come back only on the planner's word.

An edit of a planner's outlives a newer edition, and so does a deletion. The row is known by what the source last said
of it (`store.digests`): by its key fields. Where the source's rows were all deleted, its file starts afresh.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...text import Text
from ..findings.findings import Findings
from ..findings.kind import KEEP
from ..store.deleted import Deleted
from ..store.digests import GEOMETRY, compared, hashes, pack, unpack
from ..table import LayerTable
from .identity import row_keys, shown_key
from .stated import values_of

Positions = npt.NDArray[np.int64]


class Returning(NamedTuple):
    """Rows of a file that were deleted by hand.

    Attributes
    ----------
    at : shape (k,), int64
        Positions in the table, ascending.
    fids : list of int, length k
        Ids that the deleted rows had.
    changed : shape (k,), bool
        The file now says something else of the row than before.
    """

    at: Positions
    fids: list[int]
    changed: npt.NDArray[np.bool_]


def returning(table: LayerTable, deleted: Deleted, earlier: LayerTable | None) -> Returning:
    """Find the rows that would bring back what was deleted.

    Parameters
    ----------
    table : LayerTable
        Rows to write.
    deleted : Deleted
        What was deleted of this source.
    earlier : LayerTable or None
        The rows of this source that the workspace has.
    """
    spec = table.spec
    nothing = Returning(np.zeros(0, dtype=np.int64), [], np.zeros(0, dtype=bool))
    if not deleted.fids or not len(table) or not spec.key:
        return nothing
    there = set(row_keys(spec, earlier.columns)) if earlier is not None and len(earlier) else set()
    new = np.array([key not in there for key in row_keys(spec, table.columns)], dtype=bool)
    rows = np.flatnonzero(new)
    if not len(rows):
        return nothing
    names = compared(spec)
    places = [names.index(name) for name in spec.key]
    part = LayerTable(spec, table.columns.iloc[rows].reset_index(drop=True), table.geometry[rows])
    values = values_of(part, from_store=False)
    says = hashes(spec, values, values[GEOMETRY])
    was = {tuple(marks): at for at, marks in enumerate(unpack(spec, deleted.digests)[:, places].tolist()) if any(marks)}
    found = [(at, was[marks]) for at, marks in enumerate(map(tuple, says[:, places].tolist())) if marks in was]
    now = pack(spec, says[[at for at, _ in found]])
    return Returning(
        rows[[at for at, _ in found]] if found else nothing.at,
        [deleted.fids[of] for _, of in found],
        np.array([digest != deleted.digests[of] for digest, (_, of) in zip(now, found)], dtype=bool),
    )


def deleted_findings(table: LayerTable, positions: Positions, deleted: Deleted, earlier: LayerTable | None) -> Findings:
    """Give a finding for each row that was deleted by hand; parameters as `returning`.

    Parameters
    ----------
    positions : shape (n,), int64
        Of the rows of `table` in the source.
    """
    findings = Findings()
    found = returning(table, deleted, earlier)
    if not len(found.at):
        return findings
    if earlier is None or not len(earlier):
        count = len(deleted.fids)
        why = Text(
            f"该来源原有的 {count} 行已全部在 QGIS 中删除，按重新导入处理",
            f"all {count} rows of this source were deleted in QGIS; it is imported afresh",
        )
        findings.add("deleted_by_hand", why=why, severity="informs", treatment=KEEP)
        return findings
    same = Text(
        "该行在 QGIS 中被删除；文件中的取值与上次相同", "deleted in QGIS; the file says the same of it as before"
    )
    other = Text(
        "该行在 QGIS 中被删除；文件中的取值与上次不同，请核对",
        "deleted in QGIS; the file's values have changed since: look at them again",
    )
    findings.add(
        "deleted_by_hand",
        positions[found.at],
        values=[shown_key(key) for key in row_keys(table.spec, table.columns.iloc[found.at])],
        why=[other if changed else same for changed in found.changed],
    )
    return findings
