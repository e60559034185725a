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
def test_node_disjoint_ways_are_as_many_as_nodes_and_direct_cables_have_to_go(question):
    nodes, edges, sinks = question
    found = node_disjoint(*arrays(edges), nodes, 0, mask(nodes, sinks)).number
    between = sorted(set(range(1, nodes)) - sinks)
    direct = sum(1 for a, b in edges if (a == 0 and b in sinks) or (b == 0 and a in sinks))
    others = [edge for edge in edges if not (0 in edge and (set(edge) & sinks))]
    least = next(
        size
        for size in range(len(between) + 1)
        if any(
            not _joined(nodes, [edge for edge in others if not set(edge) & set(gone)], sinks)
            for gone in _subsets(between, size)
        )
    )
    assert found == direct + least


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
