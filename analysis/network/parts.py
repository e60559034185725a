"""Cables as measured polylines: their vertices one after the other, with the geodesic metres from the first.

Between two vertices a cable is the geodesic, and a place within is taken in proportion; so its length is the sum that
`pyproj.Geod` gives, and the pieces of a cable that is cut add up to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from ..geodesy import geodesic_distance_m

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Parts(NamedTuple):
    """p simple polylines, the parts of the lines of a layer.

    Attributes
    ----------
    row : shape (p,), int64
        The line that each is a part of.
    first : shape (p + 1,), int64
        Part k has the vertices ``first[k]`` to ``first[k + 1]``, the latter excluded; two or more.
    xy : shape (v, 2), float64
        Degrees east and north, CGCS2000.
    chainage_m : shape (v,), float64
        Geodesic metres from the first vertex of the part.
    """

    row: IntArray
    first: IntArray
    xy: FloatArray
    chainage_m: FloatArray

    @property
    def part_count(self) -> int:
        """Number of parts."""
        return len(self.row)

    @property
    def length_m(self) -> FloatArray:
        """Length of each part, shape (p,)."""
        return self.chainage_m[self.first[1:] - 1]

    @property
    def ends(self) -> IntArray:
        """Vertices at the start and the end of each part, shape (p, 2)."""
        return np.column_stack([self.first[:-1], self.first[1:] - 1])


def parts_of(lines: Sequence[BaseGeometry | None]) -> Parts:
    """Measure the lines of a layer; what has no geometry or no length has no part.

    Parameters
    ----------
    lines : sequence of LineString, MultiLineString or None
        Degrees, CGCS2000.

    Raises
    ------
    ValueError
        A geometry is no line; names its index.
    """
    shapes = np.empty(len(lines), dtype=object)
    shapes[:] = list(lines)
    kind = shapely.get_type_id(shapes)
    wrong = ~np.isin(kind, (-1, 1, 2, 5)) & ~shapely.is_empty(shapes)
    if wrong.any():
        raise ValueError(f"line {int(np.argmax(wrong))}: not a line")
    pieces, row = shapely.get_parts(shapes, return_index=True)
    xy, part = shapely.get_coordinates(pieces, return_index=True)
    fresh = np.append(True, (np.diff(xy, axis=0) != 0).any(axis=1) | (np.diff(part) != 0))[: len(xy)]
    xy, part = xy[fresh], part[fresh]
    many = np.bincount(part, minlength=len(pieces))
    kept = many[part] > 1
    xy, part = xy[kept], part[kept]
    there = np.flatnonzero(many > 1)
    first = np.append(np.searchsorted(part, there), len(part)).astype(np.int64)
    step = np.zeros(len(xy))
    if len(xy):
        step[1:] = geodesic_distance_m(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
        step[first[:-1]] = 0.0
    total = np.cumsum(step)
    chainage = total - np.repeat(total[first[:-1]], np.diff(first))
    return Parts(row[there].astype(np.int64), first, xy, chainage)


def places_along(parts: Parts, part: IntArray, at_m: FloatArray) -> FloatArray:
    """Give the degrees, shape (c, 2), of places by part and chainage, shape (c,) each."""
    return _places(parts, part, at_m)[1]


def _places(parts: Parts, part: IntArray, at_m: FloatArray) -> tuple[IntArray, FloatArray]:
    """Give the last vertex not beyond each place, shape (c,), and its degrees, shape (c, 2)."""
    owner = np.repeat(np.arange(parts.part_count), np.diff(parts.first))
    # A key that grows along the whole: the number of the part, then the chainage.
    reach = 2.0 * float(parts.length_m.max(initial=1.0))
    key = owner * reach + parts.chainage_m
    before = np.searchsorted(key, part * reach + at_m, side="right") - 1
    before = np.clip(before, parts.first[part], parts.first[part + 1] - 2)
    run = parts.chainage_m[before + 1] - parts.chainage_m[before]
    share = np.clip((at_m - parts.chainage_m[before]) / run, 0.0, 1.0)[:, None]
    return before, parts.xy[before] + share * (parts.xy[before + 1] - parts.xy[before])


class Pieces(NamedTuple):
    """Parts cut at places along them.

    Attributes
    ----------
    part : shape (e,), int64
    from_m, to_m : shape (e,), float64
        Chainage of the two ends on the part.
    from_cut, to_cut : shape (e,), int64
        The cut that made each end, -1 for an end of the part itself.
    shapes : numpy.ndarray of LineString, shape (e,)
    """

    part: IntArray
    from_m: FloatArray
    to_m: FloatArray
    from_cut: IntArray
    to_cut: IntArray
    shapes: npt.NDArray[np.object_]


def cut(parts: Parts, part: IntArray, at_m: FloatArray) -> Pieces:
    """Cut parts at places along them.

    Parameters
    ----------
    parts : Parts
    part : numpy.ndarray of int64, shape (c,)
        Sorted.
    at_m : numpy.ndarray, shape (c,)
        Chainage on the part, sorted within it, from 0 to the length of the part. Two cuts at one place make a piece
        without length between them.

    Returns
    -------
    Pieces
        In the order of the parts, and along each of them.
    """
    owner = np.repeat(np.arange(parts.part_count), np.diff(parts.first))
    before, places = _places(parts, part, at_m)
    # A cut is the end of one piece and the start of the next: it stands twice among the vertices.
    spot = np.repeat(before + 1, 2)
    xy = np.insert(parts.xy, spot, np.repeat(places, 2, axis=0), axis=0)
    chainage = np.insert(parts.chainage_m, spot, np.repeat(at_m, 2))
    whose = np.insert(owner, spot, np.repeat(part, 2))
    made_by = np.insert(np.full(len(owner), -1), spot, np.repeat(np.arange(len(part)), 2))
    second = np.insert(np.zeros(len(owner), bool), spot, np.tile([False, True], len(part)))
    begins = np.flatnonzero(np.append(True, np.diff(whose) != 0)[: len(whose)] | second)
    finishes = np.append(begins[1:] - 1, len(whose) - 1)[: len(begins)]
    index = np.repeat(np.arange(len(begins)), finishes - begins + 1)
    shapes = shapely.linestrings(xy, indices=index) if len(xy) else np.empty(0, dtype=object)
    shapes = shapely.remove_repeated_points(np.asarray(shapes, dtype=object))
    return Pieces(
        whose[begins].astype(np.int64),
        chainage[begins],
        chainage[finishes],
        np.where(second[begins], made_by[begins], -1).astype(np.int64),
        made_by[finishes].astype(np.int64),
        shapes,
    )
