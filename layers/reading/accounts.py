"""Account for what a conversion did: findings on rows and cells, and the original text of what was changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...text import Text
from ..cells.values import Column
from ..columns import plain
from ..findings.catalogue import KINDS
from ..findings.findings import Findings
from ..findings.kind import KEEP, SET_ASIDE
from ..findings.treatments import Treatments
from ..sources.garbled import repaired
from ..sources.raw_table import RawTable
from ..spec import LayerSpec
from .judgements import JUDGED
from .judging import DOUBTFUL, MISPLACED, TWIN
from .plausible import Issue
from .positions import Located
from .reasons import Reason, Reasons

CHANGE_COLUMNS = ("uuid", "source_row", "field", "code", "original", "value")


class Reading(NamedTuple):
    """The cells of one field as they stand, and what was read from them."""

    texts: np.ndarray
    column: Column


def account(
    raw: RawTable,
    spec: LayerSpec,
    readings: AnyMapping[str, Reading],
    columns: AnyMapping[str, pd.Series],
    issues: Sequence[Issue],
    aside: Reasons,
    merged: AnyMapping[int, int],
    located: Located,
    judged: Findings,
    chosen: Treatments,
) -> Findings:
    """Give the findings of a conversion: spellings, cells that could not be read, rows set aside or merged.

    Parameters
    ----------
    readings : mapping
        Only fields with a cell that is spelt otherwise.
    columns : mapping
        Values by field, before any row was set aside.
    issues : sequence of Issue
        Cells of kept rows that were emptied or changed.
    merged : mapping of int to int
        Merged rows, and the rows that they went into, by position.
    judged : Findings
        Of the cells that only the planner can tell (`judgements.settle`).
    chosen : Treatments
        A row that is set aside although nobody chose that has no choice: its findings block.
    """
    findings = Findings()
    findings.extend(raw.findings)
    odd = np.zeros(len(raw), dtype=bool)
    odd[list(raw.odd)] = True
    for name, (texts, column) in readings.items():
        values = np.array(plain(columns[name], spec.field(name)), dtype=object)
        values[pd.isna(values)] = ""
        for code in dict.fromkeys(column.notes[column.notes != ""]):
            if code in JUDGED:
                continue
            rows = np.flatnonzero((column.notes == code) & ~odd)
            proposed = values[rows].astype(str).astype(object)
            findings.add(str(code), rows, field=name, values=texts[rows], proposed=proposed)
    findings.extend(judged)
    findings.extend(located.findings)
    said = {
        (block.code, int(at))
        for block in (*judged, *located.findings)
        for at in (block.at if block.at is not None else ())
    }
    # A doubtful correction tells what is wrong with the row, too.
    doubtful = [at for code, at in said if code in (DOUBTFUL, TWIN)]
    said |= {(code, at) for code in MISPLACED for at in doubtful}
    # A repair is told under its own reason; the general one is for what has no other.
    said |= {
        ("geometry_repaired", int(at))
        for block in findings
        if KINDS[block.code].group == "geometry" and block.at is not None
        for at in block.at
    }
    _issues(findings, issues, said)
    _aside(findings, aside, said, chosen)
    for at, into in merged.items():
        number = int(raw.rows[into])
        findings.add(
            "exact_duplicate",
            [at],
            why=Text(f"与第 {number} 行相同", f"the same as row {number}"),
            related=f"row {number}",
        )
    return findings


def _issues(findings: Findings, issues: Sequence[Issue], said: set[tuple[str, int]]) -> None:
    grouped: defaultdict[tuple[str, str], list[Issue]] = defaultdict(list)
    for issue in issues:
        if (issue[2], issue[0]) not in said:
            grouped[issue[2], issue[1]].append(issue)
    for (code, name), found in grouped.items():
        findings.add(
            _finding_code(code, name),
            [issue[0] for issue in found],
            field=name,
            values=[issue[4] for issue in found],
            **_OF_AN_EMPTIED_CELL if KINDS[_finding_code(code, name)].severity == "blocks" else {},
            proposed=[repaired(issue[4]) for issue in found] if code == "mixed_encoding" else "",
            why=[issue[3] for issue in found],
            confidence=_CONFIDENCE.get(code, 1.0),
        )


def _finding_code(code: str, field: str) -> str:
    return "leaves_china" if code == "outside_china" and field == "geometry" else code


_CONFIDENCE = {"mixed_units": 0.9}  # of what is a judgement of the column as a whole
# What blocks a row where a value is required leaves a cell empty where it is not; and the other way round.
_OF_AN_EMPTIED_CELL: dict[str, Any] = {"severity": "warns", "treatment": KEEP}
_OF_A_ROW: dict[str, Any] = {"severity": "blocks", "treatment": SET_ASIDE}


def _aside(findings: Findings, aside: Reasons, said: set[tuple[str, int]], chosen: Treatments) -> None:
    grouped: defaultdict[tuple[str, str], list[tuple[int, Reason]]] = defaultdict(list)
    for at in sorted(aside.by_row):
        for reason in aside.by_row[at]:
            if (reason.code, at) not in said:
                grouped[reason.code, reason.field].append((at, reason))
    for (code, name), found in grouped.items():
        findings.add(
            code,
            [at for at, _ in found],
            field=name,
            values=[reason.value for _, reason in found],
            why=[reason.detail for _, reason in found],
            related=[reason.related for _, reason in found],
            **{} if SET_ASIDE in (*KINDS[code].actions[:1], chosen.action(code)) else _OF_A_ROW,
        )


def changes(
    raw: RawTable,
    spec: LayerSpec,
    readings: AnyMapping[str, Reading],
    frame: pd.DataFrame,
    keep: np.ndarray,
    placed: Findings,
) -> pd.DataFrame:
    """Give the original text of every cell of a written row that was spelt otherwise or changed by a treatment.

    Returns
    -------
    pandas.DataFrame
        Columns `CHANGE_COLUMNS`, in the order of the fields and rows.
    """
    uuids = frame["uuid"].to_numpy(dtype=object)
    parts: list[tuple[np.ndarray, str, Any, np.ndarray, Any]] = []
    for name, (texts, column) in readings.items():
        at = np.flatnonzero((column.notes != "") & keep)
        values = np.array(plain(frame[name].iloc[at], spec.field(name)), dtype=object)
        other = values != texts[at]  # a doubtful value that was taken as it stands is no change
        parts.append((at[other], name, column.notes[at[other]], texts[at[other]], values[other]))
    for block in placed:
        if block.at is None:
            continue
        rows = np.asarray(block.at)
        proposed, originals = (np.broadcast_to(cells, len(rows)) for cells in (block.proposed, block.originals))
        done = keep[rows] & (proposed != "")
        if done.any():
            parts.append((rows[done], block.field or "geometry", block.code, originals[done], proposed[done]))
    frames = [
        pd.DataFrame(
            {
                "uuid": uuids[at],
                "source_row": raw.rows[at],
                "field": name,
                "code": code,
                "original": originals,
                "value": ["" if value is None else str(value) for value in values],
            }
        )
        for at, name, code, originals, values in parts
    ]
    return pd.concat(frames, ignore_index=True) if frames else no_changes()


def no_changes() -> pd.DataFrame:
    """Give an empty table of changes."""
    return pd.DataFrame(columns=list(CHANGE_COLUMNS))
