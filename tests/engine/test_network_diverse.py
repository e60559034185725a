"""Routes that share as few risks as possible, against all pairs of ways there are."""

from __future__ import annotations

from itertools import combinations_with_replacement

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network import diverse, risk_program
from xinji_planner.analysis.network.diverse import Group, diverse_routes, shared_weight
from xinji_planner.analysis.network.risk_chains import reduced
from xinji_planner.analysis.network.routes import Route


@st.composite
def networks(draw, most_nodes=12, most_edges=16):
    count = draw(st.integers(2, most_nodes))
    node = st.integers(0, count - 1)
    ends = draw(st.lists(st.tuples(node, node, st.integers(0, 50)), min_size=1, max_size=most_edges))
    ends += [(at, at + 1, draw(st.integers(0, 50))) for at in range(count - 1) if draw(st.booleans())]
    start, end, length = (np.array(column, dtype=np.int64) for column in zip(*ends))
    own = np.array([draw(st.integers(min(1, int(one)), int(one))) for one in length], dtype=np.int64)
    some = st.lists(st.integers(0, len(ends) - 1), min_size=2, max_size=4, unique=True)
    group = st.builds(lambda edges, weight: Group(tuple(sorted(edges)), weight), some, st.integers(0, 40))
    groups = draw(st.lists(group, max_size=4)) if len(ends) > 1 else []
    return start, end, length, own, groups, count


def ways(start, end, count):
    """Give every simple way from node 0 to the last, parallel edges told apart."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(count))
    for at, (a, b) in enumerate(zip(start.tolist(), end.tolist())):
        if a != b:
            graph.add_edge(a, b, key=at)
    for path in nx.all_simple_edge_paths(graph, 0, count - 1):
        edges = [key for _, _, key in path]
        yield Route(edges, [0, *(head for _, head, _ in path)])


def cost(routes, length, own, groups):
    return shared_weight(routes, own, groups), sum(int(length[route.edges].sum()) for route in routes)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_two_routes_share_the_least_and_are_then_the_shortest_of_all_pairs_of_ways(network):
    start, end, length, own, groups, count = network
    found = diverse_routes(start, end, count, length, own, groups, 0, count - 1, 2)
    every = list(ways(start, end, count))
    if not every:
        assert found.routes == [] and found.proven
        return
    least = min(cost(pair, length, own, groups) for pair in combinations_with_replacement(every, 2))
    pair = found.routes if len(found.routes) == 2 else found.routes * 2
    assert found.proven and cost(pair, length, own, groups) == least
    for route in found.routes:
        assert route in every


@settings(max_examples=25, deadline=None)
@given(networks(most_nodes=6, most_edges=7))
def test_three_routes_share_the_least_of_all_triples_of_ways(network):
    start, end, length, own, groups, count = network
    found = diverse_routes(start, end, count, length, own, groups, 0, count - 1, 3)
    every = list(ways(start, end, count))
    if len(found.routes) == 3:
        triples = combinations_with_replacement(every, 3)
        assert cost(found.routes, length, own, groups) == min(cost(one, length, own, groups) for one in triples)


# Three ways of two edges each from 0 to 4: by 1, by 2 and by 3.
STAR = np.array([0, 1, 0, 2, 0, 3]), np.array([1, 4, 2, 4, 3, 4])
LENGTH = np.array([10, 10, 11, 11, 20, 20])


def test_two_cables_in_one_trench_are_not_two_routes_where_a_third_way_exists():
    found = diverse_routes(*STAR, 5, LENGTH, LENGTH, [Group((0, 2), 8)], 0, 4, 2)
    assert [route.nodes for route in found.routes] == [[0, 1, 4], [0, 3, 4]] and found.proven


def test_without_groups_the_shortest_two_are_taken():
    found = diverse_routes(*STAR, 5, LENGTH, LENGTH, [], 0, 4, 2)
    assert [route.nodes for route in found.routes] == [[0, 1, 4], [0, 2, 4]]


def test_the_cheaper_of_two_risks_is_shared_where_one_must_be():
    groups = [Group((0, 2), 8), Group((1, 5), 3), Group((2, 4), 9)]
    found = diverse_routes(*STAR, 5, LENGTH, LENGTH, groups, 0, 4, 2)
    assert [route.nodes for route in found.routes] == [[0, 1, 4], [0, 3, 4]]


def test_a_search_that_is_cut_short_says_so_and_gives_routes_that_avoid_each_other_all_the_same(monkeypatch):
    monkeypatch.setattr(diverse, "MOST_ARCS", 1)
    found = diverse_routes(*STAR, 5, LENGTH, LENGTH, [Group((0, 2), 8)], 0, 4, 2)
    assert [route.nodes for route in found.routes] == [[0, 1, 4], [0, 3, 4]] and not found.proven


def test_one_node_is_refused():
    with pytest.raises(ValueError, match="two nodes"):
        diverse_routes(*STAR, 5, LENGTH, LENGTH, [], 0, 0, 2)


def ladder(count):
    """Give a ladder of so many rungs with a second cable in the trench of every second rail."""
    ends, groups = [], []
    for at in range(count):
        low, high, after = 2 * at, 2 * at + 1, 2 * at + 2
        ends += [(low, high), (low, after), (high, after + 1), (low, after + 1)]
        groups.append(Group((4 * at + 1, 4 * at + 3), 7))
        groups.append(Group((4 * at, 4 * at + 2), 5))
    start, end = (np.array(column) for column in zip(*ends))
    return start, end, 2 * count + 2, groups


def test_a_large_question_comes_back_in_time_with_routes_and_the_word_that_nothing_was_proven(monkeypatch):
    start, end, nodes, groups = ladder(12)
    length = 10 + np.arange(len(start)) % 7
    monkeypatch.setattr(risk_program, "_WORK", 1)
    found = diverse_routes(start, end, nodes, length, np.maximum(length - 7, 1), groups, 0, nodes - 1, 3)
    assert len(found.routes) >= 2 and not found.proven
    again = diverse_routes(start, end, nodes, length, np.maximum(length - 7, 1), groups, 0, nodes - 1, 3)
    assert found == again


@settings(max_examples=60, deadline=None)
@given(networks())
def test_chains_leave_the_routes_and_what_they_share_as_they_are(network):
    start, end, _length, own, groups, count = network
    every = list(ways(start, end, count))
    if not every:
        return
    small = reduced(start, end, groups, 0, count - 1)
    by_chain = small.summed(own) + small.within
    made = {tuple(small.whole(route, start, end).edges): route for route in ways(small.start, small.end, count)}
    assert sorted(made) == sorted(tuple(route.edges) for route in every)
    for one, two in combinations_with_replacement(every, 2):
        small_pair = [made[tuple(route.edges)] for route in (one, two)]
        assert shared_weight(small_pair, by_chain, small.groups) == shared_weight([one, two], own, groups)
