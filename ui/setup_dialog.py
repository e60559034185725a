"""*Set up engine*: makes the engine's environment in the QGIS profile, in the background, with progress and cancel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ..errors import XinjiError
from ..text import Text
from . import engine_session, settings, tasks, words
from .icons import icon
from .language import say, tr

_INTRO = Text(
    "计算在独立的引擎进程中进行，不改动 QGIS 自带的 Python。安装约需 2 GB 磁盘空间和几分钟；中断后可以接着装。",
    "Computations run in an engine process of its own; the Python of QGIS is not touched. It takes some 2 GB of disk and "
    "a few minutes; an interrupted set-up goes on where it stopped.",
)


class SetupDialog(QDialog):
    """Asks from where, then installs.

    Parameters
    ----------
    actions : Actions
    """

    def __init__(self, actions: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._task: tasks.CallTask | None = None
        self.setWindowTitle(tr(Text("安装计算引擎", "Set up engine")))
        self.setWindowIcon(icon("engine"))
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        intro = QLabel(tr(_INTRO))
        intro.setWordWrap(True)
        column.addWidget(intro)
        self.state = QLabel()
        self.state.setWordWrap(True)
        column.addWidget(self.state)
        form = QFormLayout()
        self.online = QRadioButton(tr(Text("在线安装", "Online")))
        self.offline = QRadioButton(tr(Text("从文件夹安装（无互联网）", "From a folder of wheels (no internet)")))
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.folder.setFilePath(settings.wheels_folder())
        self.offline.toggled.connect(self.folder.setEnabled)
        self.folder.setEnabled(False)
        (self.offline if settings.wheels_folder() else self.online).setChecked(True)
        form.addRow(self.online)
        form.addRow(self.offline, self.folder)
        column.addLayout(form)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.doing = QLabel()
        self.doing.setWordWrap(True)
        column.addWidget(self.bar)
        column.addWidget(self.doing)
        buttons = QDialogButtonBox()
        self.install = buttons.addButton(tr(Text("安装", "Install")), QDialogButtonBox.ButtonRole.ActionRole)
        self.cancel = buttons.addButton(tr(words.CANCEL), QDialogButtonBox.ButtonRole.ActionRole)
        self.shut = buttons.addButton(tr(words.CLOSE), QDialogButtonBox.ButtonRole.RejectRole)
        self.install.clicked.connect(lambda _checked=False: self.start())
        self.cancel.clicked.connect(lambda _checked=False: self._task and self._task.cancel())
        self.shut.clicked.connect(self.reject)
        column.addWidget(buttons)
        self._show_state()
        self._running(False)

    def _show_state(self) -> None:
        missing = engine_session.missing()
        if missing is None:
            self.state.setText(tr(Text("已就绪：{path}", "Ready: {path}")).format(path=engine_session.interpreter()))
        else:
            self.state.setText(say(missing))

    def _running(self, running: bool) -> None:
        self.install.setEnabled(not running)
        self.cancel.setEnabled(running)
        self.bar.setVisible(running)
        for widget in (self.online, self.offline):
            widget.setEnabled(not running)

    def is_busy(self) -> bool:
        """Tell whether the set-up runs."""
        return self.cancel.isEnabled()

    def start(self) -> tasks.CallTask:
        """Start installing in the background; the window may be closed meanwhile."""
        from ..engine.setting_up import setup

        wheels = Path(self.folder.filePath()) if self.offline.isChecked() else None
        settings.set_wheels_folder("" if wheels is None else str(wheels))
        target = settings.engine_environment()
        engine_session.close()

        def work(task: tasks.CallTask) -> Any:
            return setup.set_up(target, wheels=wheels, progress=task.progress, is_cancelled=task.is_cancelled)

        task = tasks.CallTask(Text("安装计算引擎", "Setting up the engine"), work, self._done, self._failed)
        task.said.connect(self.doing.setText)
        task.progressChanged.connect(lambda percent: self.bar.setValue(round(10 * percent)))
        self._task = task
        self._running(True)
        return tasks.start(task)

    def _done(self, _interpreter: Any) -> None:
        engine_session.forget_interpreter()
        self._running(False)
        self._show_state()
        self.doing.setText("")
        self._actions.messages.success(tr(Text("计算引擎已就绪。", "The engine is ready.")))

    def _failed(self, error: XinjiError) -> None:
        engine_session.forget_interpreter()
        self._running(False)
        self.doing.setText(say(error))
        if not self.isVisible():
            self._actions.messages.error(error)
