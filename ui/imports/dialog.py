"""The import dialog: choose files, see what is in them, decide what is unclear, import."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ...text import Text
from .. import words, workspace_info
from ..icons import icon
from ..job_progress import JobProgress
from ..job_queue import JobQueue
from ..language import tr
from ..looking import Looker
from . import leaving, standing, suggestions, waiting
from .diagnosis import STOPPED
from .examining import Examiner
from .inspection import SourceFile, texts
from .renewing import Renewer
from .running import Importer
from .showing import Shower
from .source_form import SourceForm
from .source_list import SourceList

_SIZE = (1330, 670)  # pixels; a screen of 1366 by 768 has room for it, its task bar and the window's title


class ImportDialog(QDialog):
    """One window for any number of files.

    Parameters
    ----------
    actions : Actions
        Has the dock with the workspace, and the message bar.
    """

    def __init__(self, actions: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._scratch = Path(tempfile.mkdtemp(prefix="xinji_"))
        self.destroyed.connect(lambda _gone=None, folder=self._scratch: shutil.rmtree(folder, ignore_errors=True))
        self.queue = JobQueue(self)
        self.queue.changed.connect(self._show_file)
        self.queue.emptied.connect(self._emptied)
        self._kept = False  # closed, and to be opened again as it is
        self._going_through = False  # the files one after the other
        self.setWindowTitle(tr(Text("导入数据", "Import data")))
        self.setWindowIcon(icon("import"))
        self.setAcceptDrops(True)
        room = self.screen().availableGeometry() if hasattr(self, "screen") and self.screen() else None
        self.resize(*(_SIZE if room is None else (min(_SIZE[0], room.width() - 20), min(_SIZE[1], room.height() - 40))))
        column = QVBoxLayout(self)
        top = QHBoxLayout()
        label = QLabel(tr(Text("导入到工作区(&W)", "Into &workspace")))
        top.addWidget(label)
        self.workspace = QgsFileWidget()
        label.setBuddy(self.workspace.lineEdit())
        self.workspace.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.workspace.setConfirmOverwrite(False)
        self.workspace.setFilter(tr(words.GEOPACKAGE_FILTER))
        self.workspace.lineEdit().setPlaceholderText(tr(_NO_WORKSPACE))
        self.workspace.setFilePath(actions.dock.workspace())
        self.workspace.fileChanged.connect(lambda _path: self._workspace_changed())
        top.addWidget(self.workspace, 1)
        column.addLayout(top)
        split = QSplitter(Qt.Orientation.Horizontal)
        self.sources = SourceList()
        self.looker = Looker(self.queue, self.sources, self._scratch, self)
        self.sources.wanted.connect(self.looker.add)
        self.sources.tables_wanted.connect(self.looker.add_tables)
        self.sources.chosen.connect(self._show_file)
        self.sources.removed.connect(self._show_file)
        split.addWidget(self.sources)
        self.form = SourceForm()
        self.form.decided.connect(self._decided)
        self.form.adopted_all.connect(self._adopt_all)
        self.form.edited.connect(self._mapping_edited)
        self.form.replacing.connect(self._replacing)
        self.examiner = Examiner(
            self.queue,
            self.form.findings,
            self._scratch,
            self.looker.stated,
            self._target,
            self.sources.current,
            self,
        )
        self.looker.looked.connect(self._looked)
        self.looker.repeated.connect(self._repeated)
        self.renewer = Renewer(self.sources, self.examiner, self._target, self)
        self.importer = Importer(
            *(self.queue, self.sources, self._all_stated, self._target, actions, self.examiner, self.renewer),
            self.looker.again,
            self,
        )
        self.examiner.started.connect(self._examining)
        self.examiner.cancelled.connect(self._not_examined_again)
        self.examiner.examined.connect(self._examined)
        self.examiner.recipe_changed.connect(self._recipe_changed)
        self.examiner.refused.connect(self._not_examined)
        self.examiner.problem.connect(self._actions.refused)
        self.examiner.recipe_kept.connect(self._recipe_kept)
        self.shower = Shower(self, actions, self.examiner, self.sources.current, self._target)
        self.form.findings.chosen.connect(self._treatment_chosen)
        self.form.findings.decided.connect(self._finding_decided)
        self.form.findings.seen.connect(self._seen)
        self.form.findings.report_wanted.connect(self.shower.open_report)
        self.form.findings.map_wanted.connect(self.shower.show_on_map)
        self.form.recipe_dropped.connect(self._drop_recipe)
        split.addWidget(self.form)
        split.setStretchFactor(1, 1)
        split.setSizes([250, 1060])
        split.setChildrenCollapsible(False)
        column.addWidget(split, 1)
        self.progress = JobProgress(self.queue)
        column.addWidget(self.progress)
        column.addWidget(self._buttons())
        self._show_file()

    # --- parts ---------------------------------------------------------------------------------------------

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        roles = QDialogButtonBox.ButtonRole

        def add(label: Text, role: Any, press: Callable[[], object]) -> QPushButton:
            made = buttons.addButton(tr(label), role)
            made.setAutoDefault(False)
            made.clicked.connect(lambda _checked=False: press())
            return made

        self.aside = add(Text("打开搁置行(&A)", "Open rows set &aside"), roles.ActionRole, self.shower.open_set_aside)
        self.one = add(Text("导入此文件(&I)", "&Import this file"), roles.ActionRole, self._import_one)
        self.all = add(standing.ALL, roles.ActionRole, self._import_all)
        self.stop = add(words.CANCEL, roles.ActionRole, self.queue.cancel)
        add(words.CLOSE, roles.RejectRole, self.reject)
        return buttons

    def _target(self) -> str:
        path = str(self.workspace.filePath()).strip()
        return path if not path or path.lower().endswith(".gpkg") else f"{path}.gpkg"

    def _all_stated(self, item: SourceFile) -> dict[str, Any]:
        return {**self.looker.stated(item), **self.examiner.parameters(item)}

    def is_busy(self) -> bool:
        """Tell whether the window is open or at work, or was closed to be opened again as it is."""
        return self.isVisible() or self.queue.is_busy() or self._kept or self.shower.is_aside

    # --- closing -------------------------------------------------------------------------------------------

    def reject(self) -> None:
        """Close the window; ask where files wait that would be forgotten, and let what runs go on."""
        left = [item for item in self.sources.files if standing.is_waiting(item)]
        if self.queue.is_busy():
            self._kept = True
            self._actions.messages.info(tr(leaving.WORKING))
        elif left:
            answer = leaving.ask(len(left), self)
            if answer == leaving.STAY:
                return
            self._kept = answer == leaving.KEEP
            if answer == leaving.DISCARD:
                self.shower.show_imported(self.sources.files)
                self.sources.clear()
        self.shower.show_imported(self.sources.files)
        super().reject()

    def discard(self) -> None:
        """Close the window without a question: QGIS, or the plugin, goes."""
        self.queue.cancel()
        self.sources.clear()
        super().reject()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._kept = self.shower.is_aside = False
        self._show_file()

    def _emptied(self) -> None:
        """Say what is left to do: keep a window that was closed for it, and select the file after a run through all."""
        left = [item for item in self.sources.files if standing.is_waiting(item)]
        if not left:
            self._kept = False
        current = self.sources.current()
        is_left = current is not None and standing.needs_planner(current, left)
        if self._going_through and left and not is_left:  # go to what the imports left to be decided
            self.sources.choose(standing.first_to_decide(left) or left[0])
        self._going_through = False

    def dragEnterEvent(self, event: Any) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: Any) -> None:
        self.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def add(self, paths: list[Path]) -> None:
        """Put files on the list and look into them, one after the other."""
        self.looker.add(paths)

    # --- what the planner decides --------------------------------------------------------------------------

    def _decided(self, name: str, value: str) -> None:
        item = self.sources.current()
        if item is None or getattr(item, name) == value:
            return
        self._decide(item, name, value)

    def _adopt_all(self, datum: str) -> None:
        """Take the datum that the evidence is for in every file of the list of which it says the same."""
        for item in standing.proposing(self.sources.files, datum):
            self._decide(item, "datum", datum)

    def _decide(self, item: SourceFile, name: str, value: str) -> None:
        setattr(item, name, value)
        if set(item.unseen) <= {STOPPED}:  # what holds it is what is decided here
            item.unseen, item.held = {}, False
        if name == "edition_of":  # the file is read as before, and compared with other rows
            item.forget_outcome()
            self.examiner.examine(item)
            return
        if name == "kind":
            item.edition_of = ""  # a source of that kind
        item.edited = item.edited and name == "datum"  # another kind, layer or encoding has other fields
        item.forget_outcome()
        self.looker.again(item)

    def _workspace_changed(self) -> None:
        self.renewer.workspace_changed()
        self._enable()

    def _looked(self, item: SourceFile) -> None:
        """Examine a file; one that the workspace holds byte for byte in the datum that was stated for it then."""
        if item.datum == "auto" and not item.recipe and item.found is not None and item.found.problems:
            item.datum = workspace_info.datum_before(self._target(), item.kind, item.path) or item.datum
        self.examiner.examine(item)

    def _repeated(self, item: SourceFile) -> None:
        """Look again into a file that is put on the list once more after its import: it may have been mended since."""
        self.progress.say(tr(_REPEATED).format(name=item.path.name))
        if item.summary:
            item.forget_outcome()
            item.was_in = False
            self.looker.again(item)

    def _examining(self, item: SourceFile) -> None:
        if item.examined and not item.summary:  # one that is imported goes on saying so
            self.sources.tell(item, standing.CHECKING)

    def _not_examined_again(self, item: SourceFile) -> None:
        if not item.summary:
            self.sources.tell(item, standing.WAITS)

    def _examined(self, item: SourceFile) -> None:
        """Say how a file stands by its diagnosis, which knows more than the first look."""
        if item.found is None or item.summary:
            return
        item.found.problems = texts(item.diagnosis.get("problems"))
        self.sources.tell(item, *standing.examined_line(item, self.sources.files))

    def _drop_recipe(self) -> None:
        item = self.sources.current()
        if item is not None:
            self.examiner.drop_recipe(item)

    def _not_examined(self, item: SourceFile) -> None:
        self.sources.tell(item, item.refusal, ok=False)

    def _recipe_kept(self, path: str) -> None:
        said = tr(Text("处理方案已保存：{path}", "The recipe is saved: {path}")).format(path=path)
        self._actions.messages.success(said)
        self.progress.say(said)

    def _recipe_changed(self, item: SourceFile) -> None:
        item.edited = False
        item.forget_outcome()
        self.looker.again(item)

    def _treatment_chosen(self) -> None:
        item = self.sources.current()
        if item is not None:
            item.touched = True
            item.forget_outcome()
            self.examiner.chosen(item)
            self.sources.tell(item, *standing.examined_line(item, self.sources.files))
            self.form.show_counts(item)
        self._enable()

    def _finding_decided(self, code: str, rows: list[int] | None) -> None:
        item = self.sources.current()
        if item is not None:
            self.examiner.decided(item, code, rows)

    def _seen(self) -> None:
        """Take note that the planner knows what is new in the selected file, and leaves it as it stands."""
        item = self.sources.current()
        if item is not None and standing.has_news(item):
            suggestions.keep(item, self.examiner.look(item))
            self.examiner.refresh()
            self.examiner.chosen(item)
            self.sources.tell(item, *standing.examined_line(item, self.sources.files))
            self._enable()

    def _replacing(self, allowed: bool) -> None:
        item = self.sources.current()
        if item is not None:
            item.replace = allowed

    def _mapping_edited(self) -> None:
        item = self.sources.current()
        if item is not None:
            item.edited = item.touched = True
            item.forget_outcome()
        self._enable()

    def _show_file(self) -> None:
        item = self.sources.current()
        self.form.show_file(item, self._target(), self.sources.files)
        self.examiner.show(item)
        self.form.show_counts(item)
        self._enable()

    def _enable(self) -> None:
        item = self.sources.current()
        busy = self.queue.is_busy()
        missing = self.form.mapping.missing_line()
        target = bool(self._target())
        files = self.sources.files
        if not busy:
            for changed in waiting.note(files):
                self.sources.tell(changed, *standing.examined_line(changed, files))
        ready = any(standing.is_ready(one) and not one.waits for one in files)
        why_not = tr(standing.why_not(item, has_target=target, is_busy=busy)) or missing
        self.form.show_note(item, target, bool(item and standing.awaits_others(item, files)), why_not)
        self.sources.advise(self._has_units())
        is_ready = bool(item and standing.is_ready(item))
        self.one.setEnabled(bool(target and not busy and is_ready and not missing))
        self.one.setToolTip(why_not)
        self.all.setToolTip(tr(standing.none_ready(files, has_target=target, is_busy=busy)))
        self.all.setText(tr(standing.all_label(files)))
        self.all.setEnabled(bool(target and not busy and ready))
        self.sources.remove.setEnabled(item is not None and not busy)
        self.stop.setEnabled(busy)
        self.progress.follow()
        shown = {} if item is None else item.outputs or item.examined
        places = bool(shown.get("finding_points")) or bool(item and item.summary.get("rows_out"))
        self.form.findings.show_imported(bool(item and item.outputs), bool(shown.get("report")), places)
        self.form.findings.seen_button.setVisible(bool(item and standing.has_news(item)))
        self.aside.setVisible(bool(item and item.summary.get("rows_set_aside")))

    def _has_units(self) -> bool:
        return bool(workspace_info.sources_or_none(self._target(), "admin_units"))

    # --- importing -----------------------------------------------------------------------------------------

    def _import_one(self) -> None:
        item = self.sources.current()
        if item is not None and self._settled([item]):
            self.importer.add_now(item)

    def _import_all(self) -> None:
        asked = [one for one in self.sources.files if standing.is_waiting(one) and not standing.has_news(one)]
        if not self._settled(asked):  # one question, also for those that come in later
            return
        self._going_through = True
        for item in standing.in_order([one for one in self.sources.files if standing.is_ready(one)]):
            self.importer.add(item)

    def _settled(self, files: list[SourceFile]) -> bool:
        """Ask once about the suggestions of files on which the planner has said nothing; False to import nothing."""
        goes_on = suggestions.settle(files, self, self._show_suggestion)
        self.examiner.refresh()
        return goes_on

    def _show_suggestion(self, item: SourceFile, code: str) -> None:
        self.sources.choose(item)
        self.form.tabs.setCurrentIndex(0)
        self.form.findings.show_code(code)


_NO_WORKSPACE = Text("请先选择或新建规划工作区", "Choose or make a planning workspace first")
_REPEATED = Text("“{name}”已在清单中，已为您选中。", "“{name}” is on the list already and was selected.")
