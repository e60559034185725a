"""Two carriageways of one road are not counted twice; what only looks like two is counted."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.lines import draw_lines, second_carriageways
from xinji_planner.analysis.lines.carriageways import COUNTED, IN_DOUBT
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


def test_three_lines_side_by_side_are_counted_once_whichever_of_them_are_near_each_other():
    # The third is near the second, which is near the first: all three are one road.
    features = [line((0, 0), (0, 6000)), line((50, 100), (50, 5900)), line((100, 200), (100, 5800))]
    assert counted_m(features, ["G1"] * 3) == pytest.approx(6000, abs=1)
    assert counted_m(features, ["G1"] * 3, apart_m=40.0) == pytest.approx(6000 + 5800 + 5600, abs=1)
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


A, B = (0, 0), (0, 5000)
SECOND = ((33, 4990), (33, 10))


@pytest.mark.parametrize(
    ("features", "road_m"),
    [
        ([line(A, B), line(B, *SECOND, A)], 5000),
        ([line(A, B), line(A, *SECOND[::-1], B)], 5000),
        ([line(A, B), line(B, *SECOND)], 5000),
        ([line(A, B), line(*SECOND, A)], 5000),
        ([line(A, B, *SECOND)], 5000),
        ([line(A, B, *SECOND, A)], 5000),
        (
            [line(A, (0, 1500)), line((0, 1500), B), line(B, SECOND[0], (33, 2300)), line((33, 2300), SECOND[1], A)],
            5000,
        ),
        ([line((0, 1500), B), line(SECOND[1], A, (0, 1500)), line(B, *SECOND)], 5000),
        ([line((0, -3000), A), line(A, B), line(B, *SECOND, A), line(B, (0, 8000))], 11_000),
        ([line((0, -3000), A), line(A, B), line(B, *SECOND)], 8000),
        ([line((-4000, 0), A), line(A, B), line(B, *SECOND), line(SECOND[1], (3000, 10))], 12_000),
    ],
    ids=["ends", "same way", "far end", "near end", "back", "loop", "four", "turned", "fork", "on", "on both sides"],
)
@pytest.mark.parametrize("step", [None, 20.0])
def test_two_carriageways_are_counted_once_whatever_ends_they_share(features, road_m, step):
    features = [shapely.segmentize(feature, step / 100_000) if step else feature for feature in features]
    counted = counted_m(features, ["G1"] * len(features), hairpin_m=3000.0)
    # The ways from one carriageway to the other are road too, 35 m each.
    assert counted == pytest.approx(road_m, abs=100)


def test_long_arms_of_a_hairpin_are_counted_and_marked_as_in_doubt():
    bend = line((-3000, 0), (0, 0), (0, 1500), (40, 1500), (40, 0), (3000, -500))
    lines = draw_lines([bend])
    found = second_carriageways(lines, ["G1"], hairpin_m=2000.0, **LIMITS)
    assert set(found.value) == {COUNTED, IN_DOUBT}
    assert found.length_m[found.value == IN_DOUBT].sum() == pytest.approx(1500, abs=60)
    cut = [line((-3000, 0), (0, 0), (0, 900)), line((0, 900), (0, 1500), (40, 1500), (40, 0), (3000, -500))]
    again = second_carriageways(draw_lines(cut), ["G1", "G1"], hairpin_m=2000.0, **LIMITS)
    assert again.length_m[again.value == IN_DOUBT].sum() == pytest.approx(1500, abs=60)


def test_a_winding_road_of_many_vertices_has_no_second_carriageway():
    rng = np.random.default_rng(3)
    turn = np.cumsum(rng.normal(0.0, 0.15, 3000))
    way = np.cumsum(np.column_stack([np.cos(turn), np.sin(turn)]) * 12.0, axis=0) + rng.normal(0, 0.5, (3000, 2))
    lines = draw_lines([line(*way[:1200]), line(*way[1199:])])
    found = second_carriageways(lines, ["G1", "G1"], hairpin_m=1000.0, **LIMITS)
    # Where it crosses and follows itself it may; never for more than a few per cent of this tangle.
    assert found.length_m[found.value >= 0].sum() < 0.03 * lines.length_m.sum()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 5), min_size=2, max_size=5, unique=True),
    st.lists(st.booleans(), min_size=5, max_size=5),
    st.permutations(range(5)),
)
def test_what_one_road_has_once_is_never_lost_nor_doubled(offsets, turned, order):
    """Lines of one road 50 m from the next: neighbours count once, whatever order and way they are drawn."""
    features = [line((50 * x, 10 * x), (50 * x, 5000 - 10 * x)) for x in offsets]
    features = [f.reverse() if turn else f for f, turn in zip(features, turned)]
    features = [features[k] for k in order if k < len(features)]
    spots = sorted(offsets)
    clusters = 1 + sum(b - a > 1 for a, b in zip(spots[:-1], spots[1:]))
    assert counted_m(features, ["G1"] * len(features)) == pytest.approx(5000 * clusters, abs=100 * clusters)
