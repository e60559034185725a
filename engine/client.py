"""QGIS' side of the process boundary: run jobs in an engine process, and survive its death.

Standard library only, Python 3.9. Each client has a worker of its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Callable

from ..errors import Cancelled, EngineError
from ..text import Text
from . import protocol
from .process import EngineProcess
from .protocol import RunResult
from .run_folder import is_temporary

CANCEL_WITHIN_S = 2.0
_POLL_S = 0.1

OnProgress = Callable[[float, Text, "float | None"], None]
OnNotice = Callable[[Text, "list[int]"], None]


class EngineClient:
    """One engine process, started when it is first needed and again whenever it has died.

    Parameters
    ----------
    python : str or pathlib.Path
        The engine's interpreter (see `engine.setting_up.interpreter.find`).
    package_root : str or pathlib.Path
        The folder of this package.
    environ : mapping, optional
        Environment variables to start from; those of this process if not given. QGIS' own are taken out.
    on_log : callable, optional
        Takes each line of the engine's log; called from another thread.
    handshake_s : float
        How long the engine may take to say hello.
    worker_options : sequence of str
        More arguments for the worker; the tests bring their own jobs in with ``--jobs-from``.

    Attributes
    ----------
    hello : dict
        What the engine last said of itself: versions, libraries, pid, jobs.
    """

    def __init__(
        self,
        python: str | Path,
        package_root: str | Path,
        *,
        environ: Mapping[str, str] | None = None,
        on_log: Callable[[str], None] | None = None,
        handshake_s: float = 60.0,
        worker_options: Sequence[str] = (),
    ) -> None:
        script = str(Path(package_root) / "engine" / "package.py")
        self._command = [str(python), "-I", "-X", "utf8", script, "worker", *worker_options]
        self._environ = environ
        self._on_log = on_log
        self._handshake_s = handshake_s
        self._turn = threading.Lock()
        self._process: EngineProcess | None = None
        self._serial = 0
        self.hello: dict[str, Any] = {}

    def __enter__(self) -> EngineClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the engine, None where none is running."""
        process = self._process
        return process.pid if process is not None and process.is_alive() else None

    def start(self) -> dict[str, Any]:
        """Start the engine unless it runs, and give its hello: versions, libraries, jobs.

        Raises
        ------
        EngineError
            It cannot be started, says nothing in time, or speaks another version.
        """
        with self._my_turn(lambda: False):
            self._running()
            return self.hello

    def run(
        self,
        job: str,
        parameters: Mapping[str, Any],
        output: str | Path | None = None,
        *,
        on_progress: OnProgress = lambda _fraction, _doing, _seconds_left: None,
        on_notice: OnNotice = lambda _message, _rows: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> RunResult:
        """Run one job and wait for its end. A second thread waits for its turn.

        Parameters
        ----------
        job : str
            Its name.
        parameters : mapping
            JSON values by parameter name; paths absolute.
        output : str or pathlib.Path, optional
            The result folder; the engine chooses one if not given.
        on_progress : callable
            Takes fraction (0 to 1), what is being done, and seconds left or None. Called in this thread.
        on_notice : callable
            Takes a message and row ids. Called in this thread.
        is_cancelled : callable
            Asked every 0.1 s; an engine that has not stopped 2 s after a yes is killed.

        Raises
        ------
        Cancelled
            `is_cancelled` said yes; nothing is left of the run.
        EngineError
            The engine cannot start, or died.
        XinjiError
            What the job refused, as the class it raised.
        """
        with self._my_turn(is_cancelled):
            retried = False
            while True:
                process = self._running()
                self._serial += 1
                request = protocol.Request(
                    str(self._serial), job, dict(parameters), None if output is None else str(output)
                )
                line = protocol.encode(request.as_message())
                conversation = _Conversation(process, request.id, on_progress, on_notice, is_cancelled)
                try:
                    process.write(line)
                    return conversation.hold()
                except BaseException as error:
                    if not conversation.ended:
                        process.kill()
                        conversation.clean()
                    if retried or conversation.begun or not isinstance(error, EngineError):
                        raise
                    retried = True  # it was dead before it took the request: nothing has begun, so another may

    def close(self) -> None:
        """End the engine; a job that still runs in it ends with an `EngineError`."""
        process, self._process = self._process, None
        if process is not None:
            process.close()

    @contextlib.contextmanager
    def _my_turn(self, is_cancelled: Callable[[], bool]) -> Iterator[None]:
        while not self._turn.acquire(timeout=_POLL_S):
            if is_cancelled():
                raise Cancelled
        try:
            yield
        finally:
            self._turn.release()

    def _running(self) -> EngineProcess:
        process = self._process
        if process is not None and process.is_alive():
            return process
        if process is not None:
            process.close()
        environ = os.environ if self._environ is None else self._environ
        process = EngineProcess(self._command, environ, self._on_log)
        try:
            self.hello = process.hello(self._handshake_s)
        except BaseException:
            process.kill()
            process.close()
            raise
        self._process = process
        return process


class _Conversation:
    """One request and what the engine says about it."""

    def __init__(
        self,
        process: EngineProcess,
        identity: str,
        on_progress: OnProgress,
        on_notice: OnNotice,
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._process = process
        self._identity = identity
        self._on_progress = on_progress
        self._on_notice = on_notice
        self._is_cancelled = is_cancelled
        self._folder = ""
        self.begun = False
        self.ended = False

    def hold(self) -> RunResult:
        """Listen until the request ends; raise what it ended with."""
        deadline: float | None = None
        while True:
            if deadline is None and self._is_cancelled():
                with contextlib.suppress(EngineError):  # an engine that died is noticed by the next line
                    self._process.write(protocol.encode({"type": "cancel", "id": self._identity}))
                deadline = time.monotonic() + CANCEL_WITHIN_S
            elif deadline is not None and time.monotonic() > deadline:
                raise Cancelled
            message = self._process.next_message(_POLL_S)
            if message is not None and message.get("id") in (self._identity, None):
                self.begun = True
                result = self._heard(message)
                if result is not None:
                    return result

    def _heard(self, message: dict[str, Any]) -> RunResult | None:
        kind = message["type"]
        if kind == "started":
            self._folder = message["folder"]
        elif kind == "progress":
            doing = protocol.text_from(message["doing"])
            self._on_progress(float(message["fraction"]), doing, message.get("seconds_left"))
        elif kind == "notice":
            self._on_notice(protocol.text_from(message["message"]), list(message.get("rows", ())))
        elif kind in ("result", "cancelled", "failed"):
            self.ended = True
            if kind == "result":
                return RunResult(message["summary"], message["outputs"], message["folder"])
            if kind == "cancelled":
                raise Cancelled
            raise protocol.error_from(message)
        return None

    def clean(self) -> None:
        """Remove the temporary folder of a run whose engine is gone."""
        if self._folder and is_temporary(Path(self._folder)):
            shutil.rmtree(self._folder, ignore_errors=True)
