"""Split one administrative unit into what its stations cover and what they leave open.

The unit is worked in an oblique stereographic plane of its own, where geodesic discs are circles (see
`stereographic`); outline and clip are exact arcs, and only the finished arcs are cut into chords of at most
4° that keep the area. The result is checked before it is handed out: arcs end where the next piece begins,
every node has one way in and one out, no two lines cross, rings nest, covered and gap add up to the unit.
Where a check fails, radii are changed by another hair; where that does not help, the unit goes the slow,
plain way of polygon overlay with fine circles, and the method says so.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .arcs import Arcs, Discs, InconsistentError, drop_hidden, exposed_arcs, grid_discs
from .areas import geometry_areas
from .chord_grid import free_of_crossings, make_grid
from .disc_clip import (
    ARC,
    INSIDE,
    OUTSIDE,
    Boundary,
    Crossings,
    Pieces,
    cross_boundary,
    cut,
    loops_without_crossing,
    place_events,
)
from .rings import Points, build_polygons, draw_pieces, unproject_on_circles
from .stereographic import frame_at, project, project_discs

ATTEMPTS = 3
HAIR_M = 1e-6
"""Radii are changed by less than this, so that no three lines pass through one point."""
STRAIGHT_M = 1e-3
"""How far the plane image of an edge may leave the straight line in longitude and latitude."""
STRAIGHT_DEG = 1e-3
"""Edges shorter than this bend by less than `STRAIGHT_M` at any latitude below 75°."""
FINE_CIRCLE = 360
_GRS80 = pyproj.Geod(ellps="GRS80")


class Stations(NamedTuple):
    """Stations sorted by latitude, one per place, with the box of each disc in degrees."""

    lon: NDArray
    lat: NDArray
    radius: NDArray
    half_width: NDArray
    half_height: NDArray


class StoppedError(Exception):
    """The caller asked for an end."""


def polygonal(geometry: BaseGeometry) -> shapely.MultiPolygon | None:
    """Keep the polygons of a geometry, shells counter-clockwise; None if there are none."""
    parts = shapely.get_parts(shapely.get_parts(shapely.force_2d(geometry)))
    flat = [part for part in parts if isinstance(part, shapely.Polygon) and not part.is_empty]
    return shapely.orient_polygons(shapely.MultiPolygon(flat)) if flat else None


class UnitWork:
    """Split one unit; runs in a thread of its own and spreads its kernels over others."""

    def __init__(
        self,
        unit: shapely.MultiPolygon,
        stations: Stations,
        blocks: ThreadPoolExecutor | None,
        stop: threading.Event,
        done: list[float],
        number: int,
    ) -> None:
        self.unit, self.blocks, self.stop = unit, blocks, stop
        self.done, self.number = done, number
        self.stations = stations

    def _take_stations(self) -> None:
        """Pick the stations whose boxes reach the unit's, and set up the unit's plane."""
        west, south, east, north = self.unit.bounds
        widest = self.stations.half_height.max(initial=0.0)
        first, last = np.searchsorted(self.stations.lat, (south - widest, north + widest))
        lon, lat, radius, half_width, half_height = (column[first:last] for column in self.stations)
        near = (
            (lat + half_height >= south)
            & (lat - half_height <= north)
            & (lon + half_width >= west)
            & (lon - half_width <= east)
        )
        self.lon, self.lat, self.radius = lon[near], lat[near], radius[near]
        self.frame = frame_at((west + east) / 2.0, (south + north) / 2.0)
        self.area = float(geometry_areas([self.unit])[0])

    def split(self) -> tuple[Any, Any, float, float, str]:
        """Return the covered and open parts, their areas, and the method."""
        self._take_stations()
        for attempt in range(ATTEMPTS):
            try:
                covered, gap, covered_area, gap_area = self._by_arcs(attempt)
            except InconsistentError:
                continue
            self._reached(1.0)
            return covered, gap, covered_area, gap_area, "arcs"
        covered, gap = self._by_overlay()
        covered_area, gap_area = (float(a) for a in geometry_areas([covered, gap]))
        self._reached(1.0)
        return covered, gap, covered_area, gap_area, "overlay"

    def _reached(self, share: float) -> None:
        self.done[self.number] = share
        if self.stop.is_set():
            raise StoppedError

    def _run(self, kernel: Callable[[int], Any], starts: Iterable[int]) -> list[Any]:
        def block(at: int) -> Any:
            if self.stop.is_set():
                raise StoppedError
            return kernel(at)

        todo = list(starts)
        if self.blocks is None or len(todo) < 2:
            return [block(at) for at in todo]
        return list(self.blocks.map(block, todo))

    def _by_arcs(self, attempt: int) -> tuple[Any, Any, float, float]:
        boundary, unit_lon, unit_lat = self._boundary()
        radius = self.radius + HAIR_M * _noise(self.lon, self.lat, attempt)
        discs = drop_hidden(grid_discs(*project_discs(self.frame, self.lon, self.lat, radius)), self._run)
        self._reached(0.15)
        arcs = exposed_arcs(discs, self._run)
        self._reached(0.35)
        crossings = cross_boundary(discs, boundary, self._run)
        events = place_events(arcs, crossings)
        lonely = loops_without_crossing(arcs.following, events[0], events[2])
        lon, lat = unproject_on_circles(self.frame, discs, arcs.disc[lonely], arcs.start[lonely])
        shapely.prepare(self.unit)
        inside = lonely[shapely.contains_xy(self.unit, lon, lat)]
        pieces = cut(boundary, arcs, crossings, events, inside)
        self._reached(0.45)
        _check_ends(discs, arcs, crossings, pieces)
        points = self._points(boundary, unit_lon, unit_lat, discs, arcs, crossings)
        drawing = draw_pieces(self.frame, discs, pieces, points, self._run)
        self._reached(0.6)
        grid = make_grid(drawing.lines)
        sound = free_of_crossings(drawing.lines, grid, self._run)
        self._reached(0.75)
        (covered, covered_area), (gap, gap_area) = self._run(
            lambda part: build_polygons(pieces, drawing, grid, part), (INSIDE, OUTSIDE)
        )
        self._reached(0.95)
        if abs(covered_area + gap_area - self.area) > 1.0 + 1e-8 * self.area:
            raise InconsistentError("covered and open areas do not add up to the unit")
        if not sound:
            covered, gap = self._mend(covered), self._mend(gap)
        return covered, gap, covered_area, gap_area

    def _boundary(self) -> tuple[Boundary, NDArray, NDArray]:
        """Bring the rings into the plane, with extra vertices where an edge would bend."""
        rings = shapely.get_rings(shapely.get_parts(self.unit))
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        closing = np.append(ring[1:] != ring[:-1], True)
        xy, ring = xy[~closing], ring[~closing]
        starts = np.searchsorted(ring, np.arange(len(rings) + 1))
        after = np.arange(1, len(xy) + 1)
        after[starts[1:] - 1] = starts[:-1]
        lon, lat = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
        x, y = project(self.frame, lon, lat)
        parts = np.ones(len(lon), dtype=np.int64)
        long = np.flatnonzero(np.hypot(lon[after] - lon, lat[after] - lat) > STRAIGHT_DEG)
        ends = after[long]
        half_x, half_y = project(self.frame, (lon[long] + lon[ends]) / 2.0, (lat[long] + lat[ends]) / 2.0)
        bend = np.hypot(half_x - (x[long] + x[ends]) / 2.0, half_y - (y[long] + y[ends]) / 2.0)
        parts[long] = np.maximum(1.0, np.ceil(np.sqrt(bend / STRAIGHT_M)))
        edge = np.repeat(np.arange(len(lon)), parts)
        first = np.concatenate([[0], np.cumsum(parts)])
        share = (np.arange(first[-1]) - first[edge]) / parts[edge]
        full_x, full_y = x[edge], y[edge]
        extra = np.flatnonzero(share > 0.0)
        on, at = edge[extra], share[extra]
        full_x[extra], full_y[extra] = project(
            self.frame, lon[on] + at * (lon[after[on]] - lon[on]), lat[on] + at * (lat[after[on]] - lat[on])
        )
        full_starts = first[starts].astype(np.int64)
        full_after = np.arange(1, len(edge) + 1)
        full_after[full_starts[1:] - 1] = full_starts[:-1]
        boundary = Boundary(
            full_x, full_y, full_after, edge, share, 1.0 / parts[edge], full_starts, starts.astype(np.int64)
        )
        self.after = after
        return boundary, lon, lat

    def _points(
        self, boundary: Boundary, lon: NDArray, lat: NDArray, discs: Discs, arcs: Arcs, crossings: Crossings
    ) -> Points:
        """Places of all nodes and of the unit's vertices."""
        arc_lon, arc_lat = unproject_on_circles(self.frame, discs, arcs.disc, arcs.start)
        touch_lon, touch_lat = unproject_on_circles(self.frame, discs, *crossings.touches)
        a, b, share = crossings.edge, self.after[crossings.edge], crossings.share
        return Points(
            np.concatenate([arc_lon, lon[a] + share * (lon[b] - lon[a]), touch_lon, lon[boundary.originals[:-1]]]),
            np.concatenate([arc_lat, lat[a] + share * (lat[b] - lat[a]), touch_lat, lat[boundary.originals[:-1]]]),
            lon,
            lat,
            self.after,
        )

    def _mend(self, shape: shapely.MultiPolygon | None) -> shapely.MultiPolygon | None:
        """Rings that meet nowhere and nest are valid; where they meet, let GEOS say so or part them.

        Parts of a unit that touch in a point may be joined by arcs to one ring that touches itself. Parting it
        changes no area; if the area does change, lines really cross and the arcs are not to be trusted.
        """
        if shape is None or shapely.is_valid(shape):
            return shape
        parted = polygonal(shapely.make_valid(shape))
        before, after = geometry_areas([shape, parted])
        if parted is None or abs(before - after) > 1e-3 + 1e-10 * self.area:
            raise InconsistentError("a polygon crosses itself")
        return parted

    def _by_overlay(self) -> tuple[Any, Any]:
        """Split by polygon overlay: circles of 360 geodesic points, union, intersection, difference."""
        azimuth = np.arange(FINE_CIRCLE) * (360.0 / FINE_CIRCLE)
        step = math.radians(360.0 / FINE_CIRCLE)
        radius = self.radius * math.sqrt(step / math.sin(step))  # the polygon has the disc's area
        circles = []
        for at in range(0, len(radius), 1000):
            self._reached(0.8 * at / len(radius))
            rows = slice(at, at + 1000)
            count = len(radius[rows])
            lon, lat, _ = _GRS80.fwd(
                np.repeat(self.lon[rows], FINE_CIRCLE),
                np.repeat(self.lat[rows], FINE_CIRCLE),
                np.tile(azimuth, count),
                np.repeat(radius[rows], FINE_CIRCLE),
            )
            circles.append(shapely.polygons(np.stack([lon, lat], axis=-1).reshape(count, FINE_CIRCLE, 2)))
        if not circles:
            return None, self.unit
        union = shapely.union_all(shapely.make_valid(np.concatenate(circles)))
        self._reached(0.9)
        parts = (shapely.intersection(self.unit, union), shapely.difference(self.unit, union))
        return polygonal(shapely.make_valid(parts[0])), polygonal(shapely.make_valid(parts[1]))


def _noise(lon: NDArray, lat: NDArray, seed: int) -> NDArray[np.float64]:
    """Give each place a number in 0 … 1 that depends on nothing else, to break ties between circles."""
    mixed = lon.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ lat.view(np.uint64)
    mixed += np.uint64(seed * 0xD1B54A32D192ED03 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _check_ends(discs: Discs, arcs: Arcs, crossings: Crossings, pieces: Pieces) -> None:
    """Raise `InconsistentError` unless every arc ends where the piece that follows it begins."""
    disc = np.concatenate([arcs.disc, crossings.disc, crossings.touches[0]])
    angle = np.concatenate([arcs.start, crossings.angle, crossings.touches[1]])
    count = np.count_nonzero(pieces.kind == ARC)
    node, mine, end = pieces.finish[:count], pieces.source[:count], pieces.angles[:count, 1]
    there, at = disc[node], angle[node]
    dx = discs.x[there] + discs.r[there] * np.cos(at) - discs.x[mine] - discs.r[mine] * np.cos(end)
    dy = discs.y[there] + discs.r[there] * np.sin(at) - discs.y[mine] - discs.r[mine] * np.sin(end)
    if (np.hypot(dx, dy) > 1e-3).any():
        raise InconsistentError("an arc ends away from its node")
