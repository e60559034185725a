"""Two clicks on the map become a path profile: the tool, the engine's job, and the panel that shows what it found."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from qgis.core import QgsPointXY, QgsProject
from qgis.PyQt.QtCore import Qt

from ..errors import Cancelled, InputError, XinjiError
from ..text import Text
from . import engine_session, load, runs
from .clicked_places import in_cgcs2000
from .job_queue import JobQueue
from .language import current, say, tr
from .profile_dock import HINT, ProfileDock
from .profile_tool import ProfileTool
from .report_viewer import open_file

_JOB = "path_profile"
_LABEL = Text("计算路径剖面", "Computing a path profile")
_LOSS = Text("传输损耗 {loss:.1f} dB，路径长 {length:.2f} km。", "Loss {loss:.1f} dB over {length:.2f} km. ")
_LEVEL = Text("总接收功率 {level:.1f} dBm（非 RSRP）。", "Total received power {level:.1f} dBm (not RSRP). ")
_CUT = Text(
    "视线被遮挡：主要障碍距发射端 {at:.2f} km，高出视线 {by:.1f} m。",
    "Line of sight cut: the main obstacle is {at:.2f} km from the transmitter and {by:.1f} m above the line.",
)
_NARROW = Text(
    "通视，但距发射端 {at:.2f} km 处余隙只有 {by:.1f} m，侵入菲涅尔区。",
    "In line of sight, but {at:.2f} km from the transmitter only {by:.1f} m are free: the Fresnel zone is cut.",
)
_CLEAR = Text("通视，菲涅尔区余隙足够。", "In line of sight; the Fresnel zone is free.")
_BUSY = Text("正在计算…", "Computing …")


class ProfileAct:
    """The path profile between two clicks, in one QGIS window.

    Parameters
    ----------
    actions : Actions
    """

    def __init__(self, actions: Any) -> None:
        self._actions = actions
        self.dock: ProfileDock | None = None
        self.tool: ProfileTool | None = None
        self._entry: Any = None
        self._ends: tuple[str, str] | None = None
        self._asked = 0  # answers to an earlier question are not shown
        self._folder: Path | None = None
        self._scratch: Path | None = None
        self._queue = JobQueue()

    # --- the window -------------------------------------------------------------------------------------------

    def set_entry(self, entry: Any) -> None:
        """Name the menu entry that is checked while the tool is in use."""
        entry.setCheckable(True)
        self._entry = entry

    def start(self) -> None:
        """Take the tool, or lay it down; show the panel."""
        canvas = self._actions.iface.mapCanvas()
        if self.tool is not None and canvas.mapTool() is self.tool:
            canvas.unsetMapTool(self.tool)
        elif self._engine_there():
            self._show()
            canvas.setMapTool(self.tool)
        if self._entry is not None:
            self._entry.setChecked(self.tool is not None and canvas.mapTool() is self.tool)

    def _show(self) -> None:
        iface = self._actions.iface
        if self.dock is None:
            self.dock = ProfileDock(iface.mainWindow())
            self.dock.wanted.connect(self._compute)
            self.dock.cancelled.connect(self._queue.cancel)
            self.dock.report_wanted.connect(self._open_report)
            self.dock.layers_wanted.connect(self._keep)
            iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.dock)
            if self._actions.results is not None:
                iface.mainWindow().tabifyDockWidget(self._actions.results, self.dock)
            self._queue.advanced.connect(self.dock.show_progress)
        if self.tool is None:
            self.tool = ProfileTool(iface.mapCanvas())
            if self._entry is not None:
                self.tool.setAction(self._entry)
            self.tool.begun.connect(self.dock.offer)
            self.tool.drawn.connect(self._drawn)
        self.dock.setUserVisible(True)
        self.dock.raise_()

    def _engine_there(self) -> bool:
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

    # --- the path ---------------------------------------------------------------------------------------------

    def _drawn(self, start: QgsPointXY, end: QgsPointXY) -> None:
        crs = self._actions.iface.mapCanvas().mapSettings().destinationCrs()
        try:
            self._ends = (in_cgcs2000(start, crs), in_cgcs2000(end, crs))
        except XinjiError as error:
            self._ends = None
            self._failed(error)
            return
        self._compute()

    def _compute(self) -> None:
        """Ask the engine for the path between the last two clicks, with what the panel says."""
        if self._ends is None:
            self._actions.messages.info(tr(HINT))
            return
        stated = self.dock.stated()
        if not stated["dem"]:
            self._failed(
                InputError(
                    Text("还没有指定高程数据。", "No elevation data are stated."),
                    Text(
                        "请在“路径剖面”面板中选择 DEM 文件或文件夹，再按“重新计算”。",
                        "Choose a DEM file or folder in the panel Path profile and press Compute again.",
                    ),
                )
            )
            self.dock.dem.lineEdit().setFocus()
            return
        if not self._engine_there():
            return
        self._asked += 1
        number = self._asked
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="xinji_"))
        folder = self._scratch / f"{number:03d}" / _JOB
        folder.parent.mkdir()
        stated.update({"from": self._ends[0], "to": self._ends[1], "datum": "cgcs2000"})
        self.dock.show_nothing(tr(_BUSY))
        self.dock.show_busy(True)
        self._queue.cancel()  # two new clicks are worth more than an answer to the old ones
        self._queue.add(
            lambda: self._queue.start(
                _LABEL,
                _JOB,
                stated,
                folder,
                lambda result: self._done(number, result),
                lambda error: self._failed(error) if number == self._asked else None,
            )
        )

    def _done(self, number: int, result: Any) -> None:
        if number != self._asked or self.dock is None:
            return
        self._folder = Path(result.folder)
        name = "profile_picture" if current() == "zh" else "profile_picture_en"
        self.dock.show_result(str(result.outputs[name]), tr(figures(result.summary)))

    def _failed(self, error: XinjiError) -> None:
        if self.dock is not None:
            self.dock.show_nothing(say(error))
        if not isinstance(error, Cancelled):
            self._actions.refused(error)

    # --- the result -------------------------------------------------------------------------------------------

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


def figures(summary: dict[str, Any]) -> Text:
    """Say loss, power, and how the path stands against the line of sight."""
    said = [_LOSS.filled(loss=summary["loss_db"], length=summary["distance_km"])]
    if summary.get("level_dbm") is not None:
        said.append(_LEVEL.filled(level=summary["level_dbm"]))
    at, above = summary.get("obstacle_distance_km"), summary.get("obstacle_above_line_m")
    if at is None or above is None:
        said.append(_CLEAR)
    else:
        said.append((_CUT if above > 0 else _NARROW).filled(at=at, by=abs(above)))
    return Text("".join(part.zh for part in said), "".join(part.en for part in said))
