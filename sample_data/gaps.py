"""Covered and uncovered area by brute force: circles of 1440 geodesic points, areas on the ellipsoid.

A county in which no station of the technology is in service has no records: what is not covered there cannot be told
and is no gap.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from .geography import GEOD
from .names import COUNTIES, TOWNS
from .truth import World, radius_m

CIRCLE_POINTS = 1440  # an inscribed polygon of so many corners lacks 3e-6 of the circle


def area_km2(shape: Any) -> float:
    """Give the geodesic area of polygons whose edges run straight in longitude and latitude, holes taken off."""
    total = 0.0
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            total += _ring_km2(part.exterior) - sum(_ring_km2(hole) for hole in part.interiors)
    return total


def _ring_km2(ring: Any) -> float:
    fine = shapely.segmentize(ring, 0.002)  # geodesics between near points differ from straight lines by < 1 cm
    lon, lat = shapely.get_coordinates(fine).T
    return float(abs(GEOD.polygon_area_perimeter(lon, lat)[0])) / 1e6


def covered_area(world: World, technology: str, override_m: float | None = None) -> Any:
    """Give the union of the circles of all existing stations of a technology."""
    azimuths = np.linspace(0, 360, CIRCLE_POINTS, endpoint=False)
    circles = []
    for s in world.stations:
        if s.status == "existing" and technology in s.technologies:
            n = CIRCLE_POINTS
            reach = np.full(n, radius_m(s, technology, override_m, world.table))
            x, y, _ = GEOD.fwd(np.full(n, s.place[0]), np.full(n, s.place[1]), azimuths, reach)
            circles.append(shapely.Polygon(np.column_stack([x, y])))
    return shapely.union_all(circles)


def gaps(world: World, technology: str, override_m: float | None = None) -> dict[str, Any]:
    """Give areas per county and per town, and the villages and people outside the covered area."""
    covered = covered_area(world, technology, override_m)
    units = {code: (COUNTIES[code], area) for code, area in world.geo.counties.items()}
    speaking = {
        code
        for code, area in world.geo.counties.items()
        if any(
            shapely.intersects_xy(area, *s.place)
            for s in world.stations
            if s.place and s.status == "existing" and technology in s.technologies
        )
    }
    towns = {town.code: (town.name, world.geo.towns[town.code]) for town in TOWNS}
    return {
        "technology": technology,
        "radius_m": override_m,
        "counties": [
            {"county_code": code, **_unit(world, covered, *unit, code[:6] in speaking)} for code, unit in units.items()
        ],
        "towns": [
            {"town_code": code, **_unit(world, covered, *unit, code[:6] in speaking)} for code, unit in towns.items()
        ],
    }


def _unit(world: World, covered: Any, name: str, area: Any, has_records: bool) -> dict[str, Any]:
    whole = area_km2(area)
    outside = area_km2(shapely.difference(area, covered))
    inside = [v for v in world.villages if v.place and shapely.intersects_xy(area, *v.place)]
    missed = [v for v in inside if v.place and not shapely.intersects_xy(covered, *v.place)]
    in_gap = missed if has_records else []
    return {
        "name": name,
        "area_km2": round(whole, 4),
        "covered_km2": round(whole - outside, 4),
        "uncovered_km2": round(outside if has_records else 0.0, 4),
        "cannot_tell_km2": round(0.0 if has_records else outside, 4),
        "villages": len(inside),
        "villages_in_gap": len(in_gap),
        "villages_cannot_tell": len(missed) - len(in_gap),
        "people_in_gap": sum(v.population for v in in_gap if not v.population_words),
    }
