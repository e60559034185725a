"""What a diagnosis leaves behind: the table of findings, their places, the figures of the summary."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ...text import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ...engine.context import RunContext
    from ...layers.doctor.datum.verdict import Candidate
    from ...layers.doctor.diagnosis import Diagnosis
    from ...layers.findings.treatments import Treatments


def findings_summary(diagnosis: Diagnosis) -> dict[str, Any]:
    """Give the counts of the findings, and what the evidence says of the datum."""
    from .datum_shift import datum_shift_m

    verdict = diagnosis.verdict
    return {
        "findings": diagnosis.findings.by_severity(),
        "findings_stopping": diagnosis.findings.stopping(),
        "findings_by_code": diagnosis.findings.counts(),
        "datum_verdict": verdict.decision if verdict is not None else "",
        "datum_borne_out": verdict.labelled if verdict is not None and verdict.bears_out_label else "",
        "datum_proposed": verdict.datum if verdict is not None else "",
        "datum_hypotheses": [_as_json(item) for item in verdict.hypotheses] if verdict is not None else [],
        "datum_helps": list(verdict.helps) if verdict is not None else [],
        "datum_residual_before_m": _number(verdict.before_m) if verdict is not None else None,
        "datum_residual_after_m": _number(verdict.after_m) if verdict is not None else None,
        "datum_shift_m": datum_shift_m(diagnosis),
        "datum_evidence_lead": verdict.lead if verdict is not None else None,
        "datum_evidence_weighed": verdict.why if verdict is not None else None,
        "datum_evidence_details": verdict.details if verdict is not None else None,
    }


def _as_json(candidate: Candidate) -> dict[str, Any]:
    words = {"name": candidate.name, "label": candidate.label, "likelihood": round(candidate.likelihood, 6)}
    counts = {name: getattr(candidate, name) for name in ("rows_for", "rows_against", "rows_judged")}
    residual, share = _number(candidate.median_residual_m), _number(candidate.share_inside)
    return words | counts | {"median_residual_m": residual, "share_inside": share}


def _number(value: float) -> float | None:
    """Give a number for JSON, which has no NaN."""
    return None if math.isnan(value) else round(value, 3)


def write_findings(
    context: RunContext, diagnosis: Diagnosis, treatments: Treatments
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Write the table of findings and, for the map, their layer; give both, and the places of the latter."""
    import numpy as np

    from ...layers.findings.table import as_frame, as_points
    from ...layers.store.results import write_layer
    from .report import write_table

    raw = diagnosis.raw
    frame = as_frame(diagnosis.findings, raw.rows, treatments)
    write_table(context.output("findings", "findings.csv"), frame)
    places = diagnosis.converted.places if diagnosis.converted else np.full((len(raw), 2), np.nan)
    columns, lon, lat = as_points(diagnosis.findings, raw.rows, places, treatments, _titles(diagnosis))
    if len(columns):
        path = context.output("finding_points", "result.gpkg")
        write_layer(path, "finding_points", columns, (lon, lat), "Point", aliases=POINT_ALIASES)
    return frame, columns, np.column_stack((lon, lat))


def _titles(diagnosis: Diagnosis) -> np.ndarray | None:
    """Give the names of the rows as they stand in the file; None where no column is read as one."""
    column = diagnosis.columns.fields.get(diagnosis.spec.title)
    return None if column is None else diagnosis.raw.cells[column]


POINT_ALIASES = {
    "severity": Text("程度", "Severity"),
    "code": Text("问题代码", "Code"),
    "finding_zh": Text("问题", "Finding (Chinese)"),
    "finding_en": Text("问题（英文）", "Finding"),
    "row": Text("行号", "Row"),
    "title": Text("名称", "Name"),
    "field": Text("字段", "Field"),
    "value": Text("原值", "Value"),
    "proposed": Text("建议值", "Proposed"),
    "why_zh": Text("依据", "Why (Chinese)"),
    "why_en": Text("依据（英文）", "Why"),
    "treatment": Text("处理方式", "Treatment"),
    "confidence": Text("建议的把握", "Confidence"),
    "related": Text("相关对象", "Related"),
}
