"""One engine job after the other, with what they say on the way: what the import dialog waits for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..errors import XinjiError
from ..text import Text
from . import tasks


class JobQueue(QObject):
    """Acts that wait for their turn; an act may start one engine job, and the next act waits for its end."""

    said = pyqtSignal(str)
    advanced = pyqtSignal(float)  # percent of the running job
    changed = pyqtSignal()
    emptied = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: tasks.CallTask | None = None
        self._waiting: list[Callable[[], None]] = []

    def is_busy(self) -> bool:
        """Tell whether a job runs or an act waits."""
        return self._task is not None or bool(self._waiting)

    def add(self, act: Callable[[], None], first: bool = False) -> None:
        """Let an act take its turn, behind what waits or, as the second half of the act at work, before it."""
        self._waiting.insert(0 if first else len(self._waiting), act)
        if self._task is None:
            self._next()

    def cancel(self) -> None:
        """Forget what waits and stop what runs."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    def _next(self) -> None:
        self._task = None
        while self._waiting and self._task is None:
            self._waiting.pop(0)()
        self.changed.emit()
        if not self.is_busy():
            self.emptied.emit()

    def start(
        self,
        label: Text,
        job: str,
        stated: dict[str, Any],
        output: Path | None,
        done: Callable[[Any], None],
        failed: Callable[[XinjiError], None],
    ) -> None:
        """Run one engine job; called by the act whose turn it is."""

        def ended(act: Callable[[Any], None], value: Any) -> None:
            act(value)
            self._next()

        task = tasks.engine_task(
            label, job, stated, output, lambda result: ended(done, result), lambda error: ended(failed, error)
        )
        task.said.connect(self.said)
        task.progressChanged.connect(self.advanced)
        self._task = task
        self.changed.emit()
        tasks.start(task)
