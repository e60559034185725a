"""From coordinate columns or file geometry to geometry of the layer's type in CGCS2000; what cannot be is set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import shapely

from ...errors import InputError
from ...text import NOTHING, Text
from .. import datum as datums
from ..cells.values import is_null
from ..findings.findings import Findings
from ..findings.kind import APPLY
from ..findings.treatments import RowTreatments
from ..sources.raw_table import RawTable
from ..sources.rings import closings
from ..spec import Geometry, LayerSpec
from ..table import Floats, Shapes
from ..zones import is_transverse
from .conform import Repair, conform
from .coordinates import no_place, read_columns
from .datum_decision import Decision
from .heading_words import headings_of
from .judging import FIELD, MISPLACED, Doubt, Judging, no_doubt
from .mapping import Mapping, Pair, listed
from .misplaced import judge, judge_metres, settle_micro, settle_packed
from .plausible import Issue, check_whole, outside_china
from .reasons import Reasons
from .suspicious import far_away, low_precision, same_place

# What stands in the cells of a row that lacks a place where the layer needs one; by the issue of any other layer.
_ZERO = "0, 0"
_NO_PLACE = {
    "zero_coordinates": Text(f"坐标为 {_ZERO}", f"the coordinates are {_ZERO}"),
    "nan_coordinates": Text("坐标不是数字", "the coordinates are no numbers"),
}


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
    findings : Findings
        What was noticed about single coordinates and shapes.
    """

    geometry: Shapes
    repairs: list[Repair] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    notices: list[Text] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)


def locate(
    table: RawTable,
    mapping: Mapping,
    decision: Decision,
    spec: LayerSpec,
    aside: Reasons,
    treatments: RowTreatments,
    doubt: Doubt = no_doubt,
) -> Located:
    """Give every row its place.

    Parameters
    ----------
    table, mapping, decision, spec
    treatments : RowTreatments
        What the planner wants done about each kind of finding.
    aside : Reasons
        Gains the rows whose place is missing where the layer needs one, unreadable, impossible or of the wrong type.
    doubt : Doubt
        Judges the result of a correction.

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
        _shapes(located, table, shapes, decision, aside, treatments, doubt)
    elif decision.use_wkt and mapping.wkt is not None:
        _shapes(located, table, _from_wkt(table.cells[mapping.wkt], aside), decision, aside, treatments, doubt)
    elif decision.pair is not None:
        _points(located, table, mapping, decision.pair, decision, aside, treatments, doubt)
    closed = closings(table.findings, located.geometry, aside, treatments)
    located.repairs = closed + conform(located.geometry, spec, aside, treatments, located.findings)
    located.issues += outside_china(located.geometry, aside)
    _suspicious(located, table, mapping, spec, aside, treatments)
    if spec.geometry_required:
        stated = {at: (code, original) for at, _, code, _, original in located.issues if code in _NO_PLACE}
        for at in np.flatnonzero(shapely.is_missing(located.geometry)).tolist():
            if at in aside.by_row:
                continue
            code, original = stated.get(at, ("", ""))
            value = _ZERO if code == "zero_coordinates" else original
            aside.add([at], "no_place", _NO_PLACE.get(code, NOTHING), FIELD if code else "", value)
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


def _points(
    located: Located,
    table: RawTable,
    mapping: Mapping,
    pair: Pair,
    decision: Decision,
    aside: Reasons,
    treatments: RowTreatments,
    doubt: Doubt,
) -> None:
    projected = decision.crs is not None and decision.crs.is_projected
    read = read_columns(table, pair, projected, aside, located.findings)
    x, y = read.x, read.y
    located.issues += read.issues
    judging = Judging(treatments, aside, located.findings, read.words, partial(_convert, decision=decision), doubt)
    gone = np.zeros(len(x), dtype=bool)
    if decision.crs is None:
        gone |= settle_micro(x, y, judging)
        if pair.lon != pair.lat:
            gone |= settle_packed(table.cells[pair.lon], table.cells[pair.lat], x, y, judging)
    located.notices += check_whole(table, headings_of(mapping, pair), x, y, decision, _swaps(treatments))
    if not projected:
        gone |= judge(x, y, judging, np.ones(len(x), dtype=bool))
        left_x, left_y = (np.where(gone | read.angular, np.nan, axis) for axis in (x, y))
        gone |= low_precision(left_x, left_y, treatments, aside, located.findings)
    elif decision.crs is not None and is_transverse(decision.crs):
        gone |= judge_metres(x, y, judging)
    use = _check_rows(x, y, decision, aside) & ~gone
    shapes = np.full(len(x), None, dtype=object)
    if use.any():
        lon, lat = _convert(x[use], y[use], decision)
        shapes[use] = shapely.points(lon, lat)
    located.geometry = _in_the_world(shapes, aside)


def _swaps(treatments: RowTreatments) -> bool:
    """Tell whether the planner ordered exchanged axes to be put right."""
    return treatments.chosen.action("swapped") == APPLY


def _suspicious(
    located: Located, table: RawTable, mapping: Mapping, spec: LayerSpec, aside: Reasons, treatments: RowTreatments
) -> None:
    """Look at the points together: far from all others, or many things at one point."""
    if spec.geometry not in (Geometry.POINT, Geometry.ANY):
        return
    points = shapely.get_type_id(located.geometry) == 0
    lon, lat = shapely.get_x(located.geometry), shapely.get_y(located.geometry)
    lon[~points], lat[~points] = np.nan, np.nan
    gone = far_away(lon, lat, treatments, aside, located.findings)
    if spec.title in mapping.fields and spec.title.endswith("name"):
        names = table.cells[mapping.fields[spec.title]]
        gone |= same_place(lon, lat, names, treatments, aside, located.findings)
    located.geometry[gone] = None


def _shapes(
    located: Located,
    table: RawTable,
    shapes: Shapes,
    decision: Decision,
    aside: Reasons,
    treatments: RowTreatments,
    doubt: Doubt,
) -> None:
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
        located.issues.append(no_place(int(at), "zero_coordinates", shapes[at].wkt))
    bounds[broken | zero] = np.nan
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    located.notices += check_whole(table, Text("几何", "geometry"), x, y, decision, _swaps(treatments))
    use = there & ~broken & ~zero
    converting = partial(_convert, decision=decision)
    judging = Judging(treatments, aside, located.findings, _corner(shapes), converting, doubt)
    if decision.crs is None or decision.crs.is_geographic:
        points = shapely.get_type_id(shapes) == 0
        use &= ~_judge_shapes(shapes, x, y, points, judging)
        bounds = shapely.bounds(shapes)
        bounds[~use] = np.nan
        coarse_x, coarse_y = (np.where(points & use, axis, np.nan) for axis in (x, y))
        use &= ~low_precision(coarse_x, coarse_y, treatments, aside, located.findings)
    elif is_transverse(decision.crs):
        use &= ~_judge_shapes(shapes, x, y, there, judging, metres=True)
    use &= _check_rows(x, y, decision, aside, bounds)
    placed = np.full(len(shapes), None, dtype=object)
    if use.any():
        placed[use] = shapely.transform(shapes[use], _converter(decision))
    located.geometry = _in_the_world(placed, aside)


def _corner(shapes: Shapes) -> Callable[[int], str]:
    def words(at: int) -> str:
        west, south, _, _ = shapely.bounds(shapes[at])
        return f"{west:.10g}, {south:.10g}"

    return words


def _judge_shapes(
    shapes: Shapes, x: Floats, y: Floats, points: np.ndarray, judging: Judging, *, metres: bool = False
) -> np.ndarray:
    """Judge the middles of shapes, and change the shapes, in place, as the middles were; give those set aside."""
    old_x, old_y = x.copy(), y.copy()
    gone = judge_metres(x, y, judging) if metres else judge(x, y, judging, points)
    with np.errstate(invalid="ignore"):
        changed = np.flatnonzero(((x != old_x) | (y != old_y)) & np.isfinite(x) & np.isfinite(y))
    for at in changed:
        turned = (x[at], y[at]) == (old_y[at], old_x[at])
        shapes[at] = shapely.transform(shapes[at], _exchanged) if turned else shapely.Point(x[at], y[at])
    return gone


def _exchanged(coordinates: np.ndarray) -> np.ndarray:
    return coordinates[:, ::-1]


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
    outside = (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    outside &= known
    for at in np.flatnonzero(outside):
        if any(reason.code in MISPLACED for reason in aside.by_row.get(int(at), ())):
            continue
        words = f"{x[at]:.10g}, {y[at]:.10g}"
        aside.add([at], "out_of_range", Text(words, words), FIELD, words)
    return known & ~outside


def _in_the_world(shapes: Shapes, aside: Reasons) -> Shapes:
    """Set aside what a conversion threw off the globe."""
    bounds = shapely.bounds(shapes)
    there = ~shapely.is_missing(shapes)
    inside = (np.abs(bounds[:, [0, 2]]) <= 180).all(axis=1) & (np.abs(bounds[:, [1, 3]]) <= 90).all(axis=1)
    lost = there & ~inside
    aside.add(np.flatnonzero(lost), "out_of_range", Text("换算后不在地球范围内", "off the globe after conversion"))
    shapes[lost] = None
    return shapes
