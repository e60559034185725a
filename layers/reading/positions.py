"""From coordinate columns or file geometry to geometry of the layer's type in CGCS2000; what cannot be is set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyproj
import shapely

from ...errors import InputError
from ...text import Text
from .. import datum as datums
from ..spec import Geometry, LayerSpec
from ..table import Floats, Shapes
from .evidence import Decision, looks_projected, projected_without_zone
from .mapping import Mapping, listed
from .raw_table import RawTable
from .reasons import Reasons
from .values import is_null, parse_number

_POINT, _LINE, _RING, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON = range(7)
_GEOD = pyproj.Geod(ellps="GRS80")
# A position in China with its axes exchanged: no place in China has such a pair.
_SWAPPED_LON, _SWAPPED_LAT = (3.0, 54.0), (73.0, 136.0)

Repair = tuple[int, str, Text]  # position, original words, what was done


@dataclass
class Located:
    """Where the rows are.

    Attributes
    ----------
    geometry : numpy.ndarray of shapely geometries, shape (n,)
        CGCS2000 longitude and latitude, of the layer's stored type; None where a row has no place.
    repairs : list of (int, str, Text)
        Geometry that was made valid.
    """

    geometry: Shapes
    repairs: list[Repair] = field(default_factory=list)


def locate(table: RawTable, mapping: Mapping, decision: Decision, spec: LayerSpec, aside: Reasons) -> Located:
    """Give every row its place.

    Parameters
    ----------
    table, mapping, decision, spec
    aside : Reasons
        Gains the rows whose place is missing where the layer needs one, unreadable, impossible or of the wrong type.

    Raises
    ------
    InputError
        The file as a whole is not what was stated: metres for degrees, axes swapped in every row, a wrong zone, or a
        layer that cannot be made from points.
    """
    if table.geometry is not None:
        shapes = table.geometry.copy()
        for at in table.damaged:
            shapes[at] = None
        shapes = _shapes(table, shapes, decision, aside)
    elif decision.use_wkt and mapping.wkt is not None:
        shapes = _shapes(table, _from_wkt(table.cells[mapping.wkt], aside), decision, aside)
    elif decision.pair is not None:
        shapes = _points(table, mapping, decision, aside)
    else:
        shapes = np.full(len(table), None, dtype=object)
    located = Located(shapes)
    _conform(located, spec, aside)
    if spec.geometry_required:
        gone = [at for at in np.flatnonzero(shapely.is_missing(located.geometry)) if int(at) not in aside.by_row]
        aside.add(gone, "no_place")
    return located


def check_possible(table: RawTable, mapping: Mapping, decision: Decision, spec: LayerSpec) -> None:
    """Refuse a table that cannot give the layer its geometry.

    Raises
    ------
    InputError
        No coordinates where every row needs a place, or points for a layer of lines or areas.
    """
    if table.geometry is not None or decision.use_wkt or not spec.geometry_required:
        return
    if decision.pair is None:
        raise InputError(
            Text(
                "{name} 没有坐标列，而“{layer}”每行都需要坐标。现有列：{found}。",
                "{name} has no coordinate columns, which every row of “{layer}” needs. Its columns: {found}.",
            ).filled(name=table.name, layer=spec.label, found=listed(mapping.headings)),
            Text(
                '列名可为“经度”“纬度”（或 lon、lat、WKT）；也可用字段对照文件指明，例如 {"X": "lon", "Y": "lat"}。',
                'Headings may be 经度 and 纬度 (or lon, lat, WKT); or map the fields: {"X": "lon", "Y": "lat"}.',
            ),
        )
    if spec.geometry in (Geometry.LINE, Geometry.POLYGON):
        kind = Text("线", "lines") if spec.geometry is Geometry.LINE else Text("面", "areas")
        raise InputError(
            Text(
                f"“{spec.label.zh}”需要{kind.zh}，而 {table.name} 每行只有一个点。",
                f"“{spec.label.en}” takes {kind.en}, but {table.name} has one point a row.",
            ),
            Text(
                "请提供 Shapefile、GeoJSON 等空间文件，或在表中加 WKT 列。",
                "Provide a Shapefile, GeoJSON or the like, or add a WKT column.",
            ),
        )


def _from_wkt(texts: np.ndarray, aside: Reasons) -> Shapes:
    empty = np.array([is_null(str(text)) for text in texts], dtype=bool)
    shapes = np.full(len(texts), None, dtype=object)
    shapes[~empty] = shapely.from_wkt([str(text) for text in texts[~empty]], on_invalid="ignore")
    aside.add(np.flatnonzero(shapely.is_missing(shapes) & ~empty), "bad_coordinate", Text("WKT 有误", "not valid WKT"))
    return shapes


def _read_axis(texts: np.ndarray, unit: str) -> tuple[Floats, np.ndarray, np.ndarray]:
    """Give numbers (NaN where there are none), and which cells are empty or unreadable."""
    codes, uniques = pd.factorize(texts)
    values, empty, bad = [], [], []
    for text in map(str, uniques):
        nothing = is_null(text)
        number = None if nothing else parse_number(text, unit)[0]
        values.append(np.nan if number is None else number)
        empty.append(nothing)
        bad.append(number is None and not nothing)
    return (
        np.array(values, dtype=float)[codes],
        np.array(empty, dtype=bool)[codes],
        np.array(bad, dtype=bool)[codes],
    )


def _points(table: RawTable, mapping: Mapping, decision: Decision, aside: Reasons) -> Shapes:
    pair = decision.pair
    assert pair is not None
    heads = f"{mapping.headings[pair.lon]}、{mapping.headings[pair.lat]}"
    unit = "m" if decision.crs is not None and decision.crs.is_projected else "°"
    x, x_empty, x_bad = _read_axis(table.cells[pair.lon], unit)
    y, y_empty, y_bad = _read_axis(table.cells[pair.lat], unit)
    for at in np.flatnonzero(x_bad | y_bad):
        words = f"{table.cells[pair.lon][at]}, {table.cells[pair.lat][at]}"
        aside.add([at], "bad_coordinate", Text(words, words))
    half = (x_empty ^ y_empty) & ~(x_bad | y_bad)
    aside.add(np.flatnonzero(half), "bad_coordinate", Text("只有一个坐标值", "only one of the two values"))
    x[half | y_bad], y[half | x_bad] = np.nan, np.nan
    zero = (x == 0) & (y == 0)
    x[zero], y[zero] = np.nan, np.nan
    lone = (x == 0) ^ (y == 0)
    aside.add(np.flatnonzero(lone), "bad_coordinate", Text("有一个坐标值为 0", "one of the values is 0"))
    x[lone], y[lone] = np.nan, np.nan
    _check_whole(table, heads, x, y, decision)
    use = _check_rows(x, y, decision, aside)
    shapes = np.full(len(x), None, dtype=object)
    if use.any():
        lon, lat = _convert(x[use], y[use], decision)
        shapes[use] = shapely.points(lon, lat)
    return _in_the_world(shapes, aside)


def _shapes(table: RawTable, shapes: Shapes, decision: Decision, aside: Reasons) -> Shapes:
    shapes = shapely.force_2d(shapes)
    shapes[shapely.is_empty(shapes)] = None
    there = ~shapely.is_missing(shapes)
    bounds = shapely.bounds(shapes)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    broken = np.zeros(len(shapes), dtype=bool)
    broken[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    aside.add(np.flatnonzero(broken), "bad_coordinate", Text("坐标不是有限数", "coordinates are not finite numbers"))
    zero = there & ~broken & (np.abs(bounds) == 0).all(axis=1)
    bounds[broken | zero] = np.nan
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    _check_whole(table, "geometry", x, y, decision)
    use = there & ~broken & ~zero & _check_rows(x, y, decision, aside, bounds)
    placed = np.full(len(shapes), None, dtype=object)
    if use.any():
        placed[use] = shapely.transform(shapes[use], _converter(decision))
    return _in_the_world(placed, aside)


def _converter(decision: Decision) -> Callable[[np.ndarray], np.ndarray]:
    def convert(coordinates: np.ndarray) -> np.ndarray:
        return np.column_stack(_convert(coordinates[:, 0], coordinates[:, 1], decision))

    return convert


def _convert(x: Floats, y: Floats, decision: Decision) -> tuple[Floats, Floats]:
    if decision.crs is not None:
        return datums.projected_to_cgcs2000(x, y, decision.crs)
    if decision.datum == "gcj02":
        return datums.gcj02_to_wgs84(x, y)
    if decision.datum == "bd09":
        return datums.bd09_to_wgs84(x, y)
    return x, y


def _check_whole(table: RawTable, heads: str, x: Floats, y: Floats, decision: Decision) -> None:
    """Refuse a file whose coordinates, taken together, are not what they are said to be."""
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return
    x, y = x[known], y[known]
    if decision.crs is None or decision.crs.is_geographic:
        if looks_projected(x, y):
            raise projected_without_zone(table, heads, x, y)
        if _swapped(x, y).all():
            raise _swapped_file(table, heads)
        return
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
    if _beside(x, y, decision.crs):
        if not _beside(y, x, decision.crs):
            raise _swapped_file(table, heads)
        zone = datums.zone_hint(x, y)
        raise InputError(
            Text(
                f"按 {decision.datum} 换算后，{table.name} 的多数坐标落在该投影带之外。",
                f"By {decision.datum} most coordinates of {table.name} come to lie outside its zone.",
            ),
            Text(
                f"请核对带号和中央经线{f'；按数值看可能是 {zone}' if zone else ''}。",
                f"Check zone and central meridian{f'; by the values it may be {zone}' if zone else ''}.",
            ),
        )


def _beside(x: Floats, y: Floats, crs: pyproj.CRS) -> bool:
    """Tell whether most positions lie far outside the area that a CRS is made for."""
    area = crs.area_of_use
    lon, lat = datums.projected_to_cgcs2000(x, y, crs)
    if area is None:
        return not bool(np.mean((np.abs(lon) <= 180) & (np.abs(lat) <= 90)) > 0.5)
    margin = 3.0  # a zone is a strip of longitude; how far south its register goes says nothing of islands and the sea
    inside = (lon >= area.west - margin) & (lon <= area.east + margin) & (np.abs(lat) <= 90)
    return bool(inside.mean() < 0.5)


def _swapped(x: Floats, y: Floats) -> np.ndarray:
    return (x >= _SWAPPED_LON[0]) & (x <= _SWAPPED_LON[1]) & (y >= _SWAPPED_LAT[0]) & (y <= _SWAPPED_LAT[1])


def _swapped_file(table: RawTable, heads: str) -> InputError:
    return InputError(
        Text(
            f"{table.name} 每一行的两个坐标（{heads}）都颠倒了。",
            f"Both coordinates ({heads}) of {table.name} are swapped in every row.",
        ),
        Text(
            '请用字段对照文件调换，例如 {"纬度": "lon", "经度": "lat"}；空间文件请先更正。',
            'Exchange them in a field mapping such as {"lat": "lon", "lon": "lat"}; correct a spatial file first.',
        ),
    )


def _check_rows(
    x: Floats, y: Floats, decision: Decision, aside: Reasons, bounds: np.ndarray | None = None
) -> np.ndarray:
    """Set impossible positions aside; give the mask of those that can be used."""
    known = np.isfinite(x) & np.isfinite(y)
    if decision.crs is not None and decision.crs.is_projected:
        return known
    if bounds is None:
        bounds = np.column_stack((x, y, x, y))
    swapped = known & _swapped(x, y)
    aside.add(np.flatnonzero(swapped), "swapped")
    outside = known & ~swapped
    outside &= (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    for at in np.flatnonzero(outside):
        words = f"{x[at]:.10g}, {y[at]:.10g}"
        aside.add([at], "out_of_range", Text(words, words))
    return known & ~swapped & ~outside


def _in_the_world(shapes: Shapes, aside: Reasons) -> Shapes:
    """Set aside what a conversion threw off the globe."""
    bounds = shapely.bounds(shapes)
    there = ~shapely.is_missing(shapes)
    inside = (np.abs(bounds[:, [0, 2]]) <= 180).all(axis=1) & (np.abs(bounds[:, [1, 3]]) <= 90).all(axis=1)
    lost = there & ~inside
    aside.add(np.flatnonzero(lost), "out_of_range", Text("换算后不在地球范围内", "off the globe after conversion"))
    shapes[lost] = None
    return shapes


def _conform(located: Located, spec: LayerSpec, aside: Reasons) -> None:
    """Bring every shape to the layer's stored type and make areas valid."""
    shapes = located.geometry
    kinds = shapely.get_type_id(shapes)
    for at in np.flatnonzero(kinds >= 0):
        shape = shapes[at]
        if not shape.is_valid:
            reason = shapely.is_valid_reason(shape)
            fixed = _areas(shapely.make_valid(shape)) if kinds[at] in (_POLYGON, _MULTIPOLYGON) else None
            if fixed is None:
                aside.add([at], "geometry_invalid", Text(reason, reason))
                shapes[at] = None
                continue
            located.repairs.append((int(at), reason, _area_change(shape, fixed)))
            shape = fixed
        fitting = _as_type(shape, spec.geometry)
        if fitting is None:
            words = f"{shape.geom_type} → {spec.geometry.value}"
            aside.add([at], "geometry_type", Text(words, words))
        shapes[at] = fitting


def _areas(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts) if parts else None


def _area_change(before: shapely.Geometry, after: shapely.Geometry) -> Text:
    old, new = (abs(_GEOD.geometry_area_perimeter(shape)[0]) for shape in (before, after))
    return Text(f"面积 {old:.1f} → {new:.1f} m²", f"area {old:.1f} → {new:.1f} m²")


def _as_type(shape: shapely.Geometry, wanted: Geometry) -> shapely.Geometry | None:
    kind = shapely.get_type_id(shape)
    if wanted is Geometry.POINT:
        if kind == _MULTIPOINT and shapely.get_num_geometries(shape) == 1:
            return shapely.get_geometry(shape, 0)
        return shape if kind == _POINT else None
    if wanted is Geometry.LINE:
        if kind in (_LINE, _RING):
            return shapely.MultiLineString([shapely.get_coordinates(shape)])
        return shape if kind == _MULTILINE else None
    if wanted is Geometry.POLYGON:
        if kind == _POLYGON:
            return shapely.MultiPolygon([shape])
        return shape if kind == _MULTIPOLYGON else None
    return shape if kind <= _MULTIPOLYGON else None
