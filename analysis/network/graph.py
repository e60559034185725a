"""A multigraph, and the connected parts of it.

Parallel edges count one by one, so two cables between the same rooms are no bridge. Loops are kept and hold nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

IntArray = npt.NDArray[np.int64]


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
