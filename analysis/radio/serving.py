"""What the model says where somebody measured: of the serving station where the test names it, else of the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..slices import Checkpoint
from .points import levels_at_points
from .raster import Propagation
from .sites import Sector
from .terrain import Terrain

IntArray = npt.NDArray[np.int64]


class Group(NamedTuple):
    """Measurements that one of the same sectors served.

    Attributes
    ----------
    points : numpy.ndarray of int64
        Positions of the measurements.
    sectors : numpy.ndarray of int64
        Positions of the sectors that may have served them.
    """

    points: IntArray
    sectors: IntArray


class Served(NamedTuple):
    """Levels of the servers; all of shape (n,).

    Attributes
    ----------
    level_dbm : numpy.ndarray of float64
        NaN where there is no server in range or the terrain may hide a better one.
    server : numpy.ndarray of int64
        Position of the sector; -1 where there is none.
    unknown : numpy.ndarray of bool
        Some sector that may be the server lies behind unknown terrain.
    """

    level_dbm: npt.NDArray[np.float64]
    server: IntArray
    unknown: npt.NDArray[np.bool_]


def served_levels(
    land: Terrain,
    sectors: Sequence[Sector],
    groups: Sequence[Group],
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    max_range_m: float,
    model: Propagation,
    checkpoint: Checkpoint | None = None,
) -> Served:
    """Find the level of the server of every measurement; one in no group has none.

    Parameters
    ----------
    land : Terrain
    sectors : sequence of Sector
    groups : sequence of Group
        No measurement stands in two of them.
    lon, lat : array_like, shape (n,)
        Degrees.
    max_range_m, model, checkpoint
        As in `best_server`.
    """
    lon, lat = (np.asarray(given, dtype=np.float64) for given in (lon, lat))
    level, server = np.full(lon.size, np.nan), np.full(lon.size, -1, dtype=np.int64)
    unknown = np.zeros(lon.size, dtype=bool)
    done = 0
    for group in groups:
        found = levels_at_points(
            land,
            [sectors[i] for i in group.sectors],
            lon[group.points],
            lat[group.points],
            max_range_m=max_range_m,
            model=model,
        )
        hidden = ~np.isnan(found.unknown_dbm)
        known = (found.server >= 0) & ~hidden
        unknown[group.points] = hidden
        level[group.points[known]] = found.level_dbm[known]
        server[group.points[known]] = group.sectors[found.server[known]]
        done += group.points.size
        if checkpoint is not None:
            checkpoint(done / lon.size)
    return Served(level, server, unknown)
