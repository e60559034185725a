"""The list of rule packs: the shipped ones, and the planner's own."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from ...text import Text
from .. import symbols
from ..compat import as_int
from ..language import tr
from ..widgets import copies
from .details import faults_of
from .rows import PackInfo

_SHIPPED = Text("随附的规则包", "Shipped packs")
_OWN = Text("自定义规则包", "Your own packs")
_NONE = Text("（无）", "(none)")
_CHANGES = Text("修改 {n} 条", "{n} changed")
_EXPIRED = Text("{n} 条过期", "{n} expired")
_FAULTY = Text("有错误", "faulty")
_RULES = Text("{n} 条", "{n}")
_NAME = as_int(Qt.ItemDataRole.UserRole) + 1


class PackList(QTreeWidget):
    """Packs by name, with what is to be known of each."""

    chosen = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._packs: dict[tuple[bool, str], PackInfo] = {}
        self.setHeaderLabels([tr(Text("规则包", "Pack")), tr(Text("规则", "Rules"))])
        self.setUniformRowHeights(True)
        self.setIndentation(12)
        self.setMinimumWidth(220)
        self.header().setStretchLastSection(False)  # a long name gives way to the number of rules, and is a tool tip
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(lambda _item, _before: self.chosen.emit())
        size = QSize(14, 14)
        self._faulty = symbols.preview(symbols.marker("cross2", symbols.VERMILLION, 3.0), size)
        self._expired = symbols.preview(symbols.marker("triangle", symbols.VERMILLION, 3.0), size)
        self._changed = symbols.preview(symbols.marker("star", symbols.PINK, 4.2), size)
        copies(self, self._lines)

    def show_packs(self, packs: list[PackInfo], day: str) -> None:
        """Show these packs; the one that was chosen stays so."""
        before = self.currentItem().data(0, _NAME) if self.currentItem() is not None else None
        self.blockSignals(True)
        self.clear()
        self._packs = {(pack.own, pack.name): pack for pack in packs}
        wanted = first = None
        for own, heading in ((False, _SHIPPED), (True, _OWN)):
            group = QTreeWidgetItem([tr(heading)])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.addTopLevelItem(group)
            group.setFirstColumnSpanned(True)
            group.setExpanded(True)
            for pack in packs:
                if pack.own == own:
                    item = self._item(pack, day)
                    group.addChild(item)
                    first = first or item
                    wanted = item if item.data(0, _NAME) == before else wanted
            if not group.childCount():
                none = QTreeWidgetItem([tr(_NONE)])
                none.setFlags(Qt.ItemFlag.NoItemFlags)
                group.addChild(none)
        self.setCurrentItem(wanted or first)
        self.blockSignals(False)
        self.chosen.emit()

    def _item(self, pack: PackInfo, day: str) -> QTreeWidgetItem:
        expired, changes = pack.expired(day), 0 if pack.own else pack.changes
        told = []
        if pack.faults and pack.own:
            told.append(tr(_FAULTY))
        if changes:
            told.append(tr(_CHANGES).format(n=changes))
        if expired:
            told.append(tr(_EXPIRED).format(n=expired))
        count = tr(_RULES).format(n=len(pack.rows))
        item = QTreeWidgetItem([tr(pack.title), " · ".join((count, *told))])
        item.setData(0, _NAME, [pack.own, pack.name])
        tip = "\n".join(filter(None, (tr(pack.title), pack.file or pack.name, " · ".join(told), faults_of(pack))))
        item.setToolTip(0, tip)
        item.setToolTip(1, tip)
        if pack.faults and pack.own:
            item.setIcon(1, self._faulty)
        elif expired:
            item.setIcon(1, self._expired)
        elif changes:
            item.setIcon(1, self._changed)
        return item

    def current(self) -> PackInfo | None:
        """Give the chosen pack; None for none."""
        item = self.currentItem()
        name = item.data(0, _NAME) if item is not None else None
        return self._packs.get((bool(name[0]), name[1])) if name else None

    def choose(self, name: str, own: bool = False) -> None:
        """Choose a pack by its name."""
        for top in range(self.topLevelItemCount()):
            group = self.topLevelItem(top)
            for place in range(group.childCount()):
                if group.child(place).data(0, _NAME) == [own, name]:
                    self.setCurrentItem(group.child(place))

    def _lines(self) -> list[str]:
        item = self.currentItem()
        return [] if item is None else [f"{item.text(0)}\t{item.text(1)}"]
