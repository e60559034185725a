"""The question before the import dialog is closed while files wait in it."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QMessageBox, QWidget

from ...text import Text
from .. import words
from ..language import tr

KEEP, DISCARD, STAY = "keep", "discard", "stay"
_TITLE = Text("关闭导入窗口", "Close the import window")
_ASKED = Text("还有 {n} 个文件没有导入。", "Files that are not imported yet: {n}.")
_WHAT = Text(
    "保留：下次打开时清单和选择仍在。放弃：只清空清单，文件和已导入的数据不变。",
    "Keep: the list and your choices are there again at the next “Import …”. Discard: list and choices go; the files "
    "themselves and what was imported stay.",
)
WORKING = Text(
    "导入在后台继续；点“导入…”可回到窗口。",
    "The import goes on in the background; “Import …” in the panel brings its window back.",
)


def ask(waiting: int, parent: QWidget) -> str:
    """Ask what becomes of the list: `KEEP`, `DISCARD`, or `STAY` in the window; Enter keeps, Escape stays."""
    box = QMessageBox(QMessageBox.Icon.Question, tr(_TITLE), tr(_ASKED).format(n=waiting), parent=parent)
    box.setInformativeText(tr(_WHAT))
    roles = QMessageBox.ButtonRole
    keep = box.addButton(tr(Text("保留(&K)", "&Keep")), roles.AcceptRole)
    discard = box.addButton(tr(Text("放弃(&D)", "&Discard")), roles.DestructiveRole)
    stay = box.addButton(tr(words.CANCEL), roles.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(stay)
    box.exec()
    pressed = box.clickedButton()
    return KEEP if pressed is keep else DISCARD if pressed is discard else STAY
