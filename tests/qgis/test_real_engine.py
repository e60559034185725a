"""Layers as QGIS holds them (edited, selected, filtered, in memory) and a model, through the real engine."""

from pathlib import Path

import pytest

STATION = {"station_id": "S1", "operator": "china_mobile", "technology": "5G", "status": "existing"}


@pytest.fixture
def start(processing, provider, real_engine, language):
    """Run an algorithm with the real engine."""
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

    def run(name, parameters):
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        told = QgsProcessingFeedback(False)
        results = processing.run(name, parameters, context=context, feedback=told)
        results["LOG"] = told.textLog()
        return results

    return run


def stations():
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

    fields = "&".join(f"field={name}:string" for name in STATION)
    layer = QgsVectorLayer(f"Point?crs=EPSG:4490&{fields}", "stations", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(list(STATION.values()))
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(106.5, 22.5)))
    layer.dataProvider().addFeatures([feature])
    layer.updateExtents()
    return layer


def judge(start, villages, tmp_path):
    return start(
        "xinji:villagereach",
        {
            "VILLAGES": villages,
            "BASE_STATIONS": stations(),
            "RADIUS_M": 5000,
            "VILLAGE_REACH": "memory:",
            "RESULT_FOLDER": str(tmp_path / "run"),
        },
    )


def names(results):
    return sorted(feature["village_name"] for feature in results["VILLAGE_REACH"].getFeatures())


@pytest.fixture
def saved(points, tmp_path):
    """Three villages in a GeoPackage."""
    from qgis.core import QgsCoordinateTransformContext, QgsProject, QgsVectorFileWriter, QgsVectorLayer

    path = tmp_path / "村 庄.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "villages"
    QgsVectorFileWriter.writeAsVectorFormatV3(points(3), str(path), QgsCoordinateTransformContext(), options)
    layer = QgsVectorLayer(f"{path}|layername=villages", "villages", "ogr")
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_a_layer_in_memory_is_judged(start, points, tmp_path):
    results = judge(start, points(3), tmp_path)
    assert names(results) == ["甲0村", "甲1村", "甲2村"]
    assert results["SUMMARY_VILLAGES"] == 3


def test_edits_that_are_not_saved_count_and_are_told(start, saved, tmp_path):
    saved.startEditing()
    first = next(saved.getFeatures())
    saved.changeAttributeValue(first.id(), saved.fields().indexOf("village_name"), "改名村")
    results = judge(start, saved, tmp_path)
    assert "改名村" in names(results)
    assert "unsaved edits" in results["LOG"]
    saved.rollBack()


def test_only_selected_villages_are_judged(start, saved, tmp_path):
    from qgis.core import QgsProcessingFeatureSourceDefinition

    saved.selectByExpression("\"village_name\" = '甲1村'")
    results = judge(start, QgsProcessingFeatureSourceDefinition(saved.id(), selectedFeaturesOnly=True), tmp_path)
    assert names(results) == ["甲1村"]


def test_only_villages_that_pass_the_filter_are_judged(start, saved, tmp_path):
    saved.setSubsetString("\"village_name\" <> '甲1村'")
    assert names(judge(start, saved, tmp_path)) == ["甲0村", "甲2村"]


def test_a_model_imports_judges_and_extracts(processing, start, tmp_path):
    from qgis.core import (
        QgsProcessingModelAlgorithm,
        QgsProcessingModelChildAlgorithm,
        QgsProcessingModelChildParameterSource,
        QgsProcessingModelOutput,
    )

    table = tmp_path / "行政村 名录.csv"
    rows = "".join(f"99010110{n:04d},村{n},{106.5 + n / 10},22.5\n" for n in range(4))
    table.write_text(f"行政村代码,行政村名称,经度(CGCS2000),纬度(CGCS2000)\n{rows}", encoding="gbk")
    source = QgsProcessingModelChildParameterSource
    model = QgsProcessingModelAlgorithm("villages without 5G", "test")

    def child(name, algorithm, **sources):
        made = QgsProcessingModelChildAlgorithm(algorithm)
        made.setChildId(name)
        for key, value in sources.items():
            made.addParameterSources(key, [value])
        return made

    def fixed(value):
        return source.fromStaticValue(value)

    model.addChildAlgorithm(
        child(
            "import",
            "xinji:importlayer",
            SOURCE=fixed(str(table)),
            KIND=fixed("villages"),
            DATUM=fixed("cgcs2000"),
            WORKSPACE=fixed(str(tmp_path / "模型 区.gpkg")),
        )
    )
    model.addChildAlgorithm(
        child(
            "reach",
            "xinji:villagereach",
            WORKSPACE=source.fromChildOutput("import", "WORKSPACE"),
            BASE_STATIONS=fixed(stations_file(tmp_path)),
            RADIUS_M=fixed(5000),
        )
    )
    last = child(
        "missed",
        "native:extractbyattribute",
        INPUT=source.fromChildOutput("reach", "VILLAGE_REACH"),
        FIELD=fixed("verdict"),
        OPERATOR=fixed(1),  # is not
        VALUE=fixed("reached"),
    )
    out = QgsProcessingModelOutput("missed", "missed")
    out.setChildId("missed")
    out.setChildOutputName("OUTPUT")
    last.setModelOutputs({"missed": out})
    model.addChildAlgorithm(last)
    model.initAlgorithm()
    name = model.destinationParameterDefinitions()[0].name()
    layer = processing.run(model, {name: "memory:"})[name]
    assert sorted(feature["village_name"] for feature in layer.getFeatures()) == ["村1", "村2", "村3"]


def stations_file(folder):
    from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter

    path = Path(folder) / "stations.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "base_stations"
    QgsVectorFileWriter.writeAsVectorFormatV3(stations(), str(path), QgsCoordinateTransformContext(), options)
    return f"{path}|layername=base_stations"
