"""The report page of links between clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ....layers.html_report import Cell, Marked, Noted, Section, write_report
from ....text import NOTHING, Text, same
from ...shared.rules import plain, rule_section
from .circle import Circles
from .links import Links
from .mesh import Mesh
from .rules import Circle
from .tables import site_table
from .times import Limits, Times
from .words import (
    BASIS_LABELS,
    DIRECT_LABELS,
    INSIDE_LABELS,
    LABELS,
    MS_LABELS,
    READING_LABELS,
    RING_LABELS,
    STATE_LABELS,
    STATE_MARKS,
)

_SHOWN = 200
_MATRIX = 16  # sites up to which the page shows the matrix


def write_latency_report(
    path: Path,
    times: Times,
    links: Links,
    missing: pd.DataFrame,
    mesh: Mesh,
    circles: Circles | None,
    circle: Circle,
    summary: Mapping[str, Any],
    said: Sequence[Text],
    cautions: Sequence[Text],
    rules: Sequence[dict[str, Any]],
) -> None:
    """Write the report: verdicts, how clusters join, the matrix, the links, what is missing, mesh and circle."""
    trunk = times.trunk
    sections = [
        Section(
            Text("结论", "Verdict"),
            [_verdict(summary), *said],
            [*trunk.cautions, *cautions],
            headings=[Text("结论", "State"), Text("集群对", "Pairs")],
            rows=[[Marked(STATE_LABELS[name], *STATE_MARKS[name]), summary[name]] for name in STATE_LABELS],
            notes=_definitions(times),
        ),
        _sites(times),
        _matrix(times, links),
        _links(links.table, times),
        _missing(missing),
        _mesh(mesh),
        _circle(circles, circle),
        rule_section(rules),
    ]
    write_report(path, Text("集群直连与时延报告", "Cluster links"), [part for part in sections if part is not None])


def _verdict(summary: Mapping[str, Any]) -> Text:
    return Text(
        f"{summary['sites']} 个集群（含枢纽机房）两两之间 {summary['links']} 对：缺直达链路 {summary['missing_direct']} 对；"
        f"未接入网络的集群 {summary['off_network']} 个。",
        f"{summary['sites']} clusters (and hub nodes), {summary['links']} pairs: {summary['missing_direct']} lack a direct link; "
        f"{summary['off_network']} clusters are off the network.",
    )


def _definitions(times: Times) -> list[Text]:
    limits = times.limits
    rooms = (
        Text("其他骨干节点、国际出入口局", "another backbone room or gateway")
        if times.trunk.drawn
        else Text("其他节点（均视为骨干节点）", "another node (each counts as a backbone room)")
    )
    return [
        Text(
            f"时延＝光纤长度 × {limits.ms_per_km * 1000:g} µs/km ＋ 跳数 × {limits.hop_ms * 1000:g} µs。光纤长度＝路由长度 × {times.trunk.slack:g}。"
            "一跳指光信号经过一个机房的设备，集群接入的机房计入。",
            f"Latency is length of fibre × {limits.ms_per_km * 1000:g} µs/km + hops × {limits.hop_ms * 1000:g} µs; length of fibre is that of the "
            f"route × {times.trunk.slack:g}. A hop is the equipment of one room that the signal passes, those where clusters join among them.",
        ),
        Text(
            "直达：途中不经过{rooms}或其他集群的接入机房。",
            "Direct: the route passes neither {rooms} nor the room of another cluster.",
        ).filled(rooms=rooms),
        Text(
            f"理论时延有两种口径：两端间大地线；沿道路和光缆的最短可行路由（只在机房换乘）。两者都只计光纤，不计余长和跳数；时延不超过其 {limits.ratio:g} 倍为达到。",
            "Theoretical latency is read in two ways: along the geodesic between the two ends, and along the best possible route by roads and "
            f"cables (changing over in rooms). Both count fibre alone, without slack and hops; up to {limits.ratio:g} times as much is met.",
        ),
        _access_words(times),
    ]


def _access_words(times: Times) -> Text:
    if not times.trunk.drawn:
        return Text(
            "时延按最近的节点接入、接入段和链路取直线计算，是估计值。时延下限取接入范围内所有有坐标的节点中最小的，不计余长：下限超出的可以判定超出，达到不能判定。",
            "Latency is an estimate: by the nearest nodes, with straight accesses and links. The least is that by any nodes within reach that "
            "have coordinates, without slack: that it passes a limit can be told, that a limit is kept cannot.",
        )
    detour = times.limits.detour
    return Text(
        f"集群由最近的机房接入，接入段长度按直线的 {detour:g} 倍计；判断“超出”时按直线计。",
        f"A cluster joins through the nearest room; the access cable is {detour:g} times the straight line, and for the verdict “over” the "
        "straight line itself.",
    )


def _sites(times: Times) -> Section:
    table = site_table(times.trunk, times.sites)
    keys = ("site", "place", "room", "room_km", "joined")
    return Section(
        Text("接入网络", "How clusters join the network"),
        [
            Text(
                "未接入的，给出到最近机房的距离。",
                "For one that does not join, the distance to the nearest room is told.",
            )
        ],
        headings=[LABELS[key] for key in keys],
        rows=[
            [
                row["site"],
                row["place"],
                plain(row["room"]),
                plain(row["room_km"]),
                Text("接入", "Joined") if row["joined"] else Text("未接入，无法判定", "Off the network, cannot tell"),
            ]
            for row in table.head(_SHOWN).to_dict("records")
        ],
        notes=_more(len(table)),
    )


def _matrix(times: Times, links: Links) -> Section:
    names = times.sites.names
    heading = Text("时延矩阵（单向，ms）", "Latency matrix (one-way, ms)")
    if len(names) > _MATRIX:
        return Section(heading, [Text("矩阵见 matrix.csv。", "The matrix is in matrix.csv.")])
    at_least = (
        []
        if times.trunk.drawn
        else [
            Text(
                "经最近节点、按直线估计；下限见链路表。",
                "Estimates by the nearest nodes and straight lines; the least is in the table of links.",
            )
        ]
    )
    return Section(
        heading,
        at_least,
        headings=[Text("集群", "Cluster"), *map(same, names)],
        rows=[
            [name, *(None if np.isnan(value) else f"{value:.2f}" for value in row)]
            for name, row in zip(names, links.ms.tolist())
        ],
    )


def _links(table: pd.DataFrame, times: Times) -> Section:
    limits = times.limits
    ring_words = _ring_words(limits)
    basis = table["best_basis"].iloc[0] if len(table) else None
    keys = ("from_site", "to_site", "ms", "km", "hops", "direct", "stretch_geodesic", "stretch_best", "ring")
    return Section(
        Text("集群间路由", "Links"),
        [
            Text("最短可行路由的依据：{basis}。", "The best possible route is along: {basis}.").filled(
                basis=BASIS_LABELS[basis]
            )
        ]
        if basis
        else [],
        headings=[LABELS[key] for key in keys],
        rows=[_link_row(row, ring_words) for row in table.head(_SHOWN).to_dict("records")],
        notes=_more(len(table)),
    )


def _ring_words(limits: Limits) -> dict[str, Text]:
    asked = {
        name: Text("{ring}（≤ {most} ms）", "{ring} (≤ {most} ms)").filled(ring=RING_LABELS[name], most=f"{most:g}")
        for name, most in limits.rings.items()
    }
    return {**RING_LABELS, **asked}


def _link_row(row: dict[str, Any], ring_words: dict[str, Text]) -> list[Cell]:
    direct = plain(row["direct"])
    kind = row["ms_kind"]
    ms: Cell = MS_LABELS[kind]
    if plain(row["ms"]) is not None:
        ms = Noted(same(f"{row['ms']:.3f}"), NOTHING if kind == "route" else MS_LABELS[kind])
    return [
        row["from_site"],
        row["to_site"],
        ms,
        plain(row["km"]),
        plain(row["hops"]),
        DIRECT_LABELS[None if direct is None else int(direct)],
        _reading(row, "geodesic"),
        _reading(row, "best"),
        _ring(row, ring_words),
    ]


def _ring(row: dict[str, Any], ring_words: dict[str, Text]) -> Cell:
    """Give the ring that a link is in, and whether it keeps the one that it should be in."""
    asked = plain(row["ring_asked"])
    note = NOTHING
    if asked is not None:
        note = Text("应在{ring}：{state}", "Should be in: {ring}, {state}").filled(
            ring=ring_words[asked], state=READING_LABELS[row["ring_state"]]
        )
    return Noted(ring_words[row["ring"]], note)


def _reading(row: dict[str, Any], reading: str) -> Cell:
    state, ratio, theory = row[f"state_{reading}"], plain(row[f"stretch_{reading}"]), plain(row[f"{reading}_ms"])
    note = NOTHING
    if ratio is not None:
        note = Text(f"{ratio:.2f} 倍，理论 {theory:.3f} ms", f"{ratio:.2f} × {theory:.3f} ms")
    return Marked(READING_LABELS[state], *STATE_MARKS[state], note)


def _missing(missing: pd.DataFrame) -> Section | None:
    if not len(missing):
        return None
    keys = ("from_site", "to_site", "geodesic_km", "best_km", "hops", "via")
    return Section(
        Text("缺直达链路", "Missing direct links"),
        [
            Text(
                f"{len(missing)} 对，图上以直线示意，不是路由。",
                f"{len(missing)} pairs; the map shows straight lines, no routes.",
            )
        ],
        headings=[LABELS[key] for key in keys],
        rows=[[plain(row[key]) for key in keys] for row in missing.head(_SHOWN).to_dict("records")],
        notes=_more(len(missing)),
    )


def _mesh(mesh: Mesh) -> Section | None:
    if mesh.ratio is None:
        return None
    pairs = mesh.rooms * (mesh.rooms - 1) // 2
    said = Text(
        f"骨干节点和国际出入口局 {mesh.rooms} 个，两两 {pairs:,} 对中直达 {mesh.links:,} 对，缺 {pairs - mesh.links:,} 对，网状率 {mesh.ratio:.1%}。",
        f"{mesh.rooms} backbone rooms and gateways; of {pairs:,} pairs {mesh.links:,} are direct and {pairs - mesh.links:,} miss a link: "
        f"{mesh.ratio:.1%} of a full mesh.",
    )
    heading = Text("骨干节点网状网", "Mesh of backbone rooms")
    gaps = mesh.gaps
    if gaps is None:
        return Section(
            heading, [said, Text("节点过多，缺口未逐对列出。", "The rooms are too many for a list of pairs.")]
        )
    keys = ("from_site", "to_site", "geodesic_km", "ms", "hops", "via")
    return Section(
        heading,
        [said],
        headings=[LABELS[key] for key in keys] if len(gaps) else [],
        rows=[[plain(row[key]) for key in keys] for row in gaps.head(50).to_dict("records")],
        notes=[Text("此处列出前 50 对，全部见 mesh.csv。", "The first 50; mesh.csv has all.")]
        if len(gaps) > 50
        else [],
    )


def _circle(circles: Circles | None, circle: Circle) -> Section:
    heading = Text(f"{circle.limit_ms:g} 毫秒时延圈", f"{circle.limit_ms:g} ms circle")
    if circles is None:
        return Section(
            heading,
            [Text("网络图没有实际路由，无法判定。", "A graph file has no routes: it cannot be told.")],
        )
    shares = [
        Text(
            "{layer}：圈内 {inside:,} 处，占位置已知的 {known:,} 处的 {share}；位置未知 {lost:,} 处，无法判定。",
            "{layer}: {inside:,} inside, {share} of {known:,} whose place is known; of {lost:,} it cannot be told.",
        ).filled(layer=INSIDE_LABELS[name], inside=inside, known=known, lost=lost, share=f"{inside / known:.1%}")
        for name, (inside, known, lost) in circles.totals.items()
        if known
    ]
    goal = Text(
        f"距圈内光缆不超过 {circle.beside_m:,.0f} m 的计为圈内，末段时延不计；其他集群的数据中心按接入后的时延计。时延圈覆盖率的目标为 {circle.share:g}%，未见覆盖对象的定义，不作判定。",
        f"What lies within {circle.beside_m:,.0f} m of a cable of the circle is inside, its last stretch not counted; data centres of other clusters count by their latency. The goal is a cover of "
        f"{circle.share:g} %; of what is not defined in what was seen, so nothing is judged.",
    )
    keys = [key for key in ("site", "cable_km", "items_places", "items_villages", "items_dc") if key in circles.table]
    return Section(
        heading,
        [*shares, goal],
        headings=[LABELS[key] for key in keys],
        rows=[[plain(row[key]) for key in keys] for row in circles.table.to_dict("records")],
    )


def _more(count: int) -> list[Text]:
    if count <= _SHOWN:
        return []
    return [Text(f"此处列出前 {_SHOWN} 项，全部见图层和表。", f"The first {_SHOWN}; layer and table have all.")]
