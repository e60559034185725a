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
    from ..layers.zones import DeliveryCrs

FORMATS = (
    Choice("gpkg", Text("GeoPackage", "GeoPackage")),
    Choice("shp", Text("Shapefile", "Shapefile")),
    Choice("geojson", Text("GeoJSON", "GeoJSON")),
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
        "把工作区图层写成 CGCS2000 的 GeoPackage、Shapefile 和 GeoJSON，修复无效图形，并检查必填字段、代码、重复和空图形。"
        "不能交付的要素逐个列出原因。本包不表示符合任何数据标准，请与接收单位核对。",
        "Writes layers of the workspace as GeoPackage, Shapefile and GeoJSON in CGCS2000, mends invalid geometries and checks "
        "mandatory fields, codes, duplicates and missing geometries. Features that cannot be handed in are listed with the "
        "reason. The package claims no conformance with any data standard: ask the receiving bureau.",
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
                "经纬度、三度带，或 CGCS2000 坐标系的 EPSG 代码（如 EPSG:4547 或 4547）。",
                "Longitude and latitude, a 3° zone, or the EPSG code of a CGCS2000 system such as EPSG:4547 or 4547.",
            ),
            default="4490",
            choices=COORDINATE_SYSTEMS,
        ),
        Parameter(
            "formats",
            ParameterKind.CHOICES,
            Text("格式", "Formats"),
            Text("要写出的文件格式。", "File formats to write."),
            default=tuple(choice.value for choice in FORMATS),
            choices=FORMATS,
        ),
    ),
    outputs=(
        Output("gpkg", OutputKind.FILE, Text("GeoPackage", "GeoPackage"), optional=True),
        Output("shapefiles", OutputKind.FILE, Text("Shapefile 文件夹", "Shapefiles"), optional=True),
        Output("geojson", OutputKind.FILE, Text("GeoJSON 文件夹", "GeoJSON files"), optional=True),
        Output("check_report", OutputKind.REPORT, Text("检查报告", "Check report")),
        Output("check_csv", OutputKind.TABLE, Text("检查问题表", "Findings")),
        Output("fields", OutputKind.TABLE, Text("字段对照表", "List of fields")),
    ),
    summary_keys=(
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
    from ..layers.delivery.report import write_check_report, write_check_table, write_field_table
    from ..layers.store.workspace import Workspace
    from ..layers.zones import crs_choice, stated_crs

    stated_crs(context["crs"])  # a wrong value is told before the work begins
    workspace = Workspace(context.read("workspace", Path(context["workspace"])))
    findings: list[Finding] = []
    names = _chosen(context, workspace, findings)
    checked = _checked(context, workspace, names)
    if any(len(layer.table) for layer in checked.values()):
        lon, lat = np.concatenate([_centres(layer) for layer in checked.values()], axis=1)
        crs = crs_choice(context["crs"], lon)
        findings += zone_findings(crs, lon, lat)
        checked = {name: project_layer(layer, crs) for name, layer in checked.items()}
    for layer in checked.values():
        findings += layer.findings
    tables = [layer.table for layer in checked.values() if len(layer.table)]
    if not tables:
        raise _nothing_left(context, findings)
    written = _write(context, tables, crs, findings)
    context.progress(0.95, Text("写检查报告", "Writing the check report"))
    write_check_report(context.output("check_report", "check_report.html"), crs, checked, written, findings)
    write_check_table(context.output("check_csv", "check_report.csv"), findings)
    write_field_table(context.output("fields", "fields.csv"), [table.spec for table in tables])
    return {
        "crs": crs.code,
        "crs_name": crs.name._asdict(),
        "zone": crs.zone.number if crs.zone else None,
        "layers": {name: len(layer.table) for name, layer in checked.items()},
        "features_in": sum(layer.features_in for layer in checked.values()),
        "features_out": sum(len(layer.table) for layer in checked.values()),
        "features_left_out": sum(layer.left_out for layer in checked.values()),
        "findings": by_level(findings),
        "formats": list(context["formats"]),
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


def _write(context: RunContext, tables: list[Any], crs: DeliveryCrs, findings: list[Finding]) -> list[Any]:
    from ..layers.delivery import package as delivery

    formats = context["formats"]
    written = []
    if "gpkg" in formats:
        context.progress(0.5, Text("写 GeoPackage", "Writing the GeoPackage"))
        written += delivery.write_geopackage(context.output("gpkg", "delivery.gpkg"), tables, crs)
    if "shp" in formats:
        context.progress(0.65, Text("写 Shapefile", "Writing Shapefiles"))
        files, cut = delivery.write_shapefiles(context.output("shapefiles", "shapefile"), tables, crs)
        written += files
        findings += cut
    if "geojson" in formats:
        context.progress(0.8, Text("写 GeoJSON", "Writing GeoJSON"))
        written += delivery.write_geojson(context.output("geojson", "geojson"), tables, crs)
    findings += delivery.count_findings(tables, written)
    return written
