"""What the command line shows: results on standard output; progress, notices and errors on standard error."""

from __future__ import annotations

import sys
import time
from typing import Any, BinaryIO

from ..errors import XinjiError
from ..text import Text
from .protocol import text_from

_EVERY_S = 1.0
_EVERY_FRACTION = 0.1


class Console:
    """A terminal or a log file, in one language.

    Parameters
    ----------
    out : binary stream or None
        Where results go, always as UTF-8; None for `sys.stdout`.
    language : str
        ``zh`` or ``en``.
    """

    def __init__(self, out: BinaryIO | None, language: str) -> None:
        self.language = language
        self._out = out
        self._updating = sys.stderr.isatty()
        self._open_line = False
        self._last = (-_EVERY_S, -1.0, "")

    def say(self, words: str) -> None:
        """Write a result."""
        if self._out is None:
            print(words)
        else:
            rest = memoryview((words + "\n").encode("utf-8", "backslashreplace"))
            while rest:
                rest = rest[self._out.write(rest) :]

    def complain(self, words: str) -> None:
        """Write one line to standard error."""
        self.end_progress()
        print(words, file=sys.stderr, flush=True)

    def refuse(self, error: XinjiError) -> None:
        """Write why a job did not end well: message, every fault, remedy, and where the report is."""
        self.complain(error.message.in_language(self.language))
        for fault in error.faults:
            place = ":".join(str(part) for part in (fault.file, fault.row, fault.field) if part not in ("", None))
            self.complain(f"  {place} {fault.message.in_language(self.language)}".replace("   ", "  "))
        if error.remedy.zh:
            self.complain(error.remedy.in_language(self.language))
        if error.details:
            self.complain(error.details.rstrip())
        if error.report:
            self.complain(Text("报告：{path}", "Report: {path}").filled(path=error.report).in_language(self.language))

    def show(self, message: dict[str, Any]) -> None:
        """Show a ``progress`` or ``notice`` message."""
        if message["type"] == "notice":
            rows = message["rows"]
            shown = ", ".join(map(str, rows[:10])) + (" …" if len(rows) > 10 else "")
            words = text_from(message["message"]).in_language(self.language)
            self.complain(f"{words} ({shown})" if rows else words)
        elif message["type"] == "progress":
            self.progress(message["fraction"], text_from(message["doing"]), message["seconds_left"])

    def progress(self, fraction: float, doing: Text, seconds_left: float | None = None) -> None:
        """Show how far the work is: one updating line on a terminal, else a line a second, tenth or step of work."""
        now = time.monotonic()
        before, before_fraction, before_doing = self._last
        is_soon = now - before < (0.1 if self._updating else _EVERY_S)
        if is_soon and fraction - before_fraction < _EVERY_FRACTION and doing.en == before_doing:
            return
        self._last = (now, fraction, doing.en)
        left = Text("", "")
        if seconds_left is not None:
            left = Text("，约剩 {time}", ", about {time} left").filled(time=_duration(seconds_left))
        line = f"{fraction:4.0%} {doing.in_language(self.language)}{left.in_language(self.language)}"
        if self._updating:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
            self._open_line = True
        else:
            print(line, file=sys.stderr, flush=True)

    def end_progress(self) -> None:
        """Clear the updating line."""
        if self._open_line:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._open_line = False


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}" if whole >= 60 else f"{whole} s"
