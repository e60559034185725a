"""Ways out that share no node and no trench, against all sets of ways there are."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network import apart_ways
from xinji_planner.analysis.network.apart_ways import ways_apart


@st.composite
def networks(draw):
    count = draw(st.integers(2, 8))
    node = st.integers(0, count - 1)
    ends = draw(st.lists(st.tuples(node, node), min_size=1, max_size=14))
    start, end = (np.array(column, dtype=np.int64) for column in zip(*ends))
    some = st.lists(st.integers(0, len(ends) - 1), min_size=2, max_size=3, unique=True)
    trenches = draw(st.lists(some.map(tuple), max_size=4)) if len(ends) > 1 else []
    exits = np.array(draw(st.lists(node, max_size=4)), dtype=np.int64)
    targets = np.isin(np.arange(count), draw(st.lists(node, max_size=3)))
    return start, end, count, exits, targets, trenches


def every_way(start, end, count, exits, targets):
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((a, b, at) for at, (a, b) in enumerate(zip(start.tolist(), end.tolist())) if a != b)
    for one in set(exits.tolist()):
        if targets[one]:
            yield {one}, set()
        for other in np.flatnonzero(targets).tolist():
            if one != other:
                for path in nx.all_simple_edge_paths(graph, one, other):
                    yield {one, *(head for _, head, _ in path)}, {edge for _, _, edge in path}


def apart(chosen, trenches):
    for (nodes, edges), (others, more) in combinations(chosen, 2):
        if nodes & others or any(edges & set(one) and more & set(one) for one in trenches):
            return False
    return True


@settings(max_examples=150, deadline=None)
@given(networks(), st.integers(1, 3))
def test_the_count_is_the_most_of_all_sets_of_ways_that_keep_apart(network, most):
    start, end, count, exits, targets, trenches = network
    found = ways_apart(*network, most)
    ways = list(every_way(start, end, count, exits, targets))
    best = max(
        (size for size in range(1, most + 1) for one in combinations(ways, size) if apart(one, trenches)), default=0
    )
    assert (found.number, found.proven) == (best, True)


# Two ways from 0 and 1 to the targets 4 and 5, by 2 and by 3, and a third from 6 to 7.
LADDER = np.array([0, 2, 1, 3, 6]), np.array([2, 4, 3, 5, 7]), 8
EXITS, TARGETS = np.array([0, 1, 6]), np.isin(np.arange(8), [4, 5, 7])


def test_two_ways_in_one_trench_are_one_and_the_trench_is_named():
    found = ways_apart(*LADDER, EXITS[:2], TARGETS, [(1, 3)], 2)
    assert (found.number, found.proven, found.held_by) == (1, True, [(1, 3)])
    assert ways_apart(*LADDER, EXITS, TARGETS, [(1, 3)], 3).number == 2


def test_a_search_that_is_too_large_is_not_taken_for_an_answer(monkeypatch):
    monkeypatch.setattr(apart_ways, "MOST_ARCS", 1)
    assert not ways_apart(*LADDER, EXITS[:2], TARGETS, [(1, 3)], 2).proven
    assert ways_apart(*LADDER, EXITS[:2], TARGETS, [], 2) == (2, True, [])
