"""From longitude and latitude to the CRS of a raster and back, through `pyproj`, never through pixels."""

from __future__ import annotations

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.transformer import TransformerGroup

from ...errors import InputError
from ...text import Text
from ..datum import is_cgcs2000, is_wgs84

_OURS = "EPSG:4490"
# A datum shift that is known no better than this would move a 30 m pixel by a third of itself.
_WORST_M = 10.0


class Placing:
    """Turns CGCS2000 degrees into a raster's own coordinates.

    CGCS2000 and WGS 84 are taken as the same (see `layers.datum`).

    Parameters
    ----------
    crs : pyproj.CRS
        Of the raster, two-dimensional.

    Raises
    ------
    InputError
        The raster stands on a datum whose parameters are not public or not good enough.
    """

    def __init__(self, crs: pyproj.CRS) -> None:
        self.is_plain = crs.is_geographic and _is_ours(crs)
        base = crs.geodetic_crs
        if self.is_plain or base is None:
            self._turn = None
        elif _is_ours(crs):
            self._turn = pyproj.Transformer.from_crs(base, crs, always_xy=True)
        else:
            self._turn = _best(crs)

    def to_raster(self, lon: NDArray, lat: NDArray) -> tuple[NDArray, NDArray]:
        """Give x and y, infinite where a place has none."""
        if self._turn is None:
            return lon, lat
        x, y = self._turn.transform(lon, lat)
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def to_degrees(self, x: NDArray, y: NDArray) -> tuple[NDArray, NDArray]:
        """Give longitude and latitude."""
        if self._turn is None:
            return x, y
        lon, lat = self._turn.transform(x, y, direction="INVERSE")
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)


def _is_ours(crs: pyproj.CRS) -> bool:
    return is_cgcs2000(crs) or is_wgs84(crs)


def _best(crs: pyproj.CRS) -> pyproj.Transformer:
    known = [item for item in TransformerGroup(_OURS, crs, always_xy=True).transformers if item.accuracy >= 0]
    best = min(known, key=lambda item: item.accuracy, default=None)
    if best is None or best.accuracy > _WORST_M:
        raise InputError(
            Text(
                f"高程栅格的坐标系“{crs.name}”与 CGCS2000 之间没有可靠的公开转换参数。",
                f"There are no public parameters good enough between CGCS2000 and the elevation raster's “{crs.name}”.",
            ),
            Text("请先由测绘部门转换为 CGCS2000。", "Have the surveying office convert it to CGCS2000 first."),
        )
    return best
