"""Conduits: where edges run within a trench width of each other, as the sets of edges that one dig takes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .noding import Network
from .parts import Parts, cut, parts_of
from .together import run_together

FloatArray = npt.NDArray[np.float64]

_SLIVER_M = 0.01  # two breaks nearer to each other are rounding


class Conduit(NamedTuple):
    """A place, or several, where the same edges lie within the width.

    Attributes
    ----------
    edges : tuple of int
        Two or more.
    shape : MultiLineString
        Along the first of the edges beside which all the others lie.
    length_m : float
        Geodesic.
    """

    edges: tuple[int, ...]
    shape: shapely.MultiLineString
    length_m: float


def conduits(network: Network, width_m: float, least_m: float, at_node_m: float) -> list[Conduit]:
    """Find the sets of edges that one dig takes.

    Parameters
    ----------
    network : Network
    width_m : float
        Edges no farther apart lie in one trench.
    least_m : float
        Two cables that are together for less in all (a crossing) are in no trench.
    at_node_m : float
        What lies this near, along the edge, to a node at which both edges end does not count: that is the node.

    Returns
    -------
    list of Conduit
        By their edges. Seen from each of its edges a trench may hold others: each set is listed once. A set that is
        part of another and together for less than `least_m` is not listed: the other takes more.
    """
    parts = parts_of(network.shapes.tolist())
    table = _stretches(network, parts, width_m, least_m, at_node_m)
    if not len(table):
        return []
    breaks = pd.DataFrame(
        {"part": np.tile(table["part"], 2), "at": np.concatenate([table["low"], table["high"]])}
    ).sort_values(["part", "at"], ignore_index=True)
    fresh = (breaks["part"].diff() != 0) | (breaks["at"].diff() > _SLIVER_M)
    breaks = breaks[fresh.to_numpy(bool)]
    pieces = cut(parts, breaks["part"].to_numpy(np.int64), breaks["at"].to_numpy(np.float64))
    first = np.searchsorted(pieces.part, np.arange(parts.part_count + 1))
    beside: dict[int, set[int]] = {}
    middle = (pieces.from_m + pieces.to_m) / 2
    for part, other, low, high in table[["part", "other", "low", "high"]].itertuples(index=False):
        inside = middle[first[part] : first[part + 1]]
        at = first[part] + np.flatnonzero((inside > low) & (inside < high))
        for piece in at.tolist():
            beside.setdefault(piece, set()).add(int(other))
    found: dict[tuple[int, ...], dict[int, list[int]]] = {}
    for piece, others in sorted(beside.items()):
        edge = int(parts.row[pieces.part[piece]])
        group = tuple(sorted({edge, *others}))
        found.setdefault(group, {}).setdefault(edge, []).append(piece)
    made = []
    for group, seen_from in sorted(found.items()):
        own = seen_from[min(seen_from)]
        length = float((pieces.to_m[own] - pieces.from_m[own]).sum())
        made.append(Conduit(group, shapely.MultiLineString(pieces.shapes[own].tolist()), length))
    return _without_slivers(made, least_m)


def _without_slivers(made: list[Conduit], least_m: float) -> list[Conduit]:
    """Leave out short sets of which another is a part and more: where a cable joins a trench or leaves it."""
    of_edge: dict[int, list[frozenset[int]]] = {}
    for one in made:
        whole = frozenset(one.edges)
        for edge in one.edges:
            of_edge.setdefault(edge, []).append(whole)
    return [
        one
        for one in made
        if one.length_m >= least_m or not any(frozenset(one.edges) < other for other in of_edge[one.edges[0]])
    ]


def _stretches(network: Network, parts: Parts, width_m: float, least_m: float, at_node_m: float) -> pd.DataFrame:
    """Give the stretches ``part, other, low, high`` of each edge beside others, clear of their common nodes."""
    found = run_together(parts, width_m)
    edge, other = parts.row[found.part], found.other
    low, high = found.from_m.copy(), found.to_m.copy()
    length = parts.length_m[found.part]
    for ends, at_start in ((network.start, True), (network.end, False)):
        node = ends[edge]
        common = (network.start[other] == node) | (network.end[other] == node)
        if at_start:
            low = np.where(common, np.maximum(low, at_node_m), low)
        else:
            high = np.where(common, np.minimum(high, length - at_node_m), high)
    table = pd.DataFrame({"part": found.part, "edge": edge, "other": other, "low": low, "high": high})
    table = table[table["high"] > table["low"]]
    # A cable is one cable in however many edges it lies: both count together what its pair shares.
    row, other_row = network.row[table["edge"]], network.row[table["other"]]
    is_first = (row < other_row) | ((row == other_row) & (table["edge"] < table["other"]).to_numpy(bool))
    pair = [np.minimum(row, other_row), np.maximum(row, other_row)]
    shared = (table["high"] - table["low"]).where(is_first, 0.0).groupby(pair).transform("sum")
    return table[(shared >= least_m).to_numpy(bool)]
