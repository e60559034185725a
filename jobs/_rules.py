"""What every report says of the rules behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..layers.codes import PLACE_KINDS
from ..layers.html_report import Section
from ..rules.pack import RadiusPreset, Rule, status_label
from ..text import NOTHING, Text, same

_UNIT_WORDS = {
    "kind": NOTHING,
    "operator": Text(" 家运营商", " operator"),
    "household": Text(" 户", " households"),
}


def plain(value: Any) -> Any:
    """Give None for a missing value, so that a report shows a dash."""
    return None if pd.isna(value) else value


def value_words(value: Any, unit: str) -> Text:
    """Say a rule's value as a planner reads it: words for codes, a measure word for counted things."""
    values = value if isinstance(value, list) else [value]
    labels = {code.value: code.label for code in PLACE_KINDS}
    named = [labels.get(item, same(str(item))) for item in values]
    shown = Text("、".join(item.zh for item in named), ", ".join(item.en for item in named))
    word = _UNIT_WORDS.get(unit, same(f" {unit}" if unit else ""))
    return Text(shown.zh + word.zh, shown.en + word.en)


def rule_section(rules: Sequence[dict[str, Any]]) -> Section:
    """List the rules that judged, each with its source and status."""
    unverified = [rule for rule in rules if rule["status"] != "verified"]
    cautions = (
        [
            Text(
                f"以下取值未经核实，仅供参考：{'；'.join(rule['zh'] for rule in unverified)}。",
                f"These values are not verified: {'; '.join(rule['en'] for rule in unverified)}.",
            )
        ]
        if unverified
        else []
    )
    return Section(
        Text("规则与来源", "Rules and sources"),
        cautions=cautions,
        headings=[
            Text("规则", "Rule"),
            Text("含义", "Meaning"),
            Text("取值", "Value"),
            Text("文件", "Document"),
            Text("日期", "Date"),
            Text("状态", "Status"),
        ],
        rows=[
            [
                rule["id"],
                Text(rule["zh"], rule["en"]),
                value_words(rule["value"], rule["unit"]),
                rule["document"],
                rule["date"],
                status_label(rule["status"]),
            ]
            for rule in rules
        ],
    )


def radius_section(presets: Sequence[RadiusPreset]) -> Section:
    """List the radius presets that a run used; nobody has verified them."""
    return Section(
        Text("覆盖半径预设（未核实）", "Radius presets (unverified)"),
        headings=[
            Text("制式", "Technology"),
            Text("频段（MHz）", "Band (MHz)"),
            Text("最低挂高（m）", "From antenna height (m)"),
            Text("半径（m）", "Radius (m)"),
        ],
        rows=[
            [p.technology, f"{p.band_mhz_min:g}–{p.band_mhz_max:g}", p.antenna_height_min_m, p.radius_m]
            for p in presets
        ],
    )


def validity_cautions(rules: Sequence[Rule], day: str | None) -> list[Text]:
    """Say which rules are not in force on the day that a result speaks of."""
    return [
        Text(
            f"规则“{rule.name.zh}”自 {rule.valid_from or '—'} 至 {rule.valid_to or '—'} 有效，{day} 不在其中。",
            f"The rule “{rule.name.en}” holds from {rule.valid_from or '—'} to {rule.valid_to or '—'}; {day} is outside.",
        )
        for rule in rules
        if day and not rule.valid_on(day)
    ]
