"""What the reader of a scoreboard's tables must know of unverified values, row by row, and of national targets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from ...analysis.scoreboard import ALL_COUNTIES
from ...rules.pack import Rule
from ...text import Text
from ..shared.rules import comparison_words
from .words import CAUTION_LABELS

# The values that a kind of evidence rests on, by how the ids of their rules begin.
_BASIS = {
    "distance": ("signal_radius",),
    "measured": ("measured.level",),
    "simulated": ("measured.level", "radio."),
}


def unverified_ids(rules: Sequence[Mapping[str, Any]]) -> set[str]:
    """Give the ids of the cited rules that are not verified."""
    return {str(rule["id"]) for rule in rules if rule["status"] != "verified"}


def target_caution(rule: Rule) -> list[Text]:
    """Say that the target of a rule is no number of a document; nothing where it is."""
    return [CAUTION_LABELS[rule.status]] if rule.status in CAUTION_LABELS else []


def row_caution(rule: Rule, evidence: Any, unverified: Collection[str]) -> str:
    """Say in Chinese which unverified values stand behind one row; "" where none does."""
    starts = _BASIS.get(evidence, ())
    rests = [CAUTION_LABELS[start] for start in starts if any(name.startswith(start) for name in unverified)]
    return "；".join(words.zh for words in [*target_caution(rule), *rests])


def score_caution(rule: Rule, counted: bool, unverified: Collection[str]) -> str:
    """Say in Chinese which unverified values stand behind one row of the scoreboard."""
    judged = any(name.startswith(start) for starts in _BASIS.values() for start in starts for name in unverified)
    basis = [CAUTION_LABELS["basis"]] if counted and judged else []
    return "；".join(words.zh for words in [*target_caution(rule), *basis])


def national_cautions(rules: Sequence[Rule], score: pd.DataFrame, note: str) -> list[Text]:
    """Say of each national target what the workspace has, and that it is held against no county."""
    found = []
    for rule in rules:
        own = score[(score["rule_id"] == rule.id) & (score["county_code"] == ALL_COUNTIES) & (score["note"] == note)]
        for row in own[own["in_scope"].notna()].to_dict("records"):
            goal = comparison_words(rule)
            found.append(
                Text(
                    f"“{rule.name.zh}”是全国目标（{goal.zh}）：本数据共 {row['in_scope']} 处，达到 {row['met']} 处，只报告数量，不与各县比较。",
                    f"“{rule.name.en}” is a national target ({goal.en}): the data have {row['in_scope']} places, {row['met']} of them met; "
                    "the count is told and held against no county.",
                )
            )
    return found
