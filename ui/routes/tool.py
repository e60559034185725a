"""The map tool for routes: click one trunk room, then another; Esc or the right button cancels."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import pyqtSignal

from ..profile.tool import ProfileTool
from ..trunk.rooms import Room, room_at


class RoutesTool(ProfileTool):
    """Takes two clicks, each on a room.

    Parameters
    ----------
    canvas : QgsMapCanvas
    workspace : callable
        Gives the path of the workspace whose rooms are meant.
    """

    missed = pyqtSignal()  # a click that hit no room

    def __init__(self, canvas: QgsMapCanvas, workspace: Callable[[], str]) -> None:
        super().__init__(canvas)
        self._workspace = workspace
        self._first: Room | None = None

    def click(self, point: QgsPointXY) -> None:
        """Take the room at a point; what hits none, or the first one again, is told and changes nothing."""
        room = room_at(self.canvas(), self._workspace(), point)
        first = self._first if self.is_begun() else None
        if room is None or (first is not None and room.node_id == first.node_id):
            self.missed.emit()
        elif first is None:
            self._first = room
            self._start = room.place
            self._show(room.place)
            self.begun.emit(room)
        else:
            self._start = None
            self._show(first.place, room.place)
            self._line.reset(QgsWkbTypes.GeometryType.LineGeometry)  # the routes come in its place
            self.drawn.emit(first, room)
