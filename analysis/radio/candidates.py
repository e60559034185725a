"""Which sites are tried on a tile of receivers, and in what order.

The order decides how soon the rest can be skipped, never the answer. Of the sites in range those that could give most
are tried at a few receivers of the tile, and the others follow by what they could give: so a site that stands behind a
mountain, or looks away, does not come first because it is near.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from numba.np.unsafe.ndarray import to_fixed_tuple

from .antenna import Pattern, attenuation
from .elementary import KERNEL, borrowed
from .evaluate import evaluate
from .lanes import EAST, GAIN, KNOWN, LOSS, NORTH, RISE, Ground, Site, Workspace, put
from .lower import evaluate_lower
from .mechanisms import Constants
from .raster import NOWHERE, Receivers
from .sites import Sites
from .terrain import SHORTEST_M, height_at

FloatArray = npt.NDArray[np.float64]

# A bound and a level come by different roundings, of doubles and of the stored float32; dB.
SLACK_DB = 1e-3
_RECEIVERS_A_SCOUT = 32  # one site is tried for every so many receivers of a tile: its cost is small beside theirs
_UNKNOWN = -1e9


class Candidates(NamedTuple):
    """Sites in range of a tile, in the order in which they are tried.

    Attributes
    ----------
    most_dbm : numpy.ndarray, shape (n,)
        What each could give at most anywhere in the tile.
    site : numpy.ndarray of int64, shape (n,)
        Its place in the sites.
    scouted : int
        The first so many are in the order of levels that were found, the others in that of `most_dbm`, which falls.
    """

    most_dbm: FloatArray
    site: npt.NDArray[np.int64]
    scouted: int


def candidates(sites: Sites, there: Receivers, max_range_m: float, enhancement_db: float) -> Candidates:
    """Give the sites in range of a tile by the best level that each could give in it, the highest first."""
    placed = there.xyz[there.lon != NOWHERE]
    if len(placed) == 0 or len(sites.place) == 0:
        return Candidates(np.empty(0), np.empty(0, np.int64), 0)
    centre = (placed.min(axis=0) + placed.max(axis=0)) / 2
    radius = float(np.sqrt(((placed - centre) ** 2).sum(axis=1).max())) + 1e-3
    nearest = np.sqrt(((sites.place[:, 2:5] - centre) ** 2).sum(axis=1)) - radius
    near = np.flatnonzero(nearest <= max_range_m)  # a chord is never longer than the way over the ground
    kilometres = np.maximum(nearest[near], SHORTEST_M) * 1e-3
    free_space = sites.constants[near, _FREE_SPACE] + 20 * np.log10(kilometres)
    bound = sites.top_dbm[near] - free_space + enhancement_db + SLACK_DB
    order = np.lexsort((near, -bound))
    return Candidates(bound[order], near[order].astype(np.int64), 0)


_FREE_SPACE = Constants._fields.index("free_space")
_FIELDS = len(Constants._fields)


@numba.njit(**KERNEL)
def site_and_constants(sites, at):  # type: ignore[no-untyped-def]
    """Give a site's place and what all its paths share."""
    p = sites.place[at]
    site = Site(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8])
    return site, Constants(*to_fixed_tuple(sites.constants[at], _FIELDS))


@numba.njit(**KERNEL)
def ground_under(site, ground):  # type: ignore[no-untyped-def]
    """Give the height of the ground under a site, m."""
    column, row = (site.lon - ground.west) / ground.pixel_lon, (ground.north - site.lat) / ground.pixel_lat
    return height_at(ground.height, ground.rows, ground.columns, column, row)


@numba.njit(**KERNEL)
def gains(lane, count, sites, sector):  # type: ignore[no-untyped-def]
    """Give in ``GAIN`` the EIRP of a sector towards each lane that was evaluated."""
    q = sites.pattern[sector]
    antenna = Pattern(q[0], q[1], q[2], q[3], q[4], q[5], q[6], q[7], q[8], q[9])
    eirp = sites.eirp_dbm[sector]
    for i in range(count):
        east, north = lane[EAST + i], lane[NORTH + i]
        up = math.sqrt(east * east + north * north) * lane[RISE + i]
        lane[GAIN + i] = eirp + attenuation(east, north, up, antenna)


def by_scouting(
    found: Candidates,
    there: Receivers,
    shape: tuple[int, ...],
    sites: Sites,
    ground: Ground,
    work: Workspace,
    cover: Any,
    lower: Any,
) -> Candidates:
    """Sort the most promising sites by the mean level that they do give at the middle of the tile's quarters.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the tile.
    cover, lower
        As `evaluate.evaluate` takes them.
    """
    first = min(found.site.size, there.lon.size // _RECEIVERS_A_SCOUT)
    if first < 2:
        return found
    rows, columns = (np.unique([side // 4, 3 * side // 4]) for side in shape)
    looks = (rows[:, None] * shape[1] + columns).ravel()
    looks = looks[there.lon[looks] != NOWHERE]
    if looks.size == 0:
        return found
    level = np.full(first, _UNKNOWN)
    _scout(level, looks, there, found.site, sites, ground, work, cover, lower)
    turn = np.concatenate([np.argsort(-level, kind="stable"), np.arange(first, found.site.size)])
    return Candidates(found.most_dbm[turn], found.site[turn], first)


@numba.njit(**KERNEL)
def _scout(level, looks, there, order, sites, ground, work, cover, lower):  # type: ignore[no-untyped-def]
    """Find the mean level of each of the first sites at a few receivers, by its best sector at each."""
    lon, lat, xyz = there
    lane = borrowed(work.lanes)
    for n in range(level.size):
        at = order[n]
        site, k = site_and_constants(sites, at)
        for j in range(looks.size):
            i = looks[j]
            put(lane, j, lon[i], lat[i], xyz[i, 0], xyz[i, 1], xyz[i, 2])
        if lower is None:
            evaluate(work, looks.size, site, ground, k, cover)
        else:
            evaluate_lower(work, looks.size, site, ground, k)
        best = np.full(looks.size, _UNKNOWN)
        for m in range(sites.first[at], sites.first[at + 1]):
            gains(lane, looks.size, sites, m)
            for j in range(looks.size):
                if lane[KNOWN + j] > 0.0:
                    best[j] = max(best[j], lane[GAIN + j] - lane[LOSS + j])
        level[n] = best.sum() / looks.size
