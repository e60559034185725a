"""One engine process as its parent sees it: start it, talk to it, know how it ended.

Standard library only, Python 3.9.
"""

from __future__ import annotations

import contextlib
import io
import os
import queue
import signal
import subprocess  # nosec B404  # argument lists only, never a shell
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Callable

from ..errors import EngineError
from ..text import Text
from . import protocol
from .environment import scrubbed

_LOG_LINES = 200
_SET_UP = Text(
    "请在“设置”中检查计算引擎，或重新“安装计算引擎”。",
    "Check the engine in the settings, or press “Set up engine” again.",
)
_TRY_AGAIN = Text(
    "可直接重试，引擎会自动重启；详情见日志。",
    "Just try again: the engine restarts by itself. The log has the details.",
)


class EngineProcess:
    """A running engine and the two threads that listen to it.

    Parameters
    ----------
    command : sequence of str
        Interpreter and arguments.
    environ : mapping
        Environment variables to start from; QGIS' own are taken out.
    on_log : callable or None
        Takes each line of the log, in another thread.

    Raises
    ------
    EngineError
        The interpreter cannot be started.
    """

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], on_log: Callable[[str], None] | None
    ) -> None:
        windows = sys.platform == "win32"
        try:
            self._process = subprocess.Popen(  # nosec B603  # our own worker, no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=scrubbed(environ),
                # a group of its own: Ctrl-C in a terminal is for the parent; no console window on Windows
                start_new_session=not windows,
                creationflags=0x08000000 | 0x00000200 if windows else 0,
            )
        except OSError as error:
            raise EngineError(
                Text(
                    f"无法启动计算引擎 {command[0]}：{error.strerror}。",
                    f"The engine {command[0]} cannot be started: {error.strerror}.",
                ),
                _SET_UP,
            ) from error
        self._on_log = on_log
        self._messages: queue.SimpleQueue[dict[str, Any] | EngineError | None] = queue.SimpleQueue()
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._threads = [
            threading.Thread(target=self._read_messages, name="xinji-engine-answers", daemon=True),
            threading.Thread(target=self._read_log, name="xinji-engine-log", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether it still runs."""
        return self._process.poll() is None

    def hello(self, timeout_s: float) -> dict[str, Any]:
        """Wait for its first message; raise `EngineError` where it is late, dead, or of another version."""
        message = self.next_message(timeout_s)
        if message is None:
            raise EngineError(
                Text(f"计算引擎在 {timeout_s:g} 秒内没有应答。", f"The engine did not answer within {timeout_s:g} s."),
                _SET_UP,
            )
        version = message.get("protocol")
        if message["type"] != "hello" or version != protocol.VERSION:
            raise EngineError(
                Text(
                    f"计算引擎与插件的协议版本不一致（插件 {protocol.VERSION}，引擎 {version}）。",
                    f"Engine and plugin speak different versions: plugin {protocol.VERSION}, engine {version}.",
                ),
                _SET_UP,
            )
        return message

    def next_message(self, timeout_s: float) -> dict[str, Any] | None:
        """Wait for a message; None if there is none in time, `EngineError` if the engine died or babbles."""
        try:
            message = self._messages.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if message is None:
            raise self.death()
        if isinstance(message, EngineError):
            raise message
        return message

    def write(self, line: bytes) -> None:
        """Send one encoded message; raise `EngineError` if the engine is gone."""
        try:
            rest = memoryview(line)
            while rest and self._process.stdin is not None:
                rest = rest[self._process.stdin.write(rest) or 0 :]
        except (OSError, ValueError):
            raise self.death() from None

    def death(self) -> EngineError:
        """Give the error that says how it ended, with the tail of its log as details."""
        code = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(1.0)
        self._threads[1].join(0.5)  # the last lines of the log are still on their way
        tail = list(self._log)[-20:]
        said = next((line for line in reversed(tail) if line.strip()), "")
        error = EngineError(
            Text("计算引擎意外退出（{how}）。{said}", "The engine ended unexpectedly ({how}).{said}").filled(
                how=_ending(code),
                said=Text(f"日志末行：{said}", f" Last line of its log: {said}") if said else "",
            ),
            _TRY_AGAIN,
        )
        error.details = "\n".join(tail)
        return error

    def kill(self) -> None:
        """End it at once, together with the processes that it started."""
        if self.is_alive():
            if sys.platform == "win32":
                self._process.kill()
            else:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5.0)

    def close(self) -> None:
        """Let it end: it goes when its standard input closes, and is killed if it does not."""
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self.kill()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(1.0)

    def _read_messages(self) -> None:
        stream = self._process.stdout
        try:
            for line in protocol.lines(stream.fileno()) if stream else ():
                try:
                    self._messages.put(line if isinstance(line, EngineError) else protocol.decode(line))
                except EngineError as error:
                    self._messages.put(error)
        finally:
            self._messages.put(None)
            if stream:
                stream.close()

    def _read_log(self) -> None:
        if self._process.stderr is None:
            return
        with io.BufferedReader(self._process.stderr) as stream:  # type: ignore[type-var]
            while line := stream.readline(10_000):
                words = line.decode("utf-8", "replace").rstrip()
                self._log.append(words)
                if self._on_log is not None:
                    self._on_log(words)


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
