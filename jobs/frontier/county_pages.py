"""The pages of a scoreboard's report that stand for one class or one county each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...analysis.scoreboard import ALL_COUNTIES, NO_COUNTY, NONE_LISTED
from ...layers.html_report import Section
from ...rules.pack import Rule
from ...text import NOTHING, Text, same
from ..shared.rules import comparison_words
from .gap_tables import county_gaps
from .labels import county_words
from .maps import belt_map, class_map, county_map, derived_belt, scope_map
from .report_layers import ReportLayers
from .score_cells import share_words, with_unit
from .score_tables import anchor_of, class_anchor, county_table
from .stretch_tables import road_gaps, sea_gaps
from .words import STATUS_LABELS, STATUS_MARKS

_SCOPE = Text("评判范围图", "Map of the scope")
_BELT = Text(
    "该海域带由海岸线推算，没有法律效力，仅供参考，不参与任何指标的判定。",
    "This belt is derived from the coast and has no legal meaning: for information, it judges no indicator.",
)


def class_pages(score: pd.DataFrame, rules: Mapping[str, Rule], layers: ReportLayers, source: Text) -> list[Section]:
    """Draw every indicator of which anything has a place, one a page; name the others."""
    scope = scope_map(layers, source)
    pages = [Section(_SCOPE, picture=scope, anchor="scope-map", new_page=True)] if scope.zh else []
    bare = []
    names = dict(zip(score["county_code"], score["county_name"]))
    for row in score[score["county_code"] == ALL_COUNTIES].to_dict("records"):
        rule = rules[row["rule_id"]]
        picture = class_map(rule.id, layers, source)
        if not picture.zh:
            bare.append(rule.name)
            continue
        heading = Text(f"分类地图：{rule.name.zh}", f"Map: {rule.name.en}")
        pages.append(Section(heading, [_told(row, rule)], picture=picture, anchor=class_anchor(rule.id), new_page=True))
        pages += road_gaps(of_rule(layers.road_gaps, rule.id), names) + sea_gaps(of_rule(layers.sea_gaps, rule.id))
    pages += _belts(layers, source)
    if bare:
        said = Text(
            f"以下指标没有可上图的对象：{'；'.join(name.zh for name in bare)}。",
            f"Of these indicators nothing can be drawn: {'; '.join(name.en for name in bare)}.",
        )
        pages.append(Section(NOTHING, [said]))
    return pages


def _belts(layers: ReportLayers, source: Text) -> list[Section]:
    """Draw the belt that was derived from the coast, by service; it judges nothing."""
    belt = derived_belt(layers).rows
    return [
        Section(
            Text(
                f"参考地图：推算12海里带（非法定）的{service}覆盖",
                f"For information: {service} in the derived 12 nm belt",
            ),
            cautions=[_BELT],
            picture=belt_map(service, layers, source),
            anchor=f"belt-{service}",
            new_page=True,
        )
        for service in (dict.fromkeys(belt["service"]) if len(belt) else ())
    ]


def _told(row: dict[str, Any], rule: Rule) -> Text:
    """Say the whole result of an indicator in a sentence."""
    mark, status = STATUS_MARKS[row["status"]][0], STATUS_LABELS[row["status"]]
    target, share = comparison_words(rule), share_words(row)
    whole = with_unit(row["in_scope"], row["unit"]) if pd.notna(row["in_scope"]) else Text("—", "—")
    return Text(
        f"{mark} {status.zh}。应计 {whole.zh}；达到率 {share.zh}；目标 {target.zh}。",
        f"{mark} {status.en}. In scope: {whole.en}; share met: {share.en}; target: {target.en}.",
    )


def counties_with_pages(score: pd.DataFrame) -> dict[str, str]:
    """Give codes and names of the counties of which anything is told, in the order of the scoreboard."""
    own = score[(score["county_code"] != ALL_COUNTIES) & (score["status"] != NONE_LISTED)]
    return dict(
        sorted(zip(own["county_code"], own["county_name"]), key=lambda county: (county[0] == NO_COUNTY, county))
    )


def county_pages(
    score: pd.DataFrame,
    gaps: pd.DataFrame,
    rules: Mapping[str, Rule],
    layers: ReportLayers,
    source: Text,
) -> list[Section]:
    """Give a page, or as many as it takes, to every county: its scores, its map, its ranked gaps."""
    road_rule = next((rule.id for rule in rules.values() if rule.subject == "border_road"), "")
    sections: list[Section] = []
    names = dict(zip(score["county_code"], score["county_name"]))
    for code, name in counties_with_pages(score).items():
        rows = score[(score["county_code"] == code) & (score["status"] != NONE_LISTED)].to_dict("records")
        own = gaps[gaps["county_code"] == code]
        words = county_words(code, name)
        heading = words if code == NO_COUNTY else Text(f"{words.zh}（{code}）", f"{words.en} ({code})")
        picture = county_map(code, layers, own, road_rule, source) if code != NO_COUNTY else NOTHING
        sections += [
            Section(heading, [_summary(rows, own)], anchor=anchor_of(code), new_page=True),
            county_table(rows, rules),
            *([Section(NOTHING, picture=same(f'<div class="small">{picture.zh}</div>'))] if picture.zh else []),
            county_gaps(own),
            *road_gaps(of_rule(layers.road_gaps, road_rule), names, code),
        ]
    return sections


def of_rule(rows: pd.DataFrame, rule_id: str) -> pd.DataFrame:
    """Give the rows of one rule; none of a layer that the result lacks."""
    return rows[rows["rule_id"] == rule_id] if len(rows) else rows


def _summary(rows: Sequence[dict[str, Any]], gaps: pd.DataFrame) -> Text:
    """Say how the indicators of a county stand, and how many people its gaps touch."""
    count = {status: sum(row["status"] == status for row in rows) for status in ("met", "short", "cannot_tell")}
    said = Text(
        f"{len(rows)} 项指标：● 已达标 {count['met']} 项，▲ 未达标 {count['short']} 项，○ 无法判定 {count['cannot_tell']} 项。",
        f"{len(rows)} indicators: ● {count['met']} met, ▲ {count['short']} short, ○ {count['cannot_tell']} cannot be told.",
    )
    villages = gaps[(gaps["subject"] == "village") & (gaps["state"] == "not_met")].drop_duplicates("item_id")
    people = villages["people"].astype(float)
    if not people.notna().any():
        return said
    return Text(
        f"{said.zh}未达到的行政村 {len(villages)} 个，共 {people.sum():,.0f} 人"
        + (f"（{int(people.isna().sum())} 个村人数不详）。" if people.isna().any() else "。"),
        f"{said.en} Villages not met: {len(villages)}, with {people.sum():,.0f} people"
        + (f" (of {int(people.isna().sum())} the people are not known)." if people.isna().any() else "."),
    )
