"""The list of every rule that a scoreboard rests on, with its source, for the end of the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...layers.html_report import Cell, Marked, Noted, Section
from ...rules.status import second_hand, status_label
from ...text import NOTHING, Text, languages, same
from ..shared.rule_words import change_words, value_words
from .score_cells import RULE_MARKS

_HEADINGS = (
    Text("规则", "Rule"),
    Text("取值", "Value"),
    Text("文件与条款", "Document and clause"),
    Text("日期", "Date"),
    Text("状态", "Status"),
)
_CHANGE = Text("自定义修改", "Own change")
_OWN = Text("自定义：{name}", "Own: {name}")
_NO_DOCUMENT = Text("无文件依据", "No document")
_VALUES = {"as_needed": Text("按需覆盖", "As needed")}
# Where the numbers stand of presets that are cited as a whole, by how their ids begin.
_TABLES = {
    "signal_radius.": Text("见覆盖半径预设", "See the radius presets"),
    "radio.transmitter.": Text("见“地形仿真的参数与预设”", "See “What the simulation rests on”"),
}
_ELSEWHERE = Text("见规则包 {pack}", "See the rule pack {pack}")
_REPLACED = Text("原值 {before}", "was {before}")


def rule_list(rules: Sequence[dict[str, Any]]) -> Section:
    """List rules as `Rule.cited` gives them; what is unverified, borrowed or changed is cautioned above."""
    rules = [rule for row, rule in enumerate(rules) if rule not in rules[:row]]
    cautions = []
    for status, zh, en in (
        ("unverified", "以下取值未经核实，仅供参考", "These values are not verified"),
        ("by_analogy", "以下取值由相近规定类推，文件原文未给数字", "These values are borrowed from related rules"),
    ):
        own = [rule for rule in rules if rule["status"] == status]
        if own:
            cautions.append(
                Text(
                    f"{zh}（{len(own)} 条）：{'；'.join(rule['zh'] for rule in own)}。",
                    f"{en} ({len(own)}): {'; '.join(rule['en'] for rule in own)}.",
                )
            )
    changed = [rule for rule in rules if rule.get("own_pack")]
    cautions += map(change_words, changed)
    return Section(
        Text("规则与来源", "Rules and sources"),
        [Text(f"本报告共引用规则 {len(rules)} 条。", f"This report rests on {len(rules)} rules.")],
        cautions,
        [*_HEADINGS, _CHANGE] if changed else _HEADINGS,
        [_row(rule, with_change=bool(changed)) for rule in rules],
        anchor="rules",
        new_page=True,
    )


def _row(rule: dict[str, Any], *, with_change: bool) -> list[Cell]:
    value = _value(rule)
    before = NOTHING
    if rule.get("own_pack") and rule["pack"] and rule["replaced"] != rule["value"]:
        before = _REPLACED.filled(before=value_words(rule["replaced"], rule["unit"]))
    own = NOTHING
    if rule.get("own_pack"):
        why, name = rule["reason"], _OWN.filled(name=rule["own_pack"])
        own = Text(f"{name.zh}。{why}", f"{name.en}. {why}") if why else name
    document = languages(rule["document"]) if rule["document"] else _NO_DOCUMENT
    cells: list[Cell] = [
        Noted(Text(rule["zh"], rule["en"]), same(" · ".join(filter(None, (rule["id"], rule["pack"]))))),
        Noted(value, before),
        Noted(document, languages(rule["clause"])),
        rule["date"] or None,
        Marked(
            status_label(rule["status"]),
            *RULE_MARKS.get(rule["status"], ("", "#555")),
            note=second_hand(rule["status"], rule["clause"]),
        ),
    ]
    return [*cells, own if own.zh else None] if with_change else cells


def _value(rule: dict[str, Any]) -> Text:
    """Say the value of a rule; of presets, which are cited as a whole, where they stand."""
    if rule["value"] == "":
        table = next((words for start, words in _TABLES.items() if rule["id"].startswith(start)), None)
        return table or _ELSEWHERE.filled(pack=rule["pack"])
    return _VALUES.get(str(rule["value"])) or value_words(rule["value"], rule["unit"])
