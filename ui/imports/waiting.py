"""Files that should wait for another one on the list: its rows would tell in which datum theirs are."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QWidget

from ...text import Text
from . import asking, standing
from .inspection import SourceFile

_TITLE = Text("先导入另一份文件", "Another file first")
_ASKED = Text(
    "“{file}”的坐标基准尚未证实，应先导入“{name}”再核对。仍现在导入？",
    "Nothing bears out the datum of “{file}” yet; “{name}” should come in first. Import it now all the same?",
)
_YES, _NO = Text("仍现在导入(&Y)", "&Yes, now"), Text("等待(&W)", "&Wait")


def waits_for(item: SourceFile, files: list[SourceFile]) -> SourceFile | None:
    """Give the file on the list by which this one should be checked before it comes in; None for none.

    A file waits as long as nothing proves its datum, the diagnosis says that rows of the other's kind would, and the
    other one does not come in with the same press of a button.
    """
    said = item.diagnosis
    if item.summary or item.datum != "auto" or item.recipe or said.get("datum_verdict") or not said.get("datum"):
        return None
    helps = said.get("datum_helps") or []
    for one in files:
        is_before = one is not item and one.kind in helps and standing.rank(one) < standing.rank(item)
        if is_before and standing.is_waiting(one) and not standing.has_nothing(one) and not may_go(one, files):
            return one
    return None


def may_go(item: SourceFile, files: list[SourceFile]) -> bool:
    """Tell whether a file comes in when all that are ready do."""
    return standing.is_ready(item) and waits_for(item, files) is None


def note(files: list[SourceFile]) -> list[SourceFile]:
    """Note of every file for which one it waits, and give those of which that is new."""
    changed = []
    for item in files:
        other = waits_for(item, files) if standing.is_ready(item) else None
        name = other.path.name if other is not None else ""
        if name != item.waits:
            item.waits = name
            changed.append(item)
    return changed


def is_wanted(item: SourceFile, other: SourceFile, parent: QWidget | None) -> bool:
    """Ask whether a file is to come in before the one that it waits for; Enter and Escape say no."""
    asked = _ASKED.filled(file=item.path.name, name=other.path.name)
    return asking.is_wanted(_TITLE, asked, _YES, _NO, parent)
