"""From coordinate columns or file geometry to geometry of the layer's type in CGCS2000; what cannot be is set aside."""

from __future__ import annotations

import re
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
from .evidence import Decision
from .heading_words import headings_of
from .mapping import Mapping, Pair, listed
from .plausible import Issue, check_whole, outside_china, swapped
from .raw_table import RawTable
from .reasons import VALUE_ISSUES, Reasons
from .values import is_null, parse_number

_POINT, _LINE, _RING, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON = range(7)
_GEOD = pyproj.Geod(ellps="GRS80")
# Spreadsheets and databases leave these where a number is missing; 无, - and the like are a planner's own "none".
_NO_NUMBER = re.compile(r"#?n/?a|nan|null|none|nil|<null>|\(null\)", re.IGNORECASE)

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
    issues : list of Issue
        Rows that are kept although their coordinates are no good.
    notices : list of Text
        What the planner should know of the file's coordinates.
    """

    geometry: Shapes
    repairs: list[Repair] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    notices: list[Text] = field(default_factory=list)


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
    located = Located(np.full(len(table), None, dtype=object))
    if table.geometry is not None:
        shapes = table.geometry.copy()
        for at in table.damaged:
            shapes[at] = None
        _shapes(located, table, shapes, decision, aside)
    elif decision.use_wkt and mapping.wkt is not None:
        _shapes(located, table, _from_wkt(table.cells[mapping.wkt], aside), decision, aside)
    elif decision.pair is not None:
        _points(located, table, mapping, decision.pair, decision, aside)
    _conform(located, spec, aside)
    located.issues += outside_china(located.geometry, aside)
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


def _points(
    located: Located, table: RawTable, mapping: Mapping, pair: Pair, decision: Decision, aside: Reasons
) -> None:
    heads = headings_of(mapping, pair)
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
    for at in np.flatnonzero(zero):
        located.issues.append(_no_place(int(at), "zero_coordinates", str(table.cells[pair.lon][at])))
    for at in np.flatnonzero(x_empty & y_empty):
        cells = [str(table.cells[column][at]).strip() for column in (pair.lon, pair.lat)]
        if any(map(_NO_NUMBER.fullmatch, cells)):
            located.issues.append(_no_place(int(at), "nan_coordinates", ", ".join(cells)))
    lone = (x == 0) ^ (y == 0)
    aside.add(np.flatnonzero(lone), "bad_coordinate", Text("有一个坐标值为 0", "one of the values is 0"))
    x[lone], y[lone] = np.nan, np.nan
    located.notices += check_whole(table, heads, x, y, decision)
    use = _check_rows(x, y, decision, aside)
    shapes = np.full(len(x), None, dtype=object)
    if use.any():
        lon, lat = _convert(x[use], y[use], decision)
        shapes[use] = shapely.points(lon, lat)
    located.geometry = _in_the_world(shapes, aside)


def _no_place(at: int, code: str, original: str) -> Issue:
    return at, "lon", code, VALUE_ISSUES[code], original


def _shapes(located: Located, table: RawTable, shapes: Shapes, decision: Decision, aside: Reasons) -> None:
    shapes = shapely.force_2d(shapes)
    shapes[shapely.is_empty(shapes)] = None
    there = ~shapely.is_missing(shapes)
    bounds = shapely.bounds(shapes)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    broken = np.zeros(len(shapes), dtype=bool)
    broken[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    aside.add(np.flatnonzero(broken), "bad_coordinate", Text("坐标不是有限数", "coordinates are not finite numbers"))
    zero = there & ~broken & (np.abs(bounds) == 0).all(axis=1)
    for at in np.flatnonzero(zero):
        located.issues.append(_no_place(int(at), "zero_coordinates", shapes[at].wkt))
    bounds[broken | zero] = np.nan
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    located.notices += check_whole(table, Text("几何", "geometry"), x, y, decision)
    use = there & ~broken & ~zero & _check_rows(x, y, decision, aside, bounds)
    placed = np.full(len(shapes), None, dtype=object)
    if use.any():
        placed[use] = shapely.transform(shapes[use], _converter(decision))
    located.geometry = _in_the_world(placed, aside)


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


def _check_rows(
    x: Floats, y: Floats, decision: Decision, aside: Reasons, bounds: np.ndarray | None = None
) -> np.ndarray:
    """Set impossible positions aside; give the mask of those that can be used."""
    known = np.isfinite(x) & np.isfinite(y)
    if decision.crs is not None and decision.crs.is_projected:
        return known
    if bounds is None:
        bounds = np.column_stack((x, y, x, y))
    turned = known & swapped(x, y)
    aside.add(np.flatnonzero(turned), "swapped")
    outside = known & ~turned
    outside &= (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    for at in np.flatnonzero(outside):
        words = f"{x[at]:.10g}, {y[at]:.10g}"
        aside.add([at], "out_of_range", Text(words, words))
    return known & ~turned & ~outside


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
