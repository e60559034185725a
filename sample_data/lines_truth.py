"""The right answers of line coverage: main roads walked metre by metre, and one road point by point over terrain.

Distance: every metre against every station with `pyproj.Geod`. Simulation: points 25 m apart, one path at a time
through the scalar ITU-R P.1812. Second carriageways and tunnels are left out by hand, not by looking for them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .geography import GEOD, Place
from .road_works import TUNNEL
from .simulated import Air, TerrainJudge
from .truth import BASIC, Verdict, World, any_of, radius_m

STEP_M, SAMPLE_M = 1.0, 25.0
SAMPLED = "X904"  # the road that is looked at over terrain
_BOX = 1.02  # generous
_DEGREE_M = 110_574.0
WORDS = {True: "met", False: "not_met", None: "cannot_tell"}


def main_roads(roads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the roads that are told: all but rural ones, second carriageways and tunnels."""
    seen: set[str] = set()
    found = []
    for row in roads:
        if row["class"] != "乡道" and row["structure"] != TUNNEL and (not row["code"] or row["code"] not in seen):
            seen.add(row["code"])
            found.append(row)
    return found


def by_distance(world: World, roads: list[dict[str, Any]]) -> dict[str, Any]:
    """Measure whole and covered length of each main road by technology, km."""
    found: dict[str, Any] = {}
    for technology in ("4G", "5G"):
        sites = [
            (s.place, radius_m(s, technology, None, world.table))
            for s in world.stations
            if technology in s.technologies and s.status == "existing" and set(s.operators) & set(BASIC)
        ]
        for row in main_roads(roads):
            middle, length = _walk(row["line"], STEP_M)
            covered = _reached(middle, sites)
            found.setdefault(row["id"], {})[technology] = {
                "km": round(float(length.sum()) / 1000, 4),
                "covered_km": round(float(length[covered].sum()) / 1000, 4),
                "changes": int((covered[1:] != covered[:-1]).sum()),
            }
    return found


def _walk(line: list[Place], step_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Cut a line into steps: middle and length of each."""
    middles, lengths = [], []
    for a, b in zip(np.array(line[:-1]), np.array(line[1:])):
        count = max(1, math.ceil(GEOD.inv(*a, *b)[2] / step_m))
        way = a + np.linspace(0, 1, count + 1)[:, None] * (b - a)
        middles.append((way[:-1] + way[1:]) / 2)
        lengths.append(GEOD.inv(*way[:-1].T, *way[1:].T)[2])
    return np.concatenate(middles), np.concatenate(lengths)


def _reached(places: np.ndarray, sites: list[tuple[Place, float]]) -> np.ndarray:
    covered = np.zeros(len(places), dtype=bool)
    for (lon, lat), reach_m in sites:
        high = _BOX * reach_m / _DEGREE_M
        wide = high / math.cos(math.radians(lat))
        near = np.flatnonzero((abs(places[:, 0] - lon) <= wide) & (abs(places[:, 1] - lat) <= high) & ~covered)
        if len(near):
            x, y = places[near].T
            away = GEOD.inv(x, y, np.full(len(near), lon), np.full(len(near), lat))[2]
            covered[near[away <= reach_m]] = True
    return covered


def sampled(world: World, roads: list[dict[str, Any]], air: Air) -> list[dict[str, Any]]:
    """Give the state of each point of one road, 25 m apart, over terrain: now, and without distance where it ends."""
    judges = {
        name: TerrainJudge(world, "5G", air, planned=False, measured=False, alone=alone)
        for name, alone in (("state", False), ("state_without_distance", True))
    }
    row = next(road for road in roads if road["code"] == SAMPLED)
    line = np.array(row["line"])
    ends = np.append(0.0, np.cumsum(GEOD.inv(*line[:-1].T, *line[1:].T)[2]))
    count = math.ceil(ends[-1] / SAMPLE_M)
    at = (np.arange(count) + 0.5) / count * ends[-1]
    found = []
    for chainage, lon, lat in zip(at, np.interp(at, ends, line[:, 0]), np.interp(at, ends, line[:, 1])):
        place = (float(lon), float(lat))
        told = {name: WORDS[_signal(judge, place)] for name, judge in judges.items()}
        best = max(air.best(place, operator, "5G", planned=False).level_dbm for operator in BASIC)
        said = "" if math.isinf(best) else f"{best:.3f}"
        found.append({"road_id": row["id"], "chainage_m": f"{chainage:.3f}", **told, "level_dbm": said})
    return found


def _signal(judge: TerrainJudge, place: Place) -> Verdict:
    """Tell whether any operator covers a place."""
    with_data = judge.operators_with_data(place)
    covered = {operator: judge.finding(place, operator, operator in with_data).covered for operator in BASIC}
    if any(covered.values()):
        return True
    return any_of([covered[operator] for operator in sorted(with_data)]) if with_data else None
