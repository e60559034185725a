"""How many ways lead out of a node that share no cable, or no other node."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.flow import edge_disjoint, node_disjoint


def arrays(edges):
    return np.array([a for a, _ in edges], np.int64), np.array([b for _, b in edges], np.int64)


def mask(nodes, chosen):
    found = np.zeros(nodes, dtype=bool)
    found[list(chosen)] = True
    return found


@st.composite
def questions(draw):
    nodes = draw(st.integers(2, 12))
    ends = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1))
    edges = draw(st.lists(ends, max_size=24))
    sinks = draw(st.sets(st.integers(1, nodes - 1), min_size=1))
    return nodes, edges, sinks


def _joined(nodes, edges, sinks):
    """Tell whether node 0 still reaches a sink."""
    seen, todo = {0}, [0]
    while todo:
        here = todo.pop()
        for a, b in edges:
            for one, two in ((a, b), (b, a)):
                if one == here and two not in seen:
                    seen.add(two)
                    todo.append(two)
    return bool(seen & sinks)


@given(questions())
@settings(max_examples=150, deadline=None)
def test_the_cut_is_as_large_as_the_count_and_its_loss_cuts_the_node_off(question):
    nodes, edges, sinks = question
    ways = edge_disjoint(*arrays(edges), nodes, 0, mask(nodes, sinks))
    assert ways.cut.sum() == ways.number
    left = [edge for edge, gone in zip(edges, ways.cut) if not gone]
    assert not _joined(nodes, left, sinks)


@given(questions())
@settings(max_examples=150, deadline=None)
def test_the_count_is_that_of_networkx_with_one_sink_behind_all(question):
    nodes, edges, sinks = question
    multi = nx.Graph()
    multi.add_nodes_from(range(nodes))
    for k, (a, b) in enumerate(edges):  # a node in the middle keeps parallel edges apart
        if a != b:
            multi.add_edges_from([(a, f"m{k}"), (f"m{k}", b)])
    for sink in sinks:
        for copy in range(len(edges) + 1):
            multi.add_edges_from([(sink, f"s{sink}-{copy}"), (f"s{sink}-{copy}", "all")])
    expected = 0 if "all" not in multi else nx.edge_connectivity(multi, 0, "all")
    assert edge_disjoint(*arrays(edges), nodes, 0, mask(nodes, sinks)).number == expected


@given(questions())
@settings(max_examples=150, deadline=None)
def test_node_disjoint_ways_are_as_many_as_nodes_have_to_go_the_sinks_among_them(question):
    nodes, edges, sinks = question
    found = node_disjoint(*arrays(edges), nodes, 0, mask(nodes, sinks)).number
    least = next(
        size
        for size in range(nodes)
        if any(
            not _joined(nodes, [edge for edge in edges if not set(edge) & set(gone)], sinks - set(gone))
            for gone in _subsets(range(1, nodes), size)
        )
    )
    assert found == least


@st.composite
def small_questions(draw):
    nodes = draw(st.integers(2, 6))
    ends = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1))
    return nodes, draw(st.lists(ends, max_size=9)), draw(st.sets(st.integers(1, nodes - 1), min_size=1))


@given(small_questions())
@settings(max_examples=100, deadline=None)
def test_node_disjoint_ways_are_the_most_routes_of_which_no_two_pass_or_end_in_one_node(question):
    nodes, edges, sinks = question
    routes = []

    def follow(route):
        if route[-1] in sinks:
            routes.append(frozenset(route[1:]))
            return
        for a, b in edges:
            for here, there in ((a, b), (b, a)):
                if here == route[-1] and there not in route:
                    follow([*route, there])

    follow([0])
    several = sorted(set(routes), key=sorted)

    def most(taken, left):
        free = [route for route in left if not route & taken]
        return max((1 + most(taken | route, free[at + 1 :]) for at, route in enumerate(free)), default=0)

    assert node_disjoint(*arrays(edges), nodes, 0, mask(nodes, sinks)).number == most(frozenset(), several)


def test_two_cables_to_one_target_are_two_cable_disjoint_exits_and_one_node_disjoint_exit():
    two = arrays([(0, 1), (0, 1)])
    assert node_disjoint(*two, 2, 0, mask(2, {1})).number == 1
    ring = arrays([(0, 1), (1, 3), (0, 2), (2, 3)])  # apart all the way, and both end in node 3
    assert edge_disjoint(*ring, 4, 0, mask(4, {3})).number == 2
    assert node_disjoint(*ring, 4, 0, mask(4, {3})).number == 1
    assert node_disjoint(*ring, 4, 0, mask(4, {2, 3})).number == 2


def _subsets(items, size):
    from itertools import combinations

    return combinations(items, size)


def test_a_ring_has_two_ways_and_a_trench_with_room_for_one_has_one():
    start, end = arrays([(0, 1), (1, 2), (0, 3), (3, 2)])
    assert edge_disjoint(start, end, 4, 0, mask(4, {2})).number == 2
    two = arrays([(0, 1), (0, 1)])
    assert edge_disjoint(*two, 2, 0, mask(2, {1})).number == 2
    assert edge_disjoint(*two, 2, 0, mask(2, {1}), np.array([1, 0])).number == 1


@pytest.mark.parametrize("count", [edge_disjoint, node_disjoint])
def test_a_node_that_nothing_reaches_has_no_way(count):
    assert count(*arrays([(1, 2)]), 3, 0, mask(3, {2})).number == 0


@given(questions())
@settings(max_examples=150, deadline=None)
def test_the_edges_that_are_taken_make_just_that_many_ways(question):
    nodes, edges, sinks = question
    ways = edge_disjoint(*arrays(edges), nodes, 0, mask(nodes, sinks))
    kept = [edge for edge, taken in zip(edges, ways.taken) if taken]
    again = edge_disjoint(*arrays(kept), nodes, 0, mask(nodes, sinks)) if kept else None
    assert (again.number if again else 0) == ways.number
    assert sum((a == 0) != (b == 0) for a, b in kept) == ways.number
