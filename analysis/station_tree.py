"""Stations in a tree of boxes in earth-centred coordinates: the best or the nearest station of each point.

The stations are sorted along a Z-curve, eight make a leaf, eight boxes a box above them, up to the root; each box knows
the largest radius in it. For a point, a box can be left out when even a station of that radius at its nearest face would
be worse than the best found. Boxes stand in earth-centred metres, so poles and the antimeridian are places like any
other, and the straight way to a box is never longer than the way over the ground to a station in it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from .geodesy import ecef, geodesic_from_chord
from .radix import sort_rows
from .slices import Checkpoint, rounds

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_FAN = 8
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
    """The tree as arrays; the lanes of a group lie side by side, so that one instruction tests all eight.

    Attributes
    ----------
    rows : shape (m,), int32
        Row of each station in the caller's order.
    leaves : shape (leaf, 4, 8), float64
        x, y, z in metres and the radius; spare lanes have radius -inf.
    boxes : shape (group, 7, 8), float64
        Smallest x, y, z, largest x, y, z, largest radius; lane j of group i is the box of group 8 i + j one level down.
    level_starts : shape (levels,), int64
        First group of each level in `boxes`, from the level above the leaves to the root.
    extent : Extent
        Of the Z-curve.
    """

    rows: npt.NDArray[np.int32]
    leaves: FloatArray
    boxes: FloatArray
    level_starts: IntArray
    extent: Extent


@numba.njit(nogil=True, cache=True)
def _spread_bits(value: int) -> int:
    """Put a zero between the bits of a 16-bit number."""
    value = (value | (value << 8)) & 0x00FF00FF
    value = (value | (value << 4)) & 0x0F0F0F0F
    value = (value | (value << 2)) & 0x33333333
    return (value | (value << 1)) & 0x55555555


@numba.njit(nogil=True, cache=True)
def _curve_keys(
    lon: FloatArray, lat: FloatArray, extent: Extent, keys: npt.NDArray[np.uint32], first: int, last: int
) -> None:
    for i in range(first, last):
        column = min(max((lon[i] - extent.west) * extent.per_degree_lon, 0.0), _AXIS_CELLS)
        row = min(max((lat[i] - extent.south) * extent.per_degree_lat, 0.0), _AXIS_CELLS)
        keys[i] = _spread_bits(int(column)) | (_spread_bits(int(row)) << 1)


@numba.njit(nogil=True, cache=True)
def _fill_leaves(
    rows: npt.NDArray[np.int32],
    lon: FloatArray,
    lat: FloatArray,
    radius_m: FloatArray,
    leaves: FloatArray,
    first: int,
    last: int,
) -> None:
    for leaf in range(first, last):
        for lane in range(_FAN):
            i = leaf * _FAN + lane
            if i < rows.size:
                row = rows[i]
                leaves[leaf, 0, lane], leaves[leaf, 1, lane], leaves[leaf, 2, lane] = ecef(lon[row], lat[row])
                leaves[leaf, 3, lane] = radius_m[row] if radius_m.size > 0 else 0.0
            else:
                leaves[leaf, :3, lane] = 0.0
                leaves[leaf, 3, lane] = -math.inf


@numba.njit(nogil=True, cache=True)
def _box_leaves(leaves: FloatArray, boxes: FloatArray) -> None:
    """Fill the first level: box `leaf` goes into lane leaf % 8 of group leaf // 8."""
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
    said = checkpoint or (lambda fraction: None)
    west, south = float(lon.min()), float(lat.min())
    extent = Extent(
        west,
        south,
        _AXIS_CELLS / max(float(lon.max()) - west, 1e-6),
        _AXIS_CELLS / max(float(lat.max()) - south, 1e-6),
    )
    rows = curve_order(lon, lat, extent, threads=threads)
    said(0.4)
    leaf_count = -(-count // _FAN)
    leaves = np.empty((leaf_count, 4, _FAN))
    radii = np.empty(0) if radius_m is None else radius_m
    for done in rounds(
        lambda a, b: _fill_leaves(rows, lon, lat, radii, leaves, a, b), leaf_count, threads=threads
    ):
        said(0.4 + 0.4 * done / leaf_count)
    counts = [-(-leaf_count // _FAN)]
    while counts[-1] > 1:
        counts.append(-(-counts[-1] // _FAN))
    starts = np.cumsum([0, *counts[:-1]], dtype=np.int64)
    boxes = np.empty((sum(counts), 7, _FAN))
    boxes[:, :3], boxes[:, 3:] = np.inf, -np.inf
    _box_leaves(leaves, boxes)
    for level in range(1, len(counts)):
        _box_groups(boxes, int(starts[level - 1]), int(starts[level]), counts[level - 1])
    said(1.0)
    return StationTree(rows, leaves, boxes, starts, extent)


def curve_order(
    lon: FloatArray, lat: FloatArray, extent: Extent, *, threads: int | None = None
) -> npt.NDArray[np.int32]:
    """Rows in the order of the Z-curve (Morton 1966) over `extent`; places outside it count as on its edge."""
    keys = np.empty(lon.size, dtype=np.uint32)
    for _ in rounds(lambda a, b: _curve_keys(lon, lat, extent, keys, a, b), lon.size, threads=threads):
        pass
    return sort_rows(keys, 0xFFFFFFFF)[1]


@numba.njit(nogil=True, cache=True)
def _search(
    first: int,
    last: int,
    order: npt.NDArray[np.int32],
    lon: FloatArray,
    lat: FloatArray,
    tree: StationTree,
    best_row: IntArray,
    best_distance: FloatArray,
    best_margin: FloatArray,
) -> None:
    """Find for the points order[first..last] the station with the largest (margin, then smallest row)."""
    levels = tree.level_starts.size
    stack_group = np.empty(levels * _FAN + _FAN, dtype=np.int64)
    stack_level = np.empty(levels * _FAN + _FAN, dtype=np.int64)
    stack_gap = np.empty(levels * _FAN + _FAN, dtype=np.float64)
    square = np.empty(_FAN)
    seed = 0  # place in the tree of the last point's answer: the next point lies close by
    for k in range(first, last):
        point = order[k]
        x, y, z = ecef(lon[point], lat[point])
        leaf, lane = seed // _FAN, seed % _FAN
        dx, dy, dz = tree.leaves[leaf, 0, lane] - x, tree.leaves[leaf, 1, lane] - y, tree.leaves[leaf, 2, lane] - z
        distance = geodesic_from_chord(math.sqrt(dx * dx + dy * dy + dz * dz))
        margin = tree.leaves[leaf, 3, lane] - distance
        row = tree.rows[seed]

        top = 1
        stack_group[0], stack_level[0], stack_gap[0] = 0, levels, -math.inf
        while top > 0:
            top -= 1
            # gap = straight way to the box minus its largest radius: no margin inside is larger than -gap.
            if -stack_gap[top] + _SLACK_M < margin:
                continue
            group, level = stack_group[top], stack_level[top] - 1
            if level >= 0:
                at = tree.level_starts[level] + group
                box = tree.boxes[at]
                for j in range(_FAN):
                    dx = max(box[0, j] - x, x - box[3, j], 0.0)
                    dy = max(box[1, j] - y, y - box[4, j], 0.0)
                    dz = max(box[2, j] - z, z - box[5, j], 0.0)
                    square[j] = dx * dx + dy * dy + dz * dz
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
                        margin, distance, row, seed = candidate, candidate_distance, candidate_row, group * _FAN + j
        best_row[point], best_distance[point], best_margin[point] = row, distance, margin


def search(
    tree: StationTree,
    lon: FloatArray,
    lat: FloatArray,
    *,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> tuple[IntArray, FloatArray, FloatArray]:
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
    row : int64, distance_m, margin_m : float64, shape (n,)
        -1, NaN, NaN for points without a place. Equal margins: the lowest row.
    """
    row = np.full(lon.size, -1, dtype=np.int64)
    distance, margin = np.full(lon.size, np.nan), np.full(lon.size, np.nan)
    placed = np.flatnonzero(~(np.isnan(lon) | np.isnan(lat))).astype(np.int32)
    order = placed[curve_order(lon[placed], lat[placed], tree.extent, threads=threads)]
    for done in rounds(
        lambda a, b: _search(a, b, order, lon, lat, tree, row, distance, margin), order.size, threads=threads
    ):
        if checkpoint is not None:
            checkpoint(done / order.size)
    return row, distance, margin
