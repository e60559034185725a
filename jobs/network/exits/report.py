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
from .words import ADVICE_LABELS, LABELS, STATE_LABELS, STATE_MARKS

_CLASS = {code.value: code.label for code in CLASSES}
_NUMBERS = ("cables", "exits_edge", "exits_node", "exits_inner", "exits_outer", "exits_physical", "exits_planned")


def write_exits_report(
    path: Path,
    trunk: Trunk,
    tables: ExitTables,
    operators: pd.DataFrame,
    limits: Limits,
    cautions: Sequence[Text],
    rules: Sequence[dict[str, Any]],
) -> None:
    """Write the report: nodes with their exits, what would help, the exits of each operator."""
    nodes = tables.nodes
    met, short, untold = (int((nodes["state"] == state).sum()) for state in STATE_LABELS)
    said = Text(
        f"{len(nodes)} 个节点应有 {limits.directions} 个物理分开的出口：达到 {met} 个，不足 {short} 个，无法判定 {untold} 个。",
        f"{len(nodes)} nodes should leave in {limits.directions} directions: {met} do, {short} fall short, {untold} cannot be told.",
    )
    inner, outer = limits.radii_m
    how = Text(
        f"出口通向上一级节点（骨干节点之间互为目标），目标节点须在 {outer:,.0f} m 以外。距节点 {inner:,.0f} m 和 {outer:,.0f} m 处相距不足 "
        f"{limits.apart_m:,.0f} m 的光缆计为一个出口；更远处是否同沟须另作分析。",
        f"Exits lead to nodes of a higher class (backbone nodes to each other) beyond {outer:,.0f} m. Cables less than "
        f"{limits.apart_m:,.0f} m apart at {inner:,.0f} m or {outer:,.0f} m from the node are one exit; whether they share a trench "
        "farther out is another question.",
    )
    sections = [
        Section(Text("结论", "Verdict"), [said, how, *trunk.sentences], [*trunk.cautions, *cautions]),
        Section(
            Text("各节点", "Nodes"),
            headings=[
                LABELS[key] for key in ("name", "node_class", *_NUMBERS, "state", "azimuths", "held_by", "advice")
            ],
            rows=[_node_row(row) for row in nodes.to_dict("records")],
        ),
    ]
    if len(tables.links):
        keys = ("name", "to_name", "length_km", "exits_after", "cost")
        sections.append(
            Section(
                Text("建议的新方向", "New directions"),
                [
                    Text(
                        "沿道路的最短新光缆，避开现有出口；每个节点列一条。未列出的节点，道路不通向其他方向，或没有道路数据。",
                        "The shortest new cable along roads that keeps clear of the exits there are, one a node. For a node that is not "
                        "listed no road leads another way, or there are no roads in the data.",
                    )
                ],
                headings=[LABELS[key] for key in keys],
                rows=[
                    [_name(row), same(plain(row["to_name"]) or row["to_node"]), *(plain(row[key]) for key in keys[2:])]
                    for row in tables.links.to_dict("records")
                ],
            )
        )
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
