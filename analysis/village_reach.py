"""Which villages a network reaches: stations, key points and measurements in, one verdict a village out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from .data_extent import unit_of_points, within_box, within_units
from .point_evidence import PointEvidence, Thresholds, describe, gather, has_code, with_plan
from .reach_tables import add_simulated, point_rows, village_rows, whole_evidence, with_seat
from .simulated_evidence import Received, evidence_of_villages
from .village_verdict import PointSignal, either, judge_villages

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ReachRules:
    """What is judged and by which rule.

    Attributes
    ----------
    technology : str
        4G or 5G.
    thresholds : Thresholds
    required_kinds : tuple of str
        Kinds of key points that must be covered, where the village has them.
    rule_id : str
        The rule that judges by signal.
    committee_distance_m, committee_rule_id : float or None, str
        A station this near to the village committee is enough by itself (rule N07 for 4G), and that rule's id.
    """

    technology: str
    thresholds: Thresholds
    required_kinds: tuple[str, ...]
    rule_id: str
    committee_distance_m: float | None = None
    committee_rule_id: str = ""


class Simulated(NamedTuple):
    """What was simulated at all points.

    Attributes
    ----------
    now, planned : Received
        Of the stations of phase now and of phase later; `station` counts the rows of that phase.
    alone : bool
        Where simulation cannot tell, distance does not step in.
    """

    now: Received
    planned: Received
    alone: bool


class ReachResult(NamedTuple):
    """One row a village, in the order given, one row a judged point, and what each operator gives each point now.

    With simulation both also have ``simulated_dbm``, ``margin_db`` (of the level that decides, measured or simulated,
    over the threshold), ``sector`` and ``point`` (of the sector's list and of the table of points; -1 for none). The
    villages also have ``verdict_by_distance`` and ``evidence_after_plan``, the points ``operator`` (who is best there).
    """

    villages: pd.DataFrame
    points: pd.DataFrame
    signal: PointSignal


def required_points(
    villages: pd.DataFrame, key_points: pd.DataFrame, settlements: pd.DataFrame | None, kinds: Sequence[str]
) -> pd.DataFrame:
    """List the points at which a village's signal is judged.

    Parameters
    ----------
    villages, key_points : pandas.DataFrame
        With ``village_code``, ``lon``, ``lat``; key points also ``point_id``, ``kind``, ``name``. Points of other
        kinds, and of unknown villages, are left out.
    settlements : pandas.DataFrame or None
        Settlements that must be covered too, with ``settlement_id``, ``village_code``, ``name``.
    kinds : sequence of str
        Kinds of key points that count.

    Returns
    -------
    pandas.DataFrame
        ``point_id, village (row of the village), kind, name, lon, lat``. Where a village lists no committee, its own
        point stands for it, with kind ``village``: no village is reached without its seat being looked at.
    """
    row_of = pd.Series(np.arange(len(villages)), index=villages["village_code"].to_numpy())
    own = key_points[key_points["kind"].isin(kinds)].assign(village=lambda points: points["village_code"].map(row_of))
    own = own.dropna(subset="village")
    seats = own.loc[own["kind"] == "committee", "village_code"]
    bare = villages[~villages["village_code"].isin(seats)]
    parts = [
        own[["point_id", "village", "kind", "name", "lon", "lat"]],
        pd.DataFrame(
            {
                "point_id": bare["village_code"],
                "village": bare["village_code"].map(row_of),
                "kind": "village",
                "name": bare["village_name"],
                "lon": bare["lon"],
                "lat": bare["lat"],
            }
        ),
    ]
    if settlements is not None:
        known = settlements.assign(village=settlements["village_code"].map(row_of)).dropna(subset="village")
        parts.append(known.assign(kind="settlement", point_id=known["settlement_id"])[parts[0].columns.tolist()])
    points = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    points["village"] = points["village"].astype(np.int64)
    return points.sort_values(["village", "kind", "point_id"], kind="stable", ignore_index=True)


def judge(
    villages: pd.DataFrame,
    points: pd.DataFrame,
    stations: pd.DataFrame,
    measurements: pd.DataFrame,
    counties: npt.NDArray[np.object_],
    *,
    operators: Sequence[str],
    rules: ReachRules,
    simulated: Simulated | None = None,
    counted_in: Rows | None = None,
    checkpoint: Callable[[float], None],
) -> ReachResult:
    """Judge every village.

    Parameters
    ----------
    villages : pandas.DataFrame
        ``village_code, village_name, lon, lat`` (degrees, CGCS2000, NaN for no place).
    points : pandas.DataFrame
        From `required_points`.
    stations : pandas.DataFrame
        ``station_id, operator`` and ``technology`` (codes joined by ";"), ``phase`` (now, later or never),
        ``radius_m`` (of the technology that is judged), ``in_service_date, lon, lat``.
    measurements : pandas.DataFrame
        ``operator, technology, rsrp_dbm, measured_on, lon, lat``.
    counties : numpy.ndarray of shapely polygons
        Units by which an operator's data are delivered; may be empty.
    operators : sequence of str
        The operators that count, in the order in which ties are broken.
    rules : ReachRules
    simulated : Simulated, optional
        Levels at `points` for these operators.
    counted_in : numpy.ndarray of int64, shape (v,), optional
        See `data_extent`.
    checkpoint : callable
        Gets the done fraction; may raise to cancel.

    Returns
    -------
    ReachResult
    """
    village = points["village"].to_numpy()
    extent = data_extent(villages, points, stations, counties, operators, rules.technology, counted_in)

    built, to_come = (stations[stations["phase"] == phase] for phase in ("now", "later"))
    untested = measurements.iloc[:0]

    def evidence(
        at: Rows,
        own: pd.DataFrame,
        tests: pd.DataFrame,
        part: int,
        received: Received | None,
        radius_m: float | None = None,
    ) -> PointEvidence:
        return gather(
            points.iloc[at],
            own,
            tests,
            extent[village[at]],
            operators=operators,
            technology=rules.technology,
            thresholds=rules.thresholds,
            radius_m=radius_m,
            received=received,
            simulated_only=simulated is not None and simulated.alone,
            checkpoint=lambda done: checkpoint((part + done) / 4),
        )

    everywhere = np.arange(len(points))
    now = evidence(everywhere, built, measurements, 0, simulated.now if simulated else None)
    planned = evidence(everywhere, to_come, untested, 1, simulated.planned if simulated else None)
    after = with_plan(now.signal, planned.signal)
    np.logical_or.at(extent, village, now.signal.measured)  # who measured there has data there
    verdict = judge_villages(village, now.signal, extent)
    verdict_after = judge_villages(village, after, extent)
    by_distance = judge_villages(village, now.by_distance, extent)
    rows = describe(now, verdict.point, verdict.operator, built)
    rows["evidence"] = whole_evidence(rows["evidence"].to_numpy(object), verdict, village, now)
    located = ~np.isnan(now.lon)
    grade = evidence_of_villages(village, located, now.signal, verdict, extent)
    grade_after = evidence_of_villages(village, located, after, verdict_after, extent)
    rows["rule_id"] = rules.rule_id

    if rules.committee_distance_m is not None:
        seats = np.flatnonzero(points["kind"].isin(("committee", "village")))
        near = evidence(seats, built, untested, 2, None, rules.committee_distance_m)
        near_planned = evidence(seats, to_come, untested, 3, None, rules.committee_distance_m)
        at_seat = judge_villages(village[seats], near.signal, extent)
        seat_rows = describe(near, at_seat.point, at_seat.operator, built)
        seat_rows["rule_id"] = rules.committee_rule_id
        if simulated:
            seat_rows["simulated_dbm"], seat_rows["sector"] = np.nan, -1
        at_seat = at_seat._replace(point=np.where(at_seat.point >= 0, seats[at_seat.point], -1))
        verdict, by_seat = either(verdict, at_seat)
        rows = rows.where(~np.broadcast_to(by_seat[:, None], rows.shape), seat_rows[rows.columns])
        seat_after = judge_villages(village[seats], with_plan(near.signal, near_planned.signal), extent)
        verdict_after, seat_is_enough = either(verdict_after, seat_after)
        by_distance, _ = either(by_distance, at_seat)
        grade = with_seat(grade, verdict, by_seat)
        grade_after = with_seat(grade_after, verdict_after, seat_is_enough)

    checkpoint(1.0)
    result = ReachResult(
        village_rows(villages, points, verdict, verdict_after, rows, extent, operators, now.signal),
        point_rows(points, now, after, built, operators, extent[village]),
        now.signal,
    )
    if simulated:
        add_simulated(
            result.villages, result.points, verdict, by_distance, grade, grade_after, rules.thresholds.level_dbm
        )
    return result


def data_extent(
    villages: pd.DataFrame,
    points: pd.DataFrame,
    stations: pd.DataFrame,
    counties: npt.NDArray[np.object_],
    operators: Sequence[str],
    technology: str,
    counted_in: Rows | None = None,
) -> Flags:
    """Tell for each village and operator whether the operator's data extend over the village.

    They do where the operator has a station of the technology in service in the county of the village: operators hand
    in their tables by county, and what is only planned, or was taken down, says nothing of what is there. Without any
    counties, they do in the box of those stations, grown by the largest of their radii. A village without a place of
    its own lies where its first located point lies. Parameters as in `judge`.

    Parameters
    ----------
    counted_in : numpy.ndarray of int64, shape (v,), optional
        The county, by its row, as which a village counts that lies in no county polygon; -1 where it is unknown or has
        no polygon. Without it, nothing is known of what lies in none.

    Returns
    -------
    numpy.ndarray of bool, shape (v, o)
    """
    place = villages[["lon", "lat"]].astype(np.float64).reset_index(drop=True)
    place = place.where(
        place.notna().all(axis=1), points.dropna(subset=["lon", "lat"]).groupby("village")[["lon", "lat"]].first()
    )
    lon, lat = place["lon"].to_numpy(), place["lat"].to_numpy()
    unit = unit_of_points(lon, lat, counties)
    if counted_in is not None:
        unit = np.where((unit < 0) & ~np.isnan(lon) & ~np.isnan(lat), counted_in, unit)
    speaking = has_code(stations, "technology", technology) & (stations["phase"] == "now").to_numpy(bool)
    station_lon, station_lat = stations["lon"].to_numpy(np.float64), stations["lat"].to_numpy(np.float64)
    station_unit = unit_of_points(station_lon, station_lat, counties)
    extent = np.zeros((len(villages), len(operators)), dtype=bool)
    for column, operator in enumerate(operators):
        own = speaking & has_code(stations, "operator", operator)
        if len(counties):
            extent[:, column] = within_units(unit, station_unit[own])
        else:
            reach_m = stations["radius_m"].to_numpy(np.float64)[own].max(initial=0.0)
            extent[:, column] = within_box(lon, lat, station_lon[own], station_lat[own], grow_m=reach_m)
    return extent
