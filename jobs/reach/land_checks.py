"""Look for elevation data that cannot be right: one value everywhere, or 0 m where the land around is high."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ...analysis.radio import Terrain as Land
from ...analysis.radio.points import ground_m
from ...analysis.radio.terrain import UNKNOWN_BELOW
from ...text import Text

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_LEAST_SHARE = 0.01  # of the places on exactly 0 m, from which it is said
_HIGH_M = 50.0  # median of all other heights: land this high has few places on 0 m
_NAMED = 5
KEY_POINTS = Text("关键点", "key points")


class LandChecks:
    """Gathers what the windows of a run show.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float64, shape (n,)
        Stations and points, degrees; NaN: no place.
    names : sequence of str, length n
    what : Text
        What the points are.
    """

    def __init__(self, lon: Floats, lat: Floats, names: Sequence[str], what: Text = KEY_POINTS) -> None:
        self._lon, self._lat, self._names, self._what = lon, lat, names, what
        self._known, self._zero = np.zeros(lon.size, dtype=bool), np.zeros(lon.size, dtype=bool)
        self._lowest, self._highest = np.inf, -np.inf
        self._asked = False

    def look(self, land: Land | None) -> None:
        """Take in a window; None: no elevation data lie there."""
        self._asked = True
        if land is None:
            return
        heights = land.height_m[land.height_m > UNKNOWN_BELOW]
        if not heights.size:
            return
        self._lowest, self._highest = min(self._lowest, float(heights.min())), max(self._highest, float(heights.max()))
        ground = ground_m(land, self._lon, self._lat)
        self._known |= ~np.isnan(ground)
        others = heights[heights != 0]
        if others.size and float(np.median(others)) > _HIGH_M:
            self._zero |= ground == 0

    def cautions(self, *, alone: bool) -> list[Text]:
        """Say what was found; `alone`: distance does not step in where simulation cannot tell."""
        if not self._asked:
            return []
        if self._highest < self._lowest:
            then = Text("无法判定", "cannot be told") if alone else Text("按距离推断", "is decided by distance")
            return [
                Text(
                    f"高程数据与所判区域没有重叠，没有做任何地形仿真，除实测外全部{then.zh}。请核对高程数据的范围和坐标系。",
                    f"The elevation data do not touch the area: nothing was simulated, and what is not measured {then.en}. Check their "
                    "extent and CRS.",
                )
            ]
        said = []
        if self._highest == self._lowest:
            said.append(
                Text(
                    f"所判区域的高程全部是 {self._lowest:g} m，不是真实地形；仿真等同于平地，请换用正确的高程数据。",
                    f"All heights of the area are {self._lowest:g} m, which is no real terrain: the simulation is one of flat land. Use "
                    "the right elevation data.",
                )
            )
        zero, known = np.flatnonzero(self._zero), int(self._known.sum())
        if known and zero.size >= _LEAST_SHARE * known:
            first = [f"{self._names[k]}（{self._lon[k]:.5f}, {self._lat[k]:.5f}）" for k in zero[:_NAMED].tolist()]
            zh = "、".join(first) + ("等" if zero.size > _NAMED else "")
            en = ", ".join(first).replace("（", " (").replace("）", ")") + (" …" if zero.size > _NAMED else "")
            said.append(
                Text(
                    f"{known} 个基站和{self._what.zh}中有 {zero.size} 个的地面高程恰为 0 m，而周围地形不是：{zh}。可能是用 0 填充的高程空洞，其仿真结果不可信；海边低地可忽略。",
                    f"Of {known} stations and {self._what.en} {zero.size} stand on exactly 0 m while the land around does not: {en}. That may "
                    "be a void filled with 0, and then their simulation is worth nothing; by the sea it may be so.",
                )
            )
        return said
