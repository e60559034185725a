"""Keep standard output for the protocol alone. Standard library only."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO


def take_stdout() -> BinaryIO:
    """Give standard output to the caller alone and send everybody else's to standard error.

    The descriptor itself is moved, so even a C library that prints cannot reach the returned stream.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    own = os.dup(1)
    os.dup2(2, 1)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    return os.fdopen(own, "wb", buffering=0)


def take_stdin() -> int:
    """Give the descriptor of standard input to the caller alone; everybody else reads an empty one."""
    own = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return own
