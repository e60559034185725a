"""Ends of cables and equipment rooms that lie together: one node for each such place."""

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


class Joined(NamedTuple):
    """The nodes that points make.

    Attributes
    ----------
    node : shape (p,), int64
        Node of each end. Rooms are the nodes 0 to r - 1, joints of ends alone follow in the order of their first end.
    away_m : shape (p,), float64
        How far each end lies from its node: from the room, or from the first end of the joint.
    close_rooms : shape (k, 2), int64
        Pairs of rooms that lie together; they stay two nodes.
    joint_lon, joint_lat : shape (j,), float64
        Where the joints lie, of node r onwards.
    """

    node: IntArray
    away_m: FloatArray
    close_rooms: IntArray
    joint_lon: FloatArray
    joint_lat: FloatArray


def join_points(lon: FloatArray, lat: FloatArray, room_lon: FloatArray, room_lat: FloatArray, snap_m: float) -> Joined:
    """Put the ends of cables that lie together, or at a room, into one node.

    An end takes the nearest room within `snap_m`. Other ends within `snap_m` of each other, directly or through more
    ends, are one joint; a joint that has an end within `snap_m` of one that took a room goes to that room, the nearest
    of several.

    Parameters
    ----------
    lon, lat : numpy.ndarray, shape (p,)
        Ends, degrees on CGCS2000.
    room_lon, room_lat : numpy.ndarray, shape (r,)
        Rooms; NaN where the place is not known.
    snap_m : float
        Metres, straight through the earth, which at tens of metres is the same over the ground.
    """
    spots, spot = np.unique(np.column_stack([lon, lat]), axis=0, return_inverse=True)
    spot = spot.ravel()
    ends = ecef_m(spots[:, 0], spots[:, 1]).reshape(-1, 3)
    placed = np.flatnonzero(np.isfinite(room_lon) & np.isfinite(room_lat))
    rooms = ecef_m(room_lon[placed], room_lat[placed]).reshape(-1, 3)
    taken, _ = _nearest(ends, rooms, snap_m)
    close = cKDTree(rooms).query_pairs(snap_m, output_type="ndarray") if len(rooms) else np.empty((0, 2), np.int64)

    free = np.flatnonzero(taken < 0)
    label = _groups(ends[free], snap_m)
    held = np.flatnonzero(taken >= 0)
    to, far = _nearest(ends[free], ends[held], snap_m)
    for group, by in _nearest_of_groups(label, to, far):
        taken[free[label == group]] = taken[held[by]]

    node = np.where(taken >= 0, placed[taken] if len(placed) else 0, 0)
    joint = np.full(len(ends), -1)
    joint[free] = label
    of_end = np.where(taken[spot] >= 0, -1, joint[spot])
    first = np.flatnonzero(of_end >= 0)
    groups, at = np.unique(of_end[first], return_index=True)
    order = np.argsort(first[at], kind="stable")
    number = np.full(len(ends) + 1, -1)
    number[groups[order]] = len(room_lon) + np.arange(len(groups))
    leader = first[at][order]  # the end that gives each joint its place
    found = np.where(of_end >= 0, number[of_end], node[spot]).astype(np.int64)
    place = np.full((len(room_lon) + len(groups), 3), np.nan)
    place[placed] = rooms
    place[len(room_lon) :] = ends[spot[leader]]
    away = np.linalg.norm(ends[spot] - place[found], axis=1) if len(found) else np.zeros(0)
    return Joined(found, away, placed[close].reshape(-1, 2).astype(np.int64), lon[leader], lat[leader])


def _nearest(points: FloatArray, others: FloatArray, reach_m: float) -> tuple[IntArray, FloatArray]:
    """Give the nearest of the others within reach, -1 for none, and the metres."""
    if not len(points) or not len(others):
        return np.full(len(points), -1, dtype=np.int64), np.full(len(points), np.inf)
    away, at = cKDTree(others).query(points, distance_upper_bound=np.nextafter(reach_m, np.inf))
    return np.where(np.isfinite(away), at, -1).astype(np.int64), away


def _groups(points: FloatArray, reach_m: float) -> IntArray:
    """Give the groups of points that hang together by steps within reach a number each."""
    if not len(points):
        return np.zeros(0, dtype=np.int64)
    pairs = cKDTree(points).query_pairs(reach_m, output_type="ndarray")
    joined = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int64)


def _nearest_of_groups(label: IntArray, to: IntArray, far: FloatArray) -> list[tuple[int, int]]:
    """Give for each group that reaches anything what its nearest member reaches."""
    there = np.flatnonzero(to >= 0)
    order = there[np.lexsort((to[there], far[there], label[there]))]
    groups, first = np.unique(label[order], return_index=True)
    return [(int(group), int(to[order[at]])) for group, at in zip(groups, first)]
