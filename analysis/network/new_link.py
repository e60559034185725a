"""A new cable that gives a node one more physically separate way out: the shortest one along roads.

`overland` has the cheapest one over any ground.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ..geodesy import geodesic_distance_m
from .exits import Crossed, Surroundings, on_circle, physical_exits
from .near import Search, metres_per_degree
from .noding import NOWHERE, Network, node_lines
from .parts import Parts, parts_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_JOINED_M = 1.0  # roads that end this near to each other meet
_CANDIDATES = 30

ROADS, OVERLAND = "roads", "overland"


class Link(NamedTuple):
    """A new cable.

    Attributes
    ----------
    node : int
        Where it leads.
    length_m : float
        Along the roads, with the straight ways between rooms and roads.
    shape : shapely.LineString
        From the node that lacked a way out.
    exits : int
        Exits once it is there.
    found : str
        ``roads`` or ``overland``: where it was looked for.
    points : float or None
        What it costs on a surface of costs; None without a surface, or where it passes barred ground.
    beside_m : float
        Of its length, how much lies in the corridor of cables that exist.
    """

    node: int
    length_m: float
    shape: shapely.LineString
    exits: int
    found: str = ROADS
    points: float | None = None
    beside_m: float = 0.0


class Roads:
    """A road network with the rooms joined to it.

    A room is joined by a straight line to the nearest road, and to every road where that crosses the outer circle
    around the room: a new duct out of a building need not begin in the street of the old one.

    Parameters
    ----------
    lines : numpy.ndarray of LineString or MultiLineString, shape (l,)
        Roads, degrees on CGCS2000. Roads that cross are joined.
    network : Network
        Its rooms are joined.
    reach_m : float
        Farthest that the nearest road may be.
    circle_m : float
        Radius of the outer circle.
    """

    def __init__(self, lines: npt.NDArray[np.object_], network: Network, reach_m: float, circle_m: float) -> None:
        placed = np.flatnonzero((network.room != NOWHERE) & np.isfinite(network.lon))
        lon, lat = network.lon[placed], network.lat[placed]
        parts = parts_of(lines.tolist())
        spurs = [*to_nearest(parts, lon, lat, reach_m), *_to_circle(parts, lon, lat, circle_m)]
        made = np.empty(parts.part_count + len(spurs), dtype=object)
        made[: parts.part_count] = [
            shapely.LineString(parts.xy[parts.first[part] : parts.first[part + 1]]) for part in range(parts.part_count)
        ]
        made[parts.part_count :] = spurs
        self.network = node_lines(made, lon, lat, snap_m=_JOINED_M, near_m=_JOINED_M, join_crossings=True)
        self.node_of = {int(room): at for at, room in enumerate(placed.tolist())}
        self._surroundings = Surroundings(self.network)

    def ways(self, room: int, taken: Crossed, radii_m: Sequence[float], apart_m: float) -> Ways:
        """Give the shortest ways from a room by roads that keep clear of the cables that leave it already."""
        source = self.node_of[room]
        crossed = self._surroundings.crossed(source, radii_m)
        beside = np.zeros(len(self.network.start), dtype=bool)
        for edge, circle, east, north in zip(*crossed[:4]):
            own = taken.circle == circle
            if (np.hypot(taken.east_m[own] - east, taken.north_m[own] - north) < apart_m).any():
                beside[edge] = True
        kept = np.flatnonzero(~beside & (self.network.start != self.network.end))
        a, b, length = (values[kept] for values in (self.network.start, self.network.end, self.network.length_m))
        low, high = np.minimum(a, b), np.maximum(a, b)
        order = np.lexsort((length, high, low))
        first = np.append(True, (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0))[: len(order)]
        chosen = order[first]  # of parallel roads the shortest
        count = len(self.network.lon)
        # A length of nothing would be no road in a sparse matrix.
        weight = np.maximum(length[chosen], 1e-6)
        matrix = csr_array((weight, (low[chosen], high[chosen])), shape=(count, count))
        far, before = dijkstra(matrix, directed=False, indices=source, return_predecessors=True)
        edge_of = {(int(low[at]), int(high[at])): int(kept[at]) for at in chosen.tolist()}
        return Ways(self, source, far, before, edge_of)


def to_nearest(parts: Parts, lon: FloatArray, lat: FloatArray, reach_m: float) -> list[shapely.LineString]:
    """Give the straight ways from points to the nearest place on a part within reach; none for a point on a part."""
    near = Search(parts).within(lon, lat, reach_m)
    order = np.lexsort((near.away_m, near.point))
    best = order[np.unique(near.point[order], return_index=True)[1]]
    spurs = []
    for at in best[near.away_m[best] > 0].tolist():
        piece = slice(parts.first[near.part[at]], parts.first[near.part[at] + 1])
        place = [np.interp(near.at_m[at], parts.chainage_m[piece], parts.xy[piece, axis]) for axis in (0, 1)]
        spurs.append(shapely.LineString([(lon[near.point[at]], lat[near.point[at]]), place]))
    return spurs


def _to_circle(parts: Parts, lon: FloatArray, lat: FloatArray, circle_m: float) -> list[shapely.LineString]:
    near = Search(parts).within(lon, lat, circle_m)
    spurs = []
    for room, part in zip(near.point.tolist(), near.part.tolist()):
        here, scale = np.array([lon[room], lat[room]]), np.array(metres_per_degree(lat[room]))
        xy = (parts.xy[parts.first[part] : parts.first[part + 1]] - here) * scale
        spurs += [shapely.LineString([here, here + np.array(place) / scale]) for place in on_circle(xy, circle_m)]
    return spurs


class Ways(NamedTuple):
    """The shortest ways by road from one room.

    Attributes
    ----------
    roads : Roads
    source : int
    far_m : numpy.ndarray, shape (n,)
        Infinite where no road leads.
    """

    roads: Roads
    source: int
    far_m: FloatArray
    before: npt.NDArray[np.int32]
    edge_of: dict[tuple[int, int], int]

    def shape_to(self, target: int) -> shapely.LineString:
        """Give the way to a node of the road network as a line."""
        network, points, here = self.roads.network, [], target
        while here != self.source:
            there = int(self.before[here])
            edge = self.edge_of[min(here, there), max(here, there)]
            xy = shapely.get_coordinates(network.shapes[edge])
            points += (xy if network.start[edge] == here else xy[::-1]).tolist()
            here = there
        return shapely.remove_repeated_points(shapely.LineString(points[::-1]))


def shortest_new_link(
    network: Network,
    node: int,
    sinks: BoolArray,
    crossed: Crossed,
    radii_m: Sequence[float],
    apart_m: float,
    roads: Roads,
) -> Link | None:
    """Find the shortest cable along roads to another room that gives a node one more way out.

    Every room is tried by rising distance, up to 30 of them, and the exits are counted anew with the cable in place.

    Returns
    -------
    Link or None
        None where no road leads away from the cables that are there, or no such cable helps.
    """
    if node not in roads.node_of:
        return None
    ways = roads.ways(node, crossed, radii_m, apart_m)
    reach = {
        room: float(ways.far_m[at])
        for room, at in roads.node_of.items()
        if room != node and np.isfinite(ways.far_m[at]) and metres_apart(network, node, room) > max(radii_m)
    }

    def link_to(room: int) -> Link:
        return Link(room, reach[room], ways.shape_to(roads.node_of[room]), 0)

    return first_that_helps(network, node, sinks, crossed, radii_m, apart_m, reach, link_to)


def first_that_helps(
    network: Network,
    node: int,
    sinks: BoolArray,
    crossed: Crossed,
    radii_m: Sequence[float],
    apart_m: float,
    reach: Mapping[int, float],
    link_to: Callable[[int], Link],
) -> Link | None:
    """Try rooms by rising reach, up to 30, and give the first new cable with which a node has more ways out.

    Parameters
    ----------
    reach : mapping of int to float
        By room: what a cable to it takes, in metres or points.
    link_to : callable
        Gives the cable to a room; its exits are counted here.
    """
    now = physical_exits(network, node, sinks, crossed, apart_m).number
    for room in sorted(reach, key=lambda at: (reach[at], at))[:_CANDIDATES]:
        link = link_to(room)
        trial = with_edge(network, node, room, link.shape, link.length_m)
        around = Surroundings(trial).crossed(node, radii_m)
        found = physical_exits(trial, node, sinks, around, apart_m)
        if found.exact and found.number > now:
            return link._replace(exits=found.number)
    return None


def metres_apart(network: Network, one: int, two: int) -> float:
    """Give the geodesic distance of two nodes."""
    ends = (network.lon[[one]], network.lat[[one]], network.lon[[two]], network.lat[[two]])
    return float(geodesic_distance_m(*ends)[0])


def with_edge(network: Network, start: int, end: int, shape: shapely.LineString, length_m: float) -> Network:
    """Give a network with one more edge, which belongs to no line."""
    return network._replace(
        start=np.append(network.start, start),
        end=np.append(network.end, end),
        row=np.append(network.row, NOWHERE),
        from_m=np.append(network.from_m, 0.0),
        to_m=np.append(network.to_m, length_m),
        shapes=np.append(network.shapes, shape),
    )
