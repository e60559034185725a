"""The report page of international gateways: regions, who is served, the border, the sea."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ....layers.codes import OPERATORS
from ....layers.html_report import Cell, Marked, Noted, Section, write_report
from ....text import Text, same
from ...shared.rules import plain, rule_section
from .border import Borders, Crossings
from .sea import Sea
from .words import (
    BAND_STATES,
    CONFLICT_STATES,
    CROSSING_STATES,
    EXIT_STATES,
    GATEWAY_STATES,
    LABELS,
    MARKS,
    REASON_LABELS,
    ROLE_LABELS,
    SEA_LABELS,
    USE_LABELS,
)

_SHOWN = 200
_OPERATORS = {code.value: code.label for code in OPERATORS}
_KINDS = {"node": Text("干线节点", "Trunk node"), "cluster": Text("数据中心", "Data centre")}
# What stands for a name that is not stated.
_IDS = {"gateway_name": "gateway_id", "with_name": "with_id"}
_NO_REGION = Text("区域不明", "Region unknown")
_CODES: dict[str, Mapping[str, Text]] = {
    "role": ROLE_LABELS,
    "kind": _KINDS,
    "sea_kind": SEA_LABELS,
    "use": USE_LABELS,
    "reason": REASON_LABELS,
}


def said(table: pd.DataFrame) -> pd.DataFrame:
    """Put the codes of a table for planners into Chinese words; the code of a region goes, its name stays."""
    made = table.copy()
    for column, labels in {**_CODES, "state": {**EXIT_STATES, **GATEWAY_STATES}}.items():
        if column in made:
            made[column] = [labels[code].zh if code in labels else code for code in made[column]]
    if "region_name" in made and "gateways" in made:
        made["region_name"] = made["region_name"].where(made["region_name"].notna(), _NO_REGION.zh)
    return made.drop(columns=["region"], errors="ignore")


def write_gateway_report(
    path: Path,
    gateways: pd.DataFrame,
    regions: pd.DataFrame,
    served: pd.DataFrame,
    crossings: Crossings | None,
    borders: Borders | None,
    sea: Sea | None,
    sentences: Sequence[Text],
    targets: int,
    cautions: Sequence[Text],
    rules: Sequence[dict[str, Any]],
) -> None:
    """Write the report."""
    names = {
        rule["id"].partition(".")[2]: Text(rule["zh"], rule["en"]) for rule in rules if rule["id"].startswith("region.")
    }
    gateways, regions = _named(gateways, names), _named(regions, names)
    sections = [
        Section(Text("结论", "Verdict"), [*_verdict(gateways, regions, borders, sea, rules), *sentences], cautions),
        _regions(regions),
        _listed(
            Text("出入口局和登陆站", "Gateways and landing stations"),
            gateways,
            (
                "name",
                "role",
                "region",
                "capacity_gbps",
                "served_nodes",
                "served_clusters",
                "served_people",
                "mean_km",
                "farthest_km",
                "state",
            ),
            GATEWAY_STATES,
            [
                Text(
                    "服务范围按光缆路由长度划分：每个节点归最近的出入口局；数据中心、行政村随其所挂节点。",
                    "The network is divided by length along cables: each node goes to the nearest gateway, data centres and villages with "
                    "the node that they hang on.",
                )
            ],
        ),
        _listed(
            Text("服务范围", "Who is served"), served, ("kind", "name", "gateway_name", "km", "state"), GATEWAY_STATES
        ),
        *_border(crossings, borders, targets),
        *_sea(sea),
        rule_section(rules),
    ]
    write_report(path, Text("国际出入口布局报告", "International gateways"), sections)


def _named(table: pd.DataFrame, names: Mapping[str, Text]) -> pd.DataFrame:
    """Put the words of regions in the place of their codes."""
    return table.assign(region=[names.get(code, _NO_REGION) for code in table["region"].tolist()])


def _verdict(
    gateways: pd.DataFrame,
    regions: pd.DataFrame,
    borders: Borders | None,
    sea: Sea | None,
    rules: Sequence[dict[str, Any]],
) -> list[Text]:
    roles = gateways["role"].value_counts()
    known = regions[[region is not _NO_REGION for region in regions["region"]]]
    none = [row for row in known.to_dict("records") if not row["gateways"]]
    zh = "、".join(f"{row['region'].zh} {row['gateways']} 个" for row in known.to_dict("records"))
    en = ", ".join(f"{row['region'].en} {row['gateways']}" for row in known.to_dict("records"))
    lost = sum(region is _NO_REGION for region in gateways["region"])
    made = [
        Text(
            f"国际出入口局 {roles.get('gateway', 0)} 个（{zh}），海缆登陆站 {roles.get('landing', 0)} 个；区域不明 {lost} 个。",
            f"International gateways: {roles.get('gateway', 0)} ({en}); landing stations: {roles.get('landing', 0)}; region unknown: {lost}.",
        )
    ]
    if none and roles.get("gateway", 0):
        made.append(
            Text(
                f"没有出入口局的区域：{'、'.join(row['region'].zh for row in none)}（以所给图层为限）。",
                f"Regions without a gateway, as far as the layer goes: {', '.join(row['region'].en for row in none)}.",
            )
        )
    value = {rule["id"]: rule["value"] for rule in rules}
    made.append(
        Text(
            f"背景：据公开报道，国家原有国际通信业务出入口局 {value['N31.existing']} 个，2024 年批准新增 {value['N31.added']} 个；区域均衡没有量化目标，本报告只列数字。",
            f"Background: {value['N31.existing']} international gateways are reported to stand and {value['N31.added']} more were licensed in "
            "2024. No document sets a target for the balance of regions: figures alone are given.",
        )
    )
    if borders is not None:
        states = borders.crossings["state"].value_counts()
        exits = borders.neighbours["state"].value_counts()
        made.append(
            Text(
                f"口岸 {len(borders.crossings)} 个：有光缆 {states.get('yes', 0)} 个，范围内无光缆 {states.get('no', 0)} 个，无法判定 {states.get('cannot_tell', 0)} 个；"
                f"邻国 {borders.neighbours['neighbour'].notna().sum()} 个：出境路由达到 {exits.get('met', 0)} 个，不足 {exits.get('short', 0)} 个。",
                f"Border crossings: {len(borders.crossings)}; {states.get('yes', 0)} have a cable, {states.get('no', 0)} none within reach, "
                f"{states.get('cannot_tell', 0)} cannot be told. Neighbours: {borders.neighbours['neighbour'].notna().sum()}; enough ways out to "
                f"{exits.get('met', 0)}, too few to {exits.get('short', 0)}.",
            )
        )
    if sea is not None and len(sea.bands):
        states = sea.conflicts["state"].value_counts()
        made.append(
            Text(
                f"海缆保护区冲突 {states.get('conflict', 0)} 处，取决于海域类型、无法判定 {states.get('cannot_tell', 0)} 处；登陆点过近的海缆 {len(sea.landings)} 对。",
                f"Conflicts in the bands of submarine cables: {states.get('conflict', 0)}; {states.get('cannot_tell', 0)} depend on the kind of "
                f"sea and cannot be told. Pairs that land too near each other: {len(sea.landings)}.",
            )
        )
    return made


def _regions(regions: pd.DataFrame) -> Section:
    keys = (
        *("region", "gateways", "gateway_share_percent", "landings", "capacity_gbps", "without_capacity"),
        *("capacity_share_percent", "population", "gbps_per_million", "served_nodes", "served_mw", "served_people"),
    )
    note = Text(
        "人口为行政区图层中该区域各省（没有省级的取下级）已填人口之和，图层不全时不是全区域人口。",
        "Population is the sum of what the administrative units of the region state (of the level below where a province is not there): it is "
        "that of the whole region only where the layer has all of it.",
    )
    return _listed(Text("区域分布", "By region"), regions, keys, {}, [note])


def _border(crossings: Crossings | None, borders: Borders | None, targets: int) -> list[Section]:
    heading = Text("口岸和出境路由", "Border crossings and ways out")
    if crossings is None or borders is None:
        words = Text(
            "没有口岸图层：出境光缆无法判定。",
            "There is no layer of border crossings: nothing can be told of the border.",
        )
        return [Section(heading, cautions=[words])]
    how = Text(
        "出境路由数：从目标节点到该邻国各口岸光缆的最大互不共用条数；光缆在口岸附近的端点视为出境点，境外部分不计。图层以外的光缆不在判定之内。"
        "按互不共用节点（含两端局站）且不同沟的路由数判定：全部经过同一局站，或不同的光缆同沟的，不算分开。同沟口径见规则表。",
        "Ways out: the most that lead from the targets to the cables at the crossings to a neighbour without sharing anything; the end of a "
        "cable near a crossing is where it leaves, and what lies abroad does not count. Cables that are not in the layer are not known. Judged "
        "by the ways that share no node, the rooms at both ends among them, and no trench: ways through one room, or different cables in one "
        "trench, are not apart. The table of rules says what a trench is.",
    )
    whence = Text(
        f"目标节点为国际出入口局和骨干节点，共 {targets} 个。",
        f"Targets are the {targets} international gateways and backbone nodes.",
    )
    if not targets:
        whence = Text(
            "网络中没有国际出入口局和骨干节点：出境路由数无法判定。",
            "The network has no international gateway and no backbone node: ways out cannot be told.",
        )
    keys = tuple(borders.neighbours.columns)
    return [
        _listed(heading, borders.neighbours, keys, EXIT_STATES, [how, whence, *crossings.sentences]),
        _listed(
            Text("口岸", "Border crossings"),
            borders.crossings.sort_values("cable_count", ascending=False, kind="stable"),
            ("name", "neighbour", "cable_count", "cables", "operator", "nearest_m", "state"),
            CROSSING_STATES,
        ),
    ]


def _sea(sea: Sea | None) -> list[Section]:
    heading = Text("海缆保护区", "Protection bands of submarine cables")
    if sea is None:
        words = Text(
            "网络图文件没有光缆路由，海缆保护区无法判定。",
            "A graph file has no routes: nothing can be told of bands at sea.",
        )
        return [Section(heading, cautions=[words])]
    if not len(sea.bands):
        return [Section(heading, [Text("没有敷设方式为海底的光缆。", "No cable is laid in the sea.")])]
    keys = ("name", "use", "with_name", "sea_kind", "width_m", "area_km2", "state")
    return [
        _listed(
            heading,
            sea.bands,
            ("name", "sea_kind", "width_m", "length_km", "area_km2", "state"),
            BAND_STATES,
            sea.sentences,
            sea.cautions,
        ),
        _listed(
            Text("保护区冲突", "Conflicts"),
            sea.conflicts,
            keys,
            CONFLICT_STATES,
            [
                Text(
                    "海域类型不明处：最窄的保护区已相交的为冲突；只有更宽的才相交的，取决于海域类型。面积按所列宽度计算。"
                    "与另一海缆：两缆各截去共同登陆点附近（见规则表）的一段，余下部分中一缆进入另一缆保护区的为冲突，面积为两缆余下部分保护区的公共部分。",
                    "Where the kind of sea is not known: what meets the narrowest band is a conflict; what only a wider one meets depends on the "
                    "kind of sea. Areas are those of the width that is listed. Between cables: of both what lies near a common landing (see the "
                    "rules) is cut off; of what is left, one that enters the band of the other is a conflict, and the area is what the bands of "
                    "what is left have in common.",
                )
            ],
            sea.untold,
        ),
        _listed(
            Text("登陆点过近", "Landings near each other"),
            sea.landings,
            ("cable_a", "landing_a", "cable_b", "landing_b", "apart_m"),
            {},
        ),
    ]


def _listed(
    heading: Text,
    table: pd.DataFrame,
    keys: Sequence[str],
    states: Mapping[str, Text],
    sentences: Sequence[Text] = (),
    cautions: Sequence[Text] = (),
) -> Section:
    if not len(table):
        return Section(heading, [*sentences, Text("没有。", "None.")], cautions)
    more = Text(f"此处列出前 {_SHOWN} 项，全部见图层和表。", f"The first {_SHOWN}; layers and tables have all.")
    return Section(
        heading,
        sentences,
        cautions,
        headings=[LABELS[key] for key in keys],
        rows=[[_cell(row, key, states) for key in keys] for row in table.head(_SHOWN).to_dict("records")],
        notes=[more] if len(table) > _SHOWN else (),
    )


def _cell(row: Mapping[str, Any], key: str, states: Mapping[str, Text]) -> Cell:
    if isinstance(row[key], Text):
        return Noted(row[key], whole=True)
    value = plain(row[key])
    if value is None and key in _IDS:
        value = plain(row.get(_IDS[key]))
    if value is None and key == "name":
        value = next((plain(row[one]) for one in ("node_id", "served_id", "cable_id") if one in row), None)
    if key == "state":
        return Marked(states[value], *MARKS[value])
    if value is None:
        return None
    if key in _CODES:
        return Noted(_CODES[key][value], whole=True)
    if key == "operator":
        labels = [_OPERATORS.get(code, same(code)) for code in str(value).split(";")]
        return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))
    if key in ("name", "gateway_name"):
        return Noted(same(str(value)), whole=True)
    return same(value) if isinstance(value, str) else value
