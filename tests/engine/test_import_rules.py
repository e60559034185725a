"""Which rows are written and which are set aside, for what reason; and when an import refuses."""

import csv
import json

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xinji_planner.engine.context import RunContext
from xinji_planner.errors import InputError, ParameterError, XinjiError
from xinji_planner.jobs import import_layer, inspect_source
from xinji_planner.jobs.importing.findings_lines import value_words
from xinji_planner.layers.datum import wgs84_to_gcj02
from xinji_planner.layers.reading.evidence import decide
from xinji_planner.layers.reading.importing import convert
from xinji_planner.layers.reading.mapping import check_complete, propose
from xinji_planner.layers.sources.read import read_source
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.import_kit import STATION_HEADINGS, STATIONS, do_import, read_csv, write_csv

ROW = STATIONS[0]


def station(**changes):
    names = ("id", "name", "operator", "technology", "band", "status", "lon", "lat")
    return [changes.get(name, value) for name, value in zip(names, ROW)]


def stations(tmp_path, *rows, name="a.csv", headings=STATION_HEADINGS):
    return write_csv(tmp_path / name, [headings, *rows])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": ""}, "missing_required"),
        ({"id": "无"}, "missing_required"),
        ({"id": "4.6E+11"}, "scientific"),
        ({"operator": "某网络公司"}, "unknown_code"),
        ({"status": "?"}, "unknown_code"),
        ({"lon": "", "lat": ""}, "no_place"),
        ({"lon": "0", "lat": "0.0"}, "no_place"),
        ({"lon": ""}, "bad_coordinate"),
        ({"lat": "约25"}, "bad_coordinate"),
        ({"lon": "0"}, "bad_coordinate"),
        ({"lon": "1001.0"}, "out_of_range"),
        ({"lat": "95"}, "out_of_range"),
        ({"lon": "25.1", "lat": "100.1"}, "swapped"),
        ({}, "exact_duplicate"),
        ({"name": "另一个名称"}, "duplicate"),
        ({"id": "合计"}, "total_row"),
        (
            dict(zip(("id", "name", "operator", "technology", "band", "status", "lon", "lat"), STATION_HEADINGS)),
            "repeated_header",
        ),
    ],
)
def test_a_row_that_cannot_stand_is_set_aside_with_its_reason_number_and_text(tmp_path, change, code):
    done = do_import(tmp_path, stations(tmp_path, ROW, station(**change)), "base_stations")
    assert done.summary["rows_out"] == 1
    assert [(row["row"], row["reason_code"]) for row in done.aside] == [("3", code)]
    assert next(csv.reader([done.aside[0]["original"]])) == station(**change)
    assert done.aside[0]["reason_zh"]
    assert done.aside[0]["reason_en"]


@pytest.mark.parametrize(
    ("lon", "lat", "value", "zh", "en"),
    [
        ("0", "0.0", "0, 0", "缺少坐标：坐标为 0, 0", "no coordinates: the coordinates are 0, 0"),
        ("NaN", "nan", "NaN, nan", "缺少坐标：坐标不是数字", "no coordinates: the coordinates are no numbers"),
        ("", "", "", "缺少坐标", "no coordinates"),
        ("100.1", "", "100.1, （空）", "只有一个坐标值：100.1，（空）", "only one of the two values: 100.1, (empty)"),
        ("", "25.1", "（空）, 25.1", "只有一个坐标值：（空），25.1", "only one of the two values: (empty), 25.1"),
    ],
)
def test_a_row_without_a_place_says_what_stands_in_the_cells(tmp_path, lon, lat, value, zh, en):
    source = stations(tmp_path, ROW, station(id="B9", lon=lon, lat=lat))
    done = do_import(tmp_path, source, "base_stations")
    (row,) = done.aside
    assert row["reason_zh"].endswith(zh) and row["reason_en"].endswith(en)
    (line,) = (line for line in read_csv(done.folder / done.outputs["findings"]) if line["rows"] == "3")
    assert line["value"] == value
    shown = value_words(SPECS["base_stations"], line["field"], value)
    assert shown == (value, value.replace("（空）", "(empty)"))


def test_a_shape_at_zero_of_a_layer_that_needs_places_says_so(tmp_path):
    columns = dict(zip(STATION_HEADINGS[:6], zip(ROW[:6], station(id="B9")[:6])))
    shapes = [shapely.Point(100.1, 25.1), shapely.Point(0, 0)]
    geopandas.GeoDataFrame(columns, geometry=shapes, crs=4490).to_file(tmp_path / "a.gpkg", driver="GPKG")
    done = do_import(tmp_path, tmp_path / "a.gpkg", "base_stations")
    assert [row["reason_zh"] for row in done.aside] == ["缺少坐标：坐标为 0, 0"]


def test_a_bad_optional_value_leaves_the_row_and_is_listed(tmp_path):
    rows = [station(band="很高"), station(id="B9", band="2.6万"), station(id="B8", band="26000000")]
    done = do_import(tmp_path, stations(tmp_path, *rows), "base_stations")
    assert done.summary["rows_out"] == 3
    assert done.column("band_mhz") == [None, None, None]
    assert [(row["row"], row["field"], row["reason_code"], row["original"]) for row in done.issues] == [
        ("2", "band_mhz", "not_a_number", "很高"),
        ("3", "band_mhz", "unknown_unit", "2.6万"),
        ("4", "band_mhz", "out_of_bounds", "26000000"),
    ]


def test_a_duplicate_of_a_row_that_was_set_aside_is_kept(tmp_path):
    done = do_import(tmp_path, stations(tmp_path, station(lon="x"), ROW), "base_stations")
    assert done.column("source_row") == [3]


def test_a_village_without_coordinates_is_kept_without_a_place(tmp_path):
    rows = [("村代码", "村名", "经度", "纬度"), ("530100000001", "甲村", "", ""), ("53010000000", "乙村", "", "")]
    done = do_import(tmp_path, write_csv(tmp_path / "a.csv", rows), "villages")
    assert done.summary["rows_without_place"] == 1
    assert done.aside[0]["reason_code"] == "wrong_digits"
    assert done.table.geometry[0] is None


def test_every_feature_keeps_its_uuid_when_a_newer_edition_replaces_it(tmp_path):
    first = do_import(tmp_path, stations(tmp_path, *STATIONS), "base_stations")
    second = do_import(tmp_path, stations(tmp_path, STATIONS[2], station(name="改名")), "base_stations")
    assert len(set(first.column("uuid"))) == 3
    assert second.column("uuid") == [first.column("uuid")[0], first.column("uuid")[2]]
    assert second.column("name") == ["改名", "南山站"]


def test_a_row_that_another_file_brought_is_set_aside_and_says_which(tmp_path):
    do_import(tmp_path, stations(tmp_path, *STATIONS, name="甲.csv"), "base_stations")
    source = stations(tmp_path, station(id="B777"), STATIONS[1], name="乙.csv")
    done = do_import(tmp_path, source, "base_stations")
    assert done.summary["set_aside_by_reason"] == {"in_workspace": 1}
    assert "甲.csv:3" in done.aside[0]["reason_zh"]
    assert len(done.table) == 4


def test_another_file_of_the_same_name_does_not_replace_the_rows_of_the_first(tmp_path):
    do_import(tmp_path, stations(tmp_path, *STATIONS), "base_stations")
    with pytest.raises(InputError, match="同名"):
        do_import(tmp_path, stations(tmp_path, station(id="C1")), "base_stations")


def test_an_import_says_which_columns_it_left_out(tmp_path):
    rows = [(*STATION_HEADINGS, "代维单位"), (*ROW, "某公司")]
    done = do_import(tmp_path, write_csv(tmp_path / "a.csv", rows), "base_stations")
    assert done.summary["unmapped"] == ["代维单位"]
    assert "代维单位" in done.report
    assert done.summary["mapping"]["制式"] == "technology"


def test_a_list_without_an_operator_column_is_refused_until_the_planner_states_it(tmp_path):
    headings, row = [list(items) for items in (STATION_HEADINGS, ROW)]
    del headings[2], row[2]
    source = write_csv(tmp_path / "移动基站.csv", [headings, row])
    with pytest.raises(InputError, match="运营商") as refusal:
        do_import(tmp_path, source, "base_stations")
    assert '{"=CMCC": "operator"}' in refusal.value.remedy.zh
    assert refusal.value.faults[0].field == "operator"
    assert do_import(tmp_path, source, "base_stations", mapping={"=移动": "operator"}).column("operator") == ["CMCC"]
    with pytest.raises(InputError, match="某公司"):
        do_import(tmp_path, source, "base_stations", mapping={"=某公司": "operator"})


def test_a_list_without_ids_can_be_numbered_by_its_rows(tmp_path):
    rows = [
        ("名称", "类型", "经度_WGS84", "纬度_WGS84"),
        ("甲小学", "学校", "100", "25"),
        ("乙小学", "学校", "101", "26"),
    ]
    done = do_import(tmp_path, write_csv(tmp_path / "a.csv", rows), "places", mapping={"=S{row}": "place_id"})
    assert done.column("place_id") == ["S2", "S3"]


def test_a_base_map_without_ids_is_numbered_by_file_and_row_and_says_so(tmp_path):
    source = tmp_path / "海岸线.geojson"
    line = '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[108,21],[108.1,21]]}}'
    source.write_text('{"type":"FeatureCollection","features":[' + line + "," + line.replace("21", "22") + "]}")
    done = do_import(tmp_path, source, "coastline", datum="wgs84")
    assert done.column("line_id") == ["海岸线-1", "海岸线-2"]
    assert any("岸线编号" in str(notice) for notice in done.notices)


@pytest.mark.parametrize("content", ["[]", "{", '{"没有的列": "name"}', '{"基站名称": "nosuch"}', '{"频段": 5}'])
def test_a_wrong_mapping_file_is_refused(tmp_path, content):
    source = stations(tmp_path, ROW)
    with pytest.raises(InputError):
        do_import(tmp_path, source, "base_stations", mapping=json.loads(content) if content != "{" else "{")


def test_rows_of_lines_are_refused_from_a_sheet_of_points(tmp_path):
    rows = [("光缆编号", "权属单位", "状态", "经度_WGS84", "纬度_WGS84"), ("G1", "移动", "现状", "100", "25")]
    with pytest.raises(InputError, match="每行只有一个点"):
        do_import(tmp_path, write_csv(tmp_path / "a.csv", rows), "trunk_cables")


PLAIN = (*STATION_HEADINGS[:6], "经度", "纬度")


def test_without_evidence_of_a_datum_the_import_stops_and_says_what_to_decide(tmp_path):
    source = stations(tmp_path, ROW, headings=PLAIN, name="基站_GCJ02.csv")
    with pytest.raises(InputError, match="GCJ-02") as refusal:
        do_import(tmp_path, source, "base_stations")
    assert "--datum" in refusal.value.remedy.zh
    assert "文件名" in refusal.value.message.zh


@pytest.mark.parametrize("word", ["GCJ02", "高德", "火星坐标", "BD-09", "百度"])
def test_headings_that_name_a_shifted_datum_do_not_convert_by_themselves(tmp_path, word):
    headings = (*STATION_HEADINGS[:6], f"经度({word})", f"纬度（{word}）")
    with pytest.raises(InputError, match=r"GCJ-02|BD-09") as refusal:
        do_import(tmp_path, stations(tmp_path, ROW, headings=headings), "base_stations")
    assert "--datum gcj02" in refusal.value.remedy.zh or "--datum bd09" in refusal.value.remedy.zh


def test_gcj02_is_converted_when_the_planner_says_so(tmp_path):
    lon, lat = wgs84_to_gcj02(np.array([100.1]), np.array([25.1]))
    source = stations(tmp_path, station(lon=repr(float(lon[0])), lat=repr(float(lat[0]))), headings=PLAIN)
    done = do_import(tmp_path, source, "base_stations", datum="gcj02")
    assert np.allclose(done.table.lon_lat(), [[100.1], [25.1]], atol=1e-9)
    assert done.summary["datum"] == "gcj02"


def test_of_two_pairs_the_one_with_the_right_label_is_taken(tmp_path):
    headings = (*STATION_HEADINGS[:6], "经度", "纬度", "经度（WG84）", "纬度（WG84）")
    rows = [(*ROW[:6], "100.11", "25.09", "100.1", "25.1")]
    done = do_import(tmp_path, stations(tmp_path, *rows, headings=headings), "base_stations")
    assert np.allclose(done.table.lon_lat(), [[100.1], [25.1]])
    assert done.summary["unmapped"] == ["经度", "纬度"]
    assert any("多组" in notice["zh"] for notice in done.notices)


def test_metres_in_coordinate_columns_are_refused_with_the_likely_zone(tmp_path):
    headings = (*STATION_HEADINGS[:6], "X坐标", "Y坐标")
    source = stations(tmp_path, station(lon="34308000.5", lat="2776000.2"), headings=headings)
    with pytest.raises(InputError, match="米") as refusal:
        do_import(tmp_path, source, "base_stations")
    assert "EPSG:4522" in refusal.value.remedy.zh
    done = do_import(tmp_path, source, "base_stations", datum="EPSG:4522")
    lon, lat = done.table.lon_lat()
    assert 100 < lon[0] < 101
    assert 25 < lat[0] < 26
    with pytest.raises(InputError, match="颠倒"):
        do_import(tmp_path, source, "base_stations", datum="EPSG:4522", mapping={"X坐标": "lat", "Y坐标": "lon"})
    with pytest.raises(InputError, match="之外"):
        do_import(tmp_path, source, "base_stations", datum="EPSG:4547")
    with pytest.raises(InputError, match="米"):
        do_import(tmp_path, source, "base_stations", datum="wgs84")


def test_degrees_stated_as_metres_are_refused(tmp_path):
    with pytest.raises(InputError, match="经纬度"):
        do_import(tmp_path, stations(tmp_path, ROW), "base_stations", datum="EPSG:4522")


def test_columns_that_are_swapped_in_every_row_are_refused(tmp_path):
    rows = [station(lon="25.1", lat="100.1"), station(id="B2", lon="30", lat="81")]
    with pytest.raises(InputError, match="颠倒"):
        do_import(tmp_path, stations(tmp_path, *rows), "base_stations")


def test_a_wrong_datum_is_a_wrong_parameter(tmp_path):
    for datum in ("beijing54", "EPSG:999999"):
        with pytest.raises(ParameterError):
            do_import(tmp_path, stations(tmp_path, ROW), "base_stations", datum=datum)


SQUARE = shapely.box(100, 25, 101, 26)


def units(tmp_path, shapes, crs, name="a.gpkg"):
    codes = [f"5301{at:02d}" for at in range(len(shapes))]
    table = geopandas.GeoDataFrame({"代码": codes, "名称": codes}, geometry=shapes, crs=crs)
    table.to_file(tmp_path / name, driver="GPKG", layer="行政区")
    return tmp_path / name


def test_a_bare_wgs84_label_is_no_evidence_but_the_planners_word_is(tmp_path):
    source = units(tmp_path, [SQUARE], 4326)
    with pytest.raises(InputError, match="依据"):
        do_import(tmp_path, source, "admin_units")
    done = do_import(tmp_path, source, "admin_units", datum="gcj02")
    assert done.table.geometry[0].bounds != SQUARE.bounds
    assert done.notices


def test_a_layer_without_crs_needs_the_planners_word(tmp_path):
    source = units(tmp_path, [SQUARE], None)
    with pytest.raises(InputError, match="坐标系"):
        do_import(tmp_path, source, "admin_units")
    assert do_import(tmp_path, source, "admin_units", datum="cgcs2000").summary["rows_out"] == 1


def test_a_projected_layer_is_turned_back_and_a_contradiction_refused(tmp_path):
    square = geopandas.GeoSeries([shapely.box(117, 30, 117.01, 30.01)], crs=4490).to_crs(4527)
    source = units(tmp_path, list(square), 4527)
    done = do_import(tmp_path, source, "admin_units")
    assert np.allclose(done.table.geometry[0].bounds, (117, 30, 117.01, 30.01), atol=1e-6)
    assert done.summary["datum"] == done.summary["source_crs"] == "EPSG:4527"
    assert do_import(tmp_path, source, "admin_units", datum="cgcs2000").summary["rows_out"] == 1
    for datum in ("wgs84", "gcj02", "EPSG:4528"):
        with pytest.raises(InputError, match="矛盾"):
            do_import(tmp_path, source, "admin_units", datum=datum)


@pytest.mark.parametrize("crs", [4214, 2431])
def test_an_older_national_datum_is_refused_instead_of_shifted_by_a_guess(tmp_path, crs):
    shape = geopandas.GeoSeries([SQUARE], crs=4214).to_crs(crs)[0]
    with pytest.raises(InputError):
        do_import(tmp_path, units(tmp_path, [shape], crs), "admin_units", datum=f"EPSG:{crs}")


def test_areas_are_mended_or_set_aside_with_the_change_stated(tmp_path):
    bow = shapely.Polygon([(100, 25), (101, 26), (101, 25), (100, 26), (100, 25)])
    shapes = [SQUARE, bow, shapely.Point(100, 25), None, shapely.Polygon()]
    done = do_import(tmp_path, units(tmp_path, shapes, 4490), "admin_units")
    assert done.summary["rows_out"] == 2
    assert all(shape.is_valid and shape.geom_type == "MultiPolygon" for shape in done.table.geometry)
    assert [row["reason_code"] for row in done.aside] == ["geometry_type", "no_place", "no_place"]
    assert done.issues[0]["reason_code"] == "geometry_repaired"
    assert "m²" in done.issues[0]["reason_zh"]


def inspect(tmp_path, source, **parameters):
    folder = tmp_path / "look"
    folder.mkdir(exist_ok=True)
    wanted = dict.fromkeys(p.name for p in inspect_source.JOB.parameters) | {"source": str(source)} | parameters
    summary = inspect_source.run(RunContext(wanted, folder))
    assert all(key in summary for key in inspect_source.JOB.summary_keys)
    return summary


def test_inspecting_proposes_kind_and_mapping_and_tells_what_must_be_decided(tmp_path):
    summary = inspect(tmp_path, stations(tmp_path, *STATIONS, headings=PLAIN))
    assert summary["kind"] == "base_stations"
    assert summary["mapping"]["基站编号"] == "station_id"
    assert (summary["rows"], summary["header_row"], len(summary["samples"])) == (3, 1, 3)
    assert "--datum" in summary["problems"][0]["zh"]
    assert inspect(tmp_path, stations(tmp_path, *STATIONS))["datum"] == "wgs84"


def test_inspecting_a_file_of_several_sheets_lists_them(tmp_path):
    from xinji_planner.tests.engine.import_kit import write_xlsx

    rows = (STATION_HEADINGS, *STATIONS)
    summary = inspect(tmp_path, write_xlsx(tmp_path / "a.xlsx", 甲=rows, 乙=rows), kind="base_stations")
    assert summary["layers"] == ["甲", "乙"]
    assert summary["problems"]


def convert_all(source, kind, datum):
    """Do everything of an import but the writing."""
    spec = SPECS[kind]
    raw = read_source(source, spec=spec)
    mapping = propose(raw.headings, spec)
    check_complete(mapping, spec, raw.name)
    done = convert(raw, spec, mapping, decide(raw, mapping, datum, spec))
    assert done.rows_in == done.rows_out + len(done.set_aside) == len(raw)
    return done


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELLS = st.one_of(
    st.sampled_from(
        ["", "移动", "5G", "在网", "100.1", "25", "B1", "无", "合计", "１２", "1e400", "nan", "-", '"', "a,b", "\n"]
    ),
    st.text(max_size=8),
    st.floats().map(str),
)


@SLOW
@given(
    rows=st.lists(st.lists(CELLS, min_size=0, max_size=10), max_size=12),
    datum=st.sampled_from(["gcj02", "auto", "EPSG:4522"]),
)
def test_no_table_crashes_an_import_or_loses_a_row(tmp_path, rows, datum):
    source = tmp_path / "a.csv"
    write_csv(source, [STATION_HEADINGS, *rows], encoding="utf-8", delimiter=",") if not any(
        0xD800 <= ord(sign) < 0xE000 for row in rows for cell in row for sign in cell
    ) else source.write_bytes(b"x")
    try:
        convert_all(source, "base_stations", datum)
    except XinjiError as refusal:
        assert refusal.message.zh
        assert refusal.remedy.zh


@SLOW
@given(
    data=st.binary(max_size=200),
    suffix=st.sampled_from(["csv", "xlsx", "shp", "geojson", "gpkg", "kml", "txt"]),
    head=st.sampled_from(
        [b"", b"PK\x03\x04", b"SQLite format 3\x00", b'{"type":', b"<kml>", "村代码,村名\n".encode("gbk")]
    ),
)
def test_no_bytes_crash_the_reader(tmp_path, data, suffix, head):
    source = tmp_path / f"a.{suffix}"
    source.write_bytes(head + data)
    try:
        convert_all(source, "villages", "gcj02")
    except XinjiError as refusal:
        assert refusal.message.en
        assert refusal.remedy.en
    assert import_layer.JOB.name == "import_layer"
