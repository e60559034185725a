"""The points, lines and polygons of a VCT file, one by one; what is broken is kept with its reason.

object := id, code, style, body, "0". Every object stands by itself: where one does not follow the grammar, the search
goes on at the next 0 that is followed by an id and a feature code that the file knows.

Production programs differ about a line with the number of points before the coordinates of a point, and before the
centre of a ring; a line with a comma is coordinates, so both are read. That is an inference and no rule that was read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from ....text import Text
from . import curves
from .cursor import Broken, Cursor, whole
from .frame import Body
from .head import Head

HELPER_CODE = "1099000000"
_TYPE = Text("几何类型", "the type of geometry")
_POINTS = Text("点数", "the number of points")
_POLYLINE, _ARC, _CENTRE, _ELLIPSE, _CUBIC, _B_SPLINE, _BEZIER = range(11, 18)
BY_LINES, BY_POLYGONS = 21, 22
_DIRECTED, _CLUSTER = 3, 4
_SEGMENTS: dict[int, tuple[str, Callable[[np.ndarray, float], np.ndarray]]] = {
    _ARC: (curves.ARC, curves.three_point_arcs),
    _CENTRE: (curves.CENTRE_ARC, curves.centre_arc),
    _CUBIC: (curves.SPLINE, curves.natural_spline),
    _B_SPLINE: (curves.B_SPLINE, curves.b_spline),
    _BEZIER: (curves.BEZIER, curves.bezier),
}


@dataclass(slots=True)
class VctObject:
    """One point, line or polygon.

    Attributes
    ----------
    id : int
        0 where it cannot be read.
    code, kind : str
        Feature code, and point, line or polygon.
    line : int
        Where it begins in the file.
    parts : list of numpy.ndarray, shape (n, 2) each
        Segments of a line, rings of a polygon, or the points; east and north. Points and lines that are drawn let
        go of them.
    by : int
        1 for own coordinates; 100 a line of lines, 21 a polygon of lines, 22 of polygons.
    references : tuple of int
        Ids; negative for a line that is run backwards, 0 between rings.
    shape : shapely geometry or None
        Made of the parts, or of what it refers to.
    fault : Text or None
        Why there is no shape.
    curves : set of str
        Keys of `curves.WORDS`.
    with_z, directed : bool
        There was a third coordinate, or a second point for the direction, which are left out.
    closed : int
        Rings that had to be closed.
    """

    id: int
    code: str
    kind: str
    line: int
    parts: list[np.ndarray]
    by: int = 1
    references: tuple[int, ...] = ()
    shape: object = None
    fault: Text | None = None
    curves: frozenset[str] = frozenset()
    with_z: bool = False
    directed: bool = False
    closed: int = 0


def read_objects(kind: str, body: Body, head: Head, codes: set[str]) -> list[VctObject]:
    """Read a section of points, lines or polygons.

    Parameters
    ----------
    kind : str
        point, line or polygon.
    codes : set of str
        The feature codes of the file, for finding the next object after a broken one.
    """
    cursor = Cursor(body, head)
    parse = {"point": _point, "line": _line, "polygon": _polygon}[kind]
    known = codes | {HELPER_CODE}
    found: list[VctObject] = []
    while cursor.more():
        start = cursor.at
        cursor.with_z = False
        first = whole(cursor.peek())
        item = VctObject(
            first if first is not None and first > 0 else 0, cursor.peek(1)[:30], kind, body.numbers[start], []
        )
        try:
            if not item.id:
                raise cursor.unlike(Text("大于 0 的对象标识号", "the id of an object, above 0"))
            cursor.at += 3
            parse(cursor, item)
            cursor.end()
        except Broken as fault:
            item.fault = fault.words
        except curves.NotACurve as fault:
            item.fault = fault.words
        if item.fault is not None:
            cursor.at = _next_object(body.rows, start, known)
            last = body.numbers[min(cursor.at, len(body.rows)) - 1]
            item.fault = Text(
                f"第 {item.line}–{last} 行的对象不合语法：{item.fault.zh}",
                f"the object on lines {item.line} to {last} does not follow the grammar: {item.fault.en}",
            )
        item.with_z = cursor.with_z
        found.append(item)
    return found


def _next_object(rows: list[str], start: int, known: set[str]) -> int:
    """Give the index after the 0 behind which the next object begins; the end of the section where there is none."""
    for at in range(start + 1, len(rows) - 2):
        if rows[at] == "0" and rows[at + 2] in known and (whole(rows[at + 1]) or 0) > 0:
            return at + 1
    return len(rows)


def _point(cursor: Cursor, item: VctObject) -> None:
    kind = cursor.integer(_TYPE)
    if kind not in (1, 2, _DIRECTED, _CLUSTER):
        cursor.at -= 1
        raise cursor.unlike(Text("点的类型 1–4", "the type of a point, 1 to 4"))
    needed = 2 if kind == _DIRECTED else 1
    if cursor.separator not in cursor.peek() and "," not in cursor.peek():
        stated = cursor.count(_POINTS)
        if kind != _CLUSTER and stated != needed:
            raise Broken(
                Text(
                    f"类型 {kind} 的点应有 {needed} 对坐标，写明 {stated} 对",
                    f"a point of type {kind} has {needed} pairs of coordinates, {stated} are stated",
                )
            )
        needed = stated
    elif kind == _CLUSTER:
        while cursor.peek(needed) not in ("0", ""):
            needed += 1
    item.parts = [cursor.pairs(needed)]
    item.directed = kind == _DIRECTED
    if item.directed:
        item.parts = [item.parts[0][:1]]


def _line(cursor: Cursor, item: VctObject) -> None:
    item.by = _by(cursor)
    if item.by != 1:
        item.references = cursor.references()
        return
    for _ in range(cursor.count(Text("线段数", "the number of segments"))):
        shape = cursor.integer(Text("线段形状 11–17", "the shape of a segment, 11 to 17"))
        if shape == _POLYLINE:
            part = cursor.pairs(cursor.count(_POINTS, 2))
        elif shape in _SEGMENTS:
            name, draw = _SEGMENTS[shape]
            part = draw(cursor.pairs(cursor.count(_POINTS, 2)), cursor.tolerance)
            item.curves |= {name}
        elif shape == _ELLIPSE:
            raise Broken(
                Text(
                    "椭圆弧（14）各数的含义未经标准原文核实，不能画出",
                    "what the numbers of an elliptic arc (14) mean is not verified, so it cannot be drawn",
                )
            )
        else:
            cursor.at -= 1
            raise cursor.unlike(Text("线段形状 11–17", "the shape of a segment, 11 to 17"))
        item.parts.append(part)


def _polygon(cursor: Cursor, item: VctObject) -> None:
    item.by = _by(cursor)
    cursor.pairs(1)  # the label point
    if item.by != 1:
        item.by = cursor.integer(Text("21（由线构成）或 22（由面构成）", "21 (of lines) or 22 (of polygons)"))
        if item.by not in (BY_LINES, BY_POLYGONS):
            cursor.at -= 1
            raise cursor.unlike(Text("21（由线构成）或 22（由面构成）", "21 (of lines) or 22 (of polygons)"))
        item.references = cursor.references()
        return
    for _ in range(cursor.count(Text("圈数", "the number of rings"))):
        ring, name = _ring(cursor)
        if name:
            item.curves |= {name}
        if not np.array_equal(ring[0], ring[-1]):
            ring = np.concatenate([ring, ring[:1]])
            item.closed += 1
        if len(ring) < 4:
            raise Broken(Text("一个环不足 3 个点", "a ring of fewer than 3 points"))
        item.parts.append(ring)


def _ring(cursor: Cursor) -> tuple[np.ndarray, str]:
    shape = cursor.integer(Text("环的形状 11–14", "the shape of a ring, 11 to 14"))
    tolerance = cursor.tolerance
    if shape == _POLYLINE:
        return cursor.pairs(cursor.count(_POINTS, 3)), ""
    if shape == _ARC:
        points = cursor.pairs(cursor.count(_POINTS, 3))
        if len(points) == 3 and not np.array_equal(points[0], points[2]):
            return curves.circle_through(points, tolerance), curves.CIRCLE
        return curves.three_point_arcs(points, tolerance), curves.ARC
    if shape in (_CENTRE, _ELLIPSE):
        needed = 1 if shape == _CENTRE else 2
        if whole(cursor.peek()) == needed:  # some writers state the number of points here, others do not
            cursor.at += 1
        points = cursor.pairs(needed)
        if shape == _CENTRE:
            radius = cursor.number(Text("半径", "the radius")) * cursor.factor
            return curves.circle(points[0], radius, tolerance), curves.CIRCLE
        ratio = cursor.number(Text("短长轴之比", "the ratio of the axes"))
        return curves.ellipse(points[0], points[1], ratio, tolerance), curves.ELLIPSE
    cursor.at -= 1
    raise cursor.unlike(Text("环的形状 11–14", "the shape of a ring, 11 to 14"))


def _by(cursor: Cursor) -> int:
    found = cursor.integer(_TYPE)
    if found not in (1, 100):
        cursor.at -= 1
        raise cursor.unlike(Text("1（直接坐标）或 100（引用）", "1 (own coordinates) or 100 (references)"))
    return found


def draw_own(objects: list[VctObject]) -> None:
    """Make the shapes of points and lines with coordinates of their own."""
    points = [item for item in objects if item.kind == "point" and item.fault is None]
    single = [item for item in points if len(item.parts[0]) == 1]
    if single:
        shapes = shapely.points(np.concatenate([item.parts[0] for item in single]))
        for item, shape in zip(single, shapes):
            item.shape, item.parts = shape, []
    for item in points:
        if item.shape is None:
            item.shape, item.parts = shapely.multipoints(item.parts[0]), []
    for item in objects:
        if item.kind == "line" and item.by == 1 and item.fault is None:
            drawn = [shapely.linestrings(part) for part in joined(item.parts)]
            item.parts = []
            item.shape = drawn[0] if len(drawn) == 1 else shapely.multilinestrings(drawn)


def joined(parts: list[np.ndarray]) -> list[np.ndarray]:
    """Join segments of which one begins where the one before ends."""
    found = [parts[0]]
    for part in parts[1:]:
        if np.array_equal(found[-1][-1], part[0]):
            found[-1] = np.concatenate([found[-1], part[1:]])
        else:
            found.append(part)
    return found
