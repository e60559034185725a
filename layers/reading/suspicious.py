"""Places that can be right and are seldom so: far from all others, shared by many things, or with too few decimals."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from ...text import Text
from ..cells.fold import fold
from ..findings.findings import Findings
from ..findings.kind import SET_ASIDE
from ..findings.treatments import RowTreatments
from ..table import Floats
from .reasons import Reasons

# Engineering choices, set so that the clean files of the sample and of real counties raise none.
_FAR_DEG, _FAR_TIMES = 3.0, 2.0  # beyond the nearest nine tenths of the rows: 3° and twice their radius
_FEWEST_FAR, _MOST_FAR, _CLUSTER = 20, 0.05, 10
_FEWEST_SAME, _SAME_SHARE, _MANY_SAME = 5, 0.02, 50
_FEWEST_COARSE, _COARSE_DECIMALS, _FINE_DECIMALS, _FINE_SHARE = 10, 2, 4, 0.95
_METRES_PER_DEGREE = 111_000
_SAMPLE = 2000
# What the names of one mast's stations differ in.
_OF_A_STATION = re.compile(
    r"[a-z0-9]+|中国|移动|电信|联通|广电|铁塔|基站|宏站|微站|室分|室内|室外|扇区|小区|机房|拉远|灯杆|站点|站址|站|塔|[东西南北上下左右]侧|[一二三四五六七八九十]"
)
FIELD = "geometry"


def far_away(lon: Floats, lat: Floats, treatments: RowTreatments, aside: Reasons, findings: Findings) -> np.ndarray:
    """Find rows far away from all others of the file; give the mask of those that the planner wants set aside.

    A row is far where it lies beyond the nearest nine tenths of the rows by 3° and by twice their radius, where such
    rows are few (5 % at most) and do not stand together (10 within a degree are a place of its own).

    Parameters
    ----------
    lon, lat : numpy.ndarray of float64, shape (n,)
        Degrees, NaN for rows without a place.
    """
    gone = np.zeros(len(lon), dtype=bool)
    at = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if len(at) < _FEWEST_FAR:
        return gone
    x, y = lon[at], lat[at]
    middle = float(np.median(x)), float(np.median(y))
    away = np.maximum(np.abs(x - middle[0]), np.abs(y - middle[1]))
    radius = float(np.quantile(away, 0.9))
    far = away > radius + max(_FAR_DEG, _FAR_TIMES * radius)
    if not far.any() or far.mean() > _MOST_FAR:
        return gone
    cells = np.column_stack((np.floor(x[far]), np.floor(y[far])))
    _, member, size = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    lone = size[member.ravel()] < _CLUSTER
    rows, distance = at[far][lone], away[far][lone]
    whys = [
        Text(
            f"距其余各行的中心（{middle[0]:.2f}, {middle[1]:.2f}）约 {degrees:.1f}°，十分之九的行在 {radius:.1f}° 以内",
            f"about {degrees:.1f}° from the middle of the others ({middle[0]:.2f}, {middle[1]:.2f}); "
            f"nine tenths lie within {radius:.1f}°",
        )
        for degrees in distance
    ]
    return _note("far_away", rows, whys, lon, lat, treatments, aside, findings)


def same_place(
    lon: Floats, lat: Floats, names: np.ndarray, treatments: RowTreatments, aside: Reasons, findings: Findings
) -> np.ndarray:
    """Find things of clearly different names at the very same place; give the mask of those to set aside.

    The cells of a mast share its place and most of its name, so that only the names' own part counts: at least five
    that differ, in more than 2 % of the rows or fifty times.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float64, shape (n,)
    names : numpy.ndarray of str, shape (n,)
    """
    gone = np.zeros(len(lon), dtype=bool)
    at = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if len(at) < _FEWEST_SAME:
        return gone
    order = at[np.lexsort((lat[at], lon[at]))]
    new = np.r_[True, (np.diff(lon[order]) != 0) | (np.diff(lat[order]) != 0)]
    starts = np.flatnonzero(new)
    sizes = np.diff(np.r_[starts, len(order)])
    crowded = np.flatnonzero(sizes >= _FEWEST_SAME)
    usual = _usual_start(names[at[:: max(1, len(at) // _SAMPLE)]]) if len(crowded) else ""
    for group in crowded:
        rows = np.sort(order[starts[group] : starts[group] + sizes[group]])
        own = _own_names(names[rows], usual)
        if len(own) < _FEWEST_SAME or 2 * len(own) < len(set(names[rows])):
            continue
        if len(rows) <= _SAME_SHARE * len(at) and len(own) < _MANY_SAME:
            continue
        why = Text(
            f"{len(rows)} 行、{len(own)} 个名称各不相同的对象在同一点",
            f"{len(rows)} rows, {len(own)} things of different names at one point",
        )
        gone |= _note("same_place", rows, [why] * len(rows), lon, lat, treatments, aside, findings)
    return gone


def _usual_start(names: np.ndarray) -> str:
    """Give what nearly every name of the file starts with, such as the county."""
    folded = [word for word in (fold(str(name)) for name in names) if word]
    if len(folded) < _FEWEST_SAME:
        return ""
    start = ""
    while True:
        letters = Counter(word[len(start)] for word in folded if word.startswith(start) and len(word) > len(start) + 1)
        letter, count = letters.most_common(1)[0] if letters else ("", 0)
        if count < 0.8 * len(folded):
            return start
        start += letter


def _own_names(names: np.ndarray, usual: str) -> set[str]:
    """Give the parts of names that tell different things apart; empty where most start alike: rooms of one building."""
    own = {_OF_A_STATION.sub("", fold(str(name)).removeprefix(usual)) for name in names} - {""}
    starts = Counter(word[:2] for word in own)
    return set() if own and 2 * starts.most_common(1)[0][1] > len(own) else own


def low_precision(x: Floats, y: Floats, treatments: RowTreatments, aside: Reasons, findings: Findings) -> np.ndarray:
    """Find degrees of two decimals or fewer on both axes; give the mask of the rows to set aside.

    They are pointed out where most rows are so, or where nearly all others have five decimals or more.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
        Degrees as they stand in the file, NaN where there are none.
    """
    gone = np.zeros(len(x), dtype=bool)
    at = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if len(at) < _FEWEST_COARSE:
        return gone
    coarse = _has_decimals(x[at], _COARSE_DECIMALS) & _has_decimals(y[at], _COARSE_DECIMALS)
    if not coarse.any():
        return gone
    fine = ~(_has_decimals(x[at], _FINE_DECIMALS) & _has_decimals(y[at], _FINE_DECIMALS))
    if coarse.mean() <= 0.5 and fine[~coarse].mean() < _FINE_SHARE:
        return gone
    rows = at[coarse]
    decimals = _decimals(x[rows], y[rows])
    words = {count: decimals_told(count) for count in range(_COARSE_DECIMALS + 1)}
    return _note("low_precision", rows, [words[int(d)] for d in decimals], x, y, treatments, aside, findings)


def coarse_decimals(coordinates: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Give the decimals of degrees that are coarse beside those of other rows: 0 to 2, and -1 for the rest.

    Parameters
    ----------
    coordinates : numpy.ndarray of float64, shape (m, 2)
    others : numpy.ndarray of float64, shape (n, 2)
        Those of the other rows of the file, degrees, NaN where there are none.
    """
    known = others[np.isfinite(others).all(axis=1)]
    fine = ~(_has_decimals(known[:, 0], _FINE_DECIMALS) & _has_decimals(known[:, 1], _FINE_DECIMALS))
    if len(known) < _FEWEST_SAME or fine.mean() < _FINE_SHARE:
        return np.full(len(coordinates), -1)
    x, y = coordinates.T
    coarse = _has_decimals(x, _COARSE_DECIMALS) & _has_decimals(y, _COARSE_DECIMALS)
    return np.where(coarse, _decimals(x, y), -1)


def decimals_told(count: int) -> Text:
    """Say what so few decimals of a degree mean for a place."""
    metres = 0.5 * 10.0**-count * _METRES_PER_DEGREE
    size = Text(f"{metres / 1000:.0f} 公里", f"{metres / 1000:.0f} km") if metres > 2000 else Text("550 米", "550 m")
    return Text(
        f"只有 {count} 位小数，误差可达约 {size.zh}",
        f"{count} decimals of a degree: the place may be off by about {size.en}",
    )


def _decimals(x: Floats, y: Floats) -> np.ndarray:
    """Give the decimals of pairs that have two at most."""
    decimals = np.full(len(x), _COARSE_DECIMALS)
    for fewer in (1, 0):
        decimals[_has_decimals(x, fewer) & _has_decimals(y, fewer)] = fewer
    return decimals


def _has_decimals(values: Floats, count: int) -> np.ndarray:
    """Tell which numbers have no more decimals than that."""
    scaled = values * 10.0**count
    found: np.ndarray = np.abs(scaled - np.round(scaled)) < 1e-6
    return found


def _note(
    code: str,
    rows: np.ndarray,
    whys: list[Text],
    x: Floats,
    y: Floats,
    treatments: RowTreatments,
    aside: Reasons,
    findings: Findings,
) -> np.ndarray:
    gone = np.zeros(len(x), dtype=bool)
    values = [f"{lon:.10g}, {lat:.10g}" for lon, lat in zip(x[rows], y[rows])]
    findings.add(code, rows, field=FIELD, values=values, why=whys, confidence=0.8)
    for index in np.flatnonzero(treatments.where(code, rows, SET_ASIDE)):
        aside.add([rows[index]], code, whys[index], FIELD, values[index])
        gone[rows[index]] = True
    return gone
