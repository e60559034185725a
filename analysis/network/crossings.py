"""Where two cables cross without meeting in a node."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from .near import Search
from .parts import Parts

IntArray = npt.NDArray[np.int64]

_POINT = 0


def crossings(parts: Parts, search: Search, cuts: pd.DataFrame, end_node: IntArray, apart_m: float) -> pd.DataFrame:
    """Find the crossings of parts.

    Parameters
    ----------
    parts : Parts
    search : Search
        Over these parts.
    cuts : pandas.DataFrame
        ``part, at_m, node``: the nodes along the parts that are known already.
    end_node : numpy.ndarray of int64, shape (p, 2)
        The nodes at their ends.
    apart_m : float
        A crossing no farther along from a node that both parts have is that node, and no crossing.

    Returns
    -------
    pandas.DataFrame
        ``part_1, at_1, part_2, at_2, lon, lat``, chainages in metres, the lower part first; sorted.
    """
    one, two = search.crossing()
    # Only the pieces that meet are cut with each other, and a pair of parts may meet in many of them.
    shapes = shapely.intersection(search.pieces[one], search.pieces[two])
    points, pair = shapely.get_parts(shapes, return_index=True)
    is_point = shapely.get_type_id(points) == _POINT
    points, pair = points[is_point], pair[is_point]
    xy = shapely.get_coordinates(points).reshape(-1, 2)
    table = pd.DataFrame(
        {
            "part_1": search.part_of_piece[one[pair]],
            "at_1": search.chainage(one[pair], xy),
            "part_2": search.part_of_piece[two[pair]],
            "at_2": search.chainage(two[pair], xy),
            "lon": xy[:, 0],
            "lat": xy[:, 1],
        }
    )
    table = table.sort_values(["part_1", "part_2", "at_1", "at_2"], kind="stable", ignore_index=True)
    same = table[["part_1", "part_2"]].eq(table[["part_1", "part_2"]].shift()).all(axis=1)
    table = table[~(same & (table["at_1"].diff() < 1e-6))]  # at a vertex of a piece it is found twice
    return table[~_at_shared_node(table, parts, cuts, end_node, apart_m)].reset_index(drop=True)


def _at_shared_node(
    table: pd.DataFrame, parts: Parts, cuts: pd.DataFrame, end_node: IntArray, apart_m: float
) -> npt.NDArray[np.bool_]:
    """Tell which crossings lie at a node that both parts have."""
    every = np.arange(parts.part_count)
    known = pd.concat(
        [
            cuts[["part", "at_m", "node"]],
            pd.DataFrame({"part": every, "at_m": 0.0, "node": end_node[:, 0]}),
            pd.DataFrame({"part": every, "at_m": parts.length_m, "node": end_node[:, 1]}),
        ],
        ignore_index=True,
    )
    number = table.assign(crossing=np.arange(len(table)))
    near = []
    for k in (1, 2):
        beside = number.merge(known, left_on=f"part_{k}", right_on="part")
        near.append(beside[(beside["at_m"] - beside[f"at_{k}"]).abs() <= apart_m][["crossing", "node"]])
    shared = near[0].merge(near[1], on=["crossing", "node"])["crossing"].to_numpy(np.int64)
    found = np.zeros(len(table), dtype=bool)
    found[shared] = True
    return found
