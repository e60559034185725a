"""How every item of a frontier scoreboard stands, rule by rule, with the reason of what is not met or cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.village_verdict import NO, UNKNOWN, YES
from ...rules.pack import Rule
from ...rules.subjects import JOINED, classes_of
from .services import RADIO_OF, Basis, Judged, service_states

COLUMNS = (
    *("rule_id", "unverified", "subject", "service", "item_id", "name", "county_code", "county_name", "state"),
    *("reason", "planned_year", "deciding_point", "people", "backhaul", "evidence", "lon", "lat"),
)
_WHY = ("reason", "planned_year", "evidence", "deciding_point")
_STATE = {NO: "not_met", UNKNOWN: "cannot_tell", YES: "met"}


def item_rows(
    rules: Sequence[Rule],
    items: pd.DataFrame,
    in_scope: npt.NDArray[np.bool_],
    basis: Basis,
    county_names: Mapping[str, str],
    data_until: str = "",
) -> pd.DataFrame:
    """Give every item in scope with its state, one row an item and rule.

    Parameters
    ----------
    rules : sequence of Rule
        Those whose subject is a class of items.
    items : pandas.DataFrame
        Of `Items`.
    in_scope : numpy.ndarray of bool, shape (n,)
    basis : Basis
    county_names : mapping of code to name
    data_until : str
        Day on which the data stand, ISO; a station that was planned for an earlier one is overdue. "": not known.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`. ``deciding_point`` is the key point by which a village or a place of a scene is judged, and ``reason``
        (a key of `words.REASON_LABELS`); these and ``planned_year`` are None where the item is met. A village without a
        place of its own lies where it is judged.
    """
    parts = []
    for rule in rules:
        state = service_states(rule.service, basis, items)
        rows = np.flatnonzero(of_subject(rule.subject, items) & in_scope)
        after = service_states(rule.service, basis, items, planned=True)
        part = items.iloc[rows].assign(
            rule_id=rule.id,
            unverified=int(rule.status != "verified"),
            service=rule.service,
            state=[_STATE[value] for value in state[rows].tolist()],
        )
        for radio in basis.by_technology.values():
            part[["lon", "lat"]] = part[["lon", "lat"]].fillna(
                radio.rows.iloc[rows][["weak_lon", "weak_lat"]].set_axis(["lon", "lat"], axis=1).set_axis(part.index)
            )
        why = [
            _in_words(_why(rule.service, int(row), int(state[row]), int(after[row]), basis), data_until) for row in rows
        ]
        for place, name in enumerate(_WHY):
            part[name] = np.array([said[place] for said in why], dtype=object)
        parts.append(part)
    told = ("rule_id", "unverified", "service", "state", *_WHY)
    found = pd.concat([part for part in parts if len(part)] or [items.iloc[:0].assign(**dict.fromkeys(told))])
    found["county_name"] = found["county_code"].map(dict(county_names))
    return found.reset_index(drop=True)[list(COLUMNS)]


def listed_rules(rules: Sequence[Rule]) -> list[Rule]:
    """Leave out rules that only add up what others list: the same things with the same service, class by class."""
    single = {(rule.subject, rule.service) for rule in rules if rule.subject not in JOINED}
    return [
        rule
        for rule in rules
        if rule.subject not in JOINED or not {(name, rule.service) for name in JOINED[rule.subject]} <= single
    ]


def of_subject(subject: str, items: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which items a rule on a subject counts."""
    return items["subject"].isin(classes_of(subject)).to_numpy(bool)


_Why = tuple[str | None, str | None, str | None, str | None]


def _in_words(why: _Why, data_until: str) -> _Why:
    """Give the year in place of the day of a planned station, and say where the day has passed without it."""
    reason, day, evidence, point = why
    if reason != "planned" or not day:
        return why
    return "planned_overdue" if day < data_until else reason, day[:4], evidence, point


def _why(service: str, row: int, state: int, after: int, basis: Basis) -> _Why:
    """Say why an item lacks a service: reason, day of the planned station, evidence, deciding key point."""
    radio = [basis.by_technology[name] for name in RADIO_OF[service]]
    if not radio:
        reason = {YES: None, NO: "no_gigabit", UNKNOWN: "gigabit_unknown"}[state]
        return reason, None, None, None
    first, last = np.searchsorted(basis.part_of, (row, row + 1))
    if first == last:
        return _reason(radio, row, state, after)
    parts = [judged.parts for judged in radio if judged.parts is not None]
    now, then = (
        np.maximum.reduce([states[first:last] for states in told])
        for told in ([part.now for part in parts], [part.after for part in parts])
    )
    if state != YES and after == YES:
        lacking = first + np.flatnonzero(now != YES)
        days = [_day(parts, int(part)) for part in lacking]
        day = max(days) if all(days) else None
        return "planned", day, _evidence(parts[0], int(lacking[0])), _decides(parts[0], int(lacking[0]))
    weak = np.flatnonzero((now == state) & (then != YES)) if state != YES else np.flatnonzero(now == state)
    part = first + int(weak[0] if len(weak) else np.flatnonzero(now == state)[0])
    return _reason(parts, part, state, state)  # a station that lifts this point alone does not lift the place


def _day(radio: Sequence[Judged], row: int) -> str:
    """Give the first day for which a station is planned that lifts an item; "" where it is not known."""
    days = [found.planned_day[row] for found in radio if found.now[row] != YES and found.after[row] == YES]
    return min((day for day in days if day), default="")


def _reason(radio: Sequence[Judged], row: int, state: int, after: int) -> _Why:
    if state == YES:
        return None, None, _evidence_of_met(radio, row), None
    point = _decides(radio[0], row)
    if after == YES:
        return "planned", _day(radio, row) or None, _evidence(radio[0], row), point
    untold = [found for found in radio if found.now[row] == UNKNOWN]
    if state == UNKNOWN and untold:
        return str(untold[0].rows["reason"].iloc[row]), None, None, _decides(untold[0], row)
    if state == UNKNOWN:
        return "fibre_unknown", None, _evidence(radio[0], row), point
    evidence = _evidence(radio[0], row)
    if evidence == "measured":
        return "measured_weak", None, evidence, point
    rows = radio[0].rows
    if "verdict_by_distance" in rows and rows["verdict_by_distance"].iloc[row] == "reached":
        return "behind_terrain", None, evidence, point
    if evidence is not None and "simulated" in evidence.split("+"):
        return "weak_simulated", None, evidence, point
    return "no_station_in_range", None, evidence, point


def _evidence_of_met(radio: Sequence[Judged], row: int) -> str | None:
    """Give the evidence of the first technology that is there; None where only the stated fibre is."""
    return next((_evidence(found, row) for found in radio if found.now[row] == YES), None)


def _evidence(found: Judged, row: int) -> str | None:
    said = str(found.rows["evidence"].iloc[row])
    return None if said == "none" else said


def _decides(found: Judged, row: int) -> str | None:
    """Give the key point that decides; None where the item is judged at its own place."""
    said = found.rows["deciding_point"].iloc[row]
    return None if pd.isna(said) else str(said)
