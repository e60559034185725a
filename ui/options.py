"""The plugin's page in QGIS's options: which Python runs the engine, and where its wheels and own rule packs are."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QFormLayout, QLabel, QPushButton, QWidget

from ..errors import XinjiError
from ..text import Text
from . import engine_session, settings, words
from .icons import icon
from .language import say, tr

_OWN_PACKS_TIP = Text(
    "其中有规则包时，各项分析默认采用其中的修改。",
    "Where it holds packs, jobs take their changes by default.",
)


class OptionsPage(QgsOptionsPageWidget):
    """The page itself."""

    def __init__(self, parent: QWidget | None, set_up: Any) -> None:
        super().__init__(parent)
        self.setObjectName("xinji_planner")
        form = QFormLayout(self)
        self.python = QgsFileWidget()
        self.python.setFilePath(settings.engine_python())
        self.python.lineEdit().setPlaceholderText(tr(Text("自动", "Automatic")))
        self.wheels = QgsFileWidget()
        self.wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.wheels.setFilePath(settings.wheels_folder())
        self.wheels.lineEdit().setPlaceholderText(tr(Text("在线安装", "Online")))
        self.own_packs = QgsFileWidget()
        self.own_packs.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.own_packs.setFilePath(settings.own_packs_folder())
        self.own_packs.setToolTip(tr(_OWN_PACKS_TIP))
        self.state = QLabel(self._state())
        self.state.setWordWrap(True)
        form.addRow(tr(Text("计算引擎的 Python 解释器", "Python of the engine")), self.python)
        form.addRow(tr(Text("离线安装包（wheel）文件夹", "Folder of wheels")), self.wheels)
        form.addRow(tr(Text("自定义规则包文件夹", "Folder of own rule packs")), self.own_packs)
        form.addRow(tr(Text("状态", "State")), self.state)
        press = QPushButton(icon("engine"), tr(Text("安装计算引擎…", "Set up engine …")))
        press.clicked.connect(lambda _checked=False: set_up())
        form.addRow("", press)

    @staticmethod
    def _state() -> str:
        try:
            return str(engine_session.interpreter())
        except XinjiError as error:
            return say(error)

    def apply(self) -> None:
        settings.set_engine_python(self.python.filePath().strip())
        settings.set_wheels_folder(self.wheels.filePath().strip())
        settings.set_own_packs_folder(self.own_packs.filePath().strip())
        engine_session.forget_interpreter()
        engine_session.close()  # the next job starts the engine with the new interpreter


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page when the options are opened.

    Parameters
    ----------
    set_up : callable
        Opens the dialog *Set up engine*.
    """

    def __init__(self, set_up: Any) -> None:
        super().__init__()
        self._set_up = set_up
        self.setTitle(tr(words.PLUGIN))

    def icon(self) -> QIcon:
        return icon("xinji")

    def createWidget(self, parent: QWidget | None) -> OptionsPage:
        return OptionsPage(parent, self._set_up)
