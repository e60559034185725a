"""Where the features of a package lie: CGCS2000 degrees, whatever CRS their layer has."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely

from ...shapes import Shapes
from ...zones import GEOGRAPHIC
from .source import PackageLayer

Box = tuple[float, float, float, float]
CHINA: Box = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north; with the islands of the south


def degrees_of(layer: PackageLayer) -> Shapes | None:
    """Give the geometry of a layer in CGCS2000 longitude and latitude; None where its CRS is not known.

    Missing shapes stay missing, as do those without finite coordinates there.
    """
    if layer.crs is None:
        return None
    flat = shapely.force_2d(layer.geometry)
    if layer.crs.is_geographic:
        return np.asarray(flat, dtype=object)
    transformer = pyproj.Transformer.from_crs(layer.crs, GEOGRAPHIC, always_xy=True)
    placed = shapely.transform(flat, lambda places: np.column_stack(transformer.transform(places[:, 0], places[:, 1])))
    coordinates, owner = shapely.get_coordinates(placed, return_index=True)
    placed[owner[~np.isfinite(coordinates).all(axis=1)]] = None
    return np.asarray(placed, dtype=object)


def share_inside(layer: PackageLayer, box: Box, *, swapped: bool = False) -> float:
    """Give the share of a layer's shapes whose middle lies in a box of degrees, 0 to 1; 0 where it has none.

    Parameters
    ----------
    box : (float, float, float, float)
        West, south, east, north.
    swapped : bool
        As they would lie with the two coordinates of every place in the other order.
    """
    shapes = layer.geometry[~shapely.is_missing(layer.geometry) & ~shapely.is_empty(layer.geometry)]
    if layer.crs is None or not len(shapes):
        return 0.0
    middle = centres(shapes)[:, ::-1] if swapped else centres(shapes)
    if not layer.crs.is_geographic:
        transformer = pyproj.Transformer.from_crs(layer.crs, GEOGRAPHIC, always_xy=True)
        middle = np.column_stack(transformer.transform(middle[:, 0], middle[:, 1]))
    west, south, east, north = box
    inside = (middle[:, 0] > west) & (middle[:, 0] < east) & (middle[:, 1] > south) & (middle[:, 1] < north)
    return float(inside.mean())


def centres(shapes: Shapes) -> np.ndarray:
    """Give the middles of the extents, shape (n, 2); NaN for what has none."""
    bounds = shapely.bounds(shapes)
    return np.asarray((bounds[:, :2] + bounds[:, 2:]) / 2)


def outside_china(layer: PackageLayer) -> list[int]:
    """Give the rows of a layer that lie outside China by its CRS, or nowhere."""
    shapes = degrees_of(layer)
    if shapes is None:
        return []
    there = np.flatnonzero(~shapely.is_missing(layer.geometry) & ~shapely.is_empty(layer.geometry))
    middle = centres(shapes)[there]
    west, south, east, north = CHINA
    inside = (middle[:, 0] > west) & (middle[:, 0] < east) & (middle[:, 1] > south) & (middle[:, 1] < north)
    return [int(row) for row in there[~inside]]
