"""What an atlas says: the scoreboard, gaps and rules of a finished frontier result, read without QGIS."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import InputError
from ...jobs.frontier.words import county_words
from ...jobs.shared.rule_words import value_words
from ...text import NOTHING, Text
from .. import run_basis
from ..run_basis import Basis

ALL, NO_COUNTY = "all", "none"  # county codes of the row of all counties, and of what lies in none
_JOB = "frontier_scoreboard"
_RESULT = "result.gpkg"
_AGAIN = Text(
    "请用当前版本重新运行“宽带边疆计分”，再生成图册。", "Run the frontier scoreboard again with this version."
)
# One constant statement a table: what is read is what the result holds, in its order.
_SCORE = "SELECT * FROM frontier_score ORDER BY fid"
_GAPS = 'SELECT * FROM frontier_gap ORDER BY "rank"'
_SCOPE = "SELECT county_code, county_name, in_scope, reason, reason_en FROM frontier_scope ORDER BY county_code"
_BACKHAUL = "SELECT * FROM frontier_backhaul WHERE county_code = 'all' ORDER BY fid"
# Without a place is a geometry that is missing, or whose flag says that it is empty (GeoPackage 1.3, 2.1.3.1.1).
_PLACELESS = (
    "SELECT rule_id, COUNT(*) AS n FROM frontier_item WHERE geom IS NULL OR hex(substr(geom, 4, 1)) IN ('10', '11') "
    "GROUP BY rule_id"
)
_PLACELESS_HERE = (
    "SELECT county_code, COUNT(*) AS n FROM frontier_item WHERE geom IS NULL OR hex(substr(geom, 4, 1)) IN ('10', '11') "
    "GROUP BY county_code"
)


@dataclass(frozen=True)
class Score:
    """One row of the scoreboard: one indicator in one county, or in all of them.

    Attributes
    ----------
    in_scope, met, not_met, cannot_tell, shortfall, shortfall_at_most : float or None
        In `unit` (items, km or km²); None where nothing could be counted.
    status : str
        ``met, short, cannot_tell, none_listed`` or ``no_target``.
    note : str
        Why nothing is counted or asked: a key of `jobs.frontier.words.NOTE_LABELS`, or empty.
    caution : str
        Which unverified values it rests on, in Chinese: labels of `jobs.frontier.words.CAUTION_LABELS`, joined.
    target_before : Text
        What the target was before a pack of the planner's own changed it; empty where none did.
    """

    rule_id: str
    name: Text
    subject: str
    county_code: str
    county_name: str
    unit: str
    in_scope: float | None
    met: float | None
    not_met: float | None
    cannot_tell: float | None
    ratio_percent: float | None
    target_percent: float | None
    shortfall: float | None
    shortfall_at_most: float | None
    status: str
    rule_status: str
    note: str = ""
    caution: str = ""
    target_before: Text = NOTHING

    @property
    def judged(self) -> float | None:
        """What could be judged, met or not: all but what cannot be told, to the digits of the scoreboard."""
        if self.in_scope is None or self.cannot_tell is None:
            return None
        return round(self.in_scope - self.cannot_tell, 3)

    @property
    def county(self) -> Text:
        """The county's name."""
        return county_words(self.county_code, self.county_name)


@dataclass(frozen=True)
class Result:
    """A finished frontier result.

    Attributes
    ----------
    scores : tuple of Score
        In the order of the result.
    gaps : tuple of dict
        The rows of ``frontier_gap``, by rank.
    backhaul : tuple of dict
        The rows of ``frontier_backhaul`` of all counties together.
    scope : dict
        Row of ``frontier_scope`` by county code.
    placeless, placeless_in : dict
        Number of items without a place, by rule and by county.
    tables : frozenset of str
        The layers that the result has.
    basis : run_basis.Basis
        The evidence that was used, the day of the data, and the scope.
    """

    folder: Path
    pack: str
    version: str
    data_until: str
    summary: dict[str, Any]
    rules: tuple[dict[str, Any], ...]
    scores: tuple[Score, ...]
    gaps: tuple[dict[str, Any], ...]
    backhaul: tuple[dict[str, Any], ...]
    scope: dict[str, dict[str, Any]]
    placeless: dict[str, int]
    placeless_in: dict[str, int]
    tables: frozenset[str]
    basis: Basis = field(default_factory=Basis)

    @property
    def geopackage(self) -> Path:
        """The file of the layers."""
        return self.folder / _RESULT

    def indicators(self) -> list[Score]:
        """Give the row of all counties of every indicator."""
        return [row for row in self.scores if row.county_code == ALL]

    def counties(self) -> list[str]:
        """Give the codes of the counties, each once; what lies in no county only where something does."""
        codes = dict.fromkeys(row.county_code for row in self.scores if row.county_code != ALL)
        return [code for code in codes if code != NO_COUNTY or any(row.in_scope for row in self.of_county(code))]

    def of_county(self, code: str) -> list[Score]:
        """Give the rows of one county."""
        return [row for row in self.scores if row.county_code == code]


def read(folder: Path) -> Result:
    """Read a finished frontier result.

    Parameters
    ----------
    folder : pathlib.Path
        Result folder of the job ``frontier_scoreboard``, with ``run.json`` and ``result.gpkg``.

    Raises
    ------
    InputError
        The folder holds no such result, or one of an earlier version without the table ``frontier_score``.
    """
    run = _run(folder)
    path = folder / _RESULT
    before = _targets_before(run.get("rules") or ())
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            tables = frozenset(row[0] for row in connection.execute("SELECT table_name FROM gpkg_contents"))
            if "frontier_score" not in tables:
                raise InputError(
                    Text(f"{path} 中没有计分表 frontier_score。", f"{path} has no table frontier_score."), _AGAIN
                )
            scores = tuple(_score(dict(row), before) for row in connection.execute(_SCORE))
            gaps = tuple(_rows(connection, _GAPS)) if "frontier_gap" in tables else ()
            scope = _rows(connection, _SCOPE) if "frontier_scope" in tables else []
            backhaul = _rows(connection, _BACKHAUL) if "frontier_backhaul" in tables else []
            items = "frontier_item" in tables
            placeless = _rows(connection, _PLACELESS) if items else []
            placeless_in = _rows(connection, _PLACELESS_HERE) if items else []
    except sqlite3.Error as error:
        raise InputError(
            Text(f"无法读取 {path}：{error}。", f"{path} cannot be read: {error}."),
            Text("请确认结果文件夹完整。", "Check that the result folder is complete."),
        ) from error
    summary = run.get("summary") or {}
    return Result(
        folder,
        Path(str((run.get("parameters") or {}).get("pack") or summary.get("pack") or "")).stem,
        str(run.get("plugin_version") or ""),
        str(summary.get("data_until") or ""),
        summary,
        tuple(run.get("rules") or ()),
        scores,
        gaps,
        tuple(backhaul),
        {str(row["county_code"]): row for row in scope},
        {str(row["rule_id"]): row["n"] for row in placeless},
        {str(row["county_code"]): row["n"] for row in placeless_in},
        tables,
        run_basis.read(folder, _JOB, run.get("parameters") or {}, summary),
    )


def _targets_before(rules: Iterable[dict[str, Any]]) -> dict[str, Text]:
    """Give the targets, by rule, that a pack of the planner's own has changed, as they were."""
    return {
        str(rule["id"]): value_words(rule["replaced"], str(rule.get("unit") or ""))
        for rule in rules
        if rule.get("own_pack") and rule.get("replaced") is not None and rule["replaced"] != rule.get("value")
    }


def _run(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        run = {}
    if not isinstance(run, dict) or run.get("job") != _JOB:
        raise InputError(
            Text(f"{folder} 不是“宽带边疆计分”的结果文件夹。", f"{folder} is not a result of the frontier scoreboard."),
            Text(
                "请选择该任务的结果文件夹（内有 run.json）。", "Choose a result folder of that job, with its run.json."
            ),
        )
    return run


def _rows(connection: sqlite3.Connection, statement: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(statement)]


def _score(row: dict[str, Any], before: dict[str, Text]) -> Score:
    zh = str(row["rule_name"] or row["rule_id"])
    return Score(
        rule_id=str(row["rule_id"]),
        name=Text(zh, str(row.get("rule_name_en") or zh)),
        subject=str(row["subject"] or ""),
        county_code=str(row["county_code"]),
        county_name=str(row["county_name"] or ""),
        unit=str(row["unit"] or ""),
        **{key: row[key] for key in _FIGURES},
        status=str(row["status"]),
        rule_status=str(row["rule_status"]),
        note=str(row.get("note") or ""),
        caution=str(row.get("caution") or ""),
        target_before=before.get(str(row["rule_id"]), NOTHING),
    )


_FIGURES = (
    *("in_scope", "met", "not_met", "cannot_tell", "ratio_percent", "target_percent"),
    *("shortfall", "shortfall_at_most"),
)


def one_language(words: str, language: str) -> str:
    """Give one half of words that a rule pack writes as “中文 / English”; words of one language stay whole."""
    parts = words.split(" / ")
    chinese = [bool(re.search(r"[\u3400-\u9fff]", part)) for part in parts]
    if chinese == [True, False]:
        return parts[0 if language == "zh" else 1]
    return words
