"""Routes between two nodes made a smaller problem: what lies on no way between them goes, and chains become one edge.

Whoever enters a chain of nodes that only lead on leaves it at the other end, so a chain is used as a whole: its edges
count together, and a risk that takes any of them takes the chain. The answers are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt

from .routes import Route

IntArray = npt.NDArray[np.int64]


class Group(NamedTuple):
    """Edges that share a risk.

    Attributes
    ----------
    edges : tuple of int
        Two or more.
    weight : int
        What counts as shared for every further route that uses any of them; of the unit of lengths.
    """

    edges: tuple[int, ...]
    weight: int


class Reduced(NamedTuple):
    """The smaller problem, of c chains.

    Attributes
    ----------
    start, end : shape (c,), int64
        Nodes of the whole network.
    edges : list of list of int
        Of each chain, from its start to its end.
    groups : list of Group
        Of two chains or more, each set of chains once.
    within : shape (c,), int64
        Weights of the groups whose edges all lie in one chain.
    """

    start: IntArray
    end: IntArray
    edges: list[list[int]]
    groups: list[Group]
    within: IntArray

    def summed(self, values: IntArray) -> IntArray:
        """Add values of the edges up by chain."""
        return np.array([int(values[edges].sum()) for edges in self.edges], dtype=np.int64)

    def whole(self, route: Route, start: IntArray, end: IntArray) -> Route:
        """Give a route over chains as one over edges.

        Parameters
        ----------
        start, end : numpy.ndarray of int64, shape (e,)
            Of the edges of the whole network.
        """
        edges: list[int] = []
        nodes = [route.nodes[0]]
        for chain, node in zip(route.edges, route.nodes):
            own = self.edges[chain]
            for edge in own if int(self.start[chain]) == node else own[::-1]:
                edges.append(edge)
                nodes.append(int(end[edge] if start[edge] == nodes[-1] else start[edge]))
        return Route(edges, nodes)


def reduced(start: IntArray, end: IntArray, groups: Sequence[Group], source: int, target: int) -> Reduced:
    """Make the smaller problem of the routes between two nodes, which a way joins."""
    chosen = _between(start, end, source, target)
    chains = _chains(start, end, chosen, {source, target})
    of_edge = {edge: at for at, chain in enumerate(chains) for edge in chain[2]}
    within = np.zeros(len(chains), dtype=np.int64)
    weights: dict[tuple[int, ...], int] = {}
    for group in groups:
        own = tuple(sorted({of_edge[edge] for edge in group.edges if edge in of_edge}))
        if len(own) == 1:
            within[own[0]] += group.weight
        elif own and group.weight > 0:
            weights[own] = weights.get(own, 0) + group.weight
    return Reduced(
        np.array([chain[0] for chain in chains], dtype=np.int64),
        np.array([chain[1] for chain in chains], dtype=np.int64),
        [chain[2] for chain in chains],
        [Group(own, weight) for own, weight in sorted(weights.items())],
        within,
    )


def _between(start: IntArray, end: IntArray, source: int, target: int) -> IntArray:
    """Give the edges on any simple way between two nodes: the block of an edge that would join the two."""
    graph = nx.Graph(zip(start.tolist(), end.tolist()))
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    graph.add_edge(source, target)
    block = next(nodes for nodes in nx.biconnected_components(graph) if source in nodes and target in nodes)
    there = np.isin(start, list(block)) & np.isin(end, list(block)) & (start != end)
    return np.flatnonzero(there)


def _chains(start: IntArray, end: IntArray, chosen: IntArray, kept: set[int]) -> list[tuple[int, int, list[int]]]:
    """Give the chains of edges between nodes that branch or are to be kept: ends and edges, by their first edge."""
    ends = {edge: (int(start[edge]), int(end[edge])) for edge in chosen.tolist()}
    beside: dict[int, list[int]] = {}
    for edge, both in ends.items():
        for node in both:
            beside.setdefault(node, []).append(edge)
    branches = kept | {node for node, edges in beside.items() if len(edges) != 2}
    done: set[int] = set()
    made = []
    for first in sorted(ends):
        if first in done:
            continue
        chain, tips = [first], list(ends[first])
        for side in (0, 1):
            edge = first
            while tips[side] not in branches:
                one, two = beside[tips[side]]
                edge = two if one == edge else one
                if edge == first:  # a ring without a branch leads nowhere
                    break
                tips[side] = sum(ends[edge]) - tips[side]
                chain = [edge, *chain] if side == 0 else [*chain, edge]
        done.update(chain)
        if tips[0] != tips[1]:
            made.append((tips[0], tips[1], chain))
    return made
