"""Two clicks on trunk nodes become routes: the tool, its panel, and the routes on the map."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from .test_profile_tool import SVG, at, bar_texts

ROOMS = (("N01", "岳城机房", 110.0, 25.01), ("N02", None, 110.02, 25.0), ("N03", "没有坐标", None, None))


def _route(number, km, **said):
    told = {"shared_km": None, "trench_km": None, "rooms": None, "hops": 0, **said}
    return {"route": number, "from_name": "岳城机房", "to_name": "N02", "length_km": km, "ms": km * 0.005, **told}


ROUTES = [_route(1, 37.3), _route(2, 40.156, shared_km=0.0, trench_km=24.8, rooms="石鼓、沧浪", hops=2)]


def write_points(path, table, rows):
    from qgis.core import (
        QgsCoordinateTransformContext,
        QgsFeature,
        QgsGeometry,
        QgsPointXY,
        QgsVectorFileWriter,
        QgsVectorLayer,
    )

    layer = QgsVectorLayer("Point?crs=EPSG:4490&field=node_id:string&field=name:string", table, "memory")
    for node_id, name, lon, lat in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([node_id, name])
        if lon is not None:
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(lon, lat)))
        layer.dataProvider().addFeatures([feature])
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = table
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)


@pytest.fixture
def actions(processing, provider, iface, engine, language, tmp_path):
    from xinji_planner.ui.actions import Actions

    made = Actions(iface)
    workspace = tmp_path / "海岳 县.gpkg"
    write_points(workspace, "trunk_nodes", ROOMS)
    made.dock.chooser.blockSignals(True)
    made.dock.chooser.setFilePath(str(workspace))
    made.dock.chooser.blockSignals(False)
    yield made
    made.close()


@pytest.fixture
def answer(engine):
    """Let the fake engine find two routes."""

    def ran(job, parameters, output):
        from .test_trunk import LINE, styled

        folder = Path(output)
        folder.mkdir()
        for name in ("separation_zh.svg", "separation_en.svg", "report.html"):
            (folder / name).write_text(SVG, encoding="utf-8")
        _write_routes(folder / "result.gpkg", LINE, styled)
        outputs = {
            "route": str(folder / "result.gpkg"),
            "picture": str(folder / "separation_zh.svg"),
            "picture_en": str(folder / "separation_en.svg"),
            "report": str(folder / "report.html"),
        }
        summary = {
            **{"routes": 2, "routes_wanted": 2, "disjoint": True, "first_km": 37.3, "second_km": 40.156},
            **{"shared_km": 0.0, "trench_km": 24.8, "corridor_km": 25.0, "by_route": ROUTES},
        }
        kept = {name: Path(path).name for name, path in outputs.items()}
        rules = [{"id": "N38.fibre_delay", "status": "unverified"}]
        record = {"job": job, "parameters": parameters, "summary": summary, "outputs": kept, "rules": rules}
        (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
        return SimpleNamespace(summary=summary, outputs=outputs, folder=str(folder))

    engine.answer = ran
    return engine


def _write_routes(path, _kind, styled):
    from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter

    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "route"
    memory = styled("route", *ROUTES)
    QgsVectorFileWriter.writeAsVectorFormatV3(memory, str(path), QgsCoordinateTransformContext(), options)


@pytest.fixture
def started(actions, canvas):
    actions.routes.start()
    return actions.routes


def click(started, canvas, lon, lat, aside_px=0):
    place = at(canvas, lon, lat)
    place.setX(place.x() + aside_px * canvas.mapUnitsPerPixel())
    started.tool.click(place)


def ask(started, canvas, wait):
    click(started, canvas, 110.0, 25.01, aside_px=8)
    click(started, canvas, 110.02, 25.0)
    wait(started.dock.report.isEnabled)


def test_two_clicks_near_nodes_ask_for_the_routes_between_them(started, canvas, answer, wait):
    ask(started, canvas, wait)
    ((job, stated, _output),) = answer.calls
    assert job == "trunk_routes" and stated["workspace"].endswith("海岳 县.gpkg")
    assert (stated["from_node"], stated["to_node"], stated["k"], stated["phase"]) == ("N01", "N02", 2, "now")
    assert "until_year" not in stated


def test_a_click_beside_every_node_or_on_the_same_one_is_told_and_changes_nothing(started, canvas, answer):
    click(started, canvas, 110.01, 25.005)
    assert not started.tool.is_begun() and "No trunk node here" in started.dock.figures.text()
    click(started, canvas, 110.0, 25.01)
    assert started.tool.is_begun() and "From 岳城机房" in started.dock.figures.text()
    click(started, canvas, 110.0, 25.01)
    click(started, canvas, 110.01, 25.005)
    assert started.tool.is_begun() and not answer.calls


@pytest.mark.parametrize(("spoken", "line"), [
    ("zh-Hans", "岳城机房 – N02：2 条路由，最短 37.3 km，互不共用光缆；前两条不同的光缆同沟 24.8 km。"),
    ("en", "岳城机房 – N02: 2 routes, the shortest 37.3 km, without a common cable; other cables of the first two lie"),
])  # fmt: skip
def test_the_panel_shows_the_routes_the_separation_and_the_finding(
    started,
    canvas,
    answer,
    wait,
    language,
    spoken,
    line,
):
    language(spoken)
    ask(started, canvas, wait)
    table = started.dock.table
    shown = [[table.item(place, column).text() for column in range(table.columnCount())] for place in range(2)]
    assert shown == [
        ["1", "37.30", "0.186", "0", "—", "—", "—"],
        ["2", "40.16", "0.201", "2", "0.00", "24.80", "石鼓、沧浪"],
    ]
    assert started.dock.picture.is_shown() and started.dock.figures.text().startswith(line)
    assert ("未核实" in started.dock.figures.text()) == (spoken == "zh-Hans")


def test_the_picture_has_all_the_room_and_a_word_on_a_click_brings_the_table_back(started, canvas, answer, wait):
    ask(started, canvas, wait)
    dock = started.dock
    dock.tabs.setCurrentWidget(dock.picture)
    assert dock.figures.isHidden()
    click(started, canvas, 110.01, 25.005)
    assert dock.tabs.currentWidget() is dock.table and not dock.figures.isHidden()


def test_planned_cables_of_chosen_years_come_in_by_the_switch(started, canvas, answer, wait):
    dock = started.dock
    assert not dock.until.isEnabled()
    ask(started, canvas, wait)
    dock.phase.setCurrentIndex(dock.phase.findData("planned"))
    dock.until.setValue(2027)
    dock.count.setValue(3)
    dock.again.click()  # the clicks are remembered
    wait(lambda: len(answer.calls) == 2 and dock.report.isEnabled())
    stated = answer.calls[1][1]
    assert (stated["phase"], stated["until_year"], stated["k"]) == ("planned", 2027, 3)


def test_the_routes_are_on_the_map_until_the_next_ones_and_a_row_marks_its_own(
    started,
    canvas,
    answer,
    wait,
    language,
):
    from qgis.core import QgsProject

    language("zh-Hans")
    for _ in range(2):
        ask(started, canvas, wait)
    found = [layer for layer in QgsProject.instance().mapLayers().values() if layer.name().startswith("两点路由")]
    assert [layer.name() for layer in found] == ["两点路由（临时）（含未核实规则）"]
    (layer,) = found
    assert layer.dataProvider().name() == "memory" and layer.featureCount() == 2
    started.dock.table.selectRow(1)
    assert [feature["route"] for feature in layer.selectedFeatures()] == [2]
    started.close()
    assert not [item for item in QgsProject.instance().mapLayers().values() if item.name().startswith("两点路由")]


def test_a_result_that_is_kept_stands_with_the_runs_of_the_workspace(started, canvas, answer, wait, tmp_path):
    ask(started, canvas, wait)
    started.dock.layers.click()
    assert (tmp_path / "海岳 县.runs" / "trunk_routes-001" / "result.gpkg").is_file()


def test_without_trunk_nodes_the_tool_is_not_taken_and_the_planner_is_told(
    processing,
    provider,
    iface,
    engine,
    language,
    canvas,
):
    from qgis.PyQt.QtWidgets import QAction
    from xinji_planner.ui.actions import Actions

    actions, entry = Actions(iface), QAction()
    actions.routes.set_entry(entry)
    actions.dock.set_workspace("")
    actions.routes.start()
    assert actions.routes.tool is None and not entry.isChecked()
    assert "The workspace has no trunk nodes" in bar_texts(iface)[0]
    actions.close()


def test_the_real_engine_finds_the_routes_of_the_sample_county(
    processing,
    provider,
    iface,
    real_engine,
    language,
    canvas,
    wait,
    tmp_path,
):
    from qgis.core import QgsRectangle, QgsVectorLayer
    from xinji_planner.text import same
    from xinji_planner.ui import tasks
    from xinji_planner.ui.actions import Actions

    language("zh-Hans")
    workspace, ended = tmp_path / "海岳.gpkg", []
    tasks.start(
        tasks.engine_task(same(""), "load_sample", {"workspace": str(workspace)}, None, ended.append, ended.append)
    )
    wait(lambda: ended, 120)
    actions = Actions(iface)
    actions.dock.set_workspace(str(workspace))
    actions.routes.start()
    routes = actions.routes
    rooms = QgsVectorLayer(f"{workspace}|layername=trunk_nodes", "", "ogr")
    place = {feature["node_id"]: feature.geometry().asPoint() for feature in rooms.getFeatures()}
    low, high = at(canvas, 129.1, 20.1), at(canvas, 129.9, 20.6)
    canvas.setExtent(QgsRectangle(low, high))
    routes.dock.count.setValue(3)
    for node in ("N01", "N02"):
        click(routes, canvas, place[node].x(), place[node].y())
    wait(lambda: routes.dock.report.isEnabled() or bar_texts(iface), 60)
    assert routes.dock.table.rowCount() == 3, bar_texts(iface)
    assert routes.dock.picture.is_shown() and "同沟" in routes.dock.figures.text()
    actions.close()
