"""Bands along lines: the ground within so many metres of them, as polygons in degrees.

A line is taken in pieces of a few kilometres, each a plane of its own with the scale of its latitude; over a piece that
is right to 0.1 % of the width up to 60°.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from .near import metres_per_degree
from .parts import cut, parts_of

_PIECE_M = 4_000.0
_QUARTER = 16  # straight pieces in a quarter of a circle: 0.12 % of the radius inside it


def band(line: Any, width_m: float) -> Any:
    """Give the ground within a distance of a line, round at its ends.

    Parameters
    ----------
    line : LineString, MultiLineString
        Degrees, CGCS2000.
    width_m : float
        On each side.

    Returns
    -------
    Polygon or MultiPolygon
    """
    parts = parts_of([line])
    part, at = [], []
    for number, length in enumerate(parts.length_m.tolist()):
        places = np.linspace(0.0, length, int(np.ceil(length / _PIECE_M)) + 1)[1:-1]
        part += [number] * len(places)
        at += places.tolist()
    pieces = cut(parts, np.array(part, dtype=np.int64), np.array(at, dtype=np.float64))
    return shapely.union_all([_flat_band(piece, width_m) for piece in pieces.shapes])


def disc(lon: float, lat: float, radius_m: float) -> Any:
    """Give the ground within some kilometres of a place."""
    return _flat_band(shapely.Point(lon, lat), radius_m)


def _flat_band(shape: Any, width_m: float) -> Any:
    bounds = shape.bounds
    scale = np.array([float(metre) for metre in metres_per_degree((bounds[1] + bounds[3]) / 2)])
    flat = shapely.buffer(shapely.transform(shape, lambda xy: xy * scale), width_m, quad_segs=_QUARTER)
    return shapely.transform(flat, lambda xy: xy / scale)
