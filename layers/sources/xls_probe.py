"""Try out an old workbook (.xls) in a process of its own: the library that reads it may die of a damaged one.

It is compiled code: an allocation that cannot be met ends the process, and no handler sees that. A child that reads
every sheet once costs as much as reading, and old workbooks hold 65,536 rows a sheet at most.
"""

from __future__ import annotations

import subprocess  # nosec B404  # argument lists only, never a shell
import sys
from functools import lru_cache
from pathlib import Path

LIMIT_S = 60.0
_SURVIVED = 0
_READ = """
import sys
import python_calamine as calamine
try:
    with open(sys.argv[1], "rb") as file:
        book = calamine.CalamineWorkbook.from_filelike(file)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
except Exception:
    pass  # the process that asks meets it, too, and says why
"""


def is_survived(path: Path) -> bool:
    """Tell whether reading a workbook leaves the process alive, and ends within `LIMIT_S`."""
    state = path.stat()
    return _try_out(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)  # its sheets are listed, and then one is read
def _try_out(path: Path, _changed_ns: int, _bytes: int) -> bool:
    command = [sys.executable, "-I", "-c", _READ, str(path)]
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        done = subprocess.run(  # nosec B603  # this interpreter, words of our own and a path, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT_S,
            creationflags=hidden,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == _SURVIVED
