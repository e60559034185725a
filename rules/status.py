"""How well a number is founded: its status, and the planner's words for it. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..text import NOTHING, Text, same

STATUSES = ("verified", "unverified", "by_analogy")

STATUS_LABELS = {
    "verified": Text("已核实", "verified"),
    "unverified": Text("未核实", "unverified"),
    "by_analogy": Text("类推", "by analogy"),
}


# How the clause of a rule says that nobody read the document itself.
REPORTED = "据报道转述"
_SECOND_HAND = Text("据报道转述，未见原文", "as reported; the document itself was not seen")


def second_hand(status: str, clause: str) -> Text:
    """Say that a verified value was read in a report of the document alone; nothing where it was read in it."""
    return _SECOND_HAND if status == "verified" and REPORTED in clause else NOTHING


def status_words(status: str, clause: str) -> Text:
    """Give the planner's word for the status of a rule, with what a report alone is the source of."""
    label, why = status_label(status), second_hand(status, clause)
    return Text(f"{label.zh}（{why.zh}）", f"{label.en} ({why.en})") if why.zh else label


def status_label(status: str) -> Text:
    """Give the planner's word for the status of a rule."""
    return STATUS_LABELS.get(status, same(status))


def unverified_caution(rules: Iterable[Mapping[str, Any]]) -> Text | None:
    """Name the cited values that nobody has verified, or that are borrowed; None where all are verified."""
    open_rules = {rule["zh"]: rule["en"] for rule in rules if rule.get("status", "verified") != "verified"}
    if not open_rules:
        return None
    return Text(
        f"以下取值未经核实，仅供参考：{'；'.join(open_rules)}。",
        f"These values are not verified: {'; '.join(open_rules.values())}.",
    )
