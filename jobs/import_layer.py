"""Bring one operator's file into the planning workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..layers.specs import SPECS
from ..text import Text, same
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from ..engine.context import RunContext

DATUMS = (
    Choice("auto", Text("自动（无依据时停止并说明）", "Automatic (stops where there is no evidence)")),
    Choice("wgs84", Text("WGS 84", "WGS 84")),
    Choice("cgcs2000", Text("CGCS2000", "CGCS2000")),
    Choice("gcj02", Text("GCJ-02（转换为 CGCS2000）", "GCJ-02 (converted to CGCS2000)")),
    Choice("bd09", Text("BD-09（转换为 CGCS2000）", "BD-09 (converted to CGCS2000)")),
)

ENCODINGS = tuple(
    Choice(value, Text("自动", "Automatic") if value == "auto" else same(value))
    for value in ("auto", "UTF-8", "GBK", "GB18030", "UTF-16", "BIG5")
)

JOB = Job(
    name="import_layer",
    label=Text("导入数据", "Import a layer"),
    help=Text(
        "读取运营商或部门提供的表格、Shapefile 等文件，按字段别名匹配后写入规划工作区。"
        "每一行要么写入，要么连同原因、行号和原文列入“搁置行”。GCJ-02/BD-09 坐标只在您指定时才转换。",
        "Reads a spreadsheet, Shapefile or other file as an operator sent it, matches its columns by their aliases and writes "
        "it to the planning workspace. Every row is either written, or set aside with its reason, row number and original "
        "text. GCJ-02 and BD-09 coordinates are converted only when you say so.",
    ),
    step="data",
    parameters=(
        Parameter(
            "source",
            ParameterKind.SOURCE,
            Text("源文件", "Source file"),
            Text(
                "CSV、TSV、XLSX、Shapefile、GeoJSON、GeoPackage、FileGDB 或 KML。",
                "CSV, TSV, XLSX, Shapefile, GeoJSON, GeoPackage, FileGDB or KML.",
            ),
            required=True,
        ),
        Parameter(
            "layer",
            ParameterKind.TEXT,
            Text("图层或工作表", "Layer or sheet"),
            Text("文件含多个图层或工作表时填写其名称。", "Its name, where the file has several."),
        ),
        Parameter(
            "kind",
            ParameterKind.CHOICE,
            Text("数据类型", "Kind of data"),
            Text("写入工作区的哪个图层。", "Which layer of the workspace the rows go to."),
            required=True,
            choices=tuple(Choice(spec.name, spec.label) for spec in SPECS.values()),
        ),
        Parameter(
            "datum",
            ParameterKind.CHOICE_OR_TEXT,
            Text("坐标基准", "Datum"),
            Text(
                "坐标实际所用的基准，或 EPSG 代码（如 EPSG:4527）。“自动”只接受文件中的明确依据，否则停止。",
                "The datum that the coordinates are really in, or an EPSG code such as EPSG:4527. “Automatic” accepts only "
                "clear evidence in the file and stops otherwise.",
            ),
            default="auto",
            choices=DATUMS,
        ),
        Parameter(
            "encoding",
            ParameterKind.CHOICE_OR_TEXT,
            Text("文字编码", "Encoding"),
            Text("“自动”先按 UTF-8，再按 GB18030 读取。", "“Automatic” tries UTF-8, then GB18030."),
            default="auto",
            choices=ENCODINGS,
            advanced=True,
        ),
        Parameter(
            "mapping",
            ParameterKind.SOURCE,
            Text("字段对照文件", "Field mapping file"),
            Text(
                'JSON 文件：{"源列": "字段、lon、lat 或 null", "=CMCC": "operator"}，后者为整份文件的常量。留空则按别名匹配。',
                'JSON file {"source column": "field, lon, lat or null", "=CMCC": "operator"}; the latter is one value for '
                "the whole file. Empty: columns are matched by alias.",
            ),
            advanced=True,
        ),
        Parameter(
            "workspace",
            ParameterKind.WORKSPACE_TARGET,
            Text("规划工作区", "Planning workspace"),
            Text("GeoPackage 文件，不存在时新建。", "A GeoPackage; made if it does not exist."),
            required=True,
        ),
    ),
    outputs=(
        Output("workspace", OutputKind.WORKSPACE, Text("规划工作区", "Planning workspace")),
        Output("set_aside", OutputKind.TABLE, Text("搁置行", "Rows set aside")),
        Output("value_issues", OutputKind.TABLE, Text("取值问题", "Values with an issue")),
        Output("report", OutputKind.REPORT, Text("导入报告", "Import report")),
    ),
    summary_keys=(
        *("rows_in", "rows_out", "rows_set_aside", "encoding", "source_crs", "datum", "mapping"),
        *("layer", "unmapped", "rows_without_place", "duplicates", "value_issues", "set_aside_by_reason"),
    ),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read, match, decide the datum, convert; only then write."""
    from pathlib import Path

    from ..layers.reading.evidence import crs_label, decide
    from ..layers.reading.importing import check_same_source, convert, taken_keys
    from ..layers.reading.mapping import check_complete, propose, read_mapping_file
    from ..layers.reading.source import read_source
    from ..layers.store.workspace import Workspace, open_or_create
    from ._import_report import write_import_report, write_table

    spec = SPECS[context["kind"]]
    path = context.read("source", Path(context["source"]))
    told = None
    if context["mapping"]:
        told = read_mapping_file(context.read("mapping", Path(context["mapping"])))
    context.progress(0.02, Text("读取源文件", "Reading the source"))
    raw = read_source(path, context["layer"] or None, context["encoding"] or "auto", spec)
    context.progress(0.3, Text("匹配字段", "Matching the columns"))
    mapping = propose(raw.headings, spec, told, [not any(cells) for cells in raw.cells])
    check_complete(mapping, spec, raw.name)
    decision = decide(raw, mapping, context["datum"] or "auto", spec)

    target = Path(context["workspace"]).resolve()
    others: dict[str, str] = {}
    own: set[str] = set()
    if target.exists():
        others, own = taken_keys(spec, Workspace(target).keys(spec), raw.name)
    step = context.part(0.35, 0.8, Text("转换并检查各行", "Converting and checking the rows"))
    converted = convert(raw, spec, mapping, decision, others, step)
    check_same_source(raw, converted, own)
    used = mapping.as_json(decision.pair, decision.use_wkt)
    reasons = converted.reasons
    summary: dict[str, Any] = {
        "rows_in": converted.rows_in,
        "rows_out": converted.rows_out,
        "rows_set_aside": len(converted.set_aside),
        "encoding": raw.encoding,
        "source_crs": crs_label(raw.crs),
        "datum": decision.datum,
        "mapping": used,
        "layer": raw.layer,
        "unmapped": mapping.unmapped(decision.pair, decision.use_wkt),
        "rows_without_place": converted.rows_without_place,
        "duplicates": reasons.get("duplicate", 0) + reasons.get("in_workspace", 0),
        "value_issues": len(converted.value_issues),
        "set_aside_by_reason": reasons,
        "datum_evidence": decision.why,
        "header_row": raw.header_row,
        "rows_above_header": [list(item) for item in raw.preamble],
        "blank_rows": raw.blank_rows,
    }
    for notice in (*raw.notices, *decision.notices):
        context.notice(notice)
    if len(converted.set_aside):
        rows = converted.set_aside["row"].tolist()
        context.notice(
            Text(f"{len(rows)} 行被搁置，原因见“搁置行”表。", f"{len(rows)} rows were set aside; the table says why."),
            rows[:1000],
        )

    context.progress(0.82, Text("写入报告", "Writing the report"))
    write_table(context.output("set_aside", "set_aside.csv"), converted.set_aside)
    write_table(context.output("value_issues", "value_issues.csv"), converted.value_issues)
    write_import_report(context.output("report", "report.html"), spec, raw, decision, converted, summary)
    context.progress(0.88, Text("写入工作区", "Writing the workspace"))
    note = {
        "source_file": raw.name,
        "sha256": _sha256(path),
        "datum": decision.datum,
        "mapping": used,
        **{key: summary[key] for key in ("rows_in", "rows_out", "rows_set_aside")},
    }
    open_or_create(target).replace_rows(converted.table, history=note)
    context.output("workspace", str(target))
    return summary


def _sha256(path: Any) -> str:
    """Give the SHA-256 of a file, or of a folder's files one after the other."""
    import hashlib

    whole = hashlib.sha256()
    for part in sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else (path,):
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()
