"""The land under a simulation: heights of a window from the elevation data, and what stands on it from land cover."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...analysis.radio import Terrain as Land
from ...analysis.radio.terrain import MOST_STEPS
from ...analysis.radio.terrain import terrain as land_of
from ...engine.context import RunContext
from ...errors import InputError
from ...layers.terrain import Terrain, open_terrain, read_grid
from ...layers.terrain.grid import TerrainGrid
from ...rules.presets import ClutterPreset
from ...text import Text
from ..shared.packs import cite, read_pack
from .clutter import clutter_on
from .parameters import DEM, MAX_RANGE_KM, STEP_M

# Heights and clutter in memory: 8 bytes a pixel and half as much again while they are read, so 2.4 GB at this bound; a
# county of 100 x 100 km has 11 million pixels at 30 m.
MOST_PIXELS = 200_000_000
EARTH_M = 6_371_000.0
# The smallest radius of curvature along a meridian, a (1 - e²): half a pixel is never longer than that of the data.
_SMALLEST_RADIUS_M = 6_335_439.0
_LOOKS = 300  # places a side at which a window is asked which files it needs


def read_land(context: RunContext, west: float, south: float, east: float, north: float) -> Land | None:
    """Read the heights of a window from the parameter ``dem``.

    Parameters
    ----------
    west, south, east, north : float
        Degrees, CGCS2000. Nothing is added: grow it by the largest range before.

    The parameter ``clutter``, if stated, gives the clutter on the land; a class that is not known counts as 0 m. The
    steps of profiles are those of ``step_m``, else `half_pixel_m`.

    Returns
    -------
    Terrain or None
        None where no elevation data were stated, or none of them lie in the window. Voids, and the part of the window
        outside of the data, stay voids: nothing is taken as sea level.

    Raises
    ------
    InputError
        A file cannot be read or is no elevation raster, or the window has more than `MOST_PIXELS` pixels.
    """
    if context["dem"] is None:
        return None
    dem = Path(context["dem"])
    with open_terrain(dem) as ground:
        _check_size(ground, west, south, east, north)
        across, down = np.linspace(west, east, _LOOKS), np.linspace(south, north, _LOOKS)
        for file in ground.files_at(np.tile(across, _LOOKS), np.repeat(down, _LOOKS)):
            context.read("dem" if file == dem else f"dem: {file.parent.name}/{file.name}", file)
        grid = read_grid(ground, west, south, east, north, lambda _done: context.checkpoint())
    if not np.isfinite(grid.height_m).any():
        return None
    grid = _at_least_two(grid)
    clutter = None if context["clutter"] is None else clutter_on(context, grid, _clutter_presets(context))
    step_m = half_pixel_m(grid.step_lat) if context["step_m"] is None else float(context["step_m"])
    return land_of(grid.height_m, grid.west, grid.north, grid.step_lon, grid.step_lat, clutter_m=clutter, step_m=step_m)


def _clutter_presets(context: RunContext) -> Sequence[ClutterPreset]:
    """Give the heights of land-cover classes, and cite them."""
    pack, product = read_pack(context, "radio"), context["clutter_classes"]
    cite(context, [_cited(product), *pack.changed("clutter", product)])
    return pack.clutter


def _cited(product: str) -> dict[str, Any]:
    return {
        "id": f"radio.clutter.{product}",
        "zh": "各类土地覆盖的地物高度",
        "en": "clutter heights of land-cover classes",
        "value": "",
        "unit": "",
        "status": "unverified",
        "document": "",
        "clause": "",
        "date": "",
        "pack": "radio",
    }


def half_pixel_m(pixel_lat: float) -> float:
    """Give half the height of a pixel in metres, the same wherever it lies; `pixel_lat` in degrees.

    Of two points a pixel apart one may miss the crest that the other height model, or the next path, hits: half a pixel
    is what verdicts, pictures and `path_profile` share, so that they see the same ridge.
    """
    return math.radians(pixel_lat) * _SMALLEST_RADIUS_M / 2


def check_steps(step_m: float, max_range_m: float) -> None:
    """Raise InputError where a path of the largest range has more steps than the kernels take."""
    most_km = (MOST_STEPS - 1) * step_m / 1000
    if max_range_m / 1000 <= most_km:
        return
    enough_m = math.ceil(10 * max_range_m / (MOST_STEPS - 1)) / 10
    raise InputError(
        Text(
            f"按剖面步长 {step_m:.1f} m 最多算到 {most_km:.1f} km，而仿真最大距离为 {max_range_m / 1000:g} km。",
            f"With steps of {step_m:.1f} m a path may be {most_km:.1f} km long; the largest range is {max_range_m / 1000:g} km.",
        ),
        Text(
            f"请缩短“{MAX_RANGE_KM.label.zh}”（{MAX_RANGE_KM.option}），把“{STEP_M.label.zh}”（{STEP_M.option}）放宽到不小于 "
            f"{enough_m:g} m，或换用较粗的高程数据（如 30 m）。",
            f"State a shorter “{MAX_RANGE_KM.label.en}” ({MAX_RANGE_KM.option}), steps of {enough_m:g} m or more "
            f"({STEP_M.option}), or use coarser elevation data (such as 30 m).",
        ),
    )


def _at_least_two(grid: TerrainGrid) -> TerrainGrid:
    """Repeat the only row or column of a window that is no wider than a pixel: kernels want two."""
    rows, columns = grid.height_m.shape
    more = ((0, max(0, 2 - rows)), (0, max(0, 2 - columns)))
    return grid._replace(height_m=np.pad(grid.height_m, more, mode="edge"))


def require_land(context: RunContext, west: float, south: float, east: float, north: float) -> Land:
    """Give `read_land`, or raise InputError where it gives none."""
    land = read_land(context, west, south, east, north)
    if land is not None:
        return land
    if context["dem"] is None:
        raise InputError(
            Text("没有指定高程数据，不能仿真。", "No elevation data were stated: nothing can be simulated."),
            Text(f"请填写“{DEM.label.zh}”（{DEM.option}）。", f"State “{DEM.label.en}” ({DEM.option})."),
        )
    raise InputError(
        Text(
            f"高程数据 {Path(context['dem']).name} 与所判区域（东经 {west:.3f}–{east:.3f}°，北纬 {south:.3f}–{north:.3f}°）没有重叠。",
            f"The elevation data {Path(context['dem']).name} do not touch the area ({west:.3f} to {east:.3f}° E, "
            f"{south:.3f} to {north:.3f}° N).",
        ),
        Text(
            "请换成覆盖该区域的高程数据，并核对基站坐标。",
            "Choose elevation data of this area, and check the stations' coordinates.",
        ),
    )


def _check_size(ground: Terrain, west: float, south: float, east: float, north: float) -> None:
    middle = (south + north) / 2
    posts = ground.posts()
    step = math.degrees(ground.pixel_m((west + east) / 2, middle) / EARTH_M)
    across, down = (posts[2], posts[3]) if posts else (step / max(math.cos(math.radians(middle)), 0.01), step)
    pixels = (east - west) / across * (north - south) / down
    if pixels <= MOST_PIXELS:
        return
    raise InputError(
        Text(
            f"区域内高程像元约 {pixels / 1e6:,.0f} 百万个，超过内存上限 {MOST_PIXELS / 1e6:,.0f} 百万个。",
            f"The area has some {pixels / 1e6:,.0f} million pixels of elevation, more than the {MOST_PIXELS / 1e6:,.0f} million "
            "that are kept in memory.",
        ),
        Text(
            "请按县分别计算，或换用较粗的高程数据（如 30 m）。",
            "Work county by county, or use coarser elevation data (such as 30 m).",
        ),
    )
