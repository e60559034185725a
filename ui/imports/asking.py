"""A question with two answers, of which the careful one is what Enter and Escape say."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QMessageBox, QWidget

from ...text import Text
from ..language import tr


def is_wanted(
    title: Text,
    asked: Text,
    yes: Text,
    no: Text,
    parent: QWidget | None,
    *,
    warns: bool = False,
    what: Text | None = None,
) -> bool:
    """Ask, and tell whether the planner pressed yes.

    Parameters
    ----------
    title, asked : Text
    yes, no : Text
        What stands on the buttons.
    parent : QWidget or None
    warns : bool
        With the sign of a warning.
    what : Text, optional
        What each answer means, below the question.
    """
    sign = QMessageBox.Icon.Warning if warns else QMessageBox.Icon.Question
    box = QMessageBox(sign, tr(title), tr(asked), parent=parent)
    if what is not None:
        box.setInformativeText(tr(what))
    does = box.addButton(tr(yes), QMessageBox.ButtonRole.AcceptRole)
    leaves = box.addButton(tr(no), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(leaves)
    box.setEscapeButton(leaves)
    box.exec()
    return box.clickedButton() is does
