"""Read the trunk network of a run: cables and rooms of the phase that is meant, noded."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.network.issues import all_issues, issue_rows
from ...analysis.network.noding import Network, node_lines
from ...engine.context import RunContext
from ...layers import inputs
from ...rules.pack import Pack
from ...text import Text
from ..shared.packs import cite, read_pack
from .graphml import read_graphml
from .head import graph_head_words, head_words
from .parameters import PLANNED

_CABLES = ("cable_id", "name", "operator", "level", "fibre_type", "cores", "laying", "year", "status")
_ROOMS = ("node_id", "name", "operator", "node_class", "level", "status")
_TO_COME = ("under_construction", "planned")


class Trunk(NamedTuple):
    """The trunk network of a run.

    Attributes
    ----------
    network : Network
    lines : numpy.ndarray of LineString, MultiLineString or None
        The cables as drawn.
    cables : pandas.DataFrame
        One row a line, as its layer has it; of a graph file ``cable_id`` and ``name`` alone are known.
    rooms : pandas.DataFrame
        One row a room: the first nodes of the network.
    drawn : bool
        The cables are drawn; else they are straight lines between nodes, and lengths the least they can be.
    slack : float
        Length of fibre to length of route.
    pack : Pack
        ``trunk``, with the planner's changes.
    sentences, cautions : list of Text
        What was read, and what the reader must know.
    """

    network: Network
    lines: npt.NDArray[np.object_]
    cables: pd.DataFrame
    rooms: pd.DataFrame
    drawn: bool
    slack: float
    pack: Pack
    sentences: list[Text]
    cautions: list[Text]


def read_trunk(context: RunContext, phase: str | None = None) -> Trunk:
    """Read cables and rooms, or a graph file, and make the network of them.

    Parameters
    ----------
    phase : str, optional
        ``now`` or ``planned``; default what the planner stated.
    """
    phase = phase or context["phase"]
    pack = read_pack(context, "trunk")
    slack = float(pack.rule("trunk.slack").value)
    if context.parameters.get("graph"):
        path = context.read("graph", Path(context["graph"]))
        network, cables, rooms, unusable = read_graphml(path)
        cite(context, [pack.rule("trunk.slack")])
        lost = int(np.isnan(network.lon).sum())
        said = [graph_head_words(path.name)]
        cautions = [
            Text(
                "链路没有实际路由：长度为两端点间的大地线，是光缆长度的下限。",
                "Links have no route: a length is that of the geodesic between the ends, the least a cable can have.",
            )
        ]
        if lost:
            cautions.append(
                Text(
                    f"{lost} 个节点没有坐标：参与连通分析，其链路长度和地面位置无法判定。",
                    f"{lost} nodes have no coordinates: they count in the graph; the length of their links cannot be told.",
                )
            )
        if unusable:
            cautions.append(
                Text(
                    f"{unusable} 个节点的坐标为 (0, 0) 或超出范围，按没有坐标处理；坐标须为经纬度（度）。",
                    f"The coordinates of {unusable} nodes are (0, 0) or off the globe and count as none; they must be degrees.",
                )
            )
        tables = _filled(cables, _CABLES), _filled(rooms, _ROOMS)
        return Trunk(network, network.shapes, *tables, False, slack, pack, said, cautions)

    table = inputs.read_layer(context, "trunk_cables", list(_CABLES))
    chosen, said, cautions = _of_phase(context, table.columns, phase)
    cautions += _left_out(table.set_aside, Text("光缆", "cables"))
    lines, cables = table.geometry[chosen], table.columns[chosen].reset_index(drop=True)
    rooms, lon, lat, lost = _read_rooms(context, phase)
    cautions += _left_out(lost, Text("节点", "nodes"))
    if not len(rooms):
        cautions.append(
            Text(
                "没有干线节点：只按光缆端点成网，机房的出口无法判断。",
                "There are no trunk nodes: the network is made of the ends of cables alone.",
            )
        )
    snap, near = (_value(context, pack, name) for name in ("snap", "near"))
    near = max(near, snap)
    network = node_lines(lines, lon, lat, snap_m=snap, near_m=near, join_crossings=context["join_crossings"])
    unplaced = np.flatnonzero(np.isnan(lon))
    if len(unplaced):
        nowhere = issue_rows("room_without_place", lon[unplaced], lat[unplaced], room=unplaced)
        listed = network.issues
        twice = (listed["code"] == "room_off_network") & listed["room"].isin(unplaced)
        network = network._replace(issues=all_issues([listed[~twice], nowhere]))
    cite(context, [pack.rule("trunk.slack")])
    head = head_words(
        phase, context["until_year"], cables["operator"], snap, near, join_crossings=context["join_crossings"]
    )
    said.insert(0, head)
    return Trunk(network, lines, cables, rooms, True, slack, pack, said, cautions)


def _left_out(count: int, what: Text) -> list[Text]:
    """Tell of rows that could not be read: they are in no figure."""
    if not count:
        return []
    return [
        Text(
            f"{count} 行{what.zh}未能读取（编号重复、缺必填项等，原因见运行消息），不在网络中。",
            f"{count} rows of {what.en} could not be read (ids twice, required values missing; see the messages of the run) and "
            "are not in the network.",
        )
    ]


def _value(context: RunContext, pack: Pack, name: str) -> float:
    stated = context[f"{name}_m"]
    if stated is not None:
        return float(stated)
    rule = pack.rule(f"trunk.{name}")
    cite(context, [rule])
    return float(rule.value)


def _filled(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    return table.reindex(columns=list(columns)).astype(object)


def _of_phase(
    context: RunContext, cables: pd.DataFrame, phase: str
) -> tuple[npt.NDArray[np.bool_], list[Text], list[Text]]:
    """Choose the cables of the phase, and say how many of which kind."""
    status = cables["status"].to_numpy(object)
    existing, to_come = status == "existing", np.isin(status, _TO_COME)
    year = pd.to_numeric(cables["year"], errors="coerce").to_numpy(np.float64)
    cautions = []
    later = np.zeros(len(cables), dtype=bool)
    if phase == PLANNED:
        until = context["until_year"]
        later = to_come & (np.isnan(year) | (year <= until) if until is not None else True)
        undated = int((later & np.isnan(year)).sum()) if until is not None else 0
        if undated:
            cautions.append(
                Text(
                    f"{undated} 条在建、规划光缆未注明年份，已计入。",
                    f"{undated} cables being built or planned bear no year; they count.",
                )
            )
    chosen = existing | later
    out = int((~chosen).sum())
    said = Text(
        f"光缆 {len(cables):,} 条：计入现状 {int(existing.sum()):,} 条、在建和规划 {int(later.sum()):,} 条，未计入 {out:,} 条。",
        f"Cables: {len(cables):,}; {int(existing.sum()):,} in use and {int(later.sum()):,} being built or planned count, "
        f"{out:,} do not.",
    )
    return chosen, [said], cautions


def _read_rooms(
    context: RunContext, phase: str
) -> tuple[pd.DataFrame, npt.NDArray[np.float64], npt.NDArray[np.float64], int]:
    if not inputs.layer_present(context, "trunk_nodes"):
        return _filled(pd.DataFrame(dtype=object), _ROOMS), np.zeros(0), np.zeros(0), 0
    points = inputs.read_points(context, "trunk_nodes", list(_ROOMS))
    status = points.columns["status"]
    wanted = status.isna() | (status == "existing")
    if phase == PLANNED:
        wanted |= status.isin(_TO_COME)
    kept = wanted.to_numpy(bool)
    return points.columns[kept].reset_index(drop=True), points.lon[kept], points.lat[kept], points.set_aside
