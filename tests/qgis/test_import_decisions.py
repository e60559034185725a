"""What a planner decides in the import dialog: which file first, which suggestions, which datum; what it comes to."""
# ruff: noqa: F811 - fixtures are asked for by the name under which they are imported

from pathlib import Path

import pytest

from tests.qgis.test_findings import LINES, choose, chooser, tree_of
from tests.qgis.test_import_flow import (  # noqa: F401 - fixtures
    DATUM,
    actions,
    answered,
    dialog,
    doctor,
    entry,
    idle,
    put,
    select,
)

TWIN = ("exact_duplicate", "9", 1, "", "A1", "", "第 2 行", "row 2", "set_aside")
OPEN = [*LINES[2:], TWIN]
UNPROVEN = {"datum_verdict": "", "datum_helps": ["admin_units", "villages"]}
GCJ = {
    **{"datum": "", "datum_verdict": "gcj02", "datum_proposed": "gcj02", "problems": [DATUM]},
    "datum_hypotheses": [{"name": "gcj02", "label": {"zh": "GCJ-02", "en": "GCJ-02"}, "likelihood": 0.9995}],
    "datum_evidence_lead": {"zh": "61 个站与“电信.xlsx”是同一站址：全部重合。", "en": "61 sites coincide."},
    "findings_by_code": {"datum_gcj02": 1},
    "findings_stopping": 1,
}


@pytest.fixture
def question(monkeypatch):
    """Answer the question about suggestions as told; give the questions."""
    from xinji_planner.ui.imports import suggestions

    asked = []

    def answer(word):
        def ask(files, _parent):
            asked.append(suggestions.question(files)[0])
            return word

        monkeypatch.setattr(suggestions, "ask", ask)
        return asked

    return answer


# --- files that wait for another one ------------------------------------------------------------------------


def unproven_keys(held):
    return UNPROVEN if "villages" not in held else {**UNPROVEN, "datum_verdict": "wgs84"}


def stopped(held):
    return {"problems": [DATUM], "datum": ""}


def test_a_file_whose_datum_a_stopped_one_would_prove_waits_for_it(dialog, put, doctor, idle, language):
    language("zh-Hans")
    doctor.says.update({"行政村.csv": stopped, "关键点.xlsx": unproven_keys})
    put("关键点.xlsx", "行政村.csv", "行政区划.shp")
    assert "等待“行政村.csv”：导入后再核对" in entry(dialog, "关键点.xlsx")
    dialog.all.click()
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp"]
    assert "等待“行政村.csv”：导入后再核对" in entry(dialog, "关键点.xlsx")


def test_a_file_that_is_held_back_on_the_way_holds_those_that_lean_on_it(dialog, put, doctor, idle):
    doctor.says["关键点.xlsx"] = unproven_keys
    doctor.says["行政村.csv"] = lambda held: stopped(held) if held else {}
    put("关键点.xlsx", "行政村.csv", "行政区划.shp")
    assert dialog.all.text() == "Impor&t the 3 ready"
    dialog.all.click()
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp"]
    doctor.says["行政村.csv"] = lambda _held: {}
    for item in dialog.sources.files:
        item.against = None if item.summary else ("", -1)
    dialog.renewer.renew_all()
    idle()
    dialog.all.click()
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp", "行政村.csv", "关键点.xlsx"]


@pytest.mark.parametrize(("pressed", "imports"), [("仍现在导入(Y)", ["关键点.xlsx"]), ("等待(W)", [])])
def test_a_waiting_file_comes_in_all_the_same_when_the_planner_insists(
    dialog, put, doctor, idle, language, monkeypatch, pressed, imports
):
    language("zh-Hans")
    doctor.says.update({"行政村.csv": stopped, "关键点.xlsx": unproven_keys})
    put("关键点.xlsx", "行政村.csv")
    select(dialog, "关键点.xlsx")
    asked = answered(monkeypatch, pressed)
    dialog.one.click()
    idle()
    assert asked == ["“关键点.xlsx”的坐标基准尚未证实，应先导入“行政村.csv”再核对。仍现在导入？"]
    assert doctor.jobs("import_layer") == imports


def test_a_datum_that_the_evidence_proves_waits_for_nothing(dialog, put, doctor):
    doctor.says.update({"行政村.csv": stopped, "关键点.xlsx": lambda _held: {**UNPROVEN, "datum_verdict": "wgs84"}})
    put("关键点.xlsx", "行政村.csv")
    assert dialog.all.text() == "Impor&t the 1 ready"


# --- suggestions --------------------------------------------------------------------------------------------


def suggesting(_held):
    return {"lines": OPEN}


@pytest.mark.parametrize(("word", "imports"), [("adopt", 2), ("leave", 2), ("look", 0), ("stay", 0)])
def test_open_suggestions_of_all_files_are_asked_about_once(
    dialog, put, doctor, idle, question, language, word, imports
):
    language("zh-Hans")
    doctor.says.update({"移动.csv": suggesting, "电信.csv": suggesting})
    put("移动.csv", "电信.csv")
    asked = question(word)
    dialog.all.click()
    idle()
    assert [one.zh for one in asked] == ["还有 2 条建议未选定："]
    assert len(doctor.jobs("import_layer")) == imports
    told = [stated.get("treatments") for job, stated in doctor.told if job == "import_layer"]
    assert told == ["exact_duplicate=apply"] * 2 if word == "adopt" else not any(told)
    if word == "look":
        assert "与前面的行完全相同" in dialog.form.findings.tree.currentItem().text(0)
        dialog.all.click()
        assert len(asked) == 2  # nothing was said yet


def test_a_suggestion_that_was_decided_is_not_asked_about(dialog, put, doctor, idle, question):
    doctor.says["移动.csv"] = suggesting
    put("移动.csv")
    asked = question("stay")
    tree, kinds = tree_of(dialog)
    twin = next(item for item in kinds if "the same as an earlier row" in item.text(0))
    choose(chooser(tree, twin), "set_aside")
    dialog.one.click()
    idle()
    assert not asked and doctor.jobs("import_layer") == ["移动.csv"]


# --- rows, counted again ------------------------------------------------------------------------------------


def test_a_choice_is_counted_at_once_in_line_tab_and_list(dialog, put, doctor, language):
    language("zh-Hans")
    lines = [LINES[2], TWIN]
    counts = {"rows_in": 9, "rows_out": 7, "rows_set_aside": 2, "rows_merged": 0}
    doctor.says["移动.csv"] = lambda _held: {
        **counts,
        "lines": lines,
        "findings": {"blocks": 2, "warns": 0, "informs": 0},
    }
    put("移动.csv")
    tree, kinds = tree_of(dialog)
    twin = next(item for item in kinds if "完全相同" in item.text(0))
    choose(chooser(tree, twin), "apply")
    assert dialog.form.findings.outcome.text() == "9 行 = 写入 7 + 搁置 1 + 合并 1。"
    assert dialog.form.tabs.tabText(0).endswith("搁置 1、合并 1")
    assert "搁置 1；合并 1" in entry(dialog, "移动.csv")
    choose(chooser(tree, twin), "set_aside")
    assert dialog.form.findings.outcome.text() == "9 行 = 写入 7 + 搁置 2 + 合并 0。"


def test_a_count_that_does_not_come_to_what_the_diagnosis_said_is_not_shown(dialog, put, doctor):
    doctor.says["移动.csv"] = lambda _held: {"lines": [LINES[2], TWIN]}  # says 5 set aside
    put("移动.csv")
    tree, kinds = tree_of(dialog)
    choose(chooser(tree, next(item for item in kinds if "earlier row" in item.text(0))), "apply")
    assert dialog.sources.files[0].counts == {} and "Diagnose again" in dialog.form.findings.outcome.text()


def test_another_disposition_is_a_change_even_where_no_cell_is():
    from xinji_planner.ui.imports import standing
    from xinji_planner.ui.imports.inspection import SourceFile

    same = {"rows_unchanged": 154, "rows_added": 0, "rows_changed": 0, "rows_removed": 0, "rows_kept": 0}
    assert standing.is_unchanged(SourceFile(Path("电信.xlsx"), diagnosis={**same, "rows_rechosen": 0}))
    assert not standing.is_unchanged(SourceFile(Path("电信.xlsx"), diagnosis={**same, "rows_rechosen": 1}))


def test_what_all_files_came_to_stands_above_the_list_in_the_end(dialog, put, doctor, idle, language):
    language("zh-Hans")
    put("移动.csv", "行政区划.shp")
    dialog.all.click()
    idle()
    assert dialog.sources.hint.text() == "2 份全部导入：18 行 = 写入 8 + 搁置 10 + 合并 0。"


# --- the datum ----------------------------------------------------------------------------------------------


def test_a_shifted_datum_is_said_once_with_what_decides_and_taken_for_all_files(dialog, put, doctor, idle, language):
    language("zh-Hans")
    doctor.says.update({"移动.csv": lambda _held: GCJ, "电信.csv": lambda _held: GCJ})
    put("移动.csv", "电信.csv")
    select(dialog, "移动.csv")
    form = dialog.form
    assert form.evidence.text().splitlines() == [
        "坐标是 GCJ-02（把握 > 99%）。点〔按依据采用 GCJ-02〕转换；原文件不动，可撤销。",
        GCJ["datum_evidence_lead"]["zh"],
    ]
    assert form.note.text() == ""
    assert form.adopt_all.text() == "2 份都采用 GCJ-02(&C)" and not form.adopt_all.isHidden()
    form.adopt_all.click()
    idle()
    assert [item.datum for item in dialog.sources.files] == ["gcj02", "gcj02"]


def test_a_label_that_other_data_bear_out_is_said_to_need_no_decision(dialog, put, doctor, language):
    language("zh-Hans")
    weighed = [{"name": "wgs84", "label": {"zh": "WGS 84/CGCS2000", "en": ""}, "likelihood": 0.996}]
    said = {"datum": "wgs84", "datum_verdict": "wgs84", "datum_borne_out": "wgs84", "datum_hypotheses": weighed}
    doctor.says["电信.csv"] = lambda _held: said
    put("电信.csv")
    assert dialog.form.evidence.text() == "文件标注 WGS 84，其他数据证实（> 99%），无需决定。"


def test_evidence_that_cannot_tell_says_what_to_import_first(dialog, put, doctor, language):
    language("zh-Hans")
    coarse = {"zh": "已导入的区划太粗，不足以区分两种坐标基准；请先导入行政村。", "en": "Too coarse."}
    hypotheses = [{"name": "wgs84", "label": "WGS 84", "likelihood": 0.57, "share_inside": 1.0}]
    doctor.says["移动.csv"] = lambda _held: {"datum_hypotheses": hypotheses, "datum_evidence_lead": coarse}
    put("移动.csv")
    assert (
        dialog.form.evidence.text()
        == "文件标注 WGS 84，按标注读取。已导入的区划太粗，不足以区分两种坐标基准；请先导入行政村。"
    )


# --- the list of findings -----------------------------------------------------------------------------------


def test_the_strip_tells_of_a_row_that_is_seen(dialog, put, doctor):
    doctor.says["移动.csv"] = lambda _held: {"lines": [LINES[4], LINES[3]]}
    put("移动.csv")
    tree = dialog.form.findings.tree
    assert not tree.currentItem().isHidden() and "not a number" in dialog.form.findings.details.text()


def test_small_groups_are_open_columns_without_words_are_away_and_reasons_wrap(dialog, put, doctor, qgis_app):
    reason = "the other rows lie elsewhere; " * 12
    two = [(*LINES[0][:6], "甲", reason, "set_aside"), ("swapped", "5", 1, *LINES[1][3:6], "乙", "why", "set_aside")]
    doctor.says["移动.csv"] = lambda _held: {"lines": [(*one[:4], "", *one[5:]) for one in two]}
    put("移动.csv")
    tree, kinds = tree_of(dialog)
    assert kinds[0].isExpanded() and kinds[0].childCount() == 2
    assert tree.isColumnHidden(3) and not tree.isColumnHidden(6)
    qgis_app.processEvents()
    heights = [tree.visualItemRect(kinds[0].child(place)).height() for place in (0, 1)]
    assert heights[0] > 1.8 * heights[1]


def test_a_place_in_doubt_may_be_left_out(dialog, put, doctor):
    line = ("code_outside", "7", 1, "village_code", "990121103215", "", "界外 34 km", "34 km outside", "keep")
    doctor.says["移动.csv"] = lambda _held: {"lines": [line]}
    put("移动.csv")
    tree, kinds = tree_of(dialog)
    box = chooser(tree, kinds[0])
    offered = [box.itemText(place) for place in range(box.count())]
    assert offered == ["Keep as it is", "Write no place (suggested)", "Set aside"]
    choose(box, "apply")
    assert kinds[0].text(4) == "(no place)"


# --- afterwards ---------------------------------------------------------------------------------------------


def test_closing_puts_the_imported_layers_on_the_map(dialog, put, doctor, idle, monkeypatch):
    from xinji_planner.ui import load

    loaded = []
    monkeypatch.setattr(load, "workspace_layer", lambda _workspace, name: loaded.append(name) or [])
    put("移动.csv", "行政区划.shp")
    dialog.all.click()
    idle()
    loaded.clear()
    dialog.reject()
    assert loaded == ["admin_units", "base_stations"]


def test_rows_set_aside_are_listed_in_the_window(qgis_app, language, tmp_path):
    from qgis.PyQt.QtWidgets import QLineEdit, QTreeWidget
    from xinji_planner.ui.table_window import show_table

    language("zh-Hans")
    path = tmp_path / "set_aside.csv"
    head = "row,reason_code,reason_zh,reason_en,original"
    path.write_text(f"{head}\n134,missing,缺少必填值,missing,甲\n25,total_row,合计行,total,乙\n", encoding="utf-8-sig")
    window = show_table(path, "搁置的行")
    (table,) = window.findChildren(QTreeWidget)
    assert [table.headerItem().text(place) for place in range(table.columnCount())] == ["行号", "原因", "原文"]
    assert [table.topLevelItem(place).text(0) for place in (0, 1)] == ["25", "134"]
    next(one for one in window.findChildren(QLineEdit)).setText("必填")
    assert [table.topLevelItem(place).isHidden() for place in (0, 1)] == [True, False]
    window.close()


@pytest.fixture
def set_aside_window(qgis_app, language, tmp_path, wait):
    """The window of rows set aside with a long reason and a long original row."""
    from xinji_planner.ui.table_window import show_table

    language("zh-Hans")
    path = tmp_path / "set_aside.csv"
    reason = "小数点丢失或错位：12931, 20.37；可能应为 129.31, 20.37，改正后落在县内；只有 2 位小数" * 2
    original = ",".join(["HPYD100904"] * 16)
    head = "row,reason_code,reason_zh,reason_en,original"
    path.write_text(f'{head}\n37,c,"{reason}",x,"{original}"\n199,t,合计行,total,合计\n', encoding="utf-8-sig")
    window = show_table(path, "搁置的行")
    wait(window.isVisible)
    yield window, reason, original
    window.close()


def test_rows_set_aside_show_their_whole_reason_and_original_row(set_aside_window):
    from qgis.PyQt.QtWidgets import QTreeWidget

    window, reason, original = set_aside_window
    (table,) = window.findChildren(QTreeWidget)
    measure = table.fontMetrics()
    widths = [table.columnWidth(place) for place in range(3)]
    assert sum(widths) <= table.viewport().width()
    assert abs(widths[1] - widths[2]) <= 1 and widths[0] < widths[1] // 2
    high = table.visualItemRect(table.topLevelItem(0)).height()
    lines = max(measure.horizontalAdvance(said) / width for said, width in ((reason, widths[1]), (original, widths[2])))
    assert lines > 1 and high >= lines * measure.height()
    assert table.visualItemRect(table.topLevelItem(1)).height() < 2 * measure.height()
    window.resize(window.width() - 150, 500)
    assert sum(table.columnWidth(place) for place in range(3)) <= table.viewport().width() + 1
    assert table.visualItemRect(table.topLevelItem(0)).height() > high


def test_an_original_row_is_found_and_copied_as_it_was(set_aside_window):
    from qgis.PyQt.QtWidgets import QApplication, QLineEdit, QTreeWidget

    window, reason, original = set_aside_window
    (table,) = window.findChildren(QTreeWidget)
    window.findChild(QLineEdit).setText("HPYD100904,HPYD100904")
    assert [table.topLevelItem(place).isHidden() for place in (0, 1)] == [False, True]
    table.setCurrentItem(table.topLevelItem(0))
    table.actions()[0].trigger()
    assert QApplication.clipboard().text().split("\n")[1] == f"37\t{reason}\t{original}"


def test_a_narrow_column_has_what_it_needs_and_wide_ones_part_the_rest(qgis_app):
    from xinji_planner.ui.table_window import shares

    assert shares([50, 300, 900], 1000) == [50, 300, 650]
    assert shares([50, 800, 900], 1000) == [50, 475, 475]


def test_the_dialog_fits_a_small_screen_with_a_task_bar(dialog):
    assert dialog.height() <= 700 and dialog.minimumSizeHint().height() <= 640
