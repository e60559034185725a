"""Verdicts on lines from simulated levels at samples: the ladder of evidence is that of villages, point by point."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..point_evidence import Thresholds, gather, with_plan
from ..simulated_evidence import SIMULATED, Received, evidence_of_villages
from ..village_reach import Simulated, data_extent
from ..village_verdict import NO, UNKNOWN, YES, PointSignal, judge_villages
from .drawn import Lines
from .samples import Samples, stretches_of_samples
from .stretches import Stretches
from .verdicts import HIDDEN, NO_DATA, NO_TERRAIN, NOT_SIMULATED, OUT_OF_RANGE, WEAK, Verdicts, verdicts_of


def by_samples(
    lines: Lines,
    samples: Samples,
    wanted: npt.NDArray[np.bool_],
    stations: pd.DataFrame,
    counties: npt.NDArray[np.object_],
    simulated: Simulated,
    *,
    operators: Sequence[str],
    technology: str,
    thresholds: Thresholds,
    checkpoint: Callable[[float], None],
) -> tuple[Verdicts, Stretches, npt.NDArray[np.int8]]:
    """Judge lines by levels that were simulated at samples.

    Parameters
    ----------
    samples : Samples
        s of them, all of the lines' length.
    wanted : bool (s,)
        Samples that were simulated; of the others nothing can be told.
    stations : pandas.DataFrame
        As `village_reach.judge` takes them.
    counties : (c,) of shapely polygons
    simulated : Simulated
        Levels at the samples.
    operators, technology, thresholds
        Who and what is judged, and by which numbers.
    checkpoint : callable
        Gets the done fraction; may raise to cancel.

    Returns
    -------
    Verdicts
        Some operator's level reaches the threshold: YES. A NO takes that each operator with data there is a NO.
    Stretches
        1 where the elevation data do not know the ground and distance is to decide, else 0.
    int8 (s, 2)
        State of each sample now and after the plan.
    """
    points = pd.DataFrame(
        {
            "lon": np.where(wanted, samples.lon, np.nan),
            "lat": np.where(wanted, samples.lat, np.nan),
            "village": np.arange(len(samples.line)),
        }
    )
    extent = data_extent(points, points, stations, counties, operators, technology)
    untested = pd.DataFrame({name: [] for name in ("operator", "technology", "rsrp_dbm", "measured_on", "lon", "lat")})

    def signal_of(phase: str, part: int, received: Received) -> tuple[PointSignal, PointSignal]:
        found = gather(
            points,
            stations[stations["phase"] == phase],
            untested,
            extent,
            operators=operators,
            technology=technology,
            thresholds=thresholds,
            received=received,
            simulated_only=simulated.alone,
            checkpoint=lambda done: checkpoint((part + done) / 2),
        )
        return found.signal, found.by_distance

    now, now_by_distance = signal_of("now", 0, simulated.now)
    later, _ = signal_of("later", 1, simulated.planned)
    each = points["village"].to_numpy()
    verdict = judge_villages(each, now, extent)
    after = judge_villages(each, with_plan(now, later), extent).state
    near = judge_villages(each, now_by_distance, extent).state
    grade = evidence_of_villages(each, wanted, now, verdict, extent)

    silent = np.zeros(len(points), dtype=bool)
    if now.beside is not None:
        silent = ((now.state == UNKNOWN) & now.beside & extent).any(axis=1)
    untold = np.where(silent, NOT_SIMULATED, NO_TERRAIN)
    unmet = np.where(grade & SIMULATED, WEAK, OUT_OF_RANGE)
    reason = np.where(verdict.state == NO, np.where(near == YES, HIDDEN, unmet), untold)
    reason = np.where((verdict.state == UNKNOWN) & ~extent.any(axis=1), NO_DATA, reason)
    cells = Stretches(samples.line, samples.from_m, samples.to_m, np.zeros(len(points), np.int64))
    by_distance = wanted & ~simulated.now.ground & (not simulated.alone)
    return (
        verdicts_of(lines, cells, verdict.state, after, grade, reason),
        stretches_of_samples(lines, samples, by_distance.astype(np.int64)),
        np.stack([verdict.state, after], axis=1),
    )
