import time

import numpy as np
import pytest
from xinji_planner.layers.cells.units import band_mhz
from xinji_planner.layers.cells.values import read_column
from xinji_planner.layers.specs import SPECS

STATION, VILLAGE, CABLE, PLACE = (SPECS[k] for k in ("base_stations", "villages", "trunk_cables", "places"))


def read(spec, name, text, **options):
    column = read_column(np.array([text], dtype=object), spec.field(name), **options)
    value = column.cells[0]
    return (None if column.cells.isna()[0] else value), column.reasons[0]


def note(spec, name, text, **options):
    return read_column(np.array([text], dtype=object), spec.field(name), **options).notes[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("35", 35.0),
        ("三十五", 35.0),
        ("十二米", 12.0),
        ("1,5", 1.5),
        ("25,5米", 25.5),
        ("'35", 35.0),
        ('="35"', 35.0),
        ("20(米)", 20.0),
        ("35。5", 35.5),
        (" 35.5 米", 35.5),
        ("３５ｍ", 35.0),
        ("35M", 35.0),
        ("3500cm", 35.0),
        ("3.5e1", 35.0),
        ("无", None),
        ("/", None),
        ("—", None),
        ("#N/A", None),
        ("", None),
    ],
)
def test_a_height_is_read_in_metres(text, value):
    assert read(STATION, "antenna_height_m", text) == (value, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("30-35", "ambiguous_number"),
        ("30至35米", "ambiguous_number"),
        ("≥20", "ambiguous_number"),
        ("20（估）", "ambiguous_number"),
        ("二百五", "ambiguous_number"),
        ("一", "ambiguous_number"),
        ("20/25", "ambiguous_number"),
        ("30层", "unknown_unit"),
        ("3500", "out_of_bounds"),
        ("1e999", "not_a_number"),
    ],
)
def test_what_is_no_height_is_said_and_not_guessed(text, reason):
    assert read(STATION, "antenna_height_m", text) == (None, reason)


@pytest.mark.parametrize(("text", "value"), [("约30", 30), ("约三十", 30), ("30米左右", 30), ("≈28.5", 28.5)])
def test_an_approximate_height_is_offered_and_waits_for_the_planner(text, value):
    field = STATION.field("antenna_height_m")
    column = read_column(np.array([text], dtype=object), field)
    assert (column.cells[0], column.reasons[0], column.notes[0]) == (value, "", "approximate_number")


@pytest.mark.parametrize(
    ("text", "mhz"),
    [
        ("2.6G", 2600),
        ("2.6GHz", 2600),
        ("3500MHz", 3500),
        ("3500", 3500),
        ("700M", 700),
        ("n78", 3500),
        ("N28", 700),
        ("Band 3", 1800),
        ("FDD1800", 1800),
        ("D频段", 2600),
        ("4.9G", 4900),
        ("2600兆", 2600),
        ("n41(2.6G)", 2600),
        ("1,800", 1800),
    ],
)
def test_a_band_is_read_in_megahertz(text, mhz):
    assert read(STATION, "band_mhz", text) == (mhz, "")


def test_a_unit_in_the_heading_counts_for_bare_numbers_only():
    assert read(STATION, "band_mhz", "2.6", unit="ghz") == (2600, "")
    assert read(STATION, "band_mhz", "2600MHz", unit="ghz") == (2600, "")
    assert band_mhz("n999") is None


@pytest.mark.parametrize(
    ("text", "value"), [("1,234", 1234), ("12.0", 12), ("1.2万人", 12000), ("1500人", 1500), ("１２", 12)]
)
def test_a_population_is_read_as_a_whole_number(text, value):
    assert read(VILLAGE, "population", text) == (value, "")


def test_a_half_person_and_a_bad_thousands_mark_are_not_read():
    assert read(VILLAGE, "population", "12.5")[1] == "not_an_integer"
    assert read(VILLAGE, "population", "1,23")[1] in ("not_a_number", "unknown_unit")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023/5/1", "2023-05-01"),
        ("2023-05-01", "2023-05-01"),
        ("2023.5.1", "2023-05-01"),
        ("2023年5月1日", "2023-05-01"),
        ("20230501", "2023-05-01"),
        ("2023-05-01 12:30:00", "2023-05-01"),
        ("2023-05-01T00:00:00Z", "2023-05-01"),
        ("45047", "2023-05-01"),
        ("45047.5", "2023-05-01"),
        ("２０２３年５月１日", "2023-05-01"),
        ("2023 年 5 月 1 日", "2023-05-01"),
        ("2023.5.1 08:00", "2023-05-01"),
        ("2023年5月1日 08时00分", "2023-05-01"),
        ("2023/5/1 上午 8:00:00", "2023-05-01"),
        ("二〇二三年五月一日", "2023-05-01"),
        ("23年5月1日", "2023-05-01"),
        ("1 May 2023", "2023-05-01"),
        ("13/5/2023", "2023-05-13"),
        ("01-5月 -23", "2023-05-01"),
        ("2023-04-30T16:00:00.000Z", "2023-05-01"),
    ],
)
def test_a_day_is_read_in_every_usual_spelling(text, day):
    assert read(STATION, "in_service_date", text) == (day, "")


@pytest.mark.parametrize("text", ["2023-05", "2023年5月", "2023/5", "05/2023", "二〇二三年五月", "202305"])
def test_a_month_becomes_its_first_day_and_is_pointed_out(text):
    assert read(STATION, "in_service_date", text) == ("2023-05-01", "")
    assert note(STATION, "in_service_date", text) == "month_only"


@pytest.mark.parametrize("text", ["2023-02-30", "去年", "2023", "99999999", "2023Q2", "2023-13-01"])
def test_what_is_no_day_is_not_read(text):
    assert read(STATION, "in_service_date", text) == (None, "not_a_date")


@pytest.mark.parametrize("text", ["5/1/2023", "23-5-1", "1-May-23", "2023.1"])
def test_a_day_that_can_be_two_days_is_not_read(text):
    assert read(STATION, "in_service_date", text) == (None, "ambiguous_date")


@pytest.mark.parametrize(
    ("text", "flag"), [("是", 1), ("否", 0), ("1", 1), ("0", 0), ("Y", 1), ("N", 0), ("√", 1), ("", None), ("无", None)]
)
def test_a_flag_is_read(text, flag):
    assert read(VILLAGE, "is_border", text) == (flag, "")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("移动、电信", "CMCC;CTCC"),
        ("电信,移动", "CMCC;CTCC"),
        ("移动；联通", "CMCC;CUCC"),
        ("移动/电信/联通", "CMCC;CTCC;CUCC"),
        ("移动+广电", "CMCC;CBN"),
        ("移动|移动", "CMCC"),
        ("移动和电信", "CMCC;CTCC"),
        ("China Mobile", "CMCC"),
        ("中国移动", "CMCC"),
        ("ＣＭＣＣ", "CMCC"),
        ("46000.0", "CMCC"),
    ],
)
def test_operators_are_read_by_any_of_their_names_alone_or_several(text, codes):
    assert read(STATION, "operator", text) == (codes, "")


def test_an_unknown_name_spoils_the_whole_cell_and_is_not_dropped():
    assert read(STATION, "operator", "移动、某某") == (None, "unknown_code")
    assert read(CABLE, "level", "一干/二干") == (None, "unknown_code")


def test_technology_spellings_meet_in_one_code():
    for text in ("5G", "NR", "5G NR", "SA", "5G-SA", "nsa", "5G SA/NSA"):
        assert read(STATION, "technology", text) == ("5G", "")
    assert read(STATION, "technology", "FDD-LTE") == ("4G", "")
    assert read(CABLE, "fibre_type", "G652D") == ("G.652D", "")


def test_none_is_a_code_where_the_list_has_it():
    assert read(PLACE, "backhaul", "无") == ("none", "")


@pytest.mark.parametrize(("text", "value", "reason"), [
    ("542521100001", "542521100001", ""),
    ("542521100001.0", "542521100001", ""),
    ("'542521100001", "542521100001", ""),
    ("５４２５２１１００００１", "542521100001", ""),
    ("5.42521E+11", None, "scientific"),
    ("542521100", None, "cut_code"),
    ("542521", None, "cut_code"),
    ("54252110001", None, "wrong_digits"),
    ("5.42521100001E+11", "542521100001", ""),
    ('="542521100001"', "542521100001", ""),
    ("5425 2110 0001", "542521100001", ""),
    ("\ufeff542521100001", "542521100001", ""),
    ("54252110000X", None, "wrong_digits"),
])  # fmt: skip
def test_a_village_code_keeps_its_twelve_digits_or_is_refused(text, value, reason):
    assert read(VILLAGE, "village_code", text) == (value, reason)


def test_a_name_keeps_its_own_signs_but_loses_line_breaks_and_wide_letters():
    assert read(VILLAGE, "village_name", " 东山村\n（北） ")[0] == "东山村 （北）"
    assert read(STATION, "name", "５Ｇ站")[0] == "5G站"


def test_a_hundred_thousand_cells_take_less_than_two_seconds():
    texts = np.array([f"{number}.5米" for number in range(100_000)], dtype=object)
    started = time.process_time()
    column = read_column(texts, SPECS["towers_and_poles"].field("height_m"))
    assert time.process_time() - started < 2
    assert column.cells[7] == 7.5
