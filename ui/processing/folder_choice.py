"""The field of a parameter that takes a file or a folder: QGIS offers a choice of the one or of the other only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingParameterDefinition, QgsSettings
from qgis.gui import QgsAbstractProcessingParameterWidgetWrapper, QgsFileWidget, QgsGui, QgsProcessingGui
from qgis.PyQt.QtWidgets import QFileDialog, QHBoxLayout, QToolButton, QWidget

from ...text import Text
from .. import runs, settings
from ..language import tr

_LAST = "/Processing/LastInputPath"  # where QGIS's own fields keep it
_FOLDER = Text("文件夹…", "Folder…")
_CHOOSE = Text("选择文件夹", "Choose a folder")


class PathField:
    """What Processing asks for the field of such a parameter, in a dialog, a batch or a model."""

    def __new__(cls, parameter: QgsProcessingParameterDefinition, dialog: Any, _row: int = 0, _column: int = 0) -> Any:
        """Give the field; in a model that of QGIS, which offers the inputs and results of the model as well."""
        kinds = QgsProcessingGui.WidgetType
        if type(dialog).__name__ == "ModelerParametersDialog":
            made = QgsGui.processingGuiRegistry().createModelerParameterWidget(
                dialog.model, dialog.childId, parameter, dialog.context
            )
            made.setDialog(dialog)
            return made
        return PathWrapper(
            parameter, kinds.Batch if type(dialog).__name__ == "BatchAlgorithmDialog" else kinds.Standard
        )


class PathWrapper(QgsAbstractProcessingParameterWidgetWrapper):
    """QGIS's field for a file with one more button, for a folder."""

    def createWidget(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        self.path = QgsFileWidget()
        self.path.fileChanged.connect(lambda _path: self.widgetValueHasChanged.emit(self))
        self.folder = QToolButton()
        self.folder.setText(tr(_FOLDER))
        self.folder.setToolTip(tr(_CHOOSE))
        self.folder.clicked.connect(self._choose)
        row.addWidget(self.path, 1)
        row.addWidget(self.folder)
        return holder

    def setWidgetValue(self, value: Any, _context: Any) -> None:
        self.path.setFilePath("" if value is None else str(value))

    def widgetValue(self) -> str:
        return self.path.filePath()

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.wrappedWidget(), tr(_CHOOSE), self._start())
        if chosen:
            QgsSettings().setValue(_LAST, str(Path(chosen).parent))
            self.path.setFilePath(chosen)

    def _start(self) -> str:
        """Give the folder to begin in: that of what is stated, else where the runs of the workspace are."""
        stated = self.path.filePath()
        if stated and Path(stated).parent.is_dir():
            return str(Path(stated).parent)
        workspace = settings.workspace()
        beside = bool(self.parameterDefinition().metadata().get("beside"))
        if beside and workspace and runs.runs_folder(workspace).is_dir():
            return str(runs.runs_folder(workspace))
        return str(QgsSettings().value(_LAST) or "")
