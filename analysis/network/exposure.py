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
from .parts import parts_of

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


def inside_area(lines: npt.NDArray[np.object_], area: BaseGeometry) -> Inside:
    """Find what of lines lies in an area.

    Parameters
    ----------
    lines : numpy.ndarray of LineString, MultiLineString or None, shape (n,)
        Degrees, CGCS2000.
    area : Polygon or MultiPolygon
        Degrees, CGCS2000; what runs along its outline is in it.
    """
    parts = parts_of(lines.tolist())
    drawn = Lines(parts.xy[:, 0], parts.xy[:, 1], parts.chainage_m, np.ones(len(parts.xy), bool), parts.first)
    found = county_stretches(drawn, [area])
    there = found.value != NOWHERE
    part, low, high = found.line[there], found.from_m[there], found.to_m[there]
    pieces = np.empty(len(part), dtype=object)
    pieces[:] = cut_lines(drawn, part, low, high)
    row = parts.row[part]
    line, place = np.unique(row, return_inverse=True)
    shapes = [shapely.MultiLineString(shapely.get_parts(pieces[place == k]).tolist()) for k in range(len(line))]
    length = np.array([_GEOD.geometry_length(shape) for shape in shapes])
    return Inside(line.astype(np.int64), length, shapes)


def crossings_of(lines: npt.NDArray[np.object_], barrier: BaseGeometry) -> IntArray:
    """Count how often each line meets the line `barrier`, shape (n,); a stretch along it counts once."""
    met = shapely.intersection(lines, barrier)
    found = np.zeros(len(lines), dtype=np.int64)
    for at in np.flatnonzero(~shapely.is_missing(met) & ~shapely.is_empty(met)).tolist():
        # Touching pieces of a stretch along it are one: grow them by rounding, and count what stays apart.
        found[at] = shapely.get_num_geometries(shapely.union_all(shapely.buffer(shapely.get_parts(met[at]), 1e-9)))
    return found
