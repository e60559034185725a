"""What speaks for or against a signal at each point: the best station and the measurements of every operator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .geodesy import geodesic_distance_m
from .measured import measured_level
from .reach import best_station
from .simulated_evidence import EVIDENCE, Received, grades
from .village_verdict import UNKNOWN, YES, PointSignal, Simulation, Unsimulated, point_signal

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Thresholds:
    """Where a point's signal counts as there; the numbers come from the rule packs.

    Attributes
    ----------
    level_dbm : float
        Measured or simulated level from which a point counts as covered.
    measured_within_m : float
        Geodesic metres within which a measurement speaks for a point.
    borderline_share, borderline_db, borderline_simulated_db : float
        Half width of the borderline band: share of the radius, dB of a measurement, dB of a simulation.
    """

    level_dbm: float
    measured_within_m: float
    borderline_share: float
    borderline_db: float
    borderline_simulated_db: float


@dataclass(frozen=True)
class PointEvidence:
    """Everything known of p points for o operators.

    Attributes
    ----------
    lon, lat : numpy.ndarray of float64, shape (p,)
        Degrees, CGCS2000; NaN where a point has no place.
    station : numpy.ndarray of int64, shape (p, o)
        Row of the operator's station with the largest margin, -1 where it has none.
    radius_m, margin_m : numpy.ndarray of float64, shape (p, o)
        That station's radius, and radius minus geodesic distance.
    level_dbm : numpy.ndarray of float64, shape (p, o)
        Measured level, NaN where nothing was measured.
    day : numpy.ndarray of object, shape (p, o)
        ISO date of the measurement.
    signal : PointSignal
        What follows from it all.
    by_distance : PointSignal
        What would follow without simulation.
    received : Received or None
        What was simulated.
    """

    lon: Floats
    lat: Floats
    station: Rows
    radius_m: Floats
    margin_m: Floats
    level_dbm: Floats
    day: Objects
    signal: PointSignal
    by_distance: PointSignal
    received: Received | None = None


def has_code(table: pd.DataFrame, column: str, code: str) -> Flags:
    """Tell which rows have `code` in a column of codes joined by ";"."""
    known = {text: code in text.split(";") for text in table[column].dropna().unique()}  # few texts, many rows
    return table[column].map(known).fillna(False).to_numpy(bool)


def gather(
    points: pd.DataFrame,
    stations: pd.DataFrame,
    measurements: pd.DataFrame,
    has_data: Flags,
    *,
    operators: Sequence[str],
    technology: str,
    thresholds: Thresholds,
    radius_m: float | None = None,
    received: Received | None = None,
    simulated_only: bool = False,
    checkpoint: Callable[[float], None],
) -> PointEvidence:
    """Find for each point and operator the best station and the measured level.

    Parameters
    ----------
    points : pandas.DataFrame
        ``lon, lat`` in degrees.
    stations : pandas.DataFrame
        ``operator, technology`` (codes joined by ";"), ``lon, lat, radius_m``; those that count now.
    measurements : pandas.DataFrame
        ``operator, technology, rsrp_dbm, measured_on, lon, lat``.
    has_data : numpy.ndarray of bool, shape (p, o)
        The operator's data extend over the point.
    operators, technology, thresholds
        Who and what is judged, and by which numbers.
    radius_m : float, optional
        One radius in metres in place of each station's own.
    received : Received, optional
        Simulated levels at these points from these stations.
    simulated_only : bool
        Where simulation cannot tell, distance does not step in.
    checkpoint : callable
        Gets the done fraction; may raise to cancel.
    """
    lon, lat = points["lon"].to_numpy(np.float64), points["lat"].to_numpy(np.float64)
    shape = (len(points), len(operators))
    station, radius, margin = np.full(shape, -1, dtype=np.int64), np.full(shape, np.nan), np.full(shape, np.nan)
    level, day = np.full(shape, np.nan), np.full(shape, None, dtype=object)
    of_technology = has_code(stations, "technology", technology)
    for column, operator in enumerate(operators):
        rows = np.flatnonzero(of_technology & has_code(stations, "operator", operator))
        own = stations.iloc[rows]
        own_radius = np.full(len(rows), radius_m) if radius_m else own["radius_m"].to_numpy(np.float64)
        best = best_station(
            lon,
            lat,
            own["lon"].to_numpy(np.float64),
            own["lat"].to_numpy(np.float64),
            own_radius,
            checkpoint=lambda done, column=column: checkpoint((column + done) / len(operators)),  # type: ignore[misc]
        )
        hit = best.station >= 0
        station[hit, column], radius[hit, column] = rows[best.station[hit]], own_radius[best.station[hit]]
        margin[:, column] = best.margin_m
        tests = measurements[(measurements["operator"] == operator) & (measurements["technology"] == technology)]
        found = measured_level(
            lon,
            lat,
            tests["lon"],
            tests["lat"],
            tests["rsrp_dbm"],
            tests["measured_on"],
            within_m=thresholds.measured_within_m,
        )
        level[:, column], day[:, column] = found.level_dbm, found.day

    def judged(simulation: Simulation | None) -> PointSignal:
        return point_signal(
            ~np.isnan(lon) & ~np.isnan(lat),
            margin,
            radius,
            level,
            has_data,
            threshold_dbm=thresholds.level_dbm,
            borderline_share=thresholds.borderline_share,
            borderline_db=thresholds.borderline_db,
            simulation=simulation,
        )

    by_distance = signal = judged(None)
    if received is not None:
        told = received.told(thresholds.level_dbm)
        silent = _unsimulated(lon, lat, stations, received, operators, technology)
        signal = judged(
            Simulation(received.level_dbm, told, thresholds.borderline_simulated_db, simulated_only, silent)
        )
        if silent is not None and signal.beside is not None:
            speaks = signal.beside & (silent.station >= 0) & ~(signal.simulated & (received.station >= 0))
            station = np.where(speaks, silent.station, station)
            radius, margin = np.where(speaks, silent.radius_m, radius), np.where(speaks, silent.margin_m, margin)
    return PointEvidence(lon, lat, station, radius, margin, level, day, signal, by_distance, received)


def _unsimulated(
    lon: Floats, lat: Floats, stations: pd.DataFrame, received: Received, operators: Sequence[str], technology: str
) -> Unsimulated | None:
    """Find the best station, by radius, of those that cannot be simulated, and whether one is within their range."""
    if received.not_simulated is None or not len(received.not_simulated):
        return None
    shape = (len(lon), len(operators))
    station, radius, margin = np.full(shape, -1, dtype=np.int64), np.full(shape, np.nan), np.full(shape, np.nan)
    near = np.zeros(shape, dtype=bool)
    silent = np.zeros(len(stations), dtype=bool)
    silent[received.not_simulated] = True
    silent &= has_code(stations, "technology", technology) & stations[["lon", "lat"]].notna().all(axis=1).to_numpy()
    for column, operator in enumerate(operators):
        rows = np.flatnonzero(silent & has_code(stations, "operator", operator))
        own = stations.iloc[rows]
        places, reach = (own["lon"].to_numpy(np.float64), own["lat"].to_numpy(np.float64)), own["radius_m"]
        best = best_station(lon, lat, *places, reach.to_numpy(np.float64))
        hit = best.station >= 0
        station[hit, column] = rows[best.station[hit]]
        radius[hit, column] = reach.to_numpy(np.float64)[best.station[hit]]
        margin[:, column] = best.margin_m
        within = best_station(lon, lat, *places, np.full(len(rows), received.max_range_m)).margin_m
        near[:, column] = (within >= 0) | (best.margin_m >= 0)
    return Unsimulated(near, station, radius, margin)


def with_plan(now: PointSignal, planned: PointSignal) -> PointSignal:
    """Give the signal once the planned stations stand: they can only lift a point to YES."""
    lifted = (planned.state == YES) & (now.state != YES)
    none = np.zeros_like(lifted)
    beside = np.where(lifted, *(none if part.beside is None else part.beside for part in (planned, now)))
    return PointSignal(
        np.where(lifted, YES, now.state).astype(np.int8),
        np.where(lifted, planned.slack, now.slack),
        now.measured & ~lifted,
        np.where(lifted, planned.simulated, now.simulated),
        beside,
    )


def describe(evidence: PointEvidence, rows: Rows, operator: Rows, stations: pd.DataFrame) -> pd.DataFrame:
    """Say what the signal of one operator at each of n points rests on.

    Parameters
    ----------
    rows, operator : numpy.ndarray of int64, shape (n,)
        Point and column of the operator; -1 in either gives a row of empty cells.
    stations : pandas.DataFrame
        The table that `gather` was given, with ``station_id`` and ``in_service_date``.

    Returns
    -------
    pandas.DataFrame
        ``evidence`` (measured, simulated, distance or none), ``evidence_date``, ``nearest_station_id``, ``distance_m``
        (geodesic), ``margin_m`` and ``level_dbm`` (measured), n rows. The station is the best by the evidence named:
        by level where it is simulated and one is in range, else by radius; where nothing can be told, nothing is the
        evidence, whoever stands near. Where anything was simulated also
        ``simulated_dbm``, and ``sector`` (see `Received`, -1 for none) of what was received.
    """
    count = len(rows)
    text, number = np.full(count, None, dtype=object), np.full(count, np.nan)
    table = {
        "evidence": np.full(count, "none", dtype=object),
        "evidence_date": text,
        "nearest_station_id": text.copy(),
        "distance_m": number,
        "margin_m": number.copy(),
        "level_dbm": number.copy(),
    }
    known = np.flatnonzero((rows >= 0) & (operator >= 0))
    at = (rows[known], operator[known])
    simulated = evidence.signal.simulated[at]
    station = evidence.station[at]
    if evidence.received is not None:
        heard = simulated & (evidence.received.station[at] >= 0)
        station = np.where(heard, evidence.received.station[at], station)
    served = known[station >= 0]
    if len(served):
        own, at_served = stations.iloc[station[station >= 0]], (rows[served], operator[served])
        distance = geodesic_distance_m(
            evidence.lon[at_served[0]], evidence.lat[at_served[0]], own["lon"].to_numpy(), own["lat"].to_numpy()
        )
        table["evidence"][served] = "distance"
        table["evidence_date"][served] = own["in_service_date"].to_numpy(object)
        table["nearest_station_id"][served] = own["station_id"].to_numpy(object)
        table["distance_m"][served] = np.round(distance, 2)
        table["margin_m"][served] = np.round(evidence.radius_m[at_served] - distance, 2)
    if evidence.received is not None:
        table["evidence"][known[simulated]] = EVIDENCE[grades(evidence.signal)[at][simulated]]
        # The radius of a station decides nothing there, but that of one that cannot be simulated.
        radius_speaks = np.zeros(known.size, dtype=bool)
        if evidence.signal.beside is not None:
            radius_speaks = evidence.signal.beside[at] & (evidence.received.station[at] < 0)
        table["margin_m"][known[simulated & ~radius_speaks]] = np.nan
        table["simulated_dbm"], table["sector"] = np.full(count, np.nan), np.full(count, -1, dtype=np.int64)
        table["simulated_dbm"][known[simulated]] = np.round(evidence.received.level_dbm[at][simulated], 2)
        table["sector"][known[simulated]] = evidence.received.sector[at][simulated]
    untold = known[(evidence.signal.state[at] == UNKNOWN) & ~simulated]
    table["evidence"][untold] = "none"
    table["margin_m"][untold] = np.nan
    tested = known[evidence.signal.measured[at]]
    at_tested = (rows[tested], operator[tested])
    table["evidence"][tested] = "measured"
    table["evidence_date"][tested] = evidence.day[at_tested]
    table["level_dbm"][tested] = evidence.level_dbm[at_tested]
    return pd.DataFrame(table)
