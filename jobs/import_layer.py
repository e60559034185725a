"""Bring one operator's file into the planning workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Fault
from ..layers.specs import SPECS
from ..text import Text, same
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from ..engine.context import RunContext
    from ..layers.sources.raw_table import RawTable
    from .importing.request import Request

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
                "CSV、TSV、XLSX/XLS/ODS、Shapefile、GeoJSON、GeoPackage、FileGDB、KML/KMZ、GPX、DXF、MapInfo、GeoParquet、VCT，"
                "装有这些文件的 ZIP，或数据库地址 postgresql://用户:密码@主机:端口/数据库。",
                "CSV, TSV, XLSX/XLS/ODS, Shapefile, GeoJSON, GeoPackage, FileGDB, KML/KMZ, GPX, DXF, MapInfo, GeoParquet, VCT, a ZIP "
                "of any of these, or a database: postgresql://user:password@host:port/database.",
            ),
            required=True,
            database=True,
        ),
        Parameter(
            "layer",
            ParameterKind.TEXT,
            Text("图层或工作表", "Layer or sheet"),
            Text(
                "文件含多个图层或工作表时填写其名称；数据库填“模式.表”。",
                "Its name, where the file has several; of a database schema.table.",
            ),
        ),
        Parameter(
            "kind",
            ParameterKind.CHOICE,
            Text("数据类型", "Kind of data"),
            Text(
                "写入工作区的哪个图层；采用处理方案时可不填。",
                "Which layer of the workspace the rows go to; a recipe says it by itself.",
            ),
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
            "treatments",
            ParameterKind.TEXT,
            Text("处理方式", "Treatments"),
            Text(
                "对各类问题的处理，写成“问题=处理”，以逗号分隔，例如 swapped=apply,exact_duplicate=apply；"
                "处理为 apply（按建议）、keep（保持原样）或 set_aside（搁置）。只对一行时写 swapped@row 12=apply，或按主键 swapped@key B001=apply。未写的按默认处理。",
                "What to do about each kind of finding: finding=action, separated by commas, such as "
                "swapped=apply,exact_duplicate=apply; an action is apply (as proposed), keep or set_aside. For one row: swapped@row 12=apply, or by its key swapped@key B001=apply. The rest follow their defaults.",
            ),
            advanced=True,
        ),
        Parameter(
            "recipe",
            ParameterKind.SOURCE,
            Text("处理方案", "Recipe"),
            Text(
                "以前导入同一来源时保存的方案（.toml）：按其读取和处理，不再询问；文件与方案不符时停止。",
                "A recipe (.toml) saved from an earlier file of this source: the file is read and treated by it without "
                "questions, and the import stops where the file differs.",
            ),
            advanced=True,
        ),
        Parameter(
            "edition_of",
            ParameterKind.TEXT,
            Text("更新哪份已有来源", "Newer edition of"),
            Text(
                "工作区中同一来源以前的文件名（如 移动站点_202606.csv）：本文件按主键更新其各行，报告新增、变更、删除和未变。"
                "留空则按文件名；采用处理方案时，若半数以上的主键与方案所据文件相同，自动视为其新版本。",
                "The name under which the workspace holds an earlier file of this source (such as stations_202606.csv): its rows are "
                "updated by key, and added, changed, removed and unchanged ones are told. Empty: by the file's own name; with a recipe, a file "
                "that shares at least half of the keys of the recipe's file is taken as its newer edition.",
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
            Text("同意替换过半的原有行", "Replace an earlier file of this name"),
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
        Output("merged", OutputKind.TABLE, Text("合并的行", "Rows merged"), optional=True),
        Output("replaced", OutputKind.TABLE, Text("替换的行", "Rows replaced"), optional=True),
        Output("findings", OutputKind.TABLE, Text("问题清单", "Findings")),
        Output(
            "finding_points",
            OutputKind.LAYER,
            Text("问题位置", "Where the faults lie"),
            geometry="Point",
            style="finding_points",
            verdict_field="severity",
            optional=True,
        ),
        Output("recipe", OutputKind.FILE, Text("处理方案", "Recipe")),
        Output("report", OutputKind.REPORT, Text("导入报告", "Import report")),
    ),
    summary_keys=(
        *("rows_in", "rows_out", "rows_set_aside", "rows_merged", "encoding", "source_crs", "datum", "mapping"),
        *("layer", "unmapped", "rows_without_place", "duplicates", "value_issues", "set_aside_by_reason"),
        *(
            "rows_replaced",
            "rows_added",
            "rows_changed",
            "rows_removed",
            "rows_unchanged",
            "rows_edited",
            "rows_in_conflict",
            "rows_kept",
            "values_kept",
            "derived",
            "findings",
            "findings_by_code",
            "datum_verdict",
        ),
    ),
)


def check(parameters: Mapping[str, Any]) -> list[Fault]:
    """Find what the declaration alone cannot: the kind of data is stated, or a recipe that states it."""
    if parameters.get("kind") or parameters.get("recipe"):
        return []
    remedy = Text("请用 --kind 说明，或用 --recipe 指定处理方案。", "State it with --kind, or name a --recipe.")
    return [Fault(Text("没有说明数据类型。", "The kind of data is not stated."), remedy, field="kind")]


def run(context: RunContext) -> dict[str, Any]:
    """Read and examine; compare with what is there; only then write."""
    from ..layers.sources.raw_table import check_rows
    from ..layers.store.workspace import LayerChangedError
    from .importing.request import read_request, read_requested
    from .importing.source import hash_of, source_of

    request = read_request(context)
    source = source_of(context)
    for attempt in range(_ATTEMPTS):
        context.progress(0.02, Text("读取源文件", "Reading the source"))
        raw = read_requested(context, source, request)
        check_rows(raw)
        raw.edition_of = context.parameters.get("edition_of") or ""
        sha256 = hash_of(context, source, raw)
        try:
            summary, notices = _examine_and_write(context, request, raw, sha256)
            break
        except LayerChangedError:  # another import came in between: its keys count, too
            if attempt + 1 == _ATTEMPTS:
                raise
    for notice, rows in notices:
        context.notice(notice, rows)
    return summary


def _examine_and_write(
    context: RunContext, request: Request, raw: RawTable, sha256: str
) -> tuple[dict[str, Any], list[tuple[Text, list[int]]]]:
    """Examine the rows against the workspace as it is now, and write them if it is still the same by then."""
    from pathlib import Path

    from ..layers.doctor.datum.taking import basis_of
    from ..layers.reading.deleted import returning
    from ..layers.reading.heading_words import repeated_headings
    from ..layers.reading.recipe import as_toml, check_findings
    from ..layers.reading.replacement import check_replacement
    from ..layers.store.workspace import Workspace, open_or_create
    from .importing.examine import compared_with, examine_edition, recipe_of
    from .importing.findings import write_findings
    from .importing.report import write_import_report, write_table
    from .importing.summary import import_notices, import_summary, run_note

    spec = SPECS[context["kind"]] if request.spec is None else request.spec
    target = Path(context["workspace"]).resolve()
    workspace = Workspace(target) if target.exists() else None
    changes = workspace.imports(spec) if workspace else 0
    step = context.part(0.35, 0.8, Text("检查并转换各行", "Examining and converting the rows"))
    diagnosis, known = examine_edition(raw, spec, request, workspace, step, strict=True)
    if request.recipe is not None:
        check_findings(request.recipe, diagnosis.findings, len(raw), raw.name)
    converted, decision = diagnosis.converted, diagnosis.decision
    if converted is None or decision is None:
        raise RuntimeError(f"{raw.name}: examined without rows and without a refusal")
    replaced = compared_with(workspace, diagnosis, request.orders.treatments)
    check_replacement(raw.source, replaced, bool(context.parameters.get("replace")))
    repeated = repeated_headings(diagnosis.columns, decision.pair, decision.use_wkt)
    summary = import_summary(diagnosis, converted, decision, replaced)
    notices = import_notices(diagnosis, converted, decision, replaced, repeated)

    context.progress(0.82, Text("写入报告", "Writing the report"))
    write_table(context.output("set_aside", "set_aside.csv"), converted.set_aside)
    write_table(context.output("value_issues", "value_issues.csv"), converted.value_issues)
    if len(converted.merged):
        write_table(context.output("merged", "merged.csv"), converted.merged)
    if len(replaced.frame):
        write_table(context.output("replaced", "replaced.csv"), replaced.frame)
    frame, _, _ = write_findings(context, diagnosis, request.orders.treatments)
    recipe = as_toml(recipe_of(diagnosis, request))
    context.output("recipe", "recipe.toml").write_text(recipe, encoding="utf-8")
    write_import_report(
        context.output("report", "report.html"),
        diagnosis,
        summary,
        replaced,
        repeated,
        frame=frame,
        request=request,
        stated_datum=context["datum"] or "auto",
    )
    context.progress(0.88, Text("写入工作区", "Writing the workspace"))
    note = run_note(raw, sha256, summary, recipe)
    note["datum_basis"] = basis_of(decision, diagnosis.verdict, request.orders.datum).as_json()
    forget = returning(converted.table, known.deleted, known.earlier).fids
    raw.cells = []  # of a million rows half a gigabyte, which SQLite's rows may have
    open_or_create(target).replace_rows(
        replaced.table or converted.table,
        history=note,
        expected_imports=changes,
        stated=replaced.stated,
        originals=converted.changes,
        forget=forget,
    )
    context.output("workspace", str(target))
    return summary, notices
