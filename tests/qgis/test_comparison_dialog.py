"""The dialog of a comparison: results that lie in folders, defaults that are no wish, and where the result goes."""

from pathlib import Path

import pytest


def algorithm(name):
    from qgis.core import QgsApplication

    return QgsApplication.processingRegistry().algorithmById(f"xinji:{name}").create()


@pytest.fixture
def two_results(tmp_path):
    """Two folders where a workspace keeps its runs."""
    folders = [tmp_path / "海岳县.runs" / f"frontier_scoreboard-{number}" for number in ("001", "002")]
    for folder in folders:
        folder.mkdir(parents=True)
    return [str(folder) for folder in folders]


def dialog_values(instance, **stated):
    """What a dialog hands on where the planner has touched nothing else: every default, empty text for no file."""
    from qgis.core import QgsProcessingParameterFile

    values = {}
    for item in instance.parameterDefinitions():
        empty = "" if isinstance(item, QgsProcessingParameterFile) else None
        values[item.name()] = item.defaultValue() if item.defaultValue() is not None else empty
    return {**values, **stated}


@pytest.mark.parametrize("own_packs", [False, True])
def test_two_results_with_every_default_of_the_dialog_are_accepted(
    provider, language, two_results, tmp_path, own_packs
):
    from xinji_planner.ui import settings

    if own_packs:
        (tmp_path / "own").mkdir()
        (tmp_path / "own" / "edits.toml").write_text("", encoding="utf-8")
        settings.set_own_packs_folder(str(tmp_path / "own"))
    try:
        instance = algorithm("frontiercomparison")
        values = dialog_values(instance, EARLIER=two_results[0], LATER=two_results[1])
        from qgis.core import QgsProcessingContext

        ok, message = instance.checkParameterValues(values, QgsProcessingContext())
        assert ok, message
    finally:
        settings.set_own_packs_folder("")


def test_a_check_sees_a_choice_by_its_value_and_an_empty_field_as_nothing(provider, language, monkeypatch):
    from qgis.core import QgsProcessingContext
    from xinji_planner.jobs import registry

    seen = {}
    monkeypatch.setattr(registry.modules()["village_reach"], "check", lambda stated: seen.update(stated) or [])
    instance = algorithm("villagereach")
    instance.checkParameterValues(dialog_values(instance, WORKSPACE="w.gpkg", EVIDENCE=0), QgsProcessingContext())
    assert (seen["evidence"], seen["workspace"], seen["dem"], seen["own_packs"]) == ("auto", "w.gpkg", None, None), seen


def test_the_result_goes_where_the_runs_of_the_later_one_are(processing, provider, language, engine, two_results):
    from types import SimpleNamespace

    engine.answer = lambda _job, _given, output: SimpleNamespace(summary={}, outputs={}, folder=str(output))
    processing.run("xinji:frontiercomparison", {"EARLIER": two_results[0], "LATER": two_results[1]})
    job, _, output = engine.calls[0]
    assert job == "frontier_comparison" and output is None  # the engine numbers it there


@pytest.fixture
def field(processing, provider):
    """Make the field of a parameter as a dialog does; gives it and its widget."""
    from processing.gui.wrappers import WidgetWrapperFactory
    from qgis.core import QgsProcessingContext
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

    kept = []

    def make(name, parameter):
        instance = algorithm(name)
        wrapper = WidgetWrapperFactory.create_wrapper(instance.parameterDefinition(parameter), object())
        widget = wrapper.createWrappedWidget(QgsProcessingContext())
        form = QWidget()
        QVBoxLayout(form).addWidget(widget)
        kept.append((instance, wrapper, form))
        return wrapper, widget

    yield make
    for _instance, _wrapper, form in kept:  # Qt deletes the widgets while their wrappers live, as in a dialog
        form.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize(("name", "parameter"), [("frontiercomparison", "LATER"), ("frontierscoreboard", "DEM")])
def test_a_field_that_takes_folders_lets_the_planner_choose_one(
    field, language, two_results, monkeypatch, name, parameter
):
    from qgis.core import QgsProcessingContext
    from qgis.PyQt.QtWidgets import QFileDialog, QToolButton

    language("zh-Hans")
    wrapper, widget = field(name, parameter)
    (press,) = [button for button in widget.findChildren(QToolButton) if button.text() == "文件夹…"]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args, **_more: two_results[1])
    press.click()
    assert Path(wrapper.parameterValue()) == Path(two_results[1])
    wrapper.setParameterValue(two_results[0], QgsProcessingContext())
    assert Path(wrapper.parameterValue()) == Path(two_results[0])


def test_the_choice_of_a_result_begins_among_the_runs_of_the_workspace(field, language, two_results, monkeypatch):
    from qgis.PyQt.QtWidgets import QFileDialog
    from xinji_planner.ui import settings

    begun = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda _parent, _title, start: begun.append(start) or "")
    monkeypatch.setattr(settings, "workspace", lambda: str(Path(two_results[0]).parent.with_suffix(".gpkg")))
    wrapper, _widget = field("frontiercomparison", "EARLIER")
    wrapper.folder.click()
    assert begun == [str(Path(two_results[0]).parent)]


def test_the_help_says_where_result_folders_lie(provider, language):
    language("zh-Hans")
    assert ".runs" in algorithm("frontiercomparison").shortHelpString()
