"""The report of an import says what was changed, by whose order, and what is still to be looked at."""

import re

import pytest

from .import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv
from .test_corrections import HEADINGS, villages


def section(report, heading, columns):
    """The rows of a table of the page, in Chinese."""
    part = report.partition(f'<span lang="zh">{heading}</span>')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in rows]
    zh = [[re.sub(r'<span lang="en">.*?</span>|<[^>]*>', "", cell) for cell in row] for row in cells if row]
    assert all(len(row) == columns for row in zh)
    return zh


def station(number, *place, status="在网"):
    return (number, f"{number}站", "移动", "5G", "2.6G", status, *place)


TREATED = "swapped=apply,numeric_code=apply,exact_duplicate=apply"


@pytest.fixture
def source(tmp_path):
    rows = [STATION_HEADINGS, *STATIONS, STATIONS[0], station("B004", "25.40", "100.40")]
    rows.append(station("B005", "100.41", "25.41", status="2"))
    return write_csv(tmp_path / "站点.csv", rows)


def test_accepted_treatments_stand_in_the_report_row_by_row_with_who_ordered_them(tmp_path, source):
    done = do_import(tmp_path, source, "base_stations", treatments=TREATED)
    rows = section(done.report, "已作的处理", 7)
    assert [(row[0], row[2], row[3], row[5], row[6]) for row in rows] == [
        ("5", "与前面的行完全相同", "合并", "合并到第 2 行", "本次选择"),
        ("6", "经纬度疑似颠倒", "交换经纬度", "100.4, 25.4", "本次选择"),
        ("7", "状态等代码只写了数字，各家编号不同", "采用建议代码", "规划", "本次选择"),
    ]
    assert rows[1][4] == "25.40, 100.40"


def test_a_recipe_is_named_as_the_one_who_ordered(tmp_path, source):
    first = do_import(tmp_path, source, "base_stations", treatments=TREATED)
    again = do_import(
        tmp_path,
        source,
        "base_stations",
        recipe=first.folder / first.outputs["recipe"],
        treatments="numeric_code@row 7=apply",
    )
    assert [row[6] for row in section(again.report, "已作的处理", 7)] == ["处理方案", "处理方案", "本次选择"]


def test_what_was_done_without_a_choice_is_called_default(tmp_path):
    headings = ("数据中心编号", "机架数", "建设状态", "经度(WGS84)", "纬度(WGS84)")
    rows = [("甲", "100", "2", "100.1", "25.1"), ("乙", "100", "在网", "100.9", "25.9")]
    done = do_import(tmp_path, write_csv(tmp_path / "集群.csv", [headings, *rows]), "dc_clusters")
    told = section(done.report, "已作的处理", 7)
    assert {(row[3], row[5], row[6]) for row in told} == {("置空", "（空）", "默认")}


def test_many_treatments_are_cut_with_the_count_of_the_rest_and_the_file_that_has_them(tmp_path):
    rows = [STATION_HEADINGS]
    rows += [station(f"C{k:03d}", f"{100 + k / 999:.6f}", f"{25 + k / 777:.6f}", status="2") for k in range(1, 131)]
    done = do_import(tmp_path, write_csv(tmp_path / "站点.csv", rows), "base_stations", treatments="numeric_code=apply")
    assert len(section(done.report, "已作的处理", 7)) == 100
    assert "其余 30 处" in done.report
    assert "findings.csv" in done.report


def test_the_warnings_that_remain_stand_in_the_report(tmp_path):
    rows = villages(("542521100301", "新塘村", "云岭镇", "", ""))
    rows = [(*HEADINGS, "户数"), *((*row, "若干" if k == 1 else "40") for k, row in enumerate(rows[1:]))]
    done = do_import(tmp_path, write_csv(tmp_path / "行政村.csv", rows), "villages")
    told = {row[1]: row for row in section(done.report, "仍存在的警告", 9)}
    assert told["没有坐标，按无坐标写入"][2] == "14"
    assert told["没有坐标，按无坐标写入"][5] == "（无坐标）"
    assert told["不是数字"][5] == "（空）"
    assert told["不是数字"][7] == "置空"


def test_a_merged_row_is_no_remaining_warning_and_spellings_are_counted(tmp_path, source):
    done = do_import(tmp_path, source, "base_stations", treatments=TREATED)
    spelt = section(done.report, "统一的写法", 5)
    assert ["代码的其他写法", "运营商", "移动", "中国移动"] in [row[:4] for row in spelt]


def test_the_datum_in_the_headings_of_a_table_is_told_as_what_the_file_states(tmp_path):
    source = write_csv(tmp_path / "行政村.csv", villages())
    rows = section(do_import(tmp_path, source, "villages").report, "源文件", 2)
    assert ["文件标明的坐标系", "WGS 84（列名标注）"] in rows
