"""Declared outputs as Processing destinations, and the engine's files as their content."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsFeatureSink,
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterDestination,
    QgsVectorLayer,
)

from ...jobs.declaration import Job, Output, OutputKind
from ...text import Text
from ..language import from_json, tr
from ..summaries import figure_label
from .names import RESULT_FOLDER, is_text_key, output_name, summary_name

_SINK_TYPES = {
    "Point": QgsProcessing.SourceType.TypeVectorPoint,
    "MultiLineString": QgsProcessing.SourceType.TypeVectorLine,
    "MultiPolygon": QgsProcessing.SourceType.TypeVectorPolygon,
}
_FILTERS = {
    OutputKind.TABLE: Text("CSV 表格 (*.csv)", "CSV table (*.csv)"),
    OutputKind.REPORT: Text("HTML 报告 (*.html)", "HTML report (*.html)"),
}
_COPY = Text("另存一份：{label}", "Save a copy: {label}")
_FOLDER_LABEL = Text("结果文件夹（留空则自动编号）", "Result folder (empty: numbered by itself)")
_FOLDER_HELP = Text(
    "结果图层、表格、报告和 run.json 的存放处。留空：工作区旁的 .runs 文件夹，面板的“运行记录”会列出；"
    "没有工作区时为临时文件夹。",
    "Where the result layers, tables, report and run.json go. Empty: the .runs folder beside the workspace, listed under "
    "Runs in the panel; a temporary folder where there is no workspace.",
)
_FOLDER_BESIDE = Text(
    "结果图层、表格、报告和 run.json 的存放处。留空：与所选结果同在一个 .runs 文件夹，或在所选工作区旁的 .runs 文件夹"
    "（两期不同的，取后期所在的），面板的“运行记录”会列出。",
    "Where the result layers, tables, report and run.json go. Empty: the .runs folder that holds the chosen result, or that of the "
    "chosen workspace (where the two differ, that of the later), listed under Runs in the panel.",
)


def destinations(job: Job) -> Iterator[QgsProcessingParameterDefinition]:
    """Make the destination parameters of a job: a sink per layer, a file per table and report, and the run folder."""
    for output in job.outputs:
        name = output_name(job, output.name)
        if output.kind is OutputKind.LAYER:
            kind = _SINK_TYPES.get(output.geometry, QgsProcessing.SourceType.TypeVectorAnyGeometry)
            # optional, so that a script may leave it out: the result folder has the layer anyway; what a run does not find
            # is not loaded, but what it does find is
            yield QgsProcessingParameterFeatureSink(name, tr(output.label), kind, optional=True, createByDefault=True)
        elif output.kind is OutputKind.RASTER:
            yield QgsProcessingParameterRasterDestination(
                name, tr(output.label), optional=True, createByDefault=not output.optional
            )
        elif output.kind in _FILTERS:
            made = QgsProcessingParameterFileDestination(
                name,
                tr(_COPY.filled(label=output.label)),
                tr(_FILTERS[output.kind]),
                optional=True,
                createByDefault=False,
            )
            made.setHelp(
                tr(Text("另存一份副本；留空则只写入结果文件夹。", "Save a copy; empty: only in the result folder."))
            )
            made.setFlags(made.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
            yield made
    folder = QgsProcessingParameterFolderDestination(
        RESULT_FOLDER, tr(_FOLDER_LABEL), optional=True, createByDefault=False
    )
    folder.setHelp(tr(_FOLDER_BESIDE if any(item.beside for item in job.parameters) else _FOLDER_HELP))
    yield folder


def plain_outputs(job: Job) -> Iterator[Any]:
    """Make the outputs that are no destinations: the workspace, other files and the figures of the summary."""
    for output in job.outputs:
        if output.kind in (OutputKind.WORKSPACE, OutputKind.FILE):
            yield QgsProcessingOutputFile(output_name(job, output.name), tr(output.label))
    for key in job.summary_keys:
        kind = QgsProcessingOutputString if is_text_key(job, key) else QgsProcessingOutputNumber
        yield kind(summary_name(key), tr(figure_label(key)))


def fill(
    algorithm: QgsProcessingAlgorithm,
    job: Job,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    folder: Path,
    outputs: dict[str, str],
) -> dict[str, Any]:
    """Hand the engine's result to the destinations; give the results by name."""
    results: dict[str, Any] = {RESULT_FOLDER: str(folder)}
    for output in job.outputs:
        name = output_name(job, output.name)
        made = outputs.get(output.name)
        if made is None:
            continue
        if output.kind is OutputKind.LAYER:
            destination = _fill_sink(algorithm, name, output, parameters, context, feedback, made)
            if destination is not None:
                results[name] = destination
        elif output.kind is OutputKind.RASTER:
            destination = _fill_raster(algorithm, name, output, parameters, context, made)
            if destination is not None:
                results[name] = destination
        elif output.kind in _FILTERS:
            wanted = algorithm.parameterAsFileOutput(parameters, name, context) if parameters.get(name) else ""
            if wanted:
                Path(wanted).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(made, wanted)
            results[name] = wanted or made
        else:
            results[name] = made
    return results


def _fill_sink(
    algorithm: QgsProcessingAlgorithm,
    name: str,
    output: Output,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    made: str,
) -> str | None:
    if parameters.get(name) in (None, ""):
        return None
    uri = made if "|layername=" in made else f"{made}|layername={output.name}"
    layer = QgsVectorLayer(uri, output.name, "ogr")
    if not layer.isValid():
        raise QgsProcessingException(
            tr(
                Text(
                    "结果图层“{name}”无法读取：{path}。请打开结果文件夹查看报告，并重新运行。",
                    "The result layer “{name}” cannot be read: {path}. Look at the report in the result folder and run again.",
                )
            ).format(name=tr(output.label), path=made)
        )
    if _load_own_file(name, output, parameters[name], context, uri):
        return uri
    fields = layer.fields()
    keep = [i for i in range(fields.count()) if fields.at(i).name().lower() != "fid"]
    kept = type(fields)()
    for i in keep:
        kept.append(fields.at(i))
    sink, destination = algorithm.parameterAsSink(parameters, name, context, kept, layer.wkbType(), layer.crs())
    if sink is None:
        raise QgsProcessingException(algorithm.invalidSinkError(parameters, name))
    for feature in layer.getFeatures():
        if feedback.isCanceled():
            break
        values = feature.attributes()
        feature.setFields(kept, True)
        feature.setAttributes([values[i] for i in keep])
        sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
    return destination


def _fill_raster(
    algorithm: QgsProcessingAlgorithm,
    name: str,
    output: Output,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    made: str,
) -> str | None:
    if parameters.get(name) in (None, ""):
        return None
    if _load_own_file(name, output, parameters[name], context, made):
        return made
    wanted = algorithm.parameterAsOutputLayer(parameters, name, context)
    Path(wanted).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, wanted)
    return wanted


def _load_own_file(name: str, output: Output, value: Any, context: QgsProcessingContext, source: str) -> bool:
    """Ask for the engine's own file to be loaded where a temporary layer is wanted: it can be saved with the project."""
    project = _project_of(value)
    if project is None:
        return False
    details = QgsProcessingContext.LayerDetails(tr(output.label), project, name)
    details.forceName = True  # and not the name of the file
    context.addLayerToLoadOnCompletion(source, details)
    return True


def _project_of(value: Any) -> Any:
    """Give the project that a temporary layer is to be loaded into; None for every other destination."""
    if not isinstance(value, QgsProcessingOutputLayerDefinition):
        return None
    is_temporary = value.sink.staticValue() == QgsProcessing.TEMPORARY_OUTPUT
    return value.destinationProject if is_temporary else None


def figures(job: Job, summary: dict[str, Any]) -> dict[str, Any]:
    """Give the summary by the names of the outputs; tables in it as JSON."""
    results = {}
    for key in job.summary_keys:
        value = summary.get(key)
        if isinstance(value, dict) and value.keys() == {"zh", "en"}:
            value = tr(from_json(value))
        results[summary_name(key)] = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
    return results
