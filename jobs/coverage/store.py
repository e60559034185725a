"""Finished blocks of a raster, kept beside the result until it is there: a killed run goes on where it was.

The folder is called ``.xinji-blocks-KEY-OWNER`` and stands where the result folder will be. KEY is a hash of the
parameters, the transmitters and the code; the name of a block's file has a hash of all that the block depends on, its
terrain included. So a block is used again only where it would come out the same. The run that ends well removes its
folder; what nobody came back for in a week goes with the next run in the same place.

OWNER is the run that works in the folder: machine, process, the process's beginning (numbers are used again) and
thread. A run takes over the folder of one that is dead by renaming it, of which two that try at once do it just one; a
run that finds none, or only those of the living, works in a folder of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from ...analysis.radio.tiles import Block, BlockLevels, BlockTask
from ...errors import EngineError
from ...processes import host_label, process_is_alive, process_start
from ...text import Text

_PREFIX = ".xinji-blocks-"
_FORGOTTEN_S = 7 * 24 * 3600


class BlockStore:
    """The blocks of one run.

    Parameters
    ----------
    parent : pathlib.Path
        Folder in which the result will stand.
    key : str
        See `key_of`.

    Attributes
    ----------
    path : pathlib.Path
    """

    def __init__(self, parent: Path, key: str) -> None:
        _forget_old(parent)
        self.path = parent / f"{_PREFIX}{key}-{_me()}"
        for left in sorted(parent.glob(f"{_PREFIX}{key}-*")):
            if self.path.exists():
                break
            if not _is_in_use(left):
                with contextlib.suppress(OSError):  # another run was first
                    left.rename(self.path)

    def _own(self) -> None:
        """Make the folder, once there is something to keep."""
        self.path.mkdir(exist_ok=True)

    def load(self, name: str) -> BlockLevels | None:
        """Give a finished block; None where it is not there or not whole."""
        try:
            with np.load(self.path / name, allow_pickle=False) as kept:
                return BlockLevels(*(kept[field] for field in BlockLevels._fields))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def finished(self, name: str) -> BlockLevels:
        """Give a block that this run has finished.

        Raises
        ------
        EngineError
            Somebody else deleted it.
        """
        kept = self.load(name)
        if kept is not None:
            return kept
        raise EngineError(
            Text(
                f"本次运行已算完的分块不见了：{self.path / name}。可能有人删除了这个临时文件夹。",
                f"A block that this run had finished is gone: {self.path / name}. Somebody may have deleted that temporary folder.",
            ),
            Text(
                "请重新运行；运行期间不要删除以 .xinji-blocks 开头的文件夹。",
                "Run again, and leave folders whose names begin with .xinji-blocks alone while a run goes on.",
            ),
        )

    def save(self, name: str, levels: BlockLevels) -> None:
        """Keep a block, whole or not at all."""
        self._own()
        building = self.path / f"{name}.{os.getpid()}.new"
        with building.open("wb") as stream:
            np.savez(stream, **levels._asdict())
        building.replace(self.path / name)

    def scratch(self, name: str) -> Path:
        """Give a path for something that need not outlive the run."""
        self._own()
        return self.path / f"{name}.{os.getpid()}.scratch"

    def remove(self) -> None:
        """Forget everything: the result is there."""
        shutil.rmtree(self.path, ignore_errors=True)


def key_of(*parts: Any) -> str:
    """Give the hash of what all blocks of a run have in common: values whose ``repr`` says all, and arrays."""
    return _digest(parts)[:16]


def name_of(block: Block, task: BlockTask) -> str:
    """Give the file name of a block: its place, and a hash of its task."""
    return f"{block.row}-{block.column}-{_digest(task)[:32]}.npz"


def _digest(parts: Any) -> str:
    digest = hashlib.sha256()
    _put(digest, parts)
    return digest.hexdigest()


def _put(digest: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        digest.update(f"{value.dtype.str}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, (tuple, list)):
        digest.update(f"{type(value).__name__}{len(value)}(".encode())
        for item in value:
            _put(digest, item)
        digest.update(b")")
    else:
        digest.update(f"{value!r};".encode())


def _me() -> str:
    process = os.getpid()
    return f"{host_label()}-{process}-{process_start(process)}-{threading.get_ident():x}"


def _is_in_use(folder: Path) -> bool:
    """Tell whether another run works in a folder; of other machines nobody knows, so there it counts as in use."""
    owner = folder.name.removeprefix(_PREFIX).split("-")[1:]
    if len(owner) != 4 or not owner[1].isdigit() or "-".join(owner) == _me():
        return False
    host, process, start, thread = owner
    if host != host_label():
        return True
    if int(process) == os.getpid() and start == process_start(os.getpid()):
        return any(f"{other.ident or 0:x}" == thread for other in threading.enumerate())
    return process_is_alive(int(process)) and process_start(int(process)) == start


def _forget_old(parent: Path) -> None:
    for item in sorted(parent.glob(f"{_PREFIX}*")):
        with contextlib.suppress(OSError):  # another run may remove it at the same time
            old = time.time() - item.stat().st_mtime > _FORGOTTEN_S
            if old and (not _is_in_use(item) or _is_elsewhere(item)):
                shutil.rmtree(item, ignore_errors=True)


def _is_elsewhere(folder: Path) -> bool:
    """Tell whether a folder is another machine's; after a week it was left."""
    owner = folder.name.removeprefix(_PREFIX).split("-")[1:]
    return len(owner) == 4 and owner[0] != host_label()
