"""What dirty tables hold besides dirty cells: UTF-16 without a mark, totals, empty columns, split angles, links."""

import json
import zipfile

import pytest
from xinji_planner.layers.reading.columns_told import column_findings
from xinji_planner.layers.reading.mapping import propose
from xinji_planner.layers.sources.angle_parts import find_parts
from xinji_planner.layers.sources.encoding_guess import utf16_without_mark
from xinji_planner.layers.sources.read import layer_names, read_source
from xinji_planner.layers.specs import SPECS

from .import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv
from .test_diagnose import examine

STATION = SPECS["base_stations"]
CHINESE = "行政村名称\n" + "".join(f"第{n}村一二三四五六七八九十岳城镇鹤林村委会\n" for n in "一二三四五六七八九十")


def codes(findings):
    return {(line["code"], line["severity"]): line["rows"] for line in findings}


def told(raw, spec=STATION, columns=None):
    blocks = column_findings(raw, propose(raw.headings, spec), spec, columns)
    return [(block.code, block.field, block.grave) for block in blocks]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_read_although_a_character_ends_in_a_zero_byte(tmp_path, codec):
    rows = [STATION_HEADINGS, *STATIONS, ("B004", "一丁站", *STATIONS[0][2:])]
    source = write_csv(tmp_path / "站.csv", rows, codec)
    _, findings, _ = examine(tmp_path, source)
    assert ("not_utf8", "informs") in codes(findings)
    assert do_import(tmp_path, source, "base_stations").column("name") == ["东山站", "西山站", "南山站", "一丁站"]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_of_nearly_only_chinese_is_told_by_its_common_characters(codec):
    assert utf16_without_mark(CHINESE.encode(codec)) == codec


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_other_encodings_are_never_taken_for_utf16(codec):
    assert utf16_without_mark(CHINESE.encode(codec)) == ""
    assert utf16_without_mark(b"a,b\n\x00\x01") == ""


def test_a_row_of_units_may_say_how_a_day_is_written(tmp_path):
    headings = ("基站编号", "基站名称", "运营商", "制式", "频段", "挂高", "状态", "入网日期", "经度", "纬度")
    units = ("", "", "", "", "MHz", "m", "", "年-月-日", "°", "°")
    rows = [(*row[:4], "2600", "30", row[5], "2023-05-01", *row[6:]) for row in STATIONS]
    raw = read_source(write_csv(tmp_path / "站.csv", [headings, units, *rows]), spec=STATION)
    assert {at: code for at, (code, _) in raw.odd.items()} == {0: "unit_row"}


@pytest.mark.parametrize(
    "row",
    [
        ("岳城镇小计", "12"),
        ("XX县合计",),
        ("合计：",),
        ("小 计",),
        ("累计12站",),
        ("", "岳城镇小计"),
        ("", "小计", "", "", "12"),
    ],
)
def test_a_total_is_a_total_also_after_a_name(tmp_path, row):
    rows = [*STATIONS[:2], [*row, *[""] * (len(STATION_HEADINGS) - len(row))], STATIONS[2]]
    done = do_import(tmp_path, write_csv(tmp_path / "站.csv", [STATION_HEADINGS, *rows]), "base_stations")
    assert done.summary["set_aside_by_reason"] == {"total_row": 1}


def test_a_station_whose_name_ends_like_a_total_is_kept(tmp_path):
    rows = [STATIONS[0], ("B009", "数据汇总", *STATIONS[1][2:])]
    source = write_csv(tmp_path / "站.csv", [STATION_HEADINGS, *rows])
    assert do_import(tmp_path, source, "base_stations").summary["rows_out"] == 2


def test_a_column_that_no_field_takes_is_told_but_not_numbers_of_rows(tmp_path):
    headings = ("序号", *STATION_HEADINGS, "维护单位", "FID", "Shape_Leng", "空列", "")
    rows = [(str(at), *row, "第三维护队", "1", "2.5", "", "x") for at, row in enumerate(STATIONS)]
    raw = read_source(write_csv(tmp_path / "站.csv", [headings, *rows]), spec=STATION)
    assert told(raw) == [("unmapped_column", "维护单位", "informs")]
    assert told(raw, columns={"维护单位": None}) == []


def test_a_column_without_a_single_value_warns_where_it_should_hold_some(tmp_path):
    headings = (*STATION_HEADINGS, "天线挂高", "入网日期", "站址编码", "备注")
    rows = [(f"B{at}", *STATIONS[0][1:], ("", "无", "/")[at % 3], "", "", "") for at in range(9)]
    source = write_csv(tmp_path / "站.csv", [headings, *rows])
    raw = read_source(source, spec=STATION)
    found = {("antenna_height_m", "warns"), ("in_service_date", "informs"), ("site_id", "informs")}
    assert {(field, grave) for code, field, grave in told(raw) if code == "empty_column"} == found
    _, findings, _ = examine(tmp_path, source)
    assert codes(findings)["empty_column", "warns"] == ""
    few = read_source(write_csv(tmp_path / "少.csv", [headings, *rows[:3]]), spec=STATION)
    assert told(few) == [], "three rows say nothing"


PARTS = [
    ("100", "6", "12.5", "25", "6", "1"),
    ("100°", "16′", "2.5″", "25", "26", "1"),
    ("100", "26", "", "25", "6", ""),
]
PLACES = [(100 + 6 / 60 + 12.5 / 3600, 25 + 6 / 60 + 1 / 3600), (100 + 16 / 60 + 2.5 / 3600, 25 + 26 / 60 + 1 / 3600)]


@pytest.mark.parametrize(
    "above",
    [
        [("经度", "", "", "纬度", "", ""), ("度", "分", "秒", "度", "分", "秒")],
        [("经度", "分", "秒", "纬度", "分", "秒")],
        [("经度度", "经度分", "经度秒", "纬度度", "纬度分", "纬度秒")],
        [("经度(度)", "经度(分)", "经度(秒)", "纬度(度)", "纬度(分)", "纬度(秒)")],
        [("lon_deg", "lon_min", "lon_sec", "lat_deg", "lat_min", "lat_sec")],
    ],
)
def test_degrees_minutes_and_seconds_in_columns_of_their_own_are_put_together(tmp_path, above):
    heads = [(*(STATION_HEADINGS[:6] if at == 0 else [""] * 6), *cells) for at, cells in enumerate(above)]
    rows = [(*row[:6], *parts) for row, parts in zip(STATIONS, PARTS)]
    source = write_csv(tmp_path / "站.csv", [*heads, *rows])
    done = do_import(tmp_path, source, "base_stations", datum="wgs84")
    assert done.summary["rows_out"] == 3
    points = [(shape.x, shape.y) for shape in done.table.geometry]
    assert points[0] == pytest.approx(PLACES[0]) and points[1] == pytest.approx(PLACES[1])
    assert points[2] == pytest.approx((100 + 26 / 60, 25.1))
    _, findings, _ = examine(tmp_path, source, datum="wgs84")
    assert ("dms", "informs") in codes(findings) and ("unmapped_column", "informs") not in codes(findings)


def test_other_columns_beside_each_other_are_no_angles():
    assert find_parts(["经度", "纬度", "高度"]) == []
    assert find_parts(["id", "经度", "积分", "秒级数据"]) == []
    assert find_parts(["频段", "分", "秒"]) == []


KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document id="root">{}</Document></kml>'
MARK = "<Placemark><name>{}</name><Point><coordinates>{},25.1</coordinates></Point></Placemark>"


def kmz(path, files):
    with zipfile.ZipFile(path, "w") as pack:
        for name, words in files.items():
            pack.writestr(name, words)
    return path


def linked(*addresses):
    return "".join(f"<NetworkLink><Link><href>{address}</href></Link></NetworkLink>" for address in addresses)


def test_a_kmz_is_read_through_its_links_to_its_own_files(tmp_path):
    files = {
        "doc.kml": KML.format(linked("layers/%E7%AB%99.kml", "layers/更多.kml", "https://example.org/a.kml")),
        "layers/站.kml": KML.format("<name>站</name>" + MARK.format("东山站", 100.1) + MARK.format("西山站", 100.2)),
        "layers/更多.kml": KML.format("<name>更多</name>" + MARK.format("南山站", 100.3) + linked("../doc.kml")),
    }
    source = kmz(tmp_path / "站.kmz", files)
    assert layer_names(source) == ("站", "更多")
    table = read_source(source, "站")
    assert (len(table), table.format, table.layers) == (2, "KMZ", ("站", "更多"))
    assert len(read_source(source, "更多")) == 1
    (notice,) = table.notices
    assert "https://example.org/a.kml" in notice.zh


def test_what_gdal_mutters_of_open_rings_is_told_as_a_finding_only(tmp_path, capfd):
    open_ring = [[[100, 25], [101, 25], [101, 26], [100, 26]]]
    shape = {"type": "Polygon", "coordinates": open_ring}
    feature = {"type": "Feature", "properties": {"名称": "甲"}, "geometry": shape}
    source = tmp_path / "面.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    table = read_source(source)
    assert [block.code for block in table.findings] == ["ring_not_closed"]
    assert table.notices == []
    assert capfd.readouterr() == ("", "")
