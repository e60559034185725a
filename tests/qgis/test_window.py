"""Dock, tables and dialogs, with the engine replaced by answers."""

import json
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture
def actions(processing, provider, iface, engine, language):
    from xinji_planner.ui.actions import Actions

    made = Actions(iface)
    yield made
    made.close()


@pytest.fixture
def workspace(tmp_path):
    """A file that looks like a workspace to the dock."""
    path = tmp_path / "规划 区.gpkg"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE villages (fid INTEGER PRIMARY KEY, village_name TEXT)")
        connection.executemany("INSERT INTO villages (village_name) VALUES (?)", [("甲",), ("乙",)])
        connection.execute("CREATE TABLE base_stations (fid INTEGER PRIMARY KEY)")
        connection.execute(
            "CREATE TABLE xinji_history "
            "(sequence INTEGER PRIMARY KEY, layer TEXT, source_file TEXT, rows_set_aside INTEGER)"
        )
        connection.executemany(
            "INSERT INTO xinji_history (layer, source_file, rows_set_aside) VALUES (?, ?, ?)",
            [("villages", "村名录.csv", 9), ("villages", "村名录.csv", 3), ("villages", "补充.xlsx", 1)],
        )
    connection.close()
    return path


def rows_of(tree):
    return [
        [tree.topLevelItem(i).text(column) for column in range(tree.columnCount())]
        for i in range(tree.topLevelItemCount())
    ]


def bar_texts(iface):
    from qgis.gui import QgsMessageBarItem

    return [item.text() for item in iface.messageBar().findChildren(QgsMessageBarItem)]


# --- dock -------------------------------------------------------------------------------------------------


def test_the_dock_shows_rows_and_rows_set_aside_of_the_latest_import_of_each_file(actions, workspace):
    actions.dock.set_workspace(str(workspace))
    assert rows_of(actions.dock.layers.tree) == [
        ["Administrative villages", "2", "4", "0", "2 files"],
        ["Base stations", "—", "", "", ""],
    ]


def test_the_panel_leaves_the_files_of_a_layer_the_room_that_empty_layers_do_not_need(actions, qgis_app):
    from qgis.PyQt.QtCore import Qt
    from xinji_planner.ui.layer_list import LayerList
    from xinji_planner.ui.workspace_info import LayerState

    made = LayerList()
    made.show_states("", [LayerState("villages", 198, 7, ("行政村名录.csv",)), LayerState("settlements", 0, 0, ())])
    made.resize(560, 200)
    made.show()
    qgis_app.processEvents()
    tree = made.tree
    assert tree.topLevelItem(1).isFirstColumnSpanned() and not tree.topLevelItem(0).isFirstColumnSpanned()
    assert tree.header().length() <= tree.viewport().width()
    assert tree.columnWidth(4) >= tree.fontMetrics().horizontalAdvance("行政村名录.csv")
    assert tree.textElideMode() == Qt.TextElideMode.ElideMiddle and tree.topLevelItem(0).toolTip(4) == "行政村名录.csv"
    made.close()


def test_the_dock_says_what_to_do_when_there_is_no_workspace(actions, language, iface):
    from xinji_planner.ui.dock import XinjiDock

    language("zh-Hans")
    dock = XinjiDock(actions)
    dock.set_workspace("")
    assert "先选择或新建一个工作区" in dock.hint.text()
    dock.deleteLater()


def test_a_file_that_is_no_workspace_is_refused_with_words(actions, tmp_path):
    path = tmp_path / "other.gpkg"
    path.write_bytes(b"not a database at all, but long enough to be looked at")
    actions.dock.set_workspace(str(path))
    assert "is no planning workspace" in actions.dock.hint.text()
    assert "bring other data in by importing" in actions.dock.hint.text()


def test_the_dock_remembers_the_workspace(actions, workspace):
    from xinji_planner.ui.dock import XinjiDock

    actions.dock.set_workspace(str(workspace))
    again = XinjiDock(actions)
    assert again.workspace() == str(workspace)
    again.deleteLater()


def test_every_step_has_its_box_and_the_trunk_network_one_of_its_own(actions):
    assert titles_of(actions.dock) == ["Data", "Analyse", "Analyse · trunk network", "Plan", "Deliver", "Runs"]


def test_a_step_without_jobs_is_not_shown(actions, monkeypatch):
    from xinji_planner.jobs import registry
    from xinji_planner.ui.dock import XinjiDock

    kept = {name: job for name, job in registry.jobs().items() if job.step not in ("plan", "analyse")}
    monkeypatch.setattr(registry, "jobs", lambda: kept)
    bare = XinjiDock(actions)
    assert titles_of(bare) == ["Data", "Deliver", "Runs"]
    bare.deleteLater()


def titles_of(dock):
    from qgis.gui import QgsCollapsibleGroupBox

    return [box.title() for box in dock.findChildren(QgsCollapsibleGroupBox)]


def test_runs_are_listed_with_what_they_found(actions, workspace, reach_result):
    reach_result(workspace.with_name("规划 区.runs") / "village_reach-001", rows=3)
    actions.dock.set_workspace(str(workspace))
    assert rows_of(actions.dock.runs.tree)[0][:2] == [
        "Village reach",
        "2 of 3 villages judged: 1 reached, 1 not; 1 cannot be told. Rate 50.0 %",
    ]
    assert all(button.isEnabled() for button in actions.dock.runs.buttons)


def test_a_job_dialog_opens_with_the_workspace_filled_in(actions, workspace, iface, monkeypatch):
    seen = {}

    def dialog(name, stated):
        seen[name] = stated
        from qgis.PyQt.QtWidgets import QDialog

        return QDialog(iface.mainWindow())

    import processing

    monkeypatch.setattr(processing, "createAlgorithmDialog", dialog)
    actions.dock.set_workspace(str(workspace))
    actions.open_job("village_reach")
    assert seen == {"xinji:villagereach": {"WORKSPACE": str(workspace)}}


def test_a_job_dialog_that_is_closed_does_not_hinder_unloading(processing, provider, iface, engine, language):
    from qgis.PyQt import sip
    from xinji_planner.ui.actions import Actions

    actions = Actions(iface)
    window = actions.help()
    sip.delete(window)  # as Processing's own dialogs do when they are closed
    actions.close()


def test_a_job_that_processing_ran_ends_in_the_message_bar(actions, run, iface, wait):
    from xinji_planner.ui import engine_session

    engine_session.session().signals.ran.emit(str(run.folder))
    wait(lambda: any("2 of 3 villages judged" in words for words in bar_texts(iface)))


def test_a_job_that_refused_its_input_offers_its_report(actions, iface, wait):
    from qgis.PyQt.QtWidgets import QPushButton
    from xinji_planner.errors import InputError
    from xinji_planner.text import Text
    from xinji_planner.ui import engine_session

    error = InputError(Text("三处有误", "Three faults"), Text("请看报告", "See the report"), report="/r/faults.html")
    engine_session.session().signals.refused.emit(error)
    wait(lambda: any("Three faults See the report" in words for words in bar_texts(iface)))
    assert "Open report" in [button.text() for button in iface.messageBar().findChildren(QPushButton)]


def test_layers_that_processing_loads_come_into_a_dated_group_with_their_table(actions, run, iface, wait):
    from qgis.core import QgsProject, QgsVectorLayer
    from xinji_planner.jobs import registry
    from xinji_planner.ui.processing.loaded import StyleOnLoad

    earlier = actions.load_run(run)
    QgsProject.instance().removeMapLayers([layer.id() for layer in earlier[1:]])
    job = registry.jobs()["village_reach"]
    again = run.folder.with_name("again")
    run.folder.rename(again)
    layers = []
    for output in (job.outputs[1], job.outputs[0]):
        layer = QgsVectorLayer(f"{again}/result.gpkg|layername={output.name}", output.name, "ogr")
        QgsProject.instance().addMapLayer(layer)
        StyleOnLoad(job, again, output).postProcessLayer(layer, None, None)
        layers.append(layer)
    wait(lambda: actions.results._layer is layers[1])
    root = QgsProject.instance().layerTreeRoot()
    nodes = {node.layerId(): node for node in root.findLayers()}
    assert len(nodes) == 3
    assert nodes[layers[1].id()].isVisible() and not nodes[layers[0].id()].isVisible()
    assert actions.results.model.rowCount() == 6


def test_an_earlier_result_steps_back_when_a_new_one_is_shown(actions, run, reach_result, tmp_path):
    from qgis.core import QgsProject
    from xinji_planner.ui import load, runs

    first = actions.load_run(run)[0]
    reach_result(tmp_path / "second", rows=3)
    second = actions.load_run(runs.read(tmp_path / "second"))[0]
    root = QgsProject.instance().layerTreeRoot()
    assert not root.findLayer(first.id()).isVisible()
    assert root.findLayer(second.id()).isVisible()
    before = len(QgsProject.instance().mapLayers())
    assert load.run_layers(run)[0] is first  # shown again, not loaded twice
    assert len(QgsProject.instance().mapLayers()) == before
    assert root.findLayer(first.id()).isVisible()


def test_without_an_engine_the_message_bar_offers_to_set_it_up(processing, provider, iface, no_engine, language):
    from qgis.PyQt.QtWidgets import QPushButton
    from xinji_planner.ui.actions import Actions

    language("zh-Hans")
    actions = Actions(iface)
    assert actions.import_data() is None
    buttons = [button.text() for button in iface.messageBar().findChildren(QPushButton)]
    assert "安装计算引擎" in buttons
    assert any("XINJI_ENGINE_PYTHON" in words for words in bar_texts(iface))
    actions.close()


# --- results ----------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, reach_result):
    from xinji_planner.ui import runs

    reach_result(tmp_path / "run", rows=6)
    return runs.read(tmp_path / "run")


def test_a_result_loads_styled_in_a_dated_group_with_its_table(actions, run, iface):
    from qgis.core import QgsProject

    layers = actions.load_run(run)
    assert [layer.name() for layer in layers] == ["Village reach", "Key points in detail"]
    groups = [node.name() for node in QgsProject.instance().layerTreeRoot().findGroups()]
    assert groups == [f"Village reach {run.finished:%Y-%m-%d %H:%M}"]
    labels = [rule.label() for rule in layers[0].renderer().rootRule().children()]
    assert labels == ["Reached", "Not reached", "Cannot tell", "Borderline"]
    assert layers[0].attributeDisplayName(layers[0].fields().indexOf("distance_m")) == "Distance (m)"
    assert actions.results.model.rowCount() == 6


def test_verdicts_differ_in_shape_and_not_only_in_colour(qgis_app):
    from xinji_planner.ui import symbols

    shapes = {symbols.verdict_symbol(value).symbolLayer(0).shape() for value in symbols.VERDICT_MARKERS}
    colours = {symbols.verdict_symbol(value).color().name() for value in symbols.VERDICT_MARKERS}
    assert len(shapes) == len(colours) == 3


def test_the_table_filters_by_verdict_county_and_text(actions, run):
    actions.load_run(run)
    table = actions.results
    verdicts = [table.verdict.itemText(i) for i in range(table.verdict.count())]
    assert verdicts == ["All", "Cannot tell", "Not reached", "Reached"]
    table.verdict.setCurrentIndex(table.verdict.findData("not_reached"))
    assert table.count.text() == "2 of 6 rows"
    table.county.setCurrentIndex(table.county.findData("990102"))
    assert [table.model.words(table.model.value(row, 1), 1) for row in range(table.model.rowCount())] == ["村1"]
    table.verdict.setCurrentIndex(0)
    table.county.setCurrentIndex(0)
    table.search.setText("村4")
    assert table.count.text() == "1 of 6 rows"
    table.search.setText("cannot")  # words as shown are found too
    assert table.count.text() == "2 of 6 rows"


def test_a_table_of_very_many_rows_is_read_in_the_background(actions, run, wait, monkeypatch):
    from xinji_planner.ui import results_table

    monkeypatch.setattr(results_table, "_AT_ONCE", 2)
    actions.load_run(run)
    assert actions.results.model.rowCount() == 0
    wait(lambda: actions.results.model.rowCount() == 6)
    assert actions.results.count.text() == "6 of 6 rows"
    assert actions.results.verdict.count() == 4


def test_the_table_sorts_numbers_as_numbers(actions, run):
    from qgis.PyQt.QtCore import Qt

    actions.load_run(run)
    table = actions.results
    column = table.model.names.index("distance_m")
    table.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert [table.model.value(row, column) for row in range(6)] == [50, 40, 30, 20, 10, 0]


def test_a_click_zooms_to_the_village(actions, run, iface):
    from qgis.core import QgsCoordinateReferenceSystem

    canvas = iface.mapCanvas()
    canvas.resize(400, 300)
    canvas.show()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4490"))
    canvas.setLayers(actions.load_run(run))
    actions.results.search.setText("村3")
    actions.results.zoom(0)
    centre = iface.mapCanvas().extent().center()
    assert centre.x() == pytest.approx(106.3, abs=1e-6)
    assert centre.y() == pytest.approx(22, abs=1e-6)


def test_a_table_empties_when_its_layer_goes_and_not_when_another_does(actions, run, reach_result, tmp_path):
    from qgis.core import QgsProject
    from xinji_planner.ui import runs

    first = actions.load_run(run)[0]
    reach_result(tmp_path / "second", rows=3)
    second = actions.load_run(runs.read(tmp_path / "second"))[0]
    QgsProject.instance().removeMapLayer(first.id())
    assert actions.results.model.rowCount() == 3
    actions.results.zoom(0)
    QgsProject.instance().removeMapLayer(second.id())
    assert actions.results.model is None
    assert actions.results.isHidden() and actions.results.verdict.count() == 0
    actions.results.copy()
    actions.results.zoom(0)


def test_selected_rows_are_copied_with_headings(actions, run):
    from qgis.PyQt.QtWidgets import QApplication

    actions.load_run(run)
    actions.results.table.selectRow(1)
    actions.results.copy()
    lines = QApplication.clipboard().text().split("\n")
    assert lines[0].split("\t")[:2] == ["Village code", "Village"]
    assert "Not reached" in lines[1] or "Cannot tell" in lines[1] or "Reached" in lines[1]
    assert len(lines) == 2


# --- import -----------------------------------------------------------------------------------------------

FOUND = {
    "layers": [],
    "layer": "",
    "rows": 2,
    "encoding": "GB18030",
    "source_crs": "",
    "headings": ["站号", "运营", "经度", "纬度"],
    "kind": "base_stations",
    "mapping": {"站号": "station_id", "经度": "lon", "纬度": "lat"},
    "missing": [],
    "problems": [],
    "datum_evidence": {"zh": "列名写明 WGS84", "en": "The heading says WGS84"},
    "samples": [{"row": 2, "cells": ["A1", "移动", "106.1", "22.1"]}, {"row": 3, "cells": ["A2", "", "106.2", "22.2"]}],
}
DONE = {"rows_in": 2, "rows_out": 1, "rows_set_aside": 1}


@pytest.fixture
def dialog(actions, engine, tmp_path):
    mappings = []

    def answer(job, parameters, output):
        if job == "inspect_source":
            return SimpleNamespace(summary=json.loads(json.dumps(FOUND)), outputs={}, folder=str(output))
        if job == "diagnose":
            return SimpleNamespace(summary={"problems": []}, outputs={}, folder=str(output))
        if "mapping" in parameters:
            mappings.append(json.loads(Path(parameters["mapping"]).read_text(encoding="utf-8")))
        return SimpleNamespace(summary=DONE, outputs={"report": str(tmp_path / "r.html")}, folder=str(tmp_path))

    engine.answer = answer
    actions.dock.set_workspace(str(tmp_path / "新 工作区.gpkg"))
    made = actions.import_data()
    made.mappings = mappings
    return made


def idle(dialog):
    return lambda: not dialog.queue.is_busy()


def test_a_file_is_looked_into_before_anything_is_written(dialog, engine, wait, tmp_path):
    dialog.add([tmp_path / "移动.csv"])
    wait(idle(dialog))
    assert [job for job, _, _ in engine.calls] == ["inspect_source", "diagnose"]
    assert "workspace" not in engine.calls[1][1]  # it is not there yet
    assert dialog.form.kind.currentData() == "base_stations"
    assert dialog.form.encoding.currentText() == "Automatic (GB18030)"
    assert dialog.form.evidence.text() == "The heading says WGS84"
    assert dialog.form.preview.rowCount() == 2
    assert dialog.form.preview.verticalHeaderItem(0).text() == "2"


def test_required_fields_without_a_column_hold_the_import_back_until_one_value_is_given(dialog, engine, wait, tmp_path):
    dialog.add([tmp_path / "移动.csv"])
    wait(idle(dialog))
    assert "Operator, Technology, Status" in dialog.form.note.text()
    assert not dialog.one.isEnabled()
    dialog.sources.files[0].found.columns[1].target = "operator"
    dialog.form.mapping._set_constant("technology", "5G")
    dialog.form.mapping._set_constant("status", "existing")
    assert dialog.one.isEnabled()
    dialog._import_one()
    wait(idle(dialog))
    assert dialog.mappings == [
        {
            "站号": "station_id",
            "运营": "operator",
            "经度": "lon",
            "纬度": "lat",
            "=5G": "technology",
            "=existing": "status",
        }
    ]
    job, stated, _ = engine.calls[-1]
    assert job == "import_layer"
    assert stated["workspace"].endswith("新 工作区.gpkg")
    assert "Rows: 2 in = 1 written + 1 set aside" in dialog.sources.list.item(0).text()
    assert dialog.form.findings.report.isEnabled() and not dialog.aside.isHidden()


def test_a_field_takes_one_column(dialog, wait, tmp_path):
    dialog.add([tmp_path / "移动.csv"])
    wait(idle(dialog))
    columns = dialog.sources.files[0].found.columns
    dialog.form.mapping._set_target(columns[1], "station_id")
    assert [column.target for column in columns] == ["", "station_id", "lon", "lat"]


def test_a_file_with_several_layers_becomes_an_entry_a_layer(dialog, engine, wait, tmp_path):
    answer = engine.answer

    def many(job, parameters, output):
        result = answer(job, parameters, output)
        if job == "inspect_source":
            result.summary["layers"] = ["道路", "海域"]
            result.summary["layer"] = parameters.get("layer", "")
        return result

    engine.answer = many
    dialog.add([tmp_path / "基础.gpkg"])
    wait(idle(dialog))
    assert [dialog.sources.list.item(i).text().split("\n")[0] for i in range(dialog.sources.list.count())] == [
        "基础.gpkg | 道路",
        "基础.gpkg | 海域",
    ]


def test_a_decision_looks_into_the_file_again(dialog, engine, wait, tmp_path):
    dialog.add([tmp_path / "移动.csv"])
    wait(idle(dialog))
    dialog._decided("datum", "gcj02")
    wait(idle(dialog))
    assert engine.calls[-1][1]["datum"] == "gcj02"


def test_fields_set_by_hand_survive_the_decision_about_the_datum(dialog, engine, wait, tmp_path):
    dialog.add([tmp_path / "移动.csv"])
    wait(idle(dialog))
    dialog.form.mapping._set_target(dialog.sources.files[0].found.columns[1], "operator")
    told = []

    def look(_job, parameters, _output):
        told.append(json.loads(Path(parameters["mapping"]).read_text(encoding="utf-8")))
        return SimpleNamespace(summary={**FOUND, "mapping": told[0]}, outputs={}, folder="")

    engine.answer = look
    dialog._decided("datum", "gcj02")
    wait(idle(dialog))
    assert told[0]["运营"] == "operator"
    assert dialog.sources.files[0].found.columns[1].target == "operator"
    assert dialog.sources.files[0].edited


def test_several_imports_are_reported_once(dialog, engine, wait, tmp_path, iface):
    for name in ("甲.csv", "乙.csv"):
        dialog.add([tmp_path / name])
    wait(idle(dialog))
    for item in dialog.sources.files:
        item.found.problems, item.edited = [], True
    dialog._enable()
    assert dialog.all.text() == "Impor&t the 2 ready"
    dialog._import_all()
    wait(idle(dialog))
    assert [words for words in bar_texts(iface) if "Rows:" in words] == [
        "2 files – Rows: 4 in = 2 written + 2 set aside + 0 merged"
    ]


def test_a_newer_edition_replaces_an_earlier_one_only_when_the_planner_ticks_it(dialog, engine, wait, tmp_path):
    told = []
    answer = engine.answer

    def listen(job, parameters, output):
        if job == "import_layer":
            told.append((Path(parameters["source"]).name, parameters["replace"]))
        return answer(job, parameters, output)

    engine.answer = listen
    for name in ("甲.csv", "乙.csv"):
        dialog.add([tmp_path / name])
    wait(idle(dialog))
    for item in dialog.sources.files:
        item.found.problems, item.edited = [], True
    dialog.sources.list.setCurrentRow(1)
    dialog.form.edition.replace.setChecked(True)
    dialog.sources.list.setCurrentRow(0)
    assert not dialog.form.edition.replace.isChecked()
    dialog._enable()
    dialog._import_all()
    wait(idle(dialog))
    assert told == [("甲.csv", False), ("乙.csv", True)]


def test_files_may_be_dropped_on_the_import_dialog(dialog, wait, tmp_path):
    from qgis.PyQt.QtCore import QMimeData, QUrl

    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "移动.csv"))])
    event = SimpleNamespace(mimeData=lambda: data, acceptProposedAction=lambda: None)
    dialog.dropEvent(event)
    wait(idle(dialog))
    assert [item.path.name for item in dialog.sources.files] == ["移动.csv"]


def test_a_refused_file_says_why_and_what_to_do(dialog, engine, wait, tmp_path):
    from xinji_planner.errors import InputError
    from xinji_planner.text import Text

    def refuse(_job, _parameters, _output):
        raise InputError(Text("打不开", "It does not open"), Text("请另存为 UTF-8", "Save it as UTF-8; use --encoding"))

    engine.answer = refuse
    dialog.add([tmp_path / "坏.csv"])
    wait(idle(dialog))
    assert "It does not open Save it as UTF-8; use “Encoding”" in dialog.sources.list.item(0).text()
    assert not dialog.one.isEnabled()


def test_cancel_stops_the_import(dialog, engine, wait, tmp_path):
    import time

    from xinji_planner.errors import Cancelled

    def slow(_progress, _notice, is_cancelled):
        for _ in range(500):
            if is_cancelled():
                raise Cancelled
            time.sleep(0.01)

    dialog.add([tmp_path / "移动.csv"])
    wait(idle(dialog))
    engine.says = [slow]
    dialog.importer.add(dialog.sources.files[0])
    assert dialog.stop.isEnabled()
    dialog.queue.cancel()
    wait(idle(dialog), seconds=4)
    assert "Cancelled." in dialog.sources.list.item(0).text()


# --- set-up, options, about -------------------------------------------------------------------------------


def test_setting_up_the_engine_runs_in_the_background_and_ends_in_the_message_bar(
    actions, iface, wait, monkeypatch, tmp_path
):
    from xinji_planner.engine.setting_up import setup
    from xinji_planner.text import Text

    seen = {}

    def pretend(target, *, wheels, progress, is_cancelled):
        progress(0.5, Text("安装 numpy", "Installing numpy"))
        seen.update(target=target, wheels=wheels)
        return Path("python")

    monkeypatch.setattr(setup, "set_up", pretend)
    dialog = actions.set_up_engine()
    dialog.offline.setChecked(True)
    dialog.folder.setFilePath(str(tmp_path))
    dialog.start()
    assert not dialog.install.isEnabled() and dialog.cancel.isEnabled()
    wait(dialog.install.isEnabled)
    assert seen["wheels"] == tmp_path
    assert seen["target"].parts[-2:] == ("xinji_planner", "engine")
    assert "The engine is ready." in bar_texts(iface)


def test_a_failed_set_up_stays_readable_in_the_dialog(actions, wait, monkeypatch):
    from xinji_planner.engine.setting_up import setup
    from xinji_planner.errors import SetupError
    from xinji_planner.text import Text

    def fail(_target, **_):
        raise SetupError(Text("没有 Python", "No Python found"), Text("请安装", "Install Python 3.11"))

    monkeypatch.setattr(setup, "set_up", fail)
    dialog = actions.set_up_engine()
    dialog.start()
    wait(dialog.install.isEnabled)
    assert dialog.doing.text() == "No Python found Install Python 3.11"


def test_options_are_kept_and_the_engine_starts_anew(actions, engine):
    from xinji_planner.ui import engine_session, settings
    from xinji_planner.ui.options import OptionsFactory

    engine_session.run("village_reach", {}, None, SimpleNamespace(progress=None, notice=None, is_cancelled=None))
    page = OptionsFactory(lambda: None).createWidget(None)
    page.python.setFilePath("/opt/engine/python")
    page.apply()
    assert settings.engine_python() == "/opt/engine/python"
    assert engine.closed
    settings.set_engine_python("")


def test_about_gives_versions_that_can_be_copied(actions):
    from xinji_planner.ui.about_dialog import versions

    words = versions()
    assert words.startswith("Xinji Planner 0.1.0\nQGIS 3.")
    assert "Engine " in words


def test_help_explains_every_job_without_a_network(actions, language):
    from xinji_planner.jobs import registry

    language("zh-Hans")
    words = actions.help().page.toPlainText()
    for job in registry.jobs().values():
        assert job.label.zh in words
    assert "搁置" in words


# --- map picture ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language_of_map", ["zh", "en"])
def test_a_result_is_drawn_as_a_page(run, tmp_path, language_of_map, language):
    from qgis.PyQt.QtGui import QImage
    from xinji_planner.ui import map_picture

    picture = tmp_path / "图 件.png"
    map_picture.render(run, picture, language_of_map, dpi=60)
    image = QImage(str(picture))
    assert image.width() > image.height() > 400
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert {"#0072b2", "#d55e00"} <= colours


def test_the_map_picture_of_a_run_is_saved_where_the_planner_says(actions, run, iface, tmp_path, monkeypatch):
    from qgis.PyQt.QtWidgets import QFileDialog, QPushButton

    wanted = tmp_path / "上报 地图"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(wanted), ""))
    actions.map_picture(run)
    assert wanted.with_suffix(".png").stat().st_size > 5000
    assert any("The map picture is saved" in words for words in bar_texts(iface))
    assert "Open picture" in [button.text() for button in iface.messageBar().findChildren(QPushButton)]


def test_another_workspace_switches_what_is_of_the_one_before_off(actions, workspace, reach_result, tmp_path):
    from qgis.core import QgsProject
    from xinji_planner.ui import load, runs

    other = tmp_path / "另一处" / workspace.name
    other.parent.mkdir()
    shutil.copyfile(workspace, other)
    reach_result(runs.runs_folder(str(workspace)) / "village_reach-001")
    actions.dock.set_workspace(str(workspace))
    actions.dock.load_all()
    actions.load_run(runs.listed(str(workspace))[0])
    root = QgsProject.instance().layerTreeRoot()
    before = [item.name() for item in root.findGroups()]
    assert all(item.itemVisibilityChecked() for item in root.findGroups()) and len(before) == 2
    actions.dock.set_workspace(str(other))
    assert not any(item.itemVisibilityChecked() for item in root.findGroups())
    actions.dock.load_all()
    names = [item.name() for item in root.findGroups()]
    assert len(names) == len(set(names)) == 3  # of one name, and each its own
    assert [item.name() for item in root.findGroups() if item.itemVisibilityChecked()] == [
        name for name in names if str(other.parent) in name
    ]
    actions.dock.set_workspace(str(workspace))
    shown = [item for item in root.findGroups() if item.itemVisibilityChecked()]
    assert [item.name() for item in shown] == [name for name in before if "Workspace" in name]
    assert load.use_workspace(str(workspace)) == 0
