"""Let two folders change places in one step, where the system can do that: nobody ever finds neither.

Linux: ``renameat2`` with RENAME_EXCHANGE (man 2 rename). macOS: ``renamex_np`` with RENAME_SWAP (man 2 renamex_np).
Windows has nothing of the kind. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders of one file system; tell whether it was done.

    It is not where the system or the file system (a network share) has no such call, or a sandbox forbids it; whoever
    calls then renames one after the other, and is told by that what is wrong, if anything is.
    """
    try:
        library = ctypes.CDLL(None)
        first, second = os.fsencode(one), os.fsencode(other)
        if sys.platform == "linux":
            status = library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE)
        elif sys.platform == "darwin":
            status = library.renamex_np(first, second, _RENAME_SWAP)
        else:
            return False
    except (AttributeError, OSError, TypeError):  # a C library without the call, or none that can be opened
        return False
    return bool(status == 0)
