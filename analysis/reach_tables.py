"""What a village reach run says of each village and point, as tables: verdicts in words, evidence by its name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from .point_evidence import PointEvidence, describe
from .simulated_evidence import DISTANCE, EVIDENCE
from .village_verdict import NO, UNKNOWN, YES, PointSignal, VillageVerdict

VERDICTS = np.array(["not_reached", "cannot_tell", "reached"], dtype=object)  # by NO, UNKNOWN, YES

Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Grades = npt.NDArray[np.int8]


def whole_evidence(
    deciding: npt.NDArray[np.object_], verdict: VillageVerdict, village: Rows, now: PointEvidence
) -> npt.NDArray[np.object_]:
    """Name the evidence of a village: a YES that rests on both kinds says so; a NO rests on its weakest point."""
    measured = now.signal.measured[np.arange(len(village)), np.maximum(verdict.operator, 0)[village]]
    located = ~np.isnan(now.lon)
    located_points = np.bincount(village[located], minlength=len(deciding))
    measured_points = np.bincount(village[located & measured], minlength=len(deciding))
    mixed = (verdict.state == YES) & (measured_points > 0) & (measured_points < located_points)
    return np.where(mixed, "measured+distance", deciding)


def with_seat(grade: Grades, verdict: VillageVerdict, by_seat: Flags) -> Grades:
    """Add the way by distance from the seat: a YES rests on the way that leads to it, a NO on both."""
    yes = np.where(by_seat, DISTANCE, grade)
    return np.where(verdict.state == YES, yes, np.where(verdict.state == NO, grade | DISTANCE, 0)).astype(np.int8)


def village_rows(
    villages: pd.DataFrame,
    points: pd.DataFrame,
    verdict: VillageVerdict,
    verdict_after: VillageVerdict,
    rows: pd.DataFrame,
    extent: Flags,
    operators: Sequence[str],
    signal: PointSignal,
) -> pd.DataFrame:
    """Give one row a village.

    Parameters
    ----------
    villages, points, extent, operators
        As in `judge`; `extent` is that of `data_extent`.
    verdict, verdict_after : VillageVerdict
        Now and after the plan; points count the rows of `points`.
    rows : pandas.DataFrame
        What `describe` says of each verdict, and ``rule_id``.
    signal : PointSignal
        Of all points.
    """
    village = points["village"].to_numpy()
    located = points[["lon", "lat"]].notna().all(axis=1).to_numpy()
    judged = np.bincount(village, minlength=len(villages))
    with_place = np.bincount(village[located], minlength=len(villages))
    reason = np.full(len(villages), "point_without_place", dtype=object)
    reason[village[((signal.state == UNKNOWN) & located[:, None] & extent[village]).any(axis=1)]] = "no_terrain"
    if signal.beside is not None:
        silent = (signal.state == UNKNOWN) & signal.beside & extent[village]
        reason[village[silent.any(axis=1)]] = "station_not_simulated"
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


def point_rows(
    points: pd.DataFrame,
    now: PointEvidence,
    after: PointSignal,
    stations: pd.DataFrame,
    operators: Sequence[str],
    has_data: Flags,
) -> pd.DataFrame:
    """One row a point; for the point itself any operator's signal is enough.

    As of villages, operators without data there speak only when they say YES: `has_data`, shape (p, o), tells who has.
    """
    state, among_best = _of_any(now.signal, has_data)
    depth = np.where(among_best, np.nan_to_num(now.signal.slack, nan=-np.inf), -np.inf)
    best = (among_best & (depth == depth.max(axis=1, initial=-np.inf)[:, None])).argmax(axis=1)
    rows = _with_named_no(describe(now, np.arange(len(points)), best, stations), state)
    codes = np.array(operators, dtype=object)
    if now.received is not None:
        heard = np.isfinite(now.signal.slack[np.arange(len(points)), best])
        rows["operator"] = np.where(heard, codes[best], None)
    return pd.DataFrame(
        {
            "point_id": points["point_id"],
            "village": points["village"],
            "kind": points["kind"],
            "name": points["name"],
            "verdict": VERDICTS[state],
            "verdict_after_plan": VERDICTS[_of_any(after, has_data)[0]],
            "covered_by": [";".join(codes[row]) for row in now.signal.state == YES],
            **{name: rows[name].to_numpy() for name in rows.columns},
            "lon": points["lon"],
            "lat": points["lat"],
        }
    )


def _of_any(signal: PointSignal, has_data: Flags) -> tuple[npt.NDArray[np.int8], Flags]:
    """Give the best state of each point among the operators that speak, and which of them, shape (p, o), give it."""
    speaks = has_data | (signal.state == YES)
    key = np.where(speaks, 3, 0) + signal.state
    best = key.max(axis=1, initial=UNKNOWN)
    return np.where(best >= 3, best - 3, UNKNOWN).astype(np.int8), key == best[:, None]


def add_simulated(
    villages: pd.DataFrame,
    points: pd.DataFrame,
    verdict: VillageVerdict,
    by_distance: VillageVerdict,
    grade: Grades,
    grade_after: Grades,
    threshold_dbm: float,
) -> None:
    """Name every mixture of evidence, and say what distance alone would."""
    villages["evidence"] = np.where(grade > 0, EVIDENCE[grade], villages["evidence"])
    villages["evidence_after_plan"] = EVIDENCE[grade_after]
    villages["verdict_by_distance"] = VERDICTS[by_distance.state]
    villages["point"], points["point"] = verdict.point, np.arange(len(points))
    for table in (villages, points):
        table["sector"] = table["sector"].astype(np.int64)
        decides = table["level_dbm"].fillna(table["simulated_dbm"]).to_numpy(np.float64)
        table["margin_db"] = np.round(decides - threshold_dbm, 2)
