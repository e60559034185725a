"""Shortest routes over a network whose edges and whose nodes both take time: E. W. Dijkstra (1959), Num. Math. 1, 269.

What a route takes is what its edges take and what every node takes that it leaves, so a route from a to b holds the
nodes between once each, and a; what stands before a is stated with the source, what comes after b is added by the
caller. A source that takes nothing itself is stated with its own time below zero.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .collapsed import Collapsed, collapse
from .graph import Graph

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_NOTHING = -1
_THREADS = 4  # each holds a search of its own, about 60 MB for a million edges
_NO_NODES: IntArray = np.empty(0, dtype=np.int64)


class Reached(NamedTuple):
    """What sources reach.

    Attributes
    ----------
    time : shape (n,), float64
        On arrival at each node; infinite where no route leads.
    came_by : shape (n,), int64
        The edge by which the route comes; -1 at the sources and where none leads.
    came_from : shape (n,), int64
        The node before.
    """

    time: FloatArray
    came_by: IntArray
    came_from: IntArray


def spread(
    graph: Graph,
    weight: FloatArray,
    passing: FloatArray,
    sources: IntArray,
    begin: FloatArray,
    stops: BoolArray | None = None,
    limit: float = np.inf,
    targets: IntArray = _NO_NODES,
) -> Reached:
    """Find the shortest routes from the nearest of several sources to every node.

    Parameters
    ----------
    graph : Graph
    weight : numpy.ndarray, shape (e,)
        What each edge takes, not negative; an edge that is not finite is none.
    passing : numpy.ndarray, shape (n,)
        What a route takes on where it leaves a node, the source among them; not negative.
    sources : numpy.ndarray of int64, shape (s,)
    begin : numpy.ndarray, shape (s,)
        What has passed on arrival at each source.
    stops : numpy.ndarray of bool, shape (n,), optional
        Nodes that routes may reach but not pass; the sources may be left all the same.
    limit : float
        What takes longer is not looked for.
    targets : numpy.ndarray of int64, optional
        Where given, the search ends once all of them are reached: only their times, and the routes to them, are final.
    """
    return _reached(graph, _search(_slots_of(graph, weight), passing, sources, begin, stops, limit, targets))


class _Slots(NamedTuple):
    """A graph as a search reads it: all that is needed of a slot stands side by side, in half the space.

    Attributes
    ----------
    first : shape (n + 1,), int64
    neighbour : shape (2e,), int32
    weight : shape (2e,), float64
        Of the edge of each slot.
    """

    first: IntArray
    neighbour: npt.NDArray[np.int32]
    weight: FloatArray


def _slots_of(graph: Graph, weight: FloatArray) -> _Slots:
    weight = np.asarray(weight, np.float64)[graph.edge]
    return _Slots(graph.first, graph.neighbour.astype(np.int32), weight)


def _search(
    slots: _Slots,
    passing: FloatArray,
    sources: IntArray,
    begin: FloatArray,
    stops: BoolArray | None = None,
    limit: float = np.inf,
    targets: IntArray = _NO_NODES,
) -> tuple[FloatArray, IntArray]:
    """Give the time of each node and the slot by which the route comes; parameters as `spread`."""
    if stops is None:
        stops = np.zeros(len(slots.first) - 1, dtype=np.bool_)
    order = np.argsort(begin, kind="stable")
    source, start = np.asarray(sources, np.int64)[order], np.asarray(begin, np.float64)[order]
    wanted = np.asarray(targets, np.int64)
    return _spread(slots.first, slots.neighbour, slots.weight, passing, source, start, stops, float(limit), wanted)


def _reached(graph: Graph, found: tuple[FloatArray, IntArray]) -> Reached:
    """Say of slots which edges and nodes they are."""
    time, slot = found
    came = slot != _NOTHING
    owner = np.repeat(np.arange(graph.node_count), np.diff(graph.first))
    by, before = (np.full(len(slot), _NOTHING, dtype=np.int64) for _ in range(2))
    by[came], before[came] = graph.edge[slot[came]], owner[slot[came]]
    return Reached(time, by, before)


@numba.njit(nogil=True, cache=True)
def _spread(
    first: IntArray,
    neighbour: npt.NDArray[np.int32],
    weight: FloatArray,
    passing: FloatArray,
    sources: IntArray,
    begin: FloatArray,
    stops: BoolArray,
    limit: float,
    targets: IntArray,
) -> tuple[FloatArray, IntArray]:
    nodes = first.size - 1
    time = np.full(nodes, np.inf)
    came = np.full(nodes, _NOTHING, dtype=np.int64)
    may_leave = ~stops
    wanted = np.zeros(nodes, dtype=np.bool_)
    wanted[targets] = True
    missing = wanted.sum() if targets.size else _NOTHING
    # A heap of (time, node), four below each: every entry is at least the one above it. A node may stand in it several
    # times; the first to come out counts, the later ones are stale.
    key = np.empty(neighbour.size + sources.size)
    value = np.empty(neighbour.size + sources.size, dtype=np.int32)
    size = 0
    for at in range(sources.size):
        source = sources[at]
        may_leave[source] = True
        if begin[at] < time[source] and begin[at] <= limit:
            time[source] = begin[at]
            size = _push(key, value, size, begin[at], source)
    while size:
        now, node = key[0], value[0]
        size = _pop(key, value, size)
        if now > time[node]:
            continue
        if wanted[node]:
            wanted[node] = False
            missing -= 1
            if missing == 0:
                break
        if not may_leave[node]:
            continue
        now += passing[node]
        for slot in range(first[node], first[node + 1]):
            later = now + weight[slot]
            other = neighbour[slot]
            if later < time[other] and later <= limit:
                time[other] = later
                came[other] = slot
                size = _push(key, value, size, later, other)
    return time, came


@numba.njit(nogil=True, cache=True)
def _push(key: FloatArray, value: npt.NDArray[np.int32], size: int, time: float, node: int) -> int:
    at = size
    while at:
        above = (at - 1) >> 2
        if key[above] <= time:
            break
        key[at], value[at] = key[above], value[above]
        at = above
    key[at], value[at] = time, node
    return size + 1


@numba.njit(nogil=True, cache=True)
def _pop(key: FloatArray, value: npt.NDArray[np.int32], size: int) -> int:
    size -= 1
    time, node = key[size], value[size]
    at = 0
    while True:
        below = 4 * at + 1
        if below >= size:
            break
        least = below
        for one in range(below + 1, min(below + 4, size)):
            if key[one] < key[least]:
                least = one
        if key[least] >= time:
            break
        key[at], value[at] = key[least], value[least]
        at = least
    key[at], value[at] = time, node
    return size


class Routes:
    """Shortest routes between chosen nodes of a network, over its chains.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape (e,)
    weight : numpy.ndarray, shape (e,)
        Not negative; an edge that is not finite is none.
    passing : numpy.ndarray, shape (n,)
    keep : numpy.ndarray of bool, shape (n,)
        Nodes that routes begin or end at or may not pass.
    """

    def __init__(
        self, start: IntArray, end: IntArray, weight: FloatArray, passing: FloatArray, keep: BoolArray
    ) -> None:
        self._chains: Collapsed = collapse(start, end, weight, passing, keep)
        self._passing = np.asarray(passing, dtype=np.float64)[self._chains.node]
        self._slots = _slots_of(self._chains.graph, self._chains.weight)

    def from_sources(
        self,
        sources: IntArray,
        begin: FloatArray,
        stops: BoolArray | None = None,
        targets: IntArray = _NO_NODES,
    ) -> Reached:
        """Find the routes from the nearest of several kept nodes; parameters as `spread`, in the whole network.

        Returns
        -------
        Reached
            Of the nodes that stayed; ask it with `time_at` and `edges_to`.
        """
        return _reached(self._chains.graph, self._search(sources, begin, stops, targets))

    def times_between(self, source: int, begin: float, targets: IntArray) -> FloatArray:
        """Give the times on arrival at kept nodes from one, shape (k,), without the routes."""
        found, _ = self._search(np.array([source]), np.array([begin]), None, targets)
        return found[self._chains.number[targets]]

    def _search(
        self, sources: IntArray, begin: FloatArray, stops: BoolArray | None, targets: IntArray
    ) -> tuple[FloatArray, IntArray]:
        chains = self._chains
        number = chains.number[np.asarray(sources, np.int64)]
        shut = None if stops is None else stops[chains.node]
        wanted = chains.number[np.asarray(targets, np.int64)]
        return _search(self._slots, self._passing, number, begin, shut, targets=wanted)

    def time_at(self, reached: Reached, nodes: IntArray) -> FloatArray:
        """Give the times on arrival at kept nodes, shape (k,)."""
        return reached.time[self._chains.number[np.asarray(nodes, np.int64)]]

    def edges_to(self, reached: Reached, node: int) -> tuple[int, list[int]]:
        """Give the source of the route to a kept node, and its edges in order; of a node that is reached."""
        chains = self._chains
        here, taken = int(chains.number[node]), []
        while reached.came_by[here] != _NOTHING:
            before, chain = int(reached.came_from[here]), int(reached.came_by[here])
            taken.append(chains.edges_of(chain, forward=int(chains.start[chain]) == before))
            here = before
        return int(chains.node[here]), [edge for part in reversed(taken) for edge in part]


def pairwise(start: IntArray, end: IntArray, weight: FloatArray, passing: FloatArray, nodes: IntArray) -> FloatArray:
    """Give what the shortest route between every two of some nodes takes, its ends not counted.

    Returns
    -------
    numpy.ndarray, shape (k, k)
        Symmetric to the last bit; infinite where no route leads.
    """
    nodes = np.asarray(nodes, dtype=np.int64)
    keep = np.zeros(len(passing), dtype=np.bool_)
    keep[nodes] = True
    routes = Routes(start, end, weight, passing, keep)
    times = np.zeros((len(nodes), len(nodes)))

    def row(at: int) -> None:
        node = int(nodes[at])
        times[at, at + 1 :] = routes.times_between(node, -float(passing[node]), nodes[at + 1 :])
        times[at + 1 :, at] = times[at, at + 1 :]

    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:  # each row is written by one search alone
        list(pool.map(row, range(len(nodes) - 1)))
    return times
