"""One headless QGIS for the session, on a throw-away profile, and what its tests share."""

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "xinji_planner"

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


if importlib.util.find_spec("qgis") is None:  # a laptop without QGIS; ./dev test installs it and sets the variable
    if os.environ.get("XINJI_REQUIRE_QGIS"):
        raise ImportError("PyQGIS is not importable")
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def qgis_app(tmp_path_factory):
    """One application with widgets. Its profile is thrown away."""
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = str(tmp_path_factory.mktemp("profile"))
    from qgis.core import QgsApplication

    app = QgsApplication([], True)
    app.initQgis()
    yield app
    app.exitQgis()


@pytest.fixture(scope="session")
def processing(qgis_app):
    """The processing module with QGIS's own algorithms."""
    from qgis.core import QgsApplication

    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    import processing as module

    yield module
    Processing.deinitialize()


@pytest.fixture
def provider(processing):
    """The plugin's provider, for one test."""
    from xinji_planner.ui.processing import provider as module

    instance = module.register()
    yield instance
    module.unregister(instance)


@pytest.fixture
def language(qgis_app):
    """Set the planner's language as QGIS keeps it."""
    from qgis.core import QgsSettings

    def speak(name):
        QgsSettings().setValue("locale/overrideFlag", True)
        QgsSettings().setValue("locale/userLocale", name)

    speak("en")
    yield speak
    speak("en")


class FakeClient:
    """Stands in for the engine's client: same calls, answers by a function."""

    def __init__(self):
        self.calls = []
        self.answer = lambda _job, _parameters, output: SimpleNamespace(summary={}, outputs={}, folder=str(output))
        self.says = []
        self.hello = {}
        self.closed = False

    def run(self, job, parameters, output, *, on_progress, on_notice, is_cancelled):
        self.calls.append((job, parameters, output))
        for said in self.says:
            said(on_progress, on_notice, is_cancelled)
        return self.answer(job, parameters, output)

    def close(self):
        self.closed = True


@pytest.fixture
def engine(qgis_app):
    """A fake engine in place of the real one."""
    from xinji_planner.ui import engine_session

    client = FakeClient()
    engine_session.use(engine_session.EngineSession(lambda: client))
    yield client
    engine_session.use(None)


@pytest.fixture
def real_engine(qgis_app, monkeypatch):
    """The engine itself, from the clone's environment or the one that the variable names."""
    from xinji_planner.ui import engine_session

    own = ROOT / ".venv" / "bin" / "python"
    if own.exists():
        monkeypatch.setenv("XINJI_ENGINE_PYTHON", str(own))
    engine_session.forget_interpreter()
    engine_session.use(None)
    assert engine_session.missing() is None, engine_session.missing()
    yield engine_session
    engine_session.use(None)
    engine_session.forget_interpreter()


@pytest.fixture
def no_engine(qgis_app, monkeypatch):
    """A machine without an engine."""
    from xinji_planner.ui import engine_session

    monkeypatch.setenv("XINJI_ENGINE_PYTHON", "/nowhere/python3")
    engine_session.forget_interpreter()
    engine_session.use(None)
    yield engine_session
    engine_session.forget_interpreter()


@pytest.fixture
def iface(qgis_app):
    """A QGIS window that holds real widgets where they are needed and remembers the rest."""
    from qgis.gui import QgsMapCanvas, QgsMessageBar
    from qgis.PyQt.QtWidgets import QMainWindow, QMenu, QToolBar

    window = QMainWindow()
    fake = MagicMock()
    fake.mainWindow.return_value = window
    fake.mapCanvas.return_value = QgsMapCanvas(window)
    fake.messageBar.return_value = QgsMessageBar(window)
    menu, help_menu = QMenu(window), QMenu(window)
    fake.pluginMenu.return_value = menu
    fake.pluginHelpMenu.return_value = help_menu
    fake.addToolBar.side_effect = lambda name: QToolBar(name, window)
    fake.addDockWidget.side_effect = window.addDockWidget
    fake.removeDockWidget.side_effect = window.removeDockWidget
    yield fake
    window.deleteLater()


@pytest.fixture
def canvas(iface, qgis_app):
    """A map in Web Mercator, some 8 m a pixel, around 110 E, 25 N."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle

    made = iface.mapCanvas()
    made.window().setCentralWidget(made)
    made.window().resize(500, 500)
    made.window().show()
    qgis_app.processEvents()
    made.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    made.setExtent(QgsRectangle(12243140, 2873900, 12247140, 2877900))
    return made


@pytest.fixture(autouse=True)
def _empty_project(request):
    yield
    if "qgis_app" in request.fixturenames:
        from qgis.core import QgsProject

        QgsProject.instance().clear()


@pytest.fixture(autouse=True)
def suggestions_stand(request, monkeypatch):
    """Answer the question about open suggestions as a planner who leaves them; give what was asked."""
    asked = []
    if "dialog" in request.fixturenames or "actions" in request.fixturenames:
        request.getfixturevalue("qgis_app")
        from xinji_planner.ui.imports import suggestions

        def leave(files, _parent):
            asked.append([item.path.name for item in files])
            return suggestions.LEAVE

        monkeypatch.setattr(suggestions, "ask", leave)
    return asked


@pytest.fixture(scope="session")
def plugin_folder(tmp_path_factory):
    """A plugins folder whose entry has the right name, as QGIS would see it."""
    folder = tmp_path_factory.mktemp("plugins")
    (folder / PACKAGE).symlink_to(ROOT, target_is_directory=True)
    return folder


@pytest.fixture(scope="session")
def qgis_process():
    """Debian's wrapper passes an option that the program refuses, so take the program itself."""
    found = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    if found is None:
        pytest.skip("qgis_process is not installed")
    return found


@pytest.fixture
def wait(qgis_app):
    """Let background tasks of QGIS go on until something holds."""
    import time

    def until(holds, seconds=20.0):
        end = time.monotonic() + seconds
        while not holds():
            qgis_app.processEvents()
            assert time.monotonic() < end, "this took too long"
            time.sleep(0.01)
        qgis_app.processEvents()

    return until


@pytest.fixture
def points(qgis_app):
    """Make a memory layer of villages."""
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

    def make(count=3, crs="EPSG:4490", name="villages"):
        uri = "Point?" + (f"crs={crs}&" if crs else "") + "field=village_code:string&field=village_name:string"
        layer = QgsVectorLayer(uri, name, "memory")
        if not crs:
            from qgis.core import QgsCoordinateReferenceSystem

            layer.setCrs(QgsCoordinateReferenceSystem())
        features = []
        for number in range(count):
            feature = QgsFeature(layer.fields())
            feature.setAttributes([f"9901011012{number:02d}", f"甲{number}村"])
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(106.5 + number / 100, 22.5)))
            features.append(feature)
        layer.dataProvider().addFeatures(features)
        layer.updateExtents()
        return layer

    return make


def _reach_result(folder, rows=2):
    """Write a result as the engine would."""
    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransformContext,
        QgsFeature,
        QgsField,
        QgsFields,
        QgsGeometry,
        QgsPointXY,
        QgsVectorFileWriter,
        QgsWkbTypes,
    )
    from qgis.PyQt.QtCore import QVariant

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    fields = QgsFields()
    for name, kind in (
        ("village_code", QVariant.String),
        ("village_name", QVariant.String),
        ("county_code", QVariant.String),
        ("verdict", QVariant.String),
        ("borderline", QVariant.Int),
        ("distance_m", QVariant.Double),
    ):
        fields.append(QgsField(name, kind))
    options = QgsVectorFileWriter.SaveVectorOptions()
    for table in ("village_reach", "key_point_reach"):
        options.layerName = table
        writer = QgsVectorFileWriter.create(
            str(folder / "result.gpkg"),
            fields,
            QgsWkbTypes.Type.Point,
            QgsCoordinateReferenceSystem("EPSG:4490"),
            QgsCoordinateTransformContext(),
            options,
        )
        for number in range(rows):
            feature = QgsFeature(fields)
            verdict = ("reached", "not_reached", "cannot_tell")[number % 3]
            feature.setAttributes(
                [
                    f"{990101 + number % 2}10100{number}",
                    f"村{number}",
                    str(990101 + number % 2),
                    verdict,
                    0,
                    10.0 * number,
                ]
            )
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(106 + number / 10, 22)))
            writer.addFeature(feature)
        del writer
        options.actionOnExistingFile = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
    (folder / "by_county.csv").write_text("县代码,通达\n", encoding="utf-8")
    (folder / "report.html").write_text("<p>报告</p>", encoding="utf-8")
    summary = {
        "villages": 3,
        "reached": 1,
        "not_reached": 1,
        "cannot_tell": 1,
        "borderline": 0,
        "rate_percent": 50.0,
        "by_county": [{"county_code": "990101"}],
    }
    outputs = {
        "village_reach": str(folder / "result.gpkg"),
        "key_point_reach": str(folder / "result.gpkg"),
        "by_county": str(folder / "by_county.csv"),
        "report": str(folder / "report.html"),
    }
    (folder / "run.json").write_text(
        json.dumps(
            {
                "job": "village_reach",
                "summary": summary,
                "outputs": {name: Path(path).name for name, path in outputs.items()},
            }
        ),
        encoding="utf-8",
    )
    return SimpleNamespace(summary=summary, outputs=outputs, folder=str(folder))


@pytest.fixture
def reach_result(qgis_app):
    """Give the function that writes a village reach result as the engine would."""
    return _reach_result
