"""Areas that are not what they should be: a torture set of what GEOS calls invalid, and of what it does not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import shapely

from . import write
from .table import Case, Desk, Planted, Spoiler, Table, codes

Ring = list[tuple[float, float]]
Shape = dict[str, Any]
WEST, SOUTH = 129.10, 20.10
CELL, SIDE = 0.02, 0.008
FIELDS = {"控制线编号": "zone_id", "控制线类型": "kind", "名称": "name"}


def zones(count: int = 64) -> Table:
    """Give squares of some 800 m in rows of eight, a kilometre apart: control lines without a fault."""
    cells, truth, shapes = [], [], []
    for k in range(count):
        x, y = WEST + CELL * (k % 8), SOUTH + CELL * (k // 8)
        words = ("城镇开发边界", "town_boundary") if k % 2 else ("生态保护红线", "ecological_red_line")
        cells.append({"控制线编号": f"KZX{k + 1:04d}", "控制线类型": words[0], "名称": f"第{k + 1}片"})
        truth.append({"zone_id": f"KZX{k + 1:04d}", "kind": words[1], "name": f"第{k + 1}片"})
        shapes.append(shapely.box(x, y, x + SIDE, y + SIDE))
    return Table("控制线", "control_lines", cells, truth, FIELDS, shapes)


class Pen:
    """Draws in units of a square's side, from its lower left corner."""

    def __init__(self, square: Any) -> None:
        self.x, self.y = square.bounds[:2]

    def ring(self, *points: tuple[float, float], closed: bool = True) -> Ring:
        """Give a ring through points."""
        out = [(round(self.x + x * SIDE, 7), round(self.y + y * SIDE, 7)) for x, y in points]
        return [*out, out[0]] if closed else out

    def box(self, x: float, y: float, u: float, v: float) -> Ring:
        """Give the ring of a rectangle."""
        return self.ring((x, y), (u, y), (u, v), (x, v))


def area(*rings: Ring) -> Shape:
    """Give a polygon of rings as they are."""
    return {"type": "Polygon", "coordinates": [list(ring) for ring in rings]}


def areas(*parts: list[Ring]) -> Shape:
    """Give a polygon of several parts as they are."""
    return {"type": "MultiPolygon", "coordinates": parts}


Draw = Callable[[Pen, Random], Shape]


def _torture(name: str, draw: Draw, accepted: tuple[str, ...], least: str = "warns", *, whole: bool = False) -> Spoiler:
    def make(desk: Desk) -> list[Case]:
        own = zones()
        shapes, planted = list(own.shapes or []), []
        for k in desk.rows(own):
            shapes[k] = draw(Pen(shapes[k]), desk.rng)
            planted.append(Planted((k + 1,), codes(*accepted), least))
        path = write.write_geojson(desk.folder / "控制线.geojson", own, shapes)
        return [Case(path, own.kind, len(own.rows), planted, "auto", whole=whole)]

    return Spoiler(name, "geometry", make)


def _bow_tie(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0, 0), (1, 1), (1, 0), (0, 1)))


def _small_knot(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0, 0), (1, 0), (1, 1), (0.5, 1), (0.52, 0.98), (0.5, 0.98), (0.52, 1.0), (0, 1)))


def _figure_eight(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0, 0), (0.5, 0.5), (1, 0), (1, 1), (0.5, 0.5), (0, 1)))


def _banana(pen: Pen, _r: Random) -> Shape:
    """Draw a hole as part of the outline, which comes back to the same point."""
    return area(pen.ring((0, 0), (0.5, 0), (0.3, 0.5), (0.7, 0.5), (0.5, 0), (1, 0), (1, 1), (0, 1)))


def _hole_outside(pen: Pen, _r: Random) -> Shape:
    return area(pen.box(0, 0, 0.6, 0.6), pen.box(0.7, 0.7, 0.9, 0.9))


def _hole_across(pen: Pen, _r: Random) -> Shape:
    return area(pen.box(0, 0, 0.6, 0.6), pen.box(0.4, 0.2, 0.9, 0.4))


def _hole_in_hole(pen: Pen, _r: Random) -> Shape:
    return area(pen.box(0, 0, 1, 1), pen.box(0.2, 0.2, 0.8, 0.8), pen.box(0.4, 0.4, 0.6, 0.6))


def _holes_overlap(pen: Pen, _r: Random) -> Shape:
    return area(pen.box(0, 0, 1, 1), pen.box(0.2, 0.2, 0.6, 0.6), pen.box(0.4, 0.4, 0.8, 0.8))


def _cut_apart(pen: Pen, _r: Random) -> Shape:
    return area(pen.box(0, 0, 1, 1), pen.ring((0, 0.5), (0.5, 0.7), (1, 0.5), (0.5, 0.3)))


def _hole_twice(pen: Pen, _r: Random) -> Shape:
    return area(pen.box(0, 0, 1, 1), pen.box(0.2, 0.2, 0.6, 0.6), pen.box(0.2, 0.2, 0.6, 0.6))


def _hole_is_shell(pen: Pen, _r: Random) -> Shape:
    return area(pen.box(0, 0, 1, 1), pen.box(0, 0, 1, 1))


def _part_in_part(pen: Pen, _r: Random) -> Shape:
    return areas([pen.box(0, 0, 1, 1)], [pen.box(0.3, 0.3, 0.6, 0.6)])


def _parts_overlap(pen: Pen, _r: Random) -> Shape:
    return areas([pen.box(0, 0, 0.6, 0.6)], [pen.box(0.4, 0.4, 1, 1)])


def _part_twice(pen: Pen, _r: Random) -> Shape:
    return areas([pen.box(0, 0, 1, 1)], [pen.box(0, 0, 1, 1)])


def _parts_share_an_edge(pen: Pen, _r: Random) -> Shape:
    return areas([pen.box(0, 0, 0.5, 1)], [pen.box(0.5, 0, 1, 1)])


def _two_points(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0, 0), (1, 1)))


def _one_point(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0.5, 0.5), (0.5, 0.5), (0.5, 0.5)))


def _flat(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0, 0), (0.5, 0), (1, 0)))


def _open(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0, 0), (1, 0), (1, 1), (0, 1), closed=False))


def _spike(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0, 0), (1, 0), (1, 0.5), (1.9, 0.5), (1, 0.5005), (1, 1), (0, 1)))


def _flat_spike(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0, 0), (1, 0), (1, 0.5), (1.9, 0.5), (1, 0.5), (1, 1), (0, 1)))


def _sliver(pen: Pen, _r: Random) -> Shape:
    return area(pen.box(0, 0, 1.4, 0.0006))


def _vertices_twice(pen: Pen, _r: Random) -> Shape:
    return area(pen.ring((0, 0), (1, 0), (1, 0), (1, 1), (1, 1), (1, 1), (0, 1)))


def _far_out(pen: Pen, _r: Random) -> Shape:
    return area([*pen.ring((0, 0), (1, 0), (1, 1), closed=False), (2.35, 48.85), pen.ring((0, 0))[0]])


def _tiles(desk: Desk, change: Callable[[list[Any], int], None], accepted: tuple[str, ...]) -> list[Case]:
    """Towns that should tile: squares side by side, twelve of them changed."""
    cells, shapes = [], []
    for k in range(100):
        x, y = WEST + SIDE * (k % 10), SOUTH + SIDE * (k // 10)
        cells.append({"行政区代码": f"990121{100 + k}", "行政区名称": f"第{k + 1}镇", "级别": "乡级"})
        shapes.append(shapely.box(*(round(v, 7) for v in (x, y, x + SIDE, y + SIDE))))
    truth = [{"code": row["行政区代码"], "name": row["行政区名称"], "level": "town"} for row in cells]
    fields = {"行政区代码": "code", "行政区名称": "name", "级别": "level"}
    own = Table("乡镇", "admin_units", cells, truth, fields, shapes)
    planted = []
    for k in (11, 14, 17, 32, 35, 38, 51, 54, 57, 72, 75, 78):
        change(shapes, k)
        planted.append(Planted((k + 1, k + 2, k), codes(*accepted), "warns"))
    path = write.write_geojson(desk.folder / "乡镇.geojson", own, shapes)
    # A gap or an overlap may be told of any of the neighbours: with twelve of them, no row counts as untouched.
    return [Case(path, own.kind, len(own.rows), planted, "auto", whole=True)]


def _grow(shapes: list[Any], k: int) -> None:
    west, south, east, north = shapes[k].bounds
    shapes[k] = shapely.box(west, south, east + SIDE * 0.1, north)


def _shrink(shapes: list[Any], k: int) -> None:
    west, south, east, north = shapes[k].bounds
    shapes[k] = shapely.box(west, south, east - SIDE * 0.03, north)


_REPAIRED = "geometry_repaired"
SPOILERS = (
    _torture("bow_tie", _bow_tie, ("self_intersection",)),
    _torture("small_knot", _small_knot, ("self_intersection",)),
    _torture("figure_eight", _figure_eight, ("ring_self_touch", "self_intersection")),
    _torture("outline_touches_itself", _banana, ("ring_self_touch", "self_intersection")),
    _torture("hole_outside", _hole_outside, ("hole_outside",)),
    _torture("hole_across_outline", _hole_across, ("self_intersection", "hole_outside")),
    _torture("hole_in_hole", _hole_in_hole, ("nested_holes",)),
    _torture("holes_overlap", _holes_overlap, ("self_intersection", "nested_holes")),
    _torture("interior_cut_apart", _cut_apart, ("disconnected_interior",)),
    _torture("hole_twice", _hole_twice, ("duplicate_rings", "self_intersection", "nested_holes")),
    _torture(
        "hole_covers_all", _hole_is_shell, ("duplicate_rings", "zero_area", "self_intersection", "geometry_invalid")
    ),
    _torture("part_in_part", _part_in_part, ("nested_shells", "overlapping_parts")),
    _torture("parts_overlap", _parts_overlap, ("overlapping_parts", "self_intersection")),
    _torture("part_twice", _part_twice, ("duplicate_rings", "overlapping_parts", "nested_shells", "self_intersection")),
    _torture("parts_share_an_edge", _parts_share_an_edge, ("self_intersection", "overlapping_parts", _REPAIRED)),
    _torture("ring_of_two_points", _two_points, ("too_few_points", "zero_area", "geometry_invalid")),
    _torture("ring_of_one_point", _one_point, ("too_few_points", "zero_area", "geometry_invalid")),
    _torture("ring_without_area", _flat, ("zero_area", "too_few_points", "geometry_invalid", "self_intersection")),
    _torture("ring_not_closed", _open, ("ring_not_closed",)),
    _torture("spike", _spike, ("spike",)),
    _torture("spike_without_area", _flat_spike, ("spike", "self_intersection")),
    _torture("sliver", _sliver, ("sliver",)),
    _torture("vertices_twice", _vertices_twice, ("duplicate_vertices",), "informs"),
    _torture("area_leaves_china", _far_out, ("leaves_china", "outside_china"), whole=True),
    Spoiler("areas_overlap", "geometry", lambda desk: _tiles(desk, _grow, ("overlap",))),
    Spoiler("areas_leave_gaps", "geometry", lambda desk: _tiles(desk, _shrink, ("gap", "sliver"))),
)
