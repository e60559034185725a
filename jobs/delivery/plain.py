"""The plain package: the layers of the workspace as they are, in every format that needs no feature codes."""

from __future__ import annotations

from dataclasses import replace

from ...engine.context import RunContext
from ...errors import ParameterError
from ...layers.delivery import package
from ...layers.delivery.checks import CheckedLayer
from ...layers.delivery.findings import Finding
from ...layers.delivery.package import WrittenFile
from ...layers.delivery.plain import plain_targets
from ...layers.delivery.sources import refuse_shifted, sources_of
from ...layers.delivery.writing.formats import ALL_WRITERS
from ...layers.delivery.writing.writers import FORMAT_NAMES, Setup
from ...layers.store.workspace import Workspace
from ...layers.table import LayerTable
from ...layers.zones import DeliveryCrs
from ...text import Text
from .files import write_network


def guard_datum(
    context: RunContext, workspace: Workspace, checked: dict[str, CheckedLayer], findings: list[Finding]
) -> None:
    """Tell whose datum is in doubt; refuse what is in a shifted one for sure, unless the planner insists."""
    files = {name: layer.table.columns["source_file"].fillna("").astype("str") for name, layer in checked.items()}
    sources, doubts = sources_of(files, workspace.history())
    if not context.parameters.get("keep_shifted"):
        refuse_shifted(sources)
    findings += doubts


def refuse_what_is_not_plain(context: RunContext, formats: list[str]) -> None:
    """Refuse what the plain package cannot do (ParameterError)."""
    remedy = Text("请选择有要素代码和标识码的成果规格。", "Choose a profile with feature codes and numbers.")
    if "vct" in formats:
        raise ParameterError(
            Text("通用成果包没有要素代码，不能写 VCT。", "The plain package has no feature codes: no VCT."), remedy
        )
    if context.parameters.get("previous"):
        raise ParameterError(
            Text("通用成果包不与上次成果比较。", "The plain package is not compared with an earlier one."), remedy
        )


def write(
    context: RunContext,
    tables: list[LayerTable],
    checked: dict[str, CheckedLayer],
    crs: DeliveryCrs,
    formats: list[str],
    findings: list[Finding],
) -> list[WrittenFile]:
    """Write every format that is asked for.

    Parameters
    ----------
    tables : list of LayerTable
        The layers with features, in the CRS of the package.
    checked : dict of str to CheckedLayer
        The layers in CGCS2000 degrees.
    findings : list of Finding
        Gains what the formats cannot hold.
    """
    written: list[WrittenFile] = []
    if "gpkg" in formats:
        context.progress(0.5, Text("写 GeoPackage", "Writing the GeoPackage"))
        written += package.write_geopackage(context.output("gpkg", "delivery.gpkg"), tables, crs)
    if "shp" in formats:
        context.progress(0.65, Text("写 Shapefile", "Writing Shapefiles"))
        files, cut = package.write_shapefiles(context.output("shapefiles", "shapefile"), tables, crs)
        written += files
        findings += cut
    if "geojson" in formats:
        context.progress(0.8, Text("写 GeoJSON", "Writing GeoJSON"))
        written += package.write_geojson(context.output("geojson", "geojson"), tables, crs)
    findings += package.count_findings(tables, written)
    written += _write_more(context, tables, checked, crs, formats, findings)
    return written


def _write_more(
    context: RunContext,
    tables: list[LayerTable],
    checked: dict[str, CheckedLayer],
    crs: DeliveryCrs,
    formats: list[str],
    findings: list[Finding],
) -> list[WrittenFile]:
    """Write the layers of the workspace in the formats that only the writers of profiles have."""
    written: list[WrittenFile] = []
    setup = Setup("delivery", crs, 1e-9 if crs.is_geographic else 1e-4, multipart=True)
    for name in formats:
        if name in package.FORMATS:
            continue
        if name == "ofds":
            network = write_network(context, context.folder / "delivery.ofds.json", checked, None)
            written += network.files
            findings += network.findings
            continue
        context.progress(0.9, Text("写 {format}", "Writing {format}").filled(format=FORMAT_NAMES[name]))
        targets = plain_targets(tables)
        origin = {target.layer.name: target.workspace[0] for target in targets}
        done = ALL_WRITERS[name](context.folder, targets, setup)
        if done.files:
            context.outputs[name] = done.path.name
        written += [replace(file, layer=origin[file.layer]) for file in done.files]
        findings += done.findings
    return written
