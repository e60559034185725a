"""Bring one operator's file into the planning workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..layers.specs import SPECS
from ..text import Text, same
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from ..engine.context import RunContext
    from ..layers.reading.evidence import Decision
    from ..layers.reading.importing import Converted
    from ..layers.reading.mapping import Mapping
    from ..layers.reading.raw_table import RawTable
    from ..layers.reading.replacing import Replacement
    from ..layers.spec import LayerSpec

_ATTEMPTS = 20

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
        Parameter(
            "replace",
            ParameterKind.FLAG,
            Text("替换同名来源", "Replace an earlier file of this name"),
            Text(
                "工作区中已有同名文件的数据、且本次导入会删除其中一半以上的行时，确认这是新版本并替换；否则停止。",
                "Where the workspace holds rows of a file of this name and more than half of them would be deleted: "
                "confirms that this is a newer edition that replaces them. Otherwise the import stops.",
            ),
            default=False,
            advanced=True,
        ),
    ),
    outputs=(
        Output("workspace", OutputKind.WORKSPACE, Text("规划工作区", "Planning workspace")),
        Output("set_aside", OutputKind.TABLE, Text("搁置行", "Rows set aside")),
        Output("value_issues", OutputKind.TABLE, Text("取值问题", "Values with an issue")),
        Output("replaced", OutputKind.TABLE, Text("替换的行", "Rows replaced"), optional=True),
        Output("report", OutputKind.REPORT, Text("导入报告", "Import report")),
    ),
    summary_keys=(
        *("rows_in", "rows_out", "rows_set_aside", "encoding", "source_crs", "datum", "mapping"),
        *("layer", "unmapped", "rows_without_place", "duplicates", "value_issues", "set_aside_by_reason"),
        *("rows_replaced", "rows_changed", "rows_removed", "derived"),
    ),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read, match, decide the datum, convert, compare with what is there; only then write."""
    from pathlib import Path

    from ..layers.reading.evidence import decide
    from ..layers.reading.mapping import check_complete, propose, read_mapping_file
    from ..layers.reading.raw_table import check_rows
    from ..layers.reading.source import read_source
    from ..layers.store.workspace import LayerChangedError

    _check_words(context)
    spec = SPECS[context["kind"]]
    path = context.read("source", Path(context["source"]))
    told = None
    if context["mapping"]:
        told = read_mapping_file(context.read("mapping", Path(context["mapping"])))
    context.progress(0.02, Text("读取源文件", "Reading the source"))
    raw = read_source(path, context["layer"] or None, context["encoding"] or "auto", spec)
    check_rows(raw)
    context.progress(0.3, Text("匹配字段", "Matching the columns"))
    mapping = propose(raw.headings, spec, told, [not any(cells) for cells in raw.cells])
    check_complete(mapping, spec, raw.name)
    decision = decide(raw, mapping, context["datum"] or "auto", spec)
    sha256 = _sha256(path)
    for attempt in range(_ATTEMPTS):
        try:
            summary, notices = _convert_and_write(context, spec, raw, mapping, decision, sha256)
            break
        except LayerChangedError:  # another import came in between: its keys count, too
            if attempt + 1 == _ATTEMPTS:
                raise
    for notice, rows in notices:
        context.notice(notice, rows)
    return summary


def _check_words(context: RunContext) -> None:
    """Tell a wrong datum or encoding before the work begins."""
    from ..layers.datum import crs_by_code
    from ..layers.reading.encoding import codec_name
    from ..layers.reading.evidence import normalise

    datum, encoding = normalise(context["datum"] or "auto"), context["encoding"] or "auto"
    if datum.startswith("EPSG:"):
        crs_by_code(datum)
    if encoding != "auto":
        codec_name(encoding)


def _convert_and_write(
    context: RunContext, spec: LayerSpec, raw: RawTable, mapping: Mapping, decision: Decision, sha256: str
) -> tuple[dict[str, Any], list[tuple[Text, list[int]]]]:
    """Convert the rows against the workspace as it is now, and write them if it is still the same by then."""
    from pathlib import Path

    from ..engine.versions import plugin_version
    from ..layers.reading.heading_words import repeated_headings
    from ..layers.reading.importing import convert
    from ..layers.reading.replacing import check_replacement, compare, taken_keys
    from ..layers.store.workspace import Workspace, open_or_create
    from ..layers.store.workspace_schema import SCHEMA_VERSION
    from ..layers.table import LayerTable
    from ._import_report import write_import_report, write_table

    target = Path(context["workspace"]).resolve()
    others: dict[str, str] = {}
    changes = 0
    earlier: LayerTable | None = None
    if target.exists():
        workspace = Workspace(target)
        changes = workspace.changes(spec)
        others = taken_keys(spec, workspace.keys(spec), raw.name)
        earlier = workspace.rows_of(spec, raw.name)
    step = context.part(0.35, 0.8, Text("转换并检查各行", "Converting and checking the rows"))
    converted = convert(raw, spec, mapping, decision, others, step)
    replaced = compare(converted.table.empty() if earlier is None else earlier, converted.table)
    check_replacement(raw.name, replaced, bool(context.parameters.get("replace")))
    repeated = repeated_headings(mapping, decision.pair, decision.use_wkt)
    summary = _summary(raw, mapping, decision, converted, replaced)
    aside = converted.set_aside["row"].tolist()
    notices: list[tuple[Text, list[int]]] = [
        (notice, []) for notice in (*raw.notices, *repeated, *decision.notices, *converted.notices)
    ]
    notices += [(notice, []) for notice in _replacement_notice(raw.name, replaced)]
    if aside:
        words = Text(
            f"{len(aside)} 行被搁置，原因见“搁置行”表。", f"{len(aside)} rows were set aside; the table says why."
        )
        notices.append((words, aside[:1000]))

    context.progress(0.82, Text("写入报告", "Writing the report"))
    write_table(context.output("set_aside", "set_aside.csv"), converted.set_aside)
    write_table(context.output("value_issues", "value_issues.csv"), converted.value_issues)
    if len(replaced.frame):
        write_table(context.output("replaced", "replaced.csv"), replaced.frame)
    write_import_report(
        context.output("report", "report.html"), spec, raw, decision, converted, summary, replaced, repeated
    )
    context.progress(0.88, Text("写入工作区", "Writing the workspace"))
    note = {
        "source_file": raw.name,
        "sha256": sha256,
        "versions": {"plugin": plugin_version(), "schema": SCHEMA_VERSION},
        **{key: summary[key] for key in ("datum", "mapping", "rows_in", "rows_out", "rows_set_aside")},
        **{key: summary[key] for key in ("rows_changed", "rows_removed")},
    }
    open_or_create(target).replace_rows(converted.table, history=note, changes=changes)
    context.output("workspace", str(target))
    return summary, notices


def _summary(
    raw: RawTable, mapping: Mapping, decision: Decision, converted: Converted, replaced: Replacement
) -> dict[str, Any]:
    from ..layers.reading.evidence import crs_label

    spec, reasons = converted.table.spec, converted.reasons
    used = mapping.as_json(decision.pair, decision.use_wkt)
    for name in converted.derived:
        column = mapping.fields.get(spec.field(name).derived_from)
        used[f"derived:{'' if column is None else raw.headings[column]}"] = name
    return {
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
        "rows_replaced": replaced.replaced,
        "rows_changed": replaced.changed,
        "rows_removed": replaced.removed,
        "derived": converted.derived,
        "datum_evidence": decision.why,
        "header_row": raw.header_row,
        "rows_above_header": [list(item) for item in raw.preamble],
        "blank_rows": raw.blank_rows,
    }


def _replacement_notice(name: str, replaced: Replacement) -> list[Text]:
    if not replaced.changed and not replaced.removed:
        return []
    return [
        Text(
            f"工作区中原有来自“{name}”的 {replaced.before} 行：{replaced.changed} 行的取值或位置已被本次导入覆盖，"
            f"{replaced.removed} 行已删除。原值见“替换的行”表。",
            f"The workspace held {replaced.before} rows of “{name}”: in {replaced.changed} this import overwrote values "
            f"or places, and {replaced.removed} it deleted. The table of rows replaced has what stood there.",
        )
    ]


def _sha256(path: Any) -> str:
    """Give the SHA-256 of a file, or of a folder's files one after the other."""
    import hashlib

    whole = hashlib.sha256()
    for part in sorted(item for item in path.rglob("*") if item.is_file()) if path.is_dir() else (path,):
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()
