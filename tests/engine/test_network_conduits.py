"""Which cables one dig takes, and on which room a village hangs."""

from __future__ import annotations

import numpy as np
import pytest
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
