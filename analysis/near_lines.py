"""How far points are from the nearest of many lines: geodesic metres."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod
from scipy.spatial import cKDTree

from .geodesy import INVERSE_FLATTENING, SEMI_MAJOR_M, ecef_m

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_PIECE_DEG = 0.02  # longer pieces are cut, so that a straight line in degrees is one in the plane around the point too
_SLACK_M = 2.0  # a piece runs at most s²/8R = 0.2 m off its chord
_POINTS_AT_ONCE = 500
_GEOD = Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)


class NearestLine(NamedTuple):
    """For each of n points the nearest line.

    Attributes
    ----------
    line : numpy.ndarray of int64, shape (n,)
        Row of the line, the first of equally near ones; -1 where the point has no place or there is no line.
    distance_m : numpy.ndarray of float64, shape (n,)
        Geodesic metres, good to 1 m within 100 km; NaN where there is none.
    """

    line: Rows
    distance_m: Floats


def nearest_line(lon: Floats, lat: Floats, lines: npt.NDArray[np.object_]) -> NearestLine:
    """Find the nearest line of each point.

    Lines are cut into short pieces. A piece is measured in the plane that keeps distances and directions from the
    point (azimuthal equidistant, by Karney's inverse geodesic); only pieces are measured whose middle lies no farther,
    by straight chord through the earth, than the nearest middle and half of the longest piece: no other can be nearer.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float64, shape (n,)
        Degrees, CGCS2000; NaN for no place.
    lines : numpy.ndarray of shapely lines, shape (m,)
        Longitude, latitude; None and empty ones are passed over.
    """
    found = NearestLine(np.full(len(lon), -1, dtype=np.int64), np.full(len(lon), np.nan))
    start, end, owner = _pieces(lines)
    placed = np.flatnonzero(~(np.isnan(lon) | np.isnan(lat)))
    if not len(owner) or not len(placed):
        return found
    a, b = ecef_m(start[:, 0], start[:, 1]), ecef_m(end[:, 0], end[:, 1])
    longest_m = float(np.linalg.norm(b - a, axis=1).max())
    tree = cKDTree((a + b) / 2)
    for first in range(0, len(placed), _POINTS_AT_ONCE):
        rows = placed[first : first + _POINTS_AT_ONCE]
        place = ecef_m(lon[rows], lat[rows])
        within = tree.query(place)[0] + longest_m / 2 + _SLACK_M
        near = tree.query_ball_point(place, within, return_sorted=True)
        count = np.array([len(pieces) for pieces in near])
        piece, of = np.concatenate([np.asarray(pieces) for pieces in near]), np.repeat(rows, count)
        distance = _distance_m(lon[of], lat[of], start[piece], end[piece])
        order = np.lexsort((owner[piece], distance, of))
        best = order[np.append(True, np.diff(of[order]) > 0)]
        found.line[of[best]], found.distance_m[of[best]] = owner[piece[best]], distance[best]
    return found


def _pieces(lines: npt.NDArray[np.object_]) -> tuple[Floats, Floats, Rows]:
    """Cut lines into straight pieces: ends, shape (k, 2), and the line each belongs to."""
    there = np.flatnonzero([line is not None and not line.is_empty for line in lines])
    parts, of = shapely.get_parts(lines[there], return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    inside = part[1:] == part[:-1]
    start, step = points[:-1][inside], np.diff(points, axis=0)[inside]
    count = np.maximum(np.ceil(np.abs(step).max(axis=1, initial=0.0) / _PIECE_DEG), 1).astype(np.int64)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    start, step, share = (np.repeat(values, count, axis=0) for values in (start, step, 1.0 / count[:, None]))
    begin, end = (start + step * share * (number + more)[:, None] for more in (0, 1))
    return begin, end, np.repeat(there[of][part[:-1][inside]], count)


def _distance_m(lon: Floats, lat: Floats, start: Floats, end: Floats) -> Floats:
    a, b = (_around(lon, lat, ends) for ends in (start, end))
    along = b - a
    squared = (along**2).sum(axis=1)
    share = np.clip(-(a * along).sum(axis=1) / np.where(squared > 0, squared, 1.0), 0.0, 1.0)
    return np.asarray(np.hypot(*(a + share[:, None] * along).T))


def _around(lon: Floats, lat: Floats, places: Floats) -> Floats:
    # Geod.inv writes into what it is given, so it gets copies.
    azimuth, _, away = _GEOD.inv(lon.copy(), lat.copy(), places[:, 0].copy(), places[:, 1].copy())
    turn = np.radians(azimuth)
    return np.stack([away * np.sin(turn), away * np.cos(turn)], axis=1)
