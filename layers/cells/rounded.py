"""Long ids that lost their last digits to a spreadsheet, which keeps 15 digits of a number and writes zeros after."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .numbers import mask

_KEPT = 15
_LONGEST = 20
_FEWEST = 3
_REPEATS = 10  # rows for each rounded id
# Odds below which so many zeros are no chance. Two digits are too often zeros by the numbering itself to ask for less.
_ODDS = {17: 1e-4, 18: 0.05, 19: 0.05, 20: 0.05}


def rounded_ids(values: Sequence[str | None] | np.ndarray | pd.Series) -> np.ndarray:
    """Tell which long ids of a column lost their last digits to a spreadsheet, shape (n,) bool.

    Ids of 16 to 20 digits that end in zeros from the 16th digit on are suspected in two cases. Most of the column does,
    and chance does not explain it: at least three different ones of which the 15th digit is not mostly zero too (then
    the zeros may belong to the numbering), or so many rows for each of them that the lost digits must have told them
    apart. Or some do, of 17 digits and more, that are too many for chance (10^-(n-15) for one id of n digits), and are
    not followed by their successors, as the round ones of a running number are.
    """
    cells = pa.array(values, type=pa.string(), from_pandas=True)
    long = mask(pc.match_substring_regex(cells, f"^[0-9]{{{_KEPT + 1},{_LONGEST}}}$"))
    if not long.any():
        return np.zeros(len(cells), dtype=bool)
    ends_so = long & mask(pc.match_substring_regex(cells, f"^[0-9]{{{_KEPT}}}0+$"))
    if not ends_so.any():
        return ends_so
    found = pc.unique(cells.filter(pa.array(long)))
    cut = pc.unique(cells.filter(pa.array(ends_so))).to_pylist()
    if 2 * len(cut) > len(found):
        zeros = sum(len(words) - _KEPT for words in cut)
        told = len(cut) >= _FEWEST and zeros >= 6 and _has_digits(cut)
        merged = zeros >= 2 * len(cut) and ends_so.sum() >= _REPEATS * len(cut)
        return ends_so if told or merged else np.zeros(len(cells), dtype=bool)
    sizes = pc.utf8_length(found).to_numpy(zero_copy_only=False)
    rounded = np.zeros(len(cells), dtype=bool)
    for size, odds in _ODDS.items():
        some = [words for words in cut if len(words) == size]
        expected = float(np.count_nonzero(sizes == size)) * 10.0 ** (_KEPT - size)
        if some and _has_digits(some) and _chance(len(some), expected) < odds and not _have_successors(some, found):
            rounded |= ends_so & mask(pc.equal(pc.utf8_length(cells), size))
    return rounded


def _has_digits(cut: Sequence[str]) -> bool:
    """Tell whether the last digit that a spreadsheet keeps is mostly another than zero."""
    return 2 * sum(words[_KEPT - 1] != "0" for words in cut) >= len(cut)


def _chance(count: int, expected: float) -> float:
    """Give the odds of at least so many where `expected` are expected (Poisson)."""
    fewer = sum(math.exp(k * math.log(expected) - expected - math.lgamma(k + 1)) for k in range(count))
    return max(0.0, 1.0 - fewer)


def _have_successors(cut: Sequence[str], found: pa.Array) -> bool:
    nexts = pa.array([words[:-1] + "1" for words in cut], type=found.type)
    return 2 * int(np.count_nonzero(mask(pc.is_in(nexts, value_set=found)))) >= len(cut)
