"""A total stays open while a county that may turn it is neither in scope nor out of it."""

from types import SimpleNamespace

import pandas as pd
import pytest
from xinji_planner.jobs.frontier.score import open_where_unsettled


def statuses(unsettled, *rows):
    score = pd.DataFrame(rows, columns=["county_code", "status", "target_percent"], dtype=object)
    open_where_unsettled(score, SimpleNamespace(unsettled=unsettled))
    return score["status"].tolist()


@pytest.mark.parametrize(
    ("status", "target", "then"),
    [
        ("met", 95.0, "cannot_tell"),  # the open county may miss all of its own
        ("none_listed", 100.0, "cannot_tell"),
        ("short", 95.0, "cannot_tell"),  # it may have all of them and lift the share
        ("short", 100.0, "short"),  # what is missed stays missed
        ("cannot_tell", 95.0, "cannot_tell"),
        ("no_target", None, "no_target"),
    ],
)
def test_an_open_county_opens_the_totals_that_it_may_turn(status, target, then):
    assert statuses(True, ("all", status, target)) == [then]
    assert statuses(False, ("all", status, target)) == [status]


def test_the_rows_of_settled_counties_stay_as_they_are():
    assert statuses(True, ("530001", "met", 95.0), ("all", "met", 95.0)) == ["met", "cannot_tell"]
