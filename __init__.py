"""Xinji Planner (新基规划): a QGIS plugin for planners of China's new information infrastructure."""


def classFactory(iface):  # QGIS fixes the name and the untyped signature
    """Give QGIS the plugin object.

    Parameters
    ----------
    iface : qgis.gui.QgisInterface or None
        None under ``qgis_process``.
    """
    from .plugin import XinjiPlugin

    return XinjiPlugin(iface)
