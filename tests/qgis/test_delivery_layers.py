"""Layers of a checked package, of control-line conflicts and of the land demand in QGIS, in both languages."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from .test_frontier import _grey, legend, tip

POINT, LINE, AREA = "Point", "MultiLineString", "MultiPolygon"
WKT = {POINT: "POINT(106 22)", LINE: "LINESTRING(106 22,106.1 22)", AREA: "POLYGON((106 22,106.1 22,106 22.1,106 22))"}
FOUND = {
    **{"rule": "4101", "level": 1, "layer": "ZDJCSSM", "feature": "2", "bsm": "990102000000000013", "file": "县.gpkg"},
    **{"message_zh": "与要素 1 重叠 <188 m²>。", "message_en": "It overlaps feature 1.", "remedy_zh": "请裁剪。"},
    "remedy_en": "Clip it.",
}
CONFLICT = {
    **{"layer": "trunk_cables", "feature_id": "GL017", "name": "东港光缆", "type": "aerial", "class": "aerial"},
    **{"kind": "basic_farmland", "side": "inside", "zone_id": "KZX040", "zone_name": "下桥片", "source": "工作区"},
    **{"area_m2": 2949.8, "length_m": 737.4, "severity": 2},
}
ROWS = {
    "check_issue": (POINT, FOUND),
    "check_line": (LINE, FOUND),
    "check_place": (AREA, FOUND),
    "control_conflict": (AREA, CONFLICT),
    "control_conflict_line": (LINE, CONFLICT),
    "control_checked": (
        POINT,
        {
            **{"verdict": "conflict", "severity": 3, "layer": "base_stations", "feature_id": "JZ01", "name": "北寨5G"},
            **{"operator": "CMCC;CTCC", "type": "ground_tower", "class": "site", "status": "planned", "year": 2027},
            **{"footprint_m2": 100.0, "county_code": "990121", "county": "海岳县", "reason": "no_type"},
            **{"note": "on_building", "touching": "ecological_red_line=12.5;basic_farmland"},
        },
    ),
    "alternative_route": (
        LINE,
        {
            **{
                "feature_id": "GL017",
                "name": "东港光缆",
                "outcome": "lowered",
                "before_m": 14970.0,
                "after_m": 14976.0,
            },
            **{"extra_m": 6.3, "before_in_m": 737.0, "after_in_m": 12.5, "remaining": "basic_farmland=12.5"},
        },
    ),
    "land_parcel": (
        AREA,
        {
            **{"layer": "dc_clusters", "feature_id": "DC1", "name": "屏山园", "type": "plot", "class": "plot"},
            **{"code": "130600", "code_name": "通信用地", "edition": "2023", "county": "云屏区", "year": 2027},
            **{"demand_m2": 541248.3, "note": "built"},
        },
    ),
}
# style, field, its values from the top of the legend, their words in Chinese
STATES = (
    ("check_issue", "level", [1, 2, 3], ["一级（最重）", "二级", "三级"]),
    ("check_line", "level", [1, 2, 3], ["一级（最重）", "二级", "三级"]),
    ("check_place", "level", [1, 2, 3], ["一级（最重）", "二级", "三级"]),
    ("control_conflict", "severity", [3, 2, 1, 0], ["应避让", "须论证报批", "提示", "不计"]),
    ("control_conflict_line", "severity", [3, 2, 1, 0], ["应避让", "须论证报批", "提示", "不计"]),
    ("control_checked", "severity", [3, 2, 1], ["有冲突 · 应避让", "有冲突 · 须论证报批", "有冲突 · 提示"]),
    ("alternative_route", "outcome", ["solved", "lowered"], ["替代路由无冲突", "替代路由减少冲突"]),
    (
        *("land_parcel", "code", ["090200", "130600", "190600"]),
        ["090200 商务金融用地", "130600 通信用地", "190600 海底电缆管道用海"],
    ),
)
OF_LINES = ("check_line", "control_conflict_line", "alternative_route")  # told by width and pattern in an icon


def styled(style, *rows):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer
    from xinji_planner.ui import styles

    types = {str: "string", int: "integer", float: "double"}
    kind, row = ROWS[style]
    rows = rows or (row,)
    fields = "".join(f"&field={name}:{types[type(value)]}" for name, value in rows[0].items())
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:4490{fields}", style, "memory")
    for values in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([values.get(name) for name in rows[0]])
        feature.setGeometry(QgsGeometry.fromWkt(WKT[kind]))
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    styles.apply(layer, style)
    return layer


def row(style, **values):
    return {**ROWS[style][1], **values}


# --- symbols ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", STATES, ids=lambda case: case[0])
def test_states_differ_in_symbol_and_word(qgis_app, language, case):
    from qgis.PyQt.QtCore import QSize
    from xinji_planner.ui import symbols

    style, field, values, zh = case
    rows = [row(style, **{field: value}) for value in reversed(values)]
    language("en")
    said = [label for label, _ in legend(styled(style, *rows))]
    assert len(set(said)) == len(values) and not re.search("[一-鿿]", "".join(said))
    language("zh-Hans")
    shown = legend(styled(style, *rows))
    assert [label for label, _ in shown] == zh
    grey = {_grey(symbols.preview(symbol, QSize(32, 32))) for _, symbol in shown}
    looks = {(symbol.width(), symbol.symbolLayer(0).penStyle()) for _, symbol in shown} if style in OF_LINES else grey
    assert len(looks) == len(values), "told apart without colour"


@pytest.mark.parametrize("case", STATES, ids=lambda case: case[0])
def test_every_row_is_drawn_once_and_the_gravest_on_top(qgis_app, language, case):
    from qgis.core import QgsFeatureRequest

    style, field, values, _ = case
    layer = styled(style, *(row(style, **{field: value}) for value in values))
    rules = [rule for rule in layer.renderer().rootRule().descendants() if rule.symbol()]
    assert [sum(1 for _ in layer.getFeatures(rule.filterExpression())) for rule in rules] == [1] * len(values)
    request = QgsFeatureRequest().setOrderBy(layer.renderer().orderBy())
    assert [feature[field] for feature in layer.getFeatures(request)] == values[::-1]


def test_what_cannot_be_told_and_what_is_clear_have_marks_of_their_own(qgis_app, language):
    language("zh-Hans")
    layer = styled("control_checked", *(row("control_checked", verdict=v) for v in ("clear", "cannot_tell")))
    assert [label for label, _ in legend(layer)] == ["无法判定", "无冲突"]


def test_a_footprint_has_a_mark_where_it_is_too_small_to_be_seen(qgis_app, language):
    from xinji_planner.ui.compat import LAYER_ENABLED

    for style in ("control_conflict", "land_parcel", "check_place"):
        (_, symbol), *_ = legend(styled(style))
        mark = symbol.symbolLayer(1)
        assert mark.layerType() == "CentroidFill"
        assert "@map_scale >" in mark.dataDefinedProperties().property(LAYER_ENABLED).expressionString()


def test_footprints_held_against_control_lines_are_drawn_by_their_verdict(qgis_app, language):
    language("zh-Hans")
    rows = [{"verdict": verdict, "name": "甲"} for verdict in ("clear", "cannot_tell", "conflict")]
    assert [label for label, _ in legend(styled("land_parcel", *rows))] == ["有冲突", "无法判定", "无冲突"]


# --- words ------------------------------------------------------------------------------------------------------

OTHER = {"zh-Hans": ("message_en", "remedy_en"), "en": ("message_zh", "remedy_zh")}
CODED = (
    *("rule", "level", "layer", "type", "class", "kind", "side", "severity", "verdict", "operator", "status", "reason"),
    *("note", "touching", "outcome", "remaining"),
)


@pytest.mark.parametrize("spoken", ["zh-Hans", "en"])
@pytest.mark.parametrize("style", list(ROWS))
def test_every_column_has_a_heading_and_every_code_a_word(qgis_app, language, style, spoken):
    from qgis.core import QgsApplication

    language(spoken)
    layer = styled(style)
    feature = next(layer.getFeatures())
    for index, field in enumerate(layer.fields()):
        name, heading = field.name(), layer.attributeAlias(index)
        if name in OTHER[spoken]:
            continue
        assert heading and bool(re.search("[一-鿿]", heading)) == (spoken == "zh-Hans"), name
        if name in CODED and not (name == "layer" and style.startswith("check")):
            setup = layer.editorWidgetSetup(index)
            formatter = QgsApplication.fieldFormatterRegistry().fieldFormatter(setup.type())
            said = formatter.representValue(layer, index, setup.config(), None, feature[index])
            assert said not in (str(feature[index]), f"({feature[index]})"), name


@pytest.mark.parametrize("spoken", ["zh-Hans", "en"])
@pytest.mark.parametrize("style", list(ROWS))
def test_the_table_speaks_one_language_without_codes(qgis_app, language, style, spoken):
    from xinji_planner.ui.results_model import ResultsModel

    language(spoken)
    layer = styled(style)
    model = ResultsModel(layer)
    model.fill(model.read(layer))
    assert not set(OTHER[spoken]) & set(model.names)
    told = [model.words(model.value(0, column), column) for column in range(model.columnCount())]
    assert not re.search(r"ecological_|farmland|ground_tower|lowered|on_building|no_type|inside", " ".join(told)) or (
        spoken == "en" and not re.search(r"[a-z]_[a-z]", " ".join(told))
    )


@pytest.mark.parametrize("spoken", ["zh-Hans", "en"])
@pytest.mark.parametrize("style", list(ROWS))
def test_a_tip_has_words_for_everything(qgis_app, language, style, spoken):
    language(spoken)
    said = tip(styled(style))
    assert said and not re.search(r"NULL|\[%|%\]|[a-z]_[a-z]", said)
    assert spoken == "en" or not re.search(r"\b(aerial|plot|inside|conflict|lowered|site)\b", said)


@pytest.mark.parametrize(("style", "parts"), [
    ("check_issue", ["✖ 一级（最重）", "4101 面不重叠", "与要素 1 重叠 &lt;188 m²>。", "处理办法： 请裁剪。"]),
    ("control_conflict", ["◆ 须论证报批", "东港光缆 × 永久基本农田", "杆位避开永久基本农田", "2,949.8", "下桥片"]),
    ("control_checked", ["▲ 有冲突 北寨5G", "应避让", "生态保护红线 12.5 m、永久基本农田", "2027"]),
    ("alternative_route", ["⇢ 替代路由减少冲突", "永久基本农田 12.5 m", "14,976"]),
    ("land_parcel", ["屏山园", "130600", "通信用地", "541,248.3", "：2027 "]),
])  # fmt: skip
def test_tips_tell_what_a_planner_asks(qgis_app, language, style, parts):
    language("zh-Hans")
    said = tip(styled(style))
    assert [part for part in parts if part not in said] == [], said


@pytest.mark.parametrize(("style", "values", "label"), [
    ("check_issue", {}, "4101 · 2"),
    ("check_issue", {"feature": ""}, "4101"),
    ("check_issue", {"level": 2}, None),
    ("control_conflict_line", {}, "东港光缆"),
    ("control_conflict_line", {"severity": 1}, None),
    ("control_checked", {}, "北寨5G"),
    ("control_checked", {"verdict": "clear"}, None),
    ("alternative_route", {}, "+ 6 m"),
    ("alternative_route", {"extra_m": -20.0}, "− 20 m"),
    ("land_parcel", {}, "屏山园"),
])  # fmt: skip
def test_what_stands_out_is_labelled(qgis_app, language, style, values, label):
    from qgis.core import NULL, QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

    layer = styled(style, row(style, **values))
    settings = layer.labeling().settings()
    assert layer.labelsEnabled() and settings.scaleVisibility
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(next(layer.getFeatures()))
    found = QgsExpression(settings.fieldName).evaluate(context)
    assert (None if found == NULL else found) == label


def test_every_layer_of_these_jobs_has_a_style_and_every_style_its_fields(qgis_app):
    from xinji_planner.jobs import registry
    from xinji_planner.jobs.declaration import OutputKind
    from xinji_planner.ui.result_fields import OF_STYLE

    asked = {
        output.style or output.name
        for name in ("check_package", "control_line_conflicts", "land_demand")
        for output in registry.jobs()[name].outputs
        if output.kind is OutputKind.LAYER
    }
    assert asked == set(ROWS) and asked <= set(OF_STYLE)


# --- the line after a run ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("summary", "zh", "en"), [
    (
        {"profile": "municipal", "layers": {}, "features": 78, "findings": {"1": 57, "2": 0, "3": 2}, "rules": {},
         "rules_run": ["4101", "BSM"], "rules_not_run": ["DATUM"]},
        "78 个要素，运行 2 条规则，发现 59 个问题：一级 57 个，三级 2 个；另有 1 条规则无法判断",
        "Features: 78, rules run: 2; found: 59 (Level 1: 57, Level 3: 2); rules that cannot be told: 1",
    ),
    (
        {"profile": "municipal", "layers": {}, "features": 1200, "findings": {"1": 0, "2": 0, "3": 0}, "rules": {},
         "rules_run": ["4101"], "rules_not_run": []},
        "1,200 个要素，运行 1 条规则，未发现问题",
        "Features: 1,200, rules run: 1; nothing found",
    ),
    (
        {"facilities": 40, "conflict": 28, "cannot_tell": 0, "clear": 12, "avoid": 2, "approval": 2, "note": 24,
         "zones": {}, "alternatives": {"solved": 1, "lowered": 0, "no_better": 3, "not_sought": 0}},
        "40 处设施：有冲突 28（应避让 2，须论证报批 2，提示 24），无法判定 0，无冲突 12；有替代路由的光缆 1 条",
        "Facilities: 40; in conflict 28 (avoid 2, approval needed 2, note 24), cannot tell 0, clear 12; cables with "
        "another route: 1",
    ),
    (
        {"features_in": 717, "features_out": 73, "features_left_out": 644, "crs": "EPSG:4531",
         "findings": {"error": 6, "note": 5, "warning": 1}},
        "717 个要素 = 交付 73 个 + 未交付 644 个；坐标系 EPSG:4531；检查发现错误 6 项，警告 1 项",
        "Features: 717 = 73 handed in + 644 left out; CRS EPSG:4531; checks found errors: 6, warnings: 1",
    ),
    (
        {"facilities": 39, "by_code_m2": {"130600": 541248.29}, "no_land": 12, "unknown": 3, "projects": 27,
         "farmland_m2": None, "red_line_m2": None},
        "39 处设施：130600 通信用地 541,248.3 m²；不占地 12 处，面积未知 3 处",
        "Facilities: 39; 130600 Communications land 541,248.3 m²; taking no land 12, of unknown area 3",
    ),
])  # fmt: skip
def test_a_run_is_told_in_one_line(qgis_app, summary, zh, en):
    from xinji_planner.ui.summaries import figure_label, summary_line

    assert summary_line(summary) == (zh, en)
    assert all(figure_label(key).zh != key for key in summary)


# --- the table of a check, and the fault on the map -------------------------------------------------------------


@pytest.fixture
def actions(processing, provider, iface, engine, language, canvas):
    from xinji_planner.ui.actions import Actions

    language("zh-Hans")
    made = Actions(iface)
    yield made
    made.close()


def write_check(folder):
    """Write what a check leaves: two findings with a place, of which one is an area, and one of a whole layer."""
    from qgis.core import QgsCoordinateTransformContext, QgsFeature, QgsGeometry, QgsVectorFileWriter, QgsVectorLayer

    rows = [
        (
            row("check_issue", level=3, rule="4701", feature="7"),
            "POINT(106.5 22.5)",
            "LINESTRING(106.5 22.5,106.50001 22.5)",
        ),
        (row("check_issue"), "POINT(106.2 22.2)", "POLYGON((106 22,106.4 22,106.4 22.4,106 22.4,106 22))"),
        (row("check_issue", level=2, rule="3102", feature=""), "", ""),
    ]
    folder.mkdir(parents=True)
    options = QgsVectorFileWriter.SaveVectorOptions()
    for name, kind in (("check_issue", POINT), ("check_line", LINE), ("check_place", AREA)):
        layer = styled("check_issue")
        layer = QgsVectorLayer(layer.source().replace("Point?", f"{kind}?", 1), name, "memory")
        for values, point, place in rows:
            wkt = point if kind == POINT else place if place[:4] == {LINE: "LINE", AREA: "POLY"}[kind] else None
            if wkt is None:
                continue
            feature = QgsFeature(layer.fields())
            feature.setAttributes(list(values.values()))
            if wkt:
                feature.setGeometry(QgsGeometry.fromWkt(wkt))
            layer.dataProvider().addFeature(feature)
        options.layerName = name
        QgsVectorFileWriter.writeAsVectorFormatV3(
            layer, str(folder / "result.gpkg"), QgsCoordinateTransformContext(), options
        )
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    (folder / "check_report.html").write_text("<p>报告</p>", encoding="utf-8")
    outputs = {name: f"result.gpkg|layername={name}" for name in ("check_issue", "check_line", "check_place")}
    summary = {
        "profile": "municipal",
        "features": 3,
        "findings": {"1": 1, "2": 1, "3": 1},
        "rules_run": [],
        "rules_not_run": [],
    }
    said = {"job": "check_package", "summary": summary, "outputs": {**outputs, "report": "check_report.html"}}
    (folder / "run.json").write_text(json.dumps(said), encoding="utf-8")


def test_a_check_opens_its_table_the_gravest_first_and_a_click_zooms_to_the_fault_itself(actions, canvas, tmp_path):
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject
    from xinji_planner.ui import runs

    write_check(tmp_path / "check_package-001")
    actions.load_run(runs.read(tmp_path / "check_package-001"))
    table = actions.results
    assert table.captions[0].text() == "错误级别" and table.county.isHidden()
    names = table.model.names
    assert names[:5] == ["level", "layer", "feature", "message_zh", "remedy_zh"] and "message_en" not in names
    assert [table.model.value(at, 0) for at in range(3)] == [1, 2, 3]
    assert [table.verdict.itemText(at) for at in range(4)] == ["全部", "一级（最重）", "二级", "三级"]
    assert not table.verdict.itemIcon(1).isNull()

    def seen():
        back = QgsCoordinateTransform(
            canvas.mapSettings().destinationCrs(), QgsCoordinateReferenceSystem("EPSG:4490"), QgsProject.instance()
        )
        return back.transformBoundingBox(canvas.extent())

    table.zoom(0)  # the area that overlaps, and not a point in it
    box = seen()
    assert box.xMinimum() < 106 and box.xMaximum() > 106.4 and box.width() < 2
    table.zoom(2)  # a line of a metre: no nearer than the ground around it
    box = seen()
    assert box.center().x() == pytest.approx(106.5, abs=1e-4) and 0.001 < box.width() < 0.01
    table.zoom(1)
    assert "没有坐标" in table.count.text()


def test_a_search_in_one_result_does_not_hide_the_rows_of_the_next(actions, tmp_path):
    from xinji_planner.ui import runs

    for number in (1, 2):
        write_check(tmp_path / f"check_package-00{number}")
    actions.load_run(runs.read(tmp_path / "check_package-001"))
    actions.results.search.setText("4701")
    assert len(actions.results.model.visible) == 1
    actions.load_run(runs.read(tmp_path / "check_package-002"))
    assert actions.results.search.text() == "" and len(actions.results.model.visible) == 3


def test_lines_and_areas_of_faults_are_both_on_the_map(actions, tmp_path):
    from xinji_planner.ui import load, runs

    write_check(tmp_path / "check_package-001")
    layers = actions.load_run(runs.read(tmp_path / "check_package-001"))
    assert {str(layer.customProperty("xinji/style")): layer.featureCount() for layer in layers} == {
        **{"check_issue": 3, "check_line": 1, "check_place": 1}
    }
    tree = next(group for group in load._groups() if group.customProperty("xinji/run"))
    assert [node.layer().customProperty("xinji/style") for node in tree.findLayers()] == [
        *("check_issue", "check_line", "check_place")
    ]


@pytest.mark.parametrize(("job", "report"), [("check_package", "report"), ("delivery_package", "check_report")])
def test_the_report_of_a_check_and_of_a_delivery_opens(actions, tmp_path, job, report):
    from xinji_planner.ui import runs
    from xinji_planner.ui.run_list import report_of

    folder = tmp_path / f"{job}-001"
    folder.mkdir()
    (folder / "check_report.html").write_text("<p>报告</p>", encoding="utf-8")
    said = {"job": job, "summary": {}, "outputs": {report: "check_report.html"}}
    (folder / "run.json").write_text(json.dumps(said), encoding="utf-8")
    assert report_of(runs.read(folder)) == folder / "check_report.html"


def test_a_delivery_in_the_list_of_runs_opens_its_report_and_a_check_its_layers(actions, monkeypatch, tmp_path):
    from xinji_planner.ui import run_list, runs

    opened = []
    monkeypatch.setattr(run_list, "open_file", opened.append)
    monkeypatch.setattr(run_list.runs, "listed", lambda _workspace: [runs.read(tmp_path / name) for name in made])
    made = ("delivery_package-001", "check_package-001")
    (tmp_path / made[0]).mkdir()
    (tmp_path / made[0] / "check_report.html").write_text("<p>报告</p>", encoding="utf-8")
    said = {"job": "delivery_package", "summary": {}, "outputs": {"check_report": "check_report.html"}}
    (tmp_path / made[0] / "run.json").write_text(json.dumps(said), encoding="utf-8")
    write_check(tmp_path / made[1])
    listed = actions.dock.runs
    listed.show_runs("")
    for name in made:
        rows = [listed.tree.topLevelItem(at) for at in range(2)]
        item = next(one for one in rows if one.toolTip(0).endswith(name))
        listed.tree.setCurrentItem(item)
        listed.tree.itemActivated.emit(item, 0)
    assert opened == [tmp_path / made[0] / "check_report.html"]
    assert actions.results is not None and len(actions.results.model.rows) == 3


def test_a_dialog_loads_every_layer_that_a_run_finds(actions, processing):
    from qgis.core import QgsApplication, QgsProcessingParameterFeatureSink

    registry = QgsApplication.processingRegistry()
    for algorithm in (
        one for one in registry.algorithms() if one.id().endswith((":checkpackage", ":controllineconflicts"))
    ):
        sinks = [
            item for item in algorithm.parameterDefinitions() if isinstance(item, QgsProcessingParameterFeatureSink)
        ]
        assert sinks and all(item.createByDefault() for item in sinks)


def test_profile_and_package_are_stated_in_the_dialog_of_a_check(actions, engine, processing, tmp_path):
    """A folder, a file, a profile's name and a profile of one's own all reach the engine as they were stated."""
    from qgis.core import QgsApplication

    engine.answer = lambda _job, _parameters, _output: SimpleNamespace(
        summary={
            "profile": "x",
            "layers": {},
            "features": 0,
            "findings": {},
            "rules": {},
            "rules_run": [],
            "rules_not_run": [],
        },
        outputs={},
        folder=str(tmp_path),
    )
    own = tmp_path / "本省.toml"
    own.write_text("", encoding="utf-8")
    for source, profile in ((tmp_path, "municipal"), (own, str(own))):
        stated = {"SOURCE": str(source), "PROFILE": profile, "RESULT_FOLDER": str(tmp_path / "out")}
        algorithm = next(
            one for one in QgsApplication.processingRegistry().algorithms() if one.id().endswith(":checkpackage")
        )
        processing.run(algorithm.id(), stated)
        job, parameters, _ = engine.calls[-1]
        assert job == "check_package"
        assert Path(parameters["source"]) == source and parameters["profile"] == profile


def test_the_dock_has_the_check_and_the_land_jobs_where_a_plan_is_handed_in(actions):
    from qgis.gui import QgsCollapsibleGroupBox
    from qgis.PyQt.QtWidgets import QPushButton
    from xinji_planner.jobs import registry

    boxes = {box.title(): box for box in actions.dock.findChildren(QgsCollapsibleGroupBox)}
    handed_in = [press.text() for press in boxes["上报"].findChildren(QPushButton)]
    for name in ("control_line_conflicts", "land_demand", "delivery_package", "check_package"):
        assert f"{registry.jobs()[name].label.zh}…" in handed_in
    trunk = [press.text() for press in boxes["分析 · 干线网络"].findChildren(QPushButton)]
    assert f"{registry.jobs()['gateway_balance'].label.zh}…" in trunk
