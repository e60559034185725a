"""The ground that a facility takes: a square around a site, a corridor along a cable.

Both are polygons in longitude and latitude on CGCS2000 with straight edges there, as GIS layers draw them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from ..areas import E2, FLATTENING, SEMI_MAJOR_M, geometry_areas
from ..network.near import metres_per_degree
from ..network.parts import parts_of

FloatArray = npt.NDArray[np.float64]

_STEP_M = 200.0
"""Vertices of a corridor stand no farther apart: a line straight in degrees leaves that in metres by 1 mm at most."""
_PIECE_M = 20_000.0
"""A piece of a cable that is drawn in one projection: 10 km off its middle a metre is wrong by 1.2e-6."""
_ROUND = 32  # pieces of a quarter of a circle at bends
_BEND_DEG = 3.0
"""A lesser turn is mitred: its corner stands off the line by half the width and 0.03 % of it."""


def squares(lon: npt.ArrayLike, lat: npt.ArrayLike, area_m2: npt.ArrayLike) -> npt.NDArray[np.object_]:
    """Give squares around points, their sides to the north and the east.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        Degrees, CGCS2000.
    area_m2 : array_like, shape (n,)
        Above 0.

    Returns
    -------
    numpy.ndarray of Polygon, shape (n,)
        Their area on the ellipsoid is `area_m2` to a billionth; None where a number is missing.
    """
    lon, lat, area = (np.atleast_1d(np.asarray(given, dtype=np.float64)) for given in (lon, lat, area_m2))
    made = np.full(len(lon), None, dtype=object)
    there = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & (area > 0))
    lon, lat, area = lon[there], lat[there], area[there]
    # Degrees that a metre is, from the radii of curvature along the meridian and across it.
    sine = np.sin(np.radians(lat))
    across = SEMI_MAJOR_M / np.sqrt(1 - E2 * sine * sine)
    along = across * (1 - E2) / (1 - E2 * sine * sine)
    half = np.sqrt(area) / 2
    wide, high = np.degrees(half / (across * np.cos(np.radians(lat)))), np.degrees(half / along)
    drawn = shapely.box(lon - wide, lat - high, lon + wide, lat + high)
    grow = np.sqrt(area / geometry_areas(drawn.tolist())) if len(there) else area
    made[there] = shapely.box(lon - wide * grow, lat - high * grow, lon + wide * grow, lat + high * grow)
    return made


def corridor(line: BaseGeometry | None, width_m: float) -> BaseGeometry | None:
    """Give the strip along a line, half its width to either side, ending flat where the line ends.

    Parameters
    ----------
    line : LineString, MultiLineString or None
        Degrees, CGCS2000.
    width_m : float
        Above 0.

    Returns
    -------
    Polygon, MultiPolygon or None
        Ground that the strip passes twice is in it once. None for a line without length.
    """
    parts = parts_of([line])
    strips: list[BaseGeometry] = []
    for part in range(parts.part_count):
        span = slice(parts.first[part], parts.first[part + 1])
        xy, at = _dense(parts.xy[span], parts.chainage_m[span])
        count = max(1, int(np.ceil(at[-1] / _PIECE_M)))
        cuts = np.searchsorted(at, np.linspace(0.0, at[-1], count + 1))
        for low, high in zip(cuts[:-1].tolist(), cuts[1:].tolist()):
            # One vertex over either end: the bend at a cut is then inside a piece, and its flat end within the next.
            strips.append(_strip(xy[max(low - 1, 0) : high + 2], width_m))
    if not strips:
        return None
    return strips[0] if len(strips) == 1 else shapely.union_all(strips)


def widened(shapes: npt.NDArray[np.object_], by_m: float) -> npt.NDArray[np.object_]:
    """Give areas with a margin around them, to about 1 % of its width.

    Parameters
    ----------
    shapes : numpy.ndarray of Polygon or MultiPolygon, shape (n,)
        Degrees, CGCS2000; none missing.
    by_m : float
    """
    if not len(shapes):
        return shapes
    middle = shapely.bounds(shapes)[:, [1, 3]].mean(axis=1)
    east, north = metres_per_degree(middle)
    made = np.full(len(shapes), None, dtype=object)
    for at, scale in enumerate(np.column_stack([east, north])):
        flat = shapely.transform(shapes[at], lambda xy, by=scale: xy * by)
        made[at] = shapely.transform(flat.buffer(by_m), lambda xy, by=scale: xy / by)
    return made


def _dense(xy: FloatArray, chainage_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Put vertices between those of a line, straight in degrees."""
    parts = np.maximum(1, np.ceil(np.diff(chainage_m) / _STEP_M)).astype(np.int64)
    at = np.concatenate([*(np.arange(many) / many + k for k, many in enumerate(parts.tolist())), [float(len(parts))]])
    places = np.arange(len(xy), dtype=np.float64)
    dense = np.column_stack([np.interp(at, places, xy[:, 0]), np.interp(at, places, xy[:, 1])])
    return dense, np.interp(at, places, chainage_m)


def _strip(xy: FloatArray, width_m: float) -> BaseGeometry:
    """Draw a piece of a corridor in a plane of its own: ribbons between bends, and a disc at each of them.

    The sides of a ribbon have the vertices of the line, one by one: what straight edges between them leave out on one
    side they add on the other. GEOS' own buffer leaves out vertices of its sides within 1 % of the width.
    """
    lon, lat = ((xy.min(axis=0) + xy.max(axis=0)) / 2).tolist()
    plane = pyproj.Proj(proj="tmerc", lat_0=lat, lon_0=lon, a=SEMI_MAJOR_M, rf=1 / FLATTENING)
    flat = np.column_stack(plane(xy[:, 0], xy[:, 1]))
    flat = flat[np.append(True, (np.diff(flat, axis=0) != 0).any(axis=1))]
    if len(flat) < 2:
        return shapely.Polygon()
    turn = np.degrees(np.arctan2(*np.diff(flat, axis=0).T[::-1]))
    bend = np.abs((np.diff(turn) + 180) % 360 - 180)
    corners = np.flatnonzero(bend > _BEND_DEG) + 1
    cuts = [0, *corners.tolist(), len(flat) - 1]
    pieces: list[BaseGeometry] = []
    for low, high in zip(cuts[:-1], cuts[1:]):
        pieces += _ribbons(flat[low : high + 1], width_m / 2)
    pieces += list(shapely.buffer(shapely.points(flat[corners]), width_m / 2, quad_segs=_ROUND))
    strip = pieces[0] if len(pieces) == 1 else shapely.union_all(pieces)
    return shapely.transform(strip, lambda at: np.column_stack(plane(at[:, 0], at[:, 1], inverse=True)))


def _ribbons(flat: FloatArray, half_m: float) -> list[BaseGeometry]:
    """Give a smooth line its width: in one polygon where that does not cross itself, else edge by edge."""
    sides = _sides(flat, half_m)
    ribbon = shapely.Polygon(np.concatenate([sides[0], sides[1][::-1]]))
    if len(flat) == 2 or ribbon.is_valid:
        return [ribbon]
    made: list[BaseGeometry] = list(shapely.buffer(shapely.points(flat[1:-1]), half_m, quad_segs=_ROUND))
    for low in range(len(flat) - 1):
        one, other = _sides(flat[low : low + 2], half_m)
        made.append(shapely.Polygon(np.concatenate([one, other[::-1]])))
    return made


def _sides(flat: FloatArray, half_m: float) -> tuple[FloatArray, FloatArray]:
    """Give the two sides of a line, mitred, a vertex for each of its own."""
    along = np.diff(flat, axis=0)
    along /= np.hypot(along[:, 0], along[:, 1])[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    middle = across[:-1] + across[1:]
    middle *= 2 / (middle * middle).sum(axis=1)[:, None]
    off = half_m * np.concatenate([across[:1], middle, across[-1:]])
    return flat + off, flat - off
