"""The planning workspace: whole or untouched, shared with QGIS, the same bytes every time."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xinji_planner.errors import WorkspaceError
from xinji_planner.layers.spec import Geometry, Kind
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store import geopackage
from xinji_planner.layers.store.workspace import Workspace, create, open_or_create
from xinji_planner.layers.table import LayerTable

ROOT = Path(__file__).resolve().parents[2]
VILLAGES = SPECS["villages"]


def villages(names, source="a.csv", points=None):
    count = len(names)
    columns = pd.DataFrame(
        {
            "uuid": [f"{source}-{i}" for i in range(count)],
            "village_code": [f"{433101001001 + i}" for i in range(count)],
            "village_name": names,
            "population": pd.array([100 + i for i in range(count)], "Int64"),
            "source_file": [source] * count,
            "source_row": pd.array(range(2, count + 2), "Int64"),
        }
    )
    places = shapely.points(np.linspace(109, 110, count), np.linspace(28, 29, count)) if points is None else points
    return LayerTable(VILLAGES, columns, np.asarray(places, dtype=object))


def names_in(workspace):
    return workspace.read("villages", ["village_name"]).columns["village_name"].tolist()


@pytest.fixture
def workspace(tmp_path):
    return create(tmp_path / "规划 工作区.gpkg")


def test_a_new_workspace_has_every_layer_empty_with_its_geometry_type_and_crs(workspace):
    assert workspace.counts() == dict.fromkeys(SPECS, 0)
    for name, spec in SPECS.items():
        info = pyogrio.read_info(workspace.path, layer=name)
        assert info["crs"] == "EPSG:4490"
        assert info["geometry_name"] == "geom"
        assert info["geometry_type"] == ("Unknown" if spec.geometry is Geometry.ANY else spec.geometry.value)
        assert list(info["fields"]) == [field.name for field in spec.fields]
        dates = [field.name for field in spec.fields if field.kind is Kind.DATE]
        types = dict(zip(info["fields"], info["ogr_types"]))
        assert [name for name, kind in types.items() if kind == "OFTDate"] == dates


def test_every_value_kind_survives_a_round_trip(workspace):
    spec = SPECS["base_stations"]
    columns = pd.DataFrame(
        {
            "uuid": ["u1", "u2"],
            "station_id": ["5G-甲-001", "2"],
            "operator": ["CMCC;CTCC", "CUCC"],
            "technology": ["5G", "4G"],
            "band_mhz": [2600.5, np.nan],
            "status": ["existing", "planned"],
            "in_service_date": ["2024-02-29", None],
            "source_row": pd.array([2, None], "Int64"),
        }
    )
    workspace.replace_rows(
        LayerTable(spec, columns, np.array([shapely.Point(114.3, 36.1), None], dtype=object)), history={}
    )
    back = workspace.read("base_stations", list(columns.columns))
    for name in columns:
        assert back.columns[name].astype(object).where(back.columns[name].notna(), None).tolist() == (
            columns[name].astype(object).where(columns[name].notna(), None).tolist()
        )
    assert back.columns["source_row"].dtype == "Int64"
    assert back.geometry[0].equals(shapely.Point(114.3, 36.1))
    assert back.geometry[1] is None


def test_a_flag_comes_back_as_one_zero_or_unknown(workspace):
    table = villages(["甲", "乙", "丙"])
    table.columns["is_border"] = pd.array([1, 0, None], "Int64")
    workspace.replace_rows(table, history={})
    assert workspace.read("villages", ["is_border"]).columns["is_border"].tolist() == [1, 0, pd.NA]


def test_rows_of_the_same_file_are_replaced_and_all_others_stay(workspace):
    workspace.replace_rows(villages(["甲", "乙"], "a.csv"), history={"source_file": "a.csv"})
    workspace.replace_rows(villages(["丙"], "b.csv"), history={"source_file": "b.csv"})
    workspace.replace_rows(villages(["丁"], "a.csv"), history={"source_file": "a.csv"})
    assert names_in(workspace) == ["丁", "丙"], "the row of the same UUID keeps its place"
    assert workspace.counts()["villages"] == 2
    assert pyogrio.read_info(workspace.path, layer="villages")["features"] == 2


def test_an_import_without_a_single_good_row_leaves_nothing_stale(workspace):
    workspace.replace_rows(villages(["甲"], "a.csv"), history={"source_file": "a.csv"})
    workspace.replace_rows(villages([], "a.csv"), history={"source_file": "a.csv", "rows_in": 3, "rows_set_aside": 3})
    assert names_in(workspace) == []


def test_the_history_says_what_came_from_where(workspace):
    workspace.replace_rows(
        villages(["甲"]),
        history={
            "source_file": "a.csv",
            "sha256": "ab" * 32,
            "datum": "gcj02",
            "mapping": {"村名": "village_name"},
            "rows_in": 2,
            "rows_out": 1,
            "rows_set_aside": 1,
            "date": "2026-11-20",
        },
    )
    (note,) = workspace.history()
    assert (note["sequence"], note["layer"], note["datum"], note["rows_set_aside"]) == (1, "villages", "gcj02", 1)
    assert note["mapping"] == {"村名": "village_name"}
    assert note["date"] == "2026-11-20"
    assert pyogrio.read_dataframe(workspace.path, layer="xinji_history").iloc[0]["source_file"] == "a.csv"
    with pytest.raises(ValueError, match="rowsin"):
        workspace.replace_rows(villages(["甲"]), history={"rowsin": 1})
    assert len(workspace.history()) == 1


def test_keys_name_every_feature_with_the_row_it_came_from(workspace):
    workspace.replace_rows(villages(["甲", "乙"]), history={})
    keys = workspace.keys(VILLAGES)
    assert list(keys.columns) == ["uuid", "village_code", "source_file", "source_row"]
    assert keys["village_code"].tolist() == ["433101001001", "433101001002"]


def test_the_spatial_index_and_the_extent_follow_the_rows(workspace):
    workspace.replace_rows(
        villages(["甲", "乙", "丙"], points=shapely.points([100, 105, 110], [20, 25, 30])), history={}
    )
    found = pyogrio.read_dataframe(workspace.path, layer="villages", bbox=(104, 24, 106, 26))
    assert found["village_name"].tolist() == ["乙"]
    assert pyogrio.read_info(workspace.path, layer="villages")["total_bounds"] == (100, 20, 110, 30)
    with sqlite3.connect(workspace.path) as connection:
        assert connection.execute("SELECT rtreecheck('rtree_villages_geom')").fetchone() == ("ok",)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_single_parts_become_multi_parts_and_a_third_dimension_is_dropped(workspace):
    spec = SPECS["trunk_cables"]
    columns = pd.DataFrame({"uuid": ["u"], "cable_id": ["1"], "operator": ["CMCC"], "status": ["existing"]})
    line = shapely.LineString([(100, 30, 5), (101, 31, 6)])
    workspace.replace_rows(LayerTable(spec, columns, np.array([line], dtype=object)), history={})
    (back,) = workspace.read("trunk_cables").geometry
    assert back.equals_exact(shapely.MultiLineString([[(100, 30), (101, 31)]]))
    assert not back.has_z


def test_a_geometry_of_another_type_is_refused_and_nothing_changes(workspace):
    workspace.replace_rows(villages(["甲"]), history={})
    with pytest.raises(ValueError, match="villages, row 2: a LineString, expected Point"):
        workspace.replace_rows(
            villages(["乙", "丙"], points=[shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)])]), history={}
        )
    assert names_in(workspace) == ["甲"]


def test_the_same_imports_give_the_same_bytes(tmp_path):
    hashes = set()
    for name in ("one.gpkg", "two.gpkg"):
        made = create(tmp_path / name)
        made.replace_rows(villages(["甲", "乙"]), history={"source_file": "a.csv"})
        made.replace_rows(villages(["丙"]), history={"source_file": "a.csv"})
        hashes.add(hashlib.sha256(made.path.read_bytes()).hexdigest())
    assert len(hashes) == 1


KILLED = """
    import sys, time
    from pathlib import Path
    sys.path.insert(0, sys.argv[1] + "/tests/engine")
    sys.path.insert(0, sys.argv[1] + "/tests")
    import conftest
    import test_workspace as own
    from xinji_planner.layers.store import geopackage
    from xinji_planner.layers.store.workspace import Workspace

    def pause(connection, table):
        print("in the middle", flush=True)
        time.sleep(60)

    geopackage.settle_contents = pause
    Workspace(Path(sys.argv[2])).replace_rows(own.villages(["新" * 100] * 12000), history={"source_file": "a.csv"})
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_kill_in_the_middle_of_a_change_leaves_the_workspace_as_it_was(workspace):
    workspace.replace_rows(villages(["甲", "乙"]), history={"source_file": "a.csv"})
    before = workspace.history()
    writer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(ROOT), str(workspace.path)], stdout=subprocess.PIPE
    )
    assert writer.stdout.readline().strip() == b"in the middle"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    journal = Path(f"{workspace.path}-journal")
    assert journal.stat().st_size > 0, "the change had not reached the file, so this test would prove nothing"
    reopened = Workspace(workspace.path)
    assert names_in(reopened) == ["甲", "乙"]
    assert reopened.history() == before
    reopened.replace_rows(villages(["丙"]), history={"source_file": "a.csv"})
    assert names_in(reopened) == ["丙"]


def test_a_reader_that_keeps_the_file_open_as_qgis_does_is_not_disturbed(workspace):
    workspace.replace_rows(villages(["甲"]), history={})
    reader = sqlite3.connect(workspace.path, isolation_level=None)
    assert reader.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM villages").fetchone() == (1,)
    workspace.replace_rows(villages(["乙", "丙"], "b.csv"), history={})
    assert reader.execute("SELECT count(*) FROM villages").fetchone() == (1,)
    reader.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM villages").fetchone() == (3,)
    assert names_in(workspace) == ["甲", "乙", "丙"]
    reader.close()


def test_an_unsaved_edit_in_another_program_is_named_with_the_way_out(workspace):
    editor = sqlite3.connect(workspace.path, isolation_level=None)
    editor.execute("BEGIN IMMEDIATE")
    with pytest.raises(WorkspaceError) as caught:
        Workspace(workspace.path, timeout_s=0.1).replace_rows(villages(["甲"]), history={})
    assert "正在被编辑" in caught.value.message.zh
    assert "保存或停止编辑" in caught.value.remedy.zh
    editor.execute("ROLLBACK")
    editor.close()
    workspace.replace_rows(villages(["甲"]), history={})


def test_files_that_are_no_workspace_are_refused_with_a_remedy(tmp_path):
    text = tmp_path / "表.gpkg"
    text.write_text("不是数据库" * 300, encoding="utf-8")
    other = tmp_path / "other.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), other, driver="GPKG")
    for path, words in ((tmp_path / "none.gpkg", "没有找到"), (text, "损坏"), (other, "不是规划工作区")):
        with pytest.raises(WorkspaceError) as caught:
            Workspace(path)
        assert words in caught.value.message.zh
        assert caught.value.remedy.zh
        assert caught.value.remedy.en


def test_a_workspace_of_a_newer_version_is_not_touched(workspace):
    with sqlite3.connect(workspace.path) as connection:
        connection.execute("UPDATE xinji_schema SET version = 99")
    with pytest.raises(WorkspaceError, match="99"):
        open_or_create(workspace.path)


def test_a_layer_or_field_that_someone_deleted_is_named(workspace):
    with sqlite3.connect(workspace.path) as connection:
        connection.execute('ALTER TABLE admin_units RENAME COLUMN "population" TO "pop"')
    with pytest.raises(WorkspaceError) as caught:
        workspace.read("admin_units")
    assert "人口" in caught.value.message.zh
    assert workspace.read("admin_units", ["code"]).columns.empty


def test_an_existing_file_is_never_overwritten(workspace):
    with pytest.raises(WorkspaceError):
        create(workspace.path)
    assert open_or_create(workspace.path).counts()["villages"] == 0
    assert [path.name for path in workspace.path.parent.iterdir()] == [workspace.path.name]


def test_code_lists_are_field_domains_but_lists_of_several_codes_are_not(workspace):
    with sqlite3.connect(workspace.path) as connection:
        domains = dict(
            connection.execute(
                "SELECT table_name || '.' || column_name, constraint_name FROM gpkg_data_columns "
                "WHERE constraint_name IS NOT NULL"
            )
        )
        values = set(connection.execute("SELECT constraint_name, value, description FROM gpkg_data_column_constraints"))
        titles = dict(
            connection.execute("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'villages'")
        )
    wanted = {
        f"{spec.name}.{field.name}" for spec in SPECS.values() for field in spec.fields if field.kind is Kind.CODE
    }
    assert set(domains) == wanted
    assert "base_stations.operator" not in domains
    assert ("base_stations.status", "existing", "现状") in values
    assert titles == {field.name: field.label.zh for field in VILLAGES.fields}


coordinates = st.floats(-1e6, 1e6)
shapes = st.one_of(
    st.none(),
    st.tuples(coordinates, coordinates).map(shapely.Point),
    st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=6).map(shapely.LineString),
    st.just(shapely.Point()),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(shapes, min_size=1, max_size=5))
def test_a_geometry_blob_holds_the_geometry_and_its_bounds(geometries):
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    for geometry, blob in zip(geometries, geopackage.blobs(array)):
        if geometry is None or geometry.is_empty:
            assert blob is None
            continue
        size = 40 if geometry.geom_type != "Point" else 8
        assert shapely.from_wkb(blob[size:]).equals_exact(geometry)
        west, south, east, north = geometry.bounds
        assert geopackage.envelope(blob) == (west, east, south, north)
