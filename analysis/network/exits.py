"""How many physically separate ways lead out of a node: cables that leave side by side count once.

Around the node lie circles. Two cables that cross one of them less than so many metres apart leave side by side: one
dig, one landslide takes both. The exits are the most ways to the sinks that share no cable and of which no two leave
side by side. They are looked for among all largest sets of cables that keep apart, so the count is exact; of very many
sets an upper bound is given and said to be one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

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


class Crossed(NamedTuple):
    """Where edges cross circles around a node.

    Attributes
    ----------
    edge : shape (c,), int64
    circle : shape (c,), int64
        Number of the radius.
    east_m, north_m : shape (c,), float64
        The place, from the node.
    """

    edge: IntArray
    circle: IntArray
    east_m: FloatArray
    north_m: FloatArray


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
        for edge in near.tolist():
            xy = (shapely.get_coordinates(self._network.shapes[edge]) - (lon, lat)) * (east, north)
            for circle, radius in enumerate(radii_m):
                found += [(edge, circle, *place) for place in on_circle(xy, radius)]
        table = np.array(found, dtype=np.float64).reshape(-1, 4)
        return Crossed(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], table[:, 3])


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
    """Tell which edges cross a circle less than `apart_m` from each other.

    Returns
    -------
    numpy.ndarray of int64, shape (k,)
        The edges that cross a circle, rising.
    numpy.ndarray of bool, shape (k, k)
        Symmetric, False on the diagonal.
    """
    edges = np.unique(crossed.edge)
    place = np.column_stack([crossed.east_m, crossed.north_m])
    near = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)) < apart_m
    one, two = np.nonzero(near & (crossed.circle[:, None] == crossed.circle[None]))
    at = np.searchsorted(edges, crossed.edge)
    beside = np.zeros((len(edges), len(edges)), dtype=bool)
    beside[at[one], at[two]] = True
    np.fill_diagonal(beside, False)
    return edges, beside


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
    own = usable[crossed.edge] > 0
    edges, beside = conflicts(
        Crossed(crossed.edge[own], crossed.circle[own], crossed.east_m[own], crossed.north_m[own]), apart_m
    )

    def ways(chosen: Sequence[int] | None) -> Ways:
        capacity = usable.copy()
        if chosen is not None:
            capacity[edges] = 0
            capacity[edges[list(chosen)]] = 1
        return edge_disjoint(network.start, network.end, len(network.lon), node, sinks, capacity)

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
    for at in sorted(used):
        groups.append((edges[np.append(np.flatnonzero(beside[at]), at)], _azimuth(crossed, int(edges[at]))))
        is_used.append(bool(taken[edges[at]]))
    return Exits(best if exact else most, exact, groups, is_used)


def _azimuth(crossed: Crossed, edge: int) -> float:
    """Give the azimuth, clockwise from north, where an edge crosses the outermost circle that it crosses first."""
    own = np.flatnonzero(crossed.edge == edge)
    at = own[np.argmax(crossed.circle[own])]
    return float(np.degrees(np.arctan2(crossed.east_m[at], crossed.north_m[at])) % 360.0)
