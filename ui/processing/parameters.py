"""Declared parameters as Processing parameters, and their values as the engine wants them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QDate, QDateTime

from ...jobs.declaration import Choice, Parameter, ParameterKind
from ...jobs.shared.pack_parameters import OWN_PACKS
from ...layers.spec import Geometry
from ...layers.specs import SPECS
from ...text import Text
from .. import settings
from ..language import tr, with_unit
from .names import parameter_name

_SOURCE_TYPES = {
    Geometry.POINT: QgsProcessing.SourceType.TypeVectorPoint,
    Geometry.LINE: QgsProcessing.SourceType.TypeVectorLine,
    Geometry.POLYGON: QgsProcessing.SourceType.TypeVectorPolygon,
}
_DATE_FORMAT = "yyyy-MM-dd"
_OPTIONS = Text("{label}（{values} 等）", "{label} ({values} …)")


def label(parameter: Parameter) -> str:
    """Give the label with its unit, and for free text with the values that are known."""
    words = tr(parameter.label)
    if parameter.kind is ParameterKind.CHOICE_OR_TEXT and parameter.choices:
        values = " / ".join(choice.value for choice in parameter.choices)
        return tr(_OPTIONS).format(label=words, values=values)
    return with_unit(parameter.label, parameter.unit)


def definition(parameter: Parameter) -> QgsProcessingParameterDefinition:
    """Make the Processing parameter of a declared one."""
    made = _MAKERS[parameter.kind](parameter)
    made.setHelp(tr(parameter.help))
    if parameter.advanced:
        made.setFlags(made.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return made


def _common(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter_name(parameter.name),
        "description": label(parameter),
        "optional": not parameter.required and parameter.default is None,
    }


class SourceParameter(QgsProcessingParameterFile):
    """A file to read, or a folder in its place: a .gdb, or tiles of elevation data. QGIS takes one or the other."""

    def checkValueIsAcceptable(self, value: Any, context: Any = None) -> bool:
        """Tell whether a value will do."""
        is_folder = isinstance(value, str) and bool(value.strip()) and Path(value).is_dir()
        return is_folder or bool(super().checkValueIsAcceptable(value, context))

    def clone(self) -> SourceParameter:
        """Give a copy, which takes folders too."""
        return SourceParameter(self)


def _source(parameter: Parameter) -> QgsProcessingParameterDefinition:
    # The planner's own rule packs hold in every job, and the dialog shows that they do.
    default = (settings.own_packs_in_use() or None) if parameter.name == OWN_PACKS.name else parameter.default
    made = SourceParameter(defaultValue=default, **_common(parameter))
    made.setMetadata(
        {"widget_wrapper": {"class": f"{__package__}.folder_choice.PathField"}, "beside": parameter.beside}
    )
    return made


def _file(parameter: Parameter) -> QgsProcessingParameterDefinition:
    made = QgsProcessingParameterFile(defaultValue=parameter.default, **_common(parameter))
    if parameter.kind in (ParameterKind.WORKSPACE, ParameterKind.WORKSPACE_TARGET):
        made.setExtension("gpkg")
    return made


def _layer(parameter: Parameter) -> QgsProcessingParameterDefinition:
    spec = SPECS.get(parameter.layer)
    kind = _SOURCE_TYPES.get(spec.geometry) if spec else None
    types = [QgsProcessing.SourceType.TypeVectorAnyGeometry if kind is None else kind]
    return QgsProcessingParameterFeatureSource(types=types, **_common(parameter))


def _number(parameter: Parameter) -> QgsProcessingParameterDefinition:
    kinds = QgsProcessingParameterNumber.Type
    made = QgsProcessingParameterNumber(
        type=kinds.Integer if parameter.kind is ParameterKind.INTEGER else kinds.Double,
        defaultValue=parameter.default,
        **_common(parameter),
    )
    if parameter.minimum is not None:
        made.setMinimum(parameter.minimum)
    if parameter.maximum is not None:
        made.setMaximum(parameter.maximum)
    return made


def _text(parameter: Parameter) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterString(defaultValue=parameter.default, **_common(parameter))


def _enum(parameter: Parameter) -> QgsProcessingParameterDefinition:
    many = parameter.kind is ParameterKind.CHOICES
    values = [choice.value for choice in parameter.choices]
    default: Any = None
    if parameter.default is not None:
        chosen = _split(parameter.default) if many else [parameter.default]
        indices = [values.index(item) for item in chosen]
        default = indices if many else indices[0]
    return QgsProcessingParameterEnum(
        options=[tr(choice.label) for choice in parameter.choices],
        allowMultiple=many,
        defaultValue=default,
        **_common(parameter),
    )


def _date(parameter: Parameter) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterDateTime(
        type=QgsProcessingParameterDateTime.Type.Date, defaultValue=parameter.default, **_common(parameter)
    )


def _flag(parameter: Parameter) -> QgsProcessingParameterDefinition:
    return QgsProcessingParameterBoolean(defaultValue=bool(parameter.default), **_common(parameter))


_MAKERS = {
    ParameterKind.SOURCE: _source,
    ParameterKind.WORKSPACE: _file,
    ParameterKind.WORKSPACE_TARGET: _file,
    ParameterKind.LAYER: _layer,
    ParameterKind.INTEGER: _number,
    ParameterKind.REAL: _number,
    ParameterKind.TEXT: _text,
    ParameterKind.CHOICE: _enum,
    ParameterKind.CHOICES: _enum,
    ParameterKind.CHOICE_OR_TEXT: _text,
    ParameterKind.DATE: _date,
    ParameterKind.FLAG: _flag,
}


def _split(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    if isinstance(value, Iterable):
        return list(value)
    return [value]


def index_of(choices: tuple[Choice, ...], item: Any) -> Any:
    """Give the index of a choice that may be stated by index or by its value; anything else as it is."""
    values = [choice.value for choice in choices]
    if isinstance(item, str) and item in values:
        return values.index(item)
    return item


def indexed(parameters: Iterable[Parameter], values: dict[str, Any]) -> dict[str, Any]:
    """Give the values with every choice as an index, as Processing checks it.

    On the command line and in scripts a choice may also be stated by its value (``TECHNOLOGY=5G``).
    """
    result = dict(values)
    for parameter in parameters:
        name = parameter_name(parameter.name)
        if result.get(name) is None:
            continue
        if parameter.kind is ParameterKind.CHOICE:
            result[name] = index_of(parameter.choices, result[name])
        elif parameter.kind is ParameterKind.CHOICES:
            result[name] = [index_of(parameter.choices, item) for item in _split(result[name])]
    return result


def plain_values(parameters: Iterable[Parameter], values: dict[str, Any]) -> dict[str, Any]:
    """Give what a dialog or a script states as the engine checks it: by the job's own names, choices by value.

    An empty field is None, and what is not stated at all has its default.
    """
    return {item.name: _plain_value(item, values.get(parameter_name(item.name))) for item in parameters}


def _plain_value(parameter: Parameter, value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        return parameter.default
    if parameter.kind is ParameterKind.CHOICE:
        return _value_at(parameter.choices, value)
    if parameter.kind is ParameterKind.CHOICES:
        return [_value_at(parameter.choices, item) for item in _split(value)]
    if parameter.kind is ParameterKind.DATE:
        return date_value(value) or None
    return value


def _value_at(choices: tuple[Choice, ...], item: Any) -> Any:
    """Give the value of a choice that may be stated by index or by its value."""
    index = index_of(choices, item)
    return choices[index].value if isinstance(index, int) and 0 <= index < len(choices) else item


def date_value(value: Any) -> str:
    """Give a date as ISO 8601 day, empty for none."""
    if isinstance(value, (QDate, QDateTime)):
        return value.toString(_DATE_FORMAT)
    return str(value or "")[:10]


def choice_value(choices: tuple[Choice, ...], index: int) -> str:
    """Give the engine's value of the choice at `index`."""
    return choices[index].value
