"""A walk in depth through a network, and sums over its subtrees.

What hangs on a single edge or node is a subtree, or the difference of two: a run of nodes in the order of the walk. So
the loss by any of 10⁵ elements is a difference of two running sums, and exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .graph import Graph

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

UNSEEN = -1


class Walk(NamedTuple):
    """A forest of trees in depth, by the order in which the walk came to the nodes.

    Attributes
    ----------
    order : shape (s,), int64
        The nodes that were reached.
    place : shape (n,), int64
        Of each node in `order`; `UNSEEN` where the walk did not come.
    end : shape (n,), int64
        Its subtree is ``order[place:end]``.
    above : shape (n,), int64
        The node that the walk came from; `UNSEEN` at a root.
    came : shape (n,), int64
        The edge that it came by.
    low : shape (n,), int64
        The first place that the subtree reaches by one edge that is not of the tree, or its own.
    root : shape (n,), int64
        The root of its tree.
    """

    order: IntArray
    place: IntArray
    end: IntArray
    above: IntArray
    came: IntArray
    low: IntArray
    root: IntArray


class Spans(NamedTuple):
    """Sums of nodes for each of many rows, as runs of places in a walk that are added or taken away.

    Attributes
    ----------
    row, low, high : shape (s,), int64
        The places from `low` to `high`, the latter excluded, count for `row`.
    sign : shape (s,), float64
    """

    row: IntArray
    low: IntArray
    high: IntArray
    sign: FloatArray

    def sums(self, values: FloatArray, rows: int) -> FloatArray:
        """Add up the values, shape (s,) in the order of the walk, for each row, shape (rows,)."""
        running = np.append(0.0, np.cumsum(values))
        sums = np.bincount(self.row, self.sign * (running[self.high] - running[self.low]), minlength=rows)
        return np.asarray(sums, dtype=np.float64)


def walk(graph: Graph, roots: IntArray, edge_gone: BoolArray | None = None) -> Walk:
    """Walk from each root that has not been reached before, by edges not gone, shape (e,); default none is."""
    gone = np.zeros(0, dtype=np.bool_) if edge_gone is None else edge_gone
    found = low_points(graph.first, graph.neighbour, graph.edge, np.asarray(roots, dtype=np.int64), gone)
    order, place, above, came, low = found
    end, root = _subtrees(order, place, above)
    return Walk(order, place, end, above, came, low, root)


@numba.njit(nogil=True, cache=True)
def low_points(
    first: IntArray, neighbour: IntArray, edge: IntArray, roots: IntArray, gone: BoolArray
) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
    """Walk in depth, without recursion; give ``order, place, above, came, low`` as `Walk` has them.

    R. Tarjan (1974), Inf. Proc. Letters 2, 160-161, and his low points of 1972. A tree edge whose lower node has itself
    as its low point is a bridge; a node that is no root is an articulation point where a subtree below it reaches
    nothing above it.
    """
    nodes = first.size - 1
    order = np.empty(nodes, dtype=np.int64)
    place = np.full(nodes, UNSEEN, dtype=np.int64)
    above = np.full(nodes, UNSEEN, dtype=np.int64)
    came = np.full(nodes, UNSEEN, dtype=np.int64)
    low = np.full(nodes, UNSEEN, dtype=np.int64)
    slot = first[:-1].copy()  # the next slot of each node to be looked at
    clock = 0
    for root in roots:
        if place[root] != UNSEEN:
            continue
        place[root] = low[root] = clock
        order[clock] = root
        clock += 1
        node = root
        while True:
            if slot[node] < first[node + 1]:
                other, by = neighbour[slot[node]], edge[slot[node]]
                slot[node] += 1
                if by == came[node] or (gone.size and gone[by]):
                    continue
                if place[other] == UNSEEN:
                    place[other] = low[other] = clock
                    order[clock] = other
                    clock += 1
                    above[other], came[other] = node, by
                    node = other
                elif place[other] < low[node]:
                    low[node] = place[other]
                continue
            if node == root:
                break
            low[above[node]] = min(low[above[node]], low[node])
            node = above[node]
    return order[:clock], place, above, came, low


@numba.njit(nogil=True, cache=True)
def _subtrees(order: IntArray, place: IntArray, above: IntArray) -> tuple[IntArray, IntArray]:
    """Give each node the end of its subtree and the root of its tree."""
    end, root = np.full(place.size, UNSEEN, dtype=np.int64), np.full(place.size, UNSEEN, dtype=np.int64)
    for node in order:
        end[node] = place[node] + 1
        root[node] = node if above[node] == UNSEEN else root[above[node]]
    for at in range(order.size - 1, -1, -1):
        up = above[order[at]]
        if up != UNSEEN:
            end[up] = max(end[up], end[order[at]])
    return end, root
