"""Outcomes in the message bar; without a window they go to the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import Qgis, QgsMessageLog
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QPushButton, QTextBrowser

from ..errors import Cancelled, XinjiError
from . import words
from .language import say, tr

_LINES = 4  # of a message; the rest is scrolled to
_SECONDS = {Qgis.MessageLevel.Success: 8, Qgis.MessageLevel.Info: 5}


class Messages:
    """The message bar of the QGIS window.

    Parameters
    ----------
    iface : QgisInterface or None
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface

    def show(
        self,
        words_shown: str,
        level: Any,
        button: tuple[str, Callable[[], object]] | None = None,
        *,
        stays: bool = False,
    ) -> Any:
        """Show a message and give its item; a warning stays until it is closed, good news goes away by itself."""
        title = tr(words.PLUGIN)
        QgsMessageLog.logMessage(words_shown, title, level)
        if self._iface is None:
            return None
        bar = self._iface.messageBar()
        item = bar.createMessage(title, words_shown)
        item.setToolTip(words_shown)
        if button is not None:
            press = QPushButton(button[0], item)
            press.clicked.connect(lambda _checked=False: button[1]())
            item.layout().addWidget(press)
            if stays:
                press.clicked.connect(lambda _checked=False: bar.popWidget(item))
        bar.pushWidget(item, level, 0 if stays else _SECONDS.get(level, 0) * (2 if button is not None else 1))
        QTimer.singleShot(0, lambda: self._make_room(item))  # when it has its width
        return item

    @staticmethod
    def _make_room(item: Any) -> None:
        """Give a message the lines that it needs: the bar has room for one and a half, and would scroll."""
        text = None if sip.isdeleted(item) else item.findChild(QTextBrowser)
        if text is None:
            return
        text.document().setTextWidth(text.viewport().width())
        most = _LINES * 1.3 * text.fontMetrics().lineSpacing()
        needed = min(text.document().size().height(), most)
        if needed < most:
            text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        text.setMaximumHeight(round(needed) + 4)
        text.setMinimumHeight(round(needed) + 4)

    def success(self, words_shown: str, button: tuple[str, Callable[[], object]] | None = None) -> None:
        """Say that something went well."""
        self.show(words_shown, Qgis.MessageLevel.Success, button)

    def info(self, words_shown: str) -> None:
        """Say something by the way."""
        self.show(words_shown, Qgis.MessageLevel.Info)

    def back(self, words_shown: str, button: tuple[str, Callable[[], object]]) -> Any:
        """Offer the way back to a window that stepped aside, until it is taken or closed; give the item of it."""
        return self.show(words_shown, Qgis.MessageLevel.Info, button, stays=True)

    def take_off(self, item: Any) -> None:
        """Take a message off the bar, unless it was closed."""
        if item is not None and not sip.isdeleted(item):
            self._iface.messageBar().popWidget(item)

    def error(self, error: XinjiError, button: tuple[str, Callable[[], object]] | None = None) -> None:
        """Say what went wrong and what to do; a cancelled job is no fault."""
        if isinstance(error, Cancelled):
            self.info(say(error))
            return
        for fault in error.faults:
            line = f"{fault.file} {fault.row or ''} {tr(fault.message)} {tr(fault.remedy)}".strip()
            QgsMessageLog.logMessage(line, tr(words.PLUGIN), Qgis.MessageLevel.Warning)
        if error.details:
            QgsMessageLog.logMessage(error.details, tr(words.PLUGIN), Qgis.MessageLevel.Info)
        self.show(say(error), Qgis.MessageLevel.Warning, button)
