"""Icons of the plugin, by name."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtGui import QIcon

FOLDER = Path(__file__).parent / "icons"


def icon(name: str) -> QIcon:
    """Give the icon in ``ui/icons/NAME.svg``."""
    return QIcon(str(FOLDER / f"{name}.svg"))
