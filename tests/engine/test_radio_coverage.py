"""The simulated coverage of a small county that was made by hand: discs, shadows, voids, areas, and the same bytes."""

import hashlib
import json

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from pyproj import Geod
from xinji_planner.analysis.areas import geometry_areas
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs.coverage import blocks

from .radio_kit import (
    EAST,
    MIDDLE,
    NORTH,
    SOUTH,
    WEST,
    band,
    centres,
    stated,
    write_dem,
    write_stations,
    write_units,
    write_villages,
)

RASTERS = ("rsrp", "best_server", "second_rsrp", "server_count", "coverage_state")
COVERED, GAP, CANNOT_TELL = 1, 2, 3
ONE = {"id": "A1", "lon": MIDDLE[0], "lat": MIDDLE[1], "eirp": 25}


def flat(lon, lat):
    return 1000.0


@pytest.fixture
def county(tmp_path):
    """One station of modest power in the middle of a plain."""
    write_dem(tmp_path / "dem.tif", flat)
    write_stations(tmp_path / "stations.csv", [ONE])
    write_units(tmp_path / "units.geojson", {"510100": (WEST, SOUTH, EAST, NORTH)})
    return tmp_path


def run(folder, name="out", **more):
    return run_job("radio_coverage", stated(folder, **more), folder / name)


def distances_m(path, place=MIDDLE):
    lon, lat = centres(path)
    far = Geod(ellps="GRS80").inv(np.full(lon.size, place[0]), np.full(lon.size, place[1]), lon.ravel(), lat.ravel())
    return far[2].reshape(lon.shape)


def digests(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir()) if path.is_file()
    }


def test_a_plain_is_covered_in_a_disc_and_the_level_falls_with_distance(county):
    found = run(county)
    state, rsrp = band(found.outputs["coverage_state"]), band(found.outputs["rsrp"])
    far = distances_m(found.outputs["rsrp"])
    inside, outside = far[state == COVERED].max(), far[state == GAP].min()
    assert abs(inside - outside) < 120  # two cells
    assert set(np.unique(state)) == {COVERED, GAP}
    order = np.argsort(far.ravel())
    levels = rsrp.ravel()[order][far.ravel()[order] > 500]
    assert np.nanmax(np.diff(levels)) < 0.5
    assert (state == COVERED).tolist() == (rsrp >= -105).tolist()
    radius = (inside + outside) / 2
    assert found.summary["covered_km2"] == pytest.approx(np.pi * radius**2 / 1e6, rel=0.02)


def test_a_ridge_throws_a_shadow_and_the_other_side_stays_covered(county):
    write_dem(county / "dem.tif", lambda lon, _lat: np.where(np.abs(lon - 100.035) < 0.0008, 1200.0, 1000.0))
    found = run(county)
    state = band(found.outputs["coverage_state"])
    lon, lat = centres(found.outputs["coverage_state"])
    near = np.abs(lat - MIDDLE[1]) < 0.003
    behind = near & (lon > 100.0375) & (lon < 100.042)
    before = near & (lon < 100.0225) & (lon > 100.018)
    assert (state[behind] == GAP).all()
    assert (state[before] == COVERED).all()


def test_what_depends_on_a_void_cannot_be_told_and_nothing_else(county):
    write_dem(county / "dem.tif", flat, void=lambda lon, _lat: lon > 100.04)
    found = run(county)
    write_dem(county / "dem.tif", flat)
    whole = run(county, "whole")
    lon, _ = centres(found.outputs["coverage_state"])
    state, known = band(found.outputs["coverage_state"]), band(whole.outputs["coverage_state"])
    west = lon < 100.038
    assert (state[west] == known[west]).all()
    east = lon > 100.042
    assert COVERED not in state[east]
    assert (state[east & (known == COVERED)] == CANNOT_TELL).all()
    summary = found.summary
    parts = summary["covered_km2"] + summary["gap_km2"] + summary["cannot_tell_km2"]
    assert parts == pytest.approx(summary["area_km2"], abs=2e-4)
    assert summary["cannot_tell_km2"] > 1
    assert summary["covered_percent"] == round(
        100 * summary["covered_km2"] / (summary["covered_km2"] + summary["gap_km2"]), 2
    )


def test_polygons_agree_with_pixels_and_add_up_to_each_unit(county):
    edge = 100.0311  # cuts through cells
    write_dem(county / "dem.tif", flat, void=lambda _lon, lat: lat > 30.04)
    write_stations(county / "stations.csv", [ONE, {"id": "B1", "lon": 100.05, "lat": 30.01, "eirp": 0}])
    write_units(county / "units.geojson", {"510101": (WEST, SOUTH, edge, NORTH), "510102": (edge, SOUTH, EAST, NORTH)})
    found = run(county, resolution_m="25")
    assert found.summary["largest_difference_percent"] < 0.1
    path = found.outputs["radio_gap"]
    names = ("radio_covered", "radio_gap", "radio_unknown")
    layers = {name: pyogrio.read_dataframe(path, layer=name) for name in names}
    state = band(found.outputs["coverage_state"])
    lon, lat = centres(found.outputs["coverage_state"])
    with rasterio.open(found.outputs["coverage_state"]) as file:
        cell_m2 = Geod(ellps="GRS80").geometry_area_perimeter(
            shapely.box(MIDDLE[0], MIDDLE[1], MIDDLE[0] + file.res[0], MIDDLE[1] + file.res[1])
        )[0]
    for code, inside in (("510101", lon < edge), ("510102", lon >= edge)):
        row = next(row for row in found.summary["by_unit"] if row["unit_code"] == code)
        for kind, name, key in (
            (COVERED, "radio_covered", "covered_km2"),
            (GAP, "radio_gap", "gap_km2"),
            (CANNOT_TELL, "radio_unknown", "cannot_tell_km2"),
        ):
            shape = layers[name].set_index("unit_code").geometry[code]
            assert shape.is_valid
            drawn = geometry_areas([shape])[0] / 1e6
            assert drawn == pytest.approx(row[key], abs=1e-4)
            here = inside & (state == kind) & (lon > WEST) & (lon < EAST) & (lat > SOUTH) & (lat < NORTH)
            assert drawn == pytest.approx(here.sum() * abs(cell_m2) / 1e6, rel=0.02)
        assert row["covered_km2"] + row["gap_km2"] + row["cannot_tell_km2"] == pytest.approx(row["area_km2"], abs=2e-4)


def test_two_runs_give_the_same_bytes_and_leave_nothing_behind(county):
    write_dem(county / "dem.tif", lambda lon, lat: 1000 + 60 * np.sin(lon * 900) * np.cos(lat * 700))
    run(county)
    first = digests(county / "out")
    run(county)
    assert digests(county / "out") == first
    assert not [path.name for path in county.iterdir() if path.name.startswith(".")]


def test_blocks_and_the_whole_agree(county, monkeypatch):
    rows = [
        {"id": "A1", "lon": 100.01, "lat": 30.01, "eirp": 22, "azimuth": 40},
        {"id": "B1", "lon": 100.05, "lat": 30.04, "eirp": 25},
    ]
    write_stations(county / "stations.csv", rows)
    write_dem(county / "dem.tif", lambda lon, lat: 1000 + 60 * np.sin(lon * 900) * np.cos(lat * 700))
    whole = run(county)
    monkeypatch.setattr(blocks, "BLOCK", 40)
    cut = run(county, "cut")
    for name in RASTERS:
        one, many = band(whole.outputs[name]), band(cut.outputs[name])
        if one.dtype.kind == "f":
            assert np.allclose(one, many, atol=0.01, equal_nan=True)
        else:
            assert (one != many).mean() < 1e-3


def test_servers_are_named_and_counted(county):
    rows = [
        {"id": "西站", "lon": 100.015, "lat": MIDDLE[1], "operator": "中国移动", "azimuth": 270},
        {"id": "东站", "lon": 100.045, "lat": MIDDLE[1], "operator": "中国电信", "azimuth": 90},
    ]
    write_stations(county / "stations.csv", rows)
    found = run(county)
    servers = pd.read_csv(found.outputs["servers"], index_col="扇区序号")
    best, second = band(found.outputs["best_server"]), band(found.outputs["second_rsrp"])
    rsrp, count = band(found.outputs["rsrp"]), band(found.outputs["server_count"])
    lon, _ = centres(found.outputs["best_server"])
    names = servers["基站编号"].to_numpy()[best]
    assert (names[lon < 100.01] == "西站").all()
    assert (names[lon > 100.05] == "东站").all()
    assert (second <= rsrp)[~np.isnan(second)].all()
    assert (count == (rsrp >= -105).astype(int) + (second >= -105)).all()
    assert servers["主服务面积（平方公里）"].sum() == pytest.approx(found.summary["covered_km2"], rel=1e-3)
    alone = run(county, "alone", operator="CTCC")
    assert pd.read_csv(alone.outputs["servers"])["基站编号"].tolist() == ["东站"]


def test_rasters_are_for_the_cloud_and_say_what_they_hold(county):
    found = run(county)
    for name in RASTERS:
        with rasterio.open(found.outputs[name]) as file:
            assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert file.crs.to_epsg() == 4490
            assert file.descriptions[0]
    with rasterio.open(found.outputs["rsrp"]) as file:
        assert file.units[0] == "dBm"
        assert np.isnan(file.nodata)
    page = (county / "out" / "report.html").read_text(encoding="utf-8")
    for words in ("地形仿真", "simulated", "无法判定", "cannot be told", "极好", "Very good", "0.1%", "未核实", "<svg"):
        assert words in page
    rules = {rule["id"] for rule in json.loads((county / "out" / "run.json").read_text(encoding="utf-8"))["rules"]}
    assert {"measured.level_5g", "N10.classes_5g", "radio.delta_n"} <= rules


def test_without_units_the_land_around_the_stations_is_simulated(county):
    given = stated(county, max_range_km="1.5")
    del given["admin_units"]
    found = run_job("radio_coverage", given, county / "out")
    assert found.summary["units"] == 1
    assert found.summary["area_km2"] == pytest.approx(9, rel=0.05)


def test_too_many_cells_are_refused_with_a_resolution_that_works(county, monkeypatch):
    monkeypatch.setattr(blocks, "MOST_CELLS", 5000)
    with pytest.raises(InputError, match="9,021 cells, more than 5,000") as refused:
        run(county)
    assert "81 m" in refused.value.remedy.en
    assert run(county, resolution_m="81").summary["cells"] <= 5000


def test_no_terrain_no_station_and_no_address_are_refused(county):
    given = stated(county)
    del given["dem"]
    with pytest.raises(ParameterError, match="No elevation data"):
        run_job("radio_coverage", given, county / "out")
    with pytest.raises(ParameterError, match="tcp://HOST:PORT"):
        run(county, scheduler="http://example")
    with pytest.raises(InputError, match="no existing 5G station"):
        run(county, operator="CUCC")
    write_units(county / "units.geojson", {"510100": (110, SOUTH, 110.05, NORTH)})
    write_stations(county / "stations.csv", [{"id": "A1", "lon": 110.02, "lat": MIDDLE[1]}])
    with pytest.raises(InputError, match="do not touch"):
        run(county)


def test_the_gap_by_simulation_names_its_evidence_and_keeps_apart_what_cannot_be_told(county):
    write_dem(county / "dem.tif", flat, void=lambda lon, _lat: lon > 100.045)
    places = {"510100001201": MIDDLE, "510100001202": (100.002, 30.002), "510100001203": (100.058, 30.025)}
    write_stations(county / "stations.csv", [{"id": "A1", "lon": MIDDLE[0], "lat": MIDDLE[1], "eirp": 33}])
    write_villages(county / "villages.csv", places)
    given = stated(county, evidence="simulated", villages=str(county / "villages.csv"))
    found = run_job("coverage_gap", given, county / "gap")
    raster = run(county)
    for key in ("covered_km2", "gap_km2", "cannot_tell_km2", "covered_percent"):
        assert found.summary[key] == raster.summary[key]
    assert [found.summary[key] for key in ("villages_in_gap", "villages_cannot_tell")] == [1, 1]
    for name in ("coverage_gap", "coverage_covered", "coverage_unknown", "gap_villages", "unknown_villages"):
        rows = pyogrio.read_dataframe(found.outputs[name], layer=name)
        assert len(rows) == 1
        assert rows["evidence"].tolist() == ["simulated"]
    gap = pyogrio.read_dataframe(found.outputs["gap_villages"], layer="gap_villages")
    assert gap["village_code"].tolist() == ["510100001202"]
    page = (county / "gap" / "report.html").read_text(encoding="utf-8")
    assert "依据：地形仿真" in page
    assert "Evidence: simulated" in page
    distance = run_job("coverage_gap", {**given, "evidence": "distance"}, county / "far")
    assert distance.summary["cannot_tell_km2"] == 0
    assert distance.summary["by_unit"][0]["evidence"] == "distance"
    assert "依据：距离推断" in (county / "far" / "report.html").read_text(encoding="utf-8")


def test_what_a_station_that_cannot_be_simulated_may_cover_is_no_gap(county):
    """26 GHz has no preset radius and counts to the largest range; 3.5 GHz would, but for the model."""
    whole = run(county, "whole")
    write_stations(county / "stations.csv", [ONE, {"id": "毫米波", "lon": 100.05, "lat": 30.04, "band": 26000}])
    found = run(county, max_range_km="1.5")
    plain, state = band(whole.outputs["coverage_state"]), band(found.outputs["coverage_state"])
    far = distances_m(found.outputs["coverage_state"], (100.05, 30.04))
    near = (far < 1490) & (state > 0)
    assert near.sum() > 500
    assert GAP not in state[near]
    assert CANNOT_TELL not in state[far > 1510]
    both = near & (distances_m(found.outputs["coverage_state"]) < 1400)
    assert (state[both & (plain == COVERED)] == COVERED).all()
    for name in ("rsrp", "second_rsrp"):
        assert np.isnan(band(found.outputs[name])[state == CANNOT_TELL]).all()
    for name in ("best_server", "server_count"):
        assert (band(found.outputs[name])[state == CANNOT_TELL] == -1).all()
    page = (county / "out" / "report.html").read_text(encoding="utf-8")
    assert "毫米波" in page and "未参与仿真的基站" in page and "频段不在 30 MHz 至 6 GHz 内" in page
    assert found.summary["not_simulated"] == 1
    given = stated(county, evidence="simulated", max_range_km="1.5")
    gap = run_job("coverage_gap", given, county / "gap")
    assert gap.summary["cannot_tell_km2"] == found.summary["cannot_tell_km2"] > 1
    assert "毫米波" in (county / "gap" / "report.html").read_text(encoding="utf-8")
    other = run(county, "other", operator="CMCC", max_range_km="1.5")
    assert other.summary["cannot_tell_km2"] == found.summary["cannot_tell_km2"]


def test_the_covered_share_is_a_range_where_a_part_cannot_be_told(county):
    write_dem(county / "dem.tif", flat, void=lambda lon, _lat: lon > 100.02)
    found = run(county)
    summary = found.summary
    low, high = summary["covered_low_percent"], summary["covered_high_percent"]
    assert low == round(100 * summary["covered_km2"] / summary["area_km2"], 2)
    assert high == round(100 * (summary["covered_km2"] + summary["cannot_tell_km2"]) / summary["area_km2"], 2)
    assert high > low + 10
    page = (county / "out" / "report.html").read_text(encoding="utf-8")
    assert f"占全部面积的 {low}%–{high}%" in page
    assert f"{low}–{high} % of the whole area" in page
    assert f"占可判定面积的 {summary['covered_percent']}%" in page


def test_a_unit_without_station_records_cannot_be_told_and_is_no_gap(county):
    edge = 100.05
    write_units(county / "units.geojson", {"510101": (WEST, SOUTH, edge, NORTH), "510201": (edge, SOUTH, EAST, NORTH)})
    places = {"510101001201": (100.002, 30.002), "510201001201": (100.055, 30.002)}
    write_villages(county / "villages.csv", places)
    found = run(county)
    with_data, without = found.summary["by_unit"]
    assert with_data["gap_km2"] > 1 and with_data["cannot_tell_km2"] == 0
    assert without["gap_km2"] == 0
    assert without["cannot_tell_km2"] == pytest.approx(without["area_km2"] - without["covered_km2"], abs=2e-4)
    assert without["evidence"] == "none"
    lon, _ = centres(found.outputs["coverage_state"])
    state = band(found.outputs["coverage_state"])
    assert GAP not in state[lon > edge + 0.003]
    assert CANNOT_TELL not in state[lon < edge]
    assert set(pyogrio.read_dataframe(found.outputs["radio_gap"], layer="radio_gap")["unit_code"]) == {"510101"}
    given = stated(county, villages=str(county / "villages.csv"))
    for evidence in ("distance", "simulated"):
        gap = run_job("coverage_gap", {**given, "evidence": evidence}, county / evidence)
        own, other = gap.summary["by_unit"]
        assert other["gap_km2"] == 0
        assert other["covered_km2"] + other["cannot_tell_km2"] == pytest.approx(other["area_km2"], abs=2e-4)
        assert (own["cannot_tell_km2"], other["evidence"]) == (0, "none")
        layer = pyogrio.read_dataframe(gap.outputs["coverage_unknown"], layer="coverage_unknown")
        assert layer["unit_code"].tolist() == ["510201"]
        assert geometry_areas(layer.geometry)[0] / 1e6 == pytest.approx(other["cannot_tell_km2"], abs=1e-3)
    for key in ("villages_in_gap", "villages_cannot_tell", "villages_without_data"):
        assert gap.summary[key] == 1


def test_a_town_without_a_station_in_a_county_with_records_is_a_gap():
    from xinji_planner.jobs.coverage.gap_units import units_with_records

    stations = pd.DataFrame({"lon": [100.5, 102.5], "lat": [30.5, 30.5], "speaks": [True, False]})
    shapes = [shapely.box(100 + i, 30, 101 + i, 31) for i in range(3)]
    assert units_with_records(["510101100", "510101101", "510102100"], shapes, stations).tolist() == [True, True, False]
    assert units_with_records([None, None, None], shapes, stations).tolist() == [True, False, False]


def test_the_areas_of_the_sectors_add_up_to_the_covered_area_cut_at_the_units(county):
    rows = [{**ONE, "id": f"S{i}", "lon": 100.01 + 0.02 * i, "azimuth": 100 * i, "eirp": 33} for i in range(3)]
    write_stations(county / "stations.csv", rows)
    edges = {"510101": (100.0031, 30.0033, 100.0247, NORTH), "510102": (100.0247, 30.0033, 100.0488, 30.0444)}
    write_units(county / "units.geojson", edges)
    found = run(county, resolution_m="150")
    served = pd.read_csv(found.outputs["servers"])["主服务面积（平方公里）"].sum()
    assert served == pytest.approx(found.summary["covered_km2"], rel=1e-3)


def test_the_area_near_the_threshold_is_stated(county):
    found = run(county)
    rsrp, state = band(found.outputs["rsrp"]), band(found.outputs["coverage_state"])
    near = (np.abs(rsrp + 105) <= 3) & (state > 0)
    share = near.sum() / (state > 0).sum()
    assert found.summary["borderline_km2"] == pytest.approx(share * found.summary["area_km2"], rel=0.05)
    assert found.summary["by_unit"][0]["borderline_km2"] == found.summary["borderline_km2"] > 0.5
    page = (county / "out" / "report.html").read_text(encoding="utf-8")
    assert "距门限不超过 3 dB" in page and "within 3 dB of the threshold" in page


def test_a_stated_band_without_a_preset_is_listed(county):
    write_stations(county / "stations.csv", [{**ONE, "band": 1800}])
    run(county)
    page = (county / "out" / "report.html").read_text(encoding="utf-8")
    assert "1800 MHz 1 个扇区" in page and "频段 1 个" in page


def test_when_no_station_can_be_simulated_the_refusal_says_why(county):
    write_stations(county / "stations.csv", [{**ONE, "band": 26000}])
    with pytest.raises(InputError, match="1 stations are not simulated: bands outside"):
        run(county)
