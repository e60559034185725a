"""Dirty cells that look like good ones: dashes for minus, ids that a spreadsheet rounded, texts in a wrong encoding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.layers.cells.angles import read_angle, read_pair
from xinji_planner.layers.cells.numbers import read_number
from xinji_planner.layers.cells.rounded import rounded_ids
from xinji_planner.layers.cells.values import read_column
from xinji_planner.layers.sources.garbled import repaired
from xinji_planner.layers.specs import SPECS

from .import_kit import STATION_HEADINGS, STATIONS, do_import, write_csv
from .test_diagnose import examine

LEVEL = SPECS["measurements"].field("rsrp_dbm")
DAY = SPECS["base_stations"].field("in_service_date")
TECHNOLOGY = SPECS["base_stations"].field("technology")


@pytest.mark.parametrize("dash", "‐‑‒–—―−－﹣")
def test_a_dash_before_a_number_is_its_minus_and_is_told(dash):
    assert read_number(f"{dash}90.9", LEVEL) == (-90.9, "", "full_width")
    assert read_number(f"{dash} 90.9 dBm", LEVEL)[0] == -90.9
    assert read_angle(f"{dash}88.5") == (-88.5, "full_width")


def test_a_plain_minus_is_not_told_and_a_dash_between_numbers_is_no_minus():
    assert read_number("-90.9", LEVEL) == (-90.9, "", "")
    assert read_number("90–95", LEVEL)[1] == "ambiguous_number"
    assert read_number("—", LEVEL) == (None, "", "null_word")


def test_a_day_with_a_midnight_is_told():
    cells = read_column(np.array(["2022-07-26 00:00:00", "2022-07-26", "2022/7/26 0:00"], dtype=object), DAY)
    assert cells.cells.tolist() == ["2022-07-26"] * 3
    assert cells.notes.tolist() == ["date_spelling", "", "date_spelling"]


def test_full_width_codes_are_told_but_no_full_width_comma_between_codes():
    cells = read_column(np.array(["４Ｇ/５Ｇ", "4G，5G", "4G/5G"], dtype=object), TECHNOLOGY)
    assert cells.cells.tolist() == ["4G;5G"] * 3
    assert cells.notes.tolist() == ["full_width", "", ""]


def ids(count, step=7919):
    return [str(990121700000020264 + step * at) for at in range(count)]


def cut(words):
    return words[:15] + "000"


def test_single_ids_that_a_spreadsheet_rounded_are_told_among_whole_ones():
    words = ids(200)
    spoiled = [cut(word) if at % 10 == 3 else word for at, word in enumerate(words)]
    assert np.flatnonzero(rounded_ids(spoiled)).tolist() == list(range(3, 200, 10))
    assert np.flatnonzero(rounded_ids([cut(words[0][:-4] + "7264"), *words[1:9]])).tolist() == [0]


def test_round_ids_of_a_running_number_are_not_told():
    running = [f"990121700000{number:06d}" for number in range(1000, 60000, 1000)]
    assert not rounded_ids([*running, *(f"{int(one) + 1}" for one in running), *ids(100)]).any()
    assert not rounded_ids(ids(3000)).any(), "chance gives three of them"


@given(st.lists(st.integers(10**17, 10**18 - 1).map(str), min_size=1, max_size=60))
def test_rounding_every_id_of_a_column_is_seen_and_whole_ids_stay(words):
    whole = [word for word in words if word[15:] != "000"]
    assert not rounded_ids(whole).any()
    half = [cut(word) if at % 2 else word for at, word in enumerate(dict.fromkeys(whole)) if word[14] != "0"]
    if len(half) >= 4:
        assert rounded_ids(half).any()


NAMES = ("岳城镇政府4G-5G", "鹿垌4G", "白峒5G", "柳江后山4G", "兴义市大坪子", "枫峒村")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_was_read_as_latin_letters_is_given_back(name):
    assert repaired(name.encode("gbk").decode("latin-1")) == name
    assert repaired(name.encode("utf-8").decode("latin-1")) == name
    windows = "".join(bytes([one]).decode("cp1252", "ignore") or chr(one) for one in name.encode("utf-8"))
    assert repaired(windows) == name


@pytest.mark.parametrize(
    "name",
    [
        "Zürich Straße",
        "café",
        "Ürümqi",
        "25°×30°",
        "±5°",
        "ÄÖÜ",
        "Köln–Düsseldorf",
        "São Tomé",
        "½″×¾″",
        "éè",
        "Qähriman",
    ],
)
def test_true_latin_letters_are_left_alone(name):
    assert repaired(name) == ""


def test_a_garbled_name_is_told_with_what_it_was_and_written_as_it_stands(tmp_path):
    shown = "岳城站".encode("gbk").decode("latin-1")
    rows = [STATION_HEADINGS, *STATIONS, ("B9", shown, *STATIONS[0][2:])]
    source = write_csv(tmp_path / "站.csv", rows)
    _, findings, _ = examine(tmp_path, source)
    (line,) = [line for line in findings if line["code"] == "mixed_encoding"]
    assert (line["rows"], line["severity"], line["value"], line["proposed"]) == ("5", "warns", shown, "岳城站")
    assert shown in do_import(tmp_path, source, "base_stations").column("name")


@pytest.mark.parametrize(
    "text",
    [
        "129.123456,20.123456,12.5",
        "129.123456, 20.123456, 4500",
        "(129.123456 20.123456 0)",
        "20.123456,129.123456,12米",
    ],
)
def test_a_height_behind_longitude_and_latitude_is_left_out(text):
    assert read_pair(text) == (129.123456, 20.123456)


def test_degrees_minutes_and_seconds_alone_are_no_pair_with_a_height():
    assert read_pair("129 16 44.5") is None
