"""Examine an operator's file completely, and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text
from .declaration import Job, Output, OutputKind
from .import_layer import JOB as IMPORT
from .inspect_source import JOB as INSPECT

if TYPE_CHECKING:
    from ..engine.context import RunContext
    from ..layers.doctor.diagnosis import Diagnosis


def _optional_workspace() -> Any:
    from dataclasses import replace

    from .declaration import ParameterKind

    return replace(
        IMPORT.parameter("workspace"),
        kind=ParameterKind.WORKSPACE,
        required=False,
        help=Text(
            "已导入数据的工作区：其中的县界、行政村、站点等用来核对坐标基准、代码和重复。可留空。",
            "A workspace with data that is already imported: its counties, villages and stations are what datum, codes and "
            "duplicates are checked against. May be left empty.",
        ),
    )


JOB = Job(
    name="diagnose",
    label=Text("诊断数据", "Diagnose a file"),
    help=Text(
        "完整检查一份文件：编码、表头、取值、坐标基准、重复与代码、几何。逐条给出行号、原值、依据、建议处理和把握，"
        "并说明按当前选择导入会写入、搁置、合并多少行。只写报告，不改动任何数据。",
        "Examines a file completely: encoding, headings, values, datum, duplicates and codes, geometry. Every finding has its "
        "rows, value, evidence, proposed treatment and confidence; and it says how many rows an import would write, set aside "
        "and merge. Writes a report and changes no data.",
    ),
    step="data",
    parameters=(
        IMPORT.parameter("source"),
        IMPORT.parameter("layer"),
        INSPECT.parameter("kind"),
        IMPORT.parameter("datum"),
        IMPORT.parameter("encoding"),
        IMPORT.parameter("mapping"),
        IMPORT.parameter("treatments"),
        IMPORT.parameter("recipe"),
        IMPORT.parameter("edition_of"),
        _optional_workspace(),
    ),
    outputs=(
        *(output for output in IMPORT.outputs if output.name in ("findings", "finding_points", "recipe")),
        Output("report", OutputKind.REPORT, Text("诊断报告", "Diagnosis")),
    ),
    summary_keys=(
        *(
            "rows_in",
            "rows_out",
            "rows_set_aside",
            "rows_merged",
            "findings",
            "findings_by_code",
            "set_aside_by_reason",
        ),
        *("kind", "layer", "format", "encoding", "source_crs", "header_row", "mapping", "unmapped"),
        *(
            "datum",
            "datum_verdict",
            "datum_hypotheses",
            "datum_evidence",
            "datum_evidence_lead",
            "datum_evidence_weighed",
            "datum_evidence_details",
            "datum_residual_before_m",
        ),
        *("datum_shift_m", "datum_residual_after_m", "problems"),
    ),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read, examine, report."""
    from pathlib import Path

    from ..layers.reading.recipe import as_toml
    from ..layers.sources.raw_table import check_rows
    from ..layers.store.workspace import Workspace
    from .importing.diagnosis_report import write_diagnosis_report
    from .importing.examine import compared_with, examine_edition, recipe_of
    from .importing.findings import write_findings
    from .importing.rechosen import choices_before, rows_rechosen
    from .importing.request import read_request
    from .inspect_source import read_as_some_layer

    request = read_request(context)
    context.progress(0.02, Text("读取源文件", "Reading the source"))
    raw, spec = read_as_some_layer(context, request)
    check_rows(raw)
    raw.edition_of = context.parameters.get("edition_of") or ""
    workspace = None
    if context["workspace"]:
        context.progress(0.2, Text("读取工作区", "Reading the workspace"))
        workspace = Workspace(context.read("workspace", Path(context["workspace"])))
    step = context.part(0.25, 0.85, Text("检查各行", "Examining the rows"))
    diagnosis, known = examine_edition(raw, spec, request, workspace, step, strict=False)
    context.progress(0.88, Text("写入报告", "Writing the report"))
    treatments = request.orders.treatments
    summary = _summary(diagnosis)
    if diagnosis.converted is not None and known.earlier is not None and len(known.earlier):
        summary |= compared_with(workspace, diagnosis, treatments).counts()
        summary["rows_rechosen"] = rows_rechosen(diagnosis, treatments, workspace)
        summary["choices_before"] = choices_before(diagnosis, workspace)
    frame, points, where = write_findings(context, diagnosis, treatments)
    context.output("recipe", "recipe.toml").write_text(as_toml(recipe_of(diagnosis, request)), encoding="utf-8")
    write_diagnosis_report(context.output("report", "report.html"), diagnosis, frame, points, where, summary)
    for problem in diagnosis.refusals:
        context.notice(Text(problem.in_language("zh"), problem.in_language("en")))
    return summary


def _summary(diagnosis: Diagnosis) -> dict[str, Any]:
    from ..layers.reading.datum_decision import crs_label
    from .importing.findings import findings_summary

    raw, converted, decision = diagnosis.raw, diagnosis.converted, diagnosis.decision
    shown = decision or diagnosis.assumed
    pair, use_wkt = (shown.pair, shown.use_wkt) if shown else (None, False)
    return {
        "rows_in": len(raw),
        "rows_out": converted.rows_out if converted else None,
        "rows_set_aside": len(converted.set_aside) if converted else None,
        "rows_merged": len(converted.merged) if converted else None,
        **findings_summary(diagnosis),
        "set_aside_by_reason": converted.reasons if converted else {},
        "kind": diagnosis.spec.name,
        "layer": raw.layer,
        "format": raw.format,
        "encoding": raw.encoding,
        "source_crs": crs_label(raw.crs),
        "header_row": raw.header_row,
        "mapping": diagnosis.columns.as_json(pair, use_wkt),
        "unmapped": diagnosis.columns.unmapped(pair, use_wkt),
        "datum": decision.datum if decision else "",
        "datum_evidence": decision.why if decision else None,
        "problems": [
            {language: problem.in_language(language) for language in ("zh", "en")} for problem in diagnosis.refusals
        ],
    }
