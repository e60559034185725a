"""Simulate what the key points of villages receive, and say what stands in the way.

The land is read window by window: the points of one square of a lattice, grown by the largest range. The steps of a
path follow the pixels alone, so that a point's level does not depend on which other points are judged with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.point_evidence import has_code
from ...analysis.radio import Terrain as Land
from ...analysis.radio.beyond_range import might_serve_from_beyond
from ...analysis.radio.points import ground_m, main_obstacles
from ...analysis.village_reach import Simulated
from ...engine.context import RunContext
from ...layers.terrain import open_terrain
from ...text import Text
from ..radio.calibration import clutter_offsets_db
from ..radio.inputs import read_land, read_radio
from ..radio.land import check_steps
from ..shared.stations import Stations
from .land_checks import KEY_POINTS, LandChecks
from .levels import PhaseLevels, Window
from .profiles import VillagePath, write_profiles

Rows = npt.NDArray[np.int64]

_SIDES_DEG = (1.0, 0.5, 0.25, 0.125)
_PIXELS_A_WINDOW = 60_000_000
_PIXELS_KEPT = 60_000_000
_DEGREE_M = 111_000.0
_MARGIN_DEG = 0.005  # paths bulge out of the box of their ends, and heights need neighbours
OBSTRUCTION = ("obstruction_m", "obstruction_height_m", "obstruction_above_m")


class ReachSimulation:
    """The simulation of one run.

    Attributes
    ----------
    simulated : Simulated
        Levels, for `judge`.
    now, later : Radio
    located : numpy.ndarray of bool, shape (p,)
        The point has a place.
    not_simulated : pandas.DataFrame
        Stations left out: ``station_id, operator, band_mhz, antenna_height_m, phase, reason``.
    land_checks : LandChecks
    step_m : float
        Longest step of a profile; 0 where no elevation data were met.
    """

    def __init__(
        self,
        context: RunContext,
        stations: Stations,
        points: pd.DataFrame,
        operators: Sequence[str],
        share: tuple[float, float] = (0.15, 0.5),
        what: Text = KEY_POINTS,
    ) -> None:
        self._context, self._stations = context, stations.table
        self.now, self.later = (read_radio(context, stations, phase) for phase in ("now", "later"))
        self._lon, self._lat = (points[name].to_numpy(np.float64) for name in ("lon", "lat"))
        self.located = ~(np.isnan(self._lon) | np.isnan(self._lat))
        self._windows = self._cut()
        self._kept: dict[int, Land | None] = {}
        self.step_m = 0.0
        self._room = _PIXELS_KEPT
        self.not_simulated = self._not_simulated()
        self.land_checks = self._land_checks(points, what)
        count = len(points)
        ground = np.zeros(count, dtype=bool)
        parts = [PhaseLevels(radio, stations, phase, operators, count, ground)
                 for radio, phase in ((self.now, "now"), (self.later, "later"))]  # fmt: skip
        report = context.part(*share, Text("地形仿真", "Simulating on terrain"))
        for number, window in enumerate(self._windows):
            report(number / len(self._windows))
            land = self._land(number)
            self.land_checks.look(land)
            if land is None:
                continue
            own = window.points
            ground[own] = ~np.isnan(ground_m(land, self._lon[own], self._lat[own]))
            for part in parts:
                part.fill(land, window, self._lon[own], self._lat[own], self.check)
        offset = clutter_offsets_db(context, self.now.calibration, self._lon, self._lat)[:, None]
        for part in parts:
            part.received.level_dbm[:] += offset
            part.received.unknown_dbm[:] += offset
        self.simulated = Simulated(parts[0].received, parts[1].received, context["evidence"] == "simulated")
        self._offset = offset

    def _not_simulated(self) -> pd.DataFrame:
        """List the stations that were left out, those that are built first, in the order of the table."""
        left = pd.concat([self.now.not_simulated, self.later.not_simulated], ignore_index=True)
        own = self._stations.iloc[left["row"].to_numpy(np.int64)].reset_index(drop=True)
        return own[["station_id", "operator", "band_mhz", "antenna_height_m", "phase"]].assign(reason=left["reason"])

    def _land_checks(self, points: pd.DataFrame, what: Text) -> LandChecks:
        """Look at the heights under all stations that are simulated now and under all points."""
        rows = np.unique(self.now.row)
        own = self._stations.iloc[rows]
        return LandChecks(
            np.concatenate([own["lon"].to_numpy(np.float64), self._lon]),
            np.concatenate([own["lat"].to_numpy(np.float64), self._lat]),
            [*own["station_id"].astype(str), *points["point_id"].astype(str)],
            what,
        )

    def might_reach_from_beyond(
        self, wanted: npt.NDArray[np.bool_], operators: Sequence[str], threshold_dbm: float
    ) -> npt.NDArray[np.bool_]:
        """Tell which points, for which operators, a station beyond the range could reach in free space.

        Parameters
        ----------
        wanted : numpy.ndarray of bool, shape (p, o)
            Pairs that matter; elsewhere the answer is no.
        """
        found = np.zeros_like(wanted)
        for column, operator in enumerate(operators):
            own = has_code(self._stations, "operator", operator)[self.now.row]
            sectors = [self.now.sectors[k] for k in np.flatnonzero(own).tolist()]
            for offset in np.unique(self._offset[wanted[:, column]]).tolist():
                at = np.flatnonzero(wanted[:, column] & (self._offset[:, 0] == offset))
                found[at, column] = might_serve_from_beyond(
                    self._lon[at],
                    self._lat[at],
                    sectors,
                    max_range_m=self.now.max_range_m,
                    threshold_dbm=threshold_dbm - offset,
                    extra_loss_db=self.now.model.building_entry_loss_db,
                    checkpoint=self.check,
                )
        return found

    def obstructions(self, point: Rows, sector: Rows, report: Callable[[float], None]) -> pd.DataFrame:
        """Find what stands in the way of pairs of points and sectors of phase now; -1 in either: nothing is known.

        Returns
        -------
        pandas.DataFrame
            Columns `OBSTRUCTION`: metres from the point, height of the ground there, metres above the line of sight.
        """
        found = np.full((3, len(point)), np.nan)
        for land, pairs in self._over_land(point, sector, report):
            at = point[pairs]
            own = [self.now.sectors[k] for k in sector[pairs].tolist()]
            obstacles = main_obstacles(
                land, own, self._lon[at], self._lat[at], model=self.now.model, checkpoint=self.check
            )
            found[:, pairs] = np.round(np.stack(obstacles), 1)
        return pd.DataFrame(dict(zip(OBSTRUCTION, found)))

    def pictures(
        self,
        villages: pd.DataFrame,
        points: pd.DataFrame,
        wanted: npt.NDArray[np.bool_],
        threshold_dbm: float,
        report: Callable[[float], None],
    ) -> npt.NDArray[np.object_]:
        """Draw the path that decides each simulated village; give the pictures' names in the result folder.

        Parameters
        ----------
        villages : pandas.DataFrame
            ``village_code, village_name, point, sector, simulated_dbm``, see `ReachResult`.
        points : pandas.DataFrame
            The judged points, with ``name``.
        wanted : numpy.ndarray of bool
            Villages that are to have a picture.
        threshold_dbm : float
            What the verdict asks for.
        """
        twin = villages["village_code"].duplicated().to_numpy(bool)  # a picture is named by the code
        point = villages["point"].to_numpy(np.int64)
        sector = np.where(twin | ~wanted, -1, villages["sector"].to_numpy(np.int64))
        point_name = points["name"].fillna("").astype(str).to_numpy(object)
        names = np.full(len(villages), None, dtype=object)
        codes = villages["village_code"].astype(str).to_numpy(object)
        called = villages["village_name"].fillna("").astype(str).to_numpy(object)
        level = villages["simulated_dbm"].to_numpy(np.float64)
        for land, rows in self._over_land(point, sector, report):
            paths = []
            for row in rows.tolist():
                transmitter, station = self.now.sectors[sector[row]], self._stations.iloc[self.now.row[sector[row]]]
                paths.append(
                    VillagePath(
                        codes[row],
                        called[row],
                        point_name[point[row]],
                        str(station["station_id"]),
                        "" if pd.isna(station["name"]) else str(station["name"]),
                        transmitter.lon,
                        transmitter.lat,
                        transmitter.height_m,
                        transmitter.frequency_ghz,
                        float(self._lon[point[row]]),
                        float(self._lat[point[row]]),
                        self.now.model.rx_height_m,
                        float(level[row]),
                        threshold_dbm,
                    )
                )
            drawn = write_profiles(self._context.folder, paths, land, self.now.model, self.check)
            names[rows] = [drawn.get(code) for code in codes[rows].tolist()]
        return names

    def _over_land(self, point: Rows, sector: Rows, report: Callable[[float], None]) -> Iterator[tuple[Land, Rows]]:
        """Go through pairs of points and sectors window by window."""
        window_of = np.full(self._lon.size, -1, dtype=np.int64)
        for number, window in enumerate(self._windows):
            window_of[window.points] = number
        known = np.flatnonzero((point >= 0) & (sector >= 0))
        own_window = window_of[point[known]]
        for number in np.unique(own_window[own_window >= 0]).tolist():
            report(number / len(self._windows))
            land = self._land(number)
            if land is not None:
                yield land, known[own_window == number]

    def windows(self) -> Iterator[tuple[Land, Rows]]:
        """Go through the windows with elevation data: the land, and the rows of the points that lie there."""
        for number, window in enumerate(self._windows):
            land = self._land(number)
            if land is not None:
                yield land, window.points

    @property
    def window_count(self) -> int:
        """How many windows there are, without elevation data or with."""
        return len(self._windows)

    def places(self, rows: Rows) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Give longitudes and latitudes of points, degrees."""
        return self._lon[rows], self._lat[rows]

    @property
    def offset_db(self) -> npt.NDArray[np.float64]:
        """What a calibration by land cover adds to the levels at each point, shape (p,)."""
        return self._offset[:, 0]

    def check(self, _done: float) -> None:
        """Stop where the planner has cancelled."""
        self._context.checkpoint()

    def _cut(self) -> list[Window]:
        """Cut the points into windows, none of which has too many pixels."""
        placed = np.flatnonzero(self.located)
        if not placed.size:
            return []
        range_m = self.now.max_range_m
        with open_terrain(Path(self._context["dem"])) as ground:
            pixel_m = ground.pixel_m(float(self._lon[placed].mean()), float(self._lat[placed].mean()))
        fits = [side for side in _SIDES_DEG if ((side * _DEGREE_M + 2 * range_m) / pixel_m) ** 2 <= _PIXELS_A_WINDOW]
        side = fits[0] if fits else _SIDES_DEG[-1]
        column, row = (np.floor(part[placed] / side).astype(np.int64) for part in (self._lon, self._lat))
        key = row * round(1000 / side) + column
        windows = []
        for cell in np.unique(key).tolist():
            own = placed[key == cell]
            lon, lat = self._lon[own], self._lat[own]
            south, north = float(lat.min()), float(lat.max())
            up = range_m / _DEGREE_M + _MARGIN_DEG
            across = range_m / (_DEGREE_M * math.cos(math.radians(max(abs(south), abs(north)) + up))) + _MARGIN_DEG
            windows.append(Window(own, float(lon.min()) - across, south - up, float(lon.max()) + across, north + up))
        return windows

    def _land(self, number: int) -> Land | None:
        """Read a window's land, or give it again where it was small enough to keep."""
        if number in self._kept:
            return self._kept[number]
        window = self._windows[number]
        land = read_land(self._context, window.west, window.south, window.east, window.north)
        if land is not None:
            check_steps(land.step_m, self.now.max_range_m)
            self.step_m = max(self.step_m, land.step_m)
            if land.height_m.size > self._room:
                return land
            self._room -= land.height_m.size
        self._kept[number] = land
        return land
