"""The layers of the workspace in the panel: rows, rows set aside, and the files they came from."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from ..layers.specs import SPECS
from ..text import Text
from . import load
from .compat import RIGHT
from .language import tr
from .widgets import Row, tree
from .workspace_info import LayerState

_FROM = 4  # column
_LINES = 10  # heading, and the layers of most workspaces


class LayerList(QWidget):
    """One row a layer; Enter or a double click adds it to the map."""

    def __init__(self) -> None:
        super().__init__()
        self._workspace = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.tree = tree(
            [
                *(Text("图层", "Layer"), Text("行数", "Rows"), Text("搁置", "Set aside"), Text("合并", "Merged")),
                Text("来源", "From"),
            ]
        )
        self.tree.setSortingEnabled(False)
        self.tree.setToolTip(tr(Text("双击把图层加入地图", "Double-click adds the layer to the map")))
        for place in (0, 1, 2, 3):
            self.tree.header().setSectionResizeMode(place, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(_FROM, QHeaderView.ResizeMode.Stretch)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # begin and end tell files apart
        self.tree.setMinimumHeight(_LINES * round(1.35 * self.tree.fontMetrics().lineSpacing()))
        self.tree.itemActivated.connect(lambda item, _column: self._load(item))
        column.addWidget(self.tree)

    def show_states(self, workspace: str, states: list[LayerState]) -> None:
        """List the layers of a workspace; what is there comes first."""
        self._workspace = workspace
        self.tree.clear()
        for state in sorted(states, key=lambda item: item.rows == 0):
            row = Row(
                [
                    tr(SPECS[state.name].label),
                    f"{state.rows:,}" if state.rows else "—",
                    f"{state.set_aside:,}" if state.set_aside else ("0" if state.sources else ""),
                    f"{state.merged:,}" if state.merged else ("0" if state.sources else ""),
                    _from(state.sources),
                ]
            )
            for place in (1, 2, 3):
                row.setTextAlignment(place, RIGHT)
            row.setData(0, Qt.ItemDataRole.UserRole, state.name)
            row.setToolTip(_FROM, "\n".join(state.sources))
            is_empty = not state.rows and not state.sources
            row.setDisabled(is_empty)
            self.tree.addTopLevelItem(row)
            row.setFirstColumnSpanned(is_empty)  # its long name takes no room from the files of others

    def _load(self, item: Row) -> None:
        if not item.isDisabled():
            load.show(load.workspace_layer(self._workspace, item.data(0, Qt.ItemDataRole.UserRole)))

    def load_all(self) -> None:
        """Add every layer that has rows to the map; the detailed ones switched off."""
        for place in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(place)
            if not item.isDisabled():
                load.workspace_layer(self._workspace, item.data(0, Qt.ItemDataRole.UserRole))


def _from(sources: tuple[str, ...]) -> str:
    """Name the one file of a layer, or say how many there are: the tip names them."""
    return tr(_SOURCES).format(n=len(sources)) if len(sources) > 1 else "".join(sources)


_SOURCES = Text("{n} 份来源", "{n} files")
