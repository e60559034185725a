"""Judge every trunk node: in how many directions it leaves, what holds it back, and what would help."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ....analysis.geodesy import geodesic_distance_m
from ....analysis.least_cost.surface import Surface
from ....analysis.network.exits import Crossed, Exits, Surroundings, physical_exits, sectors
from ....analysis.network.flow import edge_disjoint, node_disjoint
from ....analysis.network.issues import NOWHERE
from ....analysis.network.new_link import Link, Roads, shortest_new_link
from ....analysis.network.overland import beside_m, cheapest_new_link, points_of
from ....analysis.point_evidence import has_code
from ....layers.codes import BASIC_OPERATORS
from ..read import Trunk
from ..tables import column_at

# A node leads up: to a class that stands higher; the highest lead to each other.
RANK = {"gateway": 3, "backbone": 3, "landing": 2, "aggregation": 2, "access": 1}
HIGHEST = 3
MET, SHORT, OPEN = "met", "short", "cannot_tell"

BoolArray = npt.NDArray[np.bool_]


class Limits(NamedTuple):
    """What a run counts by.

    Attributes
    ----------
    directions : int
        Exits that a node should have.
    radii_m : tuple of float
        Circles on which exits must be apart, the inner one first.
    apart_m : float
    sector_deg : float
        Azimuths of exits this far from each other lie in two sectors.
    sectors : int
        Sectors that the exits of a node should lie in; 0 for none asked for.
    """

    directions: int
    radii_m: tuple[float, ...]
    apart_m: float
    sector_deg: float
    sectors: int


class Judged(NamedTuple):
    """One node.

    Attributes
    ----------
    node : int
    cables : int
        Ends of cables at it.
    targets : int
        Nodes that it should reach, outside the outer circle.
    edge, joint : int or None
        Ways without a common edge, which may end at one target, and without any common node, each to another target;
        None without targets.
    inner, outer : Exits or None
        Physically separate ways, by one circle alone.
    both : Exits or None
        By both circles: what counts. None where nothing can be told on the ground.
    crossed : Crossed or None
    cut : list of int
        Edges that hold the edge-disjoint ways back.
    state : str
    """

    node: int
    cables: int
    targets: int
    edge: int | None
    joint: int | None
    inner: Exits | None
    outer: Exits | None
    both: Exits | None
    crossed: Crossed | None
    cut: list[int]
    state: str

    def sectors(self, gap_deg: float) -> int | None:
        """Count the sectors in which the separate exits lie; None where nothing can be told on the ground."""
        if self.both is None:
            return None
        return sectors([azimuth for (_, azimuth), used in zip(self.both.groups, self.both.used) if used], gap_deg)


def ranks(trunk: Trunk) -> npt.NDArray[np.int64]:
    """Give the rank of each node of the network: 0 for joints and rooms without a class."""
    kind = column_at(trunk.rooms, "node_class", trunk.network.room)
    return np.array([RANK.get(name, 0) for name in kind], dtype=np.int64)


def sinks_of(trunk: Trunk, node: int, rank: npt.NDArray[np.int64], beyond_m: float) -> BoolArray:
    """Give the nodes that a node should reach: of a higher class, beyond a distance; without a class every room."""
    network, own = trunk.network, int(rank[node])
    wanted = (network.room != NOWHERE) if own == 0 else rank > min(own, HIGHEST - 1)
    sinks = wanted & (np.arange(len(rank)) != node)
    at = np.flatnonzero(sinks)
    here = np.full(len(at), node)
    apart = geodesic_distance_m(network.lon[here], network.lat[here], network.lon[at], network.lat[at])
    sinks[at[apart <= beyond_m]] = False
    return sinks


def judge(
    trunk: Trunk, around: Surroundings | None, node: int, sinks: BoolArray, limits: Limits, operator: str = ""
) -> Judged:
    """Count the ways out of one node, of all operators or of the cables of one."""
    network = trunk.network
    usable = np.ones(len(network.start), dtype=bool)
    if operator:
        usable = has_code(trunk.cables, "operator", operator)[network.row]
    ends = int(((network.start == node) & usable).sum() + ((network.end == node) & usable).sum())
    targets = int(sinks.sum())
    if not targets:
        return Judged(node, ends, 0, None, None, None, None, None, None, [], OPEN)
    kept = np.flatnonzero(usable)
    start, end, count = network.start[kept], network.end[kept], len(network.lon)
    by_edge = edge_disjoint(start, end, count, node, sinks)
    by_node = node_disjoint(start, end, count, node, sinks)
    cut = kept[by_edge.cut].tolist()
    if around is None or not np.isfinite(network.lon[node]):
        state = SHORT if by_edge.number < limits.directions else OPEN
        return Judged(node, ends, targets, by_edge.number, by_node.number, None, None, None, None, cut, state)
    crossed = around.crossed(node, limits.radii_m)
    inner, outer = (
        physical_exits(network, node, sinks, crossed.on(circle), limits.apart_m, usable) for circle in (0, 1)
    )
    both = physical_exits(network, node, sinks, crossed, limits.apart_m, usable)
    state = SHORT if both.number < limits.directions else (MET if both.exact else OPEN)
    found = Judged(node, ends, targets, by_edge.number, by_node.number, inner, outer, both, crossed, cut, state)
    if state == MET and (found.sectors(limits.sector_deg) or 0) < limits.sectors:
        return found._replace(state=SHORT)
    return found


def close_rooms(trunk: Trunk) -> set[int]:
    """Give the rooms that lie within the tolerance of another one."""
    issues = trunk.network.issues
    return set(issues.loc[issues["code"] == "rooms_close", "room"].astype(int))


def open_if_close(found: Judged, close: set[int]) -> Judged:
    """Leave a node open that falls short beside another room: cables drawn to the one may enter the other."""
    return found._replace(state=OPEN) if found.state == SHORT and found.node in close else found


def by_operator(
    trunk: Trunk, around: Surroundings | None, nodes: list[int], sinks: dict[int, BoolArray], limits: Limits
) -> pd.DataFrame:
    """Count the ways out of each node by the cables of each operator alone."""
    stated = trunk.cables["operator"].notna().any()
    there = [name for name in BASIC_OPERATORS if stated and has_code(trunk.cables, "operator", name).any()]
    rows: list[dict[str, Any]] = []
    for node in nodes:
        for operator in there:
            found = judge(trunk, around, node, sinks[node], limits, operator)
            if found.cables:
                physical = None if found.both is None else found.both.number
                rows.append(
                    {
                        "node": node,
                        "operator": operator,
                        "cables": found.cables,
                        "exits_edge": found.edge,
                        "exits_node": found.joint,
                        "exits_physical": physical,
                    }
                )
    return pd.DataFrame(
        rows, columns=["node", "operator", "cables", "exits_edge", "exits_node", "exits_physical"], dtype=object
    )


def links_for(
    trunk: Trunk,
    found: Judged,
    sinks: BoolArray,
    limits: Limits,
    roads: Roads | None,
    ground: Surface | None,
    *,
    always: bool,
    corridor_m: float,
) -> list[Link]:
    """Find the new cables that give a node that falls short one more way out: along roads, and over the ground.

    Parameters
    ----------
    ground : Surface or None
        Without any, roads alone count.
    always : bool
        Look over the ground also where a road helps.
    corridor_m : float
        Within so much of a cable that exists a new one lies in its corridor.
    """
    if found.state != SHORT or found.crossed is None:
        return []
    asked = (trunk.network, found.node, sinks, found.crossed, limits.radii_m, limits.apart_m)
    links = []
    by_road = None if roads is None else shortest_new_link(*asked, roads)
    if by_road is not None:
        links.append(by_road if ground is None else by_road._replace(points=points_of(ground, by_road.shape)))
    if ground is not None and (always or by_road is None):
        over = cheapest_new_link(*asked, ground)
        if over is not None:
            links.append(over)
    return [link._replace(beside_m=beside_m(trunk.network, link.shape, corridor_m)) for link in links]
