"""Sort many places by the cell they fall into: a stable radix sort, linear in their number."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

_DIGIT_BITS = 11
_BUCKETS = 1 << _DIGIT_BITS


@numba.njit(nogil=True, cache=True)
def _sort_by_digit(
    keys: npt.NDArray[np.uint32],
    rows: npt.NDArray[np.int32],
    keys_out: npt.NDArray[np.uint32],
    rows_out: npt.NDArray[np.int32],
    shift: int,
) -> None:
    place = np.zeros(_BUCKETS, dtype=np.int64)
    for i in range(keys.size):
        place[(keys[i] >> np.uint32(shift)) & np.uint32(_BUCKETS - 1)] += 1
    total = 0
    for bucket in range(_BUCKETS):
        count = place[bucket]
        place[bucket] = total
        total += count
    for i in range(keys.size):
        bucket = (keys[i] >> np.uint32(shift)) & np.uint32(_BUCKETS - 1)
        to = place[bucket]
        place[bucket] = to + 1
        keys_out[to] = keys[i]
        rows_out[to] = rows[i]


def sort_rows(keys: npt.NDArray[np.uint32], largest: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int32]]:
    """Sort by key; rows with equal keys stay in order.

    Parameters
    ----------
    keys : numpy.ndarray of uint32, shape (n,), n < 2**31
    largest : int
        No key is larger; a small one saves passes over the data.

    Returns
    -------
    keys : numpy.ndarray of uint32, shape (n,)
        Sorted.
    rows : numpy.ndarray of int32, shape (n,)
        Where each came from.
    """
    rows = np.arange(keys.size, dtype=np.int32)
    keys_out, rows_out = np.empty_like(keys), np.empty_like(rows)
    keys = keys.copy()
    for shift in range(0, max(1, int(largest).bit_length()), _DIGIT_BITS):
        _sort_by_digit(keys, rows, keys_out, rows_out, shift)
        keys, keys_out = keys_out, keys
        rows, rows_out = rows_out, rows
    return keys, rows
