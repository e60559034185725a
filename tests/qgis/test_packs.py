"""The window of the rule packs, with the engine itself: what it shows, and what a change of a rule leaves behind."""

import tomllib

import pytest

CHANGE = (
    '[pack]\nbase = "frontier-2025"\n\n[[rule]]\nid = "N11.village_broadband"\nvalue = 90\nreason = "山区县"  # 手写\n'
)


@pytest.fixture
def window(real_engine, language, iface, wait, tmp_path):
    """Open the window on a folder of own packs; close it afterwards."""
    from xinji_planner.ui import settings
    from xinji_planner.ui.packs.dialog import PackDialog

    opened = []

    def open_on(folder=tmp_path, spoken="zh-Hans"):
        language(spoken)
        settings.set_own_packs_folder(str(folder))
        made = PackDialog(None, iface.mainWindow())
        made.show()
        opened.append(made)
        wait(lambda: made.list.current() is not None and not made.is_busy())
        return made

    yield open_on
    for made in opened:
        made.discard()
        made.deleteLater()
    settings.set_own_packs_folder("")


def column(made, number):
    model = made.model
    return [model.cell(row, number) for row in model.rows]


def choose(made, item, field=""):
    numbers = [place for place, row in enumerate(made.model.rows) if (row.item, row.field) == (item, field)]
    made.table.selectRow(numbers[0])
    return made.row()


def changed(made, wait, item, value, reason, field=""):
    choose(made, item, field)
    editor = made.change()
    editor.value.setText(value)
    assert not editor.ok.isEnabled()  # no reason yet
    editor.reason.setPlainText(reason)
    assert editor.ok.isEnabled()
    editor.save()
    wait(lambda: not made.is_busy())
    return editor


def test_every_rule_shows_its_source_and_status_in_symbol_and_word(window):
    from qgis.PyQt.QtCore import Qt
    from xinji_planner.ui.packs.model import STATUS, VALID, VALUE

    made = window()
    made.list.choose("frontier-2027")
    assert made.pack().name == "frontier-2027" and made.pack().title.zh == "宽带边疆2027年目标"
    assert set(column(made, STATUS)) <= {"已核实", "未核实", "类推"}
    for row in range(made.model.rowCount()):
        assert not made.model.data(made.model.index(row, STATUS), Qt.ItemDataRole.DecorationRole).isNull()
    made.day.setDate(made.day.date().fromString("2028-01-01", "yyyy-MM-dd"))
    assert any(said.startswith("已过有效期") for said in column(made, VALID))
    row = choose(made, "N12.village_5g")
    assert "2028-01-01 已过有效期" in made.details.text() and "宽带边疆" in made.details.text()
    assert row.value == 95 and "95" in column(made, VALUE)


def test_rows_are_found_filtered_sorted_and_copied(window, qgis_app):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QApplication
    from xinji_planner.ui.packs.model import STATUS, VALUE

    made = window(spoken="en")
    made.list.choose("radio")
    everything = len(made.model.rows)
    made.search.setText("power")
    assert 0 < len(made.model.rows) < everything
    assert all("power" in name.lower() for name in column(made, 0))
    made.table.sortByColumn(VALUE, Qt.SortOrder.AscendingOrder)
    numbers = [float(value) for value in column(made, VALUE)]
    assert numbers == sorted(numbers)
    made.search.clear()
    made.list.choose("frontier-2025")
    made.wanted.setCurrentIndex(made.wanted.findData("doubtful"))
    assert made.model.rows and "Verified" not in column(made, STATUS)
    made.table.selectAll()
    made.table.actions()[0].trigger()
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Rule\t") and len(lines) == len(made.model.rows) + 1


def test_a_change_is_kept_with_its_reason_and_can_be_taken_back(window, wait, tmp_path, monkeypatch):
    from qgis.PyQt.QtWidgets import QMessageBox
    from xinji_planner.ui import settings

    folder = tmp_path / "自己的规则"  # not there yet
    made = window(folder)
    assert settings.own_packs_in_use() == ""
    made.list.choose("frontier-2027")
    changed(made, wait, "N12.village_5g", "90", "山区县，“暂按”\n依据会议纪要")
    written = tomllib.loads((folder / "edits_frontier-2027.toml").read_text(encoding="utf-8"))
    assert written["rule"] == [
        {"id": "N12.village_5g", "value": 90, "status": "unverified", "reason": "山区县，“暂按”\n依据会议纪要"}
    ]
    assert settings.own_packs_in_use() == str(folder)
    row = made.row()
    assert (row.item, row.value, row.status, row.own_pack) == (
        "N12.village_5g",
        90,
        "unverified",
        "edits_frontier-2027",
    )
    assert "原为 95 %" in made.details.text() and "会议纪要" in made.details.text()
    assert [pack.name for pack in made._packs if pack.own] == ["edits_frontier-2027"]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    made.revert()
    wait(lambda: not made.is_busy())
    assert made.row().value == 95 and not list(folder.glob("*.toml"))


def test_a_change_that_the_rule_cannot_stand_is_refused_in_the_dialog(window, wait, tmp_path):
    made = window()
    made.list.choose("frontier-2027")
    editor = changed(made, wait, "N12.village_5g", "很多", "试试")
    assert editor.isVisible() and "不是数字" in editor.said.text()
    editor.value.setText("120")
    editor.save()
    wait(lambda: not made.is_busy())
    assert editor.isVisible() and "0 至 100" in editor.said.text() and not list(tmp_path.glob("*.toml"))
    editor.reject()


def test_a_preset_is_changed_number_by_number(window, wait, tmp_path):
    made = window()
    made.list.choose("signal_radius")
    changed(made, wait, "radius:5G:690:810:30", "3000", "路测", "radius_m")
    assert made.row().value == 3000 and "原为 3500 m" in made.details.text()
    written = tomllib.loads((tmp_path / "edits_signal_radius.toml").read_text(encoding="utf-8"))
    assert written["radius"][0]["radius_m"] == 3000 and written["radius"][0]["reason"] == "路测"


def test_what_was_written_by_hand_is_shown_and_left_alone(window, tmp_path):
    path = tmp_path / "甲.toml"
    path.write_text(CHANGE, encoding="utf-8")
    (tmp_path / "乙.toml").write_bytes('[[rule]]\nid = "甲"\n'.encode("gbk"))
    made = window()
    own = {pack.name: pack for pack in made._packs if pack.own}
    assert set(own) == {"甲", "乙"} and own["乙"].faults and "UTF-8" in own["乙"].faults[0].zh
    path_of_fault = made.list
    path_of_fault.choose("乙", own=True)
    assert "UTF-8" in made.details.text() and not made.edit.isEnabled()
    made.list.choose("frontier-2025")
    assert made.why_not() is not None and not made.edit.isEnabled()  # the folder cannot be used as it is
    (tmp_path / "乙.toml").unlink()
    assert path.read_text(encoding="utf-8") == CHANGE


def test_a_rule_of_a_hand_written_file_is_changed_there(window, tmp_path):
    (tmp_path / "甲.toml").write_text(CHANGE, encoding="utf-8")
    made = window()
    made.list.choose("frontier-2025")
    row = choose(made, "N11.village_broadband")
    assert row.value == 90 and not made.edit.isEnabled() and "甲.toml" in made.edit.toolTip()
    choose(made, "N11.county_town_5g")
    assert made.edit.isEnabled()


def test_own_packs_are_the_default_of_every_job_that_takes_them(provider, tmp_path, language):
    from xinji_planner.jobs import registry
    from xinji_planner.ui import settings
    from xinji_planner.ui.processing import parameters

    jobs = [job for job in registry.jobs().values() if any(p.name == "own_packs" for p in job.parameters)]
    names = {job.name for job in jobs}
    assert {"village_reach", "coverage_gap", "radio_coverage", "calibrate_radio", "frontier_scoreboard"} <= names
    settings.set_own_packs_folder(str(tmp_path))
    try:
        assert parameters.definition(jobs[0].parameter("own_packs")).defaultValue() is None  # nothing in it
        (tmp_path / "甲.toml").write_text(CHANGE, encoding="utf-8")
        for job in jobs:
            assert parameters.definition(job.parameter("own_packs")).defaultValue() == str(tmp_path)
    finally:
        settings.set_own_packs_folder("")


def test_a_planner_may_run_a_job_without_the_own_packs_and_a_script_never_gets_them_unasked(
    provider, processing, engine, reach_result, tmp_path, language
):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback
    from xinji_planner.ui import settings

    own = tmp_path / "own"
    own.mkdir()
    (own / "甲.toml").write_text(CHANGE, encoding="utf-8")
    settings.set_own_packs_folder(str(own))
    engine.answer = lambda _job, _stated, output: reach_result(output)
    workspace = tmp_path / "w.gpkg"
    workspace.write_bytes(b"")
    try:
        for number, more in enumerate(({"OWN_PACKS": str(own)}, {"OWN_PACKS": ""}, {"OWN_PACKS": None}, {})):
            stated = {"WORKSPACE": str(workspace), "RESULT_FOLDER": str(tmp_path / str(number)), **more}
            processing.run(
                "xinji:villagereach", stated, context=QgsProcessingContext(), feedback=QgsProcessingFeedback()
            )
    finally:
        settings.set_own_packs_folder("")
    assert [stated.get("own_packs") for _, stated, _ in engine.calls] == [str(own), None, None, None]


def test_the_number_of_rules_of_a_pack_is_seen_beside_a_long_name(qgis_app, language):
    from qgis.PyQt.QtWidgets import QApplication
    from xinji_planner.text import same
    from xinji_planner.ui.packs.listing import PackList
    from xinji_planner.ui.packs.rows import PackInfo

    language("zh-Hans")
    made = PackList()
    made.resize(345, 300)
    long_name = same("行政村网络通达判定与农村宽带网络覆盖情况核查规则（二〇二七年版）")
    made.show_packs([PackInfo("a", long_name, "", False, "", (), ())], "2026-09-18")
    made.show()
    QApplication.processEvents()
    assert made.header().length() <= made.viewport().width()
    assert made.columnWidth(1) >= made.sizeHintForColumn(1) > 0
    made.close()
