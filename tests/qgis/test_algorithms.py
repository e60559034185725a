"""Jobs as Processing algorithms: names, values, layers, results, refusals."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest


@pytest.fixture
def run(processing, provider, language):
    """Run an algorithm as a script would, and give its results and what its feedback was told."""
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

    class Feedback(QgsProcessingFeedback):
        def __init__(self):
            super().__init__(False)
            self.warnings, self.infos, self.errors, self.texts = [], [], [], []

        def pushWarning(self, words):
            self.warnings.append(words)

        def pushInfo(self, words):
            self.infos.append(words)

        def reportError(self, words, *_):
            self.errors.append(words)

        def setProgressText(self, words):
            self.texts.append(words)

    def start(name, parameters, feedback=None):
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        told = feedback or Feedback()
        results = processing.run(f"xinji:{name}", parameters, context=context, feedback=told)
        return SimpleNamespace(results=results, told=told, context=context)

    start.feedback = Feedback
    return start


def algorithm(name):
    from qgis.core import QgsApplication

    return QgsApplication.processingRegistry().algorithmById(f"xinji:{name}").create()


def check(name, parameters):
    from qgis.core import QgsProcessingContext, QgsProject

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return algorithm(name).checkParameterValues(parameters, context)


@pytest.fixture
def reach(engine, tmp_path, reach_result):
    """An engine that answers with a village reach result."""
    engine.answer = lambda _job, _parameters, output: reach_result(output or tmp_path / "beside the workspace")
    return engine


def saved(layer, path, name="villages"):
    from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter, QgsVectorLayer

    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = name
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)
    return QgsVectorLayer(f"{path}|layername={name}", name, "ogr")


SINKS = {"VILLAGE_REACH": "memory:", "KEY_POINT_REACH": "memory:"}

# --- names and words --------------------------------------------------------------------------------------


def test_every_job_is_an_algorithm_named_like_it_without_underscores(provider):
    from xinji_planner.jobs import registry

    names = {item.name() for item in provider.algorithms()}
    assert names == {name.replace("_", "") for name in registry.jobs()} | {"mappicture", "frontieratlas"}
    assert all(name.isascii() and name.islower() for name in names)


def test_algorithms_speak_the_language_of_qgis(provider, language):
    from xinji_planner.jobs import registry

    for job in registry.jobs().values():
        for locale, words in (("zh-Hans", job.label.zh), ("zh_CN", job.label.zh), ("en_US", job.label.en)):
            language(locale)
            assert algorithm(job.name.replace("_", "")).displayName() == words


def test_the_help_names_every_parameter_in_both_languages(provider, language):
    from xinji_planner.jobs import registry

    for job in registry.jobs().values():
        for locale in ("zh-Hans", "en_US"):
            language(locale)
            words = algorithm(job.name.replace("_", "")).shortHelpString()
            for parameter in job.parameters:
                assert parameter.label.in_language(locale) in words


def test_a_number_shows_its_unit_and_keeps_its_bounds(provider, language):
    instance = algorithm("villagereach")
    definition = instance.parameterDefinition("RADIUS_M")
    assert definition.description() == "One radius for all stations (m)"
    assert definition.minimum() == 1
    ok, _ = check("villagereach", {"WORKSPACE": "w.gpkg", "RADIUS_M": -5, **SINKS})
    assert not ok


# --- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stated", ["4G", 1])
def test_a_choice_may_be_stated_by_value_or_by_index(run, reach, stated):
    run("villagereach", {"WORKSPACE": "w.gpkg", "TECHNOLOGY": stated, **SINKS})
    given = reach.calls[0][1]
    assert (given["workspace"], given["technology"]) == ("w.gpkg", "4G")


def test_values_reach_the_engine_in_its_own_terms(run, reach):
    from qgis.PyQt.QtCore import QDate

    run("villagereach", {"WORKSPACE": "w.gpkg", "RADIUS_M": 2000, "AS_OF": QDate(2025, 6, 30), **SINKS})
    stated = {
        "workspace": "w.gpkg",
        "technology": "5G",
        "radius_m": 2000.0,
        "as_of": "2025-06-30",
    }
    assert stated.items() <= reach.calls[0][1].items()


def test_several_choices_become_a_list(run, engine, tmp_path):
    run("deliverypackage", {"WORKSPACE": "w.gpkg", "LAYERS": ["villages", 0], "FORMATS": "gpkg,shp"})
    stated = engine.calls[0][1]
    assert stated["layers"] == ["villages", "admin_units"]
    assert stated["formats"] == ["gpkg", "shp"]


def test_a_run_without_a_folder_leaves_it_to_the_engine_beside_the_workspace(run, reach, tmp_path):
    run("villagereach", {"WORKSPACE": "w.gpkg", **SINKS})
    assert reach.calls[0][2] is None
    run("villagereach", {"WORKSPACE": "w.gpkg", "RESULT_FOLDER": str(tmp_path / "结果 1"), **SINKS})
    assert reach.calls[1][2] == tmp_path / "结果 1"


# --- layers -----------------------------------------------------------------------------------------------


def test_a_saved_layer_crosses_by_its_path(run, reach, points, tmp_path):
    layer = saved(points(), tmp_path / "村庄 数据.gpkg")
    run("villagereach", {"WORKSPACE": "w.gpkg", "VILLAGES": layer, **SINKS})
    assert reach.calls[0][1]["villages"] == f"{tmp_path / '村庄 数据.gpkg'}|layername=villages"


def seen_rows(reach):
    """Let the engine count the rows of the villages that it is given."""
    from qgis.core import QgsVectorLayer

    seen = []
    answer = reach.answer

    def look(job, parameters, output):
        layer = QgsVectorLayer(parameters["villages"], "seen", "ogr")
        seen.append(sorted(feature["village_name"] for feature in layer.getFeatures()))
        seen.append(layer.crs().authid())
        return answer(job, parameters, output)

    reach.answer = look
    return seen


def test_a_memory_layer_is_written_for_the_engine_and_the_copy_is_removed(run, reach, points):
    seen = seen_rows(reach)
    run("villagereach", {"WORKSPACE": "w.gpkg", "VILLAGES": points(), **SINKS})
    assert seen == [["甲0村", "甲1村", "甲2村"], "EPSG:4490"]
    assert not Path(reach.calls[0][1]["villages"].partition("|")[0]).exists()


def test_only_the_selected_features_cross_when_asked(run, reach, points, tmp_path):
    from qgis.core import QgsProcessingFeatureSourceDefinition, QgsProject

    seen = seen_rows(reach)
    layer = saved(points(), tmp_path / "v.gpkg")
    QgsProject.instance().addMapLayer(layer)
    layer.selectByExpression("village_name = '甲1村'")
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), True)
    run("villagereach", {"WORKSPACE": "w.gpkg", "VILLAGES": chosen, **SINKS})
    assert seen[0] == ["甲1村"]


def test_a_filtered_layer_crosses_as_filtered(run, reach, points, tmp_path):
    seen = seen_rows(reach)
    layer = saved(points(), tmp_path / "v.gpkg")
    layer.setSubsetString("village_name <> '甲1村'")
    run("villagereach", {"WORKSPACE": "w.gpkg", "VILLAGES": layer, **SINKS})
    assert seen[0] == ["甲0村", "甲2村"]


def test_unsaved_edits_count_and_are_warned_about(run, reach, points, tmp_path):
    seen = seen_rows(reach)
    layer = saved(points(), tmp_path / "v.gpkg")
    layer.startEditing()
    first = next(layer.getFeatures())
    layer.changeAttributeValue(first.id(), layer.fields().indexOf("village_name"), "改名村")
    told = run("villagereach", {"WORKSPACE": "w.gpkg", "VILLAGES": layer, **SINKS}).told
    assert "改名村" in seen[0]
    assert told.warnings == ["Layer “villages” has unsaved edits; this run uses it as edited."]
    layer.rollBack()


def test_a_crs_that_was_corrected_in_qgis_counts(run, reach, points, tmp_path):
    from qgis.core import QgsCoordinateReferenceSystem

    seen = seen_rows(reach)
    layer = saved(points(crs="EPSG:4326"), tmp_path / "v.gpkg")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4490"))
    run("villagereach", {"WORKSPACE": "w.gpkg", "VILLAGES": layer, **SINKS})
    assert seen[1] == "EPSG:4490"


def test_a_layer_without_crs_is_refused_with_the_way_to_mend_it(run, reach, points):
    from qgis.core import QgsProcessingException

    layer = points(crs="")
    ok, words = check("villagereach", {"WORKSPACE": "w.gpkg", "VILLAGES": layer, **SINKS})
    assert not ok
    assert "no coordinate reference system" in words and "Set Layer CRS" in words
    with pytest.raises(QgsProcessingException):
        run("villagereach", {"WORKSPACE": "w.gpkg", "VILLAGES": layer, **SINKS})
    assert not reach.calls


def test_the_run_itself_refuses_a_layer_without_crs(provider, reach, points, language):
    from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

    instance, context = algorithm("villagereach"), QgsProcessingContext()
    with pytest.raises(QgsProcessingException, match="no coordinate reference system"):
        instance.prepareAlgorithm({"VILLAGES": points(crs="")}, context, QgsProcessingFeedback())


def test_an_empty_layer_is_refused_in_chinese(run, reach, points, language):
    language("zh-Hans")
    ok, words = check("villagereach", {"WORKSPACE": "w.gpkg", "VILLAGES": points(count=0), **SINKS})
    assert not ok
    assert "没有要素可用" in words and "仅选中的要素" in words


def test_a_job_without_any_input_says_which_layer_is_missing(provider, language):
    ok, words = check("villagereach", SINKS)
    assert not ok
    assert "Administrative villages" in words


# --- results ----------------------------------------------------------------------------------------------


def test_results_are_proper_layers_tables_and_figures(run, reach, tmp_path):
    table = tmp_path / "deep" / "分县.csv"
    done = run("villagereach", {"WORKSPACE": "w.gpkg", "BY_COUNTY": str(table), **SINKS})
    layer = done.results["VILLAGE_REACH"]
    assert [feature["verdict"] for feature in layer.getFeatures()] == ["reached", "not_reached"]
    assert layer.crs().authid() == "EPSG:4490"
    assert table.read_text(encoding="utf-8").startswith("县代码")
    assert done.results["SUMMARY_RATE_PERCENT"] == 50.0
    assert json.loads(done.results["SUMMARY_BY_COUNTY"]) == [{"county_code": "990101"}]
    assert done.results["REPORT"].endswith("report.html")
    assert any("2 of 3 villages judged" in line and "1 cannot be told" in line for line in done.told.infos)


def test_algorithms_chain_in_a_model(processing, provider, reach, language, tmp_path):
    from qgis.core import (
        QgsProcessingModelAlgorithm,
        QgsProcessingModelChildAlgorithm,
        QgsProcessingModelChildParameterSource,
        QgsProcessingModelOutput,
    )

    model = QgsProcessingModelAlgorithm("chain", "test")
    first = QgsProcessingModelChildAlgorithm("xinji:villagereach")
    first.setChildId("reach")
    source = QgsProcessingModelChildParameterSource
    first.addParameterSources("WORKSPACE", [source.fromStaticValue("w.gpkg")])
    model.addChildAlgorithm(first)
    second = QgsProcessingModelChildAlgorithm("native:extractbyattribute")
    second.setChildId("missed")
    second.addParameterSources("INPUT", [source.fromChildOutput("reach", "VILLAGE_REACH")])
    second.addParameterSources("FIELD", [source.fromStaticValue("verdict")])
    second.addParameterSources("VALUE", [source.fromStaticValue("not_reached")])
    out = QgsProcessingModelOutput("missed", "missed")
    out.setChildId("missed")
    out.setChildOutputName("OUTPUT")
    second.setModelOutputs({"missed": out})
    model.addChildAlgorithm(second)
    model.initAlgorithm()
    name = model.destinationParameterDefinitions()[0].name()  # 3.22 and 3.40 build it differently
    layer = processing.run(model, {name: "memory:"})[name]
    assert [feature["village_name"] for feature in layer.getFeatures()] == ["村1"]


def test_results_that_processing_loads_are_styled_in_the_planners_language(provider, reach, language, tmp_path):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

    language("zh-Hans")
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    for name in SINKS:
        details = QgsProcessingContext.LayerDetails(name, QgsProject.instance(), name)
        context.addLayerToLoadOnCompletion(str(tmp_path / f"{name}.gpkg"), details)
    destinations = {name: str(tmp_path / f"{name}.gpkg") for name in SINKS}
    feedback = QgsProcessingFeedback()
    results, ok = algorithm("villagereach").run({"WORKSPACE": "w.gpkg", **destinations}, context, feedback)
    assert ok
    details = context.layerToLoadOnCompletionDetails(results["VILLAGE_REACH"])
    assert details.name == "行政村通达判定"
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(results["VILLAGE_REACH"], "x", "ogr")
    details.postProcessor().postProcessLayer(layer, context, feedback)
    labels = [rule.label() for rule in layer.renderer().rootRule().children()]
    assert labels == ["通达", "未通达", "无法判定", "临界"]


def test_progress_and_notices_reach_the_log_with_time_and_rows(run, reach):
    from xinji_planner.text import Text

    reach.says = [
        lambda progress, _notice, _cancelled: progress(0.4, Text("判定", "Judging"), 12.2),
        lambda _progress, notice, _cancelled: notice(Text("两行有疑", "Two rows are odd"), [4, 9]),
    ]
    told = run("villagereach", {"WORKSPACE": "w.gpkg", **SINKS}).told
    assert "Judging (about 12 s left)" in told.texts
    assert told.warnings == ["Two rows are odd (rows: 4, 9)"]
    assert told.progress() == 40


def test_cancelling_stops_the_job_and_leaves_no_result(provider, engine, language):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback
    from xinji_planner.errors import Cancelled

    feedback = QgsProcessingFeedback()

    def stop(_progress, _notice, is_cancelled):
        feedback.cancel()
        if is_cancelled():
            raise Cancelled

    engine.says = [stop]
    instance = algorithm("villagereach")
    assert instance.processAlgorithm({"WORKSPACE": "w.gpkg"}, QgsProcessingContext(), feedback) == {}


def test_a_refusal_lists_every_fault_with_its_row(run, engine):
    from qgis.core import QgsProcessingException
    from xinji_planner.errors import Fault, InputError
    from xinji_planner.text import Text

    fault = Fault(Text("经度越界", "Longitude out of range"), file="村.csv", row=7, field="lon")

    def refuse(_job, _parameters, _output):
        raise InputError(Text("有误", "Wrong"), Text("改正", "Mend it"), faults=[fault])

    engine.answer = refuse
    feedback = run.feedback()
    with pytest.raises(QgsProcessingException, match="Wrong Mend it"):
        run("villagereach", {"WORKSPACE": "w.gpkg", **SINKS}, feedback)
    assert "村.csv #7 lon Longitude out of range" in feedback.errors


def test_without_an_engine_every_entry_says_what_to_press(provider, no_engine, language):
    from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

    ok, words = algorithm("villagereach").canExecute()
    assert not ok
    assert "XINJI_ENGINE_PYTHON" in words
    with pytest.raises(QgsProcessingException, match="XINJI_ENGINE_PYTHON"):
        algorithm("villagereach").prepareAlgorithm({}, QgsProcessingContext(), QgsProcessingFeedback())
