"""What menu, toolbar and dock do. One place, so that a button and a menu entry are the same act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsCoordinateTransform, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QDockWidget, QFileDialog

from ..errors import EngineError, XinjiError
from ..jobs import registry
from ..text import Text
from . import engine_session, load, runs, tasks, words, workspace_info
from .dock import XinjiDock
from .imports import undo_question
from .language import current, tr
from .latency.act import MatrixAct
from .messages import Messages
from .processing.names import PROVIDER_ID, algorithm_name
from .profile.act import ProfileAct
from .report_viewer import open_file
from .results_table import ResultsDock
from .routes.act import RoutesAct
from .run_list import report_of
from .scoreboard.act import ScoreboardAct
from .summaries import summary_line


class Actions:
    """The acts of the plugin in one QGIS window.

    Parameters
    ----------
    iface : QgisInterface
    """

    def __init__(self, iface: Any) -> None:
        self.iface = iface
        self.messages = Messages(iface)
        self.dock = XinjiDock(self, iface.mainWindow())
        self.dock.setUserVisible(False)
        iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.results: ResultsDock | None = None
        self.profile = ProfileAct(self)
        self.routes = RoutesAct(self)
        self.scoreboard = ScoreboardAct(self)
        self.latency = MatrixAct(self)
        self._windows: list[Any] = []
        self._signals = engine_session.session().signals
        queued = Qt.ConnectionType.QueuedConnection  # they come from the threads of Processing
        self._signals.ran.connect(self._job_ran, queued)
        self._signals.refused.connect(self.refused, queued)
        self._signals.loaded.connect(self._result_loaded)

    def close(self) -> None:
        """Take everything out of the window again."""
        self._signals.ran.disconnect(self._job_ran)
        self._signals.refused.disconnect(self.refused)
        self._signals.loaded.disconnect(self._result_loaded)
        self.profile.close()
        self.routes.close()
        self.scoreboard.close()
        self.latency.close()
        for window in self._open_windows():
            getattr(window, "discard", window.close)()  # no question when the plugin goes
            window.deleteLater()
        self._windows.clear()
        for dock in filter(None, (self.dock, self.results)):
            self.iface.removeDockWidget(dock)
            dock.deleteLater()
        self.results = None

    def _open_windows(self) -> list[Any]:
        """Give the dialogs that still exist; those of Processing delete themselves when they are closed."""
        self._windows = [window for window in self._windows if not sip.isdeleted(window)]
        return self._windows

    def _at_work(self, kind: type) -> Any:
        """Give the dialog of that kind which was closed, or left, while its work goes on; None for none."""
        return next((item for item in self._open_windows() if isinstance(item, kind) and item.is_busy()), None)

    def _show(self, window: Any) -> Any:
        if window not in self._open_windows():
            self._windows.append(window)
        window.show()
        window.raise_()
        return window

    def _engine_there(self) -> bool:
        missing = engine_session.missing()
        if missing is not None:
            self.refused(missing)
        return missing is None

    def refused(self, error: XinjiError) -> None:
        """Say why a job did not run, with the button that helps: set up the engine, or open the report."""
        if isinstance(error, EngineError) and engine_session.missing() is not None:
            self.messages.error(error, (tr(SET_UP), self.set_up_engine))
        elif error.report:
            self.messages.error(error, (tr(words.OPEN_REPORT), lambda: open_file(error.report)))
        elif error.details or isinstance(error, EngineError):
            self.messages.error(error, (tr(Text("打开日志", "Open log")), self.iface.openMessageLog))
        else:
            self.messages.error(error)

    # --- data ----------------------------------------------------------------------------------------------

    def create_workspace(self, path: str) -> None:
        """Make an empty workspace and use it."""
        if self._engine_there():
            task = tasks.engine_task(
                Text("新建规划工作区", "Making a workspace"),
                "create_workspace",
                {"workspace": path},
                None,
                lambda _result: self.dock.set_workspace(path),
                self.refused,
            )
            tasks.start(task)

    def import_data(self) -> Any:
        """Open the import dialog."""
        from .imports.dialog import ImportDialog

        if not self._engine_there():
            return None
        return self._show(self._at_work(ImportDialog) or ImportDialog(self, self.iface.mainWindow()))

    def undo_import(self) -> None:
        """Ask, say what comes back, and take the latest import of the workspace back."""
        workspace = self.dock.workspace()
        last = workspace_info.last_import(workspace)
        if last is None or not self._engine_there():
            return
        when = undo_question.time_of(last, runs.listed(workspace))
        if not undo_question.is_wanted(last, self.iface.mainWindow(), when):
            return
        stated = {"workspace": workspace, "sequence": last.sequence}
        tasks.start(tasks.engine_task(undo_question.UNDO, "undo_import", stated, None, self._undone, self.refused))

    def _undone(self, result: Any) -> None:
        for layer in QgsProject.instance().mapLayers().values():
            if layer.source().partition("|")[0] == self.dock.workspace():
                layer.dataProvider().reloadData()
                layer.triggerRepaint()
        self.dock.refresh()
        report = str(result.outputs.get("report") or "")
        button = (tr(words.OPEN_REPORT), lambda: open_file(report)) if report else None
        self.messages.success(tr(summary_line(result.summary)), button)

    def load_sample(self, folder: str = "") -> None:
        """Copy the sample county to a folder, import all of it into a workspace, and load its layers."""
        if not self._engine_there():
            return
        folder = folder or QFileDialog.getExistingDirectory(
            self.iface.mainWindow(), tr(Text("示例县放在哪个文件夹？", "Where should the sample county go?"))
        )
        if not folder:
            return
        workspace = Path(folder) / tr(Text("示例县.gpkg", "sample_county.gpkg"))
        task = tasks.engine_task(
            Text("导入示例县", "Importing the sample county"),
            "load_sample",
            {"workspace": str(workspace)},
            None,
            lambda result: self._sample_loaded(str(workspace), result.summary),
            self.refused,
        )
        tasks.start(task)
        self.messages.info(
            tr(Text("正在导入示例县，进度见状态栏。", "Importing the sample county; see the status bar."))
        )

    def _sample_loaded(self, workspace: str, summary: dict[str, Any]) -> None:
        self.dock.set_workspace(workspace)
        self.dock.setUserVisible(True)
        self.dock.load_all()
        self.zoom_to_all()
        self.messages.success(tr(summary_line(summary)))

    def zoom_to_all(self) -> None:
        """Show everything that is loaded."""
        self.iface.mapCanvas().setDestinationCrs(QgsProject.instance().crs())
        self.iface.zoomFull()

    # --- jobs ----------------------------------------------------------------------------------------------

    def open_job(self, name: str) -> Any:
        """Open the Processing dialog of a job, with the workspace filled in."""
        import processing

        if not self._engine_there():
            return None
        job = registry.jobs()[name]
        stated = {}
        if any(parameter.name == "workspace" for parameter in job.parameters) and self.dock.workspace():
            stated["WORKSPACE"] = self.dock.workspace()
        dialog = processing.createAlgorithmDialog(f"{PROVIDER_ID}:{algorithm_name(name)}", stated)
        return None if dialog is None else self._show(dialog)

    def _job_ran(self, folder: str) -> None:
        run = runs.read(Path(folder))
        line = "" if run is None else tr(summary_line(run.summary))
        if run is None or not line:
            return
        report = report_of(run)
        button = (tr(words.OPEN_REPORT), lambda: open_file(report)) if report is not None else None
        self.messages.success(line, button)

    def _result_loaded(self, folder: str) -> None:
        run = runs.read(Path(folder))
        layers = list(load.shown_outputs(Path(folder)).values())
        if run is None or not layers:
            return
        viewer = self.iface.mainWindow().findChild(QDockWidget, "ResultsViewer")
        if viewer is not None and viewer.isVisible():  # Processing's list of reports; it would squeeze the panel
            self.iface.mainWindow().tabifyDockWidget(viewer, self.dock)
            self.dock.raise_()
        self._open_answer(run)
        self._zoom_soon(layers)

    # --- results -------------------------------------------------------------------------------------------

    def load_run(self, run: runs.Run) -> list[Any]:
        """Load the result of a run and open its table."""
        layers = load.run_layers(run)
        if not layers:
            self.messages.info(tr(Text("这次运行没有结果图层。", "This run has no result layers.")))
            return []
        self.iface.setActiveLayer(layers[0])
        self._open_answer(run)
        self._zoom_soon(layers)
        return layers

    def _zoom_soon(self, layers: list[Any]) -> None:
        """Zoom when the canvas has the size that the table leaves it."""
        self.zoom_to_layers(layers)
        QTimer.singleShot(150, lambda: self.zoom_to_layers([layer for layer in layers if not sip.isdeleted(layer)]))

    def zoom_to_layers(self, layers: list[Any]) -> None:
        """Show the extent of some layers."""
        extent = QgsRectangle()
        canvas = self.iface.mapCanvas()
        for layer in layers:
            if layer.isSpatial() and (not isinstance(layer, QgsVectorLayer) or layer.featureCount()):
                turn = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
                extent.combineExtentWith(turn.transformBoundingBox(layer.extent()))
        if extent.isNull():
            return
        if extent.isEmpty():  # one village, or villages in a line
            extent.grow(0.02 if canvas.mapSettings().destinationCrs().isGeographic() else 2000.0)
        extent.scale(1.2)  # what lies at the edge is seen, under a message too
        canvas.setExtent(extent)
        canvas.refresh()

    def show_table(self, run: runs.Run) -> None:
        """Open the table of a run; its layers are loaded if they are not."""
        if load.shown_outputs(run.folder):
            self._open_answer(run)
        else:
            self.load_run(run)

    def _open_answer(self, run: runs.Run) -> None:
        """Open what answers a run's question: its scoreboard or matrix, or the table of its first layer."""
        if not (self.scoreboard.open(run) or self.latency.open(run)):
            self.open_table(run)

    def open_table(self, run: runs.Run, wanted: str = "") -> None:
        """Open the results table of a run's first layer that is in the project, or of the output that is named."""
        job = registry.jobs().get(run.job)
        shown = load.shown_outputs(run.folder)
        for output in job.outputs if job else ():  # the first declared one is the answer
            if wanted not in ("", output.name) or not isinstance(shown.get(output.name), QgsVectorLayer):
                continue
            if self.results is None:
                self.results = ResultsDock(self.iface, self.iface.mainWindow())
                self.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.results)
                window = self.iface.mainWindow()
                beside = self.scoreboard.dock or self.latency.dock
                if beside is not None:
                    window.tabifyDockWidget(beside, self.results)
                else:
                    window.resizeDocks([self.results], [window.height() // 4], Qt.Orientation.Vertical)
            self.results.set_layer(shown[output.name], output.verdict_field, _county_names(run))
            self.results.setUserVisible(True)
            self.results.raise_()
            return

    def map_picture(self, run: runs.Run) -> None:
        """Ask where to, draw the result on a page, and say so."""
        from . import map_picture

        proposed = run.folder / f"{tr(Text('地图', 'map'))}.png"
        path, _ = QFileDialog.getSaveFileName(
            self.iface.mainWindow(),
            tr(Text("保存地图图片", "Save the map picture")),
            str(proposed),
            tr(words.PICTURE_FILTER),
        )
        if not path:
            return
        path = path if path.lower().endswith(".png") else f"{path}.png"
        try:
            map_picture.render(run, Path(path), current(), self.dock.workspace())
        except XinjiError as error:
            self.refused(error)
            return
        said = tr(Text("地图图片已保存：{path}", "The map picture is saved: {path}")).format(path=path)
        self.messages.success(said, (tr(Text("打开图片", "Open picture")), lambda: open_file(path)))

    # --- the rest ------------------------------------------------------------------------------------------

    def set_up_engine(self) -> Any:
        """Open the dialog that makes the engine's environment."""
        from .setup_dialog import SetupDialog

        return self._show(self._at_work(SetupDialog) or SetupDialog(self, self.iface.mainWindow()))

    def rule_packs(self) -> Any:
        """Open the window of the rule packs."""
        from .packs.dialog import PackDialog

        if not self._engine_there():
            return None
        known = next((window for window in self._open_windows() if isinstance(window, PackDialog)), None)
        if known is not None:
            known.read()
        return self._show(known or PackDialog(self, self.iface.mainWindow()))

    def delivery_profiles(self) -> Any:
        """Open the window of the delivery profiles."""
        from .delivery.dialog import ProfileDialog

        if not self._engine_there():
            return None
        known = next((window for window in self._open_windows() if isinstance(window, ProfileDialog)), None)
        return self._show(known or ProfileDialog(self, self.iface.mainWindow()))

    def about(self) -> Any:
        """Show the versions."""
        from .about_dialog import AboutDialog

        return self._show(AboutDialog(self.iface.mainWindow()))

    def help(self) -> Any:
        """Open the guide."""
        from .help_dialog import HelpDialog

        return self._show(HelpDialog(self.iface.mainWindow()))

    def options(self) -> None:
        """Open the plugin's page of the options."""
        self.iface.showOptionsDialog(self.iface.mainWindow(), "xinji_planner")


def _county_names(run: runs.Run) -> dict[str, str]:
    """Give the names of the counties by their codes, as far as the run's summary tells them."""
    rows = run.summary.get("by_county") or run.summary.get("score") or []
    return {str(row.get("county_code")): str(row["county_name"]) for row in rows if row.get("county_name")}


SET_UP = Text("安装计算引擎", "Set up engine")
