"""The report page of routes between two nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ....layers.html_report import Section, write_report
from ....text import Text, same
from ...shared.rules import plain, rule_section
from ..read import Trunk
from ..shared.stretches import Widths
from .paths import Routes
from .words import LABELS

_COLUMNS = (
    *("route", "length_km", "ms", "hops", "rooms", "cables", "shared_km", "shared_rooms", "trench_km", "corridor_km"),
)
_PLACES = ("shared_places", "places")
_NONE = Text("两个节点之间没有光缆相通。", "No cable leads from one node to the other.")
_BY_CABLE = Text(
    "路由在图上共用光缆的长度最小，其次总长最小。",
    "The routes share the least length of cable, and are then the shortest in all.",
)
_BY_RISK = Text(
    "按共用的光缆和同沟长度（共用一处地点按 {place:g} m 计）合计最小求路由，共用相同的取总长最小。",
    "Routes are looked for that share the least length of cable and trench in all, a shared place counting as {place:g} m; of those that "
    "share as little, the shortest in all.",
)
_HOW = Text(
    "不同的光缆同沟不列入共用光缆，见同沟、同走廊两列；共同节点附近 {m:g} m 以内的不计。三条及以上时，按合计共用最少求得，第二路由为与第一路由共用最少的一条。",
    "Different cables in one trench are not shared cables: see the columns of trench and corridor, which leave out what lies within {m:g} m "
    "of a common node. Of three routes or more all together share the least; the second is the one that shares least with the first.",
)
_NOT_PROVEN = Text(
    "网络较大，未能证明没有共用更少或总长更小的路由：所列为已找到的最好结果。",
    "The network is large: it was not proven that no routes share less or are shorter; these are the best that were found.",
)
_PROVEN = Text(
    "已证明没有共用更少的路由；共用同样少的当中，总长最小。",
    "It is proven that no routes share less, and that none which share as little are shorter in all.",
)
_NO_PLACES = Text(
    "没有给出桥梁、隧道、河流、断裂、灾害区图层：是否共用这些地点无法判定。",
    "No layer of bridges, tunnels, rivers, faults or hazard zones was given: whether routes share one cannot be told.",
)


def write_routes_report(
    path: Path,
    trunk: Trunk,
    found: Routes,
    summary: Mapping[str, Any],
    widths: Widths,
    picture: Text,
    place_m: float | None,
    with_places: bool,
    rules: Sequence[dict[str, Any]],
) -> None:
    """Write the report: verdict, routes, separation.

    Parameters
    ----------
    place_m : float or None
        What a shared place counts as; None where routes were parted by cables alone.
    with_places : bool
        Layers of places were given.
    """
    columns = (*_COLUMNS, *(_PLACES if with_places else ()))
    sections = [
        Section(
            Text("结论", "Verdict"),
            [*_verdict(summary, place_m is None), *trunk.sentences],
            _cautions(trunk, found, with_places),
        )
    ]
    if len(found.table):
        rows = [
            [same(plain(row[key])) if isinstance(row[key], str) else plain(row[key]) for key in columns]
            for row in found.table.to_dict("records")
        ]
        by = _BY_CABLE if place_m is None else _BY_RISK
        how = [Text(*(words.format(m=widths.at_room_m, place=place_m or 0) for words in said)) for said in (by, _HOW)]
        how += [_PROVEN] if found.proven and len(found.table) > 1 else []
        sections.append(Section(Text("路由", "Routes"), how, headings=[LABELS[key] for key in columns], rows=rows))
    if found.profile is not None:
        apart = found.profile["apart_m"]
        trench, corridor = widths.trench_m, widths.corridor_m
        words = Text(
            f"相距中位 {apart.median():,.1f} m，最大 {apart.max():,.1f} m；不超过 {trench:g} m（同沟）的占 "
            f"{100 * (apart <= trench).mean():.1f}%，不超过 {corridor:g} m（同走廊）的占 {100 * (apart <= corridor).mean():.1f}%（按取样点）。",
            f"Median {apart.median():,.1f} m, most {apart.max():,.1f} m; up to {trench:g} m (one trench) at "
            f"{100 * (apart <= trench).mean():.1f} % of the places measured, up to {corridor:g} m (one corridor) at "
            f"{100 * (apart <= corridor).mean():.1f} %.",
        )
        sections.append(Section(Text("前两条路由的间距", "Separation of the first two"), [words], picture=picture))
    write_report(path, Text("两点间分离路由报告", "Separate routes"), [*sections, rule_section(rules)])


def _verdict(summary: Mapping[str, Any], by_cable: bool) -> list[Text]:
    count, wanted = summary["routes"], summary["routes_wanted"]
    if not count:
        return [_NONE]
    said = [Text(f"求得 {count} 条路由。", f"Routes found: {count}.")]
    if count > 1 and summary["disjoint"]:
        said.append(Text("各路由不共用光缆。", "They share no cable."))
    elif count > 1:
        said.append(
            Text(
                "不存在完全不共用光缆的路由，共用部分见下表。", "Routes without a common cable do not exist: see below."
            )
            if by_cable
            else Text(
                "所列路由之间有共用光缆，见下表。",
                "Some of them share cables: see below.",
            )
        )
    if summary["trench_km"]:
        said.append(
            Text(
                f"前两条路由仍有 {summary['trench_km']:,.3f} km 同沟，一处开挖可同时中断。",
                f"The first two still share a trench for {summary['trench_km']:,.3f} km: one dig would cut both.",
            )
        )
    if summary["shared_places"]:
        said.append(
            Text(
                f"前两条路由共用 {summary['shared_places']} 处地点，见下表。",
                f"The first two share {summary['shared_places']} places: see below.",
            )
        )
    if count < wanted:
        said.append(
            Text(
                f"要求 {wanted} 条；再多的路由与已列的完全相同。",
                f"Asked for: {wanted}; a further one is one of these.",
            )
        )
    return said


def _cautions(trunk: Trunk, found: Routes, with_places: bool) -> list[Text]:
    made = list(trunk.cautions)
    if found.unknown:
        made.append(
            Text(
                f"路由经过 {found.unknown} 条长度未知的链路，其长度和时延无法判定。",
                f"The routes go by {found.unknown} links of unknown length: their length and latency cannot be told.",
            )
        )
    if not found.proven:
        made.append(_NOT_PROVEN)
    if trunk.drawn and not with_places and len(found.table) > 1:
        made.append(_NO_PLACES)
    return made
