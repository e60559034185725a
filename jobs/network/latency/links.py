"""The link between every two sites: best route, what it takes, direct or not."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....analysis.geodesy import geodesic_distance_m
from ....analysis.network.latency import Reached, Routes
from .judge import COLUMNS, OPEN, judged_links
from .sites import Sites
from .times import Times, named, rooms_passed

FloatArray = npt.NDArray[np.float64]


class Links(NamedTuple):
    """One row a pair of sites, the first before the second in their order.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns in `latency_words.LABELS`.
    shapes : list of MultiLineString or None
        The best route; None where there is none or it cannot be told.
    ms : numpy.ndarray, shape (s, s)
        Symmetric; 0 of a site to itself, NaN where it cannot be told.
    places : numpy.ndarray of int64, shape (k, 2)
        The two places of each pair.
    """

    table: pd.DataFrame
    shapes: list[Any]
    ms: FloatArray
    places: npt.NDArray[np.int64]


def link_sites(times: Times, roads: npt.NDArray[np.object_] | None) -> Links:
    """Find and judge the link between every two sites.

    Parameters
    ----------
    times : Times
    roads : numpy.ndarray of LineString or MultiLineString, optional
        For the best possible route; not looked at for a graph file.
    """
    sites, limits, trunk = times.sites, times.limits, times.trunk
    count = len(sites.names)
    legs, least = times.legs_ms(limits.detour), times.legs_ms(1.0)
    matrix = np.full((count, count), np.nan)
    np.fill_diagonal(matrix, 0.0)
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    ends: list[tuple[int, int]] = []
    for one in range(count - 1):
        joined = len(sites.places(one)) > 0
        best = times.spread(times.best, one, legs) if joined else None
        floor = times.spread(times.floor, one, least) if joined else None
        bound = times.least_from(one) if joined and not trunk.drawn else None
        free = _direct(times, one, legs) if joined else []
        for other in range(one + 1, count):
            places = sites.places(other)
            if best is None or floor is None or not len(places):
                pair = _nearest_places(sites, one, other)
                rows.append({"ms_kind": "off_network", "state": OPEN})
                shapes.append(None)
            else:
                to = times.to_places(times.best, best, places, legs)
                lowest = float(times.to_places(times.floor, floor, places, least).min())
                least_ms = lowest if bound is None else times.least_to(bound, other)
                row, pair, shape = _route(times, one, other, best, places, to, lowest, least_ms)
                row["direct"], row["direct_ms"] = _directness(times, free, places, legs)
                rows.append(row)
                shapes.append(shape)
                matrix[one, other] = matrix[other, one] = row["ms"] if row["ms"] is not None else np.nan
            names = sites.names[one], sites.names[other]
            rows[-1] |= {"link_id": link_id(*names), "from_site": names[0], "to_site": names[1]}
            ends.append(pair)
    table = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
    places_of = np.array(ends, dtype=np.int64).reshape(-1, 2)
    judged = judged_links(times, table, places_of, roads)
    if not trunk.drawn:
        shapes = [None if kind == "open" else shape for shape, kind in zip(shapes, judged["ms_kind"])]
    return Links(judged, shapes, matrix, places_of)


def link_id(one: str, other: str) -> str:
    """Give the id of the link between two sites: the same either way, and whatever other sites there are."""
    return "|".join(sorted((one, other)))


def _nearest_places(sites: Sites, one: int, other: int) -> tuple[int, int]:
    pairs = [
        (a, b) for a in np.flatnonzero(sites.site == one).tolist() for b in np.flatnonzero(sites.site == other).tolist()
    ]
    a, b = (np.array([pair[end] for pair in pairs]) for end in (0, 1))
    apart = geodesic_distance_m(sites.lon[a], sites.lat[a], sites.lon[b], sites.lat[b])
    return pairs[int(np.argmin(np.where(np.isnan(apart), np.inf, apart)))]


def _route(
    times: Times,
    one: int,
    other: int,
    reached: Reached,
    places: npt.NDArray[np.int64],
    to: FloatArray,
    lowest: float,
    least_ms: float,
) -> tuple[dict[str, Any], tuple[int, int], Any]:
    """Give the best route as a row, its two places and its shape.

    `lowest` is what it takes at least by the nearest rooms, `least_ms` by any that a site may join by.
    """
    sites, network, limits = times.sites, times.trunk.network, times.limits
    least = None if np.isinf(least_ms) else round(least_ms, 6)
    ms = float(to.min())
    if np.isinf(ms):
        kind = "no_route" if least is None else "open"
        return {"ms": None, "ms_least": least, "ms_kind": kind}, _nearest_places(sites, one, other), None
    last = int(places[int(np.argmin(to))])
    source, edges = times.best.edges_to(reached, int(sites.room[last]))
    own = sites.places(one)
    own = own[sites.room[own] == source]
    first = int(own[np.argmin(np.where(sites.is_node[own], 0.0, sites.away_m[own]))])
    rooms = rooms_passed(times.trunk, source, edges)
    hops = len(rooms) + _end_hops(sites, first, last)
    access = sum(0.0 if sites.is_node[at] else float(sites.away_m[at]) * limits.detour for at in (first, last))
    route_m = float(network.length_m[edges].sum()) + access
    # With lengths that are the least there can be, a shorter way over a link of unknown length leaves it open.
    opened = times.has_unknown and lowest < ms - access * times.per_m * (1 - 1 / limits.detour) - 1e-9
    row = {
        "ms": None if opened else round(ms, 6),
        "ms_least": least,
        "ms_kind": "open" if opened else ("route" if times.trunk.drawn else "at_least"),
        "km": None if opened else round(route_m / 1000, 6),
        "access_km": None if opened else round(access / 1000, 6),
        "hops": None if opened else hops,
        "via": None if opened else named(times.trunk, rooms),
    }
    lines = [network.shapes[edge] for edge in edges]
    for at in (first, last):
        room = sites.room[at]
        if not sites.is_node[at] and sites.away_m[at] > 0:
            lines.append(shapely.LineString([(sites.lon[at], sites.lat[at]), (network.lon[room], network.lat[room])]))
    return row, (first, last), shapely.MultiLineString(lines) if lines else None


def _end_hops(sites: Sites, first: int, last: int) -> int:
    """Count the rooms at the two ends of a route that the signal passes: those through which a cluster joins."""
    inside = [not sites.is_node[at] for at in (first, last)]
    return int(all(inside)) if sites.room[first] == sites.room[last] else sum(inside)


def _direct(times: Times, site: int, legs: FloatArray) -> list[tuple[Routes, Reached]]:
    """Find the routes that pass no backbone room and no room of another cluster.

    First those that are direct for sure, over known lengths and over all; then those that are direct unless a room of
    which no class is stated is a backbone room.
    """
    stops = times.entries | times.backbone
    sure = stops | times.unknown
    found = [(times.best, times.spread(times.best, site, legs, sure))]
    found.append((times.floor, times.spread(times.floor, site, legs, sure)) if times.has_unknown else found[0])
    found.append((times.floor, times.spread(times.floor, site, legs, stops)) if times.unknown.any() else found[1])
    return found


def _directness(
    times: Times, found: list[tuple[Routes, Reached]], places: npt.NDArray[np.int64], legs: FloatArray
) -> tuple[int | None, float | None]:
    known, sure, perhaps = (float(times.to_places(*way, places, legs).min()) for way in found)
    if np.isfinite(sure):
        return 1, round(known, 6) if np.isfinite(known) else None
    return (None if np.isfinite(perhaps) else 0), None
