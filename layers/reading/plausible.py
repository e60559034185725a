"""Whether coordinates can be what they are said to be: those of a file taken together, and each against China's box."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely

from ...errors import InputError
from ...text import Text
from .. import datum as datums
from ..sources.raw_table import RawTable
from ..table import Floats, Shapes
from ..zones import is_transverse
from .datum_decision import Decision
from .datum_stops import exchange
from .evidence import looks_projected, projected_without_zone
from .reasons import Reasons

# West, south, east, north in degrees: China's land and sea reach from about 73.5° to 135.1° E and from about 3.9° to
# 53.6° N; the box is that, rounded outwards. An engineering choice to catch blunders, and no statement on any border.
CHINA_BOX = (73.0, 3.0, 136.0, 54.0)
_ZONE_MARGIN_DEG = 3.0  # a zone is a strip of longitude; how far south its register goes says nothing of the sea
_CHECK = Text("请核对经纬度是否颠倒、投影带是否正确、是否缺负号或多负号", "swapped axes, wrong zone or a wrong sign?")

Issue = tuple[int, str, str, Text, str]  # position, field, code, words, original


def in_china(lon: Floats, lat: Floats) -> np.ndarray:
    """Tell which positions lie in `CHINA_BOX`; not-a-number does not."""
    west, south, east, north = CHINA_BOX
    inside: np.ndarray = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def swapped(x: Floats, y: Floats) -> np.ndarray:
    """Tell which positions lie in China with their axes exchanged: no place in China has such a pair."""
    return in_china(y, x)


def outside_china(shapes: Shapes, aside: Reasons) -> list[Issue]:
    """Set points outside `CHINA_BOX` aside, in place, and give a value issue for every line or area that leaves it."""
    bounds = shapely.bounds(shapes)
    inside = in_china(bounds[:, 0], bounds[:, 1]) & in_china(bounds[:, 2], bounds[:, 3])
    kinds = shapely.get_type_id(shapes)
    issues: list[Issue] = []
    for at in np.flatnonzero((kinds >= 0) & ~inside):
        corners = "{:.6g}, {:.6g}".format(*bounds[at, :2])
        if kinds[at] == 0:
            words = Text(f"{corners}；{_CHECK.zh}", f"{corners}; {_CHECK.en}")
            aside.add([at], "outside_china", words, "geometry", corners)
            shapes[at] = None
        else:
            corners += " … {:.6g}, {:.6g}".format(*bounds[at, 2:])
            words = Text(f"范围 {corners} 超出中国范围；{_CHECK.zh}", f"its extent {corners} leaves China; {_CHECK.en}")
            issues.append((int(at), "geometry", "outside_china", words, corners))
    return issues


def check_whole(
    table: RawTable, heads: Text, x: Floats, y: Floats, decision: Decision, swaps: bool = False
) -> list[Text]:
    """Refuse a file whose coordinates, taken together, are not what they are said to be.

    Parameters
    ----------
    table, decision
    heads : Text
        What the coordinates are called in the file.
    x, y : numpy.ndarray of float64, shape (n,)
        East and north as they stand, NaN where there are none.
    swaps : bool
        The planner ordered exchanged degrees to be put right, so that a whole file of them is no reason to refuse.

    Returns
    -------
    list of Text
        What the planner should know of a file that is accepted.

    Raises
    ------
    InputError
        Metres for degrees or the reverse, axes swapped in every row, or a zone that throws most places out of China.
    """
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return []
    x, y = x[known], y[known]
    if decision.crs is None or decision.crs.is_geographic:
        if looks_projected(x, y):
            raise projected_without_zone(table, heads, x, y)
        if swapped(x, y).all() and not swaps:
            raise _swapped_file(table, heads, decision)
        return []
    degrees = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    if degrees.mean() > 0.5:
        raise InputError(
            Text(
                f"{table.name} 的坐标是经纬度，不是 {decision.datum} 的投影坐标（米）。",
                f"The coordinates of {table.name} are degrees, not metres of {decision.datum}.",
            ),
            Text(
                "请用 --datum 指明经纬度的基准，例如 cgcs2000。",
                "State the datum of the degrees with --datum, e.g. cgcs2000.",
            ),
        )
    if is_transverse(decision.crs):
        turned = datums.metres_turned(x, y)
        if turned.all() and not swaps:
            raise _swapped_file(table, heads, decision)
        # What is put right, or set aside row by row, says nothing of the zone before.
        x, y = (np.where(turned, y, x), np.where(turned, x, y)) if swaps else (x[~turned], y[~turned])
    return _check_zone(table, heads, x, y, decision, decision.crs)


def _check_zone(table: RawTable, heads: Text, x: Floats, y: Floats, decision: Decision, crs: pyproj.CRS) -> list[Text]:
    if not _beside(x, y, crs):
        return []
    hint = datums.zone_hint(x, y)
    other = hint if hint and datums.crs_by_code(hint) != crs and hint != decision.datum else ""
    lon, lat = datums.projected_to_cgcs2000(x, y, crs)
    if np.mean(in_china(lon, lat)) < 0.5:
        if not _beside(y, x, crs):
            raise _swapped_file(table, heads, decision)
        raise _wrong_zone(table, decision, other)
    if other and not (table.geometry is not None and table.crs == crs):
        raise _wrong_zone(table, decision, other)  # only the planner's word stands against the values' zone number
    meridian = _central_meridian(crs)
    off = float(np.median(np.abs(lon - meridian)))
    doubt = Text(f"按数值看也可能是 {other}，", f"by the values it may also be {other}; ") if other else Text("", "")
    return [
        Text(
            f"{table.name} 的多数坐标距 {decision.datum} 的中央经线 {meridian:g}° 有 {off:.1f}°，在该投影带之外；"
            f"已按其换算。{doubt.zh}请核对投影带。",
            f"Most coordinates of {table.name} lie {off:.1f}° off the central meridian {meridian:g}° of "
            f"{decision.datum}, outside its zone; they were converted from it all the same. {doubt.en}Check the zone.",
        )
    ]


def _wrong_zone(table: RawTable, decision: Decision, other: str) -> InputError:
    zh, en = "请核对带号和中央经线。", "Check zone and central meridian."
    if other:
        zh = f"请核对带号和中央经线；按数值看可能是 {other}。"
        en = f"Check zone and central meridian; by the values it may be {other}."
    if other and table.crs is None:
        zh += "若横坐标前的带号写错，请再加 --treatments wrong_zone=keep，"
        zh += f"将去掉带号、按 {decision.datum} 换算。"
        en += " Where the zone number before the eastings is wrong, add --treatments wrong_zone=keep: it is left out, "
        en += f"and {decision.datum} taken."
    return InputError(
        Text(
            f"按 {decision.datum} 换算后，{table.name} 的多数坐标落在该投影带之外。",
            f"By {decision.datum} most coordinates of {table.name} come to lie outside its zone.",
        ),
        Text(zh, en),
    )


def _central_meridian(crs: pyproj.CRS) -> float:
    operation, area = crs.coordinate_operation, crs.area_of_use
    for item in operation.params if operation else ():
        if item.name == "Longitude of natural origin":
            return float(item.value)
    return (area.west + area.east) / 2 if area else 0.0


def _beside(x: Floats, y: Floats, crs: pyproj.CRS) -> bool:
    """Tell whether most positions lie far outside the strip that a CRS is made for."""
    area = crs.area_of_use
    lon, lat = datums.projected_to_cgcs2000(x, y, crs)
    if area is None:
        return not bool(np.mean(in_china(lon, lat)) > 0.5)
    inside = (lon >= area.west - _ZONE_MARGIN_DEG) & (lon <= area.east + _ZONE_MARGIN_DEG) & (np.abs(lat) <= 90)
    return bool(inside.mean() < 0.5)


def _swapped_file(table: RawTable, heads: Text, decision: Decision) -> InputError:
    pair = decision.pair
    columns = [str(table.headings[column]) for column in (pair.lon, pair.lat)] if pair else []
    return InputError(
        Text(
            f"{table.name} 每一行的两个坐标（{heads.zh}）都颠倒了。",
            f"Both coordinates ({heads.en}) of {table.name} are swapped in every row.",
        ),
        exchange(columns),
    )
