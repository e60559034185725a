"""The height model: ridges that rise from the coast to the border, the sea at 0 m."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from rasterio.features import rasterize
from rasterio.transform import Affine, from_origin
from scipy import ndimage

from .names import TOWNS

WEST, NORTH, COLUMNS, ROWS = 129.0, 20.68, 1104, 840
STEP_DEG = 3 / 3600  # 3", about 90 m
TRANSFORM: Affine = from_origin(WEST, NORTH, STEP_DEG, STEP_DEG)


class Relief:
    """Heights in metres on a 3" grid."""

    def __init__(self, land: Any, seed: int) -> None:
        mask = rasterize([(land, 1)], (ROWS, COLUMNS), transform=TRANSFORM, dtype="uint8").astype(bool)
        inland_km = ndimage.distance_transform_edt(mask, sampling=0.09)
        lon = WEST + STEP_DEG * (np.arange(COLUMNS) + 0.5)
        lat = NORTH - STEP_DEG * (np.arange(ROWS) + 0.5)
        x, y = np.meshgrid(lon, lat)
        rise = np.clip(inland_km / 9.0, 0, 1) ** 1.3
        mountains = 0.35 + 0.65 * np.clip((129.62 - x) * 1.6 + (y - 20.30) * 1.2, 0, 1)
        ridges = sum((self._ridge(seed + k, 6 * 2**k) - 0.45) * 0.62**k for k in range(6)) + 0.75
        heights = 8 * np.clip(inland_km, 0, 4) + 560 * rise * mountains * ridges
        for town in TOWNS:  # the seats lie in basins
            away_km = np.hypot((x - town.lon) * 104, (y - town.lat) * 111)
            heights *= 0.3 + 0.7 * np.clip(away_km / 5.0, 0, 1)
        self.heights = np.where(mask, np.clip(np.rint(heights) + 2, 2, 3000), 0).astype("int16")

    @staticmethod
    def _ridge(seed: int, cells: int) -> np.ndarray:
        """Give one octave of ridged noise, 0 in the valleys to 1 on the crests."""
        coarse = np.random.RandomState(seed).random_sample((cells + 4, cells + 6)) * 2 - 1  # a frozen stream
        zoom = ((ROWS + 1) / (cells + 4), (COLUMNS + 1) / (cells + 6))
        smooth = ndimage.zoom(coarse, zoom, order=3)[:ROWS, :COLUMNS]
        padded = np.zeros((ROWS, COLUMNS))
        padded[: smooth.shape[0], : smooth.shape[1]] = smooth
        return 1 - np.abs(np.clip(padded * 1.5, -1, 1))

    def at(self, lon: float, lat: float) -> int:
        """Give the height of one point in metres."""
        column, row = int((lon - WEST) / STEP_DEG), int((NORTH - lat) / STEP_DEG)
        return int(self.heights[row, column])

    def above(self, height_m: int, least_deg2: float) -> list[Any]:
        """Give the larger areas above a height, smoothed, largest first."""
        from rasterio.features import shapes

        smooth = ndimage.gaussian_filter(self.heights.astype("float32"), 8)
        high = (smooth > height_m).astype("uint8")
        areas = [shapely.geometry.shape(g) for g, value in shapes(high, transform=TRANSFORM) if value == 1]
        areas = [a.simplify(0.0015).buffer(0) for a in areas if a.area > least_deg2]
        return sorted(areas, key=lambda a: -a.area)
