"""The plugin object: what it puts into QGIS, and how that is taken out again."""

from __future__ import annotations

from typing import Any

from .text import Text
from .ui import engine_session, words
from .ui.icons import icon
from .ui.language import tr
from .ui.processing import provider


class XinjiPlugin:
    """Menu, toolbar, dock, options page and Processing provider.

    Parameters
    ----------
    iface : QgisInterface or None
        None under ``qgis_process``, where only `initProcessing` is called.
    """

    def __init__(self, iface: Any) -> None:
        self.iface = iface
        self.provider: Any = None
        self.actions: Any = None  # what the menu does
        self._entries: list[Any] = []
        self._menu: Any = None
        self._toolbar: Any = None
        self._options: Any = None
        self._help_entry: Any = None

    def initProcessing(self) -> None:
        """Add the algorithms; QGIS fixes the name."""
        if self.provider is None:
            self.provider = provider.register()

    def initGui(self) -> None:
        """Add everything that is seen; QGIS fixes the name."""
        from qgis.PyQt.QtWidgets import QMenu

        from .ui.actions import Actions
        from .ui.options import OptionsFactory

        self.initProcessing()
        self.actions = Actions(self.iface)
        self._options = OptionsFactory(self.actions.set_up_engine)
        self.iface.registerOptionsWidgetFactory(self._options)
        window = self.iface.mainWindow()
        self._menu = QMenu(tr(words.MENU), window)
        self._menu.setObjectName("xinji_menu")
        self._menu.setIcon(icon("xinji"))
        self._toolbar = self.iface.addToolBar(tr(words.PLUGIN))
        self._toolbar.setObjectName("xinji_toolbar")
        self._add_entries()
        self.iface.pluginMenu().addMenu(self._menu)
        self.iface.pluginHelpMenu().addAction(self._help_entry)

    def _add_entries(self) -> None:
        from qgis.PyQt.QtWidgets import QAction

        acts, window = self.actions, self.iface.mainWindow()

        def entry(label: Text, icon_name: str, press: Any, on_toolbar: bool = False) -> Any:
            made = QAction(icon(icon_name), tr(label), window)
            made.triggered.connect(lambda _checked=False: press())
            self._menu.addAction(made)
            if on_toolbar:
                self._toolbar.addAction(made)
            self._entries.append(made)
            return made

        panel = QAction(icon("dock"), tr(Text("规划面板", "Planning panel")), window)
        panel.setCheckable(True)
        acts.dock.setToggleVisibilityAction(panel)
        self._menu.addAction(panel)
        self._toolbar.addAction(panel)
        self._entries.append(panel)
        entry(Text("导入数据…", "Import data …"), "import", acts.import_data, on_toolbar=True)
        entry(Text("示例县…", "Sample county …"), "sample", acts.load_sample)
        on_map = Text("地图上画路径剖面", "Path profile on the map")
        acts.profile.set_entry(entry(on_map, "profile", acts.profile.start, on_toolbar=True))
        two_nodes = Text("地图上求两点路由", "Routes between two nodes")
        acts.routes.set_entry(entry(two_nodes, "routes", acts.routes.start, on_toolbar=True))
        entry(Text("规则包…", "Rule packs …"), "rules", acts.rule_packs)
        entry(Text("成果规格…", "Delivery profiles …"), "rules", acts.delivery_profiles)
        self._menu.addSeparator()
        entry(Text("安装计算引擎…", "Set up engine …"), "engine", acts.set_up_engine)
        entry(Text("设置…", "Options …"), "engine", acts.options)
        self._help_entry = entry(Text("新基规划帮助", "Xinji Planner help"), "xinji", acts.help)
        entry(Text("关于新基规划", "About Xinji Planner"), "xinji", acts.about)

    def unload(self) -> None:
        """Take everything out again, in the reverse order."""
        if self.actions is not None:
            self.iface.pluginHelpMenu().removeAction(self._help_entry)
            self.iface.pluginMenu().removeAction(self._menu.menuAction())
            for made in self._entries:
                self._toolbar.removeAction(made)
                made.deleteLater()
            self._entries.clear()
            self.iface.mainWindow().removeToolBar(self._toolbar)
            self._toolbar.deleteLater()
            self._menu.deleteLater()
            self.iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
            self.actions.close()
            self.actions = None
        provider.unregister(self.provider)
        self.provider = None
        engine_session.close()
