"""The report page of the trunk topology."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...layers.html_report import Cell, Section, write_report
from ...text import Text, same
from ..shared.rules import plain, rule_section
from .read import Trunk
from .tables import Topology, parts_words
from .words import ISSUE_LABELS, ISSUE_REMEDIES, LABELS, LEVEL_LABELS

_SHOWN = 200


def write_topology_report(
    path: Path, trunk: Trunk, found: Topology, summary: Mapping[str, Any], rules: Sequence[dict[str, Any]]
) -> None:
    """Write the report: the network in figures, what hangs on single edges and nodes, what is to be checked."""
    sections = [
        Section(
            Text("结论", "Verdict"),
            [_verdict(summary), parts_words(found), *trunk.sentences],
            trunk.cautions,
            headings=[Text("项目", "Figure"), Text("数值", "Value")],
            rows=_figures(summary, found),
        ),
        _bridges(found.edges),
        _articulations(found.vertices),
        _kinds(found.issues),
        _issues(found.issues),
        rule_section(rules),
    ]
    write_report(path, Text("干线网络拓扑报告", "Trunk topology"), [part for part in sections if part is not None])


def _verdict(summary: Mapping[str, Any]) -> Text:
    return Text(
        f"{summary['nodes']:,} 个顶点、{summary['edges']:,} 段光缆；"
        f"唯一通路 {summary['bridges']:,} 段，单点隐患 {summary['articulation_points']:,} 处；"
        f"需核对的问题 {summary['issues_to_check']:,} 处。",
        f"{summary['nodes']:,} vertices and {summary['edges']:,} edges; "
        f"{summary['bridges']:,} bridges and {summary['articulation_points']:,} articulation points; "
        f"{summary['issues_to_check']:,} issues to check.",
    )


def _figures(summary: Mapping[str, Any], found: Topology) -> list[list[Cell]]:
    unknown = int((found.edges["length_kind"] == "unknown").sum())
    rows: list[list[Cell]] = [
        [Text("路由长度（km）", "Length of the routes (km)"), summary["length_km"]],
        [
            Text("光纤长度（km，含余长）", "Length of fibre (km, with slack)"),
            round(float(found.edges["fibre_km"].sum()), 3),
        ],
        [Text("没有光缆接入的节点", "Nodes that no cable reaches"), found.alone],
    ]
    if unknown:
        rows.append([Text("长度无法判定的链路", "Links whose length cannot be told"), unknown])
    return rows


def _bridges(edges: pd.DataFrame) -> Section:
    chosen = edges[edges["is_bridge"] == 1]
    keys = ("edge_id", "cable_name", "from_name", "to_name", "length_km")
    return Section(
        Text("唯一通路", "Bridges"),
        [
            Text(
                f"{len(chosen):,} 段：任一段中断即有节点失去联系。同一沟道内的多条光缆在此各计一条，物理上是否同路由须另作分析。",
                f"{len(chosen):,}: where one of them is cut, something is cut off. Cables in one trench count one by one here; whether they "
                "share a trench is another question.",
            )
        ],
        headings=[LABELS[key] for key in keys],
        rows=[[_end(row, key) for key in keys] for row in chosen.head(_SHOWN).to_dict("records")],
        notes=_more(len(chosen)),
    )


def _end(row: dict[str, Any], key: str) -> Cell:
    if key in ("from_name", "to_name"):
        return same(plain(row[key]) or row[key.replace("name", "vertex")])
    if key == "length_km":
        return plain(row[key])
    return same(plain(row[key]) or "—")


def _articulations(vertices: pd.DataFrame) -> Section:
    chosen = vertices[vertices["is_articulation"] == 1]
    return Section(
        Text("单点隐患", "Articulation points"),
        [
            Text(
                f"{len(chosen):,} 处：任一处失效即有其他节点失去联系。",
                f"{len(chosen):,}: where one of them fails, others are cut off.",
            )
        ],
        headings=[LABELS[key] for key in ("vertex_id", "name", "degree")],
        rows=[
            [row["vertex_id"], same(plain(row["name"]) or "—"), int(row["degree"])]
            for row in chosen.head(_SHOWN).to_dict("records")
        ],
        notes=_more(len(chosen)),
    )


def _more(count: int) -> list[Text]:
    if count <= _SHOWN:
        return []
    return [Text(f"此处列出前 {_SHOWN} 项，全部见图层。", f"The first {_SHOWN}; the layer has all.")]


def _kinds(issues: pd.DataFrame) -> Section:
    counts = issues.groupby(["issue", "issue_level"], sort=False).size()
    return Section(
        Text("问题统计", "Issues by kind"),
        headings=[LABELS["issue_level"], LABELS["issue"], Text("数量", "Count"), LABELS["remedy"]],
        rows=[
            [LEVEL_LABELS[str(level)], ISSUE_LABELS[str(code)], int(count), ISSUE_REMEDIES[str(code)]]
            for (code, level), count in counts.items()
        ],
    )


def _issues(issues: pd.DataFrame) -> Section | None:
    chosen = issues[issues["issue_level"] == "to_mend"]
    if not len(chosen):
        return None
    return Section(
        Text("需核对的问题", "To check"),
        headings=[LABELS[key] for key in ("issue", "cable_id", "cable_name", "other_cable_id", "name", "gap_m")],
        rows=[
            [
                ISSUE_LABELS[row["issue"]],
                *(same(plain(row[key]) or "—") for key in ("cable_id", "cable_name", "other_cable_id")),
                same(plain(row["name"]) or plain(row["node_id"]) or "—"),
                plain(row["gap_m"]),
            ]
            for row in chosen.head(_SHOWN).to_dict("records")
        ],
        notes=_more(len(chosen)),
    )
