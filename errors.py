"""The exceptions of the whole project: one base, a few children, each with words a planner can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .text import NOTHING, Text


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input: where, what stands there, what was expected, how to mend it.

    Attributes
    ----------
    message, remedy : Text
        What is wrong, and what to do about it.
    file, field, value : str
        Where it stands; empty where the fault has no such place.
    row : int or None
        Row number as the planner's own program shows it (the first row of a sheet is 1); for a
        layer without rows of text, the position of the feature counted from 1.
    """

    message: Text
    remedy: Text = NOTHING
    file: str = ""
    row: int | None = None
    field: str = ""
    value: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give the fault as plain JSON values, for the protocol and the reports."""
        return {
            "message": self.message._asdict(),
            "remedy": self.remedy._asdict(),
            "file": self.file,
            "row": self.row,
            "field": self.field,
            "value": self.value,
        }


class XinjiError(Exception):
    """Base of all errors that a planner may see.

    Parameters
    ----------
    message, remedy : Text
        What happened and what to do next.
    faults : sequence of Fault
        Every single fault, when there are several.
    report : str
        Path of a report that lists them, if one was written.

    Attributes
    ----------
    details : str
        For the log, not for the planner: the engine's own traceback of a fault in the program.
    """

    details = ""

    def __init__(
        self,
        message: Text,
        remedy: Text = NOTHING,
        *,
        faults: tuple[Fault, ...] | list[Fault] = (),
        report: str = "",
    ) -> None:
        super().__init__(message.both())
        self.message = message
        self.remedy = remedy
        self.faults = tuple(faults)
        self.report = report

    def in_language(self, language: str) -> str:
        """Give message and remedy as one sentence after the other, in one language."""
        return f"{self.message.in_language(language)} {self.remedy.in_language(language)}".strip()

    def as_json(self) -> dict[str, Any]:
        """Give the error as plain JSON values, for the protocol."""
        return {
            "kind": type(self).__name__,
            "message": self.message._asdict(),
            "remedy": self.remedy._asdict(),
            "faults": [fault.as_json() for fault in self.faults],
            "report": self.report,
        }


class ParameterError(XinjiError):
    """A job was asked for by a wrong name, or with a parameter that is missing, unknown or out of bounds."""


class InputError(XinjiError):
    """A file, layer or row is not what the job needs."""


class WorkspaceError(XinjiError):
    """The planning workspace is missing, locked, of another version, or lacks a layer."""


class EngineError(XinjiError):
    """The engine process is not set up, died, or broke the protocol."""


class SetupError(EngineError):
    """The engine's environment cannot be made: no Python, no disk, no packages."""


class Cancelled(XinjiError):  # noqa: N818
    """The planner stopped the job."""

    def __init__(self) -> None:
        super().__init__(Text("已取消。", "Cancelled."))
