"""What falls apart when one edge or node of a network goes."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.cuts import articulation_points, bridges
from xinji_planner.analysis.network.graph import components, graph_of


@st.composite
def networks(draw):
    nodes = draw(st.integers(1, 60))
    ends = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1))
    edges = draw(st.lists(ends, max_size=120))
    return nodes, edges


def _parts(nodes, edges):
    """Connected parts, by painting until nothing changes."""
    label = list(range(nodes))
    changed = True
    while changed:
        changed = False
        for a, b in edges:
            least = min(label[a], label[b])
            if label[a] != least or label[b] != least:
                label[a] = label[b] = least
                changed = True
    return label


def _arrays(edges):
    return np.array([a for a, _ in edges], np.int64), np.array([b for _, b in edges], np.int64)


@given(networks())
@settings(max_examples=150, deadline=None)
def test_an_edge_is_a_bridge_just_where_its_loss_makes_one_part_more(network):
    nodes, edges = network
    found = bridges(graph_of(*_arrays(edges), nodes))
    whole = len(set(_parts(nodes, edges)))
    for k in range(len(edges)):
        left = edges[:k] + edges[k + 1 :]
        assert found[k] == (len(set(_parts(nodes, left))) > whole)


@given(networks())
@settings(max_examples=100, deadline=None)
def test_a_node_is_an_articulation_point_just_where_its_loss_tears_its_neighbours_apart(network):
    nodes, edges = network
    found = articulation_points(graph_of(*_arrays(edges), nodes))
    whole = _parts(nodes, edges)
    for node in range(nodes):
        left = _parts(nodes, [edge for edge in edges if node not in edge])
        pieces = {left[k] for k in range(nodes) if k != node and whole[k] == whole[node]}
        assert found[node] == (len(pieces) > 1)


@given(networks())
@settings(max_examples=100, deadline=None)
def test_nodes_share_a_part_just_where_a_way_joins_them_and_the_largest_part_is_the_first(network):
    nodes, edges = network
    found = components(*_arrays(edges), nodes).tolist()
    slow = _parts(nodes, edges)
    assert len(set(zip(found, slow))) == len(set(found)) == len(set(slow))
    sizes = [found.count(k) for k in range(len(set(found)))]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("name", ["Cernet", "Chinanet", "Geant2012"])
def test_real_backbones_have_the_bridges_and_articulation_points_of_networkx(shared_data, name):
    read = nx.MultiGraph(nx.read_graphml(shared_data / "cables" / f"{name}.graphml"))
    number = {node: k for k, node in enumerate(read.nodes)}
    edges = [(number[a], number[b]) for a, b in read.edges()]
    graph = graph_of(*_arrays(edges), len(number))
    simple = nx.Graph(read)
    expected = {frozenset(edge) for edge in nx.bridges(simple) if read.number_of_edges(*edge) == 1}
    names = list(read.nodes)
    found = {frozenset((names[a], names[b])) for (a, b), cut in zip(edges, bridges(graph)) if cut}
    assert found == expected
    assert {names[k] for k in np.flatnonzero(articulation_points(graph))} == set(nx.articulation_points(simple))


def test_an_end_that_is_no_node_is_refused():
    with pytest.raises(ValueError, match="no node"):
        graph_of(np.array([0]), np.array([3]), 3)
