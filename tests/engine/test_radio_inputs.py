"""What a job gives a simulation: transmitters of one phase, the model, the land; each with where it comes from."""

import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin
from xinji_planner.engine.context import RunContext
from xinji_planner.errors import InputError
from xinji_planner.jobs.radio import inputs
from xinji_planner.jobs.radio.parameters import SIMULATION
from xinji_planner.jobs.shared.stations import Stations

WEST, NORTH, STEP = 100.0, 30.0, 0.001


def dem(path, heights, **options):
    profile = {
        "driver": "GTiff",
        "height": heights.shape[0],
        "width": heights.shape[1],
        "count": 1,
        "dtype": heights.dtype,
        "crs": "EPSG:4490",
        "transform": from_origin(WEST, NORTH, STEP, STEP),
        **options,
    }
    with rasterio.open(path, "w", **profile) as out:
        out.write(heights, 1)
    return path


def context(tmp_path, **stated):
    parameters = {item.name: item.default for item in SIMULATION} | {"technology": "5G"}
    return RunContext({**parameters, **{k: str(v) if k == "dem" else v for k, v in stated.items()}}, tmp_path)


def stations(*rows):
    default = {"station_id": "1", "operator": "CMCC", "technology": "5G", "lon": 100.05, "lat": 29.95, "phase": "now"}
    return Stations(pd.DataFrame([{**default, **row} for row in rows]), 0, [], [])


def test_only_stations_of_the_phase_count_and_rows_are_those_of_the_whole_table(tmp_path):
    table = stations({"phase": "later"}, {}, {"technology": "4G"}, {"phase": "never"}, {"lat": np.nan}, {})
    run = context(tmp_path)
    now, later = inputs.read_radio(run, table), inputs.read_radio(run, table, phase="later")
    assert (now.row.tolist(), later.row.tolist()) == ([1, 5], [0])
    assert len(now.sectors) == 2 and now.left_out == {"no_place": 1}
    assert now.assumed["height"] == 2
    assert len({rule["id"] for rule in run.rules}) == len(run.rules)  # cited once


def test_what_is_not_stated_comes_from_rules_that_are_cited_and_what_is_stated_does_not(tmp_path):
    run = context(tmp_path)
    radio = inputs.read_radio(run, stations({"azimuth_deg": 10.0}))
    cited = {rule["id"] for rule in run.rules}
    assert {"radio.time_percent", "radio.delta_n", "radio.max_range_5g", "radio.transmitter.5G"} <= cited
    assert "radio.unknown_azimuth_loss" not in cited and "radio.max_range_4g" not in cited
    assert radio.max_range_m == 10_000

    run = context(tmp_path, time_percent=10.0, max_range_km=3.0, environment="urban", location_percent=90.0)
    radio = inputs.read_radio(run, stations({}))
    cited = {rule["id"] for rule in run.rules}
    assert "radio.time_percent" not in cited and "radio.max_range_5g" not in cited
    assert {"radio.sigma.urban", "radio.unknown_azimuth_loss"} <= cited
    assert (radio.model.time_percent, radio.model.location_percent, radio.model.sigma_db) == (10, 90, 8)
    assert radio.max_range_m == 3000


def test_the_report_counts_the_sectors_of_every_preset_and_the_cautions_what_was_assumed(tmp_path):
    full = {
        **{"azimuth_deg": 10.0, "tilt_deg": 3.0, "eirp_dbm": 60.0, "bandwidth_mhz": 30.0},
        **{"antenna_height_m": 30.0, "band_mhz": 700.0},
    }
    radio = inputs.read_radio(context(tmp_path), stations(full, {**full, "antenna_height_m": np.nan}, {}))
    rows = [row[:3] for row in radio.section.rows]
    assert rows == [["690–799", 2, 1], ["3300–3800", 1, 1]]
    said = radio.cautions[0]
    assert "挂高 2 个" in said.zh and "频段 1 个" in said.zh and "3 个扇区" in said.zh
    assert "antenna height 2" in said.en
    complete = inputs.read_radio(context(tmp_path), stations(full))
    assert len(complete.cautions) == 1  # that of the missing clutter


def test_land_keeps_its_voids_and_what_lies_outside_of_the_data(tmp_path):
    heights = np.arange(10_000, dtype=np.int16).reshape(100, 100)
    heights[40, 50] = -32768
    run = context(tmp_path, dem=dem(tmp_path / "a.tif", heights, nodata=-32768))
    land = inputs.read_land(run, 100.02, 29.93, 100.15, 29.98)
    column = round((WEST + 50.5 * STEP - land.west) / STEP)
    row = round((land.north - (NORTH - 40.5 * STEP)) / STEP)
    assert land.height_m[row, column] < -1e30 and land.height_m[row, column + 1] == heights[40, 51]
    assert (land.height_m[:, -40:] < -1e30).all()  # beyond 100.1° E there is nothing
    assert run.inputs == {"dem": str(tmp_path / "a.tif")}


def test_where_no_elevation_data_lie_there_is_no_land(tmp_path):
    run = context(tmp_path, dem=dem(tmp_path / "a.tif", np.ones((50, 50), dtype=np.int16)))
    assert inputs.read_land(run, 110, 29, 110.1, 29.1) is None
    with pytest.raises(InputError, match="没有重叠"):
        inputs.require_land(run, 110, 29, 110.1, 29.1)
    assert inputs.read_land(context(tmp_path), 100, 29.9, 100.1, 30) is None
    with pytest.raises(InputError) as caught:
        inputs.require_land(context(tmp_path), 100, 29.9, 100.1, 30)
    assert "--dem" in caught.value.remedy.zh


def test_the_land_around_one_point_is_still_a_grid(tmp_path):
    run = context(tmp_path, dem=dem(tmp_path / "a.tif", np.ones((50, 50), dtype=np.int16)))
    at = (WEST + 10.5 * STEP, NORTH - 10.5 * STEP)
    assert min(inputs.read_land(run, *at, *at).height_m.shape) >= 2


def test_a_file_that_is_no_raster_is_refused_by_its_name(tmp_path):
    (tmp_path / "村.tif").write_text("no raster", encoding="utf-8")
    with pytest.raises(InputError, match=r"村\.tif"):
        inputs.read_land(context(tmp_path, dem=tmp_path / "村.tif"), 100, 29.9, 100.1, 30)


def test_an_area_that_does_not_fit_in_memory_is_refused_before_it_is_read(tmp_path):
    run = context(tmp_path, dem=dem(tmp_path / "a.tif", np.ones((50, 50), dtype=np.int16)))
    with pytest.raises(InputError, match="million"):
        inputs.read_land(run, 70, 10, 130, 50)


def cover(path, classes):
    return dem(path, classes.astype(np.uint8), nodata=0)


def test_the_land_carries_the_clutter_of_its_classes_and_none_where_no_class_is_known(tmp_path):
    classes = np.full((100, 100), 40)
    classes[:, 60:] = 10  # forest in the east
    classes[:10] = 0  # no data in the north
    run = context(
        tmp_path,
        dem=dem(tmp_path / "a.tif", np.full((100, 100), 200, dtype=np.int16)),
        clutter=str(cover(tmp_path / "c.tif", classes)),
    )
    land = inputs.read_land(run, 100.03, 29.92, 100.09, 29.999)
    east = land.west + np.arange(land.clutter_m.shape[1]) * land.pixel_lon > 100.06
    north = land.north - np.arange(land.clutter_m.shape[0]) * land.pixel_lat > 29.99
    assert (land.clutter_m == np.where(north[:, None], 0, np.where(east, 15, 0))).all()
    assert run.inputs["clutter"] == str(tmp_path / "c.tif")
    plain = inputs.read_land(context(tmp_path, dem=tmp_path / "a.tif"), 100.03, 29.92, 100.09, 29.99)
    assert plain.clutter_m is None


def test_a_land_cover_of_another_product_is_refused_by_its_classes(tmp_path):
    run = context(
        tmp_path,
        dem=dem(tmp_path / "a.tif", np.full((100, 100), 200, dtype=np.int16)),
        clutter=str(cover(tmp_path / "c.tif", np.full((100, 100), 8))),
    )
    with pytest.raises(InputError, match=r"c\.tif.* 8 "):
        inputs.read_land(run, 100.03, 29.92, 100.09, 29.99)
    run = context(tmp_path, dem=tmp_path / "a.tif", clutter=str(tmp_path / "c.tif"), clutter_classes="clcd")
    assert (inputs.read_land(run, 100.03, 29.92, 100.09, 29.99).clutter_m == 10).all()


@pytest.mark.parametrize(
    ("stated", "grade", "range_m"),
    [
        ({}, "p1812", 10_000),
        ({"propagation": "line_of_sight"}, "line_of_sight", 10_000),
        ({"propagation": "free_space", "max_range_km": 2.0}, "free_space", 2000),
        ({"propagation": "tr38901"}, "tr38901_rma", 10_000),
        ({"propagation": "tr38901", "environment": "urban"}, "tr38901_uma", 5000),
    ],
)
def test_the_model_is_the_one_that_was_chosen_and_the_report_names_a_lower_grade(tmp_path, stated, grade, range_m):
    radio = inputs.read_radio(context(tmp_path, **stated), stations({}))
    assert (radio.model.grade, radio.max_range_m) == (grade, range_m)
    assert ("低于 ITU-R P.1812" in radio.section.sentences[0].zh) == (grade != "p1812")


def test_a_model_that_does_not_hold_for_what_is_stated_is_refused_and_a_sector_it_does_not_hold_for_left_out(tmp_path):
    with pytest.raises(InputError, match="5000"):
        inputs.read_radio(context(tmp_path, propagation="tr38901", environment="urban", max_range_km=8.0), stations({}))
    low = {"antenna_height_m": 8.0}  # the rural table of TR 38.901 begins at 10 m
    radio = inputs.read_radio(context(tmp_path, propagation="tr38901"), stations(low, {}, low))
    assert radio.row.tolist() == [1] and radio.left_out == {"beyond_model": 2}
    assert len(radio.sectors) == len(radio.preset) == len(radio.band_assumed) == 1
    assert any("适用范围" in caution.zh for caution in radio.cautions)
