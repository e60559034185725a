"""Conduits: where edges run within a trench width of each other, as the sets of edges that one dig takes.

Every two edges of a set lie within the width of each other at the place. Edges at -8, 0 and +8 m are two conduits of a
width of 10 m, of the middle edge with either: no dig of that width takes the outer two.
"""

from __future__ import annotations

from typing import NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .near import Search
from .noding import Network
from .parts import Parts, Pieces, cut, parts_of, places_along
from .together import Together, run_together

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_SLIVER_M = 0.01  # two breaks nearer to each other are rounding


class Conduit(NamedTuple):
    """A place, or several, where the same edges lie within the width, every two of them.

    Attributes
    ----------
    edges : tuple of int
        Two or more.
    shape : MultiLineString
        Along the first of the edges.
    length_m : float
        Geodesic.
    """

    edges: tuple[int, ...]
    shape: shapely.MultiLineString
    length_m: float


def conduits(
    network: Network, width_m: float, least_m: float, at_node_m: float, *, every_pair: bool = False
) -> list[Conduit]:
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
    every_pair : bool
        Every two edges of a set share a trench clear of their common nodes, for at least `least_m` in all: what routes
        share. Else a set holds what one dig beside a third edge takes, though two of them may only meet at a node.

    Returns
    -------
    list of Conduit
        By their edges, each set once: at a place the largest sets of which every two lie within the width. Whether two
        edges beside a third do is looked up where each is nearest to it; where a third one joins or leaves is right to
        the width. A set that is part of another and together for less than `least_m` is not listed: the other takes
        more.
    """
    parts = parts_of(network.shapes.tolist())
    together = run_together(parts, width_m)
    table = _stretches(network, parts, together, least_m, at_node_m)
    if not len(table):
        return []
    search = Search(parts)
    breaks = _breaks(parts, search, table, width_m)
    pieces = cut(parts, breaks["part"].to_numpy(np.int64), breaks["at"].to_numpy(np.float64))
    found: dict[tuple[int, ...], dict[int, list[int]]] = {}
    between = (
        Together(*(table[name].to_numpy() for name in ("part", "other", "low", "high"))) if every_pair else together
    )
    for piece, groups in _groups(parts, search, between, table, pieces, width_m).items():
        for group in groups:
            found.setdefault(group, {}).setdefault(int(parts.row[pieces.part[piece]]), []).append(piece)
    made = []
    for group, seen_from in sorted(found.items()):
        own = seen_from[min(seen_from)]
        length = float((pieces.to_m[own] - pieces.from_m[own]).sum())
        made.append(Conduit(group, shapely.MultiLineString(pieces.shapes[own].tolist()), length))
    return _without_slivers(made, least_m)


def _breaks(parts: Parts, search: Search, table: pd.DataFrame, width_m: float) -> pd.DataFrame:
    """Give the places ``part, at`` where stretches begin or end, on their own edge and on those beside it."""
    part = np.tile(table["part"].to_numpy(np.int64), 2)
    at = np.concatenate([table["low"].to_numpy(np.float64), table["high"].to_numpy(np.float64)])
    spots = places_along(parts, part, at)
    beside = search.within(spots[:, 0], spots[:, 1], width_m)
    breaks = pd.DataFrame({"part": np.append(part, beside.part), "at": np.append(at, beside.at_m)})
    breaks = breaks.sort_values(["part", "at"], ignore_index=True)
    fresh = (breaks["part"].diff() != 0) | (breaks["at"].diff() > _SLIVER_M)
    return breaks[fresh.to_numpy(bool)]


def _groups(
    parts: Parts, search: Search, together: Together, table: pd.DataFrame, pieces: Pieces, width_m: float
) -> dict[int, list[tuple[int, ...]]]:
    """Give for each piece of an edge the largest sets that it is in of edges of which every two lie beside each other.

    What lies beside the edge itself is in the table; whether two others lie beside each other, in `together`.
    """
    middle = (pieces.from_m + pieces.to_m) / 2
    first = np.searchsorted(pieces.part, np.arange(parts.part_count + 1))
    stretches: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for edge, two, low, high in zip(*(column.tolist() for column in (parts.row[together.part], *together[1:]))):
        stretches.setdefault((edge, two), []).append((low, high))
    others: dict[int, set[int]] = {}
    for part, other, low, high in table[["part", "other", "low", "high"]].itertuples(index=False):
        inside = middle[first[part] : first[part + 1]]
        for piece in (first[part] + np.flatnonzero((inside > low) & (inside < high))).tolist():
            others.setdefault(piece, set()).add(int(other))
    several = np.array([piece for piece, edges in others.items() if len(edges) > 1], dtype=np.int64)
    spots = places_along(parts, pieces.part[several], middle[several])
    near = search.within(spots[:, 0], spots[:, 1], width_m)
    place = {
        (piece, edge): at
        for piece, edge, at in zip(several[near.point].tolist(), parts.row[near.part].tolist(), near.at_m.tolist())
    }

    def beside(piece: int, one: int, two: int) -> bool:
        at = place.get((piece, one), np.nan)
        return any(low - _SLIVER_M <= at <= high + _SLIVER_M for low, high in stretches.get((one, two), ()))

    found: dict[int, list[tuple[int, ...]]] = {}
    for piece, edges in sorted(others.items()):
        own = int(parts.row[pieces.part[piece]])
        if len(edges) == 1:
            found[piece] = [tuple(sorted((own, *edges)))]
            continue
        graph = nx.Graph()
        graph.add_nodes_from(edges)
        graph.add_edges_from(
            (one, two)
            for one in edges
            for two in edges
            if one < two and (beside(piece, one, two) or beside(piece, two, one))
        )
        found[piece] = [tuple(sorted((own, *clique))) for clique in nx.find_cliques(graph)]
    return found


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


def _stretches(network: Network, parts: Parts, found: Together, least_m: float, at_node_m: float) -> pd.DataFrame:
    """Give the stretches ``part, other, low, high`` of each edge beside others, clear of their common nodes."""
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
