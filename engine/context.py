"""What a running job is given: its parameters, its folder, and a way to say how far it is."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import Cancelled
from ..text import Text
from .fingerprint import Fingerprint, fingerprint

_ROWS_A_NOTICE = 100_000
_COMPILING = Text(
    "{doing}（首次运行需编译计算内核，约十几秒）", "{doing} (the first run compiles its kernels: 10 to 20 s)"
)


class RunContext:
    """One run of one job.

    Parameters
    ----------
    parameters : mapping
        Checked values by parameter name; every declared parameter is there, None where nothing was stated.
    folder : pathlib.Path
        Empty folder for everything the job writes. It becomes the result only when the job ends well.
    send : callable
        Takes one protocol message as a dictionary.
    cancelled : callable
        Tells whether the planner has asked to stop.
    first_run : bool
        Kernels that this job calls are yet to be compiled.
    """

    def __init__(
        self,
        parameters: Mapping[str, Any],
        folder: Path,
        send: Callable[[dict[str, Any]], None] = lambda _message: None,
        cancelled: Callable[[], bool] = lambda: False,
        first_run: bool = False,
    ) -> None:
        self.parameters = parameters
        self.folder = folder
        self.outputs: dict[str, str] = {}
        self.inputs: dict[str, str] = {}
        self.databases: dict[str, tuple[str, str]] = {}
        self.seen: dict[str, Fingerprint] = {}
        self.rules: list[dict[str, Any]] = []
        self._send = send
        self._cancelled = cancelled
        self._started = time.monotonic()
        self._first_run = first_run

    def __getitem__(self, name: str) -> Any:
        """Give the value of one parameter."""
        return self.parameters[name]

    def checkpoint(self) -> None:
        """Raise `Cancelled` if the planner asked to stop."""
        if self._cancelled():
            raise Cancelled

    def progress(self, fraction: float, doing: Text) -> None:
        """Say how far the job is (0 to 1) and what it is doing; also a checkpoint."""
        self.checkpoint()
        elapsed_s = time.monotonic() - self._started
        left_s = elapsed_s * (1 - fraction) / fraction if fraction > 0.02 else None
        self._send(
            {
                "type": "progress",
                "fraction": round(fraction, 4),
                "doing": doing._asdict(),
                "seconds_left": left_s,
            }
        )

    def part(self, start: float, end: float, doing: Text) -> Callable[[float], None]:
        """Give a callback for a kernel: its own 0…1 becomes `start`…`end` of the whole job."""

        def report(fraction: float) -> None:
            self.progress(start + (end - start) * min(max(fraction, 0.0), 1.0), doing)

        compiles = self._first_run and "numba" in sys.modules
        self.progress(start, _COMPILING.filled(doing=doing) if compiles else doing)
        return report

    def notice(self, message: Text, rows: Sequence[int] = ()) -> None:
        """Tell the planner something that does not stop the job, with the rows it is about.

        Very many rows go in several notices, since a protocol line is bounded.
        """
        for start in range(0, max(len(rows), 1), _ROWS_A_NOTICE):
            part = [int(row) for row in rows[start : start + _ROWS_A_NOTICE]]
            self._send({"type": "notice", "message": message._asdict(), "rows": part})

    def output(self, name: str, filename: str) -> Path:
        """Give the path to write one declared output to, and remember it."""
        self.outputs[name] = filename
        return self.folder / filename

    def read(self, name: str, path: Path) -> Path:
        """Remember a file that the job is about to read, with its hash: run.json states what the result rests on."""
        self.inputs[name] = str(path)
        unsettled = path.with_name(path.name + "-journal").exists()  # a killed writer's, undone by the first reader
        if str(path) not in self.seen and not unsettled:
            with contextlib.suppress(OSError):  # the reader says it better
                self.seen[str(path)] = fingerprint(path, self.checkpoint)
        return path

    def read_rows(self, name: str, shown: str, sha256: str) -> None:
        """Remember what was read from a database, by an address without secrets and the hash of its rows."""
        self.databases[name] = (shown, sha256)
