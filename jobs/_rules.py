"""What every report says of the rules behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..layers.html_report import Section
from ..rules.pack import status_label
from ..text import Text


def plain(value: Any) -> Any:
    """Give None for a missing value, so that a report shows a dash."""
    return None if pd.isna(value) else value


def rule_section(rules: Sequence[dict[str, Any]]) -> Section:
    """List the rules that judged, each with its source and status."""
    unverified = [rule["id"] for rule in rules if rule["status"] != "verified"]
    cautions = (
        [
            Text(
                f"以下数值未经核实，仅供参考：{'、'.join(unverified)}。",
                f"These values are not verified: {', '.join(unverified)}.",
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
                f"{rule['value']} {rule['unit']}".strip(),
                rule["document"],
                rule["date"],
                status_label(rule["status"]),
            ]
            for rule in rules
        ],
    )
