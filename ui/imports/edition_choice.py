"""Of which earlier file in the workspace a file is a newer edition: the planner's word, or as the evidence says."""

from __future__ import annotations

from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QPushButton

from ...jobs.import_layer import JOB
from ...text import Text
from .. import workspace_info
from ..language import tr
from .inspection import SourceFile

_OWN = Text("（按文件自己的名称）", "(by the file's own name)")
_ADOPT = Text("按依据采用：“{name}”(&Y)", "As the evidence sa&ys: “{name}”")
_LETTERS = 24  # of a name on the button


class EditionChoice(QObject):
    """Three widgets that a form lays out: the choice of the source, what the evidence proposes, and the leave to delete."""

    decided = pyqtSignal(str, str)  # name of an attribute of SourceFile, and its new value
    replacing = pyqtSignal(bool)  # more than half of the earlier rows may go

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._proposed = ""
        self.source = QComboBox()
        self.source.setToolTip(tr(JOB.parameter("edition_of").help))
        self.source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.source.setMinimumContentsLength(12)
        self.source.activated.connect(lambda _index: self.decided.emit("edition_of", self.source.currentData()))
        self.adopt = QPushButton()
        self.adopt.setAutoDefault(False)
        self.adopt.clicked.connect(lambda _checked=False: self.decided.emit("edition_of", self._proposed))
        self.replace = QCheckBox(tr(Text("同意替换过半的原有行(&P)", "Re&place an earlier file of this name")))
        self.replace.setToolTip(tr(JOB.parameter("replace").help))
        self.replace.toggled.connect(self.replacing)

    @staticmethod
    def is_of_use(item: SourceFile, workspace: str) -> bool:
        """Tell whether a workspace holds anything of which a file could be a newer edition, before it is in."""
        return not item.summary and bool(
            item.edition_of or item.replace or workspace_info.sources_or_none(workspace, item.kind)
        )

    @staticmethod
    def is_due(item: SourceFile, workspace: str) -> bool:
        """Tell whether the choice has been made, the diagnosis suggests it, or the workspace holds the file's own name."""
        names = workspace_info.sources_or_none(workspace, item.kind)
        has_own_name = any(name.partition("|")[0] == item.path.name for name in names)
        return bool(item.edition_of or item.replace or item.newer_of or has_own_name)

    def show_file(self, item: SourceFile | None, workspace: str) -> None:
        """Show the choice of a file among the sources of its kind that a workspace holds."""
        names = workspace_info.sources_or_none(workspace, item.kind) if item else []
        names = [name for name in names if item and name != item.path.name]
        chosen = item.edition_of if item else ""
        if chosen and chosen not in names:
            names.append(chosen)
        self.source.clear()
        self.source.addItem(tr(_OWN), "")
        for name in names:
            self.source.addItem(name.replace("|", " | "), name)
        self.source.setCurrentIndex(max(self.source.findData(chosen), 0))
        self.source.setEnabled(bool(names))
        self.replace.setChecked(bool(item and item.replace))
        self._proposed = item.newer_of if item else ""
        shown = self.adopt.fontMetrics().elidedText(
            self._proposed, Qt.TextElideMode.ElideMiddle, _LETTERS * self.adopt.fontMetrics().averageCharWidth()
        )
        self.adopt.setText(tr(_ADOPT).format(name=shown.replace("&", "&&")))
        self.adopt.setToolTip(self._proposed)
        self.adopt.setVisible(bool(item and self._proposed and not chosen and not item.summary))
