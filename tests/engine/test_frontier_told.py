"""What a frontier scoreboard leaves out is told: rows that belong to nothing, words that have no effect."""

from __future__ import annotations

import geopandas
import pytest
import shapely
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import ParameterError
from xinji_planner.layers.store.results import write_table
from xinji_planner.text import same

SPOT = shapely.Point(106.05, 22.05)


def layer(folder, name, *rows):
    path = folder / f"{name}.gpkg"
    geopandas.GeoDataFrame([{"geometry": SPOT, **row} for row in rows], crs="EPSG:4490").to_file(path, layer=name)
    return f"{path}|layername={name}"


@pytest.fixture
def world(tmp_path):
    """Give the layers of one county with one village and one station."""
    square = shapely.box(106.0, 22.0, 106.2, 22.2)
    station = {"station_id": "S1", "operator": "CMCC", "technology": "5G", "status": "existing", "band_mhz": 700.0}
    return {
        "admin_units": layer(
            tmp_path, "admin_units", {"code": "451481", "name": "甲县", "level": "county", "geometry": square}
        ),
        "villages": layer(tmp_path, "villages", {"village_code": "451481100200", "village_name": "甲村"}),
        "base_stations": layer(tmp_path, "base_stations", station),
    }


def told(world, folder, **stated):
    heard = []

    def send(message):
        if message["type"] == "notice":
            heard.append(message["message"]["zh"])

    run_job("frontier_scoreboard", {"pack": "frontier-2025", "radius_m": 2000.0, **world, **stated}, folder, send=send)
    return " ".join(heard)


def test_key_points_of_no_village_and_no_place_are_told_by_their_ids(world, tmp_path):
    points = layer(
        tmp_path,
        "key_points",
        {"point_id": "K1", "village_code": "451481100200", "kind": "school", "name": "甲小学"},
        {"point_id": "K2", "village_code": "451481100999", "kind": "school", "name": "孤点"},
    )
    said = told({**world, "key_points": points}, tmp_path / "结果")
    assert "1 个关键点所属的行政村或场所不在数据中" in said and "K2" in said and "K1" not in said


def test_schools_that_name_no_village_are_told_and_not_counted(world, tmp_path):
    places = layer(tmp_path, "places", {"place_id": "X1", "name": "某校", "kind": "school"})
    assert "1 所学校未注明所属行政村" in told({**world, "places": places}, tmp_path / "结果")


def test_a_county_that_only_a_code_tells_of_is_named(world, tmp_path):
    villages = layer(
        tmp_path,
        "villages",
        {"village_code": "451481100200", "village_name": "甲村"},
        {"village_code": "451499100200", "village_name": "乙村"},
    )
    assert "以下县没有县界" in told({**world, "villages": villages}, tmp_path / "结果")


def test_a_word_on_the_scope_without_a_derived_scope_is_refused_and_not_ignored(world, tmp_path):
    stated = {**world, "pack": "frontier-2027", "scope_overrides": "451481=in:名单"}
    for scope in ({}, {"scope": "451481"}):
        with pytest.raises(ParameterError, match="derived"):
            run_job("frontier_scoreboard", {**stated, **scope}, tmp_path / "结果")


def test_a_name_that_looks_like_a_formula_does_not_run_in_a_spreadsheet_and_numbers_stay(tmp_path):
    path = tmp_path / "表.csv"
    rows = {"name": ["=cmd|' /C calc'!A0", "-5.2", "—", "+86", "@甲"], "value": [-1.5, 2.0, 3.0, 4.0, 5.0]}
    write_table(path, rows, {"name": same("名称")})
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("'=cmd") and lines[1].endswith(",-1.5")
    assert lines[2].startswith("-5.2,") and lines[3].startswith("—,") and lines[4].startswith("+86,")
    assert lines[5].startswith("'@甲")


def test_a_table_that_is_taken_in_again_keeps_its_words(tmp_path):
    path = tmp_path / "表.csv"
    write_table(path, {"name": ["=A1"]})
    assert path.read_text(encoding="utf-8-sig").splitlines()[1] == "=A1"
