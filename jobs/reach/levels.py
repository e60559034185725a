"""The levels that the stations of one phase give to key points, window by window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...analysis.point_evidence import has_code
from ...analysis.radio import Sector
from ...analysis.radio import Terrain as Land
from ...analysis.radio.points import levels_at_points
from ...analysis.radio.station_sectors import BAND_OUTSIDE
from ...analysis.simulated_evidence import Received
from ..radio.inputs import Radio
from ..radio.report import BEYOND_MODEL
from ..shared.stations import Stations

# Such a station serves the land around all the same; one without a place, or indoors, does not.
UNABLE = (BAND_OUTSIDE, BEYOND_MODEL)


class Window(NamedTuple):
    """Points that are worked on together, and the bounds of the land that they need, degrees."""

    points: npt.NDArray[np.int64]
    west: float
    south: float
    east: float
    north: float


class PhaseLevels:
    """The stations of one phase, and what they give."""

    def __init__(
        self,
        radio: Radio,
        stations: Stations,
        phase: str,
        operators: Sequence[str],
        count: int,
        ground: npt.NDArray[np.bool_],
    ) -> None:
        self.radio = radio
        own = (stations.table["phase"] == phase).to_numpy(bool)
        self._station = (np.cumsum(own) - 1)[radio.row]
        self._of_operator = [has_code(stations.table, "operator", operator)[radio.row] for operator in operators]
        self._place = np.array([(s.lon, s.lat) for s in radio.sectors]).reshape(-1, 2)
        shape, left = (count, len(operators)), radio.not_simulated
        self.received = Received(
            np.full(shape, np.nan),
            np.full(shape, np.nan),
            np.full(shape, -1, dtype=np.int64),
            np.full(shape, -1, dtype=np.int64),
            ground,
            (np.cumsum(own) - 1)[left["row"].to_numpy(np.int64)[left["reason"].isin(UNABLE).to_numpy(bool)]],
            radio.max_range_m,
        )

    def fill(
        self,
        land: Land,
        window: Window,
        lon: npt.NDArray[np.float64],
        lat: npt.NDArray[np.float64],
        checkpoint: Callable[[float], None],
    ) -> None:
        """Compute the levels at the points of a window."""
        x, y = self._place.T
        near = (x >= window.west) & (x <= window.east) & (y >= window.south) & (y <= window.north)
        for column, own in enumerate(self._of_operator):
            rows = np.flatnonzero(near & own)
            sectors: list[Sector] = [self.radio.sectors[k] for k in rows.tolist()]
            found = levels_at_points(
                land,
                sectors,
                lon,
                lat,
                max_range_m=self.radio.max_range_m,
                model=self.radio.model,
                checkpoint=checkpoint,
            )
            heard = found.server >= 0
            sector = np.where(heard, rows[found.server] if rows.size else -1, -1)
            at = window.points
            self.received.level_dbm[at, column] = found.level_dbm
            self.received.unknown_dbm[at, column] = found.unknown_dbm
            self.received.sector[at, column] = sector
            self.received.station[at, column] = np.where(heard, self._station[sector], -1) if rows.size else -1
