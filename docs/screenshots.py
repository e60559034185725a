"""Screenshots of the real window, in Chinese and in English: starts QGIS under Xvfb and takes them.

``/usr/bin/python3 docs/screenshots.py [--workspace W.gpkg] [--files F…] [--output DIR] [zh] [en]``

Without ``--workspace`` the sample county is imported first. The same file is the start-up script of that QGIS, where it
finds the window and does what a planner would do. The engine is found as always (``XINJI_ENGINE_PYTHON``).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGE = "xinji_planner"
LOCALES = {"zh": "zh-Hans", "en": "en_US"}
WORKSPACES = {"zh": "海岳县.gpkg", "en": "haiyue_county.gpkg"}
BACKGROUND = ("admin_units", "roads", "sea_areas", "coastline", "national_border")  # what stays under a result
SIZE = (1366, 768)
PLAN = "XINJI_SHOTS_PLAN"

# --- outside QGIS -----------------------------------------------------------------------------------------


@contextmanager
def display() -> Iterator[str]:
    """Start an X server without a screen and give its name."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as said:
            yield ":" + said.readline().strip()
    finally:
        server.terminate()
        server.wait(10)


def profile(folder: Path, language: str) -> Path:
    """Make a QGIS profile with the plugin on and the language set."""
    ini = folder / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    ini.parent.mkdir(parents=True)
    ini.write_text(
        f"[PythonPlugins]\n{PACKAGE}=true\nprocessing=true\n\n"
        f"[locale]\noverrideFlag=true\nuserLocale={LOCALES[language]}\n\n"
        "[qgis]\ncheckVersion=false\nshowTips=false\nenableMacros=Never\n",
        encoding="utf-8",
    )
    return folder


def run_qgis(root: Path, code: Path, language: str, plan: dict[str, Any], timeout_s: float = 300) -> str:
    """Start QGIS on an X server of its own, let it run a start-up script to its end, and give what it said.

    Parameters
    ----------
    root : pathlib.Path
        The folder of this package.
    code : pathlib.Path
        The start-up script; it must end QGIS.
    plan : dict
        What the script finds as JSON in the environment variable ``XINJI_SHOTS_PLAN``.
    """
    with tempfile.TemporaryDirectory() as scratch, display() as screen:
        plugins = Path(scratch) / "plugins"
        plugins.mkdir()
        (plugins / PACKAGE).symlink_to(root, target_is_directory=True)
        environment = {
            **os.environ,
            "DISPLAY": screen,
            "QT_QPA_PLATFORM": "xcb",
            "QGIS_PLUGINPATH": str(plugins),
            PLAN: json.dumps({"language": language, **plan}),
        }
        home = profile(Path(scratch) / "home", language)
        command = ["qgis", "--nologo", "--profiles-path", str(home), "--code", str(code)]
        environment.pop("QGIS_CUSTOM_CONFIG_PATH", None)
        done = subprocess.run(
            command, env=environment, timeout=timeout_s, capture_output=True, text=True, errors="replace", check=False
        )
        return done.stdout + done.stderr


_FILES = (
    "移动_无线基站台账.csv",
    "测试记录.csv",
    "电信_4G5G站点清单.xlsx",
    "行政村关键点.xlsx",
    "干线光缆_3度43带.shp",
    "联通基站.shp",
)


def sample_files(root: Path) -> list[Path]:
    """Give some of the sample county's files, of different formats."""
    return [root / "sample_data" / "received" / name for name in _FILES]


def main(arguments: Sequence[str]) -> int:
    """Take the screenshots of every language asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", help="zh, en; default both")
    parser.add_argument("--workspace", default="")
    parser.add_argument("--files", nargs="*", default=[])
    parser.add_argument("--output", default=str(Path(__file__).with_name("images")))
    stated = parser.parse_args(arguments)
    root = Path(__file__).resolve().parents[1]
    output = Path(stated.output).resolve()
    output.mkdir(parents=True, exist_ok=True)
    found = os.environ.get("XINJI_ENGINE_PYTHON") or str(root / ".venv" / "bin" / "python")
    for language in stated.languages or list(LOCALES):
        with tempfile.TemporaryDirectory(prefix="xinji_") as scratch:
            workspace = Path(scratch) / WORKSPACES[language]
            if stated.workspace:
                shutil.copyfile(stated.workspace, workspace)
            engine = Path(scratch) / "engine"  # a picture shows no folder of the machine that it was taken on
            engine.symlink_to(Path(found).absolute().parents[1], target_is_directory=True)
            os.environ["XINJI_ENGINE_PYTHON"] = str(engine / "bin" / "python")
            plan = {
                "workspace": str(workspace),
                "sample": not stated.workspace,
                "files": [str(Path(item).resolve()) for item in stated.files or sample_files(root)],
                "output": str(output),
            }
            said = run_qgis(root, Path(__file__).resolve(), language, plan)
        if f"XINJI {language} DONE" not in said:
            print(said, file=sys.stderr)
            return 1
        print(f"{language}: {output}")
    return 0


# --- inside QGIS -------------------------------------------------------------------------------------------


class Session:
    """What a planner does, with a picture of every step.

    Parameters
    ----------
    iface : QgisInterface
    plan : dict
    """

    def __init__(self, iface: Any, plan: dict[str, Any]) -> None:
        from qgis.utils import plugins

        self.iface = iface
        self.plan = plan
        self.actions = plugins[PACKAGE].actions
        self.window = iface.mainWindow()

    def wait(self, holds: Any = lambda: False, seconds: float = 90.0, enough: bool = False) -> None:
        """Let QGIS go on until something holds; with `enough` the time is just to settle."""
        from qgis.PyQt.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        timer, end = QTimer(), QTimer()
        end.setSingleShot(True)
        timer.timeout.connect(lambda: holds() and loop.quit())
        end.timeout.connect(loop.quit)
        timer.start(50)
        end.start(round(1000 * seconds))
        loop.exec()
        timer.stop()
        end.stop()
        if not enough and not holds():
            raise RuntimeError("QGIS took too long")

    def settle(self, seconds: float = 0.7) -> None:
        """Let the window draw itself."""
        self.wait(seconds=seconds, enough=True)

    def shoot(self, name: str, widget: Any = None) -> None:
        """Take a picture of the screen, or of one window."""
        self.settle()
        from qgis.PyQt.QtCore import Qt
        from qgis.PyQt.QtGui import QImage

        picture = (widget or self.window).grab().toImage()
        small = picture.convertToFormat(QImage.Format.Format_Indexed8, Qt.ImageConversionFlag.ThresholdDither)
        small.save(str(Path(self.plan["output"]) / f"{name}_{self.plan['language']}.png"))

    def quiet_window(self) -> None:
        """Close what has nothing to do with us, and make the window as large as the screen."""
        from qgis.PyQt.QtWidgets import QDockWidget, QToolBar

        self.window.setWindowState(self.window.windowState().__class__(0))
        self.window.setGeometry(0, 0, *SIZE)
        for dock in self.window.findChildren(QDockWidget):
            if dock.objectName() not in ("Layers", "xinji_dock", "xinji_results", "xinji_scoreboard", "xinji_latency"):
                dock.setVisible(False)
        kept = ("mFileToolBar", "mMapNavToolBar", "mAttributesToolBar", "xinji_toolbar")
        for bar in self.window.findChildren(QToolBar):
            if bar.parent() is self.window and bar.objectName() not in kept:
                bar.setVisible(False)
        for dock in self.window.findChildren(QDockWidget):
            if dock.objectName() == "Layers":
                self.window.resizeDocks([dock], [270], Qt_Horizontal())
        self.window.resizeDocks([self.actions.dock], [430], Qt_Horizontal())

    def run_job(self, name: str, parameters: dict[str, Any]) -> Any:
        """Run a job in the background and wait for it."""
        from xinji_planner.text import same
        from xinji_planner.ui import tasks

        ended: list[Any] = []
        output = parameters.pop("output", None)
        tasks.start(tasks.engine_task(same(name), name, parameters, output, ended.append, ended.append))
        self.wait(lambda: bool(ended))
        if isinstance(ended[0], Exception):
            raise ended[0]
        return ended[0]

    def play(self) -> None:
        """Take every picture."""
        from xinji_planner.ui import runs

        workspace = self.plan["workspace"]
        if self.plan["sample"]:
            self.run_job("load_sample", {"workspace": workspace})
        self.actions.dock.setUserVisible(True)
        self.actions.dock.set_workspace(workspace)
        self.quiet_window()
        self.actions.dock.load_all()
        self.actions.zoom_to_all()
        self.settle(2)
        self.shoot("dock")
        self.dialogs()
        self.keep_background()
        self.findings()
        for job, name in (("coverage_gap", "coverage_gap"), ("village_reach", "window")):
            result = self.run_job(job, {"workspace": workspace, "technology": "5G"})
            self.actions.load_run(runs.read(Path(result.folder)))
            self.quiet_window()
            self.settle(2)
            self.shoot(name)
        table = self.actions.results
        table.verdict.setCurrentIndex(table.verdict.findData("not_reached"))
        table.zoom(0)
        self.settle(2)
        self.shoot("results_table")
        self.frontier(workspace)
        self.trunk_and_delivery(workspace)

    def trunk_and_delivery(self, workspace: str) -> None:
        """Take the pictures of the latency matrix and of the delivery profiles."""
        from xinji_planner.ui import runs

        run = runs.read(Path(self.run_job("cluster_links", {"workspace": workspace}).folder))
        self.actions.scoreboard.dock.close()
        self.actions.load_run(run)
        self.quiet_window()
        matrix = self.actions.latency.dock
        matrix.table.clicked.emit(matrix.model.index(0, 1))
        self.settle(2)
        self.shoot("latency_matrix")
        profiles = self.actions.delivery_profiles()
        self.wait(lambda: profiles.shown is not None and not profiles.is_busy())
        profiles.open_profile("municipal")
        self.wait(lambda: profiles.shown.name == "municipal" and not profiles.is_busy())
        profiles.pages.setCurrentItem(profiles.pages.topLevelItem(1).child(0))
        self.shoot("delivery_profiles", profiles)
        profiles.close()

    def frontier(self, workspace: str) -> None:
        """Take the pictures of the scoreboard and of the rule packs."""
        from xinji_planner.ui import runs

        result = self.run_job("frontier_scoreboard", {"workspace": workspace, "pack": "frontier-2027"})
        run = runs.read(Path(result.folder))
        self.actions.results.close()
        self.actions.load_run(run)
        self.actions.scoreboard.open(run)
        self.quiet_window()
        self.settle(2)
        self.shoot("scoreboard")
        packs = self.actions.rule_packs()
        self.wait(packs.isEnabled, seconds=5, enough=True)
        self.settle(4)
        self.shoot("rule_packs", packs)
        packs.close()

    def keep_background(self) -> None:
        """Uncheck the layers that would hide a result."""
        from qgis.core import QgsProject

        for node in QgsProject.instance().layerTreeRoot().findLayers():
            name = node.layer().source().partition("layername=")[2].partition("|")[0]
            node.setItemVisibilityChecked(name in BACKGROUND)

    def dialogs(self) -> None:
        """Take the pictures of the dialogs."""
        job = self.actions.open_job("village_reach")
        job.resize(900, 620)
        self.shoot("processing_dialog", job)
        job.close()
        imports = self.imports = self.actions.import_data()
        files = [Path(item) for item in self.plan["files"]]
        imports.add(files)
        self.wait(lambda: not imports.queue.is_busy())
        tree = imports.form.findings.tree
        shut = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
        tree.expandItem(next(item for item in shut if item.childIndicatorPolicy() == item.ShowIndicator))
        for name in ("findings", "import_dialog", "import_preview"):
            self.shoot(name, imports)
            imports.form.tabs.setCurrentIndex(imports.form.tabs.currentIndex() + 1)
        imports.hide()
        for name, window in (
            ("set_up", self.actions.set_up_engine()),
            ("help", self.actions.help()),
        ):
            self.shoot(name, window)
            window.close()

    def findings(self) -> None:
        """Take the picture of the faults on the map, with their table."""
        self.imports.form.findings.on_map.click()
        self.imports.close()
        self.quiet_window()
        self.settle(2)
        self.shoot("findings_map")


def Qt_Horizontal() -> Any:  # noqa: N802
    """Give the orientation, imported late: outside QGIS there is no Qt."""
    from qgis.PyQt.QtCore import Qt

    return Qt.Orientation.Horizontal


def play() -> None:
    """Run in QGIS: take the pictures and end QGIS."""
    import traceback

    from qgis.utils import iface

    plan = json.loads(os.environ[PLAN])
    try:
        Session(iface, plan).play()
        print(f"XINJI {plan['language']} DONE", flush=True)
    except Exception:  # this QGIS must end, whatever happens; the caller shows what it said
        traceback.print_exc()
    os._exit(0)


if os.environ.get(PLAN) and "qgis.utils" in sys.modules:
    from qgis.PyQt.QtCore import QTimer

    QTimer.singleShot(1500, play)
elif __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
