"""The right answers over terrain, by a slow path of their own: one station and one point at a time.

Profiles are sampled along `pyproj.Geod` from the height model as its file has it, and each path goes through the
scalar function of ITU-R P.1812. Transmitters come from the rule pack by the words of ``sample_data/README.md``.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import rasterio

from ..analysis.p1812 import INLAND, Link, PathProfile, basic_transmission_loss, path_centre_latitude
from .geography import GEOD, Place
from .network import Station
from .truth import PACKS, WORD, Finding, Judge, World

THRESHOLD_DBM, BORDERLINE_DB = -105.0, 3.0
STEP_M = 6_335_439.0 * math.radians(3 / 3600) / 2  # points of a profile: no farther apart than half a pixel
BLOCKS = {(15, 10): 52, (15, 20): 106, (15, 30): 160, (30, 100): 273}  # 5G: 3GPP TS 38.101-1 Table 5.3.2-1
LTE_BLOCKS = {10: 50, 20: 100}  # 3GPP TS 36.101 Table 5.6-1


class Transmitter(NamedTuple):
    """One station as a transmitter: alike all around, its beam lowered by the tilt."""

    station: Station
    frequency_ghz: float
    height_m: float
    eirp_dbm: float  # of one resource element
    tilt_deg: float
    beam_deg: float
    side_lobe_db: float


class Heard(NamedTuple):
    """The best level at a place, from whom, and the best that a station behind unknown terrain could give."""

    level_dbm: float
    station: str
    unknown_dbm: float


def transmitter(station: Station, technology: str, tilt_deg: float | None, pack: dict[str, Any]) -> Transmitter:
    """Give a station what it lacks from the pack."""
    own = [preset for preset in pack["transmitter"] if preset["technology"] == technology]
    fits = [p for p in own if station.band_mhz and p["band_mhz_min"] <= station.band_mhz <= p["band_mhz_max"]]
    preset = fits[0] if fits else next(p for p in own if p.get("for_unknown_band"))
    band = float(station.band_mhz) if fits and station.band_mhz else float(preset["frequency_mhz"])
    rules = {rule["id"]: rule["value"] for rule in pack["rule"]}
    width = preset["bandwidth_mhz"]
    blocks = LTE_BLOCKS[width] if technology == "4G" else BLOCKS[preset["spacing_khz"], width]
    eirp = preset["power_dbm"] + preset["gain_dbi"] - preset["losses_db"] - rules["radio.unknown_azimuth_loss"]
    return Transmitter(
        station,
        band / 1000,
        float(preset["antenna_height_m"] if station.height_m is None else station.height_m),
        eirp - 10 * math.log10(12 * blocks),
        float(preset["tilt_deg"] if tilt_deg is None else tilt_deg),
        preset["vertical_beam_deg"],
        min(preset["side_lobe_db"], preset["front_to_back_db"]),
    )


class Air:
    """Everything that levels rest on; remembers what it has computed."""

    def __init__(self, height_model: Path, stations: list[Station], tilts: dict[str, float]) -> None:
        with rasterio.open(height_model) as source:
            self.heights, self.to_pixel = source.read(1).astype(float), ~source.transform
        pack = tomllib.loads((PACKS / "radio.toml").read_text(encoding="utf-8"))
        self.rules = {rule["id"]: rule["value"] for rule in pack["rule"]}
        self.transmitters = {
            technology: {
                s.number: transmitter(s, technology, tilts.get(s.number), pack)
                for s in stations
                if technology in s.technologies
            }
            for technology in ("4G", "5G")
        }
        self.remembered: dict[tuple[Place, str, str, bool], Heard] = {}
        self.levels: dict[tuple[Place, str, str], float | None] = {}

    def height(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray | None:
        """Give the heights between the four pixels around each place; None where one of them is off the sheet."""
        t = self.to_pixel
        column, row = t.a * lon + t.b * lat + t.c - 0.5, t.d * lon + t.e * lat + t.f - 0.5
        rows, columns = self.heights.shape
        if min(column.min(), row.min()) < 0 or column.max() > columns - 1 or row.max() > rows - 1:
            return None
        i, j = np.minimum(np.floor(column), columns - 2).astype(int), np.minimum(np.floor(row), rows - 2).astype(int)
        x, y = column - i, row - j
        h = self.heights
        return (1 - y) * ((1 - x) * h[j, i] + x * h[j, i + 1]) + y * ((1 - x) * h[j + 1, i] + x * h[j + 1, i + 1])

    def level_dbm(self, sender: Transmitter, technology: str, place: Place) -> float | None:
        """Give the level of one station at one place; None where the terrain between is not known."""
        key = (place, sender.station.number, technology)
        if key not in self.levels:
            self.levels[key] = self._level_dbm(sender, place)
        return self.levels[key]

    def _level_dbm(self, sender: Transmitter, place: Place) -> float | None:
        (lon, lat), (to_lon, to_lat) = sender.station.place, place
        azimuth, _, length_m = GEOD.inv(lon, lat, to_lon, to_lat)
        steps = max(4, math.ceil(length_m / STEP_M))
        away = np.linspace(0, length_m, steps + 1)
        start_lon, start_lat, towards = (np.full(steps + 1, value) for value in (lon, lat, azimuth))
        x, y, _ = GEOD.fwd(start_lon, start_lat, towards, away)
        ground = self.height(x, y)
        if ground is None:
            return None
        km = length_m / 1000
        result = basic_transmission_loss(
            PathProfile(away / 1000, ground, np.zeros(steps + 1), np.full(steps + 1, INLAND)),
            Link(
                sender.frequency_ghz,
                sender.height_m,
                self.rules["radio.rx_height"],
                path_centre_latitude(lat, lon, to_lat, to_lon, km),
                time_percent=self.rules["radio.time_percent"],
                location_percent=self.rules["radio.location_percent"],
                delta_n=self.rules["radio.delta_n"],
                n0=self.rules["radio.n0"],
                resolution_m=self.rules["radio.resolution"],
            ),
        )
        below_deg = -math.degrees(result.values["theta_t"] / 1000) - sender.tilt_deg
        weaker = min(12 * (below_deg / sender.beam_deg) ** 2, sender.side_lobe_db)
        return sender.eirp_dbm - weaker - result.loss_db

    def best(self, place: Place, operator: str, technology: str, planned: bool) -> Heard:
        """Give the best level of an operator at a place, from all its stations in range."""
        key = (place, operator, technology, planned)
        if key not in self.remembered:
            self.remembered[key] = self._best(place, operator, technology, planned)
        return self.remembered[key]

    def _best(self, place: Place, operator: str, technology: str, planned: bool) -> Heard:
        states = ("existing", "under_construction", "planned") if planned else ("existing",)
        range_m = 1000 * self.rules[f"radio.max_range_{technology.lower()}"]
        possible = []
        for sender in self.transmitters[technology].values():
            if operator in sender.station.operators and sender.station.status in states:
                length_m = GEOD.inv(*sender.station.place, *place)[2]
                if length_m <= range_m:
                    free_space = 92.4 + 20 * math.log10(sender.frequency_ghz) + 20 * math.log10(length_m / 1000)
                    possible.append((sender.eirp_dbm - free_space, sender))
        best, by, unknown = -math.inf, "", -math.inf
        for at_most, sender in sorted(possible, key=lambda pair: (-pair[0], pair[1].station.number)):
            if at_most < best - 0.1:  # nobody receives more than through free space
                break
            level = self.level_dbm(sender, technology, place)
            if level is None:
                unknown = max(unknown, at_most)
            elif level > best:
                best, by = level, sender.station.number
        return Heard(best, by, unknown)


class TerrainJudge(Judge):
    """Judges as `Judge`, but simulation goes before distance; `alone`: distance does not step in."""

    def __init__(self, world: World, technology: str, air: Air, *, planned: bool, measured: bool, alone: bool) -> None:
        super().__init__(world, technology, None, planned, measured)
        self.air, self.planned, self.alone = air, planned, alone

    def finding(self, place: Place | None, operator: str, has_data: bool) -> Finding:
        """Judge one point for one operator."""
        if place is None or self._measured_dbm(place, operator) is not None:
            return super().finding(place, operator, has_data)
        if self.air.height(np.array([place[0]]), np.array([place[1]])) is not None:
            heard = self.air.best(place, operator, self.technology, self.planned)
            covered = heard.level_dbm >= THRESHOLD_DBM
            if covered or heard.unknown_dbm < THRESHOLD_DBM:
                margin = (heard.level_dbm - THRESHOLD_DBM) / BORDERLINE_DB
                return Finding(True if covered else (False if has_data else None), margin)
        return Finding(None, None) if self.alone else super().finding(place, operator, has_data)


def villages_csv(world: World, technology: str, air: Air) -> list[dict[str, Any]]:
    """Give one row a village: verdict, after the plan, borderline mark, operators, and the verdict without distance."""
    now, later, plain, alone = (
        TerrainJudge(world, technology, air, planned=planned, measured=measured, alone=alone)
        for planned, measured, alone in (
            (False, True, False),
            (True, True, False),
            (False, False, False),
            (False, True, True),
        )
    )
    rows = []
    for v in sorted(world.villages, key=lambda v: v.code):
        found = now.village(v)
        close = found["verdict"] is not None and found["margin"] is not None and abs(found["margin"]) <= 1.0
        after = found["verdict"] or later.village(v)["verdict"]  # what is built stays
        rows.append(
            {
                "village_code": v.code,
                "village_name": v.name,
                "verdict": WORD[found["verdict"]],
                "after_plan": WORD[after],
                "borderline": int(close),
                "operators": ";".join(found["operators"]),
                "verdict_without_measurements": WORD[plain.village(v)["verdict"]],
                "verdict_without_distance": WORD[alone.village(v)["verdict"]],
                "margin": "" if found["margin"] is None or math.isinf(found["margin"]) else f"{found['margin']:.3f}",
            }
        )
    return rows


def levels_csv(world: World, technology: str, air: Air) -> list[dict[str, Any]]:
    """Give the level of every operator at every key point with a place, where all the terrain in question is known."""
    rows = []
    for v in sorted(world.villages, key=lambda v: v.code):
        for point in v.points:
            for operator in ("CMCC", "CTCC", "CUCC", "CBN") if point["place"] else ():
                heard = air.best(point["place"], operator, technology, planned=False)
                if math.isfinite(heard.level_dbm) and math.isinf(heard.unknown_dbm):
                    rows.append(
                        {
                            "village_code": v.code,
                            "kind": point["kind"],
                            "name": point["name"],
                            "operator": operator,
                            "level_dbm": f"{heard.level_dbm:.3f}",
                            "station_id": heard.station,
                        }
                    )
    return rows
