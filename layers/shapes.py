"""Geometry types: single parts into multi-part ones, what a layer may hold, and shapes from well-known binary."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Shapes = npt.NDArray[np.object_]

POINT, LINE, RING, POLYGON, MULTI_POINT, MULTI_LINE, MULTI_POLYGON, COLLECTION = range(8)
_ALLOWED = {
    "Point": (POINT,),
    "MultiLineString": (LINE, RING, MULTI_LINE),
    "MultiPolygon": (POLYGON, MULTI_POLYGON),
}
_ALL_BUT_COLLECTIONS = tuple(range(COLLECTION))


def allowed_types(geometry_type: str) -> tuple[int, ...]:
    """Give the type ids of shapely that a layer takes; one that stores any type takes all but collections."""
    return _ALLOWED.get(geometry_type, _ALL_BUT_COLLECTIONS)


def as_type(geometry: Any, geometry_type: str, what: str) -> Shapes:
    """Give geometries as a layer of one type stores them: two dimensions, lines and polygons as multi-part ones.

    Parameters
    ----------
    geometry : array of shapely geometries, shape (n,)
    geometry_type : str
        Point, MultiLineString or MultiPolygon; any other name lets every type pass as it is.
    what : str
        Name of the layer, for the error.

    Raises
    ------
    ValueError
        A geometry is of another type; names the first such row, counted from 1.
    """
    shapes: Shapes = np.array(geometry, dtype=object)
    if (shapely.get_coordinate_dimension(shapes) > 2).any():
        shapes = shapely.force_2d(shapes)
    kinds = shapely.get_type_id(shapes)
    allowed = _ALLOWED.get(geometry_type)
    if allowed is None:
        return shapes
    wrong = np.flatnonzero((kinds != -1) & ~np.isin(kinds, allowed))
    if len(wrong):
        row = int(wrong[0])
        raise ValueError(f"{what}, row {row + 1}: a {shapes[row].geom_type}, expected {geometry_type}")
    single = np.flatnonzero(np.isin(kinds, (LINE, RING, POLYGON)))
    if len(single):
        maker = shapely.multilinestrings if geometry_type == "MultiLineString" else shapely.multipolygons
        shapes[single] = maker(_open_rings(shapes[single]), indices=np.arange(len(single)))
    return shapes


def _open_rings(shapes: Shapes) -> Shapes:
    rings = np.flatnonzero(shapely.get_type_id(shapes) == RING)
    for row in rings:
        shapes[row] = shapely.LineString(shapes[row])
    return shapes


@dataclass
class Decoded:
    """Shapes from well-known binary.

    Attributes
    ----------
    shapes : numpy.ndarray of shapely geometries, shape (n,)
        None where there was none, or it cannot be decoded.
    closed : dict of int to int
        Rows, by position, with rings that ended where they did not begin, and how many; they were closed.
    broken : list of int
        Rows whose bytes make no shape.
    """

    shapes: Shapes
    closed: dict[int, int] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)


def from_wkb(binary: Sequence[bytes | None] | np.ndarray) -> Decoded:
    """Decode well-known binary; rings that are not closed, and lines of one point, still give a shape.

    GEOS refuses both as a whole, and with them the row. A ring gets its first point once more at the end; a line or
    ring of too few points gets its last point repeated, so that it can be judged as any other invalid shape.
    """
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are found later
        decoded = Decoded(shapely.from_wkb(np.asarray(binary, dtype=object), on_invalid="ignore"))
    stated = np.array([item is not None for item in binary], dtype=bool)
    for at in np.flatnonzero(stated & shapely.is_missing(decoded.shapes)).tolist():
        try:
            mended, closed = _mended(bytes(binary[at] or b""))
            decoded.shapes[at] = shapely.from_wkb(mended)
        except (struct.error, shapely.errors.GEOSException, ValueError, RecursionError):
            decoded.broken.append(at)
            continue
        if closed:
            decoded.closed[at] = closed
    return decoded


def _mended(binary: bytes) -> tuple[bytes, int]:
    out = bytearray()
    end, closed = _copy(binary, 0, out)
    if end > len(binary):
        raise ValueError("the bytes end too early")
    return bytes(out), closed


def _copy(binary: bytes, at: int, out: bytearray) -> tuple[int, int]:
    """Copy one geometry with its rings closed and padded; give where it ends and how many rings were closed."""
    order = "<" if binary[at : at + 1] == b"\x01" else ">"
    (code,) = struct.unpack_from(order + "I", binary, at + 1)
    if code & 0x20000000:
        raise ValueError("extended binary with an SRID")
    flags, iso = code >> 30, (code & 0xFFFF) // 1000
    axes = 2 + (bin(flags).count("1") or (0, 1, 1, 2)[min(iso, 3)])
    kind = (code & 0xFFFF) % 1000
    out += binary[at : at + 5]
    at += 5
    if kind == 1:
        out += binary[at : at + 8 * axes]
        return at + 8 * axes, 0
    if kind == 2:
        return _points(binary, at, out, order, axes, is_ring=False)
    if kind not in (3, 4, 5, 6, 7):
        raise ValueError(f"geometry type {kind}")
    (count,) = struct.unpack_from(order + "I", binary, at)
    out += binary[at : at + 4]
    at, closed = at + 4, 0
    for _ in range(count):
        if kind == 3:
            at, one = _points(binary, at, out, order, axes, is_ring=True)
        else:
            at, one = _copy(binary, at, out)
        closed += one
    return at, closed


def _points(binary: bytes, at: int, out: bytearray, order: str, axes: int, *, is_ring: bool) -> tuple[int, int]:
    (count,) = struct.unpack_from(order + "I", binary, at)
    size = 8 * axes
    at += 4
    if at + count * size > len(binary):
        raise ValueError("the bytes end too early")
    points = [binary[start : start + size] for start in range(at, at + count * size, size)]
    at += count * size
    is_open = is_ring and len(points) > 2 and points[0][:16] != points[-1][:16]
    if is_ring and points and points[0][:16] != points[-1][:16]:
        points.append(points[0])
    while points and len(points) < (4 if is_ring else 2):
        points.append(points[-1])
    out += struct.pack(order + "I", len(points)) + b"".join(points)
    return at, int(is_open)


def points_in(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Give a point of every shape, shape (n, 2), NaN where there is none."""
    found = np.full((len(shapes), 2), np.nan)
    there = ~shapely.is_missing(shapes)
    points = shapes[there]
    other = shapely.get_type_id(points) != 0
    points[other] = shapely.point_on_surface(points[other])
    found[there] = np.column_stack((shapely.get_x(points), shapely.get_y(points)))
    return found
