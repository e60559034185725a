"""Keep standard output for the protocol alone. Standard library only."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO


def take_stdout() -> BinaryIO:
    """Give standard output to the caller alone and send everybody else's to standard error.

    The descriptor itself is moved, so even a C library that prints cannot reach the returned stream. Python's own
    stream is made anew on it: the old one remembers whether it could seek in the file that it stood for.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    own = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.__stdout__ = open(  # type: ignore[misc]  # noqa: SIM115 - as long as the process lives
        1, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )
    if sys.stderr is not None:
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    return os.fdopen(own, "wb", buffering=0)


def take_stdin() -> int:
    """Give the descriptor of standard input to the caller alone; everybody else reads an empty one."""
    own = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return own
