"""Gateways and landing stations: their region and capacity, and who is nearest to which by cable."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ....analysis.network.issues import NOWHERE
from ....analysis.network.serving import NOBODY, nearest_by_cable
from ....engine.context import RunContext
from ....errors import InputError
from ....layers import inputs
from ....layers.sources.read import read_source
from ....text import Text
from ...shared.rules import plain
from ..clusters import clusters_of
from ..failures.ids import ids_in
from ..failures.load import MW, PEOPLE, Load
from ..read import Trunk
from .words import JOINED, OFF, UNKNOWN

_IDS = ("node_id", "节点编号", "局站编号", "机房编号", "编号", "id", "ID", "节点名称", "名称", "name")
_GBPS = (
    "capacity_gbps",
    "容量（Gbps）",
    "容量(Gbps)",
    "带宽（Gbps）",
    "带宽(Gbps)",
    "容量",
    "带宽",
    "capacity",
    "Gbps",
)


class Gateways(NamedTuple):
    """What was found.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a gateway or landing station, without its region.
    lon, lat : shape (g,)
    served : pandas.DataFrame
        One row a node or data centre, with the nearest gateway.
    sentences, cautions : list of Text
    """

    table: pd.DataFrame
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    served: pd.DataFrame
    sentences: list[Text]
    cautions: list[Text]


def gateways_of(context: RunContext, trunk: Trunk, load: Load, cluster_reach_m: float) -> Gateways:
    """Find the gateways and landing stations, and divide the network among the gateways.

    Raises
    ------
    InputError
        A gateway that the planner named is not in the network, or the table of capacities cannot be read.
    """
    numbers = trunk.rooms["node_id"].astype(str).to_numpy(object)
    classes = trunk.rooms["node_class"].to_numpy(object)
    stated, lost = _named_ids(ids_in(context["gateways"]), numbers, trunk.rooms["name"].to_numpy(object))
    if lost:
        raise InputError(
            Text(f"网络中没有节点 {'、'.join(lost)}。", f"The network has no node {', '.join(lost)}."),
            Text("请核对编号和建设阶段。", "Check the ids and the phase."),
        )
    is_gateway = np.isin(numbers, stated) if stated else classes == "gateway"
    is_landing = (classes == "landing") & ~is_gateway
    said, cautions = [], []
    by = is_gateway
    if stated:
        said.append(
            Text(
                f"出入口局由规划人员指定：{'、'.join(stated)}。",
                f"The planner named the gateways: {', '.join(stated)}.",
            )
        )
    elif not is_gateway.any() and is_landing.any():
        by = is_landing
        cautions.append(
            Text(
                "网络中没有国际出入口局：服务范围按海缆登陆站划分，登陆站不等于出入口局。",
                "The network has no international gateway: it is divided among the landing stations, which are no gateways.",
            )
        )
    elif not is_gateway.any():
        cautions.append(
            Text(
                "网络中没有国际出入口局和海缆登陆站：服务范围无法判定。可用参数指定出入口局。",
                "The network has no international gateway and no landing station: who is served cannot be told. Gateways can be named.",
            )
        )
    network = trunk.network
    sources = np.flatnonzero(by)
    found = nearest_by_cable(network.start, network.end, len(network.lon), network.length_m, sources)
    served = _served(context, trunk, found.source, found.away_m, found.joined, sources, cluster_reach_m)
    capacity, told = _capacities(context, numbers, trunk.rooms["name"].to_numpy(object))
    cautions += told
    rows = np.flatnonzero(is_gateway | is_landing)
    degree = np.bincount(np.concatenate([network.start, network.end]), minlength=len(network.lon))
    nodes, centres = served[served["kind"] == "node"], served[served["kind"] == "cluster"]
    table = []
    for row in rows.tolist():
        own = (
            np.flatnonzero(found.source == int(np.flatnonzero(sources == row)[0])) if by[row] else np.zeros(0, np.int64)
        )
        km = nodes["km"][nodes["gateway_id"] == numbers[row]].astype(float)
        others = km[nodes["served_id"] != numbers[row]]  # itself is no distance
        mine = load.carried[own]
        table.append(
            {
                "node_id": numbers[row],
                "name": plain(trunk.rooms["name"].iloc[row]),
                "operator": plain(trunk.rooms["operator"].iloc[row]),
                "role": "gateway" if is_gateway[row] else "landing",
                "capacity_gbps": capacity.get(row),
                "served_nodes": len(km) if by[row] else None,
                "served_clusters": int((centres["gateway_id"] == numbers[row]).sum()) if by[row] else None,
                "served_mw": round(float(mine[:, MW].sum()), 6) if by[row] and load.with_clusters else None,
                "served_people": int(mine[:, PEOPLE].sum()) if by[row] and load.with_villages else None,
                "mean_km": round(float(others.mean()), 6) if len(others) else None,
                "farthest_km": round(float(others.max()), 6) if len(others) else None,
                "state": JOINED if degree[row] else (OFF if np.isfinite(network.lon[row]) else UNKNOWN),
            }
        )
    frame = pd.DataFrame(table, columns=list(COLUMNS)).astype(
        dict.fromkeys(_COUNTS, "Int64") | dict.fromkeys(_REALS, float)
    )
    return Gateways(frame, network.lon[rows], network.lat[rows], served, said, cautions)


def _named_ids(
    stated: list[str], numbers: npt.NDArray[np.object_], names: npt.NDArray[np.object_]
) -> tuple[list[str], list[str]]:
    """Give the ids of the nodes that were stated by id or by name, and what is neither.

    Raises
    ------
    InputError
        Several nodes have a name that was stated.
    """
    known = set(numbers)
    by_name: dict[str, list[str]] = {}
    for number, name in zip(numbers.tolist(), names.tolist()):
        if isinstance(name, str):
            by_name.setdefault(name, []).append(number)
    found: list[str] = []
    lost = []
    for one in stated:
        own = [one] if one in known else by_name.get(one, [])
        if len(own) > 1:
            raise InputError(
                Text(
                    f"名称为“{one}”的节点有 {len(own)} 个：{'、'.join(own)}。",
                    f"{len(own)} nodes are called “{one}”: {', '.join(own)}.",
                ),
                Text("请改用编号。", "Use the id."),
            )
        found += own
        lost += [] if own else [one]
    return list(dict.fromkeys(found)), lost


COLUMNS = (
    *("node_id", "name", "operator", "role", "capacity_gbps", "served_nodes", "served_clusters"),
    *("served_mw", "served_people", "mean_km", "farthest_km", "state"),
)
_COUNTS = ("served_nodes", "served_clusters", "served_people")
_REALS = ("capacity_gbps", "served_mw", "mean_km", "farthest_km")
SERVED = ("kind", "served_id", "name", "gateway_id", "gateway_name", "km", "state")


def _served(
    context: RunContext,
    trunk: Trunk,
    source: npt.NDArray[np.int64],
    away_m: npt.NDArray[np.float64],
    joined: npt.NDArray[np.bool_],
    sources: npt.NDArray[np.int64],
    cluster_reach_m: float,
) -> pd.DataFrame:
    """List the nodes and the data centres with the nearest gateway."""
    rooms = trunk.rooms
    listed: list[tuple[str, str, Any, int | None]] = [
        ("node", str(row["node_id"]), plain(row["name"]), at) for at, row in enumerate(rooms.to_dict("records"))
    ]
    listed += [("cluster", number, name, at) for number, name, at in _clusters(context, trunk, cluster_reach_m)]
    rows = []
    for kind, number, name, at in listed:
        by = int(source[at]) if at is not None else NOBODY
        gateway = rooms.iloc[int(sources[by])] if by != NOBODY else None
        off = OFF if at is not None and len(sources) and not joined[at] else UNKNOWN
        rows.append(
            {
                "kind": kind,
                "served_id": number,
                "name": name,
                "gateway_id": str(gateway["node_id"]) if gateway is not None else None,
                "gateway_name": plain(gateway["name"]) if gateway is not None else None,
                "km": round(float(away_m[at]) / 1000, 6) if by != NOBODY else None,
                "state": JOINED if by != NOBODY else off,
            }
        )
    return pd.DataFrame(rows, columns=list(SERVED))


def _clusters(context: RunContext, trunk: Trunk, reach_m: float) -> list[tuple[str, Any, int | None]]:
    """Give the data centres of the phase with the room each hangs on; None where none is near."""
    if not inputs.layer_present(context, "dc_clusters"):
        return []
    found = clusters_of(context, trunk, ["cluster_id", "name"], reach_m)
    return [
        (str(number), plain(name), at if at != NOWHERE else None)
        for number, name, at in zip(found.rows["cluster_id"], found.rows["name"], found.room.tolist())
    ]


def _capacities(
    context: RunContext, numbers: npt.NDArray[np.object_], names: npt.NDArray[np.object_]
) -> tuple[dict[int, float], list[Text]]:
    """Read the table of capacities: by node, and what of it could not be used."""
    if not context["capacity"]:
        return {}, [
            Text(
                "没有给出容量表：各出入口局的容量不明。", "No table of capacities was given: capacities are not known."
            )
        ]
    path, layer = inputs.split(str(context["capacity"]))
    raw = read_source(context.read("capacity", Path(path)), layer or None)
    headings = [heading.strip() for heading in raw.headings]
    key, value = (next((headings.index(name) for name in known if name in headings), None) for known in (_IDS, _GBPS))
    if key is None or value is None:
        raise InputError(
            Text(
                f"{raw.name} 缺少节点编号（或名称）列或容量列。现有：{'、'.join(headings)}。",
                f"{raw.name} lacks a column of node ids (or names) or of capacities. It has: {', '.join(headings)}.",
            ),
            Text("请提供“节点编号”和“容量（Gbps）”两列。", "Give the columns node_id and capacity_gbps."),
        )
    place = {str(number): at for at, number in enumerate(numbers)}
    place = {**{str(name): at for at, name in enumerate(names) if isinstance(name, str)}, **place}
    found: dict[int, float] = {}
    wrong = []
    for row, who, much in zip(raw.rows.tolist(), raw.cells[key], raw.cells[value]):
        at = place.get(str(who).strip())
        try:
            amount = float(str(much).replace(",", "").strip())
        except ValueError:
            amount = math.nan
        if at is None or not math.isfinite(amount) or amount < 0:
            wrong.append(row)
        else:
            found[at] = found.get(at, 0.0) + amount
    if not wrong:
        return found, []
    context.notice(Text(f"{raw.name}：{len(wrong)} 行未使用。", f"{raw.name}: {len(wrong)} rows are not used."), wrong)
    return found, [
        Text(
            f"容量表 {raw.name} 有 {len(wrong)} 行（行号 {'、'.join(map(str, wrong[:10]))}）节点不在网络中或容量不是数字，未使用。",
            f"{len(wrong)} rows of the table of capacities {raw.name} (rows {', '.join(map(str, wrong[:10]))}) name a node that is not in the "
            "network, or no number, and are not used.",
        )
    ]


def points_of(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> list[Any]:
    """Make points, None where a place is not known."""
    return [shapely.Point(x, y) if np.isfinite(x) and np.isfinite(y) else None for x, y in zip(lon, lat)]
