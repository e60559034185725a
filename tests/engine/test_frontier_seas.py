"""The sea on a frontier scoreboard: scored where it is delimited, told and not judged where its belt was derived."""

import json
from pathlib import Path

import pyogrio
import pytest
import shapely
from xinji_planner.engine.executor import run_job
from xinji_planner.tests.engine.sea_kit import INLAND_SEA, TERRITORIAL_SEA, slow_area_m2, stated, write_dem, write_lines

INDICATORS = {"N12.inland_sea": INLAND_SEA, "N12.territorial_sea": TERRITORIAL_SEA}
STATIONS = [
    {"id": "甲", "lon": 109.995, "lat": 20.45, "height": 40, "eirp": 55},
    {"id": "乙", "lon": 109.99, "lat": 20.6, "height": 30},
]


VILLAGE = "行政村代码,行政村名称,人口,经度(CGCS2000),纬度(CGCS2000)\n450601101200,甲村,100,109.98,20.45\n"


def scored(folder, *, without=(), **more):
    given = {**stated(folder, STATIONS, **more), "pack": "frontier-2027", "villages": str(folder / "村.csv")}
    (folder / "村.csv").write_text(VILLAGE, encoding="utf-8")
    for name in ("technology", "resolution_m", *without):
        del given[name]
    return run_job("frontier_scoreboard", given, folder / "结果")


def rows(run):
    return {row["rule_id"]: row for row in run.summary["score"] if row["county_code"] == "all"}


def layer(run, name):
    return pyogrio.read_dataframe(run.outputs[name], layer=name)


@pytest.mark.parametrize("evidence", ["distance", "simulated"])
def test_score_layer_and_polygon_of_each_sea_agree(tmp_path, evidence):
    more = {"evidence": evidence}
    if evidence == "simulated":
        more["dem"] = str(write_dem(tmp_path / "dem.tif", lambda lon, _: 0.0 * lon))
    run = scored(tmp_path, **more)
    parts, gaps = layer(run, "sea_part"), layer(run, "sea_gap")
    for rule, shape in INDICATORS.items():
        row, own = rows(run)[rule], parts[parts["rule_id"] == rule]
        assert row["unit"] == "km²" and row["in_scope"] == pytest.approx(slow_area_m2(shape) / 1e6, rel=1e-4)
        for state in ("met", "not_met", "cannot_tell"):
            assert own[own["state"] == state]["area_km2"].sum() == pytest.approx(row[state], abs=0.002)
        left = gaps[gaps["rule_id"] == rule]["area_km2"].sum()
        assert left == pytest.approx(row["not_met"] + row["cannot_tell"], abs=0.005)
    assert (parts["legal"] == 1).all() and set(parts["evidence"]) == {evidence} and set(parts["service"]) == {"5G"}
    cited = {rule["id"] for rule in json.loads((Path(run.folder) / "run.json").read_text("utf-8"))["rules"]}
    assert "sea.data_reach" in cited and ("sea.max_range" in cited) == (evidence == "simulated")


def test_a_derived_belt_is_for_information_and_the_indicators_of_the_sea_cannot_be_told(tmp_path):
    run = scored(tmp_path, evidence="distance", areas=())
    for rule in INDICATORS:
        assert rows(run)[rule]["status"] == "cannot_tell" and rows(run)[rule]["in_scope"] is None
        assert rows(run)[rule]["ratio_percent"] is None
    parts = layer(run, "sea_part")
    assert set(parts["zone"]) == {"derived_12nm"} and (parts["legal"] == 0).all()
    assert set(parts["rule_id"]) == {"sea.belt"}
    page = Path(run.outputs["report"]).read_text(encoding="utf-8")
    assert "推算12海里带（非法定）" in page and "not legal" in page


def test_of_two_seas_only_the_one_that_is_delimited_is_scored(tmp_path):
    run = scored(tmp_path, evidence="distance", areas=[("inland", INLAND_SEA)])
    assert rows(run)["N12.inland_sea"]["in_scope"] > 0
    assert rows(run)["N12.territorial_sea"]["in_scope"] is None
    assert set(layer(run, "sea_part")["zone"]) == {"inland"}
    whole = shapely.union_all(layer(run, "sea_part").geometry)
    assert shapely.area(shapely.symmetric_difference(whole, INLAND_SEA)) < 1e-9


@pytest.mark.parametrize("areas", [(), [("other", INLAND_SEA)]])
def test_where_nothing_says_where_the_sea_is_nothing_is_said_of_it(tmp_path, areas):
    run = scored(tmp_path, evidence="distance", areas=areas, without=["coastline"])
    assert rows(run)["N12.inland_sea"]["status"] == "cannot_tell" and "sea_part" not in run.outputs
    assert rows(run)["N12.inland_sea"]["in_scope"] is None


def test_a_coast_that_does_not_tell_land_from_sea_does_not_stop_the_scoreboard(tmp_path):
    far = write_lines(tmp_path / "远岸.gpkg", [shapely.LineString([(120, 20), (120, 21)])])
    run = scored(tmp_path, evidence="distance", areas=(), coastline=str(far))
    assert rows(run)["N12.inland_sea"]["status"] == "cannot_tell" and "sea_part" not in run.outputs
    assert "海岸线与县界不能分出陆地和海面" in Path(run.outputs["report"]).read_text(encoding="utf-8")


def test_a_range_that_was_stated_for_the_land_does_not_shorten_that_over_the_sea(tmp_path):
    dem = str(write_dem(tmp_path / "dem.tif", lambda lon, _: 0.0 * lon))
    short, usual = tmp_path / "短", tmp_path / "常"
    short.mkdir()
    usual.mkdir()
    near = scored(short, evidence="simulated", dem=dem, max_range_km="2")
    far = scored(usual, evidence="simulated", dem=dem)
    assert rows(near)["N12.inland_sea"]["met"] == rows(far)["N12.inland_sea"]["met"] > 0


def test_a_model_of_the_land_alone_judges_no_sea(tmp_path):
    dem = str(write_dem(tmp_path / "dem.tif", lambda lon, _: 0.0 * lon))
    run = scored(tmp_path, evidence="simulated", dem=dem, propagation="tr38901")
    assert set(layer(run, "sea_part")["evidence"]) == {"distance"}
