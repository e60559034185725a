"""The right answers, by brute force: every station against every point, with pyproj.Geod, from the true places.

Three-valued: True, False, or None where it cannot be told. ``sample_data/README.md`` states the rules in words.
"""

from __future__ import annotations

import statistics
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from .geography import GEOD, Geography, Place
from .network import Station
from .villages import Village

PACKS = Path(__file__).resolve().parent.parent / "rules" / "packs"
POINT_KINDS = {"村委会": "committee", "小学": "school", "教学点": "school", "卫生室": "clinic"}
BASIC = ("CMCC", "CTCC", "CUCC", "CBN")
NOT_YET = ("under_construction", "planned")

Verdict = bool | None
WORD = {True: "reached", False: "not_reached", None: "cannot_tell"}


def all_of(values: list[Verdict]) -> Verdict:
    """Kleene AND."""
    return False if False in values else (None if None in values else True)


def any_of(values: list[Verdict]) -> Verdict:
    """Kleene OR; of nothing, False."""
    return True if True in values else (None if None in values else False)


def presets() -> list[dict[str, Any]]:
    """Give the radius presets of the rule pack."""
    return list(tomllib.loads((PACKS / "signal_radius.toml").read_text(encoding="utf-8"))["radius"])


def radius_m(station: Station, technology: str, override_m: float | None, table: list[dict[str, Any]]) -> float:
    """Give the radius of a station for one of its technologies."""
    if override_m is not None:
        return override_m
    rows = [r for r in table if r["technology"] == technology]
    if station.band_mhz is not None:
        band = station.band_mhz
        rows = [r for r in rows if r["band_mhz_min"] <= band <= r["band_mhz_max"]] or rows
    height = 0 if station.height_m is None else station.height_m
    possible = []
    for low in {r["band_mhz_min"] for r in rows}:
        steps = [r for r in rows if r["band_mhz_min"] == low and r["antenna_height_min_m"] <= height]
        possible.append(max(steps, key=lambda r: r["antenna_height_min_m"])["radius_m"])
    return float(min(possible))


@dataclass
class Finding:
    """What one operator's data say of one point; the margin is in units of its tolerance."""

    covered: Verdict
    margin: float | None


@dataclass
class World:
    """All that a verdict rests on."""

    geo: Geography
    villages: list[Village]
    stations: list[Station]
    measurements: list[dict[str, Any]]
    table: list[dict[str, Any]]

    def distances(self, place: Place, others: list[Place]) -> np.ndarray:
        """Give geodesic distances from one place to others in metres."""
        n = len(others)
        xy = np.asarray(others, dtype=float).reshape(n, 2)
        return np.asarray(GEOD.inv(np.full(n, place[0]), np.full(n, place[1]), xy[:, 0], xy[:, 1])[2])


class Judge:
    """Judges villages for one technology and one set of stations."""

    def __init__(self, world: World, technology: str, override_m: float | None, planned: bool, measured: bool) -> None:
        self.world, self.technology, self.measured = world, technology, measured
        self.override_m = override_m
        states = ("existing", *NOT_YET) if planned else ("existing",)
        self.active = {
            operator: [
                (s.place, radius_m(s, technology, override_m, world.table))
                for s in world.stations
                if operator in s.operators and technology in s.technologies and s.status in states
            ]
            for operator in BASIC
        }

    def operators_with_data(self, place: Place, counted: str = "") -> set[str]:
        """Give the operators that have a station of the technology in service in the county of a place.

        That is the county that the place lies in, or, off every county, the one as which it is counted.
        """
        counties = self.world.geo.counties
        county = next((c for c in counties.values() if shapely.intersects_xy(c, *place)), counties.get(counted))
        return {
            operator
            for operator in BASIC
            if county is not None
            and any(
                operator in s.operators
                and self.technology in s.technologies
                and s.status == "existing"
                and shapely.intersects_xy(county, *s.place)
                for s in self.world.stations
            )
        }

    def finding(self, place: Place | None, operator: str, has_data: bool) -> Finding:
        """Judge one point for one operator: measured evidence first, then distance."""
        if place is None:
            return Finding(None, None)
        level = self._measured_dbm(place, operator)
        if level is not None:
            return Finding(level >= -105.0, (level + 105.0) / 3.0)
        stations = self.active[operator]
        if not stations:
            return Finding(False if has_data else None, None)
        distances = self.world.distances(place, [p for p, _ in stations])
        radii = np.array([r for _, r in stations])
        best = int(np.argmax(radii - distances))
        margin = float(radii[best] - distances[best])
        covered: Verdict = True if margin >= 0 else (False if has_data else None)
        return Finding(covered, margin / (0.1 * float(radii[best])))

    def _measured_dbm(self, place: Place, operator: str) -> float | None:
        """Give the median level of the newest day within 200 m, if there is any."""
        rows = [m for m in self.world.measurements if m["operator"] == operator and m["technology"] == self.technology]
        if not self.measured or not rows:
            return None
        near = self.world.distances(place, [m["place"] for m in rows]) <= 200.0
        rows = [m for m, is_near in zip(rows, near) if is_near]
        newest = max((m["day"] for m in rows), default="")
        levels = [m["level"] for m in rows if m["day"] == newest]
        return statistics.median(levels) if levels else None

    def village(self, v: Village) -> dict[str, Any]:
        """Give verdict, borderline mark and operators of one village."""
        points = [(POINT_KINDS[p["kind"]], p["place"]) for p in v.points] or [("committee", v.place)]
        located = [v.place, *[place for _, place in points]]
        here = next((place for place in located if place is not None), None)
        if here is None:
            return {"verdict": None, "margin": None, "operators": []}
        with_data = self.operators_with_data(here, v.code[:6])
        wanted = [place for _, place in points]
        if self.technology == "4G":
            wanted += [s["place"] for s in v.settlements if s["households"] >= 20]
        results: dict[str, Verdict] = {}
        margins: dict[str, float | None] = {}
        for operator in BASIC:
            found = [self.finding(place, operator, operator in with_data) for place in wanted]
            results[operator] = all_of([f.covered for f in found])
            known = [f.margin for f in found if f.margin is not None]
            margins[operator] = min(known, default=None)
        judged = [o for o in BASIC if o in with_data]
        verdict = any_of([results[o] for o in judged]) if judged else None
        if any(results[o] for o in BASIC):
            verdict = True
        reached_by = {o for o in BASIC if results[o]}
        considered = sorted(reached_by) if verdict else judged
        margin = max((m for o in considered if (m := margins[o]) is not None), default=None)
        if self.technology == "4G":
            verdict, margin, by_distance = self._by_station(points, verdict, margin, bool(judged))
            reached_by |= by_distance
        operators = [o for o in BASIC if o in reached_by]
        return {"verdict": verdict, "margin": margin, "operators": operators}

    def _by_station(
        self, points: list[tuple[str, Place | None]], verdict: Verdict, margin: float | None, judged: bool
    ) -> tuple[Verdict, float | None, set[str]]:
        """Add the other way of the 4G rule: a station of any operator within 5 km of the committee."""
        committee = next((place for kind, place in points if kind == "committee"), None)
        near: Verdict = None
        by: set[str] = set()
        other: float | None = None
        if committee is not None:
            nearest = float("inf")
            for operator in BASIC:
                places = [place for place, _ in self.active[operator]]
                if places:
                    d = float(self.world.distances(committee, places).min())
                    nearest = min(nearest, d)
                    if d <= 5000.0:
                        by.add(operator)
            near = True if by else (False if judged else None)
            other = (5000.0 - nearest) / 500.0
        known = [m for m in (margin, other) if m is not None]
        return any_of([verdict, near]), max(known, default=None), by


def villages_csv(world: World, technology: str, override_m: float | None = None) -> list[dict[str, Any]]:
    """Give one row a village: verdict, the verdict after the plan, borderline mark, operators."""
    now = Judge(world, technology, override_m, planned=False, measured=True)
    later = Judge(world, technology, override_m, planned=True, measured=True)
    plain = Judge(world, technology, override_m, planned=False, measured=False)
    rows = []
    for v in sorted(world.villages, key=lambda v: v.code):
        found = now.village(v)
        close = found["verdict"] is not None and found["margin"] is not None and abs(found["margin"]) <= 1.0
        rows.append(
            {
                "village_code": v.code,
                "village_name": v.name,
                "verdict": WORD[found["verdict"]],
                "after_plan": WORD[later.village(v)["verdict"]],
                "borderline": int(close),
                "operators": ";".join(found["operators"]),
                "verdict_without_measurements": WORD[plain.village(v)["verdict"]],
            }
        )
    return rows


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Count verdicts in all and by county (first six digits of the village code)."""
    counties = sorted({row["village_code"][:6] for row in rows})
    parts = {code: [row for row in rows if row["village_code"].startswith(code)] for code in counties}
    return {**_counts(rows), "by_county": {code: _counts(part) for code, part in parts.items()}}


def _counts(rows: list[dict[str, Any]]) -> dict[str, Any]:
    count = {word: sum(row["verdict"] == word for row in rows) for word in WORD.values()}
    after = {word: sum(row["after_plan"] == word for row in rows) for word in WORD.values()}
    judged = count["reached"] + count["not_reached"]
    judged_after = after["reached"] + after["not_reached"]
    return {
        "villages": len(rows),
        **count,
        "borderline": sum(row["borderline"] for row in rows),
        "rate_percent": round(100 * count["reached"] / judged, 2) if judged else None,
        "after_plan": after,
        "after_plan_rate_percent": round(100 * after["reached"] / judged_after, 2) if judged_after else None,
    }
