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

CHOSEN = [kind for kind in CATALOGUE.values() if APPLY in kind.actions and len(kind.actions) > 1 and kind.group != "datum"]
WAITING = [kind for kind in CHOSEN if kind.actions[0] != APPLY]
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


# --- one policy for what is suggested -----------------------------------------------------------------------


def test_what_is_suggested_is_marked_told_beside_what_holds_and_asked_about(
    dialog, put, doctor, question, language
):
    language("zh-Hans")
    doctor.says["行政村.csv"] = lambda _held: {"lines": [CODE_OUTSIDE]}
    put("行政村.csv")
    tree, kinds = tree_of(dialog)
    box = chooser(tree, kinds[0])
    assert [box.itemText(at) for at in range(box.count())] == ["保持原样", "不写坐标（建议）", "搁置"]
    assert "建议：不写坐标；现为：保持原样" in dialog.form.findings.details.text()
    asked = question("stay")
    dialog.one.click()
    assert "不写坐标 1" in asked[0].zh
