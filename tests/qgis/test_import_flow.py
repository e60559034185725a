"""The import dialog as a whole: order of imports, diagnoses that follow the workspace, closing, recipes, reports."""

import json
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from xinji_planner.layers.specs import SPECS

from tests.qgis.test_findings import FOUND, LINES, diagnosed

KINDS = {
    "行政区划.shp": "admin_units",
    "行政村.csv": "villages",
    "光缆.shp": "trunk_cables",
    "关键点.xlsx": "key_points",
}
DATUM = {"zh": "请指明坐标基准", "en": "State the datum"}


class Engine:
    """Answers as the doctor does, and keeps a history in the workspace as imports do."""

    def __init__(self):
        self.told = []
        self.says = {}  # name of a file: what its diagnosis says, given the kinds that the workspace holds

    def held(self, workspace):
        if not workspace or not Path(workspace).is_file():
            return []
        with sqlite3.connect(workspace) as connection:
            words = "SELECT layer FROM xinji_history WHERE undone_by IS NULL AND undoes IS NULL"
            return [row[0] for row in connection.execute(words)]

    def jobs(self, job):
        return [Path(stated["source"]).name for name, stated in self.told if name == job]

    def __call__(self, job, stated, output):
        self.told.append((job, dict(stated)))
        name = Path(stated["source"]).name if "source" in stated else ""
        if job == "inspect_source":
            kind = KINDS.get(name, "base_stations")
            required = {field.name: field.name for field in SPECS[kind].fields if field.required}
            found = {**json.loads(json.dumps(FOUND)), "kind": kind, "headings": list(required), "mapping": required}
            return SimpleNamespace(summary=found, outputs={}, folder=str(output))
        if job == "diagnose":
            say = self.says.get(name, lambda _held: {})
            return diagnosed(output, stated["source"], **say(self.held(stated.get("workspace"))))
        if job == "import_layer":
            self.write(stated["workspace"], KINDS.get(name, "base_stations"), name)
            done = {"rows_in": 9, "rows_out": 4, "rows_set_aside": 5, "rows_merged": 0}
            report = Path(stated["workspace"]).with_suffix(".html")
            report.write_text("<p>报告</p>", encoding="utf-8")
            return SimpleNamespace(summary=done, outputs={"report": str(report)}, folder="")
        self.undo(stated["workspace"], stated["sequence"])
        return SimpleNamespace(summary={}, outputs={}, folder="")

    def write(self, workspace, layer, name):
        with sqlite3.connect(workspace) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS xinji_history (sequence INTEGER PRIMARY KEY, layer, source_file,"
                " rows_out, rows_set_aside, rows_changed, rows_removed, undoes, undone_by)"
            )
            connection.execute(
                "INSERT INTO xinji_history (layer, source_file, rows_out, rows_set_aside) VALUES (?, ?, 4, 5)",
                (layer, name),
            )

    def undo(self, workspace, sequence):
        with sqlite3.connect(workspace) as connection:
            connection.execute("INSERT INTO xinji_history (layer, undoes) VALUES ('', ?)", (sequence,))
            connection.execute("UPDATE xinji_history SET undone_by = 99 WHERE sequence = ?", (sequence,))


@pytest.fixture
def doctor(engine):
    engine.answer = made = Engine()
    return made


@pytest.fixture
def actions(iface, doctor, language, tmp_path):
    from xinji_planner.ui import settings
    from xinji_planner.ui.actions import Actions

    language("en")
    settings.set_workspace("")
    made = Actions(iface)
    made.dock.set_workspace(str(tmp_path / "工作区.gpkg"))
    yield made
    made.close()


@pytest.fixture
def dialog(actions):
    return actions.import_data()


@pytest.fixture
def put(dialog, wait, tmp_path):
    """Put files on the list and wait for their diagnoses."""

    def put(*names):
        dialog.add([tmp_path / name for name in names])
        wait(lambda: not dialog.queue.is_busy())

    return put


@pytest.fixture
def idle(dialog, wait):
    return lambda: wait(lambda: not dialog.queue.is_busy())


def names(dialog):
    return [item.path.name for item in dialog.sources.files]


def entry(dialog, name):
    return dialog.sources.list.item(names(dialog).index(name)).text()


def select(dialog, name):
    dialog.sources.list.setCurrentRow(names(dialog).index(name))


def answered(monkeypatch, label):
    """Answer the question of the dialog by the button with this label; give what was asked."""
    from qgis.PyQt.QtWidgets import QMessageBox

    asked = []

    def choose(box):
        asked.append(box.text())
        pressed = next((item for item in box.buttons() if item.text().replace("&", "") == label), None)
        monkeypatch.setattr(QMessageBox, "clickedButton", lambda _box: pressed)

    monkeypatch.setattr(QMessageBox, "exec", choose)
    return asked


# --- order and fresh diagnoses ------------------------------------------------------------------------------


def test_the_list_proposes_units_then_villages_then_key_points_and_says_so(dialog, put):
    put("光缆.shp", "关键点.xlsx", "行政村.csv", "移动.csv", "行政区划.shp")
    assert names(dialog) == ["行政区划.shp", "行政村.csv", "关键点.xlsx", "光缆.shp", "移动.csv"]
    assert dialog.sources.current().path.name == "光缆.shp"  # the first that was added stays selected
    assert "administrative units first" in dialog.sources.hint.text()


def test_of_one_kind_the_files_that_can_come_in_stand_before_those_whose_datum_is_open(dialog, put, doctor):
    doctor.says["移动.csv"] = doctor.says["联通.csv"] = lambda _held: {"problems": [DATUM]}
    put("移动.csv", "联通.csv", "电信.csv", "行政区划.shp")
    dialog.sources.arrange()
    assert names(dialog) == ["行政区划.shp", "电信.csv", "移动.csv", "联通.csv"]


def test_importing_all_keeps_the_order_and_examines_what_an_import_made_stale(dialog, put, doctor, idle):
    put("移动.csv", "行政村.csv", "行政区划.shp")
    before = len(doctor.jobs("diagnose"))
    dialog.all.click()
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp", "行政村.csv", "移动.csv"]
    assert doctor.jobs("diagnose")[before:] == ["行政村.csv", "移动.csv"]  # once each, before its import


def test_a_file_that_needs_a_decision_after_an_import_is_not_imported_on_its_old_diagnosis(dialog, put, doctor, idle):
    doctor.says["行政村.csv"] = lambda held: (
        {"problems": [DATUM], "datum": "", "datum_proposed": "gcj02"} if "admin_units" in held else {}
    )
    put("行政村.csv", "行政区划.shp")
    select(dialog, "行政区划.shp")
    assert dialog.all.text() == "Impor&t the 2 ready"
    dialog.all.click()
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp"]
    assert "Needs your decision" in entry(dialog, "行政村.csv")
    assert dialog.sources.current().path.name == "行政村.csv"
    assert "Use GCJ-02, as the evidence says" in dialog.form.note.text()  # the button is named


CODE_OUTSIDE = ("code_outside", "7", 1, "village_code", "990121103215", "", "界外 34 km", "34 km outside", "keep")


def with_news(held):
    """Say one warning more as soon as the workspace holds something."""
    lines = [*LINES, CODE_OUTSIDE] if held else LINES
    return {"lines": lines, "findings": {"blocks": 5, "warns": 1 + bool(held), "informs": 8}}


def test_a_new_warning_holds_a_file_back_and_the_others_go_on(dialog, put, doctor, idle, language):
    language("zh-Hans")
    doctor.says["行政村.csv"] = with_news
    put("移动.csv", "行政村.csv", "行政区划.shp")
    select(dialog, "移动.csv")
    dialog.all.click()
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp", "移动.csv"]
    assert "重新核对后新增 1 条警告：请改选处理，或点〔已看，处理不变〕" in entry(dialog, "行政村.csv")


def test_new_findings_stand_on_top_and_are_marked_until_the_file_is_imported(dialog, put, doctor, idle):
    doctor.says["行政村.csv"] = with_news
    put("行政村.csv", "行政区划.shp")
    dialog.all.click()
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp"]
    assert dialog.sources.current().path.name == "行政村.csv"
    tree = dialog.form.findings.tree
    marks = [tree.topLevelItem(place).text(0).startswith("(new) ") for place in range(tree.topLevelItemCount())]
    assert marks == [True, False, False, False, False]
    assert "outside the county" in tree.topLevelItem(0).text(0)
    assert not dialog.all.isEnabled() and not dialog.one.isEnabled()  # to have it before one is no decision
    dialog.form.findings.seen_button.click()
    dialog.all.click()
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp", "行政村.csv"]


def test_a_held_file_that_was_not_looked_at_stays_out_of_the_next_import_of_all(dialog, put, doctor, idle):
    doctor.says["行政村.csv"] = doctor.says["关键点.xlsx"] = with_news
    put("行政村.csv", "关键点.xlsx", "行政区划.shp")
    dialog.all.click()
    idle()
    assert dialog.sources.current().path.name == "行政村.csv" and dialog.all.text() == "Impor&t all"
    select(dialog, "关键点.xlsx")
    select(dialog, "行政村.csv")
    dialog.form.findings.seen_button.click()
    assert dialog.form.findings.seen_button.isHidden()
    dialog.one.click()
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp", "行政村.csv"]
    select(dialog, "关键点.xlsx")
    assert not dialog.one.isEnabled() and not dialog.form.findings.seen_button.isHidden()


def test_what_stops_a_file_after_a_check_is_decided_and_cannot_be_passed_as_seen(dialog, put, doctor, idle, language):
    language("zh-Hans")
    stop = ("datum_gcj02", "", 1, "", "", "", "证据", "evidence", "")
    found = {"lines": [*LINES, stop], "findings_by_code": {"datum_gcj02": 1}, "problems": [DATUM]}
    doctor.says["移动.csv"] = lambda held: found if held else {}
    put("移动.csv", "行政区划.shp")
    dialog.all.click()
    idle()
    assert dialog.sources.current().path.name == "移动.csv"
    assert "需要您决定" in entry(dialog, "移动.csv") and "已看" not in entry(dialog, "移动.csv")
    assert dialog.form.findings.seen_button.isHidden() and not dialog.one.isEnabled()


def test_a_check_that_finds_nothing_new_or_something_less_grave_holds_nothing_back():
    from xinji_planner.ui.imports.diagnosis import unseen

    seen = {("swapped", "geometry"): {3: 2}, ("code_outside", "code"): {7: 1}}
    assert unseen(seen, {("swapped", "geometry"): {3: 1}}) == {}
    assert unseen(seen, {("code_outside", "code"): {7: 2, 8: 1}}) == {"blocks": 1, "warns": 1}
    assert unseen(seen, {("datum_gcj02", ""): {0: 2}}) == {"stops": 1}


# --- a datum against the evidence ---------------------------------------------------------------------------


def against_evidence(_held):
    label = {"zh": "GCJ-02", "en": "GCJ-02"}
    weighed = [{"name": "gcj02", "label": label, "likelihood": 0.9995}]
    return {
        **{"datum": "wgs84", "datum_verdict": "gcj02", "datum_hypotheses": weighed, "datum_shift_m": 528.4},
        "findings_by_code": {"datum_contradiction": 1},
    }


@pytest.mark.parametrize("button", ["one", "all"])
@pytest.mark.parametrize(("pressed", "imports"), [("不导入(N)", []), ("仍按此导入(Y)", ["移动.csv"])])
def test_a_datum_against_firm_evidence_is_asked_about_before_the_import(
    dialog, put, doctor, idle, language, monkeypatch, button, pressed, imports
):
    language("zh-Hans")
    doctor.says["移动.csv"] = against_evidence
    put("移动.csv")
    asked = answered(monkeypatch, pressed)
    getattr(dialog, button).click()
    idle()
    assert asked == ["“移动.csv”：判定为 GCJ-02（> 99%）。按 WGS 84 导入，位置将偏约 530 m。仍按 WGS 84？"]
    assert doctor.jobs("import_layer") == imports
    assert dialog.form.evidence.text().startswith("判定为 GCJ-02（把握 > 99%）。按 WGS 84 导入将偏约 530 m。")


def test_the_question_of_the_datum_is_answered_no_by_default(qgis_app, language, monkeypatch):
    from qgis.PyQt.QtWidgets import QMessageBox
    from xinji_planner.ui.imports import datum_question
    from xinji_planner.ui.imports.inspection import SourceFile

    language("en")
    defaults = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: defaults.append(box.defaultButton() is box.escapeButton()))
    item = SourceFile(Path("移动.csv"), diagnosis=against_evidence(()))
    assert not datum_question.is_wanted(item, None) and defaults == [True]
    assert datum_question.is_open(item)
    datum_question.confirm(item)
    assert not datum_question.is_open(item)
    item.diagnosis = {**item.diagnosis, "datum": "cgcs2000"}
    assert datum_question.is_open(item)  # another choice is another question


# --- reports, files that are there, buttons that stay grey --------------------------------------------------


def test_the_report_is_made_anew_when_the_choices_have_changed_since(dialog, put, doctor, idle, monkeypatch):
    from xinji_planner.ui.imports import showing

    opened = []
    monkeypatch.setattr(showing, "open_file", lambda path, title: opened.append((Path(path), title)))
    put("移动.csv")
    (item,) = dialog.sources.files
    earlier = item.examined["report"]
    item.treatments["swapped"] = "apply"
    dialog.form.findings.chosen.emit()
    dialog.form.findings.report.click()
    idle()
    assert doctor.told[-1][0] == "diagnose" and doctor.told[-1][1]["treatments"] == "swapped=apply"
    ((path, title),) = opened
    assert str(path) == item.examined["report"] != earlier
    assert title == "Diagnosis report · 移动.csv"


def test_a_file_that_is_on_the_list_is_selected_when_it_is_added_again(dialog, put):
    put("移动.csv", "行政区划.shp")
    select(dialog, "行政区划.shp")
    put("移动.csv")
    assert len(dialog.sources.files) == 2 and dialog.sources.current().path.name == "移动.csv"
    assert dialog.progress.doing.text() == "“移动.csv” is on the list already and was selected."


def test_a_file_that_was_changed_since_its_diagnosis_is_looked_into_again_and_not_imported_on_the_old_one(
    dialog, put, doctor, idle, language, tmp_path
):
    language("zh-Hans")
    (tmp_path / "移动.csv").write_text("甲\n", encoding="utf-8")
    put("移动.csv")
    item = dialog.sources.files[0]
    item.treatments.update({"swapped@row 3": "apply", "exact_duplicate": "apply"})
    (tmp_path / "移动.csv").write_text("甲乙\n", encoding="utf-8")
    dialog.one.click()
    idle()
    assert not doctor.jobs("import_layer") and doctor.jobs("inspect_source") == ["移动.csv"] * 2
    assert item.treatments == {"exact_duplicate": "apply"}, "row 3 may be another one now"
    assert "文件在诊断后改动过" in entry(dialog, "移动.csv")
    dialog.one.click()
    idle()
    assert doctor.jobs("import_layer") == ["移动.csv"]


def test_the_parts_of_a_shapefile_belong_to_it_and_what_lies_beside_it_does_not(tmp_path):
    from xinji_planner.ui.imports.inspection import SourceFile, stamp_of

    for name in ("a.shp", "a.dbf", "a.toml", "a.gpkg"):
        (tmp_path / name).write_text("1", encoding="utf-8")
    assert [name for name, *_ in stamp_of(SourceFile(tmp_path / "a.shp"))] == ["a.shp", "a.dbf"]
    assert [name for name, *_ in stamp_of(SourceFile(tmp_path / "a.gpkg"))] == ["a.gpkg"]
    assert stamp_of(SourceFile(tmp_path / "none.csv")) == ()


def test_an_imported_file_that_is_added_again_is_looked_into_again_for_it_may_have_been_mended(
    dialog, put, doctor, idle
):
    put("移动.csv")
    dialog.one.click()
    idle()
    before = doctor.jobs("inspect_source")
    put("移动.csv")
    assert doctor.jobs("inspect_source") == [*before, "移动.csv"] and dialog.one.isEnabled()


def test_what_was_chosen_when_the_workspace_took_in_the_same_bytes_holds_again(dialog, put, doctor, idle, monkeypatch):
    from xinji_planner.ui import workspace_info

    same = {"rows_added": 0, "rows_changed": 0, "rows_removed": 0, "rows_kept": 0, "rows_unchanged": 9}
    doctor.says["移动.csv"] = lambda _held: {**same, "choices_before": {"swapped@row 3": "apply"}}
    monkeypatch.setattr(workspace_info, "datum_before", lambda *_: "wgs84")
    put("移动.csv")
    told = [stated.get("treatments") for job, stated in doctor.told if job == "diagnose"]
    assert told == [None, "swapped@row 3=apply"]
    dialog.sources.files[0].treatments.clear()
    dialog.examiner.examine(dialog.sources.files[0])
    idle()
    assert not dialog.sources.files[0].treatments, "who takes a choice back is not given it again"


def test_the_choices_for_another_file_of_the_same_name_are_not_taken_up(dialog, put, doctor, monkeypatch):
    from xinji_planner.ui import workspace_info

    doctor.says["移动.csv"] = lambda _held: {"rows_unchanged": 9, "choices_before": {"swapped@row 3": "apply"}}
    monkeypatch.setattr(workspace_info, "datum_before", lambda *_: "")
    put("移动.csv")
    assert not dialog.sources.files[0].treatments


def test_a_datum_that_files_above_will_tell_is_not_asked_for_while_these_are_held_back(
    dialog, put, doctor, idle, language
):
    language("zh-Hans")
    doctor.says["行政村.csv"] = with_news
    unknown = {"problems": [DATUM], "findings_by_code": {"datum_unknown": 1}}
    doctor.says["移动.csv"] = lambda _held: unknown
    put("移动.csv", "行政村.csv", "行政区划.shp")
    select(dialog, "移动.csv")
    dialog.all.click()
    idle()
    assert dialog.sources.current().path.name == "行政村.csv"
    assert "上方文件导入后自动核对" in entry(dialog, "移动.csv") and "需要您决定" not in entry(dialog, "移动.csv")


def test_a_file_that_the_workspace_holds_byte_for_byte_is_not_asked_for_its_datum_again(tmp_path):
    from hashlib import sha256

    from xinji_planner.ui.workspace_info import datum_before

    path, workspace = tmp_path / "移动.csv", tmp_path / "工作区.gpkg"
    path.write_text("甲\n", encoding="utf-8")
    with sqlite3.connect(workspace) as connection:
        connection.execute(
            "CREATE TABLE xinji_history (sequence, layer, source_file, sha256, datum, undoes, undone_by)"
        )
        row = (1, "base_stations", path.name, sha256(path.read_bytes()).hexdigest(), "gcj02", None, None)
        connection.execute("INSERT INTO xinji_history VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    assert datum_before(str(workspace), "base_stations", path) == "gcj02"
    assert datum_before(str(workspace), "villages", path) == ""
    with sqlite3.connect(workspace) as connection:
        connection.execute("UPDATE xinji_history SET source_file = ?", (f"{path.name}|站点清单",))
    assert datum_before(str(workspace), "base_stations", path) == "gcj02", "a sheet of a workbook"
    path.write_text("乙\n", encoding="utf-8")
    assert datum_before(str(workspace), "base_stations", path) == ""


def test_a_button_that_stays_grey_says_why(dialog, put, doctor):
    assert dialog.one.toolTip() == dialog.all.toolTip() == "Add a file first."
    doctor.says["移动.csv"] = lambda _held: {
        **{"rows_added": 0, "rows_changed": 0, "rows_removed": 0, "rows_kept": 0, "rows_unchanged": 4}
    }
    put("移动.csv")
    assert not dialog.one.isEnabled() and dialog.one.toolTip() == "In the workspace already, unchanged"
    assert dialog.form.note.text() == "In the workspace already, unchanged"
    assert dialog.all.toolTip() == "All of them are imported."


def test_without_a_workspace_the_window_says_to_choose_one(dialog, put):
    dialog.workspace.setFilePath("")
    put("移动.csv")
    assert "Choose or make a planning workspace first" in dialog.workspace.lineEdit().placeholderText()
    assert dialog.one.toolTip() == "Choose or make a planning workspace first."


def test_after_an_import_every_waiting_file_is_examined_anew_and_keeps_the_choices(dialog, put, doctor, idle):
    put("行政区划.shp", "移动.csv")
    waiting = next(item for item in dialog.sources.files if item.path.name == "移动.csv")
    waiting.treatments["swapped"] = "apply"
    select(dialog, "行政区划.shp")
    dialog.one.click()
    idle()
    job, stated = doctor.told[-1]
    assert (job, Path(stated["source"]).name, stated["treatments"]) == ("diagnose", "移动.csv", "swapped=apply")
    assert Path(stated["workspace"]).is_file()


def test_while_a_file_is_examined_anew_the_list_says_so(dialog, put, doctor, idle, wait):
    put("行政区划.shp", "移动.csv")
    said = []
    dialog.examiner.started.connect(lambda _item: said.append(entry(dialog, "移动.csv")))
    select(dialog, "行政区划.shp")
    dialog.one.click()
    idle()
    assert "Checking again" in said[-1] and "Checking again" not in entry(dialog, "移动.csv")


def test_an_undone_import_waits_again_and_the_others_are_examined_anew(
    dialog, put, doctor, idle, actions, wait, monkeypatch
):
    put("行政区划.shp", "移动.csv")
    select(dialog, "行政区划.shp")
    dialog.one.click()
    idle()
    assert entry(dialog, "行政区划.shp").startswith("✓")
    before = len(doctor.jobs("diagnose"))
    answered(monkeypatch, "Undo")
    actions.dock.undo.click()
    wait(lambda: len(doctor.jobs("diagnose")) >= before + 2)
    idle()
    assert sorted(doctor.jobs("diagnose")[before:]) == ["移动.csv", "行政区划.shp"]
    assert not entry(dialog, "行政区划.shp").startswith("✓") and dialog.all.text() == "Impor&t the 2 ready"


def test_another_target_workspace_makes_the_diagnoses_anew(dialog, put, doctor, wait, tmp_path):
    other = tmp_path / "另一个.gpkg"
    doctor.write(other, "admin_units", "行政区划.shp")
    put("移动.csv")
    before = len(doctor.jobs("diagnose"))
    dialog.workspace.setFilePath(str(other))
    wait(lambda: len(doctor.jobs("diagnose")) > before)
    assert doctor.told[-1][1]["workspace"] == str(other)


def test_a_datum_that_the_units_will_tell_needs_no_decision_yet(dialog, put, doctor):
    doctor.says["移动.csv"] = lambda held: (
        {} if held else {"problems": [DATUM], "datum": "", "findings_by_code": {"datum_unknown": 1}}
    )
    put("移动.csv", "行政区划.shp")
    assert "once the files above are in" in entry(dialog, "移动.csv")
    assert "No need to decide now" in dialog.form.note.text()


def test_an_undone_import_is_no_source_of_its_layer_any_more(tmp_path, doctor):
    from xinji_planner.ui import workspace_info

    path = tmp_path / "有数据.gpkg"
    doctor.write(path, "villages", "名录.csv")
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE villages (fid)")
    assert workspace_info.states(str(path))[0].sources == ("名录.csv",)
    doctor.undo(path, 1)
    (state,) = workspace_info.states(str(path))
    assert (state.sources, state.set_aside) == ((), 0)


def test_a_recipe_of_another_kind_leaves_no_earlier_findings_on_the_screen(dialog, put, doctor, engine, idle, tmp_path):
    from xinji_planner.errors import InputError
    from xinji_planner.text import Text

    put("移动.csv")

    def refuse(*_):
        raise InputError(Text("处理方案不符", "The recipe is of another kind."))

    engine.answer = refuse
    (item,) = dialog.sources.files
    item.recipe = str(tmp_path / "别的.toml")
    dialog.examiner.recipe_changed.emit(item)
    idle()
    assert dialog.form.findings.tree.topLevelItemCount() == 0 and not dialog.form.findings.report.isEnabled()
    assert "another kind" in dialog.form.findings.outcome.text() and not dialog.one.isEnabled()
    engine.answer = doctor
    dialog.form.no_recipe.click()
    idle()
    assert dialog.form.findings.tree.topLevelItemCount() and dialog.one.isEnabled()


def test_a_message_of_several_lines_shows_all_of_them(actions, iface, qgis_app, wait):
    from qgis.PyQt.QtWidgets import QTextBrowser

    bar = iface.messageBar()
    bar.resize(500, 60)
    bar.show()
    actions.messages.success("已撤销“移动_无线基站台账.csv”：恢复 0 行，移除 186 行，改回 0 行，现有 0 行" * 2)
    text = bar.currentItem().findChild(QTextBrowser)
    wait(lambda: text.minimumHeight() >= text.document().size().height())
    assert text.document().size().height() > 1.5 * text.fontMetrics().lineSpacing()


# --- what counts as ready -----------------------------------------------------------------------------------


def test_a_file_that_the_workspace_holds_unchanged_says_so_and_is_not_ready(dialog, put, doctor):
    same = {"rows_added": 0, "rows_changed": 0, "rows_removed": 0, "rows_kept": 0, "rows_unchanged": 4}
    doctor.says["移动.csv"] = lambda _held: same
    put("移动.csv")
    assert "In the workspace already, unchanged" in entry(dialog, "移动.csv")
    assert not dialog.all.isEnabled() and not dialog.one.isEnabled()
    dialog.form.findings.chosen.emit()  # another treatment makes it another import
    assert dialog.one.isEnabled()


def test_a_file_of_which_no_row_would_be_written_is_not_ready(dialog, put, doctor):
    doctor.says["移动.csv"] = lambda _held: {"rows_out": 0, "rows_set_aside": 9}
    put("移动.csv")
    assert "No row would be written" in entry(dialog, "移动.csv") and not dialog.one.isEnabled()


def test_a_newly_added_file_is_selected(dialog, put):
    put("行政区划.shp")
    put("移动.csv")
    assert dialog.sources.current().path.name == "移动.csv"


# --- closing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "stays", "kept"), [("Keep", False, True), ("Discard", False, False), ("Cancel", True, True)]
)
def test_escape_asks_before_files_that_wait_are_forgotten(dialog, put, actions, monkeypatch, label, stays, kept):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    put("移动.csv")
    asked = answered(monkeypatch, label)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert asked == ["Files that are not imported yet: 1."]
    assert dialog.isVisible() == stays
    again = actions.import_data()
    assert (again is dialog) == kept
    assert bool(again.sources.files) == kept


def test_without_a_waiting_file_the_window_closes_without_a_question(dialog, put, idle, monkeypatch):
    put("移动.csv")
    dialog.one.click()
    idle()
    asked = answered(monkeypatch, "Keep")
    dialog.reject()
    assert not asked and not dialog.isVisible()


def test_a_window_closed_during_its_work_loses_nothing(dialog, put, actions, monkeypatch, idle, doctor):
    put("移动.csv", "行政区划.shp")
    asked = answered(monkeypatch, "Discard")
    dialog.all.click()
    dialog.reject()
    assert not asked and not dialog.isVisible() and actions.import_data() is dialog
    idle()
    assert doctor.jobs("import_layer") == ["行政区划.shp", "移动.csv"]


def test_the_way_back_from_the_map_brings_the_window_with_its_list(dialog, put, actions, iface):
    from qgis.PyQt.QtWidgets import QPushButton

    put("移动.csv")
    dialog.form.findings.on_map.click()
    assert not dialog.isVisible()
    bar = iface.messageBar()
    (back,) = [item for item in bar.currentItem().findChildren(QPushButton) if item.text() == "Back to the import"]
    back.click()
    assert dialog.isVisible() and names(dialog) == ["移动.csv"]
    dialog.form.findings.on_map.click()
    assert actions.import_data() is dialog  # the panel's button is a way back, too


def test_the_panel_keeps_the_way_back_under_whatever_is_said_later(dialog, put, actions, iface, qgis_app):
    put("移动.csv")
    assert actions.dock.way_back.isHidden()
    dialog.form.findings.on_map.click()
    for number in range(3):
        actions.messages.success(f"{number}")
    assert not actions.dock.way_back.isHidden() and actions.dock.way_back.text() == "Back to the import"
    actions.dock.way_back.click()
    qgis_app.processEvents()
    assert dialog.isVisible() and actions.dock.way_back.isHidden()
    assert not [item for item in iface.messageBar().items() if "stepped aside" in item.text()]


@pytest.mark.parametrize("way", ["panel", "import"])
def test_the_window_comes_back_where_it_was(dialog, put, actions, qgis_app, way):
    from qgis.PyQt.QtCore import QPoint

    put("移动.csv")
    dialog.move(31, 47)
    for _ in range(2):
        dialog.form.findings.on_map.click()
        dialog.move(90, 120)  # as a window manager would
        actions.dock.way_back.click() if way == "panel" else actions.import_data()
        qgis_app.processEvents()
        assert dialog.isVisible() and dialog.pos() == QPoint(31, 47)


# --- recipes and reports ------------------------------------------------------------------------------------


def test_a_recipe_in_force_is_named_states_the_datum_and_can_be_dropped(
    dialog, put, doctor, idle, monkeypatch, tmp_path
):
    from qgis.PyQt.QtWidgets import QFileDialog

    recipe = tmp_path / "月报.toml"
    recipe.write_text('kind = "base_stations"\n[file]\ndatum = "gcj02"\n', encoding="utf-8")
    titles = []

    def chosen(_parent, title, *_rest):
        titles.append(title)
        return str(recipe), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", chosen)
    put("移动.csv")
    assert dialog.form.recipe_row.isHidden() and "Automatic" in dialog.form.datum.currentText()
    dialog.form.findings.open.click()
    idle()
    assert titles == ["A recipe for “移动.csv”"]
    assert "月报.toml" in dialog.form.recipe.text() and not dialog.form.recipe_row.isHidden()
    assert dialog.form.datum.currentText() == "By the recipe: GCJ-02 (converted to CGCS2000)"
    dialog.form.no_recipe.click()
    idle()
    assert dialog.form.recipe_row.isHidden() and "recipe" not in doctor.told[-1][1]
    assert "Automatic" in dialog.form.datum.currentText()


def test_before_and_after_the_import_one_button_opens_the_report_and_one_the_map(dialog, put, idle, monkeypatch):
    from xinji_planner.ui.imports import showing

    opened = []
    monkeypatch.setattr(showing, "open_file", lambda path, _title: opened.append(Path(path).name))
    put("移动.csv")
    view = dialog.form.findings
    assert (view.report.text(), view.on_map.text()) == ("Dia&gnosis report", "Faults on the &map")
    assert dialog.aside.isHidden()
    view.report.click()
    dialog.one.click()
    idle()
    assert (view.report.text(), view.on_map.text()) == ("Import report (&G)", "Result on the &map")
    assert not dialog.aside.isHidden()
    view.report.click()
    assert opened == ["report.html", "工作区.html"]


def test_after_its_import_a_file_says_what_came_in_and_how_the_rest_follows(dialog, put, idle):
    put("移动.csv")
    view = dialog.form.findings
    view.outcome.setText("Treatments were changed and hold for the import")
    dialog.one.click()
    idle()
    assert view.outcome.text().startswith("Imported: 4 rows written, 5 set aside, 0 merged.")
    assert "the file is imported again" in view.outcome.text()


@pytest.mark.parametrize(
    ("spoken", "shown", "other"), [("zh-Hans", "诊断报告", "Diagnosis"), ("en", "Diagnosis", "诊断报告")]
)
def test_without_a_browser_a_report_opens_in_a_window_of_its_own(
    qgis_app, language, tmp_path, wait, spoken, shown, other
):
    from qgis.PyQt.QtWidgets import QLabel, QTextBrowser
    from xinji_planner.ui import report_viewer

    language(spoken)
    page = tmp_path / "report.html"
    page.write_text(
        '<html><head><style>p{color:red}</style></head><body><label for="zh">按钮</label><main>'
        '<p><span lang="zh">诊断报告</span><span lang="en">Diagnosis</span></p>'
        '<svg viewBox="0 0 90 60"><rect width="90" height="60"/></svg></main></body></html>',
        encoding="utf-8",
    )
    window = report_viewer.show_here(page)
    text = window.findChild(QTextBrowser).toPlainText()
    assert window.isVisible() and shown in text and other not in text and "按钮" not in text and "red" not in text
    assert str(page) in window.findChild(QLabel).text()
    window.reject()


def test_an_opener_that_finds_no_program_lets_the_report_be_shown_here(qgis_app, monkeypatch, tmp_path, wait):
    from xinji_planner.ui import report_viewer

    opener = tmp_path / "xdg-open"
    opener.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    opener.chmod(0o755)
    shown = []
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(report_viewer, "show_here", lambda path, _title: shown.append(path))
    report_viewer.open_file(tmp_path / "report.html")
    wait(lambda: shown)
    assert shown == [tmp_path / "report.html"]


# --- words --------------------------------------------------------------------------------------------------


def _labelled(datum="cgcs2000", share=None, verdict=""):
    label = {"zh": "WGS 84/CGCS2000", "en": "WGS 84/CGCS2000"}
    one = {"name": "wgs84", "label": label, "likelihood": 0.5, "share_inside": share, "median_residual_m": None}
    weighed = {"zh": "无法判定的长话。", "en": "Long words that do not tell."}
    return {
        **{"datum": datum, "datum_verdict": verdict, "datum_hypotheses": [one]},
        "datum_evidence_weighed": weighed,
    }


@pytest.mark.parametrize(
    ("locale", "share", "said", "weighed"),
    [
        ("zh-Hans", None, "文件标注 CGCS2000，无其他数据可核对，按标注读取。", ""),
        (
            "en",
            None,
            "The file says CGCS2000; there is no other data to check it against, so it is read as labelled.",
            "",
        ),
        ("zh-Hans", 0.9, "文件标注 CGCS2000，现有数据不能证实或否定，按标注读取。", "无法判定的长话。"),
    ],
)
def test_a_label_that_nothing_speaks_against_is_not_said_to_be_untold(
    dialog, put, doctor, language, locale, share, said, weighed
):
    language(locale)
    doctor.says["移动.csv"] = lambda _held: _labelled(share=share)
    put("移动.csv")
    assert dialog.form.evidence.text() == said
    whole = dialog.form._evidence
    assert weighed in whole if weighed else "无法判定" not in whole


def test_a_merged_row_says_into_which_one_and_an_emptied_cell_says_so(qgis_app):
    from xinji_planner.layers.findings.catalogue import KINDS as FINDINGS
    from xinji_planner.text import Text
    from xinji_planner.ui.imports.diagnosis import Group, Line, after

    def said(code, action, field="", value=""):
        kind = FINDINGS[code]
        line = Line("5", 1, field, value, "", Text("第 97 行", "row 97"), action)
        return after("base_stations", Group(kind, kind.severity, kind.actions, [line]), line, action).zh

    assert said("exact_duplicate", "apply") == "合并到第 97 行"
    assert said("exact_duplicate", "set_aside") == "建议 合并到第 97 行（暂搁置）"
    assert said("null_word", "apply", "height_m", "无") == "（空）"
    assert said("not_a_number", "keep", "height_m", "约三十") == "（空）"
    assert said("zero_coordinates", "keep", "geometry", "0, 0") == "（无坐标）"
    assert said("far_away", "keep", "geometry", "1, 2") == "（不变）"


def test_what_stops_a_file_is_counted_apart_from_the_rows_set_aside(qgis_app):
    from xinji_planner.ui.imports.standing import counted

    said = {"findings": {"blocks": 6, "warns": 1, "informs": 0}, "findings_by_code": {"datum_gcj02": 1, "swapped": 5}}
    assert [one.zh for one in counted(said)] == ["阻断 1", "搁置 5", "警告 1", "提示 0"]


def test_a_proposal_that_waits_says_what_is_written_meanwhile(qgis_app):
    from xinji_planner.layers.findings.catalogue import KINDS as FINDINGS
    from xinji_planner.text import Text
    from xinji_planner.ui.imports.diagnosis import Group, Line, after, rows_named

    kind = FINDINGS["approximate_number"]
    line = Line("5", 1, "height_m", "约三十", "30", Text("约数", "roughly"), "keep")
    assert after("", Group(kind, kind.severity, kind.actions, [line]), line, "keep").zh == "建议 30（暂置空）"
    assert rows_named("row 97").zh == "第 97 行"


def test_a_datum_that_the_evidence_does_not_tell_is_asked_for_in_one_line(dialog, put, doctor, language):
    language("zh-Hans")
    problem = {"zh": "很长的话，再用 --datum 指明。", "en": "Long words; state it with --datum."}
    doctor.says["移动.csv"] = lambda _held: {**_labelled(datum="", share=0.9), "problems": [problem]}
    put("移动.csv")
    assert dialog.form.note.text() == "⚠ 坐标基准未注明：请向提供方确认，再在“坐标基准”中选择。"
    assert dialog.form.evidence.text() == "依据不足（WGS 84/CGCS2000 50%）：请由您指定基准。"


# --- one message, one place, one advice ---------------------------------------------------------------------


def test_the_button_that_shows_the_evidence_never_gives_its_place_to_the_one_that_adopts_it(dialog, put, doctor):
    unlabelled = {"zh": "请用 --datum 指明。", "en": "State it with --datum."}
    weighed = {"datum_proposed": "gcj02", "datum_verdict": "gcj02", "problems": [unlabelled]}
    doctor.says["甲.csv"] = lambda _held: {}
    doctor.says["乙.csv"] = lambda _held: {**_labelled(datum="", share=0.9), **weighed}
    put("甲.csv", "乙.csv")
    dialog.show()
    places = []
    for name in ("甲.csv", "乙.csv"):
        select(dialog, name)
        dialog.form.layout().activate()
        assert dialog.form.more.isVisible()
        places.append((dialog.form.more.x(), dialog.form.adopt.isVisible(), dialog.form.more.isEnabled()))
    (here, *first), (there, *second) = places
    assert here == there and first == [False, False] and second == [True, True]
    assert dialog.form.adopt.x() > dialog.form.evidence.x() > dialog.form.more.x()


def test_where_nothing_was_compared_no_likelihood_is_shown_and_what_would_help_is_named(dialog, put, doctor, language):
    language("zh-Hans")
    doctor.says["移动.csv"] = lambda _held: {
        **_labelled(datum=""),
        "problems": [DATUM],
        "datum_helps": ["villages", "key_points", "places"],
        "datum_evidence_weighed": {"zh": "未作比较。", "en": "Nothing was compared."},
    }
    put("移动.csv")
    said = dialog.form.evidence.text()
    assert said == "没有可核对的数据，未作比较：请先导入行政村、关键点、重点场所，或由您指定基准。"
    assert "%" not in dialog.form._evidence


def test_a_file_that_is_held_back_is_blocked_in_its_line_and_not_warned_of(dialog, put, doctor, language):
    language("zh-Hans")
    found = {"findings": {"blocks": 10, "warns": 3, "informs": 0}, "findings_by_code": {"datum_unknown": 1}}
    doctor.says["移动.csv"] = lambda _held: {**found, "findings_stopping": 1, "datum": "", "problems": [DATUM]}
    doctor.says["缺列.csv"] = lambda _held: {**found, "findings_stopping": 0, "problems": [DATUM]}
    put("移动.csv", "缺列.csv")
    assert "需要您决定；阻断 1；搁置 5；警告 3" in entry(dialog, "移动.csv")
    assert "需要您决定；阻断 1；搁置 5；警告 3" in entry(dialog, "缺列.csv")  # what stops it is no finding of its own


def test_a_datum_against_the_evidence_that_was_ordered_is_a_warning_and_no_block(dialog, put, doctor, language):
    language("zh-Hans")
    doctor.says["移动.csv"] = lambda _held: {
        **{"findings_stopping": 0, "findings": {"blocks": 0, "warns": 4, "informs": 0}},
        "findings_by_code": {"datum_contradiction": 1},
    }
    put("移动.csv")
    assert "阻断" not in entry(dialog, "移动.csv") and "警告 4" in entry(dialog, "移动.csv")
    assert "阻断" not in dialog.form.tabs.tabText(0)


def test_an_imported_file_stays_imported_when_it_is_diagnosed_again(dialog, put, doctor, idle, engine):
    from xinji_planner.errors import XinjiError
    from xinji_planner.text import same

    put("移动.csv")
    dialog.one.click()
    idle()
    before = entry(dialog, "移动.csv")
    assert before.startswith("✓") and "9 in = 4 written" in before
    dialog.form.findings.again_button.click()
    idle()
    assert doctor.jobs("diagnose")[-1] == "移动.csv"
    assert entry(dialog, "移动.csv") == before

    def fail(job, stated, output):
        raise XinjiError(same("gone"), same(""))

    engine.answer = fail
    dialog.form.findings.again_button.click()
    idle()
    assert entry(dialog, "移动.csv") == before
    assert dialog.form.findings.outcome.text().startswith("Imported: 4 rows written")


def test_after_an_import_the_tab_counts_what_became_of_the_rows(dialog, put, doctor, idle, language, engine):
    language("zh-Hans")
    answer = engine.answer

    def with_merge(job, stated, output):
        done = answer(job, stated, output)
        if job == "import_layer":
            done.summary.update(rows_in=9, rows_out=4, rows_set_aside=4, rows_merged=1)
            done.summary.update(findings={"blocks": 5, "warns": 2, "informs": 0}, findings_stopping=0)
        return done

    engine.answer = with_merge
    put("移动.csv")
    assert "搁置 5" in dialog.form.tabs.tabText(0)
    dialog.one.click()
    idle()
    assert dialog.form.tabs.tabText(0).endswith("搁置 4、警告 2、合并 1")


def test_the_hint_names_the_button_as_it_reads(dialog, put, language):
    language("zh-Hans")
    put("行政区划.shp", "移动.csv")
    assert "“导入就绪的 2 个”" in dialog.sources.hint.text()
    assert dialog.all.text().startswith("导入就绪的 2 个")


def test_the_choice_of_an_edition_is_out_of_sight_until_it_is_asked_for_or_suggested(dialog, put, doctor, idle):
    put("移动.csv")
    form = dialog.form
    assert form.edition.source.isHidden() and form.newer.isHidden()  # nothing to follow
    dialog.one.click()
    idle()
    put("联通.csv")
    select(dialog, "联通.csv")
    assert form.edition.source.isHidden() and form.newer.isHidden()  # it repeats nothing: a new source
    doctor.says["电信.csv"] = lambda _held: {"findings_by_code": {"in_workspace": 2}}
    put("电信.csv")
    select(dialog, "电信.csv")
    assert form.edition.source.isHidden() and not form.newer.isHidden()
    form.newer.click()
    assert not form.edition.source.isHidden() and form.newer.isChecked()
    form.newer.click()
    assert form.edition.source.isHidden()  # folded back
    form.newer.click()
    select(dialog, "移动.csv")
    assert form.edition.source.isHidden()
    select(dialog, "电信.csv")
    assert not form.edition.source.isHidden()  # as it was opened


def test_a_file_under_a_name_that_the_workspace_holds_shows_the_choice_at_once(dialog, put, doctor, tmp_path):
    doctor.write(tmp_path / "工作区.gpkg", "base_stations", "移动.csv")
    put("移动.csv")
    assert not dialog.form.edition.replace.isHidden() and dialog.form.newer.isHidden()


def test_a_probable_duplicate_is_set_aside_and_its_correction_is_not_proposed(qgis_app):
    from xinji_planner.layers.findings.catalogue import KINDS as FINDINGS
    from xinji_planner.text import Text
    from xinji_planner.ui.imports.diagnosis import Group, Line, after, yours

    kind = FINDINGS["corrected_duplicate"]
    line = Line("5", 1, "geometry", "22.1, 106.1", "", Text("与第 2 行相同", "as row 2"), "set_aside", 0.6)
    group = Group(kind, kind.severity, kind.actions, [line])
    assert not yours(group, line, "set_aside").zh
    assert after("", group, line, "set_aside").zh == "（搁置）"
    assert after("", group, line, "apply").zh == "（按改正后的坐标写入）"
    assert kind.treatment.zh.startswith("多半是另一行的重复，搁置")
    kind = FINDINGS["doubtful_correction"]  # to be looked at: it is not proposed as well
    line = Line("5", 1, "geometry", "22.1, 106.1", "106.1, 22.1", Text("", ""), "set_aside", 0.4)
    group = Group(kind, kind.severity, kind.actions, [line])
    assert not yours(group, line, "set_aside").zh
    assert after("", group, line, "set_aside").zh == "或为 106.1, 22.1（暂搁置）"


def test_an_undo_says_only_what_happened(qgis_app):
    from xinji_planner.ui.summaries import summary_line

    done = {"source_file": "联通.shp", "rows_restored": 0, "rows_removed": 73, "rows_changed_back": 0}
    done |= {"rows_in_layer": 186, "action": "undo"}
    assert summary_line(done).zh == "已撤销“联通.shp”的导入：撤出它写入的 73 行；图层现有 186 行"
    back = {**done, "rows_restored": 73, "rows_removed": 0, "action": "redo"}
    assert summary_line(back).zh == "已恢复“联通.shp”的导入：重新写入 73 行；图层现有 186 行"
