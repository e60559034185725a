"""What every report says of the rules behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...layers.html_report import Noted, Section
from ...rules.pack import RadiusPreset, Rule
from ...rules.status import status_words
from ...text import Text, languages
from .rule_words import rule_cautions, unverified_caution, value_words


def plain(value: Any) -> Any:
    """Give None for a missing value, so that a report shows a dash."""
    return None if pd.isna(value) else value


_SIGNS = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< "}
_TOLD_ONLY = Text("无目标值，只报告", "no target, only told")


def comparison_words(rule: Rule) -> Text:
    """Say a rule's value with its comparison."""
    if rule.comparison == "report":
        return _TOLD_ONLY
    words, sign = value_words(rule.value, rule.unit), _SIGNS.get(rule.comparison, "")
    return Text(sign + words.zh, sign + words.en)


CAUTION_LABELS = {
    "unverified": Text("取值未核实或类推", "Values not verified"),
    "caution": Text("提示", "Caution"),
}
_RESTS = Text("判定所用取值未核实，见报告", "Judged by unverified values, see the report")


def marked(rows: pd.DataFrame, rules: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Add ``unverified`` to the rows of a layer: 1 where the row rests on evidence and a cited value is not verified."""
    rests = _has_evidence(rows) & (unverified_caution(rules) is not None)
    return rows.assign(unverified=rests.astype(np.int32))


def cautioned(rows: pd.DataFrame, rules: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Add ``caution`` to the rows of a table for planners, in Chinese; empty where all values are verified."""
    return rows.assign(caution=_RESTS.zh if unverified_caution(rules) is not None else "")


def _has_evidence(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if "evidence" not in rows:
        return np.ones(len(rows), dtype=bool)
    return (rows["evidence"].notna() & (rows["evidence"] != "none")).to_numpy(bool)


def rule_section(rules: Sequence[dict[str, Any]]) -> Section:
    """List the rules that judged, each with its source and status."""
    return Section(
        Text("规则与来源", "Rules and sources"),
        cautions=rule_cautions(rules),
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
                languages(rule["document"]),
                rule["date"],
                # The word for unverified may not break: a column squeezed by its neighbours would cut it in two.
                Noted(status_words(rule["status"], rule["clause"]), whole=not rule["clause"]),
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
