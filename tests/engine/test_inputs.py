"""What a job reads: a stated layer or the workspace's, by the same rules as an import."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
import shapely
from xinji_planner.engine.context import RunContext
from xinji_planner.errors import InputError, WorkspaceError
from xinji_planner.layers.inputs import layer_present, read_layer, read_points, split
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store.workspace import create
from xinji_planner.layers.table import LayerTable

COLUMNS = ["village_code", "village_name", "population"]


def context(folder, **parameters):
    sent = []
    run = RunContext({"workspace": None, "villages": None, **parameters}, folder, send=sent.append)
    run.sent = sent
    return run


@pytest.fixture
def workspace(tmp_path):
    made = create(tmp_path / "w.gpkg")
    columns = pd.DataFrame(
        {
            "uuid": ["a", "b"],
            "village_code": ["433101001001", "433101001002"],
            "village_name": ["甲村", "乙村"],
            "population": pd.array([100, None], "Int64"),
            "source_file": "v.csv",
        }
    )
    geometry = np.array([shapely.Point(109.7, 28.3), None], dtype=object)
    made.replace_rows(LayerTable(SPECS["villages"], columns, geometry), history={"source_file": "v.csv"})
    return made.path


def operator_layer(path, crs="EPSG:4326", names=("村编码", "村名", "人口数"), codes=None, **options):
    """A layer as an operator's QGIS project has it."""
    east, north = (109.7, 109.8, 109.9), (28.3, 28.4, 28.5)
    if crs == "EPSG:4526":
        east, north = (38_500_000.0, 38_510_000.0, 38_520_000.0), (3_100_000.0, 3_100_000.0, 3_100_000.0)
    values = [codes or ["433101001001", "433101001002", "4331"], ["甲村", "乙村", "丙村"], [100, None, 3]]
    wkb = shapely.to_wkb(shapely.points(east, north))
    table = pa.table({**dict(zip(names, map(pa.array, values))), "geom": pa.array(wkb)})
    pyogrio.write_arrow(table, path, driver="GPKG", geometry_name="geom", geometry_type="Point", crs=crs, **options)
    return path


def test_a_layer_comes_from_the_workspace_where_none_is_stated(workspace, tmp_path):
    run = context(tmp_path, workspace=workspace)
    assert layer_present(run, "villages")
    assert not layer_present(run, "settlements")
    table = read_layer(run, "villages", COLUMNS)
    assert list(table.columns) == COLUMNS
    assert table.columns["village_name"].tolist() == ["甲村", "乙村"]
    points = read_points(run, "villages", COLUMNS)
    np.testing.assert_array_equal(points.lon, [109.7, np.nan])
    np.testing.assert_array_equal(points.lat, [28.3, np.nan])
    pd.testing.assert_frame_equal(points.columns, table.columns)
    assert run.inputs == {"workspace": str(workspace)}


def test_a_workspace_layer_may_be_stated_as_qgis_names_it(workspace, tmp_path):
    run = context(tmp_path, villages=f"{workspace}|layername=villages")
    table = read_layer(run, "villages", ["uuid"])
    assert table.columns["uuid"].tolist() == ["a", "b"]
    assert run.inputs == {"villages": str(workspace)}


def test_any_layer_with_recognisable_fields_will_do_and_the_rest_is_told(tmp_path):
    path = operator_layer(tmp_path / "运营商 村.gpkg")
    run = context(tmp_path, villages=str(path))
    points = read_points(run, "villages", COLUMNS)
    assert points.columns["village_name"].tolist() == ["甲村", "乙村"]
    assert points.columns["population"].tolist() == [100, pd.NA]
    np.testing.assert_allclose(points.lon, [109.7, 109.8], atol=1e-9)
    assert points.set_aside == 1
    (notice,) = [message for message in run.sent if message["rows"]]
    assert notice["rows"] == [3]
    assert "1 行" in notice["message"]["zh"]
    assert "3" in notice["message"]["zh"]


def test_projected_layers_come_out_in_degrees(tmp_path):
    path = operator_layer(tmp_path / "v.gpkg", crs="EPSG:4526")
    points = read_points(context(tmp_path, villages=f"{path}|layername=v"), "villages", COLUMNS)
    assert points.lon[0] == pytest.approx(114.0, abs=1e-9)
    assert points.lat[0] == pytest.approx(28.01, abs=0.01)


@pytest.mark.filterwarnings("ignore:.*crs.*:UserWarning")
def test_a_layer_without_a_crs_is_refused_with_the_way_to_fix_it(tmp_path):
    path = operator_layer(tmp_path / "v.gpkg", crs=None)
    with pytest.raises(InputError) as caught:
        read_points(context(tmp_path, villages=str(path)), "villages", COLUMNS)
    assert "没有坐标系" in caught.value.message.zh
    assert "设置图层坐标系" in caught.value.remedy.zh


def test_a_layer_whose_fields_say_nothing_is_refused_by_field(tmp_path):
    path = operator_layer(tmp_path / "v.gpkg", names=("f1", "f2", "f3"))
    with pytest.raises(InputError) as caught:
        read_layer(context(tmp_path, villages=str(path)), "villages", COLUMNS)
    assert {fault.field for fault in caught.value.faults} == {"village_code", "village_name"}


def test_a_layer_of_which_no_row_can_be_read_is_refused(tmp_path):
    path = operator_layer(tmp_path / "v.gpkg", codes=["1", "2", "3"])
    with pytest.raises(InputError, match="全部不能使用"):
        read_layer(context(tmp_path, villages=str(path)), "villages", COLUMNS)


def test_an_empty_or_absent_layer_names_the_import_that_is_missing(workspace, tmp_path):
    with pytest.raises(WorkspaceError) as caught:
        read_layer(context(tmp_path, workspace=workspace), "settlements")
    assert "自然村" in caught.value.message.zh
    assert "导入数据" in caught.value.remedy.zh
    with pytest.raises(InputError) as caught:
        read_layer(context(tmp_path), "villages")
    assert "规划工作区" in caught.value.remedy.zh
    with pytest.raises(InputError):
        read_layer(context(tmp_path, villages=str(tmp_path / "none.gpkg")), "villages")


def test_path_and_layer_name_are_split_as_qgis_writes_them(tmp_path):
    assert split("a b/中文.gpkg|layername=村|subset=x") == (tmp_path.__class__("a b/中文.gpkg"), "村")
    assert split("x.shp") == (tmp_path.__class__("x.shp"), "")
