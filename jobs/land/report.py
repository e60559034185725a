"""The report of control-line conflicts: what a planner must move, justify or put on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ...layers.html_report import Cell, Marked, Noted, Section, write_report
from ...text import NOTHING, Text, figure, same
from ..shared.rule_words import SEVERITY_LABELS
from ..shared.rules import plain, rule_section
from .alternatives import Alternatives
from .conflict_tables import kinds_words, touching_words
from .conflicts import Conflicts, by_kind
from .facilities import Facilities
from .known import Known
from .report_basis import county_section, ground_section, zone_section
from .report_unread import unread_section
from .taken import Ground
from .words import (
    AERIAL,
    BURIED,
    CANNOT_TELL,
    CLASS_LABELS,
    CLEAR,
    CONFLICT,
    LABELS,
    LAYER_LABELS,
    LOWERED,
    NOTE_LABELS,
    OUTCOME_LABELS,
    REASON_LABELS,
    SEVERITY_MARKS,
    SOLVED,
    SUBMARINE,
    ZONE_LABELS,
    kind_label,
    to_do,
    type_label,
)
from .zone_rows import Zones

_TWINS = Text(
    "各光缆分别推求：替代路由可能与主备、并行光缆走到一起，采用前请用“共享风险”核对物理分离。",
    "Each cable was looked at by itself: its other route may join that of its standby. Check their separation with “Shared risk” before "
    "adopting it.",
)
_SHOWN = 200
_NOTES = 20
_CABLES = (BURIED, AERIAL, SUBMARINE)
Parts = tuple[Facilities, Zones, Known, Ground, Conflicts, Alternatives | None]


def write_conflict_report(path: Path, parts: Parts, cautions: Sequence[Text], rules: Sequence[dict[str, Any]]) -> None:
    """Write the report.

    Parameters
    ----------
    parts : tuple
        Facilities, control lines, what is known of them, what is taken, conflicts, other routes (None where none were looked for).
    """
    facilities, zones, known, ground, found, routes = parts
    sections = [
        Section(
            Text("结论", "Verdict"),
            [_verdict(found), *_not_checked(zones), _how()],
            list(cautions),
        ),
        _kind_section(found),
        _conflict_section(found),
    ]
    if routes is not None and len(routes.table):
        sections.append(_route_section(routes))
    sections += [
        *_unknown_section(found),
        *unread_section(facilities),
        ground_section(ground, facilities.sentences),
        zone_section(zones),
        *county_section(zones, known),
        rule_section(rules),
    ]
    write_report(path, Text("控制线冲突报告", "Control-line conflicts"), sections)


def sections_for_delivery(found: Conflicts, zones: Zones, cautions: Sequence[Text]) -> list[Section]:
    """Give what the check report of a package says of control lines."""
    verdict = Section(
        Text("控制线冲突（规划的设施）", "Control-line conflicts of what is planned"),
        [_verdict(found), *_not_checked(zones), _how()],
        list(cautions),
    )
    kinds = _kind_section(found)
    return [verdict, replace(kinds, heading=Text("控制线冲突按类型", "Conflicts by control line"))]


def _verdict(found: Conflicts) -> Text:
    verdict, worst = found.table["verdict"], found.table["severity"]
    count = {name: int((verdict == name).sum()) for name in (CONFLICT, CANNOT_TELL, CLEAR)}
    by = {level: int((worst == level).sum()) for level in (3, 2, 1)}
    zh = "、".join(f"{SEVERITY_LABELS[level].zh} {by[level]:,} 个" for level in by)
    en = ", ".join(f"{SEVERITY_LABELS[level].en.lower()} {by[level]:,}" for level in by)
    return Text(
        f"检查设施 {len(verdict):,} 个：有冲突 {count[CONFLICT]:,} 个（按最高等级：{zh}），无冲突 {count[CLEAR]:,} 个，"
        f"无法判定 {count[CANNOT_TELL]:,} 个。",
        f"{len(verdict):,} facilities were checked: {count[CONFLICT]:,} in conflict (by the gravest: {en}), {count[CLEAR]:,} clear, "
        f"{count[CANNOT_TELL]:,} cannot be told.",
    )


def _not_checked(zones: Zones) -> list[Text]:
    there = zones.kinds
    lacking = [kind for kind in ZONE_LABELS if kind not in there and kind != "other"]
    have = [ZONE_LABELS[kind] for kind in there]
    said = [
        Text(
            f"已检查：{'、'.join(label.zh for label in have)}。",
            f"Checked against: {', '.join(label.en.lower() for label in have)}.",
        )
    ]
    if lacking:
        labels = [ZONE_LABELS[kind] for kind in lacking]
        said.append(
            Text(
                f"没有提供、未检查：{'、'.join(label.zh for label in labels)}；“无冲突”不包括这几类。",
                f"Not given and not checked: {', '.join(label.en.lower() for label in labels)}; “clear” says nothing of these.",
            )
        )
    return said


def _how() -> Text:
    return Text(
        "面积、长度为叠加后的椭球面面积和大地线长度，顶点之间按大地线计；同一设施与同类控制线重叠处只计一次，不同设施的走廊重叠处各计一次。城镇开发边界以在其外为准。",
        "Areas and lengths are those of the overlay on the ellipsoid, with geodesics between its vertices; where control lines of a kind overlap, a facility counts once; where "
        "corridors overlap, each counts. Of the town boundary it matters to lie outside.",
    )


def _severity(level: int) -> Marked:
    return Marked(SEVERITY_LABELS[level], *SEVERITY_MARKS[level])


def _length(row: dict[str, Any]) -> Cell:
    """Give a length; a site has none."""
    return row["length_m"] if row["class"] in _CABLES or row["length_m"] else None


def _area(row: dict[str, Any], note: Any = "") -> Cell:
    return Noted(same("0"), NOTE_LABELS[note]) if note and not row["area_m2"] else row["area_m2"]


def _kind_section(found: Conflicts) -> Section:
    keys = ("severity", "kind", "class", "features", "area_m2", "length_m", "to_do")
    rows: list[list[Cell]] = [
        [
            _severity(row["severity"]),
            Noted(kind_label(row["kind"], is_outside=row["side"] == "outside"), whole=True),
            CLASS_LABELS[row["class"]],
            row["features"],
            row["area_m2"],
            _length(row),
            to_do(row["kind"], row["severity"]),
        ]
        for row in by_kind(found)
    ]
    none = [] if rows else [Text("没有设施与控制线相遇。", "No facility meets a control line.")]
    return Section(
        Text("按控制线", "By control line"), none, headings=[LABELS[key] for key in keys] if rows else (), rows=rows
    )


def _conflict_section(found: Conflicts) -> Section:
    rows = found.rows[found.rows["severity"] > 0]
    rows = rows.sort_values(["severity", "area_m2", "length_m"], ascending=False, kind="stable")
    grave = rows["severity"] > 1
    shown = pd.concat([rows[grave].head(_SHOWN), rows[~grave].head(_NOTES)])
    notes = found.table["note"]
    keys = ("severity", "name", "layer", "type", "kind", "zone_name", "area_m2", "length_m")
    listed: list[list[Cell]] = [
        [
            _severity(row["severity"]),
            _named(row),
            LAYER_LABELS[row["layer"]],
            type_label(row["type"]) if row["type"] else None,
            kind_label(row["kind"], is_outside=row["side"] == "outside"),
            row["zone_name"] or row["zone_id"] or None,
            _area(row, notes[row["at"]]),
            _length(row),
        ]
        for row in shown.to_dict("records")
    ]
    more = Text(
        f"共 {len(rows):,} 项，此处列出 {len(shown):,} 项（仅提示的列前 {_NOTES} 项），全部见冲突表。",
        f"{len(shown):,} of {len(rows):,} (of those that are only noted, the first {_NOTES}); the table has all.",
    )
    return Section(
        Text("冲突清单", "Conflicts"),
        headings=[LABELS[key] for key in keys] if listed else (),
        rows=listed,
        notes=[more] if len(rows) > len(shown) else (),
    )


def _named(row: dict[str, Any]) -> Cell:
    name = plain(row["name"])
    return Noted(same(str(name)), same(str(row["feature_id"]))) if name else same(str(row["feature_id"]))


def _route_section(routes: Alternatives) -> Section:
    keys = ("name", "outcome", "before_m", "after_m", "extra_m", "before_in_m", "after_in_m", "before_m2", "after_m2")
    rows: list[list[Cell]] = []
    for stated in routes.table.to_dict("records"):
        row = {str(key): plain(value) for key, value in stated.items()}
        left = touching_words(row["remaining"]) if row["remaining"] else NOTHING
        rows.append([_named(row), Noted(OUTCOME_LABELS[row["outcome"]], left), *(row[key] for key in keys[2:])])
    better = routes.table["outcome"].isin((SOLVED, LOWERED))
    gained = float((routes.table["before_in_m"] - routes.table["after_in_m"])[better].sum())
    extra = float(routes.table["extra_m"][better].sum())
    said = Text(
        f"有冲突的光缆 {len(rows):,} 条，其中 {int(better.sum()):,} 条有减少冲突的替代路由：冲突长度共减少 {figure(gained, 1)} m，"
        f"路由共增加 {figure(extra, 1)} m。替代路由由代价格网推求，供比选，须现场踏勘。",
        f"Cables in conflict: {len(rows):,}; for {int(better.sum()):,} another route lowers it: {figure(gained, 1)} m less in conflict, "
        f"{figure(extra, 1)} m longer in all. These routes come from a cost surface; they are for comparison and need a survey.",
    )
    return Section(
        Text("替代路由", "Other routes"),
        [said, *routes.sentences],
        [*routes.cautions, _TWINS],
        headings=[LABELS[key] for key in keys],
        rows=rows,
    )


def _unknown_section(found: Conflicts) -> list[Section]:
    rows = found.table[(found.table["verdict"] == CANNOT_TELL).to_numpy(bool)]
    if not len(rows):
        return []
    keys = ("name", "layer", "type", "reason", "lacking", "touching")
    listed: list[list[Cell]] = [
        [
            _named(row),
            LAYER_LABELS[row["layer"]],
            type_label(row["type"]) if plain(row["type"]) else None,
            REASON_LABELS[row["reason"]],
            kinds_words(row["lacking"]) if row["lacking"] else None,
            touching_words(row["touching"]) if row["touching"] else None,
        ]
        for row in rows.head(_SHOWN).to_dict("records")
    ]
    said = Text(
        f"{len(rows):,} 个设施无法判定，不是没有冲突：请补充站址类型、敷设方式或地块范围，或在自定义规则包中给出占地面积；缺少控制线数据的，"
        "请补充数据，或声明该类控制线已提供齐全。",
        f"{len(rows):,} facilities cannot be told, which is not the same as clear: supply type, laying or plot, or state a footprint in a "
        "pack of your own; where control lines are lacking, supply them, or state that the kind is given in full.",
    )
    more = Text(f"此处列出前 {_SHOWN} 项，全部见设施判定表。", f"The first {_SHOWN}; the table of facilities has all.")
    return [
        Section(
            Text("无法判定的设施", "Facilities that cannot be told"),
            [said],
            headings=[LABELS[key] for key in keys],
            rows=listed,
            notes=[more] if len(rows) > _SHOWN else (),
        )
    ]
