"""QGIS opens and edits a planning workspace with value maps and Chinese headings, without the plugin.

The workspace is made by the engine's Python, and looked at by a QGIS in a process of its own, so that this file needs
nothing of the other QGIS tests.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MAKE = """
import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("bootstrap", pathlib.Path(sys.argv[1]) / "engine" / "package.py")
bootstrap = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bootstrap)
bootstrap.register()
import numpy, pandas, shapely
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.table import LayerTable
from xinji_planner.layers.store.workspace import Workspace, create
path = pathlib.Path(sys.argv[2])
if sys.argv[3] in ("make", "add"):
    first = sys.argv[3] == "make"
    file, name = ("a.csv", "甲村基站") if first else ("b.csv", "丙村基站")
    rows = pandas.DataFrame({
        "uuid": [file], "station_id": [file], "name": [name], "operator": ["CMCC;CTCC"], "technology": ["5G"],
        "status": ["planned"], "in_service_date": ["2024-05-06"], "source_file": [file], "source_row": [2]})
    table = LayerTable(SPECS["base_stations"], rows, numpy.array([shapely.Point(114.3, 36.1)]))
    target = create(path) if first else Workspace(path)
    target.replace_rows(table, history={"source_file": file, "rows_in": 1, "rows_out": 1})
else:
    table = Workspace(path).read("base_stations", ["name", "status", "in_service_date"])
    print(table.columns.to_json(orient="records", force_ascii=True))
"""

LOOK = """
import json, subprocess, sys
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer, QgsWkbTypes
from qgis.PyQt.QtCore import QDate
app = QgsApplication([], True)
app.initQgis()
path = sys.argv[1]
opened = {}
for name in sys.argv[2].split(","):
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    opened[name] = [layer.isValid(), layer.crs().authid() if layer.isSpatial() else ""]
layer = QgsVectorLayer(f"{path}|layername=base_stations", "基站", "ogr")
villages = QgsVectorLayer(f"{path}|layername=villages", "v", "ogr")
plots = QgsVectorLayer(f"{path}|layername=dc_clusters|geometrytype=Polygon", "d", "ogr")
at = layer.fields().indexOf
feature = next(layer.getFeatures())
day = feature["in_service_date"]
seen = {
    "opened": opened,
    "widgets": {n: layer.editorWidgetSetup(at(n)).type() for n in ("uuid", "status", "operator", "in_service_date")},
    "map": layer.editorWidgetSetup(at("status")).config().get("map"),
    "alias": layer.attributeDisplayName(at("status")),
    "display": layer.displayExpression(),
    "renderer": layer.renderer().type(),
    "date": day.toString("yyyy-MM-dd") if isinstance(day, QDate) else None,
    "default_uuid": layer.defaultValueDefinition(at("uuid")).expression(),
    "is_border": villages.editorWidgetSetup(villages.fields().indexOf("is_border")).type(),
    "plots": plots.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry,
}
layer.startEditing()
layer.changeAttributeValue(feature.id(), at("status"), "existing")
drawn = QgsFeature(layer.fields())
drawn["name"], drawn["status"], drawn["in_service_date"] = "乙村基站", "planned", QDate(2025, 1, 2)
drawn.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(114.4, 36.2)))
layer.addFeature(drawn)
importing = subprocess.run(sys.argv[3:], capture_output=True)
seen["imported_meanwhile"] = importing.returncode == 0 or importing.stderr.decode("utf-8")
seen["committed"] = layer.commitChanges()
seen["errors"] = layer.commitErrors()
print("SEEN " + json.dumps(seen))
del layer, villages, plots, feature, drawn
app.exitQgis()
"""


def engine_python() -> str:
    for candidate in (
        os.environ.get("XINJI_ENGINE_PYTHON"),
        ROOT / ".venv/bin/python",
        ROOT / ".venv/Scripts/python.exe",
    ):
        if candidate and Path(candidate).exists():
            return str(candidate)
    return sys.executable


def qgis_python() -> str:
    """The Python that has PyQGIS: this one, or the system's."""
    for candidate in (sys.executable, "/usr/bin/python3", shutil.which("python3")):
        if (
            candidate
            and not subprocess.run([candidate, "-c", "import qgis.core"], capture_output=True, check=False).returncode
        ):
            return candidate
    if os.environ.get("XINJI_REQUIRE_QGIS"):
        pytest.fail("PyQGIS is not importable")
    pytest.skip("PyQGIS is not importable")


def run(python: str, code: str, *arguments: str, profile: Path) -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QGIS_CUSTOM_CONFIG_PATH": str(profile)}
    environment["PYTHONIOENCODING"] = "utf-8"
    done = subprocess.run(
        [python, "-c", code, *arguments],
        capture_output=True,
        check=False,
        text=True,
        env=environment,
        timeout=120,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def qgis_saw(tmp_path_factory):
    """What QGIS sees in a workspace and what stands in it after an edit, on a path with a blank and Chinese."""
    python = qgis_python()
    folder = tmp_path_factory.mktemp("规划 数据")
    path = folder / "工作区.gpkg"
    run(engine_python(), MAKE, str(ROOT), str(path), "make", profile=folder)
    names = "admin_units,villages,base_stations,trunk_cables,control_lines,dc_clusters,xinji_history"
    add = (engine_python(), "-c", MAKE, str(ROOT), str(path), "add")
    output = run(python, LOOK, str(path), names, *add, profile=folder / "profile")
    seen = json.loads(next(line[5:] for line in output.splitlines() if line.startswith("SEEN ")))
    seen["after"] = json.loads(run(engine_python(), MAKE, str(ROOT), str(path), "read", profile=folder))
    return seen


def test_every_layer_and_the_history_open_in_qgis(qgis_saw):
    history = qgis_saw["opened"].pop("xinji_history")
    clusters = qgis_saw["opened"].pop("dc_clusters")
    assert history[0]
    assert clusters[0]
    assert set(map(tuple, qgis_saw["opened"].values())) == {(True, "EPSG:4490")}


def test_data_centres_open_as_plots_even_while_the_layer_is_empty(qgis_saw):
    assert qgis_saw["plots"]


def test_code_fields_are_edited_by_chinese_value_maps(qgis_saw):
    assert qgis_saw["widgets"]["status"] == "ValueMap"
    assert {"现状": "existing"} in qgis_saw["map"]
    assert qgis_saw["is_border"] == "ValueMap"


def test_a_field_of_several_codes_stays_free_text_so_that_none_is_lost(qgis_saw):
    assert qgis_saw["widgets"]["operator"] == "TextEdit"


def test_headings_are_chinese_and_the_uuid_is_hidden_and_made_by_qgis(qgis_saw):
    assert qgis_saw["alias"] == "建设状态"
    assert qgis_saw["widgets"]["uuid"] == "Hidden"
    assert qgis_saw["default_uuid"] == "uuid('WithoutBraces')"
    assert qgis_saw["display"] == '"name"'
    assert qgis_saw["renderer"] == "singleSymbol"


def test_a_day_is_a_date_in_qgis(qgis_saw):
    assert qgis_saw["date"] == "2024-05-06"
    assert qgis_saw["widgets"]["in_service_date"] == "DateTime"


def test_an_import_while_qgis_edits_disturbs_neither(qgis_saw):
    assert qgis_saw["imported_meanwhile"] is True
    assert qgis_saw["committed"], qgis_saw["errors"]


def test_the_engine_reads_what_qgis_edited_and_drew(qgis_saw):
    assert qgis_saw["committed"], qgis_saw["errors"]
    assert qgis_saw["after"] == [
        {"name": "甲村基站", "status": "existing", "in_service_date": "2024-05-06"},
        {"name": "丙村基站", "status": "planned", "in_service_date": "2024-05-06"},
        {"name": "乙村基站", "status": "planned", "in_service_date": "2025-01-02"},
    ]
