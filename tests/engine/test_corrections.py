"""A correction of coordinates is judged on its result before anybody accepts it."""

import numpy as np
import pytest
import shapely
from xinji_planner.errors import InputError

from .import_kit import do_import, write_csv
from .test_diagnose import examine

HEADINGS = ("行政村代码", "行政村名称", "乡镇", "经度(WGS84)", "纬度(WGS84)")
CONTENT = ("移动", "5G", "2.6G", "在网")
NAMES = ["东山", "西沟", "南坪", "北坝", "上岭", "下湾", "前河", "后湖", "大堰", "小桥", "石门", "金牛"]


def villages(*more, step=0.0123):
    good = [
        (f"{542521100201 + k}", f"{name}村", "云岭镇", f"{88.301357 + k * step:.6f}", f"{31.402468 + k * step:.6f}")
        for k, name in enumerate(NAMES)
    ]
    return [HEADINGS, *good, *more]


HEADS = ("基站编号", "基站名称", "运营商", "制式", "频段", "状态", "方位角", "经度(WGS84)", "纬度(WGS84)")


def stations(*more):
    good = [
        (f"B{k:03d}", f"{name}站", *CONTENT, "0", f"{100.101 + k * 0.01357:.6f}", f"{25.2 + k * 0.01246:.6f}")
        for k, name in enumerate(NAMES, 1)
    ]
    return [HEADS, *good, *more]


def found(tmp_path, rows, **stated):
    source = write_csv(tmp_path / "行政村.csv", rows)
    return examine(tmp_path, source, "villages", **stated)[1]


def of(lines, code):
    return [line for line in lines if line["code"] == code]


def test_a_correction_that_makes_a_sound_row_is_proposed_without_a_caution(tmp_path):
    lines = found(tmp_path, villages(("542521100301", "新塘村", "云岭镇", "31.455321", "88.355321")))
    assert of(lines, "swapped")[0]["proposed"] == "88.355321, 31.455321"
    assert float(of(lines, "swapped")[0]["confidence"]) > 0.9
    assert not of(lines, "doubtful_correction")


def test_a_row_that_would_repeat_another_when_corrected_is_a_duplicate_and_its_correction_is_not_proposed(tmp_path):
    rows = villages(
        ("542521100301", "东山村", "云岭镇", "31.4", "88.3"), ("542521100302", "西沟村", "云岭镇", "883", "31.4")
    )
    lines = of(found(tmp_path, rows), "corrected_duplicate")
    assert [line["rows"] for line in lines] == ["14", "15"]
    assert [line["proposed"] for line in lines] == ["", ""]
    for line, twin in zip(lines, ("第 2 行", "第 3 行")):
        assert twin in line["why_zh"]
        assert "位小数" not in line["why_zh"] and "decimals" not in line["why_en"], "the distance says more"
        assert twin.split()[1] in line["why_en"]
        assert float(line["confidence"]) == 0.6  # that it is a duplicate
        assert line["treatment"] == "set_aside"
        assert line["choices"] == "set_aside;apply"
    assert "经纬度疑似颠倒" in lines[0]["why_zh"]
    assert "小数点" in lines[1]["why_zh"]
    assert lines[0]["why_zh"].endswith("（应为 88.3, 31.4）；与第 2 行只有编号和坐标不同，改正后相距 303 m")
    assert lines[0]["why_en"].endswith("says the same as row 2; corrected it lies 303 m away")


def test_villages_of_one_town_and_name_are_not_said_to_be_equal_in_all_other_cells(tmp_path):
    rows = villages(("542521100301", "东山村委会", "云岭镇", "31.4", "88.3"))
    (line,) = of(found(tmp_path, rows), "corrected_duplicate")
    assert "与第 2 行同乡镇、同名" in line["why_zh"] and "只有编号" not in line["why_zh"]


def test_of_two_wrong_rows_for_one_thing_neither_is_called_the_duplicate_for_both_would_be_lost(tmp_path):
    rows = villages(
        ("542521100301", "新塘村", "云岭镇", "31.455321", "88.355321"),
        ("542521100302", "新塘村", "云岭镇", "883.55321", "31.455321"),
    )
    lines = found(tmp_path, rows)
    assert not of(lines, "corrected_duplicate")
    assert [line["rows"] for line in of(lines, "doubtful_correction")] == ["14", "15"]


def test_a_coarse_correction_that_repeats_nothing_is_doubtful_and_still_proposed(tmp_path):
    lines = found(tmp_path, villages(("542521100301", "新塘村", "云岭镇", "31.5", "88.4")))
    line = of(lines, "doubtful_correction")[0]
    assert line["proposed"] == "88.4, 31.5"
    assert "1 位小数" in line["why_zh"]
    assert float(line["confidence"]) <= 0.4
    assert not of(lines, "corrected_duplicate")


def test_who_accepts_a_correction_has_not_accepted_the_doubtful_ones(tmp_path):
    rows = villages(
        ("542521100301", "东山村", "云岭镇", "31.4", "88.3"),
        ("542521100303", "新塘村", "云岭镇", "31.455321", "88.355321"),
    )
    source = write_csv(tmp_path / "行政村.csv", rows)
    done = do_import(tmp_path, source, "villages", treatments="swapped=apply")
    assert done.column("village_code")[-1] == "542521100303"
    assert [(row["row"], row["reason_code"]) for row in done.aside] == [("14", "swapped")]
    assert "多半是另一行的重复：与第 2 行" in done.aside[0]["reason_zh"]
    assert done.summary["findings_by_code"]["corrected_duplicate"] == 1
    again = do_import(tmp_path, source, "villages", treatments="swapped=apply,corrected_duplicate@row 14=apply")
    assert again.summary["rows_out"] == 14


def test_a_correction_into_the_wrong_county_or_the_sea_says_so(tmp_path):
    workspace = tmp_path / "county.gpkg"
    areas = write_csv(
        tmp_path / "县.csv",
        [("代码", "名称", "级别", "WKT"), ("542521", "云县", "county", shapely.box(88.2, 31.3, 88.6, 31.7).wkt)],
    )
    do_import(tmp_path, areas, "admin_units", datum="cgcs2000", workspace=workspace)
    rows = villages(("542521100301", "新塘村", "云岭镇", "31.155321", "88.755321"))
    lines = of(found(tmp_path, rows, workspace=str(workspace)), "doubtful_correction")
    assert "不在任何已导入的县内" in lines[0]["why_zh"]
    assert "in no county that is loaded" in lines[0]["why_en"]
    assert "km" in lines[0]["why_zh"]


def test_a_station_corrected_onto_the_same_station_of_another_number_is_a_duplicate(tmp_path):
    heads, *good = stations()
    copy = ("X900", "东山站", *CONTENT, "0", good[0][8], good[0][7])
    other_azimuth = ("X901", "西沟站", *CONTENT, "120", good[1][8], good[1][7])
    source = write_csv(tmp_path / "站.csv", [heads, *good, copy, other_azimuth])
    lines = examine(tmp_path, source, "base_stations")[1]
    assert [line["rows"] for line in of(lines, "corrected_duplicate")] == ["14"]
    assert "第 2 行是同一对象，改正后在同一处" in of(lines, "corrected_duplicate")[0]["why_zh"]
    assert "row 2; corrected it stands in the same place" in of(lines, "corrected_duplicate")[0]["why_en"]
    assert [line["rows"] for line in of(lines, "swapped")] == ["15"]


def test_a_whole_file_of_exchanged_axes_is_no_matter_of_single_rows(tmp_path):
    rows = [(a, b, c, lat, lon) for a, b, c, lon, lat in villages()[1:]]
    lines = found(tmp_path, [HEADINGS, *rows, ("542521100399", *rows[0][1:])], treatments="swapped=apply")
    assert not of(lines, "doubtful_correction")
    assert of(lines, "near_duplicate")


def test_a_near_duplicate_names_all_rows_of_its_group(tmp_path):
    first = villages()[1]
    copies = [(f"54252110030{k}", *first[1:]) for k in (1, 2)]
    lines = of(found(tmp_path, villages(*copies)), "near_duplicate")
    assert {line["rows"]: line["related"] for line in lines} == {"14": "row 2, row 15", "15": "row 2, row 14"}
    for line in lines:
        assert "3 行" in line["why_zh"]
        assert all(f"第 {row} 行" in line["why_zh"] for row in (2, 14, 15))
        assert all(f"row {row}" in line["why_en"] for row in (2, 14, 15))


def test_a_duplicate_key_names_all_rows_that_have_it(tmp_path):
    first = villages()[1]
    copies = [(first[0], f"别名{k}村", *first[2:]) for k in (1, 2)]
    lines = of(found(tmp_path, villages(*copies)), "duplicate")
    for line in lines:
        assert all(row in line["why_zh"] for row in ("第 2", "14", "15"))
    assert sorted(line["related"] for line in lines) == ["row 2, row 14", "row 2, row 15"]


def test_the_extent_of_a_file_is_told_from_its_other_rows():
    from xinji_planner.layers.reading.suspicious import coarse_decimals

    fine = np.array([[100.123456, 25.654321]] * 9)
    assert coarse_decimals(np.array([[100.1, 25.2], [100.12, 25.0], [100.123, 25.0]]), fine).tolist() == [1, 2, -1]
    assert coarse_decimals(np.array([[100.1, 25.2]]), fine.round(1)).tolist() == [-1], "no coarser than its file"


def test_a_station_corrected_into_the_open_sea_says_how_far_out(tmp_path):
    workspace = tmp_path / "county.gpkg"
    areas = write_csv(
        tmp_path / "县.csv",
        [("代码", "名称", "级别", "WKT"), ("542521", "云县", "county", shapely.box(100.0, 25.1, 100.3, 25.4).wkt)],
    )
    do_import(tmp_path, areas, "admin_units", datum="cgcs2000", workspace=workspace)
    heads = ("基站编号", "基站名称", "运营商", "制式", "频段", "状态", "经度(WGS84)", "纬度(WGS84)")
    good = [
        (f"B{k:03d}", f"{name}站", *CONTENT, f"{100.101 + k * 0.01357:.6f}", f"{25.2 + k * 0.01246:.6f}")
        for k, name in enumerate(NAMES, 1)
    ]
    lost = ("B900", "新塘站", *CONTENT, "25.251234", "100.501234")
    source = write_csv(tmp_path / "站.csv", [heads, *good, lost])
    line = of(examine(tmp_path, source, "base_stations", workspace=str(workspace))[1], "doubtful_correction")[0]
    assert "位于已导入的行政区之外 20.3 km" in line["why_zh"]
    assert "20.3 km outside every region" in line["why_en"]


def test_a_recipe_that_accepts_a_correction_stops_at_a_doubtful_one(tmp_path):
    sound = ("542521100303", "新塘村", "云岭镇", "31.455321", "88.355321")
    doubtful = ("542521100301", "东山村", "云岭镇", "31.4", "88.3")
    first = write_csv(tmp_path / "行政村_6.csv", villages(sound))
    done = do_import(tmp_path, first, "villages", treatments="swapped=apply")
    later = write_csv(tmp_path / "行政村_7.csv", villages(sound, doubtful))
    with pytest.raises(InputError, match="疑为另一行的重复"):
        do_import(tmp_path, later, "villages", recipe=done.folder / done.outputs["recipe"])


def test_of_the_rows_that_a_twin_resembles_those_are_named_that_stand_where_they_should(tmp_path):
    rows = villages(
        ("542521100301", "东山村", "云岭镇", "31.655321", "88.455321"),
        ("542521100302", "东山村", "云岭镇", "884.55321", "31.655321"),
    )
    lines = of(found(tmp_path, rows), "corrected_duplicate")
    assert [line["rows"] for line in lines] == ["14", "15"]
    for line in lines:
        assert line["why_zh"].endswith("；与第 2 行只有编号和坐标不同，改正后相距 31.6 km")


def test_of_several_rows_that_a_twin_resembles_the_nearest_is_measured(tmp_path):
    other = ("542521100301", "东山村", "云岭镇", "88.501357", "31.402468")
    lines = found(tmp_path, villages(other, ("542521100302", "东山村", "云岭镇", "31.402468", "88.502357")))
    (line,) = of(lines, "corrected_duplicate")
    assert line["rows"] == "15"
    assert line["why_zh"].endswith("；与第 2、14 行只有编号和坐标不同，改正后最近的相距 95 m")
    assert line["why_en"].endswith("rows 2, 14; corrected it lies 95 m from the nearest")


def test_a_station_corrected_far_from_a_row_of_the_same_content_is_a_copy_of_it(tmp_path):
    copy = ("X900", "东山站", *CONTENT, "0", "25.451234", "100.321234")
    lines = examine(tmp_path, write_csv(tmp_path / "站.csv", stations(copy)), "base_stations")[1]
    (line,) = of(lines, "corrected_duplicate")
    assert (line["rows"], line["proposed"]) == ("14", "")
    assert line["why_zh"].endswith("；与第 2 行只有编号和坐标不同，改正后相距 33.7 km")


def test_a_station_that_differs_from_a_far_one_in_more_than_its_number_is_no_copy(tmp_path):
    other_band = ("X900", "东山站", "移动", "5G", "700M", "在网", "0", "25.451234", "100.321234")
    other_azimuth = ("X901", "西沟站", *CONTENT, "120", "25.451234", "100.321234")
    source = write_csv(tmp_path / "站.csv", stations(other_band, other_azimuth))
    lines = examine(tmp_path, source, "base_stations")[1]
    assert not of(lines, "corrected_duplicate")
    assert [line["rows"] for line in of(lines, "swapped")] == ["14-15"]


def test_cells_of_one_mast_are_no_copies_of_each_other(tmp_path):
    """Within a site's size of a row of the same content, whatever stands elsewhere under that name."""
    beside = ("X900", "东山站", *CONTENT, "0", "25.221234", "100.121234")
    far = ("X901", "东山站", *CONTENT, "0", "100.301234", "25.451234")
    lines = examine(tmp_path, write_csv(tmp_path / "站.csv", stations(beside, far)), "base_stations")[1]
    assert not of(lines, "corrected_duplicate")
    assert [line["rows"] for line in of(lines, "swapped")] == ["14"]


def test_a_reading_is_a_copy_where_all_its_figures_are_those_of_another_and_not_where_few_were_taken(tmp_path):
    place = ("经度(WGS84)", "纬度(WGS84)")
    heads = ("记录编号", "运营商", "网络", "频段", *place, "RSRP(dBm)", "SINR(dB)", "下行速率(Mbps)")
    good = [
        (f"D{k}", "移动", "5G", "2.6G", f"{100.1 + k / 813:.6f}", f"{25.2 + k / 813:.6f}", f"-{k}", "9.5", f"{k}7")
        for k in range(81, 93)
    ]
    copy = ("D90", "移动", "5G", "2.6G", "25.451234", "100.301234", *good[0][6:])
    lines = examine(tmp_path, write_csv(tmp_path / "测.csv", [heads, *good, copy]), "measurements")[1]
    assert "与第 2 行只有编号和坐标不同，改正后相距" in of(lines, "corrected_duplicate")[0]["why_zh"]
    few = [row[:8] for row in (heads, *good, copy)]
    lines = examine(tmp_path, write_csv(tmp_path / "少.csv", few), "measurements")[1]
    assert not of(lines, "corrected_duplicate") and of(lines, "swapped")


def test_a_station_corrected_onto_one_of_another_file_says_that_it_stands_in_the_same_place(tmp_path):
    workspace = tmp_path / "规划.gpkg"
    do_import(tmp_path, write_csv(tmp_path / "旧.csv", stations()[:4]), "base_stations", workspace=workspace)
    first = stations()[1]
    fresh = [("N" + row[0], "新" + row[1], *row[2:]) for row in stations()[4:]]
    copy = ("X900", *first[1:7], first[8], first[7])
    source = write_csv(tmp_path / "新.csv", [HEADS, *fresh, copy])
    lines = examine(tmp_path, source, "base_stations", workspace=str(workspace))[1]
    (line,) = of(lines, "corrected_duplicate")
    assert "疑似与已导入的 旧.csv:2 是同一对象，改正后在同一处" in line["why_zh"]
