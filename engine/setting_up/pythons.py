"""Find a Python of this machine that an environment for the engine can be made from. Python 3.9."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from ...errors import SetupError
from ...text import Text
from .interpreter import NEWEST, OLDEST, output_of

_PROBE = (
    "import sys, json, importlib.util as u; print(json.dumps([list(sys.version_info[:2]), "
    "sys.maxsize > 2**32, all(u.find_spec(n) for n in ('venv', 'ensurepip')), sys.executable]))"
)
_RANGE = f"{OLDEST[0]}.{OLDEST[1]}–{NEWEST[0]}.{NEWEST[1]}"


def find_python(stated: str | None = None) -> Path:
    """Find a Python 3.11 to 3.13 with venv and pip.

    Parameters
    ----------
    stated : str, optional
        The interpreter to take; no other is looked at.

    Raises
    ------
    SetupError
        There is none; says what was found and what to install.
    """
    seen: list[str] = []
    without_venv = ""
    for candidate in [stated] if stated else _candidates():
        said = output_of(candidate, _PROBE)
        try:
            (major, minor), wide, complete, executable = json.loads(said)
        except ValueError:
            if stated:
                raise SetupError(
                    Text(f"{stated} 不是可运行的 Python。", f"{stated} is no Python that runs."), _install()
                ) from None
            continue
        name = f"Python {major}.{minor} ({executable})"
        if not OLDEST <= (major, minor) <= NEWEST:
            seen.append(name)
        elif not wide:
            seen.append(f"{name}, 32 bit")
        elif not complete:
            without_venv = without_venv or f"{major}.{minor}"
            seen.append(f"{name}, no venv")
        else:
            return Path(executable)
    if without_venv:
        raise SetupError(
            Text(
                f"本机的 Python {without_venv} 缺少 venv 和 pip。",
                f"Python {without_venv} is there, but without venv and pip.",
            ),
            Text(
                f"请在终端运行：sudo apt install python3-venv（或 python{without_venv}-venv），然后重试。",
                f"Run in a terminal: sudo apt install python3-venv (or python{without_venv}-venv), then try again.",
            ),
        )
    if seen:
        listed = "; ".join(dict.fromkeys(seen))
        raise SetupError(
            Text(
                f"需要 64 位 Python {_RANGE}，本机只有：{listed}。",
                f"Python {_RANGE}, 64 bit, is needed; found: {listed}.",
            ),
            _install(),
        )
    raise SetupError(Text(f"本机没有 Python {_RANGE}。", f"There is no Python {_RANGE} on this machine."), _install())


def _install() -> Text:
    if sys.platform.startswith("linux"):
        return Text(
            "请安装 Python 3.11 或更高版本：sudo apt install python3 python3-venv，或在设置中指定解释器。",
            "Install Python 3.11 or newer (sudo apt install python3 python3-venv), or state one in the settings.",
        )
    return Text(
        "请从 python.org 安装 64 位 Python 3.12，然后重试；或在设置中指定解释器。",
        "Install Python 3.12 (64 bit) from python.org and try again; or state an interpreter in the settings.",
    )


def _candidates() -> Iterator[str]:
    """Give interpreters worth asking: those on PATH, those that QGIS brings along, those of the py launcher."""
    for name in ("python3.13", "python3.12", "python3.11", "python3", "python"):
        found = shutil.which(name)
        if found:
            yield found
    if sys.platform == "win32":
        yield from _of_windows()
    elif sys.platform == "darwin":
        beside = Path(sys.executable).parent
        yield from (str(path) for path in (beside / "bin" / "python3", beside / "python3") if path.is_file())


def _of_windows() -> Iterator[str]:
    launcher = shutil.which("py")
    if launcher:
        import subprocess  # nosec B404  # argument lists only, never a shell

        for version in ("3.13", "3.12", "3.11"):
            done = subprocess.run(  # nosec B603  # the Python launcher of Windows, no shell
                [launcher, f"-{version}", "-I", "-c", "import sys; print(sys.executable)"],
                capture_output=True,
                creationflags=0x08000000,
                check=False,
            )
            if done.returncode == 0:
                yield done.stdout.decode("utf-8", "replace").strip()
    for folder in (Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).parent):
        if (folder / "python.exe").is_file():
            yield str(folder / "python.exe")
