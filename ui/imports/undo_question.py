"""The question before an import is taken back: what goes, and what comes back."""

from __future__ import annotations

from datetime import datetime

from qgis.PyQt.QtWidgets import QWidget

from ...errors import XinjiError
from ...layers.sources.dsn import is_database, parse
from ...layers.specs import SPECS
from ...text import NOTHING, Text, same
from .. import words
from ..runs import Run
from ..workspace_info import LastImport
from . import asking

UNDO = Text("撤销导入", "Undo an import")
_ASKED = Text(
    "撤销{when}导入的“{source}”（第 {number} 号，图层“{layer}”，写入 {rows} 行）？",
    "Undo the import of “{source}” ({when}, number {number}, layer “{layer}”, {rows} rows written)?",
)
_UNDONE = "undo"  # in the summary of a run that took an import back
_LATEST = Text("最近一次", "the latest one")
_BRINGS = Text(
    "其中新增的 {added} 行将删除，{changed} 行恢复为导入前的值。",
    "Rows that it added, and that go: {added}. Rows that get back their earlier values: {changed}.",
)
_NOTHING = Text("没有行要删除或恢复。", "No row of it has to go or to change.")
_BACK = Text("导入时删除的 {removed} 行将恢复。", " Rows that it deleted, and that come back: {removed}.")
_OTHERS = Text(
    "其他数据不变。若导入后在 QGIS 中改过这些行，撤销会停止并列出。",
    "Other layers and sources stay. Rows edited in QGIS since are not overwritten: it stops and lists them.",
)


def is_wanted(last: LastImport, parent: QWidget, when: datetime | None = None) -> bool:
    """Ask whether an import is to be taken back; Enter and Escape leave it."""
    return asking.is_wanted(UNDO, question(last, when), Text("撤销(&U)", "&Undo"), words.CANCEL, parent, what=_OTHERS)


def question(last: LastImport, when: datetime | None = None) -> Text:
    """Name an import by its time, file and number, and say what undoing it does to its rows."""
    label = SPECS[last.layer].label if last.layer in SPECS else same(last.layer)
    named = {"source": last.source or label, "layer": label, "number": last.sequence, "rows": f"{last.rows:,}"}
    stamp = "" if when is None else f"{when:%Y-%m-%d %H:%M}"
    first = _ASKED.filled(**named, when=Text(f" {stamp} ", stamp) if stamp else _LATEST)
    is_some = last.added or last.changed
    then = _BRINGS.filled(added=f"{last.added:,}", changed=f"{last.changed:,}") if is_some else _NOTHING
    back = _BACK.filled(removed=f"{last.removed:,}") if last.removed else NOTHING
    return Text(f"{first.zh}\n{then.zh}{back.zh}", f"{first.en}\n{then.en}{back.en}")


def time_of(last: LastImport, listed: list[Run]) -> datetime | None:
    """Give when an import ended, by the runs of its workspace, the newest first; None where they do not tell."""
    imports = [run for run in listed if _is_of(run, last)]
    undone = {
        run.summary.get("sequence")
        for run in listed
        if run.job == "undo_import" and run.summary.get("action") == _UNDONE and _follows(run, last)
    }
    kept = imports[len(undone) :]  # what came later was taken back
    found = [run for run in kept if _counts_agree(run, last)] or [run for run in listed if _is_sample_of(run, last)]
    return found[0].finished if found else None


def _is_of(run: Run, last: LastImport) -> bool:
    """Tell whether a run imported that source: a file, and a sheet or layer of it where the source names one."""
    file, _, part = last.source.partition(" | ")
    read = str(run.parameters.get("edition_of") or "").partition("|")[0] or run.source_name or _database(run)
    is_part = not part or run.summary.get("layer") in (None, "", part)
    is_kind = run.parameters.get("kind") in (None, last.layer)
    return run.job == "import_layer" and read == file and is_part and is_kind


def _is_sample_of(run: Run, last: LastImport) -> bool:
    """Tell whether a run imported the sample county, and that file with it."""
    file = last.source.partition(" | ")[0]
    return run.job == "load_sample" and bool(file) and (run.folder / "received" / file).exists()


def _database(run: Run) -> str:
    """Name the database of a run as the history does, without its user."""
    try:
        return parse(run.source).shown if is_database(run.source) else ""
    except XinjiError:
        return ""


def _follows(run: Run, last: LastImport) -> bool:
    """Tell whether a run took back a later import of the same source."""
    said = run.summary
    same_source = (said.get("layer"), str(said.get("source_file")).replace("|", " | ")) == (last.layer, last.source)
    return same_source and int(said.get("sequence") or 0) > last.sequence


def _counts_agree(run: Run, last: LastImport) -> bool:
    counts = {"rows_out": last.rows, "rows_added": last.added, "rows_changed": last.changed}
    return all(run.summary.get(name, count) == count for name, count in counts.items())
