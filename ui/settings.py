"""What the plugin remembers between sessions: typed access to its QGIS settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsSettings

GROUP = "xinji_planner/"


def _get(key: str) -> str:
    return str(QgsSettings().value(GROUP + key) or "")


def _set(key: str, value: str) -> None:
    QgsSettings().setValue(GROUP + key, value)


def engine_python() -> str:
    """Give the interpreter that the planner chose for the engine; empty where QGIS looks for one by itself."""
    return _get("engine_python")


def set_engine_python(path: str) -> None:
    """Remember the interpreter for the engine."""
    _set("engine_python", path)


def wheels_folder() -> str:
    """Give the folder of wheels to set up the engine from; empty for online."""
    return _get("wheels_folder")


def set_wheels_folder(path: str) -> None:
    """Remember the folder of wheels."""
    _set("wheels_folder", path)


def workspace() -> str:
    """Give the path of the workspace in use."""
    return _get("workspace")


def set_workspace(path: str) -> None:
    """Remember the workspace in use."""
    _set("workspace", path)


def own_packs_folder() -> str:
    """Give the folder of the planner's own rule packs; by default one in the QGIS profile, which need not exist."""
    return _get("own_packs") or str(profile_folder() / "xinji_planner" / "own_packs")


def set_own_packs_folder(path: str) -> None:
    """Remember the folder of own rule packs; empty for the default."""
    _set("own_packs", path)


def own_packs_in_use() -> str:
    """Give the folder of own rule packs if there is any pack in it, else nothing: jobs take it as their default."""
    folder = Path(own_packs_folder())
    return str(folder) if folder.is_dir() and any(folder.glob("*.toml")) else ""


def path_inputs() -> dict[str, Any]:
    """Give what was last stated for a path on the map: elevation data, frequency, heights, power."""
    try:
        said = json.loads(_get("path_inputs") or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def set_path_inputs(stated: dict[str, Any]) -> None:
    """Remember what was stated for a path on the map."""
    _set("path_inputs", json.dumps(stated, ensure_ascii=False))


def profile_folder() -> Path:
    """Give the folder of the QGIS profile, where *Set up engine* puts its environment."""
    return Path(QgsApplication.qgisSettingsDirPath())


def engine_environment() -> Path:
    """Give the folder of the environment that *Set up engine* makes."""
    return profile_folder() / "xinji_planner" / "engine"
