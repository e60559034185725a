"""Background work outside Processing: one engine job, or one call, as a QGIS task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..errors import Cancelled, XinjiError
from ..text import Text
from . import engine_session
from .language import tr

# Newer QGIS announces every task that ends; ours say themselves what they found.
_FLAGS = QgsTask.Flag.CanCancel
if hasattr(QgsTask.Flag, "Silent"):
    _FLAGS |= QgsTask.Flag.Silent
_RUNNING: list[QgsTask] = []  # the task manager owns only the C++ half


class CallTask(QgsTask):
    """Runs `work(task)` in the background and hands its result, or its error, to the main thread.

    Parameters
    ----------
    label : Text
        What the task bar of QGIS shows.
    work : callable
        Takes this task, which is a `Listener` of the engine.
    done : callable
        Takes the result; main thread.
    failed : callable
        Takes the error, `Cancelled` among them; main thread.
    """

    said = pyqtSignal(str)
    noticed = pyqtSignal(str)

    def __init__(
        self,
        label: Text,
        work: Callable[[CallTask], Any],
        done: Callable[[Any], None],
        failed: Callable[[XinjiError], None],
    ) -> None:
        super().__init__(tr(label), _FLAGS)
        self._work, self._done, self._failed = work, done, failed
        self._result: Any = None
        self._error: XinjiError | None = None

    def run(self) -> bool:
        try:
            self._result = self._work(self)
        except XinjiError as error:
            self._error = error
        except Exception as error:  # a fault in the program must reach the planner too, not end in silence
            self._error = XinjiError(
                Text("程序出错：{why}", "A fault in the program: {why}").filled(why=repr(error)),
                Text("请在“关于”中复制版本信息并反馈。", "Please report it with the versions from About."),
            )
        return self._error is None

    def finished(self, ok: bool) -> None:
        if self in _RUNNING:
            _RUNNING.remove(self)
        if self._error is not None:
            self._failed(self._error)
        elif self.isCanceled() or not ok:
            self._failed(Cancelled())
        else:
            self._done(self._result)

    def progress(self, fraction: float, line: Text) -> None:
        self.setProgress(100 * fraction)
        self.said.emit(tr(line))

    def notice(self, message: Text, rows: Sequence[int]) -> None:
        self.noticed.emit(tr(message))

    def is_cancelled(self) -> bool:
        return self.isCanceled()


def start(task: CallTask) -> CallTask:
    """Hand a task to QGIS and keep it alive."""
    _RUNNING.append(task)
    QgsApplication.taskManager().addTask(task)
    return task


def engine_task(
    label: Text,
    job: str,
    parameters: dict[str, Any],
    output: Path | None,
    done: Callable[[Any], None],
    failed: Callable[[XinjiError], None],
) -> CallTask:
    """Make the task that runs one engine job."""
    return CallTask(label, lambda task: engine_session.run(job, parameters, output, task), done, failed)
