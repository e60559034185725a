"""Roads, railways and coasts as measured polylines: vertices with their chainage in geodesic metres.

Between two vertices a line runs straight in longitude and latitude, as GIS layers draw it and as `areas` reads the
outlines of counties: so a vertex more on an edge changes nothing, and the pieces of a line cut by counties add up.
Each stretch between two vertices is divided so that no piece is longer than `PIECE_M`. Over a piece the drawn line
and the geodesic part by less than (1 + cos²α)·sin α·tan φ·s²/8R <= 1.09 tan φ·s²/8R (the difference of their
curvatures): 5 mm at 40°, 9 mm at 60°. Lengths are those of the geodesics over the pieces, by Karney's method; a place
within a piece is taken in proportion, which puts it off by at most tan φ·s²/8R, 5 mm at 40°.

A line of several parts has one chainage: the parts follow each other in the order given, and the jump from one to
the next has no length. Two neighbouring vertices of the same chainage are such a jump.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from ..geodesy import INVERSE_FLATTENING, SEMI_MAJOR_M

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

PIECE_M = 500.0
# A line straight in degrees is longer than the geodesic between its ends: by 0.4 % over 5000 km at 40°.
_LONGER = 1.02


class Lines(NamedTuple):
    """n polylines, vertex after vertex.

    Attributes
    ----------
    lon, lat : shape (v,), float64
        Degrees, CGCS2000.
    chainage_m : shape (v,), float64
        Geodesic metres from the first vertex of the line.
    drawn : shape (v,), bool
        The vertex was given; the others were put in between.
    first : shape (n + 1,), int64
        Line k has the vertices ``first[k]`` to ``first[k + 1]``, the latter excluded; a line without geometry none.
    """

    lon: FloatArray
    lat: FloatArray
    chainage_m: FloatArray
    drawn: BoolArray
    first: IntArray

    @property
    def line_count(self) -> int:
        """Number of lines."""
        return len(self.first) - 1

    @property
    def length_m(self) -> FloatArray:
        """Length of each line, shape (n,)."""
        length = np.zeros(self.line_count)
        some = self.first[1:] > self.first[:-1]
        length[some] = self.chainage_m[self.first[1:][some] - 1]
        return length


def draw_lines(geometries: Sequence[BaseGeometry | None]) -> Lines:
    """Measure polylines.

    Parameters
    ----------
    geometries : sequence of LineString, LinearRing, MultiLineString or None (n,)
        In degrees on CGCS2000. None and empty ones become lines without vertices, of length 0.

    Raises
    ------
    ValueError
        A geometry is no line, leaves ±180 and ±85 degrees, or crosses the 180° meridian; names its index.
    """
    array = np.empty(len(geometries), dtype=object)
    array[:] = list(geometries)
    kind = shapely.get_type_id(array)  # -1 none, 1 line, 2 ring, 5 several lines
    wrong = ~np.isin(kind, (-1, 1, 2, 5)) & ~shapely.is_empty(array)
    if wrong.any():
        raise ValueError(f"line {int(np.argmax(wrong))}: not a line")
    some = np.flatnonzero((kind >= 0) & ~shapely.is_empty(array))
    parts, owner = shapely.get_parts(array[some], return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    line = some[owner[part]]
    inside = (np.abs(xy) <= (180.0, 85.0)).all(axis=1)
    if not inside.all():
        raise ValueError(f"line {line[np.argmin(inside)]}: coordinates are not degrees within ±180 and ±85")
    if len(line) == 0:
        return Lines(np.empty(0), np.empty(0), np.empty(0), np.empty(0, bool), np.zeros(len(array) + 1, np.int64))

    fresh = np.append(True, (line[1:] != line[:-1]) | (xy[1:] != xy[:-1]).any(axis=1))
    kept = np.flatnonzero(fresh)
    xy, line, before = xy[kept], line[kept], kept[1:] - 1
    joined = part[kept[1:]] == part[before]  # else the way to the next vertex is a jump
    step = np.diff(xy, axis=0)
    across = joined & (np.abs(step[:, 0]) > 180.0)
    if across.any():
        raise ValueError(f"line {line[np.argmax(across)]}: crosses the 180° meridian")
    length = np.where(joined, _geodesic(xy[:-1], xy[1:]), 0.0)
    pieces = np.append(np.maximum(np.ceil(_LONGER * length / PIECE_M), 1.0), 1.0).astype(np.int64)

    start = np.repeat(np.arange(len(xy)), pieces)
    number = np.arange(len(start)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (number / pieces[start])[:, None]
    full = xy[start] + share * np.append(step, [[0.0, 0.0]], axis=0)[start]
    divided = np.flatnonzero(pieces[start] > 1)
    length = np.append(length, 0.0)[start]
    length[divided] = _geodesic(full[divided], full[divided + 1])
    first = np.searchsorted(line[start], np.arange(len(array) + 1)).astype(np.int64)
    chainage = np.empty(len(full))
    _add_up(length, first, chainage)
    lon, lat = np.ascontiguousarray(full[:, 0]), np.ascontiguousarray(full[:, 1])
    return Lines(lon, lat, chainage, number == 0, first)


def _geodesic(start: FloatArray, end: FloatArray) -> FloatArray:
    if len(start) == 0:
        return np.empty(0)
    geod = Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)
    a, b, c, d = (np.array(column) for column in (*start.T, *end.T))  # Geod.inv writes into what it is given
    return np.asarray(geod.inv(a, b, c, d)[2], dtype=np.float64)


@numba.njit(nogil=True, cache=True)
def _add_up(length: FloatArray, first: IntArray, chainage: FloatArray) -> None:
    """Sum up the lengths line by line, so that a line's chainage depends on no other line."""
    for k in range(len(first) - 1):
        total = 0.0
        for v in range(first[k], first[k + 1]):
            chainage[v] = total
            total += length[v]


def pieces_of(lines: Lines) -> tuple[IntArray, IntArray]:
    """Find the pieces that have a length.

    Returns
    -------
    tuple of int64 (p,)
        First vertex of each piece, which runs to the next vertex, and its line.
    """
    line = np.repeat(np.arange(lines.line_count), np.diff(lines.first))
    same = line[1:] == line[:-1]
    start = np.flatnonzero(same & (lines.chainage_m[1:] > lines.chainage_m[:-1]))
    return start, line[start]


def jumps_of(lines: Lines) -> tuple[IntArray, FloatArray]:
    """Find where a line goes on at another place: line and chainage, (j,) each."""
    line = np.repeat(np.arange(lines.line_count), np.diff(lines.first))
    same = line[1:] == line[:-1]
    at = np.flatnonzero(same & (lines.chainage_m[1:] == lines.chainage_m[:-1]))
    return line[at], lines.chainage_m[at]


@numba.njit(nogil=True, cache=True)
def _vertices_before(
    chainage: FloatArray, first: IntArray, line: IntArray, at: FloatArray, after_jump: bool
) -> IntArray:
    """Vertex that begins the piece of each place; at a vertex the piece after it, or the one before it."""
    found = np.empty(len(line), dtype=np.int64)
    for i in range(len(line)):
        low, high = first[line[i]], first[line[i] + 1] - 1
        least = low
        while low < high:  # the last vertex at or below (below) the chainage
            middle = (low + high + 1) // 2
            if chainage[middle] < at[i] or (after_jump and chainage[middle] == at[i]):
                low = middle
            else:
                high = middle - 1
        found[i] = max(least, min(low, first[line[i] + 1] - 2))
    return found


def places_at(
    lines: Lines, line: IntArray, chainage_m: FloatArray, *, after_jump: bool = True
) -> tuple[FloatArray, FloatArray]:
    """Give the places of chainages.

    Parameters
    ----------
    line : int64 (k,)
        Rows of lines that have a length.
    chainage_m : float64 (k,)
        Metres; outside the line its nearer end is taken.
    after_jump : bool
        Where a line jumps: the place after the jump, else the one before it.

    Returns
    -------
    tuple of float64 (k,)
        Longitude and latitude in degrees.
    """
    v = _vertices_before(lines.chainage_m, lines.first, line, chainage_m, after_jump)
    length = lines.chainage_m[v + 1] - lines.chainage_m[v]
    share = np.clip((chainage_m - lines.chainage_m[v]) / np.where(length > 0.0, length, 1.0), 0.0, 1.0)
    lon = lines.lon[v] + share * (lines.lon[v + 1] - lines.lon[v])
    lat = lines.lat[v] + share * (lines.lat[v + 1] - lines.lat[v])
    return lon, lat


def cut_lines(lines: Lines, line: IntArray, from_m: FloatArray, to_m: FloatArray) -> list[BaseGeometry]:
    """Cut stretches out of lines.

    Parameters
    ----------
    line, from_m, to_m : (k,)
        Row and chainages of each stretch, ``from_m < to_m``.

    Returns
    -------
    list of LineString or MultiLineString (k,)
        In degrees, with the drawn vertices in between; several parts where the stretch crosses a jump.
    """
    a_lon, a_lat = places_at(lines, line, from_m)
    b_lon, b_lat = places_at(lines, line, to_m, after_jump=False)
    low = _vertices_before(lines.chainage_m, lines.first, line, from_m, True) + 1
    high = _vertices_before(lines.chainage_m, lines.first, line, to_m, False) + 1
    cuts: list[BaseGeometry] = []
    for k in range(len(line)):
        inner = np.arange(low[k], high[k])
        chainage = np.concatenate([[from_m[k]], lines.chainage_m[inner], [to_m[k]]])
        xy = np.column_stack(
            [
                np.concatenate([[a_lon[k]], lines.lon[inner], [b_lon[k]]]),
                np.concatenate([[a_lat[k]], lines.lat[inner], [b_lat[k]]]),
            ]
        )
        jump = np.flatnonzero(chainage[1:] == chainage[:-1]) + 1
        drawn = np.concatenate([[True], lines.drawn[inner], [True]])
        parts = [xy[rows[drawn[rows]]] for rows in np.split(np.arange(len(xy)), jump)]
        parts = [part for part in parts if len(part) > 1]
        cuts.append(shapely.LineString(parts[0]) if len(parts) == 1 else shapely.MultiLineString(parts))
    return cuts
