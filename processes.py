"""Whether a process that left something behind still runs. Standard library only: both sides of the boundary ask."""

from __future__ import annotations

import os
import platform
import re
import sys
from pathlib import Path


def host_label() -> str:
    """Name this machine in letters that any file name takes: a process number means nothing on another one."""
    return re.sub(r"[^A-Za-z0-9_]", "_", platform.node() or "local")


def process_is_alive(process: int) -> bool:
    """Tell whether a process of this machine is still running."""
    if sys.platform == "win32":  # os.kill(pid, 0) would end the process there
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x00100000, False, process)  # SYNCHRONIZE
        if not handle:
            return False
        waiting: int = kernel.WaitForSingleObject(handle, 0)
        kernel.CloseHandle(handle)
        return waiting == 0x102  # WAIT_TIMEOUT
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    try:  # in a container nobody may collect the dead; they still have an entry
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError, UnicodeDecodeError):
        return True


def process_start(process: int) -> str:
    """Give when a process began, in letters that any file name takes: numbers of processes are used again.

    The text means nothing but that the same process gives the same one; it is "0" where the system does not say.
    """
    if sys.platform == "win32":
        import ctypes
        from ctypes import wintypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x1000, False, process)  # PROCESS_QUERY_LIMITED_INFORMATION
        if not handle:
            return "0"
        made, *others = (wintypes.FILETIME() for _ in range(4))
        known = kernel.GetProcessTimes(handle, *(ctypes.byref(time) for time in (made, *others)))
        kernel.CloseHandle(handle)
        return f"{made.dwHighDateTime:x}{made.dwLowDateTime:08x}" if known else "0"
    try:  # field 22, ticks since the machine started; the name before it may hold anything, spaces too
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError, UnicodeDecodeError):
        return "0"
