"""From signals at key points to a verdict per village, in three-valued logic.

A state is NO, UNKNOWN or YES, ordered so that "all of" is the minimum and "any of" is the maximum (Kleene's strong
logic): a point that nobody can judge keeps a village from YES, but not from NO.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

NO, UNKNOWN, YES = 0, 1, 2

States = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


class PointSignal(NamedTuple):
    """What each of p points gets from each of o operators.

    Attributes
    ----------
    state : numpy.ndarray of int8, shape (p, o)
        NO, UNKNOWN or YES.
    slack : numpy.ndarray of float64, shape (p, o)
        How far from the other verdict, in borderline widths: |slack| <= 1 is borderline. NaN where unknown.
    measured, simulated : numpy.ndarray of bool, shape (p, o)
        The state rests on a measurement, or on a simulation; else on distance.
    beside : numpy.ndarray of bool, shape (p, o), or None
        Simulation says no YES, and a station that cannot be simulated is near: a YES is its own, by distance; a NO
        rests on distance too; where distance may not speak the state is UNKNOWN. None: nowhere.
    """

    state: States
    slack: Floats
    measured: Flags
    simulated: Flags
    beside: Flags | None = None


class Unsimulated(NamedTuple):
    """What the stations that cannot be simulated (such as those of 26 GHz) are to p points, for o operators.

    Attributes
    ----------
    near : numpy.ndarray of bool, shape (p, o)
        One stands within the largest range of the simulation, or its own radius reaches the point.
    station : numpy.ndarray of int64, shape (p, o)
        Row of the one with the largest margin, -1 for none.
    radius_m, margin_m : numpy.ndarray of float64, shape (p, o)
        That one's radius, and radius minus geodesic distance; NaN for none.
    """

    near: Flags
    station: Rows
    radius_m: Floats
    margin_m: Floats


class Simulation(NamedTuple):
    """What simulation says, as far as a verdict goes.

    Attributes
    ----------
    level_dbm : numpy.ndarray of float64, shape (p, o)
        NaN: no station in range.
    told : numpy.ndarray of bool, shape (p, o)
        The terrain is known as far as it could decide.
    borderline_db : float
        Half width of the borderline band.
    alone : bool
        Where it cannot tell, nobody can; else distance decides there.
    unsimulated : Unsimulated, optional
        They speak by distance, and with `alone` keep the points around from a NO.
    """

    level_dbm: Floats
    told: Flags
    borderline_db: float
    alone: bool
    unsimulated: Unsimulated | None = None


class VillageVerdict(NamedTuple):
    """The verdict on each of v villages and what it rests on.

    Attributes
    ----------
    state : numpy.ndarray of int8, shape (v,)
    operator : numpy.ndarray of int64, shape (v,)
        Column of the operator that serves the village, or comes closest to it; -1 where nobody can be named.
    point : numpy.ndarray of int64, shape (v,)
        Row of that operator's weakest point in the village, which decides; -1 where there is none.
    slack : numpy.ndarray of float64, shape (v,)
        That point's slack.
    """

    state: States
    operator: Rows
    point: Rows
    slack: Floats


def point_signal(
    located: Flags,
    margin_m: Floats,
    radius_m: Floats,
    level_dbm: Floats,
    has_data: Flags,
    *,
    threshold_dbm: float,
    borderline_share: float,
    borderline_db: float,
    simulation: Simulation | None = None,
) -> PointSignal:
    """Judge every point for every operator: a measurement goes before simulation, simulation before distance.

    Parameters
    ----------
    located : numpy.ndarray of bool, shape (p,)
        The point has coordinates.
    margin_m, radius_m : numpy.ndarray of float64, shape (p, o)
        Radius of the operator's best station for the point, and radius minus geodesic distance; NaN where the
        operator has no station.
    level_dbm : numpy.ndarray of float64, shape (p, o)
        Measured level in dBm, NaN where nothing was measured.
    has_data : numpy.ndarray of bool, shape (p, o)
        The operator's data extend over the point; without them neither distance nor simulation can say NO.
    threshold_dbm : float
        Level from which a measured or simulated point counts as covered.
    borderline_share, borderline_db : float
        Half width of the borderline band: share of the radius, and dB of a measurement.
    simulation : Simulation, optional

    Returns
    -------
    PointSignal
    """
    measured = ~np.isnan(level_dbm) & located[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        by_distance = np.where(np.isnan(margin_m), -np.inf, margin_m / (borderline_share * radius_m))
    simulated, beside = np.zeros_like(measured), np.zeros_like(measured)
    if simulation is not None:
        simulated = simulation.told & ~measured & located[:, None]
        received = (simulation.level_dbm - threshold_dbm) / simulation.borderline_db
        received = np.where(np.isnan(received), -np.inf, received)
        if simulation.unsimulated is not None:
            beside = simulated & simulation.unsimulated.near & (received < 0)
            received = _with_unsimulated(received, beside, simulation, borderline_share)
            simulated = simulated & ~(beside & (np.isnan(received) | (received >= 0)))
        instead = np.full_like(by_distance, np.nan) if simulation.alone else by_distance
        by_distance = np.where(simulated | beside, received, instead)
    slack = np.where(measured, (level_dbm - threshold_dbm) / borderline_db, by_distance)
    with np.errstate(invalid="ignore"):
        covered = slack >= 0
    state = np.where(covered, YES, np.where(has_data | measured, NO, UNKNOWN))
    unknown = (state == UNKNOWN) | ~located[:, None] | np.isnan(slack)
    return PointSignal(
        np.where(unknown, UNKNOWN, state).astype(np.int8),
        np.where(located[:, None], slack, np.nan),
        measured,
        simulated,
        beside,
    )


def _with_unsimulated(received: Floats, beside: Flags, simulation: Simulation, borderline_share: float) -> Floats:
    """Give the slack where a station that cannot be simulated is near: the better of both, or NaN where alone."""
    stations = simulation.unsimulated
    if stations is None:
        return received
    if simulation.alone:
        return np.where(beside, np.nan, received)
    with np.errstate(invalid="ignore", divide="ignore"):
        slack = stations.margin_m / (borderline_share * stations.radius_m)
    return np.where(beside, np.fmax(received, slack), received)


def judge_villages(village_of_point: Rows, signal: PointSignal, has_data: Flags) -> VillageVerdict:
    """Judge each village: at least one operator must serve all of its points.

    Parameters
    ----------
    village_of_point : numpy.ndarray of int64, shape (p,)
        Row of the village that each point belongs to.
    signal : PointSignal
        Shape (p, o).
    has_data : numpy.ndarray of bool, shape (v, o)
        The operator's data extend over the village. Operators without data there speak only when they say YES;
        where no operator has data and none says YES, the verdict is UNKNOWN.

    Returns
    -------
    VillageVerdict
        Ties go to the first operator and the first point.
    """
    villages, operators = has_data.shape
    state = np.full((villages, operators), YES, dtype=np.int8)
    np.minimum.at(state, village_of_point, signal.state)
    has_points = np.zeros(villages, dtype=bool)
    has_points[village_of_point] = True
    state[~has_points] = UNKNOWN

    worst = np.full((villages, operators), np.inf)
    np.fmin.at(worst, village_of_point, signal.slack)
    worst[np.isinf(worst) & (worst > 0)] = np.nan  # no located point at all

    # Sort key of an operator in its village: it speaks, then its state, then how far its worst point is from NO.
    speaks = has_data | (state == YES)
    key = np.where(speaks, 3, 0) + state
    best_key = key.max(axis=1, initial=-1)
    depth = np.where(key == best_key[:, None], np.nan_to_num(worst, nan=-np.inf), -np.inf)
    if not operators:
        nobody = np.full(villages, -1)
        return VillageVerdict(np.full(villages, UNKNOWN, np.int8), nobody, nobody, np.full(villages, np.nan))
    among_best = key == best_key[:, None]
    deepest = among_best & (depth == depth.max(axis=1)[:, None])
    best = deepest.argmax(axis=1)
    rows = np.arange(villages)
    verdict = np.where(speaks[rows, best], state[rows, best], UNKNOWN).astype(np.int8)
    slack = worst[rows, best]
    point = _weakest_point(village_of_point, signal, best, slack)
    named = (point >= 0) & (slack > -np.inf)  # an operator without any station or test there is nobody to name
    return VillageVerdict(verdict, np.where(named, best, -1), point, slack)


def either(first: VillageVerdict, second: VillageVerdict) -> tuple[VillageVerdict, Flags]:
    """Join two ways to pass a rule: per village the better one counts.

    Returns
    -------
    VillageVerdict
        The points of `second` keep their own row numbers: see the flag.
    numpy.ndarray of bool, shape (v,)
        True where `second` counts. A tie goes to the larger slack, then to `first`.
    """
    by_second = (second.state > first.state) | (
        (second.state == first.state)
        & (np.nan_to_num(second.slack, nan=-np.inf) > np.nan_to_num(first.slack, nan=-np.inf))
    )
    joined = VillageVerdict(
        np.where(by_second, second.state, first.state),
        np.where(by_second, second.operator, first.operator),
        np.where(by_second, second.point, first.point),
        np.where(by_second, second.slack, first.slack),
    )
    return joined, by_second


def _weakest_point(village_of_point: Rows, signal: PointSignal, operator: Rows, slack: Floats) -> Rows:
    """Find the first point whose slack for the village's operator is the village's slack."""
    own = signal.slack[np.arange(len(village_of_point)), operator[village_of_point]]
    decides = np.flatnonzero(own == slack[village_of_point])
    point = np.full(len(slack), -1, dtype=np.int64)
    point[village_of_point[decides[::-1]]] = decides[::-1]  # written backwards, so that the first one stays
    return point
