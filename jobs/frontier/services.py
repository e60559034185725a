"""Which of the things on a frontier scoreboard have which service, by the judging of village reach."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.data_extent import units_of_codes
from ...analysis.reach import best_station
from ...analysis.scoreboard import any_of
from ...analysis.village_reach import Simulated, judge, required_points
from ...analysis.village_verdict import NO, UNKNOWN, YES
from ...engine.context import RunContext
from ...layers import inputs
from ...layers.codes import BASIC_OPERATORS
from ...layers.html_report import Section
from ...rules.pack import Pack, RadiusPreset
from ...rules.subjects import SCENES
from ...text import Text
from ..shared.stations import no_stations, radius_caution, read_stations
from ..shared.tables import read_rows
from .items import Items

States = npt.NDArray[np.int8]

RADIO_OF = {"5G": ("5G",), "4G": ("4G",), "mobile": ("4G", "5G"), "broadband": ("4G", "5G"), "gigabit_fibre": ()}
_STATE = {"not_reached": NO, "cannot_tell": UNKNOWN, "reached": YES}


class Judged(NamedTuple):
    """What one technology gives to every item, in the order of the items.

    Attributes
    ----------
    now, after : numpy.ndarray of int8, shape (n,)
        NO, UNKNOWN or YES; `after` with the stations under construction and planned.
    rows : pandas.DataFrame
        ``evidence, reason, operator`` and, with simulation, ``verdict_by_distance``.
    planned_day : numpy.ndarray of object, shape (n,)
        Day for which the station is planned that lifts the item; None where none does or its day is unknown.
    parts : Judged or None
        The same of the key points of places, in the order of `Items.parts`; such a place itself is the weakest of them.
    """

    now: States
    after: States
    rows: pd.DataFrame
    planned_day: npt.NDArray[np.object_]
    parts: Judged | None = None


class Basis(NamedTuple):
    """All technologies together with what they rest on.

    Attributes
    ----------
    by_technology : dict of Judged
    tables : dict of pandas.DataFrame
        Stations of `read_stations` by technology, each with the radii of that technology.
    rules : list of dict
        Cited, each once.
    presets : list of RadiusPreset
    newest : str
        Newest day in the data: in service or measured; "" where none is stated.
    newest_stations, newest_tests : int
        How many stations went into service, and how many measurements were taken, on that day.
    cautions : list of Text
        But for that of the radii, see `cautions.radius_cautions`.
    part_of : numpy.ndarray of int64, shape (p,)
        The item of each key point, ascending.
    sections : tuple of Section
        Of the simulation, for the report, one a technology; none without.
    """

    by_technology: dict[str, Judged]
    tables: dict[str, pd.DataFrame]
    rules: list[dict[str, Any]]
    presets: list[RadiusPreset]
    newest: str
    cautions: list[Text]
    part_of: npt.NDArray[np.int64]
    sections: tuple[Section, ...] = ()
    newest_stations: int = 0
    newest_tests: int = 0


def judge_items(context: RunContext, pack: Pack, items: Items, technologies: list[str]) -> Basis:
    """Judge every item for every technology.

    Parameters
    ----------
    pack : Pack
        The pack ``village_reach``.
    technologies : list of str
        Those that the rules of the scoreboard ask for.
    """
    tests = read_rows(context, "measurements", ["operator", "technology", "rsrp_dbm", "measured_on"], optional=True)
    tests = tests.dropna(subset=["lon", "lat", "rsrp_dbm", "measured_on"])
    if context["as_of"]:
        tests = tests[tests["measured_on"].astype(str) <= context["as_of"]]
    basis = Basis({}, {}, [], [], "", [], items.parts["item"].to_numpy(np.int64))
    sections: list[Section] = []
    tested, built = tests["measured_on"].astype(str), pd.Series(dtype=str)
    for number, technology in enumerate(technologies):
        own = with_technology(context, technology)
        run = _Run(own, pack, items, tests.reset_index(drop=True), number / len(technologies), 1 / len(technologies))
        basis.by_technology[technology] = run.judged
        basis.rules.extend(rule for rule in own.rules if rule not in basis.rules)
        basis.presets.extend(run.stations.presets)
        basis.cautions.extend(caution for caution in run.cautions if caution not in basis.cautions)
        table = basis.tables[technology] = run.stations.table
        built = table.loc[(table["phase"] == "now").to_numpy(bool), "in_service_date"].dropna().astype(str)
        sections += run.sections
    newest = max([*tested, *built], default="")
    return basis._replace(
        sections=tuple(sections),
        newest=newest,
        newest_stations=int((built == newest).sum()),
        newest_tests=int((tested == newest).sum()),
    )


def with_technology(context: RunContext, technology: str) -> RunContext:
    """Give the same run with one technology stated, as the jobs on one technology read it."""
    own = copy.copy(context)
    own.parameters = {**context.parameters, "technology": technology}
    own.rules = []
    return own


class _Run:
    """The judging of one technology."""

    def __init__(
        self, context: RunContext, pack: Pack, items: Items, tests: pd.DataFrame, start: float, share: float
    ) -> None:
        from ..village_reach import reach_rules

        technology = context["technology"]
        self._context, self._tests, self._shapes, self._shaped = context, tests, items.shapes, items.shaped
        self._rules, target, said = reach_rules(context, pack)
        context.rules[:] = [rule for rule in context.rules if not target or rule["id"] != target.id]
        known = inputs.layer_present(context, "base_stations")
        self.stations = read_stations(context) if known else no_stations(technology)
        self.sections: list[Section] = []
        general = [words for words in self.stations.cautions if words != radius_caution(context["radius_m"])]
        self.cautions = [*said, *(_of_technology(technology, words) for words in general)]

        large = items.settlements if technology == "4G" else None
        points = required_points(items.villages, items.key_points, large, self._rules.required_kinds)
        alone = _alone(items)
        own_points = alone.assign(village=np.arange(len(alone), dtype=np.int64))
        simulated = self._simulate(pd.concat([points, own_points], ignore_index=True))
        doing = Text(f"判定 {technology}", f"Judging {technology}")
        self._report = context.part(0.1 + 0.75 * (start + share * 0.5), 0.1 + 0.75 * (start + share), doing)
        cut = len(points)
        county = items.table["county_code"].to_numpy(object)
        of_villages, of_others = county[: len(items.villages)], _county_of_alone(items)
        in_villages = self._judge(items.villages, points, of_villages, _part(simulated, slice(0, cut)), seats=True)
        named = alone.rename(columns={"point_id": "village_code", "name": "village_name"})
        elsewhere = self._judge(named, own_points, of_others, _part(simulated, slice(cut, None)), seats=False)
        ids = np.concatenate([np.full(len(alone) - len(items.parts), None), items.parts["point_id"].to_numpy(object)])
        elsewhere["deciding_point"] = ids
        single = len(alone) - len(items.parts)
        parts = self._judged(elsewhere.iloc[single:].reset_index(drop=True))
        weakest = _weakest(items, parts)
        rows = pd.concat([in_villages, elsewhere.iloc[:single], weakest], ignore_index=True)
        self.judged = self._judged(rows)._replace(parts=parts)

    def _judged(self, rows: pd.DataFrame) -> Judged:
        now, after = (rows[name].map(_STATE).to_numpy(np.int8) for name in ("verdict", "verdict_after_plan"))
        return Judged(now, after, rows, self._days(rows, (now != YES) & (after == YES)))

    def _simulate(self, points: pd.DataFrame) -> Simulated | None:
        if not self._context["dem"] or self._context["evidence"] == "distance":
            return None
        from ..reach.simulation import ReachSimulation
        from ..reach.terrain import terrain_cautions

        simulation = ReachSimulation(self._context, self.stations, points, BASIC_OPERATORS)
        self.cautions += [_of_technology(self._context["technology"], words) for words in terrain_cautions(simulation)]
        self.sections.append(simulation.now.section)
        return simulation.simulated

    def _judge(
        self,
        rows: pd.DataFrame,
        points: pd.DataFrame,
        county: npt.NDArray[np.object_],
        simulated: Simulated | None,
        *,
        seats: bool,
    ) -> pd.DataFrame:
        """Judge villages by all their points, or single points, to which the distance to a committee means nothing.

        What lies in no county polygon is judged with the data of the county as which it counts.
        """
        rules = self._rules if seats else replace(self._rules, committee_distance_m=None)
        found = judge(
            rows,
            points,
            self.stations.table,
            self._tests,
            self._shapes,
            operators=BASIC_OPERATORS,
            rules=rules,
            simulated=simulated,
            counted_in=units_of_codes(county.tolist(), self._shaped),
            checkpoint=self._report,
        ).villages
        place = points.set_index("point_id")[["lon", "lat"]]
        place = place[~place.index.duplicated()].reindex(found["deciding_point"])
        for name in ("lon", "lat"):
            found[f"weak_{name}"] = np.where(place[name].notna(), place[name], found[name])
        return found

    def _days(self, rows: pd.DataFrame, lifted: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
        """Give the day of the planned station that reaches the weakest point of each lifted item best."""
        days = np.full(len(rows), None, dtype=object)
        table = self.stations.table
        later = table[((table["phase"] == "later") & table["radius_m"].notna()).to_numpy(bool)]
        best = best_station(
            rows.loc[lifted, "weak_lon"].to_numpy(np.float64),
            rows.loc[lifted, "weak_lat"].to_numpy(np.float64),
            *(later[name].to_numpy(np.float64) for name in ("lon", "lat", "radius_m")),
        ).station
        day = later["in_service_date"].to_numpy(object)
        said = [str(day[row]) if row >= 0 and day[row] else None for row in best.tolist()]
        days[np.flatnonzero(lifted)] = np.array(said, dtype=object)
        return days


def _alone(items: Items) -> pd.DataFrame:
    """List every point that is judged by itself: the items that are no village and have no parts, then the parts."""
    others = items.table.iloc[len(items.villages) :]
    single = others[~others["subject"].isin(SCENES).to_numpy(bool)].rename(columns={"subject": "kind"})
    columns = ["kind", "name", "lon", "lat"]
    rows = pd.concat([part[columns] for part in (single, items.parts) if len(part)] or [single[columns]])
    return rows.assign(point_id=[str(row) for row in range(len(rows))]).reset_index(drop=True)


def _county_of_alone(items: Items) -> npt.NDArray[np.object_]:
    """Give the county as which each row of `_alone` counts: a key point as its place does."""
    county = items.table["county_code"].to_numpy(object)
    others = items.table.iloc[len(items.villages) :]
    single = ~others["subject"].isin(SCENES).to_numpy(bool)
    return np.concatenate([county[len(items.villages) :][single], county[items.parts["item"].to_numpy(np.int64)]])


def _weakest(items: Items, parts: Judged) -> pd.DataFrame:
    """Give the rows of the places of scenes: of each its first key point with the lowest state, or nothing told."""
    first = len(items.table) - int(items.table["subject"].isin(SCENES).sum())
    count = len(items.table) - first
    if not count:
        return parts.rows.iloc[:0]
    row = items.parts["item"].to_numpy(np.int64) - first
    order = np.lexsort((np.arange(len(row)), parts.now, row))
    found, at = np.unique(row[order], return_index=True)
    rows = parts.rows.iloc[order[at]].set_axis(found).reindex(np.arange(count))
    bare = rows["verdict"].isna().to_numpy(bool)
    for name, value in {"verdict": "cannot_tell", "evidence": "none", "reason": "no_key_points"}.items():
        rows.loc[bare, name] = value
    rows["verdict_after_plan"] = np.array(["not_reached", "cannot_tell", "reached"], dtype=object)[
        _least(parts.after, row, count)
    ]
    own = items.table.iloc[first:]
    for name in ("lon", "lat"):
        rows[f"weak_{name}"] = rows[f"weak_{name}"].astype(np.float64).fillna(pd.Series(own[name].to_numpy(np.float64)))
    return rows


def _least(states: States, row: npt.NDArray[np.int64], count: int) -> States:
    """Join the states of parts: all must have it, and what has no part cannot be told."""
    found = np.full(count, YES, dtype=np.int8)
    np.minimum.at(found, row, states)
    found[~np.isin(np.arange(count), row)] = UNKNOWN
    return found


def _part(simulated: Simulated | None, rows: slice) -> Simulated | None:
    if simulated is None:
        return None
    return Simulated(simulated.now.at(rows), simulated.planned.at(rows), simulated.alone)


def _of_technology(technology: str, words: Text) -> Text:
    return Text(f"{technology}：{words.zh}", f"{technology}: {words.en}")


def service_states(service: str, basis: Basis, items: pd.DataFrame, *, planned: bool = False) -> States:
    """Give the state of every item for a service.

    Mobile is 4G or 5G, broadband fibre, 4G or 5G; the backhaul that a place states tells of its fibre, and only a flag of
    gigabit fibre of that. A place of a scene has a service where each of its key points has it.
    """
    if service == "gigabit_fibre":
        return gigabit_states(items)
    radio = [basis.by_technology[name] for name in RADIO_OF[service]]
    found = any_of(*(judged.after if planned else judged.now for judged in radio))
    parted = np.flatnonzero(items["subject"].isin(SCENES).to_numpy(bool))
    if len(parted):
        states = any_of(*(_of_parts(judged, planned) for judged in radio))
        found[parted] = _least(states, basis.part_of - parted[0], len(parted))
    return any_of(found, fibre_states(items)) if service == "broadband" else found


def _of_parts(judged: Judged, planned: bool) -> States:
    if judged.parts is None:
        return np.zeros(0, dtype=np.int8)
    return judged.parts.after if planned else judged.parts.now


def fibre_states(items: pd.DataFrame) -> States:
    """Tell by the stated backhaul or gigabit fibre whether fibre is there; UNKNOWN where neither is stated."""
    stated = items["backhaul"].to_numpy(object)
    known = items["backhaul"].notna().to_numpy(bool)
    there = (stated == "fibre") | (gigabit_states(items) == YES)
    return np.where(there, YES, np.where(known, NO, UNKNOWN)).astype(np.int8)


def gigabit_states(items: pd.DataFrame) -> States:
    """Tell by the flag of gigabit fibre; UNKNOWN where it is empty."""
    flag = items["gigabit"].to_numpy(np.float64)
    return np.where(np.isnan(flag), UNKNOWN, np.where(flag == 1, YES, NO)).astype(np.int8)
