"""The files of the import dialog: put on the list, and looked into before anything is decided."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..errors import XinjiError
from ..text import Text, same
from .imports.inspect_result import inspection_from
from .imports.inspection import SourceFile, write_mapping
from .imports.source_list import SourceList
from .job_queue import JobQueue
from .language import say


class Looker(QObject):
    """Runs `inspect_source` for the files of a dialog.

    Parameters
    ----------
    queue : JobQueue
    sources : SourceList
    scratch : pathlib.Path
        Folder for what goes with the dialog.
    """

    looked = pyqtSignal(object)  # a SourceFile, of which now is known what is in it

    repeated = pyqtSignal(object)  # a SourceFile that was on the list already

    def __init__(self, queue: JobQueue, sources: SourceList, scratch: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue, self._sources, self._scratch = queue, sources, scratch

    def add(self, paths: list[Path]) -> None:
        """Put files on the list and look into them, one after the other; one that is there already is selected."""
        known = {item.path.absolute(): item for item in reversed(self._sources.files) if not item.address}
        there = [known[path.absolute()] for path in paths if path.absolute() in known]
        self._put_all([SourceFile(path) for path in paths if path.absolute() not in known])
        if there:
            self._sources.choose(there[0])
            self.repeated.emit(there[0])

    def add_tables(self, tables: list[SourceFile]) -> None:
        """Put tables of a database on the list and look into them."""
        known = {(item.address, item.layer) for item in self._sources.files}
        self._put_all([item for item in tables if (item.address, item.layer) not in known])

    def again(self, item: SourceFile) -> None:
        """Look into a file again, when its turn comes."""
        self._queue.add(lambda: self._look(item))

    def stated(self, item: SourceFile) -> dict[str, Any]:
        """Give what the planner stated for a file, the fields set by hand among it, as every job takes it."""
        return {**item.parameters(), **self._mapping_of(item)}

    def _put_all(self, items: list[SourceFile]) -> None:
        """Put files at the end of the list and select the first of them: what was added is what is looked at next."""
        for item in items:
            self._put(item, len(self._sources.files))
        if items:
            self._sources.choose(items[0])

    def _put(self, item: SourceFile, place: int) -> None:
        self._sources.put(item, place)
        self.again(item)

    def _split(self, item: SourceFile, layers: list[str]) -> None:
        """Put an entry a layer in place of a file that has several."""
        place = self._sources.files.index(item)
        for number, name in enumerate(layers):
            self._put(replace(item, layer=name, found=None, treatments=dict(item.treatments)), place + 1 + number)
        self._sources.take(item)

    def _mapping_of(self, item: SourceFile) -> dict[str, str]:
        """Write the fields that were set by hand to a file, as a parameter of the jobs; nothing where none were."""
        if not item.edited or item.found is None:
            return {}
        return {"mapping": str(write_mapping(item.found, Path(tempfile.mkdtemp(dir=self._scratch)) / "mapping.json"))}

    def _look(self, item: SourceFile) -> None:
        if item not in self._sources.files:
            return

        def done(result: Any) -> None:
            item.found = inspection_from(result)
            if len(item.found.layers) > 1 and not item.found.layer:
                self._split(item, item.found.layers)
                return
            item.kind = item.kind or item.found.kind
            rows = Text(f"{item.found.rows} 行", f"Rows: {item.found.rows}")
            unclear = Text("需要您决定", "Needs your decision")
            is_unclear = bool(item.found.problems)
            self._sources.arrange()
            self._sources.tell(item, unclear if is_unclear else rows, ok=False if is_unclear else None)
            self.looked.emit(item)

        def failed(error: XinjiError) -> None:
            item.found, item.diagnosis, item.examined = None, {}, {}
            item.refusal = same(say(error))
            self._sources.tell(item, item.refusal, ok=False)

        stated = self.stated(item)
        self._sources.tell(item, Text("正在查看…", "Looking …"))
        folder = Path(tempfile.mkdtemp(dir=self._scratch)) / "inspect"
        self._queue.start(Text("查看文件", "Looking into a file"), "inspect_source", stated, folder, done, failed)
