"""How a job is declared. Standard library only: the dialog, the command line and the docs derive from it.

A job is one file in this folder with two names: ``JOB``, its declaration, and ``run(context)``, which
reads, analyses and writes. The heavy imports stand inside ``run``, so QGIS can read the declaration.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from ..text import Text


class ParameterKind(str, Enum):
    """What a parameter takes."""

    SOURCE = "source"  # an existing file or folder to read, or where `database` says so the address of a database
    WORKSPACE = "workspace"  # a planning workspace that exists
    WORKSPACE_TARGET = "workspace_target"  # a planning workspace, made if it does not exist
    LAYER = "layer"  # one layer: PATH or PATH|layername=NAME; in QGIS any vector layer
    INTEGER = "integer"
    REAL = "real"
    TEXT = "text"
    CHOICE = "choice"  # one of `choices`
    CHOICES = "choices"  # several of `choices`; on the command line separated by commas
    CHOICE_OR_TEXT = "choice_or_text"  # one of `choices`, or free text such as EPSG:4527
    DATE = "date"  # YYYY-MM-DD
    FLAG = "flag"


class OutputKind(str, Enum):
    """What a job leaves behind."""

    LAYER = "layer"  # a layer of result.gpkg
    RASTER = "raster"  # a GeoTIFF
    TABLE = "table"  # a CSV file
    REPORT = "report"  # an HTML page
    FILE = "file"  # any other file or folder
    WORKSPACE = "workspace"  # the workspace that the job changed


@dataclass(frozen=True)
class Choice:
    """One allowed value and its label."""

    value: str
    label: Text


@dataclass(frozen=True)
class Parameter:
    """One thing a planner states.

    Attributes
    ----------
    name : str
        snake_case with its unit; on the command line ``--name-with-dashes``.
    unit : str
        Shown behind the number.
    layer : str
        For a LAYER: name of the spec in `layers.specs` that its fields are matched to.
    advanced : bool
        Folded away in dialogs.
    database : bool
        For a SOURCE: the address of a PostgreSQL database does as well.
    beside : bool
        For a SOURCE that takes a workspace or a result: what is made of it stands with the runs there.
    """

    name: str
    kind: ParameterKind
    label: Text
    help: Text
    default: Any = None
    required: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Choice, ...] = ()
    layer: str = ""
    advanced: bool = False
    database: bool = False
    beside: bool = False

    @property
    def option(self) -> str:
        """The name on the command line."""
        return "--" + self.name.replace("_", "-")


@dataclass(frozen=True)
class Output:
    """One thing a job leaves in its result folder.

    Attributes
    ----------
    name : str
        Key of the path in the result; for a LAYER also its table name in ``result.gpkg``.
    geometry : str
        For a LAYER: Point, MultiLineString or MultiPolygon.
    style : str
        For a LAYER or a RASTER: name of the style in `ui/styles` or `ui/raster_styles`; empty for a plain one.
    verdict_field : str
        For a LAYER: the field whose values the results table filters by.
    """

    name: str
    kind: OutputKind
    label: Text
    geometry: str = ""
    style: str = ""
    verdict_field: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Job:
    """One question a planner can ask.

    Attributes
    ----------
    step : str
        Where it stands in the dock: data, analyse, plan or deliver.
    summary_keys : tuple of str
        Keys that the summary always has, in order.
    """

    name: str
    label: Text
    help: Text
    step: str
    parameters: tuple[Parameter, ...]
    outputs: tuple[Output, ...]
    summary_keys: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """Give a parameter by its name; raise KeyError where the job has none."""
        for item in self.parameters:
            if item.name == name:
                return item
        raise KeyError(f"{self.name} has no parameter {name}")
