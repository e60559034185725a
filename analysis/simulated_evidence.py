"""What simulation over terrain says of points, and where it can tell at all.

Evidence ranks measured, simulated, distance. A point's own ground must be known, and a NO needs every station in range:
one whose terrain is not known may hide a YES, unless it could not reach the threshold even unobstructed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .village_verdict import NO, YES, PointSignal, VillageVerdict

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DISTANCE, SIMULATED, MEASURED = 1, 2, 4
# By the sum of the grades that a verdict rests on.
EVIDENCE = np.array(
    [
        "none",
        "distance",
        "simulated",
        "simulated+distance",
        "measured",
        "measured+distance",
        "measured+simulated",
        "measured+simulated+distance",
    ],
    dtype=object,
)


# Between grades and ranks, both ways: a NO by simulation and distance is less well founded than one by simulation.
_RANK = np.array([0, DISTANCE, 3, 2, MEASURED], dtype=np.int8)


class Received(NamedTuple):
    """Simulated levels at p points from the stations of o operators.

    Attributes
    ----------
    level_dbm : numpy.ndarray of float64, shape (p, o)
        Of the operator's best sector; NaN where none is in range over known terrain.
    unknown_dbm : numpy.ndarray of float64, shape (p, o)
        A level that no sector behind unknown terrain exceeds, where it exceeds `level_dbm`; else NaN.
    sector, station : numpy.ndarray of int64, shape (p, o)
        The best sector's place in the caller's list, and the row of its station in the table that is judged; -1.
    ground : numpy.ndarray of bool, shape (p,)
        The elevation data know the point's own ground.
    not_simulated : numpy.ndarray of int64, shape (m,), or None
        Rows of the table that is judged whose stations serve the land around but cannot be simulated.
    max_range_m : float
        Of the simulation: how far such a station might be heard.
    """

    level_dbm: Floats
    unknown_dbm: Floats
    sector: Rows
    station: Rows
    ground: Flags
    not_simulated: Rows | None = None
    max_range_m: float = 0.0

    def at(self, points: slice) -> Received:
        """Give the same for some of the points."""
        return Received(
            self.level_dbm[points],
            self.unknown_dbm[points],
            self.sector[points],
            self.station[points],
            self.ground[points],
            self.not_simulated,
            self.max_range_m,
        )

    def filled(self, rows: Flags, other: Received, other_rows: Rows) -> Received:
        """Give the same with the points of `rows` taken from `other`, whose rows they are, in order."""

        def mixed(own: npt.NDArray, their: npt.NDArray) -> npt.NDArray:
            part = own.copy()
            part[rows] = their[other_rows]
            return part

        return self._replace(
            level_dbm=mixed(self.level_dbm, other.level_dbm),
            unknown_dbm=mixed(self.unknown_dbm, other.unknown_dbm),
            sector=mixed(self.sector, other.sector),
            station=mixed(self.station, other.station),
            ground=mixed(self.ground, other.ground),
        )

    def told(self, threshold_dbm: float) -> Flags:
        """Say for which points and operators, shape (p, o), simulation can tell whether the threshold is reached."""
        with np.errstate(invalid="ignore"):
            hidden = (self.unknown_dbm >= threshold_dbm) & ~(self.level_dbm >= threshold_dbm)
        return np.asarray(self.ground[:, None] & ~hidden)


def grades(signal: PointSignal) -> npt.NDArray[np.int8]:
    """Give the grade of evidence of every state, shape (p, o); a sum where it rests on two."""
    grade = np.where(signal.measured, MEASURED, np.where(signal.simulated, SIMULATED, DISTANCE))
    if signal.beside is not None:
        grade = np.where(signal.beside & signal.simulated, SIMULATED | DISTANCE, grade)
    return grade.astype(np.int8)


def evidence_of_villages(
    village: Rows, located: Flags, signal: PointSignal, verdict: VillageVerdict, has_data: Flags
) -> npt.NDArray[np.int8]:
    """Sum up the grades that each verdict rests on, so that no mixture goes unnamed.

    A YES rests on every located point of the operator that serves the village. A NO rests on all operators that have
    data there: on the deciding point of the one named, and on the best-founded NO of each other.

    Parameters
    ----------
    village : numpy.ndarray of int64, shape (p,)
        Row of the village of each point.
    located : numpy.ndarray of bool, shape (p,)
    signal : PointSignal
        Shape (p, o).
    verdict : VillageVerdict
        Of v villages.
    has_data : numpy.ndarray of bool, shape (v, o)

    Returns
    -------
    numpy.ndarray of int8, shape (v,)
        Sum of `DISTANCE`, `SIMULATED` and `MEASURED`; 0 where the verdict is open.
    """
    grade = grades(signal)
    count, operators = has_data.shape
    rows = np.arange(count)
    named = np.maximum(verdict.operator, 0)
    serving = np.zeros(count, dtype=np.int8)
    np.bitwise_or.at(serving, village[located], grade[located, named[village[located]]])

    best = np.zeros((count, operators), dtype=np.int8)
    np.maximum.at(best, village, np.where(signal.state == NO, _RANK[grade], 0).astype(np.int8))
    best = np.where(has_data, _RANK[best], 0).astype(np.int8)
    decides = (verdict.operator >= 0) & (verdict.point >= 0)
    best[rows[decides], verdict.operator[decides]] = grade[verdict.point[decides], verdict.operator[decides]]
    against = np.bitwise_or.reduce(best, axis=1) if operators else np.zeros(count, dtype=np.int8)
    return np.where(verdict.state == YES, serving, np.where(verdict.state == NO, against, 0)).astype(np.int8)
