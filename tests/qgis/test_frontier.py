"""Layers of a frontier result in QGIS: states differ in symbol and word, classes are switched off, codes are words."""

import re

import pytest

from .frontier_kit import ITEMS, write_result

GAP = {
    "rank": 1,
    "rule_id": "T.institution",
    "unverified": 1,
    "subject": "border_institution",
    "service": "broadband",
    "item_id": "JG01",
    "name": "北岭边境派出所",
    "county_name": "海岳县",
    "state": "not_met",
    "reason": "planned",
    "planned_year": "2027",
    "backhaul": "satellite",
    "people": 1200,
    "nearest_station_id": "JZ01",
    "nearest_station_m": 5000.5,
    "nearest_cable_id": "GL07",
    "border_m": 800.0,
}
ROAD = {
    "rule_id": "T.road",
    "unverified": 0,
    "road_id": "DL0011",
    "route": "G219",
    "name": "沿边公路",
    "structure": "bridge",
    "service": "4G",
    "state": "not_met",
    "reason": "no_data",
    "run_km": 1.5,
    "length_km": 0.75,
}
SEA = {"rule_id": "T.sea", "zone": "territorial", "legal": 1, "state": "not_met", "area_km2": 12.5}
SCOPE = {
    "county_code": "990101",
    "county_name": "海岳县",
    "in_scope": "to_settle",
    "reason": "须认定",
    "reason_en": "open",
}
CHANGE = {
    "rule_id": "T.village",
    "unverified": 0,
    "subject": "village",
    "item_id": "C1",
    "name": "双峒村",
    "change": "newly_met",
    "before": "not_met",
    "after": "met",
    "why": "listed",
}
KINDS = {
    "frontier_gap": "Point",
    "frontier_item": "Point",
    "frontier_change": "Point",
    "frontier_scope": "MultiPolygon",
}
KINDS |= {"road_gap": "MultiLineString", "road_state": "MultiLineString", "sea_part": "MultiPolygon"}
KINDS |= {"sea_gap": "MultiPolygon"}
ROWS = {
    "frontier_gap": GAP,
    "frontier_item": {name: value for name, value in GAP.items() if name != "rank"},
    "frontier_change": CHANGE,
    "frontier_scope": SCOPE,
    "road_gap": ROAD,
}
ROWS |= {"road_state": ROAD, "sea_part": SEA, "sea_gap": SEA}


def styled(style, *rows):
    from qgis.core import QgsFeature, QgsVectorLayer
    from xinji_planner.ui import styles

    types = {str: "string", int: "integer", float: "double"}
    fields = "".join(f"&field={name}:{types[type(value)]}" for name, value in rows[0].items())
    layer = QgsVectorLayer(f"{KINDS[style]}?crs=EPSG:4490{fields}", style, "memory")
    for values in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(values.values()))
        layer.dataProvider().addFeature(feature)
    styles.apply(layer, style)
    return layer


def legend(layer):
    """Give the words of a legend with their symbols, from top to bottom."""
    items = layer.renderer().legendSymbolItems()
    return [(item.label(), item.symbol() and item.symbol().clone()) for item in items]  # the layer may go


def tip(layer, language=None):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils, QgsProject

    QgsProject.instance().addMapLayer(layer)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(next(layer.getFeatures()))
    html = QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>|&ensp;", " ", html)).strip()


@pytest.fixture
def result(qgis_app, tmp_path):
    """Open the layers of a result made by hand."""
    from xinji_planner.ui import load

    def make(without=()):
        folder = write_result(tmp_path / f"run{len(list(tmp_path.iterdir()))}", without=without)
        return lambda name: load.open_table(folder / "result.gpkg", name, name, name)[0]

    return make


# --- symbols ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spoken", "labels"), [
    ("zh-Hans", ["达到", "未达到", "无法判定"]), ("en", ["Met", "Not met", "Cannot tell"]),
])  # fmt: skip
@pytest.mark.parametrize("style", ["frontier_gap", "road_gap", "road_state", "sea_part"])
def test_states_differ_in_symbol_and_word(qgis_app, language, spoken, labels, style):
    from qgis.PyQt.QtCore import QSize
    from xinji_planner.ui import symbols

    language(spoken)
    rows = [{**ROWS[style], "state": state} for state in ("cannot_tell", "met", "not_met")]
    shown = [(label, symbol) for label, symbol in legend(styled(style, *rows)) if symbol is not None]
    assert [label for label, _ in shown] == labels
    grey = {_grey(symbols.preview(symbol, QSize(32, 32))) for _, symbol in shown}
    assert len(grey) == 3, "told apart without colour"


def _grey(icon):
    """Give a picture as black and white dots, which hold shape and pattern and no colour."""
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QImage

    picture = icon.pixmap(QSize(32, 32)).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    return tuple(
        picture.pixelColor(x, y).alpha() > 100 and picture.pixelColor(x, y).lightness() < 200
        for x in range(32)
        for y in range(32)
    )


def test_only_states_that_occur_stand_in_the_legend(qgis_app, language):
    language("zh-Hans")
    assert [label for label, _ in legend(styled("frontier_gap", GAP))] == ["未达到"]


def test_items_are_drawn_class_by_class_each_with_its_states_and_the_unmet_on_top(result, language):
    language("zh-Hans")
    layer = result()("frontier_item")
    classes = layer.renderer().rootRule().children()
    assert [rule.label() for rule in classes] == ["行政村 · 5G", "20户以上自然村 · 5G（规则未核实或类推）"]
    assert [rule.label() for rule in classes[0].children()] == ["达到", "未达到", "无法判定"]
    assert [rule.label() for rule in classes[1].children()] == ["达到", "未达到"]
    order = layer.renderer().orderBy().list()[0]
    assert layer.renderer().orderByEnabled() and "= 'not_met' THEN 2" in order.expression().expression()


def test_every_item_is_drawn_by_one_rule(result, language):
    layer = result()("frontier_item")
    shown = {
        rule.ruleKey(): rule.filterExpression() for rule in layer.renderer().rootRule().descendants() if rule.symbol()
    }
    counted = 0
    for rule in layer.renderer().rootRule().descendants():
        if rule.symbol():
            both = f"({rule.parent().filterExpression()}) AND ({rule.filterExpression()})"
            counted += sum(1 for _ in layer.getFeatures(both))
    assert counted == len(ITEMS) and len(shown) == 5


def test_a_class_can_be_switched_off_in_the_legend(result, language):
    layer = result()("frontier_item")
    keys = [item.ruleKey() for item in layer.renderer().legendSymbolItems()]
    assert all(layer.renderer().legendSymbolItemChecked(key) for key in keys)
    layer.renderer().checkLegendSymbolItem(keys[0], False)
    assert not layer.renderer().rootRule().children()[0].active()


def test_tunnels_have_a_line_of_their_own(result, language):
    language("zh-Hans")
    assert [label for label, _ in legend(result()("road_state"))] == ["达到", "未达到", "无法判定", "隧道（另计）"]


def test_a_derived_belt_is_told_from_legal_waters(qgis_app, language):
    from qgis.PyQt.QtCore import Qt

    language("zh-Hans")
    layer = styled("sea_part", SEA, {**SEA, "zone": "derived_12nm", "legal": 0})
    shown = legend(layer)
    assert [label for label, _ in shown] == ["领海", "未达到", "推算12海里带（非法定）", "未达到"]
    outlines = [symbol.symbolLayer(0).strokeStyle() for _, symbol in shown if symbol is not None]
    assert sorted(outlines, key=str) == sorted([Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine], key=str)


@pytest.mark.parametrize(("spoken", "labels"), [
    ("zh-Hans", ["在范围内", "不在范围内", "须人工认定"]), ("en", ["In scope", "Out of scope", "To be settled"]),
])  # fmt: skip
def test_a_scope_shows_what_is_to_be_settled_by_a_hatch(qgis_app, language, spoken, labels):
    language(spoken)
    shown = legend(styled("frontier_scope", *({**SCOPE, "in_scope": state} for state in ("to_settle", "out", "in"))))
    assert [label for label, _ in shown] == labels
    assert len({symbol.symbolLayer(0).brushStyle() for _, symbol in shown}) == 3


def test_changes_differ_in_symbol_and_word(qgis_app, language):
    language("zh-Hans")
    changes = ("newly_met", "newly_lost", "newly_judged", "no_longer_judged", "came_in", "left")
    shown = legend(styled("frontier_change", *({**CHANGE, "change": change} for change in changes)))
    assert len({symbol.symbolLayer(0).shape() for _, symbol in shown}) == 6
    assert [label for label, _ in shown][:2] == ["新达到", "由达到变为未达到"]


# --- cautions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("spoken", "suffix"), [("zh-Hans", "（含未核实规则）"), ("en", " (rules not verified)")])
def test_a_layer_that_rests_on_unverified_rules_says_so_in_the_legend(qgis_app, language, spoken, suffix):
    from xinji_planner.ui import styles

    language(spoken)
    layer = styled("frontier_gap", GAP)
    styles.apply(layer, "frontier_gap")
    assert layer.name() == f"frontier_gap{suffix}"
    assert styled("frontier_gap", {**GAP, "unverified": 0}).name() == "frontier_gap"


def test_a_layer_that_only_names_its_rules_takes_their_status_from_the_record_of_the_run(result, language, tmp_path):
    language("zh-Hans")
    opened = result()
    assert opened("sea_part").name() == "sea_part（含未核实规则）"
    next(tmp_path.glob("*/run.json")).unlink()
    assert opened("sea_part").name() == "sea_part"


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", list(KINDS))
def test_every_column_has_a_heading_and_every_code_a_word(qgis_app, language, style):
    from qgis.core import QgsApplication

    language("zh-Hans")
    layer = styled(style, ROWS[style])
    feature = next(layer.getFeatures())
    coded = (
        "subject",
        "state",
        "reason",
        "backhaul",
        "zone",
        "change",
        "before",
        "after",
        "why",
        "in_scope",
        "structure",
    )
    for index, field in enumerate(layer.fields()):
        assert re.search("[\u4e00-\u9fff]", layer.attributeAlias(index)), field.name()
        if field.name() in coded and (style, field.name()) != ("frontier_scope", "reason"):
            setup = layer.editorWidgetSetup(index)
            formatter = QgsApplication.fieldFormatterRegistry().fieldFormatter(setup.type())
            value = feature[field.name()]
            assert formatter.representValue(layer, index, setup.config(), None, value) != value


def test_a_tip_tells_reason_nearest_station_fibre_and_that_the_rule_is_not_verified(qgis_app, language):
    language("zh-Hans")
    said = tip(styled("frontier_gap", GAP))
    assert said.startswith("▲ 未达到 北岭边境派出所 海岳县")
    for part in ("原因：2027年规划或在建基站建成后达到", "JZ01", "GL07", "卫星", "边境管理及贸易机构"):
        assert part in said
    assert "规则未核实或类推，仅供参考" in said and not re.search("not_met|planned|NULL|\\[%", said)


def test_a_tip_says_it_in_english_and_leaves_out_what_is_not_known(qgis_app, language):
    language("en")
    said = tip(styled("frontier_item", {**GAP, "state": "met", "reason": "", "nearest_cable_id": "", "unverified": 0}))
    assert said.startswith("● Met 北岭边境派出所 海岳县") and "Reason" not in said and "cable" not in said
    assert "not verified" not in said


@pytest.mark.parametrize(("style", "parts"), [
    ("road_state", ["▲ 未达到 沿边公路", "0.750", "桥梁"]),
    ("sea_part", ["▲ 未达到 领海", "12.5"]),
    ("frontier_scope", ["海岳县", "须人工认定", "须认定"]),
    ("frontier_change", ["双峒村", "新达到", "名录变化"]),
])  # fmt: skip
def test_other_tips_tell_what_a_planner_asks(qgis_app, language, style, parts):
    language("zh-Hans")
    said = tip(styled(style, ROWS[style]))
    assert [part for part in parts if part not in said] == []


def test_a_scope_is_explained_in_the_planners_language_alone(qgis_app, language):
    language("en")
    layer = styled("frontier_scope", SCOPE)
    hidden = {column.name for column in layer.attributeTableConfig().columns() if column.hidden and column.name}
    assert hidden == {"reason"} and "须认定" not in tip(layer)


# --- labels and groups ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("style", "row", "label"), [
    ("frontier_item", GAP, "北岭边境派出所"),
    ("frontier_item", {**GAP, "state": "met"}, None),
    ("frontier_gap", GAP, "1 北岭边境派出所"),
    ("road_gap", ROAD, "G219 0.8 km"),
    ("sea_gap", SEA, "12.5 km²"),
    ("frontier_scope", SCOPE, "海岳县\n须人工认定"),
])  # fmt: skip
def test_gaps_are_labelled_and_only_where_there_is_room(qgis_app, language, style, row, label):
    from qgis.core import NULL, QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

    language("zh-Hans")
    layer = styled(style, row)
    settings = layer.labeling().settings()
    assert layer.labelsEnabled() and settings.scaleVisibility and settings.minimumScale > 0
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(next(layer.getFeatures()))
    found = QgsExpression(settings.fieldName).evaluate(context)
    assert (None if found == NULL else found) == label


def test_layers_come_grouped_with_the_gaps_that_others_show_too_switched_off(qgis_app, language, tmp_path):
    from qgis.core import QgsProject
    from xinji_planner.ui import load, runs

    language("zh-Hans")
    load.run_layers(runs.read(write_result(tmp_path / "run")))
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    assert group.name().startswith("宽带边疆计分（宽带边疆2027年目标）")
    shown = {node.layer().customProperty("xinji/output"): node.itemVisibilityChecked() for node in group.findLayers()}
    assert shown["frontier_item"] and shown["frontier_scope"] and shown["road_state"] and not shown["frontier_gap"]
    order = list(shown)
    assert order[0] in ("frontier_item", "frontier_gap") and order[-1] in ("frontier_scope", "sea_part")


def test_without_the_layer_of_items_the_gaps_are_shown(qgis_app, language, tmp_path):
    from qgis.core import QgsProject
    from xinji_planner.ui import load, runs

    load.run_layers(runs.read(write_result(tmp_path / "run", without=("frontier_item",))))
    (group,) = QgsProject.instance().layerTreeRoot().findGroups()
    shown = {node.layer().customProperty("xinji/output"): node.itemVisibilityChecked() for node in group.findLayers()}
    assert shown["frontier_gap"]
