"""Two clicks on the map, a job of the engine, a panel that shows what it found: what such tools have in common."""

from __future__ import annotations

import shutil
import tempfile
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt

from ..errors import Cancelled, InputError, XinjiError
from ..text import Text
from . import engine_session, load, runs
from .job_queue import JobQueue
from .language import say, tr
from .report_viewer import open_file
from .two_clicks_dock import TwoClicksDock

_BUSY = Text("正在计算…", "Computing …")


class TwoClicksAct(ABC):
    """A tool with its panel, in one QGIS window.

    A kind of it states the job and its label, makes tool and panel, and shows the answer.

    Parameters
    ----------
    actions : Actions
    """

    job = ""
    label = Text("", "")

    def __init__(self, actions: Any) -> None:
        self._actions = actions
        self.dock: Any = None
        self.tool: Any = None
        self._entry: Any = None
        self._asked = 0  # answers to an earlier question are not shown
        self._folder: Path | None = None
        self._scratch: Path | None = None
        self._queue = JobQueue()

    # --- what a kind of tool is of its own ------------------------------------------------------------------------

    @abstractmethod
    def make_dock(self, parent: Any) -> TwoClicksDock:
        """Make the panel."""

    @abstractmethod
    def make_tool(self, canvas: Any) -> Any:
        """Make the map tool, connected."""

    @abstractmethod
    def compute(self) -> None:
        """Ask again for what was last clicked."""

    @abstractmethod
    def show_answer(self, result: Any) -> None:
        """Show what the engine found."""

    # --- the window -----------------------------------------------------------------------------------------------

    def set_entry(self, entry: Any) -> None:
        """Name the menu entry that is checked while the tool is in use."""
        entry.setCheckable(True)
        self._entry = entry

    def start(self) -> None:
        """Take the tool, or lay it down; show the panel."""
        canvas = self._actions.iface.mapCanvas()
        if self.tool is not None and canvas.mapTool() is self.tool:
            canvas.unsetMapTool(self.tool)
        elif self.engine_there():
            self._show()
            canvas.setMapTool(self.tool)
        if self._entry is not None:
            self._entry.setChecked(self.tool is not None and canvas.mapTool() is self.tool)

    def _show(self) -> None:
        iface = self._actions.iface
        if self.dock is None:
            self.dock = self.make_dock(iface.mainWindow())
            self.dock.wanted.connect(self.compute)
            self.dock.cancelled.connect(self._queue.cancel)
            self.dock.report_wanted.connect(self._open_report)
            self.dock.layers_wanted.connect(self._keep)
            iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.dock)
            if self._actions.results is not None:
                iface.mainWindow().tabifyDockWidget(self._actions.results, self.dock)
            else:
                window = iface.mainWindow()
                window.resizeDocks([self.dock], [window.height() // 4], Qt.Orientation.Vertical)
            self._queue.advanced.connect(self.dock.show_progress)
        if self.tool is None:
            self.tool = self.make_tool(iface.mapCanvas())
            if self._entry is not None:
                self.tool.setAction(self._entry)
        self.dock.setUserVisible(True)
        self.dock.raise_()

    def engine_there(self) -> bool:
        """Tell whether there is an engine; say what to do where there is none."""
        missing = engine_session.missing()
        if missing is not None:
            self._actions.refused(missing)
        return missing is None

    def close(self) -> None:
        """Take everything out of the window again."""
        self._asked += 1
        self._queue.cancel()
        if self.tool is not None:
            self._actions.iface.mapCanvas().unsetMapTool(self.tool)
            self.tool.remove()
            self.tool.deleteLater()
            self.tool = None
        if self.dock is not None:
            self._actions.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
            self.dock = None
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    # --- the question ---------------------------------------------------------------------------------------------

    def ask(self, stated: dict[str, Any]) -> None:
        """Give the engine the job; two new clicks are worth more than an answer to the old ones."""
        if not self.engine_there():
            return
        self._asked += 1
        number = self._asked
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="xinji_"))
        folder = self._scratch / f"{number:03d}" / self.job
        folder.parent.mkdir()
        self.dock.show_nothing(tr(_BUSY))
        self.dock.show_busy(True)
        self._queue.cancel()
        self._queue.add(
            lambda: self._queue.start(
                self.label,
                self.job,
                stated,
                folder,
                lambda result: self._done(number, result),
                lambda error: self.failed(error) if number == self._asked else None,
            )
        )

    def _done(self, number: int, result: Any) -> None:
        if number != self._asked or self.dock is None:
            return
        self._folder = Path(result.folder)
        self.show_answer(result)

    def failed(self, error: XinjiError) -> None:
        """Say in the panel, and in the message bar, why there is no answer."""
        if self.dock is not None:
            self.dock.show_nothing(say(error))
        if not isinstance(error, Cancelled):
            self._actions.refused(error)

    # --- the result -----------------------------------------------------------------------------------------------

    def _open_report(self) -> None:
        open_file(self._folder / "report.html")

    def _keep(self) -> None:
        """Keep the result with the workspace, or among the temporary files, and add its layers to the map."""
        try:
            kept = runs.keep(self._folder, self._actions.dock.workspace())
        except OSError as error:
            self._actions.refused(
                InputError(
                    Text("结果无法保存：{why}", "The result cannot be kept: {why}").filled(why=error),
                    Text(
                        "请检查工作区所在文件夹是否可写。", "Check that the folder of the workspace may be written to."
                    ),
                )
            )
            return
        run = runs.read(kept)
        if run is not None and load.run_layers(run):
            self._actions.dock.refresh()
            QgsProject.instance().setDirty(True)
        self.dock.layers.setEnabled(False)
