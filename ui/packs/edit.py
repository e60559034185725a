"""Change one rule: value, source, status and, always, the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ...errors import XinjiError
from ...text import Text
from .. import words
from ..language import say, tr
from ..widgets import Paragraph
from .model import unit_words
from .rows import STATUS_WORDS, VERIFIED, PackRow

_TEXTS = {
    "document": Text("出处文件", "Document"),
    "clause": Text("条款", "Clause"),
    "date": Text("文件日期", "Date of it"),
    "valid_from": Text("有效期起", "In force from"),
    "valid_to": Text("有效期止", "In force to"),
    "note": Text("备注", "Note"),
}
_LABELS = {
    "value": Text("新的取值", "New value"),
    "status": Text("状态", "Status"),
    "reason": Text("修改理由", "Reason"),
    **_TEXTS,
}
_DAYS = ("date", "valid_from", "valid_to")
_DAY_HINT = Text("如 2025、2025-12 或 2025-12-31", "such as 2025, 2025-12 or 2025-12-31")
_REASON_HINT = Text("必填，写入结果和报告，如“依据省管局 2026 年 3 号文”", "Required; results and reports cite it")
_LIST_HINT = Text("多项以逗号分隔", "With commas between")
_NEW_VALUE = Text(
    "取值改变后，原出处不再适用：如有新的出处，请填写并选择状态；否则记为“未核实”。",
    "A new value is not what the source says: name its own source and status, or it counts as unverified.",
)
_NO_REASON = Text("请填写修改理由。", "State the reason.")
_NOTHING = Text("尚未修改任何内容。", "Nothing is changed yet.")


class PackEdit(QDialog):
    """Asks for a change of one rule.

    Parameters
    ----------
    row : PackRow
        As it holds now.
    save : callable
        Takes the parameters of ``change_rule`` for the change, and what to call when it is done or refused.
    """

    def __init__(
        self,
        row: PackRow,
        save: Callable[[dict[str, Any], Callable[[], None], Callable[[XinjiError], None]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._row, self._save = row, save
        self.setWindowTitle(tr(Text("修改规则", "Change a rule")))
        self.setMinimumWidth(600)
        column = QVBoxLayout(self)
        title = QLabel(tr(row.name))
        title.setWordWrap(True)
        column.addWidget(title)
        form = QFormLayout()
        column.addLayout(form)
        shipped = row.replaced_words if row.replaced_words.zh else row.value_words
        form.addRow(tr(Text("随附的取值", "Shipped value")), QLabel(tr(shipped)))
        self.value = QLineEdit(row.stated)
        if isinstance(row.value, list):
            self.value.setPlaceholderText(tr(_LIST_HINT))
            self.value.setToolTip(tr(_LIST_HINT))
        line = QHBoxLayout()
        line.addWidget(self.value, 1)
        line.addWidget(QLabel(unit_words(row)))
        form.addRow(tr(_LABELS["value"]), line)
        self.status = QComboBox()
        for status, label in STATUS_WORDS.items():
            self.status.addItem(tr(label), status)
        self.status.setCurrentIndex(max(self.status.findData(row.status), 0))
        self.texts: dict[str, QLineEdit] = {}
        for name, label in _TEXTS.items():
            if row.field and name != "note":
                continue
            self.texts[name] = made = QLineEdit(getattr(row, name))
            made.setCursorPosition(0)
            if name in _DAYS:
                made.setPlaceholderText(tr(_DAY_HINT))
            form.addRow(tr(label), made)
        form.insertRow(2, tr(_LABELS["status"]), self.status)
        self.reason = QPlainTextEdit(row.reason if row.is_change else "")
        self.reason.setPlaceholderText(tr(_REASON_HINT))
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(round(2.8 * self.reason.fontMetrics().lineSpacing()) + 10)
        form.addRow(tr(_LABELS["reason"]), self.reason)
        self.said = Paragraph(4)
        column.addWidget(self.said)
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(tr(Text("保存修改", "Save")), QDialogButtonBox.ButtonRole.AcceptRole)
        shut = buttons.addButton(tr(words.CANCEL), QDialogButtonBox.ButtonRole.RejectRole)
        self.ok.clicked.connect(lambda _checked=False: self.save())
        shut.clicked.connect(lambda _checked=False: self.reject())
        column.addWidget(buttons)
        self._had_value = False
        self.value.textChanged.connect(self._value_changed)
        self.status.currentIndexChanged.connect(self._look)
        self.reason.textChanged.connect(self._look)
        for made in self.texts.values():
            made.textChanged.connect(self._look)
        self._look()
        self.value.setFocus()
        self.value.selectAll()

    def _value_changed(self) -> None:
        """Take the shipped source away from a value that it does not state, once."""
        if self._is_new_value() and not self._had_value:
            self._had_value = True
            for name in ("document", "clause", "date"):
                if name in self.texts and self.texts[name].text() == getattr(self._row, name):
                    self.texts[name].clear()
            self.status.setCurrentIndex(self.status.findData("unverified"))
        self._look()

    def _is_new_value(self) -> bool:
        return self.value.text().strip() != self._row.stated

    def changes(self) -> dict[str, Any]:
        """Give what is to be stated for ``change_rule``: what differs from the rule, and the reason."""
        row = self._row
        stated: dict[str, Any] = {}
        # A change is written anew: what an earlier one said is said again.
        if self._is_new_value() or (row.is_change and row.replaced_words != row.value_words):
            stated["value"] = self.value.text().strip()
        status = self.status.currentData()
        if status != row.status or stated:
            stated["status"] = status
        for name, line in self.texts.items():
            text = line.text().strip()
            is_source = name in ("document", "clause", "date") and "value" in stated
            if text and (text != getattr(row, name) or is_source or row.is_change):
                stated[name] = text
        return stated

    def _look(self) -> None:
        reason = self.reason.toPlainText().strip()
        changed = bool(self.changes()) or (self._row.is_change and reason != self._row.reason)
        self.ok.setEnabled(changed and bool(reason))
        if not changed:
            self.said.setText(tr(_NOTHING))
        elif not reason:
            self.said.setText(tr(_NO_REASON) + (tr(_NEW_VALUE) if self._is_new_value() else ""))
        else:
            is_open = self._is_new_value() and self.status.currentData() != VERIFIED
            self.said.setText(tr(_NEW_VALUE) if is_open else "")

    def save(self) -> None:
        """Let the engine check and write the change; the dialog stays where it is refused."""
        stated = {**self.changes(), "reason": self.reason.toPlainText().strip()}
        stated.update({"rule": self._row.item, **({"field": self._row.field} if self._row.field else {})})
        self.ok.setEnabled(False)
        self._save(stated, self.accept, self._refused)

    def _refused(self, error: XinjiError) -> None:
        self.ok.setEnabled(True)
        faults = "\n".join(self._in_form(tr(fault.message), fault.field) for fault in error.faults)
        self.said.setText(faults or say(error))

    def _in_form(self, said: str, field: str) -> str:
        """Name an entry by its label in the form, not by its place in a file."""
        key = field.rpartition(" · ")[2]
        label = _LABELS.get(key)
        return said.replace(field, tr(label)) if label is not None and field else said
