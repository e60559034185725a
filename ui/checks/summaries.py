"""One line that says what the check of a package found, and the words of its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...layers.delivery.checking.rules import LEVELS
from ...text import NOTHING, Text

_KEYS = ("features", "findings", "rules_run", "rules_not_run")
_FOUND = Text(
    "{features} 个要素，运行 {run} 条规则，发现 {found} 个问题：{levels}{rest}",
    "Features: {features}, rules run: {run}; found: {found} ({levels}){rest}",
)
_NOTHING = Text(
    "{features} 个要素，运行 {run} 条规则，未发现问题{rest}",
    "Features: {features}, rules run: {run}; nothing found{rest}",
)
_LEVEL = Text("{level} {n} 个", "{level}: {n}")
_SHORT = {level: Text(label.zh.partition("（")[0], label.en.partition(" (")[0]) for level, label in LEVELS.items()}
_REST = Text("；另有 {n} 条规则无法判断", "; rules that cannot be told: {n}")
FIGURES = {
    "profile": Text("成果规格", "Delivery profile"),
    "features": Text("要素数", "Features"),
    "rules": Text("各规则的问题数", "Findings by rule"),
    "rules_run": Text("已运行的规则", "Rules run"),
    "rules_not_run": Text("无法判断的规则", "Rules that cannot be told"),
}


def check_line(summary: dict[str, Any], number: Callable[[Any], Any]) -> Text:
    """Give the line for a summary; empty for one of another kind of run.

    Parameters
    ----------
    number : callable
        Writes a figure as a planner reads it.
    """
    if not set(_KEYS) <= summary.keys() or not isinstance(summary["findings"], dict):
        return NOTHING
    levels = {int(level): count for level, count in summary["findings"].items() if count}
    told = [_LEVEL.filled(level=_SHORT[level], n=number(count)) for level, count in sorted(levels.items())]
    cannot = len(summary["rules_not_run"])
    return (_FOUND if levels else _NOTHING).filled(
        features=number(summary["features"]),
        run=len(summary["rules_run"]),
        found=number(sum(levels.values())),
        levels=Text("，".join(one.zh for one in told), ", ".join(one.en for one in told)),
        rest=_REST.filled(n=cannot) if cannot else NOTHING,
    )
