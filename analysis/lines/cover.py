"""Which stretches of lines lie within the own radius of a station: exact, by roots, without samples.

A piece of a line (at most `drawn.PIECE_M` long) is taken as the straight chord in earth-centred metres between its
ends p and q. Seen from a station s the squared distance along it, |p + t(q − p) − s|², is a quadratic in t; where it is
at most the squared chord under the station's radius (see `geodesy`) is one interval between its two roots. The chord
runs at most s²/8R = 5 mm below the ground, which changes the distance by that times d/2R: 0.02 mm at 50 km.

Only stations near a group of pieces are looked at, found in `station_tree`; a group that lies wholly within one
station's radius is settled at once. Both change the time, never the answer.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from ..geodesy import chord_from_geodesic, ecef_m
from ..slices import Checkpoint, part, rounds
from ..station_tree import StationTree, build_tree
from .drawn import FloatArray, IntArray, Lines, pieces_of

MAX_RADIUS_M = 100_000.0
"""Above this the chord under a geodesic is off by more than a centimetre; no base station reaches that far."""
MICROMETRE = 1e-6
"""An open stretch shorter than this between two covered ones is rounding, not road."""
GROUP_M = 2_000.0
_FAN = 16


class Covered(NamedTuple):
    """Covered stretches, by line and chainage; no two of a line touch.

    Attributes
    ----------
    line : shape (k,), int64
        Row of the line.
    from_m, to_m : shape (k,), float64
        Chainage of begin and end.
    """

    line: IntArray
    from_m: FloatArray
    to_m: FloatArray


class _Track(NamedTuple):
    """Pieces in earth-centred metres, and groups of neighbouring pieces."""

    xyz: FloatArray  # (v, 3)
    chainage: FloatArray  # (v,)
    start: IntArray  # (p,): first vertex of each piece
    groups: IntArray  # (g + 1,): first piece of each group


def covered_stretches(
    lines: Lines,
    station_lon: npt.ArrayLike,
    station_lat: npt.ArrayLike,
    radius_m: npt.ArrayLike,
    *,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> Covered:
    """Find the stretches of lines within reach of at least one station.

    Parameters
    ----------
    lines : Lines
    station_lon, station_lat : float (m,)
        Degrees on CGCS2000.
    radius_m : float (m,)
        Geodesic radius of each station, 0 to `MAX_RADIUS_M`.
    threads, checkpoint
        As in `reach`.

    Returns
    -------
    Covered
        The same to the bit whatever the order of the stations and the number of threads. A station that only touches
        a line covers none of it.

    Raises
    ------
    ValueError
        A station's place or radius is out of bounds; names the first one's index.
    """
    lon, lat, radius = _check_stations(station_lon, station_lat, radius_m)
    start, line = pieces_of(lines)
    if len(lon) == 0 or len(start) == 0:
        return Covered(np.empty(0, np.int64), np.empty(0), np.empty(0))
    groups = _groups(start, line, lines.chainage_m)
    track = _Track(ecef_m(lines.lon, lines.lat), lines.chainage_m, start, groups)
    tree = build_tree(lon, lat, radius, threads=threads, checkpoint=part(checkpoint, 0.0, 0.1))
    found: dict[int, Any] = {}

    def work(first: int, last: int) -> None:
        if first < last:
            found[first] = _cover_groups(track, tree, first, last)

    count = len(groups) - 1
    for done in rounds(work, count, threads=threads, first_round=256):
        part(checkpoint, 0.1, 1.0)(done / count)
    piece, begin, end = (np.concatenate([found[first][k] for first in sorted(found)]) for k in range(3))
    return Covered(*_join(line[piece], begin, end))


def _check_stations(
    station_lon: npt.ArrayLike, station_lat: npt.ArrayLike, radius_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    lon, lat, radius = (np.ascontiguousarray(c, dtype=np.float64) for c in (station_lon, station_lat, radius_m))
    if lon.ndim != 1 or lon.shape != lat.shape or lon.shape != radius.shape:
        raise ValueError("station_lon, station_lat and radius_m must be of one length")
    for name, ok in (
        ("longitude is not within -180 … 180", np.abs(lon) <= 180.0),
        ("latitude is not within -90 … 90", np.abs(lat) <= 90.0),
        (f"radius_m is not from 0 to {MAX_RADIUS_M:.0f}", (radius >= 0.0) & (radius <= MAX_RADIUS_M)),
    ):
        if not ok.all():
            raise ValueError(f"station {int(np.argmin(ok))}: {name}")
    return lon, lat, radius


@numba.njit(nogil=True, cache=True)
def _groups(start: IntArray, line: IntArray, chainage: FloatArray) -> IntArray:
    """Divide the pieces into groups that hang together and are no longer than `GROUP_M` (a piece at least)."""
    groups = np.empty(len(start) + 1, dtype=np.int64)
    count = 0
    begin = 0.0
    for p in range(len(start)):
        if p == 0 or line[p] != line[p - 1] or start[p] != start[p - 1] + 1 or chainage[start[p] + 1] - begin > GROUP_M:
            groups[count] = p
            count += 1
            begin = chainage[start[p]]
    groups[count] = len(start)
    return groups[: count + 1].copy()


@numba.njit(nogil=True, cache=True)
def _near(tree: StationTree, x: float, y: float, z: float, spread: float, out: FloatArray) -> tuple[FloatArray, int]:
    """Collect x, y, z and chord of the stations that may reach a ball; alone in `out` if one holds it all."""
    count = 0
    deepest = (tree.level_starts.size + 1) * _FAN + 1
    stack_group, stack_level = np.empty(deepest, dtype=np.int64), np.empty(deepest, dtype=np.int64)
    stack_group[0], stack_level[0] = 0, tree.level_starts.size
    top = 1
    while top > 0:
        top -= 1
        group, level = stack_group[top], stack_level[top] - 1
        if level >= 0:
            box = tree.boxes[tree.level_starts[level] + group]
            for j in range(_FAN):
                within = box[6, j] + spread
                dx = max(box[0, j] - x, x - box[3, j], 0.0)
                dy = max(box[1, j] - y, y - box[4, j], 0.0)
                dz = max(box[2, j] - z, z - box[5, j], 0.0)
                if within >= 0.0 and dx * dx + dy * dy + dz * dz <= within * within:
                    stack_group[top], stack_level[top] = group * _FAN + j, level
                    top += 1
            continue
        leaf = tree.leaves[group]
        for j in range(_FAN):
            within = leaf[3, j] + spread
            dx, dy, dz = leaf[0, j] - x, leaf[1, j] - y, leaf[2, j] - z
            square = dx * dx + dy * dy + dz * dz
            if within < 0.0 or square > within * within:
                continue
            chord = chord_from_geodesic(leaf[3, j])
            spare = chord - spread - MICROMETRE
            if spare >= 0.0 and square <= spare * spare:
                out[0, 3] = np.inf
                return out, 1
            if count == len(out):
                larger = np.empty((2 * count, 4))
                larger[:count] = out
                out = larger
            out[count, 0], out[count, 1], out[count, 2], out[count, 3] = leaf[0, j], leaf[1, j], leaf[2, j], chord
            count += 1
    return out, count


@numba.njit(nogil=True, cache=True)
def _cover_groups(track: _Track, tree: StationTree, first: int, last: int) -> tuple[IntArray, FloatArray, FloatArray]:
    """Covered stretches of the pieces of groups first..last: piece, begin and end in chainage."""
    room = 64
    piece, begin, end = np.empty(room, dtype=np.int64), np.empty(room), np.empty(room)
    count = 0
    near = np.empty((64, 4))
    opens, closes = np.empty(64), np.empty(64)
    for g in range(first, last):
        pieces = (track.groups[g], track.groups[g + 1])
        v0, v1 = track.start[pieces[0]], track.start[pieces[1] - 1] + 1
        x, y, z = track.xyz[(v0 + v1) // 2]
        spread = 0.0
        for v in range(v0, v1 + 1):
            dx, dy, dz = track.xyz[v, 0] - x, track.xyz[v, 1] - y, track.xyz[v, 2] - z
            spread = max(spread, dx * dx + dy * dy + dz * dz)
        spread = math.sqrt(spread) + MICROMETRE
        near, found = _near(tree, x, y, z, spread, near)
        if found > len(opens):
            opens, closes = np.empty(2 * found), np.empty(2 * found)
        for p in range(pieces[0], pieces[1]):
            v = track.start[p]
            at, length = track.chainage[v], track.chainage[v + 1] - track.chainage[v]
            n = 0
            for k in range(found):
                if near[k, 3] == np.inf:
                    low, high = 0.0, 1.0
                else:
                    low, high = _inside(track.xyz[v], track.xyz[v + 1], near[k])
                if low < high:
                    opens[n], closes[n] = low, high
                    n += 1
                    if low == 0.0 and high == 1.0:
                        opens[0], closes[0] = low, high
                        n = 1
                        break
            if n == 0:
                continue
            order = np.argsort(opens[:n])
            a, b = opens[order[0]], closes[order[0]]
            for k in range(1, n + 1):
                if k < n and opens[order[k]] <= b:
                    b = max(b, closes[order[k]])
                    continue
                if count == len(piece):
                    piece, begin, end = _grown(piece), _grown(begin), _grown(end)
                piece[count] = p
                begin[count] = at + a * length
                end[count] = track.chainage[v + 1] if b == 1.0 else at + b * length
                count += 1
                if k < n:
                    a, b = opens[order[k]], closes[order[k]]
    return piece[:count].copy(), begin[:count].copy(), end[:count].copy()


@numba.njit(nogil=True, cache=True)
def _grown(values: npt.NDArray) -> npt.NDArray:
    larger = np.empty(2 * len(values), dtype=values.dtype)
    larger[: len(values)] = values
    return larger


@numba.njit(nogil=True, cache=True)
def _inside(p: FloatArray, q: FloatArray, station: FloatArray) -> tuple[float, float]:
    """Part of the way from p to q, 0 … 1, that lies within a station's chord; (1, 0) if none."""
    ux, uy, uz = q[0] - p[0], q[1] - p[1], q[2] - p[2]
    wx, wy, wz = p[0] - station[0], p[1] - station[1], p[2] - station[2]
    length2 = ux * ux + uy * uy + uz * uz
    foot = -(ux * wx + uy * wy + uz * wz) / length2
    # From the foot of the perpendicular: its square is computed as a difference vector, which loses no digits.
    fx, fy, fz = wx + foot * ux, wy + foot * uy, wz + foot * uz
    left = station[3] * station[3] - (fx * fx + fy * fy + fz * fz)
    if left <= 0.0:
        return 1.0, 0.0
    half = math.sqrt(left / length2)
    low, high = max(foot - half, 0.0), min(foot + half, 1.0)
    if low >= high:
        return 1.0, 0.0
    return low, high


@numba.njit(nogil=True, cache=True)
def _join(line: IntArray, begin: FloatArray, end: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Join stretches, sorted, that meet."""
    n = 0
    out_line, out_begin, out_end = line.copy(), begin.copy(), end.copy()
    for k in range(len(line)):
        if n > 0 and out_line[n - 1] == line[k] and begin[k] <= out_end[n - 1] + MICROMETRE:
            out_end[n - 1] = max(out_end[n - 1], end[k])
        else:
            out_line[n], out_begin[n], out_end[n] = line[k], begin[k], end[k]
            n += 1
    return out_line[:n].copy(), out_begin[:n].copy(), out_end[:n].copy()
