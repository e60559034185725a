"""The diagnosis of files in the import dialog: run it, show it, and keep the planner's choices as a recipe."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QWidget

from ...errors import Cancelled, XinjiError
from ...text import NOTHING, Text, same
from .. import load, runs, workspace_info
from ..job_queue import JobQueue
from ..language import from_json, say, tr
from ..summaries import edition_line
from . import findings_words as says
from .diagnosis import Seen, as_parameter, grave, newer_edition_of, read_findings, unseen
from .finding_cells import Cells
from .findings_view import FindingsView
from .inspection import SourceFile, is_edition, stamp_of
from .recounting import is_large, recount, warns_treated

_SUFFIX = ".toml"
_PAUSE_MS = 900  # between one choice and the next
_FILTER = Text("处理方案 (*.toml)", "Recipe (*.toml)")
_OUTCOME = Text(
    "{rows_in} 行 = 写入 {rows_out} + 搁置 {rows_set_aside} + 合并 {rows_merged}。",
    "Rows: {rows_in} = {rows_out} written + {rows_set_aside} set aside + {rows_merged} merged.",
)
_FOUND = Text("尚不能导入。", "It cannot be imported yet.")
_TITLE = Text("选择用于“{name}”的处理方案", "A recipe for “{name}”")
_ROWS = ("rows_in", "rows_out", "rows_set_aside", "rows_merged")


class Examiner(QObject):
    """Runs `diagnose` for the files of a dialog.

    Parameters
    ----------
    queue : JobQueue
    view : FindingsView
    scratch : pathlib.Path
        Folder for what goes with the dialog.
    stated : callable
        Gives the parameters that the planner has stated for a file, the fields set by hand among them.
    workspace : callable
        Gives the path of the workspace; it need not exist.
    """

    examined = pyqtSignal(object)  # a SourceFile
    started = pyqtSignal(object)  # a SourceFile
    cancelled = pyqtSignal(object)  # a SourceFile with an earlier diagnosis
    refused = pyqtSignal(object)  # a SourceFile that could not be examined
    problem = pyqtSignal(object)  # an error that the planner has to hear of
    recipe_kept = pyqtSignal(str)  # its path
    recipe_changed = pyqtSignal(object)
    shown_on_map = pyqtSignal(object)  # a Run

    def __init__(
        self,
        queue: JobQueue,
        view: FindingsView,
        scratch: Path,
        stated: Callable[[SourceFile], dict[str, Any]],
        workspace: Callable[[], str],
        current: Callable[[], SourceFile | None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._queue, self._view, self._scratch = queue, view, scratch
        self._stated, self._workspace, self._current = stated, workspace, current
        self._window = parent
        self._shown: tuple[Any, ...] = ()
        self._recheck = QTimer(self)
        self._recheck.setSingleShot(True)
        self._recheck.setInterval(_PAUSE_MS)
        self._recheck.timeout.connect(self._recount)
        self._copies: dict[Path, Path] = {}
        self._on_map: dict[int, set[Path]] = {}  # by file: diagnoses whose faults were shown
        view.again.connect(lambda: self._of_current(self.examine))
        view.recipe_saved.connect(lambda: self._of_current(self._save_recipe))
        view.recipe_opened.connect(lambda: self._of_current(self._open_recipe))

    def _of_current(self, act: Callable[[SourceFile], object]) -> None:
        item = self._current()
        if item is not None:
            act(item)

    def parameters(self, item: SourceFile) -> dict[str, Any]:
        """Give the planner's choices on the rows of a file, as `diagnose` and `import_layer` take them."""
        stated = {"treatments": as_parameter(item.treatments), "edition_of": item.edition_of}
        return {name: value for name, value in stated.items() if value}

    def show(self, item: SourceFile | None) -> None:
        """Show the latest diagnosis of a file; nothing for none."""
        said = {} if item is None else item.examined
        imported = {} if item is None else item.summary
        shown = (id(item), said.get("findings"), None if item is None else item.refusal, bool(imported))
        if shown == self._shown:
            return  # it would lose its place in the list
        self._shown = shown
        if item is None or not said.get("findings"):
            self._view.show_findings(Cells(), [], NOTHING if item is None else item.refusal)
            return
        summary = item.foreseen
        outcome = _FOUND if _is_stopped(item) else _OUTCOME.filled(**_told(summary))
        edition = edition_line(summary)
        if edition.zh and not imported:
            outcome = Text(f"{outcome.zh}{edition.zh}。", f"{outcome.en} {edition.en}.")
        if imported:
            outcome = (says.IMPORTED if imported.get("rows_set_aside") else says.IMPORTED_WHOLE).filled(
                **{name: f"{imported.get(name) or 0:,}" for name in _ROWS}
            )
        groups = read_findings(Path(said["findings"]), item.before)
        lead = tr(from_json(summary["datum_evidence_lead"])) if summary.get("datum_evidence_lead") else ""
        cells = Cells(item.kind, item.treatments, item.chosen_then, lead, is_edition(item))
        self._view.show_findings(cells, groups, outcome, examined=True)

    def chosen(self, item: SourceFile) -> None:
        """Say what a choice makes of the rows: counted at once, or by another diagnosis where that is not certain."""
        item.counts, item.warns_treated = recount(item) or {}, warns_treated(item)
        if _is_stopped(item):
            return
        self._view.outcome.setText(tr(_OUTCOME.filled(**_told(item.foreseen)) if item.counts else says.CHANGED))
        if (not item.counts or is_edition(item)) and not is_large(item):
            self._recheck.start()  # of the file that is selected then, once the planner pauses

    def _recount(self) -> None:
        item = self._current()
        is_open = item is not None and (not item.counts or is_edition(item))
        if is_open and item.touched and not item.summary and not self._queue.is_busy():
            self.examine(item)

    def refresh(self) -> None:
        """Show the file anew: its choices were changed elsewhere than in the list."""
        self._shown = ()
        self.show(self._current())

    def examine(self, item: SourceFile, then: Callable[[Any], None] | None = None) -> None:
        """Let the diagnosis of a file take its turn; `then` is given its result."""
        self._queue.add(lambda: self.start(item, then))

    def renew(self, item: SourceFile, is_stale: Callable[[SourceFile], bool]) -> None:
        """Let a diagnosis take its turn if it is still needed by then."""
        self._queue.add(lambda: self.start(item, by_itself=True) if not item.summary and is_stale(item) else None)

    def start(self, item: SourceFile, then: Callable[[Any], None] | None = None, *, by_itself: bool = False) -> None:
        """Examine a file now: called by an act of the queue whose turn it is.

        What a check that the planner has not asked for brings up holds the file until it was looked at.
        """
        if item.found is None or not item.kind:
            return
        workspace = self._workspace()
        against, stamp = workspace_info.revision(workspace), stamp_of(item)

        def done(result: Any) -> None:
            if self._recall(item, result.summary, workspace):
                self._queue.add(lambda: self.start(item, then, by_itself=by_itself), first=True)
                return
            item.diagnosis, item.examined, item.refusal = result.summary, result.outputs, NOTHING
            item.against, item.stamp, item.touched = against, stamp, False
            item.chosen_then, item.counts = dict(item.treatments), {}
            item.warns_treated = warns_treated(item)
            item.was_in = item.was_in and is_edition(item)  # else it was undone
            item.newer_of = newer_edition_of(item.diagnosis, item.examined)
            now = grave(Path(item.examined["findings"])) if item.examined.get("findings") else {}
            is_checked = by_itself or item.held  # what holds a file is not known by another diagnosis of it
            _hold(item, now, item.seen if is_checked and item.seen is not None else now)
            item.before = item.seen
            self.examined.emit(item)
            if then is not None:
                then(result)

        def failed(error: XinjiError) -> None:
            if isinstance(error, Cancelled) and (item.examined or item.summary):
                self.cancelled.emit(item)  # what was found before still stands, and is marked as old
                return
            if item.summary:  # it is in the workspace all the same
                self.problem.emit(error)
                return
            item.diagnosis, item.examined, item.refusal = {}, {}, same(say(error))
            item.newer_of, item.against = "", against
            self.refused.emit(item)

        self.started.emit(item)
        stated = {**self._stated(item), **self.parameters(item)}
        if workspace and Path(workspace).is_file():
            stated["workspace"] = workspace
        folder = Path(tempfile.mkdtemp(dir=self._scratch)) / "diagnose"
        label = Text(f"诊断 {item.path.name}", f"Examining {item.path.name}")
        self._queue.start(label, "diagnose", stated, folder, done, failed)

    @staticmethod
    def _recall(item: SourceFile, said: dict[str, Any], workspace: str) -> bool:
        """Take up, once, what was chosen when the workspace took in this very file; tell whether there is any."""
        before = said.get("choices_before") or {}
        is_first, item.recalled = not item.recalled, True
        if not is_first or not before or item.treatments or item.recipe:
            return False
        if not workspace_info.datum_before(workspace, item.kind, item.path):  # another file of that name: rows differ
            return False
        item.treatments.update(before)
        return True

    def look(self, item: SourceFile) -> set[str]:
        """Take note that the planner knows of the new findings of a file, and give their kinds."""
        now, seen = grave(Path(item.examined["findings"])), item.seen or {}
        codes = {key[0] for key, rows in now.items() if unseen(seen, {key: rows})}
        _hold(item, now, now)
        return codes

    def decided(self, item: SourceFile, code: str, rows: list[int] | None) -> None:
        """Take note of a choice: what is new of that kind, or in those rows, is known with that, and nothing else is."""
        if not item.held:
            return
        now, seen = grave(Path(item.examined["findings"])), dict(item.seen or {})
        for key, found in now.items():
            if key[0] == code:
                known = {row: how for row, how in found.items() if rows is None or row in rows}
                seen[key] = {**seen.get(key, {}), **known}
        _hold(item, now, seen)

    def _save_recipe(self, item: SourceFile) -> None:
        proposed = item.path.with_name(item.path.stem + _SUFFIX)
        path, _ = QFileDialog.getSaveFileName(
            self._window, tr(Text("保存处理方案", "Save the recipe")), str(proposed), tr(_FILTER)
        )
        if path:
            target = Path(path if path.lower().endswith(_SUFFIX) else path + _SUFFIX)
            self.examine(item, lambda result: self._keep_recipe(Path(result.outputs["recipe"]), target))

    def _keep_recipe(self, made: Path, target: Path) -> None:
        try:
            shutil.copyfile(made, target)
        except OSError as error:
            self.problem.emit(_unwritten(str(target), error))
            return
        self.recipe_kept.emit(str(target))

    def _open_recipe(self, item: SourceFile) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window, tr(_TITLE).format(name=item.path.name), str(item.path.parent), tr(_FILTER)
        )
        if path:
            item.recipe = path
            item.treatments.clear()
            self.recipe_changed.emit(item)

    def drop_recipe(self, item: SourceFile) -> None:
        """Read a file without its recipe again."""
        item.recipe = ""
        self.recipe_changed.emit(item)

    def show_on_map(self, item: SourceFile) -> None:
        """Load the places of the faults from a copy: the folder of the dialog goes with the dialog."""
        made = Path(item.examined["report"]).parent
        if made not in self._copies or not self._copies[made].is_dir():
            workspace = self._workspace()
            try:
                self._copies[made] = runs.keep(made, workspace if Path(workspace).is_file() else "")
            except OSError as error:
                self.problem.emit(_unwritten(str(error.filename), error))
                return
        run = runs.read(self._copies[made])
        if run is not None:
            self._on_map.setdefault(id(item), set()).add(run.folder)
            self.shown_on_map.emit(run)

    def clear_map(self, item: SourceFile) -> None:
        """Take the faults of a file off the map: after its import they lie where its rows no longer are."""
        for folder in sorted(self._on_map.pop(id(item), ())):
            load.remove_run(folder)


def _hold(item: SourceFile, now: Seen, seen: Seen) -> None:
    """Hold a file as long as something is in its findings that the planner does not know of."""
    item.unseen = unseen(seen, now)
    item.held = bool(item.unseen)
    item.seen = seen if item.held else now


def _is_stopped(item: SourceFile) -> bool:
    """Tell whether nothing of a file would be imported as it stands."""
    return item.diagnosis.get("rows_out") is None or bool(item.diagnosis.get("problems"))


def _told(summary: dict[str, Any]) -> dict[str, str]:
    return {name: f"{summary[name]:,}" for name in _ROWS if summary.get(name) is not None}


def _unwritten(path: str, error: OSError) -> XinjiError:
    return XinjiError(
        Text("无法保存 {path}：{why}。", "Cannot save {path}: {why}.").filled(path=path, why=error.strerror),
        Text("请选择可写入的位置。", "Choose a place that you may write to."),
    )
