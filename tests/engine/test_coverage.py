"""What stations cover of a unit and what they leave open."""

from __future__ import annotations

import math
import time

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xinji_planner.analysis import unit_coverage
from xinji_planner.analysis.areas import geometry_areas
from xinji_planner.analysis.chord_grid import Lines, free_of_crossings, make_grid
from xinji_planner.analysis.coverage import coverage_of_units
from xinji_planner.analysis.stereographic import frame_at, project, project_discs, unproject

GEOD = pyproj.Geod(ellps="GRS80")
LON, LAT = 110.0, 35.0
LOCAL = pyproj.Transformer.from_pipeline(
    f"+proj=pipeline +step +inv +proj=aeqd +lat_0={LAT} +lon_0={LON} +ellps=GRS80 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


def degrees(x, y):
    """Metres east and north of the test place, in degrees."""
    return LOCAL.transform(np.asarray(x, float), np.asarray(y, float))


def polygon(points, holes=()):
    """A polygon from metres."""

    def ring(p):
        return np.column_stack(degrees(*np.asarray(p, float).T))

    return shapely.Polygon(ring(points), [ring(h) for h in holes])


def square(side, x=0.0, y=0.0):
    h = side / 2
    return [(x - h, y - h), (x + h, y - h), (x + h, y + h), (x - h, y + h)]


def cover(unit, stations):
    """One unit, stations as (x, y, radius) in metres."""
    x, y, r = np.asarray(stations, float).reshape(-1, 3).T
    return coverage_of_units([unit], *degrees(x, y), r)


def slowly(unit, stations, corners=1440):
    """The obvious way: fine geodesic circles with the area of the disc, union, intersection."""
    azimuth = np.arange(corners) * 360.0 / corners
    grow = math.sqrt((2 * math.pi / corners) / math.sin(2 * math.pi / corners))
    circles = []
    for x, y, r in stations:
        lon, lat = degrees(x, y)
        one = np.ones(corners)
        a, b, _ = GEOD.fwd(lon * one, lat * one, azimuth, r * grow * one)
        circles.append(shapely.Polygon(np.column_stack([a, b])))
    union = shapely.union_all(circles)
    return unit.intersection(union), unit.difference(union)


def check(unit, stations, method="arcs"):
    """Compare with the slow way, and hold the result to what it promises."""
    result = cover(unit, stations)
    covered, gap = result.covered[0], result.gap[0]
    assert result.method == [method]
    for shape, area in ((covered, result.covered_area_m2[0]), (gap, result.gap_area_m2[0])):
        if shape is None:
            assert area == 0.0
            continue
        assert shape.geom_type == "MultiPolygon"
        assert shapely.is_valid(shape), shapely.is_valid_reason(shape)
        assert shape.equals_exact(shapely.orient_polygons(shape), 0.0)
        assert area == pytest.approx(geometry_areas([shape])[0], rel=1e-9, abs=1e-3)
    total = result.unit_area_m2[0]
    assert result.covered_area_m2[0] + result.gap_area_m2[0] == pytest.approx(total, rel=1e-8, abs=1.0)
    discs = sum(math.pi * r * r for _, _, r in stations)
    for mine, slow in zip((covered, gap), slowly(unit, stations)):
        area, expected = geometry_areas([mine, _areal(slow)])
        assert area == pytest.approx(expected, rel=1e-5, abs=2e-6 * discs + 0.01)
        apart = geometry_areas([_areal(slow if mine is None else mine.symmetric_difference(slow))])[0]
        assert apart <= 2e-3 * discs + 0.01
    return result


def _areal(geometry):
    parts = [p for p in shapely.get_parts(shapely.get_parts(geometry)) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


UNIT = polygon(square(20_000))
FLAT = {"rel": 3e-7}  # a geodesic disc of 5 km has 5e-8 less area than a flat one


def test_one_station_in_the_middle_covers_pi_r_squared():
    result = check(UNIT, [(0, 0, 5000)])
    assert result.covered_area_m2[0] == pytest.approx(math.pi * 5000**2, **FLAT)
    assert len(result.gap[0].geoms[0].interiors) == 1


def test_two_overlapping_discs_cover_their_sum_less_the_lens():
    r, d = 3000.0, 4000.0
    lens = 2 * r * r * math.acos(d / (2 * r)) - d / 2 * math.sqrt(4 * r * r - d * d)
    result = check(UNIT, [(-d / 2, 0, r), (d / 2, 0, r)])
    assert result.covered_area_m2[0] == pytest.approx(2 * math.pi * r * r - lens, **FLAT)


def test_a_station_on_the_corner_covers_a_quarter_disc():
    result = check(UNIT, [(10_000, 10_000, 4000)])
    assert result.covered_area_m2[0] == pytest.approx(math.pi * 4000**2 / 4, rel=2e-3)  # borders are no meridians


def test_a_station_outside_counts_as_far_as_it_reaches_in():
    assert check(UNIT, [(12_000, 0, 5000)]).covered_area_m2[0] > 1e7
    assert check(UNIT, [(16_000, 0, 5000)]).covered == [None]


def test_identical_and_concentric_stations_cover_once():
    result = check(UNIT, [(0, 0, 3000), (0, 0, 3000), (0, 0, 1000), (0, 0, 5000), (0, 0, 5000)])
    assert result.covered_area_m2[0] == pytest.approx(math.pi * 5000**2, **FLAT)


@pytest.mark.parametrize("shift", [-1e-3, -1e-6, 0.0, 1e-6, 1e-3, 0.5])
def test_discs_that_touch_or_nearly_touch_keep_their_areas(shift):
    outside = check(UNIT, [(-2000, 0, 2000), (1000 + shift, 0, 1000)])
    assert outside.covered_area_m2[0] == pytest.approx(math.pi * (2000**2 + 1000**2), rel=1e-5)
    inside = check(UNIT, [(0, 0, 3000), (2000 + shift, 0, 1000)])
    assert inside.covered_area_m2[0] == pytest.approx(math.pi * 3000**2, rel=1e-4)


@pytest.mark.parametrize("shift", [-1.0, -1e-3, -1e-6, 0.0, 1e-6, 1e-3, 1.0])
def test_a_disc_that_touches_the_border_is_cut_or_left_whole(shift):
    unit = polygon([(-5000, -6000), (5000, -6000), (5000, 3000), (0, 3000), (-5000, 3000)])
    check(unit, [(100, 0, 3000 + shift)])
    check(unit, [(100, 6000, 3000 + shift)])


def test_a_border_vertex_on_the_circle_does_no_harm():
    ring = [(3000 * math.cos(a), 3000 * math.sin(a)) for a in np.radians([0, 40, 130, 200, 300])]
    check(polygon([(9000, -9000), (9000, 9000), *ring[:3], (-9000, 9000), (-9000, -9000)]), [(0, 0, 3000)])
    check(polygon(ring), [(0, 0, 3000)])


def test_a_unit_drawn_as_the_circle_itself_is_covered_but_for_slivers():
    ring = [(3000 * math.cos(a), 3000 * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 180, endpoint=False)]
    assert check(polygon(ring), [(0, 0, 3000)]).gap_area_m2[0] < 1.0
    check(polygon(ring), [(0, 0, 2999.8)])
    check(polygon(ring), [(0, 0, 2999)])


def test_a_ring_of_stations_leaves_a_hole_open():
    stations = [(4000 * math.cos(a), 4000 * math.sin(a), 1500) for a in np.linspace(0, 2 * math.pi, 13)[:-1]]
    gap = check(UNIT, stations).gap[0]
    assert len(gap.geoms) == 2
    assert check(polygon(square(4000)), stations).method == ["arcs"]


def test_a_square_lattice_whose_circles_meet_in_fours_is_judged():
    side = 1000.0
    stations = [(i * side, j * side, side / math.sqrt(2)) for i in range(-4, 5) for j in range(-4, 5)]
    result = check(UNIT, stations)
    assert len(result.covered[0].geoms) == 1
    row = side * math.sqrt(3) / 2
    hexagons = [(i * side + j * side / 2, j * row, side / 2) for i in range(-3, 4) for j in range(4)]
    check(UNIT, hexagons)


def test_holes_and_islands_of_a_unit_stay():
    unit = shapely.MultiPolygon(
        [
            polygon(square(20_000), [square(8000, 3000, 0), square(2000, -7000, -7000)[::-1]]),
            polygon(square(4000, 3000, 0)),
            polygon(square(1000, 15_000, 0)),
        ]
    )
    result = check(unit, [(0, 0, 4000), (5000, 1000, 1500), (-7000, -7000, 500)])
    corners = {tuple(c) for c in shapely.get_coordinates(unit)}
    kept = {tuple(c) for c in shapely.get_coordinates([*result.covered, *result.gap])}
    assert corners <= kept  # the unit's own vertices, to the bit


def test_a_hole_that_touches_the_border_in_a_point_is_handled():
    unit = polygon(square(20_000), [[(10_000, 10_000), (6000, 4000), (4000, 6000)]])
    check(unit, [(9000, 9000, 3000)])
    bow = shapely.MultiPolygon([polygon(square(4000, -2000, -2000)), polygon(square(4000, 2000, 2000))])
    check(bow, [(0, 0, 3000), (2000, 2000, 800)])
    check(bow, [(-2000, 2000, 2500), (2000, -2000, 2500)])


def test_a_unit_wholly_covered_has_no_gap():
    result = check(UNIT, [(0, 0, 15_000), (100, 0, 10)])
    assert result.gap == [None]
    assert result.gap_area_m2[0] == 0.0
    assert result.covered_area_m2[0] == result.unit_area_m2[0]


def test_a_unit_without_stations_is_all_gap():
    result = check(UNIT, [])
    assert result.covered == [None]
    assert result.gap[0].geoms[0].equals_exact(shapely.orient_polygons(UNIT), 0.0)


def test_doubled_and_collinear_border_vertices_do_no_harm():
    ring = [(-5000, -5000), (0, -5000), (0, -5000), (2000, -5000), (5000, -5000), (5000, 5000), (-5000, 5000)]
    check(polygon(ring), [(0, -5000, 2000), (5000, 5000, 1000), (1000, -7000, 2000)])


def test_long_borders_are_straight_in_degrees():
    unit = shapely.box(108.0, 34.0, 112.0, 36.0)
    check(unit, [(0, 111_000, 20_000), (-100_000, 111_000, 5000), (0, -111_000, 100_000), (170_000, 80_000, 30_000)])


def test_covered_and_gap_share_their_border_to_the_bit():
    result = cover(UNIT, [(0, 0, 4000), (3000, 2000, 2500), (9000, 0, 2500)])
    covered, gap = ({tuple(c) for c in shapely.get_coordinates(shape)} for shape in (result.covered[0], result.gap[0]))
    arcs = covered | gap
    arcs -= {tuple(c) for c in shapely.get_coordinates(UNIT)}
    assert arcs == (covered & gap)


SPOT = st.tuples(
    st.integers(-6, 6).map(lambda v: v * 500.0),
    st.integers(-6, 6).map(lambda v: v * 500.0),
    st.sampled_from([250.0, 500.0, 500.0 * math.sqrt(2), 1000.0, 2500.0]),
)
FREE = st.tuples(st.floats(-4000, 4000), st.floats(-4000, 4000), st.floats(50, 3000))


@st.composite
def star(draw, radius=3500.0):
    """A polygon around the test place, now and then on the lattice's lines and circles."""
    n = draw(st.integers(3, 14))
    far = draw(st.lists(st.sampled_from([0.2, 0.5, 0.7, 1.0]) | st.floats(0.15, 1.0), min_size=n, max_size=n))
    turn = draw(st.sampled_from([0.0, math.pi / 4, 0.3]))
    return [
        (radius * f * math.cos(turn + 2 * math.pi * k / n), radius * f * math.sin(turn + 2 * math.pi * k / n))
        for k, f in enumerate(far)
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(star(), st.booleans(), st.lists(SPOT | FREE, max_size=12))
def test_any_unit_and_any_stations_agree_with_the_slow_way(ring, hole, stations):
    holes = [[(0.4 * x, 0.4 * y) for x, y in ring][::-1]] if hole else []
    check(polygon(ring, holes), stations)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(SPOT, min_size=20, max_size=60))
def test_any_lattice_of_touching_discs_agrees_with_the_slow_way(stations):
    check(polygon(square(5000)), stations)


def many(seed, count=3000, side=0.5):
    rng = np.random.default_rng(seed)
    lon, lat = 110 + rng.uniform(-0.05, side + 0.05, count), 35 + rng.uniform(-0.05, side + 0.05, count)
    radius = rng.choice([360.0, 700.0, 1500.0, 4000.0], count, p=[0.4, 0.4, 0.19, 0.01])
    angle = np.sort(rng.uniform(0, 2 * np.pi, 400))
    far = side * rng.uniform(0.35, 0.5, 400)
    unit = shapely.Polygon(np.column_stack([110 + side / 2 + far * np.cos(angle), 35 + side / 2 + far * np.sin(angle)]))
    return unit, lon, lat, radius


def test_random_places_lie_in_the_gap_if_and_only_if_no_disc_holds_them():
    unit, lon, lat, radius = many(1)
    result = coverage_of_units([unit], lon, lat, radius)
    assert shapely.is_valid(result.gap[0])
    assert shapely.is_valid(result.covered[0])
    rng = np.random.default_rng(2)
    px, py = 110 + rng.uniform(0, 0.5, 1500), 35 + rng.uniform(0, 0.5, 1500)
    inside = shapely.contains_xy(unit, px, py)
    p, s = (grid.ravel() for grid in np.meshgrid(np.arange(1500), np.arange(len(lon)), indexing="ij"))
    close = (np.abs(px[p] - lon[s]) < 0.06) & (np.abs(py[p] - lat[s]) < 0.05)
    p, s = p[close], s[close]
    distance = GEOD.inv(px[p], py[p], lon[s], lat[s])[2]
    slack = np.full(1500, -np.inf)
    np.maximum.at(slack, p, (radius[s] - distance) / radius[s])
    clear = np.abs(slack) > 1e-3  # chords leave the circle by less
    held = slack > 0
    np.testing.assert_array_equal(shapely.contains_xy(result.gap[0], px, py)[clear], (inside & ~held)[clear])
    np.testing.assert_array_equal(shapely.contains_xy(result.covered[0], px, py)[clear], (inside & held)[clear])


def test_the_areas_of_thousands_of_discs_are_true_to_a_hundredth_of_a_percent():
    unit, lon, lat, radius = many(3)
    result = coverage_of_units([unit], lon, lat, radius)
    x, y = LOCAL.transform(lon, lat, direction="INVERSE")
    covered, gap = slowly(unit, np.column_stack([x, y, radius]), corners=720)
    expected = geometry_areas([covered, gap])
    assert result.covered_area_m2[0] == pytest.approx(expected[0], rel=2e-6)
    assert result.gap_area_m2[0] == pytest.approx(expected[1], rel=2e-5)


def test_the_result_is_the_same_to_the_byte_whatever_the_order_of_the_stations():
    unit, lon, lat, radius = many(4)
    first = coverage_of_units([unit, UNIT], lon, lat, radius)
    order = np.random.default_rng(5).permutation(len(lon))
    again = coverage_of_units([unit, UNIT], lon[order], lat[order], radius[order])
    assert [shapely.to_wkb(g) for g in first.gap] == [shapely.to_wkb(g) for g in again.gap]
    assert [shapely.to_wkb(g) for g in first.covered] == [shapely.to_wkb(g) for g in again.covered]
    assert first.gap_area_m2.tobytes() == again.gap_area_m2.tobytes()


def test_units_that_share_a_border_split_it_without_gap_or_overlap():
    unit, lon, lat, radius = many(6)
    line = shapely.box(100, 30, 110.25, 40)
    halves = [shapely.intersection(unit, line), shapely.difference(unit, line)]
    whole = coverage_of_units([unit], lon, lat, radius)
    parts = coverage_of_units(halves, lon, lat, radius)
    assert parts.gap_area_m2.sum() == pytest.approx(whole.gap_area_m2[0], rel=1e-7)


def test_when_the_check_fails_the_unit_goes_the_slow_way_and_says_so(monkeypatch):
    def fails(*_):
        raise unit_coverage.InconsistentError("made to fail")

    monkeypatch.setattr(unit_coverage, "exposed_arcs", fails)
    check(UNIT, [(0, 0, 4000), (3000, 2000, 2500), (9000, 0, 2500)], method="overlay")


def test_work_can_be_cancelled_from_its_progress():
    class CancelledError(Exception):
        pass

    seen = []

    def checkpoint(done):
        seen.append(done)
        if len(seen) > 1:
            raise CancelledError

    unit, lon, lat, radius = many(7)
    start = time.perf_counter()
    with pytest.raises(CancelledError):
        coverage_of_units([unit] * 200, lon, lat, radius, checkpoint=checkpoint)
    assert time.perf_counter() - start < 2.0
    assert 0.0 <= seen[0] <= seen[1] < 1.0


def test_progress_ends_at_one():
    seen = []
    coverage_of_units([UNIT, UNIT], [LON], [LAT], [2000.0], checkpoint=seen.append)
    assert seen[-1] == 1.0


@pytest.mark.parametrize(
    ("lon", "lat", "radius", "words"),
    [
        ([110.0, 110.0], [35.0, 35.0], [100.0, 0.0], "station 1: radius_m"),
        ([110.0, 110.0], [35.0, 35.0], [np.nan, 1.0], "station 0: radius_m"),
        ([110.0], [35.0], [2e5], "station 0: radius_m"),
        ([3.9e5], [35.0], [100.0], "station 0: longitude"),
        ([110.0], [4e6], [100.0], "station 0: latitude"),
        ([110.0], [35.0, 36.0], [100.0], "of one length"),
    ],
)
def test_a_station_that_cannot_be_placed_is_named(lon, lat, radius, words):
    with pytest.raises(ValueError, match=words):
        coverage_of_units([UNIT], lon, lat, radius)


@pytest.mark.parametrize("unit", [shapely.Point(110, 35), shapely.Polygon(), shapely.box(5e5, 4e6, 6e5, 5e6), None])
def test_a_unit_that_is_no_polygon_in_degrees_is_named(unit):
    with pytest.raises(ValueError, match="unit 1"):
        coverage_of_units([UNIT, unit], [110.0], [35.0], [1000.0])


def test_a_crossed_border_is_repaired_and_reported():
    bow = polygon([(-5000, -5000), (5000, 5000), (5000, -5000), (-5000, 5000)])
    result = coverage_of_units([bow, UNIT], *degrees([0.0], [0.0]), [2000.0])
    assert result.repaired == [True, False]
    assert result.covered_area_m2[0] + result.gap_area_m2[0] == pytest.approx(5e7, rel=1e-3)


def test_no_units_give_an_empty_result():
    assert coverage_of_units([], [110.0], [35.0], [1000.0]).gap == []


@pytest.mark.parametrize(("radius", "off"), [(500.0, 1e-6), (6000.0, 1e-5), (50_000.0, 3e-3), (100_000.0, 3e-2)])
def test_geodesic_discs_are_circles_in_the_plane_of_the_unit(radius, off):
    frame = frame_at(104.0, 33.0)
    lon, lat = np.array([104.0, 105.0, 110.0, 101.0]), np.array([33.0, 35.5, 28.0, 38.0])
    x, y, r = project_discs(frame, lon, lat, np.full(4, radius))
    azimuth = np.arange(0.0, 360.0, 10.0)
    for k in range(4):
        one = np.ones(36)
        px, py = project(frame, *GEOD.fwd(lon[k] * one, lat[k] * one, azimuth, radius * one)[:2])
        assert np.abs(np.hypot(px - x[k], py - y[k]) - r[k]).max() < off


def test_the_plane_is_the_stereographic_one_and_goes_back():
    lon, lat = np.array([99.0, 104.0, 104.3, 120.0, 75.0]), np.array([20.0, 33.0, 32.9, 53.0, 40.0])
    x, y = project(frame_at(104.0, 33.0), lon, lat)
    expected = pyproj.Proj("+proj=stere +lat_0=33 +lon_0=104 +ellps=GRS80")(lon, lat)
    np.testing.assert_allclose([x, y], expected, atol=1e-6)
    back = [unproject(frame_at(104.0, 33.0), a, b) for a, b in zip(x, y)]
    np.testing.assert_allclose(back, np.column_stack([lon, lat]), atol=1e-11)


@pytest.mark.parametrize(
    ("first", "second", "free"),
    [
        ([(0, 0), (5, 5)], [(0, 5), (5, 0)], False),  # a crossing
        ([(0, 0), (5, 5)], [(5, 5), (9, 0)], True),  # joined at their ends
        ([(0, 0), (2, 2), (5, 5)], [(2, 2), (9, 0)], False),  # an end on an inner vertex
        ([(0, 0), (4, 0)], [(2, 0), (2, 3)], False),  # an end on an edge
        ([(0, 0), (4, 0)], [(4, 0), (1, 0)], False),  # running back over one another
        ([(0, 0), (4, 0)], [(1, 1), (3, 1)], True),  # apart
        ([(0, 0), (4, 0), (4, 4), (2, -2)], [(9, 9), (8, 9)], False),  # a line across itself
    ],
)
def test_lines_that_cross_are_found(first, second, free):
    xy = np.array(first + second, float)
    offsets = np.array([0, len(first), len(xy)])
    owner = np.repeat(np.arange(2, dtype=np.int32), np.diff(offsets))
    lines = Lines(xy[:, 0].copy(), xy[:, 1].copy(), offsets, owner, np.zeros(2, dtype=bool))
    assert free_of_crossings(lines, make_grid(lines), lambda f, starts: [f(at) for at in starts]) == free
