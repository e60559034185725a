"""Versions of everything that matters for a fault report, with a copy button."""

from __future__ import annotations

import platform
import sys

from qgis.core import Qgis
from qgis.PyQt.QtCore import QT_VERSION_STR
from qgis.PyQt.QtGui import QGuiApplication
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from ..errors import XinjiError
from ..text import Text
from . import engine_session, words
from .icons import icon
from .language import say, tr


def versions() -> str:
    """Give the versions, one a line, in English: they go into fault reports."""
    from ..engine.versions import plugin_version

    try:
        engine = str(engine_session.interpreter())
    except XinjiError as error:
        engine = say(error)
    lines = [
        f"Xinji Planner {plugin_version()}",
        f"QGIS {Qgis.QGIS_VERSION}",
        f"Qt {QT_VERSION_STR}",
        f"Python {sys.version.split()[0]}",
        f"System {platform.platform()}",
        f"Engine {engine}",
    ]
    hello = engine_session.session().hello()
    lines += [f"  {name} {version}" for name, version in sorted((hello.get("packages") or {}).items())]
    return "\n".join(lines)


class AboutDialog(QDialog):
    """What this is, and the versions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr(Text("关于新基规划", "About Xinji Planner")))
        self.setWindowIcon(icon("xinji"))
        self.resize(520, 340)
        column = QVBoxLayout(self)
        intro = QLabel(
            tr(
                Text(
                    "新基规划：新型信息基础设施规划工具。数据只在本机处理，不联网，不上传。",
                    "Xinji Planner plans new information infrastructure. Data stays on this machine; nothing is sent.",
                )
            )
        )
        intro.setWordWrap(True)
        column.addWidget(intro)
        self.text = QPlainTextEdit(versions())
        self.text.setReadOnly(True)
        column.addWidget(self.text)
        buttons = QDialogButtonBox()
        copy = buttons.addButton(tr(Text("复制", "Copy")), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda _checked=False: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        close = buttons.addButton(tr(words.CLOSE), QDialogButtonBox.ButtonRole.RejectRole)
        close.clicked.connect(self.reject)
        column.addWidget(buttons)
