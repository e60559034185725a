"""Routes that share as little as possible, against networkx and against all flows there are."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.routes import separate_routes

_DEAR = 10**9  # a metre that is shared, to a metre that is not


@st.composite
def networks(draw, most_nodes=12, most_edges=24):
    count = draw(st.integers(2, most_nodes))
    node = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 50)), min_size=1, max_size=most_edges))
    start, end, length = (np.array(column, dtype=np.int64) for column in zip(*edges))
    return start, end, length, count


def shared_and_total(routes, length):
    """Count each edge's further uses, and all uses."""
    uses = np.bincount([edge for route in routes for edge in route.edges], minlength=len(length))
    return int((np.maximum(uses - 1, 0) * length).sum()), int((uses * length).sum())


def cheapest(start, end, length, count, target, k):
    """Give the least shared and total length by networkx: an edge once at its length, again at a dear one."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(count))
    for a, b, own in zip(start.tolist(), end.tolist(), length.tolist()):
        for tail, head in ((a, b), (b, a)) if a != b else ():
            graph.add_edge(tail, head, capacity=1, weight=own)
            graph.add_edge(tail, head, capacity=k, weight=own + _DEAR * own)
    graph.nodes[0]["demand"], graph.nodes[target]["demand"] = -k, k
    cost, _ = nx.network_simplex(graph)
    return cost // _DEAR, cost % _DEAR


@settings(max_examples=150, deadline=None)
@given(networks(), st.integers(1, 4))
def test_shared_length_and_then_all_length_are_the_least_there_can_be(network, k):
    start, end, length, count = network
    target = count - 1
    routes = separate_routes(start, end, count, length, 0, target, k)
    plain = nx.MultiGraph(zip(start.tolist(), end.tolist()))
    plain.add_nodes_from(range(count))
    if not nx.has_path(plain, 0, target):
        assert routes == []
        return
    if len(routes) == k:  # a route that is all of an earlier one is told once
        assert shared_and_total(routes, length) == cheapest(start, end, length, count, target, k)
    for route in routes:
        assert route.nodes[0] == 0 and route.nodes[-1] == target and len(set(route.nodes)) == len(route.nodes)
        for edge, one, two in zip(route.edges, route.nodes, route.nodes[1:]):
            assert {int(start[edge]), int(end[edge])} == {one, two}


@settings(max_examples=150, deadline=None)
@given(networks(most_nodes=8, most_edges=14))
def test_two_routes_without_a_common_edge_are_found_wherever_no_single_edge_parts_the_ends(network):
    start, end, length, count = network
    length = length + 1
    routes = separate_routes(start, end, count, length, 0, count - 1, 2)
    plain = nx.MultiGraph(zip(start.tolist(), end.tolist()))
    plain.add_nodes_from(range(count))
    simple = nx.Graph()
    simple.add_nodes_from(range(count))
    for a, b in zip(start.tolist(), end.tolist()):
        if a != b:
            simple.add_edge(a, b, capacity=simple.get_edge_data(a, b, {"capacity": 0})["capacity"] + 1)
    flow = nx.maximum_flow_value(simple, 0, count - 1)
    if flow >= 2:
        assert len(routes) == 2 and not set(routes[0].edges) & set(routes[1].edges)
    elif flow == 1:
        assert len(routes) == 1 or set(routes[0].edges) & set(routes[1].edges)


def test_the_shortest_way_is_given_up_where_it_would_bar_a_second_one():
    # 0-1-2-3 is the shortest; without its edges 0 and 3 are apart, yet two ways exist: 0-1-3 and 0-2-3.
    start, end = np.array([0, 1, 2, 0, 1]), np.array([1, 2, 3, 2, 3])
    routes = separate_routes(start, end, 4, np.array([1, 1, 1, 5, 5]), 0, 3, 2)
    assert [route.nodes for route in routes] == [[0, 1, 3], [0, 2, 3]]


def test_a_cable_that_all_must_use_is_shared_and_nothing_else():
    start, end = np.array([0, 1, 1]), np.array([1, 2, 2])
    routes = separate_routes(start, end, 3, np.array([10, 3, 4]), 0, 2, 2)
    assert [route.edges for route in routes] == [[0, 1], [0, 2]]


def test_more_routes_than_there_are_give_those_that_there_are():
    routes = separate_routes(np.array([0, 0]), np.array([1, 1]), 2, np.array([1, 2]), 0, 1, 5)
    assert [route.edges for route in routes] == [[0], [1]]


def test_the_second_of_three_is_the_one_that_shares_least_with_the_first():
    # Two ways out of 0 for three routes: the shortest two both go by node 1.
    start, end = np.array([0, 1, 1, 0]), np.array([1, 2, 2, 2])
    routes = separate_routes(start, end, 3, np.array([1, 1, 2, 9]), 0, 2, 3)
    assert [route.edges for route in routes] == [[0, 1], [3], [0, 2]]


@pytest.mark.parametrize(("target", "length"), [(0, [1]), (1, [-1])])
def test_one_node_or_a_length_below_zero_is_refused(target, length):
    with pytest.raises(ValueError, match="two nodes"):
        separate_routes(np.array([0]), np.array([1]), 2, np.array(length), 0, target, 2)
