"""What is not directly linked: pairs of sites, and of backbone rooms."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from ....analysis.geodesy import geodesic_distance_m
from .links import Links
from .sites import Sites
from .times import Times, named, rooms_passed


def missing_links(links: Links, sites: Sites) -> tuple[pd.DataFrame, list[shapely.LineString | None]]:
    """List the pairs without a direct route, each as a straight line between its two places.

    Returns
    -------
    pandas.DataFrame, list of LineString or None
        None where a place is not known.
    """
    columns = [
        "link_id",
        "from_site",
        "to_site",
        "from_place",
        "to_place",
        "geodesic_km",
        "best_km",
        "ms",
        "km",
        "hops",
    ]
    columns.append("via")
    chosen = np.flatnonzero((links.table["direct"] == 0).fillna(False).to_numpy(bool))
    ends = links.places[chosen]
    places = np.column_stack([sites.lon, sites.lat])
    shapes = [shapely.LineString(places[pair]) if np.isfinite(places[pair]).all() else None for pair in ends.tolist()]
    return links.table.iloc[chosen][columns].reset_index(drop=True), shapes


class Mesh(NamedTuple):
    """How far the backbone rooms are from a full mesh.

    Attributes
    ----------
    rooms, links : int
        Rooms, and pairs of them with a direct link.
    gaps : pandas.DataFrame or None
        The other pairs: ``from_site, to_site, geodesic_km, ms, hops, via``; None where the rooms are too many.
    shapes : list of LineString or None
        Straight lines between them; None where a room has no place.
    """

    rooms: int
    links: int
    gaps: pd.DataFrame | None
    shapes: list[shapely.LineString | None]

    @property
    def ratio(self) -> float | None:
        """Direct links to pairs; None without a pair."""
        return self.links / (self.rooms * (self.rooms - 1) / 2) if self.rooms > 1 else None


def mesh_of(times: Times, listed: int) -> Mesh:
    """Count the direct links between backbone rooms, and list the pairs that miss one, of no more rooms than `listed`."""
    trunk, network = times.trunk, times.trunk.network
    rooms = np.flatnonzero(times.backbone)
    pairs = set()
    nothing = np.zeros(1)
    for room in rooms.tolist():
        reached = times.floor.from_sources(np.array([room]), nothing, times.backbone)
        there = np.isfinite(times.floor.time_at(reached, rooms))
        pairs |= {(room, int(other)) for other in rooms[there].tolist() if other > room}
    if len(rooms) > listed:
        return Mesh(len(rooms), len(pairs), None, [])
    names = [str(named(trunk, [room])) for room in rooms.tolist()]
    rows, shapes = [], []
    for at, room in enumerate(rooms.tolist()):
        best = times.best.from_sources(np.array([room]), np.array([-times.passing[room]]))
        ms = times.best.time_at(best, rooms)
        for to in range(at + 1, len(rooms)):
            other = int(rooms[to])
            if (room, other) in pairs:
                continue
            found = bool(np.isfinite(ms[to])) and not times.has_unknown
            passed = rooms_passed(trunk, *times.best.edges_to(best, other)) if np.isfinite(ms[to]) else []
            apart = geodesic_distance_m(
                *(network.lon[[room]], network.lat[[room]], network.lon[[other]], network.lat[[other]])
            )
            ends = [(network.lon[node], network.lat[node]) for node in (room, other)]
            shapes.append(shapely.LineString(ends) if np.isfinite(ends).all() else None)
            rows.append(
                {
                    "from_site": names[at],
                    "to_site": names[to],
                    "geodesic_km": None if np.isnan(apart[0]) else round(float(apart[0]) / 1000, 6),
                    "ms": round(float(ms[to]), 6) if found else None,
                    "hops": len(passed) if passed else None,
                    "via": named(trunk, passed) if passed else None,
                }
            )
    columns = ["from_site", "to_site", "geodesic_km", "ms", "hops", "via"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    table["hops"] = table["hops"].astype("Int64")
    return Mesh(len(rooms), len(pairs), table, shapes)
