"""The result folder of a run: built under a temporary name beside its target, there whole or not at all.

A temporary folder is called ``.xinji-new-HOST-PID-SERIAL-NAME``, a result that is being
replaced ``.xinji-old-HOST-PID-SERIAL-NAME``. What a killed process left behind is tidied by the next run
in the same place.
Standard library only.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from ..errors import XinjiError
from ..processes import host_label, process_is_alive
from ..text import Text
from .exchange import exchange

RECORD = "run.json"
FORMAT = "xinji-run"
_REFUSED = "-refused"
_RUNS = "xinji-runs"
_RUNS_OF_WORKSPACE = ".runs"
_SIDECARS = ("-wal", "-shm", "-journal", ".aux.xml")
_LEFTOVER = re.compile(r"\.xinji-(new|old)-(?P<host>[A-Za-z0-9_]+)-(?P<pid>\d+)-\d+-(?P<name>.+)")
_SERIAL = itertools.count(1)
_CHOOSE_ANOTHER = Text("请另选一个新文件夹或空文件夹。", "Choose a folder that is empty or does not exist yet.")


class RunFolder:
    """Where one run writes, and where its result will be.

    Parameters
    ----------
    target : pathlib.Path
        The result folder: one that does not exist, an empty one, or an earlier result, which is replaced.
    numbered : bool
        `target` ends in a number; take the next one if another run is there first.

    Attributes
    ----------
    path : pathlib.Path
        The temporary folder to write to, empty at first.
    target : pathlib.Path
        Absolute path of the result; after `commit` it is there.

    Raises
    ------
    XinjiError
        `target` holds something that no run of ours has written, or cannot be made.
    """

    def __init__(self, target: Path, *, numbered: bool = False) -> None:
        self.target = Path(os.path.abspath(target))  # noqa: PTH100 - keeps a symbolic link as the planner wrote it
        self._numbered = numbered
        self._wished = self.target
        refuse_foreign(self.target)
        try:
            self._made_parent = not self.target.parent.exists()
            self.target.parent.mkdir(parents=True, exist_ok=True)
            tidy_around(self.target.parent)
            self.path = self._beside("new")
            self.path.mkdir()
        except OSError as error:
            raise XinjiError(
                Text(
                    f"无法在 {self.target.parent} 中建立结果文件夹：{error.strerror}。",
                    f"Cannot make a result folder in {self.target.parent}: {error.strerror}.",
                ),
                Text("请选择可写入的位置。", "Choose a place that you may write to."),
            ) from error

    def _beside(self, kind: str) -> Path:
        name = f".xinji-{kind}-{host_label()}-{os.getpid()}-{next(_SERIAL)}-{self.target.name}"
        return self.target.with_name(name)

    def commit(self) -> Path:
        """Give the temporary folder its name; from then on the result is there, whole."""
        try:
            if self._numbered:
                self._take_next_number()
            else:
                self._replace()
        except OSError as error:
            raise XinjiError(
                Text(
                    f"无法写入结果文件夹 {self.target}：{error.strerror}。",
                    f"Cannot write the result folder {self.target}: {error.strerror}.",
                ),
                Text(
                    "若 QGIS 或其他程序正打开该文件夹中的文件，请先关闭，或另选文件夹。",
                    "If QGIS or another program has files of this folder open, close them or choose another folder.",
                ),
            ) from error
        forget_refusal(self._wished)
        return self.target

    def _take_next_number(self) -> None:
        while True:
            try:
                if not self.target.exists():
                    self.path.rename(self.target)
                    return
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise  # else another run has taken the number in this very moment
            self.target = next_numbered(self.target.parent, self.target.name.rpartition("-")[0])

    def _replace(self) -> None:
        refuse_foreign(self.target)
        if not self.target.exists():
            self.path.rename(self.target)
            return
        if not any(self.target.iterdir()):
            self.target.rmdir()
            self.path.rename(self.target)
            return
        # Both must be there whenever the process is killed: an exchange is one step. Where the system has none, the old
        # result stands under another name for a moment, and the next run brings it back if the new one never came.
        if exchange(self.path, self.target):
            shutil.rmtree(self.path, ignore_errors=True)
            return
        old = self._beside("old")
        self.target.rename(old)
        try:
            self.path.rename(self.target)
        except OSError:
            old.rename(self.target)
            raise
        shutil.rmtree(old, ignore_errors=True)

    def discard(self) -> None:
        """Remove the temporary folder, if it is still there, and the folder around it if it was made in vain."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._made_parent:
            with contextlib.suppress(OSError):  # another run is in it, or a result
                self.target.parent.rmdir()

    def keep_report(self, report: str) -> str:
        """Move the report of a refused run out of the temporary folder; give its new path, beside the target."""
        path = self.path / report
        if not path.is_file() or self.path not in path.resolve().parents:
            return report
        kept = self.target.with_name(f"{self.target.name}{_REFUSED}{path.suffix}")
        return str(path.replace(kept))


def refusal_files(target: Path) -> tuple[Path, Path]:
    """Give where the report of a refused run and its table of faults stand: beside the result that is not there."""
    page, table = (target.with_name(f"{target.name}{_REFUSED}{suffix}") for suffix in (".html", ".csv"))
    return page, table


def forget_refusal(target: Path) -> None:
    """Remove the report of an earlier refusal."""
    for file in refusal_files(target):
        with contextlib.suppress(OSError):
            file.unlink()


def default_target(job: str, workspace: Path | None) -> Path:
    """Give the result folder of a run that states none: beside its workspace, else in the current folder."""
    parent = Path(_RUNS) if workspace is None else workspace.with_name(f"{workspace.stem}{_RUNS_OF_WORKSPACE}")
    return next_numbered(parent, job)


def target_beside(job: str, stated: Sequence[Path]) -> Path | None:
    """Give the result folder of a run on workspaces or results: with the runs of the first that has such a place.

    Parameters
    ----------
    stated : sequence of pathlib.Path
        Workspaces (files) and results (folders), the one that matters most first. Where none of them is a workspace or
        lies among the runs of one, it is beside the first.

    Returns
    -------
    pathlib.Path or None
        None where nothing is stated.
    """
    for path in stated:
        if path.is_file():
            return default_target(job, path)
        if _is_default_place(path.absolute().parent):
            return next_numbered(path.absolute().parent, job)
    return next_numbered(stated[0].absolute().parent, job) if stated else None


def _is_default_place(folder: Path) -> bool:
    return folder.name == _RUNS or folder.name.endswith(_RUNS_OF_WORKSPACE)


def next_numbered(parent: Path, job: str) -> Path:
    """Give ``job-NNN`` with the number after the highest one in use."""
    pattern = re.compile(re.escape(job) + r"-(\d{3,})")
    found = (pattern.fullmatch(item.name) for item in parent.iterdir()) if parent.is_dir() else ()
    highest = max((int(match[1]) for match in found if match), default=0)
    return parent / f"{job}-{highest + 1:03d}"


def refuse_foreign(target: Path) -> None:
    """Raise `XinjiError` if `target` holds anything that no run of ours has written."""
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise XinjiError(
            Text(f"{target} 已存在且不是文件夹。", f"{target} exists and is not a folder."), _CHOOSE_ANOTHER
        )
    if not any(target.iterdir()):
        return
    ours = _files_of_record(target / RECORD)
    if ours is None:
        raise XinjiError(
            Text(
                f"文件夹 {target} 不为空，且不是本插件的结果文件夹。",
                f"The folder {target} is not empty and holds no earlier result of ours.",
            ),
            _CHOOSE_ANOTHER,
        )
    for file in sorted(item for item in target.rglob("*") if not item.is_dir()):
        name = file.relative_to(target).as_posix()
        bare = next((name[: -len(end)] for end in _SIDECARS if name.endswith(end)), name)
        if name not in ours and bare not in ours:
            raise XinjiError(
                Text(
                    f"结果文件夹 {target} 中有本插件未写过的文件：{name}。为免丢失，不予覆盖。",
                    f"The result folder {target} holds a file that we did not write: {name}. It is not replaced.",
                ),
                Text("请移走该文件，或另选文件夹。", "Move that file away, or choose another folder."),
            )


def _files_of_record(record: Path) -> set[str] | None:
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return None
        return {RECORD, *content["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def tidy_around(parent: Path) -> None:
    """Tidy a folder of results, and the default places of other runs beside it or in it.

    Raises
    ------
    OSError
        `parent` cannot be read; what else cannot be read is left alone.
    """
    tidy(parent)
    for home in {parent, parent.parent if _is_default_place(parent) else parent}:
        with contextlib.suppress(OSError):
            for place in sorted(home.iterdir()):
                if _is_default_place(place) and place != parent and place.is_dir():
                    with contextlib.suppress(OSError):
                        tidy(place)


def tidy(parent: Path) -> None:
    """Remove what killed processes of this machine left in `parent`; bring back a result caught in between."""
    for item in sorted(parent.iterdir()):
        match = _LEFTOVER.fullmatch(item.name)
        if not match or match["host"] != host_label():
            continue
        process = int(match["pid"])
        if process_is_alive(process):
            continue
        original = parent / match["name"]
        if match[1] == "old" and not original.exists():
            item.rename(original)
        else:
            shutil.rmtree(item, ignore_errors=True)


def is_temporary(path: Path) -> bool:
    """Tell whether a folder has the name of one that is still being built."""
    match = _LEFTOVER.fullmatch(path.name)
    return match is not None and match[1] == "new"
