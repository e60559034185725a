"""`./dev bundle`: a folder of wheels from which the engine is set up on machines without internet."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from ...errors import SetupError
from ...text import Text
from . import lockfile
from .installer import pip

THIS_MACHINE = ""
_OPERATING_SYSTEMS = {
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macosx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "manylinux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
}
_README = """新基规划 计算引擎离线安装包 / Xinji Planner: wheels of the engine

在没有互联网的机器上：QGIS → 插件 → 新基规划 → 安装计算引擎 → 选择本文件夹。
On a machine without internet: QGIS → Plugins → Xinji Planner → Set up engine → choose this folder.

适用 / For: {targets}
requirements.lock: SHA-256 {digest}
"""


def make_bundle(
    folder: Path,
    *,
    platforms: Sequence[str] = (THIS_MACHINE,),
    python_versions: Sequence[str] = (),
    lock: Path = lockfile.LOCK,
    progress: Callable[[float, Text], None] = lambda _fraction, _doing: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Download the wheels of the lock file.

    Parameters
    ----------
    folder : pathlib.Path
        Where they go, with a copy of the lock file and a page that says what they are for.
    platforms : sequence of str
        Platform tags as pip has them (``win_amd64``, ``macosx_11_0_arm64``, ``manylinux_2_28_x86_64``);
        empty text is this machine. Several of one system may be joined by commas.
    python_versions : sequence of str
        Python versions such as ``3.12``; the running one if not given.
    lock : pathlib.Path
        What to download.

    Returns
    -------
    int
        How many wheels the folder holds.

    Raises
    ------
    SetupError
        A wheel cannot be had; names the platform.
    """
    requirements = lockfile.read(lock)
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    targets = [(platform, version) for platform in platforms for version in python_versions or (running,)]
    folder.mkdir(parents=True, exist_ok=True)
    for number, (platform, version) in enumerate(targets):
        name = _title(platform, version)
        progress(number / len(targets), Text(f"下载 {name} 的安装包", f"Downloading wheels for {name}"))
        _download(folder, requirements, platform, version, is_cancelled)
    shutil.copyfile(lock, folder / "requirements.lock")
    names = ", ".join(_title(platform, version) for platform, version in targets)
    (folder / "README.txt").write_text(_README.format(targets=names, digest=lockfile.digest(lock)), encoding="utf-8")
    progress(1.0, Text("完成", "Done"))
    return len(list(folder.glob("*.whl")))


def _title(platform: str, version: str) -> str:
    return f"{platform or sys.platform}, Python {version}"


def _download(
    folder: Path,
    requirements: Sequence[lockfile.Requirement],
    platform: str,
    version: str,
    is_cancelled: Callable[[], bool],
) -> None:
    # pip judges markers by the machine it runs on, so those of another target are judged here
    wanted = [item.line(with_marker=False) for item in requirements if _applies(item, platform, version)]
    with tempfile.TemporaryDirectory() as scratch:
        listing = Path(scratch) / "requirements.txt"
        listing.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        arguments = ["download", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", str(folder)]
        arguments += ["--python-version", version, "--implementation", "cp"]
        for tag in platform.split(",") if platform else ():
            arguments += ["--platform", tag.strip()]
        outcome = pip(Path(sys.executable), [*arguments, "-r", str(listing)], is_cancelled)
    if outcome.status != 0:
        error = SetupError(
            Text(
                f"无法下载 {_title(platform, version)} 的安装包：{outcome.last_words}",
                f"The wheels for {_title(platform, version)} cannot be had: {outcome.last_words}",
            ),
            Text(
                "请检查网络和平台名称，然后重试；已下载的会保留。",
                "Check the network and the name of the platform, and try again; what is downloaded stays.",
            ),
        )
        error.details = outcome.said
        raise error


def _applies(requirement: lockfile.Requirement, platform: str, version: str) -> bool:
    if not requirement.marker:
        return True
    from packaging.markers import Marker

    environment = {"python_version": version, "python_full_version": f"{version}.0"}
    system = next((facts for start, facts in _OPERATING_SYSTEMS.items() if platform.startswith(start)), {})
    return Marker(requirement.marker).evaluate({**environment, **system})
