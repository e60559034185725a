"""Which villages a network reaches: stations, key points and measurements in, one verdict a village out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from .data_extent import unit_of_points, within_data_extent
from .point_evidence import PointEvidence, Thresholds, describe, gather, has_code, with_plan
from .village_verdict import NO, UNKNOWN, YES, PointSignal, VillageVerdict, either, judge_villages

VERDICTS = np.array(["not_reached", "cannot_tell", "reached"], dtype=object)  # by NO, UNKNOWN, YES

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


class ReachResult(NamedTuple):
    """One row a village, in the order given, and one row a judged point."""

    villages: pd.DataFrame
    points: pd.DataFrame


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
        ``radius_m`` (of the technology that is judged), ``in_service_date, lon, lat``. All stations, of all
        technologies: they tell how far an operator's data extend.
    measurements : pandas.DataFrame
        ``operator, technology, rsrp_dbm, measured_on, lon, lat``.
    counties : numpy.ndarray of shapely polygons
        Units by which an operator's data are delivered; may be empty.
    operators : sequence of str
        The operators that count, in the order in which ties are broken.
    rules : ReachRules
    checkpoint : callable
        Gets the done fraction; may raise to cancel.

    Returns
    -------
    ReachResult
    """
    village = points["village"].to_numpy()
    extent = data_extent(villages, points, stations, counties, operators, rules.technology)

    built, to_come = (stations[stations["phase"] == phase] for phase in ("now", "later"))
    untested = measurements.iloc[:0]

    def evidence(
        at: Rows, own: pd.DataFrame, tests: pd.DataFrame, part: int, radius_m: float | None = None
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
            checkpoint=lambda done: checkpoint((part + done) / 4),
        )

    everywhere = np.arange(len(points))
    now, planned = evidence(everywhere, built, measurements, 0), evidence(everywhere, to_come, untested, 1)
    after = with_plan(now, planned)
    np.logical_or.at(extent, village, now.signal.measured)  # who measured there has data there
    verdict = judge_villages(village, now.signal, extent)
    verdict_after = judge_villages(village, after, extent)
    rows = describe(now, verdict.point, verdict.operator, built)
    rows["evidence"] = _whole_evidence(rows["evidence"].to_numpy(object), verdict, village, now)
    rows["rule_id"] = rules.rule_id

    if rules.committee_distance_m is not None:
        seats = np.flatnonzero(points["kind"].isin(("committee", "village")))
        near = evidence(seats, built, untested, 2, rules.committee_distance_m)
        near_planned = evidence(seats, to_come, untested, 3, rules.committee_distance_m)
        at_seat = judge_villages(village[seats], near.signal, extent)
        seat_rows = describe(near, at_seat.point, at_seat.operator, built)
        seat_rows["rule_id"] = rules.committee_rule_id
        at_seat = at_seat._replace(point=np.where(at_seat.point >= 0, seats[at_seat.point], -1))
        verdict, by_seat = either(verdict, at_seat)
        rows = rows.where(~np.broadcast_to(by_seat[:, None], rows.shape), seat_rows)
        seat_after = judge_villages(village[seats], with_plan(near, near_planned), extent)
        verdict_after, _ = either(verdict_after, seat_after)

    checkpoint(1.0)
    return ReachResult(
        _village_rows(villages, points, verdict, verdict_after, rows, extent, operators),
        _point_rows(points, now, after, built, operators),
    )


def data_extent(
    villages: pd.DataFrame,
    points: pd.DataFrame,
    stations: pd.DataFrame,
    counties: npt.NDArray[np.object_],
    operators: Sequence[str],
    technology: str,
) -> Flags:
    """Tell for each village and operator whether the operator's data extend over the village.

    A village without a place of its own lies where its first located point lies. An operator whose list holds no
    station of the technology at all has sent no data on it. Parameters as in `judge`.

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
    station_lon, station_lat = stations["lon"].to_numpy(np.float64), stations["lat"].to_numpy(np.float64)
    station_unit = unit_of_points(station_lon, station_lat, counties)
    of_technology = has_code(stations, "technology", technology)
    extent = np.zeros((len(villages), len(operators)), dtype=bool)
    for column, operator in enumerate(operators):
        own = has_code(stations, "operator", operator)
        if not (own & of_technology).any():
            continue
        reach_m = stations["radius_m"].to_numpy(np.float64)[own & of_technology].max(initial=0.0)
        extent[:, column] = within_data_extent(
            lon, lat, unit, station_lon[own], station_lat[own], station_unit[own], grow_m=reach_m
        )
    return extent


def _whole_evidence(
    deciding: npt.NDArray[np.object_], verdict: VillageVerdict, village: Rows, now: PointEvidence
) -> npt.NDArray[np.object_]:
    """Name the evidence of a village: a YES that rests on both kinds says so; a NO rests on its weakest point."""
    measured = now.signal.measured[np.arange(len(village)), np.maximum(verdict.operator, 0)[village]]
    located = ~np.isnan(now.lon)
    located_points = np.bincount(village[located], minlength=len(deciding))
    measured_points = np.bincount(village[located & measured], minlength=len(deciding))
    mixed = (verdict.state == YES) & (measured_points > 0) & (measured_points < located_points)
    return np.where(mixed, "measured+distance", deciding)


def _village_rows(
    villages: pd.DataFrame,
    points: pd.DataFrame,
    verdict: VillageVerdict,
    verdict_after: VillageVerdict,
    rows: pd.DataFrame,
    extent: Flags,
    operators: Sequence[str],
) -> pd.DataFrame:
    village = points["village"].to_numpy()
    located = points[["lon", "lat"]].notna().all(axis=1).to_numpy()
    judged = np.bincount(village, minlength=len(villages))
    with_place = np.bincount(village[located], minlength=len(villages))
    reason = np.full(len(villages), "point_without_place", dtype=object)
    reason[~extent.any(axis=1)] = "no_data"
    reason[(with_place == 0) & villages["lon"].isna().to_numpy()] = "no_place"
    reason[verdict.state != UNKNOWN] = None
    codes = np.array([*operators, None], dtype=object)
    rows = _with_named_no(rows, verdict.state)
    decides = points.reindex(verdict.point)  # a row of -1 gives empty cells
    return pd.DataFrame(
        {
            "village_code": villages["village_code"].to_numpy(object),
            "village_name": villages["village_name"].to_numpy(object),
            "verdict": VERDICTS[verdict.state],
            "verdict_after_plan": VERDICTS[verdict_after.state],
            "borderline": ((np.abs(verdict.slack) <= 1) & (verdict.state != UNKNOWN)).astype(np.int32),
            **{name: rows[name].to_numpy() for name in rows.columns},
            "operator": codes[verdict.operator],
            "operators_with_data": [";".join(codes[:-1][row]) for row in extent],
            "deciding_point": decides["point_id"].to_numpy(object),
            "deciding_kind": decides["kind"].to_numpy(object),
            "points_judged": judged,
            "points_without_place": judged - with_place,
            "basis": _basis(village, points["kind"].to_numpy(object), len(villages)),
            "reason": reason,
            "lon": villages["lon"].to_numpy(np.float64),
            "lat": villages["lat"].to_numpy(np.float64),
        }
    )


def _with_named_no(rows: pd.DataFrame, state: npt.NDArray[np.int8]) -> pd.DataFrame:
    """Say "distance" for a NO where no station stands at all: nobody is near enough, by the operators' own lists."""
    return rows.assign(evidence=rows["evidence"].mask((rows["evidence"] == "none") & (state == NO), "distance"))


def _basis(village: Rows, kind: npt.NDArray[np.object_], count: int) -> npt.NDArray[np.object_]:
    """Say at which points each village was judged: its key points, its own point, or both."""
    own, listed = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    own[village[kind == "village"]] = True
    listed[village[kind != "village"]] = True
    return np.where(own & listed, "key_points+village_point", np.where(own, "village_point", "key_points"))


def _point_rows(
    points: pd.DataFrame, now: PointEvidence, after: PointSignal, stations: pd.DataFrame, operators: Sequence[str]
) -> pd.DataFrame:
    """One row a point; for the point itself any operator's signal is enough."""
    state = now.signal.state.max(axis=1, initial=0)
    depth = np.where(now.signal.state == state[:, None], np.nan_to_num(now.signal.slack, nan=-np.inf), -np.inf)
    rows = _with_named_no(describe(now, np.arange(len(points)), depth.argmax(axis=1), stations), state)
    codes = np.array(operators, dtype=object)
    return pd.DataFrame(
        {
            "point_id": points["point_id"],
            "village": points["village"],
            "kind": points["kind"],
            "name": points["name"],
            "verdict": VERDICTS[state],
            "verdict_after_plan": VERDICTS[after.state.max(axis=1, initial=0)],
            "covered_by": [";".join(codes[row]) for row in now.signal.state == YES],
            **{name: rows[name].to_numpy() for name in rows.columns},
            "lon": points["lon"],
            "lat": points["lat"],
        }
    )
