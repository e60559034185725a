"""The shapes of a file in CGCS2000 degrees, with their edges as they are drawn in its own CRS."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from ..errors import InputError
from ..text import Text
from .datum import projected_to_cgcs2000, zone_hint
from .sources.raw_table import RawTable
from .zones import is_transverse, number_of

Shapes = npt.NDArray[np.object_]

_STEP_M = 100.0
"""Vertices along an edge: between two of them a line of a projection and one in degrees part by 0.5 mm at most."""


def placed(raw: RawTable) -> Shapes:
    """Give the shapes of a file in CGCS2000 degrees; straight edges of a projection stay where they are.

    Raises
    ------
    InputError
        There is no geometry or no CRS, the CRS stands on another datum, the zone number before the eastings is not
        that of the CRS, or its coordinates cannot lie in it.
    """
    if raw.geometry is None:
        raise InputError(
            Text(f"{raw.name} 没有图形。", f"{raw.name} has no geometry."),
            Text("请提供面或线图层。", "Give a layer of areas or lines."),
        )
    crs = raw.crs
    if crs is None:
        raise InputError(
            Text(f"图层 {raw.name} 没有坐标系。", f"The layer {raw.name} has no CRS."),
            Text("请在 QGIS 中为它“设置图层坐标系”。", "Set its CRS in QGIS (Set Layer CRS)."),
        )
    shapes = shapely.force_2d(np.array(raw.geometry, dtype=object))
    check_zone(shapes, crs, raw.name)
    dense = densified(shapes, crs)
    turned = shapely.transform(dense, lambda xy: np.column_stack(projected_to_cgcs2000(xy[:, 0], xy[:, 1], crs)))
    xy = shapely.get_coordinates(turned)
    if not (np.isfinite(xy).all() and (np.abs(xy[:, 0]) <= 180).all() and (np.abs(xy[:, 1]) <= 90).all()):
        raise _not_in(crs, raw.name, shapes)
    return np.asarray(turned, dtype=object)


def densified(shapes: Shapes, crs: pyproj.CRS) -> Shapes:
    """Put vertices along the edges of shapes in a projection; shapes in degrees stay as they are.

    Turned into degrees by its vertices alone, an edge of 40 km along a parallel would lie 28 m off. Shapes whose
    coordinates are not finite stay as they are, too.
    """
    if crs.is_geographic:
        return shapes
    step = _STEP_M / crs.axis_info[0].unit_conversion_factor
    found = np.array(shapes, dtype=object)
    sound = ~(shapely.is_missing(found) | shapely.is_empty(found)) & np.isfinite(shapely.length(found))
    found[sound] = shapely.segmentize(found[sound], step)
    return found


def check_zone(shapes: Shapes, crs: pyproj.CRS, name: str) -> None:
    """Refuse eastings whose zone number is not that of their CRS, as `placed`."""
    x, y = shapely.get_coordinates(shapes).T
    if crs.is_geographic or not is_transverse(crs) or not len(x) or not np.isfinite(x).all():
        return
    stated, middle = number_of(crs), float(np.median(x))
    there = int(middle // 1e6) if 13e6 <= middle < 46e6 else 0
    if stated == there:
        return
    hint = zone_hint(x, y)
    numbered = Text(f"以带号 {there} 开头", f"begin with zone number {there}") if there else _PLAIN
    expected = Text(f"带号应为 {stated}", f"expects zone number {stated}") if stated else _NONE
    use = Text(f"，例如 {hint}", f", such as {hint}") if hint else Text("", "")
    raise InputError(
        Text(
            f"{name} 的东坐标{numbered.zh}（中位数 {middle:,.0f} m），坐标系“{crs.name}”{expected.zh}，两者矛盾。",
            f"The eastings of {name} {numbered.en} (median {middle:,.0f} m), but “{crs.name}” {expected.en}.",
        ),
        Text(f"请改用与坐标相符的坐标系{use.zh}。", f"State the CRS of these coordinates{use.en}."),
    )


_PLAIN = Text("不带带号", "have no zone number")
_NONE = Text("不带带号", "expects no zone number")


def _not_in(crs: pyproj.CRS, name: str, shapes: Shapes) -> InputError:
    xy = shapely.get_coordinates(shapes)
    code = crs.to_epsg()
    said = f"EPSG:{code} {crs.name}" if code else crs.name
    at = f"{xy[0, 0]:,.3f}, {xy[0, 1]:,.3f}" if len(xy) else ""
    return InputError(
        Text(
            f"{name} 的坐标（例如 {at}）不可能属于坐标系“{said}”。",
            f"The coordinates of {name} (such as {at}) cannot lie in “{said}”.",
        ),
        Text(
            "请核对坐标系：经纬度的范围是 ±180、±90，高斯投影坐标以米计，东坐标在前。",
            "Check the CRS: degrees lie within ±180 and ±90; metres of a zone have the easting first.",
        ),
    )
