"""How many physically separate ways lead out of a node: cables that leave side by side count once.

Around the node lie circles. Two cables that come less than so many metres near to each other on one of them, or
anywhere between the innermost and the outermost, leave side by side: one dig, one landslide takes both. Nor do two ways
pass one node between the circles. The exits are the most ways to the sinks that share no cable and of which no two
leave side by side. They are looked for among all largest sets of cables that keep apart, so the count is exact but for
cables that are joined between the circles and come near each other again there, of which it may be one too few; of very
many sets an upper bound is given and said to be one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt
import shapely

from .flow import Ways, edge_disjoint
from .near import metres_per_degree
from .noding import Network

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MOST_CHOICES = 2_000
_QUARTER = 256  # sides of a quarter of a circle: of 1 km right to a centimetre


class Crossed(NamedTuple):
    """Where edges cross circles around a node.

    Attributes
    ----------
    edge : shape (c,), int64
    circle : shape (c,), int64
        Number of the radius.
    east_m, north_m : shape (c,), float64
        The place, from the node.
    between : dict of int to LineString or MultiLineString
        By edge what of it lies between the innermost and the outermost circle, metres from the node.
    inside : dict of int to tuple of int
        By edge its ends that lie there.
    """

    edge: IntArray
    circle: IntArray
    east_m: FloatArray
    north_m: FloatArray
    between: Mapping[int, shapely.Geometry] = MappingProxyType({})
    inside: Mapping[int, tuple[int, ...]] = MappingProxyType({})

    def on(self, circle: int) -> Crossed:
        """Give what lies on one circle alone."""
        own = self.circle == circle
        return Crossed(self.edge[own], self.circle[own], self.east_m[own], self.north_m[own])

    def of(self, is_open: BoolArray) -> Crossed:
        """Give what is of edges that are open, shape (e,)."""
        own = is_open[self.edge]
        kept = {edge: shape for edge, shape in self.between.items() if is_open[edge]}
        return Crossed(self.edge[own], self.circle[own], self.east_m[own], self.north_m[own], kept, self.inside)


class Exits(NamedTuple):
    """Physically separate ways out of a node.

    Attributes
    ----------
    number : int
    exact : bool
        False: there may be fewer, there were too many choices.
    groups : list of (numpy.ndarray of int64, float)
        Of the best set each edge with those that leave beside it, and its azimuth in degrees.
    used : list of bool
        It is one of the exits.
    """

    number: int
    exact: bool
    groups: list[tuple[IntArray, float]]
    used: list[bool]


class Surroundings:
    """Finds where the edges of a network cross circles around its nodes."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._drawn = np.flatnonzero(~shapely.is_missing(network.shapes))
        self._tree = shapely.STRtree(network.shapes[self._drawn])

    def crossed(self, node: int, radii_m: Sequence[float]) -> Crossed:
        """Give every place where an edge crosses one of the circles; to a few kilometres the ground is a plane."""
        lon, lat = float(self._network.lon[node]), float(self._network.lat[node])
        east, north = (float(scale) for scale in metres_per_degree(lat))
        reach = 1.01 * max(radii_m) / min(east, north)
        near = self._drawn[np.sort(self._tree.query(shapely.Point(lon, lat), predicate="dwithin", distance=reach))]
        found = []
        between: dict[int, shapely.Geometry] = {}
        inside: dict[int, tuple[int, ...]] = {}
        ring = shapely.difference(
            *(
                shapely.buffer(shapely.Point(0, 0), radius, quad_segs=_QUARTER)
                for radius in (max(radii_m), min(radii_m))
            )
        )
        for edge in near.tolist():
            xy = (shapely.get_coordinates(self._network.shapes[edge]) - (lon, lat)) * (east, north)
            for circle, radius in enumerate(radii_m):
                found += [(edge, circle, *place) for place in on_circle(xy, radius)]
            piece = shapely.intersection(shapely.LineString(xy), ring) if len(radii_m) > 1 else None
            if piece is not None and shapely.length(piece) > 0:
                between[edge] = piece
                ends = np.array([self._network.start[edge], self._network.end[edge]])
                place = np.column_stack([self._network.lon[ends], self._network.lat[ends]]) - (lon, lat)
                away = np.hypot(*(place * (east, north)).T)
                inside[edge] = tuple(ends[(away > min(radii_m)) & (away < max(radii_m))].tolist())
        table = np.array(found, dtype=np.float64).reshape(-1, 4)
        edges, circles = (table[:, column].astype(np.int64) for column in (0, 1))
        return Crossed(edges, circles, table[:, 2], table[:, 3], between, inside)


def on_circle(xy: FloatArray, radius: float) -> list[tuple[float, float]]:
    """Give the points of a polyline, in metres, at a distance from the origin, in its order."""
    a, step = xy[:-1], np.diff(xy, axis=0)
    square = (step**2).sum(axis=1)
    half, rest = (a * step).sum(axis=1), (a**2).sum(axis=1) - radius**2
    root = np.sqrt(np.maximum(half**2 - square * rest, 0.0))
    found = []
    for sign in (-1.0, 1.0):
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (-half + sign * root) / square
        on = (half**2 > square * rest) & (share > 0) & (share <= 1)
        found += [(int(at), float(share[at])) for at in np.flatnonzero(on)]
    return [tuple((a[at] + share * step[at]).tolist()) for at, share in sorted(found)]


def conflicts(crossed: Crossed, apart_m: float) -> tuple[IntArray, BoolArray]:
    """Tell which edges come less than `apart_m` near to each other on a circle, or between the circles.

    Edges that are joined between the circles are ends of one way there, and do not conflict for what lies between.

    Returns
    -------
    numpy.ndarray of int64, shape (k,)
        The edges that cross a circle or lie between them, rising.
    numpy.ndarray of bool, shape (k, k)
        Symmetric, False on the diagonal.
    """
    edges = np.unique(np.append(crossed.edge, np.array(sorted(crossed.between), dtype=np.int64)))
    place = np.column_stack([crossed.east_m, crossed.north_m])
    near = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)) < apart_m
    one, two = np.nonzero(near & (crossed.circle[:, None] == crossed.circle[None]))
    at = np.searchsorted(edges, crossed.edge)
    beside = np.zeros((len(edges), len(edges)), dtype=bool)
    beside[at[one], at[two]] = True
    there = sorted(crossed.between)
    shapes = np.array([crossed.between[edge] for edge in there], dtype=object)
    way = _joined_between(crossed)
    for one, two in zip(*shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=apart_m)):
        joined = way[there[one]] == way[there[two]] or set(crossed.inside[there[one]]) & set(crossed.inside[there[two]])
        if not joined and shapely.distance(shapes[one], shapes[two]) < apart_m:
            beside[tuple(np.searchsorted(edges, (there[one], there[two])))] = True
    np.fill_diagonal(beside, False)
    return edges, beside


def _joined_between(crossed: Crossed) -> dict[int, int]:
    """Give edges between the circles that lead on to one another one number: joined where no third one is."""
    at_node: dict[int, list[int]] = {}
    for edge in crossed.between:
        for node in crossed.inside[edge]:
            at_node.setdefault(node, []).append(edge)
    graph = nx.Graph()
    graph.add_nodes_from(crossed.between)
    graph.add_edges_from(edges for edges in at_node.values() if len(edges) == 2)
    return {edge: number for number, part in enumerate(nx.connected_components(graph)) for edge in part}


def _sets_apart(beside: BoolArray) -> Iterator[tuple[int, ...]]:
    """Give the largest sets of edges of which no two conflict: those to which no other can be added.

    C. Bron and J. Kerbosch (1973), Comm. ACM 16, 575-577, on the graph of what may go together.
    """
    count = len(beside)

    def grow(taken: tuple[int, ...], open_to: list[int], done: list[int]) -> Iterator[tuple[int, ...]]:
        if not open_to and not done:
            yield taken
        for place, edge in enumerate(open_to):
            rest = [other for other in open_to[place + 1 :] if not beside[edge, other]]
            seen = [other for other in (*done, *open_to[:place]) if not beside[edge, other]]
            yield from grow((*taken, edge), rest, seen)

    yield from grow((), list(range(count)), [])


def physical_exits(
    network: Network,
    node: int,
    sinks: BoolArray,
    crossed: Crossed,
    apart_m: float,
    open_edges: BoolArray | None = None,
) -> Exits:
    """Count the ways from a node to the sinks that share no cable and do not leave side by side.

    Parameters
    ----------
    network : Network
    node : int
    sinks : numpy.ndarray of bool, shape (n,)
        Nodes to be reached; without the node itself.
    crossed : Crossed
        Of `Surroundings`, with the circles that count.
    apart_m : float
    open_edges : numpy.ndarray of bool, shape (e,), optional
        Edges that may be used, such as those of one operator; default all.
    """
    usable = np.ones(len(network.start), np.int64) if open_edges is None else open_edges.astype(np.int64)
    crossed = crossed.of(usable > 0)
    edges, beside = conflicts(crossed, apart_m)
    single = np.zeros(len(network.lon), dtype=bool)
    single[[at for ends in crossed.inside.values() for at in ends]] = True
    single[sinks] = False

    def ways(chosen: Sequence[int] | None) -> Ways:
        capacity = usable.copy()
        if chosen is not None:
            capacity[edges] = 0
            capacity[edges[list(chosen)]] = 1
        return edge_disjoint(network.start, network.end, len(network.lon), node, sinks, capacity, single)

    most = ways(None).number
    best, tried = -1, 0
    used: tuple[int, ...] = ()
    for tried, chosen in enumerate(_sets_apart(beside), start=1):
        found = ways(chosen).number
        if found > best:
            best, used = found, chosen
        if best == most or tried >= MOST_CHOICES:
            break
    exact = tried < MOST_CHOICES or best == most
    taken = ways(used).taken
    groups: list[tuple[IntArray, float]] = []
    is_used: list[bool] = []
    for members in _ways_of(crossed, edges, used, taken):
        outer = max(members, key=lambda at: (_outermost(crossed, int(edges[at])), -at))
        if _outermost(crossed, int(edges[outer])) < 0:
            continue  # lies between the circles and leads nowhere
        others = np.flatnonzero(beside[members].any(axis=0))
        groups.append(
            (np.append(edges[np.setdiff1d(others, members)], edges[outer]), _azimuth(crossed, int(edges[outer])))
        )
        is_used.append(bool(taken[edges[members]].any()))
    return Exits(best if exact else most, exact, groups, is_used)


def _ways_of(crossed: Crossed, edges: IntArray, chosen: Sequence[int], taken: BoolArray) -> list[list[int]]:
    """Bring together the edges of one way out: those that are taken and meet where one way alone passes."""
    graph = nx.Graph()
    graph.add_nodes_from(sorted(chosen))
    at_node: dict[tuple[int, bool], list[int]] = {}
    for at in sorted(chosen):
        for node in crossed.inside.get(int(edges[at]), ()):
            at_node.setdefault((node, bool(taken[edges[at]])), []).append(at)
    for members in at_node.values():
        nx.add_path(graph, members)
    return sorted(sorted(part) for part in nx.connected_components(graph))


def _outermost(crossed: Crossed, edge: int) -> int:
    """Give the number of the outermost circle that an edge crosses; -1 for none."""
    return int(crossed.circle[crossed.edge == edge].max(initial=-1))


def sectors(azimuths: Sequence[float], gap_deg: float) -> int:
    """Give the most of some azimuths, in degrees, of which every two are at least so far from each other."""
    best = 0
    for first in azimuths:
        last, count = 0.0, 1
        for turn in sorted((azimuth - first) % 360.0 for azimuth in azimuths):
            if turn - last >= gap_deg and 360.0 - turn >= gap_deg:
                last, count = turn, count + 1
        best = max(best, count)
    return best


def _azimuth(crossed: Crossed, edge: int) -> float:
    """Give the azimuth, clockwise from north, where an edge crosses the outermost circle that it crosses first."""
    own = np.flatnonzero(crossed.edge == edge)
    at = own[np.argmax(crossed.circle[own])]
    return float(np.degrees(np.arctan2(crossed.east_m[at], crossed.north_m[at])) % 360.0)
