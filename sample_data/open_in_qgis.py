"""Start-up script of ``./dev gui``: open the panel with the sample county, imported at the first start."""

import os
from pathlib import Path

from qgis.PyQt.QtCore import QTimer
from qgis.utils import plugins


def show_sample_county() -> None:
    """Load the sample workspace, or make it; both go on in the background."""
    actions = plugins["xinji_planner"].actions
    folder = Path(os.environ["XINJI_SAMPLE_FOLDER"])
    found = sorted(folder.glob("*.gpkg"))
    actions.dock.setUserVisible(True)
    if found:
        actions.dock.set_workspace(str(found[0]))
        actions.dock.load_all()
        actions.zoom_to_all()
    else:
        actions.load_sample(str(folder))


QTimer.singleShot(500, show_sample_county)  # the window is there, and its canvas has a size
