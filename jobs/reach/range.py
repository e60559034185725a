"""Which villages are a NO only because stations beyond the largest range were not looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.village_reach import ReachResult
from ...analysis.village_verdict import NO
from ...text import Text
from ..radio.parameters import MAX_RANGE_KM
from .simulation import ReachSimulation


def hanging_on_range(
    simulation: ReachSimulation,
    result: ReachResult,
    points: pd.DataFrame,
    operators: Sequence[str],
    threshold_dbm: float,
) -> npt.NDArray[np.int32]:
    """Mark with 1 the villages whose NO might turn if stations beyond the largest range counted.

    For one operator each of its simulated NOs in the village must be within free-space reach of such a station; a NO by
    measurement or distance stays.
    """
    signal, village = result.signal, points["village"].to_numpy(np.int64)
    missed = (result.villages["verdict"] == "not_reached").to_numpy(bool)
    no = (signal.state == NO) & missed[village][:, None]
    might = simulation.might_reach_from_beyond(no & signal.simulated, operators, threshold_dbm)
    count = (len(missed), len(operators))
    lost, won = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    np.logical_or.at(lost, village, no & ~might)
    np.logical_or.at(won, village, might)
    return np.asarray((won & ~lost).any(axis=1) & missed).astype(np.int32)


def range_caution(summary: dict[str, Any]) -> list[Text]:
    """Say how many villages are a NO only because farther stations were not looked at."""
    count, km = summary["depends_on_range"], summary["max_range_m"] / 1000
    if not count:
        return []
    return [
        Text(
            f"{count} 个未通达的村取决于仿真最大距离 {km:g} km：更远处有基站，按自由空间、天线主瓣方向计可达标（字段“取决于最大距离”为 1）。"
            f"签字前请加大“{MAX_RANGE_KM.label.zh}”（{MAX_RANGE_KM.option}）复算。",
            f"{count} villages not reached hang on the largest range of {km:g} km: farther stations could reach the threshold in free "
            f"space at boresight (field “Hangs on the range” is 1). Before you sign, run with a longer “{MAX_RANGE_KM.label.en}” "
            f"({MAX_RANGE_KM.option}).",
        )
    ]
