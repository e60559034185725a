"""One real QGIS window under Xvfb, in Chinese: the plugin starts, its dock opens, a reload breaks nothing."""

import importlib.util
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import os, sys, traceback
from qgis.PyQt.QtCore import QTimer

def look():
    try:
        from qgis.utils import iface, plugins
        actions = plugins["xinji_planner"].actions
        actions.dock.setUserVisible(True)
        window = actions.set_up_engine()
        window.grab()
        window.close()
        iface.mainWindow().resize(1366, 768)
        picture = iface.mainWindow().grab()
        picture.save(r"{picture}")
        menus = [entry.text() for entry in iface.pluginMenu().actions()]
        print("MENU", "新基规划" in menus, flush=True)
        print("DOCK", actions.dock.isVisible(), actions.dock.windowTitle(), flush=True)
        print("HINT", actions.dock.hint.text(), flush=True)
        from qgis.core import QgsApplication
        from qgis.utils import reloadPlugin

        reloadPlugin("xinji_planner")
        algorithm = QgsApplication.processingRegistry().algorithmById("xinji:villagereach")
        print("RELOADED", algorithm.displayName(), flush=True)
        plugins["xinji_planner"].unload()
        print("UNLOADED", "新基规划" in [entry.text() for entry in iface.pluginMenu().actions()], flush=True)
    except Exception:
        traceback.print_exc()
    os._exit(0)

QTimer.singleShot(800, look)
"""


@pytest.fixture
def screens():
    """The module that starts QGIS under Xvfb; the screenshots of the docs are taken by it too."""
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "docs" / "screenshots.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_real_window_opens_the_dock_in_chinese(screens, tmp_path):
    if shutil.which("Xvfb") is None or shutil.which("qgis") is None:
        pytest.skip("Xvfb or qgis is not installed")
    script, picture = tmp_path / "look.py", tmp_path / "window.png"
    script.write_text(SCRIPT.replace("{picture}", str(picture)), encoding="utf-8")
    said = screens.run_qgis(ROOT, script, "zh", {}, timeout_s=90)
    assert "MENU True" in said, said
    assert "DOCK True 新基规划" in said
    assert "HINT 先选择或新建一个工作区" in said
    assert "RELOADED 行政村网络通达判定" in said
    assert "UNLOADED False" in said
    assert "Traceback" not in said
    assert picture.stat().st_size > 20_000
