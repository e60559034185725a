"""Layers of the trunk network in QGIS: what fails or falls short is seen by symbol and by word, in both languages."""

import json
import re

import pytest

from .test_frontier import _grey, legend, tip

POINT, LINE, AREA = "Point", "MultiLineString", "MultiPolygon"
WKT = {POINT: "POINT(106 22)", LINE: "LINESTRING(106 22,106.1 22)", AREA: "POLYGON((106 22,106.1 22,106 22.1,106 22))"}
# style: geometry, one row
ROWS = {
    "trunk_edge": (
        LINE,
        {
            **{"edge_id": "GL01#1", "cable_id": "GL01", "cable_name": "岳城—屏山", "operator": "CMCC;CTCC"},
            **{"level": "provincial", "laying": "duct", "status": "existing", "year": 2016, "from_name": "岳城"},
            **{"to_name": "屏山", "length_km": 37.25, "fibre_km": 38.4, "length_kind": "drawn", "is_bridge": 1},
        },
    ),
    "trunk_vertex": (
        POINT,
        {"vertex_id": "N01", "name": "岳城机房", "kind": "room", "degree": 3, "is_articulation": 1},
    ),
    "trunk_edge_issue": (
        POINT,
        {"issue": "near_miss", "issue_level": "to_mend", "cable_id": "GL01", "cable_name": "岳城—屏山", "gap_m": 12.0},
    ),
    "node_exit": (
        POINT,
        {
            **{"node_id": "N01", "name": "岳城机房", "node_class": "backbone", "exits_physical": 2, "target": 3},
            **{"state": "short", "azimuths": "10、190", "held_by": "主用、备用", "advice": "new_link"},
        },
    ),
    "exit_ray": (
        LINE,
        {"node_id": "N01", "name": "岳城机房", "exit": 1, "azimuth_deg": 10.5, "is_used": 1, "cables": 2},
    ),
    "new_link": (
        LINE,
        {
            **{"node_id": "N01", "name": "岳城", "to_node": "N02", "to_name": "屏山", "length_km": 12.5},
            **{"exits_after": 3, "found": "roads"},
        },
    ),
    "shared_stretch": (
        LINE,
        {
            **{"cable_a": "GL01", "name_a": "主用", "cable_b": "GL02", "name_b": "备用", "kind": "trench"},
            **{"from_km": 1.0, "to_km": 3.5, "length_km": 2.5},
        },
    ),
    "joint_build": (
        LINE,
        {"cable_a": "GL01", "name_a": "甲", "cable_b": "GL02", "name_b": "乙", "kind": "joint_build", "length_km": 2.5},
    ),
    "route": (
        LINE,
        {
            "route": 1,
            "from_name": "岳城",
            "to_name": "屏山",
            "length_km": 37.3,
            "ms": 0.188,
            "hops": 2,
            "rooms": "石鼓",
        },
    ),
    "cluster_link": (
        LINE,
        {
            **{
                "from_site": "海岳",
                "to_site": "沧屏",
                "ms": 0.276,
                "ms_kind": "route",
                "km": 46.8,
                "hops": 2,
                "direct": 1,
            },
            **{"stretch_geodesic": 1.47, "state_geodesic": "met", "state_best": "met", "state": "met", "ring": "city"},
        },
    ),
    "missing_link": (LINE, {"from_site": "海岳", "to_site": "沧屏", "ms": 0.5}),
    "mesh_gap": (LINE, {"from_site": "岳城", "to_site": "望潮", "ms": 0.9, "hops": 3, "via": "屏山"}),
    "ms_circle": (LINE, {"site": "海岳", "limit_ms": 1.0, "cable_km": 374.7, "items_places": 98}),
    "cluster_site": (POINT, {"site": "海岳", "place": "数据中心", "room": "岳城机房", "room_km": 2.0, "joined": 1}),
    "failure_edge": (
        LINE,
        {"what_id": "GL06#1", "name": "屏山—东港", "kind": "cut", "people_cut": 21816, "villages_cut": 13, "rank": 1},
    ),
    "failure_node": (POINT, {"what_id": "N01", "name": "岳城", "kind": "cut", "people_cut": 52302, "rank": 1}),
    "failure_conduit": (
        LINE,
        {
            "what_id": "G1",
            "name": "主用、备用",
            "kind": "link_cut",
            "people_cut": 0,
            "links_cut": "岳城—屏山",
            "rank": 3,
        },
    ),
    "failure_pair": (
        LINE,
        {"what_id": "GL01 + GL02", "name": "GL01 + GL02", "kind": "cut", "people_cut": 900, "mw_cut": 2.4, "rank": 1},
    ),
    "hazard_exposed": (
        LINE,
        {
            **{"hazard": "landslide", "grade": "高", "facility": "cable", "facility_id": "GL01", "name": "岳城—屏山"},
            **{"length_km": 3.2, "measures": "missing"},
        },
    ),
    "gateway": (
        POINT,
        {
            **{
                "node_id": "N06",
                "name": "望潮站",
                "operator": "CMCC",
                "role": "landing",
                "region_name": "东部地区",
                "region": "east",
            },
            **{"capacity_gbps": 3000.0, "served_nodes": 13, "state": "joined"},
        },
    ),
    "border_crossing": (
        POINT,
        {
            "name": "关山口岸",
            "neighbour": "越南",
            "cable_count": 1,
            "cables": "GL07",
            "operator": "CMCC",
            "state": "yes",
        },
    ),
    "sea_band": (
        AREA,
        {
            **{"cable_id": "GL018", "name": "望潮—岚洲海缆", "sea_kind": "bay", "width_m": 100.0, "state": "applies"},
            **{"length_km": 54.2, "area_km2": 10.9},
        },
    ),
    "sea_conflict": (
        AREA,
        {
            **{
                "cable_id": "GL018",
                "name": "望潮—岚洲海缆",
                "use": "anchorage",
                "with_id": "#1",
                "with_name": "外锚地",
            },
            **{"sea_kind": "open_sea", "width_m": 500.0, "state": "conflict", "area_km2": 19.5},
        },
    ),
    "shared_place": (
        POINT,
        {
            **{"cable_a": "GL01", "name_a": "主用", "cable_b": "GL02", "name_b": "备用", "same_rooms": 1},
            **{"kind": "river", "place": "沧河", "at_a_km": 11.2, "at_b_km": 13.3, "apart_m": 0.8},
        },
    ),
    "hazard_exposed_site": (
        POINT,
        {
            "hazard": "flood",
            "grade": "中",
            "facility": "node",
            "facility_id": "N01",
            "name": "岳城",
            "measures": "missing",
        },
    ),
}
# style, field, its values from the top of the legend, their words in both languages
STATES = (
    (
        "node_exit",
        "state",
        ["short", "cannot_tell", "met"],
        ["不足", "无法判定", "达到"],
        ["Short", "Cannot tell", "Met"],
    ),
    ("shared_stretch", "kind", ["trench", "corridor"], ["同沟", "同走廊"], ["One trench", "One corridor"]),
    (
        *("joint_build", "kind", ["joint_build", "use_existing", "side_by_side"]),
        *(
            ["可同沟共建", "可利用已有管道", "并行"],
            ["Could be one trench", "Could use ducts that stand", "Side by side"],
        ),
    ),
    (
        *("trunk_edge", "is_bridge", [1, 0]),
        *(["唯一通路（一断即失联）", "另有迂回路由"], ["Bridge: a cut here cuts something off", "Has a way round"]),
    ),
    ("hazard_exposed", "measures", ["missing", "taken", "not_stated"], ["缺措施", "已有措施", "未提供"], None),
    ("hazard_exposed_site", "measures", ["missing", "taken", "not_stated"], ["缺措施", "已有措施", "未提供"], None),
    ("route", "route", [1, 2, 3, 4, 5], [f"路由 {n}" for n in range(1, 6)], [f"Route {n}" for n in range(1, 6)]),
    (
        *("failure_edge", "kind", ["cut", "split", "link_cut", "single", "none", "off"]),
        *(["有中断", "骨干分片", "主备同断", "剩一条通路", "无影响", "原已不通"], None),
    ),
    (
        *("failure_node", "kind", ["cut", "split", "link_cut", "single", "none", "off"]),
        *(["有中断", "骨干分片", "主备同断", "剩一条通路", "无影响", "原已不通"], None),
    ),
    (
        *("cluster_link", "state", ["over", "split", "cannot_tell", "met"]),
        *(["两种口径均超出 · 直达", "两种口径结论不同 · 直达", "无法判定 · 直达", "两种口径均达到 · 直达"], None),
    ),
    (
        *("new_link", "found", ["roads", "overland"]),
        *(["建议的新光缆 · 沿道路", "建议的新光缆 · 越野（代价格网）"], None),
    ),
    (
        *("gateway", "state", ["joined", "off", "cannot_tell"]),
        *(["海缆登陆站 · 已接入光缆网", "海缆登陆站 · 未接入光缆网", "海缆登陆站 · 无法判定"], None),
    ),
    ("border_crossing", "state", ["no", "cannot_tell", "yes"], ["范围内无光缆", "无法判定", "有光缆"], None),
    ("sea_conflict", "state", ["conflict", "cannot_tell"], ["冲突", "取决于海域类型，无法判定"], None),
    (
        *("shared_place", "kind", ["bridge", "tunnel", "river", "fault", "hazard", "other"]),
        *(["桥梁", "隧道", "河流穿越", "断裂穿越", "灾害区", "其他地点"], None),
    ),
    ("cluster_site", "joined", [0, 1], ["未接入网络", "已接入网络"], ["Off the network", "Joined to the network"]),
)
# What is drawn as lines is too small in an icon to be told by dots alone: these are told by width and pattern.
_TOLD_BY_WIDTH = ("route", "failure_edge", "cluster_link")


def styled(style, *rows):
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer
    from xinji_planner.ui import styles

    types = {str: "string", int: "integer", float: "double"}
    kind, row = ROWS[style]
    rows = rows or (row,)
    fields = "".join(f"&field={name}:{types[type(value)]}" for name, value in row.items())
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:4490{fields}", style, "memory")
    for values in rows:
        feature = QgsFeature(layer.fields())
        feature.setAttributes([values.get(name) for name in row])
        feature.setGeometry(QgsGeometry.fromWkt(WKT[kind]))
        layer.dataProvider().addFeature(feature)
    styles.apply(layer, style)
    return layer


def row(style, **values):
    return {**ROWS[style][1], **values}


# --- symbols ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", STATES, ids=lambda case: case[0])
def test_states_differ_in_symbol_and_word(qgis_app, language, case):
    from qgis.PyQt.QtCore import QSize
    from xinji_planner.ui import symbols

    style, field, values, zh, en = case
    for spoken, labels in (("zh-Hans", zh), ("en", en)):
        language(spoken)
        shown = legend(styled(style, *(row(style, **{field: value}) for value in reversed(values))))
        words = [label for label, _ in shown]
        assert (
            words == labels if labels else len(set(words)) == len(values) and not re.search("[一-鿿]", "".join(words))
        )
    grey = {_grey(symbols.preview(symbol, QSize(32, 32))) for _, symbol in shown}
    looks = (
        {(symbol.width(), symbol.symbolLayer(0).penStyle(), len(grey)) for _, symbol in shown}
        if style in _TOLD_BY_WIDTH
        else grey
    )
    marks = {len(symbol.symbolLayers()) for _, symbol in shown}
    assert len(looks) * len(marks) >= len(values), "told apart without colour"


def test_the_three_bands_that_may_apply_differ_in_the_line_around_them(qgis_app, language):
    language("en")
    rows = [row("sea_band", state="cannot_tell", sea_kind="unknown", width_m=width) for width in (50.0, 100.0, 500.0)]
    shown = legend(styled("sea_band", *rows))
    assert [label.partition(" on each")[0] for label, _ in shown] == ["50 m", "100 m", "500 m"]
    assert len({symbol.symbolLayer(0).strokeStyle() for _, symbol in shown}) == 3


def test_every_row_is_drawn_by_one_symbol_of_its_own(qgis_app, language):
    for style, field, values, _zh, _en in STATES:
        layer = styled(style, *(row(style, **{field: value}) for value in values))
        rules = [rule for rule in layer.renderer().rootRule().descendants() if rule.symbol()]
        drawn = [sum(1 for _ in layer.getFeatures(rule.filterExpression())) for rule in rules]
        assert drawn == [1] * len(values), style


def test_a_planned_bridge_is_told_from_one_that_stands(qgis_app, language):
    language("zh-Hans")
    layer = styled("trunk_edge", row("trunk_edge"), row("trunk_edge", status="planned"))
    assert [label for label, _ in legend(layer)] == ["唯一通路（一断即失联）", "唯一通路（一断即失联）（在建或规划）"]


def test_an_articulation_point_has_a_ring_around_the_mark_of_its_kind(qgis_app, language):
    language("zh-Hans")
    rows = [row("trunk_vertex", kind=kind, is_articulation=0) for kind in ("loose", "joint", "room")]
    assert [label for label, _ in legend(styled("trunk_vertex", *rows))] == ["节点", "接头", "悬空端点"]
    layer = styled("trunk_vertex", *rows, row("trunk_vertex"))
    assert [label for label, _ in legend(layer)][-1] == "单点隐患（一失效即失联）"


def test_what_is_to_be_checked_stands_apart_from_what_was_decided(qgis_app, language):
    language("zh-Hans")
    decided = row("trunk_edge_issue", issue="crossing", issue_level="decided")
    shown = legend(styled("trunk_edge_issue", decided, row("trunk_edge_issue")))
    assert [label for label, _ in shown] == ["需核对", "疑似未接", "已处理", "交叉未接"]
    large, small = (symbol.size() for _, symbol in shown if symbol is not None)
    assert large > small


def test_a_direction_that_counts_is_a_solid_arrow_and_another_a_broken_line(qgis_app, language):
    from qgis.PyQt.QtCore import Qt

    language("en")
    used, unused = (symbol for _, symbol in legend(styled("exit_ray", row("exit_ray"), row("exit_ray", is_used=0))))
    assert (
        used.symbolLayer(0).penStyle() == Qt.PenStyle.SolidLine
        and used.symbolLayer(1).subSymbol().symbolLayerCount() == 2
    )
    assert (
        unused.symbolLayer(0).penStyle() == Qt.PenStyle.DashLine
        and unused.symbolLayer(1).subSymbol().symbolLayerCount() == 1
    )


def drawn_order(layer):
    """Give the rows in the order in which they are drawn, by the attribute at a place."""
    from qgis.core import QgsFeatureRequest

    request = QgsFeatureRequest().setOrderBy(layer.renderer().orderBy())
    return [feature.attributes() for feature in layer.getFeatures(request)]


@pytest.mark.parametrize(("style", "field", "below_to_top"), [
    ("shared_stretch", "kind", ["corridor", "trench"]),
    ("trunk_edge", "is_bridge", [0, 1]),
    ("failure_edge", "kind", ["none", "single", "cut"]),
    ("route", "route", [1, 2, 3]),  # the first is the broadest, so that all are seen where they share a cable
])  # fmt: skip
def test_what_matters_most_is_on_top(qgis_app, language, style, field, below_to_top):
    for order in (below_to_top, below_to_top[::-1]):
        layer = styled(style, *(row(style, **{field: value}) for value in order))
        assert layer.renderer().orderByEnabled()
        place = layer.fields().indexOf(field)
        assert [values[place] for values in drawn_order(layer)] == below_to_top


def test_every_site_has_its_circle_in_the_legend(qgis_app, language):
    sites = ("海岳", "沧屏", "O'Hara")
    shown = legend(styled("ms_circle", *(row("ms_circle", site=site) for site in sites)))
    assert sorted(label for label, _ in shown) == sorted(sites)


# --- words ------------------------------------------------------------------------------------------------------

CODED = (
    *("level", "laying", "status", "length_kind", "kind", "issue", "issue_level", "node_class", "advice", "state"),
    *("ms_kind", "state_geodesic", "state_best", "ring", "hazard", "facility", "measures", "operator", "is_bridge"),
    *("is_articulation", "is_used", "joined", "direct", "found", "role", "sea_kind", "use", "same_rooms"),
)


@pytest.mark.parametrize("spoken", ["zh-Hans", "en"])
@pytest.mark.parametrize("style", list(ROWS))
def test_every_column_has_a_heading_and_every_code_a_word(qgis_app, language, style, spoken):
    from qgis.core import QgsApplication

    language(spoken)
    layer = styled(style)
    feature = next(layer.getFeatures())
    for index, field in enumerate(layer.fields()):
        heading = layer.attributeAlias(index)
        assert heading and bool(re.search("[一-鿿]", heading)) == (spoken == "zh-Hans"), field.name()
        if field.name() in CODED:
            setup = layer.editorWidgetSetup(index)
            formatter = QgsApplication.fieldFormatterRegistry().fieldFormatter(setup.type())
            said = formatter.representValue(layer, index, setup.config(), None, feature[index])
            assert said not in (str(feature[index]), f"({feature[index]})"), field.name()


def test_a_cable_of_two_operators_names_both(qgis_app, language):
    language("zh-Hans")
    assert "中国移动、中国电信" in tip(styled("trunk_edge"))


@pytest.mark.parametrize("spoken", ["zh-Hans", "en"])
@pytest.mark.parametrize("style", list(ROWS))
def test_a_tip_has_words_for_everything(qgis_app, language, style, spoken):
    language(spoken)
    said = tip(styled(style))
    assert said and not re.search(r"NULL|\[%|%\]|_[a-z]", said)
    assert spoken == "en" or not re.search(r"\b(met|short|cut|trench|to_mend|missing|landslide)\b", said)


@pytest.mark.parametrize(("style", "parts"), [
    ("trunk_edge", ["岳城—屏山", "唯一通路", "37.250", "管道", "：2016 "]),
    ("trunk_vertex", ["岳城机房", "单点隐患"]),
    ("trunk_edge_issue", ["疑似未接", "需核对", "12"]),
    ("node_exit", ["▲ 不足 岳城机房", "骨干节点", "主用、备用", "新建光缆"]),
    ("shared_stretch", ["主用 – 备用", "同沟", "2.500"]),
    ("route", ["岳城 – 屏山", "37.300", "石鼓"]),
    ("cluster_link", ["● 两种口径均达到 海岳 – 沧屏", "直达", "0.276", "1.470"]),
    ("failure_edge", ["■ 有中断 屏山—东港", "21,816"]),
    ("failure_pair", ["■ 有中断 GL01 + GL02", "900", "2.4"]),
    ("mesh_gap", ["岳城 – 望潮", "屏山"]),
    ("new_link", ["岳城 – 屏山", "沿道路", "12.500"]),
    ("gateway", ["● 已接入光缆网", "望潮站", "海缆登陆站", "东部地区", "3,000.0"]),
    ("border_crossing", ["● 有光缆", "关山口岸", "越南", "GL07"]),
    ("sea_band", ["● 适用", "望潮—岚洲海缆", "海湾", "100"]),
    ("sea_conflict", ["▲ 冲突", "外锚地", "锚地", "19.5"]),
    ("shared_place", ["沧河", "河流穿越", "主用", "11.200"]),
    ("hazard_exposed", ["▲ 缺措施 岳城—屏山", "地质灾害", "3.200"]),
])  # fmt: skip
def test_tips_tell_what_a_planner_asks(qgis_app, language, style, parts):
    language("zh-Hans")
    said = tip(styled(style))
    assert [part for part in parts if part not in said] == [], said


def test_a_region_is_named_in_the_language_of_the_planner(qgis_app, language):
    from xinji_planner.ui.results_model import ResultsModel

    for spoken, said, not_said in (("zh-Hans", "东部地区", "east"), ("en", "east", "东部地区")):
        language(spoken)
        layer = styled("gateway")
        names = ResultsModel(layer).names
        shown = tip(layer)
        assert said in shown and not_said not in shown
        assert ("region_name" in names, "region" in names) == (spoken == "zh-Hans", spoken == "en")


@pytest.mark.parametrize(("style", "values", "label"), [
    ("trunk_edge", {}, "岳城—屏山"),
    ("trunk_edge", {"is_bridge": 0}, None),
    ("trunk_vertex", {"kind": "joint", "is_articulation": 0}, None),
    ("trunk_edge_issue", {}, "疑似未接"),
    ("trunk_edge_issue", {"issue_level": "decided"}, None),
    ("node_exit", {}, "岳城机房 2/3"),
    ("node_exit", {"exits_physical": None}, "岳城机房 ?/3"),
    ("new_link", {}, "+ 12.5 km"),
    ("shared_stretch", {}, "2.50 km"),
    ("shared_stretch", {"kind": "corridor"}, None),
    ("route", {}, "1 · 37.3 km"),
    ("cluster_link", {}, "0.276 ms"),
    ("failure_edge", {}, "1 · 21,816 人"),
    ("failure_edge", {"kind": "single", "people_cut": 0}, None),
    ("failure_conduit", {}, "3 · 主备同断"),
    ("failure_pair", {}, "1 · 900 人"),
    ("mesh_gap", {}, "岳城 × 望潮"),
    ("gateway", {}, "望潮站"),
    ("border_crossing", {}, "关山口岸"),
    ("shared_place", {}, "沧河"),
    ("hazard_exposed", {"measures": "taken"}, None),
])  # fmt: skip
def test_what_stands_out_is_labelled(qgis_app, language, style, values, label):
    from qgis.core import NULL, QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

    language("zh-Hans")
    layer = styled(style, row(style, **values))
    settings = layer.labeling().settings()
    assert layer.labelsEnabled() and settings.scaleVisibility
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(next(layer.getFeatures()))
    found = QgsExpression(settings.fieldName).evaluate(context)
    assert (None if found == NULL else found) == label


# --- cautions and the line after a run --------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "suffix"), [("unverified", "（含未核实规则）"), ("verified", "")])
def test_a_layer_says_in_its_name_and_tip_that_its_run_rests_on_unverified_values(
    qgis_app, language, tmp_path, status, suffix
):
    from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter
    from xinji_planner.ui import load

    language("zh-Hans")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "trunk_edge"
    path = tmp_path / "result.gpkg"
    memory = styled("trunk_edge")
    QgsVectorFileWriter.writeAsVectorFormatV3(memory, str(path), QgsCoordinateTransformContext(), options)
    rules = [{"id": "a", "status": "verified"}, {"id": "b", "status": status}]
    (tmp_path / "run.json").write_text(json.dumps({"rules": rules}), encoding="utf-8")
    (layer,) = load.open_table(path, "trunk_edge", "干线网络段", "trunk_edge")
    assert layer.name() == f"干线网络段{suffix}"
    assert ("未核实" in tip(layer)) == bool(suffix)


@pytest.mark.parametrize(("summary", "zh", "en"), [
    (
        {"nodes": 15, "edges": 17, "components": 1, "bridges": 4, "articulation_points": 4, "length_km": 374.7,
         "issues_to_check": 2},
        "15 个顶点、17 段光缆，374.7 km，分 1 片：唯一通路 4 段，单点隐患 4 处；需核对 2 处",
        "15 vertices, 17 edges, 374.7 km, components: 1; bridges: 4, articulation points: 4; to check: 2",
    ),
    (
        {"nodes": 8, "met": 2, "short": 6, "cannot_tell": 0, "target": 3, "new_links": 0},
        "8 个节点应有 3 个出局方向：达到 2，不足 6，无法判定 0",
        "8 nodes to leave in 3 directions: met 2, short 6, cannot tell 0",
    ),
    (
        {"routes": 2, "routes_wanted": 2, "disjoint": True, "first_km": 37.3, "shared_km": 0.0, "trench_km": 24.8,
         "by_route": [{"from_name": "甲", "to_name": "乙"}] * 2},
        "甲 – 乙：2 条路由，最短 37.3 km，互不共用光缆；前两条不同的光缆同沟 24.8 km。",
        "甲 – 乙: 2 routes, the shortest 37.3 km, without a common cable; other cables of the first two lie in one "
        "trench for 24.8 km.",
    ),
    (
        {"routes": 1, "routes_wanted": 2, "disjoint": None, "first_km": None,
         "by_route": [{"from_name": "甲", "to_name": "乙"}]},
        "甲 – 乙：只有 1 条路由，长度无法判定。",
        "甲 – 乙: one route alone, its length cannot be told.",
    ),
])  # fmt: skip
def test_a_run_is_told_in_one_line(qgis_app, summary, zh, en):
    from xinji_planner.ui.summaries import summary_line

    assert summary_line(summary) == (zh, en)


def test_the_fields_of_the_jobs_are_the_ones_that_have_words():
    """Every layer of a job on the trunk network has a style, and every style a tip."""
    from xinji_planner.jobs import registry
    from xinji_planner.jobs.declaration import OutputKind
    from xinji_planner.ui.trunk import fields as trunk_fields
    from xinji_planner.ui.trunk import styles as trunk_styles
    from xinji_planner.ui.trunk import tips as trunk_tips

    asked = {
        output.style
        for job in registry.jobs().values()
        if any(parameter.name == "join_crossings" for parameter in job.parameters)
        for output in job.outputs
        if output.kind is OutputKind.LAYER
    }
    assert asked - set(trunk_styles.STYLES) == set()
    assert set(trunk_styles.STYLES) == set(trunk_tips.STYLES) == set(trunk_fields.OF_STYLE)
