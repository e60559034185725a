"""The sheet that a report's map is drawn on: projection, extent, scale bar, north arrow, graticule.

Maps are conformal: oblique stereographic about their middle (`analysis.stereographic`), so that the scale bar holds to
d²/4R² at distance d from the middle, 0.06 % at 300 km, and the outlines keep their shapes at any latitude.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from ...analysis.stereographic import frame_at, project, unproject

Floats = npt.NDArray[np.float64]

SHEET, SMALL = (780.0, 500.0), (560.0, 360.0)  # width and height at most
_LEFT, _BELOW = 44.0, 18.0  # room for the labels of the graticule
_PAD, _LEAST_M = 0.05, 2000.0
_FLATTEST, _STEEPEST = 1.75, 0.85  # width : height of the drawing
_STEPS = (10.0, 5.0, 2.0, 1.0, 1 / 2, 1 / 3, 1 / 6, 1 / 12, 1 / 30, 1 / 60)  # degrees between lines of the graticule
_LINES, _PIECES = 3, 24


@dataclass(frozen=True)
class Frame:
    """One sheet.

    Attributes
    ----------
    plane : numpy.ndarray
        The projection, of `frame_at`.
    west_m, north_m : float
        Plane coordinates of the upper left corner of the drawing.
    pixels_a_metre : float
    left, top, width, height : float
        The drawing within the picture, pixels.
    """

    plane: Floats
    west_m: float
    north_m: float
    pixels_a_metre: float
    left: float
    top: float
    width: float
    height: float

    def at(self, lon_lat: Floats) -> Floats:
        """Give pixels (n, 2) of places (n, 2) in degrees; NaN stays NaN."""
        return self.place(plane_metres(self.plane, lon_lat))

    def place(self, metres: Floats) -> Floats:
        """Give pixels (n, 2) of plane metres (n, 2)."""
        x = self.left + (metres[:, 0] - self.west_m) * self.pixels_a_metre
        return np.column_stack([x, self.top + (self.north_m - metres[:, 1]) * self.pixels_a_metre])

    def drawn(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Bring shapes from degrees to pixels, simplified to what can be seen."""
        if not len(shapes):
            return shapes
        return shapely.simplify(shapely.transform(shapes, self.at), 0.35)

    def shows(self, pixels: Floats) -> npt.NDArray[np.bool_]:
        """Tell which pixels (n, 2) lie on the drawing."""
        x, y = pixels[:, 0] - self.left, pixels[:, 1] - self.top
        return (x >= 0) & (x <= self.width) & (y >= 0) & (y <= self.height)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole picture in pixels."""
        return self.left + self.width + 4, self.top + self.height + _BELOW

    @property
    def box(self) -> shapely.Polygon:
        """The drawing, in pixels."""
        return shapely.box(self.left, self.top, self.left + self.width, self.top + self.height)

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Give longitude and latitude of a pixel."""
        east = self.west_m + (x - self.left) / self.pixels_a_metre
        return unproject(self.plane, east, self.north_m - (y - self.top) / self.pixels_a_metre)

    def north_deg(self, x: float, y: float) -> float:
        """Give the bearing of north at a pixel, degrees clockwise from straight up."""
        lon, lat = self.degrees(x, y)
        one, other = self.at(np.array([[lon, lat], [lon, lat + 0.01]]))
        return math.degrees(math.atan2(other[0] - one[0], one[1] - other[1]))

    def bar(self) -> tuple[float, float]:
        """Give a round length for the scale bar, km, and its length in pixels."""
        longest = self.width / 4 / self.pixels_a_metre / 1000
        power = 10.0 ** math.floor(math.log10(longest))
        length = max(step * power for step in (1, 2, 5) if step * power <= longest)
        return length, length * 1000 * self.pixels_a_metre


def plane_metres(plane: Floats, lon_lat: Floats) -> Floats:
    """Project places (n, 2) in degrees to plane metres (n, 2)."""
    flat = np.ascontiguousarray(lon_lat[:, :2], dtype=np.float64)
    return np.column_stack(project(plane, flat[:, 0].copy(), flat[:, 1].copy()))


def frame_around(places: Floats, most: tuple[float, float] = SHEET) -> Frame | None:
    """Lay a sheet around places.

    Parameters
    ----------
    places : numpy.ndarray of float64, shape (n, 2)
        Degrees CGCS2000; what is NaN is passed over.
    most : tuple of float
        Width and height of the picture at most, pixels; lettering and symbols keep their size.

    Returns
    -------
    Frame or None
        None where no place is known.
    """
    known = places[np.isfinite(places).all(axis=1)]
    if not len(known):
        return None
    middle = (known.min(axis=0) + known.max(axis=0)) / 2
    plane = frame_at(float(middle[0]), float(middle[1]))
    metres = plane_metres(plane, known)
    low, high = metres.min(axis=0), metres.max(axis=0)
    span = np.maximum((high - low) * (1 + 2 * _PAD), _LEAST_M)
    wide = float(max(span[0], span[1] * _STEEPEST))
    tall = float(max(span[1], wide / _FLATTEST))
    scale = min((most[0] - _LEFT) / wide, (most[1] - _BELOW) / tall)
    centre = (low + high) / 2
    return Frame(
        plane,
        float(centre[0]) - wide / 2,
        float(centre[1]) + tall / 2,
        scale,
        _LEFT,
        2.0,
        wide * scale,
        tall * scale,
    )


def graticule(frame: Frame) -> list[tuple[Floats, str, tuple[float, float] | None]]:
    """Give meridians and parallels that cross the drawing.

    Returns
    -------
    list of tuple
        Pixels (m, 2) of the line, its label, and where that stands at the left or lower edge (None where it does not
        reach that edge).
    """
    edge = np.linspace(0, 1, _PIECES)
    ring = [(frame.left + frame.width * t, frame.top + frame.height * s) for t in edge for s in (0.0, 1.0)]
    ring += [(frame.left + frame.width * s, frame.top + frame.height * t) for t in edge for s in (0.0, 1.0)]
    corners = np.array([frame.degrees(x, y) for x, y in ring])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    widest = max(east - west, north - south)
    step = next((s for s in _STEPS if widest / s >= _LINES), _STEPS[-1])
    lines = []
    for lon in _rounds(west, east, step):
        pixels = frame.at(np.column_stack([np.full(_PIECES, lon), np.linspace(south, north, _PIECES)]))
        lines.append((pixels, _degrees(lon, "EW"), _crossing(frame, pixels, at_foot=True)))
    for lat in _rounds(south, north, step):
        pixels = frame.at(np.column_stack([np.linspace(west, east, _PIECES), np.full(_PIECES, lat)]))
        lines.append((pixels, _degrees(lat, "NS"), _crossing(frame, pixels, at_foot=False)))
    return lines


def _rounds(low: float, high: float, step: float) -> list[float]:
    return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _degrees(value: float, words: str) -> str:
    minutes = round(abs(value) * 60)
    whole, rest = divmod(minutes, 60)
    return f"{whole}°{f'{rest:02d}′' if rest else ''}{words[value < 0]}"


def _crossing(frame: Frame, pixels: Floats, *, at_foot: bool) -> tuple[float, float] | None:
    """Find where a line of the graticule meets the lower or the left edge."""
    along, across = (1, 0) if at_foot else (0, 1)
    edge = frame.top + frame.height if at_foot else frame.left
    order = np.argsort(pixels[:, along])
    met = float(np.interp(edge, pixels[order, along], pixels[order, across], left=math.nan, right=math.nan))
    low, span = (frame.left, frame.width) if at_foot else (frame.top, frame.height)
    if not low + 14 <= met <= low + span - 14:
        return None
    return (met, edge) if at_foot else (edge, met)
