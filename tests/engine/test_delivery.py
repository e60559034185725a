"""The delivery package: what goes in comes out or is listed; files that others can read; no claim of conformance."""

import csv
import hashlib
import json

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from xinji_planner.engine.context import RunContext
from xinji_planner.errors import InputError, ParameterError, WorkspaceError
from xinji_planner.jobs import create_workspace, delivery_package, import_layer
from xinji_planner.layers.delivery.checks import mend
from xinji_planner.layers.delivery.findings import RULES
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store.workspace import Workspace, create
from xinji_planner.layers.table import LayerTable

ALL = ("gpkg", "shp", "geojson")
BOW_TIE = shapely.Polygon([(114, 36), (114.01, 36.01), (114.01, 36), (114, 36.01)])


def fill(workspace, layer, columns, geometry):
    table = LayerTable(SPECS[layer], pd.DataFrame(columns), np.array(geometry, dtype=object))
    workspace.replace_rows(table, history={})


@pytest.fixture
def workspace(tmp_path):
    """Two layers: villages with one of every fault, data centres as a point and a plot."""
    made = create(tmp_path / "w.gpkg")
    fill(
        made,
        "villages",
        {
            "uuid": ["a", "b", "c", "d"],
            "village_code": ["433101001001", "433101001001", "43", "433101001004"],
            "village_name": ["甲村", "乙村", None, "丁村"],
            "population": [10, -5, None, 7],
            "remark": ["说明" * 100, "短", "", None],
        },
        [shapely.Point(114.3, 36.1), shapely.Point(114.4, 36), None, shapely.Point(113.2, 36)],
    )
    fill(
        made,
        "dc_clusters",
        {"uuid": ["e", "f"], "cluster_id": ["1", "2"], "operator": ["CMCC;CTCC", "CMCC;XX"]},
        [shapely.Point(114.3, 36.1), BOW_TIE],
    )
    return made


def deliver(workspace, folder, **parameters):
    folder.mkdir()
    stated = {"workspace": workspace.path, "layers": None, "crs": "4490", "formats": ALL, **parameters}
    context = RunContext(stated, folder)
    summary = delivery_package.run(context)
    assert set(delivery_package.JOB.summary_keys) <= set(summary)
    return summary, {name: folder / path for name, path in context.outputs.items()}


def findings(outputs):
    with outputs["check_csv"].open(encoding="utf-8-sig", newline="") as file:
        return [(row["rule"], row["layer"], row["feature"]) for row in csv.DictReader(file)]


def test_features_in_are_features_out_plus_those_left_out_with_a_reason(workspace, tmp_path):
    summary, outputs = deliver(workspace, tmp_path / "out")
    assert (summary["features_in"], summary["features_out"], summary["features_left_out"]) == (6, 5, 1)
    assert summary["layers"] == {"villages": 3, "dc_clusters": 2}
    assert ("G01", "villages", "c") in findings(outputs)
    found = {
        "gpkg": [pyogrio.read_info(outputs["gpkg"], layer=name)["features"] for name in summary["layers"]],
        "geojson": [pyogrio.read_info(outputs["geojson"] / f"{n}.geojson")["features"] for n in summary["layers"]],
        "shp": [pyogrio.read_info(path)["features"] for path in sorted(outputs["shapefiles"].glob("*.shp"))],
    }
    assert found == {"gpkg": [3, 2], "geojson": [3, 2], "shp": [1, 1, 3]}


def test_every_planted_fault_is_found_and_nothing_else(workspace, tmp_path):
    _, outputs = deliver(workspace, tmp_path / "out")
    assert sorted(findings(outputs)) == [
        ("A01", "villages", "c"),
        ("A02", "dc_clusters", "f"),
        ("A03", "villages", "b"),
        ("A04", "villages", "c"),
        ("A05", "villages", "b"),
        ("F01", "villages", "a"),
        ("G01", "villages", "c"),
        ("G02", "dc_clusters", "f"),
    ]


def test_a_clean_layer_has_no_findings(workspace, tmp_path):
    clean = create(tmp_path / "clean.gpkg")
    fill(clean, "villages", {"uuid": ["a"], "village_code": ["433101001001"], "village_name": ["甲村"]},
         [shapely.Point(114.3, 36.1)])  # fmt: skip
    summary, outputs = deliver(clean, tmp_path / "out", crs="zone")
    assert summary["findings"] == {"error": 0, "warning": 0, "note": 0}
    assert findings(outputs) == []


def levels(outputs):
    with outputs["check_csv"].open(encoding="utf-8-sig", newline="") as file:
        return {row["rule"]: (row["level"], row["message_en"]) for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("crs", "level", "number", "words"),
    [
        ("EPSG:4547", "error", 38, "15.0° off, where a kilometre is 18."),
        ("EPSG:4530", "", 42, ""),
        ("4528", "error", 40, "9.0° off"),
        ("EPSG:4550", "warning", 41, "6.0° off"),
        ("EPSG:4510", "", 21, ""),
        ("zone", "", 43, ""),
    ],
)
def test_a_zone_far_from_the_data_is_a_finding_with_degrees_and_stretch(tmp_path, crs, level, number, words):
    east = create(tmp_path / "east.gpkg")
    fill(east, "villages", {"uuid": ["a"], "village_code": ["222404001001"], "village_name": ["甲村"]},
         [shapely.Point(129.0, 43.0)])  # fmt: skip
    summary, outputs = deliver(east, tmp_path / "out", crs=crs)
    assert summary["zone"] == number
    assert levels(outputs).get("C02", ("", ""))[0] == level
    assert words in levels(outputs).get("C02", ("", ""))[1]
    if level:
        assert summary["findings"][level] > 0
        assert "C02" in outputs["check_report"].read_text(encoding="utf-8")


def test_a_wrong_crs_is_told_before_the_work_begins(workspace, tmp_path):
    (tmp_path / "out").mkdir()
    stated = {"workspace": workspace.path, "layers": None, "crs": "EPSG:4326", "formats": ALL}
    with pytest.raises(ParameterError, match="4326"):
        delivery_package.run(RunContext(stated, tmp_path / "out", lambda message: pytest.fail(str(message))))


def test_the_zone_comes_from_the_data_and_the_coordinates_are_right(workspace, tmp_path):
    summary, outputs = deliver(workspace, tmp_path / "out", crs="zone")
    assert (summary["crs"], summary["zone"]) == ("EPSG:4526", 38)
    for path, options in (
        (outputs["gpkg"], {"layer": "villages"}),
        (outputs["shapefiles"] / "villages.shp", {}),
        (outputs["geojson"] / "villages.geojson", {}),
    ):
        frame = pyogrio.read_dataframe(path, **options)
        assert frame.crs.to_epsg() == 4526
        assert frame.geometry[0].x == pytest.approx(38527014.954, abs=0.001)
        assert frame.geometry[0].y == pytest.approx(3996680.334, abs=0.001)
    page = outputs["check_report"].read_text(encoding="utf-8")
    assert "第 38 带" in page
    assert "central meridian 114°" in page


def test_data_across_zones_is_told(workspace, tmp_path):
    fill(workspace, "base_stations", {"uuid": ["s"], "station_id": ["1"], "operator": ["CMCC"], "technology": ["5G"],
         "status": ["existing"]}, [shapely.Point(118.3, 36.1)])  # fmt: skip
    summary, outputs = deliver(workspace, tmp_path / "out", crs="zone")
    assert summary["zone"] == 38
    assert ("C01", "", "") in findings(outputs)


def test_shapefiles_have_pinyin_names_utf8_and_chinese_values(workspace, tmp_path):
    _, outputs = deliver(workspace, tmp_path / "out")
    folder = outputs["shapefiles"]
    assert (folder / "villages.cpg").read_text() == "UTF-8"
    assert pyproj.CRS((folder / "villages.prj").read_text()).to_epsg() == 4490
    info = pyogrio.read_info(folder / "villages.shp")
    assert list(info["fields"]) == [field.pinyin for field in SPECS["villages"].fields]
    frame = pyogrio.read_dataframe(folder / "villages.shp")
    assert frame["XZCMC"].tolist() == ["甲村", "乙村", "丁村"]
    assert frame["XZCDM"].tolist()[0] == "433101001001"
    assert frame["BZ"].tolist()[0] == "说明" * 42
    whole = pyogrio.read_dataframe(outputs["gpkg"], layer="villages")
    assert whole["remark"].tolist()[0] == "说明" * 100
    assert {path.name for path in folder.glob("dc_clusters*.shp")} == {
        "dc_clusters_point.shp",
        "dc_clusters_polygon.shp",
    }


def test_every_layer_has_shapefile_names_that_dbase_can_hold():
    for spec in SPECS.values():
        names = [field.pinyin for field in spec.fields]
        assert len(set(names)) == len(names), spec.name
        assert all(name.isascii() and len(name) <= 10 for name in names), spec.name


def test_days_are_dates_in_the_shapefile_and_in_the_geopackage(workspace, tmp_path):
    fill(workspace, "base_stations", {"uuid": ["s"], "station_id": ["1"], "operator": ["CMCC"], "technology": ["5G"],
         "status": ["existing"], "in_service_date": ["2024-02-29"]}, [shapely.Point(114.3, 36.1)])  # fmt: skip
    _, outputs = deliver(workspace, tmp_path / "out", layers=("base_stations",))
    for frame, name in (
        (pyogrio.read_dataframe(outputs["shapefiles"] / "base_stations.shp"), "RWRQ"),
        (pyogrio.read_dataframe(outputs["gpkg"], layer="base_stations"), "in_service_date"),
    ):
        assert frame[name].dt.strftime("%Y-%m-%d").tolist() == ["2024-02-29"]


def test_geojson_names_its_crs_and_the_report_says_why(workspace, tmp_path):
    _, outputs = deliver(workspace, tmp_path / "out")
    content = json.loads((outputs["geojson"] / "villages.geojson").read_text(encoding="utf-8"))
    assert content["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4490"
    assert content["features"][0]["geometry"]["coordinates"] == [114.3, 36.1]
    page = outputs["check_report"].read_text(encoding="utf-8")
    assert "RFC 7946" in page
    assert "不表示符合" in page


def test_invalid_polygons_are_mended_oriented_and_reported_with_both_areas(workspace, tmp_path):
    _, outputs = deliver(workspace, tmp_path / "out", crs="zone")
    shape = pyogrio.read_dataframe(outputs["gpkg"], layer="dc_clusters").geometry[1]
    assert shape.is_valid
    assert all(part.exterior.is_ccw for part in shape.geoms)
    page = outputs["check_report"].read_text(encoding="utf-8")
    assert "自相交" in page
    geod = pyproj.Geod(ellps="GRS80")
    area = abs(geod.geometry_area_perimeter(shapely.Polygon([(114, 36), (114.005, 36.005), (114, 36.01)]))[0])
    assert f"{2 * area:.0f}"[:5] in page


def test_what_is_left_of_a_shape_must_have_its_dimension():
    collapsed = shapely.Polygon([(0, 0), (1, 1), (0, 0), (0, 0)])
    square = shapely.box(0, 0, 1, 1).reverse()
    mended, changed, lost = mend(np.array([collapsed, square, None], dtype=object))
    assert (changed.tolist(), lost.tolist()) == ([True, False, False], [True, False, False])
    assert mended[1].exterior.is_ccw


def test_a_feature_that_no_zone_reaches_is_left_out_of_a_zone_but_not_of_the_globe(workspace, tmp_path):
    ocean = shapely.LineString([(121, 31), (-161, 0)])
    broken = shapely.Polygon([(114, 36), (np.inf, 36), (114, 37)])
    fill(
        workspace,
        "trunk_cables",
        {"uuid": ["o"], "cable_id": ["1"], "operator": ["CMCC"], "status": ["existing"]},
        [ocean],
    )
    fill(workspace, "control_lines", {"uuid": ["i"], "zone_id": ["1"], "kind": ["other"]}, [broken])
    in_zone, outputs = deliver(workspace, tmp_path / "zone", crs="zone")
    assert (in_zone["layers"]["trunk_cables"], in_zone["layers"]["control_lines"]) == (0, 0)
    assert in_zone["features_in"] == in_zone["features_out"] + in_zone["features_left_out"] == 8
    assert {("G05", "trunk_cables", "o"), ("G03", "control_lines", "i")} <= set(findings(outputs))
    degrees, outputs = deliver(workspace, tmp_path / "globe")
    assert degrees["layers"]["trunk_cables"] == 1
    assert ("G04", "trunk_cables", "o") in findings(outputs)


def test_the_same_workspace_gives_the_same_bytes(workspace, tmp_path):
    def digests(folder):
        deliver(workspace, folder, crs="zone")
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }

    first = digests(tmp_path / "one")
    assert first == digests(tmp_path / "two")
    assert len(first) == 5 + 3 * 5 + 2


def test_only_the_layers_and_formats_that_were_asked_for_are_written(workspace, tmp_path):
    summary, outputs = deliver(workspace, tmp_path / "out", layers=("villages", "roads"), formats=("gpkg",))
    assert summary["layers"] == {"villages": 3}
    assert summary["formats"] == ["gpkg"]
    assert "shapefiles" not in outputs
    assert ("L01", "roads", "") in findings(outputs)
    assert [row[0] for row in pyogrio.list_layers(outputs["gpkg"])] == ["villages"]


def test_an_empty_workspace_says_what_to_import(tmp_path):
    with pytest.raises(WorkspaceError) as caught:
        deliver(create(tmp_path / "w.gpkg"), tmp_path / "out", layers=("roads",))
    assert "导入数据" in caught.value.remedy.zh
    assert [fault.field for fault in caught.value.faults] == ["roads"]


def test_a_package_without_a_single_feature_is_refused_with_the_table_of_reasons(tmp_path):
    made = create(tmp_path / "w.gpkg")
    fill(made, "villages", {"uuid": ["a"], "village_code": ["433101001001"], "village_name": ["甲村"]}, [None])
    with pytest.raises(InputError) as caught:
        deliver(made, tmp_path / "out")
    assert "没有图形" in (tmp_path / "out" / "check_report.csv").read_text(encoding="utf-8-sig")
    assert caught.value.report.endswith("check_report.csv")


def test_the_list_of_fields_explains_every_pinyin_name(workspace, tmp_path):
    _, outputs = deliver(workspace, tmp_path / "out")
    with outputs["fields"].open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["layer"], row["shapefile_field"]): row for row in csv.DictReader(file)}
    assert rows["villages", "XZCMC"]["label_zh"] == "行政村名称"
    assert "CMCC=中国移动" in rows["dc_clusters", "QSDW"]["codes"]


def test_every_rule_stands_in_the_report(workspace, tmp_path):
    _, outputs = deliver(workspace, tmp_path / "out")
    page = outputs["check_report"].read_text(encoding="utf-8")
    assert all(rule in page for rule in RULES)


def test_a_workspace_is_made_once_and_left_alone_the_second_time(tmp_path):
    told = []
    context = RunContext({"workspace": tmp_path / "w.gpkg"}, tmp_path, send=told.append)
    assert create_workspace.run(context)["created"]
    content = (tmp_path / "w.gpkg").read_bytes()
    again = create_workspace.run(context)
    assert not again["created"]
    assert again["layers"] == dict.fromkeys(SPECS, 0)
    assert (tmp_path / "w.gpkg").read_bytes() == content
    assert len(told) == 1


def test_a_real_prefecture_is_handed_in_whole_but_for_villages_without_coordinates(shared_data, tmp_path):
    path = tmp_path / "w.gpkg"
    for number, (file, kind) in enumerate(
        (("湘西行政村_GCJ02_GBK.csv", "villages"), ("湘西县界_GCJ02.geojson", "admin_units"))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        stated = dict.fromkeys(parameter.name for parameter in import_layer.JOB.parameters)
        stated |= {"source": shared_data / "xiangxi" / file, "kind": kind, "datum": "gcj02", "encoding": "auto"}
        import_layer.run(RunContext({**stated, "workspace": path}, folder))
    summary, outputs = deliver(Workspace(path), tmp_path / "out", crs="zone")
    assert (summary["features_in"], summary["features_out"], summary["features_left_out"]) == (1811, 1413, 398)
    assert summary["zone"] == 37
    counties = pyogrio.read_dataframe(outputs["gpkg"], layer="admin_units")
    assert counties.geometry.is_valid.all()
    assert 15_000 < counties.geometry.area.sum() / 1e6 < 16_000  # the prefecture has 15,470 km²
    east = pyogrio.read_dataframe(outputs["shapefiles"] / "villages.shp").geometry.x
    assert east.between(37_300_000, 37_700_000).all()
