"""The CRS that the head of a VCT file states.

The six slots of `Parameters` in land survey files are central meridian, scale, false easting, false northing, width of
the zone and its number, as production software writes them. The ten slots of the national standard's example
(``117,0,,,,1,500000,0,3,``) are read alike by position; that reading is an inference and is told.
"""

from __future__ import annotations

import numpy as np
import pyproj
from pyproj.crs import ProjectedCRS
from pyproj.crs.coordinate_operation import TransverseMercatorConversion
from pyproj.exceptions import CRSError

from ....text import NOTHING, Text
from .head import Head

# Names by which the head calls a datum, its EPSG code, and semi-major axis in metres and inverse flattening.
_DATUMS = (
    (("CGCS2000", "2000国家", "国家2000", "CHINA2000", "CHINA_2000"), 4490, 6378137.0, 298.257222101),
    (("西安", "XIAN", "XI'AN", "IAG", "80"), 4610, 6378140.0, 298.257),
    (("北京", "BEIJING", "KRASSOVSKY", "克拉索夫斯基", "54"), 4214, 6378245.0, 298.3),
    (("WGS",), 4326, 6378137.0, 298.257223563),
)
_GAUSS = ("高斯", "GAUSS", "TRANSVERSE")
# First and last zone, first EPSG code, width in degrees, whether the easting begins with the number.
_SERIES = {
    4490: ((25, 45, 4513, 3, True), (25, 45, 4534, 3, False), (13, 23, 4491, 6, True), (13, 23, 4502, 6, False)),
    4610: ((25, 45, 2349, 3, True), (25, 45, 2370, 3, False), (13, 23, 2327, 6, True), (13, 23, 2338, 6, False)),
    4214: ((25, 45, 2401, 3, True), (25, 45, 2422, 3, False), (13, 23, 21413, 6, True), (13, 23, 21453, 6, False)),
}
ORIGIN = Text("VCT 文件头", "the head of the VCT file")


def stated_crs(head: Head, eastings: np.ndarray) -> tuple[pyproj.CRS | None, list[Text]]:
    """Give the CRS, None where the head states none that is understood, and what the planner should know of it.

    Parameters
    ----------
    head : Head
    eastings : numpy.ndarray of float64, shape (n,)
        Of the layer, for seeing whether they begin with the number of the zone that the head states.
    """
    kind = head.get("CoordinateSystemType").upper()
    datum, why = _datum(head.get("Spheroid"))
    if datum is None:
        return None, [_unknown("Spheroid", head.get("Spheroid"), why)]
    if kind == "D" or (not head.get("Projection") and head.get("XYUnit").upper() == "D"):
        return pyproj.CRS.from_epsg(datum), []
    if kind not in ("P", ""):
        return None, [_unknown("CoordinateSystemType", kind, NOTHING)]
    if not any(word in head.get("Projection").upper() for word in _GAUSS):
        return None, [_unknown("Projection", head.get("Projection"), NOTHING)]
    return _zone(head, datum, eastings)


def _datum(spheroid: str) -> tuple[int | None, Text]:
    name, _, figures = spheroid.partition(",")
    found = [item for item in _DATUMS if any(word in name.upper().replace(" ", "") for word in item[0])]
    if len(found) != 1:
        return None, NOTHING
    _, code, axis, flattening = found[0]
    numbers = [_number(part) for part in figures.split(",") if part.strip()]
    if len(numbers) >= 2 and None not in numbers[:2]:
        stated_axis, stated_flattening = float(numbers[0] or 0), float(numbers[1] or 0)
        if stated_axis < 10_000:
            stated_axis *= 1000  # the standard's own example has kilometres
        if abs(stated_axis - axis) > 2 or abs(stated_flattening - flattening) > 1e-3:
            words = Text(f"名称与椭球参数不符（{figures}）", f"its name and its figures disagree ({figures})")
            return None, words
    return code, NOTHING


def _zone(head: Head, datum: int, eastings: np.ndarray) -> tuple[pyproj.CRS | None, list[Text]]:
    words = head.get("Parameters")
    slots = [part.strip() for part in words.split(",")]
    notices: list[Text] = []
    if len(slots) == 6:
        chosen = [slots[0], "0", *slots[1:]]
    elif 9 <= len(slots) <= 10:
        chosen = [slots[0], slots[1], *slots[5:9], slots[9] if len(slots) == 10 else ""]
        notices.append(
            Text(
                f"文件头的 Parameters“{words}”按国标示例的位置理解，未经标准原文核实。",
                f"Parameters “{words}” of the head was read by the positions in the standard's example, which its text "
                "did not verify.",
            )
        )
    else:
        return None, [_unknown("Parameters", words, NOTHING)]
    numbers = [_number(part) if part else None for part in chosen]
    meridian, latitude, scale, east, north, width = numbers[:6]
    east = 500_000.0 if east is None else east
    if meridian is None or not 70 <= meridian <= 140:
        return None, [_unknown("Parameters", words, Text("缺少中央经线", "it has no central meridian"))]
    number = int(meridian // 3) if width != 6 else int((meridian + 3) // 6)
    began = int(np.median(eastings) // 1e6) if len(eastings) else 0
    if number and began == number and east == 500_000.0:
        east += number * 1e6
        notices.append(
            Text(
                f"文件头的横坐标加常数是 500000，坐标却带 {number} 带的带号；按带带号读取。",
                f"The head states a false easting of 500000, and the eastings begin with zone {number}; they were read "
                "with the number.",
            )
        )
    standard = (latitude or 0.0, 1.0 if scale is None else scale, north or 0.0) == (0.0, 1.0, 0.0)
    code = _code(datum, meridian, int(width or 3), east) if standard else 0
    if code:
        return pyproj.CRS.from_epsg(code), notices
    try:
        conversion = TransverseMercatorConversion(
            latitude or 0.0, meridian, east, north or 0.0, 1.0 if scale is None else scale
        )
        return ProjectedCRS(conversion, geodetic_crs=pyproj.CRS.from_epsg(datum)), notices
    except (CRSError, ValueError):
        return None, [_unknown("Parameters", words, NOTHING)]


def _code(datum: int, meridian: float, width: int, east: float) -> int:
    for first, last, code, degrees, prefix in _SERIES.get(datum, ()):
        number = meridian / 3 if degrees == 3 else (meridian + 3) / 6
        fits = degrees == width and number == int(number) and first <= number <= last
        if fits and east == 500_000.0 + (number * 1e6 if prefix else 0):
            return code + int(number) - first
    return 0


def _number(words: str) -> float | None:
    try:
        return float(words)
    except ValueError:
        return None


def _unknown(key: str, value: str, why: Text) -> Text:
    zh, en = (f"：{why.zh}", f": {why.en}") if why.zh else ("", "")
    return Text(
        f"文件头的 {key}“{value}”无法识别{zh}，坐标系按未说明处理。",
        f"{key} “{value}” of the head is not understood{en}; the CRS counts as not stated.",
    )
