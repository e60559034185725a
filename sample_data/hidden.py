"""The height model as received: villages hidden behind mountains, and one beyond the edge of the sheet.

The country itself is made on `relief.Relief` alone; what is changed here is only what the file of heights says.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from rasterio.transform import Affine, from_origin

from .relief import COLUMNS, NORTH, ROWS, STEP_DEG, WEST, Relief
from .villages import Village

# Villages in a basin: every 5G station that is near enough by distance stands behind the ring of mountains.
BASINS = {"古溪村": 1450.0, "柳山村": 1300.0, "鹤田村": 1450.0}
CREST_M, WIDTH_M = 300.0, 380.0
BEYOND = "竹江村"  # north of the sheet, with its stations
EDGE_LAT = 20.612
FIRST_ROW = round((NORTH - EDGE_LAT) / STEP_DEG)


class HeightModel(NamedTuple):
    """Heights in metres, int16, and where they lie."""

    heights: np.ndarray
    transform: Affine


def received(relief: Relief, villages: list[Village]) -> HeightModel:
    """Raise the rings and cut the sheet at its northern edge."""
    lon = WEST + STEP_DEG * (np.arange(COLUMNS) + 0.5)
    lat = NORTH - STEP_DEG * (np.arange(ROWS) + 0.5)
    x, y = np.meshgrid(lon, lat)
    heights = relief.heights.astype(np.float64)
    for name, radius_m in BASINS.items():
        core = next(village.core for village in villages if village.name == name)
        east = (x - core[0]) * 111_320 * math.cos(math.radians(core[1]))
        north = (y - core[1]) * 110_700
        around = np.arctan2(north, east)
        crest = CREST_M * (1 + 0.12 * np.cos(3 * around + radius_m))  # no two saddles alike
        heights += crest * np.exp(-(((np.hypot(east, north) - radius_m) / WIDTH_M) ** 2))
    rounded = np.rint(np.where(relief.heights > 0, heights, 0)).astype("int16")  # the sea stays the sea
    return HeightModel(rounded[FIRST_ROW:], from_origin(WEST, NORTH - STEP_DEG * FIRST_ROW, STEP_DEG, STEP_DEG))
