"""Run the checks of a bureau on a package, ours or anybody's, before it is handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..text import Text
from .declaration import Job, Output, OutputKind, Parameter, ParameterKind
from .delivery_package import PROFILES

if TYPE_CHECKING:
    from ..engine.context import RunContext

JOB = Job(
    name="check_package",
    label=Text("检查成果包", "Check a package"),
    help=Text(
        "按成果规格检查成果包：坐标系、图层、字段、代码、必填和范围、标识码、行政区代码与位置、图形和拓扑、规划范围、各格式是否一致、"
        "面积和长度，一次列出全部问题、所在要素和处理办法。本软件和其他软件生成的成果都可检查：文件夹、ZIP、FileGDB、GeoPackage、"
        "Shapefile、GeoJSON、VCT。没有条件检查的项目写明无法判断。检查通过不表示符合任何数据标准。",
        "Holds a package against a delivery profile: CRS, layers, fields, codes, mandatory values and ranges, feature numbers, "
        "region codes against the place, geometry and topology, planning boundary, agreement of the formats, areas and lengths. "
        "Every fault at once, with its feature and the way to mend it. Packages of this and any other software: a folder, "
        "ZIP, FileGDB, GeoPackage, Shapefiles, GeoJSON or VCT. What could not be checked is said. Passing is no conformance with "
        "any standard.",
    ),
    step="deliver",
    parameters=(
        Parameter(
            "source",
            ParameterKind.SOURCE,
            Text("成果包", "Package"),
            Text(
                "成果包的文件夹或 ZIP，或单个 GDB、GPKG、SHP、GeoJSON、VCT。",
                "Folder or ZIP of the package, or a single GDB, GPKG, SHP, GeoJSON or VCT.",
            ),
            required=True,
        ),
        Parameter(
            "profile",
            ParameterKind.CHOICE_OR_TEXT,
            Text("成果规格", "Delivery profile"),
            Text(
                "随附规格的名称，或规格文件（.toml）的路径；规格列出要做的检查、级别和阈值。",
                "Name of a shipped profile, or path of a profile (.toml); it lists the checks with levels and thresholds.",
            ),
            required=True,
            choices=PROFILES,
        ),
        Parameter(
            "workspace",
            ParameterKind.WORKSPACE,
            Text("规划工作区", "Planning workspace"),
            Text(
                "可选。用其中的行政区界线核对行政区代码。",
                "Optional. Its administrative units are held against region codes.",
            ),
        ),
        Parameter(
            "regions",
            ParameterKind.LAYER,
            Text("行政区图层", "Administrative units"),
            Text(
                "可选。行政区界线，任意文件；留空则用工作区中的行政区。",
                "Optional. Boundaries of administrative units, any file; empty means those of the workspace.",
            ),
            layer="admin_units",
        ),
        Parameter(
            "boundary",
            ParameterKind.LAYER,
            Text("规划范围图层", "Planning boundary"),
            Text(
                "可选。规划范围的面；给出时检查要素是否超出范围。",
                "Optional. Polygons of the planning area; what lies outside is found.",
            ),
        ),
    ),
    outputs=(
        Output("check_issue", OutputKind.LAYER, Text("检查问题", "Findings"), "Point", "check_issue", "level"),
        Output(
            "check_line",
            OutputKind.LAYER,
            Text("问题所在的线", "Lines of the findings"),
            "MultiLineString",
            "check_line",
            "level",
            optional=True,
        ),
        Output(
            "check_place",
            OutputKind.LAYER,
            Text("问题所在的面", "Areas of the findings"),
            "MultiPolygon",
            "check_place",
            "level",
            optional=True,
        ),
        Output("report", OutputKind.REPORT, Text("检查报告", "Check report")),
        Output("table", OutputKind.TABLE, Text("检查记录表", "Error records")),
    ),
    summary_keys=("profile", "layers", "features", "findings", "rules", "rules_run", "rules_not_run"),
)


def run(context: RunContext) -> dict[str, Any]:
    """Read the package, run every check of the profile, write page, records and layers."""
    from pathlib import Path

    from ..layers.delivery.checking import report
    from ..layers.delivery.checking.files import opened
    from ..layers.delivery.profile.file import is_file, read_profile
    from .delivery.checking import against_of, check_files, summary_of

    stated = context["profile"]
    if is_file(stated) and Path(stated).is_file():
        context.read("profile", Path(stated))
    profile = read_profile(stated)
    source = Path(context["source"])
    if source.is_file():
        context.read("source", source)
    against = against_of(context, profile)
    with opened(source) as files:
        for path, _ in files.data:
            if path.is_file() and source.is_dir():
                context.read(f"source: {files.name(path)}", path)
        checked = check_files(context, files, profile, against, 0.05, 0.9)
    checked.package.name = source.stem if source.is_file() else source.name
    context.progress(0.92, Text("写检查报告", "Writing the report"))
    report.write_page(context.output("report", "check_report.html"), checked)
    report.write_records(context.output("table", "check.csv"), checked)
    result = context.folder / "result.gpkg"
    for name in report.write_layers(result, checked):
        context.output(name, f"result.gpkg|layername={name}")
    return {"profile": profile.name, **summary_of(checked)}
