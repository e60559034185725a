"""The plugin in a QGIS window: what it puts there, and that it leaves nothing behind."""

import configparser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def plugin(processing, iface, engine, language):
    from xinji_planner import classFactory

    made = classFactory(iface)
    made.initGui()
    yield made
    made.unload()


def test_the_menu_names_every_act_in_chinese(processing, iface, engine, language):
    from xinji_planner import classFactory

    language("zh-Hans")
    plugin = classFactory(iface)
    plugin.initGui()
    menu = iface.pluginMenu().actions()[0].menu()
    assert menu.title() == "新基规划"
    assert [entry.text() for entry in menu.actions() if entry.text()] == [
        "规划面板",
        "导入数据…",
        "示例县…",
        "地图上画路径剖面",
        "地图上求两点路由",
        "规则包…",
        "成果规格…",
        "安装计算引擎…",
        "设置…",
        "新基规划帮助",
        "关于新基规划",
    ]
    plugin.unload()


def test_unloading_leaves_nothing_behind(processing, iface, engine, language):
    from qgis.core import QgsApplication
    from xinji_planner import classFactory

    plugin = classFactory(iface)
    plugin.initGui()
    plugin.unload()
    assert not iface.pluginMenu().actions()
    assert not iface.pluginHelpMenu().actions()
    assert QgsApplication.processingRegistry().providerById("xinji") is None
    iface.unregisterOptionsWidgetFactory.assert_called_once()
    assert iface.removeDockWidget.called


def test_a_reload_without_unload_still_gives_a_working_provider(processing, iface, engine, language):
    from qgis.core import QgsApplication
    from xinji_planner import classFactory

    first, second = classFactory(iface), classFactory(iface)
    first.initProcessing()
    second.initProcessing()
    registry = QgsApplication.processingRegistry()
    assert registry.algorithmById("xinji:villagereach") is not None
    assert second.provider.id() == "xinji"
    second.unload()
    assert registry.providerById("xinji") is None


def test_without_a_window_the_plugin_brings_its_algorithms(processing):
    from qgis.core import QgsApplication
    from xinji_planner import classFactory

    plugin = classFactory(None)
    plugin.initProcessing()
    assert QgsApplication.processingRegistry().algorithmById("xinji:coveragegap") is not None
    plugin.unload()


def test_the_dock_button_opens_and_closes_the_dock(plugin):
    panel = plugin._entries[0]
    iface_window = plugin.iface.mainWindow()
    iface_window.show()
    plugin.actions.dock.setUserVisible(True)
    assert panel.isChecked()
    panel.trigger()
    assert not plugin.actions.dock.isUserVisible()


def test_the_metadata_says_what_the_plugin_site_asks_for():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    said = parser["general"]
    for key in (
        "name",
        "description",
        "about",
        "version",
        "qgisMinimumVersion",
        "author",
        "email",
        "tracker",
        "repository",
    ):
        assert said[key].strip(), key
    assert said["qgisMinimumVersion"] == "3.22"
    assert said["qgisMaximumVersion"] == "4.99"
    assert said["hasProcessingProvider"] == "yes"
    assert "<" not in said["about"] + said["description"] + said["changelog"]
    assert "geopandas" in said["about"] and "引擎" in said["about"]
    assert (ROOT / said["icon"]).is_file()
    assert (ROOT / "LICENSE").is_file()
