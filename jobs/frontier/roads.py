"""Score the roads along the border: what stations cover of their length, county by county, and where nothing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...analysis.lines import Stretches, Verdicts, any_verdict
from ...analysis.lines.verdicts import NO_DATA
from ...analysis.scoreboard import ALL_COUNTIES, NO_COUNTY, tally_amounts
from ...analysis.village_verdict import NO, UNKNOWN, YES
from ...engine.context import RunContext
from ...layers import inputs
from ...layers.html_report import Section
from ...rules.pack import Rule
from ...text import Text, figure
from ..lines.judging import judge_roads, judging_cautions, sample_step, simulates
from ..lines.pieces import cut_pieces, in_scope
from ..lines.roads import Roads, read_roads
from ..lines.runs import GAP_COLUMNS, STATE_COLUMNS, Drawn, Judging, gap_rows, state_rows
from ..shared.stations import Stations
from .items import Items
from .packs import Packs
from .scope import Scope
from .score import target_of
from .services import RADIO_OF, Basis, with_technology

_CLASSES = ("national", "provincial")
_SHARE = (0.88, 0.94)  # of the job's progress, for the simulation


class RoadScores(NamedTuple):
    """The score of roads.

    Attributes
    ----------
    rows : list of dict
        As those of points, in km. Tunnels are in none of them.
    states, gaps : Drawn
        Every stretch that counts, tunnels too, and the runs that nothing covers or that cannot be told.
    cautions : list of Text
    rules : list of Rule
        How length was counted and sampled.
    sections : list of Section
        Of the simulation, for the report.
    """

    rows: list[dict[str, Any]]
    states: Drawn
    gaps: Drawn
    cautions: list[Text]
    rules: list[Rule]
    sections: list[Section]


def score_roads(
    context: RunContext, rules: Sequence[Rule], items: Items, scope: Scope, basis: Basis, packs: Packs
) -> RoadScores:
    """Score every rule on border roads, by simulated levels or by distance as the evidence of the run says.

    Without such roads in the data there are no rows. What is cited by the simulation is added to the rules of `basis`.
    """
    states, gaps = _joined([], STATE_COLUMNS), _joined([], GAP_COLUMNS)
    if not rules or not inputs.layer_present(context, "roads"):
        return RoadScores([], states, gaps, [], [], [])
    roads = read_roads(context, packs.roads, items.shapes, _CLASSES, border_only=True)
    if not len(roads.table):
        return RoadScores([], states, gaps, roads.cautions, [], [])
    inside = np.append(np.isin(items.shaped, scope.counties), scope.everything)
    judges = _Judges(context, roads, items, basis, packs, in_scope(roads, inside))
    rows: list[dict[str, Any]] = []
    drawn: list[tuple[Drawn, Drawn]] = []
    tunnel_m = 0.0
    for rule in rules:
        pieces = cut_pieces(roads, judges.verdicts(rule.service), items.shaped, inside)
        rows.extend({"rule_id": rule.id, "unit": "km", **row} for row in _tallies(rule, pieces, scope))
        by = Judging(rule.id, int(rule.status != "verified"), rule.service)
        drawn.append((state_rows(roads, pieces, by), gap_rows(roads, pieces, by, 0.0)))
        tunnel_m = float(pieces.loc[pieces["is_tunnel"], "length_m"].sum())
    cautions = [*roads.cautions, *judges.cautions]
    if tunnel_m:
        cautions.append(
            Text(
                f"沿边国道、省道的隧道 {figure(tunnel_m / 1000, 2)} km 另计，不进入里程和比例：室外信号不能说明隧道内的情况。",
                f"Tunnels of {figure(tunnel_m / 1000, 2)} km on national and provincial roads along the border stand apart, in no length or share: a "
                "signal outdoors says nothing of the inside.",
            )
        )
    return RoadScores(
        rows,
        _joined([state for state, _ in drawn], STATE_COLUMNS),
        _joined([gap for _, gap in drawn], GAP_COLUMNS),
        cautions,
        [*roads.rules, *judges.rules],
        judges.sections,
    )


def road_jobs(roads: RoadScores, county_names: Mapping[str, str]) -> pd.DataFrame:
    """Give the gaps of roads as rows of the job list, those not met first, the longest first.

    A row is one stretch of one road; it lies in the county where it begins, its place is its middle.
    """
    gaps = roads.gaps.rows.assign(lon=roads.gaps.lon, lat=roads.gaps.lat)
    gaps["untold"] = gaps["state"] == "cannot_tell"
    order = ["untold", "run_km", "rule_id", "road_id", "from_km"]
    gaps = gaps.sort_values(order, ascending=[True, False, True, True, True], kind="stable", ignore_index=True)
    code = gaps["county_codes"].astype(object).map(lambda codes: codes.partition(";")[0])
    called = gaps["name"].where(gaps["name"].notna(), gaps["road_id"])
    return pd.DataFrame(
        {
            **{key: gaps[key] for key in ("rule_id", "service", "state", "reason", "evidence", "lon", "lat")},
            "length_km": gaps["length_km"].astype(float).round(3),
            "subject": "border_road",
            "item_id": gaps["road_id"],
            "name": [f"{name} {a:.3f}–{b:.3f} km" for name, a, b in zip(called, gaps["from_km"], gaps["to_km"])],
            "county_code": code,
            "county_name": code.map(dict(county_names)),
            "planned_year": None,
            "people": pd.array([pd.NA] * len(gaps), dtype="Int64"),
            "backhaul": None,
        }
    )


class _Judges:
    """The judging of roads, each technology once.

    Attributes
    ----------
    cautions, rules, sections
        Of the technologies that were asked for.
    """

    def __init__(
        self, context: RunContext, roads: Roads, items: Items, basis: Basis, packs: Packs, wanted: Stretches
    ) -> None:
        self._context, self._roads, self._items, self._basis = context, roads, items, basis
        self._packs, self._wanted = packs, wanted
        self._found: dict[str, Verdicts] = {}
        self._step_m, rule = sample_step(context, packs.roads)
        self.rules = [rule] if rule is not None and simulates(context) else []
        self.cautions: list[Text] = []
        self.sections: list[Section] = []

    def verdicts(self, service: str) -> Verdicts:
        """Judge the roads for a service; where no signal of stations tells of it, nothing can be told."""
        technologies = RADIO_OF[service]
        if not technologies:
            county = self._roads.county
            nothing = county._replace(value=np.zeros_like(county.value))
            return Verdicts(nothing, np.array([[UNKNOWN, UNKNOWN, 0, NO_DATA]]))
        return any_verdict(self._roads.lines, [self._judged(technology) for technology in technologies])

    def _judged(self, technology: str) -> Verdicts:
        if technology not in self._found:
            own = with_technology(self._context, technology)
            stations = Stations(self._basis.tables[technology], 0, [], [])
            found = judge_roads(
                own,
                self._roads,
                stations,
                self._items.shapes,
                self._step_m,
                self._wanted,
                reach=self._packs.reach,
                roads_pack=self._packs.roads,
                share=_SHARE,
            )
            self._found[technology] = found.verdicts
            self._basis.rules.extend(rule for rule in own.rules if rule not in self._basis.rules)
            if found.simulation is not None:
                said = judging_cautions(own, found, stations, self._step_m)
                named = (Text(f"{technology}：{words.zh}", f"{technology}: {words.en}") for words in said)
                self.cautions += [words for words in named if words not in self._basis.cautions]
                self.sections.append(found.simulation.now.section)
        return self._found[technology]


def _tallies(rule: Rule, pieces: pd.DataFrame, scope: Scope) -> list[dict[str, Any]]:
    """Weigh the lengths county by county and in total; tunnels do not count."""
    target, open_air = target_of(rule), pieces[~pieces["is_tunnel"]]
    codes = [*scope.counties, *([NO_COUNTY] if scope.everything and NO_COUNTY not in scope.counties else [])]
    rows = []
    for code in (*codes, ALL_COUNTIES):
        own = open_air if code == ALL_COUNTIES else open_air[(open_air["county_code"] == code).to_numpy(bool)]
        length, state = own["length_m"].to_numpy(np.float64), own["state"].to_numpy(np.int64)
        yes, no, unknown = (float(length[state == value].sum()) / 1000 for value in (YES, NO, UNKNOWN))
        rows.append({"county_code": code, **tally_amounts(yes, no, unknown, target)})
    return rows


def _joined(drawn: Sequence[Drawn], columns: Sequence[str]) -> Drawn:
    if not drawn:
        return Drawn(pd.DataFrame(columns=list(columns)), [], np.empty(0), np.empty(0))
    lon, lat = (np.concatenate([getattr(found, axis) for found in drawn]) for axis in ("lon", "lat"))
    shapes = [shape for found in drawn for shape in found.shapes]
    return Drawn(pd.concat([found.rows for found in drawn], ignore_index=True), shapes, lon, lat)
