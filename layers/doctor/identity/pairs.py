"""Which rows lie near each other: exact searches that bear a million rows, many of them in one place.

Distances are chords of the GRS 80 ellipsoid at height 0. Up to 3 km a chord is shorter than the geodesic by less than
a tenth of a millimetre, so no geodesic has to be computed to compare it with a threshold in metres.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyproj
from scipy.spatial import cKDTree

_GEOD = pyproj.Geod(ellps="GRS80")
# A degree of latitude is nowhere shorter than this on GRS 80 (at the equator), nor one of longitude, but for cos.
_DEGREE_M = 110_574.0
_APART_M = 1e8  # groups are set this far apart along a fourth axis, ten times the size of the Earth
_MOST_PAIRS = 5_000_000  # about 200 MB; reached only where thousands of rows of a group crowd in one place
_NEIGHBOURS = 16


class Pairs(NamedTuple):
    """Pairs of rows of two tables that lie near each other.

    Attributes
    ----------
    first, second : numpy.ndarray of int64, shape (m,)
        Indices in the one and the other table, sorted by `first`, then `second`.
    metres : numpy.ndarray of float64, shape (m,)
    """

    first: np.ndarray
    second: np.ndarray
    metres: np.ndarray


NO_PAIRS = Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def cartesian(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Give earth-centred coordinates in metres, shape (n, 3), of longitude and latitude in degrees."""
    along, up = np.radians(lon), np.radians(lat)
    normal = _GEOD.a / np.sqrt(1.0 - _GEOD.es * np.sin(up) ** 2)
    flat = normal * np.cos(up)
    return np.column_stack((flat * np.cos(along), flat * np.sin(along), normal * (1.0 - _GEOD.es) * np.sin(up)))


def crowded(groups: np.ndarray, lon: np.ndarray, lat: np.ndarray, within_m: float) -> np.ndarray:
    """Tell which rows may have another row of their group within a distance; those left out have none for certain.

    Two points at most half a cell apart share a cell in at least one of four grids that are shifted by half a cell.

    Parameters
    ----------
    groups : numpy.ndarray of int, shape (n,)
        Only rows of the same group are compared; -1 for a row that is compared with none.
    lon, lat : numpy.ndarray of float64, shape (n,)
        Degrees; NaN where a row has no place.
    within_m : float
        Metres.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
    """
    found = np.zeros(len(groups), dtype=bool)
    at = np.flatnonzero((groups >= 0) & np.isfinite(lon) & np.isfinite(lat))
    if len(at) < 2:
        return found
    # The pair itself may lie a little nearer to a pole than either of its points: keep away from zero.
    slim = max(np.cos(np.radians(np.abs(lat[at]).max())) * 0.999, 1e-3)
    tall = 2.0 * within_m / _DEGREE_M * 1.001
    x, y = lon[at] / (tall / slim), lat[at] / tall
    near = np.zeros(len(at), dtype=bool)
    for east in (0.0, 0.5):
        for north in (0.0, 0.5):
            cells = (groups[at], np.floor(x + east).astype(np.int64), np.floor(y + north).astype(np.int64))
            near |= repeated(*cells)
    found[at[near]] = True
    return found


def repeated(*columns: np.ndarray) -> np.ndarray:
    """Tell which rows have another row with the same values in all columns of int; shape (n,)."""
    return number_groups(*columns)[1] > 1


def number_groups(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the rows numbers by the values of several columns, and count each row's group; both of shape (n,)."""
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        own, uniques = pd.factorize(column, use_na_sentinel=False)
        codes = pd.factorize(codes * max(len(uniques), 1) + own)[0].astype(np.int64)
    return codes, np.bincount(codes, minlength=1)[codes] if len(codes) else codes


def first_partners(
    groups: np.ndarray, lon: np.ndarray, lat: np.ndarray, within_m: float
) -> tuple[np.ndarray, np.ndarray]:
    """Give for every row the first earlier row of its group that lies within a distance.

    Rows in one spot are looked at once, so that a file with all its rows in one place costs no more than another. Where
    even the spots would make more than 5 million pairs, each is compared with its 16 nearest only.

    Parameters
    ----------
    groups, lon, lat, within_m
        As for `crowded`.

    Returns
    -------
    partners : numpy.ndarray of int64, shape (n,)
        Index of the earlier row, -1 for none.
    metres : numpy.ndarray of float64, shape (n,)
        Distance to it, NaN for none.
    """
    partners, metres = np.full(len(groups), -1, np.int64), np.full(len(groups), np.nan)
    at = np.flatnonzero(crowded(groups, lon, lat, within_m))
    if not len(at):
        return partners, metres
    spots, _ = number_groups(groups[at], lon[at], lat[at])  # numbered in the order of their first rows
    firsts = at[np.flatnonzero(~pd.Series(spots).duplicated().to_numpy())]
    places = cartesian(lon[firsts], lat[firsts])
    left, right = _within(np.column_stack((places, groups[firsts] * _APART_M)), within_m)
    best = np.arange(len(firsts))
    np.minimum.at(best, np.maximum(left, right), np.minimum(left, right))
    found = firsts[best[spots]]
    real = found != at
    partners[at[real]] = found[real]
    metres[at[real]] = np.linalg.norm(places[best[spots]] - places[spots], axis=1)[real]
    return partners, metres


def _within(points: np.ndarray, within_m: float) -> tuple[np.ndarray, np.ndarray]:
    tree = cKDTree(points, balanced_tree=False, compact_nodes=False)
    if (tree.count_neighbors(tree, within_m) - len(points)) // 2 <= _MOST_PAIRS:
        pairs = tree.query_pairs(within_m, output_type="ndarray")
    else:
        metres, others = tree.query(points, k=_NEIGHBOURS + 1, distance_upper_bound=within_m)
        own = np.repeat(np.arange(len(points)), _NEIGHBOURS + 1).reshape(metres.shape)
        real = np.isfinite(metres) & (others != own)
        pairs = np.unique(np.sort(np.column_stack((own[real], others[real])), axis=1), axis=0)
    return pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64)


def near_between(
    own: tuple[np.ndarray, np.ndarray],
    other: tuple[np.ndarray, np.ndarray],
    within_m: float,
    groups: tuple[np.ndarray, np.ndarray] | None = None,
) -> Pairs:
    """Find the pairs of a row of one table (`first`) and a row of another (`second`) within a distance.

    Parameters
    ----------
    own, other : tuple of numpy.ndarray
        Longitude and latitude of each table, degrees, NaN where a row has no place. Pass distinct places.
    within_m : float
    groups : tuple of numpy.ndarray of int, optional
        Only rows of the same group are compared.
    """
    count = len(own[0])
    ones = (np.zeros(count, np.int64), np.zeros(len(other[0]), np.int64)) if groups is None else groups
    lon, lat = (np.concatenate((own[k], other[k])) for k in (0, 1))
    kinds = np.concatenate(ones)
    at = np.flatnonzero(crowded(kinds, lon, lat, within_m))
    mine, theirs = at[at < count], at[at >= count]
    if not len(mine) or not len(theirs):
        return NO_PAIRS
    points = [np.column_stack((cartesian(lon[rows], lat[rows]), kinds[rows] * _APART_M)) for rows in (mine, theirs)]
    trees = [cKDTree(part, balanced_tree=False, compact_nodes=False) for part in points]
    if trees[0].count_neighbors(trees[1], within_m) <= _MOST_PAIRS:
        found = trees[0].sparse_distance_matrix(trees[1], within_m, output_type="ndarray")
        first, second, metres = found["i"], found["j"], found["v"]
    else:
        nearest, others = trees[1].query(points[0], k=_NEIGHBOURS, distance_upper_bound=within_m)
        first, rank = np.nonzero(np.isfinite(nearest))
        second, metres = others[first, rank], nearest[first, rank]
    one, two = mine[first], theirs[second] - count
    order = np.lexsort((two, one))
    return Pairs(one[order].astype(np.int64), two[order].astype(np.int64), np.asarray(metres)[order])


def geodesic_m(lon: np.ndarray, lat: np.ndarray, other_lon: np.ndarray, other_lat: np.ndarray) -> np.ndarray:
    """Give geodesic distances on GRS 80 in metres, for the few pairs that are told to a planner."""
    return np.asarray(_GEOD.inv(lon, lat, other_lon, other_lat)[2])
