"""The environment variables that the engine is started with: the user's, without what belongs to QGIS.

QGIS sets paths to its own Python, GDAL, PROJ and Qt; with them the engine's libraries would load the wrong
data and break. Standard library only, Python 3.9.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

_DROPPED = (
    "PYTHON",
    "PROJ_",
    "GDAL_",
    "OGR_",
    "CPL_",
    "GEOTIFF_",
    "QGIS_",
    "QT_",
    "QML",
    "O4W",
    "OSGEO4W",
    "GISBASE",
    "GRASS",
    "DYLD_INSERT",
    "LD_PRELOAD",
    "__PYVENV_LAUNCHER__",
)
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_")
_OF_QGIS = ("qgis", "osgeo4w")


def scrubbed(environ: Mapping[str, str], platform: str = sys.platform) -> dict[str, str]:
    """Give the variables without those of QGIS, its Python and its libraries.

    Parameters
    ----------
    environ : mapping
        The variables of the running process.
    platform : str
        As `sys.platform` says; on ``win32`` the folders of QGIS also leave PATH.
    """
    windows = platform == "win32"
    prefix = environ.get("QGIS_PREFIX_PATH", "").rstrip("/\\")
    kept: dict[str, str] = {}
    for name, value in environ.items():
        upper = name.upper()
        if upper.startswith(_DROPPED):
            continue
        if upper.startswith(_LIBRARY_PATHS) or (windows and upper == "PATH"):
            value = _without_qgis(value, ";" if windows else ":", prefix)  # noqa: PLW2901
            if not value:
                continue
        kept[name] = value
    return kept


def _without_qgis(paths: str, separator: str, prefix: str) -> str:
    def is_foreign(path: str) -> bool:
        folded = path.lower()
        return any(word in folded for word in _OF_QGIS) or (len(prefix) > 4 and folded.startswith(prefix.lower()))

    return separator.join(path for path in paths.split(separator) if path and not is_foreign(path))
