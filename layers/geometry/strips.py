"""Ground that areas share, less the strips that come from rounding."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ..table import Shapes
from .measures import steady

_LARGE = 500  # vertices


def wider_than(polygons: Shapes, width: float) -> np.ndarray:
    """Tell which polygons are wider than a width somewhere: a disc of that diameter fits in. Shape (n,), bool.

    Parameters
    ----------
    polygons : numpy.ndarray of shapely polygons, shape (n,)
        Single parts, valid.
    width : float
        In the units of the coordinates.

    Notes
    -----
    The area is at most inradius × perimeter (Bonnesen's inequality, L r ≥ A + π r²), so what is wider on average
    than the width is so somewhere; only the rest is eroded.
    """
    size, length = shapely.area(polygons), shapely.length(polygons)
    wide = np.asarray(2 * size > width * length)
    narrow = np.flatnonzero(~wide)
    if len(narrow):
        bounds = shapely.bounds(polygons[narrow])
        points, of = shapely.get_coordinates(polygons[narrow], return_index=True)
        near = shapely.set_coordinates(polygons[narrow].copy(), points - bounds[of, :2])
        wide[narrow] = ~shapely.is_empty(shapely.buffer(near, -width / 2))
    return wide


def common_ground(one: Shapes, other: Shapes, width: float) -> tuple[Shapes, np.ndarray]:
    """Give the parts wider than a width of what areas share pair by pair, and the pair of each part.

    Parameters
    ----------
    one, other : numpy.ndarray of shapely areas, shape (n,)
    width : float
        In the units of the coordinates.
    """
    one, other = _without_far_borders(one, other), _without_far_borders(other, one)
    return wide_parts(steady(shapely.intersection, one, other), width)


def _without_far_borders(shapes: Shapes, others: Shapes) -> Shapes:
    """Put a box in the place of a large area that holds its other: what they share is the other, and quickly told."""
    large = np.flatnonzero(shapely.get_num_coordinates(shapes) > _LARGE)
    if not len(large):
        return shapes
    some = shapes[large]
    shapely.prepare(some)
    held = large[shapely.contains_properly(some, others[large])]
    shapely.destroy_prepared(some)
    west, south, east, north = shapely.bounds(others[held]).T
    margin = np.maximum(east - west, north - south)
    shapes = shapes.copy()
    shapes[held] = shapely.box(west - margin, south - margin, east + margin, north + margin)
    return shapes


def clustered(shapes: Shapes, tolerance: float) -> Shapes:
    """Give shapes with vertices that are within a tolerance of each other moved to one place.

    Borders that were drawn alike but for rounding then are alike, so that areas can be joined in the quick way. What
    collapses by it may be invalid.

    Parameters
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
    tolerance : float
        In the units of the coordinates.
    """
    points = shapely.get_coordinates(shapes)
    spots, which = np.unique(points, axis=0, return_inverse=True)
    one, other = cKDTree(spots).query_pairs(tolerance, output_type="ndarray").T
    links = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(len(spots), len(spots)))
    cluster = connected_components(links, directed=False)[1]
    first = np.unique(cluster, return_index=True)[1]
    return shapely.set_coordinates(shapes.copy(), spots[first[cluster]][which.ravel()])


def wide_parts(shapes: Shapes, width: float) -> tuple[Shapes, np.ndarray]:
    """Give the polygons in some shapes that are wider than a width, and the shape that each comes from."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    areas = (shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)
    parts, owner = parts[areas], owner[areas]
    if not len(parts):
        return parts, owner
    wide = wider_than(parts, width)
    return parts[wide], owner[wide]
