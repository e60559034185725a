"""Access directions as layers: nodes, rays, new links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from ....analysis.geodesy import INVERSE_FLATTENING, SEMI_MAJOR_M
from ....analysis.network.new_link import Link
from ..read import Trunk
from .judging import SHORT, Judged, Limits
from .passed import Passed

_NAMED = 8  # cables in one cell


class ExitTables(NamedTuple):
    """The tables of a run, with their shapes."""

    nodes: pd.DataFrame
    rays: pd.DataFrame
    ray_shapes: list[shapely.LineString]
    links: pd.DataFrame
    link_shapes: list[shapely.LineString]


def exit_tables(
    trunk: Trunk,
    judged: list[Judged],
    planned: dict[str, int | None],
    links: dict[int, list[Link]],
    limits: Limits,
    cost_per_km: float | None,
    *,
    looked: bool,
    passed: Mapping[int, Sequence[Passed]] = MappingProxyType({}),
) -> ExitTables:
    """Make the tables.

    Parameters
    ----------
    judged : list of Judged
        By the cables in use.
    planned : dict
        Physically separate exits after plan, by the number of the room.
    links : dict
        New cables by node.
    cost_per_km : float or None
        In 10,000 yuan.
    looked : bool
        New links were looked for.
    passed : mapping of int to sequence of Passed
        What the new cables of a node pass, in their order.
    """
    nodes, rays, ray_shapes, rows, shapes = [], [], [], [], []
    for found in judged:
        room = trunk.rooms.iloc[found.node]
        own = {"node_id": room["node_id"], "name": _or_none(room["name"])}
        nodes.append(
            {
                **own,
                "node_class": _or_none(room["node_class"]),
                "cables": found.cables,
                "targets": found.targets,
                "exits_edge": found.edge,
                "exits_node": found.joint,
                "exits_inner": found.inner and found.inner.number,
                "exits_outer": found.outer and found.outer.number,
                "exits_physical": found.both and found.both.number,
                "sectors": found.sectors(limits.sector_deg),
                "exits_planned": planned.get(room["node_id"]),
                "target": limits.directions,
                "state": found.state,
                "azimuths": _azimuths(found),
                "held_by": _held_by(trunk, found),
                "advice": _advice(found, links.get(found.node, []), looked=looked),
                "lon": trunk.network.lon[found.node],
                "lat": trunk.network.lat[found.node],
            }
        )
        if found.both is not None:
            for number, ((group, azimuth), used) in enumerate(zip(found.both.groups, found.both.used), start=1):
                cables = _cables(trunk, group.tolist())
                rays.append(
                    {
                        **own,
                        "exit": number,
                        "azimuth_deg": round(azimuth, 1),
                        "is_used": int(used),
                        "cables": len(cables),
                        "shared_with": _listed(cables),
                    }
                )
                ray_shapes.append(_ray(trunk, found.node, azimuth, max(limits.radii_m)))
        for place, link in enumerate(links.get(found.node, [])):
            km = link.length_m / 1000
            to = trunk.rooms.iloc[link.node]
            rows.append(
                {
                    **own,
                    "to_node": to["node_id"],
                    "to_name": _or_none(to["name"]),
                    "found": link.found,
                    "length_km": round(km, 6),
                    "beside_km": round(link.beside_m / 1000, 3),
                    **_passed(passed[found.node][place] if found.node in passed else None),
                    "exits_after": link.exits,
                    "cost": None if cost_per_km is None else round(km * cost_per_km, 2),
                    "cost_points": None if link.points is None else round(link.points, 0),
                }
            )
            shapes.append(link.shape)
    return ExitTables(_table(nodes, _WHOLE), _table(rays, ()), ray_shapes, _table(rows, ()), shapes)


_COLUMNS = (
    *("node_id", "name", "node_class", "cables", "targets", "exits_edge", "exits_node", "exits_inner", "exits_outer"),
    *("exits_physical", "sectors", "exits_planned", "target", "state", "azimuths", "held_by", "advice", "lon", "lat"),
)
_WHOLE = ("exits_edge", "exits_node", "exits_inner", "exits_outer", "exits_physical", "sectors", "exits_planned")


def _passed(found: Passed | None) -> dict[str, Any]:
    """Give the columns that say what a new cable passes; missing where nothing is known of it."""
    if found is None:
        return dict.fromkeys(_PASSED)
    metres = (found.off_roads_m, found.planned_m, found.red_line_m, found.farmland_m, found.other_m)
    km = [None if value is None else round(value / 1000, 3) for value in metres]
    named = _listed(list(dict.fromkeys(found.planned))) or None
    return dict(zip(_PASSED, (km[0], km[1], named, *km[2:])))


_PASSED = ("off_roads_km", "planned_km", "planned_cables", "red_line_km", "farmland_km", "control_km")


def _table(rows: list[dict[str, Any]], whole: tuple[str, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=None if rows else list(_COLUMNS) if whole else None)
    for name in whole:
        table[name] = table[name].astype("Int64")
    return table


def _or_none(value: Any) -> Any:
    return None if pd.isna(value) else value


def _cables(trunk: Trunk, edges: list[int]) -> list[str]:
    """Name the cables of edges, each once."""
    rows = trunk.cables.iloc[trunk.network.row[edges]]
    said = rows["name"].where(rows["name"].notna(), rows["cable_id"])
    return list(dict.fromkeys(said.astype(str)))


def _listed(cables: list[str]) -> str:
    return "、".join(cables[:_NAMED]) + ("…" if len(cables) > _NAMED else "")


def _azimuths(found: Judged) -> str | None:
    if found.both is None:
        return None
    used = sorted(azimuth for (_, azimuth), is_used in zip(found.both.groups, found.both.used) if is_used)
    return "、".join(f"{azimuth:.0f}" for azimuth in used)


def _held_by(trunk: Trunk, found: Judged) -> str | None:
    """Name what holds a short node back: cables that leave side by side, else the cables that all ways need."""
    if found.state != SHORT:
        return None
    if found.both is not None and found.edge is not None and found.both.number < found.edge:
        bundles = [_cables(trunk, group.tolist()) for group, _ in found.both.groups if len(group) > 1]
        return "；".join(_listed(bundle) for bundle in bundles) or None
    return _listed(_cables(trunk, found.cut)) or None


def _advice(found: Judged, links: list[Link], *, looked: bool) -> str | None:
    """Say what helps a short node: ducts of its own for cables that part only beyond the inner circle, or a cable."""
    if found.state != SHORT:
        return None
    if found.both is not None and found.outer is not None and found.outer.number > found.both.number:
        return "new_duct"
    if links:
        return "new_link"
    return "none_found" if looked else None


def _ray(trunk: Trunk, node: int, azimuth: float, length_m: float) -> shapely.LineString:
    lon, lat = float(trunk.network.lon[node]), float(trunk.network.lat[node])
    to_lon, to_lat, _ = Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING).fwd(lon, lat, azimuth, length_m)
    return shapely.LineString([(lon, lat), (float(to_lon), float(to_lat))])


def places_of(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give longitude and latitude of a table of points as plain numbers."""
    return table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64)
