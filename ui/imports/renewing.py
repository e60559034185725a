"""Diagnoses that follow the workspace: what comes into it, goes out of it, or another one is chosen."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QObject, Qt, QTimer

from .. import engine_session, workspace_info
from . import standing
from .examining import Examiner
from .inspection import SourceFile
from .source_list import SourceList

_CHANGING = ("import_layer", "undo_import", "load_sample", "create_workspace")
_TYPING_MS = 700  # a path that is being typed is not yet a workspace


class Renewer(QObject):
    """Lets the files of a dialog that are not imported yet be examined anew when the workspace has changed.

    Parameters
    ----------
    sources : SourceList
    examiner : Examiner
    workspace : callable
        Gives the path of the workspace; it need not exist.
    """

    def __init__(
        self, sources: SourceList, examiner: Examiner, workspace: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._sources, self._examiner, self._workspace = sources, examiner, workspace
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.renew_all)
        # The engine ends its jobs in a thread of its own.
        engine_session.session().signals.finished.connect(self._job_ended, Qt.ConnectionType.QueuedConnection)

    def workspace_changed(self) -> None:
        """Look again when another workspace stands there for a moment."""
        self._typing.start()

    def _job_ended(self, job: str) -> None:
        if job in _CHANGING:
            self.renew_all()

    def is_stale(self, item: SourceFile) -> bool:
        """Tell whether a file was examined against a workspace that is another by now."""
        return item.against is not None and item.against != workspace_info.revision(self._workspace())

    def renew_all(self) -> None:
        """Let every file that is not imported, and that is stale, be examined anew."""
        for item in self._sources.files:
            self._take_back(item)
            if not item.summary and self.is_stale(item):
                self._sources.tell(item, standing.WAITS)
                self._examiner.renew(item, self.is_stale)

    def _take_back(self, item: SourceFile) -> None:
        """Forget an import that was undone, or that went to another workspace."""
        if item.imported is None:
            return
        path, sequence = item.imported
        here = workspace_info.revision(self._workspace())[0] == path
        if here and workspace_info.holds(path, sequence):
            return
        item.forget_outcome()
        item.was_in = False
        item.against = ("", -1)  # whatever it was examined against, it was not this
