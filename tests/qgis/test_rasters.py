"""Rasters of a run in QGIS: they come with colours and words, transparent where there is nothing, below everything."""

import csv
import json
import math
from pathlib import Path
from types import SimpleNamespace

import pytest

OUTPUTS = ("rsrp", "best_server", "second_rsrp", "server_count", "coverage_state")
LEVELS = [float("nan"), -120.0, -105.0, -104.0, -95.0, -60.0]


def write_raster(path, kind, values, nodata):
    from osgeo import gdal, osr

    driver = gdal.GetDriverByName("GTiff")
    made = driver.Create(str(path), len(values), 1, 1, kind)
    made.SetGeoTransform((100.0, 0.01, 0, 30.0, 0, -0.01))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4490)
    made.SetProjection(crs.ExportToWkt())
    band = made.GetRasterBand(1)
    band.SetNoDataValue(nodata)
    band.SetDescription("RSRP")
    import numpy as np

    band.WriteArray(np.array([values]))
    made = None


@pytest.fixture
def coverage(qgis_app, tmp_path):
    """The folder of a radio coverage run."""
    from osgeo import gdal
    from qgis.core import QgsFeature, QgsField, QgsGeometry, QgsProject, QgsVectorFileWriter, QgsVectorLayer
    from qgis.PyQt.QtCore import QVariant

    folder = tmp_path / "radio_coverage-001"
    folder.mkdir()
    for name in ("rsrp", "second_rsrp"):
        write_raster(folder / f"{name}.tif", gdal.GDT_Float32, LEVELS, float("nan"))
    write_raster(folder / "best_server.tif", gdal.GDT_Int32, [-1, 0, 0, 1, 1, 2], -1)
    write_raster(folder / "server_count.tif", gdal.GDT_Int16, [-1, 0, 1, 2, 3, 7], -1)
    write_raster(folder / "coverage_state.tif", gdal.GDT_Byte, [0, 1, 2, 3, 1, 1], 0)
    with (folder / "servers.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        rows = [["扇区序号", "基站编号", "基站名称"], [0, "A1", "东山"], [1, "A1", "东山"], [2, "B2", "B2"]]
        csv.writer(stream).writerows(rows)
    for name in ("radio_covered", "radio_gap", "radio_unknown"):
        layer = QgsVectorLayer("MultiPolygon?crs=EPSG:4490", name, "memory")
        layer.dataProvider().addAttributes([QgsField(key, QVariant.String) for key in ("unit_code", "evidence")])
        layer.updateFields()
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt("MultiPolygon (((100 29.9, 100.1 29.9, 100.1 30, 100 30, 100 29.9)))"))
        feature.setAttributes(["510100", "simulated"])
        layer.dataProvider().addFeatures([feature])
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.layerName = name
        if (folder / "result.gpkg").exists():
            options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
        QgsVectorFileWriter.writeAsVectorFormatV3(
            layer, str(folder / "result.gpkg"), QgsProject.instance().transformContext(), options
        )
    outputs = {name: f"{name}.tif" for name in OUTPUTS}
    outputs |= dict.fromkeys(("radio_covered", "radio_gap", "radio_unknown"), "result.gpkg")
    outputs["servers"] = "servers.csv"
    summary = {
        "technology": "5G", "units": 1,
        "area_km2": 100.0, "covered_km2": 60.0, "gap_km2": 30.0, "cannot_tell_km2": 10.0,
        "threshold_dbm": -105.0, "rsrp_classes_dbm": [-85.0, -95.0, -105.0, -115.0],
    }  # fmt: skip
    record = {"format": "xinji-run", "job": "radio_coverage", "summary": summary, "outputs": outputs, "files": []}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def loaded(folder):
    from xinji_planner.ui import load, runs

    return {layer.customProperty("xinji/output"): layer for layer in load.run_layers(runs.read(folder))}


def shown_at(layer, column):
    """Give the colour of a cell as it is drawn: name, or None where it is transparent."""
    from qgis.core import QgsRectangle
    from qgis.PyQt.QtGui import QColor

    extent = QgsRectangle(100 + 0.01 * column, 29.99, 100.01 + 0.01 * column, 30.0)
    renderer = layer.renderer().clone()
    renderer.setInput(layer.dataProvider())
    renderer.setOpacity(1)
    block = renderer.block(1, extent, 1, 1)
    colour = QColor.fromRgba(block.color(0, 0))
    return colour.name() if colour.alpha() else None


def test_rasters_come_below_the_areas_and_the_level_is_shown_first(coverage, language):
    from qgis.core import QgsProject

    layers = loaded(coverage)
    assert set(layers) == {*OUTPUTS, "radio_covered", "radio_gap", "radio_unknown"}
    group = QgsProject.instance().layerTreeRoot().children()[0]
    order = [node.layer().customProperty("xinji/output") for node in group.findLayers()]
    assert order == ["radio_covered", "radio_gap", "radio_unknown", *OUTPUTS]
    shown = {node.layer().customProperty("xinji/output") for node in group.findLayers() if node.itemVisibilityChecked()}
    assert shown == {"radio_gap", "radio_unknown", "rsrp"}
    assert all(layer.crs().authid() == "EPSG:4490" for layer in layers.values())
    assert loaded(coverage).keys() == layers.keys()  # nothing twice
    assert len(QgsProject.instance().mapLayers()) == 8


def test_levels_have_the_classes_of_the_rule_and_nothing_is_transparent(coverage, language):
    layer = loaded(coverage)["rsrp"]
    colours = [shown_at(layer, column) for column in range(len(LEVELS))]
    assert colours[0] is None
    assert colours[1] == "#440154"  # very poor
    assert colours[2] == colours[3] == "#21918c"  # a class holds its lower bound
    assert colours[4] == "#5ec962"
    assert colours[5] == "#fde725"


@pytest.mark.parametrize(
    ("spoken", "words"),
    [
        ("zh-Hans", ["极好（≥ −85）", "好（−95 … −85）", "中（−105 … −95）", "差（−115 … −105）", "极差（< −115）"]),
        (
            "en",
            [
                "Very good (≥ −85)",
                "Good (−95 … −85)",
                "Middle (−105 … −95)",
                "Poor (−115 … −105)",
                "Very poor (< −115)",
            ],
        ),
    ],
)
def test_the_legend_speaks_the_planners_language_from_strong_to_weak(coverage, language, spoken, words):
    from qgis.core import QgsLayerTreeModel, QgsProject

    language(spoken)
    layer = loaded(coverage)["rsrp"]
    root = QgsProject.instance().layerTreeRoot()
    model = QgsLayerTreeModel(root)
    nodes = model.layerLegendNodes(root.findLayer(layer.id()))
    assert [str(node.data(0)) for node in nodes] == words


def test_the_other_rasters_are_told_apart_by_colour_and_word(coverage, language):
    layers = loaded(coverage)
    states = [item.label for item in layers["coverage_state"].renderer().classes()]
    assert states == ["Covered", "Gap", "Cannot tell"]
    assert shown_at(layers["coverage_state"], 0) is None
    servers = layers["best_server"].renderer().classes()
    assert [item.label for item in servers] == ["A1 东山", "A1 东山", "B2"]
    assert len({item.color.name() for item in servers}) == 3
    assert shown_at(layers["best_server"], 0) is None
    counts = [shown_at(layers["server_count"], column) for column in range(6)]
    assert counts[0] is None
    assert len(set(counts[1:])) == 5


def test_a_run_without_classes_is_shown_in_qgis_own_way(coverage, language):
    record = json.loads((coverage / "run.json").read_text(encoding="utf-8"))
    del record["summary"]["rsrp_classes_dbm"]
    (coverage / "run.json").write_text(json.dumps(record), encoding="utf-8")
    assert loaded(coverage)["rsrp"].isValid()


def test_the_table_opens_on_an_area_and_the_map_on_the_raster(coverage, language, iface):
    from xinji_planner.ui import runs
    from xinji_planner.ui.actions import Actions

    actions = Actions(iface)
    try:
        layers = actions.load_run(runs.read(coverage))
        assert len(layers) == 8
        assert actions.results.model.names[0] == "unit_code" or "unit_code" in actions.results.model.names
        extent = iface.mapCanvas().extent()
        assert extent.contains(layers[0].extent().center())
    finally:
        actions.dock.deleteLater()


def test_processing_offers_rasters_and_loads_the_engines_own(coverage, provider, engine, language, tmp_path):
    from qgis.core import (
        QgsProcessing,
        QgsProcessingContext,
        QgsProcessingFeedback,
        QgsProcessingOutputLayerDefinition,
        QgsProject,
        QgsRasterLayer,
    )

    outputs = json.loads((coverage / "run.json").read_text(encoding="utf-8"))["outputs"]
    engine.answer = lambda _job, _parameters, _output: SimpleNamespace(
        summary={}, outputs={name: str(coverage / path) for name, path in outputs.items()}, folder=str(coverage)
    )
    algorithm = provider.algorithm("radiocoverage").create()
    kinds = {item.name(): item.type() for item in algorithm.destinationParameterDefinitions()}
    assert {kinds[name.upper()] for name in OUTPUTS} == {"rasterDestination"}
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    wanted = QgsProcessingOutputLayerDefinition(QgsProcessing.TEMPORARY_OUTPUT, QgsProject.instance())
    copied = tmp_path / "copies" / "count.tif"
    stated = {"WORKSPACE": "w.gpkg", "DEM": str(tmp_path), "RSRP": wanted, "SERVER_COUNT": str(copied)}
    results, ok = algorithm.run(stated, context, QgsProcessingFeedback())
    assert ok
    assert Path(results["RSRP"]) == coverage / "rsrp.tif"
    assert copied.read_bytes() == (coverage / "server_count.tif").read_bytes()
    details = context.layerToLoadOnCompletionDetails(results["RSRP"])
    assert details.name == "Level RSRP (dBm)"
    layer = QgsRasterLayer(results["RSRP"], "x", "gdal")
    details.postProcessor().postProcessLayer(layer, context, QgsProcessingFeedback())
    assert layer.customProperty("xinji/style") == "rsrp"
    labels = [item.label for item in layer.renderer().shader().rasterShaderFunction().colorRampItemList()]
    assert labels[-1] == "Very good (≥ −85)"
    assert math.isinf(layer.renderer().shader().rasterShaderFunction().colorRampItemList()[-1].value)


def test_a_map_page_shows_the_raster(coverage, language, tmp_path):
    from xinji_planner.ui import map_picture, runs

    page = tmp_path / "page.png"
    map_picture.render(runs.read(coverage), page, "zh", dpi=50)
    from qgis.PyQt.QtGui import QColor, QImage

    image = QImage(str(page))
    places = [(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)]
    colours = {QColor(image.pixel(x, y)).name() for x, y in places}
    assert len(colours) > 20


def test_the_line_for_a_coverage_gives_a_range_of_the_whole_area_where_a_part_cannot_be_told():
    from xinji_planner.ui.summaries import summary_line

    areas = {"units": 1, "area_km2": 100.0, "covered_km2": 20.0, "gap_km2": 10.0, "cannot_tell_km2": 70.0}
    shares = {"covered_percent": 66.67, "covered_low_percent": 20.0, "covered_high_percent": 90.0}
    for more in ({"threshold_dbm": -105.0}, {"villages_in_gap": 3}):
        line = summary_line({**areas, **shares, **more})
        assert "覆盖率 20.0%–90.0%（占全部面积）" in line.zh
        assert "20.0 to 90.0 % of the whole area" in line.en
        assert "占全部面积" not in summary_line({**areas, **shares, **more, "covered_high_percent": 20.0}).zh
