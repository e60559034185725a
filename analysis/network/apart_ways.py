"""How many ways out keep apart on the ground: no common cable, no common node, and no trench that holds two of them.

With trenches the question is NP-hard (J. Hu (2003), Photonic Network Communications 5, 283-300), so a mixed-integer
program decides it, exactly, or says that it was not proven within the nodes that it may look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from .flow import node_disjoint
from .risk_chains import Group, Reduced, reduced

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MOST_ARCS = 20_000  # of all ways; beyond that only what needs no program is proven
MOST_NODES = 500  # of the search tree


class Apart(NamedTuple):
    """Ways that keep apart.

    Attributes
    ----------
    number : int
        Found; not more than were asked for.
    proven : bool
        There are no more. False: the search was cut short.
    held_by : list of tuple of int
        Where there are fewer than asked for and than there are without a common node: the sets of edges in one trench
        that the best ways share.
    """

    number: int
    proven: bool
    held_by: list[tuple[int, ...]]


def ways_apart(
    start: IntArray,
    end: IntArray,
    node_count: int,
    exits: IntArray,
    targets: BoolArray,
    trenches: Sequence[tuple[int, ...]],
    most: int,
) -> Apart:
    """Count the ways between targets and exits that share no node, ends among them, and no trench.

    Parameters
    ----------
    start, end : numpy.ndarray of int64, shape (e,)
    exits : numpy.ndarray of int64, shape (x,)
        The node of each exit, at which one way may end.
    targets : numpy.ndarray of bool, shape (n,)
    trenches : sequence of tuple of int
        Edges that one dig takes.
    most : int
        Ways beyond this are not looked for.
    """
    if not len(exits) or not targets.any():
        return Apart(0, True, [])
    beyond, sink = node_count, node_count + 1
    nodes, at = np.unique(exits), np.flatnonzero(targets)
    tail, head = np.append(start, nodes), np.append(end, np.full(len(nodes), beyond))
    upper = node_disjoint(tail, head, node_count + 1, beyond, np.append(targets, False)).number
    if upper < 2 or most < 2:
        return Apart(min(upper, most), True, [])
    tail, head = np.append(tail, at), np.append(head, np.full(len(at), sink))
    small = reduced(tail, head, [Group(edges, 1) for edges in trenches], beyond, sink)
    held_by: list[tuple[int, ...]] = []
    proven = True
    for count in range(min(upper, most), 1, -1):
        shared, is_least = _least_shared(small, beyond, sink, count)
        if shared is not None and not shared:
            return Apart(count, proven, held_by)
        proven &= is_least
        if shared and not held_by:
            taken = {edge for chain in shared for edge in small.edges[chain]}
            held_by = [edges for edges in trenches if len(taken.intersection(edges)) > 1]
    return Apart(1, proven, held_by)


def _least_shared(small: Reduced, source: int, sink: int, count: int) -> tuple[list[int] | None, bool]:
    """Find so many ways without a common node that share the fewest trenches.

    Returns
    -------
    list of int or None
        The chains of these ways that lie in a trench of two of them; None where no ways were found.
    bool
        No ways share fewer.
    """
    if not small.groups:
        return [], True
    chains, groups = len(small.start), len(small.groups)
    if 2 * count * chains > MOST_ARCS:
        return None, False
    used = 2 * count * chains  # first variable of the use of trenches
    more = used + count * groups  # first variable of trenches that two ways use
    rows: list[IntArray] = []
    columns: list[IntArray] = []
    values: list[npt.NDArray[np.float64]] = []
    low: list[float] = []
    high: list[float] = []

    def add(row: npt.ArrayLike, column: npt.ArrayLike, value: float) -> None:
        rows.append(np.atleast_1d(np.asarray(row, np.int64)))
        columns.append(np.atleast_1d(np.asarray(column, np.int64)))
        values.append(np.full(len(rows[-1]), value))

    def arcs(way: int, back: int) -> IntArray:
        return (2 * way + back) * chains + np.arange(chains)

    nodes = np.unique(np.append(small.start, small.end))
    for way in range(count):  # what comes to a node leaves it
        for back, (tail, head) in enumerate(((small.start, small.end), (small.end, small.start))):
            add(len(low) + np.searchsorted(nodes, tail), arcs(way, back), 1.0)
            add(len(low) + np.searchsorted(nodes, head), arcs(way, back), -1.0)
        need = ((nodes == source).astype(float) - (nodes == sink)).tolist()
        low, high = low + need, high + need
    for way in range(count):  # one way at most enters a node, and goes by a chain
        for back, head in enumerate((small.end, small.start)):
            inner = head != sink
            add(len(low) + np.searchsorted(nodes, head[inner]), arcs(way, back)[inner], 1.0)
            add(len(low) + len(nodes) + np.arange(chains), arcs(way, back), 1.0)
    low += [-np.inf] * (len(nodes) + chains)
    high += np.where(nodes == source, 0.0, 1.0).tolist() + [1.0] * chains
    for at, group in enumerate(small.groups):
        for way in range(count):  # a trench is used by a way that goes by a chain in it
            for chain in group.edges:
                add(len(low), used + way * groups + at, 1.0)
                add([len(low)] * 2, [arcs(way, 0)[chain], arcs(way, 1)[chain]], -1.0)
                low, high = [*low, 0.0], [*high, np.inf]
        add(len(low), more + at, 1.0)
        add([len(low)] * count, used + np.arange(count) * groups + at, -1.0)
        low, high = [*low, -1.0], [*high, np.inf]
    size = more + groups
    table = coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(len(low), size))
    cost, whole = np.zeros(size), np.zeros(size)
    cost[more:], whole[:used] = 1.0, 1.0
    upper = np.ones(size)
    upper[more:] = count
    found = milp(
        cost,
        integrality=whole,
        bounds=Bounds(np.zeros(size), upper),
        constraints=[LinearConstraint(table.tocsr(), low, high)],
        options={"node_limit": MOST_NODES, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None, found.status == 2
    taken = found.x[:used].reshape(count, 2, chains).max(axis=1) > 0.5
    shared: set[int] = set()
    for group in small.groups:
        members = list(group.edges)
        if taken[:, members].any(axis=1).sum() > 1:
            shared.update(chain for chain in members if taken[:, chain].any())
    return sorted(shared), found.status == 0
