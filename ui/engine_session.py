"""The engine as QGIS uses it: one process a window, started by the first job, kept warm, closed with the plugin."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from qgis.core import Qgis, QgsApplication, QgsMessageLog
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..errors import Cancelled, EngineError, XinjiError
from ..text import Text
from . import settings, words
from .language import tr

WAITING = Text("等待另一项任务结束", "Waiting for another job to end")


class Listener(Protocol):
    """Whoever wants to know how a job goes; called in the thread that runs it."""

    def progress(self, fraction: float, line: Text) -> None: ...
    def notice(self, message: Text, rows: Sequence[int]) -> None: ...
    def is_cancelled(self) -> bool: ...


class FeedbackListener:
    """Hands what a job says to a Processing feedback."""

    _ROWS_SHOWN = 20

    def __init__(self, feedback: Any) -> None:
        self._feedback = feedback

    def progress(self, fraction: float, line: Text) -> None:
        self._feedback.setProgress(100 * fraction)
        self._feedback.setProgressText(tr(line))

    def notice(self, message: Text, rows: Sequence[int]) -> None:
        words_shown = tr(message)
        if rows:
            self._feedback.pushWarning(words_shown + _rows(rows, self._ROWS_SHOWN))
        else:
            self._feedback.pushInfo(words_shown)

    def is_cancelled(self) -> bool:
        return bool(self._feedback.isCanceled())


def _rows(rows: Sequence[int], shown: int) -> str:
    listed = ", ".join(map(str, rows[:shown]))
    more = f" … ({len(rows)})" if len(rows) > shown else ""
    return tr(Text("（行：{rows}）", " (rows: {rows})")).format(rows=listed + more)


def push_faults(error: XinjiError, feedback: Any) -> None:
    """Write every single fault of an error to the log of an algorithm."""
    for fault in error.faults:
        where = " ".join(filter(None, (fault.file, "" if fault.row is None else f"#{fault.row}", fault.field)))
        line = " ".join(filter(None, (where, tr(fault.message), tr(fault.remedy))))
        feedback.reportError(line)
    if error.report:
        feedback.pushInfo(tr(Text("报告：{path}", "Report: {path}")).format(path=error.report))
    if error.details:
        feedback.pushDebugInfo(error.details)


class Signals(QObject):
    """What the window listens to."""

    finished = pyqtSignal(str)  # name of a job that ended well
    ran = pyqtSignal(str)  # result folder of a job that was started from Processing and ended well
    refused = pyqtSignal(object)  # the error of one that did not
    loaded = pyqtSignal(str)  # result folder of a job whose layers Processing has put on the map


class EngineSession:
    """The engine of this QGIS window.

    Parameters
    ----------
    make_client : callable, optional
        Gives a new client; tests put a fake in its place.
    """

    def __init__(self, make_client: Any = None) -> None:
        self.signals = Signals()
        self.has_own_client = make_client is not None
        self._make = make_client or _client
        self._client: Any = None
        self._turn = threading.Lock()

    def run(self, job: str, parameters: dict[str, Any], output: Path | None, listener: Listener) -> Any:
        """Run one job and wait for it, in a background thread.

        Raises
        ------
        Cancelled
            The planner stopped it.
        XinjiError
            The job refused its input, or the engine is missing or died.
        """
        while not self._turn.acquire(timeout=0.2):
            if listener.is_cancelled():
                raise Cancelled
            listener.progress(0.0, WAITING)
        try:
            if self._client is None:
                self._client = self._make()
            result = self._client.run(
                job,
                parameters,
                output,
                on_progress=lambda fraction, doing, left: listener.progress(fraction, words.progress_line(doing, left)),
                on_notice=listener.notice,
                is_cancelled=listener.is_cancelled,
            )
        finally:
            self._turn.release()
        self.signals.finished.emit(job)
        return result

    def hello(self) -> dict[str, Any]:
        """Give what the engine said of itself when it started; empty where it has not."""
        return dict(getattr(self._client, "hello", None) or {})

    def close(self) -> None:
        """End the engine; the next job starts a new one."""
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _log(line: str) -> None:
    if QgsApplication.instance() is None:
        return  # QGIS is closing; its log is gone
    QgsMessageLog.logMessage(line, tr(words.PLUGIN), Qgis.MessageLevel.Info)


def _client() -> Any:
    from ..engine.client import EngineClient
    from ..engine.package import ROOT

    found = missing()
    if found is not None:
        raise found
    return EngineClient(interpreter(), ROOT, on_log=_log)


def interpreter() -> Any:
    """Find the engine's Python.

    Raises
    ------
    EngineError
        There is none; its remedy says what to press.
    """
    from ..engine.setting_up.interpreter import VARIABLE, find

    key = (settings.engine_python(), os.environ.get(VARIABLE, ""))
    if key not in _FOUND:  # looking starts a process, and Processing asks for every row of its toolbox
        _FOUND[key] = find(setting=key[0], environment=settings.engine_environment())
    return _FOUND[key].path


def forget_interpreter() -> None:
    """Look for the interpreter again, after the settings or the environment have changed."""
    _FOUND.clear()


def missing() -> EngineError | None:
    """Say why no job can run; None where the engine is there."""
    if _SESSION is not None and _SESSION.has_own_client:
        return None
    try:
        interpreter()
    except EngineError as error:
        return error
    return None


_FOUND: dict[tuple[str, str], Any] = {}
_SESSION: EngineSession | None = None


def session() -> EngineSession:
    """Give the session of this QGIS process."""
    global _SESSION  # noqa: PLW0603 - one engine a process is the point
    if _SESSION is None:
        _SESSION = EngineSession()
        atexit.register(close)
    return _SESSION


def use(replacement: EngineSession | None) -> None:
    """Put another session in place, closing the present one."""
    global _SESSION  # noqa: PLW0603
    close()
    _SESSION = replacement


def run(job: str, parameters: dict[str, Any], output: Path | None, listener: Listener) -> Any:
    """Run one job in the engine of this QGIS process; see `EngineSession.run`."""
    return session().run(job, parameters, output, listener)


def close() -> None:
    """End the engine, if it runs."""
    if _SESSION is not None:
        _SESSION.close()
