"""From the datum that coordinates are in to CGCS2000 longitude and latitude, and back.

GCJ-02 and BD-09 follow the constants in public use (a = 6378245.0, ee = 0.00669342162296594323, applied inside
72.004–137.8347° E, 0.8293–55.8271° N only). WGS 84 and CGCS2000 differ by centimetres to a few decimetres, less than
any coordinate that this program reads is worth, and are taken as the same. All angles are degrees, east before north.
"""

from __future__ import annotations

import numpy as np
import pyproj
from pyproj.exceptions import CRSError

from ..errors import InputError, ParameterError
from ..text import Text

Floats = np.ndarray

SEMI_MAJOR_M = 6378245.0
ECCENTRICITY_2 = 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
TOLERANCE_DEG = 1e-10
_ROUNDS = 60
_BAIDU = np.pi * 3000.0 / 180.0


def inside_gcj02(lon: Floats, lat: Floats, slack_deg: float = 0.0) -> Floats:
    """Tell which points lie where GCJ-02 shifts coordinates."""
    inside = (lon >= WEST - slack_deg) & (lon <= EAST + slack_deg)
    return inside & (lat >= SOUTH - slack_deg) & (lat <= NORTH + slack_deg)


def _shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Give the GCJ-02 shift east and north in degrees, without regard to the range."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    phi = np.radians(lat)
    w2 = 1.0 - ECCENTRICITY_2 * np.sin(phi) ** 2
    w = np.sqrt(w2)
    dlat = np.degrees(north / (SEMI_MAJOR_M * (1.0 - ECCENTRICITY_2) / (w2 * w)))
    dlon = np.degrees(east / (SEMI_MAJOR_M / w * np.cos(phi)))
    return dlon, dlat


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift WGS 84 to GCJ-02; points outside the range stay as they are."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    inside = inside_gcj02(lon, lat)
    dlon, dlat = _shift(np.where(inside, lon, 105.0), np.where(inside, lat, 35.0))
    return np.where(inside, lon + dlon, lon), np.where(inside, lat + dlat, lat)


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Take the GCJ-02 shift away, by iteration, to better than 1e-9 degrees.

    The range counts for the true position: a point that comes out outside it was never shifted.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    near = (lon > WEST - 0.1) & (lon < EAST + 0.1) & (lat > SOUTH - 0.1) & (lat < NORTH + 0.1)
    goal_lon, goal_lat = np.where(near, lon, 105.0), np.where(near, lat, 35.0)
    x, y = goal_lon.copy(), goal_lat.copy()
    for _ in range(_ROUNDS):
        dlon, dlat = _shift(x, y)
        next_x, next_y = goal_lon - dlon, goal_lat - dlat
        moved = max(np.max(np.abs(next_x - x), initial=0.0), np.max(np.abs(next_y - y), initial=0.0))
        x, y = next_x, next_y
        if moved < TOLERANCE_DEG:
            break
    shifted = near & inside_gcj02(x, y, slack_deg=1e-8)  # a point on the very edge comes back with rounding
    return np.where(shifted, x, lon), np.where(shifted, y, lat)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Add Baidu's second shift to GCJ-02."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Take Baidu's second shift away, by iteration, to better than 1e-9 degrees."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    x, y = lon - 0.0065, lat - 0.006
    for _ in range(_ROUNDS):
        back_lon, back_lat = gcj02_to_bd09(x, y)
        off_lon, off_lat = lon - back_lon, lat - back_lat
        x, y = x + off_lon, y + off_lat
        moved = max(np.nanmax(np.abs(off_lon), initial=0.0), np.nanmax(np.abs(off_lat), initial=0.0))
        if moved < TOLERANCE_DEG:
            break
    return x, y


def bd09_to_wgs84(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Take both shifts away."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def wgs84_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Add both shifts."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def is_cgcs2000(crs: pyproj.CRS) -> bool:
    """Tell whether a CRS, geographic or projected, stands on the CGCS2000 datum."""
    name = _datum_name(crs)
    return "china2000" in name or "cgcs2000" in name or "chinageodeticcoordinatesystem2000" in name


def is_wgs84(crs: pyproj.CRS) -> bool:
    """Tell whether a CRS, geographic or projected, stands on the WGS 84 datum."""
    return any(words in _datum_name(crs) for words in ("wgs1984", "wgs84", "worldgeodeticsystem1984"))


def is_web_mercator(crs: pyproj.CRS) -> bool:
    """Tell whether a CRS is that of web maps, which says nothing about the datum under it."""
    return "pseudo" in crs.name.lower() or "web_mercator" in crs.name.lower() or crs.to_epsg() == 3857


def _datum_name(crs: pyproj.CRS) -> str:
    base = crs.geodetic_crs
    if base is None or base.datum is None:
        return ""
    return "".join(sign for sign in f"{base.datum.name} {base.name}".lower() if sign.isalnum())


def crs_by_code(code: str) -> pyproj.CRS:
    """Give the CRS of ``EPSG:n``; raise ParameterError for an unknown one."""
    try:
        return pyproj.CRS.from_user_input(code.upper())
    except CRSError as fault:
        raise ParameterError(
            Text(f"没有坐标系 {code}。", f"There is no coordinate system {code}."),
            Text("请填 EPSG 代码，例如 EPSG:4527。", "State an EPSG code such as EPSG:4527."),
        ) from fault


def projected_to_cgcs2000(x: Floats, y: Floats, crs: pyproj.CRS) -> tuple[Floats, Floats]:
    """Turn east and north (or longitude and latitude) of a CRS into CGCS2000 longitude and latitude.

    Raises
    ------
    InputError
        The CRS stands on another datum than CGCS2000 or WGS 84: the parameters between them are not public.
    """
    if not (is_cgcs2000(crs) or is_wgs84(crs)) or crs.geodetic_crs is None:
        raise InputError(
            Text(
                f"坐标系“{crs.name}”不是 CGCS2000 或 WGS 84，两者之间的转换参数不公开，无法可靠转换。",
                f"“{crs.name}” is neither CGCS2000 nor WGS 84, and the parameters between the datums are not public.",
            ),
            Text(
                "请先由测绘部门转换为 CGCS2000，再导入。",
                "Have the surveying office convert it to CGCS2000 first, then import it.",
            ),
        )
    if crs.is_geographic:
        return np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    turn = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    lon, lat = turn.transform(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
    return lon, lat


def metres_turned(x: Floats, y: Floats) -> np.ndarray:
    """Tell which pairs of metres have north before east, as Chinese surveyors write them (X north, Y east).

    Gauss-Krüger and UTM only. An easting lies within 0 to 1,000,000 m, with a zone number within 13 to 46 million; a
    northing of China beyond 9° N within 1 to 6.2 million. No number is both, so that no right pair is mistaken.

    Parameters
    ----------
    x, y : numpy.ndarray of float64, shape (n,)
        What stands as east and as north, NaN where there is nothing.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
    """
    with np.errstate(invalid="ignore"):
        east = ((y > 0) & (y < 1e6)) | ((y >= 13e6) & (y < 46e6))
        turned: np.ndarray = (x > 1e6) & (x < 6.2e6) & east & (y > 1000)
    return turned


def degrees_power(x: Floats, y: Floats) -> int:
    """Give 6 or 7 for degrees that are stored as whole numbers, a million or ten million to the degree; else 0.

    Nine rows in ten must come to lie within the range of GCJ-02, which holds all of China. Smaller powers could as well
    be metres of a projection.
    """
    known = np.isfinite(x) & np.isfinite(y)
    for power in (6, 7):
        scale = 10.0**power
        with np.errstate(invalid="ignore"):
            fits = known & (inside_gcj02(x / scale, y / scale) | inside_gcj02(y / scale, x / scale))
        if known.any() and fits.sum() >= 0.9 * known.sum():
            return power
    return 0


def zone_hint(x: Floats, y: Floats) -> str:
    """Guess from metre values which ``EPSG:n`` of the CGCS2000 3° zones they may be in; "" where nothing fits.

    An easting of eight digits starts with the number of its zone (25 to 45): EPSG = 4488 + zone. Zones 13 to 23 are
    6° zones: EPSG = 4478 + zone.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    for east, north in ((x, y), (y, x)):
        fit = east[np.isfinite(east)]
        if len(fit) and np.all((fit >= 13e6) & (fit < 46e6)) and np.nanmedian(np.abs(north)) < 1e7:
            zone = int(np.median(fit) // 1e6)
            if 25 <= zone <= 45:
                return f"EPSG:{4488 + zone}"
            if 13 <= zone <= 23:
                return f"EPSG:{4478 + zone}"
    return ""
