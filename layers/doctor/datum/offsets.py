"""Evidence by distance: a row lies near the same thing, the seat of its town, a mast, a village or a road.

How near is not known beforehand: a village committee stands 50 m from the village point, a mast of another operator
5 m, a village 5 km from its town. So distances are taken to follow a mixture of scales from 5 m to 20 km (each a
two-dimensional Student distribution with 3 degrees of freedom), whose shares are fitted to the hypothesis that fits
best and then held against all of them alike; see `_trust` for how much of a lead counts.

Two more guards, since thousands of rows may lean one way by chance: rows beyond 500 count as 500, since neighbours are
no independent witnesses; and the best hypothesis must fit better (by e²) than it does when moved by 350 m in any of
eight directions. Without such a peak the rows are not tied to what is known, and the test says nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import shapely
from scipy.spatial import cKDTree
from scipy.special import bdtrc  # the binomial survival function, without the second that scipy.stats takes to load

from ....text import Text
from ..references import Points
from .evidence import CAP, Evidence
from .hypotheses import Hypothesis

SCALES_M = np.array([5.0, 15.0, 50.0, 150.0, 500.0, 1500.0, 5000.0, 20_000.0])
_FREEDOM = 3.0
_ROUNDS = 30
_WITNESSES = 500
_CONTROL_M = 350.0
_PEAK = 2.0
_SPEAKS = 0.4
_MERE_CHANCE = 0.2
_NEAREST_ROWS = 2000
_FARTHEST_M = 100_000.0
_EARTH_M = 6_371_000.0
_DEGREE_M = 111_200.0
_LEAST_ROWS = 5
_ANGLES = np.arange(8) * np.pi / 4


def density(residual_m: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Give the logarithm of the density of an offset of some length, per square metre."""
    r = np.asarray(residual_m, dtype=float)[..., None]
    each = (1.0 + r * r / (_FREEDOM * SCALES_M**2)) ** (-_FREEDOM / 2 - 1) / (2 * np.pi * SCALES_M**2)
    found: np.ndarray = np.log(each @ shares)
    return found


def fit_shares(residual_m: np.ndarray) -> np.ndarray:
    """Fit the shares of the scales to offsets, by expectation and maximisation; no share falls under half a row."""
    r = np.asarray(residual_m, dtype=float)[:, None]
    each = (1.0 + r * r / (_FREEDOM * SCALES_M**2)) ** (-_FREEDOM / 2 - 1) / (2 * np.pi * SCALES_M**2)
    shares = np.full(len(SCALES_M), 1.0 / len(SCALES_M))
    for _ in range(_ROUNDS):
        mine = each * shares
        mine /= mine.sum(axis=1, keepdims=True)
        shares = mine.sum(axis=0) + 0.5
        shares /= shares.sum()
    return shares


def _judge(
    kind: str, label: Text, rows: np.ndarray, residual: np.ndarray, moved: Callable[[int], np.ndarray]
) -> Evidence | None:
    """Turn distances into evidence, or into none where there is no peak.

    Parameters
    ----------
    residual : numpy.ndarray, shape (H, m)
    moved : callable
        Gives, for the number of a hypothesis, the distances of its rows moved in eight directions, shape (8, m).
    """
    fits = [fit_shares(row) for row in residual]
    own = np.array([density(row, shares).sum() for row, shares in zip(residual, fits)])
    best = int(np.argmax(own))
    shares = fits[best]
    loglik = density(residual, shares)
    weight = np.full(len(rows), min(1.0, _WITNESSES / len(rows)))
    top = loglik[best]
    loglik = np.clip(loglik, top - CAP, top + CAP)
    control = np.clip(density(moved(best), shares), top - CAP, top + CAP)
    if ((control - top) @ weight).max() > -_PEAK:
        return None
    for rival in range(len(own)):
        if rival != best:
            loglik[rival] = top - _trust(top - loglik[rival], own[best] - own[rival]) * (top - loglik[rival])
    return Evidence(kind, label, rows, residual, loglik, weight)


def _trust(lead: np.ndarray, own_gain: float) -> float:
    """Give how much of a lead over one rival counts, 0 to 1.

    No more than remains when the rival has shares of its own, and the less, the likelier as many rows for and against
    are by chance alone: nothing from 1 in 5 on.
    """
    gain = float(lead.sum())
    if gain <= 0:
        return 1.0 if own_gain <= 0 else 0.0
    for_, against = int((lead > _SPEAKS).sum()), int((lead < -_SPEAKS).sum())
    chance = float(bdtrc(for_ - 1, for_ + against, 0.5)) if for_ else 1.0
    return float(np.clip(own_gain / gain, 0.0, 1.0) * np.clip(1.0 - chance / _MERE_CHANCE, 0.0, 1.0))


def counterpart_evidence(
    kind: str,
    label: Text,
    ideas: tuple[Hypothesis, ...],
    rows: np.ndarray,
    lon: np.ndarray,
    lat: np.ndarray,
    held: np.ndarray | None = None,
) -> Evidence | None:
    """Weigh rows against the places of what they are or belong to.

    Parameters
    ----------
    kind, label
        See `Evidence`.
    ideas : tuple of Hypothesis
    rows : numpy.ndarray of int64, shape (m,)
    lon, lat : numpy.ndarray of float64, shape (m,)
        Known places, CGCS2000 degrees.
    held : numpy.ndarray of int64, shape (m,), optional
        See `Evidence`.
    """
    if len(rows) < _LEAST_ROWS:
        return None
    shrink = np.cos(np.radians(lat)) * _DEGREE_M
    east = np.array([(idea.lon[rows] - lon) * shrink for idea in ideas])
    north = np.array([(idea.lat[rows] - lat) * _DEGREE_M for idea in ideas])
    residual = np.minimum(np.hypot(east, north), _FARTHEST_M)

    def moved(best: int) -> np.ndarray:
        return np.array(
            [
                np.hypot(east[best] + _CONTROL_M * np.cos(angle), north[best] + _CONTROL_M * np.sin(angle))
                for angle in _ANGLES
            ]
        )

    found = _judge(kind, label, rows, residual, moved)
    if found is None:
        return None
    return Evidence(kind, label, rows, residual, found.loglik, found.weight, east, north, held)


def nearest_evidence(
    kind: str,
    label: Text,
    ideas: tuple[Hypothesis, ...],
    used: np.ndarray,
    points: tuple[Points, ...],
    numbers: tuple[np.ndarray, ...],
) -> Evidence | None:
    """Weigh rows by the distance to the nearest of many known points; `numbers` are theirs in the holdings."""
    known = [item for item in points if len(item.lon)]
    rows = _some(ideas, used)
    if not known or len(rows) < _LEAST_ROWS:
        return None
    lon, lat = (np.concatenate([getattr(item, axis) for item in known]) for axis in ("lon", "lat"))
    tree = cKDTree(_sphere(lon, lat), balanced_tree=False, compact_nodes=False)

    def distance(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        away: np.ndarray = tree.query(_sphere(lon, lat), distance_upper_bound=_FARTHEST_M)[0]
        return np.minimum(away, _FARTHEST_M)

    residual = np.array([distance(idea.lon[rows], idea.lat[rows]) for idea in ideas])
    found = _judge(kind, label, rows, residual, _mover(ideas, rows, distance))
    if found is None:
        return None
    # Which of the known points it is, for the direction of the offsets.
    place = np.array([tree.query(_sphere(idea.lon[rows], idea.lat[rows]))[1] for idea in ideas])
    shrink = np.cos(np.radians(lat[place])) * _DEGREE_M
    east = (np.array([idea.lon[rows] for idea in ideas]) - lon[place]) * shrink
    north = (np.array([idea.lat[rows] for idea in ideas]) - lat[place]) * _DEGREE_M
    held = np.concatenate([number for item, number in zip(points, numbers) if len(item.lon)])
    best = int(np.argmax(found.loglik @ found.weight))
    return Evidence(kind, label, rows, residual, found.loglik, found.weight, east, north, held[place[best]])


def road_evidence(
    label: Text, ideas: tuple[Hypothesis, ...], used: np.ndarray, roads: np.ndarray, numbers: np.ndarray
) -> Evidence | None:
    """Weigh rows by the distance to the nearest road: a little nearer under the right hypothesis, over many rows."""
    rows = _some(ideas, used)
    if not len(roads) or len(rows) < _LEAST_ROWS:
        return None
    west, south, east, north = shapely.total_bounds(roads)
    metres = _DEGREE_M * np.array([np.cos(np.radians((south + north) / 2)), 1.0])
    tree = shapely.STRtree(shapely.transform(roads, lambda degrees: degrees * metres))

    def distance(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        xy = np.column_stack((lon, lat)) * metres
        found = np.full(len(xy), _FARTHEST_M)
        fine = np.isfinite(xy).all(axis=1)
        near = fine & (xy[:, 0] > west * metres[0] - _FARTHEST_M) & (xy[:, 0] < east * metres[0] + _FARTHEST_M)
        near &= (xy[:, 1] > south * metres[1] - _FARTHEST_M) & (xy[:, 1] < north * metres[1] + _FARTHEST_M)
        if near.any():
            at, away = tree.query_nearest(shapely.points(xy[near]), return_distance=True, all_matches=False)
            found[np.flatnonzero(near)[at[0]]] = np.minimum(away, _FARTHEST_M)
        return found

    residual = np.array([distance(idea.lon[rows], idea.lat[rows]) for idea in ideas])
    told = _judge("roads", label, rows, residual, _mover(ideas, rows, distance))
    if told is None:
        return None
    idea = ideas[int(np.argmax(told.loglik @ told.weight))]
    spots = shapely.points(np.nan_to_num(np.column_stack((idea.lon[rows], idea.lat[rows]))) * metres)
    return replace(told, held=numbers[tree.nearest(spots)])


def _some(ideas: tuple[Hypothesis, ...], used: np.ndarray) -> np.ndarray:
    """Give at most 2,000 rows, evenly spaced, and each place once: the sectors of one mast are one witness."""
    if not ideas or not len(used):
        return used[:0]
    first = ideas[0]
    _, once = np.unique(np.column_stack((first.lon[used], first.lat[used])), axis=0, return_index=True)
    rows = used[np.sort(once)]
    return rows[:: max(1, -(-len(rows) // _NEAREST_ROWS))]


def _mover(
    ideas: tuple[Hypothesis, ...], rows: np.ndarray, distance: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> Callable[[int], np.ndarray]:
    def moved(best: int) -> np.ndarray:
        lon, lat = ideas[best].lon[rows], ideas[best].lat[rows]
        shrink = np.cos(np.radians(lat)) * _DEGREE_M
        return np.array(
            [
                distance(lon + _CONTROL_M * np.cos(angle) / shrink, lat + _CONTROL_M * np.sin(angle) / _DEGREE_M)
                for angle in _ANGLES
            ]
        )

    return moved


def _sphere(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Give points on a sphere of the earth's size, metres; places that are none go to its middle."""
    x, y = np.radians(lon), np.radians(lat)
    found = _EARTH_M * np.column_stack((np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)))
    return np.where(np.isfinite(found), found, 0.0)
