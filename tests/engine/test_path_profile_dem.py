"""The job "path profile" on elevation data: from two places to loss, profile, map and report, or "cannot tell"."""

import csv
import json
import math
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
from pyproj import Geod
from rasterio.transform import from_origin
from xinji_planner.analysis.p1812 import INLAND, Link, PathProfile, basic_transmission_loss, path_centre_latitude
from xinji_planner.analysis.radio import path_between
from xinji_planner.engine.context import RunContext
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs.profile.file import read_profile
from xinji_planner.jobs.profile.picture import draw_profile
from xinji_planner.jobs.profile.ways import parse_place
from xinji_planner.jobs.radio.land import read_land
from xinji_planner.jobs.radio.parameters import SIMULATION
from xinji_planner.layers.datum import wgs84_to_bd09, wgs84_to_gcj02

STATED = {"frequency_ghz": 0.7, "tx_height_m": 30}
ENDS = {"from": "109.02,28.05", "to": "109.12,28.05"}
GRS80 = Geod(ellps="GRS80")


def height_at(lon):
    """Flat ground at 200 m and a wall of 500 m along the meridian of 109.0695° E, one pixel (about 100 m) wide."""
    return np.where(np.abs(lon - 109.0695) < 5e-4, 500, 200)


def write_dem(path, void_columns=()):
    lon = 109.0 + (np.arange(150) + 0.5) * 1e-3
    heights = np.tile(height_at(lon), (100, 1)).astype("int16")
    heights[:, list(void_columns)] = -32768
    with rasterio.open(
        path, "w", driver="GTiff", width=150, height=100, count=1, dtype="int16", crs="EPSG:4490", nodata=-32768,
        transform=from_origin(109.0, 28.1, 1e-3, 1e-3),
    ) as target:  # fmt: skip
        target.write(heights, 1)
    return path


@pytest.fixture
def dem(tmp_path):
    return write_dem(tmp_path / "wall.tif")


def run(source, folder, **changes):
    sent = []
    raw = {"dem": str(source), **ENDS, **STATED, **changes}
    done = run_job("path_profile", {k: v for k, v in raw.items() if v is not None}, folder, send=sent.append)
    return done, [message["message"] for message in sent if message["type"] == "notice"]


def rows_of(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_wall_between_two_places_is_the_obstacle(dem, tmp_path):
    done, notices = run(dem, tmp_path / "out", eirp_dbm=60)
    summary = done.summary
    length = GRS80.inv(109.02, 28.05, 109.12, 28.05)[2] / 1000
    assert summary["distance_km"] == pytest.approx(length, abs=1e-9)
    assert not summary["line_of_sight"]
    wall = GRS80.inv(109.02, 28.05, 109.0695, 28.05)[2] / 1000
    assert summary["obstacle_distance_km"] == pytest.approx(wall, abs=summary["step_m"] / 1000)
    assert summary["level_dbm"] == 60 - summary["loss_db"]
    assert summary["Lbulla_50"] > 20 > summary["Lbulls_50"]
    assert len(notices) == 1 and "地物" in notices[0]["zh"]


def test_the_loss_is_that_of_the_profile_taken_by_hand(dem, tmp_path):
    done, _ = run(dem, tmp_path / "out", step_m=25)
    length = GRS80.inv(109.02, 28.05, 109.12, 28.05)[2]
    azimuth = GRS80.inv(109.02, 28.05, 109.12, 28.05)[0]
    count = math.ceil(length / 25)
    heights = []
    for k in range(count + 1):
        lon, lat, _ = GRS80.fwd(109.02, 28.05, azimuth, length * k / count)
        west = math.floor((lon - 109.0) / 1e-3 - 0.5)
        part = (lon - 109.0) / 1e-3 - 0.5 - west
        left, right = (float(height_at(109.0 + (west + at + 0.5) * 1e-3)) for at in (0, 1))
        heights.append((1 - part) * left + part * right)
        assert 28.0 < lat < 28.1
    profile = PathProfile(
        np.arange(count + 1) * (length / count / 1000),
        np.array(heights),
        np.zeros(count + 1),
        np.full(count + 1, INLAND),
    )
    latitude = path_centre_latitude(28.05, 109.02, 28.05, 109.12, length / 1000)
    expected = basic_transmission_loss(profile, Link(0.7, 30.0, 1.5, latitude))
    assert done.summary["loss_db"] == pytest.approx(expected.loss_db, abs=1e-5)
    assert done.summary["phi"] == pytest.approx(expected.values["phi"], abs=1e-12)


def test_the_spacing_is_half_a_pixel_unless_stated(dem, tmp_path):
    wide, high = (GRS80.inv(109.02, 28.05, 109.02 + x, 28.05 + y)[2] for x, y in ((0.001, 0), (0, 0.001)))
    summary = run(dem, tmp_path / "out")[0].summary
    assert summary["dem_pixel_m"] == pytest.approx(wide, rel=1e-6)
    assert summary["step_m"] <= high / 2 < 1.01 * summary["step_m"] * summary["points"] / (summary["points"] - 2)
    assert run(dem, tmp_path / "out", step_m=200)[0].summary["step_m"] == pytest.approx(200, rel=0.02)


def test_the_profile_is_the_one_that_key_points_are_simulated_on(dem, tmp_path):
    done, _ = run(dem, tmp_path / "out")
    written = read_profile(Path(done.outputs["profile_points"])).profile
    line = pyogrio.read_dataframe(done.outputs["path_line"], layer="path_line").geometry[0].geoms[0].coords
    stated = {item.name: item.default for item in SIMULATION} | {"dem": str(dem)}
    land = read_land(RunContext(stated, tmp_path), 109.005, 28.02, 109.195, 28.18)
    path = path_between(land, *line[0][:2], *line[-1][:2])
    assert len(path.distance_km) == done.summary["points"]
    np.testing.assert_allclose(path.distance_km, written.distance_km, atol=1e-5)
    np.testing.assert_allclose(path.height_m, written.height_m, atol=0.05)


def test_the_profile_written_gives_the_same_loss_as_a_profile_file(dem, tmp_path):
    done, _ = run(dem, tmp_path / "out")
    found = read_profile(Path(done.outputs["profile_points"]))
    assert found.assumed == ()
    assert found.profile.length_km == done.summary["distance_km"]
    ends = {"tx_lon": 109.02, "tx_lat": 28.05, "rx_lon": 109.12, "rx_lat": 28.05}
    again = run_job("path_profile", {"profile": done.outputs["profile_points"], **ends, **STATED}, tmp_path / "two")
    assert again.summary["loss_db"] == done.summary["loss_db"]
    assert "profile_points" not in again.outputs and again.summary["step_m"] is None


def test_the_line_and_the_obstacle_are_layers_for_the_map(dem, tmp_path):
    done, _ = run(dem, tmp_path / "out")
    package = done.outputs["path_line"]
    line, marks = (geopandas.read_file(package, layer=name) for name in ("path_line", "path_marks"))
    assert line.crs.to_epsg() == marks.crs.to_epsg() == 4490
    path = line.geometry[0].geoms[0]
    assert path.coords[0] == (109.02, 28.05) and path.coords[-1] == (109.12, 28.05)
    assert GRS80.geometry_length(path) / 1000 == pytest.approx(done.summary["distance_km"], abs=1e-7)
    assert line["loss_db"][0] == done.summary["loss_db"] and np.isnan(line["level_dbm"][0])
    assert [name.split(" / ")[0] for name in marks["name"]] == ["发射端", "接收端", "主要障碍"]
    assert marks.geometry[2].x == pytest.approx(109.0695, abs=5e-4) and marks["height_m"][0] == 200
    assert marks.geometry[2].distance(path) < 1e-9


def test_the_report_says_what_the_profile_rests_on_in_both_languages(dem, tmp_path):
    done, _ = run(dem, tmp_path / "out", datum="wgs84")
    page = Path(done.outputs["report"]).read_text(encoding="utf-8")
    points, step = done.summary["points"], f"{done.summary['step_m']:.1f} m"
    for words in (
        *("剖面来源", "高程基准", "Vertical datum", "wall.tif", "WGS 84", "bilinear", "ITU-R P.453", "ITU-R P.310"),
        *(f">{points} 个，间距 {step}，沿大地线<", f">{points}, {step} apart, geodesic<", ">109.020000, 28.050000<"),
    ):
        assert words in page, words
    assert len(page) < 100_000


def test_the_record_names_only_the_tiles_that_were_read(tmp_path):
    folder = tmp_path / "tiles"
    folder.mkdir()
    write_dem(folder / "here.tif")
    with (
        rasterio.open(folder / "here.tif") as source,
        rasterio.open(
            folder / "far.tif", "w", **{**source.profile, "transform": from_origin(120.0, 40.0, 1e-3, 1e-3)}
        ) as target,
    ):
        target.write(source.read())
    done, _ = run(folder, tmp_path / "out")
    inputs = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["inputs"]
    assert [Path(item["path"]).name for item in inputs.values()] == ["here.tif"]
    assert done.summary["obstacle_distance_km"] is not None


def test_the_same_input_gives_the_same_files(dem, tmp_path):
    one, two = (run(dem, tmp_path / name)[0] for name in ("one", "two"))
    for name, path in one.outputs.items():
        assert Path(path).read_bytes() == Path(two.outputs[name]).read_bytes(), name


@pytest.mark.parametrize("datum, shifted", [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)])
def test_places_from_web_maps_are_converted_on_order_and_it_is_written_down(dem, tmp_path, datum, shifted):
    lon, lat = shifted(np.array([109.02, 109.12]), np.array([28.05, 28.05]))
    ends = {"from": f"{lon[0]:.9f},{lat[0]:.9f}", "to": f"{lon[1]:.9f},{lat[1]:.9f}"}
    done, _ = run(dem, tmp_path / "out", datum=datum, **ends)
    plain, _ = run(dem, tmp_path / "plain")
    assert done.summary["loss_db"] == pytest.approx(plain.summary["loss_db"], abs=0.01)
    page = Path(done.outputs["report"]).read_text(encoding="utf-8")
    assert "109.020000, 28.050000（已转换）" in page and f"{lon[0]:.6f}" in page


def refused(dem, tmp_path, **changes):
    with pytest.raises(InputError) as caught:
        run(dem, tmp_path / "out", **changes)
    assert not (tmp_path / "out").exists()
    assert caught.value.remedy.zh and caught.value.remedy.en
    return caught.value


def test_a_void_on_the_way_cannot_be_told_and_is_named_with_its_place(tmp_path):
    # Centres at 109.0605 and 109.0905: of the first, heights from 109.0595 to 109.0615 are unknown.
    error = refused(write_dem(tmp_path / "void.tif", [60, 90]), tmp_path, step_m=10)
    assert error.message.zh.startswith("无法判定") and error.message.en.startswith("Cannot tell")
    assert len(error.faults) == 2 and "void" in error.faults[0].message.en and "空洞" in error.faults[0].message.zh
    lon, lat = map(float, error.faults[0].value.split(","))
    assert lon == pytest.approx(109.0595, abs=2e-4) and lat == pytest.approx(28.05, abs=1e-4)
    said = float(error.message.en.partition("–")[0].split()[-1])
    assert said == pytest.approx(GRS80.inv(109.02, 28.05, 109.0595, 28.05)[2] / 1000, abs=0.02)


def test_a_path_that_leaves_the_data_cannot_be_told(dem, tmp_path):
    error = refused(dem, tmp_path, to="109.30,28.05")
    assert "outside of the elevation data" in error.message.en and "超出高程数据的范围" in error.message.zh
    assert float(error.faults[0].value.split(",")[0]) == pytest.approx(109.15, abs=1e-3)


def test_swapped_coordinates_are_recognised(tmp_path):
    with rasterio.open(
        tmp_path / "west.tif", "w", driver="GTiff", width=100, height=100, count=1, dtype="int16", crs="EPSG:4490",
        transform=from_origin(86.0, 28.0, 1e-2, 1e-2),
    ) as target:  # fmt: skip
        target.write(np.full((1, 100, 100), 4000, dtype="int16"))
    ends = {"from": "27.50,86.50", "to": "27.55,86.55"}
    assert "经度,纬度" in refused(tmp_path / "west.tif", tmp_path, **ends).remedy.zh


@pytest.mark.parametrize("to, words", [("109.021,28.05", "0.098 km"), ("109.02,28.05", "0.000 km")])
def test_places_too_near_each_other_are_refused(dem, tmp_path, to, words):
    assert words in refused(dem, tmp_path, to=to).message.en


def test_a_dem_without_a_crs_is_refused_with_the_way_to_mend_it(dem, tmp_path):
    with (
        rasterio.open(dem) as source,
        rasterio.open(tmp_path / "bare.tif", "w", **{**source.profile, "crs": None}) as out,
    ):
        out.write(source.read())
    assert "Assign projection" in refused(tmp_path / "bare.tif", tmp_path).remedy.en


@pytest.mark.parametrize(
    "changes, fields",
    [
        ({"dem": None}, ["dem"]),
        ({"profile": __file__}, ["profile"]),
        ({"to": None}, ["to"]),
        ({"from": None, "to": None}, ["from", "to"]),
        ({"tx_lat": 28, "rx_lon": 109}, ["tx_lat", "rx_lon"]),
        ({"from": "28.05"}, ["from"]),
        ({"from": "28.05,109.02"}, ["from"]),  # latitude first: 109.02 is no latitude
        ({"from": "109.02 E,28.05 N", "to": "nan,1"}, ["from", "to"]),
        ({"dem": None, "profile": __file__}, ["tx_lat", "tx_lon", "rx_lat", "rx_lon", "from", "to"]),
        ({"step_m": 0}, ["step_m"]),
        ({"datum": "xian80"}, ["datum"]),
    ],
)
def test_the_two_ways_to_state_a_path_do_not_mix(dem, tmp_path, changes, fields):
    with pytest.raises(ParameterError) as caught:
        run(dem, tmp_path / "out", **changes)
    assert [fault.field for fault in caught.value.faults] == fields
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", ["109.02,28.05", " 109.02 , 28.05 ", "109.02，28.05", "109.02 28.05", "109.02;28.05"])
def test_a_place_may_be_written_as_people_do(words):
    assert parse_place(words) == (109.02, 28.05)


def test_a_path_of_very_many_points_is_drawn_small_with_its_peak(tmp_path):
    d = np.linspace(0, 100, 200_001)
    heights = np.full(d.size, 50.0)
    heights[123_457] = 900.0
    profile = PathProfile(d, heights, np.zeros(d.size), np.full(d.size, INLAND))
    result = basic_transmission_loss(profile, Link(0.7, 30.0, 1.5, 28.0))
    drawn = draw_profile(
        profile, "zh", frequency_ghz=0.7, antennas_m=(30, 1.5), radius_km=8495, obstacle=result.obstacle, loss_db=1
    )
    assert len(drawn) < 120_000
    assert f"主要障碍 {d[123_457]:.2f} km" in drawn


def test_on_the_himalaya_a_link_is_judged(shared_data, tmp_path):
    source = shared_data / "dem" / "N27E086.hgt"
    done, _ = run(source, tmp_path / "out", **{"from": "86.7140,27.8069", "to": "86.8,27.75"})
    heights = [float(row["height_m"]) for row in rows_of(done.outputs["profile_points"])]
    assert not done.summary["line_of_sight"] and 2800 < min(heights) < max(heights) < 5500
    assert done.summary["loss_db"] > done.summary["Lbfs"] + 40
