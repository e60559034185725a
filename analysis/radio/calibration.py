"""By how much a simulation errs where somebody measured, and whether correcting it helps elsewhere.

A residual is a measured level less the simulated one, in dB. The steps:

1. Outliers go, band by band: residuals farther from the median than a multiple of the spread, which is 1.4826 times
   the median absolute deviation (Iglewicz and Hoaglin 1993; 1.4826 makes it the standard deviation of a normal law).
2. What is left is thinned: one value, the median, for each cell of a fine grid, band and class, so that a car that
   waits at a red light does not outweigh the road.
3. An offset is the mean residual of a band; or band and clutter class together by least squares, with the clutter
   offsets made zero on average over the measurements.
4. Hold-out: the ground is cut into blocks, whole blocks are dealt to folds, and each fold is predicted by offsets of
   the others. Neighbours within a block are never on both sides.

5. Significance: the squared errors before and after are taken from each other pair by pair and added up block by
   block, since errors within a block depend on each other. With the sums D_1 … D_B of the blocks the gain is their sum,
   and its standard error √(B/(B-1) Σ (D_b - mean)²), which is that of a sum of B equal independent draws.

A band's offset is kept where it lessens the band's own hold-out error by at least `Settings.least_gain` standard
errors: mere noise has offsets too. Band and clutter together are kept where they lessen the error of all bands further
by as many, and leave no judged band worse than it was uncorrected: a clutter offset belongs to the place, so it counts
for the servers of every band.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NO_CLASS = -1
_NORMAL = 1.4826
_DEGREE_M = 111_195.0  # of latitude on a sphere of 6 371 km; cells and blocks need no geodesics


@dataclass(frozen=True)
class Settings:
    """How a calibration is made.

    Attributes
    ----------
    outlier : float
        Residuals farther than this many spreads from the band's median are outliers.
    least_spread_db : float
        The spread counts as at least this, so that many equal levels make no outliers of the others.
    cell_m : float
        Width of a cell that counts once.
    block_m : float
        Width of a block that is held out as a whole.
    folds : int
        At least 2.
    least_points : int
        Cells that a band or clutter class needs for an offset of its own.
    least_gain : float
        Standard errors by which the hold-out error must fall.
    seed : int
        Of the dealing of blocks to folds.
    """

    outlier: float
    least_spread_db: float
    cell_m: float
    block_m: float
    folds: int
    least_points: int
    least_gain: float
    seed: int = 0


class Residuals(NamedTuple):
    """Where levels were measured and simulated; all of shape (n,).

    Attributes
    ----------
    lon, lat : numpy.ndarray of float64
        Degrees.
    band : numpy.ndarray of int64
        Number of the band, from 0.
    clutter : numpy.ndarray of int64
        Clutter class; `NO_CLASS` where it is not known.
    residual_db : numpy.ndarray of float64
        Measured less simulated, finite.
    """

    lon: FloatArray
    lat: FloatArray
    band: IntArray
    clutter: IntArray
    residual_db: FloatArray

    def only(self, which: npt.NDArray[np.bool_] | IntArray) -> Residuals:
        """Give some of them."""
        return Residuals(
            self.lon[which], self.lat[which], self.band[which], self.clutter[which], self.residual_db[which]
        )


class Offsets(NamedTuple):
    """Corrections in dB, to be added to simulated levels.

    Attributes
    ----------
    band : dict of int to float
    clutter : dict of int to float
        Empty where no classes are told apart.
    """

    band: dict[int, float]
    clutter: dict[int, float]

    def at(self, points: Residuals) -> FloatArray:
        """Give the correction of every point, shape (n,); a band or class that is not there has none."""
        found = np.zeros(points.band.size)
        for band, offset in self.band.items():
            found[points.band == band] += offset
        for code, offset in self.clutter.items():
            found[points.clutter == code] += offset
        return found


class BandResult(NamedTuple):
    """What came of one band.

    Attributes
    ----------
    band : int
    points, outliers : int
        Measurements, and those of them that were left out as outliers.
    cells : int
        That the offset rests on.
    offset_db : float
        NaN where there are too few cells.
    sigma_db : float
        Standard deviation of the cells around the offset; NaN where there are too few.
    before_db, after_db : float
        Root mean square of the hold-out residuals, uncorrected and with the offset of the other folds; NaN without.
    after_clutter_db : float
        As `after_db`, with band and clutter together; NaN where no class is known.
    kept : bool
        By band alone.
    gain : float
        Fall of the squared hold-out error by the band's offset, in standard errors; NaN where it cannot be judged.
    """

    band: int
    points: int
    outliers: int
    cells: int
    offset_db: float
    sigma_db: float
    before_db: float
    after_db: float
    after_clutter_db: float
    kept: bool
    gain: float


class CalibrationResult(NamedTuple):
    """A calibration, or the reason why there is none.

    Attributes
    ----------
    offsets : Offsets
        By band alone; only kept bands. Empty where that helps nowhere.
    with_clutter : Offsets or None
        Band and clutter together, where that helps more.
    bands : list of BandResult
    cells : Residuals
        The thinned residuals that all numbers rest on.
    outlier : numpy.ndarray of bool, shape (n,)
        Of the residuals that were given.
    fold : numpy.ndarray of int64, shape (number of cells,)
    blocks : int
    before_db, after_db, after_clutter_db : float
        Hold-out error over the cells of all bands: uncorrected, with the kept offsets of bands (others stay
        uncorrected), and with band and clutter together; the last is NaN where no clutter class is known.
    held_out_db : numpy.ndarray of float64, shape (number of cells,)
        Hold-out residuals with what is kept, for a histogram.
    """

    offsets: Offsets
    with_clutter: Offsets | None
    bands: list[BandResult]
    cells: Residuals
    outlier: Flags
    fold: IntArray
    blocks: int
    before_db: float
    after_db: float
    after_clutter_db: float
    held_out_db: FloatArray


def calibrate(points: Residuals, settings: Settings) -> CalibrationResult:
    """Find offsets and judge them by what they do to measurements that they have not seen.

    Parameters
    ----------
    points : Residuals
        In any order; the result does not depend on it.
    settings : Settings
    """
    outlier = outliers(points, settings)
    cells = thinned(points.only(~outlier), settings.cell_m)
    fold, blocks = folds_of(cells, settings)
    block = _blocks_of(cells, settings)
    plain = cells.residual_db
    held = _held_out(cells, fold, settings, clutter=False)
    has_clutter = bool((cells.clutter != NO_CLASS).any())
    by_clutter = _held_out(cells, fold, settings, clutter=True) if has_clutter else np.full(plain.size, np.nan)
    bands = [
        _band_result(band, points, outlier, cells, (held, by_clutter), block, settings)
        for band in np.unique(points.band).tolist()
    ]
    kept = {result.band: result.offset_db for result in bands if result.kept}
    by_band = np.where(np.isin(cells.band, list(kept)), held, plain)
    judged = [result for result in bands if not np.isnan(result.before_db)]
    with_clutter = fit(cells, settings, clutter=True) if has_clutter and judged else Offsets({}, {})
    helps = bool(with_clutter.clutter) and _gain(by_band, by_clutter, block) >= settings.least_gain
    helps = helps and all(result.after_clutter_db < result.before_db for result in judged)
    return CalibrationResult(
        Offsets(kept, {}),
        with_clutter if helps else None,
        bands,
        cells,
        outlier,
        fold,
        blocks,
        _rms(plain),
        _rms(by_band),
        _rms(by_clutter),
        by_clutter if helps else by_band,
    )


def outliers(points: Residuals, settings: Settings) -> Flags:
    """Tell which residuals lie too far from the median of their band; shape (n,)."""
    found = np.zeros(points.band.size, dtype=bool)
    for band in np.unique(points.band):
        own = points.band == band
        away = np.abs(points.residual_db[own] - np.median(points.residual_db[own]))
        spread = max(_NORMAL * float(np.median(away)), settings.least_spread_db)
        found[own] = away > settings.outlier * spread
    return found


def thinned(points: Residuals, cell_m: float) -> Residuals:
    """Give one point for each grid cell, band and class: the median residual at the mean place; sorted."""
    if not points.band.size:
        return points
    column, row = _grid(points.lon, points.lat, cell_m)
    keys = np.column_stack([points.band, points.clutter, row, column])
    _, group = np.unique(keys, axis=0, return_inverse=True)
    order = np.lexsort((points.lat, points.lon, points.residual_db, group.ravel()))
    starts = np.flatnonzero(np.diff(group.ravel()[order], prepend=-1))
    ends = np.append(starts[1:], order.size)
    lon, lat = (np.add.reduceat(part[order], starts) / (ends - starts) for part in (points.lon, points.lat))
    low, high = (starts + ends - 1) // 2, (starts + ends) // 2
    residual = points.residual_db[order]
    first = order[starts]
    return Residuals(lon, lat, points.band[first], points.clutter[first], (residual[low] + residual[high]) / 2)


def folds_of(cells: Residuals, settings: Settings) -> tuple[IntArray, int]:
    """Deal whole blocks of ground to folds; give the fold of every cell (shape (n,)) and the number of blocks."""
    if not cells.band.size:
        return np.zeros(0, dtype=np.int64), 0
    block = _blocks_of(cells, settings)
    count = int(block.max()) + 1
    dealt = np.random.RandomState(settings.seed).permutation(count)  # a frozen stream
    return (dealt % min(settings.folds, count))[block].astype(np.int64), count


def _blocks_of(cells: Residuals, settings: Settings) -> IntArray:
    """Give the number of the block of ground that each cell lies in, from 0 without a gap; shape (n,)."""
    if not cells.band.size:
        return np.zeros(0, dtype=np.int64)
    column, row = _grid(cells.lon, cells.lat, settings.block_m)
    _, block = np.unique(np.column_stack([row, column]), axis=0, return_inverse=True)
    return block.ravel().astype(np.int64)


def _gain(before: FloatArray, after: FloatArray, block: IntArray) -> float:
    """Give the fall of the squared errors in its standard errors, block by block; NaN for fewer than two blocks.

    Errors that fall alike in all blocks have no standard error: the gain is then infinite, as long as there is any.
    """
    _, number = np.unique(block, return_inverse=True)
    sums = np.bincount(number.ravel(), weights=before**2 - after**2)
    if sums.size < 2:
        return float("nan")
    total = float(sums.sum())
    error = float(np.sqrt(sums.size * sums.var(ddof=1)))
    return total / error if error > 0 else float(np.copysign(np.inf, total)) if total else 0.0


def fit(cells: Residuals, settings: Settings, *, clutter: bool) -> Offsets:
    """Fit offsets to cells; bands and classes with too few cells have none."""
    bands = _frequent(cells.band, settings.least_points)
    own = cells.only(np.isin(cells.band, bands))
    codes = [code for code in _frequent(own.clutter, settings.least_points) if code != NO_CLASS] if clutter else []
    if not codes:
        return Offsets({band: float(own.residual_db[own.band == band].mean()) for band in bands}, {})
    columns = [own.band == band for band in bands] + [own.clutter == code for code in codes]
    design = np.column_stack(columns).astype(np.float64)
    # One direction is free (all bands up, all classes down): least squares takes the shortest, then it is centred.
    solved = np.linalg.lstsq(design, own.residual_db, rcond=None)[0]
    by_band, by_class = solved[: len(bands)], solved[len(bands) :]
    known = np.isin(own.clutter, codes)
    if known.all():
        middle = float((design[:, len(bands) :] @ by_class).mean())
        by_band, by_class = by_band + middle, by_class - middle
    return Offsets(
        dict(zip(bands, by_band.tolist())), {code: float(value) for code, value in zip(codes, by_class.tolist())}
    )


def _held_out(cells: Residuals, fold: IntArray, settings: Settings, *, clutter: bool) -> FloatArray:
    """Give every residual less the offset that the other folds give it; shape (n,)."""
    found = cells.residual_db.copy()
    for number in np.unique(fold):
        test = fold == number
        found[test] -= fit(cells.only(~test), settings, clutter=clutter).at(cells.only(test))
    return found


def _band_result(
    band: int,
    points: Residuals,
    outlier: Flags,
    cells: Residuals,
    held_out: tuple[FloatArray, FloatArray],
    block: IntArray,
    settings: Settings,
) -> BandResult:
    given, own = points.band == band, cells.band == band
    residual = cells.residual_db[own]
    counts = (int(given.sum()), int((given & outlier).sum()), residual.size)
    nan = float("nan")
    if residual.size < settings.least_points or len(np.unique(block)) < 2:
        return BandResult(band, *counts, *(nan,) * 5, False, nan)
    before, after, after_clutter = _rms(residual), _rms(held_out[0][own]), _rms(held_out[1][own])
    sigma = float(residual.std(ddof=1)) if residual.size > 1 else float("nan")
    gain = _gain(residual, held_out[0][own], block[own])
    kept = gain >= settings.least_gain
    return BandResult(band, *counts, float(residual.mean()), sigma, before, after, after_clutter, kept, gain)


def _frequent(codes: IntArray, least: int) -> list[int]:
    values, counts = np.unique(codes, return_counts=True)
    return [int(value) for value, count in zip(values, counts) if count >= least]


def _grid(lon: FloatArray, lat: FloatArray, width_m: float) -> tuple[IntArray, IntArray]:
    """Give column and row of places on a grid of about square cells (narrower towards the pole of the region)."""
    step = width_m / _DEGREE_M
    along = np.cos(np.radians(np.round(np.median(lat))))
    return np.floor(lon * along / step).astype(np.int64), np.floor(lat / step).astype(np.int64)


def _rms(values: FloatArray) -> float:
    return float(np.sqrt((values**2).mean())) if values.size else float("nan")
