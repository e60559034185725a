"""Gap runs, counties, samples and totals of lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.lines import (
    NOWHERE,
    county_stretches,
    covered_or_not,
    covered_stretches,
    cut_lines,
    divide,
    draw_lines,
    gap_runs,
    lay_over,
    lengths_by,
    sample_lines,
    states_of_levels,
    stretches_of_samples,
)
from xinji_planner.analysis.reach import any_within_own_radius
from xinji_planner.analysis.village_verdict import NO, UNKNOWN, YES
from xinji_planner.tests.engine.lines_kit import GEOD, line, place, polygon, walk


def no_signal(lines):
    return divide(lines, np.empty(0, np.int64), np.empty(0), np.empty(0), NO, NO)


def test_a_gap_goes_on_over_the_joints_of_features_of_one_road():
    road = [(0, 0), (0, 300), (0, 600), (0, 900)]
    features = [line(a, b) for a, b in zip(road[:-1], road[1:])]
    features[1] = features[1].reverse()  # drawn the other way round
    lines = draw_lines(features)
    assert len(gap_runs(lines, no_signal(lines), least_m=500).line) == 0
    gaps = gap_runs(lines, no_signal(lines), least_m=500, road=["G1"] * 3)
    assert list(gaps.line) == [0, 1, 2]
    assert len(set(gaps.run)) == 1
    np.testing.assert_allclose(gaps.run_m, 900, atol=0.01)
    other = gap_runs(lines, no_signal(lines), least_m=500, road=["G1", "G1", "S2"])
    assert list(other.line) == [0, 1]


def test_a_gap_ends_at_a_fork_and_where_a_line_jumps():
    fork = draw_lines([line((0, -400), (0, 0)), line((0, 0), (-300, 400)), line((0, 0), (300, 400))])
    assert len(gap_runs(fork, no_signal(fork), least_m=600, road=["G1"] * 3).line) == 0
    two_parts = shapely.MultiLineString([line((0, 0), (0, 400)), line((0, 5000), (0, 5400))])
    jump = draw_lines([two_parts])
    gaps = gap_runs(jump, no_signal(jump))
    np.testing.assert_allclose(gaps.to_m - gaps.from_m, [400, 400], atol=0.01)
    assert len(set(gaps.run)) == 2
    assert [g.geom_type for g in cut_lines(jump, gaps.line, gaps.from_m, gaps.to_m)] == ["LineString"] * 2


def test_a_covered_joint_parts_two_gaps():
    lines = draw_lines([line((0, 0), (0, 1000)), line((0, 1000), (0, 2000))])
    states = covered_or_not(lines, covered_stretches(lines, *([v] for v in place(0, 1000)), [100]))
    gaps = gap_runs(lines, states, road=["G1", "G1"])
    np.testing.assert_allclose(gaps.run_m, [900, 900], atol=0.01)


def test_a_road_of_10_km_through_two_counties_is_split_at_their_border():
    # By hand: the border runs at x = 4 km, county b ends at 9 km; the last kilometre lies in none.
    counties = [
        polygon((-5000, -5000), (4000, -5000), (4000, 5000), (-5000, 5000)),
        polygon((4000, -5000), (9000, -5000), (9000, 5000), (4000, 5000)),
    ]
    lines = draw_lines([line((0, 0), (10_000, 0))])
    pieces = county_stretches(lines, counties)
    assert list(pieces.value) == [0, 1, NOWHERE]
    np.testing.assert_allclose(pieces.length_m, [4000, 5000, 1000], atol=3)  # the borders bend in degrees
    assert pieces.length_m.sum() == pytest.approx(lines.length_m[0], abs=1e-6)


@st.composite
def counties_and_roads(draw):
    """A patchwork of triangles without gap or overlap, and roads over it, some of them along its borders."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    points = np.array([110.0, 35.0]) + rng.uniform(0, 0.2, (draw(st.integers(4, 12)), 2))
    patches = shapely.get_parts(shapely.delaunay_triangles(shapely.MultiPoint(points)))
    roads = [shapely.LineString(np.array([110.0, 35.0]) + rng.uniform(-0.02, 0.22, (k, 2))) for k in (2, 3, 6)]
    roads.append(shapely.LineString(shapely.get_coordinates(patches[0])))
    return list(patches), roads


@settings(deadline=None, max_examples=40)
@given(counties_and_roads())
def test_every_piece_of_a_road_lies_in_its_county_and_the_lengths_add_up(case):
    counties, roads = case
    lines = draw_lines(roads)
    pieces = county_stretches(lines, counties)
    np.testing.assert_allclose(
        np.bincount(pieces.line, weights=pieces.length_m, minlength=len(roads)), lines.length_m, atol=1e-6
    )
    for k, road in enumerate(roads[:3]):
        ends, middles = walk(road, 25.0)
        at = (ends[:-1] + ends[1:]) / 2
        mine = pieces.line == k
        value = pieces.value[mine][np.searchsorted(pieces.from_m[mine], at) - 1]
        spots = shapely.points(middles)
        for c, county in enumerate(counties):
            clear = shapely.distance(spots, county.boundary) > 1e-6
            np.testing.assert_array_equal((value == c)[clear], shapely.contains(county, spots)[clear])
    # Along a border both counties touch the road: one of them has it.
    assert (pieces.value[pieces.line == 3] != NOWHERE).all()


def test_one_crossing_of_a_road_that_goes_out_and_comes_back_on_itself_is_two_breaks():
    county = polygon((0, -1000), (5000, -1000), (5000, 1000), (0, 1000))
    lines = draw_lines([line((-1000, 0), (1000, 0), (-1000, 0))])
    pieces = county_stretches(lines, [county])
    assert list(pieces.value) == [NOWHERE, 0, NOWHERE]
    np.testing.assert_allclose(pieces.length_m, [1000, 2000, 1000], atol=0.5)


def test_metres_by_class_county_and_tunnel_add_up_to_the_roads():
    lines = draw_lines([line((0, 0), (0, 8000)), line((0, 0), (6000, 0)), line((0, 8000), (0, 9000))])
    counties = [polygon((-100, -100), (9000, -100), (9000, 3000), (-100, 3000))]
    states = covered_or_not(lines, covered_stretches(lines, *([v] for v in place(0, 0)), [1000]))
    pieces = lay_over(lines, [states, county_stretches(lines, counties)])
    road_class = np.array(["national", "county", "national"])[pieces.line]
    tunnel = np.array([False, False, True])[pieces.line]
    table = lengths_by([road_class, pieces.values[1], tunnel], pieces.values[0], pieces.length_m)
    rows = {(str(a), int(b), bool(c)): (y, n) for a, b, c, y, n in zip(*table.keys, table.yes_m, table.no_m)}
    assert rows.keys() == {
        ("county", 0, False),
        ("national", 0, False),
        ("national", NOWHERE, False),
        ("national", NOWHERE, True),
    }
    np.testing.assert_allclose(rows["national", 0, False], [1000, 2000], atol=0.5)
    np.testing.assert_allclose(rows["county", 0, False], [1000, 5000], atol=0.5)
    np.testing.assert_allclose(rows["national", NOWHERE, True], [0, 1000], atol=0.5)
    assert table.length_m.sum() == pytest.approx(lines.length_m.sum(), abs=1e-6)


def test_where_nothing_can_be_told_there_is_no_share():
    table = lengths_by([["a", "a", "b"]], [YES, NO, UNKNOWN], [30.0, 10.0, 5.0])
    assert table.share[0] == 0.75
    assert np.isnan(table.share[1])
    assert list(table.unknown_m) == [0, 5]


@pytest.mark.parametrize("step", [25.0, 100.0, 5000.0])
def test_samples_stand_in_the_middle_of_cells_that_leave_nothing_out(step):
    lines = draw_lines([line((0, 0), (700, 0), (700, 1234)), None, line((0, 0), (0, 33))])
    samples = sample_lines(lines, step)
    assert (samples.to_m - samples.from_m).max() <= step + 1e-9
    np.testing.assert_allclose(np.bincount(samples.line, weights=samples.to_m - samples.from_m), lines.length_m)
    first = samples.line == 0
    assert samples.from_m[first][0] == 0.0
    np.testing.assert_array_equal(samples.from_m[first][1:], samples.to_m[first][:-1])
    reach = samples.chainage_m[0]
    begin = lines.lon[0], lines.lat[0]
    if reach < 700:
        assert GEOD.inv(*begin, samples.lon[0], samples.lat[0])[2] == pytest.approx(reach, abs=0.01)


def test_levels_at_samples_become_stretches_of_three_states():
    # By hand: 500 m by 100 m; no terrain in the third cell, no station in range of the last.
    lines = draw_lines([line((0, 0), (0, 500))])
    samples = sample_lines(lines, 100.001)
    states = states_of_levels([-90, -105, -90, -105.1, np.nan], -105, [True, True, False, True, True])
    assert list(states) == [YES, YES, UNKNOWN, NO, NO]
    stretches = stretches_of_samples(lines, samples, states)
    assert list(stretches.value) == [YES, UNKNOWN, NO]
    np.testing.assert_allclose(stretches.from_m, [0, 200, 300], atol=0.01)
    gaps = gap_runs(lines, stretches)
    np.testing.assert_allclose([gaps.from_m[0], gaps.to_m[0]], [300, 500], atol=0.01)
    assert len(gap_runs(lines, stretches, state=UNKNOWN).line) == 1


def test_sampling_finer_comes_nearer_to_the_exact_share():
    rng = np.random.default_rng(11)
    lines = draw_lines([line(*np.cumsum(rng.normal(0, 900, (60, 2)), axis=0)) for _ in range(20)])
    xy = rng.uniform(-12_000, 12_000, (120, 2))
    stations = (*np.array([place(*p) for p in xy]).T, rng.uniform(300, 2500, 120))
    states = covered_or_not(lines, covered_stretches(lines, *stations))
    exact = states.length_m[states.value == YES].sum() / lines.length_m.sum()
    share = {}
    for step in (100.0, 25.0):
        samples = sample_lines(lines, step)
        reached = any_within_own_radius(samples.lon, samples.lat, *stations)
        found = stretches_of_samples(lines, samples, np.where(reached, YES, NO))
        share[step] = found.length_m[found.value == YES].sum() / lines.length_m.sum()
    assert 0.1 < exact < 0.9
    assert abs(share[25.0] - exact) < 0.001
    assert abs(share[100.0] - share[25.0]) < 0.005


def test_the_step_must_be_positive():
    with pytest.raises(ValueError, match="step_m"):
        sample_lines(draw_lines([]), 0.0)


def test_no_lines_at_all_give_empty_answers():
    lines = draw_lines([])
    states = covered_or_not(lines, covered_stretches(lines, [110.0], [35.0], [1000.0]))
    assert len(states.line) == len(gap_runs(lines, states).line) == len(sample_lines(lines, 50.0).line) == 0
    assert len(county_stretches(lines, [shapely.box(110, 35, 111, 36)]).line) == 0
