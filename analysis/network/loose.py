"""Ends of cables that are joined to nothing: how near they come to something."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from ..geodesy import ecef_m
from .issues import NOWHERE, issue_rows
from .joining import Joined
from .near import Beside, Search
from .parts import Parts

FloatArray = npt.NDArray[np.float64]


def loose_ends(
    search: Search,
    parts: Parts,
    joined: Joined,
    beside: Beside,
    lon: FloatArray,
    lat: FloatArray,
    rooms: int,
    near_m: float,
) -> pd.DataFrame:
    """List the loose ends: near misses of a room, another end or another cable, and ends that dangle.

    Parameters
    ----------
    joined : Joined
    beside : Beside
        Cables joined to the nodes that they pass: such a node is not loose.
    lon, lat : numpy.ndarray, shape (n,)
        Nodes, rooms first.
    near_m : float
        Nothing farther away is missed.
    """
    lone = np.bincount(joined.node, minlength=len(lon)) == 1
    lone[:rooms] = False
    lone[beside.point] = False
    loose = np.flatnonzero(lone)
    if not len(loose):
        return issue_rows("dangle", np.zeros(0), np.zeros(0))
    line = np.full(len(lon), NOWHERE)
    line[joined.node[::-1]] = np.repeat(parts.row, 2)[::-1]
    part = np.full(len(lon), NOWHERE)
    part[joined.node] = np.arange(len(joined.node)) // 2

    passed = search.within(lon[loose], lat[loose], near_m)
    foreign = passed.part != part[loose[passed.point]]
    table = [
        pd.DataFrame(
            {
                "end": passed.point[foreign],
                "metres": passed.away_m[foreign],
                "other": parts.row[passed.part[foreign]],
                "room": NOWHERE,
            }
        ),
        _other_nodes(loose, lon, lat, rooms, near_m, line),
    ]
    # Of a room and the cable that ends in it the room is what was missed.
    found = pd.concat(table, ignore_index=True).sort_values(["end", "metres", "room"], kind="stable")
    found = found.assign(is_line=found["room"] == NOWHERE)
    best = found.groupby("end")["metres"].transform("min")
    found = found[found["metres"] <= best + 1e-3].sort_values(["end", "is_line", "metres"], kind="stable")
    found = found.drop_duplicates("end")
    missed = loose[found["end"].to_numpy(np.int64)]
    dangling = np.setdiff1d(loose, missed)
    return pd.concat(
        [
            issue_rows(
                "near_miss",
                lon[missed],
                lat[missed],
                row=line[missed],
                other=found["other"].to_numpy(np.int64),
                room=found["room"].to_numpy(np.int64),
                metres=found["metres"].to_numpy(np.float64),
            ),
            issue_rows("dangle", lon[dangling], lat[dangling], row=line[dangling]),
        ]
    )


def _other_nodes(
    loose: npt.NDArray[np.int64],
    lon: FloatArray,
    lat: FloatArray,
    rooms: int,
    near_m: float,
    line: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Give for each loose end the other nodes within reach, with the room or the line of each."""
    placed = np.flatnonzero(np.isfinite(lon))
    tree = cKDTree(ecef_m(lon[placed], lat[placed]))
    ends = ecef_m(lon[loose], lat[loose])
    near = tree.query_ball_point(ends, near_m, return_sorted=True)
    end = np.repeat(np.arange(len(loose)), [len(one) for one in near])
    node = placed[np.concatenate([np.asarray(one, np.int64) for one in near])]
    metres = np.linalg.norm(ends[end] - ecef_m(lon[node], lat[node]), axis=1)
    is_room = node < rooms
    table = pd.DataFrame(
        {
            "end": end,
            "metres": metres,
            "other": np.where(is_room, NOWHERE, line[node]),
            "room": np.where(is_room, node, NOWHERE),
        }
    )
    return table[node != loose[end]]
