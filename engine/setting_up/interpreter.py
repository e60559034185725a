"""Find the engine's interpreter. Standard library only, Python 3.9."""

from __future__ import annotations

import os
import subprocess  # nosec B404  # argument lists only, never a shell
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...errors import EngineError
from ...text import Text
from ..environment import scrubbed
from ..package import ROOT
from .lockfile import LOCK, STAMP, Stamp, digest, environment_python

VARIABLE = "XINJI_ENGINE_PYTHON"
OLDEST = (3, 11)
NEWEST = (3, 13)

SETTING = Text("插件设置", "the plugin's setting")
ENVIRONMENT_VARIABLE = Text(f"环境变量 {VARIABLE}", f"the environment variable {VARIABLE}")
PROFILE = Text("QGIS 配置文件夹中的引擎环境", "the engine's environment in the QGIS profile")
CLONE = Text("源码目录的 .venv", "the clone's .venv")
_SET_UP = Text("请点击“安装计算引擎”。", "Press “Set up engine”.")


@dataclass(frozen=True)
class Interpreter:
    """An interpreter that can run the engine, and where it was found."""

    path: Path
    origin: Text
    version: tuple[int, int]


def find(
    *,
    setting: str = "",
    environment: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    root: Path = ROOT,
    lock: Path = LOCK,
) -> Interpreter:
    """Find the interpreter: setting, then environment variable, then *Set up engine*, then the clone.

    Parameters
    ----------
    setting : str
        What the planner chose: an interpreter, or the folder of a virtual environment; empty for nothing.
    environment : pathlib.Path, optional
        The environment that *Set up engine* makes in the QGIS profile.
    environ : mapping
        Environment variables.
    root : pathlib.Path
        The folder of this package.
    lock : pathlib.Path
        The lock file that the environment must have been made from.

    Raises
    ------
    EngineError
        None is there, or the first that is there cannot be used; says which step is missing and what to do.
    """
    for stated, origin, remedy in (
        (
            setting.strip(),
            SETTING,
            Text("请在设置中改正或清空该路径。", "Correct or clear the path in the settings."),
        ),
        (
            environ.get(VARIABLE, "").strip(),
            ENVIRONMENT_VARIABLE,
            Text("请改正或取消该变量。", "Correct or unset the variable."),
        ),
    ):
        if stated:
            path = Path(stated)
            path = environment_python(path) if path.is_dir() else path
            if not path.is_file():
                raise EngineError(
                    Text(
                        f"{origin.zh}指定的计算引擎解释器不存在：{stated}。",
                        f"The engine's interpreter stated by {origin.en} does not exist: {stated}.",
                    ),
                    remedy,
                )
            return _usable(path, origin, lock, remedy)
    if environment is not None and environment_python(environment).is_file() and Stamp(environment).lock:
        return _usable(environment_python(environment), PROFILE, lock, _SET_UP)
    clone = root / ".venv"
    if environment_python(clone).is_file():
        return _usable(environment_python(clone), CLONE, lock, Text("请运行 ./dev test。", "Run ./dev test."))
    if environment is not None and Stamp(environment).exists:
        raise EngineError(
            Text("计算引擎的安装没有完成。", "The engine's set-up was not finished."),
            Text(
                "请再次点击“安装计算引擎”，将从中断处继续。",
                "Press “Set up engine” again; it goes on where it stopped.",
            ),
        )
    raise EngineError(
        Text(
            f"尚未安装计算引擎：插件设置、{VARIABLE}、QGIS 配置文件夹、源码目录 .venv 均未提供解释器。",
            f"The engine is not set up: no interpreter in the plugin's setting, {VARIABLE}, the QGIS profile or the "
            "clone's .venv.",
        ),
        _SET_UP,
    )


def _usable(path: Path, origin: Text, lock: Path, remedy: Text) -> Interpreter:
    """Check that an interpreter starts, is new enough, and follows the present lock file."""
    version = version_of(path)
    if version is None:
        raise EngineError(
            Text(f"{origin.zh}中的解释器 {path} 无法运行。", f"The interpreter {path} ({origin.en}) does not run."),
            remedy,
        )
    if version < OLDEST:
        raise EngineError(
            Text(
                f"{origin.zh}中的解释器 {path} 是 Python {version[0]}.{version[1]}，计算引擎需要 3.11 或更高版本。",
                f"The interpreter {path} ({origin.en}) is Python {version[0]}.{version[1]}; 3.11 or newer is needed.",
            ),
            remedy,
        )
    home = path.parent.parent
    if (home / STAMP).is_file() and Stamp(home).lock != digest(lock):
        raise EngineError(
            Text(
                f"{origin.zh}（{home}）与当前插件版本不符：依赖清单已更新。",
                f"The engine of {origin.en} ({home}) is out of date: this version of the plugin has another lock file.",
            ),
            remedy
            if origin is not PROFILE
            else Text("请点击“安装计算引擎”更新。", "Press “Set up engine” to update it."),
        )
    return Interpreter(path, origin, version)


def version_of(path: Path) -> tuple[int, int] | None:
    """Give major and minor version of an interpreter, None if it does not run."""
    said = output_of(path, "import sys; print(*sys.version_info[:2])")
    try:
        major, minor = said.split()
        return int(major), int(minor)
    except ValueError:
        return None


def output_of(path: Path | str, code: str, timeout_s: float = 30.0) -> str:
    """Run one line of Python as the engine would be run, and give what it prints; empty if it fails."""
    try:
        done = subprocess.run(  # nosec B603  # the planner's own interpreter, no shell
            [str(path), "-I", "-X", "utf8", "-c", code],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            env=scrubbed(os.environ),
            creationflags=0x08000000 if sys.platform == "win32" else 0,  # no console window
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""
