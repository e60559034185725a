"""Chains of cables: nodes with two edges, drawn together to one link between the nodes where the network branches.

Where a node with three or more edges goes, what is left on one path is looked for among the links alone: about ten
times fewer than edges in a cable network, for the same answer.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from ..slices import Checkpoint, rounds
from .graph import Graph, graph_of
from .walks import UNSEEN, low_points

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_ROOT = np.zeros(1, dtype=np.int64)


class Chains(NamedTuple):
    """Links between branches.

    Attributes
    ----------
    branches : shape (b,), int64
        Nodes with three or more edges; the root is the first whatever it has.
    links : Graph
        Between the branches, by their place in `branches`.
    link_of_node : shape (n,), int64
        The link that a node is within; `UNSEEN` for branches and nodes that are not wanted.
    edge_of_node : shape (n,), int64
        One of the two edges of a node within a link.
    """

    branches: IntArray
    links: Graph
    link_of_node: IntArray
    edge_of_node: IntArray


def chains_of(graph: Graph, wanted: BoolArray, root: int) -> Chains:
    """Draw the chains together.

    Parameters
    ----------
    graph : Graph
    wanted : numpy.ndarray of bool, shape (n,)
        Nodes on two or more ways from the root, and the root: each of the former has two wanted edges or more.
    root : int
    """
    first, other = graph.first, graph.neighbour
    here = np.repeat(np.arange(graph.node_count), np.diff(first))
    used = wanted[here] & wanted[other] & (here != other)
    degree = np.bincount(here[used], minlength=graph.node_count)
    is_branch = wanted & (degree != 2)
    is_branch[root] = True
    branches = np.append(root, np.setdiff1d(np.flatnonzero(is_branch), [root])).astype(np.int64)
    number = np.full(graph.node_count, UNSEEN, dtype=np.int64)
    number[branches] = np.arange(len(branches))
    start, end, link, edge = _follow(first, other, graph.edge, used, branches, number)
    return Chains(branches, graph_of(start, end, len(branches)), link, edge)


@numba.njit(nogil=True, cache=True)
def _follow(
    first: IntArray, neighbour: IntArray, edge: IntArray, used: BoolArray, branches: IntArray, number: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Follow every edge of a branch to the next branch, each chain once."""
    nodes, edges = first.size - 1, edge.size // 2
    done = np.zeros(edges, dtype=np.bool_)
    link_of, edge_of = np.full(nodes, -1, dtype=np.int64), np.full(nodes, -1, dtype=np.int64)
    start, end = np.empty(edges, dtype=np.int64), np.empty(edges, dtype=np.int64)
    links = 0
    for branch in branches:
        for slot in range(first[branch], first[branch + 1]):
            if not used[slot] or done[edge[slot]]:
                continue
            by, node = edge[slot], neighbour[slot]
            done[by] = True
            while number[node] < 0:
                link_of[node], edge_of[node] = links, by
                for onward in range(first[node], first[node + 1]):
                    if used[onward] and edge[onward] != by:
                        by, node = edge[onward], neighbour[onward]
                        break
                done[by] = True
            start[links], end[links] = number[branch], number[node]
            links += 1
    return start[:links], end[:links], link_of, edge_of


def one_path_without(chains: Chains, values: FloatArray, checkpoint: Checkpoint | None = None) -> FloatArray:
    """Add up k values of the nodes, shape (n, k), that each branch leaves on one path when it goes, shape (b, k).

    The first branch, the root, never goes: its sums are 0.
    """
    inside = chains.link_of_node != UNSEEN
    links = chains.links
    within = np.zeros((links.edge_count, values.shape[1]))
    np.add.at(within, chains.link_of_node[inside], values[inside])
    of_branch = np.ascontiguousarray(values[chains.branches])
    found = np.zeros(of_branch.shape)
    others = len(of_branch) - 1

    def work(low: int, high: int) -> None:
        _without_each(low + 1, high + 1, links.first, links.neighbour, links.edge, of_branch, within, found)

    for done in rounds(work, others, first_round=64):
        if checkpoint is not None:
            checkpoint(done / others)
    return found


@numba.njit(nogil=True, cache=True)
def _without_each(
    low: int,
    high: int,
    first: IntArray,
    neighbour: IntArray,
    edge: IntArray,
    of_branch: FloatArray,
    within: FloatArray,
    found: FloatArray,
) -> None:
    edge_gone = np.zeros(edge.size // 2, dtype=np.bool_)
    for gone in range(low, high):
        edge_gone[edge[first[gone] : first[gone + 1]]] = True
        _without(gone, edge_gone, first, neighbour, edge, of_branch, within, found[gone])
        edge_gone[edge[first[gone] : first[gone + 1]]] = False


@numba.njit(nogil=True, cache=True)
def _without(
    gone: int,
    edge_gone: BoolArray,
    first: IntArray,
    neighbour: IntArray,
    edge: IntArray,
    of_branch: FloatArray,
    within: FloatArray,
    total: FloatArray,
) -> None:
    """Walk from node 0 around one node, and add up what is then on one path: beyond a bridge, or hanging on it."""
    nodes = first.size - 1
    order, place, above, came, low = low_points(first, neighbour, edge, _ROOT, edge_gone)
    clock = order.size
    single = np.zeros(nodes, dtype=np.bool_)
    for at in range(1, clock):
        node = order[at]
        single[node] = single[above[node]] or low[node] == place[node]
        if single[node]:
            total += of_branch[node]
            total += within[came[node]]
    # Links that hang on the node that is gone, and those outside the tree.
    for at in range(first[gone], first[gone + 1]):
        other = neighbour[at]
        if other != gone and place[other] >= 0:
            total += within[edge[at]]
    for place_of in range(1, clock):
        node = order[place_of]
        if not single[node]:
            continue
        for at in range(first[node], first[node + 1]):
            other, by = neighbour[at], edge[at]
            if other == gone or by == came[node] or by == came[other]:
                continue
            if other == node:
                total += 0.5 * within[by]  # a link from a node to itself stands at it twice
            elif place[other] < place[node]:
                total += within[by]
