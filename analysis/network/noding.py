"""Cable lines and equipment rooms to nodes and edges.

What counts as joined, in this order:

1. Ends of cables and rooms that lie within `snap_m` of each other are one node, no end farther than that from the place
   of the node; see `joining`. Two rooms stay two, and what hangs together in longer chains only is told.
2. A room beside a cable, within `snap_m`, is a node of it: the cable is cut there.
3. A loose end within `snap_m` of another cable branches off the nearest one. Whatever touches a cable, to `TOUCH_M`,
   is joined to it. The cable is cut there.
4. A crossing is no node, unless `join_crossings` says so: cables cross in ducts and on poles without a joint.

Lines keep their drawn shape and length: snapping joins, it moves nothing. What was decided, and what is left open, is
listed as issues, so that the planner can look at every one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..geodesy import geodesic_distance_m
from .crossings import crossings
from .issues import NOWHERE, all_issues, issue_rows
from .joining import TOUCH_M, Joined, join_points
from .loose import loose_ends
from .near import Beside, Search
from .parts import Parts, cut, parts_of

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class Network(NamedTuple):
    """Nodes, the edges between them, and what is worth a look.

    Attributes
    ----------
    start, end : shape (e,), int64
        Nodes of each edge.
    row : shape (e,), int64
        The line that it is a piece of.
    from_m, to_m : shape (e,), float64
        Chainage on that part of the line; the length is the difference.
    shapes : numpy.ndarray of LineString, shape (e,)
    lon, lat : shape (n,), float64
        Degrees, CGCS2000; NaN for a room whose place is not known.
    room : shape (n,), int64
        The room of the node, `NOWHERE` for a joint or a loose end. Every room has its node; rooms come first.
    issues : pandas.DataFrame
        See `issues`.
    """

    start: IntArray
    end: IntArray
    row: IntArray
    from_m: FloatArray
    to_m: FloatArray
    shapes: npt.NDArray[np.object_]
    lon: FloatArray
    lat: FloatArray
    room: IntArray
    issues: pd.DataFrame

    @property
    def length_m(self) -> FloatArray:
        """Geodesic length of each edge."""
        return self.to_m - self.from_m


def node_lines(
    lines: npt.NDArray[np.object_],
    room_lon: FloatArray,
    room_lat: FloatArray,
    *,
    snap_m: float,
    near_m: float,
    join_crossings: bool = False,
) -> Network:
    """Make a network of cable lines.

    Parameters
    ----------
    lines : numpy.ndarray of LineString, MultiLineString or None, shape (l,)
        Degrees, CGCS2000.
    room_lon, room_lat : numpy.ndarray, shape (r,)
        Equipment rooms; NaN where the place is not known: such a room is a node that no cable reaches.
    snap_m : float
        What lies no farther apart is joined.
    near_m : float
        A loose end no farther from something is reported as a near miss; not below `snap_m`.
    join_crossings : bool
        Where two cables cross they are joined.

    Raises
    ------
    ValueError
        A geometry is no line.
    """
    parts = parts_of(lines.tolist())
    rooms = len(room_lon)
    ends = parts.xy[parts.ends.ravel()]
    joined = join_points(ends[:, 0], ends[:, 1], room_lon, room_lat, snap_m)
    lon, lat = np.append(room_lon, joined.joint_lon), np.append(room_lat, joined.joint_lat)
    end_node = joined.node.reshape(-1, 2)
    search = Search(parts)

    beside = _passing(search, parts, joined, lon, lat, rooms, snap_m)
    cuts = pd.DataFrame({"part": beside.part, "at_m": beside.at_m, "node": beside.point})
    crossed = crossings(parts, search, cuts, end_node, snap_m)
    found = [
        _joining_issues(parts, joined, ends, room_lon, room_lat),
        _passing_issues(parts, joined, beside, lon, lat, rooms),
        issue_rows(
            "crossing",
            crossed["lon"],
            crossed["lat"],
            row=parts.row[crossed["part_1"].to_numpy(np.int64)],
            other=parts.row[crossed["part_2"].to_numpy(np.int64)],
        ),
        loose_ends(search, parts, joined, beside, lon, lat, rooms, near_m),
        _without_length(lines, parts),
        _duplicates(parts, end_node),
    ]
    if join_crossings and len(crossed):
        new = len(lon) + np.arange(len(crossed))
        lon, lat = np.append(lon, crossed["lon"]), np.append(lat, crossed["lat"])
        both = [crossed[[f"part_{k}", f"at_{k}"]].set_axis(["part", "at_m"], axis=1).assign(node=new) for k in (1, 2)]
        cuts = pd.concat([cuts, *both], ignore_index=True)

    cuts = cuts.sort_values(["part", "at_m", "node"], kind="stable", ignore_index=True)
    pieces = cut(parts, cuts["part"].to_numpy(np.int64), cuts["at_m"].to_numpy(np.float64))
    at = np.append(cuts["node"].to_numpy(np.int64), NOWHERE)
    start = np.where(pieces.from_cut < 0, end_node[pieces.part, 0], at[pieces.from_cut])
    end = np.where(pieces.to_cut < 0, end_node[pieces.part, 1], at[pieces.to_cut])
    off = np.setdiff1d(np.arange(rooms), np.append(start, end))
    found.append(issue_rows("room_off_network", lon[off], lat[off], room=off))
    room = np.where(np.arange(len(lon)) < rooms, np.arange(len(lon)), NOWHERE)
    return Network(
        *(start, end, parts.row[pieces.part], pieces.from_m, pieces.to_m, pieces.shapes, lon, lat, room),
        all_issues(found),
    )


def _passing(
    search: Search, parts: Parts, joined: Joined, lon: FloatArray, lat: FloatArray, rooms: int, snap_m: float
) -> Beside:
    """Give the cables that pass a node without ending there and are joined to it: `point` is the node."""
    placed = np.flatnonzero(np.isfinite(lon))
    found = search.within(lon[placed], lat[placed], snap_m)
    node, end_node = placed[found.point], joined.node.reshape(-1, 2)[found.part]
    from_ends = np.column_stack([found.at_m, parts.length_m[found.part] - found.at_m])
    # Where a cable ends it has its node: another room beside the first one is not on its way.
    ended = (end_node == node[:, None]) | ((end_node < rooms) & (node < rooms)[:, None])
    own = (ended & (from_ends <= 2 * snap_m)).any(axis=1)
    lone = np.bincount(joined.node, minlength=len(lon)) == 1
    own |= lone[node] & (end_node == node[:, None]).any(axis=1) & (node >= rooms)  # a loose end beside its own cable
    nearest = np.full(len(lon), np.inf)
    np.minimum.at(nearest, node[~own], found.away_m[~own])
    is_branch = lone[node] & (found.away_m == nearest[node])
    taken = ~own & ((node < rooms) | (found.away_m <= TOUCH_M) | is_branch)
    return Beside(node[taken], found.part[taken], found.at_m[taken], found.away_m[taken])


def _passing_issues(
    parts: Parts, joined: Joined, beside: Beside, lon: FloatArray, lat: FloatArray, rooms: int
) -> pd.DataFrame:
    line_of_node = np.full(len(lon), NOWHERE)
    line_of_node[joined.node[::-1]] = np.repeat(parts.row, 2)[::-1]  # the first line that ends there
    at_room, node = beside.point < rooms, beside.point
    room, branch = node[at_room], node[~at_room]
    return pd.concat(
        [
            issue_rows(
                "room_on_cable",
                lon[room],
                lat[room],
                row=parts.row[beside.part[at_room]],
                room=room,
                metres=beside.away_m[at_room],
            ),
            issue_rows(
                "branch",
                lon[branch],
                lat[branch],
                row=line_of_node[branch],
                other=parts.row[beside.part[~at_room]],
                metres=beside.away_m[~at_room],
            ),
        ]
    )


def _joining_issues(
    parts: Parts, joined: Joined, ends: FloatArray, room_lon: FloatArray, room_lat: FloatArray
) -> pd.DataFrame:
    rooms = len(room_lon)
    moved = np.flatnonzero(joined.away_m > TOUCH_M)
    one, two = joined.close_rooms.T
    chained, other = joined.chained.T
    at_room = joined.node[other] < rooms
    return pd.concat(
        [
            issue_rows(
                "chain",
                *ends[chained].T,
                row=parts.row[chained // 2],
                other=parts.row[other // 2],
                room=np.where(at_room, joined.node[other], NOWHERE),
                metres=joined.chained_m,
            ),
            issue_rows(
                "snapped",
                *ends[moved].T,
                row=parts.row[moved // 2],
                room=np.where(joined.node[moved] < rooms, joined.node[moved], NOWHERE),
                metres=joined.away_m[moved],
            ),
            *(
                issue_rows(
                    "rooms_close",
                    room_lon[here],
                    room_lat[here],
                    room=here,
                    metres=geodesic_distance_m(room_lon[here], room_lat[here], room_lon[there], room_lat[there]),
                )
                for here, there in ((one, two), (two, one))
            ),
        ]
    )


def _without_length(lines: npt.NDArray[np.object_], parts: Parts) -> pd.DataFrame:
    none = np.setdiff1d(np.arange(len(lines)), parts.row)
    return issue_rows("no_length", np.full(len(none), np.nan), np.full(len(none), np.nan), row=none)


def _duplicates(parts: Parts, end_node: IntArray) -> pd.DataFrame:
    """Find parts drawn twice, in either direction, vertex by vertex."""
    low, high = end_node.min(axis=1), end_node.max(axis=1)
    groups = pd.DataFrame({"low": low, "high": high, "metres": np.round(parts.length_m, 3)})
    twin = np.flatnonzero(groups.duplicated(keep=False))
    seen: dict[bytes, int] = {}
    rows, others = [], []
    for part in twin.tolist():
        xy = parts.xy[parts.first[part] : parts.first[part + 1]]
        drawn = min(xy.tobytes(), xy[::-1].tobytes())
        before = seen.setdefault(drawn, part)
        if before != part:
            rows.append(part)
            others.append(before)
    place = parts.xy[parts.first[:-1][rows]].reshape(-1, 2)
    return issue_rows("duplicate", place[:, 0], place[:, 1], row=parts.row[rows], other=parts.row[others])
