"""Where a network falls in pieces that each hold targets: against removing each element and painting."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from xinji_planner.analysis.network.splits import apart_after, apart_by_edges, apart_by_nodes, whole


@st.composite
def networks(draw):
    nodes = draw(st.integers(1, 30))
    ends = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1))
    edges = draw(st.lists(ends, max_size=nodes + 6))
    targets = draw(st.sets(st.integers(0, nodes - 1), max_size=nodes))
    return nodes, edges, targets


def paint(nodes, edges, without=()):
    """Connected pieces, as sets of nodes."""
    label, changed = list(range(nodes)), True
    while changed:
        changed = False
        for a, b in edges:
            least = min(label[a], label[b])
            if {label[a], label[b]} != {least}:
                label[a] = label[b] = least
                changed = True
    return [{v for v in range(nodes) if label[v] == k} for k in sorted(set(label)) if k not in without]


def sizes_apart(nodes, edges, targets, left, gone):
    """Targets and nodes of the pieces apart: of every part all its pieces with targets but the greatest."""
    found = []
    pieces = paint(nodes, left, gone)
    for part in paint(nodes, edges):
        within = sorted((len(p & targets), len(p)) for p in pieces if p <= part and p & targets)
        found += within[:-1]
    return np.array(found).reshape(-1, 2).sum(axis=0)


def arrays(edges):
    return np.array([a for a, _ in edges], np.int64), np.array([b for _, b in edges], np.int64)


@given(networks())
@settings(max_examples=150, deadline=None)
def test_each_edge_and_node_splits_off_what_its_removal_shows(network):
    nodes, edges, targets = network
    is_target = np.isin(np.arange(nodes), list(targets))
    net = whole(*arrays(edges), is_target)
    values = np.column_stack([is_target, np.ones(nodes)]).astype(float)
    by_edge, by_node = apart_by_edges(net, values), apart_by_nodes(net, values)
    for k in range(len(edges)):
        expected = sizes_apart(nodes, edges, targets, edges[:k] + edges[k + 1 :], ())
        assert by_edge[k].tolist() == expected.tolist()
        after = apart_after(net, np.arange(len(edges)) == k, np.zeros(nodes, bool))
        assert values[after].sum(axis=0).tolist() == expected.tolist()
    for node in range(nodes):
        left = [edge for edge in edges if node not in edge]
        expected = sizes_apart(nodes, edges, targets, left, (node,))
        assert by_node[node].tolist() == expected.tolist()
        after = apart_after(net, np.zeros(len(edges), bool), np.arange(nodes) == node)
        assert values[after].sum(axis=0).tolist() == expected.tolist()
