"""Routes between the sites of a run, by what they take."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ....analysis.network.issues import NOWHERE
from ....analysis.network.latency import Reached, Routes
from ..read import Trunk
from ..tables import column_at
from .sites import Sites, backbone_rooms

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_NAMED = 8  # rooms in one cell


class Limits(NamedTuple):
    """What latency is counted and judged by.

    Attributes
    ----------
    ms_per_km : float
        Of fibre.
    hop_ms : float
    detour : float
        Length of an access cable to its straight line.
    ratio : float
        What latency may be to the theoretical one.
    rings : dict
        Limit in ms by ring, rising.
    road_reach_m : float
    """

    ms_per_km: float
    hop_ms: float
    detour: float
    ratio: float
    rings: dict[str, float]
    road_reach_m: float


class Times:
    """Routes between the sites of a run, by several weights of one network."""

    def __init__(self, trunk: Trunk, sites: Sites, limits: Limits) -> None:
        network = trunk.network
        self.trunk, self.sites, self.limits = trunk, sites, limits
        self.per_m = limits.ms_per_km * trunk.slack / 1000
        self.passing = np.where(network.room != NOWHERE, limits.hop_ms, 0.0)
        self.backbone, self.unknown = backbone_rooms(trunk)
        self.entries = np.zeros(len(network.lon), dtype=bool)
        self.entries[sites.room[sites.room != NOWHERE]] = True
        known = network.length_m * self.per_m
        keep = self.entries | self.backbone | self.unknown
        if not trunk.drawn:
            # A cable is as long as the straight line at least, and a fibre as the cable.
            straight = np.where(np.isnan(known), 0.0, known / trunk.slack)
            self._least = Routes(network.start, network.end, straight, self.passing, network.room != NOWHERE)
        self.best = Routes(network.start, network.end, known, self.passing, keep)
        # A link of unknown length is nothing long at least.
        self.has_unknown = bool(np.isnan(known).any())
        floor = np.where(np.isnan(known), 0.0, known)
        self.floor = Routes(network.start, network.end, floor, self.passing, keep) if self.has_unknown else self.best

    def legs_ms(self, detour: float) -> FloatArray:
        """Give what the access cable of each place takes, shape (p,)."""
        return np.where(self.sites.is_node, 0.0, self.sites.away_m * detour * self.per_m)

    def least_from(self, site: int) -> Reached:
        """Find of a graph file what the routes from a site take at least: by whichever nodes within reach it joins."""
        room, begin = self._entries(site)
        return self._least.from_sources(room, begin)

    def least_to(self, reached: Reached, site: int) -> float:
        """Give the least that a route to a site takes; infinite where none leads."""
        room, own = self._entries(site, is_end=True)
        return float((self._least.time_at(reached, room) + own).min(initial=np.inf))

    def _entries(self, site: int, *, is_end: bool = False) -> tuple[npt.NDArray[np.int64], FloatArray]:
        """Give the nodes by which a site may join, and what lies before each as a start, or beyond it as an end."""
        rooms: list[npt.NDArray[np.int64]] = []
        takes: list[FloatArray] = []
        for place in self.sites.places(site).tolist():
            if self.sites.is_node[place]:
                own = self.sites.room[[place]]
                rooms.append(own)
                takes.append(np.zeros(1) if is_end else -self.passing[own])
                continue
            near, away = self.sites.entries[place]
            rooms.append(near)
            takes.append(away / 1000 * self.limits.ms_per_km + (self.passing[near] if is_end else 0.0))
        return np.concatenate(rooms), np.concatenate(takes)

    def spread(self, routes: Routes, site: int, legs: FloatArray, stops: BoolArray | None = None) -> Reached:
        """Find the routes from a site."""
        places = self.sites.places(site)
        room = self.sites.room[places]
        begin = np.where(self.sites.is_node[places], -self.passing[room], legs[places])
        return routes.from_sources(room, begin, stops)

    def to_places(
        self, routes: Routes, reached: Reached, places: npt.NDArray[np.int64], legs: FloatArray
    ) -> FloatArray:
        """Give the times to places, over their rooms and access cables."""
        room = self.sites.room[places]
        own = np.where(self.sites.is_node[places], 0.0, self.passing[room] + legs[places])
        return routes.time_at(reached, room) + own


def rooms_passed(trunk: Trunk, source: int, edges: list[int]) -> list[int]:
    """Give the rooms between the two ends of a route, in order."""
    network, here, rooms = trunk.network, source, []
    for edge in edges[:-1]:
        here = int(network.end[edge] if network.start[edge] == here else network.start[edge])
        if network.room[here] != NOWHERE:
            rooms.append(here)
    return rooms


def named(trunk: Trunk, rooms: list[int]) -> str | None:
    """Name rooms in one cell; None for none."""
    numbers, titles = (column_at(trunk.rooms, column, trunk.network.room[rooms]) for column in ("node_id", "name"))
    said = [str(title or number) for title, number in zip(titles, numbers)]
    return ("、".join(said[:_NAMED]) + ("…" if len(said) > _NAMED else "")) or None
