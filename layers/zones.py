"""The right CGCS2000 Gauss-Krüger zone, and the CRS that a delivery is asked for in.

3° zones: EPSG 4513-4533 are zones 25-45 with the zone number before the easting, 4534-4554 the same without it; the
central meridian is three times the number. 6° zones: 4491-4501 are zones 13-23 with the number, 4502-4512 without it;
the central meridian is six times the number less 3°.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyproj

from ..errors import InputError, ParameterError
from ..text import Text

FIRST_ZONE, LAST_ZONE = 25, 45
GEOGRAPHIC = "EPSG:4490"
_FALSE_EASTING = "False easting"
_CHOICES = ("4490", "zone", "zone-no-prefix")
_SERIES = (  # first code, first and last zone, width in degrees, whether the easting begins with the zone
    (4513, 25, 45, 3, True),
    (4534, 25, 45, 3, False),
    (4491, 13, 23, 6, True),
    (4502, 13, 23, 6, False),
)


@dataclass(frozen=True)
class Zone:
    """A Gauss-Krüger zone.

    Attributes
    ----------
    number : int
        25 to 45 for a 3° zone, 13 to 23 for a 6° zone.
    width_deg : int
        3 or 6.
    """

    number: int
    width_deg: int = 3

    @property
    def central_meridian_deg(self) -> int:
        """Longitude of the central meridian."""
        return self.width_deg * self.number - (3 if self.width_deg == 6 else 0)

    def degrees_off(self, lon_deg: npt.ArrayLike) -> np.ndarray:
        """Give how far longitudes are from the central meridian, in degrees."""
        return np.abs(np.asarray(lon_deg, np.float64) - self.central_meridian_deg)


@dataclass(frozen=True)
class ZoneShare(Zone):
    """A zone and how much of the data lies in it.

    Attributes
    ----------
    inside, total : int
        Places in it, and altogether.
    """

    inside: int = 0
    total: int = 0

    def epsg(self, *, prefix: bool = True) -> int:
        """Give the EPSG code of a 3° zone, with or without the zone number in the easting."""
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
        The zone, where the CRS is that of one.
    from_data : bool
        The zone was chosen from the data.
    """

    code: str
    name: Text
    zone: ZoneShare | None = None
    from_data: bool = False

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return pyproj.CRS(self.code).is_geographic

    def stretch_m_per_km(self, lon_deg: float, lat_deg: float) -> float:
        """Give by how many metres a kilometre comes out too long at a place (along the meridian)."""
        factors = pyproj.Proj(self.code).get_factors(lon_deg, lat_deg)
        return (factors.meridional_scale - 1) * 1000


def is_transverse(crs: pyproj.CRS) -> bool:
    """Tell whether a CRS is a transverse Mercator projection, as Gauss-Krüger and UTM are."""
    operation = crs.coordinate_operation
    name = operation.method_name.lower() if operation is not None else ""
    return "transverse mercator" in name or "gauss" in name


def zone_key(crs: pyproj.CRS) -> tuple[float, bool] | None:
    """Give the central meridian of a projected CRS, and whether its eastings begin with a zone number; None for others.

    An easting with the zone number has a false easting of 25,500,000 m and the like instead of 500,000 m.
    """
    values = _parameters(crs)
    meridian = values.get("Longitude of natural origin")
    return None if meridian is None else (meridian, values.get(_FALSE_EASTING, 0.0) > 1e6)


@cache
def epsg_zone(code: str) -> tuple[float, bool] | None:
    """Give `zone_key` of ``EPSG:n``; None for anything else."""
    number = code.removeprefix("EPSG:")
    return zone_key(pyproj.CRS.from_epsg(int(number))) if code.startswith("EPSG:") and number.isdigit() else None


def number_of(crs: pyproj.CRS) -> int:
    """Give the zone number that the eastings of a projected CRS begin with, 0 for none."""
    return int(_parameters(crs).get(_FALSE_EASTING, 0.0) // 1e6)


def with_number(crs: pyproj.CRS, number: int) -> pyproj.CRS:
    """Give the same projection for eastings that begin with some zone number, be it that of the zone or not.

    Parameters
    ----------
    crs : pyproj.CRS
        A Gauss-Krüger zone, whose false easting is 500,000 m with or without a number before it.
    number : int
        What stands before the eastings, 0 for nothing.
    """
    words = crs.to_json_dict()
    words.pop("id", None)
    for item in words["conversion"]["parameters"]:
        if item["name"] == _FALSE_EASTING:
            item["value"] = item["value"] % 1e6 + number * 1e6
    return pyproj.CRS.from_json_dict(words)


def meridian_of_number(number: int) -> int:
    """Give the central meridian of a zone number, 25 to 45 for 3° zones and 13 to 23 for 6° zones; 0 for others."""
    if FIRST_ZONE <= number <= LAST_ZONE:
        return 3 * number
    return 6 * number - 3 if 13 <= number <= 23 else 0


def zone_number(east: npt.ArrayLike) -> int:
    """Give the zone number in front of most eastings, 0 where there is none."""
    east = np.asarray(east, np.float64)
    number = int(np.median(east) // 1e6) if len(east) else 0
    return number if meridian_of_number(number) else 0


def _parameters(crs: pyproj.CRS) -> dict[str, float]:
    operation = crs.coordinate_operation
    return {item.name: float(item.value) for item in operation.params} if operation else {}


def zone_of(lon_deg: npt.ArrayLike, width_deg: int = 3) -> np.ndarray:
    """Give the zone of each longitude, shape (n,); a place on the border of two belongs to the eastern one."""
    lon = np.asarray(lon_deg, np.float64)
    numbers = (lon + 1.5) / 3 if width_deg == 3 else lon / 6 + 1
    return np.floor(numbers).astype(np.int64)


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
    return ZoneShare(best[0], inside=best[1], total=len(lon))


def crs_choice(value: str, lon_deg: npt.ArrayLike) -> DeliveryCrs:
    """Give the CRS that a planner asked for.

    Parameters
    ----------
    value : str
        ``4490``, ``zone``, ``zone-no-prefix``, or ``EPSG:n`` (or bare ``n``) of a CRS on the datum CGCS2000.
    lon_deg : array_like
        Longitudes of the features, for choosing the zone or counting those in it; NaN counts for nothing.

    Raises
    ------
    ParameterError
        No such choice or code, or a CRS of another datum.
    InputError
        As `choose_zone`.
    """
    stated = stated_crs(value)
    if stated is None:
        zone = choose_zone(lon_deg)
        code = zone.epsg(prefix=value.strip() == "zone")
        return DeliveryCrs(f"EPSG:{code}", _words(code, ""), zone, from_data=True)
    if stated.zone is None:
        return stated
    lon = np.asarray(lon_deg, np.float64)
    lon = lon[np.isfinite(lon)]
    own = stated.zone
    inside = int((zone_of(lon, own.width_deg) == own.number).sum())
    return DeliveryCrs(stated.code, stated.name, ZoneShare(own.number, own.width_deg, inside, len(lon)))


def stated_crs(value: str) -> DeliveryCrs | None:
    """Give the CRS that a planner named, None where it is to be chosen from the data.

    Raises
    ------
    ParameterError
        As `crs_choice`.
    """
    wanted = value.strip()
    if wanted in _CHOICES[1:]:
        return None
    digits = wanted.upper().removeprefix("EPSG:")
    if not (digits.isascii() and digits.isdigit()):
        raise ParameterError(
            Text("坐标系“{value}”无法识别。", "There is no CRS “{value}”.").filled(value=value),
            Text("可用：{choices} 或 EPSG:代码。", "Use {choices} or EPSG:code.").filled(choices=", ".join(_CHOICES)),
        )
    return _named(int(digits))


def _named(code: int) -> DeliveryCrs:
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
    found = _in_series(code)
    zone = ZoneShare(found[0].number, found[0].width_deg) if found else None
    return DeliveryCrs(f"EPSG:{code}", _words(code, crs.name), zone)


def _in_series(code: int) -> tuple[Zone, bool] | None:
    """Give the zone of a code, and whether its easting begins with the number; None for any other CRS."""
    for start, first, last, width, prefix in _SERIES:
        if start <= code <= start + last - first:
            return Zone(code - start + first, width), prefix
    return None


def _words(code: int, name: str) -> Text:
    if code == 4490:
        return Text("CGCS2000 经纬度", "CGCS2000 longitude, latitude")
    found = _in_series(code)
    if found is None:
        return Text(name, name)
    zone, prefix = found
    return Text(
        "CGCS2000 {width}带第 {number} 带（中央经线 {meridian}°，横坐标{prefix}）",
        "CGCS2000 {width}° zone {number} (central meridian {meridian}°, easting with {prefix})",
    ).filled(
        width=Text("三度" if zone.width_deg == 3 else "六度", str(zone.width_deg)),
        number=zone.number,
        meridian=zone.central_meridian_deg,
        prefix=Text("加带号", "zone number") if prefix else Text("不带带号", "no zone number"),
    )
