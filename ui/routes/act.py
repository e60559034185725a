"""Two clicked rooms become routes: the tool, the engine's job, the panel, and the routes on the map until the next ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsFeatureRequest, QgsProject, QgsVectorLayer

from ...errors import InputError
from ...text import Text
from .. import cautions, load, styles
from ..language import current, tr
from ..summaries import summary_line
from ..trunk.rooms import Room
from ..two_clicks import TwoClicksAct
from .dock import HINT, MISSED, RoutesDock
from .tool import RoutesTool

_ON_MAP = Text("两点路由（临时）", "Routes (temporary)")
_UNVERIFIED = Text(
    "时延、同沟按规则包取值计算，取值未核实。",
    " Latency and trench rest on values of the rule packs that are not verified.",
)


class RoutesAct(TwoClicksAct):
    """The routes between two rooms."""

    job = "trunk_routes"
    label = Text("求两点间路由", "Looking for routes")

    def __init__(self, actions: Any) -> None:
        super().__init__(actions)
        self._ends: tuple[Room, Room] | None = None
        self._shown = ""  # id of the temporary layer

    def start(self) -> None:
        """Take the tool, with the rooms on the map; say so where there is no workspace with rooms."""
        workspace = self._actions.dock.workspace()
        taken = self.tool is not None and self._actions.iface.mapCanvas().mapTool() is self.tool
        if not taken and not QgsVectorLayer(f"{workspace}|layername=trunk_nodes", "", "ogr").featureCount() > 0:
            self._refuse()
            return
        super().start()
        if not taken and self.tool is not None:
            for name in ("trunk_cables", "trunk_nodes"):
                load.workspace_layer(workspace, name)

    def _refuse(self) -> None:
        if self._entry is not None:
            self._entry.setChecked(False)
        self._actions.refused(
            InputError(
                Text("工作区中没有干线节点。", "The workspace has no trunk nodes."),
                Text(
                    "请先选择工作区，并导入干线光缆和干线节点。",
                    "Choose a workspace and import trunk cables and nodes.",
                ),
            )
        )

    def make_dock(self, parent: Any) -> RoutesDock:
        """Make the panel."""
        dock = RoutesDock(parent)
        dock.chosen.connect(self._mark)
        return dock

    def make_tool(self, canvas: Any) -> RoutesTool:
        """Make the map tool, connected."""
        tool = RoutesTool(canvas, self._actions.dock.workspace)
        tool.begun.connect(lambda room: self.dock.show_first(room.name))
        tool.drawn.connect(self._drawn)
        tool.missed.connect(lambda: self.dock.say(tr(MISSED)))
        return tool

    def close(self) -> None:
        """Take everything out of the window again."""
        self._clear()
        super().close()

    def _drawn(self, start: Room, end: Room) -> None:
        self._ends = (start, end)
        self.compute()

    def compute(self) -> None:
        """Ask the engine for the routes between the last two rooms, with what the panel says."""
        if self._ends is None:
            self._actions.messages.info(tr(HINT))
            return
        start, end = self._ends
        ends = {"from_node": start.node_id, "to_node": end.node_id}
        self.ask({"workspace": self._actions.dock.workspace(), **ends, **self.dock.stated()})

    def show_answer(self, result: Any) -> None:
        """Show table, picture and routes."""
        name = "picture" if current() == "zh" else "picture_en"
        line = tr(summary_line(result.summary)) + (tr(_UNVERIFIED) if result.summary.get("routes") else "")
        self.dock.show_result(result.summary.get("by_route") or [], str(result.outputs.get(name) or ""), line)
        self._clear()
        path = result.outputs.get("route")
        if path:
            self._draw(Path(path))

    def _draw(self, path: Path) -> None:
        """Put a copy of the routes on the map: the folder of the result goes with the next question."""
        read = QgsVectorLayer(f"{path}|layername=route", tr(_ON_MAP), "ogr")
        cautions.name_in_legend(read, by_run=True)
        layer = read.materialize(QgsFeatureRequest())
        layer.setName(read.name())
        styles.apply(layer, "route")
        QgsProject.instance().addMapLayer(layer, False)
        QgsProject.instance().layerTreeRoot().insertLayer(0, layer)
        self._shown = layer.id()

    def _clear(self) -> None:
        if self._shown in QgsProject.instance().mapLayers():
            QgsProject.instance().removeMapLayer(self._shown)
        self._shown = ""

    def _mark(self, number: int) -> None:
        """Select a route on the map."""
        layer = QgsProject.instance().mapLayer(self._shown) if self._shown else None
        if layer is not None:
            layer.selectByExpression(f'"route" = {number}')
