"""Where a network that holds together falls in pieces with targets in several of them: what is split from the rest.

Of the pieces of one connected part that hold targets, the one with the most targets (then with the most nodes, then the
first) is the body of it; the others are **apart**. Pieces without a target are not looked at here: see `failures`.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .graph import Graph, components, graph_of
from .walks import UNSEEN, Spans, Walk, walk

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class Whole(NamedTuple):
    """A network before any failure.

    Attributes
    ----------
    start, end : shape (e,), int64
    targets : shape (n,), bool
    graph : Graph
    tree : Walk
        From the first node of each part.
    part : shape (n,), int64
        Connected part of each node.
    """

    start: IntArray
    end: IntArray
    targets: BoolArray
    graph: Graph
    tree: Walk
    part: IntArray


def whole(start: IntArray, end: IntArray, targets: BoolArray) -> Whole:
    """Walk the whole network; `start` and `end` of shape (e,), `targets` of shape (n,)."""
    count = len(targets)
    graph = graph_of(start, end, count)
    return Whole(start, end, targets, graph, walk(graph, np.arange(count)), components(start, end, count))


def apart_by_edges(net: Whole, values: FloatArray) -> FloatArray:
    """Add up k values of nodes, shape (n, k), that each edge splits from the body when it goes, shape (e, k)."""
    tree = net.tree
    lower = tree.order[(tree.above[tree.order] != UNSEEN) & (tree.low[tree.order] == tree.place[tree.order])]
    bridge, root = tree.came[lower], tree.root[lower]
    spans = Spans(np.arange(len(lower)), tree.place[lower], tree.end[lower], np.ones(len(lower)))
    below, total = _pair(net, spans, len(lower), root)
    rest = total - below
    split = (below[:, 0] > 0) & (rest[:, 0] > 0)
    is_body = (below[:, 0] > rest[:, 0]) | ((below[:, 0] == rest[:, 0]) & (below[:, 1] > rest[:, 1]))
    found = np.zeros((len(net.start), values.shape[1]))
    for k in range(values.shape[1]):
        ordered = values[tree.order, k]
        under = spans.sums(ordered, len(lower))
        over = _of_roots(tree, ordered)[root] - under
        found[bridge, k] = np.where(split, np.where(is_body, over, under), 0.0)
    return found


def _pair(net: Whole, spans: Spans, rows: int, root: IntArray) -> tuple[FloatArray, FloatArray]:
    """Give targets and nodes of spans, and of the whole parts that they are in, shape (rows, 2)."""
    columns = np.column_stack([net.targets, np.ones(len(net.targets))]).astype(float)[net.tree.order]
    below = np.column_stack([spans.sums(columns[:, k], rows) for k in range(2)])
    total = np.column_stack([_of_roots(net.tree, columns[:, k])[root] for k in range(2)])
    return below, total


def _of_roots(tree: Walk, ordered: FloatArray) -> FloatArray:
    """Add up values, in the order of the walk, over each tree; shape (n,), by its root."""
    return np.asarray(np.bincount(tree.root[tree.order], ordered, minlength=len(tree.place)), dtype=np.float64)


def apart_by_nodes(net: Whole, values: FloatArray) -> FloatArray:
    """Add up k values of nodes, shape (n, k), that each node splits from the body when it goes, shape (n, k)."""
    tree, count = net.tree, len(net.targets)
    held = tree.order[tree.above[tree.order] != UNSEEN]
    held = held[tree.low[held] >= tree.place[tree.above[held]]]
    node = tree.above[held]
    cut = np.unique(node)
    place = np.searchsorted(cut, node)
    # The pieces: each subtree that hangs on the node, and what is left of its part.
    spans = Spans(np.arange(len(held)), tree.place[held], tree.end[held], np.ones(len(held)))
    below, _ = _pair(net, spans, len(held), tree.root[held])
    own = np.column_stack([net.targets[cut], np.ones(len(cut))]).astype(float)
    whole_part = np.column_stack([_of_roots(tree, column)[tree.root[cut]] for column in _columns(net)])
    rest = whole_part - own - _added(place, below, len(cut))
    owner = np.concatenate([place, np.arange(len(cut))])
    size = np.concatenate([below, rest])
    order = np.lexsort((-size[:, 1], -size[:, 0], owner))
    body = order[np.append(True, np.diff(owner[order]) != 0)[: len(order)]]
    is_apart = size[:, 0] > 0
    is_apart[body] = False
    found = np.zeros((count, values.shape[1]))
    for k in range(values.shape[1]):
        ordered = values[tree.order, k]
        under = spans.sums(ordered, len(held))
        left = _of_roots(tree, ordered)[tree.root[cut]] - values[cut, k] - np.bincount(place, under, len(cut))
        every = np.concatenate([under, left])
        found[cut, k] = np.bincount(owner, np.where(is_apart, every, 0.0), minlength=len(cut))
    return found


def _columns(net: Whole) -> list[FloatArray]:
    return [net.targets[net.tree.order].astype(float), np.ones(len(net.tree.order))]


def _added(place: IntArray, rows: FloatArray, count: int) -> FloatArray:
    return np.column_stack([np.bincount(place, rows[:, k], minlength=count) for k in range(rows.shape[1])])


def apart_after(net: Whole, edge_gone: BoolArray, node_gone: BoolArray) -> BoolArray:
    """Tell which nodes, shape (n,), are split from the body of their part without some edges and nodes."""
    count = len(net.targets)
    left = ~edge_gone & ~node_gone[net.start] & ~node_gone[net.end]
    piece = _painted(net.graph.first, net.graph.neighbour, net.graph.edge, left)
    there = ~node_gone
    targets = np.bincount(piece[there], net.targets[there], minlength=count)
    size = np.bincount(piece[there], minlength=count)
    part = np.zeros(count, dtype=np.int64)
    part[piece[there]] = net.part[there]
    pieces = np.flatnonzero(targets > 0)
    order = pieces[np.lexsort((pieces, -size[pieces], -targets[pieces], part[pieces]))]
    first = np.append(True, np.diff(part[order]) != 0)[: len(order)]
    is_apart = targets > 0
    is_apart[order[first]] = False
    return np.asarray(is_apart[piece] & there, dtype=bool)


@numba.njit(nogil=True, cache=True)
def _painted(first: IntArray, neighbour: IntArray, edge: IntArray, left: BoolArray) -> IntArray:
    """Give each node the number of its piece, by what the edges left hold together."""
    nodes = first.size - 1
    piece = np.full(nodes, -1, dtype=np.int64)
    stack = np.empty(nodes, dtype=np.int64)
    pieces = 0
    for node in range(nodes):
        if piece[node] >= 0:
            continue
        piece[node] = pieces
        stack[0], depth = node, 1
        while depth:
            depth -= 1
            here = stack[depth]
            for slot in range(first[here], first[here + 1]):
                other = neighbour[slot]
                if left[edge[slot]] and piece[other] < 0:
                    piece[other] = pieces
                    stack[depth] = other
                    depth += 1
        pieces += 1
    return piece
