"""Tiles that continue each other pixel by pixel, read as one raster in blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from .bilinear import pixel_of
from .placing import Placing
from .raster import Raster, read_window

BLOCK = 512
_OFF_LATTICE = 1e-3  # of a pixel, over a whole tile
Open = Callable[[Raster], Any]


class Lattice:
    """Rasters of one CRS whose pixel centres lie on one lattice.

    Where tiles overlap, the first by name counts, and a later one only where the first has a void.

    Parameters
    ----------
    rasters : sequence of Raster
        See `lattices`.

    Attributes
    ----------
    rasters : list of Raster
    place : Placing
    extent : tuple of int
        Columns and rows, counted from the first of any tile.
    """

    def __init__(self, rasters: Sequence[Raster]) -> None:
        first = rasters[0]
        self.rasters = list(rasters)
        self.place = Placing(first.crs)
        offsets = np.array([_offset(raster, first) for raster in rasters])
        start = np.rint(offsets.min(axis=0)).astype(np.int64)
        self._columns, self._rows = (np.rint(offsets).astype(np.int64) - start).T
        self._widths = np.array([raster.width for raster in rasters])
        self._heights = np.array([raster.height for raster in rasters])
        a, b, c, d, e, f = first.affine
        column, row = start.tolist()
        self._affine = (a, b, c + a * column + b * row, d, e, f + d * column + e * row)
        self._inverse = _inverse(self._affine)
        self.extent = (
            int((self._columns + self._widths).max()),
            int((self._rows + self._heights).max()),
        )
        # Longitudes go around; a rotated raster is taken as it lies.
        self._wrap = 360.0 if self.place.is_plain and b == d == 0.0 and a > 0.0 else 0.0

    def pixels(self, lon: NDArray, lat: NDArray) -> tuple[NDArray, NDArray]:
        """Give column and row of places, the centre of the first pixel being 0.5; not finite where there is none."""
        x, y = self.place.to_raster(lon, lat)
        column, row = np.empty(x.size), np.empty(x.size)
        pixel_of(x, y, self._inverse, self._wrap, column, row)
        return column, row

    def centre(self, column: NDArray, row: NDArray) -> tuple[NDArray, NDArray]:
        """Give longitude and latitude of pixel coordinates."""
        a, b, c, d, e, f = self._affine
        return self.place.to_degrees(a * column + b * row + c, d * column + e * row + f)

    def posts(self) -> tuple[float, float, float, float] | None:
        """Give the first centre and the steps east and south in degrees, None for projected or turned rasters."""
        a, b, c, d, e, f = self._affine
        if not self.place.is_plain or b or d or a <= 0 or e >= 0:
            return None
        return c + a / 2, f + e / 2, a, -e

    def pixel_m(self, lon: float | None = None, lat: float | None = None) -> float:
        """Give the shorter side of a pixel in metres over the ground, at a place or in the middle of the first tile."""
        column = np.array([self._columns[0] + self._widths[0] / 2])
        row = np.array([self._rows[0] + self._heights[0] / 2])
        if lon is not None and lat is not None:
            there = self.pixels(np.array([lon]), np.array([lat]))
            if 0 <= there[0][0] <= self.extent[0] and 0 <= there[1][0] <= self.extent[1]:
                column, row = there
        lons, lats = self.centre(column + np.array([0.0, 1.0, 0.0]), row + np.array([0.0, 0.0, 1.0]))
        sides = Geod(ellps="GRS80").inv(lons[[0, 0]], lats[[0, 0]], lons[1:], lats[1:])[2]
        return float(min(sides))

    def block(self, across: int, down: int, opened: Open) -> NDArray[np.float32]:
        """Read one block and one pixel around it.

        Returns
        -------
        numpy.ndarray of float32, shape (BLOCK + 2, BLOCK + 2)
            Metres, NaN for voids, +infinity where no raster lies; its first pixel is column ``across * BLOCK - 1``,
            row ``down * BLOCK - 1``.
        """
        size = BLOCK + 2
        left, top = across * BLOCK - 1, down * BLOCK - 1
        heights = np.full((size, size), np.inf, dtype=np.float32)
        for at in np.flatnonzero(self._meets(left, top, left + size, top + size)).tolist():
            raster = self.rasters[at]
            column, row = int(self._columns[at]), int(self._rows[at])
            west, north = max(left, column), max(top, row)
            east, south = min(left + size, column + raster.width), min(top + size, row + raster.height)
            target = heights[north - top : south - top, west - left : east - left]
            lacking = ~np.isfinite(target)
            if lacking.any():
                read = read_window(raster, opened(raster), west - column, north - row, east - west, south - north)
                # A void must not hide a height that an earlier tile has, nor turn back into "no raster".
                target[lacking] = read[lacking]
        return heights

    def used(self, column: NDArray, row: NDArray) -> list[tuple[Raster, NDArray, NDArray]]:
        """Give the rasters that pixel coordinates touch, with those coordinates counted from the raster's corner."""
        touched = []
        for at, raster in enumerate(self.rasters):
            c, r = column - self._columns[at], row - self._rows[at]
            inside = (c >= -1) & (c < raster.width + 1) & (r >= -1) & (r < raster.height + 1)
            if inside.any():
                touched.append((raster, c[inside], r[inside]))
        return touched

    def _meets(self, left: int, top: int, right: int, bottom: int) -> NDArray[np.bool_]:
        across = (self._columns < right) & (self._columns + self._widths > left)
        return across & (self._rows < bottom) & (self._rows + self._heights > top)


def lattices(rasters: Sequence[Raster]) -> list[Lattice]:
    """Sort rasters, given by name, into lattices: the finest pixels first, then by name."""
    groups: list[list[Raster]] = []
    for raster in rasters:
        group = next((group for group in groups if _continues(raster, group[0])), None)
        if group is None:
            groups.append([raster])
        else:
            group.append(raster)
    return sorted((Lattice(group) for group in groups), key=lambda lattice: round(lattice.pixel_m(), 3))


def _continues(raster: Raster, other: Raster) -> bool:
    if raster.crs != other.crs:
        return False
    mine, theirs = np.array(raster.affine), np.array(other.affine)
    longest = max(raster.width, raster.height)
    side = np.abs(theirs[[0, 1, 3, 4]]).max()
    if np.abs(mine - theirs)[[0, 1, 3, 4]].max() * longest > _OFF_LATTICE * side:
        return False
    offset = np.array(_offset(raster, other))
    return bool(np.abs(offset - np.rint(offset)).max() <= _OFF_LATTICE)


def _offset(raster: Raster, other: Raster) -> tuple[float, float]:
    """Give the column and row of the lattice of `other` where `raster` begins."""
    a, b, c, d, e, f = _inverse(other.affine)
    x, y = raster.affine[2], raster.affine[5]
    return a * x + b * y + c, d * x + e * y + f


def _inverse(affine: tuple[float, ...]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = affine
    determinant = a * e - b * d
    p, q, r, s = e / determinant, -b / determinant, -d / determinant, a / determinant
    return p, q, -(p * c + q * f), r, s, -(r * c + s * f)
