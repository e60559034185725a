"""Which transmitter is received best where, and how many are received at all.

The receivers are worked on in square tiles. For each tile the sites are taken in the order of the best level that they
could give anywhere in it: the highest EIRP less the free-space loss to the tile's nearest point. P.1812 never gives
less loss than free space with the enhancement of a clear path (L_b ≥ L_b0p, eq. 70, 9), a ray never leaves the antenna
below the direct line, and a few points of a profile already tell how much diffraction there is at the least. So a site
is skipped for a tile, and a receiver for a site, only when it could change nothing there. The time changes, the answer
does not.

Equal levels go to the sector that comes first in the list. Levels are compared as they are stored, as float32.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from ..slices import Checkpoint, available_threads
from .antenna import Pattern, attenuation
from .elementary import KERNEL, LOG10_E, borrowed, larger, log
from .lanes import (
    BATCH,
    EAST,
    GAIN,
    HEIGHT,
    KNOWN,
    LENGTH,
    LOSS,
    NORTH,
    PROMISE,
    RISE,
    Site,
    Workspace,
    evaluate,
    ground_of,
    put,
    workspace,
)
from .mechanisms import Constants
from .promises import keep, lower_promises, promises
from .raster import NOWHERE, Propagation, Receivers, most_steps, receivers_at
from .sites import Sector, Sites, sites_of
from .terrain import SHORTEST_M, Terrain, height_at

FloatArray = npt.NDArray[np.float64]
LevelArray = npt.NDArray[np.float32]

TILE = 32
# A bound and a level come by different roundings, of doubles and of the stored float32; dB.
_SLACK_DB = 1e-3
_NONE = -1e30


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
    sites = sites_of(sectors, model)
    steps, ground = most_steps(land, max_range_m), ground_of(land)
    threads = max(1, threads or available_threads())
    rooms: SimpleQueue[tuple[Workspace, FloatArray]] = SimpleQueue()
    for _ in range(threads):
        rooms.put((workspace(steps), np.zeros((5, TILE * TILE))))
    result = BestServer(
        np.full(lon.shape, np.nan, np.float32),
        np.full(lon.shape, -1, np.int32),
        np.full(lon.shape, np.nan, np.float32) if second else None,
        np.zeros(lon.shape, np.int32) if threshold_dbm is not None else None,
        np.full(lon.shape, np.nan, np.float32),
    )
    wanted = (1.0 if second else 0.0, 1e30 if threshold_dbm is None else float(threshold_dbm))
    # The most that multipath and focusing take off the loss (eq. 9), zero for the median.
    enhancement = -2.6 * math.log10(model.time_percent / 50)

    def work(row: int, column: int) -> None:
        part = (slice(row, row + TILE), slice(column, column + TILE))
        there = receivers_at(lon[part], lat[part])
        near, order = _candidates(sites, there, max_range_m, enhancement)
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
            _search(tile, there, order, near, sites, ground, room[0], room[1], max_range_m, enhancement, wanted)
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


def _candidates(
    sites: Sites, there: Receivers, max_range_m: float, enhancement_db: float
) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Give the sites in range of a tile, most promising first, and the best level that each could give in it."""
    placed = there.xyz[there.lon != NOWHERE]
    if len(placed) == 0 or len(sites.place) == 0:
        return np.empty(0), np.empty(0, np.int64)
    centre = (placed.min(axis=0) + placed.max(axis=0)) / 2
    radius = float(np.sqrt(((placed - centre) ** 2).sum(axis=1).max())) + 1e-3
    nearest = np.sqrt(((sites.place[:, 2:5] - centre) ** 2).sum(axis=1)) - radius
    near = np.flatnonzero(nearest <= max_range_m)  # a chord is never longer than the way over the ground
    kilometres = np.maximum(nearest[near], SHORTEST_M) * 1e-3
    free_space = sites.constants[near, _FREE_SPACE] + 20 * np.log10(kilometres)
    bound = sites.top_dbm[near] - free_space + enhancement_db + _SLACK_DB
    order = np.lexsort((near, -bound))
    return bound[order], near[order]


_FREE_SPACE = Constants._fields.index("free_space")


@numba.njit(**KERNEL)
def _constants(c):  # type: ignore[no-untyped-def]
    return Constants(
        c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11], c[12], c[13], c[14], c[15], c[16]
    )


@numba.njit(**KERNEL)
def _bounds(bound, x, y, z, px, py, pz, top, count):  # type: ignore[no-untyped-def]
    """Give the best level that a site could give at each receiver: `top` is its EIRP less eq. 8 at 1 km."""
    for i in range(count):
        dx, dy, dz = x[i] - px, y[i] - py, z[i] - pz
        square = larger((dx * dx + dy * dy + dz * dz) * 1e-6, SHORTEST_M * SHORTEST_M * 1e-6)
        bound[i] = top - 10.0 * LOG10_E * log(square)


@numba.njit(**KERNEL)
def _heights(height, lon, lat, ground):  # type: ignore[no-untyped-def]
    """Give the ground at the receivers."""
    land = borrowed(ground.height)
    for i in range(lon.size):
        column, row = (lon[i] - ground.west) / ground.pixel_lon, (ground.north - lat[i]) / ground.pixel_lat
        height[i] = height_at(land, ground.rows, ground.columns, column, row)


@numba.njit(**KERNEL)
def _search(tile, there, order, near, sites, ground, work, room, range_m, enhancement, wanted):  # type: ignore[no-untyped-def]
    """Try the sites of a tile in turn, until the rest can change nothing."""
    lon, lat, xyz = there
    count = lon.size
    bound, x, y, z, height = room[0], room[1], room[2], room[3], room[4]
    for i in range(count):
        x[i], y[i], z[i] = xyz[i, 0], xyz[i, 1], xyz[i, 2]
    _heights(height, lon, lat, ground)
    lane = borrowed(work.lanes)
    weakest = tile.second if wanted[0] > 0.0 else tile.best
    threshold = wanted[1]
    chosen = np.empty(BATCH, np.int64)
    for n in range(order.size):
        least = 1e30
        for i in range(count):
            if lon[i] != NOWHERE:
                least = min(least, float(weakest[i]))
        if near[n] < min(least, threshold):
            break
        at = order[n]
        p = sites.place[at]
        site = Site(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8])
        k = _constants(sites.constants[at])
        gain = enhancement + _SLACK_DB - k.free_space
        column, row = (site.lon - ground.west) / ground.pixel_lon, (ground.north - site.lat) / ground.pixel_lat
        base = height_at(ground.height, ground.rows, ground.columns, column, row)
        _bounds(bound, x, y, z, site.x, site.y, site.z, sites.top_dbm[at] + gain, count)
        kept = taken = 0
        for i in range(count + 1):
            if i < count and lon[i] != NOWHERE and bound[i] >= min(float(weakest[i]), threshold):
                put(lane, taken, lon[i], lat[i], x[i], y[i], z[i])
                lane[HEIGHT + taken] = height[i]
                chosen[taken] = i
                taken += 1
            if taken == BATCH or i == count:
                promises(lane, kept, taken, site, base, k, at, sites, gain)
                begun = kept
                kept = keep(lane, chosen, begun, taken, weakest, threshold)
                if k.median > 0.0:
                    lower_promises(work, begun, kept, site, base, ground, k)
                    kept = keep(lane, chosen, begun, kept, weakest, threshold)
                taken = kept
                if kept > BATCH - BATCH // 4 or (i == count and kept > 0):
                    evaluate(work, kept, site, ground, k)
                    _update(tile, lane, chosen, kept, sites, at, range_m, threshold)
                    kept = taken = 0


@numba.njit(**KERNEL)
def _update(tile, lane, chosen, taken, sites, at, range_m, threshold):  # type: ignore[no-untyped-def]
    """Let the sectors of a site compete at the receivers of a batch."""
    best, server, second, above, unknown = tile
    for m in range(sites.first[at], sites.first[at + 1]):
        q = sites.pattern[m]
        antenna = Pattern(q[0], q[1], q[2], q[3], q[4], q[5], q[6], q[7], q[8], q[9])
        eirp, sector = sites.eirp_dbm[m], sites.sector[m]
        for j in range(taken):
            east, north = lane[EAST + j], lane[NORTH + j]
            up = math.sqrt(east * east + north * north) * lane[RISE + j]
            lane[GAIN + j] = eirp + attenuation(east, north, up, antenna)
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
