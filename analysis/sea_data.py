"""Of which sea the station records speak: tables are handed in county by county, and the sea has no county."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from .coverage import coverage_of_units
from .lines.drawn import draw_lines
from .sea import places_on
from .sea_water import grown_box, nearest_cells
from .unit_coverage import polygonal

FloatArray = npt.NDArray[np.float64]

_SPACING_M = 1000.0


def sea_without_records(
    sea: shapely.MultiPolygon,
    speaking: Sequence[BaseGeometry],
    silent: Sequence[BaseGeometry],
    *,
    reach_m: float,
) -> shapely.MultiPolygon | None:
    """Give the part of a sea of which no station record speaks.

    That is what lies nearer to the outline of a county without records than to that of one with records, and what lies
    farther than the reach from all counties with records. Outlines are taken at places a kilometre apart.

    Parameters
    ----------
    sea : MultiPolygon
        Degrees, CGCS2000.
    speaking, silent : sequence of Polygon or MultiPolygon
        Counties with and without station records; without counties, places of the stations for `speaking` (points).
    reach_m : float
        Geodesic metres, at most `coverage.MAX_RADIUS_M`.

    Returns
    -------
    MultiPolygon or None
        None where the records speak of all of it.
    """
    window = grown_box([sea], reach_m)
    own, others = _outline(speaking, window), _outline(silent, window)
    if not len(own):
        return sea
    far = coverage_of_units([sea], own[:, 0], own[:, 1], np.full(len(own), reach_m)).gap[0]
    parts = [] if far is None else [far]
    if len(others):
        parts.append(shapely.intersection(sea, nearest_cells(others, own, grown_box([sea], 0.1 * reach_m))))
    return polygonal(shapely.union_all(parts)) if parts else None


def _outline(shapes: Sequence[BaseGeometry], window: shapely.Polygon) -> FloatArray:
    """Give places on outlines, or points themselves, that lie in the window; shape (n, 2), each once, sorted."""
    lines = [
        shapely.MultiLineString(list(shapely.get_rings(shapely.get_parts(shape))))
        for shape in shapes
        if not isinstance(shape, shapely.Point)
    ]
    spots = [shapely.get_coordinates(shape)[0] for shape in shapes if isinstance(shape, shapely.Point)]
    found = [np.array(spots).reshape(-1, 2)]
    if lines:
        found.append(np.column_stack(places_on(draw_lines(lines), _SPACING_M)))
    places = np.unique(np.concatenate(found), axis=0)
    west, south, east, north = window.bounds
    inside = (places[:, 0] >= west) & (places[:, 0] <= east) & (places[:, 1] >= south) & (places[:, 1] <= north)
    return np.asarray(places[inside])
