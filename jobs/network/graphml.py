"""Networks from GraphML, as the Internet Topology Zoo and network tools write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import shapely

from ...analysis.geodesy import geodesic_distance_m
from ...analysis.network.issues import all_issues, issue_rows
from ...analysis.network.noding import Network
from ...errors import InputError
from ...text import Text

_LON, _LAT = ("Longitude", "longitude", "lon", "x"), ("Latitude", "latitude", "lat", "y")
_NAME, _LINK = ("label", "name", "Label"), ("LinkLabel", "label", "name", "id")


def read_graphml(path: Path) -> tuple[Network, pd.DataFrame, pd.DataFrame, int]:
    """Read nodes and links.

    Returns
    -------
    Network
        Every node is a room. A link between two nodes with coordinates is the straight line between them, the least
        that its cable can be long; of any other the length is NaN and there is no shape.
    pandas.DataFrame
        ``cable_id, name`` of each link.
    pandas.DataFrame
        ``node_id, name`` of each node.
    int
        Nodes with coordinates that are none: 0, 0 is what an empty field becomes, and no place on land; or off the
        globe, such as metres.

    Raises
    ------
    InputError
        The file is no GraphML, or has no node.
    """
    try:
        graph = nx.MultiGraph(nx.read_graphml(path, force_multigraph=True).to_undirected(as_view=True))
    except Exception as error:  # the parser's own errors are of many kinds
        raise InputError(
            Text(f"{path.name} 不能作为 GraphML 读取：{error}", f"{path.name} cannot be read as GraphML: {error}"),
            Text("请提供 GraphML 格式的网络图。", "Give a graph in the GraphML format."),
        ) from error
    if not graph:
        raise InputError(
            Text(f"{path.name} 中没有节点。", f"{path.name} has no nodes."),
            Text("请核对文件。", "Check the file."),
        )
    names = list(graph.nodes)
    number = {node: at for at, node in enumerate(names)}
    lon = np.array([_number(graph.nodes[node], _LON) for node in names])
    lat = np.array([_number(graph.nodes[node], _LAT) for node in names])
    stated = np.isfinite(lon) & np.isfinite(lat)
    known = (np.abs(lon) <= 180) & (np.abs(lat) <= 90) & ((lon != 0) | (lat != 0))
    lon, lat = np.where(known, lon, np.nan), np.where(known, lat, np.nan)
    links = list(graph.edges(data=True))
    start = np.array([number[a] for a, _, _ in links], dtype=np.int64)
    end = np.array([number[b] for _, b, _ in links], dtype=np.int64)
    metres = geodesic_distance_m(lon[start], lat[start], lon[end], lat[end]) if links else np.zeros(0)
    shapes = np.full(len(links), None, dtype=object)
    there = np.flatnonzero(np.isfinite(metres))
    ends = np.stack([np.column_stack([lon[at], lat[at]]) for at in (start[there], end[there])], axis=1)
    shapes[there] = shapely.linestrings(ends)
    lost = np.flatnonzero(~known)
    network = Network(
        *(start, end, np.arange(len(links)), np.zeros(len(links)), metres, shapes, lon, lat),
        np.arange(len(names)),
        all_issues([issue_rows("room_without_place", lon[lost], lat[lost], room=lost)]),
    )
    cables = pd.DataFrame(
        {
            "cable_id": [f"L{at + 1:04d}" for at in range(len(links))],
            "name": [_text(data, _LINK) for _, _, data in links],
        },
        dtype=object,
    )
    rooms = pd.DataFrame(
        {"node_id": [str(node) for node in names], "name": [_text(graph.nodes[node], _NAME) for node in names]},
        dtype=object,
    )
    return network, cables, rooms, int((stated & ~known).sum())


def _number(data: dict[str, Any], keys: tuple[str, ...]) -> float:
    value = next((data[key] for key in keys if data.get(key) not in (None, "")), None)
    try:
        return float(value) if value is not None else float("nan")
    except (TypeError, ValueError):
        return float("nan")


def _text(data: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((str(data[key]).strip() for key in keys if str(data.get(key, "")).strip()), None)
