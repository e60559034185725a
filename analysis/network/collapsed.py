"""A graph with its dead ends left out and its chains of nodes that only lead on made one edge each.

Routes between kept nodes are the same in both: a dead end is on no shortest route between others, and whoever enters a
chain leaves it at the other end. Cable data consists of chains for the most part, so searches get faster by about as
much.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_matrix
from scipy.sparse.csgraph import reverse_cuthill_mckee

from .graph import Graph, graph_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_NOTHING = -1


class Collapsed(NamedTuple):
    """The smaller graph, and what of the whole one each of its edges stands for.

    Attributes
    ----------
    graph : Graph
        Of the nodes that stayed, with one edge a chain.
    weight : shape (c,), float64
        Of each chain: of its edges, and of the nodes within.
    start, end : shape (c,), int64
        Ends of each chain, among the nodes that stayed.
    node : shape (m,), int64
        Number in the whole graph of each node that stayed.
    number : shape (n,), int64
        Number among those that stayed of each node of the whole graph; -1 for one that is within a chain or left out.
    first : shape (c + 1,), int64
        Chain k consists of ``edges[first[k]]`` to ``edges[first[k + 1]]``, the latter excluded, from start to end.
    edges : numpy.ndarray of int64
    """

    graph: Graph
    weight: FloatArray
    start: IntArray
    end: IntArray
    node: IntArray
    number: IntArray
    first: IntArray
    edges: IntArray

    def edges_of(self, chain: int, *, forward: bool) -> list[int]:
        """Give the edges of a chain in the order in which it is gone."""
        edges: list[int] = self.edges[self.first[chain] : self.first[chain + 1]].tolist()
        return edges if forward else edges[::-1]


def collapse(start: IntArray, end: IntArray, weight: FloatArray, passing: FloatArray, keep: BoolArray) -> Collapsed:
    """Leave out dead ends and make chains one edge each.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape (e,)
    weight : numpy.ndarray, shape (e,)
        Not negative; an edge that is not finite is left out.
    passing : numpy.ndarray, shape (n,)
        What a route takes on at a node that it passes; not negative.
    keep : numpy.ndarray of bool, shape (n,)
        Nodes that routes begin and end at, or that are to be told of.
    """
    start, end = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
    graph = graph_of(start, end, len(keep))
    usable = np.isfinite(weight) & (start != end)
    stays, from_node, to_node, sums, first, edges = _collapse(
        graph.first, graph.neighbour, graph.edge, weight, usable, passing, keep
    )
    node = _neighbours_near(np.flatnonzero(stays), from_node, to_node, len(keep))
    number = np.full(len(keep), _NOTHING, dtype=np.int64)
    number[node] = np.arange(len(node))
    from_node, to_node = number[from_node], number[to_node]
    small = graph_of(from_node, to_node, len(node))
    return Collapsed(small, sums, from_node, to_node, node, number, first, edges)


def _neighbours_near(node: IntArray, start: IntArray, end: IntArray, node_count: int) -> IntArray:
    """Order nodes so that neighbours stand close in memory, which makes searches of large networks twice as fast."""
    if not len(node):
        return node
    place = np.empty(node_count, dtype=np.int64)
    place[node] = np.arange(len(node))
    shape = (len(node), len(node))
    joined = coo_array((np.ones(len(start), np.int8), (place[start], place[end])), shape=shape)
    both = csr_matrix(joined + joined.T)  # the function below takes no sparse array
    return node[reverse_cuthill_mckee(both, symmetric_mode=True)]


@numba.njit(nogil=True, cache=True)
def _collapse(
    first: IntArray,
    neighbour: IntArray,
    edge: IntArray,
    weight: FloatArray,
    usable: BoolArray,
    passing: FloatArray,
    keep: BoolArray,
) -> tuple[BoolArray, IntArray, IntArray, FloatArray, IntArray, IntArray]:
    nodes, count = first.size - 1, usable.size
    alive = usable.copy()
    degree = np.zeros(nodes, dtype=np.int64)
    for node in range(nodes):
        for slot in range(first[node], first[node + 1]):
            if alive[edge[slot]]:
                degree[node] += 1
    # Dead ends: take off what has one edge, until nothing has.
    stack = np.empty(nodes, dtype=np.int64)
    depth = 0
    for node in range(nodes):
        if degree[node] == 1 and not keep[node]:
            stack[depth] = node
            depth += 1
    while depth:
        depth -= 1
        node = stack[depth]
        for slot in range(first[node], first[node + 1]):
            if alive[edge[slot]]:
                alive[edge[slot]] = False
                degree[node] -= 1
                other = neighbour[slot]
                degree[other] -= 1
                if degree[other] == 1 and not keep[other]:
                    stack[depth] = other
                    depth += 1
    # What remains of degree 2 leads on; a ring of such nodes alone is reached from nowhere and falls away.
    stays = keep | (degree > 2)
    from_node = np.empty(count, dtype=np.int64)
    to_node = np.empty(count, dtype=np.int64)
    sums = np.empty(count, dtype=np.float64)
    begins = np.zeros(count + 1, dtype=np.int64)
    edges = np.empty(count, dtype=np.int64)
    chains, used = 0, 0
    for node in range(nodes):
        if not stays[node]:
            continue
        for at in range(first[node], first[node + 1]):
            if not alive[edge[at]]:
                continue
            begin, slot, here, total = used, at, node, 0.0
            while True:
                by, there = edge[slot], neighbour[slot]
                alive[by] = False
                edges[used] = by
                used += 1
                total += weight[by]
                here = there
                if stays[here]:
                    break
                total += passing[here]
                for further in range(first[here], first[here + 1]):
                    if alive[edge[further]]:
                        slot = further
                        break
            if here == node:  # a ring that comes back is on no shortest route
                used = begin
                continue
            from_node[chains], to_node[chains], sums[chains] = node, here, total
            chains += 1
            begins[chains] = used
    return stays, from_node[:chains], to_node[:chains], sums[:chains], begins[: chains + 1], edges[:used]
