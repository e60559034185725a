"""The shortest way that a cable could take: along the cables there are and along roads, changing over in rooms."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ..geodesy import geodesic_distance_m
from .issues import NOWHERE
from .latency import Routes
from .new_link import to_nearest
from .noding import Network, node_lines
from .parts import parts_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_JOINED_M = 1.0  # roads that end this near to each other meet


class Ways(NamedTuple):
    """A graph of cables, roads and what joins them.

    Attributes
    ----------
    start, end : shape (e,), int64
    length_m : shape (e,), float64
    node_count : int
    place : shape (p,), int64
        Node of each place.
    """

    start: IntArray
    end: IntArray
    length_m: FloatArray
    node_count: int
    place: IntArray


def possible_ways(
    network: Network,
    lon: FloatArray,
    lat: FloatArray,
    room: IntArray,
    roads: npt.NDArray[np.object_] | None,
    reach_m: float,
) -> Ways:
    """Join places, cables and roads.

    A place is joined by a straight line to its room and, like every room, to the nearest road. Roads that cross are
    joined.

    Parameters
    ----------
    lon, lat : numpy.ndarray, shape (p,)
        Places, degrees on CGCS2000.
    room : numpy.ndarray of int64, shape (p,)
        Node of the network that each joins; `NOWHERE` for none.
    roads : numpy.ndarray of LineString or MultiLineString, optional
    reach_m : float
        Farthest that the nearest road may be.
    """
    nodes, places = len(network.lon), len(lon)
    place = nodes + np.arange(places)
    at = np.flatnonzero(room != NOWHERE)
    legs = geodesic_distance_m(lon[at], lat[at], network.lon[room[at]], network.lat[room[at]])
    start = [network.start, place[at]]
    end = [network.end, room[at]]
    length = [network.length_m, legs]
    count = nodes + places
    if roads is not None and len(roads):
        placed = np.flatnonzero((network.room != NOWHERE) & np.isfinite(network.lon))
        here = np.flatnonzero(np.isfinite(lon))
        points = np.append(network.lon[placed], lon[here]), np.append(network.lat[placed], lat[here])
        parts = parts_of(roads.tolist())
        spurs = to_nearest(parts, *points, reach_m)
        made = np.empty(parts.part_count + len(spurs), dtype=object)
        pieces = [parts.xy[parts.first[part] : parts.first[part + 1]] for part in range(parts.part_count)]
        made[: parts.part_count] = [shapely.LineString(piece) for piece in pieces]
        made[parts.part_count :] = spurs
        road = node_lines(made, *points, snap_m=_JOINED_M, near_m=_JOINED_M, join_crossings=True)
        known = np.concatenate([placed, place[here]])
        number = np.append(known, count + np.arange(len(road.lon) - len(known)))
        count += len(road.lon) - len(known)
        start.append(number[road.start])
        end.append(number[road.end])
        length.append(road.length_m)
    return Ways(np.concatenate(start), np.concatenate(end), np.concatenate(length), count, place)


def shortest_m(ways: Ways, pairs: list[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """Give the metres of the shortest way between pairs of places; infinite where none leads."""
    keep = np.zeros(ways.node_count, dtype=bool)
    keep[ways.place] = True
    nothing = np.zeros(ways.node_count)
    routes = Routes(ways.start, ways.end, ways.length_m, nothing, keep)
    others: dict[int, list[int]] = {}
    for one, other in pairs:
        others.setdefault(one, []).append(other)
    found: dict[tuple[int, int], float] = {}
    for one, to in sorted(others.items()):
        reached = routes.from_sources(ways.place[[one]], np.zeros(1), targets=ways.place[to])
        found.update(zip([(one, other) for other in to], routes.time_at(reached, ways.place[to]).tolist()))
    return found
