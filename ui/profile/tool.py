"""The map tool for a path: the first click is the transmitter, the second the receiver, Esc or the right button cancels."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ..clicked_places import stations_at
from ..symbols import BLUE, VERMILLION

_GEOMETRY = QgsWkbTypes.GeometryType


class ProfileTool(QgsMapTool):
    """Takes two clicks. Points are in the CRS of the canvas."""

    begun = pyqtSignal(object)  # the stations at the first click
    drawn = pyqtSignal(object, object)  # both ends
    dropped = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._start: QgsPointXY | None = None
        self._line = QgsRubberBand(canvas, _GEOMETRY.LineGeometry)
        self._line.setColor(QColor(VERMILLION))
        self._line.setWidth(2)
        self._ends = QgsRubberBand(canvas, _GEOMETRY.PointGeometry)
        self._ends.setColor(QColor(BLUE))
        self._ends.setIcon(QgsRubberBand.IconType.ICON_CIRCLE)
        self._ends.setIconSize(9)

    def is_begun(self) -> bool:
        """Tell whether the first click was made and the second was not."""
        return self._start is not None

    def activate(self) -> None:
        super().activate()
        self.canvas().setFocus()  # for Esc

    def deactivate(self) -> None:
        self.clear()
        super().deactivate()

    def canvasMoveEvent(self, event: Any) -> None:
        if self._start is not None:
            self._show(self._start, self.toMapCoordinates(event.pos()))

    def canvasReleaseEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.drop()
        elif event.button() == Qt.MouseButton.LeftButton:
            self.click(self.toMapCoordinates(event.pos()))

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.drop()
            event.ignore()  # QGIS's shortcuts go on

    def click(self, point: QgsPointXY) -> None:
        """Take one end of the path; a transmitter near a station stands at the station."""
        if self._start is None:
            stations = stations_at(self.canvas(), point)
            self._start = stations[0].place if stations else QgsPointXY(point)
            self._show(self._start)
            self.begun.emit(stations)
            return
        start, self._start = self._start, None
        self._show(start, point)
        self.drawn.emit(start, QgsPointXY(point))

    def drop(self) -> None:
        """Forget the first click."""
        self.clear()
        self.dropped.emit()

    def clear(self) -> None:
        """Take the path off the map."""
        self._start = None
        self._line.reset(_GEOMETRY.LineGeometry)
        self._ends.reset(_GEOMETRY.PointGeometry)

    def remove(self) -> None:
        """Take the rubber bands off the canvas for good."""
        for band in (self._line, self._ends):
            self.canvas().scene().removeItem(band)

    def _show(self, *ends: QgsPointXY) -> None:
        self._line.reset(_GEOMETRY.LineGeometry)
        self._ends.reset(_GEOMETRY.PointGeometry)
        for point in ends:
            self._line.addPoint(point)
            self._ends.addPoint(point)
