"""On what a run judged: the evidence it used, the day of its data and its scope, so that two runs can be told apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..text import NOTHING, Text, same
from .runs import Run
from .words import EVIDENCE

_RESULT = "result.gpkg"
_NONE = "none"
_LISTED = 3  # counties are named up to so many
# One constant statement a job: what it judged one by one.
_COUNTS = {
    "frontier_scoreboard": "SELECT coalesce(evidence, 'none'), COUNT(*) FROM frontier_item GROUP BY 1",
    "village_reach": "SELECT coalesce(evidence, 'none'), COUNT(*) FROM village_reach GROUP BY 1",
}
_SCOPE = "SELECT coalesce(nullif(county_name, ''), county_code) FROM frontier_scope WHERE in_scope = 'in' ORDER BY county_code"
_COUNTED = Text("{kind} {n}", "{kind} {n}")
_BY = Text("依据：{kinds}", "Evidence: {kinds}")
_UNTIL = Text("数据截至 {day}", "data until {day}")
_STATED = Text("数据截至 {day}（指定）", "data until {day} (stated)")
_WHOLE = Text("范围：全部 {n} 个县", "all counties: {n}")
_SOME = Text("范围：{names}", "scope: {names}")
_MANY = Text("范围：{names} 等 {n} 个县", "scope: {names} and others, {n} counties")
_NO_COUNTY = Text("范围内没有县", "no county in scope")


@dataclass(frozen=True)
class Basis:
    """What a run rests on.

    Attributes
    ----------
    evidence : tuple of (str, int)
        Kinds of evidence with the number of single verdicts, the most frequent first, those without evidence last.
    day : Text
        The day that the data go up to; empty where none is told.
    scope : Text
        Which counties were judged; empty for a job that has no scope.
    """

    evidence: tuple[tuple[str, int], ...] = ()
    day: Text = NOTHING
    scope: Text = NOTHING

    def kinds(self) -> Text:
        """Name the kinds of evidence that were used, the most frequent first; empty for none."""
        single: dict[str, int] = {}
        for kind, count in self.evidence:
            for part in kind.split("+") if kind != _NONE else ():
                single[part] = single.get(part, 0) + count
        return _listed([_label(kind) for kind in sorted(single, key=lambda kind: -single[kind])])

    def counts(self) -> Text:
        """Name the kinds of evidence with how many verdicts rest on each; empty for none."""
        return _listed([_COUNTED.filled(kind=_label(kind), n=f"{count:,}") for kind, count in self.evidence])

    def line(self) -> Text:
        """Say everything: evidence with counts, day, scope."""
        counts = self.counts()
        return _joined(_BY.filled(kinds=counts) if counts.zh else NOTHING, self.day, self.scope)

    def short(self) -> Text:
        """Say it without counts, for where there is little room."""
        return _joined(self.kinds(), self.day, self.scope)

    def name(self) -> Text:
        """Say evidence and day alone, as a part of a name."""
        return _joined(self.kinds(), self.day)


def of(run: Run) -> Basis:
    """Read the basis of a run of the workspace."""
    return read(run.folder, run.job, run.parameters, run.summary)


def read(folder: Path, job: str, parameters: Mapping[str, Any], summary: Mapping[str, Any]) -> Basis:
    """Read the basis of a run; what its files do not tell stays empty.

    Parameters
    ----------
    folder : pathlib.Path
        Result folder.
    job : str
        Name of the job.
    parameters, summary : mapping
        As ``run.json`` has them.
    """
    if job not in _COUNTS:
        return Basis()
    path = folder / _RESULT
    try:
        evidence, inside = _told(str(path), path.stat().st_mtime_ns, job)
    except (OSError, sqlite3.Error):
        evidence, inside = (), None
    return Basis(evidence, _day(parameters, summary), _scope(parameters, summary, inside))


@lru_cache(maxsize=256)
def _told(path: str, _changed: int, job: str) -> tuple[tuple[tuple[str, int], ...], tuple[str, ...] | None]:
    """Count the evidence and name the counties in scope; a finished result stays as it is, and is read once."""
    with closing(sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
        rows = connection.execute(_COUNTS[job]).fetchall()
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'frontier_scope'").fetchone()
        inside = tuple(str(name) for (name,) in connection.execute(_SCOPE)) if there else None
    rows.sort(key=lambda row: (row[0] == _NONE, -row[1], row[0]))
    return tuple((str(kind), int(count)) for kind, count in rows), inside


def _day(parameters: Mapping[str, Any], summary: Mapping[str, Any]) -> Text:
    stated = parameters.get("as_of")
    if stated:
        return _STATED.filled(day=stated)
    day = summary.get("data_until")
    return _UNTIL.filled(day=day) if day else NOTHING


def _scope(parameters: Mapping[str, Any], summary: Mapping[str, Any], inside: tuple[str, ...] | None) -> Text:
    if not str(parameters.get("scope") or "").strip():
        number = summary.get("counties") or len(inside or ())
        return _WHOLE.filled(n=number) if number else NOTHING
    if inside is None:
        return NOTHING  # a result without the layer of its scope
    if not inside:
        return _NO_COUNTY
    names = _listed([same(name) for name in inside[:_LISTED]])
    return _SOME.filled(names=names) if len(inside) <= _LISTED else _MANY.filled(names=names, n=len(inside))


def _label(kind: str) -> Text:
    return EVIDENCE.get(kind, same(kind))


def _listed(parts: list[Text]) -> Text:
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _joined(*parts: Text) -> Text:
    told = [part for part in parts if part.zh]
    return Text("；".join(part.zh for part in told), "; ".join(part.en for part in told))
