"""One page of a profile as a table model: cells that can be edited, and combo boxes where words are given."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QStyledItemDelegate

from ..language import tr
from .data import Cell, Page, Place

_DISPLAY, _EDIT, _TIP = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
)


class PageModel(QAbstractTableModel):
    """The rows of one page."""

    edited = pyqtSignal(object, str)  # where an entry stands, and its new text

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.page: Page | None = None

    def show_page(self, page: Page | None) -> None:
        """Show another page, or the same after a change."""
        self.beginResetModel()
        self.page = page
        self.endResetModel()

    def cell(self, index: QModelIndex) -> Cell:
        """Give what stands at an index."""
        return self.page.rows[index.row()][1][index.column()]

    def row_path(self, row: int) -> Place:
        """Give the place of a row; empty for one that cannot be taken out."""
        return self.page.rows[row][0]

    def lines(self) -> list[str]:
        """Give the page as tab-separated lines with headings."""
        if self.page is None:
            return []
        heading = "\t".join(map(tr, self.page.columns))
        return [heading, *("\t".join(tr(cell.shown) for cell in cells) for _, cells in self.page.rows)]

    # --- Qt -----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() or self.page is None else len(self.page.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.page is None else len(self.page.columns)

    def headerData(self, section: int, orientation: Any, role: int = _DISPLAY) -> Any:
        if role != _DISPLAY or self.page is None:
            return None
        return tr(self.page.columns[section]) if orientation == Qt.Orientation.Horizontal else section + 1

    def flags(self, index: QModelIndex) -> Any:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.cell(index).path else flags

    def data(self, index: QModelIndex, role: int = _DISPLAY) -> Any:
        cell = self.cell(index)
        if role == _DISPLAY:
            return tr(cell.shown)
        if role == _EDIT:
            return cell.text
        if role == _TIP:
            return "\n".join(filter(None, (tr(cell.shown), tr(cell.expected))))
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = _EDIT) -> bool:
        cell = self.cell(index)
        if role != _EDIT or not cell.path or str(value) == cell.text:
            return False
        self.edited.emit(cell.path, str(value))
        return True


class ChoiceDelegate(QStyledItemDelegate):
    """Edits a cell of a column with given words by a list of them."""

    def createEditor(self, parent: Any, option: Any, index: QModelIndex) -> Any:
        choices = index.model().cell(index).choices
        if not choices:
            return super().createEditor(parent, option, index)
        made = QComboBox(parent)
        made.addItem("", "")
        for word, meaning in choices:
            made.addItem(tr(meaning), word)
        return made

    def setEditorData(self, editor: Any, index: QModelIndex) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(index.data(_EDIT))))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: Any, model: Any, index: QModelIndex) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
        else:
            super().setModelData(editor, model, index)
