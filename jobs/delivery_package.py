"""Write the planning layers for the bureau, with a check report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..layers.specs import SPECS
from ..text import Text
from .declaration import Choice, Job, Output, OutputKind, Parameter, ParameterKind

if TYPE_CHECKING:
    from ..engine.context import RunContext
    from ..errors import InputError
    from ..layers.delivery.checks import CheckedLayer
    from ..layers.delivery.findings import Finding
    from ..layers.store.workspace import Workspace

FORMATS = (
    Choice("gpkg", Text("GeoPackage", "GeoPackage")),
    Choice("gdb", Text("FileGDB", "FileGDB")),
    Choice("shp", Text("Shapefile", "Shapefile")),
    Choice("geojson", Text("GeoJSON", "GeoJSON")),
    Choice("csv", Text("属性表（CSV）", "Attribute tables (CSV)")),
    Choice("xlsx", Text("属性表（XLSX）", "Attribute tables (XLSX)")),
    Choice("vct", Text("VCT", "VCT")),
    Choice("txt", Text("界址点坐标（TXT）", "Coordinates of plots (TXT)")),
    Choice("ofds", Text("光缆网数据（OFDS JSON）", "Fibre network (OFDS JSON)")),
)
GENERIC = "generic"
PROFILES = (
    Choice(GENERIC, Text("通用成果包", "Plain package")),
    Choice("municipal", Text("市级总规·全域", "Municipal plan, whole territory")),
    Choice("central-urban", Text("中心城区、详规、村庄规划", "Central urban, detailed and village plans")),
    Choice("permit", Text("规划许可阶段", "Permit stage")),
    Choice("landuse3-vct", Text("VCT 3.0", "VCT 3.0")),
)
COORDINATE_SYSTEMS = (
    Choice("4490", Text("CGCS2000 经纬度", "CGCS2000 longitude, latitude")),
    Choice(
        "zone",
        Text("CGCS2000 三度带（按数据选带，加带号）", "CGCS2000 3° zone (chosen from the data, with zone number)"),
    ),
    Choice(
        "zone-no-prefix",
        Text("CGCS2000 三度带（按数据选带，不加带号）", "CGCS2000 3° zone (chosen from the data, no zone number)"),
    ),
)

JOB = Job(
    name="delivery_package",
    label=Text("生成成果包", "Delivery package"),
    help=Text(
        "按成果规格把工作区图层写成 CGCS2000 的 GeoPackage、FileGDB、Shapefile、GeoJSON 和属性表，修复无效图形，"
        "并检查必填字段、代码、重复和空图形。不能交付的要素逐个列出原因。标识码登记在工作区旁的 .bsm.csv 中，"
        "再次交付时不变；复制工作区时请一并复制。本包不表示符合任何数据标准，请与接收单位核对。",
        "Writes layers of the workspace by a delivery profile as GeoPackage, FileGDB, Shapefile, GeoJSON and attribute "
        "tables in CGCS2000, mends invalid geometries and checks mandatory fields, codes, duplicates and missing "
        "geometries. Features that cannot be handed in are listed with the reason. Feature numbers stand in a .bsm.csv "
        "beside the workspace and stay the same at the next hand-in: copy it along. The package claims no conformance "
        "with any data standard: ask the receiving bureau.",
    ),
    step="deliver",
    parameters=(
        Parameter(
            "workspace",
            ParameterKind.WORKSPACE,
            Text("规划工作区", "Planning workspace"),
            Text("要交付的数据所在的工作区。", "The workspace that holds the data."),
            required=True,
        ),
        Parameter(
            "profile",
            ParameterKind.CHOICE_OR_TEXT,
            Text("成果规格", "Delivery profile"),
            Text(
                "随附规格的名称，或规格文件（.toml）的路径；规格写明图层、字段、代码和命名。",
                "Name of a shipped profile, or path of a profile (.toml); it states layers, fields, codes and names.",
            ),
            default=GENERIC,
            choices=PROFILES,
        ),
        Parameter(
            "layers",
            ParameterKind.CHOICES,
            Text("图层", "Layers"),
            Text(
                "要交付的图层；留空则交付所有有数据的图层。", "Layers to hand in; empty means all that have features."
            ),
            choices=tuple(Choice(spec.name, spec.label) for spec in SPECS.values()),
        ),
        Parameter(
            "crs",
            ParameterKind.CHOICE_OR_TEXT,
            Text("坐标系", "Coordinate system"),
            Text(
                "经纬度、三度带，或 CGCS2000 坐标系的 EPSG 代码（如 EPSG:4547 或 4547）；留空则按成果规格。",
                "Longitude and latitude, a 3° zone, or the EPSG code of a CGCS2000 system such as EPSG:4547 or 4547; empty "
                "means as the profile says.",
            ),
            choices=COORDINATE_SYSTEMS,
        ),
        Parameter(
            "formats",
            ParameterKind.CHOICES,
            Text("格式", "Formats"),
            Text("要写出的文件格式；留空则按成果规格。", "File formats to write; empty means those of the profile."),
            choices=FORMATS,
        ),
        Parameter(
            "previous",
            ParameterKind.SOURCE,
            Text("上次成果", "Earlier package"),
            Text(
                "上次生成成果包的结果文件夹；据此列出新增、变更、删除的要素，并沿用其标识码。",
                "Result folder of the earlier delivery: what was added, changed and removed since is listed, and its feature "
                "numbers are kept.",
            ),
        ),
        Parameter(
            "date",
            ParameterKind.DATE,
            Text("成果日期", "Date"),
            Text("写入 VCT 文件头和元数据的日期。", "Day that the head of a VCT and the metadata state."),
            advanced=True,
        ),
        Parameter(
            "county",
            ParameterKind.TEXT,
            Text("县级行政区代码", "County code"),
            Text(
                "交付单位的 6 位县级代码，用于标识码和命名；留空则取多数要素所在的县。",
                "Six digits, for feature numbers and names; empty means the county in which most features lie.",
            ),
            advanced=True,
        ),
        Parameter(
            "keep_shifted",
            ParameterKind.FLAG,
            Text("仍交付偏移坐标", "Hand in shifted coordinates"),
            Text(
                "依据表明某些要素是未转换的 GCJ-02 或 BD-09 坐标时，默认不交付；确认坐标无误才勾选，报告中仍列为错误。",
                "Where the evidence says that features are in GCJ-02 or BD-09 and were not converted, nothing is handed "
                "in. Tick this only if the coordinates are right all the same; the report still lists it as an error.",
            ),
            default=False,
            advanced=True,
        ),
    ),
    outputs=(
        Output("package", OutputKind.FILE, Text("成果包文件夹", "Package"), optional=True),
        Output("zip", OutputKind.FILE, Text("成果包压缩文件", "Archive of the package"), optional=True),
        Output("gpkg", OutputKind.FILE, Text("GeoPackage", "GeoPackage"), optional=True),
        Output("gdb", OutputKind.FILE, Text("FileGDB", "FileGDB"), optional=True),
        Output("shapefiles", OutputKind.FILE, Text("Shapefile 文件夹", "Shapefiles"), optional=True),
        Output("geojson", OutputKind.FILE, Text("GeoJSON 文件夹", "GeoJSON files"), optional=True),
        Output("vct", OutputKind.FILE, Text("VCT", "VCT"), optional=True),
        Output("txt", OutputKind.FILE, Text("界址点坐标（TXT）文件夹", "Coordinates of plots (TXT)"), optional=True),
        Output("ofds", OutputKind.FILE, Text("光缆网数据（OFDS JSON）", "Fibre network (OFDS JSON)"), optional=True),
        Output("csv", OutputKind.FILE, Text("属性表（CSV）文件夹", "Attribute tables (CSV)"), optional=True),
        Output("xlsx", OutputKind.FILE, Text("属性表（XLSX）文件夹", "Attribute tables (XLSX)"), optional=True),
        Output("check_report", OutputKind.REPORT, Text("检查报告", "Check report")),
        Output("check_csv", OutputKind.TABLE, Text("检查问题表", "Findings")),
        Output("records", OutputKind.TABLE, Text("成果包检查记录表", "Error records of the package"), optional=True),
        Output("fields", OutputKind.TABLE, Text("字段对照表", "List of fields")),
        Output("left_out", OutputKind.TABLE, Text("未交付要素表", "Features left out"), optional=True),
        Output("delivered", OutputKind.TABLE, Text("成果清单", "List of what is handed in"), optional=True),
        Output(
            "changes", OutputKind.TABLE, Text("与上次成果的差异", "Changes since the earlier package"), optional=True
        ),
    ),
    summary_keys=(
        "profile",
        "crs",
        "crs_name",
        "zone",
        "layers",
        "features_in",
        "features_out",
        "features_left_out",
        "findings",
        "formats",
    ),
)


def run(context: RunContext) -> dict[str, Any]:
    """Check every layer, write the files, read their counts back, write the report."""
    from pathlib import Path

    import numpy as np

    from ..layers.delivery.findings import by_level, zone_findings
    from ..layers.delivery.package import project_layer
    from ..layers.delivery.profile.file import is_file, read_profile
    from ..layers.delivery.report import write_check_report, write_check_table, write_field_table
    from ..layers.store.workspace import Workspace
    from ..layers.zones import crs_choice, stated_crs

    stated = context.parameters.get("profile") or GENERIC
    if is_file(stated) and Path(stated).is_file():
        context.read("profile", Path(stated))
    profile = read_profile(stated)
    wanted = context["crs"] or profile.crs["default"]
    formats = list(context["formats"] or profile.formats)
    if profile.of_workspace:
        from .delivery.plain import refuse_what_is_not_plain

        refuse_what_is_not_plain(context, formats)
    stated_crs(wanted)  # a wrong value is told before the work begins
    workspace = Workspace(context.read("workspace", Path(context["workspace"])))
    if not profile.of_workspace:
        from .delivery.by_profile import deliver

        return deliver(context, profile, workspace, formats)
    from ..layers.delivery.checking.report import parts_for_delivery
    from .delivery.checking import check_written
    from .delivery.plain import guard_datum, write

    findings: list[Finding] = []
    names = _chosen(context, workspace, findings)
    in_degrees = checked = _checked(context, workspace, names)
    if any(len(layer.table) for layer in checked.values()):
        lon, lat = np.concatenate([_centres(layer) for layer in checked.values()], axis=1)
        crs = crs_choice(wanted, lon)
        findings += zone_findings(crs, lon, lat)
        checked = {name: project_layer(layer, crs) for name, layer in checked.items()}
    for layer in checked.values():
        findings += layer.findings
    tables = [layer.table for layer in checked.values() if len(layer.table)]
    if not tables:
        raise _nothing_left(context, findings)
    guard_datum(context, workspace, checked, findings)
    written = write(context, tables, in_degrees, crs, formats, findings)
    as_written = check_written(context, context.folder, profile, None)
    context.progress(0.95, Text("写检查报告", "Writing the check report"))
    page = context.output("check_report", "check_report.html")
    write_check_report(page, crs, checked, written, findings, parts_for_delivery(as_written) if as_written else ())
    write_check_table(context.output("check_csv", "check_report.csv"), findings)
    write_field_table(context.output("fields", "fields.csv"), [table.spec for table in tables])
    return {
        "profile": profile.name,
        "crs": crs.code,
        "crs_name": crs.name._asdict(),
        "zone": crs.zone.number if crs.zone else None,
        "layers": {name: len(layer.table) for name, layer in checked.items()},
        "features_in": sum(layer.features_in for layer in checked.values()),
        "features_out": sum(len(layer.table) for layer in checked.values()),
        "features_left_out": sum(layer.left_out for layer in checked.values()),
        "findings": by_level(findings),
        "formats": formats,
    }


def _nothing_left(context: RunContext, findings: list[Finding]) -> InputError:
    from ..errors import InputError
    from ..layers.delivery.report import write_check_table

    path = context.folder / "check_report.csv"
    write_check_table(path, findings)
    return InputError(
        Text("所有要素都不能交付。", "No feature can be handed in."),
        Text("原因逐个列在检查问题表中。", "The table of findings gives the reason for each."),
        report=str(path),
    )


def _chosen(context: RunContext, workspace: Workspace, findings: list[Finding]) -> list[str]:
    """Names of the layers to write; a layer that was asked for and has no features becomes a finding."""
    from ..errors import WorkspaceError
    from ..layers.delivery.findings import layer_absent
    from ..layers.store.workspace import missing_layer_fault

    counts = workspace.counts()
    asked = list(context["layers"] or ())
    names = [name for name in SPECS if counts.get(name) and (not asked or name in asked)]
    absent = [SPECS[name] for name in asked if not counts.get(name)]
    findings += map(layer_absent, absent)
    if not names:
        raise WorkspaceError(
            Text("没有可交付的数据：{path}。", "There is nothing to hand in: {path}.").filled(path=workspace.path),
            Text("请先用“导入数据”导入图层。", "Bring layers in by “Import a layer” first."),
            faults=[missing_layer_fault(spec) for spec in absent],
        )
    return names


def _checked(context: RunContext, workspace: Workspace, names: list[str]) -> dict[str, CheckedLayer]:
    from ..layers.delivery.checks import check_layer

    checked = {}
    for place, name in enumerate(names):
        doing = Text("检查图层“{label}”", "Checking the layer “{label}”").filled(label=SPECS[name].label)
        context.progress(0.45 * place / len(names), doing)
        checked[name] = check_layer(workspace.read(name))
    return checked


def _centres(layer: CheckedLayer) -> Any:
    """Longitudes and latitudes of the middles of the features' extents, shape (2, n)."""
    import shapely

    bounds = shapely.bounds(layer.table.geometry)
    return ((bounds[:, :2] + bounds[:, 2:]) / 2).T
