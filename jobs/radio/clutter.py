"""Land cover in a run: the class of places, and how high it is taken to stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...engine.context import RunContext
from ...errors import InputError
from ...layers.land_cover import UNKNOWN, LandCover
from ...layers.terrain.grid import TerrainGrid
from ...rules.presets import ClutterPreset
from ...text import Text

_ROWS_AT_ONCE = 256
_NO_DATA = 0  # of every product that is known, also where the file does not say so


def read_classes(context: RunContext, lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Give the land-cover class of places from the parameter ``clutter``; -1 where there is none.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        Degrees, CGCS2000.

    Raises
    ------
    InputError
        No raster of classes, or damaged.
    """
    path = Path(context["clutter"])
    with LandCover(path) as cover:
        found = cover.at(lon, lat)
        for file in sorted(cover.used):
            context.read("clutter" if file == path else f"clutter: {file.name}", file)
    return found


def clutter_on(context: RunContext, grid: TerrainGrid, presets: Sequence[ClutterPreset]) -> npt.NDArray[np.float32]:
    """Give the clutter height of every pixel of a grid, m; 0 where no class is known; shape of the grid.

    Raises
    ------
    InputError
        The raster holds a class that the chosen product does not have.
    """
    product = context["clutter_classes"]
    heights = {preset.code: preset.height_m for preset in presets if preset.product == product}
    rows, columns = grid.height_m.shape
    lon = grid.west + np.arange(columns) * grid.step_lon
    found = np.zeros((rows, columns), dtype=np.float32)
    path = Path(context["clutter"])
    with LandCover(path) as cover:
        for row in range(0, rows, _ROWS_AT_ONCE):
            lat = grid.north - np.arange(row, min(row + _ROWS_AT_ONCE, rows)) * grid.step_lat
            classes = cover.at(np.tile(lon, lat.size), np.repeat(lat, columns)).reshape(lat.size, columns)
            strange = sorted(set(np.unique(classes).tolist()) - set(heights) - {UNKNOWN, _NO_DATA})
            if strange:
                raise _other_product(path, product, strange)
            for code, height in heights.items():
                found[row : row + lat.size][classes == code] = height
            context.checkpoint()
        for file in sorted(cover.used):
            context.read("clutter" if file == path else f"clutter: {file.name}", file)
    return found


def _other_product(path: Path, product: str, strange: Sequence[int]) -> InputError:
    shown = ", ".join(map(str, strange[:8]))
    return InputError(
        Text(
            f"土地覆盖 {path.name} 中的类别 {shown} 不属于所选产品 {product}。",
            f"The land cover {path.name} holds classes {shown}, which {product} does not have.",
        ),
        Text(
            "请核对“土地覆盖产品”（--clutter-classes），或在规则包 radio 中补充类别。",
            "Check “Land-cover product” (--clutter-classes), or add the classes to the rule pack “radio”.",
        ),
    )
