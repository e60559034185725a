"""What a network loses when an edge, a node or several of both go: exact, and on the whole graph.

All targets (nodes that lead out) are taken as one. A node is **cut off** where no way leads to a target, **on one
path** where some single edge would cut it off, and else on **two or more** ways without a common edge (Menger 1927).
What a failure does is counted against the state before it: nodes that were on no path, or on one, are not blamed on it.

Single edges and nodes go by one walk in depth (`walks`, `cut_pairs`); what a node with three or more edges leaves on
one path is found by walking once more without it, over a network whose chains of cables are drawn together. Conduits,
hazards and pairs are recomputed (`state_after`). All of it is tested against painting.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from ..slices import Checkpoint
from .chains import Chains, chains_of, one_path_without
from .cut_pairs import Mates, cut_pairs
from .graph import Graph, graph_of
from .walks import UNSEEN, Spans, Walk, walk

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
StateArray = npt.NDArray[np.int8]
BoolArray = npt.NDArray[np.bool_]

CUT, ONE, MORE = 0, 1, 2
ROOT = 0


class Hung(NamedTuple):
    """A network that hangs on its targets.

    Attributes
    ----------
    start, end : shape (e,), int64
        As drawn.
    of : shape (n,), int64
        Each node in the drawn-together graph, where all targets are node 0.
    graph : Graph
        The drawn-together graph.
    tree : Walk
        From the targets.
    mates : Mates
    state : shape (n',), int8
        `CUT`, `ONE` or `MORE` of each drawn-together node, before any failure.
    chains : Chains
        Of the nodes on two or more ways.
    """

    start: IntArray
    end: IntArray
    of: IntArray
    graph: Graph
    tree: Walk
    mates: Mates
    state: StateArray
    chains: Chains

    @property
    def before(self) -> StateArray:
        """State of each node before any failure, shape (n,)."""
        return self.state[self.of]

    def drawn_together(self, values: FloatArray) -> FloatArray:
        """Add up values of nodes, shape (n,), for the drawn-together nodes, shape (n',)."""
        return np.asarray(np.bincount(self.of, values, minlength=len(self.state)), dtype=np.float64)


def hang(start: IntArray, end: IntArray, targets: BoolArray) -> Hung:
    """Hang a network on its targets.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape (e,)
        Nodes of each edge.
    targets : numpy.ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        There is no target.
    """
    if not targets.any():
        raise ValueError("no node is a target")
    of = np.where(targets, ROOT, np.cumsum(~targets))
    count = int((~targets).sum()) + 1
    graph = graph_of(of[start], of[end], count)
    tree = walk(graph, np.array([ROOT]))
    mates = cut_pairs(graph, tree)
    state = np.zeros(count, dtype=np.int8)
    _spread(tree.order, tree.above, mates.back, state)
    chains = chains_of(graph, state == MORE, ROOT)
    return Hung(np.asarray(start, np.int64), np.asarray(end, np.int64), of, graph, tree, mates, state, chains)


@numba.njit(nogil=True, cache=True)
def _spread(order: IntArray, above: IntArray, back: IntArray, state: StateArray) -> None:
    """Set the states along the tree: on one path from the first bridge on."""
    for node in order:
        up = above[node]
        state[node] = 2 if up < 0 or (state[up] == 2 and back[node] > 0) else 1


class Losses(NamedTuple):
    """Sums over what each of m elements cuts off, and newly leaves on one path, shape (m, k) each."""

    cut: FloatArray
    one: FloatArray


def losses_of_edges(hung: Hung, values: FloatArray, *, with_one: bool = True) -> Losses:
    """Add up k values of the nodes, shape (n, k), that each edge cuts off or leaves on one path when it goes."""
    tree, mates, edges = hung.tree, hung.mates, hung.graph.edge_count
    lower = tree.order[1:]
    lone = lower[mates.back[lower] == 0]
    spans = Spans(tree.came[lone], tree.place[lone], tree.end[lone], np.ones(len(lone)))
    cut, one = np.zeros((edges, values.shape[1])), np.zeros((edges, values.shape[1]))
    hanging = _on_one_path(tree, mates)
    for k in range(values.shape[1]):
        ordered = hung.drawn_together(values[:, k])[tree.order]
        cut[:, k] = spans.sums(ordered, edges)
        if with_one:
            one[:, k] = hanging.sums(np.where(hung.state[tree.order] == MORE, ordered, 0.0), edges)
    return Losses(cut, one)


def _on_one_path(tree: Walk, mates: Mates) -> Spans:
    """Give what hangs between the edges that cut together with each edge."""
    high = np.flatnonzero(mates.top != UNSEEN)
    low = np.flatnonzero(mates.bottom != UNSEEN)
    node = np.concatenate([mates.top[high], mates.bottom[low]])
    sign = np.concatenate([np.ones(len(high)), -np.ones(len(low))])
    return Spans(np.concatenate([high, low]), tree.place[node], tree.end[node], sign)


def losses_of_nodes(
    hung: Hung, values: FloatArray, *, with_one: bool = True, checkpoint: Checkpoint | None = None
) -> Losses:
    """Add up k values of the nodes, shape (n, k), that each node cuts off or leaves on one path, its own with them.

    A node that was cut off before loses nothing more.
    """
    cut, one = _losses_of_joined(hung, values, with_one, checkpoint)
    found = Losses(cut[hung.of], one[hung.of])
    before = hung.before
    for target in np.flatnonzero(hung.of == ROOT).tolist():
        gone = (hung.start == target) | (hung.end == target)
        lost, left = newly(before, state_after(hung, gone))
        lost[target] = True
        found.cut[target], found.one[target] = values[lost].sum(axis=0), values[left].sum(axis=0)
    return found


def _losses_of_joined(
    hung: Hung, values: FloatArray, with_one: bool, checkpoint: Checkpoint | None
) -> tuple[FloatArray, FloatArray]:
    """Give the sums for the drawn-together nodes; those of node 0 mean nothing."""
    tree, graph = hung.tree, hung.graph
    count, columns = graph.node_count, values.shape[1]
    lower = tree.order[1:]
    # A subtree hangs on the node above it where nothing leads from it to above that node.
    held = lower[tree.low[lower] >= tree.place[tree.above[lower]]]
    held = held[tree.above[held] != ROOT]
    node = np.concatenate([lower, tree.above[held]])
    low = np.concatenate([tree.place[lower], tree.place[held]])
    high = np.concatenate([tree.place[lower] + 1, tree.end[held]])
    spans = Spans(node, low, high, np.ones(len(node)))
    joined = np.zeros((count, columns))
    cut, one = np.zeros((count, columns)), np.zeros((count, columns))
    for k in range(columns):
        joined[:, k] = hung.drawn_together(values[:, k])
        cut[:, k] = spans.sums(joined[tree.order, k], count)
    if not with_one:
        return cut, one
    more = np.where((hung.state == MORE)[:, None], joined, 0.0)
    # A node of a chain leaves behind what either of its two edges does, but for itself.
    within = np.flatnonzero(hung.chains.link_of_node != UNSEEN)
    hanging = _on_one_path(tree, hung.mates)
    for k in range(columns):
        of_edge = hanging.sums(more[tree.order, k], graph.edge_count)
        one[within, k] = of_edge[hung.chains.edge_of_node[within]] - more[within, k]
    one[hung.chains.branches] = one_path_without(hung.chains, more, checkpoint)
    return cut, one


def state_after(hung: Hung, edge_gone: BoolArray) -> StateArray:
    """Give the state of each node, shape (n,), without some edges, shape (e,); a node goes with all of its edges."""
    tree = walk(hung.graph, np.array([ROOT]), edge_gone)
    state = np.zeros(hung.graph.node_count, dtype=np.int8)
    _spread(tree.order, tree.above, (tree.low < tree.place).astype(np.int64), state)
    return state[hung.of]


def newly(before: StateArray, after: StateArray) -> tuple[BoolArray, BoolArray]:
    """Tell which nodes are cut off that were not, and which are on one path that were on more."""
    return (after == CUT) & (before != CUT), (after == ONE) & (before == MORE)
