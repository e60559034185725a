"""What the pointer tells of a village."""

import re
from pathlib import Path

import pytest

FIELDS = (
    *(("village_code", "String"), ("village_name", "String"), ("county_name", "String"), ("town_name", "String")),
    *(("verdict", "String"), ("borderline", "Bool"), ("evidence", "String"), ("operator", "String")),
    *(("nearest_station_id", "String"), ("simulated_dbm", "Double"), ("margin_db", "Double"), ("reason", "String")),
    *(("evidence_date", "Date"), ("profile_picture", "String")),
)
VILLAGE = {
    "village_code": "990101101201",
    "village_name": "双峒村",
    "county_name": "海岳县",
    "town_name": "界河镇",
    "verdict": "not_reached",
    "borderline": False,
    "evidence": "simulated",
    "operator": "CMCC",
    "nearest_station_id": "HPYD100054",
    "simulated_dbm": -108.34,
    "margin_db": -3.34,
    "profile_picture": "profiles/990101101201.zh.svg",
}


@pytest.fixture
def tip(qgis_app, language, tmp_path):
    """Write a result with one village and give the tip as QGIS would show it."""

    def make(spoken="zh-Hans", folder="海岳 县/结果 #1 50%", pictures=True, without=(), **values):
        from qgis.core import (
            QgsCoordinateTransformContext,
            QgsExpression,
            QgsExpressionContext,
            QgsExpressionContextUtils,
            QgsFeature,
            QgsField,
            QgsProject,
            QgsVectorFileWriter,
            QgsVectorLayer,
        )
        from qgis.PyQt.QtCore import QVariant
        from xinji_planner.ui import styles

        language(spoken)
        place = tmp_path / folder
        (place / "profiles").mkdir(parents=True, exist_ok=True)
        if pictures:
            for name in ("zh", "en"):
                (place / "profiles" / f"990101101201.{name}.svg").write_text("<svg/>", encoding="utf-8")
        memory = QgsVectorLayer("Point?crs=EPSG:4490", "", "memory")
        wanted = [(name, kind) for name, kind in FIELDS if name not in without]
        memory.dataProvider().addAttributes([QgsField(name, getattr(QVariant, kind)) for name, kind in wanted])
        memory.updateFields()
        feature = QgsFeature(memory.fields())
        said = {**VILLAGE, **values}
        feature.setAttributes([said.get(name) for name, _ in wanted])
        memory.dataProvider().addFeatures([feature])
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.layerName = "village_reach"
        path = place / "result.gpkg"
        QgsVectorFileWriter.writeAsVectorFormatV3(memory, str(path), QgsCoordinateTransformContext(), options)
        layer = QgsVectorLayer(f"{path}|layername=village_reach", "", "ogr")
        QgsProject.instance().addMapLayer(layer)
        styles.apply(layer, "village_reach")
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        context.setFeature(next(layer.getFeatures()))
        return QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context)

    return make


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>|&ensp;", " ", html)).strip()


def test_a_tip_says_verdict_evidence_station_level_and_margin_in_chinese(tip):
    said = text_of(tip())
    assert said.startswith("&#9650; 未通达 双峒村 海岳县 界河镇")
    for part in ("仿真", "中国移动", "HPYD100054", "-108.3", "-3.3"):
        assert part in said
    assert not re.search("Evidence|not_reached|CMCC|NULL", said) and "临界" not in said


def test_a_tip_says_it_in_english_too(tip):
    said = text_of(tip("en", borderline=True))
    assert said.startswith("&#9650; Not reached · Borderline 双峒村")
    assert "Evidence: Simulated" in said and "China Mobile" in said and "[%" not in said


@pytest.mark.parametrize(("spoken", "suffix"), [("zh-Hans", "zh"), ("en", "en")])
def test_the_picture_is_found_beside_the_layer_whatever_the_folder_is_called(tip, tmp_path, spoken, suffix):
    from qgis.PyQt.QtCore import QUrl

    (source,) = re.findall('src="([^"]*)"', tip(spoken))
    assert " " not in source and "#" not in source
    there = Path(QUrl(source).toLocalFile())
    assert there == tmp_path / "海岳 县/结果 #1 50%/profiles" / f"990101101201.{suffix}.svg" and there.is_file()


def test_without_a_picture_there_are_words_alone(tip):
    bare = [tip(pictures=False), tip(folder="b", profile_picture=None), tip(folder="c", without=["profile_picture"])]
    for html in bare:
        assert "<img" not in html and "未通达" in html and "HPYD100054" in html


def test_a_result_without_simulation_leaves_its_facts_out(tip):
    said = text_of(tip(without=["simulated_dbm", "margin_db"], reason="no_data", verdict="cannot_tell"))
    assert "无法判定" in said and "没有任何运营商的数据覆盖该区域" in said and "dBm" not in said
    assert "simulated_dbm" not in said


def test_names_are_words_and_never_markup(tip):
    html = tip(village_name="<img src=x>&村", nearest_station_id="<b>")
    assert "&lt;img src=x>&amp;村" in html and "&lt;b>" in html


def test_a_village_without_a_name_is_called_by_its_code(tip):
    assert "990101101201" in text_of(tip(village_name=None))
