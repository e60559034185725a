"""The scoreboard of a run in one QGIS window: shown, clicked, and followed up on the map and in the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsMapLayer, QgsVectorLayer
from qgis.PyQt.QtCore import Qt

from ...errors import XinjiError
from ...jobs import registry
from ...text import Text
from .. import load, run_basis, runs, zooming
from ..atlas import act as atlas_act
from ..frontier import renderers as frontier_renderers
from ..frontier.result import Score
from ..language import tr
from ..report_viewer import open_file
from ..run_list import report_of
from ..summaries import run_label
from . import data as scoreboard_data
from . import selection as scoreboard_selection
from .dock import ScoreboardDock
from .selection import Selection

_JOB = "frontier_scoreboard"
_GAPS, _JOB_LIST, _JOB_SHEET = "frontier_gap", "job_list", "job_sheet"
_NOT_THERE = Text("这次结果没有该文件，或已被移走：{folder}", "The result has no such file, or it was moved: {folder}")
_NO_LIST = Text("请先点击表中的一个数字。", "Click a number of the table first.")


class ScoreboardAct:
    """Opens scoreboards and answers their clicks.

    Parameters
    ----------
    actions : Actions
    """

    def __init__(self, actions: Any) -> None:
        self._actions = actions
        self.dock: ScoreboardDock | None = None
        self.run: runs.Run | None = None
        self.selection: Selection | None = None

    def open(self, run: runs.Run) -> bool:
        """Show the scoreboard of a run; False where the run has none to show."""
        if run.job != _JOB:
            return False
        try:
            board = scoreboard_data.read(run.folder)
        except XinjiError as error:
            self._actions.refused(error)
            return False
        load.run_layers(run)  # what Processing was not asked to load is selected in, too
        self.run, self.selection = run, None
        self._dock().show_board(board, self._name(run))
        self._dock().setUserVisible(True)
        self._dock().raise_()
        return True

    def close(self) -> None:
        """Take the panel out of the window again."""
        if self.dock is not None:
            self._actions.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
        self.dock = self.run = self.selection = None

    def _name(self, run: runs.Run) -> str:
        """Name the run with all that it rests on: two runs of one pack may differ in nothing else."""
        label = tr(run_label(registry.jobs()[_JOB], run.summary))
        rests = tr(run_basis.of(run).line())
        return " · ".join(filter(None, (f"{label} {run.finished:%Y-%m-%d %H:%M}", rests)))

    def _dock(self) -> ScoreboardDock:
        if self.dock is None:
            window = self._actions.iface.mainWindow()
            self.dock = ScoreboardDock(window)
            self.dock.chosen.connect(self._choose)
            self.dock.list_wanted.connect(self._list)
            self.dock.gaps_wanted.connect(lambda: self._table(_GAPS))
            self.dock.job_list_wanted.connect(self._open_job_list)
            self.dock.report_wanted.connect(self._open_report)
            self.dock.atlas_wanted.connect(self._save_atlas)
            self._actions.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.dock)
            for other in (self._actions.results, self._actions.profile.dock):
                if other is not None:
                    window.tabifyDockWidget(other, self.dock)
            window.resizeDocks([self.dock], [window.height() * 2 // 5], Qt.Orientation.Vertical)
        return self.dock

    # --- clicks -----------------------------------------------------------------------------------------------

    def _choose(self, score: Score, column: str) -> None:
        if self.run is None:
            return
        layers = self._layers(scoreboard_selection.layer_name(score))
        found = self.selection = scoreboard_selection.select(score, column, layers)
        self._dock().tell_selection(found)
        if found.layer is None:
            return
        load.show([found.layer])
        frontier_renderers.draw_class(found.layer, score.rule_id)
        self._actions.iface.setActiveLayer(found.layer)
        placed = sorted(set(found.features) - set(found.without_place))
        zooming.to_selected(self._actions.iface.mapCanvas(), found.layer, placed)

    def _layers(self, wanted: str) -> dict[str, QgsMapLayer]:
        """Give the layers of the run; one that is wanted and was taken off the map comes back."""
        if wanted not in load.shown_outputs(self.run.folder):
            load.run_layers(self.run)
        return load.shown_outputs(self.run.folder)

    def _list(self, without_place: bool) -> None:
        found = self.selection
        if found is None or found.layer is None or self.run is None:
            self._dock().tell(tr(_NO_LIST))
            return
        wanted = found.without_place if without_place else found.features
        output = next((name for name, layer in load.shown_outputs(self.run.folder).items() if layer is found.layer), "")
        self._table(output, wanted)

    def _table(self, output: str, features: tuple[int, ...] | None = None) -> None:
        if self.run is None:
            return
        if isinstance(self._layers(output).get(output), QgsVectorLayer):
            self._actions.open_table(self.run, output)
            self._actions.results.show_only_features(features)
        else:
            self._dock().tell(tr(_NOT_THERE).format(folder=self.run.folder))

    def _open_job_list(self) -> None:
        self._open(self.run and (self.run.path(_JOB_SHEET) or self.run.path(_JOB_LIST)))

    def _open_report(self) -> None:
        self._open(self.run and report_of(self.run))

    def _save_atlas(self) -> None:
        if self.run is not None:
            atlas_act.save(self.run.folder, self._actions)

    def _open(self, path: Path | None) -> None:
        if path is not None:
            open_file(path)
        elif self.run is not None:
            self._dock().tell(tr(_NOT_THERE).format(folder=self.run.folder))
