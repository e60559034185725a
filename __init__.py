"""Xinji Planner (新基规划): a QGIS plugin for planners of China's new information infrastructure."""

import sys

# QGIS's reload forgets only what an import statement brought in. The job modules come by importlib and would stay,
# with classes of the old package in them; this package is new here, so every part of it that is there is stale.
for _name in [name for name in sys.modules if name.startswith(f"{__name__}.")]:
    del sys.modules[_name]


def classFactory(iface: object) -> object:  # QGIS fixes the name
    """Give QGIS the plugin object.

    Parameters
    ----------
    iface : qgis.gui.QgisInterface or None
        None under ``qgis_process``.
    """
    from .plugin import XinjiPlugin

    return XinjiPlugin(iface)
