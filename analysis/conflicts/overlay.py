"""Lay what facilities take over control lines: the area and the length in each, and of each kind every place once.

The overlay is that of shapely in longitude and latitude, where both are drawn with straight edges; only its result is
measured, on the ellipsoid, with geodesics between its vertices (`measures`, and `network.parts` for lengths).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from ..network.parts import parts_of
from .measures import areas_m2

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]

LEAST_M2, LEAST_M = 1e-2, 1e-2
"""Less is what rounding of coordinates leaves where two only touch."""


class Taken(NamedTuple):
    """What n facilities take of the ground.

    Attributes
    ----------
    footprint : numpy.ndarray of Polygon, MultiPolygon or None, shape (n,)
        Degrees, CGCS2000; None for what takes no ground of its own.
    line : numpy.ndarray of LineString, MultiLineString or None, shape (n,)
        Centre line of a cable.
    place : numpy.ndarray of Point or None, shape (n,)
        Where a facility is that has neither.
    """

    footprint: Shapes
    line: Shapes
    place: Shapes

    def reach(self) -> Shapes:
        """Give what each is found by: its footprint, else its line, else its place."""
        found = self.footprint.copy()
        for other in (self.line, self.place):
            missing = shapely.is_missing(found)
            found[missing] = other[missing]
        return found


class Met(NamedTuple):
    """Pairs of a facility and a control line that meet, k of them, by facility and then by control line.

    Attributes
    ----------
    feature, zone : shape (k,), int64
    area : numpy.ndarray of MultiPolygon or None, shape (k,)
        The part of the footprint.
    area_m2 : shape (k,), float64
        0 where the facility takes no ground.
    line : numpy.ndarray of MultiLineString or None, shape (k,)
        The part of the centre line.
    length_m : shape (k,), float64
    """

    feature: IntArray
    zone: IntArray
    area: Shapes
    area_m2: FloatArray
    line: Shapes
    length_m: FloatArray


def only(shapes: Shapes, kept: npt.NDArray[np.bool_]) -> Shapes:
    """Give shapes with None in the place of those that are not kept."""
    found = shapes.copy()
    found[~kept] = None
    return found


def inside(taken: Taken, zones: Shapes) -> Met:
    """Find what of facilities lies in control lines; those that only touch do not meet.

    Parameters
    ----------
    taken : Taken
    zones : numpy.ndarray of valid Polygon or MultiPolygon, shape (z,)
        Degrees, CGCS2000.
    """
    feature, zone = shapely.STRtree(zones).query(taken.reach(), predicate="intersects")
    order = np.lexsort((zone, feature))
    feature, zone = feature[order], zone[order]
    area = of_dimension(shapely.intersection(taken.footprint[feature], zones[zone]), 2)
    line = of_dimension(shapely.intersection(taken.line[feature], zones[zone]), 1)
    return _real(feature, zone, area, line, _is_place(taken)[feature])


def outside(taken: Taken, whole: BaseGeometry) -> Met:
    """Find what of facilities lies outside of an area; its `zone` is 0 throughout."""
    shapely.prepare(whole)
    reach = taken.reach()
    feature = np.flatnonzero(~shapely.is_missing(reach) & ~shapely.covers(whole, reach))
    area = of_dimension(shapely.difference(taken.footprint[feature], whole), 2)
    line = of_dimension(shapely.difference(taken.line[feature], whole), 1)
    return _real(feature, np.zeros(len(feature), np.int64), area, line, _is_place(taken)[feature])


def once(
    met: Met, group: Sequence[object], taken: Taken, zones: Shapes
) -> tuple[IntArray, list[object], FloatArray, FloatArray]:
    """Add up the pairs of a facility by group, each place once.

    Parameters
    ----------
    met : Met
        What `inside` found of the two.
    group : sequence, shape (k,)
        Of each pair, for example the kind of its control line.
    taken : Taken
    zones : numpy.ndarray of Polygon or MultiPolygon, shape (z,)

    Returns
    -------
    feature : numpy.ndarray of int64, shape (g,)
    group : list, length g
    area_m2, length_m : numpy.ndarray of float64, shape (g,)
    """
    rows: dict[tuple[int, object], list[int]] = {}
    for at, key in enumerate(zip(met.feature.tolist(), group)):
        rows.setdefault(key, []).append(at)
    area = np.array([met.area_m2[at[0]] for at in rows.values()], dtype=np.float64)
    length = np.array([met.length_m[at[0]] for at in rows.values()], dtype=np.float64)
    for k, (key, several) in enumerate(rows.items()):
        if len(several) == 1:
            continue
        # The areas are joined, not what each cut out: two cuts of one line part by rounding, and both would count.
        whole = shapely.union_all(zones[met.zone[several]])
        own = [np.array([shapes[key[0]]], dtype=object) for shapes in (taken.footprint, taken.line)]
        area[k] = areas_m2(of_dimension(shapely.intersection(own[0], whole), 2).tolist())[0]
        length[k] = lengths_m(of_dimension(shapely.intersection(own[1], whole), 1).tolist())[0]
    return np.array([key[0] for key in rows], dtype=np.int64), [key[1] for key in rows], area, length


def of_dimension(shapes: Shapes, dimension: int) -> Shapes:
    """Keep the polygons (2) or the lines (1) of what an overlay gave, as multi-part shapes; None where none is left."""
    parts, owner = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    kept = (shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)
    found = np.full(len(shapes), None, dtype=object)
    rows, place = np.unique(owner[kept], return_inverse=True)
    if len(rows):
        maker = shapely.multipolygons if dimension == 2 else shapely.multilinestrings
        found[rows] = maker(parts[kept], indices=place)
    return found


def lengths_m(lines: Sequence[BaseGeometry | None]) -> FloatArray:
    """Give geodesic lengths of lines in degrees, 0 for None, shape (n,)."""
    found = np.zeros(len(lines))
    parts = parts_of(lines)
    np.add.at(found, parts.row, parts.length_m)
    return found


def _is_place(taken: Taken) -> npt.NDArray[np.bool_]:
    return shapely.is_missing(taken.footprint) & shapely.is_missing(taken.line)


def _real(feature: IntArray, zone: IntArray, area: Shapes, line: Shapes, is_place: npt.NDArray[np.bool_]) -> Met:
    area_m2, length_m = areas_m2(area.tolist()), lengths_m(line.tolist())
    kept = (area_m2 > LEAST_M2) | (length_m > LEAST_M) | is_place
    return Met(
        feature[kept].astype(np.int64),
        zone[kept].astype(np.int64),
        area[kept],
        area_m2[kept],
        line[kept],
        length_m[kept],
    )
