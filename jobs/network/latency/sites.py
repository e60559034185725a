"""What links are asked between: clusters of data centres, and hub nodes, each with the rooms through which it joins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ....analysis.network.attached import nearest_room, rooms_within
from ....analysis.network.issues import NOWHERE
from ....engine.context import RunContext
from ....layers import inputs
from ....text import Text
from ..read import Trunk
from ..tables import column_at

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

CLUSTER, NODE = "cluster", "node"
BY_CLUSTER, BY_DATA_CENTRE = "cluster", "data_centre"
HUB_CLASSES = ("gateway", "backbone")


class Sites(NamedTuple):
    """s sites, and their p places: data centres, or the room of a hub node.

    Attributes
    ----------
    names : list of str
        Of each site.
    hubs : list of str
        The national hub of each; empty where none or several are stated.
    site : numpy.ndarray of int64, shape (p,)
        The site of each place, rising.
    label : list of str
        Name of each place.
    item_id : list of str
        Number of each place in its layer.
    is_node : numpy.ndarray of bool, shape (p,)
        The place is a room of the network itself.
    lon, lat : numpy.ndarray, shape (p,)
    room : numpy.ndarray of int64, shape (p,)
        The room through which the place joins; `NOWHERE` for one that does not.
    away_m : numpy.ndarray, shape (p,)
        Straight distance to the nearest room that has a cable, however far; NaN where it cannot be told.
    entries : list of (numpy.ndarray of int64, numpy.ndarray)
        Of a graph file by place every node with a link within reach, and how far it is in a straight line, m: a cluster
        may join by another than the nearest. Else empty.
    """

    names: list[str]
    hubs: list[str]
    site: IntArray
    label: list[str]
    item_id: list[str]
    is_node: BoolArray
    lon: FloatArray
    lat: FloatArray
    room: IntArray
    away_m: FloatArray
    entries: list[tuple[IntArray, FloatArray]]

    def places(self, site: int) -> IntArray:
        """Give the places of a site that join the network."""
        return np.flatnonzero((self.site == site) & (self.room != NOWHERE))

    def kind(self, site: int) -> str:
        """Say whether a site is a cluster or a hub node."""
        return NODE if self.is_node[self.site == site].all() else CLUSTER


def backbone_rooms(trunk: Trunk) -> tuple[BoolArray, BoolArray]:
    """Tell which nodes of the network are backbone rooms, and which are rooms of which no class is stated.

    Every node of a graph file counts as a backbone room.
    """
    network = trunk.network
    is_room = network.room != NOWHERE
    if not trunk.drawn:
        return is_room, np.zeros(len(is_room), dtype=bool)
    kind = column_at(trunk.rooms, "node_class", network.room)
    backbone = np.array([value in HUB_CLASSES for value in kind], dtype=bool)
    unknown = is_room & np.array([value is None for value in kind], dtype=bool)
    return backbone, unknown


def read_sites(
    context: RunContext, trunk: Trunk, reach_m: float, by: str, with_nodes: bool
) -> tuple[Sites, list[Text]]:
    """Read the clusters and join them to the network.

    Parameters
    ----------
    reach_m : float
        Farthest that the room may be, in a straight line.
    by : str
        ``cluster``: data centres of one cluster are one site; ``data_centre``: each by itself.
    with_nodes : bool
        Backbone rooms are sites, too.

    Returns
    -------
    Sites
    list of Text
        What was read.
    """
    rows: list[_Place] = []
    said = []
    if inputs.layer_present(context, "dc_clusters"):
        rows = _data_centres(context, by)
        clusters = len({row.site for row in rows})
        said.append(
            Text(
                f"数据中心 {len(rows)} 个，合为 {clusters} 个集群；面状的取中心点。",
                f"Data centres: {len(rows)}, in {clusters} clusters; of a plot its middle counts.",
            )
            if by == BY_CLUSTER
            else Text(f"数据中心 {len(rows)} 个，逐个计算。", f"Data centres: {len(rows)}, each by itself.")
        )
        to_come = sum(row.is_to_come for row in rows)
        if to_come:
            said.append(
                Text(
                    f"其中在建、规划的 {to_come} 个，一并计算；退网的不计。",
                    f"{to_come} of them are being built or planned and count; retired ones do not.",
                )
            )
    network = trunk.network
    if with_nodes:
        rows += _hub_nodes(trunk)
    order = list(dict.fromkeys(row.site for row in rows))
    at = {name: number for number, name in enumerate(order)}
    rows.sort(key=lambda row: at[row.site])
    lon, lat = np.array([row.lon for row in rows]), np.array([row.lat for row in rows])
    # Rooms that no cable reaches lead nowhere.
    has_cable = np.bincount(np.append(network.start, network.end), minlength=len(network.lon)) > 0
    open_lon = np.where((network.room != NOWHERE) & has_cable, network.lon, np.nan)
    room, away = nearest_room(lon, lat, open_lon, network.lat, reach_m)
    own = np.array([row.node for row in rows], dtype=np.int64)
    is_node = own != NOWHERE
    hubs = []
    for name in order:
        stated = {row.hub for row in rows if row.site == name}
        hubs.append(stated.pop() if len(stated) == 1 else "")
    sites = Sites(
        names=order,
        hubs=hubs,
        site=np.array([at[row.site] for row in rows], dtype=np.int64),
        label=[row.label for row in rows],
        item_id=[row.item_id for row in rows],
        is_node=is_node,
        lon=lon,
        lat=lat,
        room=np.where(is_node, own, room),
        away_m=np.where(is_node, 0.0, away),
        entries=[] if trunk.drawn else rooms_within(lon, lat, open_lon, network.lat, reach_m),
    )
    return sites, said


class _Place(NamedTuple):
    site: str
    hub: str
    label: str
    item_id: str
    node: int
    lon: float
    lat: float
    is_to_come: bool = False


def _data_centres(context: RunContext, by: str) -> list[_Place]:
    table = inputs.read_layer(context, "dc_clusters", ["cluster_id", "name", "cluster", "hub", "status"])
    there = (table.columns["status"] != "retired").to_numpy(bool)
    middle = shapely.centroid(table.geometry[there])
    columns = table.columns[there].astype(object).where(table.columns[there].notna(), "")
    rows = []
    for row, lon, lat in zip(columns.to_dict("records"), shapely.get_x(middle), shapely.get_y(middle)):
        number, name = str(row["cluster_id"]), str(row["name"])
        title = name or number
        site = (str(row["cluster"]) or title) if by == BY_CLUSTER else f"{title}（{number}）"
        is_to_come = row["status"] in ("under_construction", "planned")
        rows.append(_Place(site, str(row["hub"]), title, number, NOWHERE, float(lon), float(lat), is_to_come))
    return rows


def _hub_nodes(trunk: Trunk) -> list[_Place]:
    network = trunk.network
    numbers, titles = (column_at(trunk.rooms, column, network.room) for column in ("node_id", "name"))
    rows = []
    for node in np.flatnonzero(backbone_rooms(trunk)[0]).tolist():
        title, number = str(titles[node] or numbers[node]), str(numbers[node])
        place = float(network.lon[node]), float(network.lat[node])
        rows.append(_Place(f"{title}（{number}）", "", title, number, node, *place))
    return rows
