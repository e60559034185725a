"""Where the headings stand, how they are spelt, and what stands around them."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.errors import InputError
from xinji_planner.layers.reading.cut_headings import cut_headings
from xinji_planner.layers.reading.headings import match, place
from xinji_planner.layers.reading.mapping import check_complete, propose
from xinji_planner.layers.sources.header import find_block, join, unit_of
from xinji_planner.layers.sources.read import read_source
from xinji_planner.layers.sources.records import from_rows
from xinji_planner.layers.sources.table_builder import build
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv

STATION, VILLAGE, CABLE = SPECS["base_stations"], SPECS["villages"], SPECS["trunk_cables"]
PLAIN = ("基站编号", "基站名称", "运营商", "制式", "频段", "状态")
ROWS = tuple(STATIONS)


def read(tmp_path, *rows, spec=STATION):
    return read_source(write_csv(tmp_path / "a.csv", rows), spec=spec)


def pairs(table, spec=STATION):
    mapping = propose(table.headings, spec)
    return [(mapping.headings[pair.lon], pair.datum) for pair in mapping.pairs]


def test_headings_are_found_below_sixty_lines_of_notes(tmp_path):
    notes = [(f"第 {at} 条，填写要求见附件",) for at in range(60)]
    table = read(tmp_path, *notes, STATION_HEADINGS, *ROWS)
    assert (table.header_row, len(table), len(table.preamble)) == (61, 3, 60)
    assert table.findings.counts() == {"rows_above_header": 1}


def test_the_axes_under_a_group_are_headings_of_their_own(tmp_path):
    table = read(tmp_path, ("某县",), (*PLAIN, "基站坐标", ""), ("",) * 6 + ("经度", "纬度"), *ROWS)
    assert table.headings == [*PLAIN, "经度", "纬度"]
    assert (table.header_row, table.rows.tolist()) == (3, [4, 5, 6])
    assert table.findings.counts() == {"rows_above_header": 1, "multi_row_header": 1}


def test_two_pairs_under_their_datums_keep_them_apart(tmp_path):
    upper = (*PLAIN, "WGS84坐标", "", "GCJ02坐标", "")
    lower = ("",) * 6 + ("经度", "纬度") * 2
    table = read(tmp_path, upper, lower, *((*row, *row[-2:]) for row in ROWS))
    assert sorted(pairs(table)) == [("GCJ02坐标 经度", "gcj02"), ("WGS84坐标 经度", "wgs84")]


def test_a_datum_above_one_pair_is_not_lost(tmp_path):
    table = read(tmp_path, ("站址信息", *[""] * 5, "百度坐标", ""), (*PLAIN, "经度", "纬度"), *ROWS)
    assert pairs(table) == [("百度坐标 经度", "bd09")]
    assert table.headings[0] == "基站编号"


def test_the_ends_of_a_cable_are_not_taken_for_one_place(tmp_path):
    upper, lower = (
        ("起点", "", "终点", "", "权属单位", "状态", "光缆编号"),
        ("经度", "纬度", "经度", "纬度", "", "", ""),
    )
    table = read(tmp_path, upper, lower, ("100", "25", "101", "26", "移动", "现状", "G1"), spec=CABLE)
    assert table.headings[:3] == ["起点 经度", "起点 纬度", "终点 经度"]
    assert pairs(table, CABLE) == []


def test_three_rows_of_headings_are_joined():
    rows = [("基站编号", "天线", "", ""), ("", "挂高", "方位角", "坐标"), ("", "米", "度", "经度")]
    assert join(rows, STATION) == ["基站编号", "挂高(米)", "方位角(度)", "经度"]


def test_a_row_of_data_is_never_a_heading(tmp_path):
    table = read(tmp_path, ("村名", "县", "乡镇"), ("中心村", "乡", "镇"), ("东村", "某县", "某镇"), spec=VILLAGE)
    assert (table.header_row, len(table)) == (1, 2)


def test_units_below_the_headings_are_set_aside_and_count_for_the_columns(tmp_path):
    units = ("", "", "", "", "(GHz)", "", "（度）", "度", "单位：米")
    rows = [(*row[:4], "2.6", *row[5:], "30") for row in ROWS]
    table = read(tmp_path, (*PLAIN, "经度", "纬度", "挂高"), units, *rows)
    assert table.headings[4] == "频段(GHz)"
    assert {at: code for at, (code, _) in table.odd.items()} == {0: "unit_row"}
    assert propose(table.headings, STATION).units == {"band_mhz": "ghz", "antenna_height_m": "米"}
    done = do_import(tmp_path, table.path, "base_stations", datum="wgs84")
    assert done.column("band_mhz") == [2600.0] * 3
    assert [(row["row"], row["reason_code"]) for row in done.aside] == [("2", "unit_row")]


@pytest.mark.parametrize(
    ("cell", "unit"),
    [
        ("(米)", "米"),
        ("（MHz）", "MHz"),
        ("度", "度"),
        ("单位：米", "米"),
        ("移动", ""),
        ("5G", ""),
        ("", ""),
        ("12", ""),
    ],
)
def test_a_unit_is_told_from_data(cell, unit):
    assert unit_of(cell) == unit


def test_what_is_no_data_is_set_aside_and_counted(tmp_path):
    below = [
        ("station_id", "name", "operator", "technology", "band_mhz", "status", "lon", "lat"),
        tuple("12345678"),
        ("必填", "必填", "必填", "选填", "选填", "必填", "必填", "必填"),
    ]
    above_end = [("一、移动公司",), ROWS[0], (), ("二、电信公司",), ROWS[1], ROWS[2]]
    notes = [
        ("注：1. 数据截至 2024 年底",),
        ("填表人：张三", "", "", "审核人：李四", "", "", "日期：2024-05-01"),
        ("数据来源", "某公司网络部"),
        ("以上站点均已开通运行。经县公司核对无误，请予审核；如有疑问请与网络部联系。",),
    ]
    path = write_csv(tmp_path / "a.csv", [STATION_HEADINGS, *below, *above_end, *notes])
    done = do_import(tmp_path, path, "base_stations")
    assert (done.summary["rows_in"], done.summary["rows_out"]) == (12, 3)
    assert {row["reason_code"] for row in done.aside} == {"note_row"}
    assert done.column("source_row") == [6, 9, 10]


def test_sparse_rows_of_data_are_no_notes(tmp_path):
    rows = [
        ("530100001201", "注水村", "", "", ""),
        ("530100001202", "说明村", "", "", ""),
        ("", "来源：不明", "1", "2", "3"),
    ]
    table = read(tmp_path, ("村代码", "村名", "人口", "经度", "纬度"), *rows, spec=VILLAGE)
    assert table.odd == {}


@pytest.mark.parametrize(
    "heading",
    [
        *("经 度", "1.经度", "（2）经度", "①经度", "一、经度", "*经度", "★经度（必填）", "经\n度", "４、经度"),
        *("经度 Longitude", "Longitude/经度", "JINGDU", "经度(E)", "站点经度", "【必填】经度"),
    ],
)
def test_the_marks_around_a_heading_do_not_hide_it(heading):
    found = place(heading)
    assert found is not None
    assert found.axis == "lon"


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("2、基站编号", "station_id"),
        ("*基站编号", "station_id"),
        ("基站编号 Station ID", "station_id"),
        ("状态/Status", "status"),
        ("天线挂高\n(米)", "antenna_height_m"),
        ("BBU 名称", None),
        ("BBU名称", None),
        ("2.6G频段", None),
        ("4G基站数", None),
    ],
)
def test_a_marked_heading_names_its_field_and_no_other(heading, name):
    assert [item.name for item in STATION.fields if match(heading, item)] == ([name] if name else [])


def test_a_heading_cut_to_ten_bytes_is_told_by_the_rest_of_its_name(tmp_path):
    cut = ("基站编", "基站名", "运营商", "网络制", "频段", "建设状", "经度", "纬度")
    table = read(tmp_path, cut, *ROWS)
    assert [block.field for block in table.findings if block.code == "truncated_heading"] == [
        "station_id",
        "technology",
        "status",
    ]
    assert propose(cut, STATION).missing(STATION) == ()


def test_a_cut_heading_is_not_guessed():
    assert cut_headings(("基站编", "一个很长很长的列名"), STATION) == {}, "nothing was cut in this file"
    assert cut_headings(("基站编", "基站编"), STATION) == {}, "one field, two columns"
    assert cut_headings(("基站编", "站号"), STATION) == {}, "the field has its own column"
    assert cut_headings(("所属", "县名", "村名"), VILLAGE) == {}, "too short to be cut"
    assert cut_headings(("in_service",), STATION) == {0: ("in_service_date", "in_service_date")}


def test_a_repeated_heading_is_told(tmp_path):
    table = read(tmp_path, (*STATION_HEADINGS, "状态", "其他", "其他"), *((*row, "", "", "") for row in ROWS))
    (finding,) = [block for block in table.findings if block.code == "repeated_heading"]
    assert "第 6、9 列" in finding.why[0].zh


def test_without_headings_columns_go_by_their_numbers(tmp_path):
    path = write_csv(tmp_path / "a.csv", ROWS)
    table = read_source(path, spec=STATION)
    assert (table.header_row, table.headings[:2], len(table)) == (None, ["#1", "#2"], 3)
    assert table.findings.counts() == {"no_headings": 1}
    with pytest.raises(InputError, match="#1") as refusal:
        check_complete(propose(table.headings, STATION), STATION, "a.csv")
    assert '"#1"' in refusal.value.remedy.zh
    told = {"#1": "station_id", "#2": "name", "#3": "operator", "#4": "technology", "#6": "status"}
    done = do_import(tmp_path, path, "base_stations", datum="wgs84", mapping=told | {"#7": "lon", "#8": "lat"})
    assert done.column("station_id") == ["B001", "B002", "B003"]


def test_a_column_may_be_named_by_its_number_in_any_file():
    headings = ("基站编号", "名称", "名称")
    assert propose(headings, STATION, {"名称 #3": "name"}).fields["name"] == 2
    assert propose(headings, STATION, {"#2": "name"}).fields["name"] == 1
    with pytest.raises(InputError):
        propose(headings, STATION, {"#4": "name"})


def test_a_header_of_years_is_a_header():
    rows = [("县名", "2019", "2020", "2021"), ("甲县", "1", "2", "3"), ("乙县", "1", "2", "3")]
    assert find_block(rows, None).headings == list(rows[0])


def test_a_column_without_a_heading_is_kept_and_stray_cells_are_set_aside(tmp_path):
    filled = [(*row, "好") for row in ROWS] * 3
    table = read(tmp_path, (*STATION_HEADINGS, ""), *filled)
    assert (table.headings[-1], table.damaged) == ("", {})
    table = read(tmp_path, (*STATION_HEADINGS, ""), *(ROWS * 4), filled[0])
    assert list(table.damaged) == [12]
    assert next(csv.reader([table.original(12)]))[-1] == "好"


WORDS = st.sampled_from(
    ["", " ", "经度", "纬度", "基站编号", "运营商", "移动", "(米)", "注：无", "1", "100.5", "合计", "GCJ02"]
)


@given(st.lists(st.lists(WORDS, max_size=5), max_size=9), st.sampled_from([STATION, VILLAGE, None]))
def test_every_row_with_text_is_a_heading_stands_above_them_or_is_a_row(rows, spec):
    filled = [at for at, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        return
    table = build(Path("a.csv"), "CSV", from_rows(rows), spec)
    above = [row for row, _ in table.preamble]
    assert above + [row for row in filled if row not in above and row <= (table.header_row or 0)] + list(
        table.rows
    ) == sorted(filled)
    assert len(table.headings) == len(table.cells)
    assert {len(cells) for cells in table.cells} <= {len(table)}
    assert all(0 <= at < len(table) for at in (*table.odd, *table.damaged))
    lost = [cell for at in table.rows for cell in rows[at - 1] if cell.strip()]
    kept = [cell for cells in table.cells for cell in cells] + [cell for cells in table.tail.values() for cell in cells]
    assert sorted(lost) == sorted(cell for cell in kept if cell.strip())
