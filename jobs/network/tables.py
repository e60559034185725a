"""The trunk network as tables: edges, vertices, issues."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.network.cuts import articulation_points, bridges
from ...analysis.network.graph import components, graph_of
from ...analysis.network.issues import NOWHERE, TO_MEND
from ...text import Text
from .read import Trunk


class Topology(NamedTuple):
    """The network and what hangs on single parts of it.

    Attributes
    ----------
    edges, vertices, issues : pandas.DataFrame
        Columns in `words.LABELS`; vertices and issues with ``lon, lat``.
    components : int
        Connected parts, a node that no cable reaches being one by itself.
    alone : int
        Nodes that no cable reaches.
    """

    edges: pd.DataFrame
    vertices: pd.DataFrame
    issues: pd.DataFrame
    components: int
    alone: int


def topology_of(trunk: Trunk) -> Topology:
    """Make the tables of a network."""
    network = trunk.network
    count = len(network.lon)
    graph = graph_of(network.start, network.end, count)
    part = components(network.start, network.end, count)
    names, numbers = _names(trunk)
    number = np.array(trunk.cables["cable_id"], dtype=object)[network.row] if len(network.row) else network.row
    place = pd.Series(network.row).groupby(network.row).cumcount().to_numpy() + 1
    km = np.round(network.length_m / 1000, 9)
    edges = pd.DataFrame(
        {
            "edge_id": [f"{cable}#{at}" for cable, at in zip(number, place)],
            "cable_id": number,
            "cable_name": column_at(trunk.cables, "name", network.row),
            "operator": column_at(trunk.cables, "operator", network.row),
            "level": column_at(trunk.cables, "level", network.row),
            "laying": column_at(trunk.cables, "laying", network.row),
            "status": column_at(trunk.cables, "status", network.row),
            "year": pd.to_numeric(trunk.cables["year"], errors="coerce").astype("Int64").iloc[network.row].array,
            "from_vertex": numbers[network.start],
            "to_vertex": numbers[network.end],
            "from_name": names[network.start],
            "to_name": names[network.end],
            "length_km": km,
            "fibre_km": np.round(km * trunk.slack, 9),
            "length_kind": np.where(np.isnan(km), "unknown", "drawn" if trunk.drawn else "straight"),
            "is_bridge": bridges(graph).astype(np.int32),
            "component": part[network.start] + 1,
        }
    )
    degree = graph.degree
    is_room = network.room != NOWHERE
    vertices = pd.DataFrame(
        {
            "vertex_id": numbers,
            "node_id": column_at(trunk.rooms, "node_id", network.room),
            "name": names,
            "kind": np.where(is_room, "room", np.where(degree > 1, "joint", "loose")),
            "degree": degree,
            "component": part + 1,
            "is_articulation": articulation_points(graph).astype(np.int32),
            "lon": network.lon,
            "lat": network.lat,
        }
    )
    return Topology(edges, vertices, _issues(trunk), len(np.unique(part)), int(((degree == 0) & is_room).sum()))


def parts_words(found: Topology) -> Text:
    """Say in how many connected parts a network lies."""
    return Text(
        f"网络分为 {found.components:,} 片，其中 {found.alone:,} 片只有一个没有光缆接入的节点。",
        f"The network lies in {found.components:,} connected parts; {found.alone:,} of them are a node that no cable reaches.",
    )


def column_at(table: pd.DataFrame, column: str, row: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Give a column at rows, None where there is no row or no value."""
    values = np.full(len(table) + 1, None, dtype=object)  # the last one is that of no row
    values[:-1] = table[column].astype(object).where(table[column].notna(), None)
    return values[row]


def _names(trunk: Trunk) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Give each vertex its name (of the room, else None) and its number."""
    network = trunk.network
    joints = np.cumsum(network.room == NOWHERE)
    room = column_at(trunk.rooms, "node_id", network.room)
    numbers = np.array(
        [f"J{joint}" if at == NOWHERE else node for node, at, joint in zip(room, network.room, joints)], dtype=object
    )
    return column_at(trunk.rooms, "name", network.room), numbers


def _issues(trunk: Trunk) -> pd.DataFrame:
    found = trunk.network.issues
    return pd.DataFrame(
        {
            "issue": found["code"],
            "issue_level": np.where(found["code"].isin(TO_MEND), "to_mend", "decided"),
            "cable_id": column_at(trunk.cables, "cable_id", found["row"].to_numpy(np.int64)),
            "cable_name": column_at(trunk.cables, "name", found["row"].to_numpy(np.int64)),
            "other_cable_id": column_at(trunk.cables, "cable_id", found["other"].to_numpy(np.int64)),
            "node_id": column_at(trunk.rooms, "node_id", found["room"].to_numpy(np.int64)),
            "name": column_at(trunk.rooms, "name", found["room"].to_numpy(np.int64)),
            "gap_m": np.round(found["metres"], 2),
            "lon": found["lon"],
            "lat": found["lat"],
        }
    )
