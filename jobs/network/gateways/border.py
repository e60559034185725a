"""Border crossings: which cables leave by them, and how many ways out to each neighbour share nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....analysis.network.apart_ways import ways_apart
from ....analysis.network.conduits import conduits
from ....analysis.network.near import Search
from ....analysis.network.parts import parts_of
from ....analysis.network.serving import WaysOut, ways_out
from ....engine.context import RunContext
from ....errors import InputError
from ....layers import inputs
from ....layers.placing import placed
from ....layers.sources.read import read_source
from ....text import Text
from ..read import Trunk
from ..shared.stretches import Widths
from .words import FEW, MET, NO, ONE_NODE, ONE_TRENCH, SHORT, UNKNOWN, UNPROVEN, YES

_NAMES = ("名称", "口岸名称", "口岸", "name_zh", "name", "Name", "NAME", "MC")
_NEIGHBOURS = ("邻国", "对方国家", "国家", "neighbour", "neighbor", "country", "other")
_LISTED = "、"


class Crossings(NamedTuple):
    """Border crossings, c of them.

    Attributes
    ----------
    name, neighbour : shape (c,), object
        Neighbour as it stands; None where it is not known.
    lon, lat : shape (c,)
        NaN where a place is not known.
    sentences : list of Text
    """

    name: npt.NDArray[np.object_]
    neighbour: npt.NDArray[np.object_]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    sentences: list[Text]


class Borders(NamedTuple):
    """What was found: one row a crossing, and one a neighbour."""

    crossings: pd.DataFrame
    neighbours: pd.DataFrame


def read_crossings(context: RunContext) -> Crossings | None:
    """Read the crossings that the planner named, else the ports of entry among the places of the workspace.

    Raises
    ------
    InputError
        The layer has no points, no CRS, or no column that was stated.
    """
    if context["crossings"]:
        return _from_file(context)
    if not inputs.layer_present(context, "places"):
        return None
    points = inputs.read_points(context, "places", ["name", "kind"])
    own = (points.columns["kind"] == "port_of_entry").to_numpy(bool)
    name = points.columns["name"][own].to_numpy(object)
    said = Text(
        f"口岸取自重点场所图层，共 {len(name)} 个；没有邻国信息。",
        f"Ports of entry of the layer of places: {len(name)}; it does not tell the neighbour.",
    )
    return Crossings(name, np.full(len(name), None, dtype=object), points.lon[own], points.lat[own], [said])


def _from_file(context: RunContext) -> Crossings:
    path, layer = inputs.split(str(context["crossings"]))
    raw = read_source(context.read("crossings", path), layer or None)
    headings = [heading.strip() for heading in raw.headings]
    stated = context["neighbour_column"]
    if stated and stated not in headings:
        raise InputError(
            Text(
                f"{raw.name} 没有“{stated}”列。现有：{'、'.join(headings)}。",
                f"{raw.name} has no column “{stated}”. It has: {', '.join(headings)}.",
            ),
            Text("请改用其中一列。", "Use one of these."),
        )
    shapes = placed(raw)
    if not (shapely.get_type_id(shapes) == 0).any():
        raise InputError(
            Text(f"{raw.name} 没有点。", f"{raw.name} has no points."),
            Text("口岸图层须为点。", "Border crossings are points."),
        )
    is_point = shapely.get_type_id(shapes) == 0
    lon, lat = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    lon[is_point], lat[is_point] = shapely.get_x(shapes[is_point]), shapely.get_y(shapes[is_point])
    columns = []
    for known in (_NAMES, (stated,) if stated else _NEIGHBOURS):
        at = next((headings.index(name) for name in known if name in headings), None)
        cells = [str(cell).strip() for cell in raw.cells[at]] if at is not None else [""] * len(raw)
        columns.append(np.array([cell or None for cell in cells], dtype=object))
    name = np.array([one or f"#{row}" for one, row in zip(columns[0], raw.rows.tolist())], dtype=object)
    open_ = sum(one is None for one in columns[1])
    said = Text(
        f"口岸图层 {raw.name}：{len(name)} 个，其中没有坐标的 {int((~is_point).sum())} 个，邻国不明的 {open_} 个。",
        f"Border crossings of {raw.name}: {len(name)}; {int((~is_point).sum())} have no place, {open_} no neighbour.",
    )
    return Crossings(name, columns[1], lon, lat, [said])


def at_borders(
    trunk: Trunk, crossings: Crossings, reach_m: float, target: int, targets: npt.NDArray[np.bool_], widths: Widths
) -> Borders:
    """Find the cables at each crossing and count the ways out to each neighbour.

    Parameters
    ----------
    target : int
        Ways out that a neighbour should have.
    targets : numpy.ndarray of bool, shape (n,)
        Nodes of the network from which ways out lead.
    widths : Widths
        Of a trench, and what does not count: what two cables share at a common node, or for next to no length.
    """
    network = trunk.network
    count = len(crossings.name)
    shapes = network.shapes if trunk.drawn else np.full(len(network.start), None, dtype=object)
    parts = parts_of(shapes.tolist())
    placed_ = np.flatnonzero(np.isfinite(crossings.lon) & np.isfinite(crossings.lat))
    rows: list[dict[str, Any]] = []
    exits: list[set[tuple[int, int]]] = [set() for _ in range(count)]
    near: list[dict[int, tuple[float, int]]] = [{} for _ in range(count)]
    if parts.part_count:
        found = Search(parts).within(crossings.lon[placed_], crossings.lat[placed_], reach_m)
        edges = parts.row[found.part]
        for at, edge, away in zip(placed_[found.point].tolist(), edges.tolist(), found.away_m.tolist()):
            cable = int(network.row[edge])
            near[at][cable] = min(near[at].get(cable, (np.inf, -1)), (away, edge))
    is_placed = np.isin(np.arange(count), placed_)
    for at in range(count):
        lon, lat = crossings.lon[at], crossings.lat[at]
        for cable, (_, edge) in near[at].items():
            exits[at].add((_nearer_end(trunk, edge, lon, lat), cable))
        cables = trunk.cables.iloc[sorted(near[at])]
        operators = sorted({code for stated in cables["operator"].dropna() for code in str(stated).split(";")})
        titles = cables["name"].where(cables["name"].notna(), cables["cable_id"]).astype(str)
        can_tell = trunk.drawn and is_placed[at]
        rows.append(
            {
                "name": crossings.name[at],
                "neighbour": crossings.neighbour[at],
                "cable_count": len(cables) if can_tell else None,
                "cables": _LISTED.join(titles) or None,
                "operator": ";".join(operators) or None,
                "nearest_m": round(min(away for away, _ in near[at].values()), 1) if near[at] else None,
                "state": UNKNOWN if not can_tell else YES if near[at] else NO,
            }
        )
    table = pd.DataFrame(rows, columns=list(CROSSINGS)).astype({"cable_count": "Int64", "nearest_m": float})
    return Borders(table, _by_neighbour(trunk, table, exits, target, targets, widths))


CROSSINGS = ("name", "neighbour", "cable_count", "cables", "operator", "nearest_m", "state")
NEIGHBOURS = (
    *("neighbour", "crossings", "with_cable", "by_edge", "by_node", "by_ground", "target", "state"),
    *("reason", "held_by"),
)


def _nearer_end(trunk: Trunk, edge: int, lon: float, lat: float) -> int:
    """Give the end of an edge that is nearer to a crossing: a cable that goes on abroad ends there for us."""
    network = trunk.network
    ends = (int(network.start[edge]), int(network.end[edge]))
    return min(ends, key=lambda node: (np.hypot(network.lon[node] - lon, network.lat[node] - lat), node))


def _by_neighbour(
    trunk: Trunk,
    table: pd.DataFrame,
    exits: list[set[tuple[int, int]]],
    target: int,
    targets: npt.NDArray[np.bool_],
    widths: Widths,
) -> pd.DataFrame:
    network = trunk.network
    asked = bool(trunk.drawn and targets.any() and table["neighbour"].notna().any())
    trenches: list[tuple[int, ...]] = []
    if asked:
        found = conduits(network, widths.trench_m, widths.least_m, widths.at_room_m, every_pair=True)
        trenches = [conduit.edges for conduit in found]
    rows = []
    known = sorted(set(table["neighbour"].dropna()))
    for neighbour in [*known, *([None] if table["neighbour"].isna().any() else [])]:
        own = np.flatnonzero(table["neighbour"].isna() if neighbour is None else table["neighbour"] == neighbour)
        row: dict[str, Any] = {
            "neighbour": neighbour,
            "crossings": len(own),
            "with_cable": int((table["state"].iloc[own] == YES).sum()),
            "target": target,
            "state": UNKNOWN,
        }
        rows.append(row)
        if not asked or neighbour is None:
            continue
        # A cable that passes several crossings is one way out at one node.
        both = sorted(set().union(*(exits[at] for at in own.tolist())))
        nodes = np.array([node for node, _ in both], dtype=np.int64)
        ends = (network.start, network.end, len(network.lon), nodes, targets)
        ways, apart = ways_out(*ends), ways_apart(*ends, trenches, target)
        row |= {"by_edge": ways.by_edge, "by_node": ways.by_node, "by_ground": apart.number}
        if apart.number >= target:  # what has no place can only add to it
            row["state"] = MET
        elif not apart.proven:
            row["reason"] = UNPROVEN
        elif not (table["state"].iloc[own] == UNKNOWN).any():
            row |= {"state": SHORT, **_held(trunk, ways, apart.held_by, target)}
    frame = pd.DataFrame(rows, columns=list(NEIGHBOURS))
    return frame.astype({"by_edge": "Int64", "by_node": "Int64", "by_ground": "Int64"})


def _held(trunk: Trunk, ways: WaysOut, trenches: list[tuple[int, ...]], target: int) -> dict[str, Any]:
    """Say why there are too few ways, and name the rooms or the cables."""
    network = trunk.network
    if ways.by_edge < target:
        return {"reason": FEW}
    if ways.by_node < target:
        rooms = trunk.rooms.iloc[network.room[[node for node in ways.through if network.room[node] >= 0]]]
        names = rooms["name"].where(rooms["name"].notna(), rooms["node_id"]).astype(str)
        return {"reason": ONE_NODE, "held_by": _LISTED.join(names) or None}
    cables = trunk.cables.iloc[sorted({int(network.row[edge]) for edges in trenches for edge in edges})]
    titles = cables["name"].where(cables["name"].notna(), cables["cable_id"]).astype(str)
    return {"reason": ONE_TRENCH, "held_by": _LISTED.join(titles) or None}
