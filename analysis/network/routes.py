"""Routes between two nodes that share as little as possible: a flow of k units of least cost.

The first route over an edge costs its length; every further one costs its length too, and counts as shared. The flow
has the least shared length of all, and among those the least length in all. Costs grow with use, so augmenting along
the cheapest way k times is exact (J. Suurballe (1974), Networks 4, 125-145, for two disjoint ways; R. Ahuja, T.
Magnanti and J. Orlin, Network Flows, 1993, 9.7 and 14.4, for costs that grow). To take the shortest way first and then
one that avoids it is not: it may find none where two exist.

Lengths are whole numbers, so that sums are exact and ties are ties.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .graph import Graph, graph_of

IntArray = npt.NDArray[np.int64]

_NOTHING = -1
_FAR = np.iinfo(np.int64).max


class Route(NamedTuple):
    """One way through a network.

    Attributes
    ----------
    edges : list of int
        In order from the source to the target.
    nodes : list of int
        One more than edges.
    """

    edges: list[int]
    nodes: list[int]


def separate_routes(
    start: IntArray, end: IntArray, node_count: int, length: IntArray, source: int, target: int, count: int
) -> list[Route]:
    """Find routes that share as little as possible.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape (e,)
    length : numpy.ndarray of int64, shape (e,)
        Of each edge, not negative; millimetres, so that a thousand routes round the world do not overflow.
    source, target : int
        Two nodes.
    count : int
        Routes wanted.

    Returns
    -------
    list of Route
        The shortest first, then those that share least with it; each once: fewer than `count` where a further one would
        be all of an earlier one; none where no way leads to the target. Of three or more it is all of them together
        that share least: two of them may share more than two alone would.

    Raises
    ------
    ValueError
        Source and target are one node, or a length is negative.
    """
    if source == target or (len(length) and length.min() < 0):
        raise ValueError("two nodes and lengths that are not negative are needed")
    graph = graph_of(start, end, node_count)
    here = np.repeat(np.arange(node_count), graph.degree)
    sign = np.where(np.asarray(start)[graph.edge] == here, 1, -1).astype(np.int64)
    length = np.asarray(length, dtype=np.int64)
    flow = np.zeros(len(length), dtype=np.int64)
    paid = np.zeros((2, node_count), dtype=np.int64)  # cheapest so far, shared and in all: keeps costs from 0 upwards
    for _ in range(count):
        shared, total, came = _cheapest(graph.first, graph.neighbour, graph.edge, sign, length, flow, paid, source)
        if came[target] == _NOTHING:
            return []
        there = came != _NOTHING
        paid[0, there] += shared[there]
        paid[1, there] += total[there]
        node = target
        while node != source:
            slot = came[node]
            flow[graph.edge[slot]] += sign[slot]
            node = int(here[slot])
    return _peeled(graph, sign, length, flow, source, target, count)


def _peeled(
    graph: Graph, sign: IntArray, length: IntArray, flow: IntArray, source: int, target: int, count: int
) -> list[Route]:
    """Take the flow apart."""
    left = np.abs(flow)
    found: list[Route] = []
    for _ in range(count):
        best: dict[int, int] = {source: 0}
        came: dict[int, int] = {}
        before: dict[int, int] = {}
        heap = [(0, source)]
        while heap:
            so_far, node = heapq.heappop(heap)
            if so_far > best[node]:
                continue
            for slot in range(graph.first[node], graph.first[node + 1]):
                edge, other = int(graph.edge[slot]), int(graph.neighbour[slot])
                if left[edge] and flow[edge] * sign[slot] > 0 and so_far + length[edge] < best.get(other, _FAR):
                    best[other], came[other], before[other] = so_far + int(length[edge]), edge, node
                    heapq.heappush(heap, (best[other], other))
        edges, nodes = [], [target]
        while nodes[-1] != source:
            edges.append(came[nodes[-1]])
            nodes.append(before[nodes[-1]])
        left[edges] -= 1
        route = Route(edges[::-1], nodes[::-1])
        if route not in found:
            found.append(route)
    main = min(found, key=lambda route: int(length[route.edges].sum()))
    own = set(main.edges)

    def place(route: Route) -> tuple[bool, int, int]:
        shared = [edge for edge in route.edges if edge in own]
        return route is not main, int(length[shared].sum()), int(length[route.edges].sum())

    return sorted(found, key=place)


@numba.njit(nogil=True, cache=True)
def _cheapest(
    first: IntArray,
    neighbour: IntArray,
    edge: IntArray,
    sign: IntArray,
    length: IntArray,
    flow: IntArray,
    paid: IntArray,
    source: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """Find the cheapest way to send one more unit from the source to every node: shared length, then length in all.

    A unit may also go against one that is there, which takes that one's use of the edge back.
    """
    nodes = first.size - 1
    shared = np.full(nodes, _FAR, dtype=np.int64)
    total = np.full(nodes, _FAR, dtype=np.int64)
    came = np.full(nodes, _NOTHING, dtype=np.int64)
    done = np.zeros(nodes, dtype=np.bool_)
    heap = [(np.int64(0), np.int64(0), np.int64(source))]
    shared[source] = total[source] = 0
    while heap:
        _, _, node = heapq.heappop(heap)
        if done[node]:
            continue
        done[node] = True
        for slot in range(first[node], first[node + 1]):
            other, by = neighbour[slot], edge[slot]
            if done[other]:
                continue
            used, own = flow[by] * sign[slot], length[by]
            if used >= 0:
                more_shared, more = own if used > 0 else np.int64(0), own
            else:
                more_shared, more = -own if used < -1 else np.int64(0), -own
            s = shared[node] + more_shared + paid[0, node] - paid[0, other]
            t = total[node] + more + paid[1, node] - paid[1, other]
            if s < shared[other] or (s == shared[other] and t < total[other]):
                shared[other], total[other], came[other] = s, t, slot
                heapq.heappush(heap, (s, t, np.int64(other)))
    return shared, total, came
