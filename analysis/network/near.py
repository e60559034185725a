"""Where points lie beside polylines, in metres: a search tree over short pieces, then the plane around each point.

Over the tens of metres of a snapping tolerance the ellipsoid is a plane to better than 0.01 mm, with its own scale of
degrees east and north at each latitude.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from ..geodesy import ECCENTRICITY_2, SEMI_MAJOR_M
from .parts import Parts

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_SEGMENTS = 16  # of one piece in the search tree


class Beside(NamedTuple):
    """Points and the parts that pass them, the nearest place of each pair.

    Attributes
    ----------
    point, part : shape (m,), int64
    at_m : shape (m,), float64
        Chainage of the place on the part.
    away_m : shape (m,), float64
        Metres between the two.
    """

    point: IntArray
    part: IntArray
    at_m: FloatArray
    away_m: FloatArray


def metres_per_degree(lat: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Give the metres of a degree east and of one north at a latitude, on the CGCS2000 ellipsoid."""
    phi = np.radians(np.asarray(lat, dtype=np.float64))
    w = 1.0 - ECCENTRICITY_2 * np.sin(phi) ** 2
    east = SEMI_MAJOR_M / np.sqrt(w) * np.cos(phi)
    north = SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / w**1.5
    return np.radians(1.0) * east, np.radians(1.0) * north


class Search:
    """Finds the parts near points, and those that meet.

    Attributes
    ----------
    pieces : numpy.ndarray of LineString, shape (k,)
        The parts in short pieces of 16 segments.
    part_of_piece : numpy.ndarray of int64, shape (k,)
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        owner = np.repeat(np.arange(parts.part_count), np.diff(parts.first))
        segment = np.flatnonzero(np.append(np.diff(owner) == 0, False)[: len(owner)])
        self._segment_part = owner[segment]
        place = segment - parts.first[self._segment_part]
        head = np.append(True, (np.diff(self._segment_part) != 0))[: len(segment)] | (place % _SEGMENTS == 0)
        self._first = np.append(np.flatnonzero(head), len(segment)).astype(np.int64)  # of each piece, among segments
        self._segment = segment
        count = np.diff(self._first) + 1
        index = np.repeat(np.arange(len(count)), count)
        inner = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
        vertex = np.repeat(segment[self._first[:-1]], count) + inner
        pieces = shapely.linestrings(parts.xy[vertex], indices=index) if len(vertex) else np.empty(0, dtype=object)
        self.pieces = np.asarray(pieces, dtype=object)
        self.part_of_piece = self._segment_part[self._first[:-1]]
        self._begins = self._segment_part[self._first[:-1]] != np.append(-1, self._segment_part)[self._first[:-1]]
        self._finishes = np.append(self._segment_part, -1)[self._first[1:]] != self.part_of_piece
        self._tree = shapely.STRtree(self.pieces)

    def within(self, lon: FloatArray, lat: FloatArray, reach_m: float) -> Beside:
        """Give every pair of a point and a part not farther apart than a distance.

        Parameters
        ----------
        lon, lat : numpy.ndarray, shape (n,)
            Degrees, CGCS2000.
        reach_m : float

        Returns
        -------
        Beside
            Sorted by point, then by part.
        """
        east, north = metres_per_degree(lat)
        degrees = 1.001 * reach_m / np.minimum(east, north)
        points = shapely.points(np.column_stack([lon, lat]))
        point, piece = self._tree.query(points, predicate="dwithin", distance=degrees)
        count = self._first[piece + 1] - self._first[piece]
        which = np.repeat(np.arange(len(piece)), count)
        inner = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        segment = self._first[piece][which] + inner
        point = point[which].astype(np.int64)
        vertex = self._segment[segment]
        at, away = self._project(lon[point], lat[point], vertex)
        near = away <= reach_m
        point, part, at, away = point[near], self._segment_part[segment][near], at[near], away[near]
        order = np.lexsort((at, away, part, point))
        point, part, at, away = point[order], part[order], at[order], away[order]
        first = np.append(True, (np.diff(point) != 0) | (np.diff(part) != 0))[: len(point)]
        return Beside(point[first], part[first].astype(np.int64), at[first], away[first])

    def crossing(self) -> tuple[IntArray, IntArray]:
        """Give the pairs of pieces of different parts that may cross, that of the lower part first.

        Pieces that only touch cross where the place is an end of a piece but not of its part.
        """
        inner = np.flatnonzero(~self._begins | ~self._finishes)
        one, two = self._tree.query(self.pieces, predicate="crosses")
        three, four = self._tree.query(self.pieces[inner], predicate="touches")
        first, second = np.concatenate([one, inner[three]]), np.concatenate([two, four])
        turned = self.part_of_piece[first] > self.part_of_piece[second]
        first, second = np.where(turned, second, first), np.where(turned, first, second)
        other = self.part_of_piece[first] != self.part_of_piece[second]
        pairs = np.unique(np.column_stack([first[other], second[other]]), axis=0)
        return pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64)

    def chainage(self, piece: IntArray, xy: FloatArray) -> FloatArray:
        """Give the chainage of points that lie on pieces, shape (m,)."""
        count = self._first[piece + 1] - self._first[piece]
        which = np.repeat(np.arange(len(piece)), count)
        inner = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        at, away = self._project(xy[which, 0], xy[which, 1], self._segment[self._first[piece][which] + inner])
        order = np.lexsort((at, away, which))
        _, first = np.unique(which[order], return_index=True)
        return at[order][first]

    def _project(self, lon: FloatArray, lat: FloatArray, vertex: IntArray) -> tuple[FloatArray, FloatArray]:
        """Give the chainage of the nearest place on the segment after a vertex, and how far it is."""
        scale = np.column_stack(metres_per_degree(lat))
        here = np.column_stack([lon, lat])
        a = (self._parts.xy[vertex] - here) * scale
        along = (self._parts.xy[vertex + 1] - self._parts.xy[vertex]) * scale
        share = np.clip(-(a * along).sum(axis=1) / (along**2).sum(axis=1), 0.0, 1.0)
        away = np.hypot(*(a + share[:, None] * along).T)
        start = self._parts.chainage_m[vertex]
        return start + share * (self._parts.chainage_m[vertex + 1] - start), away
