"""Layers, table and report page of single failures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from ....analysis.network.conduits import Conduit
from ....analysis.network.noding import Network
from ....layers.html_report import Cell, Marked, Section, write_report
from ....text import Text, same
from ...shared.rules import plain, rule_section
from ..read import Trunk
from ..tables import parts_words
from .load import PEOPLE, ROOMS, VILLAGES
from .losses import Gone, Net
from .words import CUTS, CUTS_LINK, HARMLESS, KIND_LABELS, KIND_MARKS, LABELS, LEAVES_ONE, OFF, WHAT_LABELS

_SHOWN = 100


class Hit(NamedTuple):
    """A hazard area with the edges and nodes in it."""

    what_id: str
    name: str
    edges: list[int]
    nodes: list[int]

    @property
    def gone(self) -> Gone:
        """The failure of all of them."""
        return Gone(self.what_id, self.name, self.edges, self.nodes)


class FailureTables(NamedTuple):
    """What was found; each table ranked, with ``source``, the row that it is about."""

    edges: pd.DataFrame
    nodes: pd.DataFrame
    conduits: pd.DataFrame
    hazards: pd.DataFrame | None
    pairs: pd.DataFrame
    found: list[Conduit]
    hits: list[Hit]
    named: list[Gone]

    def layers(self, trunk: Trunk) -> list[tuple[str, pd.DataFrame, Any, str]]:
        """Give the layers: name, rows, shapes, type of geometry."""
        network = trunk.network
        edge, node = self.edges["source"].to_numpy(), self.nodes["source"].to_numpy()
        lines = "MultiLineString"
        made: list[tuple[str, pd.DataFrame, Any, str]] = [
            ("failure_edge", _fields(self.edges), network.shapes[edge], lines),
            ("failure_node", _fields(self.nodes), (network.lon[node], network.lat[node]), "Point"),
        ]
        if len(self.conduits):
            found = [self.found[at] for at in self.conduits["source"]]
            table = _fields(self.conduits).assign(
                cables=[len(set(network.row[list(one.edges)].tolist())) for one in found],
                length_km=[round(one.length_m / 1000, 6) for one in found],
            )
            made.append(("failure_conduit", table, [one.shape for one in found], lines))
        if self.hazards is not None and len(self.hazards):
            shapes = [_drawn(network.shapes[self.hits[at].edges]) for at in self.hazards["source"]]
            made.append(("failure_hazard", _fields(self.hazards), shapes, lines))
        if len(self.pairs):
            gone = [self.named[at] for at in self.pairs["source"]]
            shapes = [_drawn(network.shapes[_taken(network, one)]) for one in gone]
            made.append(("failure_pair", _fields(self.pairs), shapes, lines))
        return made


def _taken(network: Network, gone: Gone) -> list[int]:
    """Give the edges that go with a failure, those at its nodes among them."""
    at_node = np.isin(network.start, gone.nodes) | np.isin(network.end, gone.nodes)
    return sorted({*gone.edges, *np.flatnonzero(at_node).tolist()})


def _drawn(shapes: Any) -> Any:
    """Give the sections of a failure as one shape; None where there is none."""
    lines = [shape for shape in shapes if shape is not None]
    return shapely.MultiLineString(lines) if lines else None


def _fields(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns="source")


def all_failures(tables: FailureTables) -> pd.DataFrame:
    """Give every failure that has an effect, in the words of the table."""
    rows = []
    for what, table in _each(tables):
        some = table[~table["kind"].isin((HARMLESS, OFF))]
        rows.append(_fields(some).assign(kind=[KIND_LABELS[kind].zh for kind in some["kind"]]))
        rows[-1].insert(0, "what", WHAT_LABELS[what].zh)
    return pd.concat(rows, ignore_index=True)


def _each(tables: FailureTables) -> list[tuple[str, pd.DataFrame]]:
    made = [("edge", tables.edges), ("node", tables.nodes), ("conduit", tables.conduits)]
    if tables.hazards is not None:
        made.append(("hazard", tables.hazards))
    return [*made, ("pair", tables.pairs)]


def write_failures_report(
    path: Path, net: Net, tables: FailureTables, targets: Text, rules: Sequence[dict[str, Any]]
) -> None:
    """Write the report: what was off before, then every kind of failure by its rank."""
    trunk, load = net.trunk, net.load
    sentences = [_verdict(tables), targets, _meaning(net), *trunk.sentences, *load.sentences]
    cautions = [*trunk.cautions, *load.cautions, *([] if trunk.drawn else [_NO_ROUTES])]
    sections = [Section(Text("结论", "Verdict"), sentences, cautions), _off(net)]
    parallel = tables.conduits[tables.conduits["links_cut"].notna()]
    if len(parallel):
        keys = ("name", "links_cut", "kind", "people_cut", "people_single")
        sections.append(
            Section(
                Text("主备同断的同沟路段", "Conduits that cut main and standby at once"),
                [
                    Text(
                        "同一对机房之间的光缆全部在这一沟中，一处开挖即同时中断；在图上它们各计一条，不算单点。",
                        "All cables between two rooms lie in this trench, and one dig cuts them at once; in the graph they count one by one "
                        "and are no single point.",
                    )
                ],
                headings=[LABELS[key] for key in keys],
                rows=[_row(row, keys) for row in parallel.head(_SHOWN).to_dict("records")],
                notes=_more(len(parallel)),
            )
        )
    for what, table in _each(tables):
        section = _kinds(what, table)
        if section is not None:
            sections.append(section)
    write_report(path, Text("干线单点失效报告", "Single failures"), [*sections, rule_section(rules)])


_NO_ROUTES = Text(
    "链路没有实际路由，同沟路段无法判定。", "Links have no route: nothing can be told of conduits that they share."
)
_MANY = {"edge": "Cable sections", "node": "Nodes and joints", "conduit": "Conduits", "hazard": "Hazard areas"}


def _verdict(tables: FailureTables) -> Text:
    zh, en = [], []
    for what, table in _each(tables):
        if what != "pair" and len(table):
            cut, single = ((table["kind"] == kind).sum() for kind in (CUTS, LEAVES_ONE))
            links = int((table["kind"] == CUTS_LINK).sum())
            more = (f"、主备同断的 {links:,} 处", f", {links:,} cut main and standby at once") if links else ("", "")
            label = WHAT_LABELS[what]
            zh.append(
                f"{label.zh} {len(table):,} 处：有中断的 {cut:,} 处{more[0]}、仅使其他节点剩一条通路的 {single:,} 处"
            )
            en.append(
                f"{_MANY[what]}: {len(table):,}, of which {cut:,} cut something off{more[1]}, {single:,} only leave something on one path"
            )
    return Text("；".join(zh) + "。", "; ".join(en) + ".")


def _meaning(net: Net) -> Text:
    if net.hung is None:
        return Text(
            "节点失效时，其上所挂行政村一并计入中断。",
            "Where a node fails, the villages that hang on it are cut off with it.",
        )
    return Text(
        "只计由该失效新增的影响。剩一条通路：失效后再断任一段光缆即可能中断；同沟的光缆在此各计一条。节点失效时，其上所挂行政村、数据中心一并计入，"
        "节点本身不计入中断节点数。",
        "Only what the failure adds counts. On one path: some single section more would cut it off; cables in one trench count one by one "
        "here. Where a node fails, the villages and data centres that hang on it count, the node itself does not.",
    )


_OFF_HEADINGS = (LABELS["what_id"], Text("节点", "Node"), Text("行政村", "Villages"), Text("人口", "People"))


def _off(net: Net) -> Section:
    rooms = np.flatnonzero(net.off & (net.load.carried[:, ROOMS] > 0))
    values, names = net.load.carried, net.topology.vertices["name"]
    numbers = net.topology.vertices["vertex_id"]
    words = Text(
        f"失效前已与目标节点不通的节点 {len(rooms):,} 个，其影响不再计入各项失效。",
        f"Nodes that reach no target even before a failure: {len(rooms):,}. No failure counts them.",
    )
    return Section(
        Text("原已不通", "Off the network before"),
        [parts_words(net.topology), words],
        headings=_OFF_HEADINGS if len(rooms) else (),
        rows=[
            [
                numbers[at],
                same(names[at] or "—"),
                *(int(values[at, key]) if net.load.with_villages else None for key in (VILLAGES, PEOPLE)),
            ]
            for at in rooms[:_SHOWN].tolist()
        ],
        notes=_more(len(rooms)),
    )


_KEYS = ("rank", "name", "kind", "people_cut", "villages_cut", "mw_cut", "nodes_cut", "counties_cut")


_CONDUIT = Text(
    "一处同沟路段中的光缆，任意两条之间都不超过同沟间距；与中间一条同沟、彼此却较远的两条，分列两处。",
    "Every two cables of a conduit lie within the width of a trench; two that share one with a third between them, but are farther "
    "apart themselves, are in two conduits.",
)
_SPLIT = Text(
    "与骨干主体分开：仍通到某个目标节点，但骨干已分成几片，此处计目标节点较多的一片以外的部分。",
    "Split from the backbone: a target is still reached, but the backbone lies in pieces; what is outside the piece with the most targets.",
)


def _kinds(what: str, table: pd.DataFrame) -> Section | None:
    if not len(table):
        return None
    some = table if what == "pair" else table[~table["kind"].isin((HARMLESS, OFF))]
    unknown = int(some["people_unknown"].sum())
    notes = _more(len(some))
    if unknown:
        notes.append(
            Text(
                "中断人口不含人口不明的村，其村数见表和图层。",
                "People cut off are without villages of unknown population; table and layer count these.",
            )
        )
    keys: tuple[str, ...] = (*_KEYS, "people_single", "nodes_single")
    if (some["nodes_split"] > 0).any():
        keys += ("people_split", "nodes_split")
        notes.append(_SPLIT)
    said = [_CONDUIT] if what == "conduit" else []
    return Section(
        WHAT_LABELS[what],
        [
            *said,
            Text(
                f"共 {len(table):,} 处，有影响的 {len(some):,} 处，按人口、再按数据中心功率排序。",
                f"{len(table):,} in all, {len(some):,} have an effect; ranked by people, then by data-centre power.",
            ),
        ],
        headings=[LABELS[key] for key in keys] if len(some) else (),
        rows=[_row(row, keys) for row in some.head(_SHOWN).to_dict("records")],
        notes=notes,
    )


def _row(row: dict[str, Any], keys: Sequence[str]) -> list[Cell]:
    made: list[Cell] = []
    for key in keys:
        value = plain(row[key])
        if key == "kind":
            made.append(Marked(KIND_LABELS[value], *KIND_MARKS[value]))
        elif key == "name":
            made.append(same(str(value or row["what_id"])))
        else:
            made.append(value)
    return made


def _more(count: int) -> list[Text]:
    if count <= _SHOWN:
        return []
    return [Text(f"此处列出前 {_SHOWN} 项，全部见图层和表。", f"The first {_SHOWN}; layer and table have all.")]
