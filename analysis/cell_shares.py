"""How much of every cell of a grid lies in a polygon, exactly: sums over cells then have no fuzzy rim."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from .areas import geometry_areas
from .radio.tiles import Grid
from .unit_coverage import polygonal

_FEW = 8


def areas_in(unit: BaseGeometry, grid: Grid, row: int, column: int, rows: int, columns: int) -> npt.NDArray[np.float64]:
    """Give the geodesic area of every cell of a part of a grid that lies inside a polygon.

    The part is halved until a piece holds the polygon's whole width or none of it, or a few cells, which are cut one
    by one.

    Parameters
    ----------
    unit : Polygon or MultiPolygon
        Valid; degrees, CGCS2000.
    row, column, rows, columns : int
        The part.

    Returns
    -------
    numpy.ndarray, shape (rows, columns)
        Square metres.
    """
    areas = np.zeros((rows, columns))
    whole = grid.cell_areas_m2()[row : row + rows]
    edges_lon = grid.west + (column + np.arange(columns + 1)) * grid.step_lon
    edges_lat = grid.north - (row + np.arange(rows + 1)) * grid.step_lat
    cut: list[BaseGeometry | None] = []
    place: list[tuple[int, int]] = []
    pending: list[tuple[BaseGeometry, int, int, int, int]] = [(unit, 0, rows, 0, columns)]
    while pending:
        piece, top, bottom, left, right = pending.pop()
        box = shapely.box(edges_lon[left], edges_lat[bottom], edges_lon[right], edges_lat[top])
        if piece.is_empty or not shapely.intersects(piece, box):
            continue
        if shapely.covers(piece, box):
            areas[top:bottom, left:right] = whole[top:bottom, None]
            continue
        inside = polygonal(shapely.intersection(piece, box))
        if inside is None:
            continue
        if bottom - top <= _FEW and right - left <= _FEW:
            down, across = (part.ravel() for part in np.mgrid[top:bottom, left:right])
            cells = shapely.box(edges_lon[across], edges_lat[down + 1], edges_lon[across + 1], edges_lat[down])
            cut += [
                shape if isinstance(shape, shapely.Polygon) else polygonal(shape)
                for shape in shapely.intersection(cells, inside)
            ]
            place += list(zip(down.tolist(), across.tolist()))
        elif bottom - top >= right - left:
            middle = (top + bottom) // 2
            pending += [(inside, top, middle, left, right), (inside, middle, bottom, left, right)]
        else:
            middle = (left + right) // 2
            pending += [(inside, top, bottom, left, middle), (inside, top, bottom, middle, right)]
    if place:
        at = np.array(place)
        areas[at[:, 0], at[:, 1]] = geometry_areas(cut)
    return areas
