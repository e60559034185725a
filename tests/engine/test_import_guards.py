"""What an import notices by itself: places outside China, wrong zones, garbled texts, towns among villages."""

import csv
import json

import geopandas
import numpy as np
import pytest
import shapely
from xinji_planner.errors import InputError
from xinji_planner.jobs import inspect_source
from xinji_planner.layers.sources.garbled import repaired
from xinji_planner.layers.specs import SPECS
from xinji_planner.layers.specs.admin_units import level_of_code
from xinji_planner.tests.engine.import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv, write_xlsx
from xinji_planner.tests.engine.test_import_rules import SQUARE, inspect, station, stations, units

VILLAGE_HEADINGS = ("村代码", "村名", "经度_WGS84", "纬度_WGS84")


def villages(tmp_path, *rows, headings=VILLAGE_HEADINGS, encoding="utf-8"):
    return write_csv(tmp_path / "村.csv", [headings, *rows], encoding)


@pytest.mark.parametrize(
    ("lon", "lat"), [("10.83", "21.6"), ("108.3", "-21.6"), ("-70", "40"), ("72.9", "40"), ("110", "2.9")]
)
@pytest.mark.parametrize("kind", ["base_stations", "villages"])
def test_a_point_outside_china_is_set_aside_with_what_to_check(tmp_path, kind, lon, lat):
    source = stations(tmp_path, STATIONS[0], station(id="B9", lon=lon, lat=lat))
    if kind == "villages":
        source = villages(tmp_path, ("530100001201", "甲", *STATIONS[0][-2:]), ("530100001202", "乙", lon, lat))
    done = do_import(tmp_path, source, kind)
    assert done.summary["set_aside_by_reason"] == {"outside_china": 1}
    assert done.aside[0]["row"] == "3"
    assert lon in done.aside[0]["reason_zh"]
    assert "投影带" in done.aside[0]["reason_zh"]
    assert "zone" in done.aside[0]["reason_en"]


@pytest.mark.parametrize(("lon", "lat"), [("73.5", "39.5"), ("135.05", "48.4"), ("112.3", "3.9"), ("123", "53.5")])
def test_the_farthest_places_of_china_are_inside(tmp_path, lon, lat):
    assert do_import(tmp_path, stations(tmp_path, station(lon=lon, lat=lat)), "base_stations").summary["rows_out"] == 1


def test_an_area_that_leaves_china_is_kept_and_listed_with_its_row(tmp_path):
    done = do_import(tmp_path, units(tmp_path, [SQUARE, shapely.box(134, 40, 140, 41)], 4490), "admin_units")
    assert done.summary["rows_out"] == 2
    assert [(row["row"], row["field"], row["reason_code"]) for row in done.issues] == [
        ("2", "geometry", "outside_china")
    ]


def test_county_and_town_rows_are_no_villages(tmp_path):
    rows = [("450602000000", "港口区", "", ""), ("450602001000", "某街道", "", ""), ("450602001201", "某村", "", "")]
    done = do_import(tmp_path, villages(tmp_path, *rows), "villages")
    assert [(row["row"], row["reason_code"]) for row in done.aside] == [("2", "not_a_village"), ("3", "not_a_village")]
    assert "不是行政村" in done.aside[0]["reason_zh"]
    assert "应为" not in done.aside[0]["reason_zh"]
    assert done.column("village_name") == ["某村"]


def test_a_code_that_only_points_to_a_village_may_name_a_town():
    assert [spec.name for spec in SPECS.values() if any(f.refused_suffixes for f in spec.fields)] == ["villages"]


@pytest.mark.parametrize(
    ("code", "level"),
    [
        *(("43", "province"), ("430000", "province"), ("430000000000", "province"), ("4300", "province")),
        *(("4331", "city"), ("433100", "city"), ("433100000000", "city"), ("433100000", "city")),
        *(("433101", "county"), ("433101000", "county"), ("433101000000", "county"), ("460400", "city")),
        *(("433101001", "town"), ("433101001000", "town"), ("433101001201", ""), ("", ""), ("12345", "")),
    ],
)
def test_a_units_code_tells_its_level(code, level):
    assert level_of_code(code) == level


@pytest.mark.parametrize("levels", [None, ["", "无", ""], ["镇", "", "X"]])
def test_units_without_a_level_get_it_from_their_code_and_the_report_says_so(tmp_path, levels):
    columns = {"代码": ["530101", "530102", "530100"], "名称": ["甲县", "乙县", "丙市"]}
    shapes = [SQUARE, shapely.box(101, 25, 102, 26), shapely.box(100, 25, 102, 26)]
    table = geopandas.GeoDataFrame(columns | ({"级别": levels} if levels else {}), geometry=shapes, crs=4490)
    table.to_file(tmp_path / "a.gpkg", driver="GPKG")
    done = do_import(tmp_path, tmp_path / "a.gpkg", "admin_units")
    if levels and levels[0]:  # what is stated stands, and what cannot be read is listed and not guessed
        assert done.column("level") == ["town", "county", None]
        assert done.summary["derived"] == {"level": {"county": 1}}
        assert done.issues[0]["reason_code"] == "unknown_code"
        return
    assert done.column("level") == ["county", "county", "city"]
    assert done.summary["derived"] == {"level": {"city": 1, "county": 2}}
    assert done.summary["mapping"]["derived:代码"] == "level"
    assert any("推定" in notice["zh"] and "县级 2 行" in notice["zh"] for notice in done.notices)
    assert "由“代码”推定" in done.report


def test_a_file_of_headings_only_is_refused(tmp_path):
    for source in (
        write_csv(tmp_path / "a.csv", [STATION_HEADINGS]),
        write_csv(tmp_path / "b.csv", [STATION_HEADINGS, ["", ""], ["", ""]]),
        write_xlsx(tmp_path / "a.xlsx", 甲=[STATION_HEADINGS]),
    ):
        with pytest.raises(InputError, match="没有数据行"):
            do_import(tmp_path, source, "base_stations")
        assert "没有数据行" in inspect(tmp_path, source, kind="base_stations")["problems"][0]["zh"]


def test_a_layer_without_features_is_called_empty(tmp_path):
    source = tmp_path / "a.geojson"
    source.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(InputError, match="空的"):
        do_import(tmp_path, source, "admin_units")


def test_headings_that_stand_twice_are_named_with_the_column_that_is_used(tmp_path):
    headings = ("村代码", "村名", "村名", "经度", "经度", "纬度")
    source = villages(tmp_path, ("530100001201", "甲", "乙", "100.1", "109", "25.1"), headings=headings)
    done = do_import(tmp_path, source, "villages", datum="wgs84")
    assert done.column("village_name") == ["甲"]
    notices = [notice["zh"] for notice in done.notices if "列名重复" in notice["zh"]]
    assert notices == [
        "列名重复：第 2“村名”、第 3“村名” 列；采用第 2 列。",
        "列名重复：第 4“经度”、第 5“经度” 列；采用第 4 列。",
    ]
    assert all(notice in done.report for notice in notices)
    told = inspect(tmp_path, source, kind="villages", datum="wgs84")["notices"]
    assert [text.zh for text in told] == notices


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("涔欐潙", "乙村"),
        ("绉诲姩", "移动"),
        ("联通", ""),
        ("乙村", ""),
        ("abc", ""),
        ("", ""),
        ("é", ""),
        ("锟斤拷", ""),
    ],
)
def test_utf8_read_as_gbk_is_told_from_chinese(text, right):
    assert repaired(text) == right


def test_true_names_are_never_taken_for_garbled(shared_data):
    names = set()
    for path in ("xiangxi/湘西行政村_GCJ02_GBK.csv", "ngari/阿里行政村_GCJ02_GBK.csv"):
        with (shared_data / path).open(encoding="gb18030", newline="") as file:
            names |= {cell for row in csv.reader(file) for cell in row}
    assert len(names) > 1000
    assert not [name for name in names if repaired(name)]


def test_texts_of_a_second_encoding_are_listed_with_what_they_may_be_and_not_changed(tmp_path):
    source = tmp_path / "村.csv"
    lines = ["村代码,村名\r\n530100001201,甲村\r\n".encode("gbk"), "530100001202,乙村\r\n".encode()]
    source.write_bytes(b"".join(lines))
    done = do_import(tmp_path, source, "villages")
    assert done.column("village_name") == ["甲村", "涔欐潙"]
    assert [(row["row"], row["field"], row["reason_code"], row["original"]) for row in done.issues] == [
        ("3", "village_name", "mixed_encoding", "涔欐潙")
    ]
    assert "乙村" in done.issues[0]["reason_zh"]
    assert any("编码" in notice["zh"] for notice in done.notices)


def test_a_garbled_code_is_set_aside_with_what_it_may_be(tmp_path):
    done = do_import(tmp_path, stations(tmp_path, STATIONS[1], station(operator="绉诲姩")), "base_stations")
    assert done.aside[0]["reason_code"] == "unknown_code"
    assert "可能应为“移动”" in done.aside[0]["reason_zh"]


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [("0", "0", "zero_coordinates"), ("NaN", "nan", "nan_coordinates"), ("#N/A", "", "nan_coordinates")],
)
def test_coordinates_that_mean_nothing_are_listed_where_a_row_may_be_without_a_place(tmp_path, lon, lat, code):
    rows = [("530100001201", "甲", lon, lat), ("530100001202", "乙", "100.1", "25.1"), ("530100001203", "丙", "", "无")]
    done = do_import(tmp_path, villages(tmp_path, *rows), "villages")
    assert (done.summary["rows_out"], done.summary["rows_without_place"]) == (3, 2)
    assert [(row["row"], row["reason_code"]) for row in done.issues] == [("2", code)]
    assert done.issues[0]["original"] == ("0" if code == "zero_coordinates" else f"{lon}, {lat or '（空）'}")


def test_a_point_at_zero_of_a_layer_is_listed_too(tmp_path):
    columns = {"村代码": ["530100001201", "530100001202"], "村名": ["甲", "乙"]}
    shapes = [shapely.Point(0, 0), shapely.Point(100, 25)]
    geopandas.GeoDataFrame(columns, geometry=shapes, crs=4490).to_file(tmp_path / "a.gpkg", driver="GPKG")
    done = do_import(tmp_path, tmp_path / "a.gpkg", "villages")
    assert [(row["row"], row["reason_code"]) for row in done.issues] == [("1", "zero_coordinates")]


def in_zone(tmp_path, lon, code):
    square = geopandas.GeoSeries([shapely.box(lon, 30, lon + 0.01, 30.01)], crs=4490).to_crs(code)
    return units(tmp_path, list(square), code)


@pytest.mark.parametrize("lon", [109.0, 108.2])  # the easting of the second starts with another zone's number
def test_a_layer_far_off_its_zones_meridian_is_taken_by_its_own_crs_with_a_notice(tmp_path, lon):
    done = do_import(tmp_path, in_zone(tmp_path, lon, 4526), "admin_units")
    assert np.allclose(done.table.geometry[0].bounds, (lon, 30, lon + 0.01, 30.01), atol=1e-6)
    (notice,) = [notice for notice in done.notices if "中央经线 114°" in notice["zh"]]
    assert f"{114 - lon:.1f}°" in notice["zh"]
    assert "114°" in done.report


def test_values_whose_zone_number_contradicts_the_stated_one_are_refused_with_the_other(tmp_path):
    headings = (*STATION_HEADINGS[:6], "X坐标", "Y坐标")
    source = stations(tmp_path, station(lon="38308000.5", lat="3300000.2"), headings=headings)
    with pytest.raises(InputError, match="之外") as refusal:
        do_import(tmp_path, source, "base_stations", datum="EPSG:4527")
    assert "EPSG:4526" in refusal.value.remedy.zh


def test_a_layer_whose_crs_throws_it_out_of_china_is_refused_without_suggesting_the_same_crs(tmp_path):
    shapes = [shapely.box(38500000, 9_500_000, 38500100, 9_500_100)]
    with pytest.raises(InputError) as refusal:
        do_import(tmp_path, units(tmp_path, [shapely.box(45e6, 3e6, 45e6 + 9, 3e6 + 9)], 4526), "admin_units")
    assert "4526" not in refusal.value.remedy.zh
    done = do_import(tmp_path, units(tmp_path, shapes, 4526), "admin_units")  # in the zone's strip, but in the Arctic
    assert done.issues[0]["reason_code"] == "outside_china"


def test_the_original_of_a_row_that_is_set_aside_can_be_taken_apart(tmp_path):
    row = station(name='东山|西山, "老"站\n二', status="?")
    done = do_import(tmp_path, stations(tmp_path, STATIONS[1], row), "base_stations")
    assert next(csv.reader([done.aside[0]["original"]], strict=True)) == row
    columns = {"代码": ["530101", "x | y=1"], "名称": ["甲", "乙"]}
    table = geopandas.GeoDataFrame(columns, geometry=[SQUARE, SQUARE], crs=4490)
    table.to_file(tmp_path / "a.gpkg", driver="GPKG")
    done = do_import(tmp_path, tmp_path / "a.gpkg", "admin_units")
    words = json.loads(done.aside[0]["original"])
    assert words.pop("geometry").startswith("POLYGON")
    assert words == {"代码": "x | y=1", "名称": "乙"}


def test_english_messages_are_free_of_chinese_units_and_examples(tmp_path):
    rows = [("村代码", "村名", "人口"), ("530100001201", "甲", "999999999")]
    done = do_import(tmp_path, write_csv(tmp_path / "a.csv", rows), "villages")
    assert "people" in done.issues[0]["reason_en"]
    assert "人" in done.issues[0]["reason_zh"]
    assert all(ord(sign) < 0x3000 for sign in done.issues[0]["reason_en"])
    source = write_csv(tmp_path / "b.csv", [("村代码",), ("530100001201",)])
    with pytest.raises(InputError) as refusal:
        do_import(tmp_path, source, "villages")
    assert '{"heading"' in refusal.value.remedy.en
    assert '{"列名"' in refusal.value.remedy.zh
    assert inspect_source.JOB.name == "inspect_source"
