"""Points along lines for evidence that is known only at points, such as simulated levels, and back to stretches.

Each part of a line is divided into equal cells no longer than the step; the sample stands in the middle of its cell
and speaks for all of it (the midpoint rule), so no metre is counted twice and none is left out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..village_verdict import NO, UNKNOWN, YES
from .chains import parts_of
from .drawn import FloatArray, IntArray, Lines, places_at
from .stretches import Stretches, merged


class Samples(NamedTuple):
    """Points along lines, sorted by line and chainage.

    Attributes
    ----------
    line : shape (s,), int64
    lon, lat : shape (s,), float64
        Degrees, CGCS2000.
    chainage_m, from_m, to_m : shape (s,), float64
        Chainage of the point, and begin and end of the cell it speaks for.
    """

    line: IntArray
    lon: FloatArray
    lat: FloatArray
    chainage_m: FloatArray
    from_m: FloatArray
    to_m: FloatArray


def sample_lines(lines: Lines, step_m: float) -> Samples:
    """Put points along lines, no further apart than `step_m` geodesic metres.

    Raises
    ------
    ValueError
        `step_m` is not positive.
    """
    if not step_m > 0:
        raise ValueError(f"step_m must be positive, not {step_m}")
    parts = parts_of(lines, None)
    length = parts.to_m - parts.from_m
    cells = np.maximum(np.ceil(length / step_m * (1 - 1e-12)), 1).astype(np.int64)
    part = np.repeat(np.arange(len(cells)), cells)
    number = np.arange(len(part)) - np.repeat(np.cumsum(cells) - cells, cells)
    begin = parts.from_m[part] + length[part] * (number / cells[part])
    middle = parts.from_m[part] + length[part] * ((number + 0.5) / cells[part])
    end = np.append(begin[1:], 0.0)[: len(begin)]
    last = number == cells[part] - 1
    end[last] = parts.to_m[part[last]]  # to the bit, so that cells meet
    line = parts.line[part]
    lon, lat = places_at(lines, line, middle)
    return Samples(line, lon, lat, middle, begin, end)


def beside_changes(samples: Samples, state: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Find the cells, shape (s,), that touch one of another state.

    Parameters
    ----------
    state : int (s,) or (s, k)
        One or more values of each sample; any of them may change.
    """
    values = np.asarray(state).reshape(len(samples.line), -1)
    meet = (samples.line[1:] == samples.line[:-1]) & (samples.to_m[:-1] == samples.from_m[1:])
    change = meet & (values[1:] != values[:-1]).any(axis=1)
    return np.asarray(np.append(change, False) | np.append(False, change))[: len(samples.line)]


def divided(lines: Lines, samples: Samples, cells: npt.NDArray[np.bool_], times: int) -> tuple[Samples, IntArray]:
    """Divide some cells into equal ones; with an odd number the sample of the whole cell is one of the new ones.

    Returns
    -------
    Samples
        In order; cells that are not divided stay as they are.
    int64 (t,)
        Row of the cell that each comes from.
    """
    parts = np.where(cells, times, 1)
    origin = np.repeat(np.arange(len(parts)), parts)
    number = np.arange(len(origin)) - np.repeat(np.cumsum(parts) - parts, parts)
    of, whole = samples.from_m[origin], (samples.to_m - samples.from_m)[origin]
    begin = of + whole * (number / parts[origin])
    last = number == parts[origin] - 1
    end = np.where(last, samples.to_m[origin], np.append(begin[1:], 0.0)[: len(begin)])
    middle = np.where(cells[origin], (begin + end) / 2.0, samples.chainage_m[origin])
    line = samples.line[origin]
    lon, lat = places_at(lines, line, middle)
    return Samples(line, lon, lat, middle, begin, end), origin


def states_of_levels(level_dbm: npt.ArrayLike, least_dbm: float, told: npt.ArrayLike | None = None) -> npt.NDArray:
    """Judge levels: YES from the threshold up, NO below it, UNKNOWN where the terrain is not known.

    Parameters
    ----------
    level_dbm : float (s,)
        NaN: no station in range, which is NO where it can be told.
    least_dbm : float
    told : bool (s,), optional
        Default: all.
    """
    level = np.asarray(level_dbm, dtype=np.float64)
    known = np.ones(len(level), dtype=bool) if told is None else np.asarray(told, dtype=bool)
    with np.errstate(invalid="ignore"):
        enough = level >= least_dbm
    return np.where(known, np.where(enough, YES, NO), UNKNOWN).astype(np.int8)


def stretches_of_samples(lines: Lines, samples: Samples, state: npt.ArrayLike) -> Stretches:
    """Divide lines by what the samples say, (s,) of NO, UNKNOWN or YES; cells of one state are joined."""
    values = np.asarray(state, dtype=np.int64)
    if values.shape != samples.line.shape:
        raise ValueError(f"{len(values)} states but {len(samples.line)} samples")
    return merged(lines, Stretches(samples.line, samples.from_m, samples.to_m, values))
