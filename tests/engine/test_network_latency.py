"""Shortest routes over edges and nodes that take time, over chains, within a time, and along roads."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.circle import stretches_within
from xinji_planner.analysis.network.graph import graph_of
from xinji_planner.analysis.network.issues import NOWHERE
from xinji_planner.analysis.network.latency import Routes, pairwise, spread
from xinji_planner.analysis.network.noding import node_lines
from xinji_planner.analysis.network.possible import possible_ways, shortest_m

from .network_kit import GEOD, cables, rooms

TIMES = st.one_of(st.just(0.0), st.floats(0.001, 10.0), st.just(float("nan")))


@st.composite
def networks(draw):
    nodes = draw(st.integers(2, 40))
    ends = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1), TIMES)
    edges = draw(st.lists(ends, max_size=70))
    passing = draw(st.lists(st.sampled_from([0.0, 0.5, 2.0]), min_size=nodes, max_size=nodes))
    chosen = draw(st.lists(st.integers(0, nodes - 1), min_size=1, max_size=6, unique=True))
    stops = draw(st.sets(st.sampled_from(chosen)))
    start = np.array([a for a, _, _ in edges], np.int64)
    end = np.array([b for _, b, _ in edges], np.int64)
    return start, end, np.array([w for *_, w in edges]), np.array(passing), np.array(chosen), stops


def oracle(start, end, weight, passing, stops=frozenset(), source=None):
    """The same network for networkx: what a node takes stands on the arcs that leave it."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(passing)))
    for edge, (a, b, w) in enumerate(zip(start.tolist(), end.tolist(), weight.tolist())):
        for one, two in ((a, b), (b, a)):
            if np.isfinite(w) and (one not in stops or one == source):
                graph.add_edge(one, two, key=(edge, two), weight=w + float(passing[one]))
    return graph


@given(networks())
@settings(max_examples=150, deadline=None)
def test_the_times_between_nodes_are_those_of_networkx_and_symmetric_to_the_last_bit(case):
    start, end, weight, passing, chosen, _ = case
    found = pairwise(start, end, weight, passing, chosen)
    assert np.array_equal(found, found.T)
    graph = oracle(start, end, weight, passing)
    for at, node in enumerate(chosen.tolist()):
        far = nx.single_source_dijkstra_path_length(graph, node)
        for to, other in enumerate(chosen.tolist()):
            expected = far.get(other, np.inf) - (passing[node] if other != node else 0.0)
            assert found[at, to] == pytest.approx(expected, abs=1e-9)


@given(networks())
@settings(max_examples=150, deadline=None)
def test_chains_and_dead_ends_change_no_time_and_a_route_takes_what_its_edges_and_nodes_take(case):
    start, end, weight, passing, chosen, stops = case
    nodes = len(passing)
    keep = np.isin(np.arange(nodes), chosen)
    shut = np.isin(np.arange(nodes), list(stops))
    routes = Routes(start, end, weight, passing, keep)
    graph = graph_of(start, end, nodes)
    for node in chosen.tolist():
        source, begin = np.array([node]), np.array([-passing[node]])
        whole = spread(graph, weight, passing, source, begin, shut)
        small = routes.from_sources(source, begin, shut)
        times = routes.time_at(small, chosen)
        assert times == pytest.approx(whole.time[chosen], abs=1e-9)
        far = nx.single_source_dijkstra_path_length(oracle(start, end, weight, passing, stops, node), node)
        for other, time in zip(chosen.tolist(), times.tolist()):
            assert time == pytest.approx(far.get(other, np.inf) - passing[node], abs=1e-9)
            if np.isfinite(time):
                first, edges = routes.edges_to(small, other)
                here, spent = node, -float(passing[node])
                assert first == node
                for edge in edges:
                    assert here in (start[edge], end[edge])
                    spent += float(passing[here]) + float(weight[edge])
                    here = int(start[edge] + end[edge] - here)
                assert here == other and spent == pytest.approx(time, abs=1e-9)


@given(networks(), st.floats(0.0, 12.0))
@settings(max_examples=100, deadline=None)
def test_a_limit_leaves_what_is_within_it_as_it_is(case, limit):
    start, end, weight, passing, chosen, _ = case
    graph = graph_of(start, end, len(passing))
    whole = spread(graph, weight, passing, chosen, np.zeros(len(chosen)))
    within = spread(graph, weight, passing, chosen, np.zeros(len(chosen)), limit=limit)
    assert np.array_equal(within.time, np.where(whole.time <= limit, whole.time, np.inf))


def test_a_circle_ends_where_the_time_is_up_and_a_room_that_is_passed_takes_its_share():
    # Rooms at 0, 1000 and 3000 m; a metre takes 1, a room 500. From the first: 1000 m to the second, and 600 beyond.
    lines = cables([(0, 0), (1000, 0)], [(1000, 0), (3000, 0)])
    network = node_lines(lines, *rooms((0, 0), (1000, 0), (3000, 0)), snap_m=5, near_m=5)
    passing = np.full(3, 500.0)
    graph = graph_of(network.start, network.end, 3)
    reached = spread(graph, network.length_m, passing, np.array([0]), np.array([-500.0]), limit=2100.0)
    found = stretches_within(network, reached, 1.0, passing, 2100.0)
    assert found.length_m.tolist() == pytest.approx([1000.0, 600.0], abs=0.5)
    assert GEOD.geometry_length(found.shapes[1]) == pytest.approx(found.length_m[1], abs=1e-3)


def test_a_ring_that_is_reached_from_both_ends_keeps_a_gap_in_the_middle_or_counts_once_as_a_whole():
    lines = cables([(0, 0), (1000, 0)], [(0, 0), (0, 1000), (1000, 1000), (1000, 0)])
    network = node_lines(lines, *rooms((0, 0), (1000, 0)), snap_m=5, near_m=5)
    graph, passing = graph_of(network.start, network.end, 2), np.zeros(2)
    for limit, expected in ((1500.0, [1000.0, 1500.0, 500.0]), (2500.0, [1000.0, 3000.0])):
        reached = spread(graph, network.length_m, passing, np.array([0]), np.zeros(1), limit=limit)
        found = stretches_within(network, reached, 1.0, passing, limit)
        assert found.length_m.tolist() == pytest.approx(expected, abs=2)


def test_the_best_possible_way_changes_from_a_cable_to_a_road_in_a_room():
    # The cable goes 0 - 4000 - 0 round about to the third room; the road goes straight from the second to the third.
    lines = cables([(0, 0), (2000, 0)], [(2000, 0), (2000, 4000), (6000, 4000), (6000, 0)])
    network = node_lines(lines, *rooms((0, 0), (2000, 0), (6000, 0)), snap_m=5, near_m=5)
    road = cables([(1900, 100), (6000, 100)])
    lon, lat = rooms((0, -100), (6000, -300))
    places = (lon, lat, np.array([0, 2]))
    alone = shortest_m(possible_ways(network, *places, None, 500.0), [(0, 1)])
    assert alone[0, 1] == pytest.approx(100 + 2000 + 12_000 + 300, rel=1e-3)
    by_road = shortest_m(possible_ways(network, *places, road, 500.0), [(0, 1)])
    assert by_road[0, 1] == pytest.approx(100 + 2000 + 100 + 4000 + 400, rel=1e-3)
    nowhere = shortest_m(possible_ways(network, lon, lat, np.array([0, NOWHERE]), road, 50.0), [(0, 1)])
    assert np.isinf(nowhere[0, 1])
