"""Physically separate ways out of a node: what leaves side by side counts once."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from xinji_planner.analysis.network.exits import Surroundings, physical_exits, sectors
from xinji_planner.analysis.network.flow import edge_disjoint
from xinji_planner.analysis.network.noding import node_lines

from .network_kit import cables, rooms

RADII, APART = (100.0, 1000.0), 50.0


def network_of(lines, places):
    return node_lines(cables(*lines), *rooms(*places), snap_m=5.0, near_m=50.0)


def exits(network, node, sinks, radii=RADII, apart=APART, **options):
    wanted = np.zeros(len(network.lon), dtype=bool)
    wanted[list(sinks)] = True
    return physical_exits(network, node, wanted, Surroundings(network).crossed(node, radii), apart, **options)


def test_cables_in_four_directions_are_four_exits_with_their_azimuths():
    ends = [(5000, 0), (0, 5000), (-5000, 0), (0, -5000)]
    network = network_of([[(0, 0), end] for end in ends], [(0, 0), *ends])
    found = exits(network, 0, {1, 2, 3, 4})
    assert found.number == 4 and found.exact and all(found.used)
    assert sorted(round(azimuth) % 360 for _, azimuth in found.groups) == [0, 90, 180, 270]


def test_main_and_standby_in_one_trench_are_one_exit():
    main, standby = [(0, 0), (5000, 0)], [(0, 0), (200, 0.8), (4800, 0.8), (5000, 0)]
    network = network_of([main, standby], [(0, 0), (5000, 0)])
    assert edge_disjoint(network.start, network.end, 2, 0, np.array([False, True])).number == 2
    assert exits(network, 0, {1}).number == 1


def test_cables_that_part_behind_the_first_circle_are_one_exit_there_and_two_beyond():
    one, two = [(0, 0), (300, 0), (300, 3000), (5000, 3000)], [(0, 0), (300, 2), (300, -3000), (5000, -3000)]
    network = network_of([one, two], [(0, 0), (5000, 3000), (5000, -3000)])
    assert exits(network, 0, {1, 2}, radii=(1000.0,)).number == 2
    assert exits(network, 0, {1, 2}, radii=(100.0,)).number == 1
    assert exits(network, 0, {1, 2}).number == 1


def test_routes_100_m_apart_are_no_false_hit_at_50_m():
    one, two = [(0, 0), (0, 50), (5000, 50), (5000, 0)], [(0, 0), (0, -50), (5000, -50), (5000, 0)]
    network = network_of([one, two], [(0, 0), (5000, 0)])
    assert exits(network, 0, {1}).number == 2
    assert exits(network, 0, {1}, apart=101.0).number == 1


def test_a_cable_that_only_passes_gives_no_exit_and_takes_none():
    passing = [(-5000, 20), (5000, 20)]
    network = network_of([[(0, 0), (5000, 0)], passing], [(0, 0), (5000, 0), (-5000, 20), (5000, 20)])
    assert exits(network, 0, {1, 3}).number == 1  # beside the passing cable, which leads elsewhere and is not joined


def test_two_cables_that_meet_again_in_one_dead_end_are_one_exit():
    lines = [[(0, 0), (3000, 3000)], [(0, 0), (3000, -3000)], [(3000, 3000), (6000, 0)], [(3000, -3000), (6000, 0)]]
    network = network_of([*lines, [(6000, 0), (9000, 0)]], [(0, 0), (9000, 0)])
    found = exits(network, 0, {1})
    assert found.number == 1 and sum(found.used) == 1


def test_the_cables_of_one_operator_alone_can_be_asked_for():
    ends = [(5000, 0), (0, 5000)]
    network = network_of([[(0, 0), end] for end in ends], [(0, 0), *ends])
    assert exits(network, 0, {1, 2}, open_edges=np.array([True, False])).number == 1


@st.composite
def stars(draw):
    """Give cables from one room in random directions, some bent, to two others."""
    count = draw(st.integers(1, 6))
    lines = []
    for _ in range(count):
        angle = np.radians(draw(st.integers(0, 35)) * 10.0)
        bend = np.radians(draw(st.integers(0, 35)) * 10.0)
        target = draw(st.sampled_from([(8000.0, 0.0), (-8000.0, 0.0)]))
        lines.append(
            [
                (0.0, 0.0),
                (500 * np.sin(angle), 500 * np.cos(angle)),
                (3000 * np.sin(bend), 3000 * np.cos(bend)),
                target,
            ]
        )
    return lines


def _pairs_apart(network, lines, radii, apart):
    """Tell by brute force which edges come less than a distance near to each other between the circles."""
    spots = []
    for line in lines:
        shape = shapely.LineString(line)
        walk = shapely.get_coordinates(shapely.line_interpolate_point(shape, np.arange(0.0, shape.length, 3.0)))
        away = np.hypot(*walk.T)
        spots.append(walk[(away >= radii[0]) & (away <= radii[-1])])
    close = set()
    for one, two in combinations(range(len(lines)), 2):
        gap = cKDTree(spots[one]).query(spots[two])[0].min(initial=np.inf)
        assume(not apart - 0.1 <= gap <= apart + 7.0)  # a walk in steps cannot tell
        if gap < apart:
            close.add(frozenset((one, two)))
    return close, list(range(len(lines)))


@given(stars(), st.sampled_from([60.0, 200.0, 900.0]))
@settings(max_examples=60, deadline=None)
def test_the_count_is_the_best_of_all_sets_of_cables_that_keep_apart(lines, apart):
    network = network_of(lines, [(0, 0), (8000, 0), (-8000, 0)])
    assume(len(network.start) == len(lines))
    sinks = np.zeros(len(network.lon), dtype=bool)
    sinks[[1, 2]] = True
    close, edges = _pairs_apart(network, lines, RADII, apart)
    best = 0
    for size in range(len(edges) + 1):
        for chosen in combinations(edges, size):
            if not any(frozenset(pair) in close for pair in combinations(chosen, 2)):
                found = edge_disjoint(
                    network.start[list(chosen)], network.end[list(chosen)], len(network.lon), 0, sinks
                ).number
                best = max(best, found)
    made = physical_exits(network, 0, sinks, Surroundings(network).crossed(0, RADII), apart)
    assert made.exact and made.number == best and sum(made.used) == best


def test_cables_that_come_together_between_the_circles_are_one_exit_though_apart_on_both():
    lines = [
        [(0, 0), (100, 60 * k), (300, 4 * k), (800, 4 * k), (1000, 70 * k), (20_000, 4000 * k), (20_000, 0)]
        for k in (-1, 0, 1)
    ]
    network = network_of(lines, [(0, 0), (20_000, 0)])
    assert [exits(network, 0, {1}, radii=(radius,)).number for radius in RADII] == [3, 3]
    assert exits(network, 0, {1}).number == 1


def test_a_cable_in_two_pieces_between_the_circles_is_one_exit_with_one_ray():
    lines = [[(0, 0), (300, 0)], [(300, 0), (330, 0)], [(330, 0), (5000, 0)], [(0, 0), (0, 5000)]]
    network = network_of(lines, [(0, 0), (5000, 0), (0, 5000)])
    found = exits(network, 0, {1, 2})
    assert found.number == 2 and len(found.groups) == 2 and all(found.used)
    assert [len(edges) for edges, _ in found.groups] == [1, 1]


def test_two_ways_through_one_room_between_the_circles_are_one_exit():
    ways = [[(0, 0), (0, 200), (500, 0)], [(0, 0), (0, -200), (500, 0)]]
    onward = [[(500, 0), (700, 300), (5000, 3000)], [(500, 0), (700, -300), (5000, -3000)]]
    network = network_of([*ways, *onward], [(0, 0), (500, 0), (5000, 3000), (5000, -3000)])
    assert edge_disjoint(network.start, network.end, 4, 0, np.array([False, False, True, True])).number == 2
    assert exits(network, 0, {2, 3}).number == 1


@given(st.lists(st.integers(0, 359), max_size=7), st.sampled_from([30.0, 45.0, 120.0]))
def test_sectors_are_the_most_azimuths_that_keep_a_gap(azimuths, gap):
    def apart(one, two):
        return min((one - two) % 360, (two - one) % 360) >= gap

    best = max(
        size
        for size in range(len(azimuths) + 1)
        for chosen in combinations(azimuths, size)
        if all(apart(*pair) for pair in combinations(chosen, 2))
    )
    assert sectors(azimuths, gap) == best


def test_five_cables_side_by_side_45_m_apart_are_the_three_that_keep_50_m():
    lines = [[(0, 0), (45 * k - 90, 60), (45 * k - 90, 3000), (0, 6000)] for k in range(5)]
    network = network_of(lines, [(0, 0), (0, 6000)])
    assert exits(network, 0, {1}, radii=(1000.0,)).number == 3


@pytest.mark.parametrize("radius", [100.0, 1000.0])
def test_a_circle_is_crossed_where_the_geodesic_says(radius):
    from .network_kit import GEOD

    network = network_of([[(0, 0), (3000, 4000), (-2000, 5000)]], [(0, 0), (-2000, 5000)])
    found = Surroundings(network).crossed(0, (radius,))
    assert len(found.edge) == 1
    azimuth, _, _ = GEOD.inv(106.0, 22.0, *network.shapes[0].coords[1])
    assert np.degrees(np.arctan2(found.east_m[0], found.north_m[0])) == pytest.approx(azimuth, abs=0.1)
    assert np.hypot(found.east_m[0], found.north_m[0]) == pytest.approx(radius, rel=1e-9)
