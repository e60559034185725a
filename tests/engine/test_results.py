"""Result files: the same bytes for the same input, the right types, nothing lost."""

import datetime
import hashlib
import sqlite3

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from xinji_planner.layers.store.results import write_layer, write_table
from xinji_planner.text import Text


def columns():
    return {
        "village_name": pd.Series(["甲村", None, "丙村"]),
        "reached": np.array([True, False, True]),
        "small": np.array([1, 2, 3], "int8"),
        "count": np.array([1, 2, 2**40]),
        "rank": np.array([1, 2, 3], "int32"),
        "people": pd.array([1, None, 3], "Int64"),
        "distance_m": np.array([1.5, np.nan, 3.0]),
        "evidence_date": ["2024-05-01", None, "2024-02-29"],
        "seen": [datetime.date(2024, 1, 2), None, None],
        "verdict": pd.Categorical(["yes", "no", "yes"]),
    }


PLACES = (np.array([114.3, np.nan, 114.5]), np.array([36.1, 36.2, 36.3]))


def write(path, **changes):
    write_layer(path, **{"name": "r", "columns": columns(), "geometry": PLACES, "geometry_type": "Point", **changes})
    return path


def test_types_and_missing_values_survive(tmp_path):
    path = write(tmp_path / "result.gpkg", dates=("evidence_date",))
    info = pyogrio.read_info(path, layer="r")
    types = dict(zip(info["fields"], info["ogr_types"]))
    assert types == {
        "village_name": "OFTString",
        "reached": "OFTInteger",
        "small": "OFTInteger",
        "count": "OFTInteger64",
        "rank": "OFTInteger",
        "people": "OFTInteger64",
        "distance_m": "OFTReal",
        "evidence_date": "OFTDate",
        "seen": "OFTDate",
        "verdict": "OFTString",
    }
    assert set(info["ogr_subtypes"]) == {"OFSTNone"}
    assert info["crs"] == "EPSG:4490"
    back = pyogrio.read_dataframe(path, layer="r")
    assert back["reached"].tolist() == [1, 0, 1]
    assert back["count"].tolist() == [1, 2, 2**40]
    assert back["people"].isna().tolist() == [False, True, False]
    assert back["village_name"].isna().tolist() == [False, True, False]
    assert back["evidence_date"].dt.strftime("%Y-%m-%d").tolist()[2] == "2024-02-29"


def test_a_place_that_is_not_known_is_a_row_without_geometry(tmp_path):
    back = pyogrio.read_dataframe(write(tmp_path / "result.gpkg"), layer="r")
    assert back.geometry.isna().tolist() == [False, True, False]
    assert back.geometry[0].equals(shapely.Point(114.3, 36.1))
    assert len(back) == 3


def test_points_from_numbers_equal_points_from_shapes(tmp_path):
    points = np.array([shapely.Point(114.3, 36.1), None, shapely.Point(114.5, 36.3)], dtype=object)
    one, two = write(tmp_path / "a.gpkg"), write(tmp_path / "b.gpkg", geometry=points)
    assert one.read_bytes() == two.read_bytes()


def test_the_same_layers_give_the_same_bytes(tmp_path):
    hashes = set()
    for name in ("a.gpkg", "b.gpkg"):
        path = write(tmp_path / name, aliases={"distance_m": Text("距离", "Distance")})
        square = np.array([shapely.box(114, 36, 115, 37)], dtype=object)
        write_layer(path, "gap", {"area_km2": [1.0]}, square, "MultiPolygon")
        write_layer(path, "by_county", pd.DataFrame({"county": ["甲县"], "n": [3]}), None, "None")
        hashes.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(hashes) == 1
    assert [list(row) for row in pyogrio.list_layers(path)] == [
        ["r", "Point"],
        ["gap", "MultiPolygon"],
        ["by_county", None],
    ]


def test_headings_stand_in_the_file(tmp_path):
    path = write(tmp_path / "r.gpkg", aliases={"distance_m": Text("距离", "Distance"), "absent": Text("无", "None")})
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT column_name, title, description FROM gpkg_data_columns").fetchall()
    assert rows == [("distance_m", "距离", "Distance")]


def test_an_empty_result_keeps_its_columns(tmp_path):
    path = tmp_path / "r.gpkg"
    write_layer(path, "r", pd.DataFrame({"name": pd.Series([], dtype="str"), "n": pd.Series([], dtype="int64")}),
                (np.zeros(0), np.zeros(0)), "Point")  # fmt: skip
    info = pyogrio.read_info(path)
    assert info["features"] == 0
    assert list(info["fields"]) == ["name", "n"]


def test_rows_and_geometries_must_be_equally_many_and_of_the_type(tmp_path):
    with pytest.raises(ValueError, match="3 rows but 2 geometries"):
        write(tmp_path / "r.gpkg", geometry=(np.zeros(2), np.zeros(2)))
    with pytest.raises(ValueError, match="row 1: a Point, expected MultiPolygon"):
        write(tmp_path / "r.gpkg", geometry=[shapely.Point(1, 2)] * 3, geometry_type="MultiPolygon")


def test_a_table_opens_right_in_a_spreadsheet(tmp_path):
    path = tmp_path / "t.csv"
    write_table(path, {"name": ["甲村", "a,b"], "n": [1, 2]}, {"name": Text("村名", "Village")})
    assert path.read_bytes() == '\ufeff村名,n\r\n甲村,1\r\n"a,b",2\r\n'.encode()
