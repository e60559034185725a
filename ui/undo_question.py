"""The question before an import is taken back: what goes, and what comes back."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QMessageBox, QWidget

from ..layers.specs import SPECS
from ..text import Text
from . import words
from .language import tr
from .workspace_info import LastImport

UNDO = Text("撤销导入", "Undo an import")
_ASKED = Text(
    "撤销导入“{source}”？图层“{layer}”将恢复到这次导入之前：它写入的 {rows} 行不再保留。",
    "Undo the import of “{source}”? The layer “{layer}” becomes what it was before: the {rows} rows that it wrote go.",
)
_BRINGS = Text(
    "被它覆盖的 {changed} 行恢复原值，被它删除的 {removed} 行恢复。",
    " {changed} rows get back the values that it overwrote, and {removed} rows that it deleted come back.",
)
_OTHERS = Text(
    "其他图层和来源不变；导入后又在 QGIS 中修改过的行不会被覆盖，此时停止并列出。",
    "Other layers and sources stay. Rows edited in QGIS since are not overwritten: it stops and lists them.",
)


def is_wanted(last: LastImport, parent: QWidget) -> bool:
    """Ask whether an import is to be taken back; Enter and Escape leave it."""
    label = tr(SPECS[last.layer].label) if last.layer in SPECS else last.layer
    asked = tr(_ASKED).format(source=last.source or label, layer=label, rows=f"{last.rows:,}")
    if last.changed or last.removed:
        asked += tr(_BRINGS).format(changed=f"{last.changed:,}", removed=f"{last.removed:,}")
    box = QMessageBox(QMessageBox.Icon.Question, tr(UNDO), asked, parent=parent)
    box.setInformativeText(tr(_OTHERS))
    undo = box.addButton(tr(Text("撤销(&U)", "&Undo")), QMessageBox.ButtonRole.AcceptRole)
    keep = box.addButton(tr(words.CANCEL), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.exec()
    return box.clickedButton() is undo
