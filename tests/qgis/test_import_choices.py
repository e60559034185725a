"""A choice in the import dialog is what is done: whatever was answered before, and whatever box it stands in."""
# ruff: noqa: F811 - fixtures are asked for by the name under which they are imported

import pytest
from xinji_planner.layers.findings.catalogue import KINDS as CATALOGUE
from xinji_planner.layers.findings.kind import APPLY

from tests.qgis import test_findings
from tests.qgis.test_findings import LINES, choose, chooser, tree_of
from tests.qgis.test_import_decisions import question  # noqa: F401 - fixture
from tests.qgis.test_import_flow import (  # noqa: F401 - fixtures
    CODE_OUTSIDE,
    actions,
    dialog,
    doctor,
    entry,
    idle,
    put,
    select,
    with_news,
)

WAITING = [kind for kind in CATALOGUE.values() if APPLY in kind.actions[1:] and kind.group != "datum"]
ADVISED = [kind for kind in WAITING if kind.code not in ("doubtful_correction", "corrected_duplicate")]


def line_of(kind, rows="36;57", count=2, proposed="30.0"):
    return (kind.code, rows, count, "antenna_height_m", "约三十", proposed, "依据", "why row 2", kind.actions[0])


def stated(doctor, job="import_layer"):
    return [told.get("treatments") for name, told in doctor.told if name == job][-1]


@pytest.fixture(autouse=True)
def labels(monkeypatch):
    known = {code: (kind.label.zh, kind.label.en, kind.group, kind.severity) for code, kind in CATALOGUE.items()}
    monkeypatch.setattr(test_findings, "LABELS", {**known, **test_findings.LABELS})


@pytest.mark.parametrize("imported", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", ADVISED, ids=lambda kind: kind.code)
def test_a_choice_for_a_kind_takes_back_what_all_suggestions_adopted_said(
    dialog, put, doctor, idle, question, kind, imported
):
    doctor.says["移动.csv"] = lambda _held: {"lines": [line_of(kind), line_of(kind, "168", 1, "31.0")]}
    put("移动.csv")
    question("adopt")
    dialog.one.click()
    idle()
    assert stated(doctor) == f"{kind.code}=apply"
    tree, kinds = tree_of(dialog)
    assert chooser(tree, kinds[0]).currentData() == "apply", "the box says what was done"
    if not imported:
        dialog.sources.files[0].forget_outcome()
    other = kind.actions[0]
    choose(chooser(tree, kinds[0]), other)
    dialog.one.click()
    idle()
    assert stated(doctor) == f"{kind.code}={other}"


@pytest.mark.parametrize("kind", WAITING, ids=lambda kind: kind.code)
def test_a_choice_for_a_kind_holds_for_rows_that_were_chosen_one_by_one(dialog, put, doctor, idle, kind):
    doctor.says["移动.csv"] = lambda _held: {"lines": [line_of(kind), line_of(kind, "168", 1, "31.0")]}
    put("移动.csv")
    tree, kinds = tree_of(dialog)
    tree.expandItem(kinds[0])
    box, row = chooser(tree, kinds[0]), chooser(tree, kinds[0].child(1))
    first, last = kind.actions[0], kind.actions[-1]
    choose(row, last)
    assert box.currentText() == "Row by row" and row.currentData() == last
    choose(box, first)
    assert row.currentText() == "As above" and box.currentData() == first
    assert dialog.sources.files[0].treatments == {kind.code: first}
    choose(row, last)
    choose(row, "")
    assert box.currentData() == first


def test_an_answer_that_is_taken_back_leaves_the_default_and_not_what_the_last_diagnosis_did(dialog, put, doctor, idle):
    kind = CATALOGUE["exact_duplicate"]
    lines = [line_of(kind, "9", 1), line_of(kind, "12", 1, "31.0")]
    doctor.says["移动.csv"] = lambda _held: {"lines": lines}
    put("移动.csv")
    tree, kinds = tree_of(dialog)
    tree.expandItem(kinds[0])
    choose(chooser(tree, kinds[0].child(0)), "apply")
    lines[0] = (*lines[0][:-1], "apply")
    dialog.form.findings.again_button.click()
    idle()
    tree, kinds = tree_of(dialog)
    tree.expandItem(kinds[0])
    choose(chooser(tree, kinds[0].child(0)), "")
    assert chooser(tree, kinds[0]).currentData() == "set_aside" and dialog.sources.files[0].treatments == {}


# --- the stop -----------------------------------------------------------------------------------------------


@pytest.fixture
def held(dialog, put, doctor, idle):
    """Let a file be held by a new warning; its row 7."""
    doctor.says["行政村.csv"] = with_news
    put("行政村.csv", "行政区划.shp")
    dialog.all.click()
    idle()
    item = dialog.sources.current()
    assert item.path.name == "行政村.csv" and item.held
    return item


def of_code(dialog, code):
    view = dialog.form.findings
    return next(item for item in tree_of(dialog)[1] if view._group(item).kind.code == code)


def test_a_choice_about_something_else_does_not_release_a_stop(dialog, held, doctor, idle):
    tree, _ = tree_of(dialog)
    choose(chooser(tree, of_code(dialog, "swapped")), "apply")
    tree.itemClicked.emit(of_code(dialog, "code_outside"), 0)
    assert held.held and not dialog.all.isEnabled() and not dialog.one.isEnabled()
    assert entry(dialog, "行政村.csv").startswith("⚠")
    dialog.form.findings.again_button.click()
    idle()
    assert held.held and doctor.jobs("import_layer") == ["行政区划.shp"], "another diagnosis is no decision"


@pytest.mark.parametrize("how", ["choice", "seen"])
def test_a_stop_is_released_by_a_choice_on_what_is_new_or_by_saying_that_it_was_seen(dialog, held, how, question):
    asked = question("stay")
    if how == "choice":
        choose(chooser(tree_of(dialog)[0], of_code(dialog, "code_outside")), "keep")
    else:
        dialog.form.findings.seen_button.click()
    assert not held.held and dialog.one.isEnabled() and dialog.form.findings.seen_button.isHidden()
    dialog.one.click()
    assert not any("place" in one.en for one in asked), "what was seen is not asked about again"


def test_a_stop_for_two_things_is_released_when_both_were_decided(dialog, put, doctor, idle):
    other = ("near_duplicate", "3", 1, "", "甲", "", "相似", "alike", "keep")
    doctor.says["行政村.csv"] = lambda held: {"lines": [*LINES, CODE_OUTSIDE, other] if held else LINES}
    put("行政村.csv", "行政区划.shp")
    dialog.all.click()
    idle()
    (item,) = [one for one in dialog.sources.files if one.held]
    choose(chooser(tree_of(dialog)[0], of_code(dialog, "code_outside")), "keep")
    assert item.held and item.unseen == {"warns": 1}
    choose(chooser(tree_of(dialog)[0], of_code(dialog, "near_duplicate")), "keep")
    assert not item.held


def test_who_leaves_what_is_new_as_it_stands_has_chosen_it_and_is_not_asked_again(
    dialog, put, doctor, idle, question, language
):
    language("zh-Hans")
    doctor.says["行政村.csv"] = lambda held: {"lines": [*LINES, CODE_OUTSIDE] if held else LINES}
    put("行政村.csv", "行政区划.shp")
    dialog.all.click()
    idle()
    dialog.form.findings.seen_button.click()
    (item,) = [one for one in dialog.sources.files if not one.summary]
    assert item.treatments == {"code_outside": "keep"}
    assert of_code(dialog, "code_outside").text(4) == "（不变）"
    asked = question("stay")
    dialog.all.click()
    idle()
    assert not asked and item.summary


def test_a_diagnosis_made_anew_leaves_the_planner_where_he_was(dialog, put, doctor, idle, qgis_app):
    put("行政村.csv")
    dialog.show()
    tree, kinds = tree_of(dialog)
    tree.expandItem(kinds[0])
    chosen = kinds[0].child(2)
    tree.setCurrentItem(chosen)
    tree.itemWidget(chosen, 5).setFocus()
    qgis_app.processEvents()
    dialog.examiner.examine(dialog.sources.files[0])
    idle()
    current = dialog.form.findings.tree.currentItem()
    assert current.parent() is not None and current.text(1) == "8"
    assert dialog.focusWidget() is dialog.form.findings.tree, "the next key must not write over the workspace"
    dialog.hide()


# --- one policy for what is suggested -----------------------------------------------------------------------


def test_what_is_suggested_is_marked_told_beside_what_holds_and_asked_about(dialog, put, doctor, question, language):
    language("zh-Hans")
    doctor.says["行政村.csv"] = lambda _held: {"lines": [CODE_OUTSIDE]}
    put("行政村.csv")
    tree, kinds = tree_of(dialog)
    box = chooser(tree, kinds[0])
    assert [box.itemText(at) for at in range(box.count())] == ["保持原样", "不写坐标（建议）", "搁置"]
    assert "建议：不写坐标；现为：保持原样" in dialog.form.findings.details.text()
    asked = question("stay")
    dialog.one.click()
    assert asked[0].zh == "还有 1 条建议未选定："


# --- what is said while choices are made --------------------------------------------------------------------


ROUGH = ("approximate_number", "36;57", 2, "antenna_height_m", "约三十", "30.0", "约数", "roughly", "keep")


def test_the_question_names_the_rows_by_file_and_what_is_only_to_be_looked_at(
    dialog, put, doctor, language, monkeypatch
):
    from xinji_planner.ui.imports import suggestions

    language("zh-Hans")
    doubtful = ("doubtful_correction", "10", 1, "geometry", "20.4, 129.4", "129.4, 20.4", "", "", "set_aside")
    doctor.says["移动.csv"] = lambda _held: {"lines": [ROUGH, doubtful]}
    twin = ("exact_duplicate", "9", 1, "", "A1", "", "第 2 行", "row 2", "set_aside")
    doctor.says["行政村.csv"] = lambda _held: {
        "lines": [CODE_OUTSIDE, twin],
        "problems": [{"zh": "基准", "en": "datum"}],
    }
    put("移动.csv", "行政村.csv")
    asked = []
    monkeypatch.setattr(suggestions, "ask", lambda files, _: asked.append(suggestions.question(files)) or "stay")
    dialog.all.click()
    ((told, what),) = asked
    assert told.zh == "还有 3 条建议未选定：", "one on a place waits for its datum"
    assert what.zh.splitlines()[:3] == [
        "【合并】与前面的行完全相同，1 行：行政村 第 9 行合并到第 2 行。",
        "【采用此数】只是约数，2 行：移动 第 36、57 行 天线挂高 约三十 → 30.0。",
        "【仍搁置】坐标有误，改正存疑，1 行：移动 第 10 行。",
    ]


def test_an_unchanged_file_counts_when_all_are_in(dialog, put, doctor, idle, language):
    language("zh-Hans")
    same = {"rows_unchanged": 4, "rows_added": 0, "rows_changed": 0, "rows_removed": 0, "rows_kept": 0}
    doctor.says["行政区划.shp"] = lambda _held: same
    put("移动.csv", "电信.csv", "行政区划.shp")
    dialog.all.click()
    idle()
    said = "3 份全部导入：27 行 = 写入 12 + 搁置 15 + 合并 0。其中 1 份未变。"
    assert dialog.sources.hint.text() == said and dialog.all.toolTip() == "全部已导入。"


def test_a_warning_that_is_treated_is_not_counted_and_an_import_with_changes_says_so(
    dialog, put, doctor, idle, language
):
    language("zh-Hans")
    counts = {"rows_in": 9, "rows_out": 9, "rows_set_aside": 0, "rows_merged": 0}
    found = {"blocks": 0, "warns": 2, "informs": 0}
    doctor.says["移动.csv"] = lambda _held: {**counts, "lines": [ROUGH], "findings": found}
    put("移动.csv")
    tree, kinds = tree_of(dialog)
    assert "警告 2" in entry(dialog, "移动.csv")
    choose(chooser(tree, kinds[0]), "apply")
    assert "警告" not in entry(dialog, "移动.csv") and "警告" not in dialog.form.tabs.tabText(0)
    dialog.one.click()
    idle()
    assert entry(dialog, "移动.csv").startswith("✓")
    choose(chooser(*(tree_of(dialog)[0], tree_of(dialog)[1][0])), "keep")
    assert "已导入，有改动待导入" in entry(dialog, "移动.csv") and "警告 2" in entry(dialog, "移动.csv")


def test_a_warning_of_a_row_that_is_set_aside_warns_of_nothing(dialog, put, doctor, language):
    language("zh-Hans")
    counts = {"rows_in": 9, "rows_out": 9, "rows_set_aside": 0, "rows_merged": 0}
    doctor.says["移动.csv"] = lambda _held: {**counts, "lines": [ROUGH], "findings": {"blocks": 0, "warns": 2}}
    put("移动.csv")
    tree, kinds = tree_of(dialog)
    choose(chooser(tree, kinds[0]), "set_aside")
    assert "搁置 2" in entry(dialog, "移动.csv") and "警告" not in entry(dialog, "移动.csv")


def test_a_value_that_a_newer_edition_does_not_tell_leaves_the_earlier_one_and_the_list_says_so(dialog, put, doctor):
    same = {"rows_added": 0, "rows_changed": 1, "rows_removed": 0, "rows_kept": 0, "rows_unchanged": 8}
    doctor.says["移动.csv"] = lambda _held: {**same, "rows_replaced": 9, "lines": [ROUGH]}
    put("移动.csv")
    assert of_code(dialog, "approximate_number").text(4) == "proposed: 30.0 (the workspace keeps its value)"
    assert "Against the earlier edition" in dialog.form.findings.outcome.text()


def test_of_an_edition_a_row_set_aside_says_whether_the_workspace_keeps_it(dialog, put, doctor, language):
    language("zh-Hans")
    same = {"rows_added": 0, "rows_changed": 0, "rows_removed": 0, "rows_kept": 1, "rows_unchanged": 8}
    twin = ("corrected_duplicate", "5", 1, "geometry", "22.1, 106.1", "", "与第 2 行相同", "as row 2", "set_aside")
    doctor.says["移动.csv"] = lambda _held: {**same, "lines": [twin]}
    put("移动.csv")
    tree, kinds = tree_of(dialog)
    assert kinds[0].text(4) == "（搁置；已在工作区的行保留）"
    choose(chooser(tree, kinds[0]), "apply")
    choose(chooser(tree, kinds[0]), "set_aside")
    assert kinds[0].text(4) == "（搁置；已在工作区的行移出）"


def test_what_is_to_be_decided_is_read_in_full(dialog, put, doctor, qgis_app):
    reason = "the other rows lie elsewhere; " * 40
    doctor.says["移动.csv"] = lambda _held: {
        "lines": [(*ROUGH[:6], "甲", reason, "keep"), (*LINES[2][:6], "乙", reason, "set_aside")]
    }
    put("移动.csv")
    dialog.show()
    qgis_app.processEvents()
    tree, _ = tree_of(dialog)
    heights = [tree.visualItemRect(of_code(dialog, one)).height() for one in ("approximate_number", "missing_required")]
    assert heights[0] > 1.5 * heights[1]
    dialog.hide()


def test_columns_and_order_stay_after_a_choice_and_another_diagnosis(dialog, put, doctor, idle):
    twin = ("exact_duplicate", "9", 1, "", "A1", "", "第 2 行", "row 2", "set_aside")
    lines = [LINES[2], twin, ROUGH]
    doctor.says["移动.csv"] = lambda _held: {"lines": lines}
    put("移动.csv")
    tree, _ = tree_of(dialog)
    view = dialog.form.findings

    def looks():
        order = [view._group(item).kind.code for item in tree_of(dialog)[1]]
        return order, [tree.columnWidth(at) for at in range(6)]

    before = looks()
    choose(chooser(tree, of_code(dialog, "approximate_number")), "apply")
    assert looks() == before
    lines[:] = [LINES[2], (*ROUGH[:-1], "apply"), twin]
    view.again_button.click()
    idle()
    assert looks() == before


def test_after_a_stop_the_window_says_which_button_goes_on_and_why_none_does(dialog, put, doctor, idle, language):
    language("zh-Hans")
    doctor.says["行政村.csv"] = with_news
    put("行政村.csv", "行政区划.shp")
    dialog.all.click()
    idle()
    assert dialog.all.toolTip().startswith("“行政村.csv”：重新核对后新增 1 条警告")
    dialog.form.findings.seen_button.click()
    assert dialog.sources.hint.text() == "点“导入就绪的 1 个”继续。" and dialog.all.isEnabled()


def test_the_button_for_several_files_names_each_with_its_rows(dialog, put, doctor):
    from tests.qgis.test_import_decisions import GCJ

    doctor.says.update({"移动.csv": lambda _held: GCJ, "电信.csv": lambda _held: GCJ})
    put("移动.csv", "电信.csv")
    assert dialog.form.adopt_all.toolTip().splitlines() == ["移动.csv：4", "电信.csv：4"]
