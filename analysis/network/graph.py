"""A multigraph, and what falls apart when one node or edge goes: components, bridges, articulation points.

Parallel edges count one by one, so two cables between the same rooms are no bridge. Loops are kept and hold nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_NOTHING = -1


class Graph(NamedTuple):
    """n nodes and e edges, each edge listed at both of its ends.

    Attributes
    ----------
    first : shape (n + 1,), int64
        Node k has the slots ``first[k]`` to ``first[k + 1]``, the latter excluded.
    neighbour : shape (2e,), int64
        The node at the other end.
    edge : shape (2e,), int64
        Number of the edge.
    """

    first: IntArray
    neighbour: IntArray
    edge: IntArray

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.first) - 1

    @property
    def edge_count(self) -> int:
        """Number of edges."""
        return len(self.edge) // 2

    @property
    def degree(self) -> IntArray:
        """Ends of edges at each node, shape (n,); a loop counts twice."""
        return np.diff(self.first)


def graph_of(start: IntArray, end: IntArray, node_count: int) -> Graph:
    """Make a graph of the two ends of each edge.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape (e,)
        Node numbers, 0 to ``node_count - 1``.
    node_count : int
        Nodes without an edge are nodes all the same.

    Raises
    ------
    ValueError
        An end is no node.
    """
    start, end = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
    if len(start) and (min(start.min(), end.min()) < 0 or max(start.max(), end.max()) >= node_count):
        raise ValueError("an end of an edge is no node")
    here = np.concatenate([start, end])
    order = np.argsort(here, kind="stable")
    first = np.zeros(node_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(here, minlength=node_count), out=first[1:])
    edges = np.arange(len(start), dtype=np.int64)
    return Graph(first, np.concatenate([end, start])[order], np.concatenate([edges, edges])[order])


def components(start: IntArray, end: IntArray, node_count: int) -> IntArray:
    """Give the connected parts numbers, 0 to the largest (by nodes, then by its first node).

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Number of the part that each node is in.
    """
    joined = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(node_count, node_count))
    count, label = connected_components(joined, directed=False)
    _, first, size = np.unique(label, return_index=True, return_counts=True)
    rank = np.empty(count, dtype=np.int64)
    rank[np.lexsort((first, -size))] = np.arange(count)
    return np.asarray(rank[label], dtype=np.int64)


def bridges(graph: Graph) -> BoolArray:
    """Tell which edges cut their part in two when they go, shape (e,)."""
    return _low_points(graph.first, graph.neighbour, graph.edge)[0]


def articulation_points(graph: Graph) -> BoolArray:
    """Tell which nodes cut their part in pieces when they go, shape (n,)."""
    return _low_points(graph.first, graph.neighbour, graph.edge)[1]


@numba.njit(nogil=True, cache=True)
def _low_points(first: IntArray, neighbour: IntArray, edge: IntArray) -> tuple[BoolArray, BoolArray]:
    """Walk in depth, without recursion: R. Tarjan (1974), Inf. Proc. Letters 2, 160-161, and his low points of 1972.

    ``low[v]`` is the earliest node that the subtree of v reaches by one edge that is not of the tree. The tree edge to
    v is a bridge where that is v itself; its upper end is an articulation point where it is not above that end. The
    root of a tree is one where it has two subtrees or more.
    """
    nodes = first.size - 1
    bridge = np.zeros(edge.size // 2, dtype=np.bool_)
    cut = np.zeros(nodes, dtype=np.bool_)
    seen = np.full(nodes, _NOTHING, dtype=np.int64)
    low = np.zeros(nodes, dtype=np.int64)
    slot = first[:-1].copy()  # the next slot of each node to be looked at
    came = np.full(nodes, _NOTHING, dtype=np.int64)  # the edge by which the walk came
    stack = np.empty(nodes, dtype=np.int64)
    clock = 0
    for root in range(nodes):
        if seen[root] != _NOTHING:
            continue
        seen[root] = low[root] = clock
        clock += 1
        stack[0], depth, subtrees = root, 1, 0
        while depth:
            node = stack[depth - 1]
            if slot[node] < first[node + 1]:
                other, by = neighbour[slot[node]], edge[slot[node]]
                slot[node] += 1
                if by == came[node]:
                    continue
                if seen[other] == _NOTHING:
                    seen[other] = low[other] = clock
                    clock += 1
                    came[other] = by
                    stack[depth] = other
                    depth += 1
                    if node == root:
                        subtrees += 1
                elif seen[other] < low[node]:
                    low[node] = seen[other]
                continue
            depth -= 1
            if depth:
                above = stack[depth - 1]
                low[above] = min(low[above], low[node])
                if low[node] > seen[above]:
                    bridge[came[node]] = True
                if above != root and low[node] >= seen[above]:
                    cut[above] = True
        cut[root] = subtrees > 1
    return bridge, cut
