"""What a file says only half: units of a heading, bare numbers for codes, days beside months, traditional headings."""

import sqlite3

import pytest
from xinji_planner.layers.cells.fold import fold
from xinji_planner.layers.cells.texts import read_text
from xinji_planner.layers.specs import SPECS

from .import_kit import STATION_HEADINGS, do_import, write_csv
from .test_diagnose import examine

HEADINGS = ("基站编号", "基站名称", "运营商", "制式", "频段", "状态", "经度(WGS84)", "纬度(WGS84)")


def stations(count, heading="天线挂高", value=lambda _: "30", status=lambda _: "现状", headings=HEADINGS):
    """Give a table of stations with one more column."""
    rows = [
        (f"B{at:03}", f"第{at}号站", "移动", "5G", "2600", status(at), f"{100 + at / 50:.4f}", f"{25 + at / 50:.4f}")
        for at in range(count)
    ]
    return [(*headings, heading), *((*row, value(at)) for at, row in enumerate(rows))]


def lines(findings, code):
    return [line for line in findings if line["code"] == code]


def originals(path):
    with sqlite3.connect(path) as base:
        return base.execute("SELECT field, code, original, value FROM xinji_changes ORDER BY id").fetchall()


def test_a_value_changed_by_the_unit_of_its_heading_is_told_and_kept_with_what_stood_there(tmp_path):
    source = write_csv(tmp_path / "站.csv", stations(6, "天线挂高(cm)", lambda _: "3500"))
    _, findings, _ = examine(tmp_path, source)
    (line,) = lines(findings, "unit_in_heading")
    assert (line["severity"], line["value"], line["proposed"], line["rows"]) == ("informs", "3500", "35.0", "2-7")
    done = do_import(tmp_path, source, "base_stations")
    assert done.column("antenna_height_m") == [35.0] * 6
    assert originals(tmp_path / "规划 工作区.gpkg").count(("antenna_height_m", "unit_in_heading", "3500", "35.0")) == 6


@pytest.mark.parametrize("heading, text", [("天线挂高(m)", "35"), ("天线挂高", "35"), ("天线挂高(cm)", "35米")])
def test_a_heading_that_changes_no_value_is_not_told(tmp_path, heading, text):
    _, findings, _ = examine(tmp_path, write_csv(tmp_path / "站.csv", stations(6, heading, lambda _: text)))
    assert not lines(findings, "unit_in_heading")


def test_metres_and_centimetres_in_one_column_are_warned_of_and_may_be_set_aside(tmp_path):
    rows = stations(30, "天线挂高(cm)", lambda at: f"{25 + at}" if at < 15 else f"{2500 + 40 * at}")
    source = write_csv(tmp_path / "站.csv", rows)
    _, findings, _ = examine(tmp_path, source)
    found = lines(findings, "mixed_units")
    assert {line["severity"] for line in found} == {"warns"}
    assert sum(int(line["count"]) for line in found) == 15
    assert "100" in found[0]["why_zh"]
    assert do_import(tmp_path, source, "base_stations").summary["rows_out"] == 30
    aside = do_import(
        tmp_path, source, "base_stations", treatments="mixed_units=set_aside", workspace=tmp_path / "1.gpkg"
    )
    assert aside.summary["rows_set_aside"] == 15


@pytest.mark.parametrize(
    "value",
    [
        lambda at: str(20 + at),  # one cluster
        lambda at: "1.5" if at == 3 else str(30 + at % 5),  # a single odd cell
        lambda at: str((3, 25, 60)[at % 3]),  # all of them plausible
    ],
)
def test_heights_of_one_unit_are_not_taken_for_two(tmp_path, value):
    _, findings, _ = examine(tmp_path, write_csv(tmp_path / "站.csv", stations(30, "天线挂高(m)", value)))
    assert not lines(findings, "mixed_units")


def test_traditional_characters_are_the_same_word_for_a_comparison():
    assert fold("基站編號") == fold("基站编号")
    assert fold("經度") == "经度"
    assert fold("運營商") == "运营商"


def test_a_table_in_traditional_characters_is_read_and_its_names_stay_as_they_are(tmp_path):
    headings = ("基站編號", "基站名稱", "所屬運營商", "網絡制式", "頻段", "建設狀態", "經度(WGS84)", "緯度(WGS84)")
    rows = stations(3, "天線掛高", status=lambda at: ("現狀", "在建", "規劃")[at], headings=headings)
    rows[1:] = [(row[0], "龍頭站", ("中國移動", "中國電信", "聯通")[at], *row[3:]) for at, row in enumerate(rows[1:])]
    source = write_csv(tmp_path / "站.csv", rows, "big5")
    done = do_import(tmp_path, source, "base_stations")
    assert done.column("status") == ["existing", "under_construction", "planned"]
    assert done.column("operator") == ["CMCC", "CTCC", "CUCC"]
    assert done.column("name") == ["龍頭站"] * 3
    assert done.column("antenna_height_m") == [30.0] * 3


def test_a_bare_number_for_a_required_code_waits_for_the_planner(tmp_path):
    source = write_csv(tmp_path / "站.csv", stations(8, status=lambda at: "1234"[at % 4]))
    summary, findings, _ = examine(tmp_path, source)
    found = {line["value"]: line for line in lines(findings, "numeric_code")}
    assert {value: line["proposed"] for value, line in found.items()} == {
        "2": "planned",
        "3": "under_construction",
        "4": "retired",
    }
    assert {(line["severity"], line["treatment"]) for line in found.values()} == {("blocks", "set_aside")}
    assert summary["rows_set_aside"] == 6
    assert sum(int(line["count"]) for line in lines(findings, "numeric_code")) == 6, "each row is told once"
    done = do_import(tmp_path, source, "base_stations")
    assert done.column("status") == ["existing"] * 2
    applied = do_import(
        tmp_path, source, "base_stations", treatments="numeric_code=apply", workspace=tmp_path / "2.gpkg"
    )
    assert sorted(applied.column("status")) == sorted(["existing", "planned", "under_construction", "retired"] * 2)
    one = do_import(
        tmp_path, source, "base_stations", treatments="numeric_code@row 3=apply", workspace=tmp_path / "3.gpkg"
    )
    assert sorted(one.column("status")) == ["existing", "existing", "planned"]


def test_a_bare_number_for_an_optional_code_is_left_empty_until_the_planner_says_so(tmp_path):
    headings = ("数据中心编号", "机架数", "建设状态", "经度(WGS84)", "纬度(WGS84)")
    rows = [("甲", "100", "2", "100.1", "25.1"), ("乙", "100", "在网", "100.9", "25.9")]
    source = write_csv(tmp_path / "集群.csv", [headings, *rows])
    done = do_import(tmp_path, source, "dc_clusters")
    assert done.column("status") == [None, "existing"]
    assert [issue["reason_code"] for issue in done.issues] == ["numeric_code_optional"]
    applied = do_import(
        tmp_path, source, "dc_clusters", treatments="numeric_code_optional=apply", workspace=tmp_path / "4.gpkg"
    )
    assert applied.column("status") == ["planned", "existing"]


def test_a_single_cell_does_not_decide_the_days_of_a_column(tmp_path):
    rows = stations(20, "入网日期", lambda at: "13/05/2021" if at == 3 else "03/05/2021")
    source = write_csv(tmp_path / "站.csv", rows)
    _, findings, _ = examine(tmp_path, source)
    (line,) = lines(findings, "date_order")
    assert (line["severity"], line["treatment"], line["proposed"], line["count"]) == (
        "warns",
        "keep",
        "2021-05-03",
        "19",
    )
    assert "13/05/2021" in line["why_zh"]
    assert float(line["confidence"]) < 0.7
    done = do_import(tmp_path, source, "base_stations")
    assert [day for day in done.column("in_service_date") if day] == ["2021-05-13"]
    assert len(done.issues) == 19
    applied = do_import(tmp_path, source, "base_stations", treatments="date_order=apply", workspace=tmp_path / "5.gpkg")
    assert sorted(set(applied.column("in_service_date"))) == ["2021-05-03", "2021-05-13"]
    aside = do_import(
        tmp_path, source, "base_stations", treatments="date_order=set_aside", workspace=tmp_path / "6.gpkg"
    )
    assert aside.summary["rows_out"] == 1


def test_many_cells_of_one_order_decide_the_days_of_a_column_and_are_named(tmp_path):
    rows = stations(20, "入网日期", lambda at: f"{13 + at}/05/2021" if at < 6 else "03/05/2021")
    source = write_csv(tmp_path / "站.csv", rows)
    _, findings, _ = examine(tmp_path, source)
    (line,) = lines(findings, "date_order")
    assert (line["severity"], line["treatment"], line["choices"]) == ("informs", "apply", "")
    assert "6" in line["why_zh"]
    assert set(do_import(tmp_path, source, "base_stations").column("in_service_date")) >= {"2021-05-03", "2021-05-18"}


def test_days_that_contradict_each_other_decide_nothing(tmp_path):
    days = ("13/05/2021", "05/13/2021", "03/05/2021")
    rows = stations(9, "入网日期", lambda at: days[at % 3])
    _, findings, _ = examine(tmp_path, write_csv(tmp_path / "站.csv", rows))
    assert [line["count"] for line in lines(findings, "ambiguous_date")] == ["3"]
    assert not lines(findings, "date_order")


def test_a_text_of_utf8_that_was_read_as_latin_keeps_its_unseen_signs():
    garbled = "湘西花北站".encode().decode("latin-1")
    name = SPECS["base_stations"].field("name")
    assert any("\x80" <= sign <= "\x9f" for sign in garbled)
    assert read_text(garbled, name) == (garbled, "", "")
    assert read_text("东山\x85站", name)[0] == "东山站"


def test_clean_headings_are_still_those_of_the_kit():
    assert STATION_HEADINGS == HEADINGS
