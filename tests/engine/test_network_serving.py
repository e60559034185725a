"""The nearest gateway by cable, the ways out over a border, and bands along submarine cables."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.bands import band, disc
from xinji_planner.analysis.network.serving import NOBODY, nearest_by_cable, ways_out

from .network_kit import GEOD, cables, place


@st.composite
def networks(draw, most=40):
    count = draw(st.integers(1, most))
    node = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 50)), max_size=2 * most))
    some = draw(st.lists(node, min_size=1, max_size=4, unique=True))
    return count, edges, some


def arrays(edges):
    return (np.array([edge[at] for edge in edges], dtype=np.int64) for at in range(3))


@settings(max_examples=80, deadline=None)
@given(networks())
def test_each_node_is_served_by_a_source_to_which_no_other_is_nearer(network):
    count, edges, sources = network
    start, end, length = arrays(edges)
    found = nearest_by_cable(start, end, count, length.astype(float), np.array(sources))
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(count))
    graph.add_weighted_edges_from(edges)
    away = [nx.single_source_dijkstra_path_length(graph, source) for source in sources]
    for node in range(count):
        ways = [reached.get(node, np.inf) for reached in away]
        assert found.away_m[node] == min(ways) and found.joined[node] == (min(ways) < np.inf)
        if found.joined[node]:
            assert ways[found.source[node]] == min(ways)
        else:
            assert found.source[node] == NOBODY


def test_over_a_link_of_unknown_length_a_node_is_joined_but_nobody_can_tell_how_far():
    start, end = np.array([0, 1]), np.array([1, 2])
    found = nearest_by_cable(start, end, 3, np.array([5.0, np.nan]), np.array([0]))
    assert found.away_m.tolist() == [0, 5, np.inf] and found.joined.all() and found.source[2] == NOBODY


@settings(max_examples=60, deadline=None)
@given(networks(most=12), st.lists(st.integers(0, 11), min_size=1, max_size=4))
def test_ways_out_are_the_flow_between_the_targets_and_the_border(network, exits):
    count, edges, targets = network
    exits = [node % count for node in exits]
    start, end, _ = arrays(edges)
    mask = np.isin(np.arange(count), targets)
    found = ways_out(start, end, count, np.array(exits), mask)
    graph = nx.DiGraph()
    graph.add_nodes_from([*range(count), "in", "out"])
    for a, b in [*((a, b) for a, b, _ in edges), *((b, a) for a, b, _ in edges if a != b)]:
        if a != b:
            graph.add_edge(a, b, capacity=graph.get_edge_data(a, b, {"capacity": 0})["capacity"] + 1)
    for node in targets:
        graph.add_edge("in", node, capacity=100)
    for node in set(exits):
        graph.add_edge(node, "out", capacity=exits.count(node))
    assert found.by_edge == nx.maximum_flow_value(graph, "in", "out")
    assert found.by_node <= min(found.by_edge, len(targets), len(set(exits)))


def test_a_band_holds_what_is_nearer_than_its_width_and_nothing_else():
    line = cables([(0, 0), (30_000, 9_000), (40_000, -4_000)])[0]
    shape = band(line, 500.0)
    assert shape.is_valid
    for share in np.linspace(0.02, 0.98, 25):
        lon, lat = shapely.line_interpolate_point(line, share, normalized=True).coords[0]
        for azimuth in (16.0, 106.0, 196.0):
            near, far = (shapely.Point(GEOD.fwd(lon, lat, azimuth, reach)[:2]) for reach in (490.0, 560.0))
            assert shape.covers(near)
            assert shape.covers(far) == (_away(line, far) < 500)


def _away(line, point):
    """Metres from a line, by a walk along it in fine steps."""
    steps = [shapely.line_interpolate_point(line, share, normalized=True) for share in np.linspace(0, 1, 4001)]
    near = min(steps, key=point.distance)
    return GEOD.inv(point.x, point.y, near.x, near.y)[2]


def test_the_area_of_a_straight_band_is_its_length_times_its_width_and_two_half_discs():
    shape = band(cables([(0, 0), (20_000, 0)])[0], 100.0)
    area = abs(GEOD.geometry_area_perimeter(shape)[0])
    assert area == pytest.approx(20_000 * 200 + np.pi * 100**2, rel=1e-3)
    assert abs(GEOD.geometry_area_perimeter(disc(*place(0, 0), 1000.0))[0]) == pytest.approx(np.pi * 1e6, rel=3e-3)
