"""Counting against a target with three states, distances to lines, and spreadsheets."""

import math
import zipfile
from fractions import Fraction

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from xinji_planner.analysis.near_lines import nearest_line
from xinji_planner.analysis.scoreboard import Target, any_of, by_county, tally, tally_amounts
from xinji_planner.layers.store.spreadsheet import write_spreadsheet
from xinji_planner.text import Text

GEOD = Geod(ellps="GRS80")
STATES = st.lists(st.sampled_from([0, 1, 2]), max_size=40)


def array(states):
    return np.array(states, dtype=np.int8)


@given(STATES, st.sampled_from([80, 95, 100, 33.3]), st.booleans())
def test_a_status_is_certain_only_if_no_answer_to_what_is_open_could_change_it(states, percent, above):
    found = tally(array(states), Target(percent, above))
    met, untold, count = found["met"], found["cannot_tell"], found["in_scope"]

    def passes(number):
        return Fraction(number, count) > share if above else Fraction(number, count) >= share

    share = Fraction(str(percent)) / 100
    if not count:
        assert found["status"] == "none_listed"
        return
    possible = {passes(met + more) for more in range(untold + 1)}
    certain = {frozenset([True]): "met", frozenset([False]): "short"}
    expected = certain.get(frozenset(possible), "cannot_tell")
    if above and percent == 100:
        expected = "short"  # more than all is never there
    assert found["status"] == expected
    for extra, key in ((untold, "shortfall"), (0, "shortfall_at_most")):
        need = found[key]
        if need and not (above and percent == 100):
            assert passes(met + extra + need) and not passes(met + extra + need - 1)


def test_ninety_five_percent_of_twenty_is_nineteen_and_not_twenty():
    assert Target(95).needed(20) == 19 and Target(95).needed(21) == 20
    assert Target(95, above=True).needed(20) == 20
    assert Target(None).needed(20) is None


def test_a_ratio_is_of_what_was_judged_and_missing_where_nothing_was():
    assert tally(array([2, 2, 0, 1, 1]), Target(95))["ratio_percent"] == 66.67
    open_ = tally(array([1, 1]), Target(95))
    assert open_["ratio_percent"] is None and open_["status"] == "cannot_tell"
    assert tally(array([1, 0]), Target(None))["status"] == "no_target"


def test_one_way_is_enough_and_a_no_takes_all():
    yes, no, open_ = array([2]), array([0]), array([1])
    assert any_of(no, open_, yes)[0] == 2 and any_of(no, open_)[0] == 1 and any_of(no, no)[0] == 0


@given(STATES, st.integers(1, 4))
def test_counties_add_up(states, parts):
    county = np.array([f"{k % parts:06d}" for k in range(len(states))], dtype=object)
    rows = by_county(array(states), county, [f"{k:06d}" for k in range(parts)], Target(95))
    for key in ("in_scope", "met", "not_met", "cannot_tell"):
        assert sum(row[key] for row in rows[:-1]) == rows[-1][key]


def test_lengths_are_weighed_as_things_are_counted():
    found = tally_amounts(90.0, 4.0, 6.0, Target(95))
    assert (found["status"], found["shortfall"], found["shortfall_at_most"]) == ("cannot_tell", 0.0, 5.0)
    assert tally_amounts(90.0, 10.0, 0.0, Target(95))["shortfall"] == 5.0
    assert tally_amounts(0.0, 0.0, 0.0, Target(95))["status"] == "none_listed"
    assert tally_amounts(95.0, 5.0, 0.0, Target(95))["status"] == "met"


def slow_distance(place, line):
    """Give the distance to a line by its points every few metres."""
    best = math.inf
    for (x0, y0), (x1, y1) in zip(line.coords, line.coords[1:]):
        count = max(2, math.ceil(GEOD.inv(x0, y0, x1, y1)[2] / 20))
        x, y = np.linspace(x0, x1, count), np.linspace(y0, y1, count)
        best = min(best, GEOD.inv(np.full(count, place[0]), np.full(count, place[1]), x, y)[2].min())
    return best


PLACES = st.tuples(st.floats(99.0, 101.0), st.floats(25.0, 26.0))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(PLACES, min_size=1, max_size=3), st.lists(st.lists(PLACES, min_size=2, max_size=4), min_size=1, max_size=3)
)
def test_the_nearest_line_is_that_of_a_walk_along_all_of_them(places, lines):
    shapes = np.array([shapely.LineString(line) for line in lines], dtype=object)
    lon, lat = (np.array(part) for part in zip(*places))
    found = nearest_line(lon, lat, shapes)
    for row, place in enumerate(places):
        slow = [slow_distance(place, shape) for shape in shapes]
        assert found.distance_m[row] == pytest.approx(min(slow), abs=12)
        assert slow[found.line[row]] == pytest.approx(min(slow), abs=12)


def test_what_has_no_place_has_no_line_near_it_and_no_line_is_no_answer():
    line = shapely.LineString([(100, 25), (100, 26)])
    lines = np.array([None, shapely.LineString(), line], dtype=object)
    found = nearest_line(np.array([np.nan, 101.0, 160.0]), np.array([25.5, 25.5, -40.0]), lines)
    assert found.line.tolist() == [-1, 2, 2] and np.isnan(found.distance_m[0])
    assert found.distance_m[1] == pytest.approx(GEOD.inv(101, 25.5, 100, 25.5)[2], abs=5)
    assert found.distance_m[2] > 8e6
    empty = nearest_line(np.array([100.0]), np.array([25.0]), lines[:2])
    assert empty.line.tolist() == [-1] and np.isnan(empty.distance_m[0])


def test_a_spreadsheet_keeps_codes_as_text_and_its_bytes_know_no_clock(tmp_path):
    rows = pd.DataFrame({"code": ["0012", "=1+1"], "km": [1.5, np.nan], "people": pd.array([3, None], dtype="Int64")})
    for name in ("a.xlsx", "b.xlsx"):
        write_spreadsheet(tmp_path / name, "清单", rows, {"code": Text("编号", "Id")})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["清单"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["编号", "km", "people"],
        ["0012", 1.5, 3],
        ["=1+1", None, None],
    ]
    assert page["A3"].data_type == "s" and page.freeze_panes == "A2"
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("yes", "no", "status", "percent", "short"),
    [
        (0.0946, 0.0054, "short", 94.6, 0.001),
        (0.0182, 0.0018, "short", 91.0, 0.001),
        (94.99, 5.01, "short", 94.99, 0.01),
        (94.9999, 5.0001, "short", 94.99, 0.001),
        (95.0, 5.0, "met", 95.0, 0.0),
        (9.5 + 1e-12, 0.5 - 1e-12, "met", 95.0, 0.0),
        (9.5 - 1e-12, 0.5 + 1e-12, "met", 95.0, 0.0),  # what adding up loses is not missing
        (99.9999, 0.0001, "met", 99.99, 0.0),
    ],
)
def test_lengths_are_held_against_the_exact_target_and_the_share_shown_agrees(yes, no, status, percent, short):
    found = tally_amounts(yes, no, 0.0, Target(95))
    assert (found["status"], found["ratio_percent"], found["shortfall"]) == (status, percent, short)


def test_4749_of_4999_villages_are_short_of_95_percent_and_are_not_shown_as_95():
    states = array([2] * 4749 + [0] * 250)
    found = tally(states, Target(95))
    assert (found["status"], found["ratio_percent"], found["shortfall"]) == ("short", 94.99, 1)


def test_more_than_a_share_is_more_in_lengths_too():
    assert tally_amounts(95.0, 5.0, 0.0, Target(95, above=True))["status"] == "short"
    assert tally_amounts(95.0, 5.0, 0.0, Target(95, above=True))["shortfall"] > 0
    found = tally_amounts(95.001, 4.999, 0.0, Target(95, above=True))
    assert (found["status"], found["ratio_percent"]) == ("met", 95.01)


# Half of the least subnormal number is 0: no length is that short.
AMOUNTS = st.floats(0.0, 1e4, allow_subnormal=False)


@given(AMOUNTS, AMOUNTS, st.sampled_from([50, 95, 99.5, 100]), st.booleans())
def test_no_share_that_is_shown_contradicts_its_verdict(yes, no, percent, above):
    target = Target(percent, above=above)
    found = tally_amounts(yes, no, 0.0, target)
    if found["ratio_percent"] is not None:
        reached = found["ratio_percent"] > percent if above else found["ratio_percent"] >= percent
        assert found["status"] == ("met" if reached else "short")
        assert (found["shortfall"] > 0) == (found["status"] == "short")
