"""Land, units, roads and control lines of the fictional county, in CGCS2000 longitude and latitude (degrees)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Any

import shapely
from pyproj import CRS, Geod, Transformer
from shapely import LineString, Point, Polygon

from .names import TOWNS

GEOD = Geod(ellps="GRS80")
GRID_DEG = 1e-6  # all boundaries are snapped to 0.1 m, so that neighbours share their vertices
ZONE = CRS.from_epsg(4531)  # CGCS2000 / 3-degree Gauss-Kruger zone 43
TO_ZONE = Transformer.from_crs(4490, ZONE, always_xy=True)
FROM_ZONE = Transformer.from_crs(ZONE, 4490, always_xy=True)
BELT_M = 12 * 1852.0

Place = tuple[float, float]

NORTH = [
    (129.100, 20.600),
    (129.220, 20.635),
    (129.360, 20.600),
    (129.500, 20.630),
    (129.630, 20.605),
    (129.740, 20.625),
    (129.800, 20.590),
]
COAST = [
    (129.800, 20.590),
    (129.765, 20.500),
    (129.790, 20.420),
    (129.720, 20.360),
    (129.660, 20.330),
    (129.690, 20.270),
    (129.610, 20.210),
    (129.520, 20.235),
    (129.460, 20.190),
    (129.400, 20.120),
    (129.330, 20.140),
    (129.270, 20.195),
    (129.200, 20.165),
    (129.130, 20.120),
]
BORDER = [
    (129.130, 20.120),
    (129.100, 20.200),
    (129.135, 20.280),
    (129.085, 20.370),
    (129.110, 20.450),
    (129.060, 20.530),
    (129.100, 20.600),
]
ISLANDS = {
    "月屿": (129.440, 20.076, 0.020, 0.013),
    "鹭屿": (129.580, 20.160, 0.008, 0.005),
    "岚洲岛": (129.860, 20.200, 0.040, 0.028),
    "近屿": (129.356, 20.092, 0.005, 0.004),
    "远礁": (129.885, 20.030, 0.004, 0.004),
}
ISLAND_TOWN = {"月屿": "990121103", "鹭屿": "990121103", "岚洲岛": "990181100"}
CROSSING = (129.075, 20.528)  # the port of entry, on the border west of 关山镇


@dataclass
class Geography:
    """Everything that does not depend on people: geometry by name or code."""

    land: Any
    mainland_coast: LineString
    border: LineString
    islands: dict[str, Polygon]
    towns: dict[str, Any]
    counties: dict[str, Any]
    sea_belt: Any


def wiggle(points: list[Place], rng: Random, roughness: float, step_deg: float = 0.004) -> list[Place]:
    """Make a natural line of a rough one: every piece longer than `step_deg` is broken beside its middle."""
    line = [points[0]]
    for start, end in zip(points, points[1:]):
        line += _broken(start, end, rng, roughness, step_deg)
    return [(round(x, 6), round(y, 6)) for x, y in line]


def _broken(start: Place, end: Place, rng: Random, roughness: float, step_deg: float) -> list[Place]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    if math.hypot(dx, dy) < step_deg:
        return [end]
    shift = rng.uniform(-roughness, roughness)
    middle = ((start[0] + end[0]) / 2 - dy * shift, (start[1] + end[1]) / 2 + dx * shift)
    first = _broken(start, middle, rng, roughness, step_deg)
    return first + _broken(middle, end, rng, roughness, step_deg)


def blob(lon: float, lat: float, rx: float, ry: float, rng: Random, corners: int = 9) -> Polygon:
    """Give a rounded irregular polygon of about `rx` by `ry` degrees around a point."""
    ring = []
    for k in range(corners):
        angle = 2 * math.pi * k / corners
        size = rng.uniform(0.75, 1.15)
        ring.append((lon + rx * size * math.cos(angle), lat + ry * size * math.sin(angle)))
    return shapely.set_precision(Polygon(wiggle([*ring, ring[0]], rng, 0.16, 0.002)).buffer(0), GRID_DEG)


def make(rng: Random) -> Geography:
    """Draw coast, border, islands, towns and counties; towns tile their county without gap or overlap."""
    north = wiggle(NORTH, rng, 0.13)
    coast = wiggle(COAST, rng, 0.20, 0.003)
    border = wiggle(BORDER, rng, 0.22, 0.003)
    mainland = Polygon(north + coast[1:] + border[1:-1])
    if not mainland.is_valid:
        raise ValueError("the drawn mainland crosses itself; take another seed")
    islands = {name: blob(*place, rng) for name, place in ISLANDS.items()}
    towns = _towns(mainland, islands, rng)
    counties: dict[str, Any] = {}
    for town in TOWNS:
        counties.setdefault(town.county, []).append(towns[town.code])
    counties = {code: shapely.union_all(parts, grid_size=GRID_DEG) for code, parts in counties.items()}
    land = shapely.union_all([mainland, *islands.values()], grid_size=GRID_DEG)
    return Geography(
        land=land,
        mainland_coast=LineString(coast),
        border=LineString(border),
        islands=islands,
        towns=towns,
        counties=counties,
        sea_belt=_sea_belt(land, LineString(coast), islands),
    )


def _towns(mainland: Polygon, islands: dict[str, Polygon], rng: Random) -> dict[str, Any]:
    """Share the mainland out: small random cells go to the seat that is nearest by weight."""
    spacing = 0.012
    seeds = [
        (129.0 + spacing * (i + rng.uniform(-0.45, 0.45)), 20.0 + spacing * (j + rng.uniform(-0.45, 0.45)))
        for i in range(72)
        for j in range(58)
    ]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=shapely.box(128.9, 19.9, 129.95, 20.8))
    cells = [cell for cell in cells.geoms if cell.intersects(mainland)]
    cells.sort(key=lambda cell: (round(cell.centroid.x, 6), round(cell.centroid.y, 6)))
    own: dict[str, list[Any]] = {town.code: [] for town in TOWNS}
    onshore = [town for town in TOWNS if town.county != "990181"]
    for cell in cells:
        x, y = cell.centroid.x, cell.centroid.y
        nearest = min(onshore, key=lambda t: math.hypot((x - t.lon) * 0.94, y - t.lat) / t.weight)
        own[nearest.code].append(cell)
    towns: dict[str, Any] = {}
    for code, parts in own.items():
        merged = shapely.intersection(shapely.union_all(parts), mainland, grid_size=GRID_DEG)
        isles = [islands[name] for name, town in ISLAND_TOWN.items() if town == code]
        towns[code] = shapely.union_all([merged, *isles], grid_size=GRID_DEG)
    return towns


def _sea_belt(land: Any, coast: LineString, islands: dict[str, Polygon]) -> Any:
    """Give the 12-nautical-mile belt off the coast; derived from the drawn coast, with no legal meaning."""
    inhabited = [islands["月屿"], islands["岚洲岛"]]
    shore = to_zone(shapely.union_all([coast, *inhabited]))
    belt = from_zone(shore.buffer(BELT_M, quad_segs=16))
    window = shapely.box(coast.coords[-1][0], 19.7, 130.2, 20.59)
    belt = shapely.difference(shapely.intersection(belt, window), land)
    parts = [part for part in shapely.get_parts(belt) if part.intersects(Point(129.5, 20.0).buffer(0.05))]
    return shapely.set_precision(parts[0].simplify(0.0002), GRID_DEG)


def to_zone(shape: Any) -> Any:
    """Project a geometry to the 3-degree zone 43, metres east and north."""
    return shapely.transform(shape, TO_ZONE.transform, interleaved=False)


def from_zone(shape: Any) -> Any:
    """Give a geometry of the 3-degree zone 43 in degrees again."""
    return shapely.transform(shape, FROM_ZONE.transform, interleaved=False)


def away(lon: float, lat: float, azimuth_deg: float, distance_m: float) -> Place:
    """Give the point at a geodesic distance and azimuth, rounded to 0.1 m as a file has it."""
    x, y, _ = GEOD.fwd(lon, lat, azimuth_deg, distance_m)
    return round(x, 6), round(y, 6)


def distance_m(a: Place, b: Place) -> float:
    """Give the geodesic distance of two points in metres."""
    return float(GEOD.inv(*a, *b)[2])


def inside(area: Any, lon: float, lat: float) -> bool:
    """Tell whether a point lies in an area."""
    return bool(shapely.contains_xy(area, lon, lat))
