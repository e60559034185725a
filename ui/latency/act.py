"""The latency matrix of a run in one QGIS window: shown, and each click answered with the route on the map."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import Qt

from ...errors import XinjiError
from ...jobs import registry
from ...jobs.network.latency.words import STATE_LABELS
from ...text import Text, same
from .. import load, run_basis, runs, words, zooming
from ..language import tr
from ..report_viewer import open_file
from ..run_list import report_of
from ..summaries import run_label
from . import data
from .dock import MatrixDock

_JOB = "cluster_links"
_FOUND = Text(
    "{one} – {other}：{ms} ms，{km} km，{direct}；{state}。途经{colon}{via}",
    "{one} – {other}: {ms} ms, {km} km, {direct}; {state}. By way of{colon}{via}",
)
_NO_ROUTE = Text("{one} – {other}：{state}，地图上没有路由。", "{one} – {other}: {state}; no route to show on the map.")
_NO_LAYER = Text(
    "这次结果的“集群间路由”图层不在，无法显示：{folder}", "The layer of links is not there any more: {folder}"
)


class MatrixAct:
    """Opens latency matrices and answers their clicks.

    Parameters
    ----------
    actions : Actions
    """

    def __init__(self, actions: Any) -> None:
        self._actions = actions
        self.dock: MatrixDock | None = None
        self.run: runs.Run | None = None
        self.matrix: data.Matrix | None = None

    def open(self, run: runs.Run) -> bool:
        """Show the matrix of a run; False where the run has none to show."""
        if run.job != _JOB:
            return False
        try:
            matrix = data.read(run.folder)
        except XinjiError as error:
            self._actions.refused(error)
            return False
        if matrix is None:
            return False
        self.run, self.matrix = run, matrix
        dock = self._dock()
        dock.show_matrix(matrix, self._name(run))
        dock.setUserVisible(True)
        dock.raise_()
        return True

    def close(self) -> None:
        """Take the panel out of the window again."""
        if self.dock is not None:
            self._actions.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
        self.dock = self.run = self.matrix = None

    def _name(self, run: runs.Run) -> str:
        label = tr(run_label(registry.jobs()[_JOB], run.summary))
        rests = tr(run_basis.of(run).line())
        return " · ".join(filter(None, (f"{label} {run.finished:%Y-%m-%d %H:%M}", rests)))

    def _dock(self) -> MatrixDock:
        if self.dock is None:
            window = self._actions.iface.mainWindow()
            self.dock = MatrixDock(window)
            self.dock.chosen.connect(self._choose)
            self.dock.table_wanted.connect(self._table)
            self.dock.report_wanted.connect(self._report)
            self._actions.iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.dock)
            for other in (self._actions.results, self._actions.scoreboard.dock, self._actions.profile.dock):
                if other is not None:
                    window.tabifyDockWidget(other, self.dock)
            window.resizeDocks([self.dock], [window.height() // 3], Qt.Orientation.Vertical)
        return self.dock

    def _choose(self, one: str, other: str) -> None:
        link = self.matrix.link(one, other) if self.matrix else None
        if link is None or self.run is None:
            return
        layer = self._layer()
        if layer is None:
            self._dock().tell(tr(_NO_LAYER).format(folder=self.run.folder))
            return
        layer.selectByIds([link.feature])
        load.show([layer])
        self._actions.iface.setActiveLayer(layer)
        state = STATE_LABELS.get(link.fields["state"], same(str(link.fields["state"])))
        if zooming.extent_of_selected(layer) is None:
            self._dock().tell(tr(_NO_ROUTE).format(one=one, other=other, state=tr(state)))
            return
        zooming.to_selected(self._actions.iface.mapCanvas(), layer, [link.feature])
        self._dock().tell(
            tr(_FOUND).format(
                one=one,
                other=other,
                state=tr(state),
                via=link.fields["via"] or "—",
                colon=tr(words.COLON),
                **{name: tr(link.figure(name)) for name in ("ms", "km", "direct")},
            )
        )

    def _layer(self) -> QgsVectorLayer | None:
        """Give the layer of links; one that was taken off the map comes back."""
        if data.LAYER not in load.shown_outputs(self.run.folder):
            load.run_layers(self.run)
        layer = load.shown_outputs(self.run.folder).get(data.LAYER)
        return layer if isinstance(layer, QgsVectorLayer) else None

    def _table(self) -> None:
        if self.run is not None and self._layer() is not None:
            self._actions.open_table(self.run, data.LAYER)

    def _report(self) -> None:
        path = report_of(self.run) if self.run else None
        if path is not None:
            open_file(path)
