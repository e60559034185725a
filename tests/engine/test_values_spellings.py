"""How a value is spelt: what is read without doubt is noted, what is plain is not, and a column explains its cells."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.layers.cells.angles import read_axis, read_pairs
from xinji_planner.layers.cells.numerals import read_numeral
from xinji_planner.layers.cells.rounded import rounded_ids
from xinji_planner.layers.cells.values import read_column
from xinji_planner.layers.findings.catalogue import KINDS
from xinji_planner.layers.specs import SPECS

STATION, VILLAGE = SPECS["base_stations"], SPECS["villages"]


def column(spec, name, *texts, **options):
    return read_column(np.array(texts, dtype=object), spec.field(name), **options)


def values(found):
    return [None if gone else value for value, gone in zip(found.cells, found.cells.isna())]


@pytest.mark.parametrize(
    ("spec", "name", "text", "note"),
    [
        (STATION, "antenna_height_m", "35", ""),
        (STATION, "antenna_height_m", "35.", ""),
        (STATION, "antenna_height_m", "３５", "full_width"),
        (STATION, "antenna_height_m", "35米", "unit_in_cell"),
        (STATION, "antenna_height_m", "25,5", "decimal_comma"),
        (STATION, "antenna_height_m", "三十五", "chinese_number"),
        (STATION, "antenna_height_m", "'35", "text_number"),
        (STATION, "antenna_height_m", "0", ""),
        (STATION, "antenna_height_m", "待定", "null_word"),
        (STATION, "antenna_height_m", "——", "null_word"),
        (STATION, "antenna_height_m", "", ""),
        (STATION, "band_mhz", "0", "null_word"),
        (STATION, "band_mhz", "n78", "dialect"),
        (STATION, "operator", "中国移动", ""),
        (STATION, "operator", "CMCC", ""),
        (STATION, "operator", "china mobile", ""),
        (STATION, "operator", "移动", "dialect"),
        (STATION, "operator", "ＣＭＣＣ", "full_width"),
        (STATION, "technology", "4G/5G", ""),
        (STATION, "technology", "NR", "dialect"),
        (STATION, "status", "现状", ""),
        (STATION, "status", "1", "dialect"),
        (STATION, "in_service_date", "2023-05-01", ""),
        (STATION, "in_service_date", "2023/5/1", ""),
        (STATION, "in_service_date", "2023年5月1日", "date_spelling"),
        (STATION, "in_service_date", "45047", "date_spelling"),
        (STATION, "in_service_date", "0000-00-00", "null_word"),
        (VILLAGE, "is_border", "是", ""),
        (VILLAGE, "is_border", "抵边村", "dialect"),
        (VILLAGE, "village_name", "东山村", ""),
        (VILLAGE, "village_name", "A 村", ""),
        (VILLAGE, "village_name", "东 山 村", "blanks_in_text"),
        (VILLAGE, "village_name", "东山\n村", "blanks_in_text"),
        (VILLAGE, "village_name", "东山\u200b村", "blanks_in_text"),
        (VILLAGE, "village_name", "东山\xa0村", "blanks_in_text"),
        (VILLAGE, "village_name", "５Ｇ村", "full_width"),
        (VILLAGE, "village_code", "542521100001", ""),
        (VILLAGE, "village_code", "542521100001.0", "text_number"),
        (VILLAGE, "village_code", "５４２５２１１００００１", "full_width"),
        (VILLAGE, "village_code", "5425 2110 0001", "blanks_in_text"),
    ],
)
def test_only_what_is_spelt_otherwise_is_noted(spec, name, text, note):
    found = column(spec, name, text)
    assert (found.notes[0], found.reasons[0]) == (note, "")
    assert not note or note in KINDS


def test_blanks_and_unseen_signs_leave_a_name_and_its_own_words_stay_apart():
    texts = (" 东 山 村 ", "东山\r\n村", "\ufeff东山村", "东山\u3000村", "Dong Shan 村", "东山村 （北）")
    assert values(column(VILLAGE, "village_name", *texts)) == [*["东山村"] * 4, "Dong Shan 村", "东山村 （北）"]


def test_a_joiner_stays_in_a_script_that_needs_it():
    uyghur = "\u0626\u0627\u200c\u0644"
    assert values(column(VILLAGE, "village_name", uyghur, "东\u200c山")) == [uyghur, "东山"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("中国移动通信集团西藏有限公司普兰县分公司", "CMCC"),
        ("中国移动和田分公司", "CMCC"),
        ("中移", "CMCC"),
        ("电信联通共享", "CTCC;CUCC"),
        ("电联共建", "CTCC;CUCC"),
        ("700M共建", "CMCC;CBN"),
        ("三家共享", "CMCC;CTCC;CUCC"),
        ("联通（电信共享）", "CTCC;CUCC"),
        ("中国联通移动网络", "CUCC"),
        ("中国铁塔股份有限公司", "TOWER"),
        ("移动 电信", "CMCC;CTCC"),
        ("非移动", None),
        ("铁通", None),
        ("长城宽带", None),
        ("待定", None),
    ],
)
def test_an_operator_is_found_in_the_name_of_its_branch_and_never_guessed(text, codes):
    found = column(STATION, "operator", text)
    assert values(found) == [codes]
    assert found.reasons[0] == ("" if codes else "unknown_code")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("NR-LTE", "4G;5G"), ("4G5G", "4G;5G"), ("2/3/4G", "2G;3G;4G"), ("5G NSA/SA", "5G"), ("4G、5G双模", "4G;5G"),
        ("TD-LTE/FDD-LTE", "4G"), ("VoLTE", "4G"), ("FDD1800", "4G"), ("5G 2.6G", "5G"), ("5G（SA）", "5G"),
        ("GSM,UMTS", "2G;3G"), ("5G基站", "5G"), ("6G", None), ("5G某某", None),
    ],
)  # fmt: skip
def test_technologies_are_read_in_every_combination(text, codes):
    assert values(column(STATION, "technology", text)) == [codes]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (
            ("在网", "现网", "存量", "运行", "正常", "已开通", "入网", "商用", "1", "1.0", "在网(运行)", "On Air"),
            "existing",
        ),
        (("规划", "拟建", "待建", "新建", "2"), "planned"),
        (("在建", "施工", "建设中", "3"), "under_construction"),
        (("退网", "拆除", "停用", "下线", "4"), "retired"),
        (("未开通", "在网/规划", "已建未开通", "拟拆除", "5", "?"), None),
    ],
)
def test_statuses_are_read_in_every_dialect(words, code):
    assert values(column(STATION, "status", *words)) == [code] * len(words)


def test_a_column_explains_its_commas():
    height = "antenna_height_m"
    assert values(column(STATION, height, "25,5", "1,234")) == [25.5, 1.234]
    road = SPECS["towers_and_poles"].field(height := "height_m")
    assert road.maximum < 1000
    found = column(STATION, "eirp_dbm", "1,234")
    assert values(found) == [1.234]
    assert values(column(VILLAGE, "population", "1,234", "12,345")) == [1234, 12345]


def test_a_comma_that_both_readings_allow_is_not_read():
    band = column(STATION, "band_mhz", "1,800", "0,7G")
    assert values(band) == [1800, 700]
    wide = SPECS["dc_clusters"].own_fields
    real = next(
        item for item in wide if item.kind.value == "real" and (item.maximum or 10**9) > 2000 and not item.minimum
    )
    found = read_column(np.array(["1,234"], dtype=object), real)
    assert found.reasons[0] == "ambiguous_number"
    assert read_column(np.array(["1,234", "12.5"], dtype=object), real).cells[0] == 1234


def test_a_column_explains_which_number_is_the_month():
    found = column(STATION, "in_service_date", "5/1/2023", "12/31/2022")
    assert values(found) == ["2023-05-01", "2022-12-31"]
    both_ways = column(STATION, "in_service_date", "5/1/2023", "12/31/2022", "31/12/2022")
    assert both_ways.reasons[0] == "ambiguous_date"


def test_a_slash_is_noted_only_where_the_column_writes_its_days_otherwise():
    days = ["2023-05-01", "2023-05-02", "2023-05-03", "2023/5/4"]
    assert list(column(STATION, "in_service_date", *days).notes) == ["", "", "", "date_spelling"]
    assert not any(column(STATION, "in_service_date", *["2023/5/4"] * 3, "2023-05-01").notes)


def test_long_ids_rounded_by_a_spreadsheet_are_pointed_out_and_kept():
    ids = [f"99012170000{number}00" for number in range(1234, 1244)]
    found = column(STATION, "site_id", *ids, "990121700000001234")
    assert list(found.notes) == ["rounded_id"] * 10 + [""]
    assert values(found)[0] == ids[0]


def test_ids_that_rounding_made_equal_are_pointed_out():
    assert rounded_ids(["990121700000000000"] * 20).all()
    assert not rounded_ids(["990121700000000000"] * 3 + ["990121700000000123"] * 17).any()


def test_ids_that_are_merely_numbered_in_hundreds_are_not_called_rounded():
    assert not rounded_ids([f"990121{number:03d}000000000" for number in range(1, 30)]).any()
    assert not rounded_ids([f"9901217000000{number:05d}" for number in range(1, 3000)]).any()


def test_an_id_in_scientific_notation_is_refused_and_a_spare_point_zero_goes():
    found = column(STATION, "station_id", "4.6E+16", "1001.0", "12E3", "B 001", is_key=True)
    assert values(found) == [None, "1001", "12E3", "B 001"]
    assert list(found.reasons) == ["scientific", "", "", ""]


@pytest.mark.parametrize(("words", "number"), [
    ("三十五", 35), ("十", 10), ("二十", 20), ("一百零五", 105), ("一千二百", 1200), ("三万五千", 35000),
    ("两千", 2000), ("二〇二三", 2023), ("一亿", 10**8), ("一千零二十", 1020),
    ("一", None), ("二百五", None), ("三万五", None), ("十百", None), ("百", None), ("万", None),
    ("二十十", None), ("", None),
])  # fmt: skip
def test_chinese_numerals_are_read_strictly(words, number):
    assert read_numeral(words) == number


def written(number):
    """Write a number below 10,000 in Chinese, step by step."""
    digits, words, zero = "零一二三四五六七八九", "", False
    for step, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // step % 10
        if digit:
            words += ("零" if zero and words else "") + digits[digit] + sign
            zero = False
        else:
            zero = True
    return words


@given(st.integers(2, 9999))
def test_every_number_written_in_chinese_is_read_back(number):
    assert read_numeral(written(number)) == number


@given(st.lists(st.text(max_size=12), max_size=20), st.sampled_from([item.name for item in STATION.fields]))
def test_any_text_at_all_is_read_or_refused_cell_by_cell(texts, name):
    field = STATION.field(name)
    together = column(STATION, name, *texts)
    assert len(together.cells) == len(together.reasons) == len(together.notes) == len(texts)
    assert set(together.reasons) | set(together.notes) <= {"", *KINDS}
    if field.kind.value in ("code", "codes"):
        for at, text in enumerate(texts):
            alone = column(STATION, name, text)
            assert (alone.reasons[0], alone.notes[0]) == (together.reasons[at], together.notes[at])


@given(st.floats(0, 300, allow_nan=False).map(lambda number: f"{number:.4f}"))
def test_the_quick_way_and_the_slow_way_read_the_same_number(text):
    quick, slow = column(STATION, "antenna_height_m", text), column(STATION, "antenna_height_m", text + "m")
    assert quick.cells[0] == slow.cells[0] == float(text)


def test_half_a_surrogate_pair_does_no_harm():
    assert values(column(VILLAGE, "village_name", "东\ud800山", "甲村"))[1] == "甲村"


@pytest.mark.parametrize("sign", ["1", "一", " ", "-", "1,", "移动", "5G/", "年", "(", "'", "1e", "０"])
def test_a_cell_of_a_hundred_thousand_signs_is_judged_at_once(sign):
    text = np.array([sign * (100_000 // len(sign)), "1." + sign * 9_000 + "e" + "9" * 9_000], dtype=object)
    started = time.process_time()
    for spec in (STATION, VILLAGE):
        for item in spec.own_fields:
            read_column(text, item, is_key=item.name in spec.key)
    read_axis(text, "°")
    read_pairs(text)
    assert time.process_time() - started < 3
