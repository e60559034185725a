"""The matrix as a table: one row and one column a site."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, Qt
from qgis.PyQt.QtGui import QColor

from ...jobs.network.latency.words import MS_LABELS, STATE_LABELS, STATE_MARKS
from ...text import Text, same
from .. import words
from ..compat import as_int
from ..language import tr
from .data import FIGURES, Link, Matrix

_TIP = Text(
    "{one} – {other}{colon}{state}\n{figures}\n途经：{via}\n点击在地图上显示路由。",
    "{one} – {other}{colon}{state}\n{figures}\nBy way of: {via}\nClick to see the route on the map.",
)
_CENTRE = as_int(Qt.AlignmentFlag.AlignCenter)


class MatrixModel(QAbstractTableModel):
    """Figures of every pair, each with the mark of its state."""

    def __init__(self, matrix: Matrix) -> None:
        super().__init__()
        self.matrix = matrix
        self.figure = "ms"
        self.rows = self.columns = matrix.sites

    def show_figure(self, name: str) -> None:
        """Show another figure in every cell, in the order of the result."""
        self.beginResetModel()
        self.figure, self.rows = name, self.matrix.sites
        self.endResetModel()

    def sort_by(self, column: int) -> None:
        """Bring the rows into the order of one site's figures."""
        self.beginResetModel()
        self.rows = self.matrix.sorted_by(self.columns[column], self.figure)
        self.endResetModel()

    def link(self, index: QModelIndex) -> Link | None:
        """Give the link of a cell, None on the diagonal."""
        return self.matrix.link(self.rows[index.row()], self.columns[index.column()])

    def lines(self) -> list[str]:
        """Give the whole table as tab-separated lines, as shown, with the state in words."""
        heading = "\t".join([tr(FIGURES[self.figure][0]), *self.columns])
        lines = [heading]
        for row in self.rows:
            cells = []
            for column in self.columns:
                link = self.matrix.link(row, column)
                cells.append(f"{tr(link.figure(self.figure))} {tr(_state(link))}" if link else "")
            lines.append("\t".join([row, *cells]))
        return lines

    # --- Qt -----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008  (the signature of Qt)
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        names = self.columns if orientation == Qt.Orientation.Horizontal else self.rows
        if role == Qt.ItemDataRole.DisplayRole:
            return names[section]
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return tr(Text("点击按“{site}”一列排序", "Click to sort by {site}").filled(site=names[section]))
        return None

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        link = self.link(index)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _CENTRE
        if link is None:
            return "—" if role == Qt.ItemDataRole.DisplayRole else None
        mark, colour = STATE_MARKS.get(link.fields["state"], ("", ""))
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{mark} {tr(link.figure(self.figure))}".strip()
        if role == Qt.ItemDataRole.DecorationRole:
            return QColor(colour) if colour else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(index, link)
        return None

    def _tip(self, index: QModelIndex, link: Link) -> str:
        colon = tr(words.COLON)
        figures = [f"{tr(label)}{colon}{tr(link.figure(name))}" for name, (label, _) in FIGURES.items()]
        why = MS_LABELS.get(str(link.fields["ms_kind"]))
        if why is not None:
            figures.insert(1, tr(why))
        return tr(_TIP).format(
            one=self.rows[index.row()],
            other=self.columns[index.column()],
            colon=colon,
            state=tr(_state(link)),
            figures="\n".join(figures),
            via=link.fields["via"] or "—",
        )


def _state(link: Link) -> Text:
    return STATE_LABELS.get(link.fields["state"], same(str(link.fields["state"])))
