"""Drive tests: clusters of measurements at key points, some against what distance says, and tests along roads."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import shapely

from .geography import GEOD, Place, away, distance_m, inside
from .names import COUNTIES
from .network import CLEAR_M, Builder, Station
from .villages import Village

MEASURED_WITHIN_M = 200.0


def _has_5g_near(stations: list[Station], village: Village) -> bool:
    """Tell whether an existing 5G station of China Mobile stands within 2.4 km of a village."""
    own = [s for s in stations if "5G" in s.technologies and s.owner == "CMCC" and s.status == "existing"]
    return any(distance_m(s.place, village.core) < 2400 for s in own)


def measurements(b: Builder, villages: list[Village], roads: list[dict[str, Any]], rng: Random) -> list[dict[str, Any]]:
    """Give drive-test rows: clusters at key points, some against what distance says, and tests along roads."""
    rows: list[dict[str, Any]] = []
    judged = b.judged

    def add(place: Place, operator: str, technology: str, level: float, day: str, method: str) -> bool:
        n = len(judged)
        distances = GEOD.inv(np.full(n, place[0]), np.full(n, place[1]), judged[:, 0], judged[:, 1])[2]
        if (abs(distances - MEASURED_WITHIN_M) < CLEAR_M).any():
            return False
        number = f"DT{day[2:4]}{len(rows) + 1:05d}"
        rows.append(
            {
                "id": number,
                "operator": operator,
                "technology": technology,
                "place": place,
                "level": round(level, 1),
                "day": day,
                "method": method,
                "town": None,
            }
        )
        return True

    tested = [v for v in villages if v.points and v.points[0]["place"] and v.town.county != "990181"]
    for number, village in enumerate(rng.sample(tested, 26)):
        inland = village.town.county == "990102"
        operator = rng.choice(["CMCC", "CMCC", "CTCC"] if inland else ["CMCC", "CTCC", "CUCC"])
        technology = rng.choice(["5G", "5G", "5G", "4G"])
        base = rng.choice([-82, -88.5, -93, -97.5, -103.6, -106.9, -112, -117])
        if number < 12:  # the test says otherwise than distance would
            operator, technology = "CMCC", "5G"
            base = -116 if _has_5g_near(b.stations, village) else -91.5
        for point in [p for p in village.points if p["place"]]:
            days = ["2026-09-16"] if rng.random() < 0.7 else ["2025-05-20", "2026-09-16"]
            for day in days:
                earlier = 14 if day.startswith("2025") else 0  # the older day says otherwise and must not count
                sign = 1 if base < -105 else -1
                wanted = len(rows) + 3
                while len(rows) < wanted:
                    lon, lat = point["place"]
                    place = away(lon, lat, rng.uniform(0, 360), rng.uniform(5, 70))
                    add(place, operator, technology, base + sign * earlier + rng.uniform(-0.9, 0.9), day, "定点测试")
    for road in [r for r in roads if r["class"] in ("国道", "省道")]:
        line = shapely.LineString(road["line"])
        for share in np.linspace(0.04, 0.96, 11):
            point = line.interpolate(float(share), normalized=True)
            if not any(inside(b.geo.counties[code], point.x, point.y) for code in COUNTIES if code != "990181"):
                continue
            operator = ["CMCC", "CTCC", "CUCC"][len(rows) % 3]
            level = rng.gauss(-96, 9)
            technology = rng.choice(["4G", "5G"])
            for _ in range(20):
                place = away(point.x, point.y, rng.uniform(0, 360), rng.uniform(0, 30))
                if add(place, operator, technology, level, "2026-09-18", "车载路测"):
                    break
    return rows
