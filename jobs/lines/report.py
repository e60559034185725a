"""The report page of line coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...layers.html_report import Cell, Marked, Section, write_report
from ...text import Text
from ..frontier.labels import STATUS_MARKS, county_words
from ..reach.labels import EVIDENCE_LABELS
from ..shared.rules import plain
from .words import CLASS_LABELS, LABELS, REASON_LABELS, STATE_LABELS, STATUS_LABELS, TOTAL, UNTOLD

_AMOUNTS = (
    *("length_km", "covered_km", "not_covered_km", "cannot_tell_km", "covered_percent"),
    *("covered_low_percent", "covered_high_percent", "after_plan_percent", "tunnel_km", "status"),
)
_GAPS = ("state", "route", "name", "road_class", "run_km", "from_km", "to_km", "planned_km", "reason", "evidence")
_BOUNDS = ("covered_low_percent", "covered_high_percent")
_MOST_ROADS, _MOST_GAPS, _MOST_TUNNELS = 100, 100, 100


def write_line_report(
    path: Path,
    summary: Mapping[str, Any],
    scores: Mapping[str, pd.DataFrame],
    gaps: pd.DataFrame,
    tunnels: pd.DataFrame,
    basis: Sequence[Section],
    cautions: Sequence[Text],
) -> None:
    """Write the report.

    Parameters
    ----------
    summary : mapping
        What the job tells.
    scores : mapping of pandas.DataFrame
        ``total, class, county, road``: keys and `pieces.AMOUNTS`.
    gaps : pandas.DataFrame
        `runs.GAP_COLUMNS`.
    tunnels : pandas.DataFrame
        ``road_id, route, name, length_km``.
    basis : sequence of Section
        Model, rules and presets.
    """
    service = summary["technology"]
    parts = [
        Section(Text("结论", "Result"), _sentences(summary), cautions),
        _scores(Text("按道路类型", "By class"), "road_class", _with_total(scores)),
    ]
    if len(scores["county"]):
        parts.append(_scores(Text("按县", "By county"), "county_code", scores["county"]))
    parts += [_gap_section(gaps, summary["gap_least_m"]), _roads(scores["road"])]
    if len(tunnels):
        parts.append(_tunnels(tunnels))
    title = Text(f"道路与铁路 {service} 覆盖里程报告", f"{service} coverage of roads and railways")
    write_report(path, title, [*parts, *basis])


def _sentences(summary: Mapping[str, Any]) -> list[Text]:
    service, share = summary["technology"], summary["covered_percent"]
    told = (
        Text(f"占已判定里程的 {share:.2f}%", f"{share:.2f} % of what can be told")
        if share is not None
        else Text("没有可判定的里程", "nothing can be told")
    )
    low, high, least = (summary[key] for key in ("covered_low_percent", "covered_high_percent", "target_percent"))
    said = [
        Text(
            f"{service} 现有基站覆盖 {summary['covered_km']:,.1f} km，{told.zh}；未覆盖 {summary['not_covered_km']:,.1f} km，无法判定 "
            f"{summary['cannot_tell_km']:,.1f} km，计入里程共 {summary['length_km']:,.1f} km。",
            f"Existing {service} stations cover {summary['covered_km']:,.1f} km, {told.en}; {summary['not_covered_km']:,.1f} km are not covered and "
            f"{summary['cannot_tell_km']:,.1f} km cannot be told, of {summary['length_km']:,.1f} km that count.",
        )
    ]
    if summary["cannot_tell_km"]:
        said.append(
            Text(
                f"无法判定的里程若全部未覆盖，比例为 {low:.2f}%；若全部已覆盖，为 {high:.2f}%。",
                f"Were all that cannot be told not covered, the share would be {low:.2f} %; were all of it covered, {high:.2f} %.",
            )
        )
        why = {key: km for key, km in summary["by_reason"].items() if key in UNTOLD}
        zh = "、".join(f"{UNTOLD[key].zh} {km:,.1f} km" for key, km in why.items())
        en = ", ".join(f"{UNTOLD[key].en} {km:,.1f} km" for key, km in why.items())
        said.append(Text(f"无法判定的原因：{zh}。", f"It cannot be told for want of: {en}."))
    if summary["after_plan_percent"] is not None:
        said.append(
            Text(
                f"在建和规划基站建成后覆盖 {summary['after_plan_km']:,.1f} km（{summary['after_plan_percent']:.2f}%）。",
                f"Once the stations under construction and planned stand, {summary['after_plan_km']:,.1f} km are covered "
                f"({summary['after_plan_percent']:.2f} %).",
            )
        )
    said.append(
        Text(
            f"对照值 {least:g}%（类推：借用“信号升格”连续覆盖的口径，原文说的是线路区域，不是里程），结论：{STATUS_LABELS[summary['status']].zh}。",
            f"Held against {least:g} % (by analogy: borrowed from continuous coverage of the signal upgrade, whose text speaks of a line's "
            f"area, not its length): {STATUS_LABELS[summary['status']].en.lower()}.",
        )
    )
    if summary["tunnel_km"]:
        said.append(
            Text(
                f"隧道 {summary['tunnel_km']:,.1f} km 另计，不进入以上里程和比例：半径和地形仿真都不能说明隧道内的信号，须实测或查隧道覆盖设施。",
                f"Tunnels of {summary['tunnel_km']:,.1f} km stand apart, in no length or share above: neither radius nor terrain tells what is "
                "received inside; measure there, or look up the tunnel's own system.",
            )
        )
    if summary["second_carriageway_km"]:
        said.append(
            Text(
                f"同一路线并行的第二幅 {summary['second_carriageway_km']:,.1f} km 不重复计。",
                f"Second carriageways of {summary['second_carriageway_km']:,.1f} km are not counted twice.",
            )
        )
    if summary["drawn_twice_km"]:
        said.append(
            Text(
                f"同一位置重复绘制的 {summary['drawn_twice_km']:,.3f} km 只计一次。",
                f"What is drawn twice in one place, {summary['drawn_twice_km']:,.3f} km, is counted once.",
            )
        )
    evidence = summary["by_evidence"]
    if evidence:
        zh = "、".join(f"{EVIDENCE_LABELS[name].zh} {km:,.1f} km" for name, km in evidence.items())
        en = ", ".join(f"{EVIDENCE_LABELS[name].en.lower()} {km:,.1f} km" for name, km in evidence.items())
        said.append(Text(f"已判定里程按依据：{zh}。", f"Lengths that can be told, by evidence: {en}."))
        said += _why_distance(evidence, summary.get("beyond_terrain_km"))
    said.append(
        Text(
            "里程为椭球面长度（CGCS2000），桩号自每条要素的起点量起。测试记录不用于线路判定。",
            "Lengths are geodesic (CGCS2000); chainage begins where each feature begins. Drive tests are not used for roads.",
        )
    )
    return said


def _why_distance(evidence: Mapping[str, float], beyond_km: float | None) -> list[Text]:
    """Say why lengths of a simulated run rest on distance, alone or beside levels: the voids are only one of three reasons."""
    km = sum(length for kinds, length in evidence.items() if "distance" in kinds.split("+"))
    if beyond_km is None or not km:
        return []
    return [
        Text(
            f"其中用到距离推断的共 {km:,.1f} km，原因有三：路段本身在高程数据范围外或空洞处（{beyond_km:,.1f} km）；到某些基站的途中缺高程；附近有不能仿真的"
            "基站。后两种只有涉及的基站改按覆盖半径推断，与其他基站的仿真并用的记为“仿真与距离推断”。",
            f"Of these {km:,.1f} km rest on distance, for one of three reasons: the road itself lies outside of the elevation data or in a void "
            f"({beyond_km:,.1f} km); elevation is missing on the way to some station; or a station near cannot be simulated. In the latter two "
            "only the stations concerned speak by their radius, beside the simulated levels of the others.",
        )
    ]


def _with_total(scores: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([scores["total"].assign(road_class="all"), scores["class"]], ignore_index=True)


def _scores(heading: Text, key: str, rows: pd.DataFrame) -> Section:
    shown = [name for name in _AMOUNTS if name not in _BOUNDS or rows["cannot_tell_km"].any()]
    return Section(
        heading,
        headings=[LABELS["county_name" if key == "county_code" else key], *(LABELS[name] for name in shown)],
        rows=[[_named(key, row), *_amounts(row, shown)] for row in rows.to_dict("records")],
    )


def _named(key: str, row: Mapping[str, Any]) -> Cell:
    if key == "county_code":
        return county_words(row["county_code"], row["county_name"])
    return TOTAL if row[key] == "all" else CLASS_LABELS[row[key]]


def _amounts(row: Mapping[str, Any], names: Sequence[str]) -> list[Cell]:
    return [status_cell(row[name]) if name == "status" else plain(row[name]) for name in names]


def status_cell(status: str) -> Marked:
    """Give a status as word, mark and colour."""
    return Marked(STATUS_LABELS[status], *STATUS_MARKS[status])


def _roads(rows: pd.DataFrame) -> Section:
    order = rows.sort_values(["not_covered_km", "cannot_tell_km", "route"], ascending=[False, False, True])
    cut = Text(
        f"共 {len(rows)} 条，未覆盖里程多的在前，以下为前 {_MOST_ROADS} 条，全部及分县里程见表。",
        f"{len(rows)} in all, those with most that is not covered first. These are the first {_MOST_ROADS}; the table has all, by county "
        "too.",
    )
    whole = Text(
        f"共 {len(rows)} 条，未覆盖里程多的在前；分县里程见表。",
        f"{len(rows)} in all, those with most that is not covered first; the table has them by county too.",
    )
    shown = [name for name in _AMOUNTS if name not in _BOUNDS]
    return Section(
        Text("按道路", "By road"),
        [cut if len(rows) > _MOST_ROADS else whole],
        headings=[LABELS[key] for key in ("route", "name", "road_class", *shown)],
        rows=[
            [plain(row["route"]), plain(row["name"]), CLASS_LABELS[row["road_class"]], *_amounts(row, shown)]
            for row in order.head(_MOST_ROADS).to_dict("records")
        ],
    )


def _gap_section(gaps: pd.DataFrame, least_m: float) -> Section:
    runs = gaps.groupby(["state", "run"])["run_km"].first()
    number, length = (
        {state: counted(runs[state]) if state in runs else 0 for state in ("not_met", "cannot_tell")}
        for counted in (len, lambda km: float(km.sum()))
    )
    order = gaps.sort_values(["state", "run_km", "run"], ascending=[False, False, True], kind="stable")
    more = len(gaps) > _MOST_GAPS
    said = Text(
        f"长度不小于 {least_m:g} m 的连续缺口：未覆盖 {number['not_met']} 处，共 {length['not_met']:,.1f} km；无法判定 "
        f"{number['cannot_tell']} 处，共 {length['cannot_tell']:,.1f} km。缺口跨越同一路线的相邻要素和县界连续计长，至隧道止；更短的仍计入里程。"
        + (f"以下为最长的 {_MOST_GAPS} 段，全部见图层。" if more else ""),
        f"Runs of at least {least_m:g} m: {number['not_met']} not covered, {length['not_met']:,.1f} km; {number['cannot_tell']} that cannot be "
        f"told, {length['cannot_tell']:,.1f} km. A run goes on over the joints of features of one route and over county borders, and ends at "
        "tunnels; what is shorter still counts in the lengths."
        + (f" These are the {_MOST_GAPS} longest; the layer has all." if more else ""),
    )
    return Section(
        Text("连续缺口", "Runs without a signal"),
        [said],
        headings=[LABELS[key] for key in _GAPS],
        rows=[[_gap_cell(row, key) for key in _GAPS] for row in order.head(_MOST_GAPS).to_dict("records")],
    )


def _gap_cell(row: Mapping[str, Any], key: str) -> Cell:
    value = row[key]
    if key == "state":
        return Marked(STATE_LABELS[value], *STATUS_MARKS["short" if value == "not_met" else "cannot_tell"])
    tables: dict[str, Mapping[str, Text]] = {
        "road_class": CLASS_LABELS,
        "reason": REASON_LABELS,
        "evidence": EVIDENCE_LABELS,
    }
    return tables[key].get(value, plain(value)) if key in tables else plain(value)


def _tunnels(rows: pd.DataFrame) -> Section:
    order = rows.sort_values(["length_km", "road_id"], ascending=[False, True])
    said = Text(f"共 {len(rows)} 段，均无法判定。", f"{len(rows)} in all; none can be told.")
    return Section(
        Text("隧道（另计）", "Tunnels (apart)"),
        [said],
        headings=[LABELS[key] for key in ("road_id", "route", "name", "length_km")],
        rows=[
            [plain(row[key]) for key in ("road_id", "route", "name", "length_km")]
            for row in order.head(_MOST_TUNNELS).to_dict("records")
        ],
    )
