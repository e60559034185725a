"""A workspace of an earlier version has the fields that came later: empty when it is read, added by the next import."""

import sqlite3

import numpy as np
import pandas as pd
import pytest
import shapely
from xinji_planner.errors import WorkspaceError
from xinji_planner.layers.reading.mapping import propose
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.store import geopackage
from xinji_planner.layers.store.workspace import Workspace, create
from xinji_planner.layers.table import LayerTable

STATIONS = SPECS["base_stations"]
NEW = [field.name for field in STATIONS.fields if field.since > 1]


def stations(numbers, **values):
    columns = {
        "uuid": [f"u{number}" for number in numbers],
        "station_id": numbers,
        "operator": ["CMCC"] * len(numbers),
        "technology": ["5G"] * len(numbers),
        "status": ["existing"] * len(numbers),
        "source_file": ["a.csv"] * len(numbers),
        "source_row": pd.array(range(len(numbers)), dtype="Int64"),
    }
    return LayerTable(
        STATIONS, pd.DataFrame({**columns, **values}), shapely.points(np.arange(len(numbers)) + 100.0, 30.0)
    )


def of_version_3(path, drop=NEW):
    """Make a workspace what version 3 wrote."""
    connection = geopackage.connect(path)
    for name in drop:
        connection.execute(f"ALTER TABLE base_stations DROP COLUMN {name}")
        connection.execute("DELETE FROM gpkg_data_columns WHERE column_name = ?", (name,))
    connection.execute("UPDATE xinji_schema SET version = 3")
    connection.commit()
    connection.close()


def described(path):
    with sqlite3.connect(path) as connection:
        return (
            sorted(row[1:3] for row in connection.execute("PRAGMA table_info(base_stations)")),
            sorted(connection.execute("SELECT * FROM gpkg_data_columns WHERE table_name = 'base_stations'")),
        )


def test_a_workspace_of_version_3_reads_with_the_new_fields_empty_and_the_next_import_adds_them(tmp_path):
    workspace = create(tmp_path / "w.gpkg")
    new = described(workspace.path)
    workspace.replace_rows(stations(["1", "2"]), history={"source_file": "a.csv"})
    of_version_3(workspace.path)
    old = Workspace(workspace.path)
    for table in (old.read("base_stations"), old.read_points("base_stations", ["station_id", *NEW])):
        assert list(table.columns["station_id"]) == ["1", "2"]
        assert table.columns[NEW].isna().all(axis=None)
    before = old.keys(STATIONS)
    # The same rows, now with a power: what was there keeps its id, and nothing counts as edited by hand.
    done = old.replace_rows(
        stations(["1", "2", "3"], tx_power_dbm=[46.0, np.nan, 49.0]), history={"source_file": "a.csv"}
    )
    assert described(old.path) == new
    upgraded = Workspace(old.path)
    assert list(upgraded.keys(STATIONS)["uuid"])[:2] == list(before["uuid"])
    assert upgraded.read("base_stations", ["tx_power_dbm"]).columns["tx_power_dbm"].tolist()[::2] == [46.0, 49.0]
    upgraded.undo(done)
    assert Workspace(old.path).read("base_stations", ["station_id"]).columns["station_id"].tolist() == ["1", "2"]


def test_a_field_that_a_planner_deleted_from_a_workspace_of_this_version_is_missed(tmp_path):
    workspace = create(tmp_path / "w.gpkg")
    connection = geopackage.connect(workspace.path)
    connection.execute("ALTER TABLE base_stations DROP COLUMN tx_power_dbm")
    connection.commit()
    connection.close()
    with pytest.raises(WorkspaceError, match="发射功率电平"):
        Workspace(workspace.path).read("base_stations")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("发射功率(dBm)", "tx_power_dbm"),
        ("发射功率", None),  # dBm or W: nobody knows
        ("发射功率(W)", None),
        ("天线增益(dBi)", "antenna_gain_dbi"),
        ("馈线损耗(dB)", "feeder_loss_db"),
        ("载波带宽(MHz)", "bandwidth_mhz"),
        ("机械下倾角", "mechanical_tilt_deg"),
        ("电子下倾角(°)", "electrical_tilt_deg"),
        ("下倾角", "tilt_deg"),
        ("总下倾角", "tilt_deg"),
        ("EIRP(dBm)", "eirp_dbm"),
    ],
)
def test_the_headings_of_a_transmitter_each_name_one_field(heading, field):
    found = propose([heading], STATIONS, None, [False]).fields
    assert list(found) == ([field] if field else [])
