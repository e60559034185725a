"""QGIS' side of the process boundary: start the engine, run jobs in it, survive its death.

Standard library only, Python 3.9. Each client has a worker of its own.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from ..errors import Cancelled, EngineError, XinjiError
from ..text import Text
from . import protocol
from .environment import scrubbed

CANCEL_WITHIN_S = 2.0
_POLL_S = 0.1
_SET_UP = Text(
    "请在“设置”中检查计算引擎，或重新“安装计算引擎”。",
    "Check the engine in the settings, or press “Set up engine” again.",
)
_TRY_AGAIN = Text(
    "可直接重试，引擎会自动重启；详情见日志。",
    "Just try again: the engine restarts by itself. The log has the details.",
)

OnProgress = Callable[[float, Text, "float | None"], None]
OnNotice = Callable[[Text, "list[int]"], None]


@dataclass(frozen=True)
class RunResult:
    """What a finished run gives: figures, absolute paths by output name, and the result folder."""

    summary: dict[str, Any]
    outputs: dict[str, str]
    folder: str


class EngineClient:
    """One engine process, started when it is first needed and again whenever it has died.

    Parameters
    ----------
    python : str or pathlib.Path
        The engine's interpreter (see `engine.interpreter.find`).
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
        self._command = [
            str(python),
            "-I",
            "-X",
            "utf8",
            str(Path(package_root) / "engine" / "package.py"),
            "worker",
            *worker_options,
        ]
        self._environ = environ
        self._on_log = on_log
        self._handshake_s = handshake_s
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: queue.SimpleQueue[dict[str, Any] | EngineError | None] = queue.SimpleQueue()
        self._log: deque[str] = deque(maxlen=200)
        self._threads: list[threading.Thread] = []
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
        return process.pid if process is not None and process.poll() is None else None

    # --- what QGIS calls -----------------------------------------------------------------------------------

    def start(self) -> dict[str, Any]:
        """Start the engine unless it runs, and give its hello: versions, libraries, jobs.

        Raises
        ------
        EngineError
            It cannot be started, says nothing in time, or speaks another version.
        """
        with self._my_turn(lambda: False):
            self._ensure_started()
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
            self._ensure_started()
            self._serial += 1
            request = protocol.Request(
                str(self._serial), job, dict(parameters), None if output is None else str(output)
            )
            conversation = _Conversation(self, request.id, on_progress, on_notice, is_cancelled)
            line = protocol.encode(request.as_message())
            try:
                self._write(line)
                return conversation.hold()
            except BaseException:
                if not conversation.ended:
                    self._kill()
                    conversation.clean()
                raise

    def close(self) -> None:
        """End the engine; a job that runs in it ends with an `EngineError`."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._kill()
        if self._turn.acquire(timeout=5.0):
            try:
                self._forget()
            finally:
                self._turn.release()

    # --- what keeps it going -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _my_turn(self, is_cancelled: Callable[[], bool]) -> Iterator[None]:
        while not self._turn.acquire(timeout=_POLL_S):
            if is_cancelled():
                raise Cancelled
        try:
            yield
        finally:
            self._turn.release()

    def _ensure_started(self) -> None:
        if self.pid is not None:
            return
        self._forget()
        self._log.clear()
        self._messages = queue.SimpleQueue()
        windows = sys.platform == "win32"
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=scrubbed(os.environ if self._environ is None else self._environ),
                # a group of its own: Ctrl-C in a terminal is for QGIS; no console window on Windows
                start_new_session=not windows,
                creationflags=0x08000000 | 0x00000200 if windows else 0,
            )
        except OSError as error:
            raise EngineError(
                Text(
                    f"无法启动计算引擎 {self._command[0]}：{error.strerror}。",
                    f"The engine {self._command[0]} cannot be started: {error.strerror}.",
                ),
                _SET_UP,
            ) from error
        self._threads = [
            threading.Thread(target=target, args=(self._process, self._messages), name=name, daemon=True)
            for target, name in ((self._read_messages, "xinji-engine-answers"), (self._read_log, "xinji-engine-log"))
        ]
        for thread in self._threads:
            thread.start()
        try:
            self.hello = self._shake_hands()
        except BaseException:
            self._kill()
            raise

    def _shake_hands(self) -> dict[str, Any]:
        try:
            message = self._messages.get(timeout=self._handshake_s)
        except queue.Empty:
            self._kill()
            raise EngineError(
                Text(
                    f"计算引擎在 {self._handshake_s:g} 秒内没有应答。",
                    f"The engine did not answer within {self._handshake_s:g} s.",
                ),
                _SET_UP,
            ) from None
        if message is None:
            raise self.death()
        if isinstance(message, EngineError):
            raise message
        if message["type"] != "hello" or message.get("protocol") != protocol.VERSION:
            raise EngineError(
                Text(
                    f"计算引擎与插件的协议版本不一致（插件 {protocol.VERSION}，引擎 {message.get('protocol')}）。",
                    f"Engine and plugin speak different versions: plugin {protocol.VERSION}, "
                    f"engine {message.get('protocol')}.",
                ),
                _SET_UP,
            )
        return message

    def _read_messages(
        self, process: subprocess.Popen[bytes], messages: queue.SimpleQueue[dict[str, Any] | EngineError | None]
    ) -> None:
        with contextlib.suppress(OSError, ValueError):  # the pipe closes under us when the engine is killed
            for line in protocol.lines(process.stdout.fileno() if process.stdout else -1):
                try:
                    messages.put(line if isinstance(line, EngineError) else protocol.decode(line))
                except EngineError as error:
                    messages.put(error)
        messages.put(None)

    def _read_log(self, process: subprocess.Popen[bytes], _messages: object) -> None:
        with contextlib.suppress(OSError, ValueError):
            while process.stderr is not None:
                line = process.stderr.readline(10_000)
                if not line:
                    return
                words = line.decode("utf-8", "replace").rstrip()
                self._log.append(words)
                if self._on_log is not None:
                    self._on_log(words)

    def _write(self, line: bytes) -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise self.death()
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[process.stdin.write(rest) or 0 :]
        except (OSError, ValueError):
            raise self.death() from None

    def ask_to_cancel(self, identity: str) -> None:
        """Send a cancel; an engine that cannot take it any more is found dead a moment later."""
        with contextlib.suppress(EngineError):
            self._write(protocol.encode({"type": "cancel", "id": identity}))

    def next_message(self) -> dict[str, Any] | None:
        """Wait at most 0.1 s for a message; raise `EngineError` if the engine died or broke the protocol."""
        try:
            message = self._messages.get(timeout=_POLL_S)
        except queue.Empty:
            return None
        if message is None:
            raise self.death()
        if isinstance(message, EngineError):
            raise message
        return message

    def death(self) -> EngineError:
        """Give the error that says how the engine ended, with the tail of its log as details."""
        code = None
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self._process.wait(1.0)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(0.5)
        tail = list(self._log)[-20:]
        how = _ending(code)
        last = next((line for line in reversed(tail) if line.strip()), "")
        error = EngineError(
            Text("计算引擎意外退出（{how}）。{last}", "The engine ended unexpectedly ({how}). {last}").filled(
                how=how,
                last=Text(f"日志末行：{last}", f"Last line of its log: {last}") if last else Text("", ""),
            ),
            _TRY_AGAIN,
        )
        error.details = "\n".join(tail)
        return error

    def _kill(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        if sys.platform == "win32":
            process.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # its own group: helpers of the job go with it
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5.0)

    def _forget(self) -> None:
        """Close what is left of a process that has ended."""
        process, self._process = self._process, None
        if process is None:
            return
        for thread in self._threads:
            thread.join(1.0)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class _Conversation:
    """One request and what the engine says about it."""

    def __init__(
        self,
        client: EngineClient,
        identity: str,
        on_progress: OnProgress,
        on_notice: OnNotice,
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._client = client
        self._identity = identity
        self._on_progress = on_progress
        self._on_notice = on_notice
        self._is_cancelled = is_cancelled
        self._folder = ""
        self.ended = False

    def hold(self) -> RunResult:
        """Listen until the request ends; raise what it ended with."""
        deadline: float | None = None
        while True:
            if deadline is None and self._is_cancelled():
                self._client.ask_to_cancel(self._identity)
                deadline = time.monotonic() + CANCEL_WITHIN_S
            elif deadline is not None and time.monotonic() > deadline:
                raise Cancelled
            message = self._client.next_message()
            if message is not None and message.get("id") in (self._identity, None):
                result = self._heard(message)
                if result is not None:
                    return result

    def _heard(self, message: dict[str, Any]) -> RunResult | None:
        kind = message["type"]
        if kind == "started":
            self._folder = message["folder"]
        elif kind == "progress":
            self._on_progress(
                float(message["fraction"]), protocol.text_from(message["doing"]), message.get("seconds_left")
            )
        elif kind == "notice":
            self._on_notice(protocol.text_from(message["message"]), list(message.get("rows", ())))
        elif kind == "result":
            self.ended = True
            return RunResult(message["summary"], message["outputs"], message["folder"])
        elif kind == "cancelled":
            self.ended = True
            raise Cancelled
        elif kind == "failed":
            self.ended = True
            error: XinjiError = protocol.error_from(message)
            raise error
        return None

    def clean(self) -> None:
        """Remove the temporary folder of a run whose engine is gone."""
        if self._folder and ".xinji-new-" in self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _ending(code: int | None) -> Text:
    if code is None:
        return Text("管道已关闭", "it closed its pipes")
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        return Text(f"信号 {name}", f"signal {name}")
    return Text(f"退出码 {code}", f"exit code {code}")
