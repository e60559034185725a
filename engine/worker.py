"""The engine process: reads requests from stdin, runs one job at a time, answers on stdout, logs on stderr.

It stays warm between jobs, and goes when its parent does: a thread of its own waits on stdin, and its end
means that nobody is left to answer. Standard library only; a job's libraries are loaded when it runs.
"""

from __future__ import annotations

import argparse
import os
import platform
import queue
import signal
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

from ..errors import Cancelled, EngineError, XinjiError
from ..text import Text
from . import protocol, versions
from .executor import explained, job_modules, run_job
from .stdio import take_stdin, take_stdout

_PROGRESS_EVERY_S = 0.1


class Worker:
    """One engine over one pair of pipes.

    Parameters
    ----------
    requests : int
        Descriptor to read messages from.
    answers : binary stream
        Unbuffered stream to write messages to.
    modules : dict
        Job modules by name.
    """

    def __init__(self, requests: int, answers: BinaryIO, modules: dict[str, ModuleType]) -> None:
        self._requests = requests
        self._answers = answers
        self._modules = modules
        self._writing = threading.Lock()
        self._state = threading.Lock()
        self._running: str | None = None
        self._cancel = threading.Event()
        self._queue: queue.SimpleQueue[protocol.Request] = queue.SimpleQueue()
        self._last_progress = (0.0, "")

    def serve(self) -> None:
        """Say hello, then run what is asked for. Returns never: the process ends with its parent."""
        self.send(
            {
                "type": "hello",
                "protocol": protocol.VERSION,
                "version": versions.plugin_version(),
                "python": platform.python_version(),
                "packages": versions.packages(),
                "pid": os.getpid(),
                "jobs": [name for name, module in self._modules.items() if hasattr(module, "run")],
            }
        )
        threading.Thread(target=self._listen, name="requests", daemon=True).start()
        while True:
            request = self._queue.get()
            answer = self._run(request)
            with self._state:
                self._running = None
            self.send(answer)

    def send(self, message: dict[str, Any]) -> None:
        """Write one message; progress that comes too fast is thinned out."""
        if message["type"] == "progress" and not self._is_due(message):
            return
        if self._running is not None:
            message.setdefault("id", self._running)
        rest = memoryview(protocol.encode(message))
        try:
            with self._writing:
                while rest:
                    rest = rest[self._answers.write(rest) :]
        except OSError:
            os._exit(0)  # nobody is left to answer

    def _is_due(self, message: dict[str, Any]) -> bool:
        now, doing = time.monotonic(), message["doing"]["en"]
        before, before_doing = self._last_progress
        if doing == before_doing and now - before < _PROGRESS_EVERY_S and message["fraction"] < 1:
            return False
        self._last_progress = (now, doing)
        return True

    def _run(self, request: protocol.Request) -> dict[str, Any]:
        try:
            result = run_job(
                request.job,
                request.parameters,
                request.output,
                modules=self._modules,
                send=self.send,
                cancelled=self._cancel.is_set,
            )
            answer = {
                "type": "result",
                "id": request.id,
                "summary": result.summary,
                "outputs": result.outputs,
                "folder": result.folder,
            }
            protocol.encode(answer)
        except Cancelled:
            return {"type": "cancelled", "id": request.id}
        except Exception as error:
            return self._failure(request.id, explained(error))
        finally:
            sys.stdout.flush()  # what a library printed goes to the log now, not when the buffer is full
        return answer

    def _failure(self, identity: str | None, error: XinjiError) -> dict[str, Any]:
        print(error.details or error.message.en, file=sys.stderr)
        answer = protocol.failed(identity, error)
        try:
            protocol.encode(answer)
        except EngineError:  # too many faults for one line: the report has them all
            answer["error"]["faults"] = answer["error"]["faults"][:100]
            answer["details"] = answer["details"][-10_000:]
        return answer

    def _listen(self) -> None:
        for line in protocol.lines(self._requests):
            if isinstance(line, EngineError):
                self.send(self._failure(None, line))
                continue
            identity = None
            try:
                message = protocol.decode(line)
                identity = message["id"] if isinstance(message.get("id"), str) else None
                self._take(message)
            except EngineError as error:
                self.send(self._failure(identity, error))
        os._exit(0)  # the parent is gone; a kernel in the middle of its work is not asked

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "cancel":
            with self._state:
                if message.get("id") == self._running:
                    self._cancel.set()
            return
        if message["type"] != "request":
            kind = message["type"]
            raise EngineError(Text(f"计算引擎不认识消息 {kind}。", f"The engine does not know the message {kind}."))
        request = protocol.Request.from_message(message)
        with self._state:
            busy = self._running
            if busy is None:
                self._running = request.id
                self._cancel.clear()
        if busy is None:
            self._queue.put(request)
        else:
            self.send(
                self._failure(
                    request.id,
                    EngineError(
                        Text("计算引擎正忙。", "The engine is busy."),
                        Text("请等待当前任务结束，或先取消它。", "Wait for the running job to end, or cancel it."),
                    ),
                )
            )


def main(arguments: list[str]) -> int:
    """Serve until the parent goes away."""
    parser = argparse.ArgumentParser(prog="worker", description="The engine of Xinji Planner, for its client.")
    parser.add_argument("--jobs-from", type=Path, help="a folder with more job files (the tests' own)")
    stated = parser.parse_args(arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the client, which then asks us
    answers, requests = take_stdout(), take_stdin()
    Worker(requests, answers, job_modules(stated.jobs_from)).serve()
    return 0
