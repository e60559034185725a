"""Lengths of a comparison as its page shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xinji_planner.jobs.comparing.shown import shown_row


def test_lengths_are_shown_so_that_they_add_up():
    row = {"met_before": 31.984, "met_after": 50.309, "newly_met": 18.325, "unit": "km", "in_scope_before": 59.931}
    row |= {"in_scope_after": 59.931, "came_in": 0.0, "left": 0.0, "met_difference": 18.325}
    row |= dict.fromkeys(("judged_met", "in_met", "newly_lost", "unjudged_met", "out_met"), 0.0)
    shown = shown_row(row)
    assert (shown["met_before"], shown["met_after"]) == (31.98, 50.31)
    assert shown["met_difference"] == shown["newly_met"] == 18.33
    assert shown_row({**row, "unit": "item"})["newly_met"] == 18.325  # counts are whole already


def test_metres_that_matching_has_added_are_taken_from_what_came():
    row = {"met_before": 31.981, "met_after": 50.306, "newly_met": 18.327, "unit": "km", "met_difference": 18.325}
    row |= dict.fromkeys(("in_scope_before", "in_scope_after", "came_in", "left", "judged_met", "in_met"), 0.0)
    row |= dict.fromkeys(("newly_lost", "unjudged_met", "out_met"), 0.0)
    assert shown_row(row, 3)["newly_met"] == shown_row(row, 3)["met_difference"] == 18.325


@given(
    st.floats(0, 500),
    st.lists(st.one_of(st.just(0.0), st.floats(0.0005, 80)), min_size=6, max_size=6),
)
def test_whatever_lengths_came_and_went_the_shown_ones_add_up_and_none_is_off_by_a_unit(before, flows):
    names = ("newly_met", "judged_met", "in_met", "newly_lost", "unjudged_met", "out_met")
    exact = dict(zip(names, flows))
    after = before + sum(flows[:3]) - sum(flows[3:])
    row = {"unit": "km", "met_before": before, "met_after": after, "met_difference": after - before, **exact}
    shown = shown_row({**row, "in_scope_before": None, "in_scope_after": None, "came_in": None, "left": None})
    come, gone = (sum(shown[name] for name in part) for part in (names[:3], names[3:]))
    if any(flows):
        assert shown["met_before"] + come - gone == pytest.approx(shown["met_after"], abs=1e-6)
    assert shown["met_difference"] == pytest.approx(shown["met_after"] - shown["met_before"], abs=1e-6)
    for name, value in exact.items():
        assert shown[name] >= 0 and abs(shown[name] - value) <= 0.0101, name
