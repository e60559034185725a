"""What every report says of the rules behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...layers.codes import PLACE_KINDS
from ...layers.html_report import Section
from ...rules.pack import RadiusPreset, Rule, status_label
from ...text import NOTHING, Text, same

_UNIT_WORDS = {
    "kind": NOTHING,
    "operator": Text(" 家运营商", " operator"),
    "household": Text(" 户", " households"),
    "户": Text(" 户", " households"),
    "个": Text(" 个", ""),
    "处": Text(" 处", " places"),
    "条": Text(" 条", " lines"),
    "倍": Text(" 倍", " times"),
    "个/万人": Text(" 个/万人", " per 10,000 people"),
    "province": NOTHING,
    "scene": NOTHING,
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


_SIGNS = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< "}
_TOLD_ONLY = Text("无目标值，只报告", "no target, only told")


def comparison_words(rule: Rule) -> Text:
    """Say a rule's value with its comparison."""
    if rule.comparison == "report":
        return _TOLD_ONLY
    words, sign = value_words(rule.value, rule.unit), _SIGNS.get(rule.comparison, "")
    return Text(sign + words.zh, sign + words.en)


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
    changed = [rule for rule in rules if rule.get("own_pack")]
    return Section(
        Text("规则与来源", "Rules and sources"),
        cautions=[*cautions, *map(change_words, changed)],
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


def change_words(rule: Mapping[str, Any]) -> Text:
    """Say what a planner's own pack changed in a rule, or that it added it, and why."""
    now, reason = value_words(rule["value"], rule["unit"]), rule["reason"]
    own = Text(
        f"自定义规则包“{rule['own_pack']}”",
        f"the planner's own pack “{rule['own_pack']}”",
    )
    why = Text(f"理由：{reason}", f"Reason: {reason}") if reason else NOTHING
    if not rule["pack"]:
        return Text(
            f"规则“{rule['zh']}”出自{own.zh}。{why.zh}", f"The rule “{rule['en']}” is from {own.en}. {why.en}".strip()
        )
    if rule["replaced"] == rule["value"]:
        return Text(
            f"规则“{rule['zh']}”经{own.zh}修改（取值未变，{now.zh}）。{why.zh}",
            f"The rule “{rule['en']}” was changed by {own.en} (its value stays {now.en}). {why.en}",
        )
    before = value_words(rule["replaced"], rule["unit"])
    return Text(
        f"规则“{rule['zh']}”经{own.zh}由 {before.zh} 改为 {now.zh}。{why.zh}",
        f"The rule “{rule['en']}” was changed by {own.en} from {before.en} to {now.en}. {why.en}",
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
