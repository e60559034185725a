"""Rows that are written without a place because none is stated: told row by row, or once of a file without any."""

from __future__ import annotations

import numpy as np
import shapely

from ...text import NOTHING, Text
from ..findings.findings import Findings
from ..findings.kind import SET_ASIDE
from ..findings.treatments import RowTreatments
from ..sources.raw_table import RawTable
from ..spec import LayerSpec
from .datum_decision import Decision
from .judging import FIELD
from .positions import Located
from .reasons import Reasons

CODE = "without_place"
_WHY = Text("没有填写坐标", "no coordinates are stated")
_NO_COLUMNS = Text(
    "文件没有坐标列，各行均按无坐标写入；需要位置时请提供方补充坐标",
    "the file has no columns of coordinates, and all rows are written without a place; ask for them if needed",
)


def blank_places(
    raw: RawTable, decision: Decision, located: Located, aside: Reasons, treatments: RowTreatments
) -> np.ndarray:
    """Give the rows without coordinates, and set those aside that the planner does not want without a place.

    None are given of a file in which no row has a place: that is said once.

    Returns
    -------
    numpy.ndarray of int64, shape (m,)
        Positions; a row that another finding on its coordinates tells of is not among them.
    """
    missing = shapely.is_missing(located.geometry)
    if not _states_places(raw, decision) or missing.all():
        return np.zeros(0, dtype=np.int64)
    blank = missing.copy()
    blank[[issue[0] for issue in located.issues]] = False
    for block in located.findings:
        if block.at is not None and block.grave != "informs":  # another spelling of nothing does not tell of it
            blank[block.at] = False
    blank[list(aside.by_row)] = False
    rows = np.flatnonzero(blank)
    aside.add(rows[treatments.where(CODE, rows, SET_ASIDE)], CODE, NOTHING, FIELD, ordered=True)
    return rows


def note_blank_places(
    findings: Findings, raw: RawTable, spec: LayerSpec, decision: Decision, rows: np.ndarray, written: np.ndarray
) -> None:
    """Note the rows without coordinates that are written, or set aside for that alone.

    Parameters
    ----------
    rows : numpy.ndarray of int64, shape (m,)
        `blank_places`.
    written : numpy.ndarray of bool, shape (m,)
    """
    findings.add(CODE, rows[written], field=FIELD, why=_WHY)
    if not spec.geometry_required and len(raw) and not _states_places(raw, decision):
        findings.add(CODE, why=_NO_COLUMNS, severity="informs")


def _states_places(raw: RawTable, decision: Decision) -> bool:
    return raw.geometry is not None or decision.use_wkt or decision.pair is not None
