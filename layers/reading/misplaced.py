"""Single rows whose degrees cannot be what they say: axes exchanged, a lost decimal point, a wrong sign, DDD.MMSS.

A proposal is made only where exactly one change brings a row to where the file's other rows lie. Nothing is changed
before the planner has said so: without that the row is set aside.
"""

from __future__ import annotations

import numpy as np

from ...text import NOTHING, Text
from ..cells.angles import packed
from ..datum import metres_turned
from ..table import Floats
from .judging import Judging
from .plausible import in_china, swapped

# Where the other rows lie: nine tenths of them, grown by a quarter of their extent and at least by this. Engineering.
_GROWN_DEG, _GROWN_SHARE = 0.5, 0.25
_FEWEST = 5  # rows that make a neighbourhood
_POWERS = tuple(range(-9, 3))
_MICRO = (6, 7)  # degrees stored as whole numbers; smaller powers could as well be metres of a projection
_FEWEST_PACKED, _FEWEST_SECONDS = 40, 15  # 0.6 ** 40: chance that ordinary decimals all look like minutes and seconds
_PROBE = 200
_NORTH_FIRST = Text(
    "先北后东：前一个数只能是北坐标，后一个只能是东坐标",
    "north before east: the first number can only be a northing, and the second an easting",
)


def home(x: Floats, y: Floats) -> tuple[float, float, float, float] | None:
    """Give the box (west, south, east, north) in which the rows of a file lie, without its outliers; None if too few.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
        Degrees, NaN where there are none; only rows inside China count.
    """
    inside = in_china(x, y)
    if inside.sum() < _FEWEST:
        return None
    (west, east), (south, north) = (np.quantile(axis[inside], (0.05, 0.95)) for axis in (x, y))
    wide, high = (max(_GROWN_DEG, _GROWN_SHARE * (b - a)) for a, b in ((west, east), (south, north)))
    return float(west - wide), float(south - high), float(east + wide), float(north + high)


def judge(x: Floats, y: Floats, judging: Judging, points: np.ndarray) -> np.ndarray:
    """Look for misplaced rows and change, in place, those that the planner wants changed.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
        Degrees, NaN where there are none.
    judging : Judging
    points : numpy.ndarray of bool, shape (n,)
        Rows that are points; of lines and areas only exchanged axes are judged.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        Rows that were set aside.
    """
    gone = np.zeros(len(x), dtype=bool)
    box = home(x, y)
    turned = np.flatnonzero(swapped(x, y))
    if len(turned):
        sure = _within(y[turned], x[turned], box) if box else np.zeros(len(turned), dtype=bool)
        apply = judging.settle("swapped", turned, y[turned], x[turned], NOTHING, np.where(sure, 0.98, 0.9), (x, y))
        x[turned[apply]], y[turned[apply]] = y[turned[apply]], x[turned[apply]]
        gone[turned[~apply]] = True
    if box is None:
        return gone
    with np.errstate(invalid="ignore"):
        odd = points & np.isfinite(x) & np.isfinite(y) & ~gone & ~_within(x, y, box)
    at = np.flatnonzero(odd)
    if not len(at):
        return gone
    gone |= _settle_signs(x, y, at, box, judging)
    at = at[~gone[at] & ~_within(x[at], y[at], box)]
    gone |= _settle_scales(x, y, at, box, judging)
    return gone


def judge_metres(x: Floats, y: Floats, judging: Judging) -> np.ndarray:
    """Look for rows whose metres have north before east, as `judge` does for degrees."""
    gone = np.zeros(len(x), dtype=bool)
    at = np.flatnonzero(metres_turned(x, y))
    if len(at):
        apply = judging.settle("swapped", at, y[at], x[at], _NORTH_FIRST, 0.98, (x, y))
        x[at[apply]], y[at[apply]] = y[at[apply]], x[at[apply]]
        gone[at[~apply]] = True
    return gone


def _within(x: Floats, y: Floats, box: tuple[float, float, float, float]) -> np.ndarray:
    west, south, east, north = box
    inside: np.ndarray = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside


def _settle_signs(
    x: Floats, y: Floats, at: np.ndarray, box: tuple[float, float, float, float], judging: Judging
) -> np.ndarray:
    gone = np.zeros(len(x), dtype=bool)
    wrong = at[((x[at] < 0) | (y[at] < 0)) & _within(np.abs(x[at]), np.abs(y[at]), box)]
    if len(wrong):
        right_x, right_y = np.abs(x[wrong]), np.abs(y[wrong])
        apply = judging.settle("wrong_sign", wrong, right_x, right_y, _back(box), 0.95, (x, y))
        x[wrong[apply]], y[wrong[apply]] = right_x[apply], right_y[apply]
        gone[wrong[~apply]] = True
    return gone


def _settle_scales(
    x: Floats, y: Floats, at: np.ndarray, box: tuple[float, float, float, float], judging: Judging
) -> np.ndarray:
    """Propose the one power of ten for each axis that brings a row home."""
    gone = np.zeros(len(x), dtype=bool)
    west, south, east, north = box
    by = np.array([10.0**power for power in _POWERS])[:, None]
    fits_x, fits_y = by * x[at], by * y[at]
    fits_x, fits_y = (fits_x >= west) & (fits_x <= east), (fits_y >= south) & (fits_y <= north)
    single = (fits_x.sum(axis=0) == 1) & (fits_y.sum(axis=0) == 1)
    at = at[single]
    if not len(at):
        return gone
    power_x, power_y = (np.array(_POWERS)[fits[:, single].argmax(axis=0)] for fits in (fits_x, fits_y))
    new_x, new_y = np.round(x[at] * 10.0**power_x, 10), np.round(y[at] * 10.0**power_y, 10)
    confidence = np.where((power_x != 0) & (power_y != 0), 0.8, 0.9)
    apply = judging.settle("scaled", at, new_x, new_y, _back(box), confidence, (x, y))
    x[at[apply]], y[at[apply]] = new_x[apply], new_y[apply]
    gone[at[~apply]] = True
    return gone


def _back(box: tuple[float, float, float, float]) -> Text:
    west, south, east, north = box
    return Text(
        f"其余各行在东经 {west:.2f}°–{east:.2f}°、北纬 {south:.2f}°–{north:.2f}° 之间；只有一种改法能落入其中",
        f"the other rows lie within {west:.2f}–{east:.2f}° E, {south:.2f}–{north:.2f}° N; one change alone leads there",
    )


def settle_micro(x: Floats, y: Floats, judging: Judging) -> np.ndarray:
    """Judge a file that holds degrees as whole numbers, a million or ten million to the degree, in every row.

    Changes `x` and `y` in place as `judge` does, and gives the mask of the rows set aside.
    """
    gone = np.zeros(len(x), dtype=bool)
    known = np.isfinite(x) & np.isfinite(y)
    for power in _MICRO:
        with np.errstate(invalid="ignore"):
            fits = known & in_china(x / 10**power, y / 10**power)
        if fits.sum() < _FEWEST or fits.sum() < 0.9 * known.sum():
            continue
        at = np.flatnonzero(fits)
        why = Text(
            f"{len(at)} 行除以 10 的 {power} 次方后都在中国范围内",
            f"divided by 10 to the {power}, {len(at)} rows lie in China",
        )
        apply = judging.settle("scaled", at, x[at] / 10**power, y[at] / 10**power, why, 0.95)
        x[at[apply]], y[at[apply]] = x[at[apply]] / 10**power, y[at[apply]] / 10**power
        gone[at[~apply]] = True
        x[at[~apply]], y[at[~apply]] = np.nan, np.nan
        break
    return gone


def settle_packed(lon: np.ndarray, lat: np.ndarray, x: Floats, y: Floats, judging: Judging) -> np.ndarray:
    """Judge a file whose decimals all look like minutes and seconds: 88.5412 for 88°54′12″.

    Ordinary decimals look so in 6 of 10 values, so that a file tells only as a whole: every value must, at least 40
    of them, with many different seconds. Changes `x` and `y` in place, and gives the mask of the rows set aside.

    Parameters
    ----------
    lon, lat : numpy.ndarray of str, shape (n,)
        Cells of the two columns.
    x, y : numpy.ndarray of float64, shape (n,)
        What was read from them.
    """
    gone = np.zeros(len(x), dtype=bool)
    at = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & (in_china(x, y) | in_china(y, x)))
    for some in (at[:_PROBE], at):
        axes = [packed(texts[some]) for texts in (lon, lat)]
        if not len(some) or any(np.isnan(axis).any() for axis in axes):
            return gone
    distinct = sum(len(np.unique(axis)) for axis in axes)
    seconds = min(len(np.unique(np.floor(np.round(axis * 3600, 3)) % 60)) for axis in axes)
    if distinct < _FEWEST_PACKED or seconds < _FEWEST_SECONDS:
        return gone
    why = Text(
        f"{len(at)} 行的小数前两位和后两位都小于 60，不像十进制度",
        f"in all {len(at)} rows the first and the second two decimals are below 60, unlike those of plain degrees",
    )
    apply = judging.settle("packed_dms", at, axes[0], axes[1], why, 0.99)
    x[at[apply]], y[at[apply]] = axes[0][apply], axes[1][apply]
    gone[at[~apply]] = True
    x[at[~apply]], y[at[~apply]] = np.nan, np.nan
    return gone
