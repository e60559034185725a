"""The right CGCS2000 3° Gauss-Krüger zone, and the CRS that a delivery is asked for in.

EPSG 4513-4533: zones 25-45 with the zone number before the easting; 4534-4554: the same without it. The central
meridian is three times the zone number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj

from ..errors import InputError, ParameterError
from ..text import Text

FIRST_ZONE, LAST_ZONE = 25, 45
GEOGRAPHIC = "EPSG:4490"
_CHOICES = ("4490", "zone", "zone-no-prefix")


@dataclass(frozen=True)
class ZoneShare:
    """The zone that holds the most places.

    Attributes
    ----------
    number : int
        25 to 45.
    inside, total : int
        Places in it, and altogether.
    """

    number: int
    inside: int
    total: int

    @property
    def central_meridian_deg(self) -> int:
        """Longitude of the central meridian."""
        return 3 * self.number

    def epsg(self, *, prefix: bool = True) -> int:
        """Give the EPSG code, with or without the zone number in the easting."""
        return (4513 if prefix else 4534) + self.number - FIRST_ZONE


@dataclass(frozen=True)
class DeliveryCrs:
    """A CRS to deliver in.

    Attributes
    ----------
    code : str
        ``EPSG:n``.
    name : Text
        As it stands in the report.
    zone : ZoneShare or None
        How the zone was chosen, where it was chosen from the data.
    """

    code: str
    name: Text
    zone: ZoneShare | None = None

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return pyproj.CRS(self.code).is_geographic


def zone_of(lon_deg: npt.ArrayLike) -> np.ndarray:
    """Give the 3° zone of each longitude, shape (n,); a place on the border of two belongs to the eastern one."""
    return np.floor((np.asarray(lon_deg, np.float64) + 1.5) / 3).astype(np.int64)


def choose_zone(lon_deg: npt.ArrayLike) -> ZoneShare:
    """Choose the zone that holds most of the places; of equals the one nearest the middle of their extent.

    Parameters
    ----------
    lon_deg : array_like, shape (n,)
        Longitudes in degrees; NaN counts for nothing.

    Raises
    ------
    InputError
        There is no place, or most of them lie outside the zones of China (73.5° to 136.5°).
    """
    lon = np.asarray(lon_deg, np.float64)
    lon = lon[np.isfinite(lon)]
    if not len(lon):
        raise InputError(
            Text("没有带坐标的要素，无法确定分带。", "No feature has a place, so there is no zone to choose."),
            Text("请先导入带坐标的数据，或改用 --crs 4490。", "Import data with coordinates, or use --crs 4490."),
        )
    numbers, counts = np.unique(zone_of(lon), return_counts=True)
    middle = (lon.min() + lon.max()) / 2
    best = min(zip(numbers.tolist(), counts.tolist()), key=lambda item: (-item[1], abs(3 * item[0] - middle), item[0]))
    if not FIRST_ZONE <= best[0] <= LAST_ZONE:
        raise InputError(
            Text(
                "多数要素的经度在 {lon:.4f}° 附近，不在 CGCS2000 三度带范围（73.5°–136.5°）内。",
                "Most features lie near longitude {lon:.4f}°, outside the CGCS2000 3° zones (73.5° to 136.5°).",
            ).filled(lon=float(np.median(lon))),
            Text("请检查坐标是否颠倒或基准有误。", "Check whether coordinates are swapped or of another datum."),
        )
    return ZoneShare(best[0], best[1], len(lon))


def crs_choice(value: str, lon_deg: npt.ArrayLike) -> DeliveryCrs:
    """Give the CRS that a planner asked for.

    Parameters
    ----------
    value : str
        ``4490``, ``zone``, ``zone-no-prefix`` or ``EPSG:n`` of a CRS on the datum CGCS2000.
    lon_deg : array_like
        Longitudes of the features, for choosing the zone.

    Raises
    ------
    ParameterError
        No such choice or code, or a CRS of another datum.
    InputError
        As `choose_zone`.
    """
    wanted = value.strip()
    if wanted in ("zone", "zone-no-prefix"):
        zone = choose_zone(lon_deg)
        return _named(zone.epsg(prefix=wanted == "zone"), zone)
    digits = wanted.upper().removeprefix("EPSG:")
    if (wanted != "4490" and not wanted.upper().startswith("EPSG:")) or not digits.isdigit():
        raise ParameterError(
            Text("坐标系“{value}”无法识别。", "There is no CRS “{value}”.").filled(value=value),
            Text("可用：{choices} 或 EPSG:代码。", "Use {choices} or EPSG:code.").filled(choices=", ".join(_CHOICES)),
        )
    return _named(int(digits), None)


def _named(code: int, zone: ZoneShare | None) -> DeliveryCrs:
    try:
        crs = pyproj.CRS.from_epsg(code)
    except pyproj.exceptions.CRSError as error:
        raise ParameterError(
            Text("没有 EPSG:{code} 这个坐标系。", "There is no EPSG:{code}.").filled(code=code),
            Text("请核对 EPSG 代码。", "Check the EPSG code."),
        ) from error
    datum = crs.datum.name if crs.datum else ""
    if datum != "China 2000" or len(crs.axis_info) != 2:
        raise ParameterError(
            Text(
                "EPSG:{code}（{name}）不是 CGCS2000 平面或经纬度坐标系。",
                "EPSG:{code} ({name}) is no two-dimensional CRS on the datum CGCS2000.",
            ).filled(code=code, name=crs.name),
            Text("请选择 4490、zone 或 CGCS2000 的投影坐标系。", "Choose 4490, zone or a projected CRS of CGCS2000."),
        )
    return DeliveryCrs(f"EPSG:{code}", _words(code, crs.name), zone)


def _words(code: int, name: str) -> Text:
    if code == 4490:
        return Text("CGCS2000 经纬度", "CGCS2000 longitude, latitude")
    for first, zh, en in ((4513, "带号", "zone number"), (4534, "不带带号", "no zone number")):
        number = code - first + FIRST_ZONE
        if FIRST_ZONE <= number <= LAST_ZONE:
            return Text(
                f"CGCS2000 三度带第 {number} 带（中央经线 {3 * number}°，横坐标{'加' if zh == '带号' else ''}{zh}）",
                f"CGCS2000 3° zone {number} (central meridian {3 * number}°, easting with {en})",
            )
    return Text(name, name)
