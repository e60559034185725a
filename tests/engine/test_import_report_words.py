"""The report of an import speaks a planner's words and leaves out nothing that was changed."""

import pandas as pd
from xinji_planner.jobs.importing.findings_lines import without_rows

from .import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv
from .test_import_report import section

TOWERS = ("站址编码", "站址名称", "塔型", "经度(WGS84)", "纬度(WGS84)")


def test_a_conversion_of_the_datum_stands_among_the_treatments_with_how_far_the_rows_moved(tmp_path):
    headings = (*STATION_HEADINGS[:-2], "经度", "纬度")
    source = write_csv(tmp_path / "站点.csv", [headings, *STATIONS])
    done = do_import(tmp_path, source, "base_stations", datum="gcj02")
    ((what, rows, median, largest, order),) = section(done.report, "已作的处理：坐标转换", 5)
    assert (what, rows, order) == ("GCJ-02 → CGCS2000", "3", "本次选择")
    assert 100 < int(median) <= int(largest) < 1000
    assert "gcj02" not in done.report


def test_nothing_is_said_of_a_conversion_where_there_was_none(tmp_path):
    done = do_import(tmp_path, write_csv(tmp_path / "站点.csv", [STATION_HEADINGS, *STATIONS]), "base_stations")
    assert "坐标转换" not in done.report


def test_putting_several_kinds_of_tower_under_one_is_called_grouping_and_every_pair_is_listed(tmp_path):
    kinds = ("角钢塔", "三管塔", "单管塔", "角钢塔", "楼面", "铁塔")
    rows = [(f"T{k}", f"塔{k}", kind, f"{100 + k / 10}", "25.1") for k, kind in enumerate(kinds)]
    done = do_import(tmp_path, write_csv(tmp_path / "塔.csv", [TOWERS, *rows]), "towers_and_poles")
    grouped = [row[2:] for row in section(done.report, "归类的取值", 5)]
    assert grouped == [["角钢塔", "通信铁塔", "2"], ["三管塔", "通信铁塔", "1"], ["单管塔", "通信铁塔", "1"]]
    spelt = [row[2:] for row in section(done.report, "统一的写法", 5) if row[1] == "杆塔类型"]
    assert spelt == [["楼面", "楼面站", "1"], ["铁塔", "通信铁塔", "1"]]


def test_keys_in_the_report_name_the_operators(tmp_path):
    source = tmp_path / "站点.csv"
    do_import(tmp_path, write_csv(source, [STATION_HEADINGS, *STATIONS]), "base_stations")
    done = do_import(tmp_path, write_csv(source, [STATION_HEADINGS, *STATIONS[1:]]), "base_stations")
    (removed,) = section(done.report, "替换的行", 5)
    assert removed[0].startswith("B001 / 中国移动 / 5G")
    assert "CMCC" not in removed[0]


def test_a_duplicate_says_what_differs_and_a_copy_that_nothing_does(tmp_path):
    other = (*STATIONS[0][:1], "改名站", *STATIONS[0][2:])
    rows = [STATION_HEADINGS, *STATIONS, other, STATIONS[1]]
    done = do_import(tmp_path, write_csv(tmp_path / "站点.csv", rows), "base_stations")
    told = {row["row"]: row["reason_zh"] for row in done.aside}
    assert "不同之处：" in told["5"]
    assert "改名站" in told["5"]
    assert "完全相同" in told["6"]


def test_a_warning_about_rows_that_were_set_aside_does_not_remain():
    frame = pd.DataFrame({"rows": ["63;65", "3-6;9", "12", ""], "count": [2, 5, 1, 1]})
    found = without_rows(frame, [63, 65, 4, 9])
    assert found[["rows", "count"]].to_numpy().tolist() == [["3;5-6", 3], ["12", 1], ["", 1]]
