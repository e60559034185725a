"""The scoreboard in the window: its numbers, and what a click on one of them selects on the map."""

import re

import pytest
from xinji_planner.jobs.frontier.words import COUNTY_WORDS, NOTE_LABELS

from .frontier_kit import ALL, EAST, NONE, SCORES, WEST, write_result

STATES = ("in_scope", "met", "not_met", "cannot_tell")


@pytest.fixture
def actions(iface, engine, language):
    from xinji_planner.ui.actions import Actions

    made = Actions(iface)
    yield made
    made.close()


@pytest.fixture
def opened(actions, tmp_path, language):
    """Load a result made by hand, as the list of runs does."""
    from xinji_planner.ui import runs

    def make(spoken="en", **stated):
        language(spoken)
        run = runs.read(write_result(tmp_path / f"run{len(list(tmp_path.iterdir()))}", **stated))
        actions.load_run(run)
        return actions.scoreboard

    return make


def scores(act):
    return {
        (score.rule_id, score.county_code): score
        for item in act.dock.board.indicators
        for score in (item.total, *item.counties)
    }


def click(act, rule, county, column):
    act.dock.chosen.emit(scores(act)[rule, county], column)
    return act.selection


def text(act):
    return re.sub("<[^>]*>", "", act.dock.said.text())


def cells(item):
    return [item.text(place) for place in range(item.columnCount())]


def tops(act):
    return [act.dock.table.topLevelItem(place) for place in range(act.dock.table.topLevelItemCount())]


# --- numbers ----------------------------------------------------------------------------------------------------


def test_a_frontier_result_opens_its_scoreboard_with_indicators_of_a_class_together(opened):
    act = opened("zh-Hans")
    assert not act.dock.isHidden()
    assert [cells(item)[:9] for item in tops(act)] == [
        ["行政村通5G的比例", "未达标", "40.00%（2/5已判）", "95%", "7", "2", "3", "2", "个"],
        ["沿边公路5G覆盖的比例", "未达标", "60.00%（3.00/5.00已判）", "95%", "5.50", "3.00", "2.00", "0.50", "km"],
        ["自然村通5G的比例", "未达标", "50.00%", "95%", "2", "1", "1", "0", "个"],
        ["领海5G覆盖的比例", "未达标", "62.50%", "95%", "20.00", "12.50", "7.50", "0.00", "km²"],
        ["县城通千兆光网的比例", "无法判定", "—", "100%", "—", "—", "—", "—", "个"],
    ]
    assert [cells(item)[-2:] for item in tops(act)][:2] == [["3–5", "已核实"], ["1.73–2.23", "⚠ 类推"]]
    below = [tops(act)[0].child(place) for place in range(tops(act)[0].childCount())]
    assert [cells(item)[0] for item in below] == ["海岳县", "云屏区", COUNTY_WORDS[NONE].zh]


def test_a_row_of_nothing_outside_of_the_counties_is_left_out(opened):
    nothing = {"in_scope": 0.0, "met": 0.0, "not_met": 0.0, "cannot_tell": 0.0, "status": "none_listed"}
    act = opened("en", changed={("T.village", NONE): nothing})
    assert [tops(act)[0].child(place).text(0) for place in range(tops(act)[0].childCount())] == ["海岳县", "云屏区"]


def test_a_verdict_is_word_and_drawn_symbol(opened):
    from qgis.PyQt.QtCore import QSize

    act = opened("en")
    item = tops(act)[0]
    drawn = {item.child(place).text(1): item.child(place).icon(1) for place in range(2)}
    assert list(drawn) == ["Short", "Cannot tell"]
    pictures = [icon.pixmap(QSize(14, 14)).toImage() for icon in drawn.values()]
    assert not any(icon.isNull() for icon in drawn.values()) and pictures[0] != pictures[1]


@pytest.mark.parametrize("row", SCORES, ids=lambda row: f"{row[0]} {row[1]}")
def test_a_click_selects_as_many_features_as_the_table_counts(opened, row):
    rule, county, *numbers = row
    act = opened("en")
    for column, number in zip(STATES, numbers):
        found = click(act, rule, county, column)
        assert found.agrees, text(act)
        if not number:
            assert found.layer is None and found.features == ()
            continue
        chosen = list(found.layer.selectedFeatures())
        assert len(chosen) == len(found.features)
        field = {"road_state": "length_km", "sea_part": "area_km2"}.get(found.layer.customProperty("xinji/output"))
        assert (sum(item[field] for item in chosen) if field else len(chosen)) == pytest.approx(number)
        assert {item["rule_id"] for item in chosen} == {rule}
        assert county == ALL or {item["county_code"] for item in chosen} == {county}
        assert column == "in_scope" or {item["state"] for item in chosen} == {column}


def test_a_click_on_another_layer_clears_the_selection_before(opened):
    act = opened("en")
    points = click(act, "T.village", ALL, "met").layer
    assert points.selectedFeatureCount() == 2
    assert click(act, "T.road", ALL, "met").layer.selectedFeatureCount() == 1
    assert points.selectedFeatureCount() == 0


def test_tunnels_are_in_no_figure_and_are_not_selected(opened):
    act = opened("en")
    found = click(act, "T.road", EAST, "in_scope")
    assert found.agrees and "tunnel" not in {item["structure"] for item in found.layer.selectedFeatures()}


def test_a_table_that_differs_from_its_layer_is_told(opened):
    act = opened("zh-Hans", changed={("T.village", ALL): {"not_met": 4.0}})
    assert not click(act, "T.village", ALL, "not_met").agrees
    assert text(act).startswith("⚠ 已选中 3 个行政村（未达到）。注意：计分表为 4，图层中为 3")


def test_a_filter_that_hides_features_is_told_and_no_number_is_made_up(opened):
    act = opened("en")
    layer = click(act, "T.village", ALL, "not_met").layer
    assert layer.setSubsetString("\"item_id\" <> 'v2'")
    assert not click(act, "T.village", ALL, "not_met").agrees
    assert "the table says 3, the layer 2; clear the filter" in text(act)


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spoken", "said"), [
    ("zh-Hans", "已选中 3 个行政村（未达到）；其中 1 个没有坐标，见清单。"),
    ("en", "Selected, Administrative village (Not met): 3; 1 of them without coordinates: see the list."),
])  # fmt: skip
def test_what_has_no_place_on_the_map_is_told_and_listed(opened, actions, spoken, said):
    act = opened(spoken)
    click(act, "T.village", ALL, "not_met")
    assert text(act) == said
    act.dock.said.linkActivated.emit("list")
    table = actions.results
    rows = [table.model.value(row, table.model.names.index("item_id")) for row in range(table.model.rowCount())]
    assert rows == ["v3"]
    table.all_rows.click()
    assert table.model.rowCount() == 9


def test_what_is_selected_can_be_listed_with_words_for_codes(opened, actions):
    act = opened("zh-Hans")
    assert not act.dock.list_button.isEnabled()
    click(act, "T.village", EAST, "not_met")
    act.dock.list_button.click()
    table = actions.results
    shown = [dict(zip(table.model.names, table.model.lines([row])[1].split("\t"))) for row in range(2)]
    assert {row["item_id"] for row in shown} == {"v2", "v3"}
    assert {row["state"] for row in shown} == {"未达到"} and {row["subject"] for row in shown} == {"行政村"}
    assert {row["reason"] for row in shown} == {"规划或在建基站建成后达到", "覆盖半径内没有基站"}


def test_a_class_without_data_says_why_and_selects_nothing(opened):
    act = opened("zh-Hans")
    assert click(act, "T.fibre", ALL, "not_met").layer is None
    assert text(act) == f"县城通千兆光网的比例 · 未达到：{NOTE_LABELS['no_layer'].zh}；没有可选中的要素。"


def test_a_missing_layer_is_told(opened):
    act = opened("zh-Hans", without=("road_state",))
    assert click(act, "T.road", ALL, "not_met").layer is None
    assert text(act) == "这次结果没有“沿边国道和省道”的要素图层，地图上无法选中。"


def test_a_layer_that_was_taken_off_the_map_comes_back(opened):
    from qgis.core import QgsProject

    act = opened("en")
    QgsProject.instance().removeMapLayer(click(act, "T.village", ALL, "met").layer.id())
    assert len(click(act, "T.village", ALL, "met").features) == 2


def test_a_click_shows_what_was_switched_off_and_leaves_the_rest_as_it_is(opened):
    from qgis.core import QgsProject
    from xinji_planner.ui import load

    act = opened("en")
    shown, root = load.shown_outputs(act.run.folder), QgsProject.instance().layerTreeRoot()
    items, gaps = root.findLayer(shown["frontier_item"].id()), root.findLayer(shown["frontier_gap"].id())
    items.setItemVisibilityChecked(False)
    gaps.setItemVisibilityChecked(True)
    items.parent().setItemVisibilityChecked(False)
    classes = shown["frontier_item"].renderer().rootRule().children()
    for rule in classes:
        rule.setActive(False)
    click(act, "T.village", ALL, "met")
    assert items.isVisible() and gaps.itemVisibilityChecked()
    assert [rule.active() for rule in classes] == [True, False]


def test_a_tool_tip_names_rule_document_and_status(opened):
    act = opened("zh-Hans")
    said = tops(act)[1].toolTip(0).splitlines()
    assert said == [
        "沿边公路5G覆盖的比例（T.road）",
        "类别：沿边国道和省道",
        "取值：95.0 %",
        "文件：〔2023〕263号",
        "条款：目标",
        "日期：2023",
        "状态：类推（未经核实，仅供参考）",
    ]
    assert "说明：没有该类资料" in tops(act)[4].toolTip(3).splitlines()
    assert act.dock.caution.isVisibleTo(act.dock) and "行政村" not in act.dock.caution.toolTip()


def test_an_earlier_result_without_a_scoreboard_says_so_and_shows_its_table(opened, actions, iface):
    opened("en", without=("frontier_score",))
    assert actions.scoreboard.dock is None and actions.results.model is not None
    said = " ".join(item.text() for item in iface.messageBar().items())
    assert "frontier_score" in said and "again" in said


# --- filters ----------------------------------------------------------------------------------------------------


def test_a_county_shows_its_own_rows(opened):
    act = opened("en")
    act.dock.county.setCurrentIndex(act.dock.county.findData(WEST))
    assert [cells(item)[4:8] for item in tops(act)] == [
        ["2", "1", "0", "1"],
        ["0.50", "0.00", "0.00", "0.50"],
        ["1", "0", "1", "0"],
    ]
    act.dock.county.setCurrentIndex(act.dock.county.findData(NONE))
    assert [cells(item)[4] for item in tops(act)] == ["1"]


def test_rows_are_filtered_by_class_verdict_and_text(opened):
    act = opened("zh-Hans")
    act.dock.subject.setCurrentIndex(act.dock.subject.findData("border_road"))
    assert [cells(item)[0] for item in tops(act)] == ["沿边公路5G覆盖的比例"]
    act.dock.subject.setCurrentIndex(0)
    act.dock.status.setCurrentIndex(act.dock.status.findData("met"))
    assert [(cells(item)[0], item.childCount()) for item in tops(act)] == [("自然村通5G的比例", 1)]
    assert cells(tops(act)[0].child(0))[0] == "海岳县" and tops(act)[0].isExpanded()
    act.dock.status.setCurrentIndex(0)
    act.dock.search.setText("云屏")
    assert [item.childCount() for item in tops(act)] == [1, 1, 1]


def test_a_click_on_a_heading_sorts_numbers_and_the_third_gives_the_order_of_the_pack_back(opened):
    from xinji_planner.ui.scoreboard.rows import COLUMNS

    act = opened("en")
    place = COLUMNS.index("ratio_percent")
    order = []
    for _ in range(3):
        act.dock.table.header().sectionClicked.emit(place)
        order.append([cells(item)[place].split(" ")[0] for item in tops(act)])
    assert order == [
        ["40.00%", "50.00%", "60.00%", "62.50%", "—"],
        ["62.50%", "60.00%", "50.00%", "40.00%", "—"],
        ["40.00%", "60.00%", "50.00%", "62.50%", "—"],
    ]


def test_rows_are_copied_as_shown_with_the_bounds_of_a_shortfall_apart(opened):
    from qgis.PyQt.QtWidgets import QApplication

    act = opened("en")
    tops(act)[0].setExpanded(True)
    act.dock.buttons["copy"].click()
    lines = [line.split("\t") for line in QApplication.clipboard().text().split("\n")]
    assert lines[0][:3] == ["County", "Class", "Indicator"] and len(lines) == 1 + 5 + 3
    assert lines[1][5:9] == ["7", "2", "3", "2"] and lines[1][12:14] == ["3", "5"]
    assert lines[2][0] == "海岳县" and {len(line) for line in lines} == {15}


# --- what else it opens -----------------------------------------------------------------------------------------


def test_enter_selects_like_a_click(opened):
    act = opened("en")
    act.dock.table.itemActivated.emit(tops(act)[0], 5)
    assert len(act.selection.features) == 2


def test_a_click_zooms_to_what_it_selects(opened, iface):
    from qgis.core import QgsCoordinateReferenceSystem

    canvas = iface.mapCanvas()
    canvas.resize(400, 300)
    canvas.show()
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4490"))
    act = opened("en")
    click(act, "T.village", ALL, "met")
    extent = canvas.extent()
    assert extent.contains(106.1, 22.1) and extent.contains(106.4, 22.2) and extent.width() < 0.6
    click(act, "T.hamlet", WEST, "not_met")  # one place, with what is around it
    assert min(canvas.extent().width(), canvas.extent().height()) == pytest.approx(3000 / 111_000, rel=0.1)
    assert canvas.extent().center().x() == pytest.approx(106.41, abs=1e-6)


def test_report_job_list_and_gaps_open_from_the_panel(opened, actions, monkeypatch):
    from xinji_planner.ui.scoreboard import act as scoreboard_act

    opened_files = []
    monkeypatch.setattr(scoreboard_act, "open_file", lambda path: opened_files.append(path.name))
    act = opened("en")
    for name in ("report", "jobs", "gaps"):
        act.dock.buttons[name].click()
    assert opened_files == ["report.html", "job_list.xlsx"]
    assert actions.results.model.rowCount() == 6 and actions.results.model.names[0] == "rank"


def test_the_list_of_runs_says_what_was_found_by_which_pack(opened, actions):
    from xinji_planner.jobs import registry
    from xinji_planner.ui.summaries import run_label, summary_line

    run = opened("zh-Hans").run
    assert run_label(registry.jobs()[run.job], run.summary).zh == "宽带边疆计分（宽带边疆2027年目标）"
    assert summary_line(run.summary).zh == ("5 项指标：已达标 0，未达标 4，无法判定 1；未达到 4 个，无法判定 2 个")


def test_a_run_of_the_toolbox_opens_the_scoreboard_with_all_layers_that_it_selects_in(
    actions, tmp_path, wait, language
):
    from qgis.core import QgsProject, QgsVectorLayer
    from xinji_planner.jobs import registry
    from xinji_planner.ui import load
    from xinji_planner.ui.processing.loaded import StyleOnLoad

    language("zh-Hans")
    folder = write_result(tmp_path / "run")
    job = registry.jobs()["frontier_scoreboard"]
    output = next(item for item in job.outputs if item.name == "frontier_item")  # what the dialog loads unasked
    layer = QgsVectorLayer(f"{folder}/result.gpkg|layername={output.name}", "全部计分对象", "ogr")
    QgsProject.instance().addMapLayer(layer)
    StyleOnLoad(job, folder, output).postProcessLayer(layer, None, None)
    wait(lambda: actions.scoreboard.dock is not None and actions.scoreboard.dock.board is not None)
    assert layer.name() == "全部计分对象（含未核实规则）"
    assert {"frontier_item", "frontier_scope", "road_state"} <= load.shown_outputs(folder).keys()
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert group.isExpanded() and len(group.findLayers()) == len(load.shown_outputs(folder))
    assert click(actions.scoreboard, "T.village", ALL, "not_met").layer is layer
    assert click(actions.scoreboard, "T.road", ALL, "not_met").agrees


@pytest.mark.parametrize(("summary", "zh"), [
    (
        {"length_km": 60.5, "covered_km": 32.0, "not_covered_km": 28.5, "cannot_tell_km": 0.0, "tunnel_km": 1.5},
        "里程 60.5 km：已覆盖 32.0 km，未覆盖 28.5 km，无法判定 0.0 km；隧道 1.5 km 另计",
    ),
    (
        {"area_km2": 4026.2, "covered_km2": 48.7, "gap_km2": 2616.2, "cannot_tell_km2": 1361.3, "legal": False},
        "海域 4,026.2 km²：已覆盖 48.7 km²，未覆盖 2,616.2 km²，无法判定 1,361.3 km²；推算海域，非法定界线",
    ),
    (
        {
            **{"items": 633, "newly_met": 12, "newly_lost": 3, "newly_judged": 4, "no_longer_judged": 0},
            **{"came_in": 5, "left": 1, "changes_in_doubt": 0},
        },
        "633 个对象：新达到 12，变为未达到 3，新判定 4，不再可判 0，新计入 5，不再计入 1",
    ),
])  # fmt: skip
def test_runs_on_roads_the_sea_and_two_editions_say_what_they_found(summary, zh):
    from xinji_planner.ui.summaries import summary_line

    assert summary_line(summary).zh == zh


# --- what a run rests on ----------------------------------------------------------------------------------------


def rewritten(folder, *, as_of="", evidence=None, replaced=None):
    """Write a result whose run.json or evidence says something else."""
    import json
    import sqlite3

    path = folder / "run.json"
    run = json.loads(path.read_text(encoding="utf-8"))
    run["summary"].update(data_until=as_of or "2026-09-18", counties=2)
    if as_of:
        run["parameters"]["as_of"] = as_of
    if replaced is not None:
        for rule in run["rules"]:
            if rule["id"] == "T.village":
                rule.update(own_pack="本院规则", reason="纪要", replaced=replaced)
    path.write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    if evidence:
        connection = sqlite3.connect(folder / "result.gpkg")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE frontier_item SET evidence = ? WHERE county_code = ?", (evidence, EAST))
        connection.execute("UPDATE frontier_item SET evidence = NULL WHERE item_id = 'v4'")
        connection.commit()
        connection.close()
    return folder


def test_two_runs_that_differ_in_evidence_alone_are_told_apart_in_panel_group_and_list(actions, tmp_path, language):
    from xinji_planner.jobs import registry
    from xinji_planner.ui import load, run_basis, runs
    from xinji_planner.ui.run_list import RunList

    language("zh-Hans")
    plain, simulated = (tmp_path / "工.runs" / f"frontier_scoreboard-00{number}" for number in (1, 2))
    rewritten(write_result(plain))
    rewritten(write_result(simulated), evidence="simulated+distance")
    found = [runs.read(folder) for folder in (plain, simulated)]
    assert [run_basis.of(run).counts().zh for run in found] == [
        "距离推断 9",
        "距离推断 4、仿真与距离推断 4、无依据 1",
    ]
    titles, groups = [], []
    for run in found:
        actions.load_run(run)
        titles.append(actions.scoreboard.dock.windowTitle())
        groups.append(load.group_name(registry.jobs()[run.job], run.folder))
    assert titles[0].endswith("依据：距离推断 9；数据截至 2026-09-18；范围：全部 2 个县")
    assert "距离推断 4、仿真与距离推断 4、无依据 1" in titles[1]
    assert groups[0].endswith(" · 距离推断；数据截至 2026-09-18") and "距离推断、地形仿真；" in groups[1]
    listed = RunList(actions)
    listed.show_runs(str(tmp_path / "工.gpkg"))
    cells_of = {listed.tree.topLevelItem(row).text(1).split("\n")[-1] for row in range(2)}
    assert cells_of == {
        "距离推断；数据截至 2026-09-18；范围：全部 2 个县",
        "距离推断、地形仿真；数据截至 2026-09-18；范围：全部 2 个县",
    }


def test_a_stated_day_and_scope_are_told_and_what_is_not_there_is_not(tmp_path, qgis_app):
    from xinji_planner.ui import run_basis, runs

    folder = rewritten(write_result(tmp_path / "run"), as_of="2023-12-31")
    run = runs.read(folder)
    assert run_basis.of(run).day.zh == "数据截至 2023-12-31（指定）"
    stated = run_basis.read(folder, run.job, {**run.parameters, "scope": "990101"}, run.summary)
    assert stated.scope.zh == "范围：海岳县" and stated.scope.en == "scope: 海岳县"
    assert run_basis.read(folder, "import_layer", {}, {}).line().zh == ""
    assert run_basis.read(tmp_path / "nowhere", run.job, {}, {}).line().zh == ""


def test_a_target_that_was_changed_shows_what_it_was(actions, tmp_path, language):
    from xinji_planner.ui import runs

    language("zh-Hans")
    actions.load_run(runs.read(rewritten(write_result(tmp_path / "run"), replaced=90.0)))
    assert tops(actions.scoreboard)[0].text(3) == "95%（原90.0%）"
    assert tops(actions.scoreboard)[2].text(3) == "95%"


def test_halves_are_rounded_up_as_in_the_report_and_a_shortfall_is_never_nothing(opened):
    little = {"met": 9.625, "not_met": 0.001, "in_scope": 9.626, "cannot_tell": 0.0, "shortfall": 0.001}
    little.update(shortfall_at_most=0.001, ratio_percent=100.0)
    act = opened("en", changed={("T.sea", ALL): little})
    sea = cells(tops(act)[3])
    assert sea[5] == "9.63" and sea[-2] == "0.01" and sea[2] == "< 100%"


def test_columns_up_to_cannot_tell_are_seen_in_a_small_window(opened):
    from xinji_planner.ui.scoreboard.rows import COLUMNS

    long_name = "Share of the length of national and provincial roads along the border"
    act = opened("en", changed={("T.village", ALL): {"rule_name_en": long_name}})
    table = act.dock.table
    letter = table.fontMetrics().averageCharWidth()
    assert sum(table.columnWidth(place) for place in range(COLUMNS.index("cannot_tell") + 1)) <= 105 * letter


def test_a_number_whose_features_have_no_place_leaves_the_map_where_it_is(opened, iface):
    act = opened()
    act._actions.iface.mapCanvas().setExtent(type(iface.mapCanvas().extent())(106, 22, 107, 23))
    before = iface.mapCanvas().extent()
    click(act, "T.village", WEST, "cannot_tell")  # v6 alone
    assert len(act.selection.features) == len(act.selection.without_place) == 1
    assert iface.mapCanvas().extent() == before
