"""*Set up engine*: make the engine's own environment, online or from a folder of wheels, and go on where it stopped.

Standard library only, Python 3.9: it runs in QGIS.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Callable

from ...errors import SetupError
from ...text import Text
from . import lockfile
from .installer import Outcome, failure, pip, run
from .interpreter import OLDEST, version_of
from .pythons import find_python

NEEDED_BYTES = 2 * 1024**3
IMPORTS = (
    "geopandas",
    "numba",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "pyogrio",
    "pyproj",
    "rasterio",
    "scipy",
    "shapely",
)

Progress = Callable[[float, Text], None]


def set_up(
    target: Path,
    *,
    wheels: Path | None = None,
    python: str | None = None,
    progress: Progress = lambda _fraction, _doing: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    lock: Path = lockfile.LOCK,
    imports: Sequence[str] = IMPORTS,
    needed_bytes: int = NEEDED_BYTES,
) -> Path:
    """Make or finish the engine's environment.

    Every library that is installed is recorded at once; a second call skips it, so that an interrupted
    set-up goes on where it stopped, and a new lock file installs only what has changed.

    Parameters
    ----------
    target : pathlib.Path
        Folder of the environment: one that does not exist, is empty, or holds an environment.
    wheels : pathlib.Path, optional
        Folder of wheels, for a machine without internet.
    python : str, optional
        Interpreter to make it from; searched for if not given.
    progress : callable
        Takes fraction (0 to 1) and what is being done.
    is_cancelled : callable
        Asked every 0.1 s.
    lock : pathlib.Path
        What to install, with hashes.
    imports : sequence of str
        Modules that must load at the end.
    needed_bytes : int
        Free disk space asked for, in bytes.

    Returns
    -------
    pathlib.Path
        The environment's interpreter.

    Raises
    ------
    SetupError
        Python, disk, a wheel or the network is missing; says which.
    Cancelled
        `is_cancelled` said yes.
    """
    requirements = lockfile.read(lock)
    if wheels is not None and not wheels.is_dir():
        raise SetupError(
            Text(f"离线安装包文件夹不存在：{wheels}。", f"The folder of wheels does not exist: {wheels}."),
            Text("请重新选择文件夹。", "Choose another folder."),
        )
    _check_disk(target, needed_bytes)
    progress(0.0, Text("准备 Python 环境", "Preparing the Python environment"))
    interpreter = _environment(target, python, is_cancelled)
    stamp = lockfile.Stamp(target)
    stamp.begin(requirements)
    for number, requirement in enumerate(requirements):
        progress(
            0.05 + 0.9 * number / len(requirements),
            Text(
                f"安装 {requirement.pin}（{number + 1}/{len(requirements)}）",
                f"Installing {requirement.pin} ({number + 1} of {len(requirements)})",
            ),
        )
        if not stamp.has(requirement):
            _install(interpreter, requirement, wheels, is_cancelled)
            stamp.add(requirement)
    progress(0.95, Text("检查安装结果", "Checking the result"))
    _check_imports(interpreter, imports, is_cancelled)
    stamp.finish(lock)
    progress(1.0, Text("计算引擎已就绪", "The engine is ready"))
    return interpreter


def _check_disk(target: Path, needed_bytes: int) -> None:
    place = target.absolute()
    while not place.is_dir():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < needed_bytes:
        free_gib, needed_gib = free / 1024**3, needed_bytes / 1024**3
        raise SetupError(
            Text(
                f"磁盘空间不足：{place} 所在磁盘剩余 {free_gib:.1f} GiB，需要 {needed_gib:.1f} GiB。",
                f"Not enough disk space: {free_gib:.1f} GiB free at {place}, {needed_gib:.1f} GiB are needed.",
            ),
            Text("请清理磁盘后重试。", "Free some space and try again."),
        )


def _environment(target: Path, python: str | None, is_cancelled: Callable[[], bool]) -> Path:
    """Give the interpreter of the environment in `target`; make it, or make it anew where it is broken."""
    made_here = (target / "pyvenv.cfg").is_file()
    if target.exists() and not made_here and (not target.is_dir() or any(target.iterdir())):
        raise SetupError(
            Text(
                f"文件夹 {target} 不为空，且不是 Python 环境。", f"The folder {target} is not empty and no environment."
            ),
            Text("请另选文件夹。", "Choose another folder."),
        )
    interpreter = lockfile.environment_python(target)
    if made_here and (version_of(interpreter) or (0, 0)) >= OLDEST and _has_pip(interpreter, is_cancelled):
        return interpreter
    source = find_python(python)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            Text(f"无法建立文件夹 {target}：{error.strerror}。", f"Cannot make the folder {target}: {error.strerror}.")
        ) from error
    outcome = run([str(source), "-I", "-X", "utf8", "-m", "venv", "--clear", str(target)], is_cancelled)
    if outcome.status != 0 or not _has_pip(interpreter, is_cancelled):
        raise _no_environment(source, outcome)
    return interpreter


def _no_environment(source: Path, outcome: Outcome) -> SetupError:
    error = SetupError(
        Text(
            f"{source} 无法建立 Python 环境：{outcome.last_words}",
            f"{source} cannot make an environment: {outcome.last_words}",
        ),
        Text(
            "Debian、Ubuntu 请先运行 sudo apt install python3-venv，然后重试。",
            "On Debian and Ubuntu run sudo apt install python3-venv first, then try again.",
        ),
    )
    error.details = outcome.said
    return error


def _has_pip(interpreter: Path, is_cancelled: Callable[[], bool]) -> bool:
    return run([str(interpreter), "-I", "-m", "pip", "--version"], is_cancelled).status == 0


def _install(
    interpreter: Path, requirement: lockfile.Requirement, wheels: Path | None, is_cancelled: Callable[[], bool]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirement.txt"
        wanted.write_text(requirement.line() + "\n", encoding="utf-8")
        source = ["--no-index", "--find-links", str(wheels)] if wheels is not None else []
        arguments = ["install", "--no-deps", "--require-hashes", "--only-binary", ":all:", *source, "-r", str(wanted)]
        outcome = pip(interpreter, arguments, is_cancelled)
    if outcome.status != 0:
        raise failure(requirement, outcome, wheels)


def _check_imports(interpreter: Path, imports: Sequence[str], is_cancelled: Callable[[], bool]) -> None:
    outcome = run([str(interpreter), "-I", "-X", "utf8", "-c", "import " + ", ".join(imports)], is_cancelled)
    if outcome.status != 0:
        error = SetupError(
            Text(
                f"已安装，但无法加载：{outcome.last_words}",
                f"Everything is installed, but does not load: {outcome.last_words}",
            ),
            Text("请删除该环境文件夹后重新安装。", "Delete the environment's folder and set it up again."),
        )
        error.details = outcome.said
        raise error
