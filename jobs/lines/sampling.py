"""Simulate levels at samples along roads: at equal distances first, then closer where the state changes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.lines import Samples, Stretches, Verdicts, by_samples, lay_over
from ...analysis.point_evidence import Thresholds
from ...analysis.village_reach import Simulated
from ...engine.context import RunContext
from ...layers.codes import BASIC_OPERATORS
from ...rules.pack import Pack, Rule
from ...text import Text
from ..reach.simulation import ReachSimulation
from ..shared.packs import read_pack
from ..shared.stations import Stations
from .roads import Roads

_SAMPLES = Text("沿线样点", "samples along the lines")


class Pass(NamedTuple):
    """One pass over samples."""

    simulation: ReachSimulation
    levels: Simulated
    simulated: npt.NDArray[np.bool_]
    verdicts: Verdicts
    by_distance: Stretches
    states: npt.NDArray[np.int8]


class Sampling:
    """Simulates samples of roads and judges them, first those at equal distances, then more where the state changes."""

    def __init__(
        self,
        context: RunContext,
        roads: Roads,
        stations: Stations,
        counties: npt.NDArray[np.object_],
        thresholds: Thresholds,
    ) -> None:
        self._context, self._roads, self._stations = context, roads, stations
        self._counties, self._thresholds = counties, thresholds

    def simulated(self, samples: Samples, wanted: npt.NDArray[np.bool_], share: tuple[float, float]) -> Pass:
        """Simulate samples and judge them."""
        simulation = self._levels(samples, wanted, share)
        return self._judged(simulation, simulation.simulated, samples, wanted)

    def refined(
        self,
        coarse: Pass,
        finer: Samples,
        origin: npt.NDArray[np.int64],
        change: npt.NDArray[np.bool_],
        share: tuple[float, float],
    ) -> Pass:
        """Simulate what is new among finer samples, take the levels of the others over, and judge all."""
        new = change[origin]
        if not new.any():
            return coarse
        simulation = self._levels(finer, new, share)
        old = ~new
        levels = Simulated(
            simulation.simulated.now.filled(old, coarse.levels.now, origin[old]),
            simulation.simulated.planned.filled(old, coarse.levels.planned, origin[old]),
            coarse.levels.alone,
        )
        return self._judged(simulation, levels, finer, coarse.simulated[origin])

    def _levels(self, samples: Samples, wanted: npt.NDArray[np.bool_], share: tuple[float, float]) -> ReachSimulation:
        points = pd.DataFrame(
            {
                "point_id": _names(self._roads, samples),
                "lon": np.where(wanted, samples.lon, np.nan),
                "lat": np.where(wanted, samples.lat, np.nan),
            }
        )
        return ReachSimulation(self._context, self._stations, points, BASIC_OPERATORS, share, _SAMPLES)

    def _judged(
        self, simulation: ReachSimulation, levels: Simulated, samples: Samples, wanted: npt.NDArray[np.bool_]
    ) -> Pass:
        found = by_samples(
            self._roads.lines,
            samples,
            wanted,
            self._stations.table,
            self._counties,
            levels,
            operators=BASIC_OPERATORS,
            technology=self._context["technology"],
            thresholds=self._thresholds,
            checkpoint=simulation.check,
        )
        return Pass(simulation, levels, wanted, *found)


def worth_simulating(roads: Roads, samples: Samples, wanted: Stretches) -> npt.NDArray[np.bool_]:
    """Tell which samples speak for a place that matters."""
    cells = Stretches(samples.line, samples.from_m, samples.to_m, np.arange(len(samples.line)))
    laid = lay_over(roads.lines, [cells, wanted, roads.counted])
    *_, (cell, asked, counted) = laid
    matter = np.zeros(len(samples.line), dtype=bool)
    matter[cell[(asked == 1) & (counted == 1)]] = True
    return matter & ~roads.tunnel[samples.line]


def _names(roads: Roads, samples: Samples) -> list[str]:
    """Name every sample by its road and chainage."""
    number = roads.table["road_id"].to_numpy(object)[samples.line]
    return [f"{road} {km:.2f} km" for road, km in zip(number.tolist(), (samples.chainage_m / 1000).tolist())]


def thresholds_of(context: RunContext, reach: Pack, level: Rule) -> Thresholds:
    """Take the thresholds of points from the packs; of those only the level decides a state."""
    numbers = (reach.rule(name) for name in ("measured.radius", "borderline.radius_share", "borderline.level"))
    within, part, width = (float(rule.value) for rule in numbers)
    return Thresholds(
        float(level.value), within, part / 100, width, float(read_pack(context, "radio").rule("radio.borderline").value)
    )
