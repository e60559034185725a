"""How many ways lead from a place to others that share no edge, or no node: maximum flow with unit capacities.

Menger (1927): as many ways can be found as edges (nodes, the sinks among them) have to go to cut the two apart; so the
flow is the count, and the cut is what holds it back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

UNLIMITED = 1_000_000  # capacity of what is not to hold back anything


class Ways(NamedTuple):
    """Ways that share nothing.

    Attributes
    ----------
    number : int
    cut : shape (e,), bool
        Edges between what the source still reaches when all these ways are taken and the rest: as many as the count,
        or with node-disjoint ways the edges at the nodes that hold back.
    taken : shape (e,), bool
        Edges that the ways go by; with node-disjoint ways not told.
    through : shape (n,), bool
        The nodes among what holds the ways back: of those that one way may pass.
    """

    number: int
    cut: BoolArray
    taken: BoolArray
    through: BoolArray


def edge_disjoint(
    start: IntArray,
    end: IntArray,
    node_count: int,
    source: int,
    sinks: BoolArray,
    capacity: IntArray | None = None,
    single: BoolArray | None = None,
) -> Ways:
    """Count the ways from a node to any of the sinks of which no two share an edge.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape (e,)
    sinks : numpy.ndarray of bool, shape (n,)
        Not the source.
    capacity : numpy.ndarray of int64, shape (e,), optional
        Ways that each edge can take; default 1.
    single : numpy.ndarray of bool, shape (n,), optional
        Nodes that one way may pass; default none. Neither the source nor a sink.
    """
    capacity = np.ones(len(start), np.int64) if capacity is None else capacity
    single = np.zeros(node_count, dtype=bool) if single is None else single
    # A node that one way may pass is entered at its own number and left at one of the new ones; others are both.
    split = np.flatnonzero(single)
    out = np.arange(node_count)
    out[split] = node_count + np.arange(len(split))
    sink = node_count + len(split)
    at = np.flatnonzero(sinks)
    tail = np.concatenate([out[start], out[end], at, split])
    head = np.concatenate([end, start, np.full(len(at), sink), out[split]])
    size = np.concatenate([capacity, capacity, np.full(len(at), UNLIMITED), np.ones(len(split), np.int64)])
    count, reached, flow = _flow(tail, head, size, sink + 1, source, sink)
    there, back = (_at(flow, one, two) for one, two in ((out[start], end), (out[end], start)))
    # Of a split node the two directions are apart; of another the one is the other below zero.
    net = np.maximum(there, 0) - np.maximum(back, 0)
    cut = reached[out[start]] != reached[out[end]]
    through = np.zeros(node_count, dtype=bool)
    through[split] = reached[split] & ~reached[out[split]]
    return Ways(count, cut, _taken(np.abs(net), start, end, capacity), through)


def _at(flow: csr_array, tail: IntArray, head: IntArray) -> IntArray:
    """Give the flow from node to node as plain numbers, shape (k,)."""
    if not len(tail):
        return np.zeros(0, np.int64)  # of nothing a sparse matrix gives a sparse one
    return np.asarray(flow[tail, head]).ravel().astype(np.int64)


def node_disjoint(start: IntArray, end: IntArray, node_count: int, source: int, sinks: BoolArray) -> Ways:
    """Count the ways from a node to the sinks of which no two share any node but the source: each ends in another sink.

    So the loss of any one other node takes one way at most (Menger 1927, as the fan of a node to a set). Two cables to
    one sink are one way. Parameters as `edge_disjoint`.
    """
    sink = 2 * node_count
    at = np.flatnonzero(sinks)
    nodes = np.arange(node_count)
    through = np.ones(node_count, np.int64)
    through[source] = UNLIMITED
    # Node k is entered at k and left at n + k.
    tail = np.concatenate([nodes, node_count + start, node_count + end, node_count + at])
    head = np.concatenate([node_count + nodes, end, start, np.full(len(at), sink)])
    size = np.concatenate([through, np.ones(2 * len(start), np.int64), np.full(len(at), UNLIMITED)])
    count, reached, _ = _flow(tail, head, size, sink + 1, node_count + source, sink)
    inside = reached[node_count : 2 * node_count]  # can still be left
    full = reached[:node_count] & ~inside  # is entered, and cannot be left
    return Ways(count, inside[start] != inside[end], np.zeros(len(start), dtype=bool), full)


def _taken(net: IntArray, start: IntArray, end: IntArray, capacity: IntArray) -> BoolArray:
    """Share the flow between two nodes out among their parallel edges, the first ones first."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    order = np.lexsort((np.arange(len(start)), high, low))
    room = np.where(low == high, 0, capacity)[order]
    total = np.cumsum(room)
    first = np.append(True, (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0))[: len(order)]
    before = total - room
    before = before - np.repeat(before[first], np.diff(np.append(np.flatnonzero(first), len(order))))
    taken = np.zeros(len(start), dtype=bool)
    taken[order] = (room > 0) & (before < net[order])
    return taken


def _flow(
    tail: IntArray, head: IntArray, size: IntArray, node_count: int, source: int, sink: int
) -> tuple[int, BoolArray, csr_array]:
    """Give how much flows, the nodes that the source reaches through what is left, and the flow from node to node."""
    own = tail != head
    shape = (node_count, node_count)
    whole = csr_array(coo_array((size[own].astype(np.int32), (tail[own], head[own])), shape=shape))
    found = maximum_flow(whole, source, sink)
    left = csr_array(whole - found.flow)
    left.eliminate_zeros()
    reached = np.zeros(node_count, dtype=bool)
    reached[breadth_first_order(left, source, return_predecessors=False)] = True
    return int(found.flow_value), reached, csr_array(found.flow)
