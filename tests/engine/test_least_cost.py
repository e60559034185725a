"""The cheapest way over a surface of costs, by hand and against the plainest Dijkstra."""

from __future__ import annotations

import heapq
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyproj import Geod
from xinji_planner.analysis.least_cost.path import STEPS, Steps, cheapest_path, longest_detour
from xinji_planner.analysis.least_cost.surface import Surface, cost_along

GEOD = Geod(ellps="GRS80")
WEST, NORTH, LAT_STEP = 86.0, 27.5, 0.001
LON_STEP = LAT_STEP / math.cos(math.radians(27.5))
INF = math.inf


def surface(costs, step_lon=LON_STEP, step_lat=LAT_STEP):
    return Surface(np.array(costs, dtype=float), WEST, NORTH, step_lon, step_lat)


def middle(of, row, column):
    return tuple(float(value) for value in of.centres(row, column))


def metres(one, other):
    return GEOD.inv(*one, *other)[2]


def plain_dijkstra(of, source, neighbours):
    """Every cell's cost from a cell, told step by step from the rule in the words of the module."""
    costs = of.cost_per_m
    rows, columns = costs.shape
    far, heap = {source: 0.0}, [(0.0, source)]
    done = set()
    steps = [*STEPS[neighbours], *((-a, -b) for a, b in STEPS[neighbours])]
    while heap:
        spent, (row, column) = heapq.heappop(heap)
        if (row, column) in done:
            continue
        done.add((row, column))
        for down, right in steps:
            to = (row + down, column + right)
            if not (0 <= to[0] < rows and 0 <= to[1] < columns):
                continue
            passed = [(row, column), to]
            if abs(down) == 2:
                passed += [(row + down // 2, column), (row + down // 2, column + right)]
            elif abs(right) == 2:
                passed += [(row, column + right // 2), (row + down, column + right // 2)]
            elif down and right and math.isinf(costs[row, to[1]]) and math.isinf(costs[to[0], column]):
                continue
            mean = sum(costs[cell] for cell in passed) / len(passed)
            length = metres(middle(of, row, column), middle(of, *to))
            there = spent + mean * length
            if math.isfinite(there) and there < far.get(to, INF):
                far[to] = there
                heapq.heappush(heap, (there, to))
    return far


grids = st.tuples(st.integers(1, 7), st.integers(1, 7)).flatmap(
    lambda shape: arrays(float, shape, elements=st.sampled_from([1.0, 1.0, 2.0, 7.5, INF]))
)


@settings(max_examples=60, deadline=None)
@given(grids, st.sampled_from([8, 16]), st.data())
def test_every_way_costs_what_the_plainest_search_finds(costs, neighbours, data):
    of = surface(costs)
    free = [tuple(cell) for cell in np.argwhere(np.isfinite(of.cost_per_m)).tolist()]
    if not free:
        return
    source = data.draw(st.sampled_from(free))
    truth = plain_dijkstra(of, source, neighbours)
    ends = [middle(of, *cell) for cell in free]
    ways = Steps(of, neighbours).ways(middle(of, *source), ends, straight=False)
    for cell, way in zip(free, ways):
        assert (way is None) == (cell not in truth)
        if way is not None:
            assert way.cost == pytest.approx(truth[cell], rel=1e-6, abs=1e-6)
    pulled = Steps(of, neighbours).ways(middle(of, *source), ends)
    for one, other in zip(ways, pulled):
        assert one is None or other.cost <= one.cost * (1 + 2e-5)
        assert one is None or math.isfinite(other.cost)


@settings(max_examples=40, deadline=None)
@given(grids, st.data())
def test_a_search_that_stops_early_finds_the_same_way(costs, data):
    of = surface(costs)
    free = [tuple(cell) for cell in np.argwhere(np.isfinite(of.cost_per_m)).tolist()]
    if not free:
        return
    one, other = (middle(of, *data.draw(st.sampled_from(free))) for _ in range(2))
    alone, together = cheapest_path(of, one, other), Steps(of).ways(one, [other, other])[0]
    assert (alone is None) == (together is None)
    assert alone is None or alone.cost == pytest.approx(together.cost, rel=1e-9)


def test_on_a_plain_the_way_is_the_straight_line_and_costs_its_length():
    of = surface(np.full((60, 90), 2.0))
    start, end = (86.0111, 27.4912), (86.0893, 27.4523)
    way = cheapest_path(of, start, end)
    assert list(zip(way.lon, way.lat)) == [start, end]
    assert way.length_m == pytest.approx(metres(start, end), rel=1e-12)
    assert way.cost == pytest.approx(2 * way.length_m, rel=1e-9)


@pytest.mark.parametrize(("neighbours", "bound"), [(8, 1.0824), (16, 1.0275)])
def test_a_way_that_is_not_pulled_straight_is_longer_by_no_more_than_the_known_error(neighbours, bound):
    of = surface(np.ones((81, 81)))
    assert longest_detour(of, neighbours) == pytest.approx(bound, abs=1e-3)
    worst = 1.0
    for row in range(0, 81, 4):
        start, end = middle(of, 40, 0), middle(of, row, 80)
        way = cheapest_path(of, start, end, neighbours=neighbours, straight=False)
        worst = max(worst, way.length_m / metres(start, end))
    assert bound - 0.012 < worst <= longest_detour(of, neighbours) + 1e-4


def test_a_wall_is_passed_through_its_gap():
    # A wall of barred cells in column 10 from top to bottom, open in row 17: the way bends at the gap alone.
    costs = np.ones((20, 21))
    costs[:, 10] = INF
    costs[17, 10] = 1
    of = surface(costs)
    start, end = middle(of, 2, 0), middle(of, 2, 20)
    way = cheapest_path(of, start, end)
    assert np.isfinite(cost_along(of, way.lon, way.lat)).all()
    gap = middle(of, 17, 10)
    by_hand = metres(start, gap) + metres(gap, end)
    assert by_hand * 0.97 < way.length_m < by_hand * 1.01
    assert way.cost == pytest.approx(way.length_m, rel=1e-9)


def test_a_wall_without_a_gap_leaves_no_way_even_if_it_runs_slantwise_from_corner_to_corner():
    straight = np.ones((9, 9))
    straight[:, 4] = INF
    slanting = np.ones((9, 9))
    np.fill_diagonal(slanting, INF)
    for costs, ends in ((straight, ((4, 0), (4, 8))), (slanting, ((0, 8), (8, 0)))):
        of = surface(costs)
        assert cheapest_path(of, middle(of, *ends[0]), middle(of, *ends[1])) is None
        assert math.isinf(cost_along(of, *zip(middle(of, *ends[0]), middle(of, *ends[1])))[0])


def test_a_river_is_passed_by_its_one_bridge_if_and_only_if_that_is_cheaper():
    # A river 1 cell wide in row 10, a bridge in column 29; straight over 20 rows from column 5.
    def crossing(dear):
        costs = np.ones((21, 31))
        costs[10] = dear
        costs[10, 29] = 1
        of = surface(costs)
        return of, cheapest_path(of, middle(of, 0, 5), middle(of, 20, 5))

    of, way = crossing(1000.0)
    assert way.lon.max() > middle(of, 10, 28)[0]
    assert way.cost == pytest.approx(way.length_m, rel=1e-9)
    of, way = crossing(3.0)
    assert len(way.lon) == 2
    cell = metres(middle(of, 10, 5), middle(of, 11, 5))
    assert way.cost == pytest.approx(19 * cell + cell * 3, rel=1e-4)


def test_a_cheap_road_is_followed():
    # Off the road 5 a metre, on it 1: down to the road in row 19, along it, and up again.
    costs = np.full((20, 60), 5.0)
    costs[19] = 1
    of = surface(costs)
    way = cheapest_path(of, middle(of, 12, 0), middle(of, 12, 59))
    assert way.lat.min() < NORTH - 19 * LAT_STEP
    assert way.cost < cost_along(of, way.lon[[0, -1]], way.lat[[0, -1]])[0] / 2


def test_a_line_is_cut_where_it_passes_from_cell_to_cell():
    # Half of the way in cells of 1, a quarter each in cells of 4 and 10: the mean is 4.
    of = surface([[1.0, 1.0, 4.0, 10.0]])
    lat = NORTH - LAT_STEP / 2
    cost = cost_along(of, [WEST, WEST + 4 * LON_STEP], [lat, lat])
    assert cost[0] == pytest.approx(4 * metres((WEST, lat), (WEST + 4 * LON_STEP, lat)), rel=1e-9)


def test_a_point_twice_in_a_line_costs_nothing_even_on_barred_ground():
    of = surface([[1.0, INF]])
    lon, lat = zip(middle(of, 0, 0), middle(of, 0, 1), middle(of, 0, 1))
    assert cost_along(of, lon, lat).tolist() == [INF, 0.0]


def test_ends_that_are_barred_or_outside_are_told_and_have_no_way():
    of = surface([[1.0, INF, 1.0]])
    barred, outside = middle(of, 0, 1), (WEST - 1, NORTH)
    assert [of.standing(*place) for place in (middle(of, 0, 0), barred, outside)] == ["free", "barred", "outside"]
    for place in (barred, outside):
        assert cheapest_path(of, middle(of, 0, 0), place) is None
        assert cheapest_path(of, place, middle(of, 0, 0)) is None


def test_a_way_to_the_place_where_it_begins_has_no_length():
    of = surface(np.ones((3, 3)))
    way = cheapest_path(of, middle(of, 1, 1), middle(of, 1, 1))
    assert (way.cost, way.length_m) == (0, 0)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan])
def test_a_cost_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="row 0, column 1"):
        surface([[1.0, wrong]])
