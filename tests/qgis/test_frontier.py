"""Results of the frontier scoreboard in QGIS: states differ in symbol and word, no code is left to read."""

import pytest

GAP = {
    "rank": 1,
    "subject": "border_institution",
    "service": "broadband",
    "name": "北岭边境派出所",
    "state": "not_met",
    "reason": "no_station_in_range",
    "backhaul": "satellite",
    "people": 12,
    "nearest_station_m": 5000.5,
    "border_m": 800.0,
}
ROAD = {"road_id": "DL0011", "service": "4G", "state": "cannot_tell", "reason": "no_data", "run_km": 1.5}


def styled(kind, style, values):
    from qgis.core import QgsFeature, QgsVectorLayer
    from xinji_planner.ui import styles

    types = {str: "string", int: "integer", float: "double"}
    fields = "".join(f"&field={name}:{types[type(value)]}" for name, value in values.items())
    layer = QgsVectorLayer(f"{kind}?crs=EPSG:4490{fields}", style, "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(list(values.values()))
    layer.dataProvider().addFeature(feature)
    styles.apply(layer, style)
    return layer


@pytest.mark.parametrize(("spoken", "labels"), [
    ("zh-Hans", ["未达到", "无法判定"]), ("en", ["Not met", "Cannot tell"]),
])  # fmt: skip
@pytest.mark.parametrize(("kind", "style", "values"), [
    ("Point", "frontier_gap", GAP), ("MultiLineString", "road_gap", ROAD),
])  # fmt: skip
def test_gaps_differ_in_symbol_and_word(qgis_app, language, spoken, labels, kind, style, values):
    language(spoken)
    layer = styled(kind, style, values)
    shown = layer.renderer().categories()
    assert [item.label() for item in shown] == labels
    looks = [item.symbol().symbolLayer(0) for item in shown]
    told = {look.penStyle() if kind != "Point" else look.shape() for look in looks}
    assert len(told) == 2


@pytest.mark.parametrize(("style", "kind", "values"), [
    ("frontier_gap", "Point", GAP), ("road_gap", "MultiLineString", ROAD),
])  # fmt: skip
def test_every_column_has_a_heading_and_every_code_a_word(qgis_app, language, style, kind, values):
    from qgis.core import QgsApplication

    language("zh-Hans")
    layer = styled(kind, style, values)
    feature = next(layer.getFeatures())
    for index, field in enumerate(layer.fields()):
        assert layer.attributeAlias(index), field.name()
        if field.name() in ("subject", "state", "reason", "backhaul"):
            setup = layer.editorWidgetSetup(index)
            formatter = QgsApplication.fieldFormatterRegistry().fieldFormatter(setup.type())
            value = feature[field.name()]
            assert formatter.representValue(layer, index, setup.config(), None, value) != value
