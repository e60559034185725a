"""The kernels under the geometry checks of a package, against slow and obvious versions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.layers.geometry.areas import overlapping_pairs
from xinji_planner.layers.geometry.ends import free_ends
from xinji_planner.layers.geometry.strands import strands_of
from xinji_planner.layers.geometry.strips import clustered, common_ground, wider_than
from xinji_planner.layers.geometry.twins import earlier_twins
from xinji_planner.layers.geometry.unfilled import unfilled

QUICK = settings(max_examples=60, deadline=None)
TOLERANCE = 1e-4
FAR = np.array([38_500_000.0, 3_500_000.0])  # where a delivery in a zone has its coordinates


def array(shapes):
    given_shapes = np.empty(len(shapes), dtype=object)
    given_shapes[:] = shapes
    return given_shapes


def far(points):
    return shapely.LineString(np.asarray(points, dtype=float) + FAR)


lattice = st.tuples(st.integers(0, 6), st.integers(0, 6))
walk = st.lists(lattice, min_size=2, max_size=7).filter(lambda points: len(set(points)) > 1)


def without_repeats(points):
    return [p for k, p in enumerate(points) if k == 0 or p != points[k - 1]]


def segments_of(points):
    return [shapely.LineString(pair) for pair in itertools.pairwise(points)]


def shared_length(one, other):
    """Ground that pairs of segments share, each metre once."""
    ground = [a.intersection(b) for a, b in zip(one, other)]
    return shapely.union_all([piece for piece in ground if piece.length > 0]).length


@QUICK
@given(st.lists(walk, min_size=2, max_size=5))
def test_lines_overlap_as_an_exact_overlay_of_every_pair_of_segments_says(walks):
    walks = [without_repeats(points) for points in walks]
    found = strands_of(array([far(points) for points in walks]), TOLERANCE).overlaps
    told = {(int(a), int(b)): g.length for a, b, g in zip(found.one, found.other, found.ground)}
    slow = {}
    for i, j in itertools.combinations_with_replacement(range(len(walks)), 2):
        one, other = segments_of(walks[i]), segments_of(walks[j])
        pairs = itertools.combinations(one, 2) if i == j else itertools.product(one, other)
        length = shared_length(*zip(*list(pairs))) if i != j or len(one) > 1 else 0.0
        if length > 0:
            slow[i, j] = length
    assert told.keys() == slow.keys()
    assert told == pytest.approx(slow, abs=1e-6)


def meets_itself(points):
    """Places at which a line meets itself and neither strand ends there, by looking at every pair of segments."""
    pieces = segments_of(points)
    closed = points[0] == points[-1]
    places = set()
    for i, j in itertools.combinations(range(len(pieces)), 2):
        common = pieces[i].intersection(pieces[j])
        if j == i + 1 or common.is_empty or common.length > 0:
            continue
        if closed and i == 0 and j == len(pieces) - 1:
            continue
        place = (round(common.x, 6), round(common.y, 6))
        if closed or place not in {tuple(map(float, points[0])), tuple(map(float, points[-1]))}:
            places.add(place)
    return places


@QUICK
@given(walk)
def test_a_line_meets_itself_where_a_look_at_every_pair_of_its_segments_finds_it(points):
    points = without_repeats(points)
    found = strands_of(array([far(points)]), TOLERANCE)
    told = {tuple(np.round(place - FAR, 6) + 0.0) for place in found.places[~found.lasso]}
    assert told == meets_itself(points)


@QUICK
@given(walk, st.integers(0, 10_000))
def test_noise_below_the_tolerance_changes_no_verdict_on_overlaps(points, seed):
    points = without_repeats(points)
    noise = np.random.default_rng(seed).uniform(-0.4, 0.4, (len(points), 2)) * TOLERANCE
    exact = strands_of(array([far(points), far(points)]), TOLERANCE).overlaps
    noisy = strands_of(array([far(points), far(np.array(points) + noise)]), TOLERANCE).overlaps
    assert (0, 1) in set(zip(noisy.one.tolist(), noisy.other.tolist()))
    own = shapely.union_all(segments_of(points)).length
    both = exact.ground[(exact.one == 0) & (exact.other == 1)][0]
    assert both.length == pytest.approx(own, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_a_strip_is_wide_exactly_if_a_disc_fits_in(seed):
    rng = np.random.default_rng(seed)
    shapes = array([shapely.Point(0, 0).buffer(1, 3).intersection(shapely.box(*box)) for box in boxes(rng)])
    shapes = shapes[~shapely.is_empty(shapes)]
    slow = [shapely.maximum_inscribed_circle(shape, tolerance=1e-4).length * 2 for shape in shapes]
    for told, diameter in zip(wider_than(shapes, 0.3), slow):
        assert told == (diameter > 0.3) or abs(diameter - 0.3) < 1e-3


def boxes(rng):
    corners = rng.uniform(-1, 1, (8, 2))
    return np.hstack([corners, corners + rng.uniform(0.05, 1, (8, 2))])


@QUICK
@given(st.integers(0, 10_000))
def test_common_ground_is_that_of_an_exact_overlay_of_all_pairs(seed):
    rng = np.random.default_rng(seed)
    shapes = array([shapely.box(x, y, x + w, y + h) for x, y, w, h in rng.integers(1, 9, (10, 4))])
    one, other = overlapping_pairs(shapes)
    pieces, pair = common_ground(shapes[one], shapes[other], TOLERANCE)
    told = {}
    for piece, k in zip(pieces, pair):
        key = int(one[k]), int(other[k])
        told[key] = told.get(key, 0.0) + piece.area
    slow = {
        (i, j): shapes[i].intersection(shapes[j]).area
        for i, j in itertools.combinations(range(10), 2)
        if shapes[i].intersection(shapes[j]).area > 0
    }
    assert told == slow


@QUICK
@given(st.integers(0, 10_000))
def test_twins_are_those_that_a_look_at_every_pair_finds(seed):
    rng = np.random.default_rng(seed)
    base = [rng.integers(0, 4, (3, 2)) * 10.0 for _ in range(3)]
    shapes = []
    for _ in range(14):
        points = base[rng.integers(0, 3)] + rng.choice([0, 0, 4e-5, 3e-4], (3, 2))
        points = points[::-1] if rng.integers(0, 2) else points
        if rng.integers(0, 2):
            points = np.insert(points, 1, points[:2].mean(axis=0), axis=0)  # a vertex in the middle of a segment
        shapes.append(shapely.LineString(points))

    def far_apart(one, other):
        return max(shapely.hausdorff_distance(one, other, densify=0.01), shapely.hausdorff_distance(other, one))

    slow = [next((i for i in range(j) if far_apart(shapes[i], shapes[j]) <= TOLERANCE), -1) for j in range(len(shapes))]
    assert earlier_twins(array(shapes), TOLERANCE).tolist() == slow


def test_lines_over_the_same_vertices_in_another_order_are_no_twins():
    one = shapely.LineString([(0, 0), (1, 0), (0, 1), (1, 1)])
    other = shapely.LineString([(0, 0), (0, 1), (1, 0), (1, 1)])
    assert earlier_twins(array([one, other]), TOLERANCE).tolist() == [-1, -1]


def test_areas_drawn_from_another_corner_or_the_other_way_round_are_twins():
    ring = [(0, 0), (9, 0), (9, 9), (0, 9)]
    shapes = [shapely.Polygon(ring), shapely.Polygon(ring[2:] + ring[:2]), shapely.Polygon(ring[::-1])]
    shapes.append(shapely.Polygon(ring, [[(1, 1), (2, 1), (2, 2)]]))
    assert earlier_twins(array(shapes), TOLERANCE).tolist() == [-1, 0, 0, -1]


@QUICK
@given(st.lists(walk, min_size=2, max_size=6))
def test_free_ends_are_those_that_lie_on_no_other_line(walks):
    lines = array([far(without_repeats(points)) for points in walks])
    row, places, _ = free_ends(lines, TOLERANCE, 0.0)
    told = sorted((int(k), *(np.round(place - FAR, 3) + 0.0)) for k, place in zip(row, places))
    slow = []
    for k, line in enumerate(lines):
        ends = [line.coords[0], line.coords[-1]]
        for end in ends if ends[0] != ends[1] else []:
            if all(other.distance(shapely.Point(end)) > TOLERANCE for j, other in enumerate(lines) if j != k):
                slow.append((k, *(np.round(np.array(end) - FAR, 3) + 0.0)))
    assert told == sorted(slow)


@QUICK
@given(st.integers(0, 10_000))
def test_unfilled_ground_is_what_the_outside_cannot_reach(seed):
    rng = np.random.default_rng(seed)
    corners, sizes = rng.integers(0, 9, (22, 2)), rng.integers(1, 4, (22, 2))
    shapes = array([shapely.box(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, sizes)])
    one, other = overlapping_pairs(shapes)
    overlapping = np.isin(np.arange(len(shapes)), np.union1d(one, other))
    told = unfilled(shapes, overlapping)
    around = shapely.box(-9, -9, 30, 30)
    rest = shapely.get_parts(around.difference(shapely.union_all(shapes)))
    slow = [piece for piece in rest if not piece.touches(around.exterior) and piece.disjoint(around.exterior)]
    assert len(told) == len(slow)
    assert shapely.union_all(told).equals(shapely.union_all(slow))


def test_a_gap_with_an_area_in_its_middle_is_told_without_it():
    frame = shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 8, 8))
    island, touching = shapely.box(4, 4, 6, 6), shapely.Polygon([(2, 5), (3, 4), (3, 6)])
    for inside in ([island], [touching], [island, touching]):
        gaps = unfilled(array([frame, *inside]), np.zeros(1 + len(inside), dtype=bool))
        assert sum(gap.area for gap in gaps) == 36 - sum(shape.area for shape in inside)


@QUICK
@given(st.integers(0, 10_000))
def test_vertices_are_moved_by_no_more_than_rounding_and_borders_match_afterwards(seed):
    noise = np.random.default_rng(seed).uniform(-0.3, 0.3, (10, 2)) * TOLERANCE
    left = shapely.Polygon(np.array([(0, 0), (5, 0), (6, 4), (5, 9), (0, 9)]) + noise[:5])
    right = shapely.Polygon(np.array([(5, 0), (9, 0), (9, 9), (5, 9), (6, 4)]) + noise[5:])
    one, other = clustered(array([left, right]), TOLERANCE)
    assert one.touches(other) and one.intersection(other).length == pytest.approx(2 + 6.5, abs=1)
    assert shapely.hausdorff_distance(one, left) <= TOLERANCE
    assert shapely.hausdorff_distance(other, right) <= TOLERANCE


def test_many_lines_over_the_same_ground_are_each_told_with_each_of_the_others():
    way = np.cumsum(np.random.default_rng(0).normal(0, 1, (300, 2)) * 20 + [40, 0], axis=0)
    found = strands_of(array([far(way[k : len(way) - k]) for k in range(8)]), TOLERANCE)
    assert found.is_whole and len(found.overlaps.one) == 28
    for one, other, ground in zip(found.overlaps.one, found.overlaps.other, found.overlaps.ground):
        assert one < other and ground.geom_type == "LineString"
        assert ground.length == pytest.approx(far(way[other : len(way) - other]).length, abs=1e-6)


def test_ground_that_one_of_two_lines_uses_twice_counts_once():
    there_and_back = [(0, 0), (100, 0), (40, 0)]
    found = strands_of(array([far(there_and_back), far([(-20, 0), (120, 0)])]), TOLERANCE).overlaps
    told = {(int(a), int(b)): round(ground.length, 6) for a, b, ground in zip(found.one, found.other, found.ground)}
    assert told == {(0, 0): 60.0, (0, 1): 100.0}
