"""Which of several nodes is the nearest by cable, and how far; and the ways out to a place that share nothing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .flow import edge_disjoint, node_disjoint
from .graph import components, graph_of
from .latency import spread

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

NOBODY = -1


class Served(NamedTuple):
    """The nearest source of each node, n of them.

    Attributes
    ----------
    source : shape (n,), int64
        Place in the sources; `NOBODY` where none is reached over cables of known length.
    away_m : shape (n,), float64
        Over cables; infinite where none is reached.
    joined : shape (n,), bool
        A source is reached, be it over cables of unknown length.
    """

    source: IntArray
    away_m: FloatArray
    joined: BoolArray


def nearest_by_cable(
    start: IntArray, end: IntArray, node_count: int, length_m: FloatArray, sources: IntArray
) -> Served:
    """Find the nearest of several nodes by cable, the first of those as near.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape (e,)
    length_m : numpy.ndarray, shape (e,)
        Not negative; NaN where it is not known: such an edge joins, but no distance is told over it.
    sources : numpy.ndarray of int64, shape (s,)
        Different nodes.
    """
    if not len(sources):
        return Served(np.full(node_count, NOBODY), np.full(node_count, np.inf), np.zeros(node_count, dtype=bool))
    graph = graph_of(start, end, node_count)
    found = spread(graph, length_m, np.zeros(node_count), sources, np.zeros(len(sources)))
    source = np.full(node_count, NOBODY)
    source[sources] = np.arange(len(sources))
    # A node before another on its route is nearer, or as near over an edge without length: until nothing changes.
    for node in np.argsort(found.time, kind="stable").tolist():
        way = [node]
        while source[way[-1]] == NOBODY and found.came_from[way[-1]] >= 0:
            way.append(int(found.came_from[way[-1]]))
        source[way] = source[way[-1]]
    part = components(start, end, node_count)
    return Served(source, found.time, np.isin(part, part[sources]))


class WaysOut(NamedTuple):
    """Ways from targets to a set of places.

    Attributes
    ----------
    by_edge, by_node : int
        Ways that share no edge, and that share no node, their ends among them.
    through : list of int
        Nodes that hold the latter back: all ways lead through them.
    """

    by_edge: int
    by_node: int
    through: list[int]


def ways_out(start: IntArray, end: IntArray, node_count: int, exits: IntArray, targets: BoolArray) -> WaysOut:
    """Count the ways between the targets and exits, each exit taking one.

    Parameters
    ----------
    exits : numpy.ndarray of int64, shape (x,)
        The node of each exit; a node may bear several.
    targets : numpy.ndarray of bool, shape (n,)
    """
    if not len(exits) or not targets.any():
        return WaysOut(0, 0, [])
    beyond = node_count  # the other side of the border, joined to every exit
    tail = np.concatenate([start, exits])
    head = np.concatenate([end, np.full(len(exits), beyond)])
    sinks = np.append(targets, False)
    edges = edge_disjoint(tail, head, node_count + 1, beyond, sinks).number
    by_node = node_disjoint(tail, head, node_count + 1, beyond, sinks)
    return WaysOut(edges, by_node.number, np.flatnonzero(by_node.through).tolist())
