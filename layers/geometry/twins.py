"""The same shape twice: within a tolerance, whichever way it is drawn."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ..table import Shapes


def earlier_twins(shapes: Shapes, tolerance: float) -> np.ndarray:
    """Give for each shape the first one before it that is the same, -1 where there is none, shape (n,).

    Parameters
    ----------
    shapes : numpy.ndarray of shapely points, lines or areas, shape (n,)
        Finite coordinates, none missing or empty. Heights do not count.
    tolerance : float
        In the units of the coordinates. Two shapes are the same where every place of the one (of its outline, for
        areas) is no farther than this from the other: direction, first vertex, order of parts and vertices in the
        middle of a straight stretch do not matter.
    """
    if not len(shapes):
        return np.zeros(0, dtype=np.int64)
    flat = shapely.normalize(shapely.force_2d(shapes))
    codes, _ = pd.factorize(shapely.to_wkb(flat))
    first = np.unique(codes, return_index=True)[1]  # codes are in order of first sight, so this is ascending
    one, other = _same_but_for_rounding(flat[first], tolerance)
    own = first[codes]
    twin = np.where(own < np.arange(len(shapes)), own, -1)
    earliest = np.arange(len(first))
    np.minimum.at(earliest, other, one)
    np.minimum.at(earliest, one, other)
    alike = first[earliest][codes]
    better = alike < np.where(twin < 0, np.arange(len(shapes)), twin)
    return np.where(better, alike, twin)


def _same_but_for_rounding(shapes: Shapes, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the pairs of shapes, none drawn exactly alike, that are the same within a tolerance; the smaller first."""
    bounds = shapely.bounds(shapes)
    dimension = shapely.get_dimensions(shapes)
    pairs = cKDTree(bounds).query_pairs(tolerance, p=np.inf, output_type="ndarray")
    one, other = np.sort(pairs, axis=1).T.astype(np.int64)
    alike = dimension[one] == dimension[other]
    one, other = one[alike], other[alike]
    same = shapely.equals_exact(shapes[one], shapes[other], tolerance)
    for k in np.flatnonzero(~same & (shapely.hausdorff_distance(shapes[one], shapes[other]) <= tolerance)).tolist():
        same[k] = _covers(shapes[one[k]], shapes[other[k]], tolerance)
    return one[same], other[same]


def _covers(one: shapely.Geometry, other: shapely.Geometry, tolerance: float) -> bool:
    """Tell whether each lies within the tolerance of the other, between the vertices too."""
    origin = np.array(one.bounds[:2])  # near to nought more digits are left for the tolerance
    both = [shapely.transform(shape, lambda points: points - origin) for shape in (one, other)]
    if shapely.get_dimensions(one) == 2:
        both = [shape.boundary for shape in both]
    near = [shape.buffer(tolerance) for shape in both]
    return bool(near[1].covers(both[0]) and near[0].covers(both[1]))
