"""The imports of the import dialog: run them, and say once what came in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtWidgets import QWidget

from ...errors import Cancelled, XinjiError
from ...text import Text, same
from .. import words, workspace_info
from ..job_queue import JobQueue
from ..language import say, tr
from ..report_viewer import open_file
from ..summaries import edition_line, summary_line
from . import datum_question, standing, waiting
from .examining import Examiner
from .inspection import SourceFile, stamp_of
from .renewing import Renewer
from .source_list import SourceList

_COUNTS = ("rows_in", "rows_out", "rows_set_aside", "rows_merged")


class Importer(QObject):
    """Runs `import_layer` for the files of a dialog.

    Parameters
    ----------
    queue : JobQueue
    sources : SourceList
    stated : callable
        Gives the parameters that the planner has stated for a file.
    workspace : callable
        Gives the path of the workspace; it need not exist.
    actions : Actions
        Has the dock with the workspace, and the message bar.
    examiner : Examiner
    renewer : Renewer
        Knows whether a diagnosis is older than the workspace.
    look_again : callable
        Reads a file anew.
    """

    def __init__(
        self,
        queue: JobQueue,
        sources: SourceList,
        stated: Callable[[SourceFile], dict[str, Any]],
        workspace: Callable[[], str],
        actions: Any,
        examiner: Examiner,
        renewer: Renewer,
        look_again: Callable[[SourceFile], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue, self._sources, self._stated, self._workspace = queue, sources, stated, workspace
        self._actions, self._examiner, self._renewer, self._window = actions, examiner, renewer, parent
        self._look_again = look_again
        self._imported: list[SourceFile] = []  # since the queue was last empty
        self._forced: list[SourceFile] = []  # by the planner's word, before the file that they would wait for
        queue.emptied.connect(self._report)

    def add(self, item: SourceFile) -> None:
        """Import a file when its turn comes; a datum against the evidence is asked about now."""
        item.changed = False
        if datum_question.is_open(item):
            if not datum_question.is_wanted(item, self._window):
                self._sources.tell(item, standing.AGAINST, ok=False)
                return
            datum_question.confirm(item)
        self._queue.add(lambda: self._turn(item))

    def add_now(self, item: SourceFile) -> None:
        """Import the file that the planner has before him; one that should wait is asked about."""
        other = waiting.waits_for(item, self._sources.files)
        if other is not None:
            if not waiting.is_wanted(item, other, self._window):
                return
            self._forced.append(item)
        self.add(item)

    def _must_wait(self, item: SourceFile) -> bool:
        """Tell whether a file has to wait for another one on the list, and say so beside it."""
        if item in self._forced or waiting.waits_for(item, self._sources.files) is None:
            return False
        for changed in waiting.note(self._sources.files):
            self._sources.tell(changed, *standing.examined_line(changed, self._sources.files))
        return True

    def _turn(self, item: SourceFile) -> None:
        """Import on a diagnosis of the workspace as it is now; one that is older is made anew first."""
        if item not in self._sources.files or not standing.is_ready(item):
            return
        if item.stamp and item.stamp != stamp_of(item):
            self._look_anew(item)
            return
        if not self._renewer.is_stale(item):
            if not self._must_wait(item):
                self._import(item)
            return
        self._examiner.start(item, lambda _result: self._go_on(item), by_itself=True)

    def _look_anew(self, item: SourceFile) -> None:
        """Read a file anew that was changed on disk since its diagnosis, and import nothing of it on the old one.

        Choices for single rows go: their numbers may be those of other rows now.
        """
        item.changed, item.stamp = True, ()
        for name in [name for name in item.treatments if "@" in name]:
            del item.treatments[name]
        self._look_again(item)

    def _go_on(self, item: SourceFile) -> None:
        """Import a file that was examined again, unless that brought up what the planner has to see first."""
        if not standing.is_ready(item) or self._must_wait(item):
            return
        if datum_question.is_open(item):
            self._sources.tell(item, standing.AGAINST, ok=False)
            return
        self._queue.add(lambda: self._import(item), first=True)

    def _import(self, item: SourceFile) -> None:
        workspace = self._workspace()
        if not workspace.lower().endswith(".gpkg"):
            workspace += ".gpkg"

        def done(result: Any) -> None:
            item.summary, item.outputs, item.was_in = result.summary, result.outputs, False
            now = workspace_info.revision(workspace)
            item.imported = now if now[1] else None
            self._examiner.clear_map(item)
            self._sources.tell(item, summary_line(result.summary), ok=True)
            self._imported.append(item)
            self._actions.dock.set_workspace(workspace)
            self._renewer.renew_all()

        def failed(error: XinjiError) -> None:
            self._sources.tell(item, same(say(error)), ok=False)
            if not isinstance(error, Cancelled):
                self._actions.refused(error)
            if error.report:
                item.outputs = {"report": error.report}

        self._sources.tell(item, Text("正在导入…", "Importing …"))
        label = Text(f"导入 {item.path.name}", f"Importing {item.path.name}")
        stated = {**self._stated(item), "workspace": workspace, "replace": item.replace}
        self._queue.start(label, "import_layer", stated, None, done, failed)

    def _report(self) -> None:
        """Say once what came in, however many files it were."""
        done, self._imported = self._imported, []
        self._forced.clear()
        if not done:
            return
        total = {key: sum(int(item.summary.get(key) or 0) for item in done) for key in _COUNTS}
        line = tr(summary_line(total))
        if len(done) > 1:
            files = tr(Text("{n} 个文件", "{n} files")).format(n=len(done))
            self._actions.messages.success(tr(words.SAYS).format(what=files, line=line))
            return
        report = done[0].outputs.get("report", "")
        button = (tr(words.OPEN_REPORT), lambda: open_file(report)) if report else None
        line = tr(words.SEMICOLON).join(filter(None, (line, tr(edition_line(done[0].summary)))))
        self._actions.messages.success(tr(words.SAYS).format(what=done[0].path.name, line=line), button)
