"""How well a number is founded: its status, and the planner's words for it. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..text import Text, same

STATUSES = ("verified", "unverified", "by_analogy")

STATUS_LABELS = {
    "verified": Text("已核实", "verified"),
    "unverified": Text("未核实", "unverified"),
    "by_analogy": Text("类推", "by analogy"),
}


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
