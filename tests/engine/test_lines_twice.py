"""The same place drawn twice is one road, whatever ids and numbers it bears."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from xinji_planner.analysis.lines import draw_lines, drawn_twice
from xinji_planner.analysis.lines.carriageways import COUNTED
from xinji_planner.tests.engine.lines_kit import line

ROAD = line((0, 0), (0, 2000), (1500, 4000))


def twice(features, road, rank=None):
    lines = draw_lines(features)
    found = drawn_twice(lines, road, np.array(rank or [0] * len(features)))
    assert found.length_m.sum() == pytest.approx(lines.length_m.sum(), abs=1e-6)
    return lines, found


def kept(features, road, rank=None):
    """The line that stands for each line, -1 for itself; every line must be so as a whole."""
    found = twice(features, road, rank)[1]
    assert list(found.line) == list(range(len(features)))
    return list(found.value)


@pytest.mark.parametrize("road", [["G1", "G1"], ["G1", "S2"], ["", ""], ["G1", ""]])
@pytest.mark.parametrize("again", [ROAD, ROAD.reverse()], ids=["same way", "other way"])
def test_the_same_vertices_are_counted_once_whatever_the_road(road, again):
    assert kept([ROAD, again], road) == [COUNTED, 0]


def test_the_higher_class_counts_and_of_three_only_one():
    assert kept([ROAD, ROAD.reverse(), ROAD], ["S2", "G1", "X3"], [2, 1, 3]) == [1, COUNTED, 1]


def test_a_short_road_and_one_of_several_parts_are_told_too():
    short = line((0, 0), (0, 20))
    parts = shapely.MultiLineString([ROAD, line((5000, 0), (5000, 700))])
    other = shapely.MultiLineString([line((5000, 700), (5000, 0)), ROAD])
    lines, found = twice([short, short, parts, other], ["", "", "G1", "S1"])
    assert found.length_m[found.value != COUNTED].sum() == pytest.approx(lines.length_m[[1, 3]].sum(), abs=1e-6)
    assert set(found.value[found.line == 3]) == {2}


@pytest.mark.parametrize("at_first", [True, False])
def test_roads_of_two_numbers_that_share_a_stretch_count_it_once(at_first):
    # By hand: the second road runs with the first from 500 to 1700 m and leaves it then.
    own, other = line((0, 0), (0, 900), (0, 3000)), line((-2000, 500), (0, 500), (0, 1700), (2500, 1900))
    features = [own, other] if at_first else [other, own]
    found = twice(features, ["G1", "S2"] if at_first else ["S2", "G1"], [1, 2] if at_first else [2, 1])[1]
    again = found.value != COUNTED
    assert found.length_m[again].sum() == pytest.approx(1200, abs=0.2)
    assert set(found.line[again]) == {1 if at_first else 0}


@pytest.mark.parametrize(
    "features",
    [
        [line((0, 0), (0, 4000)), line((2, 0), (2, 4000))],
        [line((0, 0), (0, 4000)), line((-500, 2000), (500, 2000))],
        [line((0, 0), (0, 4000)), line((0, 4000), (0, 9000))],
        [line((0, 0), (0, 4000)), line((0, 0), (30, 1000), (900, 4000))],
        [None, None],
    ],
    ids=["2 m apart", "a crossing", "one after the other", "a slip road", "no lines"],
)
def test_what_is_not_in_the_same_place_is_counted(features):
    found = twice(features, ["G1", "S2"])[1]
    assert (found.value == COUNTED).all()


def test_a_shared_stretch_is_never_lost_however_roads_and_copies_are_mixed():
    # Roads along one meridian, between round metres: every metre that some road has must be counted.
    rng = np.random.default_rng(5)
    for _ in range(40):
        ends = np.array([rng.choice(np.arange(0, 5001, 500), 2, replace=False) for _ in range(6)])
        number = rng.integers(0, 3, 6)
        road = [["G1", "S2", ""][k] for k in number]
        found = twice([line((0, a), (0, b)) for a, b in ends], road, number.tolist())[1]
        counted = np.zeros(5000, dtype=bool)
        for row, low, high, value in zip(*found):
            if value == COUNTED:
                a, b = ends[row]
                along = np.sort(a + np.sign(b - a) * np.array([low, high]))
                counted[round(along[0]) : round(along[1])] = True
        for a, b in np.sort(ends, axis=1):
            assert counted[a + 5 : b - 5].all()
