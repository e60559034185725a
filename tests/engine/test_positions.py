"""Coordinates of single rows: how they are written, what is wrong with them, and what the planner may have done."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.layers.cells.angles import read_angle, read_axis, read_pair, read_pairs
from xinji_planner.layers.findings.catalogue import KINDS
from xinji_planner.layers.findings.treatments import Treatments
from xinji_planner.layers.reading.datum_decision import Decision
from xinji_planner.layers.reading.importing import convert
from xinji_planner.layers.reading.mapping import propose
from xinji_planner.layers.sources.raw_table import RawTable
from xinji_planner.layers.specs import SPECS
from xinji_planner.text import NOTHING

VILLAGE, STATION = SPECS["villages"], SPECS["base_stations"]
PLACE = 88 + 54 / 60 + 12.3 / 3600


@pytest.mark.parametrize("text", [
    "88°54′12.3″E", "E88°54'12.3\"", "88-54-12.3", "88 54 12.3", "88:54:12.3", "88度54分12.3秒", "东经88度54分12.3秒",
    "８８°５４′１２．３″", "88˚54’12.3”", "88º54ʹ12.3ʺ", "88°54'12.3''", "88°54`12.3``", "88°54′12.3″东", "885412.3E",
    "E8854.205", "88°54.205′", "88 54.205", "88d54m12.3s", "88 deg 54 min 12.3 sec", "88.54.12.3", "88°54'12\".3",
    "经度：88°54′12.3″",
])  # fmt: skip
def test_degrees_minutes_and_seconds_are_read_in_every_spelling(text):
    value, note = read_angle(text)
    assert value == pytest.approx(PLACE, abs=1e-9)
    assert note == "dms"


@pytest.mark.parametrize(("text", "value", "note"), [
    ("88.9034", 88.9034, ""), ("88,9034", 88.9034, "decimal_comma"), ("88.9034度", 88.9034, "unit_in_cell"),
    ("88.9034°E", 88.9034, "unit_in_cell"), ("E88.9034", 88.9034, "unit_in_cell"), ("N35°12.345'", 35.20575, "dms"),
    ("东经88度54分", 88.9, "dms"), ("88.9034W", -88.9034, "unit_in_cell"), ("S31°12′", -31.2, "dms"),
    ("８８．９０３４", 88.9034, "full_width"), ("-88.9034", -88.9034, ""),
])  # fmt: skip
def test_degrees_are_read_with_letters_commas_and_units(text, value, note):
    assert read_angle(text) == (pytest.approx(value, abs=1e-9), note)


@pytest.mark.parametrize(
    "text",
    ["88°60′00″", "88°54′60″", "88-54-75", "88°54″", "88-54", "约25", "103.850.1", "88.9,31.2", "-88°W", "待核实"],
)
def test_what_can_be_two_places_or_none_is_not_read(text):
    assert read_angle(text)[0] is None


@given(st.floats(0, 179.9999), st.sampled_from(["{}°{:02d}′{:.4f}″", "{}-{}-{:.4f}", "{}度{}分{:.4f}秒"]))
def test_any_angle_written_in_minutes_and_seconds_is_read_back(angle, form):
    whole, seconds = int(angle), round((angle - int(angle)) * 3600, 4)
    minutes = min(int(seconds // 60), 59)
    seconds = min(round(seconds - minutes * 60, 4), 59.9999)
    text = form.format(whole, minutes, seconds)
    wanted = pytest.approx(whole + minutes / 60 + seconds / 3600, abs=1e-9)
    assert read_angle(text)[0] == wanted
    assert read_axis(np.array([text], dtype=object), "°").values[0] == wanted


@pytest.mark.parametrize("text", [
    "88.9,31.2", "(88.9 31.2)", "31.2N, 88.9E", "31.2, 88.9", "经纬度: 88.9,31.2", "东经88.9，北纬31.2", "88.9；31.2",
    "[88.9,31.2]", "POINT(88.9 31.2)", "31°12′N,88°54′E", "N31°12′ E88°54′", "东经88°54′北纬31°12′", "31.2N88.9E",
    "E88.9N31.2", "lon:88.9 lat:31.2", "X:88.9,Y:31.2", "88 54 00, 31 12 00", "88.9/31.2",
])  # fmt: skip
def test_both_values_are_read_from_one_cell_in_either_order(text):
    assert read_pair(text) == (pytest.approx(88.9), pytest.approx(31.2))


def test_a_cell_that_does_not_hold_two_values_is_no_pair():
    lon, lat = read_pairs(np.array(["88.9", "88.9,31.2,4500", "88.9E,31.2E", "某地", "", "无"], dtype=object))
    assert list(lon.bad) == list(lat.bad) == [True, True, True, True, False, False]
    assert list(lon.notes[-2:]) == ["", "null_word"]


def table(headings, *rows):
    cells = [np.array(column, dtype=object) for column in zip(*rows)]
    return RawTable(None, "CSV", list(headings), cells, np.arange(2, len(rows) + 2))


class Named:
    name = "a.csv"
    stem = "a"


def done(rows, spec=VILLAGE, chosen=None, headings=("行政村代码", "行政村名称", "经度", "纬度")):
    raw = table(headings, *rows)
    raw.path = Named()
    mapping = propose(raw.headings, spec)
    decision = Decision("wgs84", NOTHING, None, mapping.pairs[0])
    converted = convert(raw, spec, mapping, decision, treatments=Treatments(chosen or {}))
    assert converted.rows_in == converted.rows_out + len(converted.set_aside)
    return converted


def villages(*places, count=30):
    """Give rows around 88.5° E, 31.5° N, and after them the places."""
    rng = np.random.default_rng(7)
    good = [(f"{x:.6f}", f"{y:.6f}") for x, y in rng.uniform((88.3, 31.3), (88.7, 31.7), (count, 2))]
    names = [f"{first}{second}村" for first in "东南西北上下前后" for second in "山河湖沟坪坝岭湾"]
    return [(f"{542521100001 + at}", names[at % 64], *place) for at, place in enumerate([*good, *places])]


def found(converted, code):
    return [
        (int(at), str(value), str(proposed))
        for block in converted.findings
        if block.code == code
        for at, value, proposed in zip(
            block.at, np.broadcast_to(block.originals, len(block.at)), np.broadcast_to(block.proposed, len(block.at))
        )
    ]


GRAVE = {code for code, kind in KINDS.items() if kind.severity != "informs"}


def test_a_clean_file_raises_no_warning():
    counts = done(villages(count=60)).findings.counts()
    assert not set(counts) & GRAVE


@pytest.mark.parametrize(("place", "code", "proposed"), [
    (("31.45", "88.512"), "swapped", "88.512, 31.45"),
    (("885123456", "31.45"), "scaled", "88.5123456, 31.45"),
    (("8.851", "31.45"), "scaled", "88.51, 31.45"),
    (("885.1", "31.45"), "scaled", "88.51, 31.45"),
    (("88.512", "3.145"), "scaled", "88.512, 31.45"),
    (("88512", "31450"), "scaled", "88.512, 31.45"),
    (("-88.512", "31.45"), "wrong_sign", "88.512, 31.45"),
])  # fmt: skip
def test_a_misplaced_row_is_set_aside_with_a_proposal_and_put_right_on_order(place, code, proposed):
    left = done(villages(place))
    assert list(left.set_aside["reason_code"]) == [code]
    assert found(left, code) == [(30, ", ".join(place), proposed)]
    mended = done(villages(place), chosen={code: "apply"})
    assert mended.rows_out == 31
    lon, lat = mended.table.lon_lat()
    assert f"{lon[30]:.10g}, {lat[30]:.10g}" == proposed
    assert [(row.field, row.original, row.value) for row in mended.changes.itertuples()] == [
        ("geometry", ", ".join(place), proposed)
    ]


def test_no_decimal_point_is_proposed_where_two_would_fit_or_none():
    far = done(villages(("12.5", "31.45"), ("700", "31.45")))
    assert list(far.set_aside["reason_code"]) == ["outside_china", "out_of_range"]
    few = done(villages(("1001.0", "31.4"), count=2))
    assert list(few.set_aside["reason_code"]) == ["out_of_range"]


def test_a_whole_file_in_micro_degrees_is_told_and_divided_only_on_order():
    rows = [(*row[:2], str(int(float(row[2]) * 1e6)), str(int(float(row[3]) * 1e6))) for row in villages()]
    assert done(rows).set_aside["reason_code"].unique().tolist() == ["scaled"]
    mended = done(rows, chosen={"scaled": "apply"})
    assert mended.rows_out == 30
    assert mended.table.lon_lat()[0][0] == pytest.approx(float(villages()[0][2]), abs=1e-6)


def test_degrees_packed_with_minutes_and_seconds_are_told_by_the_whole_file():
    rng = np.random.default_rng(3)
    packed = [
        (f"88.{m:02d}{s:02d}{f}", f"31.{n:02d}{t:02d}{f}")
        for m, s, n, t, f in rng.integers(0, (60, 60, 60, 60, 9), (40, 5))
    ]
    rows = villages(*packed, count=0)
    left = done(rows)
    assert left.set_aside["reason_code"].unique().tolist() == ["packed_dms"]
    mended = done(rows, chosen={"packed_dms": "apply"})
    lon, minutes = mended.table.lon_lat()[0][0], packed[0][0]
    seconds = float(f"{minutes[5:7]}.{minutes[7:]}")
    assert lon == pytest.approx(88 + int(minutes[3:5]) / 60 + seconds / 3600, abs=1e-9)


def test_swapped_rows_of_a_whole_file_are_exchanged_on_order():
    rows = [(*row[:2], row[3], row[2]) for row in villages()]
    assert done(rows, chosen={"swapped": "apply"}).rows_out == 30


def test_a_row_far_from_all_others_is_pointed_out_and_stays():
    rows = villages(("98.5", "31.5"))
    kept = done(rows)
    assert kept.rows_out == 31
    assert [at for at, _, _ in found(kept, "far_away")] == [30]
    gone = done(rows, chosen={"far_away": "set_aside"})
    assert list(gone.set_aside["reason_code"]) == ["far_away"]


def test_a_second_group_of_rows_is_no_outlier():
    second = [(f"{112 + at / 1000:.5f}", "16.83421") for at in range(10)]
    assert not found(done(villages(*second, count=300)), "far_away")


def test_many_villages_at_one_point_are_pointed_out():
    same = [("88.501234", "31.501234")] * 6
    assert [at for at, _, _ in found(done(villages(*same)), "same_place")] == [30, 31, 32, 33, 34, 35]
    assert not found(done(villages(*same[:4])), "same_place")


def test_the_cells_of_one_mast_are_no_crowd():
    headings = ("基站编号", "基站名称", "运营商", "制式", "状态", "经度", "纬度")
    mast = [
        (f"B{at}", f"{operator}东山村{technology}-{at}", operator, technology, "在网", "88.501234", "31.501234")
        for at, (operator, technology) in enumerate(
            (operator, technology)
            for operator in ("移动", "电信", "联通")
            for technology in ("4G", "5G")
            for _ in range(3)
        )
    ]
    others = [(f"C{at}", f"站{at}", "移动", "5G", "在网", f"88.4{at:04d}", f"31.4{at:04d}") for at in range(1, 40)]
    assert not found(done([*mast, *others], STATION, headings=headings), "same_place")


def test_coordinates_of_two_decimals_are_pointed_out_with_the_metres():
    rows = [(*row[:2], f"{float(row[2]):.2f}", f"{float(row[3]):.2f}") for row in villages()]
    coarse = done(rows)
    assert len(found(coarse, "low_precision")) == 30
    assert any("550 米" in why.zh for block in coarse.findings if block.code == "low_precision" for why in block.why)
    one = done(villages(("88.5", "31.5")))
    assert [at for at, _, _ in found(one, "low_precision")] == [30]


def test_spellings_of_coordinates_are_noted_with_what_was_read():
    converted = done(villages(("88°30′36″E", "31度27分0秒"), ("88,512", "31,45")))
    assert found(converted, "dms") == [(30, "88°30′36″E", "88.51"), (30, "31度27分0秒", "31.45")]
    assert found(converted, "decimal_comma") == [(31, "88,512", "88.512"), (31, "31,45", "31.45")]
    assert converted.rows_out == 32


@pytest.mark.parametrize("heading", ["坐标", "经纬度", "GPS坐标", "lonlat", "坐标（WGS84）"])
def test_a_column_with_both_values_gives_the_place(heading):
    rows = [(code, name, f"{lon},{lat}" if int(code) % 2 else f"{lat} {lon}") for code, name, lon, lat in villages()]
    converted = done(rows, headings=("行政村代码", "行政村名称", heading))
    assert converted.rows_out == 30
    assert len(found(converted, "pair_in_cell")) == 30
    assert converted.table.lon_lat()[0] == pytest.approx([float(row[2]) for row in villages()])


def test_a_total_row_is_judged_as_a_total_only():
    rows = [*villages(), ("合计", "30", "2655.12", "945.3")]
    converted = done(rows)
    assert list(converted.set_aside["reason_code"]) == ["total_row"]
    assert not found(converted, "scaled")


def test_a_million_plain_coordinates_are_read_in_seconds():
    import time

    texts = np.array([f"{88 + at / 1e6:.6f}" for at in range(200_000)], dtype=object)
    started = time.process_time()
    read_axis(texts, "°")
    assert time.process_time() - started < 0.6  # 3 s for a million


CELL = st.one_of(
    st.text(max_size=14),
    st.text(alphabet="0123456789.,-°′″'\"度分秒EWNS东西经 ", max_size=16),
    st.sampled_from(["88.5", "31.5", "885", "31.5E9", "-88.5", "1e400", "nan", "0", "", "无", "1" * 30]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=12))
def test_no_coordinate_however_spoiled_loses_a_row(places):
    converted = done(villages(*places, count=25))
    assert converted.rows_in == 25 + len(places)
    assert set(converted.findings.counts()) <= set(KINDS)


@given(st.lists(CELL, max_size=12))
def test_a_column_of_pairs_is_read_or_refused_cell_by_cell(texts):
    lon, lat = read_pairs(np.array(texts, dtype=object))
    assert np.array_equal(np.isnan(lon.values), lon.empty | lon.bad)
    assert np.array_equal(np.isnan(lat.values), lat.empty | lat.bad)
