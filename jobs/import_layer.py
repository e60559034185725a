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
                'JSON 文件：{"源字段": "目标字段"}。留空则按别名匹配。',
                'JSON file {"source column": "target field"}. Empty: columns are matched by alias.',
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
        Output("report", OutputKind.REPORT, Text("导入报告", "Import report")),
    ),
    summary_keys=("rows_in", "rows_out", "rows_set_aside", "encoding", "source_crs", "datum", "mapping"),
)
