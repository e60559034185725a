"""Two carriageways of one road are not counted twice; what only looks like two is counted."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from xinji_planner.analysis.lines import draw_lines, second_carriageways
from xinji_planner.analysis.lines.carriageways import COUNTED
from xinji_planner.tests.engine.lines_kit import line

LIMITS = {"apart_m": 60.0, "least_m": 1000.0, "turn_deg": 30.0}


def counted_m(features, road, **limits):
    lines = draw_lines(features)
    found = second_carriageways(lines, road, **(LIMITS | limits))
    assert found.length_m.sum() == pytest.approx(lines.length_m.sum(), abs=1e-6)
    return found.length_m[found.value == COUNTED].sum()


def test_of_two_carriageways_40_m_apart_the_longer_one_is_counted():
    lines = draw_lines([line((0, 0), (0, 5000)), line((40, 5100), (40, -50)), line((3000, 0), (3000, 5000))])
    found = second_carriageways(lines, ["G1"] * 3, **LIMITS)
    assert list(found.line) == [0, 1, 2]
    assert list(found.value) == [1, COUNTED, COUNTED]


def test_where_the_other_carriageway_ends_the_road_is_counted_again():
    # By hand: the longer one is 6 km; the shorter one of 5.5 km leaves it after 4 km, at right angles.
    counted = counted_m([line((0, -1000), (0, 5000)), line((40, 0), (40, 4000), (1540, 4000))], ["G1", "G1"])
    assert counted == pytest.approx(6000 + 1500, abs=1)


def test_carriageways_cut_into_many_features_at_other_places_are_paired_as_wholes():
    def chopped(x, cuts, shift):
        ys = [0, *[c + shift for c in cuts], 5000]
        return [line((x, a), (x, b)) for a, b in zip(ys[:-1], ys[1:])]

    cuts = range(300, 4800, 300)
    features = chopped(0, cuts, 0) + [part.reverse() for part in chopped(35, cuts, 110)]
    assert counted_m(features, ["G1"] * len(features)) == pytest.approx(5000, abs=1)


def test_carriageways_that_bend_together_are_counted_once():
    turn = np.linspace(0, 2.5, 40)
    inner, outer = (np.column_stack([r * np.cos(turn), r * np.sin(turn)]) for r in (2000, 2040))
    assert counted_m([line(*inner), line(*outer)], ["G1", "G1"]) == pytest.approx(2040 * 2.5, abs=5)


def test_three_lines_side_by_side_are_counted_once_where_they_double_a_counted_one():
    # The third is near the second, which is not counted, and not near the first: it counts.
    features = [line((0, 0), (0, 6000)), line((50, 100), (50, 5900)), line((100, 200), (100, 5800))]
    assert counted_m(features, ["G1"] * 3) == pytest.approx(6000 + 5600, abs=1)
    assert counted_m(features, ["G1"] * 3, apart_m=110.0) == pytest.approx(6000, abs=1)


@pytest.mark.parametrize(
    ("features", "road", "why"),
    [
        ([line((0, 0), (0, 5000)), line((40, 0), (40, 5000))], ["G1", "G2"], "two roads"),
        ([line((0, 0), (0, 5000)), line((40, 0), (40, 5000))], ["", ""], "nobody knows the road"),
        ([line((0, 0), (0, 5000)), line((90, 0), (90, 5000))], ["G1", "G1"], "too far apart"),
        ([line((0, 0), (0, 5000)), line((-2500, 2500), (2500, 2510))], ["G1", "G1"], "a crossing"),
        ([line((0, 0), (0, 5000)), line((0, 5000), (0, 9000))], ["G1", "G1"], "one goes on where the other ends"),
        ([line((0, 0), (0, 600)), line((0, 600), (40, 620), (40, 20))], ["G1", "G1"], "a hairpin of two features"),
        ([line((0, 0), (0, 5000), (40, 5000), (40, 4300))], ["G1"], "a hairpin"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_second_carriageway_is_counted(features, road, why):
    assert counted_m(features, road) == pytest.approx(draw_lines(features).length_m.sum(), abs=1e-6)


def test_both_carriageways_in_one_feature_are_counted_once():
    both = shapely.MultiLineString([line((0, 0), (0, 5000)), line((40, 4900), (40, 0))])
    assert counted_m([both], ["G1"]) == pytest.approx(5000, abs=1)


def test_no_lines_at_all_give_an_empty_answer():
    assert len(second_carriageways(draw_lines([]), [], **LIMITS).line) == 0
    assert len(second_carriageways(draw_lines([None]), ["G1"], **LIMITS).line) == 0
