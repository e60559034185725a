"""How much of each cable lies in areas, exactly: cut where its straight pieces cross the outlines, not sampled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from ..geodesy import INVERSE_FLATTENING, SEMI_MAJOR_M
from ..lines.counties import NOWHERE, county_stretches
from ..lines.drawn import Lines, cut_lines
from .near import metres_per_degree
from .parts import Parts, parts_of
from .together import run_together

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


_GEOD = Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)


class Inside(NamedTuple):
    """What of each line lies inside, k lines that have something there.

    Attributes
    ----------
    line : shape (k,), int64
        Rows, each once.
    length_m : shape (k,), float64
        That of `shapes`, as any GIS measures them: the geodesics between their vertices (Karney 2013).
    shapes : list of MultiLineString
    """

    line: IntArray
    length_m: FloatArray
    shapes: list[shapely.MultiLineString]


class Near(NamedTuple):
    """Stretches of lines near other lines.

    Attributes
    ----------
    line : shape (s,), int64
        Row.
    part : shape (s,), int64
        Part of the lines, as `parts_of` numbers them.
    barrier : shape (s,), int64
        Row of the other line.
    from_m, to_m : shape (s,), float64
        Chainage on the part.
    """

    line: IntArray
    part: IntArray
    barrier: IntArray
    from_m: FloatArray
    to_m: FloatArray


def exposed_stretches(lines: npt.NDArray[np.object_], hazards: npt.NDArray[np.object_], width_m: float) -> Inside:
    """Find what of lines lies in any of several areas or near any of several lines, each place once.

    Parameters
    ----------
    lines : numpy.ndarray of LineString, MultiLineString or None, shape (n,)
        Degrees, CGCS2000.
    hazards : numpy.ndarray of Polygon, MultiPolygon, LineString or MultiLineString, shape (h,)
        Degrees, CGCS2000; what runs along the outline of an area is in it.
    width_m : float
        What lies no farther from a line is exposed to it; 0 for areas alone.
    """
    parts = parts_of(lines.tolist())
    drawn = drawn_of(parts)
    areal = shapely.get_dimensions(hazards) == 2
    low_high = [inside_stretches(drawn, shapely.union_all(hazards[areal]))] if areal.any() else []
    if width_m > 0 and not areal.all():
        near = near_lines(lines, hazards[~areal], width_m)
        low_high.append((near.part, near.from_m, near.to_m))
    part, low, high = _joined(*(np.concatenate(column) for column in zip(*low_high))) if low_high else _NOTHING
    pieces = np.empty(len(part), dtype=object)
    pieces[:] = cut_lines(drawn, part, low, high)
    row = parts.row[part]
    line, place = np.unique(row, return_inverse=True)
    shapes = [shapely.MultiLineString(shapely.get_parts(pieces[place == k]).tolist()) for k in range(len(line))]
    length = np.array([_GEOD.geometry_length(shape) for shape in shapes])
    return Inside(line.astype(np.int64), length, shapes)


_NOTHING = (np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


def drawn_of(parts: Parts) -> Lines:
    """Give parts as lines that can be laid over areas."""
    return Lines(parts.xy[:, 0], parts.xy[:, 1], parts.chainage_m, np.ones(len(parts.xy), bool), parts.first)


def inside_stretches(drawn: Lines, area: BaseGeometry) -> tuple[IntArray, FloatArray, FloatArray]:
    """Give the stretches of lines in an area: line, from and to in metres."""
    found = county_stretches(drawn, [area])
    there = found.value != NOWHERE
    return found.line[there], found.from_m[there], found.to_m[there]


def near_lines(lines: npt.NDArray[np.object_], barriers: npt.NDArray[np.object_], width_m: float) -> Near:
    """Find the stretches of lines no farther than a distance from other lines, exact and not sampled."""
    count = len(lines)
    candidates = np.unique(within_reach(lines, barriers, width_m)[0])
    chosen = np.full(count, None, dtype=object)
    chosen[candidates] = lines[candidates]
    own = parts_of(lines.tolist())
    parts = parts_of([*chosen.tolist(), *barriers.tolist()])
    found = run_together(parts, width_m)
    wanted = (parts.row[found.part] < count) & (found.other >= count)
    part, other = found.part[wanted], found.other[wanted] - count
    # The parts of the lines that were left out have no number here: count those of each line from its first.
    row = parts.row[part]
    number = np.searchsorted(own.row, row) + part - np.searchsorted(parts.row, row)
    return Near(row, number.astype(np.int64), other, found.from_m[wanted], found.to_m[wanted])


def within_reach(
    shapes: npt.NDArray[np.object_], barriers: npt.NDArray[np.object_], width_m: float
) -> tuple[IntArray, IntArray]:
    """Give the pairs of a shape and a line no farther apart than a distance, on the plane around each shape."""
    bounds = shapely.bounds(shapes)
    lat = np.nan_to_num(np.abs(bounds[:, [1, 3]]).max(axis=1))
    reach = 1.001 * width_m / np.minimum(*metres_per_degree(lat))
    one, two = shapely.STRtree(barriers).query(shapes, predicate="dwithin", distance=reach)
    middle = (bounds[one, 1] + bounds[one, 3]) / 2
    kept = np.zeros(len(one), dtype=bool)
    for at, (shape, barrier) in enumerate(zip(shapes[one], barriers[two])):
        # Long shapes have no plane of their own: they stay candidates, and the stretches decide.
        is_long = bounds[one[at], 3] - bounds[one[at], 1] > _PLANE_DEG
        scale = np.array([float(metre) for metre in metres_per_degree(middle[at])])
        flat = (shapely.transform(one_, lambda xy, by=scale: xy * by) for one_ in (shape, barrier))
        kept[at] = is_long or shapely.dwithin(*flat, width_m)
    return one[kept].astype(np.int64), two[kept].astype(np.int64)


_PLANE_DEG = 0.05


def _joined(part: IntArray, low: FloatArray, high: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Join stretches of a part that touch or overlap."""
    found: list[tuple[int, float, float]] = []
    order = np.lexsort((high, low, part))
    for one, begin, finish in zip(part[order].tolist(), low[order].tolist(), high[order].tolist()):
        if found and found[-1][0] == one and begin <= found[-1][2]:
            found[-1] = (one, found[-1][1], max(found[-1][2], finish))
        else:
            found.append((one, begin, finish))
    table = np.array(found, dtype=np.float64).reshape(-1, 3)
    return table[:, 0].astype(np.int64), table[:, 1], table[:, 2]


def crossings_of(lines: npt.NDArray[np.object_], barrier: BaseGeometry) -> IntArray:
    """Count how often each line meets the line `barrier`, shape (n,); a stretch along it counts once."""
    met = shapely.intersection(lines, barrier)
    found = np.zeros(len(lines), dtype=np.int64)
    for at in np.flatnonzero(~shapely.is_missing(met) & ~shapely.is_empty(met)).tolist():
        # Touching pieces of a stretch along it are one: grow them by rounding, and count what stays apart.
        found[at] = shapely.get_num_geometries(shapely.union_all(shapely.buffer(shapely.get_parts(met[at]), 1e-9)))
    return found
