"""What the import dialog opens besides itself: reports, tables, and the map, for which the dialog steps aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, QTimer
from qgis.PyQt.QtWidgets import QDialog

from ...errors import XinjiError
from ...text import Text
from .. import load, runs, workspace_info
from ..language import tr
from ..report_viewer import open_file
from ..table_window import show_table
from . import standing
from .examining import Examiner
from .inspection import SourceFile

_ASIDE = Text("导入窗口已收起，以便查看地图。", "The import window stepped aside for the map.")
_DIAGNOSIS = Text("诊断报告 · {name}", "Diagnosis report · {name}")
_IMPORT_REPORT = Text("导入报告 · {name}", "Import report · {name}")
_SET_ASIDE = Text("搁置的行 · {name}", "Rows set aside · {name}")
_LAND = ("admin_units", "villages", "roads", "sea_areas", "coastline", "national_border")
_BACK = Text("回到导入窗口", "Back to the import")


class Shower(QObject):
    """Opens what belongs to the file that is selected: before its import the diagnosis, then the outcome.

    Parameters
    ----------
    window : QDialog
        The dialog, hidden while the planner looks at the map.
    actions : Actions
        Has the map, the dock, and the message bar.
    examiner : Examiner
    current : callable
        Gives the file that is selected.
    workspace : callable
        Gives the path of the workspace.
    """

    def __init__(
        self,
        window: QDialog,
        actions: Any,
        examiner: Examiner,
        current: Callable[[], SourceFile | None],
        workspace: Callable[[], str],
    ) -> None:
        super().__init__(window)
        self._window, self._actions, self._examiner = window, actions, examiner
        self._current, self._workspace = current, workspace
        self._place = QPoint()
        self._message: Any = None  # with the way back
        self.is_aside = False  # and the window is to come back as it is
        examiner.shown_on_map.connect(self._show_run)
        window.installEventFilter(self)

    def open_report(self) -> None:
        """Open the report of the import, or of the diagnosis of what is not imported, with the present choices."""
        item = self._current()
        if item is None:
            return
        title = tr(_IMPORT_REPORT if item.outputs else _DIAGNOSIS).format(name=item.path.name)
        if item.touched and not item.outputs:
            self._examiner.examine(item, lambda result: open_file(result.outputs["report"], title))
            return
        said = item.outputs or item.examined
        if said.get("report"):
            open_file(said["report"], title)

    def open_set_aside(self) -> None:
        """Open the table of the rows set aside."""
        item = self._current()
        if item is not None and item.outputs.get("set_aside"):
            title = tr(_SET_ASIDE).format(name=item.path.name)
            show_table(Path(item.outputs["set_aside"]), title, self._window)

    def show_imported(self, files: list[SourceFile]) -> None:
        """Put what was imported on the map, and take the faults of it off: they lie where its rows no longer are."""
        done = [item for item in files if item.summary]
        for item in done:
            self._examiner.clear_map(item)
        loaded = []
        for kind in dict.fromkeys(item.kind for item in standing.in_order(done) if item.summary.get("rows_out")):
            loaded += load.workspace_layer(self._workspace(), kind)
        if loaded:
            self._actions.zoom_to_layers(loaded)

    def show_on_map(self) -> None:
        """Load where the faults of a file lie; once it is imported its layer, too."""
        item = self._current()
        if item is None:
            return
        if not item.summary and item.touched:
            self._examiner.examine(item, lambda _result: self._examiner.show_on_map(item))
            return
        if not item.summary:
            self._examiner.show_on_map(item)
            return
        self._load_around(item)
        layers = load.workspace_layer(self._workspace(), item.kind)
        run = runs.read(Path(item.outputs["report"]).parent) if item.outputs.get("finding_points") else None
        if run is not None:
            self._actions.load_run(run)
        else:
            self._actions.zoom_to_layers(layers)
        self._step_aside()

    def _load_around(self, item: SourceFile | None) -> None:
        """Load what the workspace has of the file's kind and of the land: a fault alone on a blank map tells nothing."""
        wanted = (*_LAND, item.kind if item is not None else "")
        try:
            held = [state.name for state in workspace_info.states(self._workspace()) if state.rows]
        except XinjiError:  # yet to be made
            return
        for name in held:
            if name in wanted:
                load.workspace_layer(self._workspace(), name)

    def _show_run(self, run: runs.Run) -> None:
        self._load_around(self._current())
        self._actions.load_run(run)
        self._step_aside()

    def _step_aside(self) -> None:
        """Make room for the map; the message bar and the panel have the way back."""
        self._actions.dock.refresh()
        self._place = self._window.pos()
        self.is_aside = True
        self._window.hide()
        self._actions.messages.take_off(self._message)
        self._message = self._actions.messages.back(tr(_ASIDE), (tr(_BACK), self._come_back))
        self._actions.dock.offer_back(tr(_BACK), self._come_back)
        main = self._actions.iface.mainWindow()
        main.activateWindow()
        main.raise_()

    def _come_back(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Put the window where it was, by whichever way it comes back, and take the offers of a way back away."""
        if watched is self._window and event.type() == QEvent.Type.Show and self.is_aside:
            self._actions.messages.take_off(self._message)
            self._message = None
            self._actions.dock.withdraw_back()
            self._put_back()
            QTimer.singleShot(0, self._put_back)  # window managers put a window that appears elsewhere
        return super().eventFilter(watched, event)

    def _put_back(self) -> None:
        if not sip.isdeleted(self._window) and not self._window.isMaximized():
            self._window.move(self._place)
