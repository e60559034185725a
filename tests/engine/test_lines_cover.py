"""Which stretches of roads their stations cover, against a walk by metres."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.lines import covered_or_not, covered_stretches, cut_lines, draw_lines, gap_runs
from xinji_planner.analysis.reach import any_within_own_radius
from xinji_planner.analysis.village_verdict import YES
from xinji_planner.tests.engine.lines_kit import GEOD, geodesic_m, line, place, walk

NEAR_MM = 2e-3


@st.composite
def roads_and_stations(draw):
    """A bent road of one or two parts, long and short segments, and stations about it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    lon, lat = draw(st.sampled_from([(110.0, 35.0), (80.0, 33.0), (123.0, 53.0), (108.0, 21.5), (20.0, -60.0)]))
    spread = draw(st.sampled_from([0.003, 0.02]))
    parts = [
        np.array([lon, lat]) + rng.uniform(-spread, spread, (rng.integers(2, 5), 2))
        for _ in range(draw(st.integers(1, 2)))
    ]
    geometry = shapely.LineString(parts[0]) if len(parts) == 1 else shapely.MultiLineString(parts)
    count = draw(st.integers(1, 8))
    stations = np.array([lon, lat]) + rng.uniform(-1.5 * spread, 1.5 * spread, (count, 2))
    radius = rng.uniform(0, spread * 111_000 * draw(st.sampled_from([0.2, 1.0])), count)
    return geometry, np.column_stack([stations, radius])


@settings(deadline=None, max_examples=30)
@given(roads_and_stations())
def test_every_metre_of_a_road_is_covered_just_where_a_station_is_within_its_radius(case):
    geometry, stations = case
    lines = draw_lines([geometry])
    found = covered_stretches(lines, *stations.T)
    ends, middles = walk(geometry)
    assert lines.length_m[0] == pytest.approx(ends[-1], abs=1e-3)
    spare = np.max([s[2] - geodesic_m(middles, s) for s in stations], axis=0)
    at = (ends[:-1] + ends[1:]) / 2
    inside = np.zeros(len(at), dtype=bool)
    edge = np.zeros(len(at), dtype=bool)
    for begin, end in zip(found.from_m, found.to_m):
        inside |= (at >= begin) & (at <= end)
        edge |= (np.abs(at - begin) < 0.02) | (np.abs(at - end) < 0.02)
    clear = (np.abs(spare) > NEAR_MM) & ~edge
    np.testing.assert_array_equal(inside[clear], (spare >= 0)[clear])
    brute = np.diff(ends)[spare >= 0].sum()
    assert (found.to_m - found.from_m).sum() == pytest.approx(brute, abs=1.0 + 2 * len(found.line))


@settings(deadline=None, max_examples=20)
@given(roads_and_stations())
def test_the_ends_of_covered_stretches_lie_on_a_stations_circle_or_on_the_roads_end(case):
    geometry, stations = case
    lines = draw_lines([geometry])
    found = covered_stretches(lines, *stations.T)
    for cut, begin, end in zip(cut_lines(lines, *found), found.from_m, found.to_m):
        xy = shapely.get_coordinates(cut)
        for at, spot in ((begin, xy[0]), (end, xy[-1])):
            if at in (0.0, lines.length_m[0]) or at in lines.chainage_m:
                continue
            distance = np.array([GEOD.inv(*spot, *s[:2])[2] for s in stations])
            # A place is right to some millimetres along the road, and so is the distance.
            assert np.abs(distance - stations[:, 2]).min() < 0.012


@settings(deadline=None, max_examples=30)
@given(roads_and_stations())
def test_the_gap_runs_of_a_road_add_up_to_what_is_open(case):
    geometry, stations = case
    lines = draw_lines([geometry])
    states = covered_or_not(lines, covered_stretches(lines, *stations.T))
    gaps = gap_runs(lines, states)
    open_m = lines.length_m.sum() - states.length_m[states.value == YES].sum()
    assert (gaps.to_m - gaps.from_m).sum() == pytest.approx(open_m, abs=1e-6)
    drawn = sum(GEOD.geometry_length(part) for part in cut_lines(lines, gaps.line, gaps.from_m, gaps.to_m))
    assert drawn == pytest.approx(open_m, abs=0.1)


def test_a_road_past_one_mast_is_covered_along_the_chord():
    # By hand: a road of 4 km due north (which is geodesic), a mast of 500 m radius 300 m off: 2·√(500² − 300²) = 800.
    lines = draw_lines([line((0, -2000), (0, 2000))])
    found = covered_stretches(lines, *([v] for v in place(300, 0)), [500])
    assert lines.length_m[0] == pytest.approx(4000, abs=0.01)
    assert list(found.line) == [0]
    assert found.from_m[0] == pytest.approx(1600, abs=0.001)
    assert found.to_m[0] == pytest.approx(2400, abs=0.001)


def test_two_masts_that_overlap_cover_once_and_two_apart_leave_the_gap_between():
    lines = draw_lines([line((0, 0), (10_000, 0))])
    lon, lat = zip(*(place(x, 0) for x in (2000, 2800, 7000)))
    found = covered_stretches(lines, lon, lat, [500, 600, 1000])
    np.testing.assert_allclose(found.from_m, [1500, 6000], atol=0.05)
    np.testing.assert_allclose(found.to_m, [3400, 8000], atol=0.05)
    gaps = gap_runs(lines, covered_or_not(lines, found), least_m=2000)
    np.testing.assert_allclose(gaps.from_m, [3400, 8000], atol=0.05)
    np.testing.assert_allclose(gaps.to_m, [6000, 10_000], atol=0.05)


def test_a_road_drawn_with_two_vertices_over_200_km_bends_as_it_is_drawn():
    # At 40° north the straight line in degrees lies some 660 m from the geodesic halfway.
    geometry = shapely.LineString([(100, 40), (102.34, 40)])
    halfway = GEOD.npts(100, 40, 102.34, 40, 1)[0]
    assert 600 < GEOD.inv(101.17, 40, *halfway)[2] < 800
    lines = draw_lines([geometry])
    found = covered_stretches(lines, [101.17], [40], [100])
    assert (found.to_m - found.from_m)[0] == pytest.approx(200, abs=0.01)
    assert len(covered_stretches(lines, [halfway[0]], [halfway[1]], [100]).line) == 0


def test_a_line_that_only_touches_a_stations_circle_is_open():
    lines = draw_lines([line((-1000, 0), (1000, 0))])
    found = covered_stretches(lines, *([v] for v in place(0, 300)), [299.999])
    assert len(found.line) == 0


def test_rows_without_geometry_stay_rows_and_have_no_length():
    lines = draw_lines([None, line((0, 0), (1000, 0)), shapely.LineString()])
    assert lines.line_count == 3
    np.testing.assert_allclose(lines.length_m, [0, 1000, 0], atol=0.01)
    found = covered_stretches(lines, *([v] for v in place(500, 0)), [100])
    assert list(found.line) == [1]


def test_no_station_covers_nothing():
    lines = draw_lines([line((0, 0), (1000, 0))])
    assert len(covered_stretches(lines, [], [], []).line) == 0


def test_the_same_stations_in_another_order_and_on_more_threads_give_the_same_bits():
    rng = np.random.default_rng(3)
    lines = draw_lines([line(*rng.uniform(-20_000, 20_000, (40, 2))) for _ in range(30)])
    xy = rng.uniform(-20_000, 20_000, (400, 2))
    stations = np.column_stack([[place(*p) for p in xy], rng.uniform(0, 3000, 400)])
    one = covered_stretches(lines, *stations.T, threads=1)
    other = covered_stretches(lines, *stations[rng.permutation(400)].T, threads=3)
    for a, b in zip(one, other):
        np.testing.assert_array_equal(a, b)


def test_a_line_and_its_points_get_the_same_answer():
    rng = np.random.default_rng(5)
    geometry = line(*rng.uniform(-20_000, 20_000, (40, 2)))
    stations = np.column_stack([[place(*p) for p in rng.uniform(-20_000, 20_000, (60, 2))], rng.uniform(0, 4000, 60)])
    lines = draw_lines([geometry])
    states = covered_or_not(lines, covered_stretches(lines, *stations.T))
    spots = [
        shapely.get_coordinates(cut) for cut in cut_lines(lines, states.line, states.from_m + 0.02, states.to_m - 0.02)
    ]
    for xy, value in zip(spots, states.value):
        reached = any_within_own_radius(*xy.T, *stations.T)
        assert reached.all() if value == YES else not reached.any()


@pytest.mark.parametrize(
    ("stations", "word"),
    [
        (([110.0], [35.0], [-1.0]), "radius_m"),
        (([110.0], [35.0], [np.nan]), "radius_m"),
        (([110.0], [135.0], [10.0]), "latitude"),
        (([110.0, 111.0], [35.0], [10.0]), "one length"),
    ],
)
def test_a_station_out_of_bounds_is_refused(stations, word):
    with pytest.raises(ValueError, match=word):
        covered_stretches(draw_lines([line((0, 0), (1000, 0))]), *stations)


def test_a_line_out_of_bounds_is_refused_by_its_row():
    with pytest.raises(ValueError, match="line 1"):
        draw_lines([line((0, 0), (1000, 0)), shapely.LineString([(110, 35), (500000, 3900000)])])
    with pytest.raises(ValueError, match="line 0: not a line"):
        draw_lines([shapely.Point(110, 35)])
    with pytest.raises(ValueError, match="180"):
        draw_lines([shapely.LineString([(179.9, 10), (-179.9, 10)])])
