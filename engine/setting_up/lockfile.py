"""The lock file, one requirement at a time, and the stamp that says how far an environment has followed it.

Standard library only, Python 3.9.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import SetupError
from ...text import Text
from ..versions import LOCK

STAMP = "xinji-engine.json"


@dataclass(frozen=True)
class Requirement:
    """One pinned library.

    Attributes
    ----------
    marker : str
        Where it applies, such as ``python_full_version < '3.12'``; empty for everywhere.
    hashes : tuple of str
        Allowed files, as ``sha256:…``.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def pin(self) -> str:
        """Name and version, for people."""
        return f"{self.name}=={self.version}"

    def line(self, with_marker: bool = True) -> str:
        """Give it as one line for pip, with its hashes."""
        marker = f" ; {self.marker}" if self.marker and with_marker else ""
        return f"{self.pin}{marker} " + " ".join(f"--hash={item}" for item in self.hashes)

    def has_wheel(self, folder: Path) -> bool:
        """Tell whether a folder holds any wheel of this version, whatever system it is for."""
        wanted = (_folded(self.name), self.version)
        return any(
            (_folded(parts[0]), parts[1]) == wanted
            for parts in (path.name.split("-") for path in folder.glob("*.whl"))
            if len(parts) >= 5
        )


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read(lock: Path = LOCK) -> list[Requirement]:
    """Read a lock file that pip-tools or uv wrote with hashes.

    Raises
    ------
    SetupError
        The file is missing, or a requirement has no pinned version or no hash.
    """
    try:
        text = lock.read_text(encoding="utf-8")
    except OSError as error:
        raise SetupError(
            Text(f"读不到依赖清单 {lock}：{error.strerror}。", f"Cannot read the lock file {lock}: {error.strerror}."),
            Text("请重新安装插件。", "Install the plugin again."),
        ) from error
    found = []
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        stated = line.split("#", 1)[0].strip()
        if not stated or stated.startswith("-"):
            continue
        match = re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;]+)\s*(?:;\s*(.*?))?((?:\s+--hash=\S+)+)", stated)
        if not match:
            raise SetupError(
                Text(
                    f"依赖清单 {lock} 有一行缺少版本或哈希：{stated}",
                    f"{lock}: a line has no version or no hash: {stated}",
                ),
                Text("请重新安装插件。", "Install the plugin again."),
            )
        found.append(Requirement(match[1], match[2], match[3] or "", tuple(re.findall(r"--hash=(\S+)", match[4]))))
    return found


def digest(lock: Path = LOCK) -> str:
    """Give the SHA-256 of a lock file, line ends apart."""
    return hashlib.sha256(lock.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


class Stamp:
    """What an environment holds: the lines of the lock that are installed, and the lock's hash once all are.

    Parameters
    ----------
    environment : pathlib.Path
        The virtual environment's folder.
    """

    def __init__(self, environment: Path) -> None:
        self._path = environment / STAMP
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            self.lock, self._done = str(content["lock"]), [str(line) for line in content["done"]]
        except (OSError, ValueError, KeyError, TypeError):
            self.lock, self._done = "", []

    @property
    def exists(self) -> bool:
        """Tell whether the environment was made by *Set up engine*, finished or not."""
        return self._path.is_file()

    def has(self, requirement: Requirement) -> bool:
        """Tell whether a requirement is installed as the lock has it."""
        return requirement.line() in self._done

    def begin(self, requirements: Sequence[Requirement]) -> None:
        """Mark the environment as unfinished, and forget what is not in the lock any more."""
        current = {requirement.line() for requirement in requirements}
        self._done = [line for line in self._done if line in current]
        self.lock = ""
        self._write()

    def add(self, requirement: Requirement) -> None:
        """Mark a requirement as installed."""
        self._done.append(requirement.line())
        self._write()

    def finish(self, lock: Path) -> None:
        """Mark the environment as made from the whole of `lock`."""
        self.lock = digest(lock)
        self._write()

    def _write(self) -> None:
        content = json.dumps({"lock": self.lock, "done": self._done}, indent=1)
        partial = self._path.with_suffix(".part")
        partial.write_text(content, encoding="utf-8")
        partial.replace(self._path)


def environment_python(environment: Path) -> Path:
    """Give the interpreter of a virtual environment."""
    if sys.platform == "win32":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python3"
