"""Look into an operator's file before importing it: what is in it, and which column would become which field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..layers.specs import SPECS
from ..text import Text
from .declaration import Job, Output, OutputKind
from .import_layer import JOB as IMPORT

if TYPE_CHECKING:
    from ..engine.context import RunContext
    from ..layers.reading.datum_decision import Decision
    from ..layers.reading.mapping import Mapping
    from ..layers.sources.raw_table import RawTable
    from ..layers.spec import LayerSpec
    from .importing.request import Request

SAMPLE_ROWS = 20


def _optional_kind() -> Any:
    from dataclasses import replace

    return replace(
        IMPORT.parameter("kind"),
        required=False,
        help=Text(
            "写入工作区的哪个图层；留空则按列名推荐。",
            "Which layer the rows would go to; empty: the best match is proposed.",
        ),
    )


JOB = Job(
    name="inspect_source",
    label=Text("查看源文件", "Inspect a source"),
    help=Text(
        "读取源文件并报告：图层或工作表、文字编码、表头、坐标系、字段对照建议和前 20 行。只写报告，不改动任何数据。",
        "Reads a file and reports its layers or sheets, encoding, headings, CRS, the proposed mapping of its columns and its first "
        "20 rows. Writes a report and changes no data.",
    ),
    step="data",
    parameters=(
        IMPORT.parameter("source"),
        IMPORT.parameter("layer"),
        _optional_kind(),
        IMPORT.parameter("datum"),
        IMPORT.parameter("encoding"),
        IMPORT.parameter("mapping"),
        IMPORT.parameter("recipe"),
    ),
    outputs=(Output("report", OutputKind.REPORT, Text("源文件报告", "Report on the source"), optional=True),),
    summary_keys=(
        *("layers", "layer", "format", "rows", "encoding", "source_crs", "header_row", "headings", "kind", "kinds"),
        *("mapping", "unmapped", "missing", "datum", "datum_evidence", "problems", "samples"),
    ),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read, match, and say what an import would do or refuse."""
    from ..errors import InputError
    from ..layers.html_report import Section, write_report
    from ..layers.reading.evidence import decide
    from ..layers.reading.heading_words import repeated_headings
    from ..layers.reading.mapping import check_complete, propose
    from ..layers.reading.positions import check_possible
    from ..layers.sources.raw_table import check_rows
    from ..layers.sources.read import layer_names, read_source
    from .importing.report import mapping_section, source_section
    from .importing.request import read_request
    from .importing.source import hash_of, source_of

    request = read_request(context)
    source = source_of(context)
    layers = layer_names(source)
    spec = request.spec
    summary: dict[str, Any] = dict.fromkeys(JOB.summary_keys)
    summary |= {"layers": list(layers), "kind": spec.name if spec else "", "kinds": {}, "problems": []}
    summary |= {"headings": [], "mapping": {}, "unmapped": [], "missing": [], "samples": []}
    context.progress(0.05, Text("读取源文件", "Reading the source"))
    try:
        raw = read_source(source, request.layer, request.encoding, spec)
    except InputError as refusal:
        if request.layer or len(layers) < 2:
            raise
        # The dialog asks which of them; that is no failure.
        return summary | {"problems": [_problem(refusal)]}
    summary["kinds"] = _kinds(raw)
    if spec is None and (best := _best(summary["kinds"])):
        spec = SPECS[best]
        raw = read_source(source, raw.layer or None, request.encoding, spec)
        summary["kind"] = best
    hash_of(context, source, raw)
    context.progress(0.7, Text("匹配字段", "Matching the columns"))
    summary |= _facts(raw)
    try:
        check_rows(raw)
    except InputError as refusal:  # nothing else that may be said of it helps
        return summary | {"problems": [_problem(refusal)]}
    if spec is None:
        return summary
    mapping = propose(raw.headings, spec, dict(request.orders.columns or {}), [not any(cells) for cells in raw.cells])
    summary["missing"] = [{"field": name, "label": spec.field(name).label} for name in mapping.missing(spec)]
    decision: Decision | None = None
    try:
        check_complete(mapping, spec, raw.name)
    except InputError as refusal:
        summary["problems"].append(_problem(refusal))
    try:
        decision = decide(raw, mapping, request.orders.datum, spec)
        check_possible(raw, mapping, decision, spec)
    except InputError as refusal:
        summary["problems"].append(_problem(refusal))
    summary |= _proposal(mapping, decision)
    repeated = repeated_headings(
        mapping, decision.pair if decision else None, decision is not None and decision.use_wkt
    )
    summary["notices"] = [*summary["notices"], *repeated]
    sections = [mapping_section(spec, summary["mapping"], summary["unmapped"], repeated)]
    if decision is not None:
        sections.insert(0, source_section(raw, decision, summary["source_crs"]))
    problems = [Text(item["zh"], item["en"]) for item in summary["problems"]]
    if problems:
        sections.append(Section(Text("需要您决定", "For you to decide"), cautions=problems))
    sections.append(_sample_section(raw))
    title = Text("源文件：{name}", "Source: {name}").filled(name=raw.name)
    write_report(context.output("report", "report.html"), title, sections)
    return summary


def read_as_some_layer(context: RunContext, request: Request) -> tuple[RawTable, LayerSpec]:
    """Read the source as the layer that is wanted, or else as the one whose columns fit best.

    Raises
    ------
    InputError
        No layer is stated, and none fits better than all others.
    """
    from ..errors import InputError
    from ..layers.sources.read import read_source
    from .importing.request import read_requested
    from .importing.source import hash_of, source_of

    source = source_of(context)
    raw = read_requested(context, source, request)
    if request.spec is not None:
        hash_of(context, source, raw)
        return raw, request.spec
    best = _best(_kinds(raw))
    if not best:
        raise InputError(
            Text(f"看不出 {raw.name} 是哪类数据。", f"What kind of data {raw.name} holds cannot be told."),
            Text("请选择数据类型（--kind）。", "State the kind of data (--kind)."),
        )
    raw = read_source(source, raw.layer or None, request.encoding, SPECS[best])
    hash_of(context, source, raw)
    return raw, SPECS[best]


def _problem(refusal: Any) -> dict[str, str]:
    return {language: refusal.in_language(language) for language in ("zh", "en")}


def _kinds(raw: RawTable) -> dict[str, int]:
    """Give the layers for which the file has all required columns, and how many of its columns fit each."""
    from ..layers.reading.headings import matches
    from ..layers.reading.mapping import propose

    found = {}
    for name, spec in SPECS.items():
        if propose(raw.headings, spec).is_served(spec):
            found[name] = matches(raw.headings, spec)
    return found


def _best(kinds: dict[str, int]) -> str:
    most = max(kinds.values(), default=0)
    fits = [name for name, score in kinds.items() if score == most]
    return fits[0] if len(fits) == 1 else ""


def _facts(raw: RawTable) -> dict[str, Any]:
    from ..layers.reading.datum_decision import crs_label

    return {
        "layer": raw.layer,
        "format": raw.format,
        "rows": len(raw),
        "encoding": raw.encoding,
        "source_crs": crs_label(raw.crs),
        "header_row": raw.header_row,
        "headings": list(raw.headings),
        "rows_above_header": [list(item) for item in raw.preamble],
        "notices": list(raw.notices),
        "samples": [
            {"row": int(raw.rows[at]), "cells": [str(cells[at]) for cells in raw.cells]}
            for at in range(min(SAMPLE_ROWS, len(raw)))
        ],
    }


def _proposal(mapping: Mapping, decision: Decision | None) -> dict[str, Any]:
    if decision is None:  # the pair that an import would look at, whatever its datum turns out to be
        pair, use_wkt = (mapping.pairs[0] if mapping.pairs else None), not mapping.pairs and mapping.wkt is not None
    else:
        pair, use_wkt = decision.pair, decision.use_wkt
    return {
        "mapping": mapping.as_json(pair, use_wkt),
        "unmapped": mapping.unmapped(pair, use_wkt),
        "datum": decision.datum if decision else "",
        "datum_evidence": decision.why if decision else None,
    }


def _sample_section(raw: RawTable) -> Any:
    from ..layers.html_report import Cell, Section
    from ..text import same

    rows: list[list[Cell]] = []
    for at in range(min(SAMPLE_ROWS, len(raw))):
        rows.append([int(raw.rows[at]), *(str(cells[at]) for cells in raw.cells)])
    headings = (Text("行号", "Row"), *(same(heading) for heading in raw.headings))
    return Section(Text("前 20 行", "First 20 rows"), headings=headings, rows=rows)
