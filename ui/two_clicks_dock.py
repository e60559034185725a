"""The panel of a tool of two clicks: form and buttons on the left, what was found and what it says on the right."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtSvg import QSvgRenderer
from qgis.PyQt.QtWidgets import QFormLayout, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from ..text import Text
from . import words
from .language import tr
from .widgets import Paragraph, button


class Picture(QWidget):
    """A drawing as large as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing: QSvgRenderer | None = None
        self.setMinimumSize(320, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_file(self, path: str) -> None:
        """Show a file; an empty path for nothing."""
        self._drawing = QSvgRenderer(path) if path else None
        self.update()

    def is_shown(self) -> bool:
        """Tell whether there is a drawing that can be shown."""
        return self._drawing is not None and self._drawing.isValid()

    def sizeHint(self) -> QSize:
        return QSize(640, 240)

    def paintEvent(self, event: Any) -> None:
        if not self.is_shown():
            return
        size = self._drawing.defaultSize()
        size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._drawing.render(painter, QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height()))
        painter.end()


class TwoClicksDock(QgsDockWidget):
    """What the panels have in common.

    A kind of it states the texts and sizes, makes its form and what shows the result, and lays them out.
    """

    wanted = pyqtSignal()  # compute with the present values
    cancelled = pyqtSignal()
    report_wanted = pyqtSignal()
    layers_wanted = pyqtSignal()

    name = ""
    title = Text("", "")
    keep = Text("", "")
    keep_tip = Text("", "")
    form_px = 0  # the rest is the result's
    figure_lines = 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr(self.title), parent)
        self.setObjectName(f"xinji_{self.name}")
        self.again = button(Text("重新计算", "Compute again"), self.wanted.emit, self.name)
        self.cancel = button(words.CANCEL, self.cancelled.emit)
        self.report = button(words.OPEN_REPORT, self.report_wanted.emit)
        self.layers = button(self.keep, self.layers_wanted.emit, tip=tr(self.keep_tip))
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(8)
        self.picture = Picture()
        self.figures = Paragraph(self.figure_lines)

    def _lay_out(self, form: QFormLayout, shown: QWidget) -> None:
        """Put the form on the left and what shows the result on the right."""
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        for pair in ((self.again, self.cancel), (self.report, self.layers)):
            line = QHBoxLayout()
            for item in pair:
                line.addWidget(item)
            column.addLayout(line)
        column.addWidget(self.progress)
        column.addStretch(1)
        left = QWidget()
        left.setLayout(column)
        left.setMaximumWidth(self.form_px)
        right = QVBoxLayout()
        right.addWidget(shown, 1)
        right.addWidget(self.figures)
        row = QHBoxLayout()
        row.addWidget(left)
        row.addLayout(right, 1)
        body = QWidget()
        body.setLayout(row)
        self.setWidget(body)

    def show_busy(self, is_busy: bool) -> None:
        """Show that the engine is at work."""
        self.progress.setVisible(is_busy)
        self.progress.setValue(0)
        self.cancel.setEnabled(is_busy)
        if is_busy:
            self._enable(has_report=False, has_layers=False)

    def show_progress(self, percent: float) -> None:
        """Show how far it is."""
        self.progress.setValue(round(percent))

    def show_nothing(self, line: str) -> None:
        """Show a line instead of a result."""
        self._show_found("", line)
        self._enable(has_report=False, has_layers=False)

    def _show_found(self, picture: str, line: str) -> None:
        """Show a drawing, none for an empty path, and what it says."""
        self.show_busy(False)
        self.picture.show_file(picture)
        self.figures.setText(line)

    def _enable(self, has_report: bool, has_layers: bool) -> None:
        """Let the report be opened, and the result be kept, where there is one."""
        self.report.setEnabled(has_report)
        self.layers.setEnabled(has_layers)
