"""Ends of cables and equipment rooms that lie together: one node for each place, no end farther than the tolerance.

Ends may hang together in a chain, each within the tolerance of the next, and the first far from the last. Such a chain
is not one node: every end of a joint lies within the tolerance of the end that gives the joint its place. Ends that lie
within the tolerance and are not joined all the same are told.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..geodesy import ecef_m

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TOUCH_M = 0.1  # what rounding of six decimals, and drawing in another projection, may put between touching lines


class Joined(NamedTuple):
    """The nodes that points make.

    Attributes
    ----------
    node : shape (p,), int64
        Node of each end. Rooms are the nodes 0 to r - 1, joints of ends alone follow in the order of their first end.
    away_m : shape (p,), float64
        How far each end lies from its node: from the room, or from the end that gives the joint its place.
    close_rooms : shape (k, 2), int64
        Pairs of rooms that lie together; they stay two nodes.
    joint_lon, joint_lat : shape (j,), float64
        Where the joints lie, of node r onwards.
    chained : shape (c, 2), int64
        Ends of a joint that lie within the tolerance of an end of another node and are not joined to it, each with the
        nearest such end.
    chained_m : shape (c,), float64
        How far apart.
    """

    node: IntArray
    away_m: FloatArray
    close_rooms: IntArray
    joint_lon: FloatArray
    joint_lat: FloatArray
    chained: IntArray
    chained_m: FloatArray


def join_points(lon: FloatArray, lat: FloatArray, room_lon: FloatArray, room_lat: FloatArray, snap_m: float) -> Joined:
    """Put the ends of cables that lie together, or at a room, into one node.

    An end takes the nearest room within `snap_m`. Other ends are one joint where one of them has all the others within
    `snap_m`; it gives the joint its place. Of a longer chain the end with the most others within `snap_m` makes a joint
    with these, and so on with the rest. Ends that touch, to `TOUCH_M`, stay together.

    Parameters
    ----------
    lon, lat : numpy.ndarray, shape (p,)
        Ends, degrees on CGCS2000.
    room_lon, room_lat : numpy.ndarray, shape (r,)
        Rooms; NaN where the place is not known.
    snap_m : float
        Metres, straight through the earth, which at tens of metres is the same over the ground.
    """
    spots, first, spot = np.unique(np.column_stack([lon, lat]), axis=0, return_index=True, return_inverse=True)
    spot = spot.ravel()
    ends = ecef_m(spots[:, 0], spots[:, 1]).reshape(-1, 3)
    placed = np.flatnonzero(np.isfinite(room_lon) & np.isfinite(room_lat))
    rooms = ecef_m(room_lon[placed], room_lat[placed]).reshape(-1, 3)
    close = cKDTree(rooms).query_pairs(snap_m, output_type="ndarray") if len(rooms) else np.empty((0, 2), np.int64)
    pairs = cKDTree(ends).query_pairs(snap_m, output_type="ndarray") if len(ends) else np.empty((0, 2), np.int64)
    apart = np.linalg.norm(ends[pairs[:, 0]] - ends[pairs[:, 1]], axis=1)
    one = _touching(pairs[apart <= TOUCH_M], len(ends))  # each spot by the first of those that touch

    room, far = _nearest(ends, rooms, snap_m)
    order = np.lexsort((np.arange(len(ends)), far, one))
    best = order[np.unique(one[order], return_index=True)[1]]  # of those that touch the nearest to a room
    taken = np.full(len(ends), -1, dtype=np.int64)
    taken[one[best]] = room[best]
    free = np.flatnonzero((one == np.arange(len(ends))) & (taken < 0))
    place = np.full(len(ends), -1, dtype=np.int64)
    place[free] = np.arange(len(free))
    among = place[pairs[(place[pairs] >= 0).all(axis=1)]]
    leader = np.full(len(ends), -1, dtype=np.int64)
    leader[free] = free[_leaders(among, first[free])] if len(free) else free

    taken, leader = taken[one], leader[one]
    joints = np.flatnonzero(leader >= 0)
    groups, first_end = np.unique(leader[joints]), np.full(len(ends), len(lon))
    np.minimum.at(first_end, leader[joints], first[joints])
    groups = groups[np.argsort(first_end[groups], kind="stable")]
    number = np.full(len(ends), -1, dtype=np.int64)
    number[groups] = len(room_lon) + np.arange(len(groups))
    node = np.where(taken >= 0, placed[taken] if len(placed) else 0, number[leader])
    where = np.full((len(room_lon) + len(groups), 3), np.nan)
    where[placed] = rooms
    where[len(room_lon) :] = ends[groups]
    away = np.linalg.norm(ends - where[node], axis=1) if len(node) else np.zeros(0)
    chained, gaps = _chained(pairs, apart, node, len(room_lon))
    return Joined(
        node[spot].astype(np.int64),
        away[spot],
        placed[close].reshape(-1, 2).astype(np.int64),
        spots[groups, 0],
        spots[groups, 1],
        first[chained].reshape(-1, 2).astype(np.int64),
        gaps,
    )


def _nearest(points: FloatArray, others: FloatArray, reach_m: float) -> tuple[IntArray, FloatArray]:
    """Give the nearest of the others within reach, -1 for none, and the metres."""
    if not len(points) or not len(others):
        return np.full(len(points), -1, dtype=np.int64), np.full(len(points), np.inf)
    away, at = cKDTree(others).query(points, distance_upper_bound=np.nextafter(reach_m, np.inf))
    return np.where(np.isfinite(away), at, -1).astype(np.int64), away


def _parts(pairs: IntArray, count: int) -> IntArray:
    """Give what pairs hold together a number each, shape (count,)."""
    joined = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int64)


def _touching(pairs: IntArray, count: int) -> IntArray:
    """Give each point the first of those that it touches, directly or by others, shape (count,)."""
    if not len(pairs):
        return np.arange(count)
    _, first, label = np.unique(_parts(pairs, count), return_index=True, return_inverse=True)
    return first[label].astype(np.int64)


def _leaders(pairs: IntArray, first: IntArray) -> IntArray:
    """Choose for each point the one that it makes a joint with: itself, or one that is paired with it.

    Parameters
    ----------
    pairs : numpy.ndarray of int64, shape (k, 2)
        Points within reach of each other.
    first : numpy.ndarray of int64, shape (n,)
        Breaks ties where several would do.
    """
    count = len(first)
    leader = np.arange(count)
    if not len(pairs):
        return leader
    part = _parts(pairs, count)
    size = np.bincount(part)
    whole = np.bincount(pairs.ravel(), minlength=count) + 1 == size[part]
    centres = np.flatnonzero(whole)
    centres = centres[np.lexsort((first[centres], part[centres]))]
    parts, at = np.unique(part[centres], return_index=True)
    centre = np.full(len(size), -1)
    centre[parts] = centres[at]
    has_one = centre[part] >= 0
    leader[has_one] = centre[part[has_one]]
    # Longer chains are few: each by itself, by coordinates alone, so that the order of the cables changes nothing.
    beside: dict[int, set[int]] = {point: set() for point in np.flatnonzero(~has_one).tolist()}
    for one, two in pairs[~has_one[pairs[:, 0]]].tolist():
        beside[one].add(two)
        beside[two].add(one)
    for number in np.flatnonzero(centre < 0).tolist():
        left = set(np.flatnonzero(part == number).tolist())
        while left:
            best = min(left, key=lambda point: (-len(beside[point] & left), point))
            members = (beside[best] & left) | {best}
            leader[list(members)] = best
            left -= members
    return leader


def _chained(pairs: IntArray, apart: FloatArray, node: IntArray, rooms: int) -> tuple[IntArray, FloatArray]:
    """Give the spots of joints within reach of one of another node, each with the nearest such: shapes (c, 2), (c,)."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    far = np.concatenate([apart, apart])
    told = (node[both[:, 0]] != node[both[:, 1]]) & (node[both[:, 0]] >= rooms)
    both, far = both[told], far[told]
    order = np.lexsort((both[:, 1], far, both[:, 0]))
    best = order[np.unique(both[order, 0], return_index=True)[1]]
    return both[best], far[best]
