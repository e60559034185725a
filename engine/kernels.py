"""Where the compiled kernels are kept, and which jobs have had theirs compiled. Standard library only."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def is_first_run(job: str) -> bool:
    """Tell whether no run of `job` has ended since the kernels' cache folder was made (see `package.keep_kernels`)."""
    mark = _mark(job)
    return mark is not None and not mark.exists()


def remember_run(job: str) -> None:
    """Note that a run of `job` has ended, so that its kernels are compiled."""
    mark = _mark(job)
    if mark is not None:
        with contextlib.suppress(OSError):  # a cache that cannot be written is no cache
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()


def _mark(job: str) -> Path | None:
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return Path(folder) / f"{job}.ran" if folder else None
