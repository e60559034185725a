"""The imports of the import dialog: run them, and say once what came in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QObject

from ..errors import Cancelled, XinjiError
from ..text import Text, same
from . import words
from .inspection import SourceFile
from .job_queue import JobQueue
from .language import say, tr
from .run_list import open_file
from .source_list import SourceList
from .summaries import edition_line, summary_line

_COUNTS = ("rows_in", "rows_out", "rows_set_aside", "rows_merged")


def is_ready(item: SourceFile) -> bool:
    """Tell whether a file may be imported as it stands, and has not been."""
    if item.found is None or not item.kind or item.summary:
        return False
    return item.edited or not item.found.problems


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
    """

    def __init__(
        self,
        queue: JobQueue,
        sources: SourceList,
        stated: Callable[[SourceFile], dict[str, Any]],
        workspace: Callable[[], str],
        actions: Any,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue, self._sources, self._stated, self._workspace = queue, sources, stated, workspace
        self._actions = actions
        self._imported: list[SourceFile] = []  # since the queue was last empty
        queue.emptied.connect(self._report)

    def add(self, item: SourceFile) -> None:
        """Import a file when its turn comes."""
        self._queue.add(lambda: self._import(item))

    def _import(self, item: SourceFile) -> None:
        workspace = self._workspace()
        if not workspace.lower().endswith(".gpkg"):
            workspace += ".gpkg"

        def done(result: Any) -> None:
            item.summary, item.outputs = result.summary, result.outputs
            self._sources.tell(item, summary_line(result.summary), ok=True)
            self._imported.append(item)
            self._actions.dock.set_workspace(workspace)

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
