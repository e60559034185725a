"""Pairs of edges that together cut a network: which edges leave others on a single path when they go.

In a tree in depth an edge is no bridge where at least one edge outside the tree leads back above it. Two edges of the
tree cut together just where the same edges lead back above both; one of the tree and one outside it just where that
one alone leads back. Such edges of the tree lie on one way down, and what one of them leaves on a single path is what
hangs between the highest and the lowest (everything below the highest, where only one edge leads back).

That the same edges lead back above an upper and a lower edge of one way: none of those from below the lower ends in
between, and they are as many. The deepest end is kept in heaps that are merged on the way up (C. A. Crane, 1972,
leftist trees); the next upper edge with as many is found on the way down. O(e log e), without chance.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .graph import Graph
from .walks import UNSEEN, Walk

IntArray = npt.NDArray[np.int64]


class Mates(NamedTuple):
    """What hangs on pairs of edges.

    Attributes
    ----------
    back : shape (n,), int64
        Edges that lead from the subtree of each node to above it; 0: the edge to the node is a bridge.
    top, bottom : shape (e,), int64
        Of the edges that cut together with an edge, the lower node of the highest and of the lowest of the tree;
        `UNSEEN` where no other cuts together with it. `bottom` is `UNSEEN`, too, where all below the highest hangs.
    """

    back: IntArray
    top: IntArray
    bottom: IntArray


def cut_pairs(graph: Graph, tree: Walk) -> Mates:
    """Find, for each edge that is no bridge, the edges that would be bridges without it."""
    return Mates(*_pairs(graph.first, graph.neighbour, graph.edge, tree.order, tree.place, tree.above, tree.came))


@numba.njit(nogil=True, cache=True)
def _merged(one: int, two: int, key: IntArray, left: IntArray, right: IntArray, rank: IntArray, path: IntArray) -> int:
    """Merge two leftist heaps, the greatest key on top; give the new top."""
    depth = 0
    while min(one, two) != UNSEEN:
        if key[one] < key[two]:
            one, two = two, one
        path[depth] = one
        depth += 1
        one = right[one]
    top = two if one == UNSEEN else one
    while depth:
        depth -= 1
        node = path[depth]
        right[node] = top
        on_left = rank[left[node]] if left[node] != UNSEEN else 0
        on_right = rank[top] if top != UNSEEN else 0
        if on_left < on_right:
            left[node], right[node] = right[node], left[node]
        rank[node] = min(on_left, on_right) + 1
        top = node
    return top


@numba.njit(nogil=True, cache=True)
def _pairs(
    first: IntArray,
    neighbour: IntArray,
    edge: IntArray,
    order: IntArray,
    place: IntArray,
    above: IntArray,
    came: IntArray,
) -> tuple[IntArray, IntArray, IntArray]:
    nodes, edges = first.size - 1, edge.size // 2
    key = np.full(edges, UNSEEN, dtype=np.int64)  # of a back edge: the place of its upper end
    left, right = np.full(edges, UNSEEN, dtype=np.int64), np.full(edges, UNSEEN, dtype=np.int64)
    rank = np.ones(edges, dtype=np.int64)
    path = np.empty(256, dtype=np.int64)  # a right spine is no longer than log2(e + 1)
    heap = np.full(nodes, UNSEEN, dtype=np.int64)
    back = np.zeros(nodes, dtype=np.int64)
    deepest = np.full(nodes, UNSEEN, dtype=np.int64)
    alone = np.full(nodes, UNSEEN, dtype=np.int64)  # the one edge that leads back, where it is one
    for at in range(order.size - 1, -1, -1):
        node = order[at]
        for slot in range(first[node], first[node + 1]):
            other, by = neighbour[slot], edge[slot]
            if place[other] < at and by != came[node]:  # a back edge, seen from its lower end
                key[by] = place[other]
                heap[node] = _merged(heap[node], by, key, left, right, rank, path)
                back[node] += 1
        while heap[node] != UNSEEN and key[heap[node]] >= at:
            heap[node] = _merged(left[heap[node]], right[heap[node]], key, left, right, rank, path)
            back[node] -= 1
        if heap[node] != UNSEEN:
            deepest[node] = key[heap[node]]
            if back[node] == 1:
                alone[node] = heap[node]
        if above[node] != UNSEEN:
            up = above[node]
            heap[up] = _merged(heap[up], heap[node], key, left, right, rank, path)
            back[up] += back[node]
    # On the way down: the nearest node above with as many edges back, for each number.
    latest = np.full(edges + 1, UNSEEN, dtype=np.int64)
    before = np.full(nodes, UNSEEN, dtype=np.int64)  # what stood in `latest` before the node
    highest = np.full(nodes, UNSEEN, dtype=np.int64)
    lowest = np.full(nodes, UNSEEN, dtype=np.int64)
    node = UNSEEN
    for at in range(order.size):
        new = order[at]
        while node != above[new]:  # the walk has left these
            latest[back[node]] = before[node]
            node = above[node]
        node = new
        count = back[node]
        mate = latest[count]
        before[node] = mate
        latest[count] = node
        if count == 0:
            continue
        joined = mate != UNSEEN and place[mate] > deepest[node]
        highest[node] = highest[mate] if joined else node
        lowest[highest[node]] = node
    top, bottom = np.full(edges, UNSEEN, dtype=np.int64), np.full(edges, UNSEEN, dtype=np.int64)
    for node in order:
        if above[node] == UNSEEN or back[node] == 0:
            continue
        if back[node] == 1:
            top[came[node]] = top[alone[node]] = highest[node]
        elif lowest[highest[node]] != highest[node]:
            top[came[node]] = highest[node]
            bottom[came[node]] = lowest[highest[node]]
    return back, top, bottom
