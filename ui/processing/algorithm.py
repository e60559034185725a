"""One job as a Processing algorithm."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessing, QgsProcessingAlgorithm, QgsProcessingException
from qgis.PyQt.QtGui import QIcon

from ...errors import Cancelled, XinjiError
from ...jobs import registry
from ...jobs.declaration import Job, OutputKind, Parameter, ParameterKind
from ...text import Text
from .. import engine_session, runs, words
from ..icons import icon
from ..language import say, tr
from ..summaries import summary_line
from . import destinations, help_text, loaded, parameters, sources
from .names import RESULT_FOLDER, algorithm_name, output_name, parameter_name


class JobAlgorithm(QgsProcessingAlgorithm):
    """The algorithm that Processing shows for one job; the job itself runs in the engine."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._job: Job = registry.jobs()[name]
        self._layers: dict[str, sources.LayerInput] = {}

    def createInstance(self) -> JobAlgorithm:
        return JobAlgorithm(self._job.name)

    def name(self) -> str:
        return algorithm_name(self._job.name)

    def displayName(self) -> str:
        return tr(self._job.label)

    def group(self) -> str:
        return tr(words.STEPS[self._job.step])

    def groupId(self) -> str:
        return self._job.step

    def icon(self) -> QIcon:
        return icon("import" if self._job.step == "data" else "job")

    def tags(self) -> list[str]:
        return [self._job.name, self._job.label.zh, self._job.label.en]

    def shortHelpString(self) -> str:
        return help_text.of(self._job)

    def initAlgorithm(self, config: dict[str, Any] | None = None) -> None:
        for parameter in self._job.parameters:
            self.addParameter(parameters.definition(parameter))
        for destination in destinations.destinations(self._job):
            self.addParameter(destination)
        for output in destinations.plain_outputs(self._job):
            self.addOutput(output)

    def canExecute(self) -> tuple[bool, str]:
        missing = engine_session.missing()
        return (missing is None, "" if missing is None else say(missing))

    def checkParameterValues(self, values: dict[str, Any], context: Any) -> tuple[bool, str]:
        ok, message = super().checkParameterValues(parameters.indexed(self._job.parameters, values), context)
        if not ok:
            return ok, message
        for parameter in self._job.parameters:
            name = parameter_name(parameter.name)
            if parameter.kind is ParameterKind.LAYER and values.get(name):
                layer = self.parameterAsVectorLayer(values, name, context)
                error = sources.check(layer, values[name])
                if error is not None:
                    return False, say(error)
        stated = parameters.plain_values(self._job.parameters, values)
        for fault in getattr(registry.modules()[self._job.name], "check", lambda _: [])(stated):
            return False, f"{tr(fault.message)} {tr(fault.remedy)}".strip()
        return True, ""

    def prepareAlgorithm(self, values: dict[str, Any], context: Any, feedback: Any) -> bool:
        missing = engine_session.missing()
        if missing is not None:  # qgis_process of 3.22 does not ask canExecute()
            raise QgsProcessingException(say(missing))
        self._layers = {}
        for parameter in self._job.parameters:
            name = parameter_name(parameter.name)
            if parameter.kind is not ParameterKind.LAYER or not values.get(name):
                continue
            source = self.parameterAsSource(values, name, context)
            if source is None:
                raise QgsProcessingException(self.invalidSourceError(values, name))
            layer = self.parameterAsVectorLayer(values, name, context)
            try:
                taken = sources.take(layer, values[name], source, parameter.name)
            except XinjiError as error:
                raise QgsProcessingException(say(error)) from error
            self._layers[parameter.name] = taken
            if taken.unsaved:
                feedback.pushWarning(
                    tr(
                        Text(
                            "图层“{name}”有未保存的编辑，本次按编辑后的内容计算。",
                            "Layer “{name}” has unsaved edits; this run uses it as edited.",
                        )
                    ).format(name=layer.name())
                )
        return True

    def processAlgorithm(self, values: dict[str, Any], context: Any, feedback: Any) -> dict[str, Any]:
        scratch = Path(tempfile.mkdtemp(prefix="xinji_"))
        try:
            stated = self._stated(values, context, feedback, scratch)
            result = engine_session.run(
                self._job.name,
                stated,
                self._folder(values, context, stated),
                engine_session.FeedbackListener(feedback),
            )
            results = destinations.fill(self, self._job, values, context, feedback, Path(result.folder), result.outputs)
        except Cancelled:
            return {}
        except XinjiError as error:
            engine_session.push_faults(error, feedback)
            engine_session.session().signals.refused.emit(error)
            raise QgsProcessingException(say(error)) from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        line = summary_line(result.summary)
        if line.zh:
            feedback.pushInfo(tr(line))
        self._style(results, context, Path(result.folder))
        results.update(destinations.figures(self._job, result.summary))
        engine_session.session().signals.ran.emit(str(result.folder))
        return results

    def _stated(self, values: dict[str, Any], context: Any, feedback: Any, scratch: Path) -> dict[str, Any]:
        stated = {}
        for parameter in self._job.parameters:
            value = self._value(parameter, values, context, feedback, scratch)
            if value not in (None, "", []):
                stated[parameter.name] = value
        return stated

    def _value(self, parameter: Parameter, values: dict[str, Any], context: Any, feedback: Any, scratch: Path) -> Any:
        name = parameter_name(parameter.name)
        kind = parameter.kind
        if kind is ParameterKind.LAYER:
            item = self._layers.get(parameter.name)
            if item is None:
                return None
            return item.path or sources.write(item, scratch, context, feedback)
        if values.get(name) is None and parameter.default is None:
            return None
        if kind is ParameterKind.INTEGER:
            return self.parameterAsInt(values, name, context)
        if kind is ParameterKind.REAL:
            return self.parameterAsDouble(values, name, context)
        if kind is ParameterKind.FLAG:
            return self.parameterAsBool(values, name, context)
        if kind is ParameterKind.DATE:
            return parameters.date_value(values.get(name, parameter.default))
        indexed = parameters.indexed(self._job.parameters, values)
        if kind is ParameterKind.CHOICE:
            return parameters.choice_value(parameter.choices, self.parameterAsEnum(indexed, name, context))
        if kind is ParameterKind.CHOICES:
            return [
                parameters.choice_value(parameter.choices, index)
                for index in self.parameterAsEnums(indexed, name, context)
            ]
        return self.parameterAsString(values, name, context)

    def _folder(self, values: dict[str, Any], context: Any, stated: dict[str, Any]) -> Path | None:
        """Give the planner's folder, or a temporary one; None lets the engine number one among the runs it belongs to."""
        wanted = self.parameterAsString(values, RESULT_FOLDER, context) if values.get(RESULT_FOLDER) else ""
        if wanted in ("", QgsProcessing.TEMPORARY_OUTPUT):
            homes = ["workspace", *(item.name for item in self._job.parameters if item.beside)]
            return None if any(stated.get(name) for name in homes) else runs.temporary_folder(self._job.name)
        return Path(wanted)

    def _style(self, results: dict[str, Any], context: Any, folder: Path) -> None:
        for output in self._job.outputs:
            destination = results.get(output_name(self._job, output.name))
            if output.kind in (OutputKind.LAYER, OutputKind.RASTER) and destination is not None:
                loaded.style_when_loaded(context, destination, output, self._job, folder)
