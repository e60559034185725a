"""What a network loses when one edge, one node or several go: against removing each and painting."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.failures import (
    CUT,
    MORE,
    ONE,
    hang,
    losses_of_edges,
    losses_of_nodes,
    newly,
    state_after,
)


@st.composite
def networks(draw, most=60):
    nodes = draw(st.integers(1, most))
    ends = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1))
    edges = draw(st.lists(ends, max_size=2 * nodes))
    if draw(st.booleans()):  # a ring, so that there are long chains to be cut in pairs
        edges += [(k, (k + 1) % nodes) for k in range(nodes)]
    targets = draw(st.sets(st.integers(0, nodes - 1), min_size=1, max_size=3))
    return nodes, edges, targets


def reached(nodes, edges, targets):
    """Nodes that a way joins to a target, by painting."""
    found, changed = set(targets), True
    while changed:
        changed = False
        for a, b in edges:
            if (a in found) != (b in found):
                found |= {a, b}
                changed = True
    return found


def states(nodes, edges, targets):
    """Cut off, on one path (some single edge would cut it off), or on more."""
    there = reached(nodes, edges, targets)
    firm = set(there)
    for k in range(len(edges)):
        firm &= reached(nodes, edges[:k] + edges[k + 1 :], targets)
    return np.array([CUT if v not in there else MORE if v in firm else ONE for v in range(nodes)])


def arrays(edges):
    return np.array([a for a, _ in edges], np.int64), np.array([b for _, b in edges], np.int64)


def hung_of(network):
    nodes, edges, targets = network
    return hang(*arrays(edges), np.isin(np.arange(nodes), list(targets)))


def weights(nodes):
    return np.column_stack([2.0 ** (np.arange(nodes) % 50), np.ones(nodes)])


@given(networks())
@settings(max_examples=100, deadline=None)
def test_a_node_is_cut_off_or_on_one_path_just_where_painting_says_so(network):
    assert hung_of(network).before.tolist() == states(*network).tolist()


@given(networks(24))
@settings(max_examples=100, deadline=None)
def test_every_edge_cuts_off_and_leaves_on_one_path_what_its_removal_shows(network):
    nodes, edges, targets = network
    hung, values = hung_of(network), weights(nodes)
    found, before = losses_of_edges(hung, values), states(*network)
    for k in range(len(edges)):
        after = states(nodes, edges[:k] + edges[k + 1 :], targets)
        lost, left = newly(before, after)
        assert found.cut[k].tolist() == values[lost].sum(axis=0).tolist()
        assert found.one[k].tolist() == values[left].sum(axis=0).tolist()
        gone = np.arange(len(edges)) == k
        assert state_after(hung, gone).tolist() == after.tolist()


@given(networks(24))
@settings(max_examples=100, deadline=None)
def test_every_node_cuts_off_and_leaves_on_one_path_what_its_removal_shows(network):
    nodes, edges, targets = network
    values = weights(nodes)
    found, before = losses_of_nodes(hung_of(network), values), states(*network)
    for node in range(nodes):
        after = states(nodes, [edge for edge in edges if node not in edge], targets - {node})
        after[node] = CUT
        lost, left = newly(before, after)
        assert found.cut[node].tolist() == values[lost].sum(axis=0).tolist()
        assert found.one[node].tolist() == values[left].sum(axis=0).tolist()


@given(networks(60))
@settings(max_examples=20, deadline=None)
def test_networks_of_sixty_nodes_lose_by_single_edges_and_nodes_what_walking_again_shows(network):
    nodes, edges, _ = network
    hung, values = hung_of(network), weights(nodes)
    start, end = arrays(edges)
    by_edge, by_node = losses_of_edges(hung, values), losses_of_nodes(hung, values)
    for k in range(len(edges)):
        lost, left = newly(hung.before, state_after(hung, np.arange(len(edges)) == k))
        assert by_edge.cut[k].tolist() == values[lost].sum(axis=0).tolist()
        assert by_edge.one[k].tolist() == values[left].sum(axis=0).tolist()
    for node in range(nodes):
        lost, left = newly(hung.before, state_after(hung, (start == node) | (end == node)))
        lost[node] = hung.before[node] != CUT
        left[node] = False
        assert by_node.cut[node].tolist() == values[lost].sum(axis=0).tolist()
        assert by_node.one[node].tolist() == values[left].sum(axis=0).tolist()


@given(networks(30), st.data())
@settings(max_examples=60, deadline=None)
def test_several_edges_that_go_at_once_leave_what_painting_shows(network, data):
    nodes, edges, targets = network
    gone = np.array(data.draw(st.lists(st.booleans(), min_size=len(edges), max_size=len(edges))), bool)
    after = state_after(hung_of(network), gone)
    assert after.tolist() == states(nodes, [e for e, g in zip(edges, gone) if not g], targets).tolist()


def test_a_network_without_a_target_is_refused():
    with pytest.raises(ValueError, match="target"):
        hang(np.array([0]), np.array([1]), np.zeros(2, bool))


@pytest.mark.parametrize("name", ["Cernet", "Chinanet", "Geant2012"])
def test_real_backbones_are_on_one_path_just_where_networkx_finds_no_second(shared_data, name):
    read = nx.MultiGraph(nx.read_graphml(shared_data / "cables" / f"{name}.graphml"))
    number = {node: k for k, node in enumerate(read.nodes)}
    edges = [(number[a], number[b]) for a, b in read.edges()]
    target = max(range(len(number)), key=lambda v: sum(v in edge for edge in edges))
    hung = hung_of((len(number), edges, {target}))
    flow = nx.Graph()
    flow.add_nodes_from(range(len(number)))
    for a, b in edges:
        if a != b:
            flow.add_edge(a, b, capacity=flow[a][b]["capacity"] + 1 if flow.has_edge(a, b) else 1)
    for node in range(len(number)):
        if node != target:
            ways = nx.maximum_flow_value(flow, node, target)
            assert hung.before[node] == min(ways, 2)
    sizes = np.ones((len(number), 1))
    by_node = losses_of_nodes(hung, sizes)
    for node in range(len(number)):
        if node != target:
            left = flow.subgraph(set(range(len(number))) - {node})
            assert by_node.cut[node, 0] == (hung.before > CUT).sum() - len(nx.node_connected_component(left, target))
