"""Which cables one dig takes, and on which room a village hangs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.attached import nearest_room
from xinji_planner.analysis.network.conduits import conduits
from xinji_planner.analysis.network.issues import NOWHERE
from xinji_planner.analysis.network.noding import node_lines

from .network_kit import GEOD, cables, place, rooms


def net(lines, *places):
    return node_lines(cables(*lines), *rooms(*places), snap_m=5.0, near_m=20.0)


def found(lines, *places, width=10.0, least=50.0, at_node=200.0):
    return conduits(net(lines, *places), width, least, at_node)


PAIR = ([(0, 0), (5000, 0)], [(0, 0), (500, 400), (1000, 5), (4000, 5), (4500, 400), (5000, 0)])


def test_main_and_standby_in_one_trench_are_one_conduit_along_what_they_share():
    (one,) = found(PAIR, (0, 0), (5000, 0))
    assert one.edges == (0, 1)
    assert one.length_m == pytest.approx(3000, abs=20)
    assert one.length_m == pytest.approx(GEOD.geometry_length(one.shape), rel=1e-6)


def test_what_runs_together_next_to_a_common_node_alone_is_no_conduit():
    lines = ([(0, 0), (5000, 0)], [(0, 0), (150, 5), (150, 3000)])
    assert found(lines, (0, 0), (5000, 0), (150, 3000)) == []


def test_a_crossing_is_no_conduit():
    assert found(([(0, 0), (5000, 0)], [(2500, -2000), (2500, 2000)])) == []


def test_a_hundred_metres_apart_is_no_conduit_of_fifty():
    lines = ([(0, 0), (5000, 0)], [(0, 100), (5000, 100)])
    assert found(lines, width=50.0) == []
    assert len(found(lines, width=101.0)) == 1


def test_a_third_cable_that_joins_for_a_while_makes_a_conduit_of_three_there():
    lines = ([(0, 0), (9000, 0)], [(0, 8), (9000, 8)], [(3000, 3000), (3000, 4), (6000, 4), (6000, 3000)])
    by_edges = {one.edges: one.length_m for one in found(lines)}
    assert set(by_edges) == {(0, 1), (0, 1, 2)}
    assert by_edges[0, 1, 2] == pytest.approx(3000, abs=25)
    assert by_edges[0, 1] + by_edges[0, 1, 2] == pytest.approx(9000, abs=1)


def test_cables_at_minus_8_0_and_plus_8_m_are_two_conduits_for_the_outer_two_are_16_m_apart():
    lines = [[(0, north), (5000, north)] for north in (-8, 0, 8)]
    assert [one.edges for one in found(lines)] == [(0, 1), (1, 2)]
    assert [one.edges for one in found(lines, width=16.5)] == [(0, 1, 2)]


def test_where_outer_cables_close_in_on_a_middle_one_all_three_are_a_conduit_from_there_on():
    lines = ([(0, 0), (6000, 0)], [(0, -8), (3000, -4), (6000, -4)], [(0, 8), (3000, 4), (6000, 4)])
    by_edges = {one.edges: one.length_m for one in found(lines, at_node=0.0)}
    assert set(by_edges) == {(0, 1), (0, 2), (0, 1, 2)}  # the outer two are 10 m apart from 2,250 m on
    assert by_edges[0, 1, 2] == pytest.approx(3750, abs=2) and by_edges[0, 1] == pytest.approx(2250, abs=2)


NORTHS = st.lists(st.sampled_from([-12, -8, -5, 0, 4, 8, 13, 40]), min_size=4, max_size=4)


@given(st.lists(NORTHS, min_size=2, max_size=5))
@example([[-12] * 4, [-8, -12, -12, -12], [0, -12, -12, -12], [-5, -12, -12, -12]])
@settings(max_examples=40, deadline=None)
def test_conduits_are_the_largest_sets_of_cables_that_are_pairwise_within_the_width_at_some_place(norths):
    drawn = [[(500.0 * k, north + 0.3 * at) for k, north in enumerate(own)] for at, own in enumerate(norths)]
    lines, width = [shapely.LineString(line) for line in drawn], 10.0
    expected: dict[tuple[int, ...], float] = {}
    for own, line in enumerate(lines):
        for at in np.arange(1.0, line.length, 2.0):
            here = line.interpolate(at)
            near = [k for k, other in enumerate(lines) if k != own and other.distance(here) <= width]
            spot = {k: lines[k].interpolate(lines[k].project(here)) for k in near}
            apart = {
                pair: min(spot[pair[0]].distance(lines[pair[1]]), spot[pair[1]].distance(lines[pair[0]]))
                for pair in combinations(near, 2)
            }
            sets = [
                set(some)
                for size in range(1, len(near) + 1)
                for some in combinations(near, size)
                if all(apart[pair] <= width for pair in combinations(some, 2))
            ]
            for some in sets:
                group = tuple(sorted((own, *some)))
                if own == group[0] and not any(some < other for other in sets):
                    expected[group] = expected.get(group, 0.0) + 2.0
    network = node_lines(cables(*drawn), *rooms(), snap_m=0.01, near_m=0.01)  # nothing is cut: an edge a cable
    made = {one.edges: one.length_m for one in conduits(network, width, 1.0, 0.0)}
    for group in set(expected) | set(made):
        assert made.get(group, 0.0) == pytest.approx(expected.get(group, 0.0), abs=30.0)


def test_the_sections_of_a_cable_that_is_cut_at_a_room_count_as_one_cable():
    """Each section shares some 45 m, the cables some 90 m in all: more than the 50 m that a crossing may."""
    lines = ([(-1000, 0), (1000, 0)], [(-40, 2000), (-40, 8), (40, 8), (40, 2000)])
    assert [one.edges for one in found(lines, (0, 0))] == [(0, 1, 2)]
    assert found(lines, (0, 0), least=120.0) == []


def test_places_hang_on_the_nearest_room_within_reach_and_no_other():
    generator = np.random.default_rng(7)
    lon, lat = (np.array(axis) for axis in zip(*(place(*xy) for xy in generator.uniform(-40e3, 40e3, (200, 2)))))
    room_lon, room_lat = (
        np.array(axis) for axis in zip(*(place(*xy) for xy in generator.uniform(-30e3, 30e3, (25, 2))))
    )
    room_lon[3] = room_lat[3] = np.nan
    lon[5] = lat[5] = np.nan
    room, away = nearest_room(lon, lat, room_lon, room_lat, 8000.0)
    for k in range(200):
        every = [
            GEOD.inv(lon[k], lat[k], x, y)[2] if np.isfinite(x) and np.isfinite(lon[k]) else np.inf
            for x, y in zip(room_lon, room_lat)
        ]
        best = int(np.argmin(every))
        assert room[k] == (best if every[best] <= 8000 else NOWHERE)
        assert away[k] == pytest.approx(every[best], rel=1e-6) if np.isfinite(every[best]) else np.isnan(away[k])


def test_without_rooms_nothing_hangs_anywhere():
    room, away = nearest_room(np.array([106.0]), np.array([22.0]), np.zeros(0), np.zeros(0), 1e6)
    assert room.tolist() == [NOWHERE] and np.isnan(away).all()
