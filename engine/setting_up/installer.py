"""Run a Python or pip command as a child that can be cancelled, and say what its failure means. Python 3.9."""

from __future__ import annotations

import os
import subprocess  # nosec B404  # argument lists only, never a shell
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from ...errors import Cancelled, SetupError
from ...text import Text
from ..environment import scrubbed
from .lockfile import Requirement

_NO_NETWORK = (
    "NewConnectionError",
    "ConnectionError",
    "Connection refused",
    "Connection broken",
    "Failed to establish",
    "Name or service not known",
    "Temporary failure in name resolution",
    "getaddrinfo failed",
    "Network is unreachable",
    "ProxyError",
    "SSLError",
    "timed out",
    "ReadTimeout",
)
OFFLINE = Text(
    "请检查网络或代理后重试（已装的部分会保留）；"
    "没有互联网时，请在另一台机器上用 ./dev bundle 制作离线安装包，并在此选择其文件夹。",
    "Check network or proxy and try again (what is installed stays); without internet, make a folder of wheels on "
    "another machine with ./dev bundle and choose it here.",
)


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it said."""

    status: int
    said: str

    @property
    def last_words(self) -> str:
        """The line that tells most: pip's last ERROR, else the last line."""
        lines = [line.strip() for line in self.said.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR:")]
        return (errors or lines or [""])[-1]


def run(command: Sequence[str], is_cancelled: Callable[[], bool]) -> Outcome:
    """Run a command to its end, asking every 0.1 s whether to stop.

    Raises
    ------
    Cancelled
        `is_cancelled` said yes; the command was killed.
    """
    with tempfile.TemporaryFile() as log:
        with subprocess.Popen(  # nosec B603  # our own venv and pip commands, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=scrubbed(os.environ),
            creationflags=0x08000000 if sys.platform == "win32" else 0,  # no console window
        ) as process:
            while True:
                try:
                    status = process.wait(0.1)
                    break
                except subprocess.TimeoutExpired:
                    if is_cancelled():
                        process.kill()
                        process.wait()
                        raise Cancelled from None
        log.seek(0)
        return Outcome(status, log.read().decode("utf-8", "replace"))


def pip(python: Path, arguments: Sequence[str], is_cancelled: Callable[[], bool]) -> Outcome:
    """Run one pip command; nothing is ever asked or built from source."""
    common = ["--disable-pip-version-check", "--no-input", "--no-color", "--retries", "2"]
    return run([str(python), "-I", "-X", "utf8", "-m", "pip", *arguments, *common], is_cancelled)


def failure(requirement: Requirement, outcome: Outcome, wheels: Path | None) -> SetupError:
    """Give the error for a library that pip could not get or install."""
    error = _failure(requirement, outcome, wheels)
    error.details = outcome.said
    return error


def _failure(requirement: Requirement, outcome: Outcome, wheels: Path | None) -> SetupError:
    pin, said = requirement.pin, outcome.said
    if "No space left" in said:
        return SetupError(
            Text(f"磁盘空间不足，无法安装 {pin}。", f"The disk is full: {pin} cannot be installed."),
            Text("请清理磁盘后重试，已装的部分会保留。", "Free some space and try again; what is installed stays."),
        )
    if "DO NOT MATCH THE HASHES" in said:
        return SetupError(
            Text(
                f"{pin} 的安装包与依赖清单中的哈希不符。",
                f"The file of {pin} does not match its hash in the lock file.",
            ),
            Text("请换用完整的离线安装包文件夹，或改为在线安装。", "Use a fresh folder of wheels, or set up online."),
        )
    if wheels is not None and not requirement.has_wheel(wheels):
        return SetupError(
            Text(f"离线安装包文件夹 {wheels} 中缺少 {pin}。", f"The folder of wheels {wheels} lacks {pin}."),
            Text("请用 ./dev bundle 重新制作该文件夹。", "Make the folder anew with ./dev bundle."),
        )
    if wheels is not None and "No matching distribution" in said:
        return SetupError(
            Text(
                f"离线安装包文件夹 {wheels} 中的 {pin} 不适用于本机的系统或 Python 版本。",
                f"The folder of wheels {wheels} has {pin}, but not for this system and Python.",
            ),
            Text(
                "请用 ./dev bundle --platform … --python-version … 为本机制作。",
                "Make one for this machine: ./dev bundle --platform … --python-version ….",
            ),
        )
    if wheels is None and any(word in said for word in _NO_NETWORK):
        return SetupError(
            Text(f"下载 {pin} 时网络不通。", f"{pin} cannot be downloaded: there is no network."), OFFLINE
        )
    return SetupError(
        Text(f"无法安装 {pin}：{outcome.last_words}", f"{pin} cannot be installed: {outcome.last_words}"), OFFLINE
    )
