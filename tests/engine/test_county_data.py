"""Whose silence means something: in which counties an operator has sent data, told alike by every job."""

from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from xinji_planner.engine.executor import run_job

GEOD = pyproj.Geod(ellps="GRS80")
EAST, WEST, NO_POLYGON = "450602", "450603", "450605"
SHAPES = {EAST: shapely.box(108.2, 21.5, 108.4, 21.7), WEST: shapely.box(108.0, 21.5, 108.2, 21.7)}
MIDDLE = {EAST: shapely.Point(108.3, 21.6), WEST: shapely.Point(108.1, 21.6)}
RULE = "N12.village_5g"
# Not one of them is in service in 5G, and so none is a word on the 5G that is there.
ABSENT = [{"status": "planned"}, {"status": "under_construction"}, {"status": "retired"}, {"technology": "4G"}]


def away(place, azimuth, metres):
    return shapely.Point(GEOD.fwd(place.x, place.y, azimuth, metres)[:2])


def station(number, place, **more):
    row = {"station_id": number, "operator": "CMCC", "technology": "5G", "status": "existing"}
    return {**row, "in_service_date": "2024-01-01", **more, "geometry": place}


def village(code, place):
    return {"village_code": code, "village_name": f"村{code[-4:]}", "geometry": place}


def port(number, place, **more):
    return {"place_id": number, "name": number, "kind": "port_of_entry", "backhaul": "none", **more, "geometry": place}


def road(number, *places):
    row = {"road_id": number, "code": number, "road_class": "national", "is_border": True, "structure": "open"}
    return {**row, "geometry": shapely.LineString(places)}


@pytest.fixture
def run(tmp_path):
    """Run a job by a radius of 2 km on layers given as rows."""
    count = iter(range(100))

    def made(job, *, shapes=SHAPES, send=lambda _message: None, **given):
        folder = tmp_path / str(next(count))
        folder.mkdir()
        rows = [{"code": c, "name": f"县{c}", "level": "county", "geometry": s} for c, s in shapes.items()]
        layers = {key: value for key, value in given.items() if isinstance(value, list)}
        if rows:
            layers["admin_units"] = rows
        stated = {key: value for key, value in given.items() if key not in layers}
        for name, own in layers.items():
            path = folder / f"{name}.gpkg"
            frame = pd.DataFrame([{k: v for k, v in row.items() if k != "geometry"} for row in own])
            geopandas.GeoDataFrame(frame, geometry=[row["geometry"] for row in own], crs=4490).to_file(path, layer=name)
            stated[name] = str(path)
        if job == "frontier_scoreboard":
            stated = {"pack": "frontier-2027", "evidence": "distance", **stated}
        return run_job(job, {"radius_m": 2000.0, **stated}, folder / "r", send=send)

    return made


def rows_of(done, layer, key):
    return pyogrio.read_dataframe(done.outputs[layer], layer=layer, read_geometry=False).set_index(key)


def page(done):
    return Path(done.outputs["report"]).read_text(encoding="utf-8")


def score(done, rule, county):
    return next(row for row in done.summary["score"] if (row["rule_id"], row["county_code"]) == (rule, county))


def test_a_county_without_polygon_and_without_stations_is_not_nought_percent(run):
    """It lies between two counties with stations, so in the box of the operator's stations."""
    far = {EAST: shapely.box(109.0, 22.5, 109.2, 22.7), WEST: SHAPES[WEST]}
    stations = [station("A", MIDDLE[WEST]), station("B", shapely.Point(109.1, 22.6))]
    villages = [village(f"{NO_POLYGON}10020{k}", shapely.Point(108.4 + 0.1 * k, 21.9 + 0.1 * k)) for k in range(4)]
    villages.append(village(f"{WEST}100200", MIDDLE[WEST]))
    roads = [road("G1", (108.4, 21.9), (108.7, 22.2))]
    given = {"shapes": far, "base_stations": stations, "villages": villages, "roads": roads}
    done = run("frontier_scoreboard", **given)
    own = score(done, RULE, NO_POLYGON)
    assert (own["in_scope"], own["not_met"], own["cannot_tell"], own["ratio_percent"]) == (4, 0, 4, None)
    assert own["status"] == "cannot_tell"
    lines = score(done, "N12.border_road", "all")
    assert (lines["met"], lines["not_met"], lines["status"]) == (0, 0, "cannot_tell")
    assert "4 个不在任何县界内" in page(done) and "其中 4 个的县没有县界" in page(done)
    reach = run("village_reach", shapes=far, base_stations=stations, villages=villages)
    assert (reach.summary["reached"], reach.summary["not_reached"], reach.summary["cannot_tell"]) == (1, 0, 4)
    assert "4 个不在任何县界内" in page(reach)
    length = run("line_coverage", shapes=far, base_stations=stations, roads=roads)
    assert (length.summary["not_covered_km"], length.summary["covered_percent"]) == (0, None)
    covering = [*stations, station("C", shapely.Point(108.4, 21.9))]
    lit = run("line_coverage", shapes=far, base_stations=covering, roads=roads)
    assert lit.summary["covered_km"] == pytest.approx(2, abs=0.01) and lit.summary["not_covered_km"] == 0
    bare = run("line_coverage", shapes={}, base_stations=stations, roads=roads)
    assert bare.summary["cannot_tell_km"] == 0  # without any polygons the box is all there is


def test_stations_that_are_not_in_service_are_no_data_on_a_county(run):
    stations = [station("A", MIDDLE[WEST]), *(station(f"B{k}", MIDDLE[EAST], **row) for k, row in enumerate(ABSENT))]
    villages = [village(f"{EAST}100200", away(MIDDLE[EAST], 0, 5000)), village(f"{WEST}100200", MIDDLE[WEST])]
    given = {"base_stations": stations, "villages": villages}
    assert_cannot_tell_in_the_east(run, given)


def test_by_the_stated_day_a_station_that_opened_later_is_no_data_on_its_county(run):
    stations = [station("A", MIDDLE[WEST]), station("B", MIDDLE[EAST], in_service_date="2026-06-01")]
    villages = [village(f"{EAST}100200", away(MIDDLE[EAST], 0, 5000)), village(f"{WEST}100200", MIDDLE[WEST])]
    given = {"base_stations": stations, "villages": villages}
    assert_cannot_tell_in_the_east(run, {**given, "as_of": "2025-12-31"})
    done = run("village_reach", **given)
    assert (done.summary["reached"], done.summary["not_reached"]) == (1, 1)


def assert_cannot_tell_in_the_east(run, given):
    done = run("village_reach", **given)
    assert (done.summary["reached"], done.summary["not_reached"], done.summary["cannot_tell"]) == (1, 0, 1)
    own = score(run("frontier_scoreboard", **given), RULE, EAST)
    assert (own["not_met"], own["cannot_tell"], own["ratio_percent"]) == (0, 1, None)
    area = {row["unit_code"]: row for row in run("coverage_gap", **given).summary["by_unit"]}
    assert area[EAST]["gap_km2"] == 0 and area[EAST]["cannot_tell_km2"] > 400 and area[WEST]["cannot_tell_km2"] == 0
    layers = {key: value for key, value in given.items() if key != "villages"}
    lines = run("line_coverage", **layers, roads=[road("G1", (108.25, 21.52), (108.35, 21.52))])
    assert (lines.summary["not_covered_km"], lines.summary["cannot_tell_km"] > 10) == (0, True)
    roads = [road("G1", (108.05, 21.52), (108.15, 21.52))]
    assert run("line_coverage", **layers, roads=roads).summary["cannot_tell_km"] == 0


@pytest.mark.parametrize("out_m", [1, 1900])
def test_what_counts_in_a_county_is_judged_with_its_data_on_either_side_of_the_line(run, out_m):
    edge = shapely.Point(108.1, 21.5)
    beyond = away(edge, 180, out_m)
    places = [port("内", away(edge, 0, 1)), port("外", beyond)]
    villages = [village(f"{WEST}100200", away(edge, 0, 1)), village(f"{WEST}100201", beyond)]
    stations = [station("A", MIDDLE[WEST])]
    for radius_m in (2000.0, 9000.0):
        found = run("frontier_scoreboard", base_stations=stations, places=places, villages=villages, radius_m=radius_m)
        items = rows_of(found, "frontier_item", "item_id")
        assert set(items["state"]) == {"not_met"} and set(items["reason"]) == {"no_station_in_range"}
        assert set(items["county_code"]) == {WEST}
    assert run("village_reach", base_stations=stations, villages=villages).summary["not_reached"] == 2
    silent = run("frontier_scoreboard", base_stations=[station("B", MIDDLE[EAST])], places=places, villages=villages)
    assert set(rows_of(silent, "frontier_item", "item_id")["reason"]) == {"no_data"}


def test_only_existing_stations_without_a_date_are_said_to_count_as_in_service(run):
    dates = [("A", "existing"), ("B", "planned"), ("C", "retired"), ("D", "existing")]
    stations = [station(n, MIDDLE[WEST], status=s, in_service_date=None) for n, s in dates]
    stations.append(station("E", MIDDLE[WEST]))
    told = []
    villages = [village(f"{WEST}100200", MIDDLE[WEST])]
    run("village_reach", base_stations=stations, villages=villages, as_of="2025-01-01", send=told.append)
    said = [item["message"]["zh"] for item in told if item["type"] == "notice" and "入网日期" in item["message"]["zh"]]
    assert said == ["2 个基站没有入网日期，按已入网计。"]


def test_the_day_on_which_the_data_stand_is_said_with_the_rows_that_set_it(run):
    stations = [station("A", MIDDLE[WEST]), *(station(n, MIDDLE[EAST], in_service_date="2029-01-01") for n in "BC")]
    villages = [village(f"{WEST}100200", MIDDLE[WEST])]
    done = run("frontier_scoreboard", base_stations=stations, villages=villages)
    assert done.summary["data_until"] == "2029-01-01"
    assert "2029-01-01（2 个基站的入网日期）" in page(done) and "stations in service since then: 2)" in page(done)
    stated = run("frontier_scoreboard", base_stations=stations, villages=villages, as_of="2026-01-01")
    assert stated.summary["data_until"] == "2026-01-01" and "数据截至日取数据中最新的日期" not in page(stated)


def test_a_station_planned_for_a_day_that_has_passed_is_overdue_and_promises_nothing(run):
    near = {n: away(MIDDLE[WEST], k * 90, 6000) for k, n in enumerate("0123")}
    stations = [station("A", MIDDLE[WEST], in_service_date="2025-06-01")]
    days = {"0": "2020-05-01", "1": "2025-06-01", "2": "2027-01-01", "3": None}
    stations += [station(f"P{n}", near[n], status="planned", in_service_date=day) for n, day in days.items()]
    villages = [village(f"{WEST}10020{n}", place) for n, place in near.items()]
    items = rows_of(run("frontier_scoreboard", base_stations=stations, villages=villages), "frontier_item", "item_id")
    found = items.sort_index()[["reason", "planned_year"]]
    assert found["reason"].tolist() == ["planned_overdue", "planned", "planned", "planned"]
    assert found["planned_year"].fillna("").tolist() == ["2020", "2025", "2027", ""]
    late = run("frontier_scoreboard", base_stations=stations, villages=villages, as_of="2028-01-01")
    assert rows_of(late, "frontier_item", "item_id").sort_index()["reason"].tolist()[:3] == ["planned_overdue"] * 3
    assert "原定2020年的规划或在建基站逾期未建成" in page(late) and "Planned for 2020, overdue" in page(late)


def test_a_code_of_another_county_and_a_place_in_two_counties_are_said(run):
    two = {EAST: shapely.box(108.19, 21.5, 108.4, 21.7), WEST: SHAPES[WEST]}
    stations = [station("A", MIDDLE[WEST]), station("B", MIDDLE[EAST])]
    villages = [village(f"{WEST}100200", MIDDLE[WEST]), village(f"{EAST}100201", away(MIDDLE[WEST], 0, 100))]
    places = [port("两县", shapely.Point(108.195, 21.6)), port("异码", MIDDLE[WEST], village_code=f"{EAST}100201")]
    given = {"shapes": two, "base_stations": stations, "villages": villages}
    done = run("frontier_scoreboard", **given, places=places)
    text = page(done)
    assert "行政村：1 个的代码所属的县与坐标所在的县不同" in text
    assert "边境管理及贸易机构：1 个的代码所属的县与坐标所在的县不同" in text and "异码" in text
    assert "边境管理及贸易机构：1 个同时位于两个以上县的县界内" in text and "两县" in text
    reach = page(run("village_reach", **given))
    assert "行政村：1 个的代码所属的县与坐标所在的县不同" in reach and "同时位于" not in reach
    plain = page(run("frontier_scoreboard", base_stations=stations, villages=villages[:1]))
    assert "坐标所在的县不同" not in plain and "同时位于" not in plain
