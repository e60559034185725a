"""Stations in a tree of boxes in earth-centred coordinates: the best or nearest station of each point.

The stations are sorted along a Z-curve, sixteen make a leaf, sixteen boxes a box above them, up to the root;
each box knows the largest radius in it. For a point, a box can be left out when even a station of that
radius at its nearest face would be worse than the best found. Boxes stand in earth-centred metres, so poles
and the antimeridian are places like any other, and the straight way to a box is never longer than the way
over the ground to a station in it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .geodesy import ecef, geodesic_from_chord
from .radix import sort_rows
from .slices import Checkpoint, part, rounds

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_FAN = 16
# Metres by which a box may look too far and is still opened; covers all rounding, costs nothing.
_SLACK_M = 1e-6
_AXIS_CELLS = 65_535.0


class Extent(NamedTuple):
    """South-west corner in degrees and Z-curve cells per degree."""

    west: float
    south: float
    per_degree_lon: float
    per_degree_lat: float


class StationTree(NamedTuple):
    """The tree as arrays; the lanes of a group lie side by side, for vector instructions.

    Attributes
    ----------
    rows : shape (m,), int32
        Row of each station in the caller's order.
    leaves : shape (leaf, 4, 16), float64
        x, y, z in metres and the radius; spare lanes have radius -inf.
    boxes : shape (group, 7, 16), float64
        Smallest x, y, z, largest x, y, z, largest radius. Lane j of group i is the box of group 16 i + j one
        level down.
    leaf_keys : shape (leaf,), uint32
        Place on the Z-curve of each leaf's first station.
    level_starts : shape (levels,), int64
        First group of each level in `boxes`, from the level above the leaves to the root.
    extent : Extent
        Of the Z-curve.
    """

    rows: npt.NDArray[np.int32]
    leaves: FloatArray
    boxes: FloatArray
    leaf_keys: npt.NDArray[np.uint32]
    level_starts: IntArray
    extent: Extent


@numba.njit(nogil=True, cache=True)
def _spread_bits(value: int) -> int:
    """Put a zero between the bits of a 16-bit number."""
    value = (value | (value << 8)) & 0x00FF00FF
    value = (value | (value << 4)) & 0x0F0F0F0F
    value = (value | (value << 2)) & 0x33333333
    return (value | (value << 1)) & 0x55555555


class Places(NamedTuple):
    """Where things are.

    Attributes
    ----------
    lon, lat : shape (n,), float64
        Degrees.
    xyzr : shape (n, 4), float64
        Earth-centred metres, and the radius.
    keys : shape (n,), uint32
        Places on the Z-curve.
    """

    lon: FloatArray
    lat: FloatArray
    xyzr: FloatArray
    keys: npt.NDArray[np.uint32]


@numba.njit(nogil=True, cache=True)
def _place(places: Places, radius_m: FloatArray, extent: Extent, first: int, last: int) -> None:
    """Fill in `xyzr` and `keys`; places outside the extent get the key of its edge."""
    lon, lat, xyzr = places.lon, places.lat, places.xyzr
    for i in range(first, last):
        xyzr[i, 0], xyzr[i, 1], xyzr[i, 2] = ecef(lon[i], lat[i])
    for i in range(first, last):
        xyzr[i, 3] = radius_m[i] if radius_m.size > 0 else 0.0
        column = min(max((lon[i] - extent.west) * extent.per_degree_lon, 0.0), _AXIS_CELLS)
        row = min(max((lat[i] - extent.south) * extent.per_degree_lat, 0.0), _AXIS_CELLS)
        places.keys[i] = _spread_bits(int(column)) | (_spread_bits(int(row)) << 1)


@numba.njit(nogil=True, cache=True)
def _fill_leaves(rows: npt.NDArray[np.int32], xyzr: FloatArray, leaves: FloatArray, first: int, last: int) -> None:
    for leaf in range(first, last):
        for lane in range(_FAN):
            i = leaf * _FAN + lane
            if i < rows.size:
                row = rows[i]
                for k in range(4):
                    leaves[leaf, k, lane] = xyzr[row, k]
            else:
                leaves[leaf, :3, lane] = 0.0
                leaves[leaf, 3, lane] = -math.inf


@numba.njit(nogil=True, cache=True)
def _box_leaves(leaves: FloatArray, boxes: FloatArray) -> None:
    """Fill the first level: box `leaf` goes into lane leaf % 16 of group leaf // 16."""
    for leaf in range(leaves.shape[0]):
        group, lane = leaf // _FAN, leaf % _FAN
        for k in range(_FAN):
            if leaves[leaf, 3, k] == -math.inf:
                continue
            for axis in range(3):
                value = leaves[leaf, axis, k]
                boxes[group, axis, lane] = min(boxes[group, axis, lane], value)
                boxes[group, 3 + axis, lane] = max(boxes[group, 3 + axis, lane], value)
            boxes[group, 6, lane] = max(boxes[group, 6, lane], leaves[leaf, 3, k])


@numba.njit(nogil=True, cache=True)
def _box_groups(boxes: FloatArray, below: int, here: int, count: int) -> None:
    """Fill a level that starts at group `here` from the `count` groups that start at `below`."""
    for child in range(count):
        group, lane = here + child // _FAN, child % _FAN
        for axis in range(3):
            boxes[group, axis, lane] = boxes[below + child, axis].min()
        for axis in range(3, 7):
            boxes[group, axis, lane] = boxes[below + child, axis].max()


def build_tree(
    lon: FloatArray,
    lat: FloatArray,
    radius_m: FloatArray | None,
    *,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> StationTree:
    """Build the tree over at least one station.

    Parameters
    ----------
    lon, lat : numpy.ndarray, shape (m,), float64, m >= 1
        Degrees east and north, finite and within bounds.
    radius_m : numpy.ndarray, shape (m,), float64, optional
        Metres, >= 0; None means 0, and then "best" is "nearest".
    threads, checkpoint
        As in `reach`; `checkpoint` gets fractions of the building.
    """
    count = lon.size
    west, south = float(lon.min()), float(lat.min())
    extent = Extent(
        west,
        south,
        _AXIS_CELLS / max(float(lon.max()) - west, 1e-6),
        _AXIS_CELLS / max(float(lat.max()) - south, 1e-6),
    )
    stations = _placed(lon, lat, radius_m, extent, threads, part(checkpoint, 0.0, 0.3))
    keys, rows = sort_rows(stations.keys, 0xFFFFFFFF)
    leaf_count = -(-count // _FAN)
    leaves = np.empty((leaf_count, 4, _FAN))
    for done in rounds(lambda a, b: _fill_leaves(rows, stations.xyzr, leaves, a, b), leaf_count, threads=threads):
        part(checkpoint, 0.5, 0.9)(done / leaf_count)
    counts = [-(-leaf_count // _FAN)]
    while counts[-1] > 1:
        counts.append(-(-counts[-1] // _FAN))
    starts = np.cumsum([0, *counts[:-1]], dtype=np.int64)
    boxes = np.empty((sum(counts), 7, _FAN))
    boxes[:, :3], boxes[:, 3:] = np.inf, -np.inf
    _box_leaves(leaves, boxes)
    for level in range(1, len(counts)):
        _box_groups(boxes, int(starts[level - 1]), int(starts[level]), counts[level - 1])
    part(checkpoint, 0.9, 1.0)(1.0)
    return StationTree(rows, leaves, boxes, keys[::_FAN].copy(), starts, extent)


def _placed(
    lon: FloatArray,
    lat: FloatArray,
    radius_m: FloatArray | None,
    extent: Extent,
    threads: int | None,
    tell: Checkpoint,
) -> Places:
    radii = np.empty(0) if radius_m is None else radius_m
    places = Places(lon, lat, np.empty((lon.size, 4)), np.empty(lon.size, dtype=np.uint32))
    for done in rounds(lambda a, b: _place(places, radii, extent, a, b), lon.size, threads=threads):
        tell(done / lon.size)
    return places


@numba.njit(nogil=True, cache=True)
def _outside(value: float, low: float, high: float) -> float:
    """How far a value lies outside an interval; with these comparisons it compiles to vector instructions."""
    below, above = low - value, value - high
    gap = below if below > above else above
    return gap if gap > 0.0 else 0.0


@numba.njit(nogil=True, cache=True)
def _box_squares(box: FloatArray, x: float, y: float, z: float, square: FloatArray) -> None:
    for j in range(square.size):
        dx = _outside(x, box[0, j], box[3, j])
        dy = _outside(y, box[1, j], box[4, j])
        dz = _outside(z, box[2, j], box[5, j])
        square[j] = dx * dx + dy * dy + dz * dz


class Best(NamedTuple):
    """Results point by point: row of the station (int64), metres to it, its margin in metres (float64)."""

    row: IntArray
    distance_m: FloatArray
    margin_m: FloatArray


@numba.njit(nogil=True, cache=True)
def _search(tree: StationTree, points: Places, order: npt.NDArray[np.int32], best: Best, first: int, last: int) -> None:
    """Find for the points order[first..last] the station with the largest (margin, then smallest row)."""
    deepest = (tree.level_starts.size + 1) * _FAN + 1
    stack_group = np.empty(deepest, dtype=np.int64)
    stack_level = np.empty(deepest, dtype=np.int64)
    stack_gap = np.empty(deepest, dtype=np.float64)
    square = np.empty(_FAN)
    xyzr, keys = points.xyzr, points.keys
    seed = 0  # place in the tree of the last point's answer: the next point lies close by
    home = max(0, np.searchsorted(tree.leaf_keys, keys[order[first]], side="right") - 1)
    for k in range(first, last):
        point = order[k]
        x, y, z = xyzr[point, 0], xyzr[point, 1], xyzr[point, 2]
        near = tree.leaves[seed // _FAN, :, seed % _FAN]
        dx, dy, dz = near[0] - x, near[1] - y, near[2] - z
        distance = geodesic_from_chord(math.sqrt(dx * dx + dy * dy + dz * dz))
        margin = near[3] - distance
        row = tree.rows[seed]

        # Points come in the order of the curve, so the leaf that a point would stand in is found by going on.
        while home + 1 < tree.leaf_keys.size and tree.leaf_keys[home + 1] <= keys[point]:
            home += 1
        # That leaf goes first, for a good bound; then all, from the root.
        top = 2
        stack_group[0], stack_level[0], stack_gap[0] = 0, tree.level_starts.size, -math.inf
        stack_group[1], stack_level[1], stack_gap[1] = home, 0, -math.inf
        while top > 0:
            top -= 1
            # gap = straight way to the box minus its largest radius: no margin inside is larger than -gap.
            if -stack_gap[top] + _SLACK_M < margin:
                continue
            group, level = stack_group[top], stack_level[top] - 1
            if level >= 0:
                at = tree.level_starts[level] + group
                box = tree.boxes[at]
                _box_squares(box, x, y, z, square)
                floor = top
                for j in range(_FAN):
                    within = box[6, j] - margin + _SLACK_M
                    if within < 0.0 or square[j] > within * within:
                        continue
                    gap = math.sqrt(square[j]) - box[6, j]
                    place = top  # the most promising child ends on top
                    while place > floor and stack_gap[place - 1] < gap:
                        stack_group[place] = stack_group[place - 1]
                        stack_level[place] = stack_level[place - 1]
                        stack_gap[place] = stack_gap[place - 1]
                        place -= 1
                    stack_group[place], stack_level[place], stack_gap[place] = group * _FAN + j, level, gap
                    top += 1
            else:
                stations = tree.leaves[group]
                for j in range(_FAN):
                    dx, dy, dz = stations[0, j] - x, stations[1, j] - y, stations[2, j] - z
                    square[j] = dx * dx + dy * dy + dz * dz
                for j in range(_FAN):
                    within = stations[3, j] - margin + _SLACK_M
                    if within < 0.0 or square[j] > within * within:
                        continue
                    candidate_distance = geodesic_from_chord(math.sqrt(square[j]))
                    candidate = stations[3, j] - candidate_distance
                    candidate_row = tree.rows[group * _FAN + j]
                    if candidate > margin or (candidate == margin and candidate_row < row):
                        margin, distance, row = candidate, candidate_distance, candidate_row
                        seed = group * _FAN + j
        best.row[point], best.distance_m[point], best.margin_m[point] = row, distance, margin


def search(
    tree: StationTree,
    lon: FloatArray,
    lat: FloatArray,
    *,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> Best:
    """Find the station with the largest margin (radius minus distance) for each point.

    Parameters
    ----------
    tree : StationTree
    lon, lat : numpy.ndarray, shape (n,), float64
        Degrees; a point with a NaN has no place.
    threads, checkpoint
        As in `reach`.

    Returns
    -------
    Best
        -1, NaN, NaN for points without a place. Equal margins: the lowest row.
    """
    at = np.flatnonzero(~(np.isnan(lon) | np.isnan(lat)))
    points = _placed(lon[at], lat[at], None, tree.extent, threads, part(checkpoint, 0.0, 0.2))
    order = sort_rows(points.keys, 0xFFFFFFFF)[1]
    best = Best(np.empty(at.size, dtype=np.int64), np.empty(at.size), np.empty(at.size))
    for done in rounds(lambda a, b: _search(tree, points, order, best, a, b), order.size, threads=threads):
        part(checkpoint, 0.2, 1.0)(done / order.size)
    if at.size == lon.size:
        return best
    full = Best(np.full(lon.size, -1), np.full(lon.size, np.nan), np.full(lon.size, np.nan))
    for all_points, placed in zip(full, best):
        all_points[at] = placed
    return full
