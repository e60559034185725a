"""Rows that the planner wants written without their place, which is in doubt while the rest of the row is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from ..findings.findings import Findings
from ..findings.kind import APPLY
from ..findings.treatments import RowTreatments, Treatments
from ..reading.accounts import CHANGE_COLUMNS
from ..reading.converted import Converted
from ..sources.raw_table import RawTable
from ..table import LayerTable

CODES = ("code_outside",)  # `apply` writes no place
_FIELD = "geometry"


def without_places(raw: RawTable, converted: Converted, findings: Findings, treatments: Treatments) -> Converted:
    """Take the places out of those rows of which the planner chose so; what stood there is kept as changed text.

    Parameters
    ----------
    raw : RawTable
    converted : Converted
    findings : Findings
        Of rows beside others and beside the counties; positions are those of the source table.
    treatments : Treatments
    """
    chosen = RowTreatments(treatments, raw.rows)
    wanted: dict[int, str] = {}
    for block in findings:
        if block.code in CODES and block.at is not None:
            where = block.at
            rows = where[chosen.where(block.code, where, APPLY)]
            wanted |= {int(at): block.code for at in rows}
    table = converted.table
    if not wanted or table.spec.geometry_required:
        return converted
    at = np.flatnonzero(np.isin(converted.positions, list(wanted)) & ~shapely.is_missing(table.geometry))
    geometry = table.geometry.copy()
    originals = [shape.wkt for shape in geometry[at]]
    geometry[at] = None
    changes = converted.changes
    if "uuid" in table.columns.columns:
        numbers = raw.rows[converted.positions[at]]
        codes = [wanted[position] for position in converted.positions[at].tolist()]
        more = pd.DataFrame(
            dict(
                zip(CHANGE_COLUMNS, (table.columns["uuid"].to_numpy(object)[at], numbers, _FIELD, codes, originals, ""))
            )
        )
        changes = pd.concat([changes, more], ignore_index=True) if len(changes) else more
    return replace(
        converted,
        table=LayerTable(table.spec, table.columns, geometry, table.set_aside),
        rows_without_place=int(shapely.is_missing(geometry).sum()),
        changes=changes,
    )
