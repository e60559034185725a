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
_NONE = Text("两个节点之间没有光缆相通。", "No cable leads from one node to the other.")
_HOW = Text(
    "路由在图上共用光缆的长度最小，其次总长最小。不同的光缆同沟不算共用，见同沟、同走廊两列；共同节点附近 {m:g} m 以内的不计。"
    "三条及以上时，按合计共用最少求得，第二路由为与第一路由共用最少的一条。",
    "The routes share the least length of cable, and are then the shortest in all. Different cables in one trench are not shared: see the "
    "columns of trench and corridor, which leave out what lies within {m:g} m of a common node. Of three routes or more all together share "
    "the least; the second is the one that shares least with the first.",
)


def write_routes_report(
    path: Path,
    trunk: Trunk,
    found: Routes,
    summary: Mapping[str, Any],
    widths: Widths,
    picture: Text,
    rules: Sequence[dict[str, Any]],
) -> None:
    """Write the report: verdict, routes, separation."""
    sections = [Section(Text("结论", "Verdict"), [*_verdict(summary), *trunk.sentences], _cautions(trunk, found))]
    if len(found.table):
        rows = [
            [same(plain(row[key])) if isinstance(row[key], str) else plain(row[key]) for key in _COLUMNS]
            for row in found.table.to_dict("records")
        ]
        how = Text(*(words.format(m=widths.at_room_m) for words in _HOW))
        sections.append(Section(Text("路由", "Routes"), [how], headings=[LABELS[key] for key in _COLUMNS], rows=rows))
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


def _verdict(summary: Mapping[str, Any]) -> list[Text]:
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
        )
    if count < wanted:
        said.append(
            Text(
                f"要求 {wanted} 条；再多的路由与已列的完全相同。",
                f"Asked for: {wanted}; a further one is one of these.",
            )
        )
    return said


def _cautions(trunk: Trunk, found: Routes) -> list[Text]:
    if not found.unknown:
        return list(trunk.cautions)
    more = Text(
        f"路由经过 {found.unknown} 条长度未知的链路，其长度和时延无法判定。",
        f"The routes go by {found.unknown} links of unknown length: their length and latency cannot be told.",
    )
    return [*trunk.cautions, more]
