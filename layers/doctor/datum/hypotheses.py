"""On what datum a file's raw numbers may be, and where each possibility puts its rows, in CGCS2000 degrees.

Degrees: WGS 84 or CGCS2000 (one hypothesis: they agree within a metre), GCJ-02, BD-09, and each of them with its axes
swapped. Metres: the CGCS2000 Gauss-Krüger zones, by their central meridian, so that a 3° and a 6° zone of the same
meridian are one hypothesis; the zone number in front of the easting may lie, and is taken off first.

The shares before any evidence are an engineering choice, after what comes to planning offices: lists in true
coordinates are somewhat more common than GCJ-02 (Amap, Tencent), BD-09 (Baidu) is rare, and swapped axes rarer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj

from ....text import Text, same
from ... import datum as datums
from ...zones import FIRST_ZONE, LAST_ZONE, meridian_of_number, zone_key, zone_number

TRUE, GCJ02, BD09 = "wgs84", "gcj02", "bd09"
SWAPPED = "swapped_"
_LABELS = {
    TRUE: Text("WGS 84/CGCS2000", "WGS 84/CGCS2000"),
    GCJ02: same("GCJ-02"),
    BD09: same("BD-09"),
}
_PRIOR = {TRUE: 0.5, GCJ02: 0.35, BD09: 0.15}
_PRIOR_SWAPPED = 0.05
_PRIOR_OTHER_ZONE = 0.05
_HINT = 9.0  # a file name is a hint: it counts as odds of nine to one and proves nothing
_MERIDIANS = range(3 * FIRST_ZONE, 3 * LAST_ZONE + 1, 3)
_LARGEST_M = 46e6  # an easting of 3° zone 45 with its number; no projection has larger values
_NEAR_DEG = 4.0  # a zone that puts the rows farther than this from everything known explains nothing


@dataclass(frozen=True)
class Hypothesis:
    """One possibility.

    Attributes
    ----------
    name : str
        "wgs84", "gcj02", "bd09" or "EPSG:n" (what ``--datum`` takes), with "swapped_" before it for exchanged axes.
    label : Text
    lon, lat : numpy.ndarray of float64, shape (n,)
        Where the rows lie by it, CGCS2000 degrees.
    prior : float
        Share before any evidence, relative to the others.
    """

    name: str
    label: Text
    lon: np.ndarray
    lat: np.ndarray
    prior: float

    @property
    def datum(self) -> str:
        """What ``--datum`` takes, once the axes are in order."""
        return self.name.removeprefix(SWAPPED)

    @property
    def is_swapped(self) -> bool:
        """Whether the axes are exchanged."""
        return self.name.startswith(SWAPPED)


def are_metres(x: np.ndarray, y: np.ndarray) -> bool:
    """Tell whether most positions are too large for degrees."""
    return bool(len(x)) and bool(np.mean((np.abs(x) > 1000) & (np.abs(y) > 1000)) > 0.5)


def hypotheses(
    x: np.ndarray,
    y: np.ndarray,
    *,
    bounds: tuple[float, float, float, float] | None,
    stated: pyproj.CRS | None = None,
    hint: str = "",
) -> tuple[Hypothesis, ...]:
    """Give all possibilities for the numbers of a file.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
        What stands as longitude or east, and as latitude or north, all finite.
    bounds : tuple of float or None
        West, south, east, north of what is known, degrees: only zones that lead near it are tried.
    stated : pyproj.CRS, optional
        What the file says of metres.
    hint : str
        Datum that the file's name mentions, "" for none.
    """
    if are_metres(x, y):
        return _zones(x, y, bounds, stated)
    found = []
    for turned in (False, True):
        east, north = (y, x) if turned else (x, y)
        if np.mean(np.abs(north) > 90) > 0.5:  # a longitude beyond 90° is no latitude
            continue
        for name, convert in ((TRUE, _as_it_is), (GCJ02, datums.gcj02_to_wgs84), (BD09, datums.bd09_to_wgs84)):
            lon, lat = convert(east, north)
            prior = _PRIOR[name] * (_PRIOR_SWAPPED if turned else 1.0) * (_HINT if hint == name else 1.0)
            word = (SWAPPED if turned else "") + name
            found.append(Hypothesis(word, label_of(word), np.asarray(lon), np.asarray(lat), prior))
    return tuple(found)


def label_of(name: str) -> Text:
    """Give the words for a hypothesis by its name."""
    if name.startswith(SWAPPED):
        return Text("经纬度颠倒的 {label}", "swapped {label}").filled(label=label_of(name.removeprefix(SWAPPED)))
    return _LABELS.get(name, same(name))


def _as_it_is(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return lon, lat


def epsg_of(meridian: int, *, prefix: bool) -> str:
    """Give the CGCS2000 3° zone of a central meridian."""
    return f"EPSG:{(4513 if prefix else 4534) + meridian // 3 - FIRST_ZONE}"


def _zones(
    x: np.ndarray, y: np.ndarray, bounds: tuple[float, float, float, float] | None, stated: pyproj.CRS | None
) -> tuple[Hypothesis, ...]:
    """Metres: an easting has 6 digits, or 8 with the zone; a northing in China 6 or 7: which is which is plain."""
    if max(np.median(np.abs(x)), np.median(np.abs(y))) > _LARGEST_M:
        return ()
    turned = bool(np.mean(datums.metres_turned(x, y)) > 0.5)
    east, north = (y, x) if turned else (x, y)
    number = zone_number(east)
    bare = np.where(east >= 13e6, east % 1e6, east)
    claimed = stated_meridian(number, stated)
    found = []
    for meridian in _MERIDIANS:
        code = epsg_of(meridian, prefix=bool(number))
        turn = pyproj.Transformer.from_crs(epsg_of(meridian, prefix=False), "EPSG:4490", always_xy=True)
        if bounds is not None and meridian != claimed:
            # One look at the middle saves turning every row by twenty zones.
            lon, lat = turn.transform(float(np.median(bare)), float(np.median(north)))
            if not _is_near(lon, lat, bounds):
                continue
        if bounds is None and meridian != claimed:
            continue
        lon, lat = turn.transform(bare, north)
        word = (SWAPPED if turned else "") + code
        prior = 1.0 if meridian == claimed else _PRIOR_OTHER_ZONE
        found.append(Hypothesis(word, _zone_words(word, meridian), lon, lat, prior))
    return tuple(found)


def _is_near(lon: float, lat: float, bounds: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bounds
    return west - _NEAR_DEG < lon < east + _NEAR_DEG and south - _NEAR_DEG < lat < north + _NEAR_DEG


def stated_meridian(number: int, stated: pyproj.CRS | None) -> int:
    """Give the central meridian that a file claims, by its CRS or else by the zone in its eastings; 0 for none."""
    if stated is not None and stated.is_projected:
        key = zone_key(stated)
        return int(key[0]) if key is not None and key[0] == int(key[0]) else 0
    return meridian_of_number(number)


def _zone_words(name: str, meridian: int) -> Text:
    words = Text("{code}（中央经线 {meridian}°）", "{code} (central meridian {meridian}°)")
    words = words.filled(code=name.removeprefix(SWAPPED), meridian=meridian)
    if name.startswith(SWAPPED):
        return Text("横纵坐标颠倒的 {label}", "swapped {label}").filled(label=words)
    return words
