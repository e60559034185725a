"""Small widgets that several parts of the panel share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QKeySequence
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QAction,
    QApplication,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from ..text import Text
from .icons import icon
from .language import tr


def button(label: Text, press: Callable[[], object], icon_name: str = "", tip: str = "") -> QPushButton:
    """Make a button that calls `press` without arguments."""
    made = QPushButton(tr(label))
    if icon_name:
        made.setIcon(icon(icon_name))
    made.setToolTip(tip)
    made.clicked.connect(lambda _checked=False: press())
    return made


def tree(headings: list[Text]) -> QTreeWidget:
    """Make a flat list with headings, whose height is its surroundings' to give."""
    made = QTreeWidget()
    made.setHeaderLabels([tr(heading) for heading in headings])
    made.setRootIsDecorated(False)
    made.setAlternatingRowColors(True)
    made.setUniformRowHeights(True)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return made


def copies(widget: QWidget, lines: Callable[[], list[str]]) -> None:
    """Let Ctrl+C and the context menu of a widget put lines on the clipboard."""
    copy = QAction(tr(Text("复制", "Copy")), widget)
    copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
    copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    copy.triggered.connect(lambda _checked=False: QApplication.clipboard().setText("\n".join(lines())))
    widget.addAction(copy)
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


class Lines(QLabel):
    """Words on so many lines. A label whose height follows its width squeezes the lists beside it."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setFixedHeight(round(1.3 * lines * self.fontMetrics().lineSpacing()))  # Chinese stands taller

    def hasHeightForWidth(self) -> bool:
        return False


class Paragraph(QPlainTextEdit):
    """Words to read and copy, as high as they need and no higher than so many lines; the rest is scrolled to."""

    def __init__(self, most_lines: int) -> None:
        super().__init__()
        self._most = most_lines
        self._fitting = False
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(1)
        self.viewport().setAutoFillBackground(False)  # it reads like a label
        self._fit()

    def text(self) -> str:
        """Give the words."""
        return self.toPlainText()

    def setText(self, words: str) -> None:
        """Show other words."""
        if words != self.toPlainText():
            self.setPlainText(words)
            self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.minimumHeight())

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._fitting:  # a new height comes back as a new size
            return
        self._fitting = True
        self._set_height()
        self._fitting = False

    def _set_height(self) -> None:
        block, height, lines = self.document().firstBlock(), 0.0, 0
        while block.isValid():
            height += self.blockBoundingRect(block).height()
            lines += max(block.layout().lineCount(), 1)
            block = block.next()
        shown = self.document().firstBlock().layout().lineCount() > 0 and self.isVisible()
        # Chinese stands taller than the font says; how tall is known once it is laid out.
        line = height / max(lines, 1) if shown else 1.3 * self.fontMetrics().lineSpacing()
        policies, focus = Qt.ScrollBarPolicy, Qt.FocusPolicy
        is_long = lines > self._most
        self.setVerticalScrollBarPolicy(policies.ScrollBarAsNeeded if is_long else policies.ScrollBarAlwaysOff)
        self.setFocusPolicy(focus.StrongFocus if is_long else focus.ClickFocus)  # Tab stops where there is more
        around = max(self.height() - self.viewport().height(), 0) if self.isVisible() else 0  # a theme may pad it
        self.setFixedHeight(round(min(lines, self._most) * line) + 4 + around)


class Row(QTreeWidgetItem):
    """A row that sorts numbers as numbers."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        column = self.treeWidget().sortColumn()
        mine = self.data(column, Qt.ItemDataRole.UserRole)
        its = other.data(column, Qt.ItemDataRole.UserRole)
        if isinstance(mine, (int, float)) and isinstance(its, (int, float)):
            return mine < its
        return self.text(column) < other.text(column)
