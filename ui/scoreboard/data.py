"""The scoreboard of a frontier result as the panel shows it: indicators by class, each with its counties. No QGIS."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...jobs.frontier.words import STATUS_LABELS
from ...text import Text
from ..frontier import result as atlas_data
from ..frontier.result import ALL, NO_COUNTY, Score

COUNTS = ("in_scope", "met", "not_met", "cannot_tell")


@dataclass(frozen=True)
class Indicator:
    """One indicator: all counties together, and county by county."""

    total: Score
    counties: tuple[Score, ...]


@dataclass(frozen=True)
class Scoreboard:
    """The scoreboard of a run, its indicators grouped by class, and what the run says of the rules it cites, by id."""

    indicators: tuple[Indicator, ...]
    rules: dict[str, dict[str, Any]]

    def subjects(self) -> list[str]:
        """Give the classes that are scored, in order."""
        return list(dict.fromkeys(item.total.subject for item in self.indicators))

    def counties(self) -> dict[str, Text]:
        """Give the counties by code."""
        return {score.county_code: score.county for item in self.indicators for score in item.counties}


def read(folder: Path) -> Scoreboard:
    """Read the scoreboard of a result folder.

    Raises
    ------
    InputError
        The result has no scoreboard, as one of an earlier version, its file cannot be read, or a verdict in it is none.
    """
    found = atlas_data.read(folder)
    _check(found.scores, found.geopackage)
    counties: dict[str, list[Score]] = {}
    for score in found.scores:
        is_nothing = score.county_code == NO_COUNTY and not score.in_scope  # nothing lies outside of the counties
        counties.setdefault(score.rule_id, []).extend([] if score.county_code == ALL or is_nothing else [score])
    whole = [Indicator(total, tuple(counties[total.rule_id])) for total in found.indicators()]
    place = {subject: row for row, subject in enumerate(dict.fromkeys(item.total.subject for item in whole))}
    whole.sort(key=lambda item: place[item.total.subject])  # one class together, else the order of the pack
    return Scoreboard(tuple(whole), {str(rule.get("id")): rule for rule in found.rules})


def _check(scores: tuple[Score, ...], path: Path) -> None:
    remedy = Text("请重新运行“宽带边疆计分”。", "Run the frontier scoreboard again.")
    totals = [score.rule_id for score in scores if score.county_code == ALL]
    for score in scores:
        if score.status not in STATUS_LABELS:
            raise InputError(
                Text(
                    "{path} 的计分表中，规则 {rule} 的结论“{status}”不是已知的取值（{known}）。",
                    "In the scoreboard of {path} rule {rule} has the status “{status}”, which is none of {known}.",
                ).filled(path=path, rule=score.rule_id, status=score.status, known=", ".join(STATUS_LABELS)),
                remedy,
            )
        if totals.count(score.rule_id) != 1:
            raise InputError(
                Text(
                    "{path} 的计分表中，规则 {rule} 应有一行合计，实有 {n} 行。",
                    "In the scoreboard of {path} rule {rule} should have one row of the total, and has {n}.",
                ).filled(path=path, rule=score.rule_id, n=totals.count(score.rule_id)),
                remedy,
            )
