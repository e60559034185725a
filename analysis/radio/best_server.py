"""Which transmitter is received best where, and how many are received at all.

The receivers are worked on in square tiles. A site is skipped for a tile where the best level that it could give
anywhere in it can change nothing: the highest EIRP less the free-space loss to the tile's nearest point. P.1812 never
gives less loss than free space with the enhancement of a clear path (L_b ≥ L_b0p, eq. 70, 9; the lower grades have a
bound of their own), a ray never leaves the antenna below the direct line, and a few points of a profile already tell
how much diffraction there is at the least: so a receiver is skipped for a site likewise. Which sites come first is
found in `candidates`. The time changes, the answer does not.

Equal levels go to the sector that comes first in the list. Levels are compared as they are stored, as float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from ..slices import Checkpoint, available_threads
from .candidates import SLACK_DB, by_scouting, candidates, gains, ground_under, site_and_constants
from .elementary import KERNEL, borrowed
from .evaluate import evaluate
from .lanes import BATCH, GAIN, HEIGHT, KNOWN, LENGTH, LOSS, PROMISE, Workspace, cover_of, ground_of, put, workspace
from .lower import evaluate_lower
from .promises import (
    CELLS,
    PROMISE_OF,
    TILE,
    TILE_LANES,
    choose,
    free_space_bounds,
    keep,
    look_around,
    lower_promises,
    promises,
)
from .raster import NOWHERE, Propagation, most_steps, receivers_at
from .sites import Sector, sites_of
from .terrain import Terrain

FloatArray = npt.NDArray[np.float64]
LevelArray = npt.NDArray[np.float32]

_NONE, _MUCH = -1e30, 1e30


class BestServer(NamedTuple):
    """What is received; arrays of the receivers' shape.

    Attributes
    ----------
    level_dbm : numpy.ndarray of float32
        Of the best server; NaN where there is none.
    server : numpy.ndarray of int32
        Its place in the list of sectors; -1 where there is none.
    second_dbm : numpy.ndarray of float32 or None
        Level of the next best sector; NaN where there is none. None if not asked for.
    above : numpy.ndarray of int32 or None
        Number of sectors at or above the threshold. None without a threshold.
    unknown_dbm : numpy.ndarray of float32
        Where the terrain towards some sector is not known: a level that none of these exceeds, if it exceeds
        `level_dbm`; else NaN. Where it is at or above the level that a verdict needs while `level_dbm` is not,
        the verdict is "cannot tell". Such sectors take no part in the second level and the number.
    """

    level_dbm: LevelArray
    server: npt.NDArray[np.int32]
    second_dbm: LevelArray | None
    above: npt.NDArray[np.int32] | None
    unknown_dbm: LevelArray


class _Wanted(NamedTuple):
    """What is asked, for kernels."""

    second: float  # 1 or 0
    threshold: float
    at_least: float  # a lower level does not matter
    enough: float  # a receiver that has so much needs no more


class _Tile(NamedTuple):
    """Results of one tile, flat, for kernels."""

    best: LevelArray
    server: npt.NDArray[np.int32]
    second: LevelArray
    above: npt.NDArray[np.int32]
    unknown: LevelArray


def best_server(
    land: Terrain,
    sectors: Sequence[Sector],
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    max_range_m: float,
    model: Propagation | None = None,
    second: bool = False,
    threshold_dbm: float | None = None,
    enough_dbm: float | None = None,
    threads: int | None = None,
    checkpoint: Checkpoint | None = None,
) -> BestServer:
    """Find the best server of every receiver.

    Parameters
    ----------
    land : Terrain
    sectors : sequence of Sector
    lon, lat : array_like, shapes that broadcast to (rows, columns)
        Receivers, degrees; NaN: no place. A regular grid is a row of longitudes and a column of latitudes.
    max_range_m : float
        A sector farther away over the ground is not received.
    model : Propagation, optional
    second : bool
        Also give the second level. This and `threshold_dbm` leave less to be skipped.
    threshold_dbm : float, optional
        Also count the sectors whose level is at least this.
    enough_dbm : float, optional
        Only tell whether the best level, and that where the terrain is not known, are above or below this, if they are
        not within `SLACK_DB` of it; not together with `second` and `threshold_dbm`. What is skipped besides is a
        receiver that has so much already, and a sector that cannot give it: the levels and the server mean no more.
    threads : int, optional
        Default: all cores that the process may use. The result is the same to the bit on any number.
    checkpoint : callable, optional
        Gets the done fraction after every tile and may raise to cancel.

    Raises
    ------
    ValueError
        A value is out of bounds or the shapes do not fit.
    """
    lon, lat = np.broadcast_arrays(np.atleast_2d(lon), np.atleast_2d(lat))
    if lon.ndim != 2:
        raise ValueError("receivers must lie in a table of rows and columns")
    model = model or Propagation()
    model.check_range(max_range_m)
    sites = sites_of(sectors, model)
    steps, ground = most_steps(land, max_range_m), ground_of(land)
    threads = max(1, threads or available_threads())
    rooms: SimpleQueue[tuple[Workspace, FloatArray]] = SimpleQueue()
    for _ in range(threads):
        rooms.put((workspace(steps), np.zeros(TILE_LANES)))
    result = BestServer(
        np.full(lon.shape, np.nan, np.float32),
        np.full(lon.shape, -1, np.int32),
        np.full(lon.shape, np.nan, np.float32) if second else None,
        np.zeros(lon.shape, np.int32) if threshold_dbm is not None else None,
        np.full(lon.shape, np.nan, np.float32),
    )
    if enough_dbm is not None and (second or threshold_dbm is not None):
        raise ValueError("enough_dbm tells no second level and no number of sectors")
    wanted = _Wanted(
        1.0 if second else 0.0,
        _MUCH if threshold_dbm is None else float(threshold_dbm),
        _NONE if enough_dbm is None else enough_dbm - SLACK_DB,
        _MUCH if enough_dbm is None else enough_dbm + SLACK_DB,
    )
    enhancement = model.under_free_space_db()
    kinds = cover_of(ground), model.lower()

    def work(row: int, column: int) -> None:
        part = (slice(row, row + TILE), slice(column, column + TILE))
        there = receivers_at(lon[part], lat[part])
        size = there.lon.size
        tile = _Tile(
            np.full(size, _NONE, np.float32),
            np.full(size, -1, np.int32),
            np.full(size, _NONE, np.float32),
            np.zeros(size, np.int32),
            np.full(size, _NONE, np.float32),
        )
        room = rooms.get()
        try:
            tries = candidates(sites, there, max_range_m, enhancement)
            if threshold_dbm is None:
                tries = by_scouting(tries, there, lon[part].shape, sites, ground, room[0], *kinds)
            _search(tile, there, tries, sites, ground, *room, max_range_m, enhancement, wanted, *kinds)
        finally:
            rooms.put(room)
        _store(result, part, tile)

    corners = [(row, column) for row in range(0, lon.shape[0], TILE) for column in range(0, lon.shape[1], TILE)]
    pool = ThreadPoolExecutor(threads, thread_name_prefix="tile")
    try:
        jobs = [pool.submit(work, row, column) for row, column in corners]
        for done, job in enumerate(as_completed(jobs), start=1):
            job.result()
            if checkpoint is not None:
                checkpoint(done / len(jobs))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return result


def _store(result: BestServer, part: tuple[slice, slice], tile: _Tile) -> None:
    """Put a tile's results in their place."""
    shape = result.level_dbm[part].shape

    def levels(found: LevelArray, where: npt.NDArray[np.bool_]) -> LevelArray:
        return np.where(where, found, np.float32(np.nan)).reshape(shape)

    result.level_dbm[part] = levels(tile.best, tile.server >= 0)
    result.server[part] = tile.server.reshape(shape)
    result.unknown_dbm[part] = levels(tile.unknown, tile.unknown > tile.best)
    if result.second_dbm is not None:
        result.second_dbm[part] = levels(tile.second, tile.second > _NONE)
    if result.above is not None:
        result.above[part] = tile.above.reshape(shape)


@numba.njit(**KERNEL)
def _need(weakest, wanted):  # type: ignore[no-untyped-def]
    """Give the lowest level that could change anything at a receiver."""
    if weakest >= wanted.enough:
        return _MUCH
    return max(min(float(weakest), wanted.threshold), wanted.at_least)


@numba.njit(**KERNEL)
def _search(  # type: ignore[no-untyped-def]
    tile, there, tries, sites, ground, work, room, range_m, enhancement, wanted, cover, lower
):
    """Try the sites of a tile in turn, until the rest can change nothing."""
    lon, lat, xyz = there
    count = lon.size
    height, some, chosen = np.empty(CELLS), np.empty(CELLS, np.int64), np.empty(BATCH, np.int64)
    look_around(room, height, there, ground)
    lane, lanes = borrowed(work.lanes), borrowed(room)
    weakest = tile.second if wanted.second > 0.0 else tile.best
    need = np.full(CELLS, _MUCH)
    for i in range(count):
        if lon[i] != NOWHERE:
            need[i] = _need(weakest[i], wanted)
    for n in range(tries.site.size):
        if tries.most_dbm[n] < need.min():
            if n >= tries.scouted:
                break
            continue
        at = tries.site[n]
        site, k = site_and_constants(sites, at)
        gain = enhancement + SLACK_DB - k.free_space
        base = ground_under(site, ground)
        free_space_bounds(lanes, count, site.x, site.y, site.z, sites.top_dbm[at] + gain)
        left = choose(lanes, height, some, count, need)
        if left == 0:
            continue
        promises(lanes, left, site, base, k, at, sites, gain)
        kept = taken = 0
        for j in range(left + 1):
            if j < left and lanes[PROMISE_OF + j] >= need[some[j]]:
                i = some[j]
                put(lane, taken, lon[i], lat[i], xyz[i, 0], xyz[i, 1], xyz[i, 2])
                lane[HEIGHT + taken], lane[PROMISE + taken] = height[i], lanes[PROMISE_OF + j]
                chosen[taken] = i
                taken += 1
            if taken == BATCH or j == left:
                if k.grade == 0.0 and k.median > 0.0 and taken > kept:
                    lower_promises(work, kept, taken, site, base, ground, k)
                    taken = keep(lane, chosen, kept, taken, need)
                kept = taken
                if kept > BATCH - BATCH // 4 or (j == left and kept > 0):
                    if lower is None:
                        evaluate(work, kept, site, ground, k, cover)
                    else:
                        evaluate_lower(work, kept, site, ground, k)
                    _update(tile, lane, chosen, kept, sites, at, range_m, wanted.threshold)
                    for m in range(kept):
                        need[chosen[m]] = _need(weakest[chosen[m]], wanted)
                    kept = taken = 0


@numba.njit(**KERNEL)
def _update(tile, lane, chosen, taken, sites, at, range_m, threshold):  # type: ignore[no-untyped-def]
    """Let the sectors of a site compete at the receivers of a batch."""
    best, server, second, above, unknown = tile
    for m in range(sites.first[at], sites.first[at + 1]):
        sector = sites.sector[m]
        gains(lane, taken, sites, m)
        for j in range(taken):
            i = chosen[j]
            if lane[LENGTH + j] * 1e3 > range_m:
                continue
            if lane[KNOWN + j] == 0.0:
                unknown[i] = max(unknown[i], np.float32(lane[PROMISE + j]))
                continue
            level = np.float32(lane[GAIN + j] - lane[LOSS + j])
            if level >= threshold:
                above[i] += 1
            if level > best[i] or (level == best[i] and sector < server[i]):
                second[i] = best[i]
                best[i], server[i] = level, sector
            elif level > second[i]:
                second[i] = level
