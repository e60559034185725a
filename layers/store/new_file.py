"""A new file that appears whole, and never over one that is there: also when several processes make it at once."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...processes import host_label, process_is_alive

_SIDECARS = ("", "-journal", "-wal", "-shm")
_LOCK_PATIENCE_S = 10.0  # the lock is held for one renaming; after this its holder is dead


@contextmanager
def put_in_place(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to build a file under; afterwards put it in place.

    An error in between leaves nothing behind; what a killed process left is removed by the next one.

    Raises
    ------
    FileExistsError
        Another process has put a file there in the meantime; it is untouched.
    OSError
        The folder cannot be written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    tidy(path.parent)
    partial = path.with_name(f".{path.name}.{host_label()}-{os.getpid()}.partial.gpkg")
    _remove(partial)
    try:
        yield partial
        _put(partial, path)
    finally:
        _remove(partial)


def tidy(folder: Path) -> None:
    """Remove what killed processes of this machine left in a folder while they were making files there."""
    name = re.compile(rf"\..+\.gpkg\.(?:{host_label()}-)?(\d+)\.partial\.gpkg(?:-journal|-wal|-shm)?")
    for item in sorted(folder.iterdir()):
        match = name.fullmatch(item.name)
        if match and not process_is_alive(int(match[1])):
            item.unlink(missing_ok=True)


def _put(partial: Path, path: Path) -> None:
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # FAT, exFAT and some network drives have no hard links
        _put_without_links(partial, path)


def _put_without_links(partial: Path, path: Path) -> None:
    if sys.platform == "win32":
        partial.rename(path)  # Windows does not rename over a file
        return
    lock = path.with_name(f".{path.name}.lock")
    patience_s = time.monotonic() + _LOCK_PATIENCE_S
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if time.monotonic() > patience_s:
                lock.unlink(missing_ok=True)
            time.sleep(0.02)
    try:
        if path.exists():
            raise FileExistsError(f"{path} exists")
        partial.rename(path)
    finally:
        lock.unlink(missing_ok=True)


def _remove(partial: Path) -> None:
    for suffix in _SIDECARS:
        partial.with_name(partial.name + suffix).unlink(missing_ok=True)
