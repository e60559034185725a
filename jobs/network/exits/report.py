"""The report page of access directions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ....layers.html_report import Cell, Marked, Section, write_report
from ....layers.specs.trunk_nodes import CLASSES
from ....text import Text, same
from ...shared.rules import plain, rule_section
from ..read import Trunk
from .judging import Limits
from .tables import ExitTables
from .words import ADVICE_LABELS, FOUND_LABELS, LABELS, STATE_LABELS, STATE_MARKS

_CLASS = {code.value: code.label for code in CLASSES}
_NUMBERS = (
    *("cables", "targets", "exits_edge", "exits_node", "exits_inner", "exits_outer", "exits_physical"),
    *("sectors", "exits_planned"),
)


_PASSED = ("off_roads_km", "planned_km", "planned_cables", "red_line_km", "farmland_km", "control_km")


def write_exits_report(
    path: Path,
    trunk: Trunk,
    tables: ExitTables,
    operators: pd.DataFrame,
    limits: Limits,
    cautions: Sequence[Text],
    rules: Sequence[dict[str, Any]],
    ground: Sequence[Text],
) -> None:
    """Write the report: nodes with their exits, what would help, the exits of each operator.

    Parameters
    ----------
    ground : sequence of Text
        What the surface of costs rests on; empty where new cables were looked for along roads alone.
    """
    nodes = tables.nodes
    met, short, untold = (int((nodes["state"] == state).sum()) for state in STATE_LABELS)
    said = Text(
        f"{len(nodes)} 个节点应有 {limits.directions} 个物理分开的出口：达到 {met} 个，不足 {short} 个，无法判定 {untold} 个。",
        f"{len(nodes)} nodes should leave in {limits.directions} directions: {met} do, {short} fall short, {untold} cannot be told.",
    )
    said_of = _counting(limits)
    few = nodes[(nodes["state"] == "met") & (nodes["exits_node"] < limits.directions)]
    if len(few):
        cautions = [*cautions, _few_targets(len(few), limits)]
    sections = [
        Section(Text("结论", "Verdict"), [said, *said_of, *trunk.sentences], [*trunk.cautions, *cautions]),
        Section(
            Text("各节点", "Nodes"),
            headings=[
                LABELS[key] for key in ("name", "node_class", *_NUMBERS, "state", "azimuths", "held_by", "advice")
            ],
            rows=[_node_row(row) for row in nodes.to_dict("records")],
        ),
    ]
    if len(tables.links) or ground:
        sections.append(_new_directions(tables.links, ground))
    if len(operators):
        counts = ("cables", "exits_edge", "exits_node", "exits_physical")
        sections.append(
            Section(
                Text("按权属单位", "By operator"),
                headings=[LABELS[key] for key in ("name", "operator", *counts)],
                rows=[
                    [_name(row), row["operator_words"], *(plain(row[key]) for key in counts)]
                    for row in operators.to_dict("records")
                ],
            )
        )
    write_report(path, Text("干线节点出局方向报告", "Access directions"), [*sections, rule_section(rules)])


def _new_directions(links: pd.DataFrame, ground: Sequence[Text]) -> Section:
    """Give the new cables: how each was found, its length, and its cost where a unit cost was stated."""
    how = [
        Text(
            "沿道路：按道路里程最短，节点到道路的一段为直线，不在道路上的长度另列；越野：在代价格网上代价点最少，节点出局的一段为直线。均避开现有出口，每种方式每个节点至多列一条；与现有光缆同走廊的长度另列，该长度越长，越难算作新方向。",
            "Along roads: the shortest by road, straight from the node to the road; what lies off the roads is told. Over the ground: the fewest cost points on a cost surface, straight out of the node. Both keep "
            "clear of the exits there are, at most one of each kind a node. What lies in corridors of cables is told: the more of it, the less "
            "it is a new direction.",
        )
    ]
    if ground:
        how += ground
    else:
        how.append(
            Text(
                "只沿道路推求；未列出的节点，道路不通向其他方向，或没有道路数据。填写高程数据后，可在代价格网上推求越野路由。",
                "Along roads alone: for a node that is not listed no road leads another way, or there are no roads in the data. With "
                "elevation data, routes over the ground are looked for as well.",
            )
        )
    stated = [key for key in ("cost", "cost_points") if len(links) and links[key].notna().any()]
    told = [key for key in _PASSED if len(links) and links[key].notna().any()]
    keys = ("length_km", "beside_km", *told, "exits_after", *stated)
    return Section(
        Text("建议的新方向", "New directions"),
        how,
        headings=[LABELS[key] for key in ("name", "to_name", "found", *keys)],
        rows=[
            [
                _name(row),
                same(plain(row["to_name"]) or row["to_node"]),
                FOUND_LABELS[row["found"]],
                *(plain(row[key]) for key in keys),
            ]
            for row in links.to_dict("records")
        ],
    )


def _counting(limits: Limits) -> list[Text]:
    """Say where exits lead to, and what tells one from another."""
    inner, outer = limits.radii_m
    return [
        Text(
            f"目标节点：国际出入口局和骨干节点以其他国际出入口局、骨干节点为目标，登陆站和汇聚节点以国际出入口局、骨干节点为目标，接入节点以汇聚及以上的节点为目标，"
            f"未注明类别的节点以其他所有节点为目标；目标须在 {outer:,.0f} m 以外，各节点的目标数见表。",
            "Targets: gateways and backbone nodes lead to other gateways and backbone nodes, landing stations and aggregation nodes to gateways "
            "and backbone nodes, access nodes to aggregation nodes and higher ones, nodes without a class to every other node; a target lies "
            f"beyond {outer:,.0f} m, and the table says how many each node has.",
        ),
        Text(
            "不共光缆的出口、物理分开的出口可以通向同一目标；不共节点的出口除本节点外不经过、也不止于同一节点，即各自通向不同的目标。结论按物理分开的出口判断。",
            "Cable-disjoint exits and physically separate ones may end at one target; node-disjoint exits share no node but the one they "
            "leave, so each ends at another target. The verdict is by the physically separate ones.",
        ),
        Text(
            f"距节点 {inner:,.0f} m 至 {outer:,.0f} m 之间任何一处相距不足 {limits.apart_m:,.0f} m 的光缆（含交叉）计为一个物理出口，经过其间同一节点的也只计一个；更远处是否同沟须另作分析。"
            "近圈、远圈两列只看该圈上的间距。",
            f"Cables that come less than {limits.apart_m:,.0f} m near to each other anywhere between {inner:,.0f} m and {outer:,.0f} m from the "
            "node (where they cross, too) are one physical exit, and so are ways through one node there; whether they share a trench farther out "
            "is another question. The columns of the two circles look at these alone.",
        ),
        _by_sector(limits),
    ]


def _by_sector(limits: Limits) -> Text:
    """Say what the sectors are, and whether they decide."""
    asked = limits.sectors
    zh = f"方位扇区按远圈处方位角相差不小于 {limits.sector_deg:g}° 计，"
    en = f"Sectors are of azimuths {limits.sector_deg:g}° or more from each other on the outer circle; "
    if not asked:
        return Text(
            zh + "只列数，不参与判定：结论按间距判断。",
            en + "they are told and do not decide: the verdict is by distance.",
        )
    return Text(
        zh + f"规则包要求不少于 {asked} 个，不足的判为不足。",
        en + f"the rule pack asks for {asked}, and with fewer a node falls short.",
    )


def _few_targets(count: int, limits: Limits) -> Text:
    return Text(
        f"{count} 个达到的节点，其不共节点的出口不足 {limits.directions} 个：物理上分开的出口有的通向同一节点，或途经同一节点，该节点失效时同时中断。",
        f"{count} nodes that are met have fewer than {limits.directions} node-disjoint exits: some of their separate exits end at or pass one "
        "node, and go with it.",
    )


def _name(row: dict[str, Any]) -> Text:
    return same(plain(row["name"]) or row["node_id"])


def _node_row(row: dict[str, Any]) -> list[Cell]:
    state = row["state"]
    kind = plain(row["node_class"])
    return [
        _name(row),
        _CLASS.get(kind, same(kind or "—")),
        *(plain(row[key]) for key in _NUMBERS),
        Marked(STATE_LABELS[state], *STATE_MARKS[state]),
        plain(row["azimuths"]),
        plain(row["held_by"]),
        ADVICE_LABELS.get(plain(row["advice"])),
    ]
