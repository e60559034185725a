"""The job that calibrates the simulation: from measurements to a file that other runs cite, or a refusal."""

import csv
import tomllib

import geopandas
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from xinji_planner.analysis.radio import path_losses
from xinji_planner.engine.context import RunContext
from xinji_planner.engine.executor import run_job
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs.radio.calibration import clutter_offsets_db
from xinji_planner.jobs.radio.inputs import read_land, read_radio
from xinji_planner.jobs.radio.parameters import SIMULATION
from xinji_planner.jobs.shared.stations import read_stations
from xinji_planner.layers.land_cover import UNKNOWN, LandCover
from xinji_planner.rules.calibration import as_toml, read_calibration

WEST, NORTH, STEP, ROWS, COLUMNS = 109.0, 28.2, 0.002, 100, 150
LON = WEST + (np.arange(COLUMNS) + 0.5) * STEP
LAT = NORTH - (np.arange(ROWS) + 0.5) * STEP
HEIGHTS = (200 + 60 * np.sin(LON * 150) + 60 * np.cos(LAT[:, None] * 120)).astype(np.float32)
STATIONS = [  # id, band, azimuth, EIRP; one station of each band, both at the middle
    ("L1", 700, 0, 60.0),
    ("L2", 700, 180, 60.0),
    ("M1", 2600, 0, 66.0),
    ("M2", 2600, 180, 66.0),
]
PLACE = (109.15, 28.1)
OFFSETS = {700: -8.0, 2600: 5.0}
FOREST = -10.0


def raster(path, values, **options):
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype=values.dtype,
        crs="EPSG:4490", transform=from_origin(WEST, NORTH, STEP, STEP), **options,
    ) as target:  # fmt: skip
        target.write(values, 1)
    return path


def table(path, headings, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """Ground, land cover with forest in the west, and stations."""
    folder = tmp_path_factory.mktemp("county")
    cover = np.where(LON < 109.15, 10, 30).astype(np.uint8)[None, :].repeat(ROWS, axis=0)
    headings = ["基站编号", "运营商", "网络制式", "频段(MHz)", "经度(CGCS2000)", "纬度(CGCS2000)", "挂高(m)"]
    headings += ["方位角", "下倾角", "EIRP(dBm)", "载波带宽(MHz)", "建设状态"]
    rows = [[i, "中国移动", "5G", band, *PLACE, 40, azimuth, 3, eirp, 30 if band == 700 else 100, "在网"]
            for i, band, azimuth, eirp in STATIONS]  # fmt: skip
    return {
        "dem": raster(folder / "dem.tif", HEIGHTS),
        "cover": raster(folder / "cover.tif", cover, nodata=0),
        "base_stations": table(folder / "stations.csv", headings, rows),
    }


def parameters(county, **stated):
    own = {item.name: item.default for item in SIMULATION}
    own |= {"technology": "5G", "as_of": None, "dem": str(county["dem"]), "base_stations": str(county["base_stations"])}
    return {**own, **stated}


def sectors_by_id(county, tmp_path):
    context = RunContext(parameters(county), tmp_path)
    stations = read_stations(context, radii=False)
    radio = read_radio(context, stations)
    ids = stations.table["station_id"].to_numpy()[radio.row]
    return dict(zip(ids, radio.sectors)), radio.model


def drive(county, tmp_path, error, *, count=150, serving=True, seed=4, clutter=None):
    """Write tests all over the county, with the levels of the model plus an error in dB of (band, lon, lat)."""
    sectors, model = sectors_by_id(county, tmp_path)
    land = read_land(RunContext(parameters(county, clutter=clutter), tmp_path), 109.06, 28.03, 109.24, 28.17)
    rng = np.random.RandomState(seed)
    rows = []
    for band, ids in ((700, ("L1", "L2")), (2600, ("M1", "M2"))):
        lon, lat = rng.uniform(109.07, 109.23, count), rng.uniform(28.04, 28.16, count)
        levels = []
        for i in ids:
            sector = sectors[i]
            path = path_losses(land, *PLACE, lon, lat, frequency_ghz=sector.frequency_ghz, tx_height_m=sector.height_m,
                               max_range_m=10_000, model=model)  # fmt: skip
            gain = sector.antenna.attenuation_db(path.azimuth_deg, np.degrees(path.elevation_mrad / 1000))
            levels.append(sector.eirp_dbm - path.loss_db + gain)
        best = np.argmax(levels, axis=0)
        level = np.max(levels, axis=0) + error(band, lon, lat) + rng.normal(0, 2, count)
        for k in np.flatnonzero(level > -150).tolist():  # a layer takes no level below -160 dBm
            station = ids[best[k]] if serving else ""
            number = f"{band}-{k}"
            rows.append([number, "中国移动", "5G", f"{lon[k]:.7f}", f"{lat[k]:.7f}", round(float(level[k]), 2), station,
                         band, f"2026-09-{1 + k % 20:02d}"])  # fmt: skip
    headings = [
        "测试编号",
        "运营商",
        "网络制式",
        "经度(CGCS2000)",
        "纬度(CGCS2000)",
        "RSRP(dBm)",
        "服务基站编号",
        "频段(MHz)",
    ]
    return table(tmp_path / "tests.csv", [*headings, "测试日期"], rows), rows


def known(band, lon, lat):
    return np.full(lon.size, OFFSETS[band])


def with_forest(band, lon, lat):
    return OFFSETS[band] + np.where(lon < 109.15, FOREST, 0.0)


def calibrated(county, tests, folder, **stated):
    notices = []
    raw = {
        "dem": str(county["dem"]),
        "base_stations": str(county["base_stations"]),
        "measurements": str(tests),
        **stated,
    }
    done = run_job("calibrate_radio", raw, folder, send=notices.append)
    return done, [item["message"]["zh"] for item in notices if item["type"] == "notice"]


def test_known_offsets_and_outliers_come_back_and_the_file_removes_them_in_other_runs(county, tmp_path):
    tests, rows = drive(county, tmp_path, known)
    spoiled = rows[::20]
    for row in spoiled:
        row[5] += 55 if row[5] < -80 else -55  # within what a layer takes
    tests = table(tests, next(csv.reader(tests.open(encoding="utf-8"))), rows)
    done, _ = calibrated(county, tests, tmp_path / "out", name="山区夏季")
    summary = done.summary
    assert summary["measurements"] == len(rows) == summary["used"] + summary["outliers"]
    assert summary["outliers"] == len(spoiled)
    assert [band["band"] for band in summary["bands"]] == ["690–799", "2496–2690"]
    assert [band["offset_db"] for band in summary["bands"]] == pytest.approx(list(OFFSETS.values()), abs=0.6)
    assert summary["before_db"] > 6 and summary["after_db"] == pytest.approx(2, abs=0.4)

    path = tmp_path / "out" / done.outputs["calibration"]
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (content["name"], content["date"]) == ("山区夏季", "2026-09-20")  # the newest test, not today
    assert as_toml(read_calibration(path)) == path.read_text(encoding="utf-8")

    context = RunContext(parameters(county, calibration=str(path)), tmp_path)
    radio = read_radio(context, read_stations(context, radii=False))
    plain, _ = sectors_by_id(county, tmp_path)
    shifts = [corrected.eirp_dbm - own.eirp_dbm for corrected, own in zip(radio.sectors, plain.values())]
    assert shifts == pytest.approx([-8, -8, 5, 5], abs=0.6)
    cited = next(rule for rule in context.rules if rule["id"] == "radio.calibration")
    assert (cited["document"], cited["date"]) == ("山区夏季", "2026-09-20")
    assert "山区夏季" in radio.section.sentences[1].zh
    assert context.inputs["calibration"] == str(path)


def test_every_measurement_is_a_row_of_the_map_and_says_what_became_of_it(county, tmp_path):
    tests, rows = drive(county, tmp_path, known, count=60)
    heads = next(csv.reader(tests.open(encoding="utf-8")))
    more = [
        ["远", "中国移动", "5G", "109.9", "28.9", -100, "", 700, "2026-09-01"],
        ["电信", "中国电信", "5G", "109.15", "28.11", -100, "", 700, "2026-09-01"],
        ["4G", "中国移动", "4G", "109.15", "28.11", -100, "", 700, "2026-09-01"],
        ["陌生", "中国移动", "5G", "109.15", "28.12", -60, "X9", 700, "2026-09-01"],
    ]
    done, notices = calibrated(county, table(tests, heads, [*rows, *more]), tmp_path / "out")
    points = geopandas.read_file(tmp_path / "out" / "result.gpkg", layer="calibration_points").set_index(
        "measurement_id"
    )
    assert len(points) == len(rows) + 3
    assert points.loc["远", "use"] == "out_of_range" and points.loc["电信", "use"] == "no_sectors"
    assert not points.loc["陌生", "named_server"] and points.loc["陌生", "server_id"] in ("L1", "L2")
    assert any("服务基站编号" in words for words in notices)
    assert done.summary["left_out"] == {"no_sectors": 1, "out_of_range": 1, "other_technology": 1}
    own = points[points["use"] == "used"]
    difference = own["measured_dbm"] - own["simulated_dbm"]
    assert (difference - own["difference_db"]).abs().max() < 0.02
    assert own.loc[own.index != "陌生", "named_server"].all()


def test_without_a_serving_station_the_strongest_of_the_band_stands_in(county, tmp_path):
    tests, rows = drive(county, tmp_path, known, serving=False)
    done, _ = calibrated(county, tests, tmp_path / "out")
    assert [band["offset_db"] for band in done.summary["bands"]] == pytest.approx(list(OFFSETS.values()), abs=0.6)
    assert done.summary["used"] + done.summary["outliers"] == len(rows)


def test_errors_that_have_no_common_cause_give_no_file_and_the_report_says_so(county, tmp_path):
    """North and south err in opposite ways, so what one part teaches is wrong for the other."""

    def opposite(_band, _lon, lat):
        return np.where(lat < 28.1, 12.0, -12.0)

    tests, _ = drive(county, tmp_path, opposite, count=300)
    heads, *rows = csv.reader(tests.open(encoding="utf-8"))
    balanced = [row for row in rows if row[0].split("-")[0] == "700"]
    north = [row for row in balanced if float(row[4]) >= 28.1][:100]
    south = [row for row in balanced if float(row[4]) < 28.1][:100]
    done, _ = calibrated(county, table(tests, heads, [*north, *south]), tmp_path / "again")
    assert not done.summary["written"] and "calibration" not in done.outputs
    assert not list((tmp_path / "again").glob("*.toml"))
    assert all(not band["kept"] and band["after_db"] >= band["before_db"] for band in done.summary["bands"])
    report = (tmp_path / "again" / "report.html").read_text(encoding="utf-8")
    assert "未写校正文件" in report and "no calibration file is written" in report


def test_forest_gets_an_offset_of_its_own_and_a_run_without_land_cover_does_without(county, tmp_path):
    stated = {"clutter": str(county["cover"])}
    tests, _ = drive(county, tmp_path, with_forest, count=400, **stated)
    done, _ = calibrated(county, tests, tmp_path / "out", **stated)
    path = tmp_path / "out" / done.outputs["calibration"]
    calibration = read_calibration(path)
    assert calibration.clutter_db[10] - calibration.clutter_db[30] == pytest.approx(FOREST, abs=0.8)
    assert all(band["kept"] for band in done.summary["bands"])
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "是，含地物" in report and "林地" in report
    west, east = (109.10, 28.1), (109.20, 28.1)
    lon, lat = np.array([west[0], east[0], np.nan]), np.array([west[1], east[1], np.nan])
    for band, offset in OFFSETS.items():
        for cover, calls in ((str(county["cover"]), True), (None, False)):
            context = RunContext(parameters(county, calibration=str(path), clutter=cover), tmp_path)
            radio = read_radio(context, read_stations(context, radii=False))
            sector = next(s for s in radio.sectors if round(1000 * s.frequency_ghz) == band)
            plain = next(
                s for s in sectors_by_id(county, tmp_path)[0].values() if s.frequency_ghz == sector.frequency_ghz
            )
            total = sector.eirp_dbm - plain.eirp_dbm + clutter_offsets_db(context, radio.calibration, lon, lat)
            expected = (offset + FOREST, offset) if calls else (offset + FOREST / 2, offset + FOREST / 2)
            if calls or next(b for b in calibration.bands if b.band_mhz_min <= band <= b.band_mhz_max).offset_db:
                assert total[:2] == pytest.approx(expected, abs=1.0 if calls else 2.5)  # about half lie in the forest
            assert any("地物类别修正" in caution.zh for caution in radio.cautions) != calls


def test_a_calibration_of_another_network_or_model_is_refused(county, tmp_path):
    tests, _ = drive(county, tmp_path, known)
    done, _ = calibrated(county, tests, tmp_path / "out")
    path = str(tmp_path / "out" / done.outputs["calibration"])
    for change in ({"technology": "4G"}, {"propagation": "free_space"}):
        context = RunContext({**parameters(county, calibration=path), **change}, tmp_path)
        with pytest.raises(InputError, match=r"适用于 5G, p1812"):
            read_radio(context, read_stations(context, radii=False))
    context = RunContext(parameters(county, calibration=path, time_percent=10.0), tmp_path)
    radio = read_radio(context, read_stations(context, radii=False))
    assert any("时间百分比" in caution.zh for caution in radio.cautions)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("format = 1", "format = 9"), "format"),
        (("offset_db = ", "offset_db = 1000 #"), "offset_db"),
        (('technology = "5G"', "technology = 5"), "technology"),
        (("[[band]]", "[[bund]]"), "band"),
        (("format = 1", "format = "), "TOML|line"),
    ],
)
def test_a_spoiled_calibration_file_is_refused_by_what_is_wrong(county, tmp_path, change, says):
    tests, _ = drive(county, tmp_path, known, count=60)
    done, _ = calibrated(county, tests, tmp_path / "out")
    path = tmp_path / "out" / done.outputs["calibration"]
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        read_calibration(path)
    assert path.name in caught.value.message.zh


def test_the_same_measurements_give_the_same_bytes(county, tmp_path):
    tests, rows = drive(county, tmp_path, known, count=60)
    first, _ = calibrated(county, tests, tmp_path / "a")
    table(tests, next(csv.reader(tests.open(encoding="utf-8"))), rows)
    second, _ = calibrated(county, tests, tmp_path / "b")
    for name in ("calibration", "report", "by_band"):
        assert (tmp_path / "a" / first.outputs[name]).read_bytes() == (
            tmp_path / "b" / second.outputs[name]
        ).read_bytes()


def test_when_no_measurement_can_be_compared_the_report_says_so(county, tmp_path):
    tests, rows = drive(county, tmp_path, known, count=5)
    heads = next(csv.reader(tests.open(encoding="utf-8")))
    telecom = [[row[0], "中国电信", *row[2:6], "", *row[7:]] for row in rows]
    done, _ = calibrated(county, table(tests, heads, telecom), tmp_path / "out")
    assert not done.summary["written"] and done.summary["left_out"] == {"no_sectors": len(rows)}
    assert "没有可比较的测试记录" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    few, _ = calibrated(county, table(tests, heads, rows), tmp_path / "few")
    assert not few.summary["written"]
    assert "测试记录太少" in (tmp_path / "few" / "report.html").read_text(encoding="utf-8")


def test_without_elevation_data_or_tests_of_the_network_there_is_nothing_to_calibrate(county, tmp_path):
    tests, _ = drive(county, tmp_path, known, count=5)
    raw = {"base_stations": str(county["base_stations"]), "measurements": str(tests)}
    with pytest.raises(ParameterError) as caught:
        run_job("calibrate_radio", raw, tmp_path / "out")
    assert caught.value.faults[0].field == "dem"
    with pytest.raises(InputError, match="4G"):
        calibrated(county, tests, tmp_path / "out", technology="4G")


def test_a_class_is_that_of_the_pixel_under_a_place_and_unknown_outside(county):
    with LandCover(county["cover"]) as cover:
        found = cover.at([109.149, 109.151, 108.0, np.nan], [28.1, 28.1, 28.1, 28.1])
    assert found.tolist() == [10, 30, UNKNOWN, UNKNOWN]


def test_a_land_cover_that_is_no_raster_of_classes_is_refused(county, tmp_path):
    with pytest.raises(InputError, match=r"dem\.tif"):
        LandCover(county["dem"])
    (tmp_path / "x.tif").write_text("no", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.tif"):
        LandCover(tmp_path / "x.tif")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty"):
        LandCover(tmp_path / "empty")


def test_levels_that_are_mere_noise_give_no_file_and_the_report_says_how_far_from_significant(county, tmp_path):
    tests, rows = drive(county, tmp_path, known, count=200)
    heads = next(csv.reader(tests.open(encoding="utf-8")))
    rng = np.random.RandomState(8)
    plain, _ = calibrated(county, tests, tmp_path / "plain")
    points = geopandas.read_file(tmp_path / "plain" / "result.gpkg", layer="calibration_points")
    levels = dict(zip(points["measurement_id"], points["simulated_dbm"]))
    for row in rows:
        row[5] = round(float(levels[row[0]] + rng.uniform(-20, 20)), 2)
    done, _ = calibrated(county, table(tests, heads, rows), tmp_path / "out")
    assert not done.summary["written"] and "calibration" not in done.outputs
    assert all(band["gain"] < 2 for band in done.summary["bands"])
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "标准误的 2 倍" in report and "不显著" in report and "no significant gain" in report
    assert all(band["gain"] > 2 for band in plain.summary["bands"])


def test_measurements_of_unknown_datum_are_refused_with_a_remedy_that_exists(county, tmp_path):
    tests, _ = drive(county, tmp_path, known, count=5)
    bare = tmp_path / "bare.csv"
    bare.write_text(tests.read_text(encoding="utf-8").replace("(CGCS2000)", ""), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        calibrated(county, bare, tmp_path / "out")
    remedy = caught.value.remedy
    assert "导入数据" in remedy.zh and "经度(CGCS2000)" in remedy.zh and "Import a layer" in remedy.en
