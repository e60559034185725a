"""The height between four pixel centres, compiled; voids and the rim of the data told apart.

A block of pixels holds NaN for a void and +infinity where no raster lies.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np
from numpy.typing import NDArray

FOUND, VOID, OUTSIDE = 0, 1, 2

# Nearer than this part of a pixel to a row or column of centres, the next row or column does not count: otherwise the
# rounding of a coordinate would decide whether a void next to an exact post takes its height away.
ON_A_CENTRE = 1e-6


@nb.njit(cache=True, nogil=True)
def pixel_of(x: NDArray, y: NDArray, inverse: tuple, wrap: float, column: NDArray, row: NDArray) -> None:
    """Turn places into pixel coordinates, 0.5 being the centre of the first pixel.

    `inverse` is the affine (a, b, c, d, e, f) from x, y to column, row. With `wrap` in x's units per turn of the
    Earth, columns go once around from the first pixel (geographic rasters with no rotation).
    """
    a, b, c, d, e, f = inverse
    turn = a * wrap
    for i in range(x.size):
        at = a * x[i] + b * y[i] + c
        if turn > 0.0 and (at < 0.0 or at >= turn):
            at -= turn * math.floor(at / turn)
        column[i] = at
        row[i] = d * x[i] + e * y[i] + f


@nb.njit(cache=True, nogil=True)
def sample_block(
    block: NDArray, left: float, top: float, column: NDArray, row: NDArray, which: NDArray, out: NDArray, state: NDArray
) -> None:
    """Interpolate the places `which` (indices) in one block.

    Parameters
    ----------
    block : float32, shape (rows, columns)
        Heights; its first pixel is column `left`, row `top` of the lattice. It reaches one pixel beyond the places.
    column, row : float64
        Pixel coordinates of all places.
    out, state : float64 and uint8
        Height (NaN where there is none) and `FOUND`, `VOID` or `OUTSIDE`, written at `which`.
    """
    for k in range(which.size):
        i = which[k]
        u, v = column[i] - left - 0.5, row[i] - top - 0.5
        c, r = math.floor(u), math.floor(v)
        fx, fy = u - c, v - r
        near_c, near_r = c + (1 if fx >= 0.5 else 0), r + (1 if fy >= 0.5 else 0)
        out[i] = np.nan
        # The pixel that the place lies in decides whether there is a raster at all.
        if math.isinf(block[near_r, near_c]):
            state[i] = OUTSIDE
            continue
        # In the outer half of a pixel at the rim there is no next centre: the rim's own stands.
        other_c, other_r = 2 * c + 1 - near_c, 2 * r + 1 - near_r
        if fx < ON_A_CENTRE or fx > 1.0 - ON_A_CENTRE or math.isinf(block[near_r, other_c]):
            fx = 0.0 if near_c == c else 1.0
        if fy < ON_A_CENTRE or fy > 1.0 - ON_A_CENTRE or math.isinf(block[other_r, near_c]):
            fy = 0.0 if near_r == r else 1.0
        if fx > 0.0 and fx < 1.0 and fy > 0.0 and fy < 1.0 and math.isinf(block[other_r, other_c]):
            fy = 0.0 if near_r == r else 1.0  # an inner corner of the data: along the row only
        c0, c1 = (c, c + 1) if 0.0 < fx < 1.0 else (near_c, near_c)
        r0, r1 = (r, r + 1) if 0.0 < fy < 1.0 else (near_r, near_r)
        upper = (1.0 - fx) * np.float64(block[r0, c0]) + fx * np.float64(block[r0, c1])
        lower = (1.0 - fx) * np.float64(block[r1, c0]) + fx * np.float64(block[r1, c1])
        height = (1.0 - fy) * upper + fy * lower
        if math.isnan(height):
            state[i] = VOID
        else:
            state[i] = FOUND
            out[i] = height
