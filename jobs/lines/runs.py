"""Stretches as a planner gets them: states, and the runs without a signal, with chainage, counties and reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.lines import Stretches, cut_lines, divide, gap_runs
from ...analysis.lines.drawn import places_at
from ...analysis.lines.stretches import last_begun
from ...analysis.lines.verdicts import PLANNED, REASONS
from ...analysis.simulated_evidence import EVIDENCE
from ...analysis.village_verdict import NO, UNKNOWN, YES
from .roads import Roads

STATES = {NO: "not_met", UNKNOWN: "cannot_tell", YES: "met"}
LEFT_OUT = 9
_ROAD = ("road_id", "route", "name", "road_class", "structure")
STATE_COLUMNS = (
    *(*_ROAD, "county_code", "service", "state", "state_after_plan", "reason", "evidence"),
    *("from_km", "to_km", "length_km", "rule_id", "unverified"),
)
GAP_COLUMNS = (
    *("rule_id", "unverified", *_ROAD, "county_codes", "service", "state", "reason", "evidence", "people"),
    *("run", "run_km", "from_km", "to_km", "length_km", "planned_km"),
)


class Drawn(NamedTuple):
    """Rows, their lines, and the middle of each, degrees."""

    rows: pd.DataFrame
    shapes: list[Any]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]


class Judging(NamedTuple):
    """By which rule pieces were judged: its id, whether it is not verified (0 or 1), and the service."""

    rule_id: str
    unverified: int
    service: str


def state_rows(roads: Roads, pieces: pd.DataFrame, by: Judging) -> Drawn:
    """Give one row a piece that counts: `STATE_COLUMNS`; tunnels too."""
    rows = _of_roads(roads, pieces["line"].to_numpy()).assign(
        county_code=pieces["county_code"].to_numpy(object),
        service=by.service,
        state=_words(pieces["state"], STATES),
        state_after_plan=_words(pieces["after"], STATES),
        reason=np.array(REASONS, dtype=object)[pieces["reason"]],
        evidence=_evidence(pieces["grade"].to_numpy()),
        from_km=np.round(pieces["from_m"].to_numpy() / 1000, 3),
        to_km=np.round(pieces["to_m"].to_numpy() / 1000, 3),
        length_km=np.round(pieces["length_m"].to_numpy() / 1000, 6),  # to a millimetre: sums agree with the scores
        rule_id=by.rule_id,
        unverified=by.unverified,
    )
    return _drawn(roads, rows[list(STATE_COLUMNS)], *(pieces[name].to_numpy() for name in ("line", "from_m", "to_m")))


def gap_rows(roads: Roads, pieces: pd.DataFrame, by: Judging, least_m: float) -> Drawn:
    """Give one row a stretch of a road on which a run without a signal, or one that cannot be told, goes: `GAP_COLUMNS`.

    A run goes on over the joints of features of one route and over county borders; it ends at tunnels. Runs shorter
    than `least_m` are left out. The reason is the one that holds for most of the stretch; ``planned_km`` is the part
    that planned stations cover.
    """
    tables, found, before = [], [], 0
    states = _states(roads, pieces)
    for state in (NO, UNKNOWN):
        runs = gap_runs(roads.lines, states, least_m=least_m, road=roads.routes, state=state)
        told = _told(pieces[(pieces["state"] == state) & ~pieces["is_tunnel"]], runs.line, runs.from_m, runs.to_m)
        tables.append(
            _of_roads(roads, runs.line).assign(
                rule_id=by.rule_id,
                unverified=by.unverified,
                county_codes=told["county_codes"].to_numpy(object),
                service=by.service,
                state=STATES[state],
                reason=told["reason"].to_numpy(object),
                evidence=told["evidence"].to_numpy(object),
                people=pd.array([pd.NA] * len(told), dtype="Int64"),
                run=runs.run + 1 + before,
                run_km=np.round(runs.run_m / 1000, 3),
                from_km=np.round(runs.from_m / 1000, 3),
                to_km=np.round(runs.to_m / 1000, 3),
                length_km=np.round((runs.to_m - runs.from_m) / 1000, 6),
                planned_km=np.round(told["planned_m"].to_numpy(np.float64) / 1000, 3),
            )[list(GAP_COLUMNS)]
        )
        before += int(runs.run.max(initial=-1)) + 1
        found.append(runs)
    where = (np.concatenate([runs[k] for runs in found]) for k in range(3))
    return _drawn(roads, pd.concat(tables, ignore_index=True), *where)


def _drawn(
    roads: Roads,
    rows: pd.DataFrame,
    line: npt.NDArray[np.int64],
    from_m: npt.NDArray[np.float64],
    to_m: npt.NDArray[np.float64],
) -> Drawn:
    if not len(line):
        return Drawn(rows, [], np.empty(0), np.empty(0))
    lon, lat = places_at(roads.lines, line, (from_m + to_m) / 2.0)
    return Drawn(rows, cut_lines(roads.lines, line, from_m, to_m), lon, lat)


def _states(roads: Roads, pieces: pd.DataFrame) -> Stretches:
    """Give the division by state; tunnels and what does not count are left out."""
    open_air = pieces[~pieces["is_tunnel"]]
    line, begin, end, state = (open_air[name].to_numpy() for name in ("line", "from_m", "to_m", "state"))
    return divide(roads.lines, line, begin, end, state, LEFT_OUT)


def _told(
    pieces: pd.DataFrame, line: npt.NDArray[np.int64], from_m: npt.NDArray[np.float64], to_m: npt.NDArray[np.float64]
) -> pd.DataFrame:
    """Sum up the pieces of each stretch: counties in the order of the chainage, main reason, evidence, planned length."""
    at, begin = pieces["line"].to_numpy(), pieces["from_m"].to_numpy()
    row = last_begun(line, from_m, at, begin)
    inside = row >= 0
    inside[inside] = (line[row[inside]] == at[inside]) & (begin[inside] < to_m[row[inside]])
    own = pieces[inside].assign(row=row[inside])
    by_row = own.groupby("row")
    counties = by_row["county_code"].agg(lambda codes: ";".join(dict.fromkeys(codes)))
    length = own.groupby(["row", "reason"])["length_m"].sum().reset_index()
    main = length.sort_values(["row", "length_m", "reason"], ascending=[True, False, True]).drop_duplicates("row")
    planned = length[length["reason"] == PLANNED].set_index("row")["length_m"]
    grade = by_row["grade"].agg(lambda grades: int(np.bitwise_or.reduce(grades.to_numpy())))
    rows = np.arange(len(line))
    return pd.DataFrame(
        {
            "county_codes": counties.reindex(rows).to_numpy(object),
            "reason": np.array(REASONS, dtype=object)[main.set_index("row")["reason"].reindex(rows).to_numpy(np.int64)],
            "evidence": _evidence(grade.reindex(rows).to_numpy(np.int64)),
            "planned_m": planned.reindex(rows, fill_value=0.0).to_numpy(np.float64),
        }
    )


def _of_roads(roads: Roads, line: npt.NDArray[np.int64]) -> pd.DataFrame:
    own = roads.table.iloc[line].reset_index(drop=True).rename(columns={"code": "route"})
    return own[list(_ROAD)]


def _words(values: pd.Series, words: dict[int, str]) -> npt.NDArray[np.object_]:
    return np.array([words[value] for value in range(len(words))], dtype=object)[values.to_numpy(np.int64)]


def _evidence(grade: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Name the evidence; None where nothing can be told."""
    words = EVIDENCE[grade]
    words[grade == 0] = None
    return np.asarray(words)


def routes_of(
    roads: Roads, pieces: pd.DataFrame, names: Sequence[str] = ("route", "name", "road_class")
) -> pd.DataFrame:
    """Give pieces the route they belong to: ``road`` (its number and class, or the road's own id), and what names it."""
    own = roads.table.rename(columns={"code": "route"})
    key = np.array([route or f"|{number}" for route, number in zip(roads.routes, own["road_id"])], dtype=object)
    bare = np.array([not route for route in roads.routes], dtype=bool)
    own = own.assign(road=key, route=own["route"].mask(bare, own["road_id"]))
    first = own.groupby("road", sort=False)[list(names)].first()  # of the features that say it
    found = pieces.assign(road=key[pieces["line"]])
    for name in names:
        found[name] = found["road"].map(first[name])
    return found
