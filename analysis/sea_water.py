"""The water off a coast: where nobody gives the sea as a polygon it is told from the land by coastline and counties.

A coastline that ends inside the window leaves open how the coast goes on. All that is nearest to such an open end is
left out: it is neither water nor land. What remains is parted by the coast, so that land cannot pass for sea.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from .lines.drawn import draw_lines
from .near_lines import nearest_line
from .sea import SPACING_M, places_on, waters_from_coast
from .unit_coverage import polygonal

FloatArray = npt.NDArray[np.float64]

_METRES_PER_DEGREE = 110_574.0  # of latitude, the least there is: a window is never too narrow
_MOSTLY = 0.5
"""Part of a county that must lie in what is left of the window, for the county to tell land from sea."""
_SAME_DEG = 1e-9
_ON_DEG = 1e-7
_TOUCHES_M = 0.1


class Water(NamedTuple):
    """The water off some counties.

    Attributes
    ----------
    shape : MultiPolygon
        Degrees, CGCS2000.
    coast : list of LineString
        The coastline within the window.
    open_ends : int
        Ends of the coastline inside the window; what is nearest to them is left out.
    """

    shape: shapely.MultiPolygon
    coast: list[shapely.LineString]
    open_ends: int


def water_off_coast(
    coast: Sequence[BaseGeometry | None], counties: Sequence[BaseGeometry], *, reach_m: float
) -> Water | None:
    """Find the water within a rectangle about counties.

    Parameters
    ----------
    coast : sequence of LineString, MultiLineString or None
        In degrees on CGCS2000; lines that meet need not be one.
    counties : sequence of Polygon or MultiPolygon
        They tell which side of the coast is land.
    reach_m : float
        By how much the rectangle is larger than the counties.

    Returns
    -------
    Water or None
        None where no coast lies in the window.

    Raises
    ------
    ValueError
        The counties do not show which side of the coast is land.
    """
    window = grown_box(counties, reach_m)
    lines = _clipped(coast, window)
    if not lines:
        return None
    ends = _open_ends(lines, window)
    left = window if not len(ends) else shapely.difference(window, _nearest_to(ends, lines, window))
    inside = [shapely.intersection(county, left) for county in counties]
    telling = [
        part for part, county in zip(inside, counties) if shapely.area(part) >= _MOSTLY * shapely.area(county) > 0
    ]
    water = waters_from_coast(left, lines, telling)
    return None if water is None else Water(water, _clipped(lines, left), len(ends))


def joined(
    baselines: Sequence[BaseGeometry | None], coast: Sequence[BaseGeometry | None], within_m: float
) -> tuple[list[shapely.LineString], int]:
    """Lengthen baselines that end near the coastline up to it.

    Parameters
    ----------
    within_m : float
        Geodesic metres to the coast that an end may have.

    Returns
    -------
    list of LineString
        The baselines, and a straight line from each such end to the nearest place of the coast and a little beyond.
    int
        How many ends did not meet the coast and were joined.
    """
    lines = _merged(baselines)
    shore = shapely.union_all([line for line in coast if line is not None and not line.is_empty])
    ends = _free_ends(lines)
    if shore.is_empty or not len(ends):
        return lines, 0
    away = nearest_line(ends[:, 0].copy(), ends[:, 1].copy(), np.array([shore], dtype=object)).distance_m
    added, count = [], 0
    for end, inward, metres in zip(ends, _inward(ends, lines), away.tolist()):
        if metres > within_m:
            continue
        foot = shapely.get_coordinates(shapely.shortest_line(shapely.Point(end), shore))[1]
        step = foot - end if metres > _TOUCHES_M else end - inward
        beyond = step * (_ON_DEG / float(np.hypot(*step)))
        added.append(shapely.LineString([end, foot + beyond]))
        count += metres > _TOUCHES_M
    return [*lines, *added], count


def off_own_coast(
    sea: shapely.MultiPolygon,
    coast: Sequence[BaseGeometry | None],
    counties: Sequence[BaseGeometry],
    *,
    within_m: float,
) -> shapely.MultiPolygon | None:
    """Cut a sea down to what is nearest to the coast of the given counties, not to that of others.

    Parameters
    ----------
    coast : sequence of lines
        Of these counties and of others.
    within_m : float
        Coast this near to a county, geodesic metres, is its own: coastline and counties are seldom of one source.

    Returns
    -------
    MultiPolygon or None
        None where no coast is that of the counties.
    """
    lines = [line for line in coast if line is not None and not line.is_empty]
    lon, lat = places_on(draw_lines(lines), SPACING_M)
    edges = [shapely.MultiLineString(list(shapely.get_rings(shapely.get_parts(county)))) for county in counties]
    away = nearest_line(lon, lat, np.array(edges, dtype=object)).distance_m
    tree = shapely.STRtree(list(counties))
    inside = np.zeros(len(lon), dtype=bool)
    inside[tree.query(shapely.points(lon, lat), predicate="intersects")[0]] = True
    own = inside | (away <= within_m)
    if not own.any():
        return None
    places = np.column_stack([lon, lat])
    others = nearest_cells(places[~own], places[own], grown_box([sea, *lines], SPACING_M))
    return polygonal(shapely.difference(sea, others))


def grown_box(shapes: Sequence[BaseGeometry], metres: float) -> shapely.Polygon:
    """Give the rectangle about shapes, larger by at least so many metres on every side."""
    west, south, east, north = shapely.total_bounds(np.array(list(shapes), dtype=object)).tolist()
    up = metres / _METRES_PER_DEGREE
    south, north = max(south - up, -85.0), min(north + up, 85.0)
    aside = up / math.cos(math.radians(max(abs(south), abs(north))))
    return shapely.box(max(west - aside, -180.0), south, min(east + aside, 180.0), north)


def nearest_cells(own: FloatArray, others: FloatArray, window: shapely.Polygon) -> BaseGeometry:
    """Give what of a window is nearer to some places than to others.

    Nearness is that of the plane in which a degree of longitude is shortened by the cosine of the middle latitude:
    the border between the two is a convention, not a measurement.

    Parameters
    ----------
    own, others : numpy.ndarray, shape (n, 2) and (m, 2)
        Degrees.
    """
    if not len(own):
        return shapely.Polygon()
    if not len(others):
        return window
    west, south, east, north = window.bounds
    shrink = np.array([math.cos(math.radians((south + north) / 2)), 1.0])
    places = np.unique(np.concatenate([own, others]), axis=0)
    flat = shapely.box(west * shrink[0], south, east * shrink[0], north)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(places * shrink), extend_to=flat))
    _, cell = shapely.STRtree(cells).query(shapely.points(own * shrink), predicate="intersects")
    whole = shapely.union_all(cells[np.unique(cell)])
    return shapely.intersection(shapely.transform(whole, lambda xy: xy / shrink), window)


def _nearest_to(ends: FloatArray, lines: Sequence[BaseGeometry], window: shapely.Polygon) -> BaseGeometry:
    lon, lat = places_on(draw_lines(lines), SPACING_M)
    return nearest_cells(ends, np.column_stack([lon, lat]), window)


def _merged(lines: Sequence[BaseGeometry | None]) -> list[shapely.LineString]:
    there = [line for line in lines if line is not None and not line.is_empty]
    if not there:
        return []
    whole = shapely.union_all(there)
    return list(shapely.get_parts(shapely.line_merge(whole)))


def _clipped(lines: Sequence[BaseGeometry | None], window: BaseGeometry) -> list[shapely.LineString]:
    near = [line for line in lines if line is not None and shapely.intersects(line, window)]
    if not near:
        return []
    parts = shapely.get_parts(shapely.get_parts(shapely.intersection(shapely.union_all(near), window)))
    return _merged([part for part in parts if isinstance(part, shapely.LineString)])


def _free_ends(lines: Sequence[shapely.LineString]) -> FloatArray:
    """Give the ends of lines at which no other begins, shape (n, 2)."""
    ends = [shapely.get_coordinates(line)[[0, -1]] for line in lines if not line.is_closed]
    if not ends:
        return np.empty((0, 2))
    places, count = np.unique(np.concatenate(ends), axis=0, return_counts=True)
    return np.asarray(places[count == 1])


def _inward(ends: FloatArray, lines: Sequence[shapely.LineString]) -> list[FloatArray]:
    """Give the vertex before each end, on its own line."""
    before = {}
    for line in lines:
        xy = shapely.get_coordinates(line)
        before[tuple(xy[0])], before[tuple(xy[-1])] = xy[1], xy[-2]
    return [before[tuple(end)] for end in ends]


def _open_ends(lines: Sequence[shapely.LineString], window: shapely.Polygon) -> FloatArray:
    ends = _free_ends(lines)
    return ends[shapely.distance(shapely.points(ends), window.boundary) > _SAME_DEG]
