"""What the planner sees of a diagnosis: findings with before and after, choices, recipes, the places on the map."""

import csv
import json
import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

FOUND = {
    "layers": [],
    "layer": "",
    "rows": 4,
    "encoding": "GB18030",
    "headings": ["站号", "运营商", "制式", "状态", "经度", "纬度"],
    "kind": "base_stations",
    "mapping": {
        **{"站号": "station_id", "运营商": "operator", "制式": "technology", "状态": "status"},
        **{"经度": "lon", "纬度": "lat"},
    },
    "problems": [],
    "samples": [{"row": 2, "cells": ["A1", "移动", "5G", "在网", "106.1", "22.1"]}],
}
LABELS = {
    "swapped": ("经纬度疑似颠倒", "longitude and latitude are perhaps swapped", "values", "blocks"),
    "missing_required": ("缺少必填值", "a required value is missing", "values", "blocks"),
    "code_outside": ("不在县界内", "outside the county that its code names", "identity", "warns"),
    "datum_gcj02": ("坐标是 GCJ-02", "the coordinates are in GCJ-02", "datum", "blocks"),
    "exact_duplicate": ("与前面的行完全相同", "the same as an earlier row", "identity", "blocks"),
    "not_a_number": ("不是数字", "not a number", "values", "warns"),
    "dialect": ("代码的其他写法", "another spelling of a code", "values", "informs"),
}
LINES = [
    ("swapped", "3", 1, "geometry", "22.1, 106.1", "106.1, 22.1", "颠倒后落在县内", "then it lies inside", "set_aside"),
    ("swapped", "5;8-9", 3, "geometry", "22.3, 106.3", "106.3, 22.3", "颠倒后落在县内", "inside then", "set_aside"),
    ("missing_required", "4", 1, "station_id", "", "", "基站编号", "Station id", "set_aside"),
    ("not_a_number", "2", 1, "antenna_height_m", "约三十", "", "约数", "roughly", "keep"),
    ("dialect", "2-9", 8, "operator", "移动", "CMCC", "", "", "apply"),
]  # fmt: skip
COLUMNS = (
    *("code", "finding_zh", "finding_en", "group", "severity", "field", "rows", "count", "value", "proposed"),
    *("why_zh", "why_en", "treatment", "treatment_zh", "treatment_en", "choices", "confidence", "related"),
)


def _choices(code):
    from xinji_planner.layers.findings.catalogue import KINDS

    actions = KINDS[code].actions
    return ";".join(actions) if len(actions) > 1 else ""


def write_findings(path, lines):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for code, rows, count, field, value, proposed, zh, en, treatment, *fixed in lines:
            label_zh, label_en, group, severity = LABELS[code]
            writer.writerow(
                {
                    **{"code": code, "finding_zh": label_zh, "finding_en": label_en, "group": group},
                    **{"severity": severity, "field": field, "rows": rows, "count": count, "value": value},
                    **{"proposed": proposed, "why_zh": zh, "why_en": en, "treatment": treatment},
                    **{"confidence": 0.9, "related": "", "choices": "" if fixed else _choices(code)},
                }
            )


def write_points(path, count=3):
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorFileWriter, QgsVectorLayer

    names = ("finding_zh", "finding_en", "field", "value", "proposed", "why_zh", "why_en", "treatment", "related")
    fields = "&".join(f"field={name}:string" for name in ("severity", "code", *names))
    layer = QgsVectorLayer(f"Point?crs=EPSG:4490&field=row:integer&{fields}&field=confidence:double", "p", "memory")
    for number in range(count):
        feature = QgsFeature(layer.fields())
        code, severity = ("swapped", "blocks") if number % 2 == 0 else ("not_a_number", "warns")
        told = {
            **{"row": number + 2, "severity": severity, "code": code, "field": "antenna_height_m", "value": "22"},
            **{"finding_zh": LABELS[code][0], "finding_en": LABELS[code][1], "treatment": "set_aside"},
            **{"why_zh": "颠倒后落在县内", "why_en": "then it lies inside", "confidence": 0.9},
        }
        for name, value in told.items():
            feature.setAttribute(name, value)
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(106 + number / 10, 22)))
        layer.dataProvider().addFeature(feature)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "finding_points"
    from qgis.core import QgsCoordinateTransformContext

    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)


def diagnosed(output, source="移动.csv", lines=LINES, **more):
    """Write what `diagnose` writes."""
    folder = Path(output)
    folder.mkdir(parents=True)
    write_findings(folder / "findings.csv", lines)
    write_points(folder / "result.gpkg")
    (folder / "recipe.toml").write_text("kind = 'base_stations'\n", encoding="utf-8")
    (folder / "report.html").write_text("<p>诊断</p>", encoding="utf-8")
    names = {"findings": "findings.csv", "finding_points": "result.gpkg", "recipe": "recipe.toml"}
    names["report"] = "report.html"
    summary = {
        **{"rows_in": 9, "rows_out": 4, "rows_set_aside": 5, "rows_merged": 0, "problems": [], "datum": "wgs84"},
        "findings": {"blocks": 5, "warns": 1, "informs": 8},
        **more,
    }
    record = {"job": "diagnose", "summary": summary, "outputs": names, "parameters": {"source": source}}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return SimpleNamespace(
        summary=summary, outputs={name: str(folder / file) for name, file in names.items()}, folder=str(folder)
    )


@pytest.fixture
def actions(iface, engine, language, tmp_path):
    from xinji_planner.ui import settings
    from xinji_planner.ui.actions import Actions

    language("en")
    settings.set_workspace("")
    made = Actions(iface)
    made.dock.set_workspace(str(tmp_path / "新 工作区.gpkg"))
    yield made
    made.close()


@pytest.fixture
def doctor(engine):
    """Let the engine answer as the doctor does; `said` is what the diagnosis says on top."""
    said, told = {}, []

    def answer(job, parameters, output):
        told.append((job, dict(parameters)))
        if job == "inspect_source":
            return SimpleNamespace(summary=json.loads(json.dumps(FOUND)), outputs={}, folder=str(output))
        if job == "diagnose":
            return diagnosed(output, parameters["source"], **said)
        done = {"rows_in": 9, "rows_out": 4, "rows_set_aside": 5, "rows_merged": 0}
        return SimpleNamespace(summary=done, outputs={}, folder="")

    engine.answer = answer
    return SimpleNamespace(said=said, told=told)


@pytest.fixture
def dialog(actions, doctor, wait, tmp_path):
    made = actions.import_data()
    made.add([tmp_path / "移动.csv"])
    wait(lambda: not made.queue.is_busy())
    return made


def tree_of(dialog):
    tree = dialog.form.findings.tree
    return tree, [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]


def column(item, tree, heading):
    headings = [tree.headerItem().text(place) for place in range(tree.columnCount())]
    return item.text(headings.index(heading))


def chooser(tree, item):
    return tree.itemWidget(item, 5)


def choose(box, action):
    box.setCurrentIndex(box.findData(action))
    box.activated.emit(box.currentIndex())


def words_of(widget):
    """Give every word that a widget and what is in it show."""
    from qgis.PyQt import QtWidgets

    for part in [widget, *widget.findChildren(QtWidgets.QWidget)]:
        for name in ("text", "title", "windowTitle", "toolTip", "placeholderText"):
            said = getattr(part, name, None)
            if callable(said):
                try:
                    yield str(said())
                except TypeError:
                    continue
        if isinstance(part, QtWidgets.QTabWidget):
            yield from (part.tabText(place) for place in range(part.count()))


def test_the_findings_stand_in_kinds_what_has_a_choice_first_with_before_and_after(dialog):
    tree, kinds = tree_of(dialog)
    assert [item.text(0).partition(":")[0] for item in kinds] == ["Set aside", "Warns", "Set aside", "Informs"]
    assert kinds[0].text(1) == "3, 5, 8, 9"
    tree.expandItem(kinds[0])
    first = kinds[0].child(0)
    assert column(first, tree, "Rows") == "3"
    assert column(first, tree, "Field") == "Place"
    assert column(first, tree, "Before") == "22.1, 106.1"
    assert column(first, tree, "After") == "proposed: 106.1, 22.1 (set aside)"
    assert column(kinds[1], tree, "After") == "(empty)"
    assert column(kinds[2], tree, "After") == "(set aside)"
    assert column(kinds[3], tree, "After") == "China Mobile"  # the label of the code


def test_the_tab_of_findings_stands_in_front_and_counts_what_blocks_and_warns(dialog):
    assert dialog.form.tabs.currentWidget() is dialog.form.findings
    assert dialog.form.tabs.tabText(0) == "Findings and treatment · Set aside: 5, Warns: 1"
    assert "Rows: 9 = 4 written + 5 set aside + 0 merged" in dialog.form.findings.outcome.text()


def test_below_the_tree_the_chosen_finding_is_written_out(dialog):
    tree, kinds = tree_of(dialog)
    tree.expandItem(kinds[0])
    tree.setCurrentItem(kinds[0].child(0))
    said = dialog.form.findings.details.text()
    assert "22.1, 106.1 → proposed: 106.1, 22.1" in said and "then it lies inside" in said
    assert "Confidence that the proposed value is right: 90 %" in said


def test_a_choice_for_a_kind_and_one_for_a_row_reach_the_import(dialog, doctor, wait):
    tree, kinds = tree_of(dialog)
    choose(chooser(tree, kinds[0]), "apply")
    tree.expandItem(kinds[0])
    choose(chooser(tree, kinds[0].child(0)), "set_aside")
    assert column(kinds[0].child(0), tree, "After") == "(set aside)", "the planner said so: nothing is provisional"
    assert column(kinds[0].child(1), tree, "After") == "106.3, 22.3"
    dialog.one.click()
    wait(lambda: not dialog.queue.is_busy())
    job, stated = doctor.told[-1]
    assert (job, stated["treatments"]) == ("import_layer", "swapped=apply,swapped@row 3=set_aside")


def test_rows_that_the_diagnosis_tells_in_one_line_are_treated_one_by_one(dialog):
    tree, kinds = tree_of(dialog)
    tree.expandItem(kinds[0])
    assert [kinds[0].child(place).text(1) for place in range(4)] == ["3", "5", "8", "9"]
    choose(chooser(tree, kinds[0].child(1)), "apply")
    assert dialog.sources.files[0].treatments == {"swapped@row 5": "apply"}
    others = [chooser(tree, kinds[0].child(place)).currentText() for place in (0, 2)]
    assert others == ["Set aside", "Set aside"], "as above says nothing under a kind whose rows differ"
    choose(chooser(tree, kinds[0].child(1)), "")
    assert not dialog.sources.files[0].treatments
    assert chooser(tree, kinds[0].child(0)).currentText() == "As above"


def test_a_line_of_many_rows_is_treated_as_one(dialog, doctor, wait):
    many = ("swapped", "2-80", 79, "geometry", "22.1, 106.1", "106.1, 22.1", "why", "why", "set_aside")
    doctor.said.update(lines=[many, *LINES[2:]])
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    tree, kinds = tree_of(dialog)
    choose(chooser(tree, kinds[0]), "apply")
    assert kinds[0].childCount() == 0 and dialog.sources.files[0].treatments == {"swapped": "apply"}


def test_enter_in_the_tree_opens_the_choice_and_never_starts_an_import(dialog, doctor, wait):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtTest import QTest

    tree, kinds = tree_of(dialog)
    opened = []
    chooser(tree, kinds[0]).showPopup = lambda: opened.append(True)
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Return)
    wait(lambda: not dialog.queue.is_busy())
    assert opened and "import_layer" not in [job for job, _ in doctor.told]


def test_a_row_that_cannot_be_treated_stands_apart_from_those_of_its_kind_that_can(dialog, doctor, wait):
    fixed = ("swapped", "7", 1, "geometry", "22.9, 106.9", "", "缺编号", "no id", "set_aside", "fixed")
    doctor.said.update(lines=[*LINES, fixed])
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    tree, kinds = tree_of(dialog)
    apart = next(item for item in kinds if item.text(1) == "7")
    assert chooser(tree, apart) is None
    choose(chooser(tree, kinds[0]), "apply")
    tree.setCurrentItem(apart)
    assert "(set aside)" in dialog.form.findings.details.text()


def test_where_there_is_nothing_to_choose_no_choice_is_offered(dialog):
    tree, kinds = tree_of(dialog)
    assert chooser(tree, kinds[2]) is None and kinds[2].text(5) == "Set aside"
    assert chooser(tree, kinds[3]) is None and kinds[3].text(5) == "Standard code"


def test_what_stops_the_import_stands_first_with_a_mark_of_its_own(dialog, doctor, wait):
    stop = ("datum_gcj02", "", 1, "", "", "", "证据", "evidence", "")
    doctor.said.update(lines=[*LINES, stop], findings_by_code={"datum_gcj02": 1, "swapped": 4})
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    _, kinds = tree_of(dialog)
    assert kinds[0].text(0) == "Stops the import: the coordinates are in GCJ-02"
    looks = [item.icon(0).pixmap(14, 14).toImage() for item in kinds[:2]]
    assert looks[0] != looks[1]


def test_the_mark_of_a_kind_follows_the_choice_and_a_default_that_waits_says_why(dialog, doctor, wait, language):
    language("zh-Hans")
    twin = ("exact_duplicate", "9", 1, "", "A1", "", "第 2 行", "row 2", "set_aside")
    doctor.said.update(lines=[*LINES, twin])
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    tree, kinds = tree_of(dialog)
    item = next(one for one in kinds if "完全相同" in one.text(0))
    assert item.text(0) == "搁置 · 与前面的行完全相同"
    tree.setCurrentItem(item)
    assert "建议：合并；现为：搁置" in dialog.form.findings.details.text()
    before = item.icon(0).pixmap(14, 14).toImage()
    choose(chooser(tree, item), "apply")
    assert item.text(0) == "合并 · 与前面的行完全相同" and item.icon(0).pixmap(14, 14).toImage() != before
    assert "现为" not in dialog.form.findings.details.text()


def test_lines_that_share_a_choice_stand_under_one_selector(tmp_path):
    from xinji_planner.ui.imports.diagnosis import read_findings

    line = ("code_outside", "7", 1, "village_code", "1", "", "界外", "outside", "keep")
    write_findings(tmp_path / "f.csv", [line])
    label = LABELS["code_outside"]
    LABELS["code_outside"] = (*label[:3], "informs")
    try:
        write_findings(tmp_path / "g.csv", [(*line[:1], "8", *line[2:])])
    finally:
        LABELS["code_outside"] = label
    rest = (tmp_path / "g.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    with (tmp_path / "f.csv").open("a", encoding="utf-8") as file:
        file.write(rest + "\n")
    (group,) = read_findings(tmp_path / "f.csv")
    assert group.severity == "warns" and [found.rows for found in group.lines] == ["7", "8"]


def test_findings_that_need_no_decision_are_folded_with_their_count(dialog):
    _, kinds = tree_of(dialog)
    view = dialog.form.findings
    assert [item.isHidden() for item in kinds] == [False, False, False, True]
    assert view.notes.text() == "Notes: 8 (&Z)"
    view.notes.click()
    assert not kinds[3].isHidden()


def test_twelve_findings_of_one_line_are_in_sight_on_a_small_screen(dialog, wait):
    dialog.resize(1346, 700)
    wait(lambda: dialog.form.findings.tree.viewport().height() > 100)
    tree = dialog.form.findings.tree
    _, kinds = tree_of(dialog)
    long = tree.sizeHintForRow(0)
    kinds[0].setText(0, "Swapped")
    kinds[0].setText(1, "4")
    assert tree.viewport().height() // tree.sizeHintForRow(0) >= 12
    assert tree.sizeHintForRow(0) < long, "a long label has a second line and is not cut off"


def test_results_stay_above_the_layers_of_the_workspace_that_are_added_later(dialog, actions):
    from qgis.core import QgsProject, QgsVectorLayer
    from xinji_planner.ui import load

    dialog.form.findings.on_map.click()
    load.add([QgsVectorLayer("Point?crs=EPSG:4490", "村", "memory")], "工作区")
    groups = QgsProject.instance().layerTreeRoot().children()
    assert groups[0].findLayers()[0].layer().customProperty("xinji/style") == "finding_points"
    assert groups[1].name() == "工作区"


def test_without_a_place_the_button_of_the_map_says_so(dialog):
    view = dialog.form.findings
    view.show_imported(False, True, False)
    assert view.on_map.toolTip() == "No finding has a place."


def test_choices_survive_the_import_of_another_file(dialog, wait, tmp_path):
    tree, kinds = tree_of(dialog)
    tree.expandItem(kinds[0])
    dialog.looker._put(type(dialog.sources.files[0])(tmp_path / "联通.csv"), 1)  # on the list, and not selected
    wait(lambda: not dialog.queue.is_busy())
    assert tree.topLevelItem(0).isExpanded()  # the list keeps its place


def test_a_recipe_is_saved_with_the_choices_and_used_for_the_next_file(dialog, doctor, wait, tmp_path, monkeypatch):
    from qgis.PyQt.QtWidgets import QFileDialog

    kept = tmp_path / "移动 月报.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(kept.with_suffix("")), ""))
    tree, kinds = tree_of(dialog)
    choose(chooser(tree, kinds[0]), "apply")
    dialog.form.findings.save.click()
    wait(lambda: not dialog.queue.is_busy())
    assert doctor.told[-1][1]["treatments"] == "swapped=apply"  # the diagnosis that writes the recipe knows them
    assert kept.read_text(encoding="utf-8").startswith("kind")
    dialog.add([tmp_path / "移动_下月.csv"])
    dialog.sources.list.setCurrentRow(1)
    wait(lambda: not dialog.queue.is_busy())
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(kept), ""))
    dialog.form.findings.open.click()
    wait(lambda: not dialog.queue.is_busy())
    assert [(job, stated["recipe"]) for job, stated in doctor.told[-2:]] == [
        ("inspect_source", str(kept)),
        ("diagnose", str(kept)),
    ]
    assert not dialog.form.recipe_row.isHidden() and "移动 月报.toml" in dialog.form.recipe.text()


def test_a_recipe_that_cannot_be_written_says_so(dialog, wait, tmp_path, monkeypatch, iface):
    from qgis.PyQt.QtWidgets import QFileDialog

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "nowhere" / "a.toml"), ""))
    dialog.form.findings.save.click()
    wait(lambda: not dialog.queue.is_busy())
    assert "Cannot save" in iface.messageBar().currentItem().text()


def test_the_datum_that_the_evidence_is_for_is_adopted_by_one_press(dialog, doctor, wait):
    doctor.said.update(datum="", datum_proposed="gcj02", problems=[{"zh": "请指明基准", "en": "State the datum"}])
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    assert dialog.form.adopt.text() == "&Use GCJ-02, as the evidence says"
    assert not dialog.one.isEnabled()
    doctor.said.update(datum="gcj02", problems=[])
    dialog.form.adopt.click()
    wait(lambda: not dialog.queue.is_busy())
    assert [stated["datum"] for _, stated in doctor.told[-2:]] == ["gcj02", "gcj02"]
    assert dialog.form.datum.currentText() == "GCJ-02 (converted to CGCS2000)"
    assert dialog.form.adopt.isHidden() and dialog.one.isEnabled()


def test_a_datum_that_the_file_itself_names_is_adopted_by_one_press(dialog, doctor, wait):
    problem = "The columns say BD-09. If it is BD-09, say --datum bd09; it is then converted."
    doctor.said.update(datum="", datum_proposed="", problems=[{"zh": problem, "en": problem}])
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    assert dialog.form.adopt.text() == "&Use BD-09, as the file says"
    assert "--datum" not in dialog.form.note.text()


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("gcj02", "The evidence is for GCJ-02 (likelihood 71 %)."),
        (
            "",
            "The evidence does not tell (GCJ-02 71%, WGS 84/CGCS2000 29%): import administrative villages, key points "
            "first, or state the datum.",
        ),
    ],
)
def test_what_the_evidence_comes_to_is_said_first(dialog, doctor, wait, verdict, said):
    from qgis.PyQt.QtWidgets import QMessageBox

    labels = {"wgs84": "WGS 84/CGCS2000", "gcj02": "GCJ-02"}
    weighed = [
        {"name": name, "label": {"zh": labels[name], "en": labels[name]}, "likelihood": share, "share_inside": 0.9}
        for name, share in (("wgs84", 0.29), ("gcj02", 0.71))
    ]
    doctor.said.update(datum="", datum_hypotheses=weighed, datum_verdict=verdict, datum_evidence_weighed="Long words.")
    doctor.said.update(datum_evidence_details="Figures.", datum_helps=["villages", "key_points"])
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    assert dialog.form.evidence.text() == said and dialog.form.more.isEnabled()
    shown = []
    dialog.form.more.clicked.connect(lambda: shown.append(dialog.form.findChild(QMessageBox).text()))
    dialog.form.more.click()
    conclusion, weight, details, undone = shown[0].split("\n\n")
    assert (conclusion, weight, details) == (said, "Long words.", "Figures.")
    assert "can be undone" in undone


def test_the_evidence_is_said_once(dialog, doctor, wait):
    weighed = "190 of 191 rows lie in the unit that their code names by GCJ-02."
    doctor.said.update(
        datum="",
        datum_evidence_weighed={"zh": weighed, "en": weighed},
        problems=[{"zh": weighed, "en": f"No datum. {weighed} Ask."}],
    )
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    assert weighed in dialog.form._evidence
    assert "⚠ No datum. Ask." in dialog.form.note.text()


def test_a_file_that_cannot_be_examined_says_why(dialog, engine, wait):
    from xinji_planner.errors import InputError
    from xinji_planner.text import Text

    answer = engine.answer

    def refuse(job, parameters, output):
        if job == "diagnose":
            raise InputError(Text("表头缺失", "There are no headings."), Text("请补表头", "Add them."))
        return answer(job, parameters, output)

    engine.answer = refuse
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    assert dialog.form.findings.outcome.text() == "There are no headings. Add them."
    assert "There are no headings." in dialog.sources.list.item(0).text()
    assert not dialog.form.findings.on_map.isEnabled() and not dialog.form.findings.save.isEnabled()


def test_twenty_thousand_findings_open_at_once(dialog, doctor, wait):
    from xinji_planner.ui.imports.diagnosis import SHOWN_LINES

    many = [
        ("swapped", str(row), 1, "geometry", f"22.{row}, 106", f"106, 22.{row}", "依据", "why", "set_aside")
        for row in range(2, 20_002)
    ]
    doctor.said.update(lines=many, findings={"blocks": 20_000, "warns": 0, "informs": 0})
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    dialog.examiner._shown = ()
    start = time.perf_counter()
    dialog.examiner.show(dialog.sources.files[0])
    assert time.perf_counter() - start < 1.0
    tree, kinds = tree_of(dialog)
    assert kinds[0].text(1) == "20,000"
    start = time.perf_counter()
    tree.expandItem(kinds[0])
    assert time.perf_counter() - start < 1.0
    assert kinds[0].childCount() == SHOWN_LINES + 1
    assert kinds[0].child(SHOWN_LINES).text(0).startswith("19,500 more")


def test_the_search_keeps_the_kinds_that_have_the_words(dialog):
    _, kinds = tree_of(dialog)
    dialog.form.findings.search.setText("约三十")
    assert [item.isHidden() for item in kinds] == [True, False, True, True]


def test_a_kind_is_copied_with_its_lines(dialog):
    from qgis.PyQt.QtWidgets import QApplication

    tree, kinds = tree_of(dialog)
    tree.setCurrentItem(kinds[0])
    tree.actions()[0].trigger()
    lines = [line.split("\t") for line in QApplication.clipboard().text().split("\n")]
    assert [line[1] for line in lines] == ["Rows", "3", "5", "8", "9"]


# --- on the map -------------------------------------------------------------------------------------------


def test_the_places_of_the_faults_load_styled_and_outlive_the_dialog(dialog, actions):
    from qgis.core import QgsProject
    from qgis.PyQt import sip

    dialog.form.findings.on_map.click()
    (layer,) = QgsProject.instance().mapLayers().values()
    scratch = dialog._scratch
    assert layer.featureCount() == 3 and not layer.source().startswith(str(scratch))
    categories = layer.renderer().categories()
    looks = {item.value(): item.symbol().symbolLayer(0) for item in categories}
    assert set(looks) == {"blocks", "warns", "informs"}
    assert looks["blocks"].shape() != looks["warns"].shape()
    assert looks["blocks"].strokeColor().name() == "#d55e00"
    assert layer.labelsEnabled()  # the labels of other layers keep clear of a labelled point
    actions._windows.remove(dialog)
    dialog.close()
    sip.delete(dialog)
    assert not scratch.exists()
    layer.dataProvider().reloadData()
    assert layer.isValid() and len(list(layer.getFeatures())) == 3


def test_the_faults_of_a_file_leave_the_map_with_its_import(dialog, wait):
    from qgis.core import QgsProject

    dialog.form.findings.on_map.click()
    assert len(QgsProject.instance().mapLayers()) == 1
    dialog.one.click()
    wait(lambda: not dialog.queue.is_busy())
    root = QgsProject.instance().layerTreeRoot()
    assert not QgsProject.instance().mapLayers() and not [one for one in root.findGroups() if "诊断" in one.name()]


def test_the_table_of_faults_is_filtered_by_severity_and_a_click_zooms_to_the_fault(dialog, actions, iface):
    dialog.form.findings.on_map.click()
    table = actions.results
    assert table.captions[0].text() == "Severity" and table.county.isHidden()
    table.verdict.setCurrentIndex(table.verdict.findData("warns"))
    assert table.model.rowCount() == 1
    flashed = []
    iface.mapCanvas().flashFeatureIds = lambda _layer, ids: flashed.append(ids)
    iface.mapCanvas().resize(400, 300)
    table.zoom(0)
    assert len(flashed) == 1
    assert iface.mapCanvas().extent().contains(iface.mapCanvas().extent().center())
    assert abs(iface.mapCanvas().extent().center().x() - 106.1) < 0.02


def test_without_a_place_there_is_nothing_to_show_on_the_map(dialog, engine, wait):
    answer = engine.answer

    def placeless(job, parameters, output):
        result = answer(job, parameters, output)
        result.outputs.pop("finding_points", None)
        return result

    assert dialog.form.findings.on_map.isEnabled()
    engine.answer = placeless
    dialog.form.findings.again_button.click()
    wait(lambda: not dialog.queue.is_busy())
    assert not dialog.form.findings.on_map.isEnabled() and dialog.form.findings.report.isEnabled()


@pytest.mark.parametrize(("locale", "other"), [("zh-Hans", "_en"), ("en", "_zh")])
def test_table_form_and_map_tip_of_the_faults_speak_one_language(dialog, actions, language, locale, other):
    from qgis.core import QgsProject

    language(locale)
    dialog.form.findings.on_map.click()
    (layer,) = QgsProject.instance().mapLayers().values()
    hidden = {one.name for one in layer.attributeTableConfig().columns() if one.hidden}
    assert {f"finding{other}", f"why{other}", "code"} <= hidden
    assert f"why{other}" not in layer.mapTipTemplate() and "why" in layer.mapTipTemplate()
    assert layer.editorWidgetSetup(layer.fields().indexOf(f"why{other}")).type() == "Hidden"
    assert f"finding{other}" not in actions.results.model.names
    column = actions.results.model.names.index("field")
    assert actions.results.model.words("antenna_height_m", column) in ("天线挂高", "Antenna height")


def test_the_list_of_runs_holds_the_latest_diagnosis_of_a_file_only(tmp_path, qgis_app):
    from xinji_planner.ui import runs

    workspace = tmp_path / "工作区.gpkg"
    workspace.touch()
    for number, source in enumerate(("甲.csv", "甲.csv", "乙.csv")):
        diagnosed(tmp_path / str(number) / "diagnose", source)
        runs.keep(tmp_path / str(number) / "diagnose", str(workspace))
    kept = sorted(item.name for item in runs.runs_folder(str(workspace)).iterdir())
    assert kept == ["diagnose-001", "diagnose-002", "diagnose-003"]
    assert [run.folder.name for run in runs.listed(str(workspace))] == ["diagnose-003", "diagnose-002"]


# --- the dialog as a whole --------------------------------------------------------------------------------


def test_the_dialog_fits_a_small_screen(dialog):
    assert dialog.minimumSizeHint().width() <= 1366 and dialog.minimumSizeHint().height() <= 730


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
def test_every_button_has_a_letter_of_its_own(actions, language, locale):
    from qgis.PyQt.QtWidgets import QAbstractButton, QLabel, QToolButton

    language(locale)
    window = actions.import_data()
    labels = [part for kind in (QAbstractButton, QLabel) for part in window.findChildren(kind)]
    found = [re.findall(r"&(\w)", part.text()) for part in labels if not isinstance(part, QToolButton)]
    letters = [letter.lower() for hit in found for letter in hit]
    assert len(letters) > 15
    assert sorted(letters) == sorted(set(letters))


def test_the_dialog_and_its_findings_are_chinese_throughout(actions, doctor, language, wait, tmp_path):
    language("zh-Hans")
    window = actions.import_data()
    window.add([tmp_path / "移动.csv"])
    wait(lambda: not window.queue.is_busy())
    tree, kinds = tree_of(window)
    tree.expandItem(kinds[0])
    said = {item.text(place) for item in kinds for place in range(tree.columnCount())}
    said |= {kinds[0].child(0).text(place) for place in range(tree.columnCount())} | set(words_of(window))
    known = re.compile(
        r"GeoPackage|PostGIS|GCJ-02|BD-09|CGCS2000|WGS 84|EPSG|GB18030|WKT|csv|gdb|gpkg|Browse"
    )  # the last is QGIS's own, which speaks no Chinese here
    plain = [known.sub("", re.sub(r"\S*[/.]\S*", "", words)) for words in said if not words.startswith(str(tmp_path))]
    assert not [words for words in plain if re.search(r"[A-Za-z]{3,}", words)]
    assert "搁置 · 经纬度疑似颠倒" in said and "建议 106.1, 22.1（暂搁置）" in said


# --- a table of a database --------------------------------------------------------------------------------


class Table:
    def __init__(self, schema, name, column):
        self.schema, self.tableName, self.geometryColumn = lambda: schema, lambda: name, lambda: column


class Connection:
    def __init__(self, uri, tables=()):
        self.uri, self._tables = lambda: uri, tables

    def tables(self, _schema):
        from qgis.core import QgsProviderConnectionException

        if self._tables is None:
            raise QgsProviderConnectionException("no route to host; password='geheim'")
        return list(self._tables)


@pytest.fixture
def postgis(qgis_app, language, monkeypatch):
    from xinji_planner.ui.imports import postgis_dialog

    language("en")
    stored = {
        "省库": Connection(
            "dbname='plan' host=db.local port=5433 user='planner' password='ge heim' sslmode=prefer",
            [Table("yuntu", "基站 2026", "geom"), Table("yuntu", "名录", "")],
        ),
        "断开": Connection("dbname='x' host=nowhere", None),
    }
    monkeypatch.setattr(postgis_dialog, "connections", lambda: stored)
    return postgis_dialog


def test_a_table_of_a_stored_connection_is_imported_without_its_password_being_shown(postgis, actions, doctor, wait):
    chooser = postgis.PostgisDialog()
    assert [chooser.list.item(place).text() for place in range(2)] == ["yuntu.名录", "yuntu.基站 2026 (geom)"]
    assert not chooser.take.isEnabled()
    chooser.list.setCurrentRow(1)
    assert chooser.take.isEnabled()
    window = actions.import_data()
    window.looker.add_tables(chooser.tables())
    wait(lambda: not window.queue.is_busy())
    _, stated = doctor.told[0]
    assert stated["source"].startswith("PG:") and "password='ge heim'" in stated["source"]
    assert "host='db.local'" in stated["source"] and "port='5433'" in stated["source"]
    assert stated["layer"] == 'yuntu."基站 2026" (geom)'
    shown = [*words_of(window), window.sources.list.item(0).text(), window.sources.list.item(0).toolTip()]
    shown.append(repr(window.sources.files[0]))
    assert not [words for words in shown if "ge heim" in words]
    assert "省库" in window.sources.list.item(0).toolTip()


def test_a_database_that_does_not_answer_says_why_without_the_password(postgis):
    chooser = postgis.PostgisDialog()
    chooser.connection.setCurrentIndex(1)
    assert "no route to host" in chooser.note.text() and "geheim" not in chooser.note.text()


def test_without_a_stored_connection_the_dialog_says_where_to_make_one(qgis_app, language, monkeypatch):
    from xinji_planner.ui.imports import postgis_dialog

    language("en")
    monkeypatch.setattr(postgis_dialog, "connections", dict)
    assert "Browser panel" in postgis_dialog.PostgisDialog().note.text()


def test_the_stored_connections_of_qgis_are_offered_and_stored_credentials_expanded(qgis_app):
    from qgis.core import QgsProviderRegistry
    from xinji_planner.ui.imports import postgis_dialog

    metadata = QgsProviderRegistry.instance().providerMetadata("postgres")
    if metadata is None:
        pytest.skip("this QGIS has no PostgreSQL provider")
    made = metadata.createConnection("dbname='plan' host=db.local user='u' password='p'", {})
    metadata.saveConnection(made, "省库")
    try:
        found = postgis_dialog.connections()
        source = postgis_dialog.source_of("省库", found["省库"], "yuntu", "名录", "")
        assert "dbname='plan'" in source.address and source.layer == "yuntu.名录"
    finally:
        metadata.deleteConnection("省库")


def test_stored_credentials_are_expanded_and_not_shown(qgis_app):
    from qgis.core import QgsApplication, QgsAuthMethodConfig
    from xinji_planner.ui.imports import postgis_dialog

    manager = QgsApplication.authManager()
    config = QgsAuthMethodConfig()
    config.setName("省库")
    config.setMethod("Basic")
    config.setConfig("username", "planner")
    config.setConfig("password", "geheim")
    if manager.isDisabled() or not manager.setMasterPassword("master", True):
        pytest.skip("this QGIS keeps no credentials")
    stored = manager.storeAuthenticationConfig(config)
    if isinstance(stored, tuple):  # newer bindings give the configuration back
        stored, config = stored
    assert stored
    connection = Connection(f"dbname='plan' host=db.local authcfg={config.id()}")
    source = postgis_dialog.source_of("省库", connection, "yuntu", "名录", "")
    assert "user='planner'" in source.address and "password='geheim'" in source.address
    assert "authcfg" not in source.address and "geheim" not in source.where + repr(source)


# --- undo -------------------------------------------------------------------------------------------------


@pytest.fixture
def imported(actions, tmp_path):
    """A workspace with two imports, the second of which was undone."""
    import sqlite3

    path = tmp_path / "有数据.gpkg"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE xinji_history (sequence INTEGER PRIMARY KEY, action, layer, source_file, rows_out,"
            " rows_set_aside, rows_changed, rows_removed, undoes, undone_by)"
        )
        rows = [
            (1, "import", "base_stations", "移动.csv", 190, 3, 12, 2, None, None),
            (2, "import", "villages", "名录.csv", 198, 0, 0, 0, None, 3),
            (3, "undo", "villages", "名录.csv", 0, 0, 0, 0, 2, None),
        ]
        connection.executemany(f"INSERT INTO xinji_history VALUES ({','.join('?' * 10)})", rows)
    actions.dock.set_workspace(str(path))
    return path


@pytest.mark.parametrize("pressed", [0, 1])
def test_undoing_the_last_import_asks_first_and_says_what_comes_back(
    actions, imported, doctor, engine, wait, iface, monkeypatch, pressed
):
    from qgis.PyQt.QtWidgets import QMessageBox

    asked = []

    def answer(box):
        asked.append(box.text())
        monkeypatch.setattr(QMessageBox, "clickedButton", lambda self: self.buttons()[pressed])

    monkeypatch.setattr(QMessageBox, "exec", answer)
    back = {"rows_restored": 2, "rows_removed": 190, "rows_changed_back": 12, "rows_in_layer": 40}
    engine.answer = lambda *_: SimpleNamespace(summary={"source_file": "移动.csv", **back}, outputs={}, folder="")
    assert actions.dock.undo.isEnabled() and "移动.csv" in actions.dock.undo.toolTip()
    actions.dock.undo.click()
    assert asked[0].splitlines() == [
        "Undo the import of “移动.csv” (the latest one, number 1, layer “Base stations”, 190 rows written)?",
        "Rows that it added, and that go: 178. Rows that get back their earlier values: 12. "
        "Rows that it deleted, and that come back: 2.",
    ]
    if pressed == 1:
        assert not engine.calls
        return
    wait(lambda: iface.messageBar().currentItem() is not None)
    assert engine.calls[0][:2] == ("undo_import", {"workspace": str(imported), "sequence": 1})
    said = iface.messageBar().currentItem().text()
    assert "“移动.csv” undone. Rows taken out: 190, changed back: 12, put back: 2; now" in said


def test_the_question_of_undo_names_time_file_and_number(qgis_app):
    from datetime import datetime

    from xinji_planner.ui.imports.undo_question import question, time_of
    from xinji_planner.ui.runs import Run
    from xinji_planner.ui.workspace_info import LastImport

    last = LastImport(4, "base_stations", "移动.csv", 186, 0, 186, 0)
    when = datetime(2026, 11, 21, 7, 40)
    made = Run(Path("a"), "import_layer", when, {"rows_out": 186}, {}, "/别处/移动.csv")
    other = Run(Path("b"), "import_layer", datetime(2026, 11, 22), {"rows_out": 9}, {}, "/别处/联通.csv")
    assert time_of(last, [other, made]) == when and time_of(last, [other]) is None
    assert question(last, when).zh == (
        "撤销 2026-11-21 07:40 导入的“移动.csv”（第 4 号，图层“基站”，写入 186 行）？\n"
        "其中新增的 0 行将删除，186 行恢复为导入前的值。"
    )


def test_the_time_of_an_import_is_known_for_sheets_editions_databases_and_the_sample(qgis_app, tmp_path):
    from datetime import datetime

    from xinji_planner.ui.imports.undo_question import time_of
    from xinji_planner.ui.runs import Run
    from xinji_planner.ui.workspace_info import LastImport

    def ran(day, source, job="import_layer", **said):
        stated = {name: said.pop(name) for name in ("kind", "edition_of") if name in said}
        return Run(tmp_path / str(day), job, datetime(2026, 11, day), said, {}, source, stated)

    counts = {"rows_out": 154, "rows_added": 154, "rows_changed": 0}
    sheet = LastImport(4, "base_stations", "电信.xlsx | 站点清单", 154, 154, 0, 0)
    listed = [
        ran(9, "/别处/电信.xlsx", kind="base_stations", layer="站点清单", **{**counts, "rows_added": 0}),
        ran(8, "/别处/电信.xlsx", kind="base_stations", layer="另一表", **counts),
        ran(7, "/别处/电信.xlsx", kind="towers_and_poles", layer="站点清单", **counts),
        ran(6, "/别处/电信.xlsx", kind="base_stations", layer="站点清单", **counts),
    ]
    assert time_of(sheet, listed).day == 6
    newer = LastImport(5, "base_stations", "三月.csv", 154, 0, 0, 0)
    assert time_of(newer, [ran(3, "/四月.csv", edition_of="三月.csv", rows_out=154)]).day == 3
    table = LastImport(6, "villages", "postgresql://10.0.0.1:5432/guihua | 公共.村", 154, 154, 0, 0)
    address = "postgresql://me:***@10.0.0.1:5432/guihua"
    assert time_of(table, [ran(4, address, layer="公共.村", **counts)]).day == 4
    (tmp_path / "5" / "received").mkdir(parents=True)
    (tmp_path / "5" / "received" / "铁塔.tsv").touch()
    sample = LastImport(21, "towers_and_poles", "铁塔.tsv", 270, 270, 0, 0)
    assert time_of(sample, [ran(5, "", "load_sample", rows_out=3000)]).day == 5
    assert time_of(newer, [ran(5, "", "load_sample", rows_out=3000)]) is None


def test_a_later_import_that_was_undone_does_not_lend_its_time(qgis_app):
    from datetime import datetime

    from xinji_planner.ui.imports.undo_question import time_of
    from xinji_planner.ui.runs import Run
    from xinji_planner.ui.workspace_info import LastImport

    last = LastImport(2, "base_stations", "移动.csv", 186, 0, 0, 0)
    said = {"rows_out": 186, "rows_added": 0, "rows_changed": 0}
    made = [Run(Path(str(day)), "import_layer", datetime(2026, 11, day), said, {}, "/移动.csv") for day in (5, 4)]
    back = {"action": "undo", "sequence": 3, "layer": "base_stations", "source_file": "移动.csv"}
    undone = Run(Path("u"), "undo_import", datetime(2026, 11, 6), back)
    assert time_of(last, [undone, *made]).day == 4 and time_of(last, made).day == 5


def test_without_an_import_there_is_nothing_to_undo(actions):
    assert not actions.dock.undo.isEnabled()
